"""Wordmallar byggda i test: en mall med alla stilar, stycke för stycke, och en kommuns helt egna mall."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport.wordstilar import STILAR

Bygge = Callable[[Any], None]


def tom_mall(mallnamn: str = "delarsrapport.docx") -> Any:
    """Den medföljande mallen utan innehåll: stilar, sidhuvud och sidformat är kvar."""
    mall: Any = docx.Document(str(medfoljande() / "word" / mallnamn))
    for element in [e for e in mall.element.body if e.tag in (qn("w:p"), qn("w:tbl"))]:
        mall.element.body.remove(element)
    return mall


def mallfil(katalog: Path, *stycken: str, bygg: Bygge | None = None, mallnamn: str = "delarsrapport.docx") -> Path:
    """En mall i arbetskatalogen med styckena, och det som ``bygg`` lägger till."""
    mall = tom_mall(mallnamn)
    for text in stycken:
        mall.add_paragraph(text)
    if bygg:
        bygg(mall)
    fil = katalog / "mallar" / "word" / mallnamn
    fil.parent.mkdir(parents=True, exist_ok=True)
    mall.save(str(fil))
    return fil


LOGOTYP_RGB = (200, 30, 60)
TYPSNITT, RUBRIKTYPSNITT = "Times New Roman", "Courier New"


def logotyp() -> bytes:
    """En enfärgad PNG."""
    rad = b"\0" + bytes(LOGOTYP_RGB) * 40

    def del_(slag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + slag + data + struct.pack(">I", zlib.crc32(slag + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + del_(b"IHDR", struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0))
        + del_(b"IDAT", zlib.compress(rad * 20))
        + del_(b"IEND", b"")
    )


def egen_mall(fil: Path) -> None:
    """En helt annan mall än de medföljande: från Words tomma dokument, svenska stilbeteckningar, A5 liggande, egen ordning och logotyp."""
    mall: Any = docx.Document()
    avsnitt = mall.sections[0]
    avsnitt.orientation = WD_ORIENT.LANDSCAPE
    avsnitt.page_width, avsnitt.page_height = Mm(210), Mm(148)
    avsnitt.left_margin = avsnitt.right_margin = Mm(30)
    mall.styles["Normal"].font.name = TYPSNITT
    mall.styles["Normal"].font.size = Pt(9)
    _gor_stilar(mall)
    huvud = avsnitt.header.paragraphs[0]
    huvud.add_run().add_picture(io.BytesIO(logotyp()), width=Mm(20))
    huvud.add_run("  {{ rapport.kommun }}")
    for text, stil in EGNA_STYCKEN:
        mall.add_paragraph(text, style=stil)
    tabell = mall.add_table(rows=3, cols=2)
    for rad, texter in zip(
        tabell.rows, (("{%tr for k in nyckeltal %}", ""), ("{{ k.etikett }}", "{{ k.varde }}"), ("{%tr endfor %}", "")), strict=True
    ):
        for cell, text in zip(rad.cells, texter, strict=True):
            cell.text = text
    mall.add_paragraph("{{p innehall }}")
    fil.parent.mkdir(parents=True, exist_ok=True)
    mall.save(str(fil))


EGNA_STYCKEN = (
    ("Så gick det för nämnderna", "Heading 1"),
    ("{{p tabell.drift }}", "Normal"),
    ("{{p diagram.avvikelse }}", "Normal"),
    ("{%p for namnd in namnder %}", "Normal"),
    ("{{ namnd.namn }}", "Heading 2"),
    ("{{p namnd.analys }}", "Normal"),
    ("{%p endfor %}", "Normal"),
    ("Kommunens resultat {{ rapport.spann }}", "Heading 1"),
    ("{{p saknas.resultat }}", "Normal"),
    ("{{ mening.resultat }}", "Normal"),
    ("{{p tabell.resultat }}", "Normal"),
)
_SVENSKA = {"heading 1": "Rubrik1", "heading 2": "Rubrik2", "toc 1": "Innehll1", "toc 2": "Innehll2", "Bekräfta": "Bekrfta"}
"""Stilens namn → beteckningen som svenskt Word ger den."""


def _gor_stilar(mall: Any) -> None:
    """Stilarna som programmet skriver med, med eget utseende, och svenska Words beteckningar."""
    for stil in STILAR:
        namn = stil.namn.replace("heading", "Heading")
        if namn not in [s.name for s in mall.styles]:
            ny = mall.styles.add_style(namn, WD_STYLE_TYPE.TABLE if stil.id == "Rapporttabell" else WD_STYLE_TYPE.PARAGRAPH)
            ny.font.name = TYPSNITT
            if "tal" in stil.id.lower().removeprefix("tabell"):
                ny.paragraph_format.alignment = 2
    for namn in ("Heading 1", "Heading 2"):
        egen = mall.styles[namn]
        egen.font.name, egen.font.color.rgb = RUBRIKTYPSNITT, RGBColor(*LOGOTYP_RGB)
        fonter = egen.element.rPr.rFonts
        for attribut in [a for a in fonter.attrib if "heme" in a]:
            del fonter.attrib[attribut]
    for stil in mall.styles.element.iter(qn("w:style")):
        namn = stil.find(qn("w:name")).get(qn("w:val"))
        stil.set(qn("w:styleId"), _SVENSKA.get(namn.replace("Heading", "heading"), stil.get(qn("w:styleId"))))
