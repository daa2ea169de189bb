"""kommunrapport importera: tar in filer från andra system bland periodens inlämningar."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommunrapport.cli import svenska
from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period

if TYPE_CHECKING:
    from kommunrapport.importering import Import, Importrad

NAMN = "importera"
_SATT = {
    "saldon": "filens saldon",
    "periodsaldon": "ingående balans och månadernas saldon",
    "verifikationer": "ingående balans och verifikationer",
}

grupp = typer.Typer(
    cls=svenska.Grupp,
    rich_markup_mode=None,
    help="Tar in filer från andra system bland periodens inlämningar.",
    short_help="Tar in filer från andra system, till exempel SIE.",
)


@grupp.callback(invoke_without_command=True)
def _allmant(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@grupp.command(
    "sie",
    cls=svenska.Kommando,
    help="Läser en SIE-fil (typ 1, 2, 3 eller 4E), visar vad som hamnar på vilken rad och lägger filen, oförändrad, i periodens mapp "
    "under inlamnat/. En fil som inte går att använda läggs inte där.",
    short_help="Läser en SIE-fil och lägger den i inlamnat/.",
)
def sie(
    fil: Annotated[str, typer.Argument(metavar="FIL", help="SIE-filen ur ekonomisystemet.")],
    enhet: Annotated[str, typer.Option("--enhet", metavar="ENHET", help="Enheten som filen gäller. Id eller namn.")],
    period: Periodflagga,
    ersatt: Annotated[bool, typer.Option("--ersatt", help="Ersätter en annan SIE-fil med samma namn i mappen.")] = False,
    torr: Annotated[bool, typer.Option("--torr", help="Visar bara; ingenting läggs i mappen.")] = False,
    kontokarta: Annotated[
        bool,
        typer.Option(
            "--kontokarta",
            help="Skriver i stället konto för konto, som CSV, vilken rad det hör till: en början till en egen kontokarta. "
            "Ingenting läggs i mappen. Beloppen är debet plus och kredit minus.",
        ),
    ] = False,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period), hitta_katalog(katalog, fil)
    from kommunrapport import importering

    i = importering.las(rot, Path(fil), enhet, tolkad)
    if kontokarta and not som_json:
        typer.echo(importering.kontokarta_av(i), nl=False)
        _visa_anmarkningar(i, err=True)
        raise typer.Exit(int(i.slutkod))
    if not som_json:
        _visa(i)
    if not (torr or kontokarta):
        i = importering.lagg(i, Path(fil), ersatt=ersatt)
    typer.echo(json.dumps(_som_data(i), ensure_ascii=False, indent=1) if som_json else _var(i, torr=torr))
    raise typer.Exit(int(i.slutkod))


def _visa(i: "Import") -> None:
    satt = _SATT.get(i.bokforing.lasning.saldon.satt, "") if i.bokforing else ""
    typer.secho(f"{i.enhet.namn}, {i.period.namn}: {i.fil}{f' ({satt})' if satt else ''}", bold=True)
    blad = list(dict.fromkeys((r.blad, r.kolumn) for r in i.rader))
    for namn, kolumn in blad:
        _tabell(f"{namn}, {kolumn}", [r for r in i.rader if r.blad == namn])
    omappade = i.bokforing.lasning.omappade if i.bokforing else ()
    if omappade and i.bokforing:
        typer.echo(f"\nKonton utan rad i {i.bokforing.karta.fil} (debet plus, kredit minus):")
        for o in omappade:
            typer.echo(f"  {o.konto} {o.namn}: {_kronor(o.ore)} kr, {o.cell}")
    typer.echo("")
    _visa_anmarkningar(i, err=False)


def _visa_anmarkningar(i: "Import", *, err: bool) -> None:
    from kommunrapport.cli.utskrift import rad_av, raknat

    data = _anmarkningar(i)
    for a in data:
        typer.echo(rad_av({**a, "enhet": "", "fil": ""}), err=err)
    typer.echo(raknat(data), err=err)


def _tabell(titel: str, rader: "list[Importrad]") -> None:
    belopp = {r.rad: "" if r.ore is None else _kronor(r.ore) for r in rader}
    if sys.stdout.isatty():
        _rik_tabell(titel, rader, belopp)
        return
    bredd, tal = max(len(r.namn) for r in rader), max(len("kronor"), *map(len, belopp.values()))
    typer.echo(f"\n{titel}\n{'':{bredd}}  {'kronor':>{tal}}  konton")
    for r in rader:
        typer.echo(f"{r.namn:{bredd}}  {belopp[r.rad]:>{tal}}  {_antal(r):>6}".rstrip())


def _rik_tabell(titel: str, rader: "list[Importrad]", belopp: dict[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    tabell = Table("Rad", title=titel, title_justify="left", pad_edge=False)
    for rubrik in ("Kronor", "Konton"):
        tabell.add_column(rubrik, justify="right", no_wrap=True)
    for r in rader:
        tabell.add_row(Text(r.namn), belopp[r.rad], _antal(r), style="bold" if r.summa else "")
    Console().print(tabell)


def _antal(r: "Importrad") -> str:
    return "" if r.summa or r.ore is None else str(r.konton)


def _kronor(ore: int) -> str:
    from kommunrapport.karna.sprak import formatera

    return formatera(ore, 2)


def _var(i: "Import", *, torr: bool) -> str:
    if i.lagd:
        return f"Lagd i mappen: {i.lagd.as_posix()}"
    return "Ingenting är skrivet (--torr)." if torr and not i.avvisad else "Filen är inte lagd i mappen, eftersom den inte går att använda."


def _anmarkningar(i: "Import") -> list[dict[str, Any]]:
    from kommunrapport.rapport.anmarkningslista import som_lista

    return som_lista(i.anmarkningar, i.katalog, i.arbete.organisation)


def _som_data(i: "Import") -> dict[str, Any]:
    """Hela svaret som JSON; belopp i öre."""
    omappade = i.bokforing.lasning.omappade if i.bokforing else ()
    return {
        "enhet": i.enhet.namn,
        "period": str(i.period),
        "fil": i.fil,
        "saldon": i.bokforing.lasning.saldon.satt if i.bokforing else "",
        "kontokarta": i.bokforing.karta.fil if i.bokforing else "",
        "lagd": i.lagd.as_posix() if i.lagd else "",
        "rader": [r._asdict() for r in i.rader],
        "omappade": [o._asdict() for o in omappade],
        "slutkod": int(i.slutkod),
        "anmarkningar": _anmarkningar(i),
    }
