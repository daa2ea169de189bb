"""Regelslag som jämför med det som redan är bestämt eller lämnat: beslut, tidigare inlämningar och publicerade siffror."""

from collections.abc import Iterator, Mapping

from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.avrundning import Jamforelse
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.visning import visa
from kommunrapport.kontroll.prov import Bladprov, Prov
from kommunrapport.kontroll.summor import skiljer
from kommunrapport.mall import uttryck
from kommunrapport.mall.beslut import beslutade_belopp
from kommunrapport.mall.bladrader import publicerat
from kommunrapport.mall.modell import Regel

BESLUT_SAKNAS, OKANT_BESLUT = "KR409", "KR410"


def mot_beslut(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Förifyllda kolumner ur styrningen mot det som är beslutat."""
    per_kolumn: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for blad in prov.bladen:
        for kolumn in blad.blad.kolumn:
            if kolumn.id in regel.kolumner and kolumn.fylls_fran.startswith("styrning"):
                nyckel = (blad.blad.id, kolumn.id)
                if nyckel not in per_kolumn:
                    per_kolumn[nyckel] = _per_enhet(beslutade_belopp(prov.styrning, blad.blad.id, kolumn))
                yield from _mot_beslutat(prov, regel, blad, kolumn.id, per_kolumn[nyckel].get(blad.enhet.id, {}))


def _per_enhet(belopp: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    egna: dict[str, dict[str, int]] = {}
    for (enhet, rad), ore in belopp.items():
        egna.setdefault(enhet, {})[rad] = ore
    return egna


def _mot_beslutat(prov: Prov, regel: Regel, blad: Bladprov, kolumn: str, beslutat: Mapping[str, int]) -> Iterator[Anmarkning]:
    """Bladets kolumn mot det beslutade för enheten, rad → belopp."""
    kanda = [rad.id for rad in blad.inmatningsrader()]
    for rad in kanda:
        cell, vantat = blad.celler.get((rad, kolumn)), beslutat.get(rad)
        if cell and cell.varde and vantat is None:
            yield Anmarkning(BESLUT_SAKNAS, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad, kolumn))
        elif cell and cell.varde is not None and vantat is not None:
            yield from skiljer(regel, blad, cell, (rad, kolumn), Jamforelse(vantat, cell.varde - vantat, 0))
    for rad, belopp in beslutat.items():
        if rad not in kanda and belopp:
            yield Anmarkning(OKANT_BESLUT, blad.enhet.id, Plats(blad=blad.blad.namn), prov.visa(belopp), ", ".join(kanda), fakta={"rad": rad})


def mot_tidigare(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Jämförelsekolumner mot den tidigare periodens inlämning, när den finns. En siffra som är publicerad jämförs med den i stället."""
    for blad in prov.bladen:
        for kolumn in blad.blad.kolumn:
            kalla, _, namn = kolumn.fylls_fran.partition(":")
            facit = prov.tidigare_belopp(kalla) if kolumn.slag == "belopp" and kalla in prov.tidigare else {}
            for rad in blad.inmatningsrader() if facit else ():
                cell = blad.celler.get((rad.id, kolumn.id))
                delar = [(t.tecken, facit.get((blad.enhet.id, blad.blad.id, rad.id, t.namn))) for t in uttryck.parse(namn)]
                vantat = None if any(v is None for _, v in delar) else sum(tecken * v for tecken, v in delar if v is not None)
                if cell and cell.varde is not None and vantat is not None and publicerat(kolumn, rad, prov.bokslut) is None:
                    utfall = Jamforelse(vantat, cell.varde - vantat, 0)
                    yield from skiljer(regel, blad, cell, (rad.id, kolumn.id), utfall, period=prov.tidigare[kalla][0].namn)


def mot_bokslut(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Bladens kolumner för tidigare år mot de publicerade boksluten, när de finns."""
    for blad in prov.bladen:
        for kolumn in (k for k in blad.blad.kolumn if k.publicerat_ar):
            for rad in blad.inmatningsrader():
                cell, vantat = blad.celler.get((rad.id, kolumn.id)), publicerat(kolumn, rad, prov.bokslut)
                if cell and not cell.underkand and cell.varde is not None and vantat is not None:
                    utfall = Jamforelse(vantat.varde, cell.varde - vantat.varde, cell.steg)
                    yield from skiljer(regel, blad, cell, (rad.id, kolumn.id), utfall, rapport=vantat.kalla)


def minskat(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Det ackumulerade utfallet är till storleken mindre än i årets förra inlämning, med samma tecken."""
    forra = prov.tidigare_belopp("fg_inlamning")
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell, da = blad.celler.get((rad.id, kolumn)), forra.get((blad.enhet.id, blad.blad.id, rad.id, kolumn))
                if cell and not cell.underkand and cell.varde is not None and da and cell.varde * da >= 0 and abs(cell.varde) < abs(da):
                    nu, forr, skillnad = (blad.visa(v, rad.id, kolumn) for v in (cell.varde, da, cell.varde - da))
                    ord_ = {"period": prov.tidigare["fg_inlamning"][0].namn}
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, nu, forr, skillnad, ord_)


def mot_publicerat(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Rapportens jämförelsekolumner mot de siffror som publicerades, med rapportens avrundning. ``utfall_fg:utfall`` är nu:då.

    En siffra vars delar också skiljer sig är en följd av dem och anmärks inte. ``utom`` är tabeller, också
    enheternas egna, där kolumnerna betyder något annat.
    """
    facit = prov.publicerat.get(regel.med["kalla"], {})
    for par in regel.kolumner if facit else ():
        nu, _, da = par.partition(":")
        skilda = {a: facit[da_] for a, da_ in _jamforda(prov, regel, nu, da) if da_ in facit and _skiljer(prov, a, facit[da_].varde)}
        for adress, tidigare in skilda.items():
            plan = prov.siffror.planer[adress.tabell]
            if any(a in skilda for a in plan.steg[adress.rad, adress.kolumn].delar):
                continue
            kolumn, rad, varde = plan.kolumn(nu), plan.rad(adress.rad), prov.siffror.varde(adress) or 0
            plats = Plats(blad=plan.titel, rad=rad.namn, kolumn=kolumn.rubrik)
            enhet = plan.enhet if (rad.slag or kolumn.slag) == "belopp" else ""
            star, stod, skillnad = (f"{visa(v, kolumn, rad)} {enhet}".strip() for v in (varde, tidigare.varde, varde - tidigare.varde))
            yield Anmarkning(regel.kod, rad.enhet, plats, star, stod, skillnad, {"rapport": tidigare.kalla})


def _jamforda(prov: Prov, regel: Regel, nu: str, da: str) -> Iterator[tuple[Adress, Adress]]:
    utom = regel.med.get("utom", "").split()
    planer = (plan for plan in prov.siffror.planer.values() if plan.id.partition("-")[0] not in utom)
    return ((Adress(plan.id, rad.id, nu), Adress(plan.id, rad.id, da)) for plan in planer for rad in plan.rader)


def _skiljer(prov: Prov, adress: Adress, publicerat: int) -> bool:
    if not prov.siffror.har(adress) or prov.siffror.ofullstandiga(adress.tabell) or prov.bygger_pa_underkant(adress):
        return False
    plan, varde = prov.siffror.planer[adress.tabell], prov.siffror.varde(adress)
    kolumn, rad = plan.kolumn(adress.kolumn), plan.rad(adress.rad)
    return varde is not None and visa(varde, kolumn, rad) != visa(publicerat, kolumn, rad)
