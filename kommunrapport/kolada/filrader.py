"""En hämtad fil som Koladas svar: v3-svar som JSON, eller CSV med API:ets fält, ett värde per rad.

Vad en fil innehåller avgörs av dess fält. Koladas egen export till Excel läses inte; dess form är inte prövad.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.karna.tal import OtolkbartTal, tolka_svenskt_tal
from kommunrapport.mall.koladaset import KPI_ID

_SLAGEN = {
    "värden": ("kpi", "year", "gender", "value", "municipality_id"),
    "nyckeltal": ("id", "title", "is_divided_by_gender"),
    "kommuner": ("id", "title", "type"),
}
"""Vad en CSV-fil kan innehålla, och kolumnerna som krävs."""
_FRIVILLIGA = {"municipality", "municipality_type", "count", "status", "isdeleted"}
_AVSKILJARE = ";,\t"
_MEST, _MEST_FEL = 64 * 1024 * 1024, 10
_SANT = {"true": True, "1": True, "false": False, "0": False}
_SAKNAS = ("", "na", "nan", "null")
_HJALP = (
    "En fil är antingen ett svar från Koladas API v3 (JSON), eller CSV i UTF-8 med en rubrikrad: kpi, year, gender, value och municipality_id för "
    "värden; id, title och type för kommuner; id, title och is_divided_by_gender för nyckeltal."
)


def las_rader(fil: Path) -> list[dict[str, Any]]:
    """Filens poster, i API:ets form. Fel: AnvandningsFel med fil, rad och kolumn."""
    if not fil.is_file():
        raise AnvandningsFel(f"Filen {fil} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
    if fil.stat().st_size > _MEST:
        raise AnvandningsFel(f"Filen {fil} är större än {_MEST // 1024**2} MB och läses inte. Dela upp den.")
    data = fil.read_bytes()
    if data.startswith(b"PK"):
        raise AnvandningsFel(f"{fil.name} är en Excelbok eller en zip-fil. Spara bladet som CSV UTF-8.", _HJALP)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fel:
        raise AnvandningsFel(f"{fil.name} är inte sparad i UTF-8. Spara om den; i Excel heter det CSV UTF-8.") from fel
    return _json(fil.name, text) if text.lstrip()[:1] in ("{", "[") else _csv(fil.name, text)


def _json(namn: str, text: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=lambda _: None)
    except json.JSONDecodeError as fel:
        raise AnvandningsFel(f"{namn}, rad {fel.lineno}, tecken {fel.colno}: filen är inte hel JSON. Hämta den på nytt.") from fel
    if isinstance(data, dict) and data.get("next_url"):
        raise AnvandningsFel(f"{namn} är bara en sida av svaret: next_url är {data['next_url']}. Hämta alla sidor, eller fler på en sida (per_page).")
    rader = data.get("values") if isinstance(data, dict) else data
    if not isinstance(rader, list):
        raise AnvandningsFel(f"{namn} saknar listan values.", _HJALP)
    for nr, rad in enumerate(rader, 1):
        if not isinstance(rad, dict) or not ({"kpi", "period"} <= rad.keys() or {"id", "title"} <= rad.keys()):
            raise AnvandningsFel(f"{namn}, post {nr}: posten är varken ett värde, ett nyckeltal, en kommun eller en grupp.", _HJALP)
    return rader


def _csv(namn: str, text: str) -> list[dict[str, Any]]:
    huvud = text.partition("\n")[0]
    lasare = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(_AVSKILJARE, key=huvud.count))
    lasare.fieldnames = [falt.strip().casefold() for falt in lasare.fieldnames or ()]
    slag = _slag(namn, lasare.fieldnames)
    fel, poster = list[str](), list[dict[str, Any]]()
    for rad in lasare:
        brister = list(_brister(rad, slag))
        fel += [f"{namn}, rad {lasare.line_num}{brist}" for brist in brister]
        if not brister:
            poster.append(_post(rad, slag))
    if fel:
        mer = [f"{len(fel) - _MEST_FEL} fel till visas inte."] if len(fel) > _MEST_FEL else []
        raise AnvandningsFel(*fel[:_MEST_FEL], *mer)
    return poster


def _slag(namn: str, falt: list[str]) -> str:
    """Vad filen innehåller. Fel: AnvandningsFel som säger vilka kolumner som saknas och vilka som är okända."""
    for slag, kravda in _SLAGEN.items():
        if set(kravda) <= set(falt):
            return slag
    if len(falt) < 2:
        raise AnvandningsFel(f"{namn}, rad 1: hittar bara en kolumn. Skilj kolumnerna åt med semikolon, komma eller tabb.", _HJALP)
    slag, kravda = max(_SLAGEN.items(), key=lambda s: len(set(s[1]) & set(falt)))
    saknas, okanda = [k for k in kravda if k not in falt], [f for f in falt if f and f not in {*kravda, *_FRIVILLIGA}]
    if len(saknas) == len(kravda):
        raise AnvandningsFel(f"{namn}, rad 1: känner inte igen kolumnerna {rakna_upp(okanda)}.", _HJALP)
    vilka = "kolumnen" if len(saknas) == 1 else "kolumnerna"
    okant = f" {rakna_upp(okanda)} känns inte igen; rätta namnet om det är samma sak." if okanda else ""
    raise AnvandningsFel(f"{namn}, rad 1: {vilka} {rakna_upp(saknas)} saknas, som en fil med {slag} ska ha.{okant}")


def _brister(rad: Mapping[str | None, Any], slag: str) -> Iterator[str]:
    """Det som är fel på raden, med kolumn, och hur det rättas."""
    if None in rad:
        yield ": raden har fler fält än rubrikraden. Ett fält som innehåller avskiljaren, till exempel 12,5, ska stå inom citattecken."
    elif None in rad.values():
        yield ": raden har färre fält än rubrikraden. Fyll på med tomma fält."
    elif slag == "värden":
        yield from _vardets_brister({str(k): v for k, v in rad.items()})
    elif slag == "kommuner" and rad["type"] not in ("K", "L"):
        yield f", kolumn type: ”{rad['type']}” ska vara K för kommun eller L för region och riket."


def _vardets_brister(rad: Mapping[str, str]) -> Iterator[str]:
    if not re.fullmatch(KPI_ID, rad["kpi"]):
        yield f", kolumn kpi: ”{rad['kpi']}” är inget nyckeltals id. Skriv en bokstav och fem siffror, till exempel N03034."
    if not re.fullmatch(r"\d{4}", rad["year"]):
        yield f", kolumn year: ”{rad['year']}” är inget år. Skriv fyra siffror, till exempel 2024."
    if rad["gender"] not in ("T", "K", "M"):
        yield f", kolumn gender: ”{rad['gender']}” ska vara T för totalt, K för kvinnor eller M för män."
    if not re.fullmatch(r"\d{4}|G\d+", rad["municipality_id"]):
        yield f", kolumn municipality_id: {_kommunfel(rad['municipality_id'])}"
    if rad.get("municipality_type", "K") not in ("", "K", "L", "G"):
        yield f", kolumn municipality_type: ”{rad['municipality_type']}” ska vara K för kommun, L för region och riket eller G för grupp."
    if not re.fullmatch(r"\d*", rad.get("count", "")):
        yield f", kolumn count: ”{rad['count']}” är inget heltal."
    try:
        _tal(rad["value"])
    except OtolkbartTal as fel:
        yield (
            f", kolumn value: ”{rad['value']}” går inte att läsa som tal: {fel.orsak}. Skriv talet utan enhet och tusentalstecken, "
            "till exempel 1234,5; lämna fältet tomt när uppgiften saknas."
        )


def _kommunfel(text: str) -> str:
    if re.fullmatch(r"\d{3}", text):
        return f"”{text}” har tappat nollan först. Skriv {text.zfill(4)}; i Excel ska kolumnen ha formatet Text."
    return f"”{text}” är ingen kommunkod. Skriv koden med fyra siffror, till exempel 0483; namnet skrivs i kolumnen municipality."


def _tal(text: str) -> Decimal | None:
    """Talet med punkt, som i API:et, eller så som det skrivs på svenska. En tom ruta, NA och NaN är uppgifter som saknas. Fel: OtolkbartTal."""
    stadad = text.strip()
    if stadad.casefold() in _SAKNAS:
        return None
    return Decimal(stadad) if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", stadad, re.IGNORECASE) else tolka_svenskt_tal(stadad)


def _post(rad: Mapping[str, str], slag: str) -> dict[str, Any]:
    """Raden i API:ets form."""
    if slag == "nyckeltal":
        return {k: v or None for k, v in rad.items()} | {"is_divided_by_gender": _SANT.get(rad["is_divided_by_gender"].casefold())}
    if slag == "kommuner":
        return dict(rad)
    varde = {
        "gender": rad["gender"],
        "value": _tal(rad["value"]),
        "count": int(rad["count"]) if rad.get("count") else None,
        "status": rad.get("status", ""),
        "isdeleted": _SANT.get(rad.get("isdeleted", "").casefold(), False),
    }
    om = {"municipality": rad["municipality_id"], "municipality_title": rad.get("municipality"), "municipality_type": rad.get("municipality_type")}
    return {"kpi": rad["kpi"], "period": int(rad["year"]), "values": [varde], **om}
