"""Uppsiktens egna tabeller i underlaget: loggen, målen, uppföljningsplanen och lagrummen. Varje cell bär sin plats i styrfilen."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kommunrapport.inlasning.uppsikt import Iakttagelse, Plansteg
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.sprak import liten_bokstav, rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.modell import Lagrum
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall
from kommunrapport.rapport.modell import Cell, Kolumn, Rad, Tabell
from kommunrapport.rapport.uppsiktstaggar import LAGEN, LOGG, MALEN, PLAN

MALBLAD, KFMAL = "mal", "kfmal"
_Spalter = Sequence[tuple[str, str, int]]
"""Kolumnernas id, rubrik och vikt."""


def logg(iakttagelser: Sequence[Iakttagelse]) -> Tabell:
    """Iakttagelserna om enheten, i den ordning de är givna."""
    spalter = (("iakttagelse", "Iakttagelse", 26), ("slag", "Ledde till", 11), ("utfall", "Vad som blev av det", 26), ("klar", "Klar", 10))
    rader = [Rad(f"i{nr}", "rad", i.dag.isoformat(), _loggceller(i)) for nr, i in enumerate(iakttagelser, 1)]
    return _tabell(LOGG, "Kommunstyrelsens tidigare iakttagelser", "Dag", spalter, rader)


def _loggceller(i: Iakttagelse) -> tuple[Cell, ...]:
    ledde_till = f"{i.slag} ({i.paragraf})" if i.paragraf else i.slag
    klar = i.klar.isoformat() if i.klar else "öppen" if i.oppen else SAKNAS
    falt = (("iakttagelse", i.text), ("slag", ledde_till), ("utfall", i.utfall or SAKNAS), ("klar", klar))
    return tuple(_last(text, i.kalla, namn) for namn, text in falt)


def oppna_i_ord(iakttagelser: Sequence[Iakttagelse]) -> str:
    """Hur många iakttagelser som finns och är öppna."""
    if not iakttagelser:
        return "Kommunstyrelsen har inga tidigare iakttagelser om enheten i uppsiktsloggen."
    oppna, alla = sum(i.oppen for i in iakttagelser), len(iakttagelser)
    finns = "en tidigare iakttagelse" if alla == 1 else f"{alla} tidigare iakttagelser"
    ar_oppna = {0: "ingen är öppen", 1: "en är öppen"}.get(oppna, f"{oppna} är öppna")
    return f"Uppsiktsloggen har {finns} om enheten; {ar_oppna}."


def plan(steg: Sequence[Plansteg], mall: Uppsiktsmall, dag: date) -> Tabell:
    """Enhetens uppföljningsplan, steg för steg; ett steg som är sent på dagen säger det."""
    visas = (("mats", "Vad som mäts", 22), ("kvalitet", "Kvalitet", 13), ("ansvarig", "Ansvarig", 14))
    spalter = (*visas, ("klar", "Klar senast", 9), ("status", "Läge", 11))
    namn = {s.id: s.namn for s in mall.steg}
    rader = [Rad(f"s{nr}", "rad", namn[s.steg], tuple(_planceller(s, mall, dag))) for nr, s in enumerate(steg, 1)]
    return _tabell(PLAN, "Uppföljningsplan", "Steg", spalter, rader)


def _planceller(s: Plansteg, mall: Uppsiktsmall, dag: date) -> Iterator[Cell]:
    kvalitet = next(k.namn for k in mall.kvalitet if k.id == s.kvalitet)
    status = f"{s.status}, försenat" if s.sent(dag) else s.status
    falt = (("mats", s.mats), ("kvalitet", kvalitet), ("ansvarig", s.ansvarig), ("klar_senast", s.klar_senast.isoformat()), ("status", status))
    yield from (_last(text, s.kalla, namn) for namn, text in falt)


def lagen(beteckningar: Sequence[str], lagrum: Mapping[str, Lagrum]) -> Tabell:
    """Det som uppsikten bygger på."""
    lasta = [lagrum[b] for b in beteckningar]
    rader = [Rad(f"l{nr}", "rad", r.namn, (Cell(r.text),)) for nr, r in enumerate(lasta, 1)]
    return _tabell(LAGEN, "Lag och beslut bakom uppsikten", "Bestämmelse", (("text", "Vad det säger", 34),), rader)


def malen(motiverade: Tabell, styrrader: Sequence[Styrrad], enhet: str) -> Tabell:
    """Enhetens bedömda mål, med fullmäktiges mål som vart och ett hör till."""
    spalter = (("kfmal", "Fullmäktiges mål", 16), ("bedomning", "Bedömning", 11), ("kommentar", "Motivering", 26))
    egna = {r.rad: r for r in styrrader if r.tabell == MALBLAD and r.enhet == enhet}
    alla = {r.rad: r for r in styrrader if r.tabell == MALBLAD}
    rader = [replace(r, celler=(_overst(egna.get(r.id.partition(".")[2]), alla), *r.celler)) for r in motiverade.rader]
    return _tabell(MALEN, "Bedömning av målen", "Mål", spalter, rader)


def _overst(mal: Styrrad | None, alla: Mapping[str, Styrrad]) -> Cell:
    """Fullmäktiges mål ovanför enhetens, eller den fria text som målet hänvisar till."""
    over, sedda = mal, set[str]()
    while over is not None and over.rad not in sedda:
        sedda.add(over.rad)
        hanvisar = over.attribut.get("overordnat", "")
        if over.art == KFMAL or (hanvisar and hanvisar not in alla):
            return _last(over.namn if over.art == KFMAL else hanvisar, over.kalla, "benamning" if over.art == KFMAL else "overordnat")
        over = alla.get(hanvisar)
    return Cell(SAKNAS)


def bedomningar_i_ord(malen_: Tabell) -> str:
    """``Enheten har bedömt 3 mål: 2 som ”delvis uppnått” och 1 som ”inte uppnått”.``"""
    antal = Counter(r.celler[1].text for r in malen_.rader)
    if len(malen_.rader) == 1:
        return f"Enheten har bedömt ett mål, som ”{liten_bokstav(malen_.rader[0].celler[1].text)}”."
    return f"Enheten har bedömt {len(malen_.rader)} mål: {rakna_upp([f'{n} som ”{liten_bokstav(b)}”' for b, n in antal.items()])}."


def _last(text: str, kalla: Kalla, falt: str) -> Cell:
    return Cell(text, kalla=kalla._replace(cell=f"{kalla.cell}, {falt}"))


def _tabell(id_: str, titel: str, forsta: str, spalter: _Spalter, rader: Sequence[Rad]) -> Tabell:
    return Tabell(id_, titel, "", forsta, tuple(Kolumn(i, rubrik, ar_tal=False, vikt=vikt) for i, rubrik, vikt in spalter), tuple(rader))
