"""En periods underlag för exporten, och det som inte får lämna kommunen med den: små grupper, fritext och e-postadresser."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kommunrapport.export.tabeller import Exportrad, Varde
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.plan import Hamta
from kommunrapport.karna.sprak import nyckel
from kommunrapport.mall.organisation import Kommun
from kommunrapport.rapport.modell import Rapport

FORSATT = "forsatt"
"""Försättsbladet: vem som lämnar uppgifterna. Det exporteras inte."""
_EPOST = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.\w+")
_I_ARKIVET = re.compile(r"^(?:arkiv/[^/]+/v\d+/)+")


def beteckning(kommun: Kommun) -> str:
    """Kommunens korta namn i gemener, som namn på en mapp: ``Dals-Ed`` blir ``dals-ed``. Å, ä och ö är kvar: Håbo är inte Habo."""
    return re.sub(r"\W+", "-", nyckel(kommun.kort_namn)).strip("-")


def fil_i_kommunen(fil: str) -> str:
    """Filens väg från arbetskatalogen, densamma också när den lästes ur arkivet."""
    return _I_ARKIVET.sub("", fil)


def utan_epost(rader: Iterable[Exportrad]) -> list[Exportrad]:
    """Raderna med e-postadresser borttagna ur all text."""
    return [tuple(map(_utan_epost, rad)) for rad in rader]


def _utan_epost(varde: Varde) -> Varde:
    return _EPOST.sub("[e-postadress borttagen]", varde) if isinstance(varde, str) and "@" in varde else varde


@dataclass(frozen=True)
class Underlag:
    """En sammanställd period och dess rapport. ``kommun`` är som den heter nu; ``med_texter`` tar med fritext."""

    kommun: Kommun
    s: Sammanstallning
    rapport: Rapport
    faststalld: bool
    med_texter: bool

    @cached_property
    def om(self) -> tuple[Varde, ...]:
        """Kommun, period, kommunkod, kommunens namn, periodens slut och om den är fastställd."""
        period = self.s.mall.period
        return (beteckning(self.kommun), str(period), self.kommun.kod, self.kommun.namn, period.slut, self.faststalld)

    @cached_property
    def dolda(self) -> frozenset[tuple[str, str, str]]:
        """Lästa uppgifter, som (tabell, enhet, rad), om grupper som är för små för att visas."""
        planer = self.s.rakning.planer
        lasta = {namn: {s.urval.tabell for s in planer[namn].steg.values() if isinstance(s, Hamta)} for namn, d in self.rapport.dolda.items() if d}
        return frozenset((tabell, e, r) for namn, tabeller in lasta.items() for tabell in tabeller for e, r in self.rapport.dolda[namn])

    @cached_property
    def fria_namn(self) -> frozenset[str]:
        """Texter på blad med fria rader, som rapporten använder som radernas namn."""
        fria = [b.id for b in self.s.mall.blad if b.rader_fran == "fria"]
        f = self.s.inlamningar.fakta
        return frozenset(f[f["tabell"].isin(fria) & (f["slag"] == "text")]["text"]) - {""}
