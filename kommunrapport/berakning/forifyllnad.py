"""Förifyllnad: vad som står i inlämningsbokens förifyllda celler, ur beslut och tidigare inlämningar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pandas as pd

from kommunrapport.karna.fakta import Cellnyckel
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.beslut import beslutade_belopp
from kommunrapport.mall.bladrader import Bladrad, publicerat
from kommunrapport.mall.modell import Blad, Kolumn

Cellvarde: TypeAlias = int | str


@dataclass(frozen=True)
class Tidigare:
    """Fakta att hämta förifyllda värden ur: årets beslut och de tidigare periodernas inlämningar."""

    styrning: pd.DataFrame
    perioder: Mapping[str, pd.DataFrame]
    """``fg_period``, ``bokslut_fg`` och ``fg_prognos`` → periodens fakta; en som saknas förifyller inget."""
    bokslut: Mapping[int, Mapping[Adress, int]] = field(default_factory=dict)
    """År tillbaka → det publicerade bokslutets siffror i hundradelar, som går före inlämningarna."""


def forifyll(enhet: str, blad: Blad, rader: Sequence[Bladrad], tidigare: Tidigare) -> dict[Cellnyckel, int]:
    """Bladets förifyllda celler, i hundradelar med faktatabellens tecken."""
    celler: dict[Cellnyckel, int] = {}
    inmatning = [rad for rad in rader if not rad.uttryck and not rad.rubrik]
    for kolumn in blad.kolumn:
        if kolumn.fylls_fran:
            varden = _hamta(enhet, blad.id, kolumn, tidigare)
            celler |= {(blad.id, rad.id, kolumn.id): varden[rad.id] for rad in inmatning if rad.id in varden}
        publicerade = {rad.id: publicerat(kolumn, rad, tidigare.bokslut) for rad in inmatning if kolumn.publicerat_ar}
        celler |= {(blad.id, rad, kolumn.id): varde for rad, varde in publicerade.items() if varde is not None}
    return celler


def _hamta(enhet: str, blad: str, kolumn: Kolumn, tidigare: Tidigare) -> Mapping[str, int]:
    kalla, _, namn = kolumn.fylls_fran.partition(":")
    if kalla == "styrning":
        return {rad: varde for (e, rad), varde in beslutade_belopp(tidigare.styrning, blad, kolumn).items() if e == enhet}
    facit = tidigare.perioder.get(kalla)
    if facit is None:
        return {}
    urval = facit[(facit["enhet"] == enhet) & (facit["tabell"] == blad) & (facit["kolumn"] == namn) & facit["varde"].notna() & ~facit["harledd"]]
    varden: dict[str, int] = {}
    for rad, varde in zip(urval["rad"], urval["varde"], strict=True):
        varden[str(rad)] = varden.get(str(rad), 0) + int(varde)
    return varden
