"""Mellanhavanden: för varje par och slag båda sidors uppgifter, skillnaden, och det som elimineras enligt regeln."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kommunrapport.berakning.koncern.bygge import Bygge, andel_av, summa, summan_av
from kommunrapport.berakning.koncern.underlag import Koncernunderlag, plan_id
from kommunrapport.karna.plan import Adress, Enligt, Steg, Tabellplan, Ytterst
from kommunrapport.karna.sprak import liten_bokstav
from kommunrapport.mall.koncernenheter import Koncernenhet
from kommunrapport.mall.koncernmall import Elimineringsslag, Rakningsmall, Sida
from kommunrapport.mall.motparter import postrad

MELLAN, SAMMANDRAG = "mellanhavanden", "elimineringar"
KASSAFLODE = "kassaflode"
_SIDA = {"givare": "säljaren eller fordringsägaren", "mottagare": "köparen eller gäldenären"}
_NOT = "Det som elimineras är kommunens andel."
_REGEL = {
    "givarens": "Skiljer sig uppgifterna elimineras säljarens eller fordringsägarens på båda sidor.",
    "lagsta": "Skiljer sig uppgifterna elimineras den lägsta på båda sidor.",
    "vars_och_ens": "Vardera sidans egen uppgift elimineras; skiljer de sig blir en rest kvar i räkningarna.",
}


@dataclass(frozen=True)
class Par:
    """Ett mellanhavande: givaren och mottagaren, och raderna i elimineringar.csv som bestämmer det för hand."""

    slag: Elimineringsslag
    givare: Koncernenhet
    mottagare: Koncernenhet
    for_hand: tuple[str, ...]

    @property
    def rad(self) -> str:
        return f"{self.slag.id}.{self.givare.id}.{self.mottagare.id}"

    @property
    def sidor(self) -> tuple[tuple[str, Koncernenhet, Koncernenhet, Sida], ...]:
        """Vardera sidan: dess namn, enheten som uppger, motparten och posten."""
        return (("givare", self.givare, self.mottagare, self.slag.givare), ("mottagare", self.mottagare, self.givare, self.slag.mottagare))


def paren(u: Koncernunderlag) -> tuple[Par, ...]:
    """Paren som någon har uppgett något om, eller som är eliminerade för hand, bland de enheter som har lämnat."""
    enheter = [e for e in u.enheter if e.id in u.lamnat]
    alla = [
        Par(slag, a, b, _for_hand(u, slag, a, b))
        for slag in u.mall.slag
        for a in enheter
        for b in enheter
        if a != b and a.slag in slag.givare_slag and b.slag in slag.mottagare_slag
    ]
    return tuple(p for p in alla if p.for_hand or _nagot(u, p))


def _nagot(u: Koncernunderlag, p: Par) -> bool:
    return any((egen.id, sida.blad, postrad(motpart.id, sida.post)) in u.poster for _, egen, motpart, sida in p.sidor)


def _for_hand(u: Koncernunderlag, slag: Elimineringsslag, a: Koncernenhet, b: Koncernenhet) -> tuple[str, ...]:
    sokt = (slag.id, a.id, b.id)
    return tuple(s.rad for s in u.elimineringsrader if (s.attribut["slag"], s.enhet, s.attribut["motpart"]) == sokt)


def mellanhavandeplan(u: Koncernunderlag, paren_: Sequence[Par]) -> Tabellplan:
    """En rad per par, med summa per slag."""
    b = Bygge(MELLAN, u)
    b.kolumn("givare", "Säljaren eller fordringsägaren uppger")
    b.kolumn("mottagare", "Köparen eller gäldenären uppger")
    b.kolumn("skillnad", "Skillnad", plus=True)
    b.kolumn("elim_givare", "Eliminerat hos säljaren eller fordringsägaren")
    b.kolumn("elim_mottagare", "Eliminerat hos köparen eller gäldenären")
    b.kolumn("rest", "Rest", plus=True)
    for slag in u.mall.slag:
        egna = [p for p in paren_ if p.slag == slag]
        if egna:
            b.rad(f"r-{slag.id}", slag.namn, "rubrik")
            for p in egna:
                _parrad(u, p, b)
            b.rad(slag.id, f"Summa {liten_bokstav(slag.namn)}", "summa")
            for kolumn in b.synliga:
                b.satt(slag.id, kolumn, summan_av(b.adress(p.rad, kolumn) for p in egna))
    regler = dict.fromkeys(p.slag.regel for p in paren_)
    return b.plan("Koncerninterna mellanhavanden", "Mellan", (" ".join([_NOT, *(_REGEL[regel] for regel in regler)]),))


def _parrad(u: Koncernunderlag, p: Par, b: Bygge) -> None:
    blad = u.mall.bladet(p.slag.givare.blad)
    givare, mottagare = _uppgifter(u, p, blad.kolumn, "", b)
    efter = _eliminerat(u, p, (givare, mottagare), "", b)
    b.satt(p.rad, "skillnad", summa((1, givare), (-1, mottagare)))
    b.satt(p.rad, "rest", summa((1, efter[0]), (-1, efter[1])))
    if blad.ingaende:
        fore = _eliminerat(u, p, _uppgifter(u, p, blad.ingaende, "_in", b), "_in", b)
        for (namn, _, _, sida), nu, da in zip(p.sidor, efter, fore, strict=True):
            forandring = b.dolt(p.rad, f"forandring_{namn}", f"Förändring av det eliminerade, {_SIDA[namn]}", summa((1, nu), (-1, da)))
            if sida.kassaflode_minskning:
                b.dolt(p.rad, f"okning_{namn}", f"Ökning av det eliminerade, {_SIDA[namn]}", Ytterst((forandring,), storst=True, noll=True))
                b.dolt(p.rad, f"minskning_{namn}", f"Minskning av det eliminerade, {_SIDA[namn]}", Ytterst((forandring,), noll=True))
    b.rad(p.rad, f"{p.givare.kort} – {p.mottagare.kort}{' (eliminerat för hand)' if p.for_hand else ''}")


def _uppgifter(u: Koncernunderlag, p: Par, kolumn: str, lage: str, b: Bygge) -> tuple[Adress, Adress]:
    """Båda sidors uppgifter; läget ``_in`` är ingående saldo."""
    adresser = []
    for namn, egen, motpart, sida in p.sidor:
        hamta = u.hamta(sida.blad, egen.id, (postrad(motpart.id, sida.post),), kolumn, sida.visat_tecken)
        uppgift = b.dolt(p.rad, f"{namn}{lage}", f"Uppgift av {_SIDA[namn]}, vid årets början", hamta) if lage else b.satt(p.rad, namn, hamta)
        adresser.append(uppgift)
    return adresser[0], adresser[1]


def _eliminerat(u: Koncernunderlag, p: Par, uppgifter: tuple[Adress, Adress], lage: str, b: Bygge) -> tuple[Adress, Adress]:
    """Det som elimineras på vardera sidan: regelns belopp, eller det för hand, i kommunens andel."""
    andel, vid = p.givare.andel * p.mottagare.andel, ", vid årets början" if lage else ""
    adresser = []
    for sida, egen, andra in zip(_SIDA, uppgifter, reversed(uppgifter), strict=True):
        for_hand = p.for_hand and not lage
        steg: Steg = u.hamta("elimineringar", p.givare.id, p.for_hand, "belopp") if for_hand else _enligt_regeln(p, egen, andra, uppgifter)
        if andel != 1:
            steg = andel_av(b.dolt(p.rad, f"regel_{sida}{lage}", f"Att eliminera, {_SIDA[sida]}{vid}", steg), andel)
        adresser.append(b.dolt(p.rad, f"elim_{sida}{lage}", f"Eliminerat, {_SIDA[sida]}{vid}", steg))
    return adresser[0], adresser[1]


def _enligt_regeln(p: Par, egen: Adress, andra: Adress, uppgifter: tuple[Adress, Adress]) -> Steg:
    if p.slag.regel == "lagsta":
        return Ytterst(uppgifter)
    if p.slag.regel == "vars_och_ens":
        return Enligt((egen, andra), "den egna uppgiften; motpartens visas bredvid", bara_forsta=True)
    return Enligt(uppgifter, f"uppgiften av {_SIDA['givare']}, eller motpartens om den saknas")


def sammandragsplan(u: Koncernunderlag, paren_: Sequence[Par]) -> Tabellplan:
    """Det eliminerade per slag, med resten som inte tar ut sig och skillnaden mellan enheternas uppgifter."""
    b = Bygge(SAMMANDRAG, u)
    b.kolumn("elim_givare", "Eliminerat hos säljare och fordringsägare")
    b.kolumn("elim_mottagare", "Eliminerat hos köpare och gäldenärer")
    b.kolumn("rest", "Rest", plus=True)
    b.kolumn("skillnad", "Skillnad mellan enheternas uppgifter", plus=True)
    for slag in u.mall.slag:
        if any(p.slag == slag for p in paren_):
            b.rad(slag.id, slag.namn)
            for kolumn in b.synliga:
                b.satt(slag.id, kolumn, summa((1, Adress(plan_id(MELLAN, u.lager), slag.id, kolumn))))
    return b.plan("Elimineringar i koncernen", "Slag")


def mellanhavandenas_termer(u: Koncernunderlag, paren_: Sequence[Par], r: Rakningsmall, rad: str) -> Iterator[tuple[int, Adress]]:
    """Det som elimineras på räkningens rad."""
    plan = plan_id(MELLAN, u.lager)
    for p in paren_:
        for namn, _, _, sida in p.sidor:
            if (sida.rakning, sida.rad) == (r.id, rad):
                yield -sida.tecken_pa_raden, Adress(plan, p.rad, f"elim_{namn}")
            if r.id == KASSAFLODE:
                yield from ((tecken, Adress(plan, p.rad, f"{led}_{namn}")) for tecken, led in _i_kassaflodet(u, sida, rad))


def _i_kassaflodet(u: Koncernunderlag, sida: Sida, rad: str) -> Iterator[tuple[int, str]]:
    """Tecken och led på kassaflödets rad: ett flöde elimineras helt, av ett saldo förändringen."""
    if not u.mall.bladet(sida.blad).ingaende:
        if rad == sida.kassaflode:
            yield -sida.tecken_pa_raden, "elim"
        return
    tecken = -1 if sida.skuld else 1
    if not sida.kassaflode_minskning and rad == sida.kassaflode:
        yield tecken, "forandring"
    elif sida.kassaflode_minskning and rad in (sida.kassaflode, sida.kassaflode_minskning):
        yield tecken, "okning" if rad == sida.kassaflode else "minskning"
