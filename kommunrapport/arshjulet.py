"""Årshjulet för ett år: dagarna, vad varje rapport innehåller och vad som redan är inlämnat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kommunrapport.berakning.arsplan import Arsplan, Periodplan, Punkt, planera
from kommunrapport.bevarande.arkiv import faststallda_i_loggen
from kommunrapport.inlasning import filer
from kommunrapport.inlasning.uppsikt import har_plan, las_plan
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.arkivmapp import versioner
from kommunrapport.mall.arshjulsmall import innehall, las_profiler, vald_profil
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Omradeslista
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog, las_periodmall
from kommunrapport.mall.uppsiktsmall import las_uppsiktsmall
from kommunrapport.rapport import utmatning


@dataclass(frozen=True)
class Lamnat:
    """Hur många av periodens enheter som har lämnat, och namnen på dem som inte har det."""

    lamnade: int
    enheter: int
    saknas: tuple[str, ...]


@dataclass(frozen=True)
class Arsoversikt:
    """Årsplanen, med områdenas namn och arbetskatalogens inlämningar. ``kommun`` är tomt utan arbetskatalog."""

    plan: Arsplan
    kommun: str
    omraden: Mapping[str, str]
    lamnat: Mapping[Period, Lamnat]
    brister: tuple[str, ...] = ()
    """Det som är fel i planen för uppsikten, en mening var; de raderna är inte med."""

    def innehall(self, p: Periodplan) -> list[str]:
        """Namnen på periodens innehållsområden."""
        return [self.omraden.get(o, o) for o in p.post.omraden]

    def kommando(self, p: Periodplan) -> str:
        return f"kommunrapport {p.post.kommando} --period {p.post.manad_i(p.period.ar)}"

    def som_data(self) -> dict[str, Any]:
        """Hela årsplanen, som JSON."""
        hjul = self.plan.arshjul
        return {
            "profil": hjul.id,
            "namn": hjul.namn,
            "ar": self.plan.ar,
            "kommun": self.kommun,
            "kalla": hjul.kalla,
            "overifierat": list(hjul.overifierat),
            "perioder": [self._period(p) for p in self.plan.perioder],
            "handelser": [_punkt(p) for p in self.plan.handelser],
            "brister": list(self.brister),
        }

    def _period(self, p: Periodplan) -> dict[str, Any]:
        lamnat = self.lamnat.get(p.period)
        return {
            "period": str(p.period),
            "rapport": p.post.rapporttyp,
            "innehall": p.post.innehall,
            "omraden": list(p.post.omraden),
            "kommando": self.kommando(p),
            "lamnat": None if lamnat is None else {"lamnade": lamnat.lamnade, "enheter": lamnat.enheter, "saknas": list(lamnat.saknas)},
            "dagar": [_punkt(punkt) for punkt in p.punkter],
        }


def oversikt(katalog: Path, ar: int, profil: str = "") -> Arsoversikt:
    """Årshjulet för året: arbetskatalogens, eller den angivna profilens. Inlämningarna räknas bara mot katalogens eget årshjul.

    Fel: AnvandningsFel när det varken finns en arbetskatalog eller en profil, eller när profilen är okänd; MallFel.
    """
    arbete = las_arbetskatalog(katalog) if (katalog / "kommun.toml").is_file() else None
    kalla = arbete.mallkalla if arbete else Mallkalla.for_katalog(katalog)
    profiler = las_profiler(kalla)
    if not profil and arbete is None:
        raise AnvandningsFel(
            f"Katalogen {katalog} är ingen arbetskatalog. Ange den med --katalog, eller välj ett årshjul med --profil:",
            *(f"  {p.id}: {innehall(p)}" for p in profiler),
        )
    arshjul = vald_profil(profiler, profil) if profil or arbete is None else arbete.arshjul
    plan = planera(arshjul, ar, las_katalog(kalla).lagrum)
    eget = arbete if arbete and arbete.arshjul == arshjul else None
    uppsikten, brister = _uppsikten(eget, ar) if eget and har_plan(katalog, ar) else ([], ())
    plan = replace(plan, handelser=tuple(sorted([*plan.handelser, *uppsikten], key=lambda p: p.dag)))
    lamnat = {p.period: _lamnat(eget, p.period) for p in plan.perioder if eget and eget.inlamnat(p.period).is_dir()}
    return Arsoversikt(plan, eget.organisation.kommun.namn if eget else "", kalla.las("omraden.toml", Omradeslista).omrade, lamnat, brister)


def _uppsikten(arbete: Arbetskatalog, ar: int) -> tuple[list[Punkt], tuple[str, ...]]:
    """Uppsiktens tillfällen enligt kommunens egen plan, och det som är fel i den. Fel: MallFel."""
    mall = las_uppsiktsmall(arbete.mallkalla, date(ar, 12, 31))
    plan = las_plan(arbete.katalog, ar, arbete.organisation, mall)
    punkter = []
    for nr, kallade in plan.tillfallen.items():
        vad = f"kallar {rakna_upp([k.enhet.namn for k in kallade])} till uppsikten ({nr} av {mall.tillfallen})"
        punkter += [
            Punkt(f"{ar}-uppsikt-{nr}", "uppsikt", dag, "Kommunstyrelsen", vad, kalla=kallade[0].kalla.fil) for dag in {k.dag for k in kallade} if dag
        ]
    return punkter, plan.brister


def oppna_perioder(arbete: Arbetskatalog, idag: date) -> list[Period]:
    """Perioderna som det arbetas med: från dagen då böckerna skickas ut till den sista dagen i årsplanen, om de inte är fastställda."""
    pagar = [p.period for p in _periodplaner(arbete, idag) if _ut(p) <= idag <= p.punkter[-1].dag]
    return [p for p in pagar if not faststalld(arbete, p)]


def nasta_period(arbete: Arbetskatalog, idag: date) -> tuple[Period, date] | None:
    """Perioden vars böcker skickas ut härnäst, och dagen."""
    return min(((p.period, _ut(p)) for p in _periodplaner(arbete, idag) if _ut(p) > idag), key=lambda post: post[1], default=None)


def senast_lamnade(arbete: Arbetskatalog) -> Period | None:
    """Den senaste av årshjulets perioder som det finns inlämningar för."""
    mappar = {mapp.name for mapp in (arbete.katalog / "inlamnat").glob("*") if mapp.is_dir() and any(mapp.iterdir())}
    aren = {int(namn[:4]) for namn in mappar if namn[:4].isdecimal()}
    return max((p for ar in aren for post in arbete.arshjul.period if str(p := post.period(ar)) in mappar and not p.lagesbild), default=None)


def faststalld(arbete: Arbetskatalog, period: Period) -> bool:
    """Om periodens rapport är fastställd, enligt arkivet eller händelseloggen. Fel: OSError."""
    return bool(versioner(arbete.katalog, period)) or str(period) in faststallda_i_loggen(arbete.katalog)


def _periodplaner(arbete: Arbetskatalog, idag: date) -> list[Periodplan]:
    """Perioderna som kan vara öppna eller komma härnäst: årets, förra årets och nästa års."""
    return [p for ar in (idag.year - 1, idag.year, idag.year + 1) for p in planera(arbete.arshjul, ar, {}).perioder]


def _ut(p: Periodplan) -> date:
    return p.post.skickas_ut(p.period.slut)


def skriv_ics(o: Arsoversikt, fil: Path, *, ersatt: bool = False) -> Path:
    """Skriver kalenderfilen. Fel: UtmatningsFel, också när en annan fil finns där och ``ersatt`` inte är sant."""
    from kommunrapport.rapport.kalender import ics_av  # noqa: PLC0415  kalendern laddas bara när den skrivs

    utmatning.skriv_fil(fil, ics_av(o.plan, o.kommun), ersatt=ersatt)
    return fil


def _lamnat(arbete: Arbetskatalog, period: Period) -> Lamnat:
    bocker, _ = filer.i_mappen(arbete.inlamnat(period), arbete.katalog)
    har = {filer.enhet_i(bok, arbete.organisation) for bok in bocker}
    mall = las_periodmall(arbete, period)
    ska = [e for e in arbete.organisation.enhet if mall.blad_for(e)]
    return Lamnat(sum(e.id in har for e in ska), len(ska), tuple(e.namn for e in ska if e.id not in har))


def _punkt(p: Punkt) -> dict[str, Any]:
    return {
        "id": p.id,
        "slag": p.slag,
        "dag": p.dag.isoformat(),
        "i_manaden": p.i_manaden,
        "ledig": p.ledig,
        "vardag_fore": p.vardag_fore.isoformat(),
        "vem": p.vem,
        "vad": p.vad,
        "kalla": p.kalla,
        "tolkat": p.tolkat,
    }
