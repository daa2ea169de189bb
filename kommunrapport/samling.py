"""En periods underlag: mall, beslut, inlämningar och tidigare perioder, lästa en gång."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from kommunrapport.inlasning import filer
from kommunrapport.inlasning.inlamning import Inlamningar, las_inlamningar
from kommunrapport.inlasning.publicerat import Publicerad, las_publicerat, publicerad_fil
from kommunrapport.inlasning.styrning import Styrning, har_styrning, las_styrning
from kommunrapport.kallperiod import Vald, som_lamnar, valda_perioder
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import SAKNAD_KALLBOK, Anmarkning, Plats
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.lagesbild import Tidpunkt, lagesrader
from kommunrapport.mall.motparter import motpartsrader
from kommunrapport.mall.periodmall import FG_PROGNOS, PROGNOSSAKERHET, Arbetskatalog, Periodmall, las_periodmall, prognosnamn
from kommunrapport.mall.uppstallning import ar_med_mal


@dataclass(frozen=True)
class Tidigare:
    """En tidigare periods fakta och beslut."""

    period: Period
    fakta: pd.DataFrame
    styrning: Styrning

    @cached_property
    def allt(self) -> pd.DataFrame:
        """Periodens fakta och beslutens, i en tabell."""
        return fakta.sla_ihop([self.fakta, self.styrning.fakta])


@dataclass(frozen=True)
class Samling:
    """Allt som är läst för en period. ``hel`` är sant när hela periodens mapp är läst, inte bara utpekade filer."""

    arbete: Arbetskatalog
    mall: Periodmall
    styrning: Styrning
    inlamningar: Inlamningar
    tidigare: Mapping[str, Tidigare]
    hel: bool
    valda: Mapping[str, Vald]
    """Perioderna som lägesbilden tar siffror ur; inga för andra rapporter."""

    @property
    def period(self) -> Period:
        return self.mall.period

    @cached_property
    def tider(self) -> dict[str, Tidpunkt]:
        """De senaste perioderna som lägesbilden tar siffror ur."""
        return {namn: self._tidpunkt(self.tidigare[namn], vald) for namn, vald in self.valda.items()}

    def _tidpunkt(self, t: Tidigare, vald: Vald) -> Tidpunkt:
        har, arbete = set(t.fakta["enhet"]), self.arbete
        utan = {e.id: e.namn for e in som_lamnar(arbete, t.period) if e.id not in har}
        rapport = las_periodmall(arbete, t.period).post.rapporttyp if publicerad_fil(arbete.katalog, t.period) else ""
        return Tidpunkt(t.period, rapport, vald.skal, vald.forbi, utan)


def samla(arbete: Arbetskatalog, period: Period, valda: Sequence[Path] | None = None) -> Samling:
    """Läser perioden: de valda filerna, annars hela mappen. Fel: KommunrapportFel när mall eller beslut har brister."""
    mall = las_periodmall(arbete, period)
    styrning = las_beslut(arbete, mall)
    inlamningar = las_inlamningar(arbete, mall, styrning.rader, valda)
    tidigare = _las_tidigare(arbete, period, None if valda is None else inlamningar.lamnat)
    return Samling(arbete, mall, styrning, inlamningar, tidigare, hel=valda is None, valda=valda_perioder(arbete, period) if period.lagesbild else {})


def las_beslut(arbete: Arbetskatalog, mall: Periodmall) -> Styrning:
    """Årets beslut, och de rader som organisationen ger bladen. Fel: MallFel."""
    return _las_beslut(arbete, mall, arbete.katalog)


def _las_beslut(arbete: Arbetskatalog, mall: Periodmall, rot: Path) -> Styrning:
    styrning = las_styrning(rot, mall.period.ar, arbete.organisation, mall.period.slut, visas_fran=arbete.katalog)
    egna = (*motpartsrader(mall, arbete.organisation), *lagesrader(mall, arbete.organisation, styrning.rader))
    return replace(styrning, rader=(*styrning.rader, *egna))


def tidigare_perioder(arbete: Arbetskatalog, period: Period) -> dict[str, Period]:
    """Perioderna som jämförelser hämtas ur: fjolårets, förra bokslutet, årets förra inlämning och årets prognoser; lägesbildens de senaste."""
    if period.lagesbild:
        return {namn: v.period for namn, v in valda_perioder(arbete, period).items()}
    arets, prognoser = arets_perioder(arbete, period), arets_prognoser(arbete, period)
    post = las_periodmall(arbete, period).post
    perioder = {"fg_period": period.samma_fg_ar, "bokslut_fg": period.bokslut_fg_ar}
    for namn, tidigare in (("fg_inlamning", arets), (FG_PROGNOS, prognoser)):
        if tidigare:
            perioder[namn] = tidigare[-1]
    ar = ar_med_mal(arbete.mallkalla, post.kommando, period, post.omraden)
    perioder |= {malnamn(n): period.bokslut_for(n) for n in range(2, ar)}
    return perioder | {prognosnamn(p): p for p in prognoser if post.prognos or PROGNOSSAKERHET in post.omraden}


def malnamn(ar: int) -> str:
    """Vad bokslutet så många år tillbaka heter bland de tidigare perioderna, när dess mål visas."""
    return "bokslut_fg" if ar == 1 else f"mal-{ar}"


def arets_perioder(arbete: Arbetskatalog, period: Period) -> list[Period]:
    """Årets tidigare perioder som har inlämningar, i tidsordning."""
    return sorted(p for post in arbete.arshjul.period if (p := post.period(period.ar)) < period and not p.lagesbild and arbete.har_underlag(p))


def arets_prognoser(arbete: Arbetskatalog, period: Period) -> list[Period]:
    """Årets tidigare perioder med helårsprognos, i tidsordning."""
    med_prognos = {post.period(period.ar) for post in arbete.arshjul.period if post.prognos}
    return [p for p in arets_perioder(arbete, period) if p in med_prognos]


def publicerade_bokslut(arbete: Arbetskatalog, mall: Periodmall) -> dict[int, Mapping[Adress, Publicerad]]:
    """År tillbaka → siffrorna i det publicerade bokslutet, för de år som bladens kolumner visar. Fel: MallFel om en fil är skadad."""
    aren = sorted({k.publicerat_ar for blad in mall.blad for k in blad.kolumn if k.publicerat_ar})
    return {ar: las_publicerat(arbete.katalog, mall.period.bokslut_for(ar)) for ar in aren}


def kallor_utan(s: Samling) -> list[Anmarkning]:
    """Enheter vars bok saknas i en period som lägesbilden tar siffror ur, en gång var."""
    arbete, perioder = s.arbete, {t.period: t for t in s.tider.values()}
    platser = {p: Plats(arbete.inlamnat(p).relative_to(arbete.katalog).as_posix()) for p in perioder}
    return [
        Anmarkning(SAKNAD_KALLBOK, enhet, platser[p], fakta={"fran": t.spann, "fil": platser[p].fil, "period": str(p)})
        for p, t in sorted(perioder.items())
        for enhet in t.utan
    ]


def oprovade(arbete: Arbetskatalog, period: Period) -> list[Anmarkning]:
    """Tidigare inlämningar som inte kan jämföras med, därför att årets styrning saknas."""
    return [
        Anmarkning("KR602", plats=Plats(f"styrning/{p.ar}/driftbudget.csv"), fakta={"period": p.namn})
        for p in dict.fromkeys(tidigare_perioder(arbete, period).values())
        if arbete.har_underlag(p) and not har_styrning(arbete.underlag(p), p.ar)
    ]


def _las_tidigare(arbete: Arbetskatalog, period: Period, enheter: frozenset[str] | None) -> dict[str, Tidigare]:
    perioder = tidigare_perioder(arbete, period)
    lasta = {p: las_tidigare(arbete, p, enheter) for p in dict.fromkeys(perioder.values())}
    return {namn: lasta[p] for namn, p in perioder.items()}


def las_tidigare(arbete: Arbetskatalog, period: Period, enheter: frozenset[str] | None = None) -> Tidigare:
    """En tidigare periods inlämningar och beslut, ur arkivet när den är fastställd; tomt när perioden eller årets styrning saknas."""
    rot = arbete.underlag(period)
    if not arbete.har_underlag(period) or not har_styrning(rot, period.ar):
        return Tidigare(period, fakta.faktatabell(()), Styrning((), fakta.faktatabell(())))
    mall = las_periodmall(arbete, period)
    styrning = _las_beslut(arbete, mall, rot)
    bocker, _ = filer.i_mappen(arbete.inlamnat_i_underlag(period), arbete.katalog)
    lasta = las_inlamningar(arbete, mall, styrning.rader, filer.for_enheter(bocker, enheter, arbete.organisation))
    return Tidigare(period, lasta.fakta, styrning)
