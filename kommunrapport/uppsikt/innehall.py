"""Vad en enhets underlag innehåller: enhetens egen rapport med uppsiktens tabeller, meningar och val."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kommunrapport.floden import Sammanstallning
from kommunrapport.inlasning.uppsikt import Iakttagelse, Kallad, Plansteg
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.karna.sprak import NBSP, stor_bokstav
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.koncernenheter import kommunens_andel
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.rapport.modell import Rapport, Tabell
from kommunrapport.rapport.uppsiktstaggar import FLERAR, JAMFORELSE, LAGEN, LOGG, MALEN, PLAN, UPPSIKTSTAGGAR
from kommunrapport.status.meningar import planen
from kommunrapport.status.uppfoljning import planlage
from kommunrapport.uppsikt import ekonomi, tabeller
from kommunrapport.uppsikt.jamforelse import jamforelsetabell
from kommunrapport.uppsikt.oversikt import Arsuppsikt


@dataclass(frozen=True)
class Enhetsunderlag:
    """En kallad enhets underlag. ``grund`` är enhetens egen rapport för perioden."""

    s: Sammanstallning
    uppsikt: Arsuppsikt
    kallad: Kallad
    aren: Sequence[ekonomi.Bokslutsar]
    grund: Rapport

    @property
    def enhet(self) -> Enhetspost:
        return self.kallad.enhet

    @property
    def dag(self) -> date:
        """Tillfällets dag: det som är senare hör inte hit."""
        return self.kallad.dag or self.s.mall.period.slut

    @cached_property
    def iakttagelser(self) -> list[Iakttagelse]:
        return [i for i in self.uppsikt.logg if i.enhet == self.enhet.id and i.dag < self.dag]

    @cached_property
    def steg(self) -> Sequence[Plansteg]:
        return self.uppsikt.planer.get(self.enhet.id, ())

    def rapport(self) -> Rapport:
        """Underlaget färdigt att skrivas."""
        mall, ar = self.uppsikt.mall, self.uppsikt.plan.ar
        val = (f"- {b.text.format(enhet=self.enhet.namn)}" for b in mall.beslut)
        return replace(
            self.grund,
            titel=mall.titel,
            filnamn=mall.filnamn.format(enhet=self.enhet.namn, ar=ar, tillfalle=self.kallad.tillfalle),
            utkastrader=(*self._utkastrader, *self.grund.utkastrader),
            tabeller={n: replace(t, titel=self._utan_namn(t.titel)) for n, t in {**self.tabeller, **self.grund.tabeller}.items()},
            diagram={n: replace(d, titel=self._utan_namn(d.titel)) for n, d in self.grund.diagram.items()},
            meningar={**self.grund.meningar, "namnd": self.grund.meningar["namnd"] or self._resultatet, **self.meningar},
            texter={**self.grund.texter, "beslutsval": "\n".join(val)},
            saknas={namn: (f"Uppgift saknas: {vad}.",) if vad else () for namn, vad in self.saknas.items()},
            blocknamn=self.grund.blocknamn | UPPSIKTSTAGGAR["tabell.*"].keys(),
            samlade={},
            status="",
        )

    @property
    def _utkastrader(self) -> Iterator[str]:
        if self.enhet.id in self.s.inlamningar.saknas:
            yield f"{self.enhet.namn} har inte lämnat för {self.s.mall.period.namn}."
        if self.uppsikt.olasta:
            yield "Uppsiktsloggen eller uppföljningsplanerna har fel, så uppgifter kan saknas."

    def _utan_namn(self, titel: str) -> str:
        """Titeln utan enhetens namn: hela underlaget handlar om enheten."""
        return stor_bokstav(titel.removeprefix(f"{self.enhet.namn}: "))

    @property
    def _resultatet(self) -> str:
        """Meningen om resultatet för ett bolag eller förbund, ur samma celler som tabellen."""
        t = self.tabeller.get(FLERAR)
        budget, utfall, avvikelse = (c.text for c in t.rader[-1].celler) if t else (SAKNAS,) * 3
        if t is None or SAKNAS in (budget, utfall, avvikelse):
            return ""
        ar, blir = t.rader[-1].id, "är" if t.rader[-1].namn == t.rader[-1].id else "väntas bli"
        tal = (f"{text}{NBSP}{t.enhet}" for text in (utfall, budget, avvikelse))
        return "Resultatet efter finansiella poster för {} {} {}. Budgeten är {} och avvikelsen {}.".format(ar, blir, *tal)

    @cached_property
    def tabeller(self) -> Mapping[str, Tabell]:
        """Uppsiktens egna tabeller; en utan rader är inte med."""
        motiverade = self.grund.tabeller.get("malmotiv")
        arbete, mall = self.s.arbete, self.uppsikt.mall
        funna = {
            MALEN: tabeller.malen(motiverade, self.s.samling.styrning.rader, self.enhet.id) if motiverade else None,
            FLERAR: ekonomi.tabell(self.aren, self.enhet, arbete.organisation.enheter.rapport),
            LOGG: tabeller.logg(self.iakttagelser),
            PLAN: tabeller.plan(self.steg, mall, self.dag),
            JAMFORELSE: jamforelsetabell(arbete, self.s.samling.styrning.rader, self.enhet.id, self.dag),
            LAGEN: tabeller.lagen(self._lagrum, las_katalog(arbete.mallkalla).lagrum),
        }
        return {namn: t for namn, t in funna.items() if t and t.rader}

    @property
    def _lagrum(self) -> Sequence[str]:
        """Beteckningarna på det som gäller enheten; i ett bolag beror det på om kommunen äger allt."""
        mall = self.uppsikt.mall
        if self.enhet.slag != "bolag":
            return mall.lagrum_for[self.enhet.slag]
        agt = mall.lagrum_hel if kommunens_andel(self.s.arbete.organisation, self.enhet, self.dag) == 1 else mall.lagrum_del
        return (*mall.lagrum_for["bolag"], *agt, *(mall.lagrum_direktiv if self.kallad.agardirektiv else ()))

    @property
    def meningar(self) -> dict[str, str]:
        malen, direktiv, mall = self.tabeller.get(MALEN), self.kallad.agardirektiv, self.uppsikt.mall
        return {
            "tillfalle": f"Behandlas av kommunstyrelsen {datum_i_ord(self.dag)}, uppsiktens tillfälle {self.kallad.tillfalle} av {mall.tillfallen}",
            "underlag": f"Underlaget bygger på det som {self.enhet.namn} redan har lämnat för {self.s.mall.period.spann}.",
            "malbedomning": tabeller.bedomningar_i_ord(malen) if malen else "",
            "logg": tabeller.oppna_i_ord(self.iakttagelser),
            "plan": planen(planlage(self.steg, mall, self.dag, self.enhet.namn)) if self.steg else "",
            "agardirektiv": f"Fullmäktiges ägardirektiv till bolaget: {direktiv}." if direktiv else "",
        }

    @property
    def saknas(self) -> dict[str, str]:
        """Avsnitt → vad som saknas där; tomt när inget gör det."""
        namn, spann, ar = self.enhet.namn, self.s.mall.period.spann, self.uppsikt.plan.ar
        utan_direktiv = self.enhet.slag == "bolag" and not self.kallad.agardirektiv
        return {
            "malbedomning": "" if MALEN in self.tabeller else f"{namn} har inte bedömt några mål för {spann}",
            JAMFORELSE: "" if JAMFORELSE in self.tabeller else "ingen jämförelse är hämtad",
            FLERAR: "" if FLERAR in self.tabeller else f"det finns inga lämnade böcker från {namn}",
            PLAN: "" if self.steg else f"{namn} har ingen {'läsbar ' if self.uppsikt.olasta else ''}uppföljningsplan för {ar}",
            "agardirektiv": f"bolagets ägardirektiv står inte i styrning/{ar}/uppsikt.csv" if utan_direktiv else "",
        }
