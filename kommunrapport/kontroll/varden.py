"""Regelslag om ett enskilt tals eller en enskild texts form: minus, decimaler, fel skala, fel mått och text som inte säger något."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kommunrapport.karna import fakta, tal
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.malvarde import tal_i
from kommunrapport.kontroll.prov import Bladprov, Cell, Prov
from kommunrapport.mall.bladrader import Bladrad
from kommunrapport.mall.modell import Regel


def _celler(prov: Prov, regel: Regel) -> Iterator[tuple[Bladprov, Bladrad, str, Cell]]:
    """Regelns godkända celler med ett tal; bara raderna i ``rader`` när några är angivna."""
    rader = regel.med.get("rader", "").split()
    for blad in prov.pa_bladet(*regel.blad):
        for rad in (r for r in blad.inmatningsrader() if not rader or r.id in rader):
            for kolumn in regel.kolumner:
                cell = blad.celler.get((rad.id, kolumn))
                if cell and cell.varde is not None and not cell.underkand:
                    yield blad, rad, kolumn, cell


def inte_negativt(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talen får inte vara mindre än noll."""
    for blad, rad, kolumn, cell in _celler(prov, regel):
        if cell.varde is not None and cell.varde < 0:
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn))


def heltal(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talen ska vara hela."""
    for blad, rad, kolumn, cell in _celler(prov, regel):
        if cell.varde is not None and cell.varde % HUNDRADELAR:
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn))


def maste_vara_tal(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Uppgifter som varje enhet har kan inte vara e.t."""
    for blad in prov.pa_bladet(*regel.blad):
        for lage in ((rad, kolumn) for rad in regel.med["rader"].split() for kolumn in regel.kolumner):
            cell = blad.celler.get(lage)
            if cell and cell.tillstand == fakta.EJ_TILLAMPLIGT:
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text)


def andel(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talen på rader vars ``attribut`` i styrningen är något av ``nagon_av`` ska ligga mellan två gränser."""
    minst, hogst = (int(regel.med[grans]) for grans in ("minst", "hogst"))
    for blad, rad, kolumn, cell in _celler(prov, regel):
        ar_andel = rad.attribut.get(regel.med["attribut"], "").strip().casefold() in regel.med["nagon_av"].split()
        if ar_andel and cell.varde is not None and not minst * HUNDRADELAR <= cell.varde <= hogst * HUNDRADELAR:
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn), f"{minst}–{hogst}")


def storleksordning(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet är ``ganger`` gånger större eller mindre än alla tal på raden som det jämförs med.

    ``mot`` är kolumner i båda riktningarna, ``hogst_mot`` bara när talet är större: ett utfall hittills kan vara en liten del av en plan.
    """
    ganger = int(regel.med["ganger"])
    for blad, rad, kolumn, cell in _celler(prov, regel):
        bada, storre = (_andra(blad, rad, kolumn, regel.med.get(namn, "")) for namn in ("mot", "hogst_mot"))
        v, jamforda = abs(cell.varde or 0), [*bada, *storre]
        for_stort, for_litet = (
            all(v >= ganger * abs(m) for m in jamforda) and bool(jamforda),
            all(v * ganger <= abs(m) for m in bada) and bool(bada),
        )
        if v and (for_stort or for_litet):
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde or 0, rad.id, kolumn), blad.visa(jamforda[0], rad.id, kolumn))


def _andra(blad: Bladprov, rad: Bladrad, egen: str, kolumner: str) -> list[int]:
    """Radens godkända tal i kolumnerna, utom det egna och dem som är noll. ``utfall<utfall_fg`` gäller bara när den egna är utfall."""
    namn = [till for k in kolumner.split() for fran, _, till in [k.rpartition("<")] if fran in ("", egen) and till != egen]
    return [v for k in namn if (v := blad.godkant(rad.id, k))]


def som_procent(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet är högst 100 och en tusendel eller mindre av ``av``, som är stort: det är en andel i procent och inte en mängd."""
    minst = int(regel.med["minst"]) * HUNDRADELAR
    for blad, rad, kolumn, cell in _celler(prov, regel):
        av = blad.godkant(rad.id, regel.med["av"])
        if cell.varde and av and av >= minst and 0 < cell.varde <= 100 * HUNDRADELAR and cell.varde * 1000 <= av:
            yield Anmarkning(
                regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn), blad.visa(av, rad.id, regel.med["av"]), fakta=_namn(cell)
            )


def _namn(cell: Cell) -> dict[str, str]:
    return {"rad": cell.plats.rad}


def som_i_fjol(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Varje tal i kolumnen är detsamma som radens i ``mot``, på minst två rader: fjolårets kolumn är inklistrad."""
    for blad in prov.pa_bladet(*regel.blad):
        for kolumn in regel.kolumner:
            par = [
                (cell, mot)
                for rad in blad.inmatningsrader()
                if (cell := blad.celler.get((rad.id, kolumn)))
                and ((mot := blad.varde(rad.id, regel.med["mot"])) is not None or cell.varde is not None)
            ]
            if sum(1 for cell, _ in par if cell.varde) > 1 and all(cell.varde == mot for cell, mot in par):
                plats = replace(par[0][0].plats, celler=tuple(c for cell, _ in par for c in cell.plats.celler), rad="")
                rubrik = next(c.plats.kolumn for (_, k), c in blad.celler.items() if k == regel.med["mot"])
                yield Anmarkning(regel.kod, blad.enhet.id, plats, fakta={"mot": rubrik})


def inte_ett_tal(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En textcell där ett tal väntas: något av attributen ``tal_i`` är ett tal, eller måttet ``matt`` är något av ``nagon_av``."""
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner if _vantas_tal(rad, regel) else ():
                cell = blad.celler.get((rad.id, kolumn))
                if cell and not cell.tom and tal_i(cell.text) is None and tal.stada(cell.text).strip().casefold() not in tal.EJ_TILLAMPLIGT:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, rad.attribut.get("matt", ""))


def _vantas_tal(rad: Bladrad, regel: Regel) -> bool:
    matt = rad.attribut.get(regel.med["matt"], "").strip().casefold()
    return matt in regel.med["nagon_av"].split() or any(_har_tal(rad.attribut.get(namn, "")) for namn in regel.med["tal_i"].split())


def _har_tal(text: str) -> bool:
    """Om texten är ett tal, med eller utan ett gränsord före."""
    return any(tal_i(del_) is not None for del_ in (text, text.strip().partition(" ")[2])) if text.strip() else False


def utfyllnad(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En text som bara håller plats: något av ``ord``, eller en text som innehåller något av ``del``, åtskilda med semikolon."""
    hela, delar = ({o.strip() for o in regel.med[namn].split(";")} for namn in ("ord", "del"))
    for blad in prov.pa_bladet(*regel.blad):
        texter = {k.id for k in blad.blad.kolumn if k.slag == "text" and k.roll == "inmatning"}
        for (_, kolumn), cell in blad.celler.items():
            if kolumn not in texter or cell.tillstand != fakta.VARDE:
                continue
            text = re.sub(r"\s+", " ", cell.text).strip().casefold()
            haller = text.strip(" .…!") in hela or re.fullmatch(r"[x.…?!* ]+", text) or (len(text) < 60 and any(d in text for d in delar))
            if text and haller:
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text)


def hogst_pa_annat_blad(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet i ``mindre`` får inte vara större än talet i ``storre``, båda skrivna ``blad.rad.kolumn``."""
    (b, r, k), (b2, r2, k2) = (regel.med[namn].split(".") for namn in ("mindre", "storre"))
    for blad in prov.pa_bladet(b):
        annat, cell = prov.bladet(blad.enhet.id, b2), blad.celler.get((r, k))
        mest = annat.godkant(r2, k2) if annat else None
        if cell and not cell.underkand and cell.varde is not None and annat and mest is not None and cell.varde > mest:
            ord_ = {"mot": annat.rad(r2).namn, "pa": annat.blad.namn}
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, r, k), annat.visa(mest, r2, k2), fakta=ord_)


def storre_an_budgeten(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Beloppet är större än hela bladets ``budget`` på ``mot``, eller ungefär tusen gånger underskottet där: fel enhet."""
    for blad, rad, kolumn, cell in _celler(prov, regel):
        mot = prov.bladet(blad.enhet.id, regel.med["mot"])
        budget = sum(abs(mot.varde(r.id, regel.med["budget"]) or 0) for r in mot.inmatningsrader()) if mot else 0
        gap = mot.summan(regel.med["prognos"]) - mot.summan(regel.med["budget"]) if mot and mot.fullstandig(regel.med["prognos"]) else 0
        v = abs(cell.varde or 0)
        tusen = bool(gap < 0 and Decimal(500) <= Decimal(v) / -gap <= Decimal(2000))
        if mot and budget and (v > budget or tusen):
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde or 0, rad.id, kolumn), prov.visa(budget))
