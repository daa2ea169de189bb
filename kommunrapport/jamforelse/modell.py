"""En jämförelse: ändringarna med före, efter, skillnad och orsak, utan format."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.sprak import formatera, nyckel, rakna_upp, stor_bokstav

MEST_CELLER = 3
"""Så många celler skrivs ut för en orsak; de andra räknas."""
_MEST_I_DATA = 20
PROCENT = "procent"


class Slag(StrEnum):
    """Vad som har hänt med en siffra, en text eller en cell."""

    ANDRAD = "ändrad"
    NY = "ny"
    BORTA = "borttagen"
    VISNING = "annan visning"
    """Talet är detsamma; bara avrundning eller form är en annan."""
    SYNS_INTE = "syns inte"
    """Talet är ett annat, men det visas likadant."""


@dataclass(frozen=True, slots=True)
class Orsak:
    """Varför: i korthet, till exempel ”Socialnämnden har lämnat på nytt”, i vilken fil och vad som skiljer där, cell för cell."""

    kort: str
    fil: str = ""
    detaljer: tuple[str, ...] = ()

    @property
    def mening(self) -> str:
        """``Socialnämnden har lämnat på nytt (fil)``; är filen själva orsaken står den en gång."""
        ar_vag = "/" in self.kort.split()[0]
        return f"{self.kort if ar_vag else stor_bokstav(self.kort)}{f' ({self.fil})' if self.fil and not ar_vag else ''}"

    def celler(self, mest: int = MEST_CELLER) -> str:
        """Vad som skiljer, den största skillnaden först."""
        resten = len(self.detaljer) - mest
        return f"{'; '.join(self.detaljer[:mest])}{f' och {resten} till' if resten > 0 else ''}"


@dataclass(frozen=True, slots=True)
class Andring:
    """En siffra, text eller cell som skiljer.

    ``skillnad`` är efter minus före, exakt och i ``enhet``; None för text, och när talet saknas på ena sidan.
    """

    adress: str
    tabell: str
    rad: str
    kolumn: str
    enhet: str
    fore: str
    efter: str
    skillnad: Decimal | None
    ar_text: bool
    slag: Slag = Slag.ANDRAD
    orsaker: tuple[Orsak, ...] = ()
    plats_fore: str = ""
    plats_efter: str = ""
    jamforbar: bool = True
    """Om båda talen avser lika lång tid; utfallet till och med augusti och till och med oktober gör det inte."""

    @property
    def decimaler(self) -> int:
        """Så många decimaler som de visade talen har, eller så många som behövs för att skillnaden ska synas."""
        visade = max((len(t.partition(",")[2].split()[0]) for t in (self.fore, self.efter) if "," in t and t.partition(",")[2].split()), default=0)
        visade = min(visade, 6)
        if not self.skillnad:
            return visade
        return next((d for d in range(visade, 7) if abs(self.skillnad) * 10**d >= Decimal("0.5")), visade)

    @property
    def skillnad_avrundad(self) -> Decimal | None:
        """Skillnaden med de decimaler som den visas med."""
        return None if self.skillnad is None else self.skillnad.quantize(Decimal(1).scaleb(-self.decimaler), ROUND_HALF_UP)

    @property
    def skillnad_i_ord(self) -> str:
        """``+1,2``; tomt för text."""
        avrundad = self.skillnad_avrundad
        return "" if avrundad is None else formatera(int(avrundad.scaleb(self.decimaler)), self.decimaler, plus=True)


@dataclass(frozen=True)
class Jamforelse:
    """Allt som skiljer mellan två saker, den största ändringen först i varje tabell."""

    slag: str
    """inlamningar, perioder eller korningar."""
    rubrik: str
    fore: str
    efter: str
    andringar: tuple[Andring, ...]
    lika: int
    ojamforbart: tuple[str, ...] = ()
    """Meningar om det som inte går att jämföra, och det som gäller alla siffrorna."""

    def i_kolumn(self, ord_: str) -> "Jamforelse":
        """Bara ändringarna i kolumner vars rubrik har orden. Fel: AnvandningsFel som räknar upp kolumnerna när ingen har det."""
        valda = tuple(a for a in self.andringar if nyckel(ord_) in nyckel(a.kolumn))
        if self.andringar and not valda:
            finns = [k for k in dict.fromkeys(a.kolumn for a in self.andringar) if k]
            raise AnvandningsFel(
                f"Inget skiljer i en kolumn med ”{ord_}” i rubriken. Det som skiljer står i:", *(f"  {k}" for k in finns[:_MEST_I_DATA])
            )
        return replace(self, andringar=valda)

    @property
    def synliga(self) -> tuple[Andring, ...]:
        return tuple(a for a in self.andringar if a.slag != Slag.SYNS_INTE)

    @cached_property
    def orsaker(self) -> Mapping[Orsak, int]:
        """Varje orsak en gång, med allt som skiljer i dess fil, och hur många synliga siffror och texter den berör; den som berör flest först."""
        antal: Counter[tuple[str, str]] = Counter()
        detaljer: dict[tuple[str, str], dict[str, None]] = {}
        for o in (o for a in self.synliga for o in a.orsaker):
            antal[o.kort, o.fil] += 1
            detaljer.setdefault((o.kort, o.fil), {}).update(dict.fromkeys(o.detaljer))
        return {Orsak(kort, fil, tuple(detaljer[kort, fil])): n for (kort, fil), n in antal.most_common()}

    @property
    def sammanfattning(self) -> str:
        """``14 siffror ändrade.``"""
        vad = ("uppgift", "uppgifter") if self.slag == "inlamningar" else ("siffra", "siffror")
        tal = [a for a in self.synliga if not a.ar_text]
        texter = [a for a in self.synliga if a.ar_text]
        delar = [f"{len(grupp)} {ord_[len(grupp) != 1]}" for grupp, ord_ in ((tal, vad), (texter, ("text", "texter"))) if grupp]
        dolda = len(self.andringar) - len(self.synliga)
        extra = f" Därutöver har {dolda} {vad[dolda != 1]} ändrats så lite att det inte syns." if dolda else ""
        if not delar:
            return f"Inget som syns skiljer.{extra}"
        ord_ = "skiljer" if self.slag == "perioder" else "ändrade" if len(self.synliga) != 1 else "ändrad"
        return f"{rakna_upp(delar)} {ord_}.{extra}"

    def som_data(self) -> dict[str, Any]:
        """Jämförelsen som uppslag, för JSON. Skillnaden är ett tal som text, utan avrundning."""
        return {
            "slag": self.slag,
            "fore": self.fore,
            "efter": self.efter,
            "sammanfattning": self.sammanfattning,
            "lika": self.lika,
            "ojamforbart": list(self.ojamforbart),
            "orsaker": [{**_orsaksdata(o), "antal": antal} for o, antal in self.orsaker.items()],
            "andringar": [_data(a) for a in self.andringar],
        }


def ordnade(andringar: Iterable[Andring]) -> tuple[Andring, ...]:
    """Tabellerna i given ordning, och i varje tabell den största ändringen först, procent, det som inte är jämförbart och texter därefter."""
    alla = list(andringar)
    ordning = {namn: nr for nr, namn in enumerate(dict.fromkeys(a.tabell for a in alla))}
    return tuple(
        sorted(
            alla, key=lambda a: (ordning[a.tabell], a.ar_text, not a.jamforbar, a.enhet == PROCENT, a.skillnad is None, -abs(a.skillnad or Decimal()))
        )
    )


def _orsaksdata(o: Orsak) -> dict[str, Any]:
    resten = len(o.detaljer) - _MEST_I_DATA
    return {"kort": o.kort, "fil": o.fil, "detaljer": [*o.detaljer[:_MEST_I_DATA], *([f"… och {resten} till"] if resten > 0 else [])]}


def _data(a: Andring) -> dict[str, Any]:
    return {
        "adress": a.adress,
        "tabell": a.tabell,
        "rad": a.rad,
        "kolumn": a.kolumn,
        "enhet": a.enhet,
        "fore": a.fore,
        "efter": a.efter,
        "jamforbar": a.jamforbar,
        "skillnad": None if a.skillnad is None else f"{a.skillnad:f}",
        "slag": str(a.slag),
        "orsaker": [_orsaksdata(o) for o in a.orsaker],
        "plats_fore": a.plats_fore,
        "plats_efter": a.plats_efter,
    }
