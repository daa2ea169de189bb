"""Rapportmallen mot inlämningsboken: värdena som rapporten räknar och väljer på ska finnas i bladens listor."""

from collections.abc import Iterator

from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.periodmall import Periodmall
from kommunrapport.mall.rapportmall import Rapportmall


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
