"""Validering: utpekade filer, mappar eller en hel period prövas, och svaret är anmärkningarna per fil."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kommunrapport.inlasning import filer
from kommunrapport.inlasning.filnamn import KOMMENTERAD
from kommunrapport.inlasning.inlamning import las_los
from kommunrapport.inlasning.manifest import las_manifest
from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats
from kommunrapport.karna.fel import AnvandningsFel, SaknasFel, Slutkod
from kommunrapport.karna.framsteg import foljt
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.katalog import Katalog, las_katalog
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog
from kommunrapport.provning import Provning, prova, slutkod_for
from kommunrapport.rapport.anmarkningslista import som_lista
from kommunrapport.samling import samla

FEL_ENHET, FLER_BOCKER = "KR119", "KR118"
NAMNDA = 3
"""Så många andra filer nämns."""


@dataclass(frozen=True)
class Validering:
    """Det som validera prövade: en prövning per period, och filer som inte hör till någon."""

    arbete: Arbetskatalog
    provningar: tuple[Provning, ...]
    losa: tuple[Anmarkning, ...]

    @cached_property
    def katalog(self) -> Katalog:
        return las_katalog(self.arbete.mallkalla)

    @property
    def anmarkningar(self) -> tuple[Anmarkning, ...]:
        return (*self.losa, *(a for p in self.provningar for a in p.anmarkningar))

    @property
    def slutkod(self) -> Slutkod:
        return slutkod_for(self.anmarkningar, self.katalog)

    @property
    def hel(self) -> bool:
        """Om allt som prövades var hela perioder."""
        return all(p.samling.hel for p in self.provningar) and not self.losa

    @property
    def filer(self) -> list[dict[str, str]]:
        """Varje prövad fil med sin enhet och period, i den ordning de lästes; tomt där boken inte kunde kännas igen."""
        namn = {e.id: e.namn for e in self.arbete.organisation.enhet}
        lasta = [(i.fil, namn.get(i.enhet, ""), str(p.samling.period)) for p in self.provningar for i in p.inlamningar.filer]
        unika = {fil: (fil, enhet, period) for fil, enhet, period in [*((a.plats.fil, "", "") for a in self.losa), *lasta]}
        return [{"fil": fil, "enhet": enhet, "period": period} for fil, enhet, period in unika.values()]

    @property
    def siefiler(self) -> list[str]:
        """De SIE-filer som lästes."""
        return [i.fil for p in self.provningar for i in p.inlamningar.filer if i.sie]

    def som_lista(self) -> list[dict[str, Any]]:
        """Anmärkningarna med alla ord, de värsta först."""
        return som_lista(self.anmarkningar, self.katalog, self.arbete.organisation)

    def som_data(self) -> dict[str, Any]:
        """Hela svaret, som JSON."""
        antal = {allvar.namn: n for allvar, n in self.katalog.antal(self.anmarkningar).items()}
        return {"filer": self.filer, "sammanfattning": antal, "slutkod": int(self.slutkod), "anmarkningar": self.som_lista()}


def validera(katalog: Path, vagar: Sequence[str], period: Period | None = None, namn: Sequence[str] = ()) -> Validering:
    """Prövar utpekade filer, eller periodens mapp när inga är utpekade. ``namn`` är enheternas: de vars böcker prövas, eller

    för utpekade filer de som böckerna ska gälla. Fel: KommunrapportFel.
    """
    arbete = las_arbetskatalog(katalog)
    enheter = valda_enheter(arbete.organisation, namn)
    if not vagar:
        return Validering(arbete, (_prova_mappen(arbete, period, enheter),), ())
    hela, enskilda = _dela_upp(arbete, vagar)
    per_period: dict[Period, list[Path]] = {}
    losa = [a for vag in enskilda if Path(vag).is_dir() for a in filer.i_mappen(Path(vag), arbete.katalog)[1]]
    utpekade = filer.utpekade(enskilda) if enskilda else []
    for fil in foljt(utpekade, "Känner igen filer", len(utpekade)):
        filens = period or _filens_period(arbete, fil)
        if filens is None:
            losa.append(las_los(fil, arbete))
        elif filens not in {p.period(filens.ar) for p in arbete.arshjul.period}:
            losa.append(_utanfor_arshjulet(arbete, fil, filens))
        else:
            per_period.setdefault(filens, []).append(fil)
    provningar = [_prova_mappen(arbete, p, ()) for p in hela]
    for p, valda in sorted(per_period.items()):
        provningar.append(prova(samla(arbete, p, valda)))
        losa += _fler_kandidater(arbete, valda)
    losa += [a for p in provningar for a in _fel_enhet(p, enheter)]
    return Validering(arbete, tuple(provningar), tuple(losa))


def _fel_enhet(p: Provning, enheter: Sequence[Enhetspost]) -> list[Anmarkning]:
    """Ett fel per prövad fil som gäller någon annan än enheterna, när några är angivna."""
    namn = {e.id: e.namn for e in p.arbete.organisation.enhet}
    ratt = {e.id for e in enheter}
    andra = [i for i in p.inlamningar.filer if ratt and i.enhet and i.enhet not in ratt]
    return [Anmarkning(FEL_ENHET, i.enhet, Plats(i.fil), namn[i.enhet], rakna_upp([e.namn for e in enheter], mellan="eller")) for i in andra]


def _prova_mappen(arbete: Arbetskatalog, period: Period | None, enheter: Sequence[Enhetspost]) -> Provning:
    if period is None:
        raise AnvandningsFel("Ange vilken fil som ska prövas, till exempel kommunrapport validera min-bok.xlsx, eller en hel period med --period.")
    valda = None
    if enheter:
        bocker, _ = filer.i_mappen(arbete.inlamnat(period), arbete.katalog)
        valda = filer.for_enheter(bocker, frozenset(e.id for e in enheter), arbete.organisation)
        if not valda:
            raise SaknasFel(f"Det finns ingen inlämning från {rakna_upp([e.namn for e in enheter])} för {period}.")
    elif not any(filer.i_mappen(arbete.inlamnat(period), arbete.katalog)):
        raise SaknasFel(f"Det finns inga inlämningar för {period} i {filer.visas_som(arbete.inlamnat(period), arbete.katalog)}.")
    return prova(samla(arbete, period, valda))


def _dela_upp(arbete: Arbetskatalog, vagar: Sequence[str]) -> tuple[list[Period], list[str]]:
    """Perioder vars hela mapp är utpekad, och övriga vägar."""
    hela, enskilda = [], []
    for vag in vagar:
        period = _mappens_period(arbete, Path(vag))
        if period is not None and Path(vag).is_dir():
            hela.append(period)
        else:
            enskilda.append(vag)
    return hela, enskilda


def _mappens_period(arbete: Arbetskatalog, mapp: Path) -> Period | None:
    """Perioden när mappen är en periods mapp i arbetskatalogens inlamnat/."""
    if mapp.resolve().parent != (arbete.katalog / "inlamnat").resolve():
        return None
    try:
        return Period.parse(mapp.resolve().name)
    except ValueError:
        return None


def _filens_period(arbete: Arbetskatalog, fil: Path) -> Period | None:
    manifest = las_manifest(fil)
    return _mappens_period(arbete, fil.parent) or (manifest.tolkad_period if manifest else None)


def _utanfor_arshjulet(arbete: Arbetskatalog, fil: Path, period: Period) -> Anmarkning:
    finns = rakna_upp([str(p.period(period.ar)) for p in arbete.arshjul.period])
    return Anmarkning("KR117", plats=Plats(filer.visas_som(fil, arbete.katalog)), lamnat=str(period), vantat=finns)


def _fler_kandidater(arbete: Arbetskatalog, valda: Sequence[Path]) -> list[Anmarkning]:
    """En anmärkning per utpekad fil som har ett syskon i samma mapp med samma enhet och period: en varning bara bland inlämningarna."""
    funna = []
    for fil in valda:
        andra = [a for a in filer.andra_for_samma(fil) if a not in valda and not a.stem.endswith(KOMMENTERAD)]
        if andra:
            namn = [f"”{a.name}”" for a in andra[:NAMNDA]] + ([f"{len(andra) - NAMNDA} till"] if len(andra) > NAMNDA else [])
            allvar = None if _mappens_period(arbete, fil.parent) else Allvar.UPPLYSNING
            funna.append(Anmarkning(FLER_BOCKER, plats=Plats(filer.visas_som(fil, arbete.katalog)), fakta={"andra": rakna_upp(namn)}, allvar=allvar))
    return funna
