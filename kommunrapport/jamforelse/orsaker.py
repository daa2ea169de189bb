"""Varför en siffra skiljer mellan två körningar: en läst cell, ett deklarerat steg eller vilka som har lämnat."""

from collections.abc import Iterator
from dataclasses import dataclass

from kommunrapport.jamforelse.modell import Orsak
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.sprak import formatera
from kommunrapport.rapport.sparfil import Siffra, Spar

_MEST_CELLER, _MEST_DELAR = 20, 4
_UTDRAG = 80


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
        return tuple(Orsak(kort, fil, _hogst(detaljer)) for (kort, fil), detaljer in grupper.items())

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
            if varde_a != varde_b:
                fil = fil_i(self.efter, kalla_b) if kalla_b else fil_i(self.fore, kalla_a)
                storlek = abs((varde_b if isinstance(varde_b, int) else 0) - (varde_a if isinstance(varde_a, int) else 0))
                plats = (kalla_b or kalla_a).removeprefix(f"{fil} ")
                yield (self._kort(kalla_a, kalla_b), fil), storlek, f"{plats}: {_visat(varde_a)} → {_visat(varde_b)}"

    def _kort(self, kalla_a: str, kalla_b: str) -> str:
        fil_a, fil_b = fil_i(self.fore, kalla_a) or fil_i(self.fore, kalla_b), fil_i(self.efter, kalla_b) or fil_i(self.efter, kalla_a)
        enhet = _enhet(self.efter, fil_b) or _enhet(self.fore, fil_a)
        namn = self.efter.underlag.get("enheter", {}).get(enhet) or self.fore.underlag.get("enheter", {}).get(enhet, "")
        if enhet and enhet in self.fore.underlag.get("saknas", ()):
            return f"{namn} har lämnat"
        if enhet and enhet in self.efter.underlag.get("saknas", ()):
            return f"{namn} saknas nu"
        summor = _summa(self.fore, fil_a), _summa(self.efter, fil_b)
        if summor[0] and summor[0] == summor[1]:
            return self._mallen()
        return f"{namn} har lämnat på nytt" if namn else f"{fil_b or fil_a or kalla_b or kalla_a} har ändrats"

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
        return f"{andrade[0]} har ändrats" if len(andrade) == 1 else "mallarna har ändrats" if andrade else "siffran räknas på ett annat sätt"


def andrade_mallar(fore: Spar, efter: Spar) -> list[str]:
    """Mallfilerna vars innehåll skiljer."""
    a, b = (spar.underlag.get("mallar", {}) for spar in (fore, efter))
    return sorted(vag for vag in {*a, *b} if a.get(vag) != b.get(vag)) if a and b else []


def fil_i(spar: Spar, kalla: str) -> str:
    """Filen i en källa skriven ``FIL BLAD!CELL``: den längsta kända som källan börjar med."""
    return max((fil for fil in spar.underlag.get("filer", {}) if kalla.startswith(f"{fil} ")), key=len, default="")


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


def _hogst(detaljer: list[tuple[int, str]]) -> tuple[str, ...]:
    unika = list(dict.fromkeys(detalj for _, detalj in sorted(detaljer, key=lambda par: par[0])))
    return (*unika[:_MEST_CELLER], *([f"… och {len(unika) - _MEST_CELLER} till"] if len(unika) > _MEST_CELLER else []))
