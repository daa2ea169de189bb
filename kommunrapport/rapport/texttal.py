"""Siffrorna i nyckeltalsband och meningar, och enheternas texter, som tabeller: de kan då sökas, härledas och jämföras som andra."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.fordyring import Fordyringsgrans
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.visning import exakt_i_ord
from kommunrapport.mall.organisation import Trosklar
from kommunrapport.mall.periodmall import LAGESTEXTBLAD, TEXTBLAD
from kommunrapport.rapport.meningar import Textal
from kommunrapport.rapport.modell import Cell, Celldel, Enhetsavsnitt, Kolumn, Nyckeltal, Rad, Tabell
from kommunrapport.rapport.tabeller import Listfakta

NYCKELTAL, MENINGAR, TEXTER, GRANSER = "nyckeltalsband", "meningar", "texter", "granser"
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


def granstabell(trosklar: Trosklar, fordyring: Fordyringsgrans | None, inmatning: Enhet, ar: int, texter: Iterable[str]) -> Tabell | None:
    """Gränserna i kommun.toml som står i texterna, med raden där de är satta; None när ingen gör det."""
    text = "\n".join(texter)
    rader = [
        _rad("sekretess_antal", "Minsta grupp som visas", _grans("sekretess_antal", f"högst {trosklar.sekretess_antal} anställda")),
    ]
    if fordyring:
        antal, arets = f"{fordyring.antal} prisbasbelopp", exakt_i_ord(fordyring.prisbasbelopp, "belopp", Enhet.KR)
        delar = (
            Celldel("Antal prisbasbelopp", str(fordyring.antal), _troskel("investering_prisbasbelopp")),
            Celldel(f"Prisbasbelopp {ar}", arets, Kalla("mallar/prisbasbelopp.toml", "", str(ar))),
        )
        belopp = Cell(exakt_i_ord(fordyring.belopp, "belopp", inmatning), steg="antalet gånger årets prisbasbelopp", delar=delar)
        rader += [
            _rad("investering_procent", "Dyrare projekt, andel", _grans("investering_procent", f"{fordyring.andel} procent")),
            _rad("investering_prisbasbelopp", "Dyrare projekt, antal prisbasbelopp", _grans("investering_prisbasbelopp", antal)),
            _rad("investering_belopp", "Dyrare projekt, belopp", belopp),
        ]
    tabell = _tabell(GRANSER, "Kommunens gränser i text", "Gräns", [r for r in rader if r.celler[0].text in text])
    return tabell if tabell.rader else None


def _grans(namn: str, visas: str) -> Cell:
    return Cell(visas, kalla=_troskel(namn))


def _troskel(namn: str) -> Kalla:
    return Kalla("kommun.toml", "", f"[trosklar] {namn}")


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
