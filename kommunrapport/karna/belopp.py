"""Belopp i hela öre: enheter, avrundning och kvoter, utan flyttal.

Alla tal i faktatabellen är heltal i hundradelar av sin enhet: kronor blir öre, antal blir
hundradelar och procent blir hundradels procentenheter. Därför räcker en avrundning för allt.
"""

from decimal import Decimal
from enum import Enum

HUNDRADELAR = 100
KVOTDELAR = 1_000_000
"""Delar per procentenhet i en räknad kvot, så att den inte avrundas två gånger när den visas."""


class Enhet(Enum):
    """Beloppsenhet; värdet är antalet öre per enhet."""

    KR = 100
    TKR = 100_000
    MNKR = 100_000_000

    @property
    def namn(self) -> str:
        return self.name.lower()

    @property
    def i_ord(self) -> str:
        return {"KR": "kronor", "TKR": "tusental kronor", "MNKR": "miljoner kronor"}[self.name]


def enhet_av(namn: str) -> Enhet:
    """Enheten med namnet kr, tkr eller mnkr. Fel: KeyError."""
    return Enhet[namn.upper()]


def dela(taljare: int, namnare: int) -> int:
    """Heltalskvot avrundad till närmaste, halva bort från noll. Fel: ZeroDivisionError."""
    kvot, rest = divmod(abs(taljare), abs(namnare))
    if 2 * rest >= abs(namnare):
        kvot += 1
    return kvot if (taljare < 0) == (namnare < 0) else -kvot


def avrunda(tal: int, per: int, decimaler: int) -> int:
    """Talet uttryckt i enheter om ``per``, som heltal i enhetens sista visade decimal.

    ``avrunda(1_234_560_000, 100_000_000, 1)`` är 123, det vill säga 12,3 mnkr.
    """
    return dela(tal * 10**decimaler, per)


def till_hundradelar(tal: Decimal, per: int = HUNDRADELAR) -> tuple[int, Decimal]:
    """Talet som heltal i hundradelar (``per`` per enhet) och den rest som inte fick plats.

    Resten är noll när talet går jämnt upp; Excels binära brus är mindre än en tusendels hundradel.
    """
    exakt = tal * per
    hela = int(exakt.to_integral_value(rounding="ROUND_HALF_UP"))
    return hela, exakt - hela


def procent(taljare: int, namnare: int) -> int | None:
    """Täljaren i procent av nämnarens storlek, i kvotdelar; None när nämnaren är noll."""
    if namnare == 0:
        return None
    return dela(taljare * 100 * KVOTDELAR, abs(namnare))


def kvot(taljare: int, namnare: int) -> int | None:
    """Täljaren delad med nämnaren med båda tecknen kvar, i procent och kvotdelar."""
    if namnare == 0:
        return None
    return dela(taljare * 100 * KVOTDELAR, namnare)
