"""Diagrammen: bryggan går alltid ihop, serierna skiljs åt utan färg, och färgerna syns mot papperet."""

import io
import struct
import zipfile
import zlib
from decimal import Decimal
from itertools import accumulate
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from kommunrapport import floden
from kommunrapport.karna.farg import kontrast
from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.diagrammall import Diagrammall
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.utseende import Utseende
from kommunrapport.rapport.brygga import FORBATTRING, FORSAMRING, NIVA, OSYNLIG, staplade
from kommunrapport.rapport.modell import Diagram, Rapport
from kommunrapport.rapport.word import word_av
from kommunrapport.rapport.worddiagram import diagramstycken
from tests.kommun import Provkommun, lamna_rikt

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
UTSEENDE = Mallkalla((medfoljande(),)).las("utseende.toml", Utseende)


def brygga(*tal: str | Decimal) -> Diagram:
    varden = tuple(Decimal(t) for t in tal)
    return Diagram("b", "brygga", "Brygga", "mnkr", 1, tuple(f"k{nr}" for nr in range(len(varden))), (("Belopp", varden),), "Text 1,0.")


def delar(d: Diagram) -> dict[str, list[tuple[Decimal, ...]]]:
    ut: dict[str, list[tuple[Decimal, ...]]] = {}
    for serie in staplade(d):
        ut.setdefault(serie.namn, []).append(serie.varden)
    return ut


def i_ord(*tal: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(t) for t in tal)


@pytest.fixture(scope="module")
def rapport(tmp_path_factory: pytest.TempPathFactory) -> Rapport:
    kommun = Provkommun(tmp_path_factory.mktemp("diagram"))
    lamna_rikt(kommun)
    return floden.bygg_rapport(kommun.sammanstall())


# --- Bryggans staplar ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tal", "vantat"),
    [
        (
            ("20", "-15", "10", "15"),
            {NIVA: [i_ord(20, 0, 0, 15)], OSYNLIG: [i_ord(0, 5, 5, 0)], FORSAMRING: [i_ord(0, 15, 0, 0)], FORBATTRING: [i_ord(0, 0, 10, 0)]},
        ),
        (("-5", "-3", "-8"), {NIVA: [i_ord(-5, 0, -8)], OSYNLIG: [i_ord(0, -5, 0)], FORSAMRING: [i_ord(0, -3, 0)]}),
        (("4", "-10", "-6"), {NIVA: [i_ord(4, 0, 0), i_ord(0, 0, -6)], FORSAMRING: [i_ord(0, 4, 0), i_ord(0, -6, 0)]}),
    ],
    ids=["over noll", "under noll", "over till under"],
)
def test_varje_forandring_star_mellan_sina_nivaer(tal: tuple[str, ...], vantat: dict[str, list[tuple[Decimal, ...]]]) -> None:
    assert delar(brygga(*tal)) == vantat


@given(st.lists(st.decimals(-9999, 9999, places=2), min_size=2, max_size=8))
def test_staplarna_ar_lika_hoga_som_forandringarna_och_borjar_dar_den_forra_slutar(tal: list[Decimal]) -> None:
    d = brygga(*tal, sum(tal, Decimal(0)))
    serier, nivaer = staplade(d), list(accumulate(tal))
    for nr, forandring in enumerate(tal[1:], 1):
        synligt = [s.varden[nr] for s in serier if s.namn != OSYNLIG and s.varden[nr]]
        botten = sum((s.varden[nr] for s in serier if s.namn == OSYNLIG), Decimal(0))
        assert sum(map(abs, synligt), Decimal(0)) == abs(forandring)
        toppar = {botten + sum((v for v in synligt if v > 0), Decimal(0)), botten + sum((v for v in synligt if v < 0), Decimal(0))}
        assert toppar <= {nivaer[nr - 1], nivaer[nr]} or not forandring


def test_bryggan_gar_fran_budgeten_till_prognosen(rapport: Rapport) -> None:
    d = rapport.diagram["brygga"]
    (_, varden) = d.serier[0]
    tal = [v for v in varden if v is not None]
    assert sum(tal[:-1]) == tal[-1]
    rad = next(r for r in rapport.tabeller["sammanfattning"].rader if r.id == "resultat")
    budget, prognos = (rad.celler[[k.id for k in rapport.tabeller["sammanfattning"].kolumner].index(k)].tal for k in ("budget", "prognos"))
    assert (tal[0], tal[-1]) == (budget, prognos)


def test_det_som_stegen_inte_forklarar_blir_en_egen_stapel(kommun: Provkommun) -> None:
    mall = (medfoljande() / "avsnitt/ekonomi/2019-01-01.toml").read_text(encoding="utf-8")
    kommun.skriv("mallar/avsnitt/ekonomi/2019-01-01.toml", mall.replace('  { namn = "Nämnderna", adress = "drift.summa_namnder.avvikelse" },\n', ""))
    lamna_rikt(kommun)
    d = floden.bygg_rapport(kommun.sammanstall()).diagram["brygga"]
    assert dict(zip(d.kategorier, d.serier[0][1], strict=True))["Övrigt\n−1,5"] == Decimal("-1.5")


def test_en_brygga_som_saknar_ett_steg_ritas_inte(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("finans",))
    assert "brygga" not in floden.bygg_rapport(kommun.sammanstall()).diagram


@pytest.mark.parametrize(
    "andring",
    [{"steg": []}, {"kolumner": ["budget"]}, {"rader": []}, {"ovrigt": ""}, {"slag": "staende"}],
    ids=["utan steg", "en kolumn", "ingen rad", "inget ovrigt", "staplar med steg"],
)
def test_en_ofullstandig_brygga_i_mallen_sags(andring: dict[str, Any]) -> None:
    hel = {
        "id": "b", "slag": "brygga", "titel": "B", "tabell": "t", "rader": ["r"], "kolumner": ["fran", "till"], "ovrigt": "Övrigt", "alttext": "B",
        "steg": [{"namn": "N", "adress": "t.n.a"}],
    }  # fmt: skip
    assert Diagrammall.model_validate(hel)
    with pytest.raises(ValidationError):
        Diagrammall.model_validate({**hel, **andring})


def test_en_alttext_med_ett_ord_som_inte_finns_sags(kommun: Provkommun) -> None:
    mall = (medfoljande() / "avsnitt/ekonomi/2019-01-01.toml").read_text(encoding="utf-8")
    kommun.skriv("mallar/avsnitt/ekonomi/2019-01-01.toml", mall.replace("från budget till prognos. {{ uppraknat }}.", "{{ upprakning }}"))
    kommun.lamna_alla()
    with pytest.raises(MallFel, match=r"diagrammet brygga.*upprakning"):
        floden.bygg_rapport(kommun.sammanstall())


# --- Nämndernas diagram --------------------------------------------------------------------------------


def test_varje_namnd_har_sitt_eget_diagram_ur_sin_tabell(rapport: Rapport) -> None:
    skola = next(a for a in rapport.namnder if a.id == "skola")
    d = skola.diagram["namnd"]
    tabell = skola.tabeller["namnd"]
    avvikelser = {r.namn: r.celler[[k.id for k in tabell.kolumner].index("avvikelse")].tal for r in tabell.rader if r.stil == "rad"}
    assert dict(zip(d.kategorier, d.serier[0][1], strict=True)) == avvikelser
    assert "Skolnämnden" in d.titel
    assert "Skolnämnden" in d.alttext


# --- Utan färg, och färgerna ---------------------------------------------------------------------------


def ritat(d: Diagram) -> Any:
    dokument = docx.Document()
    diagramstycken([d], dokument, UTSEENDE.diagram)
    (rot,) = (etree.fromstring(r.target_part.blob) for r in dokument.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.CHART)
    return rot


@pytest.mark.parametrize("slag", ["liggande", "staende", "linje"])
def test_serierna_skiljs_at_ocksa_utan_farg(slag: str) -> None:
    tva = (("Budget", i_ord(1, 2)), ("Prognos", i_ord(2, 3)))
    serier = list(ritat(Diagram("d", slag, "D", "mnkr", 1, ("A", "B"), tva, "Text 1,0.")).iter(f"{C}ser"))
    if slag == "linje":
        assert len({s.find(f"{C}marker/{C}symbol").get("val") for s in serier}) == len({s.find(f".//{A}prstDash").get("val") for s in serier}) == 2
    else:
        assert [s.find(f"{C}spPr/{A}pattFill") is not None for s in serier] == [False, True]


def test_bryggans_botten_varken_syns_eller_star_i_forklaringen() -> None:
    rot = ritat(brygga("20", "-15", "5"))
    namn = [s.findtext(f"{C}tx//{C}v") for s in rot.iter(f"{C}ser")]
    assert [s.find(f"{C}spPr/{A}noFill") is not None for s in rot.iter(f"{C}ser")] == [n == OSYNLIG for n in namn]
    assert [int(e.find(f"{C}idx").get("val")) for e in rot.iter(f"{C}legendEntry")] == [namn.index(OSYNLIG)]


@pytest.mark.parametrize(("en", "annan", "vantat"), [("000000", "FFFFFF", 21.0), ("FFFFFF", "FFFFFF", 1.0), ("777777", "FFFFFF", 4.48)])
def test_kontrasten_raknas_som_i_wcag(en: str, annan: str, vantat: float) -> None:
    assert kontrast(en, annan) == pytest.approx(vantat, abs=0.01)
    assert kontrast(annan, en) == kontrast(en, annan)


@pytest.mark.parametrize(
    ("fran", "till", "namns"),
    [('huvud = "0B4F5C"', 'huvud = "9FC5CC"', "huvud"), ('serier = ["0B4F5C", "B06A10"', 'serier = ["0B4F5C", "F2C48D"', "serie 2")],
)
def test_en_for_ljus_farg_sags_med_sin_kontrast(kommun: Provkommun, fran: str, till: str, namns: str) -> None:
    text = (medfoljande() / "utseende.toml").read_text(encoding="utf-8")
    assert fran in text
    kommun.skriv("mallar/utseende.toml", text.replace(fran, till))
    kommun.lamna_alla()
    with pytest.raises(MallFel, match=rf"mallar/utseende.toml.*{namns}.*:1"):
        floden.bygg_rapport(kommun.sammanstall())


def test_kommunens_marke_star_pa_omslaget_med_sitt_namn(kommun: Provkommun) -> None:
    bild = io.BytesIO()
    zlib_rad = zlib.compress(b"\x00\x0b\x4f\x5c")
    delar = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", zlib_rad), (b"IEND", b"")]
    bild.write(b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in delar))
    (kommun.katalog / "mallar").mkdir()
    (kommun.katalog / "mallar/marke.png").write_bytes(bild.getvalue())
    kommun.lamna_alla()
    s = kommun.sammanstall()
    dokument = docx.Document(io.BytesIO(word_av(floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), "")))
    forsta = next(e for e in dokument.element.iter(qn("wp:docPr")))
    assert forsta.get("descr") == "Provköpings kommuns märke"
    assert bild.getvalue() in [r.target_part.blob for r in dokument.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.IMAGE]


def test_ett_marke_som_ingen_bild_ar_sags(kommun: Provkommun) -> None:
    kommun.skriv("mallar/marke.png", "ingen bild")
    kommun.lamna_alla()
    s = kommun.sammanstall()
    with pytest.raises(MallFel, match=r"mallar/marke.png"):
        word_av(floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), "")


def test_kommunens_egna_farger_ritas(kommun: Provkommun) -> None:
    text = (medfoljande() / "utseende.toml").read_text(encoding="utf-8")
    kommun.skriv("mallar/utseende.toml", text.replace('"0B4F5C"', '"7A1F3D"'))
    kommun.lamna_alla()
    s = kommun.sammanstall()
    rapport = floden.bygg_rapport(s)
    assert rapport.utseende.diagram.serier[0] == "7A1F3D"
    mallfil = s.arbete.mallkalla.fil(s.rapportmall.wordmall)
    with zipfile.ZipFile(io.BytesIO(word_av(rapport, mallfil, ""))) as z:
        delar = {n: z.read(n).decode() for n in z.namelist() if n.startswith("word/") and n.endswith(".xml")}
    assert [n for n, xml in delar.items() if "0B4F5C" in xml] == []
    assert {n.split("/")[1] for n, xml in delar.items() if "7A1F3D" in xml} >= {"styles.xml", "numbering.xml", "theme", "charts"}
