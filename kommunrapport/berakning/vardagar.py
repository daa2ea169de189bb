"""Vardagar: om en dag är ledig, och vardagen före den."""

from datetime import date, timedelta
from functools import cache

import holidays

_LORDAG, _SONDAG = 5, 6


def ledig(dag: date) -> str:
    """Helgdagens, aftonens eller veckodagens namn när dagen inte är en vardag; annars tomt.

    Som i 2 § lagen (1930:173) räknas lördagar, midsommarafton, julafton och nyårsafton med.
    """
    veckodag = {_LORDAG: "lördag", _SONDAG: "söndag"}.get(dag.weekday(), "")
    return _helgdagar(dag.year).get(dag, veckodag)


def vardag_fore(dag: date) -> date:
    """Dagen själv när den är en vardag, annars den närmaste vardagen före."""
    while ledig(dag):
        dag -= timedelta(days=1)
    return dag


def vardag_efter(dag: date, antal: int) -> date:
    """Den vardag som är ``antal`` vardagar efter dagen."""
    for _ in range(antal):
        dag += timedelta(days=1)
        while ledig(dag):
            dag += timedelta(days=1)
    return dag


@cache
def _helgdagar(ar: int) -> dict[date, str]:
    """Årets helgdagar utom vanliga söndagar, och de aftnar som räknas som helgdagar."""
    return dict(holidays.country_holidays("SE", years=ar, language="sv", include_sundays=False, categories=("public", "de_facto")))
