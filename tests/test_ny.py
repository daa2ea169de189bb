"""ny: en arbetskatalog som går att använda direkt, för varje årshjul som följer med."""

import csv
import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from pydantic import BaseModel

from kommunrapport.inlasning.styrning import STYRFILER, Styrfil, las_styrning
from kommunrapport.karna.fel import Slutkod
from kommunrapport.karna.period import Period
from kommunrapport.mall.arshjulsmall import Arshjul
from kommunrapport.mall.lasning import las_csv, tolka
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.organisation import Koncern, Organisation, Redovisning, Trosklar
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.mall.startmall import STARTMALL, Startmall, Styrfilsord
from tests.kommun import Kommandorad, Svar

KALLA = Mallkalla((medfoljande(),))
PROFILER = KALLA.namn("arshjul")
START = KALLA.las(STARTMALL, Startmall)
ORD = {o.fil: o for o in START.styrfil}
AR = 2026


def ny(kor: Kommandorad, katalog: Path, *argument: str) -> Svar:
    return kor("ny", str(katalog), "--ar", str(AR), *argument)


def gjord(kor: Kommandorad, katalog: Path, *argument: str) -> Organisation:
    svar = ny(kor, katalog, *argument)
    assert svar.kod == Slutkod.KLART, svar.fel
    return las_arbetskatalog(katalog).organisation


def filer(katalog: Path) -> dict[str, bytes]:
    return {fil.relative_to(katalog).as_posix(): fil.read_bytes() for fil in katalog.rglob("*") if fil.is_file()}


@pytest.fixture
def katalog(tmp_path: Path) -> Path:
    """En mapp som inte finns, på en plats som inte heller finns."""
    return tmp_path / "ekonomi" / "min uppföljning"


# --- Den första körningen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profil", PROFILER)
def test_de_forsta_bockerna_gar_att_skriva_och_prova_direkt(kor: Kommandorad, katalog: Path, profil: str) -> None:
    svar = json.loads(ny(kor, katalog, "--profil", profil, "--json").ut)
    arbete = las_arbetskatalog(katalog)
    forsta = Period(AR, min(p.manad for p in arbete.arshjul.period))
    assert (svar["profil"], svar["period"], arbete.arshjul.id) == (profil, str(forsta), profil)

    mall = kor(*shlex.split(svar["nasta"])[1:], "--json")
    assert mall.kod == Slutkod.KLART, mall.fel
    bocker = [Path(vag) for vag in json.loads(mall.ut)["skrivet"]]
    assert [bok.stem for bok in bocker] == [f"{e.namn} {forsta}" for e in arbete.organisation.enhet]
    assert all("Försättsblad" in openpyxl.load_workbook(bok, read_only=True).sheetnames for bok in bocker)

    provad = kor("validera", *map(str, bocker), "--json", katalog=katalog)
    assert provad.kod == Slutkod.ANMARKNINGAR, provad.fel
    koder = {a["kod"] for a in json.loads(provad.ut)["anmarkningar"]}
    assert "KR310" in koder
    assert "KR900" not in koder


@pytest.mark.hel
def test_styrfiler_med_bara_rubrikrad_stoppar_ingen_rapport(kor: Kommandorad, katalog: Path) -> None:
    gjord(kor, katalog, "--bolag", "Bostäder AB")
    kor("mall", "--period", f"{AR}-08", "--ut", str(katalog / f"inlamnat/{AR}-08"), katalog=katalog)
    assert kor("delar", "--period", f"{AR}-08", katalog=katalog).kod == Slutkod.ANMARKNINGAR
    assert (katalog / f"rapporter/{AR}-08/Delårsrapport {AR}-08.docx").is_file()


def test_svaret_sager_vad_som_gjordes_och_vad_som_ar_nasta_steg(kor: Kommandorad, katalog: Path) -> None:
    svar = ny(kor, katalog)
    assert [vag for vag in filer(katalog) if f"{katalog.as_posix()}/{vag}" not in svar.ut] == []
    assert f'kommunrapport mall --period {AR}-02 --katalog "{katalog.as_posix()}"' in svar.ut
    assert svar.fel == ""


def test_i_mappen_dar_man_star_behover_katalogen_inte_anges(kor: Kommandorad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(ny(kor, Path(), "--json").ut)["nasta"] == f"kommunrapport mall --period {AR}-02"


# --- Årshjulet -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fler_profiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ett årshjul till bland de medföljande."""
    rot = Path(shutil.copytree(medfoljande(), tmp_path / "mallar"))
    toml = (rot / f"arshjul/{START.profil}.toml").read_text(encoding="utf-8")
    (rot / "arshjul/tillagd.toml").write_text(re.sub(r'(?m)^(id|namn) = ".*"', lambda m: f'{m[1]} = "tillagd"', toml), encoding="utf-8")
    monkeypatch.setattr("kommunrapport.mall.mallkalla.medfoljande", lambda: rot)
    return "tillagd"


@pytest.mark.parametrize("skrivet", ["tillagd", "Tillagd", " TILLAGD"])
def test_ett_nytt_arshjul_i_mappen_gar_att_valja(kor: Kommandorad, katalog: Path, fler_profiler: str, skrivet: str) -> None:
    assert gjord(kor, katalog, "--profil", skrivet).arshjul.profil == fler_profiler
    assert f"#   {fler_profiler} " in (katalog / "kommun.toml").read_text(encoding="utf-8")


def test_utan_profil_galler_forvalet_och_de_andra_namns(kor: Kommandorad, katalog: Path, fler_profiler: str) -> None:
    svar = ny(kor, katalog)
    assert las_arbetskatalog(katalog).arshjul.id == START.profil
    assert f"  {fler_profiler}: Månadsrapport februari" in svar.ut


def test_ett_okant_arshjul_namner_dem_som_finns_och_skriver_inget(kor: Kommandorad, katalog: Path) -> None:
    svar = ny(kor, katalog, "--profil", "hudinge")
    assert (svar.kod, katalog.exists()) == (Slutkod.ANVANDNING, False)
    assert [profil for profil in ("hudinge", *PROFILER) if profil not in svar.fel] == []


@pytest.mark.parametrize("ar", ["26", "2018", "1026", "i år"])
def test_ett_ar_som_inte_gar_att_anvanda_sags(kor: Kommandorad, katalog: Path, ar: str) -> None:
    svar = kor("ny", str(katalog), "--ar", ar)
    assert (svar.kod, katalog.exists()) == (Slutkod.ANVANDNING, False)
    assert ar in svar.fel


@pytest.mark.parametrize("ar", ["2019", "2024", "2050"])
def test_styrningen_laggs_i_arets_mapp(kor: Kommandorad, katalog: Path, ar: str) -> None:
    assert kor("ny", str(katalog), "--ar", ar).kod == Slutkod.KLART
    assert (katalog / f"styrning/{ar}/driftbudget.csv").is_file()
    assert kor("mall", "--period", f"{ar}-02", katalog=katalog).kod == Slutkod.KLART


# --- Namn och enheter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skrivet", "blir"),
    [
        ("Åmåls kommun", "Åmåls kommun"),
        ('Kommunen "Älvkanten"', 'Kommunen "Älvkanten"'),
        ("Kommunen 'Ö'", "Kommunen 'Ö'"),
        ('"""', '"""'),
        ("C:\\Kommun\\ny", "C:\\Kommun\\ny"),
        ("Ås # inte en kommentar", "Ås # inte en kommentar"),
        ("{{ kommun }} {% raw %}", "{{ kommun }} {% raw %}"),
        ("A\u030asele", "Åsele"),
        ("Två\nrader\toch  luft ", "Två rader och luft"),
        ("Osynligt\x7f\x00tecken", "Osynligttecken"),
        ("", START.kommun),
    ],
)
def test_kommunens_namn_kommer_fram_som_det_skrevs(kor: Kommandorad, katalog: Path, skrivet: str, blir: str) -> None:
    assert gjord(kor, katalog, "--namn", skrivet).kommun.namn == blir


@pytest.mark.parametrize(
    ("namn", "id_"),
    [
        ("Vård- och omsorgsnämnden", "vard-och-omsorgsnamnden"),
        ("Årets Énergi & Värme (AB)", "arets-energi-varme-ab"),
        ('Nämnden "Norr"', "namnden-norr"),
        ("9:e nämnden", "9-e-namnden"),
        ("Kommunen", "kommunen-2"),
    ],
)
def test_enhetens_id_gors_av_namnet(kor: Kommandorad, katalog: Path, namn: str, id_: str) -> None:
    organisation = gjord(kor, katalog, "--namnd", namn)
    assert [(e.id, e.namn) for e in organisation.med_slag("namnd")] == [(id_, namn)]


def test_namn_som_blir_lika_far_egna_id(kor: Kommandorad, katalog: Path) -> None:
    organisation = gjord(kor, katalog, "--namnd", "Ås nämnd", "--namnd", "Äs nämnd", "--bolag", "As nämnd")
    assert [e.id for e in organisation.enhet] == ["as-namnd", "as-namnd-2", "finansforvaltningen", "as-namnd-3"]


def test_angivna_namnder_ersatter_de_fardiga_och_bolag_laggs_till(kor: Kommandorad, katalog: Path) -> None:
    organisation = gjord(kor, katalog, "--namnd", "socialnämnden", "--namnd", "Valnämnden", "--bolag", "Vatten AB")
    assert [(e.namn, e.slag) for e in organisation.enhet] == [
        ("Socialnämnden", "namnd"),
        ("Valnämnden", "namnd"),
        ("Finansförvaltningen", "finansforvaltning"),
        ("Vatten AB", "bolag"),
    ]
    rader = las_styrning(katalog, AR, organisation).rader
    assert {enhet: [r.namn for r in rader if r.enhet == enhet] for enhet in ("socialnamnden", "valnamnden", "vatten-ab")} == {
        "socialnamnden": ["Äldreomsorg", "Stöd till personer med funktionsnedsättning", "Individ- och familjeomsorg"],
        "valnamnden": ["Verksamheten"],
        "vatten-ab": [],
    }


def test_ett_bolag_med_en_kand_namnds_namn_ar_ett_bolag(kor: Kommandorad, katalog: Path) -> None:
    organisation = gjord(kor, katalog, "--namnd", "Valnämnden", "--bolag", "Socialnämnden")
    assert [e.namn for e in organisation.med_slag("bolag")] == ["Socialnämnden"]


@pytest.mark.parametrize(
    "argument",
    [
        ["--namnd", "Valnämnden", "--namnd", "VALNÄMNDEN "],
        ["--namnd", "Finansförvaltningen"],
        ["--namnd", "Vatten", "--bolag", "Vatten"],
        ["--namnd", " "],
        ["--bolag", "!!"],
    ],
)
def test_enheter_som_inte_gar_att_skilja_at_eller_namnge_sags(kor: Kommandorad, katalog: Path, argument: list[str]) -> None:
    svar = ny(kor, katalog, *argument)
    assert (svar.kod, katalog.exists()) == (Slutkod.ANVANDNING, False)
    assert argument[-1].strip() in svar.fel


# --- Ingenting skrivs över ---------------------------------------------------------------------------------------------------


def test_en_tom_mapp_gar_bra(kor: Kommandorad, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "desktop.ini").write_bytes(b"[.ShellClassInfo]")
    assert gjord(kor, tmp_path).enhet


@pytest.mark.parametrize("vag", ["kommun.toml", "LÄS-MIG.txt", "anteckningar.docx", "styrning/2025/driftbudget.csv"])
def test_en_mapp_med_innehall_lamnas_som_den_ar(kor: Kommandorad, tmp_path: Path, vag: str) -> None:
    (tmp_path / vag).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / vag).write_bytes(b"mitt eget")
    svar = ny(kor, tmp_path)
    assert (svar.kod, filer(tmp_path)) == (Slutkod.ANVANDNING, {vag: b"mitt eget"})
    assert Path(vag).parts[0] in svar.fel


def test_en_andra_gang_andras_inget(kor: Kommandorad, katalog: Path) -> None:
    gjord(kor, katalog)
    fore = filer(katalog)
    assert ny(kor, katalog, "--namn", "En annan kommun").kod == Slutkod.ANVANDNING
    assert filer(katalog) == fore


@pytest.mark.parametrize(("under", "kod"), [("", Slutkod.ANVANDNING), ("mapp", Slutkod.UTMATNING)])
def test_en_fil_ar_ingen_mapp(kor: Kommandorad, tmp_path: Path, under: str, kod: Slutkod) -> None:
    (tmp_path / "fil").write_bytes(b"mitt eget")
    assert ny(kor, tmp_path / "fil" / under).kod == kod
    assert filer(tmp_path) == {"fil": b"mitt eget"}


def test_gar_det_inte_att_skriva_blir_inget_kvar(kor: Kommandorad, katalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    svar = ny(kor, katalog)
    assert (svar.kod, katalog.exists()) == (Slutkod.UTMATNING, False)
    assert "disken är full" in svar.fel


def test_samma_onskemal_ger_samma_byte(kor: Kommandorad, tmp_path: Path) -> None:
    for namn in ("ett", "tva"):
        gjord(kor, tmp_path / namn, "--namn", "Ås kommun", "--bolag", "Vatten AB")
    assert filer(tmp_path / "ett") == filer(tmp_path / "tva")


# --- Filernas innehåll -------------------------------------------------------------------------------------------------------


def test_mapparna_ar_de_som_behovs(kor: Kommandorad, katalog: Path) -> None:
    gjord(kor, katalog)
    assert {fil.relative_to(katalog).as_posix() for fil in katalog.rglob("*")} == {
        "kommun.toml", "LÄS-MIG.txt", "inlamnat", "styrning", "styrning/LÄS-MIG.txt", f"styrning/{AR}", *(form.vag(AR) for form in STYRFILER)
    }  # fmt: skip


@pytest.mark.parametrize("form", STYRFILER, ids=lambda form: form.namn)
def test_styrfilen_har_de_kolumner_som_lasaren_vantar_sig(kor: Kommandorad, katalog: Path, form: Styrfil) -> None:
    gjord(kor, katalog)
    fil = katalog / form.vag(AR)
    assert las_csv(fil, form.vag(AR), form.kolumner, form.valfria) is not None
    with fil.open(encoding="utf-8-sig", newline="") as oppen:
        assert next(csv.reader(oppen, delimiter=";")) == [*form.kolumner, *form.valfria]


def test_windowsprogram_laser_filerna_ratt(kor: Kommandorad, katalog: Path) -> None:
    gjord(kor, katalog)
    for vag, innehall in filer(katalog).items():
        assert innehall.count(b"\n") == innehall.count(b"\r\n")
        assert innehall.startswith(b"\xef\xbb\xbf") == (vag != "kommun.toml")


def test_resultatbudgeten_har_resultatrakningens_poster_att_fylla_i(kor: Kommandorad, katalog: Path) -> None:
    organisation = gjord(kor, katalog)
    fil = katalog / f"styrning/{AR}/resultatbudget.csv"
    rader = [falt for _, falt in las_csv(fil, fil.name, ("rad", "ursprunglig"))]
    assert rader[0] == {"rad": "intakter", "ursprunglig": ""}
    assert not {"nettokostnader", "koncernbidrag", "arets_resultat"} & {falt["rad"] for falt in rader}
    fil.write_text("rad;ursprunglig\n" + "".join(f"{falt['rad']};1\n" for falt in rader), encoding="utf-8")
    assert len(las_styrning(katalog, AR, organisation).fakta) == len(rader)


@pytest.mark.parametrize("form", STYRFILER, ids=lambda form: form.namn)
def test_varje_styrfil_ar_forklarad(kor: Kommandorad, katalog: Path, form: Styrfil) -> None:
    gjord(kor, katalog)
    text = (katalog / "styrning/LÄS-MIG.txt").read_text(encoding="utf-8-sig")
    assert form.vag(AR).removeprefix("styrning/") in text
    assert ORD[form.namn].text


def test_startmallen_talar_bara_om_styrfiler_som_finns() -> None:
    assert set(ORD) <= {form.namn for form in STYRFILER}


@pytest.mark.parametrize("ord_", [o for o in START.styrfil if o.exempel], ids=lambda ord_: ord_.fil)
def test_exemplen_i_forklaringen_gar_att_lasa(kor: Kommandorad, katalog: Path, ord_: Styrfilsord) -> None:
    organisation = gjord(kor, katalog)
    (form,) = (form for form in STYRFILER if form.namn == ord_.fil)
    rader = [";".join(rad.get(k, "") for k in (*form.kolumner, *form.valfria)) for rad in ord_.exempel]
    assert {k for rad in ord_.exempel for k in rad} <= {*form.kolumner, *form.valfria}
    assert [rad for rad in rader if rad not in (katalog / "styrning/LÄS-MIG.txt").read_text(encoding="utf-8-sig")] == []
    (katalog / form.vag(AR)).write_text("\n".join([";".join((*form.kolumner, *form.valfria)), *rader]), encoding="utf-8")
    las_styrning(katalog, AR, organisation)


# --- kommun.toml ----------------------------------------------------------------------------------------------------------


def _modeller(modell: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Modellen och dem som dess fält består av."""
    yield modell
    for falt in modell.model_fields.values():
        for typ in (falt.annotation, *get_args(falt.annotation)):
            if isinstance(typ, type) and issubclass(typ, BaseModel):
                yield from _modeller(typ)


@pytest.mark.parametrize(("modell", "nyckel"), [(m.__name__, namn) for m in _modeller(Organisation) for namn in m.model_fields])
def test_varje_val_i_kommun_toml_star_i_filen(kor: Kommandorad, katalog: Path, modell: str, nyckel: str) -> None:
    gjord(kor, katalog)
    assert re.search(rf"\b{nyckel}\b", (katalog / "kommun.toml").read_text(encoding="utf-8")), modell


def test_granser_och_val_star_med_programmets_forval(kor: Kommandorad, katalog: Path) -> None:
    organisation = gjord(kor, katalog)
    assert (organisation.trosklar, organisation.redovisning, organisation.koncern) == (Trosklar(), Redovisning(), Koncern())


def test_det_avstangda_i_kommun_toml_gar_att_sla_pa(kor: Kommandorad, katalog: Path) -> None:
    gjord(kor, katalog)
    allt = re.sub(r"(?m)^# (?=\[\[|[a-z_]+ = )", "", (katalog / "kommun.toml").read_text(encoding="utf-8"))
    organisation = tolka(Organisation, tomllib.loads(allt), "kommun.toml")
    assert [e.slag for e in organisation.enhet[-2:]] == ["bolag", "forbund"]
    assert len(organisation.grupp) == 2
    assert None not in organisation.trosklar.model_dump().values()
    assert organisation.invanare


def test_forvalets_arshjul_foljer_med() -> None:
    assert KALLA.las(f"arshjul/{START.profil}.toml", Arshjul).period
