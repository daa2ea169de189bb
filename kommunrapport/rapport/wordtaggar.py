"""Taggarna som en Wordmall får använda: en beskrivning, som granskningen och docs/wordmallar.md läser.

En tagg skrivs med sin väg. ``[]`` är ett varv i en slinga och ``*`` ett namn ur rapportmallen eller bladet Texter:
``namnder[].tabell.*`` är ``n.tabell.NAMN`` i slingan ``for n in namnder``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kommunrapport.berakning.koncern.rakningar import KONCERNTABELLER
from kommunrapport.mall.rapportmall import Rapportmall
from kommunrapport.rapport.bygg import SVAR

Slag: TypeAlias = Literal["text", "block", "janej", "lista", "grupp", "mangd"]
"""``text`` skrivs i löpande text, ``block`` är egna stycken eller tabeller, ``mangd`` är ord att fråga efter med ``in``."""


@dataclass(frozen=True, slots=True)
class Tagg:
    """En tagg: dess väg, vad den är och vad den ger."""

    vag: str
    slag: Slag
    ger: str


SLINGVARIABEL: Mapping[str, str] = {
    "namnder": "n",
    "bolag": "b",
    "noter": "n",
    "nyckeltal": "k",
    "malomraden": "m",
    "beslut": "punkt",
    "beslutsunderlag": "handling",
    "rapport.utkastrader": "rad",
}
"""Lista → namnet på ett varv i exemplen; i mallen får det heta vad som helst."""


def _enheternas(lista: str, ett: str) -> tuple[Tagg, ...]:
    return (
        Tagg(f"{lista}[].namn", "text", f"{ett} namn"),
        Tagg(f"{lista}[].agarandel", "text", "Kommunens andel i procent, utan procenttecken; tomt för en nämnd"),
        Tagg(f"{lista}[].mening", "text", "Den genererade meningen om nettokostnaden; tomt när siffror saknas"),
        Tagg(f"{lista}[].saknas", "block", f"Meningen om att {ett[0].lower()}{ett[1:]} uppgifter inte har lämnats; annars tomt"),
        Tagg(f"{lista}[].*", "block", f"{ett} egen text: en rad på bladet Texter"),
        Tagg(f"{lista}[].tabell.*", "block", f"{ett} egen tabell"),
        Tagg(f"{lista}[].diagram.*", "block", f"{ett} eget diagram; tomt när underlag saknas"),
        Tagg(f"{lista}[].nyckeltalsband", "block", f"{ett} viktigaste tal bredvid varandra; tomt när tabellen saknas"),
    )


TAGGAR: tuple[Tagg, ...] = (
    Tagg("rapport.titel", "text", "Rapportens namn, till exempel Delårsrapport"),
    Tagg("rapport.kommun", "text", "Kommunens namn"),
    Tagg("rapport.enhet", "text", "Enhetens namn i en nämnds eller ett bolags egen rapport; annars tomt"),
    Tagg("rapport.beslut", "text", "Dag och paragraf för enhetens beslut, ur försättsbladet, i enhetens egen rapport; annars tomt"),
    Tagg("rapport.spann", "text", "Perioden i ord, till exempel januari–augusti 2024"),
    Tagg("rapport.slut", "text", "Periodens sista dag, till exempel 31 augusti 2024"),
    Tagg("rapport.ar", "text", "Året"),
    Tagg("rapport.period", "text", "Perioden, till exempel 2024-08"),
    Tagg("rapport.version", "text", "Normen som rapporten följer; kan vara tomt"),
    Tagg("rapport.enhetstext", "text", "Meningen om vilken enhet beloppen visas i"),
    Tagg("rapport.status", "text", "Utkast, tills rapporten är fastställd"),
    Tagg("rapport.utkast", "janej", "Ja när något saknas eller är fel, så att rapporten är ett utkast"),
    Tagg("rapport.utkastrader", "lista", "Det som saknas eller är fel, en mening per varv"),
    Tagg("rapport.utkastrader[]", "text", "En mening om vad som saknas eller är fel"),
    Tagg("omraden", "mangd", "Periodens innehåll enligt årshjulet"),
    Tagg("marke", "block", "Kommunens märke, bilden mallar/marke.png i arbetskatalogen; tomt utan bild"),
    Tagg("innehall", "block", "Innehållsförteckningen med länkar, och sidnummer med --pdf"),
    Tagg("tabellforteckning", "block", "Tabellernas titlar med länkar, och sidnummer med --pdf"),
    Tagg("mening.*", "text", "En mening med siffror, skriven av programmet; tom när den inte är tillämplig"),
    Tagg("nyckeltalsband", "block", "Talen på sammanfattningssidan bredvid varandra"),
    Tagg("nyckeltal", "lista", "Talen på sammanfattningssidan"),
    Tagg("nyckeltal[].etikett", "text", "Vad talet är"),
    Tagg("nyckeltal[].varde", "text", "Talet med enhet"),
    Tagg("nyckeltal[].text", "text", "Förklaringen under talet; kan vara tom"),
    Tagg("tabell.*", "block", "En tabell med titel och noter; tom när underlag saknas"),
    Tagg("diagram.*", "block", "Ett diagram som går att redigera i Word; tomt när underlag saknas"),
    Tagg("stycken.*", "block", "En inlämnad text ur finansförvaltningens bok, i enhetens egen rapport ur dess bok; tom när ingen har skrivit den"),
    Tagg("namnder", "lista", "Nämnderna i den ordning de står i kommun.toml; tom i en enhets egen rapport"),
    *_enheternas("namnder", "Nämndens"),
    Tagg("bolag", "lista", "Bolagen och kommunalförbunden; tom i en enhets egen rapport"),
    *_enheternas("bolag", "Bolagets"),
    Tagg("malomraden", "lista", "Lägesbildens målområden som någon har skrivit om; tom i andra rapporter"),
    Tagg("malomraden[].namn", "text", "Målområdets namn"),
    Tagg("malomraden[].tabell", "block", "Förvaltningarnas exempel ur området"),
    Tagg("beslut", "lista", "Lägesbildens förslag till beslut, en punkt per varv; tom i andra rapporter"),
    Tagg("beslut[]", "text", "En punkt i förslaget till beslut"),
    Tagg("beslutsunderlag", "lista", "Handlingarna som beslutet bygger på, en per varv; tom i andra rapporter än lägesbilden"),
    Tagg("beslutsunderlag[]", "text", "En handling"),
    Tagg("noter", "lista", "Noterna till räkenskaperna; tom i rapporter utan noter"),
    Tagg("noter[].nummer", "text", "Notens nummer"),
    Tagg("noter[].rubrik", "text", "Notens rubrik"),
    Tagg("noter[].lagrum", "text", "Lagrummet som kräver noten; kan vara tomt"),
    Tagg("noter[].text", "block", "Notens text; kan vara tom"),
    Tagg("noter[].tabell", "block", "Notens tabell; kan vara tom"),
    Tagg("noter[].saknas", "block", "Meningen om att noten krävs men saknas; annars tomt"),
    Tagg("saknas.*", "block", "Meningarna om det som lag eller rekommendation kräver i avsnittet men som saknas; annars tomt"),
    Tagg("forklaring.*", "text", "En fast mening till läsanvisningen"),
    Tagg("anmarkningar.mening", "text", "Meningen om vad kontrollen gav; tom i en färdig rapport"),
)

PER_VAG: Mapping[str, Tagg] = {t.vag: t for t in TAGGAR}
_GRUPPER = frozenset(t.vag.rpartition(".")[0] for t in TAGGAR if "." in t.vag)
"""Vägar som bara leder vidare: ``rapport``, ``tabell``, ``namnder[]`` och ``namnder[].tabell``."""


def visad(vag: str) -> str:
    """Vägen så som den skrivs i en mall: ``namnder[].namn`` är ``n.namn``."""
    lista, slinga, rest = vag.partition("[]")
    return f"{SLINGVARIABEL[lista]}{rest}" if slinga else vag


@dataclass(frozen=True)
class Taggnamn:
    """Namnen som ersätter ``*`` i taggarna, för en rapport och en period."""

    namn: Mapping[str, frozenset[str]]
    """Taggens väg → namnen, till exempel ``tabell.*`` → tabellernas id."""
    egna: Mapping[str, frozenset[str]]
    """Detsamma, men bara det som just den här rapporten kan skriva."""
    omraden: frozenset[str]

    def tagg(self, vag: str) -> Tagg | None:
        """Taggen med den vägen, eller None när den inte finns. En väg som bara leder vidare är en grupp."""
        if vag in PER_VAG:
            return PER_VAG[vag]
        if vag in _GRUPPER:
            return Tagg(vag, "grupp", "")
        grupp, _, namn = vag.rpartition(".")
        return PER_VAG[f"{grupp}.*"] if namn in self.namn.get(f"{grupp}.*", ()) else None

    def under(self, grupp: str) -> list[str]:
        """Namnen direkt under en grupp; under tomt är taggarnas första namn."""
        langd = len(grupp) + 1 if grupp else 0
        delar = [t.vag[langd:] for t in TAGGAR if not grupp or t.vag.startswith(f"{grupp}.")]
        fasta = [d.partition(".")[0].partition("[")[0] for d in delar]
        return list(dict.fromkeys([*(n for n in fasta if n != "*"), *sorted(self.namn.get(f"{grupp}.*", ()))]))

    def vagar(self) -> list[str]:
        """Alla vägar, med namnen ifyllda."""
        hela = (t.vag.removesuffix("*") for t in TAGGAR if t.vag.endswith("*"))
        return [t.vag for t in TAGGAR if "*" not in t.vag] + [f"{v}{n}" for v in hela for n in sorted(self.namn.get(f"{v}*", ()))]


def taggnamn(mall: Rapportmall, alla: Sequence[Rapportmall], textrader: Iterable[str], omraden: Iterable[str], *, enhetens: bool) -> Taggnamn:
    """Namnen för rapportmallen. En Wordmall får nämna tabeller, diagram och meningar ur alla rapporter.

    ``enhetens`` är en enhets egen rapport: dess mall delas av alla rapporter.
    """
    rader = frozenset(textrader)
    fasta = {
        "stycken.*": rader if enhetens else rader | {"aterstallning"},
        "saknas.*": frozenset(k.plats for k in mall.krav),
        "forklaring.*": frozenset(mall.forklaring),
        "namnder[].*": rader,
        "bolag[].*": rader,
    }
    egna_meningar = mall.enhetsmeningar | {"namnd", "anmarkningar"} if enhetens else frozenset(mall.mening) - {"namnd"}
    egna = {"mening.*": egna_meningar, **_block(alla if enhetens else [mall], mall.blocknamn - _namngivna(alla), enhetens=enhetens)}
    tabeller = _block(alla, mall.blocknamn - _namngivna(alla), enhetens=True)["tabell.*"] | {*KONCERNTABELLER, SVAR}
    diagram = frozenset().union(*(diagramnamn(m, per_enhet=egna) for m in alla for egna in (True, False)))
    alla_namn = {f"{plats}{slag}.*": namn for plats in ("", "namnder[].", "bolag[].") for slag, namn in (("tabell", tabeller), ("diagram", diagram))}
    return Taggnamn({**fasta, **alla_namn, "mening.*": egna_meningar | (mall.meningsnamn - {"namnd"})}, {**fasta, **egna}, frozenset(omraden))


def tabellnamn(mall: Rapportmall, *, per_enhet: bool) -> frozenset[str]:
    """Id för mallens tabeller och listor: enheternas egna, eller de gemensamma."""
    listor = {x.id for x in mall.lista if x.per_enhet == per_enhet and not x.per_rad}
    kedjor = set[str]() if per_enhet else {*(m.id for m in mall.malkedja), *(m.id for m in mall.malhistorik)}
    return frozenset({t.id for t in mall.tabell if t.per_enhet == per_enhet} | listor | kedjor)


def diagramnamn(mall: Rapportmall, *, per_enhet: bool) -> frozenset[str]:
    """Id för mallens diagram: nämndernas egna, eller de gemensamma."""
    kedjor = set[str]() if per_enhet else {m.id for m in mall.malkedja}
    return frozenset({d.id for d in mall.diagram if d.per_enhet == per_enhet} | kedjor)


def _namngivna(mallar: Iterable[Rapportmall]) -> frozenset[str]:
    return frozenset[str]().union(*(m.namngivna for m in mallar))


def _block(mallar: Iterable[Rapportmall], villkorade: Iterable[str], *, enhetens: bool) -> dict[str, frozenset[str]]:
    """Det som mallarna kan skriva på varje plats. I en enhets egen rapport står dess tabeller bland de gemensamma.

    ``villkorade`` är det som kommunen har valt bort i kommun.toml men en mall ändå får nämna.
    """
    gemensamma, egna, diagram, egna_diagram = set(villkorade), set[str](), set[str](), set[str]()
    for mall in mallar:
        gemensamma |= tabellnamn(mall, per_enhet=False) | ({SVAR} if mall.svar else set())
        gemensamma |= {*KONCERNTABELLER} if any(k.koncern for t in mall.tabell for k in t.kolumn) else set()
        egna |= tabellnamn(mall, per_enhet=True)
        diagram |= diagramnamn(mall, per_enhet=False)
        egna_diagram |= diagramnamn(mall, per_enhet=True)
    return {
        "tabell.*": frozenset(gemensamma | egna if enhetens else gemensamma),
        "diagram.*": frozenset(egna_diagram if enhetens else diagram),
        "namnder[].diagram.*": frozenset(egna_diagram),
        "bolag[].diagram.*": frozenset(),
        "namnder[].tabell.*": frozenset(egna),
        "bolag[].tabell.*": frozenset(egna),
    }
