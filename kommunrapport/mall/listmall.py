"""Rapportmallens listor: ett blads rader från alla enheter, och målens tabeller."""

from typing import Annotated, Literal

from pydantic import Field

from kommunrapport.mall.modell import Bladnamn, Enhetsslag, Id, Modell, Omraden

Figurslag = Literal["belopp", "antal", "procent", "andel", "sats", "text"]
"""``procent`` är räknad; ``andel`` är en lämnad procentsats med en decimal och ``sats`` ett lämnat tal med två."""


class Listkolumn(Modell):
    """En kolumn i en lista: ``enhet``, ``radnamn``, ``attribut:namn``, ``kolumn:namn`` eller ``uttryck:`` över bladets kolumner."""

    id: Id
    rubrik: str
    falt: str
    kraver: Omraden = ()
    """Områden som ger kolumnen; ett av dem räcker."""
    slag: Figurslag = "text"
    arter: tuple[str, ...] = ()
    foljd_av: str = ""
    """Bladets kolumn vars innehåll skrivs på en egen rad efter, när båda är ifyllda."""
    inom_parentes: str = ""
    """Styrradens attribut som skrivs inom parentes efter värdet, till exempel måttet eller året."""
    dolj_tom: bool = False
    """Sant när kolumnen inte visas om ingen rad har något i den."""
    tomt: str = ""
    """Det som står i en tom cell, i stället för ett streck."""


class Lista(Modell):
    """En tabell som radar upp ett blads rader från alla enheter, till exempel mål eller åtgärder."""

    id: Id
    titel: str
    blad: str
    kraver: Omraden = ()
    """Områden som ger listan; ett av dem räcker."""
    per_enhet: bool = False
    per_rad: bool = False
    """Sant för en lista per rad i styrningen, med ``{radnamn}`` i titeln: lägesbildens målområden."""
    ersatter: tuple[Id, ...] = ()
    """De gemensamma tabeller som enhetens egen rapport har den här i stället för."""
    samlad: str = ""
    """Namnet på det blad i Excelbilagan som samlar enheternas listor; tomt ger inget."""
    bladnamn: Bladnamn = ""
    """Namnet på listans eget blad i Excelbilagan; tomt är titelns början."""
    kraver_kolumn: str = ""
    """Rader utan värde i kolumnen tas inte med; står flera kolumner med mellanslag emellan räcker en av dem."""
    varden: tuple[str, ...] = ()
    """Värdena som ``kraver_kolumn`` ska ha något av; tomt är vilket som helst."""
    rader: tuple[str, ...] = ()
    """Bladets fasta rader som listan visar, i stället för dem som styrningen ger."""
    gruppera_pa: str = ""
    enheter: tuple[Enhetsslag, ...] = ()
    """Slagen av enheter vars rader tas med; tomt betyder alla."""
    arter: tuple[str, ...] = ()
    """Styrradernas arter som tas med; tomt betyder alla."""
    fet_art: str = ""
    """Arten som är fet; de andra står under den."""
    utan_indrag: tuple[str, ...] = ()
    """Arter som inte är feta men inte heller dras in."""
    summa: tuple[str, ...] = ()
    kolumn: tuple[Listkolumn, ...] = ()
    kolumner_som: str = ""
    """En annan lista i mallen som den här har sina kolumner av."""


class Malkedja(Modell):
    """Tabellen som väger samman målen till fullmäktiges mål, och diagrammet över bedömningarna; båda heter som ``id``."""

    id: Id
    titel: str
    kraver: Omraden = ()
    """Områden som ger tabellen; ett av dem räcker."""
    rubrik_forsta: str
    bedomning: str
    """Rubrik på kolumnen med nämndernas bedömningar och sammanvägningen."""
    kommunstyrelsen: str
    """Rubrik på kolumnen med kommunstyrelsens egen bedömning, som bara visas när det finns någon."""
    underlag: str
    utan_koppling: str
    """Rubriken över mål som inte hör till något av fullmäktiges."""
    diagramtitel: str
    serie_mal: str
    serie_kfmal: str
    alttext: str


class Malhistorik(Modell):
    """Tabellen över målens bedömningar i årets bokslut och de tidigare."""

    id: Id
    titel: str
    kraver: Omraden = ()
    """Områden som ger tabellen; ett av dem räcker."""
    rubrik_forsta: str
    ar_i_rad: Annotated[int, Field(ge=2, le=8)]
