"""En påhittad koncern som faktatabell och plan, utan filer: enheter, det de har lämnat och vad som är beslutat. Belopp i öre."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies as st

from kommunrapport.berakning.koncern.rakningar import koncernplaner
from kommunrapport.berakning.koncern.underlag import Koncernunderlag
from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna import fakta
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall import uttryck
from kommunrapport.mall.koncernmall import Koncernmall
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.modell import Blad
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.uppstallning import Uppstallning, las_uppstallning

PERIOD = Period(2024, 12)
KOMMUNEN = "finans"
Cell: TypeAlias = tuple[str, str, str, str]
"""(enhet, blad, rad, kolumn)"""


def organisation(*foretag: Mapping[str, Any]) -> Organisation:
    """Kommunen och företagen; ett företag är ett bolag om inget annat sägs."""
    enheter = [{"id": KOMMUNEN, "namn": "Finansförvaltningen", "slag": "finansforvaltning"}]
    enheter += [{"namn": f["id"].upper(), "slag": "bolag", **f} for f in foretag]
    kommun = {"namn": "Provköpings kommun", "kort_namn": "Provköping"}
    return Organisation.model_validate({"kommun": kommun, "arshjul": {"profil": "hedemora"}, "grupp": [], "enhet": enheter})


def _uppstallning(namn: str) -> Uppstallning:
    return las_uppstallning(_KALLA, namn, PERIOD, organisation())


_KALLA = Mallkalla((medfoljande(),))
MALL = _KALLA.las(_KALLA.i_kraft("koncern", PERIOD.slut), Koncernmall)
FORMER = {b: _KALLA.las(_KALLA.i_kraft(f"blad/{b}", PERIOD.slut), Blad).uppstallning for r in MALL.rakning for b in r.blad.values()}
UPPSTALLNINGAR = {namn: _uppstallning(namn) for namn in dict.fromkeys((*(r.id for r in MALL.rakning), *FORMER.values()))}


@dataclass(frozen=True)
class Grupp:
    """En koncern. ``mall`` är de medföljande reglerna, om inte provet har egna."""

    organisation: Organisation
    belopp: Mapping[Cell, int]
    beslut: tuple[Styrrad, ...] = ()
    mall: Koncernmall = MALL
    utan_rad: str = ""
    """En rad som resultaträkningens uppställning inte har."""

    @property
    def foretag(self) -> tuple[str, ...]:
        return tuple(e.id for e in self.organisation.enhet if e.id != KOMMUNEN)

    def rakna(self) -> Rakning:
        rader = [_faktum(cell, ore) for cell, ore in self.belopp.items()]
        motpartsblad = {b.id for b in self.mall.motpartsblad}
        poster = frozenset((enhet, blad, rad) for enhet, blad, rad, _ in self.belopp if blad in motpartsblad)
        lamnat = frozenset(e.id for e in self.organisation.enhet)
        resultat = UPPSTALLNINGAR["resultat"]
        kvar = tuple(rad for rad in resultat.rad if rad.id != self.utan_rad)
        uppstallningar = {**UPPSTALLNINGAR, "resultat": resultat.model_copy(update={"rad": kvar})}
        ifyllda = frozenset((enhet, blad) for enhet in lamnat for blad in FORMER)
        u = Koncernunderlag(
            self.mall, self.organisation, PERIOD, uppstallningar, FORMER, self.beslut, poster, lamnat, tuple(r.id for r in self.mall.rakning), ifyllda
        )
        return Rakning(koncernplaner(u), fakta.faktatabell(rader))

    def siffror(self) -> "Siffror":
        rakning = self.rakna()
        adresser = (Adress(p.id, rad, kolumn) for p in rakning.planer.values() for rad, kolumn in p.steg)
        return Siffror({a: rakning.varde(a) for a in adresser}, rakning)


class Siffror(NamedTuple):
    """Alla siffror i koncernens planer."""

    varden: Mapping[Adress, int | None]
    rakning: Rakning

    def __call__(self, tabell: str, rad: str, kolumn: str) -> int:
        """Siffran, noll när raden inte har någon i kolumnen."""
        varde = self.varden.get(Adress(tabell, rad, kolumn))
        return 0 if varde is None else varde

    def kolumn(self, tabell: str, rad: str, kolumner: Iterable[str]) -> int:
        return sum(self(tabell, rad, k) for k in kolumner)


def _faktum(cell: Cell, ore: int) -> Faktum:
    enhet, tabell, rad, kolumn = cell
    return Faktum(enhet, tabell, rad, kolumn, "belopp", ore, "", fakta.VARDE, "", "", "", rad, "", "", harledd=False, steg=1)


# --- Enheternas räkningar ------------------------------------------------------------------------------


def poster(form: str) -> tuple[str, ...]:
    """Posterna som fylls i på blad med formen."""
    return tuple(r.id for r in UPPSTALLNINGAR[form].rad if r.post and r.plats != "koncern")


def delar_av(form: str, rad: str) -> dict[str, int]:
    """Posterna bakom en summarad, med tecken."""
    rader = {r.id: r for r in UPPSTALLNINGAR[form].rad}
    if not rader[rad].uttryck:
        return {rad: 1} if rader[rad].plats != "koncern" else {}
    return {p: t.tecken * tecken for t in uttryck.parse(rader[rad].uttryck) for p, tecken in delar_av(form, t.namn).items()}


def ifylld(enhet: str, slag: str, tal: Sequence[int]) -> dict[Cell, int]:
    """Enhetens alla räkningar, med talen i tur och ordning; de behöver inte gå ihop."""
    belopp = cycle(tal)
    return {(enhet, r.blad[slag], post, r.kolumn): next(belopp) for r in MALL.rakning for post in poster(FORMER[r.blad[slag]])}  # type: ignore[index]


def som_gar_ihop(enhet: str, slag: str, tal: Sequence[int]) -> dict[Cell, int]:
    """Som ``ifylld``, men resultatet är detsamma överallt och kassan det som återstår i balansräkningen."""
    celler = ifylld(enhet, slag, tal)
    resultat, balans, kassaflode = ((r.blad[slag], r.kolumn) for r in MALL.rakning)  # type: ignore[index]
    slutrad = UPPSTALLNINGAR[FORMER[resultat[0]]].rad[-1].id
    arets = _summa(celler, enhet, resultat, slutrad)
    celler |= {(enhet, blad, "arets_resultat", kolumn): arets for blad, kolumn in (balans, kassaflode)}
    if slag == "bolag":
        celler[enhet, balans[0], "obeskattade_forandring", balans[1]] = -celler[enhet, resultat[0], "dispositioner", resultat[1]]
    skulder, tillgangar = (_summa(celler, enhet, balans, rad) for rad in ("summa_ek_skulder", "summa_tillgangar"))
    celler[enhet, balans[0], "kassa", balans[1]] += skulder - tillgangar
    return celler


def _summa(celler: Mapping[Cell, int], enhet: str, blad: tuple[str, str], rad: str) -> int:
    return sum(tecken * celler[enhet, blad[0], post, blad[1]] for post, tecken in delar_av(FORMER[blad[0]], rad).items())


# --- Påhittade koncerner -------------------------------------------------------------------------------

ANDELAR = ("100", "70", "50,5", "33,4", "12,5")
JAMNT = 10**12
"""Ett belopp som varje andel av en andel av en andel, och skatten på den, går jämnt upp i."""


def belopp(hela: int = 1) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(-9_999, 9_999).map(lambda n: n * hela), min_size=3, max_size=11)


@st.composite
def foretagen(draw: st.DrawFn, hogst: int = 3) -> list[dict[str, str]]:
    """Bolag och förbund; en del ägs av ett av bolagen före."""
    valda: list[dict[str, str]] = []
    for nr in range(draw(st.integers(1, hogst))):
        agare = draw(st.sampled_from(["", *(f["id"] for f in valda if f["slag"] == "bolag")]))
        slag = draw(st.sampled_from(("bolag", "bolag", "forbund")))
        valda.append({"id": f"e{nr}", "slag": slag, "agarandel": draw(st.sampled_from(ANDELAR)), "agare": agare})
    return valda


@st.composite
def grupper(draw: st.DrawFn, hela: int = 1, hogst: int = 3) -> Grupp:
    """En koncern där varje enhet går ihop för sig, med mellanhavanden och förvärv."""
    org = organisation(*draw(foretagen(hogst)))
    celler: dict[Cell, int] = {}
    for e in org.enhet:
        celler |= som_gar_ihop(e.id, e.slag, draw(belopp(hela)))
    for slag, givare, mottagare in draw(st.lists(st.sampled_from(list(mojliga(org))), max_size=6, unique=True)):
        egna = draw(st.tuples(*[st.none() | st.integers(0, 9_999).map(lambda n: n * hela)] * 2))
        celler |= mellanhavande(slag, givare, mottagare, *egna)
    beslut = []
    for e in org.med_slag("bolag"):
        if draw(st.booleans()):
            beslut.append(
                Styrrad(e.id, "forvarv", "f", "Förvärv", attribut={"andel": e.agarandel, "skillnad_till": draw(st.sampled_from(("", "mark")))})
            )
            tal = draw(st.tuples(*[st.integers(0, 9_999).map(lambda n: n * hela)] * 2))
            celler |= {(e.id, "forvarv", "f", k): v for k, v in zip(("anskaffning", "eget_kapital"), tal, strict=True)}
    return Grupp(org, celler, tuple(beslut))


def mojliga(org: Organisation) -> Iterator[tuple[str, str, str]]:
    """(slag, givare, mottagare) som mallen tillåter mellan organisationens enheter."""
    for slag in MALL.slag:
        for a in org.enhet:
            for b in org.enhet:
                if a != b and a.slag in slag.givare_slag and b.slag in slag.mottagare_slag:
                    yield slag.id, a.id, b.id


def mellanhavande(slag: str, givare: str, mottagare: str, givarens: int | None, mottagarens: int | None) -> dict[Cell, int]:
    """Vad de två uppger om samma sak, i storlek; None är ingen uppgift. Saldon var hälften vid årets början."""
    s = next(m for m in MALL.slag if m.id == slag)
    celler: dict[Cell, int] = {}
    for egen, motpart, sida, tal in ((givare, mottagare, s.givare, givarens), (mottagare, givare, s.mottagare, mottagarens)):
        blad = MALL.bladet(sida.blad)
        if tal is not None:
            celler[egen, blad.id, f"{motpart}.{sida.post}", blad.kolumn] = tal * sida.visat_tecken
            if blad.ingaende:
                celler[egen, blad.id, f"{motpart}.{sida.post}", blad.ingaende] = tal // 2 * sida.visat_tecken
    return celler


def med_regel(grupp: Grupp, regel: str) -> Grupp:
    """Samma koncern när varje slag elimineras enligt regeln."""
    slag = tuple(s.model_copy(update={"regel": regel}) for s in MALL.slag)
    return Grupp(grupp.organisation, grupp.belopp, grupp.beslut, MALL.model_copy(update={"slag": slag}))
