"""Diagrammen i Excelbilagan: inbyggda diagram på ett blad, ritade ur en tabell på ett annat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from kommunrapport.mall.utseende import Diagramfarger
from kommunrapport.rapport.axel import axelgrans
from kommunrapport.rapport.brygga import FORBATTRING, FORSAMRING, NIVA, OSYNLIG, staplade
from kommunrapport.rapport.modell import Diagram

BLAD, DATABLAD = "Rapportens diagram", "Diagramdata"
DATARUBRIKER = ("Diagram", "Serie", "Kategori", "Värde", "Enhet")
_SLAG = {"liggande": ("bar", ""), "staende": ("column", ""), "linje": ("line", ""), "brygga": ("column", "stacked")}
_PUNKTER = ("circle", "square", "triangle", "diamond")
_STRECK = ("solid", "dash", "round_dot", "dash_dot")
_BREDD, _RADHOJD = 620, 20
_RADER_PA_SIDAN, _KOLUMNER = 46, 9
"""Rader och kolumner av normal storlek som ryms på en stående A4-sida."""
_STAPELHOJD, _HOJD = 34, 320


@dataclass(frozen=True)
class Datarad:
    """Ett tal i ett diagram."""

    diagram: str
    serie: str
    kategori: str
    varde: Decimal | None
    enhet: str


@dataclass(frozen=True)
class Dataserie:
    """En serie och dess rader i datatabellen, räknade från noll; båda ändarna ingår."""

    namn: str
    forsta: int
    sista: int


def datarader(diagram: Sequence[Diagram], forsta: int) -> tuple[list[Datarad], list[tuple[Diagram, list[Dataserie]]]]:
    """Datatabellens rader, och var varje diagrams serier står när tabellen börjar på raden ``forsta``."""
    rader: list[Datarad] = []
    lagen = []
    for d in diagram:
        serier = []
        for namn, varden in _serier(d):
            start = forsta + len(rader)
            rader += [Datarad(d.titel, namn, k.replace("\n", " "), v, d.enhet) for k, v in zip(d.kategorier, varden, strict=True)]
            serier.append(Dataserie(namn, start, forsta + len(rader) - 1))
        lagen.append((d, serier))
    return rader, lagen


def satt_in(bok: xlsxwriter.Workbook, blad: Any, lagen: Sequence[tuple[Diagram, Sequence[Dataserie]]], forsta: int, farger: Diagramfarger) -> None:
    """Diagrammen under varandra på bladet, från raden ``forsta``, med sina beskrivningar som alternativtext. Inget delas mellan sidor."""
    rad, sidans_forsta, brytningar = forsta, 0, []
    for d, serier in lagen:
        hojd = max(_HOJD, 90 + _STAPELHOJD * len(d.kategorier)) if d.slag == "liggande" else _HOJD
        rader = hojd // _RADHOJD + 2
        if rad + rader - sidans_forsta > _RADER_PA_SIDAN and rad > sidans_forsta:
            brytningar.append(rad - 1)
            sidans_forsta = rad
        diagram = _diagram(bok, d, serier, farger)
        diagram.set_size({"width": _BREDD, "height": hojd})
        blad.insert_chart(rad, 0, diagram, {"description": d.alttext, "object_position": 2})
        rad += rader
    blad.set_portrait()
    blad.set_h_pagebreaks(brytningar)
    blad.print_area(0, 0, rad, _KOLUMNER)


def _serier(d: Diagram) -> Iterator[tuple[str, Sequence[Decimal | None]]]:
    yield from ((s.namn, s.varden) for s in staplade(d)) if d.slag == "brygga" else d.serier


def _diagram(bok: xlsxwriter.Workbook, d: Diagram, serier: Sequence[Dataserie], farger: Diagramfarger) -> Any:
    slag, form = _SLAG[d.slag]
    diagram = bok.add_chart({"type": slag, **({"subtype": form} if form else {})})
    talform = "#,##0" + (f".{'0' * d.decimaler}" if d.decimaler else "")
    for nummer, serie in enumerate(serier):
        diagram.add_series(
            {
                "name": serie.namn,
                "categories": [DATABLAD, serie.forsta, 2, serie.sista, 2],
                "values": [DATABLAD, serie.forsta, 3, serie.sista, 3],
                **(
                    {}
                    if d.slag == "brygga" or (d.talade is not None and nummer >= d.talade)
                    else {"data_labels": {"value": True, "num_format": talform, **({"position": "above"} if d.slag == "linje" else {})}}
                ),
                **_utseende(d, serie.namn, nummer, farger),
            }
        )
    diagram.set_title({"name": f"{d.titel} ({d.enhet})" if d.enhet else d.titel, "name_font": {"size": 12}})
    kategorier = {"label_position": "low", "reverse": d.slag == "liggande", "major_gridlines": {"visible": False}}
    varden = {"num_format": talform, "major_gridlines": {"visible": True, "line": {"color": "#D5DBDD"}}, **_axel(d)}
    diagram.set_x_axis(varden if d.slag == "liggande" else kategorier)
    diagram.set_y_axis(kategorier if d.slag == "liggande" else varden)
    diagram.set_legend(_forklaring(d, serier))
    diagram.show_blanks_as("gap")
    return diagram


def _axel(d: Diagram) -> dict[str, float]:
    grans = axelgrans([v for _, varden in _serier(d) for v in varden], nollbas=d.nollbas)
    return {grans[0]: float(grans[1])} if grans else {}


def _forklaring(d: Diagram, serier: Sequence[Dataserie]) -> dict[str, Any]:
    if len(serier) < 2:
        return {"none": True}
    namn = [s.namn for s in serier]
    bort = [nr for nr, n in enumerate(namn) if d.slag == "brygga" and (n == OSYNLIG or n in namn[:nr])]
    return {"position": "bottom", **({"delete_series": bort} if bort else {})}


def _utseende(d: Diagram, namn: str, nummer: int, farger: Diagramfarger) -> dict[str, Any]:
    """Färg och mönster, linjeform och punkt: serierna skiljs åt också utan färg."""
    farg = f"#{farger.serier[nummer % len(farger.serier)]}"
    if d.slag == "linje":
        streck, punkt = _STRECK[nummer % len(_STRECK)], _PUNKTER[nummer % len(_PUNKTER)]
        fyllning = {"fill": {"color": farg}, "border": {"color": farg}}
        return {"line": {"color": farg, "width": 2.25, "dash_type": streck}, "marker": {"type": punkt, "size": 7, **fyllning}}
    if d.slag != "brygga":
        return _stapel(farg, monstrad=nummer % 2 == 1)
    if namn == OSYNLIG:
        return {"fill": {"none": True}, "border": {"none": True}}
    fargen = {NIVA: farger.niva, FORBATTRING: farger.forbattring, FORSAMRING: farger.forsamring}[namn]
    return {**_stapel(f"#{fargen}", monstrad=namn == FORSAMRING), "gap": 40}


def _stapel(farg: str, *, monstrad: bool) -> dict[str, Any]:
    if monstrad:
        return {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": farg, "bg_color": "#FFFFFF"}, "border": {"color": farg}}
    return {"fill": {"color": farg}}
