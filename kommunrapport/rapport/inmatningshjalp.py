"""Hjälp vid inmatningen: listor att välja ur, varning för det som inte är tal, och orden när cellen markeras.

Celler med samma hjälp delar en regel. Det gör boken mindre, och den går fortare att skriva och att öppna.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeAlias

from kommunrapport.mall.bladrader import TALSLAG, Bladrad, vardeslag
from kommunrapport.mall.modell import Kolumn
from kommunrapport.mall.periodmall import Periodmall, rubrik

Omrade: TypeAlias = tuple[int, int, int, int]
"""Första raden och kolumnen, sista raden och kolumnen."""


class Inmatningshjalp:
    """Ett blads hjälp: cellerna samlas medan bladet skrivs, reglerna skrivs när det är klart."""

    def __init__(self, mall: Periodmall) -> None:
        self._mall = mall
        self._celler: dict[tuple[str, str, str, str], tuple[Kolumn, list[tuple[int, int]]]] = {}

    def lagg_till(self, plats: tuple[int, int], kolumn: Kolumn, rad: Bladrad, annars: str) -> None:
        """En cell att fylla i; ``annars`` är hjälpen när varken raden eller kolumnen har någon."""
        regel = (kolumn.rubrik, rad.hjalp or kolumn.hjalp or annars, vardeslag(kolumn, rad), rad.val or kolumn.val)
        self._celler.setdefault(regel, (kolumn, []))[1].append(plats)

    def skriv(self, ark: Any) -> None:
        """Reglerna på bladet."""
        for (_, hjalp, slag, val), (kolumn, celler) in self._celler.items():
            regel = self._regel(slag, val)
            if hjalp:
                regel |= {"input_title": rubrik(kolumn, self._mall.period)[:32], "input_message": hjalp[:250]}
            if regel["validate"] != "any" or hjalp:
                forsta, *ovriga = omraden(celler)
                ark.data_validation(*forsta, regel | {"other_cells": ovriga})

    def _regel(self, slag: str, val: str) -> dict[str, Any]:
        if slag == "val" and val:
            tillatna = list(self._mall.inlamning.val[val])
            mening = f"Välj något av: {', '.join(tillatna)}."[:250]
            return {"validate": "list", "source": tillatna, "error_title": "Välj ur listan", "error_message": mening}
        if slag in TALSLAG:
            return {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -1e13,
                "maximum": 1e13,
                "error_type": "warning",
                "error_title": "Skriv ett tal",
                "error_message": "Här ska det stå ett tal utan enhet. Lämna tomt om uppgiften saknas, skriv e.t. om den inte är tillämplig.",
            }
        return {"validate": "any"}


def omraden(celler: Sequence[tuple[int, int]]) -> list[Omrade]:
    """Cellerna (rad, kolumn) som områden: de som står under varandra i samma kolumn hör ihop."""
    ordnade = sorted(celler, key=lambda cell: (cell[1], cell[0]))
    sviter = [list(svit) for _, svit in groupby(enumerate(ordnade), key=lambda nr_cell: (nr_cell[1][1], nr_cell[1][0] - nr_cell[0]))]
    return [(*svit[0][1], *svit[-1][1]) for svit in sviter]
