"""Antalet invånare som fakta, så att siffror per invånare räknas och förklaras som andra."""

import pandas as pd

from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.period import Period
from kommunrapport.mall.organisation import Organisation

TABELL = "invanare"


def invanarfakta(organisation: Organisation, period: Period) -> pd.DataFrame:
    """Kolumnen ``nu``: invånarna den 31 december året före perioden, och ``fg`` ett år tidigare. De som inte är kända saknas."""
    enhet = next((e.id for e in organisation.med_slag("finansforvaltning")), "")
    ar = {"nu": period.ar - 1, "fg": period.ar - 2}
    kanda = {kolumn: antal for kolumn, a in ar.items() if (antal := organisation.invanare_vid(a)) is not None}
    if "nu" not in kanda and organisation.kommun.invanare is not None:
        kanda["nu"] = organisation.kommun.invanare
    return fakta.faktatabell(_faktum(enhet, kolumn, antal, ar[kolumn]) for kolumn, antal in kanda.items())


def _faktum(enhet: str, kolumn: str, antal: int, ar: int) -> Faktum:
    return Faktum(
        enhet=enhet,
        tabell=TABELL,
        rad=TABELL,
        kolumn=kolumn,
        slag="antal",
        varde=antal * HUNDRADELAR,
        text="",
        tillstand=fakta.VARDE,
        fil="kommun.toml",
        blad="",
        cell=f"invanare {ar}",
        radnamn=f"Invånare den 31 december {ar}",
        art="",
        kategori="",
        harledd=False,
        steg=1,
        lagrat=str(antal),
    )
