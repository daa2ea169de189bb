"""Bokens manifest: det dolda bladet som säger vilken enhet och period boken gäller, vad filen än heter."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.inlasning import excel
from kommunrapport.inlasning.celler import som_text
from kommunrapport.inlasning.excel import Ark, Olasbar
from kommunrapport.karna.period import Period
from kommunrapport.mall.bladrader import MANIFEST


@dataclass(frozen=True, slots=True)
class Manifest:
    """Så som det står i boken; inget är prövat mot kommun.toml."""

    enhet: str
    period: str
    version: str

    @property
    def tolkad_period(self) -> Period | None:
        try:
            return Period.parse(self.period)
        except ValueError:
            return None


def manifest_i(ark: Sequence[Ark]) -> Manifest | None:
    """Manifestet i en läst bok, eller None när boken inte är en inlämningsbok."""
    uppgifter = next(({str(r[0]): som_text(r[1]) for r in a.rader if len(r) > 1} for a in ark if a.namn == MANIFEST), None)
    if not uppgifter:
        return None
    return Manifest(*(uppgifter.get(namn, "") for namn in ("enhet", "period", "version")))


def las_manifest(fil: Path) -> Manifest | None:
    """Manifestet utan att resten av boken läses; None när filen inte går att läsa eller inte har något."""
    try:
        return manifest_i(excel.las_blad(fil, MANIFEST))
    except Olasbar:
        return None
