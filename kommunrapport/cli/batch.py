"""kommunrapport batch: den schemalagda körningen, i en arbetskatalog eller i många."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Datumflagga, Katalogflagga, hitta_katalog, tolka_dag, tolka_period
from kommunrapport.cli.rapport import Pdfflagga
from kommunrapport.karna.fel import AnvandningsFel

if TYPE_CHECKING:
    from kommunrapport.batch.bestallning import Bestallning
    from kommunrapport.batch.logg import Loggrad

NAMN = "batch"
KORT = "Kör alla öppna perioder utan att någon ser på."
HJALP = (
    "Prövar alla öppna perioder enligt årshjulet, eller de angivna, och skriver om rapporter, kommenterade kopior och lägessidan när något har "
    "ändrats. Ett fel i en bok, enhet eller period stoppar inte de andra. Ett utkast som har redigerats lämnas, och det nya läggs bredvid. Det "
    "som händer skrivs i logg/batch.log. Slutkoden är den gravaste; inlämningar som saknas räknas först när sista dagen är förbi. Med --kataloger "
    "körs många kommuner, flera samtidigt, var och en med egen logg; sist står en rad per kommun."
)


def kor(
    period: Annotated[list[str], typer.Option("--period", metavar="ÅÅÅÅ-MM", help="I stället för de öppna; kan anges flera gånger.")] = [],  # noqa: B006
    torr: Annotated[bool, typer.Option("--torr", help="Säger vad som skulle göras och skriver inget.")] = False,
    om: Annotated[bool, typer.Option("--om", help="Gör om allt, också det som inte har ändrats.")] = False,
    enheter: Annotated[bool, typer.Option("--enheter", help="Skriver också varje enhets egen rapport.")] = False,
    pdf: Pdfflagga = False,
    datum: Datumflagga = "",
    katalog: Katalogflagga = "",
    kataloger: Annotated[
        str, typer.Option("--kataloger", metavar="LISTA", help="I stället för --katalog: en textfil med en arbetskatalog per rad.")
    ] = "",
    processer: Annotated[
        int,
        typer.Option(
            "--processer", metavar="ANTAL", min=0, show_default=False, help="Så många kommuner samtidigt. Annars en per kärna; kräver --kataloger."
        ),
    ] = 0,
    dask: Annotated[str, typer.Option("--dask", metavar="ADRESS", help="Kör hos Dask-klustret, till exempel tcp://dator:8786.")] = "",
    som_json: Annotated[
        bool, typer.Option("--json", help="Skriver loggen på stdout som en JSON-rad per händelse, eller per kommun med --kataloger.")
    ] = False,
) -> None:
    from kommunrapport.batch.bestallning import Bestallning

    perioder, dag = tuple(tolka_period(p) for p in period), tolka_dag(datum) if datum else None
    bestallning = Bestallning(Path(), perioder, torr, om, enheter, pdf, dag)
    if kataloger:
        _manga(bestallning, kataloger, katalog, processer, dask, som_json=som_json)
    if processer or dask:
        raise AnvandningsFel("--processer och --dask gäller många arbetskataloger. Ange dem med --kataloger FIL.")
    if not (katalog or os.environ.get("KOMMUNRAPPORT_KATALOG") or Path("kommun.toml").is_file()):
        raise AnvandningsFel(
            f"Katalogen {Path().absolute()} är ingen arbetskatalog: filen kommun.toml finns inte där.",
            "Ange arbetskatalogen med --katalog MAPP eller miljövariabeln KOMMUNRAPPORT_KATALOG.",
        )
    _en(replace(bestallning, katalog=hitta_katalog(katalog)), som_json=som_json)


def _en(bestallning: "Bestallning", *, som_json: bool) -> None:
    from kommunrapport.batch.bestallning import kor_bestallning

    def visa(rad: "Loggrad") -> None:
        typer.echo(rad.som_json if som_json else rad.som_text, err=not som_json)

    kod, brister = kor_bestallning(bestallning, visa)
    for brist in brister:
        typer.echo(brist, err=True)
    raise typer.Exit(int(kod))


def _manga(bestallning: "Bestallning", lista: str, katalog: str, processer: int, dask: str, *, som_json: bool) -> None:
    from kommunrapport import arbetare
    from kommunrapport.cli.manga import kor_manga
    from kommunrapport.kataloger import las_kataloglista

    if katalog:
        raise AnvandningsFel("Ange --katalog eller --kataloger, inte båda.")
    if processer and dask:
        raise AnvandningsFel("Ange --processer eller --dask, inte båda.")
    bestallningar = [replace(bestallning, katalog=mapp.absolute()) for mapp in las_kataloglista(Path(lista))]
    vilka = arbetare.dask(dask, len(bestallningar)) if dask else arbetare.processer(len(bestallningar), processer)
    raise typer.Exit(int(kor_manga(bestallningar, vilka, som_json=som_json)))
