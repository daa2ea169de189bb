"""Energibolagets SIE-filer (typ 2): bokföringens saldon i kronor och öre, som avrundade är bokens belopp i tkr.

Kontona står i kontoplan.toml och radernas belopp räknas i koncern.py. Debet är plus och kredit minus, i hela öre.
"""

import tomllib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from exempel.koncern import Koncern
from exempel.underlag import FORSTA_AR
from kommunrapport.karna.belopp import dela
from kommunrapport.karna.period import Period
from kommunrapport.mall.organisation import Enhetspost

Saldon: TypeAlias = dict[str, int]
"""Konto → öre."""
_ORE_PER_TKR = 100_000
_MINST, _SPANN = 2_000, 38_000
"""En rad ligger 20–400 kronor från hela tusental. Tecknen växlar, så att raderna tillsammans gör det också."""
_RESULTATSPANN = 8_000
"""Årets resultat ligger högst 80 kronor från hela tusental, för det läggs år efter år till balanserad vinst."""
_KONTOTYPER = {"1": "T", "2": "S", "3": "I", "83": "I"}
"""Tillgång, skuld och intäkt; de andra kontona är kostnader."""
_BALANS, _RESULTAT = "12", "345678"
"""Kontoklasser."""


@dataclass(frozen=True)
class Sieunderlag:
    """Bolagets kontoplan och siffror. ``data`` är kontoplan.toml."""

    data: Mapping[str, Any]
    koncern: Koncern

    @classmethod
    def las(cls, fil: Path, koncern: Koncern) -> "Sieunderlag":
        """Underlaget ur kontoplan.toml."""
        return cls(tomllib.loads(fil.read_text(encoding="utf-8")), koncern)

    def lamnas(self, enhet: str, period: Period) -> bool:
        """Om enheten lämnar en SIE-fil för perioden."""
        return bool(enhet == self.enhet and str(period) in self.data["skapad"])

    def fil(self, enhet: Enhetspost, period: Period) -> bytes:
        """Hela filen: CP437, CRLF och kontrollsumma."""
        summerade = list(self._poster(enhet, period))
        summa = zlib.crc32("".join(text for post in summerade for text in post if text != "{}").encode("cp437"))
        poster = [("#FLAGGA", "0"), ("#KSUMMA",), *summerade, ("#KSUMMA", str(summa))]
        return "".join(f"{' '.join(map(_citerat, post))}\r\n" for post in poster).encode("cp437")

    @property
    def enhet(self) -> str:
        enhet: str = self.data["enhet"]
        return enhet

    # Poster ------------------------------------------------------------------------------------------------------

    def _poster(self, enhet: Enhetspost, period: Period) -> Iterator[tuple[str, ...]]:
        yield "#PROGRAM", *self.data["program"]
        yield "#FORMAT", "PC8"
        yield "#GEN", _dag(self.data["skapad"][str(period)])
        yield "#SIETYP", "2"
        yield "#ORGNR", f"{enhet.orgnr[:6]}-{enhet.orgnr[6:]}"
        yield "#FNAMN", enhet.namn
        for arsnr, ar in (("0", period.ar), ("-1", period.ar - 1)):
            yield "#RAR", arsnr, _dag(date(ar, 1, 1)), _dag(date(ar, 12, 31))
        yield "#TAXAR", str(period.ar + 1)
        yield "#OMFATTN", _dag(period.slut)
        yield "#KPTYP", "EUBAS97"
        yield "#VALUTA", "SEK"
        for konto, namn in self._konton():
            yield "#KONTO", konto, namn
            yield "#KTYP", konto, next((typ for borjan, typ in _KONTOTYPER.items() if konto.startswith(borjan)), "K")
        aren = (("0", period), ("-1", period.bokslut_fg_ar))
        for arsnr, p in aren:
            yield from (("#IB", arsnr, *saldo) for saldo in _belopp(self._saldon(p.bokslut_fg_ar), _BALANS))
        for arsnr, p in aren:
            yield from (("#UB", arsnr, *saldo) for saldo in _belopp(self._saldon(p), _BALANS))
        for arsnr, p in aren:
            yield from (("#RES", arsnr, *saldo) for saldo in _belopp(self._saldon(p), _RESULTAT))
        for arsnr, p in aren:
            yield from self._manader(arsnr, p)

    def _konton(self) -> list[tuple[str, str]]:
        konton = {post[0]: post[1] for rakning in ("resultat", "balans") for rad in self.data[rakning].values() for post in rad}
        return sorted({**konton, **dict(self.data["arets_resultat"][k] for k in ("konto", "motkonto"))}.items())

    def _manader(self, arsnr: str, till: Period) -> Iterator[tuple[str, ...]]:
        fore = {k: ore for k, ore in self._saldon(till.bokslut_fg_ar).items() if k[0] in _BALANS}
        for period in (Period(till.ar, manad) for manad in range(1, till.manad + 1)):
            saldon = self._saldon(period)
            andring = {k: saldon.get(k, 0) - fore.get(k, 0) for k in {*saldon, *fore}}
            for konto, belopp in _belopp(andring, _BALANS + _RESULTAT):
                yield "#PSALDO", arsnr, _dag(period.slut)[:6], konto, "{}", belopp
            fore = saldon

    # Saldon ------------------------------------------------------------------------------------------------------

    def _saldon(self, period: Period) -> Saldon:
        """Balanskontonas saldo vid periodens slut och resultatkontonas summa från årets början. Summan är noll."""
        resultat, balans = self._resultat(period), self._balans(period)
        arets, motkonto = (self.data["arets_resultat"][k][0] for k in ("konto", "motkonto"))
        if period.manad == 12:
            return {**balans, **resultat, arets: sum(resultat.values()), motkonto: -sum(resultat.values())}
        if period.manad < self.data["arets_resultat"]["stamma"]:
            fjol = sum(self._resultat(period.bokslut_fg_ar).values())
            (fritt,) = self.data["balans"]["balanserat"]
            return {**balans, **resultat, arets: fjol, fritt[0]: balans[fritt[0]] - fjol}
        return {**balans, **resultat}

    def _resultat(self, period: Period) -> Saldon:
        """Resultatkontona före bokslut."""
        rader = {rad: -tkr * _ORE_PER_TKR for rad, tkr in self.koncern.utfall(self.enhet, period).items()}
        ojamna = self._ojamna("resultat", rader, period, 0)
        ojamna["skatt"] += _slump(period, "resultatet", 2 * _RESULTATSPANN) - _RESULTATSPANN - sum(ojamna.values())
        return self._fordelat("resultat", {rad: ore + ojamna[rad] for rad, ore in rader.items()}, {})

    def _balans(self, period: Period) -> Saldon:
        """Balanskontona utan årets resultat. Företagskontot är det som återstår, så som kassan är i boken."""
        tkr = self.koncern.balans(self.enhet, period)
        kredit = tuple(rad for rad, konton in self.data["balans"].items() if konton[0][0].startswith("2"))
        rader = {rad: tkr[rad] * _ORE_PER_TKR * (-1 if rad in kredit else 1) for rad in self.data["balans"]}
        arsslut = [Period(ar, 12) for ar in range(FORSTA_AR, period.ar)]
        rader["balanserat"] += sum(self._resultatets_oren(p) for p in arsslut)
        bundna = self._resultatets_oren(period) + sum(self._resultatets_oren(p) for p in arsslut)
        ojamna = self._ojamna("balans", rader, period, bundna)
        summerade = {rad: ore + ojamna[rad] for rad, ore in rader.items()}
        resultat = sum(self._resultat(period).values())
        summerade["kassa"] -= sum(summerade.values()) + resultat
        return self._fordelat("balans", summerade, self._avskrivet([*arsslut, period]))

    def _resultatets_oren(self, period: Period) -> int:
        """Det som årets resultat i bokföringen skiljer från bokens."""
        return sum(self._resultat(period).values()) + sum(self.koncern.utfall(self.enhet, period).values()) * _ORE_PER_TKR

    def _ojamna(self, rakning: str, rader: Iterable[str], period: Period, summa: int) -> Saldon:
        """Rad → öre från hela tusental. ``summa`` är det som de redan tillsammans skiljer."""
        ojamna = {}
        for rad in rader:
            ore = 0 if rad in {*self.data["jamna"][rakning], "balanserat", "kassa", "skatt"} else _MINST + _slump(period, rad, _SPANN)
            ojamna[rad] = -ore if summa > 0 else ore
            summa += ojamna[rad]
        return ojamna

    def _avskrivet(self, perioder: Iterable[Period]) -> Saldon:
        """Avskrivningskonto → summan sedan 2021."""
        summor: Saldon = {}
        for period in perioder:
            for konto, ore in self._resultat(period).items():
                summor[konto] = summor.get(konto, 0) + ore
        return summor

    def _fordelat(self, rakning: str, rader: Mapping[str, int], avskrivet: Mapping[str, int]) -> Saldon:
        """Radernas belopp på konton; det första kontot på raden är det som återstår."""
        saldon: Saldon = {}
        for rad, ore in rader.items():
            forsta, *andra = self.data[rakning][rad]
            delar = {konto: _del(ore, matt, avskrivet) for konto, _, matt in andra}
            saldon |= {forsta[0]: ore - sum(delar.values()), **delar}
        return saldon


def _del(ore: int, matt: int | Mapping[str, Any], avskrivet: Mapping[str, int]) -> int:
    """Kontots del av raden: promille, eller det som är avskrivet."""
    if isinstance(matt, int):
        return dela(ore * matt, 1000)
    return -int(matt["fore"]) * _ORE_PER_TKR - avskrivet[matt["avskrivning"]]


def _slump(period: Period, rad: str, spann: int) -> int:
    """Samma tal varje gång för samma period och rad."""
    return zlib.crc32(f"{period} {rad}".encode()) % spann


def _belopp(saldon: Saldon, klasser: str) -> Iterator[tuple[str, str]]:
    """Kontona i klasserna i nummerordning, utom dem utan belopp."""
    for konto, ore in sorted(saldon.items()):
        if ore and konto[0] in klasser:
            yield konto, f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def _dag(dag: date) -> str:
    return f"{dag:%Y%m%d}"


def _citerat(text: str) -> str:
    return f'"{text}"' if " " in text else text
