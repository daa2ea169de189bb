"""Kommunens kassaflöde i exemplet, ur resultaträkningen, balansräkningen, investeringarna och försäljningarna."""

from exempel.underlag import FORSTA_AR, Underlag
from kommunrapport.karna.belopp import dela
from kommunrapport.karna.period import Period

_AVSATTNINGAR = ("avs_pensioner", "avs_andra")
_IMMATERIELLA = ("ekonomisystem",)
"""Projekten som är immateriella tillgångar."""


def kommunens_kassaflode(underlag: Underlag, period: Period) -> dict[str, int]:
    """Rad → tkr från årets början. Investeringsbidragen ligger bland de långfristiga skulderna."""
    fran, nu = underlag.balans(period.bokslut_fg_ar), underlag.balans(period)
    okning = {rad: belopp - fran[rad] for rad, belopp in nu.items()}
    amortering = dela(underlag.data["balans"]["amortering"][period.ar - FORSTA_AR] * period.manad, 12)
    immateriella = sum(underlag.projektutfall(rad, period) for rad in _IMMATERIELLA)
    pris, bokfort = underlag.forsaljning(period)
    vardeokning = underlag.orealiserat(period)
    bidrag = underlag.investeringsbidrag(period)
    ej_likvida = sum(okning[rad] for rad in _AVSATTNINGAR) - okning["infrastruktur"] - (pris - bokfort) - vardeokning
    return {
        "arets_resultat": nu["arets_resultat"],
        "ej_likvida": ej_likvida - underlag.resultatutfall(period)["avskrivningar"],
        "fordringar": -okning["fordringar"],
        "forrad": -okning["forrad"],
        "kortfristiga": okning["kortfristiga"],
        "inv_immateriella": -immateriella,
        "inv_materiella": immateriella - underlag.investeringsutgifter(period),
        "sald_materiella": pris,
        "inv_finansiella": vardeokning - okning["placeringar"],
        "inv_bidrag": bidrag,
        "nya_lan": okning["langfristiga"] - bidrag + amortering,
        "amortering": -amortering,
        "langa_fordringar": -okning["finansiella"],
        "likvida_in": fran["kassa"],
    }
