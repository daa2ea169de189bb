"""LibreOffice, om det finns på datorn: hittar programmet och låter det göra PDF av Worddokument.

Varje körning har en egen tillfällig mapp med egen användarprofil, så att en öppen LibreOffice inte stör, och begränsad tid.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

MILJO = "KOMMUNRAPPORT_SOFFICE"
"""Miljövariabeln som pekar ut programmet när det inte ligger där det brukar."""
START_SEKUNDER, DOKUMENT_SEKUNDER = 120, 60
"""Längsta tid för start, och därutöver per dokument. En rapport på 100 sidor tar omkring 10 sekunder."""
_EXPORT = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
)
"""PDF/A-2b (SelectPdfVersion 2) och PDF/UA-1, taggad, med rubrikerna som bokmärken och Words bokmärken som länkmål."""
_SPRAK = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>sv-SE</value></prop></item>
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="DefaultLocale" oor:op="fuse"><value>sv-SE</value></prop></item>
</oor:items>
"""
"""Profilens språk är svenska, så att diagrammens axlar har decimalkomma också på en dator med ett annat språk."""
_INSTALLERA = {
    "win32": "Hämta LibreOffice på libreoffice.org eller kör: winget install TheDocumentFoundation.LibreOffice",
    "darwin": "Hämta LibreOffice på libreoffice.org eller kör: brew install --cask libreoffice",
}
_INSTALLERA_LINUX = "Installera LibreOffice. På Debian och Ubuntu: sudo apt install libreoffice-writer libreoffice-calc fonts-crosextra-carlito"


class Omvandlingsfel(Exception):
    """LibreOffice gick inte att köra; texten är orsaken, att läsa efter ”PDF skrevs inte: ”."""


def hitta() -> Path | None:
    """Programmet: det som miljövariabeln pekar ut, annars det i PATH eller där det brukar ligga. None om det inte finns."""
    utpekat = os.environ.get(MILJO, "")
    if utpekat:
        return Path(utpekat) if Path(utpekat).is_file() else None
    i_path = next((vag for namn in ("soffice", "libreoffice") if (vag := shutil.which(namn))), None)
    return Path(i_path) if i_path else next((vag for vag in _vanliga_platser() if vag.is_file()), None)


def saknas() -> str:
    """Meningarna när programmet inte finns: vad det betyder och hur det installeras på den här sortens dator."""
    utpekat = os.environ.get(MILJO, "")
    if utpekat:
        return f"PDF skrevs inte: {MILJO} pekar på {utpekat}, som inte är en fil. Ange sökvägen till soffice, eller ta bort variabeln."
    sa = _INSTALLERA.get(sys.platform, _INSTALLERA_LINUX)
    return f"PDF skrevs inte: LibreOffice finns inte på datorn. {sa}. Ligger det på ett ovanligt ställe: ange sökvägen till soffice i {MILJO}."


def _vanliga_platser() -> Iterator[Path]:
    if sys.platform == "win32":
        for rot in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if os.environ.get(rot):
                yield from (Path(os.environ[rot]) / "LibreOffice" / "program" / namn for namn in ("soffice.com", "soffice.exe"))
    elif sys.platform == "darwin":
        yield from (rot / "LibreOffice.app/Contents/MacOS/soffice" for rot in (Path("/Applications"), Path.home() / "Applications"))
    else:
        yield from (Path(rot) / "program/soffice" for rot in ("/usr/lib/libreoffice", "/usr/lib64/libreoffice"))
        yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


@contextlib.contextmanager
def arbetsmapp() -> Iterator[Path]:
    """En tillfällig mapp för ``till_pdf``; flera anrop i samma mapp delar profil. Den tas bort efteråt."""
    with tempfile.TemporaryDirectory(prefix="kommunrapport-", ignore_cleanup_errors=True) as mapp:
        yield Path(mapp)


def till_pdf(program: Path, mapp: Path, dokument: Mapping[str, bytes]) -> dict[str, bytes]:
    """Varje Worddokument som PDF, på samma namn. Det som programmet inte skrev finns inte med.

    Fel: Omvandlingsfel när programmet inte går att köra, avslutas med fel utan att skriva något, eller inte svarar i tid.
    """
    in_, ut = mapp / "in", mapp / "ut"
    for plats in (in_, ut):
        shutil.rmtree(plats, ignore_errors=True)
        plats.mkdir()
    filer = {namn: in_ / f"{nr:04d}.docx" for nr, namn in enumerate(dokument)}
    for namn, fil in filer.items():
        fil.write_bytes(dokument[namn])
    profil = f"-env:UserInstallation={_svensk_profil(mapp).as_uri()}"
    flaggor = ["--headless", "--norestore", "--nologo", "--nolockcheck", "--convert-to", _EXPORT, "--outdir", str(ut)]
    slut = _kor([str(program), profil, *flaggor, *map(str, filer.values())], mapp / "logg.txt", START_SEKUNDER + DOKUMENT_SEKUNDER * len(filer))
    skrivna = {namn: ut / f"{fil.stem}.pdf" for namn, fil in filer.items()}
    if not any(fil.is_file() for fil in skrivna.values()):
        raise Omvandlingsfel(f"LibreOffice skrev ingen fil (slutkod {slut}{_sagt(mapp / 'logg.txt')}).")
    return {namn: fil.read_bytes() for namn, fil in skrivna.items() if fil.is_file()}


def _svensk_profil(mapp: Path) -> Path:
    """Programmets egen profil för körningen."""
    profil = (mapp / "profil").resolve()
    val = profil / "user" / "registrymodifications.xcu"
    if not val.exists():
        val.parent.mkdir(parents=True, exist_ok=True)
        val.write_text(_SPRAK, encoding="utf-8")
    return profil


def _kor(kommando: list[str], logg: Path, sekunder: float) -> int:
    """Kör kommandot och ger dess slutkod. Det och allt som det har startat är avslutat efteråt. Fel: Omvandlingsfel."""
    with logg.open("wb") as ut:
        try:
            process = _starta(kommando, ut.fileno())
        except OSError as fel:
            raise Omvandlingsfel(f"{kommando[0]} gick inte att starta ({type(fel).__name__}). Kontrollera att LibreOffice går att öppna.") from fel
        try:
            return process.wait(sekunder)
        except subprocess.TimeoutExpired as fel:
            raise Omvandlingsfel(f"LibreOffice svarade inte inom {sekunder:g} sekunder och avbröts.") from fel
        finally:
            _avsluta(process)


if sys.platform == "win32":

    def _starta(kommando: list[str], ut: int) -> subprocess.Popen[bytes]:
        flaggor = subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(kommando, stdin=subprocess.DEVNULL, stdout=ut, stderr=subprocess.STDOUT, creationflags=flaggor)

    def _avsluta(process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            program = Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / "System32" / "taskkill.exe"
            subprocess.run([str(program), "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False, timeout=30)
            process.wait()

else:

    def _starta(kommando: list[str], ut: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(kommando, stdin=subprocess.DEVNULL, stdout=ut, stderr=subprocess.STDOUT, start_new_session=True)

    def _avsluta(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _sagt(logg: Path) -> str:
    """Sista raden som programmet skrev, utan den tillfälliga mappens sökväg."""
    rader = [rad.strip() for rad in logg.read_text(encoding="utf-8", errors="replace").splitlines() if rad.strip()]
    return f", {rader[-1].replace(str(logg.parent), '…')[:200]}" if rader else ""
