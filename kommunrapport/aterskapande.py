"""Återskapar en fastställd rapport ur arkivet ensamt, och visar fil för fil om den blir byte för byte lik."""

import io
import platform
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from kommunrapport import __version__, floden
from kommunrapport.bevarande.arkiv import las_manifest
from kommunrapport.bevarande.arkivkontroll import Brist, i_versionen
from kommunrapport.karna.fel import AnvandningsFel, KommunrapportFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.arkivmapp import ARKIV, MEDFOLJANDE, ar_version, versioner
from kommunrapport.rapport.innehall import med_sidnummer
from kommunrapport.rapport.utmatning import skriv_mapp

UTKAST = "utkast"
"""Rollen i manifestet för det som programmet skrev och kan skriva igen."""
LIKA, PACKNING, ANNAN, SAKNAS = "lika", "samma innehåll, annan packning", "skiljer sig", "blev inte till"
_BYGGER = ("docxtpl", "jinja2", "lxml", "openpyxl", "pandas", "pydantic", "python-calamine", "python-docx", "python-pptx", "xlsxwriter")
"""Biblioteken som filernas byte beror på."""


@dataclass(frozen=True)
class Aterskapad:
    """Den återskapade rapporten: hur varje fil blev, vad som skiljer programmen åt och vad som är fel i arkivet."""

    mapp: Path
    manifest: Mapping[str, Any]
    utfall: Mapping[str, str]
    """Fil → LIKA, PACKNING, ANNAN eller SAKNAS."""
    filer: Mapping[str, bytes]
    program: tuple[str, ...]
    brister: tuple[Brist, ...]

    @property
    def lika(self) -> bool:
        return not self.brister and {*self.utfall.values()} <= {LIKA}


def programmet() -> dict[str, Any]:
    """Programmets, Pythons och bibliotekens versioner, med zlib som packar dokumenten."""
    biblioteken = {namn: metadata.version(namn) for namn in _BYGGER} | {"zlib": zlib.ZLIB_RUNTIME_VERSION}
    return {"kommunrapport": __version__, "python": platform.python_version(), "bibliotek": biblioteken}


def hitta(katalog: Path, period: Period | None, version: int | None) -> Path:
    """Versionens mapp: den senaste om ingen är angiven. Katalogen kan också själv vara en version. Fel: AnvandningsFel."""
    if ar_version(katalog):
        return katalog
    if period is None:
        raise AnvandningsFel("Ange perioden med --period, till exempel 2024-08.")
    finns = versioner(katalog, period)
    if not finns:
        raise AnvandningsFel(f"{period} är inte fastställd: det finns ingen version i {ARKIV}/{period}.")
    if version is not None and version not in finns:
        raise AnvandningsFel(f"{period} har ingen version {version}. Det finns {', '.join(f'v{nr}' for nr in finns)}.")
    return finns[version or max(finns)]


def aterskapa(mapp: Path) -> Aterskapad:
    """Gör om versionens utkast ur dess egna filer och mallar. Ingenting skrivs. Fel: KommunrapportFel."""
    manifest, brister = las_manifest(mapp), tuple(i_versionen(mapp))
    if not (mapp / MEDFOLJANDE).is_dir():
        raise AnvandningsFel(f"{mapp.as_posix()} saknar mallarna som rapporten skrevs med och går inte att återskapa. Hämta den ur säkerhetskopian.")
    rot = f"rapporter/{manifest['period']}/"
    program = tuple(_skillnader(manifest["program"]))
    try:
        nya = skrivna_om(mapp, Period.parse(manifest["period"]), manifest)
    except KommunrapportFel as fel:
        annat = f" Programmet är ett annat än då: {', '.join(program)}." if program else ""
        raise type(fel)(
            f"Rapporten i {mapp.as_posix()} gick inte att göra om.{annat}", *(f"{b.fil}: {b.mening}" for b in brister), *fel.rader
        ) from fel
    arkiverade = [f["fil"].removeprefix(rot) for f in manifest["filer"] if f["roll"] == UTKAST]
    utfall = {namn: _utfall(mapp / rot / namn, nya.get(namn)) for namn in arkiverade}
    return Aterskapad(mapp, manifest, utfall, {n: nya[n] for n in arkiverade if n in nya}, program, brister)


def skrivna_om(mapp: Path, period: Period, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Rapportens filer, med de sidnummer som utkasten hade. Fel: KommunrapportFel."""
    s = floden.sammanstall(mapp, period, manifest["kommando"])
    filer = floden.utkast(s, manifest["egna_rapporter"])
    return {namn: med_sidnummer(data, sidor) if (sidor := manifest["sidnummer"].get(namn)) else data for namn, data in filer.items()}


def skriv(a: Aterskapad, ut: Path) -> list[Path]:
    """Lägger de återskapade filerna i en ny eller tom mapp. Fel: AnvandningsFel, UtmatningsFel."""
    arkivet = a.mapp.absolute().parents[1]
    if ut.resolve().is_relative_to((arkivet if arkivet.name == ARKIV else a.mapp).resolve()):
        raise AnvandningsFel(f"{ut.as_posix()} ligger i arkivet, där ingenting läggs till. Ange en annan mapp med --ut.")
    if ut.exists() and (not ut.is_dir() or any(ut.iterdir())):
        raise AnvandningsFel(f"{ut.as_posix()} är inte tom. Ange en ny eller tom mapp med --ut.")
    return skriv_mapp(ut, a.filer, ())


def _utfall(arkiverad: Path, ny: bytes | None) -> str:
    gammal = arkiverad.read_bytes() if arkiverad.is_file() else b""
    if ny is None:
        return SAKNAS
    if ny == gammal:
        return LIKA
    return PACKNING if _delar(ny) == _delar(gammal) != {} else ANNAN


def _delar(data: bytes) -> dict[str, bytes]:
    """Delarna i ett Word- eller Exceldokument; tomt för andra filer."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as paket:
            return {namn: paket.read(namn) for namn in paket.namelist()}
    except zipfile.BadZipFile:
        return {}


def _skillnader(da: Mapping[str, Any]) -> list[str]:
    """Det som har en annan version nu än när rapporten fastställdes."""
    nu = programmet()
    par = [("kommunrapport", da["kommunrapport"], nu["kommunrapport"]), ("Python", da["python"], nu["python"])]
    par += [(namn, version, nu["bibliotek"].get(namn, "saknas")) for namn, version in da["bibliotek"].items()]
    return [f"{namn} {nytt} (då {gammalt})" for namn, gammalt, nytt in par if gammalt != nytt]
