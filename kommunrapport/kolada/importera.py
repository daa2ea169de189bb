"""Hämtar ett läge och lägger det, daterat, i arbetskatalogen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kommunrapport.karna.fel import AnvandningsFel, HamtningsFel, MallFel
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.karna.sprak import nyckel, rakna_upp
from kommunrapport.kolada import franfil
from kommunrapport.kolada.lage import EGNA, MAPP, Lage, lagen_i, som_json
from kommunrapport.mall.koladaset import KPI_ID, las_seten
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog
from kommunrapport.rapport import utmatning

AR_TILLBAKA = 10


@dataclass(frozen=True)
class Onskan:
    """Det som användaren bad om. Utan set och nyckeltal hämtas alla set som finns i mallarna."""

    set: Sequence[str]
    nyckeltal: Sequence[str]
    fran_ar: int | None
    dag: date
    filer: Sequence[Path] = ()
    url: str = ""


@dataclass(frozen=True)
class Hamtat:
    """Läget, filen det lades i, och vad användaren ska veta om det."""

    lage: Lage
    fil: Path
    varningar: tuple[str, ...]


def importera(katalog: Path, o: Onskan, *, ersatt: bool) -> Hamtat:
    """Hämtar ur Kolada, eller läser filerna, och skriver läget. Fel: AnvandningsFel, MallFel, HamtningsFel, UtmatningsFel."""
    arbete = las_arbetskatalog(katalog)
    kod = arbete.organisation.kommun.kod
    if not kod:
        raise MallFel('kommun.toml: kommunkoden saknas. Skriv den under [kommun], till exempel kod = "0483".')
    _granska(o.nyckeltal)
    fran_ar = o.dag.year - AR_TILLBAKA if o.fran_ar is None else o.fran_ar
    lage = _ur_filer(arbete, o, kod, fran_ar) if o.filer else _ur_natet(arbete, o, kod, fran_ar)
    fil = arbete.katalog / MAPP / f"{lage.hamtat.isoformat()}.json"
    utmatning.skriv_fil(fil, som_json(lage), ersatt=ersatt)
    return Hamtat(lage, fil, (*_namnvarning(arbete, lage), *varningar(lage)))


def varningar(lage: Lage) -> list[str]:
    """Det som inte finns i läget fast det frågades efter, en mening per sak."""
    titlar = {n.id: n.titel for n in lage.nyckeltal}
    okanda = [f"{i} (setet {namn})" for namn, ids in lage.set.items() for i in ids if i in lage.okanda]
    ut = [f"{rakna_upp(okanda)} finns inte i {'Kolada' if '://' in lage.kalla else 'filen'}: nedlagt, utbytt eller felskrivet."] if okanda else []
    ut += [f"{_med_titel(i, titlar.get(i, i))} har inget värde för {lage.namn(lage.kommun)}." for i in lage.utan_varden]
    ut += [f"{_med_titel(n.id, n.titel)} gäller regioner, inte kommuner." for n in lage.nyckeltal if n.kommuntyp == "L"]
    if "://" not in lage.kalla:
        return ut
    if lage.grupp("liknande") is None:
        ut.append("Kolada har ingen grupp liknande kommuner för kommunen. Ange en grupp i liknande under [kolada] i kommun.toml.")
    if lage.grupp("lan") is None:
        ut.append("Kolada har ingen grupp för länets kommuner. Ange en grupp i lan under [kolada] i kommun.toml.")
    return ut


def _med_titel(id_: str, titel: str) -> str:
    return f"Nyckeltalet {id_}" if titel == id_ else f"Nyckeltalet {id_} ({titel})"


def _namnvarning(arbete: Arbetskatalog, lage: Lage) -> tuple[str, ...]:
    """När kommunkoden ser ut att vara en annan kommuns: namnen börjar olika."""
    kommun, namn = arbete.organisation.kommun, lage.namn(lage.kommun)
    if namn == lage.kommun or nyckel(namn)[:3] in {nyckel(n)[:3] for n in (kommun.namn, kommun.kort_namn)}:
        return ()
    return (f"Koden {lage.kommun} är {namn} i Kolada, men kommunen heter {kommun.namn} i kommun.toml. Kontrollera koden.",)


def _granska(nyckeltal: Sequence[str]) -> None:
    fel = [n for n in nyckeltal if not re.fullmatch(KPI_ID, n)]
    if fel:
        raise AnvandningsFel(f"Nyckeltalet {', '.join(fel)} har fel form. Skriv Koladas id, en bokstav och fem siffror, till exempel N03034.")


def _ur_natet(arbete: Arbetskatalog, o: Onskan, kod: str, fran_ar: int) -> Lage:
    from kommunrapport.kolada import hamtning, klient  # noqa: PLC0415  nätverket laddas bara när det används

    seten = las_seten(arbete.mallkalla, o.set) if o.set or not o.nyckeltal else {}
    fraga = hamtning.Fraga(kod, arbete.organisation.kolada, seten, tuple(o.nyckeltal), fran_ar, o.dag)
    try:
        return hamtning.hamta(klient.Klient(o.url or klient.BAS), fraga)
    except HamtningsFel as fel:
        raise HamtningsFel(*fel.rader, *_det_som_gar(arbete.katalog)) from fel


def _det_som_gar(katalog: Path) -> Iterator[str]:
    """Vad som går att göra utan Kolada."""
    lagen = lagen_i(katalog)
    yield "Ingenting är skrivet. Kör samma kommando igen när Kolada går att nå."
    if lagen:
        dag = datum_i_ord(date.fromisoformat(lagen[-1].stem))
        yield f"Till dess går det att jämföra ur det senaste läget, från {dag}: kommunrapport jamfor-kommuner --set NAMN"
    yield "Har du hämtat svaren på en annan dator läses de med: kommunrapport importera kolada --fran-fil FIL"


def _ur_filer(arbete: Arbetskatalog, o: Onskan, kod: str, fran_ar: int) -> Lage:
    """Utan set och nyckeltal används allt som filerna har."""
    seten = las_seten(arbete.mallkalla, o.set) if o.set else {}
    sokta = {namn: tuple(n.id for n in s.nyckeltal) for namn, s in seten.items()} | ({EGNA: tuple(o.nyckeltal)} if o.nyckeltal else {})
    return franfil.las_filer(o.filer, franfil.Sokt(kod, sokta, o.dag, fran_ar, arbete.organisation.kolada))
