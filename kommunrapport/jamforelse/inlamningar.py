"""Jämför två inlämningar från samma enhet och period, cell för cell på sina beteckningar."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from kommunrapport.inlasning.filer import visas_som
from kommunrapport.inlasning.inlamning import las_inlamningar
from kommunrapport.inlasning.manifest import Manifest, las_manifest
from kommunrapport.jamforelse.modell import Andring, Jamforelse, Slag, ordnade
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.fakta import OTOLKAT, TOMT, Cellnyckel, Faktum
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import exakt_i_ord
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_periodmall, rubrik
from kommunrapport.samling import las_beslut

TOM = "(tom)"


def jamfor_inlamningar(fore: Path | bytes, efter: Path | bytes, arbete: Arbetskatalog) -> Jamforelse:
    """Vad som skiljer i en enhets nya bok mot den förra. Infogade rader och kolumner, flyttade och omdöpta blad spelar ingen roll.

    Summor och formler är inte med; de följer av det som är. Skillnader är i bokens enhet med bokens tecken.
    Fel: AnvandningsFel när en bok inte går att läsa, eller de gäller olika enheter eller perioder.
    """
    with _fil(fore) as fil_a, _fil(efter) as fil_b:
        namn = tuple(visas_som(f, arbete.katalog) if isinstance(f, Path) else ord_ for f, ord_ in ((fore, "den förra"), (efter, "den nya")))
        manifest = [_manifest(fil, n) for fil, n in zip((fil_a, fil_b), namn, strict=True)]
        enhet, period = _samma(manifest, arbete)
        mall = las_periodmall(arbete, period)
        styrrader = las_beslut(arbete, mall).rader
        a, b = (_fakta(fil, n, arbete, mall, styrrader) for fil, n in zip((fil_a, fil_b), namn, strict=True))
    nycklar = dict.fromkeys(n for fakta in (b, a) for n, f in fakta.items() if f.tillstand != TOMT)
    andringar = [andring for nyckel in nycklar if (andring := _andring(nyckel, a.get(nyckel), b.get(nyckel), arbete, mall))]
    return Jamforelse("inlamningar", f"{enhet}, {period.namn}: två inlämningar", namn[0], namn[1], ordnade(andringar), len(nycklar) - len(andringar))


@contextmanager
def _fil(bok: Path | bytes) -> Iterator[Path]:
    if isinstance(bok, Path):
        yield bok
        return
    with tempfile.TemporaryDirectory() as mapp:
        fil = Path(mapp) / "bok.xlsx"
        fil.write_bytes(bok)
        yield fil


def _manifest(fil: Path, namn: str) -> Manifest:
    manifest = las_manifest(fil)
    if manifest is None:
        raise AnvandningsFel(f"{namn} är ingen inlämningsbok, eller går inte att läsa. Pröva den med: kommunrapport validera")
    return manifest


def _samma(manifest: list[Manifest], arbete: Arbetskatalog) -> tuple[str, Period]:
    """Enhetens namn och perioden. Fel: AnvandningsFel."""
    poster = [arbete.organisation.sok(m.enhet) for m in manifest]
    namn = [post.namn if post else m.enhet for post, m in zip(poster, manifest, strict=True)]
    if namn[0] != namn[1]:
        raise AnvandningsFel(f"Böckerna gäller olika enheter: {namn[0]} och {namn[1]}. Jämför två inlämningar från samma enhet.")
    if manifest[0].period != manifest[1].period:
        raise AnvandningsFel(
            f"Böckerna gäller olika perioder: {manifest[0].period} och {manifest[1].period}.",
            f"Jämför i stället periodernas rapporter: kommunrapport jamfor {manifest[0].period} {manifest[1].period}",
        )
    period = manifest[0].tolkad_period
    if poster[0] is None or period is None:
        raise AnvandningsFel(f"Enheten {namn[0]} eller perioden {manifest[0].period} finns inte i arbetskatalogen.")
    return namn[0], period


def _fakta(fil: Path, namn: str, arbete: Arbetskatalog, mall: Periodmall, styrrader: Sequence[Styrrad]) -> dict[Cellnyckel, Faktum]:
    last = las_inlamningar(arbete, mall, styrrader, [fil]).filer[0]
    if not last.fakta:
        raise AnvandningsFel(f"{namn} går inte att läsa. Pröva den med: kommunrapport validera")
    return {(f.tabell, f.rad, f.kolumn): f for f in last.fakta if not f.harledd}


def _andring(nyckel: Cellnyckel, a: Faktum | None, b: Faktum | None, arbete: Arbetskatalog, mall: Periodmall) -> Andring | None:
    if a and b and _innehall(a) == _innehall(b):
        return None
    f = b or a
    if f is None:
        return None
    blad = next(x for x in mall.blad if x.id == f.tabell)
    kolumn = next(k for k in blad.kolumn if k.id == f.kolumn)
    enhet = arbete.organisation.inmatning
    per = (enhet.value if f.slag == "belopp" else HUNDRADELAR) * (-1 if kolumn.tecken == "-" else 1)
    varden = [x.varde if x else None for x in (a, b)]
    skillnad = Decimal(varden[1] - varden[0]) / per if varden[0] is not None and varden[1] is not None else None
    fore, efter = (_visat(x, arbete, vand=kolumn.tecken == "-") for x in (a, b))
    slag = Slag.NY if a is None else Slag.BORTA if b is None else Slag.ANDRAD
    fran, till = (f"{x.blad}!{x.cell}" if x else "" for x in (a, b))
    adress = ".".join(nyckel)
    belopp = enhet.namn if f.slag == "belopp" else ""
    return Andring(
        adress, blad.namn, f.radnamn, rubrik(kolumn, mall.period), belopp, fore, efter, skillnad, varden == [None, None], slag, (), fran, till
    )


def _innehall(f: Faktum) -> tuple[object, ...]:
    return (f.tillstand, f.varde, f.text if f.varde is None else "", f.lagrat if f.tillstand == OTOLKAT else "")


def _visat(f: Faktum | None, arbete: Arbetskatalog, *, vand: bool) -> str:
    if f is None or f.tillstand == TOMT:
        return TOM
    if f.varde is None:
        return f.text or f.lagrat
    enhet = arbete.organisation.inmatning
    return exakt_i_ord(-f.varde if vand else f.varde, f.slag, enhet).removesuffix(f" {enhet.namn}")
