"""Regelslag som prövar ett lämnat blad i taget."""

from collections.abc import Iterator, Mapping

import pandas as pd

from kommunrapport.karna import fakta, tal
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.sprak import formatera
from kommunrapport.kontroll.prov import Bladprov, Cell, Prov, kolumn_med_id
from kommunrapport.mall import uttryck
from kommunrapport.mall.beslut import beslutade_belopp
from kommunrapport.mall.bladrader import Bladrad, ar_harledd, ar_obligatorisk, galler, radtermer
from kommunrapport.mall.modell import Kolumn, Regel

AVRUNDNING = "KR506"
BESLUT_SAKNAS, OKANT_BESLUT = "KR409", "KR410"


def summa(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Summarader och formelkolumner mot sina delar, så som de står på bladet."""
    for blad in _bladen(prov, regel):
        for rad in blad.rader:
            for kolumn in blad.blad.kolumn:
                if ar_harledd(kolumn, rad) and not kolumn.kvot and galler(kolumn, rad):
                    yield from _prova_summa(prov, regel, blad, rad, kolumn)


def _prova_summa(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad, kolumn: Kolumn) -> Iterator[Anmarkning]:
    cell = blad.celler.get((rad.id, kolumn.id))
    if cell is None or cell.varde is None:
        return
    if not rad.uttryck:
        termer = [(t.tecken, (rad.id, t.namn)) for t in uttryck.parse(kolumn.uttryck)]
        if any(blad.varde(*nyckel) is None for _, nyckel in termer):
            return
    else:
        termer = [(tecken, (namn, kolumn.id)) for tecken, namn in radtermer(rad, blad.rader)]
    if any(blad.otolkad(*nyckel) for _, nyckel in termer):
        return
    delar = [(tecken, blad.celler[nyckel]) for tecken, nyckel in termer if nyckel in blad.celler]
    vantat = sum(tecken * (c.varde or 0) for tecken, c in delar)
    tolerans = (cell.steg + sum(c.steg for _, c in delar if c.varde)) // 2
    yield from jamfor(prov, regel, blad.enhet.id, cell, vantat, tolerans)


def jamfor(prov: Prov, regel: Regel, enhet: str, cell: Cell, vantat: int, tolerans: int = 0, **ord_: str) -> Iterator[Anmarkning]:
    """Anmärkning när cellen inte är det väntade; inom toleransen bara en upplysning om avrundning."""
    skillnad = (cell.varde or 0) - vantat
    if skillnad:
        kod = AVRUNDNING if abs(skillnad) <= tolerans else regel.kod
        yield Anmarkning(kod, enhet, cell.plats, prov.visa(cell.varde or 0), prov.visa(vantat), prov.visa(skillnad), ord_)


def lika_blad(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Summan av inmatningsraderna på två blad ska vara lika, kolumn för kolumn."""
    andra = {b.enhet.id: b for b in prov.bladen if b.blad.id == regel.med["mot"]}
    for blad in _bladen(prov, regel):
        mot = andra.get(blad.enhet.id)
        for kolumn in regel.kolumner if mot else ():
            if mot and _fyllt(blad, kolumn) and _fyllt(mot, kolumn):
                cell = _summacell(blad, kolumn)
                yield from jamfor(prov, regel, blad.enhet.id, cell, _summan(mot, kolumn), _steg(blad, mot, kolumn), mot=mot.blad.namn)


def _fyllt(blad: Bladprov, kolumn: str) -> bool:
    """Minst en cell har ett värde, alla går att läsa och ingen som mallen kräver är tom."""
    mall = kolumn_med_id(blad.blad, kolumn)
    celler = [(rad, blad.celler[rad.id, kolumn]) for rad in blad.inmatningsrader() if (rad.id, kolumn) in blad.celler]
    if any(c.tillstand == fakta.OTOLKAT for _, c in celler):
        return False
    if mall and any(c.tillstand in (fakta.TOMT, fakta.STRECK) and ar_obligatorisk(mall, rad) for rad, c in celler):
        return False
    return any(c.varde is not None for _, c in celler)


def _summan(blad: Bladprov, kolumn: str) -> int:
    return sum(blad.varde(rad.id, kolumn) or 0 for rad in blad.inmatningsrader())


def _steg(ett: Bladprov, tva: Bladprov, kolumn: str) -> int:
    celler = [b.celler.get((rad.id, kolumn)) for b in (ett, tva) for rad in b.inmatningsrader()]
    return sum(c.steg for c in celler if c and c.varde) // 2


def _summacell(blad: Bladprov, kolumn: str) -> Cell:
    """Summaradens cell, med summan av delarna som värde."""
    plats = next(c.plats for (rad, k), c in reversed(list(blad.celler.items())) if k == kolumn)
    return Cell(_summan(blad, kolumn), "", fakta.VARDE, 0, plats)


def mot_beslut(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Förifyllda kolumner ur styrningen mot det som är beslutat."""
    per_kolumn: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for blad in prov.bladen:
        for kolumn in blad.blad.kolumn:
            if kolumn.id in regel.kolumner and kolumn.fylls_fran.startswith("styrning"):
                nyckel = (blad.blad.id, kolumn.id)
                if nyckel not in per_kolumn:
                    per_kolumn[nyckel] = beslutade_belopp(prov.styrning, blad.blad.id, kolumn)
                beslutat = per_kolumn[nyckel]
                for rad in blad.inmatningsrader():
                    cell, vantat = blad.celler.get((rad.id, kolumn.id)), beslutat.get((blad.enhet.id, rad.id))
                    if cell and cell.varde and vantat is None:
                        yield Anmarkning(BESLUT_SAKNAS, blad.enhet.id, cell.plats, prov.visa(cell.varde))
                    elif cell and cell.varde is not None and vantat is not None:
                        yield from jamfor(prov, regel, blad.enhet.id, cell, vantat)
                yield from _okanda_beslut(prov, blad, beslutat)


def _okanda_beslut(prov: Prov, blad: Bladprov, beslutat: Mapping[tuple[str, str], int]) -> Iterator[Anmarkning]:
    kanda = [rad.id for rad in blad.inmatningsrader()]
    for (enhet, rad), belopp in beslutat.items():
        if enhet == blad.enhet.id and rad not in kanda and belopp:
            plats = Plats(blad=blad.blad.namn)
            yield Anmarkning(OKANT_BESLUT, enhet, plats, prov.visa(belopp), ", ".join(kanda), fakta={"rad": rad})


def obligatorisk(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Celler som mallen kräver men som är tomma eller bara har ett streck."""
    utom = regel.med.get("utom", "").split()
    for blad in _bladen(prov, regel):
        for rad in blad.rader:
            for kolumn in blad.blad.kolumn:
                if (regel.kolumner and kolumn.id not in regel.kolumner) or kolumn.id in utom or not ar_obligatorisk(kolumn, rad):
                    continue
                cell = blad.celler.get((rad.id, kolumn.id))
                if cell and cell.tillstand in (fakta.TOMT, fakta.STRECK):
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats)


def tecken(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Rader med givet tecken ska ha det i alla beloppskolumner."""
    for blad in _bladen(prov, regel):
        for rad in blad.inmatningsrader():
            for kolumn in blad.blad.kolumn:
                cell = blad.celler.get((rad.id, kolumn.id))
                if kolumn.slag != "belopp" or kolumn.roll == "formel" or not (rad.tecken and cell and cell.varde):
                    continue
                if (cell.varde > 0) != (rad.tecken == "+"):
                    vantat = "noll eller plus" if rad.tecken == "+" else "noll eller minus"
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, prov.visa(cell.varde), vantat)


def kommentar(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Avvikelser över kommunens gräns ska ha en kommentar på raden."""
    formel = {
        t.namn: t.tecken for b in _bladen(prov, regel) if (k := kolumn_med_id(b.blad, regel.med["avvikelse"])) for t in uttryck.parse(k.uttryck)
    }
    for blad in _bladen(prov, regel):
        for rad in blad.inmatningsrader():
            delar = [tecken_ * v for namn, tecken_ in formel.items() if (v := blad.varde(rad.id, namn)) is not None]
            cell = blad.celler.get((rad.id, regel.med["kommentar"]))
            if not formel or len(delar) < len(formel) or cell is None:
                continue
            avvikelse, av = sum(delar), blad.varde(rad.id, regel.med["av"]) or 0
            if _over_gransen(prov, avvikelse, av) and cell.text.strip() in tal.TOMMA:
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, prov.visa(avvikelse), _grans(prov))


def _over_gransen(prov: Prov, avvikelse: int, av: int) -> bool:
    trosklar = prov.organisation.trosklar
    over_belopp = abs(avvikelse) >= trosklar.avvikelse_tkr * 100_000
    over_andel = bool(av) and abs(avvikelse) * 100 >= trosklar.avvikelse_procent * abs(av)
    return avvikelse != 0 and (over_belopp or over_andel)


def _grans(prov: Prov) -> str:
    trosklar = prov.organisation.trosklar
    return f"{formatera(trosklar.avvikelse_tkr, 0)} tkr eller {trosklar.avvikelse_procent} procent av budgeten"


def atgarder(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Ett prognostiserat underskott över gränsen kräver minst en åtgärd."""
    med_atgard = {
        b.enhet.id
        for b in prov.bladen
        if b.blad.id == regel.med["atgarder"] and any(c.text or c.varde for (_, k), c in b.celler.items() if k == "atgard")
    }
    har_bladet = {b.enhet.id for b in prov.bladen if b.blad.id == regel.med["atgarder"]}
    grans = prov.organisation.trosklar.underskott_tkr * 100_000
    for blad in _bladen(prov, regel):
        kolumner = [k for k in (regel.med["utfall"], regel.med["budget"]) if _fyllt(blad, k)]
        if len(kolumner) < 2 or blad.enhet.id in med_atgard or blad.enhet.id not in har_bladet or blad.enhet.slag != "namnd":
            continue
        avvikelse = _summan(blad, kolumner[0]) - _summan(blad, kolumner[1])
        if avvikelse <= -grans and avvikelse < 0:
            plats = _summacell(blad, regel.med["utfall"]).plats
            yield Anmarkning(regel.kod, blad.enhet.id, plats, prov.visa(-avvikelse), f"{formatera(prov.organisation.trosklar.underskott_tkr, 0)} tkr")


def ska_vara(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En textcell ska ha ett visst värde när den är ifylld."""
    for blad in _bladen(prov, regel):
        cell = blad.celler.get((regel.med["rad"], regel.med["kolumn"]))
        if cell and cell.tillstand == fakta.VARDE and cell.text != regel.med["varde"]:
            yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, regel.med["varde"])


def hogst(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Ett tal får inte vara större än ett annat på samma rad."""
    for blad in _bladen(prov, regel):
        for rad in blad.inmatningsrader():
            cell, mest = blad.celler.get((rad.id, regel.med["mindre"])), blad.varde(rad.id, regel.med["storre"])
            if cell and cell.varde is not None and mest is not None and cell.varde > mest:
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, prov.visa(cell.varde, "antal"), f"högst {prov.visa(mest, 'antal')}")


def storlek(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Bladets summa är ungefär tusen gånger för stor eller liten mot budgeten: fel enhet."""
    for blad in _bladen(prov, regel):
        av = abs(_summan(blad, regel.med["mot"]))
        for kolumn in regel.kolumner:
            belopp = abs(_summan(blad, kolumn)) if _fyllt(blad, kolumn) else 0
            if av and belopp and (belopp >= av * 100 or belopp * 1000 <= av * 3):
                yield Anmarkning(regel.kod, blad.enhet.id, _summacell(blad, kolumn).plats, prov.visa(belopp), prov.visa(av))


def mot_tidigare(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Jämförelsekolumner mot den tidigare periodens inlämning, när den finns."""
    facit = {kalla: _per_nyckel(ram) for kalla, (_, ram) in prov.tidigare.items()}
    for blad in prov.bladen:
        for kolumn in blad.blad.kolumn:
            kalla, _, namn = kolumn.fylls_fran.partition(":")
            if kalla not in facit:
                continue
            for rad in blad.inmatningsrader():
                cell, vantat = blad.celler.get((rad.id, kolumn.id)), facit[kalla].get((blad.enhet.id, blad.blad.id, rad.id, namn))
                if cell and cell.varde is not None and vantat is not None and kolumn.slag == "belopp":
                    yield from jamfor(prov, regel, blad.enhet.id, cell, vantat, period=prov.tidigare[kalla][0].namn)


def _per_nyckel(ram: pd.DataFrame) -> dict[tuple[str, str, str, str], int]:
    kolumner = ram.loc[ram["varde"].notna(), ["enhet", "tabell", "rad", "kolumn", "varde"]].astype("object")
    return {(e, t, r, k): int(v) for e, t, r, k, v in kolumner.itertuples(index=False, name=None)}


def _bladen(prov: Prov, regel: Regel) -> Iterator[Bladprov]:
    return (b for b in prov.bladen if not regel.blad or b.blad.id == regel.blad)
