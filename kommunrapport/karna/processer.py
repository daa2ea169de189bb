"""Samma arbete för många saker: i den egna processen, eller i flera när sakerna är många."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")
_I_TAGET = 10
"""Så många saker skickas till en process på en gång."""
_arbetet: list[Callable[[Any], Any]] = []
"""Arbetet i en egen process; det skickas dit en gång."""


def i_processer(gor: Callable[[S], T], saker: Sequence[S], per_process: int) -> Iterator[T]:
    """Svaren, i sakernas ordning. ``per_process`` är så många saker som en process minst ska ha för att löna sig."""
    antal = min(os.cpu_count() or 1, len(saker) // per_process)
    if antal < 2:
        yield from map(gor, saker)
        return
    # Laddas bara när det behövs: det tar lika lång tid som att läsa en bok.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    if multiprocessing.parent_process() is not None:
        yield from map(gor, saker)
        return
    klara = 0
    try:
        with ProcessPoolExecutor(antal, multiprocessing.get_context(startslag()), _borja, (gor,)) as processer:
            for svar in processer.map(_gor, saker, chunksize=_I_TAGET):
                klara += 1
                yield svar
    except BrokenProcessPool:
        yield from map(gor, saker[klara:])


def startslag() -> str:
    """Grenade processer där de finns: de har redan biblioteken och mallarna."""
    return "fork" if hasattr(os, "fork") and sys.platform != "darwin" else "spawn"


def _borja(gor: Callable[[Any], Any]) -> None:
    _arbetet.append(gor)


def _gor(sak: Any) -> Any:
    return _arbetet[0](sak)
