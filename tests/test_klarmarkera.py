"""Klarmarkeringen som bekräftas: den binds till filen, och faller när filen ändras."""

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
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


def andrat(kor: Kommandorad, kommun: Provkommun, *flaggor: str) -> dict[str, Any]:
    svar = kor(*ARG, "--json", *flaggor, katalog=kommun.katalog)
    data: dict[str, Any] = json.loads(svar.ut)
    return data


def test_det_som_har_andrats_sedan_den_klarmarkerades_visas(andrad: Provkommun, kor: Kommandorad) -> None:
    svar = andrat(kor, andrad, "--torr")
    assert [(a["adress"], a["efter"]) for a in svar["andrat"]["andringar"]] == [("texter.analys.text", "Ändrad.")]
    assert mark(andrad) == "fallen"
    assert "Texter!" in kor(*ARG, katalog=andrad.katalog).ut
    andrad.lamna("skola", bok(texter__analys__text="Igen."))  # det som bekräftades är bevarat, fast ingen rapport skrevs
    assert [a["fore"] for a in andrat(kor, andrad)["andrat"]["andringar"]] == ["Ändrad."]


def test_en_bok_som_bara_ar_sparad_pa_nytt_har_inga_andringar(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    natten(hel_kommun)
    fil = hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx"
    fil.write_bytes(_omsparad(fil))
    assert andrat(kor, hel_kommun)["andrat"]["andringar"] == []


def test_utan_den_klarmarkerade_boken_sags_varfor(andrad: Provkommun, kor: Kommandorad) -> None:
    shutil.rmtree(andrad.katalog / "mottaget")
    svar = andrat(kor, andrad)
    assert (svar["andrat"], bool(svar["hinder"]), mark(andrad)) == (None, True, "ja")


def test_den_forsta_klarmarkeringen_har_inget_att_jamfora_med(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    assert (svar := andrat(kor, hel_kommun))["forra"] == svar["hinder"] == ""


def test_bade_bokens_dag_och_programmets_sags(hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(forsatt__klardatum__svar=date(2024, 9, 18)))
    natten(hel_kommun)
    sedd = next(h.tid for h in handelser.las(hel_kommun.katalog).handelser if h.slag == KLARMARKERAD and h.enhet == "skola")
    hel_kommun.lamna("skola", bok(**ANDRAD, forsatt__klardatum__svar=date(2024, 9, 18)))
    (p,) = las_lage(hel_kommun.katalog, Tillfalle.pa_dagen(date(2024, 9, 19)), AUGUSTI).perioder
    (e,) = p.att_paminna
    for text in (e.noteringar[0], e.klarmarkerad):
        assert "18 september 2024" in text
        assert sedd[:16].replace("T", " ") in text


def _omsparad(fil: Path) -> bytes:
    """Samma uppgifter i en fil med andra byte."""
    ut = io.BytesIO()
    with zipfile.ZipFile(fil) as bok_, zipfile.ZipFile(ut, "w", zipfile.ZIP_STORED) as ny:
        for namn in bok_.namelist():
            ny.writestr(namn, bok_.read(namn))
    return ut.getvalue()
