"""Var ett diagrams värdeaxel börjar eller slutar."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

Grans = tuple[Literal["min", "max"], Decimal]


def axelgrans(varden: Sequence[Decimal | None], *, nollbas: bool) -> Grans | None:
    """Axelns fasta ände, eller None när programmet som ritar får välja.

    Med ``nollbas`` är den noll när alla tal ligger på samma sida, så att staplarnas längd går att jämföra. Annars är den strax under det
    lägsta talet, så att linjerna använder hela höjden.
    """
    finns = [v for v in varden if v is not None]
    if not finns:
        return None
    lagst, hogst = min(finns), max(finns)
    if nollbas:
        return ("min", Decimal(0)) if lagst >= 0 else ("max", Decimal(0)) if hogst <= 0 else None
    spann = hogst - lagst
    if not spann:
        return None
    steg = Decimal(1).scaleb(spann.adjusted())
    under = ((lagst - spann / 5) / steg).to_integral_value(ROUND_FLOOR) * steg
    return "min", max(under, Decimal(0)) if lagst >= 0 else under
