"""Vem som senast sparade en inlämnad bok, enligt filens egna egenskaper."""

from pathlib import Path

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.arkiv import Arkiv
from kommunrapport.inlasning.bladxml import las_xml
from kommunrapport.inlasning.filbitar import las_bitar
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.tidsgrans import Tidsgrans, inom_tid

_EGENSKAPER = "docProps/core.xml"
_LANGST = 80


def sparad_av(fil: Path) -> str:
    """Namnet i bokens egenskaper på den som sparade den sist; tomt när det inte finns eller filen inte går att läsa."""
    try:
        return inom_tid(lambda tid: _las(fil, tid))
    except Olasbar:
        return ""


def _las(fil: Path, tid: Tidsgrans) -> str:
    data = b"".join(las_bitar(fil, tid, granser.MAX_BYTE, "KR106"))
    try:
        arkiv = Arkiv(data)
        namn = las_xml(arkiv.las(_EGENSKAPER)).findtext("{*}lastModifiedBy") if _EGENSKAPER in arkiv else ""
    except Olasbar:
        raise
    except Exception as fel:  # en skadad zip eller XML ger många slags fel
        raise Olasbar("KR104") from fel
    return "".join(t for t in " ".join((namn or "").split()) if t.isprintable())[:_LANGST]
