"""Spåret: varje visad siffra med sitt steg och sina källor, som JSON."""

from typing import Any

from kommunrapport.berakning.rakna import Nod, Rakning
from kommunrapport.karna.plan import Adress, Hamta, Kvot
from kommunrapport.rapport.modell import Rapport


def spar_av(rapport: Rapport, rakning: Rakning) -> dict[str, Any]:
    """Adress → visat tal, steg, delar och lästa celler."""
    siffror: dict[str, Any] = {}
    for tabell in rapport.alla_tabeller:
        for rad in tabell.rader:
            for cell, kolumn in zip(rad.celler, tabell.kolumner, strict=True):
                if cell.kalla:
                    siffror[f"{tabell.id}.{rad.id}.{kolumn.id}"] = {"visas": cell.text, "steg": "läst", "kalla": str(cell.kalla)}
                elif cell.adress and rakning.har(cell.adress):
                    siffror[str(cell.adress)] = {"visas": cell.text, **_steg(cell.adress, rakning)}
    return {"titel": rapport.titel, "kommun": rapport.kommun, "period": rapport.period, "siffror": siffror}


def _steg(adress: Adress, rakning: Rakning) -> dict[str, Any]:
    steg = rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn]
    varde = rakning.varde(adress)
    if isinstance(steg, Hamta):
        return {"varde": varde, "steg": "hämtat", "kallor": [[str(f.kalla), tecken * f.varde] for tecken, f in rakning.fakta_i(steg)]}
    if isinstance(steg, Kvot):
        return {"varde": varde, "steg": "procent", "delar": [str(steg.taljare), str(steg.namnare)]}
    return {"varde": varde, "steg": "summa", "delar": [f"{'' if t > 0 else '-'}{a}" for t, a in steg.termer]}


def nod_som_data(nod: Nod) -> dict[str, Any]:
    """Ett härledningsträd som nästlade uppslag."""
    data: dict[str, Any] = {"etikett": nod.etikett, "varde": nod.varde, "slag": nod.slag, "steg": nod.steg}
    if nod.kalla:
        data["kalla"] = nod.kalla
    if nod.text:
        data["text"] = nod.text
    if nod.delar:
        data["delar"] = [nod_som_data(d) for d in nod.delar]
    return data
