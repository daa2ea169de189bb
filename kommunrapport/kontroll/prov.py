"""Det som reglerna prövar: periodens fakta, besluten, tidigare perioder och rapportens siffror."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import pandas as pd

from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Plats
from kommunrapport.karna.belopp import HUNDRADELAR, avrunda
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress, Hamta, Kvot, Summa, Tabellplan
from kommunrapport.karna.sprak import formatera
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.bladrader import Bladrad, rader_pa
from kommunrapport.mall.modell import Blad, Kolumn
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Periodmall, rubrik


class Siffror(Protocol):
    """Rapportens räknade siffror, i hundradelar."""

    @property
    def planer(self) -> Mapping[str, Tabellplan]: ...
    def varde(self, adress: Adress) -> int | None: ...
    def osakerhet(self, adress: Adress) -> int: ...
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


class Cell(NamedTuple):
    """En läst cell."""

    varde: int | None
    text: str
    tillstand: str
    steg: int
    plats: Plats


@dataclass(frozen=True)
class Bladprov:
    """Ett lämnat blad: celler på (rad, kolumn)."""

    enhet: Enhetspost
    blad: Blad
    rader: tuple[Bladrad, ...]
    celler: Mapping[tuple[str, str], Cell]

    def varde(self, rad: str, kolumn: str) -> int | None:
        cell = self.celler.get((rad, kolumn))
        return cell.varde if cell else None

    def otolkad(self, rad: str, kolumn: str) -> bool:
        cell = self.celler.get((rad, kolumn))
        return cell is not None and cell.tillstand == fakta.OTOLKAT

    def inmatningsrader(self) -> Iterator[Bladrad]:
        return (rad for rad in self.rader if not rad.uttryck and not rad.rubrik)


@dataclass(frozen=True)
class Prov:
    """Allt en regel får se."""

    organisation: Organisation
    mall: Periodmall
    styrrader: Sequence[Styrrad]
    fakta: pd.DataFrame
    styrning: pd.DataFrame
    tidigare: Mapping[str, tuple[Period, pd.DataFrame]]
    """``fg_period`` och ``bokslut_fg`` → perioden och dess fakta."""
    siffror: Siffror
    kontrolltal: Sequence[Kontrolltal]

    @cached_property
    def bladen(self) -> tuple[Bladprov, ...]:
        """Varje lämnat blad, i organisationens och mallens ordning."""
        celler = self._celler()
        bladprov = []
        for enhet in self.organisation.enhet:
            for blad in self.mall.blad_for(enhet):
                if (enhet.id, blad.id) in celler:
                    egna = [s for s in self._styrrader_per_enhet.get(enhet.id, ()) if s.tabell == blad.id]
                    bladprov.append(Bladprov(enhet, blad, rader_pa(blad, egna), celler[enhet.id, blad.id]))
        return tuple(bladprov)

    @cached_property
    def _styrrader_per_enhet(self) -> Mapping[str, list[Styrrad]]:
        per_enhet: dict[str, list[Styrrad]] = {}
        for s in self.styrrader:
            per_enhet.setdefault(s.enhet, []).append(s)
        return per_enhet

    def _celler(self) -> dict[tuple[str, str], dict[tuple[str, str], Cell]]:
        celler: dict[tuple[str, str], dict[tuple[str, str], Cell]] = {}
        rubriker = {(b.id, k.id): rubrik(k, self.mall.period) for b in self.mall.blad for k in b.kolumn}
        for f in _rader(self.fakta):
            plats = Plats(f.fil, f.blad, (f.cell,), f.radnamn or f.rad, rubriker.get((f.tabell, f.kolumn), f.kolumn))
            varde = None if pd.isna(f.varde) else int(f.varde)
            celler.setdefault((f.enhet, f.tabell), {})[f.rad, f.kolumn] = Cell(varde, f.text, f.tillstand, int(f.steg), plats)
        return celler

    def bygger_pa_otolkat(self, adress: Adress) -> bool:
        """Om en cell bakom siffran inte gick att läsa. Då är siffran ofullständig och prövas inte mot andra."""
        steg = self.siffror.planer[adress.tabell].steg[adress.rad, adress.kolumn]
        if isinstance(steg, Summa):
            return any(self.bygger_pa_otolkat(a) for _, a in steg.termer)
        if isinstance(steg, Kvot):
            return self.bygger_pa_otolkat(steg.taljare) or self.bygger_pa_otolkat(steg.namnare)
        return any(_hamtas(steg, f) for f in self._otolkade)

    @cached_property
    def _otolkade(self) -> Sequence[Any]:
        return list(_rader(self.fakta[(self.fakta["tillstand"] == fakta.OTOLKAT) & ~self.fakta["harledd"]]))

    def visa(self, varde: int, slag: str = "belopp") -> str:
        """Talet i inmatningens enhet, med så många decimaler som behövs för att visa det exakt."""
        enhet = self.organisation.inmatning
        per = enhet.value if slag == "belopp" else HUNDRADELAR
        inmatade = self.organisation.enheter.inmatning_decimaler if slag == "belopp" else 0
        decimaler = next((d for d in range(inmatade, 8) if varde * 10**d % per == 0), 2)
        text = formatera(avrunda(varde, per, decimaler), decimaler)
        return f"{text} {enhet.namn}" if slag == "belopp" else text


def _rader(ram: pd.DataFrame) -> Any:
    return ram.itertuples(index=False)


def _hamtas(steg: Hamta, f: Any) -> bool:
    u = steg.urval
    if f.tabell != u.tabell or f.kolumn not in [kolumn for _, kolumn in steg.kolumner]:
        return False
    krav = ((f.enhet, u.enheter), (f.rad, u.rader or None), (f.art, u.arter or None), (f.kategori, u.kategorier or None))
    return all(tillatna is None or varde in tillatna for varde, tillatna in krav)


def kolumn_med_id(blad: Blad, kolumn: str) -> Kolumn | None:
    return next((k for k in blad.kolumn if k.id == kolumn), None)
