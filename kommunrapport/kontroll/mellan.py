"""Regelslag mellan enheter och mellan besluten: motparter, samma projekt två gånger, summor över enheter."""

import re
from collections.abc import Iterator

from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.avrundning import Jamforelse, Visat, prova_lika
from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.sprak import nyckel
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.kontroll.prov import Bladprov, Cell, Prov
from kommunrapport.kontroll.summor import skiljer
from kommunrapport.mall import uttryck
from kommunrapport.mall.koncernmall import Elimineringsslag
from kommunrapport.mall.modell import Regel
from kommunrapport.mall.motparter import postrad

FOR_HAND = "KR803"
"""Koden för en skillnad som är eliminerad för hand."""


def motpart(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Det A uppger om B ska vara det B uppger om A, för varje slags mellanhavande i koncernmallen.

    Båda enheterna får sin anmärkning, med den andras cell. En skillnad som är eliminerad för hand är en upplysning.
    """
    bladen = {(b.blad.id, b.enhet.id): b for b in prov.pa_bladet(*regel.blad)}
    for slag in prov.mall.koncern.slag:
        for blad in bladen.values():
            for rad in blad.inmatningsrader() if blad.blad.id == slag.givare.blad else ():
                mot = bladen.get((slag.mottagare.blad, rad.kategori))
                if rad.art == slag.givare.post and mot:
                    for kolumn in (k for k in regel.kolumner if blad.kolumn(k)):
                        givare, mottagare = (blad, rad.id, kolumn), (mot, postrad(blad.enhet.id, slag.mottagare.post), kolumn)
                        yield from _ett_par(prov, regel, slag, givare, mottagare)


def _ett_par(
    prov: Prov, regel: Regel, slag: Elimineringsslag, givare: tuple[Bladprov, str, str], mottagare: tuple[Bladprov, str, str]
) -> Iterator[Anmarkning]:
    celler = [sida[0].celler.get(sida[1:]) for sida in (givare, mottagare)]
    cell, motcell = celler
    if cell is None or motcell is None or any(sida[0].otolkad(*sida[1:]) for sida in (givare, mottagare)):
        return
    sidor = ((cell, slag.givare.visat_tecken), (motcell, slag.mottagare.visat_tecken))
    utfall = prova_lika(*(Visat((c.varde or 0) * tecken, 0 if c.varde is None else c.steg) for c, tecken in sidor))
    if utfall.fel and abs(utfall.skillnad) > prov.grans("motpart_tkr") * Enhet.TKR.value:
        for_hand = _for_hand(prov, slag.id, givare[0].enhet.id, mottagare[0].enhet.id)
        yield _anmarkt_par(prov, regel, (givare[0], cell), (mottagare[0], motcell), utfall.skillnad, for_hand)
        yield _anmarkt_par(prov, regel, (mottagare[0], motcell), (givare[0], cell), utfall.skillnad, for_hand)


def _anmarkt_par(
    prov: Prov, regel: Regel, egen: tuple[Bladprov, Cell], motens: tuple[Bladprov, Cell], skillnad: int, for_hand: Styrrad | None
) -> Anmarkning:
    (blad, cell), (mot, motcell) = egen, motens
    ord_ = {"motpart": mot.enhet.namn, "motkolumn": motcell.plats.rad, "motcell": _cellen(motcell)}
    if for_hand:
        ord_ |= {"motiv": for_hand.namn, "person": for_hand.attribut["person"], "dag": for_hand.attribut["beslutad"], "fil": str(for_hand.kalla)}
    star, motens_star = _som_star(prov, cell, motcell)
    return Anmarkning(FOR_HAND if for_hand else regel.kod, blad.enhet.id, cell.plats, star, motens_star, prov.visa(abs(skillnad)), ord_)


def _for_hand(prov: Prov, slag: str, givare: str, mottagare: str) -> Styrrad | None:
    """Elimineringen för hand av mellanhavandet i perioden, om det finns en."""
    sokt = (str(prov.mall.period), slag, givare, mottagare)
    rader = (s for s in prov.styrrader if s.tabell == "elimineringar")
    return next((s for s in rader if (s.attribut["period"], s.attribut["slag"], s.enhet, s.attribut["motpart"]) == sokt), None)


def _som_star(prov: Prov, *celler: Cell) -> tuple[str, str]:
    ett, annat = (prov.visa(c.varde) if c.varde is not None else "inget" for c in celler)
    return ett, annat


def _cellen(cell: Cell) -> str:
    return f"{cell.plats.fil}, {cell.plats.blad}!{cell.plats.celler[0]}"


def dubbelt(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Samma rad redovisas med belopp av flera enheter; alla får anmärkningen. Versaler och skiljetecken räknas inte.

    ``utom`` är samlingsnamn, med semikolon emellan, som flera får ha.
    """
    samlingsnamn = {_jamforbart(namn) for namn in regel.med.get("utom", "").split(";")}
    per_namn: dict[str, dict[str, tuple[Bladprov, str, Cell]]] = {}
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            celler = [blad.celler[rad.id, k] for k in regel.kolumner if (rad.id, k) in blad.celler]
            cell = next((c for c in celler if c.varde), None)
            if cell is not None and _jamforbart(rad.namn) not in samlingsnamn:
                per_namn.setdefault(_jamforbart(rad.namn), {}).setdefault(blad.enhet.id, (blad, rad.namn, cell))
    for lika in per_namn.values():
        for enhet, (blad, namn, cell) in lika.items():
            andra = next((a for e, a in lika.items() if e != enhet), None)
            if andra is not None:
                ord_ = {"rad": namn, "motpart": andra[0].enhet.namn, "motcell": _cellen(andra[2])}
                star, andras = (prov.visa(abs(c.varde or 0)) for c in (cell, andra[2]))
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, star, andras, "", ord_)


def _jamforbart(namn: str) -> str:
    return " ".join(re.findall(r"\w+", nyckel(namn)))


def summa_enheter(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Summan över alla enheters rader av en art ska vara det belopp som en enhet uppger ur bokföringen.

    Prövas när varje enhet som har sådana rader har lämnat dem och kolumnen är användbar.
    """
    delar = list(prov.pa_bladet(regel.med["summera"]))
    if {s.enhet for s in prov.styrrader if s.tabell == regel.med["summera"]} - {b.enhet.id for b in delar if b.anvandbar(regel.med["av"])}:
        return
    for blad in prov.pa_bladet(*regel.blad):
        cell = blad.celler.get((regel.med["rad"], regel.med["kolumn"]))
        if cell is None or cell.varde is None:
            continue
        celler = [c for b in delar for r in b.inmatningsrader() if r.art == regel.med["art"] and (c := b.celler.get((r.id, regel.med["av"])))]
        vantat = sum(c.varde or 0 for c in celler)
        utfall = Jamforelse(vantat, cell.varde - vantat, cell.steg + sum(c.steg for c in celler if c.varde is not None))
        yield from skiljer(regel, blad, cell, (regel.med["rad"], regel.med["kolumn"]), utfall)


def beslutens_summa(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Enheternas ramar ska tillsammans vara fullmäktiges total: en rad i den andra tabellen, beslutad eller räknad ur de beslutade."""
    mall = next((b for b in prov.mall.blad if b.id == regel.med["mot"]), None)
    rad = next((r for r in mall.rad if r.id == regel.med["rad"]), None) if mall else None
    if rad is None or prov.styrning.empty:
        return
    ramar, totalen = _beslutat(prov, regel.med["tabell"]), _beslutat(prov, regel.med["mot"])
    termer = [(t.tecken, totalen[t.namn]) for t in uttryck.parse(rad.uttryck or rad.id) if t.namn in totalen]
    summa, vantat = sum(ramar.values()), sum(t * v for t, v in termer)
    if termer and summa != vantat:
        fil = f"styrning/{prov.mall.period.ar}/driftbudget.csv"
        yield Anmarkning(
            regel.kod, "", Plats(fil, rad=rad.namn), prov.visa(summa), prov.visa(vantat), prov.visa(summa - vantat), {"rad": rad.namn.lower()}
        )


def _beslutat(prov: Prov, tabell: str) -> dict[str, int]:
    """Beslutat belopp per rad, alla enheter och tillägg sammanlagda."""
    belopp: dict[str, int] = {}
    urval = prov.styrning[(prov.styrning["tabell"] == tabell) & prov.styrning["varde"].notna()]
    for rad, varde in zip(urval["rad"].astype("object"), urval["varde"].astype("object"), strict=True):
        belopp[rad] = belopp.get(rad, 0) + int(varde)
    return belopp
