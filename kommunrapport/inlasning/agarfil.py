"""Excels och Words ägarfil, ``~$bok.xlsx``: den ligger bredvid en öppen fil och säger vem som har den öppen.

Första byten är namnets längd; namnet följer i datorns ANSI-kodning, och sist en gång till i UTF-16 efter sin längd i två byte: på plats
55 i Excels fil, 54 i Words. Formen är inte beskriven av tillverkaren; den är läst ur hur LibreOffice skriver samma fil. Därför prövas
den, och det som inte stämmer ger inget namn.
"""

from pathlib import Path

_UTF16 = (55, 54)
_MEST = 512
_LANGST = 54


def oppen_av(fil: Path) -> str:
    """Namnet på den som har filen öppen; tomt när ägarfilen inte säger det eller inte går att läsa."""
    try:
        with fil.open("rb") as f:
            data = f.read(_MEST)
    except OSError:
        return ""
    return next((namn for plats in _UTF16 if (namn := _utf16(data, plats))), "") or _ansi(data)


def _utf16(data: bytes, plats: int) -> str:
    antal = int.from_bytes(data[plats : plats + 2], "little")
    return _rimligt(data[plats + 2 :][: antal * 2].decode("utf-16-le", "replace"), antal)


def _ansi(data: bytes) -> str:
    antal = data[0] if data else 0
    return _rimligt(data[1 : 1 + antal].decode("cp1252", "replace"), antal)


def _rimligt(namn: str, antal: int) -> str:
    return namn.strip() if 0 < antal <= _LANGST and len(namn) == antal and namn.isprintable() and "\ufffd" not in namn else ""
