"""Mätningen: varje fall i en egen process, fallen omväxlande i varv, medianer, och kvoter inom samma varv.

Maskinens fart växlar mellan minuterna, och den delas ofta med annat. Därför jämförs bara det som har mätts i samma varv.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

ROT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Matt:
    """Sekunder på klockan, sekunder i processorn och största minne (ru_maxrss) i MiB; noll där systemet inte kan säga det."""

    tid: float
    processor: float
    minne: float


@dataclass(frozen=True)
class Fall:
    """Något att mäta: argumenten till Python, och det som görs före varje gång utan att mätas."""

    argument: Sequence[str]
    fore: Callable[[], object] = lambda: None
    tid_ur: Path | None = None
    """Fil som fallet skriver sina egna sekunder till, klockans och processorns, när start och importer inte ska räknas."""
    slutkoder: tuple[int, ...] = (0,)


Matten: TypeAlias = dict[str, list[Matt]]


@dataclass
class Matning:
    """Alla mätta fall, i den ordning de mättes."""

    matt: Matten = field(default_factory=dict)

    def varva(self, fallen: Mapping[str, Fall], varv: int) -> None:
        """Kör alla fall en gång i taget, så många varv. Fel: RuntimeError när ett fall inte går."""
        for nummer in range(varv):
            for namn, fall in fallen.items():
                matt = kor(fall)
                self.matt.setdefault(namn, []).append(matt)
                print(
                    f"  varv {nummer + 1}: {namn}: {matt.tid:.2f} s, i processorn {matt.processor:.2f} s, {matt.minne:.0f} MiB",
                    file=sys.stderr,
                    flush=True,
                )

    def tid(self, namn: str) -> float:
        """Mediantiden i sekunder."""
        return statistics.median(m.tid for m in self.matt[namn])

    def processor(self, namn: str) -> float:
        """Medianen av sekunderna i processorn."""
        return statistics.median(m.processor for m in self.matt[namn])

    def minne(self, namn: str) -> float:
        """Det största minnet i MiB."""
        return max(m.minne for m in self.matt[namn])

    def kvot(self, taljare: str, namnare: str) -> float:
        """Medianen av varvens kvoter, på klockan."""
        return statistics.median(a.tid / b.tid for a, b in self._par(taljare, namnare))

    def processorkvot(self, taljare: str, namnare: str) -> float:
        """Medianen av varvens kvoter, i processorn; noll där systemet inte kan säga det."""
        return statistics.median(a.processor / b.processor if b.processor else 0.0 for a, b in self._par(taljare, namnare))

    def _par(self, taljare: str, namnare: str) -> list[tuple[Matt, Matt]]:
        return list(zip(self.matt[taljare], self.matt[namnare], strict=False))


def kor(fall: Fall) -> Matt:
    """Ett fall en gång. Fel: RuntimeError med det som skrevs, när slutkoden inte är väntad."""
    fall.fore()
    miljo = {**os.environ, "PYTHONPATH": str(ROT)}
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *fall.argument], cwd=ROT, env=miljo, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        skrivet = process.stderr.read() if process.stderr else b""
        kod, processor, minne = _vanta(process)
    tid = time.perf_counter() - start
    if kod not in fall.slutkoder:
        raise RuntimeError(f"{' '.join(fall.argument)} slutade med {kod}:\n{skrivet.decode(errors='replace')[-2000:]}")
    if fall.tid_ur:
        tid, processor = map(float, fall.tid_ur.read_text(encoding="utf-8").split())
    return Matt(tid, processor, minne)


def _vanta(process: "subprocess.Popen[bytes]") -> tuple[int, float, float]:
    if not hasattr(os, "wait4"):
        return process.wait(), 0.0, 0.0
    _, status, anvant = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, anvant.ru_utime + anvant.ru_stime, anvant.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


@dataclass
class Ur:
    """Ett ur i den mätta processen: klockans och processorns sekunder sedan det gjordes."""

    start: tuple[float, float] = field(default_factory=lambda: (time.perf_counter(), time.process_time()))

    def avlast(self, delat_med: int = 1) -> str:
        """De två tiderna, så som ``tid_ur`` läses."""
        return f"{(time.perf_counter() - self.start[0]) / delat_med} {(time.process_time() - self.start[1]) / delat_med}"
