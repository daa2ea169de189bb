"""Månadsrapporten och prognoserna under året: vad som finns i en månad utan prognos, i en med, och hur prognoserna jämförs."""

import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.karna.fel import AnvandningsFel, SaknasFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.rapport.modell import Rapport
from tests.kommun import Provkommun, bok, finansbok, vardbok

TKR = 100_000
FEBRUARI, MARS, AUGUSTI, OKTOBER, DECEMBER = (Period(2024, m) for m in (2, 3, 8, 10, 12))
PROGNOSER = {MARS: -61_400, AUGUSTI: -62_000, OKTOBER: -61_800}
"""Grundskolans prognos i de perioder som har en; utfallet blev −61 900."""


def lamna(kommun: Provkommun, period: Period, grund: int | None = None) -> None:
    """Böckerna för en period; ``grund`` är grundskolans prognos, i bokslutet dess utfall."""
    andrat = {} if grund is None else {f"drift__grund__{'utfall' if period == DECEMBER else 'prognos'}": grund}
    for enhet, celler in (("skola", bok(**andrat)), ("vard", vardbok()), ("finans", finansbok())):
        kommun.lamna(enhet, celler, period=period)


def rapport(kommun: Provkommun, period: Period, kommando: str = "manad") -> Rapport:
    return floden.bygg_rapport(floden.sammanstall(kommun.katalog, period, kommando))


@pytest.fixture
def aret(kommun: Provkommun) -> Provkommun:
    for period, prognos in PROGNOSER.items():
        lamna(kommun, period, prognos)
    lamna(kommun, DECEMBER, -61_900)
    return kommun


def synligt(fil: Path) -> str:
    """All text i Worddokumentet, också i tabellerna."""
    dokument = docx.Document(io.BytesIO(fil.read_bytes()))
    celler = [c.text for t in dokument.tables for rad in t.rows for c in rad.cells]
    return "\n".join([*(p.text for p in dokument.paragraphs), *celler])


def kolumner(r: Rapport) -> Mapping[str, list[str]]:
    return {t.id: [k.id for k in t.kolumner] for t in r.alla_tabeller}


def test_en_manad_utan_prognos_har_ingen_prognos_nagonstans(kommun: Provkommun) -> None:
    lamna(kommun, FEBRUARI)
    s = floden.sammanstall(kommun.katalog, FEBRUARI, "manad")
    filer = floden.skriv_rapport(s)
    r = floden.bygg_rapport(s)
    assert kolumner(r)["drift"] == ["utfall", "utfall_fg", "bokslut_fg", "budget", "forbrukat"]
    assert not [k for egna in kolumner(r).values() for k in egna if "prognos" in k or "avvikelse" in k]
    word, excel = filer[0], openpyxl.load_workbook(filer[1])
    assert "rognos" not in synligt(word)
    assert not [c.value for ark in excel.worksheets for rad in ark.iter_rows() for c in rad if "rognos" in str(c.value)]


def test_utan_prognos_visas_hur_mycket_av_budgeten_som_ar_forbrukat(kommun: Provkommun) -> None:
    lamna(kommun, FEBRUARI)
    r = rapport(kommun, FEBRUARI)
    skola = next(rad for rad in r.tabeller["drift"].rader if rad.id == "skola")
    assert [c.text for c in skola.celler] == ["−46,5", "–", "–", "−71,0", "65,5"]
    assert "16,7\u00a0procent" in r.meningar["namnder"]


def test_prognosen_jamfors_med_arets_forra(aret: Provkommun) -> None:
    s = floden.sammanstall(aret.katalog, OKTOBER, "manad")
    siffror = [s.rakning.varde(Adress("prognosforandring", "skola", k)) for k in ("budget", "prognos_fg", "prognos", "forandring", "avvikelse")]
    assert siffror == [v * TKR for v in (-71_000, -72_000, -71_800, 200, -800)]
    assert "augusti" in floden.bygg_rapport(s).meningar["prognosforandring"]


def test_den_forsta_prognosen_har_ingen_att_jamfora_med(kommun: Provkommun) -> None:
    lamna(kommun, MARS, -61_400)
    r = rapport(kommun, MARS)
    assert "prognosforandring" not in r.tabeller
    assert "prognos" in kolumner(r)["drift"]


def test_en_prognos_som_inte_ar_lamnad_jamfors_inte(kommun: Provkommun) -> None:
    lamna(kommun, AUGUSTI, -62_000)
    assert "prognosforandring" not in rapport(kommun, AUGUSTI, "delar").tabeller


def test_prognossakerheten_visar_varje_prognos_mot_utfallet(aret: Provkommun) -> None:
    s = floden.sammanstall(aret.katalog, DECEMBER, "arsredovisning")
    plan = s.rakning.planer["prognossakerhet"]
    vantat = {"avvikelse_da_03": -400, "avvikelse_da_08": -1_000, "avvikelse_da_10": -800, "avvikelse": 2_600}
    vantat |= {"traff_03": 3_000, "traff_08": 3_600, "traff_10": 3_400}
    assert {k: s.rakning.varde(Adress(plan.id, "skola", k)) for k in vantat} == {k: v * TKR for k, v in vantat.items()}
    assert {manad for manad in ("mars", "augusti", "oktober") if any(manad in k.rubrik for k in plan.visade_kolumner)} == {
        "mars",
        "augusti",
        "oktober",
    }


def test_boken_forifylls_med_den_forra_prognosen(aret: Provkommun) -> None:
    ark = openpyxl.load_workbook(aret.lamna("skola", bok(), period=OKTOBER))["Driftredovisning"]
    rubriker = {c.value: c.column for c in ark[5] if c.value}
    assert ark.cell(6, rubriker["Föregående prognos 2024"]).value == -62_000


@pytest.mark.parametrize(
    ("kommando", "period", "ratt"),
    [
        ("delar", FEBRUARI, "kommunrapport manad --period 2024-02"),
        ("manad", AUGUSTI, "kommunrapport delar --period 2024-08"),
        ("manad", DECEMBER, "kommunrapport arsredovisning --period 2024-12"),
        ("arsredovisning", OKTOBER, "kommunrapport manad --period 2024-10"),
        ("bokslutskommunike", DECEMBER, "kommunrapport arsredovisning --period 2024-12"),
    ],
)
def test_fel_kommando_namner_det_ratta(kommando: str, period: Period, ratt: str, kommun: Provkommun) -> None:
    with pytest.raises(AnvandningsFel) as fel:
        floden.sammanstall(kommun.katalog, period, kommando)
    assert ratt in "\n".join(fel.value.rader)


# --- En enhets egen rapport ------------------------------------------------------------------------------


def test_enhetens_rapport_har_samma_siffror_som_kommunens(aret: Provkommun) -> None:
    s = floden.sammanstall(aret.katalog, OKTOBER, "manad")
    word, excel = floden.skriv_rapport(s, ["Skolnämnden"])
    assert (word.parent.name, word.name) == ("enheter", "Skolnämnden månadsrapport 2024-10.docx")
    hel = next(a for a in floden.bygg_rapport(s).namnder if a.id == "skola").tabeller["namnd"]
    ark = openpyxl.load_workbook(excel, data_only=True)
    blad = next(b for b in ark.worksheets if b.title == "Nettokostnad per verksamhet")
    tal = [[Decimal(str(c.value)) for c in rad[1:] if isinstance(c.value, int | float)] for rad in blad.iter_rows(min_row=3, max_row=5)]
    assert tal == [[c.tal for c in rad.celler if c.tal is not None] for rad in hel.rader]
    text = synligt(word)
    assert "Grundskola" in text
    assert "Vårdnämnden" not in text


def test_en_enhet_utan_inlamning_far_ingen_rapport(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(), period=OKTOBER)
    with pytest.raises(SaknasFel, match="Vårdnämnden"):
        floden.skriv_rapport(floden.sammanstall(kommun.katalog, OKTOBER, "manad"), ["vard"])


def test_finansforvaltningen_har_ingen_egen_rapport(aret: Provkommun) -> None:
    with pytest.raises(AnvandningsFel, match="Finansförvaltningen"):
        floden.skriv_rapport(floden.sammanstall(aret.katalog, OKTOBER, "manad"), ["finans"])
