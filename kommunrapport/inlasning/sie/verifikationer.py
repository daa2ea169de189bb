"""Verifikationerna: transaktioner summeras per månad och konto utan att något objekt skapas för dem.

Verifikationens datum avgör månaden. #RTRANS och #BTRANS räknas inte: den gällande raden står alltid som #TRANS.
"""

import re
from collections import defaultdict

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.sie import falt
from kommunrapport.inlasning.sie.falt import Post
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.tal import OtolkbartTal

ETIKETTER = (b"VER", b"TRANS", b"RTRANS", b"BTRANS")
_ANDRA_POSTER = re.compile(rb"\n[ \t]*+#(?!TRANS[ \t]|VER[ \t]|[RB]TRANS[ \t])")
_FALT = rb'(?:"[^"\\\r\n]*+"|[^\s"{}]++)'
_VANLIGA = re.compile(
    rb"[\s{}]*+(?:#(?:"
    rb'TRANS[ \t]++(\d{1,20})[ \t]++\{[^{}"\r\n]*+(?:"[^"\\\r\n]*+"[^{}"\r\n]*+)*+\}[ \t]++'
    rb"|VER[ \t]++" + _FALT + rb"[ \t]++" + _FALT + rb'[ \t]++"?+(?=\d{8}["\s])'
    rb')(-?\d{1,15})(?:\.(\d\d))?+(?="?+(?:\s|\Z))[^\r\n]*+'
    rb"|[^\r\n]++)"
)
"""Transaktionens konto, hela kronor och ören, eller verifikationens datum i andra gruppen; en rad i annan form ger tomma grupper."""
_ANNAN_FORM = (b"", b"", b"")
_UTFYLLNAD = b" \t\r\n{}\x1a\0"
_MEST_MANADER = 1_200


class Verifikationer:
    """Summorna medan filen läses. ``summeras`` är falskt när periodsaldona räcker."""

    def __init__(self) -> None:
        self.per_manad: defaultdict[bytes, defaultdict[bytes, int]] = defaultdict(lambda: defaultdict(int))
        self.antal_ver = 0
        self.summeras = True
        self._oppen: defaultdict[bytes, int] | None = None

    def las_snabbt(self, hela_rader: bytes) -> bool:
        """Läser raderna om de bara är verifikationer i vanlig form; annars rörs ingenting och svaret är falskt. Fel: Olasbar."""
        if _ANDRA_POSTER.search(hela_rader) or _ANDRA_POSTER.match(b"\n" + hela_rader[: granser.SIE_MAX_RAD]):
            return False
        if not self.summeras:
            return True
        traffar = _VANLIGA.findall(hela_rader.rstrip(_UTFYLLNAD))
        if self._oppen is None or _ANNAN_FORM in traffar:
            return False
        oppen = self._oppen
        for konto, hela, delar in traffar:
            if konto:
                oppen[konto] += int(hela + delar) if delar else int(hela) * HUNDRADELAR
            else:
                oppen = self.per_manad[hela[:6]]
        self._oppen = oppen
        self._granska_antal()
        return True

    def las(self, post: Post) -> None:
        """En rad i taget. Fel: OtolkbartTal när raden inte går att använda, Olasbar när filen är för stor."""
        if post.etikett == b"VER":
            self._oppna(post)
        elif post.etikett == b"TRANS" and self.summeras:
            konto, ore = falt.las_konto(post.text(0)), falt.las_ore(post.text(1))
            if self._oppen is None:
                raise OtolkbartTal("transaktionen hör inte till någon verifikation med datum")
            self._oppen[konto] += ore

    def _oppna(self, post: Post) -> None:
        self.antal_ver += 1
        self._oppen = None
        if falt.las_dag(post.text(2)) is None:
            raise OtolkbartTal("verifikationens datum går inte att tolka")
        self._oppen = self.per_manad[post.text(2)[:6]]
        self._granska_antal()

    def _granska_antal(self) -> None:
        if len(self.per_manad) > _MEST_MANADER or sum(map(len, self.per_manad.values())) > granser.SIE_MAX_SALDON:
            raise Olasbar("KR150", grans=f"{granser.SIE_MAX_SALDON} olika summor av transaktioner")
