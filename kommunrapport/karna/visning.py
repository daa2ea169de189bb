"""Hur en siffra visas: i kolumnens enhet, avrundad en gång, med svenskt talformat."""

from decimal import Decimal

from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, Enhet, avrunda
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
    return form_av(slag)


def form_av(slag: str) -> tuple[int, int]:
    """Delar per enhet och decimaler för ett slag av tal som inte är belopp."""
    return {"procent": (KVOTDELAR, 1), "andel": (HUNDRADELAR, 1), "sats": (HUNDRADELAR, 2)}.get(slag, (HUNDRADELAR, 0))


def exakt_i_ord(varde: int, slag: str, enhet: Enhet, minst: int = 0) -> str:
    """Det lästa talet (hundradelar) med så många decimaler som behövs för att visa det exakt, minst ``minst`` för belopp.

    Belopp visas i enheten, som skrivs ut; andra slag utan enhet.
    """
    per = enhet.value if slag == "belopp" else HUNDRADELAR
    fran = minst if slag == "belopp" else 0
    decimaler = next((d for d in range(fran, 9) if varde * 10**d % per == 0), 8)
    text = formatera(avrunda(varde, per, decimaler), decimaler)
    return f"{text} {enhet.namn}" if slag == "belopp" else text
