"""Uppgifter att ge arbetare. Modulen är lätt att importera, för varje ny process gör det."""

import os
from pathlib import Path


def sista_forsoket(fil: Path) -> str:
    """Gör så många försök som står i filen: de första dödar processen, det sista lyckas. En saknad fil är ett vanligt fel."""
    kvar = int(fil.read_text(encoding="utf-8"))
    fil.write_text(str(kvar - 1), encoding="utf-8")
    if kvar > 1:
        os._exit(9)
    return fil.name
