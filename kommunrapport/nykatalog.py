"""En ny arbetskatalog: kommun.toml, styrfiler att fylla i och de mappar som behövs för de första arbetsböckerna."""

import csv
import io
import json
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from kommunrapport.berakning.koncern.underlag import BOLAGEN, ELIMINERING, KOMMUNEN, KONCERNEN
from kommunrapport.inlasning.filnamn import ar_systemfil
from kommunrapport.inlasning.styrning import STYRFILER, Styrfil
from kommunrapport.karna.fel import AnvandningsFel, UtmatningsFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import beteckning, liten_bokstav, nyckel, rakna_upp
from kommunrapport.mall import lasning
from kommunrapport.mall.arshjulsmall import Arshjul, innehall, las_profiler, vald_profil
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Enhetsslag
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import Arbetskatalog
from kommunrapport.mall.rapportmall import RAPPORTMALLAR
from kommunrapport.mall.startmall import STARTMALL, Startenhet, Startmall, Startrad, Styrfilsord
from kommunrapport.mall.uppstallning import las_uppstallning
from kommunrapport.rapport import utmatning

_UPPTAGNA = (KOMMUNEN, BOLAGEN, ELIMINERING, KONCERNEN)
"""Beteckningar som koncernens tabeller redan använder."""
_MEST_VISADE = 3


@dataclass(frozen=True)
class Onskemal:
    """Det som arbetskatalogen ska börja med. Tomt betyder det som startmallen säger."""

    ar: int
    profil: str = ""
    namn: str = ""
    namnder: Sequence[str] = ()
    bolag: Sequence[str] = ()


@dataclass(frozen=True)
class Nykatalog:
    """En skriven arbetskatalog. ``period`` är årets första i årshjulet, ``andra`` de årshjul som inte valdes."""

    arbete: Arbetskatalog
    period: Period
    andra: tuple[Arshjul, ...]
    skrivna: tuple[Path, ...]


def skapa(katalog: Path, onskemal: Onskemal) -> Nykatalog:
    """Skriver arbetskatalogen.

    Fel: AnvandningsFel om mappen inte är tom eller om det som begärs inte går att använda, UtmatningsFel om det inte går att skriva.
    """
    _granska_mappen(katalog)
    kalla = Mallkalla.for_katalog(katalog)
    _granska_aret(kalla, onskemal.ar)
    start = kalla.las(STARTMALL, Startmall)
    profiler = las_profiler(kalla)
    profil = vald_profil(profiler, onskemal.profil or start.profil)
    text = _Texter(kalla, start, profil, profiler, onskemal.ar, _rensat(onskemal.namn) or start.kommun, tuple(_enheter(start, onskemal)))
    kommuntoml = text.kommuntoml()
    arbete = Arbetskatalog(katalog, lasning.tolka(Organisation, tomllib.loads(kommuntoml), "kommun.toml"), kalla)
    filer = {"kommun.toml": _som_fil(kommuntoml), **text.lasmig(), **dict(_styrfiler(arbete, text))}
    skrivna = utmatning.skriv_mapp(katalog, filer, ("inlamnat",))
    return Nykatalog(arbete, text.period, tuple(p for p in profiler if p != profil), tuple(skrivna))


def _granska_mappen(katalog: Path) -> None:
    """Fel: AnvandningsFel när mappen har något i sig, eller är en fil."""
    try:
        finns = sorted(f.name for f in katalog.iterdir() if not ar_systemfil(f)) if katalog.exists() else []
    except NotADirectoryError as fel:
        raise AnvandningsFel(f"{katalog} är en fil. Ange en mapp som inte finns eller som är tom.") from fel
    except OSError as fel:
        raise UtmatningsFel(f"Mappen {katalog} går inte att läsa. Kontrollera sökvägen och behörigheten.") from fel
    if "kommun.toml" in finns:
        raise AnvandningsFel(
            f"Mappen {katalog} är redan en arbetskatalog: kommun.toml finns där. Ingenting är ändrat.",
            "Ändra i den, eller ange en mapp som inte finns eller som är tom.",
        )
    if finns:
        namn = rakna_upp([*finns[:_MEST_VISADE], *([f"{len(finns) - _MEST_VISADE} till"] if len(finns) > _MEST_VISADE else [])])
        raise AnvandningsFel(f"Mappen {katalog} är inte tom: där finns {namn}. Ingenting är ändrat.", "Ange en mapp som inte finns eller som är tom.")


def _granska_aret(kalla: Mallkalla, ar: int) -> None:
    """Fel: AnvandningsFel om ingen mall gäller året."""
    forsta = min(kalla.namn("inlamning"))[:4]
    if str(ar) < forsta:
        raise AnvandningsFel(f"Mallarna gäller från och med {forsta}, inte {ar}. Ange ett senare år med --ar.")


def _rensat(namn: str) -> str:
    """Namnet på en rad, med hela tecken och utan dem som inte syns."""
    return "".join(tecken for tecken in " ".join(unicodedata.normalize("NFC", namn).split()) if tecken.isprintable())


def _enheter(start: Startmall, onskemal: Onskemal) -> Iterator[Startenhet]:
    """De angivna nämnderna, annars startmallens, och därefter finansförvaltningen och bolagen."""
    sedda: set[str] = set()
    upptagna = {*_UPPTAGNA, *(e.id for e in start.enhet)}
    kanda = {(e.slag, nyckel(e.namn)): e for e in start.enhet}
    namnder = onskemal.namnder or [e.namn for e in start.enhet if e.slag == "namnd"]
    finans = [e.namn for e in start.enhet if e.slag == "finansforvaltning"]
    grupper: tuple[tuple[Enhetsslag, Sequence[str]], ...] = (("namnd", namnder), ("finansforvaltning", finans), ("bolag", onskemal.bolag))
    for slag, alla in grupper:
        for namn in map(_rensat, alla):
            if not beteckning(namn):
                raise AnvandningsFel(f"”{namn}” går inte att använda som namn på en enhet. Skriv ett namn med bokstäver, till exempel Socialnämnden.")
            if nyckel(namn) in sedda:
                raise AnvandningsFel(f"{namn} förekommer två gånger bland enheterna. Ange varje enhet en gång; finansförvaltningen läggs alltid in.")
            sedda.add(nyckel(namn))
            kand = kanda.get((slag, nyckel(namn)))
            yield kand or Startenhet(id=_ledig(namn, upptagna), namn=namn, slag=slag, verksamhet=_verksamheter(start, slag))


def _verksamheter(start: Startmall, slag: Enhetsslag) -> tuple[Startrad, ...]:
    return (start.verksamhet,) if slag == "namnd" else ()


def _ledig(namn: str, upptagna: set[str]) -> str:
    """En beteckning som ingen annan har; ``upptagna`` får den nya."""
    id_ = grund = beteckning(namn)
    nr = 1
    while id_ in upptagna:
        nr += 1
        id_ = f"{grund}-{nr}"
    upptagna.add(id_)
    return id_


@dataclass(frozen=True)
class _Texter:
    """Texterna i arbetskatalogen, ur mallarna i mallar/ny/."""

    kalla: Mallkalla
    start: Startmall
    profil: Arshjul
    profiler: tuple[Arshjul, ...]
    ar: int
    kommun: str
    enheter: tuple[Startenhet, ...]

    @property
    def period(self) -> Period:
        """Årets första period i årshjulet."""
        return Period(self.ar, min(p.manad for p in self.profil.period))

    def kommuntoml(self) -> str:
        profiler = [{"id": p.id, "innehall": innehall(p)} for p in self.profiler]
        kort = self.kommun.removesuffix(" kommun")
        return self._fyll(
            "kommun.toml", kommun=self.kommun, kort_namn=kort, profiler=profiler, profil=self.profil.id, grupp=self.start.grupp, enheter=self.enheter
        )

    def lasmig(self) -> dict[str, bytes]:
        """Väg → innehåll för de två filer som förklarar arbetskatalogen."""
        profil = {"namn": self.profil.namn, "innehall": innehall(self.profil)}
        rot = self._fyll("las-mig.txt", kommun=self.kommun, ar=self.ar, period=self.period, profil=profil, rapport=self._forsta_rapporten())
        ord_ = {o.fil: o for o in self.start.styrfil}
        filer = [(ord_.get(form.namn), _om_filen(form, ord_.get(form.namn), self.ar)) for form in STYRFILER]
        forst, vid_behov = ([f for o, f in filer if bool(o and o.forst) == valt] for valt in (True, False))
        styrning = self._fyll("styrning.txt", ar=self.ar, forst=forst, vid_behov=vid_behov)
        return {"LÄS-MIG.txt": _som_fil(rot, bom=True), "styrning/LÄS-MIG.txt": _som_fil(styrning, bom=True)}

    def _forsta_rapporten(self) -> Mapping[str, object] | None:
        """Årets första rapport som programmet skriver."""
        poster = sorted((p for p in self.profil.period if p.kommando in RAPPORTMALLAR), key=lambda p: p.manad)
        if not poster:
            return None
        return {"namn": liten_bokstav(poster[0].rapporttyp), "kommando": poster[0].kommando, "period": Period(self.ar, poster[0].manad)}

    def _fyll(self, mall: str, **varden: object) -> str:
        miljo = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True, autoescape=False)  # noqa: S701  inte HTML
        miljo.filters["toml"] = lambda text: json.dumps(text, ensure_ascii=False)
        return miljo.from_string(self.kalla.fil(f"ny/{mall}.jinja").read_text(encoding="utf-8")).render(varden)


def _om_filen(form: Styrfil, ord_: Styrfilsord | None, ar: int) -> Mapping[str, object]:
    """En styrfil så som LÄS-MIG beskriver den."""
    kolumner = "; ".join((*form.kolumner, *(f"({namn})" for namn in form.valfria)))
    exempel = [";".join(rad.get(namn, "") for namn in _kolumner(form)) for rad in (ord_.exempel if ord_ else ())]
    vag = form.vag(ar).removeprefix("styrning/")
    return {"vag": vag, "kolumner": kolumner, "rubrik": ord_.rubrik if ord_ else "", "text": ord_.text if ord_ else "", "exempel": exempel}


def _kolumner(form: Styrfil) -> tuple[str, ...]:
    return (*form.kolumner, *form.valfria)


def _styrfiler(arbete: Arbetskatalog, text: _Texter) -> Iterator[tuple[str, bytes]]:
    """Varje styrfil med sin rubrikrad, och de rader som går att veta: verksamheterna och resultaträkningens poster, utan belopp."""
    poster = las_uppstallning(arbete.mallkalla, "resultat", text.period, arbete.organisation).rad
    rader: dict[str, list[dict[str, str]]] = {
        "drift": [{"enhet": e.id, "rad": v.rad, "benamning": v.benamning} for e in text.enheter for v in e.verksamhet],
        "resultat": [{"rad": r.id} for r in poster if r.post and r.plats in ("", "blad")],
    }
    for form in STYRFILER:
        ut = io.StringIO()
        skrivare = csv.DictWriter(ut, _kolumner(form), delimiter=";", lineterminator="\n")
        skrivare.writeheader()
        skrivare.writerows(rader.get(form.tabell, ()))
        yield form.vag(text.ar), _som_fil(ut.getvalue(), bom=True)


def _som_fil(text: str, *, bom: bool = False) -> bytes:
    """UTF-8 med Windows radslut. ``bom`` är märket som gör att Excel och Anteckningar läser å, ä och ö rätt."""
    return text.replace("\n", "\r\n").encode("utf-8-sig" if bom else "utf-8")
