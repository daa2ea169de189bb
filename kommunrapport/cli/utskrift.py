"""Utskrift: tabeller på en terminal, vanlig text i en pipe eller logg."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer

FARG = {"stopp": "bold white on red", "fel": "bold red", "varning": "yellow", "upplysning": "cyan"}
MEST = 25


def visa_anmarkningar(anmarkningar: Sequence[Mapping[str, Any]]) -> None:
    """Anmärkningarna på stderr, de värsta först och högst ett antal; resten står i filen."""
    visade = anmarkningar[:MEST]
    if visade and sys.stderr.isatty():
        _rik_tabell(visade)
    else:
        for a in visade:
            typer.echo(rad_av(a), err=True)
    if len(anmarkningar) > MEST:
        typer.echo(f"… och {len(anmarkningar) - MEST} till. Alla står i anmarkningar.xlsx.", err=True)


def rad_av(a: Mapping[str, Any]) -> str:
    """``FEL KR405 Socialnämnden, fil, Driftredovisning!I8: mening``."""
    var = ", ".join(del_ for del_ in (a["enhet"], a["fil"], plats_av(a), a["rad"], a["kolumn"]) if del_)
    return f"{str(a['allvar']).upper()} {a['kod']} {var}: {a['mening']} {a['gor_sa']}"


def plats_av(a: Mapping[str, Any]) -> str:
    celler = list(a["celler"])
    kort = ", ".join(celler[:4]) + (f" och {len(celler) - 4} till" if len(celler) > 4 else "")
    return f"{a['blad']}!{kort}" if kort and a["blad"] else str(a["blad"] or kort)


def _rik_tabell(anmarkningar: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    tabell = Table(show_lines=False, pad_edge=False, expand=True)
    for rubrik, andel in (("Allvar", 3), ("Kod", 2), ("Enhet", 5), ("Var", 6), ("Vad och hur", 16)):
        tabell.add_column(rubrik, ratio=andel, overflow="fold")
    for a in anmarkningar:
        var = "\n".join(del_ for del_ in (plats_av(a) or str(a["fil"]), str(a["rad"]), str(a["kolumn"])) if del_)
        text = f"{a['mening']} {a['gor_sa']}"
        tabell.add_row(Text(str(a["allvar"]), style=FARG[str(a["allvar"])]), str(a["kod"]), Text(str(a["enhet"])), Text(var), Text(text))
    Console(stderr=True).print(tabell)
