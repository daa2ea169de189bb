"""Regelslag om summor och storlekar på ett blad: delarna ska ge summan, och det ena får inte överstiga det andra."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.avrundning import Jamforelse, Visat, prova_summa
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.kontroll.prov import Bladprov, Cell, Prov
from kommunrapport.mall import uttryck
from kommunrapport.mall.bladrader import Bladrad, ar_harledd, galler, radtermer
from kommunrapport.mall.modell import Kolumn, Regel

AVRUNDNING = "KR506"


Termer: TypeAlias = Sequence[tuple[int, tuple[str, str]]]
"""Tecken och plats, rad och kolumn, för det som en cell är summan av."""


def summa(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Summarader och formelkolumner mot sina delar, så som de står på bladet."""
    kanda: dict[tuple[int, int], Sequence[tuple[Bladrad, Kolumn, Termer]]] = {}
    for blad in prov.pa_bladet(*regel.blad):
        samma = id(blad.blad), id(blad.rader)  # många enheter delar blad och rader
        if samma not in kanda:
            kanda[samma] = list(_summor_pa(blad))
        for rad, kolumn, termer in kanda[samma]:
            yield from _prova_summa(regel, blad, rad, kolumn, termer)


def _summor_pa(blad: Bladprov) -> Iterator[tuple[Bladrad, Kolumn, Termer]]:
    for rad in blad.rader:
        for kolumn in blad.blad.kolumn:
            hamtad = kolumn.ur and not rad.uttryck
            if ar_harledd(kolumn, rad) and not kolumn.kvot and not hamtad and galler(kolumn, rad):
                if rad.uttryck:
                    yield rad, kolumn, [(tecken, (namn, kolumn.id)) for tecken, namn in radtermer(rad, blad.rader)]
                else:
                    yield rad, kolumn, [(t.tecken, (rad.id, t.namn)) for t in uttryck.parse(kolumn.uttryck)]


def _prova_summa(regel: Regel, blad: Bladprov, rad: Bladrad, kolumn: Kolumn, termer: Termer) -> Iterator[Anmarkning]:
    cell = blad.celler.get((rad.id, kolumn.id))
    if cell is None or cell.varde is None or cell.utanfor_summan:
        return
    delar = [(tecken, c) for tecken, nyckel in termer if (c := blad.celler.get(nyckel))]
    if not rad.uttryck and (len(delar) < len(termer) or any(c.varde is None for _, c in delar)):
        return
    if any(c.utanfor_summan or c.tillstand == fakta.OTOLKAT for _, c in delar):
        return
    utfall = prova_summa(Visat(cell.varde, cell.steg), [(tecken, Visat(c.varde, c.steg)) for tecken, c in delar if c.varde is not None])
    yield from skiljer(regel, blad, cell, (rad.id, kolumn.id), utfall)


def skiljer(regel: Regel, blad: Bladprov, cell: Cell, lage: tuple[str, str], utfall: Jamforelse, **ord_: str) -> Iterator[Anmarkning]:
    """Anmärkning när cellen inte är det väntade; ryms skillnaden i avrundningen bara en upplysning."""
    if not utfall.lika:
        kod = AVRUNDNING if utfall.avrundning else regel.kod
        star, vantat, skillnad = (blad.visa(t, *lage) for t in (cell.varde or 0, utfall.vantat, utfall.skillnad))
        yield Anmarkning(kod, blad.enhet.id, cell.plats, star, vantat, skillnad, ord_)


def lika_blad(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Summan av inmatningsraderna på två blad ska vara lika, kolumn för kolumn."""
    for blad in prov.pa_bladet(*regel.blad):
        mot = prov.bladet(blad.enhet.id, regel.med["mot"])
        for kolumn in regel.kolumner if mot else ():
            if mot and blad.fullstandig(kolumn) and mot.fullstandig(kolumn):
                cell, vantat = blad.summacell(kolumn), mot.summan(kolumn)
                utfall = Jamforelse(vantat, (cell.varde or 0) - vantat, blad.steg(kolumn) + mot.steg(kolumn))
                yield from skiljer(regel, blad, cell, ("", kolumn), utfall, mot=mot.blad.namn)


def lika_rader(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Två rader på samma blad ska vara lika i varje kolumn där båda har ett tal. Summor räknas ur de celler som fylls i."""
    vanster, hoger = regel.med["rad"], regel.med["mot"]
    for blad in prov.pa_bladet(*regel.blad):
        for kolumn in (k.id for k in blad.blad.kolumn if (vanster, k.id) in blad.celler):
            v, h = blad.raknat(vanster, kolumn), blad.raknat(hoger, kolumn)
            celler = [*blad.delceller(vanster, kolumn), *blad.delceller(hoger, kolumn)]
            brister = any(c.tillstand == fakta.OTOLKAT for c in celler) or any(blad.saknar_kravt(rad, kolumn) for rad in (vanster, hoger))
            if v is not None and h is not None and not brister:
                steg = sum(c.steg for c in celler if c.varde is not None)
                cell = blad.celler[vanster, kolumn]._replace(varde=v)
                yield from skiljer(regel, blad, cell, (vanster, kolumn), Jamforelse(h, v - h, steg), mot=blad.rad(hoger).namn)


def lika_vid_svar(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Två kolumner ska vara lika på de rader där svaret i kolumnen ``om`` är ``svar``."""
    kolumn, mot = regel.med["kolumn"], regel.med["mot"]
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            cell, annan, svar = (blad.celler.get((rad.id, k)) for k in (kolumn, mot, regel.med["om"]))
            if not cell or not annan or not svar or svar.text != regel.med["svar"] or cell.underkand or annan.underkand:
                continue
            if cell.varde is not None and annan.varde is not None:
                utfall = Jamforelse(annan.varde, cell.varde - annan.varde)
                yield from skiljer(regel, blad, cell, (rad.id, kolumn), utfall, mot=annan.plats.kolumn)


def hogst(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Ett tal får inte vara större än ett annat på samma rad. Med ``andel`` (en gräns i procent) högst den andelen.

    Jämförelsen gäller storleken. ``rad`` är den enda rad som prövas, annars prövas de som fylls i; ``bara`` begränsar till
    "plus" eller "minus". Med ``tecken`` = "lika" ryms inget i ett tal med motsatt tecken. Härledda celler räknas ur sina delar.
    Med ``om`` och ``svar`` prövas bara rader med det svaret, och ett tal att jämföra med som saknas är noll.
    """
    andel = prov.grans(regel.med["andel"]) if "andel" in regel.med else 100
    for blad in prov.pa_bladet(*regel.blad):
        for rad in [blad.rad(regel.med["rad"])] if "rad" in regel.med else blad.inmatningsrader():
            cell, mest = blad.celler.get((rad.id, regel.med["mindre"])), blad.raknat(rad.id, regel.med["storre"])
            hel = blad.celler.get((rad.id, regel.med["storre"]))
            if hel and hel.underkand:
                continue
            varde = blad.raknat(rad.id, regel.med["mindre"])
            if "om" in regel.med:
                om = blad.celler.get((rad.id, regel.med["om"]))
                mest = (mest or 0) if om and om.text == regel.med["svar"] else None
            if cell is None or cell.underkand or varde is None or mest is None or (regel.med.get("bara") == "plus" and varde < 0):
                continue
            tak = 0 if regel.med.get("tecken") == "lika" and varde * mest < 0 else abs(mest) * andel // 100
            if abs(varde) > tak:
                vantat = f"högst {blad.visa(tak if varde > 0 or rad.tecken == '+' else -tak, rad.id, regel.med['mindre'])}"
                lamnat = blad.visa(varde, rad.id, regel.med["mindre"])
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, lamnat, vantat, fakta={"rad": rad.namn, "andel": str(andel)})


def radsumma(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En rad ska vara summan av andra rader i de kolumner där alla är ifyllda."""
    termer = uttryck.parse(regel.med["delar"])
    for blad in prov.pa_bladet(*regel.blad):
        for kolumn in regel.kolumner:
            cell, delar = blad.celler.get((regel.med["rad"], kolumn)), [blad.celler.get((t.namn, kolumn)) for t in termer]
            if cell is None or cell.varde is None or cell.underkand or any(d is None or d.varde is None or d.underkand for d in delar):
                continue
            visade = [(t.tecken, Visat(d.varde, d.steg)) for t, d in zip(termer, delar, strict=True) if d and d.varde is not None]
            yield from skiljer(regel, blad, cell, (regel.med["rad"], kolumn), prova_summa(Visat(cell.varde, cell.steg), visade))


def hogst_rad(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet på en rad får inte vara större än talet på en annan, i samma kolumn."""
    for blad in prov.pa_bladet(*regel.blad):
        for kolumn in regel.kolumner:
            cell, mest = blad.celler.get((regel.med["rad"], kolumn)), blad.godkant(regel.med["storre"], kolumn)
            if cell and not cell.underkand and cell.varde is not None and mest is not None and cell.varde > mest:
                vantat = f"högst {blad.visa(mest, regel.med['storre'], kolumn)}"
                ord_ = {"mot": blad.rad(regel.med["storre"]).namn}
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, regel.med["rad"], kolumn), vantat, fakta=ord_)


def inom(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talen i kolumnerna ska ligga mellan två gränser, med gränserna inräknade."""
    minst, hogst_ = (int(regel.med[grans]) for grans in ("minst", "hogst"))
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell = blad.celler.get((rad.id, kolumn))
                if cell and cell.varde is not None and not cell.underkand and not minst * HUNDRADELAR <= cell.varde <= hogst_ * HUNDRADELAR:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn), f"{minst}–{hogst_}")


def rullar(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En ackumulerad kolumn ska vara det förra bokslutets ackumulerade plus årets.

    Gäller rader med ett beslut för flera år: där ``beslut`` är ifylld, inte noll och ett annat belopp än ``arsanslag``.
    """
    kolumn, plus = regel.med["kolumn"], regel.med["plus"]
    tidigare = prov.tidigare_belopp(regel.med["kalla"])
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            cell, arets = blad.celler.get((rad.id, kolumn)), blad.celler.get((rad.id, plus))
            ingaende = tidigare.get((blad.enhet.id, blad.blad.id, rad.id, kolumn))
            beslut = blad.varde(rad.id, regel.med["beslut"])
            if not beslut or beslut == blad.varde(rad.id, regel.med["arsanslag"]):
                continue
            if cell is None or cell.varde is None or arets is None or arets.varde is None or ingaende is None or cell.underkand or arets.underkand:
                continue
            utfall = prova_summa(Visat(cell.varde, cell.steg), [(1, Visat(ingaende, cell.steg)), (1, Visat(arets.varde, arets.steg))])
            ord_ = {"ingaende": blad.visa(ingaende, rad.id, kolumn), "arets": blad.visa(arets.varde, rad.id, plus)}
            yield from skiljer(regel, blad, cell, (rad.id, kolumn), utfall, **ord_)
