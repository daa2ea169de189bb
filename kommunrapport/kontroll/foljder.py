"""Följdfel som har en orsak att peka på: de visas i orsakens mening och inte som egna anmärkningar.

Katalogen säger vilka koder som är orsaker (``foljd_av``) och var de ska stå för att vara det (``foljd_i``). En orsak som är
besvarad förklarar inget längre: då visas följden själv. Orsaken blir lika allvarlig som sin allvarligaste följd.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kommunrapport.karna.anmarkning import FOLJDER, Anmarkning
from kommunrapport.mall.katalog import Katalog


def utan_foljder(anmarkningar: Sequence[Anmarkning], katalog: Katalog) -> list[Anmarkning]:
    """Anmärkningarna utan dem som följer av en annan; orsaken bär deras allvar och deras mening."""
    kvar: dict[int, Anmarkning] = dict(enumerate(anmarkningar))
    for nr, foljd in enumerate(anmarkningar):
        post = katalog.poster[foljd.kod]
        orsaker = [n for n, a in kvar.items() if n != nr and a.kod in post.foljd_av and a.svar is None and _har(a, foljd, post.foljd_i)]
        if not orsaker or foljd.svar is not None:
            continue
        del kvar[nr]
        for n in orsaker:
            kvar[n] = _med_foljd(kvar[n], foljd, katalog)
    return list(kvar.values())


def _har(orsak: Anmarkning, foljd: Anmarkning, var: str) -> bool:
    if orsak.enhet != foljd.enhet:
        return False
    if var == "kolumn":
        return foljd.plats.kolumn in (orsak.plats.kolumn, orsak.lamnat, orsak.vantat)
    if (orsak.plats.fil, orsak.plats.blad) != (foljd.plats.fil, foljd.plats.blad):
        return False
    return bool(_lagen(orsak, var) & _lagen(foljd, var))


def _lagen(a: Anmarkning, var: str) -> set[str]:
    """Anmärkningens celler, eller numren på deras rader."""
    return {re.sub(r"\D", "", cell) if var == "rad" else cell for cell in a.plats.celler}


def _med_foljd(orsak: Anmarkning, foljd: Anmarkning, katalog: Katalog) -> Anmarkning:
    meningar, ny = orsak.fakta.get(FOLJDER, ""), katalog.foljd(foljd)
    fakta = {**orsak.fakta, FOLJDER: f"{meningar} {ny}"} if ny and ny not in meningar else orsak.fakta
    return replace(orsak, allvar=max(katalog.allvar(orsak), katalog.allvar(foljd)), fakta=fakta)
