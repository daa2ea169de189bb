"""Skriver Wordutkastet: kommunens egen .docx-mall fylls med tabeller, texter, diagram och innehåll."""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

import jinja2
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from markupsafe import Markup

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.rapport import ooxml
from kommunrapport.rapport.modell import Enhetsavsnitt, Not, Rapport, Tabell
from kommunrapport.rapport.packning import packa_om
from kommunrapport.rapport.worddiagram import diagramstycken
from kommunrapport.rapport.wordmallfil import oppna, textbredder, visat_namn
from kommunrapport.rapport.wordmiljo import MILJO
from kommunrapport.rapport.wordstilar import byt_stilar, stilbyte, textstorlek

Tabellskrivare: TypeAlias = Callable[[Tabell], str]
"""En tabell som Word-XML, med mallens textbredd och textstorlek."""
_INNEHALL = "\u00a4innehåll\u00a4"
_SAKNAS = "Bekrafta"
_RUBRIKSTILAR = {"Heading1": "TOC1", "Heading2": "TOC2"}
_EMU_PER_TJUGONDEL = 635
_EGENSKAPER = ("author", "comments", "identifier", "language", "subject", "title")
"""Mallens egenskaper, som docxtpl annars läser taggar i; rapporten får sina egna."""
_LANGST_EGENSKAP = 255
"""Så långa får dokumentegenskaperna vara."""


def word_av(rapport: Rapport, mallfil: Path, anmarkningsmening: str) -> bytes:
    """Rapporten som .docx. Fel: MallFel om mallen inte går att fylla i; ``wordgranskning`` säger var och varför."""
    mall = oppna(mallfil)
    dokument = mall.get_docx()
    bredd, storlek = min(textbredder(dokument)), textstorlek(dokument.styles.element, "Tabelltext")
    for namn in _EGENSKAPER:
        setattr(dokument.core_properties, namn, "")
    diagram = diagramstycken(list(rapport.diagram.values()), dokument)
    ramar = _sammanhang(rapport, diagram, anmarkningsmening, partial(ooxml.tabell, textbredd=bredd, egen_storlek=storlek))
    try:
        mall.render(ramar, MILJO, autoescape=True)
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as fel:
        raise MallFel(f"{visat_namn(mallfil)}: en tagg i mallen går inte att fylla i. Kör kommunrapport mall-granska för att se vilken.") from fel
    byte = stilbyte(dokument.styles.element)
    _fyll_innehall(dokument, byte)
    _stada(dokument, bredd)
    byt_stilar(dokument.element.body, byte)
    _satt_egenskaper(dokument, rapport)
    buffert = io.BytesIO()
    dokument.save(buffert)
    return packa_om(buffert.getvalue())


def _sammanhang(rapport: Rapport, diagram: Mapping[str, str], anmarkningsmening: str, tabellxml: Tabellskrivare) -> dict[str, Any]:
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
            "utkast": bool(rapport.utkastrader),
            "utkastrader": list(rapport.utkastrader),
        },
        "omraden": rapport.omraden,
        "innehall": Markup(ooxml.stycke(_INNEHALL, "Normal")),
        "mening": rapport.meningar,
        "nyckeltal": [{"etikett": n.etikett, "varde": n.varde, "text": n.text} for n in rapport.nyckeltal],
        "tabell": _block({namn: tabellxml(t) for namn, t in rapport.tabeller.items()}, rapport.blocknamn),
        "diagram": _block(diagram, rapport.blocknamn),
        "stycken": {namn: Markup(ooxml.stycken(text)) for namn, text in rapport.texter.items()},
        "namnder": [_avsnitt(a, tabellxml, rapport.blocknamn) for a in rapport.namnder],
        "bolag": [_avsnitt(a, tabellxml, rapport.blocknamn) for a in rapport.bolag],
        "noter": [_not(n, tabellxml) for n in rapport.noter],
        "saknas": {namn: Markup("".join(ooxml.stycke(m, _SAKNAS) for m in meningar)) for namn, meningar in rapport.saknas.items()},
        "forklaring": rapport.forklaringar,
        "anmarkningar": {"mening": anmarkningsmening if rapport.utkastrader else ""},
    }


def _avsnitt(a: Enhetsavsnitt, tabellxml: Tabellskrivare, kanda: frozenset[str]) -> dict[str, Any]:
    texter = {namn: Markup(ooxml.stycken(text)) for namn, text in a.texter.items()}
    tabeller = {namn: tabellxml(t) for namn, t in a.tabeller.items()}
    return {
        "namn": a.namn,
        "agarandel": a.agarandel,
        "mening": a.mening,
        "saknas": Markup(ooxml.stycke(a.saknas, _SAKNAS) if a.saknas else ""),
        **texter,
        "tabell": _block(tabeller, kanda),
    }


def _not(n: Not, tabellxml: Tabellskrivare) -> dict[str, Any]:
    tabell = Markup(tabellxml(n.tabell) if n.tabell else "")
    saknas = Markup(ooxml.stycke(n.saknas, _SAKNAS) if n.saknas else "")
    return {"nummer": n.nummer, "rubrik": n.rubrik, "lagrum": n.lagrum, "text": Markup(ooxml.stycken(n.text)), "tabell": tabell, "saknas": saknas}


def _block(finns: Mapping[str, str], kanda: frozenset[str]) -> dict[str, Markup]:
    """Word-block på namn; tomt när underlag saknas, så att mallen kan säga det. Okända namn finns inte alls."""
    return {namn: Markup(finns.get(namn, "")) for namn in kanda}


def _fyll_innehall(dokument: Any, byte: Mapping[str, str]) -> None:
    """Byter markören mot en ifylld innehållsförteckning med länkar, utan fråga när filen öppnas."""
    kropp = dokument.element.body
    marke = next((p for p in kropp.iter(qn("w:p")) if "".join(t.text or "" for t in p.iter(qn("w:t"))) == _INNEHALL), None)
    if marke is None:
        return
    poster = []
    forteckningens = {byte.get(rubrik, rubrik): stil for rubrik, stil in _RUBRIKSTILAR.items()}
    for nummer, (p, stil) in enumerate(_rubriker(kropp, forteckningens), 1):
        namn = f"_Toc{nummer:06d}"
        start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{5000 + nummer}" w:name="{namn}"/>')
        slut = parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{5000 + nummer}"/>')
        p.insert(1 if p.find(qn("w:pPr")) is not None else 0, start)
        p.append(slut)
        poster.append((namn, "".join(t.text or "" for t in p.iter(qn("w:t"))), stil))
    for nr, post in enumerate(poster):
        marke.addprevious(_innehallsrad(*post, forst=nr == 0, sist=nr == len(poster) - 1))
    kropp_eller_cell = marke.getparent()
    kropp_eller_cell.remove(marke)


def _rubriker(kropp: Any, forteckningens: Mapping[str, str]) -> Iterator[tuple[Any, str]]:
    """Rubrikstyckena, med förteckningens stil för var och en."""
    for p in kropp.iter(qn("w:p")):
        stil = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if stil is not None and stil.get(qn("w:val")) in forteckningens:
            yield p, forteckningens[stil.get(qn("w:val"))]


def _innehallsrad(bokmarke: str, text: str, stil: str, *, forst: bool, sist: bool) -> Any:
    borja = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
    borja += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    slut = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{stil}"/></w:pPr>{borja if forst else ""}'
        f'<w:hyperlink w:anchor="{bokmarke}" w:history="1"><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink>'
        f"{slut if sist else ''}</w:p>"
    )


def _stada(dokument: Any, bredd: int) -> None:
    """En tabell följs alltid av ett stycke, en cell slutar med ett, och inget diagram är bredare än texten."""
    kropp = dokument.element.body
    for tabell in list(kropp.iter(qn("w:tbl"))):
        efter = tabell.getnext()
        if efter is None or efter.tag == qn("w:tbl"):
            tabell.addnext(parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Tabellnot"/></w:pPr></w:p>'))
    for cell in kropp.iter(qn("w:tc")):
        if cell[-1].tag != qn("w:p"):
            cell.append(parse_xml(f"<w:p {nsdecls('w')}/>"))
    for ritning in kropp.iter(qn("wp:inline")):
        _krymp(ritning, bredd * _EMU_PER_TJUGONDEL)


def _krymp(ritning: Any, mest: int) -> None:
    """Minskar ett diagram som är bredare än ``mest`` EMU, med samma proportioner. Mallens egna bilder lämnas."""
    storlek = ritning.find(qn("wp:extent"))
    bredd, hojd = int(storlek.get("cx")), int(storlek.get("cy"))
    if bredd > mest and ritning.find(f".//{qn('c:chart')}") is not None:
        storlek.set("cx", str(mest))
        storlek.set("cy", str(hojd * mest // bredd))


def _satt_egenskaper(dokument: Any, rapport: Rapport) -> None:
    slut = Period.parse(rapport.period).slut
    egenskaper = dokument.core_properties
    egenskaper.title = _egenskap(f"{rapport.titel} {rapport.spann}, {rapport.enhet or rapport.kommun}")
    egenskaper.subject = _egenskap(rapport.titel)
    egenskaper.author = _egenskap(rapport.kommun)
    egenskaper.last_modified_by = "kommunrapport"
    egenskaper.language = "sv-SE"
    egenskaper.created = egenskaper.modified = datetime(slut.year, slut.month, slut.day)
    egenskaper.revision = 1


def _egenskap(text: str) -> str:
    return " ".join(ooxml.rensad(text).split())[:_LANGST_EGENSKAP]
