"""Regelslag för samband mellan en enhets blad: samma storhet ska vara lika i räkningarna."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.avrundning import Jamforelse
from kommunrapport.kontroll.prov import Bladprov, Prov
from kommunrapport.kontroll.summor import skiljer
from kommunrapport.mall import uttryck
from kommunrapport.mall.modell import Regel
from kommunrapport.mall.uttryck import Term


def samband(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Enhetens slag → en likhet mellan dess celler: ``kassaflode.likvida_ut.utfall = balans.kassa.nu``, med plus och minus.

    Likheten prövas när alla blad finns och båda sidor är ifyllda. Summor räknas ur de celler som fylls i.
    """
    for enhet in prov.organisation.med_slag(*regel.med):
        vanster, hoger = (uttryck.parse(sida) for sida in regel.med[enhet.slag].split(" = "))
        bladen = {b.blad.id: b for b in prov.bladen if b.enhet.id == enhet.id}
        v, h = _sidan(bladen, vanster), _sidan(bladen, hoger)
        if v and h:
            blad, rad, kolumn = v.forst
            cell = blad.celler[rad, kolumn]._replace(varde=v.varde)
            ord_ = {"mot": f"{h.forst[0].rad(h.forst[1]).namn} på bladet {h.forst[0].blad.namn}"}
            yield from skiljer(regel, blad, cell, (rad, kolumn), Jamforelse(h.varde, v.varde - h.varde, v.steg + h.steg), **ord_)


class _Sida(NamedTuple):
    """Ena sidan av en likhet: summan, dess minsta steg och den första cellen."""

    varde: int
    steg: int
    forst: tuple[Bladprov, str, str]


def _sidan(bladen: Mapping[str, Bladprov], termer: Sequence[Term]) -> _Sida | None:
    """Sidans summa; None när ett blad saknas, en cell bakom den inte är användbar eller kolumnen är tom."""
    varden, steg, celler = [], 0, []
    for t in termer:
        namn, rad, kolumn = t.namn.split(".")
        blad = bladen.get(namn)
        if blad is None or (rad, kolumn) not in blad.celler or not _anvandbar(blad, rad, kolumn):
            return None
        celler.append((blad, rad, kolumn))
        varde = blad.raknat(rad, kolumn)
        varden += [] if varde is None else [t.tecken * varde]
        steg += sum(c.steg for c in blad.delceller(rad, kolumn) if c.varde is not None)
    return _Sida(sum(varden), steg, celler[0]) if varden else None


def _anvandbar(blad: Bladprov, rad: str, kolumn: str) -> bool:
    """Om cellerna bakom raden är ifyllda så som mallen kräver och ingen är underkänd; en helt tom kolumn är inte lämnad."""
    if not any(blad.varde(r.id, kolumn) is not None for r in blad.inmatningsrader()):
        return False
    return not any(c.underkand or c.tillstand == fakta.OTOLKAT for c in blad.delceller(rad, kolumn)) and not blad.saknar_kravt(rad, kolumn)
