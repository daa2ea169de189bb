"""En liten kommun att prova på: en arbetskatalog som skrivs på ett par rader och böcker som fylls i celler."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from kommunrapport import cli, floden, utskick
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.rapport.arbetsbok import Varde

_SKRIVNA: dict[tuple[str, str, str, str], bytes] = {}
PERIOD = Period(2024, 8)
Celler = Mapping[tuple[str, str, str], Varde]

KOMMUN_TOML = """
[kommun]
namn = "Provköpings kommun"
kort_namn = "Provköping"
[arshjul]
profil = "hedemora"
[trosklar]
avvikelse_tkr = 500
avvikelse_procent = 2
underskott_tkr = 500
[[grupp]]
id = "skatt"
namn = "skattefinansierade nämnder"
[[enhet]]
id = "skola"
namn = "Skolnämnden"
slag = "namnd"
grupp = "skatt"
tidigare_namn = ["Barnnämnden"]
[[enhet]]
id = "vard"
namn = "Vårdnämnden"
slag = "namnd"
grupp = "skatt"
[[enhet]]
id = "finans"
namn = "Finansförvaltningen"
slag = "finansforvaltning"
"""
DRIFTBUDGET = """enhet;rad;benamning;ursprunglig
skola;grund;Grundskola;-60 000
skola;fritids;Fritidshem;-10 000
vard;hemtjanst;Hemtjänst;-30 000
finans;gemensamt;Gemensamma poster;-2 000
"""
RESULTATBUDGET = """rad;ursprunglig
intakter;30 000
kostnader;-130 000
avskrivningar;-3 000
skatt;90 000
statsbidrag;15 000
fin_intakter;700
fin_kostnader;-700
"""
TILLAGG = """enhet;rad;tabell;belopp;beslut
skola;grund;drift;-1 000;KF 2024-04-22 § 41
"""


FINANSMAL = """rad;benamning;art;mal;matt
resultatandel;Årets resultat i procent av skatter och bidrag;minst;1,0;resultatandel
"""


# Det som en kommun därutöver kan ha: bolag, mål, uppdrag, investeringar och alla slags texter.
SVAR_TEXT = "Rad ett: R&D < 3 % > 2 % \"citat\" 'apostrof' \\ / 🏫 é.\n\nRad tre med {{ rapport.titel }} och {% raw %}."
"""Text som en människa kan skriva i en cell, med tecken som betyder något i XML och i mallar."""

MAL = """enhet;rad;art;benamning;overordnat;matt;utgangsvarde;malvarde
skola;m1;mal;Alla elever når målen & trivs <bra>;Kunskap;;;
skola;i1;indikator;Andel behöriga;Kunskap;%;81,0;85
skola;m2;mal;Tryggt;Trygghet;;;
bostad;m1;mal;Fler bostäder;Boende;;;
"""
UPPDRAG = """enhet;rad;benamning;beslut;klart
skola;u1;Utred skolskjutsen;KF 2024-02-26 § 12;2024-12-31
vard;u2;Se över taxan;KF 2023-11-20 § 140;
"""
INVESTERINGAR = """enhet;rad;benamning;art;budget;beslutad_totalutgift
skola;nybygge;Ny skola "Ängen" & idrottshall;utgift;20 000;45 000
skola;bidrag;Statsbidrag;inkomst;-5 000;-8 000
vard;boende;Äldreboende;utgift;8 000;8 000
finans;natverk;Nätverk;utgift;1 000;1 000
"""
FLER_ENHETER = """[[enhet]]
id = "bostad"
namn = "Provköpings Bostäder AB"
slag = "bolag"
agarandel = "100"
[[enhet]]
id = "raddning"
namn = "Räddningsförbundet Öst & Väst"
slag = "forbund"
agarandel = "33,4"
"""
SKOLA: dict[str, Varde] = {
    "texter__uppdrag__text": "Skola & fritids.",
    "texter__handelser__text": "En ny skola < planerad >.",
    "texter__analys__text": SVAR_TEXT,
    "texter__framtid__text": "Fler elever.",
    "texter__atgarder__text": "Resten täcks nästa år.",
    "drift__grund__prognos": -62_500,
    "drift__grund__kommentar": "Fler elever & dyrare lokaler.",
    "kostnadsslag__personal__prognos": -53_500,
    "investering__nybygge__utfall": 12_000,
    "investering__nybygge__prognos": 21_500,
    "investering__nybygge__prognos_total": 46_000,
    "investering__bidrag__utfall": -3_000,
    "investering__bidrag__prognos": -5_000,
    "mal__i1__utfall": "82,5",
    "mal__m1__bedomning": "Bedöms delvis uppnås",
    "mal__m1__kommentar": "Behörigheten ökar men < målet.",
    "mal__m2__bedomning": "Bedöms uppnås",
    "mal__m2__kommentar": "Enkäten visar det.",
    "uppdrag__u1__status": "Pågår",
    "uppdrag__u1__kommentar": "Klart i höst.",
    "atgarder__a01__atgard": "Färre vikarier & bättre schema",
    "atgarder__a01__effekt_ar": 333,
    "atgarder__a01__effekt_helar": 1_050,
    "atgarder__a01__ingar": "Ja",
    "atgarder__a01__effekt_hittills": 200,
    "atgarder__a01__ansvarig": "Rektor",
    "atgarder__a01__klart": date(2024, 11, 30),
    "atgarder__a01__status": "Pågår",
    "atgarder__a01__beslut": "SKN § 40",
    "atgarder__a03__atgard": "Vakanshållning",
    "atgarder__a03__effekt_ar": 333,
    "atgarder__a03__ingar": "Nej",
    "atgarder__a03__ansvarig": "Skolchef",
    "atgarder__a03__klart": date(2024, 12, 31),
    "atgarder__a03__status": "Ej påbörjad",
    "atgarder__a03__beslut": "SKN § 41",
}
VARD: dict[str, Varde] = {
    "investering__boende__utfall": 0,
    "investering__boende__prognos": 7_000,
    "uppdrag__u2__status": "Genomfört",
}
KRAVDA_TEXTER: dict[str, Varde] = {
    "texter__handelser__text": "En ny skola har beslutats.",
    "texter__framtid__text": "Befolkningen ökar.",
    "texter__geh__text": "Kommunen bedöms nå sina mål.",
    "texter__principer__text": "Principerna är oförändrade.",
    "texter__sasong__text": "Semesterlöneskulden är lägst i augusti.",
    "texter__avsattningar__text": "Inga större förändringar.",
    "texter__oversikt__text": "Kommunen växer.",
    "texter__koncern__text": "Kommunen äger ett bolag.",
    "texter__viktiga__text": "Räntan är en risk.",
    "texter__styrning__text": "Nämnderna följer upp målen.",
}
"""Kommunens texter som lag och rekommendation kräver i delårsrapport och årsredovisning; finansförvaltningen skriver dem."""


def investerat(tkr: Decimal | int) -> dict[str, Varde]:
    """Investeringsutgifter i bokföringen och i kassaflödet, betalda med lån."""
    return {
        "bokforing__investeringsutgifter__utfall": tkr,
        "kassaflode__inv_materiella__utfall": -tkr,
        "kassaflode__nya_lan__utfall": tkr,
    }


FINANS: dict[str, Varde] = {
    "texter__analys__text": SVAR_TEXT,
    "investering__natverk__utfall": Decimal("999.99"),
    "investering__natverk__prognos": 1_000,
    **investerat(Decimal("12999.99")),
    "resultat__kostnader__prognos": -131_500,
    "resultat__fin_kostnader__prognos": -600,
    "resultat__fin_kostnader__budget": -700,
}


ATGARD: dict[str, Varde] = {
    "atgarder__a01__atgard": "Färre vikarier",
    "atgarder__a01__effekt_ar": 500,
    "atgarder__a01__ingar": "Nej",
    "atgarder__a01__ansvarig": "Rektor",
    "atgarder__a01__klart": date(2024, 11, 30),
    "atgarder__a01__status": "Pågår",
    "atgarder__a01__beslut": "SKN 2024-08-20 § 41",
}
"""En åtgärd med alla uppgifter."""


ANNAT_I_FJOL: dict[str, Varde] = {
    "drift__grund__utfall": -39_900,
    "drift__fritids__utfall": -6_600,
    "kostnadsslag__personal__utfall": -36_100,
    "kostnadsslag__lokaler__utfall": -7_900,
}
"""Skolans utfall ett tidigare år: samma summa på andra rader, så att årets inte är inklistrat."""


def kommun_toml(*, granser: Mapping[str, int] | None = None, fler_enheter: bool = False) -> str:
    """kommun.toml med fler gränser, eller med ett bolag och ett förbund."""
    egna = "".join(f"{namn} = {varde}\n" for namn, varde in (granser or {}).items())
    return KOMMUN_TOML.replace("[trosklar]\n", f"[trosklar]\n{egna}") + (FLER_ENHETER if fler_enheter else "")


def bok(**andrade: Varde) -> dict[tuple[str, str, str], Varde]:
    """En korrekt ifylld nämndbok för skola; nycklar som ``drift__grund__prognos`` ändrar celler."""
    celler: dict[tuple[str, str, str], Varde] = {
        ("forsatt", "kontaktperson", "svar"): "Controller",
        ("forsatt", "klarmarkerad", "svar"): "Ja",
        ("texter", "analys", "text"): "Utfallet följer budgeten.",
    }
    for rad, utfall, prognos in (("grund", -40_000, -61_000), ("fritids", -6_500, -10_000)):
        celler |= {("drift", rad, "utfall"): utfall, ("drift", rad, "prognos"): prognos}
    slag = {"intakter": (4_500, 6_000, 6_000), "personal": (-36_000, -52_000, -52_000), "lokaler": (-8_000, -13_000, -13_000),
            "kopt": (-4_000, -7_000, -7_000), "ovrigt": (-2_000, -3_500, -3_500), "kapital": (-1_000, -1_500, -1_500)}  # fmt: skip
    for rad, tal in slag.items():
        celler |= {("kostnadsslag", rad, k): v for k, v in zip(("utfall", "budget", "prognos"), tal, strict=True)}
    celler |= {("personal", rad, "nu"): 100 for rad in ("anstallda", "kvinnor", "arsarbetare", "heltid")}
    for rad, antal in (("totalt", 50), ("kvinnor", 30), ("man", 20), ("upp_till_29", 17), ("ar_30_49", 16), ("fran_50", 17)):
        celler |= {("sjukfranvaro", rad, k): v for k, v in (("antal", antal), ("ord_tid", antal * 1_600), ("sjuk_tid", antal * 112))}
    return _andra(celler, andrade)


def vardbok(**andrade: Varde) -> dict[tuple[str, str, str], Varde]:
    """En korrekt ifylld bok för vard."""
    celler = {nyckel: v for nyckel, v in bok().items() if nyckel[0] not in ("drift", "kostnadsslag")}
    celler |= {("drift", "hemtjanst", "utfall"): -20_000, ("drift", "hemtjanst", "prognos"): -30_000}
    for rad in ("intakter", "lokaler", "kopt", "ovrigt", "kapital"):
        celler |= {("kostnadsslag", rad, k): 0 for k in ("utfall", "budget", "prognos")}
    celler |= {("kostnadsslag", "personal", k): v for k, v in (("utfall", -20_000), ("budget", -30_000), ("prognos", -30_000))}
    return _andra(celler, andrade)


def finansbok(**andrade: Varde) -> dict[tuple[str, str, str], Varde]:
    """En korrekt bok för finans: räkningarna stämmer med skola, vard och varandra."""
    celler: dict[tuple[str, str, str], Varde] = {
        ("forsatt", "kontaktperson", "svar"): "Redovisningschef",
        ("forsatt", "klarmarkerad", "svar"): "Ja",
        ("texter", "analys", "text"): "Resultatet är i nivå med budget.",
        ("drift", "gemensamt", "utfall"): -1_500,
        ("drift", "gemensamt", "prognos"): -2_000,
        ("drift", "gemensamt", "utfall_fg"): -66_000,
        ("bokforing", "investeringsutgifter", "utfall"): 0,
    }
    resultat = {"intakter": (20_000, 20_000, 30_000, 30_000), "kostnader": (-84_000, -86_000, -130_000, -130_000),
                "avskrivningar": (-2_000, -2_000, -3_000, -3_000), "skatt": (58_000, 60_000, 90_000, 90_000),
                "statsbidrag": (10_000, 10_000, 15_000, 15_000), "fin_intakter": (500, 500, 700, 700),
                "fin_kostnader": (-500, -400, -700, -600)}  # fmt: skip
    for rad, tal in resultat.items():
        celler |= {("resultat", rad, k): v for k, v in zip(("utfall_fg", "utfall", "budget", "prognos"), tal, strict=True)}
    balans = {"immateriella": 0, "mark": 150_000, "maskiner": 10_000, "ovriga_materiella": 0, "finansiella": 5_000, "infrastruktur": 0,
              "forrad": 0, "fordringar": 20_000, "placeringar": 0, "kassa": 15_000, "ek_ingaende": 90_000, "arets_resultat": 0,
              "avs_pensioner": 10_000, "avs_andra": 0, "langfristiga": 60_000, "kortfristiga": 40_000}  # fmt: skip
    for rad, belopp in balans.items():
        celler |= {("balans", rad, "fg"): belopp, ("balans", rad, "nu"): belopp}
    celler |= {("balans", "arets_resultat", "nu"): 2_100, ("balans", "kassa", "nu"): 17_100}
    celler |= {("balanskrav", rad, "prognos"): 0 for rad in ("realvinster",)}
    celler |= _kassaflode(arets_resultat=2_100, likvida_in=15_000)
    return _andra(celler, {**KRAVDA_TEXTER, **andrade})


def bolagsbok(**andrade: Varde) -> dict[tuple[str, str, str], Varde]:
    """En bok för ett bolag med resultatet 4 000 av budgeterade 5 000; balansräkningen och kassaflödet går ihop."""
    celler = _foretagets_bok()
    resultat = {"nettoomsattning": (60_000, 90_000, 90_000), "externa_kostnader": (-45_000, -70_000, -71_000), "personal": (0, 0, 0),
                "avskrivningar": (-9_000, -13_000, -13_000), "fin_intakter": (0, 0, 0), "fin_kostnader": (-1_500, -2_000, -2_000),
                "skatt": (0, 0, 0)}  # fmt: skip
    for rad, tal in resultat.items():
        celler |= {("bolagsresultat", rad, k): v for k, v in zip(("utfall", "budget", "prognos"), tal, strict=True)}
    noll = ("immateriella", "tekniska", "maskiner", "pagaende", "andelar", "ovriga_finansiella", "varulager", "kundfordringar",
            "ovriga_fordringar", "placeringar", "fonder", "obeskattade", "avs_pensioner", "uppskjuten_skatt", "avs_andra",
            "kortfristiga")  # fmt: skip
    celler |= {("bolagsbalans", rad, "nu"): 0 for rad in noll}
    celler |= {("bolagsbalans", rad, "nu"): v for rad, v in (("mark", 191_000), ("kassa", 18_500), ("aktiekapital", 50_000),
               ("balanserat", 25_000), ("arets_resultat", 4_500), ("langfristiga", 130_000))}  # fmt: skip
    return _andra(celler, andrade)


def forbundsbok(**andrade: Varde) -> dict[tuple[str, str, str], Varde]:
    """En bok för ett förbund med samma siffror som bolagets, i kommunens form."""
    celler = _foretagets_bok()
    resultat = {"intakter": (60_000, 90_000, 90_000), "kostnader": (-45_000, -70_000, -70_000), "avskrivningar": (-9_000, -13_000, -13_000),
                "fin_intakter": (0, 0, 0), "fin_kostnader": (-1_500, -2_000, -2_000)}  # fmt: skip
    for rad, tal in resultat.items():
        celler |= {("forbundsresultat", rad, k): v for k, v in zip(("utfall", "budget", "prognos"), tal, strict=True)}
    noll = ("immateriella", "maskiner", "ovriga_materiella", "finansiella", "infrastruktur", "forrad", "fordringar", "placeringar",
            "avs_pensioner", "avs_andra", "kortfristiga")  # fmt: skip
    celler |= {("forbundsbalans", rad, "nu"): 0 for rad in noll}
    celler |= {("forbundsbalans", rad, "nu"): v for rad, v in (("mark", 191_000), ("kassa", 18_500), ("ek_ingaende", 75_000),
               ("arets_resultat", 4_500), ("langfristiga", 130_000))}  # fmt: skip
    return _andra(celler, andrade)


def _foretagets_bok() -> dict[tuple[str, str, str], Varde]:
    celler: dict[tuple[str, str, str], Varde] = {
        ("forsatt", "kontaktperson", "svar"): "Ekonomichef",
        ("forsatt", "klarmarkerad", "svar"): "Ja",
        ("texter", "analys", "text"): "Uthyrningen är god.",
        ("mal", "m1", "bedomning"): "Bedöms inte uppnås",
        ("mal", "m1", "kommentar"): "Byggstarten är försenad.",
    }
    celler |= {("personal", rad, "nu"): 20 for rad in ("anstallda", "kvinnor", "arsarbetare", "heltid")}
    celler |= _kassaflode(arets_resultat=4_500, ej_likvida=9_000, likvida_in=5_000)
    return celler


def _kassaflode(**poster: int) -> dict[tuple[str, str, str], Varde]:
    rader = {**dict.fromkeys(("arets_resultat", "ej_likvida", "fordringar", "kortfristiga", "inv_materiella", "likvida_in"), 0), **poster}
    return {("kassaflode", rad, "utfall"): v for rad, v in rader.items()}


def _andra(celler: Mapping[tuple[str, str, str], Varde], andrade: Mapping[str, Varde]) -> dict[tuple[str, str, str], Varde]:
    nya = dict(celler)
    for nyckel, varde in andrade.items():
        blad, rad, kolumn = nyckel.split("__")
        nya[blad, rad, kolumn] = varde
    return nya


@dataclass
class Provkommun:
    """En arbetskatalog i en tillfällig mapp."""

    katalog: Path
    filer: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.skriv("kommun.toml", KOMMUN_TOML)
        self.skriv("styrning/2024/driftbudget.csv", DRIFTBUDGET)
        self.skriv("styrning/2024/tillagg.csv", TILLAGG)
        self.skriv("styrning/2024/resultatbudget.csv", RESULTATBUDGET)
        self.skriv("styrning/2024/finansmal.csv", FINANSMAL)

    def skriv(self, vag: str, text: str) -> Path:
        fil = self.katalog / vag
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_text(text, encoding="utf-8")
        return fil

    def lamna(self, enhet: str, celler: Celler, *, period: Period = PERIOD, namn: str = "") -> Path:
        fil = self.katalog / "inlamnat" / str(period) / (namn or f"{enhet}.xlsx")
        skriv_bocker(self.katalog, period, {enhet: (fil, celler)})
        return fil

    def lamna_alla(self) -> None:
        """Alla tre enheter lämnar korrekta böcker."""
        self.lamna("skola", bok())
        self.lamna("vard", vardbok())
        self.lamna("finans", finansbok())

    def sammanstall(self) -> Sammanstallning:
        return floden.sammanstall(self.katalog, PERIOD)

    def funna(self, enhet: str | None = None) -> list[tuple[str, str]]:
        """Anmärkningarna som (kod, första cell), i ordning; bara enhetens om den anges."""
        return [
            (a.kod, a.plats.celler[0] if a.plats.celler else "")
            for a in self.sammanstall().anmarkningar
            if (enhet is None or a.enhet == enhet) and a.kod != "KR101"
        ]


def skriv_bocker(katalog: Path, period: Period, bocker: Mapping[str, tuple[Path, Celler]]) -> None:
    """Skriver böckerna; en bok med samma celler ur samma arbetskatalog skrivs bara en gång per process, eftersom den blir byte för byte lik."""
    underlag = _underlag(katalog, period)
    nycklar = {enhet: (underlag, str(period), enhet, repr(sorted(celler.items(), key=repr))) for enhet, (_, celler) in bocker.items()}
    nya = {enhet: bok_ for enhet, bok_ in bocker.items() if nycklar[enhet] not in _SKRIVNA}
    if nya:
        utskick.skriv_inlamningsbocker(katalog, period, nya)
        _SKRIVNA.update({nycklar[enhet]: fil.read_bytes() for enhet, (fil, _) in nya.items()})
    for enhet in {*bocker} - {*nya}:
        fil = bocker[enhet][0]
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_bytes(_SKRIVNA[nycklar[enhet]])


def _underlag(katalog: Path, period: Period) -> str:
    """Allt som en bok skrivs ur: kommunens filer, och de tidigare periodernas böcker som den förifylls ur."""
    egen = katalog / "inlamnat" / str(period)
    filer = sorted(f for f in katalog.rglob("*") if f.is_file() and egen not in f.parents)
    return sha256(b"".join(str(f.relative_to(katalog)).encode() + b"\0" + sha256(f.read_bytes()).digest() for f in filer)).hexdigest()


def styr_rikt(kommun: Provkommun) -> None:
    """Bolag, investeringar, mål och uppdrag."""
    kommun.skriv("kommun.toml", kommun_toml(fler_enheter=True))
    for namn, text in (("mal", MAL), ("uppdrag", UPPDRAG), ("investeringar", INVESTERINGAR)):
        kommun.skriv(f"styrning/2024/{namn}.csv", text)


def lamna_bocker(kommun: Provkommun, bocker: Mapping[str, Celler]) -> None:
    """Flera enheters böcker på en gång."""
    mapp = kommun.katalog / "inlamnat" / str(PERIOD)
    skriv_bocker(kommun.katalog, PERIOD, {enhet: (mapp / f"{enhet}.xlsx", celler) for enhet, celler in bocker.items()})


def lamna_rikt(kommun: Provkommun, *, utom: tuple[str, ...] = ()) -> None:
    """En kommun med allt som en rapport kan innehålla, utan anmärkningar; enheterna i ``utom`` lämnar inte."""
    styr_rikt(kommun)
    bocker = {
        "skola": bok(**SKOLA),
        "vard": vardbok(**VARD),
        "finans": finansbok(**FINANS),
        "bostad": bolagsbok(),
        "raddning": forbundsbok(),
    }
    lamna_bocker(kommun, {enhet: celler for enhet, celler in bocker.items() if enhet not in utom})


def redigera(fil: Path) -> openpyxl.Workbook:
    """Boken öppnad för ändring; formlernas sparade värden följer inte med när den sparas."""
    return openpyxl.load_workbook(fil)


@dataclass(frozen=True)
class Svar:
    kod: int
    ut: str
    fel: str


@dataclass(frozen=True)
class Kommandorad:
    """Kör kommandot i samma process, som om det hade skrivits i en terminal."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *argument: str, katalog: Path | None = None) -> Svar:
        plats = ["--katalog", str(katalog)] if katalog else []
        kod = cli._kor([*argument, *plats], felsok=False)
        ut, fel = self.capsys.readouterr()
        return Svar(kod, ut, fel)
