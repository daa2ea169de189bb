"""Arbetsböcker in: värden genom calamine och det calamine inte lämnar genom bladens XML.

Calamine lämnar tom text både för felvärden och för formler utan sparat värde; bladens XML skiljer
dem åt. Filen öppnas bara för läsning och läses en gång till minnet. Ingenting i den körs, och inga
länkar följs.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import python_calamine

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.adress import celladress
from kommunrapport.inlasning.arkiv import Arkiv, packa
from kommunrapport.inlasning.bladxml import Bladdrag, for_manga_celler, granska_textnummer, las_drag, las_xml, textindex, textlangder
from kommunrapport.inlasning.filbitar import las_bitar
from kommunrapport.inlasning.filslag import granska_huvud
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.tidsgrans import Tidsgrans, inom_tid

__all__ = ("Ark", "Bokdrag", "Olasbar", "celladress", "las_ark", "las_blad", "las_bok", "las_byte")

_BOK, _BOKENS_RELATIONER, _TEXTER = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_LASARENS_DELAR = ("[Content_Types].xml", "_rels/.rels", "xl/styles.xml", _TEXTER)
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")


@dataclass(frozen=True, slots=True)
class Bokdrag:
    """Det som gäller hela boken: andra arbetsböcker som den hämtar ur, och om den har makron."""

    lankar: tuple[str, ...] = ()
    makron: bool = False


@dataclass(frozen=True, slots=True)
class Ark:
    """Ett blad som det är sparat: ``rader[0][0]`` är A1."""

    namn: str
    rader: list[list[Any]]
    drag: Bladdrag
    dolt: bool
    bok: Bokdrag

    @property
    def felvarden(self) -> Mapping[str, str]:
        return self.drag.felvarden

    @property
    def utan_varde(self) -> frozenset[str]:
        return self.drag.utan_varde


@dataclass(frozen=True, slots=True)
class _Bladpost:
    vag: str
    dolt: bool


def las_bok(fil: Path) -> tuple[Ark, ...]:
    """Alla blad i filen. Fel: Olasbar, även när tiden är ute."""
    return inom_tid(lambda tid: _las(_las_byte(fil, tid), tid, None))


def las_blad(fil: Path, namn: str) -> tuple[Ark, ...]:
    """Bara bladet med det namnet; inget när det inte finns. Fel: Olasbar, även när tiden är ute."""
    return inom_tid(lambda tid: _las(_las_byte(fil, tid), tid, namn))


def las_byte(fil: Path) -> bytes:
    """Filens byte. Fel: Olasbar, även när tiden är ute."""
    return inom_tid(lambda tid: _las_byte(fil, tid))


def las_ark(data: bytes) -> tuple[Ark, ...]:
    """Alla blad i boken. Fel: Olasbar, även när tiden är ute."""
    return inom_tid(lambda tid: _las(data, tid, None))


def _las(data: bytes, tid: Tidsgrans, bara: str | None) -> tuple[Ark, ...]:
    granska_huvud(data)
    try:
        return _las_arkiv(Arkiv(data), tid, bara)
    except Olasbar:
        raise
    except MemoryError as fel:
        raise Olasbar("KR106", grans="datorns minne") from fel
    except Exception as fel:
        raise Olasbar("KR104") from fel


def _las_arkiv(arkiv: Arkiv, tid: Tidsgrans, bara: str | None) -> tuple[Ark, ...]:
    alla, bok = _las_arbetsboken(arkiv)
    blad = {namn: post for namn, post in alla.items() if bara in (None, namn)}
    drag = _las_drag(arkiv, blad, tid, lankar=bool(bok.lankar))
    _granska_textmangd(arkiv, blad, drag, tid)
    namn = {_BOK, _BOKENS_RELATIONER, *(p.vag for p in blad.values()), *(d for d in _LASARENS_DELAR if d in arkiv)}
    try:
        varden = _varden({n: arkiv.las(n) for n in sorted(namn)}, drag, tid)
    except Olasbar:
        _sok_saknade_texter(arkiv, blad, tid)
        raise
    return tuple(Ark(namn, varden[namn], drag[namn], post.dolt, bok) for namn, post in blad.items())


def _las_byte(fil: Path, tid: Tidsgrans) -> bytes:
    return b"".join(las_bitar(fil, tid, granser.MAX_BYTE, "KR106"))


def _las_arbetsboken(arkiv: Arkiv) -> tuple[dict[str, _Bladpost], Bokdrag]:
    rot = las_xml(arkiv.las(_BOK))
    relationer = {r.get("Id", ""): (r.get("Type", ""), r.get("Target", "")) for r in las_xml(arkiv.las(_BOKENS_RELATIONER))}
    blad: dict[str, _Bladpost] = {}
    for element in rot.iterfind("{*}sheets/{*}sheet"):
        rid = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
        slag, mal = relationer.get(rid, ("", ""))
        namn = element.get("name", "")
        if namn in blad:
            raise Olasbar("KR135", orsak=f"två blad heter {namn}")
        if slag.endswith("/worksheet"):
            blad[namn] = _Bladpost(_vag(mal), element.get("state", "visible") != "visible")
    if len(blad) > granser.MAX_BLAD:
        raise Olasbar("KR106", grans=f"{granser.MAX_BLAD} blad")
    lankar = [_vag(mal) for slag, mal in relationer.values() if slag.endswith("/externalLink")]
    return blad, Bokdrag(tuple(_lankmal(arkiv, lankar)), any(n.endswith("vbaproject.bin") or "/macrosheets/" in n for n in arkiv.namn()))


def _vag(mal: str) -> str:
    mal = mal.replace("\\", "/")
    return mal.lstrip("/") if mal.startswith("/") else f"xl/{mal.removeprefix('./')}"


def _lankmal(arkiv: Arkiv, lankar: list[str]) -> Iterator[str]:
    """Namnen på de arbetsböcker som boken hämtar ur."""
    for lank in lankar[: granser.MAX_BLAD]:
        mapp, _, fil = lank.rpartition("/")
        relationer = f"{mapp}/_rels/{fil}.rels"
        if relationer in arkiv:
            yield from (unquote(r.get("Target", "")).replace("\\", "/").rpartition("/")[2] for r in las_xml(arkiv.las(relationer)))


def _las_drag(arkiv: Arkiv, blad: Mapping[str, _Bladpost], tid: Tidsgrans, *, lankar: bool) -> dict[str, Bladdrag]:
    drag: dict[str, Bladdrag] = {}
    celler = 0
    for namn, post in blad.items():
        drag[namn] = las_drag(namn, arkiv.las(post.vag), lankar=lankar)
        celler += drag[namn].rader * drag[namn].kolumner
        if celler > granser.MAX_CELLER:
            raise for_manga_celler()
        tid.stam_av()
    return drag


def _sok_saknade_texter(arkiv: Arkiv, blad: Mapping[str, _Bladpost], tid: Tidsgrans) -> None:
    """Fel: Olasbar med cellerna när värdena inte går att läsa därför att bokens gemensamma texter saknas."""
    antal = len(_TEXT.findall(arkiv.las(_TEXTER))) if _TEXTER in arkiv else 0
    for namn, post in blad.items():
        granska_textnummer(namn, arkiv.las(post.vag), antal)
        tid.stam_av()


def _granska_textmangd(arkiv: Arkiv, blad: Mapping[str, _Bladpost], drag: Mapping[str, Bladdrag], tid: Tidsgrans) -> None:
    """En lång text som många celler delar blir många långa texter. Räknas bara noga när den kan bli för stor."""
    if _TEXTER not in arkiv or len(arkiv.las(_TEXTER)) * sum(d.antal for d in drag.values()) <= granser.MAX_TEXT:
        return
    langder = textlangder(arkiv.las(_TEXTER))
    tecken = 0
    for post in blad.values():
        tecken += sum(langder[i] for i in textindex(arkiv.las(post.vag)))
        if tecken > granser.MAX_TEXT:
            raise Olasbar("KR106", grans=f"{granser.MAX_TEXT // 1_000_000} miljoner tecken")
        tid.stam_av()


def _varden(delar: Mapping[str, bytes], drag: Mapping[str, Bladdrag], tid: Tidsgrans) -> dict[str, list[list[Any]]]:
    data = packa(delar)
    varden: dict[str, list[list[Any]]] = {}
    try:
        bok = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for namn in drag:
            tid.stam_av()
            varden[namn] = bok.get_sheet_by_name(namn).to_python(skip_empty_area=False)
    except (Olasbar, KeyboardInterrupt, MemoryError):
        raise
    except BaseException as fel:  # calamine kastar egna typer, och ett Rustfel är inget Exception
        if len(data) > granser.MAX_RESERV:
            raise Olasbar("KR104") from fel
        return _varden_med_openpyxl(data, drag, tid)
    return varden


def _varden_med_openpyxl(data: bytes, drag: Mapping[str, Bladdrag], tid: Tidsgrans) -> dict[str, list[list[Any]]]:
    import openpyxl  # noqa: PLC0415  bara när calamine inte klarar filen

    varden: dict[str, list[list[Any]]] = {}
    try:
        bok = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for namn, d in drag.items():
            varden[namn] = []
            for rad in bok[namn].iter_rows(max_row=max(d.rader, 1), max_col=max(d.kolumner, 1), values_only=True):
                tid.stam_av()
                varden[namn].append(["" if v is None else v for v in rad])
    except Olasbar:
        raise
    except Exception as fel:
        raise Olasbar("KR104") from fel
    return varden
