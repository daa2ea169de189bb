"""Svar på anmärkningar: förklaringar i boken stänger varningar, undantag stänger även fel, och svar utan fråga sägs."""

import pytest

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.karna.fel import MallFel, Slutkod
from kommunrapport.rapport.anmarkningslista import som_lista
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.validering import validera
from tests.kommun import Kommandorad, Provkommun, bok, finansbok, vardbok

HUVUD = "kod;enhet;fran;till;motiv;beslut;datum;rad\n"
INTAKT_MED_MINUS: dict[str, Varde] = {"kostnadsslag__intakter__utfall": -4_500, "kostnadsslag__personal__utfall": -27_000}
"""Ger varningen KR404 på Kostnadsslag!D6."""
UTAN_KOMMENTAR: dict[str, Varde] = {"drift__grund__prognos": -61_500, "drift__fritids__prognos": -9_500, "drift__fritids__kommentar": "Färre."}
"""Ger felet KR405 på Driftredovisning!L6."""


def forklara(nr: int, kod: str, var: str, text: str) -> dict[str, Varde]:
    rad = f"forklaringar__a{nr:02}__"
    return {k: v for k, v in {f"{rad}kod": kod, f"{rad}var": var, f"{rad}forklaring": text}.items() if v}


def lamna(kommun: Provkommun, **skola: Varde) -> Sammanstallning:
    for enhet, celler in (("skola", bok(**skola)), ("vard", vardbok()), ("finans", finansbok())):
        kommun.lamna(enhet, celler)
    return kommun.sammanstall()


def svaren(s: Sammanstallning) -> list[tuple[str, Allvar, str]]:
    """(kod, allvar efter svar, svarets slag)."""
    return [(a.kod, s.katalog.allvar(a), a.svar.slag if a.svar else "") for a in s.anmarkningar]


# --- Förklaringar ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kod", "var", "stangd"),
    [
        ("KR404", "Kostnadsslag!D6", True),
        ("kr 404", "kostnadsslag!$D$6", True),
        ("KR404", "Kostnadsslag D6", True),
        ("KR404", "Kostnadsslag, D5:D8", True),
        ("404", "Kostnadsslag!C6:D6", True),
        ("KR404", "Kostnadsslag!C6–E7", True),
        ("KR404", "Kostnadsslag!E6:F6", False),
        ("KR404", "D6", True),
        ("KR404", "D7, D8", False),
        ("KR404", "Driftredovisning!D6", False),
        ("KR404", "Intäkter", True),  # radens namn
        ("KR404", "Kostnadsslag", True),
        ("KR404", "", True),  # alla med koden i boken
        ("KR404", "Kostnadsslag!D7", False),
        ("KR404", "Personalkostnader", False),
        ("KR405", "Kostnadsslag!D6", False),
    ],
)
def test_en_forklaring_stanger_varningen_pa_sin_plats(kommun: Provkommun, kod: str, var: str, stangd: bool) -> None:
    s = lamna(kommun, **INTAKT_MED_MINUS, **forklara(1, kod, var, "Återbetalat statsbidrag."))
    vantat = (
        [("KR404", Allvar.UPPLYSNING, "förklaring")]
        if stangd
        else [("KR404", Allvar.VARNING, ""), ("KR703", Allvar.VARNING if "404" in kod else Allvar.UPPLYSNING, "")]
    )
    assert svaren(s) == vantat


def test_svaret_bar_texten_och_cellen(kommun: Provkommun) -> None:
    (a,) = lamna(kommun, **INTAKT_MED_MINUS, **forklara(3, "KR404", "", "Återbetalat statsbidrag.")).anmarkningar
    assert a.svar is not None
    assert (a.svar.text, a.svar.kalla) == ("Återbetalat statsbidrag.", ("inlamnat/2024-08/skola.xlsx", "Förklaringar", "B8"))


def test_en_forklaring_utan_plats_galler_inte_flera_varningar(kommun: Provkommun) -> None:
    flera: dict[str, Varde] = {**INTAKT_MED_MINUS, "kostnadsslag__kopt__budget": 4_000, "kostnadsslag__personal__budget": -63_000}
    s = lamna(kommun, **flera, **forklara(1, "KR404", "", "Återbetalat statsbidrag."))
    assert svaren(s) == [("KR404", Allvar.VARNING, ""), ("KR404", Allvar.VARNING, ""), ("KR703", Allvar.VARNING, "")]


def test_en_forklaring_utan_plats_galler_alla_celler_i_en_varning(kommun: Provkommun) -> None:
    """Två celler som visas som en rad i listan är en varning."""
    flera: dict[str, Varde] = {**INTAKT_MED_MINUS, "kostnadsslag__intakter__budget": -6_000, "kostnadsslag__personal__budget": -40_000}
    assert svaren(lamna(kommun, **flera, **forklara(1, "KR404", "", "Återbetalat."))) == [("KR404", Allvar.UPPLYSNING, "förklaring")]


def test_en_kod_utan_forklaring_ar_inget_svar(kommun: Provkommun) -> None:
    assert svaren(lamna(kommun, **INTAKT_MED_MINUS, **forklara(1, "KR404", "Kostnadsslag!D6", ""))) == [("KR404", Allvar.VARNING, "")]


def test_ett_fel_kan_inte_forklaras(kommun: Provkommun) -> None:
    s = lamna(kommun, **UTAN_KOMMENTAR, **forklara(1, "KR405", "", "Hann inte."))
    assert (svaren(s), s.slutkod) == ([("KR405", Allvar.FEL, ""), ("KR703", Allvar.VARNING, "")], Slutkod.ANMARKNINGAR)


def test_en_forklaring_galler_bara_sin_egen_bok(kommun: Provkommun) -> None:
    kommun.lamna("vard", vardbok(**forklara(1, "KR404", "Kostnadsslag!D6", "Skolans sak.")))
    kommun.lamna("finans", finansbok())
    kommun.lamna("skola", bok(**INTAKT_MED_MINUS))
    assert svaren(kommun.sammanstall()) == [("KR404", Allvar.VARNING, ""), ("KR703", Allvar.UPPLYSNING, "")]


def test_forklarade_varningar_hor_till_rapportens_bilaga(kommun: Provkommun) -> None:
    s = lamna(kommun, **INTAKT_MED_MINUS, **forklara(1, "KR404", "", "Återbetalat statsbidrag."))
    (rad,) = floden.bygg_rapport(s).tabeller["svar"].rader
    assert (rad.namn, rad.celler[1].text) == ("Skolnämnden", "Återbetalat statsbidrag.")
    assert rad.celler[1].kalla == ("inlamnat/2024-08/skola.xlsx", "Förklaringar", "B6")


def test_utan_svar_finns_ingen_bilaga(kommun: Provkommun) -> None:
    assert "svar" not in floden.bygg_rapport(lamna(kommun, **INTAKT_MED_MINUS)).tabeller


# --- Undantag ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rad", "vantat"),
    [
        ("KR405;skola;2024-08;2024-08;Samlad kommentar;KSAU § 4;2024-08-20;", [("KR405", Allvar.UPPLYSNING, "undantag")]),
        ("KR405;skola;2024-08;2024-08;Samlad kommentar;KSAU § 4;2024-08-20;grund", [("KR405", Allvar.UPPLYSNING, "undantag")]),
        ("KR405;alla;2024-03;2024-12;Samlad kommentar;KSAU § 4;2024-03-20;", [("KR405", Allvar.UPPLYSNING, "undantag")]),
        ("KR405;Skolnämnden;2024-08;2024-08;Samlad kommentar;KSAU § 4;2024-08-20;Grundskola", [("KR405", Allvar.UPPLYSNING, "undantag")]),
        (
            "KR405;skola;2024-08;2024-08;Samlad kommentar;KSAU § 4;2024-08-20;Fritidshem",
            [("KR405", Allvar.FEL, ""), ("KR702", Allvar.UPPLYSNING, "")],
        ),
        ("KR405;vard;2024-08;2024-08;Samlad kommentar;KSAU § 4;2024-08-20;", [("KR405", Allvar.FEL, ""), ("KR702", Allvar.UPPLYSNING, "")]),
        ("KR405;skola;2024-09;2024-12;Samlad kommentar;KSAU § 4;2024-08-20;", [("KR405", Allvar.FEL, "")]),
        ("KR405;skola;2024-03;2024-05;Samlad kommentar;KSAU § 4;2024-03-20;", [("KR405", Allvar.FEL, ""), ("KR701", Allvar.VARNING, "")]),
        ("KR401;skola;2024-03;2024-05;Gammalt;KSAU § 4;2024-03-20;", [("KR405", Allvar.FEL, ""), ("KR701", Allvar.UPPLYSNING, "")]),
    ],
)
def test_ett_undantag_galler_sin_regel_enhet_period_och_rad(kommun: Provkommun, rad: str, vantat: list[tuple[str, Allvar, str]]) -> None:
    kommun.skriv("undantag.csv", f"{HUVUD}{rad}\n")
    assert svaren(lamna(kommun, **UTAN_KOMMENTAR)) == vantat


def test_ett_undantag_gor_att_perioden_ar_klar_och_star_i_bilagan(kommun: Provkommun) -> None:
    kommun.skriv("undantag.csv", f"{HUVUD}KR405;skola;2024-08;2024-08;Samlad kommentar;KSAU § 4;2024-08-20;\n")
    s = lamna(kommun, **UTAN_KOMMENTAR)
    (rad,) = floden.bygg_rapport(s).tabeller["svar"].rader
    assert (s.slutkod, rad.celler[1].text) == (Slutkod.KLART, "Samlad kommentar (KSAU § 4, 2024-08-20)")
    assert rad.celler[1].kalla == ("undantag.csv", "", "rad 2")


def test_en_ensam_bok_far_sitt_undantag_men_inga_andras(kommun: Provkommun) -> None:
    rader = "KR405;skola;2024-08;2024-08;Samlad;KSAU § 4;2024-08-20;\nKR405;vard;2024-08;2024-08;Samlad;KSAU § 4;2024-08-20;\n"
    kommun.skriv("undantag.csv", HUVUD + rader)
    v = validera(kommun.katalog, [str(kommun.lamna("skola", bok(**UTAN_KOMMENTAR)))])
    assert [(a.kod, a.svar.slag if a.svar else "") for a in v.anmarkningar] == [("KR405", "undantag")]


@pytest.mark.parametrize(
    ("rad", "namns"),
    [
        ("KR999;skola;2024-08;2024-08;m;b;2024-08-20;", "KR999"),
        ("KR104;skola;2024-08;2024-08;m;b;2024-08-20;", "KR104"),
        ("KR405;nämnden;2024-08;2024-08;m;b;2024-08-20;", "nämnden"),
        ("KR405;skola;augusti;2024-08;m;b;2024-08-20;", "fran"),
        ("KR405;skola;2024-08;;m;b;2024-08-20;", "till"),
        ("KR405;skola;2024-08;2024-08;;b;2024-08-20;", "motiv"),
        ("KR405;skola;2024-08;2024-08;m;;2024-08-20;", "beslut"),
        ("KR405;skola;2024-08;2024-08;m;b;i höstas;", "datum"),
        ("KR405;skola;2024-08;2024-05;m;b;2024-08-20;", "till"),
    ],
)
def test_ett_undantag_med_brister_namner_raden_och_faltet(hel_kommun: Provkommun, rad: str, namns: str) -> None:
    hel_kommun.skriv("undantag.csv", f"{HUVUD}{rad}\n")
    with pytest.raises(MallFel, match=rf"undantag\.csv, rad 2: .*{namns}"):
        hel_kommun.sammanstall()


def test_en_besvarad_varning_visar_sitt_svar_i_terminalen(kommun: Provkommun, kor: Kommandorad) -> None:
    fil = kommun.lamna("skola", bok(**INTAKT_MED_MINUS, **forklara(1, "KR404", "", "Återbetalat statsbidrag.")))
    svar = kor("validera", str(fil), katalog=kommun.katalog)
    assert (svar.kod, "Återbetalat statsbidrag." in svar.ut) == (0, True)


def test_anmarkningslistan_har_svaret(kommun: Provkommun) -> None:
    s = lamna(kommun, **INTAKT_MED_MINUS, **forklara(1, "KR404", "", "Återbetalat statsbidrag."))
    (rad,) = som_lista(s.anmarkningar, s.katalog, s.arbete.organisation)
    assert (rad["allvar"], rad["svar"], rad["svar_kalla"]) == (
        "upplysning",
        "Återbetalat statsbidrag.",
        "inlamnat/2024-08/skola.xlsx Förklaringar!B6",
    )
