"""Det som har hänt med en periods inlämningar sedan sist, som händelser: inlämnat, borttaget, prövat, klarmarkerat och undantag.

En klarmarkering gäller filen så som den såg ut när markeringen först sågs. Ändras filen sedan faller den, och gäller igen när boken
har fått en ny klardag, när filen är som den var, eller när någon bekräftar den med ``kommunrapport klarmarkera``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kommunrapport.bevarande.handelser import (
    BORTTAGEN,
    INLAMNAD,
    KLARMARKERAD,
    KLARMARKERING_FALLEN,
    PROVAD,
    RAPPORT,
    UNDANTAG,
    Handelse,
)
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.frist import som_dag
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.periodfiler import Periodfiler
from kommunrapport.provning import Provning

FORSATT, SVAR = "forsatt", "svar"


@dataclass(frozen=True)
class Klarmarkering:
    """Om enhetens bok är klarmarkerad: ``ja``, ``nej`` eller ``fallen``, och händelsen som säger det."""

    lage: str
    handelse: Handelse | None = None


def nya_handelser(p: Provning, filer: Periodfiler, tidigare: Sequence[Handelse]) -> list[Handelse]:
    """Det som skiljer prövningen från det som loggen redan säger. Avtrycken ska vara tagna när filerna lästes."""
    egna = [h for h in tidigare if h.period == str(filer.period)]
    return [*_inlamningar(p, filer, egna), *_provade(p, filer, egna), *_klarmarkeringar(p, filer, egna), *_undantag(p, egna)]


def rapporthandelse(filer: Periodfiler, skrivna: Mapping[str, str]) -> Handelse:
    """En rapport skriven: vägarna från arbetskatalogen med sina avtryck, och avtrycket av det den är gjord av."""
    return Handelse(RAPPORT, str(filer.period), sha256=filer.avtryck, uppgifter={"filer": dict(skrivna)})


def klarmarkering(egna: Sequence[Handelse], enhet: str) -> Klarmarkering:
    """Vad loggen säger om enhetens klarmarkering i perioden; ``egna`` är periodens händelser."""
    sist = _senaste(egna, (KLARMARKERAD, KLARMARKERING_FALLEN), enhet=enhet)
    if sist is None:
        return Klarmarkering("nej")
    return Klarmarkering("ja" if sist.slag == KLARMARKERAD else "fallen" if sist.uppgifter.get("klardag") is not None else "nej", sist)


def markt_bok(egna: Sequence[Handelse], enhet: str) -> Handelse | None:
    """Den senaste klarmarkeringen av enhetens bok, också när den inte längre gäller."""
    return _senaste(egna, (KLARMARKERAD,), enhet=enhet)


def nar_klarmarkerad(egna: Sequence[Handelse], enhet: str) -> str:
    """När boken klarmarkerades: ``18 september 2024 enligt boken, bekräftad av anna 2024-09-20 14:02``; tomt när den inte är det."""
    marke = markt_bok(egna, enhet)
    if marke is None:
        return ""
    dag, vem = som_dag(str(marke.uppgifter.get("klardag") or "")), str(marke.uppgifter.get("bekraftad_av") or "")
    bekraftad = "bekraftad_av" in marke.uppgifter
    sedd = f"{'bekräftad' if bekraftad else 'sedd'}{f' av {vem}' if vem else '' if bekraftad else ' av programmet'} {i_minuter(marke.tid)}".strip()
    return ", ".join([*([f"{datum_i_ord(dag)} enligt boken"] if dag else []), sedd])


def i_minuter(tid: str) -> str:
    """Tiden ur händelseloggen så som den visas: ``2024-09-10 02:00``."""
    return tid[:16].replace("T", " ")


def _inlamningar(p: Provning, filer: Periodfiler, egna: Sequence[Handelse]) -> Iterator[Handelse]:
    enheter = {i.fil: i.enhet for i in p.inlamningar.filer}
    for fil, sha in filer.inlamnade.items():
        sist = _senaste(egna, (INLAMNAD, BORTTAGEN), fil=fil)
        if sist is None or (sist.slag, sist.sha256) != (INLAMNAD, sha):
            forra = {"ersatter": sist.sha256} if sist and sist.slag == INLAMNAD else {}
            yield Handelse(INLAMNAD, str(filer.period), enheter.get(fil, ""), fil, sha, forra)
    kanda = dict.fromkeys(h.fil for h in egna if h.slag == INLAMNAD)
    for fil in kanda:
        sist = _senaste(egna, (INLAMNAD, BORTTAGEN), fil=fil)
        if fil not in filer.inlamnade and sist and sist.slag == INLAMNAD:
            yield replace(sist, slag=BORTTAGEN, uppgifter={}, tid="", nr=0)


def _provade(p: Provning, filer: Periodfiler, egna: Sequence[Handelse]) -> Iterator[Handelse]:
    per_fil: dict[str, list[Anmarkning]] = {}
    for a in p.anmarkningar:
        per_fil.setdefault(a.plats.fil, []).append(a)
    for i in p.inlamningar.filer:
        antal = {allvar.namn: n for allvar, n in p.katalog.antal(per_fil.get(i.fil, ())).items()}
        ny = Handelse(PROVAD, str(filer.period), i.enhet, i.fil, filer.inlamnade.get(i.fil, ""), {"anmarkningar": antal})
        sist = _senaste(egna, (PROVAD,), fil=i.fil)
        if sist is None or (sist.sha256, sist.uppgifter) != (ny.sha256, ny.uppgifter):
            yield ny


def _klarmarkeringar(p: Provning, filer: Periodfiler, egna: Sequence[Handelse]) -> Iterator[Handelse]:
    per_fil, ram = dict[str, dict[str, str]](), p.inlamningar.fakta
    svaren = ram.loc[(ram["tabell"] == FORSATT) & (ram["kolumn"] == SVAR), ["fil", "rad", "text"]].astype("object")
    for fil, rad, text in svaren.itertuples(index=False, name=None):
        per_fil.setdefault(fil, {})[rad] = text
    for i in p.inlamningar.filer:
        if i.enhet and not i.sie and i.fakta:
            # En bok som inte räknas, till exempel en av två för samma enhet, finns inte i periodens tabell.
            svar = per_fil.get(i.fil) or {f.rad: f.text for f in i.fakta if (f.tabell, f.kolumn) == (FORSATT, SVAR)}
            yield from klarmarkeringar(i.enhet, i.fil, str(filer.period), filer.inlamnade.get(i.fil, ""), svar, egna)


def klarmarkeringar(enhet: str, fil: str, period: str, sha: str, svar: Mapping[str, str], egna: Sequence[Handelse]) -> Iterator[Handelse]:
    """Högst en händelse: ``svar`` är försättsbladets, ``sha`` bokens avtryck nu och ``egna`` periodens händelser hittills."""
    markerad, klardag = svar.get("klarmarkerad", "") == "Ja", svar.get("klardatum", "")
    sist, marke = _senaste(egna, (KLARMARKERAD, KLARMARKERING_FALLEN), enhet=enhet), _senaste(egna, (KLARMARKERAD,), enhet=enhet)
    ny = Handelse(KLARMARKERAD, period, enhet, fil, sha, {"klardag": klardag})
    galler = sist is not None and sist.slag == KLARMARKERAD
    if not markerad:
        if galler:
            yield replace(ny, slag=KLARMARKERING_FALLEN, uppgifter={})
    elif marke is None or klardag != marke.uppgifter.get("klardag") or (sha == marke.sha256 and not galler) or _atertagen(sist):
        yield ny
    elif sha != marke.sha256 and galler:
        yield replace(ny, slag=KLARMARKERING_FALLEN)


def _atertagen(sist: Handelse | None) -> bool:
    """Om markeringen togs bort i boken, så att ett nytt Ja är en ny markering."""
    return sist is not None and sist.slag == KLARMARKERING_FALLEN and "klardag" not in sist.uppgifter


def _undantag(p: Provning, egna: Sequence[Handelse]) -> Iterator[Handelse]:
    kanda = [(h.enhet, h.fil, dict(h.uppgifter)) for h in egna if h.slag == UNDANTAG]
    for a in p.anmarkningar:
        if a.svar and a.svar.slag == "undantag" and (a.enhet, a.plats.fil, _undantagets(a)) not in kanda:
            yield Handelse(UNDANTAG, str(p.samling.period), a.enhet, a.plats.fil, uppgifter=_undantagets(a))


def _undantagets(a: Anmarkning) -> dict[str, object]:
    svar = a.svar
    return {"kod": a.kod, "blad": a.plats.blad, "celler": list(a.plats.celler), "undantag": svar.text if svar else ""}


def _senaste(egna: Sequence[Handelse], slag: Sequence[str], *, fil: str = "", enhet: str = "") -> Handelse | None:
    return next((h for h in reversed(egna) if h.slag in slag and (not fil or h.fil == fil) and (not enhet or h.enhet == enhet)), None)
