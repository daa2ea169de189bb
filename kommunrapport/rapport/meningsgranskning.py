"""Granskar rapportmallens meningar: orden och siffrorna som de använder ska finnas."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import jinja2
from jinja2 import meta, nodes

from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.rapportmall import Rapportmall
from kommunrapport.rapport.mallbrister import Brist, brist
from kommunrapport.rapport.meningar import MILJO, ORD
from kommunrapport.rapport.wordtagguttryck import narmast

UPPGIFTER = (
    "spann", "ar", "omraden", "andel_av_aret", "fg_prognos", "sista_prognosen", "kommun", "koncern_redovisas", "bolagsnamn",
    "saknade_foretag",
    "sammantrade", "tider", "texter", "utan_exempel",
    "anmarkningsmening", "antal_rader", "svaren", "forfallna", "rakna_upp", "trosklar", "vision", "kfmal_egna",
    "antal_mal", "malrakning", "utan_bedomning", "antal_kfmal", "kfmalrakning", "kfmal_utan",
    "antal_hushallning", "hushallningrakning", "hushallning_utan", "antal_kfhushallning", "kfhushallningrakning", "kfhushallning_utan",
    "prognosmanader",
)  # fmt: skip
"""Det som meningarna får använda utöver orden om siffror."""
ENHETENS = ("enhet", "enhetsnamn", "egen", "med_svar", "cell", "antal_indikatorer", "natta_indikatorer")
"""Det som bara meningarna om en enhet får använda."""
_TABELLORD = ("saknade", "storsta_underskott", "storsta_overskott", "utan")
"""Orden vars första uppgift är en tabell; de andras är en siffra."""


@dataclass(frozen=True)
class _Tabell:
    """En tabells rader och kolumner i alla rapporter tillsammans; None när de inte är kända på förhand."""

    rader: frozenset[str] | None
    kolumner: frozenset[str] | None


def granska_meningar(mall: Rapportmall, alla: Iterable[Rapportmall], fria: Collection[str]) -> list[Brist]:
    """Bristerna i mallens meningar. Tabellerna i ``fria`` har rader och kolumner som beror på kommunen.

    En siffra ska finnas i någon rapport: meningar delas, och säger med ``finns`` när de är tillämpliga.
    """
    tabeller = {**_tabeller([*alla, mall]), **dict.fromkeys(fria, _Tabell(None, None))}
    visas_som = f"mallar/rapport, {mall.bestamd[:1].lower()}{mall.bestamd[1:]}"
    texter = {**{f"meningen {n}": t for n, t in mall.mening.items()}, **{f"förklaringen {n}": t for n, t in mall.forklaring.items()}}
    texter |= {f"enhetsmeningen {n}": t for n, t in mall.enhetsmening.items()}
    return [b for namn, text in texter.items() for b in _granska(text, visas_som, namn, tabeller)]


def _granska(text: str, visas_som: str, namn: str, tabeller: Mapping[str, _Tabell]) -> Iterator[Brist]:
    try:
        trad = MILJO.parse(text)
        MILJO.compile(trad)
    except jinja2.TemplateSyntaxError:
        yield brist("mening_otolkad", visas_som, namn, text)
        return
    satta = {n.name for n in MILJO.parse(text).find_all(nodes.Name) if n.ctx == "store"}
    kanda = {*satta, *UPPGIFTER, *ORD, *_egna_ord(namn), *MILJO.globals}
    for ord_ in sorted(meta.find_undeclared_variables(MILJO.parse(text)) - kanda):
        yield brist("okant_ord", visas_som, namn, text, namn=ord_, forslag=_menade(ord_, kanda))
    for anrop in MILJO.parse(text).find_all(nodes.Call):
        if isinstance(anrop.node, nodes.Name) and anrop.node.name in (*ORD, "egen") and anrop.args and isinstance(anrop.args[0], nodes.Const):
            adress = str(anrop.args[0].value)
            okand, forslag = _okand(adress, tabeller, bara_tabell=anrop.node.name in _TABELLORD)
            if okand:
                yield brist("okand_siffra", visas_som, namn, text, namn=adress, del_=okand, forslag=forslag)


def _egna_ord(namn: str) -> tuple[str, ...]:
    return ("n",) if namn == "meningen namnd" else ENHETENS if namn.startswith("enhetsmeningen ") else ()


def _okand(adress: str, tabeller: Mapping[str, _Tabell], *, bara_tabell: bool) -> tuple[str, str]:
    """Den första del av adressen som inte finns, och ett förslag; tomt när allt finns."""
    if bara_tabell:
        tabell, rad, kolumn = adress, "", ""
    elif adress.count(".") >= 2:
        tabell, _, rest = adress.partition(".")
        rad, _, kolumn = rest.rpartition(".")
    else:
        return "adressen", "Skriv tabell.rad.kolumn."
    if tabell not in tabeller:
        return f"tabellen {tabell}", _menade(tabell, tabeller)
    t = tabeller[tabell]
    if rad and t.rader is not None and rad not in t.rader:
        return f"raden {rad}", _menade(rad, t.rader)
    if kolumn and t.kolumner is not None and kolumn not in t.kolumner:
        return f"kolumnen {kolumn}", _menade(kolumn, t.kolumner)
    return "", ""


def _tabeller(mallar: Iterable[Rapportmall]) -> dict[str, _Tabell]:
    alla: dict[str, _Tabell] = {}
    for t in (t for mall in mallar for t in mall.tabell):
        rader = None if any(r.expandera for r in t.rad) else frozenset(r.id for r in t.rad)
        kolumner = None if any(k.expandera for k in t.kolumn) else frozenset(k.id for k in t.kolumn)
        fore = alla.get(t.id, _Tabell(frozenset(), frozenset()))
        alla[t.id] = _Tabell(_bada(fore.rader, rader), _bada(fore.kolumner, kolumner))
    return alla


def _bada(en: frozenset[str] | None, annan: frozenset[str] | None) -> frozenset[str] | None:
    return None if en is None or annan is None else en | annan


def _menade(namn: str, bland: Collection[str]) -> str:
    nara = narmast(namn, bland)
    return f"Menade du {nara}?" if nara else f"Det som finns är {rakna_upp(sorted(bland))}." if len(bland) <= 20 else ""
