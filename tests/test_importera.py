"""SIE-filer som inlämning: vems filen är, vad den ger, vad som jämförs med boken, och kommandot som tar in den."""

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from kommunrapport import importering, kopior, validering
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.fel import AnvandningsFel, MallFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.karna.orgnr import normaliserat
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.provning import Provning, prova
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.samling import las_tidigare, samla
from tests.kommun import FLER_ENHETER, KOMMUN_TOML, PERIOD, Kommandorad, Provkommun, bolagsbok, finansbok, forbundsbok, lamna_rikt
from tests.sie import BOLAGETS, FORBUNDETS, KOMMUNENS, perioden, radnr, skriv

MARS, DECEMBER = Period(2024, 3), Period(2024, 12)
MAPP = "inlamnat/2024-08"
BOSTAD = perioden(BOLAGETS)
BOSTADER = 'namn = "Provköpings Bostäder AB"\n'


def kommun_med(kommun: Provkommun, **orgnr: str) -> Provkommun:
    """Kommunen med bolag och förbund, och organisationsnummer på de enheter som anges."""
    toml = KOMMUN_TOML + FLER_ENHETER
    for enhet, nummer in orgnr.items():
        toml = toml.replace(f'id = "{enhet}"\n', f'id = "{enhet}"\norgnr = "{nummer}"\n')
    kommun.skriv("kommun.toml", toml)
    return kommun


def lagg(kommun: Provkommun, innehall: str = BOSTAD, namn: str = "bostad.se", period: Period = PERIOD) -> Path:
    mapp = kommun.katalog / "inlamnat" / str(period)
    mapp.mkdir(parents=True, exist_ok=True)
    return skriv(mapp, innehall, namn)


def provad(kommun: Provkommun, period: Period = PERIOD) -> Provning:
    return prova(samla(las_arbetskatalog(kommun.katalog), period))


def koder(p: Provning, enhet: str | None = None) -> list[str]:
    """Koderna, utom att enheter saknas; bara enhetens när den anges."""
    return [a.kod for a in p.anmarkningar if a.kod != "KR101" and enhet in (None, a.enhet)]


def belopp(p: Provning, tabell: str, kolumn: str) -> dict[str, int]:
    """Rad → summan av fakta i tusental kronor."""
    summor: dict[str, int] = {}
    for f in p.inlamningar.fakta.itertuples():
        if (f.tabell, f.kolumn, f.tillstand) == (tabell, kolumn, VARDE) and not f.harledd:
            summor[str(f.rad)] = summor.get(str(f.rad), 0) + int(str(f.varde))
    return {rad: ore // 100_000 for rad, ore in summor.items() if ore}


# --- Bara SIE ------------------------------------------------------------------------------------------------------

BARA_SIE: dict[str, tuple[Mapping[str, int], str, str, dict[str, int], dict[str, int]]] = {
    "bostad": (BOLAGETS, "bolagsresultat", "bolagsbalans",
               {"nettoomsattning": 60_000, "externa_kostnader": -45_000, "avskrivningar": -9_000, "fin_kostnader": -1_500},
               {"mark": 191_000, "kassa": 18_500, "aktiekapital": 50_000, "balanserat": 25_000, "arets_resultat": 4_500, "langfristiga": 130_000}),
    "raddning": (FORBUNDETS, "forbundsresultat", "forbundsbalans",
                 {"intakter": 60_000, "kostnader": -45_000, "avskrivningar": -9_000, "fin_kostnader": -1_500},
                 {"mark": 191_000, "kassa": 18_500, "ek_ingaende": 75_000, "arets_resultat": 4_500, "langfristiga": 130_000}),
    "finans": (KOMMUNENS, "resultat", "balans",
               {"intakter": 20_000, "kostnader": -86_000, "avskrivningar": -2_000, "skatt": 60_000, "statsbidrag": 10_000, "fin_intakter": 500,
                "fin_kostnader": -400},
               {"mark": 150_000, "maskiner": 10_000, "finansiella": 5_000, "fordringar": 20_000, "kassa": 17_100, "ek_ingaende": 90_000,
                "arets_resultat": 2_100, "avs_pensioner": 10_000, "langfristiga": 60_000, "kortfristiga": 40_000}),
}  # fmt: skip


@pytest.mark.parametrize("enhet", sorted(BARA_SIE))
def test_siffrorna_hamnar_pa_enhetens_egna_blad(kommun: Provkommun, enhet: str) -> None:
    saldon, resultat, balans, utfall, nu = BARA_SIE[enhet]
    lagg(kommun_med(kommun), perioden(saldon), f"{enhet}.se")
    p = provad(kommun)
    assert (belopp(p, resultat, "utfall"), belopp(p, balans, "nu")) == (utfall, nu)
    assert p.inlamningar.lamnat == {enhet}
    assert set(koder(p, enhet)) - {"KR445", "KR446"} == {"KR162"}  # en SIE-fil har inte de texter som krävs


def test_en_rad_utan_konton_ar_noll_och_resten_saknas_inte(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun))
    fakta = provad(kommun).inlamningar.fakta
    nollor = {(str(f.tabell), str(f.rad)) for f in fakta.itertuples() if f.varde == 0}
    assert {("bolagsresultat", "skatt"), ("bolagsresultat", "koncernbidrag"), ("bolagsbalans", "varulager")} <= nollor
    assert {("bolagsbalans", "panter"), ("bolagsbalans", "obeskattade_forandring")} & nollor == set()
    assert set(fakta["kolumn"]) == {"utfall", "nu"}
    assert not fakta["saknas"].any()
    assert set(fakta[fakta["harledd"]]["rad"]) == set()


def test_det_som_boken_har_och_sie_saknar_sags_en_gang(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun))
    (a,) = [a for a in provad(kommun).anmarkningar if a.enhet == "bostad"]
    assert (a.kod, a.plats.fil) == ("KR162", f"{MAPP}/bostad.se")
    assert all(ord_ in a.vantat for ord_ in ("Prognos 2024", "Koncerninternt, resultat", "Texter"))
    assert [ord_ for ord_ in ("Utfall", "Försättsblad", "Förklaringar", "Balansräkning") if ord_ in a.vantat] == []
    assert a.fakta["foljd"]
    lagg(kommun, perioden(BOLAGETS, till="20240331"), period=MARS)
    assert [a.fakta["foljd"] for a in provad(kommun, MARS).anmarkningar if a.kod == "KR162"] == [""]


def test_en_manad_utan_balansrakning_ger_bara_resultatet(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun), perioden(BOLAGETS, till="20240331"), period=MARS)
    assert set(provad(kommun, MARS).inlamningar.fakta["tabell"]) == {"bolagsresultat"}


def test_ingaende_balans_och_fjolaret_ar_jamforelsetal(kommun: Provkommun) -> None:
    poster = ("#IB 0 1930 100000.00", "#IB 0 2081 -100000.00")
    lagg(kommun_med(kommun), perioden(BOLAGETS, *poster))
    assert belopp(provad(kommun), "bolagsbalans", "fg") == {"kassa": 100, "aktiekapital": 100}


def test_obeskattade_reservers_forandring_raknas_ur_arets_borjan(kommun: Provkommun) -> None:
    saldon = {**BOLAGETS, "8850": 700, "2150": -1_000}
    lagg(kommun_med(kommun), perioden(saldon, "#IB 0 2150 -300000.00", "#IB 0 1930 300000.00"))
    p = provad(kommun)
    assert belopp(p, "bolagsresultat", "utfall")["dispositioner"] == -700
    assert {rad: v for rad, v in belopp(p, "bolagsbalans", "nu").items() if rad.startswith("obeskattade")} == {
        "obeskattade": 1_000,
        "obeskattade_forandring": 700,
    }


@pytest.mark.hel
def test_koncernens_siffror_ar_desamma_som_med_bok(kommun: Provkommun) -> None:
    lamna_rikt(kommun)
    med_bok = provad(kommun)
    (kommun.katalog / MAPP / "bostad.xlsx").unlink()
    (kommun.katalog / MAPP / "raddning.xlsx").unlink()
    lagg(kommun)
    lagg(kommun, perioden(FORBUNDETS), "raddning.se")
    med_sie = provad(kommun)
    for tabell in ("koncern_resultat", "koncern_balans"):
        adresser = [Adress(tabell, rad, kolumn) for rad, kolumn in med_bok.rakning.planer[tabell].steg]
        assert {a: med_sie.rakning.varde(a) or 0 for a in adresser} == {a: med_bok.rakning.varde(a) or 0 for a in adresser}
        assert med_sie.rakning.varde(Adress(tabell, "arets_resultat", "koncernen"))
    assert koder(med_bok) == []
    assert koder(med_sie) == ["KR162", "KR162"]


def test_en_siffra_kan_foljas_till_konto_och_rad(kommun: Provkommun, kor: Kommandorad) -> None:
    lagg(kommun_med(kommun))
    kommun.lamna("finans", finansbok())
    svar = kor("harled", "koncern_resultat", "intakter", "bostad", "--period", "2024-08", katalog=kommun.katalog)
    assert "Provköpings Bostäder AB: 3010 Hyror & avgifter" in svar.ut
    assert f"{MAPP}/bostad.se {radnr(BOSTAD, '#RES 0 3010')}" in svar.ut
    assert "kredit" in svar.ut


def test_tidigare_perioders_sie_ar_jamforelsetal(kommun: Provkommun) -> None:
    kommun_med(kommun).skriv("styrning/2023/driftbudget.csv", "enhet;rad;benamning;ursprunglig\nskola;grund;Grundskola;-55 000\n")
    fjol = perioden(BOLAGETS).replace("2024", "2023")
    lagg(kommun, fjol, period=Period(2023, 8))
    arbete = las_arbetskatalog(kommun.katalog)
    assert set(las_tidigare(arbete, Period(2023, 8), frozenset({"bostad"})).fakta["enhet"]) == {"bostad"}
    assert not len(las_tidigare(arbete, Period(2023, 8), frozenset({"skola"})).fakta)
    kommun.lamna("bostad", bolagsbok())
    p = provad(kommun)
    assert belopp(p, "bolagsresultat", "utfall_fg")["nettoomsattning"] == 60_000
    assert [k for k in koder(p, "bostad") if k.startswith("KR6")] == []


# --- Bok och SIE ---------------------------------------------------------------------------------------------------


def test_boken_raknas_och_sie_jamfors(kommun: Provkommun) -> None:
    kommun_med(kommun).lamna("bostad", bolagsbok())
    lagg(kommun)
    p = provad(kommun)
    assert koder(p, "bostad") == []
    assert belopp(p, "bolagsresultat", "utfall")["nettoomsattning"] == 60_000
    assert belopp(p, "sie/bolagsresultat", "utfall")["nettoomsattning"] == 60_000


SKILLNADER: dict[str, tuple[str, dict[str, Varde], Mapping[str, int | Decimal], list[str]]] = {
    "lika": ("bostad", {}, {}, []),
    "inom_avrundningen": ("bostad", {}, {"3010": Decimal("-59000.4")}, []),
    "halva_steget": ("bostad", {}, {"3010": Decimal("-59000.5")}, []),
    "over_avrundningen": ("bostad", {}, {"3010": Decimal("-59000.51")}, ["bolagsbalans.arets_resultat.nu", "bolagsresultat.nettoomsattning.utfall"]),
    "en_cell_i_boken": ("bostad", {"bolagsbalans__langfristiga__nu": 131_000}, {}, ["bolagsbalans.langfristiga.nu"]),
    "exakt_cell": ("bostad", {"bolagsresultat__nettoomsattning__utfall": Decimal("60000.2")}, {}, ["bolagsresultat.nettoomsattning.utfall"]),
    "tom_frivillig_cell": ("bostad", {}, {"4010": 300, "5010": 44_700},
                           ["bolagsresultat.externa_kostnader.utfall", "bolagsresultat.varukostnader.utfall"]),
    "konto_utan_belopp_i_boken": ("bostad", {"bolagsresultat__skatt__utfall": -10}, {}, ["bolagsresultat.skatt.utfall"]),
    "forbundet": ("raddning", {"forbundsresultat__kostnader__utfall": -45_001}, {}, ["forbundsresultat.kostnader.utfall"]),
    "kommunen": ("finans", {"resultat__fin_intakter__utfall": 501, "balans__kassa__nu": 17_101}, {},
                 ["balans.kassa.nu", "resultat.fin_intakter.utfall"]),
}  # fmt: skip


@pytest.mark.parametrize("fall", SKILLNADER)
def test_skillnader_mellan_bok_och_bokforing(kommun: Provkommun, fall: str) -> None:
    enhet, andrat, saldon, vantat = SKILLNADER[fall]
    bok = {"bostad": bolagsbok, "raddning": forbundsbok, "finans": finansbok}[enhet](**andrat)
    kommun_med(kommun).lamna(enhet, bok)
    lagg(kommun, perioden({**{"bostad": BOLAGETS, "raddning": FORBUNDETS, "finans": KOMMUNENS}[enhet], **saldon}), f"{enhet}.se")
    p = provad(kommun)
    celler = {(f.blad, f.cell): f"{f.tabell}.{f.rad}.{f.kolumn}" for f in p.inlamningar.fakta.itertuples()}
    funna = [celler[a.plats.blad, c] for a in p.anmarkningar if a.kod == "KR510" for c in a.plats.celler]
    assert sorted(funna) == vantat


def test_skillnaden_namner_kontonas_rader(kommun: Provkommun) -> None:
    kommun_med(kommun).lamna("bostad", bolagsbok(bolagsresultat__nettoomsattning__utfall=61_000))
    lagg(kommun)
    (a,) = [a for a in provad(kommun).anmarkningar if a.kod == "KR510"]
    assert (a.enhet, a.plats.fil, a.fakta["sie"]) == ("bostad", f"{MAPP}/bostad.xlsx", f"{MAPP}/bostad.se")
    assert [tal.split(",")[0] for tal in (a.lamnat, a.vantat, a.skillnad)] == ["61\u00a0000 tkr", "60\u00a0000 tkr", "1\u00a0000 tkr"]
    assert all(f"({radnr(BOSTAD, f'#RES 0 {konto}')})" in a.fakta["konton"] for konto in ("3010", "3020"))


def test_tva_bocker_raknas_inte_for_att_det_finns_en_sie(kommun: Provkommun) -> None:
    kommun_med(kommun).lamna("bostad", bolagsbok())
    kommun.lamna("bostad", bolagsbok(), namn="bostad (1).xlsx")
    lagg(kommun)
    p = provad(kommun)
    assert (koder(p, "bostad"), p.inlamningar.lamnat) == (["KR113", "KR113"], frozenset())


def test_tva_siefiler_for_samma_enhet_lases_inte(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun))
    lagg(kommun, namn="Provköpings Bostäder AB augusti.SI")
    p = provad(kommun)
    assert (koder(p, "bostad"), p.inlamningar.lamnat) == (["KR163", "KR163"], frozenset())


# --- Vems filen är -------------------------------------------------------------------------------------------------

IGENKANNING: dict[str, tuple[str, str, str, str]] = {
    "orgnr": ("export.se", "Något annat", "556000-0001", "bostad"),
    "orgnr_utan_bindestreck": ("export.se", "Något annat", "5560000001", "bostad"),
    "orgnr_med_sekelsiffror": ("export.se", "Något annat", "16556000-0001", "bostad"),
    "orgnr_gar_fore_namn_och_fil": ("raddning.se", "Räddningsförbundet Öst & Väst", "556000-0001", "bostad"),
    "namn": ("export.se", "provköpings  bostäder ab", "", "bostad"),
    "kommunens_namn": ("export.se", "Provköpings kommun", "", "finans"),
    "filens_id": ("BOSTAD.SE", "", "", "bostad"),
    "filens_namn": ("Provköpings Bostäder AB 2024-08.sie", "Okänt", "", "bostad"),
    "okand": ("export.se", "Något annat", "556000-0009", "KR160"),
    "bara_borjan_av_ett_namn": ("Provköpings.se", "", "", "KR160"),
    "en_annan_med_samma_borjan": ("Provköpings Bostäder ABC.se", "", "", "KR160"),
    "namnet_men_ett_annat_orgnr": ("bostad.se", "Provköpings Bostäder AB", "556000-0009", "KR161"),
    "en_namnd": ("skola.se", "", "", "KR164"),
}


@pytest.mark.parametrize("fall", IGENKANNING)
def test_enheten_kanns_igen_eller_sags_vara_okand(kommun: Provkommun, fall: str) -> None:
    fil, namn, orgnr, vantat = IGENKANNING[fall]
    lagg(kommun_med(kommun, bostad="556000-0001"), perioden(BOLAGETS, namn=namn, orgnr=orgnr), fil)
    p = provad(kommun)
    if vantat.startswith("KR"):
        assert (koder(p), p.inlamningar.lamnat, p.slutkod) == ([vantat], frozenset(), Slutkod.ANMARKNINGAR)
        (a,) = [a for a in p.anmarkningar if a.kod == vantat]
        assert a.plats.fil == f"{MAPP}/{fil}"
    else:
        assert p.inlamningar.lamnat == {vantat}


@pytest.mark.parametrize(
    ("skrivet", "vantat"),
    [
        ("556000-0001", "5560000001"),
        ("5560000001", "5560000001"),
        ("16556000-0001", "5560000001"),
        ("165560000001", "5560000001"),
        (" 556000-0001 ", "5560000001"),
        ("", ""),
        ("556000-001", ""),
        ("175560000001", ""),
        ("SE556000000101", ""),
    ],
)
def test_organisationsnumrets_former(skrivet: str, vantat: str) -> None:
    assert normaliserat(skrivet) == vantat


@pytest.mark.parametrize("nummer", [{"bostad": "55-60"}, {"bostad": "556000-0001", "raddning": "165560000001"}])
def test_ett_felaktigt_eller_delat_organisationsnummer_sags(kommun: Provkommun, nummer: dict[str, str]) -> None:
    with pytest.raises(MallFel, match=r"kommun\.toml.*orgn"):
        las_arbetskatalog(kommun_med(kommun, **nummer).katalog)


def test_kontokartans_rader_ska_finnas_pa_bladen(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun))
    for rader in ("30;bolagsresultat;omsattning\n", "30;bolagsresultatet;nettoomsattning\n"):
        kommun.skriv("mallar/kontokarta/bostad.csv", f"konto;tabell;rad\n{rader}2099;bolagsbalans;arets_resultat\n")
        with pytest.raises(MallFel, match=r"kontokarta/bostad\.csv.*finns inte"):
            provad(kommun)


# --- Anmärkningar och svar -----------------------------------------------------------------------------------------


def test_ett_konto_utan_rad_kan_undantas_genom_beslut(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun), perioden({**BOLAGETS, "8510": 12}))
    assert provad(kommun).slutkod == Slutkod.ANMARKNINGAR
    kommun.skriv("undantag.csv", "kod;enhet;fran;till;motiv;beslut;datum\nKR159;bostad;2024-01;2024-12;Reds ut;KS § 9;2024-09-01\n")
    (a,) = [a for a in provad(kommun).anmarkningar if a.kod == "KR159"]
    assert (a.allvar, a.svar is not None) == (Allvar.UPPLYSNING, True)


def test_en_fil_utan_periodens_saldon_ar_inte_lamnad_men_sags_en_gang(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun), perioden(BOLAGETS, till="20240731"))
    p = provad(kommun)
    assert [a.kod for a in p.anmarkningar if a.enhet == "bostad"] == ["KR153"]
    assert "bostad" in p.inlamningar.saknas


# --- validera ------------------------------------------------------------------------------------------------------


def test_en_utpekad_siefil_provas_och_far_ingen_kopia(kommun: Provkommun, tmp_path: Path, kor: Kommandorad) -> None:
    kommun_med(kommun)
    fil = skriv(tmp_path, perioden({**BOLAGETS, "8510": 12}), "bostad.se")
    svar = kor("validera", str(fil), "--period", "2024-08", "--ut", str(tmp_path / "kopior"), katalog=kommun.katalog)
    assert (svar.kod, "KR159" in svar.ut, "bostad.se" in svar.fel, (tmp_path / "kopior").exists()) == (4, True, True, False)
    utan = kor("validera", str(fil), "--json", katalog=kommun.katalog)
    assert (utan.kod, [a["kod"] for a in json.loads(utan.ut)["anmarkningar"]]) == (4, ["KR165"])


def test_bok_och_siefil_provas_tillsammans(kommun: Provkommun, tmp_path: Path) -> None:
    bok = kommun_med(kommun).lamna("bostad", bolagsbok(bolagsresultat__nettoomsattning__utfall=61_000))
    fil = lagg(kommun)
    for vagar in ([bok, fil], [fil.parent]):
        v = validering.validera(kommun.katalog, [str(vag) for vag in vagar], PERIOD)
        assert [a.kod for a in v.anmarkningar if a.enhet == "bostad" and a.kod == "KR510"] == ["KR510"]
        assert sorted(v.siefiler) == [f"{MAPP}/bostad.se"]
    (kopia,) = kopior.skriv_kommenterade(v, tmp_path / "kopior")
    assert kopia.suffix == ".xlsx"


def test_en_enhets_siefil_i_perioden(kommun: Provkommun) -> None:
    lagg(kommun_med(kommun))
    lagg(kommun, perioden(FORBUNDETS), "raddning.se")
    v = validering.validera(kommun.katalog, [], PERIOD, ("bostad",))
    assert [f["fil"] for f in v.filer] == [f"{MAPP}/bostad.se"]
    with pytest.raises(SaknasFel):
        validering.validera(kommun.katalog, [], PERIOD, ("finans",))


@pytest.mark.parametrize("namn", ["bostad.se", "bostad.SI", "bostad.Sie"])
def test_en_siefil_i_mappen_ar_ingen_okand_filtyp(kommun: Provkommun, namn: str) -> None:
    lagg(kommun_med(kommun), namn=namn)
    assert koder(provad(kommun)) == ["KR162"]


# --- importera sie -------------------------------------------------------------------------------------------------

MAL = f"{MAPP}/Provköpings Bostäder AB.se"


@pytest.fixture
def export(kommun: Provkommun, tmp_path: Path) -> Path:
    """En fil ur bolagets ekonomisystem, utanför arbetskatalogens mappar."""
    kommun_med(kommun)
    (tmp_path / "hamtat").mkdir()
    return skriv(tmp_path / "hamtat", BOSTAD, "export.SE")


def importera(kor: Kommandorad, kommun: Provkommun, fil: Path, *flaggor: str, enhet: str = "bostad") -> tuple[int, str, str]:
    svar = kor("importera", "sie", str(fil), "--enhet", enhet, "--period", "2024-08", *flaggor, katalog=kommun.katalog)
    return svar.kod, svar.ut, svar.fel


def test_filen_laggs_byteslik_och_kanns_igen(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    kod, ut, _ = importera(kor, kommun, export)
    assert (kod, (kommun.katalog / MAL).read_bytes()) == (0, export.read_bytes())
    assert MAL in ut
    assert provad(kommun).inlamningar.lamnat == {"bostad"}
    assert sorted(f.name for f in (kommun.katalog / MAPP).iterdir()) == [Path(MAL).name]


def test_tabellen_visar_rad_belopp_och_antal_konton(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    rader = {rad.split("  ")[0]: rad.split() for rad in importera(kor, kommun, export)[1].replace("\u00a0", "").splitlines()}
    assert rader["Nettoomsättning"][-2:] == ["60000000,00", "2"]
    assert rader["Varulager"][-2:] == ["0,00", "0"]
    assert rader["Rörelseresultat"][-1] == "6000000,00"
    assert rader["Ställda säkerheter"] == ["Ställda", "säkerheter"]


def test_svaret_som_json(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    export.write_text(perioden({**BOLAGETS, "8510": 12}), encoding="cp437")
    kod, ut, _ = importera(kor, kommun, export, "--json")
    data = json.loads(ut)
    assert (kod, data["slutkod"], data["enhet"], data["saldon"]) == (4, 4, "Provköpings Bostäder AB", "saldon")
    assert data["lagd"].endswith(MAL)
    (rad,) = [r for r in data["rader"] if r["rad"] == "nettoomsattning"]
    assert (rad["ore"], rad["konton"], rad["summa"]) == (6_000_000_000, 2, False)
    assert [(o["konto"], o["ore"]) for o in data["omappade"]] == [("8510", 1_200_000)]
    assert "KR159" in [a["kod"] for a in data["anmarkningar"]]


def test_konton_utan_rad_listas_med_belopp_och_var_kartan_ska_ligga(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    export.write_text(perioden({**BOLAGETS, "8510": 12}), encoding="cp437")
    kod, ut, _ = importera(kor, kommun, export)
    assert (kod, (kommun.katalog / MAL).exists()) == (4, True)
    assert "8510 Konto 8510: 12\u00a0000,00 kr" in ut
    assert "mallar/kontokarta/bostad.csv" in ut


AVVISADE: dict[str, tuple[str, str]] = {
    "bara_verifikationer": (BOSTAD.replace("#SIETYP 4", "#SIETYP 4I"), "KR145"),
    "inte_sie": ("<html>404</html>", "KR147"),
    "tom": ("", "KR102"),
    "fel_ar": (BOSTAD.replace("2024", "2022"), "KR152"),
    "for_tidigt": (perioden(BOLAGETS, till="20240731"), "KR153"),
    "en_annan_enhets_namn": (perioden(FORBUNDETS, namn="Räddningsförbundet Öst & Väst"), "KR161"),
}


@pytest.mark.parametrize("fall", AVVISADE)
def test_en_fil_som_inte_gar_att_anvanda_laggs_inte(kommun: Provkommun, export: Path, kor: Kommandorad, fall: str) -> None:
    innehall, vantat = AVVISADE[fall]
    export.write_text(innehall, encoding="cp437")
    kod, ut, _ = importera(kor, kommun, export, "--json")
    assert (kod, [a["kod"] for a in json.loads(ut)["anmarkningar"] if a["allvar"] == "fel"], json.loads(ut)["lagd"]) == (4, [vantat], "")
    assert not (kommun.katalog / "inlamnat").exists()
    assert importera(kor, kommun, export)[0] == 4


def test_ett_annat_organisationsnummer_an_enhetens_avvisas(kommun: Provkommun, export: Path) -> None:
    kommun_med(kommun, bostad="556000-0001")
    export.write_text(perioden(BOLAGETS, orgnr="556000-0009"), encoding="cp437")
    i = importering.las(kommun.katalog, export, "bostad", PERIOD)
    assert ([a.kod for a in i.anmarkningar], i.avvisad, importering.lagg(i, export).lagd) == (["KR161"], True, None)


def test_torrt_skrivs_ingenting(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    kod, ut, _ = importera(kor, kommun, export, "--torr")
    assert (kod, "Nettoomsättning" in ut, (kommun.katalog / "inlamnat").exists()) == (0, True, False)


def test_en_annan_fil_ersatts_bara_med_ersatt(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    importera(kor, kommun, export)
    assert importera(kor, kommun, export)[0] == 0
    gammal = export.read_bytes()
    export.write_text(perioden({**BOLAGETS, "1930": 18_501}), encoding="cp437")
    assert importera(kor, kommun, export)[0] == 6
    assert (kommun.katalog / MAL).read_bytes() == gammal
    assert importera(kor, kommun, export, "--ersatt")[0] == 0
    assert (kommun.katalog / MAL).read_bytes() == export.read_bytes()


def test_en_andra_siefil_for_enheten_laggs_inte_bredvid(kommun: Provkommun, export: Path) -> None:
    lagg(kommun)
    i = importering.las(kommun.katalog, export, "bostad", PERIOD)
    with pytest.raises(UtmatningsFel, match=r"bostad\.se"):
        importering.lagg(i, export, ersatt=True)
    i_mappen = importering.las(kommun.katalog, kommun.katalog / MAPP / "bostad.se", "bostad", PERIOD)
    assert importering.lagg(i_mappen, kommun.katalog / MAPP / "bostad.se").lagd == kommun.katalog / MAPP / "bostad.se"


@pytest.mark.parametrize(("enhet", "fil"), [("finns-inte", "export.SE"), ("bostad", "finns-inte.se")])
def test_en_okand_enhet_eller_fil_ar_fel_anvandning(kommun: Provkommun, export: Path, enhet: str, fil: str) -> None:
    with pytest.raises(AnvandningsFel):
        importering.las(kommun.katalog, export.with_name(fil), enhet, PERIOD)


@pytest.mark.parametrize("argument", [(), ("--help",)])
def test_importera_ensamt_visar_vad_som_finns(kor: Kommandorad, argument: tuple[str, ...]) -> None:
    svar = kor("importera", *argument)
    assert (svar.kod, "  sie " in svar.ut) == (0, True)


# --- Kontokartan ut ------------------------------------------------------------------------------------------------


def test_kartan_visar_varje_konto_och_skriver_inget(kommun: Provkommun, export: Path, kor: Kommandorad) -> None:
    export.write_text(perioden({**BOLAGETS, "8510": 12}), encoding="cp437")
    kod, ut, fel = importera(kor, kommun, export, "--kontokarta")
    rader = {rad["konto"]: rad for rad in csv.DictReader(io.StringIO(ut), delimiter=";")}
    assert (kod, "KR159" in fel, (kommun.katalog / "inlamnat").exists()) == (4, True, False)
    assert (rader["3010"]["benamning"], rader["3010"]["belopp"], rader["3010"]["rad"]) == ("Hyror & avgifter", "-59000000,00", "nettoomsattning")
    assert (rader["8510"]["tabell"], rader["8510"]["rad"]) == ("", "?")


def test_den_utskrivna_kartan_kan_bli_enhetens_egen(kommun: Provkommun, export: Path) -> None:
    export.write_text(perioden({**BOLAGETS, "8510": 12, "2150": -5}, "#IB 0 2150 -2000.00", "#IB 0 1930 2000.00"), encoding="cp437")
    fore = importering.las(kommun.katalog, export, "bostad", PERIOD)
    karta = importering.kontokarta_av(fore)
    kommun.skriv("mallar/kontokarta/bostad.csv", karta)
    with pytest.raises(MallFel, match=r"kontokarta/bostad\.csv"):
        importering.las(kommun.katalog, export, "bostad", PERIOD)
    kommun.skriv("mallar/kontokarta/bostad.csv", karta.replace(";;?;", ";bolagsresultat;fin_kostnader;"))
    efter = importering.las(kommun.katalog, export, "bostad", PERIOD)
    assert (efter.bokforing is not None and efter.bokforing.karta.fil) == "mallar/kontokarta/bostad.csv"
    andrade = {r.rad: (r.konton, e.konton) for r, e in zip(fore.rader, efter.rader, strict=True) if (r.ore, r.konton) != (e.ore, e.konton)}
    assert set(andrade) == {"fin_kostnader", "efter_finansiella", "resultat"}
    assert andrade["fin_kostnader"] == (1, 2)
