"""``python -m prestanda [MAPP] [--stora] [--varv N]``: mäter allt, skriver tabellen och ``docs/prestanda.md``.

MAPP, eller miljövariabeln ``KOMMUNRAPPORT_PRESTANDA``, är där kommunerna görs; finns de redan används de igen. Annars en mapp bland de tillfälliga.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from prestanda import andra, delar, sida
from prestanda.mal import SMA
from prestanda.matning import ROT, Fall, Matning, kor


def main() -> int:
    """Mäter och skriver. Fel: RuntimeError när ett fall inte går eller en väg får fel summor."""
    val = _val()
    mapp = Path(val.mapp)
    mapp.mkdir(parents=True, exist_ok=True)
    print(f"Mäter i {mapp}. Det tar tio minuter{', med 2 000 inlämningar en halvtimme' if val.stora else ''}.", file=sys.stderr)
    matning, profil, plats = Matning(), mapp / "profil.json", delar.Plats(mapp, SMA)
    delar.mat(matning, mapp, varv=val.varv, stora=val.stora)
    andra.mat(matning, mapp, varv=val.varv)
    kor(Fall(["-m", "prestanda.profil", str(plats.katalog), str(profil)], plats.aterstall))
    print(sida.mal_tabell(matning))
    sida.skriv(ROT / "docs" / "prestanda.md", matning, mapp, profil, stora=val.stora)
    return 0


def _val() -> argparse.Namespace:
    val = argparse.ArgumentParser(description="Mäter kommunrapport mot vanliga vägar och skriver docs/prestanda.md.")
    forvald = os.environ.get("KOMMUNRAPPORT_PRESTANDA", str(Path(tempfile.gettempdir()) / "kommunrapport-prestanda"))
    val.add_argument("mapp", nargs="?", default=forvald, help="där kommunerna görs")
    val.add_argument("--stora", action="store_true", help="mäter också 2 000 inlämningar")
    val.add_argument("--varv", type=int, default=3, help="hur många gånger varje fall körs")
    return val.parse_args()


if __name__ == "__main__":
    sys.exit(main())
