"""Periodens inlämningar, böcker och SIE-filer: vilken enhet varje fil gäller, och allas fakta i en tabell.

En enhet som har lämnat både bok och SIE-fil räknas på boken; SIE-filens fakta jämförs med den och hålls isär.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kommunrapport.inlasning import excel, filer, sieinlamning
from kommunrapport.inlasning.bok import Inlamning, namnd_i, olasbar
from kommunrapport.inlasning.excel import Olasbar
from kommunrapport.inlasning.fillasning import las_filer
from kommunrapport.inlasning.sieenhet import ar_sie
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import SAKNAD_INLAMNING, Allvar, Anmarkning, Plats
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall

_OANVANDBAR = ("KR111", "KR152", "KR153")
"""Enheten har lämnat något, men det går inte att använda; att det saknas sägs inte en gång till."""


@dataclass(frozen=True)
class Inlamningar:
    """Det som lästes för en period: fakta, anmärkningar och vilka enheter som har lämnat."""

    filer: tuple[Inlamning, ...]
    fakta: pd.DataFrame
    anmarkningar: tuple[Anmarkning, ...]
    lamnat: frozenset[str]
    saknas: tuple[str, ...] = ()
    """Enheter som skulle ha lämnat för perioden men inte finns bland filerna."""

    def ur(self, tabell: pd.DataFrame) -> "Inlamningar":
        """Samma inlämningar, med sina fakta som de första raderna i en större tabell: så hålls de inte två gånger."""
        egna = tabell.iloc[: len(self.fakta)]
        filer = tuple(replace(i, fakta=i.fakta.ur(self.fakta, egna)) if isinstance(i.fakta, fakta.Faktarader) else i for i in self.filer)
        return replace(self, filer=filer, fakta=egna)


def las_inlamningar(arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad], valda: Sequence[Path] | None = None) -> Inlamningar:
    """Läser de valda filerna, annars hela periodens mapp. En fil som inte går att läsa stoppar inga andra."""
    mapp = arbete.inlamnat(mall.period)
    bocker, allmanna = (list(valda), []) if valda is not None else filer.i_mappen(mapp, arbete.katalog)
    lasta, tabell, rader = _i_tabell(las_filer(bocker, arbete, mall, styrrader))
    dubbla = _dubbla(lasta)
    giltiga = [i for i in lasta if i.enhet and (i.enhet, i.sie) not in dubbla and i.fakta]
    har_bok = {i.enhet for i in lasta if i.fakta and not i.sie}
    raknade = [i for i in giltiga if not (i.sie and i.enhet in har_bok)]
    lamnat = frozenset(i.enhet for i in raknade)
    saknas = tuple(e.id for e in arbete.organisation.enhet if e.id not in lamnat and mall.blad_for(e))
    namnda = {i.fil: namnd_i(i.fil, arbete.organisation) for i in lasta if not i.enhet}
    anmarkningar = [*allmanna, *(_med_enhet(a, namnda.get(i.fil, "")) for i in lasta if (i.enhet, i.sie) not in dubbla for a in i.anmarkningar)]
    anmarkningar += [_flera(nyckel_, vag, vagar) for nyckel_, vagar in dubbla.items() for vag in vagar]
    if valda is None:
        plats = Plats(mapp.relative_to(arbete.katalog).as_posix())
        kanda = {*(e for e, _ in dubbla), *(a.enhet for a in anmarkningar if a.kod in _OANVANDBAR), *namnda.values()}
        anmarkningar += [Anmarkning(SAKNAD_INLAMNING, e, plats) for e in saknas if e not in kanda]
        enheter = {e.id: e for e in arbete.organisation.enhet}
        anmarkningar += [sieinlamning.bara_sie(i.fil, enheter[i.enhet], i.fakta, mall, styrrader) for i in raknade if i.sie]
    egna, raknas = {id(i) for i in giltiga}, {id(i) for i in raknade}
    som_galler = [(rad, id(i) in raknas) for i, rad in zip(lasta, rader, strict=True) if id(i) in egna]
    return Inlamningar(tuple(lasta), _galler(tabell, som_galler), tuple(anmarkningar), lamnat, saknas)


def _i_tabell(lasta: Iterable[Inlamning]) -> tuple[list[Inlamning], pd.DataFrame, list[range]]:
    """Inlämningarna, med sina fakta som rader i en gemensam tabell i stället för som objekt, tabellen, och vars och ens rader."""
    samling, utan, rader = fakta.Faktasamling(), [], []
    for i in lasta:
        utan.append(replace(i, fakta=()))
        rader.append(samling.lagg(i.fakta))
    tabell = samling.tabell()
    return [replace(i, fakta=fakta.Faktarader(tabell, r)) for i, r in zip(utan, rader, strict=True)], tabell, rader


def _galler(tabell: pd.DataFrame, rader: Sequence[tuple[range, bool]]) -> pd.DataFrame:
    """Det av tabellen som gäller: filernas rader, och om de räknas. De som bara jämförs får sina tabellers namn därefter."""
    if all(raknas for _, raknas in rader) and sum(len(r) for r, _ in rader) == len(tabell):
        return tabell
    urval = tabell.iloc[[nr for r, _ in rader for nr in r]]
    inleds = ["" if raknas else fakta.BARA_JAMFORS for r, raknas in rader for _ in r]
    return fakta.sla_ihop([urval.assign(tabell=[f"{a}{b}" for a, b in zip(inleds, urval["tabell"], strict=True)])])


def _med_enhet(a: Anmarkning, enhet: str) -> Anmarkning:
    return replace(a, enhet=enhet) if enhet and not a.enhet else a


def _dubbla(lasta: Sequence[Inlamning]) -> dict[tuple[str, bool], list[str]]:
    """(enhet, om det är SIE) → filerna, när de är flera."""
    per_enhet: dict[tuple[str, bool], list[str]] = {}
    for i in lasta:
        if i.enhet and i.fakta:
            per_enhet.setdefault((i.enhet, i.sie), []).append(i.fil)
    return {enhet: namn for enhet, namn in per_enhet.items() if len(namn) > 1}


def _flera(nyckel_: tuple[str, bool], fil: str, vagar: Sequence[str]) -> Anmarkning:
    enhet, sie = nyckel_
    namn = rakna_upp([f"”{Path(vag).name}”" for vag in vagar])
    return Anmarkning("KR163" if sie else "KR113", enhet, Plats(fil), fakta={"antal": str(len(vagar)), "andra": namn})


def las_los(fil: Path, arbete: Arbetskatalog) -> Anmarkning:
    """Varför en fil inte hör till någon period: den går inte att läsa, eller är ingen inlämningsbok."""
    plats = Plats(filer.visas_som(fil, arbete.katalog))
    if ar_sie(fil):
        return Anmarkning("KR165", plats=plats)
    if fil.suffix.lower() not in filer.BOKTYPER:
        return Anmarkning("KR109", plats=plats, lamnat=fil.suffix, allvar=Allvar.FEL)
    try:
        excel.las_bok(fil)
    except Olasbar as fel:
        return olasbar(fel, plats.fil)
    return Anmarkning("KR110", plats=plats)
