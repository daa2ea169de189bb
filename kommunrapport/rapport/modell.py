"""Rapportmodellen: det som visas, utan format. Skrivarna läser den och ser inte varandra."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.utseende import Utseende


@dataclass(frozen=True, slots=True)
class Celldel:
    """En läst uppgift bakom en cell som är sammansatt av flera: vad den är, vad som står och var."""

    namn: str
    text: str
    kalla: Kalla


@dataclass(frozen=True, slots=True)
class Cell:
    """En visad cell: färdig text, och för tal även talet i tabellens enhet och dess adress."""

    text: str = ""
    tal: Decimal | None = None
    adress: Adress | None = None
    kalla: Kalla | None = None
    """Källan för en cell som visas som den lästes."""
    lagrat: str = ""
    """Värdet så som det står i källan, när det visas i en annan form."""
    steg: str = ""
    """Hur cellen är sammansatt av sina delar."""
    delar: tuple[Celldel, ...] = ()


@dataclass(frozen=True, slots=True)
class Kolumn:
    """En visad kolumn. ``vikt`` är dess önskade andel av bredden."""

    id: str
    rubrik: str
    ar_tal: bool
    decimaler: int = 0
    vikt: int = 10


@dataclass(frozen=True, slots=True)
class Rad:
    """En visad rad; stilen är rad, summa, slutrad, varav eller rubrik."""

    id: str
    stil: str
    namn: str
    celler: tuple[Cell, ...]


@dataclass(frozen=True)
class Tabell:
    """En visad tabell; första kolumnen är radernas namn."""

    id: str
    titel: str
    enhet: str
    rubrik_forsta: str
    kolumner: tuple[Kolumn, ...]
    rader: tuple[Rad, ...]
    noter: tuple[str, ...] = ()

    @property
    def rubrik(self) -> str:
        return f"{self.titel} ({self.enhet})" if self.enhet else self.titel


@dataclass(frozen=True)
class Diagram:
    """Ett diagram med en eller flera serier i tabellens enhet. I en brygga är det första och det sista talet nivåer, de andra förändringar."""

    id: str
    slag: str
    titel: str
    enhet: str
    decimaler: int
    kategorier: tuple[str, ...]
    serier: tuple[tuple[str, tuple[Decimal | None, ...]], ...]
    """Namn och värden; ett värde som saknas ritas inte."""
    alttext: str
    talade: int | None = None
    """Så många av de första serierna som får sina tal utskrivna; None är alla."""
    nollbas: bool = True
    """Om värdeaxeln ska börja vid noll när alla tal ligger på samma sida; staplar ska, linjer behöver inte."""


@dataclass(frozen=True, slots=True)
class Nyckeltal:
    etikett: str
    varde: str
    text: str
    adress: Adress


@dataclass(frozen=True)
class Enhetsavsnitt:
    """En nämnds eller ett bolags del av rapporten."""

    id: str
    namn: str
    agarandel: str
    mening: str
    texter: Mapping[str, str]
    tabeller: Mapping[str, Tabell] = field(default_factory=dict)
    saknas: str = ""
    """Meningen om att enheten inte har lämnat, annars tomt."""
    diagram: Mapping[str, Diagram] = field(default_factory=dict)
    nyckeltal: tuple[Nyckeltal, ...] = ()
    meningar: Mapping[str, str] = field(default_factory=dict)
    """Meningarna i enhetens egen rapport."""


@dataclass(frozen=True)
class Not:
    """En numrerad not till räkenskaperna. ``saknas`` är meningen om det, när lagen kräver den men ingen har skrivit den."""

    id: str
    nummer: int
    rubrik: str
    lagrum: str
    text: str
    tabell: Tabell | None
    saknas: str = ""


@dataclass(frozen=True)
class Rapport:
    """Hela rapporten."""

    titel: str
    filnamn: str
    kommun: str
    period: str
    omraden: frozenset[str]
    """Periodens innehållsområden, som mallen kan fråga efter."""
    spann: str
    slut: str
    ar: int
    enhetstext: str
    utkastrader: tuple[str, ...]
    tabeller: Mapping[str, Tabell]
    diagram: Mapping[str, Diagram]
    blocknamn: frozenset[str]
    """Alla tabeller, listor och diagram som mallen känner, även de som saknar underlag."""
    dolda: Mapping[str, frozenset[tuple[str, str]]]
    """Tabell → lästa uppgifter, som (enhet, rad), som inte får visas som källor."""
    sekretess_antal: int
    meningar: Mapping[str, str]
    forklaringar: Mapping[str, str]
    nyckeltal: tuple[Nyckeltal, ...]
    texter: Mapping[str, str]
    namnder: tuple[Enhetsavsnitt, ...]
    bolag: tuple[Enhetsavsnitt, ...]
    noter: tuple[Not, ...] = ()
    samlade: Mapping[str, str] = field(default_factory=dict)
    """Enheternas tabeller som Excelbilagan samlar på ett blad: tabellens id → bladets namn."""
    bladnamn: Mapping[str, str] = field(default_factory=dict)
    """Tabellens id → namnet på dess blad i Excelbilagan, när det är ett annat än titelns början."""
    enhetsbeslut: str = ""
    """Enhetens beslut om sin egen rapport: dag och paragraf."""
    enhet: str = ""
    """Enhetens namn när rapporten är en enhets egen; dess tabeller står då bland ``tabeller``."""
    saknas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Avsnitt → meningarna om det som krävs där men saknas; tomt för ett avsnitt som har allt."""
    version: str = ""
    """Normen som rapporten följer."""
    utseende: Utseende = field(kw_only=True)
    """Färgerna i dokument och bilaga."""
    fargbyten: Mapping[str, str] = field(default_factory=dict)
    """De medföljande Wordmallarnas färger → kommunens egna, när de är andra."""
    marke: bytes = b""
    """Kommunens märke till omslaget, en PNG-bild; tomt när kommunen inte har lagt in något."""
    status: str = "Utkast"
    """Vad dokumentet är, tills det är fastställt."""
    malomraden: Mapping[str, str] = field(default_factory=dict)
    """Lägesbildens målområden: tabellens id → områdets namn. Tabellerna står bland ``tabeller``."""
    beslut: tuple[str, ...] = ()
    """Förslaget till beslut, en punkt per text."""
    beslutsunderlag: tuple[str, ...] = ()
    texttal: tuple[Tabell, ...] = ()
    """Siffrorna i nyckeltalsband och meningar, och enheternas texter, som tabeller: de härleds och jämförs som andra, men skrivs inte så."""

    @property
    def alla_diagram(self) -> tuple[tuple[str, Diagram], ...]:
        """Rapportens egna diagram, med tomt namn, och därefter enheternas, med enhetens id."""
        egna = [("", d) for d in self.diagram.values()]
        return (*egna, *((a.id, d) for a in (*self.namnder, *self.bolag) for d in a.diagram.values()))

    @property
    def alla_tabeller(self) -> tuple[Tabell, ...]:
        """Rapportens egna tabeller och därefter enheternas, i den ordning de visas."""
        return (*self.tabeller.values(), *(t for a in (*self.namnder, *self.bolag) for t in a.tabeller.values()))
