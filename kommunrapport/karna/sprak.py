"""Svenska former: tal, uppräkningar och jämförelse av namn."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

NBSP = "\u00a0"
MINUS = "\u2212"


def formatera(tal: int, decimaler: int, *, plus: bool = False) -> str:
    """Heltal i sista visade decimalen som svensk text: ``formatera(-12345, 1)`` är −1 234,5."""
    siffror = f"{abs(tal):0{decimaler + 1}d}"
    hela, rest = siffror[: len(siffror) - decimaler], siffror[len(siffror) - decimaler :]
    text = f"{int(hela):,}".replace(",", NBSP) + (f",{rest}" if decimaler else "")
    if tal < 0:
        return MINUS + text
    return f"+{text}" if plus and tal > 0 else text


@lru_cache(maxsize=50_000)
def nyckel(namn: str) -> str:
    """Namnet i jämförbar form: NFC, gemener, enkla mellanslag."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", namn)).strip().casefold()


def beteckning(namn: str) -> str:
    """Namnet som beteckning i en fil, eller tomt: ``Vård- och omsorgsnämnden`` blir ``vard-och-omsorgsnamnden``."""
    utan_prickar = "".join(unicodedata.normalize("NFD", tecken)[0] for tecken in nyckel(namn))
    return re.sub(r"[^a-z0-9]+", "-", utan_prickar).strip("-")


def rakna_upp(namn: Sequence[str], *, mellan: str = "och") -> str:
    """``["a", "b", "c"]`` blir ``a, b och c``."""
    if len(namn) < 2:
        return "".join(namn)
    return f"{', '.join(namn[:-1])} {mellan} {namn[-1]}"


def menade_du(sokt: str, finns: Iterable[str]) -> str:
    """`` Menade du Socialnämnden?``, med inledande mellanslag, när något namn liknar det sökta; annars tomt."""
    traff = narmast(sokt, finns)
    return f" Menade du {traff}?" if traff else ""


def narmast(sokt: str, finns: Iterable[str]) -> str:
    """Namnet som mest liknar det sökta, eller tomt när inget gör det."""
    former = {beteckning(namn): namn for namn in reversed(list(finns))}
    nara = get_close_matches(beteckning(sokt), former, n=1, cutoff=0.6)
    borjar = [form for form in former if form.startswith(beteckning(sokt))] if beteckning(sokt) else []
    traff = nara or (borjar if len(borjar) == 1 else [])
    return former[traff[0]] if traff else ""


def hall_ihop(text: str) -> str:
    """Texten med hårt mellanslag efter paragraftecken, så att § inte skiljs från sin siffra."""
    return text.replace("§ ", f"§{NBSP}")


def stor_bokstav(text: str) -> str:
    return text[:1].upper() + text[1:]


def liten_bokstav(text: str) -> str:
    return text[:1].lower() + text[1:]


def genitiv(namn: str) -> str:
    """Genitiv: ett namn som slutar på s, x eller z får inget extra s."""
    return namn if namn[-1:].lower() in "sxz" else namn + "s"
