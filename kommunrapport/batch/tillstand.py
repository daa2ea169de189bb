"""Vad förra körningen gjorde med en period: det som rapporten är gjord av, vad som skrevs och hur det gick."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kommunrapport.bevarande.avtryck import avtryck_av
from kommunrapport.karna.fel import Slutkod
from kommunrapport.mall.periodmall import Arbetskatalog
from kommunrapport.periodfiler import Periodfiler
from kommunrapport.rapport import utmatning

FILNAMN = ".batch.json"


@dataclass(frozen=True)
class Tillstand:
    """``avtryck`` av allt, ``filer`` med sina avtryck, ``skrivna`` vägar från arbetskatalogen med sina, slutkoden och valen."""

    avtryck: str
    filer: Mapping[str, str]
    skrivna: Mapping[str, str]
    slutkod: int
    val: str
    fel: tuple[str, ...] = ()
    """Meningarna om felen, att säga igen så länge inget har ändrats."""
    saknas: tuple[str, ...] = ()
    """Enheterna som inte har lämnat, att säga igen på samma sätt."""

    def galler(self, filer: Periodfiler, val: str) -> bool:
        """Om inget har ändrats sedan dess och allt som skrevs finns kvar, också det redigerade som ett utkast skrevs bredvid."""
        katalog = filer.arbete.katalog
        finns = all((katalog / vag).is_file() and (katalog / utmatning.ordinarie(vag)).is_file() for vag in self.skrivna)
        return finns and (self.avtryck, self.val) == (filer.avtryck, val)


def las(arbete: Arbetskatalog, filer: Periodfiler) -> Tillstand | None:
    """Förra körningens, eller inget när det inte finns eller inte går att läsa."""
    try:
        return Tillstand(**json.loads((arbete.rapporter(filer.period) / FILNAMN).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def skriv(filer: Periodfiler, skrivna: list[Path], slutkod: Slutkod, val: str, fel: Sequence[str], saknas: Sequence[str]) -> None:
    """Skrivs sist: bryts körningen av dessförinnan görs perioden om. Fel: UtmatningsFel."""
    katalog = filer.arbete.katalog
    poster = {vag: post.sha256 for vag, post in filer.poster.items()}
    utfiler = {fil.relative_to(katalog).as_posix(): avtryck_av(fil) for fil in skrivna}
    data = json.dumps(asdict(Tillstand(filer.avtryck, poster, utfiler, int(slutkod), val, tuple(fel), tuple(saknas))), ensure_ascii=False, indent=1)
    utmatning.skriv_fil(filer.arbete.rapporter(filer.period) / FILNAMN, data.encode(), ersatt=True)


def skillnader(forra: Tillstand | None, filer: Periodfiler) -> Iterator[tuple[str, str]]:
    """Vad som är nytt, ändrat eller borta sedan förra körningen, med vägen."""
    da = forra.filer if forra else {}
    for vag, post in filer.poster.items():
        if vag not in da:
            yield "Ny", vag
        elif da[vag] != post.sha256:
            yield "Ändrad", vag
    for vag in da.keys() - filer.poster.keys():
        yield "Borttagen", vag
