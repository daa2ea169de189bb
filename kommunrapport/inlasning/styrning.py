"""Styrfilerna (styrning/ÅÅÅÅ/*.csv): fullmäktiges beslut blir styrrader och fakta med källa.

Belopp står i den enhet som kommun.toml anger (``enheter.styrning``). Investeringar skrivs med
utgift plus och inkomst minus och vänds här, så att utgift är minus i faktatabellen.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from kommunrapport.inlasning import malstyrning
from kommunrapport.inlasning.celler import STORST
from kommunrapport.inlasning.styrbrister import RADBRISTER, REGI, VISAS, ar_datum, koncernbrister, okanda_lankar, planbrister
from kommunrapport.karna import fakta, tal
from kommunrapport.karna.belopp import HUNDRADELAR, till_hundradelar
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.sprak import menade_du
from kommunrapport.karna.styrrad import Styrrad, per_enhet
from kommunrapport.mall import lasning
from kommunrapport.mall.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Styrfil:
    """Formen på en styrfil: kolumner, vilka som är belopp och vilka som blir attribut.

    ``belopp`` är par av filens kolumn och faktakolumnen som beloppet blir; ``antal`` detsamma för tal utan beloppsenhet.
    """

    namn: str
    tabell: str
    kolumner: tuple[str, ...]
    valfria: tuple[str, ...] = ()
    belopp: tuple[tuple[str, str], ...] = ()
    antal: tuple[tuple[str, str], ...] = ()
    attribut: tuple[str, ...] = ()
    ger_rader: bool = True
    arlig: bool = True
    """Om filen ligger i årets mapp; annars gäller den alla år."""
    kommunrader: bool = False
    """Om en rad kan vara hela kommunens: utan enhet, och då finansförvaltningens att lämna."""
    kategori: str = "kategori"
    """Kolumnen som rader grupperas efter."""
    art: str = ""
    """Radernas art, när filen inte anger den."""
    nyckel: tuple[str, ...] = ()
    """Fälten som tillsammans blir radens beteckning, när filen inte har någon."""

    def vag(self, ar: int) -> str:
        return f"styrning/{ar}/{self.namn}" if self.arlig else f"styrning/{self.namn}"


TILLAGG = "tillagg"
STYRFILER = (
    Styrfil("driftbudget.csv", "drift", ("enhet", "rad", "benamning", "ursprunglig"), ("kategori",), (("ursprunglig", "ursprunglig"),)),
    Styrfil(
        "investeringar.csv",
        "investering",
        ("enhet", "rad", "benamning", "art", "budget"),
        ("kategori", "beslutad_totalutgift", "beslut", "projekttyp", "start", "klar"),
        (("beslutad_totalutgift", "beslutad_totalutgift"), ("budget", "arsbudget")),
        attribut=("beslut", "projekttyp", "start", "klar"),
    ),
    Styrfil(
        "volymer.csv",
        "volymer",
        ("enhet", "rad", "benamning", "art", "matt", "plan"),
        ("kvalitet", "decimaler", "drift"),
        antal=(("plan", "planerat"),),
        attribut=("matt", "decimaler", "drift"),
        kategori="kvalitet",
    ),
    Styrfil(
        "mal.csv",
        "mal",
        ("enhet", "rad", "art", "benamning"),
        malstyrning.KOLUMNER,
        attribut=malstyrning.KOLUMNER,
        kommunrader=True,
    ),
    Styrfil("uppdelningar.csv", malstyrning.UPPDELNINGAR, ("uppdelning", "rad", "benamning"), attribut=("uppdelning",)),
    Styrfil(
        "finansmal.csv",
        "finansmal",
        ("rad", "benamning", "art", "mal", "matt"),
        ("visas", "beslut"),
        (("mal", "mal"),),
        attribut=("matt", "visas", "beslut"),
    ),
    Styrfil("uppdrag.csv", "uppdrag", ("enhet", "rad", "benamning"), ("beslut", "klart"), attribut=("beslut", "klart")),
    Styrfil(
        "internkontroll.csv",
        "internkontroll",
        ("enhet", "rad", "benamning", "process", "risk"),
        ("metod", "ansvarig", "frekvens", "sannolikhet", "konsekvens"),
        attribut=("process", "risk", "riskvarde", "metod", "ansvarig", "frekvens"),
        art="kontroll",
    ),
    Styrfil(
        "utforare.csv",
        "utforare",
        ("enhet", "rad", "benamning", "verksamhet", "form", "planerad"),
        ("regi", "avtal", "avtal_till", "ansvarig"),
        attribut=("verksamhet", "regi", "avtal", "avtal_till", "form", "planerad", "ansvarig"),
    ),
    Styrfil("overforing.csv", "overforing", ("enhet", "rad", "belopp", "beslut"), ("beslutad",), (("belopp", "beviljat"),), ger_rader=False),
    Styrfil("resultatbudget.csv", "resultat", ("rad", "ursprunglig"), belopp=(("ursprunglig", "ursprunglig"),), ger_rader=False),
    Styrfil(
        "tillagg.csv",
        "",
        ("enhet", "rad", "tabell", "belopp", "beslut"),
        ("datum", "avser"),
        (("belopp", TILLAGG),),
        ger_rader=False,
    ),
    Styrfil(
        "forvarv.csv",
        "forvarv",
        ("enhet", "rad", "benamning", "datum", "andel", "anskaffning", "eget_kapital"),
        ("skillnad_till", "beslut"),
        (("anskaffning", "anskaffning"), ("eget_kapital", "eget_kapital")),
        attribut=("datum", "andel", "skillnad_till", "beslut"),
        arlig=False,
    ),
    Styrfil(
        "elimineringar.csv",
        "elimineringar",
        ("rad", "period", "enhet", "motpart", "belopp", "benamning", "person", "beslutad"),
        ("slag", "rakning", "post"),
        (("belopp", "belopp"),),
        attribut=("period", "motpart", "slag", "rakning", "post", "person", "beslutad"),
    ),
    Styrfil(
        "balanskravsunderskott.csv",
        "aterstallning",
        ("ar", "uppkom", "ingaende", "anvant"),
        ("senast", "beslut"),
        (("ingaende", "ingaende"), ("anvant", "anvant")),
        attribut=("uppkom", "senast", "beslut"),
        arlig=False,
        nyckel=("uppkom",),
    ),
    Styrfil(
        "jamforelsetal.csv",
        "jamforelsetal",
        ("period", "jamforelse", "rakning", "post", "belopp"),
        ("beslut",),
        (("belopp", "belopp"),),
        ger_rader=False,
        nyckel=("period", "jamforelse", "rakning", "post"),
    ),
)
ATERSTALLS_INOM_AR = 3
"""Ett negativt balanskravsresultat återställs senast så många år efter det år då det uppkom (11 kap. 12 § kommunallagen)."""
VANDA_TABELLER = ("investering",)
"""Tabeller där utgift skrivs med plus i filen."""

TABELLER = ("drift", "investering", "resultat")
"""Tabeller som ett tilläggsbeslut kan gälla."""

ARTER = {
    "investering": ("utgift", "inkomst"),
    "mal": malstyrning.ARTER,
    "volymer": ("prestation", "nyckeltal"),
    "finansmal": ("minst", "hogst"),
    "internkontroll": ("kontroll",),
}


@dataclass(frozen=True)
class Styrning:
    """Årets beslut: rader till bladen och fakta om budget."""

    rader: tuple[Styrrad, ...]
    fakta: pd.DataFrame

    def rader_for(self, enhet: str, tabell: str) -> tuple[Styrrad, ...]:
        return tuple(r for r in self._per_enhet.get(enhet, ()) if r.tabell == tabell)

    @cached_property
    def _per_enhet(self) -> dict[str, list[Styrrad]]:
        return per_enhet(self.rader)


def har_styrning(katalog: Path, ar: int) -> bool:
    return (katalog / f"styrning/{ar}/driftbudget.csv").is_file()


def las_styrning(katalog: Path, ar: int, organisation: Organisation, till: date | None = None, visas_fran: Path | None = None) -> Styrning:
    """Årets styrfiler. Driftbudgeten måste finnas; en annan fil som saknas ger inga rader.

    Tilläggsbeslut som är daterade efter ``till`` räknas inte. Filernas vägar visas från ``visas_fran``, annars från katalogen.
    Fel: MallFel med en mening per brist.
    """
    if not har_styrning(katalog, ar):
        forra = har_styrning(katalog, ar - 1)
        gor = f"Kopiera styrning/{ar - 1} till styrning/{ar} och ändra." if forra else "Utgå från den som kommunrapport ny MAPP skriver."
        raise MallFel(f"styrning/{ar}/driftbudget.csv: filen finns inte. Den har enheternas verksamheter och budget. {gor}")
    rader: list[Styrrad] = []
    facit: list[Faktum] = []
    brister: list[str] = []
    for form in STYRFILER:
        vag = form.vag(ar)
        if (katalog / vag).is_file():
            visas = (katalog / vag).relative_to(visas_fran or katalog).as_posix()
            _las_fil(katalog / vag, visas, form, _Ramar(organisation, ar, till), rader, facit, brister)
    brister += _dubbletter(facit, rader, ar)
    brister += _utan_rad(facit, rader)
    rader, malbrister = malstyrning.med_malkedja(rader)
    brister += [*malbrister, *okanda_lankar(rader)]
    if brister:
        raise MallFel(*brister)
    return Styrning(tuple(rader), fakta.faktatabell(facit))


@dataclass(frozen=True, slots=True)
class _Ramar:
    """Vad filerna läses mot: kommunens enheter, året, och den sista dag som ett tilläggsbeslut räknas."""

    organisation: Organisation
    ar: int
    till: date | None

    def utanfor(self, falt: dict[str, str]) -> bool:
        """Om raden hör till ett annat år, eller är ett beslut efter den sista dagen."""
        return falt.get("ar", str(self.ar)) != str(self.ar) or (self.till is not None and falt.get("datum", "") > self.till.isoformat())


def _las_fil(
    fil: Path,
    vag: str,
    form: Styrfil,
    ramar: _Ramar,
    rader: list[Styrrad],
    facit: list[Faktum],
    brister: list[str],
) -> None:
    organisation = ramar.organisation
    finans = next((e.id for e in organisation.med_slag("finansforvaltning")), "")
    if "enhet" not in form.kolumner and not finans:
        brister.append(f"{vag}: filen hör till finansförvaltningen, men ingen enhet i kommun.toml har slag = finansforvaltning. Lägg till den.")
        return
    kanda = {(r.enhet, r.tabell, r.rad): r for r in reversed(rader)}  # ett tilläggsbeslut får namn, art och kategori av raden det ändrar
    for radnr, falt in lasning.las_csv(fil, vag, form.kolumner, form.valfria):
        enhet = finans if form.kommunrader and falt["enhet"] in malstyrning.KOMMUNEN and finans else falt.get("enhet", finans)
        tabell = falt.get("tabell") or form.tabell or "drift"
        falt.setdefault("rad", ".".join(falt[namn] for namn in form.nyckel))
        falt.update(_harledda(falt, form))
        egna = [*_brister(falt, enhet, tabell, organisation), *(malstyrning.enhetsbrister(falt, finans) if form.kommunrader else ())]
        radens = [f"{vag}, rad {radnr}: {brist}" for brist in egna]
        brister += radens
        if not radens and ramar.utanfor(falt):
            continue
        andrad = kanda.get((enhet, tabell, falt["rad"]))
        rad = Styrrad(
            enhet,
            tabell,
            falt["rad"],
            falt.get("benamning") or (andrad.namn if andrad else falt["rad"]),
            falt.get("art", "") or (andrad.art if andrad else ""),
            falt.get(form.kategori, "") or (andrad.kategori if andrad else ""),
            {namn: falt.get(namn, "") for namn in form.attribut},
            Kalla(vag, "", f"rad {radnr}"),
        )
        if form.ger_rader:
            rader.append(rad)
            kanda.setdefault((enhet, tabell, rad.rad), rad)
        for kolumn, faktakolumn in (*form.belopp, *form.antal):
            talform = _talform(form, kolumn, falt, organisation)
            try:
                facit += _tal(falt.get(kolumn, ""), rad, faktakolumn, talform, (vag, f"rad {radnr}, {kolumn}", _hanvisning(falt)))
            except tal.OtolkbartTal as fel:
                brister.append(f"{vag}, rad {radnr}: {kolumn} är ”{falt[kolumn]}” ({fel.orsak}); skriv ett tal, till exempel −1250 eller 1 250,5.")


def _harledda(falt: dict[str, str], form: Styrfil) -> dict[str, str]:
    """Fält som följer av de andra när filen inte anger dem."""
    egna: dict[str, str] = {}
    if form.art and not falt.get("art"):
        egna["art"] = form.art
    if falt.get("uppkom", "").isdigit() and not falt.get("senast"):
        egna["senast"] = str(int(falt["uppkom"]) + ATERSTALLS_INOM_AR)
    if falt.get("sannolikhet", "").isdecimal() and falt.get("konsekvens", "").isdecimal():
        egna["riskvarde"] = str(int(falt["sannolikhet"]) * int(falt["konsekvens"]))
    if "visas" in form.valfria:
        egna["visas"] = falt.get("visas") or VISAS[0]
    if "regi" in form.attribut and not falt.get("regi"):
        egna["regi"] = REGI[0]
    return egna


class _Talform(NamedTuple):
    """Ett tal i en styrfil: belopp eller antal, och hundradelarna i dess enhet."""

    slag: str
    per: int


_ANTAL, _PROCENT = _Talform("antal", HUNDRADELAR), _Talform("procent", HUNDRADELAR)


def _talform(form: Styrfil, kolumn: str, falt: Mapping[str, str], organisation: Organisation) -> _Talform:
    if kolumn in dict(form.antal):
        return _ANTAL
    return _PROCENT if falt.get("visas") == "procent" else _Talform("belopp", organisation.styrning.value)


def _tal(text: str, rad: Styrrad, kolumn: str, form: _Talform, plats: tuple[str, str, str]) -> Iterator[Faktum]:
    if tal.stada(text).strip() in tal.TOMMA:
        return
    talet = tal.tolka_svenskt_tal(text)
    if abs(talet) * form.per > STORST:
        raise tal.OtolkbartTal("talet är orimligt stort")
    if rad.art == "inkomst" and talet > 0 and kolumn != TILLAGG:
        raise tal.OtolkbartTal("en inkomst skrivs med minus")
    hundradelar, rest = till_hundradelar(talet, form.per)
    if rest and form == _ANTAL:
        raise tal.OtolkbartTal("högst två decimaler")
    exponent = talet.as_tuple().exponent
    decimaler = -exponent if isinstance(exponent, int) else 0
    fil, cell, hanvisning = plats
    yield Faktum(
        enhet=rad.enhet,
        tabell=rad.tabell,
        rad=rad.rad,
        kolumn=kolumn,
        slag=form.slag,
        varde=-hundradelar if rad.tabell in VANDA_TABELLER else hundradelar,
        text=hanvisning,
        tillstand=fakta.VARDE,
        fil=fil,
        blad="",
        cell=cell,
        radnamn=rad.namn,
        art=rad.art,
        kategori=rad.kategori,
        harledd=False,
        lagrat=text,
        steg=max(1, form.per // 10 ** max(decimaler, 0)),
    )


def _hanvisning(falt: dict[str, str]) -> str:
    return ", ".join(falt[n] for n in ("beslut", "avser") if falt.get(n))


def _brister(falt: dict[str, str], enhet: str, tabell: str, organisation: Organisation) -> Iterator[str]:
    kanda = organisation.per_id
    if enhet not in kanda:
        yield f"enheten ”{enhet}” finns inte i kommun.toml; tillåtet är {', '.join(kanda)}.{menade_du(enhet, kanda)}"
    if tabell not in TABELLER and "tabell" in falt:
        yield f"tabell är ”{tabell}”; tillåtet är {', '.join(TABELLER)}."
    if not falt["rad"]:
        yield "fältet rad är tomt; skriv en kort beteckning utan mellanslag."
    art, arter = falt.get("art", ""), ARTER.get(tabell)
    if arter and "art" in falt and art not in arter:
        yield f"art är ”{art}”; tillåtet är {', '.join(arter)}."
    yield from koncernbrister(falt, tabell, kanda)
    radbrister = RADBRISTER.get(tabell)
    if radbrister and "benamning" in falt:
        yield from radbrister(falt)
    for namn in ("ar", "uppkom"):
        if namn in falt and not re.fullmatch(r"\d{4}", falt[namn]):
            yield f"{namn} är ”{falt[namn]}”; skriv ett år, till exempel 2024."
    yield from planbrister(falt, tabell)
    for namn in ("datum", "avtal_till", "planerad"):
        if falt.get(namn) and not ar_datum(falt[namn]):
            yield f"{namn} är ”{falt[namn]}”; skriv till exempel 2024-04-22."


def _dubbletter(facit: list[Faktum], rader: list[Styrrad], ar: int) -> Iterator[str]:
    filer = {form.tabell: form.vag(ar) for form in STYRFILER}
    resultat = [(f.enhet, f.tabell, f.rad) for f in facit if f.tabell in ("resultat", "jamforelsetal", "overforing") and f.kolumn != TILLAGG]
    antal = Counter([*((r.enhet, r.tabell, r.rad) for r in rader), *resultat])
    for (enhet, tabell, rad), n in antal.items():
        if n > 1:
            yield f"{filer[tabell]}: enheten {enhet} har raden {rad} {n} gånger; varje rad ska ha en egen beteckning."


def _utan_rad(facit: list[Faktum], rader: list[Styrrad]) -> Iterator[str]:
    """Tillägg till rader som ingen styrfil har skulle inte synas i någon tabell."""
    filer = {form.tabell: form.namn for form in STYRFILER if form.ger_rader}
    finns = {(r.enhet, r.tabell, r.rad) for r in rader}
    for f in facit:
        if f.kolumn == TILLAGG and f.tabell in filer and (f.enhet, f.tabell, f.rad) not in finns:
            yield f"{f.fil}, {f.cell}: enheten {f.enhet} har ingen rad {f.rad} i {filer[f.tabell]}; lägg till raden där eller rätta tillägget."
