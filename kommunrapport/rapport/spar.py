"""Spåret: varje visad siffra med sitt steg och sina källor, som JSON."""

from typing import Any

from kommunrapport.berakning.rakna import Nod, Rakning
from kommunrapport.karna.plan import Adress, Andel, Antal, Enligt, Hamta, Kvot, Medel, Per, Steg, Summa, Val, Ytterst
from kommunrapport.rapport.modell import Rapport

_STEGORD = {
    Kvot: "procent",
    Per: "per",
    Andel: "andel",
    Ytterst: "ytterst",
    Enligt: "enligt",
    Val: "val",
    Antal: "antal",
    Medel: "vägt medel",
}


def spar_av(rapport: Rapport, rakning: Rakning) -> dict[str, Any]:
    """Adress → visat tal, steg, delar och lästa celler; även de siffror som bara räknas med."""
    siffror: dict[str, Any] = {}
    kvar: list[Adress] = []
    for tabell in rapport.alla_tabeller:
        for rad in tabell.rader:
            for cell, kolumn in zip(rad.celler, tabell.kolumner, strict=True):
                if cell.kalla:
                    siffror[f"{tabell.id}.{rad.id}.{kolumn.id}"] = {"visas": cell.text, "steg": "läst", "kalla": str(cell.kalla)}
                elif cell.delar:
                    uppgifter = [[str(d.kalla), d.text] for d in cell.delar]
                    siffror[f"{tabell.id}.{rad.id}.{kolumn.id}"] = {"visas": cell.text, "steg": cell.steg, "uppgifter": uppgifter}
                elif cell.adress and rakning.har(cell.adress):
                    siffror[str(cell.adress)] = {"visas": cell.text}
                    kvar.append(cell.adress)
    while kvar:
        adress = kvar.pop()
        post = siffror.setdefault(str(adress), {})
        if "steg" not in post:
            post.update(_steg(adress, rakning, rapport))
            kvar += rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn].delar
    return {"titel": rapport.titel, "kommun": rapport.kommun, "period": rapport.period, "siffror": siffror}


def _steg(adress: Adress, rakning: Rakning, rapport: Rapport) -> dict[str, Any]:
    steg = rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn]
    dolda = rapport.dolda.get(adress.tabell, frozenset())
    if isinstance(steg, Hamta):
        fakta = list(rakning.fakta_i(steg))
        synliga = [[str(f.kalla), tecken * f.varde * steg.delar_per] for tecken, f in fakta if (f.enhet, f.rad) not in dolda]
        if len(synliga) < len(fakta):
            return {"steg": "hämtat", "kallor": synliga, "dolda": len(fakta) - len(synliga)} if synliga else {"steg": "hämtat", "dolda": len(fakta)}
        return {"varde": rakning.varde(adress), "steg": "hämtat", "kallor": synliga}
    if isinstance(steg, Summa):
        return {"varde": rakning.varde(adress), "steg": "summa", "delar": [f"{'' if t > 0 else '-'}{a}" for t, a in steg.termer]}
    return {"varde": rakning.varde(adress), "steg": _STEGORD[type(steg)] + _tillagg(steg), "delar": [str(a) for a in steg.delar]}


def _tillagg(steg: Steg) -> str:
    return f" {steg.ord}" if isinstance(steg, Andel | Enligt) else ""


def nod_som_data(nod: Nod) -> dict[str, Any]:
    """Ett härledningsträd som nästlade uppslag."""
    data: dict[str, Any] = {"etikett": nod.etikett, "varde": nod.varde, "slag": nod.slag, "steg": nod.steg}
    if nod.visas:
        data["visas"] = nod.visas
    if nod.kalla:
        data["kalla"] = nod.kalla
    if nod.text:
        data["text"] = nod.text
    if nod.delar:
        data["delar"] = [nod_som_data(d) for d in nod.delar]
    return data
