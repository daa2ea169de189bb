"""Många kommuner i en körning: listan, raderna och slutkoden, och att ingen kommun stoppar en annan, inte heller när en arbetare dör."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from kommunrapport import arbetare, cli
from kommunrapport.arbetare import Arbetare, processer, utfor
from kommunrapport.batch.bestallning import Besked, Bestallning, besked_om, uteblivet
from kommunrapport.bevarande.ensam import AGARFIL, ensam
from kommunrapport.cli import framsteg
from kommunrapport.karna.fel import AnvandningsFel, Slutkod
from kommunrapport.kataloger import las_kataloglista
from tests.arbetsprov import sista_forsoket
from tests.kommun import PERIOD, Kommandorad, Provkommun, bok, skriv_bocker

FORE = "2024-09-15"
PERIODEN = ("--period", "2024-08", "--datum", FORE)


@pytest.fixture(scope="module")
def lamnad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """En kommun där alla har lämnat och inget är skrivet än."""
    kommun = Provkommun(tmp_path_factory.mktemp("lamnad"))
    kommun.lamna_alla()
    return kommun.katalog


@pytest.fixture(scope="module")
def vantat(lamnad: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Rapporterna som en kommun ska ha, skrivna av en vanlig körning."""
    katalog = Path(shutil.copytree(lamnad, tmp_path_factory.mktemp("vantat") / "kommun"))
    assert cli._kor(["batch", "--katalog", str(katalog), *PERIODEN], felsok=False) == 0
    return rapporter(katalog)


@pytest.fixture
def gor_kommuner(lamnad: Path, tmp_path: Path) -> Callable[..., Path]:
    """Kopierar kommunen under de namn som anges och ger listan över dem."""

    def gor(*namn: str) -> Path:
        for ett in namn:
            shutil.copytree(lamnad, tmp_path / ett)
        return skriv_lista(tmp_path, namn)

    return gor


def skriv_lista(mapp: Path, rader: Sequence[str]) -> Path:
    lista = mapp / "kommuner.txt"
    lista.write_text("\n".join(rader), encoding="utf-8")
    return lista


def rapporter(katalog: Path) -> dict[str, bytes]:
    return {f.relative_to(katalog).as_posix(): f.read_bytes() for f in sorted((katalog / "rapporter").rglob("*")) if f.is_file()}


def test_listans_fel_sags_med_rad_och_inget_kors(gor_kommuner: Callable[..., Path], kor: Kommandorad) -> None:
    lista = gor_kommuner("a")
    svar = kor("batch", "--kataloger", str(skriv_lista(lista.parent, ("a", "saknas", "a"))), *PERIODEN)
    assert (svar.kod, [f"rad {nr}" in rad for nr, rad in zip((2, 3), svar.fel.splitlines(), strict=True)]) == (Slutkod.ANVANDNING, [True, True])
    assert rapporter(lista.parent / "a") == {}


@pytest.mark.parametrize(
    "flaggor",
    [
        ("--processer", "2"),
        ("--dask", "tcp://x:1"),
        ("--kataloger", "x", "--katalog", "y"),
        ("--kataloger", "x", "--processer", "2", "--dask", "x:1"),
    ],
)
def test_flaggor_som_inte_gar_ihop(kor: Kommandorad, flaggor: tuple[str, ...]) -> None:
    assert kor("batch", *flaggor).kod == Slutkod.ANVANDNING


# Raderna och slutkoden


@pytest.fixture
def fyra(gor_kommuner: Callable[..., Path]) -> Path:
    """En bra kommun, en med fel i en bok, en med trasig kommun.toml och en till som är bra, i den ordningen."""
    lista = gor_kommuner("bra", "fel", "trasig", "upptagen")
    skriv_bocker(lista.parent / "fel", PERIOD, {"skola": (lista.parent / "fel/inlamnat/2024-08/skola.xlsx", bok(drift__grund__utfall="femtio"))})
    (lista.parent / "trasig/kommun.toml").write_text("[kommun\n", encoding="utf-8")
    return lista


@pytest.mark.hel
def test_varje_kommun_har_egen_slutkod_eget_las_och_egen_logg(fyra: Path, kor: Kommandorad, vantat: dict[str, bytes]) -> None:
    with ensam(fyra.parent / "upptagen", "delar 2024-08"):
        svar = kor("batch", "--kataloger", str(fyra), *PERIODEN, "--processer", "2", "--json")
    rader = [json.loads(rad) for rad in svar.ut.splitlines()]
    assert [(Path(r["katalog"]).name, r["kod"], len(r["fel"])) for r in rader] == [("bra", 0, 0), ("fel", 4, 1), ("trasig", 5, 1), ("upptagen", 7, 1)]
    assert (svar.kod, "4 kommuner" in svar.fel) == (Slutkod.LAST, True)
    assert "KR301 Skolnämnden, skola.xlsx, Driftredovisning!D6" in rader[1]["fel"][0]
    assert rapporter(fyra.parent / "bra") == vantat
    assert "rapporter/2024-08/.batch.json" in vantat
    assert [(fyra.parent / r["kommun"] / "logg/batch.log").is_file() for r in rader if r["kod"] == 5] == [True]


def test_en_rad_per_kommun_i_listans_ordning_och_den_gravaste_slutkoden(fyra: Path, kor: Kommandorad) -> None:
    fore = sorted(fyra.parent.rglob("*"))
    svar = kor("batch", "--kataloger", str(fyra), *PERIODEN, "--torr", "--processer", "1")
    assert [rad.split(":")[0].rsplit("/", 1)[-1] for rad in svar.ut.splitlines()] == ["bra", "fel", "trasig", "upptagen"]
    assert svar.kod == Slutkod.MALL
    assert sorted(fyra.parent.rglob("*")) == fore


@pytest.mark.parametrize(("loggat", "visas"), [(True, ["Ett.", "se loggen"]), (False, ["Ett.", "Två."])])
def test_alla_fel_visas_nar_ingen_logg_har_dem(loggat: bool, visas: list[str]) -> None:
    rad = Besked(Path("a"), "A", Slutkod.ANVANDNING, ("Ett.", "Två."), loggat=loggat).som_text
    assert [ord_ for ord_ in ("Ett.", "Två.", "se loggen") if ord_ in rad] == visas


def test_pa_en_terminal_visas_forloppet_och_raderna_star_kvar(fyra: Path, kor: Kommandorad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(framsteg, "FORDROJNING", 0.0)
    svar = kor("batch", "--kataloger", str(fyra), *PERIODEN, "--torr", "--processer", "1")
    assert (len(svar.ut.splitlines()), "4 av 4" in svar.fel) == (4, True)


def test_kommuner_i_tradar_i_samma_process_blandas_inte(gor_kommuner: Callable[..., Path], vantat: dict[str, bytes]) -> None:
    """Så kör en arbetare i klustret som har flera trådar."""
    kataloger = las_kataloglista(gor_kommuner("a", "b"))
    svar = dict(utfor(besked_om, [Bestallning(katalog, (PERIOD,)) for katalog in kataloger], Arbetare(partial(ThreadPoolExecutor, 2), 2)))
    assert [s.katalog for _, s in sorted(svar.items()) if isinstance(s, Besked)] == list(kataloger)
    for katalog in kataloger:
        assert rapporter(katalog) == vantat
        inledningar = [rad for rad in (katalog / "logg/batch.log").read_text(encoding="utf-8").splitlines() if "Provköpings kommun," in rad]
        assert [rad.endswith(katalog.as_posix()) for rad in inledningar] == [True]


def test_den_som_delar_ut_bestallningarna_laser_inte_in_programmet() -> None:
    kod = "import sys, kommunrapport.arbetare, kommunrapport.batch.bestallning, kommunrapport.kataloger, kommunrapport.cli.manga; print(*sys.modules)"
    inlasta = subprocess.run([sys.executable, "-c", kod], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]).stdout.split()
    assert {"pandas", "pydantic", "lxml", "openpyxl", "distributed", "rich"} & {*inlasta} == set()


def test_en_arbetare_med_annan_version_skriver_inget(gor_kommuner: Callable[..., Path]) -> None:
    (katalog,) = las_kataloglista(gor_kommuner("a"))
    svar = besked_om(Bestallning(katalog, (PERIOD,), version="0.0.0"))
    assert (svar.kod, len(svar.fel), (katalog / "rapporter").exists()) == (Slutkod.ANVANDNING, 1, False)


# När en arbetare dör


def test_en_uppgift_som_dodar_sin_process_stoppar_inte_de_andra(tmp_path: Path) -> None:
    """Försöken som behövs: ett, nio (dör alltid), två (dör en gång) och ett vanligt fel."""
    filer = [tmp_path / namn for namn in ("a", "b", "c", "d", "e", "f")]
    for fil, forsok in zip(filer, ("1", "9", "1", "2", "ett", "1"), strict=True):
        fil.write_text(forsok, encoding="utf-8")
    svar = dict(utfor(sista_forsoket, filer, processer(len(filer), 2)))
    assert {filer[plats].name: s for plats, s in svar.items() if isinstance(s, str)} == {namn: namn for namn in ("a", "c", "d", "f")}
    assert (isinstance(svar[1], BrokenExecutor), isinstance(svar[4], ValueError)) == (True, True)
    assert int(filer[1].read_text(encoding="utf-8")) >= 9 - 1 - arbetare.OMFORSOK
    assert uteblivet(Bestallning(tmp_path), BrokenExecutor()).kod == Slutkod.INTERNT


@contextmanager
def doda_en(mapp: Path) -> Iterator[list[int]]:
    """Dödar den första process som håller en arbetskatalog i mappen."""
    dodade, slut = list[int](), threading.Event()

    def spana() -> None:
        while not dodade and not slut.is_set():
            for fil in mapp.glob(f"*/{AGARFIL}"):
                try:
                    process = int(json.loads(fil.read_text(encoding="utf-8"))["process"])
                except (OSError, ValueError):
                    continue
                if process != os.getpid():
                    os.kill(process, signal.SIGKILL)
                    dodade.append(process)
                    break
            time.sleep(0.002)

    trad = threading.Thread(target=spana)
    trad.start()
    try:
        yield dodade
    finally:
        slut.set()
        trad.join()


@pytest.mark.hel
@pytest.mark.skipif(sys.platform == "win32", reason="Windows har inte SIGKILL")
def test_en_dod_process_ger_samma_rapporter(gor_kommuner: Callable[..., Path], kor: Kommandorad, vantat: dict[str, bytes]) -> None:
    lista = gor_kommuner("a", "b", "c")
    with doda_en(lista.parent) as dodade:
        svar = kor("batch", "--kataloger", str(lista), *PERIODEN, "--processer", "2", "--json")
    assert (len(dodade), svar.kod) == (1, 0)
    assert [Path(json.loads(rad)["katalog"]).name for rad in svar.ut.splitlines()] == ["a", "b", "c"]
    assert [rapporter(katalog) == vantat for katalog in las_kataloglista(lista)] == [True] * 3


@pytest.mark.hel
@pytest.mark.skipif(sys.platform == "win32", reason="Windows har inte SIGKILL")
def test_en_dod_arbetare_i_klustret_ger_samma_rapporter(gor_kommuner: Callable[..., Path], kor: Kommandorad, vantat: dict[str, bytes]) -> None:
    distributed = pytest.importorskip("distributed", reason="tillägget skala (distributed) är inte installerat")
    lista = gor_kommuner("a", "b", "c")
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as kluster, doda_en(lista.parent) as dodade:
        svar = kor("batch", "--kataloger", str(lista), *PERIODEN, "--dask", kluster.scheduler_address, "--json")
    assert (len(dodade), svar.kod) == (1, 0)
    assert [Path(json.loads(rad)["katalog"]).name for rad in svar.ut.splitlines()] == ["a", "b", "c"]
    assert [rapporter(katalog) == vantat for katalog in las_kataloglista(lista)] == [True] * 3


@pytest.mark.parametrize("adress", ["tcp://127.0.0.1:1", "ingen adress"])
def test_ett_kluster_som_inte_svarar_sags_pa_svenska(adress: str) -> None:
    pytest.importorskip("distributed", reason="tillägget skala (distributed) är inte installerat")
    with pytest.raises(AnvandningsFel) as fel, arbetare.dask(adress, 1, 0.5).oppna():
        pass
    assert adress in fel.value.rader[0]


def test_utan_tillagget_sags_vad_som_ska_installeras(gor_kommuner: Callable[..., Path], kor: Kommandorad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    svar = kor("batch", "--kataloger", str(gor_kommuner("a")), "--dask", "tcp://127.0.0.1:1")
    assert (svar.kod, "kommunrapport[skala]" in svar.fel) == (Slutkod.ANVANDNING, True)
