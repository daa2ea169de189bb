"""Volymerna i exemplet: prestationer och nyckeltal per nämnd och period."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from exempel.underlag import FORSTA_AR
from kommunrapport.karna.period import Period

_AUGUSTI = 8
FORSTA_PROGNOS, KOMMENTERAT_AR = FORSTA_AR + 1, FORSTA_AR + 2


@dataclass(frozen=True)
class Volymer:
    """Per enhet och rad: utfallet i augusti och december varje år och prognosen i augusti."""

    data: Mapping[str, Mapping[str, Mapping[str, Any]]]

    @classmethod
    def las(cls, fil: Path) -> "Volymer":
        return cls(tomllib.loads(fil.read_text(encoding="utf-8"), parse_float=Decimal))

    def celler(self, enhet: str, period: Period) -> dict[tuple[str, str, str], Decimal | str]:
        """Bladets celler: föregående års utfall, utfall, prognos och kommentar."""
        celler: dict[tuple[str, str, str], Decimal | str] = {}
        for rad, volym in self.data.get(enhet, {}).items():
            celler |= {("volymer", rad, "utfall_fg"): _utfall(volym, period.samma_fg_ar), ("volymer", rad, "utfall"): _utfall(volym, period)}
            celler["volymer", rad, "prognos"] = Decimal(volym["prognos"][period.ar - FORSTA_PROGNOS])
            if "kommentar" in volym and period.ar == KOMMENTERAT_AR:
                celler["volymer", rad, "kommentar"] = volym["kommentar"]
        return celler


def _utfall(volym: Mapping[str, Any], period: Period) -> Decimal:
    """Utfallet i augusti eller december; däremellan en rät linje, och före augusti från noll när talet ackumuleras."""
    augusti, december = (Decimal(volym["utfall"][2 * (period.ar - FORSTA_AR) + i]) for i in (0, 1))
    if period.manad > _AUGUSTI:
        varde = augusti + (december - augusti) * (period.manad - _AUGUSTI) / (12 - _AUGUSTI)
    else:
        varde = augusti * period.manad / _AUGUSTI if volym.get("ackumuleras") else augusti
    return varde.quantize(max(augusti, december, key=lambda v: -int(v.as_tuple().exponent)))
