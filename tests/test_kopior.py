"""Den kommenterade kopian: samma värden i en ny bok, kommentarer vid cellerna och en lista med länkar."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fel import AnvandningsFel, UtmatningsFel
from kommunrapport.kopior import skriv_kommenterade
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.arbetsboksform import NOTFARG
from kommunrapport.validering import validera
from tests.kommun import PERIOD, Provkommun, bok, redigera

ANDRAT: dict[str, Varde] = {
    "drift__grund__utfall": "mycket",  # KR301 D6
    "drift__fritids__prognos": "-10 000",  # KR302 G7
    "kostnadsslag__intakter__budget": -6_000,  # KR404 E6
    "kostnadsslag__personal__budget": -40_000,
    "personal__heltid__nu": "e.t.",
    "forsatt__klardatum__svar": date(2024, 9, 16),
    "atgarder__a02__atgard": "Vakanser",  # KR415 på flera celler
    "atgarder__a02__beslut": "SKN § 7",
}


def kopiera(kommun: Provkommun, fil: Path, mapp: Path) -> Path:
    (kopia,) = skriv_kommenterade(validera(kommun.katalog, [str(fil)]), mapp)
    return kopia


@pytest.fixture
def fil(kommun: Provkommun) -> Path:
    return kommun.lamna("skola", bok(**ANDRAT))


@pytest.fixture
def kopia(kommun: Provkommun, fil: Path, tmp_path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(kopiera(kommun, fil, tmp_path / "ut"))


def listan(bok_: openpyxl.Workbook) -> dict[tuple[str, str], Worksheet]:
    """(kod, cellen som raden länkar till) → radens länk."""
    blad = bok_["Att rätta"]
    return {(rad[1].value, rad[2].value): rad[2].hyperlink for rad in blad.iter_rows(min_row=5) if rad[1].value}


def test_kopian_har_de_inlamnade_vardena(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    original = validera(kommun.katalog, [str(fil)]).provningar[0].inlamningar.fakta
    kopian = validera(kommun.katalog, [str(kopiera(kommun, fil, tmp_path / "ut"))]).provningar[0].inlamningar.fakta
    kolumner = ["tabell", "rad", "kolumn", "varde", "text", "tillstand"]
    inmatat = [ram[~ram["harledd"] & (ram["tabell"] != "forklaringar")][kolumner].astype("object").values.tolist() for ram in (original, kopian)]
    assert inmatat[0] == inmatat[1]


def test_kopian_ger_samma_anmarkningar(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    def koder(vag: Path) -> list[tuple[str, tuple[str, ...]]]:
        return [(a.kod, a.plats.celler) for a in validera(kommun.katalog, [str(vag)]).anmarkningar]

    assert koder(kopiera(kommun, fil, tmp_path / "ut")) == koder(fil)


@pytest.mark.parametrize(
    ("blad", "cell", "kod", "allvar"),
    [
        ("Driftredovisning", "D6", "KR301", Allvar.FEL),
        ("Driftredovisning", "G7", "KR302", Allvar.UPPLYSNING),
        ("Kostnadsslag", "E6", "KR404", Allvar.VARNING),
        ("Åtgärder", "C7", "KR415", Allvar.FEL),
        ("Åtgärder", "E7", "KR415", Allvar.FEL),
    ],
)
def test_en_anmarkt_cell_har_kommentar_farg_och_en_rad_i_listan(kopia: openpyxl.Workbook, blad: str, cell: str, kod: str, allvar: Allvar) -> None:
    c = kopia[blad][cell]
    assert kod in c.comment.text
    assert c.fill.fgColor.rgb == f"FF{NOTFARG[allvar][1:]}"
    assert listan(kopia)[kod, f"{blad}!{cell}"].location == f"'{blad}'!{cell}"


def test_ovriga_celler_har_varken_kommentar_eller_notfarg(kopia: openpyxl.Workbook) -> None:
    farger = {f"FF{farg[1:]}" for farg in NOTFARG.values()}
    anmarkta = {f"{blad.title}!{c.coordinate}" for blad in kopia for rad in blad.iter_rows() for c in rad if c.comment}
    assert {f"{b.title}!{c.coordinate}" for b in kopia for rad in b.iter_rows() for c in rad if c.fill.fgColor.rgb in farger} == anmarkta
    assert len(anmarkta) == 8  # D6, G7, E6 och fem celler i åtgärdens rad


def test_listan_ar_bokens_forsta_blad_med_det_varsta_forst(kopia: openpyxl.Workbook) -> None:
    allvar = [rad[0].value for rad in kopia["Att rätta"].iter_rows(min_row=5) if rad[0].value]
    assert kopia.sheetnames[0] == "Att rätta"
    assert allvar == ["fel"] * 6 + ["varning"] + ["upplysning"]


def test_varningar_star_redo_att_forklaras(kopia: openpyxl.Workbook) -> None:
    assert [(rad[1].value, rad[2].value, rad[3].value) for rad in kopia["Förklaringar"].iter_rows(min_row=6, max_row=7)] == [
        ("KR404", "Kostnadsslag!E6", None),
        (None, None, None),
    ]


def test_en_forklaring_i_kopian_stanger_varningen(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    vag = kopiera(kommun, fil, tmp_path / "ut")
    ark = redigera(vag)
    ark["Förklaringar"]["D6"] = "Återbetalat statsbidrag."
    ark.save(vag)
    (svar,) = [a.svar for a in validera(kommun.katalog, [str(vag)]).anmarkningar if a.kod == "KR404"]
    assert svar is not None
    assert svar.text == "Återbetalat statsbidrag."


def test_kopian_foljer_mallen_nar_rader_ar_infogade_i_originalet(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    ark = redigera(fil)
    ark["Driftredovisning"].insert_rows(6)
    ark.save(fil)
    kopia = openpyxl.load_workbook(kopiera(kommun, fil, tmp_path / "ut"))
    assert ("KR301", "Driftredovisning!D6") in listan(kopia)
    assert kopia["Driftredovisning"]["D6"].value == "mycket"


def test_en_felaktig_summa_star_kvar_och_ovriga_raknas_pa_nytt(kommun: Provkommun, tmp_path: Path) -> None:
    kopia = openpyxl.load_workbook(kopiera(kommun, kommun.lamna("skola", bok(drift__summa__utfall=-40_000)), tmp_path / "ut"))
    rad = kopia["Driftredovisning"][8]
    assert rad[3].value == -40_000
    assert str(rad[6].value).startswith("=SUM")


def test_en_fil_utan_anmarkningar_far_en_kopia_som_sager_det(kommun: Provkommun, tmp_path: Path) -> None:
    kopia = openpyxl.load_workbook(kopiera(kommun, kommun.lamna("skola", bok()), tmp_path / "ut"))
    assert kopia["Att rätta"]["A5"].value
    assert listan(kopia) == {}


def test_samma_bok_ger_samma_byte(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    assert kopiera(kommun, fil, tmp_path / "a").read_bytes() == kopiera(kommun, fil, tmp_path / "b").read_bytes()


def test_en_bok_som_inte_gick_att_lasa_far_ingen_kopia(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    (fil.parent / "tom.xlsx").touch()
    v = validera(kommun.katalog, [str(fil), str(fil.parent / "tom.xlsx")])
    assert [k.name for k in skriv_kommenterade(v, tmp_path / "ut")] == ["skola (kommenterad).xlsx"]


def test_kopior_skrivs_inte_bland_inlamningarna(kommun: Provkommun, fil: Path) -> None:
    with pytest.raises(AnvandningsFel):
        kopiera(kommun, fil, kommun.katalog / "inlamnat" / str(PERIOD))


def test_en_kopia_som_controllern_har_borjat_ratta_skrivs_inte_over(kommun: Provkommun, fil: Path, tmp_path: Path) -> None:
    vag = kopiera(kommun, fil, tmp_path / "ut")
    ark = redigera(vag)
    ark["Driftredovisning"]["D6"] = -40_000
    ark.save(vag)
    with pytest.raises(UtmatningsFel):
        kopiera(kommun, fil, tmp_path / "ut")
    assert redigera(vag)["Driftredovisning"]["D6"].value == -40_000
