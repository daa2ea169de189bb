"""SIE-filer: vad som läses, hur egenheter i verkliga program hanteras, vilka filer som avvisas och hur saldon blir fakta."""

import codecs
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.sie.kontroller import kontrollera
from kommunrapport.inlasning.sie.lasare import las_sie
from kommunrapport.inlasning.sie.periodsaldo import PERIODSALDON as MANADER
from kommunrapport.inlasning.sie.periodsaldo import SALDON as FILENS
from kommunrapport.inlasning.sie.periodsaldo import VERIFIKATIONER as VERIFIKATIONERNA
from kommunrapport.inlasning.sie.periodsaldo import Periodsaldon, periodens_saldon
from kommunrapport.inlasning.siefakta import Siefakta, siefakta
from kommunrapport.karna.fakta import faktatabell
from kommunrapport.karna.period import Period
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.kontokarta import Kontokarta, las_kontokarta
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from tests.sie import HUVUD, PERIODSALDON, SALDON, VERIFIKATIONER, koder, las, rader, skriv

AUGUSTI, DECEMBER = Period(2024, 8), Period(2024, 12)
HEL = HUVUD + SALDON + PERIODSALDON + VERIFIKATIONER
KALLA = Mallkalla((medfoljande(),))
BAS, KOMMUNBAS = las_kontokarta(KALLA, "x", "bolag"), las_kontokarta(KALLA, "x", "finansforvaltning")


def saldo(saldon: Periodsaldon) -> dict[str, int]:
    return {konto: s.ore for konto, s in sorted(saldon.vid_slut.items())}


def avvisas(mapp: Path, innehall: str | bytes) -> str:
    with pytest.raises(Olasbar) as fel:
        las(mapp, innehall)
    return fel.value.kod


def fakta(mapp: Path, innehall: str, period: Period = DECEMBER, karta: Kontokarta = BAS) -> Siefakta:
    return siefakta(las(mapp, innehall), karta, "energi", period)


def per_rad(svar: Siefakta, kolumn: str) -> dict[str, int]:
    summor: dict[str, int] = {}
    for f in svar.fakta:
        if f.kolumn == kolumn:
            summor[f.rad] = summor.get(f.rad, 0) + (f.varde or 0)
    return summor


# --- Det som läses -------------------------------------------------------------------------------------


def test_filens_grunddata(tmp_path: Path) -> None:
    sie = las(tmp_path, HEL)
    assert (sie.typ, sie.program, sie.namn, sie.orgnr) == ("4", "Prov 1.0", "Provköping Energi AB", "556000-0000")
    assert (sie.skapad, sie.omfattning) == (date(2025, 1, 15), None)
    assert sie.ar[0] == (date(2024, 1, 1), date(2024, 12, 31))
    assert sie.konton["1930"] == "Bank på Åland"


def test_belopp_ar_hela_oren_med_radnummer(tmp_path: Path) -> None:
    sie = las(tmp_path, HEL)
    assert sie.utgaende[0]["1510"] == (50050, HEL.splitlines().index("#UB 0 1510 500.50") + 1)
    assert sie.ingaende[0]["2081"].ore == -100000


EGENHETER: dict[str, Callable[[str], str]] = {
    "tabbar": lambda text: text.replace(" ", "\t"),
    "flera_mellanslag": lambda text: text.replace(" ", "   "),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "blandade_radslut": lambda text: text.replace("\n", "\r\n", 9),
    "bara_vagnretur": lambda text: text.replace("\n", "\r"),
    "tomma_rader": lambda text: text.replace("\n", "\n\n"),
    "indrag": lambda text: text.replace("#", "  #"),
    "ctrl_z_sist": lambda text: text + "\x1a",
    "utan_sista_radslut": lambda text: text.rstrip("\n"),
    "gemener": lambda text: text.replace("#UB", "#ub").replace("#TRANS", "#Trans").replace("#VER", "#ver").replace("#SIETYP", "#sietyp"),
    "belopp_i_citattecken": lambda text: text.replace(" 500.50", ' "500.50"').replace("-600.00", '"-600.00"'),
    "konto_i_citattecken": lambda text: text.replace(" 1510 ", ' "1510" '),
    "utan_decimaler": lambda text: text.replace(".00", ""),
    "en_decimal": lambda text: text.replace("500.50", "500.5"),
    "nollor_efter_orena": lambda text: text.replace("500.50", "500.5000"),
    "mellanslag_i_objektlistan": lambda text: text.replace("{}", "{ }"),
    "objekt_utan_citattecken": lambda text: text.replace('{1 "10"}', "{1 10}"),
    "objekt_helt_i_citattecken": lambda text: text.replace('{1 "10"}', '{"1" "10"}'),
    "klammer_i_objektnamn": lambda text: text.replace('{1 "10"}', '{1 "1}0"}'),
    "extra_falt": lambda text: text.replace("500.50\n", '500.50 0 "" "mer"\n'),
    "okanda_etiketter": lambda text: text.replace("#IB 0 1930", '#MOMSKOD 3001 10\n#SRU 3001 7310\n#HITTEPA "x\n#IB 0 1930'),
    "citattecken_i_text": lambda text: text.replace('"Hyra"', '"Hyra \\"Gul #TRANS\\" {x}"'),
    "verifikation_med_allt_i_citattecken": lambda text: text.replace("#VER A 1 20240315", '#VER "A" "1" "20240315"'),
    "tom_serie": lambda text: text.replace("#VER A 1 ", '#VER "" "" '),
    "verifikationsnummer_som_inte_ar_tal": lambda text: text.replace("#VER A 1 ", "#VER A X-17/b "),
    "samma_konto_tva_ganger": lambda text: text.replace("#KONTO 5010", '#KONTO 5010 "Hyra"\n#KONTO 5010'),
    "samma_saldo_tva_ganger": lambda text: text.replace("#UB 0 1510 500.50\n", "#UB 0 1510 500.50\n#UB 0 1510 500.50\n"),
    "borttagna_och_tillagda_rader": lambda text: text.replace("   #TRANS 1510", "   #BTRANS 1510 {} 9.00\n   #RTRANS 1510 {} 500.50\n   #TRANS 1510"),
    "noll_pa_fel_slags_post": lambda text: text.replace("#RES 0 3001", "#UB 0 3001 0.00\n#RES 0 3001"),
    "saldon_efter_verifikationerna": lambda text: text.replace(SALDON, "") + SALDON,
}
"""Samma bokföring skriven på andra sätt."""


@pytest.mark.parametrize("egenhet", sorted(EGENHETER))
@pytest.mark.parametrize("utan", ["", PERIODSALDON], ids=["med_periodsaldon", "utan_periodsaldon"])
def test_samma_bokforing_hur_den_an_ar_skriven(tmp_path: Path, egenhet: str, utan: str) -> None:
    sie = las(tmp_path, EGENHETER[egenhet](HEL.replace(utan, "")))
    assert koder(sie.anmarkningar) == []
    for period in (AUGUSTI, DECEMBER):
        assert saldo(periodens_saldon(sie, period)) == saldo(periodens_saldon(las(tmp_path, HEL), period))


@pytest.mark.parametrize("konto", ["30", "300112", "30011234"])
def test_ett_konto_har_sa_manga_siffror_som_det_har(tmp_path: Path, konto: str) -> None:
    assert las(tmp_path, HEL + f"#RES 0 {konto} -5\n").utgaende[0][konto].ore == -500


def test_ett_konto_som_inte_ar_upplagt_lases_anda(tmp_path: Path) -> None:
    sie = las(tmp_path, HEL + "#RES 0 6110 12.34\n")
    assert sie.utgaende[0]["6110"].ore == 1234
    assert "6110" not in sie.konton


def test_utan_typ_ar_filen_av_typ_1(tmp_path: Path) -> None:
    assert las(tmp_path, (HUVUD + SALDON).replace("#SIETYP 4\n", "")).typ == "1"


OANVANDBARA = {
    "konto_med_bokstaver": "#UB 0 DIFF 1.00",
    "tre_decimaler": "#UB 0 1920 1.005",
    "decimalkomma": "#UB 0 1920 1,50",
    "mellanslag_i_talet": '#UB 0 1920 "1 234.50"',
    "inget_tal": "#UB 0 1920 {} x",
    "inget_belopp": "#UB 0 1920",
    "plus": "#UB 0 1920 +5",
    "for_stort": "#UB 0 1920 1234567890123456.00",
    "arsnummer": "#UB i_ar 1920 5",
    "manad": "#PSALDO 0 202413 1920 {} 5",
    "annat_belopp_for_samma_saldo": "#UB 0 1510 1.00",
    "rakenskapsar": "#RAR 0 20240101 20241331",
    "rakenskapsar_baklanges": "#RAR 0 20241231 20240101",
    "transaktion": "#VER A 9 20240101\n{\n#TRANS 19x0 {} 5\n}",
    "verifikation_utan_datum": '#VER A 9 ""\n{\n#TRANS 1930 {} 5\n}',
}


@pytest.mark.parametrize("fall", sorted(OANVANDBARA))
def test_en_rad_som_inte_gar_att_anvanda_anmarks_och_raknas_inte(tmp_path: Path, fall: str) -> None:
    sie = las(tmp_path, HUVUD + SALDON + OANVANDBARA[fall] + "\n")
    assert set(koder(sie.anmarkningar)) == {"KR149"}
    assert sie.utgaende == las(tmp_path, HUVUD + SALDON).utgaende


def test_raden_med_fel_pekas_ut(tmp_path: Path) -> None:
    (a,) = las(tmp_path, HUVUD + SALDON + "#UB 0 DIFF 1.00\n#UB 0 FEL 2.00\n").anmarkningar
    forsta = (HUVUD + SALDON).count("\n") + 1
    assert a.plats.celler == (f"rad {forsta}", f"rad {forsta + 1}")
    assert (a.lamnat, a.fakta["antal"]) == ("#UB 0 DIFF 1.00", "2")


def test_manga_fel_blir_en_anmarkning(tmp_path: Path) -> None:
    (a,) = las(tmp_path, HUVUD + SALDON + "#UB 0 DIFF 1.00\n" * 500).anmarkningar
    assert (a.fakta["antal"], len(a.plats.celler)) == ("500", granser.SIE_MAX_VISADE)


# --- Teckenkodning -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kodning", "sags"), [("cp437", "cp437"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("latin-1", "cp1252")]
)
def test_kodningen_avgors_av_innehallet(tmp_path: Path, kodning: str, sags: str) -> None:
    sie = las(tmp_path, HEL, kodning)
    assert (sie.kodning, sie.konton["1930"], koder(sie.anmarkningar)) == (sags, "Bank på Åland", [])


def test_utan_svenska_tecken_ar_kodningen_ascii(tmp_path: Path) -> None:
    assert las(tmp_path, HEL.encode("ascii", "replace")).kodning == "ascii"


@pytest.mark.parametrize(
    "forstort",
    [
        "Bank p\ufffd \ufffdland".encode(),  # redan förlorat
        "Ink”p tj„nster".encode(),  # CP437 läst som Windows-1252
        "Bank pÃ¥ Ã…land".encode(),  # UTF-8 läst som Windows-1252
        "Bank på".encode().decode("cp437").encode(),  # UTF-8 läst som CP437
    ],
)
def test_forstorda_tecken_sags(tmp_path: Path, forstort: bytes) -> None:
    sie = las(tmp_path, HEL.encode().replace("Bank på Åland".encode(), forstort))
    assert koder(sie.anmarkningar) == ["KR151"]


@pytest.mark.parametrize("namn", ["”Gul” bil", "Provköpings Energi™", "A† B 12", "Ãrets namn", "Žižka"])
def test_ovanliga_men_hela_namn_ar_inte_forstorda(tmp_path: Path, namn: str) -> None:
    assert koder(las(tmp_path, HEL.replace("Bank på Åland", namn), "utf-8").anmarkningar) == []


def test_namn_far_inga_styrtecken(tmp_path: Path) -> None:
    assert las(tmp_path, HEL.replace("Hyra", "Hy\x1b[31mra\x07")).konton["5010"] == "Hy [31mra"


# --- Filer som avvisas ---------------------------------------------------------------------------------


AVVISADE: dict[str, tuple[str, str | bytes]] = {
    "tom": ("KR102", b""),
    "bara_nollor": ("KR141", bytes(500)),
    "bara_verifikationer": ("KR145", HUVUD + VERIFIKATIONER),
    "typ_4i": ("KR145", (HUVUD + VERIFIKATIONER).replace("#SIETYP 4", "#SIETYP 4I")),
    "bara_kontoplan": ("KR145", HUVUD),
    "sie_5": ("KR146", '<?xml version="1.0"?>\n<Sie xmlns="http://www.sie.se/sie5"></Sie>'),
    "sie_5_med_bom_och_prefix": ("KR146", codecs.BOM_UTF8 + b'<s:SieEntry xmlns:s="http://www.sie.se/sie5"/>'),
    "webbsida": ("KR147", "<!DOCTYPE html><html><body>404</body></html>"),
    "annan_xml": ("KR147", "<?xml version='1.0'?><rapport/>"),
    "arbetsbok": ("KR147", b"PK\x03\x04" + bytes(200)),
    "pdf": ("KR147", b"%PDF-1.7\n"),
    "utf_16": ("KR147", HEL.encode("utf-16")),
    "vanlig_text": ("KR147", "Hej\n#FLAGGA 0\n"),
    "rutor_men_inga_poster": ("KR147", "# Rubrik\n#hej\n"),
    "okand_typ": ("KR147", HEL.replace("#SIETYP 4", "#SIETYP 7")),
    "slutar_i_en_verifikation": ("KR141", HEL[: HEL.rindex("}")]),
    "slutar_efter_verifikationens_huvud": ("KR141", HEL[: HEL.rindex("{\n   #TRANS 1510")]),
}


@pytest.mark.parametrize("fall", sorted(AVVISADE))
def test_filen_avvisas_med_ratt_skal(tmp_path: Path, fall: str) -> None:
    kod, innehall = AVVISADE[fall]
    assert avvisas(tmp_path, innehall) == kod


def test_en_fil_som_inte_finns_sags(tmp_path: Path) -> None:
    with pytest.raises(Olasbar, match="KR107"):
        las_sie(tmp_path / "saknas.se")


GRANSER = {
    "fil": ("SIE_MAX_BYTE", 100, HEL),
    "rad": ("SIE_MAX_RAD", 200, HEL + "#PROSA " + "x" * 300),
    "konton": ("SIE_MAX_KONTON", 4, HEL),
    "saldon": ("SIE_MAX_SALDON", 5, HEL),
    "transaktioner": ("SIE_MAX_SALDON", 8, HUVUD + "#UB 0 1930 1\n" + VERIFIKATIONER + "".join(
        f"#VER A {n} 2024{n:02d}01\n{{\n#TRANS 1930 {{}} 1\n}}\n" for n in range(1, 13))),
}  # fmt: skip


@pytest.mark.parametrize("fall", sorted(GRANSER))
def test_for_stora_filer_lases_inte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fall: str) -> None:
    grans, varde, innehall = GRANSER[fall]
    monkeypatch.setattr(granser, grans, varde)
    assert avvisas(tmp_path, innehall) == "KR150"


@pytest.mark.parametrize(
    "rad",
    [
        '"' * 400_000,
        "#PSALDO 0 202401 1930 " + "{" * 400_000,
        "#TRANS 1930 {" + '"' * 400_001,
        "#KONTO 1 " + "\\" * 400_000,
        "#UB 0 1930 " + "9" * 400_000,
        " " * 400_000 + "\n" * 400_000,
        "{ }" * 200_000,
    ],
    ids=["citattecken", "klammer", "citat_i_klammer", "snedstreck", "siffror", "blanka", "tomma_klammer"],
)
def test_en_elak_rad_tar_inte_lang_tid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rad: str) -> None:
    monkeypatch.setattr(granser, "MAX_SEKUNDER", 5.0)
    assert las(tmp_path, HUVUD + SALDON + VERIFIKATIONER + rad + "\n" + VERIFIKATIONER + rad).utgaende[0]["1510"].ore == 50050


# --- Kontrollsumma -------------------------------------------------------------------------------------


def med_summa(innehall: str, summa: int | None = None, kodning: str = "cp437") -> bytes:
    """Innehållet mellan märkena, med summan räknad så som formatet säger: ett fält i taget."""
    flagga, resten = innehall.split("\n", 1)
    crc = 0
    for rad in resten.splitlines():
        delar = rad.replace('\\"', "\0").split('"')
        text = "".join(del_ if citerad % 2 else "".join(c for c in del_ if c not in " \t{}") for citerad, del_ in enumerate(delar))
        crc = zlib.crc32(text.replace("\0", '"').encode(kodning), crc)
    return f"{flagga}\n#KSUMMA\n{resten}#KSUMMA {crc if summa is None else summa}\n".encode(kodning)


@pytest.mark.parametrize("egenhet", ["tabbar", "crlf", "citattecken_i_text", "indrag", "tomma_rader", "mellanslag_i_objektlistan", "extra_falt"])
def test_en_ratt_kontrollsumma_ar_tyst(tmp_path: Path, egenhet: str) -> None:
    sie = las(tmp_path, med_summa(EGENHETER[egenhet](HEL)))
    assert (koder(sie.anmarkningar), sie.utgaende[0]["1510"].ore) == ([], 50050)


def test_avskiljare_mellan_falt_andrar_inte_summan_men_mellanslag_i_text_gor_det(tmp_path: Path) -> None:
    assert las(tmp_path, med_summa(HEL).replace(b"#UB 0 1510", b"#UB\t0   1510")).typ == "4"
    assert avvisas(tmp_path, med_summa(HEL).replace(b'"Kundfordringar"', b'"Kund fordringar"')) == "KR148"


@pytest.mark.parametrize(
    ("fall", "kod"),
    [
        (med_summa(HEL, summa=123456789), "KR148"),
        (med_summa(HEL).replace(b"500.50", b"500.51"), "KR148"),
        (med_summa(HEL).rsplit(b"#KSUMMA", 1)[0], "KR141"),
        (med_summa(HEL).rsplit(b"\n", 2)[0] + b"\n#KSUMMA", "KR148"),
    ],
    ids=["annan_summa", "andrat_belopp", "utan_slutmarke", "slutmarke_utan_summa"],
)
def test_en_fil_som_inte_stammer_med_sin_kontrollsumma_avvisas(tmp_path: Path, fall: bytes, kod: str) -> None:
    assert avvisas(tmp_path, fall) == kod


def test_kontrollsumman_raknas_over_hela_stora_filer(tmp_path: Path) -> None:
    stor = HUVUD + SALDON + VERIFIKATIONER * 8_000
    assert las(tmp_path, med_summa(stor)).utgaende[0]["1510"].ore == 50050
    assert avvisas(tmp_path, med_summa(stor)[:-900] + med_summa(stor)[-890:]) == "KR148"


# --- Periodens saldon ----------------------------------------------------------------------------------


AUGUSTISALDON = {"1930": 80000, "2081": -100000, "3001": -40000, "5010": 60000}
ARSSALDON = {"1510": 50050, "1930": 80000, "2081": -100000, "3001": -90050, "5010": 60000}
LAGEN: dict[str, tuple[str, Period, str, dict[str, int]]] = {
    "arets_slut": (HEL, DECEMBER, FILENS, ARSSALDON),
    "arets_slut_typ_1": (HUVUD.replace("SIETYP 4", "SIETYP 1") + SALDON, DECEMBER, FILENS, ARSSALDON),
    "delar_ur_periodsaldon": (HEL, AUGUSTI, MANADER, AUGUSTISALDON),
    "delar_ur_verifikationer": (HEL.replace(PERIODSALDON, ""), AUGUSTI, VERIFIKATIONERNA, AUGUSTISALDON),
    "omfattningen_ar_perioden": ("#OMFATTN 20240831\n" + HUVUD + SALDON, AUGUSTI, FILENS, ARSSALDON),
    "omfattningen_ar_senare_an_perioden": ("#OMFATTN 20241231\n" + HEL, AUGUSTI, MANADER, AUGUSTISALDON),
    "bokfort_efter_omfattningen": ("#OMFATTN 20240831\n" + HEL, AUGUSTI, MANADER, AUGUSTISALDON),
    "utan_utgaende_saldon": (HEL.replace("#UB", "#XUB").replace("#RES", "#XRES"), DECEMBER, MANADER, ARSSALDON),
    "ingaende_ur_foregaende_ars_slut": (
        HEL.replace("#IB 0", "#UB -1"), AUGUSTI, MANADER, AUGUSTISALDON),
    "foregaende_ar_i_filen": (HUVUD.replace("#RAR 0 2024", "#RAR 0 2025").replace(" 20241231", " 20251231").replace("-1 2023", "-1 2024")
        .replace(" 20231231", " 20241231") + SALDON.replace(" 0 ", " -1 "), DECEMBER, FILENS, ARSSALDON),
}  # fmt: skip


@pytest.mark.parametrize("fall", sorted(LAGEN))
def test_saldona_tas_pa_det_satt_som_filen_medger(tmp_path: Path, fall: str) -> None:
    innehall, period, satt, vantat = LAGEN[fall]
    saldon = periodens_saldon(las(tmp_path, innehall), period)
    assert (saldon.satt, saldo(saldon), koder(saldon.anmarkningar)) == (satt, vantat, [])


ANMARKTA: dict[str, tuple[str, Period, list[str], bool]] = {
    "annat_ar": (HEL, Period(2026, 8), ["KR152"], False),
    "inget_rakenskapsar": (HEL.replace("#RAR", "#XRAR"), AUGUSTI, ["KR152"], False),
    "bara_arssaldon": (HUVUD + SALDON, AUGUSTI, ["KR153"], False),
    "typ_1_uttagen_under_aret": (HUVUD.replace("20250115", "20240915") + SALDON, AUGUSTI, ["KR153"], False),
    "omfattningen_slutar_fore_perioden": ("#OMFATTN 20240630\n" + HUVUD + SALDON, AUGUSTI, ["KR153"], False),
    "omfattningen_mitt_i_manaden": ("#OMFATTN 20240815\n" + HUVUD + SALDON, AUGUSTI, ["KR153"], False),
    "ingaende_balanser_saknas": (HEL.replace("#IB", "#XIB"), AUGUSTI, ["KR153"], False),
    "varken_ingaende_eller_utgaende": (HUVUD + PERIODSALDON, AUGUSTI, ["KR153"], False),
    "bara_ingaende": (HUVUD + "#IB 0 1930 5\n", DECEMBER, ["KR153"], False),
    "orimlig_omfattning": ("#OMFATTN 19800101\n" + HEL, DECEMBER, ["KR143"], True),
    "brutet_rakenskapsar": (HEL.replace("20240101 20241231", "20240301 20250228"), AUGUSTI, ["KR154"], True),
    "skapad_fore_periodens_slut": (HEL.replace("20250115", "20240815"), AUGUSTI, ["KR155"], True),
    "ingen_manad_bokford_sedan_november": (
        HEL.replace("#PSALDO 0 202412", "#PSALDO 0 202411").replace("20241202", "20241102"), DECEMBER, ["KR155"], True),
}  # fmt: skip


@pytest.mark.parametrize("fall", sorted(ANMARKTA))
def test_det_som_saknas_eller_ar_osakert_sags(tmp_path: Path, fall: str) -> None:
    innehall, period, vantade, gar = ANMARKTA[fall]
    saldon = periodens_saldon(las(tmp_path, innehall), period)
    assert (koder(saldon.anmarkningar), bool(saldon.satt)) == (vantade, gar)
    assert bool(saldon.vid_slut) == gar


def test_periodsaldo_ar_forandring_och_inte_saldo(tmp_path: Path) -> None:
    for manad, vantat in ((2, 100000), (3, 40000), (7, 40000), (8, 80000)):
        assert periodens_saldon(las(tmp_path, HEL), Period(2024, manad)).vid_slut["1930"].ore == vantat


OBJEKT = rader(
    '#PSALDO 0 202403 5010 {1 "10"} 400.00',
    '#PSALDO 0 202403 5010 {1 "20"} 200.00',
    '#PSALDO 0 202403 5010 {6 "P1"} 600.00',
    '#PSALDO 0 202403 5010 {1 "10" 6 "P1"} 400.00',
)
TOTAL = "#PSALDO 0 202403 5010 {} 600.00\n"


@pytest.mark.parametrize("innehall", [HEL + OBJEKT, HEL.replace(TOTAL, OBJEKT + TOTAL)], ids=["efter", "fore"])
def test_objektrader_raknas_aldrig_ihop_med_totalraden(tmp_path: Path, innehall: str) -> None:
    saldon = periodens_saldon(las(tmp_path, innehall.replace("}\n#PSALDO", "}\n\n#PSALDO")), AUGUSTI)
    assert (saldon.satt, saldo(saldon)) == (MANADER, AUGUSTISALDON)


def test_nar_totalraden_saknas_tas_verifikationerna_i_stallet(tmp_path: Path) -> None:
    saldon = periodens_saldon(las(tmp_path, HEL.replace(TOTAL, OBJEKT)), AUGUSTI)
    assert (saldon.satt, saldo(saldon)) == (VERIFIKATIONERNA, AUGUSTISALDON)


def test_nar_bara_objektrader_finns_sags_det_och_inget_gissas(tmp_path: Path) -> None:
    saldon = periodens_saldon(las(tmp_path, (HUVUD + SALDON + PERIODSALDON).replace(TOTAL, OBJEKT)), AUGUSTI)
    assert (saldon.satt, koder(saldon.anmarkningar)) == ("", ["KR153"])
    assert "5010" in saldon.anmarkningar[0].fakta["orsak"]


def test_objektrader_som_tar_ut_varandra_ar_en_utelamnad_nolla(tmp_path: Path) -> None:
    noll = '#PSALDO 0 202403 3001 {1 "10"} 50\n#PSALDO 0 202403 3001 {1 "20"} -50\n'
    assert saldo(periodens_saldon(las(tmp_path, HUVUD + SALDON + PERIODSALDON + noll), AUGUSTI)) == AUGUSTISALDON


def test_varje_saldo_har_sina_rader(tmp_path: Path) -> None:
    def cell(innehall: str, konto: str) -> str:
        return periodens_saldon(las(tmp_path, innehall), AUGUSTI).vid_slut[konto].cell

    rad = HEL.splitlines().index
    assert cell(HEL, "5010") == f"rad {rad('#PSALDO 0 202403 5010 {} 600.00') + 1}"
    assert cell(HEL, "1930") == f"rad {rad('#IB 0 1930 1000.00') + 1}–{rad('#PSALDO 0 202408 1930 {} 400.00') + 1}"
    assert cell(HEL.replace(PERIODSALDON, ""), "1930") == f"rad {rad('#IB 0 1930 1000.00') + 1} och verifikationerna"


@pytest.mark.parametrize(
    "rad",
    [
        '#TRANS 1930 {1 "a b"} -5.25 "" "Faktura #7"',
        "#RTRANS 1930 {} 5.25",
        "#trans 1930 {} 5.25",
        '\t#TRANS\t1930\t{}\t"5.25"',
        '#TRANS 1930 {1 "a\\"b"} 5.25',
        "#TRANS 1930 {} 5,25",
        "#TRANS 1930 {} 5.5",
        "#TRANS 1930 {} 5.255",
        "#TRANS 1930 {}",
        "#TRANS 1930 {} 5",
        "#TRANS 1930 {} 5.25 #TRANS 1930 {} 7.00",
        "text #TRANS 1930 {} 5.25",
        "}\n#VER A 9 20241301\n{\n#TRANS 1930 {} 5.25",
        "}\n#VER A 9 20230229\n{\n#TRANS 1930 {} 5.25",
        "}\n#VER A 9 20240229\n{\n#TRANS 1930 {} 5.25",
        '}\n#VER A 9 "20240105 x"\n{\n#TRANS 1930 {} 5.25',
        '}\n#VER "A" "9" "20240105"\n{\n#TRANS 1930 {} 5.25',
        '#KONTO 1940 "Kassa"',
    ],
)
def test_en_ovanlig_rad_lases_likadant_var_den_an_star(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rad: str) -> None:
    vanlig = "#VER A 1 20240331\n{\n#TRANS 1930 {} -600.00\n#TRANS 5010 {} 600.00\n}\n"
    innehall = f"{HUVUD}{SALDON}{vanlig * 9}#VER A 2 20240401\n{{\n#TRANS 5010 {{}} 1.00\n{rad}\n#TRANS 1930 {{}} -1.00\n}}\n{vanlig * 9}"
    monkeypatch.setattr("kommunrapport.inlasning.sie.lasare._STYCKE", 150)
    i_stycken = las(tmp_path, innehall)
    monkeypatch.setattr("kommunrapport.inlasning.sie.verifikationer.Verifikationer.las_snabbt", lambda *_: False)
    assert i_stycken == las(tmp_path, innehall)


def test_en_stor_fil_lases_i_flera_bitar(tmp_path: Path) -> None:
    manga = HUVUD + SALDON.replace("-900.50", "-900500.50").replace("500.50\n#UB 0 1930", "500500.50\n#UB 0 1930")
    faktura = '#VER C 1 20241202 "å"\r\n{\r\n\t#TRANS\t1510\t{}\t50\r\n\t#TRANS\t3001\t{}\t-50.00\r\n}\r\n'
    sie = las(tmp_path, manga + VERIFIKATIONER + faktura * 30_000)
    assert sie.verifikationer["202412"] == {"1510": 50050 + 30_000 * 5_000, "3001": -50050 - 30_000 * 5_000}


# --- Kontroller ----------------------------------------------------------------------------------------


def kontrollkoder(mapp: Path, innehall: str, period: Period = DECEMBER) -> list[tuple[str, str]]:
    sie = las(mapp, innehall)
    return [(a.kod, a.skillnad) for a in kontrollera(sie, periodens_saldon(sie, period))]


BOKAT = HEL.replace("#UB 0 2081", "#UB 0 2099 -300.50\n#UB 0 2081")
KONTROLLER: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "ratt": (HEL, []),
    "gar_inte_jamnt_upp": (HEL.replace("#UB 0 1510 500.50", "#UB 0 1510 500.00"), [("KR156", "−0,50 kr"), ("KR157", "0,50 kr")]),
    "resultatet_bokat_med_bokslutskonto": (BOKAT.replace(PERIODSALDON, "").replace("#RES 0 3001", "#RES 0 8999 300.50\n#RES 0 3001"), []),
    "resultatet_bokat_utan_bokslutskonto": (BOKAT.replace(PERIODSALDON, ""), []),
    "manaderna_leder_inte_till_saldot": (HEL.replace("202408 1930 {} 400.00", "202408 1930 {} 410.00"), [("KR157", "10 kr")]),
    "arets_borjan_ar_forra_arets_slut": (HEL + "#UB -1 1930 1000\n#UB -1 2081 -1000\n", []),
    "arets_borjan_ar_inte_forra_arets_slut": (HEL + "#UB -1 1930 900\n#UB -1 2081 -1000\n", [("KR158", "100 kr")]),
    "fjolarets_resultat_fort_till_eget_kapital": (HEL + "#UB -1 1930 1000\n#UB -1 2081 -700\n#RES -1 3001 -300\n", []),
}


@pytest.mark.parametrize("fall", sorted(KONTROLLER))
def test_kontrollerna_varnar_med_beloppet(tmp_path: Path, fall: str) -> None:
    innehall, vantat = KONTROLLER[fall]
    assert kontrollkoder(tmp_path, innehall) == vantat


def test_utan_saldon_kontrolleras_inget(tmp_path: Path) -> None:
    assert kontrollkoder(tmp_path, HUVUD + SALDON, AUGUSTI) == []


# --- Fakta ---------------------------------------------------------------------------------------------


def test_tecknen_vands_till_vara(tmp_path: Path) -> None:
    svar = fakta(tmp_path, HEL)
    assert per_rad(svar, "utfall") == {"nettoomsattning": 90050, "externa_kostnader": -60000}
    assert per_rad(svar, "nu") == {"kundfordringar": 50050, "kassa": 80000, "aktiekapital": 100000, "arets_resultat": 30050}
    assert per_rad(svar, "fg") == {"kassa": 100000, "aktiekapital": 100000}
    assert per_rad(svar, "utfall_fg") == {}
    assert svar.anmarkningar == ()


def test_varje_konto_ar_ett_faktum_med_sin_rad(tmp_path: Path) -> None:
    (f,) = [f for f in fakta(tmp_path, HEL + "#RES 0 3002 -1\n").fakta if f.radnamn.startswith("3001")]
    assert (f.enhet, f.tabell, f.rad, f.kolumn, f.varde) == ("energi", "bolagsresultat", "nettoomsattning", "utfall", 90050)
    assert (f.fil, f.blad, f.cell, f.radnamn) == ("prov.se", "", f"rad {HEL.splitlines().index('#RES 0 3001 -900.50') + 1}", "3001 Försäljning")


def test_fakta_ryms_i_faktatabellen(tmp_path: Path) -> None:
    assert int(faktatabell(fakta(tmp_path, HEL).fakta)["varde"].sum()) == 90050 - 60000 + 2 * 130050 + 200000


def test_kommunens_konton_hamnar_pa_kommunens_rader(tmp_path: Path) -> None:
    svar = fakta(tmp_path, HEL.replace("3001", "8011").replace("2081", "2011"), karta=KOMMUNBAS)
    assert per_rad(svar, "utfall") == {"skatt": 90050, "kostnader": -60000}
    assert per_rad(svar, "nu") == {"fordringar": 50050, "kassa": 80000, "ek_ingaende": 100000, "arets_resultat": 30050}
    assert {f.tabell for f in svar.fakta} == {"resultat", "balans"}


RESULTAT: dict[str, tuple[str, int, int]] = {
    "inte_bokat": (HEL, 30050, 0),
    "bokat_med_bokslutskonto": (BOKAT.replace("#RES 0 3001", "#RES 0 8999 300.50\n#RES 0 3001"), 30050, 0),
    "bokat_utan_bokslutskonto": (BOKAT, 30050, 0),
    "till_en_del_bokat": (HEL.replace("#RES 0 3001", "#RES 0 8999 100\n#UB 0 2099 -100\n#RES 0 3001"), 30050, 0),
    "forra_arets_resultat_star_kvar": (
        HEL.replace("#UB 0 2081 -1000.00", "#UB 0 2099 -400.00\n#UB 0 2081 -600.00")
        .replace("#IB 0 2081 -1000.00", "#IB 0 2099 -400\n#IB 0 2081 -600"),
        30050,
        40000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("fall", sorted(RESULTAT))
def test_arets_resultat_star_en_gang_i_balansrakningen(tmp_path: Path, fall: str) -> None:
    innehall, arets, balanserat = RESULTAT[fall]
    nu = per_rad(fakta(tmp_path, innehall.replace(PERIODSALDON, "")), "nu")
    assert (nu["arets_resultat"], nu.get("balanserat", 0)) == (arets, balanserat)
    assert nu["kundfordringar"] + nu["kassa"] == sum(v for rad, v in nu.items() if rad not in ("kundfordringar", "kassa"))
    assert per_rad(fakta(tmp_path, innehall), "utfall") == {"nettoomsattning": 90050, "externa_kostnader": -60000}


def test_jamforelsen_ar_for_samma_tid_eller_ingen(tmp_path: Path) -> None:
    fg = "#RES -1 3001 -700\n#UB -1 1930 1000\n#UB -1 2081 -300\n"
    manader = "#PSALDO -1 202305 3001 {} -200\n#PSALDO -1 202309 3001 {} -500\n"
    assert per_rad(fakta(tmp_path, HEL + fg), "utfall_fg") == {"nettoomsattning": 70000}
    assert per_rad(fakta(tmp_path, HEL + fg, AUGUSTI), "utfall_fg") == {}
    assert per_rad(fakta(tmp_path, HEL + fg + manader, AUGUSTI), "utfall_fg") == {"nettoomsattning": 20000}
    assert per_rad(fakta(tmp_path, HEL + fg + manader.replace("-500", "-400"), AUGUSTI), "utfall_fg") == {}
    kort = HUVUD.replace("#RAR -1 20230101", "#RAR -1 20230401") + SALDON + fg
    assert per_rad(fakta(tmp_path, kort), "utfall_fg") == {}


def test_konton_utanfor_kartan_listas_med_belopp_och_rad(tmp_path: Path) -> None:
    svar = fakta(tmp_path, HEL + "#KONTO 8510 Udda\n#RES 0 8510 12.50\n#RES 0 8520 0\n")
    radnr = HEL.count("\n") + 2
    assert svar.omappade == (("8510", "Udda", 1250, f"rad {radnr}"),)
    (a,) = [a for a in svar.anmarkningar if a.kod == "KR159"]
    assert (a.enhet, a.plats.fil, a.plats.celler, a.plats.rad, a.lamnat) == ("energi", "prov.se", (f"rad {radnr}",), "8510 Udda", "12,50 kr")


def test_ett_konto_pa_andra_sidan_far_sidans_tecken(tmp_path: Path) -> None:
    karta = Kontokarta("egen", {**BAS.beteckningar, "2650": BAS.beteckningar["16"]._replace(sida="tillgang")})
    svar = fakta(tmp_path, HEL.replace("#UB 0 1510", "#UB 0 2650").replace(PERIODSALDON, ""), karta=karta)
    assert per_rad(svar, "nu")["ovriga_fordringar"] == 50050


def test_utan_saldon_blir_det_inga_fakta(tmp_path: Path) -> None:
    svar = fakta(tmp_path, HUVUD + SALDON, AUGUSTI)
    assert (svar.fakta, koder(svar.anmarkningar), svar.anmarkningar[0].enhet) == ((), ["KR153"], "energi")


@pytest.mark.parametrize("fall", sorted({**ANMARKTA, **{k: (v[0], DECEMBER, [], True) for k, v in KONTROLLER.items()}}))
def test_anmarkningarnas_meningar_gar_att_fylla_i(tmp_path: Path, fall: str) -> None:
    katalog = las_katalog(KALLA)
    innehall, period = ANMARKTA[fall][:2] if fall in ANMARKTA else (KONTROLLER[fall][0], DECEMBER)
    for a in fakta(tmp_path, innehall + "#UB 0 DIFF 1\n#RES 0 8510 5\n", period).anmarkningar:
        mening = katalog.mening(a) + katalog.gor_sa(a)
        assert "  " not in mening
        assert "””" not in mening


# --- Vad som än bokförs --------------------------------------------------------------------------------


KONTON = st.from_regex(r"[1-8][0-9]{3,7}", fullmatch=True)
BELOPP = st.integers(min_value=-(10**14), max_value=10**14)
NAMN = st.text(alphabet='abcåäöÅÄÖé "{}#\\/', max_size=12)


def skrivet(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    saldon=st.dictionaries(KONTON, st.tuples(BELOPP, NAMN), max_size=30),
    kodning=st.sampled_from(["cp437", "utf-8", "utf-8-sig", "cp1252"]),
    radslut=st.sampled_from(["\n", "\r\n"]),
)
def test_det_som_skrivs_ar_det_som_lases(tmp_path: Path, saldon: dict[str, tuple[int, str]], kodning: str, radslut: str) -> None:
    namn = {konto: text.replace("\\", "") for konto, (_, text) in saldon.items()}
    poster = ["#FLAGGA 0", "#SIETYP 1", '#FNAMN "Åkö Ärla"', "#GEN 20250101", "#RAR 0 20240101 20241231", "#UB 0 100 0"]
    poster += [f'#KONTO {konto} "{text.replace(chr(34), chr(92) + chr(34))}"' for konto, text in namn.items()]
    poster += [f"#{'UB' if konto[0] in '12' else 'RES'} 0 {konto} {skrivet(ore)}" for konto, (ore, _) in saldon.items()]
    sie = las_sie(skriv(tmp_path, radslut.join(poster), kodning=kodning))
    assert {k: s.ore for k, s in sie.utgaende[0].items() if k in saldon} == {k: ore for k, (ore, _) in saldon.items()}
    assert sie.konton == {k: " ".join(text.split(" ")).strip() for k, text in namn.items()}
    svar = siefakta(sie, BAS, "energi", DECEMBER)
    utanfor = {o.konto: o.ore for o in svar.omappade}
    uteslutna = {k for k in saldon if k.startswith("899")}
    resultat = sum(ore for k, (ore, _) in saldon.items() if k[0] not in "12" and k not in utanfor and k not in uteslutna)
    assert sum(per_rad(svar, "utfall").values()) == -resultat
    tillgangar = sum(f.varde or 0 for f in svar.fakta if f.kolumn == "nu" and f.radnamn.startswith("1"))
    assert tillgangar == sum(ore for k, (ore, _) in saldon.items() if k[0] == "1" and k not in utanfor)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(skrap=st.binary(max_size=400), plats=st.integers(min_value=0, max_value=len(HEL)))
def test_skrap_i_filen_ger_aldrig_annat_an_svar_eller_avvisning(tmp_path: Path, skrap: bytes, plats: int) -> None:
    data = HEL.encode("cp437")
    try:
        siefakta(las(tmp_path, data[:plats] + skrap + data[plats:]), BAS, "energi", AUGUSTI)
    except Olasbar as fel:
        assert fel.kod in las_katalog(KALLA).poster  # noqa: PT017
