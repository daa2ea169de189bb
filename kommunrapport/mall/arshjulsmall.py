"""Årshjulets typer: årets rapportperioder med vägen till beslut, och det som sker däremellan."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import LAGESBILD, MANADER, PRELIMINAR, Period
from kommunrapport.karna.sprak import liten_bokstav, nyckel, rakna_upp, stor_bokstav
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Id, Modell, Omraden, finns_i

PROGNOS = "prognos"
"""Området för perioder med helårsprognos."""
ALLA_BOCKER, SISTA_DAGEN = "alla_bocker", "sista_dagen"
"""Vad lägesbilden kan kräva av perioden som den tar siffror ur: att alla har lämnat, och att sista dagen att lämna har passerat."""


def _finns_varje_ar(dag: str) -> str:
    try:
        date.fromisoformat(f"2023-{dag}")
    except ValueError as fel:
        raise ValueError(f"”{dag}” är ingen dag som finns varje år; skriv månad och dag, till exempel 04-15") from fel
    return dag


Kalenderdag = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"), AfterValidator(_finns_varje_ar)]
"""En dag som finns varje år, skriven MM-DD."""
Manad = Annotated[int, Field(ge=1, le=12)]


class Steg(Modell):
    """Ett steg på en periods väg till beslut. Exakt en av ``dagar``, ``dag`` och ``manad`` anges."""

    vem: str
    vad: str
    dagar: int | None = None
    """Antal dagar efter periodens slut."""
    dag: Kalenderdag = ""
    """Dagen, första gången den infaller efter periodens slut."""
    manad: Manad | None = None
    """Månaden, första gången den infaller efter periodens slut; den nominella dagen är månadens sista."""
    kalla: str = ""
    """Avsnittet i profilens källa som säger det."""
    lagrum: str = ""
    tolkat: bool = False
    """Sant när källan inte anger tidpunkten, så att den är vår tolkning."""

    @model_validator(mode="after")
    def _en_tidpunkt(self) -> Self:
        if [self.dagar is not None, bool(self.dag), self.manad is not None].count(True) != 1:
            raise ValueError("ange en av dagar, dag och manad")
        return self

    def infaller(self, slut: date) -> date:
        """Den nominella dagen för perioden som slutar den dagen."""
        if self.dagar is not None:
            return slut + timedelta(days=self.dagar)
        i_ar = _dagen(slut.year, self.dag or self.manad or 0)
        return i_ar if i_ar > slut else _dagen(slut.year + 1, self.dag or self.manad or 0)


class Handelse(Modell):
    """Något i årshjulet som inte är en rapport, till exempel en budgetdag. En av ``dag`` och ``manader`` anges."""

    vem: str
    vad: str
    dag: Kalenderdag = ""
    manader: Annotated[tuple[Manad, ...], BeforeValidator(lambda v: (v,) if isinstance(v, int) else v)] = ()
    """En eller flera månader; den nominella dagen är månadens sista."""
    forsta_ar: int = 0
    """Första året som händelsen inträffar, när den inte inträffar varje år."""
    vart_ar: Annotated[int, Field(ge=1)] = 1
    """Antal år mellan gångerna."""
    kalla: str = ""
    """Avsnittet i profilens källa som säger det."""
    lagrum: str = ""
    tolkat: bool = False
    """Sant när källan inte anger tidpunkten, så att den är vår tolkning."""

    @model_validator(mode="after")
    def _en_tidpunkt(self) -> Self:
        if bool(self.dag) == bool(self.manader):
            raise ValueError("ange en av dag och manader")
        return self

    def infaller(self, ar: int) -> tuple[date, ...]:
        """De nominella dagarna det året; inga när händelsen inte inträffar då."""
        if ar < self.forsta_ar or (ar - self.forsta_ar) % self.vart_ar:
            return ()
        return tuple(_dagen(ar, nar) for nar in ((self.dag,) if self.dag else self.manader))


def _dagen(ar: int, nar: str | int) -> date:
    """Dagen MM-DD, eller månadens sista dag."""
    return date.fromisoformat(f"{ar}-{nar}") if isinstance(nar, str) else date(ar, nar, monthrange(ar, nar)[1])


class Arshjulspost(Modell):
    """En rapportperiod i årshjulet."""

    manad: Manad
    rapporttyp: str
    kommando: Literal["manad", "delar", "bokslutskommunike", "arsredovisning", "lagesbild"]
    innehall: str
    omraden: Omraden = ()
    """Innehållsområdena, som ger perioden dess blad, kolumner, regler och rapportavsnitt."""
    preliminar: bool = False
    """Sant för ett preliminärt bokslut, som lämnas för sig före det slutliga för samma månad."""
    ut_dagar: int = 1
    """Antal dagar efter periodens slut då arbetsböckerna skickas ut; minus är före."""
    klar_dagar: int
    """Antal dagar efter periodens slut då inlämningen ska vara klar."""
    frist_manader: int | None = None
    """Lagens frist i månader efter periodens slut, när en sådan finns."""
    frist_dag: Kalenderdag = ""
    """Lagens sista dag året efter perioden, skriven MM-DD, när fristen är en dag."""
    lagrum: str = ""
    steg: tuple[Steg, ...] = ()
    """Vägen till beslut när böckerna är inlämnade, i tidsordning."""
    sammantraden: tuple[date, ...] = ()
    """Dagarna för de sammanträden som posten är till för, och de enda år som den finns; dagar räknas då från sammanträdet."""

    @property
    def variant(self) -> str:
        """Det som skiljer postens period från månadens andra."""
        return LAGESBILD if self.kommando == "lagesbild" else PRELIMINAR if self.preliminar else ""

    def finns(self, ar: int) -> bool:
        """Om posten har en period det året."""
        return not self.sammantraden or any(d.year == ar for d in self.sammantraden)

    def sammantrade(self, slut: date) -> date | None:
        """Sammanträdet i månaden som slutar den dagen, när dagen är bestämd."""
        return next((d for d in self.sammantraden if (d.year, d.month) == (slut.year, slut.month)), None)

    def skickas_ut(self, slut: date) -> date:
        """Dagen då arbetsböckerna skickas ut."""
        return (self.sammantrade(slut) or slut) + timedelta(days=self.ut_dagar)

    def klar_senast(self, slut: date) -> date:
        """Dagen då inlämningen ska vara klar."""
        return (self.sammantrade(slut) or slut) + timedelta(days=self.klar_dagar)

    def frist(self, slut: date) -> date | None:
        """Lagens sista dag: dagen som lagen nämner, eller samma dag i månaden (den sista när dagen inte finns) efter lagens månader."""
        if self.frist_dag:
            return date.fromisoformat(f"{slut.year + 1}-{self.frist_dag}")
        if self.frist_manader is None:
            return None
        ar, manad = divmod(slut.year * 12 + slut.month - 1 + self.frist_manader, 12)
        return date(ar, manad + 1, min(slut.day, monthrange(ar, manad + 1)[1]))

    @property
    def prognos(self) -> bool:
        return PROGNOS in self.omraden

    def innehaller(self, krav: Sequence[str]) -> bool:
        """Om perioden har något av områdena, eller inget krävs."""
        return finns_i(krav, self.omraden)

    def manad_i(self, ar: int) -> str:
        """Månaden så som kommandona tar den: ``2024-12``, också för ett preliminärt bokslut."""
        return f"{ar:04d}-{self.manad:02d}"

    def period(self, ar: int) -> Period:
        """Postens period det året."""
        return Period(ar, self.manad, self.variant)


class Lagesbildsmall(Modell):
    """Det som är lika för kommunens alla lägesbilder."""

    senast_kontrollerad: date
    overifierat: tuple[str, ...] = ()
    rapporttyp: str
    innehall: str
    ut_dagar: int
    """Antal dagar från sammanträdet då arbetsböckerna skickas ut; minus är före. Detsamma gäller ``klar_dagar``."""
    klar_dagar: int
    kalla: Annotated[tuple[tuple[Literal["alla_bocker", "sista_dagen"], ...], ...], Field(min_length=1)]
    """Vad perioden som siffrorna tas ur ska uppfylla, i den ordning som kraven prövas; en tom rad är vilken period som helst."""

    def poster(self, sammantraden: Sequence[date]) -> Iterator[Arshjulspost]:
        """En post per månad med sammanträde."""
        delat = self.model_dump(exclude={"senast_kontrollerad", "overifierat", "kalla"})
        for manad in sorted({d.month for d in sammantraden}):
            egna = tuple(sorted(d for d in sammantraden if d.month == manad))
            yield Arshjulspost(manad=manad, kommando="lagesbild", sammantraden=egna, **delat)


class Arshjul(Modell):
    """En profil: årets rapportperioder med källa."""

    id: Id
    namn: str
    kalla: str
    galler_fran: date
    senast_kontrollerad: date
    overifierat: tuple[str, ...] = ()
    period: tuple[Arshjulspost, ...]
    handelse: tuple[Handelse, ...] = ()


def innehall(profil: Arshjul) -> str:
    """Årshjulet i en mening: varje rapport med sina månader, och månaderna med helårsprognos."""
    slag = dict.fromkeys(p.rapporttyp for p in profil.period)
    delar = [f"{liten_bokstav(namn)} {_manader(p for p in profil.period if p.rapporttyp == namn)}" for namn in slag]
    prognos = _manader(p for p in profil.period if p.prognos)
    return f"{stor_bokstav('; '.join(delar))}. {f'Helårsprognos i {prognos}.' if prognos else 'Ingen helårsprognos.'}"


def _manader(poster: Iterable[Arshjulspost]) -> str:
    return rakna_upp([MANADER[manad - 1] for manad in dict.fromkeys(p.manad for p in poster)])


def las_profiler(kalla: Mallkalla) -> tuple[Arshjul, ...]:
    """Alla årshjul, arbetskatalogens egna och de medföljande. Fel: MallFel."""
    return tuple(kalla.las(f"arshjul/{id_}.toml", Arshjul) for id_ in kalla.namn("arshjul"))


def vald_profil(profiler: Sequence[Arshjul], sokt: str) -> Arshjul:
    """Profilen med det id eller namnet. Fel: AnvandningsFel, med dem som finns, om den är okänd."""
    for profil in profiler:
        if nyckel(sokt) in (nyckel(profil.id), nyckel(profil.namn)):
            return profil
    raise AnvandningsFel(f"Årshjulet ”{sokt}” finns inte. Det finns:", *(f"  {p.id}: {innehall(p)}" for p in profiler))
