"""Skriver utfiler säkert: tillfälligt namn i samma mapp, sedan byte på plats.

En fil som användaren har ändrat sedan den skrevs ersätts inte utan att det sägs till.
"""

import contextlib
import filecmp
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from kommunrapport.karna.fel import UtmatningsFel

_KVITTO = ".skrivet.json"
_UMASK = os.umask(0o022)
os.umask(_UMASK)


def skriv_filer(mapp: Path, filer: Mapping[str, bytes], *, ersatt: bool) -> list[Path]:
    """Skriver filerna och ger deras vägar. En fil som användaren har ändrat lämnas, de andra skrivs.

    Fel: UtmatningsFel, och då är ingen fil halvskriven.
    """
    try:
        mapp.mkdir(parents=True, exist_ok=True)
    except OSError as fel:
        raise UtmatningsFel(f"Mappen {mapp} går inte att skapa ({_orsak(fel)}).") from fel
    kvitto = las_kvitto(mapp)
    andrade = [] if ersatt else [namn for namn, data in filer.items() if _ar_andrad(mapp / namn, kvitto.get(namn), data)]
    skrivs = {namn: data for namn, data in filer.items() if namn not in andrade}
    try:
        _skriv_alla(mapp, skrivs)
    finally:
        kvitto |= {namn: _summa(data) for namn, data in skrivs.items() if _finns_med_innehall(mapp / namn, data)}
        _skriv_alla(mapp, {_KVITTO: json.dumps(kvitto, ensure_ascii=False, indent=1, sort_keys=True).encode()})
    if andrade:
        raise UtmatningsFel(
            *(f"{mapp / namn} har ändrats sedan den skrevs och ersätts inte." for namn in andrade),
            f"{'Övriga filer är skrivna. ' if skrivs else ''}Flytta filen eller spara den under ett annat namn, eller kör igen med --ersatt.",
        )
    return [mapp / namn for namn in filer]


def skriv_nya(mapp: Path, namn: Sequence[str], *, ersatt: bool) -> None:
    """Kontrollerar att inga filer med namnen finns i mappen. Fel: UtmatningsFel."""
    finns = [n for n in namn if (mapp / n).exists()]
    if finns and not ersatt:
        raise UtmatningsFel(*(f"{mapp / n} finns redan och ersätts inte." for n in finns), "Kör igen med --ersatt om filerna får skrivas över.")


def skriv_fil(fil: Path, data: bytes, *, ersatt: bool) -> None:
    """Skriver en fil där användaren vill ha den. En annan fil där ersätts inte utan ``ersatt``. Fel: UtmatningsFel."""
    if not ersatt and _ar_andrad(fil, None, data):
        raise UtmatningsFel(f"{fil} finns redan med annat innehåll och ersätts inte.", "Kör igen med --ersatt om den får skrivas över.")
    skriv_mapp(fil.parent, {fil.name: data}, ())


def skriv_mapp(mapp: Path, filer: Mapping[str, bytes], tomma: Sequence[str]) -> list[Path]:
    """Skriver filer i en ny eller tom mapp och dess undermappar, och gör undermapparna i ``tomma``. Ger filernas vägar.

    Fel: UtmatningsFel, och då är ingen fil halvskriven och mapparna som gjordes borttagna.
    """
    behovs = {mapp / del_ for namn in filer for del_ in PurePosixPath(namn).parents} | {mapp / namn for namn in tomma}
    with contextlib.ExitStack() as angra:
        for ny in sorted(m for m in behovs if not m.is_dir()):
            try:
                ny.mkdir(parents=True)
            except OSError as fel:
                raise UtmatningsFel(f"Mappen {ny} går inte att skapa ({_orsak(fel)}).", "Kontrollera sökväg och behörighet, och kör igen.") from fel
            angra.callback(_ta_bort_tom, ny)
        _skriv_alla(mapp, filer)
        angra.pop_all()
    return [mapp / namn for namn in filer]


def _ta_bort_tom(mapp: Path) -> None:
    with contextlib.suppress(OSError):
        mapp.rmdir()


def kopiera(fil: Path, mal: Path, *, ersatt: bool) -> None:
    """Lägger en byteslika kopia på plats. En annan fil där ersätts inte utan ``ersatt``. Fel: UtmatningsFel."""
    if mal.exists() and not ersatt and not _lika(fil, mal):
        raise UtmatningsFel(f"{mal} finns redan med annat innehåll och ersätts inte.", "Kör igen med --ersatt om den får skrivas över.")
    tillfallig = ""
    try:
        mal.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=mal.parent, prefix=".", suffix=".tmp", delete=False) as ut, fil.open("rb") as ur:
            tillfallig = ut.name
            shutil.copyfileobj(ur, ut)
        Path(tillfallig).chmod(0o666 & ~_UMASK)
        os.replace(tillfallig, mal)  # noqa: PTH105  ersätter även på Windows
    except OSError as fel:
        raise UtmatningsFel(f"{mal} går inte att skriva ({_orsak(fel)}).", "Kontrollera behörighet och utrymme, och kör igen.") from fel
    finally:
        if tillfallig:
            Path(tillfallig).unlink(missing_ok=True)


def _lika(fil: Path, mal: Path) -> bool:
    try:
        return filecmp.cmp(fil, mal, shallow=False)
    except OSError as fel:
        raise UtmatningsFel(f"{mal} går inte att läsa ({_orsak(fel)}).") from fel


def _skriv_alla(mapp: Path, filer: Mapping[str, bytes]) -> None:
    tillfalliga: list[tuple[str, Path]] = []
    try:
        for namn, data in filer.items():
            with tempfile.NamedTemporaryFile(dir=mapp, prefix=".", suffix=".tmp", delete=False) as f:
                tillfalliga.append((f.name, mapp / namn))
                f.write(data)
            Path(tillfalliga[-1][0]).chmod(0o666 & ~_UMASK)
        for tillfallig, mal in tillfalliga:
            os.replace(tillfallig, mal)  # noqa: PTH105  ersätter även på Windows
    except OSError as fel:
        raise UtmatningsFel(
            f"{mapp} går inte att skriva i ({_orsak(fel)}).",
            "Stäng filen om den är öppen i Word eller Excel, kontrollera behörighet och utrymme, och kör igen.",
        ) from fel
    finally:
        for tillfallig, _ in tillfalliga:
            Path(tillfallig).unlink(missing_ok=True)


def las_kvitto(mapp: Path) -> dict[str, str]:
    """Filerna som programmet har skrivit i mappen, med sha256 av det som skrevs; inga när kvittot saknas."""
    try:
        return dict(json.loads((mapp / _KVITTO).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _ar_andrad(fil: Path, kvitto: str | None, data: bytes) -> bool:
    if not fil.exists():
        return False
    try:
        finns = _summa(fil.read_bytes())
    except OSError as fel:
        raise UtmatningsFel(f"{fil} går inte att läsa ({_orsak(fel)}). Stäng den om den är öppen i Word eller Excel.") from fel
    return finns not in (kvitto, _summa(data))


def _finns_med_innehall(fil: Path, data: bytes) -> bool:
    try:
        return fil.read_bytes() == data
    except OSError:
        return False


def _summa(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _orsak(fel: OSError) -> str:
    if isinstance(fel, PermissionError):
        return "åtkomst nekad eller filen öppen i ett annat program"
    if fel.errno == 28:
        return "disken är full"
    if fel.errno == 30:
        return "skrivskyddad"
    return "systemet nekar"
