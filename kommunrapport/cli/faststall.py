"""kommunrapport faststall: lägger en antagen rapport i arkivet."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period

if TYPE_CHECKING:
    from kommunrapport.faststallande import Faststalld

NAMN = "faststall"
KORT = "Lägger en antagen rapport i arkivet, där den inte ändras."
HJALP = (
    "Lägger periodens rapport i arkiv/, med allt som den skrevs ur, det antagna dokumentet, mallarna och varje fils avtryck (sha256). "
    "Därefter skrivs rapporten inte om; en rättelse blir en ny version bredvid."
)


def kor(
    period: Periodflagga,
    beslut: Annotated[str, typer.Option("--beslut", metavar="BESLUT", help='Beslutet, till exempel "KF 2024-11-25 § 150".')],
    dokument: Annotated[
        list[str],
        typer.Option(
            "--dokument",
            metavar="FIL",
            help="Dokumentet som antogs (.docx, .pdf); kan anges flera gånger. Behövs inte när rapporter/PERIOD har ett enda, redigerat.",
        ),
    ] = [],  # noqa: B006  typer läser förvalet
    rattelse: Annotated[str, typer.Option("--rattelse", metavar="SKÄL", help="Rättar en fastställd rapport: den nya blir nästa version.")] = "",
    trots_fel: Annotated[
        str, typer.Option("--trots-fel", metavar="SKÄL", help="Fastställer fast kontrollen gav fel eller inlämningar saknas. Skälet arkiveras.")
    ] = "",
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    from kommunrapport.faststallande import Begaran, faststall

    if not som_json:
        typer.echo("Läser allt som rapporten skrevs ur, och gör om den för att pröva att det räcker …", err=True)
    ny = faststall(rot, Begaran(tolkad, beslut, rattelse, trots_fel, [Path(d) for d in dokument]))
    if som_json:
        svar = {"mapp": ny.mapp.relative_to(rot).as_posix(), "sha256": ny.sha256, "upplysningar": ny.upplysningar, "manifest": ny.manifest}
        typer.echo(json.dumps(svar, ensure_ascii=False, indent=1))
    else:
        _visa(ny)


def _visa(ny: "Faststalld") -> None:
    m = ny.manifest
    typer.echo(f"{m['rapport']} {m['period']} är fastställd ({m['beslut']['text']}), version {m['version']}.")
    typer.echo(f"Arkiverat i {ny.mapp.as_posix()}: {len(m['filer'])} filer. Det antagna dokumentet:")
    for fil in m["antaget"]:
        typer.echo(f"  {fil}")
    for upplysning in ny.upplysningar:
        typer.echo(upplysning, err=True)
