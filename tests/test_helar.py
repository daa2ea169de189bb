"""Hela året för en kommun med Huddinges årshjul och en med Katrineholms: varje period med sitt eget kommando, ur samma böcker."""

import contextlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from kommunrapport import cli, regelbok, utskick
from kommunrapport.karna.fel import MallFel, Slutkod
from kommunrapport.karna.period import MANADER, Period
from kommunrapport.mall.arshjulsmall import Arshjul, Arshjulspost
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from kommunrapport.mall.rapportmall import RAPPORTMALLAR
from kommunrapport.provning import rapportmall_for, regler_for
from kommunrapport.rapport.arbetsbok import Varde
from tests.arsbokslut import FLERAR, NOTER, PENSIONER
from tests.kommun import KOMMUN_TOML, KRAVDA_TEXTER, Celler, Kommandorad, Provkommun, bok, finansbok, vardbok

pytestmark = pytest.mark.hel

AR = 2024
KALLA = Mallkalla((medfoljande(),))
PROFILER = ("huddinge", "katrineholm")
HJUL = {profil: KALLA.las(f"arshjul/{profil}.toml", Arshjul) for profil in PROFILER}
PERIODER = [(profil, str(post.period(AR))) for profil in PROFILER for post in HJUL[profil].period]
KATALOGEN = las_katalog(KALLA)
FEL_KOMMANDO = sorted(
    {
        (profil, post.manad_i(AR), kommando)
        for profil, hjul in HJUL.items()
        for post in hjul.period
        for kommando in {*RAPPORTMALLAR} - {p.kommando for p in hjul.period if p.manad == post.manad}
    }
)
BOKSLUT = [(profil, str(post.period(AR))) for profil in PROFILER for post in HJUL[profil].period if "prognossakerhet" in post.omraden]
"""Boksluten jämför utfallet med årets prognoser och har därför ordet i rapporten."""
WORDMALLENS_RUBRIK = "Utfall och prognos"
"""Rubriken över nämndens tabell i månadsrapportens Wordmall, som är densamma i alla månader."""
UTAN_PROGNOS = [(profil, str(post.period(AR))) for profil in PROFILER for post in HJUL[profil].period if not post.prognos]
MED_PROGNOS = [fall for fall in PERIODER if fall not in UTAN_PROGNOS]
MAL = "enhet;rad;art;benamning;matt;malvarde\nskola;m1;mal;Alla klarar skolan;;\nskola;i1;indikator;Behöriga;%;85\n"
PROJEKT = "enhet;rad;benamning;art;budget;beslutad_totalutgift\nskola;tak;Nytt tak;utgift;0;0\n"
"""Ett projekt som inte har börjat: investeringsredovisningen krävs i årsredovisningen också när den är noll."""
FINANS: dict[str, Varde] = {**KRAVDA_TEXTER, **PENSIONER, **NOTER, **FLERAR}
OVERFORT: dict[str, Varde] = {
    "overforing__ovrig__ingaende": 1_200,
    "overforing__ovrig__planerad": 500,
    "overforing__ovrig__anvands": 700,
    "overforing__ovrig__till": "Läromedel.",
    "overforing__ovrig__overfors": 0,
}
INGET_BYGGT: dict[str, Varde] = {f"investering__tak__{kolumn}": 0 for kolumn in ("utfall", "prognos", "ack_utfall", "prognos_total")}
SKOLA: dict[str, Varde] = {**OVERFORT, **INGET_BYGGT, "mal__m1__kommentar": "Fler behöriga.", "mal__i1__utfall": "82"}


@dataclass(frozen=True)
class Korning:
    """En periods körning: slutkoden, svaret och det som skrevs."""

    kod: int
    svar: Mapping[str, Any]

    def fil(self, andelse: str) -> Path:
        return next(Path(vag) for vag in self.svar["skrivet"] if vag.endswith(andelse) and "anmarkningar" not in vag and "spar" not in vag)


@dataclass(frozen=True)
class Helar:
    katalog: Path
    korningar: Mapping[str, Korning]


def bocker(post: Arshjulspost) -> dict[str, Celler]:
    """Periodens böcker, ifyllda utan fel. Celler som perioden inte har skrivs inte."""
    kommentar = {"kommentar": "Lägre kostnader än budgeterat."} if "arsbokslut" in post.omraden else {}
    skola, varden, finans = (
        {f"drift__{rad}__{k}": v for rad in rader for k, v in kommentar.items()} for rader in (("grund", "fritids"), ("hemtjanst",), ("gemensamt",))
    )
    bedomning = "Bedöms uppnås" if post.prognos else "Uppnått"
    vard = vardbok(overforing__ovrig__ingaende=0, overforing__ovrig__overfors=0, **varden)
    return {"skola": bok(**SKOLA, **skola, mal__m1__bedomning=bedomning), "vard": vard, "finans": finansbok(**FINANS, **finans)}


def kor_kommandot(*argument: str) -> Korning:
    ut = io.StringIO()
    with contextlib.redirect_stdout(ut), contextlib.redirect_stderr(io.StringIO()):
        kod = cli._kor([*argument, "--json"], felsok=True)
    return Korning(kod, json.loads(ut.getvalue()))


@pytest.fixture(scope="module")
def helar(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Helar]:
    """Varje kommuns alla perioder i tur och ordning: böckerna lämnas och periodens kommando körs."""
    return {profil: hela_aret(Provkommun(tmp_path_factory.mktemp(profil)), profil) for profil in PROFILER}


def hela_aret(kommun: Provkommun, profil: str) -> Helar:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace('"hedemora"', f'"{profil}"'))
    kommun.skriv(f"styrning/{AR}/mal.csv", MAL)
    kommun.skriv(f"styrning/{AR}/investeringar.csv", PROJEKT)
    korningar = {}
    for post in HJUL[profil].period:
        period = post.period(AR)
        mapp = kommun.katalog / "inlamnat" / str(period)
        utskick.skriv_inlamningsbocker(kommun.katalog, period, {e: (mapp / f"{e}.xlsx", celler) for e, celler in bocker(post).items()})
        korningar[str(period)] = kor_kommandot(post.kommando, "--period", post.manad_i(AR), "--katalog", str(kommun.katalog))
    return Helar(kommun.katalog, korningar)


def i_boken(katalog: Path, period: str) -> set[str]:
    """Allt som syns i enheternas böcker: cellerna utom den dolda raden och kolumnen med beteckningar."""
    ark = [ark for fil in (katalog / "inlamnat" / period).glob("*.xlsx") for ark in openpyxl.load_workbook(fil).worksheets]
    synliga = [a for a in ark if a.sheet_state == "visible"]
    return {str(v) for a in synliga for rad in a.iter_rows(min_row=2, min_col=2, values_only=True) for v in rad if isinstance(v, str)}


def i_rapporten(k: Korning) -> set[str]:
    """Varje stycke i rapporten, också i tabellerna, och varje text i bilagans blad."""
    dokument: Any = docx.Document(str(k.fil(".docx")))
    stycken = {"".join(t.text or "" for t in p.iter(qn("w:t"))) for p in dokument.element.iter(qn("w:p"))}
    bilaga = openpyxl.load_workbook(k.fil(".xlsx"), read_only=True)
    return stycken | {str(v) for ark in bilaga.worksheets for rad in ark.iter_rows(values_only=True) for v in rad if isinstance(v, str)}


def om_prognos(texter: Iterable[str]) -> list[str]:
    return sorted(text for text in texter if "prognos" in text.lower() and text != WORDMALLENS_RUBRIK)


@pytest.mark.parametrize(("profil", "period"), PERIODER)
def test_perioden_skrivs_av_sitt_eget_kommando_utan_anmarkning(helar: Mapping[str, Helar], profil: str, period: str) -> None:
    korning = helar[profil].korningar[period]
    assert (korning.kod, [(a["kod"], a["enhet"], a["mening"]) for a in korning.svar["anmarkningar"]]) == (Slutkod.KLART, [])
    assert korning.fil(".docx").parent == helar[profil].katalog / "rapporter" / period


@pytest.mark.parametrize(("profil", "period"), UTAN_PROGNOS)
def test_en_period_utan_prognos_har_ingen_i_bok_eller_regler(helar: Mapping[str, Helar], profil: str, period: str) -> None:
    katalog = helar[profil].katalog
    assert om_prognos(i_boken(katalog, period)) == []
    regler = [regelbok.regler(katalog, Period.parse(period), enhet) for enhet in ("", "skola", "finans")]
    assert om_prognos(f"{r['kod']} {r['rubrik']} {r['forklaring']}" for r in chain(*regler)) == []
    mall = las_periodmall(las_arbetskatalog(katalog), Period.parse(period))
    assert [r.id for r in regler_for(las_arbetskatalog(katalog), mall, KATALOGEN) if r.kraver == ("prognos",)] == []


@pytest.mark.parametrize(("profil", "period"), [fall for fall in UTAN_PROGNOS if fall not in BOKSLUT])
def test_en_manad_utan_prognos_har_ingen_i_rapporten(helar: Mapping[str, Helar], profil: str, period: str) -> None:
    assert om_prognos(i_rapporten(helar[profil].korningar[period])) == []


@pytest.mark.parametrize(("profil", "period"), MED_PROGNOS)
def test_en_period_med_prognos_har_den_i_bok_regler_och_rapport(helar: Mapping[str, Helar], profil: str, period: str) -> None:
    h = helar[profil]
    assert {text for text in i_boken(h.katalog, period) if text.startswith("Prognos")}
    assert {"KR311", "KR405", "KR413"} <= {r["kod"] for r in regelbok.regler(h.katalog, Period.parse(period), "skola")}
    assert {text for text in i_rapporten(h.korningar[period]) if text.startswith("Prognos")}


@pytest.mark.parametrize(("profil", "forsta", "senare"), [("huddinge", "2024-04", "2024-08"), ("katrineholm", "2024-08", "2024-10")])
def test_arets_senare_prognos_jamfors_med_den_forra(helar: Mapping[str, Helar], profil: str, forsta: str, senare: str) -> None:
    rubrik = f"Prognos och avvikelse mot budget nu och i {MANADER[Period.parse(forsta).manad - 1]}"
    assert [text for text in i_rapporten(helar[profil].korningar[senare]) if text.startswith(rubrik)]


@pytest.mark.parametrize(
    ("profil", "period", "prognoser"),
    [
        ("huddinge", "2024-12-prel", {"april", "augusti"}),
        ("huddinge", "2024-12", {"april", "augusti"}),
        ("katrineholm", "2024-12", {"april", "augusti", "oktober"}),
    ],
)
def test_bokslutet_visar_prognossakerheten_over_aret(helar: Mapping[str, Helar], profil: str, period: str, prognoser: set[str]) -> None:
    rubriker = i_rapporten(helar[profil].korningar[period])
    assert {text.removeprefix("Prognos i ") for text in rubriker if text.startswith("Prognos i ")} == prognoser


@pytest.mark.parametrize(("period", "finns"), [("2024-02", False), ("2024-04", True), ("2024-08", True), ("2024-12", False)])
def test_huddinges_balanserade_overskott_foljs_upp_i_april_och_augusti(helar: Mapping[str, Helar], period: str, *, finns: bool) -> None:
    k = helar["huddinge"].korningar[period]
    bilaga = {tuple(rad) for ark in openpyxl.load_workbook(k.fil(".xlsx")).worksheets for rad in ark.iter_rows(values_only=True, max_col=5)}
    assert (("Skolnämnden", 0.7, "Läromedel.", None, None) in bilaga) == finns
    assert ("Används 2024 enligt verksamhetsplanen" in i_boken(helar["huddinge"].katalog, period)) == finns


@pytest.mark.parametrize(("profil", "period", "kommando"), FEL_KOMMANDO)
def test_fel_kommando_namner_det_ratta(kor: Kommandorad, kommun: Provkommun, profil: str, period: str, kommando: str) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace('"hedemora"', f'"{profil}"'))
    svar = kor(kommando, "--period", period, katalog=kommun.katalog)
    ratt = [p.kommando for p in HJUL[profil].period if p.manad_i(AR) == period]
    assert svar.kod == Slutkod.ANVANDNING
    assert [k for k in ratt if f"kommunrapport {k} --period {period}" not in svar.fel] == []


def test_ett_omrade_som_kommunen_inte_har_finns_varken_i_bok_regler_eller_rapport(kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace('"hedemora"', '"huddinge"\nutan = ["overforing"]'))
    arbete = las_arbetskatalog(kommun.katalog)
    post = HJUL["huddinge"].period[[p.manad for p in HJUL["huddinge"].period].index(4)]
    assert "overforing" in post.omraden
    mall = las_periodmall(arbete, post.period(AR))
    assert "overforing" not in {b.id for b in mall.blad}
    assert not {"KR421", "KR496"} & {r["kod"] for r in regelbok.regler(kommun.katalog, post.period(AR), "skola")}
    assert "overforing" not in {t.id for t in rapportmall_for(arbete, post.period(AR), "manad").tabell}


def test_ett_omrade_som_arshjulet_inte_har_sags(kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace('"hedemora"', '"huddinge"\nutan = ["overfring"]'))
    with pytest.raises(MallFel, match=r"kommun.toml.*overfring.*overforing"):
        las_periodmall(las_arbetskatalog(kommun.katalog), Period(AR, 4))
