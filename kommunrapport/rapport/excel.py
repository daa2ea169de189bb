"""Skriver Excelbilagan: en tabell per blad med levande summor, och bladet Källor."""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress, Andel, Kvot, Medel, Summa
from kommunrapport.rapport import exceldiagram
from kommunrapport.rapport.excelkallor import FILKOLUMN, KALLRUBRIKER, Kallor
from kommunrapport.rapport.modell import Cell, Kolumn, Rad, Rapport, Tabell
from kommunrapport.rapport.radblad import Radblad
from kommunrapport.rapport.utmatning import tillfallig_mapp

_HUVUD, _FORSTA = 1, 2
_KALLOR = "Källor"
_STOR_RAPPORT = 5_000
"""Från så många tabellrader packas bladen från disk, i stället för att alla läses in i minnet först."""
_FLEST_LANKAR = 65_000
"""Excel tar inte emot fler länkar på ett blad."""


def excel_av(rapport: Rapport, rakning: Rakning, till_katalogen: str = "../../") -> bytes:
    """Bilagan som .xlsx, där källorna länkas från ``till_katalogen``, vägen till arbetskatalogen. Samma innehåll ger samma byte."""
    buffert = io.BytesIO()
    slut = Period.parse(rapport.period).slut
    i_minnet = sum(len(t.rader) for t in rapport.alla_tabeller) < _STOR_RAPPORT
    with tillfallig_mapp() as mapp, xlsxwriter.Workbook(buffert, {"in_memory": i_minnet}) as bok:
        bok.set_properties(
            {
                "title": f"{rapport.titel} {rapport.spann}, {rapport.kommun}: tabeller och källor",
                "author": rapport.kommun,
                "created": datetime(slut.year, slut.month, slut.day),
            }
        )
        skrivare = _Bilaga(bok, mapp, rapport, rakning, till_katalogen)
        skrivare.skriv()
    return buffert.getvalue()


@dataclass(frozen=True)
class _Lage:
    """Var en siffra står i bilagan."""

    blad: str
    rad: int
    kolumn: int

    def __str__(self) -> str:
        return f"'{self.blad}'!{xl_rowcol_to_cell(self.rad, self.kolumn)}"


class _Bilaga:
    """Bilagans blad; siffrornas lägen räknas ut först så att formler kan peka mellan blad."""

    def __init__(self, bok: xlsxwriter.Workbook, mapp: Path, rapport: Rapport, rakning: Rakning, till_katalogen: str) -> None:
        self._mapp = mapp
        self._bok, self._rapport, self._rakning, self._till_katalogen = bok, rapport, rakning, till_katalogen
        self._huvud = f"#{rapport.utseende.farg.huvud}"
        self._form: dict[tuple[tuple[str, Any], ...], Any] = {}
        samlade = rapport.samlade.values() if rapport.namnder else ()
        upptagna = {_KALLOR, exceldiagram.BLAD, exceldiagram.DATABLAD, *samlade}
        self._namn = _bladnamn([*rapport.tabeller.values()], rapport.bladnamn, upptagna)
        self._lagen = dict(self._placera())
        self._kallor = Kallor(rapport, rakning, self._lagen)

    def skriv(self) -> None:
        for tabell in self._rapport.tabeller.values():
            self._skriv_tabell(tabell)
        for nyckel, namn in self._rapport.samlade.items():
            self._skriv_samlat(namn, nyckel)
        self._skriv_diagram()
        self._skriv_kallor()

    def _placera(self) -> Iterator[tuple[Adress, _Lage]]:
        for tabell in self._rapport.tabeller.values():
            for nr, rad in enumerate(tabell.rader):
                for kol, cell in enumerate(rad.celler):
                    if cell.adress and cell.tal is not None:
                        yield cell.adress, _Lage(self._namn[tabell.id], _FORSTA + nr, 1 + kol)

    def _skriv_tabell(self, t: Tabell) -> None:
        blad = self._nytt_blad(
            self._namn[t.id], t.rubrik, [t.rubrik_forsta, *(k.rubrik for k in t.kolumner)], [False, *(k.ar_tal for k in t.kolumner)]
        )
        bredd = max((len(r.namn) for r in t.rader), default=20)
        blad.set_column(0, 0, min(max(bredd, 24), 90))
        for nr, k in enumerate(t.kolumner, 1):
            blad.set_column(nr, nr, 17 if k.ar_tal else min(k.vikt * 2 + 6, 60))
        for nr, rad in enumerate(t.rader, _FORSTA):
            blad.write_string(nr, 0, rad.namn, self._radformat(rad))
            for kol, (cell, k) in enumerate(zip(rad.celler, t.kolumner, strict=True), 1):
                self._lanka(blad, nr, kol, cell)
                self._skriv_cell(blad, nr, kol, cell, k, rad)
            if (hojd := self._textrader(rad, t)) > 1:
                blad.set_row(nr, min(400, 15 * hojd))
        for nr, text in enumerate(t.noter, _FORSTA + len(t.rader)):
            blad.write_string(nr, 0, text, self._f(italic=True, font_color=f"#{self._rapport.utseende.farg.dampad}"))
        blad.klart(self._mapp)

    def _textrader(self, rad: Rad, t: Tabell) -> int:
        """Antalet textrader som radens längsta text behöver i sin kolumn."""
        texter = [(c.text, min(k.vikt * 2 + 6, 60)) for c, k in zip(rad.celler, t.kolumner, strict=True) if not k.ar_tal]
        return max((1 + int(1.1 * len(text)) // bredd for text, bredd in texter), default=1)

    def _lanka(self, blad: Any, nr: int, kol: int, cell: Cell) -> None:
        """Länken från siffran till dess första rad i Källor; cellens innehåll skrivs efteråt."""
        rad = self._kallor.forsta(cell)
        if rad is not None:
            blad.write_url(nr, kol, f"internal:'{_KALLOR}'!A{_FORSTA + rad + 1}", None, "", "Visa källorna")

    def _skriv_cell(self, blad: Any, nr: int, kol: int, cell: Cell, k: Kolumn, rad: Rad) -> None:
        if cell.tal is None:
            format_ = self._radformat(rad, **({"align": "right"} if k.ar_tal else {"text_wrap": True}))
            blad.write_string(nr, kol, cell.text, format_)
            return
        format_ = self._radformat(rad, num_format=_talformat(cell.text), align="right")
        formel = self._formel(cell.adress, self._namn_av(blad)) if cell.adress else ""
        if formel:
            blad.write_formula(nr, kol, formel, format_, cell.tal)
        else:
            blad.write_number(nr, kol, cell.tal, format_)

    def _namn_av(self, blad: Any) -> str:
        return str(blad.get_name())

    def _formel(self, adress: Adress, blad: str) -> str:
        """Formeln för ett härlett steg vars alla delar finns i bilagan, annars tomt."""
        if not self._rakning.har(adress):
            return ""
        steg = self._rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Kvot):
            if steg.taljare not in self._lagen or steg.namnare not in self._lagen:
                return ""
            t, n = (self._cell(a, blad) for a in (steg.taljare, steg.namnare))
            tecken = self._tecken(steg.taljare) * self._tecken(adress)
            namnare = n if steg.tecken else f"ABS({n})"
            return f"={'-' if tecken < 0 else ''}{t}/{namnare}*100"
        if isinstance(steg, Summa):
            return self._summaformel(steg, adress, blad)
        if isinstance(steg, Medel):
            return self._medelformel(steg, blad)
        if isinstance(steg, Andel) and steg.av in self._lagen:
            av = self._cell(steg.av, blad)
            return f"={f'ABS({av})' if steg.storlek else av}*{steg.andel.numerator}/{steg.andel.denominator}"
        return ""

    def _summaformel(self, steg: Summa, adress: Adress, blad: str) -> str:
        termer = [(t * self._tecken(a) * self._tecken(adress), a) for t, a in steg.termer if self._rakning.varde(a) is not None]
        if not termer or any(a not in self._lagen for _, a in termer):
            return ""
        lagen = [self._lagen[a] for _, a in termer]
        rader = sorted(lage.rad for lage in lagen)
        i_en_kolumn = {(lage.blad, lage.kolumn) for lage in lagen} == {(blad, lagen[0].kolumn)}
        i_foljd = rader == list(range(rader[0], rader[-1] + 1))
        if i_en_kolumn and i_foljd and len(termer) > 2 and all(t > 0 for t, _ in termer):
            return f"=SUM({xl_range(rader[0], lagen[0].kolumn, rader[-1], lagen[0].kolumn)})"
        return "=" + "".join(f"{'+' if t > 0 else '-'}{self._cell(a, blad)}" for t, a in termer).removeprefix("+")

    def _medelformel(self, steg: Medel, blad: str) -> str:
        par = [ett for ett in steg.par if all(self._rakning.varde(a) is not None for a in ett)]
        if not par or any(a not in self._lagen for ett in par for a in ett):
            return ""
        celler = [(self._cell(varde, blad), self._cell(vikt, blad)) for varde, vikt in par]
        return f"=({'+'.join(f'{v}*{w}' for v, w in celler)})/({'+'.join(w for _, w in celler)})"

    def _cell(self, adress: Adress, blad: str) -> str:
        lage = self._lagen[adress]
        return xl_rowcol_to_cell(lage.rad, lage.kolumn) if lage.blad == blad else str(lage)

    def _tecken(self, adress: Adress) -> int:
        return -1 if self._rakning.planer[adress.tabell].kolumn(adress.kolumn).vand else 1

    def _skriv_samlat(self, namn: str, nyckel: str) -> None:
        tabeller = [(a.namn, a.tabeller[nyckel]) for a in self._rapport.namnder if nyckel in a.tabeller]
        if not tabeller:
            return
        forsta = tabeller[0][1]
        rubriker = ["Nämnd", forsta.rubrik_forsta, *(k.rubrik for k in forsta.kolumner)]
        titel = f"{namn} per nämnd" + (f" ({forsta.enhet})" if forsta.enhet else "")
        blad = self._nytt_blad(namn, titel, rubriker, [False, False, *(k.ar_tal for k in forsta.kolumner)])
        blad.set_column(0, 1, 34)
        for nr, k in enumerate(forsta.kolumner, 2):
            blad.set_column(nr, nr, 17 if k.ar_tal else min(k.vikt * 2 + 6, 60))
        nr = _FORSTA
        for namnd, t in tabeller:
            for rad in t.rader:
                blad.write_string(nr, 0, namnd, self._radformat(rad))
                blad.write_string(nr, 1, rad.namn, self._radformat(rad))
                for kol, (cell, k) in enumerate(zip(rad.celler, t.kolumner, strict=True), 2):
                    self._lanka(blad, nr, kol, cell)
                    self._skriv_cell(blad, nr, kol, Cell(cell.text, cell.tal), k, rad)
                nr += 1
        blad.autofilter(_HUVUD, 0, nr - 1, len(rubriker) - 1)
        blad.klart(self._mapp)

    def _skriv_diagram(self) -> None:
        diagram = [d for _, d in self._rapport.alla_diagram]
        if not diagram:
            return
        blad = self._bok.add_worksheet(exceldiagram.BLAD)
        blad.write_string(0, 0, f"Diagram ur rapportens tabeller; talen står på bladet {exceldiagram.DATABLAD}", self._titelform())
        self._sidform(blad, en_sida_bred=False)
        rader, lagen = exceldiagram.datarader(diagram, _FORSTA)
        exceldiagram.satt_in(self._bok, blad, lagen, _FORSTA, self._rapport.utseende.diagram)
        ar_tal = [r == "Värde" for r in exceldiagram.DATARUBRIKER]
        data = self._nytt_blad(exceldiagram.DATABLAD, "Diagramdata: talen bakom diagrammen", exceldiagram.DATARUBRIKER, ar_tal)
        for kol, bredd in enumerate((58, 30, 40, 16, 12)):
            data.set_column(kol, kol, bredd)
        for nr, rad in enumerate(rader, _FORSTA):
            for kol, text in ((0, rad.diagram), (1, rad.serie), (2, rad.kategori), (4, rad.enhet)):
                data.write_string(nr, kol, text, self._f())
            if rad.varde is not None:
                data.write_number(nr, 3, rad.varde, self._f(num_format="#,##0.0##", align="right"))
        data.autofilter(_HUVUD, 0, _FORSTA + len(rader) - 1, len(exceldiagram.DATARUBRIKER) - 1)
        data.klart(self._mapp, behall=True)

    def _skriv_kallor(self) -> None:
        tal = [r in ("Visas som", "Läst värde") for r in KALLRUBRIKER]
        blad = self._nytt_blad(_KALLOR, "Källor: varje läst värde bakom tabellernas siffror", KALLRUBRIKER, tal)
        for kol, bredd in enumerate((34, 40, 24, 12, 26, 36, 14, 16, 8, 44, 20, 18, 40)):
            blad.set_column(kol, kol, bredd)
        antal, till = self._kallor.antal, f"external:{self._till_katalogen}"
        rader = ((falt, till + lank if lank and nr < _FLEST_LANKAR else "") for nr, (falt, lank) in enumerate(self._kallor.rader(), _FORSTA))
        former = (self._f(), self._f(num_format="#,##0.00", align="right"), self._f(underline=1, font_color=self._huvud))
        blad.med_rader(_FORSTA, antal, rader, former, FILKOLUMN, "Öppna källan")
        blad.autofilter(_HUVUD, 0, max(_FORSTA + antal - 1, _FORSTA), len(KALLRUBRIKER) - 1)
        blad.klart(self._mapp)

    def _nytt_blad(self, namn: str, titel: str, rubriker: Sequence[str], tal: Sequence[bool]) -> Any:
        blad = self._bok.add_worksheet(namn, Radblad)
        blad.write_string(0, 0, titel, self._titelform())
        for kol, (rubrik, ar_tal) in enumerate(zip(rubriker, tal, strict=True)):
            form = self._f(
                bold=True, font_color="#FFFFFF", bg_color=self._huvud, text_wrap=True, valign="vcenter", align="right" if ar_tal else "left"
            )
            blad.write_string(_HUVUD, kol, rubrik, form)
        blad.set_row(_HUVUD, 32)
        blad.freeze_panes(_FORSTA, 1)
        blad.repeat_rows(_HUVUD)
        self._sidform(blad)
        return blad

    def _titelform(self) -> Any:
        return self._f(bold=True, font_size=14, font_color=self._huvud)

    def _sidform(self, blad: Any, *, en_sida_bred: bool = True) -> None:
        blad.hide_gridlines(2)
        blad.set_landscape()
        blad.set_paper(9)
        if en_sida_bred:
            blad.fit_to_pages(1, 0)
        blad.set_footer(f"&L{self._rapport.titel} {self._rapport.spann}&C&A&RSida &P av &N")

    def _radformat(self, rad: Rad, **egenskaper: Any) -> Any:
        stil: dict[str, Any] = {"valign": "top"}
        if rad.stil in ("summa", "slutrad"):
            stil |= {"bold": True, "top": 1, "top_color": f"#{self._rapport.utseende.farg.linje}"}
        if rad.stil in ("rubrik", "mal"):
            stil |= {"bold": True, "font_color": self._huvud}
        if rad.stil == "varav" and "align" not in egenskaper:
            stil |= {"indent": 1}
        return self._f(**stil, **egenskaper)

    def _f(self, **egenskaper: Any) -> Any:
        nyckel = tuple(sorted(egenskaper.items()))
        if nyckel not in self._form:
            self._form[nyckel] = self._bok.add_format({"font_name": "Calibri", "font_size": 11, **egenskaper})
        return self._form[nyckel]


def _talformat(visat: str) -> str:
    """Formatet som visar talet med lika många decimaler som i rapporten; en rad kan ha andra än sin kolumn."""
    decimaler = len(visat.partition(",")[2])
    return "#,##0" + (f".{'0' * decimaler}" if decimaler else "")


def _bladnamn(tabeller: Sequence[Tabell], egna: Mapping[str, str], andra: Collection[str]) -> Mapping[str, str]:
    """Bladnamn på högst 31 tecken, unika oavsett versaler också mot de ``andra`` bladen: mallens egna, eller titelns början."""
    namn: dict[str, str] = {}
    upptagna = {a.casefold() for a in andra}
    for t in tabeller:
        kort = _kortat(re.sub(r"[\[\]:*?/\\]", "", egna.get(t.id) or t.titel.split(":")[0].split(",")[0]).strip())
        nummer = 2
        unikt = kort
        while unikt.casefold() in upptagna:
            unikt = f"{kort[:28]} {nummer}"
            nummer += 1
        upptagna.add(unikt.casefold())
        namn[t.id] = unikt
    return namn


def _kortat(namn: str) -> str:
    """Namnet på högst 31 tecken, brutet mellan ord."""
    while len(namn) > 31:
        namn = namn[:31] if " " not in namn else namn.rpartition(" ")[0]
    return namn
