"""En nämnds eller ett bolags egen rapport: enhetens avsnitt, och dess rader i de gemensamma tabellerna."""

from collections.abc import Iterator
from dataclasses import replace

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.sprak import stor_bokstav
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.rapportmall import Enhetsrapport
from kommunrapport.rapport.bygg import SVAR, Byggunderlag
from kommunrapport.rapport.modell import Cell, Enhetsavsnitt, Kolumn, Rad, Rapport, Tabell

_PER_NAMND = " per nämnd"
_FORSATT, _BESLUT = "forsatt", "namndbeslut"


def enhetsrapport(hel: Rapport, mall: Enhetsrapport, u: Byggunderlag, enhet: Enhetspost) -> Rapport:
    """Enhetens egen rapport ur hela rapportens siffror."""
    avsnitt = next(a for a in (*hel.namnder, *hel.bolag) if a.id == enhet.id)
    ord_ = {"enhet": enhet.namn, "period": u.period}
    return replace(
        hel,
        titel=mall.titel.format_map(ord_),
        filnamn=mall.filnamn.format_map(ord_),
        enhet=enhet.namn,
        enhetsbeslut=_beslut(u, enhet.id),
        utkastrader=tuple(_utkastrader(u, enhet)),
        tabeller={**_gemensamma(hel, u, enhet.id, avsnitt), **{n: replace(t, titel=_utan_namn(t.titel, enhet)) for n, t in avsnitt.tabeller.items()}},
        diagram={n: replace(d, titel=_utan_namn(d.titel, enhet)) for n, d in avsnitt.diagram.items()},
        meningar={
            **dict.fromkeys(u.mall.meningsnamn | u.mall.enhetsmeningar, ""),
            **avsnitt.meningar,
            "namnd": avsnitt.mening,
            "anmarkningar": _anmarkningsmening(u, enhet),
        },
        nyckeltal=avsnitt.nyckeltal,
        texter=avsnitt.texter,
        bladnamn={**hel.bladnamn, **{avsnitt.tabeller[n].id: namn for n, namn in hel.bladnamn.items() if n in avsnitt.tabeller}},
        namnder=(),
        bolag=(),
        noter=(),
    )


def _beslut(u: Byggunderlag, enhet: str) -> str:
    """Dagen och paragrafen som står på enhetens försättsblad, eller tomt."""
    f = u.fakta
    texter = f.loc[(f["enhet"] == enhet) & (f["tabell"] == _FORSATT) & (f["rad"] == _BESLUT) & (f["tillstand"] == VARDE), "text"]
    return "" if texter.empty else str(texter.iloc[0])


def _utan_namn(titel: str, enhet: Enhetspost) -> str:
    """Titeln utan enhetens namn, som står på omslaget och i sidhuvudet."""
    return stor_bokstav(titel.removeprefix(f"{enhet.namn}: "))


def _gemensamma(hel: Rapport, u: Byggunderlag, enhet: str, avsnitt: Enhetsavsnitt) -> dict[str, Tabell]:
    """De gemensamma tabellerna med bara enhetens rader, utom dem som enhetens egna ersätter; en tabell utan rader är inte med."""
    ersatta = {x for t in u.mall.tabeller if t.id in avsnitt.tabeller for x in t.ersatter}
    visade = {namn: replace(t, rader=tuple(_enhetens_rader(t, u, enhet)), noter=()) for namn, t in hel.tabeller.items() if namn not in ersatta}
    med_enhet = {x.id: [k.id for k in x.kolumn].index(e[0]) for x in u.mall.lista if (e := [k.id for k in x.kolumn if k.falt == "enhet"])}
    return {namn: _utan_enheten(t, med_enhet.get(namn, 0 if namn == SVAR else -1), enhet, u) for namn, t in visade.items() if t.rader}


def _utan_enheten(t: Tabell, nr: int, enhet: str, u: Byggunderlag) -> Tabell:
    """Tabellen utan det som bara upprepar enhetens namn.

    ``nr`` är kolumnen i en lista som är enheten, 0 för radernas namn och −1 för ingen. En räknad tabell med enhetens enda rad ställs på höjden.
    """
    if nr > 0:
        kolumner = tuple(k for n, k in enumerate(t.kolumner, 1) if n != nr)
        return replace(t, kolumner=kolumner, rader=tuple(replace(r, celler=(*r.celler[: nr - 1], *r.celler[nr:])) for r in t.rader))
    if nr == 0:
        forst = next((n for n, k in enumerate(t.kolumner) if not k.ar_tal), 0)
        return replace(
            t,
            rubrik_forsta=t.kolumner[forst].rubrik,
            kolumner=(*t.kolumner[:forst], *t.kolumner[forst + 1 :]),
            rader=tuple(replace(r, namn=r.celler[forst].text, celler=(*r.celler[:forst], *r.celler[forst + 1 :])) for r in t.rader),
        )
    plan = u.rakning.planer.get(t.id)
    if plan and len(t.rader) == 1 and plan.rad(t.rader[0].id).enhet == enhet == t.rader[0].id:
        return _pa_hojden(t)
    return t


def _pa_hojden(t: Tabell) -> Tabell:
    """Tabellens enda rad, med en rad per kolumn."""
    celler: tuple[Cell, ...] = t.rader[0].celler
    rader = tuple(Rad(k.id, "rad", k.rubrik, (cell,)) for k, cell in zip(t.kolumner, celler, strict=True))
    return replace(
        t, titel=t.titel.replace(_PER_NAMND, ""), rubrik_forsta="Uppgift", kolumner=(Kolumn("varde", t.enhet or "Värde", ar_tal=True),), rader=rader
    )


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
        yield f"Kontrollen gav {u.katalog.rakning(grova)} som ska rättas. Kör kommunrapport validera för att se var."


def _anmarkningsmening(u: Byggunderlag, enhet: Enhetspost) -> str:
    return u.katalog.sammanfattning([a for a in u.anmarkningar if a.enhet == enhet.id])
