"""Avrundning eller fel, prövat på tabeller som kommuner har publicerat.

Fixturerna i ``publicerat/`` är avskrivna ur trycket: varje tal som text, och de summor, formler och likheter som tabellerna
säger sig ha. Ett tals steg är dess egen sista tryckta decimal; ingen tolerans är satt för hand.

- ``utan`` i en cell är det som står efter talet utan att höra till det: ett fotnotsmärke eller ett andra tal.
- ``antal`` är kolumner som är räknade och inte avrundade: steget är noll.
- ``fel`` är allt i trycket som inte går ihop, med vad delarna ger. Provet ska hitta just dem.
"""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.avrundning import Jamforelse, Visat, prova_lika, prova_summa
from kommunrapport.karna.sprak import formatera
from kommunrapport.karna.tal import EJ_TILLAMPLIGT, TOMMA, stada, tolka_svenskt_tal
from kommunrapport.rapport.arbetsbok import Varde
from tests.kommun import DRIFTBUDGET, KOMMUN_TOML, Provkommun

HAR = Path(__file__).parent / "publicerat"
RAPPORTER: dict[str, Any] = {fil.stem: json.loads(fil.read_text(encoding="utf-8")) for fil in sorted(HAR.glob("*.json"))}
LIKHETER: list[dict[str, Any]] = RAPPORTER.pop("mellan_rapporter")["likheter"]
DECIMALER = 5
"""Talen prövas som heltal i hundratusendelar av den tryckta enheten, så att varje tryckt decimal får plats."""


class Likhet(NamedTuple):
    """En summa eller formel i en tabell: vad som är tryckt och de tryckta delarna med tecken."""

    tabell: str
    rad: str
    kolumn: str
    summa: Visat
    delar: tuple[tuple[int, Visat], ...]

    def provad(self) -> Jamforelse:
        return prova_summa(self.summa, self.delar)


def visat(tryckt: str, *, raknat: bool = False) -> Visat | None:
    """Det tryckta talet med steget i sin sista decimal; ``None`` när cellen inte har något tal."""
    text = stada(tryckt.removesuffix("%")).strip()
    if text.casefold() in TOMMA | EJ_TILLAMPLIGT:
        return None
    steg = 0 if raknat else int(10 ** (DECIMALER - len(text.partition(",")[2])))
    return Visat(int(tolka_svenskt_tal(text).scaleb(DECIMALER)), steg)


def talet(tryckt: str) -> int:
    """Ett tal som ska finnas."""
    tal = visat(tryckt)
    assert tal is not None
    return tal.tal


def cellen(tabell: dict[str, Any], rad: str, kolumn: str) -> Visat | None:
    cell = tabell["rader"][rad][tabell["kolumner"].index(kolumn)]
    tryckt = cell if isinstance(cell, str) else cell["tryckt"].removesuffix(cell["utan"])
    return visat(tryckt, raknat=kolumn in tabell.get("antal", ()))


def likheter(rapport: dict[str, Any]) -> Iterator[Likhet]:
    """Tabellernas summor kolumn för kolumn och formler rad för rad."""
    for namn, tabell in rapport["tabeller"].items():
        for summa in tabell["summor"]:
            for kolumn in summa["kolumner"]:
                yield _likhet(namn, tabell, summa["rad"], kolumn, [(d[0], d[1:], kolumn) for d in summa["delar"]])
        for formel in tabell["formler"]:
            for rad in formel["rader"]:
                yield _likhet(namn, tabell, rad, formel["kolumn"], [(d[0], rad, d[1:]) for d in formel["delar"]])


def _likhet(namn: str, tabell: dict[str, Any], rad: str, kolumn: str, delar: list[tuple[str, str, str]]) -> Likhet:
    summa = cellen(tabell, rad, kolumn)
    assert summa is not None
    lasta = ((1 if tecken == "+" else -1, cellen(tabell, r, k)) for tecken, r, k in delar)
    return Likhet(namn, rad, kolumn, summa, tuple((tecken, v) for tecken, v in lasta if v is not None))


def funna(rapport: dict[str, Any]) -> list[tuple[str, str, str, int, int]]:
    """Felen som provet hittar: var, vad som är tryckt och vad delarna ger."""
    return sorted((x.tabell, x.rad, x.kolumn, x.summa.tal, x.provad().vantat) for x in likheter(rapport) if x.provad().fel)


def vantade(fel: list[dict[str, str]]) -> list[tuple[str, str, str, int, int]]:
    return sorted((f["tabell"], f["rad"], f["kolumn"], talet(f["tryckt"]), talet(f["delarna_ger"])) for f in fel)


# --- Trycket ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rapport", RAPPORTER.values(), ids=RAPPORTER)
def test_allt_utom_de_kanda_felen_gar_ihop_eller_ar_avrundning(rapport: dict[str, Any]) -> None:
    assert funna(rapport) == vantade(rapport["fel"])


def test_sa_mycket_ar_provat() -> None:
    """Per rapport: summor och formler som går ihop exakt, är avrundade och är fel."""
    assert {namn: _utslag(likheter(rapport)) for namn, rapport in RAPPORTER.items()} == {
        "goteborg_intraservice_2025": (130, 1, 2),
        "hallsberg_2019_2020": (62, 1, 0),
        "kungsbacka_2024": (196, 73, 0),
        "kungsbacka_2025_04": (80, 7, 2),
        "kungsbacka_2025_08": (148, 31, 4),
        "kungsbacka_namnder_2025_08": (76, 2, 0),
        "lulea_2018": (25, 1, 0),
        "molndal_2024_2025": (23, 0, 0),
        "simrishamn_kultur_fritid_2025": (65, 7, 2),
    }


def _utslag(provas: Iterator[Likhet]) -> tuple[int, int, int]:
    antal = Counter("lika" if x.provad().lika else "avrundning" if x.provad().avrundning else "fel" for x in provas)
    return antal["lika"], antal["avrundning"], antal["fel"]


TIDIGARE = [(rapport, andrad) for rapport in RAPPORTER.values() for andrad in rapport.get("tidigare_version", ())]


@pytest.mark.parametrize(("rapport", "andrad"), TIDIGARE, ids=[f"{a['rad']} {a['tryckt']}" for _, a in TIDIGARE])
def test_det_som_rattades_mellan_tva_versioner_hittas(rapport: dict[str, Any], andrad: dict[str, Any]) -> None:
    """Den tidigare versionens tal i slutversionens tabell."""
    nya = [{"tabell": andrad["tabell"], **fel} for fel in andrad["fel"]]
    assert funna(tidigare_version(rapport, andrad)) == vantade(rapport["fel"] + nya)


def tidigare_version(rapport: dict[str, Any], andrad: dict[str, Any]) -> dict[str, Any]:
    tidigare: dict[str, Any] = copy.deepcopy(rapport)
    tabell = tidigare["tabeller"][andrad["tabell"]]
    tabell["rader"][andrad["rad"]][tabell["kolumner"].index(andrad["kolumn"])] = andrad["tryckt"]
    return tidigare


def test_samma_tal_i_tva_tabeller_eller_rapporter() -> None:
    utslag = Counter[str]()
    for likhet in LIKHETER:
        summa, delar = _avskrivet(likhet["summa"]), [_avskrivet(d) for d in likhet["delar"]]
        provad = prova_lika(summa, delar[0]) if len(delar) == 1 else prova_summa(summa, [(1, d) for d in delar])
        vantat = likhet.get("fel", {}).get("delarna_ger")
        assert (provad.vantat if provad.fel else None) == (talet(vantat) if vantat else None), likhet
        utslag["lika" if provad.lika else "avrundning" if provad.avrundning else "fel"] += 1
    assert utslag == {"lika": 9, "avrundning": 7, "fel": 4}


def _avskrivet(plats: str | list[str]) -> Visat:
    """Talet i en tabellcell (rapport, tabell, rad, kolumn), eller ett tal som bara står i löptexten."""
    if isinstance(plats, str):
        tal = visat(plats)
    else:
        rapport, tabell, rad, kolumn = plats
        tal = cellen(RAPPORTER[rapport]["tabeller"][tabell], rad, kolumn)
    assert tal is not None
    return tal


def test_tva_publicerade_summor_gar_ihop_bara_om_nollan_ocksa_ar_avrundad() -> None:
    """Räknas en del som är noll som exakt blir två riktiga summor fel."""
    alla = [x for rapport in RAPPORTER.values() for x in likheter(rapport)]
    assert sum(1 for x in alla if any(v.tal == 0 and v.steg for _, v in x.delar)) == 137
    utan = [(x, prova_summa(x.summa, ((t, v if v.tal else Visat(0, 0)) for t, v in x.delar))) for x in alla]
    assert [(x.rad, x.kolumn) for x, provad in utan if provad.fel != x.provad().fel] == [
        ("Årets resultat efter balanskravsjusteringar", "Utfall 2018"),
        ("Kommunrevision", "Bokslut 2024 Nettokostnader"),
    ]


@pytest.mark.parametrize(
    ("summa", "delar", "ar_fel"),
    [
        (10, (4, 5), False),  # 4,4 + 5,4 = 9,8
        (11, (4, 5), True),  # en halv till vardera räcker inte: 4,5 avrundas till 5
        (1, (0, 0), False),  # 0,4 + 0,4 = 0,8
        (2, (0, 0), True),
        (-11, (-4, -5), True),  # gränsen är densamma för minus
        (9, (3, 3, 2), False),
        (10, (3, 3, 2), True),  # halva summan av stegen, två, är inte avrundning
    ],
)
def test_ett_visat_tal_star_for_de_tal_som_avrundas_till_det(summa: int, delar: tuple[int, ...], ar_fel: bool) -> None:
    assert prova_summa(Visat(summa, 1), [(1, Visat(d, 1)) for d in delar]).fel == ar_fel


def test_ett_utdrag_ur_en_tabell_har_inga_summor() -> None:
    utdrag = [t for rapport in RAPPORTER.values() for t in rapport["tabeller"].values() if t.get("utdrag")]
    assert [t["summor"] for t in utdrag] == [[]]


# --- Genom en inlämnad bok -------------------------------------------------------------------------------------------------

FORSTA_RAD = 6
ALLVAR = {"KR506": Allvar.UPPLYSNING, "KR401": Allvar.FEL}


@pytest.mark.parametrize(("decimaler", "avrundningar", "fel"), [(0, 37, 5), (1, 78, 7)])
def test_i_en_bok_ar_avrundning_en_upplysning_och_fel_ett_fel_vid_cellen(tmp_path: Path, decimaler: int, avrundningar: int, fel: int) -> None:
    """Varje summa och skillnad i trycket som inte går ihop exakt skrivs på en egen nämnds driftblad."""
    kommun, provade = Provkommun(tmp_path), {f"n{nr:02}": x for nr, x in enumerate(_ryms_i_en_bok(decimaler))}
    kommun.skriv("kommun.toml", KOMMUN_TOML + "".join(map(_namnd, provade)) + _enheter(decimaler))
    kommun.skriv("styrning/2024/driftbudget.csv", DRIFTBUDGET + "".join(_budget(enhet, x) for enhet, x in provade.items()))
    for enhet, x in provade.items():
        kommun.lamna(enhet, _bok(x))
    s = kommun.sammanstall()
    funna = sorted((a.enhet, a.kod, s.katalog.allvar(a), a.plats.celler) for a in s.anmarkningar if a.kod in ALLVAR)
    koder = {enhet: "KR401" if x.provad().fel else "KR506" for enhet, x in provade.items()}
    assert funna == [(enhet, kod, ALLVAR[kod], (_cell(provade[enhet]),)) for enhet, kod in koder.items()]
    assert Counter(koder.values()) == {"KR506": avrundningar, "KR401": fel}


def _ryms_i_en_bok(decimaler: int) -> list[Likhet]:
    """Det som driftbladet kan uttrycka: en summa av rader, eller en avvikelse som är ett tal minus ett annat."""
    rapporter = [*RAPPORTER.values(), *(tidigare_version(rapport, andrad) for rapport, andrad in TIDIGARE)]
    alla = dict.fromkeys(x for rapport in rapporter for x in likheter(rapport) if not x.provad().lika)
    steg = 10 ** (DECIMALER - decimaler)
    return [x for x in alla if {x.summa.steg, *(v.steg for _, v in x.delar)} == {steg} and (_ar_summa(x) or _ar_avvikelse(x))]


def _ar_summa(x: Likhet) -> bool:
    return all(tecken == 1 for tecken, _ in x.delar)


def _ar_avvikelse(x: Likhet) -> bool:
    return [tecken for tecken, _ in x.delar] == [1, -1]


def _cell(x: Likhet) -> str:
    """Summaraden i kolumnen Utfall, eller första raden i kolumnen Avvikelse."""
    return f"D{FORSTA_RAD + len(x.delar)}" if _ar_summa(x) else f"H{FORSTA_RAD}"


def _bok(x: Likhet) -> dict[tuple[str, str, str], Varde]:
    tal = [Decimal(v.tal).scaleb(-DECIMALER) for v in (x.summa, *(v for _, v in x.delar))]
    if _ar_summa(x):
        return {("drift", "summa", "utfall"): tal[0], **{("drift", f"r{nr}", "utfall"): v for nr, v in enumerate(tal[1:])}}
    return {("drift", "r0", "avvikelse"): tal[0], ("drift", "r0", "prognos"): tal[1]}


def _budget(enhet: str, x: Likhet) -> str:
    rader = [0] * len(x.delar) if _ar_summa(x) else [x.delar[1][1].tal]
    return "".join(f"{enhet};r{rad};Rad {rad};{formatera(tal, DECIMALER)}\n" for rad, tal in enumerate(rader))


def _namnd(enhet: str) -> str:
    return f'[[enhet]]\nid = "{enhet}"\nnamn = "Nämnd {enhet}"\nslag = "namnd"\ngrupp = "skatt"\n'


def _enheter(decimaler: int) -> str:
    return f'[enheter]\ninmatning = "mnkr"\ninmatning_decimaler = {decimaler}\nstyrning = "mnkr"\n'
