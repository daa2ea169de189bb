"""Lägesbilden till kommunstyrelsens sammanträde: målområdena som förvaltningarna skriver om, och perioderna som siffrorna kommer ur."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.sprak import beteckning
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.mall.rubriker import andel_av_aret, rubrikord

SENASTE: Mapping[str, str] = {"senaste": "", "senaste_personal": "personal", "senaste_hme": "hme"}
"""Vad den senaste tidigare perioden heter bland de tidigare → området som den ska ha; tomt är vilken som helst."""
OMRADESBLAD = "lage"
"""Bladet där förvaltningarna ger exempel ur målområdena."""


@dataclass(frozen=True)
class Tidpunkt:
    """En period som lägesbilden tar siffror ur: varför den, dess rapport när den finns, och vilka som inte lämnade då."""

    period: Period
    rapport: str
    """Rapporten, när den är skriven eller fastställd; annars tomt."""
    skal: str = ""
    forbi: tuple[str, ...] = ()
    """De nyare perioderna, med varför siffrorna inte tas ur dem."""
    utan: Mapping[str, str] = field(default_factory=dict)
    """De som inte lämnade för perioden: id → namn."""

    @property
    def saknas(self) -> tuple[str, ...]:
        """Namnen på dem som inte lämnade."""
        return tuple(self.utan.values())

    @property
    def slut(self) -> str:
        """``31 augusti 2024``."""
        return datum_i_ord(self.period.slut)

    @property
    def spann(self) -> str:
        """``januari–augusti 2024``."""
        return self.period.spann

    @property
    def av_aret(self) -> str:
        """Hur stor del av året som har gått: ``66,7 procent``."""
        return andel_av_aret(self.period)


def tidsord(tider: Mapping[str, Tidpunkt]) -> dict[str, str]:
    """Rubrikernas ord om de senaste perioderna, till exempel ``senaste_spann``; ett streck när perioden inte finns."""
    mojliga = rubrikord(Period(2000, 1))
    return {f"{n}_{o}": rubrikord(tider[n].period)[o] if n in tider else SAKNAS for n in SENASTE for o in mojliga}


def lagesrader(mall: Periodmall, organisation: Organisation, styrrader: Sequence[Styrrad]) -> Iterator[Styrrad]:
    """En rad per förvaltning och målområde, på det blad som lägesbilden har för dem."""
    blad = next((b for b in mall.blad if b.id == OMRADESBLAD), None)
    enheter = [e for e in organisation.enhet if blad and blad in mall.blad_for(e)]
    omraden = _malomraden(organisation, styrrader)
    for enhet in enheter:
        yield from (replace(o, enhet=enhet.id) for o in omraden)


def _malomraden(organisation: Organisation, styrrader: Sequence[Styrrad]) -> list[Styrrad]:
    """Kommunens egna i kommun.toml, annars de i mal.csv; utan målområden fullmäktiges mål, och annars verksamheten som helhet."""
    egna = organisation.lagesbild.omraden
    if egna:
        return [Styrrad("", OMRADESBLAD, beteckning(namn), namn) for namn in egna]
    for art in ("malomrade", "kfmal"):
        if beslutade := [r for r in styrrader if r.tabell == "mal" and r.art == art]:
            return [Styrrad("", OMRADESBLAD, r.rad, r.namn, kalla=r.kalla) for r in beslutade]
    return [Styrrad("", OMRADESBLAD, "verksamheten", "Verksamheten")]
