"""kommunrapport arshjul: visar årets rapporter och vad som är klart när."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_ar

if TYPE_CHECKING:
    from kommunrapport.arshjulet import Arsoversikt
    from kommunrapport.berakning.arsplan import Periodplan, Punkt

NAMN = "arshjul"
KORT = "Visar årets rapporter och vad som är klart när."
HJALP = (
    "Visar årshjulet för ett år: varje rapport med innehåll och kommando, vad som är inlämnat, och dagarna då böcker, beslut och frister infaller. "
    "En dag som är helgdag står kvar, med närmaste vardag före."
)


def kor(
    ar: Annotated[str, typer.Option("--ar", metavar="ÅÅÅÅ", help="Året som rapporterna gäller. Annars det här året.")] = "",
    profil: Annotated[str, typer.Option("--profil", metavar="ÅRSHJUL", help="Årshjulet, till exempel huddinge. Annars arbetskatalogens.")] = "",
    ics: Annotated[str, typer.Option("--ics", metavar="FIL", help="Skriver också dagarna som en kalenderfil, till exempel arshjul.ics.")] = "",
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    aret, rot = tolka_ar(ar), hitta_katalog(katalog)
    from kommunrapport import arshjulet

    o = arshjulet.oversikt(rot, aret, profil)
    skriven = arshjulet.skriv_ics(o, Path(ics), ersatt=ersatt).as_posix() if ics else ""
    if som_json:
        typer.echo(json.dumps({**o.som_data(), "skrivet": skriven}, ensure_ascii=False, indent=1))
        return
    (_visa_rikt if sys.stdout.isatty() else _visa)(o)
    for brist in o.brister:
        typer.echo(brist, err=True)
    if skriven:
        typer.echo(f"Skrivet:\n  {skriven}")


def _rubrik(o: "Arsoversikt") -> str:
    return f"Årshjulet {o.plan.ar}, {o.kommun or o.plan.arshjul.namn}{f' (profilen {o.plan.arshjul.id})' if o.kommun else ''}"


def _periodrubrik(p: "Periodplan") -> str:
    return f"{p.period}  {p.post.rapporttyp}"


def _lamnat(o: "Arsoversikt", p: "Periodplan") -> str:
    lamnat = o.lamnat.get(p.period)
    return f"Lämnat: {lamnat.lamnade} av {lamnat.enheter} enheter" if lamnat else ""


def _innehall(o: "Arsoversikt", p: "Periodplan") -> str:
    omraden = "; ".join(o.innehall(p))
    return f"{p.post.innehall}.{f' Områden: {omraden}.' if omraden else ''}"


def _nar(p: "Punkt") -> str:
    return f"{p.nar}{'*' if p.tolkat else ''}"


def _vad(p: "Punkt") -> str:
    return f"{p.vem} {p.vad}{f' ({p.anmarkning})' if p.anmarkning and not p.i_manaden else ''}"


def _fotnot(o: "Arsoversikt") -> Iterator[str]:
    hjul = o.plan.arshjul
    yield f"Källa: {hjul.kalla}."
    if any(punkt.tolkat for punkt in (*o.plan.handelser, *(punkt for p in o.plan.perioder for punkt in p.punkter))):
        yield (
            "* Källan anger inte tidpunkten. Tidpunkter med * och dagarna för arbetsböckerna är förslag; "
            f"ändra dem i en egen mallar/arshjul/{hjul.id}.toml i arbetskatalogen. En månad utan dag räknas till sin sista dag."
        )


def _visa(o: "Arsoversikt") -> None:
    rader = [_rubrik(o)]
    for p in o.plan.perioder:
        rader += ["", _periodrubrik(p), f"  {_innehall(o, p)}", f"  {o.kommando(p)}"]
        rader += [f"  {_lamnat(o, p)}"] if _lamnat(o, p) else []
        rader += [f"  {_nar(punkt):<19} {_vad(punkt)}" for punkt in p.punkter]
    if o.plan.handelser:
        rader += ["", "Annat under året", *(f"  {_nar(punkt):<19} {_vad(punkt)}" for punkt in o.plan.handelser)]
    typer.echo("\n".join([*rader, "", *_fotnot(o)]))


def _visa_rikt(o: "Arsoversikt") -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    konsol = Console()
    konsol.print(Text(_rubrik(o), style="bold"))

    def dagar(punkter: "tuple[Punkt, ...]") -> Table:
        tabell = Table.grid(padding=(0, 2))
        tabell.add_column(no_wrap=True)
        tabell.add_column(overflow="fold")
        for punkt in punkter:
            tabell.add_row(Text(_nar(punkt), style="bold" if punkt.slag == "frist" else ""), Text(_vad(punkt)))
        return tabell

    for p in o.plan.perioder:
        konsol.print()
        lamnat = _lamnat(o, p)
        konsol.print(Text.assemble((_periodrubrik(p), "bold cyan"), f"  {lamnat}" if lamnat else ""))
        konsol.print(Padding(Text(_innehall(o, p)), (0, 0, 0, 2)))
        konsol.print(Padding(Text(o.kommando(p), style="green"), (0, 0, 0, 2)))
        konsol.print(Padding(dagar(p.punkter), (0, 0, 0, 2)))
    if o.plan.handelser:
        konsol.print()
        konsol.print(Text("Annat under året", style="bold cyan"))
        konsol.print(Padding(dagar(o.plan.handelser), (0, 0, 0, 2)))
    konsol.print()
    for rad in _fotnot(o):
        konsol.print(Text(rad, style="dim"))
