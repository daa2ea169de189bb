"""Faktatabellen: en lång tabell där varje rad är ett läst värde och platsen det lästes på.

Belopp och tal står i ``varde`` som heltal i hundradelar (öre för kronor); text, status och datum
står i ``text``. ``tillstand`` skiljer värde, tomt, streck, ej tillämpligt och otolkat åt.
Tecken: intäkt +, kostnad och utgift −.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar, overload

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

Cellnyckel: TypeAlias = tuple[str, str, str]
"""En cell i en inlämningsbok: blad, rad och kolumn."""

VARDE, TOMT, STRECK, EJ_TILLAMPLIGT, OTOLKAT = "varde", "tomt", "streck", "ej_tillampligt", "otolkat"


BARA_JAMFORS = "sie/"
"""Inleder tabellens namn för bokförda belopp hos en enhet som också har lämnat sin bok: boken räknas, de jämförs med den."""


class Faktum(NamedTuple):
    """En rad i faktatabellen, så som läsaren lämnar den."""

    enhet: str
    tabell: str
    rad: str
    kolumn: str
    slag: str
    varde: int | None
    text: str
    tillstand: str
    fil: str
    blad: str
    cell: str
    radnamn: str
    art: str
    """Radens art i styrningen, till exempel mal, indikator, utgift eller inkomst."""
    kategori: str
    harledd: bool
    """Cellen hör till en summarad eller formelkolumn: den kontrolleras men räknas inte."""
    steg: int
    """Minsta visade steg i hundradelar, för avrundningskontroll."""
    lagrat: str = ""
    """Värdet så som det står i cellen eller filen."""
    saknas: bool = False
    """Cellen ska ha ett tal men har inget läsbart: enhetens uppgift är ofullständig."""


_KATEGORIER = ("enhet", "tabell", "rad", "kolumn", "slag", "tillstand", "fil", "blad", "art", "kategori")
_DELADE = ("cell", "radnamn")
"""Texter som är desamma på många rader, och därför hålls en gång var."""
_I_TAGET = 20_000
"""Så många fakta hålls som objekt innan de läggs i tabellens kolumner."""


_FA = 100_000
"""Så många fakta får vara objekt samtidigt när siffror räknas och följs; är de fler hålls bara några tabellers."""
_HALLS = 3
T = TypeVar("T")


class _Koder(dict[str, int]):
    """Text → dess nummer, i den ordning de först förekommer."""

    def __missing__(self, text: str) -> int:
        self[text] = nummer = len(self)
        return nummer


class _Texter(dict[str, str]):
    """Text → samma text, som ett enda objekt."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


class Faktasamling:
    """Samlar fakta kolumn för kolumn, så att många hundra tusen ryms. Tabellen görs en gång."""

    def __init__(self) -> None:
        self._vantar: list[Faktum] = []
        self._antal = 0
        self._koder = {k: _Koder() for k in _KATEGORIER}
        self._delade = _Texter()
        self._kolumner: dict[str, Any] = {k: [] for k in Faktum._fields}
        self._kolumner |= {k: array("i") for k in _KATEGORIER} | {k: array("q") for k in ("varde", "steg")}
        self._kolumner |= {k: bytearray() for k in ("tomma", "harledd", "saknas")}

    def lagg(self, rader: Sequence[Faktum]) -> range:
        """Lägger fakta sist. Ger radernas nummer i tabellen."""
        self._vantar += rader
        self._antal += len(rader)
        if len(self._vantar) >= _I_TAGET:
            self._tom_kon()
        return range(self._antal - len(rader), self._antal)

    def tabell(self) -> pd.DataFrame:
        """Faktatabellen; ``varde`` är Int64 så att tomt inte blir noll."""
        self._tom_kon()
        return pd.DataFrame({namn: self._fardig(namn) for namn in Faktum._fields}, copy=False)

    def _fardig(self, namn: str) -> Any:
        """Kolumnen så som tabellen har den."""
        if namn in _KATEGORIER:
            return self._kategorier(namn)
        kolumn = self._kolumner.pop(namn)
        if namn == "varde":
            return pd.arrays.IntegerArray(np.array(kolumn), np.array(self._kolumner.pop("tomma")).astype(bool))
        if isinstance(kolumn, list):
            return pd.Series(kolumn, dtype="object")
        return np.array(kolumn).astype(bool) if isinstance(kolumn, bytearray) else np.array(kolumn)

    def _tom_kon(self) -> None:
        if not self._vantar:
            return
        lasta: dict[str, Iterable[Any]] = dict(zip(Faktum._fields, zip(*self._vantar, strict=True), strict=True))
        self._vantar.clear()
        varden = lasta["varde"]
        lasta |= {"tomma": [v is None for v in varden], "varde": [0 if v is None else v for v in varden]}
        som = {**{namn: self._koder[namn].__getitem__ for namn in _KATEGORIER}, **dict.fromkeys(_DELADE, self._delade.__getitem__)}
        for namn, kolumn in self._kolumner.items():
            kolumn.extend(map(som[namn], lasta[namn]) if namn in som else lasta[namn])

    def _kategorier(self, namn: str) -> Any:
        texter = list(self._koder[namn])
        ordning = sorted(range(len(texter)), key=texter.__getitem__)
        nya = np.empty(len(texter), dtype="int32")
        nya[ordning] = np.arange(len(texter))
        koder = nya[np.array(self._kolumner.pop(namn))]
        return pd.Categorical.from_codes(koder, pd.Index([texter[i] for i in ordning]))


class Faktarader(Sequence[Faktum]):
    """Några av faktatabellens rader, som blir fakta först när de läses."""

    def __init__(self, tabell: pd.DataFrame, rader: range) -> None:
        self._tabell, self._rader = tabell, rader

    def ur(self, tabell: pd.DataFrame, annan: pd.DataFrame) -> "Faktarader":
        """Raderna ur den andra tabellen, när de är ur den första och båda har dem."""
        return Faktarader(annan, self._rader) if self._tabell is tabell else self

    def __len__(self) -> int:
        return len(self._rader)

    def __iter__(self) -> Iterator[Faktum]:
        return iter(self._lasta)

    @overload
    def __getitem__(self, nr: int) -> Faktum: ...
    @overload
    def __getitem__(self, nr: slice) -> Sequence[Faktum]: ...
    def __getitem__(self, nr: int | slice) -> Faktum | Sequence[Faktum]:
        return self._lasta[nr]

    @property
    def _lasta(self) -> list[Faktum]:
        ram = self._tabell.iloc[self._rader.start : self._rader.stop]
        return [Faktum._make(rad) for rad in ram.astype("object").where(ram.notna(), None).itertuples(index=False, name=None)]


def rader_ur(ram: pd.DataFrame, *kolumner: str) -> Iterator[tuple[Any, ...]]:
    """Kolumnernas värden rad för rad; bara några tusen rader i taget är objekt."""
    for start in range(0, len(ram), _I_TAGET):
        delen = ram.iloc[start : start + _I_TAGET]
        yield from zip(*(delen[k].astype("object").tolist() for k in kolumner), strict=True)


class Tabellvis(Generic[T]):
    """Det som görs av varje tabells fakta: för alla tabeller på en gång när de är få, annars bara för de senast frågade, så att de ryms.

    ``valda`` är vilka fakta som är med, och ``gor`` får deras värden i kolumnerna rad för rad.
    """

    def __init__(self, ram: pd.DataFrame, valda: pd.Series, kolumner: Sequence[str], gor: Callable[[Iterable[tuple[Any, ...]]], T]) -> None:
        self._ram, self._valda, self._kolumner, self._gor = ram, valda, kolumner, gor
        self._klara: dict[str, T] = {}
        self._ordnade: dict[str, list[tuple[Any, ...]]] | None = None
        if int(valda.sum()) <= _FA:
            self._ordnade = {}
            for tabell, *rad in rader_ur(ram.loc[valda, list(dict.fromkeys(("tabell", *kolumner)))], "tabell", *kolumner):
                self._ordnade.setdefault(tabell, []).append(tuple(rad))

    def __getitem__(self, tabell: str) -> T:
        if tabell not in self._klara:
            if self._ordnade is None:
                for aldst in [*self._klara][: 1 - _HALLS]:
                    del self._klara[aldst]
                egna = self._ram.loc[self._valda & (self._ram["tabell"] == tabell), list(self._kolumner)]
                self._klara[tabell] = self._gor(rader_ur(egna, *self._kolumner))
            else:
                self._klara[tabell] = self._gor(self._ordnade.pop(tabell, ()))
        return self._klara[tabell]


def faktatabell(rader: Iterable[Faktum]) -> pd.DataFrame:
    """Faktatabellen av lästa värden; ``varde`` är Int64 så att tomt inte blir noll."""
    samling = Faktasamling()
    samling.lagg(list(rader))
    return samling.tabell()


def sla_ihop(tabeller: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Flera faktatabeller efter varandra, i given ordning."""
    delar = [t for t in tabeller if len(t)]
    if not delar:
        return faktatabell(())
    kolumner = {k: _hopslagen(k, [d[k] for d in delar]) for k in Faktum._fields}
    return pd.DataFrame(kolumner, copy=False)


def _hopslagen(namn: str, delar: Sequence[pd.Series]) -> Any:
    if namn not in _KATEGORIER:
        return pd.concat(delar, ignore_index=True)
    kategorier = [d if isinstance(d.dtype, pd.CategoricalDtype) else d.astype("object").astype("category") for d in delar]
    return union_categoricals([d.cat.remove_unused_categories() for d in kategorier], sort_categories=True)
