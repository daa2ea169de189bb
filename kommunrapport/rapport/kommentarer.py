"""Kommenterad kopia: anmärkningarna som cellkommentarer och som en lista med länkar till cellerna."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.rapport.arbetsboksform import Format

BLAD = "Att rätta"
_RUBRIKER = (("Allvar", 12), ("Kod", 8), ("Cell", 26), ("Rad och kolumn", 38), ("Vad som är fel", 60), ("Gör så här", 52))
_FORST = 4
_HOGST = 408


@dataclass(frozen=True, slots=True)
class Cellnot:
    """Det som är att anmärka på en cell, det värsta först."""

    allvar: Allvar
    texter: tuple[str, ...]

    def och(self, annan: "Cellnot") -> "Cellnot":
        return Cellnot(max(self.allvar, annan.allvar), (*self.texter, *annan.texter))


@dataclass(frozen=True, slots=True)
class Listrad:
    """En rad i listan: en anmärkning på en cell, på ett blad eller på hela boken.

    ``cell`` är adressen i kopian och ``original`` cellen i den inlämnade boken, "" när det inte finns någon.
    """

    data: Mapping[str, Any]
    blad: str = ""
    cell: str = ""
    original: str = ""


@dataclass(frozen=True)
class Lista:
    """Den kommenterade kopians lista över det som ska rättas."""

    rubrik: str
    ledtext: str
    rader: Sequence[Listrad]


def kommentar(arbetsblad: Any, rad: int, kolumn: int, cellnot: Cellnot) -> None:
    """Kommentaren på en cell, i en ruta som rymmer den."""
    text = "\n\n".join(cellnot.texter)
    rader = sum(1 + len(stycke) // 46 for stycke in text.split("\n"))
    arbetsblad.write_comment(rad, kolumn, text, {"author": "kommunrapport", "width": 320, "height": min(600, 24 + 15 * rader), "font_size": 9})


def skriv_lista(bok: xlsxwriter.Workbook, format_: Format, rubrik: str, ledtext: str, rader: Sequence[Listrad]) -> None:
    """Listan som bokens första blad, med en länk till varje cell."""
    blad = bok.add_worksheet(BLAD)
    blad.hide_gridlines(2)
    blad.write_string(0, 0, rubrik, format_.titel)
    blad.write_string(1, 0, ledtext, format_.ledtext)
    for kol, (text, bredd) in enumerate(_RUBRIKER):
        blad.write_string(_FORST - 1, kol, text, format_.huvud)
        blad.set_column(kol, kol, bredd)
    if not rader:
        blad.write_string(_FORST, 0, "Inget att anmärka på.", format_.ledtext)
    for nr, r in enumerate(rader, _FORST):
        _skriv_rad(blad, format_, nr, r)
    blad.autofilter(_FORST - 1, 0, max(_FORST, _FORST + len(rader) - 1), len(_RUBRIKER) - 1)
    blad.freeze_panes(_FORST, 3)
    blad.set_landscape()
    blad.set_paper(9)
    blad.fit_to_pages(1, 0)
    blad.repeat_rows(_FORST - 1)
    blad.activate()


def _skriv_rad(blad: Any, format_: Format, nr: int, r: Listrad) -> None:
    d = r.data
    var = ", ".join(del_ for del_ in (d["rad"], d["kolumn"], r.original and f"i originalet {r.original}") if del_)
    texter = (d["allvar"], d["kod"], "", var, d["mening"], f"Besvarad: {d['svar']}" if d["svar"] else d["gor_sa"])
    for kol, text in enumerate(texter):
        blad.write_string(nr, kol, text, format_.listcell if kol else format_.allvar(Allvar[d["allvar"].upper()]))
    if r.blad:
        blad.write_url(nr, 2, f"internal:'{r.blad}'!{r.cell or 'B2'}", format_.listlank, string=f"{r.blad}!{r.cell}" if r.cell else r.blad)
    hojd = max(1 + int(1.15 * len(t)) // b for t, (_, b) in zip(texter, _RUBRIKER, strict=True))
    blad.set_row(nr, min(_HOGST, 15 * hojd + 3))
