"""Regelslag om det som ska vara ifyllt: alltid, när ett villkor gäller, med ett visst värde eller före ett visst år."""

from collections.abc import Iterator
from datetime import date

from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.sprak import formatera
from kommunrapport.kontroll.prov import Bladprov, Prov
from kommunrapport.kontroll.villkor import VILLKOR
from kommunrapport.mall.bladrader import TALSLAG, ar_obligatorisk, vardeslag
from kommunrapport.mall.modell import Regel

_OM_TAL = {
    "foljd": " Enheten ingår inte i rapportens summa.",
    "hur": " Är talet noll skrivs 0; e.t. betyder att uppgiften inte är tillämplig.",
}


def obligatorisk(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Celler som mallen kräver men som är tomma eller bara har ett streck."""
    utom = regel.med.get("utom", "").split()
    for blad in prov.pa_bladet(*regel.blad):
        kolumner = [k for k in blad.blad.kolumn if (not regel.kolumner or k.id in regel.kolumner) and k.id not in utom]
        for rad in blad.rader:
            for kolumn in kolumner:
                cell = blad.celler.get((rad.id, kolumn.id))
                if cell and cell.tillstand in (fakta.TOMT, fakta.STRECK) and not cell.underkand and ar_obligatorisk(kolumn, rad):
                    ord_ = _OM_TAL if vardeslag(kolumn, rad) in TALSLAG else {}
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, fakta=ord_)


def krav(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Cellerna i ``kolumner`` ska vara ifyllda på de rader där villkoret gäller. Med ``noll`` = "tomt" är noll inget svar."""
    villkor = VILLKOR[regel.med["villkor"]]
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            iakttagelse = villkor(prov, regel, blad, rad)
            for kolumn in regel.kolumner if iakttagelse else ():
                cell = blad.celler.get((rad.id, kolumn))
                tom = cell and (cell.tom or (regel.med.get("noll") == "tomt" and cell.varde == 0))
                if iakttagelse and cell and tom and not cell.underkand:
                    i = iakttagelse
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, i.lamnat, i.vantat, i.skillnad, {"period": i.period} if i.period else {})


def iakttagelse(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Cellerna i ``kolumner`` anmärks på de rader där villkoret gäller, vad som än står i kommentaren."""
    villkor = VILLKOR[regel.med["villkor"]]
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            i = villkor(prov, regel, blad, rad)
            celler = [cell for kolumn in regel.kolumner if (cell := blad.celler.get((rad.id, kolumn))) and not cell.underkand]
            for cell in celler if i else ():
                if i:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, i.lamnat, i.vantat, i.skillnad)


def ska_vara_tom(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Cellerna i ``kolumner`` ska vara tomma på de rader där villkoret gäller."""
    villkor = VILLKOR[regel.med["villkor"]]
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            iakttagelse = villkor(prov, regel, blad, rad)
            for kolumn in regel.kolumner if iakttagelse else ():
                cell = blad.celler.get((rad.id, kolumn))
                if iakttagelse and cell and not cell.underkand and cell.varde:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn), iakttagelse.lamnat)


def tillsammans(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Raderna hör ihop: är någon ifylld i kolumnen ska alla vara det."""
    for blad in prov.pa_bladet(*regel.blad):
        for kolumn in regel.kolumner:
            celler = [cell for rad in regel.med["rader"].split() if (cell := blad.celler.get((rad, kolumn)))]
            ifyllda = [cell for cell in celler if not cell.tom]
            for cell in celler if ifyllda else ():
                if cell.tom and not cell.underkand:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, fakta={"mot": ifyllda[0].plats.rad})


def ska_vara(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En textcell ska ha ett visst värde när den är ifylld."""
    for blad in prov.pa_bladet(*regel.blad):
        cell = blad.celler.get((regel.med["rad"], regel.med["kolumn"]))
        if cell and cell.tillstand == fakta.VARDE and cell.text != regel.med["varde"]:
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, regel.med["varde"])


def senast(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Året i en datumkolumn får vara högst ett antal år efter året i en annan."""
    ar = prov.grans(regel.med["grans"])
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            cell, fran = blad.celler.get((rad.id, regel.med["datum"])), blad.celler.get((rad.id, regel.med["fran"]))
            if cell and fran and cell.tillstand == fran.tillstand == fakta.VARDE:
                sista = date.fromisoformat(fran.text).year + ar
                if date.fromisoformat(cell.text).year > sista:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, f"{sista}-12-31", fakta={"fran": fran.text, "ar": str(ar)})


def klart_i_tid(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Dagen då något väntas bli klart ska ligga efter periodens slut, och för det som redan är ``svar`` före.

    Rader med något av svaren i ``utom`` prövas inte, och med ``bara`` prövas bara de som är ``svar``.
    """
    slut = prov.mall.period.slut.isoformat()
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            cell, svar = blad.celler.get((rad.id, regel.med["datum"])), blad.celler.get((rad.id, regel.med["om"]))
            if not cell or not svar or cell.tillstand != fakta.VARDE or svar.tillstand != fakta.VARDE or svar.text in regel.med["utom"].split():
                continue
            ar_klart = svar.text == regel.med["svar"]
            if (cell.text <= slut) != ar_klart and (ar_klart or "bara" not in regel.med):
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, svar.text, fakta={"slut": slut})


def atgarder(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Ett prognostiserat underskott över gränsen kräver minst en åtgärd på åtgärdsbladet."""
    grans = prov.grans("underskott_tkr")
    for blad in prov.pa_bladet(*regel.blad):
        plan = prov.bladet(blad.enhet.id, regel.med["atgarder"])
        avvikelse = _avvikelse(prov, regel, blad.enhet.id)
        if plan is None or avvikelse is None or blad.enhet.slag != "namnd" or avvikelse >= 0 or avvikelse > -grans * Enhet.TKR.value:
            continue
        if not any(not c.tom for (_, kolumn), c in plan.celler.items() if kolumn == regel.med["kolumn"]):
            plats = blad.summacell(regel.med["utfall"]).plats
            yield Anmarkning(regel.kod, blad.enhet.id, plats, prov.visa(-avvikelse), f"{formatera(grans, 0)} tkr")


def effekt(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """De åtgärder som kommer utöver prognosen ska sammanlagt rymmas i det underskott som de möter."""
    for plan, effekt_, underskott in _moter(prov, regel):
        if effekt_ > underskott:
            yield Anmarkning(regel.kod, plan.enhet.id, plan.summacell(regel.med["effekt"]).plats, prov.visa(effekt_), prov.visa(underskott))


def tackning(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """De åtgärder som kommer utöver prognosen ska sammanlagt täcka ett underskott som når kommunens gräns.

    Annars ska cellen ``text``, skriven ``blad.rad.kolumn``, säga varför.
    """
    grans = prov.grans("underskott_tkr") * Enhet.TKR.value
    blad, rad, kolumn = regel.med["text"].split(".")
    for plan, effekt_, underskott in _moter(prov, regel):
        texter = prov.bladet(plan.enhet.id, blad)
        svar = texter.celler.get((rad, kolumn)) if texter else None
        if grans <= underskott > effekt_ and (svar is None or svar.tom):
            plats = plan.summacell(regel.med["effekt"]).plats
            yield Anmarkning(regel.kod, plan.enhet.id, plats, prov.visa(effekt_), prov.visa(underskott), prov.visa(underskott - effekt_))


def _moter(prov: Prov, regel: Regel) -> Iterator[tuple[Bladprov, int, int]]:
    """Varje åtgärdsblad med effekter: summan av dem som kommer utöver prognosen, och underskottet som de möter."""
    effekt_, utover, svar = regel.med["effekt"], regel.med["utover"], regel.med["svar"]
    for plan in prov.pa_bladet(regel.med["atgarder"]):
        avvikelse = _avvikelse(prov, regel, plan.enhet.id)
        if avvikelse is None or avvikelse >= 0 or not plan.fullstandig(effekt_):
            continue
        rader = [rad.id for rad in plan.inmatningsrader() if (cell := plan.celler.get((rad.id, utover))) and cell.text == svar]
        yield plan, sum(plan.varde(rad, effekt_) or 0 for rad in rader), -avvikelse


def _avvikelse(prov: Prov, regel: Regel, enhet: str) -> int | None:
    """Enhetens prognos minus budget på regelns blad, när båda är fullständiga."""
    blad = prov.bladet(enhet, regel.blad[0])
    if blad is None or not (blad.fullstandig(regel.med["utfall"]) and blad.fullstandig(regel.med["budget"])):
        return None
    return blad.summan(regel.med["utfall"]) - blad.summan(regel.med["budget"])
