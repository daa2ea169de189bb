"""Hela delårsrapporten: kommunrapport, golvet och, för den lilla kommunen, de två vägarna med vanliga bibliotek.

Modulen importerar inget tungt: en process som startas ur en stor process räknar den stora processens minne som sitt eget.
"""

import itertools
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prestanda.mal import SMA, stegen
from prestanda.matning import Fall, Matning, Matt, kor

PERIOD = "2024-08"
INDATA = ("kommun.toml", "styrning", "inlamnat")
VAGAR = {"naiv": (), "vettig": (), "golv": (), "golv utan Källor": ("utan-källor",)}
"""Vägarnas namn, där första ordet är modulen, och deras flaggor."""
MINST_BADA = ("golv", "golv utan Källor")


@dataclass(frozen=True)
class Plats:
    """En kommuns arbetskatalog, dess facit och mappen där vägarna skriver."""

    mapp: Path
    namn: str

    @property
    def katalog(self) -> Path:
        return self.mapp / f"kommun {self.namn}"

    @property
    def omfang(self) -> Path:
        return self.mapp / f"omfång {self.namn}.json"

    def ut(self, vag: str) -> Path:
        return self.mapp / f"{vag} {self.namn}"

    def aterstall(self) -> None:
        """Lämnar bara indata i arbetskatalogen."""
        for vag in self.katalog.iterdir():
            if vag.name not in INDATA:
                shutil.rmtree(vag) if vag.is_dir() else vag.unlink()


def mat(matning: Matning, mapp: Path, *, varv: int, hogst: int) -> None:
    """Mäter kommunerna i storleksordning, och kontrollerar att alla vägar får kommunrapports summor. Fel: RuntimeError."""
    _mat_en(matning, Plats(mapp, SMA), 15, varv=varv, vagar=tuple(VAGAR))
    for namn, antal in stegen(hogst):
        _mat_en(matning, Plats(mapp, namn), antal, varv=1 if antal > 300 else min(varv, 2), vagar=MINST_BADA)
    _lutningar(matning, hogst)


def _mat_en(matning: Matning, plats: Plats, antal: int, *, varv: int, vagar: tuple[str, ...]) -> None:
    tidigare = ("--med-tidigare",) if plats.namn == SMA else ()
    kor(Fall(["-m", "prestanda.kommun", str(plats.katalog), str(antal), *tidigare]))
    delar = ["-m", "kommunrapport", "delar", "--period", PERIOD, "--katalog", str(plats.katalog)]
    plats.omfang.unlink(missing_ok=True)
    fallen = {f"delar {plats.namn}": Fall(delar, plats.aterstall), f"delar igen {plats.namn}": Fall(delar)}
    fallen |= {f"{vag} {plats.namn}": Fall(_argument(plats, vag), lambda: _matt_omfang(plats)) for vag in vagar}
    matning.varva(fallen, varv)
    for vag in vagar:
        krav_pa_samma_summor(plats, vag)


def _matt_omfang(plats: Plats) -> None:
    """Omfånget och facit, en gång, av den rapport som kommunrapport just har skrivit."""
    if not plats.omfang.exists():
        kor(Fall(["-m", "prestanda.omfang", str(plats.katalog), PERIOD, str(plats.omfang)]))


def _argument(plats: Plats, vag: str) -> list[str]:
    return ["-m", f"prestanda.{vag.split(maxsplit=1)[0]}", str(plats.katalog), str(plats.ut(vag)), str(plats.omfang), *VAGAR[vag]]


def krav_pa_samma_summor(plats: Plats, vag: str) -> None:
    """Fel: RuntimeError när vägens summor inte är kommunrapports, på öret."""
    facit = json.loads(plats.omfang.read_text(encoding="utf-8"))["summor"]
    fatt = svaret(plats, vag)["summor"]
    fel = [f"{nyckel}: {belopp} öre, inte {fatt.get(nyckel)}" for nyckel, belopp in facit.items() if fatt.get(nyckel) != belopp]
    if fel:
        raise RuntimeError(f"{vag} får {len(fel)} av {len(facit)} summor fel: {'; '.join(fel[:3])}")


def svaret(plats: Plats, vag: str) -> Mapping[str, dict[str, Any]]:
    """Vägens summor och delarnas tider i den senaste körningen."""
    svar: dict[str, dict[str, Any]] = json.loads((plats.ut(vag) / "svar.json").read_text(encoding="utf-8"))
    return svar


def _lutningar(matning: Matning, hogst: int) -> None:
    """Tiden per ytterligare inlämning mellan två kommuner, som egna fall."""
    for (mindre, fran), (storre, till) in itertools.pairwise(stegen(hogst)):
        tid, processor = ((f(f"delar {storre}") - f(f"delar {mindre}")) / (till - fran) for f in (matning.tid, matning.processor))
        matning.matt[f"lutning {storre}"] = [Matt(tid, processor, 0.0)]


def beraknade(mapp: Path, vag: str, *, hogst: int) -> Iterator[tuple[str, float]]:
    """Vad en väg med vanliga bibliotek skulle ta för de större kommunerna: varje del vid 15 gånger böckerna, cellerna och diagrammen."""
    liten = Plats(mapp, SMA)
    delar, grund = svaret(liten, vag)["delar"], _mangder(liten)
    for namn, _ in stegen(hogst)[1:]:
        ganger = {del_: antal / grund[del_] for del_, antal in _mangder(Plats(mapp, namn)).items()}
        yield namn, sum(tid * ganger.get(del_, 1.0) for del_, tid in delar.items())


def _mangder(plats: Plats) -> dict[str, float]:
    omfang = json.loads(plats.omfang.read_text(encoding="utf-8"))
    return {
        "läsa": len(list(plats.katalog.glob("inlamnat/*/*.xlsx"))),
        "excel": sum(r * k for r, k in omfang["excel"]["blad"]),
        "word": sum(r * k for r, k in omfang["word"]["tabeller"]),
    }


def mangder(mapp: Path, namn: str) -> str:
    """Hur mycket kommunen läser och skriver, i ord."""
    plats = Plats(mapp, namn)
    omfang = json.loads(plats.omfang.read_text(encoding="utf-8"))
    word, m = omfang["word"], _mangder(plats)
    return (
        f"{m['läsa']:.0f} böcker, {len(word['tabeller'])} tabeller med {sum(r for r, _ in word['tabeller'])} rader och {word['diagram']} diagram "
        f"i Word, {m['excel']:.0f} celler i Excel, {len(omfang['summor'])} summor"
    )
