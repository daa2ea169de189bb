"""Målens bedömningar flera år i rad: årets mål, och vad samma mål bedömdes till i de tidigare boksluten.

Ett mål är detsamma när enheten och beteckningen i mal.csv är det, och fullmäktiges mål också när namnet är det.
Ett år utan bokslut, eller där målet inte fanns, står tomt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kommunrapport.karna.sprak import nyckel, rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.listmall import Malhistorik
from kommunrapport.rapport.malkedja import Fullmaktigemal, Malbild, slutlig_cell
from kommunrapport.rapport.modell import Cell, Kolumn, Rad, Tabell


@dataclass(frozen=True)
class Malar:
    """Ett års mål; ``bild`` är None när året inte har något bokslut att läsa."""

    ar: int
    bild: Malbild | None


def tabell_av(mall: Malhistorik, aren: Sequence[Malar]) -> Tabell | None:
    """Tabellen, med det senaste året sist. None när det senaste året inte har några mål eller inget är bedömt."""
    nu = aren[-1].bild if aren else None
    rader = list(_rader(nu, aren)) if nu else []
    if not any(c.kalla or c.delar for r in rader for c in r.celler):
        return None
    kolumner = tuple(Kolumn(f"ar{a.ar}", str(a.ar), ar_tal=False, vikt=13) for a in aren)
    utan = [str(a.ar) for a in aren if a.bild is None]
    noter = (f"Uppgift saknas för {rakna_upp(utan)}: det finns inget lämnat bokslut med mål.",) if utan else ()
    return Tabell(mall.id, mall.titel, "", mall.rubrik_forsta, kolumner, tuple(rader), noter)


def _rader(nu: Malbild, aren: Sequence[Malar]) -> Iterator[Rad]:
    for kf in nu.fullmaktiges:
        yield Rad(kf.id, "mal", kf.namn, tuple(_fullmaktiges(a.bild, kf) for a in aren))
        yield from (_malrad(m, aren) for m in kf.mal)
    yield from (_malrad(m, aren) for m in nu.losa)


def _malrad(mal: Styrrad, aren: Sequence[Malar]) -> Rad:
    return Rad(f"{mal.enhet}.{mal.rad}", "varav", mal.namn, tuple(_bedomd(a.bild, mal) for a in aren))


def _bedomd(bild: Malbild | None, mal: Styrrad) -> Cell:
    samma = next((m for m in bild.malen if (m.enhet, m.rad) == (mal.enhet, mal.rad)), None) if bild else None
    return bild.bedomning(samma) if bild and samma else Cell(SAKNAS)


def _fullmaktiges(bild: Malbild | None, kf: Fullmaktigemal) -> Cell:
    """Kommunstyrelsens egen bedömning av målet det året, annars sammanvägningen."""
    samma = next((k for k in bild.fullmaktiges if (kf.rad and k.id == kf.id) or nyckel(k.namn) == nyckel(kf.namn)), None) if bild else None
    cell = slutlig_cell(bild, samma) if bild and samma else Cell(SAKNAS)
    return cell if cell.text else replace(cell, text=SAKNAS)
