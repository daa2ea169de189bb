"""Läser uppsiktens styrfiler: årets plan, loggen över iakttagelser och enheternas uppföljningsplaner.

De hör inte till någon periods rapport. Varje brist blir en svensk rad med fil och rad.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from kommunrapport.inlasning.styrbrister import ar_datum
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.sprak import menade_du, rakna_upp
from kommunrapport.mall import lasning
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall

PLAN, LOGG, UPPFOLJNING = "uppsikt.csv", "uppsiktslogg.csv", "uppfoljningsplan.csv"
FILER = frozenset({PLAN, LOGG, UPPFOLJNING})
"""Filerna i styrning/ som ingen periods rapport läser."""
UNDANTAS = "undantas"
_Falt = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kallad:
    """En enhet i årets plan. En enhet som undantas har tillfälle 0, ingen dag och en anledning."""

    tillfalle: int
    dag: date | None
    enhet: Enhetspost
    agardirektiv: str
    anledning: str
    kalla: Kalla


@dataclass(frozen=True)
class Uppsiktsplan:
    """Årets plan. ``saknas`` är de enheter och tillfällen som ska finnas men inte gör det, en mening var."""

    ar: int
    alla: tuple[Kallad, ...]
    saknas: tuple[str, ...]

    @property
    def tillfallen(self) -> Mapping[int, tuple[Kallad, ...]]:
        """Tillfälle → de kallade, i filens ordning."""
        nummer = sorted({k.tillfalle for k in self.alla if k.tillfalle})
        return {t: tuple(k for k in self.alla if k.tillfalle == t) for t in nummer}

    @property
    def undantagna(self) -> tuple[Kallad, ...]:
        return tuple(k for k in self.alla if not k.tillfalle)

    def for_enhet(self, enhet: str) -> Kallad | None:
        return next((k for k in self.alla if k.enhet.id == enhet), None)


@dataclass(frozen=True, slots=True)
class Iakttagelse:
    """Något som kommunstyrelsen har sett i sin uppsikt, och vad som blev av det."""

    dag: date
    enhet: str
    text: str
    slag: str
    paragraf: str
    utfall: str
    klar: date | None
    oppen: bool
    kalla: Kalla


@dataclass(frozen=True, slots=True)
class Plansteg:
    """Ett steg i en enhets uppföljningsplan."""

    enhet: str
    steg: str
    """Stegets id i mallen."""
    mats: str
    kvalitet: str
    ansvarig: str
    klar_senast: date
    status: str
    klart: bool
    kalla: Kalla

    def sent(self, dag: date) -> bool:
        """Om steget skulle ha varit klart före dagen."""
        return not self.klart and self.klar_senast < dag


@dataclass(frozen=True, slots=True)
class _Rad:
    """En rad i filen, med enheten när den finns."""

    plats: str
    kalla: Kalla
    falt: _Falt
    enhet: Enhetspost | None


def har_plan(katalog: Path, ar: int) -> bool:
    """Om året har en plan för uppsikten."""
    return (katalog / "styrning" / str(ar) / PLAN).is_file()


def las_plan(katalog: Path, ar: int, organisation: Organisation, mall: Uppsiktsmall) -> Uppsiktsplan:
    """Årets plan. Fel: MallFel, också när filen inte finns, med en mening per brist."""
    vag = f"styrning/{ar}/{PLAN}"
    if not (katalog / vag).is_file():
        exempel = next((e.id for e in reversed(organisation.med_slag(*mall.slag))), "socialnamnden")
        raise MallFel(
            f"{vag}: filen finns inte. Den säger vid vilket av årets {mall.tillfallen} tillfällen varje enhet kallas till kommunstyrelsen.",
            f"Börja den med raden tillfalle;dag;enhet och skriv sedan en rad per enhet, till exempel 1;{ar}-03-13;{exempel}",
        )
    rader = list(_rader(katalog / vag, vag, organisation, ("tillfalle", "dag", "enhet"), ("agardirektiv", "anledning")))
    _krav([b for rad in rader for b in _planbrister(rad, ar, mall)] + _dubbla_enheter(rader))
    _krav(_olika_dagar(rader))
    kallade = tuple(_kallad(rad) for rad in rader)
    return Uppsiktsplan(ar, kallade, tuple(_saknas(kallade, organisation, mall, vag)))


def las_logg(katalog: Path, organisation: Organisation, mall: Uppsiktsmall) -> tuple[Iakttagelse, ...]:
    """Alla iakttagelser: de öppna först, därefter de senaste först. Inga när filen saknas. Fel: MallFel."""
    vag = f"styrning/{LOGG}"
    if not (katalog / vag).is_file():
        return ()
    rader = list(_rader(katalog / vag, vag, organisation, ("dag", "enhet", "iakttagelse", "slag", "paragraf", "utfall", "klar")))
    _krav([b for rad in rader for b in _loggbrister(rad, mall)])
    slagen = {s.namn: s for s in mall.iakttagelse}
    alla = [_iakttagelse(rad, oppet_slag=slagen[rad.falt["slag"]].oppen) for rad in rader]
    return tuple(sorted(alla, key=lambda i: (not i.oppen, -i.dag.toordinal())))


def las_uppfoljningsplan(katalog: Path, ar: int, organisation: Organisation, mall: Uppsiktsmall) -> Mapping[str, tuple[Plansteg, ...]]:
    """Enhet → dess steg i processens ordning. Tomt när året inte har någon plan. Fel: MallFel."""
    vag = f"styrning/{ar}/{UPPFOLJNING}"
    if not (katalog / vag).is_file():
        return {}
    kolumner = ("enhet", "steg", "mats", "kvalitet", "ansvarig", "klar_senast", "status")
    rader = list(_rader(katalog / vag, vag, organisation, kolumner))
    brister = [b for rad in rader for b in _stegbrister(rad, mall)]
    ordning = [s.id for s in mall.steg]
    per_enhet: dict[str, list[_Rad]] = {}
    for rad in rader:
        per_enhet.setdefault(rad.falt["enhet"], []).append(rad)
    for enhet, egna in per_enhet.items():
        utan = [s for s in ordning if s not in {rad.falt["steg"] for rad in egna}]
        if utan:
            brister.append(f"{vag}: enheten {enhet} saknar {'steget' if len(utan) == 1 else 'stegen'} {rakna_upp(utan)}; lägg till en rad för varje.")
    _krav(brister)
    steg = {enhet: [_plansteg(rad, mall) for rad in egna] for enhet, egna in per_enhet.items()}
    return {enhet: tuple(sorted(egna, key=lambda s: ordning.index(s.steg))) for enhet, egna in steg.items()}


def _rader(fil: Path, vag: str, organisation: Organisation, kolumner: Sequence[str], valfria: Sequence[str] = ()) -> Iterator[_Rad]:
    enheter = {e.id: e for e in organisation.enhet}
    for nr, falt in lasning.las_csv(fil, vag, kolumner, valfria):
        yield _Rad(f"{vag}, rad {nr}", Kalla(vag, "", f"rad {nr}"), falt, enheter.get(falt["enhet"]))


def _enhetsbrist(rad: _Rad, slag: Sequence[str]) -> Iterator[str]:
    namn = rad.falt["enhet"]
    if rad.enhet is None:
        yield f"{rad.plats}: enheten ”{namn}” finns inte i kommun.toml; skriv enhetens id."
    elif rad.enhet.slag not in slag:
        yield f"{rad.plats}: enheten {namn} har slaget {rad.enhet.slag} och omfattas inte av uppsikten; ta bort raden."


def _dagbrist(rad: _Rad, *namnen: str) -> Iterator[str]:
    for namn in namnen:
        if rad.falt[namn] and not ar_datum(rad.falt[namn]):
            yield f"{rad.plats}: {namn} är ”{rad.falt[namn]}”; skriv till exempel 2024-03-13."


def _valbrist(rad: _Rad, namn: str, tillatna: Sequence[str]) -> Iterator[str]:
    if rad.falt[namn] not in tillatna:
        yield f"{rad.plats}: {namn} är ”{rad.falt[namn]}”; tillåtet är {', '.join(tillatna)}.{menade_du(rad.falt[namn], tillatna)}"


def _tomma(rad: _Rad, *namnen: str) -> Iterator[str]:
    if tomma := [namn for namn in namnen if not rad.falt.get(namn)]:
        yield f"{rad.plats}: {rakna_upp(tomma)} är tomt; fyll i det."


def _planbrister(rad: _Rad, ar: int, mall: Uppsiktsmall) -> Iterator[str]:
    yield from _enhetsbrist(rad, mall.slag)
    tillfalle = rad.falt["tillfalle"]
    if tillfalle == UNDANTAS:
        if not rad.falt.get("anledning"):
            yield f"{rad.plats}: anledning är tom; skriv varför enheten inte kallas."
        return
    if tillfalle not in map(str, range(1, mall.tillfallen + 1)):
        yield f"{rad.plats}: tillfalle är ”{tillfalle}”; tillåtet är 1–{mall.tillfallen} eller {UNDANTAS}."
    yield from _tomma(rad, "dag")
    yield from _dagbrist(rad, "dag")
    if ar_datum(rad.falt["dag"]) and date.fromisoformat(rad.falt["dag"]).year != ar:
        yield f"{rad.plats}: dagen {rad.falt['dag']} ligger inte i {ar}."


def _dubbla_enheter(rader: Sequence[_Rad]) -> list[str]:
    antal = Counter(rad.falt["enhet"] for rad in rader)
    dubbla = {enhet: [rad for rad in rader if rad.falt["enhet"] == enhet] for enhet, n in antal.items() if n > 1}
    return [
        f"{egna[-1].plats}: enheten {enhet} står {len(egna)} gånger ({rakna_upp([rad.kalla.cell for rad in egna])}); behåll en rad."
        for enhet, egna in dubbla.items()
    ]


def _olika_dagar(rader: Sequence[_Rad]) -> list[str]:
    """Ett tillfälle är ett sammanträde: alla som kallas till det har samma dag, och tillfällena kommer i ordning."""
    dagar: dict[str, list[str]] = {}
    brister = []
    for rad in rader:
        egna = dagar.setdefault(rad.falt["tillfalle"], [])
        if rad.falt["tillfalle"] != UNDANTAS:
            if egna and rad.falt["dag"] != egna[0]:
                brister.append(
                    f"{rad.plats}: tillfälle {rad.falt['tillfalle']} har dagen {rad.falt['dag']} här men {egna[0]} tidigare; rätta den ena."
                )
            egna.append(rad.falt["dag"])
    forsta = [(t, egna[0]) for t, egna in sorted(dagar.items()) if egna]
    for (fore, dag_fore), (efter, dag_efter) in pairwise(forsta):
        if dag_efter <= dag_fore:
            brister.append(f"{rader[0].kalla.fil}: tillfälle {efter} ({dag_efter}) kommer inte efter tillfälle {fore} ({dag_fore}); rätta dagarna.")
    return brister


def _saknas(kallade: Sequence[Kallad], organisation: Organisation, mall: Uppsiktsmall, vag: str) -> Iterator[str]:
    finns, tillfallen = {k.enhet.id for k in kallade}, {k.tillfalle for k in kallade}
    for enhet in organisation.med_slag(*mall.slag):
        if enhet.id not in finns:
            yield f"{vag}: {enhet.namn} ({enhet.id}) saknas; lägg till en rad med tillfälle och dag, eller {UNDANTAS} med anledning."
    for nr in range(1, mall.tillfallen + 1):
        if nr not in tillfallen:
            yield f"{vag}: ingen enhet kallas till tillfälle {nr}; uppsikten har {mall.tillfallen} tillfällen om året."


def _kallad(rad: _Rad) -> Kallad:
    assert rad.enhet is not None  # noqa: S101  en okänd enhet är redan en brist
    undantas, f = rad.falt["tillfalle"] == UNDANTAS, rad.falt
    dag = None if undantas else date.fromisoformat(f["dag"])
    return Kallad(0 if undantas else int(f["tillfalle"]), dag, rad.enhet, f.get("agardirektiv", ""), f.get("anledning", ""), rad.kalla)


def _loggbrister(rad: _Rad, mall: Uppsiktsmall) -> Iterator[str]:
    yield from _enhetsbrist(rad, mall.slag)
    yield from _tomma(rad, "dag", "iakttagelse")
    yield from _dagbrist(rad, "dag", "klar")
    yield from _valbrist(rad, "slag", [s.namn for s in mall.iakttagelse])
    if rad.falt["slag"] in {s.namn for s in mall.iakttagelse if s.paragraf} and not rad.falt["paragraf"]:
        yield f"{rad.plats}: paragraf är tom; {rad.falt['slag']} är ett beslut. Skriv till exempel KS 2024-03-13 § 41."
    if rad.falt["klar"] and not rad.falt["utfall"]:
        yield f"{rad.plats}: iakttagelsen är klar men utfall är tomt; skriv vad som blev av den."
    if all(ar_datum(rad.falt[n]) for n in ("dag", "klar")) and rad.falt["klar"] < rad.falt["dag"]:
        yield f"{rad.plats}: klar är {rad.falt['klar']}, före dagen {rad.falt['dag']}; rätta den ena."


def _iakttagelse(rad: _Rad, *, oppet_slag: bool) -> Iakttagelse:
    f, klar = rad.falt, date.fromisoformat(rad.falt["klar"]) if rad.falt["klar"] else None
    oppen = oppet_slag and klar is None
    return Iakttagelse(date.fromisoformat(f["dag"]), f["enhet"], f["iakttagelse"], f["slag"], f["paragraf"], f["utfall"], klar, oppen, rad.kalla)


def _stegbrister(rad: _Rad, mall: Uppsiktsmall) -> Iterator[str]:
    yield from _enhetsbrist(rad, mall.slag)
    yield from _tomma(rad, "mats", "ansvarig", "klar_senast")
    yield from _dagbrist(rad, "klar_senast")
    yield from _valbrist(rad, "steg", [s.id for s in mall.steg])
    yield from _valbrist(rad, "kvalitet", [k.id for k in mall.kvalitet])
    yield from _valbrist(rad, "status", [*mall.planstatus.ovriga, mall.planstatus.klar])


def _plansteg(rad: _Rad, mall: Uppsiktsmall) -> Plansteg:
    f = rad.falt
    klart = f["status"] == mall.planstatus.klar
    dag = date.fromisoformat(f["klar_senast"])
    return Plansteg(f["enhet"], f["steg"], f["mats"], f["kvalitet"], f["ansvarig"], dag, f["status"], klart, rad.kalla)


def _krav(brister: Sequence[str]) -> None:
    if brister:
        raise MallFel(*brister)
