"""Bildernas och diagrammens kontroller i ett Worddokument."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.tillganglighet.fynd import fynd
from kommunrapport.tillganglighet.worddel import Worddel, kort
from kommunrapport.tillganglighet.wordstil import W

_RITNING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DEKORATIV = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_VML = "{urn:schemas-microsoft-com:vml}"
_INTETSAGANDE = re.compile(
    r"[^\n]{0,200}\.(png|jpe?g|jfif|gif|bmp|tiff?|svg|emf|wmf|webp)|(bild|bildobjekt|picture|image|img|diagram|chart|figur|graphic)[ _-]*\d*",
    re.IGNORECASE,
)


def ar_intetsagande(alttext: str) -> bool:
    """Ett filnamn, eller programmets eget nummer på bilden."""
    return bool(_INTETSAGANDE.fullmatch(alttext))


def ar_dekorativ(egenskaper: Any) -> bool:
    """Om bilden är märkt som utsmyckning, som hjälpmedel hoppar över."""
    return any(e.get("val") in ("1", "true") for e in egenskaper.iter(_DEKORATIV))


def granska_bilder(del_: Worddel) -> Iterator[Anmarkning]:
    """Alternativtexter och nummer. En textruta läses som text och behöver ingen alternativtext."""
    ritningar = [r for r in del_.rot.iter(_RITNING) if r.get("hidden") not in ("1", "true")]
    for r in ritningar:
        if not ar_dekorativ(r) and next(r.getparent().iter(f"{W}txbxContent"), None) is None:
            yield from _alttext(f"{kort(r.get('name', ''))} i {del_.plats(r)}", r.get("descr") or "")
    for bild in del_.rot.iter(f"{_VML}imagedata"):
        yield from _alttext(f"bild i {del_.plats(bild)}", bild.getparent().get("alt") or "")
    for nummer, antal in Counter(r.get("id", "") for r in ritningar).items():
        if antal > 1:
            yield from (fynd("TG121", del_.plats(r), lamnat=nummer) for r in ritningar if r.get("id", "") == nummer)


def _alttext(plats: str, text: str) -> Iterator[Anmarkning]:
    if not text.strip():
        yield fynd("TG114", plats)
    elif ar_intetsagande(text.strip()):
        yield fynd("TG115", plats, lamnat=text.strip())
