"""Sparade läsningar: en oförändrad bok läses en gång, och bara så länge inget som den beror på är ändrat."""

import gzip
import multiprocessing
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kommunrapport.inlasning import fillasning, lasningar
from kommunrapport.inlasning.bok import Inlamning, las_bok
from kommunrapport.karna import processer
from kommunrapport.karna.fel import Slutkod
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from kommunrapport.samling import las_beslut
from tests.kommun import DRIFTBUDGET, KOMMUN_TOML, PERIOD, Kommandorad, Provkommun, bok, vardbok

ALLA = ["finans", "skola", "vard"]


@pytest.fixture
def lasta(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Böckerna som har lästs ur sina filer, i ordning."""
    namn: list[str] = []

    def las_(data: bytes, visas: str, *rest: object) -> Inlamning:
        namn.append(Path(visas).stem)
        return las_bok(data, visas, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fillasning, "las_bok", las_)
    return namn


@pytest.fixture
def rapporterad(hel_kommun: Provkommun, kor: Kommandorad, lasta: list[str]) -> Provkommun:
    """Kommunen när rapporten har skrivits en gång."""
    assert kor("delar", "--period", str(PERIOD), katalog=hel_kommun.katalog).kod == Slutkod.KLART
    assert lasta == ALLA
    lasta.clear()
    return hel_kommun


def sparade(kommun: Provkommun) -> list[Path]:
    return sorted((kommun.katalog / lasningar.MAPP / str(PERIOD)).iterdir())


def delar(kor: Kommandorad, kommun: Provkommun) -> dict[str, bytes]:
    """Rapportens filer, skrivna på nytt."""
    mapp = kommun.katalog / "rapporter" / str(PERIOD)
    shutil.rmtree(mapp)
    assert kor("delar", "--period", str(PERIOD), katalog=kommun.katalog).kod == Slutkod.KLART
    return {f.name: f.read_bytes() for f in mapp.iterdir()}


def egen_mall(kommun: Provkommun) -> None:
    kommun.skriv("mallar/utseende.toml", '[farg]\nhuvud = "1F3864"\n')


def skada(kommun: Provkommun, data: bytes) -> None:
    for fil in sparade(kommun):
        fil.write_bytes(data)


@pytest.mark.parametrize(
    ("andra", "laser_om"),
    [
        (lambda _: None, []),
        (lambda k: k.lamna("vard", vardbok(drift__hemtjanst__kommentar="Ändrad.")), ["vard"]),
        (lambda k: shutil.move(k.katalog / "inlamnat/2024-08/skola.xlsx", k.katalog / "inlamnat/2024-08/skolan.xlsx"), ["skolan"]),
        (lambda k: k.skriv("kommun.toml", KOMMUN_TOML.replace("underskott_tkr = 500", "underskott_tkr = 501")), ALLA),
        (lambda k: k.skriv("styrning/2024/driftbudget.csv", DRIFTBUDGET.replace("Hemtjänst", "Hemtjänsten")), ALLA),
        (egen_mall, ALLA),
        (lambda k: shutil.rmtree(k.katalog / lasningar.MAPP), ALLA),
        (lambda k: skada(k, b""), ALLA),
        (lambda k: skada(k, b"skr\xc3\xa4p"), ALLA),
        (lambda k: skada(k, gzip.compress(b'{"fil": "x"}')), ALLA),
        (lambda k: skada(k, gzip.compress(b"x" * 1000)[:-9]), ALLA),
    ],
    ids=["inget", "bok", "namn", "kommun", "beslut", "mall", "borta", "tom", "skräp", "form", "halv"],
)
def test_vad_som_lases_om(rapporterad: Provkommun, lasta: list[str], andra: Callable[[Provkommun], object], laser_om: list[str]) -> None:
    andra(rapporterad)
    rapporterad.sammanstall()
    assert lasta == laser_om


def test_rapporten_blir_byte_for_byte_densamma(rapporterad: Provkommun, kor: Kommandorad, lasta: list[str]) -> None:
    ur_sparade = delar(kor, rapporterad)
    assert lasta == []
    shutil.rmtree(rapporterad.katalog / lasningar.MAPP)
    assert delar(kor, rapporterad) == ur_sparade
    assert lasta == ALLA


def test_lasningen_har_samma_fakta_och_anmarkningar(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(drift__grund__prognos="cirka 61", kostnadsslag__personal__prognos="12 300"))
    filen = kommun.sammanstall().inlamningar.filer[0]
    inlamning = replace(filen, fakta=list(filen.fakta))
    assert [a.kod for a in inlamning.anmarkningar] != []
    assert lasningar.tolka(lasningar.som_byte(inlamning)) == inlamning


@pytest.mark.parametrize("kommando", [("validera", "--period", "2024-08"), ("status",), ("delar", "--period", "2024-08", "--strikt")])
def test_bara_det_som_skriver_en_rapport_sparar(kommun: Provkommun, kor: Kommandorad, kommando: tuple[str, ...]) -> None:
    kommun.lamna("skola", bok())
    kor(*kommando, katalog=kommun.katalog)
    assert not (kommun.katalog / lasningar.MAPP).exists()


def test_en_mapp_som_inte_gar_att_skriva_i_stoppar_inget(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    hel_kommun.skriv(lasningar.MAPP, "en fil i vägen")
    assert kor("delar", "--period", str(PERIOD), katalog=hel_kommun.katalog).kod == Slutkod.KLART
    assert (hel_kommun.katalog / lasningar.MAPP).read_text() == "en fil i vägen"


def test_gamla_lasningar_tas_bort(rapporterad: Provkommun, kor: Kommandorad) -> None:
    mapp = sparade(rapporterad)[0].parent
    for nr in range(30):
        (mapp / f"gammal{nr}").write_bytes(b"")
        os.utime(mapp / f"gammal{nr}", (nr, nr))
    rapporterad.lamna("vard", vardbok(drift__hemtjanst__kommentar="Ändrad."))
    delar(kor, rapporterad)
    gamla = {f.name for f in sparade(rapporterad) if f.name.startswith("gammal")}
    assert gamla == {f"gammal{nr}" for nr in range(22, 30)}


def _las(kommun: Provkommun) -> list[Inlamning]:
    arbete = las_arbetskatalog(kommun.katalog)
    mall = las_periodmall(arbete, PERIOD)
    bocker = sorted((kommun.katalog / "inlamnat" / str(PERIOD)).iterdir())
    return list(fillasning.las_filer(bocker, arbete, mall, las_beslut(arbete, mall).rader))


@pytest.mark.parametrize("startslag", [s for s in ("fork", "spawn") if s in multiprocessing.get_all_start_methods()])
def test_manga_bocker_lases_i_flera_processer(hel_kommun: Provkommun, monkeypatch: pytest.MonkeyPatch, startslag: str) -> None:
    en = _las(hel_kommun)
    monkeypatch.setattr(fillasning, "_PER_PROCESS", 1)
    monkeypatch.setattr(processer, "startslag", lambda: startslag)
    assert _las(hel_kommun) == en


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="en grenad process behövs för att byta ut läsaren i den")
def test_en_process_som_dor_gor_att_resten_lases_har(hel_kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    en = _las(hel_kommun)

    def dor(*argument: object) -> Inlamning:
        if multiprocessing.parent_process():
            os._exit(1)
        return las_bok(*argument)  # type: ignore[arg-type]

    monkeypatch.setattr(fillasning, "_PER_PROCESS", 1)
    monkeypatch.setattr(fillasning, "las_bok", dor)
    assert _las(hel_kommun) == en
