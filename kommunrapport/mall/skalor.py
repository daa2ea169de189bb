"""Bedömningsskalorna: stegen, deras värden och hur fullmäktiges mål vägs samman."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from kommunrapport.karna.sprak import liten_bokstav, rakna_upp
from kommunrapport.mall.modell import Id, Modell, Ursprung
from kommunrapport.mall.rubriker import fyll_i

TREND = "trend"
"""Skalan för en indikators förändring sedan förra bokslutet."""


class Steg(Modell):
    """Ett steg i en skala. Utan ``varde`` är det ingen bedömning."""

    namn: str
    varde: int | None = None
    minst_procent: Annotated[int, Field(ge=0, le=100)] | None = None
    """Andelen av de högsta möjliga poängen som minst behövs för steget."""


class Skala(Modell):
    """Stegen i den ordning de visas."""

    steg: tuple[Steg, ...]

    @model_validator(mode="after")
    def _hel(self) -> Self:
        namn = [s.namn for s in self.steg]
        if len(set(namn)) < len(namn):
            raise ValueError("två steg har samma namn")
        if not any(s.varde is not None for s in self.steg):
            raise ValueError("inget steg har ett varde")
        granser = [s.minst_procent for s in self.steg if s.minst_procent is not None]
        if granser and (0 not in granser or len(set(granser)) < len(granser)):
            raise ValueError("stegens minst_procent ska vara olika, och det lägsta 0")
        if any(s.varde is None and s.minst_procent is not None for s in self.steg):
            raise ValueError("ett steg med minst_procent ska också ha varde")
        if granser and (self.lagst < 0 or not self.hogst):
            raise ValueError("en skala som målen vägs samman med ska ha värden från 0 och uppåt")
        return self

    @property
    def namn(self) -> tuple[str, ...]:
        return tuple(s.namn for s in self.steg)

    @property
    def hogst(self) -> int:
        return max(self._varden())

    @property
    def lagst(self) -> int:
        return min(self._varden())

    @property
    def ingen_bedomning(self) -> str:
        """Steget som säger att målet inte är bedömt."""
        return next((s.namn for s in self.steg if s.varde is None), "Ej bedömt")

    @property
    def vags(self) -> bool:
        """Om skalan säger hur mål vägs samman."""
        return any(s.minst_procent is not None for s in self.steg)

    def steg_som_ar(self, plats: str) -> tuple[str, ...]:
        """Stegen med högst, lägst eller däremellan liggande värde."""
        platser = {self.hogst: "hogst", self.lagst: "lagst"}
        return tuple(s.namn for s in self.steg if s.varde is not None and platser.get(s.varde, "mellan") == plats)

    def varde(self, namn: str) -> int | None:
        """Stegets värde; None för ett steg som inte är en bedömning, eller som inte finns."""
        return next((s.varde for s in self.steg if s.namn == namn), None)

    def ordet(self, varde: int) -> str:
        """Steget med värdet."""
        return next(s.namn for s in self.steg if s.varde == varde)

    def steget(self, procent: Fraction) -> str:
        """Steget för en andel av de högsta möjliga poängen, i procent."""
        nadda = [s for s in self.steg if s.minst_procent is not None and procent >= s.minst_procent]
        return max(nadda, key=lambda s: s.minst_procent or 0).namn

    def _varden(self) -> Iterator[int]:
        return (s.varde for s in self.steg if s.varde is not None)


class Sammanvagning(Modell):
    """Hur en andel bedömda delar räcker, och orden som förklarar sammanvägningen under tabellen."""

    minst_bedomt_procent: Annotated[int, Field(ge=0, le=100)]
    ord: tuple[str, ...]


class Skalor(Ursprung):
    """Alla skalor som gäller från ett datum."""

    skala: dict[Id, Skala]
    sammanvagning: Sammanvagning

    @model_validator(mode="after")
    def _har_trend(self) -> Self:
        if TREND not in self.skala:
            raise ValueError("skalan trend saknas")
        return self

    @property
    def listor(self) -> dict[str, tuple[str, ...]]:
        """Skalornas steg så som rullgardinerna visar dem."""
        return {namn: skala.namn for namn, skala in self.skala.items()}

    def forklaring(self, namn: str) -> tuple[str, ...]:
        """Sammanvägningens ord med skalans steg och gränser. Fel: MallFel om ett ord inom klamrar inte finns."""
        skala = self.skala[namn]
        poang = [f"”{liten_bokstav(s.namn)}” ger {s.varde}" for s in skala.steg if s.varde is not None]
        fallande = sorted((s for s in skala.steg if s.minst_procent is not None), key=lambda s: -(s.minst_procent or 0))
        granser = [f"”{liten_bokstav(s.namn)}” från {s.minst_procent} procent" for s in fallande[:-1]]
        granser += [f"annars ”{liten_bokstav(s.namn)}”" for s in fallande[-1:]]
        ord_ = {
            "poang": rakna_upp(poang),
            "hogst": str(skala.hogst),
            "granser": rakna_upp(granser),
            "minst": str(self.sammanvagning.minst_bedomt_procent),
        }
        return tuple(fyll_i(text, ord_, "mallar/skalor") for text in self.sammanvagning.ord)
