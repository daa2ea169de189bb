"""Filer som inte går att läsa, inte hör hemma eller inte går att lita på: var och en får sin anmärkning och stoppar inga andra."""

import contextlib
import io
import os
import random
import re
import shutil
import time
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kommunrapport.inlasning import excel, granser, tidsgrans
from kommunrapport.inlasning.agarfil import oppen_av
from kommunrapport.inlasning.inlamning import Inlamningar, las_inlamningar
from kommunrapport.inlasning.styrning import las_styrning
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from tests.kommun import PERIOD, Provkommun, bok, redigera, vardbok

Forstor = Callable[[Path], object]
MAPP = "inlamnat/2024-08"
DRIFT = "xl/worksheets/sheet3.xml"


@pytest.fixture(scope="module")
def bocker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mappen med skolas och vårds korrekta böcker, skrivna en gång."""
    kommun = Provkommun(tmp_path_factory.mktemp("bocker"))
    kommun.lamna("skola", bok())
    return kommun.lamna("vard", vardbok()).parent


@pytest.fixture
def inlamnat(kommun: Provkommun, bocker: Path) -> Path:
    """Provkommunens mapp med kopior av de korrekta böckerna, att förstöra."""
    return Path(shutil.copytree(bocker, kommun.katalog / MAPP))


def las(kommun: Provkommun) -> Inlamningar:
    arbete = las_arbetskatalog(kommun.katalog)
    styrning = las_styrning(kommun.katalog, PERIOD.ar, arbete.organisation)
    return las_inlamningar(arbete, las_periodmall(arbete, PERIOD), styrning.rader)


def utom_saknade(inlamningar: Inlamningar) -> list[Anmarkning]:
    return [a for a in inlamningar.anmarkningar if a.kod != "KR101"]


def byt_del(fil: Path, namn: str, andring: Callable[[bytes], bytes]) -> None:
    """Byter ut en del i arbetsbokens zip."""
    with zipfile.ZipFile(fil) as arkiv:
        delar = {n: arkiv.read(n) for n in arkiv.namelist()}
    delar[namn] = andring(delar[namn])
    with zipfile.ZipFile(fil, "w", zipfile.ZIP_DEFLATED) as arkiv:
        for n, innehall in delar.items():
            arkiv.writestr(n, innehall)


def satt_i_manifestet(cell: str, varde: str) -> Forstor:
    def satt(fil: Path) -> None:
        arbetsbok = redigera(fil)
        arbetsbok["_kommunrapport"][cell] = varde
        arbetsbok.save(fil)

    return satt


def _doctype(del_: str) -> Forstor:
    return lambda fil: byt_del(fil, del_, lambda xml: xml.replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n', 1))


def _frammande_bok(fil: Path) -> None:
    arbetsbok = openpyxl.Workbook()
    arbetsbok.save(fil)


def _utan_dolda_bladet(fil: Path) -> None:
    arbetsbok = redigera(fil)
    del arbetsbok["_kommunrapport"]
    arbetsbok.save(fil)


def _cell_langt_bort(adress: str) -> Forstor:
    rad = b'<row r="9"><c r="%s"><v>1</v></c></row></sheetData>' % adress.encode()
    return lambda fil: byt_del(fil, DRIFT, lambda xml: xml.replace(b"</sheetData>", rad))


def _utan_del(namn: str) -> Forstor:
    def ta_bort(fil: Path) -> None:
        with zipfile.ZipFile(fil) as arkiv:
            delar = {n: arkiv.read(n) for n in arkiv.namelist()}
        del delar[namn]
        with zipfile.ZipFile(fil, "w") as arkiv:
            for n, innehall in delar.items():
                arkiv.writestr(n, innehall)

    return ta_bort


def _krypterad_zip(fil: Path) -> None:
    data = bytearray(fil.read_bytes())
    for signatur, flaggor in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signatur, start)) >= 0:
            data[start + flaggor] |= 1
            start += 4
    fil.write_bytes(bytes(data))


def _skadad_i_mitten(fil: Path) -> None:
    data = bytearray(fil.read_bytes())
    start = data.find(b"xl/worksheets/sheet3.xml") + 40
    data[start : start + 200] = b"\xff" * 200
    fil.write_bytes(bytes(data))


def _utan_slut(fil: Path) -> None:
    fil.write_bytes(fil.read_bytes()[:5000])


def _full_av_nollor(fil: Path) -> None:
    """Som när filservern har reserverat plats men kopieringen avbröts."""
    data = fil.read_bytes()
    fil.write_bytes(data[:5000] + bytes(len(data) - 5000))


def _ole(*strommar: str) -> Forstor:
    """En OLE-fil vars katalog har strömmarna."""

    def skriv(fil: Path) -> None:
        poster = b"".join((s.encode("utf-16-le") + b"\0\0").ljust(64, b"\0") + (2 * len(s) + 2).to_bytes(2, "little") + bytes(62) for s in strommar)
        fil.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + poster + bytes(512))

    return skriv


def _zip(**delar: bytes) -> Forstor:
    """En zip med delarna; dubbelt understreck står för snedstreck och ett för punkt."""

    def skriv(fil: Path) -> None:
        with zipfile.ZipFile(fil, "w") as arkiv:
            for namn, innehall in delar.items():
                arkiv.writestr(namn.replace("__", "/").replace("_", "."), innehall)

    return skriv


def _lagg_till(namn: str, innehall: bytes = b"x", packning: int = zipfile.ZIP_DEFLATED) -> Forstor:
    def lagg_till(fil: Path) -> None:
        with warnings.catch_warnings(), zipfile.ZipFile(fil, "a", packning) as arkiv:
            warnings.simplefilter("ignore")
            arkiv.writestr(namn, innehall)

    return lagg_till


def _satt_in(del_: str, fore: bytes, nytt: bytes) -> Forstor:
    """Sätter in något i delens XML, före den första förekomsten av ``fore``."""

    def satt_in(fil: Path) -> None:
        byt_del(fil, del_, lambda xml: xml.replace(fore, nytt + fore, 1))

    return satt_in


def _byt(del_: str, gammalt: bytes, nytt: bytes) -> Forstor:
    return lambda fil: byt_del(fil, del_, lambda xml: xml.replace(gammalt, nytt, 1))


def _slumpvis(antal: int) -> bytes:
    """Text som knappt går att packa, så att det inte är packningen som stoppar den."""
    return random.Random(1).randbytes(antal // 2).hex().encode()  # noqa: S311


def _kommentar(del_: str, fore: bytes) -> Forstor:
    return _satt_in(del_, fore, b"<!--" + _slumpvis(granser.MAX_KOMMENTAR + 10) + b"-->")


BOMB = b" " * 3_000_000
BLADEN = b"<sheetData>"
ENTITETER = b'<!DOCTYPE x [<!ENTITY a "bbbbbbbbbb"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n'

OLASBARA: dict[str, tuple[str, Forstor]] = {
    "tom": ("KR102", lambda fil: fil.write_bytes(b"")),
    "losenordsskyddad": ("KR103", _ole("Root Entry", "EncryptionInfo", "EncryptedPackage")),
    "etikett_med_kryptering": ("KR103", _ole("Root Entry", "\x06DataSpaces", "EncryptedPackage")),
    "skadad_i_mitten": ("KR104", _skadad_i_mitten),
    "zip_med_losenord": ("KR104", _krypterad_zip),
    "trasig_xml": ("KR104", lambda fil: byt_del(fil, "xl/workbook.xml", lambda xml: xml[:200])),
    "avhugget_blad": ("KR104", lambda fil: byt_del(fil, DRIFT, lambda xml: xml[: len(xml) // 2])),
    "okand_teckenkodning": ("KR104", _byt("xl/workbook.xml", b"UTF-8", b"UTF-0")),
    "blad_i_utf16": ("KR104", lambda fil: byt_del(fil, DRIFT, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"))),
    "kolumn_utan_nummer": ("KR104", _byt(DRIFT, b"<cols>", b'<cols><col hidden="1"/>')),
    "sammanfogat_utan_adress": ("KR104", _satt_in(DRIFT, b"</worksheet>", b'<mergeCells><mergeCell ref="x"/></mergeCells>')),
    "rad_som_inte_ar_ett_tal": ("KR104", _satt_in(DRIFT, b"</sheetData>", b'<row r="x"><c><v>1</v></c></row>')),
    "skrap": ("KR104", lambda fil: fil.write_bytes(bytes(range(256)) * 10)),
    "doctype_i_ett_blad": ("KR105", _doctype(DRIFT)),
    "doctype_i_arbetsboken": ("KR105", _doctype("xl/workbook.xml")),
    "doctype_i_relationerna": ("KR105", _doctype("xl/_rels/workbook.xml.rels")),
    "entitetsbomb_i_texterna": ("KR105", _byt("xl/sharedStrings.xml", b"?>\n", b"?>\n" + ENTITETER)),
    "entitetsbomb_i_formaten": ("KR105", _byt("xl/styles.xml", b"?>\n", b"?>\n" + ENTITETER)),
    "annan_arbetsbok": ("KR110", _frammande_bok),
    "boken_utan_det_dolda_bladet": ("KR110", _utan_dolda_bladet),
    "gammalt_format": ("KR130", _ole("Root Entry", "Workbook")),
    "aldre_an_gammalt_format": ("KR130", _ole("Root Entry", "Book")),
    "gammalt_worddokument": ("KR131", _ole("Root Entry", "WordDocument")),
    "ole_utan_innehall": ("KR131", _ole()),
    "xlsb": ("KR132", _zip(xl__workbook_bin=b"x", xl__worksheets__sheet1_bin=b"x")),
    "ods": ("KR133", _zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>")),
    "worddokument": ("KR134", _zip(word__document_xml=b"<x/>")),
    "presentation": ("KR134", _zip(ppt__presentation_xml=b"<x/>")),
    "bilder_i_en_zip": ("KR134", _zip(foto_jpg=b"x")),
    "tom_zip": ("KR134", _zip()),
    "textfil": ("KR134", lambda fil: fil.write_text("enhet;utfall\nskola;1\n", encoding="utf-8")),
    "webbsida": ("KR134", lambda fil: fil.write_text("<html>Logga in</html>", encoding="utf-8")),
    "pdf": ("KR134", lambda fil: fil.write_bytes(b"%PDF-1.7\n\x00\xff")),
    "samma_del_tva_ganger": ("KR135", _lagg_till(DRIFT, b"<x/>")),
    "samma_del_med_stora_bokstaver": ("KR135", _lagg_till("XL/Worksheets/Sheet3.xml", b"<x/>")),
    "del_utanfor_zippen": ("KR135", _lagg_till("../../start.bat")),
    "del_med_omvant_snedstreck": ("KR135", _lagg_till("xl\\..\\..\\start.bat")),
    "del_fran_roten": ("KR135", _lagg_till("/etc/passwd")),
    "del_pa_en_disk": ("KR135", _lagg_till("C:/start.bat")),
    "annan_packning": ("KR135", _lagg_till("xl/extra.xml", packning=zipfile.ZIP_LZMA)),
    "tva_blad_med_samma_namn": ("KR135", _byt("xl/workbook.xml", 'name="Försättsblad"'.encode(), b'name="Driftredovisning"')),
    "kommentar_i_ett_blad": ("KR136", _kommentar(DRIFT, BLADEN)),
    "kommentar_utan_slut": ("KR136", _satt_in(DRIFT, BLADEN, b"<!--" + _slumpvis(granser.MAX_KOMMENTAR + 10))),
    "kommentar_i_texterna": ("KR136", _kommentar("xl/sharedStrings.xml", b"<si>")),
    "kommentar_i_formaten": ("KR136", _kommentar("xl/styles.xml", b"<fonts")),
    "kommentar_i_arbetsboken": ("KR136", _kommentar("xl/workbook.xml", b"<sheets>")),
    "kommentar_i_relationerna": ("KR136", _kommentar("xl/_rels/workbook.xml.rels", b"<Relationship ")),
    "djupt_nastlad": ("KR136", _satt_in(DRIFT, BLADEN, b"<a>" * 300 + b"</a>" * 300)),
    "zipbomb_i_ett_blad": ("KR137", lambda fil: byt_del(fil, DRIFT, lambda xml: xml + BOMB)),
    "zipbomb_i_en_del_som_inte_lases": ("KR137", lambda fil: byt_del(fil, "docProps/core.xml", lambda xml: xml + BOMB)),
    "zipbomb_i_en_bild": ("KR137", _lagg_till("xl/media/bild.png", bytes(3_000_000))),
    "fler_rader_an_gransen": ("KR138", _cell_langt_bort(f"A{granser.MAX_RADER + 1}")),
    "varde_i_bladets_bortersta_horn": ("KR138", _cell_langt_bort("XFD1048576")),
    "varde_pa_bladets_sista_rad": ("KR138", _cell_langt_bort("C1048576")),
    "varde_i_sista_kolumnen_langt_ner": ("KR138", _cell_langt_bort("XFD9000")),
    "avbruten_kopiering": ("KR141", _utan_slut),
    "avbruten_kopiering_med_nollor": ("KR141", _full_av_nollor),
    "bara_nollor": ("KR141", lambda fil: fil.write_bytes(bytes(9000))),
    "arbetsbok_utan_arbetsbok": ("KR142", _utan_del("xl/workbook.xml")),
    "arbetsbok_utan_relationer": ("KR142", _utan_del("xl/_rels/workbook.xml.rels")),
    "blad_som_saknas_i_zip": ("KR142", _utan_del(DRIFT)),
    "texterna_saknas": ("KR142", _utan_del("xl/sharedStrings.xml")),
    "text_som_inte_finns": ("KR142", lambda fil: byt_del(fil, DRIFT, lambda xml: re.sub(rb"<v>\d+</v>", b"<v>9999</v>", xml, count=1))),
    "text_med_negativt_nummer": ("KR142", lambda fil: byt_del(fil, DRIFT, lambda xml: re.sub(rb"<v>\d+</v>", b"<v>-1</v>", xml, count=1))),
}
STRUKTUR = {
    "varde_i_bladets_bortersta_horn": ("Driftredovisning", ("XFD1048576",)),
    "varde_pa_bladets_sista_rad": ("Driftredovisning", ("C1048576",)),
    "varde_i_sista_kolumnen_langt_ner": ("Driftredovisning", ("XFD9000",)),
    "text_som_inte_finns": ("Driftredovisning", ("A1",)),
    "text_med_negativt_nummer": ("Driftredovisning", ("A1",)),
}
"""Bladet och cellerna som anmärkningen pekar ut."""


@pytest.mark.parametrize("fel", STRUKTUR)
def test_en_olasbar_fil_pekar_ut_cellen_nar_den_ar_kand(kommun: Provkommun, inlamnat: Path, fel: str) -> None:
    OLASBARA[fel][1](inlamnat / "skola.xlsx")
    (anmarkning,) = utom_saknade(las(kommun))
    assert (anmarkning.plats.blad, anmarkning.plats.celler) == STRUKTUR[fel]


# --- Ovanligt men riktigt: boken läses ----------------------------------------------------------------


LASBARA: dict[str, Forstor] = {
    "formaterad_tom_cell_pa_sista_raden": _satt_in(DRIFT, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
    "blad_med_16384_kolumner": _satt_in(DRIFT, b"</sheetData>", b'<row r="90"><c/>' + b"<c><v>1</v></c>" * 16383 + b"</row>"),
    "matten_ljuger": lambda fil: byt_del(fil, DRIFT, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)),
    "kort_kommentar": _satt_in(DRIFT, BLADEN, b"<!-- x -->"),
    "celler_i_en_kommentar": _satt_in(DRIFT, BLADEN, b'<!-- <c r="XFD1048576" t="e"><v>#REF!</v></c> -->'),
    "kommentar_i_egenskaperna": _kommentar("docProps/core.xml", b"<dc:title>"),
    "egenskaperna_saknas": _utan_del("docProps/core.xml"),
    "omvanda_snedstreck": lambda fil: fil.write_bytes(fil.read_bytes().replace(b"xl/worksheets/sheet3.xml", b"xl\\worksheets\\sheet3.xml")),
    "celler_utan_adress": lambda fil: byt_del(fil, DRIFT, lambda xml: re.sub(rb'<c r="A\d+"', b"<c", xml)),
    "namngivet_blad": _byt("xl/workbook.xml", b'name="Driftredovisning"', 'name="Vår drift (2)"'.encode()),
    "manga_oavslutade_taggar_i_en_text": _satt_in("xl/sharedStrings.xml", b"</sst>", b"<si><t>" + b"&lt;c r=" * 100_000 + b"</t></si>"),
}


@pytest.mark.parametrize("fall", LASBARA)
def test_en_ovanlig_men_hel_fil_lases(kommun: Provkommun, inlamnat: Path, fall: str) -> None:
    LASBARA[fall](inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    assert [a for a in utom_saknade(inlamningar) if a.kod != "KR206"] == []
    assert inlamningar.lamnat == {"skola", "vard"}


def test_ingen_av_filerna_tar_lang_tid(inlamnat: Path, tmp_path: Path) -> None:
    for forstor in [*(f for _, f in OLASBARA.values()), *LASBARA.values()]:
        fil = Path(shutil.copyfile(inlamnat / "skola.xlsx", tmp_path / "fil.xlsx"))
        forstor(fil)
        start = time.perf_counter()
        with contextlib.suppress(excel.Olasbar):
            excel.las_bok(fil)
        assert time.perf_counter() - start < 10


def test_oavslutade_celler_ger_ingen_kvadratisk_tid(inlamnat: Path) -> None:
    _satt_in(DRIFT, b"</sheetData>", b'<c r="A1">' * 190_000)(inlamnat / "skola.xlsx")
    start = time.perf_counter()
    with pytest.raises(excel.Olasbar):
        excel.las_bok(inlamnat / "skola.xlsx")
    assert time.perf_counter() - start < 10


def test_en_lang_text_som_manga_celler_delar_kopieras_inte(inlamnat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fil = inlamnat / "skola.xlsx"
    _satt_in("xl/sharedStrings.xml", b"<si>", b"<si><t>" + _slumpvis(1_000_000) + b"</t></si>")(fil)
    _satt_in(DRIFT, b"</sheetData>", b'<row r="90">' + b'<c t="s"><v>0</v></c>' * 5000 + b"</row>")(fil)
    with pytest.raises(excel.Olasbar) as fel:
        excel.las_bok(fil)
    assert fel.value.kod == "KR106"
    monkeypatch.setattr(granser, "MAX_TEXT", 10**11)
    monkeypatch.setattr(excel, "_varden", lambda _delar, drag, _tid: {namn: [] for namn in drag})
    assert excel.las_bok(fil)


@pytest.mark.parametrize(("grans", "varde"), [("MAX_DELAR", 5), ("MAX_BLAD", 3), ("MAX_DEL", 5000), ("MAX_CELLER", 30_000)])
def test_varje_grans_haller_och_skrivs_ut(inlamnat: Path, monkeypatch: pytest.MonkeyPatch, grans: str, varde: int) -> None:
    monkeypatch.setattr(granser, grans, varde)
    with pytest.raises(excel.Olasbar) as fel:
        excel.las_bok(inlamnat / "skola.xlsx")
    assert fel.value.kod == "KR106"
    assert fel.value.fakta["grans"]


# --- Tiden ---------------------------------------------------------------------------------------------


def _hangande(fil: Path, monkeypatch: pytest.MonkeyPatch, hang: Callable[[tidsgrans.Tidsgrans], None]) -> None:
    """Läsningen av just den filen blir aldrig klar."""
    las_vanligt = excel._las_byte

    def las_(vilken: Path, tid: tidsgrans.Tidsgrans) -> bytes:
        if vilken.name == fil.name:
            hang(tid)
        return las_vanligt(vilken, tid)

    monkeypatch.setattr(excel, "_las_byte", las_)
    monkeypatch.setattr(granser, "MAX_SEKUNDER", 0.5)


def _egen_slinga(tid: tidsgrans.Tidsgrans) -> None:
    while True:
        tid.stam_av()


@pytest.mark.parametrize("hang", [lambda _tid: time.sleep(20), _egen_slinga], ids=["i ett bibliotek", "i en egen slinga"])
def test_en_fil_som_hanger_ges_upp_och_de_andra_lases(
    kommun: Provkommun, inlamnat: Path, monkeypatch: pytest.MonkeyPatch, hang: Callable[[tidsgrans.Tidsgrans], None]
) -> None:
    _hangande(inlamnat / "skola.xlsx", monkeypatch, hang)
    start = time.perf_counter()
    inlamningar = las(kommun)
    assert time.perf_counter() - start < 10
    assert [(a.kod, a.plats.fil) for a in utom_saknade(inlamningar)] == [("KR139", f"{MAPP}/skola.xlsx")]
    assert inlamningar.lamnat == {"vard"}


def test_en_tung_bok_ges_upp_medan_biblioteket_arbetar(inlamnat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beviset att biblioteken släpper Pythons lås: väntan tar slut innan läsningen gör det."""
    rader = b"".join(b'<row r="%d">' % nr + b"<c><v>1</v></c>" * 12 + b"</row>" for nr in range(100, 60_000))
    _satt_in(DRIFT, b"</sheetData>", rader)(inlamnat / "skola.xlsx")
    monkeypatch.setattr(granser, "MAX_SEKUNDER", 0.1)
    start = time.perf_counter()
    with pytest.raises(excel.Olasbar) as fel:
        excel.las_bok(inlamnat / "skola.xlsx")
    assert fel.value.kod == "KR139"
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("fel", OLASBARA)
def test_en_olasbar_fil_far_sin_kod_och_stoppar_inga_andra(kommun: Provkommun, inlamnat: Path, fel: str) -> None:
    kod, forstor = OLASBARA[fel]
    forstor(inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    assert [(a.kod, a.plats.fil) for a in utom_saknade(inlamningar)] == [(kod, f"{MAPP}/skola.xlsx")]
    assert inlamningar.lamnat == {"vard"}
    assert set(inlamningar.fakta["enhet"]) == {"vard"}


@pytest.mark.parametrize("fel", ["tom", "trasig_xml", "zipbomb_i_ett_blad"])
def test_enheten_bakom_en_olasbar_fil_saknas(kommun: Provkommun, inlamnat: Path, fel: str) -> None:
    OLASBARA[fel][1](inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    assert inlamningar.saknas == ("skola", "finans")
    assert [a.enhet for a in inlamningar.anmarkningar if a.kod == "KR101"] == ["skola", "finans"]


@pytest.mark.parametrize("fel", ["tom", "trasig_xml"])
def test_en_olasbar_fil_hor_till_enheten_som_namnet_namner_och_saknas_da_inte(kommun: Provkommun, inlamnat: Path, fel: str) -> None:
    (inlamnat / "skola.xlsx").rename(inlamnat / "Skolnämnden, delår.xlsx")
    OLASBARA[fel][1](inlamnat / "Skolnämnden, delår.xlsx")
    inlamningar = las(kommun)
    assert inlamningar.saknas == ("skola", "finans")
    assert [(a.kod, a.enhet) for a in inlamningar.anmarkningar] == [(OLASBARA[fel][0], "skola"), ("KR101", "finans")]


def test_alla_daliga_filer_pa_en_gang_stoppar_inte_den_goda(kommun: Provkommun, inlamnat: Path) -> None:
    for namn, (_, forstor) in OLASBARA.items():
        fil = Path(shutil.copyfile(inlamnat / "skola.xlsx", inlamnat / f"{namn}.xlsx"))
        forstor(fil)
    (inlamnat / "skola.xlsx").unlink()
    inlamningar = las(kommun)
    assert {Path(a.plats.fil).stem: a.kod for a in utom_saknade(inlamningar)} == {namn: kod for namn, (kod, _) in OLASBARA.items()}
    assert inlamningar.lamnat == {"vard"}


def test_en_fil_over_storleksgransen_lases_inte_in(kommun: Provkommun, inlamnat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (inlamnat / "skola.xlsx").open("ab") as fil:
        fil.write(bytes(200_000))
    monkeypatch.setattr(granser, "MAX_BYTE", 200_000)
    assert [a.kod for a in utom_saknade(las(kommun))] == ["KR106"]


def test_en_uppackad_storlek_over_gransen_lases_inte(kommun: Provkommun, inlamnat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(granser, "MAX_UPPACKAT", 50_000)
    assert [a.kod for a in utom_saknade(las(kommun))] == ["KR106", "KR106"]
    assert inlamnat.is_dir()


def test_ett_tomt_formaterat_blad_langt_ner_ar_ingen_stor_fil(kommun: Provkommun, inlamnat: Path) -> None:
    tom_rad = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    byt_del(inlamnat / "skola.xlsx", DRIFT, lambda xml: xml.replace(b"</sheetData>", tom_rad))
    inlamningar = las(kommun)
    assert utom_saknade(inlamningar) == []
    assert inlamningar.lamnat == {"skola", "vard"}


def _nekad(fil: Path, fel: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    oppna_vanligt = Path.open

    def oppna(self: Path, *a: Any, **k: Any) -> Any:
        if self.name == fil.name:
            raise fel
        return oppna_vanligt(self, *a, **k)

    monkeypatch.setattr(Path, "open", oppna)


@pytest.mark.parametrize("fel", [PermissionError(13, "nekad"), OSError(5, "läsfel på nätverket")])
def test_en_fil_som_inte_gar_att_oppna_stoppar_inga_andra(kommun: Provkommun, inlamnat: Path, fel: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    _nekad(inlamnat / "skola.xlsx", fel, monkeypatch)
    inlamningar = las(kommun)
    assert [(a.kod, a.plats.fil) for a in utom_saknade(inlamningar)] == [("KR107", f"{MAPP}/skola.xlsx")]
    assert inlamningar.lamnat == {"vard"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="läsbehörigheten går inte att ta bort för den här användaren")
def test_en_fil_utan_lasbehorighet_stoppar_inga_andra(kommun: Provkommun, inlamnat: Path) -> None:
    (inlamnat / "skola.xlsx").chmod(0)
    inlamningar = las(kommun)
    assert [a.kod for a in utom_saknade(inlamningar)] == ["KR107"]
    assert inlamningar.lamnat == {"vard"}


# --- Filer som inte hör hemma bland inlämningarna --------------------------------------------------------------------


@pytest.mark.parametrize("namn", ["skola.xls", "skola.ods", "läs mig.txt", "skola.xlsx.bak", "utan ändelse"])
def test_andra_filtyper_namns_men_lases_inte(kommun: Provkommun, inlamnat: Path, namn: str) -> None:
    (inlamnat / namn).write_bytes(b"x")
    inlamningar = las(kommun)
    assert [(a.kod, a.plats.fil, a.lamnat) for a in utom_saknade(inlamningar)] == [("KR109", f"{MAPP}/{namn}", Path(namn).suffix)]
    assert inlamningar.lamnat == {"skola", "vard"}


def agarfil(namn: str, plats: int, storlek: int) -> bytes:
    """Som Excel (plats 55, 165 byte) och Word (54, 162) skriver den: namnet i ANSI, fyllt till platsen, och i UTF-16."""
    ansi, utf16 = namn.encode("cp1252", "replace"), namn.encode("utf-16-le")
    return (bytes([len(ansi)]) + ansi).ljust(plats) + len(namn).to_bytes(2, "little") + utf16.ljust(storlek - plats - 2, b" ")


@pytest.mark.parametrize(
    ("innehall", "namn"),
    [
        (agarfil("Åsa Öberg", 55, 165), "Åsa Öberg"),
        (agarfil("Åsa Öberg", 54, 162), "Åsa Öberg"),
        (agarfil("Łucja", 55, 165), "Łucja"),
        (b"\x05Sofia" + b" " * 20, "Sofia"),
        (b"", ""),
        (b"\0" * 165, ""),
        (b"\xff" * 165, ""),
        (b"\x09kort", ""),
        (b"Controller", ""),
    ],
)
def test_agarfilen_sager_vem_som_har_boken_oppen(tmp_path: Path, innehall: bytes, namn: str) -> None:
    (tmp_path / "~$skola.xlsx").write_bytes(innehall)
    assert oppen_av(tmp_path / "~$skola.xlsx") == namn
    assert oppen_av(tmp_path / "finns inte.xlsx") == ""


def test_excels_lasfil_sager_att_boken_ar_oppen_men_boken_lases(kommun: Provkommun, inlamnat: Path) -> None:
    (inlamnat / "~$skola.xlsx").write_bytes(b"Controller")
    inlamningar = las(kommun)
    assert [(a.kod, a.plats.fil, a.fakta["bok"]) for a in utom_saknade(inlamningar)] == [("KR108", f"{MAPP}/~$skola.xlsx", "skola.xlsx")]
    assert inlamningar.lamnat == {"skola", "vard"}


def test_dolda_filer_och_undermappar_namns_inte(kommun: Provkommun, inlamnat: Path) -> None:
    (inlamnat / ".DS_Store").write_bytes(b"x")
    (inlamnat / ".~lock.skola.xlsx#").write_bytes(b"x")
    (inlamnat / "gamla").mkdir()
    assert utom_saknade(las(kommun)) == []


@pytest.mark.parametrize("namn", ["3F2504E0.tmp", "3F2504E0", "skola.xlsx.crdownload", "skola.xlsx.part"])
def test_en_halv_sparning_eller_hamtning_sags_vara_tillfallig(kommun: Provkommun, inlamnat: Path, namn: str) -> None:
    (inlamnat / namn).write_bytes(b"x")
    inlamningar = las(kommun)
    assert [(a.kod, a.plats.fil) for a in utom_saknade(inlamningar)] == [("KR144", f"{MAPP}/{namn}")]
    assert inlamningar.lamnat == {"skola", "vard"}


@pytest.mark.parametrize("namn", ["Thumbs.db", "desktop.ini"])
def test_windows_egna_filer_namns_inte(kommun: Provkommun, inlamnat: Path, namn: str) -> None:
    (inlamnat / namn).write_bytes(b"x")
    assert utom_saknade(las(kommun)) == []


def _med_filattribut(fil: Path, attribut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Som filen ser ut i Windows."""
    stat_vanligt = Path.stat

    def stat(self: Path, **k: Any) -> Any:
        status = stat_vanligt(self, **k)
        if self.name != fil.name:
            return status
        return SimpleNamespace(st_mode=status.st_mode, st_size=status.st_size, st_file_attributes=attribut)

    monkeypatch.setattr(Path, "stat", stat)


@pytest.mark.parametrize(("attribut", "koder"), [(0x400000, ["KR140"]), (0x1000, ["KR140"]), (0x20, [])])
def test_en_fil_som_bara_finns_i_molnet_hamtas_inte(
    kommun: Provkommun, inlamnat: Path, monkeypatch: pytest.MonkeyPatch, attribut: int, koder: list[str]
) -> None:
    _med_filattribut(inlamnat / "skola.xlsx", attribut, monkeypatch)
    assert [a.kod for a in utom_saknade(las(kommun))] == koder


def test_en_molnfil_som_inte_gar_att_hamta_ar_ingen_last_fil(kommun: Provkommun, inlamnat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fel = OSError(22, "molnet")
    fel.winerror = 395  # type: ignore[attr-defined, unused-ignore]
    _nekad(inlamnat / "skola.xlsx", fel, monkeypatch)
    assert [a.kod for a in utom_saknade(las(kommun))] == ["KR140"]


def test_filnamn_i_isartagen_form_lases_och_visas_sammansatta(kommun: Provkommun, inlamnat: Path) -> None:
    namn = "Skolnämnden på Åsö.xlsx"
    (inlamnat / "skola.xlsx").rename(inlamnat / unicodedata.normalize("NFD", namn))
    satt_i_manifestet("B4", unicodedata.normalize("NFD", "Skolnämnden"))(inlamnat / unicodedata.normalize("NFD", namn))
    inlamningar = las(kommun)
    assert inlamningar.lamnat == {"skola", "vard"}
    assert {i.fil for i in inlamningar.filer} == {f"{MAPP}/{namn}", f"{MAPP}/vard.xlsx"}


@pytest.mark.skipif(os.name == "nt", reason="Windows filnamn är alltid tecken")
def test_ett_filnamn_som_inte_ar_utf8_gar_att_skriva_ut(kommun: Provkommun, inlamnat: Path) -> None:
    try:
        os.rename(os.fsencode(inlamnat / "skola.xlsx"), os.fsencode(inlamnat) + b"/n\xe4mnd.xlsx")  # noqa: PTH104
    except OSError:
        pytest.skip("filsystemet tar inte sådana namn")
    inlamningar = las(kommun)
    assert inlamningar.lamnat == {"skola", "vard"}
    assert all(i.fil.encode() for i in inlamningar.filer)


def test_en_lang_sokvag_lases(tmp_path: Path) -> None:
    kommun = Provkommun(tmp_path / ("Ekonomi och styrning " * 5) / ("Delårsrapporter " * 6) / "katalog")
    kommun.lamna("skola", bok(), namn=f"{'Skolnämndens inlämning ' * 5}.xlsx")
    assert las(kommun).lamnat == {"skola"}


# --- Böcker som inte är den väntade -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "varde", "kod"),
    [("B5", "2024-03", "KR111"), ("B5", "augusti", "KR111"), ("B4", "kultur", "KR112"), ("B4", "", "KR112")],
)
def test_en_bok_for_annan_period_eller_okand_enhet_lases_inte(kommun: Provkommun, inlamnat: Path, cell: str, varde: str, kod: str) -> None:
    satt_i_manifestet(cell, varde)(inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    (anmarkning,) = utom_saknade(inlamningar)
    assert (anmarkning.kod, anmarkning.lamnat, anmarkning.plats.fil) == (kod, varde, f"{MAPP}/skola.xlsx")
    assert "2024-08" in anmarkning.vantat or {"skola", "vard", "finans"} == set(anmarkning.vantat.split(", "))
    assert inlamningar.lamnat == {"vard"}


def test_en_bok_som_ligger_i_fel_periods_mapp_lases_inte(kommun: Provkommun, inlamnat: Path) -> None:
    kommun.lamna("skola", {}, period=Period(2024, 3))
    shutil.copyfile(kommun.katalog / "inlamnat/2024-03/skola.xlsx", inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    assert [(a.kod, a.lamnat, a.vantat) for a in utom_saknade(inlamningar)] == [("KR111", "2024-03", "2024-08")]
    assert "skola" in inlamningar.saknas


@pytest.mark.parametrize("namn", [("skola (1).xlsx",), ("skola, ny.xlsx",), ("skola 2.xlsx", "skola, 3.xlsx")])
def test_av_flera_bocker_for_samma_enhet_lases_ingen(kommun: Provkommun, inlamnat: Path, namn: tuple[str, ...]) -> None:
    for n in namn:
        shutil.copyfile(inlamnat / "skola.xlsx", inlamnat / n)
    inlamningar = las(kommun)
    alla = sorted([*namn, "skola.xlsx"])
    assert sorted((a.kod, a.enhet, Path(a.plats.fil).name) for a in utom_saknade(inlamningar)) == [("KR113", "skola", n) for n in alla]
    assert all(n in a.fakta["andra"] for a in utom_saknade(inlamningar) for n in alla)
    assert set(inlamningar.fakta["enhet"]) == {"vard"}
    assert "skola" in inlamningar.saknas
    assert "skola" not in {a.enhet for a in inlamningar.anmarkningar if a.kod == "KR101"}


def test_en_olasbar_kopia_gor_inte_att_boken_raknas_dubbelt(kommun: Provkommun, inlamnat: Path) -> None:
    (inlamnat / "skola kopia.xlsx").write_bytes(b"")
    inlamningar = las(kommun)
    assert [a.kod for a in utom_saknade(inlamningar)] == ["KR102"]
    assert inlamningar.lamnat == {"skola", "vard"}


def test_en_bok_med_annan_mallversion_anmarks_men_lases_dar_beteckningarna_stammer(kommun: Provkommun, inlamnat: Path) -> None:
    satt_i_manifestet("B2", "2018-01-01")(inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    (anmarkning,) = [a for a in inlamningar.anmarkningar if a.kod == "KR114"]
    assert (anmarkning.enhet, anmarkning.lamnat) == ("skola", "2018-01-01")
    assert inlamningar.lamnat == {"skola", "vard"}


@pytest.mark.parametrize(("cell", "varde", "vantat"), [("C6", "Vårdnämnden", "Skolnämnden"), ("C7", "mars 2024", "augusti 2024")])
def test_fel_enhet_eller_period_pa_forsattsbladet_sags(kommun: Provkommun, inlamnat: Path, cell: str, varde: str, vantat: str) -> None:
    arbetsbok = openpyxl.load_workbook(inlamnat / "skola.xlsx", data_only=True)
    arbetsbok["Försättsblad"][cell] = varde
    arbetsbok.save(inlamnat / "skola.xlsx")
    (anmarkning,) = utom_saknade(las(kommun))
    assert (anmarkning.kod, anmarkning.enhet, anmarkning.plats.celler) == ("KR115", "skola", (cell,))
    assert (anmarkning.lamnat, anmarkning.vantat) == (varde, vantat)


def test_enheter_utan_bok_saknas(kommun: Provkommun, inlamnat: Path) -> None:
    (inlamnat / "vard.xlsx").unlink()
    inlamningar = las(kommun)
    assert inlamningar.saknas == ("vard", "finans")
    assert [(a.kod, a.enhet, a.plats.fil) for a in inlamningar.anmarkningar] == [("KR101", "vard", MAPP), ("KR101", "finans", MAPP)]


def test_en_mapp_som_inte_finns_ger_inga_filer_och_alla_saknas(kommun: Provkommun) -> None:
    inlamningar = las(kommun)
    assert inlamningar.filer == ()
    assert inlamningar.saknas == ("skola", "vard", "finans")


# --- Vad som än ligger i filen --------------------------------------------------------------------------------------------


def _lases_eller_avvisas(data: bytes, fil: Path) -> bool:
    fil.write_bytes(data)
    try:
        return bool(excel.las_bok(fil))
    except excel.Olasbar as fel:
        return fel.kod in {kod for kod, _ in OLASBARA.values()} | {"KR106"}


SLUMP = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLUMP
@given(data=st.binary(max_size=400), huvud=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]))
def test_vilka_byte_som_helst_lases_eller_avvisas_med_kod(tmp_path: Path, data: bytes, huvud: bytes) -> None:
    assert _lases_eller_avvisas(huvud + data, tmp_path / "fil.xlsx")


@SLUMP
@given(lage=st.floats(0, 1, exclude_max=True), langd=st.integers(0, 300), nytt=st.binary(max_size=20))
def test_en_skadad_bok_lases_eller_avvisas_med_kod(tmp_path: Path, bocker: Path, lage: float, langd: int, nytt: bytes) -> None:
    data = (bocker / "skola.xlsx").read_bytes()
    start = int(lage * len(data))
    assert _lases_eller_avvisas(data[:start] + nytt + data[start + langd :], tmp_path / "fil.xlsx")


@SLUMP
@given(lage=st.floats(0, 1, exclude_max=True), langd=st.integers(0, 60), nytt=st.binary(max_size=20))
def test_en_hel_zip_med_skadad_xml_lases_eller_avvisas_med_kod(tmp_path: Path, bocker: Path, lage: float, langd: int, nytt: bytes) -> None:
    fil = Path(shutil.copyfile(bocker / "skola.xlsx", tmp_path / "fil.xlsx"))

    def skada(xml: bytes) -> bytes:
        start = int(lage * len(xml))
        return xml[:start] + nytt + xml[start + langd :]

    byt_del(fil, DRIFT, skada)
    assert _lases_eller_avvisas(fil.read_bytes(), fil)


def test_las_bok_lamnar_inget_oppet(bocker: Path, tmp_path: Path) -> None:
    fil = Path(shutil.copyfile(bocker / "skola.xlsx", tmp_path / "fil.xlsx"))
    assert {ark.namn for ark in excel.las_bok(fil)} >= {"Försättsblad", "Driftredovisning", "_kommunrapport"}
    fil.unlink()
    assert not fil.exists()


def test_celladresser_skrivs_som_i_excel() -> None:
    lagen = [(0, 0), (4, 2), (0, 25), (0, 26), (9, 701), (9, 702)]
    assert [excel.celladress(*lage) for lage in lagen] == ["A1", "C5", "Z1", "AA1", "ZZ10", "AAA10"]


def test_en_zip_som_inte_ar_en_arbetsbok_avvisas(tmp_path: Path) -> None:
    buffert = io.BytesIO()
    with zipfile.ZipFile(buffert, "w") as arkiv:
        arkiv.writestr("bilder/foto.jpg", b"x")
    assert _lases_eller_avvisas(buffert.getvalue(), tmp_path / "fil.xlsx")
