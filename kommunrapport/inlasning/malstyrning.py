"""Målkedjan i styrningen: fullmäktiges mål, nämndernas mål och indikatorerna knyts ihop, och indikatorerna delas upp.

En fil med fullmäktigemål (art kfmal) måste ha hela kedjan. I en fil utan dem är ett måls ``overordnat`` fullmäktiges mål i fri
text, och en indikator hör till målet som den står efter när ``overordnat`` inte är ett måls beteckning.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from kommunrapport.karna import malvarde
from kommunrapport.karna.sprak import nyckel
from kommunrapport.karna.styrrad import Styrrad

TABELL, UPPDELNINGAR = "mal", "uppdelning"
KOMMUNENS_ARTER = ("vision", "malomrade", "kfmal")
KOMMUNEN = ("", "kommunen")
"""Hur enheten skrivs på en rad som är hela kommunens."""
ARTER = (*KOMMUNENS_ARTER, "mal", "indikator")
GRUPP = "grupp"
"""Arten på raderna som en uppdelad indikator får, en per grupp."""
KOLUMNER = (
    "overordnat",
    "matt",
    "utgangsvarde",
    "startar",
    "malvarde",
    "malar",
    "riktning",
    "vag",
    "mats",
    "uppdelning",
    "hushallning",
    "kalla",
    "raknas",
)
OVERART = "overart"
"""Attributet med arten på det som raden hör till: kfmal, mal eller malomrade."""
KON = "kön"
"""Uppdelningen som har egna kolumner, kvinnor och män, och därför inga grupper."""
KON_FALT = "kon"
"""Attributet som säger att radens utfall delas på kvinnor och män."""
MATS = ("delår", "bokslut")
HUSHALLNING = ("finansiellt", "verksamhet")
"""Mål för god ekonomisk hushållning är finansiella mål eller verksamhetsmål (11 kap. 6 § kommunallagen)."""

_Brist: TypeAlias = Iterator[str]
_Grupper: TypeAlias = dict[str, list[Styrrad]]


def med_malkedja(rader: Sequence[Styrrad]) -> tuple[list[Styrrad], list[str]]:
    """Alla styrrader, med målen hopknutna och indikatorerna uppdelade, och en mening per brist."""
    malen = [r for r in rader if r.tabell == TABELL]
    grupper: _Grupper = {}
    for r in rader:
        if r.tabell == UPPDELNINGAR:
            grupper.setdefault(nyckel(r.attribut["uppdelning"]), []).append(r)
    kedja = _Kedja(malen)
    brister = [f"{r.kalla.fil}, {r.kalla.cell}: {brist}" for r in malen for brist in (*_faltbrister(r, grupper), *kedja.brister(r))]
    if brister:
        return list(rader), brister
    klara = {(r.enhet, r.rad): kedja.knuten(r) for r in malen}
    utvidgade = [r if r.tabell != TABELL else klara[r.enhet, r.rad] for r in rader if r.tabell != UPPDELNINGAR]
    return [del_ for r in utvidgade for del_ in (r, *_uppdelad(r, grupper))], []


def enhetsbrister(falt: Mapping[str, str], finans: str) -> Iterator[str]:
    """Fullmäktiges rader är kommunens och nämndernas mål har en enhet. Utan enhet är en rad kommunens, och finansförvaltningen lämnar den."""
    if falt.get("art") in KOMMUNENS_ARTER and falt["enhet"] not in (*KOMMUNEN, finans):
        yield f"enhet är ”{falt['enhet']}”, men {falt['art']} är hela kommunens; lämna enhet tom."
    if falt.get("art") == "mal" and falt["enhet"] in KOMMUNEN:
        yield "enhet är tom; ange nämnden eller bolaget som har målet. Fullmäktiges mål har art kfmal."


class _Kedja:
    """Vad varje rad hör till."""

    def __init__(self, malen: Sequence[Styrrad]) -> None:
        self._kommunens = {r.rad: r for r in malen if r.art in KOMMUNENS_ARTER}
        self._namn = {nyckel(r.namn): r for r in malen if r.art == "kfmal"}
        self._egna = {(r.enhet, r.rad) for r in malen if r.art == "mal"}
        self._har_kfmal = bool(self._namn)
        self._narmast: dict[tuple[str, str], tuple[str, str]] = {}
        senaste: dict[str, tuple[str, str]] = {}
        for r in malen:
            self._narmast[r.enhet, r.rad] = senaste.get(r.enhet, ("", ""))
            if r.art in ("mal", "kfmal"):
                senaste[r.enhet] = (r.art, r.rad)

    def brister(self, r: Styrrad) -> _Brist:
        over = r.attribut["overordnat"]
        if not over or self._over(r)[0]:
            return
        if r.art in KOMMUNENS_ARTER:
            ratt = "någon vision" if r.art == "malomrade" else "någon vision eller något målområde"
            yield f"overordnat är ”{over}”, som inte är {ratt} i filen{self._finns(r)}."
        elif self._har_kfmal:
            ratt = "fullmäktigemål" if r.art == "mal" else "mål hos enheten och inget fullmäktigemål"
            yield f"overordnat är ”{over}”, som inte är något {ratt} i filen{self._finns(r)}."

    def knuten(self, r: Styrrad) -> Styrrad:
        """Raden med arten på det som den hör till, och dess beteckning. Kategorin säger vilket slag av mål för god ekonomisk hushållning den är."""
        art, over = self._over(r)
        if not art and r.art == "indikator" and not (self._har_kfmal and r.attribut["overordnat"]):
            art, over = self._narmast[r.enhet, r.rad]
        kon = "ja" if KON in _uppdelningar(r) else ""
        attribut = {**r.attribut, "overordnat": over or r.attribut["overordnat"], OVERART: art, KON_FALT: kon}
        return replace(r, attribut=attribut, kategori=nyckel(r.attribut["hushallning"]))

    def _over(self, r: Styrrad) -> tuple[str, str]:
        """Arten på och beteckningen för det som raden säger sig höra till; tomt när det inte finns."""
        over = r.attribut["overordnat"]
        if r.art == "indikator" and (r.enhet, over) in self._egna:
            return "mal", over
        traff = self._kommunens.get(over) or (self._namn.get(nyckel(over)) if over else None)
        return (traff.art, traff.rad) if traff and traff.art in _HOR_TILL[r.art] else ("", "")

    def _finns(self, r: Styrrad) -> str:
        egna = [rad for enhet, rad in self._egna if r.art == "indikator" and enhet == r.enhet]
        finns = [*sorted(egna), *(rad for rad, k in self._kommunens.items() if k.art in _HOR_TILL[r.art])]
        return f"; tillåtet är {', '.join(finns)}" if finns else ""


_HOR_TILL = {"vision": (), "malomrade": ("vision",), "kfmal": ("malomrade", "vision"), "mal": ("kfmal",), "indikator": ("kfmal",)}


def _faltbrister(r: Styrrad, grupper: _Grupper) -> _Brist:
    for kolumn, (godtas, ratt) in _FALT.items():
        varde = r.attribut[kolumn]
        if varde and not godtas(varde):
            yield f"{kolumn} är ”{varde}”; {ratt}."
    okanda = [namn for namn in _uppdelningar(r) if namn != KON and namn not in grupper]
    if okanda:
        finns = ", ".join([KON, *grupper])
        yield f"uppdelning är ”{', '.join(okanda)}”, som inte finns i uppdelningar.csv; tillåtet är {finns}."
    ord_, angiven = malvarde.gransord(r.attribut["malvarde"]), malvarde.RIKTNINGAR.get(nyckel(r.attribut["riktning"]), "")
    if ord_ and angiven and ord_ != angiven:
        yield f"riktning är ”{angiven}” men malvarde är ”{r.attribut['malvarde']}”; låt dem säga samma sak, eller lämna riktning tom."


def _ar_ett_ar(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}", text))


def _ar_en_vikt(text: str) -> bool:
    vikt = malvarde.tal_i(text)
    return vikt is not None and vikt > 0


_FALT: dict[str, tuple[Callable[[str], bool], str]] = {
    "startar": (_ar_ett_ar, "skriv ett år, till exempel 2022"),
    "malar": (_ar_ett_ar, "skriv ett år, till exempel 2026"),
    "riktning": (lambda text: nyckel(text) in malvarde.RIKTNINGAR, "skriv ökar eller minskar, den riktning som är bra, eller lämna tomt"),
    "vag": (_ar_en_vikt, "skriv en vikt större än noll, till exempel 2 eller 0,5, eller lämna tomt"),
    "mats": (lambda text: nyckel(text) in MATS, f"tillåtet är {', '.join(MATS)} eller tomt"),
    "raknas": (lambda text: nyckel(text) == malvarde.UNDER_ARET, f"skriv {malvarde.UNDER_ARET}, eller lämna tomt"),
    "hushallning": (lambda text: nyckel(text) in HUSHALLNING, f"tillåtet är {', '.join(HUSHALLNING)} eller tomt"),
}


def _uppdelningar(r: Styrrad) -> list[str]:
    return [nyckel(namn) for namn in r.attribut["uppdelning"].split(",") if namn.strip()]


def _uppdelad(r: Styrrad, grupper: _Grupper) -> Iterator[Styrrad]:
    """En rad per grupp som indikatorn är uppdelad på."""
    if r.tabell != TABELL or r.art != "indikator":
        return
    for namn in _uppdelningar(r):
        for grupp in grupper.get(namn, ()):
            attribut = {"overordnat": r.rad, OVERART: r.art, "uppdelning": namn, KON_FALT: r.attribut[KON_FALT]}
            yield Styrrad(r.enhet, TABELL, f"{r.rad}.{grupp.rad}", grupp.namn, GRUPP, namn, attribut, grupp.kalla)
