"""Vad som är fel på en rad i en styrfil om projekt eller volymer."""

from collections.abc import Iterator, Mapping
from datetime import date

PROJEKTTYPER = ("genomforande", "planering")
"""Ett genomförandeprojekt har ett eget anslag; ett planeringsprojekt har det som verksamhetsplanen säger."""
KVALITETER = ("struktur", "process", "resultat")
FLEST_DECIMALER = 2


def projektbrister(falt: Mapping[str, str]) -> Iterator[str]:
    """Brister i ett projekts typ och tidplan; båda får utelämnas."""
    if falt.get("projekttyp", "") not in ("", *PROJEKTTYPER):
        yield f"projekttyp är ”{falt['projekttyp']}”; tillåtet är {', '.join(PROJEKTTYPER)} eller tomt."
    dagar = {namn: _dag(falt.get(namn, "")) for namn in ("start", "klar")}
    for namn, dag in dagar.items():
        if falt.get(namn) and dag is None:
            yield f"{namn} är ”{falt[namn]}”; skriv till exempel 2025-06-30."
    start, klar = dagar["start"], dagar["klar"]
    if start and klar and klar < start:
        yield f"klar är {klar}, före start {start}; rätta den ena."


def volymbrister(falt: Mapping[str, str]) -> Iterator[str]:
    """Brister i en prestations eller ett nyckeltals mått, kvalitet och decimaler."""
    if not falt["matt"]:
        yield "matt är tomt; skriv vad som räknas, till exempel antal, timmar eller procent."
    if falt.get("kvalitet", "") not in ("", *KVALITETER):
        yield f"kvalitet är ”{falt['kvalitet']}”; tillåtet är {', '.join(KVALITETER)} eller tomt."
    if falt.get("decimaler", "") not in ("", *map(str, range(FLEST_DECIMALER + 1))):
        yield f"decimaler är ”{falt['decimaler']}”; skriv 0, 1 eller 2."


def _dag(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
