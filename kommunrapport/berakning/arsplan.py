"""Årsplanen: årshjulets perioder, steg och händelser med dagar, för ett visst år."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kommunrapport.berakning.vardagar import ledig, vardag_fore
from kommunrapport.karna.period import MANADER, Period, datum_i_ord
from kommunrapport.mall.arshjulsmall import Arshjul, Arshjulspost, Handelse, Steg
from kommunrapport.mall.modell import Lagrum

Slag = Literal["ut", "klar", "steg", "frist", "handelse", "uppsikt"]


@dataclass(frozen=True)
class Punkt:
    """En dag i årsplanen: vem som gör vad. Dagen är den nominella, också när den är en helgdag."""

    id: str
    """Beteckningen inom året; samma varje gång planen räknas."""
    slag: Slag
    dag: date
    vem: str
    vad: str
    i_manaden: bool = False
    """Sant när källan bara säger månaden; ``dag`` är då månadens sista."""
    kalla: str = ""
    """Avsnittet i profilens källa och lagrummet."""
    tolkat: bool = False

    @property
    def nar(self) -> str:
        """``31 oktober 2024``, eller ``oktober 2024`` när bara månaden är känd."""
        return f"{MANADER[self.dag.month - 1]} {self.dag.year}" if self.i_manaden else datum_i_ord(self.dag)

    @property
    def ledig(self) -> str:
        """Varför dagen inte är en vardag: veckodagen eller helgdagens namn. Tomt för en vardag."""
        return ledig(self.dag)

    @property
    def vardag_fore(self) -> date:
        """Den nominella dagen, eller den närmaste vardagen före den."""
        return vardag_fore(self.dag)

    @property
    def anmarkning(self) -> str:
        """Vad som gäller när den nominella dagen inte är en vardag, eller tomt."""
        if not self.ledig:
            return ""
        fore = datum_i_ord(self.vardag_fore)
        return f"månadens sista vardag är {fore}" if self.i_manaden else f"{self.ledig}; närmaste vardag före är {fore}"


@dataclass(frozen=True)
class Periodplan:
    """En rapportperiod med sina dagar, i tidsordning."""

    period: Period
    post: Arshjulspost
    punkter: tuple[Punkt, ...]

    def punkt(self, slag: Slag) -> Punkt | None:
        return next((p for p in self.punkter if p.slag == slag), None)


@dataclass(frozen=True)
class Arsplan:
    """Årets perioder och händelser. Bokslutets dagar ligger på nästa år."""

    ar: int
    arshjul: Arshjul
    perioder: tuple[Periodplan, ...]
    handelser: tuple[Punkt, ...]


def planera(arshjul: Arshjul, ar: int, lagrum: Mapping[str, Lagrum]) -> Arsplan:
    """Årshjulet med dagar för året."""
    perioder = tuple(_periodplan(post, ar, lagrum) for post in sorted((p for p in arshjul.period if p.finns(ar)), key=lambda p: p.period(ar)))
    handelser = sorted((p for nr, h in enumerate(arshjul.handelse, 1) for p in _handelser(h, nr, ar, lagrum)), key=lambda p: p.dag)
    return Arsplan(ar, arshjul, perioder, tuple(handelser))


def _periodplan(post: Arshjulspost, ar: int, lagrum: Mapping[str, Lagrum]) -> Periodplan:
    period = post.period(ar)
    punkter = sorted(_punkter(post, period, lagrum), key=lambda p: p.dag)
    return Periodplan(period, post, tuple(punkter))


def _punkter(post: Arshjulspost, period: Period, lagrum: Mapping[str, Lagrum]) -> Iterator[Punkt]:
    slut = period.slut
    yield Punkt(f"{period}-ut", "ut", post.skickas_ut(slut), "Ekonomiavdelningen", "skickar ut arbetsböckerna")
    yield Punkt(f"{period}-klar", "klar", post.klar_senast(slut), "Alla enheter", "har lämnat sina arbetsböcker")
    if sammantrade := post.sammantrade(slut):
        yield Punkt(f"{period}-sammantrade", "steg", sammantrade, "Kommunstyrelsen", f"får {post.rapporttyp.lower()}en vid sitt sammanträde")
    for nr, steg in enumerate(post.steg, 1):
        i_manaden, kalla = steg.manad is not None, _kalla(steg, lagrum)
        yield Punkt(f"{period}-steg-{nr}", "steg", steg.infaller(slut), steg.vem, steg.vad, i_manaden, kalla, steg.tolkat)
    frist = post.frist(slut)
    if frist is not None:
        vad = "har lämnat rapporten till fullmäktige och revisorerna"
        yield Punkt(f"{period}-frist", "frist", frist, "Kommunstyrelsen", vad, kalla=_lagrum(post.lagrum, lagrum))


def _handelser(handelse: Handelse, nr: int, ar: int, lagrum: Mapping[str, Lagrum]) -> Iterator[Punkt]:
    dagar = handelse.infaller(ar)
    for gang, dag in enumerate(dagar, 1):
        vad = f"{handelse.vad} ({gang} av {len(dagar)})" if len(dagar) > 1 else handelse.vad
        id_, i_manaden, kalla = f"{ar}-handelse-{nr}-{gang}", bool(handelse.manader), _kalla(handelse, lagrum)
        yield Punkt(id_, "handelse", dag, handelse.vem, vad, i_manaden, kalla, handelse.tolkat)


def _kalla(post: Steg | Handelse, lagrum: Mapping[str, Lagrum]) -> str:
    return "; ".join(del_ for del_ in (post.kalla, _lagrum(post.lagrum, lagrum)) if del_)


def _lagrum(id_: str, lagrum: Mapping[str, Lagrum]) -> str:
    return lagrum[id_].namn if id_ in lagrum else id_
