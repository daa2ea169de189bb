"""Färgerna i dokument, diagram och bilagor: en fil, med kontrasten prövad när den läses."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from kommunrapport.mall.modell import Modell

Farg = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{6}$")]
VIT = "FFFFFF"
_TEXT, _YTA = 4.5, 3.0
"""Minsta kontrast för text och för ytor som bär uppgifter (WCAG 2.1, 1.4.3 och 1.4.11)."""


def kontrast(en: str, annan: str) -> float:
    """Kontrasten mellan två färger (sex hexadecimala siffror), från 1 till 21, enligt WCAG 2.1."""
    ljus, mork = sorted((_luminans(en), _luminans(annan)), reverse=True)
    return (ljus + 0.05) / (mork + 0.05)


def _luminans(farg: str) -> float:
    delar = [int(farg[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    rod, gron, bla = (d / 12.92 if d <= 0.04045 else ((d + 0.055) / 1.055) ** 2.4 for d in delar)
    return 0.2126 * rod + 0.7152 * gron + 0.0722 * bla


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
            krav, ar = (f"{v:.1f}".replace(".", ",") for v in (minst, varde))
            raise ValueError(f"färgen {namn} har kontrasten {ar}:1; det ska vara minst {krav}:1. Välj en mörkare eller ljusare färg")
