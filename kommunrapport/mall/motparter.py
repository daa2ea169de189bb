"""Motparter: de enheter som en enhet kan ha mellanhavanden med ger bladet dess rader."""

from collections.abc import Iterator

from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import Periodmall


def motpartsrader(mall: Periodmall, organisation: Organisation) -> Iterator[Styrrad]:
    """En rad per annan enhet som har samma blad, för varje blad vars rader är motparter."""
    for blad in mall.blad:
        if blad.rader_fran == "motparter":
            enheter = organisation.med_slag(*blad.galler_for)
            yield from (Styrrad(enhet.id, blad.id, motpart.id, motpart.namn) for enhet in enheter for motpart in enheter if motpart != enhet)
