"""Tiden och minnet för att läsa en SIE 4-fil med en miljon transaktioner, med och utan periodsaldon.

Skriver en tabell. Kvoten är mot att bara söka igenom samma fil med ett reguljärt uttryck i samma körning. Utan periodsaldon
måste transaktionerna summeras per månad och konto; sökningen hämtar då konto, belopp och datum.
"""

import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROT = Path(__file__).resolve().parents[1]
TRANSAKTIONER = 1_000_000
PER_VERIFIKATION = 3
GANGER = 5
KONTON = [*range(1010, 2999, 7), *range(3000, 8999, 11)]
RADER = re.compile(rb"^[ \t]*#(\w+)[^\r\n]*", re.MULTILINE)
FALT = re.compile(rb"#(?:TRANS[ \t]+(\d+)[ \t]+\{[^}]*\}[ \t]+(-?\d+)\.(\d\d)|VER[ \t]+\S+[ \t]+\S+[ \t]+(\d{8}))[^\r\n]*")


def main() -> int:
    """Mäter och skriver tabellen. Med argumenten läs eller sök och en fil: gör det en gång och skriver tid och minne."""
    if len(sys.argv) > 1:
        return _las(Path(sys.argv[2])) if sys.argv[1] == "läs" else _sok(Path(sys.argv[2]), sys.argv[1])
    print(f"Median av {GANGER} körningar, varje i en egen process. {TRANSAKTIONER} transaktioner.\n")
    print(f"| {'fil':20} |  MB | sekunder | sökning | kvot | MiB som mest |")
    print(f"|{'-' * 22}|----:|---------:|--------:|-----:|-------------:|")
    with tempfile.TemporaryDirectory() as mapp:
        for namn, monster in (("med periodsaldon", "rader"), ("bara verifikationer", "fält")):
            fil = Path(mapp) / "stor.se"
            with fil.open("w", encoding="cp437", newline="") as strom:
                strom.writelines(_rader(periodsaldon=monster == "rader"))
            (tid, minne), (sokning, _) = _median("läs", fil), _median(monster, fil)
            print(f"| {namn:20} | {fil.stat().st_size // 10**6:3} | {tid:8.2f} | {sokning:7.2f} | {tid / sokning:4.2f} | {minne:12.0f} |")
    return 0


def _rader(*, periodsaldon: bool) -> Iterator[str]:
    slump = random.Random(1)  # noqa: S311  bara provdata
    yield '#FLAGGA 0\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#PROGRAM "Prov" 1\r\n#GEN 20241231\r\n#FNAMN "Provköping Energi AB"\r\n'
    yield "#RAR 0 20240101 20241231\r\n"
    for konto in KONTON:
        yield f'#KONTO {konto} "Kontots namn på å, ä och ö"\r\n'
        yield f"#IB 0 {konto} {_belopp(slump)}\r\n#UB 0 {konto} {_belopp(slump)}\r\n" if konto < 3000 else f"#RES 0 {konto} {_belopp(slump)}\r\n"
        if periodsaldon:
            yield from (f"#PSALDO 0 2024{manad:02d} {konto} {{}} {_belopp(slump)}\r\n" for manad in range(1, 13))
    for nummer in range(TRANSAKTIONER // PER_VERIFIKATION + 1):
        yield f'#VER A {nummer + 1} 2024{slump.randint(1, 12):02d}{slump.randint(1, 28):02d} "Leverantörsfaktura" 20240902\r\n{{\r\n'
        for _ in range(PER_VERIFIKATION):
            yield f'   #TRANS {slump.choice(KONTON)} {{1 "{slump.randint(1, 99)}"}} {_belopp(slump)} "" "Faktura {nummer}"\r\n'
        yield "}\r\n"


def _belopp(slump: random.Random) -> str:
    return f"{slump.randint(-(10**7), 10**7) / 100:.2f}"


def _median(arbete: str, fil: Path) -> tuple[float, float]:
    """Mediantiden och det största minnet."""
    matt = [_en_gang(arbete, fil) for _ in range(GANGER)]
    return statistics.median(tid for tid, _ in matt), max(minne for _, minne in matt)


def _en_gang(arbete: str, fil: Path) -> tuple[float, float]:
    svar = subprocess.run([sys.executable, __file__, arbete, str(fil)], cwd=ROT, check=True, capture_output=True, text=True)
    tid, minne = svar.stdout.split()
    return float(tid), float(minne)


def _las(fil: Path) -> int:
    from kommunrapport.inlasning.sie.lasare import las_sie  # noqa: PLC0415  bara i den mätta processen
    from kommunrapport.inlasning.sie.periodsaldo import periodens_saldon  # noqa: PLC0415
    from kommunrapport.karna.period import Period  # noqa: PLC0415

    start = time.perf_counter()
    if not periodens_saldon(las_sie(fil), Period(2024, 8)).satt:
        return 1
    return _skriv(start)


def _sok(fil: Path, monster: str) -> int:
    data = fil.read_bytes()
    start = time.perf_counter()
    if monster == "rader":
        for _ in RADER.finditer(data):
            pass
    else:
        FALT.findall(data)
    return _skriv(start)


def _skriv(start: float) -> int:
    import resource  # noqa: PLC0415  finns inte i Windows

    print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


if __name__ == "__main__":
    sys.exit(main())
