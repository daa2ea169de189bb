"""Räkningen: från lästa celler till rapportens siffror, och tillbaka till cellerna."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommunrapport import floden
from kommunrapport.berakning.planering import Underlag, planera
from kommunrapport.berakning.rakna import Nod, Rakning
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import KVOTDELAR
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Hamta, Kvot
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.lasning import tolka
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.mall.uppstallning import las_rapportmall
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.rapport.modell import Cell, Rapport
from kommunrapport.rapport.tabeller import DOLD
from tests.kommun import PERIOD, Provkommun, bok, finansbok, lamna_bocker, vardbok

TKR = 100_000
RAPPORTMALLAR = ("avsnitt/ekonomi/2019-01-01.toml", "rapport/delarsrapport/2019-01-01.toml", "uppstallning/driftredovisning/2019-01-01.toml")
"""Filerna som delårsrapportens planer byggs av och som ett fel läggs in i."""
INVESTERINGAR = """enhet;rad;benamning;art;budget;beslutad_totalutgift
skola;nybygge;Ny skola;utgift;20 000;45 000
skola;bidrag;Statsbidrag ny skola;inkomst;-5 000;-8 000
vard;boende;Äldreboende;utgift;8 000;8 000
finans;natverk;Nätverk;utgift;1 000;
"""
SKOLANS_INVESTERINGAR: dict[str, Varde] = {
    "investering__nybygge__utfall": 12_000,
    "investering__nybygge__prognos": 21_500,
    "investering__nybygge__prognos_total": 46_000,
    "investering__bidrag__utfall": -3_000,
    "investering__bidrag__prognos": -5_000,
}
VARDENS_INVESTERINGAR: dict[str, Varde] = {"investering__boende__utfall": 0, "investering__boende__prognos": 7_000}
FINANS_INVESTERINGAR: dict[str, Varde] = {"investering__natverk__utfall": Decimal("999.99"), "investering__natverk__prognos": 1_000}
UNDERSKOTT: dict[str, Varde] = {
    "drift__grund__utfall": Decimal("-40000.25"),
    "drift__grund__prognos": -62_500,
    "drift__grund__kommentar": "Fler elever.",
}


def lamna_med_investeringar(kommun: Provkommun) -> None:
    """Skolan väntar ett underskott på 1 500 tkr; alla har investeringar."""
    kommun.skriv("styrning/2024/investeringar.csv", INVESTERINGAR)
    kommun.skriv("styrning/2024/resultatbudget.csv", "rad;ursprunglig\nintakter;30 000\nkostnader;-130 000\navskrivningar;-3 000\nskatt;90 000\n")
    skola, vard = bok(**UNDERSKOTT, **SKOLANS_INVESTERINGAR), vardbok(**VARDENS_INVESTERINGAR)
    lamna_bocker(kommun, {"skola": skola, "vard": vard, "finans": finansbok(**FINANS_INVESTERINGAR)})


@pytest.fixture(scope="module")
def rakning(tmp_path_factory: pytest.TempPathFactory) -> Rakning:
    kommun = Provkommun(tmp_path_factory.mktemp("rakning"))
    lamna_med_investeringar(kommun)
    return kommun.sammanstall().rakning


def tkr(rakning: Rakning, adress: str) -> Decimal | None:
    """Siffran i tusental kronor, exakt."""
    varde = rakning.varde(Adress(*adress.split(".")))
    return None if varde is None else Decimal(varde) / TKR


# --- Tabellerna ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rad", "utfall", "budget", "prognos", "avvikelse"),
    [
        ("skola", "-46500.25", "-71000", "-72500", "-1500"),  # budget: 60 000 + tillägg 1 000 + 10 000
        ("vard", "-20000", "-30000", "-30000", "0"),
        ("summa_skatt", "-66500.25", "-101000", "-102500", "-1500"),
        ("summa_namnder", "-66500.25", "-101000", "-102500", "-1500"),
        ("gemensamt", "-1500", "-2000", "-2000", "0"),
        ("summa_finans", "-1500", "-2000", "-2000", "0"),
        ("slutrad", "-68000.25", "-103000", "-104500", "-1500"),
    ],
)
def test_driftredovisningen_fran_enhet_till_slutrad(rad: str, utfall: str, budget: str, prognos: str, avvikelse: str, rakning: Rakning) -> None:
    vantat = {"utfall": utfall, "budget": budget, "prognos": prognos, "avvikelse": avvikelse}
    assert {k: tkr(rakning, f"drift.{rad}.{k}") for k in vantat} == {k: Decimal(v) for k, v in vantat.items()}


@pytest.mark.parametrize(("rad", "taljare", "namnare"), [("skola", -1500, 71_000), ("vard", 0, 30_000), ("slutrad", -1500, 103_000)])
def test_avvikelsen_i_procent_av_budgetens_storlek(rad: str, taljare: int, namnare: int, rakning: Rakning) -> None:
    varde = rakning.varde(Adress("drift", rad, "procent"))
    assert varde is not None
    assert abs(Decimal(varde) / KVOTDELAR - Decimal(taljare) * 100 / namnare) <= Decimal(1) / KVOTDELAR


@pytest.mark.parametrize(
    ("rad", "utfall", "prognos", "avvikelse"),
    [
        ("grund", "-40000.25", "-62500", "-1500"),
        ("fritids", "-6500", "-10000", "0"),
        ("netto", "-46500.25", "-72500", "-1500"),
    ],
)
def test_namndens_tabell_per_verksamhet(rad: str, utfall: str, prognos: str, avvikelse: str, rakning: Rakning) -> None:
    assert [tkr(rakning, f"namnd-skola.{rad}.{k}") for k in ("utfall", "prognos", "avvikelse")] == [Decimal(v) for v in (utfall, prognos, avvikelse)]


def test_namndens_netto_ar_samma_siffra_som_i_driftredovisningen(rakning: Rakning) -> None:
    for kolumn in ("utfall", "budget", "prognos", "avvikelse"):
        assert tkr(rakning, f"namnd-skola.netto.{kolumn}") == tkr(rakning, f"drift.skola.{kolumn}")


@pytest.mark.parametrize(
    ("rad", "utfall_fg", "utfall", "budget", "prognos"),
    [
        ("nettokostnader", -66_000, -68_000, -103_000, -103_000),
        ("verksamhetens_resultat", 2_000, 2_000, -13_000, 2_000),  # budgeten saknar statsbidrag
        ("efter_finansiella", 2_000, 2_100, -13_000, 2_100),
        ("arets_resultat", 2_000, 2_100, -13_000, 2_100),
    ],
)
def test_resultatrakningens_delsummor(rad: str, utfall_fg: int, utfall: int, budget: int, prognos: int, rakning: Rakning) -> None:
    vantat = {"utfall_fg": utfall_fg, "utfall": utfall, "budget": budget, "prognos": prognos}
    assert {k: tkr(rakning, f"resultat.{rad}.{k}") for k in vantat} == {k: Decimal(v) for k, v in vantat.items()}


def test_resultatrakningens_avvikelse_saknas_dar_budgeten_saknas(rakning: Rakning) -> None:
    assert tkr(rakning, "resultat.skatt.avvikelse") == 0
    assert tkr(rakning, "resultat.statsbidrag.avvikelse") is None


@pytest.mark.parametrize(
    ("rad", "nu", "fg"),
    [
        ("summa_anl", 165_000, 165_000),
        ("summa_oms", 37_100, 35_000),
        ("summa_tillgangar", 202_100, 200_000),
        ("ek_utgaende", 92_100, 90_000),
        ("summa_avs", 10_000, 10_000),
        ("summa_skulder", 100_000, 100_000),
        ("summa_ek_skulder", 202_100, 200_000),
    ],
)
def test_balansrakningens_summor(rad: str, nu: int, fg: int, rakning: Rakning) -> None:
    assert [tkr(rakning, f"balans.{rad}.{k}") for k in ("nu", "fg")] == [Decimal(nu), Decimal(fg)]


@pytest.mark.parametrize(
    ("adress", "visas", "varde"),
    [
        ("investering.skola.utfall", "12,0", "-12000"),  # utgifter är minus i räkningen och plus i rapporten
        ("investering.skola.budget", "20,0", "-20000"),
        ("investering.skola.avvikelse", "−1,5", "-1500"),  # dyrare än budget är minus
        ("investering.vard.avvikelse", "+1,0", "1000"),
        ("investering.summa_skatt.utfall", "12,0", "-12000"),
        ("investering.finans.utfall", "1,0", "-999.99"),
        ("investering.summa_utgifter.utfall", "13,0", "-12999.99"),
        ("investering.summa_utgifter.avvikelse", "−0,5", "-500"),
        ("investering.inkomster.utfall", "−3,0", "3000"),
        ("investering.netto.utfall", "10,0", "-9999.99"),
        ("investering.netto.budget", "24,0", "-24000"),
        ("projekt.skola.nybygge.beslutad", "45,0", "-45000"),
        ("projekt.skola.nybygge.avvikelse", "−1,0", "-1000"),
        ("projekt.skola.bidrag.beslutad", "−8,0", "8000"),
        ("projekt_aret.summa.utfall", "10,0", "-9999.99"),
    ],
)
def test_investeringar_med_utgifter_och_inkomster(adress: str, visas: str, varde: str, rapporterad: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rapporterad
    tabell, _, rest = adress.partition(".")
    rad, _, kolumn = rest.rpartition(".")
    siffra = s.rakning.varde(Adress(tabell, rad, kolumn))
    assert siffra is not None
    assert Decimal(siffra) / TKR == Decimal(varde)
    assert _celler(rapport)[Adress(tabell, rad, kolumn)].text == visas


@pytest.fixture(scope="module")
def rapporterad(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sammanstallning, Rapport]:
    kommun = Provkommun(tmp_path_factory.mktemp("rapporterad"))
    lamna_med_investeringar(kommun)
    s = kommun.sammanstall()
    return s, floden.bygg_rapport(s)


def _celler(rapport: Rapport) -> dict[Adress, Cell]:
    return {c.adress: c for t in rapport.alla_tabeller for r in t.rader for c in r.celler if c.adress}


# --- Det som saknas -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def utan_vard(tmp_path_factory: pytest.TempPathFactory) -> Rakning:
    kommun = Provkommun(tmp_path_factory.mktemp("utan_vard"))
    lamna_bocker(kommun, {"skola": bok(**UNDERSKOTT), "finans": finansbok()})
    return kommun.sammanstall().rakning


@pytest.mark.parametrize(
    ("rad", "utfall", "budget", "prognos", "avvikelse"),
    [
        ("vard", None, "-30000", None, None),  # budgeten är beslutad även om nämnden inte har lämnat
        ("summa_skatt", "-46500.25", "-101000", "-72500", "-1500"),
        ("summa_namnder", "-46500.25", "-101000", "-72500", "-1500"),
        ("slutrad", "-48000.25", "-103000", "-74500", "-1500"),
    ],
)
def test_en_enhet_som_saknas_ar_inte_noll(
    rad: str, utfall: str | None, budget: str, prognos: str | None, avvikelse: str | None, utan_vard: Rakning
) -> None:
    vantat = {"utfall": utfall, "budget": budget, "prognos": prognos, "avvikelse": avvikelse}
    assert {k: tkr(utan_vard, f"drift.{rad}.{k}") for k in vantat} == {k: None if v is None else Decimal(v) for k, v in vantat.items()}


@pytest.mark.parametrize("cell", ["", "–", "e.t.", "vet ej"])
def test_en_verksamhet_utan_prognos_ger_ingen_avvikelse_mot_hela_budgeten(cell: str, kommun: Provkommun) -> None:
    lamna_bocker(kommun, {"skola": bok(drift__grund__prognos=cell), "vard": vardbok(), "finans": finansbok()})
    rakning = kommun.sammanstall().rakning
    assert tkr(rakning, "namnd-skola.grund.avvikelse") is None
    for adress in ("namnd-skola.netto.avvikelse", "drift.skola.avvikelse", "drift.slutrad.avvikelse"):
        assert tkr(rakning, adress) in (None, 0), adress


# --- Varifrån siffrorna kommer ------------------------------------------------------------------------


def _lov(nod: Nod) -> Iterator[Nod]:
    if not nod.delar:
        yield nod
    for del_ in nod.delar:
        yield from _lov(del_)


def _siffror(rakning: Rakning) -> list[Adress]:
    return [Adress(plan.id, rad, kolumn) for plan in rakning.planer.values() for rad, kolumn in plan.steg]


def test_varje_siffra_har_minst_en_last_kalla(rakning: Rakning) -> None:
    med_varde = [a for a in _siffror(rakning) if rakning.varde(a) is not None]
    utan_kalla = [str(a) for a in med_varde if not any(lov.kalla for lov in _lov(rakning.harled(a)))]
    assert len(med_varde) > 200
    assert utan_kalla == []


def test_kallan_ar_fil_blad_och_cell_eller_beslutets_rad(rakning: Rakning) -> None:
    utfall, budget = (list(_lov(rakning.harled(Adress("drift", "skola", k)))) for k in ("utfall", "budget"))
    assert [lov.kalla for lov in utfall] == [f"inlamnat/2024-08/skola.xlsx Driftredovisning!{cell}" for cell in ("D6", "D7")]
    assert [lov.varde for lov in utfall] == [-4_000_025_000, -650_000_000]
    assert [lov.kalla for lov in budget] == [
        "styrning/2024/driftbudget.csv rad 2, ursprunglig",
        "styrning/2024/driftbudget.csv rad 3, ursprunglig",
        "styrning/2024/tillagg.csv rad 2, belopp",
    ]
    assert "§ 41" in budget[2].text


def _visat(rakning: Rakning, adress: Adress) -> int | None:
    """Siffran med det tecken som rapporten visar."""
    varde = rakning.varde(adress)
    return -varde if varde is not None and rakning.planer[adress.tabell].kolumn(adress.kolumn).vand else varde


def test_harledningen_borjar_i_den_siffra_som_rakningen_har(rakning: Rakning) -> None:
    for adress in _siffror(rakning):
        nod, varde = rakning.harled(adress), rakning.varde(adress)
        if nod.slag == "procent" and varde is not None:
            assert nod.varde is not None
            assert abs(Decimal(nod.varde) / 100 - Decimal(varde) / KVOTDELAR) <= Decimal("0.005"), adress
        else:
            assert nod.varde == _visat(rakning, adress), adress


def test_harledningens_delar_blir_summan_i_varje_led(rakning: Rakning) -> None:
    def prova(adress: Adress, nod: Nod) -> None:
        if nod.varde is None or not nod.delar or not (nod.steg.startswith(("hämtat", "summan")) or nod.steg == "delarna med plus och minus"):
            return
        delar = [(-1 if d.etikett.startswith("− ") else 1) * d.varde for d in nod.delar if d.varde is not None]
        assert sum(delar) == nod.varde, (adress, nod.etikett)
        for del_ in nod.delar:
            prova(adress, del_)

    for adress in _siffror(rakning):
        if not isinstance(rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn], Kvot):
            prova(adress, rakning.harled(adress))


def test_det_som_trycks_ar_det_som_harleds(rapporterad: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rapporterad
    tryckta = {a: c.tal for a, c in _celler(rapport).items() if c.tal is not None and s.rakning.har(a)}
    assert len(tryckta) > 150
    for adress, tal in tryckta.items():
        kolumn = s.rakning.planer[adress.tabell].kolumn(adress.kolumn)
        nod = s.rakning.harled(adress)
        assert nod.varde is not None
        if nod.slag == "procent":
            assert abs(Decimal(nod.varde) / 100 - tal) <= Decimal("0.005"), adress
        else:
            assert nod.varde == tal * kolumn.per, adress


def test_harledningen_visar_siffran_som_rapporten_gor(rapporterad: tuple[Sammanstallning, Rapport]) -> None:
    s, rapport = rapporterad
    tryckta = {a: c.text for a, c in _celler(rapport).items() if c.tal is not None and s.rakning.har(a)}
    tillagg = {"belopp": " mnkr", "procent": " procent", "antal": ""}
    noder = {a: s.rakning.harled(a) for a in tryckta}
    assert {nod.slag for nod in noder.values()} == set(tillagg)
    assert {a: nod.visas for a, nod in noder.items()} == {a: text + tillagg[noder[a].slag] for a, text in tryckta.items()}


@pytest.mark.parametrize(
    ("adress", "visas"),
    [
        ("drift.skola.utfall", ["−40 000,25 tkr", "−6 500 tkr"]),
        ("drift.skola.budget", ["−60 000 tkr", "−10 000 tkr", "−1 000 tkr"]),
        ("investering.skola.utfall", ["12 000 tkr"]),
        ("investering.inkomster.utfall", ["−3 000 tkr"]),
        ("projekt.skola.nybygge.beslutad", ["45 000 tkr"]),
    ],
)
def test_ett_lov_visar_det_som_star_i_cellen_med_enhet(adress: str, visas: list[str], rakning: Rakning) -> None:
    tabell, _, rest = adress.partition(".")
    rad, _, kolumn = rest.rpartition(".")
    assert [lov.visas.replace("\u00a0", " ") for lov in _lov(rakning.harled(Adress(tabell, rad, kolumn)))] == visas


def test_steget_ar_summan_av_de_lasta_talens(rakning: Rakning) -> None:
    assert rakning.steg(Adress("drift", "vard", "utfall")) == TKR
    assert rakning.steg(Adress("drift", "skola", "utfall")) == TKR + TKR // 100  # ett av talen har två decimaler
    assert rakning.steg(Adress("drift", "summa_skatt", "utfall")) == 2 * TKR + TKR // 100


# --- Alla siffror, alla kommuner ----------------------------------------------------------------------

GRUND_TOML = '[kommun]\nnamn = "K"\nkort_namn = "K"\n[arshjul]\nprofil = "hedemora"\n'
ORE = st.integers(min_value=-(10**13), max_value=10**13)
KOLUMNER = ("utfall_fg", "utfall", "bokslut_fg", "ursprunglig", "tillagg", "prognos")


@dataclass(frozen=True)
class Namnd:
    """En nämnd i en grupp, med verksamheter och deras fakta per kolumn."""

    grupp: int
    verksamheter: tuple[tuple[int | None, ...], ...]


NAMND = st.builds(
    Namnd,
    st.integers(min_value=0, max_value=2),
    st.lists(st.tuples(*[st.none() | ORE for _ in KOLUMNER]), min_size=1, max_size=3).map(tuple),
)


def _rakna(namnder: list[Namnd], slump: random.Random | None = None) -> Rakning:
    text = GRUND_TOML + "".join(f'[[grupp]]\nid = "g{g}"\nnamn = "grupp {g}"\n' for g in range(3))
    text += "".join(f'[[enhet]]\nid = "n{i}"\nnamn = "Nämnd {i}"\nslag = "namnd"\ngrupp = "g{n.grupp}"\n' for i, n in enumerate(namnder))
    organisation = tolka(Organisation, tomllib.loads(text), "kommun.toml")
    styrrader = [Styrrad(f"n{i}", "drift", f"v{v}", f"Verksamhet {v}") for i, n in enumerate(namnder) for v in range(len(n.verksamheter))]
    facit = [
        Faktum(f"n{i}", "drift", f"v{v}", k, "belopp", ore, "", fakta.VARDE, f"n{i}.xlsx", "Drift", f"{k}{v}", f"Verksamhet {v}", "", "", False, 1)
        for i, n in enumerate(namnder)
        for v, belopp in enumerate(n.verksamheter)
        for k, ore in zip(KOLUMNER, belopp, strict=True)
        if ore is not None
    ]
    if slump:
        slump.shuffle(facit)
    planer = planera(
        las_rapportmall(Mallkalla((medfoljande(),)), "delarsrapport", PERIOD, organisation, koncern=False), Underlag(organisation, PERIOD, styrrader)
    )
    return Rakning(planer, fakta.faktatabell(facit))


@settings(max_examples=25, deadline=None)
@given(st.lists(NAMND, min_size=1, max_size=5))
def test_slutraden_ar_summan_av_det_som_lasts(namnder: list[Namnd]) -> None:
    rakning = _rakna(namnder)
    lasta = {k: [b[nr] for n in namnder for b in n.verksamheter if b[nr] is not None] for nr, k in enumerate(KOLUMNER)}
    lasta["budget"] = [*lasta["ursprunglig"], *lasta["tillagg"]]
    for kolumn in ("utfall_fg", "utfall", "bokslut_fg", "budget", "prognos"):
        tal = [ore for ore in lasta[kolumn] if ore is not None]
        vantat = sum(tal) if tal else None
        for rad in ("summa_namnder", "slutrad"):
            assert rakning.varde(Adress("drift", rad, kolumn)) == vantat


@settings(max_examples=15, deadline=None)
@given(st.lists(NAMND, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_ordningen_som_bockerna_lases_i_spelar_ingen_roll(namnder: list[Namnd], slump: random.Random) -> None:
    ordnad, blandad = _rakna(namnder), _rakna(namnder, slump)
    assert {a: ordnad.varde(a) for a in _siffror(ordnad)} == {a: blandad.varde(a) for a in _siffror(blandad)}


@settings(max_examples=15, deadline=None)
@given(st.lists(NAMND, min_size=1, max_size=4))
def test_en_hamtad_siffra_ar_summan_av_sina_kallor(namnder: list[Namnd]) -> None:
    rakning = _rakna(namnder)
    for adress in _siffror(rakning):
        if isinstance(rakning.planer[adress.tabell].steg[adress.rad, adress.kolumn], Hamta):
            kallor = [lov.varde for lov in _lov(rakning.harled(adress)) if lov.kalla and lov.varde is not None]
            assert rakning.varde(adress) == (sum(kallor) if kallor else None)


# --- Fel i rapportmallen --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratt", "fel"),
    [
        ('uttryck = "summa_namnder + summa_finans"', 'uttryck = "summa_namnder + finns_inte"'),  # okänd rad
        ('kvot = ["avvikelse", "budget"]', 'kvot = ["avvikelse", "finns_inte"]'),  # okänd kolumn i en kvot
        ('uttryck = "prognos - budget"', 'uttryck = "prognos - finns_inte"'),  # okänd kolumn i ett uttryck
        ('uttryck = "prognos - budget"', 'uttryck = "prognos * budget"'),  # annat än plus och minus
        ('prognos = "resultat.nettokostnader.prognos"', 'prognos = "resultat.nettokostnader"'),  # halv adress
        ('prognos = "resultat.nettokostnader.prognos"', 'prognos = "resultat.finns_inte.prognos"'),
        ('prognos = "resultat.nettokostnader.prognos"', 'prognos = "finns_inte.nettokostnader.prognos"'),
        ('rubrik_forsta = "Nämnd"', 'rubrik_forst = "Nämnd"'),  # okänd nyckel
        ('rubrik = "Budget {ar}"', 'rubrik = "Budget {aret}"'),  # okänt ord i en rubrik
    ],
)
def test_ett_fel_i_mallen_stoppar_korningen_och_namner_mallen(ratt: str, fel: str, kommun: Provkommun) -> None:
    with pytest.raises(MallFel, match=r"mallar/(rapport|avsnitt)"):
        _planera_med(kommun, ratt, fel)


def test_ett_uttryck_som_raknar_pa_sig_sjalvt_stoppar_korningen(kommun: Provkommun) -> None:
    with pytest.raises(MallFel, match=r"mallar/(rapport|avsnitt)"):
        _planera_med(kommun, 'uttryck = "summa_namnder + summa_finans"', 'uttryck = "summa_namnder + slutrad"')


def _planera_med(kommun: Provkommun, ratt: str, fel: str) -> None:
    """Planerar rapporten ur kommunens egen mall: den medföljande med en ändring."""
    texter = {vag: (medfoljande() / vag).read_text(encoding="utf-8") for vag in RAPPORTMALLAR}
    vag = next(vag for vag, text in texter.items() if ratt in text)
    kommun.skriv(f"mallar/{vag}", texter[vag].replace(ratt, fel, 1))
    arbete = las_arbetskatalog(kommun.katalog)
    planera(las_rapportmall(arbete.mallkalla, "delarsrapport", PERIOD, arbete.organisation, koncern=False), Underlag(arbete.organisation, PERIOD, ()))


# --- Sekretess ----------------------------------------------------------------------------------------


def _dolda_rader(kommun: Provkommun, skola: dict[str, int], vard: dict[str, int]) -> set[str]:
    skolbok = bok(**{f"sjukfranvaro__{rad}__antal": antal for rad, antal in skola.items()})
    vardens = vardbok(**{f"sjukfranvaro__{rad}__antal": antal for rad, antal in vard.items()})
    lamna_bocker(kommun, {"skola": skolbok, "vard": vardens, "finans": finansbok()})
    tabell = floden.bygg_rapport(kommun.sammanstall()).tabeller["sjukfranvaro"]
    return {rad.id for rad in tabell.rader if any(c.text == DOLD for c in rad.celler)}


@pytest.mark.parametrize(
    ("skola", "vard", "dolda"),
    [
        ({}, {}, set()),
        ({"man": 5}, {"man": 6}, set()),  # elva personer får visas
        ({"man": 5}, {"man": 5}, {"man", "kvinnor"}),  # kvinnorna skulle annars avslöja männen
        ({"upp_till_29": 3}, {"upp_till_29": 4}, {"upp_till_29", "ar_30_49"}),  # den minsta av de andra döljs
        ({"upp_till_29": 3, "fran_50": 1}, {"upp_till_29": 4, "fran_50": 1}, {"upp_till_29", "fran_50"}),  # två räcker
        ({"ar_30_49": 0}, {"ar_30_49": 0, "fran_50": 11}, {"ar_30_49", "fran_50"}),
        ({}, {"totalt": 10}, {"vard"}),  # hela nämnden är en liten grupp
    ],
)
def test_sma_grupper_doljs_och_gar_inte_att_rakna_fram(skola: dict[str, int], vard: dict[str, int], dolda: set[str], kommun: Provkommun) -> None:
    assert _dolda_rader(kommun, skola, vard) == dolda


def test_en_dold_siffra_har_varken_tal_eller_adress(kommun: Provkommun) -> None:
    assert _dolda_rader(kommun, {"man": 2}, {"man": 2})
    tabell = floden.bygg_rapport(kommun.sammanstall()).tabeller["sjukfranvaro"]
    dolda = [c for rad in tabell.rader for c in rad.celler if c.text == DOLD]
    assert {(c.tal, c.adress) for c in dolda} == {(None, None)}
    assert tabell.noter


def test_grupper_utan_kand_storlek_visas_inte(kommun: Provkommun) -> None:
    lamna_bocker(kommun, {"skola": bok(sjukfranvaro__man__antal=""), "vard": vardbok(sjukfranvaro__man__antal="vet ej"), "finans": finansbok()})
    tabell = floden.bygg_rapport(kommun.sammanstall()).tabeller["sjukfranvaro"]
    (man,) = [rad for rad in tabell.rader if rad.id == "man"]
    assert [c.text for c in man.celler if c.tal is not None] == []
