"""Raderna på ett blad för en enhet: mallens fasta rader, styrningens rader eller fria rader."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kommunrapport.karna.plan import Adress
from kommunrapport.karna.sprak import NBSP
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall import uttryck
from kommunrapport.mall.modell import Blad, Kolumn, Vardeslag

T = TypeVar("T")
TALSLAG = ("belopp", "antal", "procent")
MARKE = "kommunrapport"
"""Inleder den dolda beteckningen på varje blad i en inlämningsbok."""
STJARNA = f"{NBSP}*"
"""Märket efter namnet på det som ska fyllas i; det hårda mellanslaget håller det kvar vid sista ordet."""
GIVNA = ("styrning", "motparter")
"""Bladens rader ges av besluten eller av organisationen, inte av mallen."""
MANIFEST = "_kommunrapport"
"""Bokens dolda blad med enhet, period och mallens version."""
_RUBRIKARTER = ("rubrik", "vision", "malomrade")
"""Styrrader som bara är rubriker på bladet."""
_FRIVILLIGA = ("kfmal",)
"""Styrrader där inget måste fyllas i: kommunstyrelsen bedömer fullmäktiges mål bara när den vill."""
_NIVA = {"indikator": 1, "grupp": 2}


@dataclass(frozen=True, slots=True)
class Bladrad:
    """En rad så som den står på bladet."""

    id: str
    namn: str
    art: str = ""
    kategori: str = ""
    attribut: Mapping[str, str] = field(default_factory=dict)
    uttryck: str = ""
    rubrik: bool = False
    niva: int = 0
    tecken: str = ""
    slag: Vardeslag | None = None
    val: str = ""
    hjalp: str = ""
    obligatorisk: bool | None = None
    fylls: str = ""
    publicerat: tuple[str, ...] = ()

    @property
    def decimaler(self) -> int:
        """Decimalerna som radens antal fylls i med."""
        return int(self.attribut.get("decimaler") or 0)

    @property
    def fri(self) -> bool:
        return self.art == "fri"


def utan_stjarna(text: str) -> str:
    """Namnet så som mallen har det, utan märket."""
    return text.rstrip(f"* {NBSP}")


def rader_pa(blad: Blad, styrrader: Sequence[Styrrad]) -> tuple[Bladrad, ...]:
    """Bladets rader i ordning; styrraderna ska redan vara enhetens och bladets."""
    return (*_fran_styrning(blad, styrrader), *_fria(blad), *_fasta(blad))


def har_rader(blad: Blad, styrrader: Sequence[Styrrad]) -> bool:
    """Om bladet har något att fylla i; ett styrt blad utan styrrader utelämnas ur boken."""
    return blad.rader_fran not in GIVNA or bool(styrrader)


def bokens_blad(bladen: Iterable[Blad], rader_for: Callable[[str], Sequence[Styrrad]]) -> dict[str, tuple[Blad, tuple[Bladrad, ...]]]:
    """Bladen som har något att fylla i, i ordning, med raderna på dem. ``rader_for`` ger enhetens styrrader på ett blad."""
    styrda = ((blad, rader_for(blad.id)) for blad in bladen)
    return {blad.id: (blad, rader_pa(blad, styrrader)) for blad, styrrader in styrda if har_rader(blad, styrrader)}


def galler(kolumn: Kolumn, rad: Bladrad) -> bool:
    """Om kolumnen har en cell att fylla i på raden."""
    if rad.rubrik:
        return False
    if kolumn.nar_attribut and not rad.attribut.get(kolumn.nar_attribut):
        return False
    return not kolumn.arter or (rad.art or rad.id) in kolumn.arter


def vardeslag(kolumn: Kolumn, rad: Bladrad) -> Vardeslag:
    return rad.slag or kolumn.slag


def publicerat(kolumn: Kolumn, rad: Bladrad, bokslut: Mapping[int, Mapping[Adress, T]]) -> T | None:
    """Den publicerade siffran som cellen ska visa, när den finns. ``bokslut`` är siffrorna i bokslutet så många år tillbaka."""
    siffror = bokslut.get(kolumn.publicerat_ar, {})
    return next((siffror[adress] for adress in map(Adress.ur, rad.publicerat) if adress in siffror), None)


def ar_harledd(kolumn: Kolumn, rad: Bladrad) -> bool:
    """Om cellen räknas ut av arbetsboken."""
    return kolumn.roll == "formel" or bool(rad.uttryck)


def ar_radnamn(kolumn: Kolumn, rad: Bladrad, blad: Blad) -> bool:
    """Om cellen visar radens namn: i etikettkolumnen, och på summaraden i den första kolumnen på ett blad utan etiketter."""
    return kolumn.roll == "etikett" or (bool(rad.uttryck) and kolumn is blad.kolumn[0] and vardeslag(kolumn, rad) not in TALSLAG)


def ar_obligatorisk(kolumn: Kolumn, rad: Bladrad) -> bool:
    if ar_harledd(kolumn, rad) or rad.fri or rad.rubrik or kolumn.roll == "etikett" or not galler(kolumn, rad):
        return False
    return kolumn.obligatorisk if rad.obligatorisk is None else rad.obligatorisk


def rader_bakom(rad: Bladrad, rader: Sequence[Bladrad], andra: Sequence[Bladrad]) -> list[Bladrad]:
    """Raderna på ett annat blad som en kolumn med ``ur`` summerar på raden: de med radens kategori, annars de som ingen annan rad tar."""
    tagna = {r.kategori for r in rader if r.kategori}
    inmatning = [a for a in andra if not a.uttryck and not a.rubrik]
    return [a for a in inmatning if (a.kategori == rad.kategori if rad.kategori else a.kategori not in tagna)]


def radtermer(rad: Bladrad, rader: Sequence[Bladrad]) -> tuple[tuple[int, str], ...]:
    """Radens uttryck med ``*`` utbytt mot raderna det står för."""
    return tuple((t.tecken, namn) for t in uttryck.parse(rad.uttryck) for namn in _namngivna(t.namn, rader))


def _namngivna(namn: str, rader: Sequence[Bladrad]) -> Iterator[str]:
    if not namn.startswith("*"):
        yield namn
        return
    for rad in rader:
        if not rad.uttryck and not rad.rubrik and namn in ("*", f"*{rad.art}"):
            yield rad.id


def _fran_styrning(blad: Blad, styrrader: Sequence[Styrrad]) -> Iterator[Bladrad]:
    if blad.rader_fran in GIVNA:
        for rad in styrrader:
            tecken = rad.attribut.get("tecken") or {"inkomst": "+", "utgift": "-"}.get(rad.art, "")
            yield Bladrad(
                rad.rad,
                rad.namn,
                rad.art,
                rad.kategori,
                rad.attribut,
                rubrik=rad.art in _RUBRIKARTER,
                niva=_NIVA.get(rad.art, 0),
                tecken=tecken,
                obligatorisk=False if rad.art in _FRIVILLIGA else None,
            )


def _fria(blad: Blad) -> Iterator[Bladrad]:
    for nummer in range(1, blad.antal_fria + 1):
        yield Bladrad(f"a{nummer:02d}", "", art="fri")


def _fasta(blad: Blad) -> Iterator[Bladrad]:
    for rad in blad.rad:
        falt = {namn: getattr(rad, namn) for namn in Bladrad.__slots__ if hasattr(rad, namn)}
        yield Bladrad(**falt)
