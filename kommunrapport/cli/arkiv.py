"""kommunrapport arkiv: visar, kontrollerar och återskapar det som är fastställt."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommunrapport.cli import svenska
from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period
from kommunrapport.karna.fel import Slutkod

if TYPE_CHECKING:
    from kommunrapport.aterskapande import Aterskapad

NAMN = "arkiv"
Valfriperiod = Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Bara den perioden.")]

grupp = svenska.kommandogrupp(
    "Visar, kontrollerar och återskapar de fastställda rapporterna.",
    "Visar, kontrollerar och återskapar det som är fastställt.",
)


@grupp.command("lista", cls=svenska.Kommando, help="Visar vad som är fastställt, version för version.", short_help="Visar vad som är fastställt.")
def lista(katalog: Katalogflagga = "", som_json: Jsonflagga = False) -> None:
    rot = hitta_katalog(katalog)
    from kommunrapport.bevarande.arkivkontroll import faststallda_versioner

    poster = faststallda_versioner(rot)
    if som_json:
        typer.echo(json.dumps(poster, ensure_ascii=False, indent=1))
    elif not poster:
        typer.echo(f"Det finns ingen fastställd version i {rot.as_posix()}/arkiv.")
    for p in [] if som_json else poster:
        skal = f"; rättelse: {p['rattelse']}" if p["rattelse"] else ""
        typer.echo(f"{p['period']} v{p['version']}  {p['rapport']}, {p['beslut']}, arkiverad {p['tid'][:10]}, {p['filer']} filer{skal}")


@grupp.command(
    "kontrollera",
    cls=svenska.Kommando,
    help="Prövar att varje fil i arkivet är den som fastställdes, att inget saknas eller har lagts till, och att händelseloggen säger samma "
    "sak. Slutkod 4 när något inte stämmer.",
    short_help="Prövar att arkivet är oförändrat.",
)
def kontrollera(period: Valfriperiod = "", katalog: Katalogflagga = "", som_json: Jsonflagga = False) -> None:
    rot, vald = hitta_katalog(katalog), str(tolka_period(period)) if period else ""
    from kommunrapport.bevarande.arkivkontroll import faststallda_versioner, kontrollera

    brister, antal = kontrollera(rot, vald), len([p for p in faststallda_versioner(rot) if vald in ("", p["period"])])
    if som_json:
        svar = {"versioner": antal, "brister": [b.som_data() for b in brister]}
        typer.echo(json.dumps(svar, ensure_ascii=False, indent=1))
    for b in [] if som_json else brister:
        typer.echo(f"{b.fil}: {b.mening}")
    if not som_json:
        typer.echo(_slutsats(antal, len(brister)))
    raise typer.Exit(int(Slutkod.ANMARKNINGAR if brister else Slutkod.KLART))


def _slutsats(versioner: int, brister: int) -> str:
    vad = "1 version prövad" if versioner == 1 else f"{versioner} versioner prövade"
    if brister:
        return f"{vad}: {brister} {'brist' if brister == 1 else 'brister'}. Återställ det ur säkerhetskopian; det som har lagts till tas bort."
    return f"{vad}: allt är som när det fastställdes." if versioner else "Ingenting är fastställt, så det finns inget att pröva."


@grupp.command(
    "aterskapa",
    cls=svenska.Kommando,
    help="Skriver en fastställd rapport en gång till, bara ur det som ligger i arkivet, och visar fil för fil om den blir byte för byte lik. "
    "PDF:en görs inte om. Slutkod 4 när något skiljer sig.",
    short_help="Skriver en fastställd rapport igen, ur arkivet ensamt.",
)
def aterskapa(
    period: Periodflagga = "",
    version: Annotated[int | None, typer.Option("--version", metavar="NR", help="Versionen; annars den senaste.")] = None,
    ut: Annotated[str, typer.Option("--ut", metavar="MAPP", help="En ny eller tom mapp för de återskapade filerna; annars prövas de bara.")] = "",
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period) if period else None, hitta_katalog(katalog)
    from kommunrapport import aterskapande

    a = aterskapande.aterskapa(aterskapande.hitta(rot, tolkad, version))
    skrivna = [fil.as_posix() for fil in aterskapande.skriv(a, Path(ut))] if ut else []
    if som_json:
        typer.echo(json.dumps({**_som_data(a), "skrivet": skrivna}, ensure_ascii=False, indent=1))
    else:
        _visa(a, skrivna)
    raise typer.Exit(int(Slutkod.KLART if a.lika else Slutkod.ANMARKNINGAR))


def _visa(a: "Aterskapad", skrivna: list[str]) -> None:
    m = a.manifest
    typer.echo(f"{m['rapport']} {m['period']}, version {m['version']}, fastställd {m['beslut']['text']}")
    for b in a.brister:
        typer.echo(f"{b.fil}: {b.mening}", err=True)
    if a.program:
        typer.echo(f"Programmet är inte detsamma som då: {', '.join(a.program)}.", err=True)
    for namn, utfall in a.utfall.items():
        typer.echo(f"  {utfall}: {namn}")
    lika = sum(utfall == "lika" for utfall in a.utfall.values())
    typer.echo(f"{lika} av {len(a.utfall)} filer är byte för byte lika de arkiverade. PDF görs inte om.")
    for fil in skrivna:
        typer.echo(f"Skrivet: {fil}")


def _som_data(a: "Aterskapad") -> dict[str, Any]:
    m = a.manifest
    return {
        "period": m["period"],
        "version": m["version"],
        "lika": a.lika,
        "filer": dict(a.utfall),
        "program": a.program,
        "brister": [b.som_data() for b in a.brister],
    }
