"""Små dokument att granska: ett tillgängligt Worddokument och en tillgänglig pdf, att ändra en sak i."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

_TYPER = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = (
    f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_PAKETRELATIONER = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="a" Type="{_R}/officeDocument" Target="word/document.xml"/>
<Relationship Id="b" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>
</Relationships>"""
_RELATIONER = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="s" Type="{_R}/styles" Target="styles.xml"/>
<Relationship Id="t" Type="{_R}/theme" Target="theme/theme1.xml"/>
<Relationship Id="f" Type="{_R}/footer" Target="/word/footer1.xml"/>
<Relationship Id="l" Type="{_R}/hyperlink" Target="https://kommun.example/budget" TargetMode="External"/>
</Relationships>"""
_STILAR = f"""<w:styles {_NS}>
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:lang w:val="sv-SE"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:rPr><w:color w:val="1F2A2E"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik3"><w:name w:val="heading 3"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Punktlista"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Ruta"><w:name w:val="Ruta"/><w:basedOn w:val="Normal"/>
<w:pPr><w:shd w:val="clear" w:fill="0B4F5C"/></w:pPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Temafarg"><w:name w:val="Temafärg"/><w:rPr><w:color w:val="FFFFFF" w:themeColor="text2"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Rapporttabell"><w:name w:val="Rapporttabell"/><w:tblStylePr w:type="firstRow">
<w:rPr><w:b/></w:rPr><w:tcPr><w:shd w:val="clear" w:fill="E6EFF1"/></w:tcPr></w:tblStylePr></w:style>
</w:styles>"""
_TEMA = """<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme name="k">
<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>
<a:dk2><a:srgbClr val="0B4F5C"/></a:dk2></a:clrScheme></a:themeElements></a:theme>"""
_EGENSKAPER = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Delårsrapport 2024</dc:title></cp:coreProperties>"""


def p(text: str, stil: str = "Normal", rpr: str = "") -> str:
    """Ett stycke med en enda text."""
    return f'<w:p><w:pPr><w:pStyle w:val="{stil}"/></w:pPr><w:r><w:rPr>{rpr}</w:rPr><w:t>{text}</w:t></w:r></w:p>'


def cell(text: str) -> str:
    return f"<w:tc><w:tcPr/>{p(text)}</w:tc>"


DELAD = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
RUBRIKRAD = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cell('Nämnd')}{cell('Utfall')}</w:tr>"
RAD = f"{DELAD}{cell('Skolnämnden')}{cell('−12,4')}</w:tr>"
LOOK = '<w:tblLook w:val="0020" w:firstRow="1"/>'
TABELL = f'<w:tbl><w:tblPr><w:tblStyle w:val="Rapporttabell"/>{LOOK}<w:tblCaption w:val="Driftredovisning"/></w:tblPr>{RUBRIKRAD}{RAD}</w:tbl>'
LANK = '<w:p><w:hyperlink r:id="l"><w:r><w:t>Kommunens budget 2024</w:t></w:r></w:hyperlink></w:p>'
BILD = '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Diagram 1" descr="Socialnämnden avviker mest."/></wp:inline></w:drawing></w:r></w:p>'
LISTA = p("Färre vikarier", "Punktlista") + p("Bättre schema", "Punktlista")
KROPP = "".join(
    (
        p("Delårsrapport", "Rubrik1"),
        p("Resultatet är 2,1 mnkr."),
        p("Ekonomi", "Rubrik2"),
        TABELL,
        p("Nämnderna", "Rubrik3"),
        LISTA,
        LANK,
        BILD,
        p("Utkast", "Ruta"),
        p("Viktigt", rpr='<w:rStyle w:val="Temafarg"/>'),
    )
)
DELAR: Mapping[str, str] = {
    "[Content_Types].xml": _TYPER,
    "_rels/.rels": _PAKETRELATIONER,
    "word/document.xml": f"<w:document {_NS}><w:body>{KROPP}<w:sectPr/></w:body></w:document>",
    "word/_rels/document.xml.rels": _RELATIONER,
    "word/styles.xml": _STILAR,
    "word/theme/theme1.xml": _TEMA,
    "word/footer1.xml": f"<w:ftr {_NS}>{p('Sida 1')}</w:ftr>",
    "docProps/core.xml": _EGENSKAPER,
}


def zippa(delar: Mapping[str, str | bytes]) -> bytes:
    ut = io.BytesIO()
    with zipfile.ZipFile(ut, "w") as arkiv:
        for namn, innehall in delar.items():
            arkiv.writestr(namn, innehall)
    return ut.getvalue()


def docx_med(fran: str = "", till: str = "", del_: str = "word/document.xml") -> bytes:
    """Det tillgängliga Worddokumentet med en enda text utbytt i en av delarna."""
    assert fran in DELAR[del_], fran
    return zippa({**DELAR, del_: DELAR[del_].replace(fran, till, 1)} if fran else DELAR)


Pdfandring = Callable[[pikepdf.Pdf], object]


def pdf_med(fil: Path, andra: Pdfandring | None = None, *, sidor: int = 1, kryptering: pikepdf.Encryption | None = None) -> Path:
    """En tillgänglig pdf, ändrad innan den sparas: taggad, med rubrik, tabell och figur."""
    pdf = pikepdf.new()
    for _ in range(sidor):
        pdf.add_blank_page()
    sida = pdf.pages[0].obj

    def tagg(slag: str, *barn: pikepdf.Object, alt: str = "") -> pikepdf.Object:
        egna = {"/Alt": pikepdf.String(alt)} if alt else {}
        return pdf.make_indirect(Dictionary({"/S": Name(f"/{slag}"), "/K": Array(barn), "/Pg": sida, **egna}))

    tabell = tagg("Table", tagg("TR", tagg("TH"), tagg("TH")), tagg("TR", tagg("TD"), tagg("TD")))
    rot = tagg("Document", tagg("H1"), tagg("P"), tabell, tagg("Bild", alt="Socialnämnden avviker mest."))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=rot, RoleMap=Dictionary(Bild=Name.Figure)))
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = "sv-SE"
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.Outlines = Dictionary(First=Dictionary(Title="Delårsrapport"))
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "Delårsrapport 2024"
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "A"
        metadata["{http://www.aiim.org/pdfua/ns/id/}part"] = "1"
    if andra:
        andra(pdf)
    pdf.save(fil, encryption=kryptering or False)
    return fil
