"""Regelslag om rimlighet: tecken, storleksordning, ombytta kolumner och belopp i text."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.tal import OtolkbartTal, tolka_tal
from kommunrapport.kontroll.prov import Bladprov, Prov
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
    """Rader med givet tecken ska ha det i alla beloppskolumner."""
    for blad in prov.pa_bladet(regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in blad.blad.kolumn:
                cell = blad.celler.get((rad.id, kolumn.id))
                if kolumn.slag != "belopp" or kolumn.roll == "formel" or not (rad.tecken and cell and cell.varde):
                    continue
                if (cell.varde > 0) != (rad.tecken == "+"):
                    plus = (rad.tecken == "+") != (kolumn.tecken == "-")
                    yield Anmarkning(
                        regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn.id), f"noll eller {'plus' if plus else 'minus'}"
                    )


def omvant(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Talet har motsatt tecken mot det jämförda och är ungefär lika stort: tecknet är vänt."""
    for blad in prov.pa_bladet(regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell, (mot, *_) = blad.celler.get((rad.id, kolumn)), _jamforda(blad, rad, regel.med["mot"]) or [0]
                if cell and cell.varde and mot and cell.varde * mot < 0 and abs(mot) <= 4 * abs(cell.varde) <= 16 * abs(mot):
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn), blad.visa(mot, rad.id, kolumn))


def storlek(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Bladets summa är ungefär tusen gånger för stor eller liten mot budgeten: fel enhet."""
    for blad in prov.pa_bladet(regel.blad):
        av = abs(blad.summan(regel.med["mot"]))
        for kolumn in regel.kolumner:
            belopp = abs(blad.summan(kolumn)) if blad.fullstandig(kolumn) else 0
            if av and belopp and (belopp >= av * 100 or belopp * 1000 <= av * 3):
                yield Anmarkning(regel.kod, blad.enhet.id, blad.summacell(kolumn).plats, prov.visa(belopp), prov.visa(av))


def faktor(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """En cell är ungefär tusen gånger för stor eller liten mot det första jämförda, och inte i närheten av det andra."""
    for blad in prov.pa_bladet(regel.blad):
        for rad in blad.inmatningsrader():
            for kolumn in regel.kolumner:
                cell, (mot, *andra) = blad.celler.get((rad.id, kolumn)), _jamforda(blad, rad, regel.med["mot"]) or [0]
                if cell and cell.varde and mot and _tusen_ganger(cell.varde, mot) and not any(_i_narheten(cell.varde, v) for v in andra):
                    yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, blad.visa(cell.varde, rad.id, kolumn), blad.visa(mot, rad.id, kolumn))


def _tusen_ganger(varde: int, mot: int) -> bool:
    kvot = Decimal(abs(varde)) / abs(mot)
    return any(_TUSENDEL[0] <= k <= _TUSENDEL[1] for k in (kvot, 1 / kvot))


def _i_narheten(varde: int, mot: int) -> bool:
    return abs(mot) <= _NARA * abs(varde) <= _NARA**2 * abs(mot)


def _jamforda(blad: Bladprov, rad: Bladrad, kolumner: str) -> list[int]:
    """Radens värden i kolumnerna, utom dem som saknas eller är noll."""
    return [v for k in kolumner.split() if (v := blad.varde(rad.id, k))]


def ombytta(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Två kolumner passar sina jämförelser mycket bättre om de byter plats."""
    (ena, andra), (ena_mot, andra_mot) = regel.kolumner, regel.med["mot"].split()
    for blad in prov.pa_bladet(regel.blad):
        rader = [[blad.varde(rad.id, k) for k in (ena, andra, ena_mot, andra_mot)] for rad in blad.inmatningsrader()]
        hela = [[v for v in rad if v is not None] for rad in rader if None not in rad]
        som_de_star = sum(abs(a - x) + abs(b - y) for a, b, x, y in hela)
        om_de_byter = sum(abs(b - x) + abs(a - y) for a, b, x, y in hela)
        if len(hela) > 1 and som_de_star > _STORT_AVSTAND * om_de_byter and blad.fullstandig(ena) and blad.fullstandig(andra):
            plats, andras = blad.summacell(ena).plats, blad.summacell(andra).plats
            yield Anmarkning(regel.kod, blad.enhet.id, plats, plats.kolumn, andras.kolumn)


def belopp_i_text(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Ett belopp i en nämnds text är större än alla nämndens lämnade belopp i ``blad.kolumn``: troligen fel enhet."""
    tak = {e.id: max(_brutto(prov, e.id, k) for k in regel.kolumner) for e in prov.organisation.med_slag("namnd")}
    for blad in prov.bladen:
        hogst = tak.get(blad.enhet.id, 0)
        for cell in blad.celler.values() if hogst else ():
            for skrivet, ore in _belopp_i(cell.text):
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
