"""En räkning från kommun till koncern: kommunens post, varje företags andel, elimineringarna och summan."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kommunrapport.berakning.koncern.beslutade import FOR_HAND, FORVARV, forvarvens_termer, forvarvsplan, handens_termer, handplan
from kommunrapport.berakning.koncern.bygge import Bygge, andel_av, summa, summan_av
from kommunrapport.berakning.koncern.foretag import FORETAG, foretagsplan
from kommunrapport.berakning.koncern.mellanhavanden import MELLAN, SAMMANDRAG, Par, mellanhavandenas_termer, mellanhavandeplan, paren, sammandragsplan
from kommunrapport.berakning.koncern.underlag import BOLAGEN, ELIMINERING, KOMMUNEN, KONCERNEN, Koncernunderlag, koncernplan
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Andel, Tabellplan
from kommunrapport.mall import uttryck
from kommunrapport.mall.koncernenheter import Koncernenhet, andel_i_ord
from kommunrapport.mall.koncernmall import Rakningsmall
from kommunrapport.mall.uppstallning import Uppstallningsrad

RESULTAT = "resultat"
KONCERNTABELLER = ("koncern_resultat", "koncern_balans", "koncern_kassaflode", SAMMANDRAG, MELLAN, FORVARV, FOR_HAND, FORETAG)
"""Periodens egna koncerntabeller, i rapportens ordning."""


def koncernplaner(u: Koncernunderlag) -> Mapping[str, Tabellplan]:
    """Räkningarna, mellanhavandena och de beslutade elimineringarna; en tabell utan rader utelämnas.

    Fel: MallFel när ett företags id är en av räkningarnas egna kolumner, eller när en post hör till en rad som inte finns;
    det ena skulle skriva över det andra, och posten skulle försvinna ur koncernen.
    """
    _granska_till(u)
    upptagna = [e.id for e in u.foretag if e.id in (KOMMUNEN, BOLAGEN, ELIMINERING, KONCERNEN)]
    if upptagna:
        raise MallFel(f"kommun.toml: enheten {upptagna[0]} har ett id som koncernens tabeller redan använder. Ge enheten ett annat id.")
    p = paren(u)
    planer = [
        *(_rakning(u, r, p) for r in u.mall.rakning),
        sammandragsplan(u, p),
        mellanhavandeplan(u, p),
        forvarvsplan(u),
        handplan(u),
        *(() if u.lager else (foretagsplan(u),)),
    ]
    return {plan.id: plan for plan in planer if plan.rader}


def _rakning(u: Koncernunderlag, r: Rakningsmall, paren_: Sequence[Par]) -> Tabellplan:
    b = Bygge(f"koncern_{r.id}", u)
    b.kolumn(KOMMUNEN, "Kommunen")
    for e in u.foretag:
        b.kolumn(e.id, f"{e.kort}, {andel_i_ord(e.andel)}" if e.andel != 1 else e.kort, enhet="" if u.lager else e.id)
    for id_, rubrik in ((BOLAGEN, "Bolag och förbund"), (ELIMINERING, "Elimineringar"), (KONCERNEN, "Koncernen")):
        b.kolumn(id_, rubrik)
    rader = [rad for rad in u.uppstallningar[r.id].rad if rad.plats != "blad"]
    for rad in rader:
        b.rad(rad.id, rad.namn, rad.stil, dolj_tom=rad.dolj_tom)
        if rad.post:
            _post(u, r, rad, paren_, b)
        elif rad.uttryck:
            _radsumma(rad, b)
    return b.plan(r.titel, "Post")


def _radsumma(rad: Uppstallningsrad, b: Bygge) -> None:
    """Summan i varje kolumn, av de rader ovanför som har kolumnen."""
    for kolumn in b.synliga:
        termer = [(t.tecken, b.adress(t.namn, kolumn)) for t in uttryck.parse(rad.uttryck) if b.har(t.namn, kolumn)]
        if termer:
            b.satt(rad.id, kolumn, summa(*termer))


def _post(u: Koncernunderlag, r: Rakningsmall, rad: Uppstallningsrad, paren_: Sequence[Par], b: Bygge) -> None:
    if rad.plats != "koncern":
        b.satt(rad.id, KOMMUNEN, u.hamta(r.blad[u.kommunen.slag], u.kommunen.id, (rad.id,), r.kolumn))
    for e in (f for f in u.foretag if u.har_bladet(f, r.blad[f.slag])):
        _foretagets_post(u, r, rad.id, e, b)
    bolagen = [b.adress(rad.id, e.id) for e in u.foretag if b.har(rad.id, e.id)]
    if bolagen:
        b.satt(rad.id, BOLAGEN, summan_av(bolagen))
    elimineringar = tuple(_elimineringar(u, r, rad.id, paren_))
    if elimineringar:
        b.satt(rad.id, ELIMINERING, summa(*elimineringar))
    delar = [b.adress(rad.id, kolumn) for kolumn in (KOMMUNEN, BOLAGEN, ELIMINERING) if b.har(rad.id, kolumn)]
    if delar and u.har_bladet(u.kommunen, r.blad[u.kommunen.slag]):
        b.satt(rad.id, KONCERNEN, summan_av(delar))


def _elimineringar(u: Koncernunderlag, r: Rakningsmall, rad: str, paren_: Sequence[Par]) -> Iterator[tuple[int, Adress]]:
    """Elimineringarna på raden. Resultaträkningens samlade eliminering slår igenom på resultatet i de andra räkningarna."""
    yield from mellanhavandenas_termer(u, paren_, r, rad)
    yield from handens_termer(u, r.id, rad)
    if r.id == "balans":
        yield from forvarvens_termer(u, rad)
    if rad == r.resultatrad and r.id != RESULTAT and _har_elimineringar(u, paren_):
        yield 1, Adress(koncernplan(RESULTAT, u.lager), r.resultatrad, ELIMINERING)


def _har_elimineringar(u: Koncernunderlag, paren_: Sequence[Par]) -> bool:
    resultat = next((m for m in u.mall.rakning if m.id == RESULTAT), None)
    if resultat is None:
        return False
    poster = [rad.id for rad in u.uppstallningar[RESULTAT].rad if rad.post]
    return any(True for rad in poster for _ in (*mellanhavandenas_termer(u, paren_, resultat, rad), *handens_termer(u, RESULTAT, rad)))


class _Overforing(NamedTuple):
    """Hur en post förs till kommunens rad: med tecken, hel eller bara den uppskjutna skattens del, ur bladets kolumn."""

    tecken: int
    skattedel: bool
    blad: str
    kolumn: str


def _foretagets_post(u: Koncernunderlag, r: Rakningsmall, rad: str, e: Koncernenhet, b: Bygge) -> None:
    """Företagets poster på raden, och därav kommunens andel."""
    delar = [(o.tecken, _del(u, rad, e, nr, o, poster, b)) for nr, (o, poster) in enumerate(_overforingar(u, r, rad, e).items(), 1)]
    if not delar:
        return
    (tecken, forsta), *fler = delar
    hela = b.steg(forsta) if tecken > 0 and not fler else summa(*delar)
    if e.andel != 1:
        hela = andel_av(b.dolt(rad, f"{e.id}~hela", f"{e.kort}, hela företaget", hela), e.andel)
    b.satt(rad, e.id, hela)


def _del(u: Koncernunderlag, rad: str, e: Koncernenhet, nr: int, o: _Overforing, poster: tuple[str, ...], b: Bygge) -> Adress:
    """Posterna som förs över på samma sätt; för obeskattade reserver bara den uppskjutna skattens del."""
    hela = b.dolt(rad, f"{e.id}~{nr}", f"{e.kort}, del {nr}", u.hamta(o.blad, e.id, poster, o.kolumn))
    if not o.skattedel:
        return hela
    sats = u.mall.skattedel(u.period.ar)
    steg = Andel(hela, sats, f"uppskjuten skatt, {andel_i_ord(sats)},")
    return b.dolt(rad, f"{e.id}~{nr}~skatt", f"{e.kort}, uppskjuten skatt på del {nr}", steg)


def _overforingar(u: Koncernunderlag, r: Rakningsmall, rad: str, e: Koncernenhet) -> Mapping[_Overforing, tuple[str, ...]]:
    """Posterna i företagets form som hör till raden, efter hur de förs över."""
    funna: dict[_Overforing, tuple[str, ...]] = {}
    for egen in u.mall.rakning:
        blad = egen.blad.get(e.slag, "")
        form = u.uppstallningar[u.former[blad]]
        if form.id == r.id and any(p.id == rad and p.post and p.plats != "koncern" for p in form.rad):
            funna[_Overforing(1, False, blad, egen.kolumn)] = (rad,)
        for post in form.rad:
            for tecken, skattedel in _till(post, r.id, rad):
                nyckel = _Overforing(tecken, skattedel, blad, egen.kolumn)
                funna[nyckel] = (*funna.get(nyckel, ()), post.id)
    return funna


def _granska_till(u: Koncernunderlag) -> None:
    rakningar = {r.id: {rad.id for rad in u.uppstallningar[r.id].rad} for r in u.mall.rakning}
    for form in (u.uppstallningar[namn] for namn in dict.fromkeys(u.former.values())):
        for post in form.rad:
            for rakning, text in post.till.items():
                rader = {t.namn.rpartition(":")[2] for t in uttryck.parse(text)}
                saknas = rader - rakningar[rakning] if rakning in rakningar else set()
                if saknas:
                    vilka = ", ".join(sorted(saknas))
                    raise MallFel(f"mallar/uppstallning/{form.id}: raden {post.id} hör till {vilka}, som inte finns i uppställningen {rakning}.")


def _till(post: Uppstallningsrad, rakning: str, rad: str) -> Iterator[tuple[int, bool]]:
    """Varje gång posten hör till raden: tecknet, och om bara den uppskjutna skattens del gör det."""
    for t in uttryck.parse(post.till[rakning]) if rakning in post.till else ():
        faktor, _, namn = t.namn.rpartition(":")
        if namn == rad:
            yield t.tecken, faktor == "skattedel"
