"""Vilka perioder det arbetas med en viss dag."""

from datetime import date
from pathlib import Path

import pytest

from kommunrapport import arshjulet
from kommunrapport.berakning.arsplan import Periodplan, planera
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog
from tests.kommun import Provkommun


@pytest.fixture
def arbete(tmp_path: Path) -> Arbetskatalog:
    return las_arbetskatalog(Provkommun(tmp_path).katalog)


def plan(arbete: Arbetskatalog, period: Period) -> Periodplan:
    return next(p for p in planera(arbete.arshjul, period.ar, {}).perioder if p.period == period)


def oppna(arbete: Arbetskatalog, dag: date) -> list[str]:
    return [str(p) for p in arshjulet.oppna_perioder(arbete, dag)]


def test_en_period_ar_oppen_fran_utskicket_till_och_med_sista_dagen(arbete: Arbetskatalog) -> None:
    augusti = plan(arbete, Period(2024, 8))
    ut, sist = augusti.post.skickas_ut(date(2024, 8, 31)), augusti.punkter[-1].dag
    dagar = [ut.replace(day=ut.day - 1) if ut.day > 1 else date(ut.year, ut.month - 1, 28), ut, sist]
    assert ["2024-08" in oppna(arbete, dag) for dag in dagar] == [False, True, True]
    assert "2024-08" not in oppna(arbete, date.fromordinal(sist.toordinal() + 1))


def test_en_faststalld_period_ar_inte_oppen(arbete: Arbetskatalog) -> None:
    version = arbete.katalog / "arkiv/2024-08/v1"
    version.mkdir(parents=True)
    (version / "manifest.json").touch()
    assert "2024-08" not in oppna(arbete, date(2024, 9, 10))


def test_bokslutet_ar_oppet_aret_efter(arbete: Arbetskatalog) -> None:
    assert "2023-12" in oppna(arbete, date(2024, 2, 1))


def test_perioderna_kommer_i_tidsordning(arbete: Arbetskatalog) -> None:
    for manad in range(1, 13):
        perioder = arshjulet.oppna_perioder(arbete, date(2024, manad, 15))
        assert perioder == sorted(perioder)


def test_nasta_period_ar_den_som_skickas_ut_harnast(arbete: Arbetskatalog) -> None:
    for manad in range(1, 13):
        nasta = arshjulet.nasta_period(arbete, date(2024, manad, 15))
        assert nasta is not None
        period, dag = nasta
        assert dag > date(2024, manad, 15)
        assert str(period) in oppna(arbete, dag)


@pytest.mark.parametrize(
    ("mappar", "senast"), [([], None), (["2024-08/a.xlsx", "2023-12/a.xlsx", "2024-10/"], "2024-08"), (["utkast/a.xlsx", "2024-01/a.xlsx"], None)]
)
def test_den_senast_lamnade_har_filer_och_finns_i_arshjulet(arbete: Arbetskatalog, mappar: list[str], senast: str | None) -> None:
    for vag in mappar:
        mapp, fil = vag.split("/")
        (arbete.katalog / "inlamnat" / mapp).mkdir(parents=True, exist_ok=True)
        if fil:
            (arbete.katalog / "inlamnat" / mapp / fil).touch()
    funnen = arshjulet.senast_lamnade(arbete)
    assert (str(funnen) if funnen else None) == senast
