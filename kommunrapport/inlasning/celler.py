"""En cell i taget: det sparade värdet blir hundradelar, text och tillstånd, eller en anmärkningskod."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from kommunrapport.karna import fakta, tal
from kommunrapport.karna.belopp import HUNDRADELAR, Enhet, till_hundradelar
from kommunrapport.karna.period import dag_ur_ord
from kommunrapport.mall.bladrader import TALSLAG
from kommunrapport.mall.modell import Vardeslag

STORST = 10**17
"""Högsta hundradelar som läses, tusen biljoner kronor. Större tal är skrivfel och ryms inte i faktatabellen."""
TIDIGAST = 1990
"""Ett tidigare år i en datumcell är ett tal som Excel visar som datum."""
_BRUS = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Tolkning:
    """Vad cellen innehåller. ``kod`` är tom när inget är att anmärka."""

    varde: int | None = None
    text: str = ""
    tillstand: str = fakta.TOMT
    kod: str = ""
    lamnat: str = ""
    orsak: str = ""
    decimaler: int = 0


def tolka(ra: Any, slag: Vardeslag, enhet: Enhet) -> Tolkning:
    """Det sparade värdet som faktum; ``enhet`` är beloppens enhet på bladet."""
    if ra is None or ra == "":
        return Tolkning()
    if slag in TALSLAG:
        return _tolka_tal(ra, slag, enhet)
    if slag == "datum":
        return _tolka_datum(ra)
    text = som_text(ra)
    return Tolkning(text=text, tillstand=fakta.VARDE) if text else Tolkning()


_FELVARDEN = {
    "#N/A": "#SAKNAS!", "#VALUE!": "#VÄRDEFEL!", "#REF!": "#REFERENS!", "#DIV/0!": "#DIVISION/0!",
    "#NAME?": "#NAMN?", "#NUM!": "#OGILTIGT!", "#NULL!": "#SKÄRNING!",
}  # fmt: skip


def svenskt_felvarde(varde: str) -> str:
    """Felvärdet så som svenskt Excel visar det."""
    return _FELVARDEN.get(varde, varde)


def som_text(ra: Any) -> str:
    """Värdet som en människa skulle läsa det, på svenska."""
    if isinstance(ra, bool):
        return "SANT" if ra else "FALSKT"
    if isinstance(ra, float):
        return format(Decimal(repr(ra)).normalize(), "f").replace(".", ",")
    if isinstance(ra, datetime):
        return ra.date().isoformat()
    return str(ra).strip()


def _tolka_tal(ra: Any, slag: Vardeslag, enhet: Enhet) -> Tolkning:
    per = enhet.value if slag == "belopp" else HUNDRADELAR
    if isinstance(ra, bool | date | time | timedelta):
        return _otolkat(ra, "ett datum, en tid eller ett sanningsvärde kan inte vara ett tal")
    if isinstance(ra, int | float):
        return _hundradelar(ra, Decimal(repr(ra)), per, "")
    text = tal.stada(str(ra)).strip()
    if text.casefold() in tal.EJ_TILLAMPLIGT:
        return Tolkning(text=text, tillstand=fakta.EJ_TILLAMPLIGT)
    if text.casefold() in tal.TOMMA:
        return Tolkning(text=text, tillstand=fakta.STRECK if text else fakta.TOMT)
    try:
        talet, skriven_enhet = tal.tolka_tal(str(ra))
    except tal.OtolkbartTal as fel:
        return _otolkat(ra, fel.orsak)
    if skriven_enhet and slag != ("procent" if skriven_enhet == "%" else "belopp"):
        return _otolkat(ra, "enheten passar inte i kolumnen")
    if skriven_enhet == "%":
        talet *= 100
    elif skriven_enhet:
        per = HUNDRADELAR
    return _hundradelar(ra, talet, per, str(ra))


def _hundradelar(ra: Any, talet: Decimal, per: int, som_text_: str) -> Tolkning:
    if not talet.is_finite() or abs(talet) * per > STORST:
        return _otolkat(ra, "talet är orimligt stort")
    varde, rest = till_hundradelar(talet, per)
    exponent = talet.normalize().as_tuple().exponent
    decimaler = max(0, -exponent) if isinstance(exponent, int) else 0
    kod = "KR305" if abs(rest) > _BRUS else "KR302" if som_text_ else ""
    lamnat = som_text_ or (str(talet).replace(".", ",") if kod else "")
    return Tolkning(varde, "", fakta.VARDE, kod, lamnat, decimaler=decimaler)


def _otolkat(ra: Any, orsak: str) -> Tolkning:
    return Tolkning(text=som_text(ra), tillstand=fakta.OTOLKAT, kod="KR301", lamnat=som_text(ra), orsak=orsak)


def _tolka_datum(ra: Any) -> Tolkning:
    if isinstance(ra, date) and ra.year < TIDIGAST:
        return Tolkning(text=som_text(ra), tillstand=fakta.OTOLKAT, kod="KR306", lamnat=som_text(ra))
    if isinstance(ra, datetime):
        return Tolkning(text=ra.date().isoformat(), tillstand=fakta.VARDE)
    if isinstance(ra, date):
        return Tolkning(text=ra.isoformat(), tillstand=fakta.VARDE)
    text = som_text(ra)
    try:
        return Tolkning(text=(dag_ur_ord(text) or date.fromisoformat(text)).isoformat(), tillstand=fakta.VARDE)
    except ValueError:
        return Tolkning(text=text, tillstand=fakta.OTOLKAT, kod="KR306", lamnat=text)
