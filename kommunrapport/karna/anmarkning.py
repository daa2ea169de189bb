"""Anmärkningar: iakttagelser med kod, plats och fakta. De är värden, aldrig undantag."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from kommunrapport.karna.kalla import Kalla

SAKNAD_INLAMNING, SAKNAD_KALLBOK = "KR101", "KR120"
"""Periodens egen bok saknas, och en bok i perioden som lägesbilden tar siffror ur."""
FOLJDER = "foljder"
"""Nyckeln i fakta för det som följer av anmärkningen, som hela meningar."""


class Allvar(IntEnum):
    """Hur allvarlig en anmärkning är; högre är värre."""

    UPPLYSNING = 1
    VARNING = 2
    FEL = 3
    STOPP = 4

    @property
    def namn(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Plats:
    """Var något står: fil (relativ sökväg), blad och celler, med radens och kolumnens namn."""

    fil: str = ""
    blad: str = ""
    celler: tuple[str, ...] = ()
    rad: str = ""
    kolumn: str = ""


@dataclass(frozen=True, slots=True)
class Svar:
    """Det som stänger en anmärkning: en förklaring i boken eller ett beslutat undantag, och var det står."""

    slag: str
    text: str
    kalla: Kalla


@dataclass(frozen=True, slots=True)
class Anmarkning:
    """En iakttagelse. Orden hämtas ur katalogen när den visas; här finns bara fakta.

    ``lamnat``, ``vantat`` och ``skillnad`` är färdiga texter ("" när de inte är tillämpliga).
    """

    kod: str
    enhet: str = ""
    plats: Plats = field(default_factory=Plats)
    lamnat: str = ""
    vantat: str = ""
    skillnad: str = ""
    fakta: Mapping[str, str] = field(default_factory=dict)
    allvar: Allvar | None = None
    """Allvar när regeln bestämt ett annat än katalogens."""
    svar: Svar | None = None


def sla_samman(anmarkningar: Iterable[Anmarkning], samlade: Container[str] = (), helt: Container[str] = ()) -> tuple[Anmarkning, ...]:
    """Samma anmärkning på flera celler i samma blad blir en, med alla celler i ordning.

    Koderna i ``samlade`` slås ihop även när det lämnade skiljer sig, de i ``helt`` även när det väntade och skillnaden gör det.
    """
    grupper: dict[tuple[object, ...], list[Anmarkning]] = {}
    for a in anmarkningar:
        fakta = tuple(sorted(a.fakta.items()))
        lamnat = "" if a.kod in samlade or a.kod in helt else a.lamnat
        vantat, skillnad = ("", "") if a.kod in helt else (a.vantat, a.skillnad)
        lika = (a.kod, a.enhet, a.plats.fil, a.plats.blad, lamnat, vantat, skillnad, fakta, a.allvar, a.svar)
        grupper.setdefault(lika, []).append(a)
    return tuple(_slagen(grupp) for grupp in grupper.values())


def _slagen(grupp: list[Anmarkning]) -> Anmarkning:
    forsta = grupp[0]
    if len(grupp) == 1:
        return forsta
    rader = tuple(dict.fromkeys(a.plats.rad for a in grupp if a.plats.rad))
    kolumner = tuple(dict.fromkeys(a.plats.kolumn for a in grupp if a.plats.kolumn))
    plats = Plats(
        fil=forsta.plats.fil,
        blad=forsta.plats.blad,
        celler=tuple(sorted({cell for a in grupp for cell in a.plats.celler}, key=_i_ordning)),
        rad=", ".join(rader),
        kolumn=", ".join(kolumner),
    )
    return replace(forsta, plats=plats, lamnat=_nagra([a.lamnat for a in grupp]), vantat=_nagra([a.vantat for a in grupp]))


def _nagra(texter: Sequence[str]) -> str:
    """De tre första av olika texter, och hur många till."""
    olika = list(dict.fromkeys(texter))
    fler = f" och {len(olika) - 3} till" if len(olika) > 3 else ""
    return ", ".join(olika[:3]) + fler


def _i_ordning(cell: str) -> tuple[int, str, int]:
    """Kolumn för kolumn, uppifrån och ned."""
    delar = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    return (len(delar[1]), delar[1], int(delar[2])) if delar else (0, cell, 0)
