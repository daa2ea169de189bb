"""Källan: var ett värde lästes."""

from typing import NamedTuple


class Kalla(NamedTuple):
    """Fil (relativ arbetskatalogen), blad ("" för CSV) och cell eller rad."""

    fil: str
    blad: str
    cell: str

    def __str__(self) -> str:
        return f"{self.fil} {self.blad + '!' if self.blad else ''}{self.cell}"
