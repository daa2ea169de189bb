"""Bekräftar att en lämnad bok är klar: klarmarkeringen binds till filen så som den är nu."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kommunrapport import journal
from kommunrapport.bevarande import handelser, mottaget
from kommunrapport.bevarande.ensam import ensam
from kommunrapport.bevarande.handelser import INLAMNAD, KLARMARKERAD, Handelse
from kommunrapport.inlasning.bok import Inlamning
from kommunrapport.inlasning.manifest import las_manifest
from kommunrapport.jamforelse.inlamningar import jamfor_inlamningar
from kommunrapport.jamforelse.modell import Jamforelse
from kommunrapport.karna.anmarkning import Allvar, Anmarkning
from kommunrapport.karna.fel import AnmarkningsFel, AnvandningsFel, SaknasFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.organisation import Enhetspost, valda_enheter
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog
from kommunrapport.periodfiler import Periodfiler, periodfiler
from kommunrapport.provning import Provning, prova
from kommunrapport.samling import samla
from kommunrapport.status.meningar import plats

_VISAS = 3
"""Så många av felen räknas upp."""


@dataclass(frozen=True)
class Klarmarkerat:
    """Boken som är klarmarkerad, eller som kan bli det. ``redan`` är om den var det innan.

    ``forra`` är när den förra markeringen gjordes, tomt när ingen finns. ``andrat`` är vad som har ändrats sedan dess: None när det inte går
    att säga, och då säger ``hinder`` varför.
    """

    enhet: str
    period: str
    fil: str
    redan: bool
    forra: str = ""
    andrat: Jamforelse | None = None
    hinder: str = ""

    def som_data(self) -> dict[str, Any]:
        """Svaret som uppslag, för JSON."""
        return {**vars(self), "andrat": self.andrat.som_data() if self.andrat else None}


def klarmarkera(katalog: Path, enhet: str, period: Period, *, trots_fel: bool = False, torr: bool = False) -> Klarmarkerat:
    """Antecknar i händelseloggen att enhetens bok är klar så som den är nu, och bevarar den; ``torr`` skriver inget.

    Fel: AnvandningsFel när enheten eller perioden inte finns eller bara har en SIE-fil, SaknasFel när ingen bok är lämnad, AnmarkningsFel
    när boken säger att den inte är klar, eller har fel och ``trots_fel`` inte är sant, LastFel när en annan körning pågår.
    """
    arbete = las_arbetskatalog(katalog)
    (post,) = valda_enheter(arbete.organisation, [enhet])
    with ensam(katalog, f"klarmarkera {period}"):
        filer = periodfiler(arbete, period)
        p = prova(samla(arbete, period))
        filer.krav_pa_stillhet()
        bok = _boken(p, post)
        svaren = {f.rad: f.text for f in bok.fakta if (f.tabell, f.kolumn) == (journal.FORSATT, journal.SVAR)}
        _granska(p, post, bok, svaren.get("klarmarkerad", ""), trots_fel=trots_fel)
        loggen = handelser.las(katalog).handelser
        nya, redan = _nya(p, filer, loggen, bok, svaren.get("klardatum", ""))
        svar = Klarmarkerat(post.namn, str(period), bok.fil, redan, *(_sedan_forra(arbete, filer, loggen, bok) if not redan else ()))
        if not torr:
            for h in nya:
                if h.slag == INLAMNAD:
                    mottaget.bevara(katalog, filer.bocker[h.fil], h)
            handelser.skriv(katalog, nya)
    return svar


def _sedan_forra(arbete: Arbetskatalog, filer: Periodfiler, loggen: Sequence[Handelse], bok: Inlamning) -> tuple[str, Jamforelse | None, str]:
    """När boken förra gången klarmarkerades, vad som har ändrats sedan dess, och annars varför det inte går att säga."""
    egna = [h for h in loggen if h.period == str(filer.period)]
    marke, nar = journal.markt_bok(egna, bok.enhet), journal.nar_klarmarkerad(egna, bok.enhet)
    if marke is None:
        return "", None, ""
    forra = mottaget.kopian(arbete.katalog, marke)
    if not forra.is_file():
        return nar, None, "Boken som klarmarkerades då är inte bevarad."
    try:
        return nar, jamfor_inlamningar(forra, filer.bocker[bok.fil], arbete), ""
    except AnvandningsFel as fel:
        return nar, None, " ".join(fel.rader)


def bokens(katalog: Path, fil: Path) -> tuple[str, Period]:
    """Enheten och perioden som en inlämnad bok gäller. Fel: AnvandningsFel när filen inte ligger bland periodens inlämningar."""
    manifest = las_manifest(fil)
    period = manifest.tolkad_period if manifest else None
    if manifest is None or period is None:
        raise AnvandningsFel(f"{fil} är ingen inlämningsbok som går att läsa. Pröva den med kommunrapport validera.")
    mapp = las_arbetskatalog(katalog).inlamnat(period)
    if fil.resolve().parent != mapp.resolve():
        raise AnvandningsFel(f"{fil} ligger inte i {mapp}. Bara en lämnad bok kan klarmarkeras.")
    return manifest.enhet, period


def _boken(p: Provning, enhet: Enhetspost) -> Inlamning:
    lamnade = [i for i in p.inlamningar.filer if i.enhet == enhet.id and i.fakta] if enhet.id in p.inlamningar.lamnat else []
    bok = next((i for i in lamnade if not i.sie), None)
    if bok is not None:
        return bok
    if lamnade:
        raise AnvandningsFel(f"{enhet.namn} har bara lämnat en SIE-fil för {p.samling.period}. Den klarmarkeras inte.")
    raise SaknasFel(f"{enhet.namn} har ingen bok för {p.samling.period} som går att använda. Se kommunrapport status --period {p.samling.period}.")


def _granska(p: Provning, enhet: Enhetspost, bok: Inlamning, markerad: str, *, trots_fel: bool) -> None:
    if markerad != "Ja":
        raise AnmarkningsFel(
            f"I {Path(bok.fil).name} står inte Ja vid Klarmarkerad på försättsbladet. Ingenting är klarmarkerat.",
            "Välj Ja i boken, spara och kör igen.",
        )
    felen = [a for a in p.anmarkningar if (a.enhet == enhet.id or a.plats.fil == bok.fil) and p.katalog.allvar(a) >= Allvar.FEL]
    if felen and not trots_fel:
        raise AnmarkningsFel(
            f"{enhet.namn} har {p.katalog.rakning(felen)} för {p.samling.period}. Ingenting är klarmarkerat.",
            *(_felet(p, a) for a in felen[:_VISAS]),
            "Rätta felen, eller kör igen med --trots-fel om boken ändå är klar.",
        )


def _felet(p: Provning, a: Anmarkning) -> str:
    var = plats({"blad": a.plats.blad, "celler": a.plats.celler, "rad": a.plats.rad, "kolumn": a.plats.kolumn})
    return f"  {a.kod}{f' {var}' if var else ''}: {p.katalog.mening(a)}"


def _nya(p: Provning, filer: Periodfiler, loggen: Sequence[Handelse], bok: Inlamning, klardag: str) -> tuple[list[Handelse], bool]:
    """Det som är nytt med inlämningarna, och klarmarkeringen om den inte redan gäller."""
    period = str(p.samling.period)
    egna = [h for h in loggen if h.period == period]
    redan = journal.klarmarkering(egna, bok.enhet).lage == "ja"
    nya = journal.nya_handelser(p, filer, loggen)
    if journal.klarmarkering([*egna, *nya], bok.enhet).lage == "ja":
        return nya, redan
    uppgifter = {"klardag": klardag, "bekraftad_av": _vem()}
    return [*nya, Handelse(KLARMARKERAD, period, bok.enhet, bok.fil, filer.inlamnade.get(bok.fil, ""), uppgifter)], False


def _vem() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
