"""Kommandoraden: svensk hjälp, svenska fel, rätt slutkod och aldrig en spårning."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from kommunrapport import floden
from kommunrapport.cli import utskrift
from kommunrapport.karna.period import Period
from tests.kommun import ATGARD, KOMMUN_TOML, Kommandorad, Provkommun, Svar, bok, finansbok, investerat, redigera

ROT = Path(__file__).resolve().parents[1]
KOMMANDON = (
    "ny",
    "arshjul",
    "mall",
    "mall-granska",
    "validera",
    "manad",
    "delar",
    "bokslutskommunike",
    "arsredovisning",
    "faststall",
    "arkiv",
    "harled",
    "jamfor",
    "regler",
    "granska-dokument",
    "importera",
)
ENGELSKA = (
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "Show this message",
    "required",
    "default",
    "Error",
    "Try ",
    "Missing",
    "No such",
    "Traceback",
)


def i_egen_process(*argument: str, **miljo: str) -> Svar:
    kommando = [sys.executable, "-m", "kommunrapport", *argument]
    kort = subprocess.run(kommando, env={**os.environ, **miljo}, capture_output=True, cwd=ROT, check=False, timeout=120)
    return Svar(kort.returncode, kort.stdout.decode("utf-8"), kort.stderr.decode("utf-8"))


@pytest.fixture(scope="module")
def ifylld(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """En kommun med projekt, mål, uppdrag och åtgärder där alla har lämnat. Ändra den inte."""
    kommun = Provkommun(tmp_path_factory.mktemp("ifylld"))
    rader = "skola;ny;Ny skola;utgift;5 000;20 000\nskola;bidrag;Statsbidrag;inkomst;-1 000;\n"
    kommun.skriv("styrning/2024/investeringar.csv", f"enhet;rad;benamning;art;budget;beslutad_totalutgift\n{rader}")
    kommun.skriv(
        "styrning/2024/mal.csv", "enhet;rad;art;benamning;matt;malvarde\nskola;m1;mal;Alla klarar skolan;;\nskola;m1b;indikator;Behöriga;%;85\n"
    )
    kommun.skriv("styrning/2024/uppdrag.csv", "enhet;rad;benamning;beslut\nskola;u1;Utred skolskjutsen;KF § 9\n")
    kommun.lamna_alla()
    inmatat = bok(
        investering__ny__utfall=1_200,
        investering__ny__prognos=4_500,
        investering__bidrag__utfall=0,
        investering__bidrag__prognos=-1_000,
        mal__m1__bedomning="Bedöms uppnås",
        mal__m1__kommentar="Fler behöriga.",
        mal__m1b__utfall="82",
        uppdrag__u1__status="Pågår",
        **(ATGARD | {"atgarder__a01__effekt_ar": 400}),
    )
    kommun.lamna("finans", finansbok(**investerat(1_200)))
    kommun.lamna("skola", inmatat)
    return kommun


# --- Hjälp och start -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("argument", [["--help"], [], *([kommando, "--help"] for kommando in KOMMANDON)])
def test_hjalpen_ar_pa_svenska(kor: Kommandorad, argument: list[str]) -> None:
    svar = kor(*argument)
    assert svar.kod == 0
    assert svar.ut.startswith("Användning: kommunrapport")
    assert [ord_ for ord_ in (*ENGELSKA, "<str>", "<text>", "[[") if ord_ in svar.ut] == []


def test_hjalpen_namner_alla_kommandon_och_slutkoder(kor: Kommandorad) -> None:
    hjalp = kor("--help").ut
    assert [kommando for kommando in KOMMANDON if f"  {kommando} " not in hjalp] == []
    assert [kod for kod in range(8) if f"{kod} " not in " ".join(hjalp.split("Slutkoder:")[1].split())] == []


def test_versionen_visas(kor: Kommandorad) -> None:
    svar = kor("--version")
    assert svar.kod == 0
    assert svar.ut.startswith("kommunrapport ")


# --- Slutkoder -----------------------------------------------------------------------------------------------------


def test_0_nar_allt_ar_klart(kor: Kommandorad, ifylld: Provkommun, tmp_path: Path) -> None:
    katalog = Path(shutil.copytree(ifylld.katalog, tmp_path / "k"))
    svar = kor("delar", "--period", "2024-08", katalog=katalog)
    assert svar.kod == 0
    skrivna = [Path(rad.strip()) for rad in svar.ut.splitlines() if rad.startswith("  ")]
    assert len(skrivna) == 5
    assert all(fil.is_file() and fil.parent == katalog / "rapporter/2024-08" for fil in skrivna)


@pytest.mark.parametrize("period", ["2024-8", "202408", "augusti", "2024-13", "0000-08", "0001-08", ""])
def test_2_nar_perioden_ar_felskriven(kor: Kommandorad, hel_kommun: Provkommun, period: str) -> None:
    svar = kor("delar", "--period", period, katalog=hel_kommun.katalog)
    assert svar.kod == 2
    assert f"”{period}”" in svar.fel
    assert "2024-08" in svar.fel


@pytest.mark.parametrize(
    ("argument", "namns"),
    [
        (["kvartal"], "kvartal"),
        (["delar"], "till exempel 2024-08"),
        (["delar", "--period"], "--period"),
        (["delar", "--perod", "2024-08"], "--perod"),
        (["--fart"], "--fart"),
        (["delar", "-x"], "-x"),
        (["delar", "--period", "2024-08", "extra"], "extra"),
        (["harled", "--period", "2024-08", "a", "b", "c", "d", "e"], "d e"),
        (["delar", "--period", "2024-08", "--strikt=ja"], "--strikt"),
        (["delar", "--period", "2024-08", "--katalog", "finns/inte"], "finns/inte"),
        (["delar", "--period", "2024-08", "--katalog", "finns/inte", "--json"], "kommun.toml"),
        (["delar", "--period", "2024-08", "--katalog", "finns/inte"], Path("finns/inte").absolute().as_posix()),
    ],
)
def test_2_nar_kommandot_ar_felskrivet(kor: Kommandorad, argument: list[str], namns: str) -> None:
    svar = kor(*argument)
    assert svar.kod == 2
    assert svar.ut == ""
    assert namns in svar.fel
    assert [ord_ for ord_ in ENGELSKA if ord_ in svar.fel] == []


def test_2_nar_enheten_ar_okand_och_inget_lases(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    svar = kor("delar", "--period", "2024-08", "--enhet", "Skolnämden", katalog=hel_kommun.katalog)
    assert (svar.kod, "Menade du Skolnämnden?" in svar.fel, "Läser" in svar.fel) == (2, True, False)


def test_2_nar_perioden_inte_finns_i_arshjulet(kor: Kommandorad, kommun: Provkommun) -> None:
    svar = kor("delar", "--period", "2024-06", katalog=kommun.katalog)
    assert svar.kod == 2
    assert [period for period in ("2024-06", "2024-05", "2024-08") if period not in svar.fel] == []


def test_2_nar_perioden_har_en_annan_rapport(kor: Kommandorad, kommun: Provkommun) -> None:
    svar = kor("delar", "--period", "2024-03", katalog=kommun.katalog)
    assert svar.kod == 2
    assert "2024-08" in svar.fel


def test_3_nar_inget_ar_lamnat(kor: Kommandorad, kommun: Provkommun) -> None:
    svar = kor("delar", "--period", "2024-08", katalog=kommun.katalog)
    assert svar.kod == 3
    assert "inlamnat/2024-08" in svar.fel
    assert "kommunrapport mall --period 2024-08" in svar.fel


@pytest.mark.hel
def test_3_nar_en_enhet_saknas_men_rapporten_skrivs(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    (hel_kommun.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    svar = kor("delar", "--period", "2024-08", "--json", katalog=hel_kommun.katalog)
    data = json.loads(svar.ut)
    assert (svar.kod, data["slutkod"]) == (3, 3)
    assert ("KR101", "Vårdnämnden") in {(a["kod"], a["enhet"]) for a in data["anmarkningar"]}
    assert len(data["skrivet"]) == 5


@pytest.mark.hel
def test_4_nar_kontrollen_ger_fel_men_rapporten_skrivs(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(drift__grund__utfall="fyrtio"))
    svar = kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog)
    assert svar.kod == 4
    (rad,) = [rad for rad in svar.fel.splitlines() if "KR301" in rad]
    assert [ord_ for ord_ in ("FEL", "Skolnämnden", "inlamnat/2024-08/skola.xlsx", "Driftredovisning!D6", "fyrtio") if ord_ not in rad] == []
    assert (hel_kommun.katalog / "rapporter/2024-08").is_dir()


def test_4_med_strikt_och_ingen_rapport(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(drift__grund__utfall="fyrtio"))
    svar = kor("delar", "--period", "2024-08", "--strikt", katalog=hel_kommun.katalog)
    assert svar.kod == 4
    assert "--strikt" in svar.fel
    assert not (hel_kommun.katalog / "rapporter").exists()


@pytest.mark.parametrize(
    ("fil", "innehall", "namns"),
    [
        ("kommun.toml", KOMMUN_TOML + "[okand]\n", ["kommun.toml", "okand"]),
        ("kommun.toml", "[kommun\n", ["kommun.toml", "rad 1"]),
        ("styrning/2024/driftbudget.csv", "enhet;rad;benamning;ursprunglig\nkultur;b;B;-1\n", ["driftbudget.csv", "rad 2", "kultur"]),
        ("mallar/regler/2024-01-01.toml", "[[regel]]\n", ["mallar/regler/2024-01-01.toml", "regel.1.id"]),
        ("mallar/regler/i fjol.toml", "", ["mallar/regler/i fjol.toml", "datum"]),
    ],
)
def test_5_nar_en_mall_eller_styrfil_ar_fel(kor: Kommandorad, hel_kommun: Provkommun, fil: str, innehall: str, namns: list[str]) -> None:
    hel_kommun.skriv(fil, innehall)
    svar = kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog)
    assert svar.kod == 5
    assert [ord_ for ord_ in namns if ord_ not in svar.fel] == []


@pytest.mark.hel
def test_6_nar_rapporten_ar_redigerad_och_0_med_ersatt(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    rapport = hel_kommun.skriv("rapporter/2024-08/Delårsrapport 2024-08.docx", "redigerad")
    svar = kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog)
    assert svar.kod == 6
    assert rapport.name in svar.fel
    assert "--ersatt" in svar.fel
    assert rapport.read_text(encoding="utf-8") == "redigerad"
    assert kor("delar", "--period", "2024-08", "--ersatt", katalog=hel_kommun.katalog).kod == 0


@pytest.mark.hel
def test_7_nar_en_annan_korning_pagar(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    with FileLock(str(hel_kommun.katalog / ".kommunrapport.lock")):
        svar = kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog)
    assert svar.kod == 7
    assert not (hel_kommun.katalog / "rapporter/2024-08").exists()


# --- Aldrig en spårning ----------------------------------------------------------------------------------------------


def test_1_och_en_mening_nar_programmet_gar_sonder(kor: Kommandorad, kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    def sonder(*_: Any) -> None:
        raise ZeroDivisionError("delat med noll")

    monkeypatch.setattr(floden, "sammanstall", sonder)
    svar = kor("delar", "--period", "2024-08", katalog=kommun.katalog)
    assert svar.kod == 1
    assert "ZeroDivisionError" in svar.fel
    assert "--felsok" in svar.fel
    assert "Traceback" not in svar.fel


def test_felsok_visar_sparningen(kommun: Provkommun) -> None:
    svar = i_egen_process("--felsok", "delar", "--period", "2024-06", "--katalog", str(kommun.katalog))
    assert "Traceback" in svar.fel
    assert svar.kod == 1


def test_130_och_en_mening_nar_anvandaren_avbryter(kor: Kommandorad, kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    def avbryt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(floden, "sammanstall", avbryt)
    svar = kor("delar", "--period", "2024-08", katalog=kommun.katalog)
    assert svar.kod == 130
    assert svar.fel.splitlines()[-1] == "Avbrutet."


@pytest.mark.hel
@pytest.mark.parametrize("innehall", [b"", b"PK\x03\x04 trasig", bytes.fromhex("d0cf11e0a1b11ae1")])
def test_en_trasig_fil_ger_anmarkning_och_ingen_sparning(kor: Kommandorad, hel_kommun: Provkommun, innehall: bytes) -> None:
    (hel_kommun.katalog / "inlamnat/2024-08/skola.xlsx").write_bytes(innehall)
    svar = kor("delar", "--period", "2024-08", "--strikt", katalog=hel_kommun.katalog)
    assert svar.kod == 4
    assert "KR10" in svar.fel
    assert "Traceback" not in svar.fel


# --- Terminal, kodning och katalog -------------------------------------------------------------------------------------


@pytest.mark.parametrize("miljo", [{"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_utskriften_ar_utf8_vad_miljon_an_sager(kommun: Provkommun, miljo: dict[str, str]) -> None:
    hjalp = i_egen_process("--help", **miljo)
    assert "Läser nämndernas och bolagens inlämningar" in hjalp.ut
    fel = i_egen_process("delar", "--period", "2024-06", "--katalog", str(kommun.katalog), **miljo)
    assert (fel.kod, fel.ut) == (2, "")
    assert "årshjulet" in fel.fel


def test_katalogen_ar_den_angivna_annars_miljovariabelns_annars_den_aktuella_mappen_annars_data(
    kor: Kommandorad, kommun: Provkommun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOMMUNRAPPORT_KATALOG", raising=False)
    utanfor = kommun.katalog / "utanför"
    Provkommun(utanfor / "data").skriv("kommun.toml", KOMMUN_TOML.replace('profil = "hedemora"', 'profil = "datas"'))
    Provkommun(utanfor / "miljöns").skriv("kommun.toml", KOMMUN_TOML.replace('profil = "hedemora"', 'profil = "miljons"'))
    monkeypatch.chdir(utanfor)
    assert "”datas”" in kor("delar", "--period", "2024-08").fel
    monkeypatch.setenv("KOMMUNRAPPORT_KATALOG", "miljöns")
    assert "”miljons”" in kor("delar", "--period", "2024-08").fel
    assert kor("delar", "--period", "2024-08", katalog=kommun.katalog).kod == 3
    monkeypatch.delenv("KOMMUNRAPPORT_KATALOG")
    monkeypatch.chdir(kommun.katalog)
    assert kor("delar", "--period", "2024-08").kod == 3


@pytest.mark.hel
def test_json_ar_det_enda_pa_stdout(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    hel_kommun.lamna("skola", bok(drift__grund__utfall="1 234,5"))
    svar = kor("delar", "--period", "2024-08", "--json", katalog=hel_kommun.katalog)
    data = json.loads(svar.ut)
    assert data["slutkod"] == svar.kod
    assert [Path(fil).suffix for fil in data["skrivet"]] == [".docx", ".xlsx", ".xlsx", ".json", ".json"]
    (text,) = [a for a in data["anmarkningar"] if a["kod"] == "KR302"]
    assert (text["enhet"], text["blad"], text["celler"], text["lamnat"]) == ("Skolnämnden", "Driftredovisning", ["D6"], "1 234,5")
    fil = json.loads((hel_kommun.katalog / "rapporter/2024-08/anmarkningar.json").read_text(encoding="utf-8"))
    assert fil == data["anmarkningar"]


def _anmarkning(nr: int) -> dict[str, Any]:
    text = {"enhet": "Skolnämnden", "fil": "inlamnat/2024-08/skola.xlsx", "blad": "Driftredovisning", "rad": "Grundskola", "kolumn": "Utfall"}
    return {
        **text,
        "allvar": "fel",
        "kod": "KR301",
        "celler": [f"D{nr}"],
        "mening": "Här står ”[red]tolv[/]”.",
        "gor_sa": "Skriv ett tal.",
        "svar": "",
    }


@pytest.mark.parametrize("terminal", [True, False])
def test_anmarkningarna_visas_ordagrant_i_terminal_och_logg(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", "200")
    utskrift.visa_anmarkningar([_anmarkning(6)])
    ut, fel = capsys.readouterr()
    assert ut == ""
    assert [
        ord_ for ord_ in ("KR301", "Skolnämnden", "Driftredovisning!D6", "Grundskola", "”[red]tolv[/]”", "Skriv ett tal.") if ord_ not in fel
    ] == []


def test_en_anmarkning_i_en_logg_ar_en_rad_med_plats_rad_och_kolumn() -> None:
    plats = "Skolnämnden, inlamnat/2024-08/skola.xlsx, Driftredovisning!D6, Grundskola, Utfall"
    assert utskrift.rad_av(_anmarkning(6)) == f"FEL KR301 {plats}: Här står ”[red]tolv[/]”. Skriv ett tal."
    assert utskrift.rad_av({**_anmarkning(6), "rad": "", "kolumn": ""}).startswith(f"FEL KR301 {plats.removesuffix(', Grundskola, Utfall')}: ")


def test_anmarkningarna_kommer_efter_allvar_och_sedan_kodgrupp(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    (hel_kommun.katalog / "inlamnat/2024-08/vard.xlsx").unlink()
    hel_kommun.lamna("skola", bok(drift__grund__utfall="fyrtio", drift__fritids__utfall="-6 500", forsatt__klardatum__svar="i höst"))
    svar = kor("delar", "--period", "2024-08", "--strikt", katalog=hel_kommun.katalog)
    ordning = ("STOPP", "FEL", "VARNING", "UPPLYSNING")
    visade = [(rad.split()[0], rad.split()[1]) for rad in svar.fel.splitlines() if rad.split()[:1] and rad.split()[0] in ordning]
    assert {("FEL", "KR101"), ("FEL", "KR301"), ("UPPLYSNING", "KR302")} <= set(visade)
    assert visade == sorted(visade, key=lambda a: (ordning.index(a[0]), a[1][:3]))


@pytest.mark.parametrize("terminal", [True, False])
def test_en_anmarkning_pa_en_hel_fil_namner_filen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", "250")
    utskrift.visa_anmarkningar([{**_anmarkning(6), "enhet": "", "blad": "", "rad": "", "kolumn": "", "celler": []}])
    assert "inlamnat/2024-08/skola.xlsx" in capsys.readouterr().err


def test_av_manga_anmarkningar_visas_de_forsta_och_antalet_till(capsys: pytest.CaptureFixture[str]) -> None:
    utskrift.visa_anmarkningar([_anmarkning(nr) for nr in range(100, 140)])
    fel = capsys.readouterr().err
    assert (fel.count("KR301"), "D124" in fel, "D125" in fel) == (25, True, False)
    assert "15 till" in fel
    assert "anmarkningar.xlsx" in fel


# --- mall ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flaggor", "bocker"),
    [
        ([], {"Skolnämnden 2024-08.xlsx", "Vårdnämnden 2024-08.xlsx", "Finansförvaltningen 2024-08.xlsx"}),
        (["--enhet", "skola"], {"Skolnämnden 2024-08.xlsx"}),
        (["--enhet", "Vårdnämnden"], {"Vårdnämnden 2024-08.xlsx"}),
        (["--enhet", "barnnämnden"], {"Skolnämnden 2024-08.xlsx"}),
        (["--enhet", "skola", "--enhet", "finans"], {"Skolnämnden 2024-08.xlsx", "Finansförvaltningen 2024-08.xlsx"}),
    ],
)
def test_mall_skriver_en_bok_per_enhet(kor: Kommandorad, kommun: Provkommun, flaggor: list[str], bocker: set[str]) -> None:
    svar = kor("mall", "--period", "2024-08", *flaggor, "--json", katalog=kommun.katalog)
    skrivna = [Path(fil) for fil in json.loads(svar.ut)["skrivet"]]
    assert svar.kod == 0
    assert {fil.name for fil in skrivna} == bocker
    assert all(fil.parent == kommun.katalog / "mallar-att-fylla-i/2024-08" and fil.is_file() for fil in skrivna)


def test_mall_skriver_i_angiven_mapp_och_sager_var_bockerna_ska_laggas(kor: Kommandorad, kommun: Provkommun, tmp_path: Path) -> None:
    svar = kor("mall", "--period", "2024-08", "--enhet", "skola", "--ut", str(tmp_path / "ut"), katalog=kommun.katalog)
    assert svar.kod == 0
    assert (tmp_path / "ut/Skolnämnden 2024-08.xlsx").is_file()
    assert "inlamnat/2024-08" in svar.fel


def test_mall_sager_vilka_jamforelsetal_som_saknas(kor: Kommandorad, kommun: Provkommun) -> None:
    forsta = kor("mall", "--period", "2024-08", "--enhet", "skola", katalog=kommun.katalog)
    assert [p for p in ("augusti 2023", "december 2023") if p in forsta.fel] == ["augusti 2023", "december 2023"]
    kommun.skriv("styrning/2023/driftbudget.csv", "enhet;rad;benamning;ursprunglig\nskola;grund;Grundskola;-1\n")
    kommun.lamna("skola", {}, period=Period(2023, 8))
    andra = kor("mall", "--period", "2024-08", "--enhet", "skola", "--ersatt", katalog=kommun.katalog)
    assert [p for p in ("augusti 2023", "december 2023") if p in andra.fel] == ["december 2023"]


@pytest.mark.parametrize(("rader", "sags"), [("skola;grund;Grundskola;-1\n", False), ("skola;grund;Grundskola;\n", True), ("", True)])
def test_mall_sager_att_budgeten_saknas(kor: Kommandorad, kommun: Provkommun, rader: str, sags: bool) -> None:
    kommun.skriv("styrning/2024/tillagg.csv", "enhet;rad;tabell;belopp;beslut;datum;avser\n")
    kommun.skriv("styrning/2024/driftbudget.csv", f"enhet;rad;benamning;ursprunglig\n{rader}")
    svar = kor("mall", "--period", "2024-08", katalog=kommun.katalog)
    assert (svar.kod, "driftbudget.csv" in svar.fel) == (0, sags)


def test_mall_skriver_inte_over_en_bok_utan_ersatt(kor: Kommandorad, kommun: Provkommun) -> None:
    fragan = ("mall", "--period", "2024-08", "--enhet", "skola")
    assert kor(*fragan, katalog=kommun.katalog).kod == 0
    fil = kommun.katalog / "mallar-att-fylla-i/2024-08/Skolnämnden 2024-08.xlsx"
    fil.write_bytes(b"ifylld")
    svar = kor(*fragan, katalog=kommun.katalog)
    assert svar.kod == 6
    assert fil.name in svar.fel
    assert fil.read_bytes() == b"ifylld"
    assert kor(*fragan, "--ersatt", katalog=kommun.katalog).kod == 0
    assert fil.read_bytes() != b"ifylld"


def test_mall_for_en_okand_enhet_namner_de_som_finns(kor: Kommandorad, kommun: Provkommun) -> None:
    svar = kor("mall", "--period", "2024-08", "--enhet", "kultur", katalog=kommun.katalog)
    assert svar.kod == 2
    assert [ord_ for ord_ in ("kultur", "skola", "vard", "finans") if ord_ not in svar.fel] == []


def test_mall_ger_filen_ett_namn_som_gar_att_spara_overallt(kor: Kommandorad, kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace('"Skolnämnden"', "'Skola/förskola: \"norra\" '"))
    svar = kor("mall", "--period", "2024-08", "--enhet", "skola", "--json", katalog=kommun.katalog)
    (fil,) = json.loads(svar.ut)["skrivet"]
    assert not set(Path(fil).name) & set('<>:"/\\|?*')
    assert Path(fil).is_file()


@pytest.mark.parametrize("period", ["2024-02", "2024-03", "2024-12"])
def test_mall_skrivs_for_varje_period_i_arshjulet(kor: Kommandorad, kommun: Provkommun, period: str) -> None:
    assert kor("mall", "--period", period, "--enhet", "finans", katalog=kommun.katalog).kod == 0
    assert (kommun.katalog / f"mallar-att-fylla-i/{period}/Finansförvaltningen {period}.xlsx").is_file()


def test_den_bok_som_mall_skriver_gar_att_lamna_in(kor: Kommandorad, kommun: Provkommun) -> None:
    kor("mall", "--period", "2024-08", "--enhet", "skola", "--ut", str(kommun.katalog / "inlamnat/2024-08"), katalog=kommun.katalog)
    fil = kommun.katalog / "inlamnat/2024-08/Skolnämnden 2024-08.xlsx"
    arbetsbok = redigera(fil)
    arbetsbok["Driftredovisning"]["D6"], arbetsbok["Driftredovisning"]["D7"] = -40_000, -6_500
    arbetsbok.save(fil)
    svar = kor("harled", "--period", "2024-08", "drift", "skola", "utfall", "--json", katalog=kommun.katalog)
    assert json.loads(svar.ut)["varde"] == -46_500_000_00


# --- harled ---------------------------------------------------------------------------------------------------------------

HARLEDNINGAR = [
    # tabell, rad och kolumn, svaret och de celler som det kommer ur
    (
        "drift",
        "slutrad",
        "prognos",
        "−103,0 mnkr (−103 000 000 kr)  [summan av delarna]",
        ["= −61 000 tkr  [inlamnat/2024-08/skola.xlsx Driftredovisning!G6", "vard.xlsx Driftredovisning!G6"],
    ),
    (
        "drift",
        "skola",
        "utfall",
        "−46,5 mnkr (−46 500 000 kr)  [summan av delarna]",
        ["= −40 000 tkr  [inlamnat/2024-08/skola.xlsx Driftredovisning!D6", "skola.xlsx Driftredovisning!D7"],
    ),
    (
        "drift",
        "Skolnämnden",
        "Budget 2024",
        "−71,0 mnkr (−71 000 000 kr)  [summan av delarna]",
        ["= −60 000 tkr  [styrning/2024/driftbudget.csv rad 2", "tillagg.csv rad 2", "KF 2024-04-22 § 41"],
    ),
    ("drift", "skola", "avvikelse", "0,0 mnkr (0 kr)  [delarna med plus och minus]", ["skola.xlsx Driftredovisning!G6", "driftbudget.csv rad 3"]),
    ("drift", "skola", "procent", "0,0 procent  [första delen i procent av den andra]", ["skola.xlsx Driftredovisning!G7"]),
    (
        "slag-skola",
        "netto",
        "utfall",
        "−46,5 mnkr (−46 500 000 kr)  [summan av delarna]",
        ["skola.xlsx Kostnadsslag!D6", "skola.xlsx Kostnadsslag!D11"],
    ),
    ("resultat", "arets_resultat", "utfall", "2,1 mnkr (2 100 000 kr)  [summan av delarna]", ["finans.xlsx Resultaträkning!D6"]),
    (
        "sjukfranvaro",
        "totalt",
        "nu",
        "7,0 procent  [första delen i procent av den andra]",
        ["skola.xlsx Sjukfrånvaro!H6", "vard.xlsx Sjukfrånvaro!G6"],
    ),
    (
        "balans",
        "kassa",
        "nu",
        "17,1 mnkr (17 100 000 kr)  [hämtat]",
        ["= 17 100 tkr  [inlamnat/2024-08/finans.xlsx Balansräkning!D19"],
    ),
    (
        "investering",
        "netto",
        "prognos",
        "3,5 mnkr (3 500 000 kr)  [summan av delarna]",
        ["= 4 500 tkr  [inlamnat/2024-08/skola.xlsx Investeringar!F6", "= −1 000 tkr  [inlamnat/2024-08/skola.xlsx Investeringar!F7"],
    ),
    (
        "projekt_aret",
        "skola.ny",
        "utfall",
        "1,2 mnkr (1 200 000 kr)  [hämtat]",
        ["= 1 200 tkr  [inlamnat/2024-08/skola.xlsx Investeringar!D6"],
    ),
    (
        "projekt",
        "skola.ny",
        "beslutad",
        "20,0 mnkr (20 000 000 kr)  [hämtat]",
        ["= 20 000 tkr  [styrning/2024/investeringar.csv rad 2, beslutad_totalutgift]"],
    ),
    ("mal", "skola.m1", "bedomning", "Bedöms uppnås  [inlamnat/2024-08/skola.xlsx Mål och indikatorer!M6]", []),
    ("indikatorer", "skola.m1b", "utfall", "82  [inlamnat/2024-08/skola.xlsx Mål och indikatorer!I7]", []),
    ("uppdrag", "skola.u1", "status", "Pågår  [inlamnat/2024-08/skola.xlsx Uppdrag!E6]", []),
    ("atgarder", "skola.a01", "effekt_ar", "0,4 mnkr  [inlamnat/2024-08/skola.xlsx Åtgärder!C6]", []),
    ("indikatorer", "skola.m1b", "malvarde", "85  [styrning/2024/mal.csv rad 3, malvarde]", []),
    ("uppdrag", "skola.u1", "beslut", "KF § 9  [styrning/2024/uppdrag.csv rad 2, beslut]", []),
]


@pytest.mark.parametrize(("tabell", "rad", "kolumn", "svaret", "celler"), HARLEDNINGAR)
def test_harled_visar_siffran_och_vagen_till_cellen(
    kor: Kommandorad, ifylld: Provkommun, tabell: str, rad: str, kolumn: str, svaret: str, celler: list[str]
) -> None:
    svar = kor("harled", "--period", "2024-08", tabell, rad, kolumn, katalog=ifylld.katalog)
    text = svar.ut.replace("\u00a0", " ")
    assert svar.kod == 0
    assert text.splitlines()[0].endswith(f" = {svaret}")
    assert [cell for cell in celler if cell not in text] == []


@pytest.mark.parametrize(
    ("titel", "rad", "kolumn", "borjan"),
    [
        ("Driftredovisning per nämnd", "skola", "utfall", "Driftredovisning per nämnd: Skolnämnden, Utfall jan–aug 2024 = −46,5 mnkr"),
        ("investeringsprojekt: årets", "skola.bidrag", "prognos", "Investeringsprojekt: årets utgift: Statsbidrag, Prognos 2024 = −1,0 mnkr"),
        ("Mål och", "skola.m1b", "utfall", "Mål och indikatorer: Behöriga (%) = 82"),
    ],
)
def test_harled_hittar_tabellen_pa_titeln(kor: Kommandorad, ifylld: Provkommun, titel: str, rad: str, kolumn: str, borjan: str) -> None:
    svar = kor("harled", "--period", "2024-08", titel, rad, kolumn, katalog=ifylld.katalog)
    assert svar.kod == 0
    assert svar.ut.replace("\u00a0", " ").startswith(borjan)


@pytest.mark.parametrize(("djup", "rader"), [("0", 1), ("1", 3), ("2", 5), ("3", 8), ("4", 11), ("99", 11)])
def test_harled_visar_sa_manga_steg_som_begars(kor: Kommandorad, ifylld: Provkommun, djup: str, rader: int) -> None:
    svar = kor("harled", "--period", "2024-08", "drift", "slutrad", "prognos", "--djup", djup, katalog=ifylld.katalog)
    hela = kor("harled", "--period", "2024-08", "drift", "slutrad", "prognos", katalog=ifylld.katalog).ut.splitlines()
    assert svar.kod == 0
    assert len(svar.ut.splitlines()) == rader
    assert [rad for rad in hela if rad in svar.ut.splitlines()] == svar.ut.splitlines()


def test_harled_som_json_gar_ihop_till_siffran(kor: Kommandorad, ifylld: Provkommun) -> None:
    def summan(nod: dict[str, Any]) -> int:
        return sum(summan(del_) for del_ in nod["delar"]) if "delar" in nod else int(nod["varde"])

    nod = json.loads(kor("harled", "--period", "2024-08", "drift", "slutrad", "utfall", "--json", katalog=ifylld.katalog).ut)
    assert nod["varde"] == summan(nod) == -68_000_000_00


@pytest.mark.parametrize(
    ("fragan", "namns"),
    [
        (["okand"], ["okand", "drift", "sammanfattning"]),
        (["drift", "kultur"], ["kultur", "skola", "Vårdnämnden"]),
        (["drift", "Skollnämnden"], ["Menade du Skolnämnden?"]),
        (["drfit"], ["Menade du drift?"]),
        (["drift", "skola", "bokslutet"], ["bokslutet", "bokslut_fg", "prognos"]),
        (["uppdrag", "skola.u1", "kostnad"], ["kostnad", "status"]),
    ],
)
def test_harled_utan_traff_raknar_upp_vad_som_finns(kor: Kommandorad, ifylld: Provkommun, fragan: list[str], namns: list[str]) -> None:
    svar = kor("harled", "--period", "2024-08", *fragan, katalog=ifylld.katalog)
    assert (svar.kod, svar.ut) == (2, "")
    assert [ord_ for ord_ in namns if ord_ not in svar.fel] == []


@pytest.mark.parametrize(
    ("fragan", "namns"),
    [
        ([], ["drift", "balans", "mal", "uppdrag"]),
        (["drift"], ["skola", "slutrad"]),
        (["drift", "skola"], ["utfall", "prognos", "avvikelse"]),
        (["mal"], ["skola.m1"]),
        (["mal", "skola.m1"], ["bedomning"]),
    ],
)
def test_harled_som_inte_pekar_ut_nagot_svarar_med_det_som_finns(kor: Kommandorad, ifylld: Provkommun, fragan: list[str], namns: list[str]) -> None:
    svar = kor("harled", "--period", "2024-08", *fragan, katalog=ifylld.katalog)
    i_json = json.loads(kor("harled", "--period", "2024-08", *fragan, "--json", katalog=ifylld.katalog).ut)
    assert (svar.kod, [ord_ for ord_ in namns if ord_ not in svar.ut], [ord_ for ord_ in namns if ord_ not in i_json]) == (0, [], [])


def test_harled_ror_inga_filer(kor: Kommandorad, ifylld: Provkommun) -> None:
    fore = {fil: fil.stat().st_mtime_ns for fil in ifylld.katalog.rglob("*")}
    assert kor("harled", "--period", "2024-08", "drift", "slutrad", "utfall", katalog=ifylld.katalog).kod == 0
    assert {fil: fil.stat().st_mtime_ns for fil in ifylld.katalog.rglob("*")} == fore
