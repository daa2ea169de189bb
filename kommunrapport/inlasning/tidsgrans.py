"""Tidsgränsen för en fil: ingen fil får hålla upp de andra.

Läsningen sker i en egen tråd som den anropande väntar på högst ``MAX_SEKUNDER``. Biblioteken som gör
grovarbetet (zlib, lxml, calamine) släpper Pythons lås medan de arbetar, och en läsning från en
nätverksmapp gör det också. Den anropande får därför tillbaka kontrollen i tid vad de än håller på med.
Den övergivna tråden slutar vid nästa avstämning i de egna slingorna; står den i ett bibliotek är
arbetet begränsat av storleksgränserna. Den är en bakgrundstråd och hindrar inte programmet att sluta.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.olasbar import Olasbar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tidsgrans:
    """Klockslaget då filen ges upp."""

    slut: float

    def stam_av(self) -> None:
        """Fel: Olasbar när tiden är ute."""
        if time.monotonic() > self.slut:
            raise _tiden_ute()


def inom_tid(las: Callable[[Tidsgrans], T]) -> T:
    """Svaret från ``las``, som får tidsgränsen att stämma av mot. Fel: Olasbar när tiden är ute, annars det som ``las`` kastar."""
    svar: Future[T] = Future()
    grans = Tidsgrans(time.monotonic() + granser.MAX_SEKUNDER)
    threading.Thread(target=_kor, args=(las, grans, svar), daemon=True).start()
    try:
        return svar.result(granser.MAX_SEKUNDER)
    except TimeoutError as fel:
        if svar.done():
            raise
        raise _tiden_ute() from fel


def _kor(las: Callable[[Tidsgrans], T], grans: Tidsgrans, svar: "Future[T]") -> None:
    try:
        svar.set_result(las(grans))
    except BaseException as fel:  # noqa: BLE001  felet lämnas till den som väntar
        svar.set_exception(fel)


def _tiden_ute() -> Olasbar:
    return Olasbar("KR139", grans=f"{granser.MAX_SEKUNDER:g} sekunder")
