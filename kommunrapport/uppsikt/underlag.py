"""Underlagen till ett tillfälle: ett Worddokument och en Excelbilaga per kallad enhet, ur enhetens egen rapport och uppsiktens filer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kommunrapport.bevarande.ensam import ensam
from kommunrapport.floden import Sammanstallning, enhetsrapporter, sammanstall, skiljer_fran_arkivet
from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.inlasning.uppsikt import Kallad, Plansteg, las_uppfoljningsplan
from kommunrapport.karna.fel import AnvandningsFel, SaknasFel
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.organisation import valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, las_periodmall
from kommunrapport.mallgranskning import krav_pa_uppsikten
from kommunrapport.rapport import excel, utmatning
from kommunrapport.rapport.modell import Rapport, Tabell
from kommunrapport.rapport.uppsiktstaggar import FLERAR, JAMFORELSE, LAGEN, LOGG, PLAN, UPPSIKTSTAGGAR
from kommunrapport.rapport.word import word_av
from kommunrapport.uppsikt import ekonomi, tabeller
from kommunrapport.uppsikt.jamforelse import jamforelserader
from kommunrapport.uppsikt.oversikt import Arsuppsikt, las_uppsikt

MAPP, MAL = "uppsikt", "mal"
_TILL_KATALOGEN = "../../../"


@dataclass(frozen=True)
class Underlag:
    """Det som skrevs, perioden det bygger på och det som användaren ska veta."""

    filer: tuple[Path, ...]
    period: Period
    varningar: tuple[str, ...]


def skriv_underlag(katalog: Path, ar: int, namn: Sequence[str] = (), tillfalle: int = 0, *, ersatt: bool = False) -> Underlag:
    """Skriver underlagen för de namngivna enheterna, eller för alla som kallas till tillfället. Fel: KommunrapportFel.

    Underlaget bygger på den senaste perioden med mål som hade slutat före tillfällets dag och som det finns inlämningar för.
    """
    uppsikt = las_uppsikt(katalog, ar)
    kallade = _kallade(uppsikt, namn, tillfalle)
    dagar = {k.dag for k in kallade if k.dag}
    perioder = {dag: senast_med_mal(uppsikt.arbete, dag) for dag in sorted(dagar)}
    filer: dict[Path, bytes] = {}
    varningar: list[str] = list(uppsikt.plan.saknas)
    for period in sorted(set(perioder.values())):
        s = sammanstall(katalog, period, las_periodmall(uppsikt.arbete, period).post.kommando)
        egna = [k for k in kallade if k.dag and perioder[k.dag] == period]
        varningar += [
            *skiljer_fran_arkivet(s),
            *(f"{k.enhet.namn} har inte lämnat för {period}." for k in egna if k.enhet.id in s.inlamningar.saknas),
        ]
        filer |= _filer(s, uppsikt, egna)
    with ensam(katalog, f"uppsikt {ar}"):
        mappar = sorted({fil.parent for fil in filer})
        skrivna = [
            f for mapp in mappar for f in utmatning.skriv_filer(mapp, {f.name: d for f, d in filer.items() if f.parent == mapp}, ersatt=ersatt)
        ]
    return Underlag(tuple(skrivna), max(perioder.values()), tuple(varningar))


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
    """De som underlag ska skrivas för. Fel: AnvandningsFel."""
    plan = uppsikt.plan
    if tillfalle and tillfalle not in plan.tillfallen:
        finns = ", ".join(map(str, plan.tillfallen))
        raise AnvandningsFel(f"Tillfälle {tillfalle} finns inte i planen för {plan.ar}. Det finns {finns}.")
    valda = [plan.for_enhet(e.id) or e for e in valda_enheter(uppsikt.arbete.organisation, namn)]
    utan = [v for v in valda if not isinstance(v, Kallad)]
    if utan:
        raise AnvandningsFel(*(f"{e.namn} finns inte i styrning/{plan.ar}/uppsikt.csv; lägg till en rad med tillfälle och dag." for e in utan))
    kallade = [v for v in valda if isinstance(v, Kallad)]
    if undantagna := [k for k in kallade if not k.tillfalle]:
        raise AnvandningsFel(*(f"{k.enhet.namn} kallas inte {plan.ar}: {k.anledning}." for k in undantagna))
    if fel := [k for k in kallade if tillfalle and k.tillfalle != tillfalle]:
        raise AnvandningsFel(*(f"{k.enhet.namn} kallas till tillfälle {k.tillfalle}, inte {tillfalle}." for k in fel))
    return kallade or list(plan.tillfallen[tillfalle])


def _filer(s: Sammanstallning, uppsikt: Arsuppsikt, kallade: Sequence[Kallad]) -> dict[Path, bytes]:
    mall, aren = uppsikt.mall, ekonomi.aren(s, uppsikt.mall.ar_i_rad)
    wordmall = s.arbete.mallkalla.fil(mall.wordmall)
    skrivna = krav_pa_uppsikten(s.arbete, s.mall.period, s.mall.post.kommando)
    planer = las_uppfoljningsplan(s.arbete.katalog, uppsikt.plan.ar, s.arbete.organisation, mall)
    filer: dict[Path, bytes] = {}
    for kallad, grund in zip(kallade, enhetsrapporter(s, [k.enhet for k in kallade]), strict=True):
        rapport = _rapport(grund, s, uppsikt, kallad, _tabellerna(s, uppsikt, kallad, aren, planer))
        mapp = s.arbete.katalog / "rapporter" / MAPP / f"{uppsikt.plan.ar}-{kallad.tillfalle}"
        filnamn = filnamn_for(rapport.filnamn)
        filer[mapp / f"{filnamn}.docx"] = word_av(rapport, wordmall, rapport.meningar["anmarkningar"])
        visade = {namn: t for namn, t in rapport.tabeller.items() if f"tabell.{namn}" in skrivna}
        filer[mapp / f"{filnamn}.xlsx"] = excel.excel_av(replace(rapport, tabeller=visade), s.rakning, _TILL_KATALOGEN)
    return filer


def _tabellerna(
    s: Sammanstallning, uppsikt: Arsuppsikt, kallad: Kallad, aren: Sequence[ekonomi.Bokslutsar], planer: Mapping[str, Sequence[Plansteg]]
) -> dict[str, Tabell]:
    """Uppsiktens egna tabeller för enheten; en utan rader är inte med."""
    enhet, dag = kallad.enhet, kallad.dag or s.mall.period.slut
    iakttagelser = [i for i in uppsikt.logg if i.enhet == enhet.id and i.dag < dag]
    funna = {
        FLERAR: ekonomi.tabell(aren, enhet, s.arbete.organisation.enheter.rapport),
        LOGG: tabeller.logg(iakttagelser),
        PLAN: tabeller.plan(planer.get(enhet.id, ()), uppsikt.mall, dag),
        JAMFORELSE: tabeller.jamforelse(jamforelserader(s.arbete, enhet, s.mall.period.ar)),
        LAGEN: tabeller.lagen(uppsikt.mall.lagrum_for[enhet.slag], las_katalog(s.arbete.mallkalla).lagrum),
    }
    return {namn: t for namn, t in funna.items() if t and t.rader}


def _rapport(grund: Rapport, s: Sammanstallning, uppsikt: Arsuppsikt, kallad: Kallad, egna: Mapping[str, Tabell]) -> Rapport:
    """Enhetens rapport med uppsiktens tabeller, meningar och val."""
    enhet, mall, dag = kallad.enhet, uppsikt.mall, kallad.dag or s.mall.period.slut
    tabell = {**grund.tabeller, **egna}
    steg = las_uppfoljningsplan(s.arbete.katalog, uppsikt.plan.ar, s.arbete.organisation, mall).get(enhet.id, ())
    meningar = {
        "tillfalle": f"Behandlas av kommunstyrelsen {datum_i_ord(dag)}, uppsiktens tillfälle {kallad.tillfalle} av {mall.tillfallen}",
        "underlag": f"Underlaget bygger på det som {enhet.namn} redan har lämnat för {s.mall.period.spann}.",
        "logg": tabeller.oppna_i_ord([i for i in uppsikt.logg if i.enhet == enhet.id and i.dag < dag]),
        "plan": tabeller.forsenade_i_ord(steg, mall, dag) if steg else "",
        "agardirektiv": f"Fullmäktiges ägardirektiv till bolaget: {kallad.agardirektiv}." if kallad.agardirektiv else "",
    }
    saknas = {
        "malbedomning": () if "malmotiv" in tabell else (f"Uppgift saknas: {enhet.namn} har inte bedömt några mål för {s.mall.period.spann}.",),
        "jamforelse": () if JAMFORELSE in tabell else ("Uppgift saknas: ingen jämförelse är hämtad.",),
        "flerar_enhet": () if FLERAR in tabell else ("Uppgift saknas: det finns inga lämnade böcker för enheten.",),
        "uppfoljningsplan": () if steg else (f"Uppgift saknas: {enhet.namn} har ingen uppföljningsplan för {uppsikt.plan.ar}.",),
        "agardirektiv": ("Uppgift saknas: bolagets ägardirektiv står inte i planen för uppsikten.",)
        if enhet.slag == "bolag" and not kallad.agardirektiv
        else (),
    }
    return replace(
        grund,
        titel=mall.titel,
        filnamn=mall.filnamn.format(enhet=enhet.namn, ar=uppsikt.plan.ar, tillfalle=kallad.tillfalle),
        tabeller=tabell,
        meningar={**grund.meningar, **meningar},
        texter={**grund.texter, "beslutsval": "\n".join(f"- {b.text.format(enhet=enhet.namn)}" for b in mall.beslut)},
        saknas=saknas,
        blocknamn=grund.blocknamn | UPPSIKTSTAGGAR["tabell.*"].keys(),
        status="",
    )
