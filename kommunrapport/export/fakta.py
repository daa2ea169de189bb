"""Tabellen fakta: en rad per läst cell."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kommunrapport.export.tabeller import Exportrad
from kommunrapport.export.urval import FORSATT, Underlag, fil_i_kommunen
from kommunrapport.karna import fakta
from kommunrapport.mall.periodmall import rubrik

DOLD = "dold"
"""Tillståndet för en uppgift om en grupp som är för liten för att visas."""
_UTAN_TAL = {fakta.TOMT, fakta.STRECK, fakta.EJ_TILLAMPLIGT, fakta.OTOLKAT}


def faktarader(u: Underlag) -> Iterator[Exportrad]:
    """Periodens lästa celler i inlämningar och beslut. Försättsbladet är inte med, och fritext bara när den har begärts."""
    s = u.s
    rubriker = {(b.id, k.id): rubrik(k, s.mall.period) for b in s.mall.blad for k in b.kolumn}
    enheter = {e.id: (e.id, e.namn, e.slag) for e in s.arbete.organisation.enhet}
    ram = fakta.sla_ihop([s.inlamningar.fakta, s.samling.styrning.fakta])
    ram = ram[list(fakta.Faktum._fields)].astype("object").where(ram.notna(), None)
    for f in map(fakta.Faktum._make, ram.itertuples(index=False, name=None)):
        if f.tabell != FORSATT and (f.slag != "text" or u.med_texter):
            rad = (f.tabell, f.rad, f.radnamn, f.kolumn, rubriker.get((f.tabell, f.kolumn), ""), f.slag)
            yield (*u.om, *enheter.get(f.enhet, (f.enhet, "", "")), *rad, *_uppgiften(f, u), *_ovrigt(f))


def _uppgiften(f: fakta.Faktum, u: Underlag) -> tuple[Any, ...]:
    """Tillstånd, värde och text."""
    if (f.tabell, f.enhet, f.rad) in u.dolda:
        return DOLD, None, ""
    varde = None if f.varde is None or f.tillstand in _UTAN_TAL else Decimal(int(f.varde)).scaleb(-2)
    visas = u.med_texter or (f.slag in ("val", "datum") and f.tillstand == fakta.VARDE)
    return f.tillstand, varde, f.text if visas else ""


def _ovrigt(f: fakta.Faktum) -> tuple[Any, ...]:
    return f.art, f.kategori, not (f.harledd or f.tabell.startswith(fakta.BARA_JAMFORS)), fil_i_kommunen(f.fil), f.blad, f.cell
