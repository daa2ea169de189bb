"""Den väg som skrivs först: pandas läser ett blad i taget, och Word och Excel skrivs cell för cell.

Allt importeras överst. Ingen prövning av böckerna och inga härledningar; felvärden och text i beloppsceller blir tomma.
``python -m prestanda.naiv MAPP UT OMFÅNG``
"""

import time

START = time.perf_counter()

import io
import sys
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import openpyxl
import pandas as pd
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from prestanda.vag import MARKE, Korning, bocker, hela_vagen, siffror, tabellnamn, tal

mpl.use("Agg")
warnings.simplefilter("ignore")


def las(k: Korning) -> pd.DataFrame:
    """Alla blad i alla böcker som en lång tabell."""
    delar: list[pd.DataFrame] = []
    for period, fil in bocker(k.mapp):
        for blad in openpyxl.load_workbook(fil, read_only=True).sheetnames:
            ram = pd.read_excel(fil, sheet_name=blad, engine="openpyxl")
            forsta = str(ram.columns[0]) if len(ram.columns) else ""
            if not forsta.startswith(MARKE):
                continue
            lang = ram.rename(columns={forsta: "rad"}).dropna(subset=["rad"]).melt(id_vars="rad", var_name="kolumn", value_name="varde")
            lang["varde"] = pd.to_numeric(lang["varde"], errors="coerce")
            delar.append(lang.dropna(subset=["varde"]).assign(tabell=tabellnamn(forsta), period=period, fil=fil.name, blad=blad))
    return pd.concat(delar, ignore_index=True)


def skriv_excel(k: Korning, summor: pd.Series) -> None:
    """Ett blad per tabell, varje cell med sitt utseende."""
    bok, varden = openpyxl.Workbook(), siffror(summor.items())
    bok.remove(bok.active)
    for nummer, (rader, kolumner) in enumerate(k.omfang["excel"]["blad"], 1):
        blad = bok.create_sheet(f"Blad {nummer}")
        for rad in range(1, rader + 1):
            for kolumn in range(1, kolumner + 1):
                etikett, belopp = next(varden)
                cell = blad.cell(rad, kolumn)
                cell.value = etikett if kolumn == 1 else belopp
                cell.font = Font(name="Calibri", size=10, bold=rad == 1)
                cell.alignment = Alignment(horizontal="left" if kolumn == 1 else "right", wrap_text=kolumn == 1)
                cell.border = Border(bottom=Side(style="thin", color="CCCCCC"))
                cell.number_format = "#,##0"
                if rad == 1:
                    cell.fill = PatternFill("solid", fgColor="DDE6EE")
        if nummer <= k.omfang["excel"]["diagram"]:
            diagram = BarChart()
            diagram.add_data(Reference(blad, min_col=2, min_row=1, max_row=min(rader, 10)), titles_from_data=True)
            blad.add_chart(diagram, "J2")
    bok.save(k.ut / "rapport.xlsx")


def skriv_word(k: Korning, summor: pd.Series) -> None:
    """Stycken, tabeller som fylls cell för cell, och diagrammen som bilder."""
    dokument, varden = Document(), siffror(summor.items())
    word = k.omfang["word"]
    for _ in range(word["stycken"]):
        etikett, belopp = next(varden)
        dokument.add_paragraph(f"Utfallet för {etikett} är {tal(belopp)} mnkr.")
    for rader, kolumner in word["tabeller"]:
        tabell = dokument.add_table(rows=rader, cols=kolumner, style="Table Grid")
        for i in range(rader):
            for j in range(kolumner):
                etikett, belopp = next(varden)
                tabell.cell(i, j).text = etikett if j == 0 else tal(belopp)
                stycke = tabell.cell(i, j).paragraphs[0]
                stycke.alignment = WD_ALIGN_PARAGRAPH.LEFT if j == 0 else WD_ALIGN_PARAGRAPH.RIGHT
                stycke.runs[0].font.size = Pt(9)
                stycke.runs[0].font.bold = i == 0
    for _ in range(word["diagram"]):
        figur, axlar = plt.subplots(figsize=(6, 3))
        staplar = [next(varden) for _ in range(8)]
        axlar.barh([str(n) for n, _ in enumerate(staplar)], [belopp for _, belopp in staplar])
        axlar.set_title(staplar[0][0])
        bild = io.BytesIO()
        figur.tight_layout()
        figur.savefig(bild, dpi=200)
        plt.close(figur)
        dokument.add_picture(bild, width=Cm(15))
    dokument.save(str(k.ut / "rapport.docx"))


if __name__ == "__main__":
    sys.exit(hela_vagen(sys.argv[1:], START, las, skriv_excel, skriv_word))
