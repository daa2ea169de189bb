"""Kommandoraden: varje kommando tolkar flaggor, anropar floden, skriver ut och ger en slutkod.

Modulerna här importerar inget tungt på modulnivå, så att ``--help`` svarar direkt.
"""

import os
import sys

import typer

from kommunrapport.cli import (
    arkiv,
    arshjul,
    arsredovisning,
    batch,
    bokslutskommunike,
    delar,
    exportera,
    faststall,
    granska,
    harled,
    importera,
    jamfor,
    jamfor_kommuner,
    klarmarkera,
    lagesbild,
    mall,
    mall_granska,
    manad,
    ny,
    regler,
    status,
    svenska,
    uppsikt,
    validera,
)
from kommunrapport.karna.fel import KommunrapportFel, Slutkod
from kommunrapport.karna.minne import samla_sallan

app = typer.Typer(
    name="kommunrapport",
    help="Läser nämndernas och bolagens inlämningar, kontrollerar dem och skriver kommunens rapporter.",
    cls=svenska.Grupp,
    rich_markup_mode=None,
    add_completion=False,
    epilog="Slutkoder: 0 klart, 1 internt fel, 2 fel användning, 3 inlämningar saknas eller uppgifter gick inte att hämta, 4 fel i inlämningarna, "
    "5 fel i mall eller kommun.toml, 6 utfilen gick inte att skriva, 7 en annan körning pågår.",
)
for kommando in (
    ny,
    arshjul,
    mall,
    mall_granska,
    validera,
    klarmarkera,
    status,
    manad,
    delar,
    bokslutskommunike,
    arsredovisning,
    lagesbild,
    uppsikt,
    faststall,
    harled,
    jamfor,
    jamfor_kommuner,
    regler,
    granska,
    exportera,
    batch,
):
    app.command(cls=svenska.Kommando, name=kommando.NAMN, help=kommando.HJALP, short_help=kommando.KORT)(kommando.kor)
app.add_typer(arkiv.grupp, name=arkiv.NAMN)
app.add_typer(importera.grupp, name=importera.NAMN)


@app.callback(invoke_without_command=True)
def _allmant(
    ctx: typer.Context,
    version: bool = typer.Option(False, "--version", help="Visar versionen."),
    felsok: bool = typer.Option(False, "--felsok", help="Visar tekniska detaljer när något går fel."),  # noqa: ARG001  läses i main
) -> None:
    if version:
        raise typer.Exit(_visa_versionen())
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _visa_versionen() -> int:
    from kommunrapport import __version__

    typer.echo(f"kommunrapport {__version__}")
    return int(Slutkod.KLART)


_AVBRUTET = 130
"""Slutkoden efter Ctrl+C; typer ger den i stället för avbrottet."""


def main() -> None:
    """Kör kommandoraden och avslutar med en slutkod."""
    for strom in (sys.stdout, sys.stderr):
        if hasattr(strom, "reconfigure"):
            strom.reconfigure(encoding="utf-8", errors="replace")
    argument = [a for a in sys.argv[1:] if a != "--felsok"]
    samla_sallan()
    felsok = len(argument) < len(sys.argv) - 1 or bool(os.environ.get("KOMMUNRAPPORT_FELSOK"))
    sys.exit(_kor(argument, felsok=felsok))


def _kor(argument: list[str], *, felsok: bool) -> int:
    try:
        if argument == ["--version"]:  # typer laddar pydantic så fort en flagga tolkas
            return _visa_versionen()
        kod = int(app(argument, prog_name="kommunrapport", standalone_mode=False) or 0)
    except KommunrapportFel as fel:
        if felsok:
            raise
        for rad in fel.rader:
            typer.echo(rad, err=True)
        return int(fel.slutkod)
    except KeyboardInterrupt:
        kod = _AVBRUTET
    except Exception as fel:
        mening = svenska.anvandningsfel(fel)
        if mening:
            typer.echo(mening, err=True)
            return int(Slutkod.ANVANDNING)
        if felsok:
            raise
        typer.echo(f"Internt fel: {type(fel).__name__}: {fel}", err=True)
        typer.echo("Det är ett fel i programmet. Kör igen med --felsok för detaljer att bifoga felrapporten.", err=True)
        return int(Slutkod.INTERNT)
    if kod == _AVBRUTET:
        typer.echo("Avbrutet.", err=True)
    return kod
