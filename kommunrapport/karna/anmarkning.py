"""Anmärkningar: iakttagelser med kod, plats och fakta. De är värden, aldrig undantag."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

from kommunrapport.karna.kalla import Kalla


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


def sla_samman(anmarkningar: Iterable[Anmarkning], samlade: Container[str] = ()) -> tuple[Anmarkning, ...]:
    """Samma anmärkning på flera celler i samma blad blir en, med alla celler.

    Koderna i ``samlade`` slås ihop även när det lämnade skiljer sig.
    """
    grupper: dict[tuple[object, ...], list[Anmarkning]] = {}
    for a in anmarkningar:
        fakta = tuple(sorted(a.fakta.items()))
        lamnat = "" if a.kod in samlade else a.lamnat
        lika = (a.kod, a.enhet, a.plats.fil, a.plats.blad, lamnat, a.vantat, a.skillnad, fakta, a.allvar, a.svar)
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
        celler=tuple(cell for a in grupp for cell in a.plats.celler),
        rad=", ".join(rader),
        kolumn=", ".join(kolumner),
    )
    lamnade = list(dict.fromkeys(a.lamnat for a in grupp))
    fler = f" och {len(lamnade) - 3} till" if len(lamnade) > 3 else ""
    return replace(forsta, plats=plats, lamnat=", ".join(lamnade[:3]) + fler)
