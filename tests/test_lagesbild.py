"""Lägesbilden till kommunstyrelsens sammanträde: vad förvaltningarna lämnar, vilken period siffrorna kommer ur, och vad dokumentet säger."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.arshjulet import senast_lamnade
from kommunrapport.berakning.arsplan import planera
from kommunrapport.kallperiod import valda_perioder
from kommunrapport.karna.fel import Slutkod
from kommunrapport.karna.listtecken import utan_listtecken
from kommunrapport.karna.period import LAGESBILD, Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.dokumentmall import las_dokumentmall
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from kommunrapport.rapport.modell import Rapport
from kommunrapport.samling import arets_perioder, las_beslut
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.tillganglighet.granskning import granska_fil
from kommunrapport.underlaget import underlag_for
from tests.kommun import KOMMUN_TOML, TILLAGG, Celler, Kommandorad, Provkommun, bok, finansbok, vardbok

LAGE = Period(2024, 9, LAGESBILD)
LAGESBILDER = "[lagesbild]\nsammantraden = [2024-01-23, 2024-09-17, 2024-10-15]\n"
MAL = """enhet;rad;art;benamning;overordnat
;v;vision;Nära till allt;
;livet;malomrade;Ett gott liv;v
;platsen;malomrade;En hållbar plats;v
;bra-skola;kfmal;Alla lyckas;livet
"""
SKOLA: Celler = {
    ("forsatt", "kontaktperson", "svar"): "Skolchef",
    ("forsatt", "klarmarkerad", "svar"): "Ja",
    ("lage", "livet", "atgard"): "Lovskola i juni.",
    ("lage", "livet", "effekt"): "Nio av tolv blev behöriga.",
    ("lage", "livet", "utmaning"): "Frånvaron ökar.",
}
VARD: Celler = {
    **{cell: v for cell, v in SKOLA.items() if cell[0] == "forsatt"},
    ("lage", "platsen", "atgard"): "Färre resor.",
    ("lage", "platsen", "effekt"): "Lägre utsläpp.",
}
FINANS: Celler = {
    **{cell: v for cell, v in SKOLA.items() if cell[0] == "forsatt"},
    ("lagetexter", "laget", "text"): "Verksamheten fungerar.",
    ("lagetexter", "medarbetare", "text"): "Enkäten går ut i oktober.",
}
BOCKER = {"skola": SKOLA, "vard": VARD, "finans": FINANS}


@pytest.fixture
def lage(kommun: Provkommun) -> Provkommun:
    """En kommun med lägesbilder, målområden och delårsbokslutet lämnat."""
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]\n", f"{LAGESBILDER}[trosklar]\n"))
    kommun.skriv("styrning/2024/mal.csv", MAL)
    kommun.lamna_alla()
    return kommun


def lamna(kommun: Provkommun, period: Period = LAGE, *, utom: str = "", **andrade: Celler) -> None:
    for enhet, celler in {**BOCKER, **andrade}.items():
        if enhet != utom:
            kommun.lamna(enhet, celler, period=period)


def rapport(kommun: Provkommun, period: Period = LAGE) -> Rapport:
    return floden.bygg_rapport(floden.sammanstall(kommun.katalog, period, "lagesbild"))


def finns_lamnat(kommun: Provkommun, *perioder: str) -> None:
    """Tomma böcker för perioderna: från alla tre, eller med ``2024-08:1`` från så många av dem."""
    for text in perioder:
        p, _, antal = text.partition(":")
        if not (kommun.katalog / f"styrning/{p[:4]}").is_dir():
            shutil.copytree(kommun.katalog / "styrning/2024", kommun.katalog / f"styrning/{p[:4]}")
        shutil.rmtree(kommun.katalog / "inlamnat" / p, ignore_errors=True)
        for enhet in [*BOCKER][: int(antal or 3)]:
            kommun.lamna(enhet, {}, period=Period.parse(p))


def texten(fil: Path) -> str:
    dokument: Any = docx.Document(str(fil))
    return "\n".join(t.text or "" for t in dokument.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"))


# --- Perioden och boken ---------------------------------------------------------------------------------


def test_perioden_skrivs_och_lases_och_star_fore_manadens_bokslut() -> None:
    assert (str(LAGE), Period.parse("2024-09-lage"), LAGE.spann) == ("2024-09-lage", LAGE, "september 2024")
    assert Period(2024, 8) < LAGE < Period(2024, 9)


@pytest.mark.parametrize(
    ("enhet", "blad"),
    [("skola", ["forsatt", "lage", "forklaringar"]), ("finans", ["forsatt", "lagetexter", "forklaringar"])],
)
def test_boken_har_bara_text(lage: Provkommun, enhet: str, blad: list[str]) -> None:
    arbete = las_arbetskatalog(lage.katalog)
    mall = las_periodmall(arbete, LAGE)
    egna = mall.blad_for(arbete.organisation.enhet_med_id(enhet))
    assert [b.id for b in egna] == blad
    assert {k.slag for b in egna for k in b.kolumn} <= {"etikett", "text"}


def test_bolag_och_de_som_kommunen_undantar_lamnar_inget(lage: Provkommun) -> None:
    lage.skriv(
        "kommun.toml",
        KOMMUN_TOML.replace("[trosklar]\n", f'{LAGESBILDER}utan = ["vard"]\n[trosklar]\n') + '[[enhet]]\nid = "b"\nnamn = "AB"\nslag = "bolag"\n',
    )
    arbete = las_arbetskatalog(lage.katalog)
    mall = las_periodmall(arbete, LAGE)
    assert [e.id for e in arbete.organisation.enhet if mall.blad_for(e)] == ["skola", "finans"]


@pytest.mark.parametrize(
    ("mal", "egna", "rader"),
    [
        (MAL, "", ["livet", "platsen"]),
        (MAL, 'omraden = ["Trygghet & lärande", "Arbete"]\n', ["trygghet-larande", "arbete"]),
        ("enhet;rad;art;benamning;overordnat\n;bra;kfmal;Alla lyckas;\n", "", ["bra"]),
        ("enhet;rad;art;benamning\n", "", ["verksamheten"]),
    ],
)
def test_malomradena_ar_kommunens(lage: Provkommun, mal: str, egna: str, rader: list[str]) -> None:
    lage.skriv("styrning/2024/mal.csv", mal)
    lage.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]\n", f"{LAGESBILDER}{egna}[trosklar]\n"))
    arbete = las_arbetskatalog(lage.katalog)
    beslut = las_beslut(arbete, las_periodmall(arbete, LAGE))
    assert {e: [r.rad for r in beslut.rader if (r.enhet, r.tabell) == (e, "lage")] for e in ("skola", "vard", "finans")} == {
        "skola": rader,
        "vard": rader,
        "finans": [],
    }


# --- Vilken period siffrorna kommer ur --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lamnade", "period", "namn", "vald", "forbi"),
    [
        ("2024-05 2024-08", "2024-09-lage", "senaste", "2024-08", 0),
        ("2024-05 2024-08:1", "2024-09-lage", "senaste", "2024-05", 1),
        ("2024-05:1 2024-08:2", "2024-09-lage", "senaste", "2024-08", 0),
        ("2024-05 2024-08 2024-09", "2024-09-lage", "senaste", "2024-08", 0),
        ("2024-05 2024-08 2024-09", "2024-10-lage", "senaste", "2024-08", 1),
        ("2024-05:2 2024-08:2 2024-09", "2024-10-lage", "senaste", "2024-09", 0),
        ("2024-05 2024-09-lage", "2024-10-lage", "senaste", "2024-05", 2),
        ("2022-12 2024-08:1", "2024-09-lage", "senaste", "2024-08", 0),
        ("2023-12 2024-08", "2024-09-lage", "senaste_hme", "2023-12", 0),
        ("2024-05 2024-08 2024-09", "2024-10-lage", "senaste_personal", "2024-08", 0),
        ("2023-12 2024-08:1", "2024-09-lage", "senaste_personal", "2023-12", 1),
        ("2023-10", "2024-01-lage", "senaste", "2023-10", 1),
        ("", "2024-01-lage", "senaste", "", 0),
    ],
)
def test_den_senaste_perioden_dar_alla_har_lamnat(lage: Provkommun, lamnade: str, period: str, namn: str, vald: str, forbi: int) -> None:
    """``2024-08:1`` är en period där en av tre har lämnat. Sammanträdet i oktober är före sista dagen för september."""
    shutil.rmtree(lage.katalog / "inlamnat")
    finns_lamnat(lage, *lamnade.split())
    svar = valda_perioder(las_arbetskatalog(lage.katalog), Period.parse(period)).get(namn)
    assert (str(svar.period), len(svar.forbi)) == (vald, forbi) if svar else not vald


@pytest.mark.parametrize(
    ("kommuntoml", "mall", "vald"),
    [
        ("", "", "2024-08"),
        ('ekonomi = { 2024-09-17 = "2024-05" }\n', "", "2024-05"),
        ('ekonomi = { 2024-10-15 = "2024-05" }\n', "", "2024-08"),
        ("", 'kalla = [["sista_dagen"], []]', "2024-08"),
        ("", 'kalla = [["alla_bocker"]]', "2024-05"),
    ],
)
def test_kommunen_valjer_period_och_regel(lage: Provkommun, kommuntoml: str, mall: str, vald: str) -> None:
    finns_lamnat(lage, "2024-05", "2024-08")
    if mall:
        (lage.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
        medfoljande = (las_arbetskatalog(lage.katalog).mallkalla.grund.rotter[0] / "lagesbild.toml").read_text(encoding="utf-8")
        lage.skriv("mallar/lagesbild.toml", medfoljande[: medfoljande.index("kalla = ")] + mall)
    lage.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]\n", f"{LAGESBILDER}{kommuntoml}[trosklar]\n"))
    assert str(valda_perioder(las_arbetskatalog(lage.katalog), LAGE)["senaste"].period) == vald


@pytest.mark.parametrize("val", ['2024-09-18 = "2024-08"', '2024-09-17 = "2024-04"', '2024-09-17 = "augusti"'])
def test_ett_val_som_inte_gar_att_folja_sags(lage: Provkommun, kor: Kommandorad, val: str) -> None:
    lamna(lage)
    lage.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]\n", f"{LAGESBILDER}ekonomi = {{ {val} }}\n[trosklar]\n"))
    svar = kor("lagesbild", "--datum", "2024-09-17", katalog=lage.katalog)
    assert (svar.kod, "[lagesbild] ekonomi" in svar.fel) == (Slutkod.MALL, True)


def test_valet_och_det_som_valdes_bort_star_i_dokumentet_och_pa_skarmen(lage: Provkommun, kor: Kommandorad) -> None:
    """Sjukfrånvaron finns bara i augusti, så den bok som saknas där är ändå en saknad inlämning; majböckerna är tomma."""
    finns_lamnat(lage, "2024-05")
    (lage.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    lamna(lage)
    svar = kor("lagesbild", "--datum", "2024-09-17", katalog=lage.katalog)
    text = rapport(lage).meningar["siffrornas_datum"]
    assert (svar.kod, *(del_ in svar.fel for del_ in ("januari–maj 2024", "augusti 2024 (1 av 3"))) == (Slutkod.ANMARKNINGAR, True, True)
    assert [kod in svar.ut + svar.fel for kod in ("KR120", "KR121")] == [True, True]
    assert [del_ in text for del_ in ("31 maj 2024", "augusti 2024 (1 av 3")] == [True, True]


def test_det_som_valet_beror_pa_hor_till_underlaget(lage: Provkommun) -> None:
    finns_lamnat(lage, "2024-05", "2024-08:1", "2023-12")
    mappar = {vag.split("/")[1] for vag in underlag_for(las_arbetskatalog(lage.katalog), LAGE) if vag.startswith("inlamnat/")}
    assert mappar == {"2024-05", "2024-08", "2023-12"}


def test_ordinarie_perioder_jamfors_aldrig_med_en_lagesbild(lage: Provkommun) -> None:
    finns_lamnat(lage, "2024-09-lage", "2024-05")
    arbete = las_arbetskatalog(lage.katalog)
    assert [str(p) for p in arets_perioder(arbete, Period(2024, 12))] == ["2024-05", "2024-08"]
    assert senast_lamnade(arbete) == Period(2024, 8)


def test_siffrorna_ar_den_senaste_periodens_med_dess_budget_och_period(lage: Provkommun) -> None:
    beslut = TILLAGG.replace("beslut\n", "beslut;datum\n").replace("§ 41", "§ 41;2024-04-22")
    lage.skriv("styrning/2024/tillagg.csv", f"{beslut}skola;grund;drift;-7 000;KF 2024-09-09 § 60;2024-09-09\n")
    lamna(lage)
    s = floden.sammanstall(lage.katalog, LAGE, "lagesbild")
    siffror = {(rad, k): s.rakning.varde(Adress("lage_namnder", rad, k)) for rad in ("skola", "summa_namnder") for k in ("utfall", "budget")}
    tkr = 100_000
    assert siffror == {
        ("skola", "utfall"): -46_500 * tkr,
        ("skola", "budget"): -71_000 * tkr,
        ("summa_namnder", "utfall"): -66_500 * tkr,
        ("summa_namnder", "budget"): -101_000 * tkr,
    }
    r = floden.bygg_rapport(s)
    assert [k.rubrik for k in r.tabeller["lage_resultat"].kolumner] == ["Utfall jan–aug 2024", "Utfall jan–aug 2023", "Budget 2024"]
    assert [(n.adress.tabell, "jan–aug 2024" in n.text) for n in r.nyckeltal] == [
        ("lage_resultat", True),
        ("lage_namnder", True),
        ("lage_sjuk", True),
    ]


def test_varje_siffra_foljs_till_sin_cell(lage: Provkommun, kor: Kommandorad) -> None:
    lamna(lage)
    svar = kor("harled", "lage_namnder", "skola", "utfall", "--period", str(LAGE), katalog=lage.katalog)
    assert (svar.kod, "inlamnat/2024-08/skola.xlsx" in svar.ut) == (Slutkod.KLART, True)


# --- Dokumentet -----------------------------------------------------------------------------------------


def test_hela_lagesbilden(lage: Provkommun, kor: Kommandorad) -> None:
    lamna(lage)
    svar = kor("lagesbild", "--datum", "2024-09-17", "--json", katalog=lage.katalog)
    assert (svar.kod, json.loads(svar.ut)["anmarkningar"]) == (Slutkod.KLART, [])
    mapp = lage.katalog / "rapporter/2024-09-lage"
    filer = sorted(f for f in mapp.iterdir() if f.suffix in (".docx", ".xlsx"))
    mall = las_dokumentmall(las_arbetskatalog(lage.katalog).mallkalla)
    assert [granska_fil(f, mall).anmarkningar for f in filer] == [()] * len(filer)
    text = texten(mapp / "Lägesbild 2024-09-lage.docx")
    for vantat in (
        "17 september 2024",
        "Förslag till beslut",
        "Beslutsunderlag",
        "Ett gott liv",
        "Lovskola i juni.",
        "Enkäten går ut i oktober.",
        "kvalitetssäkrat",
    ):
        assert vantat in text
    assert text.casefold().count("prognos") == 1
    bilaga: Any = openpyxl.load_workbook(mapp / "Lägesbild 2024-09-lage.xlsx", read_only=True)
    assert "Källor" in bilaga.sheetnames


def test_ett_omrade_visar_bara_de_forvaltningar_som_har_skrivit_om_det(lage: Provkommun) -> None:
    lamna(lage)
    r = rapport(lage)
    assert r.malomraden == {"lage-livet": "Ett gott liv", "lage-platsen": "En hållbar plats"}
    assert {t: [rad.id for rad in r.tabeller[t].rader] for t in r.malomraden} == {"lage-livet": ["skola.livet"], "lage-platsen": ["vard.platsen"]}


def test_en_forvaltning_som_saknas_namns_och_resten_skrivs(lage: Provkommun, kor: Kommandorad) -> None:
    lamna(lage, utom="skola")
    svar = kor("lagesbild", "--datum", "2024-09-17", "--json", katalog=lage.katalog)
    assert (svar.kod, [a["kod"] for a in json.loads(svar.ut)["anmarkningar"]]) == (Slutkod.SAKNAS, ["KR101"])
    r = rapport(lage)
    assert (list(r.malomraden), "Skolnämnden" in r.utkastrader[0], "rognos" in "".join(r.utkastrader)) == (["lage-platsen"], True, False)
    assert r.tabeller["lage_namnder"].rader[0].id == "skola"
    assert not any("Skolnämnden" in not_ for t in r.tabeller.values() for not_ in t.noter)
    assert [n for n in r.nyckeltal if n.adress.kolumn == "forbrukat"]


def test_en_forvaltning_vars_bok_inte_gar_att_lasa_namns_ocksa(lage: Provkommun) -> None:
    lamna(lage, utom="skola")
    lage.skriv("inlamnat/2024-09-lage/Skolnämnden.xlsx", "ingen bok")
    assert "Skolnämnden" in rapport(lage).utkastrader[0]


def test_en_bok_som_saknas_i_perioden_med_siffrorna_ar_en_saknad_inlamning(lage: Provkommun, kor: Kommandorad) -> None:
    (lage.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    lamna(lage)
    svar = kor("lagesbild", "--datum", "2024-09-17", "--json", katalog=lage.katalog)
    funna = [(a["kod"], a["enhet"], a["fil"]) for a in json.loads(svar.ut)["anmarkningar"]]
    assert (svar.kod, funna) == (Slutkod.SAKNAS, [("KR120", "Vårdnämnden", "inlamnat/2024-08")])
    assert kor("lagesbild", "--datum", "2024-09-17", "--strikt", katalog=lage.katalog).kod == Slutkod.SAKNAS
    assert kor("validera", "--period", str(LAGE), katalog=lage.katalog).kod == Slutkod.SAKNAS
    (perioden,) = las_lage(lage.katalog, Tillfalle.pa_dagen(date(2024, 9, 10)), LAGE).perioder
    assert ({e.fel for e in perioden.enheter}, [a["kod"] for a in perioden.ovriga]) == ({0}, ["KR120"])


def test_fel_i_perioden_med_siffrorna_ar_fel_i_lagesbilden(lage: Provkommun, kor: Kommandorad) -> None:
    lage.lamna("vard", vardbok(drift__hemtjanst__utfall="tusen"))
    lamna(lage)
    svar = kor("lagesbild", "--datum", "2024-09-17", "--json", katalog=lage.katalog)
    funna = [(a["kod"], a["enhet"], a["fil"]) for a in json.loads(svar.ut)["anmarkningar"]]
    assert (svar.kod, funna) == (Slutkod.ANMARKNINGAR, [("KR121", "Vårdnämnden", "inlamnat/2024-08")])
    assert "1 fel" in rapport(lage).meningar["anmarkningar"]


def test_den_som_inte_lamnade_namns_vid_siffran_och_skillnaden_sags(lage: Provkommun) -> None:
    (lage.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    lamna(lage)
    s = floden.sammanstall(lage.katalog, LAGE, "lagesbild")
    r = floden.bygg_rapport(s)
    assert ("Vårdnämnden" in r.meningar["namnder"], "procent" in r.meningar["namnder"]) == (True, False)
    assert ["Vårdnämnden" in rad for rad in r.utkastrader] == [True, False]
    assert {t: any("Vårdnämnden" in not_ for not_ in r.tabeller[t].noter) for t in ("lage_namnder", "lage_sjuk", "lage_resultat")} == {
        "lage_namnder": True,
        "lage_sjuk": True,
        "lage_resultat": False,
    }
    assert not [n for n in r.nyckeltal if n.adress.kolumn == "forbrukat"]
    andelar = [s.rakning.varde(Adress("lage_namnder", rad, "forbrukat")) is None for rad in ("skola", "vard", "summa_namnder", "summa")]
    assert andelar == [False, True, True, True]
    netto = s.rakning.varde(Adress("lage_resultat", "nettokostnader", "utfall"))
    assert netto != s.rakning.varde(Adress("lage_namnder", "summa", "utfall"))
    assert "Vårdnämnden" in r.meningar["skillnad"]


REGELFALL: tuple[tuple[str, str, list[str]], ...] = (("lagesbildens-effekt", "", []), ("lagesbildens-effekt", "effekt", ["KR498"]))
"""Regeln, uppgiften som inte är skriven och koderna; prövas i ``test_det_som_inte_ar_skrivet_sags``."""


@pytest.mark.parametrize(
    ("enhet", "utan", "koder", "effekter", "omrade", "laget"),
    [
        ("vard", *REGELFALL[0][1:], ["Nio av tolv blev behöriga.", "Lägre utsläpp."], False, False),
        ("vard", *REGELFALL[1][1:], ["Nio av tolv blev behöriga.", "inte beskriven"], False, False),
        ("vard", "platsen", [], ["Nio av tolv blev behöriga."], True, False),
        ("finans", "laget", ["KR310"], ["Nio av tolv blev behöriga.", "Lägre utsläpp."], False, True),
    ],
)
def test_det_som_inte_ar_skrivet_sags(
    lage: Provkommun, enhet: str, utan: str, koder: list[str], effekter: list[str], omrade: bool, laget: bool
) -> None:
    lamna(lage, utom=enhet)
    lage.lamna(enhet, {cell: v for cell, v in BOCKER[enhet].items() if utan not in cell}, period=LAGE)
    s = floden.sammanstall(lage.katalog, LAGE, "lagesbild")
    r = floden.bygg_rapport(s)
    assert [a.kod for a in s.anmarkningar] == koder
    assert [rad.celler[1].text for t in r.malomraden for rad in r.tabeller[t].rader] == effekter
    assert ("En hållbar plats" in r.meningar["tomma_omraden"], bool(r.meningar["laget_saknas"])) == (omrade, laget)


def test_fore_arets_forsta_bokslut_finns_texterna_men_inga_siffror(kommun: Provkommun, kor: Kommandorad) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]\n", f"{LAGESBILDER}[trosklar]\n"))
    kommun.skriv("styrning/2024/mal.csv", MAL)
    lamna(kommun, Period(2024, 1, LAGESBILD))
    assert kor("lagesbild", "--datum", "2024-01-23", katalog=kommun.katalog).kod == Slutkod.KLART
    r = rapport(kommun, Period(2024, 1, LAGESBILD))
    assert ({t for t in r.tabeller if t.startswith("lage_")}, r.nyckeltal, list(r.malomraden)) == (set(), (), ["lage-livet", "lage-platsen"])


@pytest.mark.parametrize(
    ("lamnat", "punkter"),
    [
        ("", ("Lägesbilden till sammanträdet den 17 september 2024 läggs till handlingarna.",)),
        (
            "1. Lägesbilden läggs till handlingarna.\n\n2. Skolnämnden redovisar frånvaron.",
            ("Lägesbilden läggs till handlingarna.", "Skolnämnden redovisar frånvaron."),
        ),
    ],
)
def test_forslaget_till_beslut(lage: Provkommun, lamnat: str, punkter: tuple[str, ...]) -> None:
    lamna(lage, finans={**FINANS, ("lagetexter", "beslutspunkter", "text"): lamnat})
    r = rapport(lage)
    assert r.beslut == punkter


def test_rapporten_ar_ett_beslutsunderlag_nar_den_finns(lage: Provkommun, kor: Kommandorad) -> None:
    lamna(lage)
    fore = rapport(lage)
    kor("delar", "--period", "2024-08", katalog=lage.katalog)
    efter = rapport(lage)
    dagen, namnet = "31 augusti 2024", "Delårsrapport januari–augusti 2024"
    assert [[ord_ in "\n".join(r.beslutsunderlag) for ord_ in (dagen, namnet)] for r in (fore, efter)] == [[True, False], [False, True]]
    assert ["elårsrapport" in r.meningar["siffrornas_datum"] for r in (fore, efter)] == [False, False]


@pytest.mark.parametrize(
    ("rad", "utan"), [("1. Ett", "Ett"), ("- Två", "Två"), ("Vård- och omsorg", "Vård- och omsorg"), ("2024 års mål", "2024 års mål")]
)
def test_nummer_och_punkter_som_nagon_har_skrivit_tas_bort(rad: str, utan: str) -> None:
    assert utan_listtecken(rad) == utan


# --- Dagen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flaggor", "kod"),
    [
        (["--datum", "2024-09-17"], Slutkod.KLART),
        (["--datum", "2024-09-03"], Slutkod.KLART),
        (["--period", "2024-09"], Slutkod.KLART),
        (["--datum", "2024-11-12"], Slutkod.ANVANDNING),
        (["--datum", "2025-09-16"], Slutkod.ANVANDNING),
        ([], Slutkod.ANVANDNING),
        (["--datum", "2024-09-17", "--period", "2024-09"], Slutkod.ANVANDNING),
    ],
)
def test_dagen_valjer_manadens_lagesbild(lage: Provkommun, kor: Kommandorad, flaggor: list[str], kod: Slutkod) -> None:
    lamna(lage)
    assert kor("lagesbild", *flaggor, katalog=lage.katalog).kod == kod


def test_dagarna_raknas_fran_sammantradet(lage: Provkommun) -> None:
    hjul = las_arbetskatalog(lage.katalog).arshjul
    plan = next(p for p in planera(hjul, 2024, {}).perioder if p.period == LAGE)
    assert [p.dag for p in plan.punkter] == [date(2024, 8, 20), date(2024, 9, 6), date(2024, 9, 17)]
    assert not [p for p in planera(hjul, 2025, {}).perioder if p.period.lagesbild]


def test_en_kommun_utan_sammantraden_har_inga_lagesbilder(kommun: Provkommun, kor: Kommandorad) -> None:
    assert not [p for p in las_arbetskatalog(kommun.katalog).arshjul.period if p.period(2024).lagesbild]
    svar = kor("lagesbild", "--datum", "2024-09-17", katalog=kommun.katalog)
    assert (svar.kod, "[lagesbild]" in svar.fel) == (Slutkod.ANVANDNING, True)


def test_ordinarie_rapporter_laser_inte_lagesbildens_bocker(lage: Provkommun) -> None:
    lamna(lage)
    for enhet, celler in (("skola", bok()), ("vard", vardbok()), ("finans", finansbok())):
        lage.lamna(enhet, celler, period=Period(2024, 10))
    s = floden.sammanstall(lage.katalog, Period(2024, 10), "manad")
    assert {str(t.period) for t in s.samling.tidigare.values()} == {"2023-10", "2023-12", "2024-08"}
