"""Granskar en arbetsbok: titel, bladnamn, rubrikrader, sammanfogade celler, tomma rader, bilder, kontrast och dolda blad."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.adress import celladress
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.farg import kontrast_i_ord
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.bladrader import MANIFEST
from kommunrapport.tillganglighet import farg
from kommunrapport.tillganglighet.excelblad import Excelblad
from kommunrapport.tillganglighet.excelstil import svaga_format
from kommunrapport.tillganglighet.fynd import fynd
from kommunrapport.tillganglighet.paket import RELATIONSRYMD, Paket
from kommunrapport.tillganglighet.wordbild import ar_dekorativ, ar_intetsagande

_FORVALT_NAMN = re.compile(r"(blad|sheet|ark|tabell|diagram|chart)\s*\d*( \(\d+\))?", re.IGNORECASE)
_EGET = (MANIFEST, "veryHidden")
"""Bladet som programmet självt döljer och känner igen boken på."""
_BILDER = ("pic", "graphicFrame")
_LANG = 40
"""Så många rader har en tabell som inte ryms på en skärm eller en sida."""
_MEST = 20
"""Så många tomma rader och kolumner nämns på ett blad."""


def granska_excel(paket: Paket) -> Iterator[Anmarkning]:
    """Anmärkningarna på boken. Fel: Olasbar när en del inte går att läsa."""
    if not paket.titel():
        yield fynd("TG201")
    tema = farg.temafarger(paket.narmaste(paket.huvuddel, "theme"))
    svaga = svaga_format(paket.narmaste(paket.huvuddel, "styles"), tema)
    for blad in _bladen(paket):
        if blad.dolt:
            if blad.celler and (blad.namn, blad.dolt) != _EGET:
                yield fynd("TG210", lamnat=blad.namn)
            continue
        if _FORVALT_NAMN.fullmatch(blad.namn):
            yield fynd("TG202", blad=blad.namn, lamnat=blad.namn)
        yield from _tabell(blad)
        yield from _bilder(paket, blad)
        for (rad, kolumn), cell in blad.celler.items():
            nr = cell.get("s", "0")
            if nr.isdecimal() and (svagt := svaga.get(int(nr))):
                fakta = {"farg": svagt.farg, "bakgrund": svagt.bakgrund}
                plats = celladress(rad, kolumn)
                yield fynd("TG209", plats, blad=blad.namn, lamnat=kontrast_i_ord(svagt.kvot), vantat=kontrast_i_ord(svagt.krav), **fakta)


def _bladen(paket: Paket) -> Iterator[Excelblad]:
    rot, relationer = paket.rot(paket.huvuddel), paket.relationer(paket.huvuddel)
    titlar = {n.get("localSheetId"): n.text or "" for n in rot.iterfind("{*}definedNames/{*}definedName") if n.get("name") == "_xlnm.Print_Titles"}
    poster = rot.findall("{*}sheets/{*}sheet")
    if len(poster) > granser.MAX_BLAD:
        raise Olasbar("KR106", grans=f"{granser.MAX_BLAD} blad")
    for nr, post in enumerate(poster):
        relation = relationer.get(post.get(f"{RELATIONSRYMD}id", ""))
        if relation is None or relation.slag not in ("worksheet", "chartsheet") or relation.mal not in paket:
            continue
        dolt = "" if post.get("state", "visible") == "visible" else post.get("state")
        tabeller = [r.mal for r in paket.relationer(relation.mal).values() if r.slag == "table" and r.mal in paket]
        omraden = tuple(t.get("ref") for t in map(paket.rot, tabeller) if t.get("ref") and t.get("headerRowCount") != "0")
        yield Excelblad(post.get("name", ""), dolt, paket.rot(relation.mal), relation.mal, titlar.get(str(nr), ""), omraden)


def _tabell(blad: Excelblad) -> Iterator[Anmarkning]:
    for omrade in blad.rot.iterfind("{*}mergeCells/{*}mergeCell"):
        yield fynd("TG205", omrade.get("ref", ""), blad=blad.namn)
    if not blad.ar_tabell:
        return
    saknas = [mening for rad, mening in ((blad.last_rad, "är inte låst"), (blad.upprepad_rad, "upprepas inte vid utskrift")) if rad is None]
    if len(saknas) == 2 and blad.tabellens_rubrik is None:
        yield fynd("TG203", blad=blad.namn)
    elif saknas and len(blad.fyllda_rader) > _LANG:
        yield fynd("TG204", blad=blad.namn, lamnat=rakna_upp(saknas))
    tomma = [*_tomma(blad.fyllda_rader, "rad {}", _radnamn), *_tomma(blad.fyllda_kolumner, "kolumn {}", _kolumnnamn)]
    if tomma:
        fler = f" och {len(tomma) - _MEST} till" if len(tomma) > _MEST else ""
        yield fynd("TG206", blad=blad.namn, lamnat=rakna_upp(tomma[:_MEST]) + fler)


def _tomma(fyllda: set[int], mall: str, namn: Any) -> list[str]:
    """De som saknar innehåll mellan den första och den sista; bara början när luckan är större än tabellen."""
    ordnade = sorted(fyllda)
    luckor = [range(fore + 1, efter) for fore, efter in itertools.pairwise(ordnade)]
    return [mall.format(namn(nr)) for lucka in luckor for nr in lucka[: _MEST + 1]]


def _radnamn(nr: int) -> str:
    return str(nr + 1)


def _kolumnnamn(nr: int) -> str:
    return celladress(0, nr)[:-1]


def _bilder(paket: Paket, blad: Excelblad) -> Iterator[Anmarkning]:
    for relation in paket.relationer(blad.vag).values():
        if relation.slag != "drawing" or relation.mal not in paket:
            continue
        for bild in paket.rot(relation.mal).iter(*(f"{{*}}{slag}" for slag in _BILDER)):
            egenskaper = next(bild.iter("{*}cNvPr"), None)
            if egenskaper is None or ar_dekorativ(egenskaper):
                continue
            text, namn = (egenskaper.get("descr") or "").strip(), egenskaper.get("name", "")
            if not text:
                yield fynd("TG207", _hornet(bild), blad=blad.namn, lamnat=namn)
            elif ar_intetsagande(text):
                yield fynd("TG208", _hornet(bild), blad=blad.namn, lamnat=text)


def _hornet(bild: Any) -> str:
    """Cellen där bildens övre vänstra hörn ligger, eller tomt."""
    ankare = next((a for a in bild.iterancestors("{*}twoCellAnchor", "{*}oneCellAnchor")), None)
    rad, kolumn = (None if ankare is None else ankare.findtext(f"{{*}}from/{{*}}{led}") for led in ("row", "col"))
    return celladress(int(rad), int(kolumn)) if rad and kolumn else ""
