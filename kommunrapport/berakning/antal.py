"""Antal: bladens val och texter blir tal som går att summera, med samma källa som cellen de räknas ur."""

from collections.abc import Iterator, Sequence

import pandas as pd

from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.mall.rapportmall import Rapportmall


def raknekolumn(kolumn: str, varden: Sequence[str]) -> str:
    """Faktakolumnen med antalet: ``lage=Genomförd``, eller ``lage=*`` för alla rader."""
    return f"{kolumn}={'|'.join(varden) or '*'}"


def ar_raknad(kolumn: str) -> bool:
    """Om faktakolumnen är ett antal som är räknat av svar, och inte ett läst tal."""
    return "=" in kolumn


def antalsfakta(mall: Rapportmall, lasta: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Ett faktum per cell som rapportens kolumner räknar: ett när cellen har ett av värdena, annars noll.

    En cell som inte gick att läsa saknar tal, så att enhetens antal är ofullständigt.
    """
    raknas = {(rad.hamta, k.antal_av, k.varden) for t in mall.tabell for k in t.kolumn if k.antal_av for rad in t.rad if rad.hamta}
    for blad, kolumn, varden in sorted(raknas):
        celler = lasta[(lasta["tabell"] == blad) & (lasta["kolumn"] == kolumn) & ~lasta["harledd"]]
        traff = celler["text"].isin(list(varden)) if varden else celler["text"].notna()
        otolkat = celler["tillstand"] == fakta.OTOLKAT
        antal = traff.astype("Int64").mul(HUNDRADELAR).mask(otolkat)
        yield celler.assign(kolumn=raknekolumn(kolumn, varden), slag="antal", varde=antal, saknas=otolkat, steg=0)
