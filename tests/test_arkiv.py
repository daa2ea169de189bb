"""Arkivet: en fastställd rapport kan prövas, återskapas ur arkivet ensamt och aldrig ändras."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kommunrapport import aterskapande, faststallande, floden, utskick
from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.arkivkontroll import kontrollera
from kommunrapport.bevarande.avtryck import avtryck_av
from kommunrapport.faststallande import Begaran, tolka_beslut
from kommunrapport.karna.fel import AnmarkningsFel, AnvandningsFel, FaststalldFel, KommunrapportFel, MallFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.rapport import utmatning
from kommunrapport.rapport.innehall import med_sidnummer
from kommunrapport.samling import samla
from tests.kommun import ANNAT_I_FJOL, DRIFTBUDGET, PERIOD, TILLAGG, Kommandorad, Provkommun, bok

FJOL, MARS = Period(2023, 8), Period(2024, 3)
BESLUT = "KF 2024-11-25 § 150"
V1 = f"arkiv/{PERIOD}/v1"
WORD = f"rapporter/{PERIOD}/Delårsrapport {PERIOD}.docx"
UTKASTEN = 5
ROT = Path(floden.__file__).parents[1]


@pytest.fixture(scope="module")
def mallen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """En kommun där alla har lämnat och delårsrapporten är skriven och redigerad."""
    kommun = Provkommun(tmp_path_factory.mktemp("skriven"))
    kommun.lamna_alla()
    kommun.skriv(f"avstamning/{PERIOD}.csv", "tabell;rad;kolumn;belopp\n")
    kommun.skriv("inlamnat/2024-03/.DS_Store", "")
    floden.skriv_rapport(kommun.sammanstall())
    return kommun.katalog


@pytest.fixture
def katalog(mallen: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mallen, tmp_path / "kommun"))


@pytest.fixture(scope="module")
def faststalld_mall(mallen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    katalog = Path(shutil.copytree(mallen, tmp_path_factory.mktemp("faststalld") / "kommun"))
    (katalog / WORD).write_bytes(b"redigerat av kommunen")
    faststall(katalog)
    return katalog


@pytest.fixture
def faststalld(faststalld_mall: Path, tmp_path: Path) -> Path:
    """Samma kommun när rapporten är fastställd, med kommunens redigerade Worddokument."""
    return Path(shutil.copytree(faststalld_mall, tmp_path / "kommun"))


def faststall(katalog: Path, period: Period = PERIOD, **val: object) -> faststallande.Faststalld:
    """Är utkastet oförändrat nämns det, som programmet kräver."""
    mapp = katalog / "rapporter" / str(period)
    skrivna = {mapp / namn: summa for namn, summa in utmatning.senast_skrivet(mapp).items() if namn.endswith(".docx")}
    orort = [fil for fil, summa in skrivna.items() if fil.is_file() and avtryck_av(fil) == summa]
    return faststallande.faststall(katalog, Begaran(period, **{"beslut": BESLUT, "dokument": orort, **val}))  # type: ignore[arg-type]


def innehall(mapp: Path) -> dict[str, str]:
    return {f.relative_to(mapp).as_posix(): avtryck_av(f) for f in sorted(mapp.rglob("*")) if f.is_file()}


def skriv_om(katalog: Path, period: Period = PERIOD, *, rattelse: bool = False, ersatt: bool = False) -> None:
    kommando = "manad" if period == MARS else "delar"
    floden.skriv_rapport(floden.sammanstall(katalog, period, kommando), rattelse=rattelse, ersatt=ersatt)


def rollerna(katalog: Path) -> dict[str, str]:
    return {f["fil"]: f["roll"] for f in json.loads((katalog / V1 / "manifest.json").read_text("utf-8"))["filer"]}


# Det som arkiveras


def test_indata_ar_byteslika_och_ligger_dar_de_lag(faststalld: Path) -> None:
    for vag in (
        "kommun.toml",
        f"avstamning/{PERIOD}.csv",
        "styrning/2024/driftbudget.csv",
        *(f"inlamnat/{PERIOD}/{e}.xlsx" for e in ("skola", "vard", "finans")),
    ):
        assert (faststalld / V1 / vag).read_bytes() == (faststalld / vag).read_bytes()


def test_utkastet_och_det_antagna_halls_isar(faststalld: Path, mallen: Path) -> None:
    assert (faststalld / V1 / WORD).read_bytes() == (mallen / WORD).read_bytes()
    assert (faststalld / V1 / "dokument" / Path(WORD).name).read_bytes() == b"redigerat av kommunen"
    roller = rollerna(faststalld)
    assert roller[WORD] == "utkast"
    assert [vag for vag, roll in roller.items() if roll == "antaget dokument"] == [f"dokument/{Path(WORD).name}"]
    assert all(roller.values())


def test_manifestet_har_beslutet_enheterna_och_varje_fil(faststalld: Path) -> None:
    m = json.loads((faststalld / V1 / "manifest.json").read_text("utf-8"))
    assert m["beslut"] == {"text": BESLUT, "organ": "KF", "datum": "2024-11-25", "paragraf": "150"}
    assert m["enheter"] == {e: [f"inlamnat/{PERIOD}/{e}.xlsx"] for e in ("finans", "skola", "vard")}
    assert m["antaget"] == [f"dokument/{Path(WORD).name}"]
    ligger = innehall(faststalld / V1)
    assert {f["fil"]: f["sha256"] for f in m["filer"]} == {v: s for v, s in ligger.items() if v not in ("manifest.json", "SHA256SUMS")}
    assert str(faststalld.parent) not in json.dumps(m)


def test_summorna_gar_att_prova_utan_programmet(faststalld: Path) -> None:
    rader = (faststalld / V1 / "SHA256SUMS").read_text("utf-8").splitlines()
    par = {vag: summa for summa, vag in (rad.split("  ", 1) for rad in rader)}
    assert par == {vag: summa for vag, summa in innehall(faststalld / V1).items() if vag != "SHA256SUMS"}
    if shutil.which("sha256sum"):
        assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=faststalld / V1, check=False).returncode == 0


def test_filerna_ar_skrivskyddade(faststalld: Path) -> None:
    assert all(not fil.stat().st_mode & stat.S_IWUSR for fil in (faststalld / V1).rglob("*") if fil.is_file())


def test_handelsen_bar_manifestets_avtryck(faststalld: Path) -> None:
    h = handelser.las(faststalld).handelser[-1]
    assert (h.slag, h.period, h.fil, h.uppgifter) == (handelser.FASTSTALLD, str(PERIOD), f"{V1}/manifest.json", {"version": 1, "beslut": BESLUT})
    assert h.sha256 == avtryck_av(faststalld / V1 / "manifest.json")


def test_det_utpekade_dokumentet_arkiveras_i_stallet_for_det_som_ligger_i_mappen(katalog: Path, tmp_path: Path) -> None:
    (katalog / f"rapporter/{PERIOD}/gammal kopia.docx").write_bytes(b"kladd")
    antaget = tmp_path / "Antagen.pdf"
    antaget.write_bytes(b"%PDF antagen")
    m = faststall(katalog, dokument=[antaget]).manifest
    assert m["antaget"] == ["dokument/Antagen.pdf"]
    assert not [f for f in m["filer"] if "kladd" in f["fil"] or "kopia" in f["fil"]]


def test_enheternas_egna_rapporter_foljer_med(katalog: Path) -> None:
    floden.skriv_rapport(floden.sammanstall(katalog, PERIOD), ["skola"])
    m = faststall(katalog).manifest
    assert m["egna_rapporter"] == ["skola"]
    assert sorted(Path(f["fil"]).suffix for f in m["filer"] if "/enheter/" in f["fil"] and f["roll"] == "utkast") == [".docx", ".xlsx"]
    assert aterskapande.aterskapa(katalog / V1).lika


def test_en_enhets_aldre_rapport_arkiveras_som_den_antogs(katalog: Path) -> None:
    """Nämnden kan ha antagit sin rapport innan någon rättade en bok."""
    egna = f"rapporter/{PERIOD}/enheter/Skolnämnden delårsrapport {PERIOD}.docx"
    floden.skriv_rapport(floden.sammanstall(katalog, PERIOD), ["skola"])
    antagen = (katalog / egna).read_bytes()
    _rattad_bok(katalog)
    skriv_om(katalog)
    (katalog / WORD).write_bytes(b"redigerat")
    ny = faststall(katalog)
    assert (katalog / V1 / "dokument/enheter" / Path(egna).name).read_bytes() == antagen
    assert not (katalog / V1 / egna).exists()
    assert len(ny.upplysningar) == 2
    assert f"dokument/{Path(WORD).name}" in ny.manifest["antaget"]
    assert aterskapande.aterskapa(katalog / V1).lika


def test_ett_nytt_utkast_bredvid_det_redigerade_ar_rapporten_men_inte_antaget(katalog: Path) -> None:
    """Ekonomichefen har fört in det nya i sitt redigerade dokument; utkastet bredvid ligger kvar."""
    redigerat = katalog / WORD
    redigerat.write_bytes(b"redigerat")
    _rattad_bok(katalog)
    floden.skriv_rapport(floden.sammanstall(katalog, PERIOD), bredvid=True)
    with pytest.raises(AnvandningsFel):
        faststall(katalog)
    ny = faststall(katalog, dokument=[redigerat])
    assert ny.manifest["antaget"] == [f"dokument/{redigerat.name}"]
    assert (katalog / V1 / "dokument" / redigerat.name).read_bytes() == b"redigerat"
    assert (katalog / V1 / WORD).read_bytes() == redigerat.with_name(utmatning.nytt_utkast(redigerat.name)).read_bytes()
    assert aterskapande.aterskapa(katalog / V1).lika


def test_ett_utkast_med_sidnummer_kanns_igen_och_aterskapas_med_dem(katalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bokmarken = {"_Toc1": 3}
    monkeypatch.setattr(faststallande, "sidor_i", lambda _: bokmarken)
    for modul in (faststallande, aterskapande):
        monkeypatch.setattr(modul, "med_sidnummer", lambda data, sidor: med_sidnummer(data, sidor) + b" med sidor")
    filer = floden.utkast(floden.sammanstall(katalog, PERIOD))
    namn, pdf = Path(WORD).name, Path(WORD).with_suffix(".pdf").name
    utmatning.skriv_filer(
        katalog / f"rapporter/{PERIOD}", {**filer, namn: med_sidnummer(filer[namn], bokmarken) + b" med sidor", pdf: b"%PDF"}, ersatt=True
    )
    m = faststall(katalog, dokument=[katalog / WORD, (katalog / WORD).with_suffix(".pdf")]).manifest
    assert m["sidnummer"] == {namn: bokmarken}
    assert m["antaget"] == [WORD, str(Path(WORD).with_suffix(".pdf"))]
    assert aterskapande.aterskapa(katalog / V1).lika


def test_en_pdf_fran_en_tidigare_korning_arkiveras_inte_som_om_den_visade_utkastet(katalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faststallande, "sidor_i", lambda _: {"_Toc1": 3})
    pdf = Path(WORD).with_suffix(".pdf").name
    utmatning.skriv_filer(katalog / f"rapporter/{PERIOD}", {pdf: b"%PDF"}, ersatt=True)
    ny = faststall(katalog)
    assert ny.manifest["antaget"] == [WORD]
    assert len(ny.upplysningar) == 1
    assert not list((katalog / V1).rglob("*.pdf"))


@pytest.mark.parametrize(
    ("text", "delar"),
    [
        ("KF 2024-11-25 § 150", ("KF", "2024-11-25", "150")),
        ("Kommunfullmäktige 2024-11-25, §150", ("Kommunfullmäktige", "2024-11-25", "150")),
        ("kommunstyrelsen § 12 b, 2025-03-01", ("kommunstyrelsen", "2025-03-01", "12 b")),
        ("KF § 150/2024", ("KF", "", "150/2024")),
        ("2024-02-31", ("", "", "")),
        ("muntligt", ("muntligt", "", "")),
    ],
)
def test_beslutet_tolkas_nar_det_gar(text: str, delar: tuple[str, str, str]) -> None:
    assert tuple(tolka_beslut(text).get(namn, "") for namn in ("organ", "datum", "paragraf")) == delar


# När det inte går att fastställa


def _rattad_bok(katalog: Path) -> None:
    Provkommun(katalog).lamna("skola", bok(texter__analys__text="En annan analys."))


def _utan_rapport(katalog: Path) -> None:
    shutil.rmtree(katalog / "rapporter")


def _saknad(katalog: Path) -> None:
    (katalog / f"inlamnat/{PERIOD}/vard.xlsx").unlink()


def _fel(katalog: Path) -> None:
    Provkommun(katalog).lamna("skola", bok(drift__grund__utfall=""))


def _oppen_i_word(katalog: Path) -> None:
    (katalog / f"rapporter/{PERIOD}/~$Delårsrapport.docx").write_bytes(b"")


def _oppen_i_excel(katalog: Path) -> None:
    (katalog / f"inlamnat/{PERIOD}/~$skola.xlsx").write_bytes(b"")


def _bara_borttaget(katalog: Path) -> None:
    (katalog / WORD).unlink()


def _ny_mall(katalog: Path) -> None:
    Provkommun(katalog).skriv("mallar/utseende.toml", (ROT / "mallar/utseende.toml").read_text("utf-8").replace("B85300", "B85301"))


@pytest.mark.parametrize(
    ("gor", "fel"),
    [
        (_rattad_bok, AnmarkningsFel),
        (_utan_rapport, SaknasFel),
        (_saknad, SaknasFel),
        (_fel, AnmarkningsFel),
        (_oppen_i_word, UtmatningsFel),
        (_oppen_i_excel, UtmatningsFel),
        (_bara_borttaget, AnvandningsFel),
    ],
)
def test_ingenting_arkiveras_nar_nagot_inte_stammer(katalog: Path, gor: Callable[[Path], None], fel: type[KommunrapportFel]) -> None:
    gor(katalog)
    with pytest.raises(fel):
        faststall(katalog)
    assert kvar(katalog) == []
    assert handelser.FASTSTALLD not in {h.slag for h in handelser.las(katalog).handelser}


@pytest.mark.parametrize(
    ("val", "fel"),
    [
        ({"dokument": []}, "eget utkast"),
        ({"beslut": "bla bla"}, "bla bla"),
        ({"beslut": ""}, "paragraf"),
        ({"dokument": [ROT / "pyproject.toml"]}, "pyproject.toml"),
    ],
)
def test_det_som_antas_och_beslutet_ska_vara_utan_tvekan(katalog: Path, val: dict[str, object], fel: str) -> None:
    with pytest.raises(AnvandningsFel, match=fel):
        faststall(katalog, PERIOD, **val)
    assert kvar(katalog) == []


def test_flera_redigerade_dokument_kraver_val(katalog: Path) -> None:
    for namn in (WORD, f"rapporter/{PERIOD}/Till KF.docx"):
        (katalog / namn).write_bytes(b"redigerat")
    with pytest.raises(AnvandningsFel, match="Till KF"):
        faststall(katalog, dokument=[])
    assert faststall(katalog, dokument=[katalog / f"rapporter/{PERIOD}/Till KF.docx"]).manifest["antaget"] == ["dokument/Till KF.docx"]


def test_arkivet_forklarar_sig_sjalvt(faststalld: Path) -> None:
    text = (faststalld / V1 / "LAS-MIG.txt").read_text(encoding="utf-8")
    assert BESLUT in text
    assert f"dokument/{Path(WORD).name}" in text
    roller = {f["fil"]: f["roll"] for f in json.loads((faststalld / V1 / "manifest.json").read_bytes())["filer"]}
    assert (roller["LAS-MIG.txt"], roller[handelser.FILNAMN]) == ("läs mig", "händelselogg")


def test_en_flyttad_version_oppnar_inte_perioden_igen(faststalld: Path, kor: Kommandorad) -> None:
    shutil.move(faststalld / "arkiv", faststalld.parent / "e-arkivet")
    assert kor("delar", "--period", str(PERIOD), katalog=faststalld).kod == Slutkod.UTMATNING
    assert kor("arkiv", "kontrollera", katalog=faststalld).kod == Slutkod.ANMARKNINGAR


def test_en_andrad_fil_i_arkivet_anvands_inte_i_jamforelser(tva_perioder: Path) -> None:
    bok_ = next((tva_perioder / f"arkiv/{MARS}/v1/inlamnat").rglob("*.xlsx"))
    bok_.chmod(0o644)
    bok_.write_bytes(bok_.read_bytes() + b" ")
    with pytest.raises(MallFel, match=bok_.name):
        floden.sammanstall(tva_perioder, PERIOD)


@pytest.mark.parametrize("gor", [_saknad, _fel])
def test_med_ett_skal_fastalls_rapporten_trots_fel(katalog: Path, gor: Callable[[Path], None]) -> None:
    gor(katalog)
    skriv_om(katalog)
    assert faststall(katalog, trots_fel="Bokslutet är låst.").manifest["trots_fel"] == "Bokslutet är låst."
    assert handelser.las(katalog).handelser[-1].uppgifter["trots_fel"] == "Bokslutet är låst."


def kvar(katalog: Path) -> list[str]:
    """Det som syns i arkivet."""
    return [v for v in innehall(katalog / "arkiv") if not v.startswith(".")] if (katalog / "arkiv").exists() else []


def test_en_fil_som_andras_under_tiden_upptacks(katalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def andra_medan(s: floden.Sammanstallning, enheter: object) -> dict[str, bytes]:
        (katalog / f"inlamnat/{PERIOD}/skola.xlsx").write_bytes(b"sparad just nu")
        return utkast(s, enheter)  # type: ignore[arg-type]

    utkast = floden.utkast
    monkeypatch.setattr(floden, "utkast", andra_medan)
    with pytest.raises(UtmatningsFel):
        faststall(katalog)
    assert kvar(katalog) == []


DODAS_VID = ("arkiv.lagg:70", "arkiv.summor:1", "arkiv.avtryck:1", "handelser.skriv:1")
_DO = """
import os, sys
from pathlib import Path
from kommunrapport import faststallande
from kommunrapport.bevarande import arkiv, handelser
modul, namn = sys.argv[2].split(":")[0].split(".")
kvar = [int(sys.argv[2].split(":")[1])]
vanlig = getattr(globals()[modul], namn)
def do(*a, **k):
    kvar[0] -= 1
    if not kvar[0]:
        os._exit(9)
    return vanlig(*a, **k)
setattr(globals()[modul], namn, do)
from kommunrapport.karna.period import Period
utkast = Path(sys.argv[1]) / "rapporter/2024-08/Delårsrapport 2024-08.docx"
faststallande.faststall(Path(sys.argv[1]), faststallande.Begaran(Period(2024, 8), "KF 2024-11-25 § 150", dokument=[utkast]))
"""


@pytest.mark.parametrize("var", DODAS_VID)
def test_en_avbruten_korning_lamnar_ingen_halv_version_och_nasta_gor_klart(katalog: Path, var: str) -> None:
    dod = subprocess.run([sys.executable, "-c", _DO, str(katalog), var], env={**os.environ, "PYTHONPATH": str(ROT)}, check=False)
    assert dod.returncode == 9
    assert not kvar(katalog) or var.startswith(("handelser", "arkiv.avtryck"))  # hel, men utan händelse
    ny = faststall(katalog)
    assert ny.manifest["version"] == 1
    assert kontrollera(katalog) == []
    assert not (katalog / "arkiv/.paborjad").exists()


# Efteråt


@pytest.mark.parametrize("enheter", [[], ["skola"]])
def test_en_faststalld_rapport_skrivs_inte_om(faststalld: Path, enheter: list[str]) -> None:
    fore = innehall(faststalld)
    with pytest.raises(FaststalldFel):
        floden.skriv_rapport(floden.sammanstall(faststalld, PERIOD), enheter, ersatt=True)
    with pytest.raises(FaststalldFel):
        faststall(faststalld)
    assert {v: s for v, s in innehall(faststalld).items() if not v.startswith(".")} == {v: s for v, s in fore.items() if not v.startswith(".")}


def test_kommandot_sager_beslutet_och_ger_slutkod(faststalld: Path, kor: Kommandorad) -> None:
    svar = kor("delar", "--period", str(PERIOD), katalog=faststalld)
    assert svar.kod == 6
    assert BESLUT in svar.fel


def test_en_arkiverad_version_skrivs_inte_i_som_arbetskatalog(faststalld: Path) -> None:
    with pytest.raises(FaststalldFel):
        skriv_om(faststalld / V1)
    with pytest.raises(FaststalldFel):
        faststall(faststalld / V1)
    assert kontrollera(faststalld) == []


def test_en_rattelse_blir_nasta_version_och_bada_haller(faststalld: Path) -> None:
    forsta = innehall(faststalld / V1)
    _rattad_bok(faststalld)
    skriv_om(faststalld, rattelse=True, ersatt=True)
    ny = faststall(faststalld, beslut="KF 2025-01-27 § 3", rattelse="Fel analys")
    assert (ny.manifest["version"], ny.manifest["rattelse"]) == (2, "Fel analys")
    assert innehall(faststalld / V1) == forsta
    assert kontrollera(faststalld) == []
    assert all(aterskapande.aterskapa(faststalld / f"arkiv/{PERIOD}/v{nr}").lika for nr in (1, 2))


def test_det_finns_inget_att_ratta_forran_nagot_ar_faststallt(katalog: Path) -> None:
    with pytest.raises(AnvandningsFel):
        faststall(katalog, rattelse="skäl")


# Kontrollen


def skriv_over(fil: Path, data: bytes) -> None:
    fil.chmod(0o644)
    fil.write_bytes(data)


def test_var_och_en_av_filerna_hittas_nar_den_andras(faststalld: Path) -> None:
    for vag in innehall(faststalld / V1):
        fil = faststalld / V1 / vag
        data = fil.read_bytes()
        skriv_over(fil, data + b" ")
        assert {b.fil for b in kontrollera(faststalld)} >= {f"{V1}/{vag}"}, vag
        fil.write_bytes(data)
    assert kontrollera(faststalld) == []


def _manifestet_och_summorna_omskrivna(katalog: Path) -> None:
    """Någon ändrar en bok och räknar om allt i versionen."""
    mapp = katalog / V1
    skriv_over(mapp / "kommun.toml", b"# annan")
    m = json.loads((mapp / "manifest.json").read_text("utf-8"))
    post = next(f for f in m["filer"] if f["fil"] == "kommun.toml")
    post["sha256"] = avtryck_av(mapp / "kommun.toml")
    skriv_over(mapp / "manifest.json", json.dumps(m).encode())
    rader = [f"{f['sha256']}  {f['fil']}\n" for f in m["filer"]] + [f"{avtryck_av(mapp / 'manifest.json')}  manifest.json\n"]
    skriv_over(mapp / "SHA256SUMS", "".join(rader).encode())


def _fil_borta(katalog: Path) -> None:
    (katalog / V1 / "kommun.toml").unlink()


def _fil_tillagd(katalog: Path) -> None:
    (katalog / V1 / "styrning/2024/mal.csv").write_bytes(b"enhet\n")


def _version_borta(katalog: Path) -> None:
    shutil.rmtree(katalog / "arkiv" / str(PERIOD))


def _logg_borta(katalog: Path) -> None:
    (katalog / handelser.FILNAMN).unlink()


def _logg_omskriven(katalog: Path) -> None:
    fil = katalog / handelser.FILNAMN
    fil.write_bytes(fil.read_bytes().replace("§ 150".encode(), "§ 151".encode()).replace(b'"version": 1', b'"version": 2'))


@pytest.mark.parametrize(
    ("gor", "fil"),
    [
        (_manifestet_och_summorna_omskrivna, f"{V1}/manifest.json"),
        (_fil_borta, f"{V1}/kommun.toml"),
        (_fil_tillagd, f"{V1}/styrning/2024/mal.csv"),
        (_version_borta, V1),
        (_logg_borta, f"{V1}/manifest.json"),
        (_logg_omskriven, f"{V1}/manifest.json"),
    ],
)
def test_ingrepp_hittas_vid_filen(faststalld: Path, kor: Kommandorad, gor: Callable[[Path], None], fil: str) -> None:
    gor(faststalld)
    svar = kor("arkiv", "kontrollera", "--json", katalog=faststalld)
    assert svar.kod == 4
    assert fil in {b["fil"] for b in json.loads(svar.ut)["brister"]}


def test_rader_som_har_tagits_bort_ur_loggen_fore_faststallandet_marks(katalog: Path) -> None:
    handelser.skriv(katalog, [handelser.Handelse(handelser.RAPPORT, str(PERIOD))])
    faststall(katalog)
    assert kontrollera(katalog) == []
    fil = katalog / handelser.FILNAMN
    sista = json.loads(fil.read_bytes().splitlines()[-1])
    fil.write_bytes(json.dumps({**sista, "forra": "0" * 64}).encode() + b"\n")
    assert [b.fil for b in kontrollera(katalog)] == [f"{V1}/manifest.json"]


def test_filhanterarens_egna_filer_ar_inga_brister(faststalld: Path, kor: Kommandorad) -> None:
    (faststalld / V1 / "Thumbs.db").write_bytes(b"")
    assert kor("arkiv", "kontrollera", katalog=faststalld).kod == 0


@pytest.mark.parametrize("kommando", ["lista", "kontrollera"])
def test_en_felskriven_katalog_ar_inte_ett_helt_arkiv(tmp_path: Path, kor: Kommandorad, kommando: str) -> None:
    assert kor("arkiv", kommando, katalog=tmp_path / "finns inte").kod == 2


def test_en_version_provas_for_sig(faststalld: Path, kor: Kommandorad) -> None:
    assert kor("arkiv", "kontrollera", katalog=faststalld / V1).kod == 0
    (faststalld / V1 / "kommun.toml").unlink()
    assert kor("arkiv", "kontrollera", katalog=faststalld / V1).kod == 4


def test_listan_visar_versionerna(faststalld: Path, kor: Kommandorad) -> None:
    (post,) = json.loads(kor("arkiv", "lista", "--json", katalog=faststalld).ut)
    assert (post["period"], post["version"], post["beslut"]) == (str(PERIOD), 1, BESLUT)


# Återskapandet


def test_rapporten_aterskapas_ur_en_kopia_nagon_annanstans_i_en_ny_process(faststalld: Path, tmp_path: Path) -> None:
    """Bara versionens mapp finns; en annan aktuell mapp, tidszon och språk, och programmets egna mallar går inte att nå."""
    kopia = Path(shutil.copytree(faststalld / V1, tmp_path / "e-arkiv" / "leverans"))
    shutil.rmtree(faststalld)
    annan = tmp_path / "annan mapp"
    annan.mkdir()
    miljo = {"PYTHONPATH": str(ROT), "TZ": "Pacific/Auckland", "LANG": "C", "PYTHONHASHSEED": "7", "PATH": os.environ["PATH"]}
    program = (
        "from pathlib import Path; from kommunrapport.mall import mallkalla; mallkalla.medfoljande = lambda: Path('/finns/inte'); "
        "from kommunrapport import cli; cli.main()"
    )
    argument = ["arkiv", "aterskapa", "--katalog", str(kopia), "--ut", "ut", "--json"]
    korning = subprocess.run([sys.executable, "-c", program, *argument], cwd=annan, env=miljo, capture_output=True, check=False)
    svar = json.loads(korning.stdout)
    assert (korning.returncode, set(svar["filer"].values()), len(svar["filer"])) == (0, {"lika"}, UTKASTEN)
    assert innehall(annan / "ut") == innehall(kopia / f"rapporter/{PERIOD}")


def test_egna_mallar_arkiveras_for_sig_sa_att_de_andrar_samma_medfoljande(katalog: Path) -> None:
    _ny_mall(katalog)
    Provkommun(katalog).skriv("mallar/rapport/delarsrapport/2019-01-01.toml", 'som = "2019-01-01"\ntitel = "Vår delårsrapport"\n')
    skriv_om(katalog, ersatt=True)
    faststall(katalog)
    assert aterskapande.aterskapa(katalog / V1).lika


def test_en_rapport_av_ett_annat_program_provas_anda_och_skillnaden_sags(faststalld: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aterskapande, "__version__", "99.0")
    a = aterskapande.aterskapa(faststalld / V1)
    assert (a.lika, len(a.program)) == (True, 1)
    vanlig = floden.utkast
    monkeypatch.setattr(floden, "utkast", lambda s, e: {**vanlig(s, e), "spar.json": b"{}"})
    a = aterskapande.aterskapa(faststalld / V1)
    assert [namn for namn, utfall in a.utfall.items() if utfall != aterskapande.LIKA] == ["spar.json"]
    assert not a.lika


def test_samma_innehall_med_annan_packning_sags_for_sig(faststalld: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import zipfile
    from io import BytesIO

    def opackad(data: bytes) -> bytes:
        ut = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as in_, zipfile.ZipFile(ut, "w", zipfile.ZIP_STORED) as paket:
            for namn in in_.namelist():
                paket.writestr(namn, in_.read(namn))
        return ut.getvalue()

    vanlig = floden.utkast
    monkeypatch.setattr(floden, "utkast", lambda s, e: {n: opackad(d) if n.endswith("docx") else d for n, d in vanlig(s, e).items()})
    assert aterskapande.aterskapa(faststalld / V1).utfall[Path(WORD).name] == aterskapande.PACKNING


@pytest.mark.parametrize("ut", ["arkiv/nytt", f"{V1}/nytt", "rapporter"])
def test_det_aterskapade_laggs_inte_i_arkivet_eller_i_en_mapp_med_annat(faststalld: Path, ut: str, kor: Kommandorad) -> None:
    assert kor("arkiv", "aterskapa", "--period", str(PERIOD), "--ut", str(faststalld / ut), katalog=faststalld).kod == 2
    assert kontrollera(faststalld) == []


@pytest.mark.parametrize("val", [["--period", "2023-08"], ["--period", str(PERIOD), "--version", "2"], []])
def test_det_som_inte_ar_faststallt_gar_inte_att_aterskapa(faststalld: Path, val: list[str], kor: Kommandorad) -> None:
    assert kor("arkiv", "aterskapa", *val, katalog=faststalld).kod == 2


# Jämförelserna


@pytest.fixture(scope="module")
def tva_perioder_mall(mallen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    katalog = Path(shutil.copytree(mallen, tmp_path_factory.mktemp("tva") / "kommun"))
    Provkommun(katalog).lamna("skola", bok(drift__grund__prognos=-60_500), period=MARS)
    skriv_om(katalog, MARS)
    faststall(katalog, MARS, trots_fel="Bara skolan har lämnat", beslut="KS 2024-05-06 § 60")
    skriv_om(katalog)
    return katalog


@pytest.fixture
def tva_perioder(tva_perioder_mall: Path, tmp_path: Path) -> Path:
    """Årets förra rapport, med prognos, är fastställd och delårsrapporten skriven ur den."""
    return Path(shutil.copytree(tva_perioder_mall, tmp_path / "kommun"))


def test_jamforelser_laser_det_faststallda_och_andringar_i_inlamnat_marks(tva_perioder: Path, kor: Kommandorad) -> None:
    fore = innehall(tva_perioder / f"rapporter/{PERIOD}")
    spar = (tva_perioder / f"rapporter/{PERIOD}/spar.json").read_text("utf-8")
    assert f"arkiv/{MARS}/v1/inlamnat/{MARS}/skola.xlsx" in spar
    assert f'"inlamnat/{MARS}' not in spar
    Provkommun(tva_perioder).lamna("skola", bok(drift__grund__prognos=-1), period=MARS)
    svar = json.loads(kor("delar", "--period", str(PERIOD), "--json", katalog=tva_perioder).ut)
    assert innehall(tva_perioder / f"rapporter/{PERIOD}") == fore
    assert [v for v in svar["varningar"] if f"inlamnat/{MARS}" in v and "skola.xlsx" in v]


def test_jamforelsen_finns_kvar_nar_inlamnat_ar_gallrat(tva_perioder: Path) -> None:
    fore = innehall(tva_perioder / f"rapporter/{PERIOD}")
    shutil.rmtree(tva_perioder / f"inlamnat/{MARS}")
    shutil.rmtree(tva_perioder / f"rapporter/{MARS}")
    skriv_om(tva_perioder)
    assert innehall(tva_perioder / f"rapporter/{PERIOD}") == fore


def test_en_rapport_som_bygger_pa_arkivet_aterskapas_ur_sin_egen_version(tva_perioder: Path, tmp_path: Path) -> None:
    faststall(tva_perioder, trots_fel="Jämförelsetalen")
    assert (tva_perioder / V1 / f"arkiv/{MARS}/v1/inlamnat/{MARS}/skola.xlsx").is_file()
    kopia = Path(shutil.copytree(tva_perioder / V1, tmp_path / "ensam"))
    shutil.rmtree(tva_perioder)
    assert aterskapande.aterskapa(kopia).lika


def test_harledningen_visar_arkivet(tva_perioder: Path, kor: Kommandorad) -> None:
    svar = kor("harled", "prognosforandring", "skola", "avvikelse_da_03", "--period", str(PERIOD), katalog=tva_perioder)
    assert f"arkiv/{MARS}/v1/inlamnat/{MARS}/skola.xlsx" in svar.ut


def test_arets_beslut_efter_den_tidigare_rapporten_andrar_inte_dess_prognos(tva_perioder: Path) -> None:
    """Styrningen i arkivet är den som gällde då; en ny verksamhet i år gör inte den gamla boken oläslig."""
    Provkommun(tva_perioder).skriv("styrning/2024/driftbudget.csv", DRIFTBUDGET.replace("skola;fritids", "skola;fritidshem"))
    tidigare = samla(las_arbetskatalog(tva_perioder), PERIOD).tidigare["fg_prognos"]
    assert {r.rad for r in tidigare.styrning.rader_for("skola", "drift")} == {"grund", "fritids"}
    assert {r.kalla.fil for r in tidigare.styrning.rader_for("skola", "drift")} == {f"arkiv/{MARS}/v1/styrning/2024/driftbudget.csv"}


def test_forifyllnaden_laser_arkivet(katalog: Path) -> None:
    """Fjolårets utfall står i årets bok också när fjolårets böcker bara finns i arkivet."""
    kommun = Provkommun(katalog)
    for namn, text in (("driftbudget", DRIFTBUDGET), ("tillagg", TILLAGG)):
        kommun.skriv(f"styrning/2023/{namn}.csv", text)
    kommun.lamna("skola", bok(**ANNAT_I_FJOL), period=FJOL)
    skriv_om(katalog, FJOL)
    faststall(katalog, FJOL, trots_fel="Bara skolan har lämnat")
    (fore,) = utskick.skriv_mallar(katalog, PERIOD, ["skola"], katalog / "fore")
    shutil.rmtree(katalog / f"inlamnat/{FJOL}")
    shutil.rmtree(katalog / "styrning/2023")
    (efter,) = utskick.skriv_mallar(katalog, PERIOD, ["skola"], katalog / "efter")
    assert fore.read_bytes() == efter.read_bytes()
    assert utskick.saknade_jamforelser(katalog, PERIOD) == [PERIOD.bokslut_fg_ar]
