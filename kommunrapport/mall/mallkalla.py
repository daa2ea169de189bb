"""Var mallarna finns: arbetskatalogens egna före de medföljande, och vilken version som gäller."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from kommunrapport.karna.fel import MallFel
from kommunrapport.mall import lasning
from kommunrapport.mall.arkivmapp import MEDFOLJANDE

M = TypeVar("M", bound=BaseModel)
_MALLFILER = (".toml", ".docx", ".csv", ".png", ".html", ".jinja")
_PAKET = Path(__file__).resolve().parents[1]
_MEDFOLJANDE: dict[tuple[str, type[BaseModel]], BaseModel] = {}
"""De medföljande mallarna som är lästa; de ändras inte medan programmet kör."""


def medfoljande() -> Path:
    """Mappen med de mallar som följer med: i paketet när det är installerat, annars i källträdet."""
    i_paketet = _PAKET / "_mallar"
    return i_paketet if i_paketet.is_dir() else _PAKET.parent / "mallar"


@dataclass(frozen=True)
class Mallkalla:
    """Mallrötter i prioritetsordning. En fil i en tidigare rot ersätter samma fil i en senare."""

    rotter: tuple[Path, ...]

    @classmethod
    def for_katalog(cls, katalog: Path) -> "Mallkalla":
        egna, grund = katalog / "mallar", katalog / MEDFOLJANDE
        grund = grund if grund.is_dir() else medfoljande()
        return cls((egna, grund) if egna.is_dir() else (grund,))

    @property
    def grund(self) -> "Mallkalla":
        """Bara de medföljande mallarna: programmets, eller i en arkiverad version de som följde med då."""
        return Mallkalla(self.rotter[-1:])

    def fil(self, vag: str) -> Path:
        """Filen i den första rot som har den. Fel: MallFel."""
        for rot in self.rotter:
            if (rot / vag).is_file():
                return rot / vag
        raise MallFel(f"mallar/{vag}: filen finns inte.")

    def bild(self, vag: str) -> bytes:
        """Bilden i den första rot som har den; tomt när ingen har."""
        return next(((rot / vag).read_bytes() for rot in self.rotter if (rot / vag).is_file()), b"")

    def filer(self) -> dict[str, Path]:
        """Varje mallfil som gäller: väg från mallmappen → filen i den första rot som har den."""
        return {f.relative_to(rot).as_posix(): f for rot in reversed(self.rotter) for f in rot.rglob("*") if f.suffix in _MALLFILER}

    def las(self, vag: str, modell: type[M]) -> M:
        """Mallen som sin typ; läst en gång, eftersom typerna är frysta, och en medföljande en gång per process. Fel: MallFel."""
        lasta = _MEDFOLJANDE if self._ar_medfoljande(vag) else self._lasta
        if (vag, modell) not in lasta:
            lasta[vag, modell] = lasning.tolka(modell, self.data(vag), f"mallar/{vag}")
        return cast("M", lasta[vag, modell])

    def _ar_medfoljande(self, vag: str) -> bool:
        """Om inget i mallen kommer ur arbetskatalogen."""
        mapp = vag.rpartition("/")[0]
        return self.rotter[-1] == medfoljande() and not any((rot / (mapp or vag)).exists() for rot in self.rotter[:-1])

    def data(self, vag: str) -> dict[str, Any]:
        """Mallens innehåll. Fel: MallFel.

        ``som = "2019-01-01"`` tar allt ur den versionen i samma mapp, utom det som filen själv anger. Anger arbetskatalogens
        fil sitt eget datum är det den medföljande filen som den ändrar.
        """
        egna = lasning.las_toml(self.fil(vag), f"mallar/{vag}")
        som = egna.pop("som", None)
        if not som:
            return egna
        forebild = f"{vag.rpartition('/')[0]}/{som}.toml"
        kalla = Mallkalla(self.rotter[1:]) if forebild == vag else self
        return _andrad(kalla.data(forebild), egna)

    def i_kraft(self, mapp: str, dag: date) -> str:
        """Vägen till den senaste daterade filen i mappen som gäller den dagen. Fel: MallFel."""
        galler = [datum for datum in self._daterade(mapp) if datum <= dag]
        if not galler:
            raise MallFel(f"mallar/{mapp}: ingen version gäller {dag}. Lägg till en fil med ett tidigare datum som namn.")
        return f"{mapp}/{max(galler)}.toml"

    def namn(self, mapp: str) -> tuple[str, ...]:
        """Namnen, utan ändelse, på mallarna i mappen; i bokstavsordning."""
        return self._namn.get(mapp, ())

    def har_i_kraft(self, mapp: str, dag: date) -> bool:
        """Om någon version i mappen gäller den dagen. Fel: MallFel."""
        return any(datum <= dag for datum in self._daterade(mapp))

    def _daterade(self, mapp: str) -> Iterator[date]:
        for namn in self.namn(mapp):
            try:
                yield date.fromisoformat(namn)
            except ValueError as fel:
                raise MallFel(f"mallar/{mapp}/{namn}.toml: filnamnet ska vara ett datum, till exempel 2024-01-01.toml.") from fel

    @cached_property
    def _lasta(self) -> dict[tuple[str, type[BaseModel]], BaseModel]:
        return {}

    @cached_property
    def _namn(self) -> dict[str, tuple[str, ...]]:
        namn: dict[str, set[str]] = {}
        for rot in self.rotter:
            for fil in rot.rglob("*.toml"):
                namn.setdefault(fil.parent.relative_to(rot).as_posix(), set()).add(fil.stem)
        return {mapp: tuple(sorted(stammar)) for mapp, stammar in namn.items()}


def _andrad(fore: Mapping[str, Any], egna: Mapping[str, Any]) -> dict[str, Any]:
    """Förebilden med det egna: avsnitt med samma id byts ut, ett ord i ett avsnitt för sig, och allt annat helt."""
    return {**fore, **{nyckel: _andrat(fore.get(nyckel), varde) for nyckel, varde in egna.items()}}


def _andrat(fore: Any, eget: Any) -> Any:
    if isinstance(fore, dict) and isinstance(eget, dict):
        return {**fore, **eget}
    if _har_id(fore) and _har_id(eget):
        egna = {avsnitt["id"]: avsnitt for avsnitt in eget}
        nya = [avsnitt for id_, avsnitt in egna.items() if id_ not in {f["id"] for f in fore}]
        return [egna.get(avsnitt["id"], avsnitt) for avsnitt in fore] + nya
    return eget


def _har_id(varde: Any) -> bool:
    return isinstance(varde, list) and all(isinstance(avsnitt, dict) and "id" in avsnitt for avsnitt in varde)
