"""En Officefils delar: huvuddel, relationer och titel, lästa ur en granskad zip."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kommunrapport.inlasning.arkiv import Arkiv
from kommunrapport.inlasning.bladxml import las_xml
from kommunrapport.inlasning.filslag import granska_dokumentslag
from kommunrapport.inlasning.olasbar import Olasbar

RELATIONSRYMD = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRIKT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
"""Namnrymderna i Office strikta format; de blir de vanliga, så att resten inte behöver känna till båda."""


@dataclass(frozen=True, slots=True)
class Relation:
    """En dels hänvisning: slagets sista led, målets väg i paketet eller adressen när den går ut ur filen."""

    slag: str
    mal: str
    extern: bool


class Paket:
    """Delarna i en .docx eller .xlsx. Fel: Olasbar när något inte går att läsa eller lita på."""

    def __init__(self, data: bytes) -> None:
        self._arkiv = Arkiv(data, granska_dokumentslag)
        huvud = [r.mal for r in self.relationer("").values() if r.slag == "officeDocument"]
        if not huvud or huvud[0] not in self._arkiv:
            raise Olasbar("KR142", orsak="huvuddelen")
        self.huvuddel = huvud[0]

    @property
    def ar_word(self) -> bool:
        return self.huvuddel.startswith("word/")

    def __contains__(self, vag: str) -> bool:
        return vag in self._arkiv

    def rot(self, vag: str) -> Any:
        """Delens rotelement."""
        return las_xml(_STRIKT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", self._arkiv.las(vag)))

    def relationer(self, vag: str) -> Mapping[str, Relation]:
        """Relationerna från delen, eller från paketet när vägen är tom; tomt när den inte har några."""
        mapp, _, fil = vag.rpartition("/")
        relationsdel = posixpath.join(mapp, "_rels", f"{fil}.rels")
        if relationsdel not in self._arkiv:
            return {}
        return {r.get("Id", ""): _relation(mapp, r) for r in self.rot(relationsdel)}

    def narmaste(self, vag: str, slag: str) -> Any:
        """Roten i den första delen av det slaget som ``vag`` hänvisar till, eller None."""
        mal = next((r.mal for r in self.relationer(vag).values() if r.slag == slag and not r.extern), "")
        return self.rot(mal) if mal and mal in self else None

    def titel(self) -> str:
        """Titeln bland dokumentets egenskaper, eller tomt."""
        rot = self.narmaste("", "core-properties")
        titel = None if rot is None else rot.find("{http://purl.org/dc/elements/1.1/}title")
        return "" if titel is None else (titel.text or "").strip()


def _relation(mapp: str, element: Any) -> Relation:
    mal, extern = element.get("Target", ""), element.get("TargetMode") == "External"
    if not extern:
        mal = posixpath.normpath(mal.lstrip("/") if mal.startswith("/") else posixpath.join(mapp, mal))
    return Relation(element.get("Type", "").rpartition("/")[2], mal, extern)
