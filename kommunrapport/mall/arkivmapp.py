"""Var de fastställda rapporterna ligger: ``arkiv/PERIOD/v1``, ``v2`` och så vidare, var och en en hel arbetskatalog."""

import re
from pathlib import Path

from kommunrapport.karna.period import Period

ARKIV, MANIFEST = "arkiv", "manifest.json"
MEDFOLJANDE = "medfoljande-mallar"
"""Mappen i en arkiverad version med programmets mallar, så som de var då."""
_VERSION = re.compile(r"v([1-9]\d*)")


def versionsmapp(katalog: Path, period: Period | str, version: int) -> Path:
    return katalog / ARKIV / str(period) / f"v{version}"


def versioner(katalog: Path, period: Period | str) -> dict[int, Path]:
    """Periodens fastställda versioner, i ordning; inga när den inte är fastställd."""
    mappar = (katalog / ARKIV / str(period)).glob(f"v*/{MANIFEST}")
    numrerade = {int(traff[1]): fil.parent for fil in mappar if (traff := _VERSION.fullmatch(fil.parent.name))}
    return dict(sorted(numrerade.items()))


def ar_version(katalog: Path) -> bool:
    """Om mappen är en arkiverad version och inte kommunens egen arbetskatalog."""
    return (katalog / MEDFOLJANDE).is_dir() or (katalog / MANIFEST).is_file()
