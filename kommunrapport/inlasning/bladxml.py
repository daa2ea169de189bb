"""Bladets XML: det som värdeläsaren inte lämnar – felvärden, formler utan värde, dolt, sammanfogat och länkat."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.adress import Omrade, celladress, cellage, omrade
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.karna.sprak import formatera

_LANK = re.compile(r"\[\d+\]")
_TVA_BOKSTAVER = re.compile(r"[A-Za-z]{2}")
_UTAN_ADRESS = (re.compile(rb"<c(?:[/>]|\s+(?!r=))"), re.compile(rb"<row(?:[/>]|\s+(?!r=))"), re.compile(rb":sheetData>"))
_TRASIGT_TEXTNUMMER = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(?!\d+<)')
_LITET_BLAD = (999, 26)
"""Rader och kolumner på ett blad där ingen adress har fler än fyra tecken eller två bokstäver; det räknas inte noga."""
_MEST_I_MENINGEN = 20


@dataclass(frozen=True, slots=True)
class Bladdrag:
    """Vad bladets XML säger utöver värdena."""

    felvarden: Mapping[str, str] = field(default_factory=dict)
    utan_varde: frozenset[str] = frozenset()
    dolda_rader: frozenset[int] = frozenset()
    dolda_kolumner: tuple[Omrade, ...] = ()
    sammanfogade: tuple[Omrade, ...] = ()
    lankade: frozenset[str] = frozenset()
    rader: int = 0
    kolumner: int = 0
    antal: int = 0
    """Celler med innehåll."""


def las_xml(data: bytes) -> Any:
    """Roten i en granskad del. Fel: Olasbar."""
    try:
        return etree.fromstring(data, _tolk())
    except etree.XMLSyntaxError as fel:
        if fel.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise Olasbar("KR136", orsak=f"element i mer än {granser.MAX_NIVAER} nivåer eller en text längre än 10 MB") from fel
        raise Olasbar("KR104") from fel


def las_drag(namn: str, data: bytes, *, lankar: bool) -> Bladdrag:
    """Bladets drag; ``lankar`` är om boken hämtar ur andra böcker. Fel: Olasbar."""
    rot = las_xml(data)
    fraga = _fragor(etree.QName(rot).namespace or "")
    if any(monster.search(data) for monster in _UTAN_ADRESS):
        _satt_adresser(rot)
    adresser = fraga["adresser"](rot)
    rader, kolumner = _utstrackning(namn, adresser)
    if _TRASIGT_TEXTNUMMER.search(data):
        granska_textnummer(namn, data, 2**31)
    return Bladdrag(
        felvarden={c.get("r"): _varde(c) or "#" for c in fraga["fel"](rot)} if b'"e"' in data or b"'e'" in data else {},
        utan_varde=frozenset(c.get("r") for c in fraga["utan värde"](rot) if c.get("t") not in ("e", "str")),
        dolda_rader=frozenset(int(nr) - 1 for nr in fraga["dolda rader"](rot) if nr.isdecimal()),
        dolda_kolumner=tuple(_kolumner(fraga["dolda kolumner"](rot))),
        sammanfogade=_sammanfogade(fraga["sammanfogade"](rot)),
        lankade=frozenset(_lankade(fraga["formler"](rot))) if lankar else frozenset(),
        rader=rader,
        kolumner=kolumner,
        antal=len(adresser),
    )


def granska_textnummer(namn: str, data: bytes, antal: int) -> None:
    """Fel: Olasbar när en cell visar en gemensam text som inte finns bland bokens ``antal``."""
    rot = las_xml(data)
    utan = _fragor(etree.QName(rot).namespace or "")["utan text"](rot, n=antal)
    if utan:
        raise Olasbar("KR142", blad=namn, celler=tuple(utan[:_MEST_I_MENINGEN]), orsak="texten till en eller flera celler")


def textindex(data: bytes) -> Iterator[int]:
    """Numren på de gemensamma texter som bladets celler visar."""
    rot = las_xml(data)
    yield from (int(v) for v in _fragor(etree.QName(rot).namespace or "")["texter"](rot))


def textlangder(data: bytes) -> list[int]:
    """Längden på var och en av bokens gemensamma texter."""
    return [sum(len(t) for t in si.itertext()) for si in las_xml(data).iterchildren("{*}si")]


def _tolk() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, collect_ids=False)


@lru_cache(maxsize=4)
def _fragor(namnrymd: str) -> Mapping[str, etree.XPath]:
    celler = "/*/m:sheetData/m:row/m:c"
    fragor = {
        "fel": f"{celler}[@t='e']",
        "utan värde": f"{celler}[m:f][not(m:v/text())]",
        "adresser": f"{celler}[*]/@r",
        "formler": f"{celler}[m:f]",
        "utan text": f"{celler}[@t='s' and not(m:v >= 0 and m:v < $n)]/@r",
        "texter": f"{celler}[@t='s']/m:v/text()",
        "dolda rader": "/*/m:sheetData/m:row[@hidden='1' or @hidden='true' or @ht='0']/@r",
        "dolda kolumner": "/*/m:cols/m:col[@hidden='1' or @hidden='true' or @width='0']",
        "sammanfogade": "/*/m:mergeCells/m:mergeCell/@ref",
    }
    return {namn: etree.XPath(fraga, namespaces={"m": namnrymd}, smart_strings=False) for namn, fraga in fragor.items()}


def _satt_adresser(rot: Any) -> None:
    """Celler och rader utan adress följer på den föregående."""
    nr = 0
    for rad in rot.iterfind("{*}sheetData/{*}row"):
        nr = int(rad.get("r", nr + 1))
        rad.set("r", str(nr))
        kolumn = -1
        for cell in rad.iterchildren("{*}c"):
            if cell.get("r") is None:
                cell.set("r", celladress(nr - 1, kolumn + 1))
            kolumn = cellage(cell.get("r"))[1]


def _utstrackning(namn: str, adresser: list[str]) -> tuple[int, int]:
    """Antal rader och kolumner som läsaren lägger upp. Fel: Olasbar när de är för många."""
    if not adresser:
        return 0, 0
    if max(map(len, adresser)) <= 4 and not _TVA_BOKSTAVER.search(" ".join(adresser)):
        return _LITET_BLAD
    lagen = [cellage(a) for a in adresser]
    rader, kolumner = (1 + max(lage) for lage in zip(*lagen, strict=True))
    if rader > granser.MAX_RADER:
        raise Olasbar("KR138", blad=namn, celler=_bortom(adresser, rad=granser.MAX_RADER), grans=f"rad {formatera(granser.MAX_RADER, 0)}")
    if rader * kolumner > granser.MAX_CELLER:
        if bortom := _bortom(adresser, kolumn=granser.MAX_KOLUMNER):
            raise Olasbar("KR138", blad=namn, celler=bortom, grans=f"kolumn {formatera(granser.MAX_KOLUMNER, 0)}")
        raise for_manga_celler()
    return rader, kolumner


def for_manga_celler() -> Olasbar:
    return Olasbar("KR106", grans=f"{granser.MAX_CELLER // 1_000_000} miljoner celler")


def _bortom(adresser: list[str], *, rad: int = 10**9, kolumn: int = 10**9) -> tuple[str, ...]:
    lagen = ((a, cellage(a)) for a in adresser)
    bortom = (a for a, (r, k) in lagen if r >= rad or k >= kolumn)
    return tuple(a for a, _ in zip(bortom, range(_MEST_I_MENINGEN), strict=False))


def _varde(cell: Any) -> str:
    return cell.findtext("{*}v") or ""


def _kolumner(element: list[Any]) -> Iterator[Omrade]:
    for e in element[: granser.MAX_SAMMANFOGADE]:
        yield Omrade(0, int(e.get("min")) - 1, 2**31, int(e.get("max")) - 1)


def _sammanfogade(omraden: list[str]) -> tuple[Omrade, ...]:
    if len(omraden) > granser.MAX_SAMMANFOGADE:
        raise Olasbar("KR106", grans=f"{formatera(granser.MAX_SAMMANFOGADE, 0)} sammanfogade områden på ett blad")
    return tuple(o for o in map(omrade, omraden) if (o.rad, o.kolumn) != (o.sista_rad, o.sista_kolumn))


def _lankade(celler: list[Any]) -> Iterator[str]:
    delade: set[str] = set()
    for cell in celler:
        formel = cell.find("{*}f")
        if _LANK.search(formel.text or ""):
            delade.add(formel.get("si", "-"))
            yield cell.get("r")
        elif not formel.text and formel.get("si") in delade:
            yield cell.get("r")
