"""Det som samlas medan en SIE-fil läses rad för rad: grunddata, konton, saldon och rader som inte går att använda."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.sie import falt
from kommunrapport.inlasning.sie.falt import Post, las_post
from kommunrapport.inlasning.sie.siefil import Rakenskapsar, Saldorad, ar_balanskonto
from kommunrapport.inlasning.sie.verifikationer import ETIKETTER, Verifikationer
from kommunrapport.karna.tal import OtolkbartTal

K = TypeVar("K")
Postlasare: TypeAlias = Callable[[Post, int], None]
_GRUNDDATA = (b"PROGRAM", b"FNAMN", b"ORGNR", b"SIETYP", b"GEN", b"OMFATTN")


@dataclass(slots=True)
class Brist:
    """Rader som inte går att använda av samma skäl: antal, och de första med nummer och text."""

    antal: int = 0
    rader: list[tuple[int, bytes]] = field(default_factory=list)


class Register:
    """Samlar posterna. Samma rad två gånger är en; två olika belopp för samma sak är en brist."""

    def __init__(self) -> None:
        self.grunddata: dict[bytes, list[bytes]] = {}
        self.ar: dict[int, Rakenskapsar] = {}
        self.konton: dict[bytes, bytes] = {}
        self.ingaende: dict[tuple[int, bytes], Saldorad] = {}
        self.utgaende: dict[tuple[int, bytes], Saldorad] = {}
        self.periodsaldon: dict[tuple[int, str, bytes], Saldorad] = {}
        self.objektsaldon: defaultdict[tuple[int, str, bytes], dict[bytes, int]] = defaultdict(dict)
        self.verifikationer = Verifikationer()
        self.brister: dict[str, Brist] = {}
        self.antal_poster = 0
        self._lasare: dict[bytes, Postlasare] = {
            **dict.fromkeys(_GRUNDDATA, self._las_grunddata),
            **dict.fromkeys(ETIKETTER, self._las_verifikation),
            b"RAR": self._las_ar,
            b"KONTO": self._las_konto,
            b"IB": self._las_ingaende,
            b"UB": self._las_utgaende,
            b"RES": self._las_utgaende,
            b"PSALDO": self._las_periodsaldo,
            b"FLAGGA": lambda _post, _radnr: None,
        }

    def las(self, rad: bytes, radnr: int) -> None:
        """En rad; okända etiketter och rader utan etikett hoppas över. Fel: Olasbar när filen är för stor."""
        post = las_post(rad)
        lasare = self._lasare.get(post.etikett) if post else None
        if post is None or lasare is None:
            return
        self.antal_poster += 1
        try:
            lasare(post, radnr)
        except OtolkbartTal as fel:
            self._anteckna(fel.orsak, rad, radnr)

    def periodsaldona_racker(self) -> bool:
        """Om innevarande års periodsaldon finns i sin helhet, så att verifikationerna inte behöver summeras."""
        egna = [nyckel for nyckel in self.periodsaldon if nyckel[0] == 0]
        return bool(egna) and not any(nyckel[0] == 0 for nyckel in self.bara_objekt())

    def bara_objekt(self) -> dict[tuple[int, str, bytes], tuple[bytes, ...]]:
        """Förändringar som bara finns på objekt och inte är noll, med objektens dimensioner."""
        utan = (nyckel for nyckel in self.objektsaldon if nyckel not in self.periodsaldon)
        return {nyckel: tuple(sorted(d)) for nyckel in utan if any((d := self.objektsaldon[nyckel]).values())}

    def _las_grunddata(self, post: Post, _radnr: int) -> None:
        self.grunddata.setdefault(post.etikett, post.falt)

    def _las_verifikation(self, post: Post, _radnr: int) -> None:
        if post.etikett == b"VER" and self.verifikationer.antal_ver == 0:
            self.verifikationer.summeras = not self.periodsaldona_racker()
        self.verifikationer.las(post)

    def _las_ar(self, post: Post, _radnr: int) -> None:
        start, slut = falt.las_dag(post.text(1)), falt.las_dag(post.text(2))
        if start is None or slut is None or start > slut:
            raise OtolkbartTal("räkenskapsårets datum går inte att tolka")
        self.ar.setdefault(falt.las_arsnr(post.text(0)), Rakenskapsar(start, slut))

    def _las_konto(self, post: Post, _radnr: int) -> None:
        self.konton.setdefault(falt.las_konto(post.text(0)), post.text(1))
        if len(self.konton) > granser.SIE_MAX_KONTON:
            raise Olasbar("KR150", grans=f"{granser.SIE_MAX_KONTON} konton")

    def _las_ingaende(self, post: Post, radnr: int) -> None:
        self._spara(self.ingaende, _saldonyckel(post), post.text(2), radnr)

    def _las_utgaende(self, post: Post, radnr: int) -> None:
        nyckel = _saldonyckel(post)
        ratt = ar_balanskonto(nyckel[1].decode()) == (post.etikett == b"UB")
        if ratt or falt.las_ore(post.text(2)):
            self._spara(self.utgaende, nyckel, post.text(2), radnr)

    def _las_periodsaldo(self, post: Post, radnr: int) -> None:
        nyckel = (falt.las_arsnr(post.text(0)), falt.las_manad(post.text(1)), falt.las_konto(post.text(2)))
        if post.objekt:
            per_dimension = self.objektsaldon[nyckel]
            dimension = falt.dimensioner(post.objekt)
            per_dimension[dimension] = per_dimension.get(dimension, 0) + falt.las_ore(post.text(3))
            self._granska_antal()
        else:
            self._spara(self.periodsaldon, nyckel, post.text(3), radnr)

    def _spara(self, saldon: dict[K, Saldorad], nyckel: K, belopp: bytes, radnr: int) -> None:
        ore = falt.las_ore(belopp)
        if saldon.setdefault(nyckel, Saldorad(ore, radnr)).ore != ore:
            raise OtolkbartTal("samma saldo står tidigare i filen med ett annat belopp")
        self._granska_antal()

    def _granska_antal(self) -> None:
        if len(self.ingaende) + len(self.utgaende) + len(self.periodsaldon) + len(self.objektsaldon) > granser.SIE_MAX_SALDON:
            raise Olasbar("KR150", grans=f"{granser.SIE_MAX_SALDON} saldon")

    def _anteckna(self, orsak: str, rad: bytes, radnr: int) -> None:
        brist = self.brister.setdefault(orsak, Brist())
        brist.antal += 1
        if len(brist.rader) < granser.SIE_MAX_VISADE:
            brist.rader.append((radnr, rad.strip()))


def _saldonyckel(post: Post) -> tuple[int, bytes]:
    return falt.las_arsnr(post.text(0)), falt.las_konto(post.text(1))
