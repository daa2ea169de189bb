"""Det som lag och rekommendation kräver i rapporterna: finns det sägs inget, saknas det står det i rapporten och är en anmärkning."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.fakta import TOMT
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall
from kommunrapport.mall.rapportmall import Krav
from kommunrapport.provning import prova
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Rapport
from kommunrapport.rapport.word import word_av
from kommunrapport.validering import validera
from tests.arsbokslut import BOKSLUT, bocker, lamna_arsbokslut, lamna_tva_ar
from tests.kommun import PERIOD, Provkommun, finansbok, kommun_toml, lamna_rikt
from tests.test_mallar import KALLA, katalog, kolumner, planer, rader, rapportmall
from tests.test_word import Dokument

KODER = {"fel": "KR445", "varning": "KR446"}
UNDERLAG: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "delar": {
        "drift": ("drift", "utfall"),
        "balanskrav": ("resultat", "prognos"),
        "resultat": ("resultat", "utfall"),
        "resultat_fg": ("resultat", "utfall_fg"),
        "resultat_prognos": ("resultat", "prognos"),
        "resultat_budget": ("resultat", "ursprunglig"),
        "balans": ("balans", "nu"),
        "balans_fg": ("balans", "fg"),
    },
    "arsredovisning": {
        "flerar": ("flerar", "fg3"),
        "pension": ("pension", "nu"),
        "balanskrav": ("resultat", "utfall"),
        "personal": ("personal", "nu"),
        "sjukfranvaro": ("sjukfranvaro", "sjuk_tid"),
        "resultat": ("resultat", "utfall"),
        "resultat_fg": ("resultat", "utfall_fg"),
        "balans": ("balans", "nu"),
        "balans_fg": ("balans", "fg"),
        "kassaflode": ("kassaflode", "utfall"),
        "drift": ("drift", "utfall"),
        "investering": ("investering", "utfall"),
    },
}
"""Krav på siffror → bladet eller styrfilens tabell, och kolumnen, som de kommer ur hos alla enheter."""
UTAN_INLAMNING = {"sammanstallda"}
"""Det som saknas när kommun.toml säger det."""
BARA_KR310 = {"analys"}
"""Texter som mallen alltid kräver: den tomma cellen är redan anmärkt."""
RAPPORTER = ("delar", "arsredovisning")
"""Rapporterna som lagen reglerar."""
FALL = [(kommando, krav.id) for kommando in RAPPORTER for krav in rapportmall(kommando).krav if krav.id not in UTAN_INLAMNING]


@pytest.fixture(scope="module")
def hela(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Sammanstallning]:
    """En delårsrapport och en årsredovisning där inget saknas. Ändra dem inte."""
    delar, ar = (Provkommun(tmp_path_factory.mktemp(namn)) for namn in RAPPORTER)
    lamna_rikt(delar)
    lamna_tva_ar(ar)
    return {"delar": delar.sammanstall(), "arsredovisning": floden.sammanstall(ar.katalog, BOKSLUT, "arsredovisning")}


def kravet(kommando: str, id_: str) -> Krav:
    return next(k for k in rapportmall(kommando).krav if k.id == id_)


def utan(s: Sammanstallning, kommando: str, krav: Krav) -> Sammanstallning:
    """Samma inlämningar och beslut, med cellerna bakom delen tömda."""
    blad, *rad, kolumn = krav.celler[0].split(".") if krav.celler else UNDERLAG[kommando][krav.id]

    def bakom(ram: pd.DataFrame) -> pd.Series:
        return (ram["tabell"] == blad) & (ram["kolumn"] == kolumn) & (ram["rad"].isin(rad) if rad else True)

    celler, beslut = s.inlamningar.fakta.copy(), s.samling.styrning.fakta
    assert bakom(celler).any() or bakom(beslut).any()
    if bakom(celler).any():
        celler.loc[bakom(celler), ["varde", "text", "tillstand"]] = [None, "", TOMT]
    beslut = beslut[~bakom(beslut)]
    p = prova(replace(s.samling, inlamningar=replace(s.inlamningar, fakta=celler), styrning=replace(s.samling.styrning, fakta=beslut)))
    return Sammanstallning(p.samling, p.rakning, p.anmarkningar, p.katalog, p.saknade_delar, s.rapportmall, s.filer)


def om_delen(s: Sammanstallning, krav: Krav) -> list[Anmarkning]:
    return [a for a in s.anmarkningar if a.fakta.get("vad") == krav.vad]


def dokumentet(s: Sammanstallning, rapport: Rapport) -> Dokument:
    return Dokument(word_av(rapport, s.arbete.mallkalla.fil(s.rapportmall.wordmall), ""))


# --- Varje del -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kommando", RAPPORTER)
def test_en_hel_rapport_saknar_inget(kommando: str, hela: Mapping[str, Sammanstallning]) -> None:
    s = hela[kommando]
    rapport = floden.bygg_rapport(s)
    assert s.anmarkningar == ()
    assert not any(rapport.saknas.values())
    assert "Uppgift saknas" not in " ".join(text for _, text in dokumentet(s, rapport).stycken)


@pytest.mark.parametrize(("kommando", "id_"), FALL)
def test_en_del_som_saknas_star_i_rapporten_och_ar_en_anmarkning(kommando: str, id_: str, hela: Mapping[str, Sammanstallning]) -> None:
    krav = kravet(kommando, id_)
    s = utan(hela[kommando], kommando, krav)
    (del_,) = [d for d in s.saknade_delar if d.id == id_]
    assert (del_.avsnitt, katalog().lagrum[krav.lagrum].namn in del_.mening) == (krav.plats, True)
    if id_ in BARA_KR310:
        assert (om_delen(s, krav), {a.kod for a in s.anmarkningar}) == ([], {"KR310"})
    else:
        (a,) = om_delen(s, krav)
        assert (a.kod, s.katalog.allvar(a).namn) == (KODER[krav.allvar], krav.allvar)
        assert a.enhet == ("finans" if krav.enheter == ("finansforvaltning",) else "")


@pytest.mark.parametrize("kommando", RAPPORTER)
def test_meningarna_star_i_dokumentet(kommando: str, hela: Mapping[str, Sammanstallning]) -> None:
    s = hela[kommando]
    rapport = replace(floden.bygg_rapport(s), saknas={k.plats: (f"Uppgift saknas: {k.plats}.",) for k in rapportmall(kommando).krav})
    stycken = [text for _, text in dokumentet(s, rapport).stycken]
    assert [namn for namn in rapport.saknas if stycken.count(f"Uppgift saknas: {namn}.") != 1] == []


@pytest.mark.parametrize("kommando", RAPPORTER)
def test_alla_krav_pa_siffror_provas_har(kommando: str) -> None:
    assert {k.id for k in rapportmall(kommando).krav if not k.celler} - UTAN_INLAMNING == set(UNDERLAG[kommando])


def test_utan_sammanstallda_rakenskaper_saknas_de_fast_kommunen_har_valt_det(kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun)
    kommun.skriv("kommun.toml", kommun_toml(fler_enheter=True) + '[koncern]\nsammanstallda = ["delar"]\n')
    s = floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning")
    assert [d.id for d in s.saknade_delar] == ["sammanstallda"]
    assert [a.kod for a in s.anmarkningar if a.fakta.get("vad")] == ["KR445"]


# --- Mallens krav --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kommando", "id_"), FALL)
def test_kraven_hanvisar_till_det_som_finns(kommando: str, id_: str) -> None:
    krav, allas = kravet(kommando, id_), planer(kommando)
    assert krav.lagrum in katalog().lagrum
    for cell in krav.celler:
        blad, rad, kolumn = cell.split(".")
        assert (rad == "*" or rad in rader(blad), kolumn in kolumner(blad)) == (True, True)
    for adress in (*krav.siffror, *([krav.nar_siffra] if krav.nar_siffra else [])):
        tabell, rad, kolumn = adress.split(".")
        assert (rad, kolumn) in allas[tabell].steg
    assert krav.blad or krav.celler or krav.lamnas


def test_fel_ar_lag_och_varning_rekommendation() -> None:
    for kommando, id_ in FALL:
        krav = kravet(kommando, id_)
        assert krav.lagrum.startswith("rkr-") == (krav.allvar == "varning"), krav.id


@pytest.mark.parametrize("kommando", RAPPORTER)
def test_wordmallen_har_en_tagg_for_varje_avsnitt_med_krav(kommando: str) -> None:
    mall = rapportmall(kommando)
    taggar = re.findall(r"\bsaknas\.([a-z_]+)", " ".join(t for _, t in Dokument(KALLA.fil(mall.wordmall).read_bytes()).stycken))
    egna = [t for t in taggar if t in {k.plats for k in mall.krav}]
    assert sorted(egna) == sorted({k.plats for k in mall.krav})


# --- När och var det sägs ------------------------------------------------------------------------------


def test_meningen_sager_vem_som_lamnar_uppgiften_och_var(kommun: Provkommun) -> None:
    lamna_arsbokslut(kommun, bocker(finans={"texter__styrning__text": "", "balans__mark__nu": 150_000}))
    s = floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning")
    (mening,) = floden.bygg_rapport(s).saknas["styrning"]
    assert [del_ for del_ in ("11 kap. 7 §", "Finansförvaltningen", "Texter", "Styrning och uppföljning") if del_ not in mening] == []
    (a,) = s.anmarkningar
    assert (a.plats.blad, a.plats.rad, len(a.plats.celler)) == ("Texter", "Styrning och uppföljning av verksamheten", 1)


def test_en_period_utan_bladet_sager_vilket_omrade_som_ska_laggas_till(kommun: Provkommun) -> None:
    profil = Path(KALLA.fil("arshjul/hedemora.toml")).read_text(encoding="utf-8")
    kommun.skriv("mallar/arshjul/hedemora.toml", profil.replace('"finansmal", "bokslut", "kassaflode", ', ""))
    kommun.lamna_alla()
    s = kommun.sammanstall()
    (mening,) = floden.bygg_rapport(s).saknas["balans"][:1]
    assert "Balansräkning" in mening
    assert "bokslut" in mening
    assert "KR445" in {a.kod for a in s.anmarkningar}


def test_nar_finansforvaltningen_inte_har_lamnat_upprepas_det_inte_per_del(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("finans",))
    s = kommun.sammanstall()
    assert "KR445" not in {a.kod for a in s.anmarkningar}
    assert floden.bygg_rapport(s).saknas["balans"]


def test_controllern_far_veta_det_om_sin_egen_bok(kommun: Provkommun) -> None:
    kommun.lamna("finans", finansbok(texter__framtid__text="", texter__sasong__text=""))
    fil = kommun.katalog / "inlamnat" / str(PERIOD) / "finans.xlsx"
    assert sorted(a.kod for a in validera(kommun.katalog, [str(fil)]).anmarkningar) == ["KR445", "KR446"]


def test_en_enhet_som_inte_har_lamnat_far_det_i_sitt_avsnitt(kommun: Provkommun) -> None:
    lamna_rikt(kommun, utom=("vard", "bostad"))
    rapport = floden.bygg_rapport(kommun.sammanstall())
    assert [a.id for a in (*rapport.namnder, *rapport.bolag) if a.saknas] == ["vard", "bostad"]


@pytest.mark.parametrize(("celler", "koder"), [({}, ["KR445"]), ({"noter__extraordinara__upplysning": "Brand."}, [])])
def test_en_not_som_en_siffra_gor_nodvandig_ar_ett_krav(celler: dict[str, Varde], koder: list[str], kommun: Provkommun) -> None:
    poster = {"resultat__extraordinara__utfall": -100, "resultat__kostnader__utfall": -85_900, **celler}
    lamna_arsbokslut(kommun, bocker(finans=poster))
    s = floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning")
    assert [a.kod for a in s.anmarkningar if a.plats.blad == "Noter"] == koder


# --- Rader som bara vissa enheter och perioder har -----------------------------------------------------


@pytest.mark.parametrize(
    ("enhet", "manad", "har", "saknar"),
    [
        ("skola", 8, {"uppdrag", "handelser"}, {"ordforande", "principer"}),
        ("finans", 8, {"principer", "geh"}, {"ordforande", "uppdrag", "oversikt"}),
        ("finans", 12, {"ordforande", "direktor", "oversikt", "geh"}, {"principer", "uppdrag"}),
        ("finans", 3, {"handelser", "analys"}, {"ordforande", "principer", "geh"}),
    ],
)
def test_raderna_pa_bladet_texter_ar_periodens_och_enhetens(enhet: str, manad: int, har: set[str], saknar: set[str], kommun: Provkommun) -> None:
    arbete = las_arbetskatalog(kommun.katalog)
    mall = las_periodmall(arbete, Period(2024, manad))
    egna = {r.id for b in mall.blad_for(arbete.organisation.enhet_med_id(enhet)) if b.id == "texter" for r in b.rad}
    assert (har <= egna, egna & saknar) == (True, set())


@pytest.mark.parametrize("rad", ["ordforande", "direktor"])
def test_en_text_som_inte_kravs_ger_en_rubrik_bara_nar_den_finns(rad: str, kommun: Provkommun) -> None:
    for text in ("", "Ett år att minnas."):
        lamna_arsbokslut(kommun, bocker(finans={f"texter__{rad}__text": text}))
        s = floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning")
        assert s.anmarkningar == ()
        rubriker = dokumentet(s, floden.bygg_rapport(s)).med_stil("Heading1")
        assert (rubriker[0] != "Sammanfattning") == bool(text)
