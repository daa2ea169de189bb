"""Frister: om något skulle ha varit klart."""

import re
from collections.abc import Container
from datetime import date

_DAG = re.compile(r"^\d{4}-\d\d-\d\d$")


def som_dag(text: str) -> date | None:
    """Dagen, skriven som 2024-08-31; None för något annat."""
    try:
        return date.fromisoformat(text) if _DAG.match(text) else None
    except ValueError:
        return None


def ar_forfallen(klart: str, status: str, avslutade: Container[str], slut: date) -> bool:
    """Om dagen har passerat vid periodens slut och statusen inte är någon av de avslutade."""
    dag = som_dag(klart)
    return dag is not None and dag <= slut and status not in avslutade
