"""En nämnds eller ett bolags egen rapport: enhetens avsnitt, och dess rader i de gemensamma tabellerna."""

from collections.abc import Iterator
from dataclasses import replace

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.rapportmall import Enhetsrapport
from kommunrapport.rapport.bygg import Byggunderlag
from kommunrapport.rapport.modell import Rad, Rapport, Tabell


def enhetsrapport(hel: Rapport, mall: Enhetsrapport, u: Byggunderlag, enhet: Enhetspost) -> Rapport:
    """Enhetens egen rapport ur hela rapportens siffror."""
    avsnitt = next(a for a in (*hel.namnder, *hel.bolag) if a.id == enhet.id)
    ord_ = {"enhet": enhet.namn, "period": u.period}
    return replace(
        hel,
        titel=mall.titel.format_map(ord_),
        filnamn=mall.filnamn.format_map(ord_),
        enhet=enhet.namn,
        utkastrader=tuple(_utkastrader(u, enhet)),
        tabeller={**_enhetens_tabeller(hel, u, enhet.id), **avsnitt.tabeller},
        diagram=avsnitt.diagram,
        meningar={**dict.fromkeys(hel.meningar, ""), "namnd": avsnitt.mening, "anmarkningar": _anmarkningsmening(u, enhet)},
        nyckeltal=avsnitt.nyckeltal,
        texter=avsnitt.texter,
        namnder=(),
        bolag=(),
        noter=(),
    )


def _enhetens_tabeller(hel: Rapport, u: Byggunderlag, enhet: str) -> dict[str, Tabell]:
    """De gemensamma tabellerna med bara enhetens rader; en tabell utan sådana är inte med."""
    tabeller = {namn: replace(t, rader=tuple(_enhetens_rader(t, u, enhet)), noter=()) for namn, t in hel.tabeller.items()}
    return {namn: t for namn, t in tabeller.items() if t.rader}


def _enhetens_rader(t: Tabell, u: Byggunderlag, enhet: str) -> Iterator[Rad]:
    plan = u.rakning.planer.get(t.id)
    egna = {r.id for r in plan.rader if r.enhet == enhet} if plan else set[str]()
    for rad in t.rader:
        if rad.stil != "rubrik" and (rad.id in egna or rad.id.startswith(f"{enhet}.")):
            yield rad


def _utkastrader(u: Byggunderlag, enhet: Enhetspost) -> Iterator[str]:
    if enhet.id in set[str]().union(*(u.rakning.ofullstandiga(t) for t in u.rakning.planer)):
        yield "Uppgifterna är ofullständiga och ingår inte i alla summor."
    grova = [a for a in u.anmarkningar if a.enhet == enhet.id and u.katalog.allvar(a) >= Allvar.FEL]
    if grova:
        yield f"Kontrollen gav {u.katalog.rakning(grova)} som ska rättas. Kör kommunrapport validera för att se dem."


def _anmarkningsmening(u: Byggunderlag, enhet: Enhetspost) -> str:
    return u.katalog.sammanfattning([a for a in u.anmarkningar if a.enhet == enhet.id])
