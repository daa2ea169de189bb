"""kommunrapport validera: prövar en inlämningsbok, en mapp eller en hel period."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli import framsteg
from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_period

if TYPE_CHECKING:
    from kommunrapport.validering import Validering

NAMN = "validera"
KORT = "Prövar inlämningar och säger vad som ska rättas."
HJALP = (
    "Prövar inlämningsböcker och säger, cell för cell, vad som är fel, vad som väntades och vad du ska göra. "
    "Enhet och period läses ur boken, så filnamnet spelar ingen roll. En SIE-fil prövas också; dess period anges med --period. "
    "Inlämningen ändras aldrig."
)


def kor(
    filer: Annotated[
        list[str],
        typer.Argument(metavar="FIL", help="Böcker, SIE-filer, mappar eller mönster som *.xlsx. Annars hela perioden i --period."),
    ] = [],  # noqa: B006  typer läser förvalet
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden som böckerna ska gälla. Annars den som står i boken.")] = "",
    enhet: Annotated[
        list[str],
        typer.Option(
            "--enhet",
            metavar="ENHET",
            help="Bara den enhetens bok i perioden, eller för en utpekad fil: den enhet som boken ska gälla. Id eller namn.",
        ),
    ] = [],  # noqa: B006
    ut: Annotated[str, typer.Option("--ut", metavar="MAPP", help="Skriver en kommenterad kopia av varje bok i mappen.")] = "",
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    tolkad = tolka_period(period) if period else None
    rot = hitta_katalog(katalog, *filer)
    from kommunrapport.validering import validera

    with framsteg.visas(tyst=som_json):
        v = validera(rot, filer, tolkad, enhet)
    if not som_json:
        _visa(v)
    with framsteg.visas(tyst=som_json):
        kopior = [k.as_posix() for k in _kopior(v, ut, ersatt=ersatt)]
    if som_json:
        typer.echo(json.dumps({**v.som_data(), "kopior": kopior}, ensure_ascii=False, indent=1))
    elif kopior:
        typer.echo("\n".join(f"Kommenterad kopia: {kopia}" for kopia in kopior))
    for fil in v.siefiler if ut else ():
        typer.echo(f"{fil}: en SIE-fil får ingen kommenterad kopia. Den har inga celler; rätta i bokföringen och ta ut filen på nytt.", err=True)
    raise typer.Exit(int(v.slutkod))


def _kopior(v: "Validering", ut: str, *, ersatt: bool) -> list[Path]:
    if not ut:
        return []
    from kommunrapport.kopior import skriv_kommenterade

    return skriv_kommenterade(v, Path(ut), ersatt=ersatt)


def _visa(v: "Validering") -> None:
    from kommunrapport.cli.utskrift import visa_fil

    data, provade = v.som_lista(), v.filer
    rena = [fil for fil in provade if fil["enhet"] and not any(a["fil"] == fil["fil"] for a in data)] if len(provade) > 1 else []
    for fil in provade:
        if fil not in rena:
            visa_fil(fil, [a for a in data if a["fil"] == fil["fil"]])
    namn = {fil["fil"] for fil in provade}
    ovriga = [a for a in data if a["fil"] not in namn]
    if ovriga:
        visa_fil({"fil": "", "enhet": "Inlämningarna tillsammans", "period": ""}, ovriga)
    if rena:
        typer.echo(f"Inget att anmärka på: {', '.join(dict.fromkeys(fil['enhet'] for fil in rena))}.")
    if len(provade) != 1 or ovriga:
        typer.echo(v.katalog.sammanfattning(v.anmarkningar))
    if not v.hel:
        typer.echo("Kontroller mellan enheter görs när hela perioden prövas (--period).", err=True)
