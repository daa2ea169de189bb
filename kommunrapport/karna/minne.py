"""Hur ofta Python letar skräp i minnet."""

import gc

_NYA_OBJEKT = 20_000
"""Så många nya objekt mellan skräpsamlingarna: nästan alla lever till körningens slut, och med Pythons förval går var sjätte sekund åt."""


def samla_sallan() -> None:
    """Görs en gång i varje process som räknar."""
    gc.set_threshold(_NYA_OBJEKT, 20, 50)
