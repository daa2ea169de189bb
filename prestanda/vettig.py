"""Samma bibliotek som den naiva vägen, så som de används av den som har mätt en gång: varje bok öppnas en gång, celler och
utseenden återanvänds, och alla bilder ritas i samma figur.

Ingen prövning av böckerna och inga härledningar. ``python -m prestanda.vettig MAPP UT OMFÅNG``
"""

import time

START = time.perf_counter()

import io
import sys

import matplotlib as mpl
import openpyxl
import pandas as pd
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from matplotlib.figure import Figure
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from prestanda.vag import MARKE, Korning, bocker, hela_vagen, siffror, tabellnamn, tal

mpl.use("Agg")


def las(k: Korning) -> pd.DataFrame:
    """Alla blad i alla böcker som en lång tabell."""
    lasta = []
    for period, fil in bocker(k.mapp):
        bok = openpyxl.load_workbook(fil, read_only=True, data_only=True)
        for blad in bok.worksheets:
            rader = blad.iter_rows(values_only=True)
            huvud = next(rader, ())
            if not huvud or not str(huvud[0]).startswith(MARKE):
                continue
            tabell = tabellnamn(huvud[0])
            for rad in rader:
                if rad[0]:
                    lasta += [
                        (period, tabell, rad[0], kolumn, varde)
                        for kolumn, varde in zip(huvud[1:], rad[1:], strict=False)
                        if type(varde) in (int, float)
                    ]
        bok.close()
    return pd.DataFrame(lasta, columns=["period", "tabell", "rad", "kolumn", "varde"])


def skriv_excel(k: Korning, summor: pd.Series) -> None:
    """Samma blad som den naiva vägen, med utseenden som görs en gång."""
    bok, varden = openpyxl.Workbook(), siffror(summor.items())
    bok.remove(bok.active)
    rubrik, vanlig = Font(name="Calibri", size=10, bold=True), Font(name="Calibri", size=10)
    vanster, hoger = Alignment(horizontal="left", wrap_text=True), Alignment(horizontal="right")
    kant, fyllning = Border(bottom=Side(style="thin", color="CCCCCC")), PatternFill("solid", fgColor="DDE6EE")
    for nummer, (rader, kolumner) in enumerate(k.omfang["excel"]["blad"], 1):
        blad = bok.create_sheet(f"Blad {nummer}")
        for rad in range(1, rader + 1):
            for kolumn in range(1, kolumner + 1):
                etikett, belopp = next(varden)
                cell = blad.cell(rad, kolumn, etikett if kolumn == 1 else belopp)
                cell.font, cell.border = rubrik if rad == 1 else vanlig, kant
                cell.alignment, cell.number_format = vanster if kolumn == 1 else hoger, "#,##0"
                if rad == 1:
                    cell.fill = fyllning
        if nummer <= k.omfang["excel"]["diagram"]:
            diagram = BarChart()
            diagram.add_data(Reference(blad, min_col=2, min_row=1, max_row=min(rader, 10)), titles_from_data=True)
            blad.add_chart(diagram, "J2")
    bok.save(k.ut / "rapport.xlsx")


def skriv_word(k: Korning, summor: pd.Series) -> None:
    """Stycken, tabeller vars celler hämtas en gång, och diagrammen som bilder."""
    dokument, varden = Document(), siffror(summor.items())
    word = k.omfang["word"]
    for _ in range(word["stycken"]):
        etikett, belopp = next(varden)
        dokument.add_paragraph(f"Utfallet för {etikett} är {tal(belopp)} mnkr.")
    for rader, kolumner in word["tabeller"]:
        tabell = dokument.add_table(rows=rader, cols=kolumner, style="Table Grid")
        for nummer, cell in enumerate(tabell._cells):  # noqa: SLF001  så slipper varje cell sökas på nytt
            etikett, belopp = next(varden)
            stycke = cell.paragraphs[0]
            ord_ = stycke.add_run(tal(belopp) if nummer % kolumner else etikett)
            stycke.alignment = WD_ALIGN_PARAGRAPH.RIGHT if nummer % kolumner else WD_ALIGN_PARAGRAPH.LEFT
            ord_.font.size, ord_.font.bold = Pt(9), nummer < kolumner
    figur = Figure(figsize=(6, 3))
    for _ in range(word["diagram"]):
        figur.clear()
        axlar = figur.subplots()
        staplar = [next(varden) for _ in range(8)]
        axlar.barh([str(n) for n, _ in enumerate(staplar)], [belopp for _, belopp in staplar])
        axlar.set_title(staplar[0][0])
        bild = io.BytesIO()
        figur.savefig(bild, dpi=200)
        dokument.add_picture(bild, width=Cm(15))
    dokument.save(str(k.ut / "rapport.docx"))


if __name__ == "__main__":
    sys.exit(hela_vagen(sys.argv[1:], START, las, skriv_excel, skriv_word))
