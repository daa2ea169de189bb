"""Läget i enheternas uppföljningsplaner, läst ur årets uppfoljningsplan.csv."""

from collections.abc import Sequence
from datetime import date

from kommunrapport.inlasning.uppsikt import Plansteg, las_uppfoljningsplan
from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.periodmall import Arbetskatalog
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall, las_uppsiktsmall
from kommunrapport.status.lage import Planlage


def planlagen(arbete: Arbetskatalog, dag: date) -> tuple[Planlage, ...]:
    """Läget per enhet den dagen, i kommun.tomls ordning. En plan som inte går att läsa säger varför i stället."""
    try:
        mall = las_uppsiktsmall(arbete.mallkalla, dag)
        planer = las_uppfoljningsplan(arbete.katalog, dag.year, arbete.organisation, mall)
    except MallFel as fel:
        return (Planlage("", "", 0, 0, hinder=fel.rader),)
    return tuple(planlage(planer[e.id], mall, dag, e.namn) for e in arbete.organisation.enhet if e.id in planer)


def planlage(steg: Sequence[Plansteg], mall: Uppsiktsmall, dag: date, namn: str) -> Planlage:
    """En enhets plan på dagen: hur många steg som är klara, och vilka som är försenade."""
    stegnamn = {s.id: s.namn for s in mall.steg}
    sena = tuple(f"{stegnamn[s.steg]} ({s.klar_senast})" for s in steg if s.sent(dag))
    return Planlage(steg[0].enhet, namn, sum(s.klart for s in steg), len(steg), sena)
