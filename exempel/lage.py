"""Lägesbilden i exemplet: det som förvaltningarna och kommunledningen skriver i sina böcker."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from exempel.underlag import Cell
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.rapport.arbetsbok import Varde

_KOLUMNER = ("atgard", "effekt", "utmaning")


def lagesvarden(fil: Path, mall: Periodmall, enhet: Enhetspost, forsatt: Mapping[str, Any]) -> dict[Cell, Varde]:
    """Det ifyllda i enhetens bok till periodens lägesbild; ``forsatt`` är enhetens kontaktuppgifter."""
    lage = tomllib.loads(fil.read_text(encoding="utf-8"))[str(mall.period)]
    klart = mall.post.klar_senast(mall.period.slut) - timedelta(days=1)
    svar = {"kontaktperson": forsatt["kontaktperson"], "epost": forsatt["epost"], "klarmarkerad": "Ja", "klardatum": klart}
    varden: dict[Cell, Varde] = {("forsatt", rad, "svar"): v for rad, v in svar.items()}
    if enhet.slag == "finansforvaltning":
        return varden | {("lagetexter", rad, "text"): "\n".join(stycken) for rad, stycken in lage["texter"].items()}
    exempel = lage["omraden"].get(enhet.id, {})
    return varden | {("lage", o, k): text for o, texter in exempel.items() for k, text in zip(_KOLUMNER, texter, strict=True) if text}
