"""Öppna data: tabellerna som CSV för svenskt Excel, beskrivna i ett datapaket (Frictionless Data Package)."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kommunrapport.export.tabeller import KALLOR, SIFFROR, TABELLER, Exportrad, Exporttabell, Falt, Typ, Varde
from kommunrapport.karna.sprak import beteckning

PAKET = "datapackage.json"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Utgivare:
    """Den som publicerar: kommunens namn, och licensen eller tomt."""

    namn: str
    licens: str


def csv_av(tabell: Exporttabell, rader: Iterable[Exportrad], *, decimaltecken: str = ",", radslut: str = "\r\n", bom: bool = True) -> bytes:
    """Tabellen med rubrikrad och semikolon, UTF-8. Radbrytningar inne i en text är bara radmatning."""
    ut = io.StringIO()
    skrivare = csv.writer(ut, delimiter=";", lineterminator=radslut)
    skrivare.writerow(f.namn for f in tabell.falt)
    skrivare.writerows([_som_text(v, decimaltecken) for v in rad] for rad in rader)
    return (_BOM if bom else b"") + ut.getvalue().encode()


def _som_text(varde: Varde, decimaltecken: str) -> str:
    if isinstance(varde, bool):
        return "true" if varde else "false"
    if isinstance(varde, Decimal):
        return f"{varde:f}".replace(".", decimaltecken)
    if isinstance(varde, date):
        return varde.isoformat()
    return (varde or "").replace("\r\n", "\n").replace("\r", "\n")


def datapaket(utgivare: Utgivare, kallor: Sequence[str], *, med_texter: bool) -> bytes:
    """datapackage.json: vad filerna innehåller, kolumn för kolumn. ``kallor`` är rapporterna som uppgifterna är ur."""
    data: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"kommunrapport-{beteckning(utgivare.namn)}",
        "title": f"{utgivare.namn}: ekonomi och verksamhet, uppföljning per period",
        "description": "Uppgifterna som nämnder och bolag har lämnat, rapporternas siffror, och vilka celler varje siffra bygger på. "
        + ("Kommentarer och annan fritext är med." if med_texter else "Kommentarer och annan fritext är inte med.")
        + " Belopp är i kronor; intäkter är plus och kostnader minus.",
        "languages": ["sv"],
        "sources": [{"title": k} for k in kallor],
        "contributors": [{"title": utgivare.namn, "role": "publisher"}],
        **({"licenses": [_licens(utgivare.licens)]} if utgivare.licens else {}),
        "resources": [_resurs(t) for t in TABELLER],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _licens(licens: str) -> dict[str, str]:
    return {"path" if licens.startswith(("http://", "https://")) else "name": licens}


def _resurs(tabell: Exporttabell) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_falt(f) for f in tabell.falt], "missingValues": [""]}
    if tabell.nyckel:
        schema["primaryKey"] = list(tabell.nyckel)
    if tabell is KALLOR:
        nyckel = list(SIFFROR.nyckel)
        schema["foreignKeys"] = [{"fields": nyckel, "reference": {"resource": SIFFROR.namn, "fields": nyckel}}]
    return {
        "profile": "tabular-data-resource",
        "name": tabell.namn,
        "title": tabell.titel,
        "description": tabell.betyder,
        "path": f"{tabell.namn}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _falt(f: Falt) -> dict[str, str]:
    tal = {"decimalChar": ","} if f.typ in (Typ.BELOPP, Typ.TAL) else {}
    return {"name": f.namn, "type": f.typ.i_paketet, "title": f.titel, "description": f.betyder, **tal}
