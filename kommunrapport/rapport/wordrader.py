"""Tabellernas rader i Word: de läggs in först när dokumentet packas, några i taget, så att en stor rapport ryms i minnet.

Medan dokumentet fylls i står ett märke i tabellen. Raderna blir desamma som om de hade stått där: de läses, får listor och mallens stilar
och skrivs, men utan att någon gång vara hela dokumentet.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from kommunrapport.rapport import ooxml
from kommunrapport.rapport.modell import Tabell

_MARKE = re.compile(rb"<\?rader (\d+)\?>")
_I_TAGET = 500


class Tabellrader:
    """Rapportens tabeller, med raderna undanlagda."""

    def __init__(self) -> None:
        self._undan: list[tuple[Tabell, ooxml.Tabellform]] = []

    def tabell(self, t: Tabell, form: ooxml.Tabellform) -> str:
        """Tabellens XML med ett märke i stället för raderna."""
        self._undan.append((t, form))
        return ooxml.tabell(t, form, f"<?rader {len(self._undan) - 1}?>")

    def inlagda(self, dokument: bytes, text: Callable[[str], str], ordna: Callable[[Any], None]) -> Iterator[bytes]:
        """Dokumentets XML i bitar, med raderna på sina platser. Deras XML går genom ``text``, och det som läses ur den genom ``ordna``."""
        slut = 0
        for marke in _MARKE.finditer(dokument):
            yield dokument[slut : marke.start()]
            slut = marke.end()
            rader = ooxml.rader(*self._undan[int(marke[1])])
            while nasta := "".join(islice(rader, _I_TAGET)):
                rot = parse_xml(text(f"<w:tbl {nsdecls('w')}>{nasta}</w:tbl>"))
                ordna(rot)
                xml = etree.tostring(rot, encoding="UTF-8")
                yield xml[xml.index(b">") + 1 : xml.rindex(b"<")]
        yield dokument[slut:]
