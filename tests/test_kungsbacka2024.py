"""Kungsbacka kommuns räkningar för 2024, kommun och koncern, återskapade ur böcker. Mnkr.

Publicerat är räkningarna för kommun och koncern, och i not 5 avskrivningen på finansiell leasing. Företagens egna räkningar
är inte publicerade: de är här en enda enhet vars poster är koncern − kommun − elimineringar. Det som prövas är därför inte
företagen, utan att rader, ordning, summor, tecken och avrundning blir de tryckta hela vägen: böcker, fakta, koncernens
planer, elimineringar för hand, förvärv, mellanhavanden, fjolårets period och rapportens celler. Källan, och vad som är valt
av oss, står i ``tests/kungsbacka2024/README.md``.
"""

import csv
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.period import Period
from kommunrapport.karna.plan import Adress
from kommunrapport.karna.tal import tolka_svenskt_tal
from kommunrapport.mall.periodmall import las_arbetskatalog
from tests.bokslut import Bok, Tabelltal, bygg_katalog, jamfor, lamna, las_tryckt, radnamn, tryckta_rader

HAR = Path(__file__).parent / "kungsbacka2024"
TRYCKT = las_tryckt(HAR / "tryckt.csv")
PERIOD = Period(2024, 12)
RAKNINGAR = {"resultat": ("utfall_fg", "utfall"), "kassaflode": ("utfall_fg", "utfall"), "balans": ("fg", "nu")}
"""Räkning → kommunens kolumner för föregående år och året."""
BOLAGETS_BLAD = {"resultat": ("bolagsresultat", "utfall"), "kassaflode": ("kassaflode", "utfall"), "balans": ("bolagsbalans", "nu")}
I_BOLAGETS_FORM = {
    "resultat": {"intakter": "nettoomsattning", "kostnader": "externa_kostnader", "bolagsskatt": "skatt"},
    "balans": {"finansiella": "ovriga_finansiella", "forrad": "varulager", "fordringar": "kundfordringar", "ek_ingaende": "balanserat"},
    "kassaflode": {},
}
"""Koncernens rad → bolagets, där de heter olika."""
BARA_KOMMUNEN = {"jamforelsestorande", "skatt", "statsbidrag", "extraordinara", "immateriella", "infrastruktur", "avs_pensioner"} | {
    "fortroendevalda",
    "stiftelser",
    "ovriga_ansvar",
}
"""Rader i resultat- och balansräkningen som bolagets form inte har: koncernens tal är kommunens, utom borgen."""
BORGENSAVGIFT, BORGEN, ANDELAR = Decimal(9), {2023: Decimal(3466), 2024: Decimal(3458)}, Decimal(161)


def _data(vag: str) -> dict[str, Any]:
    return las_arbetskatalog(HAR / "arbetskatalog").mallkalla.data(vag)


def _radid() -> dict[tuple[str, str], str]:
    rader = {(r, rad["namn"]): rad["id"] for r in RAKNINGAR for rad in _data(f"uppstallning/{r}/2019-01-01.toml")["rad"] if "uttryck" not in rad}
    mall = _data("rapport/delarsrapport/2019-01-01.toml")["tabell"]
    return rader | {("balanskrav", rad["namn"]): rad["id"] for t in mall if t["id"] == "balanskrav" for rad in t["rad"] if "hamta" in rad}


RADID = _radid()
TAL = Tabelltal(TRYCKT, RADID)


def _eliminerat(ar: int) -> Counter[tuple[str, str]]:
    """Räkning och rad → det som elimineras, med radens tecken."""
    with (HAR / f"arbetskatalog/styrning/{ar}/elimineringar.csv").open(encoding="utf-8") as fil:
        for_hand = {(f["rakning"], f["post"]): tolka_svenskt_tal(f["belopp"]) for f in csv.DictReader(fil, delimiter=";")}
    summor: Counter[Any] = Counter(for_hand)
    summor.update({("resultat", "fin_intakter"): -BORGENSAVGIFT, ("resultat", "fin_kostnader"): BORGENSAVGIFT})
    summor.update({("balans", "finansiella"): -ANDELAR, ("balans", "ek_ingaende"): -ANDELAR})
    return summor


def _bocker(ar: int) -> dict[str, Bok]:
    """Årets böcker; 2023 års tal är kolumnerna för föregående år."""
    i_ar = int(ar == PERIOD.ar)
    finans: Bok = {("internresultat", "ovriga.ranta_fran", "utfall"): BORGENSAVGIFT, ("internbalans", "ovriga.borgen_for", "nu"): BORGEN[ar]}
    bolag: Bok = {("internresultat", "finans.ranta_till", "utfall"): -BORGENSAVGIFT, ("internbalans", "finans.borgen_fran", "nu"): BORGEN[ar]}
    bolag |= {("bolagsresultat", post, "utfall"): 0 for post in ("personal", "skatt")}
    for rakning, kolumner in RAKNINGAR.items():
        rader = [rad for (tabell, _), rad in RADID.items() if tabell == rakning]
        blad, till = BOLAGETS_BLAD[rakning]
        finans |= TAL.fyll(rakning, rader, (rakning, kolumner[i_ar]), till)
        if i_ar:
            finans |= TAL.fyll(rakning, rader, (rakning, "budget"), "budget") if rakning != "resultat" else {}
        for rad in rader:
            if (rakning == "kassaflode" or rad not in BARA_KOMMUNEN) and not rad.startswith("r_"):
                post = I_BOLAGETS_FORM[rakning].get(rad, rad)
                koncern, kommun = TAL(rakning, rad, ("koncern_fg", "koncern")[i_ar]), TAL(rakning, rad, kolumner[i_ar])
                if rad not in ("koncernbidrag", "bolagsskatt"):
                    bolag[blad, post, till] = koncern - kommun - _eliminerat(ar)[rakning, rad]
    krav = [rad for (tabell, _), rad in RADID.items() if tabell == "balanskrav"]
    finans |= TAL.fyll("balanskrav", krav, ("balanskrav", ("fg", "prognos")[i_ar]), "prognos")
    return {"finans": finans, "ovriga": bolag}


@pytest.fixture(scope="module")
def kungsbacka(tmp_path_factory: pytest.TempPathFactory) -> Sammanstallning:
    katalog = bygg_katalog(HAR, tmp_path_factory.mktemp("kungsbacka2024"))
    for ar in (2023, 2024):
        lamna(katalog, Period(ar, 12), _bocker(ar))
    return floden.sammanstall(katalog, PERIOD)


def test_varje_tryckt_cell(kungsbacka: Sammanstallning, record_property: Callable[[str, object], None]) -> None:
    utfall = jamfor(kungsbacka, TRYCKT)
    utfall.skriv("Kungsbacka 2024", record_property)
    assert utfall.fel == []
    assert utfall.antal == (310, 34, 0)


@pytest.mark.parametrize("tabell", [*RAKNINGAR, "balanskrav"])
def test_raderna_star_i_tryckets_ordning(tabell: str, kungsbacka: Sammanstallning) -> None:
    assert radnamn(floden.bygg_rapport(kungsbacka), tabell) == tryckta_rader(TRYCKT, tabell)


def test_kommunens_avskrivning_pa_leasing_elimineras(kungsbacka: Sammanstallning) -> None:
    """Not 5: kommunen 85,1 och koncernen 32,1, så 53,0 av kommunens avskrivningar är inte koncernens."""
    led = {k: _mnkr(kungsbacka, "koncern_resultat", "avskrivningar", k) for k in ("kommunen", "ovriga", "eliminering", "koncernen")}
    assert led == {"kommunen": -506, "ovriga": -105, "eliminering": 53, "koncernen": -558}
    assert _mnkr(kungsbacka, "handelimineringar", "leasing-avskrivning", "belopp") == 53
    assert _mnkr(kungsbacka, "koncern_resultat_fg_period", "avskrivningar", "eliminering") == Decimal("50.1")


def test_det_tryckta_ger_inga_fel(kungsbacka: Sammanstallning) -> None:
    """Räkningarna går ihop med varandra, med fjolåret och i koncernen, så när som på tryckets avrundning."""
    assert [(a.kod, a.plats.rad) for a in kungsbacka.anmarkningar if kungsbacka.katalog.allvar(a) >= Allvar.VARNING] == []


def test_rader_som_bara_kommunen_har_ar_lika_i_koncernen() -> None:
    for (rakning, _), rad in RADID.items():
        if rakning in ("resultat", "balans") and rad in BARA_KOMMUNEN - {"ovriga_ansvar"}:
            fg, nu = RAKNINGAR[rakning]
            assert (TAL(rakning, rad, fg), TAL(rakning, rad, nu)) == (TAL(rakning, rad, "koncern_fg"), TAL(rakning, rad, "koncern"))


def _mnkr(s: Sammanstallning, *adress: str) -> Decimal | None:
    varde = s.rakning.varde(Adress(*adress))
    return None if varde is None else Decimal(varde) / 10**8
