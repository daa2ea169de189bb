"""Läser spåret (spar.json) till frysta typer: varje siffra med sina steg, källor och rubriker."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.sprak import MINUS, NBSP

SPAR = "spar.json"
_UTDRAG = 60
_TAL = re.compile(r"[-+]?\d+(?: \d{3})*(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class Siffra:
    """En siffra, eller en text, i spåret. ``varde`` är hundradelar med faktatabellens tecken, ``tal`` talet så som det visas men exakt."""

    adress: str
    visas: str
    tal: Decimal | None
    varde: int | None
    steg: str
    delar: tuple[str, ...] = ()
    """Delarnas adresser, med minus före dem som dras ifrån."""
    kallor: tuple[tuple[str, int | str], ...] = ()
    """Lästa celler och det som lästes."""
    enhet: str | None = None
    """Talets enhet; None är tabellens."""
    tryckt: bool = True

    @property
    def delarnas_adresser(self) -> tuple[str, ...]:
        return tuple(d.removeprefix("-") for d in self.delar)


@dataclass(frozen=True, slots=True)
class Rubriker:
    """En tabells ord, så som de trycktes."""

    titel: str
    enhet: str
    rader: Mapping[str, str]
    kolumner: Mapping[str, str]


@dataclass(frozen=True)
class Spar:
    """Ett helt spår. ``underlag`` saknas i spår från äldre versioner."""

    titel: str
    kommun: str
    period: str
    underlag: Mapping[str, Any]
    tabeller: Mapping[str, Rubriker]
    siffror: Mapping[str, Siffra]
    uppgifter: Mapping[str, str]
    """Läst cell → uppgiften i den, när cellen kan ha flyttats."""
    lasta: Mapping[str, str] = field(default_factory=dict)
    """Läst cell → talet så som det står där, med enhet. Saknas i spår från äldre versioner."""

    @property
    def tryckta(self) -> Iterator[Siffra]:
        return (s for s in self.siffror.values() if s.tryckt)

    def rubriker(self, adress: str) -> tuple[str, str, str]:
        """Tabellens titel, radens namn och kolumnens rubrik; beteckningen där inget namn finns."""
        tabell, rad, kolumn = delad(adress)
        ord_ = self.tabeller.get(tabell)
        return (ord_.titel, ord_.rader.get(rad, rad), ord_.kolumner.get(kolumn, kolumn)) if ord_ else (tabell, rad, kolumn)

    def plats(self, adress: str) -> str:
        """``Driftredovisning per nämnd, Socialnämnden, Prognos``."""
        return ", ".join(filter(None, self.rubriker(adress)))

    def enhet(self, s: Siffra) -> str:
        """Enheten som talet är i; tom för text och när rubriken säger det."""
        ord_ = self.tabeller.get(delad(s.adress)[0])
        egen = ord_.enhet if ord_ and s.enhet is None else s.enhet
        return egen or "" if s.tal is not None else ""

    def visad(self, s: Siffra) -> str:
        """``−12,4 mnkr``, och en lång text i utdrag."""
        text = s.visas if len(s.visas) <= _UTDRAG else f"{s.visas[:_UTDRAG].rstrip()} …"
        return f"{text} {self.enhet(s)}".rstrip()

    @cached_property
    def bygger_pa(self) -> Mapping[str, tuple[str, ...]]:
        """Adress → de siffror som närmast räknas av den."""
        anvands: dict[str, list[str]] = {}
        for s in self.siffror.values():
            for del_ in dict.fromkeys(s.delarnas_adresser):
                anvands.setdefault(del_, []).append(s.adress)
        return {adress: tuple(av) for adress, av in anvands.items()}


def delad(adress: str) -> tuple[str, str, str]:
    """Tabell, rad och kolumn; radens beteckning kan ha punkter."""
    tabell, _, rest = adress.partition(".")
    rad, _, kolumn = rest.rpartition(".")
    return tabell, rad, kolumn


def spar_ur(data: Mapping[str, Any]) -> Spar:
    """Spåret ur innehållet i spar.json, även ett äldre. Fel: KeyError, TypeError, ValueError eller AttributeError när det är skadat."""
    siffror = {adress: _siffra(adress, post) for adress, post in data["siffror"].items()}
    tabeller = {namn: Rubriker(t["titel"], t["enhet"], t["rader"], t["kolumner"]) for namn, t in data.get("tabeller", {}).items()}
    return Spar(
        data["titel"], data["kommun"], data["period"], data.get("underlag", {}), tabeller, siffror, data.get("uppgifter", {}), data.get("lasta", {})
    )


def las_spar(fil: Path) -> Spar:
    """Spåret i filen. Fel: AnvandningsFel när den inte går att läsa eller inte är ett spår."""
    try:
        return spar_ur(json.loads(fil.read_text(encoding="utf-8")))
    except OSError as fel:
        raise AnvandningsFel(f"{fil} går inte att läsa. Kontrollera sökväg och behörighet.") from fel
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as fel:
        raise AnvandningsFel(f"{fil} är inget spår, eller är skadad. Skriv rapporten på nytt, så skrivs {SPAR} också.") from fel


def tal_i(text: str) -> list[str]:
    """Talen i en text i jämförbar form: ``ett underskott på 1 234,5 mnkr`` ger ``["1234,5"]``. Alla slags minus och mellanslag godtas."""
    enkel = text.replace(MINUS, "-").replace("\u2013", "-").replace(NBSP, " ").replace("\u202f", " ")
    return [t.replace(" ", "") for t in _TAL.findall(enkel)]


def _siffra(adress: str, post: Mapping[str, Any]) -> Siffra:
    kallor = [(str(k), v) for k, v in post.get("kallor", ())] or [(str(k), str(v)) for k, v in post.get("uppgifter", ())]
    if "kalla" in post:
        kallor = [(str(post["kalla"]), str(post["visas"]))]
    visas, tal = str(post.get("visas", "")), post.get("tal")
    return Siffra(
        adress,
        visas,
        Decimal(tal) if tal is not None else _enda_talet(visas),
        post.get("varde"),
        str(post.get("steg", "")),
        tuple(post.get("delar", ())),
        tuple(kallor),
        post.get("enhet"),
        tryckt="visas" in post,
    )


def _enda_talet(visas: str) -> Decimal | None:
    funna = tal_i(visas)
    return Decimal(funna[0].replace(",", ".")) if len(funna) == 1 and len(visas) <= _UTDRAG else None
