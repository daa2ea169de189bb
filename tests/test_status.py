"""Läget: varje enhets situation i en period, och vad den heter."""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kommunrapport import floden
from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.handelser import INLAMNAD, Handelse
from kommunrapport.inlasning.filegenskaper import sparad_av
from kommunrapport.karna.period import Period
from kommunrapport.status.lage import (
    FALLEN,
    FEL,
    FORSENAD,
    KLAR,
    LAMNAD,
    LAMNAR_INTE,
    SAKNAS,
    VARNINGAR,
    Enhetslage,
    Periodlage,
    enhetens_lage,
    i_ordning,
)
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.status.meningar import dagar_i_ord
from tests.kommun import Kommandorad, Provkommun, bok, redigera

FORE, EFTER = date(2024, 9, 10), date(2024, 12, 1)
AUGUSTI = Period(2024, 8)
FELET: dict[str, Any] = {"drift__grund__utfall": "mycket"}


def laget(kommun: Provkommun, dag: date = FORE) -> Periodlage:
    (p,) = las_lage(kommun.katalog, Tillfalle.pa_dagen(dag), AUGUSTI).perioder
    return p


def enhet(kommun: Provkommun, id_: str = "skola", dag: date = FORE) -> Enhetslage:
    return next(e for e in laget(kommun, dag).enheter if e.enhet == id_)


def bort(k: Provkommun) -> None:
    (k.katalog / "inlamnat/2024-08/skola.xlsx").unlink()


def dubbel(k: Provkommun) -> None:
    k.lamna("skola", bok(), namn="Kopia av skola.xlsx")


def olaslig(k: Provkommun) -> None:
    bort(k)
    k.skriv("inlamnat/2024-08/Skolnämnden augusti.xlsx", "ingen bok")


def annan_period(k: Provkommun) -> None:
    bort(k)
    k.lamna("skola", bok(), period=Period(2024, 10), namn="../2024-08/skola.xlsx")


def annat_filnamn(k: Provkommun) -> None:
    bort(k)
    k.lamna("skola", bok(), namn="Vårdnämnden.xlsx")


def andrad(k: Provkommun) -> None:
    floden.skriv_rapport(floden.sammanstall(k.katalog, AUGUSTI))
    k.lamna("skola", bok(texter__analys__text="Ändrad text."))


SITUATIONER: Mapping[str, tuple[Callable[[Provkommun], object], date, str]] = {
    "lämnad och klarmarkerad": (lambda _: None, FORE, KLAR),
    "klarmarkerad och allt är rätt efter sista dagen": (lambda _: None, EFTER, KLAR),
    "inte klarmarkerad": (lambda k: k.lamna("skola", bok(forsatt__klarmarkerad__svar="Nej")), FORE, LAMNAD),
    "ingen fil, dagar kvar": (bort, FORE, SAKNAS),
    "ingen fil, dagen passerad": (bort, EFTER, FORSENAD),
    "fel i en cell": (lambda k: k.lamna("skola", bok(**FELET)), FORE, FEL),
    "varning": (annat_filnamn, FORE, VARNINGAR),
    "två böcker": (dubbel, FORE, FEL),
    "en fil som inte går att läsa": (olaslig, FORE, FEL),
    "en annan periods bok": (annan_period, FORE, FEL),
    "ändrad efter klarmarkeringen": (andrad, FORE, FALLEN),
}


@pytest.mark.parametrize("situation", SITUATIONER)
def test_enhetens_situation_har_ett_namn(hel_kommun: Provkommun, situation: str) -> None:
    gor, dag, vantat = SITUATIONER[situation]
    gor(hel_kommun)
    assert {e.enhet: e.lage for e in laget(hel_kommun, dag).enheter} == {"skola": vantat, "vard": KLAR, "finans": KLAR}


@pytest.mark.parametrize(
    ("lamnar", "har_fil", "dagar", "antal", "mark", "vantat"),
    [
        (False, False, -3, {}, "nej", LAMNAR_INTE),
        (True, False, 0, {}, "nej", SAKNAS),
        (True, False, -1, {}, "nej", FORSENAD),
        (True, True, 5, {"stopp": 1}, "ja", FEL),
        (True, True, 5, {"fel": 1, "varning": 2}, "fallen", FEL),
        (True, True, 5, {"varning": 2}, "fallen", FALLEN),
        (True, True, 5, {"varning": 2}, "ja", VARNINGAR),
        (True, True, 5, {"upplysning": 2}, "ja", KLAR),
        (True, True, -5, {}, "nej", LAMNAD),
        (False, True, -5, {}, "ja", KLAR),
    ],
)
def test_det_mest_bradskande_vinner(lamnar: bool, har_fil: bool, dagar: int, antal: dict[str, int], mark: str, vantat: str) -> None:
    assert enhetens_lage(lamnar=lamnar, har_fil=har_fil, dagar_kvar=dagar, antal=antal, klarmarkering=mark) == vantat


def test_det_mest_bradskande_star_forst() -> None:
    enheter = [Enhetslage(str(nr), "", "namnd", lage) for nr, lage in enumerate((KLAR, SAKNAS, LAMNAR_INTE, FORSENAD, KLAR, FEL))]
    assert [e.enhet for e in i_ordning(enheter)] == ["3", "5", "1", "0", "4", "2"]


def test_en_hel_period_utan_mapp_saknar_alla(kommun: Provkommun) -> None:
    p = laget(kommun)
    assert (p.mapp_finns, p.lamnade, p.ska_lamna, {e.lage for e in p.enheter}, p.hinder) == (False, 0, 3, {SAKNAS}, ())


def test_en_period_utan_styrning_sager_varfor(kommun: Provkommun) -> None:
    (p,) = las_lage(kommun.katalog, Tillfalle.pa_dagen(FORE), Period(2025, 8)).perioder
    assert p.enheter == ()
    assert "styrning/2025" in p.hinder[0]


def test_en_fil_utan_enhet_star_for_sig(hel_kommun: Provkommun) -> None:
    hel_kommun.skriv("inlamnat/2024-08/minnesanteckningar.docx", "x")
    hel_kommun.skriv("inlamnat/2024-08/okänd.xlsx", "x")
    p = laget(hel_kommun)
    assert {Path(a["fil"]).name for a in p.ovriga} == {"minnesanteckningar.docx", "okänd.xlsx"}
    assert {e.lage for e in p.enheter} == {KLAR}


def test_mottagen_ar_loggens_tid_annars_filens(hel_kommun: Provkommun) -> None:
    bok_ = hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx"
    os.utime(bok_, (0, datetime(2024, 9, 5, 8, 30).timestamp()))
    e = enhet(hel_kommun)
    assert (e.mottagen, e.ur_loggen) == ("2024-09-05 08:30", False)
    floden.skriv_rapport(floden.sammanstall(hel_kommun.katalog, AUGUSTI))
    e = enhet(hel_kommun)
    assert e.mottagen == handelser.las(hel_kommun.katalog).handelser[0].tid[:16].replace("T", " ")
    assert e.ur_loggen


@pytest.mark.parametrize(("sparad", "sedd", "sen"), [(18, 20, 5), (20, 18, 5), (8, 18, 0), (18, 8, 0)])
def test_sen_ar_en_fil_som_bade_sags_och_sparades_efter_sista_dagen(hel_kommun: Provkommun, sparad: int, sedd: int, sen: int) -> None:
    os.utime(hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx", (0, datetime(2024, 9, sparad, 8, 30).timestamp()))
    handelser.skriv(
        hel_kommun.katalog, [Handelse(INLAMNAD, "2024-08", "skola", "inlamnat/2024-08/skola.xlsx", "x")], datetime(2024, 9, sedd).astimezone()
    )
    assert enhet(hel_kommun, dag=EFTER).dagar_sen == sen
    assert enhet(hel_kommun, dag=FORE).dagar_sen == 0


def test_rapporten_ar_aktuell_tills_underlaget_andras(hel_kommun: Provkommun) -> None:
    assert laget(hel_kommun).rapport is None
    floden.skriv_rapport(floden.sammanstall(hel_kommun.katalog, AUGUSTI))
    rapport = laget(hel_kommun).rapport
    assert rapport is not None
    assert rapport.aktuell
    assert "rapporter/2024-08/Delårsrapport 2024-08.docx" in rapport.filer
    hel_kommun.lamna("skola", bok(texter__analys__text="Ny."))
    rapport = laget(hel_kommun).rapport
    assert rapport is not None
    assert not rapport.aktuell


def test_fragan_andrar_ingenting(hel_kommun: Provkommun) -> None:
    fore = {f: f.read_bytes() for f in hel_kommun.katalog.rglob("*") if f.is_file()}
    laget(hel_kommun)
    assert {f: f.read_bytes() for f in hel_kommun.katalog.rglob("*") if f.is_file()} == fore


def test_siffrorna_ar_rapportens(hel_kommun: Provkommun) -> None:
    s, p = enhet(hel_kommun).siffror, laget(hel_kommun)
    assert s is not None
    assert s.avvikelse is not None
    assert [s.budget.ore, s.utfall.ore, s.avvikelse.ore] == [-71_000_000_00, -71_000_000_00, 0]
    assert [s.budget.visas, s.avvikelse.visas, p.beloppsenhet] == ["−71,0", "0,0", "mnkr"]


def test_vem_som_sparade_lases_ur_filen(hel_kommun: Provkommun) -> None:
    fil = hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx"
    bok_ = redigera(fil)
    bok_.properties.lastModifiedBy = "Åsa\n Öst"
    bok_.save(fil)
    assert sparad_av(fil) == "Åsa Öst"
    fil.write_bytes(b"PK\x03\x04trasig")
    assert sparad_av(fil) == ""


def test_kommandot_svarar_i_text_och_json(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    bort(hel_kommun)
    text = kor("status", "--datum", "2024-09-10", katalog=hel_kommun.katalog)
    svar = kor("status", "--datum", "2024-09-10", "--json", katalog=hel_kommun.katalog)
    assert (text.kod, svar.kod) == (0, 0)
    (p,) = json.loads(svar.ut)["perioder"]
    assert (p["period"], p["dagar_kvar"], p["lamnade"], p["ska_lamna"]) == ("2024-08", 3, 2, 3)
    assert [(e["enhet"], e["lage"]) for e in p["enheter"]] == [("skola", SAKNAS), ("vard", KLAR), ("finans", KLAR)]
    rader = [rad for rad in text.ut.splitlines() if rad.startswith((SAKNAS, KLAR))]
    assert len({rad.index("Skolnämnden") if "Skol" in rad else rad.index("nämnden") - 4 for rad in rader[:2]}) == 1


def test_utan_oppen_period_visas_den_senast_lamnade(hel_kommun: Provkommun) -> None:
    lage = las_lage(hel_kommun.katalog, Tillfalle.pa_dagen(date(2024, 7, 1)))
    assert [p.period for p in lage.perioder] == ["2024-08"]
    assert lage.besked


@pytest.mark.parametrize("argument", [("--datum", "10/9 2024"), ("--period", "augusti"), ("--period", "2024-07")])
def test_fel_anvandning_sags(hel_kommun: Provkommun, kor: Kommandorad, argument: tuple[str, str]) -> None:
    svar = kor("status", *argument, katalog=hel_kommun.katalog)
    assert svar.kod == 2
    assert argument[1] in svar.fel


@pytest.mark.parametrize(("dagar", "ord_"), [(3, "3 dagar kvar"), (1, "1 dag kvar"), (0, "sista dagen är i dag"), (-2, "2 dagar sedan")])
def test_dagarna_i_ord(dagar: int, ord_: str) -> None:
    assert dagar_i_ord(dagar) == ord_


@pytest.mark.parametrize("antal", [1, 5])
def test_felen_star_under_tabellen(hel_kommun: Provkommun, kor: Kommandorad, antal: int) -> None:
    rader = ("grund", "fritids")
    celler: dict[str, Any] = {f"drift__{rad}__{kolumn}": f"{rad} {kolumn}" for kolumn in ("utfall", "prognos", "utfall_fg") for rad in rader}
    hel_kommun.lamna("skola", bok(**dict([*celler.items()][:antal])))
    felen = enhet(hel_kommun).fel
    ut = kor("status", "--datum", "2024-09-10", katalog=hel_kommun.katalog).ut
    assert felen >= antal
    assert ut.count("KR301 Driftredovisning!") == min(antal, 3)
    assert (f"{felen - 3} fel till" in ut) == (felen > 3)


def test_ett_fel_som_noteringen_sager_sags_inte_igen(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    dubbel(hel_kommun)
    assert kor("status", "--datum", "2024-09-10", katalog=hel_kommun.katalog).ut.count("2 filer gäller") == 1


@pytest.mark.parametrize(
    ("bredd", "dolda"),
    [
        (60, {"Budget", "Prognos", "Mottagen", "Sparad av", "Fil"}),
        (90, {"Mottagen", "Sparad av", "Fil"}),
        (110, {"Sparad av", "Fil"}),
        (125, {"Fil"}),
        (200, set()),
    ],
)
def test_en_smal_terminal_sager_vilka_kolumner_som_inte_far_plats(
    hel_kommun: Provkommun, kor: Kommandorad, monkeypatch: pytest.MonkeyPatch, bredd: int, dolda: set[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(bredd))
    ut = re.sub(r"\x1b\[[0-9;]*m", "", kor("status", "--datum", "2024-09-10", katalog=hel_kommun.katalog).ut)
    tabell, _, resten = ut.partition("└")
    besked = next((rad for rad in resten.splitlines() if "--json" in rad), "")
    kolumner = ("Läge", "Enhet", "Budget", "Prognos", "Avvikelse", "Mottagen", "Sparad av", "Fil")
    assert {k for k in kolumner if k in besked} == dolda
    assert {k for k in kolumner if k in tabell} == {*kolumner} - dolda
    assert max(len(rad) for rad in tabell.splitlines() if rad.startswith("│")) <= bredd
