"""Vad som ska jämföras: en bok, en körnings spår eller en period, så som användaren nämnde det."""

from pathlib import Path

from kommunrapport.inlasning.filer import BOKTYPER
from kommunrapport.inlasning.sieenhet import SIETYPER
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.arkivmapp import ARKIV, ar_version, versioner
from kommunrapport.rapport.sparfil import SPAR


def bok(namnd: str, katalog: Path) -> Path | None:
    """Boken, eller None när det inte är en. Fel: AnvandningsFel när den inte finns eller är en SIE-fil."""
    andelse = Path(namnd).suffix.lower()
    if andelse in SIETYPER:
        raise AnvandningsFel(f"{namnd} är en SIE-fil. Bara böcker går att jämföra; två körningar av rapporten visar vad SIE-filen ändrade.")
    if andelse not in BOKTYPER:
        return None
    fil = _finns(namnd, katalog)
    if fil is None:
        raise AnvandningsFel(f"Filen {namnd} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
    return fil


def spar(namnd: str, katalog: Path) -> Path | None:
    """Spåret i filen eller mappen, i arkivet den senaste versionens, eller None när det är en period. Fel: AnvandningsFel när inget finns där."""
    plats = _finns(namnd, katalog)
    if plats is None:
        return None
    fil = _i_arkivet(plats) / SPAR if plats.is_dir() else plats
    if not fil.is_file():
        raise AnvandningsFel(
            f"I mappen {namnd} finns ingen {SPAR}. Ange mappen som rapporten skrevs i, till exempel rapporter/2024-08 eller arkiv/2024-08."
        )
    return fil


def period(namnd: str) -> Period:
    """Fel: AnvandningsFel."""
    try:
        tolkad = Period.parse(namnd)
    except ValueError:
        tolkad = None
    delar = Path(namnd).parts
    if tolkad is None and ARKIV in delar:
        raise AnvandningsFel(
            f"{namnd} finns inte: ingen sådan rapport är fastställd. Se vad som är det med: kommunrapport arkiv lista",
            "En rapport som inte är fastställd ligger i rapporter/. Jämför den till exempel så här: kommunrapport jamfor rapporter/2024-08 2024-08",
        )
    if tolkad is None and len(delar) > 1:
        raise AnvandningsFel(f"Mappen eller filen {namnd} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
    if tolkad is None:
        raise AnvandningsFel(
            f"”{namnd}” är varken en fil, en mapp eller en period. Ange två böcker, två perioder som 2024-08, eller två rapportmappar."
        )
    return tolkad


def _i_arkivet(mapp: Path) -> Path:
    """Den arkiverade versionens rapportmapp, när mappen är en version eller en fastställd periods; annars mappen själv."""
    hel = mapp.resolve()
    faststallda = versioner(hel.parent.parent, hel.name) if hel.parent.name == ARKIV else {}
    version = next(reversed(faststallda.values()), hel)
    return next((fil.parent for fil in version.glob(f"rapporter/*/{SPAR}")), mapp) if ar_version(version) else mapp


def _finns(namnd: str, katalog: Path) -> Path | None:
    return next((p for p in (Path(namnd), katalog / namnd) if p.exists()), None)
