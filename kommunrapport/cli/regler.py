"""kommunrapport regler: visar reglerna som inlämningarna prövas mot."""

import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, hitta_katalog, tolka_period

NAMN = "regler"
KORT = "Visar reglerna och kommunens gränser."
HJALP = "Visar reglerna som inlämningarna prövas mot, blad för blad: kod, allvar, vad de kräver, kommunens gränser och vad de bygger på."
_BREDD = 110


def kor(
    koder: Annotated[list[str], typer.Argument(metavar="KOD", help="Bara reglerna med de koderna, till exempel KR405.")] = [],  # noqa: B006
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Reglerna som gäller perioden. Annars de senaste.")] = "",
    enhet: Annotated[str, typer.Option("--enhet", metavar="ENHET", help="Bara reglerna för den enhetens bok. Id eller namn.")] = "",
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Skriver hela katalogen som ett dokument.")] = False,
) -> None:
    tolkad, rot = tolka_period(period) if period else None, hitta_katalog(katalog)
    from kommunrapport import regelbok

    if markdown:
        typer.echo(regelbok.dokument(rot), nl=False)
        return
    regler = [r for r in regelbok.regler(rot, tolkad, enhet) if not koder or r["kod"] in {k.upper() for k in koder}]
    if som_json:
        typer.echo(json.dumps(regler, ensure_ascii=False, indent=1))
    else:
        for nr, (rubrik, egna) in enumerate(_per_blad(regler)):
            typer.secho(f"{chr(10) if nr else ''}{rubrik}", bold=True)
            if sys.stdout.isatty():
                _rik_tabell(egna)
            else:
                _som_text(egna)
    if not som_json and not koder:
        typer.echo("Anmärkningar som läsningen själv ger, till exempel om filer och tal, står i docs/regler.md.", err=True)


def _tillagg(r: Mapping[str, Any]) -> str:
    granser = ", ".join(f"{namn} = {'inte satt' if varde is None else varde}" for namn, varde in r["granser"].items())
    delar = [f"Gränser: {granser}." if granser else "", "" if r["anvands"] else "Används inte, eftersom gränsen inte är satt."]
    delar += [f"{r['lagrum']}." if r["lagrum"] else "", r["kalla"], f"Prövas till och med {r['prova']}." if r["prova"] else ""]
    text = " ".join(del_ for del_ in delar if del_)
    return f" {text}" if text else ""


def _per_blad(regler: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Reglerna under bladen de prövar, i den ordning de kommer."""
    grupper: dict[str, list[Mapping[str, Any]]] = {}
    for r in regler:
        grupper.setdefault(_rubrik(r["bladnamn"]), []).append(r)
    return list(grupper.items())


def _rubrik(namn: Sequence[str]) -> str:
    if not namn:
        return "Alla blad"
    if len(namn) == 1:
        return f"Bladet {namn[0]}"
    return f"Bladen {', '.join(namn[:-1])} och {namn[-1]}"


def _som_text(regler: Sequence[Mapping[str, Any]]) -> None:
    """En rad per regel och under den vad den kräver, bruten så att den går att läsa i ett fönster."""
    for r in regler:
        typer.echo(f"{r['kod']} {r['allvar'].upper()} {r['rubrik']}")
        text = f"{r['forklaring']} Gör så här: {r['gor_sa']}{_tillagg(r)}"
        typer.echo(textwrap.fill(text, _BREDD, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def _rik_tabell(regler: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kommunrapport.cli.utskrift import FARG

    tabell = Table(show_lines=False, pad_edge=False, expand=True)
    for rubrik, andel in (("Kod", 2), ("Allvar", 3), ("Regel", 9), ("Vad den kräver", 18)):
        tabell.add_column(rubrik, ratio=andel, overflow="fold")
    for r in regler:
        tabell.add_row(r["kod"], Text(r["allvar"], style=FARG[r["allvar"]]), Text(r["rubrik"]), Text(f"{r['forklaring']}{_tillagg(r)}"))
    Console().print(tabell)
