"""Kontokartan: vilket konto som hör till vilken rad, kommunens egna kartor och de fel som sägs."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.kontokarta import Kontokarta, Kontorad, las_kontokarta
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.modell import Enhetsslag
from kommunrapport.mall.uppstallning import Uppstallning

KALLA = Mallkalla((medfoljande(),))
HUVUD = "konto;tabell;rad\n"
UPPSTALLNINGAR: dict[Enhetsslag, tuple[str, ...]] = {
    "bolag": ("bolagsresultat", "bolagsbalans"),
    "finansforvaltning": ("resultat", "balans"),
    "forbund": ("resultat", "balans"),
}
RESULTAT = "2099;balans;arets_resultat\n"
BOLAGSRESULTAT = {"nettoomsattning", "ovriga_intakter", "varukostnader", "externa_kostnader", "personal", "ovriga_kostnader", "avskrivningar",
                  "andelar", "fin_intakter", "fin_kostnader", "koncernbidrag", "dispositioner", "skatt"}  # fmt: skip
BOLAGSBALANS = {"immateriella", "mark", "tekniska", "maskiner", "pagaende", "andelar", "ovriga_finansiella", "varulager", "kundfordringar",
                "ovriga_fordringar", "placeringar", "kassa", "aktiekapital", "fonder", "balanserat", "arets_resultat", "obeskattade",
                "avs_pensioner", "uppskjuten_skatt", "avs_andra", "langfristiga", "kortfristiga"}  # fmt: skip


def karta(mapp: Path, rader: str, huvud: str = HUVUD) -> Kontokarta:
    fil = mapp / "kontokarta/energi.csv"
    fil.parent.mkdir(exist_ok=True)
    fil.write_text(huvud + rader, encoding="utf-8")
    return las_kontokarta(Mallkalla((mapp, medfoljande())), "energi", "bolag")


def rad(k: Kontokarta, konto: str) -> str:
    funnen = k.rad(konto)
    return "saknas" if funnen is None else ".".join(filter(None, funnen[:2]))


def raden(slag: Enhetsslag, konto: str) -> str:
    return rad(las_kontokarta(KALLA, "x", slag), konto)


# --- De medföljande ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("konto", "vantat"),
    [
        ("1010", "bolagsbalans.immateriella"),
        ("1110", "bolagsbalans.mark"),
        ("1180", "bolagsbalans.pagaende"),
        ("1210", "bolagsbalans.tekniska"),
        ("1220", "bolagsbalans.maskiner"),
        ("1310", "bolagsbalans.andelar"),
        ("1350", "bolagsbalans.ovriga_finansiella"),
        ("1510", "bolagsbalans.kundfordringar"),
        ("1930", "bolagsbalans.kassa"),
        ("2081", "bolagsbalans.aktiekapital"),
        ("2086", "bolagsbalans.fonder"),
        ("2091", "bolagsbalans.balanserat"),
        ("2099", "bolagsbalans.arets_resultat"),
        ("2150", "bolagsbalans.obeskattade"),
        ("2210", "bolagsbalans.avs_pensioner"),
        ("2240", "bolagsbalans.uppskjuten_skatt"),
        ("2350", "bolagsbalans.langfristiga"),
        ("2440", "bolagsbalans.kortfristiga"),
        ("3799", "bolagsresultat.nettoomsattning"),
        ("3800", "bolagsresultat.ovriga_intakter"),
        ("7010", "bolagsresultat.personal"),
        ("7832", "bolagsresultat.avskrivningar"),
        ("7970", "bolagsresultat.ovriga_kostnader"),
        ("8010", "bolagsresultat.andelar"),
        ("8310", "bolagsresultat.fin_intakter"),
        ("8410", "bolagsresultat.fin_kostnader"),
        ("8820", "bolagsresultat.koncernbidrag"),
        ("8830", "bolagsresultat.koncernbidrag"),
        ("8850", "bolagsresultat.dispositioner"),
        ("8910", "bolagsresultat.skatt"),
        ("8999", "arets_resultat"),
        ("9100", ""),
        ("8510", "saknas"),
    ],
)
def test_bolagets_konton_enligt_bas(konto: str, vantat: str) -> None:
    assert raden("bolag", konto) == vantat


@pytest.mark.parametrize(
    ("konto", "vantat"),
    [
        ("1112", "balans.mark"),
        ("2011", "balans.ek_ingaende"),
        ("2211", "balans.avs_pensioner"),
        ("2280", "balans.avs_andra"),
        ("3011", "resultat.intakter"),
        ("501", "resultat.kostnader"),
        ("5011234", "resultat.kostnader"),
        ("6810", "resultat.kostnader"),
        ("7911", "resultat.avskrivningar"),
        ("8011", "resultat.skatt"),
        ("8281", "resultat.statsbidrag"),
        ("8311", "resultat.statsbidrag"),
        ("8411", "resultat.fin_intakter"),
        ("8511", "resultat.fin_kostnader"),
        ("8911", "arets_resultat"),
    ],
)
@pytest.mark.parametrize("slag", ["finansforvaltning", "forbund"])
def test_kommunens_konton_enligt_kommunbas(slag: Enhetsslag, konto: str, vantat: str) -> None:
    assert raden(slag, konto) == vantat


def test_kartorna_har_alla_rader_och_inga_andra() -> None:
    bolag = las_kontokarta(KALLA, "x", "bolag").rader
    assert bolag == {("bolagsresultat", r) for r in BOLAGSRESULTAT} | {("bolagsbalans", r) for r in BOLAGSBALANS}


def test_kartornas_rader_finns_i_uppstallningarna() -> None:
    for slag, uppstallningar in UPPSTALLNINGAR.items():
        karta_ = las_kontokarta(KALLA, "x", slag)
        forandringar = {(r.tabell, r.forandring) for r in karta_.beteckningar.values() if r.forandring}
        for dag in (date(2019, 12, 31), date(2024, 12, 31)):
            mallar = [KALLA.las(KALLA.i_kraft(f"uppstallning/{u}", dag), Uppstallning) for u in uppstallningar]
            assert karta_.rader | forandringar <= {(m.blad, r.id) for m in mallar for r in m.rad if r.post}


def test_det_som_ar_ur_minnet_ar_utpekat() -> None:
    assert all(r.overifierat for r in las_kontokarta(KALLA, "x", "bolag").beteckningar.values())
    kommun = las_kontokarta(KALLA, "x", "finansforvaltning").beteckningar
    assert {"13", "2099", "23", "79", "86", "9"} <= {b for b, r in kommun.items() if r.overifierat}
    assert not {"10", "3", "80", "82", "83"} & {b for b, r in kommun.items() if r.overifierat}


# --- Uppslagning ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("konto", "vantat"),
    [
        ("3000", "t.spann"),
        ("3799", "t.spann"),
        ("30001234", "t.spann"),
        ("3500", "t.enskild"),
        ("35001", "t.enskild"),
        ("3800", "t.klass"),
        ("350", "t.klass"),
        ("351234", "t.spann"),
        ("3700", "t.langst"),
        ("37001", "t.sex"),
        ("4000", "saknas"),
        ("", "saknas"),
    ],
)
def test_den_langsta_beteckningen_gar_fore_och_en_enskild_fore_ett_spann(tmp_path: Path, konto: str, vantat: str) -> None:
    k = karta(tmp_path, "3;t;klass\n3000-3799;t;spann\n3500;t;enskild\n3700;t;langst\n37001-37009;t;sex\n" + RESULTAT)
    assert rad(k, konto) == vantat


def test_ett_tidigare_ars_resultat_hor_till_raden_utanfor_resultatkontot(tmp_path: Path) -> None:
    k = karta(tmp_path, "20;balans;ek\n" + RESULTAT)
    assert k.rad_utan_resultat("2099") == Kontorad("balans", "ek")
    assert k.resultatrad[:2] == ("balans", "arets_resultat")


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_varje_konto_har_raden_for_sin_langsta_kanda_borjan(konto: str) -> None:
    k = las_kontokarta(KALLA, "x", "bolag")
    kanda = [konto[:n] for n in range(1, len(konto) + 1) if konto[:n] in k.beteckningar]
    assert k.rad(konto) == (k.beteckningar[kanda[-1]] if kanda else None)


# --- Kommunens egen ------------------------------------------------------------------------------------


def test_enhetens_egen_karta_ersatter_den_medfoljande(tmp_path: Path) -> None:
    k = karta(tmp_path, "1;balans;allt\n" + RESULTAT)
    assert (k.fil, rad(k, "1930"), rad(k, "3000")) == ("mallar/kontokarta/energi.csv", "balans.allt", "saknas")
    assert las_kontokarta(Mallkalla((tmp_path, medfoljande())), "vatten", "bolag").fil == "mallar/kontokarta/bas.csv"


@pytest.mark.parametrize(
    ("rader", "plats"),
    [
        ("30;t;a\n30;t;b\n", "rad 3"),
        ("3000-3099;t;a\n3050-3199;t;b\n", "rad 3"),
        ("3x;t;a\n", "rad 2"),
        ("3799-3000;t;a\n", "rad 2"),
        ("30-3799;t;a\n", "rad 2"),
        ("10000-99999;t;a\n", "rad 2"),
        (";t;a\n", "rad 2"),
        ("30;t;\n", "rad 2"),
        ("30;;a\n", "rad 2"),
    ],
)
def test_brister_i_kartan_sags_med_rad(tmp_path: Path, rader: str, plats: str) -> None:
    with pytest.raises(MallFel) as fel:
        karta(tmp_path, rader + RESULTAT)
    assert len(fel.value.rader) == 1
    assert fel.value.rader[0].startswith(f"mallar/kontokarta/energi.csv, {plats}:")


@pytest.mark.parametrize("falt", ["sida", "overifierat"])
def test_okanda_varden_i_de_valfria_kolumnerna_sags(tmp_path: Path, falt: str) -> None:
    with pytest.raises(MallFel, match=f"rad 2: {falt}"):
        karta(tmp_path, "30;t;a;kanske\n2099;balans;arets_resultat;\n", f"konto;tabell;rad;{falt}\n")


@pytest.mark.parametrize("rader", ["30;t;a\n", "2099;balans;arets_resultat\n209;annan;arets_resultat\n"])
def test_kartan_har_en_rad_for_arets_resultat(tmp_path: Path, rader: str) -> None:
    with pytest.raises(MallFel, match="arets_resultat"):
        karta(tmp_path, rader)
