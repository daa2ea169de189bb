"""En kommuns helt egna Wordmall, bara ur data: annan ordning, annat format, egna typsnitt och logotyp, samma siffror."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from kommunrapport import cli, mallgranskning
from tests.kommun import PERIOD, Provkommun, lamna_rikt
from tests.test_word import KRAVER_LIBREOFFICE, Dokument, _rader, konvertera
from tests.wordmallar import EGNA_STYCKEN, RUBRIKTYPSNITT, TYPSNITT, egen_mall, logotyp

RAPPORT = "rapporter/2024-08/Delårsrapport 2024-08.docx"
EMU_PER_TJUGONDEL = 635


@pytest.fixture(scope="module")
def katalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provkommunen när alla har lämnat."""
    kommun = Provkommun(tmp_path_factory.mktemp("egen"))
    lamna_rikt(kommun)
    return kommun.katalog


def skriv(katalog: Path) -> Dokument:
    assert cli._kor(["delar", "--period", "2024-08", "--ersatt", "--katalog", str(katalog)], felsok=False) == 0
    return Dokument((katalog / RAPPORT).read_bytes())


@pytest.fixture(scope="module")
def medfoljande(katalog: Path) -> Dokument:
    return skriv(katalog)


@pytest.fixture(scope="module")
def eget(katalog: Path, medfoljande: Dokument) -> Dokument:
    """Rapporten med den egna mallen, skriven efter den med den medföljande."""
    assert medfoljande
    egen_mall(katalog / "mallar/word/delarsrapport.docx")
    return skriv(katalog)


def test_mallen_har_inga_fel(katalog: Path, eget: Dokument) -> None:
    assert eget
    assert {b.kod for b in mallgranskning.granska(katalog, [PERIOD]) if b.mall.endswith("delarsrapport.docx")} == {"oanvanda", "krav_utan_tagg"}


def test_rubrikerna_star_i_mallens_ordning_och_i_innehallet(eget: Dokument) -> None:
    rubriker = eget.med_stil("Rubrik1", "Rubrik2")
    assert rubriker == ["Så gick det för nämnderna", "Skolnämnden", "Vårdnämnden", "Kommunens resultat januari–augusti 2024"]
    assert eget.med_stil("Innehll1", "Innehll2") == rubriker
    assert eget.stycken[-1][0].startswith("Innehll")  # innehållet står sist i den här mallen
    assert eget.med_stil("Heading1", "Heading2", "Malltagg") == []


def test_typsnitt_sidformat_och_logotyp_ar_mallens(eget: Dokument) -> None:
    stilar = eget.docx.styles
    anvanda = {e.get(qn("w:val")) for e in eget.kropp.iter(qn("w:pStyle"), qn("w:tblStyle"))}
    assert anvanda <= {s.style_id for s in stilar}
    assert {stilar[n].font.name for n in ("Normal", "Tabelltext", "Tabelltal", "Diagramtext")} == {TYPSNITT}
    assert stilar["Heading 1"].font.name == RUBRIKTYPSNITT
    avsnitt = eget.docx.sections[0]
    assert (round(avsnitt.page_width.mm), round(avsnitt.page_height.mm), round(avsnitt.left_margin.mm)) == (210, 148, 30)
    huvud = avsnitt.header
    assert "Provköpings kommun" in "".join(p.text for p in huvud.paragraphs)
    bilder = [rel.target_part.blob for rel in huvud.part.rels.values() if "image" in rel.reltype]
    assert bilder == [logotyp()]
    assert len(list(huvud._element.iter(qn("w:drawing")))) == 1


def test_siffrorna_ar_desamma_som_i_den_medfoljande_mallen(eget: Dokument, medfoljande: Dokument) -> None:
    assert len(eget.tabeller) == 2
    assert {rubrik: _rader(t) for rubrik, t in eget.tabeller.items()} == {rubrik: _rader(medfoljande.tabeller[rubrik]) for rubrik in eget.tabeller}
    meningar = {text for _, text in medfoljande.stycken}
    egna = [text for stil, text in eget.stycken if stil in {"", "Normal"}]
    assert sum(text in meningar and "mnkr" in text for text in egna) >= 1


def test_nyckeltalen_star_i_mallens_egen_tabell(eget: Dokument) -> None:
    (tabell,) = [t for t in eget.docx.tables if t._tbl not in eget.tabeller.values()]
    assert [len(rad.cells) for rad in tabell.rows] == [2] * len(tabell.rows)
    assert all("mnkr" in rad.cells[1].text or "procent" in rad.cells[1].text for rad in tabell.rows)
    assert len(tabell.rows) >= 3


def test_tabeller_och_diagram_ryms_i_mallens_textbredd(eget: Dokument) -> None:
    avsnitt: Any = eget.docx.sections[0]
    bredd = int(avsnitt.page_width - avsnitt.left_margin - avsnitt.right_margin)
    tabeller = [sum(int(k.get(qn("w:w"))) for k in t.find(qn("w:tblGrid"))) * EMU_PER_TJUGONDEL for t in eget.tabeller.values()]
    diagram = [int(e.get("cx")) for i in eget.kropp.iter(qn("wp:inline")) for e in i.iter(qn("wp:extent"))]
    assert len(diagram) == 1
    assert max(*tabeller, *diagram) <= bredd


def test_varje_stycke_i_mallen_ar_anvant(eget: Dokument) -> None:
    fasta = [text for text, _ in EGNA_STYCKEN if "{" not in text]
    assert [text for text in fasta if text not in [t for _, t in eget.stycken]] == []
    assert not any("{{" in text or "{%" in text for _, text in eget.stycken if "rapport.titel" not in text)
    assert zipfile.ZipFile(io.BytesIO(eget.data)).testzip() is None


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_libreoffice_oppnar_rapporten(eget: Dokument, tmp_path: Path) -> None:
    fil = tmp_path / "eget.docx"
    fil.write_bytes(eget.data)
    assert konvertera(fil, "pdf", tmp_path / "ut").read_bytes().startswith(b"%PDF")
    text = konvertera(fil, "txt", tmp_path / "ut").read_text(encoding="utf-8-sig")
    assert all(rubrik in text for rubrik in eget.med_stil("Rubrik1", "Rubrik2"))
    assert docx.Document(str(fil)).core_properties.author == "Provköpings kommun"
