"""Kultur- och fritidsnämnden i Simrishamn: nämndens bokslut för 2025, återskapat ur nämndens bok. Tkr och mnkr.

Drift per verksamhet, sammandraget, investeringsprojekten med tre decimaler, bidragen, målen med nämndens egna ord och
aktiviteterna. Sammandragets budget och investeringar hämtas ur samma beslut och projekt som tabellerna; där trycket har två
olika tal för samma sak är det ett fel i trycket. Källan, och vad som är valt av oss, står i ``tests/simrishamn/README.md``.
"""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from tests.bokslut import HELA_KOMMUNENS, Bok, bygg_katalog, jamfor, lamna, las_tryckt, radnamn, tryckta_rader

HAR = Path(__file__).parent / "simrishamn"
PERIOD = Period(2025, 12)
TRYCKT = las_tryckt(HAR / "tryckt.csv")
CELLER = {(t.tabell, t.rad, t.kolumn): t for t in TRYCKT}
I_AVSKRIFTEN = {"namnd-kultur": "drift", "ekonomi-kultur": "ekonomi", "projekt": "investering"} | {t: t for t in ("bidrag_kultur", "bidrag_fritid")}
"""Rapportens tabell → avskriftens."""
AVSKRIFTEN = json.loads((HAR.parent / "publicerat/simrishamn_kultur_fritid_2025.json").read_text(encoding="utf-8"))
SAMMANDRAG = {
    "intakter": "Intäkter",
    "kostnader": "Kostnader",
    "budget": "Budget",
    "investeringar": "Nettoinvesteringar",
    "investeringsbudget": "Budget investeringar",
}
BIDRAG = {
    "arrangor": ("bidrag_kultur", "Arrangörsbidrag för kulturföreningar"),
    "verksamhetsstod": ("bidrag_kultur", "Verksamhetsstöd för kulturverksamheter"),
    "studieforbund": ("bidrag_kultur", "Studieförbundsbidrag"),
    "aktivitetsstod": ("bidrag_fritid", "Lokalt aktivitetsstöd"),
    "driftbidrag": ("bidrag_fritid", "Driftbidrag"),
    "socialt": ("bidrag_fritid", "Stöd till föreningar verksamma inom socialnämndens område"),
    "utveckling": ("bidrag_fritid", "Utvecklingsbidrag"),
}
TUSENTAL = 1000
TRYCKFEL = {
    # Kvar från en tidigare version; delarna ger 15,127 och 4,941.
    ("projekt", "Summa investeringsprojekt", "ack_utfall", "15,130", "15,127"),
    ("projekt", "Summa investeringsprojekt", "avvikelse", "4,938", "4,941"),
    # Sammandraget har 5 403 tkr där investeringstabellen har 5,401 mnkr.
    ("ekonomi-kultur", "Nettoinvesteringar", "nu", "5 403", "5\u00a0401"),
    ("ekonomi-kultur", "Budgetavvikelse investeringar", "nu", "-5 122", "−5\u00a0124"),
}


def _las(namn: str) -> list[dict[str, str]]:
    with (HAR / namn).open(encoding="utf-8") as fil:
        return list(csv.DictReader(fil, delimiter=";"))


def _beteckningar(fil: str) -> dict[str, str]:
    """Styrfilens benämning → dess beteckning."""
    return {rad["benamning"]: rad["rad"] for rad in _las(f"arbetskatalog/styrning/2025/{fil}")}


def _bok(**bedomningar: str) -> Bok:
    """Nämndens bok med de tryckta talen; ``m01="gul"`` ger ett mål en annan bedömning."""
    bok: Bok = {("ekonomi", rad, "fg"): _tal("ekonomi-kultur", namn, "fg") for rad, namn in SAMMANDRAG.items()}
    bok |= {("ekonomi", rad, "nu"): _tal("ekonomi-kultur", SAMMANDRAG[rad], "nu") for rad in ("intakter", "kostnader")}
    for namn, rad in _beteckningar("driftbudget.csv").items():
        bok["drift", rad, "utfall"] = _tal("namnd-kultur", namn, "utfall")
    for namn, rad in _beteckningar("investeringar.csv").items():
        bok |= {("investering", rad, k): _tal("projekt", namn, k) * TUSENTAL for k in ("utfall", "ack_utfall") if CELLER["projekt", namn, k].text}
    for rad, (tabell, namn) in BIDRAG.items():
        bok |= {("bidrag", rad, kolumn): _tal(tabell, namn, kolumn) for t, r, kolumn in CELLER if (t, r) == (tabell, namn)}
    mal, aktiviteter = _beteckningar("mal.csv"), _beteckningar("uppdrag.csv")
    for tryckt in _las("tryckta_mal.csv"):
        bok["mal", mal[tryckt["mal"]], "bedomning"] = tryckt["bedomning"]
    for tryckt in _las("tryckta_aktiviteter.csv"):
        rad = aktiviteter[tryckt["aktivitet"]]
        bok |= {("uppdrag", rad, "status"): tryckt["status"], ("uppdrag", rad, "fardig"): Decimal(tryckt["fardig"])}
    return bok | {("mal", rad, "bedomning"): bedomning for rad, bedomning in bedomningar.items()}


def _tal(tabell: str, rad: str, kolumn: str) -> Decimal:
    tal = CELLER[tabell, rad, kolumn].tal
    assert tal is not None
    return tal


def _sammanstallt(mapp: Path, bok: Bok) -> Sammanstallning:
    katalog = bygg_katalog(HAR, mapp)
    lamna(katalog, PERIOD, {"kultur": bok, "finans": {}})
    return floden.sammanstall(katalog, PERIOD, "arsredovisning")


@pytest.fixture(scope="module")
def simrishamn(tmp_path_factory: pytest.TempPathFactory) -> Sammanstallning:
    return _sammanstallt(tmp_path_factory.mktemp("simrishamn"), _bok())


def test_varje_tryckt_cell(simrishamn: Sammanstallning, record_property: Callable[[str, object], None]) -> None:
    utfall = jamfor(simrishamn, TRYCKT)
    utfall.skriv("Simrishamn, kultur och fritid 2025", record_property)
    assert set(utfall.fel) == TRYCKFEL
    assert utfall.antal == (192, 6, 4)


def test_felen_i_en_enda_tabell_ar_de_som_avskriften_har_hittat() -> None:
    tabell = {avskriven: tabell for tabell, avskriven in I_AVSKRIFTEN.items()}
    assert {(tabell[f["tabell"]], f["rad"], f["tryckt"], f["delarna_ger"]) for f in AVSKRIFTEN["fel"]} == {
        (t, rad, tryckt, vart) for t, rad, _, tryckt, vart in TRYCKFEL if t == "projekt"
    }


@pytest.mark.parametrize("tabell", I_AVSKRIFTEN)
def test_rader_och_kolumner_star_i_tryckets_ordning(tabell: str, simrishamn: Sammanstallning) -> None:
    rapport = floden.bygg_rapport(simrishamn)
    assert radnamn(rapport, tabell) == tryckta_rader(TRYCKT, tabell)
    kolumner = next(t.kolumner for t in rapport.alla_tabeller if t.id == tabell)
    assert [k.rubrik for k in kolumner] == AVSKRIFTEN["tabeller"][I_AVSKRIFTEN[tabell]]["kolumner"]


def test_malen_har_namndens_egna_ord(simrishamn: Sammanstallning) -> None:
    lista = floden.bygg_rapport(simrishamn).tabeller["namndmal"]
    assert [(r.celler[0].text, r.namn, r.celler[1].text) for r in lista.rader] == [
        (t["omrade"], t["mal"], t["bedomning"]) for t in _las("tryckta_mal.csv")
    ]


@pytest.mark.parametrize(("bedomning", "koder"), [("gul", []), ("Uppnått", ["KR307"])])
def test_bara_namndens_egna_ord_godtas(bedomning: str, koder: list[str], tmp_path: Path) -> None:
    """Den medföljande skalan gäller inte här."""
    s = _sammanstallt(tmp_path, _bok(m01=bedomning))
    assert [a.kod for a in s.anmarkningar if a.kod not in HELA_KOMMUNENS] == koder


def test_aktiviteterna_har_lage_och_fardiggrad(simrishamn: Sammanstallning) -> None:
    lista = floden.bygg_rapport(simrishamn).tabeller["uppdrag"]
    assert [(r.namn, *(c.text for c in r.celler)) for r in lista.rader] == [tuple(t.values()) for t in _las("tryckta_aktiviteter.csv")]


def test_sammandragets_budget_och_investeringar_ar_beslutens_och_projektens(simrishamn: Sammanstallning) -> None:
    for rad, adress in (("budget", ("namnd-kultur", "netto", "budget")), ("investeringar", ("projekt", "summa", "utfall"))):
        assert abs(simrishamn.rakning.varde(Adress("ekonomi-kultur", rad, "nu")) or 0) == abs(simrishamn.rakning.varde(Adress(*adress)) or 0)


def test_det_tryckta_ger_inga_anmarkningar(simrishamn: Sammanstallning) -> None:
    assert {a.kod for a in simrishamn.anmarkningar} <= HELA_KOMMUNENS
