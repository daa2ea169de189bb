"""Innehålls- och tabellförteckning i Wordutkastet: länkade rader, och sidnummer när de är kända.

Förteckningarna är fält som Word kan uppdatera (F9) men inte frågar om. Sidnumren är fält med sparat värde, som Words egna.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from kommunrapport.rapport.packning import packa_om

INNEHALL, TABELLER = "\u00a4innehåll\u00a4", "\u00a4tabeller\u00a4"
"""Markörerna som mallens taggar blir, och som ``fyll`` byter mot förteckningarna."""
_FORTECKNINGAR = (
    (INNEHALL, ' TOC \\o "1-2" \\h \\z \\u ', {"Heading1": "TOC1", "Heading2": "TOC2"}),
    (TABELLER, ' TOC \\h \\z \\t "Tabelltitel;2" ', {"Tabelltitel": "TOC2"}),
)
"""Markör, fältets anvisning, och radens stil för varje stil som räknas upp."""
BOKMARKE = re.compile(r"_Toc\d{6}")
"""Namnen på bokmärkena som raderna länkar till."""
OMSTART = re.compile(r"_Sidor(\d{4})x\d{3}")
"""Namnen på bokmärkena där mallen börjar om sidnumreringen, med talet den börjar på."""
_FORSTA_ID = 5000
_DOKUMENT = "word/document.xml"


def fyll(dokument: Any, byte: Mapping[str, str]) -> None:
    """Byter markörerna mot ifyllda förteckningar med länkar. ``byte`` är mallens egna beteckningar på stilarna."""
    kropp = dokument.element.body
    nummer = itertools.count(1)
    for markor, anvisning, forteckningens in _FORTECKNINGAR:
        stilar = {byte.get(rubrik, rubrik): byte.get(rad, rad) for rubrik, rad in forteckningens.items()}
        marke = next((next(t.iterancestors(qn("w:p"))) for t in kropp.iter(qn("w:t")) if t.text == markor), None)
        if marke is None:
            continue
        poster = [(_bokmark(p, f"_Toc{nr:06d}", nr), _text(p), stilar[stil]) for (p, stil), nr in zip(_med_stil(kropp, stilar), nummer, strict=False)]
        for nr, post in enumerate(poster):
            tabb = "" if _har_hogertabb(dokument, post[2]) else _tabb(dokument)
            marke.addprevious(_rad(*post, tabb, anvisning if nr == 0 else "", sist=nr == len(poster) - 1))
        marke.getparent().remove(marke)
    for nr, (p, start) in enumerate(_omstarter(kropp), 1):
        _bokmark(p, f"_Sidor{start:04d}x{nr:03d}", next(nummer))


def med_sidnummer(docx: bytes, sidor: Mapping[str, int]) -> bytes:
    """Dokumentet med sidnummer på förteckningarnas rader; ``sidor`` är sidan för varje bokmärke."""
    with zipfile.ZipFile(io.BytesIO(docx)) as arkiv:
        rot = parse_xml(arkiv.read(_DOKUMENT))
    for lank in rot.iter(qn("w:hyperlink")):
        bokmarke = lank.get(qn("w:anchor"), "")
        if BOKMARKE.fullmatch(bokmarke) and bokmarke in sidor:
            lank.extend(_sidnummer(bokmarke, sidor[bokmarke]))
    return packa_om(docx, {_DOKUMENT: [etree.tostring(rot, xml_declaration=True, encoding="UTF-8", standalone=True)]})


def _text(p: Any) -> str:
    return "".join(t.text or "" for t in p.iter(qn("w:t")))


def _med_stil(kropp: Any, stilar: Mapping[str, str]) -> list[tuple[Any, str]]:
    varde = qn("w:val")
    return [(stil.getparent().getparent(), stil.get(varde)) for stil in kropp.iter(qn("w:pStyle")) if stil.get(varde) in stilar]


def _bokmark(p: Any, namn: str, nummer: int) -> str:
    """Sätter ett bokmärke runt styckets innehåll och ger dess namn."""
    p.insert(
        1 if p.find(qn("w:pPr")) is not None else 0,
        parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{_FORSTA_ID + nummer}" w:name="{namn}"/>'),
    )
    p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{_FORSTA_ID + nummer}"/>'))
    return namn


def _omstarter(kropp: Any) -> Iterator[tuple[Any, int]]:
    """Första stycket i varje avsnitt som börjar om sidnumreringen, och talet den börjar på."""
    forsta, stycke = None, qn("w:p")
    for element in list(kropp.iter(stycke, qn("w:sectPr"))):
        if element.tag == stycke:
            forsta = element if forsta is None else forsta
            continue
        numrering = element.find(qn("w:pgNumType"))
        start = None if numrering is None else numrering.get(qn("w:start"))
        if start is not None and forsta is not None:
            yield forsta, int(start)
        forsta = None


def _har_hogertabb(dokument: Any, stil: str | None) -> bool:
    """Om stilen, eller en stil som den bygger på, har den högertabb som sidnumret står vid."""
    stilar = {s.get(qn("w:styleId")): s for s in dokument.styles.element.iter(qn("w:style"))}
    while stil in stilar:
        element = stilar.pop(stil)
        if any(t.get(qn("w:val")) == "right" for t in element.iter(qn("w:tab"))):
            return True
        grund = element.find(qn("w:basedOn"))
        stil = None if grund is None else grund.get(qn("w:val"))
    return False


def _tabb(dokument: Any) -> str:
    """En högertabb med punkter vid textytans kant, så som Word sätter den när stilen saknar en."""
    avsnitt = dokument.sections[0]
    bredd = (avsnitt.page_width - avsnitt.left_margin - avsnitt.right_margin) // 635
    return f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{bredd}"/></w:tabs>'


def _rad(bokmarke: str, text: str, stil: str, tabb: str, anvisning: str, *, sist: bool) -> Any:
    """En rad i förteckningen. Den första börjar fältet, med sin anvisning, och den sista slutar det."""
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{stil}"/>{tabb}</w:pPr>{_borja(anvisning) if anvisning else ""}'
        f'<w:hyperlink w:anchor="{bokmarke}" w:history="1"><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink>'
        f"{_tecken('end') if sist else ''}</w:p>"
    )


def _sidnummer(bokmarke: str, sida: int) -> list[Any]:
    """Tabb och sidnummer; ``webHidden`` döljer dem i webbvy, där sidor inte finns."""
    dold = "<w:rPr><w:webHidden/></w:rPr>"
    borjan = _borja(f" PAGEREF {bokmarke} \\h ", dold)
    falt = f"<w:r>{dold}<w:tab/></w:r>{borjan}<w:r>{dold}<w:t>{sida}</w:t></w:r>{_tecken('end', dold)}"
    return list(parse_xml(f"<w:hyperlink {nsdecls('w')}>{falt}</w:hyperlink>"))


def _borja(anvisning: str, egenskaper: str = "") -> str:
    text = f'<w:r>{egenskaper}<w:instrText xml:space="preserve">{escape(anvisning)}</w:instrText></w:r>'
    return f"{_tecken('begin', egenskaper)}{text}{_tecken('separate', egenskaper)}"


def _tecken(slag: str, egenskaper: str = "") -> str:
    return f'<w:r>{egenskaper}<w:fldChar w:fldCharType="{slag}"/></w:r>'
