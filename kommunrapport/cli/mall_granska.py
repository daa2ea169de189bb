"""kommunrapport mall-granska: prövar Wordmallarna innan en rapport skrivs."""

import json
from typing import Annotated

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_ar, tolka_period
from kommunrapport.karna.fel import Slutkod

NAMN = "mall-granska"
KORT = "Prövar Wordmallarna."
HJALP = (
    "Prövar Wordmallarna för årshjulets rapporter, de medföljande och kommunens egna: taggar, slingor och stilar, och meningarnas ord och siffror. "
    "Varje brist står med sin plats i mallen. docs/wordmallar.md visar hur en egen mall görs."
)


def kor(
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Bara periodens rapport. Annars alla i årets årshjul.")] = "",
    kopiera: Annotated[
        str, typer.Option("--kopiera", metavar="MALL", help="Lägger den medföljande mallen i mallar/word/ att ändra i, till exempel delarsrapport.")
    ] = "",
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Skriver sidan om Wordmallar, med alla taggar, i stället för att pröva.")] = False,
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period) if period else None, hitta_katalog(katalog)
    from kommunrapport import mallgranskning

    if kopiera:
        fil = mallgranskning.kopiera(rot, kopiera, ersatt=ersatt).as_posix()
        typer.echo(json.dumps({"skrivet": [fil]}, ensure_ascii=False) if som_json else f"Skrivet:\n  {fil}")
        return
    if markdown:
        typer.echo(mallgranskning.dokument(rot), nl=False)
        return
    brister = mallgranskning.granska(rot, [tolkad] if tolkad else mallgranskning.arets_perioder(rot, tolka_ar("")))
    if som_json:
        typer.echo(json.dumps([b.som_data() for b in brister], ensure_ascii=False, indent=1))
    else:
        for b in brister:
            typer.echo(f"{b.allvar.upper()} {b.rad}")
        typer.echo(_sammanfattning([b.allvar for b in brister]), err=True)
    if any(b.allvar == "fel" for b in brister):
        raise typer.Exit(int(Slutkod.MALL))


def _sammanfattning(allvar: list[str]) -> str:
    former = {"fel": "fel", "varning": "varningar", "upplysning": "upplysningar"}
    delar = [f"{n} {namn if n == 1 else former[namn]}" for namn in former if (n := allvar.count(namn))]
    return f"Mallarna är prövade: {', '.join(delar)}." if delar else "Mallarna är prövade, och det finns inget att anmärka på."
