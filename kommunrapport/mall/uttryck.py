"""Uttryck i mallar: namn, plus och minus med mellanslag emellan, och inget annat.

``utfall - budget`` är två termer. Ett namn får vara ``*`` (alla inmatningsrader) eller ``*art``.
"""

import re
from dataclasses import dataclass
from functools import cache

_NAMN = re.compile(r"^(?:\*[a-z0-9_]*|[a-z0-9_][a-z0-9_.@:-]*)$")


@dataclass(frozen=True, slots=True)
class Term:
    tecken: int
    namn: str


@cache
def parse(text: str) -> tuple[Term, ...]:
    """Termerna i uttrycket. Fel: ValueError med den del som inte gick att läsa."""
    delar = text.split()
    if delar and delar[0] not in "+-":
        delar.insert(0, "+")
    if not delar or len(delar) % 2:
        raise ValueError(text)
    return tuple(_term(delar[i], delar[i + 1]) for i in range(0, len(delar), 2))


def _term(tecken: str, namn: str) -> Term:
    if tecken not in ("+", "-") or not _NAMN.match(namn):
        raise ValueError(f"{tecken} {namn}")
    return Term(1 if tecken == "+" else -1, namn)
