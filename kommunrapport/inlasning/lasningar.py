"""Sparade läsningar: en bok som är läst förut läses inte en gång till när inget som läsningen beror på är ändrat.

En läsning heter efter allt den beror på: bokens byte och väg, mallarna, besluten, kommun.toml och programmet. Ändras något av det får den
ett annat namn, och den gamla hittas inte. En skadad läsning används inte. Mappen ``.lasta`` kan raderas när som helst, och går den inte
att skriva i läses böckerna igen. Läsningar sparas bara av det som också skriver rapporter; en fastställd rapport görs ur en kopia utan dem.
"""

import gzip
import hashlib
import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from kommunrapport import __version__
from kommunrapport.inlasning.bok import Inlamning
from kommunrapport.karna.period import Period
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall

MAPP = ".lasta"
_FORM = TypeAdapter(Inlamning)
_PROGRAMMET = ("karna", "mall", "inlasning")
_VERSIONER = 3
"""Så många gånger fler läsningar än böcker som får ligga kvar för en period, innan de äldsta tas bort."""


class Lasningar:
    """Läsningarna i en arbetskatalog: de sparade, och de som har gjorts i den här körningen."""

    def __init__(self, katalog: Path) -> None:
        self._mapp = katalog / MAPP
        self._nya: dict[tuple[str, str], bytes] = {}
        self._anvanda: dict[str, set[str]] = {}

    def hamta(self, period: Period, namn: str) -> Inlamning | None:
        """Läsningen med namnet, eller None när den inte finns eller är skadad."""
        self._anvanda.setdefault(str(period), set()).add(namn)
        try:
            data = self._nya.get((str(period), namn)) or (self._mapp / str(period) / namn).read_bytes()
            return tolka(gzip.decompress(data))
        except (OSError, EOFError, zlib.error, ValidationError):
            return None

    def lagg(self, period: Period, namn: str, lasning: bytes) -> None:
        """Läsningen, att sparas med ``spara``."""
        self._nya[str(period), namn] = gzip.compress(lasning, 1, mtime=0)

    def spara(self) -> None:
        """Skriver de nya läsningarna och tar bort gamla. En mapp som inte går att skriva i lämnas."""
        perioder = {period for period, _ in self._nya}
        with suppress(OSError):
            for (period, namn), data in self._nya.items():
                fil = self._mapp / period / namn
                fil.parent.mkdir(parents=True, exist_ok=True)
                halv = fil.with_name(f".{namn}")
                halv.write_bytes(data)
                halv.replace(fil)
            for period in perioder:
                self._gallra(period)
        self._nya.clear()

    def _gallra(self, period: str) -> None:
        anvanda = self._anvanda.get(period, set())
        gamla = sorted((f for f in (self._mapp / period).iterdir() if f.name not in anvanda), key=lambda f: f.stat().st_mtime_ns)
        for fil in gamla[: max(0, len(gamla) - _VERSIONER * len(anvanda))]:
            fil.unlink(missing_ok=True)


def lasningar_i(arbete: Arbetskatalog) -> Lasningar:
    """Arbetskatalogens läsningar, samma i hela körningen."""
    return cast("Lasningar", arbete.lasta.setdefault(Lasningar, Lasningar(arbete.katalog)))


def som_byte(inlamning: Inlamning) -> bytes:
    """Läsningen som JSON."""
    return _FORM.dump_json(inlamning)


def tolka(data: bytes) -> Inlamning:
    """Läsningen ur JSON. Fel: ValidationError när den inte har läsningens form."""
    return _FORM.validate_json(data)


def grund_for(arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad]) -> bytes:
    """Avtrycket av det som alla periodens läsningar beror på: programmet, mallarna, organisationen och besluten."""
    delar = (_programmet(), _mallarna(arbete), str(mall.period), arbete.organisation.model_dump_json(), repr(styrrader))
    return hashlib.sha256("\n".join(delar).encode()).digest()


def namn_for(grund: bytes, visas: str, data: bytes) -> str:
    """Läsningens namn: avtrycket av grunden, bokens väg så som den visas och bokens byte."""
    return hashlib.sha256(grund + visas.encode() + b"\n" + hashlib.sha256(data).digest()).hexdigest()


def _mallarna(arbete: Arbetskatalog) -> str:
    if "mallarnas avtryck" not in arbete.lasta:
        filer = sorted((vag, fil) for vag, fil in arbete.mallkalla.filer().items() if fil.suffix in (".toml", ".csv"))
        arbete.lasta["mallarnas avtryck"] = _avtryck([(vag, fil.read_bytes()) for vag, fil in filer])
    return cast("str", arbete.lasta["mallarnas avtryck"])


@cache
def _programmet() -> str:
    rot = Path(__file__).resolve().parents[1]
    filer = sorted(fil for namn in _PROGRAMMET for fil in (rot / namn).rglob("*.py"))
    return f"{__version__} {version('python-calamine')} {_avtryck([(f.relative_to(rot).as_posix(), f.read_bytes()) for f in filer])}"


def _avtryck(delar: Sequence[tuple[str, bytes]]) -> str:
    summa = hashlib.sha256()
    for namn, data in delar:
        summa.update(f"{namn}\n{len(data)}\n".encode() + data)
    return summa.hexdigest()
