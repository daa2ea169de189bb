"""Målen flera år i rad i årsredovisningen: årets mål, och vad de bedömdes till i de tidigare boksluten."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.periodfiler import periodfiler
from kommunrapport.rapport.modell import Tabell
from tests.arsbokslut import BOKSLUT, FG_BOKSLUT, lamna_tva_ar
from tests.kommun import Celler, Provkommun, bok

KF = "enhet;rad;art;benamning;overordnat\n;k1;kfmal;Kunskap för alla;\nskola;m1;mal;Alla når målen;k1\n"
FJOL = "enhet;rad;art;benamning;overordnat\nskola;m1;mal;Alla når målen;Kunskap för alla\nskola;m9;mal;Ett mål som slutade;Kunskap för alla\n"
ATERKOMMER = "enhet;rad;art;benamning;overordnat\n;k1;kfmal;Kunskap för alla;\nskola;m1;mal;Alla når målen;k1\nskola;m2;mal;Ett nytt mål;\n"


def bedomt(**bedomningar: str) -> Celler:
    return bok(**{f"mal__{m}__bedomning": b for m, b in bedomningar.items()}, **{f"mal__{m}__kommentar": "Så är det." for m in bedomningar})


@pytest.fixture(scope="module")
def tva_ar(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Två bokslut där skolan har bedömt ett mål som är detsamma, och i år ett nytt."""
    kommun = Provkommun(tmp_path_factory.mktemp("malen"))
    lamna_tva_ar(kommun)
    kommun.skriv("styrning/2023/mal.csv", FJOL)
    kommun.skriv("styrning/2024/mal.csv", ATERKOMMER)
    kommun.lamna("skola", bedomt(m1="Inte uppnått", m9="Uppnått"), period=FG_BOKSLUT)
    kommun.lamna("skola", bedomt(m1="Uppnått", m2="Delvis uppnått"), period=BOKSLUT)
    return kommun


def sammanstalld(kommun: Provkommun, period: Period = BOKSLUT) -> Sammanstallning:
    return floden.sammanstall(kommun.katalog, period, "arsredovisning")


def tabell(kommun: Provkommun) -> Tabell:
    return floden.bygg_rapport(sammanstalld(kommun)).tabeller["malar"]


def test_varje_mal_har_sina_ar(tva_ar: Provkommun) -> None:
    t = tabell(tva_ar)
    assert [k.rubrik for k in t.kolumner] == ["2021", "2022", "2023", "2024"]
    assert {r.id: [c.text for c in r.celler] for r in t.rader} == {
        "finans.k1": ["–", "–", "Delvis uppnått", "Uppnått"],
        "skola.m1": ["–", "–", "Inte uppnått", "Uppnått"],
        "skola.m2": ["–", "–", "–", "Delvis uppnått"],
    }


def test_ett_ar_utan_bokslut_sags(tva_ar: Provkommun) -> None:
    (not_,) = tabell(tva_ar).noter
    assert "2021 och 2022" in not_


def test_bedomningen_kan_foljas_till_sitt_ars_bok(tva_ar: Provkommun) -> None:
    rad = next(r for r in tabell(tva_ar).rader if r.id == "skola.m1")
    assert [c.kalla.fil if c.kalla else "" for c in rad.celler] == ["", "", f"inlamnat/{FG_BOKSLUT}/skola.xlsx", f"inlamnat/{BOKSLUT}/skola.xlsx"]


def test_de_tidigare_bokslutens_filer_hor_till_rapporten(tva_ar: Provkommun, tmp_path: Path) -> None:
    """Ett bokslut längre tillbaka än förra årets ingår i det som rapporten är gjord av, så att den kan återskapas."""
    shutil.copytree(tva_ar.katalog, tmp_path / "tre")
    tva_ar = replace(tva_ar, katalog=tmp_path / "tre")
    tva_ar.skriv("styrning/2022/driftbudget.csv", (tva_ar.katalog / "styrning/2023/driftbudget.csv").read_text(encoding="utf-8"))
    tva_ar.skriv("styrning/2022/mal.csv", FJOL)
    tva_ar.lamna("skola", bedomt(m1="Uppnått"), period=Period(2022, 12))
    s = sammanstalld(tva_ar)
    assert f"inlamnat/{Period(2022, 12)}/skola.xlsx" in periodfiler(s.arbete, BOKSLUT).poster
    assert [c.text for r in tabell(tva_ar).rader if r.id == "skola.m1" for c in r.celler] == ["–", "Uppnått", "Inte uppnått", "Uppnått"]


def test_delarsrapporten_har_inte_tabellen(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/mal.csv", KF)
    kommun.lamna_alla()
    assert "malar" not in floden.bygg_rapport(kommun.sammanstall()).tabeller
