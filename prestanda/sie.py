"""Att läsa en SIE 4-fil med en miljon transaktioner, med och utan periodsaldon, mot att bara söka igenom samma fil.

Utan periodsaldon måste transaktionerna summeras per månad och konto; sökningen hämtar då konto, belopp och datum.
``python -m prestanda.sie skriv|läs|sök rader|fält FIL [TID]``
"""

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from prestanda.matning import Ur

TRANSAKTIONER = 1_000_000
PER_VERIFIKATION = 3
KONTON = [*range(1010, 2999, 7), *range(3000, 8999, 11)]
RADER = re.compile(rb"^[ \t]*#(\w+)[^\r\n]*", re.MULTILINE)
FALT = re.compile(rb"#(?:TRANS[ \t]+(\d+)[ \t]+\{[^}]*\}[ \t]+(-?\d+)\.(\d\d)|VER[ \t]+\S+[ \t]+\S+[ \t]+(\d{8}))[^\r\n]*")


def main(argument: list[str]) -> int:
    """Skriver filen, eller läser eller söker igenom den en gång och skriver tiden."""
    arbete, slag, fil = argument[0], argument[1], Path(argument[2])
    if arbete == "skriv":
        with fil.open("w", encoding="cp437", newline="") as strom:
            strom.writelines(_rader(periodsaldon=slag == "rader"))
        return 0
    tid = _las(fil) if arbete == "läs" else _sok(fil, slag)
    Path(argument[3]).write_text(tid, encoding="utf-8")
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


def _las(fil: Path) -> str:
    from kommunrapport.inlasning.sie.lasare import las_sie  # noqa: PLC0415  bara i den mätta processen
    from kommunrapport.inlasning.sie.periodsaldo import periodens_saldon  # noqa: PLC0415
    from kommunrapport.karna.period import Period  # noqa: PLC0415

    ur = Ur()
    if not periodens_saldon(las_sie(fil), Period(2024, 8)).satt:
        raise RuntimeError("SIE-filen gav inga saldon.")
    return ur.avlast()


def _sok(fil: Path, slag: str) -> str:
    data = fil.read_bytes()
    ur = Ur()
    if slag == "rader":
        for _ in RADER.finditer(data):
            pass
    else:
        FALT.findall(data)
    return ur.avlast()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
