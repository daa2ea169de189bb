"""Förifyllnad: vad som står i inlämningsbokens förifyllda celler, ur beslut och tidigare inlämningar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import pandas as pd

from kommunrapport.karna.fakta import VARDE, Cellnyckel
from kommunrapport.karna.plan import Adress
from kommunrapport.mall import uttryck
from kommunrapport.mall.beslut import beslutade_belopp
from kommunrapport.mall.bladrader import TALSLAG, Bladrad, publicerat
from kommunrapport.mall.modell import Blad, Kolumn

FG_BLAD = "fg_blad"
"""Årets förra inlämning av bladet, som en kolumns ``fylls_fran`` kan nämna."""


_Kolumnnyckel: TypeAlias = tuple[str, str, str]
"""En enhets kolumn: enhet, tabell och kolumn."""


@dataclass(frozen=True)
class Uppslag:
    """En periods fakta att slå upp enhetsvis: de läses igenom en gång, hur många enheter det än är."""

    fakta: pd.DataFrame

    @cached_property
    def tal(self) -> Mapping[_Kolumnnyckel, Mapping[str, int]]:
        """Kolumn → rad → summan i hundradelar."""
        kolumner: dict[_Kolumnnyckel, dict[str, int]] = {}
        for enhet, tabell, kolumn, rad, varde in self._celler("varde", self.fakta["varde"].notna()):
            summor = kolumner.setdefault((enhet, tabell, kolumn), {})
            summor[rad] = summor.get(rad, 0) + int(varde)
        return kolumner

    @cached_property
    def svar(self) -> Mapping[_Kolumnnyckel, Mapping[str, str]]:
        """Kolumn → rad → texten, valet eller dagen."""
        kolumner: dict[_Kolumnnyckel, dict[str, str]] = {}
        for enhet, tabell, kolumn, rad, text in self._celler("text", self.fakta["tillstand"] == VARDE):
            kolumner.setdefault((enhet, tabell, kolumn), {})[rad] = text
        return kolumner

    def _celler(self, varde: str, vilka: "pd.Series[bool]") -> Iterator[tuple[Any, ...]]:
        urval = self.fakta.loc[vilka & ~self.fakta["harledd"], ["enhet", "tabell", "kolumn", "rad", varde]]
        return zip(*(urval[kolumn].tolist() for kolumn in urval), strict=True)


@dataclass(frozen=True)
class Tidigare:
    """Fakta att hämta förifyllda värden ur: årets beslut, och de tidigare periodernas inlämningar och beslut."""

    styrning: pd.DataFrame
    perioder: Mapping[str, Uppslag]
    """``fg_period``, ``bokslut_fg``, ``fg_prognos`` och ``fg_blad:BLAD`` → periodens fakta; en som saknas förifyller inget."""
    bokslut: Mapping[int, Mapping[Adress, int]] = field(default_factory=dict)
    """År tillbaka → det publicerade bokslutets siffror i hundradelar, som går före inlämningarna."""

    @cached_property
    def _beslutat(self) -> dict[tuple[str, str], dict[str, dict[str, int]]]:
        return {}

    def uppslag(self, kalla: str, blad: str) -> Uppslag | None:
        return self.perioder.get(forra_bladet(blad) if kalla == FG_BLAD else kalla)

    def beslutat(self, enhet: str, blad: str, kolumn: Kolumn) -> Mapping[str, int]:
        """Enhetens beslutade belopp per rad."""
        if (blad, kolumn.fylls_fran) not in self._beslutat:
            enheter = self._beslutat.setdefault((blad, kolumn.fylls_fran), {})
            for (e, rad), varde in beslutade_belopp(self.styrning, blad, kolumn).items():
                enheter.setdefault(e, {})[rad] = varde
        return self._beslutat[blad, kolumn.fylls_fran].get(enhet, {})


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
        uppslag = None if kolumn.slag in TALSLAG else tidigare.uppslag(kalla, blad.id)
        if uppslag is not None:
            svar = uppslag.svar.get((enhet, blad.id, namn), {}).items()
            yield from (((blad.id, rad, kolumn.id), date.fromisoformat(t) if kolumn.slag == "datum" else t) for rad, t in svar if rad in inmatning)


def _hamta(enhet: str, blad: str, kolumn: Kolumn, tidigare: Tidigare) -> Mapping[str, int]:
    kalla, _, namn = kolumn.fylls_fran.partition(":")
    if kalla == "styrning":
        return tidigare.beslutat(enhet, blad, kolumn)
    uppslag = tidigare.uppslag(kalla, blad)
    if uppslag is None:
        return {}
    termer = [(t.tecken, uppslag.tal.get((enhet, blad, t.namn), {})) for t in uttryck.parse(namn)]
    rader = set.intersection(*({*summor} for _, summor in termer))
    return {rad: sum(tecken * summor[rad] for tecken, summor in termer) for rad in rader}
