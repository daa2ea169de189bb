"""Hela Sverige i en körning: många kommuner med ``batch --kataloger``, först i egna processer och sedan hos ett Dask-kluster.

Varje kommun är en kopia av exempelkommunen i data/ under eget namn; inlämningarna är hårda länkar när disken kan det. Skriver
genomströmningen, prövar att klustrets rapporter är byte för byte de lokala, och räknar ut vad Sveriges 290 kommuner kostar i månaden. Priset per
kärntimme är ett antagande som anges med ``--pris``.

    python prestanda/riket.py --kommuner 290
"""

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROT = Path(__file__).resolve().parents[1]
NAMN = "Hällsjöås kommun"
SVERIGE = 290
"""Antalet kommuner i Sverige."""
PORT = 18786
MIB = 2**20


@dataclass(frozen=True)
class Matning:
    """En körning: sekunder på klockan, sekunder i processorn, och byte lästa och skrivna."""

    vad: str
    sekunder: float
    processor: float
    last: int
    skrivet: int
    rapporter: dict[str, str]


def main(argument: Sequence[str] | None = None) -> int:
    """Mäter och skriver tabellen. Ger 1 när klustrets rapporter inte är de lokala."""
    val = _tolka(argument)
    with tempfile.TemporaryDirectory(dir=val.mapp, prefix="riket-") as mapp:
        matningar = [_mat(val, Path(mapp), "processer", ["--processer", str(val.arbetare)])]
        if not val.utan_kluster:
            with _kluster(val.arbetare) as kluster:
                matningar.append(_mat(val, Path(mapp), "Dask-kluster", ["--dask", f"tcp://127.0.0.1:{PORT}"], kluster))
    lika = all(m.rapporter == matningar[0].rapporter for m in matningar)
    print(f"{len(matningar[0].rapporter)} filer i rapporter/; de är {'byte för byte lika' if lika else 'OLIKA'} i körningarna.")
    return 0 if lika else 1


def _tolka(argument: Sequence[str] | None) -> argparse.Namespace:
    val = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    val.add_argument("--kommuner", type=int, default=SVERIGE)
    val.add_argument("--arbetare", type=int, default=2, help="processer, och arbetare i klustret")
    val.add_argument("--period", default="2024-08")
    val.add_argument("--datum", default="2024-09-20", help="dagen körningen görs; då är bara den perioden öppen")
    val.add_argument("--pris", type=float, default=0.50, help="kronor per kärntimme (antagande)")
    val.add_argument("--natter", type=int, default=30, help="körningar i månaden")
    val.add_argument("--mapp", help="där kommunerna läggs; annars den tillfälliga mappen")
    val.add_argument("--utan-kluster", action="store_true")
    return val.parse_args(argument)


def gor_kommuner(mapp: Path, antal: int) -> Path:
    """Skriver arbetskatalogerna och listan över dem, och ger listan."""
    shutil.rmtree(mapp, ignore_errors=True)
    mall = (ROT / "data/kommun.toml").read_text(encoding="utf-8")
    namnen = [f"Kommun {nr:03}" for nr in range(1, antal + 1)]
    for namn in namnen:
        for del_ in ("inlamnat", "styrning"):
            shutil.copytree(ROT / "data" / del_, mapp / namn / del_, copy_function=_lanka)
        (mapp / namn / "kommun.toml").write_text(mall.replace(NAMN, namn), encoding="utf-8")
    lista = mapp / "kommuner.txt"
    lista.write_text("\n".join(namnen), encoding="utf-8")
    return lista


def _lanka(fran: str, till: str) -> None:
    try:
        os.link(fran, till)
    except OSError:
        shutil.copy2(fran, till)


def _mat(val: argparse.Namespace, mapp: Path, vad: str, flaggor: list[str], kluster: Sequence[subprocess.Popen[bytes]] = ()) -> Matning:
    lista = gor_kommuner(mapp / "kommuner", val.kommuner)
    program = [sys.executable, "-m", "kommunrapport", "batch", "--kataloger", str(lista), "--period", val.period, "--datum", val.datum, *flaggor]
    start, fore = time.perf_counter(), _processortid(kluster)
    subprocess.run(program, cwd=ROT, check=True, stdout=subprocess.DEVNULL)
    sekunder, processor = time.perf_counter() - start, _processortid(kluster) - fore
    filer = {p.relative_to(lista.parent).as_posix(): p for p in sorted(lista.parent.glob("*/rapporter/**/*")) if p.is_file()}
    last = sum(p.stat().st_size for p in lista.parent.glob(f"*/inlamnat/{val.period}/*"))
    avtryck = {vag: hashlib.sha256(p.read_bytes()).hexdigest() for vag, p in filer.items()}
    matning = Matning(vad, sekunder, processor, last, sum(p.stat().st_size for p in filer.values()), avtryck)
    _skriv(val, matning)
    return matning


def _processortid(kluster: Sequence[subprocess.Popen[bytes]]) -> float:
    """Sekunder i processorn: avslutade barn, och klustrets processer som ännu är igång."""
    barn = resource.getrusage(resource.RUSAGE_CHILDREN)
    igang = 0.0
    if kluster:
        import psutil  # noqa: PLC0415  följer med distributed

        processer = [psutil.Process(k.pid) for k in kluster]
        tider = [p.cpu_times() for rot in processer for p in (rot, *rot.children(recursive=True))]
        igang = sum(t.user + t.system for t in tider)
    return barn.ru_utime + barn.ru_stime + igang


@contextmanager
def _kluster(arbetare: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """En schemaläggare och arbetare i var sin process, så som i docs/drift.md."""
    dask = [sys.executable, "-m", "dask"]
    kommandon = [[*dask, "scheduler", "--host", "127.0.0.1", "--port", str(PORT), "--no-dashboard"]]
    kommandon += [[*dask, "worker", f"tcp://127.0.0.1:{PORT}", "--nthreads", "1", "--no-dashboard"]] * arbetare
    with ExitStack() as hog:
        igang = []
        for kommando in kommandon:
            process = subprocess.Popen(kommando, cwd=ROT, env={**os.environ, "PYTHONPATH": str(ROT)}, stderr=subprocess.DEVNULL)
            hog.callback(process.wait)
            hog.callback(process.terminate)
            igang.append(process)
        yield igang


def _skriv(val: argparse.Namespace, m: Matning) -> None:
    print(f"{m.vad}: {val.kommuner} kommuner, perioden {val.period}, {val.arbetare} arbetare på {os.cpu_count()} kärnor")
    minuter = m.sekunder / 60
    print(f"  {m.sekunder:.0f} sekunder, {val.kommuner / minuter:.1f} kommuner per minut")
    print(
        f"  {m.last / MIB:.0f} MiB inlämnat i perioden, {m.skrivet / MIB:.0f} MiB skrivet, {(m.last + m.skrivet) / MIB / minuter:.0f} MiB per minut"
    )
    print(f"  {m.processor / val.kommuner:.1f} processorsekunder per kommun")
    for vad, sekunder in (("arbetade", m.processor), ("upptagna", m.sekunder * val.arbetare)):
        timmar = sekunder / 3600 * SVERIGE / val.kommuner
        print(
            f"  Sveriges {SVERIGE} kommuner, {vad} kärntimmar: {timmar:.2f} per körning ({timmar * val.pris:.2f} kr); "
            f"{timmar * val.natter:.1f} i månaden om allt ändras alla {val.natter} nätter ({timmar * val.natter * val.pris:.0f} kr)"
        )
    print(f"  Antaget pris: {val.pris:.2f} kr per kärntimme.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
