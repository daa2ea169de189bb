"""Skriver Wordutkastet: kommunens egen .docx-mall fylls med tabeller, texter, diagram och innehåll."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import jinja2
from docx.image.exceptions import UnrecognizedImageError
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Mm
from docxtpl import DocxTemplate
from markupsafe import Markup

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import genitiv
from kommunrapport.rapport import innehall, ooxml
from kommunrapport.rapport.modell import Enhetsavsnitt, Not, Nyckeltal, Rapport
from kommunrapport.rapport.packning import packa_om
from kommunrapport.rapport.worddiagram import diagramstycken
from kommunrapport.rapport.wordfarger import byt
from kommunrapport.rapport.wordlistor import gor_listor

_SAKNAS = "Bekrafta"
_MARKETS_HOJD, _MARKETS_ID = Mm(22), "900"


def word_av(rapport: Rapport, mallfil: Path, anmarkningsmening: str) -> bytes:
    """Rapporten som .docx. Fel: MallFel om mallen har en tagg som inte finns eller inte går att läsa."""
    mall = DocxTemplate(mallfil)
    try:
        mall.init_docx()
    except (BadZipFile, KeyError, ValueError, OSError, PackageNotFoundError) as fel:
        raise MallFel(f"mallar/{mallfil.parent.name}/{mallfil.name}: filen är inget Worddokument (.docx). Spara om mallen i Word.") from fel
    dokument = mall.get_docx()
    ritade = diagramstycken([d for _, d in rapport.alla_diagram], dokument, rapport.utseende.diagram)
    diagram = {(enhet, d.id): stycken for (enhet, d), stycken in zip(rapport.alla_diagram, ritade, strict=True)}
    ramar = _sammanhang(rapport, diagram, anmarkningsmening, _textbredd(dokument))
    ramar["marke"] = Markup(_marke(dokument, rapport))
    try:
        mall.render(ramar, jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True), autoescape=True)
    except jinja2.TemplateError as fel:
        raise MallFel(f"mallar/{mallfil.parent.name}/{mallfil.name}: {_orsak(fel)}") from fel
    gor_listor(dokument)
    innehall.fyll(dokument)
    _stada(dokument)
    _satt_egenskaper(dokument, rapport)
    byt(dokument.part.package, rapport.fargbyten)
    buffert = io.BytesIO()
    dokument.save(buffert)
    return packa_om(buffert.getvalue())


def _marke(dokument: Any, rapport: Rapport) -> str:
    """Stycket med kommunens märke, med kommunens namn som alternativtext; tomt utan bild. Fel: MallFel."""
    if not rapport.marke:
        return ""
    try:
        bild = dokument.part.new_pic_inline(io.BytesIO(rapport.marke), None, _MARKETS_HOJD)
    except UnrecognizedImageError as fel:
        raise MallFel("mallar/marke.png: filen är ingen bild i formatet PNG. Spara om märket som PNG.") from fel
    for egenskaper in bild.iter(qn("wp:docPr")):
        for namn, varde in (("id", _MARKETS_ID), ("name", "Märke"), ("descr", f"{genitiv(rapport.kommun)} märke")):
            egenskaper.set(namn, varde)
    return f'<w:p><w:pPr><w:pStyle w:val="Diagram"/></w:pPr><w:r><w:drawing>{serialize_for_reading(bild)}</w:drawing></w:r></w:p>'


def _textbredd(dokument: Any) -> int:
    """Textytans bredd i tjugondels punkter, ur mallens sista avsnitt."""
    avsnitt = dokument.sections[-1]
    return int((avsnitt.page_width - avsnitt.left_margin - avsnitt.right_margin) / 635)


def _sammanhang(rapport: Rapport, diagram: Mapping[tuple[str, str], str], anmarkningsmening: str, bredd: int) -> dict[str, Any]:
    return {
        "rapport": {
            "titel": rapport.titel,
            "kommun": rapport.kommun,
            "enhet": rapport.enhet,
            "spann": rapport.spann,
            "slut": rapport.slut,
            "ar": rapport.ar,
            "period": rapport.period,
            "version": rapport.version,
            "enhetstext": rapport.enhetstext,
            "status": rapport.status,
            "utkast": bool(rapport.utkastrader),
            "utkastrader": list(rapport.utkastrader),
        },
        "omraden": rapport.omraden,
        "innehall": Markup(ooxml.stycke(innehall.INNEHALL, "Normal")),
        "tabellforteckning": Markup(ooxml.stycke(innehall.TABELLER, "Normal")),
        "mening": rapport.meningar,
        "nyckeltal": _nyckeltal(rapport.nyckeltal),
        "nyckeltalsband": Markup(ooxml.nyckeltalsband(rapport.nyckeltal, bredd)),
        "tabell": _block({namn: ooxml.tabell(t, bredd) for namn, t in rapport.tabeller.items()}, rapport.blocknamn),
        "diagram": _block({namn: text for (enhet, namn), text in diagram.items() if not enhet}, rapport.blocknamn),
        "stycken": {namn: Markup(ooxml.stycken(text)) for namn, text in rapport.texter.items()},
        "namnder": [_avsnitt(a, bredd, rapport.blocknamn, diagram) for a in rapport.namnder],
        "bolag": [_avsnitt(a, bredd, rapport.blocknamn, diagram) for a in rapport.bolag],
        "noter": [_not(n, bredd) for n in rapport.noter],
        "saknas": {namn: Markup("".join(ooxml.stycke(m, _SAKNAS) for m in meningar)) for namn, meningar in rapport.saknas.items()},
        "forklaring": rapport.forklaringar,
        "anmarkningar": {"mening": anmarkningsmening if rapport.utkastrader else ""},
    }


def _avsnitt(a: Enhetsavsnitt, bredd: int, kanda: frozenset[str], diagram: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    texter = {namn: Markup(ooxml.stycken(text)) for namn, text in a.texter.items()}
    tabeller = {namn: ooxml.tabell(t, bredd) for namn, t in a.tabeller.items()}
    return {
        "namn": a.namn,
        "agarandel": a.agarandel,
        "mening": a.mening,
        "saknas": Markup(ooxml.stycke(a.saknas, _SAKNAS) if a.saknas else ""),
        **texter,
        "tabell": _block(tabeller, kanda),
        "diagram": _block({namn: text for (enhet, namn), text in diagram.items() if enhet == a.id}, kanda),
        "nyckeltalsband": Markup(ooxml.nyckeltalsband(a.nyckeltal, bredd)),
    }


def _nyckeltal(tal: Sequence[Nyckeltal]) -> list[dict[str, str]]:
    return [{"etikett": n.etikett, "varde": n.varde, "text": n.text} for n in tal]


def _not(n: Not, bredd: int) -> dict[str, Any]:
    tabell = Markup(ooxml.tabell(n.tabell, bredd) if n.tabell else "")
    saknas = Markup(ooxml.stycke(n.saknas, _SAKNAS) if n.saknas else "")
    return {"nummer": n.nummer, "rubrik": n.rubrik, "lagrum": n.lagrum, "text": Markup(ooxml.stycken(n.text)), "tabell": tabell, "saknas": saknas}


def _block(finns: Mapping[str, str], kanda: frozenset[str]) -> dict[str, Markup]:
    """Word-block på namn; tomt när underlag saknas, så att mallen kan säga det. Okända namn finns inte alls."""
    return {namn: Markup(finns.get(namn, "")) for namn in kanda}


def _orsak(fel: jinja2.TemplateError) -> str:
    if isinstance(fel, jinja2.UndefinedError):
        return f"en tagg i mallen finns inte ({fel.message}). Rätta taggen i Word."
    rad = f", rad {fel.lineno}" if isinstance(fel, jinja2.TemplateSyntaxError) else ""
    return f"en tagg i mallen går inte att läsa ({fel.message}{rad}). Rätta taggen i Word."


def _stada(dokument: Any) -> None:
    """Ett dokument får inte sluta med en tabell utan stycke efter sig, och varje cell ska sluta med ett stycke."""
    kropp = dokument.element.body
    for tabell in list(kropp.iter(qn("w:tbl"))):
        efter = tabell.getnext()
        if efter is None or efter.tag == qn("w:tbl"):
            tabell.addnext(parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Tabellnot"/></w:pPr></w:p>'))


def _satt_egenskaper(dokument: Any, rapport: Rapport) -> None:
    slut = Period.parse(rapport.period).slut
    egenskaper = dokument.core_properties
    egenskaper.title = f"{rapport.titel} {rapport.spann}, {rapport.enhet or rapport.kommun}"
    egenskaper.subject = rapport.titel
    egenskaper.author = rapport.kommun
    egenskaper.last_modified_by = "kommunrapport"
    egenskaper.language = "sv-SE"
    egenskaper.created = egenskaper.modified = datetime(slut.year, slut.month, slut.day)
    egenskaper.revision = 1
