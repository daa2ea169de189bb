"""Svensk hjälptext och svenska felmeningar för kommandoraden; biblioteket talar engelska."""

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from kommunrapport.karna.sprak import menade_du

_HJALPORD = (
    ("Usage: ", "Användning: "),
    ("[OPTIONS]", "[FLAGGOR]"),
    ("COMMAND [ARGS]...", "KOMMANDO ..."),
    ("Options:", "Flaggor:"),
    ("Commands:", "Kommandon:"),
    ("Arguments:", "Argument:"),
    ("Show this message and exit.", "Visar den här hjälpen."),
    ("[required]", "[obligatorisk]"),
    ("[default: ", "[förval: "),
    ("[env var: ", "[miljövariabel: "),
    ("{FIL}", "FIL"),
    ("{KATALOG}", "KATALOG"),
    ("{A}", "A"),
    ("{B}", "B"),
    (" <str>", ""),
    (" <list[str]>", ""),
)
_FEL = (
    (r"No such command '([^']*)'.*", "Kommandot {0} finns inte. Kör kommunrapport --help för att se vilka som finns."),
    (r"No such option:? '?([^\s']*)'?.*", "Flaggan {0} finns inte. Lägg till --help efter kommandot för att se vilka som finns."),
    (r"Option '([^']*)' requires an argument\.?", "Flaggan {0} kräver ett värde."),
    (r"Option '([^']*)' does not take a value\.?", "Flaggan {0} tar inget värde."),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "Argumentet {0} förstods inte."),
    (r"Missing option '([^']*)'.*", "Flaggan {0} saknas."),
    (r"Missing argument '([^']*)'.*", "Argumentet {0} saknas."),
    (r"Missing command\.?", "Kommandot saknas."),
    (r"Invalid value for '([^']*)'.*", "Värdet på {0} går inte att använda."),
)


def forsvenska(text: str) -> str:
    for engelska, svenska in _HJALPORD:
        text = text.replace(engelska, svenska)
    return text


def anvandningsfel(fel: Exception) -> str:
    """Den svenska meningen för ett användningsfel, eller tomt om felet är av annat slag."""
    if not hasattr(fel, "format_message"):
        return ""
    text = str(fel.format_message())
    for monster, mening in _FEL:
        traff = re.fullmatch(monster, text, re.DOTALL)
        if traff:
            return mening.format(*traff.groups()) + _menade(fel, *traff.groups()) + _hjalpen(fel)
    return f"Kommandot går inte att tolka: {text}"


def _menade(fel: Any, namn: str = "", *_: str) -> str:
    """Förslaget på ett kommando eller en flagga som liknar den som skrevs."""
    ctx = getattr(fel, "ctx", None)
    if ctx is None or not str(fel.format_message()).startswith("No such"):
        return ""
    if namn.startswith("-"):
        return menade_du(namn, [flagga for p in ctx.command.params for flagga in p.opts])
    return menade_du(namn, ctx.command.list_commands(ctx)) if hasattr(ctx.command, "list_commands") else ""


def _hjalpen(fel: Any) -> str:
    """Hjälptexten till flaggan som saknas: den har ett exempel."""
    hjalp = str(getattr(getattr(fel, "param", None), "help", None) or "")
    return f" {hjalp}" if hjalp and str(fel.format_message()).startswith("Missing option") else ""


class Kommando(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return forsvenska(super().get_help(ctx))


class Grupp(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return forsvenska(super().get_help(ctx))


def kommandogrupp(hjalp: str, kort: str) -> typer.Typer:
    """En grupp av kommandon; utan kommando visar den sin hjälp."""
    grupp = typer.Typer(cls=Grupp, rich_markup_mode=None, help=hjalp, short_help=kort)

    @grupp.callback(invoke_without_command=True)
    def visa_hjalpen(ctx: typer.Context) -> None:
        if ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help())

    return grupp
