"""Golvet: det minsta som läser böckerna, summerar en gång och skriver lika många tabeller, rader och diagram.

calamine läser, Word är en enda sträng i ett färdigt paket och Excel skrivs utan format. Ingen prövning, inga härledningar, ingen mall,
inga stilar; felvärden blir tomma. ``python -m prestanda.golv MAPP UT OMFÅNG [utan-källor]``
"""

import time

START = time.perf_counter()

import sys
import zipfile
from itertools import islice
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from prestanda.vag import MARKE, Korning, bocker, hela_vagen, siffror, tabellnamn, tal

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYP = "application/vnd.openxmlformats-officedocument."
_RAM = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="5400000" cy="2700000"/><wp:docPr id="{0}" name="Diagram {0}"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="' + _RS + '" r:id="d{0}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
_DIAGRAM = (
    _XML + '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:layout/><c:barChart>'
    '<c:barDir val="bar"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numLit><c:ptCount val="8"/>{}'
    '</c:numLit></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/>'
    '<c:axPos val="l"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/>'
    '<c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>'
)


def las(k: Korning) -> pd.DataFrame:
    """Alla blad i alla böcker som en lång tabell."""
    lasta = []
    for period, fil in bocker(k.mapp):
        bok = CalamineWorkbook.from_path(str(fil))
        for blad in bok.sheet_names:
            rader = bok.get_sheet_by_name(blad).to_python()
            if not rader or not str(rader[0][0]).startswith(MARKE):
                continue
            huvud, tabell = rader[0], tabellnamn(rader[0][0])
            for rad in rader[1:]:
                if rad[0]:
                    lasta += [(period, tabell, rad[0], huvud[i], v) for i, v in enumerate(rad) if type(v) is float]
    return pd.DataFrame(lasta, columns=["period", "tabell", "rad", "kolumn", "varde"])


def skriv_excel(k: Korning, summor: pd.Series) -> None:
    """Ett blad per tabell, utan format."""
    varden = siffror(summor.items())
    with xlsxwriter.Workbook(str(k.ut / "rapport.xlsx")) as bok:
        for nummer, (rader, kolumner) in enumerate(k.omfang["excel"]["blad"], 1):
            blad = bok.add_worksheet(f"Blad {nummer}")
            for rad in range(rader):
                etikett, belopp = next(varden)
                blad.write_string(rad, 0, etikett)
                for kolumn in range(1, kolumner):
                    blad.write_number(rad, kolumn, belopp)
            if nummer <= k.omfang["excel"]["diagram"]:
                diagram = bok.add_chart({"type": "bar"})
                diagram.add_series({"values": [f"Blad {nummer}", 0, 1, min(rader, 10) - 1, 1]})
                blad.insert_chart("J2", diagram)


def skriv_word(k: Korning, summor: pd.Series) -> None:
    """Hela dokumentet som en sträng, och varje diagram som en."""
    varden, word = siffror((nyckel, v) for nyckel, v in summor.items()), k.omfang["word"]
    par = ((escape(etikett), tal(belopp)) for etikett, belopp in varden)
    delar = [f"<w:p><w:r><w:t>Utfallet för {e} är {b} mnkr.</w:t></w:r></w:p>" for e, b in islice(par, word["stycken"])]
    for rader, kolumner in word["tabeller"]:
        delar.append("<w:tbl><w:tblPr/><w:tblGrid>" + "<w:gridCol/>" * kolumner + "</w:tblGrid>")
        for etikett, belopp in islice(par, rader):
            cell = f"<w:tc><w:p><w:r><w:t>{belopp}</w:t></w:r></w:p></w:tc>"
            delar.append(f"<w:tr><w:tc><w:p><w:r><w:t>{etikett}</w:t></w:r></w:p></w:tc>{cell * (kolumner - 1)}</w:tr>")
        delar.append("</w:tbl><w:p/>")
    antal = range(1, word["diagram"] + 1)
    delar += [_RAM.format(n) for n in antal]
    with zipfile.ZipFile(k.ut / "rapport.docx", "w", zipfile.ZIP_DEFLATED) as fil:
        fil.writestr("[Content_Types].xml", _innehall(antal))
        fil.writestr("_rels/.rels", _kopplingar([("r", "officeDocument", "word/document.xml")]))
        fil.writestr("word/document.xml", f"{_XML}<w:document {_W}><w:body>{''.join(delar)}</w:body></w:document>")
        fil.writestr("word/_rels/document.xml.rels", _kopplingar([(f"d{n}", "chart", f"charts/chart{n}.xml") for n in antal]))
        for n in antal:
            punkter = [f'<c:pt idx="{i}"><c:v>{belopp}</c:v></c:pt>' for i, (_, belopp) in enumerate(islice(varden, 8))]
            fil.writestr(f"word/charts/chart{n}.xml", _DIAGRAM.format("".join(punkter)))


def _innehall(antal: range) -> str:
    diagram = "".join(f'<Override PartName="/word/charts/chart{n}.xml" ContentType="{_TYP}drawingml.chart+xml"/>' for n in antal)
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYP}wordprocessingml.document.main+xml"/>{diagram}</Types>'
    )


def _kopplingar(mal: list[tuple[str, str, str]]) -> str:
    rader = "".join(f'<Relationship Id="{id_}" Type="{_RS}/{slag}" Target="{fil}"/>' for id_, slag, fil in mal)
    return f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rader}</Relationships>'


if __name__ == "__main__":
    sys.exit(hela_vagen(sys.argv[1:], START, las, skriv_excel, skriv_word))
