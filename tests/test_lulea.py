"""Luleå kommuns not 1 för 2018, återskapad ur kommunens och sju bolags böcker. Mnkr.

Publicerat är kommunens och koncernens resultaträkning, varje bolags intäkter, och det eliminerade: intäkter 399 och
366, kostnader 393 (not 2, 2018). Valt av oss är hur det eliminerade fördelar sig på parterna, de eliminerade
kostnaderna 2017, utdelningen, och vilket bolag som bär bolagens övriga rader; de är koncern − kommun + eliminerat.
Källorna står i ``tests/lulea/README.md``.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from tests.bokslut import Bok, Tabelltal, bygg_katalog, jamfor, lamna, las_tryckt, radnamn, tryckta_rader

HAR = Path(__file__).parent / "lulea"
TRYCKT = las_tryckt(HAR / "tryckt.csv")
PERIOD = Period(2018, 12)
RADER = {
    "intakter": "Verksamhetens intäkter",
    "kostnader": "Verksamhetens kostnader",
    "avskrivningar": "Avskrivningar",
    "skatt": "Skatteintäkter",
    "statsbidrag": "Generella statsbidrag och utjämning",
    "fin_intakter": "Finansiella intäkter",
    "fin_kostnader": "Finansiella kostnader",
    "bolagsskatt": "Skatt",
}
NOTEN = {"namndernas": "Nämndrelaterade intäkter enligt driftredovisning", "interna": "Avgår interna intäkter", "reavinst": "Reavinst"}
BOLAG = {
    "foretag": "Luleå Kommunföretag AB",
    "energi": "Luleå Energi koncernen",
    "lulebo": "Lulebo AB",
    "lokaltrafik": "Luleå Lokaltrafik AB",
    "miljoresurs": "Luleå MiljöResurs AB",
    "hamn": "Luleå Hamn AB",
    "flygteknik": "Nordiskt FlygTeknikCentrum AB",
}
TAL = Tabelltal(
    TRYCKT,
    {("resultat", namn): rad for rad, namn in RADER.items()} | {("not1", namn): rad for rad, namn in (NOTEN | BOLAG).items()},
)
BAR_RESTEN = "energi"
"""Bolaget som bär bolagens rader utom intäkterna."""
I_BOLAGETS_FORM = {
    "kostnader": "externa_kostnader",
    "avskrivningar": "avskrivningar",
    "fin_intakter": "fin_intakter",
    "fin_kostnader": "fin_kostnader",
    "bolagsskatt": "skatt",
}


def _mellanhavanden(ar: int) -> list[dict[str, str]]:
    rader = [rad for rad in (HAR / "mellanhavanden.csv").read_text(encoding="utf-8").splitlines() if not rad.startswith("#")]
    return [falt for falt in csv.DictReader(rader, delimiter=";") if falt["ar"] == str(ar)]


def _bocker(ar: int) -> dict[str, Bok]:
    """Årets böcker; 2017 års tal är kolumnerna för föregående år."""
    fg = "_fg" if ar == 2017 else ""
    bocker: dict[str, Bok] = {enhet: {} for enhet in ("finans", *BOLAG)}
    bocker["finans"] |= TAL.fyll("resultat", RADER, ("resultat", f"utfall{fg}"), "utfall")
    bocker["finans"] |= TAL.fyll("not1", NOTEN, ("not1", f"kommunen{fg}"), "utfall")
    for bolag in BOLAG:
        bocker[bolag] |= {("bolagsresultat", post, "utfall"): 0 for post in I_BOLAGETS_FORM.values()}
        bocker[bolag]["bolagsresultat", "nettoomsattning", "utfall"] = TAL("not1", bolag, f"koncern{fg}")
        bocker[bolag]["bolagsresultat", "personal", "utfall"] = 0
    poster = _mellanhavanden(ar)
    for rad, post in I_BOLAGETS_FORM.items():
        bocker[BAR_RESTEN]["bolagsresultat", post, "utfall"] = (
            TAL("resultat", rad, f"koncern{fg}") - TAL("resultat", rad, f"utfall{fg}") + _eliminerat(rad, poster)
        )
    for p in poster:
        givare, mottagare = ("salt", "kopt") if p["slag"] == "forsaljning" else ("utdelning_till", "utdelning_fran")
        mottagarens = Decimal(p["mottagarens"]) * (-1 if mottagare == "kopt" else 1)
        bocker[p["givare"]]["internresultat", f"{p['mottagare']}.{givare}", "utfall"] = Decimal(p["givarens"])
        bocker[p["mottagare"]]["internresultat", f"{p['givare']}.{mottagare}", "utfall"] = mottagarens
    return bocker


def _eliminerat(rad: str, poster: list[dict[str, str]]) -> Decimal:
    """Det eliminerade med radens tecken: köpen är kostnader, utdelningen är en finansiell intäkt."""
    slag, tecken = {"kostnader": ("forsaljning", -1), "fin_intakter": ("utdelning", 1)}.get(rad, ("", 0))
    return sum((tecken * Decimal(p["mottagarens"]) for p in poster if p["slag"] == slag), Decimal(0))


@pytest.fixture(scope="module")
def lulea(tmp_path_factory: pytest.TempPathFactory) -> Sammanstallning:
    katalog = bygg_katalog(HAR, tmp_path_factory.mktemp("lulea"), fran="2017-01-01")
    for ar in (2017, 2018):
        lamna(katalog, Period(ar, 12), _bocker(ar))
    return floden.sammanstall(katalog, PERIOD)


def test_varje_tryckt_cell(lulea: Sammanstallning, record_property: Callable[[str, object], None]) -> None:
    utfall = jamfor(lulea, TRYCKT)
    utfall.skriv("Luleå 2018", record_property)
    assert utfall.fel == []
    # 1 268 − 5 455 − 332 är −4 519; skillnaden följer med till resultatet. Allt annat går ihop i hela miljoner.
    assert [(kolumn, tryckt, vart) for _, _, kolumn, tryckt, vart in utfall.avrundning] == [
        ("utfall", "-4 520", "−4\u00a0519"),
        ("utfall", "-32", "−31"),
        ("utfall", "79", "80"),
        ("utfall", "79", "80"),
    ]
    assert utfall.antal == (100, 4, 0)


@pytest.mark.parametrize("tabell", ["resultat", "not1"])
def test_raderna_star_i_tryckets_ordning(tabell: str, lulea: Sammanstallning) -> None:
    assert radnamn(floden.bygg_rapport(lulea), tabell) == tryckta_rader(TRYCKT, tabell)


def test_resten_mellan_intakter_och_kostnader_syns(lulea: Sammanstallning) -> None:
    """Intäkter 399 och kostnader 393 elimineras, vars och ens uppgift; resten 6 visas och blir kvar i resultatet."""
    tabell = floden.bygg_rapport(lulea).tabeller["elimineringar"]
    visat = {rad.id: [c.text for c in rad.celler] for rad in tabell.rader}
    assert visat == {"forsaljning": ["399", "393", "+6", "+6"], "utdelning": ["110", "110", "0", "0"]}


def test_parterna_far_var_sin_anmarkning_med_bada_cellerna(lulea: Sammanstallning) -> None:
    funna = [a for a in lulea.anmarkningar if a.kod == "KR801"]
    mapp = "inlamnat/2018-12"
    assert [(a.enhet, a.plats.fil, a.lamnat, a.vantat) for a in funna] == [
        ("energi", f"{mapp}/energi.xlsx", "118 mnkr", "−112 mnkr"),
        ("finans", f"{mapp}/finans.xlsx", "−112 mnkr", "118 mnkr"),
    ]
    egna = {a.enhet: f"{a.plats.fil}, {a.plats.blad}!{a.plats.celler[0]}" for a in funna}
    assert {a.enhet: a.fakta["motcell"] for a in funna} == {"finans": egna["energi"], "energi": egna["finans"]}
