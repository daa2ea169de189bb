"""Flaggor som flera kommandon delar, och hur de tolkas."""

import os
import re
import time
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period

Periodflagga: TypeAlias = Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Perioden, till exempel 2024-08.")]
Katalogflagga: TypeAlias = Annotated[
    str,
    typer.Option("--katalog", metavar="MAPP", help="Arbetskatalogen med kommun.toml. Annars KOMMUNRAPPORT_KATALOG, den här mappen eller data/."),
]
Jsonflagga: TypeAlias = Annotated[bool, typer.Option("--json", help="Skriver svaret som JSON.")]
Ersattflagga: TypeAlias = Annotated[bool, typer.Option("--ersatt", help="Ersätter filer även om de har ändrats sedan de skrevs.")]
Datumflagga: TypeAlias = Annotated[str, typer.Option("--datum", metavar="ÅÅÅÅ-MM-DD", help="Räknar dagar från den dagen i stället för i dag.")]
FORSTA_AR = 1900
"""Tidigare årtal är skrivfel."""


def tolka_period(text: str) -> Period:
    """Fel: AnvandningsFel."""
    try:
        period = Period.parse(text)
    except ValueError:
        period = None
    if period is None or period.ar < FORSTA_AR:
        raise AnvandningsFel(f"Perioden ”{text}” går inte att tolka. Skriv år och månad med bindestreck, till exempel 2024-08.")
    return period


def tolka_dag(text: str) -> date:
    """Dagen, eller i dag när ingen är angiven. Fel: AnvandningsFel."""
    try:
        return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011  den lokala dagen
    except ValueError:
        raise AnvandningsFel(f"Dagen ”{text}” går inte att tolka. Skriv år, månad och dag med bindestreck, till exempel 2024-09-10.") from None


def tolka_ar(text: str) -> int:
    """Året, eller det här året när inget är angivet. Fel: AnvandningsFel."""
    if text and not re.fullmatch(r"(19|20)\d\d", text):
        raise AnvandningsFel(f"Året ”{text}” går inte att tolka. Skriv det med fyra siffror, till exempel 2026.")
    return int(text) if text else time.localtime().tm_year


def hitta_katalog(angiven: str, *filer: str) -> Path:
    """Den angivna katalogen, annars miljövariabelns, den aktuella mappen, data/ i den, eller en mapp ovanför någon av filerna."""
    vald = angiven or os.environ.get("KOMMUNRAPPORT_KATALOG", "")
    if vald:
        return next((m for m in (Path(vald), Path(vald) / "data") if (m / "kommun.toml").is_file()), Path(vald))
    har = Path()
    ovanfor = [mapp for fil in filer for mapp in Path(fil).absolute().parents]
    return next((mapp for mapp in (har, *ovanfor, har / "data") if (mapp / "kommun.toml").is_file()), har)
