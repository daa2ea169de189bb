"""Filernas namn: hur de visas, och vilka filer i mappen som inte är någons inlämning."""

import unicodedata
from pathlib import Path

from kommunrapport.karna.period import Period

_SYSTEMFILER = ("thumbs.db", "desktop.ini")
_HALVA = (".tmp", ".part", ".partial", ".crdownload", ".download")

KOMMENTERAD = " (kommenterad)"
"""Slutet på namnet på en kommenterad kopia, före ändelsen."""


def visningsnamn(namn: str) -> str:
    """Namnet som det skrivs i rapporter: NFC, och utan byte som inte är tecken. Filen öppnas med det namn den har."""
    return unicodedata.normalize("NFC", namn.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def filnamn_for(namn: str) -> str:
    """Enhetens namn som filnamn utan ändelse: tecken som Windows inte tillåter blir bindestreck."""
    return "".join("-" if tecken in '<>:"/\\|?*' else tecken for tecken in namn).rstrip(". ")


def boknamn(enhet: str, period: Period) -> str:
    """Filnamnet på enhetens bok att fylla i; ``enhet`` är dess namn."""
    return f"{filnamn_for(enhet)} {period}.xlsx"


def ar_systemfil(fil: Path) -> bool:
    """Filer som operativsystemet lägger i mappen."""
    return fil.name.startswith(".") or fil.name.lower() in _SYSTEMFILER


def ar_halv(fil: Path) -> bool:
    """En sparning, kopiering eller hämtning som pågår eller avbröts: Excels åtta tecken utan ändelse, eller en känd ändelse."""
    utan_andelse = not fil.suffix and len(fil.name) == 8 and all(t in "0123456789ABCDEF" for t in fil.name)
    return utan_andelse or fil.suffix.lower() in _HALVA
