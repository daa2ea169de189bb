"""Räkneplaner: varje siffra i rapporten har ett deklarerat steg, som både räknar och förklarar den."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from kommunrapport.karna.fel import MallFel


@dataclass(frozen=True, slots=True, order=True)
class Adress:
    """En siffras plats i rapporten."""

    tabell: str
    rad: str
    kolumn: str

    def __str__(self) -> str:
        return f"{self.tabell}.{self.rad}.{self.kolumn}"

    @classmethod
    def ur(cls, text: str) -> "Adress":
        """Adressen i en rapportmall, skriven ``tabell.rad.kolumn``. Fel: MallFel."""
        delar = text.split(".")
        if len(delar) != 3:
            raise MallFel(f"mallar/rapport: adressen {text} ska ha formen tabell.rad.kolumn.")
        return cls(*delar)


@dataclass(frozen=True, slots=True)
class Urval:
    """Vilka fakta ett steg hämtar; härledda celler hämtas aldrig.

    ``enheter`` är None för alla. Tomma rader, arter och kategorier betyder alla.
    """

    tabell: str
    enheter: tuple[str, ...] | None = None
    rader: tuple[str, ...] = ()
    arter: tuple[str, ...] = ()
    kategorier: tuple[str, ...] = ()
    dar: tuple[tuple[str, str], ...] = ()
    """Kolumn och svar som radens egen cell ska ha."""

    @property
    def tidigare(self) -> bool:
        """Om fakta hör till en tidigare period, vars uppgifter är fullständiga när de används."""
        return "/" in self.tabell


@dataclass(frozen=True, slots=True)
class Hamta:
    """Summan av utvalda fakta över faktakolumnerna med tecken."""

    urval: Urval
    kolumner: tuple[tuple[int, str], ...]
    delar_per: int = 1
    """Så många gånger finare än det lästa siffran räknas, när en lämnad procentsats ska jämföras med räknade kvoter."""

    @property
    def delar(self) -> tuple[Adress, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Summa:
    """Andra siffror med tecken. ``alla`` kräver att varje term finns, annars saknas svaret."""

    termer: tuple[tuple[int, Adress], ...]
    alla: bool

    @property
    def delar(self) -> tuple[Adress, ...]:
        return tuple(a for _, a in self.termer)


@dataclass(frozen=True, slots=True)
class Kvot:
    """Täljaren i procent av nämnaren; med ``tecken`` räknas nämnarens visade tecken, annars dess storlek."""

    taljare: Adress
    namnare: Adress
    tecken: bool

    @property
    def delar(self) -> tuple[Adress, ...]:
        return (self.taljare, self.namnare)


@dataclass(frozen=True, slots=True)
class Per:
    """Täljaren, ett belopp, per ett av nämnaren, ett antal: öre i kvotdelar, så att talet avrundas först när det visas."""

    taljare: Adress
    namnare: Adress

    @property
    def delar(self) -> tuple[Adress, ...]:
        return (self.taljare, self.namnare)


@dataclass(frozen=True, slots=True)
class Andel:
    """En andel av en annan siffra, avrundad till närmaste öre. ``ord`` säger vilken, till exempel ”70 procent”.

    Med ``storlek`` är det siffrans storlek, utan tecken.
    """

    av: Adress
    andel: Fraction
    ord: str
    storlek: bool = False

    @property
    def delar(self) -> tuple[Adress, ...]:
        return (self.av,)


@dataclass(frozen=True, slots=True)
class Ytterst:
    """Den minsta av flera siffror, eller den största; med ``noll`` räknas noll som en av dem. Saknas någon saknas svaret."""

    delar: tuple[Adress, ...]
    storst: bool = False
    noll: bool = False


@dataclass(frozen=True, slots=True)
class Enligt:
    """Den första uppgiften som finns, av flera om samma sak; de andra visas bredvid. ``ord`` säger vems som gäller.

    Med ``bara_forsta`` saknas svaret när den första saknas.
    """

    delar: tuple[Adress, ...]
    ord: str
    bara_forsta: bool = False


@dataclass(frozen=True, slots=True)
class Val:
    """En av två siffror: ``ja`` när den prövade är noll eller mer, annars ``nej``."""

    prova: Adress
    ja: Adress
    nej: Adress

    @property
    def delar(self) -> tuple[Adress, ...]:
        return (self.prova, self.ja, self.nej)


@dataclass(frozen=True, slots=True)
class Antal:
    """Hur många av siffrorna som är noll eller mer (ja), mindre (nej), saknas eller finns alls (alla)."""

    delar: tuple[Adress, ...]
    svar: str


@dataclass(frozen=True, slots=True)
class Medel:
    """Ett vägt medelvärde av andra siffror: par av siffran och antalet som den vägs med.

    Ett par där något saknas räknas inte; utan par, eller när antalen är noll, saknas svaret.
    """

    par: tuple[tuple[Adress, Adress], ...]

    @property
    def delar(self) -> tuple[Adress, ...]:
        return tuple(adress for ett in self.par for adress in ett)


Steg: TypeAlias = Hamta | Summa | Kvot | Per | Andel | Ytterst | Enligt | Val | Antal | Medel


@dataclass(frozen=True, slots=True)
class Textplats:
    """Var en textkolumns uppgift om en rad finns: ett fält på bladet eller i styrfilen, så som mallen skriver det."""

    enhet: str
    blad: str
    rad: str
    falt: str


@dataclass(frozen=True, slots=True)
class Kolumnplan:
    """En kolumn så som den visas."""

    id: str
    rubrik: str
    slag: str
    per: int
    decimaler: int
    vand: bool
    plus: bool
    dold: bool
    enhet: str = ""
    """Satt när kolumnen hör till en enda enhet."""
    ord: tuple[str, str, str, str] | None = None
    """Orden som visas i stället för talet: när det är plus, noll, minus eller saknas."""


@dataclass(frozen=True, slots=True)
class Radplan:
    """En rad efter expansion; ``enhet`` är satt när raden hör till en enda enhet."""

    id: str
    namn: str
    stil: str
    enhet: str = ""
    dolj_tom: bool = False
    slag: str = ""
    decimaler: int | None = None
    """Antalets decimaler, när raden har egna."""
    dold: bool = False
    grupp: str = ""
    """Satt på en grupps summarad."""
    ur: str = ""
    """Mallradens id, som uttrycket ``*id`` summerar."""
    kalla: str = ""
    """Styrfilen och raden som raden kommer ur."""


@dataclass(frozen=True)
class Tabellplan:
    """En tabell färdig att räkna och visa."""

    id: str
    titel: str
    rubrik_forsta: str
    enhet: str
    kolumner: tuple[Kolumnplan, ...]
    rader: tuple[Radplan, ...]
    steg: Mapping[tuple[str, str], Steg]
    lagrum: tuple[str, ...] = ()
    noter: tuple[str, ...] = ()
    sekretess_kolumn: str = ""
    delning: tuple[tuple[str, ...], ...] = ()
    texter: Mapping[tuple[str, str], Textplats] = field(default_factory=dict)
    """Rad och textkolumn → uppgiften som visas; den räknas inte."""

    @property
    def visade_kolumner(self) -> tuple[Kolumnplan, ...]:
        return tuple(k for k in self.kolumner if not k.dold)

    def kolumn(self, id_: str) -> Kolumnplan:
        """Fel: KeyError."""
        return self._kolumnerna[id_]

    def rad(self, id_: str) -> Radplan:
        """Fel: KeyError."""
        return self._raderna[id_]

    @cached_property
    def _kolumnerna(self) -> Mapping[str, Kolumnplan]:
        return {k.id: k for k in reversed(self.kolumner)}

    @cached_property
    def _raderna(self) -> Mapping[str, Radplan]:
        return {r.id: r for r in reversed(self.rader)}
