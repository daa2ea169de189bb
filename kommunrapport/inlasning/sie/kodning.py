"""Teckenkodningen: SIE föreskriver CP437, men program skriver också UTF-8 och Windows-1252, med samma ``#FORMAT PC8``."""

import re
from collections.abc import Iterable

UTF8_BOM = b"\xef\xbb\xbf"
CP437, UTF8, CP1252, ASCII = "cp437", "utf-8", "cp1252", "ascii"
_ICKE_ASCII = bytes(range(128))
_CP437 = bytes.fromhex("8486948e8f99")
"""ä å ö Ä Å Ö i CP437."""
_CP1252 = bytes.fromhex("e4e5f6c4c5d6")
_BOKSTAV = "[A-Za-z\u00e5\u00e4\u00f6\u00c5\u00c4\u00d6]"
_FORSTORT = re.compile(
    rf"\ufffd|{_BOKSTAV}[\u201e\u201d\u2020\u017d\u2122]{_BOKSTAV}|(?<!\w)\u2122{_BOKSTAV}|\u00c3[\u0080-\u00bf\u2026\u201e\u2013]|\u251c"
)
"""Ersättningstecknet, eller å, ä och ö som har lästs i fel kodning innan filen sparades."""
_LANGST = 200


class Kodningsprov:
    """Väger byte för byte vilken kodning filen har."""

    def __init__(self) -> None:
        self._bom = self._flerbyte = False
        self._utf8 = True
        self._antal = {CP437: 0, CP1252: 0}

    def se(self, hela_rader: bytes) -> None:
        """Hela rader ur filen, i ordning."""
        self._bom = self._bom or hela_rader.startswith(UTF8_BOM)
        utan = hela_rader.translate(None, _ICKE_ASCII)
        if not utan:
            return
        self._flerbyte = True
        self._utf8 = self._utf8 and _ar_utf8(hela_rader)
        for namn, tecken in ((CP437, _CP437), (CP1252, _CP1252)):
            self._antal[namn] += len(utan) - len(utan.translate(None, tecken))

    @property
    def kodning(self) -> str:
        if self._bom or (self._utf8 and self._flerbyte):
            return UTF8
        if not self._flerbyte:
            return ASCII
        return CP1252 if self._antal[CP1252] > self._antal[CP437] else CP437


def avkoda(text: bytes, kodning: str) -> str:
    """Texten utan styrtecken, högst 200 tecken."""
    tecken = text.decode(CP437 if kodning == ASCII else kodning, errors="replace")
    return "".join(t if t.isprintable() else " " for t in tecken[:_LANGST]).strip()


def forstorda(texter: Iterable[str]) -> list[str]:
    """Texter vars å, ä och ö har gått förlorade."""
    return [text for text in texter if _FORSTORT.search(text)]


def _ar_utf8(text: bytes) -> bool:
    try:
        text.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True
