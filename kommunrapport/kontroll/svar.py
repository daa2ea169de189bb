"""Svar på anmärkningar: förklaringar i boken stänger varningar, och beslutade undantag stänger även fel.

En besvarad anmärkning blir en upplysning som bär sitt svar. Ett svar som inget har att svara på blir själv en anmärkning.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pandas as pd

from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats, Svar
from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import nyckel
from kommunrapport.mall.katalog import Katalog

BLAD = "forklaringar"
UTAN_VARNING, UTGANGET, OBEHOVLIGT = "KR703", "KR701", "KR702"


class Undantag(Protocol):
    """Ett beslutat undantag."""

    @property
    def kod(self) -> str: ...
    @property
    def enhet(self) -> str: ...
    @property
    def fran(self) -> Period: ...
    @property
    def till(self) -> Period: ...
    @property
    def motiv(self) -> str: ...
    @property
    def beslut(self) -> str: ...
    @property
    def datum(self) -> str: ...
    @property
    def kalla(self) -> Kalla: ...
    def ar_for(self, kod: str, enhet: str, rad: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Forklaring:
    """En rad på bladet Förklaringar: vilken varning, var den står och varför den är i sin ordning."""

    enhet: str
    kod: str
    var: str
    text: str
    plats: Plats

    def ar_for(self, a: Anmarkning) -> bool:
        if a.kod != self.kod or a.enhet != self.enhet:
            return False
        platser = {nyckel(f"{a.plats.blad}!{cell}") for cell in a.plats.celler} | {nyckel(a.plats.rad), nyckel(a.plats.blad)}
        return not self.var or nyckel(self.var.replace("$", "").replace("'", "")) in platser


def forklaringar(fakta: pd.DataFrame) -> list[Forklaring]:
    """Böckernas förklaringar. En rad utan förklaring är inte ett svar."""
    rader: dict[tuple[str, str], dict[str, str]] = {}
    platser: dict[tuple[str, str], Plats] = {}
    ifyllda: Any = fakta[(fakta["tabell"] == BLAD) & (fakta["tillstand"] == VARDE)].itertuples(index=False)
    for f in ifyllda:
        rader.setdefault((f.enhet, f.rad), {})[f.kolumn] = f.text.strip()
        platser.setdefault((f.enhet, f.rad), Plats(f.fil, f.blad, (f.cell,)))
    return [
        Forklaring(nyckel_[0], rad.get("kod", "").upper(), rad.get("var", ""), rad["forklaring"], platser[nyckel_])
        for nyckel_, rad in rader.items()
        if rad.get("forklaring")
    ]


def besvara(
    funna: Iterable[Anmarkning], lamnade: Sequence[Forklaring], undantag: Sequence[Undantag], katalog: Katalog, period: Period, *, hel: bool
) -> list[Anmarkning]:
    """Anmärkningarna med sina svar, och anmärkningar om svar som inte behövs, inte räcker eller har gått ut."""
    anmarkningar, anvanda = [], set[int]()
    galler = [u for u in undantag if u.fran <= period <= u.till]
    for a in funna:
        u = next((u for u in galler if u.ar_for(a.kod, a.enhet, a.plats.rad)), None)
        f = next((f for f in lamnade if f.ar_for(a)), None)
        if u is not None and Allvar.UPPLYSNING < katalog.allvar(a) < Allvar.STOPP:
            anvanda.add(id(u))
            anmarkningar.append(
                replace(a, allvar=Allvar.UPPLYSNING, svar=Svar("undantag", f"{u.motiv.rstrip('.')} ({u.beslut}, {u.datum})", u.kalla))
            )
        elif f is not None and katalog.allvar(a) == Allvar.VARNING:
            anvanda.add(id(f))
            kalla = Kalla(f.plats.fil, f.plats.blad, f.plats.celler[0])
            anmarkningar.append(replace(a, allvar=Allvar.UPPLYSNING, svar=Svar("förklaring", f.text, kalla)))
        else:
            anmarkningar.append(a)
    anmarkningar += [_utan_varning(f, anmarkningar) for f in lamnade if id(f) not in anvanda]
    anmarkningar += _om_undantagen(undantag, anvanda, anmarkningar, period, hel=hel)
    return anmarkningar


def _utan_varning(f: Forklaring, anmarkningar: Sequence[Anmarkning]) -> Anmarkning:
    samma = [a for a in anmarkningar if a.kod == f.kod and a.enhet == f.enhet]
    if not f.kod:
        orsak = "Varningens kod saknas."
    elif any(f.ar_for(a) for a in samma):
        orsak = "Anmärkningen är ett fel och ska rättas."
    elif samma:
        orsak = "Varningen står på ett annat ställe i boken."
    else:
        orsak = "Boken har ingen sådan varning."
    return Anmarkning(UTAN_VARNING, f.enhet, f.plats, f.kod, fakta={"orsak": orsak})


def _om_undantagen(
    undantag: Sequence[Undantag], anvanda: set[int], anmarkningar: Sequence[Anmarkning], period: Period, *, hel: bool
) -> Iterator[Anmarkning]:
    for u in undantag:
        ord_ = {"kod": u.kod, "motiv": u.motiv, "till": str(u.till)}
        plats = Plats(u.kalla.fil, celler=(u.kalla.cell,))
        behovs = any(u.ar_for(a.kod, a.enhet, a.plats.rad) and a.svar is None for a in anmarkningar)
        if u.till < period and (hel or behovs):
            yield Anmarkning(UTGANGET, u.enhet, plats, fakta=ord_, allvar=None if behovs else Allvar.UPPLYSNING)
        elif hel and u.fran <= period <= u.till and id(u) not in anvanda:
            yield Anmarkning(OBEHOVLIGT, u.enhet, plats, fakta=ord_)
