"""Följdfel: orsaken visas, med det som följer av den, och följden först när orsaken är besvarad."""

import pytest

from kommunrapport.karna.anmarkning import Allvar
from kommunrapport.rapport.arbetsbok import Varde
from tests.kommun import Provkommun, bok, redigera

VANT = {"drift__grund__utfall": 40_000}


def lamna(kommun: Provkommun, **andrade: Varde) -> None:
    kommun.lamna_alla()
    kommun.lamna("skola", bok(**andrade))


def test_ett_vant_tecken_ar_orsaken_till_att_bladen_skiljer_sig(kommun: Provkommun) -> None:
    lamna(kommun, **VANT)
    s = kommun.sammanstall()
    (a,) = [a for a in s.anmarkningar if a.enhet == "skola"]
    assert (a.kod, a.plats.celler, s.katalog.allvar(a)) == ("KR411", ("D6",), Allvar.FEL)
    assert "Kostnadsslag" in s.katalog.mening(a)


def test_ar_tecknet_forklarat_visas_att_bladen_skiljer_sig(kommun: Provkommun) -> None:
    lamna(kommun, **VANT, forklaringar__a01__kod="KR411", forklaringar__a01__var="Driftredovisning!D6", forklaringar__a01__forklaring="Engångspost.")
    s = kommun.sammanstall()
    assert [(a.kod, s.katalog.allvar(a)) for a in s.anmarkningar if a.enhet == "skola"] == [("KR402", Allvar.FEL), ("KR411", Allvar.UPPLYSNING)]


def test_ett_vant_tecken_forklarar_inte_en_annan_kolumn(kommun: Provkommun) -> None:
    lamna(kommun, **VANT, kostnadsslag__personal__prognos=-50_000)
    assert kommun.funna("skola") == [("KR402", "G8"), ("KR411", "D6")]


@pytest.mark.parametrize("kolumn", ["utfall", "prognos"])
def test_alla_tecken_i_kolumnen_blir_en_anmarkning(kolumn: str, kommun: Provkommun) -> None:
    ratt = {"utfall": (-40_000, -6_500), "prognos": (-61_000, -10_000)}[kolumn]
    lamna(kommun, **{f"drift__{rad}__{kolumn}": -v for rad, v in zip(("grund", "fritids"), ratt, strict=True)})
    (a,) = [a for a in kommun.sammanstall().anmarkningar if a.enhet == "skola" and a.kod == "KR411"]
    assert [cell[1:] for cell in a.plats.celler] == ["6", "7"]


@pytest.mark.parametrize(("cell", "kod"), [("D8", "KR309"), ("H6", "KR309"), ("D6", "KR301")])
def test_en_overskriven_formel_har_en_egen_kod(cell: str, kod: str, kommun: Provkommun) -> None:
    fil = kommun.lamna("skola", bok())
    ark = redigera(fil)
    ark["Driftredovisning"][cell] = "text"
    ark.save(fil)
    assert [(a.kod, a.plats.celler) for a in kommun.sammanstall().anmarkningar if a.kod in ("KR301", "KR309")] == [(kod, (cell,))]
