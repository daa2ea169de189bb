"""kommunrapport klarmarkera: bekräftar att en lämnad bok är klar."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, hitta_katalog, tolka_period
from kommunrapport.karna.fel import AnvandningsFel

NAMN = "klarmarkera"
KORT = "Bekräftar att en lämnad bok är klar så som den är nu."
HJALP = (
    "En klarmarkering gäller boken så som den såg ut när den markerades. Ändras filen sedan gäller den inte längre. Det här kommandot "
    "bekräftar att boken är klar så som den är nu. Det kräver att boken säger Ja vid Klarmarkerad och inte har några fel. Boken ändras aldrig."
)


def kor(
    fil: Annotated[str, typer.Argument(metavar="FIL", help="Den lämnade boken. Annars --enhet och --period.")] = "",
    enhet: Annotated[str, typer.Option("--enhet", metavar="ENHET", help="Enheten, med id eller namn.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden, till exempel 2024-08.")] = "",
    trots_fel: Annotated[bool, typer.Option("--trots-fel", help="Klarmarkerar boken fast den har fel.")] = False,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    if bool(fil) == bool(enhet or period) or bool(enhet) != bool(period):
        raise AnvandningsFel("Ange antingen boken, eller både --enhet och --period.")
    tolkad, rot = tolka_period(period) if period else None, hitta_katalog(katalog, *([fil] if fil else []))
    from kommunrapport.status.klarmarkering import bokens, klarmarkera

    vem, nar = (enhet, tolkad) if tolkad else bokens(rot, Path(fil))
    svar = klarmarkera(rot, vem, nar, trots_fel=trots_fel)
    if som_json:
        typer.echo(json.dumps(asdict(svar), ensure_ascii=False, indent=1))
    else:
        typer.echo(f"{svar.fil} {'är redan' if svar.redan else 'är nu'} klarmarkerad ({svar.enhet}, {svar.period}).")
