"""kommunrapport jamfor: vad som skiljer mellan två inlämningar, perioder eller körningar, hur mycket och varför."""

import json
import sys
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_period
from kommunrapport.karna.fel import AnvandningsFel

if TYPE_CHECKING:
    from kommunrapport.jamforelse.modell import Andring, Jamforelse, Orsak

NAMN = "jamfor"
KORT = "Visar vad som skiljer mellan två inlämningar, perioder eller körningar."
HJALP = (
    "Visar vad som skiljer mellan A och B, hur mycket och varför. A och B är två böcker från samma enhet, två perioder, "
    "eller två körningar av en rapport: mapparna med deras spar.json, eller en mapp och perioden så som den skulle bli nu. "
    "Med --enhet och --period jämförs enhetens senast mottagna bok med den förra. "
    "Slutkoden är 0 vare sig något skiljer eller inte, och 2 när A och B inte går att jämföra."
)
_MEST = 10
_UTDRAG = 50
_MEST_CELLER = 3
_Nummer: TypeAlias = Mapping[tuple[str, str], tuple[int, bool]]
"""Orsakens korta mening och fil → dess nummer i listan, och om den har flera celler att skilja åt."""


def kor(
    fore: Annotated[str, typer.Argument(metavar="A", help="Det äldre: en bok, en period som 2024-08, eller en rapportmapp eller spar.json.")] = "",
    efter: Annotated[str, typer.Argument(metavar="B", help="Det nyare, av samma slag.")] = "",
    enhet: Annotated[str, typer.Option("--enhet", metavar="ENHET", help="I stället för A och B: enhetens senast mottagna bok mot den förra.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden, tillsammans med --enhet.")] = "",
    ut: Annotated[str, typer.Option("--ut", metavar="FIL.xlsx", help="Skriver också jämförelsen som Excelbok.")] = "",
    alla: Annotated[bool, typer.Option("--alla", help=f"Visar alla ändringar. Annars de {_MEST} största i varje tabell.")] = False,
    kolumn: Annotated[str, typer.Option("--kolumn", metavar="RUBRIK", help="Bara kolumner med de orden, till exempel prognos.")] = "",
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    if bool(enhet) != bool(period) or bool(enhet) == bool(fore) or bool(fore) != bool(efter):
        raise AnvandningsFel("Ange A och B, eller --enhet och --period.")
    rot = hitta_katalog(katalog, *filter(None, (fore, efter)))
    from kommunrapport import floden

    j = floden.jamfor_senaste(rot, enhet, tolka_period(period)) if enhet else floden.jamfor(rot, fore, efter)
    j = j.i_kolumn(kolumn) if kolumn else j
    if som_json:
        typer.echo(json.dumps(j.som_data(), ensure_ascii=False, indent=1))
    else:
        _visa(j, sys.maxsize if alla else _MEST)
    if ut:
        from kommunrapport.jamforelse.excel import excel_av
        from kommunrapport.rapport.utmatning import skriv_fil

        fil = Path(ut if ut.lower().endswith(".xlsx") else f"{ut}.xlsx")
        skriv_fil(fil, excel_av(j), ersatt=ersatt)
        typer.echo(f"Skrivet:\n  {fil.as_posix()}", err=som_json)


def _visa(j: "Jamforelse", mest: int) -> None:
    typer.secho(j.rubrik, bold=True)
    typer.echo(f"Före:  {j.fore}\nEfter: {j.efter}\n\n{j.sammanfattning}")
    for mening in j.ojamforbart:
        typer.echo(mening)
    _visa_orsaker(j, mest)
    nummer = {(o.kort, o.fil): (nr, len(o.detaljer) > 1) for nr, o in enumerate(j.orsaker, 1)}
    for tabell, grupp in groupby(j.synliga, key=lambda a: a.tabell):
        egna = list(grupp)
        typer.echo()
        if sys.stdout.isatty():
            _rik_tabell(tabell, egna[:mest], nummer)
        else:
            typer.echo(tabell)
            for a in egna[:mest]:
                typer.echo(_raden(a, nummer))
        if len(egna) > mest:
            typer.echo(f"  … och {len(egna) - mest} till. Alla visas med --alla, och skrivs med --ut FIL.xlsx.")


def _visa_orsaker(j: "Jamforelse", mest: int) -> None:
    """Varje orsak en gång, med det som skiljer i filen; siffrorna hänvisar till dess nummer."""
    if not j.orsaker:
        return
    typer.echo("\nVarför:")
    for nr, (o, antal) in enumerate(j.orsaker.items(), 1):
        typer.echo(f"  {nr}. {o.mening}: {antal} {'ändring' if antal == 1 else 'ändringar'}")
        for detalj in o.detaljer[:mest]:
            typer.echo(f"       {detalj}")
        if len(o.detaljer) > mest:
            typer.echo(f"       … och {len(o.detaljer) - mest} till")


def _raden(a: "Andring", nummer: "_Nummer") -> str:
    plats = ", ".join(filter(None, (a.rad, a.kolumn)))
    skillnad = f" ({a.skillnad_i_ord}{' ' + a.enhet if a.enhet else ''})" if a.skillnad is not None else ""
    varfor = f"  [{'; '.join(_varfor(a, nummer))}]" if a.orsaker else ""
    return f"  {plats}: {_kort(a.fore)} → {_kort(a.efter)}{skillnad}{_cell(a)}{varfor}"


def _varfor(a: "Andring", nummer: "_Nummer") -> list[str]:
    """Orsakernas nummer, och cellerna bakom just den här siffran."""
    valda = [(o, *nummer[o.kort, o.fil]) for o in a.orsaker]
    return [": ".join(filter(None, (str(nr), _celler(o) if flera else ""))) for o, nr, flera in valda]


def _celler(o: "Orsak") -> str:
    if not o.fil:
        return ""
    celler = [detalj.partition(": ")[0] for detalj in o.detaljer]
    return ", ".join(celler[:_MEST_CELLER]) + (f" och {len(celler) - _MEST_CELLER} till" if len(celler) > _MEST_CELLER else "")


def _cell(a: "Andring") -> str:
    flyttad = f", förut {a.plats_fore}" if a.plats_fore and a.plats_efter and a.plats_fore != a.plats_efter else ""
    return f"  [{a.plats_efter or a.plats_fore}{flyttad}]" if a.plats_efter or a.plats_fore else ""


def _kort(text: str) -> str:
    utdrag = " ".join(text.split())
    return (utdrag if len(utdrag) <= _UTDRAG else f"{utdrag[:_UTDRAG].rstrip()} …") or "(finns inte)"


def _rik_tabell(titel: str, andringar: list["Andring"], nummer: "_Nummer") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    sist = [_varfor(a, nummer) or [_cell(a).strip()] for a in andringar]
    tabell = Table(title=titel, title_justify="left", pad_edge=False, expand=True)
    tabell.add_column("Rad och kolumn", ratio=8, overflow="fold")
    hela = not any(a.ar_text for a in andringar)
    for rubrik in ("Före", "Efter", "Skillnad"):
        tabell.add_column(rubrik, ratio=None if hela else 5, justify="right" if hela else "left", no_wrap=hela, overflow="fold")
    if any(map(any, sist)):
        tabell.add_column("Varför" if any(a.orsaker for a in andringar) else "Cell", ratio=10, overflow="fold")
    for a, varfor_ in zip(andringar, sist, strict=True):
        skillnad = f"{a.skillnad_i_ord} {a.enhet}".strip() if a.skillnad is not None else ""
        celler = [", ".join(filter(None, (a.rad, a.kolumn))), _kort(a.fore), _kort(a.efter), skillnad, "\n".join(varfor_)]
        tabell.add_row(*map(Text, celler[: len(tabell.columns)]))
    Console().print(tabell)
