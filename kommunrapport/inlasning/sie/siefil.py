"""Det som en SIE-fil säger, oförändrat: debet plus och kredit minus, belopp i hela öre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kommunrapport.karna.anmarkning import Anmarkning


class Rakenskapsar(NamedTuple):
    """Första och sista dagen."""

    start: date
    slut: date


class Saldorad(NamedTuple):
    """Ett belopp i öre och radnumret det står på."""

    ore: int
    rad: int


@dataclass(frozen=True, slots=True)
class Siefil:
    """En läst fil. Årsnummer 0 är innevarande år, −1 föregående; en månad skrivs ``202408``."""

    fil: str
    typ: str
    kodning: str
    program: str
    namn: str
    orgnr: str
    skapad: date | None
    omfattning: date | None
    """Dagen som saldona gäller till och med (#OMFATTN), så som filen säger den."""
    ar: Mapping[int, Rakenskapsar]
    konton: Mapping[str, str]
    """Kontonas namn. Ett konto kan ha saldo utan att stå här."""
    ingaende: Mapping[int, Mapping[str, Saldorad]]
    utgaende: Mapping[int, Mapping[str, Saldorad]]
    """#UB och #RES: balanskontots saldo och resultatkontots ackumulerade belopp."""
    periodsaldon: Mapping[int, Mapping[str, Mapping[str, Saldorad]]]
    """Månadens förändring per årsnummer och månad, ur raderna utan objekt."""
    bara_objekt: Mapping[int, Mapping[str, tuple[str, ...]]]
    """Konton vars förändring i månaden bara finns fördelad på objekt."""
    verifikationer: Mapping[str, Mapping[str, int]]
    """Summan av transaktionerna per månad och konto; tom när periodsaldona räcker."""
    anmarkningar: tuple[Anmarkning, ...] = ()


def ar_balanskonto(konto: str) -> bool:
    """Klass 1 och 2, i BAS och i Kommun-Bas. #IB och #UB hör till dem, #RES till de andra."""
    return konto[:1] in ("1", "2")
