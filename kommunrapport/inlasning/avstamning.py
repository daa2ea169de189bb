"""Kontrollsummor (avstamning/ÅÅÅÅ-MM.csv): tal ur huvudbok eller trycket som rapporten ska stämma med.

Talen skrivs som de står i rapporten: i tabellens enhet och med tabellens tecken.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kommunrapport.karna import tal
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall import lasning


@dataclass(frozen=True, slots=True)
class Kontrollsumma:
    """Ett tal att stämma av mot, med platsen det står på."""

    adress: Adress
    tal: Decimal
    decimaler: int
    fil: str
    cell: str


def vag_for(period: Period) -> str:
    return f"avstamning/{period}.csv"


def las_avstamning(katalog: Path, period: Period) -> tuple[Kontrollsumma, ...]:
    """Periodens kontrollsummor; inga när filen saknas. Fel: MallFel."""
    vag = vag_for(period)
    if not (katalog / vag).is_file():
        return ()
    summor, brister = [], []
    for radnr, falt in lasning.las_csv(katalog / vag, vag, ("tabell", "rad", "kolumn", "belopp"), ("kalla",)):
        try:
            talet = tal.tolka_svenskt_tal(falt["belopp"])
        except tal.OtolkbartTal as fel:
            brister.append(f"{vag}, rad {radnr}: belopp är ”{falt['belopp']}” ({fel.orsak}); skriv talet som det står i rapporten.")
            continue
        exponent = talet.as_tuple().exponent
        adress = Adress(falt["tabell"], falt["rad"], falt["kolumn"])
        decimaler = max(0, -exponent) if isinstance(exponent, int) else 0
        summor.append(Kontrollsumma(adress, talet, decimaler, vag, f"rad {radnr}"))
    if brister:
        raise MallFel(*brister)
    return tuple(summor)
