"""Läsning av TOML och CSV med ett svenskt fel per brist: fil, nyckel och vad som är tillåtet."""

import codecs
import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.sprak import menade_du, rakna_upp

M = TypeVar("M", bound=BaseModel)
_FEL_TECKEN = {",": "komma", "\t": "tabb"}
"""Det som ibland skiljer fälten åt i stället för semikolon."""
_FEL = {
    "missing": "nyckeln saknas",
    "extra_forbidden": "nyckeln är okänd; tillåtet är {tillatet}",
    "string_type": "ska vara text inom citattecken",
    "int_type": "ska vara ett heltal",
    "int_parsing": "ska vara ett heltal",
    "int_from_float": "ska vara ett heltal utan decimaler",
    "bool_type": "ska vara true eller false",
    "bool_parsing": "ska vara true eller false",
    "tuple_type": 'ska vara en lista, till exempel ["a", "b"]',
    "date_type": "ska vara ett datum, till exempel 2024-01-01",
    "date_from_datetime_parsing": "ska vara ett datum, till exempel 2024-01-01",
    "model_type": "ska vara ett avsnitt inom hakparenteser",
    "literal_error": "har ett värde som inte finns; tillåtet är {expected}",
    "string_pattern_mismatch": "har fel form; tillåtet är mönstret {pattern}",
    "string_too_long": "är för lång; högst {max_length} tecken",
    "greater_than_equal": "är för litet; minst {ge}",
    "less_than_equal": "är för stort; högst {le}",
    "value_error": "{error}",
}


def las_toml(fil: Path, visas_som: str) -> dict[str, Any]:
    """Innehållet i en TOML-fil. Fel: MallFel med fil och rad."""
    try:
        return tomllib.loads(fil.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as fel:
        raise MallFel(f"{visas_som}: filen finns inte.") from fel
    except UnicodeDecodeError as fel:
        raise MallFel(f"{visas_som}: filen är inte sparad som UTF-8. Spara om den med kodningen UTF-8.") from fel
    except tomllib.TOMLDecodeError as fel:
        raise MallFel(f"{visas_som}{_plats(str(fel))}: {_tomlbrist(str(fel))}") from fel


def tolka(modell: type[M], data: Mapping[str, Any], visas_som: str) -> M:
    """Data som modellens typ. Fel: MallFel med en rad per brist."""
    try:
        return modell.model_validate(data)
    except ValidationError as fel:
        raise MallFel(*(_mening(modell, rad, visas_som) for rad in fel.errors())) from fel


def las_csv(fil: Path, visas_som: str, kolumner: Sequence[str], valfria: Sequence[str] = ()) -> list[tuple[int, dict[str, str]]]:
    """Raderna i en semikolonseparerad fil med radnummer. Fel: MallFel om en kolumn saknas.

    UTF-8 med eller utan BOM, UTF-16 med BOM (Excels Unicode-text), annars Windows-1252 (så sparar svenskt Excel).
    """
    text = _som_text(fil.read_bytes())
    lasare = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    finns = [namn.strip() for namn in lasare.fieldnames or ()]
    saknas = [k for k in kolumner if k not in finns]
    fel_tecken = next((ord_ for tecken, ord_ in _FEL_TECKEN.items() if tecken in finns[0]), "") if len(finns) == 1 else ""
    if saknas and fel_tecken:
        raise MallFel(
            f"{visas_som}: fälten skiljs åt med {fel_tecken}. Spara filen med semikolon mellan fälten, i Excel som CSV UTF-8."
            f" Kolumnerna är {', '.join([*kolumner, *valfria])}."
        )
    okanda = [k for k in finns if k not in kolumner and k not in valfria]
    if saknas or okanda:
        brist = f"{_kolumnord(saknas)} saknas" if saknas else f"{_kolumnord(okanda)} är {'okänd' if len(okanda) == 1 else 'okända'}"
        raise MallFel(f"{visas_som}: {brist}. Tillåtna kolumner är {', '.join([*kolumner, *valfria])}.")
    lasare.fieldnames = finns
    return list(_csvrader(lasare, visas_som))


def _kolumnord(namn: Sequence[str]) -> str:
    return f"{'kolumnen' if len(namn) == 1 else 'kolumnerna'} {rakna_upp(namn)}"


def _som_text(ra: bytes) -> str:
    if ra.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ra.decode("utf-16", errors="replace")
    try:
        return ra.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ra.decode("cp1252", errors="replace")


def _csvrader(lasare: "csv.DictReader[str]", visas_som: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        yield from _falt(lasare, visas_som)
    except csv.Error as fel:
        raise MallFel(
            f"{visas_som}, efter rad {lasare.line_num}: ett citattecken saknas eller står fel. Sätt citattecken både före och efter texten."
        ) from fel


def _falt(lasare: "csv.DictReader[str]", visas_som: str) -> Iterator[tuple[int, dict[str, str]]]:
    for rad in lasare:
        if rad.get(None):
            raise MallFel(f"{visas_som}, rad {lasare.line_num}: raden har fler fält än rubriken. Sätt text med semikolon inom citattecken.")
        falt = {k: (v or "").strip() for k, v in rad.items()}
        if any(falt.values()):
            yield lasare.line_num, falt


def _mening(modell: type[BaseModel], rad: Any, visas_som: str) -> str:
    nyckel = ".".join(str(del_ + 1) if isinstance(del_, int) else del_ for del_ in rad["loc"])
    fakta = dict(rad.get("ctx") or {})
    fakta["tillatet"] = ", ".join(_tillatna(modell, rad["loc"]))
    fakta["expected"] = str(fakta.get("expected", "")).replace(" or ", " eller ")
    mall = _FEL.get(rad["type"], "har ett värde som inte går att använda ({msg})")
    mening = mall.format_map({"msg": rad["msg"], **fakta})
    menade = menade_du(str(rad["loc"][-1]), _tillatna(modell, rad["loc"])) if rad["type"] == "extra_forbidden" else ""
    return f"{visas_som}: {nyckel + ': ' if nyckel else ''}{mening}.{menade}"


def _tillatna(modell: type[BaseModel], plats: Sequence[int | str]) -> list[str]:
    aktuell: Any = modell
    for del_ in plats[:-1]:
        if isinstance(del_, str) and isinstance(aktuell, type) and issubclass(aktuell, BaseModel) and del_ in aktuell.model_fields:
            aktuell = _inre(aktuell.model_fields[del_].annotation)
    return list(aktuell.model_fields) if isinstance(aktuell, type) and issubclass(aktuell, BaseModel) else []


def _inre(typ: Any) -> Any:
    for arg in getattr(typ, "__args__", ()):
        if isinstance(arg, type) and issubclass(arg, BaseModel):
            return arg
    return typ


def _tomlbrist(text: str) -> str:
    if "overwrite" in text or "declare" in text:
        return "samma nyckel eller avsnitt står två gånger. Behåll en."
    return "går inte att läsa som TOML. Text står inom citattecken, tal skrivs utan mellanslag och komma, nycklar och avsnitt skrivs utan å, ä och ö."


def _plats(text: str) -> str:
    """``, rad 3`` ur bibliotekets felmening, eller tomt."""
    traff = re.search(r"line (\d+)", text)
    return f", rad {traff[1]}" if traff else ""
