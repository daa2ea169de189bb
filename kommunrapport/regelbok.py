"""Regelboken: vilka regler som gäller en period och en enhet, med kommunens gränser."""

from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any

from kommunrapport.karna.period import Period
from kommunrapport.kontroll import motor
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.modell import Blad, Inlamningsmall, Regel
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog, las_periodmall
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
    alla = {b: _bladet(arbete, b, dag) for b in _inlamningsmall(arbete, dag).blad}
    mall = las_periodmall(arbete, period) if period else None
    i_perioden = {b.id for b in mall.blad} if mall else set(alla)
    enheten = valda_enheter(arbete.organisation, [enhet])[0] if enhet else None
    egna = {b for b in i_perioden if enheten is None or enheten.slag in alla[b].galler_for}
    return [
        regelkatalog.som_data(r, anmarkningar, arbete.organisation.trosklar, r.allvar_den(dag))
        for r in sorted(valda, key=lambda r: r.kod)
        if _provar(r, egna, set(alla)) and (mall is None or mall.post.innehaller(r.kraver)) and (enheten is None or _galler(r, enheten))
    ]


def dokument(katalog: Path) -> str:
    """Hela katalogen som Markdown. Fel: KommunrapportFel."""
    arbete = las_arbetskatalog(katalog)
    anmarkningar = las_katalog(arbete.mallkalla)
    valda = las_regler(arbete.mallkalla, _SENASTE, anmarkningar)
    namn = {b: _bladet(arbete, b, _SENASTE).namn for r in valda for b in r.blad}
    return regelkatalog.som_markdown(valda, anmarkningar, namn)


def _provar(regel: Regel, bladen: AbstractSet[str], alla: AbstractSet[str]) -> bool:
    """Om bladen har det som regeln prövar, och det den jämför med."""
    andra = {b for b in (regel.med.get("mot", ""), regel.med.get("atgarder", "")) if b in alla}
    return andra <= bladen and (not regel.blad or bool(set(regel.blad) & bladen))


def _galler(regel: Regel, enhet: Enhetspost) -> bool:
    """Om regeln prövar enhetens egen bok."""
    return motor.SLAG[regel.slag].per_enhet and (not regel.galler_for or enhet.slag in regel.galler_for)


def _inlamningsmall(arbete: Arbetskatalog, dag: date) -> Inlamningsmall:
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft("inlamning", dag), Inlamningsmall)


def _bladet(arbete: Arbetskatalog, blad: str, dag: date) -> Blad:
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft(f"blad/{blad}", dag), Blad)
