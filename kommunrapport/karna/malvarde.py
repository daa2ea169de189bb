"""Målvärden och utfall så som människor skriver dem: vad som är ett tal, vad som räknas som nått och vad som är bättre.

Talen är i indikatorns eget mått och är aldrig pengar. Det som inte går att läsa som tal bedöms inte av programmet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kommunrapport.karna import tal
from kommunrapport.karna.period import Period

OKAR, MINSKAR = "ökar", "minskar"
RIKTNINGAR = {"ökar": OKAR, "okar": OKAR, "minskar": MINSKAR}
"""Hur riktningen får skrivas → riktningen som är bra."""
UNDER_ARET = "under året"
"""Så räknas en indikator som börjar om vid årsskiftet, till exempel antalet bostäder som har blivit färdiga."""
_GRANSORD = (
    (("minst", "lägst", "≥", ">="), OKAR, False),
    (("högst", "max", "≤", "<="), MINSKAR, False),
    (("över", "mer än", ">"), OKAR, True),
    (("under", "mindre än", "<"), MINSKAR, True),
)
_ENBART_RIKTNING = {"öka": OKAR, "ökar": OKAR, "ska öka": OKAR, "minska": MINSKAR, "minskar": MINSKAR, "ska minska": MINSKAR}
_EFTER_TALET = re.compile(r"\s*(%|procentenheter|procent)?\s*\**$", re.IGNORECASE)
_GLAPP_EFTER_KOMMA = re.compile(r"(?<=\d,)\s+(?=\d)")


@dataclass(frozen=True, slots=True)
class Malvarde:
    """Gränsen ett utfall ska nå och åt vilket håll; ``strikt`` är att gränsen själv inte räcker."""

    grans: Decimal
    riktning: str
    strikt: bool = False

    def natt(self, utfall: Decimal) -> bool:
        """Om utfallet når målvärdet."""
        over = utfall - self.grans if self.riktning == OKAR else self.grans - utfall
        return over > 0 if self.strikt else over >= 0


def tal_i(text: str) -> Decimal | None:
    """Talet i ett utfall: ``87,5 %``, ``7, 0`` och ``59***`` ger 87,5, 7,0 och 59. None när det inte är ett ensamt tal."""
    stadad = _GLAPP_EFTER_KOMMA.sub("", _EFTER_TALET.sub("", tal.stada(text).strip()))
    try:
        return tal.tolka_svenskt_tal(stadad)
    except tal.OtolkbartTal:
        return None


def decimaler(text: str) -> int:
    """Antalet decimaler som talet är skrivet med; 0 när det inte är ett tal."""
    talet = tal_i(text)
    exponent = talet.as_tuple().exponent if talet is not None else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def gransord(malvarde: str) -> str:
    """Riktningen som ordet före talet anger: ``högst 5`` och ``Minska`` ger minskar. Tomt när inget ord gör det."""
    delat = _dela(malvarde)
    return delat[0] if delat else _ENBART_RIKTNING.get(_ren(malvarde), "")


def riktning(malvarde: str, angiven: str = "", utgangsvarde: str = "") -> str:
    """Riktningen som är bra: ordet i målvärdet, annars den angivna, annars från utgångsvärdet mot målvärdet. Tomt när det inte går att veta."""
    fran, till = tal_i(utgangsvarde), tal_i(malvarde)
    given = gransord(malvarde) or RIKTNINGAR.get(_ren(angiven), "")
    if given or fran is None or till is None or fran == till:
        return given
    return OKAR if till > fran else MINSKAR


def tolka_malvarde(malvarde: str, angiven: str = "", utgangsvarde: str = "") -> Malvarde | None:
    """Målvärdet som gräns och riktning, eller None när det inte går att pröva mot ett tal.

    ``minst 1,0``, ``högst 5`` och ``< 20`` bär sin riktning. ``Öka`` betyder mer än utgångsvärdet. Ett tal utan ord behöver en riktning.
    """
    at_vilket_hall = riktning(malvarde, angiven, utgangsvarde)
    if _ren(malvarde) in _ENBART_RIKTNING:
        fran = tal_i(utgangsvarde)
        return None if fran is None else Malvarde(fran, at_vilket_hall, strikt=True)
    delat = _dela(malvarde)
    talet = tal_i(delat[2] if delat else malvarde)
    if talet is None or not at_vilket_hall:
        return None
    return Malvarde(talet, at_vilket_hall, strikt=bool(delat and delat[1]))


def vaxer(attribut: Mapping[str, str], period: Period) -> bool:
    """Om indikatorn räknas från årets början och året inte är slut: utfallet är då en del av årets och kan bara bli större."""
    return period.manad < 12 and attribut.get("raknas", "").casefold() == UNDER_ARET


def mal_i(attribut: Mapping[str, str]) -> Malvarde | None:
    """Målvärdet hos en indikator i styrningen."""
    return tolka_malvarde(*(attribut.get(namn, "") for namn in ("malvarde", "riktning", "utgangsvarde")))


def nar(attribut: Mapping[str, str], utfall: str, period: Period) -> bool | None:
    """Om utfallet når indikatorns målvärde; None när det inte går att pröva, eller ännu inte är avgjort för ett som växer."""
    grans, talet = mal_i(attribut), tal_i(utfall)
    if grans is None or talet is None:
        return None
    natt = grans.natt(talet)
    return None if vaxer(attribut, period) and natt is not (grans.riktning == OKAR) else natt


def forandring(nu: str, da: str, bra: str, *, vaxer: bool = False) -> int | None:
    """1 när utfallet är bättre än det förra, 0 när det är lika och −1 när det är sämre; None när det inte går att veta.

    ``vaxer``: utfallet är en del av årets, så att bara ett som redan är större än hela förra årets går att jämföra.
    """
    nytt, gammalt = tal_i(nu), tal_i(da)
    if nytt is None or gammalt is None or (nytt != gammalt and not bra) or (vaxer and nytt <= gammalt):
        return None
    if nytt == gammalt:
        return 0
    return 1 if (nytt > gammalt) == (bra == OKAR) else -1


def _ren(text: str) -> str:
    return tal.stada(text).strip().casefold()


def _dela(malvarde: str) -> tuple[str, bool, str] | None:
    """Riktning, om gränsen är strikt, och resten av texten; None när texten inte börjar med ett gränsord."""
    ren = _ren(malvarde)
    for ord_, at_vilket_hall, strikt in _GRANSORD:
        for o in ord_:
            rest = ren.removeprefix(o)
            if rest != ren and tal_i(rest) is not None:
                return at_vilket_hall, strikt, rest
    return None
