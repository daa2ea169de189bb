"""Samma arbete för många saker: i den egna processen, eller i flera när sakerna är många."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")
_I_TAGET = 10
"""Så många saker skickas till en process på en gång."""
_arbetet: list[Callable[[Any], Any]] = []
"""Arbetet i en egen process; det skickas dit en gång."""


def i_processer(gor: Callable[[S], T], saker: Sequence[S], per_process: int, i_taget: int = _I_TAGET) -> Iterator[T]:
    """Svaren, i sakernas ordning. ``per_process`` är så många saker som en process minst ska ha för att löna sig.

    En arbetare, eller en tråd bredvid huvudtråden, startar inga egna processer: kärnorna är redan delade, och det är inte säkert.
    """
    antal = min(karnor(), len(saker) // per_process)
    if antal < 2 or threading.current_thread() is not threading.main_thread():
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
            for svar in processer.map(_gor, saker, chunksize=i_taget):
                klara += 1
                yield svar
    except BrokenProcessPool:
        yield from map(gor, saker[klara:])


def samtidigt(uppgifter: Sequence[Callable[[], T]]) -> list[T]:
    """Svaren på olika uppgifter, i deras ordning: samtidigt i grenade processer där det går, annars i tur och ordning. Störst först lönar sig."""
    if startslag() != "fork":
        return [gor() for gor in uppgifter]
    return list(i_processer(lambda nr: uppgifter[nr](), range(len(uppgifter)), 1, i_taget=1))


def karnor() -> int:
    """Så många kärnor som processen får använda."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def startslag() -> str:
    """Grenade processer där de finns: de har redan biblioteken och mallarna."""
    return "fork" if hasattr(os, "fork") and sys.platform != "darwin" else "spawn"


def _borja(gor: Callable[[Any], Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C tar den startande hand om
    gc.freeze()  # det ärvda delas så länge ingen rör det
    _arbetet.append(gor)


def _gor(sak: Any) -> Any:
    return _arbetet[0](sak)
