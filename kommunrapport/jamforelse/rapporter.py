"""Jämför två spår: två körningar av samma rapport med orsaker, eller två perioders rapporter med skillnader."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from kommunrapport.jamforelse.modell import Andring, Jamforelse, Orsak, Slag, ordnade
from kommunrapport.jamforelse.orsaker import Orsakssokning, andrade_mallar
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import MANADER, Period
from kommunrapport.karna.sprak import nyckel, rakna_upp
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.rapport.sparfil import Siffra, Spar, delad
from kommunrapport.rapport.texttal import MENINGAR, TEXTER

_OKAND = Orsak("orsaken syns inte i spåren")
_ANDRA_SIFFROR = Orsak("meningen nämner andra siffror nu")
_FORM = Orsak("avrundning eller form är en annan")
_MEST = 12
_ORD = re.compile(r"\w+")
_ARTAL = re.compile(r"\d{4}")
_TOM = Siffra("", SAKNAS, None, None, "")
"""Ett streck är ingen uppgift: att raden finns på ena sidan är ingen ändring av en siffra."""


def jamfor_rapporter(fore: Spar, efter: Spar, namn: tuple[str, str]) -> Jamforelse:
    """Samma period: vad som har ändrats och varför. Olika perioder: skillnaden där båda har siffran. Fel: AnvandningsFel för olika kommuner."""
    if fore.kommun != efter.kommun:
        raise AnvandningsFel(f"Rapporterna gäller olika kommuner: {fore.kommun} och {efter.kommun}.")
    if fore.period == efter.period:
        return _korningar(fore, efter, namn)
    return _perioder(fore, efter, namn)


def _korningar(fore: Spar, efter: Spar, namn: tuple[str, str]) -> Jamforelse:
    sokning = Orsakssokning(fore, efter)
    adresser = dict.fromkeys([*(s.adress for s in efter.tryckta), *(s.adress for s in fore.tryckta)])
    andringar, lika = [], 0
    for adress in adresser:
        a, b = (s if (s := spar.siffror.get(adress)) and s.tryckt else None for spar in (fore, efter))
        slag = _slag(a, b, samma=bool(a and b) and _varde(fore, a) == _varde(efter, b) is not None)
        if slag is None:
            lika += 1
            continue
        okand = _ANDRA_SIFFROR if delad(adress)[0] == MENINGAR and slag != Slag.ANDRAD else _OKAND
        orsaker = (_FORM,) if slag == Slag.VISNING else sokning.orsaker(adress) or (okand,)
        andringar.append(_andring(fore, efter, adress, slag, orsaker))
    rubrik = f"{efter.titel} {efter.period}: två körningar"
    return Jamforelse("korningar", rubrik, *namn, ordnade(andringar), lika, tuple(_om_korningarna(fore, efter)))


def _varde(spar: Spar, s: Siffra | None) -> object:
    """Det exakta värdet bakom det som visas: siffrans, den som den visar, eller talet; None för text."""
    if s is None:
        return None
    visad = spar.siffror.get(s.delar[0]) if s.steg == "visar" and s.delar else None
    return next((v for v in (s.varde, visad.varde if visad else None, s.tal) if v is not None), None)


def _slag(a: Siffra | None, b: Siffra | None, *, samma: bool) -> Slag | None:
    if a is None or b is None:
        if (a or b or _TOM).visas == SAKNAS:
            return None
        return Slag.NY if a is None else Slag.BORTA
    if a.visas != b.visas:
        return Slag.VISNING if samma else Slag.ANDRAD
    return Slag.SYNS_INTE if a.tal is not None and b.tal is not None and a.tal != b.tal else None


def _andring(fore: Spar, efter: Spar, adress: str, slag: Slag, orsaker: tuple[Orsak, ...] = ()) -> Andring:
    a, b = fore.siffror.get(adress), efter.siffror.get(adress)
    spar, siffra = (efter, b) if b and b.tryckt else (fore, a)
    tabell, rad, kolumn = spar.rubriker(adress)
    fore_tal, efter_tal = (s.tal if s and s.tryckt else None for s in (a, b))
    fore_visas, efter_visas = (s.visas if s and s.tryckt else "" for s in (a, b))
    skillnad = efter_tal - fore_tal if fore_tal is not None and efter_tal is not None and slag != Slag.VISNING else None
    ar_text = fore_tal is None and efter_tal is None
    return Andring(adress, tabell, rad, kolumn, spar.enhet(siffra) if siffra else "", fore_visas, efter_visas, skillnad, ar_text, slag, orsaker)


def _om_korningarna(fore: Spar, efter: Spar) -> Iterator[str]:
    if not (fore.underlag and efter.underlag):
        yield "Ett av spåren är skrivet av en äldre version och säger inte vilka filer rapporten är gjord av. Orsaken kan därför vara okänd."
    saknas = [set(spar.underlag.get("saknas", ())) for spar in (fore, efter)]
    namn = {**fore.underlag.get("enheter", {}), **efter.underlag.get("enheter", {})}
    for enheter, ord_ in ((saknas[0] - saknas[1], "har lämnat sedan den första körningen"), (saknas[1] - saknas[0], "saknas i den andra körningen")):
        if enheter:
            yield f"{rakna_upp([namn.get(e, e) for e in sorted(enheter)])} {ord_}."
    mallar = andrade_mallar(fore, efter)
    if mallar:
        yield f"Mallar som skiljer: {_hogst(mallar)}."


def _perioder(fore: Spar, efter: Spar, namn: tuple[str, str]) -> Jamforelse:
    olika = _olika_kolumner(fore, efter)
    andra = _som_raknas_av(olika, fore, efter)
    jamforda = [s.adress for s in efter.tryckta if s.adress not in andra and _jamforbar(s) and _jamforbar(fore.siffror.get(s.adress))]
    andringar = [_period(fore, efter, adress) for adress in jamforda if fore.siffror[adress].tal != efter.siffror[adress].tal]
    return Jamforelse(
        "perioder",
        f"{fore.titel} {fore.period} och {efter.titel.lower()} {efter.period}",
        *namn,
        ordnade(andringar),
        len(jamforda) - len(andringar),
        tuple(_om_perioderna(fore, efter, jamforda, olika)),
    )


def _olika_kolumner(fore: Spar, efter: Spar) -> dict[tuple[str, str], tuple[str, str]]:
    """Tabell och kolumn → rubrikerna, för de kolumner som avser var sin annan månad: ”Prognos i mars” är inte ”Prognos i augusti”."""
    olika = {}
    for tabell in fore.tabeller.keys() & efter.tabeller.keys():
        a, b = (spar.tabeller[tabell].kolumner for spar in (fore, efter))
        for kolumn in a.keys() & b.keys():
            manader = _annan_manad(a[kolumn], fore), _annan_manad(b[kolumn], efter)
            if all(manader) and manader[0] != manader[1]:
                olika[tabell, kolumn] = a[kolumn], b[kolumn]
    return olika


def _annan_manad(rubrik: str, spar: Spar) -> frozenset[str]:
    """Månaderna i rubriken, utom rapportens egen."""
    return frozenset(_ORD.findall(nyckel(rubrik))) & frozenset(MANADER) - {MANADER[Period.parse(spar.period).manad - 1]}


def _som_raknas_av(kolumner: Collection[tuple[str, str]], *sparen: Spar) -> set[str]:
    """Kolumnernas siffror och allt som räknas av dem."""
    sedda = set[str]()
    for spar in sparen:
        kvar = [adress for adress in spar.siffror if delad(adress)[::2] in kolumner]
        while kvar:
            adress = kvar.pop()
            if adress not in sedda:
                sedda.add(adress)
                kvar += spar.bygger_pa.get(adress, ())
    return sedda


def _jamforbar(s: Siffra | None) -> bool:
    return s is not None and s.tryckt and s.tal is not None and delad(s.adress)[0] not in (MENINGAR, TEXTER)


def _period(fore: Spar, efter: Spar, adress: str) -> Andring:
    kolumner = dict.fromkeys(spar.rubriker(adress)[2] for spar in (fore, efter))
    samma_tid = len({_ARTAL.sub("", kolumn) for kolumn in kolumner}) == 1
    return replace(_andring(fore, efter, adress, Slag.ANDRAD), kolumn=" → ".join(kolumner), jamforbar=samma_tid)


def _om_perioderna(fore: Spar, efter: Spar, jamforda: list[str], olika: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
    spann = [Period.parse(spar.period[:7]) for spar in (fore, efter)]
    if spann[0] > spann[1]:
        yield f"A är nyare än B: skillnaden är {efter.period} minus {fore.period}. Byt plats på dem för att se vad som har hänt sedan {efter.period}."
    if spann[0].manad != spann[1].manad:
        yield (
            f"Utfallet är inte jämförbart rakt av: {fore.period} avser {spann[0].spann} och {efter.period} {spann[1].spann}. "
            "Budget och prognos avser hela året i båda."
        )
    tryckta = {delad(s.adress)[::2] for s in efter.tryckta}
    if par := [f"{a} och {b}" for kolumn, (a, b) in sorted(olika.items()) if kolumn in tryckta]:
        yield f"Avser olika månader, och är därför inte jämfört, inte heller det som räknas av dem: {_hogst(par)}."
    tabeller = {delad(adress)[0] for adress in jamforda}
    for spar, andra in ((fore, efter), (efter, fore)):
        bara = [t.titel for namn, t in spar.tabeller.items() if namn not in andra.tabeller and namn not in (MENINGAR, TEXTER)]
        if bara:
            yield f"Bara i {spar.period}, och därför inte jämfört: {_hogst(bara)}."
        utan = [s for s in spar.tryckta if delad(s.adress)[0] in tabeller and _jamforbar(s) and not _jamforbar(andra.siffror.get(s.adress))]
        if utan:
            yield f"{len(utan)} siffror i gemensamma tabeller finns bara i {spar.period}, på rader eller i kolumner som {andra.period} inte har."
    yield "Meningar och enheternas texter jämförs inte mellan perioder."


def _hogst(namn: list[str]) -> str:
    unika = list(dict.fromkeys(namn))
    return f"{'; '.join(unika[:_MEST])}{f' och {len(unika) - _MEST} till' if len(unika) > _MEST else ''}"
