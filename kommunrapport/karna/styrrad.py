"""Styrrader: de rader som fullmäktiges beslut ger bladen (verksamheter, projekt, mål, uppdrag)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kommunrapport.karna.kalla import Kalla


@dataclass(frozen=True, slots=True)
class Styrrad:
    """En rad som hör till en enhet och ett blad."""

    enhet: str
    tabell: str
    rad: str
    namn: str
    art: str = ""
    kategori: str = ""
    attribut: Mapping[str, str] = field(default_factory=dict)
    kalla: Kalla = field(default=Kalla("", "", ""))
    """Filen och raden som styrraden lästes på."""


def per_blad(rader: Iterable[Styrrad]) -> dict[tuple[str, str], tuple[Styrrad, ...]]:
    """(enhet, tabell) → dess rader, i ordning."""
    bladen: dict[tuple[str, str], list[Styrrad]] = {}
    for r in rader:
        bladen.setdefault((r.enhet, r.tabell), []).append(r)
    return {blad: tuple(egna) for blad, egna in bladen.items()}
