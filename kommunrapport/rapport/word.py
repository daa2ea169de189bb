"""Skriver Wordutkastet: kommunens egen .docx-mall fylls med tabeller, texter, diagram och innehåll."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Mm
from markupsafe import Markup

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import genitiv
from kommunrapport.rapport import innehall, ooxml
from kommunrapport.rapport.modell import Enhetsavsnitt, Not, Nyckeltal, Rapport, Tabell
from kommunrapport.rapport.packning import packa_om
from kommunrapport.rapport.worddiagram import diagramstycken
from kommunrapport.rapport.wordfarger import byt
from kommunrapport.rapport.wordliggande import liggande_bredd, satt_liggande, tabellform
from kommunrapport.rapport.wordlistor import gor_listor
from kommunrapport.rapport.wordmallfil import oppna, textbredder, visat_namn
from kommunrapport.rapport.wordmiljo import MILJO
from kommunrapport.rapport.wordrader import Tabellrader
from kommunrapport.rapport.wordstilar import byt_stilar, stilbyte, textstorlek

_SAKNAS = "Bekrafta"
_MARKETS_HOJD, _MARKETS_ID = Mm(22), "900"
_EMU_PER_TJUGONDEL = 635
_EGENSKAPER = ("author", "comments", "identifier", "language", "subject", "title")
"""Mallens egenskaper, som docxtpl annars läser taggar i; rapporten får sina egna."""
_LANGST_EGENSKAP = 255
"""Så långa får dokumentegenskaperna vara."""


@dataclass(frozen=True)
class Wordform:
    """Mallens mått: textbredden i tjugondels punkter och tabellernas textstorlek i halva punkter."""

    bredd: int
    storlek: int
    liggande: int
    """Textbredden på en liggande sida; 0 när mallen inte kan få några."""

    rader: Tabellrader = field(default_factory=Tabellrader)

    def tabell(self, t: Tabell) -> str:
        return self.rader.tabell(t, tabellform(t, self.bredd, self.liggande, self.storlek))

    def band(self, tal: Sequence[Nyckeltal]) -> Markup:
        return Markup(ooxml.nyckeltalsband(tal, self.bredd))


def word_av(rapport: Rapport, mallfil: Path, anmarkningsmening: str) -> bytes:
    """Rapporten som .docx. Fel: MallFel om mallen inte går att fylla i; ``wordgranskning`` säger var och varför."""
    mall = oppna(mallfil)
    dokument = mall.get_docx()
    form = Wordform(min(textbredder(dokument)), textstorlek(dokument.styles.element, "Tabelltext"), liggande_bredd(dokument))
    for namn in _EGENSKAPER:
        setattr(dokument.core_properties, namn, "")
    ritade = diagramstycken([d for _, d in rapport.alla_diagram], dokument, rapport.utseende.diagram)
    diagram = {(enhet, d.id): stycken for (enhet, d), stycken in zip(rapport.alla_diagram, ritade, strict=True)}
    ramar = _sammanhang(rapport, diagram, anmarkningsmening, form, _marke(dokument, rapport))
    try:
        mall.render(ramar, MILJO, autoescape=True)
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as fel:
        raise MallFel(f"{visat_namn(mallfil)}: en tagg i mallen går inte att fylla i. Kör kommunrapport mall-granska för att se vilken.") from fel
    byte = stilbyte(dokument.styles.element)
    gor_listor(dokument, dokument.element.body)
    innehall.fyll(dokument, byte)
    _stada(dokument, form.bredd)
    satt_liggande(dokument, form.bredd, form.liggande)
    byt_stilar(dokument.element.body, byte)
    _satt_egenskaper(dokument, rapport)
    byt(dokument.part.package, rapport.fargbyten)
    buffert = io.BytesIO()
    dokument.save(buffert)

    def ordna(rader: Any) -> None:
        gor_listor(dokument, rader)
        byt_stilar(rader, byte)

    del_ = dokument.part
    return packa_om(buffert.getvalue(), {del_.partname.membername: form.rader.inlagda(del_.blob, mall.resolve_listing, ordna)})


def _marke(dokument: Any, rapport: Rapport) -> str:
    """Stycket med kommunens märke, med kommunens namn som alternativtext; tomt utan bild. Fel: MallFel."""
    if not rapport.marke:
        return ""
    try:
        bild = dokument.part.new_pic_inline(io.BytesIO(rapport.marke), None, _MARKETS_HOJD)
    except UnrecognizedImageError as fel:
        raise MallFel("mallar/marke.png: filen är ingen bild i formatet PNG. Spara om märket som PNG.") from fel
    for egenskaper in bild.iter(qn("wp:docPr")):
        for namn, varde in (("id", _MARKETS_ID), ("name", "Märke"), ("descr", ooxml.rensad(f"{genitiv(rapport.kommun)} märke"))):
            egenskaper.set(namn, varde)
    return f'<w:p><w:pPr><w:pStyle w:val="Diagram"/></w:pPr><w:r><w:drawing>{serialize_for_reading(bild)}</w:drawing></w:r></w:p>'


def _sammanhang(rapport: Rapport, diagram: Mapping[tuple[str, str], str], anmarkningsmening: str, form: Wordform, marke: str) -> dict[str, Any]:
    return {
        "rapport": {
            "titel": rapport.titel,
            "kommun": rapport.kommun,
            "enhet": rapport.enhet,
            "beslut": rapport.enhetsbeslut,
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
        "marke": Markup(marke),
        "innehall": Markup(ooxml.stycke(innehall.INNEHALL, "Normal")),
        "tabellforteckning": Markup(ooxml.stycke(innehall.TABELLER, "Normal")),
        "mening": rapport.meningar,
        "nyckeltal": [{"etikett": n.etikett, "varde": n.varde, "text": n.text} for n in rapport.nyckeltal],
        "tabell": _block({namn: form.tabell(t) for namn, t in rapport.tabeller.items()}, rapport.blocknamn),
        "nyckeltalsband": form.band(rapport.nyckeltal),
        "diagram": _block(_diagram(diagram, ""), rapport.blocknamn),
        "stycken": {namn: Markup(ooxml.stycken(text)) for namn, text in rapport.texter.items()},
        "namnder": [_avsnitt(a, form, rapport.blocknamn, diagram) for a in rapport.namnder],
        "bolag": [_avsnitt(a, form, rapport.blocknamn, diagram) for a in rapport.bolag],
        "malomraden": [{"namn": namn, "tabell": Markup(form.tabell(rapport.tabeller[t]))} for t, namn in rapport.malomraden.items()],
        "beslut": list(rapport.beslut),
        "beslutsunderlag": list(rapport.beslutsunderlag),
        "noter": [_not(n, form) for n in rapport.noter],
        "saknas": {namn: Markup("".join(ooxml.stycke(m, _SAKNAS) for m in meningar)) for namn, meningar in rapport.saknas.items()},
        "forklaring": rapport.forklaringar,
        "anmarkningar": {"mening": anmarkningsmening if rapport.utkastrader else ""},
    }


def _avsnitt(a: Enhetsavsnitt, form: Wordform, kanda: frozenset[str], diagram: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    texter = {namn: Markup(ooxml.stycken(text)) for namn, text in a.texter.items()}
    tabeller = {namn: form.tabell(t) for namn, t in a.tabeller.items()}
    return {
        "namn": a.namn,
        "agarandel": a.agarandel,
        "mening": a.mening,
        "saknas": Markup(ooxml.stycke(a.saknas, _SAKNAS) if a.saknas else ""),
        **texter,
        "tabell": _block(tabeller, kanda),
        "diagram": _block(_diagram(diagram, a.id), kanda),
        "nyckeltalsband": form.band(a.nyckeltal),
    }


def _diagram(alla: Mapping[tuple[str, str], str], enhet: str) -> dict[str, str]:
    """Enhetens diagram på namn; kommunens när enheten är tom."""
    return {namn: text for (egen, namn), text in alla.items() if egen == enhet}


def _not(n: Not, form: Wordform) -> dict[str, Any]:
    tabell = Markup(form.tabell(n.tabell) if n.tabell else "")
    saknas = Markup(ooxml.stycke(n.saknas, _SAKNAS) if n.saknas else "")
    return {"nummer": n.nummer, "rubrik": n.rubrik, "lagrum": n.lagrum, "text": Markup(ooxml.stycken(n.text)), "tabell": tabell, "saknas": saknas}


def _block(finns: Mapping[str, str], kanda: frozenset[str]) -> dict[str, Markup]:
    """Word-block på namn; tomt när underlag saknas, så att mallen kan säga det. Okända namn finns inte alls."""
    return {namn: Markup(finns.get(namn, "")) for namn in kanda}


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
