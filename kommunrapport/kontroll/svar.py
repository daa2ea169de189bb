"""Svar på anmärkningar: förklaringar i boken stänger varningar, och beslutade undantag stänger även fel.

En besvarad anmärkning blir en upplysning som bär sitt svar. Ett svar som inget har att svara på blir själv en anmärkning.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from typing import Any, Protocol, TypeAlias

import pandas as pd

from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats, Svar
from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import nyckel, rakna_upp
from kommunrapport.mall.katalog import Katalog

BLAD = "forklaringar"
_CELLER = re.compile(r"(?<![A-ZÅÄÖ])([A-Z]{1,3})(\d{1,5})(?:\s*[:–-]\s*([A-Z]{1,3})(\d{1,5}))?(?![A-ZÅÄÖ0-9])", re.IGNORECASE)
_MEST = 500
"""Så många celler läses i ett spann."""
Radnycklar: TypeAlias = Callable[[Anmarkning], Container[str]]
"""Radens namn och de id som styrningen har för den, i jämförbar form."""
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
    def ar_for(self, kod: str, enhet: str, rader: Container[str]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Forklaring:
    """En rad på bladet Förklaringar: vilken varning, var den står och varför den är i sin ordning."""

    enhet: str
    kod: str
    var: str
    text: str
    plats: Plats

    def ar_for(self, a: Anmarkning) -> bool:
        """Om förklaringen gäller anmärkningen: samma kod, och platsen är tom, cellen, raden eller bladet."""
        if a.kod != self.kod or a.enhet != self.enhet:
            return False
        celler, namn = _dela_plats(self.var)
        stammer = not namn or namn in {nyckel(a.plats.blad), nyckel(a.plats.rad)}
        return stammer and (not celler or bool(celler & set(a.plats.celler)))


def _dela_plats(var: str) -> tuple[frozenset[str], str]:
    """Cellerna och namnet i det som är skrivet: ``Kostnadsslag!D6``, ``Kostnadsslag D6:E9``, ``D6, D8`` eller bara ett namn."""
    text = var.replace("$", "").replace("'", "").upper()
    celler = {c for traff in _CELLER.finditer(text) for c in _spann((traff[1], int(traff[2])), (traff[3] or traff[1], int(traff[4] or traff[2])))}
    namn = _CELLER.sub(" ", var.replace("$", "").replace("'", "")) if celler else var
    return frozenset(celler), nyckel(namn.replace("!", " ")).strip(" ,;:–-")


def _spann(fran: tuple[str, int], till: tuple[str, int]) -> Iterator[str]:
    """Cellerna i spannet, lodrätt, vågrätt eller som ruta, åt vilket håll det än är skrivet."""
    kolumner, rader = sorted((_nummer(fran[0]), _nummer(till[0]))), sorted((fran[1], till[1]))
    rutan = ((k, r) for k in range(kolumner[0], kolumner[1] + 1) for r in range(rader[0], rader[1] + 1))
    return (f"{_bokstaver(k)}{r}" for k, r in islice(rutan, _MEST))


def _nummer(kolumn: str) -> int:
    """Kolumnens nummer: A är 1 och AA är 27."""
    return reduce(lambda nr, bokstav: nr * 26 + ord(bokstav) - ord("A") + 1, kolumn, 0)


def _bokstaver(nummer: int) -> str:
    hela, rest = divmod(nummer - 1, 26)
    return (_bokstaver(hela) if hela else "") + chr(ord("A") + rest)


def forklaringar(fakta: pd.DataFrame) -> list[Forklaring]:
    """Böckernas förklaringar. En rad utan förklaring är inte ett svar."""
    rader: dict[tuple[str, str], dict[str, str]] = {}
    platser: dict[tuple[str, str], Plats] = {}
    ifyllda: Any = fakta[(fakta["tabell"] == BLAD) & (fakta["tillstand"] == VARDE)].itertuples(index=False)
    for f in ifyllda:
        rader.setdefault((f.enhet, f.rad), {})[f.kolumn] = f.text.strip()
        platser.setdefault((f.enhet, f.rad), Plats(f.fil, f.blad, (f.cell,)))
    return [
        Forklaring(nyckel_[0], _koden(rad.get("kod", "")), rad.get("var", ""), rad["forklaring"], platser[nyckel_])
        for nyckel_, rad in rader.items()
        if rad.get("forklaring")
    ]


def _koden(text: str) -> str:
    """Koden så som katalogen skriver den: ``kr 404`` och ``404`` är KR404."""
    kod = re.sub(r"\s", "", text).upper()
    return f"KR{kod}" if re.fullmatch(r"\d{3}", kod) else kod


def besvara(
    funna: Sequence[Anmarkning],
    lamnade: Sequence[Forklaring],
    undantag: Sequence[Undantag],
    katalog: Katalog,
    period: Period,
    rader_for: Radnycklar,
    *,
    hel: bool,
) -> list[Anmarkning]:
    """Anmärkningarna med sina svar, och anmärkningar om svar som inte behövs, inte räcker eller har gått ut.

    ``rader_for`` ger radens namn och id, så att ett undantag kan nämna raden med endera.
    """
    anmarkningar, anvanda = [], set[int]()
    platser = Counter((a.enhet, a.kod) for a in katalog.slagna(funna))
    galler = [u for u in undantag if u.fran <= period <= u.till]
    for a in funna:
        u = next((u for u in galler if u.ar_for(a.kod, a.enhet, rader_for(a))), None)
        f = next((f for f in lamnade if f.ar_for(a) and (f.var or platser[a.enhet, a.kod] == 1)), None)
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
    anmarkningar += _om_undantagen(undantag, anvanda, anmarkningar, period, rader_for, hel=hel)
    return anmarkningar


def _utan_varning(f: Forklaring, anmarkningar: Sequence[Anmarkning]) -> Anmarkning:
    samma = [a for a in anmarkningar if a.kod == f.kod and a.enhet == f.enhet]
    if not f.kod:
        orsak = "Varningens kod saknas."
    elif samma and not f.var:
        orsak = f"{f.kod} finns på flera ställen. Skriv vilket, till exempel {_platsen(samma[0])}."
    elif any(f.ar_for(a) and a.svar for a in samma):
        orsak = f"{f.kod} är redan besvarad."
    elif any(f.ar_for(a) for a in samma):
        orsak = f"Anmärkningen {f.kod} är ett fel och ska rättas."
    elif samma:
        orsak = f"{f.kod} står inte vid ”{f.var}”, utan vid {rakna_upp([_platsen(a) for a in samma[:3]])}."
    else:
        orsak = f"Boken har ingen varning {f.kod}."
    allvar = Allvar.VARNING if samma or not f.kod else None
    return Anmarkning(UTAN_VARNING, f.enhet, f.plats, f.kod, fakta={"orsak": orsak}, allvar=allvar)


def _platsen(a: Anmarkning) -> str:
    return f"{a.plats.blad}!{a.plats.celler[0]}" if a.plats.celler else a.plats.blad or a.plats.fil


def _om_undantagen(
    undantag: Sequence[Undantag], anvanda: set[int], anmarkningar: Sequence[Anmarkning], period: Period, rader_for: Radnycklar, *, hel: bool
) -> Iterator[Anmarkning]:
    for u in undantag:
        ord_ = {"kod": u.kod, "motiv": u.motiv, "till": str(u.till)}
        plats = Plats(u.kalla.fil, celler=(u.kalla.cell,))
        behovs = any(u.ar_for(a.kod, a.enhet, rader_for(a)) and a.svar is None for a in anmarkningar)
        if u.till < period and (hel or behovs):
            yield Anmarkning(UTGANGET, u.enhet, plats, fakta=ord_, allvar=None if behovs else Allvar.UPPLYSNING)
        elif hel and u.fran <= period <= u.till and id(u) not in anvanda:
            yield Anmarkning(OBEHOVLIGT, u.enhet, plats, fakta=ord_)
