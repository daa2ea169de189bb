"""Orden i exemplet: texter ur texter.toml med beloppen hämtade ur samma tabeller som arbetsböckerna får."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exempel.underlag import Tabell
from kommunrapport.karna import sprak
from kommunrapport.karna.belopp import avrunda
from kommunrapport.karna.period import MANADER, Period

_HAMTA = re.compile(r"\{(?P<tkr>tkr )?(?:(?P<enhet>[a-z-]+)/)?(?:(?P<blad>[a-z]+)\.)?(?P<kolumn>[a-z_]+) (?P<rad>[a-z0-9_-]+)\}")
_I_PROMILLE = "nyckeltal"


@dataclass(frozen=True)
class Prosa:
    """Texterna, och periodens tabeller per enhet att hämta belopp ur."""

    data: Mapping[str, Any]
    period: Period
    tabeller: Mapping[str, Tabell]

    def avsnitt(self, namn: str, enhet: str) -> Mapping[str, Any]:
        """Enhetens del av ett avsnitt i texter.toml; tom när den saknas."""
        innehall: Mapping[str, Any] = self.data[namn].get(enhet, {})
        return innehall

    def galler(self, per_period: Mapping[str, Any]) -> Any:
        """Det som gäller perioden: dess egen post, annars årets senaste tidigare. None om inget finns."""
        return _galler(per_period, self.period)

    def text(self, enhet: str, rad: str, slag: str) -> str:
        """Bladet Texter: enhetens egen text för perioden, ett stycke per rad, eller standardtexten som analys."""
        egna = self.avsnitt("texter", enhet)
        if rad == "uppdrag":
            return str(egna["uppdrag"])
        perioden = egna.get(str(self.period), {})
        stycken = perioden.get(rad, [self.data["standardtext"][slag]] if rad == "analys" and not perioden else [])
        return self.fyll("\n".join(stycken), enhet)

    def fyll(self, text: str, enhet: str) -> str:
        """Texten med varje {kolumn rad} utbytt mot beloppet. Fel: KeyError om beloppet inte finns."""
        text = text.replace("{manad}", MANADER[self.period.manad - 1])
        return _HAMTA.sub(lambda traff: self._belopp(traff, enhet), text)

    def _belopp(self, traff: re.Match[str], enhet: str) -> str:
        tabell = self.tabeller[traff["enhet"] or enhet]
        forvalt = "drift" if any(blad == "drift" for blad, _, _ in tabell) else "bolag"
        blad = traff["blad"] or forvalt
        varde = abs(tabell[blad, traff["rad"], traff["kolumn"]])
        if traff["tkr"]:
            return sprak.formatera(varde, 0)
        return sprak.formatera(varde if blad == _I_PROMILLE else avrunda(varde, 1000, 1), 1)


def las_texter(fil: Path) -> Mapping[str, Any]:
    """Hela texter.toml."""
    return tomllib.loads(fil.read_text(encoding="utf-8"))


def _galler(per_period: Mapping[str, Any], period: Period) -> Any:
    kandidater = [k for k in per_period if k[:4] == str(period.ar) and k <= str(period)]
    return per_period[max(kandidater)] if kandidater else None


def atgarder(texter: Mapping[str, Any], enhet: str, period: Period) -> Iterator[dict[str, Any]]:
    """Enhetens åtgärder för perioden, en kolumn per nyckel."""
    for atgard in texter["atgard"].get(enhet, ()):
        if atgard["ar"] == period.ar and atgard.get("fran", "") <= str(period):
            kolumner = {kolumn: varde for kolumn, varde in atgard.items() if kolumn not in ("ar", "fran")}
            status, hittills = atgard["status"], atgard["effekt_hittills"]
            senast = hittills[max(p for p in hittills if p <= str(period))] if min(hittills) <= str(period) else 0
            yield {**kolumner, "status": status if isinstance(status, str) else _galler(status, period), "effekt_hittills": senast}
