"""Textens kontroller i ett Worddokument: rubriker, listor, länkar, språk, kontrast, storlek och tomma stycken."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.farg import VIT, kontrast, kontrast_i_ord
from kommunrapport.karna.listtecken import mojligt_nummer, punkttecken
from kommunrapport.mall.dokumentmall import Dokumentmall
from kommunrapport.tillganglighet import farg
from kommunrapport.tillganglighet.fynd import fynd
from kommunrapport.tillganglighet.paket import RELATIONSRYMD
from kommunrapport.tillganglighet.worddel import Stycke, Tabell, Worddel, inre, text_i
from kommunrapport.tillganglighet.wordstil import AUTO, VAL, Drag, Stilar, W

_INNEHALL = {f"{W}{led}" for led in ("drawing", "pict", "object", "fldChar", "fldSimple", "sectPr", "pageBreakBefore", "sym", "sdt")}
_INNEHALL |= {"{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"}
_WEBBADRESS = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_LANKFALT = re.compile(r"\s*HYPERLINK\b")
_MALLTAGG = re.compile(r"\s*(\{\{.*\}\}|\{%.*%\}|\{#.*#\})\s*", re.DOTALL)
_GRUND_HALVPUNKTER = 20
"""Words storlek när dokumentet inte anger någon."""


def granska_text(del_: Worddel, stilar: Stilar, mall: Dokumentmall) -> Iterator[Anmarkning]:
    """Allt om texten i en del; rubriker och tomma stycken prövas bara i brödtexten."""
    if not del_.namn:
        yield from _rubriker(del_, stilar)
        yield from _tomma(del_)
    yield from _listor(del_, stilar)
    for stycke in del_.stycken:
        yield from _lankar(stycke, mall)
    yield from _utseende(del_, stilar, mall)


def _rubriker(del_: Worddel, stilar: Stilar) -> Iterator[Anmarkning]:
    nivaer = [(s, niva) for s in del_.stycken if (niva := stilar.rubrikniva(s.stil, s.element))]
    yield from (fynd("TG106", s.plats) for s, _ in nivaer if not s.text.strip() and not _har_innehall(s))
    med_text = [(s, niva) for s, niva in nivaer if s.text.strip()]
    if not any(niva == 1 for _, niva in med_text):
        yield fynd("TG104")
    fore = 0
    for stycke, niva in med_text:
        if fore and niva > fore + 1:
            yield fynd("TG105", stycke.plats, lamnat=str(niva), vantat=str(fore))
        fore = niva


def _tomma(del_: Worddel) -> Iterator[Anmarkning]:
    """Första stycket i varje följd av minst två tomma. Tabellceller och sidans ramar räknas inte."""
    tomma = {s.element for s in del_.stycken if s.tabell is None and not s.text.strip() and not _har_innehall(s)}
    for element in tomma:
        if element.getprevious() not in tomma and element.getnext() in tomma:
            yield fynd("TG113", del_.plats(element))


def _har_innehall(stycke: Stycke) -> bool:
    """Om stycket bär något annat än text: en bild, ett fält, en sidbrytning."""
    return any(e.tag in _INNEHALL or (e.tag == f"{W}br" and e.get(f"{W}type") in ("page", "column")) for e in inre(stycke.element))


def _listor(del_: Worddel, stilar: Stilar) -> Iterator[Anmarkning]:
    """Punkttecken är en lista också ensamma; nummer och tankstreck när minst två rader i följd börjar så."""
    fore: list[tuple[str, str]] = []
    for stycke in (*del_.stycken, None):
        rader = [] if stycke is None or _ar_annat(stycke, stilar) else stycke.text.split("\n")
        if stycke is not None and (punkt := next(filter(None, map(punkttecken, rader)), "")):
            yield fynd("TG119", stycke.plats, lamnat=punkt)
        nummer = [(stycke.plats, tecken) for rad in rader if stycke is not None and (tecken := mojligt_nummer(rad))]
        if nummer:
            fore += nummer
            continue
        if len(fore) > 1:
            yield from (fynd("TG122", plats, lamnat=fore[0][1]) for plats in dict.fromkeys(plats for plats, _ in fore))
        fore = []


def _ar_annat(stycke: Stycke, stilar: Stilar) -> bool:
    """Riktiga listor, rubriker och innehållsförteckningen får börja med tecken och nummer."""
    rubrik = stilar.rubrikniva(stycke.stil, stycke.element) or stilar.namn(stycke.stil).lower().startswith("toc ")
    return bool(rubrik) or stilar.ar_lista(stycke.stil, stycke.element)


def _lankar(stycke: Stycke, mall: Dokumentmall) -> Iterator[Anmarkning]:
    for text in _lanktexter(stycke.element):
        ren = " ".join(text.split())
        if not ren or ren.lower().strip(" .:>»→") in mall.intetsagande_lankar:
            yield fynd("TG116", stycke.plats, lamnat=ren)
        elif _WEBBADRESS.fullmatch(ren):
            yield fynd("TG117", stycke.plats, lamnat=ren)


def _lanktexter(stycke: Any) -> Iterator[str]:
    """Texten i styckets länkar: länkelement och länkfält."""
    oppna: list[dict[str, str]] = []
    for e in inre(stycke):
        if _ar_lank(e):
            yield text_i(e)
        elif e.tag == f"{W}fldChar" and e.get(f"{W}fldCharType") == "begin":
            oppna.append({"kod": "", "text": ""})
        elif e.tag == f"{W}fldChar" and e.get(f"{W}fldCharType") == "separate" and oppna:
            oppna[-1]["visas"] = "ja"
        elif e.tag == f"{W}fldChar" and oppna:
            falt = oppna.pop()
            if _LANKFALT.match(falt["kod"]):
                yield falt["text"]
        elif e.tag in (f"{W}instrText", f"{W}t", f"{W}drawing"):
            for falt in oppna:
                falt["text" if "visas" in falt else "kod"] += e.text or ("" if e.tag == f"{W}t" else "bild")


def _ar_lank(e: Any) -> bool:
    """Ett länkelement eller enkelt länkfält; en länkad bild har sin alternativtext som länktext och räknas inte."""
    lank = e.tag == f"{W}hyperlink" and (e.get(f"{RELATIONSRYMD}id") or e.get(f"{W}anchor"))
    falt = e.tag == f"{W}fldSimple" and _LANKFALT.match(e.get(f"{W}instr", ""))
    return bool(lank or falt) and not any(i.tag in (f"{W}drawing", f"{W}pict") for i in inre(e))


def _utseende(del_: Worddel, stilar: Stilar, mall: Dokumentmall) -> Iterator[Anmarkning]:
    """Kontrast, storlek och språk, en gång per slag och plats. En malltagg syns inte i den färdiga rapporten."""
    funna: dict[tuple[str, ...], Anmarkning] = {}
    sma: dict[float, list[tuple[str, str]]] = {}
    for stycke in del_.stycken:
        if _MALLTAGG.fullmatch(stycke.text):
            continue
        for text, drag in _texter(stycke, stilar):
            for a in (*_kontrast(stycke, stilar, drag), *_sprak(stycke, stilar, drag, text)):
                funna.setdefault((a.kod, *a.plats.celler, a.lamnat, *a.fakta.values()), a)
            if _punkter(drag) < mall.minsta_text_pt and not drag.get("upphojd"):
                sma.setdefault(_punkter(drag), []).append((stycke.ruta, stilar.namn(stycke.stil)))
    yield from funna.values()
    for punkter, platser in sorted(sma.items()):
        fakta = {"lamnat": f"{punkter:g}".replace(".", ","), "vantat": str(mall.minsta_text_pt)}
        formaten = ", ".join(dict.fromkeys(stil for _, stil in platser))
        yield from (fynd("TG120", plats, **fakta, stil=formaten) for plats in dict.fromkeys(plats for plats, _ in platser))


def _texter(stycke: Stycke, stilar: Stilar) -> Iterator[tuple[str, Drag]]:
    """Styckets synliga texter med sina slutliga egenskaper."""
    tabellens: Drag = _tabelldrag(stycke.tabell, stycke.cell, stilar)[0] if stycke.tabell else {}
    for run in inre(stycke.element):
        if run.tag == f"{W}r" and (text := text_i(run).strip()):
            egna = run.find(f"{W}rPr")
            stil = None if egna is None else egna.find(f"{W}rStyle")
            tecken = stilar.tecken("" if stil is None else stil.get(VAL, ""))
            drag = {**stilar.grund, **tabellens, **stilar.stycke(stycke.stil), **tecken, **stilar.drag(egna)}
            if not drag.get("dold"):
                yield text, drag


def _kontrast(stycke: Stycke, stilar: Stilar, drag: Drag) -> Iterator[Anmarkning]:
    """Automatisk färg väljer Word själv mot bakgrunden, så den prövas inte."""
    textfarg = drag.get("farg", AUTO)
    if textfarg == AUTO:
        return
    bakgrund = drag.get("bakgrund") or _bakgrund(stycke, stilar)
    kvot, minst = kontrast(textfarg, bakgrund), farg.krav(_punkter(drag), fet=bool(drag.get("fet")))
    if kvot < minst:
        fakta = {"farg": textfarg, "bakgrund": bakgrund, "stil": stilar.namn(stycke.stil)}
        yield fynd("TG118", stycke.ruta, lamnat=kontrast_i_ord(kvot), vantat=kontrast_i_ord(minst), **fakta)


def _sprak(stycke: Stycke, stilar: Stilar, drag: Drag, text: str) -> Iterator[Anmarkning]:
    sprak = str(drag.get("sprak", ""))
    if sprak and sprak != stilar.grundsprak() and not sprak.lower().startswith(("sv", "x-")) and any(t.isalpha() for t in text):
        yield fynd("TG103", stycke.ruta, lamnat=sprak)


def _punkter(drag: Drag) -> float:
    return float(drag.get("halvpunkter", _GRUND_HALVPUNKTER)) / 2


def _bakgrund(stycke: Stycke, stilar: Stilar) -> str:
    """Styckets, annars cellens, annars tabellens bakgrund; vitt när ingen är angiven."""
    egen = stilar.fyllning(stycke.element.find(f"{W}pPr")) or stilar.bakgrund(stycke.stil)
    if egen or stycke.tabell is None:
        return egen or VIT
    cellens = stilar.fyllning(stycke.cell.find(f"{W}tcPr"))
    return cellens or _tabelldrag(stycke.tabell, stycke.cell, stilar)[1] or stilar.fyllning(stycke.tabell.element.find(f"{W}tblPr")) or VIT


def _tabelldrag(tabell: Tabell, cell: Any, stilar: Stilar) -> tuple[Mapping[str, Any], str]:
    """Det som tabellformatet ger cellens text, och cellens bakgrund."""
    rad = next(cell.iterancestors(f"{W}tr"))
    nr, sista = tabell.radnummer[rad], len(tabell.rader) - 1
    delar = []
    if not tabell.visar("noHBand"):
        delar.append("band1Horz" if (nr - tabell.visar("firstRow")) % 2 == 0 else "band2Horz")
    celler = tabell.celler(rad)
    villkor = (("firstColumn", "firstCol", cell is celler[0]), ("lastColumn", "lastCol", cell is celler[-1]),
               ("lastRow", "lastRow", nr == sista), ("firstRow", "firstRow", nr == 0))  # fmt: skip
    delar += [namn for led, namn, har in villkor if har and tabell.visar(led)]
    return stilar.tabell(tabell.format, tuple(delar))
