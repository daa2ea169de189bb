"""Lägesbilden i exemplet: det som förvaltningarna och kommunledningen skriver i sina böcker."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from exempel.prosa import las_texter
from exempel.underlag import Cell
from kommunrapport import utskick
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall
from kommunrapport.rapport.arbetsbok import Varde

_KOLUMNER = ("atgard", "effekt", "utmaning")


def skapa_lagesbild(har: Path, arbete: Arbetskatalog, mall: Periodmall) -> None:
    """Skriver böckerna till en lägesbild ur lage.toml och kontaktuppgifterna i texter.toml, för de enheter som lämnar dem."""
    lage, forsatt, mapp = las_texter(har / "lage.toml")[str(mall.period)], las_texter(har / "texter.toml")["forsatt"], arbete.inlamnat(mall.period)
    enheter = [e for e in arbete.organisation.enhet if mall.blad_for(e)]
    bocker = {e.id: (mapp / f"{e.namn} {mall.period}.xlsx", _varden(lage, mall, e, forsatt[e.id])) for e in enheter}
    utskick.skriv_inlamningsbocker(arbete.katalog, mall.period, bocker)
    print(f"{mall.period}: {len(bocker)} böcker i {mapp.relative_to(arbete.katalog.parent)}")


def _varden(lage: Mapping[str, Any], mall: Periodmall, enhet: Enhetspost, forsatt: Mapping[str, Any]) -> dict[Cell, Varde]:
    """Det ifyllda i enhetens bok; ``forsatt`` är enhetens kontaktuppgifter."""
    klart = mall.post.klar_senast(mall.period.slut) - timedelta(days=1)
    svar = {"kontaktperson": forsatt["kontaktperson"], "epost": forsatt["epost"], "klarmarkerad": "Ja", "klardatum": klart}
    varden: dict[Cell, Varde] = {("forsatt", rad, "svar"): v for rad, v in svar.items()}
    if enhet.slag == "finansforvaltning":
        return varden | {("lagetexter", rad, "text"): "\n".join(stycken) for rad, stycken in lage["texter"].items()}
    exempel = lage["omraden"].get(enhet.id, {})
    return varden | {("lage", o, k): text for o, texter in exempel.items() for k, text in zip(_KOLUMNER, texter, strict=True) if text}
