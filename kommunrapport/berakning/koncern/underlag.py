"""Det som koncernens planer beror av, och namnen som de ger sina tabeller."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Hamta, Urval
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall import uttryck
from kommunrapport.mall.koncernenheter import Koncernenhet, koncernenheter
from kommunrapport.mall.koncernmall import Koncernmall
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.uppstallning import Uppstallning, Uppstallningsrad

KOMMUNEN, BOLAGEN, ELIMINERING, KONCERNEN = "kommunen", "bolagen", "eliminering", "koncernen"
"""Kolumnerna i en räkning, utom företagens egna."""


@dataclass(frozen=True)
class Koncernunderlag:
    """En periods underlag. ``lager`` är tomt för perioden själv, annars namnet på den tidigare perioden."""

    mall: Koncernmall
    organisation: Organisation
    period: Period
    uppstallningar: Mapping[str, Uppstallning]
    """Varje uppställning som en räkning eller ett blad i koncernen har, på uppställningens id."""
    former: Mapping[str, str]
    """Blad → uppställning."""
    styrrader: Sequence[Styrrad]
    poster: frozenset[tuple[str, str, str]]
    """(enhet, blad, rad) för de motpartsposter som har ett belopp."""
    lamnat: frozenset[str]
    rakningar: tuple[str, ...]
    """Alla koncernens räkningar, också dem som lagret inte har fullständiga."""
    bladen: frozenset[tuple[str, str]]
    """(enhet, blad) för varje blad som har uppgifter."""
    lager: str = ""

    @cached_property
    def enheter(self) -> tuple[Koncernenhet, ...]:
        return koncernenheter(self.organisation, self.period.slut)

    @property
    def kommunen(self) -> Koncernenhet:
        return next(e for e in self.enheter if e.ar_kommunen)

    @property
    def foretag(self) -> tuple[Koncernenhet, ...]:
        return tuple(e for e in self.enheter if not e.ar_kommunen)

    @cached_property
    def elimineringsrader(self) -> tuple[Styrrad, ...]:
        """Periodens elimineringar för hand. Fel: MallFel med en mening per rad som inte träffar något."""
        rader = tuple(s for s in self.styrrader if s.tabell == "elimineringar" and s.attribut["period"] == str(self.period))
        brister = [f"{s.kalla.fil}, {s.kalla.cell}: {brist}" for s in rader for brist in self._brister(s)]
        if brister:
            raise MallFel(*brister)
        return rader

    def _brister(self, s: Styrrad) -> Iterator[str]:
        slagen = {slag.id: slag for slag in self.mall.slag}
        slag, rakning = s.attribut["slag"], s.attribut["rakning"]
        poster = {rad.id for rad in self.uppstallningar[rakning].rad if rad.post} if rakning in self.rakningar else set()
        if slag and slag not in slagen:
            yield f"slag är ”{slag}”; tillåtet är {', '.join(slagen)}."
        elif slag and self.organisation.enhet_med_id(s.enhet).slag not in slagen[slag].givare_slag:
            yield f"enhet är ”{s.enhet}”; i {slagen[slag].namn.lower()} är enhet den som säljer, lånar ut eller lämnar, och motpart den andra."
        if rakning and not poster:
            yield f"rakning är ”{rakning}”; tillåtet är {', '.join(self.rakningar)}."
        elif rakning and s.attribut["post"] not in poster:
            yield f"post är ”{s.attribut['post']}”; tillåtet är {', '.join(sorted(poster))}."

    def har_bladet(self, enhet: Koncernenhet, blad: str) -> bool:
        """Falskt när enheten har lämnat, men inte just det bladet. En enhet som inte har lämnat alls hanteras av räkningen."""
        return enhet.id not in self.lamnat or (enhet.id, blad) in self.bladen

    def hamta(self, blad: str, enhet: str, rader: tuple[str, ...], kolumn: str, tecken: int = 1) -> Hamta:
        """Steget som hämtar enhetens fakta i lagret."""
        return Hamta(Urval(i_lager(blad, self.lager), (enhet,), rader), ((tecken, kolumn),))


def i_lager(tabell: str, lager: str) -> str:
    """Faktatabellens namn i en tidigare periods lager."""
    return f"{lager}/{tabell}" if lager else tabell


def i_lagret(facit: pd.DataFrame, lager: str) -> pd.DataFrame:
    """En tidigare periods fakta, med lagrets namn före tabellens."""
    return facit.assign(tabell=[i_lager(str(t), lager) for t in facit["tabell"]])


def plan_id(namn: str, lager: str) -> str:
    return f"{namn}_{lager}" if lager else namn


def koncernplan(rakning: str, lager: str) -> str:
    """Tabellen med räkningens väg från kommun till koncern."""
    return plan_id(f"koncern_{rakning}", lager)


def poster_under(rader: Mapping[str, Uppstallningsrad], rad: str) -> Iterator[str]:
    """Posterna som raden är summan av; raden själv när den är en post."""
    if not rader[rad].uttryck:
        yield rad
    for t in uttryck.parse(rader[rad].uttryck) if rader[rad].uttryck else ():
        yield from poster_under(rader, t.namn)
