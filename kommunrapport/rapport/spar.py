"""Spåret: varje visad siffra med sitt steg och sina källor, som JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from kommunrapport.berakning.rakna import Faktarad, Nod, Rakning
from kommunrapport.karna.plan import Adress, Andel, Antal, Enligt, Hamta, Kvot, Medel, Per, Steg, Summa, Val, Ytterst
from kommunrapport.karna.visning import last_i_ord
from kommunrapport.rapport.modell import Cell, Rapport, Tabell

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


def spar_av(rapport: Rapport, rakning: Rakning, underlag: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Adress → visat tal, steg, delar och lästa celler; även de siffror som bara räknas med.

    ``underlag`` är det som rapporten är gjord av: programmets version och filernas kontrollsummor.
    """
    siffror: dict[str, Any] = {}
    kvar: list[Adress] = []
    tabeller = (*rapport.alla_tabeller, *rapport.texttal)
    for tabell in tabeller:
        for rad in tabell.rader:
            for cell, kolumn in zip(rad.celler, tabell.kolumner, strict=True):
                plats, kand = f"{tabell.id}.{rad.id}.{kolumn.id}", cell.adress is not None and rakning.har(cell.adress)
                post = _visad(cell, plats, tabell, kolumn.id, kand=kand)
                if cell.tal is not None and (enhet := _enhet(cell, rakning, kand=kand)) != "belopp":
                    post["enhet"] = enhet
                if post:
                    siffror[plats] = post
                if cell.adress and kand:
                    kvar.append(cell.adress)
    while kvar:
        adress = kvar.pop()
        post = siffror.setdefault(str(adress), {})
        if "steg" not in post:
            post.update(_steg(adress, rakning, rapport))
            kvar += rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn].delar
    lasta = _lasta(siffror.values(), rakning)
    return {
        "titel": rapport.titel,
        "kommun": rapport.kommun,
        "period": rapport.period,
        "underlag": dict(underlag or {}),
        "tabeller": {t.id: _rubriker(t, rakning) for t in tabeller},
        "siffror": siffror,
        "uppgifter": {kalla: f"{f.enhet}.{f.tabell}.{f.rad}.{f.kolumn}" for kalla, f in lasta.items()},
        "lasta": {kalla: last_i_ord(f.lagrat, f.varde, f.slag) for kalla, f in lasta.items()},
    }


def _visad(cell: Cell, plats: str, tabell: Tabell, kolumn: str, *, kand: bool) -> dict[str, Any]:
    """Det som läsaren ser i cellen, och dess källor när den inte är räknad; tomt för en cell utan uppgift."""
    visas = {"visas": cell.text, **({"tal": f"{cell.tal:f}"} if cell.tal is not None else {})}
    if cell.kalla:
        return {**visas, "steg": "läst", "kalla": str(cell.kalla)}
    if cell.delar:
        return {**visas, "steg": cell.steg, "uppgifter": [[str(d.kalla), d.text] for d in cell.delar]}
    if cell.adress and kand:
        return visas if str(cell.adress) == plats else {**visas, "steg": "visar", "delar": [str(cell.adress)]}
    if cell.tal is not None:
        delar = [f"{tabell.id}.{r.id}.{kolumn}" for r in tabell.rader if r.stil != "rubrik" and not plats.endswith(f".{r.id}.{kolumn}")]
        return {**visas, "steg": "summa", "delar": delar}
    return {}


def _enhet(cell: Cell, rakning: Rakning, *, kand: bool) -> str:
    """``belopp`` för tabellens enhet, annars det som talet är i; tomt när rubriken säger det."""
    if not cell.adress or not kand:
        return ""
    plan = rakning.planer[cell.adress.tabell]
    slag = plan.rad(cell.adress.rad).slag or plan.kolumn(cell.adress.kolumn).slag
    return slag if slag == "belopp" else "procent" if slag in ("procent", "andel") else ""


def _rubriker(t: Tabell, rakning: Rakning) -> dict[str, Any]:
    """Tabellens ord; också de dolda radernas och kolumnernas, som siffror kan räknas genom."""
    plan = rakning.planer.get(t.id)
    dolda = {r.id: r.namn for r in plan.rader if r.namn and r.stil != "rubrik"} if plan else {}
    rader = dolda | {r.id: r.namn for r in t.rader if r.stil != "rubrik"}
    kolumner = {k.id: k.rubrik for k in (plan.kolumner if plan else ()) if k.rubrik} | {k.id: k.rubrik for k in t.kolumner}
    return {"titel": t.titel, "enhet": t.enhet, "rader": rader, "kolumner": kolumner}


def _lasta(siffror: Iterable[Mapping[str, Any]], rakning: Rakning) -> dict[str, Faktarad]:
    """Läst cell → uppgiften som står där. Enhet, tabell, rad och kolumn är desamma när cellen har flyttats."""
    anvanda = {str(kalla) for post in siffror for kalla, _ in post.get("kallor", ())}
    return {kalla: f for f in rakning.alla_fakta() if (kalla := str(f.kalla)) in anvanda}


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
