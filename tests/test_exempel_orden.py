"""Exempelkommunens ord och siffror säger samma sak: böckerna är de som exempel/ skriver, och ett mått har ett värde."""

import csv
import shutil
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from exempel.koncern import Koncern
from exempel.prosa import las_texter
from exempel.skapa import HAR, skapa
from exempel.underlag import FORSTA_AR, Underlag
from exempel.volymer import Volymer
from kommunrapport.karna.period import Period

DATA = Path(__file__).resolve().parents[1] / "data"
AUGUSTI = Period(2024, 8)
UNDERLAG = Underlag.las(HAR / "siffror.toml", DATA / "styrning")
ENHETER = [e for e, v in UNDERLAG.data["sjukfranvaro"].items() if isinstance(v, dict)]


def gemensamma_matt() -> Iterator[tuple[str, str, str]]:
    """Enhet, indikator och volymrad för varje mått som står både bland målen och bland volymerna."""
    rader = {fil: list(csv.DictReader((DATA / f"styrning/2024/{fil}.csv").open(encoding="utf-8"), delimiter=";")) for fil in ("mal", "volymer")}
    volymer = {(r["enhet"], r["benamning"]): r["rad"] for r in rader["volymer"]}
    yield from ((r["enhet"], r["rad"], volymer[nyckel]) for r in rader["mal"] if (nyckel := (r["enhet"], r["benamning"])) in volymer)


@pytest.mark.parametrize("period", ["2023-08", "2023-12", "2024-08", "2024-12"])
def test_ett_matt_har_samma_utfall_bland_mal_och_volymer(period: str) -> None:
    indikatorer, volymer = las_texter(HAR / "texter.toml")["indikator"], Volymer.las(HAR / "volymer.toml")
    par = list(gemensamma_matt())
    mal = [Decimal(str(indikatorer[enhet][rad][period]).replace(",", ".")) for enhet, rad, _ in par]
    assert len(par) >= 4
    assert mal == [volymer.celler(enhet, Period.parse(period))["volymer", volym, "utfall"] for enhet, _, volym in par]


def test_fardtjanstresorna_ar_sju_procent_farre_an_planen() -> None:
    """Som nämnden skriver i sin kommentar."""
    (plan,) = [int(r["plan"]) for r in UNDERLAG.styrrader(2024, "volymer", "samhallsbyggnadsnamnden") if r["rad"] == "fardtjanstresor"]
    prognos = Volymer.las(HAR / "volymer.toml").celler("samhallsbyggnadsnamnden", AUGUSTI)["volymer", "fardtjanstresor", "prognos"]
    assert round(100 * (int(prognos) / plan - 1)) == -7


def test_sjukfranvaron_minskar_i_fyra_namnder_och_okar_mest_i_socialnamnden() -> None:
    """Som finansförvaltningen skriver; redovisat med en decimal."""

    def procent(enhet: str, period: Period) -> Decimal:
        tid, sjuk = UNDERLAG.sjukfranvaro(enhet, period)["totalt"]
        return round(Decimal(100 * sjuk) / tid, 1) if tid else Decimal(0)

    okning = {e: procent(e, AUGUSTI) - procent(e, AUGUSTI.samma_fg_ar) for e in ENHETER}
    assert sum(o < 0 for o in okning.values()) == 4
    assert okning["socialnamnden"] == max(okning.values())


def test_langtidsfranvaron_ar_namndens_egen() -> None:
    andelar = [UNDERLAG.data["sjukfranvaro"][e]["lang"][AUGUSTI.ar - FORSTA_AR] for e in ENHETER]
    assert len({a for a in andelar if a}) == len([a for a in andelar if a])


@cache
def bokens_celler(fil: Path) -> dict[str, list[tuple[object, ...]]]:
    bok = openpyxl.load_workbook(fil, read_only=True)
    return {blad.title: list(blad.iter_rows(values_only=True)) for blad in bok}


@pytest.mark.parametrize("period", [AUGUSTI, Period.parse("2024-09-lage")])
def test_de_medfoljande_bockerna_ar_de_som_exemplet_skriver(tmp_path: Path, period: Period) -> None:
    katalog = tmp_path / "data"
    shutil.copytree(DATA, katalog, ignore=shutil.ignore_patterns("rapporter", "2024-0[2-5]", "2024-1?"))
    shutil.copytree(DATA / "inlamnat/2024-03", katalog / "inlamnat/2024-03")
    shutil.rmtree(katalog / f"inlamnat/{period}")
    (katalog / f"inlamnat/{period}").mkdir()
    skapa(katalog, period, Koncern.las(HAR / "koncern.toml", UNDERLAG))
    medfoljande = sorted((DATA / f"inlamnat/{period}").glob("*.xlsx"))
    assert [f.name for f in medfoljande] == [f.name for f in sorted((katalog / f"inlamnat/{period}").glob("*.xlsx"))]
    assert [f.name for f in medfoljande if bokens_celler(f) != bokens_celler(katalog / f"inlamnat/{period}" / f.name)] == []
