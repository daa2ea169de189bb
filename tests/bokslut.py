"""Publicerade bokslut mot det rapporten visar: böcker ur tryckta tal, och varje tryckt cell jämförd.

De tryckta cellerna står i en fil ``tabell;rad;kolumn;text`` med radens namn, tabellens och kolumnens id och cellen
ordagrant, också mellanslag och minustecken. En rad utan kolumn är en rubrik.
"""

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kommunrapport import floden, utskick
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.avrundning import Jamforelse, Visat, prova_summa
from kommunrapport.karna.belopp import KVOTDELAR
from kommunrapport.karna.fakta import Cellnyckel
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress, Kvot, Summa
from kommunrapport.karna.tal import tolka_svenskt_tal
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Cell, Rapport, Tabell

LAGEN = "2019-01-01"
HELA_KOMMUNENS = {"KR445", "KR446"}
"""Det som sägs om delar som en hel årsredovisning ska ha, i en katalog som bara har några tryckta tabeller."""
Bok = dict[Cellnyckel, Varde]
FORSATT: Mapping[Cellnyckel, Varde] = {("forsatt", "kontaktperson", "svar"): "Ekonomi", ("forsatt", "klarmarkerad", "svar"): "Ja"}


class Tryckt(NamedTuple):
    """En tryckt cell."""

    tabell: str
    rad: str
    kolumn: str
    text: str

    @property
    def tal(self) -> Decimal | None:
        return tryckt_tal(self.text)


def tryckt_tal(text: str) -> Decimal | None:
    """Talet så som det är tryckt; None för en tom cell eller ett streck. Procent är talet före tecknet."""
    text = text.removesuffix("%").strip().removeprefix("+")
    return None if text in ("", "-", SAKNAS) else tolka_svenskt_tal(text)


def las_tryckt(fil: Path) -> list[Tryckt]:
    rader = [rad for rad in fil.read_text(encoding="utf-8").splitlines() if rad and not rad.startswith("#")]
    return [Tryckt(**falt) for falt in csv.DictReader(rader, delimiter=";", quoting=csv.QUOTE_NONE)]


class Tabelltal:
    """De tryckta talen som tabell, med radens id i stället för dess namn."""

    def __init__(self, celler: Iterable[Tryckt], radid: Mapping[tuple[str, str], str]) -> None:
        self._tal = {(c.tabell, radid[c.tabell, c.rad], c.kolumn): c.tal for c in celler if c.kolumn and (c.tabell, c.rad) in radid}

    def __call__(self, tabell: str, rad: str, kolumn: str) -> Decimal:
        """Talet, noll där inget är tryckt."""
        tal = self._tal.get((tabell, rad, kolumn))
        return Decimal(0) if tal is None else tal

    def har(self, tabell: str, rad: str, kolumn: str) -> bool:
        return self._tal.get((tabell, rad, kolumn)) is not None

    def fyll(self, blad: str, rader: Iterable[str], fran: tuple[str, str], till: str) -> Bok:
        """Bladets kolumn ``till`` ur den tryckta tabellens kolumn; bara de celler som har ett tal."""
        return {(blad, rad, till): self(fran[0], rad, fran[1]) for rad in rader if self.har(fran[0], rad, fran[1])}


def bygg_katalog(har: Path, till: Path, *, fran: str = "") -> Path:
    """En arbetskatalog att skriva i, kopierad ur testets.

    Mallarna gäller från 2019, då lagen trädde i kraft; med ``fran`` gäller de från den dagen, så att ett äldre bokslut kan
    läsas med dem. En mall som katalogen redan har för den dagen är kvar.
    """
    katalog = Path(shutil.copytree(har / "arbetskatalog", till / "arbetskatalog"))
    for fil in medfoljande().rglob(f"{LAGEN}.toml") if fran else ():
        egen = katalog / "mallar" / fil.relative_to(medfoljande())
        tidigare = egen.with_name(f"{fran}.toml")
        if not tidigare.is_file():
            tidigare.parent.mkdir(parents=True, exist_ok=True)
            kalla = egen if egen.is_file() else fil
            tidigare.write_text(kalla.read_text(encoding="utf-8").replace(LAGEN, fran), encoding="utf-8")
    return katalog


def lamna(katalog: Path, period: Period, bocker: Mapping[str, Bok]) -> None:
    """Lämnar in en ifylld bok per enhet."""
    mapp = katalog / "inlamnat" / str(period)
    utskick.skriv_inlamningsbocker(katalog, period, {enhet: (mapp / f"{enhet}.xlsx", {**FORSATT, **bok}) for enhet, bok in bocker.items()})


@dataclass
class Utfall:
    """Cellerna efter hur de stämmer. ``fel`` är tabell, rad, kolumn, som tryckt och som rapporten visar."""

    lika: int = 0
    avrundning: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    fel: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    @property
    def antal(self) -> tuple[int, int, int]:
        return self.lika, len(self.avrundning), len(self.fel)

    def skriv(self, namn: str, record_property: Callable[[str, object], None]) -> None:
        jamforda = sum(self.antal)
        rad = f"{jamforda} celler jämförda, {self.lika} lika, {len(self.avrundning)} avrundning i trycket, {len(self.fel)} fel i trycket"
        record_property("jamforelse", f"{namn}: {rad}")


def jamfor(s: Sammanstallning, tryckta: Iterable[Tryckt]) -> Utfall:
    """Varje tryckt cell mot cellen så som rapporten visar den."""
    rapport, utfall = floden.bygg_rapport(s), Utfall()
    med_tal = [t for t in tryckta if t.kolumn]
    celler = {(t.tabell, t.rad, t.kolumn): t for t in med_tal}
    for t in med_tal:
        cell = _cell(rapport, t)
        if _lika(t, cell):
            utfall.lika += 1
        else:
            avrundning = _avrundning(s, t, cell) and _delarna_ger_summan(s, t, cell, celler)
            lista = utfall.avrundning if avrundning else utfall.fel
            lista.append((*t, cell.text))
    return utfall


def radnamn(rapport: Rapport, tabell: str) -> list[str]:
    return [r.namn for r in _tabell(rapport, tabell).rader]


def _tabell(rapport: Rapport, tabell: str) -> Tabell:
    """Rapportens egen tabell, eller en nämnds, till exempel ``namnd-kultur``."""
    return next(t for t in rapport.alla_tabeller if t.id == tabell)


def tryckta_rader(tryckta: Iterable[Tryckt], tabell: str) -> list[str]:
    return list(dict.fromkeys(t.rad for t in tryckta if t.tabell == tabell))


def _cell(rapport: Rapport, t: Tryckt) -> Cell:
    tabell = _tabell(rapport, t.tabell)
    rad = next(r for r in tabell.rader if r.namn == t.rad)
    return rad.celler[[k.id for k in tabell.kolumner].index(t.kolumn)]


def _lika(t: Tryckt, cell: Cell) -> bool:
    visat = None if cell.tal is None else tryckt_tal(cell.text)
    return visat == t.tal or (t.tal is None and visat == 0)


def _avrundning(s: Sammanstallning, t: Tryckt, cell: Cell) -> bool:
    """Om de tryckta talen bakom siffran, avrundade som de är, kan ge den tryckta; gränserna hör inte till intervallet."""
    if t.tal is None or cell.tal is None or cell.adress is None:
        return False
    plan = s.rakning.planer[cell.adress.tabell]
    per = KVOTDELAR if plan.rad(cell.adress.rad).slag == "procent" else plan.kolumn(cell.adress.kolumn).per
    tryckets_steg = per // 10 ** len(t.text.removesuffix("%").partition(",")[2].strip())
    return Jamforelse(int(t.tal * per), int((cell.tal - t.tal) * per), _steg(s, cell.adress) + tryckets_steg).avrundning


def _delarna_ger_summan(s: Sammanstallning, t: Tryckt, cell: Cell, celler: Mapping[tuple[str, str, str], Tryckt]) -> bool:
    """Om de tryckta delarna kan ge den tryckta summan; en del som inte är tryckt alls gör att det inte går att veta."""
    assert cell.adress is not None
    steg = s.rakning.planer[cell.adress.tabell].steg[cell.adress.rad, cell.adress.kolumn]
    if not isinstance(steg, Summa):
        return True
    delar = [(tecken, a, celler.get((a.tabell, s.rakning.planer[a.tabell].rad(a.rad).namn, a.kolumn))) for tecken, a in steg.termer]
    if any(del_ is None for _, _, del_ in delar):
        return True
    tryckta = [(tecken, visat) for tecken, a, del_ in delar if del_ and (visat := _visat(s, del_, a))]
    summa = _visat(s, t, cell.adress)
    return summa is not None and not prova_summa(summa, tryckta).fel


def _visat(s: Sammanstallning, t: Tryckt, adress: Adress) -> Visat | None:
    """Det tryckta talet med kolumnens tecken och tryckets minsta steg; None där inget tal är tryckt."""
    kolumn = s.rakning.planer[adress.tabell].kolumn(adress.kolumn)
    if t.tal is None:
        return None
    return Visat(int(t.tal * kolumn.per) * (-1 if kolumn.vand else 1), int(kolumn.per // 10 ** len(t.text.partition(",")[2].strip())))


def _steg(s: Sammanstallning, adress: Adress) -> int:
    """Stegen hos de tryckta poster som siffran är summan av. Det en post är räknad av är inte tryckt och ger inget utrymme."""
    plan = s.rakning.planer[adress.tabell]
    steg = plan.steg[adress.rad, adress.kolumn]
    if isinstance(steg, Kvot):
        namnare, egen = abs(s.rakning.varde(steg.namnare) or 0), abs(s.rakning.varde(adress) or 0)
        return (_steg(s, steg.taljare) * 100 * KVOTDELAR + egen * _steg(s, steg.namnare)) // namnare + 2
    if isinstance(steg, Summa) and all(_visas(s, a) for a in steg.delar):
        return sum(_steg(s, a) for a in steg.delar)
    kolumn = plan.kolumn(adress.kolumn)
    return int(kolumn.per // 10**kolumn.decimaler)


def _visas(s: Sammanstallning, adress: Adress) -> bool:
    """Om siffran visas i en av rapportens tabeller, eller en nämnds: inte i en av koncernens, och inte i en dold rad eller kolumn."""
    if not any(adress.tabell == t.id or (t.per_enhet and adress.tabell.startswith(f"{t.id}-")) for t in s.rapportmall.tabell):
        return False
    plan = s.rakning.planer[adress.tabell]
    return not plan.rad(adress.rad).dold and not plan.kolumn(adress.kolumn).dold
