"""Förifyllnad: vad som står i inlämningsbokens förifyllda celler, ur beslut och tidigare inlämningar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kommunrapport.karna.fakta import VARDE, Cellnyckel
from kommunrapport.karna.plan import Adress
from kommunrapport.mall import uttryck
from kommunrapport.mall.beslut import beslutade_belopp
from kommunrapport.mall.bladrader import TALSLAG, Bladrad, publicerat
from kommunrapport.mall.modell import Blad, Kolumn

FG_BLAD = "fg_blad"
"""Årets förra inlämning av bladet, som en kolumns ``fylls_fran`` kan nämna."""


@dataclass(frozen=True)
class Tidigare:
    """Fakta att hämta förifyllda värden ur: årets beslut, och de tidigare periodernas inlämningar och beslut."""

    styrning: pd.DataFrame
    perioder: Mapping[str, pd.DataFrame]
    """``fg_period``, ``bokslut_fg``, ``fg_prognos`` och ``fg_blad:BLAD`` → periodens fakta; en som saknas förifyller inget."""
    bokslut: Mapping[int, Mapping[Adress, int]] = field(default_factory=dict)
    """År tillbaka → det publicerade bokslutets siffror i hundradelar, som går före inlämningarna."""

    def fakta(self, kalla: str, blad: str) -> pd.DataFrame | None:
        return self.perioder.get(forra_bladet(blad) if kalla == FG_BLAD else kalla)


def forra_bladet(blad: str) -> str:
    """Vad årets förra inlämning av bladet heter bland de tidigare perioderna."""
    return f"{FG_BLAD}:{blad}"


def forifyll(enhet: str, blad: Blad, rader: Sequence[Bladrad], tidigare: Tidigare) -> dict[Cellnyckel, int]:
    """Bladets förifyllda tal, i hundradelar med faktatabellens tecken."""
    celler: dict[Cellnyckel, int] = {}
    inmatning = [rad for rad in rader if not rad.uttryck and not rad.rubrik]
    for kolumn in blad.kolumn:
        if kolumn.fylls_fran:
            varden = _hamta(enhet, blad.id, kolumn, tidigare)
            celler |= {(blad.id, rad.id, kolumn.id): varden[rad.id] for rad in inmatning if rad.id in varden}
        publicerade = {rad.id: publicerat(kolumn, rad, tidigare.bokslut) for rad in inmatning if kolumn.publicerat_ar}
        celler |= {(blad.id, rad, kolumn.id): varde for rad, varde in publicerade.items() if varde is not None}
    return celler


def forifyll_svar(enhet: str, blad: Blad, rader: Sequence[Bladrad], tidigare: Tidigare) -> Iterator[tuple[Cellnyckel, str | date]]:
    """Bladets förifyllda texter, val och dagar."""
    inmatning = {rad.id for rad in rader if not rad.uttryck and not rad.rubrik}
    for kolumn in blad.kolumn:
        kalla, _, namn = kolumn.fylls_fran.partition(":")
        facit = None if kolumn.slag in TALSLAG else tidigare.fakta(kalla, blad.id)
        if facit is not None:
            svar = facit[_celler(facit, enhet, blad.id, namn) & (facit["tillstand"] == VARDE)]
            par = zip(svar["rad"].astype("object"), svar["text"], strict=True)
            yield from (((blad.id, rad, kolumn.id), date.fromisoformat(t) if kolumn.slag == "datum" else t) for rad, t in par if rad in inmatning)


def _celler(facit: pd.DataFrame, enhet: str, blad: str, kolumn: str) -> "pd.Series[bool]":
    return (facit["enhet"] == enhet) & (facit["tabell"] == blad) & (facit["kolumn"] == kolumn) & ~facit["harledd"]


def _hamta(enhet: str, blad: str, kolumn: Kolumn, tidigare: Tidigare) -> Mapping[str, int]:
    kalla, _, namn = kolumn.fylls_fran.partition(":")
    if kalla == "styrning":
        return {rad: varde for (e, rad), varde in beslutade_belopp(tidigare.styrning, blad, kolumn).items() if e == enhet}
    facit = tidigare.fakta(kalla, blad)
    if facit is None:
        return {}
    termer = [(t.tecken, _summor(facit, enhet, blad, t.namn)) for t in uttryck.parse(namn)]
    rader = set.intersection(*({*summor} for _, summor in termer))
    return {rad: sum(tecken * summor[rad] for tecken, summor in termer) for rad in rader}


def _summor(facit: pd.DataFrame, enhet: str, blad: str, kolumn: str) -> dict[str, int]:
    urval = facit[_celler(facit, enhet, blad, kolumn) & facit["varde"].notna()]
    varden: dict[str, int] = {}
    for rad, varde in zip(urval["rad"], urval["varde"], strict=True):
        varden[str(rad)] = varden.get(str(rad), 0) + int(varde)
    return varden
