"""Det en rapport är gjord av: programmets version, och kontrollsumman för varje fil som är läst."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from kommunrapport import __version__
from kommunrapport.inlasning import filer
from kommunrapport.samling import Samling


def underlag_av(s: Samling) -> dict[str, Any]:
    """Filerna, med väg från arbetskatalogen, sha256 och för en inlämning dess enhet; mallarna med väg från mallmappen.

    Lika indata ger lika svar: inga klockslag och inga sökvägar utanför arbetskatalogen.
    """
    rot, enheter = s.arbete.katalog, {i.fil: i.enhet for i in s.inlamningar.filer}
    lasta = {filer.visas_som(fil, rot): fil for fil in _filer(s)}
    poster = {vag: {"sha256": _summa(fil), **({"enhet": enheter[vag]} if enheter.get(vag) else {})} for vag, fil in sorted(lasta.items())}
    return {
        "program": __version__,
        "filer": poster,
        "mallar": {f"mallar/{vag}": _summa(fil) for vag, fil in sorted(s.arbete.mallkalla.filer().items())},
        "enheter": {e.id: e.namn for e in s.arbete.organisation.enhet},
        "saknas": sorted(s.inlamningar.saknas),
    }


def _filer(s: Samling) -> Iterator[Path]:
    rot, perioder = s.arbete.katalog, dict.fromkeys([s.period, *(t.period for t in s.tidigare.values())])
    yield from (fil for fil in (rot / "kommun.toml", rot / "undantag.csv", rot / "avstamning" / f"{s.period}.csv") if fil.is_file())
    yield from sorted((rot / "styrning").glob("*.csv"))
    for ar in sorted({p.ar for p in perioder}):
        yield from sorted((rot / "styrning" / str(ar)).glob("*.csv"))
    for period in perioder:
        yield from filer.i_mappen(s.arbete.inlamnat(period), rot)[0]


def _summa(fil: Path) -> str:
    with fil.open("rb") as bitar:
        summa = sha256()
        while bit := bitar.read(1 << 20):
            summa.update(bit)
    return summa.hexdigest()
