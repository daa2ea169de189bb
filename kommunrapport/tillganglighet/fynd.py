"""Det en kontroll lämnar: kod, plats och fakta, aldrig ord."""

from kommunrapport.karna.anmarkning import Anmarkning, Plats


def fynd(kod: str, plats: str = "", *, blad: str = "", lamnat: str = "", vantat: str = "", **fakta: str) -> Anmarkning:
    """En anmärkning på en plats i dokumentet; tom plats när den gäller hela."""
    return Anmarkning(kod, plats=Plats(blad=blad, celler=(plats,) if plats else ()), lamnat=lamnat, vantat=vantat, fakta=fakta)
