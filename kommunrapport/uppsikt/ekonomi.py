"""Enhetens ekonomi flera år i rad, räknad ur varje års egna böcker och beslut med samma planer som rapporterna."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from kommunrapport.berakning.planering import Underlag, planera
from kommunrapport.berakning.rakna import Faktarad, Rakning
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna import fakta
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress, Hamta
from kommunrapport.karna.visning import SAKNAS, i_enheten, visa
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, las_periodmall
from kommunrapport.provning import rapportmall_for
from kommunrapport.rapport.modell import Cell, Celldel, Kolumn, Rad, Tabell
from kommunrapport.rapport.uppsiktstaggar import FLERAR
from kommunrapport.samling import las_tidigare

_RESULTATET = "resultatet efter finansiella poster"
TABELLER = {"namnd": ("drift", "nettokostnaden"), "bolag": ("bolag", _RESULTATET), "forbund": ("bolag", _RESULTATET)}
"""Enhetens slag → rapporttabellen med enhetens rad, och vad den visar i bestämd form."""
_KOLUMNER = (("budget", "Budget"), ("utfall", "Utfall"), ("avvikelse", "Avvikelse"))
_UTFALL, _UTFALL_FG, _BOKSLUT_FG, _PROGNOS = "utfall", "utfall_fg", "bokslut_fg", "prognos"
_HELA_ARET = 12


@dataclass(frozen=True)
class Bokslutsar:
    """Ett år: perioden och dess räkning, eller ingen när det inte finns något underlag."""

    period: Period
    rakning: Rakning | None


def aren(s: Sammanstallning, antal: int) -> tuple[Bokslutsar, ...]:
    """Åren före perioden ur sina bokslut, fastställda ur arkivet, och sist perioden själv. Fel: MallFel."""
    tidigare = (s.mall.period.bokslut_for(n) for n in range(antal - 1, 0, -1))
    return (*(Bokslutsar(p, _rakning(s.arbete, p)) for p in tidigare), Bokslutsar(s.mall.period, s.rakning))


def _rakning(arbete: Arbetskatalog, period: Period) -> Rakning | None:
    """Räkningen av enheternas rader i bokslutet."""
    if not arbete.har_underlag(period):
        return None
    try:
        post = las_periodmall(arbete, period).post
    except AnvandningsFel:
        return None
    tidigare = las_tidigare(arbete, period)
    if not tidigare.styrning.rader:
        return None
    behovs = {tabell for tabell, _ in TABELLER.values()}
    mall = rapportmall_for(arbete, period, post.kommando)
    mall = mall.model_copy(update={"tabell": tuple(t for t in mall.tabell if t.id in behovs)})
    namn = {e.id: e.namn for e in arbete.organisation.enhet}
    planer = planera(mall, Underlag(arbete.organisation, period, tidigare.styrning.rader))
    return Rakning(planer, fakta.sla_ihop([tidigare.fakta, tidigare.styrning.fakta]), namn)


def tabell(aren_: Sequence[Bokslutsar], enhet: Enhetspost, sort: str) -> Tabell | None:
    """Enhetens budget, utfall och avvikelse per år; None när inget år har några. ``sort`` är rapportens beloppsenhet."""
    plan, vad = TABELLER[enhet.slag]
    rader = [_rad(a, efter, plan, enhet) for a, efter in zip_longest(aren_, aren_[1:])]
    utan = [str(a.period.ar) for a, rad in zip(aren_, rader, strict=True) if not any(c.delar for c in rad.celler)]
    if len(utan) == len(rader):
        return None
    de_aren = "det året" if len(utan) == 1 else "de åren"
    noter = (f"Uppgift saknas för {_spann(utan)}: det finns inga lämnade böcker för enheten {de_aren}.",) if utan else ()
    decimaler = next(c.decimaler for a in aren_ if a.rakning for c in a.rakning.planer[plan].kolumner if c.id == _UTFALL)
    kolumner = tuple(Kolumn(id_, rubrik, ar_tal=True, decimaler=decimaler) for id_, rubrik in _KOLUMNER)
    titel = f"{enhet.namn}: {vad} {aren_[0].period.ar}–{aren_[-1].period.ar}"
    return Tabell(f"{FLERAR}-{enhet.id}", titel, sort, "År", kolumner, tuple(rader), noter)


def _rad(a: Bokslutsar, efter: Bokslutsar | None, plan: str, enhet: Enhetspost) -> Rad:
    """Årets rad, som säger när utfallet inte är årets eget och hela. Ett år utan böcker har det utfall som året efter jämför med."""
    prognos = a.rakning is not None and a.rakning.har(Adress(plan, enhet.id, _PROGNOS))
    celler = {kolumn: _cell(a, Adress(plan, enhet.id, _PROGNOS if prognos and kolumn == _UTFALL else kolumn)) for kolumn, _ in _KOLUMNER}
    namn = str(a.period.ar)
    if prognos:
        namn = f"{namn}, prognos efter {a.period.namn.split()[0]}"
    elif a.period.manad < _HELA_ARET:
        namn = a.period.kort_spann
    elif efter and not celler[_UTFALL].delar:
        celler[_UTFALL] = _cell(efter, Adress(plan, enhet.id, _UTFALL_FG if efter.period.manad == _HELA_ARET else _BOKSLUT_FG))
        namn = f"{namn}, ur böckerna för {efter.period.ar}" if celler[_UTFALL].delar else namn
    return Rad(str(a.period.ar), "slutrad" if prognos else "rad", namn, tuple(celler.values()))


def _cell(a: Bokslutsar, adress: Adress) -> Cell:
    """Siffran med sina lästa uppgifter, eller ett streck."""
    varde = a.rakning.varde(adress) if a.rakning and a.rakning.har(adress) else None
    if a.rakning is None or varde is None:
        return Cell(SAKNAS)
    plan = a.rakning.planer[adress.tabell]
    kolumn, rad = plan.kolumn(adress.kolumn), plan.rad(adress.rad)
    lasta = dict.fromkeys((f.enhet, f.radnamn or f.rad, f.lagrat, f.kalla) for f in _lasta(a.rakning, adress))
    delar = tuple(Celldel(f"{a.rakning.enhetsnamn.get(e, e)}: {namn}", text, Kalla(*kalla)) for e, namn, text, kalla in lasta)
    return Cell(visa(varde, kolumn, rad), Decimal(i_enheten(varde, kolumn, rad)), None, steg=f"{plan.titel} {a.period}: {kolumn.rubrik}", delar=delar)


def _lasta(rakning: Rakning, adress: Adress) -> Iterator[Faktarad]:
    """De lästa uppgifterna bakom siffran."""
    steg = rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn]
    if isinstance(steg, Hamta):
        yield from (f for _, f in rakning.fakta_i(steg))
    else:
        for del_ in steg.delar:
            yield from _lasta(rakning, del_)


def _spann(ar: Sequence[str]) -> str:
    """``2019–2022``, eller åren uppräknade när de inte följer på varandra."""
    i_foljd = len(ar) > 1 and int(ar[-1]) - int(ar[0]) == len(ar) - 1
    return f"{ar[0]}–{ar[-1]}" if i_foljd else ", ".join(ar)
