"""Det som reglerna prövar: periodens fakta, besluten, tidigare perioder och rapportens siffror."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import pandas as pd

from kommunrapport.karna import fakta, tal
from kommunrapport.karna.anmarkning import Plats
from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress, Hamta, Tabellplan
from kommunrapport.karna.saknad import SaknadDel
from kommunrapport.karna.styrrad import Styrrad, per_enhet
from kommunrapport.karna.visning import exakt_i_ord
from kommunrapport.mall import uttryck
from kommunrapport.mall.bladrader import GIVNA, Bladrad, ar_obligatorisk, rader_bakom, rader_pa, radtermer, vardeslag
from kommunrapport.mall.modell import Blad, Kolumn
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Periodmall, rubrik


class Siffror(Protocol):
    """Rapportens räknade siffror, i hundradelar."""

    @property
    def planer(self) -> Mapping[str, Tabellplan]: ...
    def varde(self, adress: Adress) -> int | None: ...
    def steg(self, adress: Adress) -> int: ...
    def har(self, adress: Adress) -> bool: ...
    def ofullstandiga(self, tabell: str) -> frozenset[str]: ...


class Kontrolltal(Protocol):
    """Ett tal att stämma av mot."""

    @property
    def adress(self) -> Adress: ...
    @property
    def tal(self) -> Decimal: ...
    @property
    def decimaler(self) -> int: ...
    @property
    def fil(self) -> str: ...
    @property
    def cell(self) -> str: ...


class Publicerat(Protocol):
    """En siffra så som den publicerades, i hundradelar."""

    @property
    def varde(self) -> int: ...
    @property
    def kalla(self) -> str: ...


class Bokfort(NamedTuple):
    """Ett konto med sitt belopp i öre, med bladets tecken, och raden i SIE-filen."""

    konto: str
    ore: int
    fil: str
    cell: str


class Cell(NamedTuple):
    """En läst cell. ``underkand`` är den när den själv är felaktig och inte ska dra med sig andra."""

    varde: int | None
    text: str
    tillstand: str
    steg: int
    fil: str
    blad: str
    cell: str
    rad: str
    """Radens namn."""
    rubrik: str
    underkand: bool = False
    utanfor_summan: bool = False
    """Bladets egna summor räknar inte med cellen, till exempel för att talet är skrivet som text."""

    @property
    def plats(self) -> Plats:
        return Plats(self.fil, self.blad, (self.cell,), self.rad, self.rubrik)

    @property
    def tom(self) -> bool:
        """Om inget är svarat: tomt, bara ett streck, eller en text som inte säger något."""
        return self.tillstand in (fakta.TOMT, fakta.STRECK) or (self.varde is None and tal.stada(self.text).strip().casefold() in tal.TOMMA)


@dataclass(frozen=True)
class Bladprov:
    """Ett lämnat blad: celler på (rad, kolumn)."""

    enhet: Enhetspost
    blad: Blad
    rader: tuple[Bladrad, ...]
    celler: dict[tuple[str, str], Cell]
    inmatning: Enhet
    decimaler: int

    def varde(self, rad: str, kolumn: str) -> int | None:
        cell = self.celler.get((rad, kolumn))
        return cell.varde if cell else None

    def godkant(self, rad: str, kolumn: str) -> int | None:
        """Värdet, om cellen inte är underkänd."""
        cell = self.celler.get((rad, kolumn))
        return cell.varde if cell and not cell.underkand else None

    def raknat(self, rad: str, kolumn: str) -> int | None:
        """Värdet, för en härledd cell räknat ur de delar som är ifyllda. None när ingen är det."""
        raden, kolumnen = self.rad(rad), self.kolumn(kolumn)
        if raden.uttryck:
            delar = [(tecken, self.raknat(namn, kolumn)) for tecken, namn in radtermer(raden, self.rader)]
        elif kolumnen and kolumnen.uttryck:
            delar = [(t.tecken, self.raknat(rad, t.namn)) for t in uttryck.parse(kolumnen.uttryck)]
        else:
            return self.varde(rad, kolumn)
        ifyllda = [tecken * v for tecken, v in delar if v is not None]
        return sum(ifyllda) if ifyllda else None

    def delrader(self, rad: str) -> Iterator[str]:
        """Raderna som fylls i och som raden är summan av; raden själv när den inte är en summa."""
        if not self.rad(rad).uttryck:
            yield rad
        for _, namn in radtermer(self.rad(rad), self.rader) if self.rad(rad).uttryck else ():
            yield from self.delrader(namn)

    def delceller(self, rad: str, kolumn: str) -> list[Cell]:
        """Cellerna som fylls i och som raden är summan av."""
        return [cell for delrad in self.delrader(rad) if (cell := self.celler.get((delrad, kolumn)))]

    def saknar_kravt(self, rad: str, kolumn: str) -> bool:
        """Om en cell bakom raden är tom fast mallen kräver den."""
        mall = self.kolumn(kolumn)
        kravda = [rad for rad in self.delrader(rad) if mall and ar_obligatorisk(mall, self.rad(rad))]
        return any((rad, kolumn) not in self.celler or self.celler[rad, kolumn].tom for rad in kravda)

    def otolkad(self, rad: str, kolumn: str) -> bool:
        cell = self.celler.get((rad, kolumn))
        return cell is not None and cell.tillstand == fakta.OTOLKAT

    def inmatningsrader(self) -> Sequence[Bladrad]:
        return self._inmatningsrader

    @cached_property
    def _inmatningsrader(self) -> Sequence[Bladrad]:
        return [rad for rad in self.rader if not rad.uttryck and not rad.rubrik]

    def rad(self, rad: str) -> Bladrad:
        return self._raderna[rad]

    def kolumn(self, kolumn: str) -> Kolumn | None:
        return self._kolumnerna.get(kolumn)

    @cached_property
    def _raderna(self) -> Mapping[str, Bladrad]:
        return {r.id: r for r in reversed(self.rader)}

    @cached_property
    def _kolumnerna(self) -> Mapping[str, Kolumn]:
        return {k.id: k for k in reversed(self.blad.kolumn)}

    def visa(self, varde: int, rad: str, kolumn: str) -> str:
        """Talet så som det skrivs i cellen: i bladets enhet och med kolumnens tecken."""
        k, r = self.kolumn(kolumn), self._raderna.get(rad)
        slag = vardeslag(k, r) if k and r else "belopp"
        vant = -varde if k and k.tecken == "-" else varde
        return exakt_i_ord(vant, slag, self.inmatning, self.decimaler)

    def fullstandig(self, kolumn: str) -> bool:
        """Minst en cell har ett värde och alla är användbara."""
        return self.anvandbar(kolumn) and any(self.varde(rad.id, kolumn) is not None for rad in self.inmatningsrader())

    def anvandbar(self, kolumn: str) -> bool:
        """Ingen cell är underkänd eller otolkad och ingen som mallen kräver är tom."""
        mall = self.kolumn(kolumn)
        celler = [(rad, self.celler[rad.id, kolumn]) for rad in self.inmatningsrader() if (rad.id, kolumn) in self.celler]
        if mall and any(ar_obligatorisk(mall, rad) and (rad.id, kolumn) not in self.celler for rad in self.inmatningsrader()):
            return False
        if any(c.tillstand == fakta.OTOLKAT or c.underkand for _, c in celler):
            return False
        return not (mall and any(c.tillstand in (fakta.TOMT, fakta.STRECK) and ar_obligatorisk(mall, rad) for rad, c in celler))

    def summan(self, kolumn: str) -> int:
        return sum(self.varde(rad.id, kolumn) or 0 for rad in self.inmatningsrader())

    def steg(self, kolumn: str) -> int:
        """Summan av de minsta stegen bakom kolumnens summa."""
        celler = [self.celler.get((rad.id, kolumn)) for rad in self.inmatningsrader()]
        return sum(c.steg for c in celler if c and c.varde is not None)

    def summacell(self, kolumn: str) -> Cell:
        """Summaradens cell, med summan av delarna som värde."""
        sista = next(c for (_, k), c in reversed(self.celler.items()) if k == kolumn)
        return sista._replace(varde=self.summan(kolumn), text="", tillstand=fakta.VARDE, steg=0, underkand=False, utanfor_summan=False)


@dataclass(frozen=True)
class Prov:
    """Allt en regel får se."""

    organisation: Organisation
    mall: Periodmall
    styrrader: Sequence[Styrrad]
    fakta: pd.DataFrame
    styrning: pd.DataFrame
    tidigare: Mapping[str, tuple[Period, pd.DataFrame]]
    """``fg_period``, ``bokslut_fg``, ``fg_inlamning`` och ``fg_prognos`` → perioden och dess fakta."""
    siffror: Siffror
    kontrolltal: Sequence[Kontrolltal] = ()
    publicerat: Mapping[str, Mapping[Adress, Publicerat]] = field(default_factory=dict)
    """``fg_period`` och ``bokslut_fg`` → de siffror som publicerades då."""
    bokslut: Mapping[int, Mapping[Adress, Publicerat]] = field(default_factory=dict)
    """År tillbaka → siffrorna i det publicerade bokslutet."""
    saknade_delar: Sequence[SaknadDel] = ()
    """Det som krävs i rapporten men inte finns."""
    prisbasbelopp: int | None = None
    """Årets prisbasbelopp i hundradelar, när det är känt."""
    hel: bool = True
    """Om hela perioden prövas och inte bara utpekade böcker."""
    underkanda_blad: frozenset[tuple[str, str]] = frozenset()
    """Blad (enhet, tabell) som en tidigare kontroll har underkänt: senare regler ser dem inte."""
    underkanda_celler: frozenset[tuple[str, str, str]] = frozenset()
    """Celler (fil, blad, cell) som en tidigare kontroll har underkänt."""
    utanfor_summan: frozenset[tuple[str, str, str]] = frozenset()
    """Celler (fil, blad, cell), eller hela kolumner (fil, blad, bokstäver), vars summor på bladet inte prövas."""

    @cached_property
    def bladen(self) -> tuple[Bladprov, ...]:
        """Varje lämnat blad som inte är underkänt, i organisationens och mallens ordning. En SIE-fil har inga blad."""
        celler = self._celler()
        enheter = self.organisation.enheter
        bladprov, fasta = [], dict[tuple[str, str], tuple[Bladrad, ...]]()
        for enhet in self.organisation.enhet:
            for blad in self.mall.blad_for(enhet):
                if (enhet.id, blad.id) in celler and (enhet.id, blad.id) not in self.underkanda_blad:
                    if blad.rader_fran in GIVNA:
                        rader = rader_pa(blad, [s for s in self._styrrader_per_enhet.get(enhet.id, ()) if s.tabell == blad.id])
                    else:
                        rader = fasta.get((enhet.slag, blad.id)) or fasta.setdefault((enhet.slag, blad.id), rader_pa(blad, ()))
                    lagen = celler[enhet.id, blad.id] | self._ur_andra_blad(enhet, blad, rader, celler)
                    bladprov.append(Bladprov(enhet, blad, rader, lagen, self.organisation.inmatning, enheter.inmatning_decimaler))
        return tuple(bladprov)

    def _ur_andra_blad(
        self, enhet: Enhetspost, blad: Blad, rader: Sequence[Bladrad], celler: Mapping[tuple[str, str], Mapping[tuple[str, str], Cell]]
    ) -> dict[tuple[str, str], Cell]:
        """Celler i kolumner med ``ur``, räknade ur det andra bladets ifyllda celler och inte ur formelns sparade svar."""
        raknade: dict[tuple[str, str], Cell] = {}
        for kolumn in (k for k in blad.kolumn if k.ur):
            namn, _, text = kolumn.ur.partition(":")
            annat, lamnat = next((b for b in self.mall.blad_for(enhet) if b.id == namn), None), celler.get((enhet.id, namn), {})
            andra = rader_pa(annat, [s for s in self._styrrader_per_enhet.get(enhet.id, ()) if s.tabell == namn]) if annat else ()
            for rad in (r for r in rader if not r.uttryck and (r.id, kolumn.id) in celler[enhet.id, blad.id]):
                delar = [(t.tecken, lamnat.get((a.id, t.namn))) for t in uttryck.parse(text) for a in rader_bakom(rad, rader, andra)]
                belopp = [tecken * c.varde for tecken, c in delar if c and c.varde is not None]
                cell = celler[enhet.id, blad.id][rad.id, kolumn.id]
                raknade[rad.id, kolumn.id] = cell._replace(varde=sum(belopp) if belopp else None)
        return raknade

    def bladet(self, enhet: str, blad: str) -> Bladprov | None:
        return self._per_lage.get((enhet, blad))

    @cached_property
    def _per_lage(self) -> Mapping[tuple[str, str], Bladprov]:
        return {(b.enhet.id, b.blad.id): b for b in self.bladen}

    def pa_bladet(self, *blad: str) -> Iterator[Bladprov]:
        """Alla enheters blad med något av de id:na; alla blad när inga är angivna."""
        if len(blad) == 1:
            return iter(self._per_blad.get(blad[0], ()))
        return (b for b in self.bladen if not blad or b.blad.id in blad)

    @cached_property
    def _per_blad(self) -> Mapping[str, Sequence[Bladprov]]:
        per_blad: dict[str, list[Bladprov]] = {}
        for b in self.bladen:
            per_blad.setdefault(b.blad.id, []).append(b)
        return per_blad

    def tidigare_belopp(self, kalla: str) -> Mapping[tuple[str, str, str, str], int]:
        """(enhet, tabell, rad, kolumn) → beloppet i den tidigare perioden; tomt när den inte finns."""
        if kalla not in self._tidigare:
            ram = self.tidigare[kalla][1] if kalla in self.tidigare else None
            self._tidigare[kalla] = {} if ram is None else _per_nyckel(ram)
        return self._tidigare[kalla]

    @cached_property
    def _tidigare(self) -> dict[str, Mapping[tuple[str, str, str, str], int]]:
        return {}

    @cached_property
    def _styrrader_per_enhet(self) -> Mapping[str, list[Styrrad]]:
        return per_enhet(self.styrrader)

    @cached_property
    def bokfort(self) -> Mapping[tuple[str, str, str, str], Sequence[Bokfort]]:
        """(enhet, blad, rad, kolumn) → kontona i SIE-filen hos en enhet som också har lämnat sin bok."""
        konton: dict[tuple[str, str, str, str], list[Bokfort]] = {}
        tabeller = [t for t in self.fakta["tabell"].unique() if t.startswith(fakta.BARA_JAMFORS)]
        for f in _rader(self.fakta[self.fakta["tabell"].isin(tabeller)]):
            nyckel = (f.enhet, f.tabell.removeprefix(fakta.BARA_JAMFORS), f.rad, f.kolumn)
            konton.setdefault(nyckel, []).append(Bokfort(f.radnamn, int(f.varde), f.fil, f.cell))
        return konton

    def _celler(self) -> dict[tuple[str, str], dict[tuple[str, str], Cell]]:
        celler: dict[tuple[str, str], dict[tuple[str, str], Cell]] = {}
        lagen: dict[tuple[str, str], tuple[str, str]] = {}
        rubriker = {(b.id, k.id): rubrik(k, self.mall.period) for b in self.mall.blad for k in b.kolumn}
        lasta = fakta.rader_ur(self.fakta[self.fakta["blad"] != ""], *_CELLENS)
        for enhet, tabell, rad, kolumn, varde, text, tillstand, steg, fil, blad, adress, radnamn in lasta:
            lage, plats, tal_ = (rad, kolumn), (fil, blad, adress), None if varde is pd.NA else varde
            rubriken, underkand = rubriker.get((tabell, kolumn), kolumn), plats in self.underkanda_celler
            cell = Cell(tal_, text, tillstand, steg, fil, blad, adress, radnamn or rad, rubriken, underkand, self._utanfor(plats))
            celler.setdefault((enhet, tabell), {})[lagen.setdefault(lage, lage)] = cell
        return celler

    def _utanfor(self, lage: tuple[str, str, str]) -> bool:
        fil, blad, cell = lage
        return bool(self.utanfor_summan) and (lage in self.utanfor_summan or (fil, blad, cell.rstrip("0123456789")) in self.utanfor_summan)

    def bygger_pa_underkant(self, adress: Adress) -> bool:
        """Om en cell bakom siffran inte gick att läsa eller är underkänd. Då prövas siffran inte mot andra."""
        return self._bygger_pa(adress, self._underkanda)

    def saknar_svar(self, adress: Adress) -> bool:
        """Om en cell bakom siffran är tom fast mallen kräver den och resten av kolumnen är lämnad."""
        return self._bygger_pa(adress, self._obesvarade)

    def _bygger_pa(self, adress: Adress, bland: Sequence[Any]) -> bool:
        steg = self.siffror.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Hamta):
            return any(_hamtas(steg, f) for f in bland)
        return any(self._bygger_pa(a, bland) for a in steg.delar)

    @cached_property
    def _obesvarade(self) -> Sequence[Any]:
        inmatat, lage = self.fakta[~self.fakta["harledd"]], ["enhet", "tabell", "kolumn"]
        lamnade = {*inmatat.loc[inmatat["tillstand"] == fakta.VARDE, lage].astype("object").itertuples(index=False, name=None)}
        tomma = _rader(inmatat[inmatat["tillstand"].isin([fakta.TOMT, fakta.STRECK])])
        return [f for f in tomma if (f.enhet, f.tabell, f.kolumn) in lamnade and self._kravs(f)]

    def _kravs(self, f: Any) -> bool:
        blad = self.bladet(f.enhet, f.tabell)
        mall = blad.kolumn(f.kolumn) if blad else None
        return bool(blad and mall and ar_obligatorisk(mall, blad.rad(f.rad)))

    @cached_property
    def _underkanda(self) -> Sequence[Any]:
        """Inmatade fakta som inte gick att läsa, eller som står i en underkänd cell eller på ett underkänt blad."""
        enheter, filer = ({nyckel[0] for nyckel in underkanda} for underkanda in (self.underkanda_blad, self.underkanda_celler))
        kanske = (self.fakta["tillstand"] == fakta.OTOLKAT) | self.fakta["enhet"].isin(list(enheter)) | self.fakta["fil"].isin(list(filer))
        return [
            f
            for f in _rader(self.fakta[kanske & ~self.fakta["harledd"]])
            if f.tillstand == fakta.OTOLKAT or (f.enhet, f.tabell) in self.underkanda_blad or (f.fil, f.blad, f.cell) in self.underkanda_celler
        ]

    def grans(self, namn: str) -> int:
        """Kommunens gräns med det namnet i kommun.toml. Fel: TypeError när den inte är satt."""
        varde = getattr(self.organisation.trosklar, namn)
        if not isinstance(varde, int):
            raise TypeError(f"gränsen {namn} är inte satt i kommun.toml")
        return varde

    def visa(self, varde: int) -> str:
        """Beloppet i inmatningens enhet, med så många decimaler som behövs för att visa det exakt."""
        return exakt_i_ord(varde, "belopp", self.organisation.inmatning, self.organisation.enheter.inmatning_decimaler)


def _per_nyckel(ram: pd.DataFrame) -> dict[tuple[str, str, str, str], int]:
    belopp: dict[tuple[str, str, str, str], int] = {}
    for e, t, r, k, v in fakta.rader_ur(ram[ram["varde"].notna()], "enhet", "tabell", "rad", "kolumn", "varde"):
        belopp[e, t, r, k] = belopp.get((e, t, r, k), 0) + int(v)
    return belopp


_CELLENS = ("enhet", "tabell", "rad", "kolumn", "varde", "text", "tillstand", "steg", "fil", "blad", "cell", "radnamn")
"""Det av ett faktum som reglerna ser."""


def _rader(ram: pd.DataFrame) -> Any:
    return ram.astype("object").itertuples(index=False)


def _hamtas(steg: Hamta, f: Any) -> bool:
    u = steg.urval
    if f.tabell != u.tabell or f.kolumn not in [kolumn for _, kolumn in steg.kolumner]:
        return False
    krav = ((f.enhet, u.enheter), (f.rad, u.rader or None), (f.art, u.arter or None), (f.kategori, u.kategorier or None))
    return all(tillatna is None or varde in tillatna for varde, tillatna in krav)
