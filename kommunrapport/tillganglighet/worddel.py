"""Stycken och tabeller i en del av ett Worddokument, med den plats de nämns vid."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kommunrapport.tillganglighet.wordstil import VAL, W, pa

_STRUKET = (f"{W}del", f"{W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
"""Struken text, och äldre programs version av det som redan finns i ny form."""
_TEXTRUTA = f"{W}txbxContent"
_LANGST = 40
_LOOK = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100, "noHBand": 0x200, "noVBand": 0x400}
"""Bitarna i tblLook, som äldre program skriver i stället för namngivna märken."""


def kort(text: str) -> str:
    """Textens början inom citattecken."""
    text = " ".join(text.split())
    return f"”{text}”" if len(text) <= _LANGST else f"”{text[:_LANGST].rstrip()} …”"


def inre(element: Any) -> Iterator[Any]:
    """Allt inne i elementet utom det som står i en textruta, i läsordning."""
    for barn in element:
        if barn.tag != _TEXTRUTA:
            yield barn
            yield from inre(barn)


def text_i(element: Any) -> str:
    """Texten, med radbrytningar."""
    tecken = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
    return "".join(e.text or "" if e.tag == f"{W}t" else tecken.get(e.tag, "") for e in inre(element))


@dataclass(frozen=True, eq=False)
class Tabell:
    """En tabell; ``namn`` är dess plats: ``tabell 4 ”Driftredovisning”``."""

    element: Any
    namn: str

    @cached_property
    def rader(self) -> list[Any]:
        return [r for r in self.element.iter(f"{W}tr") if _narmast(r, f"{W}tbl") is self.element]

    def celler(self, rad: Any) -> list[Any]:
        return [c for c in rad.iter(f"{W}tc") if _narmast(c, f"{W}tr") is rad]

    @cached_property
    def radnummer(self) -> Mapping[Any, int]:
        return {rad: nr for nr, rad in enumerate(self.rader)}

    @cached_property
    def format(self) -> str:
        stil = self.element.find(f"{W}tblPr/{W}tblStyle")
        return "" if stil is None else str(stil.get(VAL, ""))

    def visar(self, del_: str) -> bool:
        """Om tabellen är märkt så att formatet för delen används: ``firstRow``, ``firstColumn``, ``noHBand`` …"""
        val = self.element.find(f"{W}tblPr/{W}tblLook")
        if val is None:
            return False
        if val.get(f"{W}{del_}") is not None:
            return val.get(f"{W}{del_}") in ("1", "true", "on")
        bitar = val.get(VAL, "")
        return bool(int(bitar, 16) & _LOOK[del_]) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", bitar) else False

    def ar_rubrikrad(self, rad: Any) -> bool:
        """Om raden upprepas som rubrikrad."""
        return pa(rad.find(f"{W}trPr/{W}tblHeader"))


@dataclass(frozen=True, eq=False)
class Stycke:
    """Ett stycke; ``plats`` är ``stycke 12 ”Texten börjar …”``."""

    element: Any
    plats: str
    tabell: Tabell | None = None
    cell: Any = None

    @property
    def ruta(self) -> str:
        """Platsen, men bara tabellen för ett stycke i en tabell: det som gäller ett format gäller oftast många celler."""
        return self.tabell.namn if self.tabell else self.plats

    @cached_property
    def text(self) -> str:
        return text_i(self.element)

    @cached_property
    def stil(self) -> str:
        stil = self.element.find(f"{W}pPr/{W}pStyle")
        return "" if stil is None else str(stil.get(VAL, ""))


@dataclass(frozen=True, eq=False)
class Worddel:
    """Brödtexten, ett sidhuvud, en sidfot eller noterna."""

    namn: str
    """Tomt för brödtexten."""
    rot: Any
    tabeller: list[Tabell] = field(default_factory=list)
    stycken: list[Stycke] = field(default_factory=list)

    @cached_property
    def plats_for(self) -> Mapping[Any, str]:
        return {s.element: s.plats for s in self.stycken}

    def plats(self, element: Any) -> str:
        """Platsen för stycket som elementet står i."""
        while element is not None and element not in self.plats_for:
            element = element.getparent()
        return self.plats_for.get(element, self.namn)


def las_del(namn: str, rot: Any) -> Worddel:
    """Delens tabeller och stycken, numrerade i läsordning."""
    for element in list(rot.iter(*_STRUKET)):
        element.getparent().remove(element)
    fore = f"{namn}: " if namn else ""
    tabeller = {t: Tabell(t, f"{fore}tabell {nr} {kort(_tabellnamn(t))}") for nr, t in enumerate(rot.iter(f"{W}tbl"), 1)}
    stycken, nummer = [], 0
    for element in rot.iter(f"{W}p"):
        cell = _narmast(element, f"{W}tc")
        if cell is None:
            nummer += 1
            stycken.append(Stycke(element, f"{fore}stycke {nummer} {kort(text_i(element))}"))
        else:
            tabell = tabeller[_narmast(cell, f"{W}tbl")]
            rad = tabell.radnummer[_narmast(cell, f"{W}tr")] + 1
            stycken.append(Stycke(element, f"{tabell.namn} rad {rad}", tabell, cell))
    return Worddel(namn, rot, list(tabeller.values()), stycken)


def _tabellnamn(tabell: Any) -> str:
    titel = tabell.find(f"{W}tblPr/{W}tblCaption")
    if titel is not None and titel.get(VAL):
        return str(titel.get(VAL))
    return next((t for p in tabell.iter(f"{W}p") if (t := text_i(p).strip())), "")


def _narmast(element: Any, tagg: str) -> Any:
    """Närmaste omgivande element med taggen, eller None."""
    return next(element.iterancestors(tagg), None)
