"""Hur långt ett långt arbete har kommit, utan att den som arbetar vet hur det visas."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Mottagare: TypeAlias = Callable[[str, int, int], None]
"""Får steget, hur många som är gjorda och hur många de är; först med 0 gjorda, sedan efter var och en."""
_mottagare: ContextVar[Mottagare | None] = ContextVar("framsteg", default=None)


@contextmanager
def meddelas(mottagare: Mottagare) -> Iterator[None]:
    """Mottagaren får veta hur långt arbetet inom ``with`` har kommit."""
    forra = _mottagare.set(mottagare)
    try:
        yield
    finally:
        _mottagare.reset(forra)


def foljt(saker: Iterable[T], steg: str, totalt: int) -> Iterator[T]:
    """Sakerna en i taget; var och en räknas som gjord när nästa hämtas. ``steg`` är vad som görs: ”Skriver böcker”."""
    mottagare = _mottagare.get()
    if mottagare is None:
        yield from saker
        return
    mottagare(steg, 0, totalt)
    for gjorda, sak in enumerate(saker, 1):
        yield sak
        mottagare(steg, gjorda, totalt)
