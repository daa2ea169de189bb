"""Avrundning eller fel: ett visat tal står för ett intervall, och en summa prövas på intervallen.

Ett tal som är visat med minsta steget 1 står för talet ± en halv. En summa är fel först när inga
oavrundade tal kan ge den, det vill säga när skillnaden är större än halva summan av stegen.
Tal och steg är heltal i samma mått (hundradelar av enheten). Tecken: som de visas.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Visat(NamedTuple):
    """Ett visat tal och det minsta steg det är visat i."""

    tal: int
    steg: int


@dataclass(frozen=True, slots=True)
class Jamforelse:
    """Ett visat tal mot det väntade."""

    vantat: int
    skillnad: int
    tolerans: int

    @property
    def lika(self) -> bool:
        return self.skillnad == 0

    @property
    def avrundning(self) -> bool:
        """Om skillnaden ryms i avrundningen av talen."""
        return 0 < abs(self.skillnad) <= self.tolerans

    @property
    def fel(self) -> bool:
        return abs(self.skillnad) > self.tolerans


def prova_summa(summa: Visat, delar: Iterable[tuple[int, Visat]]) -> Jamforelse:
    """Summan mot sina delar med tecken. En del som är noll är exakt noll: den är inte avrundad."""
    termer = list(delar)
    vantat = sum(tecken * v.tal for tecken, v in termer)
    steg = summa.steg + sum(v.steg for _, v in termer if v.tal)
    return Jamforelse(vantat, summa.tal - vantat, steg // 2)
