"""kommunrapport importera: tar in filer och uppgifter från andra system."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommunrapport.cli import svenska
from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, Periodflagga, hitta_katalog, tolka_ar, tolka_dag, tolka_period
from kommunrapport.karna.fel import AnvandningsFel

if TYPE_CHECKING:
    from kommunrapport.importering import Import, Importrad

NAMN = "importera"
_SATT = {
    "saldon": "filens saldon",
    "periodsaldon": "ingående balans och månadernas saldon",
    "verifikationer": "ingående balans och verifikationer",
}

grupp = svenska.kommandogrupp(
    "Tar in uppgifter från andra system: ekonomisystemets SIE-filer bland periodens inlämningar, och jämförelsetal ur Kolada.",
    "Tar in uppgifter från andra system: SIE-filer och Kolada.",
)


@grupp.command(
    "sie",
    cls=svenska.Kommando,
    help="Läser en SIE-fil (typ 1, 2, 3 eller 4E), visar vad som hamnar på vilken rad och lägger filen, oförändrad, i periodens mapp "
    "under inlamnat/. En fil som inte går att använda läggs inte där.",
    short_help="Läser en SIE-fil och lägger den i inlamnat/.",
)
def sie(
    fil: Annotated[str, typer.Argument(metavar="FIL", help="SIE-filen ur ekonomisystemet.")],
    enhet: Annotated[str, typer.Option("--enhet", metavar="ENHET", help="Enheten som filen gäller. Id eller namn.")],
    period: Periodflagga,
    ersatt: Annotated[bool, typer.Option("--ersatt", help="Ersätter en annan SIE-fil med samma namn i mappen.")] = False,
    torr: Annotated[bool, typer.Option("--torr", help="Visar bara; ingenting läggs i mappen.")] = False,
    kontokarta: Annotated[
        bool,
        typer.Option(
            "--kontokarta",
            help="Skriver i stället konto för konto, som CSV, vilken rad det hör till: en början till en egen kontokarta. "
            "Ingenting läggs i mappen. Beloppen är debet plus och kredit minus.",
        ),
    ] = False,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    tolkad, rot = tolka_period(period), hitta_katalog(katalog, fil)
    from kommunrapport import importering

    i = importering.las(rot, Path(fil), enhet, tolkad)
    if kontokarta and not som_json:
        typer.echo(importering.kontokarta_av(i), nl=False)
        _visa_anmarkningar(i, err=True)
        raise typer.Exit(int(i.slutkod))
    if not som_json:
        _visa(i)
    if not (torr or kontokarta):
        i = importering.lagg(i, Path(fil), ersatt=ersatt)
    typer.echo(json.dumps(_som_data(i), ensure_ascii=False, indent=1) if som_json else _var(i, torr=torr))
    raise typer.Exit(int(i.slutkod))


@grupp.command(
    "kolada",
    cls=svenska.Kommando,
    help="Hämtar jämförelsetal ur Kolada (api.kolada.se) för kommunen, liknande kommuner, länet och riket, och lägger dem i en daterad fil i "
    "styrning/kolada/. Jämförelser görs sedan ur den filen, utan nätverk. Går något inte att hämta skrivs ingenting (slutkod 3).",
    short_help="Hämtar jämförelsetal ur Kolada till en daterad fil.",
)
def kolada(
    namnda: Annotated[
        list[str], typer.Option("--set", metavar="NAMN", help="Hämtar bara det setet ur mallar/kolada/; kan anges flera gånger. Annars alla.")
    ] = [],  # noqa: B006  typer läser bara listan
    nyckeltal: Annotated[
        list[str], typer.Option("--nyckeltal", metavar="ID", help="Hämtar också det nyckeltalet, till exempel N03034; kan anges flera gånger.")
    ] = [],  # noqa: B006
    fran_ar: Annotated[str, typer.Option("--fran-ar", metavar="ÅÅÅÅ", help="Första året att spara. Annars tio år tillbaka.")] = "",
    fran_fil: Annotated[
        list[Path],
        typer.Option("--fran-fil", metavar="FIL", help="Läser i stället en fil som redan är hämtad: API:ets JSON, eller CSV. Flera går bra."),
    ] = [],  # noqa: B006
    datum: Annotated[str, typer.Option("--datum", metavar="ÅÅÅÅ-MM-DD", help="Dagen då filen hämtades. Annars i dag.")] = "",
    url: Annotated[str, typer.Option("--url", metavar="ADRESS", help="En annan adress än https://api.kolada.se/v3/, till exempel en spegel.")] = "",
    ersatt: Annotated[bool, typer.Option("--ersatt", help="Ersätter dagens läge om det redan finns ett med annat innehåll.")] = False,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    if datum and not fran_fil:
        raise AnvandningsFel("--datum gäller bara med --fran-fil: det som hämtas i dag är dagens läge.")
    dag, forsta, rot = tolka_dag(datum), tolka_ar(fran_ar) if fran_ar else None, hitta_katalog(katalog)
    from kommunrapport.karna.sprak import rakna_upp
    from kommunrapport.kolada.importera import Onskan, importera

    if not (som_json or fran_fil):
        typer.echo("Hämtar ur Kolada …", err=True)
    h = importera(rot, Onskan(namnda, nyckeltal, forsta, dag, fran_fil, url), ersatt=ersatt)
    if som_json:
        antal = {"nyckeltal": len(h.lage.nyckeltal), "varden": len(h.lage.varden), "omraden": len(h.lage.omraden)}
        svar = {"fil": h.fil.as_posix(), "kalla": h.lage.kalla, "hamtat": h.lage.hamtat.isoformat(), **antal, "okanda": list(h.lage.okanda)}
        typer.echo(json.dumps({**svar, "varningar": list(h.varningar)}, ensure_ascii=False, indent=1))
        return
    for varning in h.varningar:
        typer.echo(f"VARNING {varning}", err=True)
    typer.echo(f"Nyckeltal: {len(h.lage.nyckeltal)}. Värden: {len(h.lage.varden)}. Kommuner och grupper: {len(h.lage.omraden)}.")
    for g in h.lage.grupper:
        if g.roll != "set":
            kommuner = "1 kommun" if len(g.medlemmar) == 1 else f"{len(g.medlemmar)} kommuner"
            typer.echo(f"  {'Länet' if g.roll == 'lan' else 'Att jämföra med'}: {g.namn}, {kommuner}")
    typer.echo(f"Läget står i {h.fil.as_posix()}")
    sista = "NAMN, där NAMN är " + rakna_upp(list(h.lage.set), mellan="eller") if len(h.lage.set) > 1 else next(iter(h.lage.set))
    typer.echo(f"Jämför med: kommunrapport jamfor-kommuner --set {sista}")


def _visa(i: "Import") -> None:
    satt = _SATT.get(i.bokforing.lasning.saldon.satt, "") if i.bokforing else ""
    typer.secho(f"{i.enhet.namn}, {i.period.namn}: {i.fil}{f' ({satt})' if satt else ''}", bold=True)
    blad = list(dict.fromkeys((r.blad, r.kolumn) for r in i.rader))
    for namn, kolumn in blad:
        _tabell(f"{namn}, {kolumn}", [r for r in i.rader if r.blad == namn])
    omappade = i.bokforing.lasning.omappade if i.bokforing else ()
    if omappade and i.bokforing:
        typer.echo(f"\nKonton utan rad i {i.bokforing.karta.fil} (debet plus, kredit minus):")
        for o in omappade:
            typer.echo(f"  {o.konto} {o.namn}: {_kronor(o.ore)} kr, {o.cell}")
    typer.echo("")
    _visa_anmarkningar(i, err=False)


def _visa_anmarkningar(i: "Import", *, err: bool) -> None:
    from kommunrapport.cli.utskrift import rad_av, raknat

    data = _anmarkningar(i)
    for a in data:
        typer.echo(rad_av({**a, "enhet": "", "fil": ""}), err=err)
    typer.echo(raknat(data), err=err)


def _tabell(titel: str, rader: "list[Importrad]") -> None:
    belopp = {r.rad: "" if r.ore is None else _kronor(r.ore) for r in rader}
    if sys.stdout.isatty():
        _rik_tabell(titel, rader, belopp)
        return
    bredd, tal = max(len(r.namn) for r in rader), max(len("kronor"), *map(len, belopp.values()))
    typer.echo(f"\n{titel}\n{'':{bredd}}  {'kronor':>{tal}}  konton")
    for r in rader:
        typer.echo(f"{r.namn:{bredd}}  {belopp[r.rad]:>{tal}}  {_antal(r):>6}".rstrip())


def _rik_tabell(titel: str, rader: "list[Importrad]", belopp: dict[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    tabell = Table("Rad", title=titel, title_justify="left", pad_edge=False)
    for rubrik in ("Kronor", "Konton"):
        tabell.add_column(rubrik, justify="right", no_wrap=True)
    for r in rader:
        tabell.add_row(Text(r.namn), belopp[r.rad], _antal(r), style="bold" if r.summa else "")
    Console().print(tabell)


def _antal(r: "Importrad") -> str:
    return "" if r.summa or r.ore is None else str(r.konton)


def _kronor(ore: int) -> str:
    from kommunrapport.karna.sprak import formatera

    return formatera(ore, 2)


def _var(i: "Import", *, torr: bool) -> str:
    if i.lagd:
        return f"Lagd i mappen: {i.lagd.as_posix()}"
    return "Ingenting är skrivet (--torr)." if torr and not i.avvisad else "Filen är inte lagd i mappen, eftersom den inte går att använda."


def _anmarkningar(i: "Import") -> list[dict[str, Any]]:
    from kommunrapport.rapport.anmarkningslista import som_lista

    return som_lista(i.anmarkningar, i.katalog, i.arbete.organisation)


def _som_data(i: "Import") -> dict[str, Any]:
    """Hela svaret som JSON; belopp i öre."""
    omappade = i.bokforing.lasning.omappade if i.bokforing else ()
    return {
        "enhet": i.enhet.namn,
        "period": str(i.period),
        "fil": i.fil,
        "saldon": i.bokforing.lasning.saldon.satt if i.bokforing else "",
        "kontokarta": i.bokforing.karta.fil if i.bokforing else "",
        "lagd": i.lagd.as_posix() if i.lagd else "",
        "rader": [r._asdict() for r in i.rader],
        "omappade": [o._asdict() for o in omappade],
        "slutkod": int(i.slutkod),
        "anmarkningar": _anmarkningar(i),
    }
