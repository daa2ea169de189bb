"""Koncernens räkneplaner på påhittade koncerner: det som gäller vilka enheter och belopp det än är. Belopp i öre."""

from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommunrapport.berakning.koncern.mellanhavanden import MELLAN, SAMMANDRAG
from kommunrapport.karna.belopp import dela
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Andel
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.koncernmall import procentandel
from tests.koncern import (
    ANDELAR,
    JAMNT,
    KOMMUNEN,
    MALL,
    UPPSTALLNINGAR,
    Grupp,
    Siffror,
    belopp,
    foretagen,
    grupper,
    ifylld,
    med_regel,
    mellanhavande,
    mojliga,
    organisation,
    som_gar_ihop,
)

prov = settings(max_examples=15, deadline=None)
KOLUMNER = ("kommunen", "bolagen", "eliminering")
BOLAGETS_RADER = {
    ("resultat", "intakter"): "nettoomsattning ovriga_intakter",
    ("resultat", "kostnader"): "varukostnader externa_kostnader personal ovriga_kostnader",
    ("resultat", "avskrivningar"): "avskrivningar",
    ("resultat", "fin_intakter"): "andelar fin_intakter",
    ("resultat", "fin_kostnader"): "fin_kostnader",
    ("resultat", "koncernbidrag"): "koncernbidrag",
    ("balans", "immateriella"): "immateriella",
    ("balans", "mark"): "mark tekniska",
    ("balans", "maskiner"): "maskiner",
    ("balans", "ovriga_materiella"): "pagaende",
    ("balans", "finansiella"): "andelar ovriga_finansiella",
    ("balans", "forrad"): "varulager",
    ("balans", "fordringar"): "kundfordringar ovriga_fordringar",
    ("balans", "placeringar"): "placeringar",
    ("balans", "kassa"): "kassa",
    ("balans", "avs_pensioner"): "avs_pensioner",
    ("balans", "langfristiga"): "langfristiga",
    ("balans", "kortfristiga"): "kortfristiga",
    ("balans", "panter"): "panter",
    ("balans", "ovriga_ansvar"): "ansvar",
}
"""Rad i koncernen → bolagets poster på den."""
NETTO = {
    "forsaljning": ("resultat", "arets_resultat", -1),
    "ranta": ("resultat", "arets_resultat", -1),
    "koncernbidrag": ("resultat", "arets_resultat", 1),
    "korta": ("balans", "tillgangar minus skulder", -1),
    "lan": ("balans", "tillgangar minus skulder", -1),
    "utdelning": ("balans", "tillgangar minus skulder", -1),
}
"""Slag → räkningen som resten syns i, och resten där i förhållande till givarens minus mottagarens.

En utdelning är minskat eget kapital hos bolaget och intäkt hos ägaren; resten syns när resultatet har nått balansräkningen.
"""


# --- Andelen -------------------------------------------------------------------------------------------


@prov
@given(andel=st.sampled_from(ANDELAR), tal=belopp())
def test_andelen_tas_av_bolagets_poster_pa_kommunens_rad(andel: str, tal: list[int]) -> None:
    """Vid 100 procent är det hela beloppet."""
    celler = ifylld("b", "bolag", tal)
    s = Grupp(organisation({"id": "b", "agarandel": andel}), celler).siffror()
    for (rakning, rad), poster in BOLAGETS_RADER.items():
        r = next(r for r in MALL.rakning if r.id == rakning)
        hela = sum(celler["b", r.blad["bolag"], post, r.kolumn] for post in poster.split())
        del_ = procentandel(andel)
        assert s(f"koncern_{rakning}", rad, "b") == dela(hela * del_.numerator, del_.denominator), rad
        assert andel != "100" or s(f"koncern_{rakning}", rad, "b") == hela


@prov
@given(tal=belopp())
def test_ett_foretag_med_andelen_noll_ingar_inte(tal: list[int]) -> None:
    kommunen = ifylld(KOMMUNEN, "finansforvaltning", tal)
    enheter = ({"id": "b", "agarandel": "100"}, {"id": "sald", "agarandel": "0"})
    alla = kommunen | ifylld("b", "bolag", tal)
    utan = Grupp(organisation(enheter[0]), alla).siffror()
    med = Grupp(organisation(*enheter), alla | ifylld("sald", "bolag", tal) | mellanhavande("lan", KOMMUNEN, "sald", 100, 90)).siffror()
    assert med.varden == utan.varden


@prov
@given(kedja=st.lists(st.sampled_from(ANDELAR), min_size=2, max_size=4), tal=belopp())
def test_andelen_genom_andra_bolag_ar_produkten(kedja: list[str], tal: list[int]) -> None:
    bolag = [{"id": f"b{nr}", "agarandel": andel, "agare": f"b{nr - 1}" if nr else ""} for nr, andel in enumerate(kedja)]
    produkt = reduce(lambda a, b: a * b, map(procentandel, kedja), Fraction(1))
    sist = bolag[-1]["id"]
    celler = ifylld(sist, "bolag", tal) | mellanhavande("lan", KOMMUNEN, sist, 12_345, 12_345)
    s = Grupp(organisation(*bolag), celler).siffror()
    kassa = celler[sist, "bolagsbalans", "kassa", "nu"]
    assert s("koncern_balans", "kassa", sist) == dela(kassa * produkt.numerator, produkt.denominator)
    assert s("koncern_balans", "langfristiga", "eliminering") == -dela(12_345 * produkt.numerator, produkt.denominator)


@prov
@given(tva=st.tuples(*[st.sampled_from(ANDELAR)] * 2), tal=st.integers(0, 10**9))
def test_mellan_tva_delagda_elimineras_produkten_av_andelarna(tva: tuple[str, str], tal: int) -> None:
    org = organisation(*({"id": id_, "agarandel": andel} for id_, andel in zip("ab", tva, strict=True)))
    s = Grupp(org, mellanhavande("forsaljning", "a", "b", tal, tal)).siffror()
    produkt = procentandel(tva[0]) * procentandel(tva[1])
    assert s("koncern_resultat", "intakter", "eliminering") == -dela(tal * produkt.numerator, produkt.denominator)
    assert s("koncern_resultat", "arets_resultat", "eliminering") == 0


@pytest.mark.parametrize("id_", ["kommunen", "bolagen", "eliminering", "koncernen"])
def test_ett_foretag_far_inte_heta_som_en_av_tabellens_kolumner(id_: str) -> None:
    with pytest.raises(MallFel, match=id_):
        Grupp(organisation({"id": id_}), {}).rakna()


def test_en_post_som_hor_till_en_rad_som_inte_finns_ar_ett_fel_i_mallen() -> None:
    with pytest.raises(MallFel, match=r"bolagsresultat: raden dispositioner hör till bolagsskatt"):
        Grupp(organisation({"id": "b"}), {}, utan_rad="bolagsskatt").rakna()


# --- Obeskattade reserver ------------------------------------------------------------------------------


@prov
@given(reserv=st.integers(0, 10**12), andel=st.sampled_from(ANDELAR))
def test_reserven_blir_eget_kapital_och_uppskjuten_skatt(reserv: int, andel: str) -> None:
    """Till öret när bolaget är helägt. Av en andel avrundas de två delarna var för sig."""
    celler = {("b", "bolagsbalans", "obeskattade", "nu"): reserv}
    s = Grupp(organisation({"id": "b", "agarandel": andel}), celler).siffror()
    eget_kapital, skatt = s("koncern_balans", "ek_ingaende", "b"), s("koncern_balans", "avs_andra", "b")
    del_ = procentandel(andel)
    assert abs(eget_kapital + skatt - reserv * del_) <= (0 if andel == "100" else 1)
    if andel == "100":
        assert skatt == dela(reserv * 206, 1000)


@prov
@given(tal=belopp(), kommunens=belopp())
def test_resultatet_ar_detsamma_i_resultatrakning_balansrakning_och_kassaflode(tal: list[int], kommunens: list[int]) -> None:
    """Också när bolaget har avsatt till obeskattade reserver: utan avsättningen, men med skatten på den."""
    celler = som_gar_ihop(KOMMUNEN, "finansforvaltning", kommunens) | som_gar_ihop("b", "bolag", tal)
    s = Grupp(organisation({"id": "b"}), celler | mellanhavande("forsaljning", KOMMUNEN, "b", 900, 700)).siffror()
    for kolumn in ("kommunen", "b", "eliminering", "koncernen"):
        assert len({s(f"koncern_{r.id}", r.resultatrad, kolumn) for r in MALL.rakning}) == 1, kolumn


# --- Elimineringarna -----------------------------------------------------------------------------------


@prov
@given(data=st.data(), grupp=grupper())
def test_resten_ar_noll_nar_en_sidas_uppgift_galler(data: st.DataObject, grupp: Grupp) -> None:
    """Då flyttas inte heller några likvida medel av elimineringarna, vare sig av flöden eller av saldons förändring."""
    s = med_regel(grupp, data.draw(st.sampled_from(("givarens", "lagsta")))).siffror()
    rester = {a: v for a, v in s.varden.items() if a.tabell in (SAMMANDRAG, MELLAN) and a.kolumn == "rest"}
    assert {v for v in rester.values() if v is not None} <= {0}
    assert s("koncern_resultat", "arets_resultat", "eliminering") == -sum(_utdelat(s).values())
    assert s("koncern_kassaflode", "arets_kassaflode", "eliminering") == 0


def _utdelat(s: Siffror) -> dict[str, int]:
    """Utdelningar är intäkt bara hos den ena parten: det som elimineras i resultatet är det bolaget delade ut."""
    return {a.rad: v for a, v in s.varden.items() if (a.tabell, a.rad, a.kolumn) == (SAMMANDRAG, "utdelning", "elim_mottagare") and v is not None}


@pytest.mark.parametrize("slag", NETTO)
@prov
@given(data=st.data(), givarens=st.integers(0, 10**9), mottagarens=st.integers(0, 10**9))
def test_slagets_elimineringar_tar_ut_varandra_sa_nar_som_pa_resten(data: st.DataObject, slag: str, givarens: int, mottagarens: int) -> None:
    org = organisation(*data.draw(foretagen()), {"id": "a"}, {"id": "b", "agarandel": "70"})
    _, givare, mottagare = data.draw(st.sampled_from([m for m in mojliga(org) if m[0] == slag]))
    s = med_regel(Grupp(org, mellanhavande(slag, givare, mottagare, givarens, mottagarens)), "vars_och_ens").siffror()
    rest = s(SAMMANDRAG, slag, "rest")
    assert rest == s(SAMMANDRAG, slag, "elim_givare") - s(SAMMANDRAG, slag, "elim_mottagare")
    assert abs(rest) <= abs(s(SAMMANDRAG, slag, "skillnad")) + 1
    rakning, _, tecken = NETTO[slag]
    netto = s("koncern_resultat", "arets_resultat", "eliminering") if rakning == "resultat" else _obalans(s, "eliminering")
    assert netto == tecken * rest


@prov
@given(tal=st.tuples(*[st.integers(0, 10**9)] * 4))
def test_eliminering_for_hand_gar_fore_regeln_pa_bada_sidor(tal: tuple[int, int, int, int]) -> None:
    givarens, mottagarens, for_hand, fritt = tal
    attribut = {"period": "2024-12", "motpart": "b", "slag": "", "rakning": "", "post": "", "person": "P", "beslutad": "2025-01-01"}
    beslut = (
        Styrrad(KOMMUNEN, "elimineringar", "h", "Motiv", attribut={**attribut, "slag": "forsaljning"}),
        Styrrad(KOMMUNEN, "elimineringar", "f", "Motiv", attribut={**attribut, "rakning": "resultat", "post": "avskrivningar"}),
    )
    celler = mellanhavande("forsaljning", KOMMUNEN, "b", givarens, mottagarens)
    celler |= {(KOMMUNEN, "elimineringar", "h", "belopp"): for_hand, (KOMMUNEN, "elimineringar", "f", "belopp"): fritt}
    s = Grupp(organisation({"id": "b"}), celler, beslut).siffror()
    elimineringar = [s("koncern_resultat", rad, "eliminering") for rad in ("intakter", "kostnader", "avskrivningar", "arets_resultat")]
    assert elimineringar == [-for_hand, for_hand, fritt, fritt]
    assert s(SAMMANDRAG, "forsaljning", "rest") == 0


# --- Summan --------------------------------------------------------------------------------------------


@prov
@given(grupp=grupper())
def test_koncernen_ar_kommunen_foretagens_andelar_och_elimineringarna(grupp: Grupp) -> None:
    """Till öret på varje rad, summorna med."""
    s = grupp.siffror()
    for r in MALL.rakning:
        tabell = f"koncern_{r.id}"
        for rad in UPPSTALLNINGAR[r.id].rad:
            assert s(tabell, rad.id, "bolagen") == s.kolumn(tabell, rad.id, grupp.foretag), rad.id
            assert s(tabell, rad.id, "koncernen") == s.kolumn(tabell, rad.id, KOLUMNER), rad.id


@prov
@given(grupp=grupper(JAMNT))
def test_koncernen_balanserar_nar_varje_enhet_gor_det(grupp: Grupp) -> None:
    s = grupp.siffror()
    for kolumn in ("kommunen", *grupp.foretag, "eliminering", "koncernen"):
        assert _obalans(s, kolumn) == 0, kolumn
    for adress in ("summa_tillgangar", "summa_ek_skulder"):
        assert s("koncern_balans", adress, "koncernen") == s.kolumn("koncern_balans", adress, KOLUMNER)


@prov
@given(grupp=grupper())
def test_med_ojamna_andelar_skiljer_balansen_hogst_ett_halvt_ore_per_avrundning(grupp: Grupp) -> None:
    s = grupp.siffror()
    avrundningar = sum(isinstance(steg, Andel) for plan in s.rakning.planer.values() for steg in plan.steg.values())
    assert 2 * abs(_obalans(s, "koncernen")) <= avrundningar


def _obalans(s: Siffror, kolumn: str) -> int:
    return s("koncern_balans", "summa_tillgangar", kolumn) - s("koncern_balans", "summa_ek_skulder", kolumn)


@prov
@given(grupp=grupper(), data=st.data())
def test_ordningen_pa_enheter_och_fakta_spelar_ingen_roll(grupp: Grupp, data: st.DataObject) -> None:
    enheter = data.draw(st.permutations(grupp.organisation.enhet))
    vand, fran = data.draw(st.booleans()), data.draw(st.integers(0, len(grupp.belopp)))
    celler = list(grupp.belopp.items())[:: -1 if vand else 1]
    beslut = tuple(data.draw(st.permutations(grupp.beslut)))
    annan = Grupp(grupp.organisation.model_copy(update={"enhet": tuple(enheter)}), dict(celler[fran:] + celler[:fran]), beslut)
    assert annan.siffror().varden == grupp.siffror().varden
