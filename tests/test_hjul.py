"""Hjulet som pip installerar: det bär med sig mallarna och går att köra utan källträdet."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

import kommunrapport
from kommunrapport.karna.fel import Slutkod
from tests.kommun import Provkommun

ROT = Path(kommunrapport.__file__).parents[1]
MALLAR = ROT / "mallar"

pytestmark = pytest.mark.hel


@pytest.fixture(scope="module")
def hjul(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hjulet byggt ur källträdet; inget skrivs i det."""
    mapp = tmp_path_factory.mktemp("hjul")
    svar = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(mapp), str(ROT)], capture_output=True, text=True, check=False
    )
    assert svar.returncode == 0, svar.stdout + svar.stderr
    (fil,) = mapp.glob("*.whl")
    return fil


@pytest.fixture(scope="module")
def installerat(hjul: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mappen som hjulet är installerat i, utan beroenden."""
    mapp = tmp_path_factory.mktemp("installerat")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(mapp), str(hjul)],
        check=True,
        capture_output=True,
    )
    return mapp


def kor(installerat: Path, var: Path, *argument: str) -> subprocess.CompletedProcess[str]:
    """Kör det installerade paketet från en annan mapp än källträdet."""
    miljo = {**os.environ, "PYTHONPATH": str(installerat), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
    miljo.pop("KOMMUNRAPPORT_KATALOG", None)
    return subprocess.run(
        [sys.executable, "-m", "kommunrapport", *argument], cwd=var, env=miljo, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_hjulet_har_varje_mall(hjul: Path) -> None:
    med = {namn for namn in zipfile.ZipFile(hjul).namelist() if namn.startswith("kommunrapport/_mallar/")}
    assert med == {f"kommunrapport/_mallar/{fil.relative_to(MALLAR).as_posix()}" for fil in MALLAR.rglob("*") if fil.is_file()}


def test_mallarna_i_hjulet_ar_kallans(hjul: Path) -> None:
    with zipfile.ZipFile(hjul) as arkiv:
        olika = [
            fil.name
            for fil in MALLAR.rglob("*")
            if fil.is_file() and arkiv.read(f"kommunrapport/_mallar/{fil.relative_to(MALLAR).as_posix()}") != fil.read_bytes()
        ]
    assert olika == []


def test_hjulet_har_varje_modul_och_inget_annat(hjul: Path) -> None:
    namn = zipfile.ZipFile(hjul).namelist()
    moduler = {fil.relative_to(ROT).as_posix() for fil in (ROT / "kommunrapport").rglob("*.py")}
    assert {n for n in namn if n.endswith(".py")} == moduler
    assert {n.partition("/")[0] for n in namn} == {"kommunrapport", f"kommunrapport-{kommunrapport.__version__}.dist-info"}


def test_det_installerade_sager_sin_version(installerat: Path, tmp_path: Path) -> None:
    svar = kor(installerat, tmp_path, "--version")
    assert (svar.returncode, svar.stdout.split()) == (Slutkod.KLART, ["kommunrapport", kommunrapport.__version__])


def test_det_installerade_ar_inte_kalltradet(installerat: Path, tmp_path: Path) -> None:
    miljo = {**os.environ, "PYTHONPATH": str(installerat), "PYTHONSAFEPATH": "1"}
    kod = "from kommunrapport.mall.mallkalla import medfoljande; print(medfoljande())"
    svar = subprocess.run([sys.executable, "-c", kod], cwd=tmp_path, env=miljo, capture_output=True, text=True, check=True)
    assert Path(svar.stdout.strip()) == (installerat / "kommunrapport" / "_mallar").resolve()


def test_det_installerade_gor_en_arbetskatalog(installerat: Path, tmp_path: Path) -> None:
    ny = kor(installerat, tmp_path, "ny", "Ås kommun", "--json")
    assert ny.returncode == Slutkod.KLART, ny.stderr
    assert all((tmp_path / vag).is_file() for vag in json.loads(ny.stdout)["skrivet"])


def test_det_installerade_skriver_bocker_och_rapport(installerat: Path, tmp_path: Path, kommun: Provkommun) -> None:
    mall = kor(installerat, tmp_path, "mall", "--period", "2024-08", "--katalog", str(kommun.katalog), "--json")
    assert mall.returncode == Slutkod.KLART, mall.stderr
    skrivna = [Path(vag) for vag in json.loads(mall.stdout)["skrivet"]]
    assert len(skrivna) == 3
    assert all("Försättsblad" in openpyxl.load_workbook(fil, read_only=True).sheetnames for fil in skrivna)

    kommun.lamna_alla()
    delar = kor(installerat, tmp_path, "delar", "--period", "2024-08", "--katalog", str(kommun.katalog), "--json")
    assert delar.returncode == Slutkod.KLART, delar.stderr
    assert {Path(vag).suffix for vag in json.loads(delar.stdout)["skrivet"]} == {".docx", ".xlsx", ".json"}
    assert all(Path(vag).stat().st_size for vag in json.loads(delar.stdout)["skrivet"])
