"""Faktatabellen: en lång tabell där varje rad är ett läst värde och platsen det lästes på.

Belopp och tal står i ``varde`` som heltal i hundradelar (öre för kronor); text, status och datum
står i ``text``. ``tillstand`` skiljer värde, tomt, streck, ej tillämpligt och otolkat åt.
Tecken: intäkt +, kostnad och utgift −.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, TypeAlias

import pandas as pd

Cellnyckel: TypeAlias = tuple[str, str, str]
"""En cell i en inlämningsbok: blad, rad och kolumn."""

VARDE, TOMT, STRECK, EJ_TILLAMPLIGT, OTOLKAT = "varde", "tomt", "streck", "ej_tillampligt", "otolkat"


BARA_JAMFORS = "sie/"
"""Inleder tabellens namn för bokförda belopp hos en enhet som också har lämnat sin bok: boken räknas, de jämförs med den."""


class Faktum(NamedTuple):
    """En rad i faktatabellen, så som läsaren lämnar den."""

    enhet: str
    tabell: str
    rad: str
    kolumn: str
    slag: str
    varde: int | None
    text: str
    tillstand: str
    fil: str
    blad: str
    cell: str
    radnamn: str
    art: str
    """Radens art i styrningen, till exempel mal, indikator, utgift eller inkomst."""
    kategori: str
    harledd: bool
    """Cellen hör till en summarad eller formelkolumn: den kontrolleras men räknas inte."""
    steg: int
    """Minsta visade steg i hundradelar, för avrundningskontroll."""
    lagrat: str = ""
    """Värdet så som det står i cellen eller filen."""
    saknas: bool = False
    """Cellen ska ha ett tal men har inget läsbart: enhetens uppgift är ofullständig."""


_KATEGORIER = ("enhet", "tabell", "rad", "kolumn", "slag", "tillstand", "fil", "blad", "art", "kategori")


def faktatabell(rader: Iterable[Faktum]) -> pd.DataFrame:
    """Faktatabellen av lästa värden; ``varde`` är Int64 så att tomt inte blir noll."""
    lasta = list(rader)
    if not lasta:
        return _tom().copy()
    # Som object: annars gör pandas flyttal av heltal så fort ett värde saknas, och stora belopp tappar ören.
    return _typad(pd.DataFrame(lasta, columns=list(Faktum._fields), dtype="object"))


@cache
def _tom() -> pd.DataFrame:
    return _typad(pd.DataFrame([], columns=list(Faktum._fields), dtype="object"))


def sla_ihop(tabeller: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Flera faktatabeller efter varandra, i given ordning."""
    delar = [t for t in tabeller if len(t)]
    if not delar:
        return faktatabell(())
    return _typad(pd.concat([d.astype(dict.fromkeys(_KATEGORIER, "object")) for d in delar], ignore_index=True))


def _typad(tabell: pd.DataFrame) -> pd.DataFrame:
    typer: dict[str, str] = dict.fromkeys(_KATEGORIER, "category")
    typer |= {"varde": "Int64", "harledd": "bool", "saknas": "bool", "steg": "int64"}
    return tabell.astype(typer)
