"""Hittar den siffra som användaren frågar efter, på id eller på namnet som står i rapporten."""

from collections.abc import Sequence

from kommunrapport.berakning.rakna import Nod, Rakning
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.sprak import nyckel
from kommunrapport.rapport.modell import Cell, Rad, Tabell


def hitta(rakning: Rakning, tabell: str, rad: str, kolumn: str, listor: Sequence[str]) -> Adress:
    """Adressen till siffran. Fel: AnvandningsFel som räknar upp vad som finns."""
    if tabell.count(".") >= 2 and not rad:
        tabell, _, rest = tabell.partition(".")
        rad, _, kolumn = rest.rpartition(".")
    if tabell not in rakning.planer:
        tabeller = [f"  {p.id}: {p.titel}" for p in rakning.planer.values()] + [f"  {namn}" for namn in listor]
        raise AnvandningsFel(f"Tabellen ”{tabell}” finns inte. Det finns:" if tabell else "Ange en tabell. Det finns:", *tabeller)
    plan = rakning.planer[tabell]
    rader = {r.id: r.namn for r in plan.rader if r.stil != "rubrik"}
    rad_id = _valj("Raden", rad, rader, plan.titel)
    kolumner = {k.id: k.rubrik for k in plan.kolumner if (rad_id, k.id) in plan.steg}
    return Adress(tabell, rad_id, _valj("Kolumnen", kolumn, kolumner, plan.titel))


def i_lista(tabell: Tabell, rad: str, kolumn: str) -> Nod:
    """En uppgift i en lista: den visas som den lästes, eller är summan av listans rader."""
    rader = {r.id: r.namn for r in tabell.rader if r.stil != "rubrik"}
    rad_id = _valj("Raden", rad, rader, tabell.titel)
    kolumn_id = _valj("Kolumnen", kolumn, {k.id: k.rubrik for k in tabell.kolumner}, tabell.titel)
    nr = next(i for i, k in enumerate(tabell.kolumner) if k.id == kolumn_id)
    vald = next(r for r in tabell.rader if r.id == rad_id)
    if rad_id != "summa":
        return _listnod(tabell, vald, vald.celler[nr])
    delar = tuple(_listnod(tabell, r, r.celler[nr]) for r in tabell.rader if r.stil != "rubrik" and r.id != "summa")
    return Nod(f"{tabell.titel}: Summa", None, "text", "summan av delarna", text=_visad(tabell, vald.celler[nr]), delar=delar)


def _listnod(tabell: Tabell, rad: Rad, cell: Cell) -> Nod:
    return Nod(f"{tabell.titel}: {rad.namn}", None, "text", "beslutad uppgift ur styrning/", str(cell.kalla or ""), _visad(tabell, cell))


def _visad(tabell: Tabell, cell: Cell) -> str:
    return f"{cell.text} {tabell.enhet}" if cell.tal is not None else cell.text


def _valj(sort: str, sokt: str, finns: dict[str, str], titel: str) -> str:
    traffar = [id_ for id_, namn in finns.items() if sokt == id_ or (sokt and nyckel(sokt) == nyckel(namn))]
    if len(traffar) == 1:
        return traffar[0]
    delvis = [id_ for id_, namn in finns.items() if sokt and nyckel(sokt) in nyckel(namn)]
    if not traffar and len(delvis) == 1:
        return delvis[0]
    inledning = f"{sort} ”{sokt}” finns inte i {titel}." if sokt and not (traffar or delvis) else f"Ange {sort.lower().removesuffix('en')} i {titel}."
    if traffar or delvis:
        inledning = f"{sort} ”{sokt}” kan vara flera i {titel}. Använd beteckningen."
    raise AnvandningsFel(f"{inledning} Det finns:", *(f"  {id_}: {namn}" for id_, namn in finns.items()))
