"""Regelslag om de delar som lag eller rekommendation kräver i rapporten."""

from collections.abc import Iterator

from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.saknad import SaknadDel
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.bladrader import ar_obligatorisk
from kommunrapport.mall.modell import Regel


def kravd_del(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Delar med regelns ``allvar`` som saknas, vid cellen eller bladet där de lämnas.

    Det som en annan anmärkning redan säger upprepas inte: att en enhet inte har lämnat, att en obligatorisk cell är tom, eller att
    en siffra bygger på något underkänt. När bara utpekade böcker prövas sägs bara det som en cell i dem skulle ha gett.
    """
    for del_ in prov.saknade_delar:
        if del_.allvar == regel.med["allvar"] and del_.lamnat and (plats := _plats(prov, del_)) is not None:
            yield Anmarkning(regel.kod, del_.enhet, plats, fakta={"vad": del_.vad, "enligt": del_.lagrum, "var": del_.var})


def _plats(prov: Prov, del_: SaknadDel) -> Plats | None:
    """Var delen skulle ha stått; None när det inte ska sägas."""
    blad_id, namn = del_.blad
    blad = prov.bladet(del_.enhet, blad_id)
    if blad is None or del_.cell is None:
        sags = prov.hel and (del_.enhet, blad_id) not in prov.underkanda_blad and not _redan_sagt(prov, del_)
        filer = {c.plats.fil for c in blad.celler.values()} if blad else {""}
        return Plats(min(filer), namn) if sags else None
    rad, kolumn = del_.cell
    cell, mall = blad.celler.get(del_.cell), blad.kolumn(kolumn)
    if cell is None:
        return Plats(blad=namn) if prov.hel else None
    return None if cell.underkand or (mall and ar_obligatorisk(mall, blad.rad(rad))) else cell.plats


def _redan_sagt(prov: Prov, del_: SaknadDel) -> bool:
    """Om en cell bakom delens siffror redan har en anmärkning: underkänd, eller tom i en kolumn som i övrigt är lämnad."""
    return any(prov.bygger_pa_underkant(a) or prov.saknar_svar(a) for a in del_.siffror)
