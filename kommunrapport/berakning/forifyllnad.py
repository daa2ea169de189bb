"""Förifyllnad: vad som står i inlämningsbokens förifyllda celler, ur beslut och tidigare inlämningar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from kommunrapport.karna.fakta import VARDE, Cellnyckel
from kommunrapport.mall.beslut import beslutade_belopp
from kommunrapport.mall.bladrader import Bladrad
from kommunrapport.mall.modell import Blad, Kolumn

Cellvarde: TypeAlias = int | str


@dataclass(frozen=True)
class Tidigare:
    """Fakta att hämta förifyllda värden ur: årets beslut och de tidigare periodernas inlämningar."""

    styrning: pd.DataFrame
    perioder: Mapping[str, pd.DataFrame]
    """``fg_period``, ``bokslut_fg`` och ``fg_prognos`` → periodens fakta; en som saknas förifyller inget."""


def forifyll(enhet: str, blad: Blad, rader: Sequence[Bladrad], tidigare: Tidigare) -> dict[Cellnyckel, Cellvarde]:
    """Bladets förifyllda celler: tal i hundradelar med faktatabellens tecken, och text så som den lämnades."""
    celler: dict[Cellnyckel, Cellvarde] = {}
    inmatning = [rad for rad in rader if not rad.uttryck and not rad.rubrik]
    for kolumn in blad.kolumn:
        if kolumn.fylls_fran:
            varden = _hamta(enhet, blad.id, kolumn, tidigare)
            celler |= {(blad.id, rad.id, kolumn.id): varden[rad.id] for rad in inmatning if rad.id in varden}
    return celler


def _hamta(enhet: str, blad: str, kolumn: Kolumn, tidigare: Tidigare) -> Mapping[str, Cellvarde]:
    kalla, _, namn = kolumn.fylls_fran.partition(":")
    if kalla == "styrning":
        return {rad: varde for (e, rad), varde in beslutade_belopp(tidigare.styrning, blad, kolumn).items() if e == enhet}
    facit = tidigare.perioder.get(kalla)
    if facit is None:
        return {}
    egna = facit[(facit["enhet"] == enhet) & (facit["tabell"] == blad) & (facit["kolumn"] == namn) & ~facit["harledd"]]
    if kolumn.slag == "text":
        lamnade = egna[egna["tillstand"] == VARDE]
        return {str(rad): str(text) for rad, text in zip(lamnade["rad"], lamnade["text"], strict=True)}
    urval = egna[egna["varde"].notna()]
    varden: dict[str, int] = {}
    for rad, varde in zip(urval["rad"], urval["varde"], strict=True):
        varden[str(rad)] = varden.get(str(rad), 0) + int(varde)
    return varden
