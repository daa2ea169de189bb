"""Avrundning eller fel: ett visat tal står för ett intervall, och en summa prövas på intervallen.

Ett tal som är visat med minsta steget 1 står för de tal som avrundas till det: talet ± en halv, där den bortre
gränsen inte hör dit eftersom den avrundas till nästa. Det gäller också noll. En summa är fel när inga oavrundade
tal kan ge den: när skillnaden är minst halva summan av stegen. Tal och steg är heltal i samma mått (hundradelar av
enheten). Tecken: som de visas.
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
    """Ett visat tal mot det väntade. ``steg`` är summan av stegen bakom båda; 0 när talen är exakta."""

    vantat: int
    skillnad: int
    steg: int = 0

    @property
    def lika(self) -> bool:
        return self.skillnad == 0

    @property
    def avrundning(self) -> bool:
        """Om skillnaden ryms i avrundningen av talen."""
        return 0 < 2 * abs(self.skillnad) < self.steg

    @property
    def fel(self) -> bool:
        return not self.lika and not self.avrundning


def prova_summa(summa: Visat, delar: Iterable[tuple[int, Visat]]) -> Jamforelse:
    """Summan mot sina delar med tecken. En del som inte är visad lämnas utanför av den som anropar."""
    termer = list(delar)
    vantat = sum(tecken * v.tal for tecken, v in termer)
    return Jamforelse(vantat, summa.tal - vantat, summa.steg + sum(v.steg for _, v in termer))


def prova_lika(ett: Visat, annat: Visat) -> Jamforelse:
    """Samma storhet visad på två ställen. De får skilja ett steg: vart och ett kan vara summan av avrundade tal."""
    return Jamforelse(annat.tal, ett.tal - annat.tal, ett.steg + annat.steg + 1)
