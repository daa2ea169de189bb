"""Var tiden tar vägen i ``delar``: egen tid per paket, och hela tiden för varje steg som floden anropar.

``python -m prestanda.profil MAPP FIL`` kör kommandot under cProfile, som gör allt långsammare: bara andelarna säger något.
"""

import cProfile
import json
import pstats
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROT = Path(__file__).resolve().parents[1]
MINST = 0.01
"""Andelen av tiden under vilken ett paket eller ett steg inte visas."""


def main(argument: list[str]) -> int:
    """Kör kommandot och skriver andelarna som JSON."""
    profil = cProfile.Profile()
    sys.argv = ["kommunrapport", "delar", "--period", "2024-08", "--katalog", argument[0]]
    profil.enable()
    _kor()
    profil.disable()
    stats: Any = pstats.Stats(profil)
    svar = {"paket": _storst(_paket(stats.stats), stats.total_tt), "steg": _storst(_steg(stats.stats), stats.total_tt)}
    Path(argument[1]).write_text(json.dumps(svar), encoding="utf-8")
    return 0


def _kor() -> None:
    from kommunrapport import cli  # noqa: PLC0415  importerna ska vara med i profilen

    try:
        cli.main()
    except SystemExit as slut:
        if slut.code not in (0, None):
            raise


def _storst(tider: Counter[str], allt: float) -> list[tuple[str, float]]:
    return [(namn, tid / allt) for namn, tid in tider.most_common() if tid / allt >= MINST]


def _paket(stats: Any) -> Counter[str]:
    """Egen tid per paket; inbyggda funktioners tid hör till dem som anropar dem."""
    tider: Counter[str] = Counter()
    for (fil, _, _), (_, _, egen, _, anropare) in stats.items():
        if fil != "~":
            tider[_paketet(fil)] += egen
        for (fran, _, _), (_, _, tid, _) in anropare.items() if fil == "~" else ():
            tider[_paketet(fran)] += tid
    return tider


def _paketet(fil: str) -> str:
    delar = Path(fil).parts
    if "site-packages" in delar:
        return delar[delar.index("site-packages") + 1].removesuffix(".py")
    if "kommunrapport" in delar:
        under = delar[len(delar) - delar[::-1].index("kommunrapport") :]
        return f"kommunrapport/{under[0]}"
    if "importlib" in fil or len(delar) < 2:
        return "import av moduler" if "importlib" in fil else "Python, kod som görs i farten"
    return f"Python, {Path(fil).stem if delar[-2].startswith('python3') else delar[-2]}"


def _steg(stats: Any) -> Counter[str]:
    """Hela tiden i varje funktion som anropas direkt av floden, utanför floden."""
    tider: Counter[str] = Counter()
    floden = str(ROT / "kommunrapport" / "floden.py")
    for (fil, _, namn), (_, _, _, allt, anropare) in stats.items():
        if fil in (floden, "~") or (fil.startswith("<frozen") and namn != "_find_and_load"):
            continue
        if namn == "_find_and_load":
            tider["import av moduler"] += allt
            continue
        for (fran, _, _), (_, _, _, hel) in anropare.items():
            if fran == floden:
                tider[f"{Path(fil).stem}.{namn}"] += hel
    return tider


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
