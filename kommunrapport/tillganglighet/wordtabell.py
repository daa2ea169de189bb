"""Tabellernas kontroller i ett Worddokument."""

from collections.abc import Iterator
from typing import Any

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.tillganglighet.fynd import fynd
from kommunrapport.tillganglighet.worddel import Tabell, Worddel, text_i
from kommunrapport.tillganglighet.wordstil import VAL, W, pa

_INNEHALL = (f"{W}drawing", f"{W}pict", f"{W}object", f"{W}tbl", f"{W}sdt")


def granska_tabeller(del_: Worddel) -> Iterator[Anmarkning]:
    for tabell in del_.tabeller:
        if tabell.rader:
            yield from _rubrikrad(tabell)
            yield from _celler(tabell)


def _rubrikrad(t: Tabell) -> Iterator[Anmarkning]:
    forsta = t.rader[0]
    upprepas, utmarkt = t.ar_rubrikrad(forsta), t.visar("firstRow")
    kolumner = max(len(t.celler(rad)) for rad in t.rader)
    if not (upprepas or utmarkt) and (len(t.rader) == 1 or kolumner == 1 or (kolumner == 2 and t.visar("firstColumn"))):
        yield fynd("TG112", t.namn)
        return
    saknas = [namn for namn, finns in (("märket Rubrikrad", utmarkt), ("märket Upprepa som rubrikrad", upprepas)) if not finns]
    if saknas:
        yield fynd("TG107", t.namn, lamnat=rakna_upp(saknas))
    if any(not _har_innehall(cell) for cell in t.celler(forsta)):
        yield fynd("TG111", t.namn)


def _celler(t: Tabell) -> Iterator[Anmarkning]:
    if any(not pa(rad.find(f"{W}trPr/{W}cantSplit")) for rad in t.rader) and len(t.rader) > 1:
        yield fynd("TG108", t.namn)
    rader = [t.celler(rad) for rad in t.rader]
    sammanslagna = any(_ar_sammanslagen(cell) for rad in rader for cell in rad)
    if sammanslagna:
        yield fynd("TG109", t.namn)
    fyllda = [[_har_innehall(cell) for cell in rad] for rad in rader]
    tomma_kolumner = not sammanslagna and len({len(rad) for rad in fyllda}) == 1 and any(not any(k) for k in zip(*fyllda, strict=True))
    if tomma_kolumner or any(not any(rad) for rad in fyllda):
        yield fynd("TG110", t.namn)


def _ar_sammanslagen(cell: Any) -> bool:
    egenskaper = cell.find(f"{W}tcPr")
    if egenskaper is None:
        return False
    spann = egenskaper.find(f"{W}gridSpan")
    bred = spann is not None and spann.get(VAL, "1") not in ("0", "1")
    return bred or any(egenskaper.find(f"{W}{led}") is not None for led in ("vMerge", "hMerge"))


def _har_innehall(cell: Any) -> bool:
    return bool(text_i(cell).strip()) or next(cell.iter(*_INNEHALL), None) is not None
