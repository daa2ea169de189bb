"""Bladen som bara finansförvaltningens årsbokslut har: noterna, pensionerna och flerårsöversikten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exempel.flerar import FINANS, Flerar, Rader
from exempel.koncern import Koncern
from exempel.prosa import Prosa
from exempel.underlag import FORSTA_AR, Cell
from kommunrapport.karna.period import Period
from kommunrapport.mall.organisation import Organisation
from kommunrapport.rapport.arbetsbok import Varde

_PENSION = {"avsattning": "avs_pensioner", "ansvarsforbindelse": "pensionsforpliktelser", "medel_egna": "placeringar"}
"""Raden på pensionsbladet → balansräkningens; placeringarna är avsatta för pensioner."""
_INGA = ("tryggat_forsakring", "tryggat_stiftelse", "medel_forsakring", "medel_stiftelse")
_FLERAR = ("nu", "fg1", "fg2", "fg3", "fg4")


@dataclass(frozen=True)
class Bokslut:
    """Årsbokslutets egna blad. ``data`` är bokslut.toml."""

    data: Mapping[str, Any]
    koncern: Koncern
    organisation: Organisation

    def varden(self, prosa: Prosa) -> dict[Cell, Varde]:
        """Alla celler på bladen, jämförelsetalen medräknade."""
        return {**dict(self._noter(prosa)), **dict(self._pension(prosa.period)), **dict(self._flerar(prosa.period.ar))}

    def _noter(self, prosa: Prosa) -> Iterator[tuple[Cell, Varde]]:
        for rad, innehall in self.data["not"].items():
            yield ("noter", rad, "upplysning"), prosa.fyll("\n".join(innehall["upplysning"]), FINANS)
        for kolumn, period in (("belopp", prosa.period), ("belopp_fg", prosa.period.bokslut_fg_ar)):
            for rad, belopp in self._notbelopp(period).items():
                yield ("noter", rad, kolumn), belopp

    def _notbelopp(self, period: Period) -> dict[str, int]:
        underlag = self.koncern.underlag
        egna = {rad: innehall["belopp"][str(period.ar)] for rad, innehall in self.data["not"].items() if "belopp" in innehall}
        return {**egna, "finansiella_instrument": underlag.orealiserat(period), "infrastruktur": underlag.balans(period)["infrastruktur"]}

    def _pension(self, period: Period) -> Iterator[tuple[Cell, Varde]]:
        for kolumn, arsslut in (("nu", period), ("fg", period.bokslut_fg_ar)):
            balans = self.koncern.underlag.balans(arsslut)
            yield from ((("pension", rad, kolumn), balans[post]) for rad, post in _PENSION.items())
            yield from ((("pension", rad, kolumn), 0) for rad in _INGA)

    def _flerar(self, ar: int) -> Iterator[tuple[Cell, Varde]]:
        for kolumn, aret in zip(_FLERAR, range(ar, ar - len(_FLERAR), -1), strict=True):
            yield from ((("flerar", rad, kolumn), varde) for rad, varde in self._aret(aret).items())

    def _aret(self, ar: int) -> Rader:
        """Årets rader: de som står i bokslut.toml, och från det första året de som räknas fram."""
        skrivna = {rad: Decimal(v.replace(",", ".")) if isinstance(v, str) else v for rad, v in self.data["flerar"][str(ar)].items()}
        return skrivna | (Flerar(self.koncern, self.organisation, Period(ar, 12)).rader() if ar >= FORSTA_AR else {})
