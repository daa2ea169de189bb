"""Ett blads tabell: var den börjar, vilken rad som är rubrik och vilka celler som har innehåll. Rader och kolumner räknas från noll."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kommunrapport.inlasning.adress import cellage, omrade

_RADER = re.compile(r"\$(\d+):\$(\d+)")
_MINST_RADER, _MINST_KOLUMNER = 3, 3
"""Mindre än så är en text eller en lista med ledord, inte en tabell att läsa efter kolumn."""


@dataclass(frozen=True, eq=False)
class Excelblad:
    """Ett blad: namn, hur det är dolt (tomt, ``hidden`` eller ``veryHidden``), XML, väg och raderna som upprepas vid utskrift."""

    namn: str
    dolt: str
    rot: Any
    vag: str
    utskriftstitel: str = ""
    tabellomraden: tuple[str, ...] = ()

    @cached_property
    def celler(self) -> dict[tuple[int, int], Any]:
        """Cellerna med innehåll, på rad och kolumn."""
        celler = {}
        rad = -1
        for radelement in self.rot.iterfind("{*}sheetData/{*}row"):
            rad = int(radelement.get("r", rad + 2)) - 1
            kolumn = -1
            for cell in radelement.iterchildren("{*}c"):
                kolumn = cellage(cell.get("r"))[1] if cell.get("r") else kolumn + 1
                if _har_innehall(cell):
                    celler[rad, kolumn] = cell
        return celler

    @cached_property
    def last_rad(self) -> int | None:
        """Sista raden som är låst överst i fönstret."""
        ruta = self.rot.find("{*}sheetViews/{*}sheetView/{*}pane")
        if ruta is None or ruta.get("state") not in ("frozen", "frozenSplit") or not float(ruta.get("ySplit", 0)):
            return None
        return int(float(ruta.get("ySplit"))) - 1

    @cached_property
    def upprepad_rad(self) -> int | None:
        """Sista raden som upprepas vid utskrift."""
        traff = _RADER.search(self.utskriftstitel)
        return int(traff[2]) - 1 if traff else None

    @cached_property
    def tabellens_rubrik(self) -> int | None:
        """Rubrikraden i bladets första Exceltabell."""
        return min((omrade(o).rad for o in self.tabellomraden), default=None)

    @cached_property
    def rubrikrad(self) -> int:
        """Raden där tabellen börjar: den utmärkta, annars filtrets, annars den första av de fylligaste."""
        filter_ = self.rot.find("{*}autoFilter")
        filterrad = omrade(filter_.get("ref")).rad if filter_ is not None and filter_.get("ref") else None
        for rad in (self.upprepad_rad, self.tabellens_rubrik, filterrad, self.last_rad):
            if rad is not None:
                return rad
        bredd: dict[int, int] = {}
        for r, _ in self.celler:
            bredd[r] = bredd.get(r, 0) + 1
        return min((r for r, b in bredd.items() if b == max(bredd.values())), default=0)

    @cached_property
    def ar_tabell(self) -> bool:
        return len(self.fyllda_rader) >= _MINST_RADER and len(self.fyllda_kolumner) >= _MINST_KOLUMNER

    @cached_property
    def fyllda_rader(self) -> set[int]:
        """Tabellens rader med innehåll, från rubrikraden."""
        return {rad for rad, _ in self.celler if rad >= self.rubrikrad}

    @cached_property
    def fyllda_kolumner(self) -> set[int]:
        return {kolumn for rad, kolumn in self.celler if rad >= self.rubrikrad}


def _har_innehall(cell: Any) -> bool:
    return any(barn.tag.rpartition("}")[2] in ("v", "f", "is") for barn in cell)
