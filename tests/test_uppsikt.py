"""Uppsikten: årets plan, loggen, uppföljningsplanerna och underlagen till ett tillfälle."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import docx
import openpyxl
import pytest

from kommunrapport import arshjulet, floden
from kommunrapport.bevarande import handelser
from kommunrapport.inlasning.uppsikt import las_logg, las_plan, las_uppfoljningsplan
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fel import AnvandningsFel, SaknasFel, Slutkod
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.visning import visa
from kommunrapport.kolada.lage import Grupp, Lage, Nyckeltalsuppgift, Omrade, Varde, som_json
from kommunrapport.mall.dokumentmall import las_dokumentmall
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.mall.uppsiktsmall import las_uppsiktsmall
from kommunrapport.mallgranskning import arets_perioder, granska
from kommunrapport.periodfiler import periodfiler
from kommunrapport.rapport.uppsiktstaggar import UPPSIKTSTAGGAR
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.status.sida import sida
from kommunrapport.tillganglighet.granskning import granska_filer
from kommunrapport.uppsikt import innehall
from kommunrapport.uppsikt.ekonomi import Bokslutsar, aren, tabell
from kommunrapport.uppsikt.oversikt import las_uppsikt
from kommunrapport.uppsikt.underlag import senast_med_mal, skriv_underlag
from tests.arsbokslut import lamna_tva_ar
from tests.kommun import MAL, PERIOD, Kommandorad, Provkommun, kommun_toml, lamna_rikt

PLAN = """tillfalle;dag;enhet;agardirektiv;anledning
1;2024-03-13;vard;;
2;2024-05-15;raddning;;
3;2024-10-09;skola;;
3;2024-10-09;bostad;KF 2022-11-28 § 141;
4;2024-11-27;vard2;;
"""
LOGG = """dag;enhet;iakttagelse;slag;paragraf;utfall;klar
2023-05-10;skola;Frånvaron följs inte upp;råd;KS 2023-05-10 § 74;;
2023-10-11;skola;Taxan är inte räknad om;ingen åtgärd;;Nämnden har redan beslutat;
2024-03-13;skola;Två lokaler står tomma;ärende till KF;KS 2024-03-13 § 41;Såldes i juni;2024-06-17
2024-11-27;skola;Sågs efter tillfället;råd;KS 2024-11-27 § 190;;
"""
Skrivet: TypeAlias = tuple[Provkommun, list[Path]]
"""Kommunen, och de skrivna filerna."""
STEGEN = ("nulage", "planering", "insamling", "bearbetning", "sammanstallning", "atgard")
UPPFOLJNING = "enhet;steg;mats;kvalitet;ansvarig;klar_senast;status\n"


def stegrad(steg: str, *, status: str = "ej påbörjad", dag: str = "2024-12-01", enhet: str = "skola", kvalitet: str = "process") -> str:
    return f"{enhet};{steg};Bemötande;{kvalitet};Rektor;{dag};{status}\n"


def plan(*stegen: str) -> str:
    """De givna raderna, och de steg som inte är givna."""
    givna = {rad.split(";")[1] for rad in stegen}
    return UPPFOLJNING + "".join([*stegen, *(stegrad(s) for s in STEGEN if s not in givna)])


@pytest.fixture
def uppsikt(kommun: Provkommun) -> Provkommun:
    """En kommun där alla är med i planen."""
    toml = kommun_toml(fler_enheter=True)
    kommun.skriv("kommun.toml", toml)
    kommun.skriv("styrning/2024/uppsikt.csv", PLAN.replace("4;2024-11-27;vard2;;\n", "").replace("3;2024-10-09;bostad", "4;2024-11-27;bostad"))
    return kommun


LAGE = Lage(
    hamtat=date(2024, 9, 20),
    kalla="prov",
    kommun="0001",
    fran_ar=2019,
    set={},
    omraden=tuple(Omrade(id=f"000{n}", namn=namn, typ="K") for n, namn in enumerate(("Provköping", "Närköping", "Långköping"), 1)),
    grupper=(Grupp(id="G1", namn="Liknande", roll="liknande", medlemmar=("0002", "0003")),),
    nyckeltal=(Nyckeltalsuppgift(id="N15436", titel="Behöriga, andel (%)"),),
    varden=tuple(
        Varde(nyckeltal="N15436", omrade=o, ar=2023, kon="T", varde=Decimal(v)) for o, v in (("0001", "82.5"), ("0002", "83"), ("0003", "85"))
    ),
)
"""Två liknande kommuners värden, för få för en median, och kommunens eget."""


def las(kommun: Provkommun, vad: Any, *ar: int) -> Any:
    arbete = las_arbetskatalog(kommun.katalog)
    return vad(kommun.katalog, *ar, arbete.organisation, las_uppsiktsmall(arbete.mallkalla, date(2024, 12, 31)))


def brister(kommun: Provkommun, vad: Any, *ar: int) -> tuple[str, ...]:
    funna: tuple[str, ...] = las(kommun, vad, *ar).brister
    return funna


# --- Planen ---------------------------------------------------------------------------------------------------------


def test_planen_har_sina_tillfallen_och_alla_enheter(uppsikt: Provkommun) -> None:
    p = las(uppsikt, las_plan, 2024)
    assert {t: [k.enhet.id for k in kallade] for t, kallade in p.tillfallen.items()} == {1: ["vard"], 2: ["raddning"], 3: ["skola"], 4: ["bostad"]}
    assert p.saknas == ()


@pytest.mark.parametrize(
    ("fran", "till", "rad", "ord_"),
    [
        ("3;2024-10-09;skola", "3;2024-10-09;skolan", 4, "skola (Skolnämnden)"),
        ("3;2024-10-09;skola", "3;2024-10-09;Skolnämnden", 4, "skola (Skolnämnden)"),
        ("3;2024-10-09;skola", "3;2024-10-09;finans", 4, "finansforvaltning"),
        ("3;2024-10-09;skola", "3;2025-10-09;skola", 4, "2025-10-09"),
        ("3;2024-10-09;skola", "3;9 oktober;skola", 4, "9 oktober"),
        ("3;2024-10-09;skola", "3;;skola", 4, "dag"),
        ("3;2024-10-09;skola", "5;2024-10-09;skola", 4, "1–4"),
        ("3;2024-10-09;skola;;", "undantas;;skola;;", 4, "anledning"),
        ("3;2024-10-09;skola", "3;2024-10-09;vard", 4, "rad 2"),
        ("3;2024-10-09;skola", "4;2024-10-10;skola", 5, "tillfälle 4"),
    ],
    ids=["okänd", "namn", "fel slag", "annat år", "inget datum", "utan dag", "för högt", "utan anledning", "två gånger", "två dagar"],
)
def test_en_brist_i_planen_star_med_sin_rad(uppsikt: Provkommun, fran: str, till: str, rad: int, ord_: str) -> None:
    fil = uppsikt.katalog / "styrning/2024/uppsikt.csv"
    uppsikt.skriv("styrning/2024/uppsikt.csv", fil.read_text(encoding="utf-8").replace(fran, till))
    (brist,) = brister(uppsikt, las_plan, 2024)
    assert brist.startswith(f"styrning/2024/uppsikt.csv, rad {rad}")
    assert ord_ in brist


TRASIGA = {
    "okänd enhet": ("3;2024-10-09;skola", "3;2024-10-09;skolan", [1, 2, 4]),
    "dag": ("3;2024-10-09;skola", "3;i höst;skola", [1, 2, 4]),
    "kolumn": ("tillfalle;dag;enhet", "tillfalle;dagen;enhet", []),
}


@pytest.mark.parametrize(("fran", "till", "visas"), TRASIGA.values(), ids=TRASIGA)
def test_en_brist_i_planen_hindrar_inte_det_andra(uppsikt: Provkommun, kor: Kommandorad, fran: str, till: str, visas: list[int]) -> None:
    vag = "styrning/2024/uppsikt.csv"
    uppsikt.skriv(vag, (uppsikt.katalog / vag).read_text(encoding="utf-8").replace(fran, till))
    planen = kor("uppsikt", "--ar", "2024", "--json", katalog=uppsikt.katalog)
    data = json.loads(planen.ut)
    assert (planen.kod, [t["tillfalle"] for t in data["tillfallen"]], data["saknas"], len(data["brister"])) == (Slutkod.MALL, visas, [], 1)
    aret = kor("arshjul", "--ar", "2024", katalog=uppsikt.katalog)
    assert (aret.kod, aret.ut.count("till uppsikten"), data["brister"][0] in aret.fel) == (Slutkod.KLART, len(visas), True)
    laget = kor("status", "--datum", "2024-09-10", "--json", katalog=uppsikt.katalog)
    assert [p["hinder"] for p in json.loads(laget.ut)["uppfoljning"]] == [data["brister"]]
    assert kor("uppsikt", "--ar", "2024", "--tillfalle", "3", katalog=uppsikt.katalog).kod == Slutkod.MALL


def test_de_giltiga_raderna_i_loggen_och_planerna_ar_med(uppsikt: Provkommun) -> None:
    uppsikt.skriv("styrning/uppsiktslogg.csv", LOGG + "2024-05-10;skolan;Något;råd;KS § 1;;\n")
    loggen = las(uppsikt, las_logg)
    assert (len(loggen.varde), len(loggen.brister)) == (4, 1)
    uppsikt.skriv("styrning/2024/uppfoljningsplan.csv", plan(stegrad("nulage", status="snart")) + "".join(stegrad(s, enhet="vard") for s in STEGEN))
    planerna = las(uppsikt, las_uppfoljningsplan, 2024)
    assert (list(planerna.varde), len(planerna.brister)) == (["vard"], 1)


def test_tillfallena_kommer_i_ordning(uppsikt: Provkommun) -> None:
    text = (uppsikt.katalog / "styrning/2024/uppsikt.csv").read_text(encoding="utf-8")
    uppsikt.skriv("styrning/2024/uppsikt.csv", text.replace("2024-05-15", "2024-02-15"))
    assert len(brister(uppsikt, las_plan, 2024)) == 1


def test_enheter_och_tillfallen_som_saknas_raknas_upp_men_planen_visas(uppsikt: Provkommun, kor: Kommandorad) -> None:
    uppsikt.skriv("styrning/2024/uppsikt.csv", "tillfalle;dag;enhet\n1;2024-03-13;vard\n2;2024-05-15;skola\n3;2024-10-09;bostad\n")
    svar = kor("uppsikt", "--ar", "2024", "--json", katalog=uppsikt.katalog)
    data = json.loads(svar.ut)
    assert svar.kod == Slutkod.MALL
    assert [t["tillfalle"] for t in data["tillfallen"]] == [1, 2, 3]
    assert [("raddning" in rad, "tillfälle 4" in rad) for rad in data["saknas"]] == [(True, False), (False, True)]


def test_den_som_undantas_med_anledning_saknas_inte(uppsikt: Provkommun) -> None:
    text = (uppsikt.katalog / "styrning/2024/uppsikt.csv").read_text(encoding="utf-8")
    uppsikt.skriv("styrning/2024/uppsikt.csv", text.replace("3;2024-10-09;skola;;", "undantas;;skola;;Följs av fullmäktige"))
    p = las(uppsikt, las_plan, 2024)
    assert [(k.enhet.id, k.anledning) for k in p.undantagna] == [("skola", "Följs av fullmäktige")]
    assert [rad for rad in p.saknas if "skola" in rad] == []


def test_utan_fil_sags_hur_den_borjar(kommun: Provkommun, kor: Kommandorad) -> None:
    svar = kor("uppsikt", "--ar", "2024", katalog=kommun.katalog)
    assert svar.kod == Slutkod.MALL
    assert "tillfalle;dag;enhet" in svar.fel


def test_dagarna_star_i_arshjulet_och_kalendern(uppsikt: Provkommun, kor: Kommandorad, tmp_path: Path) -> None:
    dagar = [(p.dag, p.kalla) for p in arshjulet.oversikt(uppsikt.katalog, 2024).plan.handelser if p.slag == "uppsikt"]
    assert dagar == [(date(2024, *d), "styrning/2024/uppsikt.csv") for d in ((3, 13), (5, 15), (10, 9), (11, 27))]
    kor("arshjul", "--ar", "2024", "--ics", str(tmp_path / "ar.ics"), katalog=uppsikt.katalog)
    assert (tmp_path / "ar.ics").read_text(encoding="utf-8").count("2024-uppsikt-") == 4


def test_uppsiktens_filer_hor_inte_till_periodens_rapport(uppsikt: Provkommun) -> None:
    uppsikt.skriv("styrning/uppsiktslogg.csv", LOGG)
    vagar = periodfiler(las_arbetskatalog(uppsikt.katalog), PERIOD).poster
    assert [v for v in vagar if "uppsikt" in v] == []
    assert "styrning/2024/driftbudget.csv" in vagar


def test_exempelkommunens_plan_ar_fullstandig() -> None:
    u = las_uppsikt(Path(__file__).resolve().parents[1] / "data", 2024)
    assert (list(u.plan.tillfallen), u.plan.saknas) == ([1, 2, 3, 4], ())
    assert {i.enhet for i in u.logg if i.oppen} == {"socialnamnden", "barn-och-utbildningsnamnden"}


# --- Loggen ---------------------------------------------------------------------------------------------------------


def test_de_oppna_iakttagelserna_star_forst_och_sedan_de_senaste(uppsikt: Provkommun) -> None:
    uppsikt.skriv("styrning/uppsiktslogg.csv", LOGG)
    assert [(str(i.dag), i.oppen) for i in las(uppsikt, las_logg).varde] == [
        ("2024-11-27", True),
        ("2023-05-10", True),
        ("2024-03-13", False),
        ("2023-10-11", False),
    ]


@pytest.mark.parametrize(
    "rad",
    [
        "i maj;skola;Något;råd;KS § 1;;",
        "2024-05-10;skolan;Något;råd;KS § 1;;",
        "2024-05-10;skola;;råd;KS § 1;;",
        "2024-05-10;skola;Något;tillsägelse;KS § 1;;",
        "2024-05-10;skola;Något;råd;;;",
        "2024-05-10;skola;Något;råd;KS § 1;;2024-06-01",
        "2024-05-10;skola;Något;råd;KS § 1;Gjort;2024-04-01",
    ],
    ids=["dag", "enhet", "iakttagelse", "slag", "paragraf", "utfall", "klar före"],
)
def test_en_brist_i_loggen_ar_en_rad(uppsikt: Provkommun, rad: str) -> None:
    uppsikt.skriv("styrning/uppsiktslogg.csv", LOGG.splitlines()[0] + f"\n{rad}\n")
    (brist,) = brister(uppsikt, las_logg)
    assert brist.startswith("styrning/uppsiktslogg.csv, rad 2")


# --- Uppföljningsplanen ---------------------------------------------------------------------------------------------


def test_planens_steg_ar_i_processens_ordning_och_kan_vara_sena(uppsikt: Provkommun) -> None:
    rader = (stegrad("atgard"), stegrad("nulage", status="klar", dag="2024-02-01"), stegrad("planering", status="pågår", dag="2024-03-01"))
    uppsikt.skriv("styrning/2024/uppfoljningsplan.csv", plan(*rader))
    stegen = las(uppsikt, las_uppfoljningsplan, 2024).varde["skola"]
    assert [s.steg for s in stegen] == list(STEGEN)
    assert [s.steg for s in stegen if s.sent(date(2024, 3, 1))] == []
    assert [s.steg for s in stegen if s.sent(date(2024, 3, 2))] == ["planering"]


@pytest.mark.parametrize(
    "rad",
    [
        stegrad("nulage", status="snart"),
        stegrad("nulage", dag="i vår"),
        stegrad("nulage", kvalitet="bra"),
        stegrad("nulage", enhet="finans") + stegrad("nulage"),
        stegrad("nulaget") + stegrad("nulage"),
    ],
    ids=["status", "dag", "kvalitet", "enhet", "steg"],
)
def test_en_brist_i_uppfoljningsplanen_star_med_sin_rad(uppsikt: Provkommun, rad: str) -> None:
    uppsikt.skriv("styrning/2024/uppfoljningsplan.csv", plan(*rad.splitlines(keepends=True)))
    assert brister(uppsikt, las_uppfoljningsplan, 2024)[0].startswith("styrning/2024/uppfoljningsplan.csv, rad 2")


def test_en_enhet_i_planen_har_alla_steg(uppsikt: Provkommun) -> None:
    uppsikt.skriv("styrning/2024/uppfoljningsplan.csv", UPPFOLJNING + "".join(stegrad(s) for s in STEGEN[:-2]))
    (brist,) = brister(uppsikt, las_uppfoljningsplan, 2024)
    assert "sammanstallning och atgard" in brist


def test_laget_raknar_stegen_och_namner_det_som_ar_sent(uppsikt: Provkommun, kor: Kommandorad) -> None:
    uppsikt.skriv("styrning/2024/uppfoljningsplan.csv", plan(stegrad("nulage", status="klar"), stegrad("planering", dag="2024-03-01")))
    (p,) = las_lage(uppsikt.katalog, Tillfalle.pa_dagen(date(2024, 9, 10))).uppfoljning
    assert (p.enhet, p.klara, p.steg, len(p.forsenade)) == ("skola", 1, 6, 1)
    svar = kor("status", "--datum", "2024-09-10", katalog=uppsikt.katalog)
    assert "Skolnämnden: 1 av 6" in svar.ut
    assert "1 av 6" in sida(las_lage(uppsikt.katalog, Tillfalle.pa_dagen(date(2024, 9, 10))), Mallkalla((medfoljande(),))).decode()


def test_en_trasig_plan_stoppar_inte_laget(uppsikt: Provkommun, kor: Kommandorad) -> None:
    uppsikt.skriv("styrning/2024/uppfoljningsplan.csv", plan(stegrad("nulage", status="snart")))
    svar = kor("status", "--datum", "2024-09-10", katalog=uppsikt.katalog)
    assert svar.kod == Slutkod.KLART
    assert "uppfoljningsplan.csv, rad 2" in svar.ut


# --- Underlagen -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def skrivet(tmp_path_factory: pytest.TempPathFactory) -> Skrivet:
    """Underlagen till tredje tillfället, för skolan och bostadsbolaget."""
    kommun = Provkommun(tmp_path_factory.mktemp("uppsikt"))
    lamna_rikt(kommun)
    kommun.skriv("styrning/2024/uppsikt.csv", PLAN.replace("4;2024-11-27;vard2;;\n", ""))
    kommun.skriv("styrning/uppsiktslogg.csv", LOGG)
    kommun.skriv("styrning/2024/uppfoljningsplan.csv", plan(stegrad("nulage", status="klar")))
    return kommun, list(skriv_underlag(kommun.katalog, 2024, tillfalle=3).filer)


def texter(fil: Path) -> list[str]:
    return [p.text for p in docx.Document(str(fil)).paragraphs if p.text]


def tabellen(fil: Path, forsta: str) -> list[list[str]]:
    """Tabellen vars första rubrik är den angivna."""
    tabeller = [[[c.text for c in rad.cells] for rad in t.rows] for t in docx.Document(str(fil)).tables]
    return next(t for t in tabeller if t[0][0] == forsta)


def test_ett_dokument_och_en_bilaga_per_kallad_enhet(skrivet: Skrivet) -> None:
    kommun, filer = skrivet
    assert {f.parent for f in filer} == {kommun.katalog / "rapporter/uppsikt/2024-3"}
    assert [f.suffix for f in filer] == [".docx", ".xlsx"] * 2


def test_underlaget_har_malen_iakttagelserna_fore_dagen_och_planen(skrivet: Skrivet) -> None:
    _, (skolan, *_) = skrivet
    assert [rad[1:3] for rad in tabellen(skolan, "Mål")[1:]] == [["Kunskap", "Bedöms delvis uppnås"], ["Trygghet", "Bedöms uppnås"]]
    assert [(rad[0], rad[4]) for rad in tabellen(skolan, "Dag")[1:]] == [("2023-05-10", "öppen"), ("2024-03-13", "2024-06-17"), ("2023-10-11", "–")]
    assert tabellen(skolan, "Steg")[1][0] == "Analys av nuläget"
    assert len([t for t in texter(skolan) if t.startswith("Kommunstyrelsen ")]) >= 3


def test_det_som_saknas_star_i_underlaget(skrivet: Skrivet) -> None:
    _, (skolan, _, bolaget, _) = skrivet
    assert [t.startswith("Uppgift saknas:") for t in texter(skolan)].count(True) == 1
    assert [t.startswith("Uppgift saknas:") for t in texter(bolaget)].count(True) == 2
    assert any("KF 2022-11-28 § 141" in t for t in texter(bolaget))


@pytest.mark.parametrize(("andel", "lagrum"), [("100", "10 kap. 3 §"), ("60", "10 kap. 4 §")])
def test_ett_bolags_lagrum_beror_pa_agandet(skrivet: Skrivet, andel: str, lagrum: str) -> None:
    u = las_uppsikt(skrivet[0].katalog, 2024)
    kallad = u.plan.for_enhet("bostad")
    assert kallad is not None
    agt = kallad.enhet.model_copy(update={"agarandel": andel, "agande": ()})
    s = skrivet[0].sammanstall()
    (grund,) = floden.enhetsrapporter(s, [agt])
    lagen = innehall.Enhetsunderlag(s, u, replace(kallad, enhet=agt), (), grund).tabeller["uppsiktslag"]
    assert [r.namn.removesuffix(" kommunallagen (2017:725)") for r in lagen.rader] == ["6 kap. 1 §", "6 kap. 11 §", lagrum, "Bolagets ägardirektiv"]
    assert [len(r.celler) for r in lagen.rader] == [1] * 4


def test_varje_siffra_har_sin_kalla_i_bilagan(skrivet: Skrivet) -> None:
    _, (_, bilaga, *_) = skrivet
    bok: Any = openpyxl.load_workbook(bilaga)
    rader = [r for r in bok["Källor"].iter_rows(min_row=3, values_only=True) if str(r[0]).startswith("Nettokostnaden 2020")]
    prognos = [(r[9], r[11]) for r in rader if r[1].startswith("2024") and r[2] == "Utfall"]
    assert {fil for fil, _ in prognos} == {"inlamnat/2024-08/skola.xlsx"}
    assert all(r[9] for r in rader)


def test_dokumenten_ar_tillgangliga(skrivet: Skrivet) -> None:
    mall = las_dokumentmall(Mallkalla((medfoljande(),)))
    fel = [a.kod for g in granska_filer([str(f) for f in skrivet[1]], mall) for a in g.anmarkningar if mall.katalog.allvar(a) >= Allvar.FEL]
    assert fel == []


def test_samma_underlag_ger_samma_byte(skrivet: Skrivet) -> None:
    kommun, filer = skrivet
    fore = {f: f.read_bytes() for f in filer}
    assert {f: f.read_bytes() for f in skriv_underlag(kommun.katalog, 2024, ["skola", "bostad"]).filer} == fore


@pytest.mark.parametrize("flaggor", [("--tillfalle", "3"), ("--enhet", "skola")], ids=["tillfälle", "enhet"])
def test_underlagen_har_samma_slutkod_som_planen(skrivet: Skrivet, kor: Kommandorad, flaggor: tuple[str, ...]) -> None:
    kommun, filer = skrivet
    planen = kor("uppsikt", "--ar", "2024", katalog=kommun.katalog)
    svar = kor("uppsikt", "--ar", "2024", *flaggor, "--json", katalog=kommun.katalog)
    data = json.loads(svar.ut)
    assert (planen.kod, svar.kod, data["slutkod"]) == (Slutkod.MALL, Slutkod.MALL, Slutkod.MALL)
    assert data["skrivet"] == [f.as_posix() for f in filer][: len(data["skrivet"])]


def test_med_pdf_blir_worddokumenten_ocksa_pdf(skrivet: Skrivet, kor: Kommandorad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kommunrapport.rapport.libreoffice.hitta", lambda: Path("soffice"))
    monkeypatch.setattr("kommunrapport.rapport.pdf.med_pdf", lambda filer, _: ({**filer, "prov.pdf": b"%PDF-"}, ()))
    svar = kor("uppsikt", "--ar", "2024", "--enhet", "skola", "--pdf", "--json", katalog=skrivet[0].katalog)
    assert [Path(f).name for f in json.loads(svar.ut)["skrivet"] if f.endswith(".pdf")] == ["prov.pdf"]


def test_lasanvisningen_ar_en_hel_mening(skrivet: Skrivet) -> None:
    _, (skolan, _, bolaget, _) = skrivet
    alla = [t for fil in (skolan, bolaget) for t in texter(fil)]
    assert [t for t in alla if "; prognosen avser" in t or "nämndens inlämnade" in t] == []


def test_underlagen_ror_inte_handelseloggen(skrivet: Skrivet) -> None:
    assert handelser.las(skrivet[0].katalog).handelser == ()


def test_jamforelsen_star_i_underlaget_nar_ett_lage_ar_hamtat_fore_dagen(kommun: Provkommun) -> None:
    lamna_rikt(kommun)
    kommun.skriv("styrning/2024/uppsikt.csv", PLAN.replace("4;2024-11-27;vard2;;\n", ""))
    kommun.skriv("styrning/2024/mal.csv", MAL.replace("malvarde\n", "malvarde;kalla\n").replace(";%;81,0;85", ";%;81,0;85;Kolada N15436"))
    (skolan, _) = skriv_underlag(kommun.katalog, 2024, ["skola"]).filer
    assert any("ingen jämförelse" in t for t in texter(skolan))
    kommun.skriv("styrning/kolada/2024-10-10.json", som_json(LAGE).decode())
    assert any("ingen jämförelse" in t for t in texter(skriv_underlag(kommun.katalog, 2024, ["skola"]).filer[0]))
    kommun.skriv("styrning/kolada/2024-09-20.json", som_json(LAGE).decode())
    (skolan, bilaga) = skriv_underlag(kommun.katalog, 2024, ["skola"]).filer
    assert tabellen(skolan, "Nyckeltal")[1][1:] == ["82,5", "–", "83,0", "85,0"]
    bok: Any = openpyxl.load_workbook(bilaga)
    kallor = [r[11] for r in bok["Källor"].iter_rows(min_row=3, values_only=True) if r[9] == "styrning/kolada/2024-09-20.json"]
    assert kallor == ["N15436, 0001, 2023, T", "N15436, 0002, 2023, T", "N15436, 0003, 2023, T"]


@pytest.mark.parametrize(
    ("flaggor", "kod"),
    [
        (("--tillfalle", "5"), Slutkod.ANVANDNING),
        (("--namnd", "Skolan"), Slutkod.ANVANDNING),
        (("--namnd", "skola", "--tillfalle", "1"), Slutkod.ANVANDNING),
        (("--tillfalle", "1"), Slutkod.SAKNAS),
    ],
    ids=["inget sådant tillfälle", "okänd enhet", "annat tillfälle", "ingen period före dagen"],
)
def test_det_som_inte_gar_att_skriva_sager_varfor(skrivet: Skrivet, kor: Kommandorad, flaggor: tuple[str, ...], kod: int) -> None:
    svar = kor("uppsikt", "--ar", "2024", *flaggor, katalog=skrivet[0].katalog)
    assert svar.kod == kod
    assert svar.fel.strip()


def test_perioden_ar_den_senaste_med_mal_fore_dagen(skrivet: Skrivet) -> None:
    arbete = las_arbetskatalog(skrivet[0].katalog)
    assert senast_med_mal(arbete, date(2024, 9, 1)) == PERIOD
    with pytest.raises(SaknasFel):
        senast_med_mal(arbete, date(2024, 8, 31))


def test_den_som_inte_har_lamnat_far_ett_utkast(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("skola",))
    kommun.skriv("styrning/2024/uppsikt.csv", PLAN.replace("4;2024-11-27;vard2;;\n", ""))
    u = skriv_underlag(kommun.katalog, 2024, ["skola"])
    assert any("Skolnämnden" in v for v in u.varningar)
    assert any(t.startswith("Utkast") for t in texter(u.filer[0]))


def test_den_som_undantas_far_inget_underlag(uppsikt: Provkommun) -> None:
    text = (uppsikt.katalog / "styrning/2024/uppsikt.csv").read_text(encoding="utf-8")
    uppsikt.skriv("styrning/2024/uppsikt.csv", text.replace("3;2024-10-09;skola;;", "undantas;;skola;;Skäl"))
    with pytest.raises(AnvandningsFel):
        skriv_underlag(uppsikt.katalog, 2024, ["skola"])


# --- Åren -----------------------------------------------------------------------------------------------------------


def test_arens_siffror_ar_bokslutens_egna(kommun: Provkommun) -> None:
    lamna_tva_ar(kommun)
    s = floden.sammanstall(kommun.katalog, Period(2024, 12), "arsredovisning")
    fjol = floden.sammanstall(kommun.katalog, Period(2023, 12), "arsredovisning")
    raknade = aren(s, 5)
    assert [(a.period.ar, a.rakning is not None) for a in raknade] == [(2020, False), (2021, False), (2022, False), (2023, True), (2024, True)]
    for enhet, plan_ in (("skola", "drift"), ("bostad", "bolag")):
        for kolumn in ("budget", "utfall", "avvikelse"):
            adress = Adress(plan_, enhet, kolumn)
            assert raknade[3].rakning is not None
            assert raknade[3].rakning.varde(adress) == fjol.rakning.varde(adress)
    t = tabell(raknade, s.arbete.organisation.enhet_med_id("skola"), "mnkr")
    assert t is not None
    assert [r.celler[1].text for r in t.rader][:3] == ["–", "–", "–"]
    assert "2020–2022" in t.noter[0]


def test_ett_ar_utan_bocker_har_utfallet_som_aret_efter_jamfor_med(kommun: Provkommun) -> None:
    lamna_tva_ar(kommun)
    s = floden.sammanstall(kommun.katalog, Period(2024, 12), "arsredovisning")
    utan_fjol = [replace(a, rakning=None) if a.period.ar == 2023 else a for a in aren(s, 3)]
    for enhet, plan_ in (("skola", "drift"), ("bostad", "bolag")):
        t = tabell(utan_fjol, s.arbete.organisation.enhet_med_id(enhet), "mnkr")
        assert t is not None
        _, fjol, aret = t.rader
        jamfort, plan_ar = s.rakning.varde(Adress(plan_, enhet, "utfall_fg")), s.rakning.planer[plan_]
        assert jamfort is not None
        assert fjol.celler[1].text == visa(jamfort, plan_ar.kolumn("utfall_fg"), plan_ar.rad(enhet))
        assert [bool(c.delar) for c in fjol.celler] == [False, True, False]
        assert (fjol.id, fjol.namn, aret.namn) == ("2023", "2023, ur böckerna för 2024", "2024")


def test_ett_utfall_for_en_del_av_aret_sager_det(skrivet: Skrivet) -> None:
    s = skrivet[0].sammanstall()
    plan_ = s.rakning.planer["drift"]
    utan_prognos = replace(plan_, steg={a: steg for a, steg in plan_.steg.items() if a[1] not in ("prognos", "avvikelse")})
    delar = Bokslutsar(PERIOD, replace(s.rakning, planer={**s.rakning.planer, "drift": utan_prognos}))
    for a, namn in ((Bokslutsar(PERIOD, s.rakning), "2024, prognos efter augusti"), (delar, "jan–aug 2024")):
        t = tabell([a], s.arbete.organisation.enhet_med_id("skola"), "mnkr")
        assert t is not None
        assert [r.namn for r in t.rader] == [namn]


# --- Mallen ---------------------------------------------------------------------------------------------------------


def test_underlagets_mall_provas_med_de_andra(kommun: Provkommun) -> None:
    perioder = arets_perioder(kommun.katalog, 2024)
    assert [b for b in granska(kommun.katalog, perioder) if "uppsikt" in b.rad] == []
    egen = docx.Document(str(medfoljande() / "word/uppsikt.docx"))
    egen.paragraphs[-1].insert_paragraph_before("{{p tabell.uppsiktslog }}")
    (kommun.katalog / "mallar/word").mkdir(parents=True)
    egen.save(str(kommun.katalog / "mallar/word/uppsikt.docx"))
    assert [b.allvar for b in granska(kommun.katalog, perioder) if "uppsikt.docx" in b.rad] == ["fel"]


def test_varje_namn_i_mallen_fylls(skrivet: Skrivet) -> None:
    """Det som mallen får skriva är det som underlaget har."""
    kommun, _ = skrivet
    s = kommun.sammanstall()
    u = las_uppsikt(kommun.katalog, 2024)
    kallad = u.plan.for_enhet("skola")
    assert kallad is not None
    (grund,) = floden.enhetsrapporter(s, [kallad.enhet])
    rapport = innehall.Enhetsunderlag(s, u, kallad, aren(s, 5), grund).rapport()
    assert set(UPPSIKTSTAGGAR["mening.*"]) <= set(rapport.meningar)
    assert set(UPPSIKTSTAGGAR["saknas.*"]) == set(rapport.saknas)
    assert set(UPPSIKTSTAGGAR["tabell.*"]) - {"jamforelse"} <= set(rapport.tabeller)
