"""Målen, som kvoter mellan två mätta fall i samma körning eller som största minne."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mal:
    """``taljare`` delat med ``namnare``, fallens nycklar; utan nämnare gäller gränsen fallets minne i MiB."""

    namn: str
    taljare: str
    namnare: str
    grans: float
    minst: bool = False
    """Kvoten ska vara minst gränsen, annars högst."""

    def natt(self, varde: float) -> bool:
        """Om målet är nått."""
        return varde >= self.grans if self.minst else varde <= self.grans


SMA = "15"
"""Antalet inlämningar där alla vägar körs."""
STEG = (("15 utan jämförelser", 15), ("100", 100), ("300", 300), ("2000", 2000))
"""Kommunerna som den räta linjen dras mellan: fallets namn och antal inlämningar. Ingen av dem läser tidigare perioder."""
FORVALT = 300
"""Så många inlämningar har den största kommun som mäts när inget annat sägs."""


def stegen(hogst: int) -> list[tuple[str, int]]:
    """Kommunerna med högst så många inlämningar."""
    return [steg for steg in STEG if steg[1] <= hogst]


def delarens() -> list[Mal]:
    """Målen för hela delårsrapporten, i den ordning de visas."""
    mal = [
        Mal("hela delårsrapporten av 15: snabbare än den naiva vägen", "naiv 15", "delar 15", 25, minst=True),
        Mal("hela delårsrapporten av 15: snabbare än den vettiga vägen", "vettig 15", "delar 15", 6, minst=True),
        Mal("hela delårsrapporten av 15: mot golvet", "delar 15", "golv 15", 2.5),
    ]
    mal += [Mal(f"hela delårsrapporten av {n}: mot golvet", f"delar {n}", f"golv {n}", 2.5) for n in ("300", "2000")]
    mal += [
        Mal("rät linje, 100–300 mot 15–100: tid per ytterligare inlämning", "lutning 300", "lutning 100", 1.2),
        Mal("rät linje, 300–2000 mot 100–300: tid per ytterligare inlämning", "lutning 2000", "lutning 300", 1.2),
        Mal("hela delårsrapporten av 2000: minne, MiB", "delar 2000", "", 600),
    ]
    return mal


ANDRA = (
    Mal("validera en bok: mot att importera dess bibliotek", "validera bok", "bibliotek", 1.5),
    Mal("--help: mot en tom typerapp", "--help", "tom app", 1.6),
    Mal("--version: mot en tom typerapp", "--version", "tom app", 1.0),
    Mal("ett diagram: billigare än en bild av matplotlib", "matplotlib", "diagram", 10, minst=True),
    Mal("SIE med periodsaldon: mot en sökning med reguljärt uttryck", "sie rader", "sok rader", 1.5),
    Mal("SIE med bara verifikationer: mot en sökning", "sie fält", "sok fält", 1.5),
    Mal("SIE med bara verifikationer: minne, MiB", "sie fält", "", 500),
)
