"""Vilka filer som prövas: de som pekas ut, eller de som ligger i periodens mapp."""

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kommunrapport.inlasning.filnamn import ar_halv, ar_systemfil, visningsnamn
from kommunrapport.inlasning.manifest import las_manifest
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.fel import AnvandningsFel

BOKTYPER = (".xlsx", ".xlsm")


def visas_som(fil: Path, rot: Path) -> str:
    """Filens väg så som den visas: från arbetskatalogen när den ligger där, annars som den är given."""
    vag = fil.relative_to(rot) if fil.is_relative_to(rot) else fil
    return visningsnamn(vag.as_posix())


def i_mappen(mapp: Path, rot: Path) -> tuple[list[Path], list[Anmarkning]]:
    """Böckerna i mappen, och anmärkningar om det som inte läses."""
    bocker, anmarkningar = [], []
    for fil in sorted(mapp.iterdir()) if mapp.is_dir() else ():
        if fil.name.startswith("~$"):
            anmarkningar.append(Anmarkning("KR108", plats=Plats(visas_som(fil, rot)), fakta={"bok": fil.name[2:]}))
        elif ar_systemfil(fil) or not fil.is_file():
            continue
        elif ar_halv(fil):
            anmarkningar.append(Anmarkning("KR144", plats=Plats(visas_som(fil, rot))))
        elif fil.suffix.lower() in BOKTYPER:
            bocker.append(fil)
        else:
            anmarkningar.append(Anmarkning("KR109", plats=Plats(visas_som(fil, rot)), lamnat=fil.suffix))
    return bocker, anmarkningar


def utpekade(vagar: Sequence[str]) -> list[Path]:
    """Filerna som vägarna pekar ut: filer, mappar och mönster som ``*.xlsx``. Fel: AnvandningsFel om en inte finns."""
    funna = [fil for vag in vagar for fil in _en_vag(vag)]
    return list(dict.fromkeys(funna))


def _en_vag(vag: str) -> Iterator[Path]:
    plats = Path(vag)
    if plats.is_dir():
        bocker = i_mappen(plats, plats)[0]
        if not bocker:
            raise AnvandningsFel(f"Mappen {vag} innehåller inga arbetsböcker ({', '.join(BOKTYPER)}).")
        yield from bocker
    elif plats.exists():
        yield plats
    else:
        traffar = [Path(t) for t in sorted(glob.glob(vag))]  # noqa: PTH207  mönstret kan vara absolut
        bocker = [t for t in traffar if t.suffix.lower() in BOKTYPER and not t.name.startswith("~$")]
        if not bocker:
            raise AnvandningsFel(f"Filen {vag} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
        yield from bocker


def for_enheter(bocker: Iterable[Path], enheter: frozenset[str] | None) -> list[Path]:
    """De böcker vars manifest nämner någon av enheterna; alla när inga enheter är valda."""
    if enheter is None:
        return list(bocker)
    return [b for b in bocker if (m := las_manifest(b)) is not None and m.enhet in enheter]


def andra_for_samma(fil: Path) -> list[Path]:
    """Andra böcker i samma mapp som gäller samma enhet och period, till exempel ”Kopia av” eller ”(1)”."""
    egen = las_manifest(fil)
    if egen is None:
        return []
    syskon, _ = i_mappen(fil.parent, fil.parent)
    return [s for s in syskon if s != fil and (m := las_manifest(s)) and (m.enhet, m.period) == (egen.enhet, egen.period)]
