"""Bladet Källor i Excelbilagan: varje läst värde bakom en siffra, och vägen dit."""

import re
from collections.abc import Container, Iterator
from decimal import Decimal
from typing import TypeAlias

from kommunrapport.berakning.antal import ar_raknad
from kommunrapport.berakning.rakna import Faktarad, Rakning
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.plan import Adress, Hamta
from kommunrapport.rapport.modell import Cell, Rapport

KALLRUBRIKER = ("Tabell", "Rad", "Kolumn", "Visas som", "Lämnad av", "Uppgift", "Står i cellen", "Läst värde", "Enhet", "Fil", "Blad", "Cell", "Text")
FILKOLUMN = KALLRUBRIKER.index("Fil")
_CELL = re.compile(r"[A-Z]{1,3}\d+")
Falt: TypeAlias = tuple[str | Decimal, ...]


class Kallor:
    """Hur många rader det blir, vilken som är den första för en viss cell i rapporten, och raderna, som görs när de läses."""

    def __init__(self, rapport: Rapport, rakning: Rakning, visade: Container[Adress]) -> None:
        self._rapport, self._rakning, self._visade = rapport, rakning, visade
        self._dold = f"Visas inte: gruppen har högst {rapport.sekretess_antal} anställda."
        self._forsta: dict[int, int] = {}
        self.antal = 0
        for tabell in rapport.alla_tabeller:
            for rad in tabell.rader:
                for cell in rad.celler:
                    if antal := self._antal_bakom(cell):
                        self._forsta.setdefault(id(cell), self.antal)
                        self.antal += antal

    def forsta(self, cell: Cell) -> int | None:
        """Radens nummer från noll; None när cellen inte har egna källor."""
        return self._forsta.get(id(cell))

    def rader(self) -> Iterator[tuple[Falt, str]]:
        """Varje rads fält, och källans plats räknad från arbetskatalogen; tom när den inte visas."""
        for tabell in self._rapport.alla_tabeller:
            for rad in tabell.rader:
                for cell, kolumn in zip(rad.celler, tabell.kolumner, strict=True):
                    for falt, lank in self._bakom(cell):
                        yield (tabell.titel, rad.namn, kolumn.rubrik, cell.text, *falt), lank

    def _antal_bakom(self, cell: Cell) -> int:
        if cell.kalla or cell.delar:
            return len(cell.delar) if not cell.kalla else 1
        return sum(1 for _ in self._fakta_bakom(cell.adress)) if cell.adress and self._rakning.har(cell.adress) else 0

    def _bakom(self, cell: Cell) -> Iterator[tuple[Falt, str]]:
        if cell.kalla:
            yield ("", "", cell.lagrat or cell.text, "", "", *cell.kalla, ""), _lank(*cell.kalla)
        elif cell.delar:
            for d in cell.delar:
                yield ("", d.namn, d.text, "", "", *d.kalla, cell.steg), _lank(*d.kalla)
        elif cell.adress and self._rakning.har(cell.adress):
            for tecken, f in self._fakta_bakom(cell.adress):
                if (f.enhet, f.rad) in self._rapport.dolda.get(cell.adress.tabell, ()):
                    yield (*[""] * 8, self._dold), ""
                    continue
                enhet, namn = "kr" if f.slag == "belopp" else "", self._rakning.enhetsnamn.get(f.enhet, f.enhet)
                varde = "" if ar_raknad(f.kolumn) else Decimal(f.varde) / HUNDRADELAR * tecken
                yield (namn, f.radnamn, f.lagrat, varde, enhet, *f.kalla, f.text), _lank(*f.kalla)

    def _fakta_bakom(self, adress: Adress) -> Iterator[tuple[int, Faktarad]]:
        """Fakta som siffran hämtar, direkt eller genom delar som inte själva visas i bilagan. En visad del har sin egen rad."""
        steg = self._rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Hamta):
            tecken = -1 if self._rakning.planer[adress.tabell].kolumn(adress.kolumn).vand else 1
            yield from ((tecken, f) for _, f in self._rakning.fakta_i(steg))
            return
        for del_ in steg.delar:
            if del_ not in self._visade:
                yield from self._fakta_bakom(del_)


def _lank(fil: str, blad: str, cell: str) -> str:
    """Filen, och cellen när den är en cell i en bok."""
    if not fil:
        return ""
    bladet = blad.replace("'", "''")
    return f"{fil}#'{bladet}'!{cell}" if blad and _CELL.fullmatch(cell) else fil
