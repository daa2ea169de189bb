"""Årets plan för uppsikten, med det som saknas och det som är öppet, som terminalen och JSON visar den."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kommunrapport.inlasning.uppsikt import Iakttagelse, Kallad, Plansteg, Uppsiktsplan, las_logg, las_plan, las_uppfoljningsplan
from kommunrapport.karna.fel import Slutkod
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall, las_uppsiktsmall


@dataclass(frozen=True)
class Arsuppsikt:
    """Årets uppsikt: mallen, planen och iakttagelserna, i den mån de går att läsa."""

    arbete: Arbetskatalog
    mall: Uppsiktsmall
    plan: Uppsiktsplan
    logg: tuple[Iakttagelse, ...]
    planer: Mapping[str, tuple[Plansteg, ...]]
    """Enhet → stegen i dess uppföljningsplan."""
    olasta: tuple[str, ...]
    """Bristerna i loggen och uppföljningsplanerna."""

    @property
    def slutkod(self) -> Slutkod:
        """MALL när någon saknas i planen eller en rad i filerna inte går att läsa; samma för planen och för underlagen."""
        return Slutkod.MALL if self.plan.saknas or self.brister else Slutkod.KLART

    @property
    def brister(self) -> tuple[str, ...]:
        """Det som är fel i de tre filerna, en mening var."""
        return (*self.plan.brister, *self.olasta)

    def oppna(self, enhet: str) -> int:
        return sum(i.oppen and i.enhet == enhet for i in self.logg)

    def som_data(self) -> dict[str, Any]:
        """Hela planen, som JSON."""
        return {
            "ar": self.plan.ar,
            "kommun": self.arbete.organisation.kommun.namn,
            "tillfallen": [
                {"tillfalle": t, "dag": kallade[0].dag.isoformat() if kallade[0].dag else "", "enheter": [self._kallad(k) for k in kallade]}
                for t, kallade in self.plan.tillfallen.items()
            ],
            "undantagna": [{"enhet": k.enhet.id, "namn": k.enhet.namn, "anledning": k.anledning} for k in self.plan.undantagna],
            "saknas": list(self.plan.saknas),
            "brister": list(self.brister),
        }

    def _kallad(self, k: Kallad) -> dict[str, Any]:
        return {"enhet": k.enhet.id, "namn": k.enhet.namn, "oppna_iakttagelser": self.oppna(k.enhet.id)}


def las_uppsikt(katalog: Path, ar: int) -> Arsuppsikt:
    """Årets uppsikt, med alla tre filerna prövade. Fel: AnvandningsFel, MallFel."""
    arbete = las_arbetskatalog(katalog)
    mall = las_uppsiktsmall(arbete.mallkalla, date(ar, 12, 31))
    logg, planer = las_logg(katalog, arbete.organisation, mall), las_uppfoljningsplan(katalog, ar, arbete.organisation, mall)
    plan = las_plan(katalog, ar, arbete.organisation, mall)
    return Arsuppsikt(arbete, mall, plan, logg.varde, planer.varde, (*logg.brister, *planer.brister))
