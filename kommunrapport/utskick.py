"""Arbetsböcker ut: tomma att fylla i, ifyllda och kommenterade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from kommunrapport.berakning.forifyllnad import FG_BLAD, Tidigare, Uppslag, forifyll, forifyll_svar, forra_bladet
from kommunrapport.inlasning.filnamn import boknamn
from kommunrapport.inlasning.styrning import Styrning, har_styrning
from kommunrapport.karna.fakta import Cellnyckel, sla_ihop
from kommunrapport.karna.framsteg import foljt
from kommunrapport.karna.period import Period
from kommunrapport.karna.processer import i_processer
from kommunrapport.mall.bladrader import bokens_blad
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import FG_PROGNOS, Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall
from kommunrapport.rapport import arbetsbok, utmatning
from kommunrapport.samling import arets_perioder, las_beslut, las_tidigare, publicerade_bokslut, tidigare_perioder

_PER_PROCESS = 40
"""Så många böcker tar ungefär en sekund; färre skrivs fortare utan fler processer."""
FORIFYLLER = ("fg_period", "bokslut_fg", FG_PROGNOS)
"""De tidigare perioder som böckernas jämförelsetal hämtas ur."""


def skriv_mallar(katalog: Path, period: Period, enheter: Sequence[str], ut: Path | None, *, ersatt: bool = False) -> list[Path]:
    """Inlämningsböcker att fylla i, en per enhet. Fel: KommunrapportFel."""
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, period)
    valda = _valda(arbete, mall, enheter)
    styrning = las_beslut(arbete, mall)
    mapp = ut or arbete.att_fylla_i(period)
    filer = {e: boknamn(e.namn, period) for e in valda}
    utmatning.skriv_nya(mapp, list(filer.values()), ersatt=ersatt)
    skriv = _Bokskrivare(arbete, mall, styrning, _tidigare(arbete, mall, styrning))
    bocker = foljt(i_processer(skriv, valda, _PER_PROCESS), "Skriver böcker", len(valda))
    return utmatning.skriv_filer(mapp, dict(zip(filer.values(), bocker, strict=True)), ersatt=True)


def saknar_budget(katalog: Path, period: Period) -> bool:
    """Om fullmäktiges driftbudget inte har något belopp, så att budgeten blir tom i böckerna."""
    arbete = las_arbetskatalog(katalog)
    facit = las_beslut(arbete, las_periodmall(arbete, period)).fakta
    return not ((facit["tabell"] == "drift") & facit["varde"].notna()).any()


def saknade_jamforelser(katalog: Path, period: Period) -> list[Period]:
    """Tidigare perioder som inte finns i arbetskatalogen, så att deras jämförelsetal blir tomma i böckerna."""
    arbete = las_arbetskatalog(katalog)
    tidigare = () if period.lagesbild else dict.fromkeys((period.samma_fg_ar, period.bokslut_fg_ar))
    return [p for p in tidigare if not arbete.har_underlag(p) or not har_styrning(arbete.underlag(p), p.ar)]


def skriv_inlamningsbocker(katalog: Path, period: Period, bocker: Mapping[str, tuple[Path, Mapping[Cellnyckel, arbetsbok.Varde]]]) -> None:
    """Flera ifyllda böcker på en gång; jämförelsetalen läses en gång."""
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, period)
    styrning = las_beslut(arbete, mall)
    skriv = _Bokskrivare(arbete, mall, styrning, _tidigare(arbete, mall, styrning))
    for enhet, (fil, varden) in zip(_valda(arbete, mall, list(bocker)), bocker.values(), strict=True):
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_bytes(skriv(enhet, varden))


def _tidigare(arbete: Arbetskatalog, mall: Periodmall, styrning: Styrning) -> Tidigare:
    """Det som böckerna förifylls med; varje tidigare period läses en gång."""
    perioder = {namn: p for namn, p in tidigare_perioder(arbete, mall.period).items() if namn in FORIFYLLER} | _bladens_forra(arbete, mall.period)
    bokslut = {ar: {a: p.varde for a, p in siffror.items()} for ar, siffror in publicerade_bokslut(arbete, mall).items()}
    lasta = {p: las_tidigare(arbete, p) for p in dict.fromkeys(perioder.values())}
    uppslag = {p: Uppslag(sla_ihop([last.fakta, last.styrning.fakta])) for p, last in lasta.items()}
    return Tidigare(styrning.fakta, {namn: uppslag[p] for namn, p in perioder.items()}, bokslut)


def _bladens_forra(arbete: Arbetskatalog, period: Period) -> dict[str, Period]:
    """Årets förra inlämning av varje blad som förifylls ur en sådan."""
    arets = [las_periodmall(arbete, p) for p in arets_perioder(arbete, period)]
    blad = [b.id for b in las_periodmall(arbete, period).blad if any(k.fylls_fran.startswith(FG_BLAD) for k in b.kolumn)]
    senaste = {b: [mall.period for mall in arets if any(b == del_.id for del_ in mall.blad)] for b in blad}
    return {forra_bladet(b): perioder[-1] for b, perioder in senaste.items() if perioder}


def _valda(arbete: Arbetskatalog, mall: Periodmall, enheter: Sequence[str]) -> list[Enhetspost]:
    return valda_enheter(arbete.organisation, enheter) or [e for e in arbete.organisation.enhet if mall.blad_for(e)]


@dataclass(frozen=True)
class _Bokskrivare:
    """Skriver en enhets bok, med det som alla periodens böcker skrivs ur."""

    arbete: Arbetskatalog
    mall: Periodmall
    styrning: Styrning
    tidigare: Tidigare

    def __call__(self, enhet: Enhetspost, varden: Mapping[Cellnyckel, arbetsbok.Varde] = MappingProxyType({})) -> bytes:
        organisation = self.arbete.organisation
        bladen = bokens_blad(self.mall.blad_for(enhet), partial(self.styrning.rader_for, enhet.id))
        celler: dict[Cellnyckel, arbetsbok.Varde] = {}
        for blad, rader in bladen.values():
            celler |= arbetsbok.i_bladets_enhet(blad, rader, forifyll(enhet.id, blad, rader, self.tidigare), organisation)
            celler |= dict(forifyll_svar(enhet.id, blad, rader, self.tidigare))
        return arbetsbok.bok_av(arbetsbok.Bok(organisation, self.mall, enhet, bladen, {**celler, **varden}))
