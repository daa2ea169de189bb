"""Undantag för när körningen inte kan fortsätta, ett per orsak, med svensk mening och slutkod."""

from collections.abc import Iterable, Mapping
from enum import IntEnum


class Slutkod(IntEnum):
    """Programmets slutkoder; högre väger tyngre när flera gäller utom INTERNT."""

    KLART = 0
    INTERNT = 1
    ANVANDNING = 2
    SAKNAS = 3
    ANMARKNINGAR = 4
    MALL = 5
    UTMATNING = 6
    LAST = 7


def gravaste(koder: Iterable[Slutkod]) -> Slutkod:
    """Den gravaste slutkoden: ett internt fel går före allt, annars väger den högre tyngre."""
    alla = {*koder}
    return Slutkod.INTERNT if Slutkod.INTERNT in alla else max(alla, default=Slutkod.KLART)


class KommunrapportFel(Exception):
    """Gemensam bas: ``rader`` visas för användaren, en mening per rad."""

    slutkod = Slutkod.INTERNT

    def __init__(self, *rader: str) -> None:
        super().__init__("\n".join(rader))
        self.rader = rader


class AnvandningsFel(KommunrapportFel):
    """Kommandot skrevs fel eller pekar på något som inte finns."""

    slutkod = Slutkod.ANVANDNING


class OppenFraga(AnvandningsFel):
    """Frågan pekar inte ut något: ``finns`` är beteckning → namn på det som går att välja. Ett kommando som frågar så har fått sitt svar."""

    def __init__(self, finns: Mapping[str, str], *rader: str) -> None:
        super().__init__(*rader)
        self.finns = finns


class SaknasFel(KommunrapportFel):
    """Det finns inga inlämningar att läsa."""

    slutkod = Slutkod.SAKNAS


class HamtningsFel(KommunrapportFel):
    """Uppgifter gick inte att hämta ur en extern källa, eller svaret gick inte att läsa."""

    slutkod = Slutkod.SAKNAS


class AnmarkningsFel(KommunrapportFel):
    """Anmärkningar stoppar körningen (``--strikt``)."""

    slutkod = Slutkod.ANMARKNINGAR


class MallFel(KommunrapportFel):
    """En mall, kommun.toml eller en styrfil går inte att använda."""

    slutkod = Slutkod.MALL


class UtmatningsFel(KommunrapportFel):
    """En utfil kunde inte skrivas."""

    slutkod = Slutkod.UTMATNING


class FaststalldFel(UtmatningsFel):
    """Rapporten är fastställd och skrivs inte om."""


class LastFel(KommunrapportFel):
    """En annan körning håller arbetskatalogen."""

    slutkod = Slutkod.LAST
