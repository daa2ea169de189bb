"""Rader i rapporten som väljs efter det som är lämnat: färdiga projekt, projekt över kommunens gräns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pandas as pd

from kommunrapport.karna.fordyring import Fordyringsgrans
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.rapportmall import Projekturval, Rapportmall, Tabellrad

Lage: TypeAlias = tuple[str, str, str, str]
"""Enhet, tabell, rad och kolumn."""


@dataclass(frozen=True)
class Lamnat:
    """Belopp och svar som rader väljs efter, och gränsen för ett projekt som ska redovisas särskilt, när den är satt."""

    belopp: Mapping[Lage, int] = field(default_factory=dict)
    svar: Mapping[Lage, str] = field(default_factory=dict)
    grans: Fordyringsgrans | None = None

    def valjer(self, rad: Tabellrad, s: Styrrad) -> bool:
        """Om styrningens rad har de attribut, svar och belopp som mallens rad väljer efter."""
        return (
            all(_nagot_av(s.attribut.get(namn, ""), varden) for namn, varden in rad.med_attribut.items())
            and all(_nagot_av(self._svar(s, kolumn), varden) for kolumn, varden in rad.lamnat.items())
            and (rad.urval is None or self._avviker(rad.urval, s))
        )

    def _svar(self, s: Styrrad, kolumn: str) -> str:
        lage = (s.enhet, s.tabell, s.rad, kolumn)
        return self.svar.get(lage, "") or (str(self.belopp[lage]) if self.belopp.get(lage) else "")

    def _avviker(self, urval: Projekturval, s: Styrrad) -> bool:
        prognos, beslutad = (self.belopp.get((s.enhet, s.tabell, s.rad, kolumn)) for kolumn in (urval.prognos, urval.beslutad))
        if prognos is None or not beslutad or self.grans is None:
            return False
        over = self.grans.over(prognos, beslutad)
        return over is not None if urval.slag == "fordyrade" else over is None and prognos != beslutad


def lamnat_ur(mall: Rapportmall, ram: pd.DataFrame, grans: Fordyringsgrans | None) -> Lamnat:
    """Det i faktatabellen som mallens rader väljs efter."""
    tabeller = {rad.hamta for t in mall.tabell for rad in t.rad if _valjer_efter_svar(rad)}
    belopp: dict[Lage, int] = {}
    svar: dict[Lage, str] = {}
    for enhet, tabell, rad, kolumn, varde, text in _celler(ram, tabeller):
        lage = (enhet, tabell, rad, kolumn)
        if pd.isna(varde):
            svar[lage] = text
        else:
            belopp[lage] = belopp.get(lage, 0) + int(varde)
    return Lamnat(belopp, svar, grans)


def _celler(ram: pd.DataFrame, tabeller: set[str]) -> Iterable[tuple[str, str, str, str, int | None, str]]:
    urval = ram[ram["tabell"].isin(list(tabeller)) & ~ram["harledd"]]
    kolumner = urval[["enhet", "tabell", "rad", "kolumn", "varde", "text"]].astype("object")
    return kolumner.itertuples(index=False, name=None)


def _valjer_efter_svar(rad: Tabellrad) -> bool:
    return bool(rad.lamnat) or rad.urval is not None


def _nagot_av(svar: str, varden: Iterable[str]) -> bool:
    return any(bool(svar) if varde == "*" else svar == varde for varde in varden)
