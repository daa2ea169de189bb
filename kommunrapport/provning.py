"""Prövar inlämningar: räknar, kör reglerna och säger vad som är att anmärka, för en hel period eller utpekade filer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kommunrapport.berakning.planering import Underlag, planera
from kommunrapport.berakning.rakna import Rakning
from kommunrapport.inlasning import filer
from kommunrapport.inlasning.avstamning import las_avstamning
from kommunrapport.inlasning.inlamning import Inlamningar, las_los
from kommunrapport.inlasning.manifest import las_manifest
from kommunrapport.inlasning.publicerat import las_publicerat
from kommunrapport.inlasning.undantag import las_undantag
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats, sla_samman
from kommunrapport.karna.fel import AnvandningsFel, SaknasFel, Slutkod
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.kontroll import motor, svar
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.katalog import Katalog, las_katalog
from kommunrapport.mall.modell import Regel
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall
from kommunrapport.mall.rapportmall import Rapportmall
from kommunrapport.mall.regler import anvands, las_regler, prisbasbelopp
from kommunrapport.samling import Samling, oprovade, samla

SAKNAD_INLAMNING = "KR101"


@dataclass(frozen=True)
class Provning:
    """En period läst, räknad och kontrollerad."""

    samling: Samling
    rakning: Rakning
    anmarkningar: tuple[Anmarkning, ...]
    katalog: Katalog

    @property
    def arbete(self) -> Arbetskatalog:
        return self.samling.arbete

    @property
    def mall(self) -> Periodmall:
        return self.samling.mall

    @property
    def inlamningar(self) -> Inlamningar:
        return self.samling.inlamningar

    @property
    def slutkod(self) -> Slutkod:
        return slutkod_for(self.anmarkningar, self.katalog)


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


def slutkod_for(anmarkningar: Iterable[Anmarkning], katalog: Katalog) -> Slutkod:
    """Fel och stopp väger tyngre än att inlämningar saknas."""
    grova = {a.kod for a in anmarkningar if katalog.allvar(a) >= Allvar.FEL}
    if grova - {SAKNAD_INLAMNING}:
        return Slutkod.ANMARKNINGAR
    return Slutkod.SAKNAS if grova else Slutkod.KLART


def prova(s: Samling) -> Provning:
    """Räknar periodens siffror, när perioden har en rapport, och kör reglerna. Fel: MallFel."""
    rakning, katalog, rot = _rakna(s), las_katalog(s.arbete.mallkalla), s.arbete.katalog
    prov = Prov(
        organisation=s.arbete.organisation,
        mall=s.mall,
        styrrader=s.styrning.rader,
        fakta=s.inlamningar.fakta,
        styrning=s.styrning.fakta,
        tidigare=s.tidigare,
        siffror=rakning,
        kontrolltal=las_avstamning(rot, s.period) if s.hel and rakning.planer else (),
        publicerat={namn: las_publicerat(rot, p) for namn, (p, _) in s.tidigare.items()} if s.hel else {},
        prisbasbelopp=prisbasbelopp(s.arbete.mallkalla, s.period.ar),
        hel=s.hel,
    )
    funna = motor.kor(prov, regler_for(s.arbete, s.period, katalog), katalog, s.inlamningar.anmarkningar)
    lamnade = svar.forklaringar(s.inlamningar.fakta)
    undantag = las_undantag(rot, s.arbete.organisation, katalog)
    alla = svar.besvara([*s.inlamningar.anmarkningar, *funna], lamnade, undantag, katalog, s.period, hel=s.hel)
    return Provning(s, rakning, sla_samman([*alla, *oprovade(s.arbete, s.period)]), katalog)


def regler_for(arbete: Arbetskatalog, period: Period, katalog: Katalog) -> list[Regel]:
    """Reglerna som gäller perioden och vars gränser kommunen har satt. Fel: MallFel."""
    regler = las_regler(arbete.mallkalla, period.slut, katalog)
    motor.granska(regler, f"mallar/{arbete.mallkalla.i_kraft('regler', period.slut)}")
    return [r for r in regler if anvands(r, arbete.organisation.trosklar)]


def rapportmall_for(arbete: Arbetskatalog, period: Period) -> Rapportmall:
    """Rapportmallen som gäller perioden. Fel: MallFel."""
    return arbete.mallkalla.las(arbete.mallkalla.i_kraft("rapport/delarsrapport", period.slut), Rapportmall)


def _rakna(s: Samling) -> Rakning:
    underlag = Underlag(s.arbete.organisation, s.period, s.styrning.rader)
    planer = planera(rapportmall_for(s.arbete, s.period), underlag) if s.mall.post.kommando == "delar" else {}
    namn = {e.id: e.namn for e in s.arbete.organisation.enhet}
    return Rakning(planer, fakta.sla_ihop([s.inlamningar.fakta, s.styrning.fakta]), namn, frozenset(s.inlamningar.saknas))


def validera(arbete: Arbetskatalog, vagar: Sequence[str], period: Period | None, enheter: Sequence[Enhetspost]) -> Validering:
    """Prövar utpekade filer, eller periodens mapp när inga är utpekade. Fel: KommunrapportFel."""
    if not vagar:
        return Validering(arbete, (_prova_mappen(arbete, period, enheter),), ())
    hela, enskilda = _dela_upp(arbete, vagar)
    per_period: dict[Period, list[Path]] = {}
    losa: list[Anmarkning] = []
    for fil in filer.utpekade(enskilda) if enskilda else ():
        filens = period or _filens_period(arbete, fil)
        if filens is None:
            losa.append(las_los(fil, arbete))
        elif filens.manad not in {p.manad for p in arbete.arshjul.period}:
            losa.append(_utanfor_arshjulet(arbete, fil, filens))
        else:
            per_period.setdefault(filens, []).append(fil)
    provningar = [_prova_mappen(arbete, p, enheter) for p in hela]
    for p, valda in sorted(per_period.items()):
        provningar.append(prova(samla(arbete, p, valda)))
        losa += _fler_kandidater(arbete, valda)
    return Validering(arbete, tuple(provningar), tuple(losa))


def _prova_mappen(arbete: Arbetskatalog, period: Period | None, enheter: Sequence[Enhetspost]) -> Provning:
    if period is None:
        raise AnvandningsFel("Ange vilken fil som ska prövas, till exempel kommunrapport validera min-bok.xlsx, eller en hel period med --period.")
    valda = None
    if enheter:
        bocker, _ = filer.i_mappen(arbete.inlamnat(period), arbete.katalog)
        valda = filer.for_enheter(bocker, frozenset(e.id for e in enheter))
        if not valda:
            raise SaknasFel(f"Det finns ingen inlämning från {rakna_upp([e.namn for e in enheter])} för {period}.")
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
    finns = rakna_upp([str(Period(period.ar, p.manad)) for p in arbete.arshjul.period])
    return Anmarkning("KR117", plats=Plats(filer.visas_som(fil, arbete.katalog)), lamnat=str(period), vantat=finns)


def _fler_kandidater(arbete: Arbetskatalog, valda: Sequence[Path]) -> list[Anmarkning]:
    """En varning per utpekad fil som har ett syskon i samma mapp med samma enhet och period."""
    funna = []
    for fil in valda:
        andra = [a for a in filer.andra_for_samma(fil) if a not in valda]
        if andra:
            namn = rakna_upp([f"”{a.name}”" for a in andra])
            funna.append(Anmarkning("KR118", plats=Plats(filer.visas_som(fil, arbete.katalog)), fakta={"andra": namn}))
    return funna
