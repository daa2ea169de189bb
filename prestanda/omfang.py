"""Hur mycket kommunrapport skrev, så att de andra vägarna kan skriva lika mycket, och vilka summor de ska få.

``python -m prestanda.omfang MAPP PERIOD FIL`` läser den skrivna rapporten och faktatabellen och skriver dem som JSON.
"""

import json
import math
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

from lxml import etree

from kommunrapport.floden import Sammanstallning, sammanstall
from kommunrapport.karna.period import Period

Summor: TypeAlias = dict[str, int]
"""Period, tabell, rad och kolumn med | emellan → öre."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLUS = ("investering", "bokforing")
"""Blad där utgifter skrivs med plus."""
_DIAGRAM = re.compile(r"(?:word|xl)/charts/chart\d+\.xml")


def omfang(mapp: Path, period: str) -> dict[str, Any]:
    """Rader och kolumner i varje tabell och blad, antalet stycken och diagram, i periodens rapport."""
    rapporter = mapp / "rapporter" / period
    with zipfile.ZipFile(next(rapporter.glob("Del*.docx"))) as fil:
        rot = etree.fromstring(fil.read("word/document.xml"))
        rader = [tabell.findall(f"{_W}tr") for tabell in rot.iter(f"{_W}tbl")]
        tabeller = [(len(r), max(len(rad.findall(f"{_W}tc")) for rad in r)) for r in rader]
        word = {"tabeller": tabeller, "stycken": len(rot.findall(f"{_W}body/{_W}p")), "diagram": _antal_diagram(fil)}
    with zipfile.ZipFile(next(rapporter.glob("Del*.xlsx"))) as fil:
        blad = [_bladets(fil, namn) for namn in fil.namelist() if namn.startswith("xl/worksheets/sheet")]
        return {"word": word, "excel": {"blad": blad, "diagram": _antal_diagram(fil)}}


def _antal_diagram(fil: zipfile.ZipFile) -> int:
    return sum(bool(_DIAGRAM.fullmatch(namn)) for namn in fil.namelist())


def _bladets(fil: zipfile.ZipFile, namn: str) -> tuple[int, int]:
    """Rader och, i medeltal uppåt, ifyllda celler per rad."""
    data = fil.read(namn)
    rader = data.count(b"<row ")
    return rader, math.ceil(data.count(b"<c ") / max(rader, 1))


def facit(s: Sammanstallning) -> Summor:
    """Summan i öre av alla belopp som kommunrapport läste, per period, tabell, rad och kolumn, med cellernas egna tecken."""
    summor: Counter[str] = Counter()
    for p, fakta in {str(s.mall.period): s.inlamningar.fakta, **{str(t.period): t.fakta for t in s.samling.tidigare.values()}}.items():
        belopp = fakta[(fakta["slag"] == "belopp") & fakta["varde"].notna()]
        for tabell, rad, kolumn, varde in belopp[["tabell", "rad", "kolumn", "varde"]].itertuples(index=False):
            vand = tabell in _PLUS and not kolumn.startswith("avvikelse")
            summor[f"{p}|{tabell}|{rad}|{kolumn}"] += -int(varde) if vand else int(varde)
    return dict(summor)


def main(argument: list[str]) -> int:
    """Skriver omfånget och facit till en fil."""
    mapp, period, fil = Path(argument[0]), argument[1], Path(argument[2])
    fil.write_text(json.dumps({**omfang(mapp, period), "summor": facit(sammanstall(mapp, Period.parse(period)))}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
