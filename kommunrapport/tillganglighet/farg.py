"""Färger i dokument: temats, tonade och kravet på kontrast. En färg är sex hexsiffror, som ``0B4F5C``."""

import colorsys
import re
from collections.abc import Mapping
from typing import Any

MINST, MINST_STOR = 4.5, 3.0
"""Minsta kontrast för vanlig och för stor text (WCAG 2.1, 1.4.3)."""
STOR, STOR_FET = 18.0, 14.0
"""Text räknas som stor från så många punkter, vanlig och fet."""
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def krav(punkter: float, *, fet: bool) -> float:
    """Minsta kontrast för text av den storleken."""
    return MINST_STOR if punkter >= STOR or (fet and punkter >= STOR_FET) else MINST


def ar_farg(text: str | None) -> bool:
    return bool(text and _HEX.fullmatch(text))


def mot_vitt(farg: str, andel: float) -> str:
    """Färgen med ljusheten flyttad ``andel`` av vägen mot vitt, eller mot svart när andelen är negativ."""
    nyans, ljus, mattnad = colorsys.rgb_to_hls(*(v / 255 for v in bytes.fromhex(farg)))
    ljus = ljus + (1 - ljus) * andel if andel > 0 else ljus * (1 + andel)
    return bytes(round(255 * min(1.0, max(0.0, v))) for v in colorsys.hls_to_rgb(nyans, ljus, mattnad)).hex().upper()


def temafarger(rot: Any) -> Mapping[str, str]:
    """Temats färger på namn (dk1, lt1, accent1 …); tomt utan tema."""
    schema = None if rot is None else rot.find(f"{_A}themeElements/{_A}clrScheme")
    if schema is None:
        return {}
    farger = {}
    for post in schema:
        for farg in post:
            varde = farg.get("lastClr") or farg.get("val")
            if ar_farg(varde):
                farger[post.tag.removeprefix(_A)] = varde.upper()
    return farger
