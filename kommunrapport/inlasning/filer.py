"""Vilka filer som prövas: de som pekas ut, eller de som ligger i periodens mapp."""

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kommunrapport.inlasning.agarfil import oppen_av
from kommunrapport.inlasning.filnamn import ar_halv, ar_systemfil, visningsnamn
from kommunrapport.inlasning.manifest import las_manifest
from kommunrapport.inlasning.sieenhet import SIETYPER, ar_sie, filens_enhet
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.mall.organisation import Organisation

BOKTYPER = (".xlsx", ".xlsm")
LASBARA = (*BOKTYPER, *SIETYPER)


def visas_som(fil: Path, rot: Path) -> str:
    """Filens väg så som den visas: från arbetskatalogen när den ligger där, annars som den är given."""
    vag = fil.relative_to(rot) if fil.is_relative_to(rot) else fil
    return visningsnamn(vag.as_posix())


def filerna_i(mapp: Path) -> list[Path]:
    """Det som ligger i mappen, i ordning; inget när den inte finns. Fel: AnvandningsFel när den inte får läsas."""
    try:
        return sorted(mapp.iterdir()) if mapp.is_dir() else []
    except PermissionError as fel:
        raise AnvandningsFel(f"Mappen {mapp} får inte läsas av det konto som kör programmet. Ge det läsrätt till mappen.") from fel


def i_mappen(mapp: Path, rot: Path) -> tuple[list[Path], list[Anmarkning]]:
    """Böckerna och SIE-filerna i mappen, och anmärkningar om det som inte läses. Fel: AnvandningsFel när mappen inte får läsas."""
    bocker, anmarkningar = [], []
    for fil in filerna_i(mapp):
        if fil.name.startswith("~$"):
            hos = f" hos {namn}" if (namn := oppen_av(fil)) else ""
            anmarkningar.append(Anmarkning("KR108", plats=Plats(visas_som(fil, rot)), fakta={"bok": fil.name[2:], "hos": hos}))
        elif ar_systemfil(fil) or not fil.is_file():
            continue
        elif ar_halv(fil):
            anmarkningar.append(Anmarkning("KR144", plats=Plats(visas_som(fil, rot))))
        elif fil.suffix.lower() in LASBARA:
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
            raise AnvandningsFel(f"Mappen {vag} innehåller inga arbetsböcker eller SIE-filer ({', '.join(LASBARA)}).")
        yield from bocker
    elif plats.exists():
        yield plats
    else:
        traffar = [Path(t) for t in sorted(glob.glob(vag))]  # noqa: PTH207  mönstret kan vara absolut
        bocker = [t for t in traffar if t.suffix.lower() in LASBARA and not t.name.startswith("~$")]
        if not bocker:
            raise AnvandningsFel(f"Filen {vag} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
        yield from bocker


def for_enheter(bocker: Iterable[Path], enheter: frozenset[str] | None, organisation: Organisation) -> list[Path]:
    """De böcker och SIE-filer som gäller någon av enheterna; alla när inga enheter är valda."""
    if enheter is None:
        return list(bocker)
    return [b for b in bocker if enhet_i(b, organisation) in enheter]


def enhet_i(fil: Path, organisation: Organisation) -> str | None:
    """Enheten enligt bokens manifest eller SIE-filens början."""
    if ar_sie(fil):
        enhet = filens_enhet(fil, organisation)
        return enhet.id if enhet else None
    manifest = las_manifest(fil)
    return manifest.enhet if manifest else None


def andra_for_samma(fil: Path) -> list[Path]:
    """Andra böcker i samma mapp som gäller samma enhet och period, till exempel ”Kopia av” eller ”(1)”."""
    egen = las_manifest(fil)
    if egen is None:
        return []
    syskon, _ = i_mappen(fil.parent, fil.parent)
    return [s for s in syskon if s != fil and (m := las_manifest(s)) and (m.enhet, m.period) == (egen.enhet, egen.period)]
