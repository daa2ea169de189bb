"""Regelslaget som jämför bokens räkningar med bokföringens saldon, när enheten har lämnat båda."""

from collections.abc import Iterator, Sequence

from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.avrundning import Visat, prova_lika
from kommunrapport.kontroll.prov import Bladprov, Bokfort, Cell, Prov
from kommunrapport.mall.bladrader import Bladrad, ar_obligatorisk
from kommunrapport.mall.modell import Regel

_NAMNDA = 5


def mot_sie(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Varje cell mot summan av radens konton. Cellen är avrundad till sitt steg, kontona är exakta."""
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell, konton = blad.celler.get((rad.id, kolumn)), prov.bokfort.get((blad.enhet.id, blad.blad.id, rad.id, kolumn))
                if cell and konton and _provas(blad, rad, kolumn, cell):
                    yield from _mot_konton(prov, regel, (blad, rad.id, kolumn), cell, konton)


def _provas(blad: Bladprov, rad: Bladrad, kolumn: str, cell: Cell) -> bool:
    """En tom cell är noll när den får vara tom; annars har den redan en anmärkning."""
    mallkolumn = blad.kolumn(kolumn)
    far_vara_tom = mallkolumn is not None and not ar_obligatorisk(mallkolumn, rad)
    return not cell.underkand and cell.tillstand != fakta.OTOLKAT and (cell.varde is not None or far_vara_tom)


def _mot_konton(prov: Prov, regel: Regel, lage: tuple[Bladprov, str, str], cell: Cell, konton: Sequence[Bokfort]) -> Iterator[Anmarkning]:
    blad, rad, kolumn = lage
    steg = blad.inmatning.value // int(10**blad.decimaler) if cell.varde is None else cell.steg
    utfall = prova_lika(Visat(cell.varde or 0, steg), Visat(sum(k.ore for k in konton), 0))
    if utfall.fel:
        star = "tom" if cell.varde is None else blad.visa(cell.varde, rad, kolumn)
        vantat, skillnad = (blad.visa(v, rad, kolumn) for v in (utfall.vantat, utfall.skillnad))
        ord_ = {"konton": _namnda(prov, konton), "sie": konton[0].fil, "karta": f"mallar/kontokarta/{blad.enhet.id}.csv"}
        yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, star, vantat, skillnad, ord_)


def _namnda(prov: Prov, konton: Sequence[Bokfort]) -> str:
    """Kontona med störst belopp först, med raden i filen. En rad utan konton har inget."""
    egna = sorted((k for k in konton if k.ore), key=lambda k: -abs(k.ore))
    fler = f" och {len(egna) - _NAMNDA} konton till" if len(egna) > _NAMNDA else ""
    return ", ".join(f"{k.konto} {prov.visa(k.ore)} ({k.cell})" for k in egna[:_NAMNDA]) + fler or "inga konton"
