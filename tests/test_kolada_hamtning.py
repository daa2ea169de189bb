"""Hämtningen ur Kolada, mot en riktig webbserver: allt eller inget, och det som saknas sägs."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kommunrapport import cli
from kommunrapport.karna.fel import AnvandningsFel, HamtningsFel, MallFel, Slutkod, UtmatningsFel
from kommunrapport.kolada import hamtning, klient
from kommunrapport.kolada.importera import Onskan, importera
from kommunrapport.kolada.klient import Granser, Klient
from kommunrapport.kolada.lage import Lage, las_lage, som_json, valj_lage
from kommunrapport.mall.organisation import Koladaval
from tests import kolada
from tests.kolada import Kolada, exempel, kpi, kropp, rad, server, status, tal, trog

DAG = date(2026, 11, 22)
SNABB = Granser(paus=0, okning=0, svar=2, forsok=2)
ALLA = ("N03702", "N00090", "U00200")
FELEN = "500 429 400 302 trög avbrutet inte-json halv-json lista annan-form utan-titel annan-värd runt stort tid"


@pytest.fixture(autouse=True)
def utan_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(klient, "Klient", partial(Klient, granser=SNABB))


@pytest.fixture
def k() -> Iterator[Kolada]:
    with server(exempel()) as k:
        yield k


def fraga(kod: str = "0483", nyckeltal: tuple[str, ...] = ALLA, **val: str) -> hamtning.Fraga:
    return hamtning.Fraga(kod, Koladaval.model_validate(val), {}, nyckeltal, 2015, DAG)


def hamta(k: Kolada, granser: Granser = SNABB, **annat: Any) -> Lage:
    return hamtning.hamta(Klient(k.url, granser), fraga(**annat))


def kor(*argument: str) -> int:
    return cli._kor(list(argument), felsok=False)


# --- det som kommer med ---


def test_varden_kommer_exakt_som_kolada_skrev_dem(k: Kolada) -> None:
    lage = hamta(k)
    assert lage.tal("N03702", "0319", 2021) == Decimal("298.917043")
    assert lage.tal("N03702", "G33614", 2023) == Decimal("361.4")
    assert lage.tabell["N03702", "G33614", 2023, "T"].antal == 9
    assert [lage.tal("N00090", "0483", 2024, kon) for kon in "TKM"] == [Decimal("7.1"), Decimal("8.0"), Decimal("4.4")]


def test_null_ar_en_uppgift_som_saknas_och_star_kvar_med_status(k: Kolada) -> None:
    lage = hamta(k)
    saknad = lage.tabell["U00200", "0483", 2025, "T"]
    assert (saknad.varde, saknad.tal, saknad.status) == (None, None, "Missing")
    assert lage.utan_varden == ("U00200",)


def test_ett_borttaget_varde_raknas_inte(k: Kolada) -> None:
    k.data.append(rad("N03702", "0483", 2024, tal(1.0, borta=True)))
    lage = hamta(k)
    assert lage.tal("N03702", "0483", 2024) is None
    assert lage.tabell["N03702", "0483", 2024, "T"].varde == Decimal("1.0")


def test_grupperna_hittas_pa_titel_med_det_senaste_aret(k: Kolada) -> None:
    lage = hamta(k)
    liknande, lan = lage.grupp("liknande"), lage.grupp("lan")
    assert liknande
    assert (liknande.id, liknande.medlemmar) == ("G37422", kolada.LIKNANDE)
    assert lan
    assert lan.id == "G33614"
    assert lage.namn("0319") == "Älvkarleby"


@pytest.mark.parametrize("vald", ["G37000", "Liknande kommuner, övergripande, Katrineholm, 2024"])
def test_en_vald_grupp_gar_fore(k: Kolada, vald: str) -> None:
    liknande = hamta(k, liknande=vald).grupp("liknande")
    assert liknande
    assert len(liknande.medlemmar) == 3


@pytest.mark.parametrize(("kod", "val"), [("0483", {"liknande": "Finns inte"}), ("0483", {"lan": "G1"}), ("9999", {}), ("0004", {}), ("0000", {})])
def test_en_grupp_eller_kommun_som_inte_finns_sags(k: Kolada, kod: str, val: dict[str, Any]) -> None:
    with pytest.raises(AnvandningsFel):
        hamta(k, kod=kod, **val)


def test_setets_grupp_ger_medlemmarna(k: Kolada) -> None:
    from kommunrapport.mall.koladaset import Koladaset

    k.kpigrupper = {"GKPI1": ("KKiK 2026 - Barn", ("N03702",)), "GKPI2": ("KKiK 2026 - Miljö", ("N00090",)), "GKPI3": ("Annat", ("U00200",))}
    set_ = Koladaset(titel="KKiK", kalla="prov", senast_kontrollerad=DAG, grupp="kkik")
    lage = hamtning.hamta(Klient(k.url, SNABB), replace(fraga(), extra=(), set={"kkik": set_}))
    assert dict(lage.set) == {"kkik": ("N03702", "N00090")}
    assert [g.namn for g in lage.grupper if g.roll == "set"] == ["KKiK 2026 - Barn", "KKiK 2026 - Miljö"]


@pytest.mark.parametrize("strikt", [False, True], ids=["utelämnat", "404"])
def test_ett_id_som_kolada_inte_kanner_namns(k: Kolada, strikt: bool) -> None:
    k.strikt = strikt
    lage = hamta(k, nyckeltal=("N03702", "N99999", "N00090"))
    assert lage.okanda == ("N99999",)
    assert [n.id for n in lage.nyckeltal] == ["N03702", "N00090"]


def test_sextio_nyckeltal_blir_tre_fragor(k: Kolada) -> None:
    ids = tuple(f"N{nr:05d}" for nr in range(60))
    k.kpier = {i: kpi(i) for i in ids}
    hamta(k, nyckeltal=ids)
    assert [len(f.split("/")[3].split(",")) for f in k.fragade if f.startswith("/v3/kpi/")] == [25, 25, 10]
    assert len([f for f in k.fragade if "/data/" in f]) == 3


def test_tre_sidor_blir_hela_svaret(k: Kolada) -> None:
    hela = hamta(k)
    k.per_sida = len(hela.varden) // 3 + 1
    k.fragade.clear()
    assert hamta(k) == hela
    assert [f for f in k.fragade if "page=3" in f]


def test_programmet_sager_vem_det_ar(k: Kolada) -> None:
    hamta(k)
    assert all(h["user-agent"].startswith("kommunrapport/") for h in k.huvuden)


def test_fragorna_gar_genom_proxyn(k: Kolada, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", k.url.removesuffix("/v3/"))
    k.per_sida = 20
    assert hamtning.hamta(Klient("http://api.kolada.invalid/v3/", SNABB), fraga()).varden
    assert all(f.startswith("http://api.kolada.invalid/v3/") for f in k.fragade)


# --- det som går fel ---


def test_efter_429_vantas_sa_lange_som_kolada_sager(k: Kolada) -> None:
    k.fel = [status(429, Retry_After="1")]
    start = time.monotonic()
    assert hamta(k).varden
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("fel", [[status(500)], [status(503), status(502)]])
def test_efter_ett_tillfalligt_fel_gors_nya_forsok(k: Kolada, fel: list[Callable[[Any], None]]) -> None:
    k.fel = fel
    assert hamta(k).varden


@pytest.mark.parametrize(
    ("fel", "granser"),
    [
        ([status(500)] * 3, SNABB),
        ([status(429)] * 3, SNABB),
        ([status(400)], SNABB),
        ([status(302, Location="http://127.0.0.1:1/")], SNABB),
        ([trog(0.6)] * 3, replace(SNABB, svar=0.2)),
        ([kropp(b'{"values": [', langd=500)], SNABB),
        ([kropp(b"<html>Logga in</html>")], SNABB),
        ([kropp(b'{"values": [{"id": 5')], SNABB),
        ([kropp(b"[1, 2]")], SNABB),
        ([kropp(b'{"value": []}')], SNABB),
        ([kropp(b'{"values": [{"id": "0483"}]}')], SNABB),
        ([kropp(b'{"values": [], "next_url": "http://annan.invalid/v3/kpi"}')], SNABB),
        ([kropp(b'{"values": [], "next_url": "/v3/kpi?page=1"}')] * 3, SNABB),
        ([kropp(b" " * 3000)], replace(SNABB, storlek=2000)),
        ([], replace(SNABB, hela=-1)),
    ],
    ids=FELEN.split(),
)
def test_ett_fel_ger_inget_lage(k: Kolada, fel: list[Callable[[Any], None]], granser: Granser) -> None:
    k.fel = fel
    with pytest.raises(HamtningsFel) as fangat:
        hamta(k, granser)
    assert fangat.value.slutkod == Slutkod.SAKNAS
    assert "annan.invalid" not in str(k.huvuden)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v3/", "http://finns-inte.invalid/v3/", "ftp://x/", "kolada"])
def test_en_adress_som_inte_svarar_sags(url: str) -> None:
    with pytest.raises(HamtningsFel):
        Klient(url, replace(SNABB, forsok=0)).alla("kpi/N00090")


def test_en_certifikatfil_som_inte_finns_sags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/finns/inte.pem")
    with pytest.raises(HamtningsFel):
        Klient("https://127.0.0.1:1/v3/", replace(SNABB, forsok=0)).alla("kpi/N00090")


def test_en_trasig_sista_fraga_skriver_ingenting(k: Kolada, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    k.data = [{"kpi": "N03702", "municipality": "0483"}]
    rot = kolada.katalog(tmp_path)
    assert kor("importera", "kolada", "--nyckeltal", "N03702", "--url", k.url, "--katalog", str(rot)) == 3
    assert not (rot / "styrning").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_varden_for_nagot_annat_an_det_som_fragades_avvisas(k: Kolada) -> None:
    k.extra = [rad("N00001", "0483", 2024, tal(1.0))]
    with pytest.raises(HamtningsFel):
        hamta(k)


# --- läget som fil ---


def test_laget_skrivs_daterat_och_lases_tillbaka_lika(k: Kolada, tmp_path: Path) -> None:
    rot = kolada.katalog(tmp_path)
    h = importera(rot, Onskan((), ALLA, None, DAG, url=k.url), ersatt=False)
    assert h.fil == rot / "styrning" / "kolada" / "2026-11-22.json"
    assert las_lage(h.fil) == h.lage
    assert som_json(las_lage(h.fil)) == h.fil.read_bytes()
    rader = [rad for rad in h.fil.read_text(encoding="utf-8").splitlines() if '"ar"' in rad]
    assert len(rader) == len(h.lage.varden)


def test_samma_dag_ersatts_bara_nar_det_sags(k: Kolada, tmp_path: Path) -> None:
    rot, onskan = kolada.katalog(tmp_path), Onskan((), ALLA, None, DAG, url=k.url)
    importera(rot, onskan, ersatt=False)
    fore = importera(rot, onskan, ersatt=False).fil.read_bytes()
    k.data.append(rad("N03702", "0483", 2020, tal(5.0)))
    with pytest.raises(UtmatningsFel):
        importera(rot, onskan, ersatt=False)
    assert valj_lage(rot).fil.read_bytes() == fore
    assert importera(rot, onskan, ersatt=True).fil.read_bytes() != fore


@pytest.mark.parametrize(("vald", "vantad"), [("", "2026-03-01"), ("2026-02-28", "2025-11-22"), ("2025-11-22.json", "2025-11-22")])
def test_ratt_lage_valjs(k: Kolada, tmp_path: Path, vald: str, vantad: str) -> None:
    rot = kolada.katalog(tmp_path)
    for dag in (date(2025, 11, 22), date(2026, 3, 1)):
        importera(rot, Onskan((), ALLA, None, dag, url=k.url), ersatt=False)
    assert valj_lage(rot, vald).fil.stem == vantad


@pytest.mark.parametrize(("vald", "fel"), [("2020-01-01", AnvandningsFel), ("annan.json", AnvandningsFel), ("trasig.json", MallFel)])
def test_ett_lage_som_inte_gar_att_lasa_sags(tmp_path: Path, vald: str, fel: type[Exception]) -> None:
    rot = kolada.katalog(tmp_path)
    (rot / "styrning" / "kolada").mkdir(parents=True)
    (rot / "styrning" / "kolada" / "trasig.json").write_text("{", encoding="utf-8")
    with pytest.raises(fel):
        valj_lage(rot, vald)


# --- ur fil ---

CSV = """gender,count,status,value,kpi,year,municipality_id,municipality,municipality_type
T,1,,31.32959689,N00945,2000,0180,Stockholm,K
T,1,,28.36722648,N00945,2000,1280,Malmö,K
T,,Missing,,N00945,2000,1480,Göteborg,K
"""


def test_en_hamtad_csv_blir_ett_lage(tmp_path: Path) -> None:
    rot, fil = kolada.katalog(tmp_path, "0180"), tmp_path / "data.csv"
    fil.write_text(CSV, encoding="utf-8")
    lage = importera(rot, Onskan((), (), 2000, DAG, filer=[fil]), ersatt=False).lage
    grupp = lage.grupp("ovriga")
    assert grupp
    assert (grupp.medlemmar, lage.grupp("liknande")) == (("1280", "1480"), None)
    assert lage.tal("N00945", "0180", 2000) == Decimal("31.32959689")
    assert lage.tabell["N00945", "1480", 2000, "T"].status == "Missing"


def test_hamtad_json_och_metadata_blir_ett_lage(tmp_path: Path) -> None:
    rot = kolada.katalog(tmp_path, "1082")
    data, meta = tmp_path / "data.json", tmp_path / "kpi.json"
    data.write_text(json.dumps({"values": exempel().data, "next_url": None}), encoding="utf-8")
    meta.write_text(json.dumps({"values": [{**kpi("N03702", "Titeln"), "prel_publication_date": float("nan")}]}), encoding="utf-8")
    lage = importera(rot, Onskan((), ("N03702", "N99999"), None, DAG, filer=[data, meta]), ersatt=False).lage
    uppgift = lage.uppgift("N03702")
    assert uppgift
    assert uppgift.titel == "Titeln"
    assert lage.okanda == ("N99999",)


def test_grupper_i_filerna_ar_de_liknande_och_lanets(tmp_path: Path) -> None:
    rot = kolada.katalog(tmp_path)
    (data, kommuner, grupper) = (tmp_path / f"{namn}.json" for namn in ("data", "kommuner", "grupper"))
    data.write_text(json.dumps({"values": exempel().data}), encoding="utf-8")
    kommuner.write_text(json.dumps({"values": [{"id": i, "title": t, "type": typ} for i, (t, typ) in kolada.KOMMUNER.items()]}), encoding="utf-8")
    poster = [{"id": g, "title": t, "members": [{"member_id": m} for m in ms]} for g, (t, ms) in kolada.GRUPPER.items()]
    grupper.write_text(json.dumps({"values": poster}), encoding="utf-8")
    lage = importera(rot, Onskan((), (), None, DAG, filer=[data, kommuner, grupper]), ersatt=False).lage
    assert [(g.roll, g.id) for g in lage.grupper] == [("liknande", "G37422"), ("lan", "G33614")]
    assert lage.tal("N03702", "G33614", 2023) == Decimal("361.4")


@pytest.mark.parametrize(
    ("skrivet", "vantat"), [("1 234,5", "1234.5"), ("1\u00a0234", "1234"), ("12,5", "12.5"), ("−3,2", "-3.2"), ("1.5e2", "1.5e2"), ("NaN", None)]
)
def test_talen_i_en_csv_far_skrivas_pa_svenska(tmp_path: Path, skrivet: str, vantat: str | None) -> None:
    fil = tmp_path / "data.csv"
    fil.write_text(f"kpi;year;gender;value;municipality_id\nN03034;2024;T;{skrivet};0180\n", encoding="utf-8")
    lage = importera(kolada.katalog(tmp_path, "0180"), Onskan((), (), 2000, DAG, filer=[fil]), ersatt=False).lage
    assert lage.tal("N03034", "0180", 2024) == (None if vantat is None else Decimal(vantat))


HUVUD = "kpi;year;gender;value;municipality_id"


@pytest.mark.parametrize(
    ("text", "platser"),
    [
        (f"{HUVUD}\nN03034;2024;T;1;0180\nN03034;2024;T;1.234,5 tkr;1280\n", ["rad 3, kolumn value"]),
        (f"{HUVUD}\nN03034;2024;T;1;Stockholm\n", ["rad 2, kolumn municipality_id", "0483"]),
        (f"{HUVUD}\nN03034;2024;T;1;180\n", ["rad 2, kolumn municipality_id", "0180"]),
        (f"{HUVUD}\nSoliditet;24;F;1;0180\n", ["rad 2, kolumn kpi", "rad 2, kolumn year", "rad 2, kolumn gender"]),
        (f"{HUVUD}\nN03034;2024;T;1\n", ["rad 2"]),
        (f"{HUVUD}\nN03034;2024;T;1;0180;x\n", ["rad 2"]),
        ("kpi,year,gender,value,municipality_id\nN03034,2024,T,12,5,0180\n", ["rad 2", "citattecken"]),
        ("kpi;år;gender;varde;municipality_id\n", ["rad 1", "year och value", "år och varde"]),
        ("kpi|year|gender|value|municipality_id\n", ["rad 1", "semikolon"]),
        ("id;title;type\n0180;Stockholm;kommun\n", ["rad 2, kolumn type"]),
        (f"{HUVUD}\nN03034;2024;T;1;0180\nN03034;2024;T;2;0180\n", ["N03034", "1 i fil.csv", "2 i fil.csv"]),
        ('{"values": [\n{"kpi": ]}', ["rad 2, tecken 9"]),
        ('{"values": [{"kpi": "N03034", "period": 2024, "municipality": "0180", "values": 5}]}', ["post 1"]),
        ('{"values": [{"id": "0180", "title": "Stockholm", "type": "K"}, 5]}', ["post 2"]),
    ],
)
def test_fel_i_en_fil_har_fil_rad_och_kolumn(tmp_path: Path, text: str, platser: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    rot, fil = kolada.katalog(tmp_path, "0180"), tmp_path / "fil.csv"
    fil.write_text(text, encoding="utf-8")
    assert kor("importera", "kolada", "--fran-fil", str(fil), "--katalog", str(rot)) == 2
    fel = capsys.readouterr().err
    assert [p for p in ("fil.csv", *platser) if p not in fel] == []


@pytest.mark.parametrize("data", [CSV.encode("cp1252"), b"PK\x03\x04"], ids=["cp1252", "xlsx"])
def test_en_fil_som_inte_ar_text_i_utf8_sags(tmp_path: Path, data: bytes) -> None:
    rot, fil = kolada.katalog(tmp_path, "0180"), tmp_path / "fil.csv"
    fil.write_bytes(data)
    assert kor("importera", "kolada", "--fran-fil", str(fil), "--katalog", str(rot)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nyckeltal;2023;2024\nSoliditet;1;2\n",
        "{",
        '{"values": [{"a": 1}]}',
        '{"values": [], "next_url": "http://x/"}',
        CSV.replace("31.3", "x"),
        CSV.replace("0180", "0181"),
    ],
)
def test_en_fil_i_annan_form_sags(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    rot, fil = kolada.katalog(tmp_path, "0180"), tmp_path / "fil"
    fil.write_text(text, encoding="utf-8")
    assert kor("importera", "kolada", "--fran-fil", str(fil), "--katalog", str(rot)) == 2
    assert "Traceback" not in capsys.readouterr().err


# --- kommandot ---


@pytest.mark.parametrize("har_lage", [False, True])
def test_utan_nat_sags_det_som_gar_anda(k: Kolada, tmp_path: Path, har_lage: bool, capsys: pytest.CaptureFixture[str]) -> None:
    rot = kolada.katalog(tmp_path)
    if har_lage:
        importera(rot, Onskan((), ALLA, None, DAG, url=k.url), ersatt=False)
    assert kor("importera", "kolada", "--nyckeltal", "N03702", "--url", "http://127.0.0.1:1/v3/", "--katalog", str(rot)) == 3
    fel = capsys.readouterr().err
    assert "--fran-fil" in fel
    assert "HTTPS_PROXY" in fel
    assert ("22 november 2026" in fel) == har_lage


def test_felet_nar_inget_lage_ar_sa_gammalt_namner_de_som_finns(k: Kolada, tmp_path: Path) -> None:
    rot = kolada.katalog(tmp_path)
    for dag in (date(2025, 11, 22), date(2026, 3, 1)):
        importera(rot, Onskan((), ALLA, None, dag, url=k.url), ersatt=False)
    with pytest.raises(AnvandningsFel, match="2025-11-22 och 2026-03-01"):
        valj_lage(rot, "2020-01-01")


def test_kommandot_sager_vad_som_saknas(k: Kolada, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    k.kpier["N00902"] = kpi("N00902", "Skattesats till region", typ="L")
    nyckeltal = [del_ for i in (*ALLA, "N00902", "N99999") for del_ in ("--nyckeltal", i)]
    assert kor("importera", "kolada", *nyckeltal, "--url", k.url, "--katalog", str(kolada.katalog(tmp_path))) == 0
    ut = capsys.readouterr()
    assert [i for i in ("N99999", "U00200", "N00902") if i not in ut.err] == []
    assert date.today().isoformat() in ut.out  # noqa: DTZ011


@pytest.mark.parametrize(
    ("kod", "flaggor", "slutkod"),
    [
        ("", [], 5),
        ("0483", ["--set", "finns-inte"], 2),
        ("0483", ["--nyckeltal", "soliditet"], 2),
        ("0483", ["--datum", "2020-01-01"], 2),
    ],
)
def test_fel_anvandning(tmp_path: Path, kod: str, flaggor: list[str], slutkod: int) -> None:
    assert kor("importera", "kolada", *flaggor, "--katalog", str(kolada.katalog(tmp_path, kod))) == slutkod
