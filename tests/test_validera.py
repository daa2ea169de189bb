"""validera: vilken bok en fil är, vad som prövas när en fil, en mapp eller en period pekas ut, och vad som svaras."""

import json
import shutil
import unicodedata
from pathlib import Path

import pytest

from kommunrapport import validering
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fel import AnvandningsFel, SaknasFel, Slutkod
from kommunrapport.karna.period import Period
from kommunrapport.validering import Validering
from tests.kommun import Kommandorad, Provkommun, bok, finansbok, redigera, vardbok

PERIOD = Period(2024, 8)
MARS = Period(2024, 3)
BOKSLUT = Period(2024, 12)


def validera(kommun: Provkommun, *vagar: Path | str, period: Period | None = None, enheter: tuple[str, ...] = ()) -> Validering:
    return validering.validera(kommun.katalog, [str(v) for v in vagar], period, enheter)


def funna(v: Validering) -> list[tuple[str, str]]:
    """(kod, filens namn), i ordning."""
    return [(a.kod, Path(a.plats.fil).name) for a in v.anmarkningar]


@pytest.fixture
def skolas(kommun: Provkommun) -> Path:
    return kommun.lamna("skola", bok())


# --- Enhet och period ur boken -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("namn", ["Kopia av bok (1).xlsx", "min bok.XLSX", unicodedata.normalize("NFD", "Skolnämnden åäö.xlsx")])
def test_boken_kanns_igen_vad_den_an_heter_och_var_den_an_ligger(kommun: Provkommun, skolas: Path, tmp_path: Path, namn: str) -> None:
    flyttad = Path(shutil.move(skolas, tmp_path / namn))
    v = validera(kommun, flyttad)
    assert (funna(v), v.slutkod) == ([], Slutkod.KLART)
    assert [(f["enhet"], f["period"]) for f in v.filer] == [("Skolnämnden", "2024-08")]


def test_bocker_for_olika_perioder_provas_var_for_sig(kommun: Provkommun, skolas: Path) -> None:
    mars = kommun.lamna("vard", vardbok(), period=MARS)
    v = validera(kommun, skolas, mars)
    assert [(str(p.samling.period), [i.enhet for i in p.inlamningar.filer]) for p in v.provningar] == [("2024-03", ["vard"]), ("2024-08", ["skola"])]


def test_en_bok_for_en_annan_period_an_den_begarda(kommun: Provkommun, skolas: Path) -> None:
    v = validera(kommun, skolas, period=MARS)
    assert (funna(v), v.slutkod) == ([("KR111", "skola.xlsx")], Slutkod.ANMARKNINGAR)


def test_en_bok_i_en_annan_periods_mapp(kommun: Provkommun, skolas: Path) -> None:
    mapp = kommun.katalog / "inlamnat/2024-03"
    mapp.mkdir()
    assert funna(validera(kommun, shutil.move(skolas, mapp / "skola.xlsx"))) == [("KR111", "skola.xlsx")]


def test_en_period_som_inte_finns_i_arshjulet(kommun: Provkommun, skolas: Path) -> None:
    ark = redigera(skolas)
    ark["_kommunrapport"]["B5"] = "2024-06"
    ark.save(skolas.parents[1] / "juni.xlsx")
    assert funna(validera(kommun, skolas.parents[1] / "juni.xlsx")) == [("KR117", "juni.xlsx")]


@pytest.mark.parametrize(
    ("namn", "vantat"),
    [
        ("Skolnämnden 2024-08.xlsx", []),
        ("Skolnämnden och Vårdnämnden.xlsx", []),
        ("Vårdnämnden 2024-08.xlsx", ["KR116"]),
        ("Skolnämnden 2024-03.xlsx", ["KR116"]),
        ("protokoll 2024-08-31.xlsx", []),
    ],
)
def test_filnamnet_far_inte_namna_en_annan_enhet_eller_period(kommun: Provkommun, skolas: Path, namn: str, vantat: list[str]) -> None:
    assert [kod for kod, _ in funna(validera(kommun, skolas.rename(skolas.with_name(namn))))] == vantat


def test_en_bok_som_fyllts_i_for_en_annan_enhet(kommun: Provkommun) -> None:
    fil = kommun.lamna("skola", bok(forsatt__enhet__svar="Vårdnämnden"))
    assert funna(validera(kommun, fil)) == [("KR115", "skola.xlsx")]


# --- Flera böcker för samma enhet ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kopia", ["Kopia av skola.xlsx", "skola (1).xlsx", "skola-KONTORSDATOR.xlsx"])
def test_tva_utpekade_bocker_for_samma_enhet_raknas_upp_och_ingen_lases(kommun: Provkommun, skolas: Path, kopia: str) -> None:
    andra = Path(shutil.copy(skolas, skolas.with_name(kopia)))
    v = validera(kommun, skolas, andra)
    assert sorted(funna(v)) == sorted([("KR113", kopia), ("KR113", "skola.xlsx")])
    assert all(namn in a.fakta["andra"] for namn in ("skola.xlsx", kopia) for a in v.anmarkningar)
    assert v.slutkod == Slutkod.ANMARKNINGAR
    assert not len(v.provningar[0].inlamningar.fakta)


def test_en_utpekad_bok_med_ett_syskon_provas_och_syskonet_namns(kommun: Provkommun, skolas: Path) -> None:
    shutil.copy(skolas, skolas.with_name("skola (1).xlsx"))
    v = validera(kommun, skolas)
    (a,) = v.anmarkningar
    assert (a.kod, "skola (1).xlsx" in a.fakta["andra"], v.slutkod) == ("KR118", True, Slutkod.KLART)
    assert v.provningar[0].inlamningar.lamnat == {"skola"}


def test_ett_syskon_for_en_annan_period_ar_ingen_kandidat(kommun: Provkommun, skolas: Path) -> None:
    shutil.copy(kommun.lamna("skola", bok(), period=MARS), skolas.with_name("mars.xlsx"))
    assert funna(validera(kommun, skolas)) == []


# --- Fil, mapp, mönster, period ------------------------------------------------------------------------------------------------


def test_en_fil_provas_utan_de_andra(kommun: Provkommun, skolas: Path) -> None:
    assert (funna(validera(kommun, skolas)), validera(kommun, skolas).slutkod) == ([], Slutkod.KLART)


def test_hela_perioden_saknar_dem_som_inte_har_lamnat(kommun: Provkommun, skolas: Path) -> None:
    for v in (validera(kommun, period=PERIOD), validera(kommun, skolas.parent)):
        assert ([(a.kod, a.enhet) for a in v.anmarkningar], v.slutkod) == ([("KR101", "vard"), ("KR101", "finans")], Slutkod.SAKNAS)


def test_en_egen_mapp_med_bocker_ar_inte_hela_perioden(kommun: Provkommun, skolas: Path, tmp_path: Path) -> None:
    egen = tmp_path / "mina"
    shutil.copytree(skolas.parent, egen)
    assert funna(validera(kommun, egen)) == []


def test_ett_monster_pekar_ut_flera(kommun: Provkommun, skolas: Path) -> None:
    kommun.lamna("vard", vardbok())
    (skolas.parent / "~$skola.xlsx").write_bytes(b"x")
    v = validera(kommun, skolas.parent / "*.xlsx")
    assert sorted(f["enhet"] for f in v.filer) == ["Skolnämnden", "Vårdnämnden"]


def test_ett_namn_med_hakparenteser_ar_ett_namn(kommun: Provkommun, skolas: Path) -> None:
    assert funna(validera(kommun, skolas.rename(skolas.with_name("skola [2].xlsx")))) == []


@pytest.mark.parametrize("enhet", ["skola", "Skolnämnden", "Barnnämnden"])
def test_en_enhet_i_perioden(hel_kommun: Provkommun, enhet: str) -> None:
    v = validera(hel_kommun, period=PERIOD, enheter=(enhet,))
    assert [f["enhet"] for f in v.filer] == ["Skolnämnden"]


def test_en_manad_utan_rapport_gar_att_prova(kommun: Provkommun) -> None:
    fil = kommun.lamna("skola", bok(drift__grund__utfall=-20_000, drift__summa__utfall=-26_000), period=Period(2024, 5))
    v = validera(kommun, fil)
    assert [(a.kod, a.plats.celler) for a in v.anmarkningar if a.kod == "KR401"] == [("KR401", ("D8",))]


@pytest.mark.parametrize("vag", ["finns-inte.xlsx", "tom-mapp", "*.finns-inte"])
def test_det_som_inte_finns_sags(kommun: Provkommun, tmp_path: Path, vag: str) -> None:
    (tmp_path / "tom-mapp").mkdir()
    with pytest.raises(AnvandningsFel):
        validera(kommun, tmp_path / vag)


def test_utan_fil_och_period_finns_inget_att_prova(kommun: Provkommun) -> None:
    with pytest.raises(AnvandningsFel):
        validera(kommun)


@pytest.mark.usefixtures("skolas")
def test_en_enhet_som_inte_har_lamnat(kommun: Provkommun) -> None:
    with pytest.raises(SaknasFel):
        validera(kommun, period=PERIOD, enheter=("vard",))


def test_en_trasig_fil_stoppar_inga_andra(kommun: Provkommun, skolas: Path) -> None:
    (skolas.parent / "tom.xlsx").touch()
    (skolas.parent / "text.xlsx").write_text("hej", encoding="utf-8")
    (skolas.parent / "anteckning.txt").write_text("hej", encoding="utf-8")
    v = validera(kommun, *(skolas.parent / namn for namn in ("tom.xlsx", "text.xlsx", "anteckning.txt", "skola.xlsx")))
    assert sorted(funna(v)) == [("KR102", "tom.xlsx"), ("KR134", "anteckning.txt"), ("KR134", "text.xlsx")]
    assert [f["enhet"] for f in v.filer] == ["", "", "", "Skolnämnden"]


def test_tidigare_perioder_lases_bara_for_den_enhet_som_provas(kommun: Provkommun, skolas: Path) -> None:
    kommun.skriv(
        "styrning/2023/driftbudget.csv", "enhet;rad;benamning;ursprunglig\nskola;grund;Grundskola;-55 000\nvard;hemtjanst;Hemtjänst;-28 000\n"
    )
    fjol = Period(2023, 8)
    kommun.lamna("skola", bok(), period=fjol)
    kommun.lamna("vard", vardbok(), period=fjol)
    (provning,) = validera(kommun, skolas).provningar
    assert set(provning.samling.tidigare["fg_period"].fakta["enhet"]) == {"skola"}


@pytest.mark.parametrize(("enhet", "vantat"), [("skola", []), ("vard", ["KR119"])])
def test_med_en_fil_ar_enheten_den_som_boken_ska_galla(kommun: Provkommun, skolas: Path, enhet: str, vantat: list[str]) -> None:
    assert [kod for kod, _ in funna(validera(kommun, skolas, enheter=(enhet,)))] == vantat


def test_fler_bocker_utanfor_inlamningarna_ar_en_upplysning_om_hogst_tre(kommun: Provkommun, skolas: Path, tmp_path: Path) -> None:
    mapp = tmp_path / "mina"
    mapp.mkdir()
    for nr in range(6):
        shutil.copy(skolas, mapp / f"bok {nr}.xlsx")
    shutil.copy(skolas, mapp / "bok 0 (kommenterad).xlsx")
    v = validera(kommun, mapp / "bok 0.xlsx")
    (a,) = v.anmarkningar
    assert (a.kod, v.katalog.allvar(a), a.fakta["andra"].count(".xlsx"), "2 till" in a.fakta["andra"]) == ("KR118", Allvar.UPPLYSNING, 3, True)


def test_en_kommenterad_kopia_ar_ingen_annan_bok(kommun: Provkommun, skolas: Path) -> None:
    shutil.copy(skolas, skolas.parent / "skola (kommenterad).xlsx")
    assert funna(validera(kommun, skolas)) == []


def test_en_utpekad_fil_av_en_annan_typ_ar_ett_fel(kommun: Provkommun, tmp_path: Path) -> None:
    fil = tmp_path / "bok.ods"
    fil.write_bytes(b"x")
    assert (funna(validera(kommun, fil)), validera(kommun, fil).slutkod) == ([("KR109", "bok.ods")], Slutkod.ANMARKNINGAR)


def test_andra_filer_i_en_utpekad_mapp_namns(kommun: Provkommun, skolas: Path, tmp_path: Path) -> None:
    egen = Path(shutil.copytree(skolas.parent, tmp_path / "mina"))
    (egen / "bok.xls").write_bytes(b"x")
    assert funna(validera(kommun, egen)) == [("KR109", "bok.xls")]


def test_en_period_utan_inlamningar_sags(kommun: Provkommun) -> None:
    with pytest.raises(SaknasFel, match="inlamnat/2024-08"):
        validera(kommun, period=PERIOD)


def test_svaret_kommer_aven_nar_kopian_inte_far_skrivas_over(kommun: Provkommun, tmp_path: Path, kor: Kommandorad) -> None:
    fil, ut = kommun.lamna("skola", bok(drift__grund__utfall="mycket")), tmp_path / "ut"
    kor("validera", str(fil), "--ut", str(ut), katalog=kommun.katalog)
    (kopia,) = ut.glob("*.xlsx")
    kopia.write_bytes(b"min egen")
    svar = kor("validera", str(fil), "--ut", str(ut), katalog=kommun.katalog)
    assert (svar.kod, "KR301" in svar.ut, kopia.read_bytes()) == (6, True, b"min egen")


# --- Svaret ----------------------------------------------------------------------------------------------------------------------


def test_inlamningen_andras_inte(kommun: Provkommun, skolas: Path, tmp_path: Path, kor: Kommandorad) -> None:
    fore = skolas.read_bytes()
    kor("validera", str(skolas), "--ut", str(tmp_path / "kopior"), katalog=kommun.katalog)
    assert skolas.read_bytes() == fore


def test_json_har_filerna_anmarkningarna_och_summeringen(kommun: Provkommun, kor: Kommandorad) -> None:
    fil = kommun.lamna("skola", bok(drift__grund__utfall="mycket", drift__fritids__prognos="-10 000"))
    svar = kor("validera", str(fil), "--json", katalog=kommun.katalog)
    data = json.loads(svar.ut)
    assert (svar.kod, data["slutkod"]) == (4, 4)
    assert data["filer"] == [{"fil": "inlamnat/2024-08/skola.xlsx", "enhet": "Skolnämnden", "period": "2024-08"}]
    assert data["sammanfattning"] == {"stopp": 0, "fel": 1, "varning": 0, "upplysning": 1}
    assert [(a["kod"], a["blad"], a["celler"]) for a in data["anmarkningar"]] == [
        ("KR301", "Driftredovisning", ["D6"]),
        ("KR302", "Driftredovisning", ["G7"]),
    ]


def test_det_varsta_star_forst_och_raknas_sist(kommun: Provkommun, kor: Kommandorad) -> None:
    vant = {"kostnadsslag__intakter__budget": -6_000, "kostnadsslag__personal__budget": -40_000}
    fil = kommun.lamna("skola", bok(drift__fritids__prognos="-10 000", **vant, kostnadsslag__ovrigt__prognos=-9_000, drift__grund__utfall="mycket"))
    svar = kor("validera", str(fil), katalog=kommun.katalog)
    rader = svar.ut.splitlines()
    allvar = [rad.split()[0] for rad in rader if rad.split()[1:2] and rad.split()[1].startswith("KR")]
    assert allvar == sorted(allvar, key=["FEL", "VARNING", "UPPLYSNING"].index)
    assert {"FEL", "VARNING", "UPPLYSNING"} == set(allvar)
    assert [antal for antal in rader if antal.startswith("2 fel, 1 varning, 1 upplysning")]


@pytest.mark.parametrize(("argument", "kod"), [((), 2), (("finns-inte.xlsx",), 2), (("--period", "2024-08"), 3)])
def test_slutkoder(kommun: Provkommun, kor: Kommandorad, argument: tuple[str, ...], kod: int) -> None:
    kommun.lamna("skola", bok())
    assert kor("validera", *argument, katalog=kommun.katalog).kod == kod


def test_arbetskatalogen_hittas_ovanfor_filen(skolas: Path, kor: Kommandorad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert kor("validera", str(skolas)).kod == 0


def test_en_hel_period_utan_anmarkningar(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    assert kor("validera", "--period", "2024-08", katalog=hel_kommun.katalog).kod == 0


def test_finansforvaltningens_bok_provas_ensam_utan_foljdfel(kommun: Provkommun) -> None:
    assert funna(validera(kommun, kommun.lamna("finans", finansbok()))) == []


@pytest.mark.parametrize(("period", "svar", "vantat"), [(PERIOD, "bedöms uppnås", []), (PERIOD, "Uppnått", ["KR307"]), (BOKSLUT, "Uppnått", [])])
def test_delaret_har_prognosens_bedomningar_och_bokslutet_slutliga(kommun: Provkommun, period: Period, svar: str, vantat: list[str]) -> None:
    kommun.skriv("styrning/2024/mal.csv", "enhet;rad;art;benamning\nskola;m1;mal;Alla klarar skolan\n")
    fil = kommun.lamna("skola", bok(mal__m1__bedomning=svar, mal__m1__kommentar="Fler behöriga."), period=period)
    assert [kod for kod, _ in funna(validera(kommun, fil)) if kod == "KR307"] == vantat
