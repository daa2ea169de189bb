"""jamfor: två inlämningar, två perioder och två körningar; och spårets underlag som orsakerna hämtas ur."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.jamforelse import jamfort
from kommunrapport.jamforelse.excel import excel_av
from kommunrapport.jamforelse.inlamningar import jamfor_inlamningar
from kommunrapport.jamforelse.modell import Jamforelse, Slag
from kommunrapport.jamforelse.rapporter import jamfor_rapporter
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.rapport.sparfil import las_spar, spar_ur
from kommunrapport.tillganglighet.granskning import granska_filer
from tests.kommun import KOMMUN_TOML, PERIOD, Celler, Kommandorad, Provkommun, bok, vardbok
from tests.test_tillgangliga_dokument import MALL

MAPP = "rapporter/2024-08"


@pytest.fixture(scope="module")
def forsta(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Provkommunen med en skriven delårsrapport; nästa körning jämförs med dess spår, undanlagt i mappen forra. Ändras inte."""
    kommun = Provkommun(tmp_path_factory.mktemp("forsta"))
    kommun.lamna_alla()
    floden.skriv_rapport(kommun.sammanstall())
    kommun.skriv("forra/spar.json", (kommun.katalog / MAPP / "spar.json").read_text(encoding="utf-8"))
    return kommun


@pytest.fixture
def skriven(forsta: Provkommun, tmp_path: Path) -> Provkommun:
    """En egen kopia att ändra i."""
    shutil.copytree(forsta.katalog, tmp_path / "kopia")
    return Provkommun(tmp_path / "kopia")


def skillnader(j: Jamforelse, tabell: str = "") -> dict[str, tuple[str, str, Slag]]:
    """Adress → före, efter och slag, för tabellens ändringar."""
    return {a.adress: (a.fore, a.efter, a.slag) for a in j.andringar if a.adress.startswith(f"{tabell}.") or not tabell}


def orsaker(j: Jamforelse, adress: str) -> list[str]:
    return [o.kort for a in j.andringar if a.adress == adress for o in a.orsaker]


def nu(kommun: Provkommun) -> Jamforelse:
    return floden.jamfor(kommun.katalog, "forra", "2024-08")


# --- Två inlämningar ---------------------------------------------------------------------------------------------------


def jamfor_bocker(kommun: Provkommun, fore: Celler, efter: Celler, enhet: str = "skola") -> Jamforelse:
    a, b = (kommun.lamna(enhet, celler, namn=f"{nr}.xlsx") for nr, celler in enumerate((fore, efter)))
    return jamfor_inlamningar(a, b, las_arbetskatalog(kommun.katalog))


INLAMNINGAR = [
    # det som ändras, cellen, före, efter, skillnad i tkr och slag
    ({"drift__grund__prognos": -62_500}, "drift.grund.prognos", "-61 000", "-62 500", Decimal(-1500)),
    ({"drift__grund__kommentar": "Fler elever."}, "drift.grund.kommentar", "(tom)", "Fler elever.", None),
    ({"texter__analys__text": "Ny text."}, "texter.analys.text", "Utfallet följer budgeten.", "Ny text.", None),
    ({"drift__fritids__prognos": None}, "drift.fritids.prognos", "-10 000", "(tom)", None),
    ({"personal__anstallda__nu": 101}, "personal.anstallda.nu", "100", "101", Decimal(1)),
]


@pytest.mark.parametrize(("andrat", "cell", "fore", "efter", "skillnad"), INLAMNINGAR)
def test_en_andrad_cell_ar_den_enda_skillnaden(
    kommun: Provkommun, andrat: dict[str, Any], cell: str, fore: str, efter: str, skillnad: Decimal | None
) -> None:
    j = jamfor_bocker(kommun, bok(), bok(**andrat))
    text = [
        (a.adress, a.fore.replace("\u2212", "-").replace("\u00a0", " "), a.efter.replace("\u2212", "-").replace("\u00a0", " "), a.skillnad)
        for a in j.andringar
    ]
    assert text == [(cell, fore, efter, skillnad)]
    assert j.lika > 30


def test_samma_bok_har_inga_skillnader(kommun: Provkommun) -> None:
    assert jamfor_bocker(kommun, bok(), bok()).andringar == ()


def test_infogade_rader_och_flyttade_blad_spelar_ingen_roll(kommun: Provkommun) -> None:
    forst = kommun.lamna("skola", bok(), namn="1.xlsx")
    oppnad = openpyxl.load_workbook(forst)
    blad = oppnad["Driftredovisning"]
    blad.insert_rows(6)
    blad.insert_cols(3)
    utfall = next(c for c in blad[7] if c.value == -40_000)
    utfall.value = -40_100
    oppnad.move_sheet("Texter", -5)
    oppnad["Driftredovisning"].title = "Driften"
    oppnad.save(kommun.katalog / "flyttad.xlsx")
    j = jamfor_inlamningar(forst, kommun.katalog / "flyttad.xlsx", las_arbetskatalog(kommun.katalog))
    assert [(a.adress, a.skillnad, a.plats_fore, a.plats_efter) for a in j.andringar] == [
        ("drift.grund.utfall", Decimal(-100), "Driftredovisning!D6", "Driften!E7")
    ]


def test_bockerna_kan_vara_bytes(kommun: Provkommun) -> None:
    a, b = (kommun.lamna("skola", bok(drift__grund__prognos=v)).read_bytes() for v in (-61_000, -61_500))
    j = jamfor_inlamningar(a, b, las_arbetskatalog(kommun.katalog))
    assert [(x.adress, x.skillnad) for x in j.andringar] == [("drift.grund.prognos", Decimal(-500))]


@pytest.mark.parametrize("andra", ["vard", "2024-03", "trasig", "finns-inte", "period"])
def test_bocker_som_inte_hor_ihop_jamfors_inte(kor: Kommandorad, kommun: Provkommun, andra: str) -> None:
    skola = kommun.lamna("skola", bok())
    filer: dict[str, Any] = {
        "vard": lambda: kommun.lamna("vard", vardbok()),
        "2024-03": lambda: kommun.lamna("skola", bok(), period=Period(2024, 3)),
        "trasig": lambda: kommun.skriv("trasig.xlsx", "ingen bok"),
        "finns-inte": lambda: kommun.katalog / "nej.xlsx",
        "period": lambda: "2024-08",
    }
    svar = kor("jamfor", str(skola), str(filer[andra]()), katalog=kommun.katalog)
    assert (svar.kod, svar.ut) == (2, "")
    assert svar.fel


# --- Två körningar -----------------------------------------------------------------------------------------------------


def test_utan_andringar_ar_allt_lika(kor: Kommandorad, forsta: Provkommun) -> None:
    svar = kor("jamfor", "forra", "2024-08", "--json", katalog=forsta.katalog)
    data = json.loads(svar.ut)
    assert (svar.kod, data["slag"], data["andringar"]) == (0, "korningar", [])
    assert data["lika"] > 300


def test_en_ny_inlamning_ar_orsaken_ner_till_cellen(skriven: Provkommun) -> None:
    (skriven.katalog / "inlamnat/2024-08/skola.xlsx").unlink()
    skriven.lamna("skola", bok(drift__grund__prognos=-62_500), namn="skola rättad.xlsx")
    j = nu(skriven)
    assert {a.orsaker[0].kort for a in j.andringar} == {"Skolnämnden har lämnat på nytt"}
    andring = next(a for a in j.andringar if a.adress == "drift.slutrad.prognos")
    assert (andring.skillnad, andring.enhet) == (Decimal("-1.5"), "mnkr")
    assert andring.orsaker[0].fil == "inlamnat/2024-08/skola rättad.xlsx"
    assert [d.replace("\u00a0", "").replace("\u2212", "-").replace(" tkr", "tkr") for d in andring.orsaker[0].detaljer] == [
        "Driftredovisning!G6: -61000tkr → -62500tkr"
    ]


OLASTA = [
    # det som inte går att läsa, och cellerna som sägs vara orsaken
    ({"drift__grund__utfall": "cirka 40"}, {"Driftredovisning!D6"}),
    ({"drift__grund__utfall": "cirka 40", "drift__fritids__utfall": "=1/"}, {"Driftredovisning!D6", "Driftredovisning!D7"}),
    ({"drift__grund__utfall": None}, {"Driftredovisning!D6"}),
]


@pytest.mark.parametrize("nu_olast", [True, False])
@pytest.mark.parametrize(("andrat", "celler"), OLASTA)
def test_en_cell_som_inte_gar_att_lasa_ar_ensam_orsak(skriven: Provkommun, andrat: dict[str, Any], celler: set[str], nu_olast: bool) -> None:
    skriven.lamna("skola", bok(**andrat))
    hel, olast = las_spar(skriven.katalog / "forra/spar.json"), floden._spar_for(skriven.katalog, PERIOD)
    j = jamfor_rapporter(*((hel, olast) if nu_olast else (olast, hel)), ("a", "b"))
    utfall = next(a for a in j.andringar if a.adress == "drift.skola.utfall")
    assert {d.partition(":")[0] for o in utfall.orsaker for d in o.detaljer} == celler
    assert {d.partition(":")[0] for o in j.orsaker for d in o.detaljer if d.startswith("Driftredovisning!")} == celler


def test_storst_andring_forst_i_varje_tabell(skriven: Provkommun) -> None:
    skriven.lamna("skola", bok(drift__grund__prognos=-62_500, drift__fritids__prognos=-10_100))
    for tabell in ("drift", "namnd-skola"):
        egna = [a for a in nu(skriven).andringar if a.adress.startswith(f"{tabell}.") and a.skillnad is not None and not a.ar_text]
        storlekar = [(a.enhet != "procent", abs(a.skillnad or 0)) for a in egna]
        assert storlekar == sorted(storlekar, reverse=True) != []


def test_en_andring_som_inte_syns_sags_men_raknas_inte(skriven: Provkommun) -> None:
    skriven.lamna("skola", bok(drift__grund__prognos=Decimal("-61000.01")))
    j = nu(skriven)
    assert {s for *_, s in skillnader(j, "drift").values()} == {Slag.SYNS_INTE}
    assert not any(a.adress.startswith("drift.") for a in j.synliga)


def test_en_andrad_text_ar_en_text(skriven: Provkommun) -> None:
    skriven.lamna("skola", bok(texter__analys__text="Ny analys."))
    j = nu(skriven)
    assert skillnader(j) == {"texter.skola.analys.visas": ("Utfallet följer budgeten.", "Ny analys.", Slag.ANDRAD)}
    assert j.andringar[0].ar_text
    assert orsaker(j, "texter.skola.analys.visas") == ["Skolnämnden har lämnat på nytt"]


ORSAKER = [
    # det som ändras i arbetskatalogen, en siffra, dess slag och orsak
    ("saknas", "drift.vard.utfall", Slag.ANDRAD, "Vårdnämnden saknas nu"),
    ("styrning", "drift.skola.budget", Slag.ANDRAD, "styrning/2024/driftbudget.csv har ändrats"),
    ("mall", "drift.slutrad.avvikelse", Slag.ANDRAD, "mallar/avsnitt/ekonomi/2019-01-01.toml har ändrats"),
    ("decimaler", "drift.skola.utfall", Slag.VISNING, "avrundning eller form är en annan"),
    ("decimaler", "nyckeltalsband.drift.summa_namnder.avvikelse.visas", Slag.VISNING, "avrundning eller form är en annan"),
    ("ny rad", "namnd-skola.ny.budget", Slag.NY, "styrning/2024/driftbudget.csv har ändrats"),
]


@pytest.mark.parametrize(("vad", "adress", "slag", "orsak"), ORSAKER)
def test_orsaken_till_en_andrad_siffra(skriven: Provkommun, vad: str, adress: str, slag: Slag, orsak: str) -> None:
    budget = (skriven.katalog / "styrning/2024/driftbudget.csv").read_text(encoding="utf-8")
    if vad == "saknas":
        (skriven.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    elif vad == "styrning":
        skriven.skriv("styrning/2024/driftbudget.csv", budget.replace("-60 000", "-63 000"))
    elif vad == "ny rad":
        skriven.skriv("styrning/2024/driftbudget.csv", f"{budget}skola;ny;Ny verksamhet;-5 000\n")
    elif vad == "mall":
        mall = 'som = "2019-01-01"\n' + _vand_avvikelse(skriven)
        skriven.skriv("mallar/avsnitt/ekonomi/2019-01-01.toml", mall)
    else:
        skriven.skriv("kommun.toml", KOMMUN_TOML + "[enheter]\nrapport_decimaler = 2\n")
    j = nu(skriven)
    assert skillnader(j)[adress][2] == slag
    assert orsaker(j, adress) == [orsak]


def _vand_avvikelse(kommun: Provkommun) -> str:
    """Driftredovisningens tabell med avvikelsen räknad ur utfallet."""
    hela = las_arbetskatalog(kommun.katalog).mallkalla.fil("avsnitt/ekonomi/2019-01-01.toml").read_text(encoding="utf-8")
    tabell = hela[hela.index('[[tabell]]\nid = "drift"') :]
    return tabell[: tabell.index("\n[[tabell]]\n", 1) + 1].replace('"prognos - budget"', '"utfall - budget"')


def test_den_forsta_inlamningen_fran_en_enhet(hel_kommun: Provkommun) -> None:
    fil = hel_kommun.katalog / "inlamnat/2024-08/vard.xlsx"
    boken = fil.read_bytes()
    fil.unlink()
    floden.skriv_rapport(hel_kommun.sammanstall())
    fil.write_bytes(boken)
    j = floden.jamfor(hel_kommun.katalog, MAPP, "2024-08")
    assert orsaker(j, "drift.vard.utfall") == ["Vårdnämnden har lämnat"]


MED_BESLUT = {
    "mal": "enhet;rad;art;benamning;overordnat;matt;utgangsvarde;malvarde\nvard;m1;mal;God vård;Vård;;;\nvard;i1;indikator;Nöjda;Vård;%;81,0;85\n",
    "uppdrag": "enhet;rad;benamning;beslut;klart\nvard;u1;Se över taxan;KF 2023-11-20 § 140;2024-12-31\n",
}


@pytest.mark.parametrize(("fore", "efter", "orsak"), [(False, True, "Vårdnämnden har lämnat"), (True, False, "Vårdnämnden saknas nu")])
def test_en_enhets_rader_i_en_oforandrad_styrfil_foljer_med_enheten(kommun: Provkommun, fore: bool, efter: bool, orsak: str) -> None:
    for namn, text in MED_BESLUT.items():
        kommun.skriv(f"styrning/2024/{namn}.csv", text)
    kommun.lamna_alla()
    fil = kommun.katalog / "inlamnat/2024-08/vard.xlsx"
    boken = fil.read_bytes()
    sparen = []
    for finns in (fore, efter):
        fil.write_bytes(boken) if finns else fil.unlink(missing_ok=True)
        sparen.append(floden._spar_for(kommun.katalog, PERIOD))
    j = jamfor_rapporter(sparen[0], sparen[1], ("a", "b"))
    ur_styrfil = [(o.fil, o.kort) for a in j.andringar for o in a.orsaker if o.fil.startswith("styrning/")]
    assert {fil for fil, _ in ur_styrfil} == {f"styrning/2024/{namn}.csv" for namn in MED_BESLUT}
    assert {kort for _, kort in ur_styrfil} == {orsak}


def test_varje_orsak_star_en_gang_med_sina_celler_och_antal(kor: Kommandorad, skriven: Provkommun) -> None:
    skriven.lamna("skola", bok(drift__grund__prognos=-62_500, drift__fritids__prognos=-10_100))
    j = nu(skriven)
    ((orsak, antal),) = j.orsaker.items()
    assert (orsak.kort, antal) == ("Skolnämnden har lämnat på nytt", len(j.synliga))
    assert [d.partition(":")[0] for d in orsak.detaljer] == ["Driftredovisning!G6", "Driftredovisning!G7"]
    ut = kor("jamfor", "forra", "2024-08", "--alla", katalog=skriven.katalog).ut
    assert ut.count("Skolnämnden har lämnat på nytt") == 1
    assert ut.count("[1: Driftredovisning!G6") > 5


def test_ett_spar_fran_en_aldre_version_jamfors_utan_orsak_i_filerna(skriven: Provkommun) -> None:
    data = json.loads((skriven.katalog / "forra/spar.json").read_text(encoding="utf-8"))
    data = {n: v for n, v in data.items() if n in ("titel", "kommun", "period", "siffror")}
    skriven.skriv(
        "forra/spar.json", json.dumps({**data, "siffror": {n: {k: v for k, v in p.items() if k != "tal"} for n, p in data["siffror"].items()}})
    )
    skriven.lamna("skola", bok(drift__grund__prognos=-62_500))
    j = nu(skriven)
    assert next(a.skillnad for a in j.andringar if a.adress == "drift.slutrad.prognos") == Decimal("-1.5")
    assert all(a.orsaker for a in j.andringar)


def test_olika_kommuner_jamfors_inte(kor: Kommandorad, skriven: Provkommun) -> None:
    skriven.skriv("kommun.toml", KOMMUN_TOML.replace("Provköpings kommun", "En annan kommun"))
    assert kor("jamfor", "forra", "2024-08", katalog=skriven.katalog).kod == 2


def test_ett_trasigt_spar_sags(kor: Kommandorad, skriven: Provkommun) -> None:
    for text in ("", "[]", '{"siffror": {"a.b.c": 1}}', '{"titel": "", "kommun": "", "period": "", "siffror": {"a.b.c": {"tal": "x"}}}'):
        skriven.skriv("forra/spar.json", text)
        assert kor("jamfor", "forra", "2024-08", katalog=skriven.katalog).kod == 2


@pytest.mark.parametrize("mapp", ["arkiv/2024-08", "arkiv/2024-08/v1", "arkiv/2024-08/v1/rapporter/2024-08", MAPP])
def test_en_arkiverad_rapport_namns_med_sin_period_sin_version_eller_sin_rapportmapp(skriven: Provkommun, mapp: str) -> None:
    for nr in (1, 2):
        version = skriven.katalog / f"arkiv/2024-08/v{nr}"
        shutil.copytree(skriven.katalog / MAPP, version / MAPP)
        (version / "manifest.json").write_text("{}", encoding="utf-8")
    fil = jamfort.spar(mapp, skriven.katalog)
    vantad = mapp if MAPP in mapp else f"arkiv/2024-08/{'v1' if mapp.endswith('v1') else 'v2'}/{MAPP}"
    assert fil == skriven.katalog / vantad / "spar.json"


def test_en_olaslig_ny_bok_sags_i_stallet_for_att_inget_ar_mottaget(kor: Kommandorad, kommun: Provkommun) -> None:
    kommun.lamna_alla()
    floden.skriv_rapport(kommun.sammanstall())
    kommun.skriv("inlamnat/2024-08/skola.xlsx", "ingen bok")
    floden.skriv_rapport(kommun.sammanstall(), ersatt=True)
    svar = kor("jamfor", "--enhet", "Skolnämnden", "--period", "2024-08", katalog=kommun.katalog)
    assert (svar.kod, svar.ut) == (3, "")
    assert "inlamnat/2024-08/skola.xlsx" in svar.fel
    kommun.lamna("skola", bok(drift__grund__prognos=-62_500))
    floden.skriv_rapport(kommun.sammanstall(), ersatt=True)
    j = floden.jamfor_senaste(kommun.katalog, "Skolnämnden", PERIOD)
    assert ([a.adress for a in j.andringar], j.ojamforbart) == (["drift.grund.prognos"], ())


# --- Två perioder ------------------------------------------------------------------------------------------------------


def test_tva_perioder_jamfors_dar_bada_har_siffran(hel_kommun: Provkommun) -> None:
    for enhet, celler in (("skola", bok(drift__grund__utfall=-15_000)), ("vard", vardbok())):
        hel_kommun.lamna(enhet, celler, period=Period(2024, 3))
    j = floden.jamfor(hel_kommun.katalog, "2024-03", "2024-08")
    andring = next(a for a in j.andringar if a.adress == "drift.skola.utfall")
    assert (j.slag, andring.skillnad, andring.orsaker) == ("perioder", Decimal(-25), ())
    assert ("→" in andring.kolumn, andring.jamforbar) == (True, False)
    drift = [a.jamforbar for a in j.andringar if a.adress.startswith("drift.")]
    assert drift == sorted(drift, reverse=True)
    assert {a.jamforbar for a in j.andringar if a.adress.startswith("drift.") and a.adress.endswith(".prognos")} <= {True}
    assert {a.kolumn for a in j.i_kolumn("utfall").andringar if a.adress.startswith("drift.")} == {andring.kolumn}
    assert len(floden.jamfor(hel_kommun.katalog, "2024-08", "2024-03").ojamforbart) == len(j.ojamforbart) + 1
    with pytest.raises(AnvandningsFel):
        j.i_kolumn("finns inte")
    assert any("Utfallet" in mening for mening in j.ojamforbart)
    assert not any(a.adress.startswith(("texter.", "meningar.")) for a in j.andringar)


def test_kolumner_som_avser_olika_prognoser_jamfors_inte(hel_kommun: Provkommun) -> None:
    for manad in (3, 10):
        for enhet, celler in (("skola", bok(drift__grund__prognos=-61_000 - 100 * manad)), ("vard", vardbok())):
            hel_kommun.lamna(enhet, celler, period=Period(2024, manad))
    j = floden.jamfor(hel_kommun.katalog, "2024-08", "2024-10")
    kolumner = {a.adress.rpartition(".")[2] for a in j.andringar if a.adress.startswith("prognosforandring.")}
    assert kolumner == {"prognos", "avvikelse"}


# --- Utskrifterna ------------------------------------------------------------------------------------------------------


def test_kommandot_svarar_noll_vare_sig_nagot_skiljer(kor: Kommandorad, skriven: Provkommun) -> None:
    skriven.lamna("skola", bok(drift__grund__prognos=-62_500))
    svar = kor("jamfor", "forra", "2024-08", "--json", katalog=skriven.katalog)
    data = json.loads(svar.ut)
    assert (svar.kod, data["slag"]) == (0, "korningar")
    assert {"adress", "fore", "efter", "skillnad", "orsaker"} <= set(data["andringar"][0])
    assert "Skolnämnden har lämnat på nytt" in kor("jamfor", "forra", "2024-08", katalog=skriven.katalog).ut


FEL_ANVANDNING = [["nisse", "2024-08"], ["arkiv/2024-08", "2024-08"], ["rapporter/2024-05", "2024-08"], ["rapporter", "2024-08"]]


@pytest.mark.parametrize("argument", [*FEL_ANVANDNING, ["a.se", "b.se"], ["2024-08"]])
def test_fel_anvandning(kor: Kommandorad, forsta: Provkommun, argument: list[str]) -> None:
    assert kor("jamfor", *argument, katalog=forsta.katalog).kod == 2


def test_excelboken_ar_tillganglig_och_har_skillnaden_som_tal(kor: Kommandorad, skriven: Provkommun, tmp_path: Path) -> None:
    skriven.lamna("skola", bok(drift__grund__prognos=-62_500))
    assert kor("jamfor", "forra", "2024-08", "--ut", str(tmp_path / "j.xlsx"), katalog=skriven.katalog).kod == 0
    granskad = granska_filer([str(tmp_path / "j.xlsx")], MALL)
    assert [a.kod for g in granskad for a in g.anmarkningar] == []
    rader = list(openpyxl.load_workbook(tmp_path / "j.xlsx")["Ändringar"].iter_rows(min_row=2, values_only=True))
    assert ("mnkr", -103.0, -104.5, -1.5) in {rad[3:7] for rad in rader}
    assert excel_av(nu(skriven)) == (tmp_path / "j.xlsx").read_bytes()


# --- Spåret ------------------------------------------------------------------------------------------------------------


def test_sparet_ar_lika_for_lika_indata_och_sager_vad_det_ar_gjort_av(skriven: Provkommun, tmp_path: Path) -> None:
    forst = (skriven.katalog / "forra/spar.json").read_bytes()
    flyttad = Provkommun(tmp_path / "annan")
    flyttad.lamna_alla()
    floden.skriv_rapport(flyttad.sammanstall())
    assert (flyttad.katalog / MAPP / "spar.json").read_bytes() == forst
    assert str(skriven.katalog).encode() not in forst
    underlag = json.loads(forst)["underlag"]
    assert underlag["filer"]["inlamnat/2024-08/skola.xlsx"]["enhet"] == "skola"
    assert {"kommun.toml", "styrning/2024/driftbudget.csv"} <= set(underlag["filer"])
    assert "mallar/rapport/delarsrapport/2019-01-01.toml" in underlag["mallar"]


def test_sparet_kan_lasas_tillbaka(skriven: Provkommun) -> None:
    fil = skriven.katalog / MAPP / "spar.json"
    assert las_spar(fil) == spar_ur(json.loads(fil.read_text(encoding="utf-8")))
    spar = las_spar(fil)
    assert jamfor_rapporter(spar, spar, ("a", "b")).andringar == ()
    assert spar.period == str(PERIOD)
