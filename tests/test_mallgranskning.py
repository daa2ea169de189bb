"""mall-granska: varje regel med en mall som går igenom och en som faller, och platsen som sägs."""

import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from kommunrapport import floden, mallgranskning
from kommunrapport.berakning.koncern.rakningar import KONCERNTABELLER
from kommunrapport.karna.period import Period
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport import meningar, word
from kommunrapport.rapport.mallbrister import BRISTER, Brist
from kommunrapport.rapport.meningsgranskning import ENHETENS, UPPGIFTER
from kommunrapport.rapport.modell import Not
from kommunrapport.rapport.wordmallsdok import KONCERNTITLAR
from kommunrapport.rapport.wordstilar import STILAR
from kommunrapport.rapport.wordtaggar import TAGGAR
from tests.kommun import PERIOD, Kommandorad, Provkommun, lamna_rikt
from tests.wordmallar import Bygge, mallfil

ROT = Path(__file__).resolve().parents[1]
MALLEN = "mallar/word/delarsrapport.docx"
MALLNAMN = ("arsredovisning", "bokslutskommunike", "delarsrapport", "enhetsrapport", "manadsrapport")


def granska(kommun: Provkommun, *stycken: str, bygg: Bygge | None = None) -> list[Brist]:
    """Bristerna i kommunens egen mall för delårsrapporten, utom upplysningarna om vad den inte skriver."""
    mallfil(kommun.katalog, *stycken, bygg=bygg)
    return [b for b in mallgranskning.granska(kommun.katalog, [PERIOD]) if b.mall == MALLEN and b.kod not in ("oanvanda", "krav_utan_tagg")]


def koder(brister: list[Brist]) -> list[str]:
    return [b.kod for b in brister]


# --- De medföljande mallarna ---------------------------------------------------------------------------


@pytest.mark.parametrize("profil", ["hedemora", "huddinge", "katrineholm"])
@pytest.mark.parametrize("ar", [2024, 2026])
def test_de_medfoljande_mallarna_har_inga_fel(profil: str, ar: int, kommun: Provkommun) -> None:
    text = (kommun.katalog / "kommun.toml").read_text(encoding="utf-8")
    kommun.skriv("kommun.toml", text.replace('profil = "hedemora"', f'profil = "{profil}"'))
    brister = mallgranskning.granska(kommun.katalog, mallgranskning.arets_perioder(kommun.katalog, ar))
    assert [b.rad for b in brister if b.allvar == "fel"] == []
    assert {b.kod for b in brister} <= {"oanvanda", "skriver_aldrig"}


def test_varje_period_far_sina_mallar_provade(kommun: Provkommun) -> None:
    mallar = {b.mall for b in mallgranskning.granska(kommun.katalog, [Period(2024, 12)])}
    assert mallar == {"mallar/word/arsredovisning.docx"}


# --- Taggar --------------------------------------------------------------------------------------------

GODA = (
    "{{ rapport.kommun }} {{ rapport.ar }}",
    "{{ rapport.kommun|upper }}",
    "{{p tabell.drift }}",
    "{{p diagram.avvikelse }}",
    "{{p stycken.analys }}",
    "{{ mening.resultat }}{% if mening.prognos %} {{ mening.prognos }}{% endif %}",
    "{%p if 'prognos' in omraden and not rapport.utkast %}|Text|{%p elif tabell.mal %}|Mål|{%p else %}|Annars|{%p endif %}",
    "{%p for n in namnder %}|{{ n.namn }}: {{ n.mening }}|{{p n.analys }}|{{p n.tabell.namnd }}|{%p endfor %}",
    "{%p for namnd in namnder if namnd.mening %}|{{ loop.index }}. {{ namnd.namn }}|{%p endfor %}",
    "{%p for b in bolag %}|{%p if b.agarandel %}|{{ b.agarandel }}|{%p endif %}|{%p endfor %}",
    "{% set rubrik = rapport.titel %}{{ rubrik }}",
    "{{ namnder[0].namn }} {{ namnder|length }}",
    "{% for k in nyckeltal %}{{ k['etikett'] }}: {{ k.varde }}{% endfor %}",
    "{%p if tabell.hitta_pa is defined %}|x|{%p endif %}",
    "{#p En anteckning #}",
    "Priset är 5 % {högst}",
)


@pytest.mark.parametrize("stycken", GODA)
def test_en_riktig_tagg_gar_igenom(stycken: str, kommun: Provkommun) -> None:
    assert koder(granska(kommun, *stycken.split("|" if "%}|" in stycken else "\0"))) == []


@pytest.mark.parametrize(
    ("stycke", "menat"),
    [
        ("{{ rapport.komun }}", "rapport.kommun"),
        ("{{ Rapport.kommun }}", "rapport"),
        ("{{p tabell.resultatrakning }}", "tabell.resultat"),
        ("{{p tabell.finansmål }}", "tabell.finansmal"),
        ("{{p tabel.drift }}", "tabell"),
        ("{{p diagram.avikelse }}", "diagram.avvikelse"),
        ("{{ mening.resultatet }}", "mening.resultat"),
        ("{{ mening.sammanfattning }}", "tabell.sammanfattning"),
        ("{{p stycken.handelse }}", "stycken.handelser"),
        ("{{p saknas.framtiden }}", "saknas.framtid"),
        ("{{ forklaring.avrundningar }}", "forklaring.avrundning"),
        ("{{ anmarkningar.meningen }}", "anmarkningar.mening"),
        ("{%p if rapport.utkst %}", "rapport.utkast"),
        ("{%p if 'progns' in omraden %}", "prognos"),
        ("{{ rapport.kommun|uper }}", "upper"),
        ("{% iff rapport.utkast %}", "if"),
    ],
)
def test_en_felstavad_tagg_far_det_narmaste_ratta_namnet(stycke: str, menat: str, kommun: Provkommun) -> None:
    funna = [b for b in granska(kommun, stycke) if b.kod in ("okand_tagg", "okant_omrade", "okant_filter", "okant_styrord")]
    assert len(funna) == 1
    assert f" {menat}?" in funna[0].gor_sa.replace("”", " ").replace(" ?", "?")
    assert funna[0].stycke == stycke


@pytest.mark.parametrize(
    ("stycken", "kod"),
    [
        ("{{ finns_inte_alls }}", "okand_tagg"),
        ("{{ rapport.titel.stor }}", "okand_tagg"),
        ("{{ rapport.titel + okant }}", "okand_tagg"),
        ("{{ n.namn }}", "okand_tagg"),
        ("{%p for n in namnder %}|{{ n.namn }}|{%p endfor %}|{{ n.namn }}", "utanfor_slinga"),
        ("{%p for n in namnder %}|{{ n.fel }}|{%p endfor %}", "okand_tagg"),
        ("{%p for n in namnder %}|{{p b.tabell.namnd }}|{%p endfor %}", "okand_tagg"),
        ("{{ rapport.titel }", "oavslutad"),
        ("{{ rapport.titel", "oavslutad"),
        ("{% if rapport.utkast }", "oavslutad"),
        ("rapport.titel }}", "utan_borjan"),
        ("{ rapport.titel }}", "utan_borjan"),
        ("{{ rapport..titel }}", "otolkad_tagg"),
        ("{{ rapport.titel – rapport.ar }}", "otolkad_tagg"),
        ("{% for n namnder %}{% endfor %}", "otolkad_tagg"),
        ("{%p if rapport.utkast %}", "saknar_slut"),
        ("{%p for n in namnder %}", "saknar_slut"),
        ("{%p endif %}", "saknar_borjan"),
        ("{%p else %}", "saknar_borjan"),
        ("{%p if rapport.utkast %}|{%p endfor %}", "fel_slut"),
        ("{%p for n in namnder %}|{%p if n.mening %}|{%p endfor %}|{%p endif %}", "fel_slut"),
        ("{%p if rapport.utkast %}|{% endif %}", "olika_niva"),
        ("Före {%p if rapport.utkast %}|{%p endif %}", "text_vid_tagg"),
        ("{{p tabell.drift }} Efter", "text_vid_tagg"),
        ("{{ tabell.drift }}", "fel_form"),
        ("Se {{ stycken.analys }} ovan", "fel_form"),
        ("{{p mening.resultat }}", "fel_form"),
        ("{{r rapport.titel }}", "fel_form"),
        ("{{ namnder }}", "fel_form"),
        ("{{ rapport }}", "fel_form"),
        ("{{ rapport.utkast }}", "fel_form"),
        ("{%p for t in tabell %}|{%p endfor %}", "ingen_lista"),
        ("{%p for t in rapport.titel %}|{%p endfor %}", "ingen_lista"),
        ("{% p if rapport.utkast %}", "okant_styrord"),
        ("{% include 'annat.docx' %}", "okant_styrord"),
        ("{%p if rapport.titel is tom %}|{%p endif %}", "okant_filter"),
    ],
)
def test_en_trasig_tagg_faller(stycken: str, kod: str, kommun: Provkommun) -> None:
    assert kod in koder(granska(kommun, *stycken.split("|") if "|t" not in stycken else [stycken]))


def test_alla_fel_sags_pa_en_gang(kommun: Provkommun) -> None:
    brister = granska(kommun, "{{ rapport.komun }}", "{{p tabell.drfit }}", "{{ rapport.titel }", "{%p for n in namnder %}", "{{ n.nam }}")
    assert koder(brister) == ["oavslutad", "okand_tagg", "okand_tagg", "okand_tagg", "saknar_slut"]


def test_en_tabell_pa_fel_plats_varnas_for_men_hindrar_inte(kommun: Provkommun) -> None:
    (funnen,) = granska(kommun, "{{p tabell.namnd }}", "{{p tabell.drift }}", "{%p for n in namnder %}", "{{p n.tabell.namnd }}", "{%p endfor %}")
    assert (funnen.kod, funnen.allvar, funnen.tagg, "n.tabell.namnd" in funnen.gor_sa) == ("fel_plats", "varning", "{{p tabell.namnd }}", True)


def test_taggar_som_rapporten_inte_har_ar_en_upplysning(kommun: Provkommun) -> None:
    (funnen,) = granska(kommun, "{{p tabell.flerar }}", "{{ mening.pension }}", "{{p diagram.forbrukning }}", "{{p tabell.drift }}")
    assert (funnen.kod, funnen.allvar) == ("skriver_aldrig", "upplysning")
    assert funnen.mening.endswith(": {{p tabell.flerar }}, {{ mening.pension }}.")


# --- Platser -------------------------------------------------------------------------------------------


def _i_cell(mall: Any) -> None:
    mall.add_paragraph("Ekonomi", style="Heading 1")
    mall.add_table(rows=2, cols=2).cell(1, 1).text = "{{ fel.i_cell }}"


def _i_sidhuvud(mall: Any) -> None:
    mall.sections[0].header.paragraphs[0].text = "{{ fel.i_huvud }}"


def _i_sidfot(mall: Any) -> None:
    mall.sections[0].footer.paragraphs[0].text = "{{ fel.i_fot }}"


def _i_textruta(mall: Any) -> None:
    ruta = "<w:txbxContent><w:p><w:r><w:t>{{ fel.i_ruta }}</w:t></w:r></w:p></w:txbxContent>"
    form = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{ruta}</v:textbox></v:shape>'
    mall.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:pict>{form}</w:pict></w:r></w:p>"))


@pytest.mark.parametrize(
    ("bygg", "plats"),
    [
        (_i_cell, "brödtexten, tabell 1, rad 2 under rubriken ”Ekonomi”"),
        (_i_sidhuvud, "sidhuvudet"),
        (_i_sidfot, "sidfoten"),
        (_i_textruta, "brödtexten, en textruta"),
    ],
)
def test_platsen_ar_den_dar_taggen_star(bygg: Bygge, plats: str, kommun: Provkommun) -> None:
    assert [(b.kod, b.plats) for b in granska(kommun, bygg=bygg)] == [("okand_tagg", plats)]


def test_taggen_star_under_sin_rubrik(kommun: Provkommun) -> None:
    def bygg(mall: Any) -> None:
        mall.add_paragraph("Första", style="Heading 1")
        mall.add_paragraph("Andra", style="Heading 2")
        mall.add_paragraph("Text {{ fel }} och mera")

    (funnen,) = granska(kommun, bygg=bygg)
    assert (funnen.plats, funnen.stycke, funnen.tagg) == ("brödtexten under rubriken ”Andra”", "Text {{ fel }} och mera", "{{ fel }}")


# --- Formatering och tabeller --------------------------------------------------------------------------


def _delad(*bitar: str, mellan: str = "") -> Bygge:
    """Ett stycke vars text ligger i flera formateringar, med ``mellan`` emellan."""

    def bygg(mall: Any) -> None:
        losa = mellan.join(f"<w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>{b}</w:t></w:r>" for b in bitar)
        mall.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{losa}</w:p>"))

    return bygg


@pytest.mark.parametrize(
    "bygg",
    [
        _delad("{", "{ rapport.", "titel }", "}"),
        _delad("{% if rap", "port.utkast %}x{% end", "if %}"),
        _delad("{{ rapport", ".titel }}", mellan='<w:bookmarkStart w:id="1" w:name="x"/><w:bookmarkEnd w:id="1"/>'),
        _delad("{{ rapport", ".titel }}", mellan="<w:proofErr w:type='spellStart'/>"),
    ],
)
def test_en_tagg_i_flera_formateringar_lases_ihop(bygg: Bygge, kommun: Provkommun) -> None:
    assert koder(granska(kommun, bygg=bygg)) == []


def _lankad(mall: Any) -> None:
    lank = '<w:hyperlink w:anchor="x"><w:r><w:t>apport.titel }} text</w:t></w:r></w:hyperlink>'
    mall.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>{{{{ r</w:t></w:r>{lank}</w:p>"))


def test_en_tagg_som_ar_delad_av_en_lank_sags(kommun: Provkommun) -> None:
    assert koder(granska(kommun, bygg=_lankad)) == ["delad_tagg"]


def _ruta_i_taggens_stycke(mall: Any) -> None:
    _i_textruta(mall)
    mall.paragraphs[0].add_run("{{p tabell.drift }}")
    for t in mall.element.body.iter(qn("w:txbxContent")):
        t.find(f".//{qn('w:t')}").text = "Ruta"


def test_en_ruta_i_samma_stycke_som_en_tagg_sags(kommun: Provkommun) -> None:
    assert koder(granska(kommun, bygg=_ruta_i_taggens_stycke)) == ["trasig_xml"]


def _tabell(*rader: tuple[str, ...]) -> Bygge:
    def bygg(mall: Any) -> None:
        tabell = mall.add_table(rows=len(rader), cols=len(rader[0]))
        for rad, texter in zip(tabell.rows, rader, strict=True):
            for cell, text in zip(rad.cells, texter, strict=True):
                cell.text = text

    return bygg


@pytest.mark.parametrize(
    ("rader", "vantat"),
    [
        ((("{%tr for k in nyckeltal %}", ""), ("{{ k.etikett }}", "{{ k.varde }}"), ("{%tr endfor %}", "")), []),
        ((("{{ rapport.kommun }}", "{{ rapport.ar }}"),), []),
        ((("{% for k in nyckeltal %}{{ k.etikett }}{% endfor %}", "x"),), []),
        ((("{% for k in nyckeltal %}{{ k.etikett }}", "{{ k.varde }}{% endfor %}"),), ["slinga_i_rad"]),
        ((("{%p for k in nyckeltal %}", "{%p endfor %}"),), ["slinga_i_rad"]),
        ((("{%tr for k in nyckeltal %}", "{{ k.etikett }}"), ("{%tr endfor %}", "")), ["text_vid_tagg"]),
        ((("{%tr for k in nyckeltal %}", ""), ("{{ k.etikett }}{% endfor %}", "")), ["olika_niva"]),
    ],
)
def test_slingor_i_tabeller(rader: tuple[tuple[str, ...], ...], vantat: list[str], kommun: Provkommun) -> None:
    assert [kod for kod in koder(granska(kommun, bygg=_tabell(*rader))) if kod != "utanfor_slinga"] == vantat


def test_ett_avsnitt_som_borjar_i_en_cell_och_slutar_utanfor_sags(kommun: Provkommun) -> None:
    def bygg(mall: Any) -> None:
        _tabell(("{%p if rapport.utkast %}",))(mall)
        mall.add_paragraph("{%p endif %}")

    assert koder(granska(kommun, bygg=bygg)) == ["olika_niva"]


# --- Stilar och sidor ----------------------------------------------------------------------------------


def _utan_stil(*namn: str) -> Bygge:
    def bygg(mall: Any) -> None:
        for stil in list(mall.styles.element):
            if stil.get(qn("w:styleId")) in namn:
                mall.styles.element.remove(stil)

    return bygg


@pytest.mark.parametrize(
    ("stycke", "stil", "vantat"),
    [
        ("{{p tabell.drift }}", "Tabelltext", "Tabelltext"),
        ("{{p tabell.drift }}", "Tabelltalsum", "Tabelltal sum"),
        ("{{p tabell.drift }}", "Rapporttabell", "Rapporttabell"),
        ("{%p for n in namnder %}|{{p n.tabell.namnd }}|{%p endfor %}", "Tabelltext", "Tabelltext"),
        ("{{p diagram.avvikelse }}", "Diagramtext", "Diagramtext"),
        ("{{p saknas.resultat }}", "Bekrafta", "Bekräfta"),
        ("{{p innehall }}", "TOC1", "Innehåll 1"),
        ("{{p innehall }}", "Heading1", "Rubrik 1"),
        ("{{p stycken.analys }}", "Tabelltext", ""),
        ("{{p tabell.drift }}", "Diagramtext", ""),
        ("{{p tabell.drift }}", "Ingress", ""),
    ],
)
def test_en_stil_som_taggarna_skriver_med_ska_finnas(stycke: str, stil: str, vantat: str, kommun: Provkommun) -> None:
    brister = granska(kommun, *stycke.split("|"), bygg=_utan_stil(stil))
    assert koder(brister) == (["saknar_stil"] if vantat else [])
    assert all(f" {vantat} " in b.mening for b in brister)


def test_en_stil_med_annan_beteckning_men_ratt_namn_duger(kommun: Provkommun) -> None:
    def bygg(mall: Any) -> None:
        for stil in mall.styles.element.iter(qn("w:style")):
            if stil.get(qn("w:styleId")) == "Heading1":
                stil.set(qn("w:styleId"), "Rubrik1")

    assert koder(granska(kommun, "{{p innehall }}", bygg=bygg)) == []


def test_sidor_med_olika_bredd_ger_en_upplysning(kommun: Provkommun) -> None:
    def bygg(mall: Any) -> None:
        mall.add_section()
        sista = mall.sections[-1]
        sista.orientation = WD_ORIENT.LANDSCAPE
        sista.page_width, sista.page_height = sista.page_height, sista.page_width

    brister = granska(kommun, "{{p tabell.drift }}", bygg=bygg)
    assert [(b.kod, b.allvar) for b in brister] == [("olika_bredd", "upplysning")]


def test_programmet_skriver_bara_med_deklarerade_stilar(kommun: Provkommun) -> None:
    kallor = "".join((ROT / f"kommunrapport/rapport/{m}.py").read_text(encoding="utf-8") for m in ("ooxml", "word", "worddiagram", "innehall"))
    assert [s.id for s in STILAR if s.id not in kallor] == []
    lamna_rikt(kommun)
    mallfil(
        kommun.katalog,
        "{{p innehall }}",
        "{{p nyckeltalsband }}",
        *(f"{{{{p tabell.{t} }}}}" for t in ("drift", "resultat", "mal")),
        "{{p diagram.avvikelse }}",
        "{{p stycken.analys }}",
    )
    s = kommun.sammanstall()
    data = word.word_av(floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), "")
    anvanda = {e.get(qn("w:val")) for e in _kropp(data).iter(qn("w:pStyle"), qn("w:tblStyle"))}
    assert anvanda <= {s.id for s in STILAR}


def _kropp(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data)).element.body


# --- Det som mallen inte skriver -----------------------------------------------------------------------


def test_det_som_mallen_inte_skriver_ar_upplysningar(kommun: Provkommun) -> None:
    mallfil(kommun.katalog, "{{p tabell.drift }}", "{{p diagram.avvikelse }}", "{{p saknas.resultat }}", "{%p if tabell.resultat %}", "{%p endif %}")
    funna = [b for b in mallgranskning.granska(kommun.katalog, [PERIOD]) if b.mall == MALLEN]
    oanvanda = [b.mening for b in funna if b.kod == "oanvanda"]
    assert [m.split()[0] for m in oanvanda] == ["Tabeller", "Enheternas", "Diagram", "Enheternas"]
    namn = [set(m.rpartition(": ")[2].rstrip(".").split(", ")) for m in oanvanda]
    assert {"resultat", "mal"} <= namn[0]  # resultat frågas bara efter
    assert "drift" not in namn[0]
    assert "namnd" in namn[1]
    assert "avvikelse" not in namn[2]
    krav = " ".join(b.gor_sa for b in funna if b.kod == "krav_utan_tagg")
    assert "saknas.framtid " in krav
    assert "saknas.resultat " not in krav
    assert {b.allvar for b in funna} == {"upplysning"}


@pytest.mark.parametrize(("namn", "vantat"), [("delårsrapport.docx", ["oanvand_fil"]), ("delarsrapport.docx", []), ("~$larsrapport.docx", [])])
def test_en_egen_mall_som_ingen_rapport_anvander_sags(namn: str, vantat: list[str], kommun: Provkommun) -> None:
    fil = kommun.skriv(f"mallar/word/{namn}", "")
    fil.write_bytes((medfoljande() / "word/delarsrapport.docx").read_bytes())
    funna = [b for b in mallgranskning.granska(kommun.katalog, [PERIOD]) if b.kod == "oanvand_fil"]
    assert koder(funna) == vantat
    assert all("delarsrapport.docx" in b.gor_sa for b in funna)


# --- Meningarna ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mening", "kod"),
    [
        ("Resultatet är {{ tal('resultat.arets_resultat.utfall') }} för {{ kommun | genitiv }} {{ spann }}.", ""),
        ("{% set u = storsta_underskott('drift', 3) %}{% if u %}{{ u }}{% endif %}", ""),
        ("{{ tal('drift.vilken-rad-som-helst.avvikelse') }}", ""),  # driftredovisningens rader är kommunens enheter
        ("{{ tal('koncern_resultat.arets_resultat.koncernen') }}", ""),
        ("{{ tal('resultt.arets_resultat.utfall') }}", "okand_siffra"),
        ("{{ tal('resultat.arets_resultatet.utfall') }}", "okand_siffra"),
        ("{{ tal('resultat.arets_resultat.utfal') }}", "okand_siffra"),
        ("{{ tal('resultat') }}", "okand_siffra"),
        ("{{ storsta_underskott('drft', 3) }}", "okand_siffra"),
        ("{{ spannet }}", "okant_ord"),
        ("{{ belopp('resultat.arets_resultat.utfall') }}", "okant_ord"),
        ("{% if spann %}", "mening_otolkad"),
        ("{{ spann | versaler }}", "mening_otolkad"),
    ],
)
def test_meningarnas_ord_och_siffror_ska_finnas(mening: str, kod: str, kommun: Provkommun) -> None:
    kommun.skriv("mallar/rapport/delarsrapport/2019-01-01.toml", f'som = "2019-01-01"\n[mening]\nprov = """{mening}"""\n')
    funna = [b for b in mallgranskning.granska(kommun.katalog, [PERIOD]) if b.allvar == "fel"]
    assert koder(funna) == [k for k in [kod] if k]
    assert all(b.plats == "meningen prov" for b in funna)


def test_orden_som_meningarna_far_ar_de_som_rapporten_ger(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    givna: dict[str, object] = {}

    def fanga(mallar: dict[str, str], sprak: meningar.Sprakrakning, uppgifter: dict[str, object], *tal: list[meningar.Textal]) -> dict[str, str]:
        givna.update(uppgifter)
        return meningar.skriv_meningar(mallar, sprak, uppgifter, *tal)

    monkeypatch.setattr("kommunrapport.rapport.bygg.skriv_meningar", fanga)
    lamna_rikt(kommun)
    floden.bygg_rapport(kommun.sammanstall())
    assert set(givna) == {*UPPGIFTER, *ENHETENS}


# --- Beskrivningen av taggarna --------------------------------------------------------------------------


def test_taggarna_ar_de_som_rapporten_fylls_med(kommun: Provkommun) -> None:
    lamna_rikt(kommun)
    rapport = floden.bygg_rapport(kommun.sammanstall())
    enhet = dataclasses.replace(rapport.namnder[0], texter={"*": ""}, tabeller={}, diagram={})
    en_not = Not("n", 1, "Rubrik", "", "", None)
    enkel = dataclasses.replace(
        rapport, meningar={"*": ""}, texter={"*": ""}, saknas={"*": ()}, forklaringar={"*": ""}, blocknamn=frozenset({"*"}), diagram={},
        tabeller={"t": next(iter(rapport.tabeller.values()))}, malomraden={"t": "Livet"}, beslut=("Ett.",), beslutsunderlag=("En handling",),
        namnder=(enhet,), bolag=(enhet,), noter=(en_not,), utkastrader=("Något saknas.",), nyckeltal=rapport.nyckeltal[:1],
    )  # fmt: skip
    assert set(_vagar(word._sammanhang(enkel, {}, "", word.Wordform(9000, 18, 0), ""), "")) == {t.vag for t in TAGGAR}


def _vagar(varde: object, vag: str) -> Iterator[str]:
    if isinstance(varde, dict):
        for namn, under in varde.items():
            yield from _vagar(under, f"{vag}.{namn}".lstrip("."))
    elif isinstance(varde, list):
        yield vag
        yield from _vagar(varde[0], f"{vag}[]")
    else:
        yield vag


def test_koncernens_tabeller_har_titlar_pa_sidan() -> None:
    assert set(KONCERNTITLAR) == set(KONCERNTABELLER)


def test_sidan_om_wordmallar_ar_programmets() -> None:
    assert (ROT / "docs/wordmallar.md").read_text(encoding="utf-8") == mallgranskning.dokument(ROT / "data")


def test_varje_tagg_stil_och_brist_star_pa_sidan() -> None:
    sidan = (ROT / "docs/wordmallar.md").read_text(encoding="utf-8")
    assert [t.vag for t in TAGGAR if t.ger not in sidan] == []
    assert [s.visas_som for s in STILAR if f"| {s.visas_som} |" not in sidan] == []
    assert [kod for kod in BRISTER if f"`{kod}`" not in sidan] == []


# --- Kommandot och rapporten -----------------------------------------------------------------------------


def test_kommandot_ger_slutkod_5_och_alla_fel(kommun: Provkommun, kor: Kommandorad) -> None:
    mallfil(kommun.katalog, "{{ rapport.komun }}", "{{ rapport.titl }}")
    svar = kor("mall-granska", "--period", "2024-08", katalog=kommun.katalog)
    assert svar.kod == 5
    assert [rad.split()[0] for rad in svar.ut.splitlines()].count("FEL") == 2
    data = json.loads(kor("mall-granska", "--period", "2024-08", "--json", katalog=kommun.katalog).ut)
    assert [(b["allvar"], b["kod"], b["mall"], b["stycke"]) for b in data if b["allvar"] == "fel"] == [
        ("fel", "okand_tagg", MALLEN, "{{ rapport.komun }}"),
        ("fel", "okand_tagg", MALLEN, "{{ rapport.titl }}"),
    ]


def test_kommandot_ger_slutkod_0_utan_fel(kommun: Provkommun, kor: Kommandorad) -> None:
    assert kor("mall-granska", katalog=kommun.katalog).kod == 0
    assert kor("mall-granska", "--period", "2024-08", katalog=kommun.katalog).kod == 0
    assert kor("mall-granska", "--period", "2024-01", katalog=kommun.katalog).kod == 2


def test_en_fil_som_inte_ar_ett_dokument_ger_slutkod_5(kommun: Provkommun, kor: Kommandorad) -> None:
    kommun.skriv("mallar/word/delarsrapport.docx", "inte ett dokument")
    svar = kor("mall-granska", katalog=kommun.katalog)
    assert (svar.kod, MALLEN in svar.fel) == (5, True)


def test_rapporten_skrivs_inte_med_en_trasig_mall(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    mallfil(hel_kommun.katalog, "{{ rapport.komun }}", "{{ rapport.titl }}", "{%p if rapport.utkast %}")
    svar = kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog)
    assert svar.kod == 5
    assert sum(rad.startswith(MALLEN) for rad in svar.fel.splitlines()) == 3
    assert not (hel_kommun.katalog / "rapporter").exists()


def test_bara_mallen_som_ska_anvandas_provas(hel_kommun: Provkommun, kor: Kommandorad) -> None:
    mallfil(hel_kommun.katalog, "{{ rapport.komun }}", mallnamn="arsredovisning.docx")
    mallfil(hel_kommun.katalog, "{{ rapport.kommun }}", mallnamn="enhetsrapport.docx")
    assert kor("delar", "--period", "2024-08", katalog=hel_kommun.katalog).kod == 0
    mallfil(hel_kommun.katalog, "{{ rapport.komun }}", mallnamn="enhetsrapport.docx")
    assert kor("delar", "--period", "2024-08", "--enhet", "skola", katalog=hel_kommun.katalog).kod == 5


@pytest.mark.parametrize("namn", MALLNAMN)
def test_en_kopia_ar_den_medfoljande_mallen(namn: str, kommun: Provkommun, kor: Kommandorad) -> None:
    svar = kor("mall-granska", "--kopiera", namn, katalog=kommun.katalog)
    kopia = kommun.katalog / f"mallar/word/{namn}.docx"
    assert (svar.kod, kopia.read_bytes()) == (0, (medfoljande() / f"word/{namn}.docx").read_bytes())
    kopia.write_bytes(b"min egen")
    assert kor("mall-granska", "--kopiera", namn, katalog=kommun.katalog).kod == 6
    assert kopia.read_bytes() == b"min egen"


def test_en_mall_som_inte_finns_gar_inte_att_kopiera(kommun: Provkommun, kor: Kommandorad) -> None:
    svar = kor("mall-granska", "--kopiera", "budget", katalog=kommun.katalog)
    assert svar.kod == 2
    assert all(namn in svar.fel for namn in MALLNAMN)
