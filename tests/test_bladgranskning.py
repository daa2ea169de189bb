"""Bokens form: dolda och sammanfogade uppgifter, länkar till andra böcker, makron och 1904 års datum."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kommunrapport.inlasning import adress
from tests.kommun import Provkommun, bok
from tests.test_daliga_filer import byt_del, las, utom_saknade

FORMKODER = {"KR230", "KR231", "KR232", "KR233", "KR234", "KR235"}
DRIFT = "xl/worksheets/sheet3.xml"
LANK = "xl/externalLinks/externalLink1.xml"
Andring = Callable[[Path], None]


def i_boken(andra: Callable[[openpyxl.Workbook], object]) -> Andring:
    """Ändrar boken som en människa gör i Excel. Formlernas värden följer med som tal."""

    def andring(fil: Path) -> None:
        arbetsbok = openpyxl.load_workbook(fil, data_only=True)
        andra(arbetsbok)
        arbetsbok.save(fil)

    return andring


def pa_driften(andra: Callable[..., object]) -> Andring:
    return i_boken(lambda arbetsbok: andra(arbetsbok["Driftredovisning"]))


def i_xml(del_: str, gammalt: bytes, nytt: bytes) -> Andring:
    def andring(fil: Path) -> None:
        byt_del(fil, del_, lambda xml: xml.replace(gammalt, nytt, 1))

    return andring


def _gom_rad(nr: int) -> Andring:
    return pa_driften(lambda ark: setattr(ark.row_dimensions[nr], "hidden", True))


def _gom_kolumn(bokstav: str) -> Andring:
    return pa_driften(lambda ark: setattr(ark.column_dimensions[bokstav], "hidden", True))


def _sammanfoga(omrade: str) -> Andring:
    return pa_driften(lambda ark: ark.merge_cells(omrade))


def _lanka(*mal: str, formel: bytes = b"") -> Andring:
    """Länkar till arbetsböcker; ``formel`` står i D6 när den anges."""

    def andring(fil: Path) -> None:
        with zipfile.ZipFile(fil, "a") as arkiv:
            for nr, m in enumerate(mal, 1):
                arkiv.writestr(f"xl/externalLinks/externalLink{nr}.xml", b"<externalLink/>")
                arkiv.writestr(
                    f"xl/externalLinks/_rels/externalLink{nr}.xml.rels",
                    f'<Relationships><Relationship Id="rId1" Type="x/externalLinkPath" Target="{m}" TargetMode="External"/></Relationships>',
                )
        poster = "".join(
            f'<Relationship Id="rIdL{nr}" Type="http://x/externalLink" Target="externalLinks/externalLink{nr}.xml"/>' for nr, _ in enumerate(mal, 1)
        )
        i_xml("xl/_rels/workbook.xml.rels", b"</Relationships>", poster.encode() + b"</Relationships>")(fil)
        if formel:
            i_xml(DRIFT, b"<v>-40000</v>", b"<f>%s</f><v>-40000</v>" % formel)(fil)

    return andring


def _med_makron(fil: Path) -> None:
    with zipfile.ZipFile(fil, "a") as arkiv:
        arkiv.writestr("xl/vbaProject.bin", b"makron")


@dataclass(frozen=True)
class Fall:
    """En ändring av skolas bok och anmärkningarna den ska ge: kod och celler."""

    om: str
    andring: Andring
    vantat: tuple[tuple[str, tuple[str, ...]], ...] = ()


def ger(kod: str, *celler: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((kod, (cell,)) for cell in celler)


# Driftredovisning: rad 6 grund, rad 7 fritids, rad 8 summa. Att fylla i: D utfall, G prognos och I kommentar.
FALL = (
    Fall("boken som mallen skriver den", lambda _fil: None),
    Fall("en dold rad med uppgifter", _gom_rad(6), ger("KR230", "D6", "G6")),
    Fall("en rad med höjden noll", i_xml(DRIFT, b'<row r="7"', b'<row r="7" ht="0" customHeight="1"'), ger("KR230", "D7", "G7")),
    Fall("en dold summarad", _gom_rad(8)),
    Fall("en dold rubrikrad", _gom_rad(4)),
    Fall("en dold kolumn med uppgifter", _gom_kolumn("D"), ger("KR231", "D6", "D7")),
    Fall("en dold kolumn utan uppgifter", _gom_kolumn("I")),
    Fall("en dold förifylld kolumn", _gom_kolumn("F")),
    Fall("en dold kolumn bredvid tabellen", _gom_kolumn("Z")),
    Fall(
        "ett dolt blad med uppgifter",
        i_boken(lambda b: setattr(b["Driftredovisning"], "sheet_state", "hidden")),
        ger("KR232", "D6", "G6", "D7", "G7"),
    ),
    Fall("ett eget dolt blad", i_boken(lambda b: setattr(b.create_sheet("Eget"), "sheet_state", "veryHidden"))),
    Fall("två uppgifter i en sammanfogad cell", _sammanfoga("D6:D7"), ger("KR233", "D7")),
    Fall("en uppgift sammanfogad med en rubrik", _sammanfoga("D5:D6"), ger("KR233", "D6")),
    Fall("en sammanfogad cell bredvid tabellen", _sammanfoga("N2:O9")),
    Fall("en sammanfogad rubrik", _sammanfoga("B2:F2")),
    Fall("ett sammanfogat område om en cell", i_xml(DRIFT, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="D6"/></mergeCells>')),
    Fall("en länkad uppgift", _lanka("bok.xlsx", formel=b"[1]Blad1!A1"), (("KR234", ("D6",)),)),
    Fall("en länk som ingen cell på bladet använder", _lanka("bok.xlsx"), (("KR234", ()),)),
    Fall("hakparenteser utan länk", i_xml(DRIFT, b"<v>-40000</v>", b"<f>Tabell1[Utfall]</f><v>-40000</v>")),
    Fall("makron", _med_makron, (("KR235", ()),)),
)


@pytest.mark.parametrize("fall", FALL, ids=lambda f: str(f.om))
def test_bokens_form_anmarks_vid_cellerna(kommun: Provkommun, fall: Fall) -> None:
    fall.andring(kommun.lamna("skola", bok()))
    inlamningar = las(kommun)
    assert sorted((a.kod, a.plats.celler) for a in inlamningar.anmarkningar if a.kod in FORMKODER) == sorted(fall.vantat)
    assert inlamningar.lamnat == {"skola"}


def test_varje_formkod_har_ett_fall() -> None:
    assert {kod for fall in FALL for kod, _ in fall.vantat} == FORMKODER


@pytest.mark.parametrize("fall", [f for f in FALL if f.vantat and f.vantat[0][0] in {"KR230", "KR231", "KR232"}], ids=lambda f: str(f.om))
def test_det_som_ar_dolt_raknas_med(kommun: Provkommun, fall: Fall) -> None:
    fil = kommun.lamna("skola", bok())
    fore = las(kommun).fakta
    fall.andring(fil)
    efter = las(kommun).fakta
    assert list(efter["varde"]) == list(fore["varde"])


def test_anmarkningen_har_radens_och_kolumnens_namn(kommun: Provkommun) -> None:
    _gom_rad(7)(kommun.lamna("skola", bok()))
    a, *_ = [a for a in las(kommun).anmarkningar if a.kod == "KR230"]
    assert (a.enhet, a.plats.blad, a.plats.rad, a.plats.kolumn[:6]) == ("skola", "Driftredovisning", "Fritidshem", "Utfall")


def test_en_sammanfogad_uppgift_sager_var_vardet_star(kommun: Provkommun) -> None:
    _sammanfoga("D6:D7")(kommun.lamna("skola", bok()))
    (a,) = [a for a in las(kommun).anmarkningar if a.kod == "KR233"]
    assert a.fakta["last"] == "D6"


def test_lankarna_namns_utan_mapp_och_hogst_tre(kommun: Provkommun) -> None:
    mal = ("file:///\\\\server\\ekonomi\\F%C3%B6rra%20m%C3%A5naden.xlsx", "b.xlsx", "../c.xlsx", "d.xlsx", "e.xlsx")
    _lanka(*mal)(kommun.lamna("skola", bok()))
    (a,) = [a for a in las(kommun).anmarkningar if a.kod == "KR234"]
    assert a.fakta["orsak"] == "Förra månaden.xlsx, b.xlsx, c.xlsx och 2 till"


def test_en_delad_formel_med_lank_anmarks_i_alla_sina_celler(kommun: Provkommun) -> None:
    fil = kommun.lamna("skola", bok())
    _lanka("bok.xlsx")(fil)
    i_xml(DRIFT, b"<v>-40000</v>", b'<f t="shared" ref="D6:D7" si="4">[1]Blad1!A1</f><v>-40000</v>')(fil)
    i_xml(DRIFT, b"<v>-6500</v>", b'<f t="shared" si="4"/><v>-6500</v>')(fil)
    (a,) = [a for a in las(kommun).anmarkningar if a.kod == "KR234"]
    assert a.plats.celler == ("D6", "D7")


def test_en_bok_med_makron_lases_aven_som_xlsm(kommun: Provkommun) -> None:
    _med_makron(kommun.lamna("skola", bok(), namn="skola.xlsm"))
    inlamningar = las(kommun)
    assert [a.kod for a in utom_saknade(inlamningar)] == ["KR235"]
    assert inlamningar.lamnat == {"skola"}


@pytest.mark.parametrize("system_1904", [False, True])
def test_datum_lases_ratt_i_bada_datumsystemen(kommun: Provkommun, system_1904: bool) -> None:
    dag = dt.date(2024, 9, 16)
    fil = kommun.lamna("skola", {**bok(), ("atgarder", "a01", "klart"): dag, ("atgarder", "a01", "atgard"): "Spara"})

    def byt_system(fil_: Path) -> None:
        arbetsbok = openpyxl.load_workbook(fil_, data_only=True)
        if system_1904:
            arbetsbok.epoch = CALENDAR_MAC_1904
        arbetsbok.save(fil_)

    byt_system(fil)
    fakta = las(kommun).fakta
    assert dag.isoformat() in set(fakta.loc[fakta["slag"] == "datum", "text"])


# --- Adresser ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lage"), [("A1", (0, 0)), ("C5", (4, 2)), ("Z1", (0, 25)), ("AA1", (0, 26)), ("XFD1048576", (1048575, 16383)), ("$B$2", (1, 1))]
)
def test_adresser_lases_som_i_excel(text: str, lage: tuple[int, int]) -> None:
    assert adress.cellage(text) == lage
    assert adress.celladress(*lage) == text.replace("$", "")


@pytest.mark.parametrize("text", ["", "A", "1", "A0", "A1:B2", "Å1", "A" * 50 + "1"])
def test_det_som_inte_ar_en_adress_avvisas(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        adress.cellage(text)


def test_ett_omrade_far_skrivas_fran_vilket_horn_som_helst() -> None:
    assert adress.omrade("C3:B2") == adress.omrade("B2:C3") == adress.Omrade(1, 1, 2, 2)
