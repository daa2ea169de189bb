"""Orden som meningarna om en enhet får använda: dess mål, dess svar på bladen och adresserna i dess egna tabeller."""

from collections.abc import Mapping
from dataclasses import replace

from kommunrapport.karna.plan import Adress
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.rapport.listord import Listord
from kommunrapport.rapport.malkedja import BLAD, Malbild, maluppgifter


def enhetsord(enhet: Enhetspost, listord: Listord, bild: Malbild | None) -> Mapping[str, object]:
    """Orden på namn; ``bild`` är periodens mål, None när den inte har några."""

    def egen(adress: str) -> str:
        a = Adress.ur(adress)
        return str(replace(a, tabell=f"{a.tabell}-{enhet.id}"))

    mal = replace(bild, rader=[r for r in bild.rader if r.enhet == enhet.id]) if bild and bild.facit.har(enhet.id, BLAD) else None
    egna = replace(listord, styrrader=[s for s in listord.styrrader if s.enhet == enhet.id])
    return {
        **maluppgifter(mal),
        **_indikatorer(mal),
        "enhet": enhet.id,
        "enhetsnamn": enhet.namn,
        "egen": egen,
        "antal_rader": egna.antal_rader,
        "svaren": egna.svaren,
        "forfallna": egna.forfallna,
        "med_svar": egna.med_svar,
        "cell": lambda blad, rad, kolumn: listord.text(enhet.id, blad, rad, kolumn),
    }


def _indikatorer(bild: Malbild | None) -> Mapping[str, object]:
    """Antalet indikatorer som går att pröva, och hur många av dem som når sitt målvärde."""
    svar = [bild.nar(r) for r in bild.rader if r.tabell == BLAD and r.art == "indikator"] if bild else []
    return {"antal_indikatorer": sum(s is not None for s in svar), "natta_indikatorer": sum(s is True for s in svar)}
