"""Nämndens egen rapport: det som är nämndens, utan det som bara upprepar dess namn, och med dess egna kommentarer och svar."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from kommunrapport import floden
from kommunrapport.karna.plan import Adress
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.enhetsrapport import enhetsrapport
from kommunrapport.rapport.modell import Rapport
from tests.arsbokslut import KONTROLLPLAN, UTFORARPLAN
from tests.kommun import FINANS, SKOLA, VARD, Provkommun, bok, finansbok, lamna_bocker, styr_rikt, vardbok

UTFORARE = UTFORARPLAN.format("2024-06-30", "")
KONTROLLERNA = {
    "internkontroll__k1__lage": "Genomförd",
    "internkontroll__k1__helar": "Genomförs enligt plan",
    "internkontroll__k1__resultat": "Allvarlig avvikelse",
    "internkontroll__k1__kommentar": "Två planer saknas.",
    "internkontroll__k1__atgard": "De skrivs.",
    "internkontroll__k2__lage": "Pågår",
    "internkontroll__k2__helar": "Genomförs enligt plan",
    "utforare__u1__lage": "Pågår",
    "utforare__u1__kommentar": "Besöket är bokat.",
    "forsatt__namndbeslut__svar": "2024-09-17 § 88",
}

FORKLARAT: Mapping[str, Varde] = {
    "drift__grund__utfall": 40_000,
    "forklaringar__a01__kod": "KR411",
    "forklaringar__a01__var": "Driftredovisning!D6",
    "forklaringar__a01__forklaring": "Engångspost.",
}


@pytest.fixture(scope="module")
def skrivet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rapport, dict[str, Path]]:
    """Skolnämndens egen delårsrapport, och filerna den skrevs till."""
    kommun = Provkommun(tmp_path_factory.mktemp("enhet"))
    styr_rikt(kommun)
    kommun.skriv("styrning/2024/internkontroll.csv", KONTROLLPLAN)
    kommun.skriv("styrning/2024/utforare.csv", UTFORARE)
    lamna_bocker(kommun, {"skola": bok(**{**SKOLA, **KONTROLLERNA}), "vard": vardbok(**VARD), "finans": finansbok(**FINANS)})
    s = kommun.sammanstall()
    assert s.rapportmall.enhetsrapport
    rapport = enhetsrapport(floden.bygg_rapport(s), s.rapportmall.enhetsrapport, floden._byggunderlag(s), s.arbete.organisation.enhet_med_id("skola"))
    return rapport, {fil.suffix: fil for fil in floden.skriv_rapport(s, ["Skolnämnden"])}


def test_beslutet_ar_forsattsbladets(skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    rapport, filer = skrivet
    dokument: Any = docx.Document(io.BytesIO(filer[".docx"].read_bytes()))
    assert rapport.enhetsbeslut == "2024-09-17 § 88"
    assert [p.text for p in dokument.paragraphs if "2024-09-17 § 88" in p.text]
    assert "Skolnämnden" in dokument.sections[0].header.paragraphs[0].text


def test_ingen_rad_eller_kolumn_upprepar_namnden(skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    tabeller = skrivet[0].tabeller.values()
    assert {t.rubrik_forsta for t in tabeller} & {"Nämnd", "Enhet"} == set()
    assert [t.id for t in tabeller if any(k.id == "enhet" for k in t.kolumner)] == []
    assert [t.titel for t in tabeller if "Skolnämnden" in t.titel] == []


@pytest.mark.parametrize(
    ("tabell", "rad", "text"),
    [
        ("kontrollkommentarer", "skola.k1", "Två planer saknas."),
        ("kontrollkommentarer", "skola.k1", "De skrivs."),
        ("utforarkommentarer", "skola.u1", "Besöket är bokat."),
    ],
)
def test_kommentarerna_skrivs_ut(tabell: str, rad: str, text: str, skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    raden = next(r for r in skrivet[0].tabeller[tabell].rader if r.id == rad)
    assert text in [c.text for c in raden.celler]


def test_den_egna_tabellen_star_i_stallet_for_den_gemensamma(skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    assert {"namnd", "kontrollplan", "utforarplan", "malindikatorer"} <= set(skrivet[0].tabeller)
    assert {"drift", "internkontroll", "utforare_resultat", "indikatorer", "mal"} & set(skrivet[0].tabeller) == set()


def test_sammanfattningen_namner_den_allvarliga_avvikelsen(skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    rapport = skrivet[0]
    moment = rapport.tabeller["kontrollplan"].rader[0].namn
    assert moment.casefold() in rapport.meningar["kontroll"].casefold()
    assert all(rapport.meningar[namn] for namn in ("namnd", "mal", "personal", "kontroll", "utforare"))


def test_bilagans_blad_heter_efter_tabellerna(skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    namn = openpyxl.load_workbook(skrivet[1][".xlsx"], read_only=True).sheetnames
    assert [n for n in namn if "Skolnämnden" in n or n[-1].isdigit()] == []
    assert {"Nettokostnad per verksamhet", "Planen för intern kontroll", "Sjukfrånvaro"} <= set(namn)


def test_forklaringarna_foljer_med(kommun: Provkommun) -> None:
    lamna_bocker(kommun, {"skola": bok(**FORKLARAT), "vard": vardbok(), "finans": finansbok()})
    s = kommun.sammanstall()
    svar = [a for a in s.anmarkningar if a.svar and a.enhet == "skola"]
    assert s.rapportmall.enhetsrapport
    hel, u = floden.bygg_rapport(s), floden._byggunderlag(s)
    skola, vard = (enhetsrapport(hel, s.rapportmall.enhetsrapport, u, s.arbete.organisation.enhet_med_id(e)) for e in ("skola", "vard"))
    assert [r.celler[-1].text for r in skola.tabeller["svar"].rader] == [a.svar.text for a in svar if a.svar] != []
    assert "svar" not in vard.tabeller


def test_omslaget_har_inga_egna_sidor(skrivet: tuple[Rapport, dict[str, Path]]) -> None:
    dokument: Any = docx.Document(str(skrivet[1][".docx"]))
    brytande = [s for s in dokument.styles.element.iter(qn("w:style")) if s.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None]
    anvanda = {p.style.style_id for p in dokument.paragraphs}
    assert {s.get(qn("w:styleId")) for s in brytande} & anvanda == set()


@pytest.mark.parametrize(("flest", "kapitel"), [(2, ["skola", "vard"]), (1, [])])
def test_fler_namnder_an_mallens_tal_far_inga_kapitel(hel_kommun: Provkommun, flest: int, kapitel: list[str]) -> None:
    hel_kommun.skriv("mallar/rapport/delarsrapport/2019-01-01.toml", f'som = "2019-01-01"\nflest_kapitel = {flest}\n')
    s = hel_kommun.sammanstall()
    rapport = floden.bygg_rapport(s)
    assert [a.id for a in rapport.namnder] == kapitel
    assert [enhet for enhet in ("skola", "vard") if f"namnd-{enhet}" in s.rakning.planer] == kapitel
    assert ("var för sig" in rapport.enhetstext) == (not kapitel)
    assert {r.enhet for r in s.rakning.planer["drift"].rader} >= {"skola", "vard"}
    (vards,) = floden.enhetsrapporter(s, [s.arbete.organisation.enhet_med_id("vard")])
    assert (vards.enhet, "var för sig" in vards.enhetstext) == ("Vårdnämnden", False)
    assert any(c.tal is not None for t in vards.tabeller.values() for r in t.rader for c in r.celler)


def test_kommunens_siffror_ar_desamma_utan_tabeller_per_namnd(hel_kommun: Provkommun) -> None:
    alla = hel_kommun.sammanstall()
    hel_kommun.skriv("mallar/rapport/delarsrapport/2019-01-01.toml", 'som = "2019-01-01"\nflest_kapitel = 1\n')
    utan = hel_kommun.sammanstall()
    adresser = [Adress(p.id, *lage) for p in utan.rakning.planer.values() for lage in p.steg]
    assert {a: utan.rakning.varde(a) for a in adresser} == {a: alla.rakning.varde(a) for a in adresser}
    assert (len(adresser) > 100, utan.anmarkningar) == (True, alla.anmarkningar)
