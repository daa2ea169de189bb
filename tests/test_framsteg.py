"""Långt arbete: en stapel på en terminal, en rad per steg annars, och inget när det går fort."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kommunrapport.cli import framsteg
from kommunrapport.karna.framsteg import foljt, meddelas
from tests.kommun import Kommandorad, Provkommun


def klocka(sekunder_per_sak: float) -> Iterator[float]:
    nu = 0.0
    while True:
        yield nu
        nu += sekunder_per_sak


def visat(capsys: pytest.CaptureFixture[str], antal: int, sekunder_per_sak: float, *, terminal: bool = False) -> str:
    """Det som visas medan sakerna görs, när var och en tar så lång tid."""
    tider = klocka(sekunder_per_sak)
    steg = framsteg.Steg(terminal=terminal, klocka=lambda: next(tider))
    with meddelas(steg):
        assert list(foljt("x" * antal, "Skriver böcker", antal)) == ["x"] * antal
    steg.stang()
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("antal", "sekunder_per_sak", "rader"),
    [(300, 0.001, []), (300, 0.1, ["Skriver böcker: 300 på 30 s."]), (3, 50.0, ["Skriver böcker: 3 på 2 min 30 s."]), (0, 9.0, [])],
)
def test_en_rad_nar_steget_tog_tid(capsys: pytest.CaptureFixture[str], antal: int, sekunder_per_sak: float, rader: list[str]) -> None:
    assert visat(capsys, antal, sekunder_per_sak).splitlines() == rader


@pytest.mark.parametrize(("sekunder_per_sak", "stapel"), [(0.001, False), (0.5, True)])
def test_en_stapel_pa_en_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sekunder_per_sak: float, stapel: bool) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    assert ("Skriver böcker" in visat(capsys, 10, sekunder_per_sak, terminal=True)) == stapel


@pytest.mark.parametrize(
    ("gjorda", "totalt", "tid", "text"),
    [(120, 300, 2.93, "120 av 300, 41/s, 4 s kvar"), (5, 50, 10.0, "5 av 50, 30/min, 90 s kvar"), (1, 100, 3.0, "1 av 100, 20/min, 4 min 57 s kvar")],
)
def test_antal_takt_och_tid_som_ar_kvar(gjorda: int, totalt: int, tid: float, text: str) -> None:
    assert framsteg.lage(gjorda, totalt, tid) == text


@pytest.mark.parametrize(("flaggor", "steg"), [([], 1), (["--json"], 0)])
def test_mall_foljs_bok_for_bok(tmp_path: Path, kor: Kommandorad, monkeypatch: pytest.MonkeyPatch, flaggor: list[str], steg: int) -> None:
    monkeypatch.setattr(framsteg, "FORDROJNING", 0.0)
    kommun = Provkommun(tmp_path)
    svar = kor("mall", "--period", "2024-08", *flaggor, katalog=kommun.katalog)
    assert svar.kod == 0
    assert svar.fel.count("Skriver böcker: 3 på") == steg


def test_utan_mottagare_hamtas_sakerna_som_de_ar() -> None:
    assert list(foljt([1, 2], "Räknar", 2)) == [1, 2]
