"""Koncernen ur en arbetskatalog: vilka enheter som ingår, förvärv, elimineringar för hand, jämförelsetal och det som saknas."""

import tomllib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kommunrapport.berakning.rakna import Nod
from kommunrapport.floden import Sammanstallning, bygg_rapport
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.koncernenheter import andel_i_ord, koncernenheter
from kommunrapport.mall.lasning import tolka
from kommunrapport.mall.organisation import Organisation
from tests.arsbokslut import BOLAGET_EFTER_FG, FORBUNDET_EFTER_FG
from tests.kommun import (
    DRIFTBUDGET,
    FINANS,
    KOMMUN_TOML,
    PERIOD,
    RESULTATBUDGET,
    SKOLA,
    VARD,
    Provkommun,
    bok,
    bolagsbok,
    finansbok,
    forbundsbok,
    kommun_toml,
    lamna_bocker,
    lamna_rikt,
    styr_rikt,
    vardbok,
)

TKR = 100_000
HUVUD = "rad;period;enhet;motpart;slag;rakning;post;belopp;benamning;person;beslutad\n"
FORVARV = "enhet;rad;benamning;datum;andel;anskaffning;eget_kapital;skillnad_till\n"
SALT, KOPT = "internresultat__finans.salt__utfall", "internresultat__bostad.kopt__utfall"


BOCKER = {"skola": bok(**SKOLA), "vard": vardbok(**VARD), "finans": finansbok(**FINANS), "bostad": bolagsbok(), "raddning": forbundsbok()}


@pytest.fixture
def kommun(tmp_path: Path) -> Provkommun:
    return Provkommun(tmp_path)


def lamna(
    kommun: Provkommun, *, utom: tuple[str, ...] = (), bostad: dict[str, int] | None = None, finans: dict[str, int] | None = None
) -> Sammanstallning:
    """Alla enheters böcker, med ändringar i bolagets och finansförvaltningens."""
    styr_rikt(kommun)
    bocker = {**BOCKER, "finans": finansbok(**{**FINANS, **(finans or {})}), "bostad": bolagsbok(**(bostad or {}))}
    lamna_bocker(kommun, {enhet: celler for enhet, celler in bocker.items() if enhet not in utom})
    return kommun.sammanstall()


def tal(s: Sammanstallning, adress: str) -> int | None:
    """Siffran i tusental kronor."""
    varde = s.rakning.varde(Adress.ur(adress))
    return None if varde is None else varde // TKR


def noder(nod: Nod) -> Iterator[Nod]:
    yield nod
    for del_ in nod.delar:
        yield from noder(del_)


# --- Vilka som ingår, och med vilken andel ----------------------------------------------------------------

STADSHUS = """
[[enhet]]
id = "stadshus"
namn = "Stadshus AB"
slag = "bolag"
agarandel = "80"
[[enhet]]
id = "hamn"
namn = "Hamnen AB"
slag = "bolag"
agare = "stadshus"
agande = [{ fran = 2020-01-01, andel = "50" }, { fran = 2024-03-01, andel = "75" }, { fran = 2025-01-01, andel = "0" }]
[[enhet]]
id = "litet"
namn = "Lilla AB"
slag = "bolag"
konsolideras = false
skal = "Utan väsentlig betydelse"
"""


def organisation(text: str) -> Organisation:
    return tolka(Organisation, tomllib.loads(KOMMUN_TOML + text), "kommun.toml")


@pytest.mark.parametrize(
    ("dag", "vantat"),
    [
        (date(2019, 12, 31), {"finans": 1, "stadshus": Fraction(4, 5)}),  # hamnen är inte förvärvad
        (date(2020, 1, 1), {"finans": 1, "stadshus": Fraction(4, 5), "hamn": Fraction(2, 5)}),
        (date(2024, 2, 29), {"finans": 1, "stadshus": Fraction(4, 5), "hamn": Fraction(2, 5)}),
        (date(2024, 3, 1), {"finans": 1, "stadshus": Fraction(4, 5), "hamn": Fraction(3, 5)}),  # 75 procent av 80
        (date(2025, 1, 1), {"finans": 1, "stadshus": Fraction(4, 5)}),  # såld
    ],
)
def test_andelen_foljer_agandet_over_tid_och_genom_moderbolaget(dag: date, vantat: dict[str, Fraction]) -> None:
    assert {e.id: e.andel for e in koncernenheter(organisation(STADSHUS), dag)} == vantat


@pytest.mark.parametrize(("andel", "vantat"), [("1", "100 procent"), ("49/200", "24,5 procent"), ("1/3", "33,3333 procent")])
def test_andelen_i_ord(andel: str, vantat: str) -> None:
    assert andel_i_ord(Fraction(andel)) == vantat


@pytest.mark.parametrize(
    "fel",
    [
        STADSHUS.replace('agare = "stadshus"', 'agare = "finans"'),  # ägaren är inget bolag
        STADSHUS.replace('agarandel = "80"', 'agare = "hamn"'),  # äger sig själv genom den andra
        STADSHUS.replace('skal = "Utan väsentlig betydelse"', ""),  # utanför utan skäl
        STADSHUS.replace('andel = "75"', 'andel = "75 %"'),
    ],
)
def test_ett_orimligt_agande_namns(fel: str) -> None:
    with pytest.raises(MallFel, match=r"kommun\.toml"):
        organisation(fel)


# --- Från kommun till koncern ---------------------------------------------------------------------------------


def test_koncernsiffran_foljs_genom_andel_och_eliminering_till_bada_sidors_celler(kommun: Provkommun) -> None:
    s = lamna(kommun, bostad={SALT: 300}, finans={KOPT: -300})
    assert tal(s, "resultat.intakter.koncern") == 20_000 + 60_000 + 20_040 - 300
    alla = list(noder(s.rakning.harled(Adress("resultat", "intakter", "koncern"))))
    assert {n.kalla for n in alla if n.kalla} == {
        "inlamnat/2024-08/finans.xlsx Resultaträkning!D6",
        "inlamnat/2024-08/bostad.xlsx Resultaträkning!D6",
        "inlamnat/2024-08/raddning.xlsx Resultaträkning!D6",
        "inlamnat/2024-08/bostad.xlsx Koncerninternt, resultat!C7",
        "inlamnat/2024-08/finans.xlsx Koncerninternt, resultat!C8",
    }
    assert [n.steg for n in alla if n.steg.startswith("33,4 procent")] == ["33,4 procent av delen"]


def test_obeskattade_reserver_delas_i_eget_kapital_och_uppskjuten_skatt(kommun: Provkommun) -> None:
    """Avsättningen 1 000 läggs tillbaka i resultatet, utom skatten 20,6 procent; av reserven 5 000 är 1 030 skatt."""
    ob = {"bolagsbalans__obeskattade__nu": 5_000, "bolagsbalans__obeskattade_forandring__nu": 1_000, "bolagsresultat__dispositioner__utfall": -1_000}
    balans = {"bolagsbalans__arets_resultat__nu": 3_500, "bolagsbalans__balanserat__nu": 21_000}
    s = lamna(kommun, bostad={**ob, **balans, "kassaflode__arets_resultat__utfall": 3_500, "kassaflode__ej_likvida__utfall": 10_000})
    assert tal(s, "koncern_balans.avs_andra.bostad") == 1_030
    assert tal(s, "koncern_resultat.arets_resultat.bostad") == tal(s, "koncern_balans.arets_resultat.bostad") == 4_500 - 206
    assert tal(s, "koncern_balans.ek_ingaende.bostad") == 50_000 + 21_000 + (4_000 * 794) // 1000
    assert tal(s, "koncern_kassaflode.likvida_ut.bostad") == 18_500
    assert s.anmarkningar == ()


def test_andelarna_elimineras_mot_det_forvarvade_kapitalet(kommun: Provkommun) -> None:
    kommun.skriv("styrning/forvarv.csv", FORVARV + "bostad;f1;Köp;2015-07-01;100;4 000;3 500;mark\nbostad;f2;Köp;2024-09-01;100;900;0;\n")
    s = lamna(kommun)
    assert (tal(s, "koncern_balans.finansiella.eliminering"), tal(s, "koncern_balans.ek_ingaende.eliminering")) == (-4_000, -3_500)
    assert tal(s, "koncern_balans.mark.eliminering") == 500
    assert s.anmarkningar == ()  # förvärvet efter perioden räknas inte


@pytest.mark.parametrize(
    ("fg", "nu", "lan", "amortering"),
    [(1_000, 1_400, -400, 0), (1_000, 700, 0, 300)],  # kommunens lån till bolaget ökar, och minskar
)
def test_ett_internt_lans_forandring_elimineras_dar_bolaget_redovisar_den(fg: int, nu: int, lan: int, amortering: int, kommun: Provkommun) -> None:
    internt = {f"internbalans__{rad}__{kolumn}": tkr for rad in ("finans.lan_fran",) for kolumn, tkr in (("fg", fg), ("nu", nu))}
    utlanat = {f"internbalans__bostad.lan_till__{kolumn}": tkr for kolumn, tkr in (("fg", fg), ("nu", nu))}
    s = lamna(kommun, bostad=internt, finans=utlanat)
    rader = ("nya_lan", "amortering", "langa_fordringar")
    assert [tal(s, f"koncern_kassaflode.{rad}.eliminering") for rad in rader] == [lan, amortering, nu - fg]
    assert tal(s, "koncern_balans.langfristiga.eliminering") == tal(s, "koncern_balans.finansiella.eliminering") == -nu


def test_motpartens_uppgift_galler_nar_saljarens_saknas(kommun: Provkommun) -> None:
    s = lamna(kommun, finans={KOPT: -300})
    assert [tal(s, f"mellanhavanden.forsaljning.{k}") for k in ("givare", "mottagare", "elim_givare", "elim_mottagare")] == [None, 300, 300, 300]
    assert {a.kod for a in s.anmarkningar} == {"KR801"}


def test_salda_andelar_elimineras_inte_langre(kommun: Provkommun) -> None:
    rader = "bostad;f1;Köp;2015-07-01;100;4 000;4 000;\nbostad;f2;Försäljning;2024-05-01;-40;-1 600;4 000;\n"
    kommun.skriv("styrning/forvarv.csv", FORVARV + rader)
    s = lamna(kommun)
    assert (tal(s, "koncern_balans.finansiella.eliminering"), tal(s, "koncern_balans.ek_ingaende.eliminering")) == (-2_400, -2_400)


def test_en_skillnad_som_ar_en_avsattning_far_omvant_tecken(kommun: Provkommun) -> None:
    """Andelarna köptes för 3 000 när kapitalet var 3 500: mellanskillnaden 500 är en avsättning, och balansen går ihop."""
    kommun.skriv("styrning/forvarv.csv", FORVARV + "bostad;f1;Köp;2015-07-01;100;3 000;3 500;avs_andra\n")
    s = lamna(kommun)
    assert tal(s, "koncern_balans.avs_andra.eliminering") == 500
    assert s.anmarkningar == ()


def test_en_skillnad_till_en_rad_som_inte_finns_namns(kommun: Provkommun) -> None:
    kommun.skriv("styrning/forvarv.csv", FORVARV + "bostad;f1;Köp;2015-07-01;100;3 000;3 500;marken\n")
    with pytest.raises(MallFel, match=r"styrning/forvarv\.csv, rad 2: skillnad_till"):
        lamna(kommun)


def test_en_eliminering_for_hand_gar_fore_regeln_och_syns_i_anmarkningen(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/elimineringar.csv", HUVUD + "e1;2024-08;bostad;finans;forsaljning;;;280;Faktura i september;ekonomichef;2024-09-12\n")
    s = lamna(kommun, bostad={SALT: 300}, finans={KOPT: -250})
    rad = "mellanhavanden.forsaljning"
    assert [tal(s, f"{rad}.{k}") for k in ("givare", "mottagare", "skillnad", "elim_givare", "elim_mottagare", "rest")] == [300, 250, 50, 280, 280, 0]
    assert [(a.kod, a.enhet, a.fakta["motiv"]) for a in s.anmarkningar] == [
        ("KR803", "bostad", "Faktura i september"),
        ("KR803", "finans", "Faktura i september"),
    ]


@pytest.mark.parametrize(
    "rad",
    [
        "e1;2024-08;bostad;finans;forsaljning;resultat;intakter;280;Motiv;ekonomichef;2024-09-12",  # både slag och post
        "e1;2024-08;bostad;finans;;;;280;Motiv;ekonomichef;2024-09-12",  # varken eller
        "e1;2024-08;bostad;okand;forsaljning;;;280;Motiv;ekonomichef;2024-09-12",
        "e1;2024-08;bostad;finans;forsaljning;;;280;;ekonomichef;2024-09-12",  # utan motiv
        "e1;2024-08;bostad;finans;försäljning;;;280;Motiv;ekonomichef;2024-09-12",  # okänt slag
        "e1;2024-08;bostad;finans;forsaljning;;;-280;Motiv;ekonomichef;2024-09-12",
        "e1;2024-08;bostad;finans;borgen;;;280;Motiv;ekonomichef;2024-09-12",  # bolaget är inte borgensman
        "e1;2024-08;bostad;finans;;resultat;marken;280;Motiv;ekonomichef;2024-09-12",  # okänd post
        "e1;2024-08;bostad;finans;;bolagsresultat;personal;280;Motiv;ekonomichef;2024-09-12",  # bolagets form är ingen räkning
    ],
)
def test_en_ofullstandig_eliminering_for_hand_stoppar_korningen(rad: str, kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/elimineringar.csv", f"{HUVUD}{rad}\n")
    with pytest.raises(MallFel, match=r"elimineringar\.csv, rad 2"):
        lamna(kommun)


# --- Det som saknas -------------------------------------------------------------------------------------------


def test_ett_bolag_som_inte_har_lamnat_ar_utanfor_summan_och_namns(kommun: Provkommun) -> None:
    s = lamna(kommun, utom=("bostad",), finans={KOPT: -300})
    assert tal(s, "resultat.intakter.koncern") == 20_000 + 20_040  # ingen eliminering mot en enhet som inte ingår
    assert any("Provköpings Bostäder AB" in n for n in bygg_rapport(s).tabeller["koncern_resultat"].noter)


def test_utan_kommunens_egen_bok_finns_ingen_koncern(kommun: Provkommun) -> None:
    assert tal(lamna(kommun, utom=("finans",)), "resultat.intakter.koncern") is None


def test_ett_utelamnat_foretag_som_inte_har_lamnat_gar_inte_att_prova(kommun: Provkommun) -> None:
    styr_rikt(kommun)
    utanfor = kommun_toml(fler_enheter=True).replace('agarandel = "33,4"', 'agarandel = "1"\nkonsolideras = false\nskal = "Litet"')
    kommun.skriv("kommun.toml", utanfor)
    lamna_bocker(kommun, {"skola": bok(**SKOLA), "vard": vardbok(**VARD), "finans": finansbok(**FINANS), "bostad": bolagsbok()})
    koder = {a.kod for a in kommun.sammanstall().anmarkningar}
    assert koder == {"KR101", "KR805"}


def test_sammanstallda_rakenskaper_i_delarsrapporten_ar_frivilliga(kommun: Provkommun) -> None:
    styr_rikt(kommun)
    kommun.skriv("kommun.toml", kommun_toml(fler_enheter=True).replace("[trosklar]", '[koncern]\nsammanstallda = ["arsredovisning"]\n[trosklar]'))
    lamna_bocker(kommun, BOCKER)
    rapport = bygg_rapport(kommun.sammanstall())
    assert not [t for t in rapport.tabeller if t.startswith("koncern")]
    assert [k.id for k in rapport.tabeller["resultat"].kolumner] == ["utfall", "utfall_fg", "budget", "prognos", "avvikelse"]


# --- Jämförelsetal --------------------------------------------------------------------------------------------


def _med_bokslut(kommun: Provkommun, *, utom: tuple[str, ...] = ()) -> Sammanstallning:
    styr_rikt(kommun)
    for namn, text in (("driftbudget", DRIFTBUDGET), ("resultatbudget", RESULTATBUDGET)):
        kommun.skriv(f"styrning/2023/{namn}.csv", text)
    fg = {"finans": finansbok(balans__arets_resultat__nu=0, balans__kassa__nu=15_000), "bostad": bolagsbok(), "raddning": forbundsbok()}
    for enhet, celler in fg.items():
        if enhet not in utom:
            kommun.lamna(enhet, celler, period=PERIOD.bokslut_fg_ar)
    bocker = {"finans": finansbok(**FINANS), "bostad": bolagsbok(**BOLAGET_EFTER_FG), "raddning": forbundsbok(**FORBUNDET_EFTER_FG)}
    lamna_bocker(kommun, bocker)
    return kommun.sammanstall()


def test_koncernens_jamforelsetal_raknas_ur_forra_bokslutets_bocker(kommun: Provkommun) -> None:
    s = _med_bokslut(kommun)
    assert tal(s, "balans.kassa.koncern_fg") == 15_000 + 18_500 + 18_500 * 334 // 1000
    kallor = {n.kalla.partition(" ")[0] for n in noder(s.rakning.harled(Adress("balans", "kassa", "koncern_fg"))) if n.kalla}
    assert kallor == {f"inlamnat/2023-12/{enhet}.xlsx" for enhet in ("finans", "bostad", "raddning")}


def test_utan_alla_bocker_hamtas_jamforelsetalen_ur_kommunens_lista(kommun: Provkommun) -> None:
    lista = "period;jamforelse;rakning;post;belopp;beslut\n2024-08;bokslut_fg;balans;kassa;39 700;Årsredovisning 2023, s. 41\n"
    kommun.skriv("styrning/2024/jamforelsetal.csv", lista)
    s = _med_bokslut(kommun, utom=("raddning",))
    assert tal(s, "balans.kassa.koncern_fg") == 39_700
    assert tal(s, "balans.mark.koncern_fg") is None


def test_ett_helt_underlag_ger_inga_anmarkningar(kommun: Provkommun) -> None:
    lamna_rikt(kommun)
    assert kommun.sammanstall().anmarkningar == ()
