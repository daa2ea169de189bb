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


def per_enhet(rader: Iterable[Styrrad]) -> dict[str, list[Styrrad]]:
    """Enhetens id → dess rader, i ordning."""
    egna: dict[str, list[Styrrad]] = {}
    for rad in rader:
        egna.setdefault(rad.enhet, []).append(rad)
    return egna
