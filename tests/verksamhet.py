"""Skolnämndens projekt och volymer: styrfiler, en korrekt bok, och regelfallen om dem."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.rapport.arbetsbok import Varde
from tests.kommun import Provkommun, bok, kommun_toml

KOMMANDO = {8: "delar", 12: "arsredovisning"}
PROJEKT = """enhet;rad;benamning;art;budget;beslutad_totalutgift;projekttyp;start;klar
skola;ny;Ny skola;utgift;5 000;20 000;genomforande;2023-01-01;2025-06-30
skola;bidrag;Statsbidrag;inkomst;-1 000;-2 000;genomforande;;
skola;plan;Utredning om idrottshall;utgift;500;1 000;planering;2024-01-01;2024-12-31
skola;inventarier;Inventarier;utgift;800;800;;;
"""
VOLYMER = """enhet;rad;benamning;art;matt;plan;kvalitet;decimaler;drift
skola;elever;Elever i grundskolan;prestation;elever;100;;;grund
skola;ytor;Skolgårdar;prestation;antal;;;;
skola;behoriga;Behöriga elever;nyckeltal;procent;85,5;resultat;1;
skola;larare;Lärare per elev;nyckeltal;antal;0,08;struktur;2;
"""
INVANARE = """[[invanare]]
ar = 2022
antal = 1000
[[invanare]]
ar = 2023
antal = 1100
"""
SKOLANS: Mapping[str, Varde] = {
    "investering__ny__utfall": 1_000,
    "investering__ny__prognos": 5_000,
    "investering__ny__ack_utfall": 6_000,
    "investering__ny__prognos_total": 20_000,
    "investering__ny__status": "Pågår",
    "investering__ny__vantas_klart": date(2025, 6, 30),
    "investering__bidrag__utfall": 0,
    "investering__bidrag__prognos": -1_000,
    "investering__plan__utfall": 100,
    "investering__plan__prognos": 400,
    "investering__plan__ack_utfall": 100,
    "investering__plan__prognos_total": 900,
    "investering__plan__status": "Avbrutet",
    "investering__inventarier__utfall": 700,
    "investering__inventarier__prognos": 800,
    "volymer__elever__utfall_fg": 99,
    "volymer__elever__utfall": 98,
    "volymer__elever__prognos": 99,
    "volymer__behoriga__utfall": Decimal("84.4"),
    "volymer__behoriga__prognos": Decimal("85.5"),
    "volymer__larare__utfall": "e.t.",
    "volymer__larare__prognos": Decimal("0.08"),
}
FARDIGT: Mapping[str, Varde] = {
    "investering__ny__status": "Färdigt",
    "investering__ny__vantas_klart": date(2024, 5, 2),
    "investering__ny__ack_utfall": 19_000,
    "investering__ny__prognos_total": 19_000,
}
SLUTREDOVISAT: Mapping[str, Varde] = {**FARDIGT, "investering__ny__slutredovisning": "Billigare än beslutat."}
GRANSER = {"volym_procent": 5, "investering_procent": 20, "investering_prisbasbelopp": 120}

REGELFALL: list[tuple[str, str, int, Mapping[str, Varde], tuple[str, ...]]] = [
    ("projektets-lage", "status och dag", 8, {}, ()),
    ("projektets-lage", "status saknas", 8, {"investering__ny__status": ""}, ("KR478",)),
    ("projektets-lage", "dagen saknas", 8, {"investering__ny__vantas_klart": ""}, ("KR478",)),
    ("projektets-lage", "avbrutet utan dag", 8, {"investering__ny__status": "Avbrutet", "investering__ny__vantas_klart": ""}, ()),
    ("status-mot-datum", "dagen efter perioden", 8, {"investering__ny__vantas_klart": date(2024, 9, 1)}, ()),
    ("status-mot-datum", "periodens sista dag", 8, {"investering__ny__vantas_klart": date(2024, 8, 31)}, ("KR475",)),
    ("status-mot-datum", "färdigt i framtiden", 8, {**FARDIGT, "investering__ny__vantas_klart": date(2024, 9, 1)}, ("KR475",)),
    ("status-mot-datum", "avbrutet med en dag som har varit", 8, {"investering__plan__vantas_klart": date(2024, 2, 1)}, ()),
    ("senare-an-beslutat", "dagen efter beslutet", 8, {"investering__ny__vantas_klart": date(2025, 7, 1)}, ("KR476",)),
    (
        "senare-an-beslutat",
        "förklarat",
        8,
        {"investering__ny__vantas_klart": date(2025, 7, 1), "investering__ny__kommentar": "Överklagad upphandling."},
        (),
    ),
    ("fardigt-projekt", "allt är betalt", 8, FARDIGT, ()),
    ("fardigt-projekt", "utgifter kvar", 8, {**FARDIGT, "investering__ny__prognos_total": 19_001}, ("KR473",)),
    ("slutredovisning", "slutredovisat i bokslutet", 12, SLUTREDOVISAT, ()),
    ("slutredovisning", "inte slutredovisat i bokslutet", 12, FARDIGT, ("KR474",)),
    ("balansering-ryms", "allt som är kvar", 12, {"investering__ny__balanseras": 4_000}, ()),
    ("balansering-ryms", "mer än det som är kvar", 12, {"investering__ny__balanseras": 4_001}, ("KR477",)),
    ("balansering-ryms", "ett minusbelopp", 12, {"investering__ny__balanseras": -1}, ("KR404", "KR477")),
    ("balansering-ryms", "en inkomst som inte har kommit", 12, {"investering__bidrag__balanseras": -1_000}, ()),
    ("balansering-av-fardigt", "inget begärs", 12, {**SLUTREDOVISAT, "investering__ny__balanseras": 0}, ()),
    ("balansering-av-fardigt", "ett färdigt projekt", 12, {**SLUTREDOVISAT, "investering__ny__balanseras": 100}, ("KR479",)),
    ("volymens-uppgifter", "utfall och prognos", 8, {}, ()),
    ("volymens-uppgifter", "inte mätt än", 8, {"volymer__elever__utfall": "e.t."}, ()),
    ("volymens-uppgifter", "utfallet saknas", 8, {"volymer__elever__utfall": ""}, ("KR470",)),
    ("volymens-uppgifter", "prognosen saknas", 8, {"volymer__elever__prognos": ""}, ("KR470",)),
    ("volymens-avvikelse", "under gränsen", 8, {"volymer__elever__prognos": Decimal("104.99")}, ()),
    ("volymens-avvikelse", "precis gränsen", 8, {"volymer__elever__prognos": 105}, ("KR471",)),
    ("volymens-avvikelse", "förklarad", 8, {"volymer__elever__prognos": 105, "volymer__elever__kommentar": "Inflyttning."}, ()),
    ("volym-i-procent", "hundra procent", 8, {"volymer__behoriga__utfall": 100}, ()),
    ("volym-i-procent", "mer än hundra procent", 8, {"volymer__behoriga__utfall": 101}, ("KR454",)),
    ("volymens-storlek", "en sjundedel av planen i ett utfall hittills", 8, {"volymer__elever__utfall": 15, "volymer__elever__utfall_fg": 14}, ()),
    ("volymens-storlek", "nästan sju gånger planen", 8, {"volymer__elever__utfall": 699}, ()),
    ("volymens-storlek", "sju gånger planen och fjolåret", 8, {"volymer__elever__utfall": 700}, ("KR455",)),
    ("volymens-storlek", "en andel i stället för procent", 8, {"volymer__behoriga__prognos": Decimal("0.86")}, ("KR455",)),
    ("volymens-avvikelse", "utfallet i bokslutet", 12, {"volymer__elever__utfall": 95}, ("KR471",)),
]
"""Regeln, vad fallet visar, månaden, skolans ändrade celler och koderna som ska komma."""


def styr(kommun: Provkommun) -> None:
    """Projekt, volymer och invånare, och gränserna för dem."""
    kommun.skriv("kommun.toml", kommun_toml(granser=GRANSER).replace("[[grupp]]", f"{INVANARE}[[grupp]]", 1))
    kommun.skriv("styrning/2024/investeringar.csv", PROJEKT)
    kommun.skriv("styrning/2024/volymer.csv", VOLYMER)


def lamna(kommun: Provkommun, manad: int = 8, **andrade: Varde) -> Sammanstallning:
    """Perioden när bara skolan har lämnat sin bok, med ändrade celler."""
    styr(kommun)
    period = Period(2024, manad)
    kommun.lamna("skola", bok(**{**SKOLANS, **andrade}), period=period)
    return floden.sammanstall(kommun.katalog, period, KOMMANDO[manad])
