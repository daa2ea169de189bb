"""Hittar den siffra som användaren frågar efter, på id eller på namnet som står i rapporten."""

from collections.abc import Mapping

from kommunrapport.berakning.rakna import Nod, Rakning
from kommunrapport.karna.fel import AnvandningsFel, OppenFraga
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.sprak import menade_du, nyckel, rakna_upp
from kommunrapport.rapport.modell import Cell, Rad, Tabell


def hitta_tabell(sokt: str, titlar: Mapping[str, str]) -> str:
    """Tabellens id, sökt på id eller titel. Fel: AnvandningsFel som räknar upp vad som finns; OppenFraga om inget söks."""
    if sokt in titlar:
        return sokt
    traffar = [id_ for id_, titel in titlar.items() if sokt and nyckel(titel).startswith(nyckel(sokt))]
    if len(traffar) == 1:
        return traffar[0]
    allmanna = [f"  {id_}: {titel}" for id_, titel in titlar.items() if "-" not in id_]
    egna = sorted({id_.partition("-")[0] for id_ in titlar if "-" in id_})
    inledning = f"Tabellen ”{sokt}” finns inte.{menade_du(sokt, [*titlar.values(), *titlar])} Det finns:" if sokt else "Ange en tabell. Det finns:"
    tillagg = [f"Per enhet finns dessutom {rakna_upp(egna)}, till exempel {next(i for i in titlar if '-' in i)}."] if egna else []
    raise AnvandningsFel(inledning, *allmanna, *tillagg) if sokt else OppenFraga(titlar, inledning, *allmanna, *tillagg)


def hitta(rakning: Rakning, tabell: str, rad: str, kolumn: str) -> Adress:
    """Adressen till siffran. Fel: AnvandningsFel som räknar upp vad som finns; OppenFraga utan rad eller kolumn."""
    plan = rakning.planer[tabell]
    if not plan.steg:
        raise AnvandningsFel(f"{plan.titel} har inga rader i rapporten för perioden.")
    rader = {r.id: r.namn for r in plan.rader if r.stil != "rubrik"}
    rad_id = _valj("Raden", rad, rader, plan.titel)
    kolumner = {k.id: k.rubrik for k in plan.kolumner if (rad_id, k.id) in plan.steg}
    return Adress(tabell, rad_id, _valj("Kolumnen", kolumn, kolumner, plan.titel))


def i_lista(tabell: Tabell, rad: str, kolumn: str, rakning: Rakning) -> Nod:
    """En uppgift i en lista: den visas som den lästes, är summan av listans rader, eller visar en räknad siffra i text."""
    rader = {r.id: r.namn for r in tabell.rader if r.stil != "rubrik"}
    rad_id = _valj("Raden", rad, rader, tabell.titel)
    enda = tabell.kolumner[0].id if len(tabell.kolumner) == 1 else ""
    kolumn_id = _valj("Kolumnen", kolumn or enda, {k.id: k.rubrik for k in tabell.kolumner}, tabell.titel)
    nr = next(i for i, k in enumerate(tabell.kolumner) if k.id == kolumn_id)
    vald = next(r for r in tabell.rader if r.id == rad_id)
    adress = vald.celler[nr].adress
    if adress and rakning.har(adress):
        return Nod(
            f"{tabell.titel}: {vald.namn}", None, "text", "samma siffra som i tabellen", visas=vald.celler[nr].text, delar=(rakning.harled(adress),)
        )
    if rad_id != "summa":
        return _listnod(tabell, vald, vald.celler[nr])
    delar = tuple(_listnod(tabell, r, r.celler[nr]) for r in tabell.rader if r.stil != "rubrik" and r.id != "summa")
    return Nod(f"{tabell.titel}: Summa", None, "text", "summan av delarna", visas=_visad(tabell, vald.celler[nr]), delar=delar)


def _listnod(tabell: Tabell, rad: Rad, cell: Cell) -> Nod:
    if cell.delar:
        delar = tuple(Nod(d.namn, None, "text", "läst", str(d.kalla), visas=d.text) for d in cell.delar)
        return Nod(f"{tabell.titel}: {rad.namn}", None, "text", cell.steg, visas=cell.text, delar=delar)
    return Nod(f"{tabell.titel}: {rad.namn}", None, "text", "läst", str(cell.kalla or ""), visas=_visad(tabell, cell))


def _visad(tabell: Tabell, cell: Cell) -> str:
    return f"{cell.text} {tabell.enhet}" if cell.tal is not None else cell.text


def _valj(sort: str, sokt: str, finns: dict[str, str], titel: str) -> str:
    traffar = [id_ for id_, namn in finns.items() if sokt == id_ or (sokt and nyckel(sokt) == nyckel(namn))]
    if len(traffar) == 1:
        return traffar[0]
    delvis = [id_ for id_, namn in finns.items() if sokt and nyckel(sokt) in nyckel(namn)]
    if not traffar and len(delvis) == 1:
        return delvis[0]
    inledning = (
        f"{sort} ”{sokt}” finns inte i {titel}.{menade_du(sokt, [*finns.values(), *finns])}"
        if sokt and not (traffar or delvis)
        else f"Ange {sort.lower().removesuffix('en')} i {titel}."
    )
    if traffar or delvis:
        inledning = f"{sort} ”{sokt}” kan vara flera i {titel}. Använd beteckningen."
    visade = traffar or delvis or list(finns)
    rader = (f"{inledning} Det finns:", *(f"  {id_}: {finns[id_]}" for id_ in visade))
    raise AnvandningsFel(*rader) if sokt else OppenFraga(finns, *rader)
