"""SIE-filens saldon som fakta: ett per konto, på den rad som kontokartan anger och med raden i filen som källa.

Resultatkonton vänds, så att intäkt är plus och kostnad minus. Tillgångar är plus vid debet, och eget kapital,
avsättningar och skulder plus vid kredit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from kommunrapport.inlasning.sie.kontroller import kontrollera, kronor
from kommunrapport.inlasning.sie.periodsaldo import Kontosaldo, Periodsaldon, Saldon, periodens_saldon
from kommunrapport.inlasning.sie.siefil import Siefil, ar_balanskonto
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.fakta import VARDE, Faktum
from kommunrapport.karna.period import Period
from kommunrapport.mall.kontokarta import ARETS_RESULTAT, SKULD, TILLGANG, Kontokarta, Kontorad

UTFALL, UTFALL_FG, NU, FG = "utfall", "utfall_fg", "nu", "fg"
_OBOKAT = "resultatkontona"
"""Källan för årets resultat när det ännu inte är bokat i eget kapital."""


class Omappat(NamedTuple):
    """Ett konto som kontokartan saknar, med belopp i öre (debet plus) och raden i filen."""

    konto: str
    namn: str
    ore: int
    cell: str


@dataclass(frozen=True, slots=True)
class Siefakta:
    """Fakta för en enhet och period, hur saldona är tagna och det som inte kom med."""

    fakta: tuple[Faktum, ...]
    saldon: Periodsaldon
    omappade: tuple[Omappat, ...]
    anmarkningar: tuple[Anmarkning, ...]


@dataclass(frozen=True, slots=True)
class _Lasning:
    sie: Siefil
    karta: Kontokarta
    enhet: str


def siefakta(sie: Siefil, karta: Kontokarta, enhet: str, period: Period) -> Siefakta:
    """Periodens fakta ur filen, med filens, saldonas och kontrollernas anmärkningar. Inga fakta när saldona inte går att få."""
    lasning, saldon = _Lasning(sie, karta, enhet), periodens_saldon(sie, period)
    omappade = tuple(_omappade(lasning, saldon))
    anmarkningar = [*sie.anmarkningar, *saldon.anmarkningar, *kontrollera(sie, saldon), *(_anmark(sie, karta, enhet, o) for o in omappade)]
    return Siefakta(
        fakta=tuple(_alla(lasning, saldon)) if saldon.satt else (),
        saldon=saldon,
        omappade=omappade,
        anmarkningar=tuple(replace(a, enhet=enhet) for a in anmarkningar),
    )


def _alla(lasning: _Lasning, saldon: Periodsaldon) -> Iterator[Faktum]:
    bokat = _resultatet_ar_bokat(lasning.karta, saldon.vid_slut)
    yield from _kolumn(lasning, saldon.vid_slut, (UTFALL, NU), resultat_bokat=bokat)
    yield from _kolumn(lasning, saldon.samma_tid_fg, (UTFALL_FG, ""), resultat_bokat=True)
    yield from _kolumn(lasning, saldon.ingaende, ("", FG), resultat_bokat=True)
    yield from _forandringar(lasning, saldon)
    obokat = -sum(saldo.ore for konto, saldo in saldon.vid_slut.items() if _paverkar_resultatet(lasning.karta, konto))
    if not bokat or (obokat and _bokslut(lasning.karta, saldon.vid_slut)):
        rad, namn = lasning.karta.resultatrad, "Årets resultat enligt resultatkontona"
        yield _faktum(lasning, rad, NU, namn, obokat, Kontosaldo(-obokat, _OBOKAT))


def _kolumn(lasning: _Lasning, saldon: Saldon, kolumner: tuple[str, str], *, resultat_bokat: bool) -> Iterator[Faktum]:
    """Kontonas fakta. ``kolumner`` är resultatkontonas och balanskontonas kolumn; tom för dem som inte ska med."""
    for konto, saldo in saldon.items():
        balans = ar_balanskonto(konto)
        rad, kolumn = _rad(lasning.karta, konto, resultat_bokat=resultat_bokat), kolumner[balans]
        if kolumn and rad and rad.tabell:
            vand = not balans or _kredit_ar_plus(konto, rad)
            namn = f"{konto} {lasning.sie.konton.get(konto, '')}".strip()
            yield _faktum(lasning, rad, kolumn, namn, -saldo.ore if vand else saldo.ore, saldo)


def _forandringar(lasning: _Lasning, saldon: Periodsaldon) -> Iterator[Faktum]:
    """Förändringen sedan årets början, för konton vars förändring också redovisas."""
    ingen = Kontosaldo(0, "")
    for konto in dict.fromkeys((*saldon.ingaende, *saldon.vid_slut)) if saldon.ingaende else ():
        rad = lasning.karta.rad(konto)
        if rad and rad.forandring:
            fore, efter = saldon.ingaende.get(konto, ingen), saldon.vid_slut.get(konto, ingen)
            saldo = Kontosaldo(efter.ore - fore.ore, " och ".join(dict.fromkeys(s.cell for s in (fore, efter) if s.cell)))
            namn = f"{konto} {lasning.sie.konton.get(konto, '')}".strip()
            ore = -saldo.ore if _kredit_ar_plus(konto, rad) else saldo.ore
            yield _faktum(lasning, rad._replace(rad=rad.forandring), NU, f"{namn}, förändring", ore, saldo)


def _faktum(lasning: _Lasning, rad: Kontorad, kolumn: str, namn: str, ore: int, saldo: Kontosaldo) -> Faktum:
    return Faktum(
        enhet=lasning.enhet,
        tabell=rad.tabell,
        rad=rad.rad,
        kolumn=kolumn,
        slag="belopp",
        varde=ore,
        text="",
        tillstand=VARDE,
        fil=lasning.sie.fil,
        blad="",
        cell=saldo.cell,
        radnamn=namn,
        art="",
        kategori="",
        harledd=False,
        steg=1,
        lagrat=f"{kronor(abs(saldo.ore))} {'kredit' if saldo.ore < 0 else 'debet'}" if saldo.ore else kronor(0),
    )


def _rad(karta: Kontokarta, konto: str, *, resultat_bokat: bool) -> Kontorad | None:
    """Kontots rad. Är årets resultat inte bokat är kontots saldo ett tidigare års resultat, som hör till det övriga egna kapitalet."""
    rad = karta.rad(konto)
    if rad and rad.ar_resultatkonto and not resultat_bokat:
        return karta.rad_utan_resultat(konto)
    return rad


def _kredit_ar_plus(konto: str, rad: Kontorad) -> bool:
    return (rad.sida or (TILLGANG if konto.startswith("1") else SKULD)) == SKULD


def _resultatet_ar_bokat(karta: Kontokarta, saldon: Saldon) -> bool:
    """Om årets resultat redan står i eget kapital: bokslutskontot är använt, eller balanskontona går jämnt upp utan resultatet."""
    if _bokslut(karta, saldon):
        return True
    resultat = sum(saldo.ore for konto, saldo in saldon.items() if _paverkar_resultatet(karta, konto))
    balans = sum(saldo.ore for konto, saldo in saldon.items() if ar_balanskonto(konto))
    bokat = sum(saldo.ore for konto, saldo in saldon.items() if (r := karta.rad(konto)) and r.ar_resultatkonto)
    return bool(resultat) and (not balans or bokat == resultat)


def _bokslut(karta: Kontokarta, saldon: Saldon) -> int:
    return sum(saldo.ore for konto, saldo in saldon.items() if (r := karta.rad(konto)) and not r.tabell and r.rad == ARETS_RESULTAT)


def _paverkar_resultatet(karta: Kontokarta, konto: str) -> bool:
    """Resultatkonton och bokslutskontot, men inte konton som kartan lämnar utanför."""
    rad = karta.rad(konto)
    return not ar_balanskonto(konto) and (rad is None or bool(rad.rad))


def _omappade(lasning: _Lasning, saldon: Periodsaldon) -> Iterator[Omappat]:
    for konto in dict.fromkeys((*saldon.vid_slut, *saldon.ingaende, *saldon.samma_tid_fg)):
        funna = [s for s in (saldon.vid_slut.get(konto), saldon.ingaende.get(konto), saldon.samma_tid_fg.get(konto)) if s and s.ore]
        if funna and lasning.karta.rad(konto) is None:
            yield Omappat(konto, lasning.sie.konton.get(konto, ""), funna[0].ore, funna[0].cell)


def _anmark(sie: Siefil, karta: Kontokarta, enhet: str, omappat: Omappat) -> Anmarkning:
    plats = Plats(sie.fil, celler=(omappat.cell,), rad=f"{omappat.konto} {omappat.namn}".strip())
    ord_ = {"rad": plats.rad, "egen": f"mallar/kontokarta/{enhet}.csv"}
    return Anmarkning("KR159", plats=plats, lamnat=kronor(omappat.ore), vantat=karta.fil, fakta=ord_)
