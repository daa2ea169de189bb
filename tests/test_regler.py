"""Reglerna: varje regel med ett underlag som går igenom och ett som inte gör det."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

import kommunrapport
from kommunrapport.karna.anmarkning import Allvar, Anmarkning
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period
from kommunrapport.kontroll import motor
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.katalog import las_katalog
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.modell import Regel
from kommunrapport.mall.regler import las_regler
from kommunrapport.rapport.arbetsbok import Varde
from tests.kommun import DRIFTBUDGET, PERIOD, RESULTATBUDGET, TILLAGG, Provkommun, bok, finansbok, vardbok
from tests.test_rapport import lamna_bocker

Andringar = Mapping[str, Varde]
FJOL = Period(2023, 8)
BOKSLUT = Period(2023, 12)
KALLA = Mallkalla((medfoljande(),))
REGLER = las_regler(KALLA, PERIOD.slut, las_katalog(KALLA))
KODER = {regel.id: regel.kod for regel in REGLER}


@dataclass(frozen=True)
class Fall:
    """Ett underlag: de korrekta böckerna med ändrade celler, och anmärkningarna som ska komma.

    ``fjol`` och ``bokslut`` är ändringar i skolans bok för samma period i fjol och finansförvaltningens
    bok i bokslutet; de böckerna lämnas bara när något är angivet. ``styrning`` är styrfiler som ersätter kommunens.
    """

    regel: str
    om: str
    vantat: tuple[tuple[str, str], ...] = ()
    skola: Andringar = field(default_factory=dict)
    vard: Andringar = field(default_factory=dict)
    finans: Andringar = field(default_factory=dict)
    fjol: Andringar | None = None
    bokslut: Andringar | None = None
    avstamning: str = ""
    styrning: Mapping[str, str] = field(default_factory=dict)

    def lamna(self, kommun: Provkommun) -> None:
        """Skriver styrningen och lämnar böckerna."""
        for namn, text in self.styrning.items():
            kommun.skriv(f"styrning/2024/{namn}.csv", text)
        if self.avstamning:
            kommun.skriv(f"avstamning/{PERIOD}.csv", f"tabell;rad;kolumn;belopp\n{self.avstamning}\n")
        if self.fjol is not None or self.bokslut is not None:
            kommun.skriv("styrning/2023/driftbudget.csv", DRIFTBUDGET)
            kommun.skriv("styrning/2023/tillagg.csv", TILLAGG)
        if self.fjol is not None:
            kommun.lamna("skola", bok(**self.fjol), period=FJOL)
        if self.bokslut is not None:
            kommun.lamna("finans", finansbok(**self.bokslut), period=BOKSLUT)
        lamna_bocker(kommun, {"skola": bok(**self.skola), "vard": vardbok(**self.vard), "finans": finansbok(**self.finans)})


# Ändringar som flera fall använder. Alla tal i tusental kronor.
UNDERSKOTT: Andringar = {"drift__grund__prognos": -61_500, "drift__grund__kommentar": "Fler elever.", "kostnadsslag__personal__prognos": -52_500}
NETTO_500_SAMRE: Andringar = {"resultat__kostnader__prognos": -130_500}
OFORANDRAT_FJOL: Andringar = {"drift__gemensamt__utfall_fg": -19_500}
"""Finansförvaltningens jämförelsetal när skolans 46 500 i fjol är med i driftredovisningen."""
BOKSLUT_UTAN_RESULTAT: Andringar = {"balans__arets_resultat__nu": 0, "balans__kassa__nu": 15_000}
INVESTERING = "enhet;rad;benamning;art;budget;beslutad_totalutgift\nskola;ny;Ny skola;utgift;5 000;{}\n"
EN_MILJON_INVESTERAT: Andringar = {"bokforing__investeringsutgifter__utfall": 1_000}
PROJEKTET: Andringar = {"investering__ny__utfall": 1_000, "investering__ny__prognos": 5_000, "investering__ny__budget": 5_000}


def resultatbudget(**andrade: str) -> Mapping[str, str]:
    """Resultatbudgeten med andra belopp; ett tomt belopp tar bort raden, en ny rad läggs sist."""
    rader = dict(rad.split(";") for rad in RESULTATBUDGET.splitlines()) | andrade
    return {"resultatbudget": "".join(f"{rad};{belopp}\n" for rad, belopp in rader.items() if belopp)}


def vardens_utfall(om: str, utfall: int, vantat: tuple[tuple[str, str], ...] = ()) -> Fall:
    """Vårdens utfall är ett annat; kostnadsslagen och resultaträkningen följer med. Vårdens budget är −30 000."""
    mer = utfall + 20_000
    return Fall(
        "storlek",
        om,
        vantat,
        vard={"drift__hemtjanst__utfall": utfall, "kostnadsslag__personal__utfall": utfall, "drift__hemtjanst__kommentar": "Stor avvikelse."},
        finans={"resultat__kostnader__utfall": -86_000 + mer, "resultat__skatt__utfall": 60_000 - mer},
    )


def vardens_prognos(om: str, prognos: int, vantat: tuple[tuple[str, str], ...] = ()) -> Fall:
    """Som ``vardens_utfall`` för prognosen, med den kommentar och åtgärd som avvikelsen kräver."""
    return Fall(
        "storlek",
        om,
        vantat,
        vard={
            "drift__hemtjanst__prognos": prognos,
            "drift__hemtjanst__kommentar": "Stor avvikelse.",
            "kostnadsslag__personal__prognos": prognos,
            "atgarder__a01__atgard": "Vakanser.",
        },
        finans={"resultat__kostnader__prognos": -130_000 + prognos + 30_000},
    )


FALL = [
    # Drift: C utfall i fjol, D utfall, F budget, G prognos, H avvikelse, I kommentar; rad 6 grund, 7 fritids, 8 summa.
    Fall("summor", "summan är delarnas", skola={"drift__summa__utfall": -46_500}),
    Fall("summor", "summan avviker mindre än avrundningen", (("KR506", "D8"),), skola={"drift__summa__utfall": -46_501}),
    Fall("summor", "summan avviker mer än avrundningen", (("KR401", "D8"),), skola={"drift__summa__utfall": -46_502}),
    Fall(
        "summor",
        "delar med en decimal avrundas mindre",
        (("KR401", "D8"),),
        skola={"drift__grund__utfall": Decimal("-40000.4"), "drift__fritids__utfall": Decimal("-6499.6"), "drift__summa__utfall": -46_499},
    ),
    Fall("summor", "formelkolumnen är en annan än prognos minus budget", (("KR401", "H6"),), skola={"drift__grund__avvikelse": 100}),
    Fall("summor", "summan av formelkolumnen är radernas", skola={"drift__summa__avvikelse": 0}),
    Fall("summor", "summan av formelkolumnen är en annan", (("KR401", "H8"),), skola={"drift__summa__avvikelse": 100}),
    Fall(
        "summor",
        "formelkolumnens summa är prognosens minus budgetens men inte radernas",
        (("KR401", "H6"), ("KR401", "H8")),
        skola={"drift__grund__avvikelse": 100, "drift__summa__avvikelse": 0},
    ),
    Fall("summor", "resultaträkningens delsumma är fel", (("KR401", "D9"),), finans={"resultat__nettokostnader__utfall": -67_000}),
    Fall("drift-mot-slag", "bladen visar samma netto", skola={"kostnadsslag__ovrigt__prognos": -3_400, "kostnadsslag__kopt__prognos": -7_100}),
    Fall("drift-mot-slag", "bladen skiljer sig mindre än avrundningen", (("KR506", "G8"),), skola={"kostnadsslag__ovrigt__prognos": -3_503}),
    Fall("drift-mot-slag", "bladen skiljer sig mer än avrundningen", (("KR402", "G8"),), skola={"kostnadsslag__ovrigt__prognos": -3_504}),
    Fall("budget-mot-beslut", "resultatbudgeten är den beslutade"),
    Fall(
        "budget-mot-beslut",
        "resultatbudgeten är den beslutade med tillägg",
        finans={"resultat__skatt__budget": 90_500},
        styrning={"tillagg": f"{TILLAGG}finans;skatt;resultat;500;KF 2024-06-17 § 60\n"},
    ),
    Fall(
        "budget-mot-beslut",
        "en del av tilläggsbeslutet saknas",
        (("KR403", "F6"),),
        skola={"drift__grund__budget": -60_900, "kostnadsslag__ovrigt__budget": -3_400},
    ),
    Fall("budget-mot-beslut", "resultatbudgeten är en annan", (("KR403", "F10"),), styrning=resultatbudget(skatt="90 001")),
    Fall("budget-mot-beslut", "resultatbudgetens rad är inte beslutad", (("KR409", "F10"),), styrning=resultatbudget(skatt="")),
    Fall(
        "budget-mot-beslut",
        "en rad som inte är beslutad är noll",
        finans={"resultat__skatt__budget": 0},
        styrning=resultatbudget(skatt=""),
    ),
    Fall(
        "budget-mot-beslut",
        "projektets totalutgift är den beslutade",
        skola=PROJEKTET,
        finans=EN_MILJON_INVESTERAT,
        styrning={"investeringar": INVESTERING.format("20 000")},
    ),
    Fall(
        "budget-mot-beslut",
        "projektets totalutgift är inte beslutad",
        (("KR409", "I6"),),
        skola={**PROJEKTET, "investering__ny__beslutad": 20_000},
        finans=EN_MILJON_INVESTERAT,
        styrning={"investeringar": INVESTERING.format("")},
    ),
    Fall("budget-mot-beslut", "beslut på en rad som bladet inte har", (("KR410", ""),), styrning=resultatbudget(skatter="90 000")),
    Fall("budget-mot-beslut", "beslut om noll på en rad som bladet inte har", styrning=resultatbudget(skatter="0")),
    Fall(
        "budget-mot-beslut",
        "beslutet har en annan beteckning än raden",
        (("KR409", "F10"), ("KR410", "")),
        styrning=resultatbudget(skatt="", skatter="90 000"),
    ),
    Fall("obligatoriskt", "ej tillämpligt och noll är svar", skola={"personal__heltid__nu": "e.t.", "personal__kvinnor__nu": 0}),
    Fall("obligatoriskt", "tom textruta", (("KR310", "C8"),), skola={"texter__analys__text": ""}),
    Fall("obligatoriskt", "bara ett streck", (("KR310", "D9"),), skola={"personal__heltid__nu": "–"}),
    Fall("obligatoriskt", "inte klarmarkerad", (("KR310", "C11"),), vard={"forsatt__klarmarkerad__svar": ""}),
    Fall("obligatoriskt", "utfallet saknas, och summor som behöver det prövas inte", (("KR310", "D6"),), skola={"drift__grund__utfall": ""}),
    Fall(
        "prognos-saknas",
        "en verksamhets prognos saknas, och summor som behöver den prövas inte",
        (("KR311", "G6"),),
        skola={"drift__grund__prognos": ""},
    ),
    Fall("prognos-saknas", "prognosen är noll", finans={"balanskrav__realvinster__prognos": 0}),
    Fall("prognos-saknas", "prognosen är tom", (("KR311", "D6"),), finans={"balanskrav__realvinster__prognos": ""}),
    Fall("tecken", "inga intäkter", skola={"kostnadsslag__intakter__utfall": 0, "kostnadsslag__personal__utfall": -31_500}),
    Fall(
        "tecken", "intäkt med minus", (("KR404", "D6"),), skola={"kostnadsslag__intakter__utfall": -4_500, "kostnadsslag__personal__utfall": -27_000}
    ),
    Fall("tecken", "kostnad med plus", (("KR404", "D8"),), skola={"kostnadsslag__lokaler__utfall": 100, "kostnadsslag__personal__utfall": -44_100}),
    Fall("kommentar", "under båda gränserna", skola={"drift__grund__prognos": -60_801, "drift__fritids__prognos": -10_199}),
    Fall(
        "kommentar",
        "vid procentgränsen utan kommentar",
        (("KR405", "J7"),),
        skola={"drift__grund__prognos": -60_800, "drift__fritids__prognos": -10_200},
    ),
    Fall(
        "kommentar",
        "vid beloppsgränsen utan kommentar",
        (("KR405", "J6"),),
        skola={"drift__grund__prognos": -61_500, "drift__fritids__prognos": -9_500, "drift__fritids__kommentar": "Färre barn."},
    ),
    Fall(
        "kommentar",
        "ett streck är ingen kommentar",
        (("KR405", "J6"),),
        skola={**UNDERSKOTT, "drift__grund__kommentar": "-", "atgarder__a01__atgard": "Vakanser."},
        finans=NETTO_500_SAMRE,
    ),
    Fall(
        "kommentar",
        "över gränsen med kommentar",
        skola={
            "drift__grund__prognos": -61_500,
            "drift__fritids__prognos": -9_500,
            "drift__fritids__kommentar": "Färre.",
            "drift__grund__kommentar": "Fler.",
        },
    ),
    Fall("atgarder", "underskott vid gränsen med åtgärd", skola={**UNDERSKOTT, "atgarder__a01__atgard": "Färre vikarier."}, finans=NETTO_500_SAMRE),
    Fall("atgarder", "underskott vid gränsen utan åtgärd", (("KR406", "G8"),), skola=UNDERSKOTT, finans=NETTO_500_SAMRE),
    Fall(
        "atgarder",
        "underskott under gränsen",
        skola={"drift__grund__prognos": -61_499, "kostnadsslag__personal__prognos": -52_499},
        finans={"resultat__kostnader__prognos": -130_499},
    ),
    Fall("klarmarkerad", "ja", vard={"forsatt__klarmarkerad__svar": "Ja"}),
    Fall("klarmarkerad", "nej", (("KR312", "C11"),), vard={"forsatt__klarmarkerad__svar": "Nej"}),
    # Sjukfrånvaro: G ordinarie arbetstid, H sjukfrånvaro, I varav minst 60 dagar; rad 6 samtliga, 7 kvinnor.
    Fall("sjukfranvaro-ryms", "hela arbetstiden", skola={"sjukfranvaro__totalt__sjuk_tid": 80_000}),
    Fall("sjukfranvaro-ryms", "mer än arbetstiden", (("KR408", "H6"),), skola={"sjukfranvaro__totalt__sjuk_tid": 80_001}),
    Fall(
        "sjukfranvaro-ryms",
        "mer än arbetstiden i en grupp",
        (("KR408", "H7"),),
        skola={"sjukfranvaro__kvinnor__sjuk_tid": Decimal("80000.5")},
    ),
    Fall("sjukfranvaro-ryms", "arbetstiden är inte tillämplig", skola={"sjukfranvaro__totalt__ord_tid": "e.t."}),
    Fall("lang-sjukfranvaro-ryms", "all sjukfrånvaro är lång", skola={"sjukfranvaro__totalt__lang_tid": 5_600}),
    Fall("lang-sjukfranvaro-ryms", "den långa är mer än all", (("KR412", "I6"),), skola={"sjukfranvaro__totalt__lang_tid": 5_601}),
    # Vårdens drift: rad 6 hemtjänst, 7 summa.
    vardens_utfall("utfallet är noll", 0),
    vardens_utfall("utfallet är strax under hundra gånger budgeten", -2_999_999),
    vardens_utfall("utfallet är hundra gånger budgeten", -3_000_000, (("KR407", "D7"),)),
    vardens_utfall("utfallet är tre tusendelar av budgeten", -90, (("KR407", "D7"),)),
    vardens_utfall("utfallet är strax över tre tusendelar av budgeten", -91),
    vardens_prognos("prognosen är strax under hundra gånger budgeten", -2_999_999),
    vardens_prognos("prognosen är hundra gånger budgeten", -3_000_000, (("KR407", "G7"),)),
    vardens_prognos("prognosen är tre tusendelar av budgeten", -90, (("KR407", "G7"),)),
    vardens_prognos("prognosen är strax över tre tusendelar av budgeten", -91),
    Fall("fg-ar", "fjolårets tal står kvar", fjol={}, finans=OFORANDRAT_FJOL),
    Fall(
        "fg-ar",
        "fjolårets tal är ändrade",
        (("KR601", "C6"), ("KR601", "C7")),
        fjol={},
        skola={"drift__grund__utfall_fg": -39_000, "drift__fritids__utfall_fg": -7_500},
        finans=OFORANDRAT_FJOL,
    ),
    Fall("fg-ar", "bokslutets tal står kvar", bokslut=BOKSLUT_UTAN_RESULTAT),
    Fall(
        "fg-ar",
        "bokslutets tal är ändrade",
        (("KR601", "C9"), ("KR601", "C19")),
        bokslut=BOKSLUT_UTAN_RESULTAT,
        finans={"balans__mark__fg": 149_000, "balans__kassa__fg": 16_000},
    ),
    # Rapportens tabeller har ingen cell i någon bok.
    Fall("drift-mot-resultat", "båda räkningarna är lika"),
    Fall(
        "drift-mot-resultat",
        "andra poster men samma netto",
        finans={"resultat__kostnader__budget": -131_000, "resultat__avskrivningar__budget": -2_000},
        styrning=resultatbudget(kostnader="-131 000", avskrivningar="-2 000"),
    ),
    Fall(
        "drift-mot-resultat",
        "inom avrundningen av sju tal",
        (("KR506", ""),),
        finans={"resultat__kostnader__utfall": -86_003, "resultat__skatt__utfall": 60_003},
    ),
    Fall(
        "drift-mot-resultat",
        "utanför avrundningen",
        (("KR501", ""),),
        finans={"resultat__kostnader__utfall": -86_004, "resultat__skatt__utfall": 60_004},
    ),
    Fall("balans-balanserar", "båda sidor växer lika", finans={"balans__kassa__nu": 17_200, "balans__kortfristiga__nu": 40_100}),
    Fall("balans-balanserar", "tillgångarna är större", (("KR502", ""),), finans={"balans__kassa__nu": 17_200}),
    Fall("balans-balanserar", "jämförelseåret balanserar inte", (("KR502", ""),), finans={"balans__kassa__fg": 15_100}),
    Fall(
        "balans-mot-resultat",
        "samma resultat",
        finans={"balans__arets_resultat__nu": 2_000, "balans__kassa__nu": 17_000, "resultat__skatt__utfall": 59_900},
    ),
    Fall("balans-mot-resultat", "olika resultat", (("KR503", ""),), finans={"balans__arets_resultat__nu": 2_200, "balans__kassa__nu": 17_200}),
    Fall("ingaende-eget-kapital", "ingående är utgående", finans={"balans__ek_ingaende__fg": 90_000, "balans__ek_ingaende__nu": 90_000}),
    Fall("ingaende-eget-kapital", "ingående är ett annat", (("KR504", ""),), finans={"balans__ek_ingaende__nu": 91_000, "balans__kassa__nu": 18_100}),
    # Avstämning: slutradens utfall är exakt −68 000 tkr och dess osäkerhet fyra halva tusental.
    Fall("avstamning", "lika på en decimal", avstamning="drift;slutrad;utfall;-68,0"),
    Fall("avstamning", "lika på fyra decimaler", avstamning="drift;slutrad;utfall;-68,0000"),
    Fall("avstamning", "lika i hela miljoner", avstamning="drift;slutrad;utfall;-68"),
    Fall("avstamning", "halva på väg upp i det tryckta talet", avstamning="drift;skola;utfall;-47"),
    Fall("avstamning", "halva på väg ner i det tryckta talet", avstamning="drift;skola;utfall;-46"),
    Fall("avstamning", "inom de lämnade talens avrundning", (("KR506", "rad 2"),), avstamning="drift;slutrad;utfall;-68,0020"),
    Fall("avstamning", "utanför avrundningen", (("KR505", "rad 2"),), avstamning="drift;slutrad;utfall;-68,0030"),
    Fall("avstamning", "fel på en decimal", (("KR505", "rad 2"),), avstamning="drift;slutrad;utfall;-68,1"),
    Fall("avstamning", "fel tecken", (("KR505", "rad 2"),), avstamning="drift;slutrad;utfall;68,0"),
    Fall("avstamning", "bara den rad som är fel", (("KR505", "rad 3"),), avstamning="drift;slutrad;utfall;-68,0\ndrift;skola;utfall;-46,6"),
    Fall("avstamning", "siffran saknas i rapporten", (("KR505", "rad 2"),), avstamning="balans;panter;nu;1,0"),
    Fall("avstamning", "procent stämmer", avstamning="sjukfranvaro;totalt;nu;7,0"),
    Fall("avstamning", "procent stämmer inte", (("KR505", "rad 2"),), avstamning="sjukfranvaro;totalt;nu;7,1"),
]


def _namn(fall: Fall) -> str:
    return f"{fall.regel}-{fall.om.replace(' ', '_')}"


@pytest.mark.parametrize("fall", FALL, ids=_namn)
def test_regeln(fall: Fall, kommun: Provkommun) -> None:
    fall.lamna(kommun)
    assert kommun.funna() == list(fall.vantat)


@pytest.mark.parametrize("regel", sorted(KODER))
def test_varje_regel_har_ett_fall_som_gar_igenom_och_ett_som_inte_gor_det(regel: str) -> None:
    egna = [fall for fall in FALL if fall.regel == regel]
    assert [fall.om for fall in egna if not fall.vantat]
    assert [fall.om for fall in egna if KODER[regel] in {kod for kod, _ in fall.vantat}]


def test_varje_fall_hor_till_en_regel() -> None:
    assert {fall.regel for fall in FALL} == set(KODER)


def test_varje_kod_i_katalogen_anvands_och_varje_kod_som_anvands_finns_dar() -> None:
    paket = Path(kommunrapport.__file__).parent
    texter = [fil.read_text(encoding="utf-8") for fil in (*paket.rglob("*.py"), *medfoljande().glob("regler/*.toml"))]
    anvanda = {kod for text in texter for kod in re.findall(r"KR\d{3}", text)}
    assert anvanda == set(las_katalog(Mallkalla((medfoljande(),))).poster)


# --- Vad anmärkningen säger ----------------------------------------------------------------------


def test_anmarkningen_har_fil_blad_rad_kolumn_och_vad_som_stod(kommun: Provkommun) -> None:
    Fall("summor", "", skola={"drift__summa__utfall": -46_502}).lamna(kommun)
    (a,) = [a for a in kommun.sammanstall().anmarkningar if a.kod == "KR401"]
    assert (a.enhet, a.plats.fil, a.plats.blad, a.plats.celler) == ("skola", "inlamnat/2024-08/skola.xlsx", "Driftredovisning", ("D8",))
    assert (a.lamnat, a.vantat, a.skillnad) == ("−46\u00a0502 tkr", "−46\u00a0500 tkr", "−2 tkr")


def test_beslutet_pa_en_okand_rad_sager_vilken_rad_och_vilka_som_finns(kommun: Provkommun) -> None:
    Fall("budget-mot-beslut", "", styrning=resultatbudget(skatter="90 000")).lamna(kommun)
    (a,) = kommun.sammanstall().anmarkningar
    assert (a.kod, a.enhet, a.plats.blad, a.plats.celler, dict(a.fakta)) == ("KR410", "finans", "Resultaträkning", (), {"rad": "skatter"})
    assert (a.lamnat, a.vantat) == (
        "90\u00a0000 tkr",
        "intakter, kostnader, avskrivningar, skatt, statsbidrag, fin_intakter, fin_kostnader, extraordinara",
    )


def test_budgeten_utan_beslut_sager_vad_som_star(kommun: Provkommun) -> None:
    Fall("budget-mot-beslut", "", styrning=resultatbudget(skatt="")).lamna(kommun)
    (a,) = kommun.sammanstall().anmarkningar
    assert (a.kod, a.enhet, a.plats.blad, a.plats.celler) == ("KR409", "finans", "Resultaträkning", ("F10",))
    assert (a.lamnat, a.vantat, a.skillnad) == ("90\u00a0000 tkr", "", "")


@pytest.mark.parametrize(
    ("fall", "plats", "star"),
    [
        (Fall("klarmarkerad", "", vard={"forsatt__klarmarkerad__svar": "Nej"}), ("KR312", "vard", "Försättsblad", "C11"), ("Nej", "Ja")),
        (
            Fall("sjukfranvaro-ryms", "", skola={"sjukfranvaro__totalt__sjuk_tid": Decimal("80000.5")}),
            ("KR408", "skola", "Sjukfrånvaro", "H6"),
            ("80\u00a0000,5", "högst 80\u00a0000"),
        ),
        (
            Fall("lang-sjukfranvaro-ryms", "", skola={"sjukfranvaro__totalt__lang_tid": 5_601}),
            ("KR412", "skola", "Sjukfrånvaro", "I6"),
            ("5\u00a0601", "högst 5\u00a0600"),
        ),
        (vardens_utfall("", -20_000_000), ("KR407", "vard", "Driftredovisning", "D7"), ("20\u00a0000\u00a0000 tkr", "30\u00a0000 tkr")),
    ],
    ids=lambda v: v.regel if isinstance(v, Fall) else "",
)
def test_anmarkningen_sager_det_som_star_och_det_som_vantades(
    fall: Fall, plats: tuple[str, str, str, str], star: tuple[str, str], kommun: Provkommun
) -> None:
    fall.lamna(kommun)
    (a,) = kommun.sammanstall().anmarkningar
    assert ((a.kod, a.enhet, a.plats.blad, *a.plats.celler), (a.lamnat, a.vantat)) == (plats, star)


def test_storleken_provas_inte_nar_en_cell_inte_gick_att_lasa(kommun: Provkommun) -> None:
    fall = vardens_utfall("", -20_000_000)
    Fall("storlek", "", vard={**fall.vard, "drift__hemtjanst__utfall": "mycket"}).lamna(kommun)
    assert kommun.funna() == [("KR301", "D6")]


def test_avstamningens_anmarkning_pekar_pa_raden_i_filen_och_siffran_i_rapporten(kommun: Provkommun) -> None:
    Fall("avstamning", "", avstamning="drift;slutrad;utfall;-68,1").lamna(kommun)
    (a,) = [a for a in kommun.sammanstall().anmarkningar if a.kod == "KR505"]
    assert (a.plats.fil, a.plats.celler, a.fakta["adress"]) == ("avstamning/2024-08.csv", ("rad 2",), "drift.slutrad.utfall")
    assert (a.lamnat, a.vantat, a.skillnad) == ("−68,0", "−68,1", "0,1")


@pytest.mark.parametrize("belopp", ["", "ungefär 68", "1.234", "68,0 mnkr"])
def test_en_kontrollsumma_som_inte_ar_ett_tal_stoppar_korningen(belopp: str, hel_kommun: Provkommun) -> None:
    hel_kommun.skriv("avstamning/2024-08.csv", f"tabell;rad;kolumn;belopp\ndrift;slutrad;utfall;{belopp}\n")
    with pytest.raises(MallFel, match=r"avstamning/2024-08\.csv, rad 2"):
        hel_kommun.sammanstall()


@pytest.mark.parametrize("adress", ["drift;slutrad;finns_inte", "drift;finns_inte;utfall", "finns_inte;slutrad;utfall"])
def test_en_kontrollsumma_pa_en_okand_siffra_stoppar_korningen(adress: str, hel_kommun: Provkommun) -> None:
    hel_kommun.skriv("avstamning/2024-08.csv", f"tabell;rad;kolumn;belopp\n{adress};1\n")
    with pytest.raises(MallFel, match=r"avstamning/2024-08\.csv, rad 2"):
        hel_kommun.sammanstall()


# --- Celler som inte gick att läsa -----------------------------------------------------------------


def test_en_summa_over_en_cell_som_inte_gick_att_lasa_provas_inte(kommun: Provkommun) -> None:
    Fall("summor", "", skola={"drift__grund__utfall": "#SAKNAS!", "drift__summa__utfall": -46_500}).lamna(kommun)
    assert kommun.funna() == [("KR301", "D6")]


@pytest.mark.parametrize("cell", ["kostnadsslag__personal__utfall", "drift__fritids__utfall"])
def test_tva_blad_jamfors_inte_nar_en_cell_inte_gick_att_lasa(cell: str, kommun: Provkommun) -> None:
    Fall("drift-mot-slag", "", skola={cell: "cirka 1"}).lamna(kommun)
    assert {kod for kod, _ in kommun.funna()} == {"KR301"}


def test_balansen_provas_inte_nar_en_post_inte_gick_att_lasa(kommun: Provkommun) -> None:
    Fall("balans-balanserar", "", finans={"balans__kassa__nu": "?"}).lamna(kommun)
    assert kommun.funna() == [("KR301", "D19")]


def test_nar_en_enhet_saknas_kommer_inga_foljdfel(kommun: Provkommun) -> None:
    lamna_bocker(kommun, {"skola": bok(), "finans": finansbok()})
    assert [(a.kod, a.enhet) for a in kommun.sammanstall().anmarkningar] == [("KR101", "vard")]


# --- Motorn ----------------------------------------------------------------------------------------

EGEN_REGEL = """[[regel]]
id = "{id}"
kod = "{kod}"
slag = "{slag}"
galler_fran = {fran}
forklaring = "Provregel."
{mer}
"""


def egna_regler(kommun: Provkommun, *regler: str) -> None:
    """Kommunens egen regelfil ersätter den medföljande."""
    kommun.skriv("mallar/regler/2019-01-01.toml", "\n".join(["galler_fran = 2019-01-01\nsenast_kontrollerad = 2026-11-22", *regler]))


def regel(slag: str, kod: str = "KR401", *, fran: str = "2019-01-01", mer: str = "", id_: str = "prov") -> str:
    return EGEN_REGEL.format(id=id_, kod=kod, slag=slag, fran=fran, mer=mer)


FEL_SUMMA: Andringar = {"drift__summa__utfall": -40_000}


@pytest.mark.parametrize(
    ("fran", "mer", "vantat"),
    [
        ("2024-08-31", "", [("KR401", "D8")]),  # gäller från periodens sista dag
        ("2024-09-01", "", []),  # gäller först efter perioden
        ("2019-01-01", "galler_till = 2024-08-31", [("KR401", "D8")]),
        ("2019-01-01", "galler_till = 2024-08-30", []),  # har slutat gälla
    ],
)
def test_en_regel_provas_bara_nar_den_galler(fran: str, mer: str, vantat: list[tuple[str, str]], kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", fran=fran, mer=mer))
    Fall("summor", "", skola=FEL_SUMMA).lamna(kommun)
    assert kommun.funna() == vantat


@pytest.mark.parametrize("allvar", ["upplysning", "varning", "fel", "stopp"])
def test_regelns_allvar_gar_fore_katalogens(allvar: str, kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer=f'allvar = "{allvar}"'))
    Fall("summor", "", skola=FEL_SUMMA).lamna(kommun)
    s = kommun.sammanstall()
    assert [s.katalog.allvar(a) for a in s.anmarkningar] == [Allvar[allvar.upper()]]


def test_regelns_allvar_galler_inte_avrundningar(kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer='allvar = "stopp"'))
    Fall("summor", "", skola={"drift__summa__utfall": -46_501}).lamna(kommun)
    s = kommun.sammanstall()
    assert [(a.kod, s.katalog.allvar(a)) for a in s.anmarkningar] == [("KR506", Allvar.UPPLYSNING)]


def test_en_regel_provar_bara_sitt_blad(kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer='blad = "kostnadsslag"'))
    Fall("summor", "", skola={**FEL_SUMMA, "kostnadsslag__netto__utfall": -1}).lamna(kommun)
    assert kommun.funna() == [("KR401", "D12")]


def test_ett_okant_regelslag_namner_filen_och_vad_som_finns(hel_kommun: Provkommun) -> None:
    egna_regler(hel_kommun, regel("gissa"))
    with pytest.raises(MallFel) as fel:
        hel_kommun.sammanstall()
    assert "mallar/regler/2019-01-01.toml" in str(fel.value)
    assert all(slag in str(fel.value) for slag in ("gissa", *motor.SLAG))


def test_en_okand_nyckel_i_en_regel_namner_filen(hel_kommun: Provkommun) -> None:
    egna_regler(hel_kommun, regel("summa", mer='kolummer = ["utfall"]'))
    with pytest.raises(MallFel, match=r"mallar/regler/2019-01-01\.toml"):
        hel_kommun.sammanstall()


def _gar_sonder(_prov: Prov, _regel: Regel) -> Iterator[Anmarkning]:
    raise ZeroDivisionError


def test_en_regel_som_gar_sonder_sager_det_och_de_andra_kors(kommun: Provkommun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motor, "SLAG", {**motor.SLAG, "tecken": motor.Slag(_gar_sonder)})
    Fall("summor", "", skola=FEL_SUMMA).lamna(kommun)
    s = kommun.sammanstall()
    assert [(a.kod, a.fakta.get("regel", "")) for a in s.anmarkningar] == [("KR401", ""), ("KR900", "tecken")]
    assert s.katalog.allvar(s.anmarkningar[1]) == Allvar.STOPP


@pytest.mark.parametrize(
    ("mer", "namns"),
    [('blad = "drift"\nkolumner = ["utfall"]', "mot"), ('blad = "drift"\nmed = { mot = "kostnadsslag", moot = "drift" }', "moot")],
)
def test_en_regel_med_felaktiga_parametrar_namner_regeln_och_parametern(mer: str, namns: str, hel_kommun: Provkommun) -> None:
    egna_regler(hel_kommun, regel("lika_blad", mer=mer, id_="trasig"))
    with pytest.raises(MallFel, match=rf"mallar/regler/2019-01-01\.toml: regeln trasig: .*{namns}"):
        hel_kommun.sammanstall()


def test_tva_regler_far_inte_ha_samma_kod(hel_kommun: Provkommun) -> None:
    egna_regler(hel_kommun, regel("summa"), regel("tecken", id_="annan"))
    with pytest.raises(MallFel, match="KR401"):
        hel_kommun.sammanstall()


def test_samma_brist_i_flera_celler_blir_en_anmarkning_med_alla_celler(kommun: Provkommun) -> None:
    Fall("obligatoriskt", "", skola={f"personal__{rad}__nu": "" for rad in ("anstallda", "kvinnor", "heltid")}).lamna(kommun)
    (a,) = kommun.sammanstall().anmarkningar
    assert (a.kod, a.plats.celler) == ("KR310", ("D6", "D7", "D9"))


def test_jamforelsetalet_provas_inte_nar_tidigare_period_saknas(kommun: Provkommun) -> None:
    Fall(
        "fg-ar",
        "",
        skola={"kostnadsslag__intakter__utfall_fg": 4_000, "drift__grund__utfall_fg": 4_000},
        finans={"drift__gemensamt__utfall_fg": -70_000},
    ).lamna(kommun)
    assert kommun.funna() == []
