"""kommunrapport mall: skriver inlämningsböcker att fylla i."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kommunrapport.cli import framsteg
from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period

NAMN = "mall"
KORT = "Skriver arbetsböcker att fylla i."
HJALP = "Skriver en arbetsbok per enhet att fylla i, med budget, jämförelsetal, projekt och mål ifyllda."


def kor(
    period: Periodflagga,
    enhet: Annotated[list[str], typer.Option("--enhet", metavar="ENHET", help="Bara den enheten; kan anges flera gånger. Id eller namn.")] = [],  # noqa: B006  typer läser förvalet
    ut: Annotated[str, typer.Option("--ut", metavar="MAPP", help="Mappen att skriva i. Annars mallar-att-fylla-i/ÅÅÅÅ-MM i arbetskatalogen.")] = "",
    katalog: Katalogflagga = "",
    ersatt: Annotated[bool, typer.Option("--ersatt", help="Skriver över böcker som redan finns i mappen.")] = False,
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    from kommunrapport import utskick

    with framsteg.visas(tyst=som_json):
        skrivna = [f.as_posix() for f in utskick.skriv_mallar(rot, tolkad, enhet, Path(ut) if ut else None, ersatt=ersatt)]
    if som_json:
        typer.echo(json.dumps({"skrivet": skrivna}, ensure_ascii=False, indent=1))
        return
    typer.echo("Skrivet:")
    for fil in skrivna:
        typer.echo(f"  {fil}")
    if utskick.saknar_budget(rot, tolkad):
        typer.echo(
            f"styrning/{tolkad.ar}/driftbudget.csv har inga belopp, så budgeten är tom i böckerna. Fyll i filen och kör igen med --ersatt.", err=True
        )
    for p in utskick.saknade_jamforelser(rot, tolkad):
        typer.echo(f"Inlämningar för {p.namn} finns inte i arbetskatalogen: de jämförelsetalen är tomma och fylls i för hand.", err=True)
    typer.echo(f"Lägg de ifyllda böckerna i {(rot / 'inlamnat' / str(tolkad)).as_posix()}.", err=True)
