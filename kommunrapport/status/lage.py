"""Lägets typer, och vad en enhets läge heter. Allt är färdigt att visa; inget läses här."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

FORSENAD, FEL, SAKNAS, FALLEN, VARNINGAR, LAMNAD, KLAR, LAMNAR_INTE = (
    "försenad",
    "har fel",
    "saknas",
    "inte längre klar",
    "har varningar",
    "lämnad",
    "klar",
    "lämnar inte",
)
LAGEN = (FORSENAD, FEL, SAKNAS, FALLEN, VARNINGAR, LAMNAD, KLAR, LAMNAR_INTE)
"""De mest brådskande först."""
ATT_PAMINNA = (FORSENAD, FEL, SAKNAS, FALLEN)
FELSLAG, VARNING = ("stopp", "fel"), "varning"


@dataclass(frozen=True)
class Siffra:
    """En siffra i driftredovisningen: exakt i ören, eller None när uppgift saknas, och så som rapporten visar den."""

    ore: int | None
    visas: str


@dataclass(frozen=True)
class Siffror:
    """Enhetens rad i driftredovisningen. ``utfall`` är prognosen när perioden har en; ``avvikelse`` finns när rapporten visar den."""

    budget: Siffra
    utfall: Siffra
    avvikelse: Siffra | None


@dataclass(frozen=True)
class Enhetslage:
    """En enhet i en period. Vägar är från arbetskatalogen, med snedstreck; tomma när filen inte finns."""

    enhet: str
    namn: str
    slag: str
    lage: str
    filer: tuple[str, ...] = ()
    """Enhetens filer så som de visas, den som räknas först."""
    vag: str = ""
    """Den första filens väg på disken."""
    bara_sie: bool = False
    mottagen: str = ""
    """När filen först sågs, enligt händelseloggen, eller filens tid när loggen inte har den: ``2024-09-10 02:00``."""
    ur_loggen: bool = False
    dagar_sen: int = 0
    """Dagar efter sista dagen som enhetens första fil kom; noll när den kom i tid eller när det inte går att veta."""
    sparad_av: str = ""
    klarmarkering: str = "nej"
    """``ja``, ``nej`` eller ``fallen``."""
    antal: Mapping[str, int] | None = None
    """Anmärkningar per allvar; None när inget är läst."""
    noteringar: tuple[str, ...] = ()
    anmarkningar: tuple[Mapping[str, Any], ...] = ()
    """De värsta först, med alla ord."""
    siffror: Siffror | None = None
    """Tomt för enheter som inte har någon rad i driftredovisningen, till exempel bolag."""
    kopia: str = ""
    """Den kommenterade kopian, när den finns och är skriven ur filen så som den är nu."""
    tom_bok: str = ""
    """Boken att fylla i, när den finns."""
    klarmarkerad: str = ""
    """När boken klarmarkerades, enligt boken och enligt loggen, när markeringen inte längre gäller."""
    epost: str = ""
    """Kontaktpersonens adress på försättsbladet, annars på det senast lämnade."""

    @property
    def fel(self) -> int:
        return sum((self.antal or {}).get(slag, 0) for slag in FELSLAG)

    @property
    def varningar(self) -> int:
        return (self.antal or {}).get(VARNING, 0)


@dataclass(frozen=True)
class Rapportlage:
    """Den senast skrivna rapporten, med de av dess filer som finns kvar. ``aktuell`` är om inget av det den är gjord av har ändrats sedan dess."""

    skriven: str
    filer: tuple[str, ...]
    aktuell: bool


@dataclass(frozen=True)
class Periodlage:
    """En period. ``hinder`` är varför den inte kunde läsas; då finns inga enheter."""

    period: str
    namn: str
    rapporttyp: str
    kommando: str
    klar_senast: date
    dagar_kvar: int
    """Till dagen då inlämningen ska vara klar; minus när den har passerat."""
    frist: date | None
    lagrum: str
    faststalld: bool
    mapp: str = ""
    """Dit inlämningarna läggs, från arbetskatalogen; ``mapp_finns`` om den finns."""
    mapp_finns: bool = True
    enheter: tuple[Enhetslage, ...] = ()
    ovriga: tuple[Mapping[str, Any], ...] = ()
    """Anmärkningar som inte hör till någon enhet, till exempel om filer som ingen kan läsa."""
    rapport: Rapportlage | None = None
    beloppsenhet: str = ""
    utfallets_namn: str = ""
    """``Prognos`` eller ``Utfall``: det som jämförs med budgeten."""
    hinder: tuple[str, ...] = ()

    @property
    def ska_lamna(self) -> int:
        return sum(1 for e in self.enheter if e.lage != LAMNAR_INTE)

    @property
    def lamnade(self) -> int:
        return sum(1 for e in self.enheter if e.filer)

    @property
    def att_paminna(self) -> list[Enhetslage]:
        return [e for e in self.enheter if e.lage in ATT_PAMINNA]

    @property
    def har_avvikelser(self) -> bool:
        return any(e.siffror and e.siffror.avvikelse for e in self.enheter)

    def antal_i(self, lage: str) -> int:
        return sum(1 for e in self.enheter if e.lage == lage)


@dataclass(frozen=True)
class Planlage:
    """En enhets uppföljningsplan: klara steg, alla steg och de försenade, med dagen. ``hinder`` är det som inte gick att läsa."""

    enhet: str
    namn: str
    klara: int
    steg: int
    forsenade: tuple[str, ...] = ()
    hinder: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lage:
    """Läget i en kommun vid en tid, ``2024-09-10 02:00`` eller bara dagen. ``besked`` sägs när ingen period är öppen."""

    kommun: str
    tid: str
    perioder: tuple[Periodlage, ...]
    besked: str = ""
    uppfoljning: tuple[Planlage, ...] = ()
    """Årets uppföljningsplaner."""

    def som_data(self) -> dict[str, Any]:
        """Allt, som JSON."""
        perioder, planer = [_perioddata(p) for p in self.perioder], [asdict(p) for p in self.uppfoljning]
        return {"kommun": self.kommun, "tid": self.tid, "besked": self.besked, "perioder": perioder, "uppfoljning": planer}


def _perioddata(p: Periodlage) -> dict[str, Any]:
    dagar = {"klar_senast": p.klar_senast.isoformat(), "frist": p.frist.isoformat() if p.frist else None}
    return {**asdict(p), **dagar, "lamnade": p.lamnade, "ska_lamna": p.ska_lamna}


def enhetens_lage(*, lamnar: bool, har_fil: bool, dagar_kvar: int, antal: Mapping[str, int], klarmarkering: str) -> str:
    """Det mest brådskande som gäller enheten, ett av ``LAGEN``. En besvarad varning räknas inte: den är en upplysning."""
    if not har_fil:
        return LAMNAR_INTE if not lamnar else FORSENAD if dagar_kvar < 0 else SAKNAS
    if any(antal.get(slag) for slag in FELSLAG):
        return FEL
    if klarmarkering == "fallen":
        return FALLEN
    if antal.get(VARNING):
        return VARNINGAR
    return KLAR if klarmarkering == "ja" else LAMNAD


def i_ordning(enheter: Sequence[Enhetslage]) -> tuple[Enhetslage, ...]:
    """De mest brådskande först, annars i kommun.tomls ordning."""
    return tuple(sorted(enheter, key=lambda e: LAGEN.index(e.lage)))
