"""Händelseloggen: en kedja som bara växer, och låset."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.ensam import AGARFIL, ensam
from kommunrapport.bevarande.handelser import INLAMNAD, RAPPORT, Handelse
from kommunrapport.karna.fel import LastFel

TRE = [
    Handelse(INLAMNAD, "2024-08", "social", "inlamnat/2024-08/a.xlsx", "ab" * 32, {"storlek": 812}),
    Handelse(INLAMNAD, "2024-08", "skola", "inlamnat/2024-08/b.xlsx", "cd" * 32),
    Handelse(RAPPORT, "2024-08", uppgifter={"filer": {"Delårsrapport.docx": "ef" * 32}}),
]


def loggen(mapp: Path) -> Path:
    return mapp / handelser.FILNAMN


def test_handelserna_laser_som_de_skrevs_och_numreras(tmp_path: Path) -> None:
    handelser.skriv(tmp_path, TRE[:2])
    handelser.skriv(tmp_path, TRE[2:])
    kedja = handelser.las(tmp_path)
    assert [(h.nr, h.slag, h.enhet, h.fil, h.sha256, h.uppgifter) for h in kedja.handelser] == [
        (nr, h.slag, h.enhet, h.fil, h.sha256, h.uppgifter) for nr, h in enumerate(TRE, start=1)
    ]
    assert kedja.brister == ()
    assert all(h.tid[10] == "T" and h.tid[-6] in "+-" for h in kedja.handelser)


def test_kedjan_kan_provas_utan_programmet(tmp_path: Path) -> None:
    handelser.skriv(tmp_path, TRE)
    rader = loggen(tmp_path).read_bytes().splitlines()
    assert [json.loads(rad)["forra"] for rad in rader] == ["0" * 64, *(hashlib.sha256(rad).hexdigest() for rad in rader[:-1])]


@pytest.mark.parametrize(
    ("vad", "andra", "brister"),
    [
        ("inget", lambda rader: rader, 0),
        ("en rad ändrad", lambda rader: [rader[0], rader[1].replace(b"skola", b"annan"), rader[2]], 1),
        ("en rad borttagen", lambda rader: [rader[0], rader[2]], 1),
        ("första borttagen", lambda rader: rader[1:], 1),
        ("ordningen ändrad", lambda rader: [rader[1], rader[0], rader[2]], 3),
        ("ett annat slags värde", lambda rader: [rader[0], rader[1].replace(b'"nr": 2', b'"nr": "x"'), rader[2]], 1),
        ("en rad oläslig", lambda rader: [rader[0], b"???", rader[2]], 1),
    ],
)
def test_varje_ingrepp_syns(tmp_path: Path, vad: str, andra: object, brister: int) -> None:
    handelser.skriv(tmp_path, TRE)
    loggen(tmp_path).write_bytes(b"".join(rad + b"\n" for rad in andra(loggen(tmp_path).read_bytes().splitlines())))  # type: ignore[operator]
    assert len(handelser.las(tmp_path).brister) == brister, vad


@given(st.integers(min_value=1, max_value=200))
def test_en_rad_som_brots_av_raknas_inte_och_stoppar_inte_nasta(tmp_path_factory: pytest.TempPathFactory, kvar: int) -> None:
    mapp = tmp_path_factory.mktemp("logg")
    handelser.skriv(mapp, TRE[:2])
    hela = loggen(mapp).read_bytes()
    forsta = hela.index(b"\n") + 1
    loggen(mapp).write_bytes(hela[: forsta + min(kvar, len(hela) - forsta - 2)])
    handelser.skriv(mapp, TRE[2:])
    kedja = handelser.las(mapp)
    assert ([h.slag for h in kedja.handelser], kedja.brister, kedja.avbrutna) == ([INLAMNAD, RAPPORT], (), (2,))


HALLER = """
import pathlib, sys
from kommunrapport.bevarande.ensam import ensam
with ensam(pathlib.Path(sys.argv[1]), 'batch'):
    print(flush=True)
    sys.stdin.read()
"""


def test_den_som_haller_laset_namns(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HALLER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as annan:
        assert annan.stdout
        annan.stdout.readline()
        with pytest.raises(LastFel) as fel, ensam(tmp_path, "delar"):
            pass
        assert f"batch på {json.loads((tmp_path / AGARFIL).read_text(encoding='utf-8'))['dator']} (process {annan.pid})" in str(fel.value)
    with ensam(tmp_path) as forra:
        assert forra is None


def test_samma_korning_far_halla_laset_igen(tmp_path: Path) -> None:
    with ensam(tmp_path, "batch"), ensam(tmp_path, "delar"):
        pass
    assert not (tmp_path / AGARFIL).exists()


def test_ett_las_efter_en_dodad_korning_kanns_igen(tmp_path: Path) -> None:
    kod = "import os, pathlib, sys\nfrom kommunrapport.bevarande.ensam import ensam\nwith ensam(pathlib.Path(sys.argv[1]), 'batch'):\n    os._exit(9)"
    assert subprocess.run([sys.executable, "-c", kod, str(tmp_path)], check=False).returncode == 9
    with ensam(tmp_path) as forra:
        assert forra is not None
        assert forra.kommando == "batch"
