"""Enhetens nyckeltal bredvid liknande kommuners, ur det senaste läget från Kolada före tillfället.

Nyckeltalen är de som enhetens indikatorer säger att de bygger på: ett id ur Kolada i kolumnen ``kalla`` i mal.csv.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.kolada.dokument import oversikt
from kommunrapport.kolada.jamforelse import jamfor
from kommunrapport.kolada.lage import lagen_i, valj_lage
from kommunrapport.kolada.ord import gruppord
from kommunrapport.mall.koladaset import Koladaset, Setrad, kanda_rader
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.periodmall import Arbetskatalog
from kommunrapport.rapport.modell import Tabell
from kommunrapport.rapport.uppsiktstaggar import JAMFORELSE

_KPI = re.compile(r"\b[A-Z]\d{5}\b")


def jamforelsetabell(arbete: Arbetskatalog, styrrader: Sequence[Styrrad], enhet: str, dag: date) -> Tabell | None:
    """Översikten över enhetens nyckeltal, eller None när ingen jämförelse är hämtad före dagen eller inget har värden. Fel: MallFel."""
    kopplade = [_KPI.findall(r.attribut.get("kalla", "")) for r in styrrader if r.enhet == enhet and r.tabell == "mal"]
    ids = list(dict.fromkeys(id_ for funna in kopplade for id_ in funna))
    if not ids or not any(fil.stem <= dag.isoformat() for fil in lagen_i(arbete.katalog)):
        return None
    valt = valj_lage(arbete.katalog, dag.isoformat())
    j = jamfor(
        valt.lage, "", Koladaset(titel="", kalla="", senast_kontrollerad=dag, nyckeltal=_rader(arbete.mallkalla, ids)), arbete.organisation.kolada
    )
    fil = Path(os.path.relpath(valt.fil, arbete.katalog)).as_posix()
    med_varde = tuple(x for x in j.jamforda if x.ar is not None)
    return replace(oversikt(replace(j, jamforda=med_varde), fil), id=JAMFORELSE, titel=f"Jämförelse med {gruppord(j)}") if med_varde else None


def _rader(kalla: Mallkalla, ids: Sequence[str]) -> tuple[Setrad, ...]:
    """Nyckeltalen med namn, riktning och decimaler ur seten i mallar/kolada/, när de står där."""
    kanda = kanda_rader(kalla)
    return tuple(kanda.get(id_) or Setrad(id=id_) for id_ in ids)
