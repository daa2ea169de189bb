"""Filer som inte går att läsa, inte hör hemma eller inte går att lita på: var och en får sin anmärkning och stoppar inga andra."""

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kommunrapport.inlasning import excel
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


OLASBARA: dict[str, tuple[str, Forstor]] = {
    "tom": ("KR102", lambda fil: fil.write_bytes(b"")),
    "losenordsskyddad_eller_gammalt_format": ("KR103", lambda fil: fil.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504))),
    "text_som_heter_xlsx": ("KR104", lambda fil: fil.write_text("enhet;utfall\nskola;1\n", encoding="utf-8")),
    "webbsida_som_heter_xlsx": ("KR104", lambda fil: fil.write_text("<html>Logga in</html>", encoding="utf-8")),
    "avbruten_kopiering": ("KR104", lambda fil: fil.write_bytes(fil.read_bytes()[:5000])),
    "skadad_i_mitten": ("KR104", _skadad_i_mitten),
    "zip_med_losenord": ("KR104", _krypterad_zip),
    "zip_utan_arbetsbok": ("KR104", _utan_del("xl/workbook.xml")),
    "blad_som_saknas_i_zip": ("KR104", _utan_del(DRIFT)),
    "trasig_xml": ("KR104", lambda fil: byt_del(fil, "xl/workbook.xml", lambda xml: xml[:200])),
    "okand_teckenkodning": ("KR104", lambda fil: byt_del(fil, "xl/workbook.xml", lambda xml: xml.replace(b"UTF-8", b"UTF-0"))),
    "doctype_i_ett_blad": ("KR105", _doctype(DRIFT)),
    "doctype_i_arbetsboken": ("KR105", _doctype("xl/workbook.xml")),
    "zipbomb": ("KR106", lambda fil: byt_del(fil, DRIFT, lambda xml: xml + b" " * 3_000_000)),
    "fler_rader_an_gransen": ("KR106", _cell_langt_bort("A20001")),
    "en_cell_i_bladets_bortersta_horn": ("KR106", _cell_langt_bort("XFD1048576")),
    "en_cell_utanfor_alla_blad": ("KR106", _cell_langt_bort("ZZZZ9")),
    "annan_arbetsbok": ("KR110", _frammande_bok),
    "boken_utan_det_dolda_bladet": ("KR110", _utan_dolda_bladet),
}


@pytest.mark.parametrize("fel", OLASBARA)
def test_en_olasbar_fil_far_sin_kod_och_stoppar_inga_andra(kommun: Provkommun, inlamnat: Path, fel: str) -> None:
    kod, forstor = OLASBARA[fel]
    forstor(inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    assert [(a.kod, a.plats.fil) for a in utom_saknade(inlamningar)] == [(kod, f"{MAPP}/skola.xlsx")]
    assert inlamningar.lamnat == {"vard"}
    assert set(inlamningar.fakta["enhet"]) == {"vard"}


@pytest.mark.parametrize("fel", ["tom", "trasig_xml", "zipbomb"])
def test_enheten_bakom_en_olasbar_fil_saknas(kommun: Provkommun, inlamnat: Path, fel: str) -> None:
    OLASBARA[fel][1](inlamnat / "skola.xlsx")
    inlamningar = las(kommun)
    assert inlamningar.saknas == ("skola", "finans")
    assert [a.enhet for a in inlamningar.anmarkningar if a.kod == "KR101"] == ["skola", "finans"]


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
    monkeypatch.setattr(excel, "MAX_BYTE", 200_000)
    assert [a.kod for a in utom_saknade(las(kommun))] == ["KR106"]


def test_en_uppackad_storlek_over_gransen_lases_inte(kommun: Provkommun, inlamnat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_UPPACKAT", 50_000)
    assert [a.kod for a in utom_saknade(las(kommun))] == ["KR106", "KR106"]
    assert inlamnat.is_dir()


def test_ett_tomt_formaterat_blad_langt_ner_ar_ingen_stor_fil(kommun: Provkommun, inlamnat: Path) -> None:
    tom_rad = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    byt_del(inlamnat / "skola.xlsx", DRIFT, lambda xml: xml.replace(b"</sheetData>", tom_rad))
    inlamningar = las(kommun)
    assert utom_saknade(inlamningar) == []
    assert inlamningar.lamnat == {"skola", "vard"}


def _nekad(fil: Path, fel: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    las_vanligt = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        if self.name == fil.name:
            raise fel
        return las_vanligt(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


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
    (anmarkning,) = utom_saknade(inlamningar)
    assert (anmarkning.kod, anmarkning.enhet, anmarkning.fakta["antal"]) == ("KR113", "skola", str(1 + len(namn)))
    assert all(n in anmarkning.plats.fil for n in (*namn, "skola.xlsx"))
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
        return fel.kod in {"KR102", "KR103", "KR104", "KR105", "KR106"}


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
