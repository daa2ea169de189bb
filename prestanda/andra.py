"""De andra fallen: att pröva en bok, att bara svara, diagram, stora SIE-filer, arbetsböcker att fylla i och en natt utan ändringar."""

from collections.abc import Iterator
from pathlib import Path

from prestanda.delar import PERIOD, Plats
from prestanda.mal import SMA, stegen
from prestanda.matning import Fall, Matning, kor

TOM_APP = "import typer\napp = typer.Typer()\n@app.command()\ndef hej():\n    'Säger hej.'\napp()"
DAG = "2024-09-10"
ARBETSBOCKER = (15, 300)
"""Så många inlämningar har de kommuner som får arbetsböcker att fylla i."""
SAKNAS_ELLER_FEL = (0, 3, 4)
"""Natten får säga att något saknas; den lilla kommunen har inte lämnat in för varje öppen period."""


def mat(matning: Matning, mapp: Path, *, varv: int, hogst: int) -> None:
    """Mäter alla fallen. Arbetskatalogerna ska finnas."""
    plats = Plats(mapp, SMA)
    matning.varva(_en_bok(plats, mapp), varv)
    matning.varva(_svar(), varv)
    slag = {"diagram": "inbyggt", "matplotlib": "matplotlib"}
    matning.varva({n: _med_tid("prestanda.diagram", [s], mapp / f"{n}.tid") for n, s in slag.items()}, varv)
    for slag_ in ("rader", "fält"):
        matning.varva(dict(_sie(mapp, slag_)), varv)
    matning.varva({f"mall {n}": _mall(Plats(mapp, n)) for n, antal in stegen(hogst) if antal in ARBETSBOCKER}, 1)
    matning.varva(dict(_natter(plats)), varv)


def _kommando(*argument: str) -> list[str]:
    return ["-m", "kommunrapport", *argument]


def _med_tid(modul: str, argument: list[str], tid: Path) -> Fall:
    return Fall(["-m", modul, *argument, str(tid)], tid_ur=tid)


def _en_bok(plats: Plats, mapp: Path) -> dict[str, Fall]:
    bok = next(plats.katalog.glob(f"inlamnat/{PERIOD}/Socialn*.xlsx"))
    katalog = ["--katalog", str(plats.katalog)]
    argument, lista = ["validera", str(bok), *katalog], mapp / "bibliotek.txt"
    kor(Fall(["-m", "prestanda.bibliotek", "skriv", str(lista), *argument]))
    return {
        "bibliotek": Fall(["-m", "prestanda.bibliotek", "importera", str(lista)]),
        "validera bok": Fall(_kommando(*argument), plats.aterstall),
        "validera perioden": Fall(_kommando("validera", "--period", PERIOD, *katalog), plats.aterstall),
        "regler": Fall(_kommando("regler", "--period", PERIOD, *katalog)),
    }


def _svar() -> dict[str, Fall]:
    return {
        "tom app": Fall(["-c", TOM_APP, "--help"]),
        "--help": Fall(_kommando("--help")),
        "--version": Fall(_kommando("--version")),
        "bara Python": Fall(["-c", "pass"]),
    }


def _sie(mapp: Path, slag: str) -> Iterator[tuple[str, Fall]]:
    fil = mapp / f"{slag}.se"
    if not fil.exists():
        kor(Fall(["-m", "prestanda.sie", "skriv", slag, str(fil)]))
    for namn, arbete in (("sie", "läs"), ("sok", "sök")):
        yield f"{namn} {slag}", _med_tid("prestanda.sie", [arbete, slag, str(fil)], mapp / f"{namn}.tid")


def _mall(plats: Plats) -> Fall:
    return Fall(_kommando("mall", "--period", PERIOD, "--katalog", str(plats.katalog)), plats.aterstall)


def _natter(plats: Plats) -> Iterator[tuple[str, Fall]]:
    natt = _kommando("batch", "--period", PERIOD, "--datum", DAG, "--katalog", str(plats.katalog))
    yield "första natten", Fall(natt, plats.aterstall, slutkoder=SAKNAS_ELLER_FEL)
    yield "natten utan ändringar", Fall(natt, slutkoder=SAKNAS_ELLER_FEL)
