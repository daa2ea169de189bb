"""Mallen för kommunstyrelsens uppsikt och för uppföljningsplanerna (mallar/uppsikt/)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Enhetsslag, Id, Modell, Ursprung


class Iakttagelseslag(Modell):
    """Vad en iakttagelse ledde till."""

    namn: str
    paragraf: bool = False
    """Om det kräver ett beslut med paragraf."""
    oppen: bool = True
    """Om iakttagelsen är öppen tills den har en klardag."""


class Beslutsval(Modell):
    """Ett av valen i förslaget till beslut; ``{enhet}`` är enhetens namn."""

    text: str


class Namngiven(Modell):
    """Ett steg i uppföljningsprocessen, eller en kvalitet som mäts."""

    id: Id
    namn: str


class Planstatus(Modell):
    """Orden för hur långt ett steg har kommit."""

    klar: str
    ovriga: tuple[str, ...]


class Uppsiktsmall(Ursprung):
    """Uppsikten och uppföljningsplanen som data."""

    kalla: str
    titel: str
    wordmall: str
    filnamn: str
    tillfallen: Annotated[int, Field(ge=1, le=12)]
    """Antalet tillfällen om året."""
    slag: tuple[Enhetsslag, ...]
    """Slagen av enheter som uppsikten omfattar."""
    ar_i_rad: Annotated[int, Field(ge=2, le=10)]
    """Så många år visar tabellen över enhetens ekonomi."""
    lagrum_for: Mapping[Enhetsslag, tuple[str, ...]]
    lagrum_hel: tuple[str, ...]
    """För ett bolag som kommunen äger helt."""
    lagrum_del: tuple[str, ...]
    """För ett bolag som kommunen äger tillsammans med någon annan."""
    lagrum_direktiv: tuple[str, ...]
    """För ett bolag vars ägardirektiv planen nämner."""
    iakttagelse: tuple[Iakttagelseslag, ...]
    beslut: tuple[Beslutsval, ...]
    steg: tuple[Namngiven, ...]
    kvalitet: tuple[Namngiven, ...]
    planstatus: Planstatus

    @model_validator(mode="after")
    def _lagrum_for_alla(self) -> Self:
        utan = [s for s in self.slag if s not in self.lagrum_for]
        if utan:
            raise ValueError(f"lagrum_for saknar {', '.join(utan)}, som står i slag")
        return self


def las_uppsiktsmall(kalla: Mallkalla, dag: date) -> Uppsiktsmall:
    """Mallen som gäller på dagen. Fel: MallFel."""
    return kalla.las(kalla.i_kraft("uppsikt", dag), Uppsiktsmall)
