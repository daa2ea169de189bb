"""Rader som någon har skrivit med punkttecken blir riktiga listor i Word, så att hjälpmedel hör att det är en lista."""

import copy
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from kommunrapport.karna.listtecken import punkttecken, utan_punkttecken

_LISTFORMAT = "List Bullet"
"""Words inbyggda punktlista; heter Punktlista i svenskt Word men har det här namnet i filen."""


def gor_listor(dokument: Any, rot: Any) -> None:
    """Delar stycken med punktrader under ``rot`` i ett stycke per rad. I brödtext får punkten listformatet, annars läggs bara listan till.

    Ett dokument utan formatet lämnas orört.
    """
    stycken = _kanske_listor(rot)
    if not stycken:
        return
    format_ = next((s.element for s in dokument.styles if s.name == _LISTFORMAT), None)
    nummer = None if format_ is None else format_.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if nummer is None:
        return
    brodtext = {s.style_id for s in dokument.styles if s.name == "Normal"}
    for stycke in stycken:
        rader = _rader(stycke)
        if any(map(punkttecken, rader)):
            for rad in rader:
                stycke.addprevious(_stycke(stycke, rad, format_, nummer, brodtext))
            stycke.getparent().remove(stycke)


def _kanske_listor(kropp: Any) -> list[Any]:
    """Styckena där någon text börjar med ett punkttecken, i ordning."""
    stycke = qn("w:p")
    texter = (t for t in kropp.iter(qn("w:t")) if punkttecken(t.text or ""))
    return list(dict.fromkeys(next(t.iterancestors(stycke)) for t in texter))


def _rader(stycke: Any) -> list[str]:
    """Radernas text i ett stycke med en enda text; tomt för stycken med flera, som mallens egna."""
    texter = stycke.findall(qn("w:r"))
    if len(texter) != 1 or any(e.tag not in (qn("w:t"), qn("w:br"), qn("w:rPr")) for e in texter[0]):
        return []
    return "".join("\n" if e.tag == qn("w:br") else e.text or "" for e in texter[0] if e.tag != qn("w:rPr")).split("\n")


def _stycke(forebild: Any, rad: str, format_: Any, nummer: Any, brodtext: set[str]) -> Any:
    nytt = copy.deepcopy(forebild)
    (run,) = nytt.findall(qn("w:r"))
    for e in run.findall(qn("w:t")) + run.findall(qn("w:br")):
        run.remove(e)
    text = OxmlElement("w:t")
    text.text = utan_punkttecken(rad)
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    if punkttecken(rad):
        egenskaper = nytt.get_or_add_pPr()
        if egenskaper.style in (None, *brodtext):
            egenskaper.style = format_.get(qn("w:styleId"))
        else:
            egenskaper._insert_numPr(copy.deepcopy(nummer))  # noqa: SLF001  python-docx känner ordningen
    return nytt
