"""Årsplanen som en kalenderfil (RFC 5545), som Outlook och andra kalendrar läser."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import icalendar

from kommunrapport.berakning.arsplan import Arsplan, Periodplan, Punkt
from kommunrapport.karna.sprak import beteckning, stor_bokstav

_UTGIVARE = "-//kommunrapport//arshjul//SV"


def ics_av(plan: Arsplan, kommun: str = "") -> bytes:
    """Kalendern med en heldagshändelse per dag i planen. Samma plan ger samma byte.

    ``kommun`` skiljer kalendrarnas händelser åt när flera kommuner läggs i samma kalender; utan den gäller profilens namn.
    """
    namn = kommun or plan.arshjul.namn
    kalender = icalendar.Calendar()
    for nyckel, varde in (("prodid", _UTGIVARE), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        kalender.add(nyckel, varde)
    kalender.add("x-wr-calname", f"Årshjul {plan.ar}, {namn}")
    for punkt, periodplan in _alla(plan):
        kalender.add_component(_handelse(plan, punkt, periodplan, beteckning(namn)))
    return bytes(kalender.to_ical())


def _alla(plan: Arsplan) -> Iterator[tuple[Punkt, Periodplan | None]]:
    yield from ((punkt, p) for p in plan.perioder for punkt in p.punkter)
    yield from ((punkt, None) for punkt in plan.handelser)


def _handelse(plan: Arsplan, punkt: Punkt, periodplan: Periodplan | None, agare: str) -> icalendar.Event:
    handelse = icalendar.Event()
    handelse.add("uid", f"{punkt.id}.{agare}@kommunrapport")
    handelse.add("dtstamp", datetime.combine(plan.arshjul.senast_kontrollerad, time(), UTC))
    handelse.add("dtstart", punkt.dag)
    handelse.add("dtend", punkt.dag + timedelta(days=1))
    vad = f"{punkt.vem} {punkt.vad}"
    handelse.add("summary", f"{periodplan.post.rapporttyp} {periodplan.period.efter_rapporten}: {vad}" if periodplan else vad)
    handelse.add("description", "\n".join(_beskrivning(plan, punkt, periodplan)))
    handelse.add("categories", [periodplan.post.rapporttyp if periodplan else "Årshjul"])
    handelse.add("transp", "TRANSPARENT")
    return handelse


def _beskrivning(plan: Arsplan, punkt: Punkt, periodplan: Periodplan | None) -> Iterator[str]:
    if punkt.i_manaden:
        yield f"Under {punkt.nar}. Flytta till sammanträdets dag när den är bestämd."
    if punkt.anmarkning:
        yield f"{stor_bokstav(punkt.anmarkning)}."
    if periodplan and punkt.slag in ("ut", "klar"):
        kommando = "mall" if punkt.slag == "ut" else "validera"
        yield f"kommunrapport {kommando} --period {periodplan.period}"
    if punkt.tolkat:
        yield "Tidpunkten är ett förslag; källan anger den inte."
    if punkt.kalla:
        yield f"Källa: {punkt.kalla}."
    if punkt.slag in ("steg", "handelse"):
        yield f"Årshjulet {plan.arshjul.namn}: {plan.arshjul.kalla}."
