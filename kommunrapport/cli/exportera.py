"""kommunrapport exportera: fakta och siffror som öppna data eller Parquet."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_period
from kommunrapport.karna.fel import AnvandningsFel, gravaste
from kommunrapport.karna.sprak import formatera, rakna_upp

if TYPE_CHECKING:
    from kommunrapport.export.korning import Kommunutfall

NAMN = "exportera"
KORT = "Skriver uppgifter och siffror som öppna data (CSV) eller Parquet."
HJALP = (
    "Skriver de lästa uppgifterna, rapporternas siffror och siffrornas källor för en eller flera perioder: som CSV med ett datapaket, att publicera "
    "som öppna data, eller som Parquet, att fråga med DuckDB. En fastställd period tas ur arkivet. Fritext är bara med om du ber om det; "
    "e-postadresser, försättsblad och uppgifter om små grupper är aldrig med. Ett fel i en kommun eller period stoppar inte de andra, och slutkoden "
    "är den gravaste."
)


def kor(
    ut: Annotated[str, typer.Option("--ut", metavar="MAPP", help="Mappen som filerna skrivs i, med en mapp per kommun.")],
    period: Annotated[list[str], typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden; kan anges flera gånger.")] = [],  # noqa: B006
    alla: Annotated[bool, typer.Option("--alla", help="Alla perioder som har något inlämnat, utom lägesbilderna.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="csv|parquet", help="csv är öppna data; parquet kräver kommunrapport[export].")] = "csv",
    med_texter: Annotated[bool, typer.Option("--med-texter", help="Tar med fritext. Läs igenom den: den kan innehålla personuppgifter.")] = False,
    licens: Annotated[str, typer.Option("--licens", metavar="ID", help="Licensen, till exempel CC0-1.0, i stället för den i kommun.toml.")] = "",
    kataloger: Annotated[
        str, typer.Option("--kataloger", metavar="LISTA", help="I stället för --katalog: en textfil med en arbetskatalog per rad.")
    ] = "",
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    if bool(period) == alla:
        raise AnvandningsFel("Ange perioderna med --period, till exempel --period 2024-08, eller alla med --alla.")
    if katalog and kataloger:
        raise AnvandningsFel("Ange antingen --katalog eller --kataloger.")
    if form not in ("csv", "parquet"):
        raise AnvandningsFel(f"Formatet ”{form}” finns inte. Välj csv eller parquet.")
    perioder = tuple(tolka_period(p) for p in period)
    from kommunrapport.export.korning import CSV, Exportval, exportera
    from kommunrapport.kataloger import las_kataloglista

    val = Exportval(Path(ut), form, perioder, med_texter, licens, ersatt)
    rotter = las_kataloglista(Path(kataloger)) if kataloger else (hitta_katalog(katalog),)
    utfallen = exportera(rotter, val, _visa_brister if som_json else _visa)
    if form == CSV and any(u.skrivet and not u.licens for u in utfallen):
        typer.echo("Ingen licens är angiven. Skriv den i kommun.toml: [oppna_data] licens, eller ange --licens.", err=True)
    if som_json:
        typer.echo(json.dumps({"kommuner": [u.som_data() for u in utfallen]}, ensure_ascii=False, indent=1))
    raise typer.Exit(int(gravaste(u.slutkod for u in utfallen)))


def _visa(u: "Kommunutfall") -> None:
    """Kommunen när den är klar, så att den som väntar på många ser hur långt det har kommit."""
    _visa_brister(u)
    if u.skrivet:
        antal = f"{len(u.perioder)} {'period' if len(u.perioder) == 1 else 'perioder'}, {formatera(u.rader, 0)} rader"
        typer.echo(f"{u.namn}: {antal} i {u.mapp.as_posix()}")
        if u.utkast:
            typer.echo(f"{u.namn}: inte fastställda perioder (utkast): {rakna_upp(u.utkast)}.", err=True)


def _visa_brister(u: "Kommunutfall") -> None:
    for rad in u.meddelanden:
        typer.echo(rad, err=True)
