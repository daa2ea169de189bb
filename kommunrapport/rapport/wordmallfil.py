"""En Wordmall läst för granskning: varje stycke med sin plats, sin text och sin XML så som docxtpl läser ihop den."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from kommunrapport.karna.fel import MallFel
from kommunrapport.rapport.wordstilar import stilnamn

_FOTNOTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RUBRIK = "heading "


@dataclass(frozen=True, slots=True)
class Stycke:
    """Ett stycke i mallen.

    ``xml`` är stycket med hoplasta taggar; ett stycke med en p-tagg är bara taggen. ``behallare``, ``cell``, ``rad`` och ``tabell``
    är nummer på elementen som stycket står i, 0 när det inte står i något sådant.
    """

    del_: int
    """Vilken del av dokumentet: brödtexten, ett visst sidhuvud och så vidare."""
    plats: str
    text: str
    xml: str
    behallare: int
    cell: int
    rad: int
    tabell: int


@dataclass(frozen=True)
class Wordmall:
    """En läst mall."""

    fil: Path
    stycken: tuple[Stycke, ...]
    stilar: Mapping[str, str]
    """Stilens beteckning → dess namn i Word."""
    textbredder: tuple[int, ...]
    """Textytans bredd i varje avsnitt, i tjugondels punkter."""
    delar: tuple[str, ...]
    """Varje dels hela XML, så som docxtpl läser den."""

    @property
    def namn(self) -> str:
        return visat_namn(self.fil)


def visat_namn(fil: Path) -> str:
    return f"mallar/{fil.parent.name}/{fil.name}"


class Ordmall(DocxTemplate):  # type: ignore[misc]
    """docxtpls mall, utan det som växer fortare än dokumentet."""

    def resolve_listing(self, xml: str) -> str:
        """Bara en text med styrtecken söks igenom efter dem."""
        return super().resolve_listing(xml) if _STYRTECKEN.search(xml) else xml

    def map_tree(self, tree: Any) -> None:
        """Dokumentet läses på nytt med den ifyllda kroppen: att flytta en stor kropp mellan två träd är hundra gånger dyrare."""
        rot = self.docx.element
        rot.body.clear()
        kropp = _KROPPENS_BORJAN.sub(b"<w:body>", etree.tostring(tree), count=1)
        self.docx._element = self.docx.part._element = parse_xml(etree.tostring(rot).replace(b"<w:body/>", kropp))  # noqa: SLF001
        self.docx._Document__body = None  # noqa: SLF001  python-docx minns den gamla


def oppna(fil: Path) -> DocxTemplate:
    """Mallen öppnad. Fel: MallFel när filen inte är ett Worddokument."""
    mall = Ordmall(fil)
    try:
        mall.init_docx()
    except (BadZipFile, KeyError, ValueError, OSError, PackageNotFoundError, etree.XMLSyntaxError) as fel:
        raise MallFel(f"{visat_namn(fil)}: filen är inget Worddokument (.docx). Spara om mallen i Word.") from fel
    return mall


def las_wordmall(fil: Path) -> Wordmall:
    """Mallens stycken i den ordning docxtpl fyller dem. Fel: MallFel när filen inte är ett Worddokument."""
    mall = oppna(fil)
    dokument = mall.get_docx()
    stilar = stilnamn(dokument.styles.element)
    delar = list(_delar(mall))
    return Wordmall(
        fil,
        tuple(s for nr, (namn, rot) in enumerate(delar) for s in _Delen(mall, nr, namn, stilar).stycken(rot)),
        stilar,
        textbredder(dokument),
        tuple(mall.patch_xml(mall.xml_to_string(rot)) for _, rot in delar),
    )


_KROPPENS_BORJAN = re.compile(rb"<w:body[^>]*>")
_STYRTECKEN = re.compile(r"[\t\n\a\f]")
_WORDS_MARGINAL = 1440 * 635
"""Marginalen i ett avsnitt som inte anger någon."""


def textbredder(dokument: Any) -> tuple[int, ...]:
    """Textytans bredd i varje avsnitt, i tjugondels punkter; med spalter är det en spalts bredd."""
    return tuple(_textbredd(s) for s in dokument.sections)


def _textbredd(avsnitt: Any) -> int:
    marginaler = [_WORDS_MARGINAL if m is None else m for m in (avsnitt.left_margin, avsnitt.right_margin)]
    bredd = int((avsnitt.page_width - sum(marginaler)) / 635)
    spalter = avsnitt._sectPr.find(qn("w:cols"))  # noqa: SLF001  python-docx saknar spalter
    antal = int(spalter.get(qn("w:num"), "1")) if spalter is not None else 1
    return bredd if antal < 2 else (bredd - (antal - 1) * int(spalter.get(qn("w:space"), "720"))) // antal


def _delar(mall: Any) -> Iterator[tuple[str, Any]]:
    yield "brödtexten", mall.get_docx().element.body
    for namn, uri in (("sidhuvudet", mall.HEADER_URI), ("sidfoten", mall.FOOTER_URI)):
        for _, del_ in mall.get_headers_footers(uri):
            yield namn, parse_xml(del_.blob)
    for del_ in mall.get_docx().part.package.iter_parts():
        if del_.content_type == _FOTNOTER:
            yield "fotnoterna", parse_xml(del_.blob)


@dataclass
class _Delen:
    """Läser en dels stycken och håller reda på rubriker, tabeller och element."""

    mall: Any
    del_: int
    namn: str
    stilar: Mapping[str, str]
    nummer: dict[Any, int] = field(default_factory=dict)
    tabeller: dict[Any, int] = field(default_factory=dict)
    rubrik: str = ""
    raknare: Iterator[int] = field(default_factory=lambda: count(1))

    def stycken(self, rot: Any) -> Iterator[Stycke]:
        for p in rot.iter(qn("w:p")):
            yield self._stycke(p)

    def _stycke(self, p: Any) -> Stycke:
        eget = _utan_inre(p)
        text = "".join(t.text or "" for t in eget.iter(qn("w:t")))
        if self._ar_rubrik(p):
            self.rubrik = text
        cell, rad, tabell = (next(p.iterancestors(qn(namn)), None) for namn in ("w:tc", "w:tr", "w:tbl"))
        har_tagg = "{" in text or "}" in text
        hoplast = self.mall.patch_xml(self.mall.xml_to_string(eget)).replace("\n", " ") if har_tagg else ""
        return Stycke(self.del_, self._plats(p, rad, tabell), text, hoplast, *(self._nummer(e) for e in (p.getparent(), cell, rad, tabell)))

    def _nummer(self, element: Any) -> int:
        if element is None:
            return 0
        return self.nummer.setdefault(element, next(self.raknare))

    def _ar_rubrik(self, p: Any) -> bool:
        stil = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return stil is not None and self.stilar.get(stil.get(qn("w:val")), "").casefold().startswith(_RUBRIK)

    def _plats(self, p: Any, rad: Any, tabell: Any) -> str:
        delar = [self.namn]
        if next(p.iterancestors(qn("w:txbxContent")), None) is not None:
            delar.append("en textruta")
        if tabell is not None:
            nr = self.tabeller.setdefault(tabell, len(self.tabeller) + 1)
            delar.append(f"tabell {nr}, rad {list(tabell.iter(qn('w:tr'))).index(rad) + 1}")
        under = f" under rubriken ”{self.rubrik}”" if self.rubrik and not self._ar_rubrik(p) else ""
        return f"{', '.join(delar)}{under}"


def _utan_inre(p: Any) -> Any:
    """Stycket utan de stycken som står i textrutor inuti det."""
    if p.find(f".//{qn('w:p')}") is None:
        return p
    eget = copy.deepcopy(p)
    for ruta in list(eget.iter(qn("w:txbxContent"))):
        ruta.getparent().remove(ruta)
    return eget
