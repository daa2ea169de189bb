"""Varje dokument som programmet skriver är tillgängligt: granskningen hittar inga fel i något av dem."""

import dataclasses
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from kommunrapport import floden, utskick
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.period import Period
from kommunrapport.kopior import skriv_kommenterade
from kommunrapport.mall.dokumentmall import las_dokumentmall
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.rapport import anmarkningslista
from kommunrapport.rapport.word import word_av
from kommunrapport.tillganglighet.granskning import granska_fil, granska_filer
from kommunrapport.validering import validera
from tests.arsbokslut import lamna_tva_ar
from tests.arsbokslut import sammanstall as bokslutet
from tests.kommun import PERIOD, Provkommun, bok, finansbok, lamna_rikt, vardbok
from tests.test_word import KRAVER_LIBREOFFICE, konvertera

MALL = las_dokumentmall(Mallkalla((medfoljande(),)))
MARS = Period(2024, 3)
LISTA = "Vi gör så här:\n- Färre vikarier\n• Bättre schema\nDet räcker."


def fel_i(*filer: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    """(filens namn, kod, platser) för allt som är fel."""
    granskade = granska_filer([str(fil) for fil in filer], MALL)
    return [(Path(g.fil).name, a.kod, a.plats.celler) for g in granskade for a in g.anmarkningar if MALL.katalog.allvar(a) >= Allvar.FEL]


@pytest.fixture(scope="module")
def delar(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Kommunen med allt som en delårsrapport kan innehålla."""
    kommun = Provkommun(tmp_path_factory.mktemp("delar"))
    lamna_rikt(kommun)
    return kommun


@pytest.fixture(scope="module")
def delarsfiler(delar: Provkommun) -> list[Path]:
    s = delar.sammanstall()
    return [f for f in (*floden.skriv_rapport(s), *floden.skriv_rapport(s, ["Skolnämnden"])) if f.suffix in (".docx", ".xlsx")]


def test_delarsrapporten_enhetens_rapport_och_deras_bilagor(delarsfiler: list[Path]) -> None:
    assert len(delarsfiler) == 5
    assert fel_i(*delarsfiler) == []


def test_utkastet_med_sina_anmarkningar(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard",))
    filer = floden.skriv_rapport(kommun.sammanstall())
    assert fel_i(*(f for f in filer if f.suffix != ".json")) == []


def test_manadsrapporten(kommun: Provkommun) -> None:
    for enhet, celler in (("skola", bok()), ("vard", vardbok()), ("finans", finansbok())):
        kommun.lamna(enhet, celler, period=MARS)
    filer = floden.skriv_rapport(floden.sammanstall(kommun.katalog, MARS, "manad"))
    assert fel_i(*(f for f in filer if f.suffix != ".json")) == []


def test_arsredovisningen(kommun: Provkommun) -> None:
    lamna_tva_ar(kommun)
    filer = floden.skriv_rapport(bokslutet(kommun))
    assert fel_i(*(f for f in filer if f.suffix != ".json")) == []


def test_en_bok_att_fylla_i_och_dess_kommenterade_kopia(kommun: Provkommun, tmp_path: Path) -> None:
    fylld = kommun.lamna("skola", bok(drift__grund__utfall="mycket", drift__fritids__prognos="-10 000", kostnadsslag__intakter__budget=-6_000))
    tomma = utskick.skriv_mallar(kommun.katalog, PERIOD, [], tmp_path / "tomma")
    kopior = skriv_kommenterade(validera(kommun.katalog, [str(fylld)]), tmp_path / "ut")
    assert fel_i(fylld, *tomma, *kopior) == []


def test_en_tom_anmarkningslista(tmp_path: Path) -> None:
    fil = tmp_path / "anmarkningar.xlsx"
    fil.write_bytes(anmarkningslista.excel_av([], PERIOD, "Anmärkningar"))
    assert fel_i(fil) == []


@pytest.mark.parametrize("mall", sorted((medfoljande() / "word").glob("*.docx")), ids=lambda fil: fil.stem)
def test_de_medfoljande_wordmallarna(mall: Path) -> None:
    assert fel_i(mall) == []


# --- Punktlistor i lämnade texter -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def med_listor(delar: Provkommun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Delårsrapporten när någon har skrivit punkter i en text och i en tabellcell."""
    s = delar.sammanstall()
    rapport = floden.bygg_rapport(s)
    uppdrag = rapport.tabeller["uppdrag"]
    rad = uppdrag.rader[0]
    rad = dataclasses.replace(rad, celler=(*rad.celler[:-1], dataclasses.replace(rad.celler[-1], text=LISTA)))
    tabeller = {**rapport.tabeller, "uppdrag": dataclasses.replace(uppdrag, rader=(rad, *uppdrag.rader[1:]))}
    rapport = dataclasses.replace(rapport, tabeller=tabeller, texter={**rapport.texter, "analys": LISTA})
    fil = tmp_path_factory.mktemp("listor") / "rapport.docx"
    fil.write_bytes(word_av(rapport, s.arbete.mallkalla.fil(s.rapportmall.wordmall), ""))
    return fil


def _listpunkter(fil: Path) -> Iterator[tuple[str, str]]:
    """(format, text) för de stycken som hör till en lista."""
    dokument = docx.Document(str(fil))
    for p in dokument.element.body.iter(qn("w:p")):
        stil, nummer = p.style or "Normal", p.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if nummer is not None or stil == "ListBullet":
            yield stil, "".join(t.text or "" for t in p.iter(qn("w:t")))


def test_skrivna_punkter_blir_riktiga_listor_i_text_och_i_tabell(med_listor: Path) -> None:
    punkter = [(stil, text) for stil, text in _listpunkter(med_listor) if text in ("Färre vikarier", "Bättre schema")]
    assert punkter == [(stil, text) for stil in ("ListBullet", "Tabelltext") for text in ("Färre vikarier", "Bättre schema")]
    assert fel_i(med_listor) == []


def test_en_mall_utan_listformat_lamnar_texten_som_den_skrevs(delar: Provkommun, tmp_path: Path) -> None:
    s = delar.sammanstall()
    utan = tmp_path / "mall.docx"
    with zipfile.ZipFile(s.arbete.mallkalla.fil(s.rapportmall.wordmall)) as fran, zipfile.ZipFile(utan, "w") as till:
        for namn in fran.namelist():
            till.writestr(namn, fran.read(namn).replace(b'w:val="List Bullet"', b'w:val="Egen punkt"'))
    rapport = floden.bygg_rapport(s)
    fil = tmp_path / "rapport.docx"
    fil.write_bytes(word_av(dataclasses.replace(rapport, texter={**rapport.texter, "analys": LISTA}), utan, ""))
    assert {kod for _, kod, _ in fel_i(fil)} == {"TG119"}
    assert "- Färre vikarier" in [p.text for p in docx.Document(str(fil)).paragraphs]


# --- Pdf ur det skrivna ---------------------------------------------------------------------------------------------


@KRAVER_LIBREOFFICE
def test_en_pdf_utan_taggar_godkanns_inte(delarsfiler: list[Path], tmp_path: Path) -> None:
    enhetens = next(f for f in delarsfiler if f.parent.name == "enheter" and f.suffix == ".docx")
    pdf = konvertera(enhetens, "pdf", tmp_path)
    assert "TG301" in [a.kod for a in granska_fil(pdf, MALL).anmarkningar]
