"""Personal, medarbetarengagemang, intern kontroll och utförare: från plan och blad till rapportens tabeller."""

from collections.abc import Mapping

import pytest

from kommunrapport import floden
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress
from kommunrapport.mall.mallkalla import medfoljande
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Rapport, Tabell
from kommunrapport.rapport.tabeller import DOLD
from tests.arsbokslut import HME, KONTROLLPLAN, PLANENS, SKOLFALL, UTFORARPLAN, bocker, lamna_arsbokslut, sammanstall
from tests.kommun import PERIOD, Provkommun, bok, finansbok, lamna_bocker, redigera, vardbok
from tests.test_excelbilaga import Bilaga

PAGAR: Mapping[str, Varde] = {"lage": "Pågår", "helar": "Genomförs enligt plan"}


def delar(kommun: Provkommun, skola: Mapping[str, Varde] | None = None, vard: Mapping[str, Varde] | None = None, **finans: Varde) -> Rapport:
    """Delårsrapporten när skolan och vården har lämnat de ändrade cellerna."""
    lamna_bocker(kommun, {"skola": bok(**(skola or {})), "vard": vardbok(**(vard or {})), "finans": finansbok(**finans)})
    return floden.bygg_rapport(kommun.sammanstall())


def bokslutet(kommun: Provkommun, skola: Mapping[str, Varde], vard: Mapping[str, Varde] | None = None) -> Rapport:
    """Årsredovisningen när skolan och vården har lämnat de ändrade cellerna."""
    alla = bocker(skola={**PLANENS, **skola})
    alla["vard"] = {**alla["vard"], **{(b, r, k): v for n, v in (vard or {}).items() for b, r, k in [n.split("__")]}}
    kommun.skriv("styrning/2024/internkontroll.csv", KONTROLLPLAN)
    lamna_arsbokslut(kommun, alla)
    return floden.bygg_rapport(sammanstall(kommun))


def visat(tabell: Tabell) -> dict[str, list[str]]:
    """Radens id → cellernas texter."""
    return {rad.id: [c.text for c in rad.celler] for rad in tabell.rader}


# --- Personal --------------------------------------------------------------------------------------------------------

FORMER = {"personal__tillsvidare__nu": 90, "personal__visstid__nu": 10, "personal__borjat__nu": 6, "personal__slutat__nu": 9}


def test_personalomsattningen_ar_de_som_har_slutat_i_procent_av_de_tillsvidareanstallda(kommun: Provkommun) -> None:
    rapport = delar(kommun, FORMER, {**FORMER, "personal__slutat__nu": 18, "personal__kvinnor__nu": 70})
    tabell = visat(rapport.tabeller["personal"])
    assert (tabell["slutat"][0], tabell["tillsvidare"][0], tabell["omsattning"][0]) == ("27", "180", "15,0")
    assert (tabell["anstallda"][0], tabell["kvinnor"][0], tabell["man"][0]) == ("200", "170", "30")
    assert "15,0" in rapport.meningar["personal"]
    egna = {n.id: visat(n.tabeller["personal_namnd"])["omsattning"][0] for n in rapport.namnder}
    assert egna == {"skola": "10,0", "vard": "20,0"}


def test_en_uppgift_som_ingen_har_lamnat_star_inte_i_tabellen(kommun: Provkommun) -> None:
    tabell = visat(delar(kommun).tabeller["personal"])
    assert {"tillsvidare", "visstid", "borjat", "slutat", "omsattning"} & set(tabell) == set()
    assert {"anstallda", "kvinnor", "heltid", "arsarbetare"} <= set(tabell)


def test_personalberattelsen_ar_finansforvaltningens_text_och_namndernas_egna(kommun: Provkommun) -> None:
    rapport = delar(kommun, {"texter__personal__text": "Skolans."}, texter__personal__text="Kommunens.")
    assert rapport.texter["personal"] == "Kommunens."
    assert {n.id: n.texter["personal"] for n in rapport.namnder} == {"skola": "Skolans.", "vard": ""}


def test_namndens_sjukfranvaro_doljer_sma_grupper(kommun: Provkommun) -> None:
    rapport = delar(kommun, {"sjukfranvaro__man__antal": 5}, {f"sjukfranvaro__{rad}__antal": 3 for rad in ("totalt", "kvinnor", "man")})
    skola, vard = (next(n for n in rapport.namnder if n.id == id_) for id_ in ("skola", "vard"))
    assert {rad for rad, celler in visat(skola.tabeller["sjuk_namnd"]).items() if DOLD in celler} == {"man", "kvinnor"}
    assert {visat(vard.tabeller["sjuk_namnd"])[rad][0] for rad in ("totalt", "kvinnor", "man")} == {DOLD}


def test_en_aldre_bok_utan_de_frivilliga_raderna_lases(kommun: Provkommun) -> None:
    kommun.lamna_alla()
    fil = kommun.katalog / "inlamnat/2024-08/skola.xlsx"
    arbetsbok = redigera(fil)
    arbetsbok["Personal"].delete_rows(10, 6)
    arbetsbok.save(fil)
    funna = [a for a in kommun.sammanstall().anmarkningar if a.plats.blad == "Personal"]
    assert {(a.kod, a.allvar) for a in funna} == {("KR203", Allvar.UPPLYSNING)}


# --- Medarbetarengagemang --------------------------------------------------------------------------------------------


def hme(svar: int, index: int) -> dict[str, Varde]:
    return {**HME, "hme__hme__svar": svar, "hme__hme__totalt": index}


@pytest.mark.parametrize(
    ("skola", "vard", "vantat"),
    [
        (hme(30, 70), hme(10 + 80, 90), {"skola": "70", "vard": "90", "kommunen": "85"}),
        (hme(30, 70), {}, {"skola": "70", "kommunen": "70"}),  # bara de som har svarat räknas
        (hme(30, 70), hme(10, 90), {"skola": DOLD, "vard": DOLD, "kommunen": "75"}),  # skolan skulle avslöja vården
    ],
)
def test_kommunens_hme_vags_med_antalet_svar(skola: dict[str, Varde], vard: dict[str, Varde], vantat: dict[str, str], kommun: Provkommun) -> None:
    tabell = visat(bokslutet(kommun, skola, vard).tabeller["hme"])
    assert {rad: celler[0] for rad, celler in tabell.items()} == vantat


def test_en_enda_liten_grupp_star_varken_i_tabellen_eller_i_meningen(kommun: Provkommun) -> None:
    rapport = bokslutet(kommun, hme(10, 73))
    assert "hme" not in rapport.tabeller
    assert "73" not in rapport.meningar["personal"]


def test_kallorna_rojer_inte_den_namnd_som_doljs_for_den_lillas_skull(kommun: Provkommun) -> None:
    bokslutet(kommun, hme(30, 70), hme(10, 90))
    kallor = [k for k in Bilaga(sammanstall(kommun)).kallor() if "HME" in str(k["tabell"])]
    assert {k["lamnad_av"] for k in kallor} == {None}


def test_hme_harleds_till_index_och_antal_svar(kommun: Provkommun) -> None:
    bokslutet(kommun, hme(30, 70), hme(90, 90))
    nod = sammanstall(kommun).rakning.harled(Adress("hme", "kommunen", "totalt"))
    assert nod.varde == 85_00
    assert [d.varde for d in nod.delar] == [70_00, 30_00, 90_00, 90_00]


def test_bilagan_raknar_hme_med_en_formel(kommun: Provkommun) -> None:
    bokslutet(kommun, hme(30, 70), hme(90, 90))
    blad = Bilaga(sammanstall(kommun)).formler["Medarbetarengagemang (HME)"]
    (cell,) = [rad[1].value for rad in blad.iter_rows() if rad[0].value == "Kommunen"]
    assert cell.startswith("=(")


def test_utan_enkat_finns_ingen_tabell(kommun: Provkommun) -> None:
    assert "hme" not in bokslutet(kommun, {}).tabeller


# --- Intern kontroll -------------------------------------------------------------------------------------------------

PLANER = f"{KONTROLLPLAN}vard;k1;Läkemedel;Vård;Svinn\n"


def kontroller(**celler: Varde) -> dict[str, Varde]:
    """Skolans två kontroller pågår, med ändrade celler som ``k1__lage``."""
    grund = {f"internkontroll__{rad}__{k}": v for rad in ("k1", "k2") for k, v in PAGAR.items()}
    return {**grund, **{f"internkontroll__{namn}": v for namn, v in celler.items()}}


def test_kontrollerna_raknas_per_namnd_och_sammanlagt(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/internkontroll.csv", PLANER)
    skola = kontroller(k1__lage="Genomförd", k1__resultat="Avvikelse", k1__atgard="A.", k2__resultat="Allvarlig avvikelse", k2__atgard="B.")
    rapport = delar(kommun, skola, {f"internkontroll__k1__{k}": v for k, v in PAGAR.items()})
    assert visat(rapport.tabeller["internkontroll"]) == {"skola": ["2", "1", "2", "1"], "vard": ["1", "0", "0", "0"], "summa": ["3", "1", "2", "1"]}
    assert list(visat(rapport.tabeller["internkontroll_avvikelser"])) == ["r-skola", "skola.k1", "skola.k2"]
    assert list(visat(next(n for n in rapport.namnder if n.id == "vard").tabeller["kontrollplan"])) == ["vard.k1"]


def test_antalet_foljs_till_cellerna(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/internkontroll.csv", PLANER)
    delar(kommun, kontroller(k1__lage="Genomförd", k1__resultat="Utan avvikelse"))
    nod = kommun.sammanstall().rakning.harled(Adress("internkontroll", "skola", "genomforda"))
    assert [(d.varde, d.text, d.kalla.split("!")[-1]) for d in nod.delar] == [(1_00, "Genomförd", "I6"), (0, "Pågår", "I7")]


def test_ett_lage_som_inte_gar_att_lasa_gor_antalet_ofullstandigt(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/internkontroll.csv", KONTROLLPLAN)
    delar(kommun, kontroller(k1__lage="Snart"))
    assert kommun.sammanstall().rakning.varde(Adress("internkontroll", "skola", "genomforda")) is None


def test_en_egen_skala_som_rapporten_inte_raknar_pa_stoppar_korningen(kommun: Provkommun) -> None:
    mall = (medfoljande() / "inlamning/2019-01-01.toml").read_text(encoding="utf-8")
    kommun.skriv("mallar/inlamning/2019-01-01.toml", mall.replace('"Utan avvikelse", "Avvikelse", "Allvarlig avvikelse"', '"Grön", "Gul", "Röd"'))
    with pytest.raises(MallFel) as fel:
        kommun.sammanstall()
    assert [rad for rad in fel.value.rader if "vvikelse" not in rad or "Grön, Gul, Röd" not in rad] == []


def test_utan_plan_finns_varken_blad_eller_tabell(kommun: Provkommun) -> None:
    assert {"internkontroll", "internkontroll_avvikelser", "utforare", "utforare_resultat"} & set(delar(kommun).tabeller) == set()


def test_den_samlade_bedomningen_star_bara_i_bokslutet(kommun: Provkommun) -> None:
    rapport = bokslutet(kommun, {})
    assert visat(rapport.tabeller["internkontroll_bedomning"]) == {"skola.samlad": ["Tillräcklig", "Kontrollerna fungerar."]}
    delarsbok = kommun.lamna("skola", bok(), period=PERIOD)
    rader = [rad[0] for rad in redigera(delarsbok)["Intern kontroll"].iter_rows(values_only=True)]
    assert ("samlad" in rader, "k1" in rader) == (False, True)


@pytest.mark.parametrize(("regel", "celler", "vantat"), SKOLFALL)
def test_bokslutets_regler_for_namnden(regel: str, celler: dict[str, Varde], vantat: tuple[str, ...], kommun: Provkommun) -> None:
    assert regel
    bokslutet(kommun, celler)
    assert sorted({a.kod for a in sammanstall(kommun).anmarkningar if a.enhet == "skola"}) == list(vantat)


# --- Utförare --------------------------------------------------------------------------------------------------------


def test_utforarna_raknas_och_radas_upp(kommun: Provkommun) -> None:
    kommun.skriv("styrning/2024/utforare.csv", UTFORARPLAN.format("2024-06-30", "") + "vard;u1;Omsorg AB;Hemtjänst;Besök;2024-11-30;\n")
    gjord = {"lage": "Genomförd", "resultat": "Brister", "brist": "Sena turer.", "atgard": "Ny tidtabell.", "datum": "2024-06-12"}
    rapport = delar(kommun, {f"utforare__u1__{k}": v for k, v in gjord.items()}, {"utforare__u1__lage": "Ej påbörjad"})
    assert visat(rapport.tabeller["utforare"]) == {"skola": ["1", "1", "1", "0"], "vard": ["1", "0", "0", "0"], "summa": ["2", "1", "1", "0"]}
    assert visat(rapport.tabeller["utforare_resultat"])["skola.u1"] == ["Skolskjuts", "privat", "2024-06-30", "Genomförd", "Brister"]
    assert list(visat(next(n for n in rapport.namnder if n.id == "vard").tabeller["utforarplan"])) == ["vard.u1"]
