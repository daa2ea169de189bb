"""Klarmarkeringen som bekräftas: den binds till filen, och faller när filen ändras."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from filelock import FileLock

from kommunrapport import floden
from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.ensam import LASFIL
from kommunrapport.bevarande.handelser import KLARMARKERAD
from kommunrapport.karna.period import Period
from kommunrapport.status.lasning import Tillfalle, las_lage
from tests.kommun import Kommandorad, Provkommun, bok

AUGUSTI = Period(2024, 8)
ANDRAD = {"texter__analys__text": "Ändrad."}
ARG = ("klarmarkera", "--enhet", "Skolnämnden", "--period", "2024-08")


def mark(kommun: Provkommun) -> str:
    (p,) = las_lage(kommun.katalog, Tillfalle.pa_dagen(date(2024, 9, 10)), AUGUSTI).perioder
    return next(e.klarmarkering for e in p.enheter if e.enhet == "skola")


def natten(kommun: Provkommun) -> None:
    floden.skriv_rapport(floden.sammanstall(kommun.katalog, AUGUSTI))


@pytest.fixture
def andrad(hel_kommun: Provkommun) -> Provkommun:
    """Skolans bok är ändrad efter att den klarmarkerades."""
    natten(hel_kommun)
    hel_kommun.lamna("skola", bok(**ANDRAD))
    assert mark(hel_kommun) == "fallen"
    return hel_kommun


def test_en_bekraftad_bok_ar_klar_tills_den_andras_igen(andrad: Provkommun, kor: Kommandorad) -> None:
    assert kor(*ARG, katalog=andrad.katalog).kod == 0
    assert mark(andrad) == "ja"
    natten(andrad)
    assert mark(andrad) == "ja"
    andrad.lamna("skola", bok(texter__analys__text="Ändrad igen."))
    assert mark(andrad) == "fallen"


def test_en_ny_klardag_i_boken_ger_samma_sak(andrad: Provkommun) -> None:
    andrad.lamna("skola", bok(**ANDRAD, forsatt__klardatum__svar=date(2024, 9, 11)))
    assert mark(andrad) == "ja"


def test_boken_sjalv_kan_pekas_ut(andrad: Provkommun, kor: Kommandorad) -> None:
    assert kor("klarmarkera", str(andrad.katalog / "inlamnat/2024-08/skola.xlsx"), katalog=andrad.katalog).kod == 0
    assert mark(andrad) == "ja"


def test_handelsen_bar_filens_avtryck_och_vem(andrad: Provkommun, kor: Kommandorad) -> None:
    kor(*ARG, katalog=andrad.katalog)
    sist = handelser.las(andrad.katalog).handelser[-1]
    assert (sist.slag, sist.enhet, sist.fil) == (KLARMARKERAD, "skola", "inlamnat/2024-08/skola.xlsx")
    assert sist.uppgifter.keys() == {"klardag", "bekraftad_av"}
    assert handelser.las(andrad.katalog).brister == ()
    fore = len(handelser.las(andrad.katalog).handelser)
    assert kor(*ARG, katalog=andrad.katalog).kod == 0
    assert len(handelser.las(andrad.katalog).handelser) == fore


NEKAS: Mapping[str, tuple[dict[str, Any], tuple[str, ...], int]] = {
    "boken säger Nej": ({"forsatt__klarmarkerad__svar": "Nej"}, (), 4),
    "boken säger Nej, trots fel": ({"forsatt__klarmarkerad__svar": "Nej"}, ("--trots-fel",), 4),
    "boken har fel": ({"drift__grund__utfall": "mycket"}, (), 4),
    "boken har fel men är klar ändå": ({"drift__grund__utfall": "mycket"}, ("--trots-fel",), 0),
}


@pytest.mark.parametrize("fall", NEKAS)
def test_en_bok_med_fel_klarmarkeras_inte(andrad: Provkommun, kor: Kommandorad, fall: str) -> None:
    celler, flaggor, kod = NEKAS[fall]
    andrad.lamna("skola", bok(**celler))
    fore = handelser.las(andrad.katalog).sist
    svar = kor(*ARG, *flaggor, katalog=andrad.katalog)
    assert svar.kod == kod
    assert (handelser.las(andrad.katalog).sist == fore) == bool(kod)
    if fall == "boken har fel":
        assert "KR301 Driftredovisning!" in svar.fel


@pytest.mark.parametrize(
    ("argument", "kod"),
    [
        ((), 2),
        (("--enhet", "skola"), 2),
        (("bok.xlsx", "--enhet", "skola", "--period", "2024-08"), 2),
        (("--enhet", "okänd", "--period", "2024-08"), 2),
        (("--enhet", "skola", "--period", "2024-07"), 2),
        (("--enhet", "skola", "--period", "2024-10"), 3),
        (("finns-inte.xlsx",), 2),
    ],
)
def test_fel_anvandning(hel_kommun: Provkommun, kor: Kommandorad, argument: tuple[str, ...], kod: int) -> None:
    svar = kor("klarmarkera", *argument, katalog=hel_kommun.katalog)
    assert (svar.kod, bool(svar.fel)) == (kod, True)


def test_en_bok_utanfor_inlamningarna_klarmarkeras_inte(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    utkast = hel_kommun.katalog / "utkast.xlsx"
    utkast.write_bytes((hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx").read_bytes())
    assert kor("klarmarkera", str(utkast), katalog=hel_kommun.katalog).kod == 2


def test_en_pagaende_korning_hindrar(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    with FileLock(str(hel_kommun.katalog / LASFIL)):
        assert kor(*ARG, katalog=hel_kommun.katalog).kod == 7
