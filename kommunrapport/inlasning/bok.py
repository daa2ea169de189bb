"""En inlämning läst: vilken enhet boken eller SIE-filen gäller, dess fakta och anmärkningar."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.inlasning import excel, sieinlamning
from kommunrapport.inlasning.bladgranskning import granska_bok
from kommunrapport.inlasning.boklasare import Boklasare
from kommunrapport.inlasning.excel import Olasbar
from kommunrapport.inlasning.manifest import Manifest, manifest_i
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.sprak import nyckel
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall

_PERIOD_I_NAMN = re.compile(r"(?<!\d)(20\d{2})-(0[1-9]|1[0-2])(?![\d-])")


@dataclass(frozen=True)
class Inlamning:
    """En läst bok, eller SIE-fil. ``enhet`` är tom när filen inte kunde knytas till någon enhet."""

    fil: str
    enhet: str
    fakta: Sequence[Faktum] = ()
    anmarkningar: tuple[Anmarkning, ...] = ()
    sie: bool = False


def las_bok(data: bytes, visas: str, arbete: Arbetskatalog, mall: Periodmall, styrrader: Mapping[str, Sequence[Styrrad]]) -> Inlamning:
    """Boken som byte; ``visas`` är dess väg så som den visas, och ``styrrader`` besluten per enhet."""
    try:
        ark = excel.las_ark(data)
    except Olasbar as fel:
        return Inlamning(visas, "", anmarkningar=(olasbar(fel, visas),))
    enhet, funna = _identifiera(manifest_i(ark), visas, arbete.organisation, mall)
    if enhet is None:
        return Inlamning(visas, "", anmarkningar=funna)
    lasare = Boklasare(visas, ark, enhet, mall, styrrader.get(enhet.id, ()), arbete)
    lasare.las()
    namnet = _granska_namn(visas, enhet, mall, arbete.organisation)
    return Inlamning(
        visas, enhet.id, tuple(lasare.fakta), (*funna, *namnet, *lasare.anmarkningar, *granska_bok(visas, ark, enhet, lasare.fakta, mall))
    )


def las_sie(fil: Path, visas: str, arbete: Arbetskatalog, mall: Periodmall) -> Inlamning:
    """SIE-filen. Fel: MallFel när kontokartan har brister."""
    try:
        last = sieinlamning.las_inlamnad(fil, visas, arbete, mall)
    except Olasbar as fel:
        return Inlamning(visas, "", anmarkningar=(olasbar(fel, visas),), sie=True)
    if isinstance(last, Anmarkning):
        return Inlamning(visas, "", anmarkningar=(last,), sie=True)
    namnet = _granska_namn(visas, last.enhet, mall, arbete.organisation)
    return Inlamning(visas, last.enhet.id, last.fakta, (*namnet, *last.anmarkningar), sie=True)


def olasbar(fel: Olasbar, fil: str, enhet: str = "") -> Anmarkning:
    """Felet som en anmärkning på filen."""
    return Anmarkning(fel.kod, enhet, plats=Plats(fil, fel.blad, fel.celler), fakta=fel.fakta)


def namnd_i(fil: str, organisation: Organisation) -> str:
    """Enheten som filens namn nämner, eller tomt: det enda som säger vems en fil är när den inte går att läsa."""
    namn = nyckel(Path(fil).stem)
    namnda = [e for e in organisation.enhet if nyckel(e.namn) in namn]
    return max(namnda, key=lambda e: len(e.namn)).id if namnda else ""


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
