"""Skriver anmärkningarna som Excelblad och som JSON."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.period import Period
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.organisation import Organisation

RUBRIKER = (
    ("Allvar", 12), ("Kod", 8), ("Enhet", 26), ("Fil", 34), ("Blad", 20), ("Celler", 14), ("Rad", 30), ("Kolumn", 22),
    ("Vad som är fel", 60), ("Gör så här", 50), ("Står", 16), ("Väntat", 16), ("Skillnad", 14), ("Lagrum", 34),
    ("Förklaring eller undantag", 50),
)  # fmt: skip
HOGST = 408
"""Högsta radhöjd i punkter. Excel tillåter 409,5."""


def ordnade(anmarkningar: Sequence[Anmarkning], katalog: Katalog) -> list[Anmarkning]:
    """De värsta först, och orsaker (fil, struktur, värde) före det som följer av dem (summor, jämförelser)."""
    return sorted(anmarkningar, key=lambda a: (-katalog.allvar(a), a.kod[:3]))


def som_lista(anmarkningar: Sequence[Anmarkning], katalog: Katalog, organisation: Organisation) -> list[dict[str, Any]]:
    """Anmärkningarna med alla ord, de värsta först."""
    return [som_data(a, katalog, organisation) for a in ordnade(anmarkningar, katalog)]


def som_data(a: Anmarkning, katalog: Katalog, organisation: Organisation) -> dict[str, Any]:
    """Anmärkningen med alla ord, i samma form i JSON, Excel och terminal."""
    return {
        "allvar": katalog.allvar(a).namn,
        "kod": a.kod,
        "enhet": organisation.enhet_med_id(a.enhet).namn if a.enhet else "",
        "fil": a.plats.fil,
        "blad": a.plats.blad,
        "celler": list(a.plats.celler),
        "rad": a.plats.rad,
        "kolumn": a.plats.kolumn,
        "rubrik": katalog.rubrik(a),
        "mening": katalog.mening(a),
        "gor_sa": katalog.gor_sa(a),
        "lamnat": a.lamnat,
        "vantat": a.vantat,
        "skillnad": a.skillnad,
        "lagrum": katalog.lag(a),
        "svar": a.svar.text if a.svar else "",
        "svar_kalla": str(a.svar.kalla) if a.svar else "",
    }


def i_korthet(a: Mapping[str, Any]) -> str:
    """``KR301 Socialnämnden, fil.xlsx, Driftredovisning!D6: mening`` för en anmärkning som data."""
    cell = f"{a['blad']}!{' '.join(a['celler'][:3])}" if a["blad"] and a["celler"] else a["blad"]
    var = ", ".join(filter(None, (a["enhet"], a["fil"].rpartition("/")[2], cell)))
    return f"{a['kod']} {var}{': ' if var else ''}{a['mening']}"


def excel_av(data: Sequence[dict[str, Any]], period: Period, titel: str) -> bytes:
    """En tabell med filter; bladet heter Anmärkningar."""
    buffert = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415  prövningen visar listan utan att skriva den

    with xlsxwriter.Workbook(buffert, {"in_memory": True}) as bok:
        bok.set_properties({"title": titel, "author": "kommunrapport", "created": datetime(period.slut.year, period.slut.month, period.slut.day)})
        blad = bok.add_worksheet("Anmärkningar")
        huvud = bok.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F5C", "text_wrap": True, "valign": "vcenter"})
        text = bok.add_format({"text_wrap": True, "valign": "top"})
        for kol, (rubrik, bredd) in enumerate(RUBRIKER):
            blad.write_string(0, kol, rubrik, huvud)
            blad.set_column(kol, kol, bredd)
        farger = {"stopp": "#C00000", "fel": "#C00000", "varning": "#9C5700", "upplysning": "#1F4E79"}
        allvar = {namn: bok.add_format({"bold": True, "font_color": farg, "valign": "top"}) for namn, farg in farger.items()}
        if not data:
            blad.write_string(1, 0, "Inga anmärkningar.", text)
        for rad, d in enumerate(data, 1):
            varden = _radvarden(d)
            for kol, varde in enumerate(varden):
                blad.write_string(rad, kol, varde, text if kol else allvar[varde])
            blad.set_row(rad, min(HOGST, 15 * max(1 + int(1.15 * len(v)) // bredd for v, (_, bredd) in zip(varden, RUBRIKER, strict=True))))
        blad.autofilter(0, 0, max(len(data), 1), len(RUBRIKER) - 1)
        blad.freeze_panes(1, 2)
        blad.set_landscape()
        blad.set_paper(8)
        blad.fit_to_pages(1, 0)
        blad.repeat_rows(0)
    return buffert.getvalue()


def _radvarden(d: dict[str, Any]) -> tuple[str, ...]:
    return (
        d["allvar"], d["kod"], d["enhet"], d["fil"], d["blad"], ", ".join(d["celler"]), d["rad"], d["kolumn"],
        d["mening"], d["gor_sa"], d["lamnat"], d["vantat"], d["skillnad"], d["lagrum"], d["svar"],
    )  # fmt: skip
