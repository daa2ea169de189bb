"""Årsredovisningen: kommandot, räkningarna, noterna, balanskravet, pensionerna och dokumentet läst tillbaka."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Not, Rapport, Tabell
from kommunrapport.rapport.word import word_av
from kommunrapport.validering import validera
from tests.arsbokslut import BOKSLUT, NOTER, REGELFALL, SKOLANS, UNDERSKOTT, bocker, lamna_arsbokslut, lamna_tva_ar, publicera, sammanstall
from tests.kommun import KOMMUN_TOML, Kommandorad, Provkommun, bok, finansbok, kommun_toml, vardbok
from tests.test_excelbilaga import Bilaga
from tests.test_word import Dokument

REDOVISNING = "[redovisning]\n"
TKR = 100_000


def rapporten(kommun: Provkommun) -> Rapport:
    return floden.bygg_rapport(sammanstall(kommun))


def koder(kommun: Provkommun) -> list[str]:
    return sorted({a.kod for a in sammanstall(kommun).anmarkningar})


def texter(tabell: Tabell, rad: str) -> list[str]:
    return [c.text for r in tabell.rader if r.id == rad for c in r.celler]


def noten(rapport: Rapport, id_: str) -> Not | None:
    return next((n for n in rapport.noter if n.id == id_), None)


def med_finans(kommun: Provkommun, **celler: Varde) -> Rapport:
    lamna_arsbokslut(kommun, bocker(finans=celler))
    return rapporten(kommun)


def utan_foretag(kommun: Provkommun, **celler: Varde) -> None:
    """De tre enheterna utan bolag, mål och investeringar."""
    alla = {"skola": bok(), "vard": vardbok(), "finans": finansbok(**{**NOTER, **celler})}
    lamna_arsbokslut(kommun, alla, styr=False)


@pytest.fixture(scope="module")
def tva_ar(tmp_path_factory: pytest.TempPathFactory) -> Provkommun:
    """Två årsbokslut som hänger ihop. Ändra dem inte."""
    kommun = Provkommun(tmp_path_factory.mktemp("bokslut"))
    kommun.skriv("styrning/balanskravsunderskott.csv", UNDERSKOTT)
    lamna_tva_ar(kommun)
    return kommun


@pytest.fixture(scope="module")
def rapport(tva_ar: Provkommun) -> Rapport:
    return rapporten(tva_ar)


@pytest.fixture(scope="module")
def dokument(tva_ar: Provkommun, rapport: Rapport) -> Dokument:
    s = sammanstall(tva_ar)
    return Dokument(word_av(rapport, s.arbete.mallkalla.fil(s.rapportmall.wordmall), "Kontrollen är gjord."))


# --- Kommandot ---------------------------------------------------------------------------------------------


def test_ett_helt_bokslut_har_inga_anmarkningar_och_ar_inget_utkast(tva_ar: Provkommun, rapport: Rapport) -> None:
    assert koder(tva_ar) == []
    assert rapport.utkastrader == ()


def test_kommandot_skriver_de_fem_filerna(kor: Kommandorad, kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun)
    svar = kor("arsredovisning", "--period", "2024-12", "--json", katalog=kommun.katalog)
    assert svar.kod == 0
    skrivna = [Path(fil).name for fil in json.loads(svar.ut)["skrivet"]]
    assert skrivna[:2] == ["Årsredovisning 2024-12.docx", "Årsredovisning 2024-12.xlsx"]
    assert sorted(skrivna[2:]) == ["anmarkningar.json", "anmarkningar.xlsx", "spar.json"]


def test_kommandot_sager_lagens_frist(kor: Kommandorad, kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun)
    assert "15 april 2025" in kor("arsredovisning", "--period", "2024-12", katalog=kommun.katalog).fel


def test_3_nar_en_inlamning_saknas_och_strikt_skriver_inget(kor: Kommandorad, kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun, bocker(utom=("vard",)))
    assert kor("arsredovisning", "--period", "2024-12", "--strikt", katalog=kommun.katalog).kod == 3
    assert not (kommun.katalog / "rapporter").exists()
    assert kor("arsredovisning", "--period", "2024-12", katalog=kommun.katalog).kod == 3


@pytest.mark.parametrize(
    ("kommando", "period", "ratt"),
    [
        ("delar", "2024-12", ["kommunrapport arsredovisning --period 2024-12", "2024-08"]),
        ("arsredovisning", "2024-08", ["kommunrapport delar --period 2024-08", "2024-12"]),
        ("arsredovisning", "2024-03", ["månadsrapport", "2024-12"]),
    ],
)
def test_fel_kommando_for_perioden_namner_det_ratta(kor: Kommandorad, kommun: Provkommun, kommando: str, period: str, ratt: list[str]) -> None:
    svar = kor(kommando, "--period", period, katalog=kommun.katalog)
    assert svar.kod == 2
    assert [del_ for del_ in ratt if del_ not in svar.fel] == []


def test_harled_visar_arsredovisningens_siffror(tva_ar: Provkommun) -> None:
    nod = floden.harled(tva_ar.katalog, BOKSLUT, "balanskrav", "balanskravsresultat", "utfall")
    assert nod.varde == 2_100 * TKR


def test_validera_provar_arsredovisningens_rakningar(kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun, bocker(finans={"balans__fordringar__nu": 20_900}))
    assert "KR502" in {a.kod for a in validera(kommun.katalog, [], BOKSLUT).anmarkningar}


@pytest.mark.parametrize(("manad", "finns"), [(8, False), (12, True)])
def test_noter_och_pensioner_lamnas_bara_i_bokslutet(kommun: Provkommun, manad: int, *, finns: bool) -> None:
    blad = {b.id: b for b in las_periodmall(las_arbetskatalog(kommun.katalog), Period(2024, manad)).blad}
    assert ({"noter", "pension"} <= set(blad)) == finns
    assert "prognos_total" in {k.id for k in blad["investering"].kolumn}


# --- Räkningarna -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tabell", "kolumner"),
    [
        ("resultat", ["not", "utfall", "utfall_fg", "budget", "avvikelse", "koncern", "koncern_fg"]),
        ("balans", ["not", "nu", "fg", "koncern", "koncern_fg"]),
        ("kassaflode", ["utfall", "utfall_fg", "koncern", "koncern_fg"]),
        ("drift", ["utfall", "utfall_fg", "ursprunglig", "tillagg", "budget", "avvikelse"]),
        ("investering", ["utfall", "utfall_fg", "ursprunglig", "tillagg", "budget", "avvikelse"]),
        ("projekt", ["status", "beslutad", "ack_utfall", "prognos_total", "avvikelse", "procent"]),
    ],
)
def test_tabellens_kolumner(tabell: str, kolumner: list[str], rapport: Rapport) -> None:
    assert [k.id for k in rapport.tabeller[tabell].kolumner] == kolumner


def test_resultatrakningen_har_budget_avvikelse_och_koncern(rapport: Rapport) -> None:
    assert texter(rapport.tabeller["resultat"], "arets_resultat") == ["", "2,1", "2,1", "2,0", "+0,1", "8,1", "8,1"]


def test_kassaflodet_ar_kommunens_och_slutar_pa_balansrakningens_kassa(rapport: Rapport) -> None:
    assert texter(rapport.tabeller["kassaflode"], "likvida_ut")[0] == texter(rapport.tabeller["balans"], "kassa")[1] == "19,2"


@pytest.mark.parametrize("sammanstallda", ["[]", '["delar"]'])
def test_koncernens_kolumner_forsvinner_nar_den_inte_redovisas(sammanstallda: str, kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun)
    kommun.skriv("kommun.toml", f"[koncern]\nsammanstallda = {sammanstallda}\n" + kommun_toml(fler_enheter=True))
    rapport = rapporten(kommun)
    assert [k.id for t in rapport.tabeller.values() for k in t.kolumner if k.id.startswith("koncern")] == []
    assert noten(rapport, "koncernforetag") is None


def test_utan_foretag_finns_varken_koncern_eller_bolagsavsnitt(kommun: Provkommun) -> None:
    utan_foretag(kommun)
    rapport = rapporten(kommun)
    assert [k.id for k in rapport.tabeller["balans"].kolumner] == ["not", "nu", "fg"]
    assert "bolag" not in rapport.tabeller
    assert rapport.meningar["koncern"] == rapport.meningar["koncernresultat"] == ""


def test_anslagsforandringar_ingar_i_gallande_budget(kommun: Provkommun) -> None:
    rader = "skola;grund;drift;-1 000;KF § 41\nskola;nybygge;investering;2 000;KF § 42\n"
    lamna_arsbokslut(kommun)
    kommun.skriv("styrning/2024/tillagg.csv", f"enhet;rad;tabell;belopp;beslut\n{rader}")
    lamna_arsbokslut(kommun, styr=False)
    tabeller = rapporten(kommun).tabeller
    assert texter(tabeller["drift"], "skola")[2:] == ["−70,0", "−1,0", "−71,0", "+24,5"]
    assert texter(tabeller["investering"], "skola")[2:] == ["20,0", "2,0", "22,0", "+10,0"]


def test_projekten_visar_beslutad_ackumulerad_och_beraknad_totalutgift(kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun, bocker(skola={**SKOLANS, "investering__nybygge__prognos_total": 46_000}))
    assert texter(rapporten(kommun).tabeller["projekt"], "skola.nybygge") == ["–", "45,0", "12,0", "46,0", "−1,0", "−2,2"]


# --- Balanskravet ------------------------------------------------------------------------------------------

JUSTERINGAR: Mapping[str, Varde] = {
    "balanskrav__realvinster__prognos": -1_000,
    "balanskrav__realvinster_undantag__prognos": 400,
    "balanskrav__anvandning__prognos": 300,
}


def test_balanskravsutredningen_laggs_ihop_rad_for_rad(kommun: Provkommun) -> None:
    tabell = med_finans(kommun, **JUSTERINGAR).tabeller["balanskrav"]
    assert texter(tabell, "efter_justeringar")[0] == "1,5"
    assert texter(tabell, "balanskravsresultat")[0] == "1,8"


@pytest.mark.parametrize(
    ("val", "rader"),
    [
        ("", set()),
        ("fullfond = true\n", {"pensioner_fore_1998", "blandmodell"}),
        ("rur = true\n", {"anvandning_rur"}),
    ],
)
def test_kommunens_val_avgor_raderna_i_balanskravet(val: str, rader: set[str], kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", REDOVISNING + val + KOMMUN_TOML)
    utan_foretag(kommun, balanskrav__anvandning_rur__prognos=200, balanskrav__pensioner_fore_1998__prognos=-700)
    ids = {r.id for r in rapporten(kommun).tabeller["balanskrav"].rader}
    assert ids & {"pensioner_fore_1998", "blandmodell", "anvandning_rur", "reservering_rur"} == rader


@pytest.mark.parametrize(("val", "resultat"), [("", 2_100), ("fullfond = true\n", 1_400), ("rur = true\n", 2_300)])
def test_raderna_som_valet_ger_raknas_med(val: str, resultat: int, kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", REDOVISNING + val + KOMMUN_TOML)
    utan_foretag(kommun, balanskrav__anvandning_rur__prognos=200, balanskrav__pensioner_fore_1998__prognos=-700)
    assert sammanstall(kommun).rakning.varde(Adress("balanskrav", "balanskravsresultat", "utfall")) == resultat * TKR


def test_fore_2024_heter_reserven_resultatutjamningsreserv(kommun: Provkommun) -> None:
    mall = las_periodmall(las_arbetskatalog(kommun.katalog), Period(2023, 12))
    (blad,) = [b for b in mall.blad if b.id == "balanskrav"]
    assert {"reservering_rur", "anvandning_rur"} <= {r.id for r in blad.rad}
    assert not {"reservering", "anvandning"} & {r.id for r in blad.rad}


def test_underskott_fran_tidigare_ar_visas_per_ar_med_sista_aret(rapport: Rapport) -> None:
    tabell = rapport.tabeller["aterstallning"]
    assert [(r.id, r.namn[-4:]) for r in tabell.rader[:-1]] == [("2022", "2025"), ("2023", "2026")]  # det från 2021 är återställt
    assert texter(tabell, "2022") == ["−3,0", "1,5", "−1,5"]
    assert texter(tabell, "summa") == ["−3,5", "1,5", "−2,0"]


def test_utan_underskott_finns_ingen_tabell_om_aterstallning(kommun: Provkommun) -> None:
    rapport = med_finans(kommun)
    assert "aterstallning" not in rapport.tabeller
    assert rapport.meningar["aterstallning"] == ""


@pytest.mark.parametrize("rad", ["24;2022;-1;0;", "2024;förra;-1;0;"])
def test_ett_ar_som_inte_ar_ett_ar_i_registret_namns(rad: str, kor: Kommandorad, kommun: Provkommun) -> None:
    kommun.skriv("styrning/balanskravsunderskott.csv", f"ar;uppkom;ingaende;anvant;beslut\n{rad}\n")
    svar = kor("arsredovisning", "--period", "2024-12", katalog=kommun.katalog)
    assert (svar.kod, "balanskravsunderskott.csv, rad 2" in svar.fel) == (5, True)


# --- Pensionerna -------------------------------------------------------------------------------------------


def test_pensionstabellen_raknar_aterlanade_medel_och_konsolideringsgrad(rapport: Rapport) -> None:
    tabell = rapport.tabeller["pension"]
    assert (texter(tabell, "forpliktelser")[0], texter(tabell, "aterlanade")[0], texter(tabell, "konsolideringsgrad")[0]) == ("50,0", "30,0", "40,0")


@pytest.mark.parametrize(("regel", "celler", "vantat"), REGELFALL)
def test_arsbokslutets_regler(regel: str, celler: dict[str, Varde], vantat: tuple[str, ...], kommun: Provkommun) -> None:
    assert regel
    publicera(kommun, 2021, {"flerar.laneskuld.nu": 60_000 * TKR})
    med_finans(kommun, **celler)
    assert koder(kommun) == list(vantat)


# --- Flerårsöversikten -------------------------------------------------------------------------------------


def test_flerarsoversikten_har_fem_ar_och_hamtar_forra_arets_ur_dess_bok(rapport: Rapport) -> None:
    flerar = rapport.tabeller["flerar"]
    assert [k.rubrik for k in flerar.kolumner] == ["2024", "2023", "2022", "2021", "2020"]
    assert texter(flerar, "skattesats") == ["21,64", "21,64", "–", "–", "–"]
    assert texter(flerar, "soliditet")[0] == "46,1"
    assert texter(flerar, "resultat")[:2] == ["2,1", "2,1"]
    assert texter(flerar, "investeringar")[0] == "10,0"  # räknat, fast det inte är lämnat
    assert "sjukfranvaro" not in {r.id for r in flerar.rader}
    assert texter(rapport.tabeller["flerar_koncern"], "resultat")[:2] == ["8,1", "8,1"]


# --- Noterna -----------------------------------------------------------------------------------------------


def test_noterna_ar_numrerade_i_uppstallningens_ordning(rapport: Rapport) -> None:
    assert [(n.nummer, n.id) for n in rapport.noter] == list(
        enumerate(["principer", "sarredovisningar", "revision", "nyttjandeperioder", "koncernforetag"], 1)
    )
    assert all(n.lagrum for n in rapport.noter)


@pytest.mark.parametrize(("tabell", "rad", "nummer"), [("resultat", "kostnader", "3"), ("balans", "mark", "4"), ("balans", "kassa", "")])
def test_raderna_hanvisar_till_sina_noter(tabell: str, rad: str, nummer: str, rapport: Rapport) -> None:
    assert texter(rapport.tabeller[tabell], rad)[0] == nummer


def test_en_rad_med_flera_noter_namner_alla(kommun: Provkommun) -> None:
    rapport = med_finans(kommun, noter__finansiella_instrument__upplysning="Fonder.", noter__pensioner__upplysning="Försäkring.")
    instrument, pensioner = noten(rapport, "finansiella_instrument"), noten(rapport, "pensioner")
    assert instrument is not None
    assert pensioner is not None
    assert texter(rapport.tabeller["balans"], "finansiella")[0] == str(instrument.nummer)
    assert texter(rapport.tabeller["balans"], "avs_pensioner")[0] == str(pensioner.nummer)


def test_notens_belopp_gar_att_folja(tva_ar: Provkommun, rapport: Rapport) -> None:
    not_ = noten(rapport, "revision")
    assert not_ is not None
    assert not_.tabell is not None
    assert [c.text for c in not_.tabell.rader[0].celler] == ["310", "310"]
    assert floden.harled(tva_ar.katalog, BOKSLUT, "noter", "revision", "nu").varde == 310 * TKR


@pytest.mark.parametrize("rad", ["principer", "revision", "nyttjandeperioder"])
def test_en_not_som_lagen_kraver_saknas_i_rapporten_och_ar_ett_fel(rad: str, kommun: Provkommun) -> None:
    rapport = med_finans(kommun, **{f"noter__{rad}__upplysning": ""})
    not_ = noten(rapport, rad)
    assert not_ is not None
    assert not_.saknas
    assert len(rapport.utkastrader) == 2  # noten och felet


@pytest.mark.parametrize(
    ("celler", "finns", "saknas"),
    [
        ({}, False, False),
        ({"noter__extraordinara__upplysning": "Brand."}, True, False),
        ({"resultat__extraordinara__utfall": -100}, True, True),  # posten finns men noten är inte skriven
        ({"resultat__extraordinara__utfall": -100, "noter__extraordinara__upplysning": "Brand."}, True, False),
    ],
)
def test_en_not_som_bara_ibland_ar_tillamplig(celler: dict[str, Varde], finns: bool, saknas: bool, kommun: Provkommun) -> None:
    not_ = noten(med_finans(kommun, **celler), "extraordinara")
    assert (not_ is not None, not_ is not None and not_.saknas != "") == (finns, saknas)


def foretagsnot(kommun: Provkommun, tillagg: str) -> Tabell:
    lamna_arsbokslut(kommun)
    kommun.skriv("kommun.toml", kommun_toml(fler_enheter=True) + tillagg)
    return rapporten(kommun).tabeller["koncernforetag"]


@pytest.mark.parametrize(
    ("agande", "andelar", "forandring"),
    [
        ('agarandel = "60"', ["60", "60"], "oförändrad"),
        ('agande = [{ fran = 2024-07-01, andel = "60" }]', ["60", "–"], "nytt i koncernen 1 juli 2024"),
        ('agande = [{ fran = 2010-01-01, andel = "60" }, { fran = 2024-05-01, andel = "0" }]', ["–", "60"], "har lämnat koncernen 1 maj 2024"),
        ('agande = [{ fran = 2010-01-01, andel = "60" }, { fran = 2024-05-01, andel = "75" }]', ["75", "60"], "andelen har ändrats 1 maj 2024"),
    ],
)
def test_noten_om_koncernen_visar_andelen_nu_och_ett_ar_tidigare(agande: str, andelar: list[str], forandring: str, kommun: Provkommun) -> None:
    tabell = foretagsnot(kommun, f'[[enhet]]\nid = "kraft"\nnamn = "Kraft AB"\nslag = "bolag"\n{agande}\n')
    assert texter(tabell, "kraft") == ["ägarandel", *andelar, forandring]


def test_noten_om_koncernen_namner_dotterforetag_och_agare(kommun: Provkommun) -> None:
    bolag = '[[enhet]]\nid = "kraft"\nnamn = "Kraft AB"\nslag = "bolag"\nagare = "bostad"\nagarandel = "50"\ndotterforetag = ["Sol AB"]\n'
    tabell = foretagsnot(kommun, bolag)
    assert texter(tabell, "kraft")[:2] == ["ägs av Provköpings Bostäder AB", "50"]
    assert [r.namn for r in tabell.rader if r.stil == "varav"] == ["Sol AB"]


def test_ett_utelamnat_foretag_star_i_en_egen_not_med_skalet(kommun: Provkommun) -> None:
    tabell = foretagsnot(kommun, '[[enhet]]\nid = "sma"\nnamn = "Små AB"\nslag = "bolag"\nkonsolideras = false\nskal = "Vilande."\n')
    assert "sma" not in {r.id for r in tabell.rader}
    assert texter(rapporten(kommun).tabeller["utelamnade"], "sma") == ["Vilande."]


# --- Dokumentet --------------------------------------------------------------------------------------------

ORDNING = [
    "Sammanfattning",
    "Förvaltningsberättelse",
    "Översikt över verksamhetens utveckling",
    "Den kommunala koncernen",
    "Viktiga förhållanden för resultat och ekonomisk ställning",
    "Händelser av väsentlig betydelse",
    "Styrning och uppföljning av den kommunala verksamheten",
    "God ekonomisk hushållning och ekonomisk ställning",
    "Balanskravsresultat",
    "Väsentliga personalförhållanden",
    "Förväntad utveckling",
    "Räkenskaper",
    "Resultaträkning",
    "Balansräkning",
    "Kassaflödesanalys",
    "Från kommun till koncern",
    "Noter",
    "Drift- och investeringsredovisning",
    "Driftredovisning",
    "Investeringsredovisning",
    "Nämndernas redovisning",
    "Skolnämnden",
    "Vårdnämnden",
    "Bolagens och kommunalförbundens redovisning",
    "Provköpings Bostäder AB",
    "Räddningsförbundet Öst & Väst",
    "Redovisningsprinciper och läsanvisning",
]


def test_delarna_kommer_i_ordning(dokument: Dokument) -> None:
    assert dokument.med_stil("Heading1", "Heading2") == ORDNING


def test_dokumentet_har_alla_noter_och_inga_taggar(dokument: Dokument, rapport: Rapport) -> None:
    rubriker = dokument.med_stil("Heading3")
    assert [r for r in rubriker if r.startswith("Not ")] == [f"Not {n.nummer} {n.rubrik}" for n in rapport.noter]
    egna = [text for _, text in dokument.stycken if "rapport.titel" not in text]  # den taggen har någon skrivit i en text
    assert not any("{{" in text or "{%" in text for text in egna)
    assert "Malltagg" not in {stil for stil, _ in dokument.stycken}


def test_rakningarna_har_en_kolumn_for_noten_med_rubrik(dokument: Dokument) -> None:
    rubriker = [t for stil, t in dokument.stycken if stil == "Tabellhuvud" and t == "Not"]
    assert len(rubriker) == 2


def test_avsnitt_utan_underlag_sager_det(kommun: Provkommun) -> None:
    utan_foretag(kommun, noter__revision__upplysning="")
    s = sammanstall(kommun)
    skrivet = Dokument(word_av(floden.bygg_rapport(s), s.arbete.mallkalla.fil(s.rapportmall.wordmall), ""))
    rubriker = skrivet.med_stil("Heading1", "Heading2")
    assert "Den kommunala koncernen" not in rubriker
    assert "Noter" in rubriker
    saknas = [text for _, text in skrivet.stycken if text.startswith("Uppgift saknas: ")]
    assert any("13 §" in text for text in saknas)  # noten
    assert any("10 kap. 2 §" in text for text in saknas)  # investeringsredovisningen


def test_bilagans_formler_raknar_ratt_nar_tabellen_har_en_notkolumn(tva_ar: Provkommun) -> None:
    bilaga = Bilaga(sammanstall(tva_ar))
    assert bilaga.formel("resultat.nettokostnader.utfall") == "=SUM(C3:C5)"
    assert bilaga.formel("resultat.nettokostnader.avvikelse") == "=SUM(F3:F5)"
    fel = [cell.adress for _, cell, _, varde in bilaga.platser() if cell.tal is not None and abs(float(cell.tal) - float(varde.value)) > 1e-6]
    assert fel == []
