"""Volymer och investeringsprojekt: från styrfilen till rapportens tabeller."""

from collections.abc import Mapping

import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning, bygg_rapport
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.fordyring import Fordyringsgrans
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Rapport, Tabell
from tests.kommun import PERIOD, Provkommun
from tests.verksamhet import PROJEKT, REGELFALL, SLUTREDOVISAT, VOLYMER, lamna, styr

Rader = list[tuple[str, ...]]


def visas(tabell: Tabell) -> Rader:
    """Raderna så som de visas, utan tomma celler sist."""
    return [(r.namn, *(c.text for c in r.celler)) for r in tabell.rader]


def kolumner(tabell: Tabell) -> list[str]:
    return [k.id for k in tabell.kolumner]


@pytest.fixture(scope="module")
def delar(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sammanstallning, Rapport]:
    s = lamna(Provkommun(tmp_path_factory.mktemp("delar")))
    return s, bygg_rapport(s)


@pytest.fixture(scope="module")
def bokslut(tmp_path_factory: pytest.TempPathFactory) -> Rapport:
    celler: dict[str, Varde] = {**SLUTREDOVISAT, "investering__bidrag__balanseras": -1_000}
    return bygg_rapport(lamna(Provkommun(tmp_path_factory.mktemp("bokslut")), 12, **celler))


# --- Reglerna --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("manad", "celler", "vantat"), [fall[2:] for fall in REGELFALL], ids=[f"{fall[0]}: {fall[1]}" for fall in REGELFALL])
def test_regeln(manad: int, celler: Mapping[str, Varde], vantat: tuple[str, ...], kommun: Provkommun) -> None:
    funna = [a.kod for a in lamna(kommun, manad, **celler).anmarkningar if a.enhet == "skola" and a.plats.blad in ("Investeringar", "Volymer")]
    assert sorted(funna) == sorted(vantat)


# --- Styrfilerna -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fil", "fran", "till", "vantat"),
    [
        ("volymer", "prestation;elever", "antal;elever", "art är ”antal”; tillåtet är prestation, nyckeltal."),
        ("volymer", "elever;100", ";100", "matt är tomt"),
        ("volymer", "resultat;1", "god;1", "kvalitet är ”god”; tillåtet är struktur, process, resultat eller tomt."),
        ("volymer", "struktur;2", "struktur;3", "decimaler är ”3”"),
        ("volymer", "0,08", "0,085", "plan är ”0,085” (högst två decimaler)"),
        (
            "volymer",
            ";;;grund",
            ";;;grund gymnasium",
            "drift är ”gymnasium”, men enheten har ingen sådan rad i driftbudget.csv.",
        ),
        ("investeringar", "planering;", "drift;", "projekttyp är ”drift”; tillåtet är genomforande, planering eller tomt."),
        ("investeringar", "2025-06-30", "juni 2025", "klar är ”juni 2025”"),
        ("investeringar", "2025-06-30", "2022-12-31", "klar är 2022-12-31, före start 2023-01-01"),
    ],
)
def test_ett_fel_i_styrfilen_blir_en_mening(fil: str, fran: str, till: str, vantat: str, kommun: Provkommun) -> None:
    styr(kommun)
    text = {"volymer": VOLYMER, "investeringar": PROJEKT}[fil]
    kommun.skriv(f"styrning/2024/{fil}.csv", text.replace(fran, till, 1))
    with pytest.raises(MallFel) as fel:
        floden.sammanstall(kommun.katalog, PERIOD)
    assert [rad for rad in fel.value.rader if f"{fil}.csv, rad " in rad and vantat in rad]


def test_samma_ar_tva_ganger_bland_invanarna_stoppar(kommun: Provkommun) -> None:
    styr(kommun)
    fil = kommun.katalog / "kommun.toml"
    fil.write_text(fil.read_text(encoding="utf-8").replace("ar = 2022", "ar = 2023"), encoding="utf-8")
    with pytest.raises(MallFel):
        floden.sammanstall(kommun.katalog, PERIOD)


# --- Arbetsboken -----------------------------------------------------------------------------------


def test_volymerna_star_i_boken_med_plan_och_radens_decimaler(kommun: Provkommun) -> None:
    lamna(kommun)
    ark = openpyxl.load_workbook(kommun.katalog / f"inlamnat/{PERIOD}/skola.xlsx")["Volymer"]
    rubriker = {ark.cell(1, kol).value: kol for kol in range(1, ark.max_column + 1)}
    rad = {ark.cell(nr, 1).value: nr for nr in range(1, ark.max_row + 1)}
    planen = {r: ark.cell(rad[r], rubriker["plan"]) for r in ("elever", "behoriga", "larare")}
    assert [(c.value, c.number_format) for c in planen.values()] == [(100, "#,##0"), (85.5, "#,##0.0"), (0.08, "#,##0.00")]


def test_projektets_tidplan_ar_forifylld_och_status_galler_bara_utgifter(kommun: Provkommun) -> None:
    lamna(kommun)
    ark = openpyxl.load_workbook(kommun.katalog / f"inlamnat/{PERIOD}/skola.xlsx")["Investeringar"]
    kol = {ark.cell(1, k).value: k for k in range(1, ark.max_column + 1)}
    rad = {ark.cell(nr, 1).value: nr for nr in range(1, ark.max_row + 1)}
    assert [ark.cell(rad["ny"], kol[k]).value for k in ("start", "klar", "status")] == ["2023-01-01", "2025-06-30", "Pågår"]
    assert not {"slutredovisning", "balanseras"} & set(kol)
    assert ark.cell(rad["bidrag"], kol["status"]).value is None
    assert ark.cell(rad["bidrag"], kol["status"]).protection.locked


# --- Volymer i rapporten ---------------------------------------------------------------------------


def test_prestationer_och_nyckeltal_per_namnd(delar: tuple[Sammanstallning, Rapport]) -> None:
    skola = delar[1].namnder[0].tabeller
    assert visas(skola["namndprestationer"]) == [
        ("Elever i grundskolan", "elever", "98", "99", "100", "99", "−1"),
        ("Skolgårdar", "antal", "–", "–", "–", "–", "–"),
    ]
    assert visas(skola["namndnyckeltal"]) == [
        ("Strukturkvalitet: förutsättningarna", "", "", "", "", ""),
        ("Lärare per elev", "antal", "–", "–", "0,08", "0,08"),
        ("Resultatkvalitet: resultaten", "", "", "", "", ""),
        ("Behöriga elever", "procent", "84,4", "–", "85,5", "85,5"),
    ]


def test_det_samlade_har_namnden_som_rubrik(delar: tuple[Sammanstallning, Rapport]) -> None:
    assert [r[0] for r in visas(delar[1].tabeller["prestationer"])] == ["Skolnämnden", "Elever i grundskolan", "Skolgårdar"]
    assert visas(delar[1].tabeller["nyckeltal"])[1][0] == "Lärare per elev (Skolnämnden)"


def test_nettokostnad_per_prestation_ar_verksamhetens_kostnad_delad_med_antalet(delar: tuple[Sammanstallning, Rapport]) -> None:
    """40 000 tkr delat med 98 elever, 61 000 med 100 och 61 000 med 99; avrundat när det visas."""
    tabell = delar[1].tabeller["styckkostnad"]
    assert (tabell.enhet, kolumner(tabell)) == ("kr", ["matt", "utfall", "utfall_fg", "budget", "prognos"])
    assert visas(tabell)[1] == ("Elever i grundskolan", "elever", "408\u00a0163", "–", "610\u00a0000", "616\u00a0162")


def test_harledningen_foljer_kostnaden_och_antalet_till_deras_celler(delar: tuple[Sammanstallning, Rapport]) -> None:
    nod = delar[0].rakning.harled(Adress("styckkostnad", "skola.elever", "utfall"))
    assert (nod.visas, nod.varde) == ("408\u00a0163 kr", 40_816_327)
    kalla = [(del_.delar[0].etikett, del_.delar[0].kalla.rpartition(",")[2].strip()) for del_ in nod.delar]
    assert [e for e, _ in kalla] == ["Skolnämnden: Grundskola", "Skolnämnden: Elever i grundskolan"]
    assert all("!" in plats for _, plats in kalla)


@pytest.mark.parametrize(("kolumn", "varde"), [("utfall", "42 273"), ("budget", "64 545"), ("utfall_fg", "–")])
def test_nettokostnad_per_invanare(kolumn: str, varde: str, delar: tuple[Sammanstallning, Rapport]) -> None:
    """Skolans 46 500 och 71 000 tkr delat med 1 100 invånare den 31 december 2023."""
    tabell = delar[1].tabeller["per_invanare"]
    celler = dict(zip(kolumner(tabell), visas(tabell)[0][1:], strict=True))
    assert celler[kolumn].replace("\u00a0", " ") == varde


def test_invanarna_star_under_for_bada_aren(delar: tuple[Sammanstallning, Rapport]) -> None:
    assert visas(delar[1].tabeller["per_invanare"])[-1] == ("Antal invånare", "1\u00a0100", "1\u00a0000", *["1\u00a0100"] * 2)


@pytest.mark.parametrize(
    ("stycke", "vantat"),
    [("", None), ("invanare = 2000\n", ["2\u00a0000", "–", "2\u00a0000", "2\u00a0000"])],
    ids=["okända", "utan år"],
)
def test_invanare_som_inte_ar_kanda(stycke: str, vantat: list[str] | None, kommun: Provkommun) -> None:
    lamna(kommun)
    toml = (kommun.katalog / "kommun.toml").read_text(encoding="utf-8")
    utan = toml.replace("ar = 2022", "ar = 1999").replace("ar = 2023", "ar = 1998")
    kommun.skriv("kommun.toml", utan.replace('kort_namn = "Provköping"\n', f'kort_namn = "Provköping"\n{stycke}'))
    tabell = bygg_rapport(kommun.sammanstall()).tabeller.get("per_invanare")
    assert (list(visas(tabell)[-1][1:]) if tabell else None) == vantat


# --- Projekt i rapporten ---------------------------------------------------------------------------


def test_projekten_delas_efter_typ_med_status_och_avvikelse(delar: tuple[Sammanstallning, Rapport]) -> None:
    assert visas(delar[1].tabeller["projekt"]) == [
        ("Genomförandeprojekt", "", "", "", "", "", ""),
        ("Ny skola (Skolnämnden)", "Pågår", "20,0", "6,0", "20,0", "0,0", "0,0"),
        ("Statsbidrag (Skolnämnden)", "", "−2,0", "–", "–", "–", "–"),
        ("Summa genomförandeprojekt", "", "18,0", "6,0", "20,0", "0,0", "0,0"),
        ("Planeringsprojekt", "", "", "", "", "", ""),
        ("Utredning om idrottshall (Skolnämnden)", "Avbrutet", "1,0", "0,1", "0,9", "+0,1", "+10,0"),
        ("Summa planeringsprojekt", "", "1,0", "0,1", "0,9", "+0,1", "+10,0"),
        ("Investeringar och årliga anslag", "", "", "", "", "", ""),
        ("Inventarier (Skolnämnden)", "–", "0,8", "–", "–", "–", "–"),
        ("Summa investeringar och årliga anslag", "", "0,8", "–", "–", "–", "–"),
    ]


def test_tidplanen_visar_beslutade_och_vantade_dagar(delar: tuple[Sammanstallning, Rapport]) -> None:
    tabell = delar[1].tabeller["tidplan"]
    assert kolumner(tabell) == ["start", "klar", "vantas_klart", "status", "kommentar"]
    assert visas(tabell)[1] == ("Ny skola", "2023-01-01", "2025-06-30", "2025-06-30", "Pågår", "–")
    kallor = [c.kalla for c in tabell.rader[1].celler[:3]]
    assert [k.fil if k else "" for k in kallor] == ["styrning/2024/investeringar.csv"] * 2 + [f"inlamnat/{PERIOD}/skola.xlsx"]


@pytest.mark.parametrize(
    ("prognos", "vantat"),
    [
        (26_875, ["Övriga avvikelser, samlat per nämnd", "Skolnämnden", "Summa övriga avvikelser"]),
        (26_876, ["Redovisas särskilt", "Ny skola (Skolnämnden)", "Summa särskilt redovisade"]),
    ],
    ids=["under beloppet", "precis beloppet"],
)
def test_listan_over_sarskilt_redovisade_projekt_ar_regelns(prognos: int, vantat: list[str], kommun: Provkommun) -> None:
    """Gränsen är mer än 20 procent och minst 120 prisbasbelopp, 6 876 tkr. Projektet är beslutat till 20 000 tkr."""
    s = lamna(kommun, investering__ny__prognos_total=prognos)
    tabell = bygg_rapport(s).tabeller["sarskilda"]
    assert [r[0] for r in visas(tabell)][:3] == vantat
    assert any(a.kod == "KR420" for a in s.anmarkningar) == ("Ny skola (Skolnämnden)" in vantat)
    assert "6\u00a0876 tkr" in tabell.noter[0]


def test_gransen_for_dyrare_projekt() -> None:
    """Mer än andelen, och minst beloppet; utgift är minus."""
    grans = Fordyringsgrans(20, 2, 1_000)
    assert [grans.over(prognos, -10_000) for prognos in (-12_000, -12_001, -8_000)] == [None, 2_001, None]
    assert [grans.over(prognos, -1_000) for prognos in (-2_999, -3_000)] == [None, 2_000]


def test_utan_granser_redovisas_inget_sarskilt(kommun: Provkommun) -> None:
    lamna(kommun)
    fil = kommun.katalog / "kommun.toml"
    fil.write_text(fil.read_text(encoding="utf-8").replace("investering_procent = 20\n", ""), encoding="utf-8")
    rapport = bygg_rapport(kommun.sammanstall())
    assert "sarskilda" not in rapport.tabeller
    assert not rapport.meningar["sarskilda"]


def test_fardiga_projekt_slutredovisas_i_bokslutet(bokslut: Rapport) -> None:
    assert visas(bokslut.tabeller["slutredovisning"])[1:] == [
        ("Ny skola", "2024-05-02", "20,0", "19,0", "+1,0", "Billigare än beslutat."),
        ("Summa slutredovisade projekt", "", "20,0", "19,0", "+1,0", ""),
    ]


def test_begaran_om_att_fora_medel_till_nasta_ar(bokslut: Rapport) -> None:
    assert visas(bokslut.tabeller["balansering"])[1:] == [("Statsbidrag", "−1,0", "0,0", "−1,0", "−1,0"), ("Summa", "−1,0", "0,0", "−1,0", "−1,0")]


def test_slutredovisning_och_balansering_hor_till_bokslutet(delar: tuple[Sammanstallning, Rapport]) -> None:
    assert not {"slutredovisning", "balansering"} & set(delar[1].tabeller)


def test_arets_utgift_star_for_sig(delar: tuple[Sammanstallning, Rapport]) -> None:
    assert visas(delar[1].tabeller["projekt_aret"])[1] == ("Ny skola", "1,0", "–", "5,0", "5,0", "0,0")


def test_utan_omradet_ar_projekttabellen_den_vanliga(kommun: Provkommun) -> None:
    profil = (medfoljande() / "arshjul/hedemora.toml").read_text(encoding="utf-8")
    kommun.skriv("mallar/arshjul/hedemora.toml", profil.replace(', "projekt"', ""))
    s = lamna(kommun)
    tabeller = bygg_rapport(s).tabeller
    assert "budget" in kolumner(tabeller["projekt"])
    assert not {"tidplan", "projekt_aret", "sarskilda"} & set(tabeller)
