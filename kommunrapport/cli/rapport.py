"""Det som kommandona för rapporter har gemensamt: läser, kontrollerar, skriver och säger vad som blev."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from kommunrapport.cli import framsteg
from kommunrapport.cli.flaggor import hitta_katalog, tolka_period

Pdfflagga: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--pdf",
        help="Skriver också rapporten som PDF (PDF/A, taggad) och sidnummer i innehållsförteckningen. Kräver LibreOffice och tar några sekunder.",
    ),
]
Striktflagga: TypeAlias = Annotated[bool, typer.Option("--strikt", help="Skriver ingen rapport om något är fel eller saknas.")]


Enhetsflagga: TypeAlias = Annotated[
    list[str], typer.Option("--enhet", metavar="ENHET", help="Skriver i stället den enhetens egen rapport; kan anges flera gånger. Id eller namn.")
]


Rattelseflagga: TypeAlias = Annotated[
    bool, typer.Option("--rattelse", help="Skriver ett nytt utkast fast rapporten är fastställd; den fastställda ligger kvar i arkiv/.")
]


def skriv(
    kommando: str, period: str, katalog: str, enhet: list[str], *, pdf: bool, ersatt: bool, strikt: bool, rattelse: bool, som_json: bool
) -> None:
    """Skriver kommandots rapport för perioden och avslutar med slutkoden."""
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    from kommunrapport import floden
    from kommunrapport.cli.utskrift import visa_anmarkningar
    from kommunrapport.mall.organisation import valda_enheter
    from kommunrapport.mall.periodmall import las_arbetskatalog
    from kommunrapport.rapport.anmarkningslista import som_lista

    arbete = las_arbetskatalog(rot)
    valda_enheter(arbete.organisation, enhet)  # sägs före läsningen
    if not som_json:
        typer.echo(f"Läser inlämningarna för {floden.kommandots_period(arbete, tolkad, kommando).namn} …", err=True)
    with framsteg.visas(tyst=som_json):
        s = floden.sammanstall(rot, tolkad, kommando)
    anmarkningar = som_lista(s.anmarkningar, s.katalog, s.arbete.organisation)
    if not som_json:
        visa_anmarkningar(anmarkningar)
        typer.echo(s.katalog.sammanfattning(s.anmarkningar), err=True)
        for mening in filter(None, (floden.ekonomins_period(s), floden.frist(s))):
            typer.echo(mening, err=True)
    program, utan_pdf = pdfprogram(pdf=pdf, tyst=som_json)
    filer = floden.skriv_rapport(s, enhet, ersatt=ersatt, strikt=strikt, pdf_med=program, rattelse=rattelse)
    varningar = utan_pdf + inaktuella(filer) + floden.skiljer_fran_arkivet(s)
    skrivna = [fil.as_posix() for fil in filer]
    if som_json:
        svar = {"skrivet": skrivna, "varningar": varningar, "slutkod": int(s.slutkod), "anmarkningar": anmarkningar}
        typer.echo(json.dumps(svar, ensure_ascii=False, indent=1))
    else:
        typer.echo("Skrivet:")
        for fil in skrivna:
            typer.echo(f"  {fil}")
        for varning in varningar:
            typer.echo(varning, err=True)
    raise typer.Exit(int(s.slutkod))


def pdfprogram(*, pdf: bool, tyst: bool) -> tuple[Path | None, list[str]]:
    """LibreOffice när det ska göras PDF och programmet finns, och annars en mening om att det saknas."""
    from kommunrapport.rapport import libreoffice

    program = libreoffice.hitta() if pdf else None
    if program and not tyst:
        typer.echo("Gör PDF med LibreOffice …", err=True)
    return program, [libreoffice.saknas()] if pdf and not program else []


def inaktuella(skrivna: Sequence[Path]) -> list[str]:
    """En mening för varje PDF som ligger kvar från en tidigare körning, bredvid ett nyare Worddokument."""
    pdfer = [fil.with_suffix(".pdf") for fil in skrivna if fil.suffix == ".docx"]
    gamla = [fil for fil in pdfer if fil not in skrivna and fil.is_file()]
    return [f"{fil.as_posix()} är från en tidigare körning och visar inte det som skrevs nu." for fil in gamla]
