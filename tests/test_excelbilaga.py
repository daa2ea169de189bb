"""Excelbilagan, läst tillbaka: talen, de levande summorna och bladet Källor."""

import csv
import dataclasses
import io
import re
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from lxml import etree

from kommunrapport import floden
from kommunrapport.berakning.antal import ar_raknad
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.plan import Adress, Hamta, Kvot, Summa
from kommunrapport.karna.sprak import hall_ihop
from kommunrapport.karna.tal import tolka_tal
from kommunrapport.rapport import excel
from kommunrapport.rapport.modell import Cell, Rapport, Tabell
from kommunrapport.rapport.tabeller import DOLD
from tests.kommun import Provkommun, bok, finansbok, lamna_bocker, lamna_rikt, vardbok
from tests.test_word import KRAVER_LIBREOFFICE, konvertera

HUVUDRAD, FORSTA = 2, 3
KOLUMNER = ("tabell", "rad", "kolumn", "visas", "lamnad_av", "uppgift", "star", "varde", "enhet", "fil", "blad", "cell", "text")
"""Källbladets kolumner i ordning."""


class Bilaga:
    """En skriven bilaga bredvid det den skrevs ur."""

    def __init__(self, s: Sammanstallning) -> None:
        self.s = s
        self.rapport: Rapport = floden.bygg_rapport(s)
        self.data = excel.excel_av(self.rapport, s.rakning)
        self.formler: Any = openpyxl.load_workbook(io.BytesIO(self.data))
        self.varden: Any = openpyxl.load_workbook(io.BytesIO(self.data), data_only=True)
        self.blad = dict(zip(self.rapport.tabeller, self.formler.sheetnames, strict=False))
        """Tabellens id → bladets namn: tabellerna ligger först, i rapportens ordning."""

    def platser(self) -> Iterator[tuple[Tabell, Cell, Any, Any]]:
        """Varje cell i rapportens tabeller med bilagans formelcell och värdecell."""
        for tabell in self.rapport.tabeller.values():
            formler, varden = self.formler[self.blad[tabell.id]], self.varden[self.blad[tabell.id]]
            for nr, rad in enumerate(tabell.rader, FORSTA):
                for kol, cell in enumerate(rad.celler, 2):
                    yield tabell, cell, formler.cell(nr, kol), varden.cell(nr, kol)

    def formel(self, adress: str) -> str:
        tabell, _, rest = adress.partition(".")
        rad, _, kolumn = rest.rpartition(".")
        sokt = Adress(tabell, rad, kolumn)
        return next(str(f.value) for _, cell, f, _ in self.platser() if cell.adress == sokt)

    def kallor(self) -> list[dict[str, Any]]:
        rader = self.varden["Källor"].iter_rows(min_row=FORSTA, values_only=True)
        return [dict(zip(KOLUMNER, rad, strict=True)) for rad in rader]


@pytest.fixture(scope="module")
def kommun_rik(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    kommun = Provkommun(tmp_path_factory.mktemp("bilaga"))
    lamna_rikt(kommun)
    return kommun


@pytest.fixture(scope="module")
def bilaga(kommun_rik: Provkommun) -> Bilaga:
    return Bilaga(kommun_rik.sammanstall())


# --- Tabellerna ----------------------------------------------------------------------------------------


def test_en_tabell_per_blad_darefter_namnderna_och_kallorna(bilaga: Bilaga) -> None:
    namn = bilaga.formler.sheetnames
    samlade = [blad for nyckel, blad in bilaga.rapport.samlade.items() if any(nyckel in n.tabeller for n in bilaga.rapport.namnder)]
    assert namn[len(bilaga.rapport.tabeller) :] == [*samlade, "Rapportens diagram", "Diagramdata", "Källor"]
    assert {"Verksamheter", "Kostnadsslag", "Personal", "Sjukfrånvaro"} <= set(samlade)
    assert all(len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in namn)
    assert len({n.casefold() for n in namn}) == len(namn)


def test_varje_tal_i_bilagan_ar_rapportens(bilaga: Bilaga) -> None:
    prov = [(cell, varde.value) for _, cell, _, varde in bilaga.platser() if cell.tal is not None]
    assert len(prov) > 200
    assert [(cell.adress, varde) for cell, varde in prov if varde != pytest.approx(float(cell.tal or 0), abs=1e-9)] == []


def test_det_som_inte_ar_tal_star_som_i_rapporten(bilaga: Bilaga) -> None:
    prov = [(cell.text, varde.value or "") for _, cell, _, varde in bilaga.platser() if cell.tal is None]
    assert any(text for text, _ in prov)
    assert [par for par in prov if par[0] != par[1]] == []


def test_raderna_och_rubrikerna_star_som_i_rapporten(bilaga: Bilaga) -> None:
    for tabell in bilaga.rapport.tabeller.values():
        blad = bilaga.varden[bilaga.blad[tabell.id]]
        assert blad["A1"].value == tabell.rubrik
        rubriker = [blad.cell(HUVUDRAD, kol).value or "" for kol in range(1, len(tabell.kolumner) + 2)]
        assert rubriker == [tabell.rubrik_forsta, *(k.rubrik for k in tabell.kolumner)]
        assert [blad.cell(nr, 1).value for nr, _ in enumerate(tabell.rader, FORSTA)] == [r.namn for r in tabell.rader]
        assert [blad.cell(nr, 1).value for nr, _ in enumerate(tabell.noter, FORSTA + len(tabell.rader))] == list(tabell.noter)


def test_varje_diagram_ritas_ur_diagramdata_och_beskrivs_i_ord(bilaga: Bilaga) -> None:
    diagrammen = {d.titel: d for _, d in bilaga.rapport.alla_diagram}
    lasta: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for titel, serie, _, varde, enhet in bilaga.varden["Diagramdata"].iter_rows(min_row=FORSTA, max_col=5, values_only=True):
        lasta[titel][serie].append(varde)
        assert enhet == diagrammen[titel].enhet
    for d in diagrammen.values():
        if d.slag != "brygga":
            assert lasta[d.titel] == {namn: [None if v is None else pytest.approx(float(v)) for v in varden] for namn, varden in d.serier}
    with zipfile.ZipFile(io.BytesIO(bilaga.data)) as z:
        ritat = [e.get("descr") for e in etree.fromstring(z.read("xl/drawings/drawing1.xml")).iter("{*}cNvPr")]
    assert ritat == [d.alttext for d in diagrammen.values()]


def test_varje_blad_har_last_rubrikrad_och_a4(bilaga: Bilaga) -> None:
    for blad in (b for b in bilaga.formler.worksheets if b.title != "Rapportens diagram"):
        assert blad.freeze_panes == f"B{FORSTA}", blad.title
        assert (blad.page_setup.paperSize, blad.page_setup.orientation) == (9, "landscape")
        assert blad.print_title_rows == f"${HUVUDRAD}:${HUVUDRAD}"


@pytest.mark.parametrize(("blad", "nyckel"), [("Verksamheter", "namnd"), ("Kostnadsslag", "slag")])
def test_namndernas_tabeller_star_samlade(blad: str, nyckel: str, bilaga: Bilaga) -> None:
    rader = [
        [avsnitt.namn, rad.namn, *(None if c.tal is None else pytest.approx(float(c.tal)) for c in rad.celler)]
        for avsnitt in bilaga.rapport.namnder
        for rad in avsnitt.tabeller[nyckel].rader
    ]
    lasta = [list(rad) for rad in bilaga.varden[blad].iter_rows(min_row=FORSTA, values_only=True)]
    tal = [[v if nr < 2 or isinstance(v, int | float) else None for nr, v in enumerate(rad)] for rad in lasta]
    assert tal == rader


# --- Formlerna -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adress", "formel"),
    [
        ("drift.summa_skatt.utfall", "=B3+B4"),
        ("drift.slutrad.utfall", "=B6+B8"),
        ("drift.skola.avvikelse", "=F3-E3"),
        ("drift.skola.procent", "=G3/ABS(E3)*100"),
        ("resultat.nettokostnader.utfall", "=SUM(B3:B5)"),
        ("investering.skola.avvikelse", "=-E3+D3"),  # utgifter visas med plus, avvikelsen inte
        ("investering.netto.utfall", "=B7+B8"),
    ],
)
def test_summorna_ar_levande_formler(adress: str, formel: str, bilaga: Bilaga) -> None:
    assert bilaga.formel(adress) == formel


def test_varje_raknat_tal_vars_delar_syns_ar_en_formel(bilaga: Bilaga) -> None:
    synliga = {cell.adress for _, cell, _, _ in bilaga.platser() if cell.tal is not None}
    utan_formel = []
    for _, cell, formel, _ in bilaga.platser():
        if cell.tal is None or cell.adress is None or not bilaga.s.rakning.har(cell.adress):
            continue
        steg = bilaga.s.rakning.planer[cell.adress.tabell].steg[cell.adress.rad, cell.adress.kolumn]
        delar = [a for _, a in steg.termer] if isinstance(steg, Summa) else [steg.taljare, steg.namnare] if isinstance(steg, Kvot) else []
        if delar and {a for a in delar if bilaga.s.rakning.varde(a) is not None} <= synliga and formel.data_type != "f":
            utan_formel.append(str(cell.adress))
    assert utan_formel == []


def test_hamtade_tal_ar_inga_formler(bilaga: Bilaga) -> None:
    for _, cell, formel, _ in bilaga.platser():
        if cell.adress and bilaga.s.rakning.har(cell.adress):
            steg = bilaga.s.rakning.planer[cell.adress.tabell].steg[cell.adress.rad, cell.adress.kolumn]
            assert not (isinstance(steg, Hamta) and formel.data_type == "f"), cell.adress


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_omraknad_i_libreoffice_visar_bilagan_samma_tal(bilaga: Bilaga, tmp_path: Path) -> None:
    utan_varden = tmp_path / "bilaga.xlsx"
    openpyxl.load_workbook(io.BytesIO(bilaga.data)).save(utan_varden)  # formlernas sparade värden följer inte med
    assert openpyxl.load_workbook(utan_varden, data_only=True)[bilaga.blad["drift"]]["B5"].value is None
    omraknad: Any = openpyxl.load_workbook(konvertera(utan_varden, "xlsx", tmp_path / "ut"), data_only=True)
    prov = 0
    for _, cell, formel, varde in bilaga.platser():
        if cell.tal is not None:
            raknat = omraknad[varde.parent.title][varde.coordinate].value
            assert raknat == pytest.approx(float(cell.tal), abs=1e-6), (cell.adress, formel.value)
            prov += formel.data_type == "f"
    assert prov > 80


@pytest.mark.parametrize("text", ["=1+1", "+46 123", "-5 < 3", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_blir_aldrig_en_formel(text: str, bilaga: Bilaga) -> None:
    uppdrag = bilaga.rapport.tabeller["uppdrag"]
    rad = uppdrag.rader[0]
    egen = dataclasses.replace(rad, namn=text, celler=(*rad.celler[:-1], dataclasses.replace(rad.celler[-1], text=text)))
    tabell = dataclasses.replace(uppdrag, rader=(egen, *uppdrag.rader[1:]))
    rapport = dataclasses.replace(bilaga.rapport, tabeller={**bilaga.rapport.tabeller, "uppdrag": tabell})
    bok: Any = openpyxl.load_workbook(io.BytesIO(excel.excel_av(rapport, bilaga.s.rakning)))
    blad = bok[bilaga.blad["uppdrag"]]
    assert [(c.value, c.data_type) for c in (blad.cell(FORSTA, 1), blad.cell(FORSTA, 1 + len(rad.celler)))] == [(text, "s")] * 2
    assert [c.coordinate for r in bok["Källor"].iter_rows() for c in r if c.data_type == "f"] == []


# --- Källor --------------------------------------------------------------------------------------------


def test_varje_tryckt_tal_som_hamtas_har_alla_sina_lasta_varden(bilaga: Bilaga) -> None:
    i_bilagan: dict[tuple[str, str, str], list[tuple[str, str, str, Decimal]]] = defaultdict(list)
    for k in bilaga.kallor():
        if isinstance(k["varde"], int | float):
            plats = (k["fil"], k["blad"] or "", k["cell"], round(Decimal(str(k["varde"])), 2))
            i_bilagan[k["tabell"], k["rad"], k["kolumn"]].append(plats)
    vantade: dict[tuple[str, str, str], list[tuple[str, str, str, Decimal]]] = defaultdict(list)
    for tabell in bilaga.rapport.alla_tabeller:
        for rad in tabell.rader:
            for cell, kolumn in zip(rad.celler, tabell.kolumner, strict=True):
                if cell.adress and bilaga.s.rakning.har(cell.adress):
                    steg = bilaga.s.rakning.planer[cell.adress.tabell].steg[cell.adress.rad, cell.adress.kolumn]
                    if isinstance(steg, Hamta) and not any(ar_raknad(k) for _, k in steg.kolumner):
                        tecken = -1 if bilaga.s.rakning.planer[cell.adress.tabell].kolumn(cell.adress.kolumn).vand else 1
                        lasta = [(*f.kalla, tecken * Decimal(f.varde) / 100) for _, f in bilaga.s.rakning.fakta_i(steg)]
                        vantade[tabell.titel, rad.namn, kolumn.rubrik] += lasta
    assert sum(len(lasta) for lasta in vantade.values()) > 150
    assert [nyckel for nyckel, lasta in vantade.items() if sorted(lasta) != sorted(i_bilagan[nyckel])] == []


RAKNAD = "Målen i bedömningen av god ekonomisk hushållning"
HOPSATT = "Ansvarig, klar senast"
"""Tabellen vars tal är antal svar; källorna är svaren."""


@cache
def _bok(fil: Path) -> Any:
    return openpyxl.load_workbook(fil, data_only=True)


@cache
def _csv(fil: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(fil.read_text(encoding="utf-8").splitlines(), delimiter=";"))


def _i_filen(rot: Path, k: dict[str, Any]) -> Any:
    """Det som står i filen på den plats källan säger: en cell i en bok eller ett fält i en CSV-fil."""
    if k["blad"]:
        return _bok(rot / k["fil"])[k["blad"]][k["cell"]].value
    traff = re.fullmatch(r"rad (\d+), (\w+)", k["cell"])
    assert traff, k
    return _csv(rot / k["fil"])[int(traff[1]) - 2][traff[2]]


def _som_text(star: Any) -> str:
    """Det som står i cellen, skrivet som en svensk läsare ser det: decimalkomma, och datum utan klockslag."""
    if isinstance(star, datetime):
        return star.date().isoformat()
    return star if isinstance(star, str) else str(star).replace(".", ",")


def _talet(star: Any) -> Decimal:
    return tolka_tal(star)[0] if isinstance(star, str) else Decimal(str(star))


def test_varje_siffra_med_egna_kallor_lankar_till_sin_forsta_rad(bilaga: Bilaga) -> None:
    kallor = bilaga.varden["Källor"]
    lankade = 0
    for tabell, _, formel, _ in bilaga.platser():
        if formel.hyperlink is None:
            continue
        blad, _, cell = formel.hyperlink.location.partition("!")
        nr = int(cell.removeprefix("A"))
        rubriker = [c.value for c in bilaga.varden[bilaga.blad[tabell.id]][HUVUDRAD]]
        radnamn = bilaga.varden[bilaga.blad[tabell.id]].cell(formel.row, 1).value
        vantat = (tabell.titel, radnamn, rubriker[formel.column - 1])
        assert (blad, tuple(c.value for c in kallor[nr][:3])) == ("'Källor'", vantat)
        assert nr == FORSTA or tuple(c.value for c in kallor[nr - 1][:3]) != vantat
        lankade += 1
    assert lankade > 100


def test_varje_kalla_lankar_till_sin_fil_och_cell(bilaga: Bilaga, kommun_rik: Provkommun) -> None:
    mapp = kommun_rik.katalog / "rapporter/2024-08"
    for nr, k in enumerate(bilaga.kallor(), FORSTA):
        lank = bilaga.varden["Källor"].cell(nr, KOLUMNER.index("fil") + 1).hyperlink
        if not k["fil"]:
            assert lank is None
            continue
        assert (mapp / unquote(lank.target).replace("\\", "/")).resolve() == (kommun_rik.katalog / k["fil"]).resolve()
        assert (lank.location or "") == (f"'{k['blad']}'!{k['cell']}" if k["blad"] else "")


def test_pa_kallans_plats_star_det_lasta_vardet(bilaga: Bilaga, kommun_rik: Provkommun) -> None:
    lasta = [k for k in bilaga.kallor() if isinstance(k["varde"], int | float)]
    fel = []
    for k in lasta:
        per = 1000 if k["enhet"] == "kr" else 1
        star = _i_filen(kommun_rik.katalog, k)
        if k["star"] != _som_text(star) or round(Decimal(str(k["varde"])), 2) != _talet(star) * per:  # även utgifter har det tecken de skrevs med
            fel.append(k)
    assert len(lasta) > 200
    assert fel == []


def test_pa_kallans_plats_star_den_visade_texten(bilaga: Bilaga, kommun_rik: Provkommun) -> None:
    i_listor = [k for k in bilaga.kallor() if not isinstance(k["varde"], int | float)]
    effekter = [k for k in i_listor if k["kolumn"].startswith("Effekt")]
    raknade = [k for k in i_listor if k["tabell"] == RAKNAD or k["kolumn"] == HOPSATT]
    texter = [k for k in i_listor if k not in effekter and k not in raknade]
    assert (len(texter) > 20, len(effekter) > 4, len(raknade) > 3) == (True, True, True)
    assert [k for k in raknade if k["star"] != _som_text(_i_filen(kommun_rik.katalog, k))] == []
    assert [k for k in texter if k["star"] != k["visas"]] == []
    assert [k for k in texter if hall_ihop(_som_text(_i_filen(kommun_rik.katalog, k))) != k["visas"]] == []
    for k in effekter:  # tusental kronor i boken, miljoner i rapporten
        assert abs(_talet(_i_filen(kommun_rik.katalog, k)) / 1000 - _talet(k["visas"])) <= Decimal("0.05"), k
        assert _som_text(_i_filen(kommun_rik.katalog, k)) == k["star"], k


def test_en_beslutad_uppgift_har_raden_och_kolumnen_i_filen_som_kalla(bilaga: Bilaga) -> None:
    (malvarde,) = [k for k in bilaga.kallor() if k["tabell"] == "Mål och indikatorer" and k["kolumn"] == "Målvärde"]
    vantat = {"rad": "Andel behöriga (%)", "visas": "85", "star": "85", "varde": None, "fil": "styrning/2024/mal.csv", "blad": None}
    assert {n: malvarde[n] or None for n in vantat} == vantat
    assert malvarde["cell"] == "rad 3, malvarde"


def test_kallorna_namner_den_som_lamnade(bilaga: Bilaga) -> None:
    lamnade = {(k["fil"], k["lamnad_av"]) for k in bilaga.kallor() if isinstance(k["varde"], int | float) and k["fil"].startswith("inlamnat")}
    namn = {e.id: e.namn for e in bilaga.s.arbete.organisation.enhet}
    assert lamnade == {(f"inlamnat/2024-08/{id_}.xlsx", n) for id_, n in namn.items()}


# --- Sekretess, ordning och byte -------------------------------------------------------------------------


def test_kallorna_rojer_inte_de_sma_grupperna(kommun: Provkommun) -> None:
    vard = vardbok(sjukfranvaro__man__antal=60, sjukfranvaro__totalt__antal=9)
    lamna_bocker(kommun, {"skola": bok(sjukfranvaro__man__antal=4), "vard": vard, "finans": finansbok()})
    bilaga = Bilaga(kommun.sammanstall())
    tabell = bilaga.rapport.tabeller["sjukfranvaro"]
    assert [c.text for r in tabell.rader if r.id == "vard" for c in r.celler] == [DOLD, DOLD]
    rojda = {(k["lamnad_av"], k["uppgift"]) for k in bilaga.kallor() if k["tabell"] == tabell.titel}
    assert ("Skolnämnden", "Samtliga") in rojda
    assert rojda & {("Skolnämnden", "Män"), ("Vårdnämnden", "Samtliga")} == set()
    dolda = [k for k in bilaga.kallor() if k["tabell"] == tabell.titel and not k["lamnad_av"]]
    assert dolda
    assert {tuple(k[n] or "" for n in KOLUMNER[4:]) for k in dolda} == {(*[""] * 8, "Visas inte: gruppen har högst 10 anställda.")}


def test_samma_rapport_ger_samma_byte(kommun_rik: Provkommun, bilaga: Bilaga) -> None:
    assert Bilaga(kommun_rik.sammanstall()).data == bilaga.data


def test_bilagan_har_titel_och_kommunen_som_upphov(bilaga: Bilaga) -> None:
    egenskaper = bilaga.formler.properties
    assert bilaga.rapport.titel in egenskaper.title
    assert egenskaper.creator == bilaga.rapport.kommun


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_bilagan_gar_att_oppna_i_libreoffice(bilaga: Bilaga, tmp_path: Path) -> None:
    fil = tmp_path / "bilaga.xlsx"
    fil.write_bytes(bilaga.data)
    try:
        pdf = konvertera(fil, "pdf", tmp_path / "ut")
    except subprocess.TimeoutExpired as fel:
        pytest.fail(str(fel))
    assert pdf.read_bytes().startswith(b"%PDF")
