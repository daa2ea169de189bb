"""Cellformatens färger i en arbetsbok: textens färg och storlek mot cellens bakgrund."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kommunrapport.karna.farg import SVART, VIT, kontrast
from kommunrapport.tillganglighet import farg

_TEMAORDNING = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")
_PALETT = re.findall(
    r"......",
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF800000008000000080808000800080008080C0C0C08080809999FF993366FFFFCCCCFFFF"
    "660066FF80800066CCCCCCFF000080FF00FFFFFF0000FFFF8000808000000080800000FF00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC99"
    "3366FF33CCCC99CC00FFCC00FF9900FF6600666699969696003366339966003300333300993300993366333399333333",
)
"""Excels numrerade färger 8–63; 0–7 är desamma som 8–15."""
_FORVALD_STORLEK = 11.0


@dataclass(frozen=True, slots=True)
class Svagt:
    """Ett cellformat med för svag kontrast."""

    farg: str
    bakgrund: str
    kvot: float
    krav: float


def svaga_format(rot: Any, tema: Mapping[str, str]) -> Mapping[int, Svagt]:
    """Cellformaten, på sina nummer, vars text syns för dåligt. Mönster och övertoningar prövas inte."""
    if rot is None:
        return {}
    typsnitt = [_text(f, tema) for f in rot.iterfind("{*}fonts/{*}font")]
    fyllningar = [_bakgrund(f, tema) for f in rot.iterfind("{*}fills/{*}fill")]
    svaga = {}
    for nr, cellformat in enumerate(rot.iterfind("{*}cellXfs/{*}xf")):
        typ, fyll = (_nummer(cellformat, led) for led in ("fontId", "fillId"))
        if typ < len(typsnitt) and fyll < len(fyllningar) and fyllningar[fyll]:
            textfarg, storlek, fet = typsnitt[typ]
            svagt = Svagt(textfarg, fyllningar[fyll], kontrast(textfarg, fyllningar[fyll]), farg.krav(storlek, fet=fet))
            if svagt.kvot < svagt.krav:
                svaga[nr] = svagt
    return svaga


def _text(typsnitt: Any, tema: Mapping[str, str]) -> tuple[str, float, bool]:
    storlek, fet = typsnitt.find("{*}sz"), typsnitt.find("{*}b")
    punkter = float(storlek.get("val", _FORVALD_STORLEK)) if storlek is not None else _FORVALD_STORLEK
    return _farg(typsnitt.find("{*}color"), tema) or SVART, punkter, fet is not None and fet.get("val") not in ("0", "false")


def _bakgrund(fyllning: Any, tema: Mapping[str, str]) -> str:
    """Vitt när cellen inte är fylld, tomt när fyllningen inte är en enda färg."""
    monster = fyllning.find("{*}patternFill")
    if monster is None or monster.get("patternType", "none") not in ("none", "solid"):
        return ""
    return (_farg(monster.find("{*}fgColor"), tema) if monster.get("patternType") == "solid" else "") or VIT


def _farg(element: Any, tema: Mapping[str, str]) -> str:
    if element is None:
        return ""
    grund = _grundfarg(element, tema)
    ton = float(element.get("tint", 0))
    return farg.mot_vitt(grund, ton) if grund and ton else grund


def _grundfarg(element: Any, tema: Mapping[str, str]) -> str:
    rgb = element.get("rgb", "")[-6:]
    if farg.ar_farg(rgb):
        return str(rgb.upper())
    if element.get("theme") is not None:
        nr = _nummer(element, "theme")
        return tema.get(_TEMAORDNING[nr], "") if nr < len(_TEMAORDNING) else ""
    nr = _nummer(element, "indexed") if element.get("indexed") is not None else len(_PALETT) + 8
    return _PALETT[nr if nr < 8 else nr - 8] if nr < len(_PALETT) + 8 else ""


def _nummer(element: Any, led: str) -> int:
    text = element.get(led, "0")
    return int(text) if text.isdecimal() else 0
