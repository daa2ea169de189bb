"""Utfilerna: hela eller inte alls, aldrig över det som någon har ändrat, och samma byte varje gång."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from filelock import FileLock

from kommunrapport import floden
from kommunrapport.karna.fel import LastFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.rapport.utmatning import nytt_utkast, skriv_filer, skriv_nya
from tests.kommun import Provkommun, bok

NAMN = ["Delårsrapport 2024-08.docx", "Delårsrapport 2024-08.xlsx", "anmarkningar.json", "anmarkningar.xlsx", "spar.json"]
GAMLA = {"rapport.docx": b"gammal rapport", "bilaga.xlsx": b"gammal bilaga", "spar.json": b"{}"}
NYA = {"rapport.docx": b"ny rapport", "bilaga.xlsx": b"ny bilaga", "spar.json": b"{1}"}


def innehall(mapp: Path) -> dict[str, bytes]:
    """Mappens filer utom det dolda kvittot."""
    return {fil.name: fil.read_bytes() for fil in sorted(mapp.iterdir()) if fil.name != ".skrivet.json"}


@pytest.fixture
def mapp(tmp_path: Path) -> Path:
    """En mapp där en tidigare körning har skrivit sina filer."""
    skriv_filer(tmp_path / "ut", GAMLA, ersatt=False)
    return tmp_path / "ut"


# --- Skriva och ersätta ------------------------------------------------------------------------------------------


def test_mappen_skapas_och_filerna_skrivs_som_de_ar(tmp_path: Path) -> None:
    vagar = skriv_filer(tmp_path / "rapporter" / "2024-08", NYA, ersatt=False)
    assert vagar == [tmp_path / "rapporter" / "2024-08" / namn for namn in NYA]
    assert innehall(tmp_path / "rapporter" / "2024-08") == NYA


def test_filer_som_ingen_har_andrat_ersatts(mapp: Path) -> None:
    skriv_filer(mapp, NYA, ersatt=False)
    assert innehall(mapp) == NYA


def test_samma_innehall_igen_gar_alltid_bra(mapp: Path) -> None:
    (mapp / ".skrivet.json").unlink()
    skriv_filer(mapp, GAMLA, ersatt=False)
    assert innehall(mapp) == GAMLA


@pytest.mark.parametrize("namn", GAMLA)
def test_en_fil_som_anvandaren_har_andrat_lamnas_och_de_andra_skrivs(mapp: Path, namn: str) -> None:
    (mapp / namn).write_bytes(b"mina egna meningar")
    with pytest.raises(UtmatningsFel) as fel:
        skriv_filer(mapp, NYA, ersatt=False)
    assert fel.value.slutkod == Slutkod.UTMATNING
    assert [andrad for andrad in NYA if any(andrad in rad for rad in fel.value.rader)] == [namn]
    assert "Övriga filer är skrivna" in fel.value.rader[-1]
    assert innehall(mapp) == {**NYA, namn: b"mina egna meningar"}


@pytest.mark.parametrize("namn", GAMLA)
def test_efter_en_andrad_fil_gar_nasta_korning_som_vanligt_for_de_andra(mapp: Path, namn: str) -> None:
    (mapp / namn).write_bytes(b"mina egna meningar")
    senare = {n: data + b" igen" for n, data in NYA.items()}
    for filer in (NYA, senare):
        with pytest.raises(UtmatningsFel):
            skriv_filer(mapp, filer, ersatt=False)
        assert innehall(mapp) == {**filer, namn: b"mina egna meningar"}
    (mapp / namn).rename(mapp / "undan")
    assert skriv_filer(mapp, senare, ersatt=False) == [mapp / n for n in senare]
    assert innehall(mapp) == {**senare, "undan": b"mina egna meningar"}


def test_flera_andrade_filer_namns_och_lamnas(mapp: Path) -> None:
    andrade = {"rapport.docx": b"mina egna meningar", "bilaga.xlsx": b"mina egna siffror"}
    for namn, data in andrade.items():
        (mapp / namn).write_bytes(data)
    with pytest.raises(UtmatningsFel) as fel:
        skriv_filer(mapp, NYA, ersatt=False)
    assert [namn for namn in NYA if any(namn in rad for rad in fel.value.rader)] == list(andrade)
    assert innehall(mapp) == {**NYA, **andrade}


@pytest.mark.parametrize("kvitto", [None, b"", b"inte json", b'["lista"]', b"\xff\xfe"])
def test_utan_lasbart_kvitto_ersatts_ingen_okand_fil(mapp: Path, kvitto: bytes | None) -> None:
    (mapp / ".skrivet.json").unlink()
    if kvitto is not None:
        (mapp / ".skrivet.json").write_bytes(kvitto)
    with pytest.raises(UtmatningsFel):
        skriv_filer(mapp, NYA, ersatt=False)
    assert innehall(mapp) == GAMLA


def test_med_ersatt_skrivs_andrade_filer_over(mapp: Path) -> None:
    (mapp / "rapport.docx").write_bytes(b"mina egna meningar")
    skriv_filer(mapp, NYA, ersatt=True)
    assert innehall(mapp) == NYA


def test_andra_filer_i_mappen_rors_inte(mapp: Path) -> None:
    (mapp / "mitt eget.docx").write_bytes(b"eget")
    skriv_filer(mapp, NYA, ersatt=False)
    assert innehall(mapp) == {**NYA, "mitt eget.docx": b"eget"}


def test_filnamn_med_svenska_tecken_kommer_tillbaka(tmp_path: Path) -> None:
    skriv_filer(tmp_path, {"Delårsrapport – åäö.docx": b"1"}, ersatt=False)
    skriv_filer(tmp_path, {"Delårsrapport – åäö.docx": b"2"}, ersatt=False)
    assert innehall(tmp_path) == {"Delårsrapport – åäö.docx": b"2"}


@pytest.mark.skipif(os.name == "nt", reason="Windows har inga behörighetsbitar")
def test_filerna_far_samma_behorighet_som_andra_nya_filer(mapp: Path) -> None:
    (mapp / "vanlig").write_bytes(b"")
    assert {(mapp / namn).stat().st_mode for namn in GAMLA} == {(mapp / "vanlig").stat().st_mode}


def test_nya_filer_skrivs_bara_dar_inga_finns(mapp: Path) -> None:
    with pytest.raises(UtmatningsFel) as fel:
        skriv_nya(mapp, ["bilaga.xlsx", "ny.xlsx"], ersatt=False)
    assert "bilaga.xlsx" in fel.value.rader[0]
    assert not any("ny.xlsx" in rad for rad in fel.value.rader)
    skriv_nya(mapp, ["ny.xlsx"], ersatt=False)
    skriv_nya(mapp, ["bilaga.xlsx"], ersatt=True)
    assert innehall(mapp) == GAMLA


# --- När det inte går att skriva -----------------------------------------------------------------------------------


def _oppen_i_word(namn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filen går inte att byta ut, som när Word eller Excel håller den i Windows."""
    byt = os.replace

    def replace(fran: Any, till: Any) -> None:
        if Path(till).name == namn:
            raise PermissionError(errno.EACCES, "filen används")
        byt(fran, till)

    monkeypatch.setattr(os, "replace", replace)


@pytest.mark.parametrize("namn", NYA)
def test_en_oppen_fil_lamnar_varje_fil_hel_och_inga_tillfalliga_kvar(mapp: Path, namn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _oppen_i_word(namn, monkeypatch)
    with pytest.raises(UtmatningsFel) as fel:
        skriv_filer(mapp, NYA, ersatt=False)
    assert fel.value.slutkod == Slutkod.UTMATNING
    efter = innehall(mapp)
    assert efter.keys() == GAMLA.keys()
    assert efter[namn] == GAMLA[namn]
    assert all(data in (GAMLA[n], NYA[n]) for n, data in efter.items())


@pytest.mark.parametrize("namn", NYA)
def test_nar_filen_har_stangts_gar_nasta_korning_bra(mapp: Path, namn: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        _oppen_i_word(namn, monkeypatch)
        with pytest.raises(UtmatningsFel):
            skriv_filer(mapp, NYA, ersatt=False)
    senare = {n: data + b" igen" for n, data in NYA.items()}
    skriv_filer(mapp, senare, ersatt=False)
    assert innehall(mapp) == senare


@pytest.mark.parametrize("nummer", [errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EIO])
def test_en_mapp_som_inte_gar_att_skriva_i_lamnas_ororad(mapp: Path, nummer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def neka(*_: Any, **__: Any) -> None:
        raise OSError(nummer, os.strerror(nummer))

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", neka)
    with pytest.raises(UtmatningsFel) as fel:
        skriv_filer(mapp, NYA, ersatt=False)
    assert mapp.name in fel.value.rader[0]
    assert innehall(mapp) == GAMLA


def test_disken_full_mitt_i_en_fil_lamnar_de_gamla(mapp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vanlig: Any = tempfile.NamedTemporaryFile

    def full(**argument: Any) -> Any:
        fil = vanlig(**argument)
        skriv = fil.write

        def write(data: bytes) -> None:
            skriv(data[:3])
            raise OSError(errno.ENOSPC, "fullt")

        fil.write = write
        return fil

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    with pytest.raises(UtmatningsFel):
        skriv_filer(mapp, NYA, ersatt=False)
    assert innehall(mapp) == GAMLA


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="skrivbehörigheten går inte att ta bort för den här användaren")
def test_en_skrivskyddad_mapp_ger_utmatningsfel(mapp: Path) -> None:
    mapp.chmod(0o500)
    try:
        with pytest.raises(UtmatningsFel):
            skriv_filer(mapp, NYA, ersatt=False)
    finally:
        mapp.chmod(0o700)
    assert innehall(mapp) == GAMLA


def test_en_mapp_vars_plats_ar_en_fil_ger_utmatningsfel(tmp_path: Path) -> None:
    (tmp_path / "rapporter").write_text("en fil", encoding="utf-8")
    with pytest.raises(UtmatningsFel, match="rapporter"):
        skriv_filer(tmp_path / "rapporter" / "2024-08", NYA, ersatt=False)


# --- Hela delårsrapporten ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def skriven(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Provkommunen med alla böcker inlämnade och rapporten skriven. Kopiera den för att ändra något."""
    kommun = Provkommun(tmp_path_factory.mktemp("skriven"))
    kommun.lamna_alla()
    floden.skriv_rapport(kommun.sammanstall())
    return kommun


@pytest.fixture
def kopia(skriven: Provkommun, tmp_path: Path) -> Provkommun:
    """En kopia av den skrivna provkommunen."""
    return Provkommun(Path(shutil.copytree(skriven.katalog, tmp_path / "kopia")))


def test_rapporten_ar_fem_filer_i_periodens_mapp(skriven: Provkommun) -> None:
    assert sorted(innehall(skriven.katalog / "rapporter/2024-08")) == NAMN


def test_inget_annat_i_arbetskatalogen_andras(skriven: Provkommun) -> None:
    namn = {fil.relative_to(skriven.katalog).parts[0] for fil in skriven.katalog.rglob("*") if fil.is_file()}
    assert namn - {".kommunrapport.lock", ".lasta", "handelser.jsonl", "mottaget"} == {"kommun.toml", "styrning", "inlamnat", "rapporter"}


@pytest.mark.hel
def test_tva_korningar_i_olika_mappar_ger_samma_byte(skriven: Provkommun, tmp_path: Path) -> None:
    andra = Provkommun(tmp_path / "en annan plats")
    shutil.copytree(skriven.katalog / "inlamnat", andra.katalog / "inlamnat")
    floden.skriv_rapport(andra.sammanstall())
    assert innehall(andra.katalog / "rapporter/2024-08") == innehall(skriven.katalog / "rapporter/2024-08")


@pytest.mark.hel
def test_en_ny_process_med_annan_hashordning_och_tidszon_ger_samma_byte(skriven: Provkommun, kopia: Provkommun) -> None:
    shutil.rmtree(kopia.katalog / "rapporter")
    miljo = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    kommando = [sys.executable, "-m", "kommunrapport", "delar", "--period", "2024-08", "--katalog", str(kopia.katalog)]
    kort = subprocess.run(kommando, env=miljo, capture_output=True, cwd=Path(__file__).resolve().parents[1], check=False, timeout=120)
    assert kort.returncode == 0, kort.stderr.decode()
    assert innehall(kopia.katalog / "rapporter/2024-08") == innehall(skriven.katalog / "rapporter/2024-08")


@pytest.mark.hel
def test_rapporten_skrivs_om_nar_inlamningarna_andras_men_inte_over_egna_andringar(kopia: Provkommun) -> None:
    rapporter = kopia.katalog / "rapporter/2024-08"
    fore = innehall(rapporter)
    kopia.lamna("skola", bok(drift__grund__utfall=-40_500))
    s = kopia.sammanstall()
    floden.skriv_rapport(s)
    assert innehall(rapporter)["spar.json"] != fore["spar.json"]
    (rapporter / NAMN[0]).write_bytes(b"redigerad i Word")
    shutil.rmtree(kopia.katalog / "inlamnat")
    kopia.lamna_alla()
    with pytest.raises(UtmatningsFel) as fel:
        floden.skriv_rapport(kopia.sammanstall())
    assert any(NAMN[0] in rad for rad in fel.value.rader)
    assert innehall(rapporter) == {**fore, NAMN[0]: b"redigerad i Word"}


@pytest.mark.hel
def test_ett_oppet_word_dokument_lamnas_intakt(kopia: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    fore = innehall(kopia.katalog / "rapporter/2024-08")
    kopia.lamna("skola", bok(drift__grund__utfall=-40_500))
    _oppen_i_word(NAMN[0], monkeypatch)
    with pytest.raises(UtmatningsFel) as fel:
        floden.skriv_rapport(kopia.sammanstall())
    assert fel.value.slutkod == Slutkod.UTMATNING
    assert innehall(kopia.katalog / "rapporter/2024-08") == fore


@pytest.mark.hel
def test_en_korning_vantar_inte_pa_en_annan_utan_sager_till(kopia: Provkommun) -> None:
    fore = innehall(kopia.katalog / "rapporter/2024-08")
    kopia.lamna("skola", bok(drift__grund__utfall=-40_500))
    s = kopia.sammanstall()
    with FileLock(str(kopia.katalog / ".kommunrapport.lock")), pytest.raises(LastFel) as fel:
        floden.skriv_rapport(s)
    assert fel.value.slutkod == Slutkod.LAST
    assert innehall(kopia.katalog / "rapporter/2024-08") == fore
    floden.skriv_rapport(s)
    assert innehall(kopia.katalog / "rapporter/2024-08") != fore


BREDVID = nytt_utkast("rapport.docx")
Filer: TypeAlias = dict[str, bytes]


@pytest.mark.parametrize(
    ("fall", "finns", "skrivs", "blir"),
    [
        ("orörd", {"rapport.docx": b"1"}, b"2", {"rapport.docx": b"2"}),
        ("redigerad", {"rapport.docx": b"egen"}, b"2", {"rapport.docx": b"egen", BREDVID: b"2"}),
        ("åter orörd", {"rapport.docx": b"1", BREDVID: b"b"}, b"2", {"rapport.docx": b"2"}),
        ("redigerad igen", {"rapport.docx": b"egen", BREDVID: b"b"}, b"2", {"rapport.docx": b"egen", BREDVID: b"2"}),
        ("åter orörd men bredvid redigerad", {"rapport.docx": b"1", BREDVID: b"min"}, b"2", {"rapport.docx": b"2", BREDVID: b"min"}),
    ],
)
def test_ett_redigerat_utkast_far_det_nya_bredvid_sig(
    tmp_path: Path, fall: str, finns: dict[str, bytes], skrivs: bytes, blir: dict[str, bytes]
) -> None:
    skriv_filer(tmp_path, {"rapport.docx": b"1"}, ersatt=False)
    if BREDVID in finns:
        (tmp_path / "rapport.docx").write_bytes(b"egen")
        skriv_filer(tmp_path, {"rapport.docx": b"b"}, ersatt=False, bredvid=True)
    for namn, data in finns.items():
        (tmp_path / namn).write_bytes(data)
    skriv_filer(tmp_path, {"rapport.docx": skrivs}, ersatt=False, bredvid=True)
    assert innehall(tmp_path) == blir, fall


def test_ar_ocksa_utkastet_bredvid_redigerat_sags_det(tmp_path: Path) -> None:
    skriv_filer(tmp_path, {"rapport.docx": b"1"}, ersatt=False)
    for namn in ("rapport.docx", BREDVID):
        (tmp_path / namn).write_bytes(b"egen")
    with pytest.raises(UtmatningsFel):
        skriv_filer(tmp_path, {"rapport.docx": b"2", "spar.json": b"s"}, ersatt=False, bredvid=True)
    assert innehall(tmp_path) == {"rapport.docx": b"egen", BREDVID: b"egen", "spar.json": b"s"}


def test_ett_oppet_dokument_far_det_nya_bredvid_sig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skriv_filer(tmp_path, {"rapport.docx": b"1", "spar.json": b"1"}, ersatt=False)
    _oppen_i_word("rapport.docx", monkeypatch)
    skriv_filer(tmp_path, {"rapport.docx": b"2", "spar.json": b"2"}, ersatt=False, bredvid=True)
    assert innehall(tmp_path) == {"rapport.docx": b"1", BREDVID: b"2", "spar.json": b"2"}


def test_det_som_inte_hor_dit_langre_tas_bort_om_ingen_har_andrat_det(tmp_path: Path) -> None:
    skriv_filer(tmp_path, {"a.xlsx": b"a", "b.xlsx": b"b", "c.xlsx": b"c"}, ersatt=False)
    (tmp_path / "b.xlsx").write_bytes(b"egen")
    (tmp_path / "frammande.txt").write_bytes(b"x")
    skriv_filer(tmp_path, {"c.xlsx": b"c2"}, ersatt=False, ensamma=True)
    assert innehall(tmp_path) == {"b.xlsx": b"egen", "c.xlsx": b"c2", "frammande.txt": b"x"}


@pytest.mark.parametrize("efter", range(5))
def test_en_korning_som_dodas_mitt_i_kanner_igen_sina_filer_nasta_gang(tmp_path: Path, efter: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Var den än dör är varje fil den gamla eller den nya, och nästa körning ersätter dem."""
    fore, ny, sista = ({f"{namn}.txt": f"{namn}{n}".encode() for namn in "abc"} for n in (1, 2, 3))
    skriv_filer(tmp_path, fore, ersatt=False)
    byt = os.replace
    gjorda: list[Path] = []

    def dor(fran: Path, till: Path) -> None:
        if len(gjorda) == efter:
            raise KeyboardInterrupt
        gjorda.append(till)
        byt(fran, till)

    with monkeypatch.context() as m:
        m.setattr(os, "replace", dor)
        with pytest.raises(KeyboardInterrupt):
            skriv_filer(tmp_path, ny, ersatt=False)
    assert all(data in (fore[namn], ny[namn]) for namn, data in innehall(tmp_path).items())
    skriv_filer(tmp_path, sista, ersatt=False)
    assert innehall(tmp_path) == sista


def test_strikt_skriver_inget_nar_nagot_saknas(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok())
    with pytest.raises(SaknasFel):
        floden.skriv_rapport(kommun.sammanstall(), strikt=True)
    assert not (kommun.katalog / "rapporter").exists()
