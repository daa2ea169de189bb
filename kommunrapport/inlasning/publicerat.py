"""Publicerade siffror: spåret (spar.json) från en tidigare periods rapport, fastställd i första hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.arkivmapp import ARKIV, versioner

SPAR = "spar.json"


@dataclass(frozen=True, slots=True)
class Publicerad:
    """En siffra i hundradelar och filen den står i."""

    varde: int
    kalla: str


def las_publicerat(katalog: Path, period: Period) -> Mapping[Adress, Publicerad]:
    """Siffrorna i periodens rapport; inga när den inte finns. Fel: MallFel om filen är skadad."""
    fil = publicerad_fil(katalog, period)
    return _las(fil, fil.relative_to(katalog).as_posix()) if fil else {}


def publicerad_fil(katalog: Path, period: Period) -> Path | None:
    """Spåret i den senast fastställda versionen, annars ett som är lagt i ``arkiv/PERIOD``, annars rapportens i ``rapporter/``."""
    mappar = [v / "rapporter" / str(period) for v in reversed(versioner(katalog, period).values())][:1]
    mappar += [katalog / ARKIV / str(period), katalog / "rapporter" / str(period)]
    return next((mapp / SPAR for mapp in mappar if (mapp / SPAR).is_file()), None)


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
