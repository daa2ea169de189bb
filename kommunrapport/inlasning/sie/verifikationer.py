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
_FALT = rb'(?:"[^"\\\r\n]*+"|[^ \t\r\n\v\f"{}]++)'
_DAG = rb"(?!0000)\d{4}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
"""Dagarna som finns varje år; ett stycke med skottdagen läses rad för rad."""
_RADENS_BORJAN = rb"\n[ \t\r\v\f{}]*+#"
_VANLIGA = re.compile(
    _RADENS_BORJAN + rb"(?:"
    rb'TRANS[ \t]++(\d{1,20})[ \t]++\{[^{}"\r\n]*+(?:"[^"\\\r\n]*+"[^{}"\r\n]*+)*+\}[ \t]++'
    rb"|VER[ \t]++" + _FALT + rb"[ \t]++" + _FALT + rb"[ \t]++(?:(?=" + _DAG + rb'["\s])|"(?=' + _DAG + rb'"))'
    rb')(-?\d{1,15})(?:\.(\d\d))?+(?="?+(?:\s|\Z))'
)
"""Transaktionens konto, hela kronor och ören, eller verifikationens datum i andra gruppen. Radens fortsättning läses inte."""
_SUMMERADE_POSTER = re.compile(_RADENS_BORJAN + rb"(?![RB]TRANS[ \t])")
_FILSLUT = b"\x1a\0"
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
        if not self.summeras:
            return not (_ANDRA_POSTER.search(hela_rader) or _ANDRA_POSTER.match(b"\n" + hela_rader[: granser.SIE_MAX_RAD]))
        traffar = _i_vanlig_form(b"\n" + hela_rader.rstrip(_FILSLUT)) if self._oppen is not None else None
        if self._oppen is None or traffar is None:
            return False
        oppen, per_manad = self._oppen, self.per_manad
        for konto, hela, delar in traffar:
            if delar:
                oppen[konto] += int(hela + delar)
            elif konto:
                oppen[konto] += int(hela) * HUNDRADELAR
            else:
                oppen = per_manad[hela[:6]]
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


def _i_vanlig_form(rader: bytes) -> list[tuple[bytes, bytes, bytes]] | None:
    """Transaktionerna och datumen; None när någon post är en annan eller i annan form. Räknas noga bara när ``#`` också står i en text."""
    traffar = _VANLIGA.findall(rader)
    if len(traffar) == rader.count(b"#"):
        return traffar
    rader = rader.replace(b"\r", b"\n")
    traffar = _VANLIGA.findall(rader)
    return traffar if len(traffar) == len(_SUMMERADE_POSTER.findall(rader)) else None
