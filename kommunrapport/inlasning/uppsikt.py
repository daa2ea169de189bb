"""Läser uppsiktens styrfiler: årets plan, loggen över iakttagelser och enheternas uppföljningsplaner.

De hör inte till någon periods rapport. En rad med en brist är inte med; bristen är en mening med fil, rad och vad man ska göra.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar

from kommunrapport.inlasning.styrbrister import ar_datum
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.sprak import menade_du, narmast, rakna_upp
from kommunrapport.mall import lasning
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall

PLAN, LOGG, UPPFOLJNING = "uppsikt.csv", "uppsiktslogg.csv", "uppfoljningsplan.csv"
FILER = frozenset({PLAN, LOGG, UPPFOLJNING})
"""Filerna i styrning/ som ingen periods rapport läser."""
UNDANTAS = "undantas"
_Falt = Mapping[str, str]
T = TypeVar("T")


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
    """Årets plan. ``saknas`` är de enheter och tillfällen som ska finnas men inte gör det, en mening var; ``brister`` är raderna med fel."""

    ar: int
    alla: tuple[Kallad, ...]
    saknas: tuple[str, ...]
    brister: tuple[str, ...] = ()

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
class Last(Generic[T]):
    """Det som gick att läsa ur en fil, och en mening om varje brist i den."""

    varde: T
    brister: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rad:
    """En rad i filen, med enheten när den finns, och annars den som mest liknar det som står."""

    kalla: Kalla
    falt: _Falt
    enhet: Enhetspost | None
    nara: Enhetspost | None = None

    @property
    def plats(self) -> str:
        """``styrning/2024/uppsikt.csv, rad 4, Socialnämnden``."""
        return ", ".join(del_ for del_ in (self.kalla.fil, self.kalla.cell, self.enhet.namn if self.enhet else "") if del_)


def har_plan(katalog: Path, ar: int) -> bool:
    """Om året har en plan för uppsikten."""
    return (katalog / "styrning" / str(ar) / PLAN).is_file()


def las_plan(katalog: Path, ar: int, organisation: Organisation, mall: Uppsiktsmall) -> Uppsiktsplan:
    """Årets plan, med de rader som inte har brister. Fel: MallFel när filen inte finns."""
    vag = f"styrning/{ar}/{PLAN}"
    if not (katalog / vag).is_file():
        exempel = next((e.id for e in reversed(organisation.med_slag(*mall.slag))), "socialnamnden")
        raise MallFel(
            f"{vag}: filen finns inte. Den säger vid vilket av årets {mall.tillfallen} tillfällen varje enhet kallas till kommunstyrelsen.",
            f"Börja den med raden tillfalle;dag;enhet och skriv sedan en rad per enhet, till exempel 1;{ar}-03-13;{exempel}",
        )
    alla, brister = _rader(katalog / vag, vag, organisation, ("tillfalle", "dag", "enhet"), ("agardirektiv", "anledning"))
    rader = _utan(alla, {rad.kalla: list(_planbrister(rad, ar, mall)) for rad in alla}, brister)
    rader = _utan(rader, _dubbla_enheter(rader), brister)
    rader = _utan(rader, _olika_dagar(rader), brister)
    brister += _fel_ordning(rader)
    return Uppsiktsplan(ar, tuple(_kallad(rad) for rad in rader), tuple(_saknas(alla, organisation, mall, vag) if alla else ()), tuple(brister))


def las_logg(katalog: Path, organisation: Organisation, mall: Uppsiktsmall) -> Last[tuple[Iakttagelse, ...]]:
    """Alla iakttagelser: de öppna först, därefter de senaste först. Inga när filen saknas."""
    vag = f"styrning/{LOGG}"
    if not (katalog / vag).is_file():
        return Last(())
    alla, brister = _rader(katalog / vag, vag, organisation, ("dag", "enhet", "iakttagelse", "slag", "paragraf", "utfall", "klar"))
    rader = _utan(alla, {rad.kalla: list(_loggbrister(rad, mall)) for rad in alla}, brister)
    slagen = {s.namn: s for s in mall.iakttagelse}
    givna = [_iakttagelse(rad, oppet_slag=slagen[rad.falt["slag"]].oppen) for rad in rader]
    return Last(tuple(sorted(givna, key=lambda i: (not i.oppen, -i.dag.toordinal()))), tuple(brister))


def las_uppfoljningsplan(katalog: Path, ar: int, organisation: Organisation, mall: Uppsiktsmall) -> Last[Mapping[str, tuple[Plansteg, ...]]]:
    """Enhet → dess steg i processens ordning, för de enheter vars plan är utan brister. Tomt när året inte har någon plan."""
    vag = f"styrning/{ar}/{UPPFOLJNING}"
    if not (katalog / vag).is_file():
        return Last({})
    kolumner = ("enhet", "steg", "mats", "kvalitet", "ansvarig", "klar_senast", "status")
    rader, brister = _rader(katalog / vag, vag, organisation, kolumner)
    funna = {rad.kalla: list(_stegbrister(rad, mall)) for rad in rader}
    _utan(rader, funna, brister)
    ordning = [s.id for s in mall.steg]
    planer: dict[str, tuple[Plansteg, ...]] = {}
    for enhet in dict.fromkeys(rad.enhet for rad in rader if rad.enhet):
        egna = [rad for rad in rader if rad.enhet == enhet]
        utan = [s for s in ordning if s not in {rad.falt["steg"] for rad in egna}]
        if utan:
            stegen = "steget" if len(utan) == 1 else "stegen"
            brister.append(f"{vag}: {enhet.namn} ({enhet.id}) saknar {stegen} {rakna_upp(utan)}; lägg till en rad för varje.")
        elif not any(funna[rad.kalla] for rad in egna):
            planer[enhet.id] = tuple(sorted((_plansteg(rad, mall) for rad in egna), key=lambda s: ordning.index(s.steg)))
    return Last(planer, tuple(brister))


def _rader(fil: Path, vag: str, organisation: Organisation, kolumner: Sequence[str], valfria: Sequence[str] = ()) -> tuple[list[_Rad], list[str]]:
    """Filens rader, och varför de inte kunde läsas när de inte kunde det."""
    try:
        lasta = lasning.las_csv(fil, vag, kolumner, valfria)
    except MallFel as fel:
        return [], list(fel.rader)
    enheter = {e.id: e for e in organisation.enhet}
    return [_Rad(Kalla(vag, "", f"rad {nr}"), falt, enheter.get(falt["enhet"]), _nara(organisation, falt["enhet"])) for nr, falt in lasta], []


def _nara(organisation: Organisation, namn: str) -> Enhetspost | None:
    """Enheten vars id eller namn mest liknar det som står."""
    return organisation.sok(namn) or organisation.sok(narmast(namn, [n for e in organisation.enhet for n in (e.id, e.namn)]))


def _utan(rader: Sequence[_Rad], funna: Mapping[Kalla, Sequence[str]], brister: list[str]) -> list[_Rad]:
    """Raderna utan brister. Bristerna läggs till dem som redan är funna."""
    brister += [b for rad in rader for b in funna.get(rad.kalla, ())]
    return [rad for rad in rader if not funna.get(rad.kalla)]


def _enhetsbrist(rad: _Rad, slag: Sequence[str]) -> Iterator[str]:
    namn = rad.falt["enhet"]
    if rad.enhet is None:
        menade = f" Menade du {rad.nara.id} ({rad.nara.namn})?" if rad.nara else ""
        yield f"{rad.plats}: enheten ”{namn}” finns inte i kommun.toml; skriv enhetens id.{menade}"
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


def _dubbla_enheter(rader: Sequence[_Rad]) -> dict[Kalla, list[str]]:
    """Raderna om en enhet som redan står i planen."""
    forsta: dict[str, _Rad] = {}
    for rad in rader:
        forsta.setdefault(rad.falt["enhet"], rad)
    dubbla = [(rad, forsta[rad.falt["enhet"]]) for rad in rader if forsta[rad.falt["enhet"]] is not rad]
    return {rad.kalla: [f"{rad.plats}: enheten står redan på {fore.kalla.cell}; behåll en av raderna."] for rad, fore in dubbla}


def _olika_dagar(rader: Sequence[_Rad]) -> dict[Kalla, list[str]]:
    """Raderna med en annan dag än den första till tillfället: ett tillfälle är ett sammanträde."""
    dagar = _dagarna(rader)
    return {
        rad.kalla: [f"{rad.plats}: tillfälle {t} har dagen {rad.falt['dag']} här men {dagar[t]} tidigare; rätta den ena."]
        for rad in rader
        if (t := rad.falt["tillfalle"]) != UNDANTAS and rad.falt["dag"] != dagar[t]
    }


def _fel_ordning(rader: Sequence[_Rad]) -> Iterator[str]:
    """Tillfällen som inte kommer i ordning."""
    for (fore, dag_fore), (efter, dag_efter) in pairwise(sorted(_dagarna(rader).items())):
        if dag_efter <= dag_fore:
            yield f"{rader[0].kalla.fil}: tillfälle {efter} ({dag_efter}) kommer inte efter tillfälle {fore} ({dag_fore}); rätta dagarna."


def _dagarna(rader: Sequence[_Rad]) -> dict[str, str]:
    """Tillfälle → dagen på dess första rad."""
    return {rad.falt["tillfalle"]: rad.falt["dag"] for rad in reversed(rader) if rad.falt["tillfalle"] != UNDANTAS}


def _saknas(rader: Sequence[_Rad], organisation: Organisation, mall: Uppsiktsmall, vag: str) -> Iterator[str]:
    """Det som ingen rad nämner. En rad med en brist är redan sagd."""
    finns, tillfallen = {e.id for rad in rader for e in (rad.enhet, rad.nara) if e}, {rad.falt["tillfalle"] for rad in rader}
    for enhet in organisation.med_slag(*mall.slag):
        if enhet.id not in finns:
            yield f"{vag}: {enhet.namn} ({enhet.id}) saknas; lägg till en rad med tillfälle och dag, eller {UNDANTAS} med anledning."
    for nr in range(1, mall.tillfallen + 1):
        if str(nr) not in tillfallen:
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
