"""Vad läst blir: vilka tryckta siffror en cell, en rad i en styrfil eller en hel fil når."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kommunrapport.rapport.sparfil import Siffra, Spar


@dataclass(frozen=True, slots=True)
class Paverkad:
    """En tryckt siffra som något läst når. ``via`` är adresserna däremellan, från det lästa räknat; tomt när siffran läser själv."""

    siffra: Siffra
    via: tuple[str, ...]


def paverkade(spar: Spar, kallor: Collection[str]) -> list[Paverkad]:
    """De tryckta siffror som någon av källorna når, kortaste vägen, i rapportens ordning."""
    vagar: dict[str, tuple[str, ...]] = {s.adress: () for s in spar.siffror.values() if any(k in kallor for k, _ in s.kallor)}
    kvar = list(vagar)
    for adress in kvar:  # listan växer medan den gås igenom: först det som är ett steg bort, sedan två
        for nasta in spar.bygger_pa.get(adress, ()):
            if nasta not in vagar:
                vagar[nasta] = (*vagar[adress], adress)
                kvar.append(nasta)
    return [Paverkad(s, vagar[s.adress]) for s in spar.tryckta if s.adress in vagar]


def per_tabell(spar: Spar, traffar: Iterable[Paverkad]) -> dict[str, list[Paverkad]]:
    """Tabellens titel → dess siffror, i rapportens ordning."""
    grupper: dict[str, list[Paverkad]] = {}
    for p in traffar:
        grupper.setdefault(spar.rubriker(p.siffra.adress)[0], []).append(p)
    return grupper
