"""Vilken tidigare period lägesbilden tar sina siffror ur, och varför den och ingen nyare."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kommunrapport.inlasning import filer
from kommunrapport.inlasning.sieenhet import ar_sie
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.arshjulsmall import ALLA_BOCKER, SISTA_DAGEN, Arshjulspost, Lagesbildsmall
from kommunrapport.mall.lagesbild import SENASTE
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, las_periodmall

_AR_TILLBAKA = 3
"""Så många år, med årets, som lägesbilden söker sina siffror i."""
_KRAV_I_ORD = {ALLA_BOCKER: "alla nämnder har lämnat", SISTA_DAGEN: "sista dagen att lämna har passerat"}


@dataclass(frozen=True)
class Vald:
    """En vald period, varför den är vald, och de nyare med varför de inte är det."""

    period: Period
    skal: str
    forbi: tuple[str, ...] = ()
    granskade: tuple[Period, ...] = ()
    """De perioder med böcker som valet beror på: den valda och de nyare."""


def som_lamnar(arbete: Arbetskatalog, period: Period) -> list[Enhetspost]:
    """Nämnderna och finansförvaltningen, när de har något att lämna för perioden: de vars siffror en lägesbild visar."""
    mall = las_periodmall(arbete, period)
    return [e for e in arbete.organisation.med_slag("namnd", "finansforvaltning") if mall.blad_for(e)]


def valda_perioder(arbete: Arbetskatalog, period: Period) -> dict[str, Vald]:
    """Vad den senaste perioden heter bland de tidigare → den som är vald; namnet saknas när ingen har lämnat. Fel: MallFel."""
    mall = arbete.mallkalla.las("lagesbild.toml", Lagesbildsmall)
    dag = las_periodmall(arbete, period).post.sammantrade(period.slut) or period.slut
    mojliga, egen = _mojliga(arbete, period), _kommunens(arbete, dag)
    valda = {namn: _valj([k for k in mojliga if k.har(omrade)], mall.kalla, dag, "" if omrade else egen) for namn, omrade in SENASTE.items()}
    return {namn: vald for namn, vald in valda.items() if vald}


@dataclass(frozen=True)
class _Kandidat:
    """En period som siffrorna kan tas ur; böckerna öppnas först när valet beror på dem."""

    arbete: Arbetskatalog
    post: Arshjulspost
    period: Period

    @cached_property
    def har_bocker(self) -> bool:
        return self.arbete.har_underlag(self.period)

    def har(self, omrade: str) -> bool:
        """Om perioden har området; tomt är vilket som helst."""
        return not omrade or omrade in self.post.omraden

    @cached_property
    def saknas(self) -> tuple[int, int]:
        """Hur många som inte har lämnat en bok som går att använda, av hur många."""
        bocker, _ = filer.i_mappen(self.arbete.inlamnat_i_underlag(self.period), self.arbete.katalog)
        antal = Counter((filer.enhet_i(bok, self.arbete.organisation), ar_sie(bok)) for bok in bocker)
        har, ska = {enhet for (enhet, _), n in antal.items() if n == 1}, som_lamnar(self.arbete, self.period)
        return sum(e.id not in har for e in ska), len(ska)

    def brister(self, krav: Sequence[str], dag: date) -> Iterator[str]:
        """Det i kraven som perioden inte uppfyller när sammanträdet är den dagen."""
        if not self.har_bocker:
            yield "ingen har lämnat"
            return
        sista = self.post.klar_senast(self.period.slut)
        if SISTA_DAGEN in krav and sista > dag:
            yield f"sista dagen att lämna är {datum_i_ord(sista)}"
        elif ALLA_BOCKER in krav and self.saknas[0]:
            yield f"{self.saknas[0]} av {self.saknas[1]} har inte lämnat"


def _mojliga(arbete: Arbetskatalog, period: Period) -> list[_Kandidat]:
    """Årshjulets perioder före sammanträdet, den nyaste först. Lägesbilder räknas inte."""
    aren = range(period.ar, period.ar - _AR_TILLBAKA, -1)
    alla = [_Kandidat(arbete, post, post.period(ar)) for post in arbete.arshjul.period for ar in aren if not post.sammantraden]
    return sorted((k for k in alla if k.period < period), key=lambda k: k.period, reverse=True)


def _valj(mojliga: Sequence[_Kandidat], regler: Sequence[Sequence[str]], dag: date, egen: str) -> Vald | None:
    """Kommunens eget val, annars den nyaste som uppfyller allt i den första regeln som någon uppfyller.

    En period som är mer än ett år äldre än den senaste med böcker väljs inte, hur fullständig den än är.
    """
    med = [k for k in mojliga if k.har_bocker]
    nog_nya = [k for k in med if k.period >= med[0].period.samma_fg_ar]
    for krav in regler if not egen else ():
        for k in nog_nya:
            if not any(k.brister(krav, dag)):
                ord_ = rakna_upp([_KRAV_I_ORD[vad] for vad in krav])
                return _med_skal(k, mojliga, f"den senaste där {ord_}" if ord_ else "den senaste som någon har lämnat för", regler[0], dag)
    traff = next((k for k in med if str(k.period) == egen), None)
    if egen and not traff:
        finns = rakna_upp([str(k.period) for k in med[:6]]) or "inga"
        raise MallFel(f"kommun.toml: [lagesbild] ekonomi: det finns inga böcker för {egen} att ta siffrorna ur. Perioder med böcker är {finns}.")
    return _med_skal(traff, mojliga, "den som är vald i kommun.toml", regler[0], dag) if traff else None


def _med_skal(k: _Kandidat, mojliga: Sequence[_Kandidat], skal: str, krav: Sequence[str], dag: date) -> Vald:
    nyare = [n for n in mojliga if n.period > k.period]
    forbi = tuple(f"{n.period.namn} ({skalen})" if (skalen := rakna_upp(list(n.brister(krav, dag)))) else n.period.namn for n in nyare)
    return Vald(k.period, skal, forbi, (k.period, *(n.period for n in nyare if n.har_bocker)))


def _kommunens(arbete: Arbetskatalog, dag: date) -> str:
    """Perioden som kommun.toml säger att ekonomin ska tas ur till sammanträdet, eller tomt. Fel: MallFel när en nämnd dag inte är ett sammanträde."""
    val = arbete.organisation.lagesbild
    if okanda := sorted({*val.ekonomi} - {*val.sammantraden}):
        raise MallFel(f"kommun.toml: [lagesbild] ekonomi: {rakna_upp([str(d) for d in okanda])} finns inte bland sammantraden.")
    return val.ekonomi.get(dag, "")
