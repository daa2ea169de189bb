"""kommunrapport granska-dokument: prövar om dokument är tillgängliga."""

import json
from typing import Annotated, Any

import typer

from kommunrapport.cli.flaggor import Jsonflagga, Katalogflagga, hitta_katalog
from kommunrapport.karna.fel import Slutkod

NAMN = "granska-dokument"
KORT = "Prövar om Word-, Excel- och pdf-filer är tillgängliga."
HJALP = (
    "Prövar om dokument är tillgängliga för den som läser med hjälpmedel: titel, språk, rubriker, tabeller, alternativtexter, länkar, "
    "listor, kontrast och pdf-taggar. Säger för varje brist var den är och vad du ska göra. Prövar både det som programmet har skrivit, "
    "er egen Wordmall och rapporten efter att ni har redigerat den. Filerna ändras aldrig. Slutkoden är 4 när något är fel."
)


def kor(
    filer: Annotated[list[str], typer.Argument(metavar="FIL", help="Filer (.docx, .xlsx, .pdf) eller mappar; en mapp läses med sina undermappar.")],
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    from kommunrapport.mall.dokumentmall import las_dokumentmall
    from kommunrapport.mall.mallkalla import Mallkalla
    from kommunrapport.tillganglighet.granskning import granska_filer, som_data

    mall = las_dokumentmall(Mallkalla.for_katalog(hitta_katalog(katalog, *filer)))
    data = [som_data(g, mall) for g in granska_filer(filer, mall)]
    if som_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _visa(data)
    raise typer.Exit(int(Slutkod.KLART if all(d["godkand"] for d in data) else Slutkod.ANMARKNINGAR))


def _visa(data: list[dict[str, Any]]) -> None:
    from kommunrapport.cli.utskrift import visa_fil

    for d in data:
        if not d["anmarkningar"]:
            typer.echo(f"{d['fil']}: ok, inget att anmärka på.\n")
            continue
        rader = [{**a, "celler": a["platser"], "enhet": "", "rad": "", "kolumn": "", "svar": ""} for a in d["anmarkningar"]]
        visa_fil({"fil": d["fil"], "enhet": "", "period": ""}, rader)
    if len(data) > 1:
        godkanda = sum(d["godkand"] for d in data)
        typer.echo(f"{godkanda} av {len(data)} dokument är utan fel.")
