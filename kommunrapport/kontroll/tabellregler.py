"""Regelslag som prövar rapportens sammanställda siffror."""

from collections.abc import Iterator

from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.avrundning import Jamforelse
from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, avrunda, dela, till_hundradelar
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Kolumnplan
from kommunrapport.karna.sprak import formatera, liten_bokstav, rakna_upp
from kommunrapport.kontroll.prov import Kontrolltal, Prov
from kommunrapport.kontroll.summor import AVRUNDNING
from kommunrapport.mall.modell import Regel


def lika_tabeller(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Två rader i rapporten ska vara lika; ``nu:utfall`` jämför olika kolumner. Ofullständiga tabeller prövas inte.

    Med ``tomt`` = "noll" är en siffra som saknas på ena sidan noll. Med ``avrundning`` = "tyst" sägs inget om en skillnad som ryms i
    avrundningen, till exempel när en andel av exakta tal jämförs med ett tal som någon har skrivit i hela tusental.
    """
    for par in regel.kolumner:
        v_kolumn, _, h_kolumn = par.partition(":")
        vanster, hoger = (_adress(regel.med[sida], k) for sida, k in (("vanster", v_kolumn), ("hoger", h_kolumn or v_kolumn)))
        if not all(_anvandbar(prov, a) for a in (vanster, hoger)):
            continue
        varden = [prov.siffror.varde(a) if prov.siffror.har(a) else None for a in (vanster, hoger)]
        finns = [v for v in varden if v is not None]
        if not finns or (len(finns) < len(varden) and regel.med.get("tomt") != "noll"):
            continue
        v, h = (varde or 0 for varde in varden)
        if v != h:
            steg = sum(prov.siffror.steg(a) for a in (vanster, hoger) if prov.siffror.har(a))
            inom = Jamforelse(h, v - h, steg).avrundning
            if inom and regel.med.get("avrundning") == "tyst":
                continue
            kod = AVRUNDNING if inom else regel.kod
            plats = _plats(prov, vanster if varden[0] is not None else hoger)
            yield Anmarkning(kod, "", plats, _kort(prov, v), _kort(prov, h), _kort(prov, v - h))


def _kort(prov: Prov, varde: int) -> str:
    """Talet med högst två decimaler; ett tal som är mindre än en enhet visas exakt."""
    steg = prov.organisation.inmatning.value // HUNDRADELAR
    return prov.visa(dela(varde, steg) * steg if abs(varde) >= prov.organisation.inmatning.value else varde)


def _varde(prov: Prov, adress: Adress) -> int | None:
    """Siffran, om den finns och är användbar."""
    return prov.siffror.varde(adress) if prov.siffror.har(adress) and _anvandbar(prov, adress) else None


def _anvandbar(prov: Prov, adress: Adress) -> bool:
    """Falskt för en siffra i en ofullständig tabell eller som bygger på något underkänt; en siffra som inte finns stör ingen."""
    if not prov.siffror.har(adress):
        return True
    return not prov.siffror.ofullstandiga(adress.tabell) and not prov.bygger_pa_underkant(adress)


def hogst_tabell(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En siffra i rapporten får inte vara större än en annan i samma kolumn."""
    for kolumn in regel.kolumner:
        mindre, storre = (_adress(regel.med[sida], kolumn) for sida in ("mindre", "storre"))
        v, tak = _varde(prov, mindre), _varde(prov, storre)
        if v is not None and tak is not None and v > tak:
            yield Anmarkning(regel.kod, "", _plats(prov, mindre), prov.visa(v), prov.visa(tak), prov.visa(v - tak))


def siffra_finns(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Tabellens rader ska ha en siffra i kolumnerna, och tabellen minst en rad. Ofullständiga tabeller prövas inte."""
    plan = prov.siffror.planer.get(regel.med["tabell"])
    if plan is None or prov.siffror.ofullstandiga(plan.id):
        return
    if not plan.rader:
        yield Anmarkning(regel.kod, "", Plats(regel.med["fil"].format(ar=prov.mall.period.ar)), fakta={"rad": liten_bokstav(plan.titel)})
    for adress in (Adress(plan.id, rad.id, kolumn) for rad in plan.rader for kolumn in regel.kolumner if rad.stil != "rubrik"):
        if prov.siffror.varde(adress) is None and not prov.bygger_pa_underkant(adress):
            yield Anmarkning(regel.kod, "", _plats(prov, adress), fakta={"rad": plan.rad(adress.rad).namn})


def text_vid_minus(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En cell ska vara ifylld när en siffra i rapporten är negativ."""
    varden = [v for k in regel.kolumner if (v := _varde(prov, _adress(regel.med["siffra"], k))) is not None]
    for blad in prov.pa_bladet(*regel.blad):
        cell = blad.celler.get((regel.med["rad"], regel.med["kolumn"]))
        if cell and cell.tom and varden and varden[0] < 0:
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, prov.visa(varden[0]))


def vasentlig(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Företag utanför de sammanställda räkenskaperna ska vara oväsentliga, vart och ett och, om gränsen är satt, tillsammans."""
    koncern, tabell = prov.organisation.koncern, regel.med["tabell"]
    utanfor = [e for e in prov.organisation.med_slag("bolag", "forbund") if not e.konsolideras and (tabell in prov.siffror.planer)]
    for matt in regel.kolumner:
        adresser = {e: Adress(tabell, e.id, f"{matt}_procent") for e in utanfor}
        storlekar = {e: prov.siffror.varde(a) for e, a in adresser.items() if prov.siffror.har(a)}
        for e, procent in storlekar.items():
            if procent is None:
                yield Anmarkning("KR805", e.id, _plats(prov, adresser[e]), fakta={"bok": e.namn})
            elif procent > koncern.vasentlighet_enskild_procent * KVOTDELAR:
                yield _for_stort(prov, regel, adresser[e], e.namn, procent, koncern.vasentlighet_enskild_procent)
        samlat, grans = sum(v or 0 for v in storlekar.values()), koncern.vasentlighet_samlad_procent
        if grans is not None and len(storlekar) > 1 and samlat > grans * KVOTDELAR:
            namn = rakna_upp([e.namn for e in storlekar])
            yield _for_stort(prov, regel, next(iter(adresser.values())), f"{namn} tillsammans", samlat, grans)


def _for_stort(prov: Prov, regel: Regel, adress: Adress, namn: str, procent: int, grans: int) -> Anmarkning:
    rubrik = prov.siffror.planer[adress.tabell].kolumn(adress.kolumn.removesuffix("_procent")).rubrik
    visat = f"{formatera(avrunda(procent, KVOTDELAR, 1), 1)} procent"
    ord_ = {"bok": namn, "mot": liten_bokstav(rubrik), "grans": f"{grans} procent"}
    return Anmarkning(regel.kod, "", _plats(prov, adress), visat, fakta=ord_)


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
