"""Jämförelsemått, exakta: median, kvartiler, plats och förändring. Inga flyttal."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from kommunrapport.karna.sprak import formatera
from kommunrapport.mall.organisation import Koladaval


class Plats(NamedTuple):
    """Kommunens plats bland dem som har ett värde. ``delad`` när någon annan visar samma värde."""

    plats: int
    av: int
    saknas: int
    delad: bool


@dataclass(frozen=True, slots=True)
class Spridning:
    """De andra kommunernas värden. Kvartilerna räknas som Excels KVARTIL.INK. De och medianen är None när värdena är för få."""

    minst: Decimal
    kvartil1: Decimal | None
    median: Decimal | None
    kvartil3: Decimal | None
    storst: Decimal
    antal: int
    saknas: int


def spridning(varden: Sequence[Decimal | None], krav: Koladaval) -> Spridning | None:
    """Spridningen, eller None när ingen har ett värde. ``krav`` är hur många värden som medianen och kvartilerna behöver."""
    finns = sorted(v for v in varden if v is not None)
    if not finns:
        return None
    k1, k3 = None, None
    if len(finns) >= krav.minst_kvartiler:
        k1, _, k3 = statistics.quantiles(finns, n=4, method="inclusive")
    median = statistics.median(finns) if len(finns) >= krav.minst_median else None
    return Spridning(finns[0], k1, median, k3, finns[-1], len(finns), len(varden) - len(finns))


def plats(eget: Decimal | None, andra: Sequence[Decimal | None], riktning: str, decimaler: int, krav: Koladaval) -> Plats | None:
    """Kommunens plats, där 1 är bäst. Lika visade värden delar plats. None när riktning saknas eller värdena är för få för en median."""
    finns = [avrundat(v, decimaler) for v in andra if v is not None]
    if eget is None or riktning not in ("hogre", "lagre") or len(finns) < krav.minst_median:
        return None
    har = avrundat(eget, decimaler)
    battre = sum(v > har if riktning == "hogre" else v < har for v in finns)
    return Plats(battre + 1, len(finns) + 1, len(andra) - len(finns), har in finns)


def skillnad(nu: Decimal | None, da: Decimal | None) -> Decimal | None:
    return None if nu is None or da is None else nu - da


Omdome = Literal["battre", "samre", "hogre", "lagre", "lika"]


def omdome(eget: Decimal | None, mot: Decimal | None, riktning: str, decimaler: int) -> Omdome | None:
    """Hur kommunens värde är mot ett annat. Lika är det när båda visas likadant. Utan riktning sägs bara högre eller lägre."""
    if eget is None or mot is None:
        return None
    a, b = avrundat(eget, decimaler), avrundat(mot, decimaler)
    if a == b:
        return "lika"
    if riktning == "ingen":
        return "hogre" if a > b else "lagre"
    return "battre" if (a > b) == (riktning == "hogre") else "samre"


def avrundat(varde: Decimal, decimaler: int) -> Decimal:
    """Talet så som det visas: halva bort från noll."""
    return varde.quantize(Decimal(1).scaleb(-decimaler), rounding=ROUND_HALF_UP)


def visat(varde: Decimal | None, decimaler: int, *, plus: bool = False) -> str:
    """Talet som svensk text; en uppgift som saknas är ett tankstreck."""
    return "–" if varde is None else formatera(int(avrundat(varde, decimaler).scaleb(decimaler)), decimaler, plus=plus)
