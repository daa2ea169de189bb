"""Tiden att fråga 290 kommuners export i nio perioder med DuckDB.

Exporterar exempelkommunens perioder ur data/ en gång. De andra kommunernas filer är kopior gjorda i DuckDB: kommunens namn byts och talen
ändras några procent, så att inget är lika. Rader, filer och storlek är därför som i verkligheten, men talen är påhittade.
Skriver en tabell med antal rader, storlek och tid för de två frågorna i docs/export.md.
"""

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from kommunrapport.export.korning import PARQUET, Exportval, exportera
from kommunrapport.karna.period import Period

ROT = Path(__file__).resolve().parents[1]
KOMMUNER = 290
PERIODER = tuple(Period.parse(p) for p in ("2023-08", "2023-12", "2024-02", "2024-03", "2024-04", "2024-05", "2024-08", "2024-10", "2024-12"))
GANGER = 5
_KOPIA = """COPY (SELECT * REPLACE ('kommun-{nr:03}' AS kommun, 'Kommun {nr:03}' AS kommunnamn,
    CAST(varde * (100 + {nr} % 17 - 8) / 100 AS {typ}) AS varde) FROM read_parquet('{fran}', hive_partitioning=false))
    TO '{till}' (FORMAT parquet, COMPRESSION zstd)"""
_KALLKOPIA = """COPY (SELECT * REPLACE ('kommun-{nr:03}' AS kommun) FROM read_parquet('{fran}', hive_partitioning=false))
    TO '{till}' (FORMAT parquet, COMPRESSION zstd)"""
_TYPER = {"fakta": "DECIMAL(18,2)", "siffror": "DECIMAL(24,8)"}


def main() -> int:
    """Gör filerna i mappen som anges, annars i en tillfällig, och mäter."""
    if len(sys.argv) > 1:
        return _mat(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as mapp:
        return _mat(Path(mapp))


def _mat(mapp: Path) -> int:
    if not list(mapp.glob("kommun=*")):
        _gor(mapp)
    filer = list(mapp.glob("*/*/*.parquet"))
    print(f"{KOMMUNER} kommuner × {len(PERIODER)} perioder: {len(filer)} filer, {sum(f.stat().st_size for f in filer) / 1e6:.0f} MB.\n")
    print(f"| {'fråga':34} | rader i tabellen | i svaret | sekunder | mot att räkna raderna | mot en tiondel av kommunerna |")
    print(f"|{'-' * 36}|-----------------:|---------:|---------:|----------------------:|-----------------------------:|")
    for namn, fraga, tabell in _fragor(mapp):
        rakna = f"SELECT count(*) FROM '{mapp}/*/*/{tabell}.parquet'"  # noqa: S608  egna vägar
        rader = duckdb.connect().execute(rakna).fetchall()[0][0]
        (tid, svar), (grund, _), (tiondel, _) = (_median(f) for f in (fraga, rakna, _i_en_tiondel(fraga)))
        tal = f"{rader:16,} | {svar:8,}".replace(",", "\u00a0")
        print(f"| {namn:34} | {tal} | {tid:8.2f} | {tid / grund:21.1f} | {tid / tiondel:28.1f} |")
    return 0


def _i_en_tiondel(fraga: str) -> str:
    """Samma fråga till de kommuner vars nummer slutar på noll."""
    return fraga.replace("/*/*/", "/kommun=kommun-*0/*/").replace("hällsjöås", "kommun-010")


def _gor(mapp: Path) -> None:
    """Exemplets perioder, och kopiorna av dem."""
    (utfall,) = exportera([ROT / "data"], Exportval(mapp, PARQUET, PERIODER))
    db = duckdb.connect()
    for fil in utfall.skrivet:
        for nr in range(2, KOMMUNER + 1):
            till = mapp / f"kommun=kommun-{nr:03}" / fil.parent.name / fil.name
            till.parent.mkdir(parents=True, exist_ok=True)
            sql = _KOPIA if fil.stem in _TYPER else _KALLKOPIA
            db.execute(sql.format(nr=nr, fran=fil, till=till, typ=_TYPER.get(fil.stem)))


def _fragor(mapp: Path) -> list[tuple[str, str, str]]:
    """Frågorna i docs/export.md, ställda till mappen."""
    sql = re.findall(r"```sql\n(.*?)```", (ROT / "docs/export.md").read_text(encoding="utf-8"), re.DOTALL)
    drift, kalla = (fraga.replace("'export/", f"'{mapp}/") for fraga in sql[:2])
    return [("nettokostnad per nämnd och period", drift, "fakta"), ("en siffras celler", kalla, "kallor")]


def _median(fraga: str) -> tuple[float, int]:
    """Mediantiden i en ny anslutning varje gång, och antalet rader i svaret."""
    tider, rader = [], 0
    for _ in range(GANGER):
        db, start = duckdb.connect(), time.perf_counter()
        rader = len(db.execute(fraga).fetchall())
        tider.append(time.perf_counter() - start)
    return statistics.median(tider), rader


if __name__ == "__main__":
    sys.exit(main())
