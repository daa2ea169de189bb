"""Uppställningar: rader i lagens ordning, deklarerade en gång för inlämningsbokens blad, rapportens tabeller och koncernen."""

from collections.abc import Container, Iterable, Mapping
from typing import Literal, TypeVar

from pydantic import BaseModel, Field

from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.mall import uttryck
from kommunrapport.mall.diagrammall import Diagrammall
from kommunrapport.mall.listmall import Lista, Listkolumn, Malhistorik, Malkedja
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Blad, Enhetsslag, Id, Rad, Ursprung, Uttryck, Vardeslag, finns_i
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.rapportmall import (
    RAPPORTMALLAR,
    Avsnittsmall,
    Nyckeltal,
    Rapportmall,
    Rapporttabell,
    Tabellkolumn,
    Tabellrad,
)
from kommunrapport.mall.rubriker import fyll_i, rubrikord

M = TypeVar("M", bound=BaseModel)
D = TypeVar("D", Rapporttabell, Tabellkolumn, Tabellrad, Lista, Listkolumn, Diagrammall, Malkedja, Malhistorik, Nyckeltal)
_BLADSLAG: Mapping[str, Vardeslag] = {"belopp": "belopp", "antal": "antal", "andel": "procent", "sats": "procent", "text": "text"}
"""Radens slag i rapporten → det slags värde som fylls i på bladet."""


class Uppstallningsrad(Tabellrad):
    """En rad. Utan ``uttryck``, ``hamta`` och andra steg är den en post som fylls i på bladet och hämtas därifrån.

    I rapporten är posten kommunens, som finansförvaltningen lämnar; företagens blad med samma uppställning går till koncernen.
    """

    lagrum: str = ""
    tecken: Literal["", "+", "-"] = ""
    obligatorisk: bool | None = None
    hjalp: str = ""
    bladnamn: str = ""
    """Namnet på inlämningsbladet, när det är ett annat än i rapporten."""
    plats: Literal["", "blad", "rapport", "koncern"] = ""
    """Var raden finns när den inte finns överallt; ``koncern`` är rapporten när koncernen redovisas."""
    villkor: Literal["", "rur", "fullfond"] = ""
    """Villkor i avsnittet redovisning i kommun.toml."""
    till: dict[str, str] = Field(default_factory=dict)
    """Uppställning → raderna som beloppet hör till i koncernen, till exempel ``- skattedel:ek_ingaende``."""

    attribut: dict[str, str] = Field(default_factory=dict)
    """Texter om raden, som bladets etikettkolumner visar."""
    hor_till: tuple[str, ...] = ()
    """En nots rader i räkningarna, skrivna ``tabell.rad``: de hänvisar till noten."""
    kravs_nar: str = ""
    """Adressen till en siffra som gör en not nödvändig när den inte är noll."""
    publicerat: tuple[str, ...] = ()
    """Siffran i ett publicerat bokslut som radens tidigare år förifylls med på bladet (se ``Rad``)."""
    skrivs_av: Literal["", "koncernforetag", "utelamnade"] = ""
    """Det i kommun.toml som noten görs av, när ingen skriver den."""

    @property
    def post(self) -> bool:
        egna_steg = (self.uttryck, self.hamta, self.expandera, self.per_kolumn, self.kvot, self.andel, self.minst, self.storst, self.valj, self.medel)
        return self.stil != "rubrik" and not any(egna_steg)


class Uppstallning(Ursprung):
    """En uppställning som gäller från ett datum. ``blad`` är bladet där posterna fylls i."""

    id: Id
    namn: str
    blad: str = ""
    enheter: tuple[Enhetsslag, ...] = ("finansforvaltning",)
    """Vars poster rapportens kolumner visar, även när fler enheter lämnar bladet; finansförvaltningen lämnar kommunens."""
    rad: tuple[Uppstallningsrad, ...]


def las_uppstallning(kalla: Mallkalla, namn: str, period: Period, organisation: Organisation) -> Uppstallning:
    """Uppställningen som gäller perioden, med periodens ord och bara de rader som kommunen har. Fel: MallFel."""
    vag = kalla.i_kraft(f"uppstallning/{namn}", period.slut)
    mall = kalla.las(vag, Uppstallning)
    rader = [r for r in mall.rad if not r.villkor or getattr(organisation.redovisning, r.villkor)]
    ord_ = rubrikord(period)
    namngivna = [r if r.expandera else _med(r, namn=fyll_i(r.namn, ord_, vag), bladnamn=fyll_i(r.bladnamn, ord_, vag)) for r in rader]
    return _med(mall, rad=tuple(_utan_borttagna(namngivna, mall.rad)))


def med_uppstallning(blad: Blad, kalla: Mallkalla, period: Period, organisation: Organisation) -> Blad:
    """Bladet med uppställningens rader, när det hänvisar till en."""
    if not blad.uppstallning:
        return blad
    mall = las_uppstallning(kalla, blad.uppstallning, period, organisation)
    rader = [r for r in mall.rad if r.plats in ("", "blad") and (r.post or r.stil == "rubrik" or r.uttryck)]
    egna = [_med(r, obligatorisk=False) if r.id in blad.valfria else r for r in _utan_borttagna(rader, mall.rad)]
    return _med(blad, rad=(*map(_bladrad, egna), *blad.rad))


def las_rapportmall(
    kalla: Mallkalla, namn: str, period: Period, organisation: Organisation, *, koncern: bool, omraden: Container[str] | None = None
) -> Rapportmall:
    """Rapportmallen som gäller perioden, med uppställningarnas rader och bara det som hör till områdena; None är alla. Fel: MallFel."""
    egen = kalla.las(kalla.i_kraft(f"rapport/{namn}", period.slut), Rapportmall)
    hel = _med_avsnitt(egen, kalla, period)
    mall = hel if omraden is None else _for_omraden(_med_avsnitt(egen, kalla, period, omraden), omraden)
    har = [t for t in mall.tabell if not t.villkor or getattr(organisation.redovisning, t.villkor)]
    tabeller = [_med_rader(t, kalla, period, organisation, koncern=koncern) for t in har]
    alla = (hel, *_rapporterna(kalla, period))
    return _med(
        mall,
        tabell=tuple(t for t in tabeller if t.kolumn),
        blocknamn=frozenset[str]().union(*(m.namngivna for m in alla)),
        meningsnamn=frozenset[str]().union(*(m.mening for m in alla)),
        enhetsmeningar=frozenset[str]().union(*(m.enhetsmening for m in alla)),
    )


def ar_med_mal(kalla: Mallkalla, kommando: str, period: Period, omraden: Container[str]) -> int:
    """Så många år i rad som kommandots rapport visar målens bedömningar; 1 när den bara visar periodens."""
    mapp = f"rapport/{RAPPORTMALLAR[kommando]}"
    if not kalla.har_i_kraft(mapp, period.slut):
        return 1
    hel = _med_avsnitt(kalla.las(kalla.i_kraft(mapp, period.slut), Rapportmall), kalla, period)
    return max((m.ar_i_rad for m in hel.malhistorik if finns_i(m.kraver, omraden)), default=1)


def _med_avsnitt(mall: Rapportmall, kalla: Mallkalla, period: Period, omraden: Container[str] | None = None) -> Rapportmall:
    """Mallen med avsnittens delar före sina egna; en egen del eller mening ersätter avsnittets med samma id.

    Bara de tabeller som hör till områdena kan ersätta någon; utan områden alla.
    """
    delar = [*(kalla.las(kalla.i_kraft(f"avsnitt/{namn}", period.slut), Avsnittsmall) for namn in mall.avsnitt), mall]
    if omraden is not None:
        delar = [_med(d, tabell=tuple(t for t in d.tabell if _i_perioden(t, omraden))) for d in delar]
    med_id = ("tabell", "lista", "diagram", "malkedja", "malhistorik", "krav")
    samlade = {namn: tuple({d.id: d for del_ in delar for d in getattr(del_, namn)}.values()) for namn in med_id}
    samlade["lista"] = tuple(_med_kolumner(lista, samlade["lista"]) for lista in samlade["lista"])
    nyckeltal = tuple(n for del_ in delar for n in del_.nyckeltal)
    meningar = {sort: {namn: text for del_ in delar for namn, text in getattr(del_, sort).items()} for sort in ("mening", "enhetsmening")}
    return _med(mall, **samlade, **meningar, nyckeltal=nyckeltal)


def _rapporterna(kalla: Mallkalla, period: Period) -> list[Rapportmall]:
    """Alla rapporters mallar: en Wordmall som flera delar får nämna deras tabeller, listor, diagram och meningar."""
    vagar = [kalla.i_kraft(mapp, period.slut) for n in RAPPORTMALLAR.values() if kalla.har_i_kraft(mapp := f"rapport/{n}", period.slut)]
    return [_med_avsnitt(kalla.las(vag, Rapportmall), kalla, period) for vag in vagar]


def _med_kolumner(lista: Lista, alla: Iterable[Lista]) -> Lista:
    """Listan med sina egna kolumner eller den andra listans. Fel: MallFel när den andra listan inte finns."""
    if not lista.kolumner_som:
        return lista
    andra = next((x for x in alla if x.id == lista.kolumner_som), None)
    if andra is None:
        raise MallFel(f"mallar: listan {lista.id} har kolumner som {lista.kolumner_som}, men den listan finns inte.")
    return _med(lista, kolumn=andra.kolumn)


def _i_perioden(tabell: Rapporttabell, omraden: Container[str]) -> bool:
    return finns_i(tabell.kraver, omraden) and not (tabell.utan and finns_i(tabell.utan, omraden))


def _for_omraden(mall: Rapportmall, omraden: Container[str]) -> Rapportmall:
    """Mallen med de delar som hör till något av områdena, eller till inget särskilt."""

    def hor_hit(delar: Iterable[D]) -> tuple[D, ...]:
        return tuple(d for d in delar if finns_i(d.kraver, omraden))

    tabeller = [_med(t, kolumn=_kvarvarande(hor_hit(t.kolumn)), rad=hor_hit(t.rad)) for t in mall.tabell if _i_perioden(t, omraden)]
    kvar = {t.id: {k.id for k in t.kolumn} for t in tabeller}
    diagram = (_med(d, kolumner=_kvar(d.kolumner, kvar.get(d.tabell))) for d in hor_hit(mall.diagram))
    return _med(
        mall,
        tabell=tuple(tabeller),
        lista=tuple(_med(lista, kolumn=hor_hit(lista.kolumn)) for lista in hor_hit(mall.lista)),
        diagram=tuple(d for d in diagram if d.kolumner),
        malkedja=hor_hit(mall.malkedja),
        malhistorik=hor_hit(mall.malhistorik),
        nyckeltal=hor_hit(mall.nyckeltal),
    )


def _kvarvarande(kolumner: tuple[Tabellkolumn, ...]) -> tuple[Tabellkolumn, ...]:
    """Kolumnerna, utan hänvisningar till dem som inte finns kvar att välja bland."""
    finns = {k.id for k in kolumner}
    return tuple(_med(k, forsta=tuple(f for f in k.forsta if f in finns)) if k.forsta else k for k in kolumner)


def _kvar(kolumner: tuple[str, ...], finns: Container[str] | None) -> tuple[str, ...]:
    """Diagrammets kolumner som tabellen har kvar; en tabell som inte står i mallen är koncernens och har alla."""
    return kolumner if finns is None else tuple(k for k in kolumner if k.endswith("*") or k in finns)


def _med_rader(tabell: Rapporttabell, kalla: Mallkalla, period: Period, organisation: Organisation, *, koncern: bool) -> Rapporttabell:
    satta = organisation.trosklar
    kolumner = tuple(k for k in tabell.kolumn if (koncern or not k.koncern) and not (k.grans and getattr(satta, k.grans[1]) is None))
    if not tabell.uppstallning:
        return _med(tabell, kolumn=kolumner, rad=tuple(r if koncern or not r.koncern else _utan_steg(r) for r in tabell.rad))
    mall = las_uppstallning(kalla, tabell.uppstallning, period, organisation)
    har_koncern = koncern and any(k.koncern for k in tabell.kolumn)
    platser = ("", "rapport", "koncern") if har_koncern else ("", "rapport")
    rader = _utan_borttagna([r for r in mall.rad if r.plats in platser], mall.rad)
    return _med(tabell, kolumn=kolumner, rad=(*(_tabellrad(r, mall, tabell) for r in rader), *tabell.rad))


def _utan_steg(rad: Tabellrad) -> Tabellrad:
    """Koncernens rad när koncernen inte redovisas: den finns för dem som hänvisar till den, men saknar siffror och visas inte."""
    return Tabellrad(id=rad.id, namn=rad.namn, slag=rad.slag, dolj_tom=True)


def _bladrad(rad: Uppstallningsrad) -> Rad:
    return Rad(
        id=rad.id,
        namn=rad.bladnamn or rad.namn,
        uttryck=rad.uttryck,
        rubrik=rad.stil == "rubrik",
        niva=1 if rad.stil == "varav" else 0,
        tecken=rad.tecken,
        hjalp=rad.hjalp,
        obligatorisk=rad.obligatorisk,
        lagrum=rad.lagrum,
        attribut=rad.attribut,
        publicerat=rad.publicerat,
        slag=_BLADSLAG.get(rad.slag) if rad.slag else None,
    )


def _tabellrad(rad: Uppstallningsrad, mall: Uppstallning, tabell: Rapporttabell) -> Tabellrad:
    falt = {namn: getattr(rad, namn) for namn in Tabellrad.model_fields}
    if rad.post:
        falt |= {"hamta": mall.blad, "rader": (rad.id,), "enheter": mall.enheter}
    if rad.id in tabell.per_kolumn:
        falt["per_kolumn"] = {**rad.per_kolumn, **tabell.per_kolumn[rad.id]}
    return Tabellrad.model_construct(**falt)


def _utan_borttagna(rader: Iterable[Uppstallningsrad], alla: Iterable[Uppstallningsrad]) -> list[Uppstallningsrad]:
    """Raderna med uttryck som inte nämner en rad som är borttagen."""
    kvar = list(rader)
    borta = {r.id for r in alla} - {r.id for r in kvar}
    return [_med(r, uttryck=_utan(r.uttryck, borta)) if r.uttryck else r for r in kvar]


def _utan(text: Uttryck, borta: set[str]) -> Uttryck:
    termer = [t for t in uttryck.parse(text) if t.namn not in borta]
    return " ".join(f"{'+' if t.tecken > 0 else '-'} {t.namn}" for t in termer).removeprefix("+ ")


def _med(modell: M, **andrat: object) -> M:
    return modell.model_copy(update=andrat)
