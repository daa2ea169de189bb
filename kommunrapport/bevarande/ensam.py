"""Låset: bara en körning i taget skriver i en arbetskatalog.

Operativsystemets lås släpper av sig självt när en körning dör. Vem som håller det, och sedan när, står i en fil bredvid, så att
den som möts av låset vet vem hen ska fråga. Kan delningen inte låsa filer gäller den filen i stället, tills den är gammal.
"""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from kommunrapport.karna.fel import LastFel, UtmatningsFel

LASFIL, AGARFIL = ".kommunrapport.lock", ".kommunrapport.agare"
INAKTUELLT_EFTER = 12 * 3600.0
"""Sekunder efter vilka ett lås utan operativsystemets stöd räknas som kvarglömt."""

_HALLNA: set[Path] = set()
"""Arbetskatalogerna som den här processen håller."""


@dataclass(frozen=True)
class Agare:
    """Den som håller låset. ``sedan`` är sekunder sedan 1970."""

    dator: str
    process: int
    kommando: str
    sedan: float

    @property
    def alder(self) -> float:
        return max(0.0, time.time() - self.sedan)

    def __str__(self) -> str:
        return f"{self.kommando} på {self.dator} (process {self.process}), sedan {_i_ord(self.alder)}"


@contextmanager
def ensam(katalog: Path, kommando: str = "en körning") -> Iterator[Agare | None]:
    """Håller arbetskatalogen. Ger den förra ägaren när dess körning bröts av utan att släppa låset, annars inget.

    En körning som redan håller den får hålla den igen. Fel: LastFel när en annan körning håller den, UtmatningsFel när katalogen
    inte går att skriva i.
    """
    if katalog.resolve() in _HALLNA:
        yield None
        return
    las = FileLock(str(katalog / LASFIL), timeout=0)
    try:
        las.acquire()
    except Timeout as fel:
        raise _last(_agare(katalog)) from fel
    except NotImplementedError:
        _utan_systemlas(katalog)
    except OSError as fel:
        raise UtmatningsFel(f"Arbetskatalogen {katalog} går inte att skriva i. Kontrollera behörigheten.") from fel
    try:
        kvar = _agare(katalog)
        _HALLNA.add(katalog.resolve())
        _skriv_agare(katalog, Agare(socket.gethostname(), os.getpid(), kommando, time.time()))
        yield kvar
    finally:
        _HALLNA.discard(katalog.resolve())
        with contextlib.suppress(OSError):
            (katalog / AGARFIL).unlink(missing_ok=True)
        las.release()


def _utan_systemlas(katalog: Path) -> None:
    agare = _agare(katalog)
    if agare and agare.alder < INAKTUELLT_EFTER:
        raise _last(agare)


def _last(agare: Agare | None) -> LastFel:
    vem = f": {agare}" if agare else ""
    return LastFel(f"En annan körning håller arbetskatalogen{vem}. Vänta tills den är klar och kör igen.")


def _agare(katalog: Path) -> Agare | None:
    try:
        return Agare(**json.loads((katalog / AGARFIL).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _skriv_agare(katalog: Path, agare: Agare) -> None:
    """Ägaren är en upplysning: går den inte att skriva håller låset ändå."""
    with contextlib.suppress(OSError):
        (katalog / AGARFIL).write_text(json.dumps(asdict(agare), ensure_ascii=False), encoding="utf-8")


def _i_ord(sekunder: float) -> str:
    if sekunder < 120:
        return f"{sekunder:.0f} sekunder"
    return f"{sekunder / 60:.0f} minuter" if sekunder < 7200 else f"{sekunder / 3600:.0f} timmar"
