"""Läget i enheternas uppföljningsplaner, läst ur årets uppfoljningsplan.csv, och det som är fel i uppsiktens filer."""

from collections.abc import Sequence
from datetime import date

from kommunrapport.inlasning.uppsikt import Plansteg, har_plan, las_logg, las_plan, las_uppfoljningsplan
from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.periodmall import Arbetskatalog
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall, las_uppsiktsmall
from kommunrapport.status.lage import Planlage


def planlagen(arbete: Arbetskatalog, dag: date) -> tuple[Planlage, ...]:
    """Läget per enhet den dagen, i kommun.tomls ordning, och sist det som inte går att läsa i uppsiktens tre filer."""
    rot, ar, organisation = arbete.katalog, dag.year, arbete.organisation
    try:
        mall = las_uppsiktsmall(arbete.mallkalla, dag)
    except MallFel as fel:
        return (Planlage("", "", 0, 0, hinder=fel.rader),)
    planer = las_uppfoljningsplan(rot, ar, organisation, mall)
    uppsikten = las_plan(rot, ar, organisation, mall).brister if har_plan(rot, ar) else ()
    brister = (*uppsikten, *las_logg(rot, organisation, mall).brister, *planer.brister)
    lagen = [planlage(planer.varde[e.id], mall, dag, e.namn) for e in organisation.enhet if e.id in planer.varde]
    return (*lagen, Planlage("", "", 0, 0, hinder=brister)) if brister else tuple(lagen)


def planlage(steg: Sequence[Plansteg], mall: Uppsiktsmall, dag: date, namn: str) -> Planlage:
    """En enhets plan på dagen: hur många steg som är klara, och vilka som är försenade."""
    stegnamn = {s.id: s.namn for s in mall.steg}
    sena = tuple(f"{stegnamn[s.steg]} ({s.klar_senast})" for s in steg if s.sent(dag))
    return Planlage(steg[0].enhet, namn, sum(s.klart for s in steg), len(steg), sena)
