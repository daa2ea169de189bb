"""Spåret: varje visad siffra med sitt steg och sina källor, som JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kommunrapport.berakning.rakna import Faktarad, Nod, Rakning
from kommunrapport.karna.kalla import Kalla
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
    return {namn: dict(del_) if isinstance(del_, Iterator) else del_ for namn, del_ in spardelar(rapport, rakning, underlag)}


def spardelar(rapport: Rapport, rakning: Rakning, underlag: Mapping[str, Any] | None = None) -> Iterator[tuple[str, Any]]:
    """Spårets delar i ordning. De stora är iteratorer av par, som görs när de läses; var och en läses till slut innan nästa del tas."""
    tabeller, lasta = (*rapport.alla_tabeller, *rapport.texttal), _Celler()
    yield "titel", rapport.titel
    yield "kommun", rapport.kommun
    yield "period", rapport.period
    yield "underlag", dict(underlag or {})
    yield "tabeller", {t.id: _rubriker(t, rakning) for t in tabeller}
    yield "siffror", _siffror(tabeller, rapport, rakning, lasta)
    senare = _lasta_om(rakning)
    yield "uppgifter", ((str(k), f"{f.enhet}.{f.tabell}.{f.rad}.{f.kolumn}") for k, f in _uppgifter(rakning, lasta, senare))
    yield "lasta", ((str(k), last_i_ord(f.lagrat, f.varde, f.slag)) for k, f in _uppgifter(rakning, lasta, senare))


class _Celler:
    """Lästa celler, tätt packade: samma blad och cell står i många filer."""

    def __init__(self) -> None:
        self._filer: dict[str, set[tuple[str, str]]] = {}
        self._lika: dict[tuple[str, str], tuple[str, str]] = {}

    def lagg(self, kalla: Kalla) -> None:
        cell = kalla.blad, kalla.cell
        self._filer.setdefault(kalla.fil, set()).add(self._lika.setdefault(cell, cell))

    def __contains__(self, kalla: Kalla) -> bool:
        return (kalla.blad, kalla.cell) in self._filer.get(kalla.fil, ())


def _siffror(tabeller: Sequence[Tabell], rapport: Rapport, rakning: Rakning, lasta: _Celler) -> Iterator[tuple[str, dict[str, Any]]]:
    """De siffror som syns, i ordning, och därefter de som bara räknas med. Cellerna som de hämtar läggs i ``lasta``."""
    synliga = {f"{tabell.id}.{rad}.{kolumn}": (tabell, kolumn, cell) for tabell, rad, kolumn, cell in _celler(tabeller, rakning)}
    foljda: dict[str, bool] = dict.fromkeys(synliga, True)
    for plats, (tabell, kolumn, cell) in synliga.items():
        kand = _kand(cell, rakning)
        post = _visad(cell, plats, tabell, kolumn, kand=kand)
        if cell.tal is not None and (enhet := _enhet(cell, rakning, kand=kand)) != "belopp":
            post["enhet"] = enhet
        if "steg" not in post and cell.adress:
            foljda[plats] = False
            post.update(_steg(cell.adress, rakning, rapport, lasta))
        yield plats, post
    synliga.clear()
    kvar = [cell.adress for *_, cell in _celler(tabeller, rakning) if cell.adress and _kand(cell, rakning)]
    while kvar:
        adress = kvar.pop()
        if foljda.get(namn := str(adress)):
            continue
        if namn not in foljda:
            yield namn, _steg(adress, rakning, rapport, lasta)
        foljda[namn] = True
        kvar += rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn].delar


def _celler(tabeller: Sequence[Tabell], rakning: Rakning) -> Iterator[tuple[Tabell, str, str, Cell]]:
    """Cellerna med en uppgift: tabell, rad, kolumn och cell."""
    for tabell in tabeller:
        for rad in tabell.rader:
            for cell, kolumn in zip(rad.celler, tabell.kolumner, strict=True):
                if cell.kalla or cell.delar or cell.tal is not None or _kand(cell, rakning):
                    yield tabell, rad.id, kolumn.id, cell


def _kand(cell: Cell, rakning: Rakning) -> bool:
    return cell.adress is not None and rakning.har(cell.adress)


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


def _lasta_om(rakning: Rakning) -> dict[Kalla, Faktarad]:
    """Celler som är lästa flera gånger → uppgiften som lästes sist."""
    kallor = rakning.fakta[list(Kalla._fields)]
    om = {*map(Kalla._make, kallor[kallor.duplicated()].itertuples(index=False, name=None))}
    return {f.kalla: f for f in rakning.alla_fakta() if f.kalla in om} if om else {}


def _uppgifter(rakning: Rakning, lasta: _Celler, senare: Mapping[Kalla, Faktarad]) -> Iterator[tuple[Kalla, Faktarad]]:
    """Läst cell och uppgiften som står där, en gång per cell. Enhet, tabell, rad och kolumn är desamma när cellen har flyttats."""
    kvar = dict(senare)
    for f in rakning.alla_fakta():
        kalla = f.kalla
        if kalla in lasta and (kalla not in senare or kalla in kvar):
            yield kalla, kvar.pop(kalla, f)


def _steg(adress: Adress, rakning: Rakning, rapport: Rapport, lasta: _Celler) -> dict[str, Any]:
    steg = rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn]
    dolda = rapport.dolda.get(adress.tabell, frozenset())
    if isinstance(steg, Hamta):
        fakta = list(rakning.fakta_i(steg))
        visas = [(f.kalla, tecken * f.varde * steg.delar_per) for tecken, f in fakta if (f.enhet, f.rad) not in dolda]
        for kalla, _ in visas:
            lasta.lagg(kalla)
        synliga = [[str(kalla), varde] for kalla, varde in visas]
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
