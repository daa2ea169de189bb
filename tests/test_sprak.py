"""Svenska former: tal, namn och uppräkningar."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommunrapport.karna import sprak
from kommunrapport.karna.sprak import MINUS, NBSP, menade_du

SVENSK_TEXT = st.text(alphabet="abcåäöÅÄÖéü -", max_size=20)


@pytest.mark.parametrize(
    ("tal", "decimaler", "text"),
    [
        (0, 0, "0"),
        (7, 0, "7"),
        (-7, 0, f"{MINUS}7"),
        (999, 0, "999"),
        (1000, 0, f"1{NBSP}000"),
        (-1_234_567, 0, f"{MINUS}1{NBSP}234{NBSP}567"),
        (5, 1, "0,5"),
        (-5, 1, f"{MINUS}0,5"),
        (0, 2, "0,00"),
        (-12_345, 1, f"{MINUS}1{NBSP}234,5"),
        (5, 3, "0,005"),
    ],
)
def test_tal_skrivs_med_komma_minustecken_och_hart_mellanslag(tal: int, decimaler: int, text: str) -> None:
    assert sprak.formatera(tal, decimaler) == text


@pytest.mark.parametrize(("tal", "text"), [(12, "+12"), (-12, f"{MINUS}12"), (0, "0")])
def test_plus_satts_ut_bara_pa_det_som_ar_storre_an_noll(tal: int, text: str) -> None:
    assert sprak.formatera(tal, 0, plus=True) == text


@settings(deadline=None)
@given(st.integers(), st.integers(min_value=0, max_value=4))
def test_ett_tal_har_aldrig_vanligt_mellanslag_bindestreck_eller_punkt(tal: int, decimaler: int) -> None:
    text = sprak.formatera(tal, decimaler)
    assert set(text) <= set("0123456789,") | {NBSP, MINUS}
    assert text.count(",") == bool(decimaler)


@settings(deadline=None)
@given(SVENSK_TEXT)
def test_nyckeln_ar_densamma_hur_tecknen_an_ar_sammansatta(text: str) -> None:
    assert sprak.nyckel(unicodedata.normalize("NFD", text)) == sprak.nyckel(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("annat", ["vård-  och omsorgsnämnden", " VÅRD- OCH OMSORGSNÄMNDEN ", f"Vård-{NBSP}och\nomsorgsnämnden"])
def test_nyckeln_bryr_sig_inte_om_versaler_och_mellanslag(annat: str) -> None:
    assert sprak.nyckel(annat) == sprak.nyckel("Vård- och omsorgsnämnden")


@pytest.mark.parametrize(
    ("namn", "beteckning"),
    [
        ("Vård- och omsorgsnämnden", "vard-och-omsorgsnamnden"),
        (unicodedata.normalize("NFD", "Åre Énergi & Värme (AB)"), "are-energi-varme-ab"),
        ("  9:e   nämnden. ", "9-e-namnden"),
        ("北 – !", ""),
    ],
)
def test_en_beteckning_har_bara_tecken_som_gar_att_skriva_i_en_fil(namn: str, beteckning: str) -> None:
    assert sprak.beteckning(namn) == beteckning


def test_nyckeln_skiljer_a_fran_a_ring() -> None:
    assert len({sprak.nyckel(namn) for namn in ("Varmland", "Vårmland", "Värmland", "Vormland")}) == 4


@pytest.mark.parametrize(
    ("namn", "mellan", "text"),
    [
        ([], "och", ""),
        (["a"], "och", "a"),
        (["a", "b"], "och", "a och b"),
        (["a", "b", "c"], "och", "a, b och c"),
        (["a", "b", "c"], "eller", "a, b eller c"),
    ],
)
def test_upprakning(namn: list[str], mellan: str, text: str) -> None:
    assert sprak.rakna_upp(namn, mellan=mellan) == text


@pytest.mark.parametrize(
    ("namn", "genitiv"),
    [
        ("Provköping", "Provköpings"),
        ("Västerås", "Västerås"),
        ("BILLERUDS", "BILLERUDS"),
        ("Bordeaux", "Bordeaux"),
        ("Metz", "Metz"),
        ("Åre", "Åres"),
        ("", ""),
    ],
)
def test_genitiv(namn: str, genitiv: str) -> None:
    assert sprak.genitiv(namn) == genitiv


@pytest.mark.parametrize(("text", "stor"), [("åtgärd", "Åtgärd"), ("redan Stor", "Redan Stor"), ("", ""), ("1 mål", "1 mål")])
def test_stor_begynnelsebokstav(text: str, stor: str) -> None:
    assert sprak.stor_bokstav(text) == stor


@pytest.mark.parametrize(("text", "hel"), [("KF § 41", f"KF §{NBSP}41"), ("§§ 1–2", f"§§{NBSP}1–2"), ("§41", "§41"), ("", "")])
def test_paragraftecknet_skiljs_inte_fran_sin_siffra(text: str, hel: str) -> None:
    assert sprak.hall_ihop(text) == hel


@pytest.mark.parametrize(
    ("sokt", "finns", "svar"),
    [
        ("Socialnämden", ["Skolnämnden", "Socialnämnden"], " Menade du Socialnämnden?"),
        ("validra", ["validera", "mall"], " Menade du validera?"),
        ("kultur", ["Kultur- och fritidsnämnden", "Skolnämnden"], " Menade du Kultur- och fritidsnämnden?"),
        ("xyz", ["validera", "mall"], ""),
        ("", ["validera"], ""),
    ],
)
def test_ett_felskrivet_namn_far_ett_forslag(sokt: str, finns: list[str], svar: str) -> None:
    assert menade_du(sokt, finns) == svar
