"""harled: siffran på sin adress eller på det tryckta talet, i tabell, mening och nyckeltal; och från cellen till siffrorna."""

import json
import re
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport.modell import Rapport
from kommunrapport.rapport.paverkan import paverkade
from kommunrapport.rapport.spar import spar_av
from kommunrapport.rapport.sparfil import Spar, delad, spar_ur, tal_i
from kommunrapport.rapport.talsok import sok_tal
from tests.kommun import Kommandorad, Provkommun, lamna_rikt

_LASTA: dict[Path, tuple[floden.Sammanstallning, Rapport]] = {}
DATA = medfoljande().parent / "data"


@pytest.fixture(scope="module")
def rik(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Kommunen med allt som en delårsrapport kan innehålla. Ändras inte."""
    kommun = Provkommun(tmp_path_factory.mktemp("rik"))
    lamna_rikt(kommun)
    return kommun


@pytest.fixture(autouse=True)
def last_en_gang(rik: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kommunen läses en gång för alla frågor; ingen av dem ändrar det lästa."""
    vanligen = floden._periodens

    def periodens(katalog: Path, period: Period) -> tuple[floden.Sammanstallning, Rapport]:
        if katalog != rik.katalog:
            return vanligen(katalog, period)
        if katalog not in _LASTA:
            _LASTA[katalog] = vanligen(katalog, period)
        return _LASTA[katalog]

    monkeypatch.setattr(floden, "_periodens", periodens)


def fraga(kor: Kommandorad, kommun: Provkommun, *argument: str) -> tuple[int, str, str]:
    svar = kor("harled", "--period", "2024-08", *argument, katalog=kommun.katalog)
    return svar.kod, svar.ut.replace("\u00a0", " "), svar.fel.replace("\u00a0", " ")


# --- Talet som läsaren ser ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "talen"),
    [
        ("−12,4", ["-12,4"]),
        ("-12,4 mnkr", ["-12,4"]),
        ("1\u00a0234,5", ["1234,5"]),
        ("1 234,5 tkr", ["1234,5"]),
        ("+0,3", ["+0,3"]),
        ("ett underskott på 18,7 mnkr mot budget", ["18,7"]),
        ("9 av 25", ["9", "25"]),
        ("–", []),
        ("", []),
        ("Mål", []),
    ],
)
def test_tal_i_text_i_jamforbar_form(text: str, talen: list[str]) -> None:
    assert tal_i(text) == talen


@pytest.mark.parametrize("tal", ["-72,5", "−72,5", "-72,5 mnkr", " −72,5 mnkr"])
def test_talet_under_en_rubrik_ger_samma_svar_som_adressen(kor: Kommandorad, rik: Provkommun, tal: str) -> None:
    svar = fraga(kor, rik, f"--tal={tal}", "--under", "Driftredovisning per")
    assert svar == fraga(kor, rik, "drift", "skola", "prognos")
    assert svar[0] == 0
    assert "Driftredovisning!G6" in svar[1]


def test_flera_traffar_raknas_upp_med_sina_adresser(kor: Kommandorad, rik: Provkommun) -> None:
    kod, ut, _ = fraga(kor, rik, "--tal=-72,5", "--json")
    traffar = json.loads(ut)
    assert kod == 0
    assert {"drift.skola.prognos", "namnd-skola.netto.prognos"} <= {t["adress"] for t in traffar}
    assert {tuple(t) for t in traffar} == {("adress", "tabell", "rad", "kolumn", "visas", "enhet")}
    for t in traffar:
        assert fraga(kor, rik, t["adress"])[0] == 0


@pytest.mark.parametrize(
    ("argument", "namns"),
    [
        (["--tal=72,5", "--under", "Driftredovisning per"], ["drift.skola.prognos"]),
        (["--tal=-72,6", "--under", "Driftredovisning per"], ["drift.skola.prognos"]),
        (["--tal=-72,5", "--under", "Driftredovisnig per nämnd"], ["Driftredovisning per nämnd"]),
        (["--tal=mycket"], ["mycket"]),
        (["--tal=-14.2"], ["--tal=-14,2"]),
        (["--under", "Drift"], ["--tal"]),
        (["--cell", "D6"], ["--fran"]),
        (["drift", "--tal=1"], ["--tal"]),
    ],
)
def test_ett_tal_som_inte_finns_ger_det_narmaste(kor: Kommandorad, rik: Provkommun, argument: list[str], namns: list[str]) -> None:
    kod, ut, fel = fraga(kor, rik, *argument)
    assert (kod, ut) == (2, "")
    assert [ord_ for ord_ in namns if ord_ not in fel] == []


# --- Meningar och nyckeltal --------------------------------------------------------------------------------------------


def test_varje_tal_ur_rakningen_i_en_mening_foljs_till_en_cell(kor: Kommandorad, rik: Provkommun) -> None:
    spar, _, _ = floden.harled_fran(rik.katalog, Period(2024, 8), "skola", "")
    meningar = [s for s in spar.tryckta if delad(s.adress)[0] == "meningar"]
    assert len(meningar) > 20
    assert [s.adress for s in meningar if not (s.delar or s.kallor)] == []
    resultatet = next(s for s in meningar if s.delar == ("resultat.arets_resultat.utfall",))
    kod, ut, _ = fraga(kor, rik, "meningar", delad(resultatet.adress)[1])
    assert kod == 0
    assert re.search(r"\[inlamnat/2024-08/\S+ \S+!", ut)


def test_nyckeltalsbandet_har_en_rad_per_tal(kor: Kommandorad, rik: Provkommun) -> None:
    kod, ut, _ = fraga(kor, rik, "nyckeltalsband")
    assert kod == 0
    assert "resultat.arets_resultat.utfall" in ut
    kod, ut, _ = fraga(kor, rik, "nyckeltalsband", "resultat.arets_resultat.utfall")
    assert kod == 0
    assert "Resultaträkning!D6" in ut


def test_malens_antal_i_meningen_foljs_till_bedomningarna(kor: Kommandorad, rik: Provkommun) -> None:
    kod, ut, _ = fraga(kor, rik, "meningar", "mal~antal")
    assert kod == 0
    assert len(re.findall(r"Mål och indikatorer!M\d+", ut)) == 3


def test_en_tabell_utan_rader_sags_inte_ha_en_tom_lista(kor: Kommandorad, rik: Provkommun) -> None:
    kod, ut, fel = fraga(kor, rik, "nyckeltal")
    assert (kod, ut) == (2, "")
    assert not fel.rstrip().endswith("Det finns:")


# --- Från cellen till siffrorna ----------------------------------------------------------------------------------------

FRAGOR = [
    # --fran och --cell för samma cell, så som den kan nämnas
    ("inlamnat/2024-08/skola.xlsx", "Driftredovisning!G6"),
    ("inlamnat/2024-08/skola.xlsx!Driftredovisning!G6", ""),
    ("inlamnat/2024-08/skola.xlsx Driftredovisning!G6", ""),
    ("skola.xlsx", "Driftredovisning G6"),
    ("SKOLA.xlsx", "driftredovisning!$g$6"),
    ("Skolnämnden", "Driftredovisning!G6"),
    ("/nagon/stans/inlamnat/2024-08/skola.xlsx", "Driftredovisning!G6"),
    ("inlamnat\\2024-08\\skola.xlsx", "Driftredovisning!G6"),
]


@pytest.mark.parametrize(("fran", "cell"), FRAGOR)
def test_en_cell_kan_namnas_pa_flera_satt(rik: Provkommun, fran: str, cell: str) -> None:
    spar, utpekat, traffar = floden.harled_fran(rik.katalog, Period(2024, 8), fran, cell)
    assert (utpekat.fil, utpekat.cell) == ("inlamnat/2024-08/skola.xlsx", "Driftredovisning!G6")
    via = {p.siffra.adress: p.via for p in traffar}
    assert via["drift.skola.prognos"] == ()
    assert via["drift.slutrad.prognos"][0] == "drift.skola.prognos"
    assert {"nyckeltalsband", "meningar"} <= {delad(adress)[0] for adress in via}
    assert "drift.skola.utfall" not in via
    assert all(spar.siffror[adress].tryckt for adress in via)


def test_en_styrrad_och_en_hel_inlamning(kor: Kommandorad, rik: Provkommun) -> None:
    kod, ut, _ = fraga(kor, rik, "--fran", "styrning/2024/driftbudget.csv", "--cell", "rad 2", "--json")
    rad = {s["adress"] for s in json.loads(ut)["siffror"]}
    kod, ut, _ = fraga(kor, rik, "--fran", "styrning/2024/driftbudget.csv", "--json")
    assert kod == 0
    assert rad < {s["adress"] for s in json.loads(ut)["siffror"]}
    assert {"drift.skola.budget", "drift.skola.avvikelse"} <= rad


def test_utan_terminal_ar_svaret_text_grupperad_pa_tabell(kor: Kommandorad, rik: Provkommun) -> None:
    kod, ut, _ = fraga(kor, rik, "--fran", "Skolnämnden", "--cell", "Driftredovisning G6")
    assert kod == 0
    assert "├─ Driftredovisning per nämnd" in ut
    assert re.search(r"Skolnämnden, Prognos 2024 = −72,5 mnkr  \[direkt\]", ut)
    assert re.search(r"Summa nämnder, Prognos 2024 = .*\[via Skolnämnden", ut)


def test_en_text_nar_rapportens_text(rik: Provkommun) -> None:
    _, _, traffar = floden.harled_fran(rik.katalog, Period(2024, 8), "skola", "Texter")
    assert {p.siffra.adress for p in traffar} >= {"texter.skola.analys.visas"}


@pytest.mark.parametrize(
    ("cell", "delar"),
    [
        ("G8", ["Driftredovisning!G6", "Driftredovisning!G7"]),  # summaraden
        ("H6", ["Driftredovisning!G6", "Driftredovisning!F6"]),  # formelkolumnen
    ],
)
def test_en_summa_i_boken_nar_ingen_siffra_men_visar_sina_delar(rik: Provkommun, cell: str, delar: list[str]) -> None:
    _, utpekat, traffar = floden.harled_fran(rik.katalog, Period(2024, 8), "skola", f"Driftredovisning {cell}")
    assert (traffar, re.findall(r"Driftredovisning!\w+", utpekat.skal)) == ([], delar)


def test_en_rad_i_en_styrfil_kan_namnas_med_bara_sitt_nummer(rik: Provkommun) -> None:
    fragor = [floden.harled_fran(rik.katalog, Period(2024, 8), "driftbudget.csv", cell) for cell in ("5", "rad 5")]
    assert fragor[0][1:] == fragor[1][1:]
    assert fragor[0][2]


@pytest.mark.parametrize("cell", ["", "rad 20", "rad 240"])
def test_en_siefil_som_bara_stams_av_sager_det_for_alla_rader(cell: str) -> None:
    _, utpekat, traffar = floden.harled_fran(DATA, Period(2024, 8), "Hällsjöås Energi AB 2024-08.se", cell)
    assert (traffar, "KR510" in utpekat.skal) == ([], True)


@pytest.mark.parametrize(
    ("argument", "namns"),
    [
        (["--fran", "skolla.xlsx"], ["inlamnat/2024-08/skola.xlsx"]),
        (["--fran", "Skolnämden"], ["inlamnat/2024-08/skola.xlsx"]),
        (["--fran", "skola.xlsx", "--cell", "Driftredovisning!G99"], ["Driftredovisning!G"]),
        (["--fran", "skola.xlsx", "--cell", "Drift!G6"], ["Driftredovisning", "Kostnadsslag"]),
        (["--fran", "skola.xlsx", "--cell", "G6"], ["Driftredovisning"]),
        (["--fran", "styrning/2024/driftbudget.csv", "--cell", "rad 99"], ["  rad 5"]),
    ],
)
def test_en_okand_cell_eller_fil_ger_de_narmaste(kor: Kommandorad, rik: Provkommun, argument: list[str], namns: list[str]) -> None:
    kod, ut, fel = fraga(kor, rik, *argument)
    assert (kod, ut) == (2, "")
    assert [ord_ for ord_ in namns if ord_ not in fel] == []


# --- Hela exemplet -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exemplet() -> tuple[Spar, floden.Sammanstallning]:
    s = floden.sammanstall(DATA, Period(2024, 8))
    return spar_ur(spar_av(floden.bygg_rapport(s), s.rakning)), s


def kallor_bakom(spar: Spar, adress: str) -> set[str]:
    sedda, kvar = {adress}, [adress]
    for a in kvar:
        nya = [d for d in spar.siffror[a].delarnas_adresser if d not in sedda]
        sedda.update(nya)
        kvar += nya
    return {kalla for a in sedda for kalla, _ in spar.siffror[a].kallor}


def test_varje_tryckt_siffra_nas_fran_var_och_en_av_sina_celler(exemplet: tuple[Spar, floden.Sammanstallning]) -> None:
    spar, _ = exemplet
    bakom = {s.adress: kallor_bakom(spar, s.adress) for s in spar.tryckta}
    nar: dict[str, set[str]] = {}
    for kalla in sorted(set().union(*bakom.values()))[::6]:  # var sjätte, för tidens skull
        nar[kalla] = {p.siffra.adress for p in paverkade(spar, {kalla})}
    assert len(bakom) > 4000
    assert [(adress, kalla) for adress, kallor in bakom.items() for kalla in kallor & nar.keys() if adress not in nar[kalla]] == []
    assert [(kalla, adress) for kalla, adresser in nar.items() for adress in adresser if kalla not in bakom[adress]] == []


def test_varje_tryckt_siffra_i_exemplet_har_en_kalla(exemplet: tuple[Spar, floden.Sammanstallning]) -> None:
    spar, s = exemplet
    med_varde = [x.adress for x in spar.tryckta if x.varde is not None and s.rakning.planer[delad(x.adress)[0]].id]
    utan = [a for a in med_varde if not kallor_bakom(spar, a) and spar.siffror[a].varde]
    assert utan == []


@pytest.mark.parametrize(
    ("tal", "adress"),
    [("6 876", "investering_belopp"), ("120 prisbasbelopp", "investering_prisbasbelopp"), ("20 procent", "investering_procent")],
)
def test_en_grans_ur_kommunfilen_foljs_som_andra_tal(exemplet: tuple[Spar, floden.Sammanstallning], tal: str, adress: str) -> None:
    spar, _ = exemplet
    traff = sok_tal(spar, tal)[0]
    assert traff.adress == f"granser.{adress}.visas"
    assert any(kalla.startswith("kommun.toml [trosklar] investering_") for kalla, _ in traff.kallor)


def test_sparet_och_harledningen_har_samma_celler(exemplet: tuple[Spar, floden.Sammanstallning]) -> None:
    spar, s = exemplet
    for adress in ("drift.slutrad.avvikelse", "resultat.arets_resultat.prognos", "koncern_resultat.intakter.koncernen"):
        kvar, celler = [s.rakning.harled(Adress(*delad(adress)))], set()
        for nod in kvar:
            kvar += nod.delar
            celler |= {nod.kalla} - {""}
        assert kallor_bakom(spar, adress) == celler


def test_mappen_med_exemplet_ror_inte_harled(kor: Kommandorad, rik: Provkommun, tmp_path: Path) -> None:
    fore = sorted((f, f.stat().st_mtime_ns) for f in rik.katalog.rglob("*"))
    fraga(kor, rik, "--fran", "skola")
    fraga(kor, rik, "--tal=1")
    assert sorted((f, f.stat().st_mtime_ns) for f in rik.katalog.rglob("*")) == fore
    assert list(tmp_path.iterdir()) == []
