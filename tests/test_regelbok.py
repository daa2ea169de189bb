"""Regelkatalogen: kommandot regler och dokumentet docs/regler.md säger det som mallarna säger."""

import json
from pathlib import Path

import pytest

from kommunrapport import regelbok
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.period import Period
from tests.kommun import KOMMUN_TOML, Kommandorad, Provkommun

ROT = Path(__file__).resolve().parents[1]
AUGUSTI, APRIL = Period(2024, 8), Period(2024, 4)
FALT = {"kod", "id", "allvar", "rubrik", "kategori", "forklaring", "mening", "gor_sa", "lagrum", "kalla", "slag", "blad", "galler_for", "galler_fran",
        "galler_till", "prova", "granser", "anvands", "bladnamn"}  # fmt: skip


def koder(kommun: Provkommun, period: Period | None, enhet: str = "") -> set[str]:
    return {r["kod"] for r in regelbok.regler(kommun.katalog, period, enhet)}


def test_dokumentet_ar_mallarnas() -> None:
    assert (ROT / "docs/regler.md").read_text(encoding="utf-8") == regelbok.dokument(ROT / "data")


def test_varje_kod_i_katalogen_star_i_dokumentet() -> None:
    dokument = (ROT / "docs/regler.md").read_text(encoding="utf-8")
    katalog = (ROT / "mallar/anmarkningar.toml").read_text(encoding="utf-8")
    assert [rad[1:-1] for rad in katalog.splitlines() if rad.startswith("[KR") and rad[1:-1] not in dokument] == []


def test_en_regel_har_alla_uppgifter(kommun: Provkommun) -> None:
    assert all(set(r) == FALT for r in regelbok.regler(kommun.katalog, AUGUSTI, ""))


def test_enhetens_regler_ar_de_som_provar_dess_bok(kommun: Provkommun) -> None:
    skola, finans = koder(kommun, AUGUSTI, "skola"), koder(kommun, AUGUSTI, "finans")
    assert {"KR402", "KR405", "KR408"} <= skola
    assert not {"KR501", "KR507", "KR509"} & skola  # rapportens tabeller, besluten och bolagens blad
    assert "KR402" not in finans
    assert "KR508" in finans


def test_en_manad_utan_atgarder_har_inga_regler_om_dem(kommun: Provkommun) -> None:
    assert {"KR415"} & koder(kommun, AUGUSTI, "skola") == {"KR415"}
    assert {"KR415"} & koder(kommun, APRIL, "skola") == set()


def test_granserna_ar_kommunens(kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", KOMMUN_TOML.replace("[trosklar]", "[trosklar]\ninvestering_procent = 25"))
    per_kod = {r["kod"]: r for r in regelbok.regler(kommun.katalog, AUGUSTI, "")}
    assert (per_kod["KR405"]["granser"], per_kod["KR405"]["anvands"]) == ({"avvikelse_tkr": 500, "avvikelse_procent": 2}, True)
    assert (per_kod["KR420"]["granser"], per_kod["KR420"]["anvands"]) == ({"investering_procent": 25, "investering_prisbasbelopp": None}, False)


def test_json_och_text_har_samma_koder(kommun: Provkommun, kor: Kommandorad) -> None:
    data = json.loads(kor("regler", "--period", "2024-08", "--json", katalog=kommun.katalog).ut)
    rader = kor("regler", "--period", "2024-08", katalog=kommun.katalog).ut.splitlines()
    assert [rad.split()[0] for rad in rader if rad.startswith("KR")] == [r["kod"] for r in data]


def test_reglerna_star_blad_for_blad_i_korta_rader(kommun: Provkommun, kor: Kommandorad) -> None:
    rader = kor("regler", "--period", "2024-08", "--enhet", "skola", katalog=kommun.katalog).ut.splitlines()
    rubriker = [rad for rad in rader if rad and not rad.startswith(("KR", " "))]
    assert rubriker[0] == "Alla blad"
    assert len(rubriker) == len(set(rubriker)) > 5
    assert max(map(len, rader)) < 120


def test_en_regel_sager_bladen_den_provar(kommun: Provkommun) -> None:
    per_kod = {r["kod"]: r["bladnamn"] for r in regelbok.regler(kommun.katalog, AUGUSTI, "skola")}
    assert (per_kod["KR310"], per_kod["KR405"], per_kod["KR418"]) == ([], ["Driftredovisning"], ["Driftredovisning", "Kostnadsslag"])


def test_regler_om_blad_som_boken_saknar_visas_inte(kommun: Provkommun) -> None:
    utan = koder(kommun, AUGUSTI, "skola")
    assert not {"KR503", "KR511", "KR513", "KR515", "KR447", "KR420", "KR802"} & utan
    kommun.skriv("styrning/2024/investeringar.csv", "enhet;rad;benamning;art;budget\nskola;ny;Ny skola;utgift;5 000\n")
    assert koder(kommun, AUGUSTI, "skola") - utan >= {"KR420", "KR802"}
    assert {"KR503", "KR511"} <= koder(kommun, AUGUSTI, "finans")


def test_orden_som_fylls_i_vid_cellen_visas_inte(kommun: Provkommun) -> None:
    assert [r["kod"] for r in regelbok.regler(kommun.katalog, None, "") if "{" in r["gor_sa"]] == []
    assert "Gör så här: Fyll i cellen.\n" in regelbok.dokument(ROT / "data")


def test_en_okand_enhet_sags(kommun: Provkommun) -> None:
    with pytest.raises(AnvandningsFel):
        regelbok.regler(kommun.katalog, AUGUSTI, "finns inte")
