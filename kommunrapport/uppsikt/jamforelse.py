"""Det som underlaget behöver av en jämförelse med andra kommuner: färdiga rader för en enhet.

En källa för jämförelsetal fyller ``jamforelserader``; utan rader säger underlaget att ingen jämförelse är hämtad.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kommunrapport.karna.kalla import Kalla
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog


@dataclass(frozen=True, slots=True)
class Jamforelserad:
    """Ett nyckeltal hos kommunen, liknande kommuner och riket, så som det ska visas; tomt när uppgift saknas."""

    id: str
    namn: str
    ar: int
    egen: str
    liknande: str
    riket: str
    kalla: Kalla
    """Filen och platsen som talen är lästa i."""


def jamforelserader(arbete: Arbetskatalog, enhet: Enhetspost, ar: int) -> Sequence[Jamforelserad]:  # noqa: ARG001  fylls av den som har en källa
    """Nyckeltalen för enhetens verksamhet till och med året. Inga när ingen jämförelse är hämtad."""
    return ()
