"""Det gemensamma för de andra vägarna: vilka böcker de läser, hur mycket de skriver och vad de lämnar efter sig."""

import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

MARKE = "kommunrapport:"
"""Inleder första cellen i ett blad med uppgifter; sedan kommer tabellens namn och version."""
KALLOR = 50_000
"""Ett blad med så många celler är bladet Källor."""


def bocker(mapp: Path) -> Iterator[tuple[str, Path]]:
    """Alla inlämnade böcker med sin period."""
    yield from ((fil.parent.name, fil) for fil in sorted(mapp.glob("inlamnat/*/*.xlsx")))


def tabellnamn(cell: object) -> str:
    """Tabellens namn ur bladets första cell."""
    return str(cell).split(":")[1]


@dataclass
class Korning:
    """En körning av en väg: omfånget som ska skrivas, och tiden för varje del."""

    mapp: Path
    ut: Path
    omfang: Mapping[str, Any]
    delar: dict[str, float] = field(default_factory=dict)
    _start: float = field(default_factory=time.perf_counter)

    @classmethod
    def av(cls, argument: list[str], import_start: float) -> "Korning":
        """Av kommandoraden MAPP UT OMFÅNG [utan-källor]. Tiden sedan ``import_start`` är importerna."""
        mapp, ut, fil, *val = argument
        omfang = json.loads(Path(fil).read_text(encoding="utf-8"))
        if "utan-källor" in val:
            omfang["excel"]["blad"] = [b for b in omfang["excel"]["blad"] if b[0] * b[1] < KALLOR]
        Path(ut).mkdir(parents=True, exist_ok=True)
        korning = cls(Path(mapp), Path(ut), omfang)
        korning.delar["import"] = korning._start - import_start
        return korning

    def klar(self, namn: str) -> None:
        """Delen är klar; nästa börjar."""
        nu = time.perf_counter()
        self.delar[namn] = nu - self._start
        self._start = nu

    def avsluta(self, summor: Iterable[tuple[Any, Any]]) -> None:
        """Skriver summorna i öre, ur tkr, och delarnas tider."""
        ore = {"|".join(nyckel): round(float(belopp) * 100_000) for nyckel, belopp in summor}
        (self.ut / "svar.json").write_text(json.dumps({"summor": ore, "delar": self.delar}), encoding="utf-8")


def siffror(summor: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, float]]:
    """Etiketter och belopp i oändlighet, att fylla tabellerna med."""
    return itertools.cycle([(f"{tabell} {rad}, {kolumn}", float(belopp)) for (_, tabell, rad, kolumn), belopp in summor])


def tal(belopp: float) -> str:
    """Beloppet i mnkr så som det skrivs i rapporten."""
    return f"{belopp / 1000:,.1f}".replace(",", " ").replace(".", ",").replace("-", "−")


def hela_vagen(
    argument: list[str],
    import_start: float,
    las: Callable[[Korning], pd.DataFrame],
    skriv_excel: Callable[[Korning, pd.Series], None],
    skriv_word: Callable[[Korning, pd.Series], None],
) -> int:
    """Läser, summerar en gång och skriver, med tiden för varje del."""
    k = Korning.av(argument, import_start)
    tabell = las(k)
    k.klar("läsa")
    summor = tabell.groupby(["period", "tabell", "rad", "kolumn"])["varde"].sum()
    k.klar("räkna")
    skriv_excel(k, summor)
    k.klar("excel")
    skriv_word(k, summor)
    k.klar("word")
    k.avsluta(summor.items())
    return 0
