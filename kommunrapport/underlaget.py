"""Allt som en periods rapport läses ur: filerna och var de ska ligga för att rapporten ska kunna göras om ur dem."""

from collections.abc import Iterator
from pathlib import Path

from kommunrapport.inlasning.avstamning import vag_for
from kommunrapport.inlasning.filer import filerna_i
from kommunrapport.inlasning.filnamn import ar_systemfil
from kommunrapport.inlasning.publicerat import publicerad_fil
from kommunrapport.inlasning.undantag import FIL
from kommunrapport.inlasning.uppsikt import FILER as UPPSIKTSFILER
from kommunrapport.kallperiod import valda_perioder
from kommunrapport.karna.period import Period
from kommunrapport.mall.arkivmapp import MANIFEST, MEDFOLJANDE
from kommunrapport.mall.periodmall import Arbetskatalog, las_periodmall
from kommunrapport.samling import arets_prognoser, tidigare_perioder


def underlag_for(arbete: Arbetskatalog, period: Period) -> dict[str, Path]:
    """Väg från arbetskatalogen → filen, för allt som periodens rapport läser; mallarna med. Fel: AnvandningsFel, MallFel.

    En tidigare period som är fastställd tas ur arkivet, med samma väg, så att den också i kopian läses som fastställd.
    """
    rot = arbete.katalog
    filer = [rot / "kommun.toml", rot / FIL, rot / vag_for(period), *_inlamnat_och_beslut(rot, period)]
    for tidigare in _tidigare(arbete, period):
        bas = arbete.underlag(tidigare)
        filer += [*_inlamnat_och_beslut(bas, tidigare), *([bas / MANIFEST] if bas != rot else [])]
    filer += [fil for p in _publicerade(arbete, period) if (fil := publicerad_fil(rot, p))]
    *egna, grund = arbete.mallkalla.rotter
    filer += [fil for mapp in egna for fil in _i_mappen(mapp)]
    ur_programmet = {f"{MEDFOLJANDE}/{fil.relative_to(grund).as_posix()}": fil for fil in _i_mappen(grund)}
    return {fil.relative_to(rot).as_posix(): fil for fil in filer if fil.is_file()} | ur_programmet


def _tidigare(arbete: Arbetskatalog, period: Period) -> dict[Period, None]:
    if period.lagesbild:
        return dict.fromkeys(p for v in valda_perioder(arbete, period).values() for p in v.granskade)
    return dict.fromkeys([*tidigare_perioder(arbete, period).values(), *arets_prognoser(arbete, period)])


def _publicerade(arbete: Arbetskatalog, period: Period) -> set[Period]:
    """Perioderna vars publicerade siffror rapporten jämförs med."""
    blad = las_periodmall(arbete, period).blad
    return {*_tidigare(arbete, period), *(period.bokslut_for(k.publicerat_ar) for b in blad for k in b.kolumn if k.publicerat_ar)}


def _inlamnat_och_beslut(rot: Path, period: Period) -> Iterator[Path]:
    yield from _visas(rot / "inlamnat" / str(period))
    yield from (f for mapp in (rot / "styrning", rot / "styrning" / str(period.ar)) for f in _visas(mapp) if f.name not in UPPSIKTSFILER)


def _visas(mapp: Path) -> Iterator[Path]:
    return (fil for fil in filerna_i(mapp) if fil.is_file() and not fil.name.startswith((".", "~$")))


def _i_mappen(mapp: Path) -> Iterator[Path]:
    return (fil for fil in sorted(mapp.rglob("*")) if fil.is_file() and not ar_systemfil(fil) and not fil.name.startswith("~$"))
