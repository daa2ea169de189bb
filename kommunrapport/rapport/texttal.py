"""Siffrorna i nyckeltalsband och meningar, och enheternas texter, som tabeller: de kan då sökas, härledas och jämföras som andra."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kommunrapport.mall.periodmall import LAGESTEXTBLAD, TEXTBLAD
from kommunrapport.rapport.meningar import Textal
from kommunrapport.rapport.modell import Cell, Celldel, Enhetsavsnitt, Kolumn, Nyckeltal, Rad, Tabell
from kommunrapport.rapport.tabeller import Listfakta

NYCKELTAL, MENINGAR, TEXTER = "nyckeltalsband", "meningar", "texter"
_UTDRAG = 90


def texttabeller(
    nyckeltal: Sequence[Nyckeltal],
    avsnitt: Sequence[Enhetsavsnitt],
    tal: Sequence[Textal],
    raknade: Mapping[str, tuple[str, tuple[Celldel, ...]]],
    facit: Listfakta,
    namn: Mapping[str, str],
) -> tuple[Tabell, ...]:
    """Tabellerna; ``raknade`` är meningar som räknar lämnade svar: meningens text och svaren. ``namn`` är enheternas."""
    antal = (_rad(f"{namn}~antal", text, Cell(text, steg="räknat: ett per svar", delar=delar)) for namn, (text, delar) in raknade.items() if delar)
    alla = (
        _tabell(NYCKELTAL, "Nyckeltal först i rapporten och i enheternas avsnitt", "Nyckeltal", _nyckeltal(nyckeltal, avsnitt)),
        _tabell(MENINGAR, "Siffror i löptext", "Mening", (*_meningar(tal), *antal)),
        _tabell(TEXTER, "Texter", "Text", _texter(facit, namn)),
    )
    return tuple(t for t in alla if t.rader)


def _tabell(id_: str, titel: str, forsta: str, rader: Iterator[Rad] | Sequence[Rad]) -> Tabell:
    return Tabell(id_, titel, "", forsta, (Kolumn("visas", "", ar_tal=False),), tuple(rader))


def _rad(id_: str, namn: str, cell: Cell) -> Rad:
    return Rad(id_, "rad", namn if len(namn) <= _UTDRAG else f"{namn[:_UTDRAG].rstrip()} …", (cell,))


def _nyckeltal(egna: Sequence[Nyckeltal], avsnitt: Sequence[Enhetsavsnitt]) -> Iterator[Rad]:
    for namn, talen in (("", egna), *((a.namn, a.nyckeltal) for a in avsnitt)):
        for n in talen:
            yield _rad(str(n.adress), f"{namn}: {n.etikett}" if namn else n.etikett, Cell(n.varde, adress=n.adress))


def _meningar(tal: Sequence[Textal]) -> Iterator[Rad]:
    antal: Counter[str] = Counter()
    for t in tal:
        id_ = f"{t.mening}~{t.adress}"
        antal[id_] += 1
        yield _rad(id_ if antal[id_] == 1 else f"{id_}~{antal[id_]}", t.text, Cell(t.visas, adress=t.adress))


def _texter(facit: Listfakta, namn: Mapping[str, str]) -> Iterator[Rad]:
    for enhet, rad, radnamn, text, kalla in (*facit.texter(TEXTBLAD), *facit.texter(LAGESTEXTBLAD)):
        yield _rad(f"{enhet}.{rad}", f"{namn.get(enhet, enhet)}: {radnamn}", Cell(text, kalla=kalla))
