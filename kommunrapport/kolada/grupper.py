"""Vilka av Koladas grupper som är de liknande kommunerna och länets, på samma sätt ur nätet och ur en fil."""

import re
from collections.abc import Sequence

from kommunrapport.karna.sprak import nyckel
from kommunrapport.kolada.lage import Grupp, Roll
from kommunrapport.kolada.svar import Gruppsvar

LIKNANDE = "Liknande kommuner, övergripande, {kommun}"
LAN = "läns kommuner"
_OVAGT = "ovägt medel"
_SLUTAR = re.compile(r"\W+(\d{4})$")


def kommunens_liknande(grupper: Sequence[Gruppsvar], kommun: str) -> Grupp | None:
    """Koladas ”Liknande kommuner, övergripande” för kommunen med det namnet, med det senaste årtalet i titeln."""
    return _senaste([g for g in grupper if _utan_ar(g) == nyckel(LIKNANDE.format(kommun=kommun))], "liknande")


def kommunens_lan(grupper: Sequence[Gruppsvar], kod: str) -> Grupp | None:
    """Länets kommuner: den grupp med ”läns kommuner” i titeln som kommunen är med i."""
    funna = [g for g in grupper if nyckel(LAN) in nyckel(g.title) and any(m.member_id == kod for m in g.members)]
    funna.sort(key=lambda g: (_OVAGT not in nyckel(g.title), g.title))
    return som_grupp(funna[0], "lan") if funna else None


def vald(grupper: Sequence[Gruppsvar], val: str, roll: Roll) -> Grupp | None:
    """Gruppen med det id:t eller den titeln, den senaste om flera; titeln får vara utan årtal."""
    return _senaste([g for g in grupper if val == g.id or nyckel(val) in (nyckel(g.title), _utan_ar(g))], roll)


def som_grupp(g: Gruppsvar, roll: Roll) -> Grupp:
    return Grupp(roll=roll, id=g.id, namn=g.title, medlemmar=tuple(m.member_id for m in g.members))


def _senaste(funna: Sequence[Gruppsvar], roll: Roll) -> Grupp | None:
    return som_grupp(max(funna, key=lambda g: (_arsord(g.title), g.title)), roll) if funna else None


def _utan_ar(g: Gruppsvar) -> str:
    return _SLUTAR.sub("", nyckel(g.title))


def _arsord(titel: str) -> str:
    traff = _SLUTAR.search(titel)
    return traff[1] if traff else ""
