"""Kommunens egna färger i Worddokumentet: där mallens format har de medföljande mallarnas färger sätts kommunens."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from kommunrapport.mall.utseende import Farger

_DELAR = re.compile(r"/word/(?:styles|numbering|header\d*|footer\d*|theme/theme\d*)\.xml")


def byten(medfoljande: Farger, egna: Farger) -> Mapping[str, str]:
    """De färger som kommunen har ändrat: medföljande → egen, med versaler."""
    return {fran.upper(): till.upper() for namn, fran in medfoljande if (till := getattr(egna, namn)).upper() != fran.upper()}


def byt(paket: Any, farger: Mapping[str, str]) -> None:
    """Byter färgerna i dokumentets format, sidhuvuden, sidfötter och tema."""
    for del_ in paket.iter_parts() if farger else ():
        if not _DELAR.fullmatch(str(del_.partname)):
            continue
        tolkad = hasattr(del_, "element")
        rot = del_.element if tolkad else etree.fromstring(del_.blob)
        for element in rot.iter(etree.Element):
            for namn, varde in element.attrib.items():
                if varde.upper() in farger:
                    element.set(namn, farger[varde.upper()])
        if not tolkad:
            del_._blob = etree.tostring(rot, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001  temat är en rå del
