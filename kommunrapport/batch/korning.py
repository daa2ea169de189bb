"""En natts körning: varje öppen period prövas om något har ändrats, och dess rapport skrivs om. Ett fel stoppar inte nästa period."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from kommunrapport import floden, kopior
from kommunrapport.arshjulet import oppna_perioder
from kommunrapport.batch import tillstand
from kommunrapport.batch.bestallning import I_ORD
from kommunrapport.batch.logg import MAPP, Logg
from kommunrapport.bevarande import handelser, mottaget
from kommunrapport.bevarande.arkiv import andrade_inlamningar
from kommunrapport.bevarande.ensam import ensam
from kommunrapport.bevarande.handelser import Handelse
from kommunrapport.jamforelse.inlamningar import jamfor_inlamningar
from kommunrapport.karna.anmarkning import SAKNAD_INLAMNING, Allvar
from kommunrapport.karna.fel import KommunrapportFel, Slutkod, UtmatningsFel, gravaste
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.arkivmapp import versioner
from kommunrapport.mall.dokumentmall import las_dokumentmall
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog, las_periodmall
from kommunrapport.periodfiler import periodfiler
from kommunrapport.rapport import utmatning
from kommunrapport.rapport.anmarkningslista import i_korthet, som_lista
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.status.sida import skriv_status
from kommunrapport.tillganglighet.granskning import ANDELSER, granska_fil

KOMMENTERADE = "kommenterade"
_VISADE = 20


@dataclass(frozen=True)
class Val:
    """Vad som körs: perioderna (annars de öppna), och hur. ``torr`` skriver inget, ``om`` gör om också det oförändrade."""

    perioder: tuple[Period, ...] = ()
    torr: bool = False
    om: bool = False
    enheter: bool = False
    pdf: Path | None = None

    @property
    def form(self) -> str:
        """Det som avgör vilka filer som skrivs."""
        return f"enheter={int(self.enheter)} pdf={int(self.pdf is not None)}"


@dataclass(frozen=True)
class Utfall:
    """Hur det gick med en period, det som prövades när den gjordes om, och vilka som saknas."""

    kod: Slutkod
    provad: floden.Sammanstallning | None = None
    saknas: Sequence[str] = ()
    """Namnen på dem som inte har lämnat."""


def kor(katalog: Path, val: Val, logg: Logg, nar: Tillfalle) -> Slutkod:
    """Kör perioderna och ger den gravaste slutkoden. Allt som händer står i loggen; inget undantag lämnar funktionen."""
    start = time.monotonic()
    kod = _sakert(logg, "", partial(_kor, katalog, val, logg, nar)).kod
    logg.skriv(f"{'Inget är skrivet (--torr). ' if val.torr else ''}Färdig efter {time.monotonic() - start:.0f} s, slutkod {int(kod)}: {I_ORD[kod]}.")
    return kod


def loggmapp(katalog: Path, val: Val) -> Path | None:
    """Mappen för loggfilerna; ingen vid --torr eller när katalogen inte är en arbetskatalog."""
    return None if val.torr or not (katalog / "kommun.toml").is_file() else katalog / MAPP


def _sakert(logg: Logg, period: str, gor: Callable[[], Utfall]) -> Utfall:
    """Gör det, och ger utfallet också när det inte gick."""
    try:
        return gor()
    except KommunrapportFel as fel:
        for rad in fel.rader:
            logg.fel(rad, period=period)
        return Utfall(Slutkod(fel.slutkod))
    except Exception as fel:  # noqa: BLE001  en period får inte stoppa de andra
        spar = traceback.extract_tb(fel.__traceback__)[-1]
        logg.fel(f"Internt fel i programmet: {type(fel).__name__}: {fel} ({Path(spar.filename).name}, rad {spar.lineno}).", period=period)
        return Utfall(Slutkod.INTERNT)


def _kor(katalog: Path, val: Val, logg: Logg, nar: Tillfalle) -> Utfall:
    arbete = las_arbetskatalog(katalog)
    logg.skriv(f"{arbete.organisation.kommun.namn}, {katalog.resolve().as_posix()}")
    perioder = sorted(val.perioder or oppna_perioder(arbete, nar.dag))
    if perioder:
        logg.skriv(f"{'Perioder' if val.perioder else 'Öppna perioder'}: {rakna_upp([str(p) for p in perioder])}.")
    else:
        logg.skriv("Ingen period är öppen enligt årshjulet. Ange en med --period.")
    with nullcontext() if val.torr else ensam(katalog, "batch") as avbruten:
        if avbruten:
            logg.varna(f"En tidigare körning bröts av: {avbruten}.")
        utfall = {p: _sakert(logg, str(p), partial(_perioden, arbete, p, val, logg, nar.dag)) for p in perioder}
        sist = [] if val.torr else [partial(_lagessida, katalog, logg, nar, utfall), partial(_prova_loggen, katalog, logg)]
        ovriga = [_sakert(logg, "", gor) for gor in sist]
    return Utfall(gravaste([u.kod for u in (*utfall.values(), *ovriga)]))


def _prova_loggen(katalog: Path, logg: Logg) -> Utfall:
    """Händelseloggens kedja ska hålla."""
    brister = handelser.las(katalog).brister
    for brist in brister:
        logg.fel(brist, fil=handelser.FILNAMN)
    return Utfall(Slutkod.ANMARKNINGAR if brister else Slutkod.KLART)


def _lagessida(katalog: Path, logg: Logg, nar: Tillfalle, utfall: Mapping[Period, Utfall]) -> Utfall:
    """Skriver läget i de öppna perioderna. Det som nyss prövades läses inte en gång till."""
    provade = {p: (u.provad, u.provad.filer) for p, u in utfall.items() if u.provad}
    sida = skriv_status(katalog, las_lage(katalog, nar, provade=provade))
    logg.skriv(f"Skrivet: {sida.name}", fil=sida.name)
    return Utfall(Slutkod.KLART)


def _perioden(arbete: Arbetskatalog, period: Period, val: Val, logg: Logg, idag: date) -> Utfall:
    post = las_periodmall(arbete, period).post
    if versioner(arbete.katalog, period):
        logg.skriv("Rapporten är fastställd och görs inte om.", period=str(period))
        if andrade := andrade_inlamningar(arbete, period):
            logg.varna(f"inlamnat/{period} har ändrats efter fastställandet: {rakna_upp(andrade[:5])}.", period=str(period))
        return Utfall(Slutkod.KLART)
    filer = periodfiler(arbete, period)
    forra = tillstand.las(arbete, filer)
    sista = post.klar_senast(period.slut)
    if not filer.inlamnade:
        _logga_att_det_saknas("Ingen har lämnat", "upplysning", sista, idag, logg, period)
        return Utfall(Slutkod.SAKNAS if idag > sista else Slutkod.KLART)
    _logga_skillnader(tillstand.skillnader(forra, filer), logg, period)
    if forra and not val.om and forra.galler(filer, val.form):
        utfall = Utfall(Slutkod(forra.slutkod), saknas=forra.saknas)
        logg.skriv(f"Inget har ändrats sedan förra körningen: {I_ORD[utfall.kod]}. Rapporten görs inte om.", period=str(period))
        for mening in forra.fel:
            logg.fel(mening, period=str(period))
    elif val.torr:
        logg.skriv(f"Skulle pröva {len(filer.inlamnade)} filer och skriva {post.rapporttyp.lower()} i rapporter/{period}/.", period=str(period))
        utfall = Utfall(Slutkod.KLART)
    else:
        utfall = _gor_om(arbete, period, val, logg)
    if utfall.saknas:
        _logga_att_det_saknas(f"Inlämning saknas från {rakna_upp(utfall.saknas)}", "varning", sista, idag, logg, period)
    ingen_brist = utfall.kod == Slutkod.SAKNAS and idag <= sista
    return replace(utfall, kod=Slutkod.KLART) if ingen_brist else utfall


def _logga_att_det_saknas(mening: str, niva: str, sista: date, idag: date, logg: Logg, period: Period) -> None:
    """Det är ett fel först när sista dagen har passerat."""
    sen = idag > sista
    logg.skriv(f"{mening}. Sista dagen {'var' if sen else 'är'} {datum_i_ord(sista)}.", "fel" if sen else niva, period=str(period))


def _logga_skillnader(skillnader: Iterable[tuple[str, str]], logg: Logg, period: Period) -> None:
    visade = [(vad, vag) for vad, vag in skillnader if not vag.startswith(("rapporter/", "arkiv/"))]
    egna = [(vad, vag) for vad, vag in visade if vag.startswith(f"inlamnat/{period}/")] or visade
    for vad, vag in egna[:_VISADE]:
        logg.skriv(f"{vad}: {vag}", period=str(period), fil=vag)
    if len(visade) > len(egna[:_VISADE]):
        logg.skriv(f"… och {len(visade) - len(egna[:_VISADE])} andra filer som rapporten görs av.", period=str(period))


def _gor_om(arbete: Arbetskatalog, period: Period, val: Val, logg: Logg) -> Utfall:
    """Prövar perioden och skriver rapport, kommenterade kopior och, om så är valt, enheternas rapporter."""
    s = floden.sammanstall(arbete.katalog, period, las_periodmall(arbete, period).post.kommando)
    felen = _logga_provningen(s, logg)
    tidigare = handelser.las(arbete.katalog).handelser
    koder, skrivna = [s.slutkod], list[Path]()
    for skriv in _skrivningar(s, val):
        try:
            skrivna += skriv()
        except UtmatningsFel as fel:
            koder.append(Slutkod.UTMATNING)
            for rad in fel.rader:
                logg.fel(rad, period=str(period))
    for fil in skrivna:
        logg.skriv(f"Skrivet: {_vag(arbete, fil)}", period=str(period), fil=_vag(arbete, fil))
        if utmatning.ar_bredvid(fil.name):
            logg.varna(f"{utmatning.ordinarie(fil.name)} är redigerad eller öppen och lämnas; det nya är {fil.name}.", period=str(period))
    _logga_nya_bocker(s, tidigare, logg)
    koder.append(_granska(arbete, skrivna, logg, period))
    kod = gravaste(koder)
    namn = {e.id: e.namn for e in arbete.organisation.enhet}
    saknas = [namn[a.enhet] for a in s.anmarkningar if a.kod == SAKNAD_INLAMNING]
    if Slutkod.UTMATNING not in koder:
        tillstand.skriv(s.filer, skrivna, kod, val.form, felen, saknas)
    return Utfall(kod, s, saknas)


def _skrivningar(s: floden.Sammanstallning, val: Val) -> Iterator[Callable[[], list[Path]]]:
    yield partial(floden.skriv_rapport, s, bredvid=True, pdf_med=val.pdf)
    lamnat = [e.id for e in s.arbete.organisation.enhet if e.id in s.inlamningar.lamnat and e.slag != "finansforvaltning"]
    if val.enheter and s.rapportmall.enhetsrapport and lamnat:
        yield partial(floden.skriv_rapport, s, lamnat, bredvid=True, pdf_med=val.pdf)
    yield partial(kopior.skriv_anmarkta, s, s.arbete.rapporter(s.mall.period) / KOMMENTERADE)


def _logga_provningen(s: floden.Sammanstallning, logg: Logg) -> list[str]:
    """Varje fel med fil och cell, antalet varningar per enhet och vems filer som inte går att räkna. Ger meningarna om felen."""
    period, namn = str(s.mall.period), {e.id: e.namn for e in s.arbete.organisation.enhet}
    grova = [a for a in som_lista(s.anmarkningar, s.katalog, s.arbete.organisation) if a["allvar"] in ("stopp", "fel")]
    felen = [i_korthet(a) for a in grova if a["kod"] != SAKNAD_INLAMNING]
    visade = felen[:_VISADE] + ([f"… och {len(felen) - _VISADE} fel till; alla står i anmarkningar.xlsx."] if len(felen) > _VISADE else [])
    for mening in visade:
        logg.fel(mening, period=period)
    for enhet, enhetsnamn in namn.items():
        egna = [a for a in s.anmarkningar if a.enhet == enhet and s.katalog.allvar(a) == Allvar.VARNING]
        if egna:
            logg.varna(f"{s.katalog.rakning(egna)}.", period=period, enhet=enhetsnamn)
    saknas = {a.enhet for a in s.anmarkningar if a.kod == SAKNAD_INLAMNING}
    if oanvandbara := [namn[e] for e in s.inlamningar.saknas if e not in saknas]:
        logg.varna(f"Det som är lämnat går inte att räkna från: {rakna_upp(oanvandbara)}.", period=period)
    return visade


def _logga_nya_bocker(s: floden.Sammanstallning, tidigare: Sequence[Handelse], logg: Logg) -> None:
    """Vad som skiljer i varje bok som har lämnats på nytt, mot den förra."""
    katalog, period, nu = s.arbete.katalog, str(s.mall.period), handelser.las(s.arbete.katalog).handelser
    for e in s.arbete.organisation.enhet:
        fore, efter = (mottaget.versioner(katalog, h, period, e.id) for h in (tidigare, nu))
        if fore and efter and fore[-1] != efter[-1]:
            try:
                vad = jamfor_inlamningar(fore[-1], efter[-1], s.arbete).sammanfattning
            except KommunrapportFel as fel:
                vad = fel.rader[0]
            logg.skriv(f"Har lämnat på nytt: {vad}", period=period, enhet=e.namn)


def _granska(arbete: Arbetskatalog, skrivna: Sequence[Path], logg: Logg, period: Period) -> Slutkod:
    """Prövar att dokumenten är tillgängliga."""
    mall, kod = las_dokumentmall(arbete.mallkalla), Slutkod.KLART
    for fil in skrivna:
        granskat = granska_fil(fil, mall) if fil.suffix in ANDELSER else None
        if granskat and granskat.har_fel(mall):
            kod = Slutkod.ANMARKNINGAR
            for a in granskat.anmarkningar:
                logg.fel(
                    f"Dokumentet är inte tillgängligt: {mall.katalog.mening(a)} {mall.katalog.gor_sa(a)}", period=str(period), fil=_vag(arbete, fil)
                )
    return kod


def _vag(arbete: Arbetskatalog, fil: Path) -> str:
    return fil.relative_to(arbete.katalog).as_posix()
