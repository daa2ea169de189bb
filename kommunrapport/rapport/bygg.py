"""Bygger rapportmodellen av räkningen, de lästa texterna och anmärkningarna."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeAlias

import pandas as pd

from kommunrapport.berakning.koncern.rakningar import KONCERNTABELLER
from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna.anmarkning import Allvar, Anmarkning
from kommunrapport.karna.belopp import enhet_av
from kommunrapport.karna.fordyring import Fordyringsgrans
from kommunrapport.karna.listtecken import utan_listtecken
from kommunrapport.karna.period import MANADER, Period, datum_i_ord
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.saknad import SaknadDel
from kommunrapport.karna.sprak import NBSP, rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import visa
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.koncernenheter import andel_i_ord, kommunens_andel
from kommunrapport.mall.lagesbild import Tidpunkt, tidsord
from kommunrapport.mall.listmall import Lista
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.rapportmall import Nyckeltal as Nyckeltalsmall
from kommunrapport.mall.rapportmall import Rapportmall, Svarstabell
from kommunrapport.mall.rubriker import andel_av_aret, fyll_i, rubrikord
from kommunrapport.mall.skalor import Skalor
from kommunrapport.mall.uppstallning import Uppstallning
from kommunrapport.mall.utseende import Utseende
from kommunrapport.rapport import malhistorik, malkedja
from kommunrapport.rapport.diagram import Diagramritning
from kommunrapport.rapport.enhetsord import enhetsord
from kommunrapport.rapport.listord import Listord
from kommunrapport.rapport.malhistorik import Malar
from kommunrapport.rapport.malkedja import Malbild
from kommunrapport.rapport.meningar import Sprakrakning, Textal, skriv_mening, skriv_meningar
from kommunrapport.rapport.modell import Cell, Diagram, Enhetsavsnitt, Kolumn, Not, Nyckeltal, Rad, Rapport, Tabell
from kommunrapport.rapport.noter import TABELL as NOTTABELL
from kommunrapport.rapport.noter import Notunderlag, med_hanvisningar, noter_av
from kommunrapport.rapport.sekretess import dolda_celler, dolda_uppgifter
from kommunrapport.rapport.tabeller import Listfakta, lista_av, tabell_av
from kommunrapport.rapport.texttal import granstabell, texttabeller

Noter: TypeAlias = Mapping[str, tuple[str, ...]]
SVAR = "svar"
_PLAN = ("balanskrav", "atgardsplan", "prognos")
"""Cellen där finansförvaltningen skriver hur ett negativt balanskravsresultat återställs."""


@dataclass(frozen=True)
class Byggunderlag:
    """Allt som rapporten byggs av."""

    mall: Rapportmall
    organisation: Organisation
    period: Period
    rakning: Rakning
    fakta: pd.DataFrame
    styrrader: Sequence[Styrrad]
    anmarkningar: Sequence[Anmarkning]
    katalog: Katalog
    utseende: Utseende
    fargbyten: Mapping[str, str]
    """De medföljande färgerna → kommunens egna, när de är andra."""
    marke: bytes
    """Kommunens märke som PNG, eller tomt."""
    omraden: frozenset[str]
    """Periodens innehållsområden."""
    textrader: Mapping[str, tuple[str, str]]
    """Textbladens rader som Wordmallen får nämna, även dem som perioden inte har: rad → blad och namn."""
    prognoser: Sequence[Period] = ()
    """Årets tidigare prognoser, i tidsordning."""
    saknade_delar: Sequence[SaknadDel] = ()
    """Det som krävs i rapporten men inte finns."""
    noter: Uppstallning | None = None
    """Noternas uppställning, när rapporten har noter."""
    skalor: Skalor | None = None
    fordyringsgrans: Fordyringsgrans | None = None
    malskala: str = ""
    """Skalan som målen bedöms på i perioden, när den har mål."""
    tidigare_mal: Sequence[Malar] = ()
    """Målen i de tidigare boksluten som rapporten visar, i tidsordning."""
    tider: Mapping[str, Tidpunkt] = field(default_factory=dict)
    """De senaste perioderna, som lägesbilden tar sina siffror ur."""
    sammantrade: date | None = None
    """Sammanträdet som lägesbilden lämnas till, när dagen är bestämd."""

    @property
    def ord(self) -> Mapping[str, str]:
        """Orden som rubrikerna får använda."""
        return {**rubrikord(self.period), **tidsord(self.tider)}

    @property
    def koncern_redovisas(self) -> bool:
        """Om rapporten har sammanställda räkenskaper."""
        return any(k.koncern for t in self.mall.tabell for k in t.kolumn)

    def med_kapitel(self, *slag: str, egna: Collection[str]) -> tuple[Enhetspost, ...]:
        """Enheterna av slaget som har ett eget kapitel."""
        namnder = self.mall.egna(self.organisation, egna)
        return tuple(e for e in self.organisation.med_slag(*slag) if e.slag != "namnd" or e.id in namnder)

    def utan_kapitel(self, namnder: Sequence[object]) -> str:
        """Meningen om att nämndernas redovisningar lämnas för sig, när de gör det."""
        return f" {self.mall.utan_kapitel}" if self.organisation.med_slag("namnd") and not namnder else ""

    @cached_property
    def sprak(self) -> Sprakrakning:
        grans = self.organisation.trosklar.sekretess_antal
        return Sprakrakning(self.rakning, frozenset().union(*(dolda_celler(plan, self.rakning, grans) for plan in self.rakning.planer.values())))


def bygg(u: Byggunderlag, egna: Collection[str] = ()) -> Rapport:
    """Hela rapporten, färdig att skrivas; ``egna`` är id för de enheter vars avsnitt ska finnas hur många nämnderna än är."""
    facit = Listfakta(u.fakta, u.styrrader)
    noter = _saknasnoter(u)
    bild = _malbild(u, facit)
    if bild:
        facit.raknade.update(malkedja.raknade_trender(bild))
    maltabeller, maldiagram = _malkedjor(u, bild)
    tabeller, upplysningar = _med_upplysningar({**_tabeller(u, facit, noter), **maltabeller}, u, facit)
    finans = next((e.id for e in u.organisation.med_slag("finansforvaltning")), "")
    texter = {**_texter(u, facit, finans), "aterstallning": _text(facit, finans, *_PLAN)}
    listord = Listord(facit, u.styrrader, u.organisation, u.period.slut)
    ord_, enheternas = _orden(u, bild, listord, texter, tabeller, egna)
    gemensamma = {namn: mall for namn, mall in u.mall.mening.items() if namn != "namnd"}
    enhet, grans = enhet_av(u.organisation.enheter.rapport), u.organisation.trosklar.sekretess_antal
    tal: list[Textal] = []
    meningar, nyckeltal = skriv_meningar(gemensamma, u.sprak, ord_, tal), tuple(nyckeltal_ur(u.mall.nyckeltal, u))
    namnder, bolag = (
        tuple(_avsnitt(u, facit, e, noter, enheternas[e.id], tal) for e in u.med_kapitel(*s, egna=egna)) for s in (("namnd",), ("bolag", "forbund"))
    )
    raknade = {n: (meningar[n], d) for n, d in (malkedja.raknade_i_meningar(bild) | listord.raknade).items() if meningar.get(n)}
    avsnitten = (*namnder, *bolag)
    return Rapport(
        titel=u.mall.titel,
        filnamn=u.mall.filnamn.format(period=u.period),
        kommun=u.organisation.kommun.namn,
        period=str(u.period),
        omraden=u.omraden,
        spann=u.period.spann,
        slut=datum_i_ord(u.period.slut),
        ar=u.period.ar,
        enhetstext=f"Belopp i {enhet.i_ord} ({enhet.namn}) om inte annat sägs.{u.utan_kapitel(namnder)}",
        utkastrader=tuple(_utkastrader(u)),
        tabeller=tabeller,
        diagram=_diagram(u, tabeller) | maldiagram,
        blocknamn=u.mall.blocknamn | {*KONCERNTABELLER, SVAR},
        dolda={plan.id: dolda_uppgifter(plan, u.rakning, grans) for plan in u.rakning.planer.values()},
        sekretess_antal=grans,
        meningar={**dict.fromkeys(sorted(u.mall.meningsnamn - {"namnd"}), ""), **meningar},
        forklaringar=skriv_meningar(u.mall.forklaring, u.sprak, ord_),
        nyckeltal=nyckeltal,
        texter=texter,
        namnder=namnder,
        bolag=bolag,
        noter=upplysningar,
        samlade={t.id: t.samlad for t in u.mall.tabell if t.samlad} | {x.id: x.samlad for x in u.mall.lista if x.samlad},
        bladnamn={x.id: x.bladnamn for x in u.mall.tabeller if x.bladnamn},
        saknas={k.plats: tuple(d.mening for d in u.saknade_delar if d.avsnitt == k.plats) for k in u.mall.krav},
        version=u.mall.version,
        utseende=u.utseende,
        fargbyten=u.fargbyten,
        marke=u.marke,
        malomraden=_malomraden(u, tabeller),
        beslut=_punkter(meningar, "beslut"),
        beslutsunderlag=_punkter(meningar, "beslutsunderlag"),
        texttal=(
            *texttabeller(nyckeltal, avsnitten, tal, raknade, facit, u.rakning.enhetsnamn),
            *_granser(u, (*tabeller.values(), *(t for a in namnder for t in a.tabeller.values())), meningar),
        ),
    )


def _orden(
    u: Byggunderlag, bild: Malbild | None, listord: Listord, texter: Mapping[str, object], tabeller: Mapping[str, Tabell], egna: Collection[str]
) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """Orden som rapportens meningar får använda, och de som enheternas får."""
    gemensamma = {**_periodord(u), "kommun": u.organisation.kommun.namn, "koncern_redovisas": u.koncern_redovisas}
    gemensamma |= {"rakna_upp": rakna_upp, "trosklar": u.organisation.trosklar}
    ord_ = {**gemensamma, **malkedja.maluppgifter(bild), **_bolagsuppgifter(u), "anmarkningsmening": u.katalog.sammanfattning(u.anmarkningar)}
    ord_ |= {"antal_rader": listord.antal_rader, "svaren": listord.svaren, "forfallna": listord.forfallna}
    ord_["utan_exempel"] = [namn for t, namn in _radlistor(u).items() if t not in tabeller]
    ord_ |= {"texter": texter, "tider": u.tider, "sammantrade": f"den {datum_i_ord(u.sammantrade)}" if u.sammantrade else f"i {u.period.spann}"}
    return ord_, {e.id: {**gemensamma, **enhetsord(e, listord, bild)} for e in u.med_kapitel("namnd", "bolag", "forbund", egna=egna)}


def _punkter(meningar: Mapping[str, str], namn: str) -> tuple[str, ...]:
    """Meningens rader, utan de nummer och punkter som någon har skrivit för hand."""
    rader = (utan_listtecken(rad).strip() for rad in meningar.get(namn, "").splitlines())
    return tuple(rad for rad in rader if rad)


def _granser(u: Byggunderlag, tabeller: Iterable[Tabell], meningar: Mapping[str, str]) -> tuple[Tabell, ...]:
    texter = (*(not_ for t in tabeller for not_ in t.noter), *meningar.values())
    tabell = granstabell(u.organisation.trosklar, u.fordyringsgrans, u.organisation.inmatning, u.period.ar, texter)
    return (tabell,) if tabell else ()


def _periodord(u: Byggunderlag) -> dict[str, object]:
    """Ord om perioden som alla meningar får använda."""
    fg = u.prognoser[-1] if u.prognoser else None
    prognosord = {
        "fg_prognos": MANADER[fg.manad - 1] if fg else "",
        "sista_prognosen": f"traff_{fg.manad:02d}" if fg else "",
        "prognosmanader": [(f"{p.manad:02d}", MANADER[p.manad - 1]) for p in u.prognoser],
    }
    return {"spann": u.period.spann, "ar": u.period.ar, "omraden": u.omraden, "andel_av_aret": andel_av_aret(u.period), **prognosord}


def _med_upplysningar(tabeller: dict[str, Tabell], u: Byggunderlag, facit: Listfakta) -> tuple[dict[str, Tabell], tuple[Not, ...]]:
    """Tabellerna med hänvisningar till noterna, och noterna; rapporten kan sakna noter."""
    if u.noter is None:
        return tabeller, ()
    saknade = {d.avsnitt: d.mening for d in u.saknade_delar}
    underlag = Notunderlag(u.noter, u.organisation, u.period, facit, u.katalog, tabeller.get(NOTTABELL), saknade, u.koncern_redovisas)
    noter = noter_av(underlag)
    egna = {n.tabell.id: n.tabell for n in noter if n.tabell and n.tabell.id != NOTTABELL}
    return med_hanvisningar({**tabeller, **egna}, noter, u.noter), noter


def _utkastrader(u: Byggunderlag) -> Iterator[str]:
    namn = {e.id: e.namn for e in u.organisation.enhet}
    saknade = u.rakning.saknade
    if saknade:
        yield f"Uppgifter saknas från {rakna_upp([n for e, n in namn.items() if e in saknade])}. Utfall och prognos därifrån är inte med i summorna."
    for t in {t.period: t for t in u.tider.values() if t.utan}.values():
        yield f"Uppgifter för {t.spann} saknas från {rakna_upp(t.saknas)}. Utfallet därifrån är inte med i summorna."
    oanvandbart = {a.enhet for a in u.anmarkningar if u.katalog.allvar(a) >= Allvar.FEL and a.plats.fil.startswith(f"inlamnat/{u.period}")}
    utan_text = oanvandbart - set(u.fakta["enhet"])
    if u.period.lagesbild and utan_text:
        yield f"{rakna_upp([n for e, n in namn.items() if e in utan_text])} har inte lämnat något till lägesbilden. Siffrorna berörs inte."
    sagda = saknade.union(*(t.utan for t in u.tider.values()))
    delvis = set[str]().union(*(u.rakning.ofullstandiga(t) for t in u.rakning.planer)) - sagda
    if delvis:
        yield f"Uppgifterna från {rakna_upp([n for e, n in namn.items() if e in delvis])} är ofullständiga och ingår inte i alla summor."
    kravda = [d.vad for d in u.saknade_delar if d.allvar == "fel"]
    if kravda:
        yield f"Uppgift saknas: {rakna_upp(kravda)}, som lagen kräver."
    grova = [a for a in u.anmarkningar if u.katalog.allvar(a) >= Allvar.FEL]
    if grova:
        yield f"Kontrollen gav {u.katalog.rakning(grova)} som ska rättas; se filen anmarkningar.xlsx."


def _tabeller(u: Byggunderlag, facit: Listfakta, noter: Noter) -> dict[str, Tabell]:
    egna = {*(t.id for t in u.mall.tabell if not t.per_enhet), *KONCERNTABELLER}
    planer = [plan for plan in u.rakning.planer.values() if plan.id in egna]
    tabeller = {plan.id: tabell_av(plan, u.rakning, u.organisation, facit, noter.get(plan.id, ())) for plan in planer}
    for lista in (egen for x in u.mall.lista if not x.per_enhet for egen in _per_rad(x, u.styrrader)):
        if tabell := lista_av(lista, facit, u.organisation, u.ord):
            tabeller[lista.id] = tabell
    if u.mall.svar:
        tabeller[SVAR] = _svarstabell(u.mall.svar, u)
    return {namn: t for namn, t in tabeller.items() if _har_innehall(t)}


def _per_rad(lista: Lista, styrrader: Sequence[Styrrad]) -> Iterator[Lista]:
    """Listan, eller en per rad som styrningen ger bladet."""
    if not lista.per_rad:
        yield lista
        return
    for rad, namn in {r.rad: r.namn for r in styrrader if r.tabell == lista.blad}.items():
        yield lista.model_copy(update={"id": f"{lista.id}-{rad}", "rader": (rad,), "titel": lista.titel.replace("{radnamn}", namn)})


def _malomraden(u: Byggunderlag, tabeller: Mapping[str, Tabell]) -> dict[str, str]:
    """Tabellerna med en lista per rad, med radens namn."""
    namn = _radlistor(u)
    return {t: namn[t] for t in tabeller if t in namn}


def _radlistor(u: Byggunderlag) -> dict[str, str]:
    """Listorna som är en per rad, med radens namn: lägesbildens målområden."""
    return {f"{x.id}-{r.rad}": r.namn for x in u.mall.lista if x.per_rad for r in u.styrrader if r.tabell == x.blad}


def _svarstabell(mall: Svarstabell, u: Byggunderlag) -> Tabell:
    """Varje besvarad anmärkning: enheten, vad som anmärktes och svaret, med cellen där svaret står som källa."""
    namn = {e.id: e.kort_namn for e in u.organisation.enhet}
    rader = [
        Rad(f"{a.enhet}.svar{nr}", "rad", namn.get(a.enhet, "Kommunen"), (Cell(_anmarkt(a, u.katalog)), Cell(a.svar.text, kalla=a.svar.kalla)))
        for nr, a in enumerate((a for a in u.anmarkningar if a.svar), 1)
        if a.svar
    ]
    kolumner = (Kolumn("anmarkning", mall.anmarkning, ar_tal=False, vikt=24), Kolumn("svar", mall.svar, ar_tal=False, vikt=30))
    return Tabell(SVAR, mall.titel, "", mall.enhet, kolumner, tuple(rader))


def _anmarkt(a: Anmarkning, katalog: Katalog) -> str:
    var = ", ".join(del_ for del_ in (a.plats.blad, a.plats.rad, a.plats.kolumn) if del_)
    return f"{var + ': ' if var else ''}{katalog.mening(a)} ({a.kod})"


def _har_innehall(t: Tabell) -> bool:
    """Om någon cell visar något läst eller räknat; annars saknar tabellen underlag."""
    return any(c.tal is not None or c.kalla or c.delar for rad in t.rader for c in rad.celler)


def _saknasnoter(u: Byggunderlag) -> Noter:
    """Not under de tabeller där en enhet saknas eller är ofullständig."""
    noter = {}
    for plan in u.rakning.planer.values():
        saknas = u.rakning.ofullstandiga(plan.id)
        namn = [e.namn for e in u.organisation.enhet if e.id in saknas]
        if namn:
            budget = " Det beslutade i budgeten ingår ändå." if any(k.id == "budget" and not k.dold for k in plan.kolumner) else ""
            noter[plan.id] = (f"Uppgifter saknas från {rakna_upp(namn)} och ingår inte i tabellens summor.{budget}",)
    saknade = _saknade_foretag(u)
    koncernens = [*KONCERNTABELLER, *(t.id for t in u.mall.tabell if any(k.koncern for k in t.kolumn))]
    for tabell in koncernens if saknade and u.koncern_redovisas else ():
        noter[tabell] = (*noter.get(tabell, ()), f"Koncernens siffror är inte fullständiga: uppgifter saknas från {rakna_upp(saknade)}.")
    return noter


def nyckeltal_ur(mallar: Sequence[Nyckeltalsmall], u: Byggunderlag) -> Iterator[Nyckeltal]:
    """Talen vars siffror finns i rapporten."""
    for n in mallar:
        adress = Adress.ur(n.adress)
        if u.rakning.har(adress) and not (n.dolj_tom and u.rakning.varde(adress) is None):
            plan = u.rakning.planer[adress.tabell]
            text = visa(u.rakning.varde(adress), plan.kolumn(adress.kolumn))
            enhet = {"procent": "procent", "antal": ""}.get(plan.kolumn(adress.kolumn).slag, plan.enhet)
            yield Nyckeltal(n.etikett, f"{text}{NBSP}{enhet}".rstrip(), fyll_i(n.text, u.ord, "mallar/rapport"), adress)


def _avsnitt(u: Byggunderlag, facit: Listfakta, enhet: Enhetspost, noter: Noter, ord_: Mapping[str, object], tal: list[Textal]) -> Enhetsavsnitt:
    mojliga = {t.id: u.rakning.planer.get(f"{t.id}-{enhet.id}") for t in u.mall.tabell if t.per_enhet}
    visade = {namn: tabell_av(p, u.rakning, u.organisation, facit, noter.get(p.id, ())) for namn, p in mojliga.items() if p}
    tabeller = {namn: tabell for namn, tabell in visade.items() if _har_innehall(tabell)}
    for lista in u.mall.lista:
        tabell = lista_av(lista, facit, u.organisation, rubrikord(u.period), enhet.id) if lista.per_enhet else None
        if tabell:
            tabeller[lista.id] = tabell
    mening, saknad = "", enhet.id in u.rakning.saknade
    if "namnd" in tabeller and not saknad:
        mening = skriv_mening("namnd", u.mall.mening["namnd"], u.sprak, {**ord_, "n": f"namnd-{enhet.id}"}, tal)
    andel = andel_i_ord(kommunens_andel(u.organisation, enhet, u.period.slut)).removesuffix(" procent")
    saknas = f"Uppgift saknas: {enhet.namn} har inte lämnat sina uppgifter. Därför saknas också jämförelsen med förra året." if saknad else ""
    diagram, nyckeltal = _diagram(u, tabeller, enhet.id), _enhetens_nyckeltal(u, enhet, dolj_tomma=saknad)
    meningar = skriv_meningar(u.mall.enhetsmening, u.sprak, ord_)
    return Enhetsavsnitt(enhet.id, enhet.namn, andel, mening, _texter(u, facit, enhet.id), tabeller, saknas, diagram, nyckeltal, meningar)


def _enhetens_nyckeltal(u: Byggunderlag, enhet: Enhetspost, *, dolj_tomma: bool) -> tuple[Nyckeltal, ...]:
    """Talen som enhetens egen rapport visar först, ur enhetens tabeller."""
    mallar = u.mall.enhetsrapport.nyckeltal if u.mall.enhetsrapport else ()
    adresser = [Adress.ur(n.adress) for n in mallar]
    egna = [
        n.model_copy(update={"adress": str(replace(a, tabell=f"{a.tabell}-{enhet.id}")), "dolj_tom": n.dolj_tom or dolj_tomma})
        for n, a in zip(mallar, adresser, strict=True)
    ]
    return tuple(nyckeltal_ur(egna, u))


def _texter(u: Byggunderlag, facit: Listfakta, enhet: str) -> dict[str, str]:
    return {rad: _text(facit, enhet, blad, rad, "text") for rad, (blad, _) in u.textrader.items()}


def _text(facit: Listfakta, enhet: str, blad: str, rad: str, kolumn: str) -> str:
    cell = facit.cell(enhet, blad, rad, kolumn)
    return cell.text if cell is not None else ""


def _malbild(u: Byggunderlag, facit: Listfakta) -> Malbild | None:
    """Periodens mål; None när perioden inte har mål."""
    if u.skalor is None or not u.malskala:
        return None
    return Malbild(u.styrrader, facit, u.organisation, u.period, u.skalor, u.malskala)


def _malkedjor(u: Byggunderlag, bild: Malbild | None) -> tuple[dict[str, Tabell], dict[str, Diagram]]:
    """Tabellen och diagrammet över målen, när något är lämnat."""
    tabeller = {m.id: t for m in u.mall.malkedja if bild and (t := malkedja.tabell_av(m, bild))}
    aren = (*u.tidigare_mal, Malar(u.period.ar, bild))
    historik = {m.id: t for m in u.mall.malhistorik if bild and (t := malhistorik.tabell_av(m, aren))}
    return {**tabeller, **historik}, {m.id: malkedja.diagram_av(m, bild) for m in u.mall.malkedja if bild and m.id in tabeller}


def _diagram(u: Byggunderlag, tabeller: Mapping[str, Tabell], enhet: str = "") -> dict[str, Diagram]:
    """Diagrammen ur de tabeller som visas: kommunens, eller en nämnds."""
    ritning = Diagramritning(u.rakning, u.organisation, enhet)
    ofullstandiga = KONCERNTABELLER if _saknade_foretag(u) else ()
    mallar = [m for m in u.mall.diagram if m.per_enhet == bool(enhet) and m.tabell in tabeller and m.tabell not in ofullstandiga]
    titlar = {m.id: fyll_i(m.titel, {**u.ord, "enhet": "{enhet}"}, "mallar/rapport") for m in mallar}
    return {m.id: d for m in mallar if (d := ritning.rita(m.model_copy(update={"titel": titlar[m.id]})))}


def _bolagsuppgifter(u: Byggunderlag) -> dict[str, object]:
    foretag = [(e, kommunens_andel(u.organisation, e, u.period.slut)) for e in u.organisation.med_slag("bolag", "forbund") if e.konsolideras]
    delar = [f"{e.namn} ({andel_i_ord(andel).replace(' ', NBSP)})" for e, andel in foretag if andel]
    return {"bolagsnamn": rakna_upp(delar), "saknade_foretag": rakna_upp(_saknade_foretag(u))}


def _saknade_foretag(u: Byggunderlag) -> list[str]:
    """Företagen som ska ingå i koncernen men inte har lämnat."""
    return [e.namn for e in u.organisation.med_slag("bolag", "forbund") if e.konsolideras and e.id in u.rakning.saknade]
