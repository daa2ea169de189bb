"""Tabellerna siffror och kallor: rapportens räknade siffror, och cellerna som var och en bygger på."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from kommunrapport.export.tabeller import Exportrad
from kommunrapport.export.urval import Underlag, fil_i_kommunen
from kommunrapport.karna.belopp import HUNDRADELAR, Enhet
from kommunrapport.karna.kalla import Kalla
from kommunrapport.rapport.modell import Cell, Rad, Tabell
from kommunrapport.rapport.spar import spar_av

_KRONOR = {e.namn: e.value // HUNDRADELAR for e in Enhet}


class Siffertabell:
    """Rapportens siffror med spåret, så att varje siffras celler kan samlas genom sina led."""

    def __init__(self, u: Underlag) -> None:
        self._u = u
        self._siffror: Mapping[str, Any] = spar_av(u.rapport, u.s.rakning)["siffror"]
        self._minne: dict[str, frozenset[str]] = {}

    def siffror(self) -> Iterator[Exportrad]:
        """En rad per tal i rapportens tabeller."""
        for adress, tabell, rad, i in self._talen():
            cell, kolumn = rad.celler[i], tabell.kolumner[i]
            visas_i = str(self._siffror[adress].get("enhet", tabell.enhet))
            namn = "" if rad.namn in self._u.fria_namn and not self._u.med_texter else rad.namn
            plats = (adress, tabell.id, tabell.titel, rad.id, namn, rad.stil, self._enhet(cell), kolumn.id, kolumn.rubrik)
            yield (*self._u.om, self._u.rapport.titel, *plats, *_tal(cell, visas_i), cell.text, visas_i)

    def kallor(self) -> Iterator[Exportrad]:
        """En rad per cell som en siffra bygger på, ordnade efter siffra och sedan fil, blad och cell."""
        for adress, *_ in self._talen():
            for k in sorted(self._kallor[namn] for namn in self._celler(adress) if namn in self._kallor):
                yield (*self._u.om[:2], adress, fil_i_kommunen(k.fil), k.blad, k.cell)

    def _talen(self) -> Iterator[tuple[str, Tabell, Rad, int]]:
        """Varje tal i tabellerna: adressen, tabellen, raden och kolumnens nummer."""
        for tabell in self._u.rapport.alla_tabeller:
            for rad in tabell.rader:
                for i, (cell, kolumn) in enumerate(zip(rad.celler, tabell.kolumner, strict=True)):
                    if cell.tal is not None:
                        yield f"{tabell.id}.{rad.id}.{kolumn.id}", tabell, rad, i

    def _enhet(self, cell: Cell) -> str:
        plan = self._u.s.rakning.planer.get(cell.adress.tabell) if cell.adress else None
        if cell.adress is None or plan is None:
            return ""
        return next((r.enhet for r in plan.rader if r.id == cell.adress.rad), "")

    @cached_property
    def _kallor(self) -> Mapping[str, Kalla]:
        """Varje läst plats så som spåret skriver den."""
        fakta = self._u.s.rakning.fakta
        platser = [*map(Kalla._make, fakta[["fil", "blad", "cell"]].astype("object").drop_duplicates().itertuples(index=False))]
        celler = (c for t in self._u.rapport.alla_tabeller for r in t.rader for c in r.celler)
        platser += [k for c in celler for k in (c.kalla, *(d.kalla for d in c.delar)) if k]
        return {str(k): k for k in platser}

    def _celler(self, adress: str) -> frozenset[str]:
        """De lästa cellerna bakom siffran, genom alla led."""
        if adress not in self._minne:
            post = self._siffror.get(adress, {})
            egna = {str(k) for k, _ in (*post.get("kallor", ()), *post.get("uppgifter", ()))} | ({str(post["kalla"])} if "kalla" in post else set())
            self._minne[adress] = frozenset(egna).union(*(self._celler(d.removeprefix("-")) for d in post.get("delar", ())))
        return self._minne[adress]


def _tal(cell: Cell, visas_i: str) -> tuple[Decimal | None, str]:
    """Talet i kronor eller sitt eget mått, och måttet."""
    if cell.tal is None or visas_i not in _KRONOR:
        return cell.tal and cell.tal.normalize(), visas_i
    return (cell.tal * _KRONOR[visas_i]).normalize(), "kr"
