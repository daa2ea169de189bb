"""Det som kommandona för rapporter har gemensamt: läser, kontrollerar, skriver och säger vad som blev."""

import json
from typing import Annotated, TypeAlias

import typer

from kommunrapport.cli.flaggor import hitta_katalog, tolka_period

Striktflagga: TypeAlias = Annotated[bool, typer.Option("--strikt", help="Skriver ingen rapport om något är fel eller saknas.")]


Enhetsflagga: TypeAlias = Annotated[
    list[str], typer.Option("--enhet", metavar="ENHET", help="Skriver i stället den enhetens egen rapport; kan anges flera gånger. Id eller namn.")
]


def skriv(kommando: str, period: str, katalog: str, enhet: list[str], *, ersatt: bool, strikt: bool, som_json: bool) -> None:
    """Skriver kommandots rapport för perioden och avslutar med slutkoden."""
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    from kommunrapport import floden
    from kommunrapport.cli.utskrift import visa_anmarkningar
    from kommunrapport.mall.periodmall import las_arbetskatalog
    from kommunrapport.rapport.anmarkningslista import som_lista

    if not som_json:
        typer.echo(f"Läser inlämningarna för {floden.kommandots_period(las_arbetskatalog(rot), tolkad, kommando).namn} …", err=True)
    s = floden.sammanstall(rot, tolkad, kommando)
    anmarkningar = som_lista(s.anmarkningar, s.katalog, s.arbete.organisation)
    if not som_json:
        visa_anmarkningar(anmarkningar)
        typer.echo(s.katalog.sammanfattning(s.anmarkningar), err=True)
        frist = floden.frist(s)
        if frist:
            typer.echo(frist, err=True)
    skrivna = [fil.as_posix() for fil in floden.skriv_rapport(s, enhet, ersatt=ersatt, strikt=strikt)]
    if som_json:
        typer.echo(json.dumps({"skrivet": skrivna, "slutkod": int(s.slutkod), "anmarkningar": anmarkningar}, ensure_ascii=False, indent=1))
    else:
        typer.echo("Skrivet:")
        for fil in skrivna:
            typer.echo(f"  {fil}")
    raise typer.Exit(int(s.slutkod))
