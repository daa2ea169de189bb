"""Ord om bladens svar som meningarna kan använda: hur många, vilka och om de är försenade."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.frist import ar_forfallen, som_dag
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.karna.sprak import liten_bokstav, rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.organisation import Organisation
from kommunrapport.rapport.modell import Celldel
from kommunrapport.rapport.tabeller import Listfakta


@dataclass(frozen=True)
class Listord:
    """Svaren på de rader som styrningen ger ett blad, hos enheter som har lämnat bladet. ``slut`` är periodens sista dag."""

    facit: Listfakta
    styrrader: Sequence[Styrrad]
    organisation: Organisation
    slut: date
    raknade: dict[str, tuple[Celldel, ...]] = field(default_factory=dict)
    """Blad → svaren som en mening har räknat."""

    def antal_rader(self, blad: str) -> int:
        """Antalet rader att svara på."""
        return len(list(self._rader(blad)))

    def svaren(self, blad: str, kolumn: str, ord_: str) -> str:
        """``5 statusen ”pågår”, 2 ”försenat” och 1 inget svar``, det vanligaste svaret först; ``ord_`` är vad svaret kallas."""
        svar = [self._svar(s, blad, kolumn) for s in self._rader(blad)]
        celler = [(s.namn, self.facit.cell(s.enhet, blad, s.rad, kolumn)) for s in self._rader(blad)]
        self.raknade[blad] = tuple(
            Celldel(namn, c.text, Kalla(c.fil, c.blad, c.cell)) for namn, c in celler if c is not None and c.tillstand == VARDE
        )
        antal = sorted(((svar.count(s), s) for s in dict.fromkeys(svar) if s), key=lambda par: -par[0])
        delar = [f"{n} {f'{ord_} ' if nr == 0 else ''}”{liten_bokstav(s)}”" for nr, (n, s) in enumerate(antal)]
        return rakna_upp([*delar, *([f"{n} inget svar"] if (n := svar.count("")) else [])])

    def forfallna(self, blad: str, kolumn: str, dag: str, *avslutade: str) -> list[str]:
        """Rader vars ``dag`` i styrningen har passerat utan att svaret är något av de avslutade: namn, enhet och dag."""
        sena = [s for s in self._rader(blad) if ar_forfallen(s.attribut.get(dag, ""), self._svar(s, blad, kolumn), avslutade, self.slut)]
        return [f"{s.namn} ({self.organisation.enhet_med_id(s.enhet).kort_namn}, {datum_i_ord(d)})" for s in sena if (d := som_dag(s.attribut[dag]))]

    def med_svar(self, blad: str, kolumn: str, *varden: str) -> list[str]:
        """Namnen på raderna vars svar är ett av ``varden``."""
        return [s.namn for s in self._rader(blad) if self._svar(s, blad, kolumn) in varden]

    def text(self, enhet: str, blad: str, rad: str, kolumn: str) -> str:
        """Det ifyllda i en cell, eller tomt."""
        cell = self.facit.cell(enhet, blad, rad, kolumn)
        return str(cell.text) if cell is not None and cell.tillstand == VARDE else ""

    def _rader(self, blad: str) -> Iterator[Styrrad]:
        return (s for s in self.styrrader if s.tabell == blad and self.facit.har(s.enhet, blad))

    def _svar(self, s: Styrrad, blad: str, kolumn: str) -> str:
        return self.text(s.enhet, blad, s.rad, kolumn)
