"""Många arbetskataloger på skärmen: hur långt körningen har kommit, och en rad per kommun i listans ordning."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kommunrapport.cli.framsteg import Steg
from kommunrapport.karna.fel import Slutkod, gravaste

if TYPE_CHECKING:
    from kommunrapport.arbetare import Arbetare
    from kommunrapport.batch.bestallning import Besked, Bestallning


def kor_manga(bestallningar: Sequence["Bestallning"], arbetarna: "Arbetare", *, som_json: bool) -> Slutkod:
    """Kör dem, skriver kommunernas rader på stdout och räkningen på stderr, och ger den gravaste slutkoden."""
    from kommunrapport.arbetare import utfor
    from kommunrapport.batch.bestallning import besked_om, uteblivet

    start, beskeden = time.monotonic(), dict[int, "Besked"]()
    with _forlopp(beskeden, len(bestallningar), som_json=som_json) as visa:
        for plats, besked in utfor(besked_om, bestallningar, arbetarna):
            beskeden[plats] = uteblivet(bestallningar[plats], besked) if isinstance(besked, Exception) else besked
            visa()
    koder = [besked.kod for besked in beskeden.values()]
    utfall = ", ".join(f"{antal} {hur}" for (_, hur), antal in sorted(Counter((b.kod, b.hur) for b in beskeden.values()).items()))
    antal = "1 kommun" if len(koder) == 1 else f"{len(koder)} kommuner"
    typer.echo(f"{antal} på {time.monotonic() - start:.0f} s: {utfall}. Slutkod {int(gravaste(koder))}.", err=True)
    return gravaste(koder)


@contextmanager
def _forlopp(beskeden: Mapping[int, "Besked"], antal: int, *, som_json: bool) -> Iterator[Callable[[], None]]:
    """Ger det som ska anropas när ett besked har kommit. Raderna skrivs så snart alla före dem är klara; på en terminal efter förloppet."""
    skrivna = 0

    def skriv() -> None:
        nonlocal skrivna
        while skrivna in beskeden:
            besked = beskeden[skrivna]
            typer.echo(json.dumps(besked.som_data, ensure_ascii=False) if som_json else besked.som_text)
            skrivna += 1

    if not sys.stderr.isatty():
        yield skriv
        return
    steg = Steg(terminal=True)
    steg("Kommuner", 0, antal)
    try:
        yield lambda: steg("Kommuner", len(beskeden), antal)
    finally:
        steg.stang()
    skriv()
