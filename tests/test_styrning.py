"""Styrfilerna: besluten blir rader och budget, och varje fel i en fil blir en mening som går att rätta efter."""

from pathlib import Path
from typing import Any

import pytest

from kommunrapport.inlasning.avstamning import las_avstamning
from kommunrapport.inlasning.styrning import Styrning, las_styrning
from kommunrapport.karna.fel import MallFel, Slutkod
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.periodmall import las_arbetskatalog
from tests.kommun import KOMMUN_TOML, PERIOD, Provkommun

DRIFT = "enhet;rad;benamning;ursprunglig"
INVESTERINGAR = "enhet;rad;benamning;art;budget"
MAL = "enhet;rad;art;benamning"
KONTROLLER = "enhet;rad;benamning;process;risk"
UTFORARE = "enhet;rad;benamning;verksamhet;form;planerad"
TILLAGG = "enhet;rad;tabell;belopp;beslut"


def las(kommun: Provkommun) -> Styrning:
    return las_styrning(kommun.katalog, PERIOD.ar, las_arbetskatalog(kommun.katalog).organisation)


def styrfil(kommun: Provkommun, namn: str, *rader: str) -> Path:
    return kommun.skriv(f"styrning/2024/{namn}", "\n".join(rader) + "\n")


def belopp(styrning: Styrning) -> dict[tuple[str, str, str, str], int]:
    """(enhet, tabell, rad, kolumn) → öre, med upprepade rader hopräknade."""
    summor: dict[tuple[str, str, str, str], int] = {}
    rader: list[Any] = list(styrning.fakta.itertuples())
    for f in rader:
        nyckel = (f.enhet, f.tabell, f.rad, f.kolumn)
        summor[nyckel] = summor.get(nyckel, 0) + int(f.varde)
    return summor


def brister(kommun: Provkommun) -> list[str]:
    with pytest.raises(MallFel) as fel:
        las(kommun)
    assert fel.value.slutkod == Slutkod.MALL
    return list(fel.value.rader)


# --- Det som är rätt -----------------------------------------------------------------------------------------------


def test_budgeten_ar_den_ursprungliga_plus_tillaggen(kommun: Provkommun) -> None:
    styrfil(kommun, "tillagg.csv", TILLAGG, "skola;grund;drift;-1 000;KF § 41", "skola;grund;drift;-250;KF § 57")
    lasta = belopp(las(kommun))
    assert lasta["skola", "drift", "grund", "ursprunglig"] == -60_000_000_00
    assert lasta["skola", "drift", "grund", "tillagg"] == -1_250_000_00


def test_rapportens_budget_ar_ursprunglig_plus_tillagg(hel_kommun: Provkommun) -> None:
    rakning = hel_kommun.sammanstall().rakning
    assert rakning.varde(Adress("drift", "skola", "budget")) == -71_000_000_00
    assert rakning.varde(Adress("drift", "vard", "budget")) == -30_000_000_00


def test_raderna_kommer_i_filens_ordning_med_namn_art_kategori_och_attribut(kommun: Provkommun) -> None:
    styrfil(kommun, "mal.csv", f"{MAL};matt;malvarde", "skola;m1;mal;Alla klarar skolan;;", "skola;m1b;indikator;Behöriga;procent;85")
    styrfil(kommun, "uppdrag.csv", "enhet;rad;benamning;beslut", "skola;u1;Utred skolskjutsen;KF 2024-02-26 § 9")
    styrning = las(kommun)
    assert [(r.rad, r.namn) for r in styrning.rader_for("skola", "drift")] == [("grund", "Grundskola"), ("fritids", "Fritidshem")]
    assert [(r.rad, r.art, r.attribut["malvarde"]) for r in styrning.rader_for("skola", "mal")] == [("m1", "mal", ""), ("m1b", "indikator", "85")]
    assert [r.attribut["beslut"] for r in styrning.rader_for("skola", "uppdrag")] == ["KF 2024-02-26 § 9"]


def test_riskvardet_ar_sannolikheten_ganger_konsekvensen(kommun: Provkommun) -> None:
    styrfil(kommun, "internkontroll.csv", f"{KONTROLLER};sannolikhet;konsekvens", "skola;k1;Stickprov;Inköp;Fel;3;4", "skola;k2;Loggar;IT;Fel;;")
    ett, tva = las(kommun).rader_for("skola", "internkontroll")
    assert (ett.art, ett.attribut["riskvarde"], tva.attribut["riskvarde"]) == ("kontroll", "12", "")


def test_en_utforare_ar_privat_nar_inget_annat_sags(kommun: Provkommun) -> None:
    rader = ("skola;u1;Buss;Skolskjuts;Besök;2024-05-31;", "skola;u2;Egen;Skolskjuts;Besök;2024-05-31;egen regi")
    styrfil(kommun, "utforare.csv", f"{UTFORARE};regi", *rader)
    assert [r.attribut["regi"] for r in las(kommun).rader_for("skola", "utforare")] == ["privat", "egen regi"]


def test_beloppet_pekar_pa_fil_rad_och_kolumn(kommun: Provkommun) -> None:
    styrfil(kommun, "tillagg.csv", f"{TILLAGG};datum;avser", "skola;grund;drift;-1 000;KF § 41;2024-04-22;Fler elever")
    (tillagg,) = [f for f in list[Any](las(kommun).fakta.itertuples()) if f.kolumn == "tillagg"]
    assert (tillagg.fil, tillagg.cell) == ("styrning/2024/tillagg.csv", "rad 2, belopp")
    assert "KF § 41" in tillagg.text
    assert "Fler elever" in tillagg.text


def test_investeringar_vands_sa_att_utgift_blir_minus(kommun: Provkommun) -> None:
    styrfil(
        kommun,
        "investeringar.csv",
        f"{INVESTERINGAR};beslutad_totalutgift",
        "skola;ny;Ny skola;utgift;5 000;20 000",
        "skola;bidrag;Statsbidrag;inkomst;-1 000;",
    )
    varden = {(rad, varde) for (_, tabell, rad, _), varde in belopp(las(kommun)).items() if tabell == "investering"}
    assert varden == {("ny", -5_000_000_00), ("ny", -20_000_000_00), ("bidrag", 1_000_000_00)}


def test_resultatbudgeten_hor_till_finansforvaltningen(kommun: Provkommun) -> None:
    styrfil(kommun, "resultatbudget.csv", "rad;ursprunglig", "skatt;90 000,5")
    assert belopp(las(kommun))["finans", "resultat", "skatt", "ursprunglig"] == 90_000_500_00


@pytest.mark.parametrize(("enhet", "ore"), [("kr", -60_000_00), ("tkr", -60_000_000_00), ("mnkr", -60_000_000_000_00)])
def test_beloppen_star_i_styrningens_enhet(kommun: Provkommun, enhet: str, ore: int) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML + f'[enheter]\nstyrning = "{enhet}"\n')
    assert belopp(las(kommun))["skola", "drift", "grund", "ursprunglig"] == ore


@pytest.mark.parametrize("kodning", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("radslut", ["\n", "\r\n"])
def test_filen_lases_som_utf8_med_eller_utan_bom_och_som_svenskt_excel_sparar(kommun: Provkommun, kodning: str, radslut: str) -> None:
    rader = [DRIFT, "skola;grund;Särskola å, ä och ö;\u221260\u00a0000", ""]
    if kodning == "cp1252":
        rader[1] = rader[1].replace("\u2212", "-")
    (kommun.katalog / "styrning/2024/driftbudget.csv").write_bytes(radslut.join(rader).encode(kodning))
    styrning = las(kommun)
    assert [r.namn for r in styrning.rader_for("skola", "drift")] == ["Särskola å, ä och ö"]
    assert belopp(styrning)["skola", "drift", "grund", "ursprunglig"] == -60_000_000_00


@pytest.mark.parametrize("tomt", ["", "-", "–"])
def test_ett_tomt_belopp_ar_inget_beslut(kommun: Provkommun, tomt: str) -> None:
    styrfil(kommun, "driftbudget.csv", DRIFT, f"skola;grund;Grundskola;{tomt}")
    styrning = las(kommun)
    assert [r.rad for r in styrning.rader_for("skola", "drift")] == ["grund"]
    assert ("skola", "drift", "grund", "ursprunglig") not in belopp(styrning)


def test_tomma_rader_och_kolumner_i_annan_ordning_spelar_ingen_roll(kommun: Provkommun) -> None:
    styrfil(kommun, "driftbudget.csv", "ursprunglig;benamning;rad;enhet", "", "-1;Grundskola;grund;skola", ";;;", "")
    assert belopp(las(kommun))["skola", "drift", "grund", "ursprunglig"] == -1_000_00


def test_semikolon_i_text_gar_bra_inom_citattecken(kommun: Provkommun) -> None:
    styrfil(kommun, "driftbudget.csv", DRIFT, 'skola;grund;"Grundskola; F–9";-60 000')
    assert [r.namn for r in las(kommun).rader_for("skola", "drift")] == ["Grundskola; F–9"]


def test_en_styrfil_som_saknas_ger_inga_rader(kommun: Provkommun) -> None:
    for namn in ("tillagg.csv", "resultatbudget.csv", "finansmal.csv"):
        (kommun.katalog / "styrning/2024" / namn).unlink()
    styrning = las(kommun)
    assert {r.tabell for r in styrning.rader} == {"drift"}
    assert {kolumn for _, _, _, kolumn in belopp(styrning)} == {"ursprunglig"}


def test_utan_driftbudget_finns_inget_att_folja_upp(kommun: Provkommun) -> None:
    (kommun.katalog / "styrning/2024/driftbudget.csv").unlink()
    (mening,) = brister(kommun)
    assert mening.startswith("styrning/2024/driftbudget.csv")
    assert "kommunrapport ny" in mening


def test_ett_nytt_ar_utgar_fran_forra_arets_beslut(kommun: Provkommun) -> None:
    with pytest.raises(MallFel) as fel:
        las_styrning(kommun.katalog, PERIOD.ar + 1, las_arbetskatalog(kommun.katalog).organisation)
    assert "Kopiera styrning/2024 till styrning/2025" in str(fel.value)


# --- Det som är fel ------------------------------------------------------------------------------------------------

FEL: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    # fil, rader och vad meningen måste nämna: platsen, det som står och det som är tillåtet
    "okand_enhet": ("driftbudget.csv", (DRIFT, "kultur;bibliotek;Bibliotek;-1"), ("rad 2", "kultur", "skola, vard, finans")),
    "tom_enhet": ("driftbudget.csv", (DRIFT, ";grund;Grundskola;-1"), ("rad 2", "skola, vard, finans")),
    "tom_rad": ("driftbudget.csv", (DRIFT, "skola;;Grundskola;-1"), ("rad 2", "rad")),
    "inte_ett_tal": ("driftbudget.csv", (DRIFT, "skola;grund;Grundskola;mycket"), ("rad 2", "ursprunglig", "mycket")),
    "tvetydigt_tal": ("driftbudget.csv", (DRIFT, "skola;grund;Grundskola;-60.000"), ("rad 2", "ursprunglig", "-60.000")),
    "enhet_i_beloppet": ("driftbudget.csv", (DRIFT, "skola;grund;Grundskola;-60 tkr"), ("rad 2", "ursprunglig", "-60 tkr")),
    "orimligt_tal": ("driftbudget.csv", (DRIFT, "skola;grund;Grundskola;5569876543210987"), ("rad 2", "ursprunglig", "5569876543210987")),
    "felvarde": ("driftbudget.csv", (DRIFT, "skola;grund;Grundskola;#REF!"), ("rad 2", "ursprunglig", "#REF!")),
    "samma_rad_tva_ganger": ("driftbudget.csv", (DRIFT, "skola;grund;A;-1", "skola;grund;B;-2"), ("skola", "grund")),
    "saknad_kolumn": ("driftbudget.csv", ("enhet;rad;benamning", "skola;grund;Grundskola"), ("ursprunglig", "enhet, rad, benamning")),
    "saknade_kolumner": ("driftbudget.csv", ("enhet;benamning", "skola;Grundskola"), ("kolumnerna rad och ursprunglig saknas",)),
    "okand_kolumn": ("driftbudget.csv", (f"{DRIFT};ansvar", "skola;grund;Grundskola;-1;x"), ("ansvar", "ursprunglig")),
    "komma_i_stallet_for_semikolon": ("driftbudget.csv", ("enhet,rad,benamning,ursprunglig",), ("enhet, rad, benamning, ursprunglig",)),
    "tabb_i_stallet_for_semikolon": ("driftbudget.csv", (DRIFT.replace(";", "\t"),), ("tabb", "semikolon")),
    "enheten_ar_felskriven": ("driftbudget.csv", (DRIFT, "skolla;grund;Grundskola;-1"), ("rad 2", "skolla", "Menade du skola?")),
    "tom_fil": ("driftbudget.csv", ("",), ("enhet, rad, benamning, ursprunglig",)),
    "for_manga_falt": ("driftbudget.csv", (DRIFT, "skola;grund;Grundskola;F–9;-1"), ("rad 2",)),
    "okand_art": ("investeringar.csv", (INVESTERINGAR, "skola;ny;Ny skola;kostnad;5"), ("rad 2", "kostnad", "utgift, inkomst")),
    "inkomst_med_plus": ("investeringar.csv", (INVESTERINGAR, "skola;ny;Bidrag;inkomst;0,5"), ("rad 2", "0,5", "inkomst", "minus")),
    "tom_art": ("investeringar.csv", (INVESTERINGAR, "skola;ny;Ny skola;;5"), ("rad 2", "art", "utgift, inkomst")),
    "okand_art_pa_mal": ("mal.csv", (MAL, "skola;m1;delmål;Alla"), ("rad 2", "delmål", "mal, indikator")),
    "felaktigt_datum": ("tillagg.csv", (f"{TILLAGG};datum", "skola;grund;drift;-1;KF § 1;22/4 2024"), ("rad 2", "datum", "22/4 2024")),
    "okand_tabell": ("tillagg.csv", (TILLAGG, "skola;grund;driften;-1;KF § 1"), ("rad 2", "driften", "drift, investering, resultat")),
    "tillagg_till_rad_som_inte_finns": ("tillagg.csv", (TILLAGG, "skola;gymnasium;drift;-1;KF § 1"), ("rad 2", "gymnasium", "driftbudget.csv")),
    "tillagg_till_annan_enhets_rad": ("tillagg.csv", (TILLAGG, "vard;grund;drift;-1;KF § 1"), ("rad 2", "vard", "grund", "driftbudget.csv")),
    "samma_resultatrad_tva_ganger": ("resultatbudget.csv", ("rad;ursprunglig", "skatt;1", "skatt;2"), ("skatt",)),
    "planerad_saknas": ("utforare.csv", (UTFORARE, "skola;u;Bussbolaget;Skolskjuts;Besök;"), ("rad 2", "planerad")),
    "planerad_ar_ingen_dag": ("utforare.csv", (UTFORARE, "skola;u;Bussbolaget;Skolskjuts;Besök;i maj"), ("rad 2", "planerad", "i maj")),
    "okand_driftform": (
        "utforare.csv",
        (f"{UTFORARE};regi", "skola;u;Buss;Skolskjuts;Besök;2024-05-31;egen"),
        ("rad 2", "egen", "privat, egen regi"),
    ),
    "halv_risk": ("internkontroll.csv", (f"{KONTROLLER};sannolikhet;konsekvens", "skola;k;Stickprov;Inköp;Fel;3;"), ("rad 2", "konsekvens")),
    "risk_i_ord": ("internkontroll.csv", (f"{KONTROLLER};sannolikhet;konsekvens", "skola;k;Stickprov;Inköp;Fel;hög;2"), ("rad 2", "sannolikhet")),
    "resultatbudget_utan_tal": ("resultatbudget.csv", ("rad;ursprunglig", "skatt;x"), ("rad 2", "ursprunglig", "x")),
}


@pytest.mark.parametrize("fel", FEL)
def test_felet_blir_en_mening_med_fil_plats_och_vad_som_ar_tillatet(kommun: Provkommun, fel: str) -> None:
    fil, rader, namns = FEL[fel]
    (kommun.katalog / "styrning/2024/tillagg.csv").unlink()
    if fil != "driftbudget.csv":
        styrfil(kommun, "driftbudget.csv", DRIFT, "skola;grund;Grundskola;-60 000")
    styrfil(kommun, fil, *rader)
    (mening,) = brister(kommun)
    assert mening.startswith(f"styrning/2024/{fil}")
    assert [ord_ for ord_ in namns if ord_ not in mening] == []


def test_flera_fel_ger_en_mening_var(kommun: Provkommun) -> None:
    styrfil(kommun, "driftbudget.csv", DRIFT, "skola;grund;A;-1", "kultur;b;B;-1", "vard;hem;C;x", "skola;grund;D;-2")
    styrfil(kommun, "investeringar.csv", INVESTERINGAR, "skola;ny;Ny skola;kostnad;5")
    meningar = brister(kommun)
    platser = ["driftbudget.csv, rad 3", "driftbudget.csv, rad 4", "investeringar.csv, rad 2", "driftbudget.csv: "]
    assert [plats for plats in platser if not any(plats in mening for mening in meningar)] == []
    assert len(meningar) == len(platser)


# --- Kontrollsummor ------------------------------------------------------------------------------------------------


def test_kontrollsummor_lases_med_adress_tal_decimaler_och_plats(kommun: Provkommun) -> None:
    kommun.skriv("avstamning/2024-08.csv", "tabell;rad;kolumn;belopp;kalla\ndrift;skola;utfall;-46,5;Huvudbok\nresultat;skatt;utfall;60;\n")
    summor = las_avstamning(kommun.katalog, PERIOD)
    assert [(str(k.adress), str(k.tal), k.decimaler, k.cell) for k in summor] == [
        ("drift.skola.utfall", "-46.5", 1, "rad 2"),
        ("resultat.skatt.utfall", "60", 0, "rad 3"),
    ]
    assert {k.fil for k in summor} == {"avstamning/2024-08.csv"}


def test_utan_fil_finns_inga_kontrollsummor(kommun: Provkommun) -> None:
    assert las_avstamning(kommun.katalog, PERIOD) == ()


@pytest.mark.parametrize(
    ("innehall", "namns"),
    [
        ("tabell;rad;kolumn;belopp\ndrift;skola;utfall;mycket\n", ("rad 2", "mycket")),
        ("tabell;rad;belopp\ndrift;skola;1\n", ("kolumn",)),
        ("tabell;rad;kolumn;belopp;datum\n", ("datum", "kalla")),
    ],
)
def test_fel_i_kontrollsummorna_blir_en_mening(kommun: Provkommun, innehall: str, namns: tuple[str, ...]) -> None:
    kommun.skriv("avstamning/2024-08.csv", innehall)
    with pytest.raises(MallFel) as fel:
        las_avstamning(kommun.katalog, PERIOD)
    (mening,) = fel.value.rader
    assert mening.startswith("avstamning/2024-08.csv")
    assert [ord_ for ord_ in namns if ord_ not in mening] == []


@pytest.mark.parametrize(("datum", "raknas"), [("2024-08-31", True), ("2024-09-01", False), ("", True)])
def test_ett_tillagg_efter_perioden_raknas_inte(hel_kommun: Provkommun, datum: str, raknas: bool) -> None:
    """Skolans budget utan tillägget är −60 000; boken har det med."""
    hel_kommun.skriv("styrning/2024/tillagg.csv", f"enhet;rad;tabell;belopp;beslut;datum\nskola;grund;drift;-1 000;KF § 41;{datum}\n")
    assert ("KR403" in {kod for kod, _ in hel_kommun.funna()}) != raknas
