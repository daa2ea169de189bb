"""Prövar en period: räknar siffrorna, kör reglerna och lägger svaren till anmärkningarna."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pandas as pd

from kommunrapport import koncernen
from kommunrapport.berakning.antal import antalsfakta
from kommunrapport.berakning.invanare import invanarfakta
from kommunrapport.berakning.koncern.underlag import i_lagret
from kommunrapport.berakning.kravda import Kravprov, notkrav
from kommunrapport.berakning.planering import Underlag, planera
from kommunrapport.berakning.rakna import Rakning
from kommunrapport.berakning.urval import lamnat_ur
from kommunrapport.inlasning.avstamning import las_avstamning
from kommunrapport.inlasning.inlamning import Inlamningar
from kommunrapport.inlasning.publicerat import las_publicerat
from kommunrapport.inlasning.undantag import las_undantag
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import SAKNAD_INLAMNING, SAKNAD_KALLBOK, Allvar, Anmarkning, Plats
from kommunrapport.karna.fel import Slutkod
from kommunrapport.karna.period import Period
from kommunrapport.karna.saknad import SaknadDel
from kommunrapport.karna.sprak import nyckel
from kommunrapport.kontroll import motor, svar
from kommunrapport.kontroll.foljder import utan_foljder
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.katalog import Katalog, las_katalog
from kommunrapport.mall.modell import Omradeslista, Regel
from kommunrapport.mall.periodmall import PROGNOSFORANDRING, PROGNOSSAKERHET, Arbetskatalog, Periodmall, las_periodmall, prognosnamn
from kommunrapport.mall.rapportmall import RAPPORTMALLAR, Rapportmall
from kommunrapport.mall.rapportvarden import granska_varden, med_skalsteg
from kommunrapport.mall.regler import anvands, fordyringsgrans, las_regler, prisbasbelopp
from kommunrapport.mall.uppstallning import las_rapportmall, las_uppstallning
from kommunrapport.samling import Samling, arets_prognoser, kallor_utan, oprovade, publicerade_bokslut, samla


@dataclass(frozen=True)
class Provning:
    """En period läst, räknad och kontrollerad."""

    samling: Samling
    rakning: Rakning
    anmarkningar: tuple[Anmarkning, ...]
    katalog: Katalog
    saknade_delar: tuple[SaknadDel, ...]
    """Det som krävs i rapporten men inte finns."""

    @property
    def arbete(self) -> Arbetskatalog:
        return self.samling.arbete

    @property
    def mall(self) -> Periodmall:
        return self.samling.mall

    @property
    def inlamningar(self) -> Inlamningar:
        return self.samling.inlamningar

    @property
    def slutkod(self) -> Slutkod:
        return slutkod_for(self.anmarkningar, self.katalog)


def slutkod_for(anmarkningar: Iterable[Anmarkning], katalog: Katalog) -> Slutkod:
    """Fel och stopp väger tyngre än att inlämningar saknas."""
    grova = {a.kod for a in anmarkningar if katalog.allvar(a) >= Allvar.FEL}
    if grova - {SAKNAD_INLAMNING, SAKNAD_KALLBOK}:
        return Slutkod.ANMARKNINGAR
    return Slutkod.SAKNAS if grova else Slutkod.KLART


def prova(s: Samling) -> Provning:
    """Räknar periodens siffror och kör reglerna. Fel: MallFel."""
    rakning, katalog, rot = rakna(s), las_katalog(s.arbete.mallkalla), s.arbete.katalog
    s = replace(s, inlamningar=s.inlamningar.ur(rakning.fakta))
    saknade_delar = _saknade_delar(s, rakning, katalog)
    prov = Prov(
        organisation=s.arbete.organisation,
        mall=s.mall,
        styrrader=s.styrning.rader,
        fakta=s.inlamningar.fakta,
        styrning=s.styrning.fakta,
        tidigare={namn: (t.period, t.allt) for namn, t in s.tidigare.items()},
        siffror=rakning,
        kontrolltal=las_avstamning(rot, s.period) if s.hel and rakning.planer else (),
        publicerat={namn: las_publicerat(rot, t.period) for namn, t in s.tidigare.items()} if s.hel else {},
        bokslut=publicerade_bokslut(s.arbete, s.mall),
        saknade_delar=saknade_delar,
        prisbasbelopp=prisbasbelopp(s.arbete.mallkalla, s.period.ar),
        hel=s.hel,
    )
    funna = motor.kor(prov, regler_for(s.arbete, s.mall, katalog), katalog, s.inlamningar.anmarkningar)
    lamnade = svar.forklaringar(s.inlamningar.fakta)
    undantag = las_undantag(rot, s.arbete.organisation, katalog)
    alla = svar.besvara([*s.inlamningar.anmarkningar, *funna], lamnade, undantag, katalog, s.period, _radnycklar(s), hel=s.hel)
    kallornas = [*kallor_utan(s), *_kallor_med_fel(s, katalog)] if s.hel else []
    visade = utan_foljder([*alla, *oprovade(s.arbete, s.period), *kallornas], katalog)
    return Provning(s, rakning, katalog.slagna(visade), katalog, saknade_delar)


def _kallor_med_fel(s: Samling, katalog: Katalog) -> Iterator[Anmarkning]:
    """Enheter vars bok har fel i en period som lägesbilden tar siffror ur; det fastställda prövas inte om."""
    spann = {t.period: t.spann for t in s.tider.values()}
    for period in sorted(p for p in spann if s.arbete.underlag(p) == s.arbete.katalog):
        fel = [a for a in prova(samla(s.arbete, period)).anmarkningar if katalog.allvar(a) >= Allvar.FEL and a.kod != SAKNAD_INLAMNING]
        plats = Plats(s.arbete.inlamnat(period).relative_to(s.arbete.katalog).as_posix())
        for enhet, antal in Counter(a.enhet for a in fel).items():
            yield Anmarkning("KR121", enhet, plats, fakta={"fran": spann[period], "antal": str(antal), "period": str(period)})


def _saknade_delar(s: Samling, rakning: Rakning, katalog: Katalog) -> tuple[SaknadDel, ...]:
    mall, kalla = rapportmall_for(s.arbete, s.period, s.mall.post.kommando), s.arbete.mallkalla
    noter = notkrav(las_uppstallning(kalla, mall.noter, s.period, s.arbete.organisation)) if mall.noter else ()
    omraden = kalla.las("omraden.toml", Omradeslista)
    provas = Kravprov(rakning, s.inlamningar.fakta, s.mall, s.arbete.organisation, katalog.lagrum, omraden)
    return provas.saknade([*mall.krav, *noter])


def _radnycklar(s: Samling) -> Callable[[Anmarkning], set[str]]:
    """Ger en anmärknings rad som namn och som styrningens id, i jämförbar form."""
    beteckningar: dict[str, set[str]] = {}
    for rad in s.styrning.rader:
        beteckningar.setdefault(nyckel(rad.namn), set()).add(nyckel(rad.rad))
    return lambda a: {nyckel(a.plats.rad)} | beteckningar.get(nyckel(a.plats.rad), set())


def regler_for(arbete: Arbetskatalog, mall: Periodmall, katalog: Katalog) -> list[Regel]:
    """Reglerna som gäller perioden och vars gränser kommunen har satt. Fel: MallFel."""
    regler = las_regler(arbete.mallkalla, mall.period.slut, katalog)
    motor.granska(regler, f"mallar/{arbete.mallkalla.i_kraft('regler', mall.period.slut)}")
    return [r for r in regler if anvands(r, arbete.organisation.trosklar, mall.post)]


def rapportmall_for(arbete: Arbetskatalog, period: Period, kommando: str) -> Rapportmall:
    """Kommandots rapportmall, så som den gäller perioden. Fel: MallFel."""
    if (period, kommando) not in arbete.lasta:
        arbete.lasta[period, kommando] = _rapportmall(arbete, period, kommando)
    return cast("Rapportmall", arbete.lasta[period, kommando])


def _rapportmall(arbete: Arbetskatalog, period: Period, kommando: str) -> Rapportmall:
    mall, koncern = las_periodmall(arbete, period), koncernen.redovisas(arbete, kommando)
    har_tidigare = bool(arets_prognoser(arbete, period))
    omraden = frozenset(o for o in mall.post.omraden if har_tidigare or o not in (PROGNOSFORANDRING, PROGNOSSAKERHET))
    rapport = las_rapportmall(arbete.mallkalla, RAPPORTMALLAR[kommando], period, arbete.organisation, koncern=koncern, omraden=omraden)
    granska_varden(rapport, mall)
    return med_skalsteg(rapport, mall)


def rakna(s: Samling, egna: Collection[str] = ()) -> Rakning:
    """Periodens siffror; ``egna`` är nämnderna vars egna tabeller ska räknas hur många nämnderna än är. Fel: MallFel."""
    organisation, namn = s.arbete.organisation, {e.id: e.namn for e in s.arbete.organisation.enhet}
    saknade, i_lagren = (frozenset() if s.period.lagesbild else frozenset(s.inlamningar.saknas)), {n: frozenset(t.utan) for n, t in s.tider.items()}
    lasta = [s.inlamningar.fakta, s.styrning.fakta]
    mall = rapportmall_for(s.arbete, s.period, s.mall.post.kommando)
    koncern = koncernen.koncern_av(s)
    prognoser = arets_prognoser(s.arbete, s.period)
    antal = [*antalsfakta(mall, s.inlamningar.fakta), invanarfakta(organisation, s.period)]
    alla = fakta.sla_ihop([*lasta, *antal, *koncern.fakta, *_tidigare(s, mall, prognoser)])
    lamnat = lamnat_ur(mall, alla, fordyringsgrans(s.arbete.mallkalla, organisation.trosklar, s.period.ar))
    planer = planera(
        mall, Underlag(organisation, s.period, s.styrning.rader, koncern.planer, prognoser, mall.egna(organisation, egna), lamnat, s.tider)
    )
    return Rakning(planer, alla, namn, saknade, i_lagren)


def _tidigare(s: Samling, mall: Rapportmall, prognoser: Sequence[Period]) -> Iterator[pd.DataFrame]:
    """Fakta och beslut ur de tidigare perioder som rapportens kolumner hämtar ur, med periodens namn före tabellens."""
    kolumner = [k for t in mall.tabell for k in t.kolumn]
    namn = {k.ur for k in kolumner if k.ur} | {prognosnamn(p) for p in prognoser if any(k.expandera for k in kolumner)}
    for n in sorted(namn & set(s.tidigare)):
        yield i_lagret(s.tidigare[n].allt, n)
