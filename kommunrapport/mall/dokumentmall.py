"""Mallen för tillgänglighetsgranskningen: kontrollerna, deras ord och kommunens gränser."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Katalogpost, Modell

_VAG = "tillganglighet.toml"


class Dokumentkontroll(Katalogpost):
    """En kontroll av ett dokument: orden som användaren möter och vad kontrollen bygger på."""

    bygger_pa: str = ""
    overifierat: str = ""
    """Det i ``bygger_pa`` som inte är prövat mot källan."""


class Dokumentmall(Modell):
    """Alla kontroller av dokument, med gränser och ordlistor."""

    galler_fran: date
    kalla: str
    senast_kontrollerad: date
    overifierat: tuple[str, ...] = ()
    minsta_text_pt: int
    """Text mindre än så, i punkter, är för liten."""
    sidor_utan_bokmarken: int
    """Så många sidor får en pdf ha utan bokmärken."""
    intetsagande_lankar: tuple[str, ...]
    """Länktexter, i gemener, som inte säger vart länken leder."""
    kontroll: Mapping[str, Dokumentkontroll]

    @cached_property
    def katalog(self) -> Katalog:
        return Katalog(self.kontroll, {})


def las_dokumentmall(kalla: Mallkalla) -> Dokumentmall:
    """Läser kontrollerna. Fel: MallFel."""
    return kalla.las(_VAG, Dokumentmall)
