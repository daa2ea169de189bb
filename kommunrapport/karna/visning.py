"""Hur en siffra visas: i kolumnens enhet, avrundad en gång, med svenskt talformat."""

from decimal import Decimal, InvalidOperation

from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, Enhet, avrunda
from kommunrapport.karna.plan import Kolumnplan, Radplan
from kommunrapport.karna.sprak import MINUS, NBSP, formatera

SAKNAS = "–"
_MEST_DECIMALER = 6


def visa(varde: int | None, kolumn: Kolumnplan, rad: Radplan | None = None) -> str:
    """Siffran som text i kolumnens enhet, med minus och hårda mellanslag. Raden kan ha ett annat slag, eller egna decimaler."""
    if kolumn.ord:
        return i_ord(varde, kolumn.ord)
    if varde is None:
        return SAKNAS
    per, decimaler = _form(kolumn, rad)
    return formatera(avrunda(-varde if kolumn.vand else varde, per, decimaler), decimaler, plus=kolumn.plus)


def i_ord(varde: int | None, ord_: tuple[str, str, str, str]) -> str:
    """Ordet för talets tecken: plus, noll, minus eller saknas."""
    plus, noll, minus, saknas = ord_
    if varde is None:
        return saknas or SAKNAS
    return minus if varde < 0 else plus if varde else noll


def i_enheten(varde: int, kolumn: Kolumnplan, rad: Radplan | None = None) -> Decimal:
    """Siffran exakt, i kolumnens enhet och tecken."""
    return Decimal(-varde if kolumn.vand else varde) / _form(kolumn, rad)[0]


def _form(kolumn: Kolumnplan, rad: Radplan | None) -> tuple[int, int]:
    slag = rad.slag if rad else ""
    if not slag or slag == kolumn.slag:
        egna = rad.decimaler if rad and kolumn.slag == "antal" else None
        return kolumn.per, kolumn.decimaler if egna is None else egna
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


def last_i_ord(lagrat: str, varde: int, slag: str) -> str:
    """Talet så som det står i cellen, i svensk form: ``−68 300 tkr``. Det som inte är ett tal lämnas som det är.

    ``varde`` är detsamma i hundradelar; för belopp säger förhållandet mellan dem vilken enhet cellen lästes i.
    """
    try:
        tal = Decimal(lagrat.replace(" ", "").replace(NBSP, "").replace(MINUS, "-").replace(",", "."))
        decimaler = max(0, -int(tal.normalize().as_tuple().exponent))
    except (InvalidOperation, ValueError):
        return lagrat
    if decimaler > _MEST_DECIMALER:
        return lagrat
    per = next((e for e in Enhet if tal and abs(abs(tal) * e.value - abs(varde)) < 1), None) if slag == "belopp" else None
    return f"{formatera(int(tal * 10**decimaler), decimaler)} {per.namn if per else ''}".rstrip()
