"""kommunrapport batch: den schemalagda körningen."""

import os
from pathlib import Path
from typing import Annotated

import typer

from kommunrapport.cli.flaggor import Datumflagga, Katalogflagga, hitta_katalog, tolka_dag, tolka_period
from kommunrapport.cli.rapport import Pdfflagga
from kommunrapport.karna.fel import AnvandningsFel

NAMN = "batch"
KORT = "Kör alla öppna perioder utan att någon ser på."
HJALP = (
    "Prövar alla öppna perioder enligt årshjulet, eller de angivna, och skriver om rapporter, kommenterade kopior och lägessidan när något har "
    "ändrats. Ett fel i en bok, enhet eller period stoppar inte de andra. Ett utkast som har redigerats lämnas, och det nya läggs bredvid. Det "
    "som händer skrivs i logg/batch.log. Slutkoden är den gravaste; inlämningar som saknas räknas först när sista dagen är förbi."
)


def kor(
    period: Annotated[list[str], typer.Option("--period", metavar="ÅÅÅÅ-MM", help="I stället för de öppna; kan anges flera gånger.")] = [],  # noqa: B006
    torr: Annotated[bool, typer.Option("--torr", help="Säger vad som skulle göras och skriver inget.")] = False,
    om: Annotated[bool, typer.Option("--om", help="Gör om allt, också det som inte har ändrats.")] = False,
    enheter: Annotated[bool, typer.Option("--enheter", help="Skriver också varje enhets egen rapport.")] = False,
    pdf: Pdfflagga = False,
    datum: Datumflagga = "",
    katalog: Katalogflagga = "",
    som_json: Annotated[bool, typer.Option("--json", help="Skriver loggen som en JSON-rad per händelse på stdout.")] = False,
) -> None:
    if not (katalog or os.environ.get("KOMMUNRAPPORT_KATALOG") or Path("kommun.toml").is_file()):
        raise AnvandningsFel("Ange arbetskatalogen med --katalog MAPP eller miljövariabeln KOMMUNRAPPORT_KATALOG.")
    perioder, dag, rot = tuple(tolka_period(p) for p in period), tolka_dag(datum) if datum else None, hitta_katalog(katalog)
    from kommunrapport.batch.korning import Val, kor, loggmapp
    from kommunrapport.batch.logg import Logg, Loggrad
    from kommunrapport.rapport import libreoffice
    from kommunrapport.status.lasning import Tillfalle

    def visa(rad: Loggrad) -> None:
        typer.echo(rad.som_json if som_json else rad.som_text, err=not som_json)

    program = libreoffice.hitta() if pdf else None
    val = Val(perioder, torr, om, enheter, program)
    with Logg(loggmapp(rot, val), visa) as logg:
        if pdf and not program:
            logg.varna(libreoffice.saknas())
        kod = kor(rot, val, logg, Tillfalle.pa_dagen(dag) if dag else Tillfalle.nu())
    for brist in logg.brister:
        typer.echo(brist, err=True)
    raise typer.Exit(int(kod))
