"""Hittar det lästa som användaren pekar ut: en cell, ett blad, en rad i en styrfil eller en hel fil."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.sprak import nyckel

_NARA = 5


@dataclass(frozen=True)
class Utpekat:
    """Källorna som pekades ut; ``cell`` är tom när det är hela filen."""

    fil: str
    cell: str
    kallor: frozenset[str]
    skal: str = ""
    """Varför inget når en tryckt siffra, när det är så."""


def hitta_kallor(fran: str, cell: str, lasta: Iterable[Kalla], filer: Mapping[str, str], jamforda: Collection[str] = ()) -> Utpekat:
    """Det utpekade bland allt som är läst.

    ``fran`` är filens väg eller namn, enhetens namn eller id, eller hela platsen så som ``harled`` skriver den:
    ``FIL BLAD!CELL``, även ``FIL!BLAD!CELL``. ``filer`` är enhetens namn och id → dess fil,
    ``jamforda`` filer som bara jämförs, så att ingen rad i dem når något. Fel: AnvandningsFel med de närmaste rätta namnen.
    """
    per_fil: dict[str, list[Kalla]] = {}
    for kalla in lasta:
        per_fil.setdefault(kalla.fil, []).append(kalla)
    fil, rest = _fil(fran, [f for f in per_fil if f], filer)
    sokt = cell or rest
    if not sokt:
        return Utpekat(fil, "", frozenset(map(str, per_fil[fil])))
    if sokt.isdigit() and not any(k.blad for k in per_fil[fil]):
        sokt = f"rad {sokt}"
    platser = {_jamforbar(_plats(k)): k for k in per_fil[fil]}
    traffar = [k for namn, k in platser.items() if namn == _jamforbar(sokt) or namn.startswith((f"{_jamforbar(sokt)} ", f"{_jamforbar(sokt)},"))]
    if not traffar and fil in jamforda:
        return Utpekat(fil, sokt, frozenset())
    if not traffar:
        raise AnvandningsFel(*_ingen_cell(fil, sokt, platser))
    return Utpekat(fil, _plats(traffar[0]) if len(traffar) == 1 else sokt, frozenset(map(str, traffar)))


def _fil(fran: str, vagar: list[str], filer: Mapping[str, str]) -> tuple[str, str]:
    """Filen, och det som står efter den."""
    text = nyckel(fran.replace("\\", "/"))
    namn = {nyckel(n): vag for n, vag in filer.items()} | {nyckel(PurePosixPath(v).name): v for v in vagar} | {nyckel(v): v for v in vagar}
    for form in sorted(namn, key=len, reverse=True):
        fore, traff, rest = text.partition(form)
        if traff and (not fore or fore.endswith("/")) and (not rest or rest[0] in "! "):
            return namn[form], fran[len(fran) - len(rest) :].lstrip("! ") if rest else ""
    nara = get_close_matches(text.rpartition("/")[2].partition("!")[0], namn, _NARA, 0.4)
    rader = ("Närmast är:", *(f"  {v}" for v in dict.fromkeys(namn[n] for n in nara))) if nara else ("Det finns:", *(f"  {v}" for v in vagar[:10]))
    raise AnvandningsFel(f"Inget är läst ur ”{fran}” för perioden.", *rader)


def _plats(k: Kalla) -> str:
    return f"{k.blad}!{k.cell}" if k.blad else k.cell


def _jamforbar(plats: str) -> str:
    return nyckel(re.sub("[!:]", " ", re.sub("[$']", "", plats)))


def _ingen_cell(fil: str, sokt: str, platser: Mapping[str, Kalla]) -> list[str]:
    blad = list(dict.fromkeys(k.blad for k in platser.values() if k.blad))
    eget = next((b for b in blad if _jamforbar(sokt).startswith(_jamforbar(b))), "")
    inledning = f"Rapporten läser inget i ”{sokt}” i {fil}."
    if blad and not eget:
        return [inledning, "Skriv blad och cell, till exempel Driftredovisning!D6. Bladen som läses är:", *(f"  {b}" for b in blad)]
    urval = {namn: k for namn, k in platser.items() if k.blad == eget}
    nummer = re.fullmatch(r"rad (\d+).*", _jamforbar(sokt))
    if nummer and not blad:
        rader = {int(traff[1]) for namn in urval if (traff := re.match(r"rad (\d+)", namn))}
        narmast = sorted(rader, key=lambda nr: abs(nr - int(nummer[1])))[:_NARA]
        return [inledning, "Närmast är:", *(f"  rad {nr}" for nr in sorted(narmast))]
    nara = get_close_matches(_jamforbar(sokt), urval, _NARA, 0.4)
    return [inledning, "Närmast är:", *(f"  {_plats(urval[n])}" for n in nara)] if nara else [inledning]
