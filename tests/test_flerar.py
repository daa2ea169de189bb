"""Flerårsöversiktens tidigare år: förifyllda ur publicerade årsredovisningar, och jämförda med dem."""

import pytest

from kommunrapport import floden, utskick
from kommunrapport.rapport.arbetsbok import Varde
from tests.arsbokslut import BOKSLUT, bocker, lamna_arsbokslut, lamna_tva_ar, publicera
from tests.kommun import Provkommun, redigera
from tests.test_mallar import bladen, planer, rader

TKR = 100_000


def forifyllt(kommun: Provkommun, rad: str, kolumn: str) -> object:
    """Det som står i en ny bok till finansförvaltningen."""
    (fil,) = utskick.skriv_mallar(kommun.katalog, BOKSLUT, ["finans"], None, ersatt=True)
    ark = redigera(fil)["Flerårsöversikt"]
    kol = next(c.column for c in ark[1] if c.value == kolumn)
    return next(ark.cell(r, kol).value for r in range(2, ark.max_row + 1) if ark.cell(r, 1).value == rad)


@pytest.mark.parametrize(("kolumn", "ar"), [("fg1", 2023), ("fg2", 2022), ("fg3", 2021), ("fg4", 2020)])
def test_varje_ar_hamtas_ur_sin_egen_arsredovisning(kolumn: str, ar: int, kommun: Provkommun) -> None:
    publicera(kommun, ar, {"flerar.resultat.nu": 1_234 * TKR, "flerar.soliditet.nu": 4_610})
    assert forifyllt(kommun, "resultat", kolumn) == 1_234
    assert forifyllt(kommun, "soliditet", kolumn) == pytest.approx(46.1)


@pytest.mark.parametrize(
    ("rad", "siffror", "vantat"),
    [
        ("intakter", {"flerar.intakter.nu": 10 * TKR, "resultat.intakter.utfall": 20 * TKR}, 10),
        ("intakter", {"resultat.intakter.utfall": 20 * TKR}, 20),
        ("k_resultat", {"flerar_koncern.resultat.nu": 30 * TKR}, 30),
        ("k_resultat", {"koncern_resultat.arets_resultat.koncernen": 40 * TKR}, 40),
        ("laneskuld", {"resultat.intakter.utfall": 20 * TKR}, None),
    ],
)
def test_den_forsta_adressen_som_finns_anvands(rad: str, siffror: dict[str, int], vantat: int | None, kommun: Provkommun) -> None:
    publicera(kommun, 2022, siffror)
    assert forifyllt(kommun, rad, "fg2") == vantat


def test_arkivet_gar_fore_rapporter_och_det_publicerade_fore_forra_arets_bok(kommun: Provkommun) -> None:
    lamna_tva_ar(kommun)
    assert forifyllt(kommun, "resultat", "fg1") == 2_100
    publicera(kommun, 2023, {"flerar.resultat.nu": 2_200 * TKR})
    publicera(kommun, 2023, {"flerar.resultat.nu": 2_300 * TKR}, "arkiv")
    assert forifyllt(kommun, "resultat", "fg1") == 2_300


@pytest.mark.parametrize(
    ("lamnat", "publicerat", "koder"),
    [
        (2_100, 2_100 * TKR, []),
        (2_100, 2_100 * TKR + 40_000, ["KR506"]),  # 0,4 tkr: avrundning
        (2_100, 2_200 * TKR, ["KR447"]),
        ("", 2_200 * TKR, []),
    ],
)
def test_en_annan_siffra_an_den_publicerade_ar_en_anmarkning_vid_cellen(lamnat: Varde, publicerat: int, koder: list[str], kommun: Provkommun) -> None:
    publicera(kommun, 2021, {"flerar.anstallda.nu": 0, "flerar.laneskuld.nu": publicerat})
    lamna_arsbokslut(kommun, bocker(finans={"flerar__laneskuld__fg3": lamnat}))
    funna = [a for a in floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning").anmarkningar if a.plats.blad == "Flerårsöversikt"]
    assert [a.kod for a in funna] == koder
    assert all(a.plats.celler and a.enhet == "finans" for a in funna)


def test_ett_ar_som_ar_publicerat_jamfors_inte_ocksa_med_forra_arets_bok(kommun: Provkommun) -> None:
    lamna_tva_ar(kommun, flerar__resultat__fg1=2_200)
    publicera(kommun, 2023, {"flerar.resultat.nu": 2_200 * TKR})
    koder = {a.kod for a in floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning").anmarkningar if a.plats.blad == "Flerårsöversikt"}
    assert koder == set()


def test_adresserna_finns_i_arsredovisningen() -> None:
    allas = planer("arsredovisning")
    adresser = [a for blad in bladen()["flerar"] for rad in blad.rad for a in rad.publicerat]
    saknas = [a for a in adresser if tuple(a.split(".")[1:]) not in allas[a.split(".")[0]].steg]
    assert (len(adresser) > len(rader("flerar")) - 2, saknas) == (True, [])
