"""Granskar kommunens Wordmallar och rapporternas meningar innan en rapport skrivs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kommunrapport.berakning.koncern.rakningar import KONCERNTABELLER
from kommunrapport.karna.fel import AnvandningsFel, MallFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import liten_bokstav, rakna_upp, stor_bokstav
from kommunrapport.mall.koladaset import WORDMALL as JAMFORELSENS
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.modell import Omradeslista
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog, textrader
from kommunrapport.mall.rapportmall import RAPPORTMALLAR, Rapportmall
from kommunrapport.mall.uppsiktsmall import las_uppsiktsmall
from kommunrapport.mall.uppstallning import las_rapportmall
from kommunrapport.rapport import utmatning, wordmallsdok
from kommunrapport.rapport.mallbrister import Brist, brist
from kommunrapport.rapport.meningsgranskning import granska_meningar
from kommunrapport.rapport.uppsiktstaggar import med_uppsikten
from kommunrapport.rapport.wordgranskning import Granskning, granska_wordmall
from kommunrapport.rapport.wordmallfil import visat_namn
from kommunrapport.rapport.wordtaggar import Taggnamn, diagramnamn, tabellnamn, taggnamn
from kommunrapport.rapport.wordtagguttryck import narmast

_SENASTE = Period(2999, 12)
"""Senare än någon mall."""
_MAPP = "word"
_LASFIL = "~$"
"""Början på namnet på filen som Word har medan ett dokument är öppet."""


@dataclass(frozen=True)
class Mallprov:
    """En Wordmall som en rapport använder, och vad som är fel i den."""

    fil: Path
    rapport: str
    granskning: Granskning
    upplysningar: tuple[Brist, ...]

    @property
    def brister(self) -> tuple[Brist, ...]:
        return (*self.granskning.brister, *self.upplysningar)


@dataclass(frozen=True)
class _Rapport:
    """En rapport i årshjulet: rapportmallen med allt den kan innehålla, perioden som den gäller, och alla rapporters mallar."""

    arbete: Arbetskatalog
    period: Period
    vag: str
    mall: Rapportmall
    alla: tuple[Rapportmall, ...]

    @property
    def former(self) -> tuple[bool, ...]:
        """Om rapporten är en enhets egen: hela rapporten, och enhetens när den finns."""
        return (False, True) if self.mall.enhetsrapport else (False,)

    def namn(self, *, enhetens: bool) -> Taggnamn:
        kalla = self.arbete.mallkalla
        omraden = kalla.las("omraden.toml", Omradeslista).omrade
        return taggnamn(self.mall, self.alla, textrader(kalla, self.period), omraden, enhetens=enhetens)

    def prova(self, *, enhetens: bool) -> Mallprov:
        """Fel: MallFel när filen inte finns eller inte är ett Worddokument."""
        egen = self.mall.enhetsrapport
        fil = self.arbete.mallkalla.fil(egen.wordmall if enhetens and egen else self.mall.wordmall)
        namn = "enhetens egen rapport" if enhetens else liten_bokstav(self.mall.bestamd)
        granskning = granska_wordmall(fil, self.namn(enhetens=enhetens), namn)
        return Mallprov(fil, namn, granskning, tuple(self._upplysningar(fil, namn, granskning, enhetens=enhetens)))

    def prova_uppsikten(self) -> Mallprov:
        """Underlaget för uppsikt, som har det som en enhets egen rapport har och dessutom sitt eget. Fel: MallFel."""
        kalla, namn = self.arbete.mallkalla, "underlaget för uppsikt"
        fil = kalla.fil(las_uppsiktsmall(kalla, self.period.slut).wordmall)
        return Mallprov(fil, namn, granska_wordmall(fil, med_uppsikten(self.namn(enhetens=True)), namn), ())

    def _upplysningar(self, fil: Path, namn: str, g: Granskning, *, enhetens: bool) -> Iterator[Brist]:
        """Det som rapporten har men mallen inte skriver."""
        krav = {k.plats: k.vad for k in self.mall.krav if f"saknas.{k.plats}" not in g.skrivna}
        if enhetens:
            return
        gemensamma = tabellnamn(self.mall, per_enhet=False) - {self.mall.noter}
        egna = tabellnamn(self.mall, per_enhet=True)
        enheternas = {slag: {vag.rpartition(".")[2] for vag in g.skrivna if f"[].{slag}." in vag} for slag in ("tabell", "diagram")}
        for vad, oskrivna in (
            ("Tabeller", sorted(t for t in gemensamma if f"tabell.{t}" not in g.skrivna)),
            ("Enheternas tabeller", sorted(egna - enheternas["tabell"])),
            ("Diagram", sorted(d for d in diagramnamn(self.mall, per_enhet=False) if f"diagram.{d}" not in g.skrivna)),
            ("Enheternas diagram", sorted(diagramnamn(self.mall, per_enhet=True) - enheternas["diagram"])),
        ):
            if oskrivna:
                yield brist("oanvanda", visat_namn(fil), vad=vad, rapport=namn, namn=", ".join(oskrivna))
        for plats, vad in krav.items():
            yield brist("krav_utan_tagg", visat_namn(fil), vad=stor_bokstav(vad), rapport=namn, namn=plats)


def granska(katalog: Path, perioder: Sequence[Period]) -> list[Brist]:
    """Alla brister i Wordmallar och meningar för periodernas rapporter, var och en en gång. Fel: AnvandningsFel, MallFel."""
    arbete = las_arbetskatalog(katalog)
    rapporter = list({r.vag: r for p in perioder for r in _rapporter(arbete, p)}.values())
    if not rapporter:
        raise AnvandningsFel(f"Årshjulet {arbete.arshjul.namn} har ingen rapport för {rakna_upp([str(p) for p in perioder])}.")
    wordmallar = [b for r in rapporter for enhetens in r.former for b in r.prova(enhetens=enhetens).brister]
    uppsikten = rapporter[-1].prova_uppsikten()
    meningar = [b for r in rapporter for b in granska_meningar(r.mall, r.alla, KONCERNTABELLER)]
    return list(dict.fromkeys([*wordmallar, *uppsikten.brister, *meningar, *_oanvanda_filer(arbete, rapporter[0].alla, uppsikten.fil)]))


def arets_perioder(katalog: Path, ar: int) -> list[Period]:
    """Årshjulets alla perioder det året. Fel: AnvandningsFel, MallFel."""
    return [post.period(ar) for post in las_arbetskatalog(katalog).arshjul.period if post.finns(ar)]


def krav_pa_mallen(arbete: Arbetskatalog, period: Period, kommando: str, *, enhetens: bool) -> None:
    """Prövar mallen som en rapport ska skrivas med. Fel: MallFel med alla brister på en gång."""
    prov = _rapport(arbete, period, kommando).prova(enhetens=enhetens)
    fel = [b.rad for b in prov.granskning.fel]
    if fel:
        raise MallFel(*fel)


def krav_pa_uppsikten(arbete: Arbetskatalog, period: Period, kommando: str) -> frozenset[str]:
    """Prövar underlagets mall och ger vägarna till det som den skriver. Fel: MallFel med alla brister på en gång."""
    prov = _rapport(arbete, period, kommando).prova_uppsikten()
    if prov.granskning.fel:
        raise MallFel(*(b.rad for b in prov.granskning.fel))
    return prov.granskning.skrivna


def kopiera(katalog: Path, namn: str, *, ersatt: bool) -> Path:
    """Lägger den medföljande mallen i arbetskatalogen, att ändra i. Fel: AnvandningsFel, UtmatningsFel."""
    arbete = las_arbetskatalog(katalog)
    finns = {fil.stem: fil for fil in sorted((medfoljande() / _MAPP).glob("*.docx"))}
    if namn.removesuffix(".docx") not in finns:
        raise AnvandningsFel(f"Mallen ”{namn}” finns inte. Det finns {rakna_upp(list(finns))}.")
    forebild = finns[namn.removesuffix(".docx")]
    fil = arbete.katalog / "mallar" / _MAPP / forebild.name
    utmatning.skriv_fil(fil, forebild.read_bytes(), ersatt=ersatt)
    return fil


def dokument(katalog: Path) -> str:
    """Sidan om Wordmallar, med de taggar som arbetskatalogens mallar ger de senaste rapporterna. Fel: AnvandningsFel, MallFel."""
    arbete = las_arbetskatalog(katalog)
    kalla = arbete.mallkalla
    texter = {rad: namn for rad, (_, namn) in textrader(kalla, _SENASTE).items()}
    omraden = kalla.las("omraden.toml", Omradeslista).omrade
    return wordmallsdok.som_markdown(_alla(kalla, _SENASTE, arbete.organisation), texter, omraden)


def _rapporter(arbete: Arbetskatalog, period: Period) -> list[_Rapport]:
    """Rapporterna som årshjulet har för månaden."""
    poster = [p for p in arbete.arshjul.period if p.manad == period.manad and p.finns(period.ar) and period.variant in ("", p.variant)]
    return [_rapport(arbete, p.period(period.ar), p.kommando) for p in poster]


def _rapport(arbete: Arbetskatalog, period: Period, kommando: str) -> _Rapport:
    alla = _alla(arbete.mallkalla, period, arbete.organisation)
    vag = arbete.mallkalla.i_kraft(f"rapport/{RAPPORTMALLAR[kommando]}", period.slut)
    return _Rapport(arbete, period, vag, alla[kommando], tuple(alla.values()))


def _alla(kalla: Mallkalla, period: Period, organisation: Organisation) -> dict[str, Rapportmall]:
    """Kommando → rapportmallen som gäller perioden, med allt den kan innehålla."""
    i_kraft = {k: n for k, n in RAPPORTMALLAR.items() if kalla.har_i_kraft(f"rapport/{n}", period.slut)}
    return {k: las_rapportmall(kalla, namn, period, organisation, koncern=True) for k, namn in i_kraft.items()}


def _oanvanda_filer(arbete: Arbetskatalog, alla: Iterable[Rapportmall], uppsikten: Path) -> Iterator[Brist]:
    """Egna Wordmallar som ingen rapport använder, till exempel för att namnet är felstavat."""
    vagar = {JAMFORELSENS, *(vag for m in alla for vag in (m.wordmall, m.enhetsrapport.wordmall if m.enhetsrapport else "") if vag)}
    anvanda = {uppsikten.name, *(Path(vag).name for vag in vagar)}
    mapp = arbete.katalog / "mallar" / _MAPP
    for fil in sorted(f for f in mapp.glob("*.doc*") if not f.name.startswith(_LASFIL) and f.name not in anvanda):
        nara = narmast(fil.stem, [Path(a).stem for a in anvanda])
        forslag = f"Ska den heta {nara}.docx?" if nara else f"Namnen som används är {rakna_upp(sorted(anvanda))}."
        yield brist("oanvand_fil", visat_namn(fil), forslag=forslag)
