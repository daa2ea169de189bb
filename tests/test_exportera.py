"""Exporten: öppna data och Parquet ur en eller flera kommuner, med exakta värden och utan det som inte får lämna kommunen."""

import csv
import io
import json
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.bevarande.avtryck import avtryck_av
from kommunrapport.export.korning import PARQUET, Exportval, alla_perioder, exportera
from kommunrapport.export.oppnadata import Utgivare, datapaket
from kommunrapport.export.tabeller import TABELLER
from kommunrapport.faststallande import Begaran, faststall
from kommunrapport.karna.fel import AnvandningsFel, Slutkod
from kommunrapport.karna.period import Period
from kommunrapport.kataloger import las_kataloglista
from kommunrapport.mall.periodmall import las_arbetskatalog
from tests.kommun import ATGARD, KOMMUN_TOML, PERIOD, Kommandorad, Provkommun, bok, finansbok, lamna_bocker, vardbok

duckdb = pytest.importorskip("duckdb")

ROT = Path(floden.__file__).parents[1]
EPOST = "namn.efternamn@provkoping.example"
SKOLBOK = bok(
    drift__grund__utfall=Decimal("-40000.12"),
    drift__grund__prognos="vet inte, ring Anna",
    drift__grund__kommentar=f"Fråga {EPOST};\nrad två",
    drift__fritids__utfall="–",
    drift__fritids__prognos="e.t.",
    kostnadsslag__intakter__utfall="",
    forsatt__kontaktperson__svar="Anna Andersson",
    forsatt__epost__svar=EPOST,
    sjukfranvaro__man__antal=4,
    **ATGARD,
)


@pytest.fixture(scope="module")
def provkommun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """En kommun vars skola har lämnat ett tal med ören, ett streck, e.t., något oläsbart, något tomt och en liten grupp."""
    kommun = Provkommun(tmp_path_factory.mktemp("provkoping"))
    kommun.skriv("kommun.toml", f'{KOMMUN_TOML}\n[oppna_data]\nlicens = "CC0-1.0"\n')
    lamna_bocker(kommun, {"skola": SKOLBOK, "vard": vardbok(), "finans": finansbok()})
    return kommun.katalog


@pytest.fixture(scope="module")
def oppna(provkommun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return skrivet(provkommun, tmp_path_factory.mktemp("oppna")) / "provköping"


@pytest.fixture(scope="module")
def som_parquet(provkommun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return skrivet(provkommun, tmp_path_factory.mktemp("parquet"), PARQUET)


def skrivet(katalog: Path, ut: Path, form: str = "csv", *, med_texter: bool = False) -> Path:
    exportera([katalog], Exportval(ut, form, (PERIOD,), med_texter))
    return ut


def tabellen(mapp: Path, namn: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((mapp / f"{namn}.csv").read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


def uppgift(mapp: Path, enhet: str, tabell: str, rad: str, kolumn: str) -> dict[str, str]:
    (en,) = (r for r in tabellen(mapp, "fakta") if (r["enhet"], r["tabell"], r["rad"], r["kolumn"]) == (enhet, tabell, rad, kolumn))
    return en


def all_text(mapp: Path) -> str:
    return "".join((mapp / f"{t.namn}.csv").read_text("utf-8") for t in TABELLER)


def fraga(sql: str, mapp: Path) -> list[tuple[object, ...]]:
    """Svaret på en fråga där ``export/`` är mappen, som i docs/export.md."""
    return list(duckdb.sql(sql.replace("'export/", f"'{mapp.as_posix()}/")).fetchall())


# Värdena


@pytest.mark.parametrize(
    ("tabell", "rad", "kolumn", "tillstand", "varde"),
    [
        ("drift", "grund", "utfall", "varde", "-40000120,00"),
        ("drift", "grund", "prognos", "otolkat", ""),
        ("drift", "fritids", "utfall", "streck", ""),
        ("drift", "fritids", "prognos", "ej_tillampligt", ""),
        ("kostnadsslag", "intakter", "utfall", "tomt", ""),
        ("kostnadsslag", "personal", "utfall", "varde", "-36000000,00"),
        ("personal", "anstallda", "nu", "varde", "100,00"),
        ("sjukfranvaro", "man", "antal", "dold", ""),
        ("sjukfranvaro", "man", "sjuk_tid", "dold", ""),
        ("sjukfranvaro", "totalt", "antal", "varde", "50,00"),
    ],
)
def test_varje_cell_ar_exakt_och_har_sitt_tillstand(oppna: Path, tabell: str, rad: str, kolumn: str, tillstand: str, varde: str) -> None:
    u = uppgift(oppna, "skola", tabell, rad, kolumn)
    assert (u["tillstand"], u["varde"], u["text"]) == (tillstand, varde, "")


def test_cellen_ar_namngiven_och_daterad(oppna: Path) -> None:
    u = uppgift(oppna, "skola", "drift", "grund", "utfall")
    assert (u["kommun"], u["kommunnamn"], u["period"], u["periodens_slut"]) == ("provköping", "Provköpings kommun", "2024-08", "2024-08-31")
    assert (u["enhetsnamn"], u["enhetsslag"], u["radnamn"], u["slag"]) == ("Skolnämnden", "namnd", "Grundskola", "belopp")
    assert (u["fil"], u["blad"], u["cell"]) == ("inlamnat/2024-08/skola.xlsx", "Driftredovisning", "D6")
    assert u["kolumnrubrik"] == "Utfall jan–aug 2024"
    assert u["faststalld"] == "false"


def test_bokens_egna_summor_raknas_inte(oppna: Path) -> None:
    rader = [r for r in tabellen(oppna, "fakta") if (r["enhet"], r["tabell"], r["kolumn"]) == ("vard", "drift", "utfall")]
    assert {r["rad"]: r["raknas"] for r in rader} == {"hemtjanst": "true", "summa": "false"}


def test_besluten_ar_med(oppna: Path) -> None:
    u = uppgift(oppna, "skola", "drift", "fritids", "ursprunglig")
    assert (u["varde"], u["fil"]) == ("-10000000,00", "styrning/2024/driftbudget.csv")


def test_siffrorna_ar_i_kronor_med_det_tryckta_bredvid(oppna: Path) -> None:
    siffror = {r["siffra"]: r for r in tabellen(oppna, "siffror")}
    s = siffror["drift.vard.utfall"]
    assert (s["varde"], s["matt"], s["visas"], s["visas_i"], s["radtyp"], s["enhet"]) == ("-20000000", "kr", "−20,0", "mnkr", "rad", "vard")
    assert siffror["resultat.arets_resultat.utfall"]["radtyp"] == "slutrad"


def test_siffran_har_sina_celler_som_finns_bland_uppgifterna(oppna: Path) -> None:
    kallor = [(r["fil"], r["blad"], r["cell"]) for r in tabellen(oppna, "kallor") if r["siffra"] == "drift.vard.avvikelse"]
    platser = {(r["fil"], r["blad"], r["cell"]): r["kolumn"] for r in tabellen(oppna, "fakta")}
    assert sorted(platser[k] for k in kallor) == ["prognos", "ursprunglig"]


def test_varje_kalla_hor_till_en_siffra(oppna: Path) -> None:
    siffror = [r["siffra"] for r in tabellen(oppna, "siffror")]
    assert len(siffror) == len(set(siffror))
    assert {r["siffra"] for r in tabellen(oppna, "kallor")} <= set(siffror)


# Formen


def test_filerna_ar_for_svenskt_excel(oppna: Path) -> None:
    for tabell in TABELLER:
        data = (oppna / f"{tabell.namn}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf" + ";".join(f.namn for f in tabell.falt).encode() + b"\r\n")


def test_datapaketet_beskriver_filerna(oppna: Path) -> None:
    paket = json.loads((oppna / "datapackage.json").read_text("utf-8"))
    assert paket["name"] == "kommunrapport-provkopings-kommun"
    assert [r["path"] for r in paket["resources"]] == ["fakta.csv", "siffror.csv", "kallor.csv"]
    for resurs in paket["resources"]:
        falt = resurs["schema"]["fields"]
        assert [f["name"] for f in falt] == list(tabellen(oppna, resurs["name"])[0])
        assert all(f["title"] and f["description"] for f in falt)
        assert {f.get("decimalChar") for f in falt if f["type"] == "number"} <= {","}
        assert (resurs["dialect"]["delimiter"], resurs["encoding"]) == (";", "utf-8")
    assert paket["licenses"] == [{"name": "CC0-1.0"}]
    assert [k["title"] for k in paket["sources"]] == ["Provköpings kommun: Delårsrapport 2024-08, utkast"]


@pytest.mark.parametrize(("licens", "poster"), [("", None), ("https://a.example/villkor", [{"path": "https://a.example/villkor"}])])
def test_licensen_ar_ett_namn_eller_en_lank(licens: str, poster: object) -> None:
    assert json.loads(datapaket(Utgivare("Provköping", licens), (), med_texter=False)).get("licenses") == poster


def test_dokumentationen_har_varje_kolumn() -> None:
    text = (ROT / "docs/export.md").read_text("utf-8")
    assert [f.namn for t in TABELLER for f in t.falt if f"| `{f.namn}` | {f.typ.i_parquet} | {f.betyder} |" not in text] == []


# Det som inte får lämna kommunen


def test_fritext_ar_bara_med_nar_den_begars(provkommun: Path, oppna: Path, tmp_path: Path) -> None:
    med = skrivet(provkommun, tmp_path, med_texter=True) / "provköping"
    for fritext in ("rad två", "Färre vikarier", "ring Anna"):
        assert (fritext in all_text(oppna), fritext in all_text(med)) == (False, True)
    assert uppgift(med, "skola", "drift", "grund", "kommentar")["text"] == "Fråga [e-postadress borttagen];\nrad två"
    for aldrig in (EPOST, "Anna Andersson"):
        assert aldrig not in all_text(oppna) + all_text(med)


def test_en_dold_cell_ar_ingen_kalla(oppna: Path) -> None:
    dolda = {(r["fil"], r["blad"], r["cell"]) for r in tabellen(oppna, "fakta") if r["tillstand"] == "dold"}
    assert dolda
    assert not dolda & {(r["fil"], r["blad"], r["cell"]) for r in tabellen(oppna, "kallor")}


# Parquet


def test_parquet_har_samma_varden_med_typer(som_parquet: Path, oppna: Path) -> None:
    mapp = som_parquet
    for tabell in TABELLER:
        svar = duckdb.read_parquet((mapp / f"kommun=provköping/period=2024-08/{tabell.namn}.parquet").as_posix())
        assert dict(zip(svar.columns, map(str, svar.types), strict=True)) == {f.namn: f.typ.i_parquet for f in tabell.falt}
        assert len(svar.fetchall()) == len(tabellen(oppna, tabell.namn))
    grund = "FROM 'export/*/*/fakta.parquet' WHERE enhet = 'skola' AND tabell = 'drift' AND rad = 'grund' AND kolumn"
    utfall = [("provköping", "2024-08", Decimal("-40000120.00"), date(2024, 8, 31), True)]
    assert fraga(f"SELECT kommun, period, varde, periodens_slut, raknas {grund} = 'utfall'", mapp) == utfall
    assert fraga(f"SELECT varde, text {grund} = 'prognos'", mapp) == [(None, "")]


def test_fragorna_i_dokumentationen_ger_svar(som_parquet: Path) -> None:
    text = (ROT / "docs/export.md").read_text("utf-8").replace("hällsjöås", "provköping").replace("socialnamnden", "vard")
    drift, celler, resultat = (fraga(sql, som_parquet) for sql in re.findall(r"```sql\n(.*?)```", text, re.DOTALL))
    assert drift == [("Provköpings kommun", "2024-08", "Skolnämnden", -40.0, -71.0), ("Provköpings kommun", "2024-08", "Vårdnämnden", -20.0, -30.0)]
    assert celler == [("inlamnat/2024-08/vard.xlsx", "Driftredovisning", "D6", "Hemtjänst", "Utfall jan–aug 2024", Decimal(-20_000_000))]
    assert [(rad[4], rad[5], rad[6]) for rad in resultat] == [(Decimal(2_100_000), "2,1", "mnkr")] * 2


def test_samma_underlag_ger_samma_byte(provkommun: Path, oppna: Path, som_parquet: Path, tmp_path: Path) -> None:
    for forst, form in ((oppna.parent, "csv"), (som_parquet, PARQUET)):
        sedan = skrivet(provkommun, tmp_path / form, form)
        avtryck = [{f.relative_to(m).as_posix(): avtryck_av(f) for f in m.rglob("*") if f.is_file()} for m in (forst, sedan)]
        assert avtryck[0] == avtryck[1]


# Flera kommuner och perioder


def test_en_kommun_som_inte_gar_stoppar_inte_de_andra(hel_kommun: Provkommun, kor: Kommandorad, tmp_path: Path) -> None:
    """En trasig, en hel, en till med samma korta namn, och en till med ett annat."""
    for namn, kort in (("samma", "Provköping"), ("habo", "Habo")):
        mapp = shutil.copytree(hel_kommun.katalog, tmp_path / namn, ignore=shutil.ignore_patterns("samma", "habo"))
        (mapp / "kommun.toml").write_text(KOMMUN_TOML.replace("Provköping", kort), "utf-8")
    hel_kommun.skriv("trasig/kommun.toml", "[kommun]\n")
    lista = hel_kommun.skriv("lista.txt", f"# Fyra kommuner\n\ntrasig\n.\n{tmp_path / 'samma'}\n{tmp_path / 'habo'}\n")
    ut = tmp_path / "ut"
    svar = kor("exportera", "--period", "2024-08", "--kataloger", str(lista), "--format", "parquet", "--ut", str(ut), "--json")
    assert svar.kod == Slutkod.MALL
    assert [(k["slutkod"], len(k["skrivet"]), bool(k["meddelanden"])) for k in json.loads(svar.ut)["kommuner"]] == [
        (Slutkod.MALL, 0, True),
        (Slutkod.KLART, 3, False),
        (Slutkod.ANVANDNING, 0, True),
        (Slutkod.KLART, 3, False),
    ]
    assert fraga("SELECT DISTINCT kommun FROM 'export/*/*/fakta.parquet' ORDER BY 1", ut) == [("habo",), ("provköping",)]


def test_en_period_som_saknas_stoppar_inte_de_andra(hel_kommun: Provkommun, tmp_path: Path) -> None:
    (utfall,) = exportera([hel_kommun.katalog], Exportval(tmp_path / "ut", "csv", (Period(2024, 3), PERIOD)))
    assert (utfall.slutkod, utfall.perioder, utfall.utkast) == (Slutkod.SAKNAS, ["2024-08"], ["2024-08"])


def test_fel_i_inlamningarna_sags_och_exporteras_anda(provkommun: Path, tmp_path: Path) -> None:
    (utfall,) = exportera([provkommun], Exportval(tmp_path / "ut", "csv", (PERIOD,)))
    assert (utfall.slutkod, utfall.perioder, len(utfall.meddelanden)) == (Slutkod.ANMARKNINGAR, ["2024-08"], 1)


def test_alla_perioder_ar_de_med_inlamningar(hel_kommun: Provkommun) -> None:
    hel_kommun.skriv("inlamnat/2024-03/.DS_Store", "")
    hel_kommun.skriv("inlamnat/gammalt/skola.xlsx", "")
    assert alla_perioder(las_arbetskatalog(hel_kommun.katalog)) == [PERIOD]


def test_en_faststalld_period_ar_ur_arkivet(hel_kommun: Provkommun, tmp_path: Path) -> None:
    katalog = hel_kommun.katalog
    skrivna = floden.skriv_rapport(hel_kommun.sammanstall())
    faststall(katalog, Begaran(PERIOD, beslut="KF 2024-11-25 § 150", dokument=[f for f in skrivna if f.suffix == ".docx"]))
    hel_kommun.lamna("vard", vardbok(drift__hemtjanst__utfall=-1))
    (utfall,) = exportera([katalog], Exportval(tmp_path / "ut", "csv", (PERIOD,)))
    u = uppgift(tmp_path / "ut/provköping", "vard", "drift", "hemtjanst", "utfall")
    assert (utfall.slutkod, u["varde"], u["faststalld"], u["fil"]) == (0, "-20000000,00", "true", "inlamnat/2024-08/vard.xlsx")

    i_arkivet = katalog / "arkiv/2024-08/v1/inlamnat/2024-08/vard.xlsx"
    i_arkivet.chmod(0o644)
    shutil.copy(katalog / "inlamnat/2024-08/vard.xlsx", i_arkivet)
    (utfall,) = exportera([katalog], Exportval(tmp_path / "ut2", "csv", (PERIOD,)))
    assert (utfall.slutkod, utfall.skrivet) == (Slutkod.MALL, [])


# Kommandot


def test_en_andrad_fil_ersatts_inte_utan_att_det_sags(provkommun: Path, oppna: Path, kor: Kommandorad, tmp_path: Path) -> None:
    ut = shutil.copytree(oppna.parent, tmp_path / "ut")
    argument, fil = ("exportera", "--period", "2024-08", "--ut", str(ut)), ut / "provköping/fakta.csv"
    fil.write_text("egen", "utf-8")
    assert kor(*argument, katalog=provkommun).kod == Slutkod.UTMATNING
    assert fil.read_text("utf-8") == "egen"
    assert kor(*argument, "--ersatt", katalog=provkommun).kod == Slutkod.ANMARKNINGAR
    assert fil.read_bytes() == (oppna / "fakta.csv").read_bytes()


@pytest.mark.parametrize(
    "flaggor",
    [
        (),
        ("--alla", "--period", "2024-08"),
        ("--period", "augusti"),
        ("--alla", "--format", "xml"),
        ("--alla", "--kataloger", "finns-inte.txt"),
    ],
)
def test_felaktiga_flaggor(kor: Kommandorad, tmp_path: Path, flaggor: tuple[str, ...]) -> None:
    assert kor("exportera", "--ut", str(tmp_path / "ut"), *flaggor).kod == Slutkod.ANVANDNING
    assert not (tmp_path / "ut").exists()


def test_utan_duckdb_sags_vad_som_ska_installeras(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(AnvandningsFel, match=r"kommunrapport\[export\]"):
        exportera([tmp_path], Exportval(tmp_path, PARQUET, (PERIOD,)))


def test_listan_over_kataloger(tmp_path: Path) -> None:
    for namn in ("a", "b"):
        (tmp_path / namn).mkdir()
    lista = tmp_path / "lista.txt"
    lista.write_text(f"\ufeff# kommuner\r\n a \r\n\r\n#b\n{(tmp_path / 'b').as_posix()}\n", "utf-8")
    assert las_kataloglista(lista) == (tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(
    ("innehall", "brister"),
    [(b"", 1), (b"# bara en kommentar\n", 1), (b"a\nsaknas\na\n./a\n", 3), (b"\xe5\n", 1)],
)
def test_fel_i_listan_sags_rad_for_rad(tmp_path: Path, innehall: bytes, brister: int) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "lista.txt").write_bytes(innehall)
    with pytest.raises(AnvandningsFel) as fel:
        las_kataloglista(tmp_path / "lista.txt")
    assert len(fel.value.rader) == brister
