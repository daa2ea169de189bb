"""Kolumner som räknas ur ett annat blad i inlämningsboken: formeln och dess sparade svar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from kommunrapport.karna.fakta import Cellnyckel
from kommunrapport.mall import uttryck
from kommunrapport.mall.bladrader import Bladrad, rader_bakom
from kommunrapport.mall.modell import Blad


@dataclass(frozen=True)
class Bladlage:
    """Ett blad i boken: dess rader i ordning, och var den första raden och den första kolumnen står."""

    blad: Blad
    rader: Sequence[Bladrad]
    forsta_rad: int
    forsta_kolumn: int

    def celler(self, rader: Sequence[Bladrad], kolumn: str) -> Iterator[str]:
        """Cellernas adresser, med bladets namn; rader i följd blir ett område."""
        kol = self.forsta_kolumn + next(i for i, k in enumerate(self.blad.kolumn) if k.id == kolumn)
        lagen = [self.forsta_rad + i for i, rad in enumerate(self.rader) if rad in rader]
        borjor = [n for n in lagen if n - 1 not in lagen]
        slut = [n for n in lagen if n + 1 not in lagen]
        for a, b in zip(borjor, slut, strict=True):
            omrade = xl_rowcol_to_cell(a, kol) + (f":{xl_rowcol_to_cell(b, kol)}" if b > a else "")
            yield f"{quote_sheetname(self.blad.namn)}!{omrade}"


def formel(ur: str, rad: Bladrad, rader: Sequence[Bladrad], annat: Bladlage | None) -> str:
    """Formeln för cellen på raden; tom när det andra bladet inte finns eller inga av dess rader hör till raden."""
    bakom = rader_bakom(rad, rader, annat.rader) if annat else []
    if annat is None or not bakom:
        return ""
    termer = [(t.tecken, ",".join(annat.celler(bakom, t.namn))) for t in uttryck.parse(ur.partition(":")[2])]
    summa = "".join(f"{'+' if tecken > 0 else '-'}SUM({celler})" for tecken, celler in termer).removeprefix("+")
    antal = ",".join(f"COUNT({celler})" for _, celler in termer)
    return f'=IF(MIN({antal})=0,"",{summa})'


def varde(ur: str, rad: Bladrad, rader: Sequence[Bladrad], annat: Bladlage | None, celler: Mapping[Cellnyckel, object]) -> Decimal | None:
    """Formelns svar av de ifyllda cellerna; None när någon av kolumnerna är helt tom."""
    if annat is None:
        return None
    summa = Decimal(0)
    for t in uttryck.parse(ur.partition(":")[2]):
        lasta = [celler.get((annat.blad.id, r.id, t.namn)) for r in rader_bakom(rad, rader, annat.rader)]
        tal = [Decimal(v) for v in lasta if isinstance(v, int | Decimal)]
        if not tal:
            return None
        summa += t.tecken * sum(tal)
    return summa
