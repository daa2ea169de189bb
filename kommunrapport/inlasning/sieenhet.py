"""Vilken enhet en SIE-fil hör till: efter organisationsnummer, företagets namn eller filens namn, i den ordningen."""

from pathlib import Path
from typing import NamedTuple

from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.sie.lasare import las_foretag
from kommunrapport.karna.orgnr import normaliserat, visat
from kommunrapport.karna.sprak import nyckel
from kommunrapport.mall.organisation import Enhetspost, Organisation

SIETYPER = (".se", ".si", ".sie")


class Foretag(NamedTuple):
    """Det som SIE-filen säger om vem den gäller, och filens namn."""

    orgnr: str
    namn: str
    fil: str

    def __str__(self) -> str:
        return ", ".join(del_ for del_ in (self.namn, visat(normaliserat(self.orgnr))) if del_) or "ett företag utan namn"


def ar_sie(fil: Path) -> bool:
    return fil.suffix.lower() in SIETYPER


def hitta_enhet(foretag: Foretag, organisation: Organisation) -> Enhetspost | None:
    """Enheten, eller None när det inte går att veta. En enhet med ett annat organisationsnummer än filens är aldrig svaret."""
    orgnr = normaliserat(foretag.orgnr)
    enhet = next((e for e in organisation.enhet if orgnr and e.orgnr == orgnr), None)
    enhet = enhet or _efter_namn(foretag.namn, organisation) or _efter_filnamn(foretag.fil, organisation)
    return enhet if enhet and not annat_orgnr(foretag, enhet) else None


def annat_orgnr(foretag: Foretag, enhet: Enhetspost) -> bool:
    """Om både filen och enheten har ett organisationsnummer och de skiljer sig."""
    orgnr = normaliserat(foretag.orgnr)
    return bool(orgnr and enhet.orgnr and enhet.orgnr != orgnr)


def filens_enhet(fil: Path, organisation: Organisation) -> Enhetspost | None:
    """Enheten efter filens början, utan att resten läses; None när filen inte går att läsa eller enheten inte att veta."""
    try:
        orgnr, namn = las_foretag(fil)
    except Olasbar:
        return None
    return hitta_enhet(Foretag(orgnr, namn, fil.name), organisation)


def _efter_namn(namn: str, organisation: Organisation) -> Enhetspost | None:
    """Kommunens eget namn är finansförvaltningens: det är den som lämnar hela kommunens räkningar."""
    if not namn:
        return None
    finans = organisation.med_slag("finansforvaltning")
    if len(finans) == 1 and nyckel(namn) == nyckel(organisation.kommun.namn):
        return finans[0]
    return organisation.sok(namn)


def _efter_filnamn(fil: str, organisation: Organisation) -> Enhetspost | None:
    """Filen heter som enhetens id, eller börjar med enhetens namn; det längsta namnet går före."""
    stam = nyckel(Path(fil).stem)
    med_id = next((e for e in organisation.enhet if stam == nyckel(e.id)), None)
    borjar = [(len(namn), e) for e in organisation.enhet for namn in (e.namn, *e.tidigare_namn) if _borjar_med(stam, nyckel(filnamn_for(namn)))]
    return med_id or (max(borjar, key=lambda par: par[0])[1] if borjar else None)


def _borjar_med(stam: str, namn: str) -> bool:
    return bool(namn) and stam.startswith(namn) and not stam[len(namn) : len(namn) + 1].isalnum()
