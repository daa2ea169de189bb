"""Det mottagna: en byteslika kopia av varje inlämning, också av det som sedan har ersatts eller tagits bort i ``inlamnat/``."""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from kommunrapport.bevarande.avtryck import avtryck_av
from kommunrapport.bevarande.handelser import INLAMNAD, Handelse
from kommunrapport.rapport import utmatning

MAPP = "mottaget"


def kopian(katalog: Path, h: Handelse) -> Path:
    """Var den inlämning som händelsen gäller ligger bevarad."""
    fil = PurePosixPath(h.fil)
    return katalog / MAPP / h.period / f"{fil.stem} ({h.sha256[:12]}){fil.suffix}"


def bevara(katalog: Path, fil: Path, h: Handelse) -> None:
    """Lägger en kopia av filen, om den är den som händelsen gäller. Fel: UtmatningsFel."""
    mal = kopian(katalog, h)
    if h.sha256 and not mal.is_file():
        utmatning.kopiera(fil, mal, ersatt=False)
        with contextlib.suppress(OSError):
            if avtryck_av(mal) != h.sha256:
                mal.unlink()


def versioner(katalog: Path, handelser: Iterable[Handelse], period: str, enhet: str) -> list[Path]:
    """Enhetens mottagna böcker för perioden som finns bevarade, den äldsta först och var och en en gång i följd."""
    egna = [h for h in handelser if (h.slag, h.period, h.enhet) == (INLAMNAD, period, enhet) and h.fil.lower().endswith((".xlsx", ".xlsm"))]
    return _i_foljd([fil for h in egna if (fil := kopian(katalog, h)).is_file()])


def olasta(handelser: Iterable[Handelse], period: str, enhet: str) -> list[str]:
    """Filer som har varit enhetens bok men vars senaste innehåll inte gick att läsa: det syns inte längre vems det är."""
    senast: dict[str, str] = {}
    egna: set[str] = set()
    for h in handelser:
        if (h.slag, h.period) == (INLAMNAD, period):
            senast[h.fil] = h.enhet
            egna |= {h.fil} if h.enhet == enhet else set()
    return [fil for fil in senast if fil in egna and not senast[fil]]


def _i_foljd(filer: Sequence[Path]) -> list[Path]:
    return [fil for nr, fil in enumerate(filer) if nr == 0 or _avtrycket(fil) != _avtrycket(filer[nr - 1])]


def _avtrycket(fil: Path) -> str:
    return fil.stem.rpartition("(")[2]
