"""Små grupper: vilka lästa uppgifter som inte får visas, och vilka celler i en tabell som döljs.

Lagen (LKBR 11 kap. 6 §) undantar grupper om högst tio anställda. En grupp som annars kunde räknas
fram ur helheten döljs också.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.plan import Adress, Hamta, Radplan, Tabellplan


def dolda_celler(plan: Tabellplan, rakning: Rakning, grans: int) -> frozenset[Adress]:
    """Cellerna i tabellen som bygger på en för liten grupp."""
    return frozenset(Adress(plan.id, rad, k.id) for rad in _dolda_rader(plan, rakning, grans) for k in plan.kolumner)


def dolda_uppgifter(plan: Tabellplan, rakning: Rakning, grans: int) -> frozenset[tuple[str, str]]:
    """Lästa uppgifter, som (enhet, rad), vars grupp är för liten för att visas ens som källa."""
    if not plan.sekretess_kolumn:
        return frozenset()
    tabeller = {s.urval.tabell for s in plan.steg.values() if isinstance(s, Hamta)}
    ram = rakning.fakta
    ram = ram[ram["tabell"].isin(list(tabeller)) & (ram["kolumn"] == plan.sekretess_kolumn)]
    per_enhet: dict[str, dict[str, int | None]] = {}
    for enhet, rad, varde in ram[["enhet", "rad", "varde"]].astype("object").itertuples(index=False, name=None):
        per_enhet.setdefault(enhet, {})[rad] = None if pd.isna(varde) else int(varde)
    sma = {(enhet, rad) for enhet, storlek in per_enhet.items() for rad in _sma(storlek, plan.delning, grans)}
    return frozenset(sma | _enheters_uppgifter(plan, _dolda_rader(plan, rakning, grans)))


def _dolda_rader(plan: Tabellplan, rakning: Rakning, grans: int) -> set[str]:
    """Raderna för små grupper, och de räknade rader vars grupper tillsammans är små. En rad utan uppgifter är ingen grupp."""
    if not plan.sekretess_kolumn:
        return set()
    lasta = [rad for rad in plan.rader if _hamtad(plan, rad) and _har_uppgift(plan, rad, rakning)]
    storlek = {rad.id: _gruppstorlek(plan, rad, rakning) for rad in lasta}
    raknade = [rad.id for rad in plan.rader if rad.stil != "rubrik" and not _hamtad(plan, rad)]
    summor = {rad: sum(storlek[r] or 0 for r in _rader_bakom(plan, rad) if r in storlek) for rad in raknade}
    return _sma(storlek, _delning(plan), grans) | _sma(summor, (), grans)


def _enheters_uppgifter(plan: Tabellplan, rader: set[str]) -> set[tuple[str, str]]:
    """(enhet, rad) för det som en dold rad för en enda enhet hämtar."""
    dolda = [(plan.rad(rad).enhet, steg) for (rad, _), steg in plan.steg.items() if rad in rader]
    return {(enhet, rad) for enhet, steg in dolda if enhet and isinstance(steg, Hamta) for rad in steg.urval.rader}


def _hamtad(plan: Tabellplan, rad: Radplan) -> bool:
    return any(isinstance(plan.steg.get((rad.id, k.id)), Hamta) for k in plan.kolumner)


def _har_uppgift(plan: Tabellplan, rad: Radplan, rakning: Rakning) -> bool:
    return any(rakning.varde(Adress(plan.id, rad.id, k.id)) is not None for k in plan.kolumner if (rad.id, k.id) in plan.steg)


def _rader_bakom(plan: Tabellplan, rad: str) -> set[str]:
    return {a.rad for (r, _), steg in plan.steg.items() if r == rad for a in steg.delar if a.tabell == plan.id and a.rad != rad}


def _delning(plan: Tabellplan) -> tuple[tuple[str, ...], ...]:
    """Planens delningar med ``*id`` utbytt mot raderna som mallraden blev."""
    rader = {namn: tuple(r.id for r in plan.rader if namn in (r.id, f"*{r.ur}")) for grupp in plan.delning for namn in grupp}
    return tuple(tuple(rad for namn in grupp for rad in rader[namn]) for grupp in plan.delning)


def _sma(storlek: Mapping[str, int | None], delning: Iterable[tuple[str, ...]], grans: int) -> set[str]:
    sma = {rad for rad, antal in storlek.items() if antal is None or antal <= grans * HUNDRADELAR}
    for grupp in delning:
        ovriga = sorted((storlek[r] or 0, r) for r in grupp if r in storlek and r not in sma)
        if len(sma & set(grupp)) == 1 and ovriga:
            sma.add(ovriga[0][1])
    return sma


def _gruppstorlek(plan: Tabellplan, rad: Radplan, rakning: Rakning) -> int | None:
    for kolumn in plan.kolumner:
        steg = plan.steg.get((rad.id, kolumn.id))
        if isinstance(steg, Hamta):
            return rakning.hamta(Hamta(steg.urval, ((1, plan.sekretess_kolumn),)))
    return None
