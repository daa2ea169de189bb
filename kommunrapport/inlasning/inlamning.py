"""Periodens inlämnade böcker: vilken enhet varje fil gäller, och alla böckers fakta i en tabell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kommunrapport.inlasning import excel, filer
from kommunrapport.inlasning.bladgranskning import granska_bok
from kommunrapport.inlasning.boklasare import Boklasare
from kommunrapport.inlasning.excel import Olasbar
from kommunrapport.inlasning.manifest import Manifest, manifest_i
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.sprak import nyckel, rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall

_PERIOD_I_NAMN = re.compile(r"(?<!\d)(20\d{2})-(0[1-9]|1[0-2])(?![\d-])")


@dataclass(frozen=True)
class Inlamning:
    """En läst fil. ``enhet`` är tom när filen inte kunde knytas till någon enhet."""

    fil: str
    enhet: str
    fakta: tuple[Faktum, ...] = ()
    anmarkningar: tuple[Anmarkning, ...] = ()


@dataclass(frozen=True)
class Inlamningar:
    """Det som lästes för en period: fakta, anmärkningar och vilka enheter som har lämnat."""

    filer: tuple[Inlamning, ...]
    fakta: pd.DataFrame
    anmarkningar: tuple[Anmarkning, ...]
    lamnat: frozenset[str]
    saknas: tuple[str, ...] = ()
    """Enheter som skulle ha lämnat för perioden men inte finns bland filerna."""


def las_inlamningar(arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad], valda: Sequence[Path] | None = None) -> Inlamningar:
    """Läser de valda filerna, annars hela periodens mapp. En fil som inte går att läsa stoppar inga andra."""
    mapp = arbete.inlamnat(mall.period)
    bocker, allmanna = (list(valda), []) if valda is not None else filer.i_mappen(mapp, arbete.katalog)
    lasta = [_las_fil(fil, arbete, mall, styrrader) for fil in bocker]
    dubbla = _dubbla(lasta)
    giltiga = [i for i in lasta if i.enhet and i.enhet not in dubbla and i.fakta]
    lamnat = frozenset(i.enhet for i in giltiga)
    saknas = tuple(e.id for e in arbete.organisation.enhet if e.id not in lamnat and mall.blad_for(e))
    anmarkningar = [*allmanna, *(a for i in lasta if i.enhet not in dubbla for a in i.anmarkningar)]
    anmarkningar += [_flera_bocker(e, vag, vagar) for e, vagar in dubbla.items() for vag in vagar]
    fel_period = {a.enhet for a in anmarkningar if a.kod == "KR111"}
    if valda is None:
        plats = Plats(mapp.relative_to(arbete.katalog).as_posix())
        anmarkningar += [Anmarkning("KR101", e, plats) for e in saknas if e not in dubbla and e not in fel_period]
    facit = fakta.faktatabell(f for i in giltiga for f in i.fakta)
    return Inlamningar(tuple(lasta), facit, tuple(anmarkningar), lamnat, saknas)


def _dubbla(lasta: Sequence[Inlamning]) -> dict[str, list[str]]:
    per_enhet: dict[str, list[str]] = {}
    for i in lasta:
        if i.enhet and i.fakta:
            per_enhet.setdefault(i.enhet, []).append(i.fil)
    return {enhet: namn for enhet, namn in per_enhet.items() if len(namn) > 1}


def _flera_bocker(enhet: str, fil: str, vagar: Sequence[str]) -> Anmarkning:
    namn = rakna_upp([f"”{Path(vag).name}”" for vag in vagar])
    return Anmarkning("KR113", enhet, Plats(fil), fakta={"antal": str(len(vagar)), "andra": namn})


def _las_fil(fil: Path, arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad]) -> Inlamning:
    visas = filer.visas_som(fil, arbete.katalog)
    try:
        ark = excel.las_bok(fil)
    except Olasbar as fel:
        return Inlamning(visas, "", anmarkningar=(_olasbar(fel, visas),))
    enhet, funna = _identifiera(manifest_i(ark), visas, arbete.organisation, mall)
    if enhet is None:
        return Inlamning(visas, "", anmarkningar=funna)
    lasare = Boklasare(visas, ark, enhet, mall, styrrader, arbete)
    lasare.las()
    namnet = _granska_namn(visas, enhet, mall, arbete.organisation)
    return Inlamning(
        visas, enhet.id, tuple(lasare.fakta), (*funna, *namnet, *lasare.anmarkningar, *granska_bok(visas, ark, enhet, lasare.fakta, mall))
    )


def _olasbar(fel: Olasbar, fil: str) -> Anmarkning:
    return Anmarkning(fel.kod, plats=Plats(fil, fel.blad, fel.celler), fakta=fel.fakta)


def _identifiera(m: Manifest | None, fil: str, organisation: Organisation, mall: Periodmall) -> tuple[Enhetspost | None, tuple[Anmarkning, ...]]:
    plats = Plats(fil)
    if m is None:
        return None, (Anmarkning("KR110", plats=plats),)
    enhet = organisation.sok(m.enhet)
    if enhet is None:
        return None, (Anmarkning("KR112", plats=plats, lamnat=m.enhet, vantat=", ".join(e.id for e in organisation.enhet)),)
    if m.period != str(mall.period):
        return None, (Anmarkning("KR111", enhet.id, plats, m.period, str(mall.period)),)
    if m.version != mall.inlamning.version:
        return enhet, (Anmarkning("KR114", enhet.id, plats, m.version, mall.inlamning.version),)
    return enhet, ()


def _granska_namn(fil: str, enhet: Enhetspost, mall: Periodmall, organisation: Organisation) -> tuple[Anmarkning, ...]:
    """Filnamnet ska inte nämna en annan enhet eller period än den som boken gäller."""
    namn = nyckel(Path(fil).stem)
    namnda = [e.namn for e in organisation.enhet if nyckel(e.namn) in namn]
    perioder = ["-".join(t) for t in _PERIOD_I_NAMN.findall(namn)]
    fel = namnda if namnda and enhet.namn not in namnda else []
    fel += perioder if perioder and str(mall.period) not in perioder else []
    if not fel:
        return ()
    return (Anmarkning("KR116", enhet.id, Plats(fil), ", ".join(fel), f"{enhet.namn} {mall.period}"),)


def las_los(fil: Path, arbete: Arbetskatalog) -> Anmarkning:
    """Varför en fil inte hör till någon period: den går inte att läsa, eller är ingen inlämningsbok."""
    plats = Plats(filer.visas_som(fil, arbete.katalog))
    if fil.suffix.lower() not in filer.BOKTYPER:
        return Anmarkning("KR109", plats=plats, lamnat=fil.suffix, allvar=Allvar.FEL)
    try:
        excel.las_bok(fil)
    except Olasbar as fel:
        return _olasbar(fel, plats.fil)
    return Anmarkning("KR110", plats=plats)
