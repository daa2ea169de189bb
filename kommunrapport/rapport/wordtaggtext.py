"""Ett styckes taggar, lästa av jinjas egen ordläsare, och det som är fel i hur de är skrivna."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import jinja2
from lxml import etree

from kommunrapport.rapport.wordmallfil import Stycke

Bristskrivare: TypeAlias = Callable[..., None]
"""Tar bristens kod, stycket och det som fyller i bristens ord."""
_BORJAN = {"variable_begin": "variabel", "block_begin": "block"}
_SLUT = ("variable_end", "block_end")
_PREFIX = re.compile(r"\{[{%#](p|tr|tc|r)\s")
_TECKEN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_TAGG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")


@dataclass(frozen=True, slots=True)
class Taggtext:
    """En tagg i ett stycke: dess innehåll utan klamrar, och prefixet p, tr eller tc."""

    slag: Literal["variabel", "block"]
    innehall: str
    prefix: str
    stycke: Stycke

    @property
    def skriven(self) -> str:
        """Taggen så som den står i mallen."""
        fore, efter = ("{{", "}}") if self.slag == "variabel" else ("{%", "%}")
        return f"{fore}{self.prefix} {self.innehall} {efter}"

    @property
    def styrord(self) -> str:
        return self.innehall.split(maxsplit=1)[0] if self.slag == "block" and self.innehall else ""


def las_taggar(s: Stycke, miljo: jinja2.Environment, anmark: Bristskrivare) -> list[Taggtext]:
    """Styckets taggar i ordning. Det som är fel i hur de är skrivna anmärks, och ett sådant stycke ger inga taggar."""
    if not s.xml:
        return []
    if _ar_delad(s, miljo):
        anmark("delad_tagg", s, tagg=_forsta(s.text))
        return []
    try:
        lasta = list(_las(s, miljo))
    except _Oavslutad:
        anmark("oavslutad", s)
        return []
    except jinja2.TemplateSyntaxError:
        anmark("otolkad_tagg" if _balanserat(s.text) else "oavslutad", s, tagg=_forsta(s.text))
        return []
    if any(_TECKEN.search(_utan_taggar(text)) for slag, text in lasta if slag == "data"):
        anmark("utan_borjan", s)
        return []
    taggar = [Taggtext(slag, *_delat(text, s), s) for slag, text in lasta if slag in ("variabel", "block")]  # type: ignore[arg-type]
    _anmark_rest(s, taggar, anmark)
    return taggar


class _Oavslutad(Exception):
    """En tagg är inte avslutad i stycket."""


def _las(s: Stycke, miljo: jinja2.Environment) -> Iterator[tuple[str, str]]:
    """Slag och text: data, variabel, block eller kommentar."""
    slag, delar = "data", list[str]()
    for _, ordslag, text in miljo.lex(s.xml):
        if ordslag in _BORJAN:
            slag, delar = _BORJAN[ordslag], []
        elif ordslag in _SLUT:
            yield slag, "".join(delar)
            slag = "data"
        elif slag == "data":
            yield ("data" if ordslag == "data" else "kommentar"), text
        else:
            delar.append(text)
    if slag != "data":
        raise _Oavslutad


def _delat(text: str, s: Stycke) -> tuple[str, str]:
    """Innehållet och prefixet. docxtpl har redan tagit bort ett p; tr och tc står kvar."""
    for prefix in ("tr", "tc"):
        if text.startswith(f"{prefix} "):
            return text[len(prefix) :].strip(), prefix
    if not s.xml.lstrip().startswith("<"):
        return text.strip(), "p"
    ensam = _PREFIX.search(s.text)
    return text.strip(), "r" if ensam and ensam[1] == "r" else ""


def _ar_delad(s: Stycke, miljo: jinja2.Environment) -> bool:
    """Om det som står kvar när taggarna är borta inte längre är hel XML; ett stycke som är en p-tagg är bara taggen."""
    if not s.xml.lstrip().startswith("<") or not _balanserat(s.text):
        return False
    try:
        kvar = "".join(text for slag, text in _las(s, miljo) if slag == "data")
    except (_Oavslutad, jinja2.TemplateSyntaxError):
        return _hel("".join(_TAGG.sub("", s.xml))) is False
    return not _hel(kvar)


def _hel(xml: str) -> bool:
    try:
        etree.fromstring(xml)
    except etree.XMLSyntaxError:
        return False
    return True


def _anmark_rest(s: Stycke, taggar: list[Taggtext], anmark: Bristskrivare) -> None:
    """Ett stycke med p-tagg ersätts helt av taggen: text och andra taggar i det försvinner."""
    skrivna = _TAGG.findall(s.text)
    ersatter = [t for t in skrivna if _PREFIX.match(t) and _PREFIX.match(t)[1] in ("p", "tr")]  # type: ignore[index]
    rest = s.text.replace(ersatter[-1], "", 1).strip() if ersatter else ""
    if rest and taggar + skrivna:
        anmark("text_vid_tagg", s, tagg=ersatter[-1], rest=rest, forslag="Låt taggen stå ensam i ett eget stycke.")


def _utan_taggar(xml: str) -> str:
    return re.sub(r"<[^>]*>", "", xml)


def _balanserat(text: str) -> bool:
    """Om varje tagg som börjar i texten också slutar där."""
    return not _TECKEN.search(_TAGG.sub("", text))


def _forsta(text: str) -> str:
    traff = _TAGG.search(text) or re.search(r"(\{\{|\{%).*", text)
    return traff[0] if traff else ""
