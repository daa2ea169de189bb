"""Underlagen till ett tillfälle: ett Worddokument och en Excelbilaga per kallad enhet, ur det som enheten redan har lämnat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kommunrapport.bevarande.ensam import ensam
from kommunrapport.floden import Sammanstallning, enhetsrapporter, sammanstall, skiljer_fran_arkivet
from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.inlasning.uppsikt import Kallad
from kommunrapport.karna.fel import AnvandningsFel, MallFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.mall.organisation import valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, las_periodmall
from kommunrapport.mallgranskning import krav_pa_uppsikten
from kommunrapport.rapport import excel, pdf, utmatning
from kommunrapport.rapport.word import word_av
from kommunrapport.uppsikt import ekonomi
from kommunrapport.uppsikt.innehall import Enhetsunderlag
from kommunrapport.uppsikt.oversikt import Arsuppsikt, las_uppsikt

MAPP, MAL = "uppsikt", "mal"
_TILL_KATALOGEN = "../../../"


@dataclass(frozen=True)
class Underlag:
    """Det som skrevs, perioden det bygger på och det som användaren ska veta."""

    filer: tuple[Path, ...]
    period: Period
    varningar: tuple[str, ...]
    slutkod: Slutkod


def skriv_underlag(
    katalog: Path, ar: int, namn: Sequence[str] = (), tillfalle: int = 0, *, ersatt: bool = False, pdf_med: Path | None = None
) -> Underlag:
    """Skriver underlagen för de namngivna enheterna, eller för alla som kallas till tillfället. Fel: KommunrapportFel.

    Underlaget bygger på den senaste perioden med mål som hade slutat före tillfällets dag och som det finns inlämningar för. ``pdf_med`` är
    LibreOffice, när Worddokumenten också ska bli PDF. Går inte det skrivs de andra filerna innan felet sägs.
    """
    uppsikt = las_uppsikt(katalog, ar)
    kallade = _kallade(uppsikt, namn, tillfalle)
    dagar = {k.dag for k in kallade if k.dag}
    perioder = {dag: senast_med_mal(uppsikt.arbete, dag) for dag in sorted(dagar)}
    mappar: dict[Path, dict[str, bytes]] = {}
    varningar: list[str] = [*uppsikt.brister, *uppsikt.plan.saknas]
    for period in sorted(set(perioder.values())):
        s = sammanstall(katalog, period, las_periodmall(uppsikt.arbete, period).post.kommando)
        egna = [k for k in kallade if k.dag and perioder[k.dag] == period]
        varningar += [
            *skiljer_fran_arkivet(s),
            *(f"{k.enhet.namn} har inte lämnat för {period}." for k in egna if k.enhet.id in s.inlamningar.saknas),
        ]
        for fil, data in _filer(s, uppsikt, egna).items():
            mappar.setdefault(fil.parent, {})[fil.name] = data
    brister: list[str] = []
    if pdf_med:
        for mapp, filer in mappar.items():
            mappar[mapp], utan = pdf.med_pdf(filer, pdf_med)
            brister += utan
    with ensam(katalog, f"uppsikt {ar}"):
        skrivna = [f for mapp, filer in sorted(mappar.items()) for f in utmatning.skriv_filer(mapp, filer, ersatt=ersatt)]
    if brister:
        raise UtmatningsFel(*brister, "Övriga filer är skrivna.")
    return Underlag(tuple(skrivna), max(perioder.values()), tuple(varningar), uppsikt.slutkod)


def senast_med_mal(arbete: Arbetskatalog, dag: date) -> Period:
    """Den senaste perioden med mål som slutade före dagen och har inlämningar. Fel: SaknasFel."""
    poster = [p for p in arbete.arshjul.period if MAL in p.omraden and not p.preliminar]
    mojliga = (p.period(ar) for p in poster for ar in (dag.year, dag.year - 1))
    funna = [p for p in mojliga if p.slut < dag and arbete.har_underlag(p)]
    if not funna:
        raise SaknasFel(
            f"Före {datum_i_ord(dag)} finns det ingen period med mål som någon har lämnat in.",
            "Underlaget hämtar målens bedömningar ur den senaste delårsrapporten eller det senaste bokslutet.",
        )
    return max(funna)


def _kallade(uppsikt: Arsuppsikt, namn: Sequence[str], tillfalle: int) -> list[Kallad]:
    """De som underlag ska skrivas för. Fel: AnvandningsFel, eller MallFel när planen har brister."""
    plan = uppsikt.plan
    saknas = MallFel if plan.brister else AnvandningsFel
    if tillfalle and tillfalle not in plan.tillfallen:
        finns = ", ".join(map(str, plan.tillfallen))
        raise saknas(f"Tillfälle {tillfalle} finns inte i planen för {plan.ar}. Det finns {finns or 'inga'}.", *plan.brister)
    valda = [plan.for_enhet(e.id) or e for e in valda_enheter(uppsikt.arbete.organisation, namn)]
    utan = [v for v in valda if not isinstance(v, Kallad)]
    if utan:
        vag = f"styrning/{plan.ar}/uppsikt.csv"
        raise saknas(*(f"{e.namn} har ingen rad utan fel i {vag}; lägg till eller rätta den." for e in utan), *plan.brister)
    kallade = [v for v in valda if isinstance(v, Kallad)]
    if undantagna := [k for k in kallade if not k.tillfalle]:
        raise AnvandningsFel(*(f"{k.enhet.namn} kallas inte {plan.ar}: {k.anledning}." for k in undantagna))
    if fel := [k for k in kallade if tillfalle and k.tillfalle != tillfalle]:
        raise AnvandningsFel(*(f"{k.enhet.namn} kallas till tillfälle {k.tillfalle}, inte {tillfalle}." for k in fel))
    return kallade or list(plan.tillfallen[tillfalle])


def _filer(s: Sammanstallning, uppsikt: Arsuppsikt, kallade: Sequence[Kallad]) -> dict[Path, bytes]:
    """Dokumenten. Excelbilagan har de tabeller som Wordmallen skriver."""
    aren, wordmall = ekonomi.aren(s, uppsikt.mall.ar_i_rad), s.arbete.mallkalla.fil(uppsikt.mall.wordmall)
    skrivna = krav_pa_uppsikten(s.arbete, s.mall.period, s.mall.post.kommando)
    filer: dict[Path, bytes] = {}
    for kallad, grund in zip(kallade, enhetsrapporter(s, [k.enhet for k in kallade]), strict=True):
        rapport = Enhetsunderlag(s, uppsikt, kallad, aren, grund).rapport()
        bas = s.arbete.katalog / "rapporter" / MAPP / f"{uppsikt.plan.ar}-{kallad.tillfalle}" / filnamn_for(rapport.filnamn)
        filer[bas.with_name(f"{bas.name}.docx")] = word_av(rapport, wordmall, rapport.meningar["anmarkningar"])
        visade = {namn: t for namn, t in rapport.tabeller.items() if f"tabell.{namn}" in skrivna}
        filer[bas.with_name(f"{bas.name}.xlsx")] = excel.excel_av(replace(rapport, tabeller=visade), s.rakning, _TILL_KATALOGEN)
    return filer
