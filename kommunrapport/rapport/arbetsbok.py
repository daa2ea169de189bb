"""Skriver inlämningsboken: ett blad per tabell, med dolda beteckningar, skydd, listor och formler.

Första raden och första kolumnen är dolda och bär kolumnernas och radernas beteckningar; läsaren
går på dem och aldrig på celladresser. Celler lämnas som tal i bladets enhet, eller som text.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.fakta import Cellnyckel
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.mall import uttryck
from kommunrapport.mall.bladrader import (
    MANIFEST,
    MARKE,
    STJARNA,
    TALSLAG,
    Bladrad,
    ar_harledd,
    ar_radnamn,
    galler,
    radtermer,
    vardeslag,
)
from kommunrapport.mall.modell import Blad, Kolumn
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.mall.rubriker import fyll_i, rubrikord
from kommunrapport.rapport import bladhuvud, mellanblad
from kommunrapport.rapport.arbetsboksform import Format
from kommunrapport.rapport.bladhuvud import FORSTA, HUVUD
from kommunrapport.rapport.inmatningshjalp import Inmatningshjalp, omraden
from kommunrapport.rapport.kommentarer import Cellnot, Lista, kommentar, skriv_lista
from kommunrapport.rapport.kommentarskrav import KOMMENTAR, kommentarskrav

Varde: TypeAlias = int | str | Decimal | date

_ID_RAD = 0


@dataclass(frozen=True)
class Bok:
    """Allt som behövs för att skriva en enhets inlämningsbok."""

    organisation: Organisation
    mall: Periodmall
    enhet: Enhetspost
    blad: Mapping[str, tuple[Blad, Sequence[Bladrad]]]
    """Bladen, i ordning, med raderna på dem."""
    celler: Mapping[Cellnyckel, Varde]
    noter: Mapping[Cellnyckel, Cellnot] = field(default_factory=dict)
    """Anmärkningar på celler, i en kommenterad kopia."""
    lista: Lista | None = None


def bok_av(bok: Bok) -> bytes:
    """Boken som .xlsx. Samma innehåll ger samma byte."""
    buffert = io.BytesIO()
    with xlsxwriter.Workbook(buffert, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as arbetsbok:
        slut = bok.mall.period.slut
        arbetsbok.set_properties(
            {
                "title": f"{bok.mall.post.rapporttyp} {bok.mall.period}: {bok.enhet.namn}",
                "author": "kommunrapport",
                "created": datetime(slut.year, slut.month, slut.day),
            }
        )
        arbetsbok.set_calc_mode("auto")
        format_ = Format(arbetsbok, bok.organisation)
        if bok.lista:
            skriv_lista(arbetsbok, format_, bok.lista.rubrik, bok.lista.ledtext, bok.lista.rader)
        for nummer, (blad, rader) in enumerate(bok.blad.values()):
            _Bladskrivare(arbetsbok, format_, bok, blad, rader).skriv()
            if nummer == 0:
                _skriv_anvisning(arbetsbok, format_, bok, [b for b, _ in bok.blad.values()])
        _skriv_manifest(arbetsbok, bok)
    return buffert.getvalue()


def celladress(blad: Blad, rader: Sequence[Bladrad], rad: str, kolumn: str) -> str:
    """Adressen som cellen har i en nyskriven bok."""
    radlage = next(i for i, r in enumerate(rader) if r.id == rad)
    kolumnlage = next(i for i, k in enumerate(blad.kolumn) if k.id == kolumn)
    return str(xl_rowcol_to_cell(FORSTA + radlage, 1 + kolumnlage))


def i_bladets_enhet(
    blad: Blad, rader: Sequence[Bladrad], celler: Mapping[Cellnyckel, int | str], organisation: Organisation
) -> dict[Cellnyckel, Varde]:
    """Hundradelar med faktatabellens tecken som tal i bladets enhet och tecken; text lämnas som den är."""
    kolumner = {k.id: k for k in blad.kolumn}
    radslag = {rad.id: rad for rad in rader}
    omraknade: dict[Cellnyckel, Varde] = {}
    for (blad_id, rad, kolumn), varde in celler.items():
        if isinstance(varde, str):
            omraknade[blad_id, rad, kolumn] = varde
            continue
        k = kolumner[kolumn]
        per = organisation.inmatning.value if vardeslag(k, radslag[rad]) == "belopp" else HUNDRADELAR
        omraknade[blad_id, rad, kolumn] = Decimal(-varde if k.tecken == "-" else varde) / per
    return omraknade


def uppgifter_i_manifestet(bok: Bok) -> dict[str, str]:
    return {
        "mall": MARKE,
        "version": bok.mall.inlamning.version,
        "kommun": bok.organisation.kommun.namn,
        "enhet": bok.enhet.id,
        "period": str(bok.mall.period),
    }


def _skriv_manifest(arbetsbok: xlsxwriter.Workbook, bok: Bok) -> None:
    blad = arbetsbok.add_worksheet(MANIFEST)
    for rad, (namn, varde) in enumerate(uppgifter_i_manifestet(bok).items()):
        blad.write_string(rad, 0, namn)
        blad.write_string(rad, 1, varde)
    blad.very_hidden()


def _skriv_anvisning(arbetsbok: xlsxwriter.Workbook, format_: Format, bok: Bok, bladen: Sequence[Blad]) -> None:
    blad = arbetsbok.add_worksheet("Anvisning")
    blad.hide_gridlines(2)
    blad.set_column(0, 0, 24)
    blad.set_column(1, 1, 96)
    blad.write_string(0, 0, "Så här fyller du i", format_.titel)
    blad.write_string(1, 0, f"{bok.mall.post.rapporttyp} {bok.mall.period.spann}: {bok.mall.post.innehall}", format_.ledtext)
    senast = datum_i_ord(bok.mall.post.klar_senast(bok.mall.period.slut))
    blad.write_string(2, 0, "Lämnas senast", format_.etikett_fet)
    blad.write_string(2, 1, f"{senast}, om kommunen inte har bestämt något annat.", format_.brodtext)
    rad = 3
    steg = [fyll_i(s, {"mapp": str(bok.mall.period)}, "mallar/inlamning, anvisning") for s in bok.mall.inlamning.anvisning]
    for nummer, text in enumerate(steg, 1):
        blad.write_string(rad, 0, f"Steg {nummer}", format_.etikett_fet)
        blad.write_string(rad, 1, text, format_.brodtext)
        blad.set_row(rad, 16 * (1 + len(text) // 95))
        rad += 1
    for b in bladen:
        blad.write_url(rad, 0, f"internal:'{b.namn}'!A1", format_.lank, string=b.namn)
        blad.write_string(rad, 1, b.ledtext, format_.brodtext)
        blad.set_row(rad, 16 * (1 + len(b.ledtext) // 95))
        rad += 1
    blad.protect("", _SKYDD)
    blad.set_landscape()
    blad.fit_to_pages(1, 0)
    blad.set_paper(9)


_SKYDD: dict[str, Any] = {
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_columns": True,
    "insert_rows": True,
}


class _Bladskrivare:
    """Skriver ett blad; raderna och kolumnerna har kända lägen medan det skrivs."""

    def __init__(self, arbetsbok: xlsxwriter.Workbook, format_: Format, bok: Bok, blad: Blad, rader: Sequence[Bladrad]) -> None:
        self._ark = arbetsbok.add_worksheet(blad.namn)
        self._format = format_
        self._bok = bok
        self._blad = blad
        self._rader = rader
        self._radlage = {rad.id: FORSTA + i for i, rad in enumerate(self._rader)}
        self._kolumnlage = {kolumn.id: 1 + i for i, kolumn in enumerate(blad.kolumn)}
        self._kolumner = {kolumn.id: kolumn for kolumn in blad.kolumn}
        self._rad = {rad.id: rad for rad in self._rader}
        self._stjarnor = bladhuvud.stjarnor(blad, self._rader, self._ar_oppen)
        self._krav = kommentarskrav(blad, bok.organisation)
        self._hjalp = Inmatningshjalp(bok.mall)
        self._ord = {**rubrikord(bok.mall.period), "enhet": bok.enhet.namn}

    def skriv(self) -> None:
        self._skriv_beteckningar()
        self._skriv_rubriker()
        for rad in self._rader:
            self._skriv_rad(rad)
        self._hjalp.skriv(self._ark)
        self._markera_saknade_kommentarer()
        self._stall_in_sidan()

    def _skriv_beteckningar(self) -> None:
        self._ark.write_string(_ID_RAD, 0, f"{MARKE}:{self._blad.id}:{self._blad.galler_fran}")
        for kolumn in self._blad.kolumn:
            self._ark.write_string(_ID_RAD, self._kolumnlage[kolumn.id], kolumn.id)
        self._ark.set_row(_ID_RAD, None, None, {"hidden": True})
        self._ark.set_column(0, 0, 4, None, {"hidden": True})

    def _skriv_rubriker(self) -> None:
        blad, period = self._blad, self._bok.mall.period
        tomma = bladhuvud.tomma_jamforelser(blad, self._rader, self._ar_oppen)
        under = bladhuvud.undertitel(blad, self._bok.enhet.namn, period, self._bok.organisation)
        huvud = bladhuvud.Huvudord(period, under, bladhuvud.ledtext(blad, tomma, period))
        bladhuvud.skriv_rubriker(self._ark, self._format, blad, self._stjarnor, huvud)

    def _ar_oppen(self, kolumn: Kolumn, rad: Bladrad) -> bool:
        """Om cellen fylls i för hand: en inmatningscell, eller en förifylld som inte har fått något värde."""
        return (kolumn.roll == "inmatning" and not rad.fylls) or (not rad.fylls and (self._blad.id, rad.id, kolumn.id) not in self._bok.celler)

    def _skriv_rad(self, rad: Bladrad) -> None:
        lage = self._radlage[rad.id]
        self._ark.write_string(lage, 0, rad.id)
        for kolumn in self._blad.kolumn:
            if ar_radnamn(kolumn, rad, self._blad):
                self._skriv_etikett(lage, kolumn, rad)
            elif galler(kolumn, rad):
                self._skriv_cell(lage, kolumn, rad)
            elif not rad.rubrik:
                self._ark.write_blank(lage, self._kolumnlage[kolumn.id], None, self._format.ogiltig())
        if any(k.slag == "text" and k.bredd >= 100 for k in self._blad.kolumn):
            self._ark.set_row(lage, 130)
        elif (hojd := self._rader_text(rad)) > 1:
            self._ark.set_row(lage, 15 * hojd)

    def _rader_text(self, rad: Bladrad) -> int:
        """Antal textrader som radens längsta text behöver; en tom rad får Excel själv anpassa."""
        texter = [(rad.namn, self._blad.kolumn[0].bredd)]
        texter += [(v, k.bredd) for k in self._blad.kolumn if isinstance(v := self._bok.celler.get((self._blad.id, rad.id, k.id)), str)]
        return max(sum(1 + len(del_) // bredd for del_ in text.split("\n")) for text, bredd in texter)

    def _skriv_etikett(self, lage: int, kolumn: Kolumn, rad: Bladrad) -> None:
        forst = kolumn is self._blad.kolumn[0]
        text = rad.attribut.get(kolumn.attribut, "") if kolumn.attribut else rad.namn
        stjarna = STJARNA if forst and rad.id in self._stjarnor.rader else ""
        self._ark.write_string(lage, self._kolumnlage[kolumn.id], text + stjarna, self._format.etikett(rad, forst=forst))

    def _skriv_cell(self, lage: int, kolumn: Kolumn, rad: Bladrad) -> None:
        kol = self._kolumnlage[kolumn.id]
        varde = self._bok.celler.get((self._blad.id, rad.id, kolumn.id))
        if varde is None and rad.fylls:
            varde = rad.fylls.format_map(self._ord)
        cellnot = self._bok.noter.get((self._blad.id, rad.id, kolumn.id))
        if cellnot:
            kommentar(self._ark, lage, kol, cellnot)
        anmarkt = cellnot.allvar if cellnot else None
        if ar_harledd(kolumn, rad):
            self._skriv_formel(lage, kol, kolumn, rad, varde, anmarkt)
            return
        oppen = self._ar_oppen(kolumn, rad) or cellnot is not None
        format_ = self._format.cell(kolumn, rad, oppen=oppen, anmarkt=anmarkt)
        self._skriv_varde(lage, kol, varde, format_)
        if oppen:
            self._hjalp.lagg_till((lage, kol), kolumn, rad, self._kommentarshjalp(kolumn))

    def _skriv_varde(self, lage: int, kol: int, varde: Varde | None, format_: Any) -> None:
        if varde is None:
            self._ark.write_blank(lage, kol, None, format_)
        elif isinstance(varde, str):
            self._ark.write_string(lage, kol, varde, format_)
        elif isinstance(varde, date):
            self._ark.write_datetime(lage, kol, varde, format_)
        else:
            self._ark.write_number(lage, kol, varde, format_)

    def _skriv_formel(self, lage: int, kol: int, kolumn: Kolumn, rad: Bladrad, givet: Varde | None, anmarkt: Allvar | None) -> None:
        if vardeslag(kolumn, rad) not in TALSLAG:
            self._ark.write_blank(lage, kol, None, self._format.ogiltig())
            return
        format_ = self._format.cell(kolumn, rad, oppen=False, anmarkt=anmarkt)
        if isinstance(givet, int | Decimal):
            self._ark.write_number(lage, kol, givet, format_)
            return
        formel = self._radformel(rad, kol) if rad.uttryck and not kolumn.kvot else self._kolumnformel(kolumn, rad)
        if not formel:
            self._ark.write_blank(lage, kol, None, format_)
            return
        varde = self._raknat(kolumn, rad)
        # Ett mellanslag är formelns sparade tomma svar; en tom sträng skrivs som en formel utan sparat värde.
        self._ark.write_formula(lage, kol, formel, format_, " " if varde is None else varde)

    def _annat_blad(self, kolumn: Kolumn) -> mellanblad.Bladlage | None:
        annat = self._bok.blad.get(kolumn.ur.partition(":")[0])
        return mellanblad.Bladlage(*annat, FORSTA, 1) if annat else None

    def _kolumnformel(self, kolumn: Kolumn, rad: Bladrad) -> str:
        lage = self._radlage[rad.id]
        if kolumn.ur:
            return mellanblad.formel(kolumn.ur, rad, self._rader, self._annat_blad(kolumn))
        if kolumn.kvot:
            t, n = (xl_rowcol_to_cell(lage, self._kolumnlage[k]) for k in kolumn.kvot)
            return f'=IF(N({n})=0,"",{t}/{n}*100)'
        termer = [(t.tecken * self._vand(t.namn) * self._vand(kolumn.id), t.namn) for t in uttryck.parse(kolumn.uttryck)]
        celler = [xl_rowcol_to_cell(lage, self._kolumnlage[namn]) for _, namn in termer]
        summa = "".join(f"{'+' if tecken > 0 else '-'}{cell}" for (tecken, _), cell in zip(termer, celler, strict=True))
        return f'=IF(COUNT({",".join(celler)})<{len(celler)},"",{summa.removeprefix("+")})'

    def _radformel(self, rad: Bladrad, kol: int) -> str:
        if rad.uttryck == "*":
            lagen = [self._radlage[namn] for _, namn in radtermer(rad, self._rader)]
            return f"=SUM({xl_rowcol_to_cell(min(lagen), kol)}:{xl_rowcol_to_cell(max(lagen), kol)})" if lagen else "=0"
        termer = radtermer(rad, self._rader)
        plus = ",".join(xl_rowcol_to_cell(self._radlage[n], kol) for t, n in termer if t > 0)
        minus = ",".join(xl_rowcol_to_cell(self._radlage[n], kol) for t, n in termer if t < 0)
        return f"=SUM({plus})" + (f"-SUM({minus})" if minus else "")

    def _raknat(self, kolumn: Kolumn, rad: Bladrad) -> Decimal | None:
        if kolumn.kvot:
            t, n = (self._talet(k, rad.id) for k in kolumn.kvot)
            return t / n * 100 if t is not None and n else None
        if rad.uttryck:
            termer = [(t, self._talet(kolumn.id, namn)) for t, namn in radtermer(rad, self._rader)]
            return sum((t * v for t, v in termer if v is not None), Decimal(0))
        if kolumn.ur:
            return mellanblad.varde(kolumn.ur, rad, self._rader, self._annat_blad(kolumn), self._bok.celler)
        delar = [(t.tecken * self._vand(t.namn) * self._vand(kolumn.id), self._talet(t.namn, rad.id)) for t in uttryck.parse(kolumn.uttryck)]
        return None if any(v is None for _, v in delar) else sum((s * v for s, v in delar if v is not None), Decimal(0))

    def _talet(self, kolumn: str, rad: str) -> Decimal | None:
        if kolumn not in self._kolumner or rad not in self._rad:
            return None
        if ar_harledd(self._kolumner[kolumn], self._rad[rad]):
            givet = self._bok.celler.get((self._blad.id, rad, kolumn))
            return Decimal(givet) if isinstance(givet, int | Decimal) else self._raknat(self._kolumner[kolumn], self._rad[rad])
        varde = self._bok.celler.get((self._blad.id, rad, kolumn))
        return Decimal(varde) if isinstance(varde, int | Decimal) else None

    def _vand(self, kolumn: str) -> int:
        return -1 if self._kolumner[kolumn].tecken == "-" else 1

    def _kommentarshjalp(self, kolumn: Kolumn) -> str:
        return self._krav.i_ord(self._bok.mall.period) if self._krav and kolumn.id == KOMMENTAR else ""

    def _markera_saknade_kommentarer(self) -> None:
        """Orange kommentarscell när avvikelsen är över kommunens gräns och kommentaren är tom."""
        rader = [rad for rad in self._rader if not rad.uttryck and not rad.rubrik]
        if self._krav is None or not rader:
            return
        # Villkoret gäller den första cellen; Excel flyttar det till de andra.
        celler = {k: xl_rowcol_to_cell(self._radlage[rader[0].id], lage) for k, lage in self._kolumnlage.items()}
        villkor = self._krav.villkor(celler, self._bok.organisation.inmatning.value)
        delar = omraden([(self._radlage[rad.id], self._kolumnlage[KOMMENTAR]) for rad in rader])
        egenskaper = {"type": "formula", "criteria": villkor, "format": self._format.saknad_kommentar}
        self._ark.conditional_format(*delar[0], {**egenskaper, "multi_range": " ".join(xl_range(*omrade) for omrade in delar)})

    def _stall_in_sidan(self) -> None:
        ark = self._ark
        ark.hide_gridlines(2)
        ark.freeze_panes(FORSTA, 2)
        ark.protect("", _SKYDD)
        ark.set_paper(9)
        if self._blad.liggande:
            ark.set_landscape()
        ark.fit_to_pages(bladhuvud.sidor_i_bredd(self._blad), 0)
        ark.repeat_rows(HUVUD)
        ark.repeat_columns(0, 1)
        ark.set_footer(f"&L{self._bok.enhet.namn}&C&A&RSida &P av &N")
        if self._rader and self._blad.rader_fran == "styrning":
            sista = FORSTA + max(0, len([r for r in self._rader if not r.uttryck]) - 1)
            ark.autofilter(HUVUD, 0, sista, len(self._blad.kolumn))
