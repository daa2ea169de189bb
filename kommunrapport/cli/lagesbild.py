"""kommunrapport lagesbild: skriver lägesbilden till kommunstyrelsens sammanträde."""

from typing import Annotated

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_dag, tolka_period
from kommunrapport.cli.rapport import Pdfflagga, Rattelseflagga, Striktflagga, skriv
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import LAGESBILD, Period, datum_i_ord

NAMN = "lagesbild"
KORT = "Skriver lägesbilden till kommunstyrelsens sammanträde."
HJALP = (
    "Skriver en kort lägesbild till kommunstyrelsens sammanträde: förvaltningarnas exempel ur målområdena, medarbetarna och ekonomin. "
    "Siffrorna är de senast lämnade före månaden. Sammanträdena står i kommun.toml, under [lagesbild]."
)


def kor(
    datum: Annotated[str, typer.Option("--datum", metavar="ÅÅÅÅ-MM-DD", help="Sammanträdets dag; det räcker att månaden är rätt.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Sammanträdets månad, i stället för --datum.")] = "",
    pdf: Pdfflagga = False,
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    strikt: Striktflagga = False,
    rattelse: Rattelseflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    if bool(datum) == bool(period):
        raise AnvandningsFel("Ange sammanträdets dag med --datum, till exempel --datum 2024-09-17, eller månaden med --period.")
    vald = _ur_dagen(datum, katalog, tyst=som_json) if datum else tolka_period(period)
    skriv(NAMN, str(vald), katalog, [], pdf=pdf, ersatt=ersatt, strikt=strikt, rattelse=rattelse, som_json=som_json)


def _ur_dagen(datum: str, katalog: str, *, tyst: bool) -> Period:
    """Månadens lägesbild; säger till när sammanträdet är en annan dag i månaden. Fel: AnvandningsFel."""
    dag = tolka_dag(datum)
    from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall

    vald = Period(dag.year, dag.month, LAGESBILD)
    sammantrade = las_periodmall(las_arbetskatalog(hitta_katalog(katalog)), vald).post.sammantrade(dag)
    if sammantrade and sammantrade != dag and not tyst:
        typer.echo(f"Sammanträdet är den {datum_i_ord(sammantrade)} enligt kommun.toml. Lägesbilden skrivs för det.", err=True)
    return vald
