"""Årshjulet: vilka perioder som finns under året, vad de heter och vad som ska lämnas då.

Tabellen är Hedemora kommuns eget årshjul (Styrmodell för Hedemora kommun, kommunstyrelsen 2024-09-17 § 123).
"""

from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.karna.fel import AnvandningsFel, MallFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import Periodmall, las_arbetskatalog, las_periodmall, rubrik
from tests.kommun import Provkommun


class Post(NamedTuple):
    rapporttyp: str
    innehall: str
    prognos: bool
    mal: bool
    atgarder: bool


UPPFOLJNING = Post("Månadsrapport", "Ekonomisk uppföljning", prognos=False, mal=False, atgarder=False)
ARSHJUL = {
    2: UPPFOLJNING,
    3: Post("Månadsrapport", "Ekonomisk uppföljning med prognos och planerade åtgärder", prognos=True, mal=False, atgarder=True),
    4: UPPFOLJNING,
    5: UPPFOLJNING,
    8: Post("Delårsrapport", "Mål- och resultatuppföljning med prognos och planerade åtgärder", prognos=True, mal=True, atgarder=True),
    9: UPPFOLJNING,
    10: Post("Månadsrapport", "Ekonomisk uppföljning med prognos", prognos=True, mal=False, atgarder=False),
    12: Post("Årsbokslut", "Mål- och resultatuppföljning", prognos=False, mal=True, atgarder=False),
}
UTAN_RAPPORT = [manad for manad in range(1, 13) if manad not in ARSHJUL]


def mall(kommun: Provkommun, manad: int) -> Periodmall:
    return las_periodmall(las_arbetskatalog(kommun.katalog), Period(2024, manad))


def blad_i(fil: Path) -> dict[str, list[str]]:
    """Bladens id och deras kolumners id, så som de står i den skrivna boken."""
    arbetsbok: Any = openpyxl.load_workbook(fil, read_only=True)
    forsta = [next(ark.iter_rows(min_row=1, max_row=1, values_only=True), ()) for ark in arbetsbok.worksheets]
    return {str(rad[0]).split(":")[1]: [k for k in rad[1:] if k] for rad in forsta if rad and str(rad[0]).startswith("kommunrapport:")}


def test_aret_har_atta_perioder(kommun: Provkommun) -> None:
    assert [post.manad for post in las_arbetskatalog(kommun.katalog).arshjul.period] == list(ARSHJUL)


@pytest.mark.parametrize("manad", ARSHJUL)
def test_periodens_rapporttyp_och_innehall(kommun: Provkommun, manad: int) -> None:
    post = mall(kommun, manad).post
    assert (
        Post(post.rapporttyp, post.innehall, prognos=post.prognos, mal="mal" in post.omraden, atgarder="atgarder" in post.omraden) == ARSHJUL[manad]
    )


@pytest.mark.parametrize("manad", ARSHJUL)
def test_blad_och_kolumner_foljer_periodens_innehall(kommun: Provkommun, manad: int) -> None:
    periodmall, post = mall(kommun, manad), ARSHJUL[manad]
    namn = {blad.id for blad in periodmall.blad}
    assert ({"mal", "uppdrag"} <= namn, "atgarder" in namn) == (post.mal, post.atgarder)
    rubriker = {(blad.id, rubrik(k, periodmall.period)) for blad in periodmall.blad for k in blad.kolumn}
    prognoser = {blad for blad, text in rubriker if "rognos" in text}
    med_prognos = {
        "drift",
        "kostnadsslag",
        "resultat",
        "investering",
        "bolagsresultat",
        "forbundsresultat",
        *(("atgarder",) if post.atgarder else ()),
    }
    assert prognoser == (med_prognos if post.prognos else set())
    assert {"drift", "kostnadsslag", "resultat", "investering", "texter"} <= namn
    assert bool({"balans", "balanskrav", "kassaflode", "internbalans", "personal", "sjukfranvaro"} & namn) == (manad in (8, 12))


@pytest.mark.parametrize("manad", [2, 8])
def test_den_skrivna_boken_har_bara_det_som_perioden_kraver(kommun: Provkommun, manad: int) -> None:
    kommun.skriv("styrning/2024/mal.csv", "enhet;rad;art;benamning\nskola;m1;mal;Alla klarar skolan\n")
    blad = blad_i(kommun.lamna("skola", {}, period=Period(2024, manad)))
    assert ("prognos" in blad["drift"], "avvikelse" in blad["drift"]) == (ARSHJUL[manad].prognos, ARSHJUL[manad].prognos)
    assert ("mal" in blad, "atgarder" in blad) == (ARSHJUL[manad].mal, ARSHJUL[manad].atgarder)
    assert blad["drift"][:3] == ["benamning", "utfall_fg", "utfall"]


@pytest.mark.parametrize("manad", UTAN_RAPPORT)
def test_en_manad_utan_rapport_finns_inte_i_arshjulet(kommun: Provkommun, manad: int) -> None:
    with pytest.raises(AnvandningsFel, match=f"2024-{manad:02d}"):
        mall(kommun, manad)


@pytest.mark.parametrize(
    ("period", "narmast"),
    [
        (Period(2024, 6), ("2024-05", "2024-08")),
        (Period(2024, 7), ("2024-05", "2024-08")),
        (Period(2024, 1), ("2023-12", "2024-02")),
        (Period(2024, 11), ("2024-10", "2024-12")),
    ],
)
def test_felet_namner_perioderna_narmast(kommun: Provkommun, period: Period, narmast: tuple[str, str]) -> None:
    with pytest.raises(AnvandningsFel) as fel:
        las_periodmall(las_arbetskatalog(kommun.katalog), period)
    text = "\n".join(fel.value.rader)
    assert [p for p in (str(period), *narmast) if p not in text] == []


@pytest.mark.parametrize("manad", [manad for manad, post in ARSHJUL.items() if post.rapporttyp != "Delårsrapport"])
def test_delarsrapporten_skrivs_bara_for_delaret(kommun: Provkommun, manad: int) -> None:
    with pytest.raises(AnvandningsFel) as fel:
        floden.sammanstall(kommun.katalog, Period(2024, manad))
    text = "\n".join(fel.value.rader)
    assert f"2024-{manad:02d}" in text
    assert "2024-08" in text


def test_en_kommun_kan_ha_ett_eget_arshjul(kommun: Provkommun) -> None:
    kommun.skriv(
        "mallar/arshjul/hedemora.toml",
        'id = "hedemora"\nnamn = "Provköping"\nkalla = "KS 2024"\ngaller_fran = 2024-01-01\nsenast_kontrollerad = 2024-01-01\n'
        '[[period]]\nmanad = 4\nrapporttyp = "Delårsrapport"\nkommando = "delar"\ninnehall = "Uppföljning"\nomraden = ["prognos"]\nklar_dagar = 20\n'
        '[[period]]\nmanad = 12\nrapporttyp = "Årsbokslut"\nkommando = "arsredovisning"\ninnehall = "Bokslut"\nklar_dagar = 45\n',
    )
    assert mall(kommun, 4).post.rapporttyp == "Delårsrapport"
    with pytest.raises(AnvandningsFel, match="2024-04"):
        mall(kommun, 8)


@pytest.mark.parametrize(
    ("fran", "till", "namns"),
    [
        ("manad = 4", "manad = 13", ("period.1.manad", "12")),
        ('kommando = "delar"', 'kommando = "kvartal"', ("period.1.kommando", "'delar'")),
        ("klar_dagar = 20", "frist = 20", ("period.1.frist", "klar_dagar")),
    ],
)
def test_fel_i_arshjulet_blir_meningar_som_namner_nyckeln(kommun: Provkommun, fran: str, till: str, namns: tuple[str, ...]) -> None:
    toml = (
        'id = "hedemora"\nnamn = "Provköping"\nkalla = "KS 2024"\ngaller_fran = 2024-01-01\nsenast_kontrollerad = 2024-01-01\n'
        '[[period]]\nmanad = 4\nrapporttyp = "Delårsrapport"\nkommando = "delar"\ninnehall = "Uppföljning"\nklar_dagar = 20\n'
    )
    kommun.skriv("mallar/arshjul/hedemora.toml", toml.replace(fran, till))
    with pytest.raises(MallFel) as fel:
        mall(kommun, 4)
    assert all(mening.startswith("mallar/arshjul/hedemora.toml: ") for mening in fel.value.rader)
    assert [ord_ for ord_ in namns if ord_ not in "\n".join(fel.value.rader)] == []


@pytest.mark.parametrize(
    ("period", "spann", "fg_period", "bokslut"),
    [
        (Period(2024, 8), "januari–augusti 2024", "2023-08", "2023-12"),
        (Period(2024, 2), "januari–februari 2024", "2023-02", "2023-12"),
        (Period(2024, 12), "januari–december 2024", "2023-12", "2023-12"),
    ],
)
def test_periodens_spann_och_jamforelseperioder(period: Period, spann: str, fg_period: str, bokslut: str) -> None:
    assert (period.spann, str(period.samma_fg_ar), str(period.bokslut_fg_ar)) == (spann, fg_period, bokslut)


@pytest.mark.parametrize(
    ("text", "slut"), [("2024-02", "2024-02-29"), ("2023-02", "2023-02-28"), ("2024-12", "2024-12-31"), (" 2024-08 ", "2024-08-31")]
)
def test_en_period_slutar_manadens_sista_dag(text: str, slut: str) -> None:
    assert Period.parse(text).slut.isoformat() == slut


@pytest.mark.parametrize("text", ["2024-8", "2024-13", "2024-00", "202408", "24-08", "augusti", "", "2024-08-31", "2024/08"])
def test_annat_an_ar_och_manad_ar_ingen_period(text: str) -> None:
    with pytest.raises(ValueError, match=text.strip() or "^$"):
        Period.parse(text)
