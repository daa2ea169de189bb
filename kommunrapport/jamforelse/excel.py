"""Skriver en jämförelse som Excelbok: sammanfattningen på ett blad och ändringarna på ett annat."""

import io
from datetime import datetime
from decimal import Decimal

import xlsxwriter

from kommunrapport.jamforelse.modell import Andring, Jamforelse
from kommunrapport.karna.sprak import MINUS, NBSP
from kommunrapport.rapport.sparfil import tal_i

_TALTECKEN = frozenset(f"0123456789,+- {MINUS}{NBSP}")
_FLEST_DECIMALER = 6
_TALKOLUMNER = (4, 5, 6)
"""Före, Efter och Skillnad."""
_HOGST = 408
"""Högsta radhöjd i punkter. Excel tillåter 409,5."""


def excel_av(j: Jamforelse) -> bytes:
    """Boken, byteslika för lika jämförelser. Skillnaden är ett tal i kolumnen Enhet, i svenskt format."""
    buffert = io.BytesIO()
    with xlsxwriter.Workbook(buffert, {"in_memory": True}) as bok:
        bok.set_properties({"title": j.rubrik, "author": "kommunrapport", "created": datetime(2000, 1, 1)})
        _sammanfattning(bok, j)
        _andringar(bok, j)
    return buffert.getvalue()


def _sammanfattning(bok: xlsxwriter.Workbook, j: Jamforelse) -> None:
    blad = bok.add_worksheet("Sammanfattning")
    huvud = bok.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F5C", "valign": "vcenter"})
    text = bok.add_format({"text_wrap": True, "valign": "top"})
    fet = bok.add_format({"bold": True, "valign": "top"})
    poster = [
        ("Jämförelse", j.rubrik),
        ("Före", j.fore),
        ("Efter", j.efter),
        ("Sammanfattning", j.sammanfattning),
        ("Lika", f"{j.lika} {'ifyllda uppgifter' if j.slag == 'inlamningar' else 'siffror och texter'} skiljer inte."),
    ]
    poster += [("Att veta", mening) for mening in j.ojamforbart]
    poster += [
        (f"Orsak {nr}", f"{o.mening}: {antal} {'ändring' if antal == 1 else 'ändringar'}. {o.celler()}")
        for nr, (o, antal) in enumerate(j.orsaker.items(), 1)
    ]
    for kol, (rubrik, bredd) in enumerate((("Uppgift", 18), ("Innehåll", 110))):
        blad.write_string(0, kol, rubrik, huvud)
        blad.set_column(kol, kol, bredd)
    for rad, (vad, innehall) in enumerate(poster, 1):
        blad.write_string(rad, 0, vad, fet)
        blad.write_string(rad, 1, innehall, text)
        blad.set_row(rad, min(_HOGST, 15 * (1 + int(1.1 * len(innehall)) // 110)))
    blad.freeze_panes(1, 0)
    blad.set_landscape()
    blad.set_paper(9)
    blad.fit_to_pages(1, 0)


def _andringar(bok: xlsxwriter.Workbook, j: Jamforelse) -> None:
    blad = bok.add_worksheet("Ändringar")
    huvud = bok.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F5C", "valign": "vcenter", "align": "left", "indent": 1})
    huvud_tal = bok.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F5C", "valign": "vcenter", "align": "right"})
    text = bok.add_format({"text_wrap": True, "valign": "top", "align": "left", "indent": 1})
    hoger = bok.add_format({"text_wrap": True, "valign": "top", "align": "right"})
    tal = {d: bok.add_format({"valign": "top", "num_format": _talformat(d)}) for d in range(_FLEST_DECIMALER + 1)}
    visade = {d: bok.add_format({"valign": "top", "num_format": _talformat(d, plus="")}) for d in range(_FLEST_DECIMALER + 1)}
    kolumner = _kolumner(j)
    for kol, (rubrik, bredd) in enumerate(kolumner):
        blad.write_string(0, kol, rubrik, huvud_tal if kol in _TALKOLUMNER else huvud)
        blad.set_column(kol, kol, bredd)
    if not j.andringar:
        blad.write_string(1, 0, "Inget skiljer.", text)
    for rad, a in enumerate(j.andringar, 1):
        varden = _varden(a, j)
        for kol, varde in enumerate(varden):
            if kol == _TALKOLUMNER[-1] and a.skillnad_avrundad is not None:
                blad.write_number(rad, kol, float(a.skillnad_avrundad), tal[a.decimaler])
            elif kol in _TALKOLUMNER and (visat := _visat_tal(varde)) is not None:
                blad.write_number(rad, kol, float(visat), visade[max(0, -int(visat.as_tuple().exponent))])
            elif varde:
                blad.write_string(rad, kol, varde, hoger if kol in _TALKOLUMNER and not a.ar_text else text)
        rader = [_rader(varde, bredd) for varde, (_, bredd) in zip(varden, kolumner, strict=True)]
        blad.set_row(rad, min(_HOGST, 15 * max(rader)))
    blad.autofilter(0, 0, max(len(j.andringar), 1), len(kolumner) - 1)
    blad.freeze_panes(1, 3)
    blad.set_landscape()
    blad.set_paper(8)
    blad.fit_to_pages(1, 0)
    blad.repeat_rows(0)


def _kolumner(j: Jamforelse) -> tuple[tuple[str, int], ...]:
    forst = (
        ("Blad" if j.slag == "inlamningar" else "Tabell", 34),
        ("Rad", 34),
        ("Kolumn", 26),
        ("Enhet", 9),
        ("Före", 18),
        ("Efter", 18),
        ("Skillnad", 14),
    )
    sist = {
        "inlamningar": (("Vad", 12), ("Cell före", 24), ("Cell efter", 24)),
        "korningar": (("Vad", 14), ("Varför", 60)),
        "perioder": (),
    }
    return (*forst, *sist[j.slag])


def _varden(a: Andring, j: Jamforelse) -> tuple[str, ...]:
    forst = (a.tabell, a.rad, a.kolumn, a.enhet, a.fore, a.efter, a.skillnad_i_ord)
    sist = {
        "inlamningar": (str(a.slag), a.plats_fore, a.plats_efter),
        "korningar": (str(a.slag), "\n".join(": ".join(filter(None, (o.mening, o.celler()))) for o in a.orsaker)),
        "perioder": (),
    }
    return (*forst, *sist[j.slag])


def _visat_tal(visas: str) -> Decimal | None:
    """Talet när texten är ett tal och inget annat."""
    funna = tal_i(visas)
    ensamt = len(funna) == 1 and all(tecken in _TALTECKEN for tecken in visas)
    return Decimal(funna[0].replace(",", ".")) if ensamt and len(funna[0].partition(",")[2]) <= _FLEST_DECIMALER else None


def _talformat(decimaler: int, plus: str = "+") -> str:
    form = f"#,##0{'.' + '0' * decimaler if decimaler else ''}"
    return f"{plus}{form};\u2212{form};{form}"


def _rader(text: str, bredd: int) -> int:
    return sum(1 + int(1.15 * len(rad)) // bredd for rad in text.split("\n"))
