"""Tal som människor skriver dem: vad som läses, vad som betyder tomt och vad som avvisas."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommunrapport.inlasning.celler import tolka
from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.sprak import formatera
from kommunrapport.karna.tal import OtolkbartTal, tolka_tal
from kommunrapport.karna.visning import last_i_ord
from tests.kommun import DRIFTBUDGET, Provkommun, bok

AVVISAS, TOMT, STRECK, EJ_TILLAMPLIGT = fakta.OTOLKAT, fakta.TOMT, fakta.STRECK, fakta.EJ_TILLAMPLIGT
SKRIVSATT = [
    # tusental och decimaler
    ("1 234,5", "1234.5"),  # vanligt mellanslag
    ("1\u00a0234,5", "1234.5"),  # hårt mellanslag
    ("1\u202f234,5", "1234.5"),  # smalt hårt mellanslag
    ("1\u2009234,5", "1234.5"),  # tunt mellanslag
    ("1'234,5", "1234.5"),  # apostrof
    ("1 234 567", "1234567"),
    ("1234,50", "1234.50"),  # utan gruppering
    ("1234.50", "1234.50"),  # decimalpunkt
    ("1.234,50", "1234.50"),  # tysk och dansk stil
    ("1,234.50", "1234.50"),  # engelsk stil
    ("12\u00a0345\u00a0", "12345"),  # hårt mellanslag efter talet
    ("45900", "45900"),  # ett tal även om det kunde vara ett datum
    ("1,234", AVVISAS),  # decimaltal på svenska, tusental på engelska
    ("1.234", AVVISAS),  # tvärtom
    ("12 34,5", AVVISAS),  # fel gruppering
    # tecken
    ("-1 234,5", "-1234.5"),  # bindestreck
    ("\u22121 234,5", "-1234.5"),  # minustecken
    ("\u20131 234,5", "-1234.5"),  # kort tankstreck
    ("\u20141 234", "-1234"),  # långt tankstreck
    ("\u2011 5", "-5"),  # hårt bindestreck
    ("- 1 234,5", "-1234.5"),  # mellanslag efter minus
    ("1 234,5-", "-1234.5"),  # minus efter talet
    ("1234-", "-1234"),
    ("(1 234,5)", "-1234.5"),  # parentes
    ("+12,3", "12.3"),
    ("(-1)", AVVISAS),  # två minus
    ("\u00ad5", AVVISAS),  # mjukt bindestreck: kan vara minus eller avstavning
    # noll har inget tecken
    ("0", "0"),
    ("0,0", "0"),
    ("-0,0", "0"),
    ("\u22120", "0"),
    # inget värde
    ("", TOMT),
    ("\u00a0", TOMT),  # bara hårt mellanslag
    ("-", STRECK),
    ("\u2013", STRECK),
    ("..", STRECK),  # uppgift saknas i statistiken
    ("i.u.", STRECK),
    ("N/A", STRECK),
    ("e.t.", EJ_TILLAMPLIGT),
    # Excels felvärden som text, på engelska och svenska
    ("#DIV/0!", AVVISAS),
    ("#REF!", AVVISAS),
    ("#SAKNAS!", AVVISAS),
    ("#VÄRDEFEL!", AVVISAS),
    ("#REFERENS!", AVVISAS),
    ("#DIVISION/0!", AVVISAS),
    ("#NAMN?", AVVISAS),
    # enhet i cellen
    ("1 234 tkr", "1234000"),
    ("12,5 mnkr", "12500000"),
    ("12,5 Mkr", "12500000"),
    ("1,2 mdkr", "1200000000"),
    ("450 kr", "450"),
    ("450:-", "450"),
    ("450 SEK", "450"),
    ("98,5 %", "0.985"),
    ("98,5%", "0.985"),
    ("1,5 %-enheter", AVVISAS),  # procentenheter är inte procent
    # ur Excel och urklipp
    ("1E+06", "1000000"),  # vetenskaplig form
    ("'1234", "1234"),  # textformatets apostrof
    ("\u200e-5", "-5"),  # osynligt riktningstecken
    ("\ufeff5", "5"),  # osynlig filmarkering
    ("\uff11\uff12", "12"),  # helbredda siffror
    ("\u00bd", AVVISAS),  # bråktecken
    ("2026-08-31", AVVISAS),  # datum
    ("TRUE", AVVISAS),  # sanningsvärde
]
"""De 64 skrivsätt som läsaren lovar att klara: talet som läses, tillståndet utan värde, eller att texten avvisas."""
VARIANTER = [
    ("1\u2007234,5", "1234.5"),  # siffermellanslag
    ("1'234", "1234"),
    ("0,123", "0.123"),  # en nolla först gör kommat entydigt
    ("\uff0d5", "-5"),  # helbrett minus
    ("(0)", "0"),
    ("(12,5) mnkr", "-12500000"),
    ("98,5\u00a0%", "0.985"),  # hårt mellanslag
    ("\u2212", STRECK),
    ("E.T.", EJ_TILLAMPLIGT),
    ("ej tillämpligt", EJ_TILLAMPLIGT),
    ("-1,234", AVVISAS),
    ("1,234 mnkr", AVVISAS),
    ("1 2345", AVVISAS),
    ("1''234", AVVISAS),
    ("-(1)", AVVISAS),
    ("-1-", AVVISAS),
    ("--1", AVVISAS),
    ("(1", AVVISAS),  # parentesen stängs inte
    ("5 kr kr", AVVISAS),
    ("1\u00bd", AVVISAS),
    ("5\u00b2", AVVISAS),  # exponent
    ("31/8", AVVISAS),
    ("SANT", AVVISAS),
    ("ca 500", AVVISAS),
    ("1_000", AVVISAS),
    ("=1+1", AVVISAS),
]
ALLA = SKRIVSATT + VARIANTER
UTAN_TAL = {AVVISAS, TOMT, STRECK, EJ_TILLAMPLIGT}
LASES = [(text, Decimal(vantat)) for text, vantat in ALLA if vantat not in UTAN_TAL]
LASES_INTE = [(text, vantat) for text, vantat in ALLA if vantat in UTAN_TAL]
AVVISADE = [text for text, vantat in ALLA if vantat == AVVISAS]


def test_varje_skrivsatt_star_en_gang() -> None:
    assert (len(SKRIVSATT), len({text for text, _ in ALLA})) == (64, len(ALLA))


@pytest.mark.parametrize(("text", "vantat"), LASES, ids=ascii)
def test_lases_som_tal(text: str, vantat: Decimal) -> None:
    talet, _ = tolka_tal(text)
    assert talet == vantat
    assert talet.is_signed() == (talet < 0), "noll har inget tecken"


@pytest.mark.parametrize(("text", "vantat"), LASES, ids=ascii)
def test_en_cell_med_talet_som_text_blir_hundradelar(text: str, vantat: Decimal) -> None:
    """Kronor i en beloppskolumn, procent i en procentkolumn; finare än hundradelar avrundas och anmärks."""
    hundradelar = vantat * (10_000 if "%" in text else 100)
    kod = "KR302" if hundradelar % 1 == 0 else "KR305"
    cell = tolka(text, "procent" if "%" in text else "belopp", Enhet.KR)
    assert (cell.varde, cell.tillstand, cell.kod) == (round(hundradelar), fakta.VARDE, kod)


@pytest.mark.parametrize(("text", "tillstand"), LASES_INTE, ids=ascii)
def test_lases_inte_och_blir_aldrig_noll(text: str, tillstand: str) -> None:
    with pytest.raises(OtolkbartTal) as fel:
        tolka_tal(text)
    assert fel.value.orsak
    cell = tolka(text, "belopp", Enhet.TKR)
    assert (cell.varde, cell.tillstand, cell.kod) == (None, tillstand, "KR301" if tillstand == AVVISAS else "")


def test_varje_avvisat_tal_i_en_bok_ar_en_anmarkning_vid_cellen(tmp_path: Path) -> None:
    kommun = Provkommun(tmp_path)
    kommun.skriv("styrning/2024/driftbudget.csv", DRIFTBUDGET + "".join(f"skola;r{nr};Rad {nr};0\n" for nr in range(len(AVVISADE))))
    kommun.lamna("skola", bok(**{f"drift__r{nr}__utfall": text for nr, text in enumerate(AVVISADE)}))
    funna = [(a.enhet, a.plats.blad, a.plats.celler, a.lamnat) for a in kommun.sammanstall().anmarkningar if a.kod == "KR301"]
    assert funna == [("skola", "Driftredovisning", (f"D{nr}",), text) for nr, text in enumerate(AVVISADE, start=8)]


@pytest.mark.parametrize(
    ("ra", "tillstand", "text"),
    [
        ("2026-08-31", fakta.VARDE, "2026-08-31"),
        (date(2026, 8, 31), fakta.VARDE, "2026-08-31"),
        ("31 december 2026", fakta.VARDE, "2026-12-31"),
        ("den 1 sept. 2026", AVVISAS, "den 1 sept. 2026"),
        ("1 Sep. 2026", fakta.VARDE, "2026-09-01"),
        ("31 februari 2026", AVVISAS, "31 februari 2026"),
        ("45900", AVVISAS, "45900"),
        (45900, AVVISAS, "45900"),
    ],
)
def test_ett_datum_hor_hemma_i_datumkolumner_och_ett_tal_gor_det_inte(ra: object, tillstand: str, text: str) -> None:
    cell = tolka(ra, "datum", Enhet.KR)
    assert (cell.varde, cell.tillstand, cell.text, cell.kod) == (None, tillstand, text, "KR306" if tillstand == AVVISAS else "")


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


@pytest.mark.parametrize(
    ("lagrat", "varde", "slag", "visas"),
    [
        ("-68300", -68_300_000_00, "belopp", "−68 300 tkr"),  # bokens enhet är tkr
        ("-60 000", -60_000_000_00, "belopp", "−60 000 tkr"),  # så som en styrfil kan skrivas
        ("12.5", -12_500_000_00, "belopp", "12,5 mnkr"),  # bladets tecken är det omvända
        ("1016", 1016_00, "antal", "1 016"),
        ("0", 0, "belopp", "0"),
        ("3 609 489,51 kr debet", 3_609_489_51, "belopp", "3 609 489,51 kr debet"),
        ("Ja", 0, "val", "Ja"),
    ],
)
def test_det_lasta_visas_i_den_enhet_som_det_star_i(lagrat: str, varde: int, slag: str, visas: str) -> None:
    assert last_i_ord(lagrat, varde, slag).replace("\u00a0", " ") == visas
