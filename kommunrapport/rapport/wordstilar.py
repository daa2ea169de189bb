"""Stilarna som programmet skriver med: vad de är till för, och vad de heter i kommunens mall."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from docx.oxml.ns import qn

_WORDS_STORLEK = 20
"""Textstorleken i halva punkter när ett dokument inte anger någon."""


@dataclass(frozen=True, slots=True)
class Stil:
    """En stil: dess beteckning i de medföljande mallarna, namnet i Word, vad den är för och vilken sorts tagg som skriver med den."""

    id: str
    namn: str
    till: str
    tagg: Literal["", "tabell", "diagram", "innehall", "saknas", "nyckeltalsband"]

    @property
    def visas_som(self) -> str:
        """Namnet så som svenskt Word visar det."""
        return self.namn.replace("heading", "Rubrik").replace("toc", "Innehåll")


STILAR: tuple[Stil, ...] = (
    Stil("Normal", "Normal", "inlämnade texter", ""),
    Stil("Heading1", "heading 1", "rubriker som kommer med i innehållsförteckningen", "innehall"),
    Stil("Heading2", "heading 2", "underrubriker som kommer med i innehållsförteckningen", "innehall"),
    Stil("TOC1", "toc 1", "innehållsförteckningens rubriker", "innehall"),
    Stil("TOC2", "toc 2", "innehållsförteckningens underrubriker", "innehall"),
    Stil("Bekrafta", "Bekräfta", "meningen ”Uppgift saknas”", "saknas"),
    Stil(
        "Rapporttabell",
        "Rapporttabell",
        "tabellens linjer och cellmarginaler (en tabellstil); bredderna räknas på högst 0,15 cm marginal i sidled",
        "tabell",
    ),
    Stil("Tabelltitel", "Tabelltitel", "titeln över en tabell", "tabell"),
    Stil("Tabellhuvud", "Tabellhuvud", "rubrikraden över text", "tabell"),
    Stil("Tabellhuvudtal", "Tabellhuvud tal", "rubrikraden över tal, högerställd", "tabell"),
    Stil("Tabelltext", "Tabelltext", "text i en tabell", "tabell"),
    Stil("Tabelltal", "Tabelltal", "tal i en tabell, högerställda", "tabell"),
    Stil("Tabelltextsum", "Tabelltext sum", "text på en summarad", "tabell"),
    Stil("Tabelltalsum", "Tabelltal sum", "tal på en summarad, högerställda", "tabell"),
    Stil("Tabelltextindrag", "Tabelltext indrag", "text på en varav-rad", "tabell"),
    Stil("Tabelltalindrag", "Tabelltal indrag", "tal på en varav-rad, högerställda", "tabell"),
    Stil("Tabellmellanrubrik", "Tabellmellanrubrik", "mellanrubrik i en tabell", "tabell"),
    Stil("Tabellnot", "Tabellnot", "not under en tabell", "tabell"),
    Stil("Tabellslut", "Tabellslut", "luften under en tabell utan not", "tabell"),
    Stil("Nyckeltal", "Nyckeltal", "talen i ett band med nyckeltal", "nyckeltalsband"),
    Stil("Diagramtext", "Diagramtext", "titeln över ett diagram", "diagram"),
    Stil("Diagram", "Diagram", "stycket som diagrammet står i", "diagram"),
)
"""Det som koden skriver med. Övriga stilar i en mall är mallens egna."""


def stilnamn(stilrot: Any) -> dict[str, str]:
    """Stilarnas beteckningar i styles.xml → namnen i Word."""
    return {s.get(qn("w:styleId"), ""): namn.get(qn("w:val"), "") for s in stilrot.iter(qn("w:style")) if (namn := s.find(qn("w:name"))) is not None}


def saknade_stilar(finns: Mapping[str, str], taggslag: Iterable[str]) -> list[Stil]:
    """Stilarna som taggarna skriver med men som mallen varken har under sin beteckning eller sitt namn."""
    namnen, slag = {n.casefold() for n in finns.values()}, {"", *taggslag}
    return [s for s in STILAR if s.tagg in slag and s.id not in finns and s.namn.casefold() not in namnen]


def stilbyte(stilrot: Any) -> dict[str, str]:
    """Beteckning i koden → beteckning i mallen, för stilar som heter rätt i Word men har en annan beteckning.

    Svenskt Word kallar sin stil ”heading 1” Rubrik1 och tar bort å, ä och ö ur egna stilars beteckningar.
    """
    finns = stilnamn(stilrot)
    per_namn = {namn.casefold(): id_ for id_, namn in finns.items()}
    return {s.id: per_namn[s.namn.casefold()] for s in STILAR if s.id not in finns and s.namn.casefold() in per_namn}


def textstorlek(stilrot: Any, namn: str) -> int:
    """Stilens textstorlek i halva punkter: dess egen, den ärvda eller dokumentets."""
    per_id = {s.get(qn("w:styleId")): s for s in stilrot.iter(qn("w:style"))}
    stil, sedda = next((per_id[id_] for id_, n in stilnamn(stilrot).items() if n.casefold() == namn.casefold()), None), set[Any]()
    while stil is not None and stil not in sedda:
        sedda.add(stil)
        if (storlek := stil.find(f"{qn('w:rPr')}/{qn('w:sz')}")) is not None:
            return int(storlek.get(qn("w:val")))
        grund = stil.find(qn("w:basedOn"))
        stil = per_id.get(grund.get(qn("w:val"))) if grund is not None else None
    storlek = stilrot.find(f"{qn('w:docDefaults')}//{qn('w:sz')}")
    return int(storlek.get(qn("w:val"))) if storlek is not None else _WORDS_STORLEK


def byt_stilar(kropp: Any, byte: Mapping[str, str]) -> None:
    """Byter stilarnas beteckningar i kroppen."""
    if byte:
        for stil in kropp.iter(qn("w:pStyle"), qn("w:tblStyle")):
            stil.set(qn("w:val"), byte.get(stil.get(qn("w:val")), stil.get(qn("w:val"))))
