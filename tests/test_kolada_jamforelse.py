"""Jämförelsen: måtten som tabeller, räkningen ur ett läge, och dokumenten lästa tillbaka."""

import json
import statistics
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommunrapport import cli
from kommunrapport.kolada import matt
from kommunrapport.kolada import ord as i_ord
from kommunrapport.kolada.jamforelse import Jamford, jamfor
from kommunrapport.kolada.lage import Grupp, Lage, Nyckeltalsuppgift, Omrade, Varde, ordnade, som_json
from kommunrapport.mall.koladaset import Koladaset, Setrad, las_seten
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.organisation import Koladaval
from kommunrapport.rapport.axel import axelgrans
from tests.kolada import katalog

DAG = date(2026, 11, 22)
KRAV = Koladaval()
KOMMUN, GRANNAR = "2083", ("0319", "0562", "0687", "1082", "1083", "1885", "1984")


def tal(text: str) -> Decimal | None:
    return None if text == "–" else Decimal(text.replace(",", "."))


def talen(text: str) -> list[Decimal | None]:
    return [tal(t) for t in text.split()]


# --- måtten ---


@pytest.mark.parametrize(
    ("varden", "matten", "antal", "saknas"),
    [  # lägsta, nedre kvartil, median, övre kvartil, högsta; median kräver fem värden, kvartiler sju
        ("7 1 6 2 5 3 4", "1 2,5 4 5,5 7", 7, 0),
        ("4 1 3 2 6 5", "1 – 3,5 – 6", 6, 0),
        ("0,1 0,2 – 0,3 0,4 0,5", "0,1 – 0,3 – 0,5", 5, 1),
        ("4 1 3 2", "1 – – – 4", 4, 0),
        ("7 – –", "7 – – – 7", 1, 2),
        ("0 0 –", "0 – – – 0", 2, 1),
    ],
)
def test_spridningen(varden: str, matten: str, antal: int, saknas: int) -> None:
    s = matt.spridning(talen(varden), KRAV)
    assert s
    assert [s.minst, s.kvartil1, s.median, s.kvartil3, s.storst] == talen(matten)
    assert (s.antal, s.saknas) == (antal, saknas)


def test_utan_varden_finns_ingen_spridning() -> None:
    assert matt.spridning([None, None], KRAV) is None


@pytest.mark.parametrize(
    ("eget", "andra", "riktning", "vantat"),
    [
        ("5", "0 1 2 3 4", "hogre", "1 av 6"),
        ("5", "0 1 2 3 4", "lagre", "6 av 6"),
        ("3", "1 3 5 7 9", "hogre", "4 av 6, delad"),
        ("3,04", "3,01 5 7 9 11", "lagre", "1 av 6, delad"),
        ("3", "1 – 5 7 9 11", "hogre", "5 av 6"),
        ("3", "1 5 7 9", "hogre", "–"),
        ("3", "1 5 7 9 –", "hogre", "–"),
        ("–", "1 2 3 4 5", "hogre", "–"),
        ("3", "1 2 4 5 6", "ingen", "–"),
        ("-2", "-1 0 1 2 3", "hogre", "6 av 6"),
    ],
)
def test_platsen(eget: str, andra: str, riktning: str, vantat: str) -> None:
    assert i_ord.platsord(matt.plats(tal(eget), talen(andra), riktning, 1, KRAV)) == vantat


@pytest.mark.parametrize(
    ("eget", "mot", "riktning", "vantat"),
    [
        ("5", "4", "hogre", "bättre"),
        ("5", "4", "lagre", "sämre"),
        ("5", "4", "ingen", "högre, bedöms inte"),
        ("4,04", "4,01", "hogre", "lika"),
        ("4,06", "4,04", "hogre", "bättre"),
        ("0", "0", "lagre", "lika"),
        ("–", "4", "hogre", "–"),
        ("4", "–", "hogre", "–"),
    ],
)
def test_omdomet(eget: str, mot: str, riktning: str, vantat: str) -> None:
    assert i_ord.omdomesord(matt.omdome(tal(eget), tal(mot), riktning, 1)) == vantat


@pytest.mark.parametrize(
    ("varde", "decimaler", "vantat"), [("2,5", 0, "3"), ("-2,5", 0, "−3"), ("1234,56", 1, "1\u00a0234,6"), ("–", 1, "–"), ("0", 1, "0,0")]
)
def test_sa_visas_ett_tal(varde: str, decimaler: int, vantat: str) -> None:
    assert matt.visat(tal(varde), decimaler) == vantat


DECIMALER = st.decimals(min_value=-(10**6), max_value=10**6, places=4)


@given(st.lists(DECIMALER | st.none(), max_size=40))
def test_medianen_delar_vardena_i_tva_lika_delar(varden: Sequence[Decimal | None]) -> None:
    s, finns = matt.spridning(varden, KRAV), [v for v in varden if v is not None]
    if s is None or s.median is None:
        assert len(finns) < KRAV.minst_median
        return
    assert 2 * sum(v <= s.median for v in finns) >= len(finns)
    assert 2 * sum(v >= s.median for v in finns) >= len(finns)
    assert s.median == statistics.median(sorted(finns))
    assert s.minst <= (s.kvartil1 or s.minst) <= s.median <= (s.kvartil3 or s.storst) <= s.storst
    assert s.antal + s.saknas == len(varden)


@given(DECIMALER, st.lists(DECIMALER, min_size=KRAV.minst_median, max_size=30))
def test_platserna_ar_spegelvanda(eget: Decimal, andra: Sequence[Decimal]) -> None:
    hogre, lagre = (matt.plats(eget, andra, riktning, 1, KRAV) for riktning in ("hogre", "lagre"))
    assert hogre
    assert lagre
    lika = sum(matt.avrundat(v, 1) == matt.avrundat(eget, 1) for v in andra)
    assert hogre.plats + lagre.plats + lika == hogre.av + 1
    assert hogre.delad == (lika > 0)


# --- räkningen ---

VARDEN = """
omrade 2019 2020 2021 2022 2023 2024 2025
2083   -    50   51   -    52   53,5 -
0319   40   41   42   43   44   45   46
0562   50   51   52   53   54   55   56
0687   45   45   45   45   45   45   45
1082   60   60   60   60   60   60   60
1083   55   55   55   55   55   53,5 55
1885   -    -    -    -    -    -    -
1984   48   48   48   48   48   48   48
G33627 -    -    -    -    -    47   47
G2328  50   50   50   50   50   50,5 51
"""


def laget(*, kon: bool = False, status: str = "", riket: str = "") -> Lage:
    huvud, *rader = [rad.split() for rad in VARDEN.strip().splitlines()]
    varden = [
        Varde(nyckeltal="N00310", omrade=omrade, ar=int(ar), kon="T", varde=None if t == "-" else tal(t), status=status if t == "-" else "")
        for omrade, *talen_ in rader
        for ar, t in zip(huvud[1:], talen_, strict=True)
    ]
    if kon:
        egna: tuple[tuple[str, Literal["K", "M"], int], ...] = ((KOMMUN, "K", 56), (KOMMUN, "M", 51), ("0319", "K", 44))
        varden += [Varde(nyckeltal="N00310", omrade=o, ar=2024, kon=k, varde=Decimal(v)) for o, k, v in egna]
    if riket:
        varden.append(Varde(nyckeltal="N00310", omrade="0000", ar=2024, kon="T", varde=tal(riket)))
    namn = {KOMMUN: "Hedemora", "0000": "Riket", "G33627": "Dalarnas läns kommuner", "G2328": "Alla kommuner"}
    return Lage(
        hamtat=DAG,
        kalla="https://api.kolada.se/v3/",
        kommun=KOMMUN,
        fran_ar=2019,
        set={"prov": ("N00310", "N99999")},
        okanda=("N99999",),
        omraden=tuple(Omrade(id=i, namn=namn.get(i, f"Kommun {i}"), typ="G" if i[0] == "G" else "K") for i in (*namn, *GRANNAR)),
        grupper=(Grupp(roll="liknande", id="G37393", namn="Liknande kommuner", medlemmar=GRANNAR), Grupp(roll="lan", id="G33627", namn="Dalarna")),
        nyckeltal=(Nyckeltalsuppgift(id="N00310", titel="Livskvalitet - Kommunindex", beskrivning="Så räknas det.", konsuppdelat=kon),),
        varden=ordnade(varden),
    )


def jamford(riktning: str = "hogre", lage: Lage | None = None, krav: Koladaval = KRAV, **annat: Any) -> Jamford:
    rad = Setrad(id="N00310", namn="Livskvalitet", riktning=riktning, decimaler=1, **annat)  # type: ignore[arg-type]
    j = jamfor(lage or laget(), "prov", Koladaset(titel="Prov", kalla="prov", senast_kontrollerad=DAG, nyckeltal=(rad,)), krav)
    assert j.okanda == ("N99999",)
    return j.jamforda[0]


def test_det_senaste_aret_ar_kommunens_och_luckorna_sags() -> None:
    x = jamford()
    assert (x.ar, x.luckor) == (2024, (2022, 2025))
    assert x.nu
    assert (x.nu.eget, x.nu.lan, x.nu.riket, x.nu.ovagt) == (Decimal("53.5"), Decimal(47), Decimal("50.5"), True)


def test_rikets_eget_varde_gar_fore_det_ovagda() -> None:
    nu = jamford(lage=laget(riket="49,9")).nu
    assert nu
    assert (nu.riket, nu.ovagt) == (Decimal("49.9"), False)


def test_forandringen_kraver_bada_aren() -> None:
    x = jamford()
    assert (x.fore, x.lang, x.trend) == (Decimal("1.5"), None, "battre")
    ett_ar_langre = laget().model_copy(
        update={"varden": (*laget().varden, Varde(nyckeltal="N00310", omrade=KOMMUN, ar=2025, kon="T", varde=Decimal(49)))}
    )
    y = jamford(lage=ett_ar_langre)
    assert (y.fore, y.lang, y.trend) == (Decimal("-4.5"), Decimal(-1), "samre")


def test_ett_ar_som_saknas_ar_en_lucka_och_raknas_inte_fram() -> None:
    x = jamford()
    assert [(a.ar, a.eget is None) for a in x.serie] == [
        (2019, True),
        (2020, False),
        (2021, False),
        (2022, True),
        (2023, False),
        (2024, False),
        (2025, True),
    ]


def test_mot_de_liknande() -> None:
    x = jamford()
    assert x.nu
    assert x.nu.spridning
    assert (x.nu.spridning.median, x.nu.spridning.antal, x.nu.spridning.saknas) == (Decimal("50.75"), 6, 1)
    assert (x.mot_median, x.plats) == ("battre", (3, 7, 1, True))
    assert jamford("lagre").plats == (4, 7, 1, True)
    assert (jamford("ingen").mot_median, jamford("ingen").plats) == ("hogre", None)


def test_kvinnor_och_man() -> None:
    assert jamford(lage=laget(kon=True)).kon == (("K", Decimal(56), None), ("M", Decimal(51), None))
    assert jamford().kon == ()


def test_koladas_ord_om_det_som_saknas_foljer_med() -> None:
    assert jamford(lage=laget(status="Private")).status == "Private"


@pytest.mark.parametrize(("kommun", "antal"), [("2083", 1), ("0483", 0)])
def test_malet_ar_bara_den_kommunens(kommun: str, antal: int) -> None:
    mal = {"kommun": kommun, "start_ar": 2022, "start": "51", "mal_ar": 2026, "mal": "55", "kalla": "Styrmodell"}
    x = jamford(mal=(mal,))
    assert [(m.start, m.onskat, m.sedan_start, m.natt) for m in x.mal] == [(Decimal(51), Decimal(55), Decimal("2.5"), False)] * antal


def test_de_andras_varden_visas_var_for_sig_nar_de_ar_for_fa_for_en_median(tmp_path: Path) -> None:
    fyra = laget().model_copy(update={"grupper": (Grupp(roll="ovriga", id="fil", namn="Övriga", medlemmar=GRANNAR[:4]),)})
    rot = katalog_med(tmp_path, fyra)
    assert kor("--set", "prov", "--katalog", str(rot)) == 0
    huvud, *rader = tabellen(fil(rot, "docx"), "Nyckeltal")
    assert huvud[1:] == ["Hedemora", "Sedan året före", "Kommun 0319", "Kommun 0562", "Kommun 0687", "Kommun 1082", "Riket"]
    assert rader[0][1:] == ["53,5", "+1,5", "45,0", "55,0", "45,0", "60,0", "50,5"]
    assert tabellen(fil(rot, "docx"), "År")[0][2:-1] == huvud[3:-1]
    text = "\n".join(p.text for p in docx.Document(str(fil(rot, "docx"))).paragraphs)
    assert "minst 5 andra kommuner" in text
    assert "liknande" not in text


@pytest.mark.parametrize(("minst", "median", "kvartil"), [((5, 7), True, False), ((6, 6), True, True), ((7, 7), False, False)])
def test_hur_manga_kommuner_som_kravs_ar_ett_val(minst: tuple[int, int], median: bool, kvartil: bool) -> None:
    krav = Koladaval(minst_median=minst[0], minst_kvartiler=minst[1])
    x = jamford(krav=krav)
    assert x.nu
    assert x.nu.spridning
    assert x.nu.spridning.antal == 6
    assert (x.nu.spridning.median is not None, x.nu.spridning.kvartil1 is not None) == (median, kvartil)
    assert (x.mot_median is not None, x.plats is not None) == (median, median)


# --- seten ---


def test_kkik_ger_riktning_bara_till_nyckeltal_som_gruppen_har() -> None:
    set_ = las_seten(Mallkalla((medfoljande(),)), ["kkik"])["kkik"]
    titlar = {"U21468": "Brukarbedömning", "N31807": "Ekonomiskt bistånd", "N11008": "Kostnad förskola", "N15999": "Något nytt,  andel (%)"}
    hamtat = laget().model_copy(
        update={"set": {"kkik": tuple(titlar)}, "nyckeltal": tuple(Nyckeltalsuppgift(id=i, titel=t) for i, t in titlar.items()), "varden": ()}
    )
    j = jamfor(hamtat, "kkik", set_, KRAV)
    assert j.okanda == ()
    assert [(x.rad.id, x.rad.riktning, x.rad.tolkat) for x in j.jamforda] == [
        ("U21468", "hogre", False),
        ("N31807", "lagre", True),
        ("N11008", "ingen", False),
        ("N15999", "ingen", False),
    ]
    assert (j.jamforda[3].namn, j.jamforda[3].rad.enhet) == ("Något nytt", "procent")


@pytest.mark.parametrize(
    ("titel", "namn", "enhet", "decimaler"),
    [
        ("Sjukfrånvaro,  andel (%)", "Sjukfrånvaro", "procent", 1),
        ("Soliditet kommun, (%)", "Soliditet kommun", "procent", 1),
        ("Bistånd, andel (%) av bef.", "Bistånd, andel (%) av bef.", "procent", 1),
        ("Skulder totalt kommun, kr/inv", "Skulder totalt kommun", "kronor per invånare", 0),
        ("Årsarbetare totalt, kommun, antal", "Årsarbetare totalt, kommun", "antal", 0),
        ("Kostnad förskola, kr/inskrivet barn", "Kostnad förskola, kr/inskrivet barn", "", 0),
        ("Livskvalitet - Kommunindex", "Livskvalitet - Kommunindex", "", 1),
    ],
)
def test_ett_nyckeltal_utan_rad_far_namn_och_enhet_ur_titeln(titel: str, namn: str, enhet: str, decimaler: int) -> None:
    hamtat = laget().model_copy(update={"set": {"x": ("N00001",)}, "nyckeltal": (Nyckeltalsuppgift(id="N00001", titel=titel),), "varden": ()})
    (x,) = jamfor(hamtat, "x", Koladaset(titel="x", kalla="", senast_kontrollerad=DAG, grupp="x"), KRAV).jamforda
    assert (x.namn, x.rad.enhet, x.rad.decimaler) == (namn, enhet, decimaler)


def test_hedemoras_mal_star_i_kommunindex() -> None:
    set_ = las_seten(Mallkalla((medfoljande(),)), ["kommunindex"])["kommunindex"]
    assert {n.id: (m.start, m.mal) for n in set_.nyckeltal for m in n.mal if m.kommun == "2083"} == {
        "N00310": ("51", "55"),
        "U00200": ("80", "85"),
        "N00301": ("54", "60"),
        "N00300": ("34", "40"),
    }


def test_varje_riktning_har_en_kalla_eller_ar_markt_som_tolkad() -> None:
    alla = las_seten(Mallkalla((medfoljande(),)), [])
    assert [n.id for s in alla.values() for n in s.nyckeltal if n.riktning != "ingen" and not (n.kalla or n.tolkat)] == []


# --- dokumenten ---

SET = """titel = "Prov"
kalla = "prov"
senast_kontrollerad = 2026-11-22

[[nyckeltal]]
id = "N00310"
namn = "Livskvalitet"
riktning = "hogre"
enhet = "index"
"""


@pytest.fixture(scope="module")
def skrivet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rot = katalog_med(tmp_path_factory.mktemp("jamforelse"), laget(kon=True))
    assert kor("--set", "prov", "--katalog", str(rot)) == 0
    return rot


def katalog_med(rot: Path, lage: Lage) -> Path:
    katalog(rot, KOMMUN)
    for vag, data in (("styrning/kolada/2026-11-22.json", som_json(lage)), ("mallar/kolada/prov.toml", SET.encode())):
        (rot / vag).parent.mkdir(parents=True)
        (rot / vag).write_bytes(data)
    return rot


def tabellen(dokument: Path, forsta: str) -> list[list[str]]:
    """Den första tabellen vars första cell är den."""
    tabeller = [[[c.text for c in rad.cells] for rad in t.rows] for t in docx.Document(str(dokument)).tables]
    return next(t for t in tabeller if t[0][0] == forsta)


def kor(*argument: str) -> int:
    return cli._kor(["jamfor-kommuner", *argument], felsok=False)


def fil(rot: Path, slag: str) -> Path:
    return rot / "rapporter" / "jamforelser" / f"Jämförelse prov 2026-11-22.{slag}"


def test_wordtabellen_visar_siffrorna(skrivet: Path) -> None:
    tabeller = docx.Document(str(fil(skrivet, "docx"))).tables
    rader = {cell.text: [c.text for c in rad.cells[1:]] for t in tabeller for rad in t.rows for cell in rad.cells[:1]}
    assert rader["Livskvalitet, index, 2024 ¹"] == ["53,5", "+1,5", "50,8", "47,0", "50,5", "bättre", "3 av 7, delad"]
    assert rader["2022"][0] == "–"


def test_kalla_och_dag_star_i_dokumentet(skrivet: Path) -> None:
    text = "\n".join(p.text for p in docx.Document(str(fil(skrivet, "docx"))).paragraphs)
    assert "Källa: Kolada, hämtat 22 november 2026" in text
    assert "Egen beräkning" in text


def test_diagrammets_text_ar_raknad_ur_siffrorna_och_luckan_ritas_inte(skrivet: Path) -> None:
    with zipfile.ZipFile(fil(skrivet, "docx")) as arkiv:
        dokument, diagram = (arkiv.read(f"word/{namn}.xml").decode() for namn in ("document", "charts/chart1"))
    assert "2022 uppgift saknas" in dokument
    assert "2024 53,5" in dokument
    assert 'dispBlanksAs val="gap"' in diagram
    assert diagram.count("prstDash") == 4


def test_excelboken_har_varje_varde_med_sin_kalla(skrivet: Path) -> None:
    bok = openpyxl.load_workbook(fil(skrivet, "xlsx"))
    assert bok["Nyckeltalen i översikt"]["B3"].value == 53.5
    kallor = [[c.value for c in rad] for rad in bok["Källor"].iter_rows(min_row=3)]
    egna = next(rad for rad in kallor if "N00310, 2083, 2024, T" in rad)
    assert "styrning/kolada/2026-11-22.json" in egna
    medianens = [rad for rad in kallor if rad[:3] == ["Nyckeltalen i översikt", "Livskvalitet, index, 2024 ¹", "Liknande, median"]]
    assert len(medianens) == 6


def test_samma_lage_ger_samma_byte(skrivet: Path) -> None:
    fore = {slag: fil(skrivet, slag).read_bytes() for slag in ("docx", "xlsx")}
    assert kor("--set", "prov", "--katalog", str(skrivet), "--lage", "2026-11-30") == 0
    assert {slag: fil(skrivet, slag).read_bytes() for slag in fore} == fore


def test_svaret_som_json(skrivet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kor("--set", "prov", "--katalog", str(skrivet), "--json") == 0
    svar = json.loads(capsys.readouterr().out)
    assert svar["hamtat"] == "2026-11-22"
    (ett,) = svar["nyckeltal"]
    assert (ett["varde"], ett["forandring_1"], ett["forandring_5"], ett["spridning"]["median"]) == ("53.5", "1.5", None, "50.75")


HEDEMORA = """kpi;year;gender;value;municipality_id;municipality
N00310;2022;T;51;2083;Hedemora
U00200;2022;T;80;2083;Hedemora
N00301;2022;T;54;2083;Hedemora
N00300;2020;T;34;2083;Hedemora
"""
"""Källa: Hedemora kommun, Styrmodell, utgångsvärdena. Verkliga tal; att de är just de nyckeltalen är en tolkning (mallar/kolada/kommunindex.toml)."""


def test_hedemoras_publicerade_varden_ur_en_fil_star_i_jamforelsen(tmp_path: Path) -> None:
    rot, varden = katalog(tmp_path, KOMMUN), tmp_path / "hedemora-styrmodell.csv"
    varden.write_text(HEDEMORA, encoding="utf-8")
    assert cli._kor(["importera", "kolada", "--fran-fil", str(varden), "--datum", "2026-11-22", "--katalog", str(rot)], felsok=False) == 0
    for namn in ("kommunindex", "egna"):
        assert kor("--set", namn, "--katalog", str(rot)) == 0
        dokument = rot / "rapporter" / "jamforelser" / f"Jämförelse {namn} 2026-11-22.docx"
        oversikt = tabellen(dokument, "Nyckeltal")
        assert oversikt[0][1:] == ["Hedemora", "Sedan året före"]
        assert {rad[0].split(",")[-1].strip() + " " + rad[1] for rad in oversikt[1:] if rad[1] != "–"} == {"2022 51", "2022 80", "2022 54", "2020 34"}
        assert "hedemora-styrmodell.csv" in "\n".join(p.text for p in docx.Document(str(dokument)).paragraphs)


@pytest.mark.parametrize(
    ("varden", "nollbas", "grans"),
    [
        ("34 42 –", False, ("min", "32")),
        ("0,5 9", False, ("min", "0")),
        ("-4 4", False, ("min", "-6")),
        ("7 7", False, None),
        ("34 42", True, ("min", "0")),
        ("-3 -1", True, ("max", "0")),
        ("-3 1", True, None),
        ("–", False, None),
    ],
)
def test_linjerna_anvander_hela_diagrammet(varden: str, nollbas: bool, grans: tuple[str, str] | None) -> None:
    assert axelgrans(talen(varden), nollbas=nollbas) == (grans and (grans[0], Decimal(grans[1])))


@pytest.mark.parametrize(
    ("flaggor", "slutkod"), [(["--set", "nix"], 2), (["--set", "prov", "--lage", "2020-01-01"], 2), (["--set", "personal"], 3), ([], 2)]
)
def test_det_som_inte_gar_sags(skrivet: Path, flaggor: list[str], slutkod: int) -> None:
    assert kor(*flaggor, "--katalog", str(skrivet)) == slutkod
