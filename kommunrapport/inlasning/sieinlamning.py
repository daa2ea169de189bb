"""En SIE-fil som inlämning: enhetens räkningar för perioden, på inlämningsbladens rader och med kontonas rader i filen som källa.

Blad, rader och kolumner är de som enhetens bok har. Ett konto ger ett faktum; en rad som saknar konton i filen är noll.
Prognos, texter och det övriga som boken har finns inte i en SIE-fil och fylls inte i.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.inlasning.sie.lasare import las_sie
from kommunrapport.inlasning.sie.siefil import Siefil
from kommunrapport.inlasning.sieenhet import Foretag, annat_orgnr, hitta_enhet
from kommunrapport.inlasning.siefakta import Siefakta, siefakta
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.fakta import VARDE, Faktum
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.bladrader import Bladrad, ar_obligatorisk, har_rader, rader_pa
from kommunrapport.mall.kontokarta import Kontokarta, las_kontokarta
from kommunrapport.mall.modell import Blad
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, rubrik

UTAN_KONTON = "inga konton"
"""Platsen för en nolla: filen har inget konto på raden."""
_UTAN_MELLANHAVANDEN = " Det som enheten har sålt till eller har att fordra av andra i koncernen elimineras därför inte."
_UTAN_SIFFROR = ("forsatt", "forklaringar")


@dataclass(frozen=True)
class Bokforing:
    """En läst SIE-fil för en enhet och period. ``fakta`` står på bladens rader; inga när saldona inte går att få."""

    enhet: Enhetspost
    sie: Siefil
    karta: Kontokarta
    lasning: Siefakta
    fakta: tuple[Faktum, ...]
    anmarkningar: tuple[Anmarkning, ...]


def las_inlamnad(fil: Path, visas: str, arbete: Arbetskatalog, mall: Periodmall) -> Bokforing | Anmarkning:
    """Filen för den enhet den hör till, eller anmärkningen när enheten inte går att veta. Fel: Olasbar, MallFel."""
    sie = las_sie(fil, visas)
    foretag = Foretag(sie.orgnr, sie.namn, fil.name)
    enhet = hitta_enhet(foretag, arbete.organisation)
    if enhet is None:
        return okand_enhet(foretag, visas, arbete.organisation, mall)
    return bokforing(sie, enhet, arbete, mall)


def okand_enhet(foretag: Foretag, visas: str, organisation: Organisation, mall: Periodmall) -> Anmarkning:
    """Filen hör inte till någon enhet; när namnet pekar på en enhet med ett annat organisationsnummer sägs det."""
    utan_nummer = hitta_enhet(foretag._replace(orgnr=""), organisation)
    if utan_nummer and annat_orgnr(foretag, utan_nummer):
        return Anmarkning("KR161", plats=Plats(visas), lamnat=str(foretag), vantat=utan_nummer.namn)
    kan = [e.id for e in organisation.enhet if _raknblad(e, mall)]
    return Anmarkning("KR160", plats=Plats(visas), lamnat=str(foretag), vantat=", ".join(kan))


def bokforing(sie: Siefil, enhet: Enhetspost, arbete: Arbetskatalog, mall: Periodmall) -> Bokforing:
    """Enhetens räkningar ur filen. Fel: MallFel när kontokartan har en rad som bladet inte har."""
    karta = las_kontokarta(arbete.mallkalla, enhet.id, enhet.slag)
    lasning, tabeller = siefakta(sie, karta, enhet.id, mall.period), _raknblad(enhet, mall)
    if not tabeller:
        return Bokforing(enhet, sie, karta, lasning, (), (Anmarkning("KR164", enhet.id, Plats(sie.fil), lamnat=enhet.namn),))
    blad = {b.id: b for b in mall.blad_for(enhet)}
    _granska_karta(karta, tabeller, mall, blad)
    pa_bladen = [f for f in (f._replace(tabell=tabeller.get(f.tabell, f.tabell)) for f in lasning.fakta) if _har_cell(f, blad)]
    i_kartan = {(tabeller.get(tabell, tabell), rad) for tabell, rad in karta.rader}
    return Bokforing(enhet, sie, karta, lasning, (*pa_bladen, *_nollor(pa_bladen, blad, i_kartan)), lasning.anmarkningar)


def ar_konto(f: Faktum) -> bool:
    """Om faktumet är ett konto i filen, och inte en nolla för en rad utan konton."""
    return f.cell != UTAN_KONTON


def bara_sie(fil: str, enhet: Enhetspost, fakta: Iterable[Faktum], mall: Periodmall, styrrader: Iterable[Styrrad]) -> Anmarkning:
    """Enheten har bara lämnat SIE: det som boken skulle ha haft därutöver, kolumner på räkningarna och hela blad."""
    givna = {(f.tabell, f.kolumn) for f in fakta}
    tabeller = {tabell for tabell, _ in givna}
    egna = [s for s in styrrader if s.enhet == enhet.id]
    bladen = [b for b in mall.blad_for(enhet) if b.id not in _UTAN_SIFFROR and har_rader(b, [s for s in egna if s.tabell == b.id])]
    kolumner = [k for b in bladen for k in b.kolumn if b.id in tabeller and k.obligatorisk and (b.id, k.id) not in givna]
    delar = [*(rubrik(k, mall.period) for k in kolumner), *(f"”{b.namn}”" for b in bladen if b.id not in tabeller)]
    foljd = _UTAN_MELLANHAVANDEN if any(b.rader_fran == "motparter" for b in bladen) else ""
    return Anmarkning("KR162", enhet.id, Plats(fil), vantat=rakna_upp(list(dict.fromkeys(delar))), fakta={"foljd": foljd})


def _raknblad(enhet: Enhetspost, mall: Periodmall) -> Mapping[str, str]:
    """Räkningens id → enhetens blad för den, så som kontokartan för kommuner nämner dem; tomt för en enhet utan räkningar."""
    return {r.id: r.blad[enhet.slag] for r in mall.koncern.rakning if enhet.slag in r.blad}


def _granska_karta(karta: Kontokarta, tabeller: Mapping[str, str], mall: Periodmall, blad: Mapping[str, Blad]) -> None:
    brister = []
    forandringar = {(r.tabell, r.forandring) for r in karta.beteckningar.values() if r.forandring}
    for tabell, rad in sorted(karta.rader | forandringar):
        namn = tabeller.get(tabell, tabell)
        if namn not in mall.inlamning.blad:
            brister.append(f"{karta.fil}: tabellen {tabell} finns inte; tillåtet är {', '.join(sorted({*tabeller, *tabeller.values()}))}.")
        elif namn in blad and rad not in {r.id for r in _poster(blad[namn])}:
            brister.append(f"{karta.fil}: raden {rad} finns inte i {tabell}; tillåtet är {', '.join(r.id for r in _poster(blad[namn]))}.")
    if brister:
        raise MallFel(*brister)


def _poster(blad: Blad) -> list[Bladrad]:
    return [r for r in rader_pa(blad, ()) if not r.uttryck and not r.rubrik]


def _har_cell(f: Faktum, blad: Mapping[str, Blad]) -> bool:
    """Om perioden har bladet och kolumnen; en månad utan balansräkning har inte bladet."""
    return f.tabell in blad and any(k.id == f.kolumn for k in blad[f.tabell].kolumn)


def _nollor(fakta: Sequence[Faktum], blad: Mapping[str, Blad], i_kartan: set[tuple[str, str]]) -> Iterator[Faktum]:
    """En nolla för varje rad utan konton, i de kolumner som filen ger. Rader som bokföringen inte kan ge lämnas."""
    forsta: dict[tuple[str, str], Faktum] = {}
    for f in fakta:
        forsta.setdefault((f.tabell, f.kolumn), f)
    finns = {(f.tabell, f.rad, f.kolumn) for f in fakta}
    for (tabell, kolumn), mall in forsta.items():
        mallkolumn = next(k for k in blad[tabell].kolumn if k.id == kolumn)
        for rad in _poster(blad[tabell]):
            kan_ges = (tabell, rad.id) in i_kartan or ar_obligatorisk(mallkolumn, rad)
            if kan_ges and (tabell, rad.id, kolumn) not in finns:
                yield mall._replace(rad=rad.id, varde=0, tillstand=VARDE, cell=UTAN_KONTON, radnamn=rad.namn, lagrat="0 kr")
