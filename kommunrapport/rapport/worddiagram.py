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

from kommunrapport.mall.utseende import Diagramfarger
from kommunrapport.rapport import ooxml
from kommunrapport.rapport.axel import axelgrans
from kommunrapport.rapport.brygga import FORBATTRING, FORSAMRING, NIVA, OSYNLIG, staplade
from kommunrapport.rapport.modell import Diagram
from kommunrapport.rapport.packning import packa_om

_NS = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart", "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
_EMU_PER_CM = 360_000
_BREDD_CM = 16.4
_HOJD_CM = {"brygga": 7.2}
_SLAG = {
    "liggande": XL_CHART_TYPE.BAR_CLUSTERED,
    "staende": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "linje": XL_CHART_TYPE.LINE_MARKERS,
    "brygga": XL_CHART_TYPE.COLUMN_STACKED,
}
_PUNKTER = ("circle", "square", "triangle", "diamond")
_STRECK = ("solid", "dash", "sysDot", "dashDot")


def diagramstycken(diagram: Sequence[Diagram], dokument: Any, farger: Diagramfarger) -> list[str]:
    """Lägger in diagrammens delar i dokumentet och ger varje diagrams stycken som Word-XML, i samma ordning."""
    return [_lagg_in(nummer, d, dokument, farger) for nummer, d in enumerate(diagram, 1)]


def _lagg_in(nummer: int, d: Diagram, dokument: Any, farger: Diagramfarger) -> str:
    data = CategoryChartData(number_format=_talform(d))
    data.categories = [ooxml.rensad(k) for k in d.kategorier]
    for namn, varden in _serier(d):
        data.add_series(ooxml.rensad(namn), [None if v is None else float(v) for v in varden])  # bara för ritningen; talen är redan räknade
    paket = dokument.part.package
    del_ = Part(PackURI(f"/word/charts/chart{nummer}.xml"), CONTENT_TYPE.DML_CHART, b"", paket)
    bok = Part(PackURI(f"/word/embeddings/diagram{nummer}.xlsx"), CONTENT_TYPE.SML_SHEET, _arbetsbok(data), paket)
    bok_rid = del_.relate_to(bok, RELATIONSHIP_TYPE.PACKAGE)
    del_._blob = _utformad(ChartXmlWriter(_SLAG[d.slag], data).xml, d, bok_rid, farger)  # noqa: SLF001  python-docx saknar diagramdelar
    rid = dokument.part.relate_to(del_, RELATIONSHIP_TYPE.CHART)
    titel = f"{d.titel} ({d.enhet})" if d.enhet else d.titel
    return ooxml.stycke(titel, "Diagramtext", ihop=True) + _ritning(nummer, rid, d)


def _serier(d: Diagram) -> Sequence[tuple[str, Sequence[Decimal | None]]]:
    return [(s.namn, s.varden) for s in staplade(d)] if d.slag == "brygga" else d.serier


def _talform(d: Diagram) -> str:
    return f"#,##0{'.' + '0' * d.decimaler if d.decimaler else ''}"


def _ritning(nummer: int, rid: str, d: Diagram) -> str:
    hojd = max(5.0, 1.6 + 0.62 * len(d.kategorier) * (1 + 0.35 * (len(d.serier) - 1))) if d.slag == "liggande" else _HOJD_CM.get(d.slag, 5.6)
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


def _utformad(xml: str, d: Diagram, bok_rid: str, farger: Diagramfarger) -> bytes:
    rot = etree.fromstring(xml.encode())
    for nummer, serie in enumerate(rot.iterfind(".//c:ser", _NS)):
        if d.slag == "linje":
            _dra(serie, nummer, farger.serier[nummer % len(farger.serier)])
        else:
            _fyll(serie, *_fyllning(serie, nummer, d, farger))
    _stall_in_axlar(rot, d)
    ritat = next(e for namn in ("barChart", "lineChart") if (e := rot.find(f".//c:{namn}", _NS)) is not None)
    _satt_beteckningar(ritat, d)
    diagram = rot.find("c:chart", _NS)
    utan_titel = diagram.find("c:autoTitleDeleted", _NS)
    if utan_titel is None:
        utan_titel = etree.Element(f"{{{_NS['c']}}}autoTitleDeleted")
        diagram.insert(0, utan_titel)
    utan_titel.set("val", "1")
    _satt_forklaring(diagram, d)
    _numrera_axlar(rot)
    _slut(rot, bok_rid)
    return bytes(etree.tostring(rot, xml_declaration=True, encoding="UTF-8", standalone=True))


def _numrera_axlar(rot: Any) -> None:
    """Axlarnas nummer ska vara positiva heltal; python-pptx skriver negativa."""
    axlar = [*rot.iterfind(".//c:axId", _NS), *rot.iterfind(".//c:crossAx", _NS)]
    nummer = {varde: str(nr) for nr, varde in enumerate(dict.fromkeys(a.get("val") for a in axlar), 1)}
    for axel in axlar:
        axel.set("val", nummer[axel.get("val")])


def _satt_forklaring(diagram: Any, d: Diagram) -> None:
    """Förklaringen av serierna, när de är flera; bryggans osynliga botten står inte i den."""
    gammal = diagram.find("c:legend", _NS)
    if gammal is not None:
        diagram.remove(gammal)
    serier = _serier(d)
    if len(serier) < 2:
        return
    namnda = set[str]()
    poster = ""
    for nr, (namn, _) in enumerate(serier):
        if d.slag == "brygga" and (namn == OSYNLIG or namn in namnda):
            poster += f'<c:legendEntry><c:idx val="{nr}"/><c:delete val="1"/></c:legendEntry>'
        namnda.add(namn)
    forklaring = etree.fromstring(f'<c:legend xmlns:c="{_NS["c"]}"><c:legendPos val="b"/>{poster}<c:overlay val="0"/></c:legend>')
    diagram.find("c:plotArea", _NS).addnext(forklaring)


def _fyllning(serie: Any, nummer: int, d: Diagram, farger: Diagramfarger) -> tuple[str, bool]:
    """Staplarnas färg, tom för en osynlig serie, och om de är mönstrade, så att serierna skiljs åt också utan färg."""
    if d.slag != "brygga":
        return farger.serier[nummer % len(farger.serier)], nummer % 2 == 1
    namn = serie.findtext("c:tx//c:v", namespaces=_NS)
    return {OSYNLIG: ("", False), NIVA: (farger.niva, False), FORBATTRING: (farger.forbattring, False), FORSAMRING: (farger.forsamring, True)}[namn]


def _fyll(serie: Any, farg: str, monstrad: bool) -> None:
    ton = f'<a:srgbClr val="{farg}"/>'
    if not farg:
        fyllning, linje = "<a:noFill/>", "<a:noFill/>"
    elif monstrad:
        fyllning = f'<a:pattFill prst="wdUpDiag"><a:fgClr>{ton}</a:fgClr><a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
        linje = f"<a:solidFill>{ton}</a:solidFill>"
    else:
        fyllning = linje = f"<a:solidFill>{ton}</a:solidFill>"
    _byt_form(serie, f'{fyllning}<a:ln w="9525">{linje}</a:ln>')


def _dra(serie: Any, nummer: int, farg: str) -> None:
    """Linjens färg, streck och punkt; de skiljs åt också utan färg."""
    ton = f'<a:solidFill><a:srgbClr val="{farg}"/></a:solidFill>'
    _byt_form(serie, f'<a:ln w="28575" cap="rnd">{ton}<a:prstDash val="{_STRECK[nummer % len(_STRECK)]}"/><a:round/></a:ln>')
    for gammal in serie.findall("c:marker", _NS):
        serie.remove(gammal)
    punkt = etree.fromstring(
        f'<c:marker xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}"><c:symbol val="{_PUNKTER[nummer % len(_PUNKTER)]}"/><c:size val="7"/>'
        f"<c:spPr>{ton}<a:ln>{ton}</a:ln></c:spPr></c:marker>"
    )
    serie.find("c:spPr", _NS).addnext(punkt)
    slat = serie.find("c:smooth", _NS)
    if slat is not None:
        slat.set("val", "0")


def _byt_form(serie: Any, innehall: str) -> None:
    for gammal in serie.findall("c:spPr", _NS):
        serie.remove(gammal)
    serie.find("c:tx", _NS).addnext(etree.fromstring(f'<c:spPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}">{innehall}</c:spPr>'))


def _stall_in_axlar(rot: Any, d: Diagram) -> None:
    kategori, varde = rot.find(".//c:catAx", _NS), rot.find(".//c:valAx", _NS)
    kategori.find("c:tickLblPos", _NS).set("val", "low")
    for gammal in kategori.findall("c:txPr", _NS):
        kategori.remove(gammal)
    rak = (
        f'<c:txPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}"><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr/></a:pPr>'
        '<a:endParaRPr lang="sv-SE"/></a:p></c:txPr>'
    )
    kategori.find("c:crossAx", _NS).addprevious(etree.fromstring(rak))
    if d.slag == "liggande":
        kategori.find("c:scaling", _NS).insert(0, etree.fromstring(f'<c:orientation xmlns:c="{_NS["c"]}" val="maxMin"/>'))
        for dubbel in kategori.findall("c:scaling/c:orientation", _NS)[1:]:
            dubbel.getparent().remove(dubbel)
    grans = axelgrans([v for _, varden in _serier(d) for v in varden], nollbas=d.nollbas)
    if grans:
        varde.find("c:scaling", _NS).append(etree.fromstring(f'<c:{grans[0]} xmlns:c="{_NS["c"]}" val="{grans[1]:f}"/>'))
    rutnat = varde.find("c:majorGridlines", _NS)
    if rutnat is not None:
        for barn in list(rutnat):
            rutnat.remove(barn)
        linje = '<a:ln w="6350"><a:solidFill><a:srgbClr val="D5DBDD"/></a:solidFill></a:ln>'
        rutnat.append(etree.fromstring(f'<c:spPr xmlns:c="{_NS["c"]}" xmlns:a="{_NS["a"]}">{linje}</c:spPr>'))


def _satt_beteckningar(ritat: Any, d: Diagram) -> None:
    """Talen vid staplarna och punkterna; bryggans står i kategoriernas namn, eftersom en stapel där kan ha flera delar."""
    ovanfor = '<c:dLblPos val="t"/>' if d.slag == "linje" else ""
    visa = etree.fromstring(
        f'<c:dLbls xmlns:c="{_NS["c"]}"><c:numFmt formatCode="{_talform(d)}" sourceLinked="0"/>{ovanfor}<c:showLegendKey val="0"/>'
        f'<c:showVal val="{0 if d.slag == "brygga" else 1}"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
    )
    for gammal in ritat.findall("c:dLbls", _NS):
        ritat.remove(gammal)
    serier = ritat.findall("c:ser", _NS)
    serier[-1].addnext(visa)
    for serie in serier[len(serier) if d.talade is None else d.talade :]:
        serie.find("c:cat", _NS).addprevious(etree.fromstring(f'<c:dLbls xmlns:c="{_NS["c"]}"><c:delete val="1"/></c:dLbls>'))
    glapp = ritat.find("c:gapWidth", _NS)
    if glapp is not None:
        glapp.set("val", "40" if d.slag == "brygga" else "60")


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
