"""En inlämnad fil som byte, bit för bit, med gränser för storlek och tid."""

from collections.abc import Iterator
from os import stat_result
from pathlib import Path

from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.tidsgrans import Tidsgrans

_BARA_I_MOLNET = 0x1000 | 0x400000
"""Filattributen OFFLINE och RECALL_ON_DATA_ACCESS: innehållet finns hos OneDrive."""
_MOLNFEL = (362, 389, 395)
"""Windows felkoder när en molnfil inte går att hämta."""
_BIT = 1_000_000


def las_bitar(fil: Path, tid: Tidsgrans, mest: int, kod: str) -> Iterator[bytes]:
    """Filens innehåll; den öppnas bara för läsning. ``kod`` anmärks när filen är större än ``mest`` byte.

    Fel: Olasbar, även när filen är låst, bara finns i molnet eller när tiden är ute.
    """
    try:
        status = fil.stat()
        if ar_i_molnet(status):
            raise Olasbar("KR140")
        if status.st_size > mest:
            raise Olasbar(kod, grans=f"{mest // 1_000_000} MB")
        with fil.open("rb") as strom:
            while bit := strom.read(_BIT):
                tid.stam_av()
                yield bit
    except OSError as fel:
        raise Olasbar("KR140" if getattr(fel, "winerror", None) in _MOLNFEL else "KR107") from fel


def ar_i_molnet(status: stat_result) -> bool:
    """Om filens innehåll bara finns hos en molntjänst, så att en läsning skulle hämta det."""
    return bool(getattr(status, "st_file_attributes", 0) & _BARA_I_MOLNET)
