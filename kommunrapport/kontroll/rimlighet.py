"""Regelslag om rimlighet: tecken, storleksordning, ombytta kolumner och belopp i text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.tal import OtolkbartTal, tolka_tal
from kommunrapport.kontroll.prov import Bladprov, Cell, Prov
from kommunrapport.mall.bladrader import Bladrad
from kommunrapport.mall.modell import Regel

_TUSENDEL = (Decimal(500), Decimal(2000))
"""Så många gånger större eller mindre än det jämförda är ett tal i fel enhet."""
_NARA = 10
"""Så många gånger större eller mindre än det jämförda är ett tal i samma storleksordning."""
_STORT_AVSTAND = 4
"""Så många gånger bättre ska kolumnerna passa ombytta för att de ska anses ombytta."""
_BELOPP = re.compile(
    r"(?<![\d,.])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?)[ \u00a0]*"
    r"(tkr|mnkr|mkr|mdkr|tusen kronor|miljoner kronor|miljarder kronor|miljoner|miljarder)\b",
    re.IGNORECASE,
)
_ENHET = {"tusen kronor": "tkr", "miljoner kronor": "mnkr", "miljoner": "mnkr", "miljarder kronor": "mdkr", "miljarder": "mdkr"}


def tecken(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Rader med givet tecken ska ha det i alla beloppskolumner; annars gäller kolumnens väntade tecken."""
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in blad.blad.kolumn:
                cell = blad.celler.get((rad.id, kolumn.id))
                tecken_ = rad.tecken or kolumn.vantat_tecken
                if kolumn.slag != "belopp" or kolumn.roll == "formel" or not (tecken_ and cell and cell.varde):
                    continue
                if (cell.varde > 0) != (tecken_ == "+"):
                    plus = (tecken_ == "+") != (kolumn.tecken == "-")
                    yield Anmarkning(
                        regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn.id), f"noll eller {'plus' if plus else 'minus'}"
                    )


def omvant(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet har motsatt tecken mot det jämförda och är ungefär lika stort: tecknet är vänt."""
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell, (mot, *_) = blad.celler.get((rad.id, kolumn)), _jamforda(blad, rad, regel.med["mot"]) or [0]
                if cell and cell.varde and mot and cell.varde * mot < 0 and abs(mot) <= 4 * abs(cell.varde) <= 16 * abs(mot):
                    yield _mot_jamfort(regel, blad, cell, (rad.id, kolumn), mot)


def noll_mot(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet är noll fast både ``mot`` och ``och`` på samma rad har ett annat belopp."""
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            mot, och = (blad.godkant(rad.id, regel.med[k]) for k in ("mot", "och"))
            for kolumn in regel.kolumner if mot and och else ():
                cell = blad.celler.get((rad.id, kolumn))
                if mot and cell and cell.varde == 0 and not cell.underkand:
                    yield _mot_jamfort(regel, blad, cell, (rad.id, kolumn), mot)


def storlek(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """De flesta rader i en kolumn är hundratals gånger för stora eller små mot det jämförda: bladet står i fel enhet."""
    mot = regel.med["mot"]
    for blad in prov.pa_bladet(*regel.blad):
        for kolumn in regel.kolumner:
            par = {rad.id: (v, m) for rad in blad.inmatningsrader() if (v := blad.varde(rad.id, kolumn)) and (m := blad.varde(rad.id, mot))}
            fel = [blad.celler[rad, kolumn].plats for rad, (v, m) in par.items() if abs(v) >= abs(m) * 100 or abs(v) * 1000 <= abs(m) * 3]
            if 2 * len(fel) > len(par) and blad.fullstandig(kolumn):
                plats = replace(fel[0], celler=tuple(p.celler[0] for p in fel), rad=", ".join(p.rad for p in fel))
                star, jamfort = prov.visa(blad.summan(kolumn)), prov.visa(blad.summan(mot))
                yield Anmarkning(regel.kod, blad.enhet.id, plats, star, jamfort, fakta=_mot(blad, regel))


def faktor(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En cell är ungefär tusen gånger för stor eller liten mot det första jämförda, och inte i närheten av det andra.

    Med ``bara`` = "storre" anmärks bara för stora belopp.
    """
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell, (mot, *andra) = blad.celler.get((rad.id, kolumn)), _jamforda(blad, rad, regel.med["mot"]) or [0]
                if cell is None or not cell.varde or not mot or (regel.med.get("bara") == "storre" and abs(cell.varde) < abs(mot)):
                    continue
                if _tusen_ganger(cell.varde, mot) and not any(_i_narheten(cell.varde, v) for v in andra):
                    yield _mot_jamfort(regel, blad, cell, (rad.id, kolumn), mot)


def _mot_jamfort(regel: Regel, blad: Bladprov, cell: Cell, lage: tuple[str, str], mot: int) -> Anmarkning:
    """Anmärkningen på cellen, med det jämförda beloppet och rubriken på dess kolumn."""
    star, jamfort = blad.visa(cell.varde or 0, *lage), blad.visa(mot, *lage)
    return Anmarkning(regel.kod, blad.enhet.id, cell.plats, star, jamfort, fakta=_mot(blad, regel))


def _mot(blad: Bladprov, regel: Regel) -> dict[str, str]:
    """Rubriken på den första kolumnen som det jämförs med."""
    rubriker = (c.plats.kolumn for k in regel.med["mot"].split() for (_, kolumn), c in blad.celler.items() if kolumn == k)
    return {"mot": next(rubriker, "")}


def _tusen_ganger(varde: int, mot: int) -> bool:
    kvot = Decimal(abs(varde)) / abs(mot)
    return any(_TUSENDEL[0] <= k <= _TUSENDEL[1] for k in (kvot, 1 / kvot))


def _i_narheten(varde: int, mot: int) -> bool:
    return abs(mot) <= _NARA * abs(varde) <= _NARA**2 * abs(mot)


def _jamforda(blad: Bladprov, rad: Bladrad, kolumner: str) -> list[int]:
    """Radens värden i kolumnerna, utom dem som saknas eller är noll."""
    return [v for k in kolumner.split() if (v := blad.varde(rad.id, k))]


def ombytta(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Två kolumner passar sina jämförelser mycket bättre om de byter plats: på de flesta rader, eller på några."""
    ena, andra = regel.kolumner
    for blad in prov.pa_bladet(*regel.blad):
        provade = {
            rad.id: b for rad in blad.inmatningsrader() if (b := _passar_ombytt(blad, rad, (ena, andra, *regel.med["mot"].split()))) is not None
        }
        vanda = [rad for rad, ganger in provade.items() if ganger > _STORT_AVSTAND]
        hela = len(vanda) > 1 and (2 * len(vanda) > len(provade) or all(ganger > 1 for ganger in provade.values()))
        for rad in provade if hela else vanda:
            cell, andras = blad.celler[rad, ena], blad.celler[rad, andra]
            plats = replace(cell.plats, celler=cell.plats.celler + andras.plats.celler)
            yield Anmarkning(regel.kod, blad.enhet.id, plats, cell.plats.kolumn, andras.plats.kolumn)


def _passar_ombytt(blad: Bladprov, rad: Bladrad, kolumner: tuple[str, ...]) -> Decimal | None:
    """Hur många gånger närmare varandras jämförelser radens två tal ligger; None när något saknas."""
    tal = [blad.godkant(rad.id, k) for k in kolumner]
    if any(v is None for v in tal):
        return None
    a, b, x, y = (v for v in tal if v is not None)
    som_de_star, om_de_byter = abs(a - x) + abs(b - y), abs(b - x) + abs(a - y)
    return Decimal(som_de_star) / om_de_byter if om_de_byter else Decimal("Infinity") if som_de_star else Decimal(1)


def belopp_i_text(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Ett belopp i en enhets text är större än alla enhetens lämnade belopp i ``blad.kolumn``: troligen fel enhet."""
    tak = {e.id: max(_brutto(prov, e.id, k) for k in regel.kolumner) for e in prov.organisation.med_slag(*regel.galler_for)}
    for blad in prov.bladen:
        hogst = tak.get(blad.enhet.id, 0)
        for cell in blad.celler.values() if hogst else ():
            for skrivet, ore in _belopp_i(cell.text) if cell.text else ():
                if ore > hogst:
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, skrivet, prov.visa(hogst))


def _brutto(prov: Prov, enhet: str, lage: str) -> int:
    """Summan av beloppens storlek i en kolumn på enhetens blad, skriven ``blad.kolumn``."""
    blad_id, _, kolumn = lage.partition(".")
    blad = prov.bladet(enhet, blad_id)
    return sum(abs(blad.varde(rad.id, kolumn) or 0) for rad in blad.inmatningsrader()) if blad else 0


def _belopp_i(text: str) -> Iterator[tuple[str, int]]:
    for traff in _BELOPP.finditer(text):
        enhet = traff[2].lower()
        try:
            kronor, _ = tolka_tal(f"{traff[1]} {_ENHET.get(enhet, enhet)}")
        except OtolkbartTal:
            continue
        yield traff[0], int(kronor * HUNDRADELAR)
