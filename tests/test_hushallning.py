"""Åtgärder, uppdrag, finansiella mål och resultatöverföring: från blad och beslut till tabeller och meningar. Belopp i tusental kronor."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import openpyxl
import pytest

from kommunrapport import floden, utskick
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.frist import ar_forfallen
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Rapport, Tabell
from tests.arsbokslut import BOKSLUT, FG_BOKSLUT, bocker, lamna_arsbokslut
from tests.kommun import ATGARD, DRIFTBUDGET, PERIOD, RESULTATBUDGET, UPPDRAG, Provkommun, bok, finansbok, kommun_toml, lamna_bocker, vardbok

TKR = 100_000
FINANSMAL = "rad;benamning;art;mal;matt;visas\n"
UNDERSKOTT: Mapping[str, Varde] = {"drift__grund__prognos": -62_500, "drift__grund__kommentar": "Fler.", "kostnadsslag__personal__prognos": -53_500}


def lamna(kommun: Provkommun, *, skola: Mapping[str, Varde] | None = None, finans: Mapping[str, Varde] | None = None) -> Sammanstallning:
    lamna_bocker(kommun, {"skola": bok(**(skola or {})), "vard": vardbok(), "finans": finansbok(**(finans or {}))})
    return kommun.sammanstall()


def siffra(s: Sammanstallning, adress: str) -> int | None:
    """Siffran i hela tusental kronor."""
    varde = s.rakning.varde(Adress.ur(adress))
    return None if varde is None else varde // TKR


def texter(tabell: Tabell, rad: str) -> dict[str, str]:
    raden = next(r for r in tabell.rader if r.id == rad)
    return {k.id: c.text for k, c in zip(tabell.kolumner, raden.celler, strict=True)}


# --- Åtgärder ---------------------------------------------------------------------------------------------


def atgard(nr: int, effekt: int, ingar: str, hittills: Varde = "") -> dict[str, Varde]:
    egna = {**ATGARD, "atgarder__a01__effekt_ar": effekt, "atgarder__a01__ingar": ingar, "atgarder__a01__effekt_hittills": hittills}
    return {n.replace("__a01__", f"__a{nr:02d}__"): v for n, v in egna.items()}


@pytest.mark.parametrize(
    ("om", "atgarder", "vantat"),
    [
        ("utan åtgärder", {}, (-1_500, None, -1_500, None, -1_500)),
        ("allt ingår i prognosen", atgard(1, 400, "Ja"), (-1_900, 400, -1_500, None, -1_500)),
        ("inget ingår i prognosen", atgard(1, 400, "Nej"), (-1_500, None, -1_500, 400, -1_100)),
        ("båda slagen", {**atgard(1, 400, "Ja"), **atgard(2, 300, "Nej")}, (-1_900, 400, -1_500, 300, -1_200)),
        ("mer än underskottet", atgard(1, 2_000, "Nej"), (-1_500, None, -1_500, 2_000, 0)),
    ],
)
def test_atgarderna_stalls_mot_underskottet(kommun: Provkommun, om: str, atgarder: Mapping[str, Varde], vantat: tuple[int | None, ...]) -> None:
    s = lamna(kommun, skola={**UNDERSKOTT, **atgarder})
    kolumner = ("fore", "i_prognosen", "underskott", "utover", "efter")
    assert (om, tuple(siffra(s, f"atgardstackning.skola.{k}") for k in kolumner)) == (om, vantat)


def test_bara_namnder_med_underskott_eller_atgarder_visas_och_raknas_i_summan(kommun: Provkommun) -> None:
    s = lamna(kommun, skola={**UNDERSKOTT, **atgard(1, 400, "Nej", 100)})
    tabell = floden.bygg_rapport(s).tabeller["atgardstackning"]
    assert [r.id for r in tabell.rader] == ["skola", "summa"]
    assert (siffra(s, "atgardstackning.summa.efter"), siffra(s, "atgardstackning.summa.hittills")) == (-1_100, 100)
    assert texter(tabell, "skola")["tackt"] == "26,7"


def test_arets_forra_atgarder_foljer_med_till_nasta_bok(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(**{**UNDERSKOTT, **atgard(1, 400, "Ja", 100), **atgard(3, 300, "Nej")}), period=Period(2024, 3))
    (fil,) = utskick.skriv_mallar(kommun.katalog, PERIOD, ["skola"], kommun.katalog / "ut")
    ark: Any = openpyxl.load_workbook(fil)["Åtgärder"]
    lagen = {c.value: c.column for c in ark[1] if c.value}
    rader = {r[0].value: r[0].row for r in ark.iter_rows(max_col=1) if r[0].value}

    def cell(rad: str, kolumn: str) -> Any:
        return ark.cell(rader[rad], lagen[kolumn])

    assert (cell("a01", "atgard").value, cell("a01", "effekt_ar").value, cell("a03", "effekt_ar").value) == ("Färre vikarier", 400, 300)
    assert (cell("a01", "klart").value.date(), cell("a01", "beslut").value) == (date(2024, 11, 30), "SKN 2024-08-20 § 41")
    assert [cell("a01", k).value for k in ("status", "ingar", "effekt_hittills")] == [None, None, None]
    assert not cell("a01", "atgard").protection.locked


# --- Uppdrag ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("klart", "status", "forfallen"),
    [
        ("2024-08-31", "Pågår", True),
        ("2024-08-31", "", True),
        ("2024-09-01", "Pågår", False),
        ("2024-08-31", "Genomfört", False),
        ("", "Pågår", False),
        ("hösten 2024", "Pågår", False),
        ("2024-13-01", "Pågår", False),
    ],
)
def test_ett_uppdrag_ar_forfallet_nar_dagen_har_passerat(klart: str, status: str, forfallen: bool) -> None:
    assert ar_forfallen(klart, status, ("Genomfört", "Avfört"), date(2024, 8, 31)) is forfallen


def test_meningen_raknar_uppdragen_och_namner_de_forsenade(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/uppdrag.csv", UPPDRAG.replace("2024-12-31", "2024-06-30"))
    s = lamna(kommun, skola={"uppdrag__u1__status": "Pågår", "uppdrag__u1__kommentar": "Klart i höst."})
    mening = floden.bygg_rapport(s).meningar["uppdrag"]
    assert [ord_ for ord_ in ("2 särskilda", "1 statusen ”pågår”", "Utred skolskjutsen (Skolnämnden, 30 juni 2024)") if ord_ not in mening] == []


def test_bokslutet_visar_forra_statusen(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/uppdrag.csv", UPPDRAG)
    lamna(kommun, skola={"uppdrag__u1__status": "Försenat"})
    (fil,) = utskick.skriv_mallar(kommun.katalog, BOKSLUT, ["skola"], kommun.katalog / "ut")
    ark: Any = openpyxl.load_workbook(fil)["Uppdrag"]
    assert [c.value for c in ark[6]][-4:-2] == ["2024-12-31", "Försenat"]


# --- Finansiella mål --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mal", "visas"),
    [
        # Prognosen är 2 100 av 105 000: 2,0 procent.
        ("a;Andel;minst;2,0;resultatandel;procent", ("2,0", "2,0", "Uppnås")),
        ("a;Andel;minst;2,01;resultatandel;", ("2,0", "2,0", "Uppnås inte")),
        ("a;Andel;hogst;2,0;resultatandel;", ("2,0", "2,0", "Uppnås")),
        ("a;Andel;hogst;1,9;resultatandel;", ("1,9", "2,0", "Uppnås inte")),
        ("a;Resultat;minst;2 000;resultat;belopp", ("2,0", "2,1", "Uppnås")),
        ("a;Soliditet;minst;20;soliditet_kommun;", ("20,0", "–", "Uppgift saknas")),
    ],
)
def test_malet_jamfors_med_prognosen(kommun: Provkommun, mal: str, visas: tuple[str, ...]) -> None:
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}{mal}\n")
    tabell = floden.bygg_rapport(lamna(kommun)).tabeller["finansmal"]
    assert tuple(texter(tabell, "a")[k] for k in ("mal", "prognos", "uppnas")) == visas


def test_soliditeten_minskas_med_ansvarsforbindelsen_och_galler_periodens_slut(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}a;Soliditet;minst;20;soliditet_kommun;\n")
    s = lamna(kommun, finans={"balans__pensionsforpliktelser__nu": 40_000})
    # (92 100 − 40 000) / 202 100
    assert (siffra(s, "finansmatt.kapital_med_pensioner.nu"), siffra(s, "finansmatt.tillgangar.nu")) == (52_100, 202_100)
    assert texter(floden.bygg_rapport(s).tabeller["finansmal"], "a") | {"fg": ""} == {
        "mal": "20,0",
        "fg": "",
        "nu": "25,8",
        "prognos": "–",
        "uppnas": "Uppnås",
    }


def test_koncernens_soliditet_saknas_nar_koncernen_inte_redovisas(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}a;Soliditet;minst;20;soliditet_koncern;\n")
    rapport = floden.bygg_rapport(lamna(kommun))
    assert texter(rapport.tabeller["finansmal"], "a")["uppnas"] == "Uppgift saknas"
    assert not any(r.id.startswith("k_") or r.id == "r_koncern" for r in rapport.tabeller["finansmatt"].rader)


@pytest.mark.parametrize(
    ("rad", "namns"),
    [
        ("a;Andel;ungefar;2;resultatandel;", "minst, hogst"),
        ("a;Andel;minst;två;resultatandel;", "två"),
        ("a;Andel;minst;2;;", "matt"),
        ("a;Andel;minst;2;resultatandel;promille", "promille"),
        ("a;Andel;minst;2;vinsten;", "finansmal.csv, rad 2"),
    ],
)
def test_fel_i_malen_namner_filen_och_raden(kommun: Provkommun, rad: str, namns: str) -> None:
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}{rad}\n")
    with pytest.raises(MallFel) as fel:
        lamna(kommun)
    assert namns in "\n".join(fel.value.rader)


def test_kommunen_lagger_till_ett_eget_matt_som_rader_i_en_egen_fil(kommun: Provkommun) -> None:
    mall = (medfoljande() / "avsnitt/finansmal/2019-01-01.toml").read_text(encoding="utf-8")
    egen = """[[tabell.rad]]
id = "netto"
namn = "Nettokostnader"
per_kolumn = { nu = "- resultat.nettokostnader.utfall", prognos = "- resultat.nettokostnader.prognos" }
[[tabell.rad]]
id = "nettoandel"
namn = "Nettokostnadsandel"
slag = "procent"
kvot = ["netto", "skatter"]

[[tabell]]
id = "finansmal"
"""
    kommun.skriv("mallar/avsnitt/finansmal/2019-01-01.toml", mall.replace('[[tabell]]\nid = "finansmal"\n', egen))
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}a;Nettokostnadsandel;hogst;98,5;nettoandel;\n")
    # 103 000 av 105 000
    assert texter(floden.bygg_rapport(lamna(kommun)).tabeller["finansmal"], "a")["prognos"] == "98,1"


def test_malen_raknas_samman_efter_bedomning(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}a;Andel;minst;1;resultatandel;\nb;Andel;minst;3;resultatandel;\n")
    kommun.skriv("styrning/2024/mal.csv", "enhet;rad;art;benamning\nskola;m1;mal;Ett\nskola;m2;mal;Två\nskola;i1;indikator;Mått\nskola;m3;mal;Tre\n")
    bedomda = {"m1": "Bedöms uppnås", "m2": "Bedöms inte uppnås", "m3": "Ej bedömd"}
    s = lamna(kommun, skola={f"mal__{rad}__{k}": v for rad, svar in bedomda.items() for k, v in (("bedomning", svar), ("kommentar", "Så."))})
    tabell = floden.bygg_rapport(s).tabeller["hushallning"]
    assert texter(tabell, "finansiella") == {"antal": "2", "uppnas": "1", "delvis": "", "inte": "1", "ovriga": "0"}
    assert texter(tabell, "verksamhet") == {"antal": "3", "uppnas": "1", "delvis": "0", "inte": "1", "ovriga": "1"}


def test_malen_for_god_ekonomisk_hushallning_ar_en_del_av_namndernas_mal(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/finansmal.csv", f"{FINANSMAL}a;Andel;minst;1;resultatandel;\n")
    mal = "skola;m1;mal;Ett;Verksamhet\nskola;m2;mal;Två;finansiellt\nskola;m3;mal;Tre;\n"
    kommun.skriv("styrning/2024/mal.csv", f"enhet;rad;art;benamning;hushallning\n{mal}")
    bedomda = {"m1": "Bedöms uppnås", "m2": "Bedöms inte uppnås", "m3": "Bedöms uppnås"}
    s = lamna(kommun, skola={f"mal__{rad}__{k}": v for rad, svar in bedomda.items() for k, v in (("bedomning", svar), ("kommentar", "Så."))})
    tabell = floden.bygg_rapport(s).tabeller["hushallning"]
    assert texter(tabell, "verksamhet") == {"antal": "3", "uppnas": "2", "delvis": "0", "inte": "1", "ovriga": "0"}
    assert texter(tabell, "sarskilda") == {"antal": "2", "uppnas": "1", "delvis": "0", "inte": "1", "ovriga": "0"}


@pytest.mark.parametrize(("text", "koder"), [("Målen nås.", []), ("", [("KR446", "C7")])])
def test_den_samlade_bedomningen_kravs_av_finansforvaltningen(kommun: Provkommun, text: str, koder: list[tuple[str, str]]) -> None:
    s = lamna(kommun, finans={"texter__geh__text": text})
    assert [(a.kod, a.plats.celler[0]) for a in s.anmarkningar] == koder
    assert floden.bygg_rapport(s).texter["geh"] == text


# --- Resultatöverföring -----------------------------------------------------------------------------------

OVERFORING = "enhet;rad;belopp;beslut;beslutad\n"


def med_overforing(kommun: Provkommun) -> None:
    """Årshjul och gränser med resultatöverföring, och en verksamhet med eget tak."""
    profil = (medfoljande() / "arshjul/hedemora.toml").read_text(encoding="utf-8")
    kommun.skriv(
        "mallar/arshjul/hedemora.toml",
        profil.replace('["prognos", "mal"', '["overforing", "prognos", "mal"').replace('["mal", ', '["overforing", "mal", '),
    )
    kommun.skriv("kommun.toml", kommun_toml(granser={"overforing_procent": 3, "eget_tak_procent": 15, "aterstallning_ar": 3}))
    budget = DRIFTBUDGET.replace("ursprunglig\n", "ursprunglig;kategori\n").replace("Fritidshem;-10 000", "Fritidshem;-10 000;eget_tak")
    for ar in (2023, 2024):
        kommun.skriv(f"styrning/{ar}/driftbudget.csv", budget)
        kommun.skriv(f"styrning/{ar}/resultatbudget.csv", RESULTATBUDGET)


def bokslutsbocker(**skola: Varde) -> dict[str, Any]:
    """Bokslutets böcker för de två nämnderna: skolans resultat är 24 500, varav fritids 3 500."""
    egna: dict[str, Varde] = {"ovrig__ingaende": 500, "eget_tak__ingaende": 0, "ovrig__overfors": 1_000}
    alla: dict[str, Any] = bocker(skola={**{f"overforing__{n}": v for n, v in egna.items()}, **skola})
    alla["vard"] |= {("overforing", "ovrig", "ingaende"): 0, ("overforing", "ovrig", "overfors"): 0}
    return {e: {n: v for n, v in alla[e].items() if n[0] not in ("investering", "mal", "uppdrag", "atgarder")} for e in ("skola", "vard", "finans")}


def arsredovisning(kommun: Provkommun) -> tuple[Sammanstallning, Rapport]:
    s = floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning")
    return s, floden.bygg_rapport(s)


def test_begaran_tak_och_beslut_star_namnd_for_namnd(kommun: Provkommun) -> None:
    med_overforing(kommun)
    lamna_arsbokslut(kommun, bokslutsbocker(), styr=False)
    s, rapport = arsredovisning(kommun)
    kolumner = ("ingaende", "resultat", "begart", "tak", "beviljat", "utgaende")
    assert [siffra(s, f"overforing.skola.{k}") for k in kolumner] == [500, 24_500, 1_000, 2_130, None, None]
    assert texter(rapport.tabeller["overforing"], "skola")["beslut"] == "Ska fattas"
    assert "Skolnämnden" in rapport.meningar["overforing"]
    assert "Vårdnämnden" not in rapport.meningar["overforing"]


@pytest.mark.parametrize(
    ("beviljat", "utgaende", "beslut"), [("1 000", 1_500, "Enligt begäran"), ("600", 1_100, "Annat belopp"), ("0", 500, "Annat belopp")]
)
def test_beslutet_ger_det_som_fors_till_nasta_ar(kommun: Provkommun, beviljat: str, utgaende: int, beslut: str) -> None:
    med_overforing(kommun)
    kommun.skriv("styrning/2024/overforing.csv", f"{OVERFORING}skola;ovrig;{beviljat};KS 2025-03-11 § 31;2025-03-11\n")
    lamna_arsbokslut(kommun, bokslutsbocker(), styr=False)
    s, rapport = arsredovisning(kommun)
    assert (siffra(s, "overforing.skola.utgaende"), texter(rapport.tabeller["overforing"], "skola")["beslut"]) == (utgaende, beslut)


def test_verksamhet_med_eget_tak_har_en_egen_rad(kommun: Provkommun) -> None:
    med_overforing(kommun)
    lamna_arsbokslut(kommun, bokslutsbocker(overforing__eget_tak__overfors=1_200), styr=False)
    s, rapport = arsredovisning(kommun)
    assert [siffra(s, f"eget_tak.skola.{k}") for k in ("budget", "resultat", "begart", "tak")] == [-10_000, 3_500, 1_200, 1_500]
    assert [r.id for r in rapport.tabeller["eget_tak"].rader] == ["skola"]
    assert siffra(s, "overforing.skola.begart") == 2_200


def test_bladet_hamtar_resultat_och_budget_ur_driftredovisningen(kommun: Provkommun) -> None:
    med_overforing(kommun)
    lamna_arsbokslut(kommun, bokslutsbocker(), styr=False)
    fil = kommun.katalog / "inlamnat/2024-12/skola.xlsx"
    svar: Any = openpyxl.load_workbook(fil, data_only=True)["Resultatöverföring"]
    formler: Any = openpyxl.load_workbook(fil)["Resultatöverföring"]
    assert [[svar.cell(r, k).value for k in (4, 5)] for r in (6, 7, 8)] == [[3_500, -10_000], [21_000, -61_000], [24_500, -71_000]]
    assert "Driftredovisning!D7" in formler["D6"].value


@pytest.mark.parametrize(("beviljat", "ingaende"), [("1 000", 1_500), ("-200", 300), ("", None)])
def test_nasta_ars_ingaende_ar_det_forra_och_det_beviljade(kommun: Provkommun, beviljat: str, ingaende: int | None) -> None:
    med_overforing(kommun)
    kommun.skriv("styrning/2023/overforing.csv", OVERFORING + (f"skola;ovrig;{beviljat};KS § 31;2024-03-12\n" if beviljat else ""))
    lamna_arsbokslut(kommun, bokslutsbocker(), styr=False, period=FG_BOKSLUT)
    (fil,) = utskick.skriv_mallar(kommun.katalog, PERIOD, ["skola"], kommun.katalog / "ut")
    ark: Any = openpyxl.load_workbook(fil)["Resultatöverföring"]
    assert ark["C7"].value == ingaende


def test_i_en_period_med_prognos_visas_planerad_anvandning(kommun: Provkommun) -> None:
    med_overforing(kommun)
    egna = {"overforing__ovrig__ingaende": 900, "overforing__ovrig__anvands": 300}
    s = lamna(kommun, skola=egna)
    assert [siffra(s, f"overforing.skola.{k}") for k in ("ingaende", "vantat", "anvands", "kvar")] == [900, 0, 300, 600]
    assert "begart" not in {k.id for k in s.rakning.planer["overforing"].kolumner}


def test_underskotten_star_per_ar_med_det_som_ar_kvar(kommun: Provkommun) -> None:
    med_overforing(kommun)
    rader: dict[int, tuple[Varde, ...]] = {
        1: (date(2022, 12, 31), -1_000, 400, date(2025, 12, 31)),
        2: (date(2023, 12, 31), -500, 0, date(2026, 12, 31)),
    }
    kolumner = ("uppkom", "underskott", "aterstallt", "senast")
    celler: dict[str, Varde] = {f"underskott__a{nr:02d}__{k}": v for nr, rad in rader.items() for k, v in zip(kolumner, rad, strict=True)}
    s = lamna(kommun, skola={**celler, "underskott__a01__plan": "KS § 4", "underskott__a02__plan": "KS § 5"})
    tabell = floden.bygg_rapport(s).tabeller["underskott"]
    assert [(texter(tabell, r.id)["uppkom"], texter(tabell, r.id)["kvar"]) for r in tabell.rader] == [
        ("2022-12-31", "−0,6"),
        ("2023-12-31", "−0,5"),
        ("", "−1,1"),
    ]
