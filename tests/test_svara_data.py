"""Data som är svår att skriva i ett dokument: samma text kommer fram i varje rapport, inget försvinner och inget körs."""

import dataclasses
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import PRELIMINAR, Period
from kommunrapport.rapport.enhetsrapport import enhetsrapport
from kommunrapport.rapport.modell import Cell, Rapport
from kommunrapport.rapport.word import word_av
from tests.kommun import PERIOD, Provkommun, kommun_toml
from tests.test_word import KRAVER_LIBREOFFICE, konvertera

SVARA = {
    "xml": "R&D < 3 % > 2 % \"citat\" 'apostrof' &amp; &lt;b&gt; ]]> <!-- x --> </w:t>",
    "tagg": "{{ rapport.titel }} {% if 1 %}ja{% endif %} {# nej #} {%p for n in namnder %} {{p tabell.drift }}",
    "klamrar": "{_{ x }_} {_% y %_} }} %} {{ {%",
    "emoji": "🏫 👩‍🏫 🇸🇪 ✅️",
    "sammansatt": "A\u030a e\u0301 o\u0308 Ǻ ﬁ",
    "bidi": "\u202eomvänd\u202c שלום \u2066isolerad\u2069 \u200e\u200f",
    "mellanslag": "a\u00a0b\u2009c\u200bd\u00ade",
    "langt_ord": "Ö" * 200,
    "matte": "−12,4 ± 3 ≤ 5 § 4 € ½",
    "tabb": "före\tefter",
    "lang": "Ord och åter ord. " * 560 + "Slut.",
}
"""Texter som ska komma fram precis som de är."""
RENSAS = {
    "nul": ("Före\x00efter", "Föreefter"),
    "lodrat_tabb": ("Rad ett\x0brad två", "Rad ett\nrad två"),
    "sidbrytning": ("Rad ett\x0crad två", "Rad ett\nrad två"),
    "windows": ("Rad ett\r\nrad två\rrad tre", "Rad ett\nrad två\nrad tre"),
    "styrtecken": ("A\x01\x07\x1b[31mB\x7f\x9f", "A[31mB"),
    "halvt_surrogat": ("A\ud83dB", "AB"),
    "icke_tecken": ("A\ufffe\uffffB", "AB"),
}
"""Texter med tecken som ett dokument inte får ha, och det som blir kvar."""
ALLA = {**{namn: (text, text) for namn, text in SVARA.items()}, **RENSAS}
FORVANTAT = [vantat for _, vantat in ALLA.values()]
RADER = [rad for vantat in FORVANTAT for rad in vantat.split("\n")]


RAPPORTER = {
    "manad": Period(2024, 3),
    "delar": PERIOD,
    "bokslutskommunike": Period(2024, 12, variant=PRELIMINAR),
    "arsredovisning": Period(2024, 12),
}


@pytest.fixture(scope="module", params=RAPPORTER)
def underlag(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sammanstallning, Rapport]:
    """Varje rapport, ur böcker med en text var."""
    kommun, period = Provkommun(tmp_path_factory.mktemp("svara")), RAPPORTER[request.param]
    kommun.skriv("kommun.toml", kommun_toml(fler_enheter=True).replace('"hedemora"', '"huddinge"' if period.variant else '"hedemora"'))
    for enhet in ("skola", "vard", "finans", "bostad"):
        kommun.lamna(enhet, {("texter", "analys", "text"): "Text."}, period=period)
    s = floden.sammanstall(kommun.katalog, period, request.param)
    return s, floden.bygg_rapport(s)


def svar_rapport(rapport: Rapport) -> Rapport:
    """Rapporten med svåra texter överallt där data hamnar: stycken, meningar, tabeller, rubriker, diagram, noter och sidhuvud."""
    alla = [text for text, _ in ALLA.values()]
    hela = "\n".join(alla)
    enheter = tuple(
        dataclasses.replace(a, namn=alla[nr % 5], mening=alla[0], texter=dict.fromkeys(a.texter, hela))
        for nr, a in enumerate((*rapport.namnder, *rapport.bolag))
    )
    tabell = rapport.tabeller["drift"]
    rader = tuple(
        dataclasses.replace(r, namn=alla[nr % len(alla)], celler=(Cell(alla[nr % len(alla)]), *r.celler[1:])) for nr, r in enumerate(tabell.rader * 6)
    )
    svar = dataclasses.replace(tabell, titel=alla[0], noter=(alla[1], alla[2]), rader=rader)
    diagram = {
        n: dataclasses.replace(d, titel=alla[0], alttext=alla[1], kategorier=tuple(alla[nr % len(alla)] for nr in range(len(d.kategorier))))
        for n, d in rapport.diagram.items()
    }
    return dataclasses.replace(
        rapport,
        kommun=RENSAS["nul"][0] + SVARA["xml"],
        texter=dict.fromkeys(rapport.texter, hela),
        meningar=dict(zip(rapport.meningar, alla * 3, strict=False)) | {"resultat": hela},
        tabeller={**rapport.tabeller, "drift": svar},
        diagram=diagram,
        namnder=enheter[: len(rapport.namnder)],
        bolag=enheter[len(rapport.namnder) :],
        utkastrader=tuple(alla),
    )


def text_i(element: Any) -> str:
    tecken = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(tecken.get(e.tag, e.text or "") for e in element.iter(qn("w:t"), *tecken))


def stycken(data: bytes) -> list[str]:
    kropp = docx.Document(io.BytesIO(data)).element.body
    return [text_i(p) for p in kropp.iter(qn("w:p"))]


def skriv(s: Sammanstallning, rapport: Rapport, wordmall: str = "") -> bytes:
    return word_av(rapport, s.arbete.mallkalla.fil(wordmall or s.rapportmall.wordmall), SVARA["xml"])


@pytest.fixture(scope="module")
def skrivet(underlag: tuple[Sammanstallning, Rapport]) -> bytes:
    return skriv(underlag[0], svar_rapport(underlag[1]))


@pytest.mark.parametrize("namn", ALLA)
def test_texten_kommer_fram_i_stycken_meningar_och_celler(namn: str, skrivet: bytes) -> None:
    alla, vantat = stycken(skrivet), ALLA[namn][1]
    assert vantat in alla  # en cell, en utkastrad
    assert all(rad.strip() in alla for rad in vantat.split("\n"))  # en inlämnad text: varje rad är ett stycke
    assert any(vantat in text and "\n" in text and all(rad in text for rad in RADER) for text in alla)  # en mening med allt


def test_inget_i_texterna_har_korts(skrivet: bytes, underlag: tuple[Sammanstallning, Rapport]) -> None:
    def antal_tabeller(data: bytes) -> int:
        return len(list(docx.Document(io.BytesIO(data)).element.body.iter(qn("w:tbl"))))

    assert antal_tabeller(skrivet) == antal_tabeller(skriv(underlag[0], dataclasses.replace(underlag[1], utkastrader=("x",))))
    assert zipfile.ZipFile(io.BytesIO(skrivet)).testzip() is None


def test_enhetens_egen_rapport_klarar_detsamma(underlag: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = underlag
    assert s.rapportmall.enhetsrapport is not None
    egen = enhetsrapport(rapport, s.rapportmall.enhetsrapport, floden._byggunderlag(s), s.arbete.organisation.enhet_med_id("skola"))
    hela = "\n".join(text for text, _ in ALLA.values())
    svar = dataclasses.replace(
        egen, enhet=SVARA["tagg"], texter=dict.fromkeys(egen.texter, hela), utkastrader=tuple(text for text, _ in ALLA.values())
    )
    alla = stycken(skriv(s, svar, s.rapportmall.enhetsrapport.wordmall))
    assert [v for v in FORVANTAT if v not in alla] == []
    assert [rad for rad in RADER if rad.strip() not in alla] == []


def test_egenskaper_och_sidhuvud_klarar_svara_namn(underlag: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = underlag
    skrivet = docx.Document(io.BytesIO(skriv(s, dataclasses.replace(rapport, kommun="Ö" * 300 + "\x00\x0b<&> {{ x }}"))))
    assert skrivet.core_properties.author == "Ö" * 255
    assert any("Ö" * 300 + "\n<&> {{ x }}" in text_i(p._p) for p in skrivet.sections[0].header.paragraphs)


@pytest.mark.hel
@KRAVER_LIBREOFFICE
def test_libreoffice_laser_samma_texter(skrivet: bytes, tmp_path: Path) -> None:
    fil = tmp_path / "svar.docx"
    fil.write_bytes(skrivet)
    text = konvertera(fil, "txt", tmp_path / "ut").read_text(encoding="utf-8-sig")
    assert [namn for namn, svar in SVARA.items() if svar.strip() not in text] == []
