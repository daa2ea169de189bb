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
    if not plan.sekretess_kolumn:
        return frozenset()
    storlek = {rad.id: _gruppstorlek(plan, rad, rakning) for rad in plan.rader if rad.stil != "rubrik"}
    return frozenset(Adress(plan.id, rad, k.id) for rad in _sma(storlek, plan.delning, grans) for k in plan.kolumner)


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
    return frozenset((enhet, rad) for enhet, storlek in per_enhet.items() for rad in _sma(storlek, plan.delning, grans))


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
