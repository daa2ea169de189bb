"""Bryggans staplar: från det första talet till det sista, med varje förändring mellan sina två nivåer, också över noll."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from kommunrapport.rapport.modell import Diagram

OSYNLIG, NIVA, FORBATTRING, FORSAMRING = "Botten", "Nivå", "Förbättring", "Försämring"
"""Seriernas namn. Botten håller upp staplarna och ritas inte."""


@dataclass(frozen=True)
class Stapelserie:
    """En av de staplade serierna: ett tal per kategori, noll där serien inte har någon del."""

    namn: str
    varden: tuple[Decimal, ...]


def staplade(d: Diagram) -> tuple[Stapelserie, ...]:
    """Serierna som staplade visar bryggan. En stapel som går över noll har en del på var sida, och varje sida är en egen serie."""
    varden = [v for v in d.serier[0][1] if v is not None]
    delar = list(_delar(varden))
    serier = []
    for namn in (OSYNLIG, NIVA, FORBATTRING, FORSAMRING):
        for tecken in (1, -1):
            tal = tuple(sum((v for n, v in stapel if n == namn and v * tecken > 0), Decimal(0)) for stapel in delar)
            if any(tal):
                serier.append(Stapelserie(namn, tal))
    return tuple(serier)


def _delar(varden: Sequence[Decimal]) -> Iterator[list[tuple[str, Decimal]]]:
    """Varje stapels delar, som serie och tal."""
    nivaer = list(accumulate(varden[:-1]))
    yield [(NIVA, varden[0])]
    for fran, till in pairwise(nivaer):
        namn = FORBATTRING if till >= fran else FORSAMRING
        lag, hog = sorted((fran, till))
        if lag >= 0:
            yield [(OSYNLIG, lag), (namn, hog - lag)]
        elif hog <= 0:
            yield [(OSYNLIG, hog), (namn, lag - hog)]
        else:
            yield [(namn, hog), (namn, lag)]
    yield [(NIVA, varden[-1])]
