"""Påminnelserna: vem som får en, och vad e-postprogrammet läser ut ur den."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from kommunrapport.kopior import skriv_anmarkta
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.organisation import Paminnelse
from kommunrapport.status.lage import FALLEN, FEL, FORSENAD, KLAR, LAMNAD, LAMNAR_INTE, SAKNAS, VARNINGAR, Enhetslage, Lage, Periodlage
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.status.paminnelser import MEST, brev, paminnelser, skriv_paminnelser
from kommunrapport.utskick import skriv_mallar
from tests.kommun import Kommandorad, Provkommun, bok, finansbok

DAG = Tillfalle.pa_dagen(date(2024, 9, 24))
INGENSTANS = Path("finns-inte")
MALLAR = Mallkalla.for_katalog(INGENSTANS)
AUGUSTI = Period(2024, 8)


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


def skrivna(lage: Lage, kalla: Mallkalla = MALLAR, katalog: Path = INGENSTANS, **villkor: object) -> dict[str, bytes]:
    return dict(paminnelser(lage, kalla, Paminnelse.model_validate(villkor), katalog))


def texten(e: Enhetslage, **villkor: object) -> str:
    return skrivna(laget(e), **villkor)["Nämnden 2024-08.txt"].decode("utf-8-sig")  # type: ignore[arg-type]


def kommunens(kommun: Provkommun) -> dict[str, bytes]:
    """Påminnelserna som kommunen får den 24 september."""
    return skrivna(las_lage(kommun.katalog, DAG, AUGUSTI), katalog=kommun.katalog)


def bilagor(data: bytes) -> dict[str, bytes]:
    return {str(del_.get_filename()): del_.get_content() for del_ in last(data).iter_attachments()}


@pytest.mark.parametrize(
    ("lage", "far"),
    [(FORSENAD, True), (SAKNAS, True), (FEL, True), (FALLEN, True), (VARNINGAR, False), (LAMNAD, False), (KLAR, False), (LAMNAR_INTE, False)],
)
def test_vem_som_far_en_paminnelse(lage: str, far: bool) -> None:
    assert [*skrivna(laget(enhet(lage)))] == (["Nämnden 2024-08.txt", "Nämnden 2024-08.eml"] if far else [])


def test_ingen_paminns_om_en_faststalld_period() -> None:
    assert skrivna(laget(enhet(SAKNAS), faststalld=True)) == {}


@pytest.mark.parametrize(("antal", "numrerade", "fler"), [(1, 1, False), (MEST, MEST, False), (MEST + 3, MEST, True)])
def test_hogst_tio_anmarkningar_raknas_upp_med_cell(antal: int, numrerade: int, fler: bool) -> None:
    text = texten(enhet(FEL, antal))
    assert [rad.split()[3] for rad in text.splitlines() if rad[:1].isdigit()] == [f"Drift!D{nr}" for nr in range(100, 100 + numrerade)]
    assert ("Och 3 till" in text) == fler
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
    svar = skriv_paminnelser(hel_kommun.katalog, las_lage(hel_kommun.katalog, DAG, AUGUSTI), hel_kommun.katalog / "ut")
    (fil,) = [f for f in svar.filer if f.suffix == ".eml"]
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


def test_samma_lage_ger_samma_filer_och_gamla_som_ingen_har_andrat_tas_bort(hel_kommun: Provkommun, kor: Kommandorad) -> None:
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
    (hel_kommun.katalog / "ut/Skolnämnden 2024-08.txt").write_text("Egen text.", encoding="utf-8")
    hel_kommun.skriv("ut/Skolnämnden 2024-04.eml", "en annan period")
    sista = kor(*argument, katalog=hel_kommun.katalog)
    assert {"Skolnämnden 2024-08.eml", "Skolnämnden 2024-08.txt"} <= {*sista.fel.replace("\n", "/").split("/")}
    kvar = {f.name for f in (hel_kommun.katalog / "ut").iterdir()}
    assert kvar == {".skrivet.json", "Skolnämnden 2024-08.txt", "Skolnämnden 2024-04.eml"}


def test_en_fallen_klarmarkering_paminns(hel_kommun: Provkommun) -> None:
    floden.skriv_rapport(floden.sammanstall(hel_kommun.katalog, Period(2024, 8)))
    hel_kommun.lamna("skola", bok(texter__analys__text="Ändrad."))
    assert [*kommunens(hel_kommun)] == ["Skolnämnden 2024-08.txt", "Skolnämnden 2024-08.eml"]


def test_aldrig_bland_inlamningarna(hel_kommun: Provkommun) -> None:
    with pytest.raises(AnvandningsFel):
        skriv_paminnelser(hel_kommun.katalog, laget(enhet(SAKNAS)), hel_kommun.katalog / "inlamnat/2024-08")


def test_kommunens_egen_text(kommun: Provkommun) -> None:
    kommun.skriv("mallar/paminnelse/amne.txt.jinja", "{{ e.namn }}\noch mer")
    eml = skrivna(laget(enhet(SAKNAS)), Mallkalla.for_katalog(kommun.katalog))["Nämnden 2024-08.eml"]
    assert str(last(eml)["Subject"]) == "Nämnden och mer"


@pytest.mark.parametrize(
    ("dagar_kvar", "svarsdagar", "senast"),
    [
        (2, 3, ""),  # sista dagen gäller fortfarande
        (0, 3, ""),
        (-1, 1, "23 september 2024"),  # lördag 21, alltså måndag
        (-3, 3, "26 september 2024"),
        (-46, 2, "7 november 2024"),
    ],
)
def test_den_nya_dagen_ar_vardagar_efter_paminnelsen(dagar_kvar: int, svarsdagar: int, senast: str) -> None:
    lage = laget(enhet(FORSENAD))
    lage = replace(lage, perioder=(replace(lage.perioder[0], dagar_kvar=dagar_kvar),))
    text = skrivna(lage, svarsdagar=svarsdagar)["Nämnden 2024-08.txt"].decode("utf-8-sig")
    assert (f"senast {senast}." in text) if senast else ("senast" not in text)


def test_avsandaren_star_under() -> None:
    assert texten(enhet(SAKNAS)).splitlines()[-2:] == ["Ekonomikontoret", "Provköping"]
    undertecknat = texten(enhet(SAKNAS), avsandare="Anna Ek, ekonomikontoret", telefon="0225-341 00").splitlines()
    assert undertecknat[-3:] == ["Anna Ek, ekonomikontoret", "Provköping", "Telefon 0225-341 00"]


@pytest.mark.parametrize("lage", [SAKNAS, FORSENAD, FEL, FALLEN])
def test_den_som_bara_har_excel_far_inga_kommandon(lage: str) -> None:
    assert "kommunrapport" not in texten(enhet(lage, (MEST + 3) * (lage == FEL)))


def test_tva_bocker_ar_lika_manga_fel_som_kontrollen_gav_och_en_fraga(hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(), namn="skola (2).xlsx")
    (e,) = las_lage(hel_kommun.katalog, DAG, AUGUSTI).perioder[0].att_paminna
    assert (e.fel, [a["kod"] for a in e.anmarkningar]) == (2, ["KR113", "KR113"])
    assert kommunens(hel_kommun)["Skolnämnden 2024-08.txt"].decode("utf-8-sig").count("KR113") == 1


def test_en_bok_som_inte_gar_att_oppna_har_inga_celler_att_ratta(hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(drift__grund__utfall="femtio"))
    (hel_kommun.katalog / "inlamnat/2024-08/vard.xlsx").rename(hel_kommun.katalog / "inlamnat/2024-08/Vårdnämnden.xlsx")
    (hel_kommun.katalog / "inlamnat/2024-08/Vårdnämnden.xlsx").write_bytes(b"PK\x03\x04 avbruten")
    skola, vard = (kommunens(hel_kommun)[f"{namn} 2024-08.txt"].decode("utf-8-sig") for namn in ("Skolnämnden", "Vårdnämnden"))
    assert ("KR301" in skola, "KR141" in vard) == (True, True)
    assert ("rätta cellerna" in skola, "rätta cellerna" in vard) == (True, False)


def test_lika_anmarkningar_sags_en_gang() -> None:
    dubbla = replace(enhet(FEL), anmarkningar=(fel(100), fel(100), fel(101)), antal={"fel": 3})
    assert [rad.split()[3] for rad in texten(dubbla).splitlines() if rad[:1].isdigit()] == ["Drift!D100", "Drift!D101"]


def test_boken_som_saknas_bifogas(hel_kommun: Provkommun) -> None:
    (hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx").unlink()
    assert bilagor(kommunens(hel_kommun)["Skolnämnden 2024-08.eml"]) == {}
    (tom,) = skriv_mallar(hel_kommun.katalog, AUGUSTI, ["skola"], None)
    filer = kommunens(hel_kommun)
    assert bilagor(filer["Skolnämnden 2024-08.eml"]) == {tom.name: tom.read_bytes()}
    assert f"mallar-att-fylla-i/2024-08/{tom.name}" in filer["Skolnämnden 2024-08.txt"].decode("utf-8-sig")
    assert kommunens(hel_kommun) == filer


def test_den_kommenterade_kopian_bifogas_medan_den_ar_skriven_ur_boken(hel_kommun: Provkommun) -> None:
    namn, katalog = "skola (kommenterad).xlsx", hel_kommun.katalog
    hel_kommun.lamna("skola", bok(drift__grund__utfall="mycket"))
    s = floden.sammanstall(katalog, AUGUSTI)
    floden.skriv_rapport(s)
    (kopia,) = skriv_anmarkta(s, katalog / "rapporter/2024-08/kommenterade")
    filer = kommunens(hel_kommun)
    assert bilagor(filer["Skolnämnden 2024-08.eml"]) == {namn: kopia.read_bytes()}
    assert f"rapporter/2024-08/kommenterade/{namn}" in filer["Skolnämnden 2024-08.txt"].decode("utf-8-sig")
    hel_kommun.lamna("skola", bok(drift__grund__utfall="mer"))
    filer = kommunens(hel_kommun)
    assert bilagor(filer["Skolnämnden 2024-08.eml"]) == {}
    assert namn not in filer["Skolnämnden 2024-08.txt"].decode("utf-8-sig")


def test_andra_filer_i_mappen_ror_paminnelserna_inte(hel_kommun: Provkommun) -> None:
    rapporter = {*floden.skriv_rapport(floden.sammanstall(hel_kommun.katalog, AUGUSTI))}
    skriv_paminnelser(hel_kommun.katalog, las_lage(hel_kommun.katalog, DAG, AUGUSTI), hel_kommun.katalog / "rapporter/2024-08")
    assert {fil for fil in rapporter if fil.exists()} == rapporter
