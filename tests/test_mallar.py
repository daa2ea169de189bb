"""De medföljande mallarna: att allt går att läsa och att varje hänvisning leder någonstans."""

import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from kommunrapport.berakning.invanare import TABELL as INVANARE
from kommunrapport.berakning.koncern.rakningar import koncernplaner
from kommunrapport.berakning.koncern.underlag import Koncernunderlag
from kommunrapport.berakning.planering import Underlag, planera
from kommunrapport.inlasning.malstyrning import GRUPP, KOLUMNER, KON_FALT, MATS
from kommunrapport.inlasning.styrning import ARTER, STYRFILER
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import LAGESBILD, PRELIMINAR, Period
from kommunrapport.karna.plan import Hamta, Tabellplan
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.kontroll.motor import SLAG, granska
from kommunrapport.kontroll.villkor import VILLKOR
from kommunrapport.mall import uttryck
from kommunrapport.mall.arshjulsmall import Arshjul, Lagesbildsmall
from kommunrapport.mall.diagrammall import Diagrammall
from kommunrapport.mall.dokumentmall import Dokumentmall
from kommunrapport.mall.katalog import Katalog, las_katalog
from kommunrapport.mall.koladaset import Koladaset
from kommunrapport.mall.koncernmall import Koncernmall
from kommunrapport.mall.lagesbild import tidsord
from kommunrapport.mall.lasning import tolka
from kommunrapport.mall.listmall import Lista, Listkolumn
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.modell import Blad, Enhetsslag, Inlamningsmall, Kolumn, Modell, Rad, Regel, Ursprung
from kommunrapport.mall.organisation import Organisation, Trosklar
from kommunrapport.mall.rapportmall import RAPPORTMALLAR, Avsnittsmall, Rapportmall
from kommunrapport.mall.regler import Regelfil, las_regler
from kommunrapport.mall.rubriker import rubrikord
from kommunrapport.mall.skalor import Skalor
from kommunrapport.mall.uppsiktsmall import Uppsiktsmall
from kommunrapport.mall.uppstallning import Uppstallning, las_rapportmall, las_uppstallning, med_uppstallning
from kommunrapport.utskick import FORIFYLLER
from tests.kommun import KOMMUN_TOML

ROT = medfoljande()
KALLA = Mallkalla((ROT,))
FILER = sorted(fil.relative_to(ROT).as_posix() for fil in ROT.rglob("*.toml"))
MODELLER: Mapping[str, type[Modell]] = {
    "blad": Blad,
    "inlamning": Inlamningsmall,
    "inlamning-lagesbild": Inlamningsmall,
    "lagesbild.toml": Lagesbildsmall,
    "rapport": Rapportmall,
    "regler": Regelfil,
    "arshjul": Arshjul,
    "uppstallning": Uppstallning,
    "koncern": Koncernmall,
    "kolada": Koladaset,
    "avsnitt": Avsnittsmall,
    "skalor": Skalor,
    "uppsikt": Uppsiktsmall,
    "tillganglighet.toml": Dokumentmall,
}
TIDIGARE_PROGNOS = ("fg_prognos", "prognos")
"""Orden för en tidigare prognos månad."""
KATALOGER = ("anmarkningar.toml", "lagrum.toml", "ny/start.toml", "omraden.toml", "prisbasbelopp.toml", "utseende.toml")
DATERADE = [fil for fil in FILER if re.fullmatch(r"\d{4}-\d\d-\d\d", Path(fil).stem)]
MED_URSPRUNG = [fil for fil in DATERADE if issubclass(MODELLER[Path(fil).parts[0]], Ursprung)]
BLADFILER = [fil for fil in FILER if fil.startswith("blad/")]
PERIOD = Period(2024, 8)
KONCERNENS_RADER = {"koncernbidrag", "bolagsskatt"}
"""Rader som bara koncernen har; kommunens kolumner visar att uppgift saknas."""
ELIMINERING = {"period": str(PERIOD), "motpart": "finans", "slag": "", "person": "", "beslutad": ""}
RAPPORTPERIOD = {
    "manad": Period(2024, 3),
    "delar": PERIOD,
    "bokslutskommunike": Period(2024, 12, PRELIMINAR),
    "arsredovisning": Period(2024, 12),
    "lagesbild": Period(2024, 9, LAGESBILD),
}
"""Varje rapports kommando och en period som den skrivs för."""
STYRKOLUMNER = {faktakolumn for form in STYRFILER for _, faktakolumn in (*form.belopp, *form.antal)}
UTAN_BLAD = ("jamforelsetal", INVANARE)
"""Kommunens lista över publicerade jämförelsetal, och invånarna i kommun.toml."""
BOLAG = """[[enhet]]
id = "bostad"
namn = "Bostäder AB"
slag = "bolag"
[[enhet]]
id = "raddning"
namn = "Räddningsförbundet"
slag = "forbund"
"""


def ra(fil: str) -> dict[str, Any]:
    return tomllib.loads((ROT / fil).read_text(encoding="utf-8"))


@cache
def katalog() -> Katalog:
    return las_katalog(KALLA)


@cache
def bladen() -> Mapping[str, tuple[Blad, ...]]:
    """Alla versioner av varje blad."""
    samlade: dict[str, tuple[Blad, ...]] = {}
    for fil in BLADFILER:
        blad = KALLA.las(fil, Blad)
        blad = med_uppstallning(blad, KALLA, Period(max(blad.galler_fran.year, PERIOD.ar), 8), organisation())
        samlade[blad.id] = (*samlade.get(blad.id, ()), blad)
    return samlade


def kolumner(blad: str) -> set[str]:
    return {k.id for version in bladen()[blad] for k in version.kolumn}


def rader(blad: str) -> set[str]:
    return {r.id for version in bladen()[blad] for r in version.rad}


def listor(blad: Blad) -> Mapping[str, tuple[str, ...]]:
    """Listorna som gäller när bladet gör det."""
    dag = max(blad.galler_fran, PERIOD.slut)
    return {**KALLA.las(KALLA.i_kraft("skalor", dag), Skalor).listor, **KALLA.las(KALLA.i_kraft("inlamning", dag), Inlamningsmall).val}


def arter_pa(blad: str) -> tuple[str, ...]:
    """Arterna som styrningens rader kan ha på bladet."""
    return (*ARTER.get(blad, ()), GRUPP) if blad == "mal" else ARTER.get(blad, ())


def regler() -> list[Regel]:
    return [r for fil in FILER if fil.startswith("regler/") for r in KALLA.las(fil, Regelfil).regel]


@cache
def rapportmall(kommando: str = "delar") -> Rapportmall:
    return las_rapportmall(KALLA, RAPPORTMALLAR[kommando], RAPPORTPERIOD[kommando], organisation(), koncern=True)


@cache
def organisation() -> Organisation:
    """En kommun med alla slags enheter."""
    return tolka(Organisation, tomllib.loads(KOMMUN_TOML + BOLAG), "kommun.toml")


@cache
def planer(kommando: str = "delar") -> Mapping[str, Tabellplan]:
    """Rapportens planer när varje enhet har rader av varje slag."""
    styrrader = [Styrrad(e.id, "drift", f"v-{e.id}", "Verksamhet") for e in organisation().enhet if e.slag != "bolag"]
    styrrader += [Styrrad(e.id, "investering", f"{art}-{e.id}", "Projekt", art) for e in organisation().enhet for art in ARTER["investering"]]
    styrrader.append(Styrrad("finans", "finansmal", "m", "Mål", "minst", attribut={"matt": "resultatandel", "visas": "procent", "beslut": ""}))
    styrrader.append(Styrrad("finans", "aterstallning", "2022", "2022", attribut={"uppkom": "2022", "senast": "2025", "beslut": ""}))
    koncernens = {id_: plan for lager in ("", "fg_period", "bokslut_fg") for id_, plan in koncern(lager).items()}
    return planera(rapportmall(kommando), Underlag(organisation(), RAPPORTPERIOD[kommando], styrrader, koncernens))


def koncern(lager: str) -> Mapping[str, Tabellplan]:
    """Koncernens planer när ingen har något mellanhavande."""
    mall = KALLA.las(KALLA.i_kraft("koncern", PERIOD.slut), Koncernmall)
    former = {namn: versioner[-1].uppstallning for namn, versioner in bladen().items() if versioner[-1].uppstallning}
    namn = {*former.values(), *(r.id for r in mall.rakning)}
    uppstallningar = {n: las_uppstallning(KALLA, n, PERIOD, organisation()) for n in namn}
    lamnat = frozenset(e.id for e in organisation().enhet)
    poster = [("balans", "mark"), ("balans", "avs_andra"), ("resultat", "intakter"), ("resultat", "kostnader")]
    eliminerat = [Styrrad("bostad", "elimineringar", f"e-{p}", "Internvinst", attribut={**ELIMINERING, "rakning": r, "post": p}) for r, p in poster]
    ifyllda = frozenset((enhet, blad) for enhet in lamnat for blad in bladen())
    rakningar = tuple(r.id for r in mall.rakning)
    return koncernplaner(
        Koncernunderlag(mall, organisation(), PERIOD, uppstallningar, former, eliminerat, frozenset(), lamnat, rakningar, ifyllda, lager)
    )


def finns(adress: str, *kommandon: str) -> bool:
    """Om någon av rapporterna har siffran; utan kommandon vilken som helst."""
    tabell, rad, kolumn = adress.split(".")
    alla = [planer(k) for k in kommandon or RAPPORTPERIOD]
    return any(tabell in egna and (rad, kolumn) in egna[tabell].steg for egna in alla)


# --- Varje fil ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fil", FILER)
def test_filen_gar_att_lasa_som_det_den_ar(fil: str) -> None:
    assert ra(fil)
    assert fil in KATALOGER or KALLA.las(fil, MODELLER[Path(fil).parts[0]])


@pytest.mark.parametrize("fil", MED_URSPRUNG)
def test_filnamnet_ar_dagen_mallen_borjar_galla(fil: str) -> None:
    mall = KALLA.las(fil, MODELLER[Path(fil).parts[0]])
    assert isinstance(mall, Ursprung)
    assert mall.galler_fran == date.fromisoformat(Path(fil).stem)
    assert mall.senast_kontrollerad > mall.galler_fran


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil not in KATALOGER and fil not in MED_URSPRUNG])
def test_regler_och_arshjul_har_datum(fil: str) -> None:
    mall = KALLA.las(fil, MODELLER[Path(fil).parts[0]])
    if isinstance(mall, Regelfil):
        assert {regel.galler_fran for regel in mall.regel} >= {date.fromisoformat(Path(fil).stem)}
    else:
        assert isinstance(mall, Arshjul | Dokumentmall | Koladaset | Lagesbildsmall)
        assert not isinstance(mall, Arshjul) or mall.id == Path(fil).stem
        assert isinstance(mall, Lagesbildsmall) or mall.kalla
        assert mall.senast_kontrollerad.year > 2000


def test_varje_lagrum_har_dagen_det_kontrollerades() -> None:
    assert {post.kontrollerad.year for post in katalog().lagrum.values()} <= {2025, 2026}


def _lagrum_i(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for nyckel, varde in data.items():
            if nyckel == "lagrum":
                yield from [varde] if isinstance(varde, str) else varde
            else:
                yield from _lagrum_i(varde)
    elif isinstance(data, list):
        for del_ in data:
            yield from _lagrum_i(del_)


@pytest.mark.parametrize("fil", [fil for fil in FILER if any(_lagrum_i(ra(fil)))])
def test_lagrummen_finns_och_det_overifierade_ar_utpekat(fil: str) -> None:
    anvanda = set(_lagrum_i(ra(fil)))
    assert anvanda <= set(katalog().lagrum)
    if fil not in KATALOGER and any(not katalog().lagrum[namn].verifierad for namn in anvanda):
        assert ra(fil)["overifierat"]


# --- Blad --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fil", BLADFILER)
def test_bladets_id_ar_mappen_och_namnet_ryms_i_excel(fil: str) -> None:
    blad = KALLA.las(fil, Blad)
    assert blad.id == fil.split("/")[1]
    assert len(blad.namn) <= 31
    assert not set(blad.namn) & set("[]:*?/\\")


@pytest.mark.parametrize("fil", BLADFILER)
def test_bladets_uttryck_raknar_pa_egna_rader_och_kolumner(fil: str) -> None:
    blad = KALLA.las(fil, Blad)
    egna_kolumner, egna_rader = {k.id for k in blad.kolumn}, {r.id for r in blad.rad}
    for kolumn in blad.kolumn:
        termer = uttryck.parse(kolumn.uttryck) if kolumn.uttryck else ()
        assert {t.namn for t in termer} <= egna_kolumner
        assert set(kolumn.kvot or ()) <= egna_kolumner
        assert bool(kolumn.uttryck or kolumn.kvot or kolumn.ur) == (kolumn.roll == "formel")
        annat, _, ur = kolumn.ur.partition(":")
        assert not ur or {t.namn for t in uttryck.parse(ur)} <= set(kolumner(annat))
    for rad in blad.rad:
        namn = {t.namn for t in uttryck.parse(rad.uttryck) if not t.namn.startswith("*")} if rad.uttryck else set()
        assert namn <= egna_rader - {rad.id}


@pytest.mark.parametrize("fil", BLADFILER)
def test_det_som_fylls_i_hamtas_ur_nagot_som_finns(fil: str) -> None:
    blad = KALLA.las(fil, Blad)
    for kolumn in blad.kolumn:
        kalla, _, namn = kolumn.fylls_fran.partition(":")
        fylls_i = kolumn.roll == "inmatning" and kalla == "fg_blad"
        assert bool(kolumn.fylls_fran) == (kolumn.roll == "forifylld" or fylls_i), kolumn.id
        if kalla == "styrning":
            assert {t.namn for t in uttryck.parse(namn)} <= STYRKOLUMNER
        elif kalla:
            assert kalla in (*FORIFYLLER, "fg_blad")
            assert {t.namn for t in uttryck.parse(namn)} <= {*kolumner(blad.id), *STYRKOLUMNER}


@pytest.mark.parametrize("fil", BLADFILER)
def test_listorna_finns(fil: str) -> None:
    blad = KALLA.las(fil, Blad)
    delar: list[Kolumn | Rad] = [*blad.kolumn, *blad.rad]
    assert {d.val for d in delar if d.val} <= set(listor(blad))
    assert [d.id for d in delar if (d.slag == "val") != bool(d.val)] == []
    assert all(listor(blad)[d.val] for d in delar if d.val)


@pytest.mark.parametrize("fil", BLADFILER)
def test_kolumner_som_bara_hor_till_vissa_rader_namner_rader_som_finns(fil: str) -> None:
    blad = KALLA.las(fil, Blad)
    kanda = rader(blad.id) | set(arter_pa(blad.id))
    assert {art for k in blad.kolumn for art in k.arter} <= kanda


@pytest.mark.parametrize("fil", BLADFILER)
def test_attribut_som_visas_finns_i_styrningen(fil: str) -> None:
    blad = KALLA.las(fil, Blad)
    kanda = {namn for form in STYRFILER if form.tabell == blad.id for namn in form.attribut}
    kanda |= {namn for version in bladen()[blad.id] for r in version.rad for namn in r.attribut}
    kanda |= {KON_FALT} if blad.id == "mal" else set()
    assert {a for k in blad.kolumn for a in (k.attribut, k.nar_attribut) if a} <= kanda


@pytest.mark.parametrize("fil", FILER)
def test_rubrikernas_ord_finns(fil: str) -> None:
    attribut = {namn for form in STYRFILER for namn in form.attribut} if fil.startswith(("uppstallning/", "avsnitt/")) else set()
    kanda = {*rubrikord(PERIOD), *tidsord({}), "enhet", "grupp", "period", "kommun", "motpart", "radnamn", *TIDIGARE_PROGNOS, *attribut}
    kanda |= {"tillfalle"} if fil.startswith("uppsikt/") else set()
    rubriker = [ord_ for nyckel in ("rubrik", "titel", "namn", "fylls", "summarad", "filnamn") for ord_ in _falt(ra(fil), nyckel)]
    anvanda = {namn for text in rubriker for _, namn, _, _ in string.Formatter().parse(text) if namn}
    assert anvanda <= kanda


def _falt(data: object, sokt: str) -> Iterator[str]:
    if isinstance(data, dict):
        for nyckel, varde in data.items():
            if nyckel == sokt and isinstance(varde, str):
                yield varde
            yield from _falt(varde, sokt)
    elif isinstance(data, list):
        for del_ in data:
            yield from _falt(del_, sokt)


INLAMNINGSFILER = [fil for fil in FILER if fil.startswith("inlamning")]


def test_varje_blad_hor_till_nagon_inlamningsbok() -> None:
    assert {b for fil in INLAMNINGSFILER for b in KALLA.las(fil, Inlamningsmall).blad} == {*bladen()}


@pytest.mark.parametrize("fil", INLAMNINGSFILER)
def test_inlamningsboken_har_varje_blad_en_gang(fil: str) -> None:
    blad = KALLA.las(fil, Inlamningsmall).blad
    assert len(blad) == len({*blad})
    for slag in get_args(Enhetsslag):
        namn = [version.namn for b in blad for version in bladen()[b][-1:] if slag in version.galler_for]
        assert len(namn) == len(set(namn)), slag


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil.startswith("arshjul/")])
def test_arshjulet_har_varje_period_hogst_en_gang_i_tidsordning(fil: str) -> None:
    perioder = [post.period(2024) for post in KALLA.las(fil, Arshjul).period]
    assert perioder == sorted(set(perioder))


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil.startswith("arshjul/")])
def test_arshjulets_dagar_kommer_i_ordning(fil: str) -> None:
    """Böckerna skickas ut, lämnas och behandlas i den ordningen, och ingen behandlar en period innan böckerna är inne."""
    for post in KALLA.las(fil, Arshjul).period:
        slut = post.period(2024).slut
        dagar = [post.skickas_ut(slut), post.klar_senast(slut), *(steg.infaller(slut) for steg in post.steg)]
        assert dagar == sorted(dagar), post.period(2024)


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil.startswith("arshjul/")])
def test_arshjulets_steg_har_kalla_eller_ar_var_tolkning(fil: str) -> None:
    hjul = KALLA.las(fil, Arshjul)
    steg = [steg for post in hjul.period for steg in post.steg]
    assert [s.vad for s in steg if not (s.kalla or s.lagrum or s.tolkat)] == []
    assert [h.vad for h in hjul.handelse if not (h.kalla or h.lagrum or h.tolkat)] == []
    assert hjul.overifierat
    assert all(p.steg for p in hjul.period)


# --- Regler ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regel", regler(), ids=lambda r: str(r.id))
def test_regelns_slag_kod_blad_och_kolumner_finns(regel: Regel) -> None:
    assert regel.slag in SLAG
    assert regel.kod in katalog().poster
    assert set(regel.blad) <= set(bladen())
    assert set(regel.granser) <= set(Trosklar.model_fields)


def pa_bladen(regel: Regel) -> set[str]:
    return {k for b in regel.blad or bladen() for k in kolumner(b)}


def ord_i(texter: Iterable[str]) -> set[str]:
    return {namn for text in texter for namn in re.split(r"[ :.+]+", text) if namn}


def _hogst_tabell(regel: Regel) -> None:
    """Tabellen finns bara när kommunen har en resultatreserv; raderna finns i dess uppställning."""
    for sida in ("mindre", "storre"):
        tabell, _, rad = regel.med[sida].partition(".")
        assert rad in {r.id for r in KALLA.las(KALLA.i_kraft(f"uppstallning/{tabell}", PERIOD.slut), Uppstallning).rad}


def _text_vid_minus(regel: Regel) -> None:
    assert any(finns(f"{regel.med['siffra']}.{kolumn}") for kolumn in regel.kolumner)
    assert regel.med["rad"] in rader(regel.blad[0])


def _vasentlig(regel: Regel) -> None:
    assert {f"{matt}_procent" for matt in regel.kolumner} <= {k.id for k in planer()[regel.med["tabell"]].kolumner}


def _siffra_finns(regel: Regel) -> None:
    plan = planer()[regel.med["tabell"]]
    assert set(regel.kolumner) <= {k.id for k in plan.kolumner}
    assert regel.med["fil"].format(ar=PERIOD.ar) in {form.vag(PERIOD.ar) for form in STYRFILER}


def _samband(regel: Regel) -> None:
    celler = {namn for likhet in regel.med.values() for namn in re.findall(r"[a-z_]+\.[a-z_]+\.[a-z_]+", likhet)}
    assert celler <= {f"{b}.{r}.{k}" for b in bladen() for r in rader(b) for k in kolumner(b)}


OVER_RAKNINGARNA = {
    "hogst_tabell": _hogst_tabell,
    "text_vid_minus": _text_vid_minus,
    "vasentlig": _vasentlig,
    "samband": _samband,
    "siffra_finns": _siffra_finns,
}


@pytest.mark.parametrize("regel", regler(), ids=lambda r: str(r.id))
def test_regelns_parametrar_pekar_pa_nagot_som_finns(regel: Regel) -> None:
    granska([regel])
    if regel.slag == "lika_tabeller":
        for par in regel.kolumner:
            vanster, _, hoger = par.partition(":")
            assert finns(f"{regel.med['vanster']}.{vanster}")
            assert finns(f"{regel.med['hoger']}.{hoger or vanster}")
        return
    if regel.slag in OVER_RAKNINGARNA:
        OVER_RAKNINGARNA[regel.slag](regel)
        return
    if regel.slag == "mot_publicerat":
        assert ord_i(regel.kolumner) <= {kolumn for plan in planer().values() for _, kolumn in plan.steg}
        return
    if regel.slag == "kravd_del":
        assert regel.med["allvar"] in {k.allvar for kommando in RAPPORTPERIOD for k in rapportmall(kommando).krav}
        return
    if regel.slag == "ska_vara":
        assert regel.med["kolumn"] in pa_bladen(regel)
        for version in bladen()[regel.blad[0]]:
            (rad,) = [r for r in version.rad if r.id == regel.med["rad"]]
            assert regel.med["varde"] in listor(version)[rad.val]
        return
    if regel.slag == "dubbelt":
        assert set(regel.kolumner) <= pa_bladen(regel)
        return
    i_bladet = pa_bladen(regel)
    allas_rader = {r.id for versioner in bladen().values() for version in versioner for r in version.rad}
    ovriga = {
        *Trosklar.model_fields,
        *VILLKOR,
        *ARTER["investering"],
        "bokslut_fg",
        "fg_period",
        "plus",
        "storre",
        "lika",
        *KOLUMNER,
        *MATS,
        "natt",
        "missat",
        "utan_framsteg",
        "svaret",
        "tomt",
    }
    if "svar" in regel.med:
        ovriga |= {svar for versioner in bladen().values() for v in versioner for lista in listor(v).values() for svar in lista}
    ovriga |= {svar for version in bladen()[regel.blad[0]] for lista in listor(version).values() for svar in lista} if len(regel.blad) == 1 else set()
    ovriga |= {namn for form in STYRFILER if form.tabell in regel.blad for namn in form.attribut}
    allas = (
        {k for b in bladen() for k in kolumner(b)}
        if "summera" in regel.med or "atgarder" in regel.med or regel.slag == "hogst_pa_annat_blad" or regel.med.get("mot") in bladen()
        else set()
    )
    assert ord_i(regel.kolumner) <= i_bladet | set(bladen())
    assert _i_listor(regel) <= {v for b in regel.blad for version in bladen()[b] for lista in listor(version).values() for v in lista}
    assert (
        {regel.med["attribut"]} <= {a for form in STYRFILER if form.tabell in regel.blad for a in form.attribut} if "attribut" in regel.med else True
    )
    egna = [re.sub(r"[;<]| - ", " ", varde) for namn, varde in regel.med.items() if namn not in EGNA_VARDEN]
    assert ord_i(egna) <= {*i_bladet, *allas, *bladen(), *allas_rader, *ovriga}


EGNA_VARDEN = ("varden", "attribut", "minst", "hogst", "ganger", "nagon_av", "tal_i", "ord", "del")
"""Parametrar som är svar ur en lista, ett attribut i styrningen, ett tal eller ord, och inte rader och kolumner."""


def _i_listor(regel: Regel) -> set[str]:
    return set(regel.med.get("varden", "").split(";")) - {""}


def test_reglerna_har_egna_id() -> None:
    for fil in (fil for fil in FILER if fil.startswith("regler/")):
        ids = [regel.id for regel in KALLA.las(fil, Regelfil).regel]
        assert len(ids) == len(set(ids))


def test_reglerna_i_kraft_ar_de_som_inte_har_slutat_galla() -> None:
    i_kraft = {regel.id for regel in las_regler(KALLA, PERIOD.slut, katalog())}
    assert i_kraft == {r.id for r in regler() if r.galler_fran <= PERIOD.slut and (r.galler_till is None or r.galler_till >= PERIOD.slut)}


@pytest.mark.parametrize("kod", sorted(ra("anmarkningar.toml")))
def test_katalogens_meningar_gar_att_fylla_i(kod: str) -> None:
    post = katalog().poster[kod]
    falt = {namn for text in (post.mening, post.gor_sa) for _, namn, _, _ in string.Formatter().parse(text) if namn is not None}
    egna = {"rad", "andel", "fran", "ar", "ingaende", "arets", "rapport", "motpart", "motkolumn", "motcell", "kod", "motiv", "till", "foljd", "hur"}
    egna |= {"person", "dag", "fil", "egen", "karta", "konton", "sie", "vad", "enligt", "var", "slut", "slag", "kolumn", "pa"}
    assert falt <= {
        "foljd",
        "hur",
        "lamnat",
        "vantat",
        "skillnad",
        "grans",
        "bok",
        "hos",
        "antal",
        "last",
        "orsak",
        "mot",
        "andra",
        "period",
        "regel",
        *egna,
    }
    assert all((post.rubrik, post.mening, post.gor_sa, post.kategori))


# --- Rapporten -----------------------------------------------------------------------------------------

RAPPORTFILER = [fil for fil in FILER if fil.startswith("rapport/")]


@pytest.mark.parametrize("fil", RAPPORTFILER)
def test_wordmallen_finns(fil: str) -> None:
    assert KALLA.fil(KALLA.las(fil, Rapportmall).wordmall).is_file()


@pytest.mark.parametrize("tabell", [t.id for t in rapportmall().tabell])
def test_tabellen_hamtar_ur_blad_rader_och_kolumner_som_finns(tabell: str) -> None:
    hamtade = [steg for plan in planer().values() if plan.id.split("-")[0] == tabell for steg in plan.steg.values() if isinstance(steg, Hamta)]
    for steg in hamtade:
        blad = steg.urval.tabell.rpartition("/")[2]
        if blad in UTAN_BLAD:
            continue
        if blad in {form.tabell for form in STYRFILER} - set(bladen()):
            assert {k for _, k in steg.kolumner} <= STYRKOLUMNER
            continue
        assert blad in bladen()
        assert {k.partition("=")[0] for _, k in steg.kolumner} <= kolumner(blad) | STYRKOLUMNER
        fasta = {version.rader_fran for version in bladen()[blad]} == {"fasta"}
        assert set(steg.urval.rader) <= rader(blad) | KONCERNENS_RADER or not fasta
        assert set(steg.urval.arter) <= set(ARTER.get(blad, ()))


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil.startswith("arshjul/")])
def test_varje_periods_rapport_gar_att_planera(fil: str) -> None:
    for post in KALLA.las(fil, Arshjul).period:
        period, omraden = post.period(2024), frozenset(post.omraden)
        mall = las_rapportmall(KALLA, RAPPORTMALLAR[post.kommando], period, organisation(), koncern=False, omraden=omraden)
        kolumner_ = {k.id for t in mall.tabell for k in t.kolumn}
        assert planera(mall, Underlag(organisation(), period, ()))
        assert ("prognos" in kolumner_) == bool({"prognos", "prognossakerhet"} & omraden), post.innehall


@pytest.mark.parametrize("tabell", [t for t in rapportmall().tabell if t.sekretess_kolumn], ids=lambda t: str(t.id))
def test_sekretessen_vilar_pa_en_kolumn_och_rader_som_finns(tabell: Any) -> None:
    plan = planer()[f"{tabell.id}-skola" if tabell.per_enhet else tabell.id]
    kallor = {steg.urval.tabell for steg in plan.steg.values() if isinstance(steg, Hamta)}
    assert all(tabell.sekretess_kolumn in kolumner(blad) for blad in kallor)
    assert {rad for grupp in tabell.delning for rad in grupp} <= {namn for r in plan.rader for namn in (r.id, f"*{r.ur}")}


@pytest.mark.parametrize("tabell", rapportmall().tabell, ids=lambda t: str(t.id))
def test_tabellens_rader_och_kolumner_har_egna_id(tabell: Any) -> None:
    for ids in ([k.id for k in tabell.kolumn], [r.id for r in tabell.rad]):
        assert len(ids) == len(set(ids))
    for rad in tabell.rad:
        assert {*rad.kolumner, *rad.kolumnbyte, *rad.per_kolumn} <= {k.id for k in tabell.kolumn}


DIAGRAM = [(kommando, d) for kommando in RAPPORTPERIOD for d in rapportmall(kommando).diagram]


@pytest.mark.parametrize(("kommando", "diagram"), DIAGRAM, ids=lambda v: v if isinstance(v, str) else v.id)
def test_diagrammet_ritar_rader_och_kolumner_som_finns(kommando: str, diagram: Diagrammall) -> None:
    plan = planer(kommando)[f"{diagram.tabell}-skola" if diagram.per_enhet else diagram.tabell]
    assert set(diagram.rader) <= {r.id for r in plan.rader}
    assert set(diagram.radstil) <= {r.stil for r in plan.rader}
    assert diagram.rader or diagram.radstil
    kolumner = {k.id for k in plan.kolumner}
    assert {k for k in (*diagram.kolumner, *diagram.utom) if not k.endswith("*")} <= kolumner
    assert [s.adress for s in diagram.steg if not finns(s.adress, kommando)] == []
    assert diagram.alttext


@pytest.mark.parametrize("adress", [n.adress for n in rapportmall().nyckeltal])
def test_nyckeltalet_finns(adress: str) -> None:
    assert finns(adress)


@pytest.mark.parametrize("namn", sorted(rapportmall().mening))
def test_meningens_siffror_finns(namn: str) -> None:
    text = rapportmall().mening[namn]
    adresser = re.findall(r"'([a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+)'", text)
    adresser += [f"namnd-skola{rest}" for rest in re.findall(r"n \+ '(\.[a-z0-9_]+\.[a-z0-9_]+)'", text)]
    assert [a for a in adresser if not finns(a)] == []


@pytest.mark.parametrize("lista", rapportmall().lista, ids=lambda x: str(x.id))
def test_listan_visar_falt_som_finns(lista: Lista) -> None:
    assert lista.blad in bladen()
    assert {*lista.kraver_kolumn.split(), *(k.foljd_av for k in lista.kolumn)} <= {"", "*", *kolumner(lista.blad)}
    assert set(lista.summa) <= {k.id for k in lista.kolumn}
    arter = {lista.fet_art, *lista.arter, *lista.utan_indrag, *(art for k in lista.kolumn for art in k.arter)}
    assert arter <= {"", *arter_pa(lista.blad)}
    assert [k.id for k in lista.kolumn if not _faltet_finns(lista.blad, k)] == []


def _faltet_finns(blad: str, k: Listkolumn) -> bool:
    sort, _, namn = k.falt.partition(":")
    attribut = {a for form in STYRFILER if form.tabell == blad for a in form.attribut}
    if k.inom_parentes and k.inom_parentes not in attribut:
        return False
    if sort == "uttryck":
        return {t.namn for t in uttryck.parse(namn)} <= kolumner(blad)
    return {"enhet": not namn, "radnamn": not namn, "attribut": namn in attribut, "kolumn": namn in kolumner(blad)}.get(sort, False)


def test_listor_och_tabeller_har_egna_id() -> None:
    ids = [*(t.id for t in rapportmall().tabell), *(x.id for x in rapportmall().lista)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kommando", RAPPORTPERIOD)
def test_rapportens_tabeller_listor_och_rader_har_egna_id(kommando: str) -> None:
    mall = rapportmall(kommando)
    ids = [*(t.id for t in mall.tabell), *(x.id for x in mall.lista)]
    assert len(ids) == len(set(ids))
    for tabell in mall.tabell:
        assert len({k.id for k in tabell.kolumn}) == len(tabell.kolumn)
        assert len({r.id for r in tabell.rad}) == len(tabell.rad)
        for rad in tabell.rad:
            assert {*rad.kolumner, *rad.kolumnbyte, *rad.per_kolumn} <= {k.id for k in tabell.kolumn}, tabell.id
        assert set(tabell.per_kolumn) <= {r.id for r in tabell.rad}, tabell.id


@pytest.mark.parametrize("kommando", RAPPORTPERIOD)
def test_rapportens_siffror_hamtas_ur_det_som_finns(kommando: str) -> None:
    for plan in planer(kommando).values():
        for steg in (s for s in plan.steg.values() if isinstance(s, Hamta)):
            tabell = steg.urval.tabell.rpartition("/")[2]
            if tabell == INVANARE:
                assert {k for _, k in steg.kolumner} <= {"nu", "fg"}
            elif tabell in bladen():
                assert {k.partition("=")[0] for _, k in steg.kolumner} <= kolumner(tabell) | STYRKOLUMNER, plan.id
            else:
                assert tabell in {form.tabell for form in STYRFILER}, plan.id


@pytest.mark.parametrize("kommando", RAPPORTPERIOD)
def test_rapportens_meningar_och_nyckeltal_namner_siffror_som_finns(kommando: str) -> None:
    mall = rapportmall(kommando)
    adresser = [n.adress for n in mall.nyckeltal]
    for text in mall.mening.values():
        adresser += re.findall(r"'([a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+)'", text)
        adresser += [f"namnd-skola{rest}" for rest in re.findall(r"n \+ '(\.[a-z0-9_]+\.[a-z0-9_]+)'", text)]
    koncernens = {a for a in adresser if a.rpartition(".")[2].startswith("koncern")}
    assert [a for a in adresser if a not in koncernens and not finns(a, kommando)] == []


UPPSTALLNINGAR = [fil for fil in FILER if fil.startswith("uppstallning/")]
LAGENS = [fil for fil in UPPSTALLNINGAR if fil.split("/")[1] not in ("bolagsresultat", "bolagsbalans")]


@pytest.mark.parametrize("fil", LAGENS)
def test_varje_rad_i_en_uppstallning_har_sitt_lagrum(fil: str) -> None:
    """Utom rubriker, och balansräkningens summor och koncernens rader, som är praxis och inte lag."""
    mall = KALLA.las(fil, Uppstallning)
    assert [r.id for r in mall.rad if not r.lagrum and r.stil not in ("rubrik", "summa", "slutrad") and r.plats != "koncern"] == []


def test_noterna_hanvisar_till_rader_och_siffror_som_finns() -> None:
    rader_i = {f"{t.id}.{r.id}" for t in rapportmall("arsredovisning").tabell for r in t.rad}
    for fil in (fil for fil in FILER if fil.startswith("uppstallning/noter/")):
        for rad in KALLA.las(fil, Uppstallning).rad:
            assert set(rad.hor_till) <= rader_i, rad.id
            assert not rad.kravs_nar or finns(rad.kravs_nar, "arsredovisning"), rad.id
            assert rad.skrivs_av or rad.attribut.keys() == {"lag", "krav"}, rad.id


@pytest.mark.parametrize("kommando", sorted({p.kommando for fil in FILER if fil.startswith("arshjul/") for p in KALLA.las(fil, Arshjul).period}))
def test_arshjulets_kommandon_med_rapport_har_en_mall(kommando: str) -> None:
    if kommando in RAPPORTMALLAR:
        assert any(fil.startswith(f"rapport/{RAPPORTMALLAR[kommando]}/") for fil in FILER)


def test_en_version_som_bygger_pa_en_annan_har_dess_innehall_och_egna_uppgifter() -> None:
    fore, efter = (KALLA.las(f"rapport/delarsrapport/{dag}-01-01.toml", Rapportmall) for dag in (2019, 2026))
    assert fore.tabell == efter.tabell
    assert fore.mening == efter.mening
    assert fore.version != efter.version
    assert efter.overifierat[0] not in fore.overifierat
    assert KALLA.i_kraft("rapport/delarsrapport", date(2025, 12, 31)).endswith("2019-01-01.toml")
    assert KALLA.i_kraft("rapport/delarsrapport", date(2026, 8, 31)).endswith("2026-01-01.toml")


def egen_mall(rot: Path, vag: str, text: str) -> Mallkalla:
    """De medföljande mallarna med en egen fil framför."""
    fil = rot / vag
    fil.parent.mkdir(parents=True, exist_ok=True)
    fil.write_text(text, encoding="utf-8")
    return Mallkalla((rot, ROT))


EGEN_LISTA = """som = "2019-01-01"
[[lista]]
id = "uppdrag"
titel = "Uppdrag"
blad = "uppdrag"
kolumn = []
[[lista]]
id = "aktiviteter"
titel = "Aktiviteter"
blad = "uppdrag"
kolumn = []
[mening]
budget = "Resultatet mot budget."
"""


@pytest.mark.parametrize("dag", ["2024-01-01", "2019-01-01"])
def test_en_egen_version_andrar_bara_det_avsnitt_och_den_mening_som_den_anger(dag: str, tmp_path: Path) -> None:
    """Samma datum som den medföljande filen är också en ändring av den."""
    vag, fore = f"avsnitt/uppdrag/{dag}.toml", ra("avsnitt/uppdrag/2019-01-01.toml")
    egen = egen_mall(tmp_path, vag, EGEN_LISTA).data(vag)
    listor = {lista["id"]: lista["titel"] for lista in fore["lista"]} | {"uppdrag": "Uppdrag", "aktiviteter": "Aktiviteter"}
    assert [(lista["id"], lista["titel"]) for lista in egen["lista"]] == list(listor.items())
    assert egen["mening"] == {**fore["mening"], "budget": "Resultatet mot budget."}
    assert egen["senast_kontrollerad"] == fore["senast_kontrollerad"]


def test_en_lista_utan_id_byts_ut_hel(tmp_path: Path) -> None:
    vag = "inlamning/2024-01-01.toml"
    kalla = egen_mall(tmp_path, vag, 'som = "2019-01-01"\nblad = ["forsatt", "mal"]\n[val]\nbedomning_ar = ["Grön", "Röd"]\n')
    mall = kalla.las(vag, Inlamningsmall)
    assert mall.blad == ("forsatt", "mal")
    assert (mall.val["bedomning_ar"], mall.val["ja_nej"]) == (("Grön", "Röd"), ("Ja", "Nej"))


@pytest.mark.parametrize("som", ["2018-01-01", "2024-01-01"])
def test_en_version_som_bygger_pa_en_som_inte_finns_namns(som: str, tmp_path: Path) -> None:
    vag = "inlamning/2024-01-01.toml"
    with pytest.raises(MallFel, match=f"mallar/inlamning/{som}"):
        egen_mall(tmp_path, vag, f'som = "{som}"\n').data(vag)


# --- Version i kraft ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dag", "vag"),
    [
        (date(2019, 1, 1), "uppstallning/balans/2019-01-01.toml"),
        (date(2023, 12, 31), "uppstallning/balans/2019-01-01.toml"),
        (date(2024, 1, 1), "uppstallning/balans/2024-01-01.toml"),
        (date(2099, 1, 1), "uppstallning/balans/2024-01-01.toml"),
    ],
)
def test_den_senaste_versionen_som_har_borjat_galla_anvands(dag: date, vag: str) -> None:
    assert KALLA.i_kraft("uppstallning/balans", dag) == vag


def test_fore_den_forsta_versionen_finns_ingen_mall() -> None:
    with pytest.raises(MallFel, match="mallar/uppstallning/balans"):
        KALLA.i_kraft("uppstallning/balans", date(2018, 12, 31))


def test_en_egen_fil_ersatter_den_medfoljande_och_en_egen_version_laggs_till(tmp_path: Path) -> None:
    for namn in ("2019-01-01", "2026-01-01"):
        fil = tmp_path / "uppstallning" / "balans" / f"{namn}.toml"
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_text("", encoding="utf-8")
    kalla = Mallkalla((tmp_path, ROT))
    assert kalla.fil("uppstallning/balans/2019-01-01.toml").is_relative_to(tmp_path)
    assert kalla.fil("uppstallning/balans/2024-01-01.toml").is_relative_to(ROT)
    assert kalla.i_kraft("uppstallning/balans", date(2026, 8, 31)) == "uppstallning/balans/2026-01-01.toml"


def test_ett_filnamn_som_inte_ar_ett_datum_namns(tmp_path: Path) -> None:
    (tmp_path / "regler").mkdir()
    (tmp_path / "regler" / "gamla.toml").write_text("", encoding="utf-8")
    with pytest.raises(MallFel, match=r"mallar/regler/gamla\.toml"):
        Mallkalla((tmp_path, ROT)).i_kraft("regler", PERIOD.slut)


# --- Koncernen ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil.startswith("koncern/")])
def test_koncernmallens_poster_traffar_rader_som_finns(fil: str) -> None:
    mall = KALLA.las(fil, Koncernmall)
    poster = {r.id: {rad.id for rad in las_uppstallning(KALLA, r.id, PERIOD, organisation()).rad if rad.post} for r in mall.rakning}
    for r in mall.rakning:
        assert r.resultatrad in {rad.id for rad in las_uppstallning(KALLA, r.id, PERIOD, organisation()).rad}
        assert set(r.blad.values()) <= set(bladen())
        assert all(r.kolumn in kolumner(b) for b in r.blad.values())
    for blad in mall.motpartsblad:
        assert {blad.kolumn, blad.ingaende} - {""} <= kolumner(blad.id)
    for sida in (s for slag in mall.slag for s in (slag.givare, slag.mottagare)):
        assert not sida.rakning or sida.rad in poster[sida.rakning], sida.post
        assert {sida.kassaflode, sida.kassaflode_minskning} - {""} <= poster["kassaflode"], sida.post
    assert {mall.forvarv.andelar, mall.forvarv.eget_kapital, mall.forvarv.skillnad} <= poster["balans"]


@pytest.mark.parametrize("fil", [fil for fil in FILER if fil.startswith("uppstallning/bolags")])
def test_bolagsformens_poster_forts_till_rader_som_finns(fil: str) -> None:
    for rad in KALLA.las(fil, Uppstallning).rad:
        for rakning, text in rad.till.items():
            poster = {r.id for r in las_uppstallning(KALLA, rakning, PERIOD, organisation()).rad if r.post}
            assert {t.namn.rpartition(":")[2] for t in uttryck.parse(text)} <= poster, rad.id
            assert {t.namn.rpartition(":")[0] for t in uttryck.parse(text)} <= {"", "skattedel"}, rad.id
        assert bool(rad.till) == rad.post, rad.id
