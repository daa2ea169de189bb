"""Celladresser: lägen räknas från noll, adresser skrivs som i Excel."""

import re
from typing import NamedTuple

_ADRESS = re.compile(r"\$?([A-Za-z]{1,7})\$?(\d{1,9})")


class Omrade(NamedTuple):
    """Ett område av celler; första och sista rad och kolumn hör till."""

    rad: int
    kolumn: int
    sista_rad: int
    sista_kolumn: int

    def har(self, rad: int, kolumn: int) -> bool:
        return self.rad <= rad <= self.sista_rad and self.kolumn <= kolumn <= self.sista_kolumn


def celladress(rad: int, kolumn: int) -> str:
    """Adressen till cellen med nollbaserad rad och kolumn: ``celladress(4, 2)`` är C5."""
    bokstaver = ""
    kolumn += 1
    while kolumn:
        kolumn, rest = divmod(kolumn - 1, 26)
        bokstaver = chr(65 + rest) + bokstaver
    return f"{bokstaver}{rad + 1}"


def _kolumnlage(bokstaver: str) -> int:
    nummer = 0
    for bokstav in bokstaver.upper():
        nummer = nummer * 26 + ord(bokstav) - 64
    return nummer - 1


def cellage(adress: str) -> tuple[int, int]:
    """Rad och kolumn: ``cellage("C5")`` är (4, 2). Fel: ValueError om det inte är en adress."""
    traff = _ADRESS.fullmatch(adress)
    if traff is None or not int(traff[2]):
        raise ValueError(adress)
    return int(traff[2]) - 1, _kolumnlage(traff[1])


def omrade(text: str) -> Omrade:
    """``omrade("B2:C3")``. Fel: ValueError."""
    forsta, _, sista = text.partition(":")
    rader, kolumner = zip(cellage(forsta), cellage(sista or forsta), strict=True)
    return Omrade(min(rader), min(kolumner), max(rader), max(kolumner))
