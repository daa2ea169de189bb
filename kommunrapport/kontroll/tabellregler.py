"""Regelslag som prövar rapportens sammanställda siffror."""

from collections.abc import Iterator

from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.avrundning import Jamforelse
from kommunrapport.karna.belopp import avrunda, till_hundradelar
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Kolumnplan
from kommunrapport.karna.sprak import formatera
from kommunrapport.kontroll.prov import Kontrolltal, Prov
from kommunrapport.kontroll.summor import AVRUNDNING
from kommunrapport.mall.modell import Regel


def lika_tabeller(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Två rader i rapporten ska vara lika; ``nu:utfall`` jämför olika kolumner. Ofullständiga tabeller prövas inte.

    Med ``tomt`` = "noll" är en siffra som saknas på ena sidan noll.
    """
    for par in regel.kolumner:
        v_kolumn, _, h_kolumn = par.partition(":")
        vanster, hoger = (_adress(regel.med[sida], k) for sida, k in (("vanster", v_kolumn), ("hoger", h_kolumn or v_kolumn)))
        varden = [_varde(prov, a) for a in (vanster, hoger)]
        finns = [v for v in varden if v is not None]
        if not finns or (len(finns) < len(varden) and regel.med.get("tomt") != "noll"):
            continue
        v, h = (varde or 0 for varde in varden)
        if v != h:
            steg = sum(prov.siffror.steg(a) for a in (vanster, hoger) if prov.siffror.har(a))
            kod = AVRUNDNING if Jamforelse(h, v - h, steg).avrundning else regel.kod
            plats = _plats(prov, vanster if varden[0] is not None else hoger)
            yield Anmarkning(kod, "", plats, prov.visa(v), prov.visa(h), prov.visa(v - h))


def _varde(prov: Prov, adress: Adress) -> int | None:
    """Siffran, om den finns och varken är ofullständig eller bygger på något underkänt."""
    if not prov.siffror.har(adress) or prov.siffror.ofullstandiga(adress.tabell) or prov.bygger_pa_underkant(adress):
        return None
    return prov.siffror.varde(adress)


def avstamning(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Rapportens siffror mot kontrollsummorna, med trycketets precision."""
    for k in prov.kontrolltal:
        if not prov.siffror.har(k.adress):
            raise MallFel(f"{k.fil}, {k.cell}: siffran {k.adress} finns inte i rapporten.")
        kolumn = prov.siffror.planer[k.adress.tabell].kolumn(k.adress.kolumn)
        vantat = _i_hundradelar(k, kolumn)
        varde = prov.siffror.varde(k.adress)
        if varde is None:
            yield _avstamningsanmarkning(prov, regel.kod, k, kolumn, None, vantat)
            continue
        halvt_steg = kolumn.per // 10**k.decimaler // 2
        skillnad = abs(varde - vantat)
        if skillnad > halvt_steg:
            inom = 2 * (skillnad - halvt_steg) < prov.siffror.steg(k.adress)
            yield _avstamningsanmarkning(prov, AVRUNDNING if inom else regel.kod, k, kolumn, varde, vantat)


def _i_hundradelar(k: Kontrolltal, kolumn: Kolumnplan) -> int:
    varde, _ = till_hundradelar(k.tal, kolumn.per)
    return -varde if kolumn.vand else varde


def _avstamningsanmarkning(prov: Prov, kod: str, k: Kontrolltal, kolumn: Kolumnplan, varde: int | None, vantat: int) -> Anmarkning:
    def visa(tal: int) -> str:
        return formatera(avrunda(-tal if kolumn.vand else tal, kolumn.per, k.decimaler), k.decimaler)

    plats = _plats(prov, k.adress)
    plats = Plats(k.fil, plats.blad, (k.cell,), plats.rad, plats.kolumn)
    skillnad = "okänd" if varde is None else visa(varde - vantat)
    return Anmarkning(kod, "", plats, "uppgift saknas" if varde is None else visa(varde), visa(vantat), skillnad, {"adress": str(k.adress)})


def _adress(rad: str, kolumn: str) -> Adress:
    tabell, _, rad_id = rad.partition(".")
    return Adress(tabell, rad_id, kolumn)


def _plats(prov: Prov, adress: Adress) -> Plats:
    plan = prov.siffror.planer[adress.tabell]
    return Plats(blad=plan.titel, rad=plan.rad(adress.rad).namn, kolumn=plan.kolumn(adress.kolumn).rubrik)
