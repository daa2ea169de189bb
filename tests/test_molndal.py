"""Mölndals stads driftredovisning för 2024 och 2025, återskapad ur nämndernas böcker med ``arsredovisning``. Mnkr.

Intäkter och kostnader lämnas var för sig, jämförelseåret kommer ur förra årets böcker, och budgeten är det beslutade
kommunbidraget med årets ramjusteringar, tryckt med plus. Källorna, och vad som är valt av oss, står i
``tests/molndal/README.md``.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.rapport.word import word_av
from tests.bokslut import HELA_KOMMUNENS, Bok, bygg_katalog, jamfor, lamna, las_tryckt, radnamn, tryckt_tal, tryckta_rader
from tests.test_excelbilaga import Bilaga
from tests.test_word import Dokument, _rader

HAR = Path(__file__).parent / "molndal"
TRYCKT = {ar: las_tryckt(HAR / f"tryckt_{ar}.csv") for ar in (2024, 2025)}
DRIFT = {ar: {(t.rad, t.kolumn): t for t in tryckta if t.tabell == "drift"} for ar, tryckta in TRYCKT.items()}
NAMNDER = [rad for rad in tryckta_rader(TRYCKT[2025], "drift") if rad != "Totalt"]
RUBRIKER = ["Intäkter {fg}", "Kostnader {fg}", "Utfall {fg}", "Intäkter {ar}", "Kostnader {ar}", "Utfall {ar}", "Budget {ar}",
            "Resultat {ar}", "Resultat andel {ar}"]  # fmt: skip
KOLUMNER = ["intakter_fg", "kostnader_fg", "utfall_fg", "intakter", "kostnader", "utfall", "budget", "avvikelse", "andel"]
ANTAL = {2024: (41, 0, 0), 2025: (72, 0, 0)}


def _bocker(katalog: Path, ar: int) -> dict[str, Bok]:
    """Varje nämnds intäkter och kostnader; finansförvaltningen har inget att fylla i."""
    organisation = las_arbetskatalog(katalog).organisation
    bocker: dict[str, Bok] = {e.id: {} for e in organisation.enhet}
    for (rad, kolumn), tryckt in DRIFT[ar].items():
        enhet = organisation.sok(rad)
        if enhet and kolumn in ("intakter", "kostnader") and tryckt.tal is not None:
            bocker[enhet.id]["drift", "netto", kolumn] = tryckt.tal
    return bocker


@pytest.fixture(scope="module")
def bokslut(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Sammanstallning]:
    katalog = bygg_katalog(HAR, tmp_path_factory.mktemp("molndal"))
    for ar in TRYCKT:
        lamna(katalog, Period(ar, 12), _bocker(katalog, ar))
    return {ar: floden.sammanstall(katalog, Period(ar, 12), "arsredovisning") for ar in TRYCKT}


@pytest.mark.parametrize("ar", TRYCKT)
def test_varje_tryckt_cell(ar: int, bokslut: Mapping[int, Sammanstallning], record_property: Callable[[str, object], None]) -> None:
    utfall = jamfor(bokslut[ar], TRYCKT[ar])
    utfall.skriv(f"Mölndal {ar}", record_property)
    assert (utfall.avrundning, utfall.fel) == ([], [])
    assert utfall.antal == ANTAL[ar]


@pytest.mark.parametrize("ar", TRYCKT)
def test_utfallet_ar_det_tryckta_resultatet_minus_den_tryckta_budgeten(ar: int, bokslut: Mapping[int, Sammanstallning]) -> None:
    tabell = floden.bygg_rapport(bokslut[ar]).tabeller["drift"]
    utfall = {r.namn: tryckt_tal(r.celler[KOLUMNER.index("utfall")].text) for r in tabell.rader if r.namn in NAMNDER}
    assert utfall == {namn: _tal(ar, namn, "avvikelse") - _tal(ar, namn, "budget") for namn in NAMNDER}


@pytest.mark.parametrize("ar", TRYCKT)
def test_rader_och_kolumner_star_i_tryckets_ordning(ar: int, bokslut: Mapping[int, Sammanstallning]) -> None:
    rapport = floden.bygg_rapport(bokslut[ar])
    assert radnamn(rapport, "drift") == tryckta_rader(TRYCKT[ar], "drift")
    assert [k.id for k in rapport.tabeller["drift"].kolumner] == KOLUMNER
    assert [k.rubrik for k in rapport.tabeller["drift"].kolumner] == [r.format(ar=ar, fg=ar - 1) for r in RUBRIKER]


@pytest.mark.parametrize("ar", TRYCKT)
def test_det_tryckta_ger_inga_anmarkningar(ar: int, bokslut: Mapping[int, Sammanstallning]) -> None:
    assert {a.kod for a in bokslut[ar].anmarkningar} == HELA_KOMMUNENS


def test_worddokumentets_tabell_ar_den_tryckta(bokslut: Mapping[int, Sammanstallning]) -> None:
    s = bokslut[2025]
    dokument = Dokument(word_av(floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), ""))
    huvud, *rader = _rader(dokument.tabeller["Driftredovisning kommun (mnkr)"])
    assert huvud == ["Mnkr", *(r.format(ar=2025, fg=2024) for r in RUBRIKER)]
    visat = {(rad[0], kolumn): tryckt_tal(text) for rad in rader for kolumn, text in zip(KOLUMNER, rad[1:], strict=True)}
    assert {adress: visat[adress] for adress in DRIFT[2025]} == {adress: tryckt.tal for adress, tryckt in DRIFT[2025].items()}


def test_excelbilagans_blad_visar_det_tryckta(bokslut: Mapping[int, Sammanstallning]) -> None:
    s = bokslut[2025]
    namn = {rad.id: rad.namn for rad in s.rakning.planer["drift"].rader}
    platser = [(cell.adress, visad.value) for tabell, cell, _, visad in Bilaga(s).platser() if tabell.id == "drift"]
    visat = {(namn[a.rad], a.kolumn): Decimal(str(tal)).quantize(Decimal("0.1")) for a, tal in platser if a}
    assert {adress: visat[adress] for adress in DRIFT[2025]} == {adress: tryckt.tal for adress, tryckt in DRIFT[2025].items()}


def _tal(ar: int, rad: str, kolumn: str) -> Decimal:
    tal = DRIFT[ar][rad, kolumn].tal
    assert tal is not None
    return tal
