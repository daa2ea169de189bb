"""Belopp: hela ören, en avrundning, och summor som aldrig tappar något."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, Enhet, avrunda, dela, enhet_av, kvot, procent, till_hundradelar
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.plan import Adress, Hamta, Kolumnplan, Radplan, Tabellplan, Urval
from kommunrapport.karna.sprak import formatera

ORE = st.integers(min_value=-(10**17), max_value=10**17)
PER = st.sampled_from([enhet.value for enhet in Enhet])
DECIMALER = st.integers(min_value=0, max_value=3)
FAKTUM = Faktum("skola", "drift", "grund", "utfall", "belopp", 0, "", fakta.VARDE, "fil.xlsx", "Drift", "D6", "Grundskola", "", "", False, 1)
ADRESS = Adress("t", "summa", "utfall")


def rakning(*belopp: int | None) -> Rakning:
    """En räkning med en enda siffra: summan av beloppen."""
    rader = [FAKTUM._replace(rad=f"r{nr}", varde=ore, tillstand=fakta.TOMT if ore is None else fakta.VARDE) for nr, ore in enumerate(belopp)]
    kolumn = Kolumnplan("utfall", "Utfall", "belopp", Enhet.MNKR.value, 1, vand=False, plus=False, dold=False)
    steg = {("summa", "utfall"): Hamta(Urval("drift"), ((1, "utfall"),))}
    plan = Tabellplan("t", "Tabell", "Rad", "mnkr", (kolumn,), (Radplan("summa", "Summa", "summa"),), steg)
    return Rakning({"t": plan}, fakta.faktatabell(rader))


@pytest.mark.parametrize(
    ("ore", "per", "decimaler", "visas"),
    [
        (1_234_560_000, Enhet.MNKR, 1, "12,3"),
        (1_250_000_000, Enhet.MNKR, 0, "13"),  # halva avrundas bort från noll
        (-1_250_000_000, Enhet.MNKR, 0, "−13"),
        (1_150_000_000, Enhet.MNKR, 0, "12"),  # även från ett udda tal
        (5_000_000, Enhet.MNKR, 1, "0,1"),
        (-5_000_000, Enhet.MNKR, 1, "−0,1"),
        (4_999_999, Enhet.MNKR, 1, "0,0"),  # det som blir noll visas utan minus
        (-4_999_999, Enhet.MNKR, 1, "0,0"),
        (50_000, Enhet.TKR, 0, "1"),
        (49_999, Enhet.TKR, 0, "0"),
        (-123_456, Enhet.KR, 2, "−1\u00a0234,56"),
        (0, Enhet.KR, 0, "0"),
    ],
)
def test_halva_avrundas_bort_fran_noll_och_noll_har_inget_minus(ore: int, per: Enhet, decimaler: int, visas: str) -> None:
    assert formatera(avrunda(ore, per.value, decimaler), decimaler) == visas


@settings(deadline=None)
@given(ORE, PER, DECIMALER)
def test_avrundningen_ar_lika_at_bada_hallen(ore: int, per: int, decimaler: int) -> None:
    assert avrunda(-ore, per, decimaler) == -avrunda(ore, per, decimaler)


@settings(deadline=None)
@given(ORE, PER, DECIMALER)
def test_avrundningen_flyttar_hogst_ett_halvt_steg(ore: int, per: int, decimaler: int) -> None:
    exakt = Fraction(ore * 10**decimaler, per)
    assert abs(avrunda(ore, per, decimaler) - exakt) <= Fraction(1, 2)


@settings(deadline=None)
@given(ORE, ORE, PER, DECIMALER)
def test_ett_storre_belopp_visas_aldrig_som_mindre(ett: int, tva: int, per: int, decimaler: int) -> None:
    minst, storst = sorted((ett, tva))
    assert avrunda(minst, per, decimaler) <= avrunda(storst, per, decimaler)


@settings(deadline=None)
@given(ORE, st.integers(min_value=-(10**9), max_value=10**9).filter(bool))
def test_delning_ar_narmaste_heltal(taljare: int, namnare: int) -> None:
    assert abs(dela(taljare, namnare) - Fraction(taljare, namnare)) <= Fraction(1, 2)
    assert dela(-taljare, namnare) == dela(taljare, -namnare) == -dela(taljare, namnare)


@settings(deadline=None)
@given(ORE, PER)
def test_oren_gar_till_enhetens_tal_och_tillbaka_utan_rest(ore: int, per: int) -> None:
    assert till_hundradelar(Decimal(ore) / per, per) == (ore, Decimal(0))


@pytest.mark.parametrize(
    ("tal", "per", "hundradelar", "rest"),
    [
        ("1250.5", Enhet.TKR.value, 125_050_000, "0"),
        ("12.3", Enhet.MNKR.value, 1_230_000_000, "0"),
        ("82.5", HUNDRADELAR, 8_250, "0"),
        ("0.005", Enhet.KR.value, 1, "-0.5"),  # en halv ören avrundas bort från noll
        ("-0.005", Enhet.KR.value, -1, "0.5"),
        ("0.004", Enhet.KR.value, 0, "0.4"),
    ],
)
def test_det_som_inte_ryms_i_hela_oren_blir_en_rest(tal: str, per: int, hundradelar: int, rest: str) -> None:
    assert till_hundradelar(Decimal(tal), per) == (hundradelar, Decimal(rest))


@pytest.mark.parametrize(
    ("taljare", "namnare", "i_procent", "med_tecken"),
    [
        (5, 200, "2.5", "2.5"),
        (-5, 200, "-2.5", "-2.5"),
        (5, -200, "2.5", "-2.5"),  # överskott mot en nettokostnad är plus i procent av dess storlek
        (-5, -200, "-2.5", "2.5"),
        (0, -200, "0", "0"),
        (300, 200, "150", "150"),
    ],
)
def test_procent_har_taljarens_tecken_och_kvot_badas(taljare: int, namnare: int, i_procent: str, med_tecken: str) -> None:
    assert procent(taljare, namnare) == int(Decimal(i_procent) * KVOTDELAR)
    assert kvot(taljare, namnare) == int(Decimal(med_tecken) * KVOTDELAR)


@pytest.mark.parametrize("taljare", [-1, 0, 1])
def test_procent_av_noll_saknas(taljare: int) -> None:
    assert (procent(taljare, 0), kvot(taljare, 0)) == (None, None)


@pytest.mark.parametrize(("namn", "enhet"), [("kr", Enhet.KR), ("tkr", Enhet.TKR), ("mnkr", Enhet.MNKR)])
def test_enheten_har_ett_namn(namn: str, enhet: Enhet) -> None:
    assert enhet_av(namn) is enhet
    assert enhet.namn == namn


def test_okand_enhet() -> None:
    with pytest.raises(KeyError):
        enhet_av("mdkr")


def test_summan_ar_exakt_aven_nar_belopp_saknas_och_talen_ar_stora() -> None:
    stort = 2**53 + 1  # det första heltal som ett flyttal inte kan skriva
    assert rakning(stort, None, 1).varde(ADRESS) == stort + 1


@pytest.mark.parametrize(("belopp", "summa"), [((), None), ((None,), None), ((0,), 0), ((None, 0), 0), ((10, -10), 0)])
def test_inget_ar_inte_noll(belopp: tuple[int | None, ...], summa: int | None) -> None:
    assert rakning(*belopp).varde(ADRESS) == summa


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=-(10**13), max_value=10**13), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_ordningen_spelar_ingen_roll_och_inget_tappas(belopp: list[int], slump: random.Random) -> None:
    blandade = slump.sample(belopp, len(belopp))
    assert rakning(*belopp).varde(ADRESS) == rakning(*blandade).varde(ADRESS) == sum(belopp)
