"""Arbetsböcker in: värden genom calamine och en lätt genomgång av bladens XML.

Calamine lämnar tom text både för felvärden och för formler utan sparat värde; genomgången skiljer
dem åt. Filen öppnas bara för läsning och läses en gång till minnet.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import python_calamine

MAX_BYTE = 60_000_000
MAX_UPPACKAT = 400_000_000
MAX_KVOT = 250
KVOT_FRAN = 2_000_000
MAX_RADER = 20_000
MAX_CELLER = 4_000_000

_OLASBART = (zipfile.BadZipFile, zlib.error, ET.ParseError, LookupError, ValueError, RuntimeError, OSError, EOFError)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ADRESS = re.compile(rb'\br="(([A-Z]+)(\d+))"')
_FORMEL = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VARDE = re.compile(rb"<(?:\w+:)?v>[^<]")
_FELVARDE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")


@dataclass(frozen=True, slots=True)
class Ark:
    """Ett blad som det är sparat: ``rader[0][0]`` är A1."""

    namn: str
    rader: list[list[Any]]
    felvarden: Mapping[str, str]
    utan_varde: frozenset[str]


class Olasbar(Exception):
    """Filen går inte att läsa; ``kod`` är anmärkningens kod och ``fakta`` dess uppgifter."""

    def __init__(self, kod: str, **fakta: str) -> None:
        super().__init__(kod)
        self.kod = kod
        self.fakta = fakta


def las_bok(fil: Path) -> tuple[Ark, ...]:
    """Alla blad i filen. Fel: Olasbar."""
    return _las(fil, None)


def las_blad(fil: Path, namn: str) -> tuple[Ark, ...]:
    """Bara bladet med det namnet; inget när det inte finns. Fel: Olasbar."""
    return _las(fil, namn)


def _las(fil: Path, bara: str | None) -> tuple[Ark, ...]:
    data = _las_byte(fil)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as arkiv:
            _granska_arkiv(arkiv)
            vagar = {namn: vag for namn, vag in _bladvagar(arkiv).items() if bara in (None, namn)}
            genomgang = {namn: _ga_igenom(arkiv.read(vag)) for namn, vag in vagar.items()}
    except _OLASBART as fel:
        raise Olasbar("KR104") from fel
    varden = _varden(data, list(vagar))
    return tuple(Ark(namn, varden[namn], *genomgang[namn]) for namn in vagar)


def celladress(rad: int, kolumn: int) -> str:
    """Adressen till cellen med nollbaserad rad och kolumn: ``celladress(4, 2)`` är C5."""
    bokstaver = ""
    kolumn += 1
    while kolumn:
        kolumn, rest = divmod(kolumn - 1, 26)
        bokstaver = chr(65 + rest) + bokstaver
    return f"{bokstaver}{rad + 1}"


def _las_byte(fil: Path) -> bytes:
    try:
        if fil.stat().st_size > MAX_BYTE:
            raise Olasbar("KR106", grans=f"{MAX_BYTE // 1_000_000} MB")
        data = fil.read_bytes()
    except OSError as fel:
        raise Olasbar("KR107") from fel
    if not data:
        raise Olasbar("KR102")
    if data.startswith(_OLE):
        raise Olasbar("KR103")
    if not data.startswith(b"PK"):
        raise Olasbar("KR104")
    return data


def _granska_arkiv(arkiv: zipfile.ZipFile) -> None:
    poster = arkiv.infolist()
    if sum(p.file_size for p in poster) > MAX_UPPACKAT:
        raise Olasbar("KR106", grans=f"{MAX_UPPACKAT // 1_000_000} MB uppackad")
    for post in poster:
        if post.file_size > KVOT_FRAN and post.file_size > MAX_KVOT * max(post.compress_size, 1):
            raise Olasbar("KR106", grans=f"packad högst {MAX_KVOT} gånger")


def _bladvagar(arkiv: zipfile.ZipFile) -> dict[str, str]:
    rot = _xml(arkiv.read("xl/workbook.xml"))
    relationer = {r.get("Id", ""): r.get("Target", "") for r in _xml(arkiv.read("xl/_rels/workbook.xml.rels"))}
    vagar = {}
    for element in rot.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            rid = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            mal = relationer.get(rid, "")
            vag = mal.lstrip("/") if mal.startswith("/") else f"xl/{mal}"
            if "worksheets/" in vag:
                vagar[element.get("name", "")] = vag
    return vagar


def _xml(data: bytes) -> ET.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Olasbar("KR105")
    return ET.fromstring(data)  # noqa: S314  deklarationer är avvisade ovan


def _ga_igenom(data: bytes) -> tuple[dict[str, str], frozenset[str]]:
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise Olasbar("KR105")
    felvarden: dict[str, str] = {}
    utan_varde: set[str] = set()
    sista_rad = sista_kolumn = 0
    for attribut, inre in _CELL.findall(data):
        adress = _ADRESS.search(attribut)
        if adress is None or not inre:
            continue
        cell = adress[1].decode()
        sista_rad, sista_kolumn = max(sista_rad, int(adress[3])), max(sista_kolumn, _kolumnnummer(adress[2]))
        if b't="e"' in attribut:
            traff = _FELVARDE.search(inre)
            felvarden[cell] = traff[1].decode("utf-8", "replace") if traff else "#"
        elif b't="str"' not in attribut and _FORMEL.search(inre) and not _VARDE.search(inre):
            utan_varde.add(cell)
    if sista_rad > MAX_RADER:
        raise Olasbar("KR106", grans=f"{MAX_RADER} rader")
    if sista_rad * sista_kolumn > MAX_CELLER:
        raise Olasbar("KR106", grans=f"{MAX_CELLER // 1_000_000} miljoner celler")
    return felvarden, frozenset(utan_varde)


def _kolumnnummer(bokstaver: bytes) -> int:
    nummer = 0
    for bokstav in bokstaver:
        nummer = nummer * 26 + bokstav - 64
    return nummer


def _varden(data: bytes, namn: list[str]) -> dict[str, list[list[Any]]]:
    try:
        bok = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {n: bok.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in namn}
    except Exception:  # noqa: BLE001  calamine kastar egna typer och panikfel; då får openpyxl försöka
        return _varden_med_openpyxl(data, namn)


def _varden_med_openpyxl(data: bytes, namn: list[str]) -> dict[str, list[list[Any]]]:
    import openpyxl  # noqa: PLC0415  bara när calamine inte klarar filen

    try:
        bok = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {n: [["" if v is None else v for v in rad] for rad in bok[n].iter_rows(values_only=True)] for n in namn}
    except Exception as fel:
        raise Olasbar("KR104") from fel
