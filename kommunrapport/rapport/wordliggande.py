"""Tabeller som är för trånga på höjden: de får ett eget avsnitt med liggande sidor, med samma sidhuvud och sidfot.

Om en tabell är trång räknas ut: den behöver den minsta texten, eller någon rad blir mycket hög av smala kolumner. En tabell som ändå är
kort får stå kvar, hellre än att lämna sidor halvtomma.
"""

import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from kommunrapport.rapport import ooxml
from kommunrapport.rapport.modell import Tabell
from kommunrapport.rapport.wordmallfil import textbredder

_MINSTA_TEXT, _HOG_RAD, _LANG_TABELL = 14, 7, 30
"""Textstorleken i halva punkter, och raderna med text i den högsta tabellraden och i hela tabellen, som gör en tabell trång."""
_EMU_PER_TJUGONDEL = 635
_RUBRIKER = ("Heading", "Tabelltitel")
_EFTER = ("Tabellnot", "Tabellslut")
_INGRESS = 3
"""Så många stycken mellan rubriken och tabellen, rubriken inräknad, följer med till den liggande sidan."""


def liggande_bredd(dokument: Any) -> int:
    """Textytans bredd på en liggande sida i tjugondels punkter; 0 när mallen redan har flera avsnitt, spalter eller liggande sidor."""
    if len(dokument.sections) != 1:
        return 0
    avsnitt = dokument.sections[0]
    bredd = (avsnitt.page_height - avsnitt.left_margin - avsnitt.right_margin) // _EMU_PER_TJUGONDEL
    hel = (avsnitt.page_width - avsnitt.left_margin - avsnitt.right_margin) // _EMU_PER_TJUGONDEL
    return bredd if avsnitt.page_height > avsnitt.page_width and textbredder(dokument) == (hel,) else 0


def tabellform(t: Tabell, staende: int, liggande: int, egen_storlek: int) -> ooxml.Tabellform:
    """Tabellens form på bredden ``staende``; på ``liggande`` när den är trång och blir lägre där. ``liggande`` är 0 när sidan inte kan vridas."""
    form = ooxml.form_av(t, staende, egen_storlek)
    rader = ooxml.radhojder(t, form) if liggande else []
    if sum(rader) < _LANG_TABELL or (form.storlek != _MINSTA_TEXT and max(rader) < _HOG_RAD):
        return form
    vriden = ooxml.form_av(t, liggande, egen_storlek)
    return vriden if 2 * max(ooxml.radhojder(t, vriden)) <= max(rader) else form


def satt_liggande(dokument: Any, staende: int, liggande: int) -> None:
    """Lägger varje tabell som är bredare än ``staende`` i ett avsnitt med liggande sidor, med sina rubriker och noter."""
    kropp = dokument.element.body
    block = [_block(t) for t in kropp.iterchildren(qn("w:tbl")) if _bredd(t) > staende]
    if not block:
        return
    sista = kropp.find(qn("w:sectPr"))
    vridet = _vridet(dokument, sista, staende, liggande)
    for forsta, slut in block:
        fore = forsta.getprevious()
        if fore is not None and not _utan_avsnitt(fore):
            _avsluta(fore, sista)
        _avsluta(slut, vridet)
    if block[-1][1].getnext() is sista:
        _utan_avsnitt(block[-1][1])
        kropp.replace(sista, copy.deepcopy(vridet))
    for avsnitt in list(kropp.iter(qn("w:sectPr")))[1:]:  # omslaget och omstarten av sidnumren hör till det första
        for namn in ("w:titlePg", "w:pgNumType"):
            for element in avsnitt.findall(qn(namn)):
                avsnitt.remove(element)


def _bredd(tabell: Any) -> int:
    bredd = tabell.find(f"{qn('w:tblPr')}/{qn('w:tblW')}")
    return int(bredd.get(qn("w:w"), "0")) if bredd is not None and bredd.get(qn("w:type")) == "dxa" else 0


def _block(tabell: Any) -> tuple[Any, Any]:
    """Det första och det sista elementet som hör ihop med tabellen: rubrikerna och ingressen före den och noterna efter."""
    forsta, slut = _rubriken_over(tabell), tabell.getnext()
    ingress = list(islice(forsta.itersiblings(preceding=True), _INGRESS))
    for nr, element in enumerate(ingress):
        if _stil(element).startswith(_RUBRIKER):
            forsta = _rubriken_over(ingress[nr - 1] if nr else forsta)
            break
        if element.tag != qn("w:p") or _stil(element).startswith(_EFTER):
            break
    while _stil(slut.getnext()).startswith(_EFTER):
        slut = slut.getnext()
    return forsta, slut


def _rubriken_over(element: Any) -> Any:
    """Den översta av rubrikerna närmast före elementet, eller elementet självt."""
    while (fore := element.getprevious()) is not None and _stil(fore).startswith(_RUBRIKER):
        element = fore
    return element


def _stil(element: Any) -> str:
    stil = None if element is None else element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if stil is None else str(stil.get(qn("w:val")))


def _avsluta(element: Any, avsnitt: Any) -> None:
    """Slutar avsnittet med elementet; en tabell eller ett innehållsfält får ett eget stycke för det."""
    if element.tag != qn("w:p"):
        element.addnext(parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Tabellslut"/></w:pPr></w:p>'))
        element = element.getnext()
    element.get_or_add_pPr().append(copy.deepcopy(avsnitt))


def _utan_avsnitt(element: Any) -> bool:
    """Tar bort avsnittet som slutar med elementet; sant när det fanns ett."""
    avsnitt = element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    if avsnitt is None:
        return False
    avsnitt.getparent().remove(avsnitt)
    return True


def _vridet(dokument: Any, avsnitt: Any, staende: int, liggande: int) -> Any:
    """Avsnittets egenskaper med sidan på bredden, och sidhuvuden vars högertabb står vid den nya kanten."""
    vridet = copy.deepcopy(avsnitt)
    sida = vridet.find(qn("w:pgSz"))
    bredd, hojd = sida.get(qn("w:w")), sida.get(qn("w:h"))
    for namn, varde in (("w:w", hojd), ("w:h", bredd), ("w:orient", "landscape")):
        sida.set(qn(namn), varde)
    for hanvisning in _hanvisningar(vridet):
        del_ = dokument.part.rels[hanvisning.get(qn("r:id"))].target_part
        innehall = parse_xml(del_.blob)
        if del_.rels or next(innehall.iter(qn("w:tab")), None) is None:
            continue
        for p in innehall.iter(qn("w:p")):
            _flytta_tabb(p, staende, liggande)
        ny, namn = dokument.part.add_header_part() if hanvisning.tag == qn("w:headerReference") else dokument.part.add_footer_part()
        ny.element[:] = list(innehall)
        hanvisning.set(qn("r:id"), namn)
    return vridet


def _hanvisningar(avsnitt: Any) -> Iterator[Any]:
    """Sidhuvudena och sidfötterna, utom den första sidans."""
    for hanvisning in avsnitt.iter(qn("w:headerReference"), qn("w:footerReference")):
        if hanvisning.get(qn("w:type")) != "first":
            yield hanvisning


def _flytta_tabb(p: Any, fran: int, till: int) -> None:
    egenskaper = p.get_or_add_pPr()
    for tabbar in egenskaper.findall(qn("w:tabs")):
        egenskaper.remove(tabbar)
    stil = egenskaper.find(qn("w:pStyle"))
    tabbar = parse_xml(f'<w:tabs {nsdecls("w")}><w:tab w:val="clear" w:pos="{fran}"/><w:tab w:val="right" w:pos="{till}"/></w:tabs>')
    egenskaper.insert(0 if stil is None else 1, tabbar)
