"""Koncernens underlag ur en samling: periodens eget lager och de tidigare periodernas, och planerna för dem."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kommunrapport.berakning.koncern.rakningar import koncernplaner
from kommunrapport.berakning.koncern.underlag import Koncernunderlag, i_lagret
from kommunrapport.karna.fakta import rader_ur
from kommunrapport.karna.plan import Tabellplan
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.koncernenheter import koncernenheter
from kommunrapport.mall.koncernmall import Koncernmall
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_periodmall
from kommunrapport.mall.uppstallning import las_uppstallning
from kommunrapport.samling import Samling

TIDIGARE = ("fg_period", "bokslut_fg")
"""Lagren som koncernens jämförelsetal räknas ur."""
STYRNING = ("forvarv", "elimineringar")


@dataclass(frozen=True)
class Koncern:
    """Koncernens planer, och de tidigare periodernas fakta som de hämtar."""

    planer: Mapping[str, Tabellplan]
    fakta: tuple[pd.DataFrame, ...]


@dataclass(frozen=True)
class _Lager:
    """En periods fakta och beslut så som koncernen ser dem. ``namn`` är tomt för perioden själv."""

    namn: str
    mall: Periodmall
    fakta: pd.DataFrame
    styrfakta: pd.DataFrame
    styrrader: Sequence[Styrrad]


def redovisas(arbete: Arbetskatalog, kommando: str) -> bool:
    """Om rapporten har sammanställda räkenskaper: kommunen har företag att konsolidera och vill ha dem i rapporten."""
    har_foretag = any(e.konsolideras for e in arbete.organisation.med_slag("bolag", "forbund"))
    return har_foretag and kommando in arbete.organisation.koncern.sammanstallda and bool(arbete.organisation.med_slag("finansforvaltning"))


def koncern_av(s: Samling) -> Koncern:
    """Planerna för perioden och för de tidigare perioder som är fullständigt lämnade, med deras fakta."""
    if not redovisas(s.arbete, s.mall.post.kommando):
        return Koncern({}, ())
    lagren = list(_lager(s))
    planer = {id_: plan for lager in lagren for id_, plan in koncernplaner(_underlag(s.arbete, lager)).items()}
    return Koncern(planer, tuple(ram for lager in lagren if lager.namn for ram in _namngivna_fakta(lager)))


def _namngivna_fakta(lager: _Lager) -> Iterator[pd.DataFrame]:
    """Lagrets fakta, med lagrets namn före tabellens."""
    for ram in (lager.fakta, lager.styrfakta[lager.styrfakta["tabell"].isin(STYRNING)]):
        if len(ram):
            yield i_lagret(ram, lager.namn)


def _lager(s: Samling) -> Iterator[_Lager]:
    yield _Lager("", s.mall, s.inlamningar.fakta, s.styrning.fakta, s.styrning.rader)
    for namn in TIDIGARE:
        tidigare = s.tidigare.get(namn)
        if tidigare is not None and len(tidigare.fakta):
            yield _Lager(namn, las_periodmall(s.arbete, tidigare.period), tidigare.fakta, tidigare.styrning.fakta, tidigare.styrning.rader)


def _underlag(arbete: Arbetskatalog, lager: _Lager) -> Koncernunderlag:
    mall, bladen = lager.mall, _bladen(lager.fakta)
    koncern = _med_lagrets_rakningar(arbete, lager, bladen)
    former = {b.id: b.uppstallning for b in mall.blad if b.uppstallning}
    rakningar = tuple(r.id for r in mall.koncern.rakning)
    namn = dict.fromkeys((*rakningar, *former.values()))
    return Koncernunderlag(
        koncern,
        arbete.organisation,
        mall.period,
        {n: las_uppstallning(arbete.mallkalla, n, mall.period, arbete.organisation) for n in namn},
        former,
        lager.styrrader,
        _poster(lager.fakta, koncern),
        frozenset(lager.fakta["enhet"].unique()),
        rakningar,
        bladen,
        lager.namn,
    )


def _med_lagrets_rakningar(arbete: Arbetskatalog, lager: _Lager, lamnade: frozenset[tuple[str, str]]) -> Koncernmall:
    """Mallen med de räkningar som perioden har blad för, i en tidigare period bara dem som alla enheter har lämnat.

    Ett jämförelsetal är hela koncernens eller inget; i periodens egna räkningar lämnas en enhet som saknas utanför och namns.
    """
    i_mallen = {b.id for b in lager.mall.blad}
    enheter = koncernenheter(arbete.organisation, lager.mall.period.slut)
    med_blad = (r for r in lager.mall.koncern.rakning if set(r.blad.values()) & i_mallen)
    rakningar = tuple(r for r in med_blad if not lager.namn or {(e.id, r.blad[e.slag]) for e in enheter} <= lamnade)
    return lager.mall.koncern.model_copy(update={"rakning": rakningar})


def _bladen(facit: pd.DataFrame) -> frozenset[tuple[str, str]]:
    """(enhet, blad) för varje blad där något är ifyllt."""
    ram = facit[facit["varde"].notna() & ~facit["harledd"]]
    return frozenset((enhet, tabell) for enhet, tabell in rader_ur(ram[["enhet", "tabell"]].drop_duplicates(), "enhet", "tabell"))


def _poster(facit: pd.DataFrame, koncern: Koncernmall) -> frozenset[tuple[str, str, str]]:
    ram = facit[facit["tabell"].isin([b.id for b in koncern.motpartsblad]) & facit["varde"].notna() & ~facit["harledd"]]
    return frozenset((enhet, tabell, rad) for enhet, tabell, rad in rader_ur(ram, "enhet", "tabell", "rad"))
