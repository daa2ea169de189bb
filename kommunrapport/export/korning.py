"""Exporten: varje kommun för sig, period för period. En kommun eller period som inte går stoppar inte de andra."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kommunrapport import floden
from kommunrapport.bevarande.arkivkontroll import i_versionen
from kommunrapport.export import parquet
from kommunrapport.export.fakta import faktarader
from kommunrapport.export.oppnadata import PAKET, Utgivare, csv_av, datapaket
from kommunrapport.export.siffror import Siffertabell
from kommunrapport.export.tabeller import TABELLER, Exportdel
from kommunrapport.export.urval import Underlag, beteckning, utan_epost
from kommunrapport.karna.fel import AnvandningsFel, KommunrapportFel, MallFel, SaknasFel, Slutkod, gravaste
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog, las_periodmall
from kommunrapport.rapport.utmatning import skriv_filer

if TYPE_CHECKING:
    import duckdb

CSV, PARQUET = "csv", "parquet"
FORMAT = (CSV, PARQUET)


@dataclass(frozen=True)
class Exportval:
    """Vad som exporteras: perioderna, eller alla som har något inlämnat när inga är angivna, och hur och vart det skrivs."""

    ut: Path
    format: str = CSV
    perioder: tuple[Period, ...] = ()
    med_texter: bool = False
    licens: str = ""
    ersatt: bool = False


@dataclass
class Kommunutfall:
    """Hur det gick för en kommun."""

    katalog: Path
    namn: str = ""
    licens: str = ""
    mapp: Path = Path()
    """Kommunens mapp bland det exporterade."""
    perioder: list[str] = field(default_factory=list)
    utkast: list[str] = field(default_factory=list)
    """De perioder som inte är fastställda."""
    rader: int = 0
    skrivet: list[Path] = field(default_factory=list)
    meddelanden: list[str] = field(default_factory=list)
    koder: list[Slutkod] = field(default_factory=list)

    @property
    def slutkod(self) -> Slutkod:
        return gravaste(self.koder)

    def som_data(self) -> dict[str, Any]:
        """Utfallet som JSON."""
        skrivet = [fil.as_posix() for fil in self.skrivet]
        om = {"kommun": self.namn, "katalog": self.katalog.as_posix(), "perioder": self.perioder, "utkast": self.utkast, "rader": self.rader}
        return {**om, "skrivet": skrivet, "meddelanden": self.meddelanden, "slutkod": int(self.slutkod)}

    def misslyckades(self, fel: Exception, vad: str) -> None:
        """Skriver upp felet, med perioden eller kommunen framför."""
        if isinstance(fel, KommunrapportFel):
            rader, kod = fel.rader, Slutkod(fel.slutkod)
        else:
            led = traceback.extract_tb(fel.__traceback__)[-1]
            rader, kod = (
                (f"Internt fel i programmet: {type(fel).__name__}: {fel} ({Path(led.filename).name}, rad {led.lineno}).",),
                Slutkod.INTERNT,
            )
        self.meddelanden += [f"{vad}: {rad}" for rad in rader]
        self.koder.append(kod)


def exportera(kataloger: Sequence[Path], val: Exportval, visa: Callable[[Kommunutfall], None] = lambda _: None) -> list[Kommunutfall]:
    """Skriver kommunernas filer; ``visa`` får varje kommun när den är klar. Fel: AnvandningsFel när Parquet inte går att skriva."""
    ansluten: AbstractContextManager[duckdb.DuckDBPyConnection | None] = parquet.oppna() if val.format == PARQUET else nullcontext()
    sedda: dict[str, Path] = {}
    utfallen = []
    with ansluten as db:
        for katalog in kataloger:
            u = Kommunutfall(katalog)
            try:
                _kommunen(las_arbetskatalog(katalog), val, db, u, sedda)
            except Exception as fel:  # noqa: BLE001  en kommun får inte stoppa de andra
                u.misslyckades(fel, u.namn or katalog.as_posix())
            visa(u)
            utfallen.append(u)
    return utfallen


def _kommunen(arbete: Arbetskatalog, val: Exportval, db: "duckdb.DuckDBPyConnection | None", u: Kommunutfall, sedda: dict[str, Path]) -> None:
    kommun = arbete.organisation.kommun
    u.namn, u.licens = kommun.namn, val.licens or arbete.organisation.oppna_data.licens
    forst = sedda.setdefault(beteckning(kommun), arbete.katalog)
    if forst != arbete.katalog:
        raise AnvandningsFel(f"{forst.as_posix()} och {arbete.katalog.as_posix()} har samma kort_namn i kommun.toml. Ändra det i den ena.")
    u.mapp = val.ut / f"{'kommun=' if db else ''}{beteckning(kommun)}"
    perioder = sorted({*val.perioder}) or alla_perioder(arbete)
    if not perioder:
        raise SaknasFel(f"Det finns inga inlämningar i {(arbete.katalog / 'inlamnat').as_posix()}.")
    delar, kallor = list[Exportdel](), list[str]()
    for underlag in _underlagen(arbete, perioder, val, u):
        del_, period = _delen(underlag), str(underlag.s.mall.period)
        rader = sum(len(del_.rader(t)) for t in TABELLER)
        if db:
            filer = {f"{t.namn}.parquet": parquet.parquet_av(db, t, del_.rader(t)) for t in TABELLER}
            _skriv(u.mapp / f"period={period}", filer, val, u)
        else:
            delar.append(del_)
            kallor.append(f"{kommun.namn}: {underlag.rapport.titel} {period}, {'fastställd' if underlag.faststalld else 'utkast'}")
        u.perioder.append(period)
        u.rader += rader
    if delar:
        _skriv(u.mapp, _paketet(u, delar, kallor, val), val, u)


def alla_perioder(arbete: Arbetskatalog) -> list[Period]:
    """Perioderna med inlämningar, i tidsordning. Lägesbilder har inga egna siffror och är inte med."""
    mappar = {m.name for rot in ("inlamnat", "arkiv") for m in (arbete.katalog / rot).glob("*") if m.is_dir()}
    poster = [p for p in arbete.arshjul.period if p.kommando != "lagesbild"]
    ar = {int(namn[:4]) for namn in mappar if namn[:4].isdigit()}
    finns = {p for post in poster for a in ar if post.finns(a) and str(p := post.period(a)) in mappar}
    return sorted(p for p in finns if arbete.har_underlag(p))


def _underlagen(arbete: Arbetskatalog, perioder: Sequence[Period], val: Exportval, u: Kommunutfall) -> Iterator[Underlag]:
    """Varje periods underlag, ur arkivet när den är fastställd. En period som inte går att läsa skrivs upp bland felen."""
    for period in perioder:
        try:
            yield _underlaget(arbete, period, val, u)
        except Exception as fel:  # noqa: BLE001  en period får inte stoppa de andra
            u.misslyckades(fel, f"{u.namn} {period}")


def _underlaget(arbete: Arbetskatalog, period: Period, val: Exportval, u: Kommunutfall) -> Underlag:
    rot = arbete.underlag(period)
    faststalld = rot != arbete.katalog
    if faststalld and (brister := i_versionen(rot)):
        raise MallFel(*(f"{(rot / b.fil).as_posix()}: {b.mening}" for b in brister[:5]), "Hämta den ur säkerhetskopian; perioden exporteras inte.")
    egen = las_arbetskatalog(rot) if faststalld else arbete
    s = floden.sammanstall(rot, period, las_periodmall(egen, period).post.kommando)
    if s.slutkod and not faststalld:
        u.koder.append(s.slutkod)
        u.meddelanden.append(f"{u.namn} {period}: {s.katalog.sammanfattning(s.anmarkningar)} Uppgifterna exporterades ändå.")
    if not faststalld:
        u.utkast.append(str(period))
    return Underlag(arbete.organisation.kommun, s, floden.bygg_rapport(s), faststalld, val.med_texter)


def _delen(underlag: Underlag) -> Exportdel:
    siffror = Siffertabell(underlag)
    return Exportdel(*(utan_epost(rader) for rader in (faktarader(underlag), siffror.siffror(), siffror.kallor())))


def _paketet(u: Kommunutfall, delar: Sequence[Exportdel], kallor: Sequence[str], val: Exportval) -> dict[str, bytes]:
    """En kommuns CSV-filer med alla perioder, och datapaketet."""
    filer = {f"{t.namn}.csv": csv_av(t, (rad for d in delar for rad in d.rader(t))) for t in TABELLER}
    return {**filer, PAKET: datapaket(Utgivare(u.namn, u.licens), kallor, med_texter=val.med_texter)}


def _skriv(mapp: Path, filer: dict[str, bytes], val: Exportval, u: Kommunutfall) -> None:
    u.skrivet += skriv_filer(mapp, filer, ersatt=val.ersatt)
