"""Byggnaden: vem som får se vem, och hur långt något får bli."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import kommunrapport

ROT = Path(kommunrapport.__file__).parent
MODULER = sorted(fil.relative_to(ROT).as_posix() for fil in ROT.rglob("*.py") if "_mallar" not in fil.parts)
SKIKT = {
    "karna": 0, "mall": 1, "inlasning": 2, "kontroll": 2, "berakning": 2, "rapport": 3, "tillganglighet": 3, "kallperiod": 3,
    "kataloger": 1, "arbetare": 1, "samling": 4, "bevarande": 4, "kolada": 4,
    "periodfiler": 6, "underlaget": 5, "jamforelse": 5, "koncernen": 5, "utskick": 5, "nykatalog": 5, "arshjulet": 5, "regelbok": 5,
    "mallgranskning": 5,
    "provning": 6, "journal": 7, "validering": 7, "importering": 7, "kopior": 8, "status": 8, "floden": 8,
    "batch": 9, "aterskapande": 9, "uppsikt": 9, "export": 9,
    "faststallande": 10, "cli": 11, "__main__": 12,
}  # fmt: skip
"""Ett skikt ser sig självt och de lägre. Skikt med samma höjd ser inte varandra."""
SKRIVARE = ("word", "excel", "arbetsbok", "anmarkningslista", "spar", "kalender", "pdf")
LATTA = {"typer", "kommunrapport"}
"""Det som kommandoraden får importera utöver standardbiblioteket innan ett kommando har valts."""
MEST_RADER, MEST_I_FUNKTION = 400, 60


@cache
def trad(modul: str) -> ast.Module:
    return ast.parse((ROT / modul).read_text(encoding="utf-8"))


def importerar(modul: str) -> Iterator[str]:
    """Namnen på det modulen importerar någonstans, som ``kommunrapport.karna.tal``."""
    for nod in ast.walk(trad(modul)):
        if isinstance(nod, ast.Import):
            yield from (alias.name for alias in nod.names)
        elif isinstance(nod, ast.ImportFrom):
            yield from (f"{nod.module}.{alias.name}" for alias in nod.names)


def skikt(namn: str) -> str:
    """Skiktet som ett importerat namn hör till, eller tomt för det som inte är paketets."""
    delar = namn.split(".")
    return delar[1] if delar[0] == "kommunrapport" and len(delar) > 1 and delar[1] in SKIKT else ""


def funktioner(modul: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (nod for nod in ast.walk(trad(modul)) if isinstance(nod, ast.FunctionDef | ast.AsyncFunctionDef))


def test_varje_modul_hor_till_ett_skikt() -> None:
    forsta = {Path(modul).parts[0].removesuffix(".py") for modul in MODULER}
    assert forsta == {"__init__", *SKIKT}


@pytest.mark.parametrize("modul", MODULER)
def test_importerna_gar_nedat(modul: str) -> None:
    eget = Path(modul).parts[0].removesuffix(".py")
    sedda = {skikt(namn) for namn in importerar(modul)} - {"", eget}
    assert {namn for namn in sedda if SKIKT[namn] >= SKIKT.get(eget, -1)} == set()


@pytest.mark.parametrize("skrivare", SKRIVARE)
def test_skrivarna_ser_inte_varandra(skrivare: str) -> None:
    andra = {f"kommunrapport.rapport.{namn}" for namn in SKRIVARE if namn != skrivare}
    sedda = {namn for namn in importerar(f"rapport/{skrivare}.py") if any(namn == a or namn.startswith(f"{a}.") for a in andra)}
    assert sedda == set()


@pytest.mark.parametrize("del_", ["modell", "tabeller", "meningar", "bygg"])
def test_rapportmodellen_ser_ingen_skrivare(del_: str) -> None:
    sedda = {namn.split(".")[2] for namn in importerar(f"rapport/{del_}.py") if skikt(namn) == "rapport"}
    assert sedda & {*SKRIVARE, "ooxml", "worddiagram", "packning", "utmatning"} == set()


@pytest.mark.parametrize("modul", MODULER)
def test_inga_relativa_importer(modul: str) -> None:
    assert [nod.lineno for nod in ast.walk(trad(modul)) if isinstance(nod, ast.ImportFrom) and nod.level] == []


@pytest.mark.parametrize("modul", [m for m in MODULER if m.startswith("cli/") or m == "__main__.py"])
def test_kommandoraden_importerar_inget_tungt_pa_modulniva(modul: str) -> None:
    rotter = set()
    for nod in trad(modul).body:
        if isinstance(nod, ast.Import):
            rotter |= {alias.name for alias in nod.names}
        elif isinstance(nod, ast.ImportFrom):
            rotter.add(str(nod.module))
    assert {namn for namn in rotter if namn.split(".")[0] not in LATTA | sys.stdlib_module_names} == set()
    assert {skikt(namn) for namn in rotter} <= {"", "cli", "karna"}


@pytest.mark.parametrize("modul", MODULER)
def test_ingen_modul_ar_for_lang(modul: str) -> None:
    assert len((ROT / modul).read_text(encoding="utf-8").splitlines()) <= MEST_RADER


@pytest.mark.parametrize("modul", MODULER)
def test_ingen_funktion_ar_for_lang(modul: str) -> None:
    langa = {f.name: f.end_lineno - f.lineno + 1 for f in funktioner(modul) if f.end_lineno is not None}
    assert {namn: rader for namn, rader in langa.items() if rader > MEST_I_FUNKTION} == {}


@pytest.mark.parametrize("modul", MODULER)
def test_varje_modul_sager_vad_den_ar(modul: str) -> None:
    assert ast.get_docstring(trad(modul))
