"""Körningens logg: en rad per händelse, läsbar i ``logg/batch.log`` och som JSON i ``logg/batch.jsonl``.

Filerna byts när de blir stora och de äldsta tas bort. Raderna nämner enheter och filer men inga personer.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Self

from kommunrapport.rapport.utmatning import orsak

MAPP = "logg"
MEST_BYTE, ANTAL = 2_000_000, 9
"""Så stor blir en loggfil, och så många äldre sparas."""
_NIVAER = {"upplysning": logging.INFO, "varning": logging.WARNING, "fel": logging.ERROR}


@dataclass(frozen=True)
class Loggrad:
    """En händelse. ``tid`` är ISO 8601 med tidszon."""

    tid: str
    niva: str
    text: str
    period: str = ""
    enhet: str = ""
    fil: str = ""

    @property
    def som_text(self) -> str:
        """``2024-09-10 02:00:03 FEL 2024-08 Socialnämnden: mening``."""
        var = " ".join(del_ for del_ in (self.period, self.enhet) if del_)
        niva = "" if self.niva == "upplysning" else f" {self.niva.upper()}"
        return f"{self.tid[:19].replace('T', ' ')}{niva} {var}{': ' if var else ''}{self.text}"

    @property
    def som_json(self) -> str:
        return json.dumps({namn: varde for namn, varde in asdict(self).items() if varde}, ensure_ascii=False)


@dataclass
class Logg:
    """Skriver rader till filerna och till den som ser på. Går filerna inte att skriva går körningen vidare och ``brister`` säger varför."""

    mapp: Path | None
    visa: Callable[[Loggrad], None]
    brister: list[str] = field(default_factory=list)
    _logger: logging.Logger = field(default_factory=lambda: logging.Logger("kommunrapport.batch"))  # noqa: LOG001
    """Körningens egen och inte den gemensamma: flera kommuner kan köras samtidigt i trådar i samma process."""

    def __enter__(self) -> Self:
        self._logger.setLevel(logging.INFO)
        self._logger.addHandler(logging.NullHandler())
        if self.mapp:
            try:
                self.mapp.mkdir(exist_ok=True)
                for namn, form in (("batch.log", "som_text"), ("batch.jsonl", "som_json")):
                    self._logger.addHandler(_fil(self.mapp / namn, form, self.brister))
            except OSError as fel:
                self.brister.append(f"Loggen i {self.mapp} går inte att skriva ({orsak(fel)}).")
        return self

    def __exit__(self, typ: type[BaseException] | None, fel: BaseException | None, spar: TracebackType | None) -> None:
        for fil in list(self._logger.handlers):
            self._logger.removeHandler(fil)
            fil.close()

    def skriv(self, text: str, niva: str = "upplysning", *, period: str = "", enhet: str = "", fil: str = "") -> None:
        rad = Loggrad(datetime.now().astimezone().isoformat(timespec="seconds"), niva, " ".join(text.split()), period, enhet, fil)
        self.visa(rad)
        self._logger.log(_NIVAER[niva], rad.text, extra={"rad": rad})

    def varna(self, text: str, *, period: str = "", enhet: str = "", fil: str = "") -> None:
        self.skriv(text, "varning", period=period, enhet=enhet, fil=fil)

    def fel(self, text: str, *, period: str = "", enhet: str = "", fil: str = "") -> None:
        self.skriv(text, "fel", period=period, enhet=enhet, fil=fil)


class _Loggfil(RotatingFileHandler):
    """En fil som inte går att skriva i noteras en gång, utan att körningen stannar."""

    brister: list[str]

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  standardbibliotekets namn
        mening = f"Loggen {self.baseFilename} går inte att skriva."
        if mening not in self.brister:
            self.brister.append(mening)


def _fil(vag: Path, form: str, brister: list[str]) -> logging.Handler:
    fil = _Loggfil(vag, maxBytes=MEST_BYTE, backupCount=ANTAL, encoding="utf-8")
    fil.brister = brister
    fil.setFormatter(_Rad(form))
    return fil


class _Rad(logging.Formatter):
    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        return str(getattr(record.__dict__["rad"], self._form))
