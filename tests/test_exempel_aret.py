"""Exempelkommunens hela år: årshjulets åtta rapporter 2024 ur ``data/``, utan anmärkningar, med prognoser som hänger ihop."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.rapport.word import word_av

DATA = Path(__file__).resolve().parents[1] / "data"
AR = 2024
POSTER = {p.manad: p for p in las_arbetskatalog(DATA).arshjul.period if not p.period(AR).lagesbild}
PROGNOSER = [manad for manad, post in POSTER.items() if post.prognos]
UTAN_PROGNOS = [manad for manad, post in POSTER.items() if post.kommando == "manad" and not post.prognos]
NAMNDER = las_arbetskatalog(DATA).organisation.med_slag("namnd")


@cache
def aret(manad: int) -> floden.Sammanstallning:
    return floden.sammanstall(DATA, Period(AR, manad), POSTER[manad].kommando)


def dokument(manad: int) -> Any:
    s = aret(manad)
    return docx.Document(io.BytesIO(word_av(floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), "")))


@cache
def nettot_i_boken(manad: int, namnd: str, kolumn: str) -> int:
    """Summan i hela ören av en kolumn på nämndens blad Driftredovisning, så som cellerna står i boken (tkr)."""
    (fil,) = (DATA / "inlamnat" / f"{AR}-{manad:02d}").glob(f"{namnd} *.xlsx")
    rader = list(openpyxl.load_workbook(fil, read_only=True, data_only=True)["Driftredovisning"].iter_rows(values_only=True))
    plats = rader[0].index(kolumn)
    return sum(int(rad[plats]) for rad in rader[1:] if rad[0] and rad[0] != "summa" and isinstance(rad[plats], int | float)) * 100_000


def avvikelse_i_boken(manad: int, namnd: str) -> int:
    return nettot_i_boken(manad, namnd, "prognos") - nettot_i_boken(manad, namnd, "budget")


def test_aret_ar_hedemoras_atta_perioder() -> None:
    assert (list(POSTER), PROGNOSER, UTAN_PROGNOS) == ([2, 3, 4, 5, 8, 9, 10, 12], [3, 8, 10], [2, 4, 5, 9])


@pytest.mark.parametrize("manad", POSTER)
def test_perioden_ar_lamnad_av_alla_och_utan_anmarkningar(manad: int) -> None:
    s = aret(manad)
    assert ([(a.kod, a.plats.celler) for a in s.anmarkningar], s.rakning.saknade, s.slutkod) == ([], frozenset(), 0)


@pytest.mark.parametrize("manad", UTAN_PROGNOS)
def test_en_manad_utan_prognos_talar_inte_om_den(manad: int) -> None:
    rapport = floden.bygg_rapport(aret(manad))
    rubriker = [k.rubrik for t in rapport.alla_tabeller for k in t.kolumner]
    avsnitt = [text for a in (*rapport.namnder, *rapport.bolag) for text in (a.mening, *a.texter.values())]
    texter = [*rapport.texter.values(), *rapport.meningar.values(), *avsnitt]
    assert [text for text in (*rubriker, *texter) if "rognos" in text] == []


@pytest.mark.parametrize("manad", PROGNOSER)
def test_varje_namnds_prognos_ar_den_i_boken(manad: int) -> None:
    rakning = aret(manad).rakning
    prognoser = {n.id: rakning.varde(Adress("drift", n.id, "prognos")) for n in NAMNDER}
    assert prognoser == {n.id: nettot_i_boken(manad, n.namn, "prognos") for n in NAMNDER}


@pytest.mark.parametrize(("forra", "nu"), [(3, 8), (8, 10)])
def test_prognosens_forandring_ar_skillnaden_mellan_bockernas_avvikelser(forra: int, nu: int) -> None:
    rakning = aret(nu).rakning
    visade = {n.id: [rakning.varde(Adress("prognosforandring", n.id, k)) for k in ("avvikelse_fg", "avvikelse", "forandring")] for n in NAMNDER}
    bockernas = {n.id: (avvikelse_i_boken(forra, n.namn), avvikelse_i_boken(nu, n.namn)) for n in NAMNDER}
    assert visade == {namnd: [fore, efter, efter - fore] for namnd, (fore, efter) in bockernas.items()}
    assert {(forandring > 0) - (forandring < 0) for _, _, forandring in visade.values() if forandring is not None} == {-1, 0, 1}


def test_prognossakerheten_jamfor_varje_prognos_med_utfallet() -> None:
    rakning = aret(12).rakning
    for n in NAMNDER:
        utfall = nettot_i_boken(12, n.namn, "utfall") - nettot_i_boken(12, n.namn, "budget")
        for manad in PROGNOSER:
            visat = [rakning.varde(Adress("prognossakerhet", n.id, f"{k}_{manad:02d}")) for k in ("avvikelse_da", "traff")]
            prognos = avvikelse_i_boken(manad, n.namn)
            assert visat == [prognos, utfall - prognos], (n.id, manad)


def test_den_budget_som_galler_foljer_besluten_under_aret() -> None:
    """Fullmäktige sänkte det budgeterade resultatet i april."""
    resultat = {manad: aret(manad).rakning.varde(Adress("resultat", "arets_resultat", "budget")) for manad in POSTER}
    fore, efter = ({resultat[m] for m in POSTER if (m < 4) == tidigt} for tidigt in (True, False))
    assert (len(fore), len(efter), fore == efter) == (1, 1, False)


@pytest.mark.parametrize(("manad", "finns"), [(2, False), (10, True)])
def test_manadsrapporten_i_word_har_prognosens_avsnitt_bara_nar_den_har_prognos(manad: int, *, finns: bool) -> None:
    stycken = [(p.style.style_id, p.text) for p in dokument(manad).paragraphs]
    rubriker = [text for stil, text in stycken if stil.startswith("Heading")]
    assert ("Förändring sedan förra prognosen" in rubriker) == finns
    assert any("rognos" in text for _, text in stycken) == finns
    assert {n.namn for n in NAMNDER} | {"Bolag och förbund"} <= set(rubriker)
