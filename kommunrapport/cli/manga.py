"""Många arbetskataloger på skärmen: hur långt körningen har kommit, och en rad per kommun i listans ordning."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kommunrapport.karna.fel import Slutkod

if TYPE_CHECKING:
    from kommunrapport.arbetare import Arbetare
    from kommunrapport.batch.uppdrag import Svar, Uppdrag


def kor_manga(uppdragen: Sequence["Uppdrag"], arbetarna: "Arbetare", *, som_json: bool) -> Slutkod:
    """Kör dem, skriver kommunernas rader på stdout och räkningen på stderr, och ger den gravaste slutkoden."""
    from kommunrapport.arbetare import utfor
    from kommunrapport.batch.uppdrag import I_ORD, gravaste, svara, uteblivet

    start, svaren = time.monotonic(), dict[int, "Svar"]()
    with _forlopp(svaren, len(uppdragen), som_json=som_json) as visa:
        for plats, svar in utfor(svara, uppdragen, arbetarna):
            svaren[plats] = uteblivet(uppdragen[plats], svar) if isinstance(svar, Exception) else svar
            visa()
    koder = [svar.kod for svar in svaren.values()]
    utfall = ", ".join(f"{antal} {I_ORD[kod]}" for kod, antal in sorted(Counter(koder).items()))
    typer.echo(f"{len(koder)} kommuner på {time.monotonic() - start:.0f} s: {utfall}. Slutkod {int(gravaste(koder))}.", err=True)
    return gravaste(koder)


@contextmanager
def _forlopp(svaren: Mapping[int, "Svar"], antal: int, *, som_json: bool) -> Iterator[Callable[[], None]]:
    """Ger det som ska anropas när ett svar har kommit. Raderna skrivs så snart alla före dem är klara; på en terminal efter förloppet."""
    skrivna = 0

    def skriv() -> None:
        nonlocal skrivna
        while skrivna in svaren:
            svar = svaren[skrivna]
            typer.echo(json.dumps(svar.som_data, ensure_ascii=False) if som_json else svar.som_text)
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
        yield lambda: forlopp.update(rad, completed=len(svaren), takt=f"{60 * len(svaren) / (time.monotonic() - start):.1f} per minut")
    skriv()
