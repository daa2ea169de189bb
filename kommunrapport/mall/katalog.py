"""Anmärkningskatalogen: en kods allvar och de meningar som användaren möter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kommunrapport.karna.anmarkning import FOLJDER, Allvar, Anmarkning, sla_samman
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall import lasning
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Katalogpost, Lagrum

_FORMER = {
    Allvar.STOPP: ("stopp", "stopp"),
    Allvar.FEL: ("fel", "fel"),
    Allvar.VARNING: ("varning", "varningar"),
    Allvar.UPPLYSNING: ("upplysning", "upplysningar"),
}
LANGST = 80
"""Så mycket av en cells text står i en mening. Hela texten står i anmärkningslistan."""


@dataclass(frozen=True)
class Katalog:
    """Alla koder och lagrum."""

    poster: Mapping[str, Katalogpost]
    lagrum: Mapping[str, Lagrum]

    def allvar(self, a: Anmarkning) -> Allvar:
        return a.allvar or Allvar[self.poster[a.kod].allvar.upper()]

    def rubrik(self, a: Anmarkning) -> str:
        return self.poster[a.kod].rubrik

    def mening(self, a: Anmarkning) -> str:
        return self.poster[a.kod].mening.format_map(self._fakta(a)) + a.fakta.get(FOLJDER, "")

    def foljd(self, a: Anmarkning) -> str:
        """Meningen om anmärkningen när den visas hos sin orsak."""
        return self.poster[a.kod].foljd.format_map(self._fakta(a))

    def gor_sa(self, a: Anmarkning) -> str:
        return self.poster[a.kod].gor_sa.format_map(self._fakta(a))

    def lag(self, a: Anmarkning) -> str:
        lagrum = self.poster[a.kod].lagrum
        return self.lagrum[lagrum].namn if lagrum else ""

    def slagna(self, anmarkningar: Iterable[Anmarkning]) -> tuple[Anmarkning, ...]:
        """Anmärkningarna så som de visas: samma sak på flera celler är en."""
        samlade, helt = ({kod for kod, post in self.poster.items() if post.samla == hur} for hur in (True, "helt"))
        return sla_samman(anmarkningar, samlade, helt)

    def antal(self, anmarkningar: Iterable[Anmarkning]) -> dict[Allvar, int]:
        """Antalet anmärkningar per allvar, de värsta först."""
        alla = [self.allvar(a) for a in anmarkningar]
        return {allvar: alla.count(allvar) for allvar in sorted(Allvar, reverse=True)}

    def rakning(self, anmarkningar: Iterable[Anmarkning]) -> str:
        """``2 fel, 1 varning och 3 upplysningar``."""
        return rakna_upp([f"{n} {_FORMER[allvar][n > 1]}" for allvar, n in self.antal(anmarkningar).items() if n])

    def sammanfattning(self, anmarkningar: Sequence[Anmarkning]) -> str:
        """``Kontrollen gav 2 fel och 3 upplysningar, varav 1 besvarad med förklaring eller undantag.``"""
        if not anmarkningar:
            return "Kontrollen gav inga anmärkningar."
        besvarade = sum(1 for a in anmarkningar if a.svar)
        tillagg = f", varav {besvarade} besvarad{'e' if besvarade > 1 else ''} med förklaring eller undantag" if besvarade else ""
        return f"Kontrollen gav {self.rakning(anmarkningar)}{tillagg}."

    def _fakta(self, a: Anmarkning) -> Mapping[str, str]:
        return defaultdict(
            str, {"lamnat": _kort(a.lamnat), "vantat": a.vantat, "skillnad": a.skillnad, "blad": a.plats.blad, "kolumn": a.plats.kolumn, **a.fakta}
        )


def las_katalog(kalla: Mallkalla) -> Katalog:
    """Läser katalogen. Fel: MallFel om en post har brister eller pekar på ett okänt lagrum."""
    lagrum = {k: lasning.tolka(Lagrum, v, f"mallar/lagrum.toml [{k}]") for k, v in kalla.data("lagrum.toml").items()}
    poster = {k: lasning.tolka(Katalogpost, v, f"mallar/anmarkningar.toml [{k}]") for k, v in kalla.data("anmarkningar.toml").items()}
    okanda = sorted({p.lagrum for p in poster.values() if p.lagrum} - set(lagrum))
    if okanda:
        raise MallFel(f"mallar/anmarkningar.toml: lagrummet {', '.join(okanda)} finns inte i mallar/lagrum.toml.")
    orsaker = sorted({kod for p in poster.values() for kod in p.foljd_av} - set(poster))
    if orsaker:
        raise MallFel(f"mallar/anmarkningar.toml: koden {', '.join(orsaker)} i foljd_av finns inte.")
    return Katalog(poster, lagrum)


def _kort(text: str) -> str:
    return text if len(text) <= LANGST else f"{text[:LANGST]} …"
