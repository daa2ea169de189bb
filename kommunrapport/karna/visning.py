"""Hur en siffra visas: i kolumnens enhet, avrundad en gång, med svenskt talformat."""

from decimal import Decimal

from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, avrunda
from kommunrapport.karna.plan import Kolumnplan
from kommunrapport.karna.sprak import formatera

SAKNAS = "–"


def visa(varde: int | None, kolumn: Kolumnplan, slag: str = "") -> str:
    """Siffran som text i kolumnens enhet, med minus och hårda mellanslag. ``slag`` är radens, när det är ett annat."""
    if varde is None:
        return SAKNAS
    per, decimaler = _form(kolumn, slag)
    return formatera(avrunda(-varde if kolumn.vand else varde, per, decimaler), decimaler, plus=kolumn.plus)


def i_enheten(varde: int, kolumn: Kolumnplan, slag: str = "") -> Decimal:
    """Siffran exakt, i kolumnens enhet och tecken."""
    return Decimal(-varde if kolumn.vand else varde) / _form(kolumn, slag)[0]


def _form(kolumn: Kolumnplan, slag: str) -> tuple[int, int]:
    if not slag or slag == kolumn.slag:
        return kolumn.per, kolumn.decimaler
    return (KVOTDELAR, 1) if slag == "procent" else (HUNDRADELAR, 0)
