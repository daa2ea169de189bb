"""Koladas svar (API v3) och filer med samma innehåll, som våra typer. Fel: HamtningsFel när formen är en annan."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from kommunrapport.karna.fel import HamtningsFel
from kommunrapport.kolada.lage import Nyckeltalsuppgift, Omrade, Varde

M = TypeVar("M", bound=BaseModel)


class _Svar(BaseModel):
    """Det vi läser ur ett svar; Kolada får lägga till annat."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Tal(_Svar):
    gender: Literal["T", "K", "M"]
    value: Decimal | None
    count: int | None = None
    status: str | None = None
    isdeleted: bool = False


class _Data(_Svar):
    kpi: str
    municipality: str
    period: int
    values: tuple[_Tal, ...]


class _Kpi(_Svar):
    id: str
    title: str
    description: str | None = None
    is_divided_by_gender: bool | None = None
    municipality_type: str | None = None
    prel_publication_date: str | None = None
    publication_date: str | None = None
    publ_period: str | int | None = None


class _Kommun(_Svar):
    id: str
    title: str
    type: Literal["K", "L"]


class Medlem(_Svar):
    """En medlem i en grupp."""

    member_id: str
    member_title: str = ""


class Gruppsvar(_Svar):
    """En grupp av kommuner eller nyckeltal."""

    id: str
    title: str
    members: tuple[Medlem, ...] = ()


def varden_ur(rader: Iterable[Any], kalla: str) -> Iterator[Varde]:
    for rad in _som(_Data, rader, kalla):
        for v in rad.values:
            yield Varde(
                nyckeltal=rad.kpi,
                omrade=rad.municipality,
                ar=rad.period,
                kon=v.gender,
                varde=v.value,
                antal=v.count,
                status=v.status or "",
                borttaget=v.isdeleted,
            )


def nyckeltal_ur(rader: Iterable[Any], kalla: str) -> Iterator[Nyckeltalsuppgift]:
    for k in _som(_Kpi, rader, kalla):
        yield Nyckeltalsuppgift(
            id=k.id,
            titel=k.title,
            beskrivning=" ".join((k.description or "").split()),
            konsuppdelat=k.is_divided_by_gender,
            kommuntyp=k.municipality_type or "",
            preliminart=k.prel_publication_date or "",
            publiceras=k.publication_date or "",
            avser="" if k.publ_period is None else str(k.publ_period),
        )


def omraden_ur(rader: Iterable[Any], kalla: str) -> Iterator[Omrade]:
    for k in _som(_Kommun, rader, kalla):
        yield Omrade(id=k.id, namn=k.title, typ=k.type)


def grupper_ur(rader: Iterable[Any], kalla: str) -> list[Gruppsvar]:
    return list(_som(Gruppsvar, rader, kalla))


def _som(modell: type[M], rader: Iterable[Any], kalla: str) -> Iterator[M]:
    for nr, rad in enumerate(rader, 1):
        try:
            yield modell.model_validate(rad)
        except ValidationError as fel:
            forsta: Sequence[int | str] = fel.errors()[0]["loc"]
            plats = ".".join(str(del_) for del_ in forsta)
            raise HamtningsFel(f"{kalla}: post {nr} har en annan form än väntat ({plats}).") from fel
