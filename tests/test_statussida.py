"""Sidan status.html, läst och öppnad i en riktig webbläsare."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from kommunrapport import floden
from kommunrapport.karna.farg import VIT, kontrast, ljusnad
from kommunrapport.karna.fel import MallFel
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.status.lage import Enhetslage, Lage, Periodlage, Siffra, Siffror
from kommunrapport.status.lasning import Tillfalle, las_lage
from kommunrapport.status.sida import diagram, lank, sida, skriv_status
from tests.kommun import PERIOD, Kommandorad, Provkommun, bok, finansbok, vardbok

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAR = Tillfalle(date(2024, 9, 24), "2024-09-24 02:00")
CHROMIUM = next((vag for namn in ("chromium", "chromium-browser", "google-chrome") if (vag := shutil.which(namn))), "")
FONSTER = {"bred": (1280, 900, 1), "320 px": (320, 640, 1), "360 px": (360, 740, 1), "200 procent": (640, 450, 2)}


class Last(HTMLParser):
    """Det av sidan som proven frågar efter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.taggar: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.taggar.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def alla(self, *taggar: str) -> list[dict[str, str | None]]:
        return [attr for tag, attr in self.taggar if tag in taggar]


@pytest.fixture
def brokig(kommun: Provkommun) -> Provkommun:
    """En nämnd saknas, en har fel i en bok med svårt namn, och rapporten är skriven."""
    kommun.lamna(
        "vard", vardbok(drift__hemtjanst__prognos=-33_000, drift__hemtjanst__utfall="<b>fel</b> & mycket"), namn="Vård 100 % #1 & ”två”.xlsx"
    )
    kommun.lamna("finans", finansbok())
    floden.skriv_rapport(floden.sammanstall(kommun.katalog, PERIOD))
    return kommun


def skriven(kommun: Provkommun) -> Path:
    return skriv_status(kommun.katalog, las_lage(kommun.katalog, NAR, PERIOD))


def test_sidan_ar_fullstandig_och_lankarna_finns(brokig: Provkommun) -> None:
    s = Last(skriven(brokig).read_text(encoding="utf-8"))
    assert s.alla("html") == [{"lang": "sv"}]
    assert "Läget 2024-09-24 02:00, Provköpings kommun" in s.text
    assert [tag for tag, _ in s.taggar if re.fullmatch(r"h[1-6]", tag)][:3] == ["h1", "h2", "h3"]
    assert s.alla("script", "img", "iframe") == []
    assert all(attr.get("scope") for attr in s.alla("th"))
    assert len(s.alla("caption")) == len(s.alla("table")) == 1
    lankar = [str(a["href"]) for a in s.alla("a") if not str(a["href"]).startswith("#")]
    assert len(lankar) == 2 + 3
    assert all((brokig.katalog / unquote(vag)).is_file() for vag in lankar)
    ids = {attr["id"] for _, attr in s.taggar if "id" in attr}
    assert {str(a["href"])[1:] for a in s.alla("a") if str(a["href"]).startswith("#")} <= ids


def test_det_mest_bradskande_star_forst_och_text_skyddas(brokig: Provkommun) -> None:
    html = skriven(brokig).read_text(encoding="utf-8")
    assert html.index("Vårdnämnden: har fel") > html.index("Skolnämnden: försenad")
    assert "<b>fel</b>" not in html
    assert "&lt;b&gt;fel&lt;/b&gt; &amp; mycket" in html


def test_samma_lage_ger_samma_byte(brokig: Provkommun) -> None:
    forsta = skriven(brokig).read_bytes()
    assert skriven(brokig).read_bytes() == forsta
    assert not (brokig.katalog / ".skrivet.json").exists()


def test_kommandot_skriver_sidan(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    assert kor("status", "--html", "--datum", "2024-09-10", katalog=hel_kommun.katalog).kod == 0
    assert (hel_kommun.katalog / "status.html").is_file()


def test_kommunens_egen_sida_ersatter_och_en_trasig_sags(hel_kommun: Provkommun) -> None:
    hel_kommun.skriv("mallar/sida/status.html", "<p>{{ lage.kommun }}</p>")
    assert skriven(hel_kommun).read_text(encoding="utf-8") == "<p>Provköpings kommun</p>"
    hel_kommun.skriv("mallar/sida/status.html", "{{ lage.okand }}")
    with pytest.raises(MallFel):
        skriven(hel_kommun)


def enhet(id_: str, ore: int | None) -> Enhetslage:
    siffra = Siffra(ore, str(ore))
    return Enhetslage(id_, id_, "namnd", "klar", siffror=Siffror(siffra, siffra, siffra))


def period(*avvikelser: int | None) -> Periodlage:
    enheter = tuple(enhet(f"e{nr}", ore) for nr, ore in enumerate(avvikelser))
    return Periodlage(
        "2024-08", "augusti 2024", "Delårsrapport", "", date(2024, 9, 20), 1, None, "", faststalld=False, enheter=enheter, beloppsenhet="mnkr"
    )


@pytest.mark.parametrize(
    ("avvikelser", "vantat"),
    [
        ((0, None), None),
        ((None,), None),
        ((100, -300), [("e1", True, "0.0", "240.0"), ("e0", False, "240.0", "80.0")]),
        ((-200, -400), [("e1", True, "0.0", "320.0"), ("e0", True, "160.0", "160.0")]),
        ((50, 0, None), [("e1", False, "0.0", "0.0"), ("e0", False, "0.0", "320.0")]),
        ((-1_000_000, 1), [("e0", True, "0.0", "320.0"), ("e1", False, "318.0", "2.0")]),
    ],
)
def test_diagrammets_staplar(avvikelser: tuple[int | None, ...], vantat: list[tuple[str, bool, str, str]] | None) -> None:
    d = diagram(period(*avvikelser))
    assert (None if d is None else [(s.namn, s.minus, s.x, s.bredd) for s in d.staplar]) == vantat


@pytest.mark.parametrize("farg", ["000000", "0B4F5C", "C00000", "FFFFFF"])
def test_en_ljusnad_farg_gar_att_lasa(farg: str) -> None:
    assert kontrast(ljusnad(farg, "12191B", "1F2A2E", minst=7.0), "1F2A2E") >= 7.0
    assert ljusnad(farg, VIT, minst=7.0) in (farg, VIT)


@pytest.mark.parametrize(
    ("vag", "vantat"), [("inlamnat/2024-08/Å b#1.xlsx", "inlamnat/2024-08/%C3%85%20b%231.xlsx"), ("a/\udcff?.xlsx", "a/%FF%3F.xlsx")]
)
def test_lankar_ar_procentkodade(vag: str, vantat: str) -> None:
    assert lank(vag) == vantat


@pytest.fixture(scope="module")
def webblasare() -> Iterator["Browser"]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright är inte installerat")
    if not CHROMIUM:
        pytest.skip("ingen Chromium på den här datorn; sidan är inte prövad i en webbläsare")
    with playwright.sync_playwright() as p:
        b = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield b
        b.close()


@pytest.fixture(scope="module")
def fil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kommun = Provkommun(tmp_path_factory.mktemp("sida"))
    kommun.lamna("skola", bok(drift__grund__prognos=-65_000, drift__fritids__prognos=-9_000))
    kommun.lamna("finans", finansbok(drift__gemensamt__prognos=-1_000))
    floden.skriv_rapport(floden.sammanstall(kommun.katalog, PERIOD))
    ett = las_lage(kommun.katalog, NAR, PERIOD)
    return skriv_status(kommun.katalog, Lage(ett.kommun, ett.tid, (*ett.perioder, *las_lage(kommun.katalog, NAR, type(PERIOD)(2024, 10)).perioder)))


def oppnad(webblasare: "Browser", fil: Path, fonster: str = "bred", **val: Any) -> tuple["Page", list[str]]:
    bredd, hojd, tathet = FONSTER[fonster]
    sida_ = webblasare.new_context(viewport={"width": bredd, "height": hojd}, device_scale_factor=tathet, **val).new_page()
    handelser: list[str] = []
    sida_.on("console", lambda m: handelser.append(f"konsolen: {m.text}"))
    sida_.on("pageerror", lambda fel: handelser.append(f"fel: {fel}"))
    sida_.on("request", lambda r: handelser.append(f"hämtar {r.url}"))
    sida_.goto(fil.as_uri())
    return sida_, handelser


AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("utseende", ["light", "dark"])
@pytest.mark.parametrize("fonster", FONSTER)
def test_sidan_ar_tillganglig_i_webblasaren(webblasare: "Browser", fil: Path, fonster: str, utseende: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python är inte installerat")
    sida_, handelser = oppnad(webblasare, fil, fonster, color_scheme=utseende, bypass_csp=True)
    brister = axe.Axe().run(sida_, options={"runOnly": AXE}).response["violations"]
    assert [(b["id"], b["nodes"][0]["html"]) for b in brister] == []
    assert [h for h in handelser if h != f"hämtar {fil.as_uri()}"] == []


@pytest.mark.parametrize("fonster", FONSTER)
def test_sidan_rullar_aldrig_i_sidled(webblasare: "Browser", fil: Path, fonster: str) -> None:
    sida_, _ = oppnad(webblasare, fil, fonster)
    assert sida_.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_tabellens_rubrik_syns_hel_i_en_smal_telefon(webblasare: "Browser", fil: Path) -> None:
    sida_, _ = oppnad(webblasare, fil, "360 px")
    matt = """r => { const c = r.querySelector('caption').getBoundingClientRect(), m = r.getBoundingClientRect();
      return [c.left - m.left, m.right - c.right] }"""
    for rullat in (0, 1000):
        for ruta in sida_.query_selector_all(".rulla"):
            ruta.evaluate("(r, x) => r.scrollLeft = x", rullat)
            assert min(ruta.evaluate(matt)) > -1


FOKUS = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {vad: e.getAttribute('href') || e.getAttribute('role'), synlig: r.left >= 0 && r.right <= innerWidth + 1 && r.height > 0,
          ram: parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== 'none'}; }"""


def test_tangentbordet_nar_allt_och_fokus_syns(webblasare: "Browser", fil: Path) -> None:
    sida_, _ = oppnad(webblasare, fil)
    i_ordning = sida_.eval_on_selector_all("a, [role=region]", "alla => alla.map(e => e.getAttribute('href') || e.getAttribute('role'))")
    for vantat in i_ordning:
        sida_.keyboard.press("Tab")
        fokus = sida_.evaluate(FOKUS)
        assert fokus == {"vad": vantat, "synlig": True, "ram": True}
    assert i_ordning[0] == "#innehall"


KONTRAST = """() => [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) &&
    !['TITLE', 'DESC'].includes(e.tagName.toUpperCase())).map(e => {
  const rgb = f => f.match(/[\\d.]+/g).map(Number), genomskinlig = f => rgb(f).length > 3 && rgb(f)[3] === 0;
  let b = e; while (b.parentElement && genomskinlig(getComputedStyle(b).backgroundColor)) b = b.parentElement;
  const s = getComputedStyle(e), hex = f => rgb(f).slice(0, 3).map(v => v.toString(16).padStart(2, '0')).join('');
  return [e.tagName, hex(e.tagName === 'text' ? s.fill : s.color), hex(getComputedStyle(b).backgroundColor)]; })"""


@pytest.mark.parametrize("utseende", ["light", "dark"])
def test_all_text_har_tillracklig_kontrast(webblasare: "Browser", fil: Path, utseende: str) -> None:
    sida_, _ = oppnad(webblasare, fil, color_scheme=utseende)
    par = sida_.evaluate(KONTRAST)
    assert len(par) > 50
    assert [p for p in par if kontrast(p[1], p[2]) < 4.5] == []


def test_diagrammet_har_namn_och_beskrivning_av_siffrorna(webblasare: "Browser", fil: Path) -> None:
    sida_, _ = oppnad(webblasare, fil)
    bild = sida_.get_by_role("img", name=re.compile("Avvikelse per enhet"))
    assert bild.count() == 1
    assert "Skolnämnden −3,0 och Finansförvaltningen +1,0" in str(bild.locator("desc").text_content())


def test_sidan_gar_att_skriva_ut(webblasare: "Browser", fil: Path) -> None:
    sida_, _ = oppnad(webblasare, fil, color_scheme="dark")
    sida_.emulate_media(media="print")
    assert sida_.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert sida_.evaluate("getComputedStyle(document.querySelector('.hoppa')).display") == "none"
    assert sida_.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_sidan_utan_perioder_gar_att_skriva() -> None:
    html = sida(Lage("Provköping", "2024-07-01", (), "Ingen period är öppen."), Mallkalla.for_katalog(Path("finns-inte")))
    assert "Ingen period är öppen." in html.decode()
