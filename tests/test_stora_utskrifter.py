"""Det som är stort skrivs bit för bit, och blir detsamma som om det hade gjorts på en gång."""

import dataclasses
import json
import tempfile
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.fel import Slutkod, UtmatningsFel
from kommunrapport.rapport import ooxml, utmatning, wordrader
from kommunrapport.rapport.excel import excel_av
from kommunrapport.rapport.excelkallor import Kallor
from kommunrapport.rapport.modell import Rapport
from kommunrapport.rapport.radjson import i_rader
from kommunrapport.rapport.spar import spar_av, spardelar
from kommunrapport.rapport.word import word_av
from tests.kommun import Provkommun, lamna_rikt

SVARA = ["- en sak\n- en annan", "flik\there", "{_{ nej }_} {% nej %}", "  luft  ", " ", '<b> & "citat" \' å', "<?rader 0?>", "¤1\r\n\x0b2", ""]


@pytest.fixture(scope="module")
def rik(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sammanstallning, Rapport]:
    kommun = Provkommun(tmp_path_factory.mktemp("stora"))
    lamna_rikt(kommun)
    s = kommun.sammanstall()
    return s, floden.bygg_rapport(s)


def med_svara_texter(rapport: Rapport) -> Rapport:
    """Rapporten med de svåra texterna i tur och ordning i uppdragens sista kolumn, rad efter rad."""
    uppdrag = rapport.tabeller["uppdrag"]
    rad = uppdrag.rader[0]
    rader = [dataclasses.replace(rad, celler=(*rad.celler[:-1], dataclasses.replace(rad.celler[-1], text=text))) for text in SVARA]
    return dataclasses.replace(rapport, tabeller={**rapport.tabeller, "uppdrag": dataclasses.replace(uppdrag, rader=tuple(rader))})


@pytest.mark.parametrize("i_taget", [1, 4])
@pytest.mark.parametrize("stilen_heter", ["Tabelltext", "Tabell1"])
def test_raderna_i_word_blir_som_om_de_hade_statt_i_dokumentet(
    rik: tuple[Sammanstallning, Rapport], i_taget: int, stilen_heter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    s, rapport = rik[0], med_svara_texter(rik[1])
    mall = s.arbete.mallkalla.fil(s.rapportmall.wordmall)
    byte = {"Tabelltext": stilen_heter} if stilen_heter != "Tabelltext" else {}
    monkeypatch.setattr("kommunrapport.rapport.word.stilbyte", lambda _: byte)
    with monkeypatch.context() as m:
        m.setattr(wordrader.Tabellrader, "tabell", lambda _, t, form: ooxml.tabell(t, form))
        hela = word_av(rapport, mall, "")
    monkeypatch.setattr(wordrader, "_I_TAGET", i_taget)
    assert word_av(rapport, mall, "") == hela


def test_kallorna_i_excel_ar_lika_manga_som_de_raknades_till(rik: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rik
    kallor = Kallor(rapport, s.rakning, ())
    forsta = {kallor.forsta(c): (t.titel, r.namn, c.text) for t in rapport.alla_tabeller for r in t.rader for c in r.celler}
    rader = [(falt[0], falt[1], falt[3]) for falt, _ in kallor.rader()]
    assert len(rader) == kallor.antal > 100
    assert {nr: rader[nr] for nr in forsta if nr is not None} == {nr: rad for nr, rad in forsta.items() if nr is not None}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": 1, "b": {"c": {"d": [1, 2]}}}, '{\n"a": 1,\n"b": {\n"c": {"d": [1, 2]}\n}\n}'),
        ({"a": iter([("b", {"c": "å"}), ("d", None)])}, '{\n"a": {\n"b": {"c": "å"},\n"d": null\n}\n}'),
        (iter([("a", iter(()))]), '{\n"a": {}\n}'),
        ([{"a": 1}, {"b": []}, {}], '[\n{\n"a": 1\n},\n{\n"b": []\n},\n{}\n]'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_json_har_en_rad_per_post(data: object, text: str) -> None:
    assert b"".join(i_rader(data)).decode() == text


def test_sparet_i_delar_ar_hela_sparet(rik: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rik
    assert json.loads(b"".join(i_rader(spardelar(rapport, s.rakning)))) == spar_av(rapport, s.rakning)


@pytest.mark.parametrize("ryms", [1, 1 << 20])
def test_en_undanlagd_fil_skrivs_som_andra(tmp_path: Path, ryms: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utmatning, "_RYMS_I_MINNET", ryms)
    fil = utmatning.undanlagt([b"ett ", b"spar"])
    for _ in range(2):
        utmatning.skriv_filer(tmp_path, {"spar.json": fil}, ersatt=False)
        assert (tmp_path / "spar.json").read_bytes() == utmatning.i_byte(fil) == b"ett spar"
    (tmp_path / "spar.json").write_bytes(b"mitt eget")
    with pytest.raises(UtmatningsFel):
        utmatning.skriv_filer(tmp_path, {"spar.json": fil}, ersatt=False)
    assert (tmp_path / "spar.json").read_bytes() == b"mitt eget"


def test_gar_det_inte_att_lagga_undan_sags_det(rik: tuple[Sammanstallning, Rapport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s, rapport = rik
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "finns inte"))
    monkeypatch.setattr(utmatning, "_RYMS_I_MINNET", 1)
    with pytest.raises(UtmatningsFel) as av_excel:
        excel_av(rapport, s.rakning)
    with pytest.raises(UtmatningsFel) as av_sparet:
        utmatning.undanlagt([b"ett spar"])
    assert {av_excel.value.slutkod, av_sparet.value.slutkod} == {Slutkod.UTMATNING}
