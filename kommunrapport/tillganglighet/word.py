"""Granskar ett Worddokument: brödtexten, sidhuvuden, sidfötter och noter."""

from collections.abc import Iterator

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.mall.dokumentmall import Dokumentmall
from kommunrapport.tillganglighet.farg import temafarger
from kommunrapport.tillganglighet.fynd import fynd
from kommunrapport.tillganglighet.paket import Paket
from kommunrapport.tillganglighet.wordbild import granska_bilder
from kommunrapport.tillganglighet.worddel import Worddel, las_del
from kommunrapport.tillganglighet.wordstil import Stilar
from kommunrapport.tillganglighet.wordtabell import granska_tabeller
from kommunrapport.tillganglighet.wordtext import granska_text

_DELAR = {"header": "sidhuvud", "footer": "sidfot", "footnotes": "fotnot", "endnotes": "slutnot"}


def granska_word(paket: Paket, mall: Dokumentmall) -> Iterator[Anmarkning]:
    """Anmärkningarna på dokumentet. Fel: Olasbar när en del inte går att läsa."""
    stilar = Stilar(paket.narmaste(paket.huvuddel, "styles"), temafarger(paket.narmaste(paket.huvuddel, "theme")))
    if not paket.titel():
        yield fynd("TG101")
    sprak = stilar.grundsprak()
    if not sprak.lower().startswith("sv"):
        yield fynd("TG102", lamnat=sprak or "inte angivet")
    for del_ in _delar(paket):
        yield from granska_text(del_, stilar, mall)
        yield from granska_tabeller(del_)
        yield from granska_bilder(del_)


def _delar(paket: Paket) -> Iterator[Worddel]:
    yield las_del("", paket.rot(paket.huvuddel))
    relationer = paket.relationer(paket.huvuddel).values()
    for vag, slag in dict.fromkeys((r.mal, r.slag) for r in relationer if r.slag in _DELAR and not r.extern):
        if vag in paket:
            yield las_del(_DELAR[slag], paket.rot(vag))
