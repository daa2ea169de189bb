"""kommunrapport harled: visar varifrån en siffra i rapporten kommer, och vart en läst cell går."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_period
from kommunrapport.karna.fel import AnvandningsFel, OppenFraga

if TYPE_CHECKING:
    from kommunrapport.berakning.rakna import Nod
    from kommunrapport.rapport.kallsok import Utpekat
    from kommunrapport.rapport.paverkan import Paverkad
    from kommunrapport.rapport.sparfil import Siffra, Spar

NAMN = "harled"
KORT = "Visar varifrån en siffra kommer, och vart en cell går."
HJALP = (
    "Visar varifrån en siffra kommer: stegen ner till fil, blad och cell. Siffran pekas ut med tabell, rad och kolumn, "
    "eller med talet så som det är tryckt (--tal). Utan rad och kolumn visas vad som finns. "
    "Åt andra hållet: --fran visar de tryckta siffror som en inlämning eller en styrfil når, och med --cell bara en cell eller rad i den."
)


def kor(
    period: Periodflagga,
    tabell: Annotated[
        str,
        typer.Argument(
            metavar="TABELL", help="Tabellens id eller titel, till exempel drift. nyckeltalsband, meningar, texter och granser är det utanför."
        ),
    ] = "",
    rad: Annotated[str, typer.Argument(metavar="RAD", help="Radens id eller namn, till exempel Socialnämnden.")] = "",
    kolumn: Annotated[str, typer.Argument(metavar="KOLUMN", help="Kolumnens id eller rubrik, till exempel prognos.")] = "",
    tal: Annotated[
        str, typer.Option("--tal", metavar="TAL", help="Talet som det är tryckt, till exempel --tal=-12,4. Flera träffar räknas upp.")
    ] = "",
    under: Annotated[str, typer.Option("--under", metavar="RUBRIK", help="Bara tal under en rubrik, rad eller kolumn med de orden.")] = "",
    fran: Annotated[
        str,
        typer.Option(
            "--fran", metavar="FIL", help="Filens namn eller enhetens: vart det lästa går. Även FIL!BLAD!CELL, eller platsen som harled skrev den."
        ),
    ] = "",
    cell: Annotated[
        str, typer.Option("--cell", metavar="CELL", help='Bara cellen, bladet eller raden i filen, till exempel "Driftredovisning D6" eller "rad 5".')
    ] = "",
    djup: Annotated[int, typer.Option("--djup", metavar="ANTAL", help="Visar bara så många steg ner. Annars alla.")] = 99,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    _prova(tabell, tal, under, fran, cell)
    tolkad, rot = tolka_period(period), hitta_katalog(katalog)
    from kommunrapport import floden

    if fran:
        _visa_fran(*floden.harled_fran(rot, tolkad, fran, cell), som_json=som_json)
    elif tal:
        spar, traffar, nod = floden.harled_tal(rot, tolkad, tal, under)
        if nod:
            _visa_nod(nod, djup, som_json=som_json)
        else:
            _visa_traffar(spar, traffar, som_json=som_json)
    else:
        try:
            _visa_nod(floden.harled(rot, tolkad, tabell, rad, kolumn), djup, som_json=som_json)
        except OppenFraga as fraga:
            typer.echo(json.dumps(fraga.finns, ensure_ascii=False, indent=1) if som_json else "\n".join(fraga.rader))


def _prova(tabell: str, tal: str, under: str, fran: str, cell: str) -> None:
    if sum(map(bool, (tabell, tal, fran))) > 1:
        raise AnvandningsFel("Ange en av TABELL, --tal och --fran.")
    if under and not tal:
        raise AnvandningsFel("--under hör ihop med --tal, till exempel --tal=-12,4 --under Driftredovisning.")
    if cell and not fran:
        raise AnvandningsFel('--cell hör ihop med --fran, till exempel --fran Socialnämnden --cell "Driftredovisning D6".')


def _visa_nod(nod: "Nod", djup: int, *, som_json: bool) -> None:
    from kommunrapport.rapport.spar import nod_som_data

    if som_json:
        typer.echo(json.dumps(nod_som_data(nod), ensure_ascii=False, indent=1))
    else:
        _skriv_trad(_gren(nod, djup))


_Gren: TypeAlias = tuple[str, list[Any]]
"""En rad i ett träd, och grenarna under den."""


def _gren(nod: "Nod", djup: int) -> _Gren:
    return _rad(nod), [_gren(d, djup - 1) for d in nod.delar] if djup > 0 else []


def _skriv_trad(trad: _Gren) -> None:
    """Ett träd som ryms på en smal terminal; i en pipe en rad per led, hur lång den än är."""
    if not sys.stdout.isatty():
        _skriv(trad, "", sist=True, rot=True)
        return
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    def vaxt(gren: _Gren, under: Tree) -> Tree:
        for del_ in gren[1]:
            vaxt(del_, under.add(Text(del_[0])))
        return under

    Console(highlight=False).print(vaxt(trad, Tree(Text(trad[0], style="bold"))))


def _skriv(gren: _Gren, indrag: str, *, sist: bool, rot: bool = False) -> None:
    typer.echo(f"{indrag}{'' if rot else '└─ ' if sist else '├─ '}{gren[0]}")
    under = indrag if rot else indrag + ("   " if sist else "│  ")
    for nr, del_ in enumerate(gren[1]):
        _skriv(del_, under, sist=nr == len(gren[1]) - 1)


def _rad(nod: "Nod") -> str:
    from kommunrapport.karna.belopp import HUNDRADELAR
    from kommunrapport.karna.sprak import formatera

    exakt = ""
    if nod.slag == "belopp" and nod.varde is not None and not nod.kalla:
        kronor, oren = divmod(nod.varde, HUNDRADELAR)
        exakt = f" ({formatera(nod.varde, 2) if oren else formatera(kronor, 0)} kr)"
    text = f" ({nod.text})" if nod.text and nod.visas else ""
    return f"{nod.etikett} = {nod.visas or nod.text or 'uppgift saknas'}{exakt}{text}  [{nod.kalla or nod.steg}]"


def _visa_traffar(spar: "Spar", traffar: list["Siffra"], *, som_json: bool) -> None:
    from kommunrapport.rapport.talsok import raden

    if som_json:
        typer.echo(json.dumps([_som_data(spar, s) for s in traffar], ensure_ascii=False, indent=1))
        return
    typer.echo(f"Talet står på {len(traffar)} ställen. Välj ett med: kommunrapport harled ADRESS --period {spar.period}")
    for s in traffar:
        typer.echo(f"  {raden(spar, s)}")


def _som_data(spar: "Spar", s: "Siffra") -> dict[str, str]:
    tabell, rad, kolumn = spar.rubriker(s.adress)
    return {"adress": s.adress, "tabell": tabell, "rad": rad, "kolumn": kolumn, "visas": s.visas, "enhet": spar.enhet(s)}


def _visa_fran(spar: "Spar", utpekat: "Utpekat", traffar: list["Paverkad"], *, som_json: bool) -> None:
    from kommunrapport.rapport.paverkan import per_tabell

    plats = f"{utpekat.fil} {utpekat.cell}".strip()
    if som_json:
        siffror = [{**_som_data(spar, p.siffra), "via": list(p.via)} for p in traffar]
        typer.echo(json.dumps({"fil": utpekat.fil, "cell": utpekat.cell, "skal": utpekat.skal, "siffror": siffror}, ensure_ascii=False, indent=1))
    elif not traffar:
        typer.echo(f"{plats}: ingen tryckt siffra räknas ur det som står där. {utpekat.skal}")
    else:
        tabeller = per_tabell(spar, traffar)
        grenar: list[_Gren] = [(titel, [(_paverkad(spar, p), []) for p in egna]) for titel, egna in tabeller.items()]
        _skriv_trad((f"{plats} når {len(traffar)} {'tryckt siffra eller text' if len(traffar) == 1 else 'tryckta siffror och texter'}", grenar))


def _paverkad(spar: "Spar", p: "Paverkad") -> str:
    tabell, rad, kolumn = spar.rubriker(p.siffra.adress)
    led = [(t, r if t == tabell else f"{t}: {r}", k) for t, r, k in map(spar.rubriker, p.via)]
    via = " → ".join(r if (t, k) == (tabell, kolumn) else f"{r}, {k}" for t, r, k in led)
    return f"{', '.join(filter(None, (rad, kolumn)))} = {spar.visad(p.siffra)}  [{'via ' + via if via else 'direkt'}]"
