"""Tabellerna i ``docs/prestanda.md`` ur en mätning."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from prestanda import delar
from prestanda.mal import ANDRA, SMA, Mal, delarens, stegen
from prestanda.matning import Matning

HAR = Path(__file__).resolve().parent
PAKET = ("pandas", "openpyxl", "python-calamine", "xlsxwriter", "python-docx", "python-pptx", "lxml", "typer", "matplotlib")
INTE_FALL = ("lutning",)


def mal_tabell(matning: Matning) -> str:
    """Målen, den mätta kvoten och om den räcker; mål för fall som inte är mätta är inte med."""
    rader = []
    for mal in (*delarens(), *ANDRA):
        if mal.taljare not in matning.matt or (mal.namnare and mal.namnare not in matning.matt):
            continue
        varde = matning.kvot(mal.taljare, mal.namnare) if mal.namnare else matning.minne(mal.taljare)
        processor = _kvot(matning.processorkvot(mal.taljare, mal.namnare)) if mal.namnare else ""
        krav = f"{'minst' if mal.minst else 'högst'} {_tal(mal.grans)}"
        rader.append([mal.namn, krav, _kvot(varde), processor, _utfall(mal, varde), _minne(matning, mal.namnare if mal.minst else mal.taljare)])
    return tabell(["fall", "mål", "mätt", "i processorn", "nått", "MiB som mest"], rader)


def _utfall(mal: Mal, varde: float) -> str:
    """Ja, eller hur många gånger som fattas."""
    fattas = mal.grans / varde if mal.minst else varde / mal.grans
    return "ja" if mal.natt(varde) else f"nej, {_tal(fattas, 2)} gånger ifrån"


def _minne(matning: Matning, namn: str) -> str:
    minne = matning.minne(namn)
    return f"{minne:.0f}" if minne else ""


def fall_tabell(matning: Matning) -> str:
    """Alla mätta fall."""
    rader = [
        [namn, str(len(matt)), _tid(matning.tid(namn)), _tid(matning.processor(namn)), _minne(matning, namn)]
        for namn, matt in matning.matt.items()
        if not namn.startswith(INTE_FALL)
    ]
    return tabell(["fall", "varv", "tid", "i processorn", "MiB som mest"], rader)


def skriv(fil: Path, matning: Matning, mapp: Path, profil: Path, *, hogst: int) -> None:
    """Skriver sidan."""
    profilen = json.loads(profil.read_text(encoding="utf-8"))
    kommuner = [SMA, *(namn for namn, _ in stegen(hogst))]
    fil.write_text(
        (HAR / "sida.md")
        .read_text(encoding="utf-8")
        .format(
            maskin=_maskin(),
            mal=mal_tabell(matning),
            fall=fall_tabell(matning),
            beraknat=tabell(["väg", "inlämningar", "beräknad tid", "mot delar"], _beraknat(matning, mapp, hogst=hogst)),
            kommun_15=f"Kommunen med {SMA}",
            kommuner=tabell(["kommun", "omfång"], [[namn, delar.mangder(mapp, namn)] for namn in kommuner]),
            paket=tabell(["paket", "andel"], _andelar(profilen["paket"])),
            steg=tabell(["steg", "andel"], _andelar(profilen["steg"])),
        ),
        encoding="utf-8",
    )


def _beraknat(matning: Matning, mapp: Path, *, hogst: int) -> Iterator[list[str]]:
    for vag in ("naiv", "vettig"):
        for namn, tid in delar.beraknade(mapp, vag, hogst=hogst):
            yield [vag, namn, _tid(tid), f"{_tal(tid / matning.tid(f'delar {namn}'), 1)} gånger"]


def _andelar(par: Iterable[Sequence[object]]) -> list[list[str]]:
    return [[str(namn), f"{float(str(andel)) * 100:.0f} %"] for namn, andel in par]


def _maskin() -> str:
    last = f", med lasten {_tal(os.getloadavg()[0])} när sidan skrevs" if hasattr(os, "getloadavg") else ""
    versioner = ", ".join(f"{namn} {importlib.metadata.version(namn)}" for namn in PAKET)
    return f"{os.cpu_count()} kärnor, {platform.system()}, Python {platform.python_version()}, {versioner}{last}"


def tabell(rubriker: Sequence[str], rader: Iterable[Sequence[str]]) -> str:
    """En markdowntabell; första kolumnen till vänster och de andra till höger."""
    linje = ["---", *("---:" for _ in rubriker[1:])]
    return "\n".join(f"| {' | '.join(rad)} |" for rad in (rubriker, linje, *rader))


def _tal(varde: float, decimaler: int = 1) -> str:
    text = f"{varde:.{decimaler}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _kvot(varde: float) -> str:
    return _tal(varde, 2 if varde < 10 else 0)


def _tid(sekunder: float) -> str:
    return f"{_tal(sekunder, 2)} s" if sekunder >= 1 else f"{_tal(sekunder * 1000, 0 if sekunder >= 0.01 else 1)} ms"
