"""Händelserna som en körning lägger till, och klarmarkeringen som bara gäller filen den sattes på."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kommunrapport import floden, journal
from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.handelser import BORTTAGEN, FASTSTALLD, INLAMNAD, KLARMARKERAD, KLARMARKERING_FALLEN, PROVAD, RAPPORT, Handelse
from kommunrapport.inlasning import lasningar
from kommunrapport.karna.fel import LastFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.periodfiler import periodfiler
from kommunrapport.samling import Samling, samla
from tests.kommun import Provkommun

AUGUSTI = Period(2024, 8)
JA = {"klarmarkerad": "Ja", "klardatum": "2024-09-12"}


def slag(katalog: Path, fran: int = 0) -> list[str]:
    return [h.slag for h in handelser.las(katalog).handelser[fran:]]


@pytest.fixture
def kommun(hel_kommun: Provkommun) -> Provkommun:
    floden.skriv_rapport(floden.sammanstall(hel_kommun.katalog, AUGUSTI))
    return hel_kommun


def kor(kommun: Provkommun) -> list[str]:
    """Slagen av händelser som en ny körning lägger till."""
    fran = len(handelser.las(kommun.katalog).handelser)
    floden.skriv_rapport(floden.sammanstall(kommun.katalog, AUGUSTI))
    return slag(kommun.katalog, fran)


def en_bok(kommun: Provkommun) -> Path:
    return min((kommun.katalog / "inlamnat/2024-08").glob("*.xlsx"))


def test_forsta_korningen_antecknar_varje_bok_och_rapporten(kommun: Provkommun) -> None:
    bocker = len(list((kommun.katalog / "inlamnat/2024-08").glob("*.xlsx")))
    alla = slag(kommun.katalog)
    assert [alla.count(s) for s in (INLAMNAD, PROVAD, RAPPORT)] == [bocker, bocker, 1]
    assert kor(kommun) == [RAPPORT]


def test_det_som_antecknas_ar_filens_avtryck_nar_den_lastes(kommun: Provkommun) -> None:
    inlamnade = {h.fil: h.sha256 for h in handelser.las(kommun.katalog).handelser if h.slag == INLAMNAD}
    assert inlamnade == {fil: post for fil, post in periodfiler(las_arbetskatalog(kommun.katalog), AUGUSTI).inlamnade.items() if post}


def test_en_borttagen_och_aterlagd_bok_antecknas(kommun: Provkommun) -> None:
    bok = en_bok(kommun)
    data = bok.read_bytes()
    bok.unlink()
    assert BORTTAGEN in kor(kommun)
    bok.write_bytes(data)
    assert INLAMNAD in kor(kommun)


def test_en_fil_som_andras_medan_den_lases_stoppar_rapporten(kommun: Provkommun) -> None:
    s = floden.sammanstall(kommun.katalog, AUGUSTI)
    en_bok(kommun).touch()
    with pytest.raises(LastFel) as fel:
        floden.skriv_rapport(s)
    assert en_bok(kommun).name in str(fel.value)


@pytest.mark.parametrize(("oroliga", "gar"), [(0, True), (2, True), (3, False)])
def test_en_period_lases_om_tills_filerna_ar_stilla(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch, oroliga: int, gar: bool) -> None:
    gjorda: list[int] = []

    def ostadig(*args: Any) -> Samling:
        gjorda.append(1)
        if len(gjorda) <= oroliga:
            en_bok(kommun).touch()
        return samla(*args)

    monkeypatch.setattr(floden, "samla", ostadig)
    monkeypatch.setattr(floden, "_VANTAN", (0.0, 0.0, 0.0))
    if gar:
        floden.sammanstall(kommun.katalog, AUGUSTI)
    else:
        with pytest.raises(LastFel):
            floden.sammanstall(kommun.katalog, AUGUSTI)
    assert len(gjorda) == min(oroliga + 1, 3)


def test_allt_som_lases_i_katalogen_hor_till_periodens_filer(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    """En fil som läses utan att räknas dit skulle kunna ändras utan att rapporten gjordes om. Sparade läsningar heter efter sitt innehåll."""
    lasta: set[str] = set()
    oppna = Path.open

    def spanande(fil: Path, mode: str = "r", *args: Any, **kw: Any) -> Any:
        if "r" in mode and fil.is_relative_to(kommun.katalog):
            lasta.add(fil.relative_to(kommun.katalog).as_posix())
        return oppna(fil, mode, *args, **kw)

    arbete = las_arbetskatalog(kommun.katalog)
    filer = periodfiler(arbete, AUGUSTI)
    monkeypatch.setattr(Path, "open", spanande)
    floden.bygg_rapport(floden.sammanstall(kommun.katalog, AUGUSTI))
    assert "kommun.toml" in lasta
    assert {vag for vag in lasta if not vag.startswith(lasningar.MAPP)} - filer.poster.keys() == set()


@dataclass(frozen=True)
class Steg:
    """Boken så som den ser ut en natt, och vad loggen då ska säga."""

    sha: str
    svar: dict[str, str]
    nya: tuple[str, ...]
    lage: str


SENARE = {**JA, "klardatum": "2024-09-13"}
FALL = {
    "markerad en gång": [Steg("a", JA, (KLARMARKERAD,), "ja"), Steg("a", JA, (), "ja")],
    "aldrig markerad": [Steg("a", {"klarmarkerad": "Nej"}, (), "nej")],
    "ändrad efteråt faller": [Steg("a", JA, (KLARMARKERAD,), "ja"), Steg("b", JA, (KLARMARKERING_FALLEN,), "fallen"), Steg("c", JA, (), "fallen")],
    "ny klardag gäller": [
        Steg("a", JA, (KLARMARKERAD,), "ja"),
        Steg("b", JA, (KLARMARKERING_FALLEN,), "fallen"),
        Steg("c", SENARE, (KLARMARKERAD,), "ja"),
        Steg("c", SENARE, (), "ja"),
    ],
    "tillbaka till den markerade filen": [
        Steg("a", JA, (KLARMARKERAD,), "ja"),
        Steg("b", JA, (KLARMARKERING_FALLEN,), "fallen"),
        Steg("a", JA, (KLARMARKERAD,), "ja"),
    ],
    "återtagen och satt igen": [
        Steg("a", JA, (KLARMARKERAD,), "ja"),
        Steg("b", {"klarmarkerad": "Nej"}, (KLARMARKERING_FALLEN,), "nej"),
        Steg("c", JA, (KLARMARKERAD,), "ja"),
    ],
    "utan klardag": [
        Steg("a", {"klarmarkerad": "Ja"}, (KLARMARKERAD,), "ja"),
        Steg("b", {"klarmarkerad": "Ja"}, (KLARMARKERING_FALLEN,), "fallen"),
    ],
}


@pytest.mark.parametrize("fall", FALL)
def test_klarmarkeringen_galler_bara_filen_den_sattes_pa(fall: str) -> None:
    loggen: list[Handelse] = []
    for nr, steg in enumerate(FALL[fall], 1):
        nya = list(journal.klarmarkeringar("social", "social.xlsx", "2024-08", steg.sha, steg.svar, loggen))
        loggen += [Handelse(h.slag, h.period, h.enhet, h.fil, h.sha256, json.loads(json.dumps(h.uppgifter)), "tid", nr) for h in nya]
        assert (tuple(h.slag for h in nya), journal.klarmarkering(loggen, "social").lage) == (steg.nya, steg.lage), nr


def test_slagen_ar_olika() -> None:
    assert len(set(handelser.SLAG)) == len(handelser.SLAG)
    assert FASTSTALLD in handelser.SLAG
