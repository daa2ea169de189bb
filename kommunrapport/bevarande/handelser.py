"""Händelseloggen: en rad JSON per händelse i ``handelser.jsonl``, där varje rad bär föregående rads avtryck.

Filen skrivs bara till, aldrig om. Kedjan prövas utan programmet: ``forra`` i en rad är sha256 av den föregående raden utan
radslut. En rad som bröts av när datorn stannade ligger kvar och räknas inte; nästa rad fortsätter efter den sista hela.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from kommunrapport.bevarande.avtryck import avtryck
from kommunrapport.karna.fel import UtmatningsFel

FILNAMN = "handelser.jsonl"
INLAMNAD, BORTTAGEN, PROVAD, KLARMARKERAD, KLARMARKERING_FALLEN, UNDANTAG, RAPPORT, FASTSTALLD = (
    "inlamnad",
    "borttagen",
    "provad",
    "klarmarkerad",
    "klarmarkering fallen",
    "undantag",
    "rapport",
    "fastställd",
)
SLAG = (INLAMNAD, BORTTAGEN, PROVAD, KLARMARKERAD, KLARMARKERING_FALLEN, UNDANTAG, RAPPORT, FASTSTALLD)
FORSTA = "0" * 64
"""Avtrycket före den första raden."""
_KRAVS = {"nr": int, "tid": str, "handelse": str, "forra": str}
_EGNA = ("period", "enhet", "fil", "sha256")


@dataclass(frozen=True)
class Handelse:
    """En händelse. ``tid`` är ISO 8601 med tidszon, ``fil`` vägen från arbetskatalogen med snedstreck; ``uppgifter`` det övriga."""

    slag: str
    period: str = ""
    enhet: str = ""
    fil: str = ""
    sha256: str = ""
    uppgifter: Mapping[str, Any] = field(default_factory=dict)
    tid: str = ""
    nr: int = 0


@dataclass(frozen=True)
class Kedja:
    """Loggen läst: händelserna i ordning, sista hela radens avtryck, och en mening om varje rad som inte håller."""

    handelser: tuple[Handelse, ...]
    sist: str
    brister: tuple[str, ...]
    avbrutna: tuple[int, ...] = ()
    """Radnummer för rader som inte går att tolka. Den som räknades bryter kedjan i nästa rad; annars bröts den av när den skrevs."""


def las(katalog: Path) -> Kedja:
    """Läser och prövar loggen; tom när den inte finns. Fel: OSError."""
    fil = katalog / FILNAMN
    return _kedjan(fil.read_bytes() if fil.is_file() else b"")


@lru_cache(maxsize=1)
def _kedjan(logg: bytes) -> Kedja:
    """Loggens händelser, prövade; en körning läser samma logg flera gånger."""
    rader = logg.split(b"\n")
    handelser: list[Handelse] = []
    brister: list[str] = []
    avbrutna: list[int] = []
    sist, forra_rad = FORSTA, 0
    for nr, rad in enumerate(rader, start=1):
        if not rad:
            continue
        post = _tolka(rad)
        if post is None:
            avbrutna.append(nr)
            continue
        if post["forra"] != sist:
            var = f"rad {forra_rad}" if forra_rad else "början av filen"
            brister.append(f"{FILNAMN} rad {nr}: kedjan stämmer inte med {var}. En rad har ändrats, tagits bort eller lagts till.")
        handelser.append(_handelse(post))
        sist, forra_rad = avtryck(rad), nr
    return Kedja(tuple(handelser), sist, tuple(brister), tuple(avbrutna))


def skriv(katalog: Path, nya: Sequence[Handelse], nu: datetime | None = None) -> None:
    """Lägger händelser sist i loggen. Den som skriver ska hålla arbetskatalogens lås. Fel: UtmatningsFel."""
    if nya:
        try:
            _lagg_till(katalog / FILNAMN, b"".join(_rader(las(katalog), nya, nu or datetime.now().astimezone())))
        except OSError as fel:
            raise UtmatningsFel(f"Händelseloggen {katalog / FILNAMN} går inte att skriva. Kontrollera behörighet och utrymme.") from fel


def _rader(kedja: Kedja, nya: Sequence[Handelse], nu: datetime) -> Iterator[bytes]:
    sist, nr = kedja.sist, kedja.handelser[-1].nr if kedja.handelser else 0
    for nr_, h in enumerate(nya, start=nr + 1):
        post = {"nr": nr_, "tid": h.tid or nu.isoformat(timespec="seconds"), "handelse": h.slag}
        post |= {namn: varde for namn in _EGNA if (varde := getattr(h, namn))}
        rad = json.dumps({**post, **h.uppgifter, "forra": sist}, ensure_ascii=False).encode()
        sist = avtryck(rad)
        yield rad + b"\n"


def _lagg_till(fil: Path, rader: bytes) -> None:
    """Skriver sist i filen och väntar tills det ligger på disken. En avbruten sista rad avslutas först."""
    with fil.open("ab+") as f:
        if f.tell():
            f.seek(-1, os.SEEK_END)
            if f.read(1) != b"\n":
                rader = b"\n" + rader
        f.write(rader)
        f.flush()
        os.fsync(f.fileno())


def _tolka(rad: bytes) -> dict[str, Any] | None:
    try:
        post = json.loads(rad)
    except ValueError:
        return None
    return post if isinstance(post, dict) and all(isinstance(post.get(namn), slag) for namn, slag in _KRAVS.items()) else None


def _handelse(post: Mapping[str, Any]) -> Handelse:
    ovriga = {namn: varde for namn, varde in post.items() if namn not in (*_EGNA, "nr", "tid", "handelse", "forra")}
    egna = {namn: str(post.get(namn, "")) for namn in _EGNA}
    return Handelse(post["handelse"], **egna, uppgifter=ovriga, tid=post["tid"], nr=post["nr"])
