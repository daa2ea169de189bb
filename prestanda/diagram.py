"""Tiden för tolv diagram, inbyggda i Word eller som bilder av matplotlib: ``python -m prestanda.diagram inbyggt|matplotlib FIL``.

Filen får sekunderna per diagram. Importerna räknas inte; de mäts inte heller till de inbyggda diagrammens fördel, för matplotlib är
tyngre att importera.
"""

import io
import sys
from decimal import Decimal
from pathlib import Path

from prestanda.matning import Ur

ANTAL = 12
KATEGORIER = tuple(f"Nämnd {n}" for n in range(8))
VARDEN = tuple(Decimal(n * 17 - 40) for n in range(8))


def _inbyggt() -> str:
    from docx import Document  # noqa: PLC0415  bara i den mätta processen

    from kommunrapport.mall.mallkalla import Mallkalla, medfoljande  # noqa: PLC0415
    from kommunrapport.mall.utseende import Utseende  # noqa: PLC0415
    from kommunrapport.rapport.modell import Diagram  # noqa: PLC0415
    from kommunrapport.rapport.worddiagram import diagramstycken  # noqa: PLC0415

    farger = Mallkalla((medfoljande(),)).las("utseende.toml", Utseende).diagram
    diagram = [
        Diagram(f"d{n}", "liggande", "Avvikelse", "mnkr", 1, KATEGORIER, (("Avvikelse", VARDEN),), "Nämndernas avvikelser.") for n in range(ANTAL)
    ]
    dokument = Document()
    ur = Ur()
    diagramstycken(diagram, dokument, farger)
    dokument.save(io.BytesIO())
    return ur.avlast(ANTAL)


def _matplotlib() -> str:
    import matplotlib as mpl  # noqa: PLC0415
    from docx import Document  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.use("Agg")
    dokument, figur = Document(), Figure(figsize=(6, 3))
    ur = Ur()
    for _ in range(ANTAL):
        figur.clear()
        axlar = figur.subplots()
        axlar.barh(KATEGORIER, [float(v) for v in VARDEN])
        axlar.set_title("Avvikelse (mnkr)")
        bild = io.BytesIO()
        figur.savefig(bild, dpi=200)
        dokument.add_picture(bild)
    dokument.save(io.BytesIO())
    return ur.avlast(ANTAL)


def main(argument: list[str]) -> int:
    """Ritar diagrammen och skriver tiden."""
    tid = _inbyggt() if argument[0] == "inbyggt" else _matplotlib()
    Path(argument[1]).write_text(tid, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
