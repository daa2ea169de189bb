"""Många arbetskataloger på skärmen: hur långt körningen har kommit, och en rad per kommun i listans ordning."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

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
    typer.echo(f"{len(koder)} kommuner på {time.monotonic() - start:.0f} s: {utfall}. Slutkod {int(gravaste(koder))}.", err=True)
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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    start = time.monotonic()
    kolumner = ("Kommuner", BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[takt]}"), TimeRemainingColumn(), "kvar")
    with Progress(*kolumner, console=Console(stderr=True), transient=True, speed_estimate_period=3600) as forlopp:
        rad = forlopp.add_task("", total=antal, takt="")
        yield lambda: forlopp.update(rad, completed=len(beskeden), takt=f"{60 * len(beskeden) / (time.monotonic() - start):.1f} per minut")
    skriv()
