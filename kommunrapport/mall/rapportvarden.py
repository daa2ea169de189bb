"""Rapportmallen mot inlämningsboken: skalornas steg blir de ord som räknas, och det som räknas ska finnas i bladens listor."""

from collections.abc import Iterator, Mapping

from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.mall.rapportmall import Rapportmall, Rapporttabell, Tabellkolumn


def med_skalsteg(rapport: Rapportmall, mall: Periodmall) -> Rapportmall:
    """Rapporten där kolumner som räknar steg i en bedömningsskala räknar stegens ord på bladet. Fel: MallFel när svaren inte har en skala."""
    return rapport.model_copy(update={"tabell": tuple(_stegen(t, mall) for t in rapport.tabell)})


def _stegen(tabell: Rapporttabell, mall: Periodmall) -> Rapporttabell:
    if not any(k.skalsteg for k in tabell.kolumn):
        return tabell
    bladen = {r.hamta for r in tabell.rad}
    listor = {k.id: k.val for b in mall.blad if b.id in bladen for k in b.kolumn if k.val}
    kolumner = [k.model_copy(update={"varden": _ord(tabell.id, k, listor, mall)}) if k.skalsteg else k for k in tabell.kolumn]
    return tabell.model_copy(update={"kolumn": tuple(kolumner)})


def _ord(tabell: str, kolumn: Tabellkolumn, listor: Mapping[str, str], mall: Periodmall) -> tuple[str, ...]:
    lista = listor.get(kolumn.antal_av)
    if lista is None:
        return ()
    if lista not in mall.skalor.skala:
        raise MallFel(f"mallar/rapport: {tabell} har skalsteg, men listan {lista} är ingen skala i mallar/skalor. Skriv varden i stället.")
    return mall.skalor.skala[lista].steg_som_ar(kolumn.skalsteg)


def granska_varden(rapport: Rapportmall, mall: Periodmall) -> None:
    """Fel: MallFel när kommunens lista inte har något av valen som en tabell eller lista räknar; antalet skulle annars alltid bli noll."""
    brister = list(_brister(rapport, mall))
    if brister:
        raise MallFel(*brister)


def _brister(rapport: Rapportmall, mall: Periodmall) -> Iterator[str]:
    listor = {(b.id, k.id): k.val for b in mall.blad for k in b.kolumn if k.val}
    namnda = [(t.id, r.hamta, k.antal_av, k.varden) for t in rapport.tabell for k in t.kolumn if k.antal_av for r in t.rad if r.hamta]
    namnda += [(lista.id, lista.blad, lista.kraver_kolumn, lista.varden) for lista in rapport.lista if lista.varden]
    for id_, blad, kolumn, varden in dict.fromkeys(namnda):
        lista = listor.get((blad, kolumn), "")
        if lista and varden and not {*varden} & {*mall.inlamning.val[lista]}:
            yield (
                f"mallar/rapport: {id_} räknar värdet {', '.join(varden)} på bladet {blad}, som inte finns i listan {lista} i mallar/inlamning. "
                f"Ändra mallen; tillåtet är {', '.join(mall.inlamning.val[lista])}."
            )
