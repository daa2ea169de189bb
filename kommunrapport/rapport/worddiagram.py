"""Inbyggda Worddiagram: diagramdelar med inbäddad arbetsbok, redigerbara i Word.

python-pptx skriver diagrammets XML; här läggs färger, beteckningar och ordning till.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.enum.chart import XL_CHART_TYPE

from kommunrapport.rapport import ooxml
from kommunrapport.rapport.modell import Diagram
from kommunrapport.rapport.packning import packa_om

FARGER = ("0B4F5C", "C9822B", "A9B7BB", "4F949F")
_NS = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart", "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
_EMU_PER_CM = 360_000
_BREDD_CM = 16.4
_SLAG = {"liggande": XL_CHART_TYPE.BAR_CLUSTERED, "staende": XL_CHART_TYPE.COLUMN_CLUSTERED}


def diagramstycken(diagram: Sequence[Diagram], dokument: Any) -> dict[str, str]:
    """Lägger in diagrammens delar i dokumentet och ger varje diagrams stycken som Word-XML."""
    return {d.id: _lagg_in(nummer, d, dokument) for nummer, d in enumerate(diagram, 1)}


def _lagg_in(nummer: int, d: Diagram, dokument: Any) -> str:
    data = CategoryChartData(number_format=f"#,##0{'.' + '0' * d.decimaler if d.decimaler else ''}")
    data.categories = [ooxml.rensad(k) for k in d.kategorier]
    for namn, varden in d.serier:
        data.add_series(ooxml.rensad(namn), [None if v is None else float(v) for v in varden])  # bara för ritningen; talen är redan räknade
    paket = dokument.part.package
    del_ = Part(PackURI(f"/word/charts/chart{nummer}.xml"), CONTENT_TYPE.DML_CHART, b"", paket)
    bok = Part(PackURI(f"/word/embeddings/diagram{nummer}.xlsx"), CONTENT_TYPE.SML_SHEET, _arbetsbok(data), paket)
    bok_rid = del_.relate_to(bok, RELATIONSHIP_TYPE.PACKAGE)
    del_._blob = _utformad(ChartXmlWriter(_SLAG[d.slag], data).xml, d, bok_rid)  # noqa: SLF001  python-docx saknar diagramdelar
    rid = dokument.part.relate_to(del_, RELATIONSHIP_TYPE.CHART)
    titel = f"{d.titel} ({d.enhet})" if d.enhet else d.titel
    return ooxml.stycke(titel, "Diagramtext", ihop=True) + _ritning(nummer, rid, d)


def _ritning(nummer: int, rid: str, d: Diagram) -> str:
    hojd = 5.6 if d.slag == "staende" else max(5.0, 1.6 + 0.62 * len(d.kategorier) * (1 + 0.35 * (len(d.serier) - 1)))
    cx, cy = int(_BREDD_CM * _EMU_PER_CM), int(min(hojd, 17) * _EMU_PER_CM)
    return (
        '<w:p><w:pPr><w:pStyle w:val="Diagram"/></w:pPr><w:r><w:drawing>'
        '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{cx}" cy="{cy}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{1000 + nummer}" name="Diagram {nummer}" title="{ooxml.attribut(d.titel)}" descr="{ooxml.attribut(d.alttext)}"/>'
        "<wp:cNvGraphicFramePr/>"
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{rid}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _utformad(xml: str, d: Diagram, bok_rid: str) -> bytes:
    rot = etree.fromstring(xml.encode())
    for nummer, serie in enumerate(rot.iterfind(".//c:ser", _NS)):
        _farga(serie, FARGER[nummer % len(FARGER)])
    _stall_in_axlar(rot, d)
    stapel = rot.find(".//c:barChart", _NS)
    _satt_beteckningar(stapel, d)
    diagram = rot.find("c:chart", _NS)
    utan_titel = diagram.find("c:autoTitleDeleted", _NS)
    if utan_titel is None:
        utan_titel = etree.Element(f"{{{_NS['c']}}}autoTitleDeleted")
        diagram.insert(0, utan_titel)
    utan_titel.set("val", "1")
    if len(d.serier) > 1 and diagram.find("c:legend", _NS) is None:
        forklaring = etree.fromstring(f'<c:legend xmlns:c="{_NS["c"]}"><c:legendPos val="b"/><c:overlay val="0"/></c:legend>')
        diagram.find("c:plotArea", _NS).addnext(forklaring)
    _slut(rot, bok_rid)
    return bytes(etree.tostring(rot, xml_declaration=True, encoding="UTF-8", standalone=True))


def _farga(serie: Any, farg: str) -> None:
    for gammal in serie.findall("c:spPr", _NS):
        serie.remove(gammal)
    form = etree.fromstring(f'<c:spPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}"><a:solidFill><a:srgbClr val="{farg}"/></a:solidFill></c:spPr>')
    serie.find("c:tx", _NS).addnext(form)


def _stall_in_axlar(rot: Any, d: Diagram) -> None:
    kategori, varde = rot.find(".//c:catAx", _NS), rot.find(".//c:valAx", _NS)
    kategori.find("c:tickLblPos", _NS).set("val", "low")
    if d.slag == "liggande":
        kategori.find("c:scaling", _NS).insert(0, etree.fromstring(f'<c:orientation xmlns:c="{_NS["c"]}" val="maxMin"/>'))
        for dubbel in kategori.findall("c:scaling/c:orientation", _NS)[1:]:
            dubbel.getparent().remove(dubbel)
    grans = _nollgrans([v for _, varden in d.serier for v in varden if v is not None])
    if grans:
        varde.find("c:scaling", _NS).append(etree.fromstring(f'<c:{grans} xmlns:c="{_NS["c"]}" val="0"/>'))
    rutnat = varde.find("c:majorGridlines", _NS)
    if rutnat is not None:
        for barn in list(rutnat):
            rutnat.remove(barn)
        linje = '<a:ln w="6350"><a:solidFill><a:srgbClr val="D5DBDD"/></a:solidFill></a:ln>'
        rutnat.append(etree.fromstring(f'<c:spPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}">{linje}</c:spPr>'))


def _nollgrans(varden: Sequence[Decimal]) -> str:
    """Den ände av värdeaxeln som ska vara noll, så att staplarnas längd går att jämföra; tomt när värdena ligger på båda sidor."""
    return "min" if all(v >= 0 for v in varden) else "max" if all(v <= 0 for v in varden) else ""


def _satt_beteckningar(stapel: Any, d: Diagram) -> None:
    form = f"#,##0{'.' + '0' * d.decimaler if d.decimaler else ''}"
    visa = etree.fromstring(
        f'<c:dLbls xmlns:c="{_NS["c"]}"><c:numFmt formatCode="{form}" sourceLinked="0"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    for gammal in stapel.findall("c:dLbls", _NS):
        stapel.remove(gammal)
    stapel.findall("c:ser", _NS)[-1].addnext(visa)
    glapp = stapel.find("c:gapWidth", _NS)
    if glapp is not None:
        glapp.set("val", "60")


def _slut(rot: Any, bok_rid: str) -> None:
    datum = rot.find("c:date1904", _NS)
    sprak = etree.fromstring(f'<c:lang xmlns:c="{_NS["c"]}" val="sv-SE"/>')
    rot.insert(0, sprak) if datum is None else datum.addnext(sprak)
    for gammal in rot.findall("c:txPr", _NS):
        rot.remove(gammal)
    ram = f'<c:spPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}"><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
    rot.append(etree.fromstring(ram))
    text = etree.fromstring(
        f'<c:txPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}"><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900">'
        '<a:solidFill><a:srgbClr val="262626"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="sv-SE"/></a:p></c:txPr>'
    )
    rot.append(text)
    extern = (
        f'<c:externalData xmlns:c="{_NS["c"]}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{bok_rid}">'
        '<c:autoUpdate val="0"/></c:externalData>'
    )
    rot.append(etree.fromstring(extern))


class _Bokskrivare(CategoryWorkbookWriter):  # type: ignore[misc]
    """Samma inbäddade arbetsbok varje gång: fast skapandedatum."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: io.BytesIO) -> Iterator[tuple[Any, Any]]:
        with xlsxwriter.Workbook(xlsx_file, {"in_memory": True}) as bok:
            bok.set_properties({"created": datetime(2000, 1, 1)})
            yield bok, bok.add_worksheet("Data")


def _arbetsbok(data: CategoryChartData) -> bytes:
    return packa_om(_Bokskrivare(data).xlsx_blob)
