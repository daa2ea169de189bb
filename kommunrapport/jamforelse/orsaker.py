"""Varför en siffra skiljer mellan två körningar: en läst cell, ett deklarerat steg eller vilka som har lämnat."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kommunrapport.jamforelse.modell import Orsak
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.sprak import formatera, genitiv, rakna_upp
from kommunrapport.rapport.sparfil import Siffra, Spar, delad

_MEST_DELAR = 4
_UTDRAG = 80
_INGET_TAL = "(inget tal)"
KOMMUNFIL = "kommun.toml"


@dataclass(frozen=True)
class Orsakssokning:
    """Två spår för samma period."""

    fore: Spar
    efter: Spar

    def orsaker(self, adress: str) -> tuple[Orsak, ...]:
        """Orsakerna till att siffran skiljer: först de lästa cellerna, annars stegen. Tomt när spåren inte visar någon."""
        ledda = list(self._leder(adress))
        grupper: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for led in ledda:
            for orsak, storlek, detalj in self._lasta(led):
                grupper.setdefault(orsak, []).append((-storlek, detalj))
        steg = [(0, d) for led in ledda if (d := self._steg(led, delar=not grupper))]
        if steg:
            grupper.setdefault((self._mallen(), ""), []).extend(steg)
        return tuple(Orsak(kort, fil, _storst_forst(detaljer)) for (kort, fil), detaljer in grupper.items())

    def _leder(self, adress: str) -> Iterator[str]:
        """Siffran och alla siffror som den räknas av, före eller efter."""
        sedda, kvar = {adress}, [adress]
        while kvar:
            led = kvar.pop()
            yield led
            for spar in (self.fore, self.efter):
                nya = [d for d in spar.siffror[led].delarnas_adresser if d not in sedda] if led in spar.siffror else []
                sedda.update(nya)
                kvar += nya

    def _lasta(self, adress: str) -> Iterator[tuple[tuple[str, str], int, str]]:
        """Orsak och fil, hur stor skillnaden är, och cellen före och efter, för varje läst cell som skiljer."""
        a, b = (_lasta_i(spar, adress) for spar in (self.fore, self.efter))
        for id_ in dict.fromkeys([*a, *b]):
            (kalla_a, varde_a), (kalla_b, varde_b) = a.get(id_, ("", None)), b.get(id_, ("", None))
            if varde_a == varde_b:
                continue
            storlek = abs((varde_b if isinstance(varde_b, int) else 0) - (varde_a if isinstance(varde_a, int) else 0))
            olasta = [] if kalla_a and kalla_b else list(self._olasta(id_, a or b, nu=bool(kalla_a)))
            yield from ((orsak, storlek, detalj) for orsak, detalj in olasta)
            if not olasta:
                fil = fil_i(self.efter, kalla_b) if kalla_b else fil_i(self.fore, kalla_a)
                plats = (kalla_b or kalla_a).removeprefix(f"{fil} ")
                visade = self._visade(kalla_a, varde_a, kalla_b, varde_b)
                yield (self._kort(adress, kalla_a, kalla_b), fil), storlek, f"{plats}: {' → '.join(visade)}"

    def _olasta(self, uppgift: str, lasta: Mapping[str, tuple[str, int | str]], *, nu: bool) -> Iterator[tuple[tuple[str, str], str]]:
        """Orsak och fil, och cellen före och efter, för de celler som inte går att läsa och därför gör att uppgiften inte räknas.

        ``lasta`` är det som siffran räknas av i den andra körningen; ``nu`` är om det är den nya som inte går att läsa.
        """
        har, saknar, index = (self.fore, self.efter, self._olasta_i[1]) if nu else (self.efter, self.fore, self._olasta_i[0])
        samma = index.get(_utan_rad(uppgift), ())
        egna = [post for post in samma if post[1] in lasta]
        for kalla, id_, text in egna or [post for post in samma if uppgift in saknar.uppgifter.values()]:
            fil = fil_i(saknar, kalla)
            kalla_har, varde = lasta.get(id_, ("", None))
            fanns, finns = har.lasta.get(kalla_har) or _visat(varde), f"”{text}”" if text else _INGET_TAL
            bok = f"i {genitiv(self._namn(_enhet(saknar, fil)))} bok"
            kort = f"{bok} saknas läsbara tal, och siffror som räknas av dem är inte med" if nu else f"{bok} saknades förut läsbara tal"
            yield (kort, fil), f"{kalla.removeprefix(f'{fil} ')}: {f'{fanns} → {finns}' if nu else f'{finns} → {fanns}'}"

    @cached_property
    def _olasta_i(self) -> tuple[Mapping[tuple[str, str, str], Sequence[tuple[str, str, str]]], ...]:
        """Före och efter: enhet, tabell och kolumn → cellerna utan läsbart tal, med sina uppgifter och det som står där."""
        index: tuple[dict[tuple[str, str, str], list[tuple[str, str, str]]], ...] = ({}, {})
        for spar, per in zip((self.fore, self.efter), index, strict=True):
            for kalla, (uppgift, text) in spar.underlag.get("olasta", {}).items():
                per.setdefault(_utan_rad(uppgift), []).append((kalla, uppgift, text))
        return index

    def _visade(self, kalla_a: str, varde_a: int | str | None, kalla_b: str, varde_b: int | str | None) -> tuple[str, str]:
        """Det lästa så som det står i cellerna; det räknade värdet när cellerna är lika, så att skillnaden syns."""
        a, b = self.fore.lasta.get(kalla_a) or _visat(varde_a), self.efter.lasta.get(kalla_b) or _visat(varde_b)
        return (a, b) if a != b else (_visat(varde_a), _visat(varde_b))

    def _kort(self, adress: str, kalla_a: str, kalla_b: str) -> str:
        fil_a, fil_b = fil_i(self.fore, kalla_a) or fil_i(self.fore, kalla_b), fil_i(self.efter, kalla_b) or fil_i(self.efter, kalla_a)
        enhet = _enhet(self.efter, fil_b) or _enhet(self.fore, fil_a)
        if not (kalla_a and kalla_b) and (bytt := self._bytta.get(enhet or self._radens_enhet(adress, kalla_a, kalla_b))):
            return bytt
        namn = self._namn(enhet)
        summor = _summa(self.fore, fil_a), _summa(self.efter, fil_b)
        if summor[0] and summor[0] == summor[1]:
            return self._mallen()
        return f"{namn} har lämnat på nytt" if namn else f"{fil_b or fil_a or kalla_b or kalla_a} har ändrats"

    def _radens_enhet(self, adress: str, kalla_a: str, kalla_b: str) -> str:
        """Enheten som en rad i en gemensam fil hör till: den räknas med först när enheten har lämnat."""
        uppgift = self.efter.uppgifter.get(kalla_b) or self.fore.uppgifter.get(kalla_a)
        tabell, rad, _ = delad(adress)
        mojliga = [uppgift.partition(".")[0]] if uppgift else [rad.partition(".")[0], tabell.partition("-")[2]]
        return next((e for e in mojliga if e in self._bytta), "")

    @cached_property
    def _bytta(self) -> Mapping[str, str]:
        """Enheterna som har lämnat i den ena körningen men inte i den andra → vad som har hänt."""
        fore, efter = (set(spar.underlag.get("saknas", ())) for spar in (self.fore, self.efter))
        return {e: f"{self._namn(e)} {'har lämnat' if e in fore else 'saknas nu'}" for e in sorted(fore ^ efter)}

    def _namn(self, enhet: str) -> str:
        return str(self.efter.underlag.get("enheter", {}).get(enhet) or self.fore.underlag.get("enheter", {}).get(enhet, ""))

    def _steg(self, adress: str, *, delar: bool) -> str:
        """Det deklarerade steget före och efter när det skiljer; med ``delar`` också när bara delarna gör det."""
        a, b = self.fore.siffror.get(adress), self.efter.siffror.get(adress)
        if a is None or b is None or (_ar_text(a) and _ar_text(b)):
            return ""
        if a.steg != b.steg:
            return f"{self.efter.plats(adress)}: {a.steg} → {b.steg}"
        if not delar or sorted(a.delar) == sorted(b.delar):
            return ""
        return f"{self.efter.plats(adress)}: {_formel(self.fore, a)} → {_formel(self.efter, b)}"

    def _mallen(self) -> str:
        program = [spar.underlag.get("program", "") for spar in (self.fore, self.efter)]
        if program[0] != program[1]:
            return f"programmet är ett annat ({program[0] or 'okänd version'} → {program[1] or 'okänd version'})"
        andrade = andrade_mallar(self.fore, self.efter)
        if andrade:
            return f"{andrade[0]} har ändrats" if len(andrade) == 1 else "mallarna har ändrats"
        if _summa(self.fore, KOMMUNFIL) != _summa(self.efter, KOMMUNFIL):
            return f"{KOMMUNFIL} har ändrats"
        return rakna_upp(list(self._bytta.values())) or "siffran räknas på ett annat sätt"


def andrade_mallar(fore: Spar, efter: Spar) -> list[str]:
    """Mallfilerna vars innehåll skiljer."""
    a, b = (spar.underlag.get("mallar", {}) for spar in (fore, efter))
    return sorted(vag for vag in {*a, *b} if a.get(vag) != b.get(vag)) if a and b else []


def fil_i(spar: Spar, kalla: str) -> str:
    """Filen i en källa skriven ``FIL BLAD!CELL``: den längsta kända som källan börjar med."""
    return max((fil for fil in spar.underlag.get("filer", {}) if kalla.startswith(f"{fil} ")), key=len, default="")


def _utan_rad(uppgift: str) -> tuple[str, str, str]:
    """Uppgiftens enhet, tabell och kolumn; radens beteckning kan ha punkter."""
    enhet, _, rest = uppgift.partition(".")
    return enhet, rest.partition(".")[0], rest.rpartition(".")[2]


def _enhet(spar: Spar, fil: str) -> str:
    return str(spar.underlag.get("filer", {}).get(fil, {}).get("enhet", ""))


def _summa(spar: Spar, fil: str) -> str:
    return str(spar.underlag.get("filer", {}).get(fil, {}).get("sha256", ""))


def _lasta_i(spar: Spar, adress: str) -> dict[str, tuple[str, int | str]]:
    """Uppgift → (cell, värde). Uppgiften är densamma när cellen eller filen har bytt plats eller namn."""
    siffra = spar.siffror.get(adress)
    if siffra is None:
        return {}
    ensam = len(siffra.kallor) == 1 and _ar_text(siffra)
    lasta: dict[str, tuple[str, int | str]] = {}
    for kalla, varde in siffra.kallor:
        fil = fil_i(spar, kalla) if not ensam and kalla not in spar.uppgifter else ""
        id_ = "" if ensam else spar.uppgifter.get(kalla) or f"{_enhet(spar, fil) or fil}{kalla.removeprefix(fil)}"
        while id_ in lasta:
            id_ += "+"
        lasta[id_] = kalla, varde
    return lasta


def _formel(spar: Spar, s: Siffra) -> str:
    """``Prognos − Budget``: delarna med det i sina namn som skiljer dem från siffran."""
    egna, termer = spar.rubriker(s.adress), []
    for del_ in s.delar[:_MEST_DELAR]:
        namn = [ord_ for ord_, eget in zip(spar.rubriker(del_.removeprefix("-")), egna, strict=True) if ord_ and ord_ != eget]
        termer.append(("− " if del_.startswith("-") else "+ ") + ", ".join(namn))
    resten = f" och {len(s.delar) - _MEST_DELAR} till" if len(s.delar) > _MEST_DELAR else ""
    return " ".join(termer).removeprefix("+ ") + resten


def _ar_text(s: Siffra) -> bool:
    return s.varde is None and not s.delar


def _visat(varde: int | str | None) -> str:
    if varde is None:
        return "(inget)"
    if isinstance(varde, str):
        return f"”{varde if len(varde) <= _UTDRAG else varde[:_UTDRAG].rstrip() + ' …'}”"
    return formatera(varde, 2) if varde % HUNDRADELAR else formatera(varde // HUNDRADELAR, 0)


def _storst_forst(detaljer: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sys.intern(detalj) for _, detalj in sorted(detaljer, key=lambda par: par[0])))
