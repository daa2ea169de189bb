"""Många böcker att fylla i: samma byte vare sig en eller flera processer skriver dem, och samma celler för en enhet som för alla."""

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest

from kommunrapport import utskick
from kommunrapport.karna import processer
from kommunrapport.karna.fel import MallFel
from kommunrapport.rapport.inmatningshjalp import omraden
from tests.kommun import PERIOD, Provkommun, styr_rikt


@pytest.fixture(scope="module")
def kommun(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    kommun = Provkommun(tmp_path_factory.mktemp("manga"))
    styr_rikt(kommun)
    return kommun


def bocker(kommun: Provkommun, mapp: str, *enheter: str) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in utskick.skriv_mallar(kommun.katalog, PERIOD, enheter, kommun.katalog / mapp)}


def test_bockerna_blir_desamma_i_flera_processer(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    i_en = bocker(kommun, "en")
    monkeypatch.setattr(utskick, "_PER_PROCESS", 1)
    monkeypatch.setattr(processer, "karnor", lambda: 2)
    assert bocker(kommun, "flera") == i_en
    assert len(i_en) == 5


def test_en_enhets_bok_ar_densamma_som_nar_alla_skrivs(kommun: Provkommun) -> None:
    (ensam,) = bocker(kommun, "ensam", "skola").items()
    assert ensam in bocker(kommun, "alla").items()


def test_det_som_skickas_till_en_ny_process_gar_att_skicka(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Där processer inte kan grenas, som i Windows, skickas arbetet dit."""
    skickade = []

    def i_processer(gor: object, saker: list[object], _: int) -> Iterator[object]:
        skickade.append(pickle.loads(pickle.dumps(gor)))  # noqa: S301  egen data
        return map(skickade[0], saker)

    vantade = bocker(kommun, "vantade")
    monkeypatch.setattr(utskick, "i_processer", i_processer)
    assert bocker(kommun, "skickade") == vantade


@pytest.mark.parametrize(
    ("celler", "delar"),
    [
        ([(5, 2)], [(5, 2, 5, 2)]),
        ([(5, 2), (6, 2), (8, 2)], [(5, 2, 6, 2), (8, 2, 8, 2)]),
        ([(5, 2), (5, 3), (6, 2), (6, 3)], [(5, 2, 6, 2), (5, 3, 6, 3)]),
        ([(6, 2), (7, 3)], [(6, 2, 6, 2), (7, 3, 7, 3)]),
    ],
)
def test_celler_under_varandra_delar_regel(celler: list[tuple[int, int]], delar: list[tuple[int, int, int, int]]) -> None:
    assert omraden(celler) == delar


def test_en_process_som_dor_ersatts_av_den_egna(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processer, "karnor", lambda: 2)
    egen = os.getpid()
    assert list(processer.i_processer(_Dor(egen), list(range(40)), 10)) == list(range(40))


class _Dor:
    def __init__(self, egen: int) -> None:
        self.egen = egen

    def __call__(self, tal: int) -> int:
        if tal == 25 and os.getpid() != self.egen:
            os._exit(1)
        return tal


def _minus(varde: int) -> int:
    if varde > 2:
        raise MallFel("Första raden.", f"Talet {varde} är för stort.")
    return -varde


def test_olika_uppgifter_svarar_i_sin_ordning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processer, "karnor", lambda: 2)
    assert processer.samtidigt([partial(_minus, n) for n in (2, 0, 1)]) == [-2, 0, -1]
    assert processer.startslag() == "spawn" or len({*processer.samtidigt([os.getpid, os.getpid])} - {os.getpid()}) > 0


def test_ett_fel_i_en_annan_process_ar_samma_fel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processer, "karnor", lambda: 2)
    with pytest.raises(MallFel) as fel:
        processer.samtidigt([partial(_minus, n) for n in (1, 3)])
    assert fel.value.rader == ("Första raden.", "Talet 3 är för stort.")


@pytest.mark.parametrize("var", ["en kärna", "i en tråd", "kan inte grena"])
def test_utan_flera_processer_gors_allt_i_den_egna(monkeypatch: pytest.MonkeyPatch, var: str) -> None:
    monkeypatch.setattr(processer, "karnor", lambda: 1 if var == "en kärna" else 2)
    if var == "kan inte grena":
        monkeypatch.setattr(processer, "startslag", lambda: "spawn")
    with ThreadPoolExecutor(1) as trad:
        gor = trad.submit if var == "i en tråd" else lambda f, *a: SimpleNamespace(result=lambda: f(*a))
        assert gor(processer.samtidigt, [os.getpid, os.getpid]).result() == [os.getpid()] * 2
