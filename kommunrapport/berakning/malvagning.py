"""Sammanvägningen av ett fullmäktigemål: poängens andel av de högsta möjliga ger steget i skalan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kommunrapport.mall.skalor import Skala


@dataclass(frozen=True, slots=True)
class Vagd:
    """Ett mål eller en indikator som ska vägas. ``poang`` är None när det inte är bedömt."""

    poang: int | None
    vikt: Decimal


@dataclass(frozen=True, slots=True)
class Sammanvagd:
    """Resultatet. ``steg`` är tomt och ``procent`` None när för lite är bedömt, eller när skalan inte vägs."""

    steg: str
    procent: Fraction | None
    bedomda: int
    antal: int


def vag_samman(delar: Sequence[Vagd], skala: Skala, minst_bedomt_procent: int) -> Sammanvagd:
    """Delarna vägda till ett steg. Andelen räknas på vikter, exakt."""
    bedomda = [(d.poang, d.vikt) for d in delar if d.poang is not None]
    alla, vikt = sum((d.vikt for d in delar), Decimal(0)), sum((v for _, v in bedomda), Decimal(0))
    if not skala.vags or not bedomda or vikt * 100 < alla * minst_bedomt_procent:
        return Sammanvagd("", None, len(bedomda), len(delar))
    procent = Fraction(sum((p * v for p, v in bedomda), Decimal(0)) * 100) / Fraction(vikt * skala.hogst)
    return Sammanvagd(skala.steget(procent), procent, len(bedomda), len(delar))
