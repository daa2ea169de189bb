"""kommunrapport status: visar vem som har lämnat, vad som är fel och om rapporten är aktuell."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Datumflagga, Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_dag, tolka_period

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from kommunrapport.status.lage import Enhetslage, Lage, Periodlage

NAMN = "status"
KORT = "Visar läget: vem som har lämnat, vad som är fel och vad som är klart."
HJALP = (
    "Visar läget i de perioder som är öppna: vem som har lämnat, saknas eller är försenad, vad som är fel, vad som är klarmarkerat, dagarna "
    "kvar och om rapporten är aktuell. Det mest brådskande står först. Inlämningarna ändras aldrig, och "
    "slutkoden är 0 också när något saknas eller är fel."
)
FARG = {"försenad": "bold red", "har fel": "bold red", "saknas": "yellow", "inte längre klar": "yellow", "har varningar": "yellow", "klar": "green"}
_ALLTID, _ALLT = 0, 4
"""De kolumner som alltid visas, och alla."""
_MEST_FEL = 3
"""Så många av en enhets fel står under tabellen."""


def kor(
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden. Annars alla som är öppna.")] = "",
    datum: Datumflagga = "",
    html: Annotated[bool, typer.Option("--html", help="Skriver också läget som webbsidan status.html i arbetskatalogen.")] = False,
    paminnelser: Annotated[
        str,
        typer.Option("--paminnelser", metavar="MAPP", help="Skriver också en påminnelse (text och e-postutkast) per enhet som behöver en, i mappen."),
    ] = "",
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    tolkad, dag, rot = tolka_period(period) if period else None, tolka_dag(datum) if datum else None, hitta_katalog(katalog)
    from kommunrapport.status.lasning import Tillfalle, las_lage

    lage = las_lage(rot, Tillfalle.pa_dagen(dag) if dag else Tillfalle.nu(), tolkad)
    skrivna = [*([_sida(rot, lage)] if html else []), *(_paminn(rot, lage, Path(paminnelser), ersatt=ersatt) if paminnelser else [])]
    if som_json:
        typer.echo(json.dumps({**lage.som_data(), "skrivet": skrivna}, ensure_ascii=False, indent=1))
        return
    _visa(lage)
    if skrivna:
        typer.echo("\n".join(["", "Skrivet:", *(f"  {fil}" for fil in skrivna)]))
    elif paminnelser:
        typer.echo("\nIngen behöver påminnas.")


def _sida(rot: Path, lage: "Lage") -> str:
    from kommunrapport.status.sida import skriv_status

    return skriv_status(rot, lage).as_posix()


def _paminn(rot: Path, lage: "Lage", mapp: Path, *, ersatt: bool) -> list[str]:
    from kommunrapport.status.paminnelser import skriv_paminnelser

    svar = skriv_paminnelser(rot, lage, mapp, ersatt=ersatt)
    for gammal in svar.borttagna:
        typer.echo(f"Borttagen, behövs inte längre: {gammal.as_posix()}", err=True)
    for gammal in svar.kvar:
        typer.echo(f"Behövs inte längre, men är ändrad och ligger kvar: {gammal.as_posix()}", err=True)
    return [fil.as_posix() for fil in svar.filer]


def _visa(lage: "Lage") -> None:
    typer.secho(f"Läget {lage.tid}, {lage.kommun}", bold=True)
    if lage.besked:
        typer.echo(lage.besked)
    for p in lage.perioder:
        typer.echo("")
        typer.secho(f"{p.rapporttyp}, {p.namn}", bold=True)
        for rad in _om_perioden(p):
            typer.echo(rad)
        if p.enheter:
            typer.echo("")
            _visa_enheter(p)
        for rad in _att_gora(p):
            typer.echo(rad)
    _visa_planer(lage)


def _visa_planer(lage: "Lage") -> None:
    from kommunrapport.status.meningar import planen

    if lage.uppfoljning:
        typer.secho("\nUppsikt och uppföljningsplaner", bold=True)
    for p in lage.uppfoljning:
        typer.echo(f"- {p.namn}: {planen(p)}" if p.namn else planen(p))


def _om_perioden(p: "Periodlage") -> Iterator[str]:
    from kommunrapport.karna.period import datum_i_ord
    from kommunrapport.status.meningar import dagar_i_ord, lamnade_i_ord, rapporten

    yield f"Lämnas senast {datum_i_ord(p.klar_senast)} ({dagar_i_ord(p.dagar_kvar)})."
    if p.frist:
        yield f"Lagens frist är {datum_i_ord(p.frist)}{f' ({p.lagrum})' if p.lagrum else ''}."
    if p.hinder:
        yield from ("Perioden går inte att läsa:", *(f"  {rad}" for rad in p.hinder))
        return
    yield f"{lamnade_i_ord(p)}."
    if not p.mapp_finns:
        yield f"Mappen {p.mapp} finns inte än."
    yield rapporten(p)


def _tabell(p: "Periodlage", niva: int) -> tuple[list[tuple[str, bool]], list[list[str]], list[str]]:
    """Kolumnernas rubriker, med om de högerställs, enheternas rader, och rubrikerna som inte är med.

    ``niva`` är 0 för de kolumner som alltid visas; varje steg upp lägger till det näst viktigaste.
    """
    from kommunrapport.status.meningar import klarmarkerad, mottagen

    kolumner: list[tuple[str, bool, int, Callable[[Enhetslage], str]]] = [
        ("Läge", False, _ALLTID, lambda e: e.lage),
        ("Enhet", False, _ALLTID, lambda e: e.namn),
        ("Fel", True, _ALLTID, lambda e: str(e.fel) if e.filer else "–"),
        ("Varn.", True, _ALLTID, lambda e: str(e.varningar) if e.filer else "–"),
        ("Klarm.", False, _ALLTID, klarmarkerad),
    ]
    if p.beloppsenhet:
        kolumner += [
            (f"Budget, {p.beloppsenhet}", True, 1, lambda e: e.siffror.budget.visas if e.siffror else "–"),
            (f"{p.utfallets_namn}, {p.beloppsenhet}", True, 1, lambda e: e.siffror.utfall.visas if e.siffror else "–"),
        ]
    if p.har_avvikelser:
        kolumner.append((f"Avvikelse, {p.beloppsenhet}", True, _ALLTID, _avvikelse))
    kolumner += [
        ("Mottagen", False, 2, mottagen),
        ("Sparad av", False, 3, lambda e: e.sparad_av),
        ("Fil", False, _ALLT, lambda e: ", ".join(PurePosixPath(fil).name for fil in e.filer)),
    ]
    valda, dolda = ([k for k in kolumner if (k[2] <= niva) == med] for med in (True, False))
    rader = [[cell(e) for _, _, _, cell in valda] for e in p.enheter]
    return [(rubrik, hoger) for rubrik, hoger, _, _ in valda], rader, [rubrik.partition(",")[0] for rubrik, _, _, _ in dolda]


def _visa_enheter(p: "Periodlage") -> None:
    if sys.stdout.isatty():
        from rich.console import Console

        from kommunrapport.karna.sprak import rakna_upp

        konsol = Console()
        kolumner, rader, dolda = _som_far_plats(p, konsol)
        konsol.print(_rik_tabell(kolumner, rader))
        if dolda:
            typer.echo(f"I ett bredare fönster visas också {rakna_upp(dolda)}. Allt finns med --html och --json.")
    else:
        kolumner, rader, _ = _tabell(p, _ALLT)
        for rad in jamna(kolumner, rader):
            typer.echo(rad)
    if ("Mottagen", False) in kolumner and any(e.filer and not e.ur_loggen for e in p.enheter):
        typer.echo("* Filens egen tid; händelseloggen har inte sett filen än.")


def _som_far_plats(p: "Periodlage", konsol: "Console") -> tuple[list[tuple[str, bool]], list[list[str]], list[str]]:
    """Så mycket av tabellen som får plats på bredden utan att rader bryts, det viktigaste först."""
    obegransat = konsol.options.update(width=sys.maxsize)
    for niva in range(_ALLT, _ALLTID, -1):
        kolumner, rader, dolda = _tabell(p, niva)
        if konsol.measure(_rik_tabell(kolumner, rader), options=obegransat).maximum <= konsol.width:
            return kolumner, rader, dolda
    return _tabell(p, _ALLTID)


def jamna(kolumner: Sequence[tuple[str, bool]], rader: Sequence[Sequence[str]]) -> list[str]:
    """Rubrikerna och raderna som text med kolumnerna under varandra."""
    alla = [[rubrik for rubrik, _ in kolumner], *rader]
    bredder = [max(len(rad[nr]) for rad in alla) for nr in range(len(kolumner))]
    celler = [[c.rjust(b) if hoger else c.ljust(b) for c, b, (_, hoger) in zip(rad, bredder, kolumner, strict=True)] for rad in alla]
    return ["  ".join(rad).rstrip() for rad in celler]


def _rik_tabell(kolumner: Sequence[tuple[str, bool]], rader: Sequence[Sequence[str]]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    tabell = Table(pad_edge=False)
    for rubrik, hoger in kolumner:
        tabell.add_column(rubrik.replace(", ", ",\n"), justify="right" if hoger else "left", overflow="fold")
    for lage, *ovriga in rader:
        tabell.add_row(Text(lage, style=FARG.get(lage, "")), *(Text(c) for c in ovriga))
    return tabell


def _att_gora(p: "Periodlage") -> Iterator[str]:
    """En rad för varje enhet som har något särskilt att säga, för dess fel, och för det som inte hör till någon enhet."""
    noter = [f"{e.namn}: {text}" for e in p.enheter for text in (*filter(None, e.noteringar), *_felen(p, e))]
    ovriga = [f"{a['fil'] or a['blad'] or 'Perioden'}: {a['mening']} {a['gor_sa']}" for a in p.ovriga]
    if noter or ovriga:
        yield from ("", *(f"- {rad}" for rad in (*noter, *ovriga)))


def _felen(p: "Periodlage", e: "Enhetslage") -> Iterator[str]:
    """Enhetens fel, utom det som noteringarna redan säger."""
    from kommunrapport.status.lage import FELSLAG
    from kommunrapport.status.meningar import plats

    sagt = " ".join(e.noteringar)
    felen = [a for a in e.anmarkningar if a["allvar"] in FELSLAG and a["mening"] not in sagt]
    for a in felen[:_MEST_FEL]:
        yield f"{' '.join(filter(None, (a['kod'], plats(a))))}: {a['mening']}"
    if len(felen) > _MEST_FEL:
        yield f"… och {len(felen) - _MEST_FEL} fel till. Alla: kommunrapport validera --period {p.period}"


def _avvikelse(e: "Enhetslage") -> str:
    return e.siffror.avvikelse.visas if e.siffror and e.siffror.avvikelse else "–"
