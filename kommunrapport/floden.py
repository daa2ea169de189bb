"""Huvudvägarna, en kort funktion var: börja läsa här.

Skrivarna laddas först när något skrivs, så att härledningar och jämförelser svarar fortare (``tests/test_laddat.py``).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kommunrapport.berakning.rakna import Nod
from kommunrapport.bevarande import handelser, mottaget
from kommunrapport.bevarande.arkiv import andrade_inlamningar, krav_pa_ofaststalld, krav_pa_orort
from kommunrapport.bevarande.avtryck import avtryck_av
from kommunrapport.bevarande.ensam import ensam
from kommunrapport.bevarande.handelser import Handelse
from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.inlasning.lasningar import lasningar_i
from kommunrapport.jamforelse import jamfort
from kommunrapport.jamforelse.inlamningar import jamfor_inlamningar
from kommunrapport.jamforelse.modell import Jamforelse
from kommunrapport.jamforelse.rapporter import jamfor_rapporter
from kommunrapport.journal import nya_handelser, rapporthandelse
from kommunrapport.karna.fel import AnmarkningsFel, AnvandningsFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import LAGESBILD, Period, datum_i_ord
from kommunrapport.karna.processer import samtidigt
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, bedomningsskala, ingen_period, las_arbetskatalog, las_periodmall, textrader
from kommunrapport.mall.rapportmall import Enhetsrapport, Rapportmall
from kommunrapport.mall.regler import fordyringsgrans
from kommunrapport.mall.uppstallning import las_uppstallning
from kommunrapport.mall.utseende import Utseende
from kommunrapport.periodfiler import Periodfiler, periodfiler, underlag_av
from kommunrapport.provning import Provning, prova, rakna, rapportmall_for
from kommunrapport.rapport import anmarkningslista, harledning, utmatning
from kommunrapport.rapport.anmarkningslista import som_lista
from kommunrapport.rapport.bygg import Byggunderlag, bygg
from kommunrapport.rapport.enhetsrapport import enhetsrapport
from kommunrapport.rapport.kallskal import bara_jamforda, skalet
from kommunrapport.rapport.kallsok import Utpekat, hitta_kallor
from kommunrapport.rapport.malhistorik import Malar
from kommunrapport.rapport.malkedja import Malbild
from kommunrapport.rapport.modell import Rapport
from kommunrapport.rapport.paverkan import Paverkad, paverkade
from kommunrapport.rapport.radjson import i_rader
from kommunrapport.rapport.spar import spar_av, spardelar
from kommunrapport.rapport.sparfil import Siffra, Spar, delad, las_spar, spar_ur
from kommunrapport.rapport.tabeller import Listfakta
from kommunrapport.rapport.talsok import sok_tal
from kommunrapport.rapport.utmatning import Fil
from kommunrapport.rapport.wordfarger import byten
from kommunrapport.samling import Samling, arets_prognoser, malnamn, samla

_SAMTIDIGT = range(400, 10_000)
"""Med så många tabellrader skrivs en rapports filer i var sin process."""
_VANTAN = (1.0, 3.0, 0.0)
"""Sekunder att vänta innan en period läses om, när en fil ändrades under läsningen; sista gången ges den upp."""

ENHETER = "enheter"
"""Mappen under periodens rapporter med enheternas egna."""


@dataclass(frozen=True)
class Sammanstallning(Provning):
    """En prövad period som det finns en rapport för."""

    rapportmall: Rapportmall
    filer: Periodfiler
    """Det som lästes, med avtryck tagna före läsningen."""


def sammanstall(katalog: Path, period: Period, kommando: str = "delar") -> Sammanstallning:
    """Läser, räknar och kontrollerar en period. Fel: KommunrapportFel när körningen inte kan fortsätta."""
    arbete = las_arbetskatalog(katalog)
    period = kommandots_period(arbete, period, kommando)
    rapportmall = rapportmall_for(arbete, period, kommando)
    samling, filer = _samla_stilla(arbete, period)
    if not samling.inlamningar.filer:
        mapp = arbete.inlamnat(period).relative_to(katalog).as_posix()
        raise SaknasFel(
            f"Det finns inga inlämningar för {period} i {mapp}.",
            f"Skriv arbetsböcker att fylla i med: kommunrapport mall --period {period}",
        )
    p = prova(samling)
    return Sammanstallning(p.samling, p.rakning, p.anmarkningar, p.katalog, p.saknade_delar, rapportmall, filer)


def _samla_stilla(arbete: Arbetskatalog, period: Period) -> tuple[Samling, Periodfiler]:
    """Perioden läst medan ingen fil ändrades, och filernas avtryck. Fel: LastFel när de inte blir stilla."""
    for vantan in _VANTAN:
        filer = periodfiler(arbete, period)
        krav_pa_orort(arbete.katalog, {vag: post.sha256 for vag, post in filer.poster.items()})
        samling = samla(arbete, period)
        if not filer.andrade():
            break
        time.sleep(vantan)
    else:
        filer.krav_pa_stillhet()
    return samling, filer


def skriv_rapport(
    s: Sammanstallning,
    enheter: Sequence[str] = (),
    *,
    ersatt: bool = False,
    strikt: bool = False,
    bredvid: bool = False,
    rattelse: bool = False,
    pdf_med: Path | None = None,
) -> list[Path]:
    """Wordutkast, Excelbilaga, anmärkningar och spår; för namngivna enheter deras egna rapporter i stället. Fel: KommunrapportFel.

    ``bredvid``: ett utkast som har redigerats eller är öppet får det nya bredvid sig. ``pdf_med`` är LibreOffice, när Wordutkasten
    också ska bli PDF. Går inte det skrivs de andra filerna innan felet sägs. En fastställd rapport skrivs bara om som utkast till en
    ``rattelse``.
    """
    krav_pa_ofaststalld(s.arbete, s.mall, rattelse=rattelse)
    if strikt and s.slutkod:
        fel = SaknasFel if s.slutkod == Slutkod.SAKNAS else AnmarkningsFel
        raise fel("Rapporten skrevs inte, eftersom --strikt är angivet och kontrollen gav fel eller inlämningar saknas.")
    from kommunrapport.mallgranskning import krav_pa_mallen  # noqa: PLC0415

    krav_pa_mallen(s.arbete, s.mall.period, s.mall.post.kommando, enhetens=bool(enheter))
    filer: Mapping[str, Fil] = _enheternas_filer(s, enheter) if enheter else _filer(s, bygg_rapport(s))
    brister: Sequence[str] = ()
    if pdf_med:
        from kommunrapport.rapport import pdf  # noqa: PLC0415

        filer, brister = pdf.med_pdf(filer, pdf_med)
    mapp = s.arbete.rapporter(s.mall.period) / (ENHETER if enheter else "")
    with ensam(s.arbete.katalog, f"{s.mall.post.kommando} {s.mall.period}"):
        nya = _ta_emot(s)
        try:
            skrivna = utmatning.skriv_filer(mapp, filer, ersatt=ersatt, bredvid=bredvid)
        except UtmatningsFel as fel:
            raise UtmatningsFel(*fel.rader, *brister) from fel
        summor = {fil.relative_to(s.arbete.katalog).as_posix(): avtryck_av(fil) for fil in skrivna}
        handelser.skriv(s.arbete.katalog, [*nya, rapporthandelse(s.filer, summor)])
        lasningar_i(s.arbete).spara()
    if brister:
        raise UtmatningsFel(*brister, f"Övriga filer är skrivna i {mapp.as_posix()}.")
    return skrivna


def _ta_emot(s: Sammanstallning) -> list[Handelse]:
    """Bevarar de nya inlämningarna så som de lästes, och ger det som har hänt med dem. Låset ska hållas. Fel: LastFel, UtmatningsFel."""
    nya = nya_handelser(s, s.filer, handelser.las(s.arbete.katalog).handelser)
    for h in nya:
        if h.slag == handelser.INLAMNAD:
            mottaget.bevara(s.arbete.katalog, s.filer.bocker[h.fil], h)
    s.filer.krav_pa_stillhet()
    return nya


def skiljer_fran_arkivet(s: Sammanstallning) -> list[str]:
    """En mening för varje tidigare, fastställd period vars inlamnat/ är ändrat: rapporten räknas på det fastställda."""
    andrade = {p: andrade_inlamningar(s.arbete, p) for p in dict.fromkeys(t.period for t in s.samling.tidigare.values())}
    return [
        f"inlamnat/{p} är inte som när {p} fastställdes ({rakna_upp(namn)}). Jämförelserna räknas på det fastställda i arkivet."
        for p, namn in andrade.items()
        if namn
    ]


def frist(s: Sammanstallning) -> str:
    """Meningen om lagens frist för perioden, eller tomt."""
    post = s.mall.post
    sista = post.frist(s.mall.period.slut)
    if sista is None:
        return ""
    lagrum = f" ({s.katalog.lagrum[post.lagrum].namn})" if post.lagrum in s.katalog.lagrum else ""
    return f"{s.rapportmall.bestamd} ska lämnas till fullmäktige och revisorerna senast {datum_i_ord(sista)}{lagrum}."


def ekonomins_period(s: Sammanstallning) -> str:
    """Meningen om perioden som en lägesbild tar ekonomin ur, och varför; tomt för andra rapporter."""
    t = s.samling.tider.get("senaste")
    forbi = f" Inte ur {rakna_upp(t.forbi, mellan='eller')}." if t and t.forbi else ""
    return f"Ekonomin tas ur {t.spann}: {t.skal}.{forbi}" if t else ""


def bygg_rapport(s: Sammanstallning) -> Rapport:
    """Rapporten färdig att skrivas. Fel: MallFel."""
    return bygg(_byggunderlag(s))


def utkast(s: Sammanstallning, enheter: Sequence[str] = ()) -> dict[str, bytes]:
    """Rapportens alla filer, och enheternas egna, så som de skrivs utan PDF; vägarna är från periodens mapp. Fel: KommunrapportFel."""
    egna = _enheternas_filer(s, enheter) if enheter else {}
    alla = _filer(s, bygg_rapport(s)) | {f"{ENHETER}/{namn}": fil for namn, fil in egna.items()}
    return {namn: utmatning.i_byte(fil) for namn, fil in alla.items()}


def _byggunderlag(s: Sammanstallning) -> Byggunderlag:
    noter = s.rapportmall.noter
    utseende = s.arbete.mallkalla.las("utseende.toml", Utseende)
    return Byggunderlag(
        s.rapportmall,
        s.arbete.organisation,
        s.mall.period,
        s.rakning,
        s.inlamningar.fakta,
        s.samling.styrning.rader,
        s.anmarkningar,
        s.katalog,
        utseende,
        byten(s.arbete.mallkalla.grund.las("utseende.toml", Utseende).farg, utseende.farg),
        s.arbete.mallkalla.bild("marke.png"),
        frozenset(s.mall.post.omraden),
        textrader(s.arbete.mallkalla, s.mall.period),
        arets_prognoser(s.arbete, s.mall.period),
        s.saknade_delar,
        las_uppstallning(s.arbete.mallkalla, noter, s.mall.period, s.arbete.organisation) if noter else None,
        s.mall.skalor,
        fordyringsgrans(s.arbete.mallkalla, s.arbete.organisation.trosklar, s.mall.period.ar),
        bedomningsskala(s.mall),
        tidigare_mal=tuple(_tidigare_mal(s)),
        tider=s.samling.tider,
        sammantrade=s.mall.post.sammantrade(s.mall.period.slut),
    )


def _tidigare_mal(s: Sammanstallning) -> Iterator[Malar]:
    """Målen i de tidigare bokslut som rapporten visar; ett bokslut som inte finns har inga."""
    antal = max((m.ar_i_rad for m in s.rapportmall.malhistorik), default=1)
    for n in range(antal - 1, 0, -1):
        t = s.samling.tidigare[malnamn(n)]
        if t.fakta.empty:
            yield Malar(t.period.ar, None)
            continue
        mall, rader = las_periodmall(s.arbete, t.period), t.styrning.rader
        facit = Listfakta(t.fakta, rader)
        yield Malar(t.period.ar, Malbild(rader, facit, s.arbete.organisation, t.period, mall.skalor, bedomningsskala(mall)))


def _enheternas_filer(s: Sammanstallning, namn: Sequence[str]) -> dict[str, Fil]:
    """Varje enhets egen rapport, med sin Excelbilaga. Fel: AnvandningsFel, SaknasFel."""
    from kommunrapport.rapport import excel, word  # noqa: PLC0415

    enheter = valda_enheter(s.arbete.organisation, namn)
    utan = [e.namn for e in enheter if e.slag == "finansforvaltning"]
    if utan:
        raise AnvandningsFel(f"{rakna_upp(utan)} har ingen egen rapport; dess uppgifter står i kommunens rapport.")
    saknas = [e.namn for e in enheter if e.id in s.inlamningar.saknas]
    if saknas:
        raise SaknasFel(f"Det finns ingen inlämning från {rakna_upp(saknas)} för {s.mall.period}.")
    wordmall, gor = s.arbete.mallkalla.fil(_enhetsmall(s).wordmall), dict[str, Callable[[], Fil]]()
    rapporter = enhetsrapporter(s, enheter)
    for rapport in rapporter:
        filnamn = filnamn_for(rapport.filnamn)
        gor[f"{filnamn}.docx"] = partial(word.word_av, rapport, wordmall, rapport.meningar["anmarkningar"])
        gor[f"{filnamn}.xlsx"] = partial(excel.excel_av, rapport, s.rakning, "../../../")
    return _gjorda(gor, rapporter)


def enhetsrapporter(s: Sammanstallning, enheter: Sequence[Enhetspost]) -> list[Rapport]:
    """Enheternas egna rapporter, ur samma siffror som hela rapporten. Fel: AnvandningsFel, MallFel."""
    egna = [e.id for e in enheter]
    mall, underlag = _enhetsmall(s), _byggunderlag(s)
    if len(s.arbete.organisation.med_slag("namnd")) > s.rapportmall.flest_kapitel:
        underlag = replace(underlag, rakning=rakna(s.samling, egna))
    hel = bygg(underlag, egna)
    return [enhetsrapport(hel, mall, underlag, e) for e in enheter]


def _enhetsmall(s: Sammanstallning) -> Enhetsrapport:
    if s.rapportmall.enhetsrapport is None:
        raise AnvandningsFel(f"{s.rapportmall.bestamd} har ingen rapport per enhet: mallen saknar avsnittet enhetsrapport.")
    return s.rapportmall.enhetsrapport


def _filer(s: Sammanstallning, rapport: Rapport) -> dict[str, Fil]:
    from kommunrapport.rapport import excel, word  # noqa: PLC0415

    data = som_lista(s.anmarkningar, s.katalog, s.arbete.organisation)
    mening = s.katalog.sammanfattning(s.anmarkningar)
    titel = f"Anmärkningar {rapport.period}, {rapport.kommun}"
    gor: dict[str, Callable[[], Fil]] = {
        f"{rapport.filnamn}.docx": partial(word.word_av, rapport, s.arbete.mallkalla.fil(s.rapportmall.wordmall), mening),
        f"{rapport.filnamn}.xlsx": partial(excel.excel_av, rapport, s.rakning),
        "anmarkningar.xlsx": lambda: anmarkningslista.excel_av(data, s.mall.period, titel),
        "anmarkningar.json": lambda: b"".join(i_rader(data)),
        "spar.json": lambda: utmatning.undanlagt(i_rader(spardelar(rapport, s.rakning, underlag_av(s.filer, s.inlamningar)))),
    }
    return _gjorda(gor, [rapport])


def _gjorda(gor: Mapping[str, Callable[[], Fil]], rapporter: Sequence[Rapport]) -> dict[str, Fil]:
    """Filerna, gjorda samtidigt när rapporterna är stora nog för att det ska löna sig men ryms flera gånger i minnet."""
    rader = sum(len(t.rader) for r in rapporter for t in r.alla_tabeller)
    if rader not in _SAMTIDIGT:
        return {namn: g() for namn, g in gor.items()}
    return dict(zip(gor, samtidigt([partial(utmatning.gjord, g) for g in gor.values()]), strict=True))


def harled(katalog: Path, period: Period, tabell: str, rad: str, kolumn: str) -> Nod:
    """Härledningen av en siffra i rapporten. Fel: AnvandningsFel om den inte finns, med vad som finns."""
    return _harled(*_periodens(katalog, period), tabell, rad, kolumn)


def harled_tal(katalog: Path, period: Period, tal: str, under: str) -> tuple[Spar, list[Siffra], Nod | None]:
    """Siffrorna som visas som talet, och härledningen när den är en enda. Fel: AnvandningsFel."""
    s, rapport = _periodens(katalog, period)
    spar = spar_ur(spar_av(rapport, s.rakning))
    traffar = sok_tal(spar, tal, under)
    return spar, traffar, _harled(s, rapport, *delad(traffar[0].adress)) if len(traffar) == 1 else None


def harled_fran(katalog: Path, period: Period, fran: str, cell: str) -> tuple[Spar, Utpekat, list[Paverkad]]:
    """De tryckta siffror som en cell, en rad i en styrfil eller en hel fil når. Fel: AnvandningsFel med de närmaste rätta namnen."""
    s, rapport = _periodens(katalog, period)
    spar = spar_ur(spar_av(replace(rapport, dolda={}), s.rakning))
    namn = {e.id: (e.id, e.namn, e.kort_namn) for e in s.arbete.organisation.enhet}
    filer = {n: i.fil for i in s.inlamningar.filer if i.enhet for n in namn[i.enhet]}
    lasta = [*map(Kalla._make, s.rakning.fakta[["fil", "blad", "cell"]].astype("object").itertuples(index=False))]
    lasta += [r.kalla._replace(cell=f"{r.kalla.cell}, {a}") for r in s.samling.styrning.rader if r.kalla.fil for a in r.attribut]
    lasta += [k for t in rapport.texttal for r in t.rader for c in r.celler for k in (c.kalla, *(d.kalla for d in c.delar)) if k]
    utpekat = hitta_kallor(fran, cell, lasta, filer, bara_jamforda(s.rakning.fakta))
    traffar = paverkade(spar, utpekat.kallor)
    skal = "" if traffar else skalet(utpekat, s.rakning.fakta, s.mall, s.samling.styrning.rader)
    return spar, replace(utpekat, skal=skal), traffar


def jamfor(katalog: Path, fore: str, efter: str) -> Jamforelse:
    """Skillnaden mellan två böcker, perioder eller körningar, nämnda med fil, mapp eller period. Fel: AnvandningsFel."""
    arbete = las_arbetskatalog(katalog)
    bocker = [jamfort.bok(v, katalog) for v in (fore, efter)]
    if bocker[0] and bocker[1]:
        return jamfor_inlamningar(bocker[0], bocker[1], arbete)
    if bocker[0] or bocker[1]:
        raise AnvandningsFel("En bok jämförs med en annan bok. Ange två böcker, två perioder eller två rapportmappar.")
    sparen = [las_spar(fil) if (fil := jamfort.spar(v, katalog)) else _spar_for(katalog, jamfort.period(v)) for v in (fore, efter)]
    return jamfor_rapporter(sparen[0], sparen[1], (fore, efter))


def jamfor_senaste(katalog: Path, namn: str, period: Period) -> Jamforelse:
    """Enhetens senast mottagna bok mot den förra. Fel: AnvandningsFel, SaknasFel när det inte finns två."""
    arbete = las_arbetskatalog(katalog)
    (enhet,) = valda_enheter(arbete.organisation, [namn])
    logg = handelser.las(katalog).handelser
    versioner, olasta = mottaget.versioner(katalog, logg, str(period), enhet.id), mottaget.olasta(logg, str(period), enhet.id)
    trasiga = [f"Den nyaste, {fil}, går inte att läsa. Se varför med: kommunrapport validera --period {period}" for fil in olasta]
    if len(versioner) < 2:
        antal = "bara en läsbar mottagen bok" if versioner else "ingen mottagen bok"
        inget = ", alltså inget att jämföra" if versioner else ""
        rad = f"Det finns {antal} från {enhet.namn} för {period}{inget}."
        raise SaknasFel(rad, *(trasiga or ["En bok tas emot när rapporten skrivs eller batch körs."]))
    j = jamfor_inlamningar(versioner[-2], versioner[-1], arbete)
    return replace(j, ojamforbart=(*j.ojamforbart, *trasiga))


def _spar_for(katalog: Path, period: Period) -> Spar:
    """Spåret så som det blir om rapporten skrivs nu."""
    s, rapport = _periodens(katalog, period)
    return spar_ur(spar_av(rapport, s.rakning, underlag_av(s.filer, s.inlamningar)))


def _periodens(katalog: Path, period: Period) -> tuple[Sammanstallning, Rapport]:
    s = sammanstall(katalog, period, las_periodmall(las_arbetskatalog(katalog), period).post.kommando)
    return s, bygg_rapport(s)


def _harled(s: Sammanstallning, rapport: Rapport, tabell: str, rad: str, kolumn: str) -> Nod:
    listor = {t.id: t for t in (*rapport.alla_tabeller, *rapport.texttal) if t.id not in s.rakning.planer}
    if tabell.count(".") >= 2 and not rad:
        tabell, _, rest = tabell.partition(".")
        rad, _, kolumn = rest.rpartition(".")
    titlar = {p.id: p.titel for p in s.rakning.planer.values()} | {t.id: t.titel for t in listor.values()}
    tabell = harledning.hitta_tabell(tabell, titlar)
    if tabell in listor:
        return harledning.i_lista(listor[tabell], rad, kolumn, s.rakning)
    return s.rakning.harled(harledning.hitta(s.rakning, tabell, rad, kolumn))


def kommandots_period(arbete: Arbetskatalog, period: Period, kommando: str) -> Period:
    """Perioden som kommandot skriver för månaden: bokslutskommunikéns är det preliminära bokslutet.

    Fel: AnvandningsFel när årshjulet har en annan rapport, eller ingen, för perioden.
    """
    manadens = [p for p in arbete.arshjul.period if p.manad == period.manad and p.finns(period.ar) and period.variant in ("", p.variant)]
    traff = next((p for p in manadens if p.kommando == kommando), None)
    if traff is not None:
        return traff.period(period.ar)
    if not manadens:
        las_periodmall(arbete, replace(period, variant=LAGESBILD if kommando == "lagesbild" else period.variant))
    har = [f"{p.rapporttyp.lower()} (kommunrapport {p.kommando} --period {p.manad_i(period.ar)})" for p in manadens]
    rader = [f"{period} är {rakna_upp(har, mellan='eller')} i årshjulet {arbete.arshjul.namn}."]
    if kommando == "lagesbild":
        raise AnvandningsFel(ingen_period(arbete.arshjul, replace(period, variant=LAGESBILD)), *rader)
    egna = [p for p in arbete.arshjul.period if p.kommando == kommando]
    if egna:
        rader.append(f"Kommandot {kommando} skriver {egna[0].rapporttyp.lower()} för {rakna_upp([p.manad_i(period.ar) for p in egna])}.")
    else:
        rader.append(f"Kommandot {kommando} används inte i det årshjulet.")
    raise AnvandningsFel(*rader)
