"""Årshjulet: vilka perioder som finns under året, vad de heter, vad som ska lämnas då och när det är klart.

Tabellen ARSHJUL är Hedemora kommuns eget årshjul (Styrmodell för Hedemora kommun, kommunstyrelsen 2024-09-17 § 123).
"""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.berakning.arsplan import Arsplan, Periodplan, Punkt, planera
from kommunrapport.karna.fel import AnvandningsFel, MallFel, Slutkod
from kommunrapport.karna.period import PRELIMINAR, Period
from kommunrapport.mall.arshjulsmall import Arshjul, Steg
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.periodmall import Periodmall, las_arbetskatalog, las_periodmall, rubrik
from kommunrapport.validering import validera
from tests.kommun import KOMMUN_TOML, Kommandorad, Provkommun, bok


class Post(NamedTuple):
    rapporttyp: str
    innehall: str
    prognos: bool
    mal: bool
    atgarder: bool


UPPFOLJNING = Post("Månadsrapport", "Ekonomisk uppföljning", prognos=False, mal=False, atgarder=False)
ARSHJUL = {
    2: UPPFOLJNING,
    3: Post("Månadsrapport", "Ekonomisk uppföljning med prognos och planerade åtgärder", prognos=True, mal=False, atgarder=True),
    4: UPPFOLJNING,
    5: UPPFOLJNING,
    8: Post("Delårsrapport", "Mål- och resultatuppföljning med prognos och planerade åtgärder", prognos=True, mal=True, atgarder=True),
    9: UPPFOLJNING,
    10: Post("Månadsrapport", "Ekonomisk uppföljning med prognos", prognos=True, mal=False, atgarder=False),
    12: Post("Årsbokslut", "Mål- och resultatuppföljning", prognos=False, mal=True, atgarder=False),
}
UTAN_RAPPORT = [manad for manad in range(1, 13) if manad not in ARSHJUL]


def mall(kommun: Provkommun, manad: int) -> Periodmall:
    return las_periodmall(las_arbetskatalog(kommun.katalog), Period(2024, manad))


def blad_i(fil: Path) -> dict[str, list[str]]:
    """Bladens id och deras kolumners id, så som de står i den skrivna boken."""
    arbetsbok: Any = openpyxl.load_workbook(fil, read_only=True)
    forsta = [next(ark.iter_rows(min_row=1, max_row=1, values_only=True), ()) for ark in arbetsbok.worksheets]
    return {str(rad[0]).split(":")[1]: [k for k in rad[1:] if k] for rad in forsta if rad and str(rad[0]).startswith("kommunrapport:")}


def test_aret_har_atta_perioder(kommun: Provkommun) -> None:
    assert [post.manad for post in las_arbetskatalog(kommun.katalog).arshjul.period] == list(ARSHJUL)


@pytest.mark.parametrize("manad", ARSHJUL)
def test_periodens_rapporttyp_och_innehall(kommun: Provkommun, manad: int) -> None:
    post = mall(kommun, manad).post
    assert (
        Post(post.rapporttyp, post.innehall, prognos=post.prognos, mal="mal" in post.omraden, atgarder="atgarder" in post.omraden) == ARSHJUL[manad]
    )


@pytest.mark.parametrize("manad", ARSHJUL)
def test_blad_och_kolumner_foljer_periodens_innehall(kommun: Provkommun, manad: int) -> None:
    periodmall, post = mall(kommun, manad), ARSHJUL[manad]
    namn = {blad.id for blad in periodmall.blad}
    assert ({"mal", "uppdrag"} <= namn, "atgarder" in namn) == (post.mal, post.atgarder)
    rubriker = {(blad.id, rubrik(k, periodmall.period)) for blad in periodmall.blad for k in blad.kolumn}
    prognoser = {blad for blad, text in rubriker if "rognos" in text}
    prognosblad = {"drift", "kostnadsslag", "resultat", "investering", "bolagsresultat", "forbundsresultat", *(namn & {"volymer", "atgarder"})}
    assert prognoser == (prognosblad if post.prognos else set())
    assert {"drift", "kostnadsslag", "resultat", "investering", "texter"} <= namn
    assert bool({"balans", "balanskrav", "kassaflode", "internbalans", "personal", "sjukfranvaro"} & namn) == (manad in (8, 12))


@pytest.mark.parametrize("manad", [2, 8])
def test_den_skrivna_boken_har_bara_det_som_perioden_kraver(kommun: Provkommun, manad: int) -> None:
    kommun.skriv("styrning/2024/mal.csv", "enhet;rad;art;benamning\nskola;m1;mal;Alla klarar skolan\n")
    blad = blad_i(kommun.lamna("skola", {}, period=Period(2024, manad)))
    assert ("prognos" in blad["drift"], "avvikelse" in blad["drift"]) == (ARSHJUL[manad].prognos, ARSHJUL[manad].prognos)
    assert ("mal" in blad, "atgarder" in blad) == (ARSHJUL[manad].mal, ARSHJUL[manad].atgarder)
    assert blad["drift"][:3] == ["benamning", "utfall_fg", "utfall"]


@pytest.mark.parametrize("manad", UTAN_RAPPORT)
def test_en_manad_utan_rapport_finns_inte_i_arshjulet(kommun: Provkommun, manad: int) -> None:
    with pytest.raises(AnvandningsFel, match=f"2024-{manad:02d}"):
        mall(kommun, manad)


@pytest.mark.parametrize(
    ("period", "narmast"),
    [
        (Period(2024, 6), ("2024-05", "2024-08")),
        (Period(2024, 7), ("2024-05", "2024-08")),
        (Period(2024, 1), ("2023-12", "2024-02")),
        (Period(2024, 11), ("2024-10", "2024-12")),
    ],
)
def test_felet_namner_perioderna_narmast(kommun: Provkommun, period: Period, narmast: tuple[str, str]) -> None:
    with pytest.raises(AnvandningsFel) as fel:
        las_periodmall(las_arbetskatalog(kommun.katalog), period)
    text = "\n".join(fel.value.rader)
    assert [p for p in (str(period), *narmast) if p not in text] == []


@pytest.mark.parametrize("manad", [manad for manad, post in ARSHJUL.items() if post.rapporttyp != "Delårsrapport"])
def test_delarsrapporten_skrivs_bara_for_delaret(kommun: Provkommun, manad: int) -> None:
    with pytest.raises(AnvandningsFel) as fel:
        floden.sammanstall(kommun.katalog, Period(2024, manad))
    text = "\n".join(fel.value.rader)
    assert f"2024-{manad:02d}" in text
    assert "2024-08" in text


def test_en_kommun_kan_ha_ett_eget_arshjul(kommun: Provkommun) -> None:
    kommun.skriv(
        "mallar/arshjul/hedemora.toml",
        'id = "hedemora"\nnamn = "Provköping"\nkalla = "KS 2024"\ngaller_fran = 2024-01-01\nsenast_kontrollerad = 2024-01-01\n'
        '[[period]]\nmanad = 4\nrapporttyp = "Delårsrapport"\nkommando = "delar"\ninnehall = "Uppföljning"\nomraden = ["prognos"]\nklar_dagar = 20\n'
        '[[period]]\nmanad = 12\nrapporttyp = "Årsbokslut"\nkommando = "arsredovisning"\ninnehall = "Bokslut"\nklar_dagar = 45\n',
    )
    assert mall(kommun, 4).post.rapporttyp == "Delårsrapport"
    with pytest.raises(AnvandningsFel, match="2024-04"):
        mall(kommun, 8)


@pytest.mark.parametrize(
    ("fran", "till", "namns"),
    [
        ("manad = 4", "manad = 13", ("period.1.manad", "12")),
        ('kommando = "delar"', 'kommando = "kvartal"', ("period.1.kommando", "'delar'")),
        ("klar_dagar = 20", "frist = 20", ("period.1.frist", "klar_dagar")),
    ],
)
def test_fel_i_arshjulet_blir_meningar_som_namner_nyckeln(kommun: Provkommun, fran: str, till: str, namns: tuple[str, ...]) -> None:
    toml = (
        'id = "hedemora"\nnamn = "Provköping"\nkalla = "KS 2024"\ngaller_fran = 2024-01-01\nsenast_kontrollerad = 2024-01-01\n'
        '[[period]]\nmanad = 4\nrapporttyp = "Delårsrapport"\nkommando = "delar"\ninnehall = "Uppföljning"\nklar_dagar = 20\n'
    )
    kommun.skriv("mallar/arshjul/hedemora.toml", toml.replace(fran, till))
    with pytest.raises(MallFel) as fel:
        mall(kommun, 4)
    assert all(mening.startswith("mallar/arshjul/hedemora.toml: ") for mening in fel.value.rader)
    assert [ord_ for ord_ in namns if ord_ not in "\n".join(fel.value.rader)] == []


@pytest.mark.parametrize(
    ("period", "spann", "fg_period", "bokslut"),
    [
        (Period(2024, 8), "januari–augusti 2024", "2023-08", "2023-12"),
        (Period(2024, 2), "januari–februari 2024", "2023-02", "2023-12"),
        (Period(2024, 12), "januari–december 2024", "2023-12", "2023-12"),
    ],
)
def test_periodens_spann_och_jamforelseperioder(period: Period, spann: str, fg_period: str, bokslut: str) -> None:
    assert (period.spann, str(period.samma_fg_ar), str(period.bokslut_fg_ar)) == (spann, fg_period, bokslut)


@pytest.mark.parametrize(
    ("text", "slut"), [("2024-02", "2024-02-29"), ("2023-02", "2023-02-28"), ("2024-12", "2024-12-31"), (" 2024-08 ", "2024-08-31")]
)
def test_en_period_slutar_manadens_sista_dag(text: str, slut: str) -> None:
    assert Period.parse(text).slut.isoformat() == slut


@pytest.mark.parametrize("text", ["2024-8", "2024-13", "2024-00", "202408", "24-08", "augusti", "", "2024-08-31", "2024/08"])
def test_annat_an_ar_och_manad_ar_ingen_period(text: str) -> None:
    with pytest.raises(ValueError, match=text.strip() or "^$"):
        Period.parse(text)


# --- De medföljande profilerna: månad, rapport, områden och när böckerna ska vara inne ----------------------------------------


class Rad(NamedTuple):
    """En period i en profil: perioden, rapporten, kommandot, områdena och dagen då böckerna ska vara inne."""

    period: str
    rapport: str
    kommando: str
    omraden: str
    klar: str


HELA_PROFILER = {
    "hedemora": (
        Rad("2024-02", "Månadsrapport", "manad", "forbrukning", "2024-03-20"),
        Rad("2024-03", "Månadsrapport", "manad", "prognos atgarder", "2024-04-20"),
        Rad("2024-04", "Månadsrapport", "manad", "forbrukning", "2024-05-20"),
        Rad("2024-05", "Månadsrapport", "manad", "forbrukning", "2024-06-20"),
        Rad("2024-08", "Delårsrapport", "delar", "prognos mal bokslut kassaflode atgarder personal", "2024-09-13"),
        Rad("2024-09", "Månadsrapport", "manad", "forbrukning", "2024-10-20"),
        Rad("2024-10", "Månadsrapport", "manad", "prognos", "2024-11-20"),
        Rad("2024-12", "Årsbokslut", "arsredovisning", "mal bokslut kassaflode arsbokslut personal prognossakerhet", "2025-02-14"),
    ),
    "huddinge": (
        Rad("2024-02", "Månadsrapport", "manad", "forbrukning", "2024-03-20"),
        Rad("2024-03", "Månadsrapport", "manad", "forbrukning", "2024-04-20"),
        Rad("2024-04", "Utökad månadsrapport", "manad", "prognos forbrukning volymer atgarder projekt overforing", "2024-05-20"),
        Rad("2024-05", "Månadsrapport", "manad", "forbrukning", "2024-06-20"),
        Rad("2024-08", "Delårsrapport", "delar",
            "prognos mal volymer projekt internkontroll utforare bokslut kassaflode atgarder personal finansmal overforing",
            "2024-09-20"),
        Rad("2024-10", "Månadsrapport", "manad", "forbrukning", "2024-11-20"),
        Rad("2024-12-prel", "Bokslutskommuniké", "bokslutskommunike", "prognossakerhet", "2025-01-12"),
        Rad("2024-12", "Årsredovisning", "arsredovisning",
            "mal volymer internkontroll utforare overforing projekt atgarder prognossakerhet personal bokslut kassaflode arsbokslut finansmal",
            "2025-02-14"),
    ),
    "katrineholm": (
        *(Rad(f"2024-{manad}", "Månadsrapport", "manad", omraden, klar)
          for manad, omraden, klar in (("02", "forbrukning", "2024-03-20"), ("03", "forbrukning", "2024-04-20"),
                                       ("04", "prognos atgarder", "2024-05-20"), ("05", "forbrukning", "2024-06-20"),
                                       ("07", "forbrukning", "2024-08-20"))),
        Rad("2024-08", "Delårsrapport", "delar", "prognos mal bokslut kassaflode atgarder personal finansmal", "2024-09-20"),
        Rad("2024-09", "Månadsrapport", "manad", "forbrukning", "2024-10-20"),
        Rad("2024-10", "Månadsrapport", "manad", "prognos atgarder", "2024-11-20"),
        Rad("2024-11", "Månadsrapport", "manad", "forbrukning", "2024-12-20"),
        Rad("2024-12", "Årsredovisning", "arsredovisning", "mal bokslut kassaflode arsbokslut personal prognossakerhet finansmal", "2025-02-14"),
    ),
}  # fmt: skip
"""Vad varje profil minst har; fler områden får läggas till."""
KALLA = Mallkalla((medfoljande(),))


def plan(profil: str, ar: int = 2024) -> Arsplan:
    return planera(KALLA.las(f"arshjul/{profil}.toml", Arshjul), ar, las_katalog(KALLA).lagrum)


def period_i(profil: str, period: str, ar: int = 2024) -> Periodplan:
    return next(p for p in plan(profil, ar).perioder if str(p.period) == period)


def test_tabellen_har_alla_medfoljande_profiler() -> None:
    assert set(HELA_PROFILER) == set(KALLA.namn("arshjul"))


@pytest.mark.parametrize("profil", HELA_PROFILER)
def test_profilens_ar(profil: str) -> None:
    hjulet = {str(p.period): p for p in plan(profil).perioder}
    assert list(hjulet) == [rad.period for rad in HELA_PROFILER[profil]]
    for rad in HELA_PROFILER[profil]:
        p = hjulet[rad.period]
        klar = next(punkt.dag for punkt in p.punkter if punkt.slag == "klar")
        assert (p.post.rapporttyp, p.post.kommando, klar.isoformat()) == (rad.rapport, rad.kommando, rad.klar)
        assert set(rad.omraden.split()) <= set(p.post.omraden)
        assert ("prognos" in rad.omraden.split()) == p.post.prognos


@pytest.mark.parametrize(
    ("profil", "period", "vagen"),
    [
        ("hedemora", "2024-08", ["2024-09 Nämnder och bolagsstyrelser", "2024-09 HR-chefen", "2024-10 Kommunstyrelsens arbetsutskott (KSAU)",
                                 "2024-10 Revisorerna (KPMG)", "2024-10 Kommunstyrelsen", "2024-11 Kommunfullmäktige"]),
        ("hedemora", "2024-12", ["2025-02 Nämnder och bolagsstyrelser", "2025-02 Förvaltningschefer, HR-chef, kommunalråd och kommundirektör",
                                 "2025-03 Analysgruppen", "2025-03 Kommunstyrelsen", "2025-04 Revisorerna (KPMG)", "2025-04 Kommunfullmäktige"]),
        ("huddinge", "2024-12-prel", ["2025-01 Kommunstyrelsen"]),
        ("huddinge", "2024-12", ["2025-02 Nämnderna", "2025-03 Kommunstyrelsen", "2025-04 Revisorerna", "2025-04 Kommunfullmäktige"]),
        ("katrineholm", "2024-07", ["2024-08 Kommunstyrelsen"]),
    ],
)  # fmt: skip
def test_vagen_till_beslut(profil: str, period: str, vagen: list[str]) -> None:
    assert [f"{punkt.dag:%Y-%m} {punkt.vem}" for punkt in period_i(profil, period).punkter if punkt.slag == "steg"] == vagen


@pytest.mark.parametrize(
    ("profil", "period", "frist"),
    [("hedemora", "2024-08", "2024-10-31"), ("hedemora", "2024-12", "2025-04-15"), ("huddinge", "2024-08", "2024-10-31"),
     ("katrineholm", "2024-12", "2025-04-15"), ("huddinge", "2024-12-prel", ""), ("hedemora", "2024-10", "")],
)  # fmt: skip
def test_lagens_frist(profil: str, period: str, frist: str) -> None:
    assert "".join(punkt.dag.isoformat() for punkt in period_i(profil, period).punkter if punkt.slag == "frist") == frist


def test_katrineholms_langsiktiga_uppfoljning_ar_fyra_ganger_om_aret() -> None:
    langsiktiga = [p for p in plan("katrineholm").handelser if "långsiktig" in p.vad]
    assert [f"{p.dag:%m}" for p in langsiktiga] == ["03", "05", "09", "11"]
    assert [p.vad[-8:] for p in langsiktiga] == [f"({nr} av 4)" for nr in (1, 2, 3, 4)]


@pytest.mark.parametrize(("ar", "finns"), [(2022, False), (2023, True), (2024, False), (2026, False), (2027, True)])
def test_visionsdagen_ar_forsta_aret_i_mandatperioden(ar: int, *, finns: bool) -> None:
    assert any("vision" in p.vad for p in plan("hedemora", ar).handelser) == finns


# --- Dagar: helger, och det som en mall får skriva ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dag", "namn", "fore"),
    [
        ("2024-10-31", "", "2024-10-31"),
        ("2026-10-31", "Alla helgons dag", "2026-10-30"),
        ("2027-10-31", "söndag", "2027-10-29"),
        ("2028-04-15", "lördag", "2028-04-13"),
        ("2024-04-01", "Annandag påsk", "2024-03-28"),
        ("2024-06-21", "Midsommarafton", "2024-06-20"),
        ("2024-12-31", "Nyårsafton", "2024-12-30"),
        ("2025-01-01", "Nyårsdagen", "2024-12-30"),
    ],
)
def test_en_ledig_dag_star_kvar_och_har_en_vardag_fore(dag: str, namn: str, fore: str) -> None:
    punkt = Punkt("x", "steg", date.fromisoformat(dag), "KS", "beslutar")
    assert (punkt.ledig, punkt.vardag_fore.isoformat(), bool(punkt.anmarkning)) == (namn, fore, bool(namn))


@pytest.mark.parametrize(
    ("nar", "period", "dag"),
    [
        ({"dagar": 20}, Period(2024, 2), "2024-03-20"),
        ({"dagar": -31}, Period(2024, 12), "2024-11-30"),
        ({"manad": 2}, Period(2023, 12), "2024-02-29"),
        ({"manad": 10}, Period(2024, 8), "2024-10-31"),
        ({"manad": 8}, Period(2024, 8), "2025-08-31"),
        ({"dag": "09-15"}, Period(2024, 8), "2024-09-15"),
        ({"dag": "04-15"}, Period(2024, 12), "2025-04-15"),
    ],
)
def test_ett_steg_infaller_efter_periodens_slut(nar: dict[str, Any], period: Period, dag: str) -> None:
    assert Steg(vem="KS", vad="beslutar", **nar).infaller(period.slut).isoformat() == dag


@pytest.mark.parametrize("nar", ["", "dagar = 3\nmanad = 4", 'dag = "02-29"', 'dag = "4-15"', "manad = 13"])
def test_ett_steg_utan_en_tidpunkt_ar_ett_fel_i_mallen(kommun: Provkommun, nar: str) -> None:
    toml = (medfoljande() / "arshjul/hedemora.toml").read_text(encoding="utf-8")
    egen = toml.replace("[[period.steg]]\n", f'[[period.steg]]\nvem = "KS"\nvad = "beslutar"\n{nar}\n[[period.steg]]\n', 1)
    kommun.skriv("mallar/arshjul/hedemora.toml", egen)
    with pytest.raises(MallFel, match=r"period\.1\.steg\.1"):
        mall(kommun, 4)


# --- Kommandot arshjul ----------------------------------------------------------------------------------------------------------


def arshjul(kor: Kommandorad, *argument: str, katalog: Path | None = None) -> dict[str, Any]:
    svar = kor("arshjul", "--ar", "2024", "--json", *argument, katalog=katalog)
    assert svar.kod == Slutkod.KLART, svar.fel
    data: dict[str, Any] = json.loads(svar.ut)
    return data


def test_utan_arbetskatalog_racker_en_profil(kor: Kommandorad, tmp_path: Path) -> None:
    data = arshjul(kor, "--profil", "Huddinge", katalog=tmp_path)
    assert (data["profil"], data["kommun"]) == ("huddinge", "")
    assert {p["lamnat"] is None for p in data["perioder"]} == {True}
    assert data["perioder"][6]["kommando"] == "kommunrapport bokslutskommunike --period 2024-12"


@pytest.mark.parametrize("argument", [(), ("--profil", "hudinge"), ("--profil", "hudinge", "--json")])
def test_utan_profil_eller_med_en_okand_namns_dem_som_finns(kor: Kommandorad, tmp_path: Path, argument: tuple[str, ...]) -> None:
    svar = kor("arshjul", *argument, katalog=tmp_path)
    assert (svar.kod, svar.ut) == (Slutkod.ANVANDNING, "")
    assert [profil for profil in HELA_PROFILER if f"  {profil}: " not in svar.fel] == []


@pytest.mark.parametrize("ar", ["24", "1024", "i år"])
def test_ett_ar_som_inte_gar_att_tolka(kor: Kommandorad, kommun: Provkommun, ar: str) -> None:
    assert kor("arshjul", "--ar", ar, katalog=kommun.katalog).kod == Slutkod.ANVANDNING


def test_inlamnat_raknas_mot_katalogens_eget_arshjul(kor: Kommandorad, kommun: Provkommun) -> None:
    kommun.lamna("skola", {})
    kommun.lamna("skola", {}, namn="en gång till.xlsx")
    egna = {p["period"]: p["lamnat"] for p in arshjul(kor, katalog=kommun.katalog)["perioder"]}
    assert {period: lamnat for period, lamnat in egna.items() if lamnat} == {
        "2024-08": {"lamnade": 1, "enheter": 3, "saknas": ["Vårdnämnden", "Finansförvaltningen"]}
    }
    andras = arshjul(kor, "--profil", "huddinge", katalog=kommun.katalog)["perioder"]
    assert [p["lamnat"] for p in andras if p["lamnat"]] == []


def test_texten_har_varje_period_kommando_och_dag(kor: Kommandorad, kommun: Provkommun) -> None:
    kommun.lamna("skola", {})
    text = kor("arshjul", "--ar", "2024", katalog=kommun.katalog).ut
    data = arshjul(kor, katalog=kommun.katalog)
    assert [p["period"] for p in data["perioder"] if f"{p['period']}  {p['rapport']}" not in text or p["kommando"] not in text] == []
    dagar = [dag for p in data["perioder"] for dag in p["dagar"]]
    assert [d["vad"] for d in (*dagar, *data["handelser"]) if f"{d['vem']} {d['vad']}" not in text] == []
    assert "1 av 3 enheter" in text


def test_ett_eget_arshjul_utan_steg_och_handelser_visas(kor: Kommandorad, kommun: Provkommun) -> None:
    kommun.skriv(
        "mallar/arshjul/hedemora.toml",
        'id = "hedemora"\nnamn = "Eget"\nkalla = "KS 2024"\ngaller_fran = 2024-01-01\nsenast_kontrollerad = 2024-01-01\n'
        '[[period]]\nmanad = 4\nrapporttyp = "Månadsrapport"\nkommando = "manad"\ninnehall = "Uppföljning"\nklar_dagar = 20\n',
    )
    data = arshjul(kor, katalog=kommun.katalog)
    assert [d["slag"] for d in data["perioder"][0]["dagar"]] == ["ut", "klar"]
    assert (data["handelser"], "*" in kor("arshjul", "--ar", "2024", katalog=kommun.katalog).ut) == ([], False)


# --- Kalenderfilen --------------------------------------------------------------------------------------------------------------


def kalender(kor: Kommandorad, fil: Path, *argument: str, katalog: Path | None = None) -> bytes:
    assert arshjul(kor, "--ics", str(fil), *argument, katalog=katalog)["skrivet"] == fil.as_posix()
    return fil.read_bytes()


@pytest.mark.parametrize("profil", HELA_PROFILER)
def test_kalenderfilen_har_varje_dag_som_heldagshandelse(kor: Kommandorad, tmp_path: Path, profil: str) -> None:
    last: Any = icalendar.Calendar.from_ical(kalender(kor, tmp_path / "a.ics", "--profil", profil, katalog=tmp_path))
    data = arshjul(kor, "--profil", profil, katalog=tmp_path)
    dagar = [*(d for p in data["perioder"] for d in p["dagar"]), *data["handelser"]]
    handelser = last.walk("VEVENT")
    assert [h["dtstart"].dt.isoformat() for h in handelser] == [d["dag"] for d in dagar]
    assert {(type(h["dtstart"].dt), (h["dtend"].dt - h["dtstart"].dt).days) for h in handelser} == {(date, 1)}
    assert [d["vad"] for d, h in zip(dagar, handelser, strict=True) if f"{d['vem']} {d['vad']}" not in h["summary"]] == []
    assert len({h["uid"] for h in handelser}) == len(dagar)
    assert last.errors == [] == [fel for h in handelser for fel in h.errors]


def test_kalenderfilen_foljer_rfc_5545(kor: Kommandorad, tmp_path: Path) -> None:
    data = kalender(kor, tmp_path / "a.ics", "--profil", "hedemora", katalog=tmp_path)
    rader = data.split(b"\r\n")
    assert (rader[0], rader[-2:]) == (b"BEGIN:VCALENDAR", [b"END:VCALENDAR", b""])
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, rader)) <= 75
    text = data.replace(b"\r\n ", b"").decode()
    assert {rad for rad in text.splitlines() if rad.startswith(("VERSION", "PRODID", "METHOD"))} == {
        "VERSION:2.0", "PRODID:-//kommunrapport//arshjul//SV", "METHOD:PUBLISH"}  # fmt: skip
    assert r"Förvaltningschefer\, HR-chef\, kommunalråd och kommundirektör" in text
    assert {rad for rad in text.splitlines() if rad.startswith("DTSTAMP")} == {"DTSTAMP:20261122T000000Z"}


def test_kalenderfilen_ar_byteslik_och_skiljer_kommunerna_at(kor: Kommandorad, kommun: Provkommun, tmp_path: Path) -> None:
    forsta = kalender(kor, tmp_path / "a.ics", katalog=kommun.katalog)
    assert kalender(kor, tmp_path / "b.ics", katalog=kommun.katalog) == forsta
    assert b"UID:2024-08-klar.provkopings-kommun@kommunrapport" in forsta
    assert b"UID:2024-08-klar.hedemora@kommunrapport" in kalender(kor, tmp_path / "c.ics", "--profil", "hedemora", katalog=tmp_path / "tom")


def test_en_annan_fil_ersatts_bara_nar_det_sags(kor: Kommandorad, tmp_path: Path) -> None:
    fil = tmp_path / "min.ics"
    fil.write_text("BEGIN:VCALENDAR", encoding="utf-8")
    argument = ("arshjul", "--ar", "2024", "--profil", "hedemora", "--ics", str(fil))
    assert kor(*argument, katalog=tmp_path).kod == Slutkod.UTMATNING
    assert fil.read_text(encoding="utf-8") == "BEGIN:VCALENDAR"
    assert kor(*argument, "--ersatt", katalog=tmp_path).kod == Slutkod.KLART
    assert kor(*argument, katalog=tmp_path).kod == Slutkod.KLART
    assert sorted(f.name for f in tmp_path.iterdir()) == ["min.ics"]


# --- Det preliminära bokslutet --------------------------------------------------------------------------------------------------


@pytest.fixture
def huddinge(kommun: Provkommun) -> Provkommun:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace('"hedemora"', '"huddinge"'))
    return kommun


def test_det_preliminara_bokslutet_har_egna_bocker_mapp_och_rapport(kor: Kommandorad, huddinge: Provkommun) -> None:
    svar = kor("mall", "--period", "2024-12-prel", "--json", katalog=huddinge.katalog)
    bocker = [Path(vag) for vag in json.loads(svar.ut)["skrivet"]]
    assert {bok.parent.name for bok in bocker} == {"2024-12-prel"}
    mapp = huddinge.katalog / "inlamnat/2024-12-prel"
    mapp.mkdir(parents=True)
    for fil in bocker:
        shutil.copy(fil, mapp)
    provad = json.loads(kor("validera", "--period", "2024-12-prel", "--json", katalog=huddinge.katalog).ut)
    assert {f["period"] for f in provad["filer"]} == {"2024-12-prel"}
    assert {f["period"] for f in json.loads(kor("validera", str(bocker[0]), "--json", katalog=huddinge.katalog).ut)["filer"]} == {"2024-12-prel"}
    skrivet = kor("bokslutskommunike", "--period", "2024-12", katalog=huddinge.katalog)
    assert "december 2024 (preliminärt)" in skrivet.fel
    assert (huddinge.katalog / "rapporter/2024-12-prel/Bokslutskommuniké 2024-12-prel.docx").is_file()


@pytest.mark.parametrize(
    ("kommando", "period", "namns", "namns_inte"),
    [
        ("arsredovisning", "2024-12-prel", "bokslutskommunike --period 2024-12", "kommunrapport arsredovisning"),
        ("delar", "2024-12", "arsredovisning --period 2024-12", "–"),
        ("bokslutskommunike", "2024-08", "delar --period 2024-08", "kommunrapport bokslutskommunike"),
    ],
)
def test_fel_kommando_for_bokslutet(kor: Kommandorad, huddinge: Provkommun, kommando: str, period: str, namns: str, namns_inte: str) -> None:
    svar = kor(kommando, "--period", period, katalog=huddinge.katalog)
    assert (svar.kod, namns in svar.fel, namns_inte in svar.fel) == (Slutkod.ANVANDNING, True, False)


@pytest.mark.parametrize("kommando", ["mall", "validera", "bokslutskommunike", "arsredovisning"])
def test_ett_arshjul_utan_preliminart_bokslut_sager_det(kor: Kommandorad, kommun: Provkommun, kommando: str) -> None:
    svar = kor(kommando, "--period", "2024-12-prel", katalog=kommun.katalog)
    assert (svar.kod in (Slutkod.ANVANDNING, Slutkod.SAKNAS), "2024-12-prel" in svar.fel) == (True, True)


@pytest.mark.parametrize(("utfall", "koder"), [(-40_000, set()), (-39_000, {"KR604"})])
def test_det_slutliga_bokslutet_jamfors_med_det_preliminara(huddinge: Provkommun, utfall: int, koder: set[str]) -> None:
    huddinge.lamna("skola", bok(), period=Period(2024, 12, variant=PRELIMINAR))
    fil = huddinge.lamna("skola", bok(drift__grund__utfall=utfall, drift__fritids__utfall=-46_500 - utfall), period=Period(2024, 12))
    v = validera(huddinge.katalog, [str(fil)])
    assert {a["kod"] for a in v.som_lista()} & {"KR604"} == koder
    assert [a for a in v.som_lista() if a["kod"] == "KR604" and "december 2024 (preliminärt)" not in a["mening"]] == []
