"""Ett läge: det som Kolada svarade en viss dag, som en fil i styrning/kolada/. Rapporter läser bara lägen, aldrig nätet.

Filen är JSON med ett värde per rad, i fast ordning. Då finns värden, nyckeltalens definitioner, grupperna och det som saknades i en
och samma daterade fil, och en jämförelse av två lägen rad för rad visar just de värden som har ändrats.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from kommunrapport.karna.fel import AnvandningsFel, MallFel
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall import lasning
from kommunrapport.mall.modell import Modell

MAPP = Path("styrning", "kolada")
RIKET = "0000"
EGNA = "egna"
"""Setet av nyckeltal som hämtades utan att något set nämndes."""
ALLA_KOMMUNER = "G2328"
"""Koladas grupp ”Alla kommuner, ovägt medel”, för nyckeltal som saknar ett värde för riket."""
Roll = Literal["liknande", "ovriga", "lan", "set"]
"""Liknande kommuner, valda av Kolada eller av kommunen; andra kommuner i filer som är lästa; länets; nyckeltalen i ett set."""


class Varde(Modell):
    """Ett värde. ``varde`` är talet precis som Kolada skrev det; None är en uppgift som saknas, aldrig noll."""

    nyckeltal: str
    omrade: str
    ar: int
    kon: Literal["T", "K", "M"]
    varde: Decimal | None
    antal: int | None = None
    """Antalet kommuner bakom en grupps värde."""
    status: str = ""
    borttaget: bool = False

    @property
    def tal(self) -> Decimal | None:
        """Talet, eller None när det saknas eller är borttaget."""
        return None if self.borttaget else self.varde


class Nyckeltalsuppgift(Modell):
    """Koladas uppgifter om ett nyckeltal."""

    id: str
    titel: str
    beskrivning: str = ""
    konsuppdelat: bool | None = None
    kommuntyp: str = ""
    """K kommuner, L regioner, A båda."""
    preliminart: str = ""
    publiceras: str = ""
    avser: str = ""
    """Perioden som nästa publicering avser."""


class Omrade(Modell):
    """En kommun (K), en region eller riket (L) eller en grupp (G)."""

    id: str
    namn: str
    typ: Literal["K", "L", "G"]


class Grupp(Modell):
    """En grupp kommuner, eller av nyckeltal när rollen är set."""

    roll: Roll
    id: str
    namn: str
    medlemmar: tuple[str, ...] = ()


class Lage(Modell):
    """Allt som hämtades en dag."""

    form: Literal["kommunrapport-kolada/1"] = "kommunrapport-kolada/1"
    hamtat: date
    kalla: str
    """Adressen eller filerna som uppgifterna kommer ur."""
    kommun: str
    fran_ar: int
    set: Mapping[str, tuple[str, ...]]
    """Setets namn → nyckeltalen som frågades efter."""
    okanda: tuple[str, ...] = ()
    """Nyckeltal som Kolada inte känner."""
    utan_varden: tuple[str, ...] = ()
    """Nyckeltal som inte har ett enda värde för kommunen."""
    omraden: tuple[Omrade, ...]
    grupper: tuple[Grupp, ...]
    nyckeltal: tuple[Nyckeltalsuppgift, ...]
    varden: tuple[Varde, ...]

    @cached_property
    def tabell(self) -> Mapping[tuple[str, str, int, str], Varde]:
        """Nyckeltal, område, år och kön → värdet."""
        return {(v.nyckeltal, v.omrade, v.ar, v.kon): v for v in self.varden}

    @cached_property
    def aren(self) -> Mapping[str, tuple[int, ...]]:
        """Nyckeltal → åren som något område har ett tal för, i ordning."""
        ar: dict[str, set[int]] = {}
        for v in self.varden:
            if v.tal is not None:
                ar.setdefault(v.nyckeltal, set()).add(v.ar)
        return {namn: tuple(sorted(a)) for namn, a in ar.items()}

    def tal(self, nyckeltal: str, omrade: str, ar: int, kon: str = "T") -> Decimal | None:
        varde = self.tabell.get((nyckeltal, omrade, ar, kon))
        return varde.tal if varde else None

    def grupp(self, roll: Roll) -> Grupp | None:
        return next((g for g in self.grupper if g.roll == roll), None)

    def namn(self, omrade: str) -> str:
        return next((o.namn for o in self.omraden if o.id == omrade), omrade)

    def uppgift(self, nyckeltal: str) -> Nyckeltalsuppgift | None:
        return next((n for n in self.nyckeltal if n.id == nyckeltal), None)


class Valt(NamedTuple):
    """Ett läst läge och filen det står i."""

    fil: Path
    lage: Lage


def ordnade(varden: Iterable[Varde]) -> tuple[Varde, ...]:
    """I filens ordning: nyckeltal, område, år, kön."""
    return tuple(sorted(varden, key=lambda v: (v.nyckeltal, v.omrade, v.ar, v.kon)))


def som_json(lage: Lage) -> bytes:
    """Läget som fil: samma läge ger samma byte."""
    delar = [f" {_json(namn)}: {_del(varde)}" for namn, varde in lage.model_dump(mode="json").items()]
    return ("{\n" + ",\n".join(delar) + "\n}\n").encode()


def _del(varde: Any) -> str:
    if not isinstance(varde, list) or not any(isinstance(rad, dict) for rad in varde):
        return _json(varde)
    return "[\n" + ",\n".join(f"  {_json({k: v for k, v in rad.items() if _sager_nagot(k, v)})}" for rad in varde) + "\n ]"


def _sager_nagot(namn: str, varde: Any) -> bool:
    """Ett värde som saknas står ut i filen; tom status och liknande gör det inte."""
    return namn in ("varde", "konsuppdelat") or varde not in ("", None, False, [])


def _json(varde: Any) -> str:
    return json.dumps(varde, ensure_ascii=False)


def las_lage(fil: Path, visas_som: str = "") -> Lage:
    """Fel: MallFel när filen inte är ett läge."""
    visas_som = visas_som or fil.as_posix()
    try:
        data = json.loads(fil.read_text(encoding="utf-8"))
    except FileNotFoundError as fel:
        raise AnvandningsFel(f"{visas_som}: filen finns inte.") from fel
    except (OSError, ValueError) as fel:
        raise MallFel(f"{visas_som}: filen går inte att läsa. Hämta läget på nytt med: kommunrapport importera kolada") from fel
    return lasning.tolka(Lage, data if isinstance(data, dict) else {}, visas_som)


def valj_lage(katalog: Path, vald: str = "") -> Valt:
    """Det senaste läget, det senaste till och med en dag (ÅÅÅÅ-MM-DD), eller det i en namngiven fil. Fel: AnvandningsFel, MallFel."""
    if vald and not re.fullmatch(r"\d{4}-\d\d-\d\d", vald):
        fil = next((f for f in (Path(vald), katalog / MAPP / vald, katalog / MAPP / f"{vald}.json") if f.is_file()), Path(vald))
        return Valt(fil, las_lage(fil))
    lagen = lagen_i(katalog)
    sena = [fil for fil in lagen if not vald or fil.stem <= vald]
    if not sena:
        hittat = f"Det finns lägen från {rakna_upp([fil.stem for fil in lagen])}." if lagen else "Hämta ett med: kommunrapport importera kolada"
        raise AnvandningsFel(f"Det finns inget läge ur Kolada{f' till och med {vald}' if vald else ''} i {(katalog / MAPP).as_posix()}. {hittat}")
    return Valt(sena[-1], las_lage(sena[-1]))


def lagen_i(katalog: Path) -> Sequence[Path]:
    """Lägenas filer, äldst först."""
    return sorted(_daterade(katalog / MAPP), key=lambda fil: fil.stem)


def _daterade(mapp: Path) -> Iterator[Path]:
    for fil in mapp.glob("*.json"):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", fil.stem):
            yield fil
