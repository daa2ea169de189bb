"""kommunrapport ny: gör en arbetskatalog att börja med."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Jsonflagga, tolka_ar

if TYPE_CHECKING:
    from kommunrapport.nykatalog import Nykatalog

NAMN = "ny"
KORT = "Gör en ny arbetskatalog."
HJALP = (
    "Gör en ny arbetskatalog: kommun.toml med förklaringar, styrfiler att fylla i och mappar för inlämningarna. "
    "Mappen ska vara ny eller tom; ingenting skrivs över."
)


def kor(
    katalog: Annotated[str, typer.Argument(metavar="KATALOG", help="Mappen som ska bli arbetskatalog.")],
    profil: Annotated[
        str, typer.Option("--profil", metavar="ÅRSHJUL", help="Årshjulet, till exempel hedemora. Annars ett förval, och de andra räknas upp.")
    ] = "",
    namn: Annotated[str, typer.Option("--namn", metavar="NAMN", help="Kommunens namn, till exempel ”Exempelköpings kommun”.")] = "",
    ar: Annotated[str, typer.Option("--ar", metavar="ÅÅÅÅ", help="Året som styrningen gäller. Annars det här året.")] = "",
    namnd: Annotated[
        list[str], typer.Option("--namnd", metavar="NAMN", help="En nämnd, i stället för dem som annars läggs in; kan anges flera gånger.")
    ] = [],  # noqa: B006  typer läser förvalet
    bolag: Annotated[list[str], typer.Option("--bolag", metavar="NAMN", help="Ett kommunalt bolag; kan anges flera gånger.")] = [],  # noqa: B006
    som_json: Jsonflagga = False,
) -> None:
    aret = tolka_ar(ar)
    from kommunrapport import nykatalog

    ny = nykatalog.skapa(Path(katalog), nykatalog.Onskemal(aret, profil, namn, namnd, bolag))
    if som_json:
        typer.echo(json.dumps(_som_data(ny), ensure_ascii=False, indent=1))
    else:
        _visa(ny, vald=bool(profil))


def _visa(ny: "Nykatalog", *, vald: bool) -> None:
    """Det som blev gjort och nästa steg. ``vald`` är om användaren valde årshjul; annars visas också de andra."""
    from kommunrapport.mall.arshjulsmall import innehall

    arbete = ny.arbete
    typer.echo(f"Arbetskatalogen är gjord: {arbete.katalog.absolute().as_posix()}")
    typer.echo(f"Årshjul: {arbete.arshjul.id}. {innehall(arbete.arshjul)}")
    if ny.andra and not vald:
        typer.echo("Det är förvalet. Andra årshjul väljs med --profil, eller senare i kommun.toml:")
        for profil in ny.andra:
            typer.echo(f"  {profil.id}: {innehall(profil)}")
    typer.echo(f"Enheter: {', '.join(e.namn for e in arbete.organisation.enhet)}.")
    typer.echo("Skrivet:")
    for fil in ny.skrivna:
        typer.echo(f"  {fil.as_posix()}")
    typer.echo("Nästa steg:")
    typer.echo("  1. Ändra namn, enheter och gränser i kommun.toml till era egna. Varje val är förklarat i filen.")
    typer.echo(f"  2. Fyll i budgeten i styrning/{ny.period.ar}/. Filen styrning/LÄS-MIG.txt beskriver hur.")
    typer.echo(f"  3. Skriv de första arbetsböckerna: {_mallkommando(ny)}")


def _mallkommando(ny: "Nykatalog") -> str:
    katalog = ny.arbete.katalog
    vag = katalog.as_posix()
    var = "" if katalog.resolve() == Path.cwd() else f' --katalog "{vag}"' if " " in vag else f" --katalog {vag}"
    return f"kommunrapport mall --period {ny.period}{var}"


def _som_data(ny: "Nykatalog") -> dict[str, object]:
    return {
        "katalog": ny.arbete.katalog.as_posix(),
        "profil": ny.arbete.arshjul.id,
        "period": str(ny.period),
        "enheter": [e.id for e in ny.arbete.organisation.enhet],
        "skrivet": [fil.as_posix() for fil in ny.skrivna],
        "nasta": _mallkommando(ny),
    }
