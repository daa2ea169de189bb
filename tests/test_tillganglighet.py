"""Tillgänglighetsgranskningen: för varje kontroll ett dokument som går igenom och ett som faller, och filer som inte går att granska."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import xlsxwriter
from pikepdf import Dictionary, Name

from kommunrapport.inlasning import granser
from kommunrapport.karna.farg import kontrast, kontrast_i_ord
from kommunrapport.mall.dokumentmall import las_dokumentmall
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.tillganglighet.granskning import granska_fil
from tests.dokument import BILD, DELAD, DELAR, LANK, LISTA, LOOK, RAD, TABELL, cell, docx_med, p, pdf_med, zippa
from tests.kommun import Kommandorad

ROT = Path(__file__).parents[1]
MALL = las_dokumentmall(Mallkalla((medfoljande(),)))
Funna = list[tuple[str, tuple[str, ...]]]


def granska(fil: Path) -> Funna:
    """(kod, platser) för varje anmärkning; ett blads namn står före cellen."""
    return [(a.kod, tuple(f"{a.plats.blad}!{c}" if a.plats.blad else c for c in a.plats.celler)) for a in granska_fil(fil, MALL).anmarkningar]


def koder(fil: Path) -> list[str]:
    return [kod for kod, _ in granska(fil)]


@pytest.fixture
def skriv(tmp_path: Path) -> Callable[[bytes], Path]:
    def _skriv(data: bytes) -> Path:
        fil = tmp_path / "dokument.bin"
        fil.write_bytes(data)
        return fil

    return _skriv


# --- Katalogen ------------------------------------------------------------------------------------------------------


def test_varje_kontroll_star_i_dokumentationen() -> None:
    beskrivna = set(re.findall(r"TG\d{3}", (ROT / "docs/tillganglighet.md").read_text(encoding="utf-8")))
    assert beskrivna == set(MALL.kontroll)


def test_varje_kod_i_programmet_har_ord_och_alla_ord_anvands() -> None:
    kod = "".join(fil.read_text(encoding="utf-8") for fil in (ROT / "kommunrapport/tillganglighet").glob("*.py"))
    assert set(re.findall(r'"(TG\d{3})"', kod)) == set(MALL.kontroll)


def test_varje_kontroll_har_ett_fall_har() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [kod for kod in MALL.kontroll if text.count(f'"{kod}"') == 0] == []


# --- Word -----------------------------------------------------------------------------------------------------------

KORE, STIL = "docProps/core.xml", "word/styles.xml"
TOMT = "<w:p/>"
TEXT = p("Resultatet är 2,1 mnkr.")
FALT = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://a.se" </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
DEKORATIV = (
    '<wp:docPr id="1" name="Linje"><x xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative"><d:decorative val="1"/></x></wp:docPr>'
)
TEXTRUTA = '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="7" name="Ruta"/><w:txbxContent>{}</w:txbxContent></wp:inline></w:drawing></w:r></w:p>'
BRED = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("Totalt")}</w:tc>'
NYCKELTAL = f'<w:tbl><w:tblPr><w:tblLook w:firstColumn="1"/></w:tblPr>{RAD}{RAD}</w:tbl>'
WORDFALL = [
    # (vad som byts, mot vad, i vilken del, väntade koder)
    ("", "", "", []),
    ("Delårsrapport 2024", " ", KORE, ["TG101"]),
    ('<w:lang w:val="sv-SE"/>', "", STIL, ["TG102"]),
    ('<w:lang w:val="sv-SE"/>', '<w:lang w:val="en-US"/>', STIL, ["TG102"]),
    ('<w:lang w:val="sv-SE"/>', '<w:lang w:val="sv-FI" w:eastAsia="en-US"/>', STIL, []),
    (TEXT, p("Summary", rpr='<w:lang w:val="en-GB"/>'), "", ["TG103"]),
    (TEXT, p("2024", rpr='<w:lang w:val="en-GB"/>'), "", []),
    ('<w:color w:val="1F2A2E"/>', '<w:color w:val="1F2A2E"/><w:lang w:val="nb-NO"/>', STIL, ["TG102"]),
    (p("Delårsrapport", "Rubrik1"), p("Delårsrapport"), "", ["TG104"]),
    (p("Ekonomi", "Rubrik2"), "", "", ["TG105"]),
    (TEXT, p("", "Rubrik2"), "", ["TG106"]),
    (TEXT, BILD.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="Rubrik2"/></w:pPr>').replace('id="1"', 'id="9"'), "", []),
    (LOOK, "", "", ["TG107"]),
    (LOOK, '<w:tblLook w:val="0020"/>', "", []),
    ("<w:tblHeader/>", "", "", ["TG107"]),
    ("<w:tblHeader/>", '<w:tblHeader w:val="0"/>', "", ["TG107"]),
    (RAD, RAD.replace("<w:cantSplit/>", ""), "", ["TG108"]),
    (RAD, f"{RAD}{DELAD}{BRED}</w:tr>", "", ["TG109"]),
    (RAD, RAD.replace("<w:tcPr/>", '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', 1), "", ["TG109"]),
    (RAD, f"{RAD}{DELAD}{cell('')}{cell('')}</w:tr>", "", ["TG110"]),
    (TABELL, TABELL.replace("Utfall", "").replace("−12,4", ""), "", ["TG110", "TG111"]),
    ("Nämnd<", "<", "", ["TG111"]),
    (TABELL, NYCKELTAL, "", ["TG112"]),
    (TABELL, NYCKELTAL.replace("firstColumn", "lastRow"), "", ["TG107"]),
    (TABELL, f"<w:tbl><w:tblPr/>{DELAD}<w:tc>{TEXT}</w:tc></w:tr></w:tbl>", "", ["TG112"]),
    (TEXT, TOMT, "", []),
    (TEXT, TOMT * 3, "", ["TG113"]),
    (TEXT, f'{TOMT}<w:p><w:r><w:br w:type="page"/></w:r></w:p>', "", []),
    (' descr="Socialnämnden avviker mest."', "", "", ["TG114"]),
    ('<wp:docPr id="1" name="Diagram 1" descr="Socialnämnden avviker mest."/>', DEKORATIV, "", []),
    (BILD, "<w:p><w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r></w:p>", "", ["TG114"]),
    (BILD, '<w:p><w:r><w:pict><v:shape alt="Kommunens vapen"><v:imagedata/></v:shape></w:pict></w:r></w:p>', "", []),
    (BILD, TEXTRUTA.format(TEXT), "", []),
    (BILD, TEXTRUTA.format(p("• Första")), "", ["TG119"]),
    ("Socialnämnden avviker mest.", "diagram 3.png", "", ["TG115"]),
    ("Socialnämnden avviker mest.", "Bild 4", "", ["TG115"]),
    ("Kommunens budget 2024<", "Klicka här!<".replace("!", "."), "", ["TG116"]),
    ("<w:r><w:t>Kommunens budget 2024</w:t></w:r>", "", "", ["TG116"]),
    (LANK, FALT.format("Läs mer"), "", ["TG116"]),
    (LANK, FALT.format("Bokslutet 2023"), "", []),
    ("Kommunens budget 2024<", "https://kommun.example/budget<", "", ["TG117"]),
    (TEXT, p("Grå text", rpr='<w:color w:val="909090"/>'), "", ["TG118"]),
    (TEXT, p("Grå text", rpr='<w:color w:val="909090"/><w:sz w:val="36"/>'), "", []),
    (TEXT, p("Grå text", rpr='<w:color w:val="909090"/><w:b/><w:sz w:val="28"/>'), "", []),
    (TEXT, p("Grå text", rpr='<w:color w:val="909090"/><w:vanish/>'), "", []),
    (TEXT, p("Automatisk", "Ruta", rpr='<w:color w:val="auto"/>'), "", []),
    (TEXT, p("Mörkt på mörkt", "Ruta", rpr='<w:color w:val="1F2A2E"/>'), "", ["TG118"]),
    (TEXT, p("Överstruket", rpr='<w:highlight w:val="darkBlue"/>'), "", ["TG118"]),
    ('w:fill="E6EFF1"', 'w:fill="202020"', STIL, ["TG118"]),
    (RAD, RAD.replace("<w:tcPr/>", '<w:tcPr><w:shd w:val="clear" w:fill="303030"/></w:tcPr>', 1), "", ["TG118"]),
    ('<a:srgbClr val="0B4F5C"/>', '<a:srgbClr val="C0C0C0"/>', "word/theme/theme1.xml", ["TG118"]),
    ('w:themeColor="text2"', 'w:themeColor="text2" w:themeTint="33"', STIL, ["TG118"]),
    ("Sida 1<", 'Sida 1</w:t></w:r><w:r><w:rPr><w:color w:val="B0B0B0"/></w:rPr><w:t>av 9<', "word/footer1.xml", ["TG118"]),
    (LISTA, p("• Färre vikarier"), "", ["TG119"]),
    (LISTA, p("Vi gör så här:</w:t><w:br/><w:t>- färre vikarier"), "", ["TG119"]),
    (LISTA, p("- 12,4 mnkr"), "", []),
    (LISTA, p("– Vi är nöjda, säger rektorn."), "", []),
    (LISTA, p("1. Färre vikarier") + p("2. Bättre schema"), "", ["TG122"]),
    (LISTA, p("1. Inledning"), "", []),
    (TEXT, p("Finstilt", rpr='<w:sz w:val="16"/>'), "", ["TG120"]),
    (TEXT, p("2", rpr='<w:sz w:val="16"/><w:vertAlign w:val="superscript"/>'), "", []),
    (TEXT, p("{%p if rapport.utkast %}", rpr='<w:sz w:val="12"/>'), "", []),
    (LANK, BILD, "", ["TG121"]),
    (TEXT, f'<w:p><w:del><w:r><w:drawing><wp:inline><wp:docPr id="1"/></wp:inline></w:drawing></w:r></w:del></w:p>{TEXT}', "", []),
]  # fmt: skip


@pytest.mark.parametrize(("fran", "till", "del_", "vantat"), WORDFALL)
def test_word(fran: str, till: str, del_: str, vantat: list[str], skriv: Callable[[bytes], Path]) -> None:
    assert sorted(set(koder(skriv(docx_med(fran, till, del_ or "word/document.xml"))))) == vantat


@pytest.mark.parametrize(
    ("fran", "till", "plats"),
    [
        (p("Ekonomi", "Rubrik2"), "", "stycke 3 ”Nämnderna”"),
        (RAD, f"{RAD}{DELAD}{cell('')}{cell('')}</w:tr>", "tabell 1 ”Driftredovisning”"),
        (' descr="Socialnämnden avviker mest."', "", "”Diagram 1” i stycke 8 ””"),
        (TEXT, p("Grå text som är längre än platsen medger", rpr='<w:color w:val="909090"/>'), "stycke 2 ”Grå text som är längre än platsen medger”"),
        (TEXT, p("x" * 41, rpr='<w:color w:val="909090"/>'), f"stycke 2 ”{'x' * 40} …”"),
        ("−12,4", "• Svar", "tabell 1 ”Driftredovisning” rad 2"),
    ],
)  # fmt: skip
def test_platsen_i_word(fran: str, till: str, plats: str, skriv: Callable[[bytes], Path]) -> None:
    assert [platser for _, platser in granska(skriv(docx_med(fran, till)))] == [(plats,)]


def test_office_strikta_format_granskas_som_det_vanliga(skriv: Callable[[bytes], Path]) -> None:
    vanlig, strikt = r"http://schemas\.openxmlformats\.org/(\w+)/2006/(main|relationships)", r"http://purl.oclc.org/ooxml/\1/\2"
    delar = {n: re.sub(vanlig, strikt, d) for n, d in DELAR.items() if n != "[Content_Types].xml" and ".rels" not in n}
    assert koder(skriv(zippa({**DELAR, **delar}))) == []
    delar["word/document.xml"] = delar["word/document.xml"].replace("<w:tblHeader/>", "")
    assert koder(skriv(zippa({**DELAR, **delar}))) == ["TG107"]


@pytest.mark.parametrize(
    ("text", "bakgrund", "vantat"), [("000000", "FFFFFF", 21.0), ("FFFFFF", "FFFFFF", 1.0), ("777777", "FFFFFF", 4.478), ("767676", "FFFFFF", 4.542)]
)
def test_kontrasten_ar_wcags(text: str, bakgrund: str, vantat: float) -> None:
    assert kontrast(text, bakgrund) == pytest.approx(vantat, abs=0.001)
    assert kontrast_i_ord(4.4999) == "4,4:1"


# --- Excel ----------------------------------------------------------------------------------------------------------

Bokandring = Callable[[xlsxwriter.Workbook, Any], object]


def arbetsbok(fil: Path, andra: Bokandring, *, titel: str = "Tabeller", rader: int = 4, lasta: int = 2, upprepa: bool = True) -> Path:
    """En bok med titel i rad 1, rubriker i rad 2 och siffror därunder."""
    with xlsxwriter.Workbook(fil) as bok:
        bok.set_properties({"title": titel})
        blad = bok.add_worksheet("Drift")
        blad.write_string(0, 0, "Driftredovisning")
        for kol, rubrik in enumerate(("Nämnd", "Budget", "Utfall")):
            blad.write_string(1, kol, rubrik)
            for rad in range(2, 2 + rader):
                blad.write_number(rad, kol, rad)
        if lasta:
            blad.freeze_panes(lasta, 1)
        if upprepa:
            blad.repeat_rows(1)
        andra(bok, blad)
    return fil


def _dolj(bok: xlsxwriter.Workbook, namn: str, *, mycket: bool) -> None:
    blad = bok.add_worksheet(namn)
    blad.write_string(0, 0, "text")
    (blad.very_hidden if mycket else blad.hide)()


def _diagram(bok: xlsxwriter.Workbook, blad: Any, text: str, *, dekorativ: bool = False) -> None:
    diagram = bok.add_chart({"type": "column"})
    diagram.add_series({"values": "=Drift!$B$3:$B$6"})
    blad.insert_chart("F2", diagram, {"description": text, "decorative": dekorativ})


def _fargad(bok: xlsxwriter.Workbook, blad: Any, adress: str = "B4", **egenskaper: Any) -> None:
    blad.write_string(adress, "Text", bok.add_format(egenskaper))


EXCELFALL: list[tuple[dict[str, Any], Bokandring, Funna]] = [
    ({}, lambda _bok, _blad: None, []),
    ({"titel": ""}, lambda _bok, _blad: None, [("TG201", ())]),
    ({}, lambda bok, _: bok.add_worksheet("Blad2"), [("TG202", ())]),
    ({}, lambda bok, _: bok.add_worksheet("Blad över noter"), []),
    ({"lasta": 0, "upprepa": False}, lambda _bok, _blad: None, [("TG203", ())]),
    ({"lasta": 0, "upprepa": False}, lambda _, blad: blad.add_table("A2:C6", {"columns": [{"header": n} for n in "abc"]}), []),
    ({"lasta": 0, "rader": 60}, lambda _bok, _blad: None, [("TG204", ())]),
    ({"upprepa": False, "rader": 60}, lambda _bok, _blad: None, [("TG204", ())]),
    ({"rader": 60}, lambda _bok, _blad: None, []),
    ({}, lambda _, blad: blad.merge_range("A9:C9", "Summa"), [("TG206", ()), ("TG205", ("Drift!A9:C9",))]),
    ({}, lambda _, blad: blad.write_string("A7", "Not"), []),
    ({}, lambda _, blad: blad.write_string("E4", "Not"), [("TG206", ())]),
    ({}, lambda bok, blad: _diagram(bok, blad, ""), [("TG207", ("Drift!F2",))]),
    ({}, lambda bok, blad: _diagram(bok, blad, "", dekorativ=True), []),
    ({}, lambda bok, blad: _diagram(bok, blad, "Skolan avviker mest"), []),
    ({}, lambda bok, blad: _diagram(bok, blad, "Bild 1.png"), [("TG208", ("Drift!F2",))]),
    ({}, lambda bok, blad: _fargad(bok, blad, font_color="#909090"), [("TG209", ("Drift!B4",))]),
    ({}, lambda bok, blad: _fargad(bok, blad, font_color="#909090", font_size=18), []),
    ({}, lambda bok, blad: _fargad(bok, blad, bg_color="#0B4F5C"), [("TG209", ("Drift!B4",))]),
    ({}, lambda bok, blad: _fargad(bok, blad, bg_color="#0B4F5C", font_color="#FFFFFF"), []),
    ({}, lambda bok, _: _dolj(bok, "Underlag", mycket=False), [("TG210", ())]),
    ({}, lambda bok, _: _dolj(bok, "Underlag", mycket=True), [("TG210", ())]),
    ({}, lambda bok, _: _dolj(bok, "_kommunrapport", mycket=True), []),
    ({}, lambda bok, _: bok.add_worksheet("Underlag").hide(), []),
]  # fmt: skip


@pytest.mark.parametrize(("bok", "andra", "vantat"), EXCELFALL)
def test_excel(bok: dict[str, Any], andra: Bokandring, vantat: Funna, tmp_path: Path) -> None:
    assert granska(arbetsbok(tmp_path / "bok.xlsx", andra, **bok)) == sorted(vantat)


# --- Pdf ------------------------------------------------------------------------------------------------------------


def _typsnitt(beskrivning: pikepdf.Object) -> Callable[[pikepdf.Pdf], None]:
    def andra(pdf: pikepdf.Pdf) -> None:
        typsnitt = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Arial, FontDescriptor=beskrivning)
        pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(typsnitt)))

    return andra


def _byt_tagg(fran: str, till: str) -> Callable[[pikepdf.Pdf], None]:
    def andra(pdf: pikepdf.Pdf) -> None:
        for objekt in pdf.objects:
            if isinstance(objekt, pikepdf.Dictionary) and objekt.get("/S") == fran:
                objekt.S = Name(till)

    return andra


def _utan_alt(pdf: pikepdf.Pdf) -> None:
    for objekt in pdf.objects:
        if isinstance(objekt, pikepdf.Dictionary) and "/Alt" in objekt:
            del objekt["/Alt"]


def _metadata(**utan: str) -> Callable[[pikepdf.Pdf], None]:
    def andra(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            for nyckel in utan.values():
                del metadata[nyckel]

    return andra


def _slinga(pdf: pikepdf.Pdf) -> None:
    """Ett taggträd som innehåller sig självt."""
    rot = pdf.Root.StructTreeRoot.K
    rot.K.append(rot)


PDFFALL: list[tuple[Callable[[pikepdf.Pdf], object] | None, int, list[str]]] = [
    (None, 1, []),
    (lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"), 1, ["TG301"]),
    (lambda pdf: pdf.Root.__delitem__("/MarkInfo"), 1, ["TG301"]),
    (lambda pdf: pdf.Root.__delitem__("/Lang"), 1, ["TG302"]),
    (lambda pdf: pdf.Root.__setattr__("Lang", "en-US"), 1, ["TG302"]),
    (_metadata(titel="dc:title"), 1, ["TG303"]),
    (lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"), 1, ["TG304"]),
    (lambda pdf: pdf.Root.__delitem__("/Outlines"), 20, []),
    (lambda pdf: pdf.Root.__delitem__("/Outlines"), 21, ["TG305"]),
    (_typsnitt(Dictionary()), 1, ["TG306"]),
    (_typsnitt(Dictionary(FontFile2=Dictionary())), 1, []),
    (_utan_alt, 1, ["TG307"]),
    (_byt_tagg("/TH", "/TD"), 1, ["TG308"]),
    (_byt_tagg("/H1", "/P"), 1, ["TG309"]),
    (_metadata(pdfua="{http://www.aiim.org/pdfua/ns/id/}part"), 1, ["TG311"]),
    (_metadata(pdfa="pdfaid:part", niva="pdfaid:conformance"), 1, ["TG312"]),
    (_slinga, 1, []),
]


@pytest.mark.parametrize(("andra", "sidor", "vantat"), PDFFALL)
def test_pdf(andra: Callable[[pikepdf.Pdf], object] | None, sidor: int, vantat: list[str], tmp_path: Path) -> None:
    assert koder(pdf_med(tmp_path / "rapport.pdf", andra, sidor=sidor)) == vantat


def test_en_figur_utan_alternativtext_namns_med_sidan(tmp_path: Path) -> None:
    assert granska(pdf_med(tmp_path / "rapport.pdf", _utan_alt)) == [("TG307", ("sida 1",))]


@pytest.mark.parametrize(
    ("kryptering", "vantat"),
    [
        (pikepdf.Encryption(user="hemligt", owner="hemligt"), ["TG002"]),
        (pikepdf.Encryption(user="", owner="hemligt"), []),
        (pikepdf.Encryption(user="", owner="hemligt", R=3, aes=False, metadata=False, allow=pikepdf.Permissions(accessibility=False)), ["TG310"]),
    ],
)
def test_en_skyddad_pdf(kryptering: pikepdf.Encryption, vantat: list[str], tmp_path: Path) -> None:
    assert koder(pdf_med(tmp_path / "rapport.pdf", kryptering=kryptering)) == vantat


# --- Filer som inte går att granska ---------------------------------------------------------------------------------

ENTITET = DELAR["word/document.xml"].replace("<w:document", '<!DOCTYPE d [<!ENTITY a "b">]><w:document')
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
LOSENORD = OLE + b"\0" * 120 + "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + (34).to_bytes(2, "little") + b"\0" * 62
FILFALL = [
    (b"", "TG001"),
    (LOSENORD, "TG002"),
    (docx_med()[:-200], "TG003"),
    (b"PK\x03\x04 inte en zip", "TG003"),
    (zippa({**DELAR, "word/document.xml": "<w:document"}), "TG003"),
    (zippa({n: d for n, d in DELAR.items() if n != "word/document.xml"}), "TG003"),
    (b"%PDF-1.7 och sedan inget", "TG003"),
    (b"Bara text", "TG005"),
    (OLE + b"\0" * 500, "TG005"),
    (zippa({"ppt/presentation.xml": "<p/>"}), "TG005"),
    (zippa({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "TG005"),
    (zippa({**DELAR, "word/document.xml": ENTITET}), "TG008"),
    (zippa({**DELAR, "../utanfor.xml": "<a/>"}), "TG008"),
]


@pytest.mark.parametrize(("data", "vantat"), FILFALL)
def test_en_fil_som_inte_gar_att_granska(data: bytes, vantat: str, skriv: Callable[[bytes], Path]) -> None:
    fil = skriv(data)
    assert koder(fil) == [vantat]
    (a,) = granska_fil(fil, MALL).anmarkningar
    assert "{" not in MALL.katalog.mening(a) + MALL.katalog.gor_sa(a)


def test_en_for_stor_fil(skriv: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(granser, "MAX_BYTE", 100)
    assert koder(skriv(docx_med())) == ["TG004"]


def test_en_mapp_som_fil_gar_inte_att_oppna(tmp_path: Path) -> None:
    assert koder(tmp_path) == ["TG006"]


def test_en_fil_som_tar_for_lang_tid(skriv: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(granser, "MAX_SEKUNDER", 0.0)
    assert koder(skriv(docx_med())) == ["TG007"]


def test_words_lasfil(tmp_path: Path) -> None:
    fil = tmp_path / "~$rapport.docx"
    fil.write_bytes(b"\x05Anna")
    assert koder(fil) == ["TG010"]


def test_varje_avhuggen_fil_ger_en_mening_och_inget_undantag(skriv: Callable[[bytes], Path]) -> None:
    hel = docx_med()
    assert {kod for langd in range(1, len(hel), 997) for kod in koder(skriv(hel[:langd]))} <= {"TG003", "TG005"}


# --- Kommandot ------------------------------------------------------------------------------------------------------


@pytest.fixture
def mapp(tmp_path: Path) -> Path:
    """En mapp med ett dokument utan brister, ett med en varning och ett med fel i en undermapp, och sådant som inte är dokument."""
    (tmp_path / "under").mkdir()
    (tmp_path / "ren.docx").write_bytes(docx_med())
    (tmp_path / "varning.docx").write_bytes(docx_med(TEXT, TOMT * 2))
    (tmp_path / "under" / "fel.docx").write_bytes(docx_med(TEXT, p("Grå", rpr='<w:color w:val="909090"/>') + TOMT * 2))
    for namn in ("~$ren.docx", "spar.json", ".dold.docx"):
        (tmp_path / namn).write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    ("filer", "kod"), [(["ren.docx"], 0), (["varning.docx"], 0), (["under/fel.docx"], 4), (["ren.docx", "under"], 4), (["."], 4)]
)
def test_slutkoden(filer: list[str], kod: int, mapp: Path, kor: Kommandorad) -> None:
    assert kor("granska-dokument", *(str(mapp / fil) for fil in filer)).kod == kod


@pytest.mark.parametrize("saknas", ["finns-inte.docx", "tom"])
def test_en_fil_som_inte_finns_eller_en_mapp_utan_dokument_ar_fel_anvandning(saknas: str, mapp: Path, kor: Kommandorad) -> None:
    (mapp / "tom").mkdir()
    svar = kor("granska-dokument", str(mapp / saknas))
    assert svar.kod == 2
    assert saknas in svar.fel


def test_en_mapp_granskas_med_sina_undermappar_och_det_varsta_star_forst(mapp: Path, kor: Kommandorad) -> None:
    svar = kor("granska-dokument", str(mapp))
    assert [rad.split()[0] for rad in svar.ut.splitlines() if rad.startswith(("FEL", "VARNING"))] == ["FEL", "VARNING", "VARNING"]
    assert [rad for rad in svar.ut.splitlines() if "ren.docx" in rad and ": ok" in rad]
    assert "dold" not in svar.ut


def test_samma_fil_granskas_en_gang(mapp: Path, kor: Kommandorad) -> None:
    fil = str(mapp / "ren.docx")
    assert len(json.loads(kor("granska-dokument", fil, fil, "--json").ut)) == 1


def test_json_har_kod_plats_ord_och_grund(mapp: Path, kor: Kommandorad) -> None:
    (d,) = json.loads(kor("granska-dokument", str(mapp / "under/fel.docx"), "--json").ut)
    assert (d["slag"], d["godkand"], [a["kod"] for a in d["anmarkningar"]]) == ("docx", False, ["TG118", "TG113"])
    forsta = d["anmarkningar"][0]
    assert forsta["platser"] == ["stycke 2 ”Grå”"]
    assert all(forsta[nyckel] for nyckel in ("allvar", "rubrik", "mening", "gor_sa", "bygger_pa"))


def test_kommunens_egen_mall_for_granskningen_galler(mapp: Path, kor: Kommandorad) -> None:
    text = (medfoljande() / "tillganglighet.toml").read_text(encoding="utf-8")
    egna = mapp / "katalog" / "mallar"
    egna.mkdir(parents=True)
    (egna / "tillganglighet.toml").write_text(text.replace("minsta_text_pt = 9", "minsta_text_pt = 12"), encoding="utf-8")
    assert tomllib.loads(text)["minsta_text_pt"] == 9
    (d,) = json.loads(kor("granska-dokument", str(mapp / "ren.docx"), "--json", katalog=egna.parent).ut)
    assert [a["kod"] for a in d["anmarkningar"]] == ["TG120", "TG120"]  # brödtexten och sidfoten
    (egna / "tillganglighet.toml").write_text("minsta_text_pt = 'tio'", encoding="utf-8")
    assert kor("granska-dokument", str(mapp / "ren.docx"), katalog=egna.parent).kod == 5


def test_filen_andras_inte(mapp: Path, kor: Kommandorad) -> None:
    kor("granska-dokument", str(mapp))
    assert (mapp / "ren.docx").read_bytes() == docx_med()
