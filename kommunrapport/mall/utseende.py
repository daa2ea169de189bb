"""Färgerna i dokument, diagram och bilagor: en fil, med kontrasten prövad när den läses."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from kommunrapport.karna.farg import VIT, kontrast, kontrast_i_ord
from kommunrapport.mall.modell import Modell

Farg = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{6}$")]
_TEXT, _YTA = 4.5, 3.0
"""Minsta kontrast för text och för ytor som bär uppgifter (WCAG 2.1, 1.4.3 och 1.4.11)."""


class Farger(Modell):
    """Dokumentens färger efter vad de är till för."""

    huvud: Farg
    ljus: Farg
    text: Farg
    dampad: Farg
    linje: Farg
    varning: Farg
    varningsbotten: Farg

    @model_validator(mode="after")
    def _gar_att_lasa(self) -> Self:
        par = {
            "huvud": (VIT, self.huvud),
            "huvud mot ljus": (self.huvud, self.ljus),
            "text mot ljus": (self.text, self.ljus),
            "dampad": (self.dampad, VIT),
            "varning mot varningsbotten": (self.varning, self.varningsbotten),
        }
        _krav(par, _TEXT)
        return self


class Diagramfarger(Modell):
    """Diagrammens färger: serierna i ordning, och bryggans staplar."""

    serier: Annotated[tuple[Farg, ...], Field(min_length=4)]
    forbattring: Farg
    forsamring: Farg
    niva: Farg

    @model_validator(mode="after")
    def _syns(self) -> Self:
        par = {f"serie {nr}": (farg, VIT) for nr, farg in enumerate(self.serier, 1)}
        _krav({**par, "forbattring": (self.forbattring, VIT), "forsamring": (self.forsamring, VIT), "niva": (self.niva, VIT)}, _YTA)
        return self


class Utseende(Modell):
    """Färgerna i allt som programmet skriver."""

    farg: Farger
    diagram: Diagramfarger


def _krav(par: Mapping[str, tuple[str, str]], minst: float) -> None:
    for namn, (en, annan) in par.items():
        varde = kontrast(en, annan)
        if varde < minst:
            raise ValueError(f"färgen {namn} har kontrasten {kontrast_i_ord(varde)}; det ska vara minst {kontrast_i_ord(minst)}. Välj en annan färg")
