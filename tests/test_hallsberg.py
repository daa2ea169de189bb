"""Hallsbergs kommun: resultaträkning och balanskrav 2019 och kassaflödesanalys 2020, återskapade ur böcker. Mnkr.

Publicerat är räkningarna för kommun och koncern. Valt av oss: bolagen är en enda enhet vars poster är koncern − kommun −
elimineringar, och 40 mnkr elimineras av intäkter och kostnader. Trycket har − följt av mellanslag 2019 och – 2020.
Källorna står i ``tests/hallsberg/README.md``.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog
from tests.bokslut import Bok, Tabelltal, Tryckt, bygg_katalog, jamfor, lamna, las_tryckt, radnamn, tryckta_rader

HAR = Path(__file__).parent / "hallsberg"
TRYCKT = {ar: las_tryckt(HAR / f"tryckt_{ar}.csv") for ar in (2019, 2020)}
ELIMINERAT = Decimal(40)
I_BOLAGETS_FORM = {
    "intakter": "nettoomsattning",
    "kostnader": "externa_kostnader",
    "avskrivningar": "avskrivningar",
    "fin_intakter": "fin_intakter",
    "fin_kostnader": "fin_kostnader",
}
EFTER_AR = {2018: ("_fg", ""), 2019: ("", "_fg"), 2020: ("", "")}
"""År → ändelsen på kolumnerna i resultaträkningen och i kassaflödesanalysen."""


def _radid() -> Mapping[tuple[str, str], str]:
    kalla = las_arbetskatalog(HAR / "arbetskatalog").mallkalla
    rader = {
        (u, r["namn"]): r["id"]
        for u in ("resultat", "kassaflode")
        for r in kalla.data(f"uppstallning/{u}/2019-01-01.toml")["rad"]
        if "uttryck" not in r
    }
    return rader | {("balanskrav", r["namn"]): r["id"] for r in kalla.data("blad/balanskrav/2019-01-01.toml")["rad"]}


RADID = _radid()
TAL = Tabelltal([t for tryckta in TRYCKT.values() for t in tryckta], RADID)


def _rader(tabell: str) -> list[str]:
    return [rad for (t, _), rad in RADID.items() if t == tabell]


def _bocker(ar: int) -> dict[str, Bok]:
    """Årets böcker: resultaträkning 2018 och 2019, kassaflödesanalys 2019 och 2020."""
    resultat, kassaflode = EFTER_AR[ar]
    finans: Bok = {}
    foretagen: Bok = {}
    if ar < 2020:
        finans |= TAL.fyll("resultat", _rader("resultat"), ("resultat", f"utfall{resultat}"), "utfall")
        finans |= TAL.fyll("balanskrav", _rader("balanskrav"), ("balanskrav", "fg" if resultat else "prognos"), "prognos")
        finans["internresultat", "foretagen.salt", "utfall"] = ELIMINERAT
        foretagen["internresultat", "finans.kopt", "utfall"] = -ELIMINERAT
        eliminerat = {"intakter": -ELIMINERAT, "kostnader": ELIMINERAT}
        for rad, post in I_BOLAGETS_FORM.items():
            skillnad = TAL("resultat", rad, f"koncern{resultat}") - TAL("resultat", rad, f"utfall{resultat}")
            foretagen["bolagsresultat", post, "utfall"] = skillnad - eliminerat.get(rad, Decimal(0))
        foretagen |= {("bolagsresultat", post, "utfall"): 0 for post in ("personal", "skatt")}
    if ar > 2018:
        finans |= TAL.fyll("kassaflode", _rader("kassaflode"), ("kassaflode", f"utfall{kassaflode}"), "utfall")
        for rad in _rader("kassaflode"):
            foretagen["kassaflode", rad, "utfall"] = TAL("kassaflode", rad, f"koncern{kassaflode}") - TAL("kassaflode", rad, f"utfall{kassaflode}")
    return {"finans": finans, "foretagen": foretagen}


@pytest.fixture(scope="module")
def bokslut(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Sammanstallning]:
    katalog = bygg_katalog(HAR, tmp_path_factory.mktemp("hallsberg"), fran="2018-01-01")
    for ar in EFTER_AR:
        lamna(katalog, Period(ar, 12), _bocker(ar))
    return {ar: floden.sammanstall(katalog, Period(ar, 12)) for ar in TRYCKT}


@pytest.mark.parametrize(("ar", "vantat"), [(2019, (84, 2, 0)), (2020, (96, 0, 0))])
def test_varje_tryckt_cell(
    ar: int, vantat: tuple[int, int, int], bokslut: Mapping[int, Sammanstallning], record_property: Callable[[str, object], None]
) -> None:
    utfall = jamfor(bokslut[ar], TRYCKT[ar])
    utfall.skriv(f"Hallsberg {ar}", record_property)
    assert utfall.fel == []
    assert utfall.antal == vantat


@pytest.mark.parametrize(("ar", "tabell"), [(2019, "resultat"), (2019, "balanskrav"), (2020, "kassaflode")])
def test_raderna_star_i_tryckets_ordning(ar: int, tabell: str, bokslut: Mapping[int, Sammanstallning]) -> None:
    assert radnamn(floden.bygg_rapport(bokslut[ar]), tabell) == tryckta_rader(TRYCKT[ar], tabell)


@pytest.mark.parametrize(("text", "tal"), [("− 31", -31), ("– 4", -4), ("− 1 116", -1116), ("0", 0), ("", None)])
def test_tryckets_bada_minustecken_lases(text: str, tal: int | None) -> None:
    assert Tryckt("", "", "", text).tal == tal
