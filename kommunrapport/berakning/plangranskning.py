"""Räkneplanernas hänvisningar: varje siffra räknas på siffror som finns, och ingen på sig själv."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Tabellplan


def granska(planer: Mapping[str, Tabellplan]) -> None:
    """Fel: MallFel med den första siffran som pekar fel."""
    for plan in planer.values():
        _hanvisningar(plan, planer)
    _kretsar(planer)


def _kretsar(planer: Mapping[str, Tabellplan]) -> None:
    """Ingen siffra får räkna på sig själv. Fel: MallFel."""
    delar = {Adress(p.id, rad, kol): egna for p in planer.values() for (rad, kol), steg in p.steg.items() if (egna := steg.delar)}
    ordnare = TopologicalSorter({adress: [a for a in raknas_av if a in delar] for adress, raknas_av in delar.items()})
    try:
        ordnare.prepare()
    except CycleError as fel:
        raise MallFel(f"mallar/rapport: {fel.args[1][0]} räknar på sig själv.") from fel


def _hanvisningar(plan: Tabellplan, planer: Mapping[str, Tabellplan]) -> None:
    for (rad, kolumn), steg in plan.steg.items():
        for a in steg.delar:
            if a.tabell not in planer or (a.rad, a.kolumn) not in planer[a.tabell].steg:
                raise MallFel(f"{plan.rad(rad).kalla or 'mallar/rapport'}: {plan.id}.{rad}.{kolumn} räknar på {a}, som inte finns.")
