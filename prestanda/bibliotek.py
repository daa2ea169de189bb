"""Biblioteken som ett kommando importerar: ``skriv FIL ARGUMENT …`` kör kommandot och skriver namnen, ``importera FIL`` importerar dem."""

import importlib
import sys
from pathlib import Path


def _skriv(fil: Path, argument: list[str]) -> int:
    from kommunrapport import cli  # noqa: PLC0415  så att dess importer räknas

    sys.argv = ["kommunrapport", *argument]
    try:
        cli.main()
    except SystemExit as slut:
        if slut.code not in (0, None):
            raise
    namn = [m for m in sys.modules if not m.startswith(("kommunrapport", "prestanda", "__"))]
    fil.write_text("\n".join(namn), encoding="utf-8")
    return 0


def _importera(fil: Path) -> int:
    for namn in fil.read_text(encoding="utf-8").split():
        try:
            importlib.import_module(namn)
        except ImportError:  # gjord av ett bibliotek i farten, till exempel six.moves
            continue
    return 0


if __name__ == "__main__":
    sys.exit(_skriv(Path(sys.argv[2]), sys.argv[3:]) if sys.argv[1] == "skriv" else _importera(Path(sys.argv[2])))
