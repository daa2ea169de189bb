"""#KSUMMA: CRC-32 över etiketter och fält mellan start- och slutmärket, utan avskiljare, citattecken, klammer och radslut."""

import re
import zlib

from kommunrapport.inlasning.olasbar import Olasbar

_MARKE = re.compile(rb'^[ \t]*+#KSUMMA\b[ \t]*+"?(\d*)"?[^\n]*+\n?', re.IGNORECASE | re.MULTILINE)
_AVSKILJARE = b" \t\r\n{}\x1a"
_CITAT_I_TEXT, _ERSATT = b'\\"', b"\x00"


class Kontrollsumma:
    """Räknar summan medan filen läses. Ett startmärke söks bara i filens första bit."""

    def __init__(self) -> None:
        self._pagar = False
        self._forsta = True
        self._crc = 0

    def se(self, hela_rader: bytes) -> None:
        """Hela rader ur filen, i ordning. Fel: Olasbar (KR148) när summan inte stämmer."""
        if self._forsta:
            self._forsta = False
            start = _MARKE.search(hela_rader)
            if start is None or start[1]:
                return
            self._pagar = True
            hela_rader = hela_rader[start.end() :]
        if self._pagar:
            slut = _MARKE.search(hela_rader)
            self._crc = _rakna(hela_rader[: slut.start()] if slut else hela_rader, self._crc)
            if slut:
                self._prova(slut[1])

    def klar(self) -> None:
        """Fel: Olasbar (KR141) när filen slutar före slutmärket."""
        if self._pagar:
            raise Olasbar("KR141")

    def _prova(self, vantad: bytes) -> None:
        self._pagar = False
        if not vantad or len(vantad) > 10 or int(vantad) != self._crc:
            raise Olasbar("KR148", lamnat=vantad[:20].decode(), vantat=str(self._crc))


def _rakna(text: bytes, crc: int) -> int:
    delar = text.replace(_CITAT_I_TEXT, _ERSATT).split(b'"')
    if any(b"\n" in citerad for citerad in delar[1::2]):
        for rad in text.splitlines():
            crc = _radens(rad, crc)
        return crc
    return _summa(delar, crc)


def _radens(rad: bytes, crc: int) -> int:
    """En rad för sig: ett citattecken utan par gäller då bara till radens slut."""
    return _summa(rad.replace(_CITAT_I_TEXT, _ERSATT).split(b'"'), crc)


def _summa(delar: list[bytes], crc: int) -> int:
    delar[::2] = [del_.translate(None, _AVSKILJARE) for del_ in delar[::2]]
    return zlib.crc32(b"".join(delar).replace(_ERSATT, b'"'), crc)
