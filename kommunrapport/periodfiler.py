"""Filerna i arbetskatalogen som en periods rapport är gjord av, med avtryck: det som avgör om den måste göras om."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kommunrapport import __version__
from kommunrapport.bevarande.avtryck import avtryck_av
from kommunrapport.inlasning import filer
from kommunrapport.inlasning.filbitar import ar_i_molnet
from kommunrapport.inlasning.filnamn import visningsnamn
from kommunrapport.inlasning.inlamning import Inlamningar
from kommunrapport.karna.fel import LastFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.arkivmapp import MEDFOLJANDE
from kommunrapport.mall.periodmall import Arbetskatalog
from kommunrapport.underlaget import underlag_for


@dataclass(frozen=True)
class Filpost:
    """En fil: innehållets avtryck, tomt när filen inte går att läsa, och storlek i byte och ändringstid i nanosekunder."""

    sha256: str
    storlek: int
    andrad: int


@dataclass(frozen=True)
class Periodfiler:
    """Filerna med sina vägar från arbetskatalogen, i bokstavsordning."""

    arbete: Arbetskatalog
    period: Period
    poster: Mapping[str, Filpost]

    @cached_property
    def bocker(self) -> dict[str, Path]:
        """Periodens egna inlämningar: vägen så som den visas → filen."""
        katalog = self.arbete.katalog
        bocker, _ = filer.i_mappen(self.arbete.inlamnat(self.period), katalog)
        return {filer.visas_som(fil, katalog): fil for fil in bocker if _vag(katalog, fil) in self.poster}

    @cached_property
    def inlamnade(self) -> dict[str, str]:
        """Periodens egna inlämningar: vägen så som den visas → sha256."""
        return {visas: self.poster[_vag(self.arbete.katalog, fil)].sha256 for visas, fil in self.bocker.items()}

    @property
    def avtryck(self) -> str:
        """Ett avtryck av allt: filerna, de medföljande mallarna och programmets version."""
        allt = [__version__, mallavtryck(self.arbete), [(vag, post.sha256) for vag, post in self.poster.items()]]
        return hashlib.sha256(json.dumps(allt).encode()).hexdigest()

    def andrade(self) -> list[str]:
        """Filer som har ändrats, kommit till eller försvunnit sedan avtrycken togs."""
        nu = {vag: _stat(fil) for vag, fil in _filerna(self.arbete, self.period)}
        da = {vag: (post.storlek, post.andrad) for vag, post in self.poster.items()}
        return sorted(vag for vag in nu.keys() | da.keys() if nu.get(vag) != da.get(vag))

    def krav_pa_stillhet(self) -> None:
        """Fel: LastFel när någon fil har ändrats sedan avtrycken togs."""
        if andrade := self.andrade():
            raise LastFel(f"{rakna_upp(andrade[:3])} ändrades medan {self.period} lästes. Vänta tills filen är sparad och kör igen.")


def periodfiler(arbete: Arbetskatalog, period: Period) -> Periodfiler:
    """Filerna som periodens rapport är gjord av. En fil som inte går att läsa har inget avtryck. Fel: AnvandningsFel utanför årshjulet."""
    return Periodfiler(arbete, period, {vag: _post(fil) for vag, fil in _filerna(arbete, period)})


def underlag_av(filer_: Periodfiler, inlamningar: Inlamningar) -> dict[str, Any]:
    """Det rapporten är gjord av, till spåret: filerna med avtryck och för en inlämning dess enhet, mallarna och programmets version.

    ``olasta`` är cellerna som skulle ha haft ett läsbart tal. Lika indata ger lika svar: inga klockslag och inga sökvägar utanför arbetskatalogen.
    """
    enheter = {i.fil: i.enhet for i in inlamningar.filer}
    poster = {visningsnamn(vag): post.sha256 for vag, post in filer_.poster.items() if not vag.startswith("mallar/")}
    return {
        "program": __version__,
        "filer": {vag: {"sha256": summa, **({"enhet": enheter[vag]} if enheter.get(vag) else {})} for vag, summa in sorted(poster.items())},
        "mallar": mallavtryck(filer_.arbete),
        "enheter": {e.id: e.namn for e in filer_.arbete.organisation.enhet},
        "saknas": sorted(inlamningar.saknas),
        "olasta": _olasta(inlamningar),
    }


def _olasta(inlamningar: Inlamningar) -> dict[str, tuple[str, str]]:
    """Cell → uppgiften som skulle ha haft ett läsbart tal, och det som står där. Enhetens siffror som bygger på den räknas inte."""
    f = inlamningar.fakta
    ram = f.loc[f["saknas"] & ~f["harledd"], [*Kalla._fields, "enhet", "tabell", "rad", "kolumn", "lagrat"]].astype("object")
    return {str(Kalla(*rad[:3])): (".".join(rad[3:7]), rad[7]) for rad in ram.itertuples(index=False, name=None)}


def mallavtryck(arbete: Arbetskatalog) -> dict[str, str]:
    """Varje mall som gäller, med avtryck."""
    return {f"mallar/{vag}": _mallens(fil, *_stat(fil)) for vag, fil in sorted(arbete.mallkalla.filer().items())}


def _filerna(arbete: Arbetskatalog, period: Period) -> list[tuple[str, Path]]:
    """Det som rapporten läses ur, utom de medföljande mallarna, som har ett gemensamt avtryck."""
    return sorted((vag, fil) for vag, fil in underlag_for(arbete, period).items() if not vag.startswith(f"{MEDFOLJANDE}/"))


def _post(fil: Path) -> Filpost:
    storlek, andrad = _stat(fil)
    try:
        return Filpost("" if ar_i_molnet(fil.stat()) else avtryck_av(fil), storlek, andrad)
    except OSError:
        return Filpost("", storlek, andrad)


def _stat(fil: Path) -> tuple[int, int]:
    try:
        status = fil.stat()
    except OSError:
        return -1, -1
    return status.st_size, status.st_mtime_ns


def _vag(katalog: Path, fil: Path) -> str:
    return fil.relative_to(katalog).as_posix()


@cache
def _mallens(fil: Path, storlek: int, andrad: int) -> str:  # noqa: ARG001  avtrycket gäller filen så som den är nu
    return avtryck_av(fil)
