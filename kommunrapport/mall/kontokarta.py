"""Kontokartan: vilken rad i vilken tabell ett konto hör till (mallar/kontokarta/*.csv).

Ett konto skrivs som sina första siffror (``30``) eller som ett spann med lika många (``3000-3799``), och gäller alla konton
som börjar så. Den längsta beteckningen går före, och en enskild före ett spann. Ett konto utan tabell räknas inte in någonstans;
med raden ``arets_resultat`` är det bokslutets motkonto till årets resultat.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kommunrapport.karna.fel import MallFel
from kommunrapport.mall import lasning
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Enhetsslag

ARETS_RESULTAT = "arets_resultat"
TILLGANG, SKULD = "tillgang", "skuld"
_STANDARD: Mapping[Enhetsslag, str] = {"bolag": "bas"}
_KOMMUN = "kommunbas"
_KOLUMNER, _VALFRIA = ("konto", "tabell", "rad"), ("benamning", "sida", "overifierat", "forandring", "belopp")
_KONTO = re.compile(r"(\d{1,20})(?:-(\d{1,20}))?")
_STORSTA_SPANN = 10_000
_UTANFOR = ("", ARETS_RESULTAT)


class Kontorad(NamedTuple):
    """Raden som ett konto hör till; tom ``tabell`` när det inte räknas in. ``sida`` är tillgang, skuld eller tom."""

    tabell: str
    rad: str
    sida: str = ""
    overifierat: bool = False
    forandring: str = ""
    """Raden för kontots förändring under perioden, när den också redovisas."""

    @property
    def ar_resultatkonto(self) -> bool:
        """Kontot i eget kapital där årets resultat bokas."""
        return bool(self.tabell) and self.rad == ARETS_RESULTAT


@dataclass(frozen=True)
class Kontokarta:
    """Raderna efter kontobeteckning, och filen de står i."""

    fil: str
    beteckningar: Mapping[str, Kontorad]

    def rad(self, konto: str) -> Kontorad | None:
        """Kontots rad, eller None när kontot inte finns i kartan."""
        if konto not in self._funna:
            self._funna[konto] = self._sok(konto)
        return self._funna[konto]

    def rad_utan_resultat(self, konto: str) -> Kontorad | None:
        """Raden som kontot hör till när det som står på det inte är årets resultat."""
        return next((r for r in self._traffar(konto) if not r.ar_resultatkonto), None)

    @cached_property
    def resultatrad(self) -> Kontorad:
        """Raden för årets resultat i balansräkningen."""
        return next(r for r in self.beteckningar.values() if r.ar_resultatkonto)

    def beteckning_utan_resultat(self, konto: str) -> str:
        """Beteckningen bakom ``rad_utan_resultat``; tom när kartan inte har någon."""
        borjar = (konto[:langd] for langd in range(len(konto), 0, -1))
        return next((b for b in borjar if b in self.beteckningar and not self.beteckningar[b].ar_resultatkonto), "")

    @cached_property
    def rader(self) -> frozenset[tuple[str, str]]:
        """Alla par av tabell och rad som konton hör till."""
        return frozenset((r.tabell, r.rad) for r in self.beteckningar.values() if r.tabell)

    def _sok(self, konto: str) -> Kontorad | None:
        return next(self._traffar(konto), None)

    def _traffar(self, konto: str) -> Iterator[Kontorad]:
        for langd in range(len(konto), 0, -1):
            if konto[:langd] in self.beteckningar:
                yield self.beteckningar[konto[:langd]]

    @cached_property
    def _funna(self) -> dict[str, Kontorad | None]:
        return {}


def las_kontokarta(kalla: Mallkalla, enhet: str, slag: Enhetsslag) -> Kontokarta:
    """Enhetens egen karta (``kontokarta/ENHET.csv``) när den finns, annars BAS för bolag och Kommun-Bas för andra. Fel: MallFel."""
    egen, vanlig = f"kontokarta/{enhet}.csv", f"kontokarta/{_STANDARD.get(slag, _KOMMUN)}.csv"
    vag = egen if any((rot / egen).is_file() for rot in kalla.rotter) else vanlig
    return _las(kalla, vag)


def _las(kalla: Mallkalla, vag: str) -> Kontokarta:
    namn = f"mallar/{vag}"
    enskilda: dict[str, Kontorad] = {}
    i_spann: dict[str, Kontorad] = {}
    brister = []
    for radnr, falt in lasning.las_csv(kalla.fil(vag), namn, _KOLUMNER, _VALFRIA):
        brist = _brist(falt)
        if not brist:
            rad = Kontorad(falt["tabell"], falt["rad"], falt.get("sida", ""), bool(falt.get("overifierat")), falt.get("forandring", ""))
            till = i_spann if "-" in falt["konto"] else enskilda
            nya = _beteckningar(falt["konto"])
            dubbla = [b for b in nya if b in till]
            brist = f"kontot {dubbla[0]} står redan i kartan; behåll en rad" if dubbla else ""
            till.update(dict.fromkeys(nya, rad))
        brister += [f"{namn}, rad {radnr}: {brist}."] if brist else []
    karta = Kontokarta(namn, {**i_spann, **enskilda})
    if len({(r.tabell, r.rad) for r in karta.beteckningar.values() if r.ar_resultatkonto}) != 1:
        brister.append(
            f"{namn}: ett konto, och bara i en tabell, ska ha raden {ARETS_RESULTAT}. Ange kontot i eget kapital där årets resultat bokas."
        )
    if brister:
        raise MallFel(*brister)
    return karta


def _brist(falt: Mapping[str, str]) -> str:
    traff = _KONTO.fullmatch(falt["konto"])
    if traff is None:
        return f"konto är ”{falt['konto']}”; skriv kontots första siffror, till exempel 30, eller ett spann som 3000-3799"
    if traff[2] and (len(traff[1]) != len(traff[2]) or not 0 <= int(traff[2]) - int(traff[1]) < _STORSTA_SPANN):
        return f"spannet {falt['konto']} går inte att använda; skriv lika många siffror på båda sidor och det lägsta först"
    if bool(falt["tabell"]) != bool(falt["rad"]) and falt["rad"] not in _UTANFOR:
        return "tabell saknas; lämna både tabell och rad tomma för ett konto som inte ska räknas in"
    if falt["tabell"] and not falt["rad"]:
        return "rad saknas; lämna både tabell och rad tomma för ett konto som inte ska räknas in"
    if falt.get("sida", "") not in ("", TILLGANG, SKULD):
        return f"sida är ”{falt['sida']}”; skriv {TILLGANG} eller {SKULD}, eller lämna tomt så avgör kontots första siffra"
    if falt.get("overifierat", "") not in ("", "ja"):
        return f"overifierat är ”{falt['overifierat']}”; skriv ja eller lämna tomt"
    return ""


def _beteckningar(konto: str) -> list[str]:
    fran, _, till = konto.partition("-")
    return [f"{nummer:0{len(fran)}d}" for nummer in range(int(fran), int(till or fran) + 1)]
