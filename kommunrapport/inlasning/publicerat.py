"""Publicerade siffror: spåret (spar.json) från en tidigare periods rapport, fastställd i första hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress

_MAPPAR = ("arkiv", "rapporter")


@dataclass(frozen=True, slots=True)
class Publicerad:
    """En siffra i hundradelar och filen den står i."""

    varde: int
    kalla: str


def las_publicerat(katalog: Path, period: Period) -> Mapping[Adress, Publicerad]:
    """Siffrorna i periodens rapport; inga när den inte finns. Arkivet går före rapporter/. Fel: MallFel om filen är skadad."""
    for mapp in _MAPPAR:
        vag = f"{mapp}/{period}/spar.json"
        if (katalog / vag).is_file():
            return _las(katalog / vag, vag)
    return {}


def _las(fil: Path, vag: str) -> Mapping[Adress, Publicerad]:
    try:
        siffror = json.loads(fil.read_text(encoding="utf-8"))["siffror"]
        return {_adress(namn): Publicerad(post["varde"], vag) for namn, post in siffror.items() if isinstance(post.get("varde"), int)}
    except (ValueError, KeyError, AttributeError, TypeError) as fel:
        raise MallFel(f"{vag}: filen är skadad. Skriv periodens rapport på nytt eller flytta filen.") from fel


def _adress(namn: str) -> Adress:
    tabell, _, rest = namn.partition(".")
    rad, _, kolumn = rest.rpartition(".")
    return Adress(tabell, rad, kolumn)
