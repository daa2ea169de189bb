"""``python -m prestanda [MAPP] [--hogst ANTAL] [--varv N]``: mäter allt, skriver tabellen och ``docs/prestanda.md``.

MAPP, eller miljövariabeln ``KOMMUNRAPPORT_PRESTANDA``, är där kommunerna görs; finns de redan används de igen. Annars en mapp bland de tillfälliga.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from prestanda import andra, delar, sida
from prestanda.mal import FORVALT, SMA
from prestanda.matning import ROT, Fall, Matning, kor


def main() -> int:
    """Mäter och skriver. Fel: RuntimeError när ett fall inte går eller en väg får fel summor."""
    val = _val()
    mapp = Path(val.mapp)
    mapp.mkdir(parents=True, exist_ok=True)
    print(f"Mäter i {mapp}. Det tar en kvart upp till 300 inlämningar, en halvtimme upp till 2 000.", file=sys.stderr)
    matning, profil, plats = Matning(), mapp / "profil.json", delar.Plats(mapp, SMA)
    delar.mat(matning, mapp, varv=val.varv, hogst=val.hogst)
    andra.mat(matning, mapp, varv=val.varv, hogst=val.hogst)
    kor(Fall(["-m", "prestanda.profil", str(plats.katalog), str(profil)], plats.aterstall))
    print(sida.mal_tabell(matning))
    sida.skriv(ROT / "docs" / "prestanda.md", matning, mapp, profil, hogst=val.hogst)
    return 0


def _val() -> argparse.Namespace:
    val = argparse.ArgumentParser(description="Mäter kommunrapport mot vanliga vägar och skriver docs/prestanda.md.")
    forvald = os.environ.get("KOMMUNRAPPORT_PRESTANDA", str(Path(tempfile.gettempdir()) / "kommunrapport-prestanda"))
    val.add_argument("mapp", nargs="?", default=forvald, help="där kommunerna görs")
    val.add_argument("--hogst", type=int, default=FORVALT, help="mäter inte kommuner med fler inlämningar")
    val.add_argument("--varv", type=int, default=3, help="hur många gånger varje fall körs")
    return val.parse_args()


if __name__ == "__main__":
    sys.exit(main())
