"""Perioder: en månad som rapporten gäller till och med, med jämförelseperioder."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

MANADER = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
_FORM = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Årets början till och med en månads sista dag."""

    ar: int
    manad: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Läser ``2024-08``. Fel: ValueError."""
        traff = _FORM.match(text.strip())
        if traff is None or not 1 <= int(traff[2]) <= 12:
            raise ValueError(text)
        return cls(int(traff[1]), int(traff[2]))

    def __str__(self) -> str:
        return f"{self.ar:04d}-{self.manad:02d}"

    @property
    def slut(self) -> date:
        return date(self.ar, self.manad, calendar.monthrange(self.ar, self.manad)[1])

    @property
    def namn(self) -> str:
        """``augusti 2024``."""
        return f"{MANADER[self.manad - 1]} {self.ar}"

    @property
    def spann(self) -> str:
        """``januari–augusti 2024``."""
        if self.manad == 1:
            return self.namn
        return f"januari–{MANADER[self.manad - 1]} {self.ar}"

    @property
    def kort_spann(self) -> str:
        """``jan–aug 2024``."""
        return f"jan–{MANADER[self.manad - 1][:3]} {self.ar}"

    @property
    def samma_fg_ar(self) -> "Period":
        return Period(self.ar - 1, self.manad)

    @property
    def bokslut_fg_ar(self) -> "Period":
        return Period(self.ar - 1, 12)


def datum_i_ord(dag: date) -> str:
    """``31 augusti 2024``."""
    return f"{dag.day} {MANADER[dag.month - 1]} {dag.year}"
