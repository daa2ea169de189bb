"""Filerna lästa i sin ordning: ur sparade läsningar, i den här processen eller, när många är nya, i flera processer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.inlasning import excel, filer
from kommunrapport.inlasning.bok import Inlamning, las_bok, las_sie, olasbar
from kommunrapport.inlasning.excel import Olasbar
from kommunrapport.inlasning.lasningar import grund_for, lasningar_i, namn_for, som_byte, tolka
from kommunrapport.inlasning.sieenhet import ar_sie
from kommunrapport.karna.framsteg import foljt
from kommunrapport.karna.processer import i_processer
from kommunrapport.karna.styrrad import Styrrad, per_enhet
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall

_I_TAGET = 200
"""Så många böckers byte hålls i minnet samtidigt."""
_PER_PROCESS = 30
"""Med färre nya böcker per process är processerna dyrare än läsningen."""


@dataclass(frozen=True)
class _Bok:
    """En bok som inte är läst förut: läsningens namn, vägen så som den visas och byten."""

    namn: str
    visas: str
    data: bytes


def las_filer(vagar: Sequence[Path], arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad]) -> Iterator[Inlamning]:
    """En inlämning per fil, i filernas ordning, läst när den behövs."""
    grund = grund_for(arbete, mall, styrrader) if vagar else b""
    lasta = (i for n in range(0, len(vagar), _I_TAGET) for i in _las_del(vagar[n : n + _I_TAGET], grund, arbete, mall, styrrader))
    return foljt(lasta, f"Läser inlämningar för {mall.period}", len(vagar))


def _las_del(vagar: Sequence[Path], grund: bytes, arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad]) -> Iterator[Inlamning]:
    sparade = lasningar_i(arbete)
    lasta = [_ur_det_sparade(fil, grund, arbete, mall) for fil in vagar]
    nya = i_processer(_Lasare(arbete, mall, per_enhet(styrrader)), [i for i in lasta if isinstance(i, _Bok)], _PER_PROCESS)
    for ett in lasta:
        if isinstance(ett, _Bok):
            data = next(nya)
            sparade.lagg(mall.period, ett.namn, data)
            yield tolka(data)
        else:
            yield ett


def _ur_det_sparade(fil: Path, grund: bytes, arbete: Arbetskatalog, mall: Periodmall) -> Inlamning | _Bok:
    visas = filer.visas_som(fil, arbete.katalog)
    if ar_sie(fil):
        return las_sie(fil, visas, arbete, mall)
    try:
        data = excel.las_byte(fil)
    except Olasbar as fel:
        return Inlamning(visas, "", anmarkningar=(olasbar(fel, visas),))
    namn = namn_for(grund, visas, data)
    return lasningar_i(arbete).hamta(mall.period, namn) or _Bok(namn, visas, data)


@dataclass(frozen=True)
class _Lasare:
    """Läser en bok till en sparad läsning, med det som alla periodens böcker läses mot."""

    arbete: Arbetskatalog
    mall: Periodmall
    styrrader: Mapping[str, Sequence[Styrrad]]

    def __call__(self, bok: _Bok) -> bytes:
        return som_byte(las_bok(bok.data, bok.visas, self.arbete, self.mall, self.styrrader))
