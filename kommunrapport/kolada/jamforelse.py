"""Jämför kommunen med andra, ur ett läge och ett set av nyckeltal. Ren räkning: inga filer, inget nät."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kommunrapport.karna.tal import tolka_svenskt_tal
from kommunrapport.kolada import matt
from kommunrapport.kolada.lage import ALLA_KOMMUNER, RIKET, Grupp, Lage, Nyckeltalsuppgift
from kommunrapport.kolada.matt import Omdome, Plats, Spridning
from kommunrapport.mall.koladaset import Koladamal, Koladaset, Setrad
from kommunrapport.mall.organisation import Koladaval

LANG_TID = 5
"""År tillbaka för den längre förändringen."""


@dataclass(frozen=True, slots=True)
class Arsvarde:
    """Ett års värden. None är en uppgift som saknas."""

    ar: int
    eget: Decimal | None
    spridning: Spridning | None
    lan: Decimal | None
    riket: Decimal | None
    """Rikets värde, annars det ovägda medelvärdet för alla kommuner."""
    ovagt: bool
    """Om ``riket`` är det ovägda medelvärdet."""


@dataclass(frozen=True, slots=True)
class Malvarde:
    """Kommunens eget mål, med tal. ``natt`` är None när kommunen saknar värde."""

    mal: Koladamal
    start: Decimal
    onskat: Decimal
    sedan_start: Decimal | None
    natt: bool | None


@dataclass(frozen=True)
class Jamford:
    """Ett nyckeltal jämfört. ``ar`` är det senaste året som kommunen har ett värde för; None när den inte har något."""

    rad: Setrad
    uppgift: Nyckeltalsuppgift
    ar: int | None
    serie: tuple[Arsvarde, ...]
    fore: Decimal | None
    """Förändringen sedan året före."""
    lang: Decimal | None
    """Förändringen på fem år."""
    trend: Omdome | None
    mot_median: Omdome | None
    plats: Plats | None
    kon: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    """Kön, kommunens värde och medianen av de andras, det året; tomt när nyckeltalet inte är könsuppdelat."""
    luckor: tuple[int, ...]
    """Åren utan värde för kommunen, efter det första som har ett, bland år som någon har ett värde för."""
    status: str
    """Koladas ord om ett värde som saknas, när det finns något."""
    mal: tuple[Malvarde, ...]

    @property
    def namn(self) -> str:
        return self.rad.namn or self.uppgift.titel

    @property
    def nu(self) -> Arsvarde | None:
        return next((a for a in self.serie if a.ar == self.ar), None)


@dataclass(frozen=True)
class Jamforelse:
    """Setets nyckeltal jämförda."""

    lage: Lage
    titel: str
    kommun: str
    grupp: Grupp | None
    """Kommunerna som det jämförs med, så som läget säger."""
    andra: tuple[str, ...]
    """Id för dem; kommunen själv är inte med."""
    krav: Koladaval
    jamforda: tuple[Jamford, ...]
    okanda: tuple[str, ...]
    """Setets nyckeltal som inte finns i läget."""

    @property
    def har_matt(self) -> bool:
        """Om kommunerna är så många att det går att räkna median, jämförelse och plats; annars visas deras värden ett för ett."""
        return len(self.andra) >= self.krav.minst_median


def jamfor(lage: Lage, namn: str, set_: Koladaset, krav: Koladaval) -> Jamforelse:
    """Jämförelsen för setet. Nyckeltal ur Koladas grupper, utan egen rad i setet, bedöms inte."""
    egna, kanda = {rad.id: rad for rad in set_.nyckeltal}, {rad.id: rad for rad in (*set_.i_gruppen, *set_.nyckeltal)}
    sokta = list(dict.fromkeys([*egna, *lage.set.get(namn, ())]))
    grupp = lage.grupp("liknande") or lage.grupp("ovriga")
    andra = tuple(m for m in grupp.medlemmar if m != lage.kommun) if grupp else ()
    uppgifter = {i: lage.uppgift(i) for i in sokta}
    rakning = _Rakning(lage, andra, krav)
    jamforda = tuple(_jamford(rakning, kanda.get(i) or _okand_rad(u), u) for i, u in uppgifter.items() if u)
    okanda = tuple(i for i, u in uppgifter.items() if u is None)
    return Jamforelse(lage, set_.titel, lage.namn(lage.kommun), grupp, andra, krav, jamforda, okanda)


_I_TITELN = (("procent", 1, r",?( andel)? \(%\)"), ("kronor per invånare", 0, r",? kr/inv\.?"), ("antal", 0, ",? antal"))
_I_KRONOR = re.compile(r"\b(kr|kronor)\b")


def _okand_rad(uppgift: Nyckeltalsuppgift) -> Setrad:
    """Namn, enhet och decimaler ur Koladas titel."""
    titel = " ".join(uppgift.titel.split())
    for enhet, decimaler, form in _I_TITELN:
        traff = re.search(form, titel)
        if traff:
            namn = titel if traff.end() < len(titel) else titel[: traff.start()]
            return Setrad(id=uppgift.id, namn=namn, enhet=enhet, decimaler=decimaler)
    return Setrad(id=uppgift.id, namn=titel, decimaler=0 if _I_KRONOR.search(titel) else 1)


@dataclass(frozen=True)
class _Rakning:
    """Läget, kommunerna att jämföra med, och hur många av dem som krävs."""

    lage: Lage
    andra: tuple[str, ...]
    krav: Koladaval

    def spridning(self, id_: str, ar: int, kon: str = "T") -> Spridning | None:
        return matt.spridning([self.lage.tal(id_, i, ar, kon) for i in self.andra], self.krav)


def _jamford(r: _Rakning, rad: Setrad, uppgift: Nyckeltalsuppgift) -> Jamford:
    lage, serie = r.lage, tuple(_serie(r, rad.id))
    eget = {a.ar: a.eget for a in serie}
    ar = max((a for a, v in eget.items() if v is not None), default=None)
    nu = next((a for a in serie if a.ar == ar), None)
    har = nu.eget if nu else None
    sista = serie[-1].ar if serie else None
    forra = eget.get(ar - 1) if ar else None
    return Jamford(
        rad,
        uppgift,
        ar,
        serie,
        matt.skillnad(har, forra),
        matt.skillnad(har, eget.get(ar - LANG_TID) if ar else None),
        matt.omdome(har, forra, rad.riktning, rad.decimaler),
        matt.omdome(har, nu.spridning.median if nu and nu.spridning else None, rad.riktning, rad.decimaler),
        matt.plats(har, [lage.tal(rad.id, i, ar) for i in r.andra] if ar else [], rad.riktning, rad.decimaler, r.krav),
        _kon(r, rad.id, ar),
        _luckor(serie),
        _status(lage, rad.id, sista),
        tuple(_malvarden(rad, lage.kommun, har)),
    )


def _serie(r: _Rakning, id_: str) -> Iterator[Arsvarde]:
    """Alla år mellan det första och det sista som har något värde; ett år utan värden är en lucka."""
    lage = r.lage
    aren, lan = lage.aren.get(id_, ()), lage.grupp("lan")
    for ar in range(aren[0], aren[-1] + 1) if aren else ():
        riket, ovagt = lage.tal(id_, RIKET, ar), lage.tal(id_, ALLA_KOMMUNER, ar)
        yield Arsvarde(
            ar,
            lage.tal(id_, lage.kommun, ar),
            r.spridning(id_, ar),
            lage.tal(id_, lan.id, ar) if lan else None,
            ovagt if riket is None else riket,
            riket is None and ovagt is not None,
        )


def _luckor(serie: Sequence[Arsvarde]) -> tuple[int, ...]:
    forsta = next((nr for nr, a in enumerate(serie) if a.eget is not None), len(serie))
    return tuple(a.ar for a in serie[forsta:] if a.eget is None)


def _kon(r: _Rakning, id_: str, ar: int | None) -> tuple[tuple[str, Decimal | None, Decimal | None], ...]:
    lage = r.lage
    if ar is None or all(lage.tal(id_, lage.kommun, ar, kon) is None for kon in "KM"):
        return ()
    medianer = [r.spridning(id_, ar, kon) for kon in "KM"]
    return tuple((kon, lage.tal(id_, lage.kommun, ar, kon), s.median if s else None) for kon, s in zip("KM", medianer, strict=True))


def _status(lage: Lage, id_: str, ar: int | None) -> str:
    """Koladas ord om kommunens senaste uppgift, när den saknas."""
    egna = [v for v in lage.varden if v.nyckeltal == id_ and v.omrade == lage.kommun and v.kon == "T"]
    sist = max(egna, key=lambda v: v.ar, default=None)
    if sist is None or sist.tal is not None or (ar is not None and sist.ar < ar):
        return ""
    return "borttaget" if sist.borttaget else sist.status


def _malvarden(rad: Setrad, kommun: str, har: Decimal | None) -> Iterator[Malvarde]:
    for mal in rad.mal:
        if mal.kommun == kommun:
            start, onskat = tolka_svenskt_tal(mal.start), tolka_svenskt_tal(mal.mal)
            natt = None if har is None or rad.riktning == "ingen" else har >= onskat if rad.riktning == "hogre" else har <= onskat
            yield Malvarde(mal, start, onskat, matt.skillnad(har, start), natt)
