"""Perioder: en månad som rapporten gäller till och med, med jämförelseperioder. Ett bokslut kan vara preliminärt; en lägesbild är månadens."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

MANADER = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
_I_ORD = re.compile(rf"^(?:den\s+)?(\d{{1,2}})\s+({'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in MANADER)})\.?\s+(\d{{4}})$", re.IGNORECASE)
PRELIMINAR, LAGESBILD = "prel", "lage"
"""Det som kan stå efter månaden: det preliminära bokslutet, och lägesbilden till månadens sammanträde."""
_ORDNING = (LAGESBILD, PRELIMINAR, "")
_I_NAMNET = {PRELIMINAR: " (preliminärt)", LAGESBILD: " (lägesbild)"}
_FORM = re.compile(rf"^(\d{{4}})-(\d{{2}})(?:-({PRELIMINAR}|{LAGESBILD}))?$")


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """Årets början till och med en månads sista dag; lägesbildens är bara månaden."""

    ar: int
    manad: int
    variant: str = ""
    """``PRELIMINAR``, ``LAGESBILD`` eller tomt."""

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Läser ``2024-08``, ``2024-12-prel`` och ``2024-09-lage``. Fel: ValueError."""
        traff = _FORM.match(text.strip())
        if traff is None or not 1 <= int(traff[2]) <= 12:
            raise ValueError(text)
        return cls(int(traff[1]), int(traff[2]), traff[3] or "")

    def __lt__(self, annan: "Period") -> bool:
        return self.ordning < annan.ordning

    def __str__(self) -> str:
        return f"{self.ar:04d}-{self.manad:02d}{f'-{self.variant}' if self.variant else ''}"

    @property
    def slut(self) -> date:
        return date(self.ar, self.manad, calendar.monthrange(self.ar, self.manad)[1])

    @property
    def namn(self) -> str:
        """``augusti 2024``, eller ``december 2024 (preliminärt)``."""
        return f"{MANADER[self.manad - 1]} {self.ar}{_I_NAMNET.get(self.variant, '')}"

    @property
    def efter_rapporten(self) -> str:
        """Namnet så som det står efter rapportens: en lägesbild säger inte en gång till att den är det."""
        return self.spann if self.lagesbild else self.namn

    @property
    def spann(self) -> str:
        """``januari–augusti 2024``."""
        if self.manad == 1 or self.lagesbild:
            return f"{MANADER[self.manad - 1]} {self.ar}"
        return f"januari–{MANADER[self.manad - 1]} {self.ar}"

    @property
    def kort_spann(self) -> str:
        """``jan–aug 2024``."""
        return f"jan–{MANADER[self.manad - 1][:3]} {self.ar}"

    @property
    def ordning(self) -> tuple[int, int, int]:
        """Tidsordningen: i en månad lägesbilden först, och det preliminära bokslutet före det slutliga."""
        return self.ar, self.manad, _ORDNING.index(self.variant)

    @property
    def lagesbild(self) -> bool:
        """Om perioden är en lägesbild, som inte har egna siffror."""
        return self.variant == LAGESBILD

    @property
    def samma_fg_ar(self) -> "Period":
        return Period(self.ar - 1, self.manad)

    @property
    def bokslut_fg_ar(self) -> "Period":
        return self.bokslut_for(1)

    def bokslut_for(self, ar: int) -> "Period":
        """Bokslutet så många år tidigare."""
        return Period(self.ar - ar, 12)


def datum_i_ord(dag: date) -> str:
    """``31 augusti 2024``."""
    return f"{dag.day} {MANADER[dag.month - 1]} {dag.year}"


def dag_ur_ord(text: str) -> date | None:
    """Dagen i ``31 december 2024`` och ``31 dec 2024``; None när texten inte är en dag skriven så."""
    traff = _I_ORD.match(text.strip())
    if traff is None:
        return None
    manad = next(nr for nr, namn in enumerate(MANADER, 1) if namn[:3] == traff[2][:3].casefold())
    try:
        return date(int(traff[3]), manad, int(traff[1]))
    except ValueError:
        return None
