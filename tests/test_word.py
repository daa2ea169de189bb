"""Wordutkastet, läst tillbaka: rubriker, tabeller, diagram, innehållsförteckning och språk."""

import dataclasses
import io
import itertools
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsmap, qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.utseende import Utseende
from kommunrapport.rapport import ooxml
from kommunrapport.rapport.brygga import staplade
from kommunrapport.rapport.modell import Cell, Diagram, Kolumn, Rad, Rapport, Tabell
from kommunrapport.rapport.word import word_av
from kommunrapport.rapport.worddiagram import diagramstycken
from tests.kommun import SVAR_TEXT, Provkommun, lamna_rikt
from tests.test_rapport import lamna

WORDMALL = "word/delarsrapport.docx"
FARGER = Mallkalla((medfoljande(),)).las("utseende.toml", Utseende).diagram
KONTROLLMENING = "Kontrollen är gjord."
TEXTBREDD = 9298
BAND = "Nyckeltal"
"""Alternativtexten på banden med nyckeltal."""
"""Textytan på ett stående A4 i den medföljande mallen, i tjugondels punkter."""
TECKENBREDD = 10
"""Ett teckens ungefärliga bredd, i tjugondels punkter per punkt textstorlek."""
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
KRAVER_LIBREOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) finns inte på den här datorn.")


def konvertera(fil: Path, form: str, till: Path) -> Path:
    """Filen omskriven av LibreOffice; ``form`` är till exempel pdf."""
    profil = (till / "profil").resolve().as_uri()
    kommando = ["soffice", f"-env:UserInstallation={profil}", "--headless", "--convert-to", form, "--outdir", str(till), str(fil)]
    svar = subprocess.run(kommando, capture_output=True, text=True, timeout=120, check=False)
    skriven = till / f"{fil.stem}.{form}"
    assert skriven.is_file(), svar.stdout + svar.stderr
    return skriven


class Dokument:
    """Ett skrivet dokument: paketets delar, kroppens XML och styckenas text."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.arkiv = zipfile.ZipFile(io.BytesIO(data))
        self.docx: Any = docx.Document(io.BytesIO(data))
        self.kropp: Any = self.docx.element.body

    def del_(self, vag: str) -> Any:
        return etree.fromstring(self.arkiv.read(vag))

    @cached_property
    def xml(self) -> dict[str, Any]:
        """Varje del som är XML, tolkad."""
        return {namn: self.del_(namn) for namn in self.arkiv.namelist() if namn.endswith((".xml", ".rels"))}

    @cached_property
    def stycken(self) -> list[tuple[str, str]]:
        """Kroppens stycken i ordning, även i tabeller: (stil, text)."""
        return [(_stil(p), _text(p)) for p in self.kropp.iter(qn("w:p"))]

    def med_stil(self, *stilar: str) -> list[str]:
        return [text for stil, text in self.stycken if stil in stilar]

    @cached_property
    def tabeller(self) -> dict[str, Any]:
        """Rapportens tabeller på sin rubrik, utom banden med nyckeltal."""
        return {_tabellnamn(t): t for t in self.kropp.iter(qn("w:tbl")) if _tabellnamn(t) not in ("", BAND)}

    @cached_property
    def band(self) -> list[list[list[str]]]:
        """Banden med nyckeltal: etiketter, tal och vad talen gäller."""
        return [_rader(t) for t in self.kropp.iter(qn("w:tbl")) if _tabellnamn(t) == BAND]


def _stil(p: Any) -> str:
    stil = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if stil is None else str(stil.get(qn("w:val")))


def _tabellnamn(tabell: Any) -> str:
    titel = tabell.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
    return "" if titel is None else str(titel.get(qn("w:val")))


def _text(element: Any) -> str:
    """Texten med radbrytningar."""
    return "".join("\n" if e.tag == qn("w:br") else e.text or "" for e in element.iter(qn("w:t"), qn("w:br")))


def _rader(tabell: Any) -> list[list[str]]:
    return [["\n".join(_text(p) for p in cell.iter(qn("w:p"))) for cell in rad.iter(qn("w:tc"))] for rad in tabell.iter(qn("w:tr"))]


def skriv(s: Sammanstallning, rapport: Rapport | None = None) -> Dokument:
    return Dokument(word_av(rapport or floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), KONTROLLMENING))


@pytest.fixture(scope="module")
def underlag(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sammanstallning, Rapport]:
    kommun = Provkommun(tmp_path_factory.mktemp("word"))
    lamna_rikt(kommun)
    s = kommun.sammanstall()
    return s, floden.bygg_rapport(s)


@pytest.fixture(scope="module")
def rapport(underlag: tuple[Sammanstallning, Rapport]) -> Rapport:
    return underlag[1]


@pytest.fixture(scope="module")
def dokument(underlag: tuple[Sammanstallning, Rapport]) -> Dokument:
    return skriv(*underlag)


# --- Rubriker och taggar -------------------------------------------------------------------------------

KRAVDA = [
    "Sammanfattning",
    "Förvaltningsberättelse",
    "Händelser av väsentlig betydelse",
    "Resultat och ekonomisk ställning",
    "Nämndernas ekonomi",
    "Investeringar",
    "Balanskravsresultat",
    "Förväntad utveckling",
    "Räkenskaper",
    "Resultaträkning",
    "Balansräkning",
    "Noter",
    "Nämndernas redovisning",
    "Bolagens och kommunalförbundens redovisning",
    "Redovisningsprinciper och läsanvisning",
]
"""Delarna som lagen och normgivaren kräver, i den ordning de kommer."""


def test_rapportens_delar_finns_i_ordning(dokument: Dokument) -> None:
    rubriker = dokument.med_stil("Heading1", "Heading2")
    assert [r for r in rubriker if r in KRAVDA] == KRAVDA


def test_namnderna_och_bolagen_har_egna_rubriker_i_ordning(dokument: Dokument, rapport: Rapport) -> None:
    namn = [a.namn for a in (*rapport.namnder, *rapport.bolag)]
    assert [r for r in dokument.med_stil("Heading2", "Heading3") if r in namn] == namn


def test_rubriknivaerna_hoppar_inte(dokument: Dokument) -> None:
    nivaer = [int(stil[-1]) for stil, _ in dokument.stycken if re.fullmatch(r"Heading\d", stil)]
    assert nivaer[0] == 1
    assert [n for fore, n in itertools.pairwise(nivaer) if n > fore + 1] == []
    assert all(text for stil, text in dokument.stycken if stil.startswith("Heading"))


def test_inga_malltaggar_ar_kvar(dokument: Dokument) -> None:
    skrivna = set(SVAR_TEXT.splitlines())
    texter = [_text(p) for namn, rot in dokument.xml.items() if namn.startswith("word/") for p in rot.iter(qn("w:p"))]
    assert [t for t in texter if re.search(r"\{\{|\}\}|\{%|%\}|\{#|\u00a4", t) and t not in skrivna] == []
    assert dokument.med_stil("Malltagg") == []


def test_varje_stil_som_anvands_finns(dokument: Dokument) -> None:
    finns = {stil.get(qn("w:styleId")) for stil in dokument.del_("word/styles.xml").iter(qn("w:style"))}
    anvanda = {e.get(qn("w:val")) for e in dokument.kropp.iter(qn("w:pStyle"), qn("w:tblStyle"), qn("w:rStyle"))}
    assert anvanda <= finns


def test_meningar_och_nyckeltal_star_i_dokumentet(dokument: Dokument, rapport: Rapport) -> None:
    allt = "\n".join(text for _, text in dokument.stycken)
    assert [namn for namn, mening in rapport.meningar.items() if namn != "anmarkningar" and mening not in allt] == []
    tal = [rapport.nyckeltal, *(a.nyckeltal for a in rapport.namnder)]
    assert dokument.band == [[[n.etikett for n in band], [n.varde for n in band], [n.text for n in band]] for band in tal if band]
    assert len(dokument.band) == 3


# --- Tabeller ------------------------------------------------------------------------------------------


BARA_I_BILAGAN = {"koncern_resultat", "koncern_balans", "koncern_kassaflode", "indikatorer", "nyckeltal"}
"""Tabeller med en kolumn per bolag är för breda för dokumentet; där visas leden i sammandrag. Indikatorerna och nyckeltalen står hos nämnderna."""
I_NAMNDENS_EGEN = {"namndprojekt", "namndprestationer", "namndkostnad", "driftkommentarer"}
"""Nämndens del av det som rapporten visar samlat; den står bara i nämndens egen rapport och i Excelbilagan."""


def i_dokumentet(rapport: Rapport) -> list[Tabell]:
    return [t for t in rapport.alla_tabeller if t.id not in BARA_I_BILAGAN and t.id.partition("-")[0] not in I_NAMNDENS_EGEN]


def _vantad(t: Tabell) -> list[list[str]]:
    return [[t.rubrik_forsta, *(k.rubrik for k in t.kolumner)], *([r.namn, *(c.text for c in r.celler)] for r in t.rader)]


def test_varje_tabell_star_en_gang_och_cell_for_cell_som_i_rapporten(dokument: Dokument, rapport: Rapport) -> None:
    alla = {t.rubrik: t for t in i_dokumentet(rapport)}
    assert len(list(dokument.kropp.iter(qn("w:tblHeader")))) == len(alla) + len(dokument.band)
    assert {rubrik: _rader(tabell) for rubrik, tabell in dokument.tabeller.items()} == {rubrik: _vantad(t) for rubrik, t in alla.items()}


def test_tabellernas_rubriker_och_noter_star_intill(dokument: Dokument, rapport: Rapport) -> None:
    assert {t.rubrik for t in i_dokumentet(rapport)} <= set(dokument.med_stil("Tabelltitel"))
    noter = [n for t in i_dokumentet(rapport) for n in t.noter]
    assert noter
    assert sorted(n for n in dokument.med_stil("Tabellnot") if n) == sorted(noter)


def test_rubrikraden_ar_utmarkt_och_upprepas_och_rader_delas_inte(dokument: Dokument) -> None:
    for rubrik, tabell in dokument.tabeller.items():
        rader = list(tabell.iter(qn("w:tr")))
        assert [r.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for r in rader] == [True, *(False for _ in rader[1:])], rubrik
        assert all(r.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for r in rader), rubrik
    assert {t.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}").get(qn("w:firstRow")) for t in dokument.kropp.iter(qn("w:tbl"))} == {"1"}


def test_tabellerna_har_lika_manga_celler_i_varje_rad_och_ryms_pa_sidan(dokument: Dokument) -> None:
    avsnitt = dokument.docx.sections[-1]
    textbredd = (avsnitt.page_width - avsnitt.left_margin - avsnitt.right_margin) // 635
    for rubrik, tabell in dokument.tabeller.items():
        bredder = [int(k.get(qn("w:w"))) for k in tabell.find(qn("w:tblGrid"))]
        assert {len(list(r.iter(qn("w:tc")))) for r in tabell.iter(qn("w:tr"))} == {len(bredder)}, rubrik
        assert sum(bredder) <= textbredd, rubrik
        assert min(bredder) > 500, rubrik


@given(st.lists(st.lists(st.integers(0, 200), min_size=3, max_size=6), min_size=2, max_size=5))
def test_bredderna_ar_hela_textbredden_och_rymmer_varje_ord(langder: list[list[int]]) -> None:
    kolumner = [["Rubrik", *(" ".join(["ord"] * (n // 4)) for n in kolumn)] for kolumn in langder]
    bredder = ooxml._dela(TEXTBREDD, kolumner, 92)
    assert sum(bredder) == TEXTBREDD
    assert min(bredder) >= ooxml._ordbredd(["Rubrik"], 92)


def test_mycket_text_far_mer_plats_an_datum() -> None:
    kolumner = [["Projekt", "Nytt ekonomisystem"], ["Start", "2023-09-01"], ["Kommentar", "Planering under återstående tid. " * 6]]
    projekt, start, kommentar = ooxml._dela(6000, kolumner, 92)
    assert start < projekt < kommentar


@pytest.mark.parametrize(("talkolumner", "mindre_text"), [(5, False), (9, True)])
def test_en_bred_tabell_far_mindre_text_hellre_an_brutna_ord(talkolumner: int, mindre_text: bool) -> None:
    namn, celler = "Social- och arbetsmarknadsnämnden", tuple(Cell("−1\u00a0092,4") for _ in range(talkolumner))
    kolumner = tuple(Kolumn(f"k{nr}", "Kostnader 2024", ar_tal=True) for nr in range(talkolumner))
    tabell = Tabell("drift", "Drift", "mnkr", "Nämnd", kolumner, (Rad("social", "rad", namn, celler),))
    xml = ooxml.tabell(tabell, ooxml.form_av(tabell, TEXTBREDD))
    rot = etree.fromstring(f'<w:body xmlns:w="{nsmap["w"]}">{xml}</w:body>')
    storlekar = {int(s.get(qn("w:val"))) / 2 for s in rot.iter(qn("w:sz"))}
    bredder = [int(k.get(qn("w:w"))) for k in rot.iter(qn("w:gridCol"))]
    assert bool(storlekar) == mindre_text
    assert sum(bredder) <= TEXTBREDD
    punkter = max(storlekar, default=9)
    assert bredder[0] >= len("arbetsmarknadsnämnden") * punkter * TECKENBREDD
    assert min(bredder[1:]) >= len("Kostnader") * punkter * TECKENBREDD


def test_varje_tabell_foljs_av_ett_stycke(dokument: Dokument) -> None:
    assert {t.getnext().tag for t in dokument.kropp.iter(qn("w:tbl"))} == {qn("w:p")}


# --- Texter --------------------------------------------------------------------------------------------


def test_text_med_svara_tecken_kommer_fram_som_den_skrevs(dokument: Dokument) -> None:
    alla = [text for _, text in dokument.stycken]
    assert [alla.count(rad) for rad in SVAR_TEXT.splitlines() if rad] == [2, 2]  # kommunens och skolans analys
    assert "En ny skola < planerad >." in alla


def test_nya_rader_i_en_tabellcell_blir_radbrytningar(underlag: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = underlag
    text = 'Första <raden> & "citat"\nandra raden 🏫'
    uppdrag = rapport.tabeller["uppdrag"]
    cell = dataclasses.replace(uppdrag.rader[0].celler[-1], text=text)
    rad = dataclasses.replace(uppdrag.rader[0], celler=(*uppdrag.rader[0].celler[:-1], cell))
    tabell = dataclasses.replace(uppdrag, rader=(rad, *uppdrag.rader[1:]))
    skrivet = skriv(s, dataclasses.replace(rapport, tabeller={**rapport.tabeller, "uppdrag": tabell}))
    assert _rader(skrivet.tabeller[tabell.rubrik])[1][-1] == text


@pytest.mark.parametrize("tecken", ["\x00", "\x0b", "\x1f", "\x7f", "\ufffe", "\uffff"], ids=ascii)
def test_tecken_som_inte_far_finnas_i_xml_forstor_inte_dokumentet(tecken: str, underlag: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = underlag
    skrivet = skriv(s, dataclasses.replace(rapport, texter={**rapport.texter, "analys": f"Före{tecken}efter."}))
    allt = "".join(text for _, text in skrivet.stycken)
    assert "Före" in allt
    assert "efter." in allt


def test_utkastet_sager_vad_som_saknas_pa_forsta_sidan(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard",))
    s = kommun.sammanstall()
    rapport = floden.bygg_rapport(s)
    skrivet = skriv(s, rapport)
    assert skrivet.med_stil("Utkast")[1:] == list(rapport.utkastrader)
    fore_innehallet = skrivet.stycken[: [stil for stil, _ in skrivet.stycken].index("TOCHeading")]
    assert {text for stil, text in fore_innehallet if stil == "Utkast"} >= set(rapport.utkastrader)
    assert [text for _, text in skrivet.stycken].count(f"Anmärkningar. {KONTROLLMENING}") == 1


def test_en_fardig_rapport_ar_inte_market_som_utkast(dokument: Dokument) -> None:
    assert dokument.med_stil("Utkast") == []
    assert not any(KONTROLLMENING in text or text.startswith("Anmärkningar") for _, text in dokument.stycken)


@pytest.mark.parametrize("utom", [(), ("finans",), ("skola", "vard")])
def test_en_ofullstandig_kommun_far_anda_sin_rapport(utom: tuple[str, ...], kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=utom)
    assert skriv(kommun.sammanstall()).med_stil("Heading1")


def test_en_kommun_utan_investeringar_bolag_och_mal_far_sin_rapport(kommun: Provkommun) -> None:
    lamna(kommun)
    skrivet = skriv(kommun.sammanstall())
    assert "Räkenskaper" in skrivet.med_stil("Heading1")
    assert len(list(skrivet.kropp.iter(qn("wp:docPr")))) == len(
        [n for n in skrivet.arkiv.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", n)]
    )


# --- Diagram -------------------------------------------------------------------------------------------


def diagrammen(rapport: Rapport) -> list[Diagram]:
    """Kommunens diagram och nämndernas."""
    return [d for _, d in rapport.alla_diagram]


def _diagram(dokument: Dokument) -> Iterator[tuple[Any, Any, Any]]:
    """Varje diagram i dokumentet: ritningens egenskaper, diagramdelens XML och den inbäddade boken."""
    delar = dokument.docx.part.rels
    for inline in dokument.kropp.iter(qn("wp:inline")):
        rid = next(e.get(R_ID) for e in inline.iter(f"{C}chart"))
        del_ = delar[rid].target_part
        rot = etree.fromstring(del_.blob)
        bok = del_.rels[rot.find(f"{C}externalData").get(R_ID)].target_part
        yield inline.find(qn("wp:docPr")), rot, openpyxl.load_workbook(io.BytesIO(bok.blob))


def test_varje_diagram_har_egen_del_och_unikt_nummer(dokument: Dokument, rapport: Rapport) -> None:
    nummer = [egenskaper.get("id") for egenskaper, _, _ in _diagram(dokument)]
    assert len(nummer) == len(diagrammen(rapport)) == 7
    assert len(set(nummer)) == len(nummer)
    namn = [n for n in dokument.arkiv.namelist() if n.startswith("word/charts/chart")]
    assert len(namn) == len(nummer)


def test_diagrammen_beskrivs_i_ord_med_sina_siffror(dokument: Dokument, rapport: Rapport) -> None:
    assert sorted(e.get("descr") for e, _, _ in _diagram(dokument)) == sorted(d.alttext for d in diagrammen(rapport))
    assert [d.id for d in diagrammen(rapport) if not re.search(r"\d,\d" if d.decimaler else r"\d", d.alttext)] == []


def test_diagrammen_och_deras_inbaddade_bocker_har_rapportens_tal(dokument: Dokument, rapport: Rapport) -> None:
    per_alttext = {d.alttext: d for d in diagrammen(rapport)}
    for egenskaper, rot, bok in _diagram(dokument):
        d = per_alttext[egenskaper.get("descr")]
        blad = list(bok.active.iter_rows(values_only=True))
        serier = [s.varden for s in staplade(d)] if d.slag == "brygga" else [varden for _, varden in d.serier]
        vantade = [[None if v is None else float(v) for v in varden] for varden in serier]
        assert [rad[0] for rad in blad[1:]] == list(d.kategorier)
        assert [list(kolumn) for kolumn in zip(*(rad[1:] for rad in blad[1:]), strict=True)] == vantade
        punkter = [{int(p.get("idx")): float(p.find(f"{C}v").text) for p in serie.iterfind(f"{C}val//{C}pt")} for serie in rot.iter(f"{C}ser")]
        assert punkter == [{nr: v for nr, v in enumerate(varden) if v is not None} for varden in vantade]
        assert [e.text for e in rot.find(f".//{C}ser").iterfind(f"{C}cat//{C}v")] == list(d.kategorier)


@pytest.mark.parametrize(
    ("varden", "vantat"),
    [
        (("41.3", "48.4"), {"min": "0"}),
        (("0", "48.4"), {"min": "0"}),
        (("-3", "-2.5"), {"max": "0"}),
        (("-3", "2.5"), {}),
    ],
)
def test_staplarna_borjar_vid_noll(varden: tuple[str, str], vantat: dict[str, str]) -> None:
    serie = ("Utfall", tuple(Decimal(v) for v in varden))
    mall = docx.Document()
    diagramstycken([Diagram("d", "liggande", "Diagram", "procent", 1, ("A", "B"), (serie,), "Två staplar.")], mall, FARGER)
    (rot,) = (etree.fromstring(rel.target_part.blob) for rel in mall.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.CHART)
    skala = rot.find(f".//{C}valAx/{C}scaling")
    assert {etree.QName(e).localname: e.get("val") for e in skala if e.tag in (f"{C}min", f"{C}max")} == vantat


# --- Innehållsförteckningen --------------------------------------------------------------------------------


def test_innehallet_ar_ifyllt_med_rubrikerna_i_ordning(dokument: Dokument) -> None:
    rader = [(stil[-1], text) for stil, text in dokument.stycken if stil in ("TOC1", "TOC2")]
    rubriker = [(stil[-1], text) for stil, text in dokument.stycken if stil in ("Heading1", "Heading2")]
    assert rader == rubriker
    assert len(rader) > 15


def test_varje_rad_i_innehallet_ar_en_lank_till_sin_rubrik(dokument: Dokument) -> None:
    bokmarken = {b.get(qn("w:name")): b.getparent() for b in dokument.kropp.iter(qn("w:bookmarkStart"))}
    lankar = [lank for p in dokument.kropp.iter(qn("w:p")) if _stil(p).startswith("TOC") for lank in p.iter(qn("w:hyperlink"))]
    assert lankar
    assert [_text(lank) for lank in lankar] == [_text(bokmarken[lank.get(qn("w:anchor"))]) for lank in lankar]
    ids = [b.get(qn("w:id")) for b in dokument.kropp.iter(qn("w:bookmarkStart"))]
    assert sorted(ids) == sorted({b.get(qn("w:id")) for b in dokument.kropp.iter(qn("w:bookmarkEnd"))})


def test_innehallet_ar_ett_falt_som_word_kan_uppdatera_men_inte_fragar_om(dokument: Dokument) -> None:
    assert any("TOC" in (e.text or "") for e in dokument.kropp.iter(qn("w:instrText")))
    tecken = [e.get(qn("w:fldCharType")) for e in dokument.kropp.iter(qn("w:fldChar"))]
    assert tecken.count("begin") == tecken.count("separate") == tecken.count("end") == 1
    assert not list(dokument.del_("word/settings.xml").iter(qn("w:updateFields")))


# --- Språk, titel och paket ------------------------------------------------------------------------------


def test_spraket_ar_svenska_overallt(dokument: Dokument) -> None:
    sprak = {e.get(qn("w:val")) for namn, rot in dokument.xml.items() if namn.startswith("word/") for e in rot.iter(qn("w:lang"))}
    assert sprak == {"sv-SE"}
    assert dokument.docx.core_properties.language == "sv-SE"
    standard = dokument.del_("word/styles.xml").find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    assert standard.get(qn("w:val")) == "sv-SE"


def test_titel_och_upphov_ar_kommunens(dokument: Dokument, rapport: Rapport) -> None:
    egenskaper = dokument.docx.core_properties
    assert rapport.titel in egenskaper.title
    assert rapport.spann in egenskaper.title
    assert egenskaper.author == rapport.kommun
    assert (egenskaper.comments, egenskaper.keywords, egenskaper.category) == ("", "", "")


def test_varje_hanvisad_del_finns_i_paketet(dokument: Dokument) -> None:
    namn = set(dokument.arkiv.namelist())
    for vag, rot in dokument.xml.items():
        if vag.endswith(".rels"):
            mapp = Path(vag).parent.parent
            for relation in rot:
                if relation.get("TargetMode") != "External":
                    mal = relation.get("Target")
                    assert (mal.lstrip("/") if mal.startswith("/") else _hopslagen(mapp / mal)) in namn, (vag, mal)


def _hopslagen(vag: Path) -> str:
    delar: list[str] = []
    for del_ in vag.parts:
        if del_ == "..":
            delar.pop()
        else:
            delar.append(del_)
    return "/".join(delar)


def test_samma_rapport_ger_samma_byte(underlag: tuple[Sammanstallning, Rapport], dokument: Dokument) -> None:
    assert skriv(*underlag).data == dokument.data


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_dokumentet_gar_att_gora_om_till_pdf(dokument: Dokument, tmp_path: Path) -> None:
    fil = tmp_path / "rapport.docx"
    fil.write_bytes(dokument.data)
    pdf = konvertera(fil, "pdf", tmp_path / "ut").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 5


# --- Kommunens egen mall ---------------------------------------------------------------------------------


def _egen_mall(katalog: Path, *stycken: str) -> Path:
    """En egen mall i kommunens arbetskatalog: de medföljande stilarna och styckena."""
    mall: Any = docx.Document(str(medfoljande() / WORDMALL))
    for element in [e for e in mall.element.body if e.tag in (qn("w:p"), qn("w:tbl"))]:
        mall.element.body.remove(element)
    for text in stycken:
        mall.add_paragraph(text)
    fil = katalog / "mallar" / WORDMALL
    fil.parent.mkdir(parents=True)
    mall.save(str(fil))
    return fil


def test_kommunens_egen_mall_anvands(kommun: Provkommun) -> None:
    lamna_rikt(kommun)
    _egen_mall(kommun.katalog, "Egen rubrik {{ rapport.spann }}", "{{p tabell.drift }}", "{%p for n in namnder %}", "{{ n.namn }}", "{%p endfor %}")
    skrivet = skriv(kommun.sammanstall())
    texter = [text for _, text in skrivet.stycken]
    assert texter[0] == "Egen rubrik januari–augusti 2024"
    assert [t for t in texter if t in ("Skolnämnden", "Vårdnämnden")][-2:] == ["Skolnämnden", "Vårdnämnden"]
    assert len(skrivet.tabeller) == 1


def test_en_tabell_utan_underlag_blir_tom_i_den_egna_mallen(kommun: Provkommun) -> None:
    lamna(kommun)  # inga mål
    _egen_mall(kommun.katalog, "Före", "{%p if tabell.mal %}", "{{p tabell.mal }}", "{%p else %}", "Inget underlag", "{%p endif %}")
    assert [text for _, text in skriv(kommun.sammanstall()).stycken if text] == ["Före", "Inget underlag"]


@pytest.mark.parametrize(
    "stycke",
    [
        "{{ rapport.finns_inte }}",
        "{{ finns_inte }}",
        "{{p tabell.finns_inte }}",
        "{{p diagram.finns_inte }}",
        "{{ mening.finns_inte }}",
        "{%p for n in namnder %}{{ n.finns_inte }}",
        "{{ rapport.titel | finns_inte }}",
        "{%p if rapport.utkast %}",  # avslutas aldrig
        "{{ rapport.titel }",
        "{%p finns_inte %}",
    ],
)
def test_en_tagg_som_inte_finns_stoppar_och_namner_mallen(stycke: str, rapport: Rapport, tmp_path: Path) -> None:
    mall = _egen_mall(tmp_path, stycke)
    with pytest.raises(MallFel, match=r"mallar/word/delarsrapport\.docx"):
        word_av(rapport, mall, "")


@pytest.mark.parametrize("data", [b"", b"inte ett dokument", b"PK\x05\x06" + bytes(18)], ids=["tom", "text", "tomt_arkiv"])
def test_en_mall_som_inte_ar_ett_dokument_stoppar_och_namner_mallen(data: bytes, rapport: Rapport, tmp_path: Path) -> None:
    mall = _egen_mall(tmp_path)
    mall.write_bytes(data)
    with pytest.raises(MallFel, match=r"mallar/word/delarsrapport\.docx"):
        word_av(rapport, mall, "")


def test_inget_skrivs_nar_mallen_ar_fel(hel_kommun: Provkommun) -> None:
    _egen_mall(hel_kommun.katalog, "{{ rapport.finns_inte }}")
    with pytest.raises(MallFel):
        floden.skriv_rapport(hel_kommun.sammanstall())
    assert list((hel_kommun.katalog / "rapporter").rglob("*")) == []
