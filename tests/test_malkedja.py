"""Målkedjan: från vision till indikator i styrningen, uppdelningen, sammanvägningen och rapporten."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from kommunrapport import floden
from kommunrapport.berakning.malvagning import Sammanvagd, Vagd, vag_samman
from kommunrapport.inlasning.styrning import las_styrning
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.malvarde import forandring, nar, tal_i, tolka_malvarde, vaxer
from kommunrapport.karna.period import Period
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.mall.skalor import Skalor
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Rad, Rapport
from tests.kommun import PERIOD, Kommandorad, Provkommun, bok, finansbok, vardbok
from tests.malfall import malfil

SKALOR = Mallkalla((medfoljande(),)).las("skalor/2019-01-01.toml", Skalor)
HEDEMORA = (Path(__file__).parent / "hedemora/mal.csv").read_text(encoding="utf-8")
UPPDELNINGAR = "uppdelning;rad;benamning\nområde;norr;Norra delen\nområde;soder;Södra delen\nålder;unga;18–29 år\n"
KF = {"rad": "k1", "art": "kfmal", "benamning": "Kunskap för alla"}
MAL = {"enhet": "skola", "rad": "m1", "art": "mal", "benamning": "Alla når målen", "overordnat": "k1"}
INDIKATOR = {"enhet": "skola", "rad": "i1", "art": "indikator", "benamning": "Behöriga", "overordnat": "m1"}


def styr(kommun: Provkommun, *rader: Mapping[str, str], uppdelningar: str = UPPDELNINGAR) -> tuple[Styrrad, ...]:
    kommun.skriv("styrning/2024/mal.csv", malfil(*rader))
    kommun.skriv("styrning/2024/uppdelningar.csv", uppdelningar)
    return tuple(r for r in las_styrning(kommun.katalog, 2024, las_arbetskatalog(kommun.katalog).organisation).rader if r.tabell == "mal")


def lamna(kommun: Provkommun, celler: Mapping[str, Mapping[str, Varde]]) -> Rapport:
    """Rapporten när böckerna har fyllts i med målens celler per enhet, skrivna ``rad__kolumn``."""
    for enhet, bok_ in (("skola", bok), ("vard", vardbok), ("finans", finansbok)):
        kommun.lamna(enhet, bok_(**{f"mal__{lage}": varde for lage, varde in celler.get(enhet, {}).items()}))
    return floden.bygg_rapport(kommun.sammanstall())


def rad(rapport: Rapport, tabell: str, rad_id: str) -> Rad:
    return next(r for r in rapport.tabeller[tabell].rader if r.id == rad_id)


def texter(rapport: Rapport, tabell: str, rad_id: str) -> list[str]:
    return [c.text for c in rad(rapport, tabell, rad_id).celler]


# --- Tal och målvärden -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tal"),
    [("87,5%", "87.5"), ("85 %", "85"), ("7, 0 %", "7.0"), ("59***", "59"), ("−16,5", "-16.5"), ("3 467", "3467"), ("12 procent", "12")],
)
def test_ett_utfall_ar_ett_tal_med_eller_utan_procent(text: str, tal: str) -> None:
    assert tal_i(text) == Decimal(tal)


@pytest.mark.parametrize("text", ["", "e.t.", "Stängt", "-2,7 (-1,3)", "Åk 4: 88%, Åk 8: 77%", "< 20", "måttlig"])
def test_annat_an_ett_ensamt_tal_ar_inget_tal(text: str) -> None:
    assert tal_i(text) is None


@pytest.mark.parametrize(
    ("malvarde", "riktning", "fran", "nar", "nar_inte"),
    [
        ("minst 1,0", "", "", "1,0", "0,9"),
        ("högst 5", "", "", "5", "6"),
        ("< 20", "", "", "19", "20"),
        ("≥ 90 %", "", "", "90", "89,9"),
        ("över 50", "", "", "51", "50"),
        ("Öka", "", "80", "81", "80"),
        ("Minska", "", "80", "79", "80"),
        ("88", "ökar", "", "88", "87"),
        ("25", "minskar", "", "25", "26"),
        ("88", "", "84", "88", "87"),
        ("25", "", "34", "25", "26"),
    ],
)
def test_malvardet_nas_at_det_hall_som_det_sager(malvarde: str, riktning: str, fran: str, nar: str, nar_inte: str) -> None:
    mal = tolka_malvarde(malvarde, riktning, fran)
    assert mal is not None
    assert [mal.natt(Decimal(t.replace(",", "."))) for t in (nar, nar_inte)] == [True, False]


@pytest.mark.parametrize(("malvarde", "riktning", "fran"), [("88", "", ""), ("Alla", "ökar", ""), ("Öka", "", ""), ("88", "", "88"), ("", "", "")])
def test_ett_malvarde_som_inte_gar_att_prova(malvarde: str, riktning: str, fran: str) -> None:
    assert tolka_malvarde(malvarde, riktning, fran) is None


@pytest.mark.parametrize(
    ("nu", "da", "bra", "blir"),
    [("82", "80", "ökar", 1), ("82", "80", "minskar", -1), ("80", "80,0", "", 0), ("82", "80", "", None), ("e.t.", "80", "ökar", None)],
)
def test_trenden_foljer_riktningen(nu: str, da: str, bra: str, blir: int | None) -> None:
    assert forandring(nu, da, bra) == blir


@pytest.mark.parametrize(
    ("nu", "bra", "augusti", "december"),
    [("48", "ökar", None, -1), ("97", "ökar", 1, 1), ("48", "minskar", None, 1), ("97", "minskar", -1, -1), ("96", "ökar", None, 0)],
)
def test_det_som_raknas_under_aret_jamfors_inte_med_hela_forra_aret(nu: str, bra: str, augusti: int | None, december: int) -> None:
    vaxande = {"raknas": "under året"}
    assert [forandring(nu, "96", bra, vaxer=vaxer(vaxande, Period(2024, manad))) for manad in (8, 12)] == [augusti, december]
    assert not vaxer({"raknas": ""}, Period(2024, 8))


@pytest.mark.parametrize(
    ("malvarde", "utfall", "augusti", "december"),
    [("minst 120", "48", None, False), ("minst 120", "120", True, True), ("högst 5", "3", None, True), ("högst 5", "6", False, False)],
)
def test_det_som_raknas_under_aret_nar_malvardet_forst_nar_det_ar_avgjort(malvarde: str, utfall: str, augusti: bool | None, december: bool) -> None:
    attribut = {"raknas": "under året", "malvarde": malvarde}
    assert [nar(attribut, utfall, Period(2024, manad)) for manad in (8, 12)] == [augusti, december]


# --- Styrningen -----------------------------------------------------------------------------------------------------------


def test_kommunens_rader_ar_finansforvaltningens_och_malen_knyts_ihop(kommun: Provkommun) -> None:
    rader = styr(
        kommun,
        {"rad": "o1", "art": "malomrade", "benamning": "Livet"},
        {**KF, "overordnat": "o1"},
        {**MAL, "overordnat": "Kunskap för alla"},
        INDIKATOR,
    )
    knutna = {r.rad: (r.enhet, r.attribut["overart"], r.attribut["overordnat"]) for r in rader}
    assert knutna == {"o1": ("finans", "", ""), "k1": ("finans", "malomrade", "o1"), "m1": ("skola", "kfmal", "k1"), "i1": ("skola", "mal", "m1")}


def test_en_fil_utan_fullmaktigemal_har_fri_text_och_indikatorn_efter_sitt_mal(kommun: Provkommun) -> None:
    rader = styr(kommun, {**MAL, "overordnat": "Kunskap"}, {**INDIKATOR, "overordnat": "Kunskap"})
    assert [(r.attribut["overart"], r.attribut["overordnat"]) for r in rader] == [("", "Kunskap"), ("mal", "m1")]


def test_en_indikator_delas_pa_de_grupper_som_uppdelningen_har(kommun: Provkommun) -> None:
    rader = styr(kommun, KF, MAL, {**INDIKATOR, "uppdelning": "kön, Område"}, {**INDIKATOR, "rad": "i2", "uppdelning": "ålder"})
    assert [(r.rad, r.namn, r.art, bool(r.attribut["kon"])) for r in rader[2:]] == [
        ("i1", "Behöriga", "indikator", True),
        ("i1.norr", "Norra delen", "grupp", True),
        ("i1.soder", "Södra delen", "grupp", True),
        ("i2", "Behöriga", "indikator", False),
        ("i2.unga", "18–29 år", "grupp", False),
    ]


FEL: dict[str, tuple[list[Mapping[str, str]], tuple[str, ...]]] = {
    "mal_till_inget": ([KF, {**MAL, "overordnat": "k2"}], ("rad 3", "k2", "k1")),
    "indikator_till_inget": ([KF, MAL, {**INDIKATOR, "overordnat": "m2"}], ("rad 4", "m2", "m1, k1")),
    "indikator_till_annan_enhets_mal": ([KF, MAL, {**INDIKATOR, "enhet": "vard"}], ("rad 4", "m1", "k1")),
    "kfmal_till_inget_omrade": ([{**KF, "overordnat": "o1"}], ("rad 2", "o1", "målområde")),
    "malomrade_till_ett_mal": ([KF, {"rad": "o1", "art": "malomrade", "benamning": "Livet", "overordnat": "k1"}], ("rad 3", "k1", "vision")),
    "namndens_kfmal": ([{**KF, "enhet": "skola"}], ("rad 2", "skola", "lämna enhet tom")),
    "mal_utan_enhet": ([{**MAL, "enhet": ""}], ("rad 2", "kfmal")),
    "malar": ([KF, {**INDIKATOR, "overordnat": "k1", "malar": "26"}], ("rad 3", "malar", "2026")),
    "riktning": ([KF, {**INDIKATOR, "overordnat": "k1", "riktning": "upp"}], ("rad 3", "upp", "ökar eller minskar")),
    "riktning_mot_malvarde": ([KF, {**INDIKATOR, "overordnat": "k1", "riktning": "ökar", "malvarde": "högst 5"}], ("rad 3", "högst 5", "ökar")),
    "mats": ([KF, {**INDIKATOR, "overordnat": "k1", "mats": "april"}], ("rad 3", "april", "delår, bokslut")),
    "uppdelning": ([KF, {**INDIKATOR, "overordnat": "k1", "uppdelning": "kön, inkomst"}], ("rad 3", "inkomst", "kön, område, ålder")),
}


@pytest.mark.parametrize("fel", FEL)
def test_felet_sager_fil_rad_och_vad_som_ar_tillatet(kommun: Provkommun, fel: str) -> None:
    rader, namns = FEL[fel]
    with pytest.raises(MallFel) as utfall:
        styr(kommun, *rader)
    (mening,) = utfall.value.rader
    assert [ord_ for ord_ in ("styrning/2024/mal.csv", *namns) if ord_ not in mening] == []


# --- Boken ----------------------------------------------------------------------------------------------------------------


def test_bladet_har_celler_for_kon_bara_dar_det_delas_och_en_rad_per_grupp(kommun: Provkommun) -> None:
    styr(kommun, KF, MAL, {**INDIKATOR, "uppdelning": "kön, område"}, {**INDIKATOR, "rad": "i2"})
    blad = openpyxl.load_workbook(kommun.lamna("skola", bok(), period=PERIOD))["Mål och indikatorer"]
    oppna = {str(blad.cell(r, 1).value): [c.coordinate[0] for c in blad[r] if not c.protection.locked] for r in range(6, blad.max_row + 1)}
    assert oppna == {"m1": ["M", "N"], "i1": [*"HIJKL"], "i1.norr": [*"HIJK"], "i1.soder": [*"HIJK"], "i2": [*"HIL"]}


def test_forra_bokslutets_utfall_fylls_i_ur_forra_arets_bok(kommun: Provkommun) -> None:
    for ar in (2023, 2024):
        for fil in ("driftbudget", "resultatbudget", "mal"):
            text = malfil(KF, MAL, INDIKATOR) if fil == "mal" else (kommun.katalog / f"styrning/2024/{fil}.csv").read_text(encoding="utf-8")
            kommun.skriv(f"styrning/{ar}/{fil}.csv", text)
    kommun.lamna("skola", bok(mal__i1__utfall="< 20"), period=PERIOD.bokslut_fg_ar)
    blad = openpyxl.load_workbook(kommun.lamna("skola", bok()))["Mål och indikatorer"]
    assert (blad["H7"].value, blad["H7"].protection.locked) == ("< 20", True)


# --- Sammanvägningen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("poang", "vantat"),
    [
        ([2, 2, 2, 1], ("Uppnått", Fraction(175, 2), 4)),
        ([2, 2, 1, 1, 2], ("Uppnått", Fraction(80), 5)),
        ([2, 1, 1], ("Delvis uppnått", Fraction(200, 3), 3)),
        ([1, 1, 0, 1, 1], ("Delvis uppnått", Fraction(40), 5)),
        ([1, 0, 0], ("Inte uppnått", Fraction(50, 3), 3)),
        ([2, None], ("Uppnått", Fraction(100), 1)),  # hälften är bedömt
        ([2, None, None], ("", None, 1)),
        ([None], ("", None, 0)),
        ([], ("", None, 0)),
    ],
)
def test_poangens_andel_ger_steget(poang: list[int | None], vantat: tuple[str, Fraction | None, int]) -> None:
    delar = [Vagd(p, Decimal(1)) for p in poang]
    steg, procent, bedomda = vantat
    assert vag_samman(delar, SKALOR.skala["bedomning_ar"], 50) == Sammanvagd(steg, procent, bedomda, len(poang))


def test_vikten_raknas() -> None:
    delar = [Vagd(2, Decimal(3)), Vagd(0, Decimal("0.5"))]
    assert vag_samman(delar, SKALOR.skala["bedomning_ar"], 50).procent == Fraction(600, 7)


# --- Rapporten: Hedemoras inriktningsmål med kommunindex ------------------------------------------------------------------


BEDOMDA: Mapping[str, Mapping[str, Varde]] = {
    "finans": {
        "livskvalitet__utfall": "55",
        "hme__utfall": "79",
        "hme__utfall_fg": "80",
        "trygghet__utfall": "56",
        "inflytande__utfall": "e.t.",
    },
    "skola": {
        "trygghet-i-skolan__bedomning": "Bedöms uppnås",
        "trygghet-i-skolan__kommentar": "Enkäten visar det.",
        "trygga__utfall": "88",
        "trygga__utfall_fg": "85",
    },
    "vard": {
        "omsorg__bedomning": "Bedöms delvis uppnås",
        "omsorg__kommentar": "Nära.",
        "ekonomi__bedomning": "Ej bedömd",
        "ekonomi__kommentar": "Senare.",
    },
}


@pytest.fixture
def hedemora(kommun: Provkommun) -> Provkommun:
    kommun.skriv("styrning/2024/mal.csv", HEDEMORA)
    return kommun


def test_kommunindex_ar_indikatorer_till_inriktningsmalen(hedemora: Provkommun) -> None:
    rapport = lamna(hedemora, BEDOMDA)
    assert texter(rapport, "kfindikatorer", "finans.hme") == ["80 (2022)", "80", "79", "85 (2026)", "Sämre"]
    assert texter(rapport, "kfindikatorer", "finans.inflytande") == ["34 (2022)", "–", "e.t.", "40 (2026)", "–"]


def test_inriktningsmalen_vags_samman_och_det_som_inte_ar_bedomt_syns(hedemora: Provkommun) -> None:
    rapport = lamna(hedemora, BEDOMDA)
    assert {r.id: [r.stil, *(c.text for c in r.celler)] for r in rapport.tabeller["mal"].rader if r.stil == "mal"} == {
        "finans.invanare": ["mal", "Bedöms uppnås", "1 av 1 bedömda, 100 procent av poängen"],  # målvärdet för 2026 är redan nått
        "finans.arbetsgivare": ["mal", "Ej bedömd", "1 med målår längre fram"],
        "finans.trygg": ["mal", "Bedöms delvis uppnås", "2 av 2 bedömda, 75 procent av poängen, 1 med målår längre fram"],
        "finans.forvaltning": ["mal", "Ej bedömd", "1 med målår längre fram"],
        "finans.hushallning": ["mal", "Ej bedömd", "0 av 1 bedömda"],
    }
    assert texter(rapport, "mal", "skola.trygghet-i-skolan") == ["Bedöms uppnås", "Skolnämnden: 1 av 1 indikator når målvärdet"]
    assert texter(rapport, "mal", "finans.hme") == ["Målår 2026", "Utfall 79, målvärde 85"]
    assert rapport.meningar["kfmal"] == (
        "Nämndernas och bolagens mål vägs samman till fullmäktiges 5 mål: 1 ”bedöms uppnås” och 1 ”bedöms delvis uppnås”. "
        "3 av fullmäktiges 5 mål är inte bedömda."
    )
    assert rapport.meningar["hushallning"] == (
        "Av nämndernas och bolagens 3 mål är 3 mål för god ekonomisk hushållning: 1 ”bedöms uppnås” och 1 ”bedöms delvis uppnås”. "
        "1 av 3 är inte bedömt. Av fullmäktiges 5 mål är 1 mål för god ekonomisk hushållning. 1 av 1 är inte bedömt."
    )


def test_regeln_star_under_tabellen_med_skalans_granser(hedemora: Provkommun) -> None:
    noter = " ".join(lamna(hedemora, BEDOMDA).tabeller["mal"].noter)
    assert [
        t for t in ("”bedöms uppnås” från 80 procent", "”bedöms delvis uppnås” från 40 procent", "annars ”bedöms inte uppnås”") if t not in noter
    ] == []


def test_diagrammet_raknar_malen_per_steg(hedemora: Provkommun) -> None:
    d = lamna(hedemora, BEDOMDA).diagram["mal"]
    assert d.kategorier == ("Bedöms uppnås", "Bedöms delvis uppnås", "Bedöms inte uppnås", "Ej bedömd")
    assert [[int(v or 0) for v in varden] for _, varden in d.serier] == [[1, 1, 0, 1], [1, 1, 0, 3]]


def test_en_namnd_som_inte_har_lamnat_raknas_som_inte_bedomd(hedemora: Provkommun) -> None:
    hedemora.lamna("skola", bok(**{f"mal__{k}": v for k, v in BEDOMDA["skola"].items()}))
    rapport = floden.bygg_rapport(hedemora.sammanstall())
    assert texter(rapport, "mal", "vard.omsorg") == ["–", "Vårdnämnden"]
    assert rad(rapport, "mal", "finans.trygg").celler[-1].text.startswith("1 av 2 bedömda")
    assert "2 av 3 mål saknar bedömning" in rapport.meningar["mal"]


def test_kommunstyrelsens_bedomning_gar_fore_och_bada_visas(hedemora: Provkommun) -> None:
    egen: Mapping[str, Varde] = {"trygg__bedomning": "Bedöms uppnås", "trygg__kommentar": "Trenden är god."}
    rapport = lamna(hedemora, {**BEDOMDA, "finans": {**BEDOMDA["finans"], **egen}})
    assert texter(rapport, "mal", "finans.trygg")[:2] == ["Bedöms delvis uppnås", "Bedöms uppnås"]
    assert texter(rapport, "ksbedomningar", "finans.trygg") == ["Bedöms uppnås", "Trenden är god."]
    assert "2 ”bedöms uppnås”, varav 1 efter kommunstyrelsens egen bedömning." in rapport.meningar["kfmal"]


def test_sammanvagningen_och_en_raknad_trend_leder_till_cellerna(hedemora: Provkommun) -> None:
    rapport = lamna(hedemora, BEDOMDA)
    vagd = rad(rapport, "mal", "finans.trygg").celler[0]
    assert [(d.text, d.kalla.cell) for d in vagd.delar] == [("Bedöms uppnås", "M6"), ("Bedöms delvis uppnås", "M6"), ("56", "I12")]
    assert vagd.delar[0].kalla == Kalla("inlamnat/2024-08/skola.xlsx", "Mål och indikatorer", "M6")
    trenden = rad(rapport, "kfindikatorer", "finans.hme").celler[-1]
    assert [(d.text, d.kalla.cell) for d in trenden.delar] == [("79", "I10"), ("80", "H10")]


def test_harled_visar_sammanvagningens_delar(hedemora: Provkommun, kor: Kommandorad) -> None:
    lamna(hedemora, BEDOMDA)
    svar = kor("harled", "mal", "finans.trygg", "bedomning", "--period", "2024-08", katalog=hedemora.katalog)
    assert [t for t in ("75 procent av poängen", "skola.xlsx", "Mål och indikatorer!M6", "finans.xlsx") if t not in svar.ut] == []


def test_namndens_egna_indikatorer_star_i_dess_avsnitt(hedemora: Provkommun) -> None:
    skola, vard = lamna(hedemora, BEDOMDA).namnder
    (indikator,) = skola.tabeller["malindikatorer"].rader
    assert [indikator.namn, *(c.text for c in indikator.celler)] == [
        "Elever som känner sig trygga (procent)",
        "84 (2022)",
        "85",
        "88",
        "88 (2024)",
        "Bättre",
    ]
    assert "malindikatorer" not in vard.tabeller


def test_grupperna_star_under_sin_indikator_med_kon(kommun: Provkommun) -> None:
    styr(kommun, KF, MAL, {**INDIKATOR, "uppdelning": "kön, område", "riktning": "ökar", "malvarde": "90"})
    celler = {
        "m1__bedomning": "Bedöms uppnås",
        "m1__kommentar": "Ja.",
        "i1__utfall": "82",
        "i1__kvinnor": "84",
        "i1__man": "80",
        "i1.norr__utfall": "79",
    }
    rapport = lamna(kommun, {"skola": celler})
    rader = rapport.namnder[0].tabeller["malindikatorer"].rader
    assert [(r.namn, r.stil, [c.text for c in r.celler]) for r in rader] == [
        ("Behöriga", "rad", ["82", "84", "80", "90"]),
        ("Norra delen", "varav", ["79", "–", "–", ""]),
        ("Södra delen", "varav", ["–", "–", "–", ""]),
    ]


# --- Kommunens egen skala --------------------------------------------------------------------------------------------------

EGEN_SKALA = (
    (medfoljande() / "skalor/2019-01-01.toml")
    .read_text(encoding="utf-8")
    .replace(
        """  { namn = "Bedöms uppnås", varde = 2, minst_procent = 80 },
  { namn = "Bedöms delvis uppnås", varde = 1, minst_procent = 40 },
  { namn = "Bedöms inte uppnås", varde = 0, minst_procent = 0 },
  { namn = "Ej bedömd" },
""",
        """  { namn = "I hög grad", varde = 3, minst_procent = 90 },
  { namn = "I viss grad", varde = 2, minst_procent = 50 },
  { namn = "I låg grad", varde = 0, minst_procent = 0 },
  { namn = "Kan inte bedömas" },
""",
    )
)


def test_en_kommuns_egen_skala_galler_i_boken_och_i_sammanvagningen(kommun: Provkommun) -> None:
    kommun.skriv("mallar/skalor/2019-01-01.toml", EGEN_SKALA)
    styr(kommun, KF, MAL, {**MAL, "rad": "m2"})
    bedomt: Mapping[str, Varde] = {"m1__bedomning": "I hög grad", "m1__kommentar": "Ja.", "m2__bedomning": "I viss grad", "m2__kommentar": "Ja."}
    rapport = lamna(kommun, {"skola": bedomt})
    assert texter(rapport, "mal", "finans.k1") == ["I viss grad", "2 av 2 bedömda, 83,3 procent av poängen"]
    assert texter(rapport, "hushallning", "verksamhet") == ["2", "1", "1", "0", "0"]
    assert [a for a in kommun.sammanstall().anmarkningar if a.kod == "KR307"] == []


@pytest.mark.parametrize(
    ("fran", "till", "namns"),
    [
        ("varde = 3, ", "", "varde"),
        ("minst_procent = 0 }", "minst_procent = 10 }", "lägsta 0"),
        ('"I viss grad"', '"I hög grad"', "samma namn"),
        ("varde = 0, minst", "varde = -1, minst", "från 0"),
    ],
)
def test_en_skala_som_inte_gar_att_anvanda_sags(kommun: Provkommun, fran: str, till: str, namns: str) -> None:
    kommun.skriv("mallar/skalor/2019-01-01.toml", EGEN_SKALA.replace(fran, till, 1))
    with pytest.raises(MallFel, match=namns):
        kommun.lamna("skola", bok())


def test_en_egen_inlamningsmall_med_andra_steg_an_skalan_sags(kommun: Provkommun) -> None:
    mall = (medfoljande() / "inlamning/2019-01-01.toml").read_text(encoding="utf-8")
    kommun.skriv("mallar/inlamning/2019-01-01.toml", mall.replace("[val]\n", '[val]\nbedomning_ar = ["Ja", "Nej"]\n'))
    with pytest.raises(MallFel, match="bedomning_ar har andra steg"):
        kommun.lamna("skola", bok())
