"""Rapporten som PDF: läst tillbaka, med LibreOffice på riktigt; och vad som händer när det saknas, hänger sig eller misslyckas."""

import getpass
import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from kommunrapport import floden
from kommunrapport.karna.fel import UtmatningsFel
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport import innehall, libreoffice, pdf
from tests.kommun import Kommandorad, Provkommun, lamna_rikt
from tests.test_word import KRAVER_LIBREOFFICE, WORDMALL

NAMN = "Delårsrapport 2024-08"
MAPP = "rapporter/2024-08"
BARA_POSIX = pytest.mark.skipif(os.name == "nt", reason="Ersättarna för soffice är skript som Windows inte kör.")


# --- Läsa tillbaka ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Skriven:
    """En PDF och det som står i den."""

    fil: pikepdf.Pdf

    @property
    def rot(self) -> Any:
        return self.fil.Root

    def struktur(self, slag: str) -> list[Any]:
        return [e for e in _element(self.rot.StructTreeRoot) if e.get("/S") == f"/{slag}"]

    def sida(self, mal: Any) -> int:
        return [s.objgen for s in self.fil.pages].index(mal[0].objgen) + 1

    def bokmarken(self) -> list[tuple[str, int]]:
        """Bokmärkespanelens rubriker i ordning, med sidan de går till."""
        with self.fil.open_outline() as panel:
            return [(post.title, self.sida(post.destination)) for post in _platt(panel.root)]

    def lankar(self) -> list[tuple[str, str, int]]:
        """Förteckningarnas rader, så som de står tryckta: text, sidnummer, och sidan som länken går till."""
        alla = [lank for sida in self.fil.pages for lank in sida.get("/Annots", [])]
        return [(*str(lank.Contents).partition("\t")[::2], self.sida(lank.Dest)) for lank in alla]

    def xmp(self) -> str:
        return bytes(self.rot.Metadata.read_bytes()).decode()


def _element(element: Any) -> Iterator[Any]:
    if isinstance(element, pikepdf.Dictionary):
        yield element
        barn: Any = element.get("/K")
        for ett in barn if isinstance(barn, pikepdf.Array) else [barn]:
            yield from _element(ett)


def _platt(poster: Any) -> Iterator[Any]:
    for post in poster:
        yield post
        yield from _platt(post.children)


def sidnummer_i(fil: Path | io.BytesIO) -> list[tuple[str, str]]:
    """Förteckningarnas rader i Worddokumentet: text och sidnummer."""
    dokument: Any = docx.Document(str(fil) if isinstance(fil, Path) else fil)
    rader = ([t.text for t in lank.iter(qn("w:t"))] for lank in dokument.element.body.iter(qn("w:hyperlink")))
    return [(text, "".join(nummer)) for text, *nummer in rader]


@pytest.fixture(scope="module")
def kommun_med_pdf(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """En kommun i en mapp med mellanslag och å, ä och ö, med delårsrapporten skriven också som PDF."""
    kommun = Provkommun(tmp_path_factory.mktemp("pdf") / "Ekonomi & uppföljning åäö")
    lamna_rikt(kommun)
    program = libreoffice.hitta()
    assert program
    floden.skriv_rapport(kommun.sammanstall(), pdf_med=program)
    return kommun


@pytest.fixture(scope="module")
def skriven(kommun_med_pdf: Provkommun) -> Iterator[Skriven]:
    with pikepdf.open(kommun_med_pdf.katalog / MAPP / f"{NAMN}.pdf") as fil:
        yield Skriven(fil)


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_pdf_ar_taggad_pa_svenska_och_arkivbestandig(skriven: Skriven) -> None:
    assert skriven.rot.MarkInfo.Marked
    assert skriven.rot.Lang == "sv-SE"
    assert skriven.rot.ViewerPreferences.DisplayDocTitle
    assert str(skriven.fil.docinfo.Title) == "Delårsrapport januari–augusti 2024, Provköpings kommun"
    assert re.findall(r"<(pdfaid:part|pdfaid:conformance|pdfuaid:part)>(\w+)<", skriven.xmp()) == [
        ("pdfaid:part", "2"),
        ("pdfaid:conformance", "B"),
        ("pdfuaid:part", "1"),
    ]
    assert skriven.fil.trailer.ID


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_pdf_har_rubriker_tabeller_och_figurer_i_sin_struktur(skriven: Skriven, kommun_med_pdf: Provkommun) -> None:
    rapport = floden.bygg_rapport(kommun_med_pdf.sammanstall())
    assert [bool(skriven.struktur(slag)) for slag in ("H1", "H2", "Table", "TH", "TD", "TOC", "TOCI", "Link")] == [True] * 8
    figurer = [str(f.get("/Alt")) for f in skriven.struktur("Figure")]
    assert sorted(figurer) == sorted(d.alttext for _, d in rapport.alla_diagram)


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_alla_typsnitt_ar_inbaddade(skriven: Skriven) -> None:
    beskrivningar = [o for o in skriven.fil.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert beskrivningar
    assert all(any(nyckel in b for nyckel in ("/FontFile", "/FontFile2", "/FontFile3")) for b in beskrivningar)


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_innehallets_sidnummer_ar_sidan_dar_rubriken_star(skriven: Skriven, kommun_med_pdf: Provkommun) -> None:
    i_word = sidnummer_i(kommun_med_pdf.katalog / MAPP / f"{NAMN}.docx")
    i_pdf = [(text, nummer) for text, nummer, _ in skriven.lankar()]
    assert [nummer for _, nummer, _ in skriven.lankar()] == [str(sida) for _, _, sida in skriven.lankar()]
    assert sorted(i_pdf) == sorted(i_word)
    rubriker = [(text, str(sida)) for text, sida in skriven.bokmarken()]
    assert [r for r in rubriker if r in i_word] == i_word
    assert len(i_word) > 15


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_pdf_har_varken_anvandarnamn_eller_sokvag(skriven: Skriven, kommun_med_pdf: Provkommun) -> None:
    texter = [skriven.xmp(), *(str(v) for v in skriven.fil.docinfo.values())]
    for objekt in skriven.fil.objects:
        if isinstance(objekt, pikepdf.Dictionary):
            texter += [str(v) for v in objekt.values() if isinstance(v, pikepdf.String)]
    allt = "\n".join(texter)
    assert [s for s in (str(kommun_med_pdf.katalog), tempfile.gettempdir(), str(Path.home()) + os.sep, "file:") if s in allt] == []
    assert not re.search(rf"\b{re.escape(getpass.getuser())}\b", allt)
    assert "LibreOffice" in str(skriven.fil.docinfo.Producer)


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_worddokumentet_med_sidnummer_ar_byteslikt_och_fragar_inte(kommun_med_pdf: Provkommun) -> None:
    fil = kommun_med_pdf.katalog / MAPP / f"{NAMN}.docx"
    fore = fil.read_bytes()
    floden.skriv_rapport(kommun_med_pdf.sammanstall(), pdf_med=libreoffice.hitta())
    assert fil.read_bytes() == fore
    dokument: Any = docx.Document(str(fil))
    tecken = [e.get(qn("w:fldCharType")) for e in dokument.element.body.iter(qn("w:fldChar"))]
    assert tecken.count("begin") == tecken.count("separate") == tecken.count("end") == 1 + len(sidnummer_i(fil))
    with zipfile.ZipFile(fil) as arkiv:
        assert b"updateFields" not in arkiv.read("word/settings.xml")


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_enheternas_egna_rapporter_blir_pdf_genom_kommandot(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    svar = kor("delar", "--period", "2024-08", "--enhet", "skola", "--enhet", "vard", "--pdf", "--json", katalog=hel_kommun.katalog)
    data = json.loads(svar.ut)
    assert (svar.kod, data["varningar"]) == (0, [])
    assert [Path(fil).suffix for fil in data["skrivet"]] == [".docx", ".pdf", ".xlsx"] * 2
    for fil in (Path(fil) for fil in data["skrivet"] if fil.endswith(".pdf")):
        with pikepdf.open(fil) as oppnad:
            assert Skriven(oppnad).bokmarken()
        assert all(nummer for _, nummer in sidnummer_i(fil.with_suffix(".docx")))


# --- Kommunens egen mall ------------------------------------------------------------------------------------------


def _mall(mapp: Path, *stycken: str | tuple[str, str], tabbar: bool = True) -> Path:
    """En egen mall med de medföljande stilarna; ett stycke är en text, eller en stil och en text."""
    mall: Any = docx.Document(str(medfoljande() / WORDMALL))
    for element in [e for e in mall.element.body if e.tag in (qn("w:p"), qn("w:tbl"))]:
        mall.element.body.remove(element)
    for stycke in stycken:
        stil, text = ("Normal", stycke) if isinstance(stycke, str) else stycke
        p = mall.add_paragraph(text)
        p._p.get_or_add_pPr().append(parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{stil}"/>'))
    if not tabbar:
        for stil in mall.styles.element.iter(qn("w:style")):
            if stil.get(qn("w:styleId")).startswith("TOC"):
                for tabb in list(stil.iter(qn("w:tabs"))):
                    tabb.getparent().remove(tabb)
    fil = mapp / "mallar" / WORDMALL
    fil.parent.mkdir(parents=True)
    mall.save(str(fil))
    return fil


def _avsnittsslut(fil: Path, nummer: int, start: int) -> None:
    """Stycke ``nummer`` blir det sista i sitt avsnitt, och nästa avsnitt börjar om sidnumreringen på ``start``."""
    mall: Any = docx.Document(str(fil))
    sista = mall.element.body.find(qn("w:sectPr"))
    forsta = parse_xml(f'<w:sectPr {nsdecls("w")}><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>')
    mall.paragraphs[nummer]._p.get_or_add_pPr().append(forsta)
    sista.append(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="{start}"/>'))
    mall.save(str(fil))


EGEN = (
    "Omslag",
    "{{p innehall }}",
    "{{p tabellforteckning }}",
    "Slut på förteckningarna.",
    ("Heading1", "Första"),
    "{{p tabell.drift }}",
    ("Heading1", "Andra"),
    "{{p tabell.balans }}",
)


def skriv_med_egen_mall(kommun: Provkommun) -> bytes:
    lamna_rikt(kommun)
    s = kommun.sammanstall()
    return floden.utkast(s)[f"{NAMN}.docx"]


def test_tabellforteckningen_raknar_upp_tabellerna_med_lankar(kommun: Provkommun) -> None:
    _mall(kommun.katalog, *EGEN)
    dokument: Any = docx.Document(io.BytesIO(skriv_med_egen_mall(kommun)))
    kropp = dokument.element.body
    bokmarken = {b.get(qn("w:name")): "".join(t.text for t in b.getparent().iter(qn("w:t"))) for b in kropp.iter(qn("w:bookmarkStart"))}
    titlar = [p.text for p in dokument.paragraphs if p.style.name == "Tabelltitel"]
    lankar = [("".join(t.text for t in lank.iter(qn("w:t"))), bokmarken[lank.get(qn("w:anchor"))]) for lank in kropp.iter(qn("w:hyperlink"))]
    assert len(titlar) == 2
    assert lankar == [(text, text) for text in ("Första", "Andra", *titlar)]
    assert ["TOC" in e.text for e in kropp.iter(qn("w:instrText"))] == [True, True]


def test_utan_tagg_finns_ingen_forteckning_och_inga_bokmarken(kommun: Provkommun) -> None:
    _mall(kommun.katalog, ("Heading1", "Första"), "{{p tabell.drift }}")
    dokument: Any = docx.Document(io.BytesIO(skriv_med_egen_mall(kommun)))
    assert list(dokument.element.body.iter(qn("w:bookmarkStart"), qn("w:hyperlink"), qn("w:fldChar"))) == []


@pytest.mark.parametrize("tabbar", [True, False])
def test_raden_far_egen_tabb_bara_nar_mallens_stil_saknar_en(tabbar: bool, kommun: Provkommun) -> None:
    _mall(kommun.katalog, *EGEN, tabbar=tabbar)
    dokument: Any = docx.Document(io.BytesIO(skriv_med_egen_mall(kommun)))
    rader = [p for p in dokument.element.body.iter(qn("w:p")) if p.find(qn("w:hyperlink")) is not None]
    assert len(rader) == 4
    assert {p.find(f"{qn('w:pPr')}/{qn('w:tabs')}") is None for p in rader} == {tabbar}


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_en_mall_som_borjar_om_sidnumreringen_far_de_tryckta_numren(kommun: Provkommun) -> None:
    _avsnittsslut(_mall(kommun.katalog, *EGEN), 3, start=5)
    program = libreoffice.hitta()
    assert program
    filer, brister = pdf.med_pdf({"a.docx": skriv_med_egen_mall(kommun)}, program)
    assert brister == ()
    with pikepdf.open(io.BytesIO(filer["a.pdf"])) as fil:
        lankar = Skriven(fil).lankar()
    assert sorted((nummer, sida) for _, nummer, sida in lankar) == [("5", 2), ("5", 2), ("6", 3), ("6", 3)]
    assert [nummer for _, nummer in sidnummer_i(io.BytesIO(filer["a.docx"]))] == ["5", "6"] * 2


# --- När LibreOffice saknas -----------------------------------------------------------------------------------------


@pytest.fixture
def utan_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(libreoffice.MILJO, raising=False)
    monkeypatch.setattr(libreoffice, "hitta", lambda: None)


@pytest.mark.hel
@pytest.mark.usefixtures("utan_libreoffice")
def test_utan_libreoffice_skrivs_resten_och_slutkoden_ar_densamma(kor: Kommandorad, hel_kommun: Provkommun) -> None:
    utan = kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog)
    fore = {fil.name: fil.read_bytes() for fil in (hel_kommun.katalog / MAPP).iterdir()}
    svar = kor("delar", "--period", "2024-08", "--pdf", katalog=hel_kommun.katalog)
    assert svar.kod == utan.kod == 0
    assert {fil.name: fil.read_bytes() for fil in (hel_kommun.katalog / MAPP).iterdir()} == fore
    assert "PDF skrevs inte" in svar.fel
    assert libreoffice.MILJO in svar.fel
    (varning,) = json.loads(kor("delar", "--period", "2024-08", "--pdf", "--json", katalog=hel_kommun.katalog).ut)["varningar"]
    assert varning in svar.fel


@pytest.mark.parametrize(("dator", "rad"), [("win32", "winget install"), ("darwin", "brew install"), ("linux", "apt install")])
def test_meningen_sager_hur_det_installeras(monkeypatch: pytest.MonkeyPatch, dator: str, rad: str) -> None:
    monkeypatch.delenv(libreoffice.MILJO, raising=False)
    monkeypatch.setattr(sys, "platform", dator)
    assert rad in libreoffice.saknas()


PLATSER = [
    ("linux", {"PATH": "{rot}"}, "soffice"),
    ("linux", {"PATH": "{rot}"}, "libreoffice"),
    ("darwin", {"HOME": "{rot}"}, "Applications/LibreOffice.app/Contents/MacOS/soffice"),
    ("win32", {"ProgramFiles": "{rot}"}, "LibreOffice/program/soffice.com"),
    ("win32", {"ProgramFiles(x86)": "{rot}"}, "LibreOffice/program/soffice.exe"),
    ("linux", {libreoffice.MILJO: "{rot}/Mina program/soffice å"}, "Mina program/soffice å"),
]


@BARA_POSIX
@pytest.mark.parametrize(("dator", "miljo", "plats"), PLATSER)
def test_programmet_hittas_dar_det_brukar_ligga(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dator: str, miljo: dict[str, str], plats: str
) -> None:
    program = tmp_path / plats
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.delenv(libreoffice.MILJO, raising=False)
    monkeypatch.setenv("PATH", "")
    for namn, varde in miljo.items():
        monkeypatch.setenv(namn, varde.format(rot=tmp_path))
    monkeypatch.setattr(sys, "platform", dator)
    assert libreoffice.hitta() == program


def test_ett_utpekat_program_som_inte_finns_sags(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(libreoffice.MILJO, str(tmp_path / "finns inte"))
    assert libreoffice.hitta() is None
    assert "finns inte" in libreoffice.saknas()


# --- När LibreOffice går fel ---------------------------------------------------------------------------------------------

INGET = "pass"
MISSLYCKAS = "print('Error: source file could not be loaded', in_[0], file=sys.stderr); sys.exit(77)"
SKRAP = "[f.write_bytes(b'inte en pdf') for f in ut]"
TOM = "[pikepdf.new().save(f) for f in ut]"
BARA_FORSTA = "pikepdf.new().save(ut[0])"
HANGER = "Path({pid!r}).write_text(str(subprocess.Popen(['sleep', '300']).pid)); time.sleep(300)"
LAMNAR_BARN = "Path({pid!r}).write_text(str(subprocess.Popen(['sleep', '300']).pid)); [pikepdf.new().save(f) for f in ut]"
SOFFICE = """#!{python}
import subprocess, sys, time
from pathlib import Path
import pikepdf
in_ = [Path(a) for a in sys.argv if a.endswith(".docx")]
ut = [Path(sys.argv[sys.argv.index("--outdir") + 1]) / (f.stem + ".pdf") for f in in_]
with open({antal!r}, "a") as f: f.write("x")
{gor}
"""


@dataclass(frozen=True)
class Ersattare:
    """Ett skript i stället för soffice, och det som det lämnar efter sig."""

    program: Path
    pid: Path
    temp: Path
    antal: Path

    def lever(self) -> bool:
        """Om processen som skriptet startade lever; den får en kort stund på sig att försvinna."""
        slut = time.monotonic() + 5
        while (lever := _lever(int(self.pid.read_text(encoding="utf-8")))) and time.monotonic() < slut:
            time.sleep(0.02)
        return lever


def _lever(pid: int) -> bool:
    """En avslutad process som ingen har hämtat räknas inte."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except OSError:
        return False


@pytest.fixture
def ersattare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Ersattare]:
    def gor(kod: str) -> Ersattare:
        mapp = tmp_path / "ersättare med mellanslag"
        e = Ersattare(mapp / "soffice", mapp / "pid", mapp / "temp åäö", mapp / "antal")
        e.temp.mkdir(parents=True)
        gor_ = kod.replace("{pid!r}", repr(str(e.pid)))
        e.program.write_text(SOFFICE.format(python=sys.executable, gor=gor_, antal=str(e.antal)), encoding="utf-8")
        e.program.chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", str(e.temp))
        monkeypatch.setenv(libreoffice.MILJO, str(e.program))
        return e

    return gor


@pytest.fixture(scope="module")
def ett_dokument() -> bytes:
    return (medfoljande() / WORDMALL).read_bytes()


FEL = [
    (INGET, ["LibreOffice skrev ingen fil", "slutkod 0"]),
    (MISSLYCKAS, ["slutkod 77", "could not be loaded"]),
    (SKRAP, ["ingen läsbar fil"]),
]


@BARA_POSIX
@pytest.mark.parametrize(("kod", "sags"), FEL, ids=["inget", "misslyckas", "skrap"])
def test_ett_program_som_gar_fel_ger_en_mening_och_oforandrade_filer(
    kod: str, sags: list[str], ersattare: Callable[[str], Ersattare], ett_dokument: bytes
) -> None:
    e = ersattare(kod)
    filer = {"Rapport å.docx": ett_dokument, "Rapport å.xlsx": b"x"}
    nya, (mening, rad) = pdf.med_pdf(filer, e.program)
    assert nya == filer
    assert [s for s in ["PDF skrevs inte", *sags] if s not in mening] == []
    assert str(e.temp) not in mening
    assert "Word" in rad
    assert list(e.temp.iterdir()) == []


@BARA_POSIX
def test_ett_program_som_hanger_sig_avslutas_med_allt_det_har_startat(
    monkeypatch: pytest.MonkeyPatch, ersattare: Callable[[str], Ersattare], ett_dokument: bytes
) -> None:
    e = ersattare(HANGER)
    monkeypatch.setattr(libreoffice, "START_SEKUNDER", 3)
    monkeypatch.setattr(libreoffice, "DOKUMENT_SEKUNDER", 0)
    nya, (mening, _) = pdf.med_pdf({"a.docx": ett_dokument}, e.program)
    assert nya == {"a.docx": ett_dokument}
    assert "svarade inte inom 3 sekunder" in mening
    assert not e.lever()
    assert list(e.temp.iterdir()) == []


@BARA_POSIX
def test_det_som_ett_fardigt_program_lamnar_igang_avslutas(ersattare: Callable[[str], Ersattare], ett_dokument: bytes) -> None:
    e = ersattare(LAMNAR_BARN)
    nya, brister = pdf.med_pdf({"a.docx": ett_dokument}, e.program)
    assert (list(nya), brister) == (["a.docx", "a.pdf"], ())
    assert not e.lever()


@BARA_POSIX
def test_flera_dokument_tas_i_en_korning_och_ett_som_inte_blev_av_namns(ersattare: Callable[[str], Ersattare], ett_dokument: bytes) -> None:
    e = ersattare(BARA_FORSTA)
    nya, (mening, _) = pdf.med_pdf({"a.docx": ett_dokument, "a.xlsx": b"x", "b.docx": ett_dokument}, e.program)
    assert list(nya) == ["a.docx", "a.pdf", "a.xlsx", "b.docx"]
    assert "för b:" in mening
    assert e.antal.read_text(encoding="utf-8") == "x"


@BARA_POSIX
def test_ett_program_som_inte_gar_att_starta_sags(tmp_path: Path, ett_dokument: bytes) -> None:
    (tmp_path / "soffice").write_text("inget program", encoding="utf-8")
    _, (mening, _) = pdf.med_pdf({"a.docx": ett_dokument}, tmp_path / "soffice")
    assert "gick inte att starta" in mening


@BARA_POSIX
@pytest.mark.hel
def test_6_nar_pdf_inte_gick_men_de_andra_filerna_ar_skrivna(kor: Kommandorad, hel_kommun: Provkommun, ersattare: Callable[[str], Ersattare]) -> None:
    ersattare(MISSLYCKAS)
    svar = kor("delar", "--period", "2024-08", "--pdf", katalog=hel_kommun.katalog)
    assert svar.kod == 6
    assert "PDF skrevs inte" in svar.fel
    assert {f"{NAMN}.docx", f"{NAMN}.xlsx", "anmarkningar.xlsx", "spar.json"} <= {fil.name for fil in (hel_kommun.katalog / MAPP).iterdir()}


@BARA_POSIX
@pytest.mark.hel
def test_en_egen_eller_gammal_pdf_ersatts_inte_tyst(kor: Kommandorad, hel_kommun: Provkommun, ersattare: Callable[[str], Ersattare]) -> None:
    ersattare(TOM)
    fil = hel_kommun.katalog / MAPP / f"{NAMN}.pdf"
    argument = ("delar", "--period", "2024-08")
    assert kor(*argument, "--pdf", katalog=hel_kommun.katalog).kod == 0
    assert kor(*argument, "--pdf", katalog=hel_kommun.katalog).kod == 0
    assert f"{NAMN}.pdf är från en tidigare körning" in kor(*argument, katalog=hel_kommun.katalog).fel
    fil.write_bytes(b"%PDF undertecknad")
    svar = kor(*argument, "--pdf", katalog=hel_kommun.katalog)
    assert svar.kod == 6
    assert f"{NAMN}.pdf har ändrats" in svar.fel
    assert fil.read_bytes() == b"%PDF undertecknad"
    shutil.copy(fil, fil.with_name("undan.pdf"))
    assert kor(*argument, "--pdf", "--ersatt", katalog=hel_kommun.katalog).kod == 0
    assert fil.read_bytes() != b"%PDF undertecknad"


@BARA_POSIX
@pytest.mark.hel
def test_bade_en_andrad_fil_och_en_pdf_som_inte_gick_sags(hel_kommun: Provkommun, ersattare: Callable[[str], Ersattare]) -> None:
    e = ersattare(MISSLYCKAS)
    s = hel_kommun.sammanstall()
    floden.skriv_rapport(s)
    (hel_kommun.katalog / MAPP / f"{NAMN}.docx").write_bytes(b"redigerad")
    with pytest.raises(UtmatningsFel) as fel:
        floden.skriv_rapport(s, pdf_med=e.program)
    assert "har ändrats" in str(fel.value)
    assert "PDF skrevs inte" in str(fel.value)


# --- Sidor som flyttar sig -----------------------------------------------------------------------------------------------


def test_ett_dokument_vars_sidor_aldrig_star_still_blir_utan_sidnummer(monkeypatch: pytest.MonkeyPatch, kommun: Provkommun) -> None:
    _mall(kommun.katalog, *EGEN)
    dokument = skriv_med_egen_mall(kommun)
    gjorda: list[bytes] = []

    def hoppar(_program: Path, _mapp: Path, filer: dict[str, bytes]) -> dict[str, bytes]:
        """En PDF där rubriken står på en annan sida varje gång."""
        gjorda.append(filer["a.docx"])
        fil = pikepdf.new()
        for _ in range(1 + len(gjorda)):
            fil.add_blank_page()
        fil.Root.Dests = pikepdf.Dictionary({"/5FToc000001": pikepdf.Array([fil.pages[-1].obj, pikepdf.Name.Fit])})
        ut = io.BytesIO()
        fil.save(ut)
        return {"a.docx": ut.getvalue()}

    monkeypatch.setattr(libreoffice, "till_pdf", hoppar)
    filer, brister = pdf.med_pdf({"a.docx": dokument}, Path("soffice"))
    assert brister == ()
    assert filer["a.docx"] == dokument == gjorda[0]
    assert sidnummer_i(io.BytesIO(gjorda[1]))[0] == ("Första", "2")
    with pikepdf.open(io.BytesIO(filer["a.pdf"])) as fil:
        assert len(fil.pages) == 2


def test_sidnummer_skrivs_bara_for_de_bokmarken_som_har_en_sida(kommun: Provkommun) -> None:
    _mall(kommun.katalog, *EGEN)
    med = innehall.med_sidnummer(skriv_med_egen_mall(kommun), {"_Toc000002": 17})
    assert [nummer for _, nummer in sidnummer_i(io.BytesIO(med))] == ["", "17", "", ""]
