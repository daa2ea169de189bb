"""Mätningens egna delar: kommunerna som görs går att rapportera, och de jämförda vägarna läser samma siffror. Ingen tid prövas."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.karna.period import Period
from prestanda.delar import PERIOD, Plats, krav_pa_samma_summor
from prestanda.kommun import Kommun, skapa
from prestanda.mal import Mal
from prestanda.omfang import facit, omfang

ROT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def liten(tmp_path_factory: pytest.TempPathFactory) -> Plats:
    """En kommun med tre enheter, dess skrivna rapport och facit."""
    plats = Plats(tmp_path_factory.mktemp("prestanda"), "3")
    s = floden.sammanstall(skapa(plats.katalog, Kommun(3)), Period.parse(PERIOD))
    assert (s.slutkod, len(s.inlamningar.filer)) == (0, 3)
    floden.skriv_rapport(s)
    plats.omfang.write_text(json.dumps({**omfang(plats.katalog, PERIOD), "summor": facit(s)}), encoding="utf-8")
    return plats


@pytest.mark.parametrize(("vag", "kraver"), [("naiv", "matplotlib"), ("vettig", "matplotlib"), ("golv", "xlsxwriter")])
def test_vagarna_far_kommunrapports_summor_pa_oret(liten: Plats, vag: str, kraver: str) -> None:
    if importlib.util.find_spec(kraver) is None:
        pytest.skip(f"{kraver} är inte installerat; det är bara för make prestanda")
    argument = [str(liten.katalog), str(liten.ut(vag)), str(liten.omfang)]
    subprocess.run([sys.executable, "-m", f"prestanda.{vag}", *argument], cwd=ROT, check=True)
    krav_pa_samma_summor(liten, vag)
    assert {f.name for f in liten.ut(vag).iterdir()} == {"rapport.docx", "rapport.xlsx", "svar.json"}


def test_en_annan_summa_avbryter(liten: Plats) -> None:
    summor = json.loads(liten.omfang.read_text(encoding="utf-8"))["summor"]
    fel = {**summor, next(iter(summor)): 1}
    liten.ut("fel").mkdir()
    (liten.ut("fel") / "svar.json").write_text(json.dumps({"summor": fel}), encoding="utf-8")
    with pytest.raises(RuntimeError, match="fel får 1 av"):
        krav_pa_samma_summor(liten, "fel")


def test_kopiorna_ar_egna_enheter_utan_anmarkningar(tmp_path: Path) -> None:
    s = floden.sammanstall(skapa(tmp_path / "kommun", Kommun(18)), Period.parse(PERIOD))
    assert not s.anmarkningar
    assert {"kommunstyrelsen-2", "revisionen-2"} < set(s.inlamningar.fakta["enhet"])


def test_samma_antal_ger_samma_filer(liten: Plats, tmp_path: Path) -> None:
    igen = skapa(tmp_path / "kommun", Kommun(3))
    filer = [f.relative_to(igen) for f in igen.rglob("*") if f.is_file()]
    assert {f: (igen / f).read_bytes() for f in filer} == {f: (liten.katalog / f).read_bytes() for f in filer}


@pytest.mark.parametrize(("varde", "minst", "natt"), [(25, True, True), (24.9, True, False), (25, False, True), (25.1, False, False)])
def test_ett_mal_ar_natt_pa_gransen(varde: float, minst: bool, natt: bool) -> None:
    assert Mal("", "a", "b", 25, minst=minst).natt(varde) is natt
