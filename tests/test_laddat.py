"""Vad varje kommando laddar: det som ska svara direkt laddar inget tungt, och inget kommando mer än det använder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kommun import Provkommun, bok

ROT = Path(__file__).resolve().parents[1]
# fmt: off
TUNGA = frozenset({
    "babel", "dask", "distributed", "docx", "docxtpl", "duckdb", "filelock", "holidays", "icalendar", "jinja2", "lxml", "matplotlib", "numpy",
    "openpyxl", "pandas", "pikepdf", "pptx", "pyarrow", "pydantic", "python_calamine", "requests", "rich", "truststore", "urllib3", "xlsxwriter",
})
# fmt: on
"""Paketen som tar märkbar tid att ladda."""
INGET = frozenset[str]()
FLAGGOR = frozenset({"pydantic"})
"""Typer laddar själv pydantic så fort en flagga tolkas."""
LASA = FLAGGOR | {"lxml", "numpy", "pandas", "python_calamine"}
DAGAR = LASA | {"holidays"}
RAKNA = LASA | {"filelock", "jinja2"}
SKRIVA = RAKNA | {"docx", "docxtpl", "pptx", "xlsxwriter"}
FAR_LADDA = {
    "--help": INGET,
    "--version": INGET,
    "": FLAGGOR,
    "finns-inte": FLAGGOR,
    "ny --help": FLAGGOR,
    "mall --help": FLAGGOR,
    "validera --help": FLAGGOR,
    "status --help": FLAGGOR,
    "delar --help": FLAGGOR,
    "harled --help": FLAGGOR,
    "importera kolada --help": FLAGGOR,
    "delar --period x": FLAGGOR,
    "regler": LASA,
    "validera inlamnat/2024-08/skola.xlsx": LASA,
    "validera --period 2024-08": LASA,
    "mall --period 2024-08": LASA | {"xlsxwriter"},
    "status --period 2024-08 --datum 2024-09-10": DAGAR,
    "status --period 2024-08 --datum 2024-09-10 --html": DAGAR | {"jinja2"},
    "arshjul --ar 2024": DAGAR,
    "arshjul --ar 2024 --ics kalender.ics": DAGAR | {"icalendar"},
    "harled resultat --period 2024-08": RAKNA,
    "jamfor 2024-08 2024-08": RAKNA,
    "granska-dokument inlamnat/2024-08/skola.xlsx": FLAGGOR | {"lxml", "pikepdf"},
    "delar --period 2024-08": SKRIVA,
}


@pytest.fixture(scope="module")
def kommun(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    kommun = Provkommun(tmp_path_factory.mktemp("laddat"))
    kommun.lamna("skola", bok())
    return kommun


@pytest.mark.parametrize("kommando", FAR_LADDA)
def test_ett_kommando_laddar_bara_det_som_det_anvander(kommun: Provkommun, kommando: str) -> None:
    kod = "import sys; from kommunrapport import cli; cli._kor(sys.argv[1:], felsok=False); print('|'.join(sys.modules), file=sys.stderr)"
    miljo = {**os.environ, "PYTHONPATH": str(ROT), "PYTHONIOENCODING": "utf-8"}
    svar = subprocess.run(
        [sys.executable, "-c", kod, *kommando.split()], capture_output=True, cwd=kommun.katalog, check=True, timeout=60, env=miljo
    ).stderr.decode()
    laddade = {modul.partition(".")[0] for modul in svar.splitlines()[-1].split("|")}
    assert "kommunrapport" in laddade
    assert laddade & TUNGA - FAR_LADDA[kommando] == set()
