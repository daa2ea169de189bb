"""Word-XML för tabeller och stycken: en sträng per tabell, bara stilnamn, utom textstorleken i breda tabeller."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt
from textwrap import wrap
from xml.sax.saxutils import escape

from kommunrapport.rapport.modell import Kolumn, Nyckeltal, Rad, Tabell

_BRED_TAL, _TALBREDD, _SMAL_TAL = 1500, 1000, 880
_STORLEKAR = ((92, 0), (82, 16), (77, 15), (72, 14))
"""Ungefärlig teckenbredd i tjugondels punkter, och textstorleken i halva punkter: stilens egen (0) och mindre för breda tabeller."""
_TALSTORLEKAR = (36, 32, 28, 24, 20)
"""Nyckeltalens storlek i halva punkter; det längsta talet ska rymmas på en rad."""
EGEN_STORLEK = 18
"""Stilens egen textstorlek i de medföljande mallarna, i halva punkter."""
_MARGINAL = 170
_SKALSTEG = 64
_MINST, _MEST = 800, 4200
_KORT = 14
"""Så många rader har en tabell som hålls ihop på en sida."""
_STILAR = {
    "rad": ("Tabelltext", "Tabelltal"),
    "summa": ("Tabelltextsum", "Tabelltalsum"),
    "slutrad": ("Tabelltextsum", "Tabelltalsum"),
    "mal": ("Tabelltextsum", "Tabelltal"),
    "varav": ("Tabelltextindrag", "Tabelltalindrag"),
    "rubrik": ("Tabellmellanrubrik", "Tabelltal"),
}


_RADBRYTNINGAR = "\r\x0b\x0c\x85\u2028\u2029"
"""Tecken som är en ny rad i andra program; Words mjuka radbrytning är den andra."""
_OTILLATNA = (*range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_ERSATTA = {**dict.fromkeys(_OTILLATNA), **dict.fromkeys(map(ord, _RADBRYTNINGAR), "\n")}


def stycke(text: str, stil: str, *, ihop: bool = False, storlek: int = 0) -> str:
    """Ett stycke; radbrytningar i texten blir radbrytningar i stycket. ``ihop`` håller det på samma sida som nästa.

    ``storlek`` är textens i halva punkter, när den är en annan än stilens.
    """
    halls = "<w:keepNext/>" if ihop else ""
    egen = f'<w:rPr><w:sz w:val="{storlek}"/><w:szCs w:val="{storlek}"/></w:rPr>' if storlek else ""
    delar = "<w:br/>".join(f'<w:t xml:space="preserve">{skyddad(rad)}</w:t>' for rad in rensad(text).split("\n"))
    return f'<w:p><w:pPr><w:pStyle w:val="{stil}"/>{halls}</w:pPr><w:r>{egen}{delar}</w:r></w:p>'


def stycken(text: str, stil: str = "Normal") -> str:
    """Textens rader som egna stycken; tomma rader faller bort."""
    return "".join(stycke(rad.strip(), stil) for rad in rensad(text).split("\n") if rad.strip())


def tabell(t: Tabell, form: "Tabellform", i_radernas_stalle: str = "") -> str:
    """Tabelltitel, tabell och noter."""
    bredder, storlek = form.bredder, form.storlek
    rutnat = "".join(f'<w:gridCol w:w="{b}"/>' for b in bredder)
    huvud = _huvud(t, bredder, storlek)
    egenskaper = (
        f'<w:tblPr><w:tblStyle w:val="Rapporttabell"/><w:tblW w:w="{sum(bredder)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{attribut(t.rubrik)}"/></w:tblPr>'
    )
    noter = "".join(stycke(n, "Tabellnot") for n in t.noter) or stycke("", "Tabellslut")
    under = i_radernas_stalle or "".join(rader(t, form))
    return f"{stycke(t.rubrik, 'Tabelltitel', ihop=True)}<w:tbl>{egenskaper}<w:tblGrid>{rutnat}</w:tblGrid>{huvud}{under}</w:tbl>{noter}"


def rader(t: Tabell, form: "Tabellform") -> Iterator[str]:
    """Tabellens rader under rubrikraden, en i taget."""
    for nr, r in enumerate(t.rader):
        yield _rad(r, t.kolumner, form.bredder, form.storlek, ihop=_halls_ihop(nr, len(t.rader)))


@dataclass(frozen=True, slots=True)
class Tabellform:
    """Kolumnernas bredder och tecknens i tjugondels punkter, och textens storlek i halva punkter; 0 är stilens egen."""

    bredder: tuple[int, ...]
    tecken: int
    storlek: int


def form_av(t: Tabell, textbredd: int, egen_storlek: int = EGEN_STORLEK) -> Tabellform:
    """Tabellens form: den största text som ryms, hellre än brutna ord.

    ``textbredd`` är textytans bredd i tjugondels punkter, ``egen_storlek`` mallens tabelltext i halva punkter.
    """
    storlekar = _storlekar(egen_storlek)
    tecken, storlek = next(((tecken, storlek) for tecken, storlek in storlekar if _minsta(t, tecken) <= textbredd), storlekar[-1])
    return Tabellform(tuple(_bredder(t, textbredd, tecken)), tecken, storlek)


def radhojder(t: Tabell, form: Tabellform) -> list[int]:
    """Ungefär hur många textrader som var och en av tabellens rader får."""
    ryms = [max((bredd - _MARGINAL) // form.tecken, 1) for bredd in form.bredder]
    texter = ((r.namn, *(c.text for c in r.celler)) for r in t.rader)
    return [max(1 if 0 < len(text) <= antal else len(wrap(text, antal)) for text, antal in zip(rad, ryms, strict=True)) for rad in texter]


def _storlekar(egen: int) -> tuple[tuple[int, int], ...]:
    """Mallens egen textstorlek och de som är mindre."""
    tecken = _STORLEKAR[0][0] * egen // EGEN_STORLEK
    return ((tecken, 0), *((bredd, storlek) for bredd, storlek in _STORLEKAR[1:] if storlek < egen))


def nyckeltalsband(tal: Sequence[Nyckeltal], textbredd: int) -> str:
    """Talen bredvid varandra: vad de är, talet stort, och vad det gäller. Tomt utan tal."""
    if not tal:
        return ""
    bredd = textbredd // len(tal)
    storlek = next((s for s in _TALSTORLEKAR if max(len(n.varde) for n in tal) * s * 5.4 <= bredd - _MARGINAL), _TALSTORLEKAR[-1])
    rader = (
        ("<w:cantSplit/><w:tblHeader/>", [stycke(n.etikett, "Tabellhuvud", ihop=True) for n in tal]),
        ("<w:cantSplit/>", [stycke(n.varde, "Nyckeltal", storlek=storlek, ihop=True) for n in tal]),
        ("<w:cantSplit/>", [stycke(n.text, "Tabelltext") for n in tal]),
    )
    xml = "".join(f"<w:tr><w:trPr>{egenskaper}</w:trPr>{''.join(_ruta(c, bredd) for c in celler)}</w:tr>" for egenskaper, celler in rader)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Rapporttabell"/><w:tblW w:w="{bredd * len(tal)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="Nyckeltal"/></w:tblPr><w:tblGrid>{f"""<w:gridCol w:w="{bredd}"/>""" * len(tal)}</w:tblGrid>{xml}</w:tbl>'
        f"{stycke('', 'Tabellslut')}"
    )


def _minsta(t: Tabell, tecken: int) -> int:
    """Bredden som rymmer tabellens längsta ord och tal."""
    return sum(_talbredder(t, tecken)) + sum(_ordbredd(texter, tecken) for texter in _textkolumner(t))


def _bredder(t: Tabell, textbredd: int, tecken: int) -> list[int]:
    """Talkolumnerna först; resten delas efter textens längd, men aldrig smalare än det längsta ordet."""
    tal = _talbredder(t, tecken)
    delade, talbredder = iter(_dela(textbredd - sum(tal), _textkolumner(t), tecken)), iter(tal)
    return [next(delade), *(next(talbredder) if k.ar_tal else next(delade) for k in t.kolumner)]


def _textkolumner(t: Tabell) -> list[list[str]]:
    """Varje textkolumns rubrik följd av cellernas texter; den första är radernas namn, där en mellanrubrik får brytas mellan orden."""
    texter = [[t.rubrik_forsta, *(del_ for r in t.rader for del_ in (r.namn.split() if r.stil == "rubrik" else [r.namn]))]]
    return texter + [[k.rubrik, *(r.celler[nr].text for r in t.rader)] for nr, k in enumerate(t.kolumner) if not k.ar_tal]


def _talbredder(t: Tabell, tecken: int) -> list[int]:
    """Bredare när kolumnerna är få, och aldrig smalare än det längsta ordet i rubriken eller det längsta talet."""
    antal = len(t.kolumner)
    bredd = (_BRED_TAL if antal <= 3 else _TALBREDD if antal <= 5 else _SMAL_TAL) * tecken // _STORLEKAR[0][0]
    tal = [(k.rubrik, max((len(r.celler[nr].text) for r in t.rader), default=0)) for nr, k in enumerate(t.kolumner) if k.ar_tal]
    return [max(bredd, _MARGINAL + max(_rubrikbredd(rubrik, tecken), tecken * langst)) for rubrik, langst in tal]


def _ordbredd(texter: Sequence[str], tecken: int) -> int:
    """Bredden som rymmer textkolumnens längsta ord; den första texten är rubriken."""
    rubrik, *celler = texter
    langst = max((len(o) for text in celler for o in text.split()), default=0)
    return max(_MINST, min(_MEST, _MARGINAL + max(_rubrikbredd(rubrik, tecken), tecken * langst)))


def _rubrikbredd(rubrik: str, tecken: int) -> int:
    """Rubriker är feta och därför lite bredare, mest de breda bokstäverna."""
    return max((tecken * (17 * len(o) + 10 * sum(o.casefold().count(b) for b in "mw")) // 16 for o in rubrik.split()), default=0)


def _dela(bredd: int, kolumner: Sequence[Sequence[str]], tecken: int) -> list[int]:
    """Bredder som rymmer längsta ordet, och därutöver efter hur mycket text kolumnen har, så att raderna blir låga.

    Varje kolumn är rubriken följd av cellernas texter; rubriken får brytas på flera rader. Ingen blir bredare än sin längsta text, och
    det som ändå blir över får den första.
    """
    minst = [_ordbredd(k, tecken) for k in kolumner]
    if bredd <= sum(minst):
        return [m * bredd // sum(minst) for m in minst]
    mest = [max(m, _MARGINAL + tecken * max(map(len, k[1:]), default=0)) for k, m in zip(kolumner, minst, strict=True)]
    mangd = [isqrt(sum(len(text) ** 2 for text in k[1:])) for k in kolumner]

    def bredder(skala: int) -> list[int]:
        return [min(hogst, max(lagst, m * skala // _SKALSTEG)) for lagst, hogst, m in zip(minst, mest, mangd, strict=True)]

    storst = bisect_right(range(bredd * _SKALSTEG), bredd, key=lambda skala: sum(bredder(skala))) - 1
    delade = bredder(max(storst, 0))
    return [delade[0] + bredd - sum(delade), *delade[1:]]


def _huvud(t: Tabell, bredder: Sequence[int], storlek: int) -> str:
    rubriker = [(t.rubrik_forsta, False), *((k.rubrik, k.ar_tal) for k in t.kolumner)]
    stilar = ["Tabellhuvudtal" if tal else "Tabellhuvud" for _, tal in rubriker]
    celler = "".join(_cell(text, stil, b, storlek) for (text, _), stil, b in zip(rubriker, stilar, bredder, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{celler}</w:tr>"


def _halls_ihop(nr: int, antal: int) -> bool:
    """En kort tabell bryts inte mellan sidor; i en lång hålls de två första och de två sista raderna ihop."""
    return nr < antal - 1 and (antal <= _KORT or nr == 0 or nr == antal - 2)


def _rad(rad: Rad, kolumner: Sequence[Kolumn], bredder: Sequence[int], storlek: int, *, ihop: bool) -> str:
    textstil, talstil = _STILAR[rad.stil]
    celler = [_cell(rad.namn, textstil, bredder[0], storlek, ihop=ihop)]
    for cell, kolumn, bredd in zip(rad.celler, kolumner, bredder[1:], strict=True):
        celler.append(_cell(cell.text, talstil if kolumn.ar_tal else "Tabelltext", bredd, storlek, ihop=ihop))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(celler)}</w:tr>"


def _cell(text: str, stil: str, bredd: int, storlek: int, *, ihop: bool = False) -> str:
    return _ruta(stycke(text, stil, ihop=ihop, storlek=storlek), bredd)


def _ruta(innehall: str, bredd: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{bredd}" w:type="dxa"/></w:tcPr>{innehall}</w:tc>'


def skyddad(text: str) -> str:
    """Texten som XML: skyddad, utan styrtecken och andra tecken som ett dokument inte får ha.

    docxtpl läser ``{_{`` som ``{{`` i det färdiga dokumentet; understrecket skrivs därför som teckenkod intill en klammer.
    """
    return escape(rensad(text)).replace("{_", "{&#95;").replace("_}", "&#95;}")


def rensad(text: str) -> str:
    """Texten med en sorts radbrytning och utan tecken som ett dokument inte får ha: styrtecken, halva surrogatpar och icke-tecken."""
    return text.replace("\r\n", "\n").translate(_ERSATTA)


def attribut(text: str) -> str:
    """Texten som värdet av ett attribut."""
    return skyddad(text).replace('"', "&quot;")
