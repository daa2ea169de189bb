"""Flerårsöversiktens siffror för ett år, för kommunen och koncernen, i hela tusental kronor och i procent med en decimal.

Koncernen räknas här på egen hand ur enheternas siffror, så att rapportens sammanställda räkenskaper har något att jämföras med:
ett företag räknas med kommunens andel, och ett mellanhavande med produkten av de bådas andelar.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from exempel.koncern import Koncern
from exempel.underlag import FORSTA_AR, summor
from kommunrapport.karna.belopp import dela
from kommunrapport.karna.period import Period
from kommunrapport.mall.koncernenheter import kommunens_andel
from kommunrapport.mall.organisation import Organisation

Rader: TypeAlias = dict[str, int | Decimal]
_SKULDER = ("avs_pensioner", "avs_andra", "langfristiga", "kortfristiga")
_EGET_KAPITAL = ("aktiekapital", "fonder", "balanserat", "ek_ingaende", "arets_resultat")
_EJ_KOSTNADER = ("avskrivningar", "fin_intakter", "fin_kostnader", "dispositioner", "skatt")
FINANS = "finansforvaltningen"


@dataclass(frozen=True)
class Ekonomi:
    """Det som översiktens mått räknas ur."""

    intakter: Fraction
    kostnader: Fraction
    avskrivningar: Fraction
    resultat: Fraction
    eget_kapital: Fraction
    tillgangar: Fraction
    ansvarsforbindelse: Fraction
    investeringar: Fraction
    laneskuld: Fraction

    def rader(self) -> Rader:
        """Raderna som kommunen och koncernen har gemensamma."""
        return {
            **{rad: _tkr(getattr(self, rad)) for rad in ("intakter", "kostnader", "resultat", "investeringar", "laneskuld")},
            "soliditet": _procent(self.eget_kapital, self.tillgangar),
            "soliditet_pension": _procent(self.eget_kapital - self.ansvarsforbindelse, self.tillgangar),
            "sjalvfinansiering": _procent(self.resultat - self.avskrivningar, self.investeringar),
        }


@dataclass(frozen=True)
class Flerar:
    """Ett år i översikten."""

    koncern: Koncern
    organisation: Organisation
    period: Period

    def rader(self) -> Rader:
        """Kommunens rader och koncernens, med k_ före; folkmängd och skattesats står i bokslut.toml."""
        kommun = self._kommun()
        resultat = self.koncern.underlag.resultatutfall(self.period)
        egna: Rader = {
            "nettokostnader": summor(resultat)["nettokostnader"],
            "skatter": resultat["skatt"] + resultat["statsbidrag"],
            "anstallda": self._anstallda("namnd"),
            "sjukfranvaro": self._sjukfranvaro(),
        }
        koncernens = {**self._koncernen(kommun).rader(), "anstallda": self._anstallda("namnd", "bolag", "forbund")}
        return {**kommun.rader(), **egna, **{f"k_{rad}": varde for rad, varde in koncernens.items()}}

    def _kommun(self) -> Ekonomi:
        underlag, period = self.koncern.underlag, self.period
        resultat, balans = underlag.resultatutfall(period), underlag.balans(period)
        bidrag = sum(underlag.investeringsbidrag(Period(ar, 12)) for ar in range(FORSTA_AR, period.ar + 1))
        belopp = (
            *(resultat[rad] for rad in ("intakter", "kostnader", "avskrivningar")),
            sum(resultat.values()),
            balans["ek_ingaende"] + balans["arets_resultat"],
            sum(balans[rad] for rad in ("ek_ingaende", "arets_resultat", *_SKULDER)),
            balans["pensionsforpliktelser"],
            underlag.investeringsutgifter(period) - underlag.investeringsbidrag(period),
            balans["langfristiga"] - bidrag,
        )
        return Ekonomi(*map(Fraction, belopp))

    def _koncernen(self, kommun: Ekonomi) -> Ekonomi:
        salt, lan, vinst = self._interna("salt"), self._interna("lan_till"), self._for_hand("resultat", "intakter")
        forvarvat = sum(Fraction(f["eget_kapital"]) * Fraction(f["andel"]) / 100 for f in self.koncern.underlag.forvarv())
        return Ekonomi(
            kommun.intakter + self._andelar(lambda e: sum(self._utfall(e)[rad] for rad in self.koncern.form(e)["intakter"])) - salt + vinst,
            kommun.kostnader + self._andelar(self._kostnader) + salt,
            kommun.avskrivningar + self._andelar(lambda e: self._utfall(e)["avskrivningar"]),
            kommun.resultat + self._andelar(self._resultat) - self._interna("utdelning_till") + vinst,
            kommun.eget_kapital + self._andelar(self._eget_kapital) - forvarvat + vinst,
            kommun.tillgangar + self._andelar(self._tillgangar) - self._interna("fordran") - lan - forvarvat + vinst,
            kommun.ansvarsforbindelse,
            kommun.investeringar - self._andelar(self._investeringar) - self._for_hand("kassaflode", "inv_materiella"),
            kommun.laneskuld + self._andelar(lambda e: self._balans(e)["langfristiga"]) - lan,
        )

    # Ett företag -----------------------------------------------------------------------------------------------

    def _utfall(self, enhet: str) -> Mapping[str, int]:
        return self.koncern.utfall(enhet, self.period)

    def _balans(self, enhet: str) -> Mapping[str, int]:
        return self.koncern.balans(enhet, self.period)

    def _kostnader(self, enhet: str) -> int:
        ej = (*self.koncern.form(enhet)["intakter"], *_EJ_KOSTNADER)
        return sum(belopp for rad, belopp in self._utfall(enhet).items() if rad not in ej)

    def _resultat(self, enhet: str) -> Fraction:
        """Årets resultat utan bokslutsdispositioner, med uppskjuten skatt på dem."""
        utfall = self._utfall(enhet)
        return sum(utfall.values()) - utfall.get("dispositioner", 0) * self._efter_skatt

    def _eget_kapital(self, enhet: str) -> Fraction:
        balans = self._balans(enhet)
        return sum(balans.get(rad, 0) for rad in _EGET_KAPITAL) + balans.get("obeskattade", 0) * self._efter_skatt

    def _tillgangar(self, enhet: str) -> int:
        form, balans = self.koncern.form(enhet), self._balans(enhet)
        return sum(balans[rad] for rad in (*form["anlaggningar"], *form["tillgangar"], "kassa"))

    def _investeringar(self, enhet: str) -> int:
        return self.koncern.kassaflode(enhet, self.period)["inv_materiella"]

    @property
    def _efter_skatt(self) -> Fraction:
        return 1 - Fraction(self.koncern.data["skattesats"], 1000)

    # Koncernen -------------------------------------------------------------------------------------------------

    def _andel(self, enhet: str) -> Fraction:
        return Fraction(1) if enhet == FINANS else kommunens_andel(self.organisation, self.organisation.enhet_med_id(enhet), self.period.slut)

    def _andelar(self, belopp: Callable[[str], int | Fraction]) -> Fraction:
        foretag = self.organisation.med_slag("bolag", "forbund")
        return sum((self._andel(e.id) * belopp(e.id) for e in foretag), Fraction(0))

    def _interna(self, post: str) -> Fraction:
        return sum((self._andel(givare) * self._andel(mottagare) * belopp for givare, mottagare, belopp in self._poster(post)), Fraction(0))

    def _poster(self, sokt: str) -> Iterator[tuple[str, str, int]]:
        for enhet in (FINANS, *(e.id for e in self.organisation.med_slag("bolag", "forbund"))):
            rader = {**self.koncern.internresultat(enhet, self.period), **self.koncern.internbalans(enhet, self.period)}
            for rad, belopp in rader.items():
                motpart, _, post = rad.rpartition(".")
                if post == sokt:
                    yield enhet, motpart, belopp

    def _for_hand(self, rakning: str, post: str) -> int:
        rader = self.koncern.underlag.elimineringar(self.period)
        return sum(int(r["belopp"]) for r in rader if (r["rakning"], r["post"]) == (rakning, post))

    # Personal --------------------------------------------------------------------------------------------------

    def _anstallda(self, *slag: str) -> int:
        return sum(self.koncern.underlag.personal(e.id, self.period)["anstallda"] for e in self.organisation.med_slag(*slag))

    def _sjukfranvaro(self) -> Decimal:
        timmar = [self.koncern.underlag.sjukfranvaro(e.id, self.period)["totalt"] for e in self.organisation.med_slag("namnd")]
        return _procent(Fraction(sum(sjuk for _, sjuk in timmar)), Fraction(sum(tid for tid, _ in timmar)))


def _tkr(belopp: Fraction) -> int:
    return dela(belopp.numerator, belopp.denominator)


def _procent(taljare: Fraction, namnare: Fraction) -> Decimal:
    return Decimal(_tkr(taljare * 1000 / namnare)) / 10
