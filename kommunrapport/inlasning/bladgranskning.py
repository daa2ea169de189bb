"""Anmärkningar på hur boken ser ut: dolda och sammanfogade uppgifter, länkar till andra böcker och makron.

Mallens egna dolda rader, kolumner och blad har inga uppgifter att fylla i och nämns därför inte.
"""

from collections.abc import Iterator, Sequence

from kommunrapport.inlasning.adress import celladress, cellage
from kommunrapport.inlasning.excel import Ark
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Periodmall, rubrik

_VISADE_LANKAR = 3


def granska_bok(fil: str, ark: Sequence[Ark], enhet: Enhetspost, lasta: Sequence[Faktum], mall: Periodmall) -> tuple[Anmarkning, ...]:
    """Anmärkningarna på bokens form; ``lasta`` är de fakta som lästes ur den."""
    blad = {a.namn: a for a in ark}
    rubriker = {(b.id, k.id): rubrik(k, mall.period) for b in mall.blad_for(enhet) for k in b.kolumn if k.roll == "inmatning"}
    uppgifter = [(blad[f.blad], f) for f in lasta if (f.tabell, f.kolumn) in rubriker and not f.harledd]
    anmarkningar = [
        *_om_boken(fil, enhet.id, ark),
        *(Anmarkning(kod, enhet.id, _plats(f, rubriker)) for a, f in uppgifter if (kod := _dold(a, f))),
        *_sammanfogade(enhet.id, uppgifter, rubriker),
    ]
    return tuple(anmarkningar)


def _plats(f: Faktum, rubriker: dict[tuple[str, str], str]) -> Plats:
    return Plats(f.fil, f.blad, (f.cell,), f.radnamn, rubriker[f.tabell, f.kolumn])


def _dold(ark: Ark, f: Faktum) -> str:
    """Koden när uppgiften är ifylld men inte syns."""
    if f.tillstand == fakta.TOMT:
        return ""
    if ark.dolt:
        return "KR232"
    rad, kolumn = cellage(f.cell)
    if rad in ark.drag.dolda_rader:
        return "KR230"
    return "KR231" if any(o.har(rad, kolumn) for o in ark.drag.dolda_kolumner) else ""


def _sammanfogade(enhet: str, uppgifter: Sequence[tuple[Ark, Faktum]], rubriker: dict[tuple[str, str], str]) -> Iterator[Anmarkning]:
    """Bara ett sammanfogat områdes första cell har ett värde; uppgifterna i de andra har försvunnit."""
    for ark, f in uppgifter:
        rad, kolumn = cellage(f.cell)
        for omrade in ark.drag.sammanfogade:
            if omrade.har(rad, kolumn) and (rad, kolumn) != (omrade.rad, omrade.kolumn):
                forsta = celladress(omrade.rad, omrade.kolumn)
                yield Anmarkning("KR233", enhet, _plats(f, rubriker), fakta={"last": forsta})


def _om_boken(fil: str, enhet: str, ark: Sequence[Ark]) -> Iterator[Anmarkning]:
    bok = ark[0].bok
    if bok.lankar:
        egna = tuple(dict.fromkeys(bok.lankar))
        antal = len(egna) - _VISADE_LANKAR
        orsak = rakna_upp([*egna[:_VISADE_LANKAR], *([f"{antal} till"] if antal > 0 else [])])
        lankade = [Plats(fil, a.namn, _i_ordning(a.drag.lankade)) for a in ark if a.drag.lankade]
        yield from (Anmarkning("KR234", enhet, plats, fakta={"orsak": orsak}) for plats in lankade or [Plats(fil)])
    if bok.makron:
        yield Anmarkning("KR235", enhet, Plats(fil))


def _i_ordning(celler: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(celler, key=cellage))
