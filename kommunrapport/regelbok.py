"""Regelboken: vilka regler som gäller en period och en enhet, med kommunens gränser."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kommunrapport.karna.period import Period
from kommunrapport.kontroll import motor
from kommunrapport.mall.bladrader import har_rader
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.modell import Blad, Inlamningsmall, Kolumn, Regel
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall
from kommunrapport.mall.regler import las_regler
from kommunrapport.rapport import regelkatalog
from kommunrapport.samling import las_beslut

_SENASTE = date.max
_ANDRA_BLADET = ("mot", "atgarder")
"""Parametrarna i ``med`` som kan vara ett annat blad."""


def regler(katalog: Path, period: Period | None, enhet: str) -> list[dict[str, Any]]:
    """Reglerna som gäller perioden (annars de senaste), för enheten när den är angiven. Fel: KommunrapportFel.

    De står i bladens ordning, först de som gäller alla blad. ``bladnamn`` är bladen som regeln prövar, tomt för alla.
    """
    arbete = las_arbetskatalog(katalog)
    dag = period.slut if period else _SENASTE
    anmarkningar = las_katalog(arbete.mallkalla)
    valda = las_regler(arbete.mallkalla, dag, anmarkningar)
    motor.granska(valda)
    mall = las_periodmall(arbete, period) if period else None
    enheten = valda_enheter(arbete.organisation, [enhet])[0] if enhet else None
    alla = {b: _bladet(arbete, b, dag) for b in _inlamningsmall(arbete, dag).blad}
    egna = _bladen(arbete, mall, enheten, alla)
    galler = [r for r in valda if (mall is None or mall.post.innehaller(r.kraver)) and (enheten is None or _galler(r, enheten))]
    provas = [(r, _provade(r, egna, enheten)) for r in galler if _har_de_andra(r, egna, alla)]
    traffar = [(r, bladen) for r, bladen in provas if bladen is not None]
    ordning = list(egna)
    traffar.sort(key=lambda par: ([ordning.index(b) for b in par[1]], par[0].kod))
    return [
        regelkatalog.som_data(r, anmarkningar, arbete.organisation.trosklar, r.allvar_den(dag)) | {"bladnamn": [egna[b].namn for b in bladen]}
        for r, bladen in traffar
    ]


def dokument(katalog: Path) -> str:
    """Hela katalogen som Markdown. Fel: KommunrapportFel."""
    arbete = las_arbetskatalog(katalog)
    anmarkningar = las_katalog(arbete.mallkalla)
    valda = las_regler(arbete.mallkalla, _SENASTE, anmarkningar)
    namn = {b: _bladet(arbete, b, _SENASTE).namn for r in valda for b in r.blad}
    return regelkatalog.som_markdown(valda, anmarkningar, namn)


def _bladen(arbete: Arbetskatalog, mall: Periodmall | None, enhet: Enhetspost | None, alla: Mapping[str, Blad]) -> dict[str, Blad]:
    """Bladen som boken har: enhetens i perioden, med rader att fylla i. Utan enhet eller period alla som kan finnas."""
    if mall is None:
        return {b: blad for b, blad in alla.items() if enhet is None or enhet.slag in blad.galler_for}
    if enhet is None:
        return {b.id: b for b in mall.blad}
    rader = [r for r in las_beslut(arbete, mall).rader if r.enhet == enhet.id]
    return {b.id: b for b in mall.blad_for(enhet) if har_rader(b, [r for r in rader if r.tabell == b.id])}


def _provade(regel: Regel, bladen: Mapping[str, Blad], enhet: Enhetspost | None) -> list[str] | None:
    """Bladen som regeln prövar i boken, i bokens ordning: inga när den gäller alla, None när boken saknar det regeln prövar."""
    namngivna = _namngivna(regel, bladen, enhet)
    if namngivna is None:
        return []
    traffade = [b for b in bladen if b in namngivna]
    return traffade or None


def _namngivna(regel: Regel, bladen: Mapping[str, Blad], enhet: Enhetspost | None) -> set[str] | None:
    """Bladen som regeln själv pekar ut: i ``blad``, i sina likheter, eller genom kolumnerna den prövar. None är inga särskilda."""
    if regel.blad:
        return set(regel.blad)
    if regel.slag == "samband":
        likheter = [likhet for slag, likhet in regel.med.items() if enhet is None or slag == enhet.slag]
        return {term.partition(".")[0] for likhet in likheter for term in likhet.split() if "." in term}
    if any("." in k for k in regel.kolumner):
        return {b for b, blad in bladen.items() for k in blad.kolumn if f"{b}.{k.id}" in regel.kolumner}
    if regel.slag in ("mot_beslut", "mot_tidigare", "mot_bokslut"):
        return {b for b, blad in bladen.items() if any(_jamfors(k, regel) for k in blad.kolumn)}
    return None


def _jamfors(kolumn: Kolumn, regel: Regel) -> bool:
    """Om kolumnen har det som regeln jämför med: ett beslut, en tidigare inlämning eller ett publicerat bokslut."""
    if regel.slag == "mot_bokslut":
        return kolumn.publicerat_ar > 0
    ur_beslut = kolumn.fylls_fran.startswith("styrning:")
    if regel.slag == "mot_beslut":
        return ur_beslut and kolumn.id in regel.kolumner
    return bool(kolumn.fylls_fran) and kolumn.roll == "forifylld" and kolumn.slag == "belopp" and not ur_beslut


def _har_de_andra(regel: Regel, bladen: Mapping[str, Blad], alla: Mapping[str, Blad]) -> bool:
    """Om boken har bladen som regeln jämför med."""
    return all(bladet in bladen for namn in _ANDRA_BLADET if (bladet := regel.med.get(namn, "")) in alla)


def _galler(regel: Regel, enhet: Enhetspost) -> bool:
    """Om regeln prövar enhetens egen bok."""
    return motor.SLAG[regel.slag].per_enhet and (not regel.galler_for or enhet.slag in regel.galler_for)


def _inlamningsmall(arbete: Arbetskatalog, dag: date) -> Inlamningsmall:
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft("inlamning", dag), Inlamningsmall)


def _bladet(arbete: Arbetskatalog, blad: str, dag: date) -> Blad:
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft(f"blad/{blad}", dag), Blad)
