"""Rapportmodellen: det som visas, innan det blir Word och Excel."""

import re
from collections.abc import Mapping
from decimal import Decimal

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.sprak import NBSP
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Cell, Rad, Rapport, Tabell
from kommunrapport.rapport.spar import spar_av
from tests.kommun import KRAVDA_TEXTER, SKOLA, SVAR_TEXT, Provkommun, bok, finansbok, lamna_bocker, lamna_rikt, styr_rikt, vardbok


def lamna(kommun: Provkommun, *, skola: Mapping[str, Varde] | None = None, vard: Mapping[str, Varde] | None = None) -> None:
    """De enkla böckerna, med ändrade celler."""
    lamna_bocker(kommun, {"skola": bok(**(skola or {})), "vard": vardbok(**(vard or {})), "finans": finansbok(**KRAVDA_TEXTER)})


def rapporten(kommun: Provkommun) -> Rapport:
    return floden.bygg_rapport(kommun.sammanstall())


def rad(tabell: Tabell, id_: str) -> Rad:
    return next(r for r in tabell.rader if r.id == id_)


def texter(tabell: Tabell, id_: str) -> list[str]:
    return [c.text for c in rad(tabell, id_).celler]


def tabellceller(rapport: Rapport) -> list[Cell]:
    return [c for t in rapport.alla_tabeller for r in t.rader for c in r.celler]


def belopp_i(mening: str) -> list[str]:
    """Beloppen i en mening, utan tecken."""
    return re.findall(rf"(\d[\d{NBSP}]*,\d+){NBSP}mnkr", mening)


@pytest.fixture(scope="module")
def rik(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sammanstallning, Rapport]:
    kommun = Provkommun(tmp_path_factory.mktemp("rik"))
    lamna_rikt(kommun)
    s = kommun.sammanstall()
    return s, floden.bygg_rapport(s)


# --- Utkast eller inte -----------------------------------------------------------------------------------


def test_utan_anmarkningar_ar_rapporten_inget_utkast(rik: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rik
    assert s.anmarkningar == ()
    assert rapport.utkastrader == ()


def test_en_enhet_som_inte_har_lamnat_gor_rapporten_till_utkast(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard", "bostad"))
    utkastrad = rapporten(kommun).utkastrader[0]
    assert "Vårdnämnden" in utkastrad
    assert "Provköpings Bostäder AB" in utkastrad
    assert "Skolnämnden" not in utkastrad


def test_en_namnd_som_inte_har_lamnat_sags_en_gang_i_sitt_kapitel(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard",))
    skola, vard = rapporten(kommun).namnder[:2]
    assert ("Vårdnämnden" in vard.saknas, vard.mening, [n.etikett for n in vard.nyckeltal]) == (True, "", ["Budget"])
    assert (skola.saknas, skola.mening != "", len(skola.nyckeltal) > 1) == ("", True, True)


def test_fel_i_kontrollen_gor_rapporten_till_utkast(kommun: Provkommun) -> None:
    lamna(kommun, skola={"drift__summa__utfall": -1, "texter__analys__text": ""})
    assert rapporten(kommun).utkastrader == ("Kontrollen gav 2 fel som ska rättas; se filen anmarkningar.xlsx.",)


@pytest.mark.parametrize(
    ("tomma", "saknas"),
    [
        (("handelser",), "händelser av väsentlig betydelse"),
        (("framtid",), "förväntad utveckling"),
        (("handelser", "framtid"), "händelser av väsentlig betydelse och förväntad utveckling"),
    ],
)
def test_utan_de_texter_som_lagen_kraver_ar_rapporten_ett_utkast(tomma: tuple[str, ...], saknas: str, kommun: Provkommun) -> None:
    texter_ = {**KRAVDA_TEXTER, **{f"texter__{rad_id}__text": "" for rad_id in tomma}}
    lamna_bocker(kommun, {"skola": bok(), "vard": vardbok(), "finans": finansbok(**texter_)})
    s = kommun.sammanstall()
    assert {a.kod for a in s.anmarkningar} == {"KR445"}
    assert floden.bygg_rapport(s).utkastrader[0] == f"Uppgift saknas: {saknas}, som lagen kräver."


def test_ofullstandiga_uppgifter_gor_rapporten_till_utkast(kommun: Provkommun) -> None:
    lamna(kommun, skola={"drift__grund__prognos": ""})
    assert "Uppgifterna från Skolnämnden är ofullständiga och ingår inte i alla summor." in rapporten(kommun).utkastrader


def test_bade_fel_och_saknade_enheter_star_for_sig(kommun: Provkommun) -> None:
    kommun.lamna("skola", bok(drift__summa__utfall=-1))
    kommun.lamna("vard", vardbok())
    rader = rapporten(kommun).utkastrader
    assert (rader[0], rader[2]) == (
        "Uppgifter saknas från Finansförvaltningen. Utfall och prognos därifrån är inte med i summorna.",
        "Kontrollen gav 2 fel som ska rättas; se filen anmarkningar.xlsx.",  # boken som saknas och summan
    )
    assert "resultaträkning" in rader[1]


@pytest.mark.parametrize(
    ("cell", "varde", "allvar"),
    [
        ("drift__summa__utfall", -46_501, Allvar.UPPLYSNING),  # avrundning
        ("personal__heltid__nu", "100", Allvar.UPPLYSNING),  # tal som text
        ("forsatt__klardatum__svar", "i höst", Allvar.VARNING),
    ],
)
def test_varningar_och_upplysningar_gor_inget_utkast(cell: str, varde: Varde, allvar: Allvar, kommun: Provkommun) -> None:
    lamna(kommun, skola={cell: varde})
    s = kommun.sammanstall()
    assert {s.katalog.allvar(a) for a in s.anmarkningar} == {allvar}
    assert floden.bygg_rapport(s).utkastrader == ()


def test_tabeller_som_saknar_en_enhet_sager_det(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard",))
    tabeller = rapporten(kommun).tabeller
    assert any("Vårdnämnden" in n for n in tabeller["drift"].noter)
    assert not any("Vårdnämnden" in n for n in tabeller["bolag"].noter)
    assert texter(tabeller["drift"], "vard") == ["–", "–", "–", "−30,0", "–", "–", "–"]


# --- Meningar ------------------------------------------------------------------------------------------


def test_varje_belopp_i_en_mening_star_i_en_tabell(rik: tuple[Sammanstallning, Rapport]) -> None:
    _, rapport = rik
    tryckta = {c.text.lstrip("−+") for c in tabellceller(rapport) if c.tal is not None}
    meningar = [*rapport.meningar.values(), *(a.mening for a in rapport.namnder)]
    belopp = [b for m in meningar for b in belopp_i(m)]
    assert len(belopp) >= 15
    assert [b for b in belopp if b not in tryckta] == []


@pytest.mark.parametrize(
    ("namn", "belopp"),
    [
        ("resultat", ["2,1", "2,0"]),
        ("prognos", ["0,6", "1,4", "2,0"]),  # 1,4 sämre än budgeterade 2,0
        ("namnder", ["1,5"]),
        ("storsta", ["1,5"]),
        ("stallning", ["202,1", "92,1"]),
        ("investeringar", ["13,0", "29,5", "29,0"]),
    ],
)
def test_meningarnas_belopp(namn: str, belopp: list[str], rik: tuple[Sammanstallning, Rapport]) -> None:
    assert sorted(belopp_i(rik[1].meningar[namn])) == sorted(belopp)


def test_meningen_om_mal_raknar_bedomningarna(rik: tuple[Sammanstallning, Rapport]) -> None:
    assert re.findall(r"\d+", rik[1].meningar["mal"]) == ["3", "1", "1", "1"]


@pytest.mark.parametrize(
    ("skola", "utom", "mening"),
    [
        (
            {"mal__m1__bedomning": ""},
            (),
            "Av 3 mål har nämnder och bolag bedömt 1 som ”bedöms uppnås” och 1 som ”bedöms inte uppnås”. 1 av 3 mål saknar bedömning.",
        ),
        (
            {"mal__m1__bedomning": "", "mal__m2__bedomning": "Kanske"},  # en bedömning som inte finns i listan räknas inte
            (),
            "Av 3 mål har nämnder och bolag bedömt 1 som ”bedöms inte uppnås”. 2 av 3 mål saknar bedömning.",
        ),
        (
            {},
            ("bostad",),  # bolaget har inte lämnat
            "Av 3 mål har nämnder och bolag bedömt 1 som ”bedöms delvis uppnås” och 1 som ”bedöms uppnås”. 1 av 3 mål saknar bedömning.",
        ),
    ],
)
def test_meningen_om_mal_sager_hur_manga_som_saknar_bedomning(
    skola: dict[str, Varde], utom: tuple[str, ...], mening: str, kommun: Provkommun
) -> None:
    lamna_rikt(kommun, utom=(*utom, "skola"))
    kommun.lamna("skola", bok(**{**SKOLA, **skola}))
    assert rapporten(kommun).meningar["mal"] == mening


def test_meningen_om_koncernen_namner_bolag_och_agarandel(rik: tuple[Sammanstallning, Rapport]) -> None:
    mening = rik[1].meningar["koncern"]
    assert "Räddningsförbundet Öst & Väst" in mening
    assert "33,4" in mening


@pytest.mark.parametrize("namn", ["resultat", "prognos"])
def test_en_mening_utan_sin_siffra_har_inget_belopp(namn: str, kommun: Provkommun) -> None:
    lamna_rikt(kommun)
    hel = rapporten(kommun).meningar[namn]
    (kommun.katalog / "inlamnat/2024-08/finans.xlsx").unlink()
    utan = rapporten(kommun).meningar[namn]
    assert belopp_i(hel)
    assert utan
    assert belopp_i(utan) == []


@pytest.mark.parametrize("namn", ["stallning", "balanskrav"])
def test_ett_helt_stycke_utan_siffror_utelamnas(namn: str, kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("finans",))
    assert rapporten(kommun).meningar[namn] == ""


def test_en_namnd_som_inte_har_lamnat_far_inga_belopp_i_sin_mening(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard",))
    (vard,) = [a for a in rapporten(kommun).namnder if a.id == "vard"]
    assert belopp_i(vard.mening) == []


def test_en_verksamhet_utan_prognos_ger_inget_pahittat_overskott(kommun: Provkommun) -> None:
    lamna(kommun, skola={"drift__grund__prognos": ""})
    rapport = rapporten(kommun)
    assert "61,0" not in belopp_i(rapport.meningar["namnder"])  # hela grundskolans budget
    assert "Skolnämnden" in rapport.meningar["namnder"]
    assert texter(rapport.tabeller["drift"], "skola")[3:6] == ["−71,0", "–", "–"]
    assert rapport.tabeller["drift"].noter


def test_namndens_mening_har_ingen_prognos_nar_en_verksamhets_saknas(kommun: Provkommun) -> None:
    lamna(kommun, skola={"drift__grund__prognos": ""})
    (skola,) = [a for a in rapporten(kommun).namnder if a.id == "skola"]
    assert belopp_i(skola.mening) == ["46,5"]  # utfallet är helt


@pytest.mark.parametrize("cell", ["", "vet ej"])
def test_resultatet_namns_inte_nar_en_post_som_kravs_saknas(cell: str, kommun: Provkommun) -> None:
    lamna_bocker(kommun, {"skola": bok(), "vard": vardbok(), "finans": finansbok(resultat__skatt__utfall=cell)})
    rapport = rapporten(kommun)
    assert belopp_i(rapport.meningar["resultat"]) == []
    assert not re.search(r"\d", rapport.nyckeltal[0].varde)


@pytest.mark.parametrize(("utom", "namn"), [("vard", "Vårdnämnden"), ("finans", "Finansförvaltningen")])
def test_meningen_om_namnderna_sager_vem_som_saknas(utom: str, namn: str, kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=(utom,))
    assert namn in rapporten(kommun).meningar["namnder"]


def test_nyckeltalen_ar_tabellernas_siffror(rik: tuple[Sammanstallning, Rapport]) -> None:
    _, rapport = rik
    assert [n.varde.split(NBSP)[0] for n in rapport.nyckeltal] == ["2,1", "0,6", "−1,4", "−1,5", "13,0"]
    tryckta = {c.text for c in tabellceller(rapport) if c.tal is not None}
    assert {n.varde.removesuffix(f"{NBSP}mnkr") for n in rapport.nyckeltal} <= tryckta


def test_nyckeltal_som_saknas_ar_inte_noll(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("finans",))
    saknade = rapporten(kommun).nyckeltal[:3]
    assert [n for n in saknade if re.search(r"\d", n.varde)] == []


# --- Avrundning ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skola", "vard", "summa", "not_"),
    [
        (-46_500, -20_000, "−66,5", False),
        (-46_540, -20_040, "−66,6", True),  # −46,5 och −20,0 är tillsammans −66,5
    ],
)
def test_en_tabell_som_inte_gar_ihop_av_avrundning_sager_det(skola: int, vard: int, summa: str, not_: bool, kommun: Provkommun) -> None:
    lamna(kommun, skola={"drift__grund__utfall": skola + 6_500}, vard={"drift__hemtjanst__utfall": vard})
    drift = rapporten(kommun).tabeller["drift"]
    assert texter(drift, "summa_namnder")[0] == summa
    assert bool(drift.noter) == not_


@pytest.mark.parametrize(("grund", "fritids", "netto", "not_"), [(-40_000, -6_500, "−46,5", False), (-40_040, -6_540, "−46,6", True)])
def test_avrundningen_syns_aven_nar_summan_hamtas_direkt_ur_cellerna(grund: int, fritids: int, netto: str, not_: bool, kommun: Provkommun) -> None:
    lamna(kommun, skola={"drift__grund__utfall": grund, "drift__fritids__utfall": fritids})
    tabell = rapporten(kommun).namnder[0].tabeller["namnd"]
    assert texter(tabell, "netto")[0] == netto
    assert bool(tabell.noter) == not_


EN_DOLD_RAD = """som = "2019-01-01"
[[tabell]]
id = "slagen"
titel = "Lokalernas andel"
rubrik_forsta = "Uppgift"
[[tabell.kolumn]]
id = "utfall"
rubrik = "Utfall {ar}"
[[tabell.rad]]
id = "lokaler"
namn = "Lokalkostnader"
hamta = "kostnadsslag"
rader = ["lokaler"]
dold = true
[[tabell.rad]]
id = "personal"
namn = "Personalkostnader"
hamta = "kostnadsslag"
rader = ["personal"]
[[tabell.rad]]
id = "summa"
namn = "Summa"
stil = "slutrad"
uttryck = "*"
"""


def test_en_dold_rad_raknas_men_visas_inte(kommun: Provkommun) -> None:
    kommun.skriv("mallar/rapport/delarsrapport/2020-01-01.toml", EN_DOLD_RAD)
    kommun.lamna_alla()
    s = kommun.sammanstall()
    assert [(r.namn, r.celler[0].text) for r in floden.bygg_rapport(s).tabeller["slagen"].rader] == [
        ("Personalkostnader", "−56,0"),
        ("Summa", "−64,0"),
    ]
    assert s.rakning.varde(Adress("slagen", "lokaler", "utfall")) == -8_000 * 100_000


# --- Texter --------------------------------------------------------------------------------------------


def test_texten_kommer_fram_som_den_skrevs(rik: tuple[Sammanstallning, Rapport]) -> None:
    _, rapport = rik
    assert rapport.texter["analys"] == SVAR_TEXT
    (skola,) = [a for a in rapport.namnder if a.id == "skola"]
    assert {namn: text for namn, text in skola.texter.items() if text} == {
        "uppdrag": "Skola & fritids.",
        "handelser": "En ny skola < planerad >.",
        "analys": SVAR_TEXT,
        "atgarder": "Resten täcks nästa år.",
        "framtid": "Fler elever.",
    }


def test_text_som_inte_ar_skriven_ar_tom(rik: tuple[Sammanstallning, Rapport]) -> None:
    (vard,) = [a for a in rik[1].namnder if a.id == "vard"]
    assert (vard.texter["handelser"], vard.texter["framtid"]) == ("", "")


def test_enheterna_kommer_i_kommunens_ordning_var_pa_sin_plats(rik: tuple[Sammanstallning, Rapport]) -> None:
    _, rapport = rik
    assert [a.id for a in rapport.namnder] == ["skola", "vard"]
    assert [(a.id, a.agarandel) for a in rapport.bolag] == [("bostad", "100"), ("raddning", "33,4")]
    assert [(r.id, r.namn) for r in rapport.tabeller["bolag"].rader] == [
        ("bostad", "Provköpings Bostäder AB"),
        ("raddning", "Räddningsförbundet Öst & Väst"),
    ]


# --- Listor --------------------------------------------------------------------------------------------


def test_mallistan_har_mal_och_indikatorer_under_sin_enhet(rik: tuple[Sammanstallning, Rapport]) -> None:
    mal = rik[1].tabeller["indikatorer"]
    assert [(r.id, r.stil) for r in mal.rader] == [
        ("r-skola", "rubrik"),
        ("skola.m1", "mal"),
        ("skola.i1", "rad"),
        ("skola.m2", "mal"),
        ("r-bostad", "rubrik"),
        ("bostad.m1", "mal"),
    ]
    assert rad(mal, "skola.m1").namn == "Alla elever når målen & trivs <bra>"
    assert rad(mal, "skola.i1").namn == "Andel behöriga (%)"
    assert [k.id for k in mal.kolumner] == ["start", "utfall", "malvarde", "bedomning"]
    assert texter(mal, "skola.m1") == ["", "", "", "Bedöms delvis uppnås"]
    assert texter(mal, "skola.i1") == ["81,0", "82,5", "85", ""]


def test_uppdragslistan_har_ansvarig_beslut_och_status(rik: tuple[Sammanstallning, Rapport]) -> None:
    uppdrag = rik[1].tabeller["uppdrag"]
    assert {r.id: [r.namn, *(c.text for c in r.celler)] for r in uppdrag.rader} == {
        "skola.u1": ["Utred skolskjutsen", "Skolnämnden", f"KF 2024-02-26 §{NBSP}12", "2024-12-31", "Pågår", "Klart i höst."],
        "vard.u2": ["Se över taxan", "Vårdnämnden", f"KF 2023-11-20 §{NBSP}140", "", "Genomfört", "–"],
    }


def test_atgardslistan_har_bara_ifyllda_rader_och_en_exakt_summa(rik: tuple[Sammanstallning, Rapport]) -> None:
    atgarder = rik[1].tabeller["atgarder"]
    assert [r.id for r in atgarder.rader] == ["r-skola", "skola.a01", "skola.a03", "summa"]
    assert texter(atgarder, "skola.a01") == ["2024-11-30", "Pågår", "Ja", "0,3", "0,2", "1,1"]
    assert texter(atgarder, "skola.a03") == ["2024-12-31", "Ej påbörjad", "Nej", "0,3", "–", "–"]
    assert texter(atgarder, "summa")[3:] == ["0,7", "0,2", "1,1"]  # 0,333 + 0,333
    assert rad(atgarder, "summa").celler[3].tal == Decimal("0.666")


@pytest.mark.parametrize(
    ("tabell", "rad_id", "nr", "blad", "cell"),
    [
        ("indikatorer", "skola.m1", 3, "Mål och indikatorer", "M6"),
        ("indikatorer", "skola.i1", 1, "Mål och indikatorer", "I7"),
        ("uppdrag", "vard.u2", 3, "Uppdrag", "E6"),
        ("atgarder", "skola.a01", 3, "Åtgärder", "C6"),
    ],
)
def test_en_last_uppgift_i_en_lista_har_sin_kalla(
    tabell: str, rad_id: str, nr: int, blad: str, cell: str, rik: tuple[Sammanstallning, Rapport]
) -> None:
    enhet = rad_id.partition(".")[0]
    assert rad(rik[1].tabeller[tabell], rad_id).celler[nr].kalla == Kalla(f"inlamnat/2024-08/{enhet}.xlsx", blad, cell)


@pytest.mark.parametrize(
    ("tabell", "rad_id", "nr", "fil", "plats"),
    [
        ("indikatorer", "skola.i1", 0, "mal.csv", "rad 3, utgangsvarde"),
        ("indikatorer", "skola.i1", 2, "mal.csv", "rad 3, malvarde"),
        ("uppdrag", "vard.u2", 1, "uppdrag.csv", "rad 3, beslut"),
    ],
)
def test_en_beslutad_uppgift_i_en_lista_har_beslutets_rad_som_kalla(
    tabell: str, rad_id: str, nr: int, fil: str, plats: str, rik: tuple[Sammanstallning, Rapport]
) -> None:
    assert rad(rik[1].tabeller[tabell], rad_id).celler[nr].kalla == Kalla(f"styrning/2024/{fil}", "", plats)


@pytest.mark.parametrize("tabell", ["balans", "stallning"])
def test_stallningen_visar_aret_fore_det_forra(tabell: str, rik: tuple[Sammanstallning, Rapport]) -> None:
    kolumner = rik[1].tabeller[tabell].kolumner
    assert [(k.id, k.rubrik) for k in kolumner][:2] == [("nu", "31 augusti 2024"), ("fg", "31 december 2023")]


def test_namndens_avsnitt_har_dess_egna_listor(rik: tuple[Sammanstallning, Rapport]) -> None:
    skola, vard = rik[1].namnder
    listor = ["driftkommentarer", "atgardsplan", "malmotiv", "malindikatorer"]
    assert list(skola.tabeller) == ["namnd", "slag", "namndprojekt", "personal_namnd", "sjuk_namnd", *listor]
    assert [r.id for r in skola.tabeller["malmotiv"].rader] == ["skola.m1", "skola.m2"]
    assert list(vard.tabeller) == ["namnd", "slag", "namndprojekt", "personal_namnd", "sjuk_namnd"]


def test_en_lista_utan_rader_finns_inte(hel_kommun: Provkommun) -> None:
    assert not {"mal", "indikatorer", "uppdrag", "atgarder"} & set(rapporten(hel_kommun).tabeller)


# --- Diagram -------------------------------------------------------------------------------------------


def test_diagrammen_ritar_tabellernas_tal_och_beskriver_dem(rik: tuple[Sammanstallning, Rapport]) -> None:
    _, rapport = rik
    for d in (d for d in rapport.diagram.values() if d.id != "mal"):  # antalet mål står inte i någon tabell
        tal = {c.tal: c.text for c in tabellceller(rapport) if c.tal is not None and c.adress}
        assert {v for _, varden in d.serier for v in varden} <= set(tal), d.id
        assert all(len(varden) == len(d.kategorier) for _, varden in d.serier)
        assert re.search(r"\d,\d", d.alttext)


def test_diagrammen_over_avvikelser_borjar_med_det_storsta_underskottet(rik: tuple[Sammanstallning, Rapport]) -> None:
    avvikelse = rik[1].diagram["avvikelse"]
    (_, varden) = avvikelse.serier[0]
    assert dict(zip(avvikelse.kategorier, varden, strict=True))["Skolnämnden"] == Decimal("-1.5")
    assert list(varden) == sorted(v for v in varden if v is not None)


def test_det_som_saknas_ritas_inte_som_noll(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/resultatbudget.csv", "rad;ursprunglig\n")  # utan resultatbudget
    lamna(kommun)
    rapport = rapporten(kommun)
    resultat = rapport.diagram["resultat"]
    (_, varden) = resultat.serier[0]
    assert rad(rapport.tabeller["resultat"], "arets_resultat").celler[2].tal is None
    assert 0 not in varden


def test_ett_diagram_utan_nagot_att_rita_finns_inte(hel_kommun: Provkommun) -> None:
    assert [d.id for d in rapporten(hel_kommun).diagram.values() if not d.kategorier] == []


# --- Spåret --------------------------------------------------------------------------------------------


def test_sparet_har_varje_tryckt_siffra_med_steg_och_kallor(rik: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rik
    siffror = spar_av(rapport, s.rakning)["siffror"]
    tryckta = {str(c.adress): c.text for c in tabellceller(rapport) if c.adress and s.rakning.har(c.adress)}
    assert {adress: siffror[adress]["visas"] for adress in tryckta} == tryckta
    assert siffror["drift.vard.utfall"]["kallor"] == [["inlamnat/2024-08/vard.xlsx Driftredovisning!D6", -2_000_000_000]]
    assert siffror["drift.slutrad.utfall"]["delar"] == ["drift.summa_namnder.utfall", "drift.summa_finans.utfall"]


def test_sparets_hamtade_siffror_ar_summan_av_sina_kallor(rik: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rik
    hamtade = [d for d in spar_av(rapport, s.rakning)["siffror"].values() if d.get("kallor")]
    assert len(hamtade) > 100
    assert [d for d in hamtade if sum(varde for _, varde in d["kallor"]) != d["varde"]] == []


def test_sparet_skiljer_tva_lika_uppgifter_pa_samma_rad(kommun: Provkommun) -> None:
    styr_rikt(kommun)
    kommun.lamna("skola", bok(**{**SKOLA, "uppdrag__u1__kommentar": "Pågår"}))
    s = kommun.sammanstall()
    siffror = spar_av(floden.bygg_rapport(s), s.rakning)["siffror"]
    assert {"Uppdrag!E6", "Uppdrag!F6"} <= set(re.findall(r"Uppdrag![A-Z]\d+", str(siffror)))
