"""Inlämningsboken ut: vad som är ifyllt, vad som är öppet att fylla i och vad som är låst, så som Excel visar det."""

import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kommunrapport.inlasning.inlamning import las_inlamningar
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import NBSP
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from tests.kommun import KOMMUN_TOML, PERIOD, Celler, Provkommun, bok, finansbok

BLAD = [
    "Driftredovisning",
    "Kostnadsslag",
    "Investeringar",
    "Mål och indikatorer",
    "Uppdrag",
    "Åtgärder",
    "Personal",
    "Sjukfrånvaro",
    "Texter",
    "Förklaringar",
]


def oppna(fil: Path, *, formler: bool = True) -> Any:
    return openpyxl.load_workbook(fil, data_only=not formler)


def inmatningsblad(arbetsbok: Any) -> list[Any]:
    return [ark for ark in arbetsbok.worksheets if str(ark["A1"].value).startswith("kommunrapport:")]


def celler(ark: Any) -> dict[tuple[str, str], Any]:
    """Bladets celler på radens och kolumnens dolda beteckning."""
    kolumner = {k: ark.cell(1, k).value for k in range(2, ark.max_column + 1) if ark.cell(1, k).value}
    rader = {r: ark.cell(r, 1).value for r in range(2, ark.max_row + 1) if ark.cell(r, 1).value}
    return {(rad_id, kolumn_id): ark.cell(r, k) for r, rad_id in rader.items() for k, kolumn_id in kolumner.items()}


def med_allt(kommun: Provkommun) -> Provkommun:
    """Provkommunen med projekt, mål och uppdrag, så att varje blad finns."""
    kommun.skriv(
        "styrning/2024/investeringar.csv",
        "enhet;rad;benamning;art;budget;beslutad_totalutgift\nskola;ny;Ny skola;utgift;5 000;20 000\nskola;bidrag;Statsbidrag;inkomst;-1 000;\n",
    )
    mal = "skola;m1;mal;Alla klarar skolan;;;\nskola;m1b;indikator;Behöriga;procent;80;85\n"
    kommun.skriv("styrning/2024/mal.csv", f"enhet;rad;art;benamning;matt;utgangsvarde;malvarde\n{mal}")
    kommun.skriv("styrning/2024/uppdrag.csv", "enhet;rad;benamning;beslut\nskola;u1;Utred skolskjutsen;KF 2024-02-26 § 9\n")
    return kommun


@pytest.fixture(scope="module")
def filer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Skolas och finans böcker: tomma och ifyllda, skrivna en gång."""
    kommun = med_allt(Provkommun(tmp_path_factory.mktemp("bocker")))
    inmatat = bok(investering__ny__prognos=4_500, investering__bidrag__prognos=-1_000, atgarder__a01__effekt_ar=300, atgarder__a02__effekt_ar=200)
    return {
        "tom": kommun.lamna("skola", {}, namn="tom.xlsx"),
        "ifylld": kommun.lamna("skola", inmatat, namn="ifylld.xlsx"),
        "finans": kommun.lamna("finans", finansbok(), namn="finans.xlsx"),
    }


@pytest.fixture(scope="module")
def tom(filer: dict[str, Path]) -> Any:
    return oppna(filer["tom"])


# --- Blad --------------------------------------------------------------------------------------------------------


def test_boken_har_forsattsblad_anvisning_enhetens_blad_och_ett_dolt_blad(tom: Any) -> None:
    assert tom.sheetnames == ["Försättsblad", "Anvisning", *BLAD, "_kommunrapport"]


@pytest.mark.parametrize(
    ("enhet", "med", "utan"),
    [
        ("skola", {"Kostnadsslag", "Sjukfrånvaro"}, {"Resultaträkning", "Balansräkning", "Kassaflöde", "Koncerninternt, resultat"}),
        ("finans", {"Resultaträkning", "Balansräkning", "Balanskrav"}, {"Kostnadsslag", "Sjukfrånvaro", "Personal"}),
        ("bostader", {"Resultaträkning", "Koncerninternt, ställning", "Personal"}, {"Driftredovisning", "Balanskrav", "Åtgärder"}),
    ],
)
def test_bladen_foljer_enhetens_slag(kommun: Provkommun, enhet: str, med: set[str], utan: set[str]) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML + '[[enhet]]\nid = "bostader"\nnamn = "Bostäder AB"\nslag = "bolag"\n')
    namn = set(oppna(kommun.lamna(enhet, {})).sheetnames)
    assert med <= namn
    assert not utan & namn


def test_blad_utan_beslutade_rader_utelamnas(kommun: Provkommun) -> None:
    namn = oppna(kommun.lamna("skola", {})).sheetnames
    assert not {"Investeringar", "Mål och indikatorer", "Uppdrag"} & set(namn)


def test_det_dolda_bladet_sager_enhet_period_och_mallversion(tom: Any) -> None:
    blad = tom["_kommunrapport"]
    assert blad.sheet_state == "veryHidden"
    uppgifter = {rad[0].value: rad[1].value for rad in blad.iter_rows()}
    assert uppgifter == {
        "mall": "kommunrapport",
        "version": "2019-01-01",
        "kommun": "Provköpings kommun",
        "enhet": "skola",
        "period": "2024-08",
    }


@pytest.mark.parametrize("blad", ["Försättsblad", *BLAD])
def test_beteckningarna_star_i_en_dold_rad_och_en_dold_kolumn(tom: Any, blad: str) -> None:
    ark = tom[blad]
    assert ark.row_dimensions[1].hidden
    assert ark.column_dimensions["A"].hidden
    assert re.fullmatch(r"kommunrapport:[a-z]+:\d{4}-\d\d-\d\d", ark["A1"].value)
    assert not any(ark.row_dimensions[rad].hidden for rad in range(2, ark.max_row + 1))
    assert len({nyckel for nyckel, _ in celler(ark).items()}) == len(celler(ark)) > 0


@pytest.mark.parametrize("blad", ["Försättsblad", *BLAD])
def test_varje_blad_sager_enhet_och_period(tom: Any, blad: str) -> None:
    assert "Skolnämnden" in tom[blad]["B3"].value
    assert "januari–augusti 2024" in tom[blad]["B3"].value


@pytest.mark.parametrize(("enhet", "text"), [("tkr", "tkr (tusental kronor)"), ("kr", "kr (kronor)"), ("mnkr", "mnkr (miljoner kronor)")])
def test_varje_beloppsblad_sager_beloppens_enhet_och_tecken(kommun: Provkommun, enhet: str, text: str) -> None:
    med_allt(kommun).skriv("kommun.toml", KOMMUN_TOML + f'[enheter]\ninmatning = "{enhet}"\n')
    arbetsbok = oppna(kommun.lamna("skola", {}))
    for blad in ("Driftredovisning", "Kostnadsslag", "Investeringar", "Åtgärder"):
        assert text in arbetsbok[blad]["B3"].value
        assert "plus" in arbetsbok[blad]["B4"].value
    for blad in ("Försättsblad", "Personal", "Texter"):
        assert enhet not in arbetsbok[blad]["B3"].value.split()


def test_anvisningen_lankar_till_bladen(tom: Any) -> None:
    lankar = {cell.value: cell.hyperlink.location for rad in tom["Anvisning"].iter_rows() for cell in rad if cell.hyperlink}
    assert lankar == {blad: f"'{blad}'!A1" for blad in ("Försättsblad", *BLAD)}


# --- Öppna och låsta celler -------------------------------------------------------------------------------------------

OPPNA = {
    # bladet, raden och kolumnen: om cellen är öppen i en tom bok
    ("Försättsblad", "enhet", "svar"): False,
    ("Försättsblad", "period", "svar"): False,
    ("Försättsblad", "kontaktperson", "svar"): True,
    ("Försättsblad", "klarmarkerad", "svar"): True,
    ("Driftredovisning", "grund", "benamning"): False,
    ("Driftredovisning", "grund", "utfall"): True,
    ("Driftredovisning", "grund", "prognos"): True,
    ("Driftredovisning", "grund", "kommentar"): True,
    ("Driftredovisning", "grund", "budget"): False,
    ("Driftredovisning", "grund", "avvikelse"): False,
    ("Driftredovisning", "grund", "utfall_fg"): True,
    ("Driftredovisning", "summa", "utfall"): False,
    ("Kostnadsslag", "personal", "budget"): True,
    ("Kostnadsslag", "netto", "budget"): False,
    ("Investeringar", "ny", "beslutad"): False,
    ("Investeringar", "bidrag", "beslutad"): True,
    ("Investeringar", "ny", "avvikelse_total"): False,
    ("Mål och indikatorer", "m1", "bedomning"): True,
    ("Mål och indikatorer", "m1", "utfall"): False,
    ("Mål och indikatorer", "m1b", "utfall"): True,
    ("Mål och indikatorer", "m1b", "malvarde"): False,
    ("Åtgärder", "a12", "atgard"): True,
    ("Åtgärder", "summa", "effekt_ar"): False,
    ("Sjukfrånvaro", "totalt", "lang_tid"): True,
    ("Sjukfrånvaro", "man", "lang_tid"): False,
    ("Sjukfrånvaro", "man", "sjuk_procent"): False,
}


@pytest.mark.parametrize(("blad", "rad", "kolumn"), OPPNA)
def test_inmatningsceller_ar_oppna_och_ovriga_last(tom: Any, blad: str, rad: str, kolumn: str) -> None:
    cell = celler(tom[blad])[rad, kolumn]
    assert (not cell.protection.locked) == OPPNA[blad, rad, kolumn]


def test_bara_celler_med_beteckning_ar_oppna_och_de_ar_gula(tom: Any) -> None:
    for ark in inmatningsblad(tom):
        kanda = {cell.coordinate for cell in celler(ark).values()}
        oppna_celler = {cell.coordinate: cell.fill.fgColor.rgb for rad in ark.iter_rows() for cell in rad if not cell.protection.locked}
        assert oppna_celler.keys() <= kanda
        assert set(oppna_celler.values()) == {"FFFFF8DC"}


def test_formler_ar_alltid_last(filer: dict[str, Path]) -> None:
    formler = [cell for ark in oppna(filer["finans"]).worksheets for rad in ark.iter_rows() for cell in rad if cell.data_type == "f"]
    assert len(formler) > 40
    assert all(cell.protection.locked for cell in formler)


@pytest.mark.parametrize("blad", ["Försättsblad", "Anvisning", *BLAD])
def test_skyddet_ar_pa_utan_losenord_och_tillater_sortering_och_filter(tom: Any, blad: str) -> None:
    skydd = tom[blad].protection
    assert skydd.sheet
    assert not skydd.password
    # I Excels fil betyder falskt att det inte är skyddat.
    tillatet = ("sort", "autoFilter", "insertRows", "insertColumns", "formatCells", "formatColumns", "formatRows")
    assert [atgard for atgard in tillatet if getattr(skydd, atgard)] == []


@pytest.mark.parametrize("blad", ["Driftredovisning", "Investeringar", "Mål och indikatorer", "Uppdrag"])
def test_filtret_omfattar_den_dolda_kolumnen_men_inte_summan(tom: Any, blad: str) -> None:
    forsta, sista = tom[blad].auto_filter.ref.split(":")
    assert forsta == "A5"
    rader = [r for r in range(6, tom[blad].max_row + 1) if tom[blad].cell(r, 1).value != "summa"]
    assert sista.endswith(str(max(rader)))


# --- Hjälp vid inmatningen ------------------------------------------------------------------------------------------------


def regel_for(ark: Any, cell: str) -> Any:
    (regel,) = [r for r in ark.data_validations.dataValidation if cell in r.sqref]
    return regel


@pytest.mark.parametrize(
    ("blad", "rad", "kolumn", "val"),
    [
        ("Försättsblad", "klarmarkerad", "svar", "Ja,Nej"),
        ("Mål och indikatorer", "m1", "bedomning", "Bedöms uppnås,Bedöms delvis uppnås,Bedöms inte uppnås,Ej bedömd"),
        ("Uppdrag", "u1", "status", "Genomfört,Pågår,Ej påbörjat,Försenat,Avfört"),
        ("Åtgärder", "a01", "status", "Genomförd,Pågår,Ej påbörjad,Försenad,Inställd"),
    ],
)
def test_val_goras_ur_en_lista(tom: Any, blad: str, rad: str, kolumn: str, val: str) -> None:
    regel = regel_for(tom[blad], celler(tom[blad])[rad, kolumn].coordinate)
    assert (regel.type, regel.formula1) == ("list", f'"{val}"')
    assert regel.errorTitle


@pytest.mark.parametrize(
    ("blad", "rad", "kolumn"),
    [("Driftredovisning", "grund", "utfall"), ("Personal", "heltid", "nu"), ("Åtgärder", "a01", "effekt_ar")],
)
def test_tal_som_inte_ar_tal_ger_en_varning_men_gar_att_skriva(tom: Any, blad: str, rad: str, kolumn: str) -> None:
    regel = regel_for(tom[blad], celler(tom[blad])[rad, kolumn].coordinate)
    assert (regel.type, regel.errorStyle) == ("decimal", "warning")
    assert "e.t." in regel.error


def test_excels_granser_for_listor_och_hjalptexter_halls(tom: Any) -> None:
    regler = [regel for ark in tom.worksheets for regel in ark.data_validations.dataValidation]
    assert len(regler) > 30
    assert all(len(regel.formula1 or "") <= 257 and len(regel.promptTitle or "") <= 32 and len(regel.error or "") <= 255 for regel in regler)


def fargade(ark: Any) -> dict[str, list[str]]:
    """Cellerna med villkorad färg och villkoret för var och en."""
    return {str(omrade.sqref): [formel for regel in omrade.rules for formel in regel.formula] for omrade in ark.conditional_formatting}


@pytest.mark.parametrize(("enhet", "grans"), [("kr", "500000"), ("tkr", "500"), ("mnkr", "0.5")])
def test_en_avvikelse_over_nagon_av_granserna_utan_kommentar_fargas(kommun: Provkommun, enhet: str, grans: str) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML + f'[enheter]\ninmatning = "{enhet}"\n')
    villkor = "AND(N(H{0})<>0,OR(ABS(N(H{0}))>={1},AND(N(F{0})<>0,ABS(N(H{0}))>=ABS(N(F{0}))*2/100)),LEN(L{0})=0)"
    assert fargade(oppna(kommun.lamna("skola", {}))["Driftredovisning"]) == {"L6:L7": [villkor.format(6, grans)]}


def test_bara_inmatade_rader_pa_blad_med_kommentarskrav_fargas(filer: dict[str, Path]) -> None:
    bok_ = oppna(filer["finans"])
    drift = bok_["Driftredovisning"]
    assert list(fargade(drift)) == [celler(drift)["gemensamt", "kommentar"].coordinate]
    assert fargade(bok_["Resultaträkning"]) == {}


# --- Rubriker ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blad", "rubriker"),
    [
        (
            "Driftredovisning",
            [
                "Verksamhet",
                "Utfall jan–aug 2023",
                "Utfall jan–aug 2024 *",
                "Bokslut 2023",
                "Budget 2024",
                "Prognos 2024 *",
                "Avvikelse prognos–budget",
                "Återstår enligt prognosen",
                "Föregående prognos 2024",
                "Prognosens förändring",
                "Kommentar till avvikelsen",
            ],
        ),
        ("Personal", ["Uppgift", "31 augusti 2023", "31 augusti 2024"]),
        ("Uppdrag", ["Uppdrag", "Beslut", "Ska vara klart", "Status *", "Kommentar"]),
        (
            "Åtgärder",
            [
                "Åtgärd",
                "Effekt 2024",
                "Effekt helår",
                "Ingår i prognosen",
                "Ansvarig funktion",
                "Klar senast",
                "Status",
                "Effekt hittills i år",
                "Beslut",
            ],
        ),
    ],
)
def test_kolumner_som_maste_fyllas_i_har_en_stjarna(tom: Any, blad: str, rubriker: list[str]) -> None:
    visas = [rubrik and rubrik.replace(NBSP, " ") for rubrik in (tom[blad].cell(5, kolumn).value for kolumn in range(2, 2 + len(rubriker) + 1))]
    assert visas == [*rubriker, None]


@pytest.mark.parametrize(
    ("blad", "markta"),
    [
        ("Personal", {"anstallda", "kvinnor", "arsarbetare", "heltid"}),
        ("Försättsblad", {"kontaktperson", "klarmarkerad"}),
        ("Texter", {"analys"}),
        ("Driftredovisning", set[str]()),
        ("Åtgärder", set[str]()),
    ],
)
def test_rader_som_maste_fyllas_i_har_en_stjarna_nar_inte_hela_kolumnen_maste(tom: Any, blad: str, markta: set[str]) -> None:
    forsta = {tom[blad].cell(rad, 1).value: tom[blad].cell(rad, 2).value for rad in range(6, tom[blad].max_row + 1)}
    assert {rad for rad, text in forsta.items() if str(text).endswith("*")} == markta


VOLYMER = "enhet;rad;benamning;art;matt;plan;kvalitet;decimaler;drift\nskola;elever;Elever;prestation;elever;100;;;grund\n"


def test_det_en_regel_kraver_har_ocksa_en_stjarna_och_volymens_grans_visas(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/volymer.csv", VOLYMER)
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]", "[trosklar]\nvolym_procent = 7"))
    ark = oppna(kommun.lamna("skola", {}))["Volymer"]
    assert [ark.cell(5, k).value for k in (5, 6, 7)] == [f"Utfall jan–aug 2024{NBSP}*", "Plan 2024", f"Prognos 2024{NBSP}*"]
    assert fargade(ark) == {"I6": ["AND(N(H6)<>0,AND(N(F6)<>0,ABS(N(H6))>=ABS(N(F6))*7/100),LEN(I6)=0)"]}
    assert "7 procent" in regel_for(ark, "I6").prompt


# --- Bokslutet ----------------------------------------------------------------------------------------------------------------


def test_i_bokslutet_ar_avvikelsen_utfallets_och_ska_kommenteras(kommun: Provkommun) -> None:
    fil = kommun.lamna("skola", bok(drift__grund__utfall=-63_000), period=Period(2024, 12))
    drift = oppna(fil)["Driftredovisning"]
    assert [drift.cell(1, k).value for k in range(2, 8)] == ["benamning", "utfall_fg", "utfall", "budget", "avvikelse", "kommentar"]
    assert (drift["F6"].value, oppna(fil, formler=False)["Driftredovisning"]["F6"].value) == ('=IF(COUNT(D6,E6)<2,"",D6-E6)', -2_000)
    assert list(fargade(drift)) == ["G6:G7"]
    assert "500 tkr eller 2 procent" in regel_for(drift, "G6").prompt


# --- Bladhuvudet --------------------------------------------------------------------------------------------------------------


def test_bladet_sager_varfor_jamforelsetal_ar_tomma(kommun: Provkommun) -> None:
    assert "Utfall jan–aug 2023" in oppna(kommun.lamna("skola", {}))["Driftredovisning"]["B4"].value
    fjolarets: Celler = {("drift", rad, "utfall_fg"): -1 for rad in ("grund", "fritids")}
    fjolarets = {**fjolarets, **{("drift", rad, "bokslut_fg"): -1 for rad in ("grund", "fritids")}}
    assert "Utfall" not in oppna(kommun.lamna("skola", fjolarets))["Driftredovisning"]["B4"].value


def test_anvisningen_sager_i_vilken_mapp_boken_lamnas(tom: Any) -> None:
    texter = [str(cell.value) for rad in tom["Anvisning"].iter_rows() for cell in rad if cell.value]
    assert [t for t in texter if "{" in t] == []
    assert sum("inlamnat/2024-08" in t for t in texter) == 1


def test_breda_blad_skrivs_ut_pa_flera_sidor_i_bredd_med_radernas_namn(tom: Any) -> None:
    assert {blad: tom[blad].page_setup.fitToWidth or 1 for blad in ("Driftredovisning", "Investeringar", "Personal")} == {
        "Driftredovisning": 1,
        "Investeringar": 2,
        "Personal": 1,
    }
    assert tom["Investeringar"].print_title_cols == "$A:$B"


def test_summan_pa_ett_blad_med_tomma_rader_har_ett_namn(tom: Any) -> None:
    assert celler(tom["Åtgärder"])["summa", "atgard"].value == "Summa effekt"


def test_summans_namn_lases_inte_som_en_atgard(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok())
    arbete = las_arbetskatalog(kommun.katalog)
    ram = las_inlamningar(arbete, las_periodmall(arbete, PERIOD), ()).fakta
    assert ram[(ram["tabell"] == "atgarder") & (ram["kolumn"] == "atgard") & (ram["text"] != "")].empty


# --- Ifyllt på förhand --------------------------------------------------------------------------------------------------------


def test_budgeten_ar_ifylld_med_tillagg(tom: Any) -> None:
    drift = celler(tom["Driftredovisning"])
    assert (drift["grund", "budget"].value, drift["fritids", "budget"].value) == (-61_000, -10_000)
    investering = celler(tom["Investeringar"])
    assert (investering["ny", "budget"].value, investering["ny", "beslutad"].value) == (5_000, 20_000)
    assert investering["bidrag", "budget"].value == -1_000


def test_malets_matt_och_malvarde_ar_ifyllda(tom: Any) -> None:
    mal = celler(tom["Mål och indikatorer"])
    assert [mal["m1b", kolumn].value for kolumn in ("benamning", "matt", "utgangsvarde", "malvarde")] == ["Behöriga", "procent", "80", "85"]


def test_enhet_och_period_ar_ifyllda_pa_forsattsbladet(tom: Any) -> None:
    forsatt = celler(tom["Försättsblad"])
    assert (forsatt["enhet", "svar"].value, forsatt["period", "svar"].value) == ("Skolnämnden", "augusti 2024")


def test_utan_tidigare_bocker_ar_jamforelsetalen_tomma_och_oppna(tom: Any) -> None:
    drift = celler(tom["Driftredovisning"])
    assert [drift["grund", k].value for k in ("utfall_fg", "bokslut_fg", "utfall", "prognos")] == [None] * 4
    assert not drift["grund", "utfall_fg"].protection.locked


def test_forra_arets_siffror_ar_ifyllda_nar_forra_arets_bocker_finns(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2023/driftbudget.csv", "enhet;rad;benamning;ursprunglig\nskola;grund;Grundskola;-1\nfinans;gemensamt;Gemensamt;-1\n")
    investeringar = "enhet;rad;benamning;art;budget\nskola;ny;Ny skola;utgift;1\n"
    for ar in (2023, 2024):
        kommun.skriv(f"styrning/{ar}/investeringar.csv", investeringar)
    delar: Celler = {("drift", "grund", "utfall"): -38_500, ("investering", "ny", "utfall"): 700}
    kommun.lamna("skola", {**delar, ("personal", "heltid", "nu"): Decimal("95.5")}, period=Period(2023, 8))
    kommun.lamna("skola", {("drift", "grund", "utfall"): -58_000}, period=Period(2023, 12))
    kommun.lamna("finans", {("balans", "kassa", "nu"): 17_100}, period=Period(2023, 12))
    skola, finans = oppna(kommun.lamna("skola", {})), oppna(kommun.lamna("finans", {}))
    drift = celler(skola["Driftredovisning"])
    assert (drift["grund", "utfall_fg"].value, drift["grund", "bokslut_fg"].value) == (-38_500, -58_000)
    assert drift["grund", "utfall_fg"].protection.locked
    assert (drift["fritids", "utfall_fg"].value, drift["fritids", "utfall_fg"].protection.locked) == (None, False)
    assert celler(skola["Investeringar"])["ny", "utfall_fg"].value == 700
    assert celler(skola["Personal"])["heltid", "fg"].value == 95.5
    assert celler(finans["Balansräkning"])["kassa", "fg"].value == 17_100


def test_kostnadsslagens_budget_ar_den_i_arets_forra_bok_och_far_andras(kommun: Provkommun) -> None:
    kommun.lamna("skola", {("kostnadsslag", "personal", "budget"): -50_000}, period=Period(2024, 5))
    slag = celler(oppna(kommun.lamna("skola", {}))["Kostnadsslag"])
    assert (slag["personal", "budget"].value, slag["personal", "budget"].protection.locked) == (-50_000, False)
    assert slag["lokaler", "budget"].value is None


@pytest.mark.parametrize(("enhet", "budget"), [("kr", -61_000_000), ("tkr", -61_000), ("mnkr", -61)])
def test_budgeten_ar_ifylld_i_bladets_enhet(kommun: Provkommun, enhet: str, budget: int) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML + f'[enheter]\ninmatning = "{enhet}"\n')
    assert celler(oppna(kommun.lamna("skola", {}))["Driftredovisning"])["grund", "budget"].value == budget


# --- Formler ------------------------------------------------------------------------------------------------------------------


def rakna(ark: Any, cell: str) -> float | None:
    """Cellens värde som ett kalkylprogram räknar det, för de former av formler som boken har."""
    varde = ark[cell].value
    if not isinstance(varde, str) or not varde.startswith("="):
        return float(varde) if isinstance(varde, int | float) else None
    if traff := re.fullmatch(r'=IF\(N\((\w+)\)=0,"",(\w+)/\1\*100\)', varde):
        namnare, taljare = rakna(ark, traff[1]), rakna(ark, traff[2])
        return taljare / namnare * 100 if namnare and taljare is not None else None
    if traff := re.fullmatch(r'=IF\(COUNT\(([\w,]+)\)<(\d+),"",(.*)\)', varde):
        if sum(rakna(ark, c) is not None for c in traff[1].split(",")) < int(traff[2]):
            return None
        return sum((-1 if tecken == "-" else 1) * (rakna(ark, c) or 0) for tecken, c in re.findall(r"([+-]?)([A-Z]+\d+)", traff[3]))
    summor = re.findall(r"([=-])SUM\(([^)]*)\)", varde)
    assert "".join(f"{tecken}SUM({omrade})" for tecken, omrade in summor) == varde
    return float(sum((-1 if tecken == "-" else 1) * sum(rakna(ark, c) or 0 for c in _i_omradet(ark, omrade)) for tecken, omrade in summor))


def _i_omradet(ark: Any, omrade: str) -> list[str]:
    if ":" in omrade:
        return [cell.coordinate for rad in ark[omrade] for cell in rad]
    return omrade.split(",")


@pytest.mark.parametrize("namn", ["tom", "ifylld", "finans"])
def test_formlernas_sparade_varden_ar_de_som_ett_kalkylprogram_raknar(filer: dict[str, Path], namn: str) -> None:
    formler, varden = oppna(filer[namn]), oppna(filer[namn], formler=False)
    antal = 0
    for ark in inmatningsblad(formler):
        for cell in [cell for rad in ark.iter_rows() for cell in rad if cell.data_type == "f"]:
            sparat, raknat = varden[ark.title][cell.coordinate].value, rakna(ark, cell.coordinate)
            assert (sparat if isinstance(sparat, int | float) else None) == (None if raknat is None else pytest.approx(raknat))
            antal += 1
    assert antal > 15


def test_summor_avvikelser_och_procent_i_en_ifylld_bok(filer: dict[str, Path]) -> None:
    varden = oppna(filer["ifylld"], formler=False)
    drift, investering = celler(varden["Driftredovisning"]), celler(varden["Investeringar"])
    assert (drift["summa", "utfall"].value, drift["grund", "avvikelse"].value, drift["summa", "avvikelse"].value) == (-46_500, 0, 0)
    assert [investering[rad, "avvikelse"].value for rad in ("ny", "bidrag", "summa")] == [500, 0, 500]
    assert celler(varden["Åtgärder"])["summa", "effekt_ar"].value == 500
    assert celler(varden["Sjukfrånvaro"])["totalt", "sjuk_procent"].value == 7


def test_formelkolumnens_summa_ar_radernas_aven_nar_en_rad_saknar_prognos(kommun: Provkommun) -> None:
    inmatat = {nyckel: v for nyckel, v in bok(drift__grund__prognos=-61_100).items() if nyckel != ("drift", "fritids", "prognos")}
    fil = kommun.lamna("skola", inmatat)
    formler, varden = celler(oppna(fil)["Driftredovisning"]), celler(oppna(fil, formler=False)["Driftredovisning"])
    assert formler["summa", "avvikelse"].value == "=SUM(H6:H7)"
    assert varden["fritids", "avvikelse"].value in (None, " ")
    assert [varden["summa", kolumn].value for kolumn in ("budget", "prognos", "avvikelse")] == [-71_000, -61_100, -100]
    assert "KR401" not in {kod for kod, _ in kommun.funna()}


def test_resultatrakningens_summor(filer: dict[str, Path]) -> None:
    resultat = celler(oppna(filer["finans"], formler=False)["Resultaträkning"])
    assert [resultat[rad, "utfall"].value for rad in ("nettokostnader", "verksamhetens_resultat", "arets_resultat")] == [-68_000, 2_000, 2_100]


# --- Boken som fil ----------------------------------------------------------------------------------------------------------------


def test_samma_uppgifter_ger_samma_byte(kommun: Provkommun) -> None:
    assert kommun.lamna("skola", bok(), namn="ena.xlsx").read_bytes() == kommun.lamna("skola", bok(), namn="andra.xlsx").read_bytes()


def test_boken_har_inga_makron_lankar_eller_anvandarnamn(filer: dict[str, Path]) -> None:
    with zipfile.ZipFile(filer["ifylld"]) as arkiv:
        namn = arkiv.namelist()
        egenskaper = arkiv.read("docProps/core.xml").decode()
    assert [n for n in namn if "vba" in n or "externalLink" in n] == []
    assert set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", egenskaper)) == {"kommunrapport"}
    assert "2024-08-31" in egenskaper


SLUMP = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@SLUMP
@given(tal=st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=6, max_size=6))
def test_det_som_skrivs_ar_det_som_lases(kommun: Provkommun, tal: list[Decimal]) -> None:
    slag = ("intakter", "personal", "lokaler", "kopt", "ovrigt", "kapital")
    kommun.lamna("skola", {("kostnadsslag", rad, "utfall"): v for rad, v in zip(slag, tal, strict=True)})
    arbete = las_arbetskatalog(kommun.katalog)
    ram = las_inlamningar(arbete, las_periodmall(arbete, PERIOD), ()).fakta
    lasta = ram[(ram["tabell"] == "kostnadsslag") & (ram["kolumn"] == "utfall")].set_index("rad")["varde"]
    assert [int(lasta[rad]) for rad in slag] == [int(v * 100_000) for v in tal]
    assert int(lasta["netto"]) == int(sum(tal) * 100_000)
