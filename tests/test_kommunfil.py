"""kommun.toml: kommunen, dess enheter och trösklar. Varje fel i filen blir en svensk mening som namnger nyckeln."""

import pytest

from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.fel import AnvandningsFel, MallFel, Slutkod
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import las_arbetskatalog
from tests.kommun import KOMMUN_TOML, Provkommun


def las(kommun: Provkommun) -> Organisation:
    return las_arbetskatalog(kommun.katalog).organisation


def brister(kommun: Provkommun, toml: str) -> list[str]:
    kommun.skriv("kommun.toml", toml)
    with pytest.raises(MallFel) as fel:
        las(kommun)
    assert fel.value.slutkod == Slutkod.MALL
    return list(fel.value.rader)


def med(*byten: tuple[str, str]) -> str:
    """Provkommunens fil med ett stycke utbytt."""
    toml = KOMMUN_TOML
    for fran, till in byten:
        assert fran in toml
        toml = toml.replace(fran, till, 1)
    return toml


# --- Det som är rätt -----------------------------------------------------------------------------------------------


def test_enheterna_kommer_i_filens_ordning_med_namn_slag_och_grupp(kommun: Provkommun) -> None:
    organisation = las(kommun)
    assert organisation.kommun.namn == "Provköpings kommun"
    assert [(e.id, e.namn, e.slag, e.grupp) for e in organisation.enhet] == [
        ("skola", "Skolnämnden", "namnd", "skatt"),
        ("vard", "Vårdnämnden", "namnd", "skatt"),
        ("finans", "Finansförvaltningen", "finansforvaltning", ""),
    ]


def test_det_som_inte_star_har_forval(kommun: Provkommun) -> None:
    organisation = las(kommun)
    assert (organisation.inmatning, organisation.styrning, organisation.rapport) == (Enhet.TKR, Enhet.TKR, Enhet.MNKR)
    assert organisation.trosklar.sekretess_antal == 10
    assert organisation.enhet[0].agarandel == "100"


def test_enheter_trosklar_och_bolag_lases(kommun: Provkommun) -> None:
    kommun.skriv(
        "kommun.toml",
        med(("avvikelse_tkr = 500", "avvikelse_tkr = 900"))
        + '[enheter]\ninmatning = "kr"\nrapport_decimaler = 2\n'
        + '[[enhet]]\nid = "bostader"\nnamn = "Bostäder AB"\nkort = "Bostäder"\nslag = "bolag"\nagarandel = "51,5"\n',
    )
    organisation = las(kommun)
    assert organisation.inmatning is Enhet.KR
    assert organisation.trosklar.avvikelse_tkr == 900
    assert [(e.kort_namn, e.agarandel) for e in organisation.med_slag("bolag")] == [("Bostäder", "51,5")]


@pytest.mark.parametrize("namn", ["skola", "Skolnämnden", "skolnämnden", " Skolnämnden  ", "Skolna\u0308mnden", "Barnnämnden"])
def test_en_enhet_hittas_pa_id_namn_och_tidigare_namn(kommun: Provkommun, namn: str) -> None:
    enhet = las(kommun).sok(namn)
    assert enhet is not None
    assert enhet.id == "skola"


def test_ett_okant_namn_ger_ingen_enhet(kommun: Provkommun) -> None:
    assert las(kommun).sok("Kulturnämnden") is None


def test_filen_far_ha_byte_order_mark(kommun: Provkommun) -> None:
    (kommun.katalog / "kommun.toml").write_bytes(KOMMUN_TOML.encode("utf-8-sig"))
    assert las(kommun).kommun.kort_namn == "Provköping"


# --- Det som är fel ------------------------------------------------------------------------------------------------

NY_ENHET = '[[enhet]]\nid = "kultur"\nnamn = "Kulturnämnden"\n'
FEL: dict[str, tuple[str, tuple[str, ...]]] = {
    "okand_nyckel": (med(('kort_namn = "Provköping"', 'kort_namn = "P"\nlan = "Dalarna"')), ("kommun.lan", "namn, kort_namn, kod, invanare")),
    "okant_avsnitt": (KOMMUN_TOML + "[farger]\nhuvud = 1\n", ("farger", "kommun", "trosklar")),
    "felstavad_nyckel_i_enhet": (KOMMUN_TOML + NY_ENHET + 'slag = "bolag"\ngrup = "x"\n', ("enhet.4.grup", "agarandel", "Menade du grupp?")),
    "saknad_nyckel": (med(('kort_namn = "Provköping"\n', "")), ("kommun.kort_namn",)),
    "saknat_avsnitt": (med(('[arshjul]\nprofil = "hedemora"\n', "")), ("arshjul",)),
    "saknat_slag": (KOMMUN_TOML + NY_ENHET, ("enhet.4.slag",)),
    "text_dar_tal_ska_sta": (med(("avvikelse_tkr = 500", 'avvikelse_tkr = "mycket"')), ("trosklar.avvikelse_tkr", "heltal")),
    "decimaltal_dar_heltal_ska_sta": (med(("avvikelse_procent = 2", "avvikelse_procent = 2.5")), ("trosklar.avvikelse_procent", "heltal")),
    "tal_dar_text_ska_sta": (med(('kort_namn = "Provköping"', "kort_namn = 7")), ("kommun.kort_namn", "text")),
    "text_dar_lista_ska_sta": (med(('["Barnnämnden"]', '"Barnnämnden"')), ("enhet.1.tidigare_namn", "lista")),
    "negativ_troskel": (med(("avvikelse_tkr = 500", "avvikelse_tkr = -1")), ("trosklar.avvikelse_tkr", "0")),
    "for_manga_decimaler": (KOMMUN_TOML + "[enheter]\nrapport_decimaler = 9\n", ("enheter.rapport_decimaler", "3")),
    "okand_beloppsenhet": (KOMMUN_TOML + '[enheter]\nrapport = "msek"\n', ("enheter.rapport", "'kr', 'tkr'", "'mnkr'")),
    "okant_slag": (KOMMUN_TOML + NY_ENHET + 'slag = "utskott"\n', ("enhet.4.slag", "'namnd'", "'forbund'")),
    "otillatet_id": (med(('id = "vard"', 'id = "Vård"')), ("enhet.2.id", "a-z0-9")),
    "otillaten_agarandel": (KOMMUN_TOML + NY_ENHET + 'slag = "bolag"\nagarandel = "hälften"\n', ("enhet.4.agarandel",)),
    "dubbelt_id": (med(('id = "vard"', 'id = "skola"')), ("skola",)),
    "okand_grupp": (med(('grupp = "skatt"\n[[enhet]]', 'grupp = "avgift"\n[[enhet]]')), ("vard", "avgift", "skatt")),
    "namnd_utan_grupp": (KOMMUN_TOML + NY_ENHET + 'slag = "namnd"\n', ("kultur", "skatt")),
    "avsnitt_skrivet_som_lista": (med(("[kommun]", "[[kommun]]")), ("kommun", "avsnitt")),
    "trasig_toml": (med(('namn = "Provköpings kommun"', 'namn = "Provköpings kommun')), ("TOML", "rad 3")),
    "samma_nyckel_tva_ganger": (med(("[arshjul]", 'namn = "Igen"\n[arshjul]')), ("kommun.toml", "samma nyckel")),
}


@pytest.mark.parametrize("fel", FEL)
def test_felet_blir_en_mening_som_namnger_nyckeln_och_vad_som_ar_tillatet(kommun: Provkommun, fel: str) -> None:
    toml, namns = FEL[fel]
    (mening,) = brister(kommun, toml)
    assert mening.startswith(("kommun.toml: ", "kommun.toml, rad "))
    assert [ord_ for ord_ in namns if ord_ not in mening] == []


@pytest.mark.parametrize("fel", FEL)
def test_meningen_har_ingen_engelska(kommun: Provkommun, fel: str) -> None:
    engelska = ("Input", "should", "Field", "required", "value", "Extra", "valid", "at line", "column", "Unclosed", "Cannot", "Invalid", "Illegal")
    (mening,) = brister(kommun, FEL[fel][0])
    assert [ord_ for ord_ in engelska if ord_ in mening] == []


def test_flera_fel_ger_en_mening_var(kommun: Provkommun) -> None:
    toml = med(("avvikelse_tkr = 500", 'avvikelse_tkr = "x"'), ('kort_namn = "Provköping"\n', "")) + NY_ENHET + 'slag = "utskott"\n'
    meningar = brister(kommun, toml)
    nycklar = ["kommun.kort_namn", "trosklar.avvikelse_tkr", "enhet.4.slag"]
    assert [nyckel for nyckel in nycklar if not any(nyckel in mening for mening in meningar)] == []
    assert len(meningar) == len(nycklar)


def test_fel_kodning_sags(kommun: Provkommun) -> None:
    (kommun.katalog / "kommun.toml").write_bytes(KOMMUN_TOML.encode("cp1252"))
    with pytest.raises(MallFel) as fel:
        las(kommun)
    (mening,) = fel.value.rader
    assert mening.startswith("kommun.toml: ")
    assert "UTF-8" in mening


def test_ett_arshjul_som_inte_finns_namns(kommun: Provkommun) -> None:
    kommun.skriv("kommun.toml", med(('profil = "hedemora"', 'profil = "annan"')))
    arbete = las_arbetskatalog(kommun.katalog)
    with pytest.raises(MallFel, match=r"kommun\.toml.*annan.*hedemora, huddinge, katrineholm"):
        assert arbete.arshjul


def test_en_mapp_utan_kommunfil_ar_ingen_arbetskatalog(kommun: Provkommun) -> None:
    (kommun.katalog / "kommun.toml").unlink()
    with pytest.raises(AnvandningsFel, match=r"kommun\.toml"):
        las(kommun)


@pytest.mark.parametrize("rad", ['telefon = "ring Anna"', "svarsdagar = 0", 'svarsdagar = "tre"', "avsandare = 3", 'epost = "a@b.se"'])
def test_paminnelsens_uppgifter_provas(kommun: Provkommun, rad: str) -> None:
    (brist,) = brister(kommun, f"{KOMMUN_TOML}\n[paminnelse]\n{rad}\n")
    assert f"paminnelse.{rad.split(maxsplit=1)[0]}" in brist
