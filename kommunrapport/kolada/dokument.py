"""Jämförelsen som rapport: tabeller, diagram och meningar för Word och Excel. Varje tal bär sin plats i läget."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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
_STRECK = "Ett tankstreck är en uppgift som saknas eller inte visas."
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
        """Ett tal som är räknat på de andra kommunernas värden."""
        delar = self._delar(x.rad.id, ar, kon) if tal is not None and ar else ()
        return Cell(visat(tal, x.rad.decimaler, plus=plus), tal, steg=f"{_EGEN}: {steg}", delar=delar)

    def _delar(self, id_: str, ar: int, kon: str) -> tuple[Celldel, ...]:
        lage = self.j.lage
        tal = [(i, lage.tal(id_, i, ar, kon)) for i in self.j.andra]
        return tuple(Celldel(lage.namn(i), str(v), self.kalla(id_, i, ar, kon)) for i, v in tal if v is not None)

    def forandring(self, x: Jamford, tal: Decimal | None, tillbaka: int) -> Cell:
        if tal is None or x.ar is None:
            return Cell(visat(None, 0))
        kommun, aren = self.j.lage.kommun, (x.ar, x.ar - tillbaka)
        delar = [Celldel(str(ar), str(self.j.lage.tal(x.rad.id, kommun, ar)), self.kalla(x.rad.id, kommun, ar)) for ar in aren]
        return Cell(visat(tal, x.rad.decimaler, plus=True), tal, steg=f"{_EGEN}: skillnad", delar=tuple(delar))

    def var_for_sig(self, x: Jamford, ar: int | None) -> tuple[Cell, ...]:
        """De andra kommunernas värden, ett för ett."""
        return tuple(self.koladas(x, self.j.lage.tal(x.rad.id, i, ar) if ar else None, i, ar) for i in self.j.andra)

    def omraden(self, x: Jamford, a: Arsvarde | None) -> tuple[Cell, ...]:
        """Länet och riket, när läget har värden för dem."""
        return (*((self.lan(x, a),) if i_ord.har_lan(self.j) else ()), *((self.riket(x, a),) if i_ord.har_riket(self.j) else ()))

    def omradeskolumner(self) -> tuple[Kolumn, ...]:
        return (
            *((_tal("lan", "Länet"),) if i_ord.har_lan(self.j) else ()),
            *((_tal("riket", "Riket"),) if i_ord.har_riket(self.j) else ()),
        )

    def kommunkolumner(self) -> tuple[Kolumn, ...]:
        return tuple(_tal(i, self.j.lage.namn(i)) for i in self.j.andra)

    def riket(self, x: Jamford, a: Arsvarde | None) -> Cell:
        return self.koladas(x, a.riket if a else None, ALLA_KOMMUNER if a and a.ovagt else RIKET, a.ar if a else None)

    def lan(self, x: Jamford, a: Arsvarde | None) -> Cell:
        grupp = self.j.lage.grupp("lan")
        return self.koladas(x, a.lan if a else None, grupp.id if grupp else "", a.ar if a else None)


def rapport_av(j: Jamforelse, namn: str, fil: str, kommun: str, utseende: Utseende) -> Rapport:
    """Hela jämförelsen. ``fil`` är läget och ``kommun`` namnet på omslaget; färgbyten och märke läggs till av den som skriver."""
    b, dag = _Bygge(j, fil), j.lage.hamtat
    tabeller = {t.id: t for t in _tabeller(b) if t.rader}
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
            "kalla": f"{b.kallrad} ({j.lage.kalla}). Värdena är Koladas. {_raknade(j)} är våra egna beräkningar på dem.",
            "liknande": i_ord.gruppmening(j),
            "plats": i_ord.kravmening(j),
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


def _raknade(j: Jamforelse) -> str:
    return "Median, kvartiler, förändring, jämförelse och plats" if j.har_matt else "Förändringarna"


def oversikt(j: Jamforelse, fil: str) -> Tabell:
    """Bara översikten, för ett annat dokument. ``fil`` är läget, räknat från arbetskatalogen."""
    return _oversikt(_Bygge(j, fil))


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
    j, egna = b.j, (_tal("eget", b.j.kommun), _tal("fore", "Sedan året före"))
    if j.har_matt:
        matt = (_tal("median", i_ord.grupprubrik(j, "median")), *b.omradeskolumner(), _text("mot", "Mot medianen"), _text("plats", "Plats"))
        kolumner, raknat = (*egna, *matt), "förändring, median, jämförelse och plats"
    else:
        kolumner, raknat = (*egna, *b.kommunkolumner(), *b.omradeskolumner()), "förändring"
    ovagt = any(x.nu and x.nu.ovagt for x in j.jamforda)
    noter = [f"{b.kallrad}: värdena{'; länets är ett ovägt medel' if i_ord.har_lan(j) else ''}. {_EGEN}: {raknat}. {_STRECK}"]
    noter += [f"{_OVAGT} Ovägt medelvärde för alla kommuner; Kolada har inget värde för riket."] if ovagt else []
    rader = tuple(Rad(x.rad.id, "rad", _radnamn(x) + (f" {_OVAGT}" if x.nu and x.nu.ovagt else ""), _oversiktsceller(b, x)) for x in b.j.jamforda)
    return Tabell("oversikt", "Nyckeltalen i översikt", "", "Nyckeltal", kolumner, rader, tuple(noter))


def _oversiktsceller(b: _Bygge, x: Jamford) -> tuple[Cell, ...]:
    nu = x.nu
    egna = (b.koladas(x, nu.eget if nu else None, b.j.lage.kommun, x.ar), b.forandring(x, x.fore, 1))
    if not b.j.har_matt:
        return (*egna, *b.var_for_sig(x, x.ar), *b.omraden(x, nu))
    median = b.raknat(x, nu.spridning.median if nu and nu.spridning else None, x.ar, "median")
    return (*egna, median, *b.omraden(x, nu), Cell(i_ord.omdomesord(x.mot_median)), Cell(i_ord.platsord(x.plats)))


def _forandring(b: _Bygge) -> Tabell:
    kolumner = (_tal("eget", b.j.kommun), _tal("fore", "Sedan året före"), _text("trend", "Bättre eller sämre"), _tal("lang", f"Sedan {LANG_TID} år"))
    rader = tuple(Rad(x.rad.id, "rad", _radnamn(x), _forandringsceller(b, x)) for x in b.j.jamforda if x.ar)
    not_ = f"{b.kallrad}: kommunens värde. {_EGEN}: förändringarna. {_STRECK}"
    return Tabell("forandring", "Förändring över tid", "", "Nyckeltal", kolumner, rader, (not_,))


def _forandringsceller(b: _Bygge, x: Jamford) -> tuple[Cell, ...]:
    eget = b.koladas(x, x.nu.eget if x.nu else None, b.j.lage.kommun, x.ar)
    return (eget, b.forandring(x, x.fore, 1), Cell(i_ord.omdomesord(x.trend)), b.forandring(x, x.lang, LANG_TID))


def _spridning(b: _Bygge) -> Tabell:
    rubriker = ("Lägsta", "Nedre kvartil", "Median", "Övre kvartil", "Högsta")
    kolumner = (*(_tal(r, r) for r in rubriker), _tal("antal", "Har värde"), _tal("saknas", "Saknar värde"))
    rader = []
    for x in b.j.jamforda:
        s = x.nu.spridning if x.nu else None
        if s and b.j.har_matt:
            tal = (s.minst, s.kvartil1, s.median, s.kvartil3, s.storst)
            antal = (Cell(str(n), Decimal(n)) for n in (s.antal, s.saknas))
            celler = (b.raknat(x, t, x.ar, r.lower()) for t, r in zip(tal, rubriker, strict=True))
            rader.append(Rad(x.rad.id, "rad", _radnamn(x), (*celler, *antal)))
    not_ = f"{_EGEN} på Koladas värden för {len(b.j.andra)} {i_ord.gruppord(b.j)}; kvartilerna som Excels KVARTIL.INK. {_STRECK}"
    return Tabell("spridning", "Spridning bland kommunerna", "", "Nyckeltal", kolumner, tuple(rader), (not_,))


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
    slagen = (("e", b.j.kommun), ("m", "median"))[: 2 if b.j.har_matt else 1]
    kolumner = tuple(_tal(f"{slag}{k}", f"{namn}, {vad}") for k, namn in i_ord.KON.items() for slag, vad in slagen)
    rader = []
    for x in b.j.jamforda:
        if x.kon:
            par = [(b.koladas(x, eget, b.j.lage.kommun, x.ar, kon), b.raknat(x, median, x.ar, "median", kon=kon)) for kon, eget, median in x.kon]
            rader.append(Rad(x.rad.id, "rad", _radnamn(x), tuple(c for p in par for c in p[: len(slagen)])))
    not_ = f"{b.kallrad}: kommunens värden." + (f" {_EGEN}: medianen för {i_ord.gruppord(b.j)}. {_STRECK}" if b.j.har_matt else "")
    return Tabell("kon", "Könsuppdelade nyckeltal", "", "Nyckeltal", kolumner, tuple(rader), (not_,))


_SERIER = (("median", "median"), ("minst", "lägsta"), ("storst", "högsta"))


def _arskolumner(b: _Bygge) -> tuple[Kolumn, ...]:
    andra = tuple(_tal(i, i_ord.grupprubrik(b.j, r)) for i, r in _SERIER) if b.j.har_matt else b.kommunkolumner()
    return (_tal("eget", b.j.kommun), *andra, *b.omradeskolumner())


def _arsceller(b: _Bygge, x: Jamford, a: Arsvarde) -> tuple[Cell, ...]:
    if b.j.har_matt:
        andra = tuple(b.raknat(x, getattr(a.spridning, i) if a.spridning else None, a.ar, matt) for i, matt in _SERIER)
    else:
        andra = b.var_for_sig(x, a.ar)
    return (b.koladas(x, a.eget, b.j.lage.kommun, a.ar), *andra, *b.omraden(x, a))


def _arsnot(b: _Bygge) -> str:
    return f"{b.kallrad}. {f'{_EGEN}: median, lägsta och högsta. ' if b.j.har_matt else ''}{_STRECK}"


def _arsvarden(b: _Bygge) -> Tabell:
    """Bara i Excel: alla år."""
    rader = tuple(Rad(f"{x.rad.id}-{a.ar}", "rad", f"{x.namn}, {a.ar}", _arsceller(b, x, a)) for x in b.j.jamforda for a in x.serie)
    return Tabell("arsvarden", "År för år", "", "Nyckeltal och år", _arskolumner(b), rader, (_arsnot(b),))


def _liknande(b: _Bygge) -> Tabell:
    """Bara i Excel: varje kommuns värde det senaste året."""
    kolumner = (_tal("eget", b.j.kommun), *b.kommunkolumner())
    rader = tuple(
        Rad(x.rad.id, "rad", _radnamn(x), (b.koladas(x, x.nu.eget, b.j.lage.kommun, x.ar), *b.var_for_sig(x, x.ar))) for x in b.j.jamforda if x.nu
    )
    return Tabell("liknande", "Kommunerna", "", "Nyckeltal och år", kolumner, rader, (f"{b.kallrad}.",))


def _definitioner(b: _Bygge) -> Tabell:
    kolumner = (_text("titel", "Koladas titel och beskrivning", 40), _text("riktning", "Riktning"), _text("publiceras", "Nästa publicering"))
    rader = [
        Rad(x.rad.id, "rad", x.rad.id, (Cell(_definition(x)), Cell(i_ord.riktningsord(x)), Cell(_dag(x.uppgift.publiceras)))) for x in b.j.jamforda
    ]
    return Tabell(
        "definitioner",
        "Nyckeltalens definitioner",
        "",
        "Id",
        kolumner,
        tuple(rader),
        (f"{b.kallrad}. (tolkat) betyder att riktningen är vår läsning och inte står i Kolada.",),
    )


def _definition(x: Jamford) -> str:
    """Koladas titel och beskrivning, eller att de inte är hämtade."""
    titel, beskrivning = " ".join(x.uppgift.titel.split()), x.uppgift.beskrivning
    if titel == x.rad.id:
        return "Koladas titel och beskrivning är inte hämtade."
    titel = titel.rstrip(".")
    return f"{titel}. {beskrivning}" if beskrivning else f"{titel}. Beskrivningen är inte hämtad."


def _dag(text: str) -> str:
    """Koladas datum i ord."""
    try:
        return datum_i_ord(date.fromisoformat(text))
    except ValueError:
        return text or "–"


def _avsnitt(b: _Bygge, x: Jamford) -> Enhetsavsnitt:
    serie = x.serie[-_MEST_AR:]
    rader = tuple(Rad(str(a.ar), "rad", str(a.ar), tuple(Cell(c.text, c.tal) for c in _arsceller(b, x, a))) for a in reversed(serie))
    tabell = Tabell("ar", x.namn, x.rad.enhet, "År", _arskolumner(b), rader, (_arsnot(b),))
    d = _diagram(b, x, serie)
    return Enhetsavsnitt(x.rad.id, x.namn, "", i_ord.mening(x, b.j), {}, {"ar": tabell}, diagram={"trend": d} if d else {})


def _diagram(b: _Bygge, x: Jamford, serie: Sequence[Arsvarde]) -> Diagram | None:
    """Kommunens linje mot medianen och spannet; ett år utan värde är en lucka. None när kommunen har färre än två värden."""
    if sum(a.eget is not None for a in serie) < 2:
        return None
    serier = [(b.j.kommun, tuple(a.eget for a in serie))]
    if b.j.har_matt:
        serier += [(i_ord.grupprubrik(b.j, m), tuple(getattr(a.spridning, i) if a.spridning else None for a in serie)) for i, m in _SERIER]
    else:
        serier += [(b.j.lage.namn(i), tuple(b.j.lage.tal(x.rad.id, i, a.ar) for a in serie)) for i in b.j.andra]
    serier = [s for s in serier if any(v is not None for v in s[1])]
    aren = tuple(str(a.ar) for a in serie)
    texter = [(namn, ["uppgift saknas" if v is None else visat(v, x.rad.decimaler) for v in varden]) for namn, varden in serier]
    alttext = f"Linjediagram, {x.namn} {aren[0]}–{aren[-1]}. {uppraknat(aren, texter, x.rad.enhet)}."
    return Diagram(
        "trend",
        "linje",
        f"{x.namn}, {b.j.kommun}{f' och {i_ord.gruppord(b.j)}' if b.j.andra else ''}",
        x.rad.enhet,
        x.rad.decimaler,
        aren,
        tuple(serier),
        alttext,
        talade=1,
        nollbas=False,
    )
