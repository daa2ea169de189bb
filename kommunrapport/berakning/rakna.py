"""Räknar planernas siffror och härleder dem: samma steg ger både talet och förklaringen."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, dela, kvot, procent
from kommunrapport.karna.fakta import Tabellvis, rader_ur
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.plan import Adress, Andel, Antal, Enligt, Hamta, Kvot, Medel, Per, Summa, Tabellplan, Urval, Val, Ytterst
from kommunrapport.karna.visning import i_enheten, last_i_ord, visa


@dataclass(frozen=True)
class Nod:
    """Ett led i en härledning: en siffra med sina delar, eller ett läst faktum med sin källa."""

    etikett: str
    varde: int | None
    slag: str
    steg: str
    kalla: str = ""
    text: str = ""
    visas: str = ""
    """Siffran så som rapporten visar den, eller värdet så som det står i cellen."""
    delar: tuple["Nod", ...] = ()


class Faktarad(NamedTuple):
    """Det av ett faktum som behövs för att visa varifrån en siffra kommer."""

    enhet: str
    tabell: str
    rad: str
    kolumn: str
    slag: str
    varde: int
    text: str
    fil: str
    blad: str
    cell: str
    radnamn: str
    art: str
    kategori: str
    steg: int
    lagrat: str

    @property
    def kalla(self) -> Kalla:
        return Kalla(self.fil, self.blad, self.cell)


Lage: TypeAlias = tuple[str | None, str]
"""Rad, eller None för alla, och kolumn."""
Summor: TypeAlias = Mapping[str, Mapping[Lage, int | None]]
"""Enhet → läge → summan; None när något saknas."""
_TABELLER = 3
"""Så många tabellers fakta hålls som objekt samtidigt."""
_GRUPPERAS = ["enhet", "rad", "kolumn", "art", "kategori", "varde", "saknas"]


@dataclass(frozen=True)
class Rakning:
    """Alla siffror i rapporten: planer och fakta. Värden är hundradelar med faktatabellens tecken."""

    planer: Mapping[str, Tabellplan]
    fakta: pd.DataFrame
    enhetsnamn: Mapping[str, str] = field(default_factory=dict)
    saknade: frozenset[str] = frozenset()
    """Enheter som inte har lämnat."""
    saknade_i: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """En tidigare periods lager → enheterna som inte lämnade då, när det ska sägas."""
    _brutna: dict[Adress, bool] = field(default_factory=dict)
    _minne: dict[Adress, int | None] = field(default_factory=dict)
    _svarande: dict[Urval, frozenset[tuple[str, str]]] = field(default_factory=dict)
    _summor: dict[tuple[object, ...], Summor] = field(default_factory=dict)
    _lagen: dict[Lage, Lage] = field(default_factory=dict)
    _saknas: dict[tuple[object, ...], Sequence[tuple[str, str | None, str]]] = field(default_factory=dict)

    @cached_property
    def _inmatade(self) -> pd.Series:
        """Vilka fakta som är inmatade: de som har ett tal, och de som skulle ha haft ett."""
        return ~self.fakta["harledd"] & (self.fakta["varde"].notna() | self.fakta["saknas"])

    @cached_property
    def _per_tabell(self) -> Tabellvis[list[tuple[Any, ...]]]:
        return Tabellvis(self.fakta, self._inmatade, _GRUPPERAS, list)

    def varde(self, adress: Adress) -> int | None:
        """Siffran på adressen, eller None när uppgift saknas. Fel: KeyError för okänd adress."""
        if adress not in self._minne:
            self._minne[adress] = self._rakna(adress)
        return self._minne[adress]

    def har(self, adress: Adress) -> bool:
        return adress.tabell in self.planer and (adress.rad, adress.kolumn) in self.planer[adress.tabell].steg

    def _rakna(self, adress: Adress) -> int | None:
        steg = self.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Hamta):
            return self.hamta(steg)
        if isinstance(steg, Summa):
            return self._summera(steg, adress)
        if isinstance(steg, Medel):
            return self._medel(steg)
        if isinstance(steg, Enligt):
            return next((v for a in (steg.delar[:1] if steg.bara_forsta else steg.delar) if (v := self.varde(a)) is not None), None)
        if isinstance(steg, Kvot) and steg.alla and self._saknar_del(steg.taljare, steg.namnare.kolumn):
            return None
        varden = [self.varde(a) for a in steg.delar]
        if isinstance(steg, Antal):
            return HUNDRADELAR * sum(_raknas(v, steg.svar) for v in varden)
        givna = [v for v in varden if v is not None]
        return self._av_alla(steg, givna) if len(givna) == len(varden) else None

    def _av_alla(self, steg: Kvot | Per | Andel | Ytterst | Val, varden: Sequence[int]) -> int | None:
        """Steget räknat på sina delar, när alla finns."""
        if isinstance(steg, Andel):
            av = abs(varden[0]) if steg.storlek else varden[0]
            return dela(av * steg.andel.numerator, steg.andel.denominator)
        if isinstance(steg, Ytterst):
            alla = [*varden, 0] if steg.noll else varden
            return max(alla) if steg.storst else min(alla)
        if isinstance(steg, Val):
            provat, ja, nej = varden
            return ja if provat >= 0 else nej
        taljare, namnare = varden
        if isinstance(steg, Per):
            return dela(taljare * HUNDRADELAR * KVOTDELAR, namnare) if namnare else None
        if not steg.tecken:
            return procent(taljare, namnare)
        vand = self.planer[steg.namnare.tabell].kolumn(steg.namnare.kolumn).vand
        return kvot(taljare, -namnare if vand else namnare)

    def _saknar_del(self, adress: Adress, mot: str) -> bool:
        """Om siffran, eller någon i dess summa, saknas fast raden har en siffra i kolumnen ``mot``."""
        steg = self.planer[adress.tabell].steg.get((adress.rad, adress.kolumn))
        if isinstance(steg, Summa):
            return any(self._saknar_del(a, mot) for a in steg.delar)
        andra = replace(adress, kolumn=mot)
        return self.varde(adress) is None and self.har(andra) and self.varde(andra) is not None

    def _medel(self, steg: Medel) -> int | None:
        par = [(v, vikt) for a, b in steg.par if (v := self.varde(a)) is not None and (vikt := self.varde(b)) is not None]
        antal = sum(vikt for _, vikt in par)
        return dela(sum(v * vikt for v, vikt in par), antal) if antal else None

    def _summera(self, steg: Summa, adress: Adress) -> int | None:
        delar = [(tecken, self.varde(a)) for tecken, a in steg.termer]
        finns = [tecken * v for tecken, v in delar if v is not None]
        if not finns or (steg.alla and len(finns) < len(delar)) or self.bruten(adress):
            return None
        return sum(finns)

    def bruten(self, adress: Adress) -> bool:
        """Om siffran bygger på en uppgift som skulle ha funnits men saknas, så att den inte kan räknas.

        En enhet som saknas bryter inte en summa över enheter: den lämnas utanför, och tabellen säger det.
        """
        if adress not in self._brutna:
            self._brutna[adress] = self._ar_bruten(adress)
        return self._brutna[adress]

    def _ar_bruten(self, adress: Adress) -> bool:
        steg = self.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Hamta):
            return self.varde(adress) is None and any(self._ofullstandig(steg.urval, kolumn) for _, kolumn in steg.kolumner)
        far_saknas = isinstance(steg, Medel) or (isinstance(steg, Summa) and not steg.alla)
        return any(self.bruten(a) and not (far_saknas and self._ar_hel_enhet(a)) for a in steg.delar)

    def _ar_hel_enhet(self, adress: Adress) -> bool:
        """Om siffran är en hel enhets rad eller kolumn, som får saknas i en summa över enheter."""
        plan = self.planer[adress.tabell]
        return plan.rad(adress.rad).enhet == adress.rad or plan.kolumn(adress.kolumn).enhet == adress.kolumn

    def _ofullstandig(self, urval: Urval, kolumn: str) -> bool:
        """Om någon vald enhet inte har lämnat, eller saknar ett tal som skulle ha funnits."""
        if urval.enheter is not None and not urval.tidigare and self.saknade & set(urval.enheter):
            return True
        tabell = self._grupperad(urval)
        rader: Sequence[str | None] = urval.rader or (None,)
        egna = (tabell.get(e, {}) for e in self._enheter(urval))
        return any((r, kolumn) in summor and summor[r, kolumn] is None for summor in egna for r in rader)

    def hamta(self, steg: Hamta) -> int | None:
        """Summan av stegets fakta, eller None när inga finns."""
        delar = [(tecken, self._summa(steg.urval, kolumn)) for tecken, kolumn in steg.kolumner]
        finns = [tecken * v for tecken, v in delar if v is not None]
        return sum(finns) * steg.delar_per if finns else None

    def _summa(self, urval: Urval, kolumn: str) -> int | None:
        """Summan över de enheter som har lämnat allt i urvalet; en ofullständig enhet räknas inte."""
        summor = [s for e in self._enheter(urval) if (s := self._enhetens(urval, e, kolumn)) is not None]
        return sum(summor) if summor else None

    def _enhetens(self, urval: Urval, enhet: str, kolumn: str) -> int | None:
        summor = self._grupperad(urval).get(enhet)
        if summor is None:
            return None
        rader: Sequence[str | None] = urval.rader or (None,)
        delar = [summor[lage] for r in rader if (lage := (r, kolumn)) in summor]
        return None if not delar or any(d is None for d in delar) else sum(d for d in delar if d is not None)

    def _enheter(self, urval: Urval) -> Sequence[str]:
        if urval.enheter is not None:
            return urval.enheter
        return tuple(self._grupperad(urval))

    def ofullstandiga(self, tabell: str) -> frozenset[str]:
        """Enheter med rad eller kolumn i tabellen som inte har lämnat, eller vars uppgifter i den är ofullständiga."""
        plan = self.planer[tabell]
        raknade = {kolumn for _, kolumn in plan.steg}
        utan_steg = {k.enhet for k in plan.kolumner if k.enhet and k.enhet == k.id and k.id not in raknade}
        med_rad = {r.enhet for r in plan.rader} | {k.enhet for k in plan.kolumner}
        steg = [s for s in plan.steg.values() if isinstance(s, Hamta)]
        brutna = {
            enhet
            for s in steg
            for enhet, rad, k in self._luckor(s.urval)
            if k in {kolumn for _, kolumn in s.kolumner}
            and (rad is None or rad in s.urval.rader)
            and (s.urval.enheter is None or enhet in s.urval.enheter)
        }
        kallans = {e for s in steg for e in self.saknade_i.get(s.urval.lager, ()) if s.urval.enheter is None or e in s.urval.enheter}
        return (self.saknade & med_rad) | utan_steg | kallans | brutna

    def _luckor(self, urval: Urval) -> Sequence[tuple[str, str | None, str]]:
        """Grupperna där något tal saknas."""
        nyckel = _gruppnyckel(urval)
        if nyckel not in self._saknas:
            self._saknas[nyckel] = [(e, *lage) for e, summor in self._grupperad(urval).items() for lage, summa in summor.items() if summa is None]
        return self._saknas[nyckel]

    def _grupperad(self, urval: Urval) -> Summor:
        """Summorna i tabellen efter filtret. Görs en gång per tabell och filter."""
        nyckel = _gruppnyckel(urval)
        if nyckel not in self._summor:
            self._summor[nyckel] = self._gruppera(urval)
        return self._summor[nyckel]

    def _gruppera(self, urval: Urval) -> Summor:
        svarande = self._dar(urval) if urval.dar else None
        alla: dict[str, dict[Lage, int | None]] = {}
        for enhet, rad, kolumn, art, kategori, varde, saknas in self._per_tabell[urval.tabell]:
            if (urval.arter and art not in urval.arter) or (urval.kategorier and kategori not in urval.kategorier):
                continue
            if svarande is None or (enhet, rad) in svarande:
                summor = alla.setdefault(enhet, {})
                nytt: Lage = (rad if urval.rader else None, kolumn)
                lage = self._lagen.setdefault(nytt, nytt)
                hittills = summor.get(lage, 0)
                summor[lage] = None if saknas or hittills is None else hittills + varde
        return alla

    def _dar(self, urval: Urval) -> frozenset[tuple[str, str]]:
        """Enhet och rad för de rader vars celler har svaren i ``dar``."""
        if urval not in self._svarande:
            ram = self.fakta[self.fakta["tabell"] == urval.tabell]
            delar = [ram[(ram["kolumn"] == kolumn) & (ram["text"] == svar)] for kolumn, svar in urval.dar]
            lagen = [frozenset(zip(d["enhet"].astype("object"), d["rad"].astype("object"), strict=True)) for d in delar]
            self._svarande[urval] = frozenset.intersection(*lagen)
        return self._svarande[urval]

    def steg(self, adress: Adress) -> int:
        """Summan av de lästa talens minsta steg: siffran kan skilja sig mindre än halva summan genom avrundning."""
        steg = self.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Hamta):
            return steg.delar_per * sum(f.steg for _, f in self.fakta_i(steg))
        if isinstance(steg, Kvot | Per):
            namnare, egen = abs(self.varde(steg.namnare) or 0), abs(self.varde(adress) or 0)
            if not namnare:
                return 0
            return (self.steg(steg.taljare) * 100 * KVOTDELAR + egen * self.steg(steg.namnare)) // namnare + 2
        if isinstance(steg, Andel):
            return math.ceil(self.steg(steg.av) * abs(steg.andel)) + 1
        if isinstance(steg, Medel):
            return max((self.steg(a) for a, _ in steg.par), default=0) + 1
        return sum(self.steg(a) for a in steg.delar)

    def harled(self, adress: Adress) -> Nod:
        """Trädet av steg ner till lästa celler. Värden är hundradelar med det tecken som visas."""
        plan = self.planer[adress.tabell]
        steg, kolumn, rad = plan.steg[adress.rad, adress.kolumn], plan.kolumn(adress.kolumn), plan.rad(adress.rad)
        vandning = self._vandning(adress)
        etikett, varde, slag = f"{plan.titel}: {rad.namn}, {kolumn.rubrik}", self.varde(adress), rad.slag or kolumn.slag
        enhet = {"belopp": f" {plan.enhet}", "procent": " procent"}.get(slag, "")
        visas = "uppgift saknas" if varde is None else visa(varde, kolumn, rad) + ("" if kolumn.ord else enhet)
        visat = None if varde is None else varde * vandning
        if varde is not None and slag == "procent":
            visat = int((i_enheten(varde, kolumn, rad) * HUNDRADELAR).to_integral_value("ROUND_HALF_UP"))
        if isinstance(steg, Hamta):
            lov = self._lov(steg, vandning)
            return Nod(etikett, visat, slag, _hamtningstext(steg, lov), visas=visas, delar=lov)
        if isinstance(steg, Kvot):
            delar = (self.harled(steg.taljare), self.harled(steg.namnare))
            hundradelar = None if varde is None else dela(varde * HUNDRADELAR, KVOTDELAR)
            return Nod(etikett, hundradelar, "procent", "första delen i procent av den andra", visas=visas, delar=delar)
        if isinstance(steg, Per):
            delar = (self.harled(steg.taljare), self.harled(steg.namnare))
            return Nod(etikett, None if visat is None else dela(visat, KVOTDELAR), slag, "första delen delad med den andra", visas=visas, delar=delar)
        termer = steg.termer if isinstance(steg, Summa) else tuple((1, a) for a in steg.delar)
        noder = tuple(_med_tecken(self.harled(a), tecken * self._vandning(a) * vandning) for tecken, a in termer)
        return Nod(etikett, visat, slag, _stegtext(steg, noder), visas=visas, delar=noder)

    def _vandning(self, adress: Adress) -> int:
        return -1 if self.planer[adress.tabell].kolumn(adress.kolumn).vand else 1

    def _lov(self, steg: Hamta, vandning: int) -> tuple[Nod, ...]:
        return tuple(_med_tecken(self._lov_av(f, vandning), tecken) for tecken, f in self.fakta_i(steg))

    def _lov_av(self, f: Faktarad, vandning: int) -> Nod:
        etikett = f"{self.enhetsnamn.get(f.enhet, f.enhet)}: {f.radnamn or f.rad}"
        return Nod(etikett, f.varde * vandning, f.slag, "läst", str(f.kalla), f.text, last_i_ord(f.lagrat, f.varde, f.slag))

    def fakta_i(self, steg: Hamta) -> Iterator[tuple[int, Faktarad]]:
        """De fakta steget summerar, med tecken."""
        urval = steg.urval
        for tecken, kolumn in steg.kolumner:
            per_enhet = self._index[urval.tabell].get(kolumn, {})
            for enhet in per_enhet if urval.enheter is None else urval.enheter:
                if self._enhetens(urval, enhet, kolumn) is not None:
                    yield from ((tecken, f) for f in per_enhet.get(enhet, ()) if _traffar(f, urval) and self._svarar(f, urval))

    def alla_fakta(self) -> Iterator[Faktarad]:
        """Alla fakta som en siffra kan hämta, ordnade efter tabell och kolumn och sedan enhet, så som de först förekommer."""
        ram = self.fakta[self._inmatade & self.fakta["varde"].notna()]
        kolumner = ram.groupby(["tabell", "kolumn"], observed=True, sort=False).ngroup()
        enheter = ram.groupby(["tabell", "kolumn", "enhet"], observed=True, sort=False).ngroup()
        yield from map(Faktarad._make, rader_ur(ram.iloc[np.lexsort((enheter, kolumner))], *Faktarad._fields))

    def _svarar(self, f: Faktarad, urval: Urval) -> bool:
        return not urval.dar or (f.enhet, f.rad) in self._dar(urval)

    @cached_property
    def _index(self) -> Tabellvis[Mapping[str, Mapping[str, list[Faktarad]]]]:
        """Tabellens räknebara fakta per kolumn och enhet, för källor och härledning."""
        return Tabellvis(self.fakta, self._inmatade & self.fakta["varde"].notna(), Faktarad._fields, _per_kolumn)


def _per_kolumn(rader: Iterable[tuple[Any, ...]]) -> Mapping[str, Mapping[str, list[Faktarad]]]:
    per_kolumn: dict[str, dict[str, list[Faktarad]]] = {}
    for f in map(Faktarad._make, rader):
        per_kolumn.setdefault(f.kolumn, {}).setdefault(f.enhet, []).append(f)
    return per_kolumn


def _gruppnyckel(urval: Urval) -> tuple[object, ...]:
    return urval.tabell, urval.arter, urval.kategorier, urval.dar, bool(urval.rader)


def _traffar(f: Faktarad, urval: Urval) -> bool:
    return (
        (not urval.rader or f.rad in urval.rader)
        and (not urval.arter or f.art in urval.arter)
        and (not urval.kategorier or f.kategori in urval.kategorier)
    )


def _med_tecken(nod: Nod, tecken: int) -> Nod:
    return nod if tecken > 0 else replace(nod, etikett=f"− {nod.etikett}")


def _raknas(varde: int | None, svar: str) -> bool:
    if svar == "alla" or varde is None:
        return svar in ("alla", "saknas")
    return (varde >= 0) == (svar == "ja") and svar != "saknas"


def _stegtext(steg: Summa | Andel | Ytterst | Enligt | Val | Antal | Medel, delar: Sequence[Nod]) -> str:
    if isinstance(steg, Andel):
        return f"{steg.ord} av delen{'s storlek' if steg.storlek else ''}"
    if isinstance(steg, Antal):
        vilka = {"ja": " som är noll eller mer", "nej": " som är mindre än noll", "saknas": " som saknas"}
        return f"antalet delar{vilka.get(steg.svar, '')}"
    if isinstance(steg, Enligt):
        return steg.ord
    if isinstance(steg, Ytterst):
        return f"den {'största' if steg.storst else 'minsta'} av {'noll och delen' if steg.noll else 'delarna'}"
    if isinstance(steg, Medel):
        return "delarnas medelvärde, vägt med antalet som står efter varje del"
    if isinstance(steg, Val):
        return "andra delen när den första är noll eller mer, annars den tredje"
    return _summatext(delar)


def _hamtningstext(steg: Hamta, lov: Sequence[Nod]) -> str:
    if not lov:
        return "inget är lämnat"
    dar = "".join(f", där {kolumn} är {svar}" for kolumn, svar in steg.urval.dar)
    return ("hämtat" if len(lov) == 1 else _summatext(lov)) + dar


def _summatext(delar: Sequence[Nod]) -> str:
    return "delarna med plus och minus" if any(d.etikett.startswith("−") for d in delar) else "summan av delarna"
