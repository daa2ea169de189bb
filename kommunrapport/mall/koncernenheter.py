"""Koncernens enheter en viss dag: vilka som ingår och kommunens andel i var och en, direkt och genom andra bolag."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kommunrapport.karna.sprak import formatera
from kommunrapport.mall.koncernmall import procentandel
from kommunrapport.mall.modell import Enhetsslag
from kommunrapport.mall.organisation import Enhetspost, Organisation


@dataclass(frozen=True, slots=True)
class Koncernenhet:
    """En enhet som konsolideras. ``andel`` är kommunens; finansförvaltningen står för hela kommunen."""

    id: str
    namn: str
    kort: str
    slag: Enhetsslag
    andel: Fraction

    @property
    def ar_kommunen(self) -> bool:
        return self.slag == "finansforvaltning"


def koncernenheter(organisation: Organisation, dag: date, *, alla: bool = False) -> tuple[Koncernenhet, ...]:
    """Kommunen och de företag som konsolideras den dagen, i organisationens ordning med kommunen först.

    Med ``alla`` också de företag som lämnas utanför eller som kommunen inte har någon andel i.
    """
    kommunen = [Koncernenhet(e.id, organisation.kommun.namn, "Kommunen", e.slag, Fraction(1)) for e in organisation.med_slag("finansforvaltning")]
    foretag = [
        Koncernenhet(e.id, e.namn, e.kort_namn, e.slag, andel)
        for e in organisation.med_slag("bolag", "forbund")
        if (andel := kommunens_andel(organisation, e, dag)) * e.konsolideras or alla
    ]
    return (*kommunen, *foretag)


def kommunens_andel(organisation: Organisation, enhet: Enhetspost, dag: date) -> Fraction:
    """Andelen som kommunen äger den dagen: ägarens andel gånger kommunens andel i ägaren."""
    egen = agd_andel(enhet, dag)
    return egen * kommunens_andel(organisation, organisation.enhet_med_id(enhet.agare), dag) if enhet.agare else egen


def agd_andel(enhet: Enhetspost, dag: date) -> Fraction:
    """Ägarens andel den dagen; noll före det första datumet i ``agande``."""
    if not enhet.agande:
        return procentandel(enhet.agarandel)
    galler = [a for a in enhet.agande if a.fran <= dag]
    return procentandel(max(galler, key=lambda a: a.fran).andel) if galler else Fraction(0)


def andel_i_ord(andel: Fraction) -> str:
    """Andelen i procent med de decimaler som behövs, till exempel ``24,5 procent``."""
    for decimaler in range(5):
        tal = andel * 100 * 10**decimaler
        if tal.denominator == 1:
            return f"{formatera(int(tal), decimaler)} procent"
    return f"{formatera(round(andel * 100 * 10_000), 4)} procent"
