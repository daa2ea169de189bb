"""Arbetsbokens zip: granskas innan något packas upp, och bara delar som behövs packas upp.

Läsaren får en ny zip med de granskade delarna. Dubbla, gömda och felaktigt angivna delar når den
därför aldrig, och det som kontrollerades är byte för byte det som läses.
"""

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.filslag import granska_zipslag
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.karna.sprak import formatera

_PACKNING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_KODNING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9_.-]+)""")
_KODNINGAR = (b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252")
_LANGSTA_MIMETYP = 200
_SLUTPOST = b"PK\x05\x06"


class Arkiv:
    """En granskad zip. Delarnas namn är skiftlägeslösa, som i Excel.

    ``granska_slag`` får delarnas namn i gemener och filens mimetyp, och kastar Olasbar när det är fel slags fil.
    """

    def __init__(self, data: bytes, granska_slag: Callable[[Collection[str], bytes], None] = granska_zipslag) -> None:
        if _SLUTPOST not in data[-70_000:]:
            raise Olasbar("KR141")
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._poster = {_nyckel(p.filename): p for p in self._zip.infolist()}
        self._lasta: dict[str, bytes] = {}
        _granska_storlek(self._zip.infolist())
        granska_slag(self._poster.keys(), self._mimetype())
        _granska_namn(self._zip.infolist())

    def __contains__(self, namn: str) -> bool:
        return _nyckel(namn) in self._poster

    def _mimetype(self) -> bytes:
        post = self._poster.get("mimetype")
        return self._zip.read(post) if post and post.file_size <= _LANGSTA_MIMETYP and post.compress_type in _PACKNING else b""

    def namn(self) -> Iterator[str]:
        """Delarnas namn i gemener."""
        return iter(self._poster)

    def las(self, namn: str) -> bytes:
        """Delen, uppackad en gång och granskad som XML. Fel: Olasbar när den saknas eller inte går att lita på."""
        nyckel = _nyckel(namn)
        if nyckel not in self._poster:
            raise Olasbar("KR142", orsak=f"delen {namn}")
        if nyckel not in self._lasta:
            if self._poster[nyckel].file_size > granser.MAX_DEL:
                raise Olasbar("KR106", grans=f"{granser.MAX_DEL // 1_000_000} MB uppackat för ett blad")
            self._lasta[nyckel] = self._zip.read(self._poster[nyckel])
            _granska_xml(self._lasta[nyckel])
        return self._lasta[nyckel]


def packa(delar: Mapping[str, bytes]) -> bytes:
    """En ny zip med delarna, utan packning."""
    buffert = io.BytesIO()
    with zipfile.ZipFile(buffert, "w", zipfile.ZIP_STORED) as arkiv:
        for namn, innehall in delar.items():
            arkiv.writestr(zipfile.ZipInfo(namn), innehall)
    return buffert.getvalue()


def _nyckel(namn: str) -> str:
    return namn.replace("\\", "/").lower()


def _granska_storlek(poster: Iterable[zipfile.ZipInfo]) -> None:
    poster = list(poster)
    if len(poster) > granser.MAX_DELAR:
        raise Olasbar("KR106", grans=f"{formatera(granser.MAX_DELAR, 0)} delar")
    for post in poster:
        if post.file_size > granser.KVOT_FRAN and post.file_size > granser.MAX_KVOT * max(post.compress_size, 1):
            raise Olasbar("KR137", grans=f"{granser.MAX_KVOT} gånger")
    if sum(p.file_size for p in poster) > granser.MAX_UPPACKAT:
        raise Olasbar("KR106", grans=f"{granser.MAX_UPPACKAT // 1_000_000} MB uppackad")


def _granska_namn(poster: Iterable[zipfile.ZipInfo]) -> None:
    sedda: set[str] = set()
    for post in poster:
        namn = _nyckel(post.filename)
        if namn in sedda:
            raise Olasbar("KR135", orsak=f"delen {post.filename} finns två gånger")
        if ".." in namn.split("/") or namn.startswith("/") or namn[1:2] == ":":
            raise Olasbar("KR135", orsak=f"delen {post.filename} pekar utanför filen")
        if post.compress_type not in _PACKNING:
            raise Olasbar("KR135", orsak=f"delen {post.filename} är packad på ett ovanligt sätt")
        sedda.add(namn)


def _granska_xml(data: bytes) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    kodning = _KODNING.match(text[:200])
    if not text.startswith(b"<") or (kodning and kodning[1].lower() not in _KODNINGAR):
        raise Olasbar("KR104")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Olasbar("KR105")
    start = data.find(b"<!--")
    while start >= 0:
        slut = data.find(b"-->", start)
        if (len(data) if slut < 0 else slut) - start > granser.MAX_KOMMENTAR:
            raise Olasbar("KR136", orsak=f"en XML-kommentar längre än {granser.MAX_KOMMENTAR // 1000} kB")
        start = data.find(b"<!--", slut) if slut >= 0 else -1
