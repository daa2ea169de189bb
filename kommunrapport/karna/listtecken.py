"""Listor som är skrivna för hand: rader som börjar med ett punkttecken eller ett nummer."""

import re

_PUNKT = re.compile(r"\s*([-•·▪●○*])\s+(?=\S*[^\W\d_])")
_NUMMER = re.compile(r"\s*([–—]|\d{1,2}[.)]|[a-z]\))\s+\S*[^\W\d_]")


def punkttecken(rad: str) -> str:
    """Tecknet som raden börjar med när det säkert är en punktlista, annars tomt. ``- 5 tkr`` är ett tal, ingen lista."""
    traff = _PUNKT.match(rad)
    return traff[1] if traff else ""


def utan_punkttecken(rad: str) -> str:
    return _PUNKT.sub("", rad, count=1)


def mojligt_nummer(rad: str) -> str:
    """Numret eller tankstrecket som raden börjar med, eller tomt. Ensamt kan det vara en paragraf eller en replik."""
    traff = _NUMMER.match(rad)
    return traff[1] if traff else ""


def utan_listtecken(rad: str) -> str:
    """Raden utan punkttecken eller nummer i början."""
    egen = utan_punkttecken(rad) if punkttecken(rad) else rad
    return egen.strip().removeprefix(mojligt_nummer(rad)).strip()
