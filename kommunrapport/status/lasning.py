"""Läget läst ur arbetskatalogen. Inget skrivs: händelseloggen säger vad som har hänt, och filerna vad som gäller nu."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from kommunrapport import journal
from kommunrapport.arshjulet import faststalld, nasta_period, oppna_perioder, senast_lamnade
from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.handelser import INLAMNAD, RAPPORT, Handelse
from kommunrapport.inlasning.bok import Inlamning, namnd_i
from kommunrapport.inlasning.filegenskaper import sparad_av
from kommunrapport.inlasning.filnamn import KOMMENTERAD, boknamn, visningsnamn
from kommunrapport.karna.anmarkning import SAKNAD_INLAMNING, SAKNAD_KALLBOK, Allvar, Anmarkning
from kommunrapport.karna.fel import KommunrapportFel
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.visning import visa
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog, las_periodmall
from kommunrapport.periodfiler import Periodfiler, periodfiler
from kommunrapport.provning import Provning, prova
from kommunrapport.rapport.anmarkningslista import som_lista
from kommunrapport.samling import samla
from kommunrapport.status.lage import (
    Enhetslage,
    Lage,
    Periodlage,
    Rapportlage,
    Siffra,
    Siffror,
    enhetens_lage,
    i_ordning,
)
from kommunrapport.status.uppfoljning import planlagen

DRIFT, BUDGET, PROGNOS, UTFALL, AVVIKELSE = "drift", "budget", "prognos", "utfall", "avvikelse"
FINANSENS_RAD = "summa_finans"
EPOST = "epost"
INTE_KLARMARKERAD = "KR312"
"""Varningen att boken inte är klarmarkerad; läget säger det på sitt eget sätt."""
FLERA = ("KR113", "KR163")
"""Flera filer för samma enhet."""


@dataclass(frozen=True)
class Tillfalle:
    """När läget gäller: dagen, och texten som skrivs ut."""

    dag: date
    text: str

    @classmethod
    def nu(cls) -> "Tillfalle":
        return cls.vid(datetime.now().astimezone())

    @classmethod
    def vid(cls, tid: datetime) -> "Tillfalle":
        return cls(tid.date(), f"{tid:%Y-%m-%d %H:%M}")

    @classmethod
    def pa_dagen(cls, dag: date) -> "Tillfalle":
        return cls(dag, dag.isoformat())


def las_lage(
    katalog: Path, nar: Tillfalle, period: Period | None = None, provade: Mapping[Period, tuple[Provning, Periodfiler]] = MappingProxyType({})
) -> Lage:
    """Läget i perioden, annars i alla öppna perioder; är ingen öppen, i den som senast fick inlämningar.

    De som redan är ``provade`` läses inte en gång till.
    Fel: AnvandningsFel när katalogen eller perioden inte finns, MallFel. En period som inte går att läsa säger varför.
    """
    arbete = las_arbetskatalog(katalog)
    perioder, besked = ([period], "") if period else _perioder(arbete, nar.dag)
    for p in perioder:
        las_periodmall(arbete, p)
    loggen = handelser.las(katalog).handelser
    lasta = tuple(_las(arbete, p, loggen, nar.dag, provade.get(p)) for p in perioder)
    return Lage(arbete.organisation.kommun.namn, nar.text, lasta, besked, planlagen(arbete, nar.dag))


def _perioder(arbete: Arbetskatalog, dag: date) -> tuple[list[Period], str]:
    if oppna := oppna_perioder(arbete, dag):
        return oppna, ""
    nasta, senast = nasta_period(arbete, dag), senast_lamnade(arbete)
    delar = [f"Ingen period är öppen {datum_i_ord(dag)}."]
    delar += [f"Härnäst är {nasta[0].namn}: böckerna skickas ut {datum_i_ord(nasta[1])}."] if nasta else []
    delar += [f"Här är den senaste som har inlämningar, {senast.namn}."] if senast else ["Det finns inga inlämningar."]
    return [senast] if senast else [], " ".join(delar)


def _las(arbete: Arbetskatalog, period: Period, loggen: Sequence[Handelse], dag: date, provad: tuple[Provning, Periodfiler] | None) -> Periodlage:
    if provad:
        return periodlage(*provad, loggen, dag)
    try:
        filer = periodfiler(arbete, period)
        return periodlage(prova(samla(arbete, period)), filer, loggen, dag)
    except KommunrapportFel as fel:
        return _ramen(arbete, period, dag, hinder=fel.rader)


def _ramen(arbete: Arbetskatalog, period: Period, dag: date, *, hinder: tuple[str, ...] = ()) -> Periodlage:
    """Det som årshjulet säger om perioden."""
    post, mapp = las_periodmall(arbete, period).post, arbete.inlamnat(period)
    klar, lagrum = post.klar_senast(period.slut), las_katalog(arbete.mallkalla).lagrum
    return Periodlage(
        period=str(period),
        namn=period.efter_rapporten,
        rapporttyp=post.rapporttyp,
        kommando=f"kommunrapport {post.kommando} --period {post.manad_i(period.ar)}",
        klar_senast=klar,
        dagar_kvar=(klar - dag).days,
        frist=post.frist(period.slut),
        lagrum=lagrum[post.lagrum].namn if post.lagrum in lagrum else "",
        faststalld=faststalld(arbete, period),
        mapp=mapp.relative_to(arbete.katalog).as_posix(),
        mapp_finns=mapp.is_dir(),
        hinder=hinder,
    )


def periodlage(p: Provning, filer: Periodfiler, loggen: Sequence[Handelse], dag: date) -> Periodlage:
    """Läget i en prövad period; ``filer`` är det som lästes, med avtryck, och ``loggen`` händelseloggens alla händelser."""
    ram = _ramen(p.arbete, p.samling.period, dag)
    egna = [h for h in loggen if h.period == ram.period]
    lasare = _Lasare(p, filer, [*egna, *journal.nya_handelser(p, filer, loggen)], ram, dag)
    plan = p.rakning.planer.get(DRIFT)
    return replace(
        ram,
        enheter=i_ordning([lasare.enhet(e) for e in p.arbete.organisation.enhet]),
        ovriga=tuple(som_lista(lasare.ovriga, p.katalog, p.arbete.organisation)),
        rapport=_rapport(egna, filer),
        beloppsenhet=plan.enhet if plan else "",
        utfallets_namn="Prognos" if p.mall.post.prognos else "Utfall",
    )


def _rapport(egna: Sequence[Handelse], filer: Periodfiler) -> Rapportlage | None:
    """Den senaste rapporten för hela kommunen; en enhets egen räknas inte."""
    for h in reversed(egna):
        skrivna = [str(fil) for fil in h.uppgifter.get("filer", ()) if "/enheter/" not in str(fil)] if h.slag == RAPPORT else []
        if skrivna:
            finns = tuple(fil for fil in skrivna if (filer.arbete.katalog / fil).is_file())
            return Rapportlage(journal.i_minuter(h.tid), finns, h.sha256 == filer.avtryck)
    return None


@dataclass(frozen=True)
class _Lasare:
    """En prövad period, enhet för enhet. ``egna`` är periodens händelser, också de som en körning nu skulle anteckna."""

    p: Provning
    filer: Periodfiler
    egna: Sequence[Handelse]
    ram: Periodlage
    dag: date

    def enhet(self, e: Enhetspost) -> Enhetslage:
        inlamningar, anmarkningar = self._filerna.get(e.id, []), self._anmarkningar.get(e.id, [])
        mark = journal.klarmarkering(self.egna, e.id) if e.id in self.p.inlamningar.lamnat else journal.Klarmarkering("nej")
        lage = enhetens_lage(
            lamnar=bool(self.p.mall.blad_for(e)),
            har_fil=bool(inlamningar),
            dagar_kvar=self.ram.dagar_kvar,
            antal=self._antal(a for a in anmarkningar if a.kod != INTE_KLARMARKERAD),
            klarmarkering=mark.lage,
        )
        if not inlamningar:
            return Enhetslage(e.id, e.namn, e.slag, lage, tom_bok=self._tom_bok(e), epost=self._epost(e.id))
        forst = inlamningar[0].fil
        vag = self._vagar.get(forst, "")
        mottagen, ur_loggen = self._mottagen(forst)
        klarmarkerad = journal.nar_klarmarkerad(self.egna, e.id) if mark.lage == "fallen" else ""
        return Enhetslage(
            e.id,
            e.namn,
            e.slag,
            lage,
            filer=tuple(i.fil for i in inlamningar),
            vag=vag,
            bara_sie=all(i.sie for i in inlamningar),
            mottagen=mottagen,
            ur_loggen=ur_loggen,
            dagar_sen=self._sen(inlamningar),
            sparad_av=sparad_av(self.p.arbete.katalog / vag) if vag and not inlamningar[0].sie else "",
            klarmarkering=mark.lage,
            antal=self._antal(anmarkningar),
            noteringar=tuple(self._noteringar(inlamningar, anmarkningar, klarmarkerad)),
            anmarkningar=tuple(som_lista(anmarkningar, self.p.katalog, self.p.arbete.organisation)),
            siffror=self._siffror(e),
            kopia=self._kopian(forst),
            tom_bok=self._tom_bok(e),
            klarmarkerad=klarmarkerad,
            epost=self._epost(e.id),
        )

    def _antal(self, anmarkningar: Iterable[Anmarkning]) -> dict[str, int]:
        return {allvar.namn: n for allvar, n in self.p.katalog.antal(anmarkningar).items()}

    @cached_property
    def _filerna(self) -> Mapping[str, list[Inlamning]]:
        """Enhet → dess filer, den som räknas först; en fil som inte gick att läsa hör till den enhet som filnamnet nämner."""
        per_enhet: dict[str, list[Inlamning]] = {}
        for i in sorted(self.p.inlamningar.filer, key=lambda i: (not i.fakta, i.sie)):
            enhet = i.enhet or next((a.enhet for a in i.anmarkningar if a.enhet), "") or namnd_i(i.fil, self.p.arbete.organisation)
            per_enhet.setdefault(enhet, []).append(i)
        return per_enhet

    @cached_property
    def _vagar(self) -> Mapping[str, str]:
        """Filen så som den visas → dess väg på disken."""
        return {visningsnamn(vag): vag for vag in self.filer.poster}

    @cached_property
    def _fil_till_enhet(self) -> Mapping[str, str]:
        return {i.fil: enhet for enhet, filer in self._filerna.items() for i in filer if enhet}

    @cached_property
    def _anmarkningar(self) -> Mapping[str, list[Anmarkning]]:
        """Enhet → anmärkningarna om den och dess filer."""
        per_enhet: dict[str, list[Anmarkning]] = {}
        for a in self.p.anmarkningar:
            if a.kod != SAKNAD_INLAMNING:
                per_enhet.setdefault("" if a.kod == SAKNAD_KALLBOK else a.enhet or self._fil_till_enhet.get(a.plats.fil, ""), []).append(a)
        return per_enhet

    @property
    def ovriga(self) -> list[Anmarkning]:
        """Anmärkningar utan enhet. De om en enhet som inte har lämnat hör också hit. En upplysning som inte gäller en fil kräver inget."""
        utan_enhet = [a for enhet, alla in self._anmarkningar.items() if not enhet or enhet not in self._filerna for a in alla]
        return [a for a in utan_enhet if a.plats.fil or self.p.katalog.allvar(a) > Allvar.UPPLYSNING]

    def _mottagen(self, fil: str) -> tuple[str, bool]:
        sist = self._sist_inlamnad(fil)
        if sist and sist.tid:
            return journal.i_minuter(sist.tid), True
        return self._filens_tid(fil), False

    def _sist_inlamnad(self, fil: str) -> Handelse | None:
        return next((h for h in reversed(self.egna) if h.slag == INLAMNAD and h.fil == fil), None)

    def _filens_tid(self, fil: str) -> str:
        post = self.filer.poster.get(self._vagar.get(fil, ""))
        return f"{datetime.fromtimestamp(post.andrad / 1e9).astimezone():%Y-%m-%d %H:%M}" if post and post.andrad >= 0 else ""

    def _noteringar(self, filerna: Sequence[Inlamning], anmarkningar: Sequence[Anmarkning], klarmarkerad: str) -> Iterator[str]:
        if not any(i.fakta for i in filerna) or any(a.kod in FLERA for a in anmarkningar):
            yield next((f"{self.p.katalog.mening(a)} {self.p.katalog.gor_sa(a)}" for a in anmarkningar), "")
        if klarmarkerad:
            yield f"Klarmarkeringen gäller inte längre: filen har ändrats efter att den klarmarkerades, {klarmarkerad}."
        if all(i.sie for i in filerna) and any(i.fakta for i in filerna):
            yield "Bara SIE-fil är lämnad: prognos, mellanhavanden och texter saknas."

    def _sen(self, filerna: Sequence[Inlamning]) -> int:
        """Dagar efter sista dagen som enhetens första fil sågs, enligt loggen. En fil som är sparad före den är inte sen."""
        enheter, sista = {i.enhet for i in filerna}, self.ram.klar_senast
        sedd = next((h.tid[:10] for h in self.egna if h.slag == INLAMNAD and h.tid and h.enhet in enheter), "")
        sparad = self._filens_tid(filerna[0].fil)[:10]
        if not sedd or not sparad or date.fromisoformat(sedd) > self.dag:
            return 0
        return max(0, (min(date.fromisoformat(sedd), date.fromisoformat(sparad)) - sista).days)

    def _siffror(self, e: Enhetspost) -> Siffror | None:
        rad = FINANSENS_RAD if e.slag == "finansforvaltning" else e.id
        utfall = PROGNOS if self.p.mall.post.prognos else UTFALL
        budget, jamfort, avvikelse = (self._siffra(Adress(DRIFT, rad, kolumn)) for kolumn in (BUDGET, utfall, AVVIKELSE))
        return Siffror(budget, jamfort, avvikelse) if budget and jamfort else None

    def _siffra(self, adress: Adress) -> Siffra | None:
        if not self.p.rakning.har(adress):
            return None
        plan, varde = self.p.rakning.planer[DRIFT], self.p.rakning.varde(adress)
        kolumn = plan.kolumn(adress.kolumn)
        return Siffra(-varde if varde is not None and kolumn.vand else varde, visa(varde, kolumn, plan.rad(adress.rad)))

    @cached_property
    def _kopior(self) -> Mapping[str, str]:
        """De kommenterade kopiorna bland periodens rapporter: namnet → vägen."""
        funna = sorted(self.p.arbete.rapporter(self.p.samling.period).rglob(f"*{KOMMENTERAD}.xlsx"))
        return {visningsnamn(k.name): k.relative_to(self.p.arbete.katalog).as_posix() for k in funna}

    def _kopian(self, fil: str) -> str:
        """Den kommenterade kopian, om den är skriven sedan filen blev som den är; den nattliga körningen skriver den efter loggen."""
        kopia, sist = self._kopior.get(f"{Path(fil).stem}{KOMMENTERAD}.xlsx", ""), self._sist_inlamnad(fil)
        post = self.filer.poster.get(self._vagar.get(fil, ""))
        if not kopia or not post or (sist and not sist.tid and sist.uppgifter):
            return ""
        lamnad = datetime.fromisoformat(sist.tid).timestamp() if sist and sist.tid else post.andrad / 1e9
        return kopia if (self.p.arbete.katalog / kopia).stat().st_mtime >= lamnad else ""

    def _tom_bok(self, e: Enhetspost) -> str:
        fil = self.p.arbete.att_fylla_i(self.p.samling.period) / boknamn(e.namn, self.p.samling.period)
        return fil.relative_to(self.p.arbete.katalog).as_posix() if fil.is_file() else ""

    def _epost(self, enhet: str) -> str:
        """Adressen i periodens bok, annars i den senaste tidigare som har en."""
        tidigare = sorted({t.period: t for t in self.p.samling.tidigare.values()}.items(), reverse=True)
        for ram in (self.p.inlamningar.fakta, *(t.fakta for _, t in tidigare)):
            svar = ram[(ram["enhet"] == enhet) & (ram["tabell"] == journal.FORSATT) & (ram["rad"] == EPOST) & (ram["kolumn"] == journal.SVAR)]["text"]
            if text := next((str(t) for t in svar if str(t).strip()), ""):
                return text.strip()
        return ""
