"""Tal som människor skriver dem: svensk text blir Decimal, eller avvisas med orsak."""

import re
import unicodedata
from decimal import Decimal

TOMMA = {"", "-", "..", "i.u.", "n/a"}
EJ_TILLAMPLIGT = {"e.t.", "e.t", "et", "ej tillämpligt", "ej aktuellt"}

_MELLANSLAG = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
_MINUS = dict.fromkeys(map(ord, "\u2212\u2013\u2014\u2011\u2012"), "-")
_OSYNLIGA = dict.fromkeys(map(ord, "\u200e\u200f\ufeff\u200b"))
_ENHETER = {
    "kr": Decimal(1), ":-": Decimal(1), "sek": Decimal(1), "tkr": Decimal(10**3),
    "mnkr": Decimal(10**6), "mkr": Decimal(10**6), "mdkr": Decimal(10**9),
    "%": Decimal("0.01"),
}  # fmt: skip
_MED_ENHET = re.compile(r"^(?P<tal>.*?\d.*?)\s*(?P<enhet>kr|:-|sek|tkr|mnkr|mkr|mdkr|%)$", re.IGNORECASE)
_HELTAL = r"(?:\d{1,3}(?:[ ']\d{3})+|\d+)"
_SVENSKT = re.compile(rf"^{_HELTAL}(?:[,.]\d+)?$")
_TYSKT = re.compile(r"^\d{1,3}(?:\.\d{3})+,\d+$")
_ENGELSKT = re.compile(r"^\d{1,3}(?:,\d{3})+\.\d+$")
_VETENSKAPLIGT = re.compile(r"^\d+(?:[.,]\d+)?E[+-]?\d{1,2}$", re.IGNORECASE)
_TVETYDIGT = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


class OtolkbartTal(ValueError):
    """Texten är inte ett tal; ``orsak`` säger varför i en svensk bisats."""

    def __init__(self, orsak: str) -> None:
        super().__init__(orsak)
        self.orsak = orsak


def stada(text: str) -> str:
    """Texten med vanliga mellanslag och bindestreck, utan osynliga tecken."""
    if text.isascii():
        return text
    text = text.translate(_OSYNLIGA).translate(_MELLANSLAG).translate(_MINUS)
    return unicodedata.normalize("NFKC", text) if not _har_brak(text) else text.strip()


def tolka_svenskt_tal(text: str) -> Decimal:
    """Talet i en fil där komma alltid är decimaltecken och enheten inte får stå med. Fel: OtolkbartTal."""
    stadad = stada(text).strip()
    if _SVENSKT.match(stadad.removeprefix("-").strip()) and "." not in stadad:
        tal, negativt = _dela_tecken(stadad)
        varde = Decimal(tal.replace(" ", "").replace("'", "").replace(",", "."))
        return -varde if negativt and varde else varde
    varde, enhet = tolka_tal(text)
    if enhet:
        raise OtolkbartTal("enheten ska inte stå i fältet")
    return varde


def tolka_tal(text: str) -> tuple[Decimal, str]:
    """Talet i texten och den enhet som stod efter det ("" när ingen stod).

    ``12,5 mnkr`` ger (12500000, "mnkr") och ``98,5 %`` ger (0,985, "%").
    Fel: OtolkbartTal med orsak, till exempel för ``1,234`` som kan betyda två saker.
    """
    if "\u00ad" in text:
        raise OtolkbartTal("ett mjukt bindestreck kan inte tolkas som minus")
    text = stada(text).strip().removeprefix("'").strip()
    tal, enhet = _dela_enhet(text)
    tal, negativt = _dela_tecken(tal)
    varde = _tolka_siffror(tal) * _ENHETER.get(enhet, Decimal(1))
    return (-varde if negativt and varde else varde), enhet


def _har_brak(text: str) -> bool:
    return any(unicodedata.category(tecken) == "No" for tecken in text)


def _dela_enhet(text: str) -> tuple[str, str]:
    traff = _MED_ENHET.match(text)
    return (traff["tal"].strip(), traff["enhet"].lower()) if traff else (text, "")


def _dela_tecken(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        inre = text[1:-1].strip()
        if inre.startswith("-"):
            raise OtolkbartTal("både parentes och minus")
        return inre, True
    if text.startswith("-"):
        return text[1:].strip(), True
    if len(text) > 1 and text.endswith("-"):
        return text[:-1].strip(), True
    return text.removeprefix("+").strip(), False


def _tolka_siffror(text: str) -> Decimal:
    if _TVETYDIGT.match(text):
        raise OtolkbartTal("tecknet kan vara både decimaltecken och tusentalsavskiljare")
    if _SVENSKT.match(text):
        return Decimal(text.replace(" ", "").replace("'", "").replace(",", "."))
    if _TYSKT.match(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _ENGELSKT.match(text):
        return Decimal(text.replace(",", ""))
    if _VETENSKAPLIGT.match(text):
        return Decimal(text.replace(",", "."))
    if text.startswith("#"):
        raise OtolkbartTal("ett felvärde från Excel")
    raise OtolkbartTal("texten är inte ett tal")
