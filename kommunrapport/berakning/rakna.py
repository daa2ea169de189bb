"""Räknar planernas siffror och härleder dem: samma steg ger både talet och förklaringen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from kommunrapport.karna.belopp import kvot, procent
from kommunrapport.karna.plan import Adress, Hamta, Kvot, Summa, Tabellplan, Urval


@dataclass(frozen=True)
class Nod:
    """Ett led i en härledning: en siffra med sina delar, eller ett läst faktum med sin källa."""

    etikett: str
    varde: int | None
    slag: str
    steg: str
    kalla: str = ""
    text: str = ""
    delar: tuple["Nod", ...] = ()


@dataclass(frozen=True)
class Rakning:
    """Alla siffror i rapporten: planer och fakta. Värden är hundradelar med faktatabellens tecken."""

    planer: Mapping[str, Tabellplan]
    fakta: pd.DataFrame
    _minne: dict[Adress, int | None] = field(default_factory=dict)
    _summor: dict[tuple[object, ...], Mapping[object, int]] = field(default_factory=dict)

    @cached_property
    def _raknebara(self) -> pd.DataFrame:
        return self.fakta[self.fakta["varde"].notna() & ~self.fakta["harledd"]]

    @cached_property
    def _per_tabell(self) -> Mapping[str, pd.DataFrame]:
        return {str(namn): ram for namn, ram in self._raknebara.groupby("tabell", observed=True)}

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
        if isinstance(steg, Kvot):
            taljare, namnare = self.varde(steg.taljare), self.varde(steg.namnare)
            if taljare is None or namnare is None:
                return None
            return kvot(taljare, namnare) if steg.tecken else procent(taljare, namnare)
        delar = [(tecken, self.varde(a)) for tecken, a in steg.termer]
        finns = [tecken * v for tecken, v in delar if v is not None]
        if not finns or (steg.alla and len(finns) < len(delar)):
            return None
        return sum(finns)

    def hamta(self, steg: Hamta) -> int | None:
        """Summan av stegets fakta, eller None när inga finns."""
        delar = [(tecken, self._summa(steg.urval, kolumn)) for tecken, kolumn in steg.kolumner]
        finns = [tecken * v for tecken, v in delar if v is not None]
        return sum(finns) if finns else None

    def _summa(self, urval: Urval, kolumn: str) -> int | None:
        """Summan av fakta, ur en gruppering per (enhet, rad, kolumn) som görs en gång per tabell och filter."""
        tabell = self._grupperad(urval)
        enheter: Sequence[str | None] = (None,) if urval.enheter is None else urval.enheter
        rader: Sequence[str | None] = urval.rader or (None,)
        varden = [tabell[nyckel] for e in enheter for r in rader if (nyckel := (e, r, kolumn)) in tabell]
        return sum(varden) if varden else None

    def _grupperad(self, urval: Urval) -> Mapping[object, int]:
        nyckel = (urval.tabell, urval.arter, urval.kategorier, urval.enheter is not None, bool(urval.rader))
        if nyckel not in self._summor:
            self._summor[nyckel] = self._gruppera(urval)
        return self._summor[nyckel]

    def _gruppera(self, urval: Urval) -> Mapping[object, int]:
        ram = _filtrera(self._per_tabell.get(urval.tabell, self._raknebara.iloc[:0]), Urval("", None, (), urval.arter, urval.kategorier))
        nycklar = [*(["enhet"] if urval.enheter is not None else []), *(["rad"] if urval.rader else []), "kolumn"]
        if ram.empty:
            return {}
        summor = ram.groupby(nycklar, observed=True)["varde"].sum()
        tabell: dict[object, int] = {}
        for index, summa in summor.items():
            delar = list(index) if isinstance(index, tuple) else [index]
            kolumn = delar.pop()
            enhet = delar.pop(0) if urval.enheter is not None else None
            tabell[enhet, delar.pop(0) if urval.rader else None, kolumn] = int(summa)
        return tabell

    def osakerhet(self, adress: Adress) -> int:
        """Halva summan av de lästa talens minsta steg: så mycket kan siffran skilja sig genom avrundning."""
        steg = self.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Hamta):
            return sum(int(ram["steg"].sum()) for _, _, ram in self.fakta_i(steg)) // 2
        if isinstance(steg, Kvot):
            namnare, egen = abs(self.varde(steg.namnare) or 0), abs(self.varde(adress) or 0)
            if not namnare:
                return 0
            return (self.osakerhet(steg.taljare) * 10_000 + egen * self.osakerhet(steg.namnare)) // namnare + 1
        return sum(self.osakerhet(a) for _, a in steg.termer)

    def harled(self, adress: Adress) -> Nod:
        """Trädet av steg ner till lästa celler."""
        plan = self.planer[adress.tabell]
        steg, kolumn, rad = plan.steg[adress.rad, adress.kolumn], plan.kolumn(adress.kolumn), plan.rad(adress.rad)
        etikett = f"{plan.titel}: {rad.namn}, {kolumn.rubrik}"
        if isinstance(steg, Hamta):
            return Nod(etikett, self.varde(adress), kolumn.slag, _hamtningstext(steg), delar=self._lov(steg))
        if isinstance(steg, Kvot):
            delar = (self.harled(steg.taljare), self.harled(steg.namnare))
            return Nod(etikett, self.varde(adress), kolumn.slag, "första delen i procent av den andra", delar=delar)
        noder = tuple(_med_tecken(self.harled(a), tecken) for tecken, a in steg.termer)
        return Nod(etikett, self.varde(adress), kolumn.slag, _summatext(steg), delar=noder)

    def _lov(self, steg: Hamta) -> tuple[Nod, ...]:
        lov = []
        for tecken, _, ram in self.fakta_i(steg):
            for f in ram.itertuples():
                kalla = f"{f.fil} {f.blad + '!' if f.blad else ''}{f.cell}"
                lov.append(_med_tecken(Nod(f"{f.enhet}: {f.radnamn or f.rad}", int(f.varde), str(f.slag), "läst", kalla, str(f.text)), tecken))
        return tuple(lov)

    def fakta_i(self, steg: Hamta) -> Iterator[tuple[int, str, pd.DataFrame]]:
        """De fakta steget summerar: tecken, faktakolumn och rader."""
        ram = self._per_tabell.get(steg.urval.tabell, self._raknebara.iloc[:0])
        for tecken, kolumn in steg.kolumner:
            yield tecken, kolumn, _filtrera(ram[ram["kolumn"] == kolumn], steg.urval)


def _filtrera(ram: pd.DataFrame, urval: Urval) -> pd.DataFrame:
    if urval.enheter is not None:
        ram = ram[ram["enhet"].isin(list(urval.enheter))]
    for kolumn, tillatna in (("rad", urval.rader), ("art", urval.arter), ("kategori", urval.kategorier)):
        if tillatna:
            ram = ram[ram[kolumn].isin(list(tillatna))]
    return ram


def _med_tecken(nod: Nod, tecken: int) -> Nod:
    return nod if tecken > 0 else Nod(f"− {nod.etikett}", nod.varde, nod.slag, nod.steg, nod.kalla, nod.text, nod.delar)


def _summatext(steg: Summa) -> str:
    return "summan av delarna" if all(t > 0 for t, _ in steg.termer) else "delarna med plus och minus"


def _hamtningstext(steg: Hamta) -> str:
    delar = " ".join(f"{'+' if t > 0 else '−'} {k}" for t, k in steg.kolumner).removeprefix("+ ")
    return f"hämtat ur {steg.urval.tabell}, kolumn {delar}"

