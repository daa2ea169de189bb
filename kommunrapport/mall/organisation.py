"""kommun.toml: kommunen, dess enheter, enheter för belopp och trösklar."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kommunrapport.karna import sprak
from kommunrapport.karna.belopp import Enhet, enhet_av
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.orgnr import normaliserat
from kommunrapport.mall.modell import Enhetsslag, Id, Modell


def _procent(text: str) -> str:
    if not re.fullmatch(r"100(,0{1,4})?|\d{1,2}(,\d{1,4})?", text):
        raise ValueError('ska vara procent, högst 100 och med decimalkomma, till exempel "24,5"')
    return text


Beloppsenhet = Literal["kr", "tkr", "mnkr"]
Procent = Annotated[str, AfterValidator(_procent)]
"""Procent med decimalkomma, högst 100."""


def _orgnr(text: str) -> str:
    if text and not normaliserat(text):
        raise ValueError(f"”{text}” är inget organisationsnummer; skriv det som 556000-0000")
    return normaliserat(text)


Orgnr = Annotated[str, AfterValidator(_orgnr)]
"""Tio siffror, hur det än är skrivet."""


class Kommun(Modell):
    namn: str
    kort_namn: str
    kod: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    """Kommunkoden enligt SCB, fyra siffror; med den hämtas jämförelser ur Kolada."""
    invanare: Annotated[int, Field(gt=0)] | None = None
    """Invånarna den 31 december året före; används för ett år som inte finns bland ``invanare``."""


class Invanare(Modell):
    """Antalet invånare den 31 december ett år."""

    ar: int
    antal: Annotated[int, Field(gt=0)]


class Arshjulsval(Modell):
    profil: Id
    utan: tuple[str, ...] = ()
    """Innehållsområden som kommunen inte har, i någon period."""


class Lagesbildsval(Modell):
    """Lägesbilderna till kommunstyrelsens sammanträden; utan sammanträden har kommunen inga."""

    sammantraden: tuple[date, ...] = ()
    """Dagarna för kommunstyrelsens ordinarie sammanträden."""
    omraden: tuple[str, ...] = ()
    """Målområdenas namn, när de inte ska vara de i styrning/ÅÅÅÅ/mal.csv."""
    utan: tuple[Id, ...] = ()
    """Enheter som inte lämnar något till lägesbilden, till exempel revisionen."""
    ekonomi: Mapping[date, str] = Field(default_factory=dict)
    """Sammanträdets dag → perioden som ekonomin ska tas ur, när den inte ska vara den som mallen ger."""


class Enheter(Modell):
    """I vilken enhet belopp lämnas, beslutas och visas."""

    inmatning: Beloppsenhet = "tkr"
    inmatning_decimaler: Annotated[int, Field(ge=0, le=3)] = 0
    styrning: Beloppsenhet = "tkr"
    rapport: Beloppsenhet = "mnkr"
    rapport_decimaler: Annotated[int, Field(ge=0, le=3)] = 1


class Trosklar(Modell):
    """Kommunens egna gränser för när en kommentar eller åtgärd krävs; lagen anger inga.

    En gräns som inte är satt (None) stänger av de regler som bygger på den.
    """

    avvikelse_tkr: Annotated[int, Field(ge=0)] = 500
    avvikelse_procent: Annotated[int, Field(ge=0)] = 2
    underskott_tkr: Annotated[int, Field(ge=0)] = 500
    prognosandring_tkr: Annotated[int, Field(ge=0)] | None = None
    investering_procent: Annotated[int, Field(ge=0)] | None = None
    investering_prisbasbelopp: Annotated[int, Field(ge=0)] | None = None
    volym_procent: Annotated[int, Field(ge=0)] | None = None
    overforing_procent: Annotated[int, Field(ge=0)] | None = None
    eget_tak_procent: Annotated[int, Field(ge=0)] | None = None
    aterstallning_ar: Annotated[int, Field(ge=0)] | None = None
    motpart_tkr: Annotated[int, Field(ge=0)] = 0
    sekretess_antal: Annotated[int, Field(ge=0)] = 10


class Redovisning(Modell):
    """Val som avgör vilka rader räkningarna har."""

    rur: bool = False
    """Om kommunen har en resultatutjämningsreserv kvar."""
    resultatreserv: bool = False
    """Om fullmäktige har beslutat om en resultatreserv (11 kap. 1 § kommunallagen), före 2024 en resultatutjämningsreserv."""
    fullfond: bool = False
    """Om pensionerna redovisas enligt fullfonderingsmodellen, så att balanskravet räknas om till blandmodellen."""


class Koncern(Modell):
    """Hur kommunen upprättar sammanställda räkenskaper."""

    sammanstallda: tuple[Literal["delar", "arsredovisning"], ...] = ("delar", "arsredovisning")
    """Rapporterna som har dem; i delårsrapporten är de frivilliga."""
    vasentlighet_enskild_procent: Annotated[int, Field(ge=0)] = 5
    """Ett företag som är större än så, i procent av skatteintäkter och generella statsbidrag, får inte lämnas utanför."""
    vasentlighet_samlad_procent: Annotated[int, Field(ge=0)] | None = None


class Grupp(Modell):
    """En grupp nämnder som summeras för sig."""

    id: Id
    namn: str


class Agande(Modell):
    """Ägarens andel i procent från och med en dag; 0 när enheten inte längre ägs."""

    fran: date
    andel: Procent


class Enhetspost(Modell):
    """En nämnd, finansförvaltningen, ett bolag eller ett kommunalförbund."""

    id: Id
    namn: str
    kort: str = ""
    slag: Enhetsslag
    orgnr: Orgnr = ""
    """Organisationsnumret, som en SIE-fil känns igen på."""
    grupp: str = ""
    tidigare_namn: tuple[str, ...] = ()
    agarandel: Procent = "100"
    """Ägarens andel i procent, med decimalkomma, när den alltid har varit densamma."""
    agande: tuple[Agande, ...] = ()
    """Andelen över tid, när den har ändrats; går före ``agarandel``."""
    agare: str = ""
    """Enheten som äger andelarna; tomt är kommunen."""
    konsolideras: bool = True
    skal: str = ""
    """Varför enheten lämnas utanför de sammanställda räkenskaperna (12 kap. 3 § LKBR)."""
    dotterforetag: tuple[str, ...] = ()
    """Företag som ingår i enhetens egna koncernsiffror."""

    @model_validator(mode="after")
    def _har_skal(self) -> Self:
        if not self.konsolideras and not self.skal:
            raise ValueError(f"enheten {self.id} konsolideras inte; ange varför i skal")
        return self

    @property
    def kort_namn(self) -> str:
        return self.kort or self.namn

    def heter(self, namn: str) -> bool:
        return sprak.nyckel(namn) in self.alla_namn

    @cached_property
    def alla_namn(self) -> frozenset[str]:
        """Enhetens id och namn, i jämförbar form."""
        return frozenset(sprak.nyckel(n) for n in (self.id, self.namn, self.kort_namn, *self.tidigare_namn))


class Koladaval(Modell):
    """Koladas grupper som kommunen jämförs med, id eller titel (tomt är Koladas liknande kommuner och länets), och hur många som krävs."""

    liknande: str = ""
    lan: str = ""
    minst_median: Annotated[int, Field(ge=2)] = 5
    """Så många andra kommuner med ett värde krävs för median, jämförelse och plats; med färre visas bara värdena."""
    minst_kvartiler: Annotated[int, Field(ge=4)] = 7


def _telefon(text: str) -> str:
    if text and not re.fullmatch(r"\+?[\d ()/–-]*\d", text):
        raise ValueError(f"”{text}” är inget telefonnummer; skriv det som 0225-341 00")
    return text


class Paminnelse(Modell):
    """Vem som påminner, och när det som är försenat ska vara inne."""

    avsandare: str = ""
    telefon: Annotated[str, AfterValidator(_telefon)] = ""
    svarsdagar: Annotated[int, Field(ge=1, le=60)] = 3
    """Vardagar att svara på när sista dagen har passerat."""


class Oppnadata(Modell):
    """Det som kommunen själv bestämmer om sina öppna data."""

    licens: str = ""
    """Licensens id, till exempel CC0-1.0, eller en länk till villkoren."""


class Organisation(Modell):
    """Hela kommun.toml."""

    kommun: Kommun
    arshjul: Arshjulsval
    lagesbild: Lagesbildsval = Lagesbildsval()
    enheter: Enheter = Enheter()
    trosklar: Trosklar = Trosklar()
    redovisning: Redovisning = Redovisning()
    koncern: Koncern = Koncern()
    kolada: Koladaval = Koladaval()
    paminnelse: Paminnelse = Paminnelse()
    oppna_data: Oppnadata = Oppnadata()
    invanare: tuple[Invanare, ...] = ()
    grupp: tuple[Grupp, ...]
    enhet: tuple[Enhetspost, ...]

    @model_validator(mode="after")
    def _hanger_ihop(self) -> Self:
        ids = [e.id for e in self.enhet]
        dubbla = sorted({i for i in ids if ids.count(i) > 1})
        if dubbla:
            raise ValueError(f"flera enheter har id {', '.join(dubbla)}")
        orgnr = [e.orgnr for e in self.enhet if e.orgnr]
        delade = [e.id for e in self.enhet if orgnr.count(e.orgnr) > 1]
        if delade:
            raise ValueError(f"enheterna {', '.join(delade)} har samma orgnr; behåll det på en av dem")
        aren = [i.ar for i in self.invanare]
        if len(aren) > len(set(aren)):
            raise ValueError("invanare: samma år står två gånger; behåll ett")
        grupper = {g.id for g in self.grupp}
        for e in self.enhet:
            if e.slag == "namnd" and e.grupp not in grupper:
                tillatet = ", ".join(sorted(grupper))
                raise ValueError(f"enheten {e.id} har gruppen ”{e.grupp}”; tillåtet är {tillatet}")
            self._granska_agare(e)
        return self

    def _granska_agare(self, enhet: Enhetspost) -> None:
        """Ägaren ska vara ett bolag i filen, och ingen får äga sig själv genom andra."""
        bolag = {e.id: e for e in self.enhet if e.slag == "bolag"}
        sedda: list[str] = []
        while enhet.agare:
            if enhet.agare not in bolag or enhet.agare in sedda:
                raise ValueError(f"enheten {enhet.id} har ägaren ”{enhet.agare}”; ange ett bolag som inte ägs av enheten, eller utelämna agare")
            sedda.append(enhet.agare)
            enhet = bolag[enhet.agare]

    @property
    def inmatning(self) -> Enhet:
        return enhet_av(self.enheter.inmatning)

    @property
    def styrning(self) -> Enhet:
        return enhet_av(self.enheter.styrning)

    @property
    def rapport(self) -> Enhet:
        return enhet_av(self.enheter.rapport)

    def invanare_vid(self, ar: int) -> int | None:
        """Invånarna den 31 december det året, när de är angivna."""
        return next((i.antal for i in self.invanare if i.ar == ar), None)

    def med_slag(self, *slag: str) -> tuple[Enhetspost, ...]:
        return tuple(e for e in self.enhet if e.slag in slag)

    def i_grupp(self, grupp: str) -> tuple[Enhetspost, ...]:
        return tuple(e for e in self.enhet if e.slag == "namnd" and e.grupp == grupp)

    def sok(self, namn: str) -> Enhetspost | None:
        """Enheten med detta id, namn, korta namn eller tidigare namn."""
        return self._namngivna.get(sprak.nyckel(namn))

    def enhet_med_id(self, enhet: str) -> Enhetspost:
        """Fel: KeyError."""
        return self.per_id[enhet]

    @cached_property
    def per_id(self) -> dict[str, Enhetspost]:
        return {e.id: e for e in self.enhet}

    @cached_property
    def _namngivna(self) -> dict[str, Enhetspost]:
        """Enheten på varje namn den har, i jämförbar form; den första när flera heter lika."""
        return {namn: e for e in reversed(self.enhet) for namn in e.alla_namn}


def valda_enheter(organisation: Organisation, namn: Sequence[str]) -> list[Enhetspost]:
    """Enheterna med de id eller namn som är angivna. Fel: AnvandningsFel om någon är okänd."""
    valda = [(n, organisation.sok(n)) for n in namn]
    okanda = [n for n, e in valda if e is None]
    if okanda:
        kanda, namnen = ", ".join(e.id for e in organisation.enhet), [e.namn for e in organisation.enhet]
        fel = [f"Enheten {o} finns inte i kommun.toml.{sprak.menade_du(o, namnen)}" for o in okanda]
        raise AnvandningsFel(*fel, f"Det finns: {kanda}.")
    return [e for _, e in valda if e is not None]
