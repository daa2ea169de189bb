"""Undantag (undantag.csv): beslut om att en enhet under en tid inte behöver följa en regel.

En rad per undantag: kod, enhet (eller ``alla``), första och sista period, motiv, beslut och datum; ``rad`` begränsar det
till en rad på bladet.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import nyckel
from kommunrapport.mall import lasning
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.organisation import Organisation

FIL = "undantag.csv"
ALLA = "alla"
_KOLUMNER = ("kod", "enhet", "fran", "till", "motiv", "beslut", "datum")


@dataclass(frozen=True, slots=True)
class Undantag:
    """Ett beslutat undantag. ``enhet`` är tom när det gäller alla."""

    kod: str
    enhet: str
    fran: Period
    till: Period
    motiv: str
    beslut: str
    datum: str
    rad: str
    kalla: Kalla

    def ar_for(self, kod: str, enhet: str, rader: Container[str]) -> bool:
        """Om undantaget gäller koden, enheten och någon av radens beteckningar (namn eller id, som nycklar)."""
        return kod == self.kod and self.enhet in ("", enhet) and (not self.rad or nyckel(self.rad) in rader)


def las_undantag(katalog: Path, organisation: Organisation, anmarkningar: Katalog) -> tuple[Undantag, ...]:
    """Kommunens undantag; inga när filen saknas. Fel: MallFel med en mening per brist."""
    if not (katalog / FIL).is_file():
        return ()
    lasta, brister = [], []
    for radnr, falt in lasning.las_csv(katalog / FIL, FIL, _KOLUMNER, ("rad",)):
        radens = [f"{FIL}, rad {radnr}: {brist}." for brist in _brister(falt, organisation, anmarkningar)]
        brister += radens
        if not radens:
            lasta.append(_undantag(falt, organisation, radnr))
    if brister:
        raise MallFel(*brister)
    return tuple(lasta)


def _undantag(falt: Mapping[str, str], organisation: Organisation, radnr: int) -> Undantag:
    enhet = organisation.sok(falt["enhet"])
    return Undantag(
        kod=falt["kod"],
        enhet=enhet.id if enhet else "",
        fran=Period.parse(falt["fran"]),
        till=Period.parse(falt["till"]),
        motiv=falt["motiv"],
        beslut=falt["beslut"],
        datum=falt["datum"],
        rad=falt.get("rad", ""),
        kalla=Kalla(FIL, "", f"rad {radnr}"),
    )


def _brister(falt: Mapping[str, str], organisation: Organisation, anmarkningar: Katalog) -> Iterator[str]:
    post = anmarkningar.poster.get(falt["kod"])
    if post is None:
        yield f"koden ”{falt['kod']}” finns inte; koderna står i docs/regler.md och visas av kommunrapport regler"
    elif post.allvar == "stopp" or post.kategori == "fil":
        yield f"koden {falt['kod']} gäller filen och kan inte undantas"
    if falt["enhet"] != ALLA and organisation.sok(falt["enhet"]) is None:
        yield f"enheten ”{falt['enhet']}” finns inte i kommun.toml; skriv {ALLA} eller något av {', '.join(e.id for e in organisation.enhet)}"
    for namn in ("fran", "till"):
        if not _ar_period(falt[namn]):
            yield f"{namn} är ”{falt[namn]}”; skriv perioden som 2024-08"
    if all(_ar_period(falt[namn]) for namn in ("fran", "till")) and Period.parse(falt["till"]) < Period.parse(falt["fran"]):
        yield f"till är ”{falt['till']}”, före fran; skriv perioderna i ordning"
    for namn in ("motiv", "beslut"):
        if not falt[namn]:
            yield f"{namn} saknas; ett undantag ska ha motiv och beslut"
    try:
        date.fromisoformat(falt["datum"])
    except ValueError:
        yield f"datum är ”{falt['datum']}”; skriv beslutets datum som 2024-09-12"


def _ar_period(text: str) -> bool:
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True
