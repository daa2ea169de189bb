"""Vad som är fel på en rad i en styrfil, fil för fil."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from kommunrapport.karna.styrrad import Styrrad

PROJEKTTYPER = ("genomforande", "planering")
"""Ett genomförandeprojekt har ett eget anslag; ett planeringsprojekt har det som verksamhetsplanen säger."""
KVALITETER = ("struktur", "process", "resultat")
FLEST_DECIMALER = 2
REGI = ("privat", "egen regi")
"""Driftformerna hos en utförare som följs upp."""
VISAS = ("procent", "belopp")
"""Hur ett finansiellt mål är skrivet; tomt är procent."""


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


def finansmalsbrister(falt: Mapping[str, str]) -> Iterator[str]:
    """Det som ett finansiellt mål ska ha."""
    if falt["visas"] not in VISAS:
        yield f"visas är ”{falt['visas']}”; tillåtet är {', '.join(VISAS)}."
    if not (falt["mal"] and falt["matt"]):
        yield "mal eller matt är tomt; skriv målets värde och beteckningen på måttet som det gäller."


def planbrister(falt: Mapping[str, str], tabell: str) -> Iterator[str]:
    """Det som planerna för intern kontroll och uppföljning av utförare dessutom ska ha."""
    if tabell == "internkontroll":
        par = {namn: falt.get(namn, "") for namn in ("sannolikhet", "konsekvens")}
        if any(par.values()) and not all(varde.isdecimal() and int(varde) > 0 for varde in par.values()):
            yield "sannolikhet och konsekvens ska båda vara hela tal från 1, eller båda tomma; riskvärdet är deras produkt."
    if tabell == "utforare":
        if falt["regi"] not in REGI:
            yield f"regi är ”{falt['regi']}”; tillåtet är {', '.join(REGI)}."
        if not falt["planerad"]:
            yield "planerad är tomt; skriv sista dagen då uppföljningen ska vara gjord, till exempel 2024-06-30."


def koncernbrister(falt: Mapping[str, str], tabell: str, kanda: Collection[str]) -> Iterator[str]:
    """Det som förvärv och elimineringar dessutom ska ha."""
    if tabell == "forvarv" and not re.fullmatch(r"[-−]?\d{1,3}(,\d{1,4})?", falt["andel"]):
        yield f"andel är ”{falt['andel']}”; skriv procent med decimalkomma, till exempel 70 eller 33,3, och med minus när andelar har sålts."
    if tabell == "forvarv" and not falt["datum"]:
        yield "datum är tomt; skriv förvärvsdagen, till exempel 2015-07-01."
    if tabell == "elimineringar":
        if falt["motpart"] not in kanda:
            yield f"motpart är ”{falt['motpart']}”; tillåtet är {', '.join(kanda)}."
        if falt.get("slag") and falt["belopp"].lstrip().startswith(("-", "−", "–")):
            yield "belopp är negativt; skriv hela det belopp som ska elimineras, med plus."
        if bool(falt.get("slag")) == bool(falt.get("rakning") and falt.get("post")):
            yield "ange antingen slag, för ett mellanhavande, eller rakning och post, för en fri eliminering."
        tomma = [namn for namn in ("benamning", "person", "beslutad") if not falt[namn]]
        if tomma:
            yield f"{', '.join(tomma)} är tomt; en eliminering för hand ska ha motiv (benamning), person och dag (beslutad)."


def ar_datum(text: str) -> bool:
    """Om texten är en dag, skriven 2024-04-22."""
    return _dag(text) is not None


RADBRISTER: Mapping[str, Callable[[Mapping[str, str]], Iterable[str]]] = {
    "investering": projektbrister,
    "volymer": volymbrister,
    "finansmal": finansmalsbrister,
}
"""Tabell → vad som dessutom prövas på en rad i dess fil."""


def okanda_lankar(rader: Sequence[Styrrad]) -> Iterator[str]:
    """Volymer vars kostnad ska hämtas ur en verksamhet som enheten inte har."""
    finns = {(r.enhet, r.rad) for r in rader if r.tabell == "drift"}
    for r in rader:
        for lank in r.attribut.get("drift", "").split():
            if (r.enhet, lank) not in finns:
                egna = ", ".join(rad for enhet, rad in sorted(finns) if enhet == r.enhet) or "ingen"
                yield f"{r.kalla.fil}, {r.kalla.cell}: drift är ”{lank}”, men enheten har ingen sådan rad i driftbudget.csv. Den har {egna}."
