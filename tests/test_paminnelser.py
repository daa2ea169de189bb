"""Påminnelserna: vem som får en, och vad e-postprogrammet läser ut ur den."""

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.status.lage import FALLEN, FEL, FORSENAD, KLAR, LAMNAD, LAMNAR_INTE, SAKNAS, VARNINGAR, Enhetslage, Lage, Periodlage
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.status.paminnelser import MEST, brev, paminnelser, skriv_paminnelser
from tests.kommun import Kommandorad, Provkommun, bok, finansbok

DAG = Tillfalle.pa_dagen(date(2024, 9, 24))
MALLAR = Mallkalla.for_katalog(Path("finns-inte"))


def last(data: bytes) -> EmailMessage:
    brevet = message_from_bytes(data, policy=default)
    assert isinstance(brevet, EmailMessage)
    return brevet


def fel(nr: int) -> dict[str, object]:
    return {
        "allvar": "fel",
        "kod": f"KR{nr}",
        "blad": "Drift",
        "celler": [f"D{nr}"],
        "rad": "Skola",
        "kolumn": "Utfall",
        "mening": "Fel.",
        "gor_sa": "Rätta.",
    }


def laget(*enheter: Enhetslage, faststalld: bool = False) -> Lage:
    p = Periodlage("2024-08", "augusti 2024", "Delårsrapport", "", date(2024, 9, 20), -4, None, "", faststalld, "inlamnat/2024-08", enheter=enheter)
    return Lage("Provköping", "2024-09-24", (p,))


def enhet(lage: str, antal: int = 0, **uppgifter: str) -> Enhetslage:
    filer = () if lage in (SAKNAS, FORSENAD, LAMNAR_INTE) else ("inlamnat/2024-08/bok.xlsx",)
    rader = tuple(fel(nr) for nr in range(100, 100 + antal))
    return Enhetslage("x", "Nämnden", "namnd", lage, filer, antal={"fel": antal}, anmarkningar=rader, **uppgifter)  # type: ignore[arg-type]


def texten(e: Enhetslage) -> str:
    return next(data for namn, data in paminnelser(laget(e), MALLAR) if namn.endswith(".txt")).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("lage", "far"),
    [(FORSENAD, True), (SAKNAS, True), (FEL, True), (FALLEN, True), (VARNINGAR, False), (LAMNAD, False), (KLAR, False), (LAMNAR_INTE, False)],
)
def test_vem_som_far_en_paminnelse(lage: str, far: bool) -> None:
    namn = [namn for namn, _ in paminnelser(laget(enhet(lage)), MALLAR)]
    assert namn == (["Nämnden 2024-08.txt", "Nämnden 2024-08.eml"] if far else [])


def test_ingen_paminns_om_en_faststalld_period() -> None:
    assert list(paminnelser(laget(enhet(SAKNAS), faststalld=True), MALLAR)) == []


@pytest.mark.parametrize(("antal", "numrerade", "fler"), [(1, 1, False), (MEST, MEST, False), (MEST + 3, MEST, True)])
def test_hogst_tio_anmarkningar_raknas_upp_med_cell(antal: int, numrerade: int, fler: bool) -> None:
    text = texten(enhet(FEL, antal, kopia="rapporter/2024-08/bok (kommenterad).xlsx"))
    assert [rad.split()[3] for rad in text.splitlines() if rad[:1].isdigit()] == [f"Drift!D{nr}" for nr in range(100, 100 + numrerade)]
    assert ("Och 3 till" in text) == fler
    assert "rapporter/2024-08/bok (kommenterad).xlsx" in text
    assert "inlamnat/2024-08/" in text


@pytest.mark.parametrize("lage", [SAKNAS, FORSENAD, FEL, FALLEN])
def test_dagen_och_platsen_sags_alltid(lage: str) -> None:
    text = texten(enhet(lage, lage == FEL))
    assert "20 september 2024" in text
    assert "inlamnat/2024-08/" in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("adress", "till"),
    [
        ("anna@kommun.se", "anna@kommun.se"),
        ("anna.öst+bok@ekonomi.kommun.se", None),
        ("", None),
        ("fråga Anna", None),
        ("a@b.se\nBcc: c@d.se", None),
        ("a@b.se, c@d.se", None),
    ],
)
def test_bara_en_riktig_adress_blir_mottagare(adress: str, till: str | None) -> None:
    brevet = last(brev("Ämne", "Text", adress))
    assert (brevet["To"] and str(brevet["To"])) == till
    assert brevet["Bcc"] is None


def test_ett_utkast_som_outlook_oppnar(hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(drift__grund__utfall="mycket", forsatt__epost__svar="skola@prov.example"))
    (fil,) = [
        f
        for f in skriv_paminnelser(hel_kommun.katalog, las_lage(hel_kommun.katalog, DAG, Period(2024, 8)), hel_kommun.katalog / "ut")
        if f.suffix == ".eml"
    ]
    brevet = last(fil.read_bytes())
    assert (str(brevet["To"]), brevet["X-Unsent"], brevet["Date"], brevet["Message-ID"]) == ("skola@prov.example", "1", None, None)
    assert "augusti 2024" in str(brevet["Subject"])
    assert "Skolnämndens" in str(brevet["Subject"])
    text = brevet.get_content()
    assert "KR301 Driftredovisning!D" in text
    assert "mycket" in text
    assert fil.read_bytes().count(b"\n") == fil.read_bytes().count(b"\r\n")


def test_adressen_hamtas_ur_forra_periodens_bok(kommun: Provkommun) -> None:
    kommun.lamna("finans", finansbok())
    kommun.lamna("skola", bok(forsatt__epost__svar="skola@prov.example"), period=Period(2024, 2))
    lage = las_lage(kommun.katalog, DAG, Period(2024, 8))
    assert {e.enhet: e.epost for e in lage.perioder[0].att_paminna} == {"skola": "skola@prov.example", "vard": ""}


def test_samma_lage_ger_samma_filer_och_gamla_namns(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    argument = ("status", "--period", "2024-08", "--datum", "2024-09-24", "--paminnelser", str(hel_kommun.katalog / "ut"))
    skola = hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx"
    data = skola.read_bytes()
    skola.unlink()
    forsta = kor(*argument, katalog=hel_kommun.katalog)
    filer = {f.name: f.read_bytes() for f in (hel_kommun.katalog / "ut").iterdir()}
    assert forsta.kod == 0
    assert {"Skolnämnden 2024-08.txt", "Skolnämnden 2024-08.eml"} <= filer.keys()
    kor(*argument, katalog=hel_kommun.katalog)
    assert {f.name: f.read_bytes() for f in (hel_kommun.katalog / "ut").iterdir()} == filer
    skola.write_bytes(data)
    assert "Skolnämnden 2024-08.eml" in kor(*argument, katalog=hel_kommun.katalog).fel


def test_en_fallen_klarmarkering_paminns(hel_kommun: Provkommun) -> None:
    floden.skriv_rapport(floden.sammanstall(hel_kommun.katalog, Period(2024, 8)))
    hel_kommun.lamna("skola", bok(texter__analys__text="Ändrad."))
    namn = [namn for namn, _ in paminnelser(las_lage(hel_kommun.katalog, DAG, Period(2024, 8)), MALLAR)]
    assert namn == ["Skolnämnden 2024-08.txt", "Skolnämnden 2024-08.eml"]


def test_aldrig_bland_inlamningarna(hel_kommun: Provkommun) -> None:
    with pytest.raises(AnvandningsFel):
        skriv_paminnelser(hel_kommun.katalog, laget(enhet(SAKNAS)), hel_kommun.katalog / "inlamnat/2024-08")


def test_kommunens_egen_text(kommun: Provkommun) -> None:
    kommun.skriv("mallar/paminnelse/amne.txt.jinja", "{{ e.namn }}\noch mer")
    (_, eml) = paminnelser(laget(enhet(SAKNAS)), Mallkalla.for_katalog(kommun.katalog))
    assert str(last(eml[1])["Subject"]) == "Nämnden och mer"
