"""Import: en fil från ekonomisystemet läses och visas på inlämningens rader, och läggs bland periodens inlämningar."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from kommunrapport.inlasning import filer
from kommunrapport.inlasning.bok import olasbar
from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.sie.lasare import las_sie
from kommunrapport.inlasning.sieenhet import Foretag, ar_sie, filens_enhet, hitta_enhet
from kommunrapport.inlasning.sieinlamning import Bokforing, ar_konto, bokforing
from kommunrapport.inlasning.undantag import las_undantag
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.fel import AnvandningsFel, Slutkod, UtmatningsFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import nyckel
from kommunrapport.kontroll import svar
from kommunrapport.mall.bladrader import Bladrad, rader_pa, radtermer
from kommunrapport.mall.katalog import Katalog, las_katalog
from kommunrapport.mall.modell import Blad
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall, rubrik
from kommunrapport.provning import slutkod_for
from kommunrapport.rapport import utmatning

OKAND_RAD = "?"
"""Raden för ett konto utan rad i den utskrivna kontokartan. Den går inte att läsa in, så raden måste fyllas i först."""
_KARTKOLUMNER = ("konto", "benamning", "belopp", "tabell", "rad", "sida", "forandring")


class Importrad(NamedTuple):
    """En rad på bladet. ``ore`` har bladets tecken; None när bokföringen inte säger något om raden."""

    blad: str
    kolumn: str
    rad: str
    namn: str
    ore: int | None
    konton: int
    summa: bool


@dataclass(frozen=True)
class Import:
    """Det som lästes ur filen och var den lades. ``bokforing`` är None när filen inte går att läsa."""

    arbete: Arbetskatalog
    enhet: Enhetspost
    period: Period
    fil: str
    katalog: Katalog
    bokforing: Bokforing | None
    rader: tuple[Importrad, ...]
    anmarkningar: tuple[Anmarkning, ...]
    lagd: Path | None = None

    @property
    def avvisad(self) -> bool:
        """Om filen inte ger några siffror för enheten och perioden."""
        return self.bokforing is None or not self.bokforing.fakta

    @property
    def slutkod(self) -> Slutkod:
        return slutkod_for(self.anmarkningar, self.katalog)


def las(katalog: Path, fil: Path, enhet: str, period: Period) -> Import:
    """Filen läst för enheten och perioden. Fel: KommunrapportFel när körningen inte kan fortsätta."""
    arbete = las_arbetskatalog(katalog)
    (vald,) = valda_enheter(arbete.organisation, [enhet])
    if not fil.is_file():
        raise AnvandningsFel(f"Filen {fil} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
    mall, visas, anmarkningar = las_periodmall(arbete, period), filer.visas_som(fil, arbete.katalog), las_katalog(arbete.mallkalla)
    last = _las(fil, visas, vald, arbete, mall)
    bok, funna = (None, (last,)) if isinstance(last, Anmarkning) else (last, last.anmarkningar)
    undantag = las_undantag(katalog, arbete.organisation, anmarkningar)
    besvarade = svar.besvara(funna, (), undantag, anmarkningar, period, lambda a: {nyckel(a.plats.rad)}, hel=False)
    rader = tuple(_rader(bok, mall)) if bok else ()
    return Import(arbete, vald, period, visas, anmarkningar, bok, rader, tuple(besvarade))


def lagg(i: Import, fil: Path, *, ersatt: bool = False) -> Import:
    """Lägger en byteslika kopia i periodens mapp. En avvisad fil läggs inte. Fel: UtmatningsFel när en annan fil ligger där."""
    mapp = i.arbete.inlamnat(i.period)
    if i.avvisad:
        return i
    if fil.resolve().parent == mapp.resolve():
        return replace(i, lagd=fil)
    mal = _mal(i.arbete, i.enhet, i.period)
    andra = [f for f in filer.i_mappen(mapp, mapp)[0] if ar_sie(f) and f.name != mal.name and filens_enhet(f, i.arbete.organisation) == i.enhet]
    if andra:
        raise UtmatningsFel(f"{andra[0]} gäller samma enhet, så filen lades inte i mappen.", "Flytta den som inte gäller och kör igen.")
    utmatning.kopiera(fil, mal, ersatt=ersatt)
    return replace(i, lagd=mal)


def _mal(arbete: Arbetskatalog, enhet: Enhetspost, period: Period) -> Path:
    return arbete.inlamnat(period) / f"{filnamn_for(enhet.namn)}.se"


def _las(fil: Path, visas: str, enhet: Enhetspost, arbete: Arbetskatalog, mall: Periodmall) -> Bokforing | Anmarkning:
    """Filen för den valda enheten, eller varför den inte går att läsa. Den ska kännas igen som enhetens när den ligger i mappen."""
    try:
        sie = las_sie(fil, visas)
    except Olasbar as fel:
        return olasbar(fel, visas, enhet.id)
    foretag = Foretag(sie.orgnr, sie.namn, _mal(arbete, enhet, mall.period).name)
    if hitta_enhet(foretag, arbete.organisation) != enhet:
        return Anmarkning("KR161", enhet.id, Plats(visas), lamnat=str(foretag), vantat=enhet.namn)
    return bokforing(sie, enhet, arbete, mall)


def _rader(bok: Bokforing, mall: Periodmall) -> Iterator[Importrad]:
    """Räkningarnas rader i bladens ordning, med summorna räknade."""
    blad = {b.id: b for b in mall.blad_for(bok.enhet)}
    for rakning in mall.koncern.rakning:
        egna = [f for f in bok.fakta if (f.tabell, f.kolumn) == (rakning.blad.get(bok.enhet.slag, ""), rakning.kolumn)]
        summor: dict[str, int] = {}
        for f in egna:
            summor[f.rad] = summor.get(f.rad, 0) + (f.varde or 0)
        if egna:
            bladet = blad[egna[0].tabell]
            konton = [f.rad for f in egna if ar_konto(f)]
            yield from _bladets_rader(bladet, rubrik(next(k for k in bladet.kolumn if k.id == rakning.kolumn), mall.period), summor, konton)


def _bladets_rader(blad: Blad, kolumn: str, summor: Mapping[str, int], konton: list[str]) -> Iterator[Importrad]:
    rader = rader_pa(blad, ())
    per_id = {r.id: r for r in rader}
    for rad in rader:
        if not rad.rubrik:
            yield Importrad(blad.namn, kolumn, rad.id, rad.namn, _raknad(rad, per_id, summor), konton.count(rad.id), bool(rad.uttryck))


def _raknad(rad: Bladrad, per_id: Mapping[str, Bladrad], summor: Mapping[str, int]) -> int | None:
    if not rad.uttryck:
        return summor.get(rad.id)
    return sum(tecken * (_raknad(per_id[namn], per_id, summor) or 0) for tecken, namn in radtermer(rad, tuple(per_id.values())))


def kontokarta_av(i: Import) -> str:
    """Kartan som användes, som CSV: filens konton med belopp (debet plus), och därefter kartans övriga beteckningar.

    Sparad som enhetens egen karta ger den samma siffror. Ett konto utan rad har ``?`` och måste få en rad först.
    """
    ut = io.StringIO()
    skrivare = csv.writer(ut, delimiter=";", lineterminator="\n")
    skrivare.writerow(_KARTKOLUMNER)
    if i.bokforing:
        skrivare.writerows(_kartrader(i.bokforing))
    return ut.getvalue()


def _kartrader(bok: Bokforing) -> Iterator[tuple[str, ...]]:
    saldon, karta = bok.lasning.saldon, bok.karta
    konton = sorted({*saldon.vid_slut, *saldon.ingaende, *saldon.samma_tid_fg})
    for konto in konton:
        ore, rad = saldon.vid_slut[konto].ore if konto in saldon.vid_slut else 0, karta.rad(konto)
        uppgifter = (rad.tabell, rad.rad, rad.sida, rad.forandring) if rad else ("", OKAND_RAD, "", "")
        yield (konto, _ofarlig(bok.sie.konton.get(konto, "")), _kronor(ore), *uppgifter)
    for beteckning in sorted(set(karta.beteckningar) - set(konton)):
        rad = karta.beteckningar[beteckning]
        yield (beteckning, "", "", rad.tabell, rad.rad, rad.sida, rad.forandring)


def _kronor(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // HUNDRADELAR},{abs(ore) % HUNDRADELAR:02d}"


def _ofarlig(namn: str) -> str:
    """Ett namn som kalkylprogrammet inte tar för en formel."""
    return f"'{namn}" if namn[:1] in ("=", "+", "-", "@") else namn
