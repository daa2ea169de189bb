"""kommunrapport klarmarkera: bekräftar att en lämnad bok är klar."""

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, hitta_katalog, tolka_period
from kommunrapport.karna.fel import AnvandningsFel

if TYPE_CHECKING:
    from kommunrapport.jamforelse.modell import Andring
    from kommunrapport.status.klarmarkering import Klarmarkerat

NAMN = "klarmarkera"
KORT = "Bekräftar att en lämnad bok är klar så som den är nu."
HJALP = (
    "En klarmarkering gäller boken så som den såg ut när den markerades. Ändras filen sedan gäller den inte längre. Det här kommandot "
    "bekräftar att boken är klar så som den är nu, och visar vad som har ändrats sedan den klarmarkerades. "
    "Det kräver att boken säger Ja vid Klarmarkerad och inte har några fel. Boken ändras aldrig."
)
_MEST, _UTDRAG = 20, 50


def kor(
    fil: Annotated[str, typer.Argument(metavar="FIL", help="Den lämnade boken. Annars --enhet och --period.")] = "",
    enhet: Annotated[str, typer.Option("--enhet", metavar="ENHET", help="Enheten, med id eller namn.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden, till exempel 2024-08.")] = "",
    trots_fel: Annotated[bool, typer.Option("--trots-fel", help="Klarmarkerar boken fast den har fel.")] = False,
    torr: Annotated[bool, typer.Option("--torr", help="Visar bara vad som har ändrats sedan boken klarmarkerades. Ingenting skrivs.")] = False,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    if bool(fil) == bool(enhet or period) or bool(enhet) != bool(period):
        raise AnvandningsFel("Ange antingen boken, eller både --enhet och --period.")
    tolkad, rot = tolka_period(period) if period else None, hitta_katalog(katalog, *([fil] if fil else []))
    from kommunrapport.status.klarmarkering import bokens, klarmarkera

    vem, nar = (enhet, tolkad) if tolkad else bokens(rot, Path(fil))
    svar = klarmarkera(rot, vem, nar, trots_fel=trots_fel, torr=torr)
    if som_json:
        typer.echo(json.dumps({**svar.som_data(), "torr": torr}, ensure_ascii=False, indent=1))
        return
    for rad in _andrat(svar):
        typer.echo(rad)
    hur = "är redan klarmarkerad" if svar.redan else "kan klarmarkeras; kör igen utan --torr" if torr else "är nu klarmarkerad"
    typer.echo(f"{svar.fil} {hur} ({svar.enhet}, {svar.period}).")


def _andrat(svar: "Klarmarkerat") -> Iterator[str]:
    """Vad som har ändrats sedan boken klarmarkerades förra gången, de största ändringarna i varje tabell först."""
    if not svar.forra:
        return
    yield f"Senast klarmarkerad {svar.forra}."
    if svar.andrat is None:
        yield f"Vad som har ändrats sedan dess går inte att visa. {svar.hinder}"
    elif not svar.andrat.andringar:
        yield "Filen har sparats på nytt sedan dess, men ingen uppgift i den skiljer."
    else:
        yield f"Sedan dess: {svar.andrat.sammanfattning}"
        yield from (_raden(a) for a in svar.andrat.synliga[:_MEST])
        if len(svar.andrat.synliga) > _MEST:
            yield f"  … och {len(svar.andrat.synliga) - _MEST} till."
    yield ""


def _raden(a: "Andring") -> str:
    fore, efter = (textwrap.shorten(text, _UTDRAG, placeholder=" …") or "(finns inte)" for text in (a.fore, a.efter))
    skillnad = f" ({a.skillnad_i_ord}{f' {a.enhet}' if a.enhet else ''})" if a.skillnad is not None else ""
    return f"  {a.plats_efter or a.plats_fore} ({', '.join(filter(None, (a.rad, a.kolumn)))}): {fore} → {efter}{skillnad}"
