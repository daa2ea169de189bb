"""Tabellerna som Parquet, skrivna av DuckDB, som också är verktyget att fråga dem med."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kommunrapport.export.oppnadata import csv_av
from kommunrapport.export.tabeller import Exportrad, Exporttabell, Typ
from kommunrapport.karna.fel import AnvandningsFel

if TYPE_CHECKING:
    import duckdb

_INSTALLNINGAR: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""En tråd ger samma byte varje gång, och inget hämtas från nätet."""
_SKRIV = """COPY (SELECT * FROM read_csv($fran, auto_detect=false, header=true, delim=';', quote='"', escape='"', new_line='\\n', nullstr='',
    strict_mode=true, parallel=false, decimal_separator='.', columns=$kolumner, force_not_null=$texter))
    TO '{till}' (FORMAT parquet, COMPRESSION zstd)"""


def oppna() -> "duckdb.DuckDBPyConnection":
    """DuckDB i minnet. Fel: AnvandningsFel när det inte är installerat."""
    try:
        import duckdb  # noqa: PLC0415  bara den som skriver Parquet behöver det
    except ImportError as fel:
        raise AnvandningsFel(
            "Parquet skrivs med DuckDB, som inte är installerat.",
            "Installera tillägget kommunrapport[export], eller bara DuckDB med: pip install duckdb. Eller använd --format csv.",
        ) from fel
    return duckdb.connect(config=_INSTALLNINGAR)


def parquet_av(db: "duckdb.DuckDBPyConnection", tabell: Exporttabell, rader: Iterable[Exportrad]) -> bytes:
    """Tabellen som en fil, med exakta decimaltal. Samma rader ger samma byte.

    Det som saknas är NULL, men en tom text är tom: då går tabellerna att koppla ihop på blad och cell.
    """
    with tempfile.TemporaryDirectory() as mapp:
        fran, till = Path(mapp) / "rader.csv", Path(mapp) / "rader.parquet"
        fran.write_bytes(csv_av(tabell, rader, decimaltecken=".", radslut="\n", bom=False))
        kolumner = {f.namn: f.typ.i_parquet for f in tabell.falt}
        texter = [f.namn for f in tabell.falt if f.typ is Typ.TEXT]
        db.execute(_SKRIV.format(till=till.as_posix().replace("'", "''")), {"fran": str(fran), "kolumner": kolumner, "texter": texter})
        return till.read_bytes()
