"""Jämförelsen som rapport: tabeller, diagram och meningar för Word och Excel. Varje tal bär sin plats i läget."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.kolada import ord as i_ord
from kommunrapport.kolada.jamforelse import LANG_TID, Arsvarde, Jamford, Jamforelse
from kommunrapport.kolada.lage import ALLA_KOMMUNER, RIKET
from kommunrapport.kolada.matt import visat
from kommunrapport.mall.utseende import Utseende
from kommunrapport.rapport.meningar import uppraknat
from kommunrapport.rapport.modell import Cell, Celldel, Diagram, Enhetsavsnitt, Kolumn, Rad, Rapport, Tabell

_MEST_AR = 10
_OVAGT = "¹"
_EGEN = "Egen beräkning"
BLOCK = frozenset({"oversikt", "forandring", "spridning", "mal", "kon", "definitioner", "arsvarden", "liknande", "ar", "trend"})


@dataclass(frozen=True)
class _Bygge:
    """Jämförelsen, och lägets fil räknad från arbetskatalogen."""

    j: Jamforelse
    fil: str

    @property
    def kallrad(self) -> str:
        return f"Källa: Kolada, hämtat {datum_i_ord(self.j.lage.hamtat)}"

    def kalla(self, id_: str, omrade: str, ar: int, kon: str = "T") -> Kalla:
        return Kalla(self.fil, "", f"{id_}, {omrade}, {ar}, {kon}")

    def koladas(self, x: Jamford, tal: Decimal | None, omrade: str, ar: int | None, kon: str = "T") -> Cell:
        """Ett värde så som Kolada har det."""
        text = visat(tal, x.rad.decimaler)
        return Cell(text) if tal is None or ar is None else Cell(text, tal, kalla=self.kalla(x.rad.id, omrade, ar, kon), lagrat=str(tal))

    def raknat(self, x: Jamford, tal: Decimal | None, ar: int | None, steg: str, *, plus: bool = False, kon: str = "T") -> Cell:
        """Ett tal som är räknat på de liknande kommunernas värden."""
        delar = self._delar(x.rad.id, ar, kon) if tal is not None and ar else ()
        return Cell(visat(tal, x.rad.decimaler, plus=plus), tal, steg=f"{_EGEN}: {steg}", delar=delar)

    def _delar(self, id_: str, ar: int, kon: str) -> tuple[Celldel, ...]:
        lage = self.j.lage
        tal = [(i, lage.tal(id_, i, ar, kon)) for i in self.j.liknande]
        return tuple(Celldel(lage.namn(i), str(v), self.kalla(id_, i, ar, kon)) for i, v in tal if v is not None)

    def forandring(self, x: Jamford, tal: Decimal | None, tillbaka: int) -> Cell:
        if tal is None or x.ar is None:
            return Cell(visat(None, 0))
        kommun, aren = self.j.lage.kommun, (x.ar, x.ar - tillbaka)
        delar = [Celldel(str(ar), str(self.j.lage.tal(x.rad.id, kommun, ar)), self.kalla(x.rad.id, kommun, ar)) for ar in aren]
        return Cell(visat(tal, x.rad.decimaler, plus=True), tal, steg=f"{_EGEN}: skillnad", delar=tuple(delar))

    def riket(self, x: Jamford, a: Arsvarde | None) -> Cell:
        return self.koladas(x, a.riket if a else None, ALLA_KOMMUNER if a and a.ovagt else RIKET, a.ar if a else None)

    def lan(self, x: Jamford, a: Arsvarde | None) -> Cell:
        grupp = self.j.lage.grupp("lan")
        return self.koladas(x, a.lan if a else None, grupp.id if grupp else "", a.ar if a else None)


def rapport_av(j: Jamforelse, namn: str, fil: str, kommun: str, utseende: Utseende) -> Rapport:
    """Hela jämförelsen. ``fil`` är läget och ``kommun`` namnet på omslaget; färgbyten och märke läggs till av den som skriver."""
    b, dag = _Bygge(j, fil), j.lage.hamtat
    tabeller = {t.id: t for t in _tabeller(b) if t.rader}
    grupp = j.lage.grupp("liknande")
    return Rapport(
        titel=f"Jämförelse: {j.titel}",
        filnamn=f"Jämförelse {namn} {dag.isoformat()}",
        kommun=kommun,
        period=str(Period(dag.year, dag.month)),
        omraden=frozenset(),
        spann=datum_i_ord(dag),
        slut=datum_i_ord(dag),
        ar=dag.year,
        enhetstext="",
        utkastrader=(),
        tabeller=tabeller,
        diagram={},
        blocknamn=BLOCK,
        dolda={},
        sekretess_antal=0,
        meningar={
            "kalla": f"{b.kallrad} ({j.lage.kalla}). Kommunens, länets och rikets värden är Koladas. Median, kvartiler, förändring, "
            "jämförelse och plats är egna beräkningar på Koladas värden.",
            "liknande": _gruppmening(j, grupp.namn if grupp else ""),
            "plats": i_ord.PLATSFORKLARING,
            "tolkade": i_ord.tolkade(j),
            "saknas": " ".join(i_ord.saknasrader(j)),
        },
        forklaringar={},
        nyckeltal=(),
        texter={},
        namnder=tuple(_avsnitt(b, x) for x in j.jamforda if x.ar is not None),
        bolag=(),
        status="",
        utseende=utseende,
    )


def oversikt(j: Jamforelse, fil: str) -> Tabell:
    """Bara översikten, för ett annat dokument. ``fil`` är läget, räknat från arbetskatalogen."""
    return _oversikt(_Bygge(j, fil))


def _gruppmening(j: Jamforelse, grupp: str) -> str:
    namn = rakna_upp([j.lage.namn(i) for i in j.liknande])
    return f"Kommunen jämförs med gruppen ”{grupp}”: {namn}." if grupp else ""


def _tabeller(b: _Bygge) -> Iterator[Tabell]:
    yield _oversikt(b)
    yield _forandring(b)
    yield _spridning(b)
    yield _mal(b)
    yield _kon(b)
    yield _arsvarden(b)
    yield _liknande(b)
    yield _definitioner(b)


def _tal(id_: str, rubrik: str) -> Kolumn:
    return Kolumn(id_, rubrik, ar_tal=True)


def _text(id_: str, rubrik: str, vikt: int = 10) -> Kolumn:
    return Kolumn(id_, rubrik, ar_tal=False, vikt=vikt)


def _radnamn(x: Jamford) -> str:
    """Namn, enhet och år."""
    return ", ".join(del_ for del_ in (x.namn, x.rad.enhet, str(x.ar or "")) if del_)


def _oversikt(b: _Bygge) -> Tabell:
    kolumner = (
        _tal("eget", b.j.kommun),
        _tal("fore", "Sedan året före"),
        _tal("median", "Liknande, median"),
        _tal("lan", "Länet"),
        _tal("riket", "Riket"),
        _text("mot", "Mot liknande"),
        _text("plats", "Plats"),
    )
    ovagt = any(x.nu and x.nu.ovagt for x in b.j.jamforda)
    noter = [f"{b.kallrad}: kommunen, länet (ovägt medel) och riket. {_EGEN}: förändring, median, jämförelse och plats."]
    noter += [f"{_OVAGT} Ovägt medelvärde för alla kommuner; Kolada har inget värde för riket."] if ovagt else []
    rader = tuple(Rad(x.rad.id, "rad", _radnamn(x) + (f" {_OVAGT}" if x.nu and x.nu.ovagt else ""), _oversiktsceller(b, x)) for x in b.j.jamforda)
    return Tabell("oversikt", "Nyckeltalen i översikt", "", "Nyckeltal", kolumner, rader, tuple(noter))


def _oversiktsceller(b: _Bygge, x: Jamford) -> tuple[Cell, ...]:
    nu = x.nu
    return (
        b.koladas(x, nu.eget if nu else None, b.j.lage.kommun, x.ar),
        b.forandring(x, x.fore, 1),
        b.raknat(x, nu.spridning.median if nu and nu.spridning else None, x.ar, "median"),
        b.lan(x, nu),
        b.riket(x, nu),
        Cell(i_ord.omdomesord(x.mot_liknande)),
        Cell(i_ord.platsord(x.plats)),
    )


def _forandring(b: _Bygge) -> Tabell:
    kolumner = (_tal("eget", b.j.kommun), _tal("fore", "Sedan året före"), _text("trend", "Bättre eller sämre"), _tal("lang", f"Sedan {LANG_TID} år"))
    rader = tuple(Rad(x.rad.id, "rad", _radnamn(x), _forandringsceller(b, x)) for x in b.j.jamforda if x.ar)
    not_ = f"{b.kallrad}: kommunens värde. {_EGEN}: förändringarna. Ett tankstreck är en uppgift som saknas."
    return Tabell("forandring", "Förändring över tid", "", "Nyckeltal", kolumner, rader, (not_,))


def _forandringsceller(b: _Bygge, x: Jamford) -> tuple[Cell, ...]:
    eget = b.koladas(x, x.nu.eget if x.nu else None, b.j.lage.kommun, x.ar)
    return (eget, b.forandring(x, x.fore, 1), Cell(i_ord.omdomesord(x.trend)), b.forandring(x, x.lang, LANG_TID))


def _spridning(b: _Bygge) -> Tabell:
    rubriker = ("Lägsta", "Nedre kvartil", "Median", "Övre kvartil", "Högsta")
    kolumner = (*(_tal(r, r) for r in rubriker), _tal("antal", "Antal"), _tal("saknas", "Saknas"))
    rader = []
    for x in b.j.jamforda:
        s = x.nu.spridning if x.nu else None
        if s:
            tal = (s.minst, s.kvartil1, s.median, s.kvartil3, s.storst)
            antal = (Cell(str(n), Decimal(n)) for n in (s.antal, s.saknas))
            celler = (b.raknat(x, t, x.ar, r.lower()) for t, r in zip(tal, rubriker, strict=True))
            rader.append(Rad(x.rad.id, "rad", _radnamn(x), (*celler, *antal)))
    not_ = f"{_EGEN} på Koladas värden för {len(b.j.liknande)} liknande kommuner; kvartilerna som Excels KVARTIL.INK."
    return Tabell("spridning", "De liknande kommunernas spridning", "", "Nyckeltal", kolumner, tuple(rader), (not_,))


def _mal(b: _Bygge) -> Tabell:
    kolumner = (_text("start_ar", "Från"), _tal("start", "Utgångsvärde"), _tal("nu", "Nu"), _tal("sedan", "Förändring"),
                _text("mal_ar", "Till"), _tal("onskat", "Önskat värde"), _text("natt", "Nått"))  # fmt: skip
    rader, kallor, tolkade = [], list[str](), list[str]()
    for x in b.j.jamforda:
        for m in x.mal:
            d, natt = x.rad.decimaler, "–" if m.natt is None else "ja" if m.natt else "nej"
            nu = b.koladas(x, x.nu.eget if x.nu else None, b.j.lage.kommun, x.ar)
            sedan = Cell(visat(m.sedan_start, d, plus=True), m.sedan_start)
            celler = (Cell(str(m.mal.start_ar)), Cell(visat(m.start, d), m.start), nu, sedan,
                      Cell(str(m.mal.mal_ar)), Cell(visat(m.onskat, d), m.onskat), Cell(natt))  # fmt: skip
            rader.append(Rad(x.rad.id, "rad", _radnamn(x), celler))
            kallor.append(m.mal.kalla)
            tolkade += [x.namn] if m.mal.tolkat else []
    noter = [f"Utgångsvärden och önskade värden: {rakna_upp(list(dict.fromkeys(kallor)))}. {b.kallrad}: värdet nu. {_EGEN}: förändring."]
    noter += [f"Att målet avser just detta nyckeltal är vår tolkning: {rakna_upp(tolkade)}."] if tolkade else []
    return Tabell("mal", "Utgångsvärden och önskade värden", "", "Nyckeltal", kolumner, tuple(rader), tuple(noter))


def _kon(b: _Bygge) -> Tabell:
    kolumner = (*(_tal(f"{slag}{k}", f"{namn}, {vad}") for k, namn in i_ord.KON.items() for slag, vad in (("e", b.j.kommun), ("m", "median"))),)
    rader = []
    for x in b.j.jamforda:
        if x.kon:
            par = [(b.koladas(x, eget, b.j.lage.kommun, x.ar, kon), b.raknat(x, median, x.ar, "median", kon=kon)) for kon, eget, median in x.kon]
            rader.append(Rad(x.rad.id, "rad", _radnamn(x), tuple(c for p in par for c in p)))
    not_ = f"{b.kallrad}: kommunens värden. {_EGEN}: medianen för liknande kommuner."
    return Tabell("kon", "Kvinnor och män", "", "Nyckeltal", kolumner, tuple(rader), (not_,))


_SERIER = (("median", "Liknande, median"), ("minst", "Liknande, lägsta"), ("storst", "Liknande, högsta"))


def _arskolumner(b: _Bygge) -> tuple[Kolumn, ...]:
    return (_tal("eget", b.j.kommun), *(_tal(i, r) for i, r in _SERIER), _tal("lan", "Länet"), _tal("riket", "Riket"))


def _arsceller(b: _Bygge, x: Jamford, a: Arsvarde) -> tuple[Cell, ...]:
    raknade = (b.raknat(x, getattr(a.spridning, i) if a.spridning else None, a.ar, rubrik) for i, rubrik in _SERIER)
    return (b.koladas(x, a.eget, b.j.lage.kommun, a.ar), *raknade, b.lan(x, a), b.riket(x, a))


def _arsvarden(b: _Bygge) -> Tabell:
    """Bara i Excel: alla år."""
    rader = tuple(Rad(f"{x.rad.id}-{a.ar}", "rad", f"{x.namn}, {a.ar}", _arsceller(b, x, a)) for x in b.j.jamforda for a in x.serie)
    return Tabell("arsvarden", "År för år", "", "Nyckeltal och år", _arskolumner(b), rader, (f"{b.kallrad}. {_EGEN}: median, lägsta och högsta.",))


def _liknande(b: _Bygge) -> Tabell:
    """Bara i Excel: varje liknande kommuns värde det senaste året."""
    kolumner = (_tal("eget", b.j.kommun), *(_tal(i, b.j.lage.namn(i)) for i in b.j.liknande))
    omraden = (b.j.lage.kommun, *b.j.liknande)
    rader = tuple(
        Rad(x.rad.id, "rad", _radnamn(x), tuple(b.koladas(x, b.j.lage.tal(x.rad.id, i, x.ar), i, x.ar) for i in omraden))
        for x in b.j.jamforda
        if x.ar
    )
    return Tabell("liknande", "Kommunerna", "", "Nyckeltal och år", kolumner, rader, (f"{b.kallrad}.",))


def _definitioner(b: _Bygge) -> Tabell:
    kolumner = (_text("titel", "Koladas titel och beskrivning", 40), _text("riktning", "Riktning"), _text("publiceras", "Nästa publicering"))
    rader = []
    for x in b.j.jamforda:
        text = f"{x.uppgift.titel}. {x.uppgift.beskrivning}".strip()
        rader.append(Rad(x.rad.id, "rad", x.rad.id, (Cell(text), Cell(i_ord.riktningsord(x)), Cell(x.uppgift.publiceras or "–"))))
    return Tabell(
        "definitioner",
        "Nyckeltalens definitioner",
        "",
        "Id",
        kolumner,
        tuple(rader),
        (f"{b.kallrad}. Riktningen kommer ur setet; (tolkat) står inte i Kolada.",),
    )


def _avsnitt(b: _Bygge, x: Jamford) -> Enhetsavsnitt:
    serie = x.serie[-_MEST_AR:]
    rader = tuple(Rad(str(a.ar), "rad", str(a.ar), tuple(Cell(c.text, c.tal) for c in _arsceller(b, x, a))) for a in reversed(serie))
    tabell = Tabell("ar", x.namn, x.rad.enhet, "År", _arskolumner(b), rader, (f"{b.kallrad}. {_EGEN}: median, lägsta och högsta.",))
    d = _diagram(b, x, serie)
    return Enhetsavsnitt(x.rad.id, x.namn, "", i_ord.mening(x, b.j), {}, {"ar": tabell}, diagram={"trend": d} if d else {})


def _diagram(b: _Bygge, x: Jamford, serie: Sequence[Arsvarde]) -> Diagram | None:
    """Kommunens linje mot medianen och spannet; ett år utan värde är en lucka. None när kommunen har färre än två värden."""
    if sum(a.eget is not None for a in serie) < 2:
        return None
    serier = [(b.j.kommun, tuple(a.eget for a in serie))]
    serier += [(rubrik, tuple(getattr(a.spridning, i) if a.spridning else None for a in serie)) for i, rubrik in _SERIER]
    serier = [s for s in serier if any(v is not None for v in s[1])]
    aren = tuple(str(a.ar) for a in serie)
    texter = [(namn, ["uppgift saknas" if v is None else visat(v, x.rad.decimaler) for v in varden]) for namn, varden in serier]
    alttext = f"Linjediagram, {x.namn} {aren[0]}–{aren[-1]}. {uppraknat(aren, texter, x.rad.enhet)}."
    return Diagram(
        "trend",
        "linje",
        f"{x.namn}, {b.j.kommun} och liknande kommuner",
        x.rad.enhet,
        x.rad.decimaler,
        aren,
        tuple(serier),
        alttext,
        talade=1,
        nollbas=False,
    )
