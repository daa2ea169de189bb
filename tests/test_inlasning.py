"""Inlämningsboken in: varje cell blir ett faktum med källa, var raderna än har flyttats, och det oläsliga sägs."""

import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from kommunrapport.inlasning.inlamning import Inlamningar, las_inlamningar
from kommunrapport.inlasning.styrning import las_styrning
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from kommunrapport.rapport import anmarkningslista
from tests.kommun import KOMMUN_TOML, PERIOD, Provkommun, bok

Nyckel = tuple[str, str, str]
Andring = Callable[[Any], object]
DRIFT, UTFALL = "Driftredovisning", "D6"
"""Bladet och cellen för (drift, grund, utfall) i en orörd bok."""


@dataclass(frozen=True)
class Last:
    """Det som lästes ur skolas bok."""

    inlamningar: Inlamningar

    @cached_property
    def rader(self) -> list[Any]:
        return list(self.inlamningar.fakta.itertuples())

    @cached_property
    def alla(self) -> dict[Nyckel, tuple[int | None, str, str]]:
        """Alla fakta: (tabell, rad, kolumn) → (värde, text, tillstånd)."""
        return {(f.tabell, f.rad, f.kolumn): (None if pd.isna(f.varde) else int(f.varde), f.text, f.tillstand) for f in self.rader}

    @cached_property
    def inmatade(self) -> dict[Nyckel, tuple[int | None, str, str]]:
        """De fakta som boken inte räknar ut själv."""
        harledda = {(f.tabell, f.rad, f.kolumn) for f in self.rader if f.harledd}
        return {nyckel: v for nyckel, v in self.alla.items() if nyckel not in harledda}

    @cached_property
    def koder(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Vad läsaren anmärker på: (kod, blad, celler)."""
        return [(a.kod, a.plats.blad, a.plats.celler) for a in self.inlamningar.anmarkningar if a.kod != "KR101"]

    def faktum(self, nyckel: Nyckel) -> Any:
        (traff,) = [f for f in self.rader if (f.tabell, f.rad, f.kolumn) == nyckel]
        return traff


def las(kommun: Provkommun) -> Last:
    arbete = las_arbetskatalog(kommun.katalog)
    styrning = las_styrning(kommun.katalog, PERIOD.ar, arbete.organisation)
    return Last(las_inlamningar(arbete, las_periodmall(arbete, PERIOD), styrning.rader))


@pytest.fixture(scope="module")
def ratt_kommun(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Skolas korrekta bok, skriven en gång. Ändra den inte; kopiera den med ``skola``."""
    kommun = Provkommun(tmp_path_factory.mktemp("ratt"))
    kommun.lamna("skola", bok())
    return kommun


@pytest.fixture(scope="module")
def ratt(ratt_kommun: Provkommun) -> Last:
    """Det som den korrekta boken ger."""
    return las(ratt_kommun)


@pytest.fixture
def skola(kommun: Provkommun, ratt_kommun: Provkommun) -> Path:
    """En kopia av den korrekta boken bland inlämningarna, att ändra i."""
    fil = kommun.katalog / "inlamnat/2024-08/skola.xlsx"
    fil.parent.mkdir(parents=True)
    shutil.copyfile(ratt_kommun.katalog / "inlamnat/2024-08/skola.xlsx", fil)
    return fil


@contextmanager
def andrad(fil: Path, *, formler: bool = False) -> Iterator[Any]:
    """Boken öppen för ändring. Utan ``formler`` sparas formlernas värden; med dem sparas formlerna utan värden."""
    arbetsbok = openpyxl.load_workbook(fil, data_only=not formler)
    yield arbetsbok
    arbetsbok.save(fil)


def byt_i_drift(fil: Path, monster: bytes, nytt: bytes) -> None:
    """Ändrar driftbladets XML, för det som openpyxl inte kan skriva."""
    with zipfile.ZipFile(fil) as arkiv:
        delar = {namn: arkiv.read(namn) for namn in arkiv.namelist()}
    vag = "xl/worksheets/sheet3.xml"
    delar[vag], antal = re.subn(monster, nytt, delar[vag])
    assert antal == 1
    with zipfile.ZipFile(fil, "w", zipfile.ZIP_DEFLATED) as arkiv:
        for namn, innehall in delar.items():
            arkiv.writestr(namn, innehall)


def inmatningsblad(arbetsbok: Any) -> list[Any]:
    return [ark for ark in arbetsbok.worksheets if str(ark["A1"].value).startswith("kommunrapport:")]


def byt_rader(ark: Any, ena: int, andra: int, *, fran_kolumn: int = 1) -> None:
    for kolumn in range(fran_kolumn, ark.max_column + 1):
        en, annan = ark.cell(ena, kolumn), ark.cell(andra, kolumn)
        en.value, annan.value = annan.value, en.value


def satt(blad: str, cell: str, varde: object) -> Andring:
    return lambda arbetsbok: arbetsbok[blad].__setitem__(cell, varde)


# --- Värden blir fakta -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nyckel", "varde", "blad", "cell"),
    [
        (("drift", "grund", "utfall"), -40_000_000_00, "Driftredovisning", "D6"),
        (("drift", "fritids", "prognos"), -10_000_000_00, "Driftredovisning", "G7"),
        (("kostnadsslag", "intakter", "utfall"), 4_500_000_00, "Kostnadsslag", "D6"),
        (("personal", "arsarbetare", "nu"), 100_00, "Personal", "D8"),
        (("sjukfranvaro", "totalt", "ord_tid"), 80_000_00, "Sjukfrånvaro", "G6"),
        (("sjukfranvaro", "totalt", "sjuk_procent"), 7_00, "Sjukfrånvaro", "J6"),
    ],
)
def test_tal_blir_hundradelar_med_fil_blad_och_cell(ratt: Last, nyckel: Nyckel, varde: int, blad: str, cell: str) -> None:
    last = ratt.faktum(nyckel)
    assert (last.enhet, last.varde, last.tillstand) == ("skola", varde, "varde")
    assert (last.fil, last.blad, last.cell) == ("inlamnat/2024-08/skola.xlsx", blad, cell)


def test_varje_tal_pekar_pa_den_cell_det_lastes_ur(ratt: Last, ratt_kommun: Provkommun) -> None:
    arbetsbok: Any = openpyxl.load_workbook(ratt_kommun.katalog / "inlamnat/2024-08/skola.xlsx", data_only=True)
    tal = [f for f in ratt.rader if not pd.isna(f.varde)]
    per = {"belopp": 100_000, "antal": 100, "procent": 100}
    assert len(tal) > 60
    assert [round(arbetsbok[f.blad][f.cell].value * per[f.slag]) for f in tal] == [f.varde for f in tal]


def test_summor_och_formler_marks_som_harledda(ratt: Last) -> None:
    harledda = {(f.tabell, f.rad, f.kolumn) for f in ratt.rader if f.harledd}
    assert {("drift", "summa", "utfall"), ("drift", "grund", "avvikelse"), ("kostnadsslag", "netto", "budget")} <= harledda
    assert ("drift", "grund", "utfall") not in harledda


def test_text_val_och_datum_blir_text(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(texter__analys__text="Två stycken.\nHär är det andra.", forsatt__klardatum__svar=date(2024, 9, 16)))
    lasta = las(kommun).alla
    assert lasta["texter", "analys", "text"] == (None, "Två stycken.\nHär är det andra.", "varde")
    assert lasta["forsatt", "klarmarkerad", "svar"] == (None, "Ja", "varde")
    assert lasta["forsatt", "klardatum", "svar"] == (None, "2024-09-16", "varde")


def test_investeringar_vands_sa_att_utgift_blir_minus(kommun: Provkommun) -> None:
    rader = "enhet;rad;benamning;art;budget\nskola;ny;Ny skola;utgift;5 000\nskola;bidrag;Bidrag;inkomst;-1 000\n"
    kommun.skriv("styrning/2024/investeringar.csv", rader)
    kommun.lamna("skola", bok(investering__ny__utfall=1_200, investering__bidrag__utfall=-300))
    lasta = las(kommun).alla
    assert lasta["investering", "ny", "utfall"][0] == -1_200_000_00
    assert lasta["investering", "bidrag", "utfall"][0] == 300_000_00
    assert lasta["investering", "ny", "budget"][0] == -5_000_000_00


@pytest.mark.parametrize(("enhet", "ore"), [("kr", -1_234_56), ("tkr", -1_234_560_00), ("mnkr", -1_234_560_000_00)])
def test_beloppen_star_i_den_enhet_som_kommunen_lamnar_i(kommun: Provkommun, enhet: str, ore: int) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML + f'[enheter]\ninmatning = "{enhet}"\ninmatning_decimaler = 2\n')
    kommun.lamna("skola", bok(drift__grund__utfall=Decimal("-1234.56")))
    assert las(kommun).alla["drift", "grund", "utfall"][0] == ore


def test_tomma_fria_rader_ger_inga_fakta_och_paborjade_ger_alla_sina_celler(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(atgarder__a03__atgard="Färre vikarier", atgarder__a03__effekt_ar=400))
    assert {nyckel: v for nyckel, v in las(kommun).inmatade.items() if nyckel[0] == "atgarder"} == {
        ("atgarder", "a03", "atgard"): (None, "Färre vikarier", "varde"),
        ("atgarder", "a03", "effekt_ar"): (400_000_00, "", "varde"),
        **{
            ("atgarder", "a03", kolumn): (None, "", "tomt")
            for kolumn in ("effekt_helar", "effekt_hittills", "ingar", "ansvarig", "klart", "status", "beslut")
        },
    }


@pytest.mark.parametrize("namn", ["SKOLA.XLSX", "skola med makron.xlsm", "Skola å ä ö (slutlig), kopia [2].xlsx"])
def test_filens_namn_spelar_ingen_roll(kommun: Provkommun, skola: Path, ratt: Last, namn: str) -> None:
    skola.rename(skola.with_name(namn))
    last = las(kommun)
    assert (last.alla, last.koder) == (ratt.alla, [])
    assert {f.fil for f in last.rader} == {f"inlamnat/2024-08/{namn}"}


# --- Boken får byggas om ---------------------------------------------------------------------------------------


def _pa_alla_blad(andring: Andring) -> Andring:
    def andra_alla(arbetsbok: Any) -> None:
        for ark in inmatningsblad(arbetsbok):
            andring(ark)

    return andra_alla


def _skriv_anteckningar(arbetsbok: Any) -> None:
    egna = arbetsbok.create_sheet("Mina uträkningar", 0)
    for nr in range(1, 30):
        egna.cell(nr, nr).value = nr * 1000
    for ark in inmatningsblad(arbetsbok):
        ark.cell(ark.max_row + 5, 2).value = "Anteckning: stäm av med ekonomen"
        ark.cell(7, ark.max_column + 3).value = 12_345


def _flytta_kolumn_sist(ark: Any) -> None:
    sista = ark.max_column
    for rad in range(1, ark.max_row + 1):
        ark.cell(rad, sista + 2).value, ark.cell(rad, 3).value = ark.cell(rad, 3).value, None


def _visa_och_las_upp(ark: Any) -> None:
    ark.row_dimensions[1].hidden = False
    ark.column_dimensions["A"].hidden = False
    ark.protection.sheet = False


OMBYGGNADER: dict[str, Andring] = {
    "sparad_om_som_den_ar": lambda _: None,
    "rader_infogade_overst": _pa_alla_blad(lambda ark: ark.insert_rows(1, 3)),
    "rader_infogade_under_rubriken": _pa_alla_blad(lambda ark: ark.insert_rows(6, 2)),
    "rader_infogade_mellan_raderna": _pa_alla_blad(lambda ark: ark.insert_rows(7)),
    "kolumner_infogade_forst": _pa_alla_blad(lambda ark: ark.insert_cols(1, 2)),
    "kolumner_infogade_mellan": _pa_alla_blad(lambda ark: ark.insert_cols(4, 2)),
    "rader_och_kolumner_infogade": _pa_alla_blad(lambda ark: (ark.insert_rows(6), ark.insert_cols(3))),
    "raderna_i_annan_ordning": _pa_alla_blad(lambda ark: byt_rader(ark, 6, 7)),
    "summan_overst": lambda a: byt_rader(a[DRIFT], 6, 8),
    "raderna_flyttade_nedat": lambda a: a[DRIFT].move_range("A6:K8", rows=25),
    "en_kolumn_flyttad_sist": _pa_alla_blad(_flytta_kolumn_sist),
    "bladen_omdopta": _pa_alla_blad(lambda ark: setattr(ark, "title", f"{ark.title[:20]} (ny)")),
    "bladen_flyttade": lambda a: [a.move_sheet(ark, -99) for ark in list(a.worksheets)],
    "egna_blad_och_anteckningar": _skriv_anteckningar,
    "anvisningen_borttagen": lambda a: a.remove(a["Anvisning"]),
    "tomma_fria_rader_borttagna": lambda a: a["Åtgärder"].delete_rows(10, 8),
    "skyddet_borttaget_och_det_dolda_visat": _pa_alla_blad(_visa_och_las_upp),
}


@pytest.mark.parametrize("ombyggnad", OMBYGGNADER)
def test_en_ombyggd_bok_ger_samma_fakta_och_inga_anmarkningar(kommun: Provkommun, skola: Path, ratt: Last, ombyggnad: str) -> None:
    with andrad(skola) as arbetsbok:
        OMBYGGNADER[ombyggnad](arbetsbok)
    last = las(kommun)
    assert last.alla == ratt.alla
    assert last.koder == []


def test_kallan_foljer_med_nar_raden_flyttas(kommun: Provkommun, skola: Path) -> None:
    with andrad(skola) as arbetsbok:
        arbetsbok[DRIFT].title = "Nämndens drift"
        arbetsbok["Nämndens drift"].insert_rows(6, 4)
        arbetsbok["Nämndens drift"].insert_cols(2)
    last = las(kommun).faktum(("drift", "grund", "utfall"))
    assert (last.blad, last.cell, last.varde) == ("Nämndens drift", "E10", -40_000_000_00)


def test_filerna_pa_disken_ar_ororda_efter_lasningen(hel_kommun: Provkommun) -> None:
    def avtryck() -> list[tuple[str, str, int]]:
        filer = sorted((hel_kommun.katalog / "inlamnat/2024-08").iterdir())
        return [(fil.name, hashlib.sha256(fil.read_bytes()).hexdigest(), fil.stat().st_mtime_ns) for fil in filer]

    fore = avtryck()
    hel_kommun.sammanstall()
    assert avtryck() == fore
    assert len(fore) == 3


@pytest.mark.hel
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) finns inte på datorn")
def test_en_bok_som_sparats_om_i_libreoffice_ger_samma_fakta(kommun: Provkommun, skola: Path, ratt: Last, tmp_path: Path) -> None:
    profil = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    kommando = ["soffice", profil, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "ut"), str(skola)]
    subprocess.run(kommando, check=True, capture_output=True, timeout=120)
    shutil.copyfile(tmp_path / "ut" / skola.name, skola)
    last = las(kommun)
    assert last.alla == ratt.alla
    assert last.koder == []


# --- Celler som inte är vanliga tal ------------------------------------------------------------------------------

CELLER: list[tuple[object, int | None, str, str]] = [
    # det som står i cellen, ören, tillstånd och anmärkning
    (0, 0, "varde", ""),
    (-0.0, 0, "varde", ""),
    (1.1 + 2.2, 3_300_00, "varde", ""),
    (-12_345.67, -12_345_670_00, "varde", ""),
    (None, None, "tomt", ""),
    ("", None, "tomt", ""),
    ("   ", None, "tomt", ""),
    ("\u00a0", None, "tomt", ""),
    ("-", None, "streck", ""),
    ("–", None, "streck", ""),
    ("e.t.", None, "ej_tillampligt", ""),
    ("E.T.", None, "ej_tillampligt", ""),
    ("e.t", None, "ej_tillampligt", ""),
    ("et", None, "ej_tillampligt", ""),
    ("ET", None, "ej_tillampligt", ""),
    ("1 234,5", 1_234_500_00, "varde", "KR302"),
    ("\u22121\u00a0234,5", -1_234_500_00, "varde", "KR302"),
    ("(500)", -500_000_00, "varde", "KR302"),
    ("12,5 mnkr", 12_500_000_00, "varde", "KR302"),
    ("750 kr", 750_00, "varde", "KR302"),
    ("12 tkr", 12_000_00, "varde", "KR302"),
    ("tolv", None, "otolkat", "KR301"),
    ("ca 500", None, "otolkat", "KR301"),
    ("1,234", None, "otolkat", "KR301"),
    ("98,5 %", None, "otolkat", "KR301"),
    (True, None, "otolkat", "KR301"),
    (datetime(2024, 8, 31), None, "otolkat", "KR301"),
    (time(8, 30), None, "otolkat", "KR301"),
    (1e300, None, "otolkat", "KR301"),
    (5_569_876_543_210_987, None, "otolkat", "KR301"),
    ("#REF!", None, "otolkat", "KR304"),
    ("#DIV/0!", None, "otolkat", "KR304"),
    (1.234567, 1_234_57, "varde", "KR305"),
]


@pytest.fixture(scope="module")
def provceller(tmp_path_factory: pytest.TempPathFactory) -> Last:
    """En bok med en verksamhet per rad i ``CELLER`` och det som står där som utfall."""
    kommun = Provkommun(tmp_path_factory.mktemp("celler"))
    rader = "".join(f"skola;r{nr};Verksamhet {nr};-1\n" for nr in range(len(CELLER)))
    kommun.skriv("styrning/2024/driftbudget.csv", f"enhet;rad;benamning;ursprunglig\n{rader}")
    kommun.skriv("styrning/2024/tillagg.csv", "enhet;rad;tabell;belopp;beslut\n")
    with andrad(kommun.lamna("skola", {})) as arbetsbok:
        for nr, (skrivet, *_) in enumerate(CELLER):
            arbetsbok[DRIFT].cell(6 + nr, 4).value = skrivet
    return las(kommun)


@pytest.mark.parametrize("nr", range(len(CELLER)), ids=lambda nr: repr(CELLER[nr][0])[:24])
def test_cellen_lases_som_den_ar_skriven(provceller: Last, nr: int) -> None:
    _, ore, tillstand, kod = CELLER[nr]
    varde, _, last_tillstand = provceller.alla["drift", f"r{nr}", "utfall"]
    assert (varde, last_tillstand) == (ore, tillstand)
    assert [k for k, blad, celler in provceller.koder if blad == DRIFT and celler == (f"D{6 + nr}",)] == ([kod] if kod else [])


@pytest.mark.parametrize(
    ("skrivet", "kod", "star", "lasts"),
    [
        ("1 234,5", "KR302", "1 234,5", "1\u00a0234,5 tkr"),
        ("(500)", "KR302", "(500)", "−500 tkr"),
        ("12,5 mnkr", "KR302", "12,5 mnkr", "12\u00a0500 tkr"),
        ("750 kr", "KR302", "750 kr", "0,75 tkr"),
        (1.234567, "KR305", "1,234567", "1,23457 tkr"),
    ],
)
def test_ett_tal_som_lases_pa_ett_annat_satt_sags_som_det_lastes(provceller: Last, skrivet: object, kod: str, star: str, lasts: str) -> None:
    (nr,) = [nr for nr, (cell, *_) in enumerate(CELLER) if cell == skrivet]
    (a,) = [a for a in provceller.inlamningar.anmarkningar if a.plats.blad == DRIFT and a.plats.celler == (f"D{6 + nr}",)]
    assert (a.kod, a.lamnat, a.vantat) == (kod, star, lasts)


def test_ett_antal_som_lases_ur_text_sags_utan_enhet(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(personal__heltid__nu="95,5"))
    (a,) = [a for a in las(kommun).inlamningar.anmarkningar if a.kod != "KR101"]
    assert (a.kod, a.plats.blad, a.plats.celler, a.lamnat, a.vantat) == ("KR302", "Personal", ("D9",), "95,5", "95,5")


@pytest.mark.parametrize("skrivet", ["tolv", "#REF!", True])
def test_en_olasbar_cell_gor_enhetens_uppgift_ofullstandig_och_den_lamnas_utanfor_summorna(hel_kommun: Provkommun, skrivet: object) -> None:
    with andrad(hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx") as arbetsbok:
        arbetsbok[DRIFT][UTFALL] = skrivet
    rakning = hel_kommun.sammanstall().rakning
    assert rakning.varde(Adress("drift", "skola", "utfall")) is None
    assert rakning.varde(Adress("drift", "summa_namnder", "utfall")) == -20_000_000_00
    assert rakning.varde(Adress("drift", "skola", "prognos")) == -71_000_000_00


def test_anmarkningen_sager_vad_som_star_varfor_det_inte_lases_och_var(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(drift__grund__utfall="1,234"))
    (anmarkning,) = [a for a in las(kommun).inlamningar.anmarkningar if a.kod == "KR301"]
    assert (anmarkning.enhet, anmarkning.lamnat) == ("skola", "1,234")
    assert anmarkning.fakta["orsak"]
    assert (anmarkning.plats.fil, anmarkning.plats.rad) == ("inlamnat/2024-08/skola.xlsx", "Grundskola")
    assert anmarkning.plats.kolumn == "Utfall jan–aug 2024"


def test_en_lang_text_i_en_talcell_kortas_i_meningen_men_star_hel_i_listan(hel_kommun: Provkommun) -> None:
    with andrad(hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx") as arbetsbok:
        arbetsbok[DRIFT][UTFALL] = "ord " * 2_000
    s = hel_kommun.sammanstall()
    (anmarkning,) = [a for a in s.anmarkningar if a.kod == "KR301"]
    assert f"”{'ord ' * 20} …”" in s.katalog.mening(anmarkning)
    (data,) = [d for d in anmarkningslista.som_lista(s.anmarkningar, s.katalog, s.arbete.organisation) if d["kod"] == "KR301"]
    assert data["lamnat"] == ("ord " * 2_000).strip()
    ark = openpyxl.load_workbook(io.BytesIO(anmarkningslista.excel_av([data], PERIOD, "Anmärkningar"))).active
    assert (ark["K2"].value, ark.row_dimensions[2].height) == (data["lamnat"], 408)


def test_procent_skrivs_med_eller_utan_procenttecken(kommun: Provkommun, skola: Path) -> None:
    with andrad(skola) as arbetsbok:
        arbetsbok["Sjukfrånvaro"]["J6"], arbetsbok["Sjukfrånvaro"]["J7"] = 7.25, "7,5 %"
    lasta = las(kommun).alla
    assert lasta["sjukfranvaro", "totalt", "sjuk_procent"][0] == 7_25
    assert lasta["sjukfranvaro", "kvinnor", "sjuk_procent"][0] == 7_50


# --- Formler -------------------------------------------------------------------------------------------------------


def test_en_formel_i_en_inmatningscell_lases_som_sitt_sparade_varde(kommun: Provkommun, skola: Path, ratt: Last) -> None:
    byt_i_drift(skola, rb'(<c r="D6"[^>]*>)<v>-40000</v>', rb"\1<f>-15000-25000</f><v>-40000</v>")
    last = las(kommun)
    assert (last.alla, last.koder) == (ratt.alla, [])


@pytest.mark.parametrize("utan_varde", [rb"", rb"<v></v>", rb"<v/>"])
def test_en_formel_utan_sparat_varde_sags_och_raknas_inte_med(kommun: Provkommun, skola: Path, utan_varde: bytes) -> None:
    byt_i_drift(skola, rb'(<c r="D6"[^>]*>)<v>-40000</v>', rb"\1<f>-15000-25000</f>" + utan_varde)
    last = las(kommun)
    assert last.alla["drift", "grund", "utfall"] == (None, "", "otolkat")
    assert last.koder == [("KR303", DRIFT, (UTFALL,))]


def test_en_bok_sparad_av_ett_program_som_inte_raknar_behaller_det_inmatade(kommun: Provkommun, skola: Path, ratt: Last) -> None:
    with andrad(skola, formler=True):
        pass
    last = las(kommun)
    assert last.inmatade == ratt.inmatade
    utraknade = {(f.blad, (f.cell,)) for f in last.rader if f.harledd and f.slag in ("belopp", "antal", "procent")}
    assert {(blad, celler) for _, blad, celler in last.koder} == utraknade
    assert {kod for kod, _, _ in last.koder} == {"KR308"}
    assert {(DRIFT, ("D8",)), (DRIFT, ("H6",)), (DRIFT, ("H8",)), ("Sjukfrånvaro", ("J6",))} <= utraknade


@pytest.mark.parametrize(("cell", "nyckel"), [(b"D8", ("drift", "summa", "utfall")), (b"H6", ("drift", "grund", "avvikelse"))])
def test_en_utraknad_cell_utan_sparat_varde_ar_en_upplysning(kommun: Provkommun, skola: Path, ratt: Last, cell: bytes, nyckel: Nyckel) -> None:
    byt_i_drift(skola, rb'<c r="' + cell + rb'"([^>]*)>(<f>[^<]*</f>)<v>[^<]*</v>', rb'<c r="' + cell + rb'"\1>\2')
    last = las(kommun)
    assert last.koder == [("KR308", DRIFT, (cell.decode(),))]
    assert last.alla == {**ratt.alla, nyckel: (None, "", "otolkat")}
    (allvar,) = [s.katalog.allvar(a) for s in (kommun.sammanstall(),) for a in s.anmarkningar if a.kod == "KR308"]
    assert allvar == Allvar.UPPLYSNING


@pytest.mark.parametrize("sparat", [rb"<v></v>", rb"<v/>", rb"<v> </v>"])
def test_en_formel_som_visar_tom_text_ar_tom_och_inget_att_anmarka_pa(kommun: Provkommun, skola: Path, sparat: bytes) -> None:
    byt_i_drift(skola, rb'<c r="H6"([^>]*)>(<f>[^<]*</f>)<v>[^<]*</v>', rb'<c r="H6"\1 t="str">\2' + sparat)
    last = las(kommun)
    assert last.alla["drift", "grund", "avvikelse"] == (None, "", "tomt")
    assert last.koder == []


def test_en_felformel_i_summan_stor_inte_delarna(kommun: Provkommun, skola: Path, ratt: Last) -> None:
    byt_i_drift(skola, rb'<c r="D8"([^>]*)>(<f>[^<]*</f>)<v>[^<]*</v>', rb'<c r="D8"\1 t="e">\2<v>#VALUE!</v>')
    last = las(kommun)
    assert last.inmatade == ratt.inmatade
    assert last.koder == [("KR304", DRIFT, ("D8",))]


# --- Strukturen är ändrad så att något inte går att läsa ----------------------------------------------------------------


def _kopiera_raden(arbetsbok: Any) -> None:
    for kolumn in range(1, 10):
        arbetsbok[DRIFT].cell(9, kolumn).value = arbetsbok[DRIFT].cell(6, kolumn).value
    arbetsbok[DRIFT]["D9"] = -1


def _kopiera_bladet(arbetsbok: Any) -> None:
    arbetsbok.copy_worksheet(arbetsbok[DRIFT])[UTFALL] = -1


def _egen_rad(arbetsbok: Any) -> None:
    arbetsbok[DRIFT]["A9"], arbetsbok[DRIFT]["B9"], arbetsbok[DRIFT]["D9"] = "gymnasium", "Gymnasium", -100


def _infogad_rad(**skrivet: object) -> Andring:
    """En rad infogad mellan mallens rader, med det som står i dess kolumner."""

    def infoga(arbetsbok: Any) -> None:
        arbetsbok[DRIFT].insert_rows(7)
        for kolumn, varde in skrivet.items():
            arbetsbok[DRIFT][f"{kolumn}7"] = varde

    return infoga


def _tal_utanfor_raderna(arbetsbok: Any) -> None:
    arbetsbok[DRIFT]["B9"], arbetsbok[DRIFT]["D9"], arbetsbok[DRIFT]["G9"] = "Eget", -100, -200


ANDRINGAR: dict[str, tuple[Andring, list[tuple[str, str, tuple[str, ...]]]]] = {
    "ett_blad_borttaget": (lambda a: a.remove(a["Personal"]), [("KR201", "Personal", ())]),
    "ett_blad_kopierat": (_kopiera_bladet, [("KR202", "Driftredovisning, Driftredovisning Copy", ())]),
    "en_rad_borttagen": (lambda a: a[DRIFT].delete_rows(7), [("KR203", DRIFT, ())]),
    "en_rad_kopierad": (_kopiera_raden, [("KR204", DRIFT, ("B9",))]),
    "en_rad_med_egen_beteckning": (_egen_rad, [("KR205", DRIFT, ("B9",))]),
    "tal_pa_en_rad_utan_beteckning": (_tal_utanfor_raderna, [("KR206", DRIFT, ("D9", "G9"))]),
    "tal_pa_en_infogad_rad": (_infogad_rad(D=-100, G=-200), [("KR206", DRIFT, ("D7", "G7"))]),
    "text_pa_en_infogad_rad": (_infogad_rad(B="Gymnasium", D="cirka 100", L="Ny i år."), [("KR206", DRIFT, ("D7", "L7"))]),
    "bara_ett_namn_pa_en_infogad_rad": (_infogad_rad(B="Därav:"), []),
    "en_utraknad_avvikelse_pa_en_infogad_rad": (_infogad_rad(H=-100), []),
    "text_under_raderna": (satt(DRIFT, "I9", "Stäm av med ekonomen"), []),
    "text_ovanfor_raderna": (lambda a: (a[DRIFT].insert_rows(6), satt(DRIFT, "D6", "i tusental")(a)), []),
    "en_kolumn_borttagen": (lambda a: a[DRIFT].delete_cols(7), [("KR207", DRIFT, ())]),
    "en_rad_omdopt": (satt(DRIFT, "B6", "Gymnasieskola"), [("KR208", DRIFT, ("B6",))]),
    "sorterat_utan_den_dolda_kolumnen": (
        lambda a: byt_rader(a[DRIFT], 6, 7, fran_kolumn=2),
        [("KR208", DRIFT, ("B6",)), ("KR208", DRIFT, ("B7",))],
    ),
    "ja_eller_nej_besvarat_med_kanske": (satt("Försättsblad", "C11", "Kanske"), [("KR307", "Försättsblad", ("C11",))]),
    "en_status_som_inte_finns": (satt("Åtgärder", "H6", "Klart"), [("KR307", "Åtgärder", ("H6",))]),
    "ett_datum_i_ord": (satt("Försättsblad", "C12", "i september"), [("KR306", "Försättsblad", ("C12",))]),
    "ett_halvt_datum": (satt("Åtgärder", "G6", "2024-13"), [("KR306", "Åtgärder", ("G6",))]),
}


@pytest.mark.parametrize("andring", ANDRINGAR)
def test_andringen_anmarks_pa_sin_plats(kommun: Provkommun, skola: Path, andring: str) -> None:
    gor, vantat = ANDRINGAR[andring]
    with andrad(skola) as arbetsbok:
        gor(arbetsbok)
    assert las(kommun).koder == vantat


@pytest.mark.parametrize(
    ("andring", "namns"),
    [
        ("en_rad_borttagen", "Fritidshem"),
        ("en_kolumn_borttagen", "Prognos 2024"),
        ("en_rad_omdopt", "Grundskola"),
        ("en_rad_kopierad", "grund"),
    ],
)
def test_anmarkningen_namnger_raden_eller_kolumnen(kommun: Provkommun, skola: Path, andring: str, namns: str) -> None:
    with andrad(skola) as arbetsbok:
        ANDRINGAR[andring][0](arbetsbok)
    (anmarkning,) = [a for a in las(kommun).inlamningar.anmarkningar if a.kod != "KR101"]
    assert namns in (anmarkning.plats.rad, anmarkning.plats.kolumn)


@pytest.mark.parametrize(
    "andring",
    [
        "ett_blad_kopierat",
        "en_rad_kopierad",
        "en_rad_med_egen_beteckning",
        "tal_pa_en_rad_utan_beteckning",
        "tal_pa_en_infogad_rad",
        "text_pa_en_infogad_rad",
        "text_under_raderna",
        "en_rad_omdopt",
    ],
)
def test_det_som_anmarks_andrar_inga_andra_fakta(kommun: Provkommun, skola: Path, ratt: Last, andring: str) -> None:
    with andrad(skola) as arbetsbok:
        ANDRINGAR[andring][0](arbetsbok)
    assert las(kommun).alla == ratt.alla


@pytest.mark.parametrize(
    ("andring", "borta"),
    [
        ("en_rad_borttagen", lambda nyckel: nyckel[:2] == ("drift", "fritids")),
        ("en_kolumn_borttagen", lambda nyckel: nyckel[0] == "drift" and nyckel[2] == "prognos"),
        ("ett_blad_borttaget", lambda nyckel: nyckel[0] == "personal"),
    ],
)
def test_bara_det_borttagna_forsvinner(kommun: Provkommun, skola: Path, ratt: Last, andring: str, borta: Callable[[Nyckel], bool]) -> None:
    with andrad(skola) as arbetsbok:
        ANDRINGAR[andring][0](arbetsbok)
    assert las(kommun).alla == {nyckel: v for nyckel, v in ratt.alla.items() if not borta(nyckel)}


@pytest.mark.parametrize(
    ("andring", "nyckel", "text"),
    [
        ("ja_eller_nej_besvarat_med_kanske", ("forsatt", "klarmarkerad", "svar"), "Kanske"),
        ("en_status_som_inte_finns", ("atgarder", "a01", "status"), "Klart"),
    ],
)
def test_ett_svar_som_inte_finns_i_listan_ar_otolkat(kommun: Provkommun, skola: Path, ratt: Last, andring: str, nyckel: Nyckel, text: str) -> None:
    with andrad(skola) as arbetsbok:
        ANDRINGAR[andring][0](arbetsbok)
    alla = las(kommun).alla
    assert alla[nyckel] == (None, text, "otolkat")
    assert {n: alla[n] for n in ratt.alla if n != nyckel} == {n: v for n, v in ratt.alla.items() if n != nyckel}


def test_ett_blad_som_styrningen_saknar_rader_till_sags(kommun: Provkommun) -> None:
    styrfil = kommun.skriv("styrning/2024/uppdrag.csv", "enhet;rad;benamning\nskola;u1;Utred skolskjutsen\n")
    kommun.lamna("skola", bok(uppdrag__u1__status="Pågår"))
    assert las(kommun).koder == []
    assert ("uppdrag", "u1", "status") in las(kommun).alla
    styrfil.write_text("enhet;rad;benamning\nvard;v1;Utred hemtjänsten\n", encoding="utf-8")
    last = las(kommun)
    assert last.koder == [("KR209", "Uppdrag", ())]
    assert [nyckel for nyckel in last.alla if nyckel[0] == "uppdrag"] == []


@pytest.mark.parametrize("namn", ["grundskola", " Grundskola ", "GRUNDSKOLA"])
def test_radens_namn_jamfors_utan_hansyn_till_skiftlage_och_mellanslag(kommun: Provkommun, skola: Path, namn: str) -> None:
    with andrad(skola) as arbetsbok:
        arbetsbok[DRIFT]["B6"] = namn
    assert las(kommun).koder == []


# --- Enhetens namn -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("namn", ["Skolnämnden", "SKOLNÄMNDEN", "Barnnämnden"])
@pytest.mark.parametrize(("blad", "cell"), [("_kommunrapport", "B4"), ("Försättsblad", "C6")])
def test_enheten_kanns_igen_pa_namn_och_tidigare_namn(kommun: Provkommun, skola: Path, namn: str, blad: str, cell: str) -> None:
    with andrad(skola) as arbetsbok:
        arbetsbok[blad][cell] = namn
    last = las(kommun)
    assert last.inlamningar.lamnat == {"skola"}
    assert last.koder == []
