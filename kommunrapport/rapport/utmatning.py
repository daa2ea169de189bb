"""Skriver utfiler säkert: tillfälligt namn i samma mapp, sedan byte på plats.

En fil som användaren har ändrat sedan den skrevs ersätts inte utan att det sägs till.
"""

import contextlib
import errno
import filecmp
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, TypeAlias

from kommunrapport.karna.fel import UtmatningsFel

_KVITTO = ".skrivet.json"
_BREDVID = " (nytt utkast)"
_TILLFALLIG = ".kommunrapport-"
_AVBRUTEN_EFTER = 3600.0
"""Sekunder efter vilka en tillfällig fil hör till en körning som bröts av."""
_UMASK = os.umask(0o022)
os.umask(_UMASK)
_RYMS_I_MINNET = 4 << 20
"""Så många byte av en undanlagd fil hålls i minnet."""
Fil: TypeAlias = bytes | IO[bytes]
"""En fil som ska skrivas: dess byte, eller en tillfällig fil med dem när de är många."""


@contextlib.contextmanager
def tillfallig_mapp() -> Iterator[Path]:
    """En mapp för det som inte ska hållas i minnet, borta när den har använts. Fel: UtmatningsFel när den inte går att skriva i."""
    try:
        with tempfile.TemporaryDirectory(prefix=_TILLFALLIG) as mapp:
            yield Path(mapp)
    except OSError as fel:
        raise _utan_tillfallig_plats(fel) from fel


def undanlagt(bitar: Iterable[bytes]) -> IO[bytes]:
    """Bitarna som en tillfällig fil; på disk när de är många, och borta när ingen längre har den. Fel: UtmatningsFel."""
    try:
        fil = tempfile.SpooledTemporaryFile(_RYMS_I_MINNET)  # noqa: SIM115  läses när filerna skrivs
        fil.writelines(bitar)
    except OSError as fel:
        raise _utan_tillfallig_plats(fel) from fel
    return fil


def _utan_tillfallig_plats(fel: OSError) -> UtmatningsFel:
    return UtmatningsFel(
        f"Mappen för tillfälliga filer, {tempfile.gettempdir()}, går inte att skriva i ({orsak(fel)}).",
        "Frigör utrymme och kör igen, eller peka ut en annan mapp med miljövariabeln TMPDIR.",
    )


def i_byte(fil: Fil) -> bytes:
    """Hela filens innehåll."""
    if isinstance(fil, bytes):
        return fil
    fil.seek(0)
    return fil.read()


def gjord(gor: Callable[[], Fil]) -> bytes:
    """Innehållet i filen som görs."""
    return i_byte(gor())


def skriv_filer(
    mapp: Path, filer: Mapping[str, Fil], *, ersatt: bool, bredvid: bool = False, ensamma: bool | Callable[[str], bool] = False
) -> list[Path]:
    """Skriver filerna och ger deras vägar. En fil som användaren har ändrat lämnas, de andra skrivs.

    ``bredvid``: det som inte får eller kan ersättas skrivs i stället bredvid, som ”namn (nytt utkast)”. ``ensamma``: filer som skrevs
    i mappen förut men inte hör till dem längre tas bort, om ingen har ändrat dem; är den en funktion, bara dem som den
    säger ja till. Fel: UtmatningsFel, och då är ingen fil halvskriven.
    """
    _gor_mapp(mapp)
    _stada(mapp)
    kvitto = _las_kvitto(mapp)
    andrade = [] if ersatt else [namn for namn, data in filer.items() if _ar_andrad(mapp / namn, kvitto.get(namn, []), data)]
    skrivs = {namn: data for namn, data in filer.items() if namn not in andrade}
    if bredvid:
        utkast = {nytt_utkast(namn): filer[namn] for namn in andrade}
        skrivs |= {namn: data for namn, data in utkast.items() if not _ar_andrad(mapp / namn, kvitto.get(namn, []), data)}
    bort = [namn for namn in kvitto if _ska_bort(mapp, namn, kvitto, filer, skrivs, ensamma=ensamma)]
    _skriv_kvitto(mapp, {**kvitto, **{namn: [*kvitto.get(namn, []), _summa(data)] for namn, data in skrivs.items()}})
    skrivna = _skriv_alla(mapp, skrivs, bredvid=bredvid)
    _ta_bort(mapp, bort)
    nytt_kvitto = {namn: summor for namn, summor in kvitto.items() if namn not in bort} | {n: [_summa(d)] for n, d in skrivna.items()}
    _skriv_kvitto(mapp, nytt_kvitto)
    kvar = [namn for namn in andrade if nytt_utkast(namn) not in skrivna]
    if kvar:
        raise UtmatningsFel(
            *(f"{mapp / namn} har ändrats sedan den skrevs och ersätts inte." for namn in kvar),
            f"{'Övriga filer är skrivna. ' if skrivna else ''}Flytta filen eller spara den under ett annat namn, eller kör igen med --ersatt.",
        )
    return [mapp / namn for namn in skrivna]


def nytt_utkast(namn: str) -> str:
    """Filnamnet för ett utkast som skrivs bredvid det som har redigerats."""
    stam, punkt, andelse = namn.rpartition(".")
    return f"{stam}{_BREDVID}{punkt}{andelse}"


def ar_bredvid(namn: str) -> bool:
    """Om filen är ett nytt utkast bredvid ett redigerat."""
    return namn != ordinarie(namn)


def ordinarie(namn: str) -> str:
    """Filnamnet som ett utkast hade haft om det inte skrivits bredvid."""
    return namn.replace(_BREDVID, "")


def innehallet(fil: Path) -> bytes:
    """Filens byte. Fel: UtmatningsFel när den inte går att läsa."""
    try:
        return fil.read_bytes()
    except OSError as fel:
        raise _olaslig(fil, fel) from fel


def _olaslig(fil: Path, fel: OSError) -> UtmatningsFel:
    return UtmatningsFel(f"{fil} går inte att läsa ({orsak(fel)}). Stäng den om den är öppen i Word eller Excel.")


def _gor_mapp(mapp: Path) -> None:
    try:
        mapp.mkdir(parents=True, exist_ok=True)
    except OSError as fel:
        raise UtmatningsFel(f"Mappen {mapp} går inte att skapa ({orsak(fel)}).") from fel


def _stada(mapp: Path) -> None:
    """Tar bort tillfälliga filer som en avbruten körning lämnade."""
    for fil in mapp.glob(f"{_TILLFALLIG}*"):
        with contextlib.suppress(OSError):
            if time.time() - fil.stat().st_mtime > _AVBRUTEN_EFTER:
                fil.unlink()


def _ska_bort(
    mapp: Path,
    namn: str,
    kvitto: Mapping[str, list[str]],
    filer: Mapping[str, Fil],
    skrivs: Mapping[str, Fil],
    *,
    ensamma: bool | Callable[[str], bool],
) -> bool:
    """Ett utkast bredvid som inte längre behövs, eller en fil som inte hör dit längre; aldrig något som är ändrat."""
    bredvid = {nytt_utkast(n) for n in filer}
    ensam = ensamma(namn) if callable(ensamma) else ensamma
    gammal = namn not in skrivs and (namn in bredvid or (ensam and namn not in filer))
    return gammal and (mapp / namn).is_file() and not _ar_andrad(mapp / namn, kvitto[namn], None)


def _ta_bort(mapp: Path, namn: Sequence[str]) -> None:
    for n in namn:
        with contextlib.suppress(OSError):
            (mapp / n).unlink(missing_ok=True)


def skriv_nya(mapp: Path, namn: Sequence[str], *, ersatt: bool) -> None:
    """Kontrollerar att inga filer med namnen finns i mappen. Fel: UtmatningsFel."""
    finns = [n for n in namn if (mapp / n).exists()]
    if finns and not ersatt:
        raise UtmatningsFel(*(f"{mapp / n} finns redan och ersätts inte." for n in finns), "Kör igen med --ersatt om filerna får skrivas över.")


def skriv_fil(fil: Path, data: bytes, *, ersatt: bool) -> None:
    """Skriver en fil där användaren vill ha den. En annan fil där ersätts inte utan ``ersatt``. Fel: UtmatningsFel."""
    if not ersatt and _ar_andrad(fil, (), data):
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
                raise UtmatningsFel(f"Mappen {ny} går inte att skapa ({orsak(fel)}).", "Kontrollera sökväg och behörighet, och kör igen.") from fel
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
        with tempfile.NamedTemporaryFile(dir=mal.parent, prefix=_TILLFALLIG, delete=False) as ut, fil.open("rb") as ur:
            tillfallig = ut.name
            shutil.copyfileobj(ur, ut)
        Path(tillfallig).chmod(0o666 & ~_UMASK)
        os.replace(tillfallig, mal)  # noqa: PTH105  ersätter även på Windows
    except OSError as fel:
        raise UtmatningsFel(f"{mal} går inte att skriva ({orsak(fel)}).", "Kontrollera behörighet och utrymme, och kör igen.") from fel
    finally:
        if tillfallig:
            Path(tillfallig).unlink(missing_ok=True)


def _lika(fil: Path, mal: Path) -> bool:
    try:
        return filecmp.cmp(fil, mal, shallow=False)
    except OSError as fel:
        raise UtmatningsFel(f"{mal} går inte att läsa ({orsak(fel)}).") from fel


def _skriv_alla(mapp: Path, filer: Mapping[str, Fil], *, bredvid: bool = False) -> dict[str, Fil]:
    """Skriver allt till tillfälliga filer och byter sedan på plats. Ger det som skrevs, med namnet det fick."""
    tillfalliga: dict[str, Path] = {}
    skrivna: dict[str, Fil] = {}
    try:
        for namn, data in filer.items():
            with tempfile.NamedTemporaryFile(dir=(mapp / namn).parent, prefix=_TILLFALLIG, delete=False) as f:
                tillfalliga[namn] = Path(f.name)
                _skriv(data, f)
                f.flush()
                os.fsync(f.fileno())
            tillfalliga[namn].chmod(0o666 & ~_UMASK)
        for namn, tillfallig in tillfalliga.items():
            skrivna[_byt(tillfallig, mapp, namn, bredvid=bredvid)] = filer[namn]
    except OSError as fel:
        raise UtmatningsFel(
            f"{mapp} går inte att skriva i ({orsak(fel)}).",
            "Frigör utrymme och kör igen."
            if fel.errno == errno.ENOSPC
            else "Stäng filen om den är öppen i Word eller Excel, kontrollera behörigheten, och kör igen.",
        ) from fel
    finally:
        for tillfallig in tillfalliga.values():
            tillfallig.unlink(missing_ok=True)
    return skrivna


def _skriv(fil: Fil, ut: IO[bytes]) -> None:
    if isinstance(fil, bytes):
        ut.write(fil)
    else:
        fil.seek(0)
        shutil.copyfileobj(fil, ut, 1 << 20)


def _byt(tillfallig: Path, mapp: Path, namn: str, *, bredvid: bool) -> str:
    """Lägger filen på plats, eller bredvid när den som finns är öppen i ett annat program. Ger namnet."""
    try:
        os.replace(tillfallig, mapp / namn)  # noqa: PTH105  ersätter även på Windows
    except PermissionError:
        if not bredvid or not (mapp / namn).exists():
            raise
        namn = nytt_utkast(namn)
        os.replace(tillfallig, mapp / namn)  # noqa: PTH105
    return namn


def senast_skrivet(mapp: Path) -> dict[str, str]:
    """Filerna som programmet har skrivit i mappen, med sha256 av det senaste; ett utkast bredvid räknas på den redigerade filens plats."""
    senast = {namn: summor[-1] for namn, summor in _las_kvitto(mapp).items()}
    bredvid = {namn: summa for namn, summa in senast.items() if ar_bredvid(namn) and (mapp / namn).is_file()}
    return {namn: bredvid.get(nytt_utkast(namn), summa) for namn, summa in senast.items() if not ar_bredvid(namn)}


def _las_kvitto(mapp: Path) -> dict[str, list[str]]:
    """Filnamn → avtrycken av det som programmet har skrivit där; under en skrivning både det gamla och det nya."""
    try:
        kvitto = json.loads((mapp / _KVITTO).read_text(encoding="utf-8"))
        return {str(namn): [summor] if isinstance(summor, str) else list(summor) for namn, summor in kvitto.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _skriv_kvitto(mapp: Path, kvitto: Mapping[str, Sequence[str]]) -> None:
    _skriv_alla(mapp, {_KVITTO: json.dumps(kvitto, ensure_ascii=False, indent=1, sort_keys=True).encode()})


def _ar_andrad(fil: Path, kvitto: Sequence[str], data: Fil | None) -> bool:
    """Om filen finns och varken är det som programmet skrev eller det som ska skrivas."""
    if not fil.exists():
        return False
    finns = _filens_summa(fil)
    return finns not in kvitto and (data is None or finns != _summa(data))


def _filens_summa(fil: Path) -> str:
    try:
        with fil.open("rb") as f:
            return _summa(f)
    except OSError as fel:
        raise _olaslig(fil, fel) from fel


def _summa(data: Fil) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    data.seek(0)
    return hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]


def orsak(fel: OSError) -> str:
    """Varför det inte gick, på svenska."""
    if isinstance(fel, PermissionError):
        return "åtkomst nekad eller filen öppen i ett annat program"
    if fel.errno == errno.ENOSPC:
        return "disken är full"
    if fel.errno == errno.EROFS:
        return "skrivskyddad"
    return "systemet nekar"
