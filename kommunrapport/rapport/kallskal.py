"""Varför något som är läst inte når någon tryckt siffra, och vad man kan följa i stället."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kommunrapport.karna.fakta import BARA_JAMFORS
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall import uttryck
from kommunrapport.mall.bladrader import rader_pa, radtermer
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.rapport.kallsok import Utpekat

_MEST = 12


def bara_jamforda(fakta: pd.DataFrame) -> frozenset[str]:
    """SIE-filer vars enhet också har lämnat sin bok: de stäms av mot boken men räknas inte."""
    jamfors = fakta["tabell"].astype(str).str.startswith(BARA_JAMFORS)
    return frozenset(map(str, fakta.loc[jamfors, "fil"])) - frozenset(map(str, fakta.loc[~jamfors, "fil"]))


def skalet(utpekat: Utpekat, fakta: pd.DataFrame, mall: Periodmall, styrrader: Sequence[Styrrad]) -> str:
    """En eller två meningar om ett utpekat ställe som ingen tryckt siffra räknas ur."""
    if utpekat.fil in bara_jamforda(fakta):
        return "Enheten har också lämnat sin bok, och det är den som räknas. SIE-filen stäms bara av mot boken (KR510)."
    delar = _delar(utpekat, fakta, mall, styrrader)
    if delar:
        visade = rakna_upp(delar) if len(delar) <= _MEST else f"{delar[0]} till {delar[-1]}"
        return f"Cellen räknas ut i boken av {visade}. Rapporten räknar på de cellerna; följ en av dem."
    return "Den kontrolleras eller jämförs med annat."


def _delar(utpekat: Utpekat, fakta: pd.DataFrame, mall: Periodmall, styrrader: Sequence[Styrrad]) -> list[str]:
    """Cellerna, som ``Blad!G6``, som en summarad eller formelkolumn räknas ut av."""
    i_filen = fakta[(fakta["fil"] == utpekat.fil) & (fakta["blad"] != "")]
    rakneceller: Any = i_filen[i_filen["harledd"]].itertuples()
    for f in rakneceller:
        blad = next((b for b in mall.blad if b.id == f.tabell), None)
        if blad is None or str(Kalla(f.fil, f.blad, f.cell)) not in utpekat.kallor or len(utpekat.kallor) > 1:
            continue
        rader = rader_pa(blad, [r for r in styrrader if (r.enhet, r.tabell) == (f.enhet, f.tabell)])
        rad, kolumn = next((r for r in rader if r.id == f.rad), None), next(k for k in blad.kolumn if k.id == f.kolumn)
        if rad and rad.uttryck:
            nycklar = [(namn, kolumn.id) for _, namn in radtermer(rad, rader)]
        else:
            nycklar = [(f.rad, t.namn) for t in uttryck.parse(kolumn.uttryck)] if kolumn.uttryck else []
        egna: Any = i_filen[(i_filen["tabell"] == f.tabell) & i_filen["varde"].notna()].itertuples()
        celler = {(d.rad, d.kolumn): f"{d.blad}!{d.cell}" for d in egna}
        return [celler[nyckel] for nyckel in nycklar if nyckel in celler]
    return []
