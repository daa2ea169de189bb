"""Den schemalagda körningen: vad som görs om, vad som lämnas, vad loggen säger och vilken slutkod det blir."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kommunrapport import cli, floden
from kommunrapport.batch import logg as loggmodul
from kommunrapport.batch.logg import Logg, Loggrad
from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.ensam import ensam
from kommunrapport.faststallande import Begaran, faststall
from kommunrapport.karna.fel import Slutkod, gravaste
from kommunrapport.karna.period import Period
from tests.kommun import Kommandorad, Provkommun, bok

FORE, EFTER = "2024-09-10", "2024-09-30"
"""En dag före och en efter den sista dagen att lämna för augusti."""
WORD = "Delårsrapport 2024-08.docx"


@pytest.fixture(scope="module")
def kord(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Provkommunen efter en första natt. Kopiera den för att ändra något."""
    kommun = Provkommun(tmp_path_factory.mktemp("kord"))
    kommun.lamna_alla()
    floden.skriv_rapport(floden.sammanstall(kommun.katalog, Period(2024, 8)))
    assert natt(kommun) == 0
    return kommun


@pytest.fixture
def kommun(kord: Provkommun, tmp_path: Path) -> Provkommun:
    return Provkommun(Path(shutil.copytree(kord.katalog, tmp_path / "kommun")))


def natt(kommun: Provkommun, *flaggor: str, datum: str = FORE) -> int:
    return cli._kor(["batch", "--katalog", str(kommun.katalog), "--datum", datum, *flaggor], felsok=False)


def rader(kommun: Provkommun) -> list[dict[str, str]]:
    return [json.loads(rad) for rad in (kommun.katalog / "logg/batch.jsonl").read_text(encoding="utf-8").splitlines()]


def rapporter(kommun: Provkommun) -> dict[str, tuple[int, int]]:
    """Rapportfilerna med det som visar om de skrivits om."""
    filer = [f for f in (kommun.katalog / "rapporter").rglob("*") if f.is_file()]
    return {str(f.relative_to(kommun.katalog)): (f.stat().st_mtime_ns, f.stat().st_ino) for f in filer}


def test_det_som_inte_har_andrats_gors_inte_om(kommun: Provkommun) -> None:
    fore, handelserna = rapporter(kommun), len(handelser.las(kommun.katalog).handelser)
    assert natt(kommun) == 0
    assert rapporter(kommun) == fore
    assert len(handelser.las(kommun.katalog).handelser) == handelserna
    assert natt(kommun, "--om") == 0
    assert rapporter(kommun) != fore


ANDRINGAR = {
    "en bok": (lambda k: k.lamna("skola", bok(texter__analys__text="Ny text.")), True),
    "kommun.toml": (lambda k: k.skriv("kommun.toml", (k.katalog / "kommun.toml").read_text(encoding="utf-8") + "\n# ny\n"), True),
    "ett beslut": (lambda k: k.skriv("styrning/2024/uppdrag.csv", "enhet;rad;benamning;beslut;klart\n"), True),
    "en egen mall": (lambda k: k.skriv("mallar/word/LÄS.txt", "x"), True),
    "ett senare års beslut": (lambda k: k.skriv("styrning/2025/driftbudget.csv", "enhet;rad;benamning;ursprunglig\n"), False),
    "en fil som någon har lagt i rapporter": (lambda k: k.skriv("rapporter/2024-08/egna anteckningar.txt", "x"), False),
    "en borttagen utfil": (lambda k: (k.katalog / "rapporter/2024-08/spar.json").unlink(), True),
}


@pytest.mark.parametrize("vad", ANDRINGAR)
def test_bara_det_som_rapporten_gors_av_ger_en_ny(kommun: Provkommun, vad: str) -> None:
    andra, gors_om = ANDRINGAR[vad]
    andra(kommun)  # type: ignore[no-untyped-call]
    fore = rapporter(kommun)
    natt(kommun)
    assert (rapporter(kommun) != fore) == gors_om


def test_torr_skriver_inget(hel_kommun: Provkommun) -> None:
    fore = sorted(f for f in hel_kommun.katalog.rglob("*"))
    assert natt(hel_kommun, "--torr") == 0
    assert sorted(f for f in hel_kommun.katalog.rglob("*")) == fore


@pytest.mark.parametrize(
    ("vad", "datum", "kod"),
    [("inget", FORE, 0), ("inget", EFTER, 3), ("en saknas", FORE, 0), ("en saknas", EFTER, 3), ("fel i en bok", FORE, 4), ("alla", EFTER, 0)],
)
def test_slutkoden(tmp_path: Path, vad: str, datum: str, kod: int) -> None:
    kommun = Provkommun(tmp_path)
    if vad != "inget":
        kommun.lamna_alla()
    if vad == "en saknas":
        (kommun.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    if vad == "fel i en bok":
        kommun.lamna("skola", bok(drift__grund__utfall="femtio"))
    assert natt(kommun, "--period", "2024-08", datum=datum) == kod
    assert natt(kommun, "--period", "2024-08", datum=datum) == kod


@pytest.mark.parametrize(("datum", "niva"), [(FORE, "varning"), (EFTER, "fel")])
def test_vem_som_saknas_sags_varje_natt_och_ar_ett_fel_nar_dagen_ar_forbi(kommun: Provkommun, datum: str, niva: str) -> None:
    (kommun.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    antal = len(rader(kommun))
    for _ in range(2):
        natt(kommun, "--period", "2024-08", datum=datum)
    assert [(r["niva"], r["period"]) for r in rader(kommun)[antal:] if "Vårdnämnden" in r["text"]] == [(niva, "2024-08")] * 2


@pytest.mark.parametrize(("koder", "grav"), [((), 0), ((0, 3), 3), ((3, 4, 0), 4), ((4, 7, 6), 7), ((1, 7), 1)])
def test_den_gravaste_slutkoden_galler(koder: tuple[int, ...], grav: int) -> None:
    assert gravaste([Slutkod(k) for k in koder]) == grav


def test_en_dalig_bok_stoppar_inte_de_andra_och_far_en_kommenterad_kopia(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(drift__grund__utfall="femtio"))
    (kommun.katalog / "inlamnat/2024-08/vard.xlsx").write_bytes(b"PK\x03\x04 avbruten")
    assert natt(kommun) == 4
    kommenterade = kommun.katalog / "rapporter/2024-08/kommenterade"
    assert [f.name for f in kommenterade.glob("*.xlsx")] == ["skola (kommenterad).xlsx"]
    fel = [r["text"].split(":")[0] for r in rader(kommun) if r["niva"] == "fel"]
    assert "KR301 Skolnämnden, skola.xlsx, Driftredovisning!D6" in fel
    assert natt(kommun) == 4
    assert [r["text"].split(":")[0] for r in rader(kommun) if r["niva"] == "fel"] == fel * 2
    kommun.lamna_alla()
    assert natt(kommun) == 0
    assert list(kommenterade.glob("*.xlsx")) == []


def test_en_period_som_inte_gar_stoppar_inte_nasta(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    kommun.lamna("skola", bok(texter__analys__text="Ny text."))
    kommun.lamna("skola", bok(), period=Period(2024, 5))
    sammanstall = floden.sammanstall

    def kraschar(katalog: Path, period: Period, kommando: str) -> floden.Sammanstallning:
        if period.manad == 5:
            raise ZeroDivisionError("oväntat")
        return sammanstall(katalog, period, kommando)

    monkeypatch.setattr(floden, "sammanstall", kraschar)
    fore = rapporter(kommun)
    assert natt(kommun, "--period", "2024-05", "--period", "2024-08") == Slutkod.INTERNT
    assert rapporter(kommun) != fore
    assert [(r["period"], r["niva"]) for r in rader(kommun) if "ZeroDivisionError" in r["text"]] == [("2024-05", "fel")]


def test_ett_redigerat_utkast_far_det_nya_bredvid_sig(kommun: Provkommun) -> None:
    utkast = kommun.katalog / "rapporter/2024-08" / WORD
    utkast.write_bytes(b"redigerad i Word")
    kommun.lamna("skola", bok(texter__analys__text="Ny text."))
    assert natt(kommun) == 0
    assert utkast.read_bytes() == b"redigerad i Word"
    assert [r["niva"] for r in rader(kommun) if "lämnas; det nya" in r["text"]] == ["varning"]
    bredvid = utkast.with_name("Delårsrapport 2024-08 (nytt utkast).docx")
    assert bredvid.is_file()
    utkast.unlink()
    assert natt(kommun) == 0
    assert (utkast.is_file(), bredvid.is_file()) == (True, False)


def test_varje_mottagen_bok_bevaras_och_en_ny_jamfors_med_den_forra(kommun: Provkommun, kor: Kommandorad) -> None:
    """Skolan lämnar på nytt, under ett annat namn; den förra boken finns kvar bland det mottagna, byte för byte."""
    gammal = (kommun.katalog / "inlamnat/2024-08/skola.xlsx").read_bytes()
    (kommun.katalog / "inlamnat/2024-08/skola.xlsx").unlink()
    ny = kommun.lamna("skola", bok(drift__grund__utfall=-40_100, drift__fritids__utfall=-6_400), namn="skola ny.xlsx").read_bytes()
    assert natt(kommun) == 0
    mottagna = [f.read_bytes() for f in (kommun.katalog / "mottaget/2024-08").glob("skola*")]
    assert sorted(mottagna) == sorted([gammal, ny])
    assert [r["enhet"] for r in rader(kommun) if "2 uppgifter ändrade" in r["text"]] == ["Skolnämnden"]
    svar = json.loads(kor("jamfor", "--enhet", "Skolnämnden", "--period", "2024-08", "--json", katalog=kommun.katalog).ut)
    assert {(a["adress"], a["skillnad"]) for a in svar["andringar"]} == {("drift.grund.utfall", "-100"), ("drift.fritids.utfall", "100")}
    assert kor("jamfor", "--enhet", "Vårdnämnden", "--period", "2024-08", katalog=kommun.katalog).kod == Slutkod.SAKNAS


@pytest.mark.parametrize(
    "argument", [("a.xlsx",), ("--enhet", "skola"), ("--period", "2024-08"), ("a", "b", "--enhet", "skola", "--period", "2024-08")]
)
def test_jamfor_vill_ha_tva_saker_eller_en_enhet(kommun: Provkommun, kor: Kommandorad, argument: tuple[str, ...]) -> None:
    assert kor("jamfor", *argument, katalog=kommun.katalog).kod == Slutkod.ANVANDNING


def test_en_faststalld_period_gors_inte_om(kommun: Provkommun) -> None:
    faststall(kommun.katalog, Begaran(Period(2024, 8), "KF 2024-11-25 § 150", dokument=[kommun.katalog / "rapporter/2024-08" / WORD]))
    kommun.lamna("skola", bok(texter__analys__text="Ny text."))
    fore = rapporter(kommun)
    assert (natt(kommun), natt(kommun, "--period", "2024-08")) == (0, 0)
    assert rapporter(kommun) == fore
    assert any("skola.xlsx" in r["text"] for r in rader(kommun) if r["niva"] == "varning")
    shutil.rmtree(kommun.katalog / "arkiv")
    assert natt(kommun, "--period", "2024-08") == Slutkod.UTMATNING
    assert rapporter(kommun) == fore


def test_enheternas_rapporter_skrivs_med_flaggan(kommun: Provkommun) -> None:
    assert natt(kommun, "--enheter") == 0
    assert sorted(f.stem.split(" ")[0] for f in (kommun.katalog / "rapporter/2024-08/enheter").glob("*.docx")) == ["Skolnämnden", "Vårdnämnden"]


def test_en_annan_korning_ger_slutkod_7_och_sager_vem(kommun: Provkommun) -> None:
    program = [sys.executable, "-m", "kommunrapport", "batch", "--katalog", str(kommun.katalog), "--datum", FORE]
    with ensam(kommun.katalog, "manad 2024-08"):
        svar = subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False, cwd=Path(__file__).parents[1])
    assert svar.returncode == Slutkod.LAST
    assert f"process {os.getpid()}" in svar.stderr


def test_en_mapp_som_inte_far_lasas_sags_pa_svenska(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    vanlig = Path.iterdir

    def nekad(mapp: Path) -> Iterator[Path]:
        if mapp.name == "2024-08" and mapp.parent.name == "inlamnat":
            raise PermissionError(13, "Permission denied", str(mapp))
        return vanlig(mapp)

    monkeypatch.setattr(Path, "iterdir", nekad)
    assert natt(kommun) == Slutkod.ANVANDNING
    assert [r["niva"] for r in rader(kommun) if "läsrätt" in r["text"]] == ["fel"]


def test_utan_angiven_katalog_kors_inget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exempelkommunen i data/ ska inte köras av misstag."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(Path(__file__).parents[1] / "data/styrning", tmp_path / "data/styrning")
    (tmp_path / "data/kommun.toml").touch()
    assert cli._kor(["batch", "--torr"], felsok=False) == Slutkod.ANVANDNING


def test_en_bruten_handelselogg_sags_varje_natt(kommun: Provkommun) -> None:
    fil = kommun.katalog / handelser.FILNAMN
    fil.write_bytes(b"".join(fil.read_bytes().splitlines(keepends=True)[1:]))
    assert (natt(kommun), natt(kommun)) == (4, 4)


def test_kommun_toml_med_fel_ger_slutkod_5_i_loggen(kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", "[kommun\n")
    assert natt(kommun) == Slutkod.MALL
    assert rader(kommun)[-2]["niva"] == "fel"


def test_loggen_ar_lasbar_pa_tva_satt_och_byts_nar_den_ar_stor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loggmodul, "MEST_BYTE", 400)
    monkeypatch.setattr(loggmodul, "ANTAL", 2)
    sedda: list[Loggrad] = []
    with Logg(tmp_path / "logg", sedda.append) as logg:
        for nr in range(12):
            logg.varna(f"Rad {nr} med åäö\noch radbrytning", period="2024-08", enhet="Skolnämnden")
    assert sorted(f.name for f in (tmp_path / "logg").iterdir()) == [
        *("batch.jsonl", "batch.jsonl.1", "batch.jsonl.2", "batch.log", "batch.log.1", "batch.log.2"),
    ]
    sista = json.loads((tmp_path / "logg/batch.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (sista["niva"], sista["period"], sista["enhet"], sista["text"]) == (
        *("varning", "2024-08", "Skolnämnden", "Rad 11 med åäö och radbrytning"),
    )
    text = (tmp_path / "logg/batch.log").read_text(encoding="utf-8").splitlines()[-1]
    assert text == sedda[-1].som_text
    assert text.endswith("VARNING 2024-08 Skolnämnden: Rad 11 med åäö och radbrytning")


def test_en_logg_som_inte_gar_att_skriva_stoppar_inte_korningen(tmp_path: Path) -> None:
    (tmp_path / "logg").write_text("en fil där mappen skulle vara", encoding="utf-8")
    with Logg(tmp_path / "logg", lambda _: None) as logg:
        logg.skriv("Går ändå.")
    assert len(logg.brister) == 1
