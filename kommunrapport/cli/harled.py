"""kommunrapport harled: visar varifrån en siffra i rapporten kommer."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period

if TYPE_CHECKING:
    from kommunrapport.berakning.rakna import Nod

NAMN = "harled"
KORT = "Visar varifrån en siffra kommer."
HJALP = "Visar varifrån en siffra kommer: stegen ner till fil, blad och cell. Utan rad och kolumn visas vad som finns."


def kor(
    period: Periodflagga,
    tabell: Annotated[str, typer.Argument(metavar="TABELL", help="Tabellens id, till exempel drift.")] = "",
    rad: Annotated[str, typer.Argument(metavar="RAD", help="Radens id eller namn, till exempel Socialnämnden.")] = "",
    kolumn: Annotated[str, typer.Argument(metavar="KOLUMN", help="Kolumnens id eller rubrik, till exempel prognos.")] = "",
    djup: Annotated[int, typer.Option("--djup", metavar="ANTAL", help="Visar bara så många steg ner. Annars alla.")] = 99,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    from kommunrapport import floden
    from kommunrapport.rapport.spar import nod_som_data

    nod = floden.harled(rot, tolkad, tabell, rad, kolumn)
    if som_json:
        typer.echo(json.dumps(nod_som_data(nod), ensure_ascii=False, indent=1))
        return
    _skriv(nod, "", djup, sist=True, rot=True)


def _skriv(nod: "Nod", indrag: str, djup: int, *, sist: bool, rot: bool = False) -> None:
    gren = "" if rot else "└─ " if sist else "├─ "
    typer.echo(f"{indrag}{gren}{_rad(nod)}")
    under = indrag if rot else indrag + ("   " if sist else "│  ")
    for nr, del_ in enumerate(nod.delar if djup > 0 else ()):
        _skriv(del_, under, djup - 1, sist=nr == len(nod.delar) - 1)


def _rad(nod: "Nod") -> str:
    from kommunrapport.karna.sprak import formatera

    exakt = f" ({formatera(nod.varde, 2)} kr)" if nod.slag == "belopp" and nod.varde is not None and not nod.kalla else ""
    text = f" ({nod.text})" if nod.text and nod.visas else ""
    return f"{nod.etikett} = {nod.visas or nod.text or 'uppgift saknas'}{exakt}{text}  [{nod.kalla or nod.steg}]"
