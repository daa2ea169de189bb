"""Trånga tabeller står på liggande sidor, med rubrik, noter, sidhuvud och sidfot; andra tabeller står kvar."""

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from kommunrapport import floden
from kommunrapport.rapport.modell import Cell, Kolumn, Rad, Rapport, Tabell
from kommunrapport.rapport.word import word_av
from kommunrapport.rapport.wordliggande import liggande_bredd, satt_liggande, tabellform
from tests.kommun import Provkommun, lamna_rikt

STAENDE, LIGGANDE, STORLEK = 9298, 14230, 18
LANG = "En kommentar som är så lång att den blir hög när kolumnen är smal, och som därför behöver en bredare sida för att gå att läsa."


def tabell(rader: int, text: str, kolumner: int = 7) -> Tabell:
    rubriker = tuple(Kolumn(f"k{nr}", "Verksamhetsområde", ar_tal=False) for nr in range(kolumner - 1))
    celler = (*(Cell("Samhällsbyggnad") for _ in rubriker[1:]), Cell(text))
    return Tabell("t", "Tabell", "", "Uppdrag", rubriker, tuple(Rad(f"r{nr}", "rad", "Uppdraget", celler) for nr in range(rader)), ("En not.",))


@pytest.mark.parametrize(
    ("rader", "text", "kolumner", "trang"),
    [(8, LANG, 7, True), (8, "Kort.", 7, False), (2, LANG, 7, False), (8, LANG, 3, False)],
    ids=["trång", "korta texter", "få rader", "få kolumner"],
)
def test_vad_som_ar_trangt(rader: int, text: str, kolumner: int, trang: bool) -> None:
    bredd = sum(tabellform(tabell(rader, text, kolumner), STAENDE, LIGGANDE, STORLEK).bredder)
    assert (bredd > STAENDE) == trang


@pytest.fixture
def rapport(kommun: Provkommun) -> tuple[Rapport, Any]:
    lamna_rikt(kommun)
    s = kommun.sammanstall()
    return floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall)


def sidor(dokument: Any) -> list[str]:
    return ["liggande" if s.page_width > s.page_height else "stående" for s in dokument.sections]


def test_en_trang_tabell_far_ett_eget_avsnitt(rapport: tuple[Rapport, Any]) -> None:
    hel, mall = rapport
    trang = replace(hel, tabeller={**hel.tabeller, "uppdrag": tabell(8, LANG)})
    dokument: Any = docx.Document(io.BytesIO(word_av(trang, mall, "")))
    assert sidor(dokument) == ["stående", "liggande", "stående"]
    assert sidor(docx.Document(io.BytesIO(word_av(hel, mall, "")))) == ["stående"]
    assert [s.different_first_page_header_footer for s in dokument.sections] == [True, False, False]
    assert len({(s.header.paragraphs[0].text, s.footer.paragraphs[0].text) for s in dokument.sections}) == 1
    kropp = list(dokument.element.body)
    borjan, slut = (nr for nr, e in enumerate(kropp) if e.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None)
    texter = ["".join(t.text or "" for t in e.iter(qn("w:t"))) for e in kropp[borjan + 1 : slut + 1]]
    assert ("Tabell" in texter, texter[-1]) == (True, "En not.")


@pytest.mark.parametrize(
    ("bredder", "vantat"),
    [((LIGGANDE, LIGGANDE), ["stående", "liggande"]), ((LIGGANDE, 100, LIGGANDE), ["stående", "liggande", "stående", "liggande"])],
)
def test_tabeller_efter_varandra_delar_avsnitt_och_den_sista_slutar_dokumentet(bredder: tuple[int, ...], vantat: list[str]) -> None:
    dokument: Any = docx.Document()
    dokument.add_paragraph("Före.")
    for bredd in bredder:
        t = dokument.add_table(1, 1)
        t._tbl.tblPr.find(qn("w:tblW")).set(qn("w:w"), str(bredd))
        t._tbl.tblPr.find(qn("w:tblW")).set(qn("w:type"), "dxa")
        dokument.add_paragraph("")
    satt_liggande(dokument, 9000, LIGGANDE)
    assert sidor(dokument) == vantat


def test_en_mall_med_egna_avsnitt_lamnas_som_den_ar() -> None:
    dokument: Any = docx.Document()
    assert liggande_bredd(dokument) > 0
    dokument.add_section()
    assert liggande_bredd(dokument) == 0
