"""kommunrapport delar: skriver delårsrapporten."""

import json
from typing import Annotated

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period

NAMN = "delar"
KORT = "Skriver delårsrapporten."
HJALP = "Läser periodens inlämningar, kontrollerar dem och skriver delårsrapporten i Word och Excel."


def kor(
    period: Periodflagga,
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    strikt: Annotated[bool, typer.Option("--strikt", help="Skriver ingen rapport om något är fel eller saknas.")] = False,
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    if not som_json:
        typer.echo(f"Läser inlämningarna för {tolkad.namn} …", err=True)
    from kommunrapport import floden
    from kommunrapport.cli.utskrift import visa_anmarkningar
    from kommunrapport.rapport.anmarkningslista import som_lista

    s = floden.sammanstall(rot, tolkad)
    anmarkningar = som_lista(s.anmarkningar, s.katalog, s.arbete.organisation)
    if not som_json:
        visa_anmarkningar(anmarkningar)
        typer.echo(s.katalog.sammanfattning(s.anmarkningar), err=True)
        frist = floden.frist(s)
        if frist:
            typer.echo(frist, err=True)
    skrivna = [fil.as_posix() for fil in floden.skriv_delarsrapport(s, ersatt=ersatt, strikt=strikt)]
    if som_json:
        typer.echo(json.dumps({"skrivet": skrivna, "slutkod": int(s.slutkod), "anmarkningar": anmarkningar}, ensure_ascii=False, indent=1))
    else:
        typer.echo("Skrivet:")
        for fil in skrivna:
            typer.echo(f"  {fil}")
    raise typer.Exit(int(s.slutkod))
