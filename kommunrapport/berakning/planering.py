"""Rapportmallen och organisationen blir räkneplaner: rader expanderas och varje cell får sitt steg."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property

from kommunrapport.berakning.antal import raknekolumn
from kommunrapport.berakning.koncern.underlag import i_lager, koncernplan
from kommunrapport.berakning.plangranskning import granska
from kommunrapport.berakning.urval import Lamnat
from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, enhet_av
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import MANADER, Period
from kommunrapport.karna.plan import (
    Adress,
    Andel,
    Antal,
    Enligt,
    Hamta,
    Kolumnplan,
    Kvot,
    Medel,
    Per,
    Radplan,
    Steg,
    Summa,
    Tabellplan,
    Textplats,
    Urval,
    Val,
    Ytterst,
)
from kommunrapport.karna.styrrad import Styrrad, per_enhet
from kommunrapport.karna.visning import SAKNAS, exakt_i_ord
from kommunrapport.mall import uttryck
from kommunrapport.mall.koncernenheter import andel_i_ord
from kommunrapport.mall.koncernmall import procentandel
from kommunrapport.mall.lagesbild import Tidpunkt, tidsord
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.periodmall import prognosnamn
from kommunrapport.mall.rapportmall import Radantal, Rapportmall, Rapporttabell, Tabellkolumn, Tabellrad
from kommunrapport.mall.rubriker import fyll_i, rubrikord

STYRDA = ("rader", "enhetsrader")
"""Rader som blir en per rad i styrningen."""
GRANSORD = ("grans_procent", "grans_antal", "grans_belopp")
"""Orden för gränsen när ett projekt ska redovisas särskilt."""


@dataclass(frozen=True)
class Underlag:
    """Det som planerna beror av: organisationen, perioden och vilka rader enheterna har."""

    organisation: Organisation
    period: Period
    styrrader: Sequence[Styrrad]
    koncern: Mapping[str, Tabellplan] = field(default_factory=dict)
    """Koncernens planer, som rapportens koncernkolumner hämtar ur."""
    prognoser: Sequence[Period] = ()
    """Årets tidigare prognoser, i tidsordning; en kolumn som expanderas blir en per prognos."""

    egna: Collection[str] | None = None
    """Nämnderna som får tabellerna per nämnd; None är alla."""
    lamnat: Lamnat = field(default_factory=Lamnat)
    """Det lämnade som rader väljs efter."""
    tider: Mapping[str, Tidpunkt] = field(default_factory=dict)
    """De senaste perioderna, som lägesbilden tar sina siffror ur."""
    urvalen: dict[tuple[object, ...], Urval] = field(default_factory=dict)
    """Radernas urval: kolumner som hämtar ur samma fakta delar ett."""

    @cached_property
    def _per_enhet(self) -> Mapping[str, Sequence[Styrrad]]:
        return per_enhet(self.styrrader)

    def enhetens(self, enhet: str) -> Sequence[Styrrad]:
        """Enhetens rader i besluten."""
        return self._per_enhet.get(enhet, ())

    @cached_property
    def ord(self) -> Mapping[str, str]:
        """Orden som rubrikerna och noterna använder: periodens, den förra prognosens månad och gränsen för dyrare projekt."""
        fg = MANADER[self.prognoser[-1].manad - 1] if self.prognoser else "förra prognosen"
        return {**rubrikord(self.period), **tidsord(self.tider), "fg_prognos": fg, **self._grans}

    @property
    def _grans(self) -> Mapping[str, str]:
        grans = self.lamnat.grans
        if grans is None:
            return dict.fromkeys(GRANSORD, SAKNAS)
        belopp = exakt_i_ord(grans.belopp, "belopp", self.organisation.inmatning)
        return dict(zip(GRANSORD, (str(grans.andel), str(grans.antal), belopp), strict=True))


def planera(mall: Rapportmall, underlag: Underlag) -> Mapping[str, Tabellplan]:
    """En plan per tabell, i mallens ordning. Fel: MallFel när ett uttryck pekar på något som inte finns."""
    planer = {**{plan.id: plan for tabell in mall.tabell for plan in _planer(tabell, underlag)}, **underlag.koncern}
    granska(planer)
    return planer


def _planer(tabell: Rapporttabell, underlag: Underlag) -> Iterator[Tabellplan]:
    if not tabell.per_enhet:
        yield _plan(tabell, tabell.id, tabell.titel, underlag, None)
        return
    for enhet in underlag.organisation.med_slag("namnd"):
        if underlag.egna is None or enhet.id in underlag.egna:
            yield _plan(tabell, f"{tabell.id}-{enhet.id}", tabell.titel.replace("{enhet}", enhet.namn), underlag, enhet)


def _med_prognoser(tabell: Rapporttabell, underlag: Underlag) -> Rapporttabell:
    """Tabellen med en kolumn per prognos där mallen säger det."""
    if not any(k.expandera for k in tabell.kolumn):
        return tabell
    return tabell.model_copy(update={"kolumn": tuple(k for kolumn in tabell.kolumn for k in _per_prognos(kolumn, tabell, underlag))})


def _per_prognos(kolumn: Tabellkolumn, tabell: Rapporttabell, underlag: Underlag) -> Iterator[Tabellkolumn]:
    if not kolumn.expandera:
        yield kolumn
        return
    samma = {k.id for k in tabell.kolumn if k.expandera}
    for p in underlag.prognoser:
        namn = {k: f"{k}_{p.manad:02d}" for k in samma}
        egna = {"id": namn[kolumn.id], "rubrik": kolumn.rubrik.replace("{prognos}", MANADER[p.manad - 1])}
        if kolumn.uttryck:
            yield kolumn.model_copy(update={**egna, "uttryck": " ".join(namn.get(del_, del_) for del_ in kolumn.uttryck.split())})
        else:
            yield kolumn.model_copy(update={**egna, "hamta": kolumn.hamta or kolumn.id, "ur": prognosnamn(p)})


def _plan(tabell: Rapporttabell, id_: str, titel: str, underlag: Underlag, enhet: Enhetspost | None) -> Tabellplan:
    tabell = _med_prognoser(tabell, underlag)
    rader = _rader(tabell, underlag, enhet)
    radplaner = [p for _, p in rader]
    steg: dict[tuple[str, str], Steg] = {}
    texter: dict[tuple[str, str], Textplats] = {}
    for rad, plan in rader:
        for kolumn in tabell.kolumn:
            if kolumn.falt:
                if rad.expandera in STYRDA and rad.rader:
                    texter[plan.id, kolumn.id] = Textplats(plan.enhet, rad.hamta, rad.rader[0], kolumn.falt)
            elif plan.stil != "rubrik" and (not rad.kolumner or kolumn.id in rad.kolumner):
                if kolumn.koncern and not (rad.uttryck or rad.kvot or kolumn.id in rad.per_kolumn):
                    steg[plan.id, kolumn.id] = _koncernsteg(tabell.uppstallning, plan.id, kolumn, underlag)
                else:
                    steg[plan.id, kolumn.id] = _steg(id_, rad, plan, kolumn, radplaner, underlag)
    ord_ = underlag.ord
    return Tabellplan(
        id_,
        fyll_i(titel, {**ord_, "kommun": underlag.organisation.kommun.namn}, "mallar/rapport"),
        tabell.rubrik_forsta,
        tabell.enhet or underlag.organisation.enheter.rapport,
        tuple(_kolumnplan(tabell, k, underlag) for k in tabell.kolumn),
        tuple(p for _, p in rader),
        steg,
        tabell.lagrum,
        tuple(fyll_i(n, ord_, "mallar/rapport") for n in tabell.not_),
        tabell.sekretess_kolumn,
        tabell.delning,
        texter,
    )


def _rader(tabell: Rapporttabell, underlag: Underlag, enhet: Enhetspost | None) -> list[tuple[Tabellrad, Radplan]]:
    """Tabellens rader med egna id: en verksamhet vars beteckning mallen redan använder får ``rad-`` före.

    Fel: MallFel när en enhets id krockar med en rad i mallen.
    """
    egna = {rad.id for rad in tabell.rad if not rad.expandera}
    rader = []
    for rad in tabell.rad:
        for bunden, plan in _expandera(rad, underlag, enhet):
            krockar = plan.id in egna and bool(rad.expandera)
            if krockar and rad.expandera in ("grupper", "enheter"):
                sort, id_ = ("gruppen", plan.id.removeprefix("summa_")) if rad.expandera == "grupper" else ("enheten", plan.id)
                raise MallFel(f"kommun.toml: {sort} {id_} har ett id som rapportens tabell {tabell.id} redan använder. Ge {sort} ett annat id.")
            rader.append((bunden, replace(plan, ur=rad.id, id=f"rad-{plan.id}" if krockar else plan.id, dold=rad.dold)))
    return rader


def _kolumnplan(tabell: Rapporttabell, kolumn: Tabellkolumn, underlag: Underlag) -> Kolumnplan:
    enheter = underlag.organisation.enheter
    per, decimaler = HUNDRADELAR, {"antal": 0, "procent": 1}.get(kolumn.slag, 0)
    if kolumn.kvot:
        per = KVOTDELAR
    elif kolumn.slag == "belopp":
        per = enhet_av(tabell.enhet or enheter.rapport).value
        decimaler = enheter.rapport_decimaler if tabell.decimaler is None else tabell.decimaler
    if kolumn.per:
        per *= KVOTDELAR
    if kolumn.decimaler is not None:
        decimaler = kolumn.decimaler
    rubrik = fyll_i(kolumn.rubrik, underlag.ord, "mallar/rapport")
    ord_ = (o.plus, o.noll or o.plus, o.minus, o.saknas) if (o := kolumn.ord) else None
    return Kolumnplan(kolumn.id, rubrik, kolumn.slag, per, decimaler, kolumn.visa_vand, kolumn.plus, kolumn.dold, ord=ord_)


def _expandera(rad: Tabellrad, underlag: Underlag, enhet: Enhetspost | None) -> Iterator[tuple[Tabellrad, Radplan]]:
    if rad.expandera == "grupper":
        yield from _grupper(rad, underlag)
    elif rad.expandera == "enheter":
        yield from _med_rubrik(rad, [_enhetsrad(rad, e, underlag) for e in _enheter(rad, underlag, enhet)])
    elif rad.expandera in STYRDA:
        yield from _med_rubrik(rad, [par for e in _enheter(rad, underlag, enhet) for par in _styrrader(rad, e, underlag)])
    else:
        bunden = rad.model_copy(update={"enhet_id": (enhet.id,)}) if enhet and not rad.enhet_id else rad
        yield bunden, Radplan(rad.id, rad.namn, rad.stil, enhet.id if enhet else "", rad.dolj_tom, rad.slag or "")


def _med_rubrik(rad: Tabellrad, blivna: Sequence[tuple[Tabellrad, Radplan]]) -> Iterator[tuple[Tabellrad, Radplan]]:
    if rad.rubrik and blivna:
        yield Tabellrad(id=f"r-{rad.id}", stil="rubrik"), Radplan(f"r-{rad.id}", rad.rubrik, "rubrik")
    yield from blivna


def _grupper(rad: Tabellrad, underlag: Underlag) -> Iterator[tuple[Tabellrad, Radplan]]:
    for grupp in underlag.organisation.grupp:
        enheter = [e for e in underlag.organisation.i_grupp(grupp.id) if _har_rader(rad, e, underlag)]
        for e in enheter:
            yield _enhetsrad(rad, e, underlag)
        if enheter:
            namn = rad.summarad.replace("{grupp}", grupp.namn)
            termer = " + ".join(e.id for e in enheter)
            yield Tabellrad(id=f"summa_{grupp.id}", uttryck=termer, stil="summa"), Radplan(f"summa_{grupp.id}", namn, "summa", grupp=grupp.id)


def _enhetsrad(rad: Tabellrad, enhet: Enhetspost, underlag: Underlag) -> tuple[Tabellrad, Radplan]:
    bundet: dict[str, object] = {"enhet_id": (enhet.id,), "per_kolumn": _med_ord(rad, {"enhet": enhet.id})}
    if rad.med_attribut or rad.lamnat or rad.urval:
        bundet["rader"] = tuple(s.rad for s in underlag.enhetens(enhet.id) if _traffar(rad, s, underlag))
    return rad.model_copy(update=bundet), Radplan(enhet.id, enhet.namn, rad.stil, enhet.id, rad.dolj_tom)


def _med_ord(rad: Tabellrad, ord_: Mapping[str, str]) -> dict[str, str]:
    """Radens adresser med orden inom klamrar utbytta."""
    return {kolumn: fyll_i(adresser, ord_, "mallar/rapport") for kolumn, adresser in rad.per_kolumn.items()}


def _styrrader(rad: Tabellrad, enhet: Enhetspost, underlag: Underlag) -> Iterator[tuple[Tabellrad, Radplan]]:
    """Enhetens rader; en bunden rads attribut är styrradens egna, som kolumner kan hämta andra tabellers rader ur."""
    styrrader = [s for s in underlag.enhetens(enhet.id) if _traffar(rad, s, underlag)]
    med_enhet = rad.expandera == "enhetsrader"
    if med_enhet and styrrader and not rad.rubrik:
        yield Tabellrad(id=f"r-{enhet.id}", stil="rubrik"), Radplan(f"r-{enhet.id}", enhet.namn, "rubrik", enhet.id)
    for s in styrrader:
        attribut = {namn: tuple(text.split()) for namn, text in s.attribut.items()}
        adresser = _med_ord(rad, {"enhet": enhet.id, "rad": s.rad, **s.attribut})
        bunden = rad.model_copy(update={"enhet_id": (enhet.id,), "rader": (s.rad,), "med_attribut": attribut, "per_kolumn": adresser})
        namn = fyll_i(rad.namn, {"radnamn": s.namn, "enhet": enhet.kort_namn, **s.attribut}, "mallar/rapport") if rad.namn else s.namn
        egna, slag, kalla = s.attribut.get("decimaler"), s.attribut.get("visas", ""), f"{s.kalla.fil}, {s.kalla.cell}"
        id_ = f"{enhet.id}.{s.rad}" if med_enhet else s.rad
        yield bunden, Radplan(id_, namn, rad.stil, enhet.id, slag=slag, kalla=kalla, decimaler=int(egna) if egna else None)


def _enheter(rad: Tabellrad, underlag: Underlag, enhet: Enhetspost | None) -> list[Enhetspost]:
    if enhet:
        return [enhet]
    org = underlag.organisation
    valda = [org.enhet_med_id(i) for i in rad.enhet_id] if rad.enhet_id else org.med_slag(*rad.enheter)
    return [e for e in valda if _har_rader(rad, e, underlag)]


def _har_rader(rad: Tabellrad, enhet: Enhetspost, underlag: Underlag) -> bool:
    return not rad.bara_med_rader or any(_traffar(rad, s, underlag) for s in underlag.enhetens(enhet.id))


def _traffar(rad: Tabellrad, s: Styrrad, underlag: Underlag) -> bool:
    return (
        s.tabell == rad.hamta
        and (not rad.arter or s.art in rad.arter)
        and (not rad.kategorier or s.kategori in rad.kategorier)
        and (not rad.rader or s.rad in rad.rader)
        and underlag.lamnat.valjer(rad, s)
    )


def _enhetsurval(rad: Tabellrad, organisation: Organisation) -> tuple[str, ...] | None:
    if rad.enhet_id:
        return rad.enhet_id
    valda = tuple(e.id for e in organisation.med_slag(*rad.enheter))
    return None if len(valda) == len(organisation.enhet) else valda


def _steg(tabell: str, rad: Tabellrad, plan: Radplan, kolumn: Tabellkolumn, rader: Sequence[Radplan], underlag: Underlag) -> Steg:
    if kolumn.id in rad.per_kolumn:
        return Summa(tuple((t.tecken, Adress.ur(t.namn)) for t in uttryck.parse(rad.per_kolumn[kolumn.id])), alla=False)
    if kolumn.id in rad.antal_i:
        return _antal(rad.antal_i[kolumn.id], underlag)
    if kolumn.kvot:
        taljare, namnare = (Adress(tabell, plan.id, k) for k in kolumn.kvot)
        return Kvot(taljare, namnare, kolumn.tecken_i_kvot, kolumn.alla_i_kvot)
    if kolumn.per:
        return Per(*(Adress(tabell, del_.rpartition(".")[0] or plan.id, del_.rpartition(".")[2]) for del_ in kolumn.per))
    inom = _inom_tabellen(tabell, rad, kolumn, rader)
    if inom:
        return inom
    if rad.kvot:
        return Kvot(Adress(tabell, rad.kvot[0], kolumn.id), Adress(tabell, rad.kvot[1], kolumn.id), tecken=False)
    if rad.uttryck:
        termer = tuple((t.tecken, Adress(tabell, r, kolumn.id)) for t in uttryck.parse(rad.uttryck) for r in _namngivna(t.namn, rader))
        return Summa(termer, alla=rad.alla)
    return _i_raden(tabell, rad, plan, kolumn, underlag) or _hamta(tabell, rad, plan, kolumn, underlag)


def _i_raden(tabell: str, rad: Tabellrad, plan: Radplan, kolumn: Tabellkolumn, underlag: Underlag) -> Steg | None:
    """Det som kolumnen räknas av i radens andra kolumner."""
    if kolumn.grans:
        procent = getattr(underlag.organisation.trosklar, kolumn.grans[1])
        return Andel(Adress(tabell, plan.id, kolumn.grans[0]), Fraction(procent, 100), f"{procent} procent", storlek=True)
    if kolumn.minst:
        adresser = tuple(Adress(tabell, plan.id, k) for k in kolumn.minst if k != "0")
        return Ytterst(adresser, noll="0" in kolumn.minst)
    if kolumn.forsta:
        return Enligt(tuple(Adress(tabell, plan.id, k) for k in kolumn.forsta), "den första av delarna som har ett värde")
    egen = rad.kolumnuttryck.get(kolumn.id) or kolumn.uttryck
    termer = tuple((t.tecken, Adress(tabell, plan.id, t.namn)) for t in uttryck.parse(egen)) if egen else ()
    return Summa(termer, alla=not kolumn.saknas_ar_noll) if termer else None


def _hamta(tabell: str, rad: Tabellrad, plan: Radplan, kolumn: Tabellkolumn, underlag: Underlag) -> Steg:
    """Det som hämtas ur fakta; en rad utan tabell har inget att hämta."""
    if not (rad.hamta or kolumn.tabell):
        return Summa((), alla=False)
    delar_per = KVOTDELAR // HUNDRADELAR if plan.slag == "procent" and kolumn.slag != "procent" else 1
    vilka = (tabell, plan.id, kolumn.tabell, kolumn.fran, kolumn.ur, *kolumn.dar.items())
    if vilka not in underlag.urvalen:
        underlag.urvalen[vilka] = _urval(rad, kolumn, underlag.organisation)
    return Hamta(underlag.urvalen[vilka], _faktakolumner(rad, kolumn), delar_per)


def _urval(rad: Tabellrad, kolumn: Tabellkolumn, organisation: Organisation) -> Urval:
    enheter = _enhetsurval(rad, organisation)
    urval = Urval(kolumn.tabell or rad.hamta, enheter, rad.rader, rad.arter, rad.kategorier, tuple(kolumn.dar.items()))
    if kolumn.fran:
        urval = Urval(kolumn.fran, enheter, rad.med_attribut.get(kolumn.fran) or (SAKNAS,))
    if kolumn.ur:
        urval = replace(urval, tabell=i_lager(urval.tabell, kolumn.ur))
    return urval


def _antal(mall: Radantal, underlag: Underlag) -> Antal:
    return Antal(tuple(Adress(mall.tabell, s.rad, mall.kolumn) for s in underlag.styrrader if s.tabell == mall.tabell), mall.svar)


def _faktakolumner(rad: Tabellrad, kolumn: Tabellkolumn) -> tuple[tuple[int, str], ...]:
    if kolumn.antal_av:
        return ((1, raknekolumn(kolumn.antal_av, kolumn.varden)),)
    return _termer(rad.kolumnbyte.get(kolumn.id) or kolumn.hamta or kolumn.id)


@cache
def _termer(text: str) -> tuple[tuple[int, str], ...]:
    """Samma uttryck ger samma objekt: många rader hämtar samma kolumner."""
    return tuple((t.tecken, t.namn) for t in uttryck.parse(text))


def _medel(tabell: str, rad: Tabellrad, kolumn: Tabellkolumn, rader: Sequence[Radplan]) -> Steg:
    """Radernas medelvärde, vägt med kolumnens vikt; utan vikt deras summa."""
    namn = [r for t in uttryck.parse(rad.medel) for r in _namngivna(t.namn, rader)]
    if not kolumn.vikt:
        return Summa(tuple((1, Adress(tabell, r, kolumn.id)) for r in namn), alla=False)
    return Medel(tuple((Adress(tabell, r, kolumn.id), Adress(tabell, r, kolumn.vikt)) for r in namn))


def _inom_tabellen(tabell: str, rad: Tabellrad, kolumn: Tabellkolumn, radplaner: Sequence[Radplan]) -> Steg | None:
    """Medelvärde, andel, ytterlighet eller val bland tabellens andra rader i samma kolumn."""
    if rad.medel:
        return _medel(tabell, rad, kolumn, radplaner)
    if rad.andel:
        andel = procentandel(rad.andel[1])
        return Andel(Adress(tabell, rad.andel[0], kolumn.id), andel, andel_i_ord(andel))
    if rad.valj:
        return Val(*(Adress(tabell, r, kolumn.id) for r in rad.valj))
    if not (rader := rad.minst or rad.storst):
        return None
    adresser = tuple(Adress(tabell, r, kolumn.id) for r in rader if r != "0")
    return Ytterst(adresser, storst=bool(rad.storst), noll="0" in rader)


def _koncernsteg(rakning: str, rad: str, kolumn: Tabellkolumn, underlag: Underlag) -> Steg:
    """Koncernens siffra ur dess plan, eller för en tidigare period ur kommunens lista över publicerade jämförelsetal."""
    lager = "" if kolumn.koncern == "nu" else kolumn.koncern
    adress = Adress(koncernplan(rakning, lager), rad, kolumn.led)
    plan = underlag.koncern.get(adress.tabell)
    if plan and (adress.rad, adress.kolumn) in plan.steg:
        return Summa(((1, adress),), alla=False)
    nyckel = f"{underlag.period}.{lager}.{rakning}.{rad}" if lager else ""
    return Hamta(Urval("jamforelsetal", None, (nyckel,)), ((1, "belopp"),))


def _namngivna(namn: str, rader: Sequence[Radplan]) -> Iterator[str]:
    """``*`` är alla vanliga rader, ``*grupper`` gruppernas summor och ``*id`` raderna som mallraden blev."""
    if namn == "*grupper":
        yield from (r.id for r in rader if r.grupp)
    elif namn.startswith("*"):
        yield from (r.id for r in rader if r.stil == "rad" and namn in ("*", f"*{r.ur}"))
    else:
        yield namn
