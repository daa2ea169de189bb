"""Jämför kommunen med andra, ur ett läge och ett set av nyckeltal. Ren räkning: inga filer, inget nät."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kommunrapport.karna.tal import tolka_svenskt_tal
from kommunrapport.kolada import matt
from kommunrapport.kolada.lage import ALLA_KOMMUNER, RIKET, Lage, Nyckeltalsuppgift
from kommunrapport.kolada.matt import Omdome, Plats, Spridning
from kommunrapport.mall.koladaset import Koladamal, Koladaset, Setrad

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
    mot_liknande: Omdome | None
    plats: Plats | None
    kon: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    """Kön, kommunens värde och medianen av de liknandes, det året; tomt när nyckeltalet inte är könsuppdelat."""
    nyare: int | None
    """Ett senare år som andra har värden för men inte kommunen."""
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
    liknande: tuple[str, ...]
    """Id för kommunerna som det jämförs med; kommunen själv är inte med."""
    jamforda: tuple[Jamford, ...]
    okanda: tuple[str, ...]
    """Setets nyckeltal som inte finns i läget."""


def jamfor(lage: Lage, namn: str, set_: Koladaset) -> Jamforelse:
    """Jämförelsen för setet. Nyckeltal ur Koladas grupper, utan egen rad i setet, bedöms inte."""
    egna = {rad.id: rad for rad in set_.nyckeltal}
    sokta = list(dict.fromkeys([*egna, *lage.set.get(namn, ())]))
    grupp = lage.grupp("liknande")
    liknande = tuple(m for m in grupp.medlemmar if m != lage.kommun) if grupp else ()
    uppgifter = {i: lage.uppgift(i) for i in sokta}
    jamforda = tuple(_jamford(lage, egna.get(i) or _okand_rad(u), u, liknande) for i, u in uppgifter.items() if u)
    return Jamforelse(lage, set_.titel, lage.namn(lage.kommun), liknande, jamforda, tuple(i for i, u in uppgifter.items() if u is None))


def _okand_rad(uppgift: Nyckeltalsuppgift) -> Setrad:
    return Setrad(id=uppgift.id, enhet="procent" if "(%)" in uppgift.titel else "")


def _jamford(lage: Lage, rad: Setrad, uppgift: Nyckeltalsuppgift, liknande: tuple[str, ...]) -> Jamford:
    serie = tuple(_serie(lage, rad.id, liknande))
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
        matt.plats(har, [lage.tal(rad.id, i, ar) for i in liknande] if ar else [], rad.riktning, rad.decimaler),
        _kon(lage, rad.id, ar, liknande),
        sista if sista and ar and sista > ar else None,
        _status(lage, rad.id, sista),
        tuple(_malvarden(rad, lage.kommun, har)),
    )


def _serie(lage: Lage, id_: str, liknande: tuple[str, ...]) -> Iterator[Arsvarde]:
    """Alla år mellan det första och det sista som har något värde; ett år utan värden är en lucka."""
    aren, lan = lage.aren.get(id_, ()), lage.grupp("lan")
    for ar in range(aren[0], aren[-1] + 1) if aren else ():
        riket, ovagt = lage.tal(id_, RIKET, ar), lage.tal(id_, ALLA_KOMMUNER, ar)
        spridning = matt.spridning([lage.tal(id_, i, ar) for i in liknande])
        yield Arsvarde(
            ar,
            lage.tal(id_, lage.kommun, ar),
            spridning,
            lage.tal(id_, lan.id, ar) if lan else None,
            ovagt if riket is None else riket,
            riket is None and ovagt is not None,
        )


def _kon(lage: Lage, id_: str, ar: int | None, liknande: tuple[str, ...]) -> tuple[tuple[str, Decimal | None, Decimal | None], ...]:
    if ar is None or all(lage.tal(id_, lage.kommun, ar, kon) is None for kon in "KM"):
        return ()
    medianer = [matt.spridning([lage.tal(id_, i, ar, kon) for i in liknande]) for kon in "KM"]
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
