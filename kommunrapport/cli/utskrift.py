"""Anmärkningar på skärmen: tabeller på en terminal, vanlig text i en pipe eller logg."""

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer

FARG = {"stopp": "bold white on red", "fel": "bold red", "varning": "yellow", "upplysning": "cyan"}
MEST = 25
SPANN = 12
"""Så många celler eller spann av celler skrivs ut."""


def visa_anmarkningar(anmarkningar: Sequence[Mapping[str, Any]]) -> None:
    """Anmärkningarna på stderr, de värsta först och högst ett antal; resten står i filen."""
    _visa(anmarkningar[:MEST], err=True)
    if len(anmarkningar) > MEST:
        typer.echo(f"… och {len(anmarkningar) - MEST} till. Alla står i anmarkningar.xlsx.", err=True)


def visa_fil(fil: Mapping[str, str], anmarkningar: Sequence[Mapping[str, Any]]) -> None:
    """En prövad fils anmärkningar på stdout, de värsta först: alla, för att boken ska kunna rättas på en gång."""
    vem = ", ".join(del_ for del_ in (fil["enhet"], fil["period"]) if del_)
    rubrik = f"{vem}: {fil['fil']}" if vem and fil["fil"] else vem or fil["fil"]
    typer.secho(rubrik, bold=True)
    egen = bool(fil["fil"])
    rader = [{**a, "fil": "" if egen else a["fil"], "enhet": "" if egen and a["enhet"] == fil["enhet"] else a["enhet"]} for a in anmarkningar]
    _visa(_samlade(rader), err=False)
    typer.echo(f"{raknat(anmarkningar)}\n")


def _samlade(anmarkningar: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Samma anmärkning om flera enheter, utan cell, som en rad med alla enheter."""
    grupper: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for nr, a in enumerate(anmarkningar):
        lika = (a["kod"], a["fil"], a["mening"]) if not a["celler"] and a["enhet"] else (str(nr),)
        grupper.setdefault(lika, []).append(a)
    return [{**grupp[0], "enhet": ", ".join(str(a["enhet"]) for a in grupp)} for grupp in grupper.values()]


def raknat(anmarkningar: Sequence[Mapping[str, Any]]) -> str:
    """``2 fel, 1 varning``, eller att det inte finns något att anmärka på."""
    former = {"stopp": ("stopp", "stopp"), "fel": ("fel", "fel"), "varning": ("varning", "varningar"), "upplysning": ("upplysning", "upplysningar")}
    antal = {allvar: sum(1 for a in anmarkningar if a["allvar"] == allvar) for allvar in former}
    delar = [f"{n} {former[allvar][n > 1]}" for allvar, n in antal.items() if n]
    return f"{', '.join(delar)}." if delar else "Inget att anmärka på."


def _visa(anmarkningar: Sequence[Mapping[str, Any]], *, err: bool) -> None:
    strom = sys.stderr if err else sys.stdout
    if anmarkningar and strom.isatty():
        _rik_tabell(anmarkningar, err=err)
        return
    for a in anmarkningar:
        typer.echo(rad_av(a), err=err)


def rad_av(a: Mapping[str, Any]) -> str:
    """``FEL KR405 Socialnämnden, fil, Driftredovisning!I8: mening``."""
    var = ", ".join(del_ for del_ in (a["enhet"], a["fil"], plats_av(a), *_namn(a)) if del_)
    return f"{str(a['allvar']).upper()} {a['kod']} {var}{': ' if var else ''}{orden(a)}"


def orden(a: Mapping[str, Any]) -> str:
    """Meningen och vad som ska göras, eller svaret när anmärkningen är besvarad."""
    return f"{a['mening']} {'Besvarad: ' + a['svar'] if a['svar'] else a['gor_sa']}"


def _namn(a: Mapping[str, Any]) -> tuple[str, str]:
    """Radens och kolumnens namn; flera rader eller kolumner står i listan, inte på skärmen."""
    return ("", "") if len(a["celler"]) > 1 else (str(a["rad"]), str(a["kolumn"]))


def plats_av(a: Mapping[str, Any]) -> str:
    celler = list(a["celler"])
    spann = _spann(celler)
    kort = ", ".join(spann[:SPANN]) + (f" och {len(spann) - SPANN} till" if len(spann) > SPANN else "")
    return f"{a['blad']}!{kort}" if kort and a["blad"] else str(a["blad"] or kort)


def _spann(celler: Sequence[str]) -> list[str]:
    """Celler i följd i samma kolumn som ett spann: ``D6, D7, D8`` blir ``D6–D8``."""
    spann: list[list[str]] = []
    for cell in celler:
        if spann and _foljer(spann[-1][-1], cell):
            spann[-1].append(cell)
        else:
            spann.append([cell])
    return [s[0] if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spann]


def _foljer(forra: str, cell: str) -> bool:
    delar = [re.fullmatch(r"([A-Z]+)(\d+)", c) for c in (forra, cell)]
    (a, b) = delar
    return a is not None and b is not None and a[1] == b[1] and int(b[2]) == int(a[2]) + 1


def _rik_tabell(anmarkningar: Sequence[Mapping[str, Any]], *, err: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    tabell = Table(show_lines=False, pad_edge=False, expand=True)
    med_enhet = any(a["enhet"] for a in anmarkningar)
    for rubrik, andel in (("Allvar", 3), ("Kod", 2), *((("Enhet", 5),) if med_enhet else ()), ("Var", 6), ("Vad och hur", 16)):
        tabell.add_column(rubrik, ratio=andel, overflow="fold")
    for a in anmarkningar:
        var = "\n".join(del_ for del_ in (plats_av(a) or str(a["fil"]), *_namn(a)) if del_)
        enhet = [Text(str(a["enhet"]))] if med_enhet else []
        tabell.add_row(Text(str(a["allvar"]), style=FARG[str(a["allvar"])]), str(a["kod"]), *enhet, Text(var), Text(orden(a)))
    Console(stderr=err).print(tabell)
