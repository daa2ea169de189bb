"""Delar som lag eller rekommendation kräver i rapporten men som saknas, ur mallens krav."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna import fakta
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.saknad import SaknadDel
from kommunrapport.karna.sprak import liten_bokstav, rakna_upp
from kommunrapport.mall.modell import Blad, Lagrum, Omradeslista
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.mall.rapportmall import Krav
from kommunrapport.mall.uppstallning import Uppstallning

_FLERTAL = {"namnd": "nämnderna", "bolag": "bolagen", "forbund": "kommunalförbunden"}
_NOTTEXT = "upplysning"
Ifyllda: TypeAlias = Mapping[tuple[str, str], Sequence[tuple[str, str]]]
"""Blad och kolumn → enheterna och raderna som har ett värde där."""


@dataclass(frozen=True)
class Kravprov:
    """Det som kraven prövas mot: periodens siffror, det som är lämnat och vem som lämnar vad."""

    rakning: Rakning
    fakta: pd.DataFrame
    mall: Periodmall
    organisation: Organisation
    lagrum: Mapping[str, Lagrum]
    omraden: Omradeslista

    def saknade(self, krav: Sequence[Krav]) -> tuple[SaknadDel, ...]:
        """De delar som krävs men inte finns, i kravens ordning."""
        ifyllda = self._ifyllda({cell.split(".")[0] for k in krav for cell in k.celler})
        return tuple(self._saknad(k) for k in krav if self._kravs(k) and not self._finns(k, ifyllda))

    def _kravs(self, krav: Krav) -> bool:
        if krav.galler == "foretag" and not any(e.konsolideras for e in self.organisation.med_slag("bolag", "forbund")):
            return False
        return not krav.nar_siffra or self._varde(krav.nar_siffra) not in (None, 0)

    def _finns(self, krav: Krav, ifyllda: Ifyllda) -> bool:
        siffror = [self._varde(adress) for adress in krav.siffror]
        return (bool(siffror) and None not in siffror) or any(self._ifylld(krav, cell, ifyllda) for cell in krav.celler)

    def _varde(self, adress: str) -> int | None:
        a = Adress.ur(adress)
        return self.rakning.varde(a) if self.rakning.har(a) else None

    def _ifylld(self, krav: Krav, cell: str, ifyllda: Ifyllda) -> bool:
        blad, rad, kolumn = cell.split(".")
        enheter = {e.id for e in self._enheter(krav)}
        return any(e in enheter and rad in ("*", r) for e, r in ifyllda.get((blad, kolumn), ()))

    def _ifyllda(self, bladen: set[str]) -> Ifyllda:
        ram = self.fakta[self.fakta["tabell"].isin(bladen)]
        ram = ram[(ram["tillstand"] == fakta.VARDE) & ~ram["harledd"]]
        celler: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for enhet, blad, rad, kolumn in ram[["enhet", "tabell", "rad", "kolumn"]].astype("object").itertuples(index=False, name=None):
            celler.setdefault((blad, kolumn), []).append((enhet, rad))
        return celler

    def _enheter(self, krav: Krav) -> tuple[Enhetspost, ...]:
        return self.organisation.med_slag(*krav.enheter)

    def _saknad(self, krav: Krav) -> SaknadDel:
        enheter = self._enheter(krav)
        blad_id = krav.blad or (krav.celler[0].split(".")[0] if krav.celler else "")
        blad = next((b for b in (*self.mall.blad, *self.mall.ovriga) if b.id == blad_id), None)
        _, rad, kolumn = krav.celler[0].split(".") if krav.celler else ("", "*", "")
        return SaknadDel(
            id=krav.id,
            vad=krav.vad,
            lagrum=self.lagrum[krav.lagrum].namn,
            allvar=krav.allvar,
            avsnitt=krav.plats,
            var=krav.lamnas or self._var(krav, blad, rad),
            enhet=enheter[0].id if len(enheter) == 1 else "",
            blad=(blad.id, blad.namn) if blad else ("", ""),
            cell=None if rad == "*" else (rad, kolumn),
            siffror=tuple(a for a in map(Adress.ur, krav.siffror) if self.rakning.har(a)),
            lamnat=not any(e.id in self.rakning.saknade for e in enheter),
        )

    def _var(self, krav: Krav, blad: Blad | None, rad: str) -> str:
        """Vem som lämnar delen och var, eller att perioden inte har bladet."""
        if blad is None:
            return ""
        if blad in self.mall.ovriga:
            namn = rakna_upp([f"{o} ({self.omraden.omrade[o]})" for o in blad.kraver], mellan="eller")
            return f"Perioden har inte bladet {blad.namn}: lägg till området {namn} i årshjulet."
        vem = [e.namn for e in self._enheter(krav) if e.slag not in _FLERTAL] + [_FLERTAL[s] for s in krav.enheter if s in _FLERTAL]
        radnamn = next((r.namn for r in blad.rad if r.id == rad), "")
        return f"Lämnas av {rakna_upp(vem)} på bladet {blad.namn}{f', raden ”{radnamn}”' if radnamn else ''}."


def notkrav(noter: Uppstallning) -> Iterator[Krav]:
    """Noterna som lagen kräver: alltid, eller när siffran som de förklarar inte är noll."""
    for rad in noter.rad:
        if not rad.skrivs_av and (rad.kravs_nar or rad.obligatorisk is not False):
            celler = (f"{noter.blad}.{rad.id}.{_NOTTEXT}",)
            vad = f"not om {liten_bokstav(rad.namn)}"
            yield Krav(id=f"not_{rad.id}", vad=vad, lagrum=rad.lagrum, celler=celler, nar_siffra=rad.kravs_nar)
