"""Inlämningsbokens utseende: cellformat för rubriker, inmatning och låsta celler."""

from typing import Any

import xlsxwriter

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.mall.bladrader import Bladrad, vardeslag
from kommunrapport.mall.modell import Kolumn
from kommunrapport.mall.organisation import Organisation

NOTFARG = {Allvar.STOPP: "#F4B8B0", Allvar.FEL: "#F4B8B0", Allvar.VARNING: "#FFD98A", Allvar.UPPLYSNING: "#CFE3F2"}
"""Bakgrund på en cell med en anmärkning, i den kommenterade kopian. Kommentaren säger samma sak i ord."""
_TEXTFARG = {Allvar.STOPP: "#A61C00", Allvar.FEL: "#A61C00", Allvar.VARNING: "#7F4F00", Allvar.UPPLYSNING: "#1F4E79"}
_PETROL, _GUL, _GRA, _LINJE = "#0B4F5C", "#FFF8DC", "#EEF1F2", "#B8C4C8"


class Format:
    """Bokens cellformat, skapade en gång."""

    def __init__(self, arbetsbok: xlsxwriter.Workbook, organisation: Organisation) -> None:
        self._bok = arbetsbok
        self._cache: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._celler: dict[tuple[str, int, bool, bool, Allvar | None], Any] = {}
        decimaler = organisation.enheter.inmatning_decimaler
        self._talform = {
            "belopp": "#,##0" + (f".{'0' * decimaler}" if decimaler else ""),
            "antal": "#,##0",
            "procent": "0.0#",
            "datum": "yyyy-mm-dd",
        }
        self.titel = self.format(bold=True, font_size=16, font_color=_PETROL)
        self.undertitel = self.format(bold=True)
        self.ledtext = self.format(font_color="#404040")
        self.brodtext = self.format(text_wrap=True, valign="top")
        self.etikett_fet = self.format(bold=True, valign="top")
        self.lank = self.format(font_color=_PETROL, underline=1, valign="top")
        self.listcell = self.format(text_wrap=True, valign="top", bottom=1, bottom_color=_LINJE)
        self.listlank = self.format(font_color=_PETROL, underline=1, valign="top", bottom=1, bottom_color=_LINJE)
        self.huvud = self.format(bold=True, font_color="#FFFFFF", bg_color=_PETROL, text_wrap=True, valign="vcenter", border=1, border_color=_LINJE)
        self.saknad_kommentar = self.format(bg_color="#F8CBAD")

    def format(self, **egenskaper: Any) -> Any:
        nyckel = tuple(sorted(egenskaper.items()))
        if nyckel not in self._cache:
            self._cache[nyckel] = self._bok.add_format({"font_name": "Calibri", "font_size": 11, **egenskaper})
        return self._cache[nyckel]

    def rubrik(self, *, tal: bool, forst: bool) -> Any:
        """En kolumnrubrik i kolumnens läge: tal till höger, text med luft mot talen till vänster."""
        lage: dict[str, Any] = {"align": "right"} if tal else {} if forst else {"indent": 1}
        return self.format(bold=True, font_color="#FFFFFF", bg_color=_PETROL, text_wrap=True, valign="vcenter", border=1, border_color=_LINJE, **lage)

    def etikett(self, rad: Bladrad, *, forst: bool = True) -> Any:
        bold = bool(rad.uttryck) or rad.rubrik
        egenskaper: dict[str, Any] = {
            "valign": "top",
            "align": "left",
            "text_wrap": True,
            "border": 1,
            "border_color": _LINJE,
            "indent": rad.niva if forst else 1,
            "bold": bold,
        }
        if rad.art in ("mal", "kfmal"):
            egenskaper["bold"] = True
        if rad.uttryck:
            egenskaper["bg_color"] = _GRA
        return self.format(**egenskaper)

    def allvar(self, allvar: Allvar) -> Any:
        return self.format(bold=True, font_color=_TEXTFARG[allvar], valign="top", bottom=1, bottom_color=_LINJE)

    def cell(self, kolumn: Kolumn, rad: Bladrad, *, oppen: bool, anmarkt: Allvar | None = None) -> Any:
        slag, summa = vardeslag(kolumn, rad), bool(rad.uttryck)
        decimaler = rad.decimaler if slag == "antal" else 0
        nyckel = (slag, decimaler, summa, oppen, anmarkt)
        if nyckel not in self._celler:
            self._celler[nyckel] = self.format(**self._cellens(slag, decimaler, summa=summa, oppen=oppen, anmarkt=anmarkt))
        return self._celler[nyckel]

    def _cellens(self, slag: str, decimaler: int, *, summa: bool, oppen: bool, anmarkt: Allvar | None) -> dict[str, Any]:
        egenskaper: dict[str, Any] = {
            "locked": not oppen,
            "bg_color": NOTFARG[anmarkt] if anmarkt else _GUL if oppen else _GRA,
            "border": 1,
            "border_color": _LINJE,
            "valign": "top",
            "bold": summa,
        }
        if slag in self._talform:
            egenskaper |= {"num_format": self._talform[slag] + (f".{'0' * decimaler}" if decimaler else ""), "align": "right"}
        else:
            egenskaper |= {"text_wrap": True, "align": "left", "indent": 1}
        return egenskaper

    def ogiltig(self) -> Any:
        return self.format(bg_color="#F7F7F7", border=1, border_color=_LINJE)
