"""Tiden för att pröva en bok och en hel period, som medianer och kvoter i en och samma körning.

Skriver en tabell. Kvoten är mot att bara starta Python och importera biblioteken som prövningen använder.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROT = Path(__file__).resolve().parents[1]
PERIOD = "2024-08"
GANGER = 7
BIBLIOTEK = "import pandas, pydantic, python_calamine, lxml.etree, typer, xlsxwriter"


def main() -> int:
    """Mäter och skriver tabellen."""
    bocker = sorted((ROT / "data/inlamnat" / PERIOD).glob("*.xlsx"))
    prov = {
        "bara biblioteken": ["-c", BIBLIOTEK],
        "regler": ["-m", "kommunrapport", "regler", "--period", PERIOD],
        "validera, 1 bok": ["-m", "kommunrapport", "validera", str(bocker[0])],
        f"validera, {len(bocker)} böcker (hela perioden)": ["-m", "kommunrapport", "validera", "--period", PERIOD],
    }
    medianer = {namn: _median(argument) for namn, argument in prov.items()}
    grund = medianer["bara biblioteken"]
    print(f"Median av {GANGER} körningar, varje i en egen process.\n")
    print(f"| {'prov':42} | sekunder | mot biblioteken |")
    print(f"|{'-' * 44}|---------:|----------------:|")
    for namn, tid in medianer.items():
        print(f"| {namn:42} | {tid:8.2f} | {tid / grund:15.2f} |")
    return 0


def _median(argument: list[str]) -> float:
    return statistics.median(_en_gang(argument) for _ in range(GANGER))


def _en_gang(argument: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *argument], cwd=ROT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
