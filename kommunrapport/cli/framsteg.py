"""Långt arbete på skärmen: en stapel på en terminal, en rad per steg i en pipe eller logg, och inget när det går fort."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kommunrapport.karna.framsteg import meddelas
from kommunrapport.karna.sprak import formatera

if TYPE_CHECKING:
    from rich.progress import Progress

FORDROJNING = 1.0
"""Sekunder som ett steg får ta utan att något visas."""


@contextmanager
def visas(*, tyst: bool = False) -> Iterator[None]:
    """Visar hur långt arbetet inom ``with`` har kommit, på stderr."""
    if tyst:
        yield
        return
    steg = Steg(terminal=sys.stderr.isatty())
    try:
        with meddelas(steg):
            yield
    finally:
        steg.stang()


class Steg:
    """Tar emot framstegen, ett steg i taget. ``klocka`` ger sekunder."""

    def __init__(self, *, terminal: bool, klocka: Callable[[], float] = time.monotonic) -> None:
        self._terminal, self._klocka = terminal, klocka
        self._borjan = 0.0
        self._stapel: Progress | None = None

    def __call__(self, steg: str, gjorda: int, totalt: int) -> None:
        if not gjorda:
            self.stang()
            self._borjan = self._klocka()
            return
        tid = self._klocka() - self._borjan
        if tid < FORDROJNING:
            return
        if self._terminal:
            self._visa(steg, gjorda, totalt, lage(gjorda, totalt, tid))
        elif gjorda == totalt:
            typer.echo(f"{steg}: {totalt} på {_tid(tid)}.", err=True)

    def stang(self) -> None:
        """Tar bort stapeln."""
        if self._stapel:
            self._stapel.stop()
        self._stapel = None

    def _visa(self, steg: str, gjorda: int, totalt: int, text: str) -> None:
        if self._stapel is None:
            self._stapel = _ny_stapel()
            self._stapel.start()
            self._stapel.add_task(steg, total=totalt, text=text)
        self._stapel.update(self._stapel.task_ids[0], completed=gjorda, text=text)


def lage(gjorda: int, totalt: int, tid: float) -> str:
    """``120 av 300, 41/s, 4 s kvar``, långsammare än en i sekunden per minut; ``tid`` är sekunderna hittills."""
    takt = gjorda / tid
    fart = f"{_tal(takt)}/s" if takt >= 1 else f"{_tal(takt * 60)}/min"
    return f"{gjorda} av {totalt}, {fart}, {_tid((totalt - gjorda) / takt)} kvar"


def _tid(sekunder: float) -> str:
    hela = round(sekunder)
    return f"{hela} s" if hela < 120 else f"{hela // 60} min {hela % 60} s"


def _tal(takt: float) -> str:
    return str(round(takt)) if takt >= 10 else formatera(round(takt * 10), 1)


def _ny_stapel() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    kolumner = (TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.fields[text]}"))
    return Progress(*kolumner, console=Console(stderr=True), transient=True)
