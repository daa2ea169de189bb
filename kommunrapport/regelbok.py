"""Regelboken: vilka regler som gäller en period och en enhet, med kommunens gränser."""

from datetime import date
from pathlib import Path
from typing import Any

from kommunrapport.karna.period import Period
from kommunrapport.kontroll import motor
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.modell import Blad, Inlamningsmall, Regel
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall
from kommunrapport.mall.regler import las_regler
from kommunrapport.rapport import regelkatalog

_SENASTE = date.max


def regler(katalog: Path, period: Period | None, enhet: str) -> list[dict[str, Any]]:
    """Reglerna som gäller perioden (annars de senaste), för enheten när den är angiven. Fel: KommunrapportFel."""
    arbete = las_arbetskatalog(katalog)
    dag = period.slut if period else _SENASTE
    anmarkningar = las_katalog(arbete.mallkalla)
    valda = las_regler(arbete.mallkalla, dag, anmarkningar)
    motor.granska(valda)
    mall = las_periodmall(arbete, period) if period else None
    enheten = valda_enheter(arbete.organisation, [enhet])[0] if enhet else None
    trosklar = arbete.organisation.trosklar
    return [
        regelkatalog.som_data(r, anmarkningar, trosklar, r.allvar_den(dag))
        for r in sorted(valda, key=lambda r: r.kod)
        if _ror(r, mall, enheten, arbete, dag)
    ]


def dokument(katalog: Path) -> str:
    """Hela katalogen som Markdown. Fel: KommunrapportFel."""
    arbete = las_arbetskatalog(katalog)
    anmarkningar = las_katalog(arbete.mallkalla)
    valda = las_regler(arbete.mallkalla, _SENASTE, anmarkningar)
    namn = {b: _bladet(arbete, b, _SENASTE).namn for r in valda for b in r.blad}
    return regelkatalog.som_markdown(valda, anmarkningar, namn)


def _ror(regel: Regel, mall: Periodmall | None, enhet: Enhetspost | None, arbete: Arbetskatalog, dag: date) -> bool:
    """Om regeln prövar något i periodens mall och i enhetens bok."""
    alla = {b: _bladet(arbete, b, dag) for b in _inlamningsmall(arbete, dag).blad}
    andra = {b for b in (regel.med.get("mot", ""), regel.med.get("atgarder", "")) if b in alla}
    i_perioden = {b.id for b in mall.blad} if mall else set(alla)
    if not andra <= i_perioden or (regel.blad and not set(regel.blad) & i_perioden):
        return False
    if enhet is None:
        return True
    if not motor.SLAG[regel.slag].per_enhet or (regel.galler_for and enhet.slag not in regel.galler_for):
        return False
    egna = {b for b in i_perioden if enhet.slag in alla[b].galler_for}
    return andra <= egna and (not regel.blad or bool(set(regel.blad) & egna))


def _inlamningsmall(arbete: Arbetskatalog, dag: date) -> Inlamningsmall:
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft("inlamning", dag), Inlamningsmall)


def _bladet(arbete: Arbetskatalog, blad: str, dag: date) -> Blad:
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft(f"blad/{blad}", dag), Blad)
