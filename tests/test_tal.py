"""Tal som människor skriver dem: vad som läses, vad som betyder tomt och vad som avvisas."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommunrapport.inlasning.celler import tolka
from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.sprak import formatera
from kommunrapport.karna.tal import OtolkbartTal, tolka_tal

LASES = [
    # tusental
    ("1 234,5", "1234.5"),  # vanligt mellanslag
    ("1\u00a0234,5", "1234.5"),  # hårt mellanslag
    ("1\u202f234,5", "1234.5"),  # smalt hårt mellanslag
    ("1\u2009234,5", "1234.5"),  # tunt mellanslag
    ("1\u2007234,5", "1234.5"),  # siffermellanslag
    ("1'234,5", "1234.5"),  # apostrof
    ("1'234", "1234"),
    ("1 234 567", "1234567"),
    ("1234,50", "1234.50"),  # utan gruppering
    ("1234.50", "1234.50"),  # decimalpunkt
    ("1.234,50", "1234.50"),  # tysk och dansk stil
    ("1,234.50", "1234.50"),  # engelsk stil
    ("12\u00a0345\u00a0", "12345"),  # hårt mellanslag efter talet
    ("0,123", "0.123"),  # en nolla först gör kommat entydigt
    ("45900", "45900"),  # ett tal även om det kunde vara ett datum
    # tecken
    ("-1 234,5", "-1234.5"),  # bindestreck
    ("\u22121 234,5", "-1234.5"),  # minustecken
    ("\u20131 234,5", "-1234.5"),  # kort tankstreck
    ("\u20141 234", "-1234"),  # långt tankstreck
    ("\u2011 5", "-5"),  # hårt bindestreck
    ("\uff0d5", "-5"),  # helbrett minus
    ("- 1 234,5", "-1234.5"),  # mellanslag efter minus
    ("1 234,5-", "-1234.5"),  # minus efter talet
    ("1234-", "-1234"),
    ("(1 234,5)", "-1234.5"),  # parentes
    ("+12,3", "12.3"),
    # noll har inget tecken
    ("0", "0"),
    ("0,0", "0.0"),
    ("-0,0", "0"),
    ("\u22120", "0"),
    ("(0)", "0"),
    # enhet i cellen
    ("1 234 tkr", "1234000"),
    ("12,5 mnkr", "12500000"),
    ("12,5 Mkr", "12500000"),
    ("1,2 mdkr", "1200000000"),
    ("450 kr", "450"),
    ("450:-", "450"),
    ("450 SEK", "450"),
    ("(12,5) mnkr", "-12500000"),
    ("98,5\u00a0%", "0.985"),
    ("98,5 %", "0.985"),
    ("98,5%", "0.985"),
    # ur Excel och urklipp
    ("1E+06", "1000000"),  # vetenskaplig form
    ("'1234", "1234"),  # textformatets apostrof
    ("\u200e-5", "-5"),  # osynligt riktningstecken
    ("\ufeff5", "5"),  # osynlig filmarkering
    ("\uff11\uff12", "12"),  # helbredda siffror
]
AVVISAS = [
    "1,234",  # decimaltal på svenska, tusental på engelska
    "1.234",  # tvärtom
    "-1,234",
    "1,234 mnkr",
    "12 34,5",  # fel gruppering
    "1 2345",
    "1''234",
    "(-1)",  # två minus
    "-(1)",
    "-1-",
    "--1",
    "(1",  # parentesen stängs inte
    "\u00ad5",  # mjukt bindestreck: kan vara minus eller avstavning
    "1,5 %-enheter",  # procentenheter är inte procent
    "5 kr kr",
    "\u00bd",  # bråktecken
    "1\u00bd",
    "5\u00b2",  # exponent
    "2026-08-31",  # datum
    "31/8",
    "TRUE",  # sanningsvärden
    "SANT",
    "#DIV/0!",  # Excels felvärden, på engelska och svenska
    "#REF!",
    "#SAKNAS!",
    "#VÄRDEFEL!",
    "#REFERENS!",
    "#DIVISION/0!",
    "#NAMN?",
    "ca 500",
    "1_000",
    "=1+1",
]
UTAN_VARDE = [
    ("", fakta.TOMT),
    ("\u00a0", fakta.TOMT),  # bara hårt mellanslag
    ("-", fakta.STRECK),
    ("\u2013", fakta.STRECK),
    ("\u2212", fakta.STRECK),
    ("..", fakta.STRECK),  # uppgift saknas i statistiken
    ("i.u.", fakta.STRECK),
    ("N/A", fakta.STRECK),
    ("e.t.", fakta.EJ_TILLAMPLIGT),
    ("E.T.", fakta.EJ_TILLAMPLIGT),
    ("ej tillämpligt", fakta.EJ_TILLAMPLIGT),
]


@pytest.mark.parametrize(("text", "vantat"), LASES, ids=ascii)
def test_lases_som_tal(text: str, vantat: str) -> None:
    talet, _ = tolka_tal(text)
    assert talet == Decimal(vantat)
    assert talet.is_signed() == (talet < 0), "noll har inget tecken"


@pytest.mark.parametrize("text", AVVISAS, ids=ascii)
def test_avvisas(text: str) -> None:
    with pytest.raises(OtolkbartTal) as fel:
        tolka_tal(text)
    assert fel.value.orsak


@pytest.mark.parametrize("text", AVVISAS, ids=ascii)
def test_en_avvisad_cell_blir_otolkad_och_aldrig_noll(text: str) -> None:
    cell = tolka(text, "belopp", Enhet.TKR)
    assert (cell.kod, cell.tillstand, cell.varde) == ("KR301", fakta.OTOLKAT, None)


@pytest.mark.parametrize(("text", "tillstand"), UTAN_VARDE, ids=ascii)
def test_tomt_streck_och_ej_tillampligt_ar_olika_saker_och_inga_fel(text: str, tillstand: str) -> None:
    cell = tolka(text, "belopp", Enhet.TKR)
    assert (cell.kod, cell.tillstand, cell.varde) == ("", tillstand, None)


@pytest.mark.parametrize(
    ("text", "enhet"),
    [
        ("5", ""),
        ("5 kr", "kr"),
        ("5:-", ":-"),
        ("5 SEK", "sek"),
        ("5 Tkr", "tkr"),
        ("5 Mkr", "mkr"),
        ("5 MNKR", "mnkr"),
        ("5 mdkr", "mdkr"),
        ("5 %", "%"),
    ],
)
def test_enheten_som_stod_i_cellen_foljer_med(text: str, enhet: str) -> None:
    assert tolka_tal(text)[1] == enhet


@pytest.mark.parametrize(
    ("ra", "enhet", "ore", "kod"),
    [
        (1234, Enhet.TKR, 123_400_000, ""),
        (1234.5, Enhet.TKR, 123_450_000, ""),
        (0.1 + 0.2, Enhet.KR, 30, ""),  # binärt brus
        (45900, Enhet.KR, 4_590_000, ""),
        ("1 234", Enhet.TKR, 123_400_000, "KR302"),  # text som är ett tal
        ("1 234 tkr", Enhet.KR, 123_400_000, "KR302"),  # cellens egen enhet går före bladets
        ("12,5 mnkr", Enhet.TKR, 1_250_000_000, "KR302"),
        (0.005, Enhet.KR, 1, "KR305"),  # finare än ören
        (-0.005, Enhet.KR, -1, "KR305"),
    ],
)
def test_en_beloppscell_blir_hela_ore(ra: object, enhet: Enhet, ore: int, kod: str) -> None:
    cell = tolka(ra, "belopp", enhet)
    assert (cell.varde, cell.tillstand, cell.kod) == (ore, fakta.VARDE, kod)


@pytest.mark.parametrize("ra", [True, False, date(2024, 8, 31), datetime(2024, 8, 31, 12, 0), time(1, 30), timedelta(hours=1)], ids=str)
def test_sanningsvarden_och_datum_ar_inte_tal(ra: object) -> None:
    cell = tolka(ra, "belopp", Enhet.KR)
    assert (cell.kod, cell.varde) == ("KR301", None)


@pytest.mark.parametrize(
    ("slag", "text", "varde", "kod"),
    [("procent", "98,5 %", 9850, "KR302"), ("procent", 98.5, 9850, ""), ("belopp", "98,5 %", None, "KR301"), ("procent", "5 tkr", None, "KR301")],
)
def test_procent_hor_hemma_i_procentkolumner(slag: str, text: object, varde: int | None, kod: str) -> None:
    cell = tolka(text, slag, Enhet.KR)  # type: ignore[arg-type]
    assert (cell.varde, cell.kod) == (varde, kod)


@settings(deadline=None)
@given(st.integers(min_value=-(10**15), max_value=10**15), st.integers(min_value=0, max_value=2))
def test_det_som_rapporten_visar_gar_att_lasa_tillbaka(tal: int, decimaler: int) -> None:
    assert tolka_tal(formatera(tal, decimaler))[0] == Decimal(tal).scaleb(-decimaler)


@settings(deadline=None)
@given(st.text(max_size=12))
def test_vilken_text_som_helst_blir_ett_tal_eller_avvisas(text: str) -> None:
    cell = tolka(text, "belopp", Enhet.KR)
    assert (cell.varde is not None) == (cell.tillstand == fakta.VARDE)
    assert (cell.kod == "KR301") == (cell.tillstand == fakta.OTOLKAT)
