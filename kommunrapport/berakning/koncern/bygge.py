"""En plan medan den byggs: kolumner och rader läggs till, och varje cell får sitt steg."""

from collections.abc import Iterable
from fractions import Fraction

from kommunrapport.berakning.koncern.underlag import Koncernunderlag, plan_id
from kommunrapport.karna.belopp import KVOTDELAR, enhet_av
from kommunrapport.karna.plan import Adress, Andel, Kolumnplan, Radplan, Steg, Summa, Tabellplan
from kommunrapport.mall.koncernenheter import andel_i_ord


class Bygge:
    """Planen ``namn`` i underlagets lager."""

    def __init__(self, namn: str, u: Koncernunderlag) -> None:
        self.id = plan_id(namn, u.lager)
        self._enheter = u.organisation.enheter
        self._tillagg = f", {u.period.kort_spann}" if u.lager else ""
        self._kolumner: dict[str, Kolumnplan] = {}
        self._rader: list[Radplan] = []
        self._steg: dict[tuple[str, str], Steg] = {}

    @property
    def synliga(self) -> tuple[str, ...]:
        return tuple(k.id for k in self._kolumner.values() if not k.dold)

    @property
    def tom(self) -> bool:
        return not self._rader

    def kolumn(self, id_: str, rubrik: str, *, enhet: str = "", plus: bool = False, dold: bool = False, procent: bool = False) -> None:
        """Lägger till kolumnen om den inte redan finns."""
        if id_ not in self._kolumner:
            per, decimaler = (KVOTDELAR, 1) if procent else (enhet_av(self._enheter.rapport).value, self._enheter.rapport_decimaler)
            slag = "procent" if procent else "belopp"
            self._kolumner[id_] = Kolumnplan(id_, rubrik, slag, per, decimaler, vand=False, plus=plus, dold=dold, enhet=enhet)

    def rubrik(self, kolumn: str) -> str:
        return self._kolumner[kolumn].rubrik

    def rad(self, id_: str, namn: str, stil: str = "rad", *, dolj_tom: bool = False) -> None:
        self._rader.append(Radplan(id_, namn, stil, dolj_tom=dolj_tom))

    def satt(self, rad: str, kolumn: str, steg: Steg) -> Adress:
        self._steg[rad, kolumn] = steg
        return Adress(self.id, rad, kolumn)

    def dolt(self, rad: str, kolumn: str, rubrik: str, steg: Steg) -> Adress:
        """Ett led som inte visas i tabellen, bara i härledningen."""
        self.kolumn(kolumn, rubrik, dold=True)
        return self.satt(rad, kolumn, steg)

    def adress(self, rad: str, kolumn: str) -> Adress:
        return Adress(self.id, rad, kolumn)

    def steg(self, adress: Adress) -> Steg:
        return self._steg[adress.rad, adress.kolumn]

    def har(self, rad: str, kolumn: str) -> bool:
        return (rad, kolumn) in self._steg

    def plan(self, titel: str, forsta: str, noter: tuple[str, ...] = ()) -> Tabellplan:
        kolumner, rader = tuple(self._kolumner.values()), tuple(self._rader)
        return Tabellplan(self.id, titel + self._tillagg, forsta, self._enheter.rapport, kolumner, rader, self._steg, noter=noter)


def summa(*termer: tuple[int, Adress]) -> Summa:
    return Summa(termer, alla=False)


def summan_av(adresser: Iterable[Adress]) -> Summa:
    return Summa(tuple((1, a) for a in adresser), alla=False)


def andel_av(av: Adress, andel: Fraction) -> Steg:
    """Andelen av siffran; hela siffran när andelen är 100 procent."""
    return summa((1, av)) if andel == 1 else Andel(av, andel, andel_i_ord(andel))
