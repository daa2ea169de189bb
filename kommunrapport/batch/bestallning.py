"""En arbetskatalogs körning som ett värde: beställningen som skickas till en arbetare och beskedet som kommer tillbaka.

Modulen importerar inget tungt, så att den som bara delar ut bestallningar inte läser in resten av programmet.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from kommunrapport import __version__
from kommunrapport.karna.fel import KommunrapportFel, Slutkod
from kommunrapport.karna.minne import samla_sallan
from kommunrapport.karna.period import Period

if TYPE_CHECKING:
    from kommunrapport.batch.logg import Loggrad

I_ORD = {
    Slutkod.KLART: "klart",
    Slutkod.INTERNT: "internt fel i programmet",
    Slutkod.ANVANDNING: "fel i kommandot eller katalogen",
    Slutkod.SAKNAS: "inlämningar saknas",
    Slutkod.ANMARKNINGAR: "fel i inlämningar eller dokument",
    Slutkod.MALL: "fel i en mall, kommun.toml eller en styrfil",
    Slutkod.UTMATNING: "en utfil gick inte att skriva",
    Slutkod.LAST: "en annan körning pågår, eller filer ändras",
}
_DOG = "Processen som körde katalogen dog, också när den prövades igen. Troligen tog minnet slut. Kör katalogen ensam, eller med färre processer."
_AVBROTT = {
    "BrokenProcessPool": _DOG,
    "KilledWorker": _DOG,
    "CancelledError": "Klustret avbröt körningen. Kontrollera att dask scheduler är igång och kör igen.",
    "ModuleNotFoundError": "Arbetaren saknar programmet eller något av dess bibliotek. Installera samma version på alla datorer i klustret.",
}
"""Varför inget besked kom, efter felets namn."""


@dataclass(frozen=True)
class Bestallning:
    """Vad som körs, i vilken arbetskatalog och med vilken version. Utan perioder körs de öppna, utan dag räknas från i dag."""

    katalog: Path
    perioder: tuple[Period, ...] = ()
    torr: bool = False
    om: bool = False
    enheter: bool = False
    pdf: bool = False
    dag: date | None = None
    version: str = __version__


@dataclass(frozen=True)
class Besked:
    """Hur det gick: meningarna om felen, antalet varningar och tiden i sekunder. ``avbrutet`` när arbetaren inte gav något besked."""

    katalog: Path
    kommun: str
    kod: Slutkod
    fel: tuple[str, ...] = ()
    varningar: int = 0
    sekunder: float = 0.0
    avbrutet: bool = False
    loggat: bool = False
    """Om katalogen har en logg med alla fel."""

    @property
    def hur(self) -> str:
        """Hur det gick, i ord."""
        return "avbrutet" if self.avbrutet else I_ORD[self.kod]

    @property
    def som_text(self) -> str:
        """En rad: kommunen, katalogen, hur det gick och det första felet, eller alla fel när ingen logg har dem."""
        kod = f" (slutkod {int(self.kod)})" if self.kod else ""
        varningar = f" {self.varningar} {'varning' if self.varningar == 1 else 'varningar'}." if self.varningar else ""
        visade = [self.fel[0], f"Och {len(self.fel) - 1} till; se loggen."] if self.loggat and len(self.fel) > 1 else self.fel
        return " ".join([f"{self.kommun}, {self.katalog}: {self.hur}{kod}.{varningar}", *visade])

    @property
    def som_data(self) -> dict[str, Any]:
        """Beskedet så som det skrivs som JSON."""
        data = {**asdict(self), "katalog": str(self.katalog), "kod": int(self.kod), "sekunder": round(self.sekunder, 1)}
        return {namn: varde for namn, varde in data.items() if namn != "loggat"}


def kor_bestallning(bestallning: Bestallning, visa: Callable[["Loggrad"], None]) -> tuple[Slutkod, list[str]]:
    """Kör arbetskatalogen med eget lås och egen logg. Ger slutkoden och varför loggen inte gick att skriva."""
    from kommunrapport.batch.korning import Val, kor, loggmapp  # noqa: PLC0415
    from kommunrapport.batch.logg import Logg  # noqa: PLC0415
    from kommunrapport.rapport import libreoffice  # noqa: PLC0415
    from kommunrapport.status.lasning import Tillfalle  # noqa: PLC0415

    program = libreoffice.hitta() if bestallning.pdf else None
    val = Val(bestallning.perioder, bestallning.torr, bestallning.om, bestallning.enheter, program)
    with Logg(loggmapp(bestallning.katalog, val), visa) as logg:
        if bestallning.pdf and not program:
            logg.varna(libreoffice.saknas())
        kod = kor(bestallning.katalog, val, logg, Tillfalle.pa_dagen(bestallning.dag) if bestallning.dag else Tillfalle.nu())
    return kod, logg.brister


def besked_om(bestallning: Bestallning) -> Besked:
    """Kör beställningen hos en arbetare och ger bara det som behövs för sammanfattningen."""
    if bestallning.version != __version__:
        mening = f"Arbetaren har version {__version__} av programmet och körningen {bestallning.version}. Installera samma version överallt."
        return Besked(bestallning.katalog, bestallning.katalog.name, Slutkod.ANVANDNING, (mening,))
    samla_sallan()
    start, rader = monotonic(), list["Loggrad"]()
    kod, brister = kor_bestallning(bestallning, rader.append)
    nivaer = Counter(rad.niva for rad in rader)
    fel = tuple(f"{rad.period}: {rad.text}" if rad.period else rad.text for rad in rader if rad.niva == "fel")
    kommun, tid = _kommunen(bestallning.katalog), monotonic() - start
    loggat = not (brister or bestallning.torr) and (bestallning.katalog / "kommun.toml").is_file()
    return Besked(bestallning.katalog, kommun, kod, (*fel, *brister), nivaer["varning"], tid, loggat=loggat)


def uteblivet(bestallning: Bestallning, fel: Exception) -> Besked:
    """Beskedet när arbetaren inte gav något."""
    if isinstance(fel, KommunrapportFel):
        return Besked(bestallning.katalog, bestallning.katalog.name, fel.slutkod, fel.rader)
    avbrott = _AVBROTT.get(type(fel).__name__)
    mening = avbrott or f"{type(fel).__name__}: {fel}"
    return Besked(bestallning.katalog, bestallning.katalog.name, Slutkod.INTERNT, (mening,), avbrutet=bool(avbrott))


def _kommunen(katalog: Path) -> str:
    """Kommunens namn, eller mappens när kommun.toml inte går att läsa."""
    from kommunrapport.mall.periodmall import las_arbetskatalog  # noqa: PLC0415

    try:
        return las_arbetskatalog(katalog).organisation.kommun.namn
    except (KommunrapportFel, OSError):
        return katalog.name
