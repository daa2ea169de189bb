"""Motparter: det som en enhet kan ha med var och en av de andra i koncernen ger motpartsbladen deras rader."""

from collections.abc import Iterator

from kommunrapport.karna.sprak import liten_bokstav
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.koncernenheter import Koncernenhet, koncernenheter
from kommunrapport.mall.koncernmall import Koncernmall
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import Periodmall

RUBRIK = "rubrik"
"""Arten på en rad som bara är en rubrik."""


def motpartsrader(mall: Periodmall, organisation: Organisation) -> Iterator[Styrrad]:
    """En rubrik och en rad per post för varje motpart, för varje blad vars rader är motparter."""
    enheter = koncernenheter(organisation, mall.period.slut, alla=True)
    for blad in mall.blad:
        if blad.rader_fran == "motparter":
            for enhet in enheter:
                for motpart in enheter:
                    if motpart != enhet:
                        yield from _om_motparten(mall.koncern, blad.id, enhet, motpart)


def postrad(motpart: str, post: str) -> str:
    """Radens beteckning på bladet."""
    return f"{motpart}.{post}"


def _om_motparten(koncern: Koncernmall, blad: str, enhet: Koncernenhet, motpart: Koncernenhet) -> Iterator[Styrrad]:
    poster = koncern.poster(enhet.slag, motpart.slag, blad)
    if poster:
        yield Styrrad(enhet.id, blad, f"r-{motpart.id}", motpart.namn, RUBRIK, motpart.id)
    for sida in poster:
        namn = sida.namn.format(motpart=liten_bokstav(motpart.kort) if motpart.ar_kommunen else motpart.kort)
        yield Styrrad(enhet.id, blad, postrad(motpart.id, sida.post), namn, sida.post, motpart.id, {"tecken": sida.tecken})
