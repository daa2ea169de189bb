"""Provkommunens årsbokslut: december 2024 med allt som en årsredovisning kan innehålla, och december 2023 att jämföra med."""

import json
from collections.abc import Mapping
from decimal import Decimal

from kommunrapport import floden
from kommunrapport.floden import Sammanstallning
from kommunrapport.karna.period import Period
from kommunrapport.rapport.arbetsbok import Varde
from tests.kommun import (
    ANNAT_I_FJOL,
    DRIFTBUDGET,
    FINANS,
    RESULTATBUDGET,
    SKOLA,
    VARD,
    Celler,
    Provkommun,
    bok,
    bolagsbok,
    finansbok,
    forbundsbok,
    skriv_bocker,
    styr_rikt,
    vardbok,
)

BOKSLUT = Period(2024, 12)
FG_BOKSLUT = Period(2023, 12)
UNDERSKOTT = """ar;uppkom;ingaende;anvant;beslut
2023;2021;-1 000;1 000;KF 2022-04-25 § 50
2024;2022;-3 000;1 500;KF 2023-04-24 § 41
2024;2023;-500;0;KF 2024-04-22 § 38
"""
PENSIONER: dict[str, Varde] = {
    "pension__avsattning__nu": 10_000,
    "pension__ansvarsforbindelse__nu": 40_000,
    "pension__medel_egna__nu": 20_000,
    "balans__pensionsforpliktelser__nu": 40_000,
}
NOTER: dict[str, Varde] = {
    "noter__principer__upplysning": "Tillgångar värderas till anskaffningsvärde.\nUtländsk valuta förekommer inte.",
    "noter__revision__upplysning": "Ersättningen till de sakkunniga.",
    "noter__revision__belopp": 310,
    "noter__nyttjandeperioder__upplysning": "Byggnader 33 år, inventarier 7 år.",
    "noter__sarredovisningar__upplysning": "Särredovisning finns för vatten och avlopp.",
}
EFTER_FG: dict[str, Varde] = {"balans__ek_ingaende__nu": 92_100, "balans__kassa__nu": 19_200, "kassaflode__likvida_in__utfall": 17_100}
"""Finansförvaltningens ingående balans när förra årets bokslut finns: då gav året 2 100."""
BOLAGET_EFTER_FG: dict[str, Varde] = {
    "bolagsbalans__balanserat__nu": 29_500,
    "bolagsbalans__mark__nu": 182_000,
    "bolagsbalans__kassa__nu": 32_000,
    "kassaflode__likvida_in__utfall": 18_500,
}
FORBUNDET_EFTER_FG: dict[str, Varde] = {
    "forbundsbalans__ek_ingaende__nu": 79_500,
    "forbundsbalans__mark__nu": 182_000,
    "forbundsbalans__kassa__nu": 32_000,
    "kassaflode__likvida_in__utfall": 18_500,
}
"""Bolagets och förbundets balans året efter ett bokslut med resultatet 4 500 och avskrivningarna 9 000."""
FLERAR: dict[str, Varde] = {
    "flerar__folkmangd__nu": 12_345,
    "flerar__skattesats__nu": Decimal("21.64"),
    "flerar__soliditet__nu": Decimal("46.1"),
    "flerar__resultat__nu": 2_100,
    **{f"flerar__resultat__fg{nr}": 2_100 for nr in (1, 2, 3, 4)},
    "flerar__k_resultat__nu": 8_100,
}
REGELFALL: list[tuple[str, dict[str, Varde], tuple[str, ...]]] = [
    ("noter-som-kravs", {}, ()),
    ("noter-som-kravs", {"noter__principer__upplysning": ""}, ("KR440",)),
    ("noter-som-kravs", {"noter__revision__upplysning": ""}, ("KR440",)),
    ("noter-som-kravs", {"noter__nyttjandeperioder__upplysning": ""}, ("KR440",)),
    ("noter-som-kravs", {"noter__sarredovisningar__upplysning": ""}, ()),
    ("pensionsavsattning-mot-balans", {}, ()),
    ("pensionsavsattning-mot-balans", {"pension__avsattning__nu": 11_000}, ("KR441",)),
    ("flerarsoversiktens-resultat", {}, ()),
    ("flerarsoversiktens-resultat", {"flerar__resultat__nu": ""}, ()),
    ("flerarsoversiktens-resultat", {"flerar__resultat__nu": 2_200}, ("KR443",)),
    ("resultatreserven-rullar", {"balans__varav_rer_in__nu": 1_000, "balans__varav_rer_ut__nu": 1_000}, ()),
    ("resultatreserven-rullar", {"balans__varav_rer_in__nu": 1_000, "balans__varav_rer_ut__nu": 1_500}, ("KR523",)),
    ("flerarsoversiktens-koncernresultat", {}, ()),
    ("flerarsoversiktens-koncernresultat", {"flerar__k_resultat__nu": 8_200}, ("KR444",)),
    ("pensioner-inom-linjen", {}, ()),
    ("pensioner-inom-linjen", {"pension__ansvarsforbindelse__nu": 41_000}, ("KR442",)),
    ("pensioner-inom-linjen", {"balans__pensionsforpliktelser__nu": ""}, ()),
    ("delar-som-lagen-kraver", {}, ()),
    ("delar-som-lagen-kraver", {"texter__styrning__text": ""}, ("KR445",)),
    ("delar-som-rekommenderas", {}, ()),
    ("delar-som-rekommenderas", {"texter__koncern__text": ""}, ("KR446",)),
    ("flerarsoversikten-mot-publicerat", {"flerar__laneskuld__fg3": 60_000}, ()),
    ("flerarsoversikten-mot-publicerat", {"flerar__laneskuld__fg3": 61_000}, ("KR447",)),
]
"""Reglerna om årsbokslutets blad: regeln, finansförvaltningens ändrade celler och koderna som ska komma."""
KONTROLLPLAN = "enhet;rad;benamning;process;risk\nskola;k1;Stickprov på fakturor;Inköp;Fel pris\nskola;k2;Loggar;Sekretess;Obehörig läser\n"
UTFORARPLAN = "enhet;rad;benamning;verksamhet;form;planerad;avtal_till\nskola;u1;Bussbolaget;Skolskjuts;Avtalsuppföljning;{};{}\n"
PLANENS: dict[str, Varde] = {
    "internkontroll__k1__lage": "Genomförd",
    "internkontroll__k1__resultat": "Utan avvikelse",
    "internkontroll__k2__lage": "Genomförd",
    "internkontroll__k2__resultat": "Avvikelse",
    "internkontroll__k2__atgard": "Ny rutin.",
    "internkontroll__samlad__bedomning": "Tillräcklig",
    "internkontroll__samlad__kommentar": "Kontrollerna fungerar.",
}
HME: dict[str, Varde] = {f"hme__hme__{k}": v for k, v in {"svar": 40, "totalt": 80, "motivation": 82, "ledarskap": 79, "styrning": 79}.items()}
SKOLFALL: list[tuple[str, dict[str, Varde], tuple[str, ...]]] = [
    ("samlad-bedomning", {}, ()),
    ("samlad-bedomning", {"internkontroll__samlad__bedomning": ""}, ("KR483",)),
    ("samlad-bedomning", {"internkontroll__samlad__kommentar": ""}, ("KR483",)),
    ("kontroll-inte-genomford", {"internkontroll__k1__lage": "Ej genomförd", "internkontroll__k1__kommentar": "Görs i januari."}, ()),
    ("kontroll-inte-genomford", {"internkontroll__k1__lage": "Delvis genomförd"}, ("KR481",)),
    ("kontroll-inte-genomford", {"internkontroll__k1__lage": "Ej genomförd"}, ("KR481",)),
    ("hme-skala", HME, ()),
    ("hme-skala", {**HME, "hme__hme__totalt": 11, "hme__hme__styrning": 100}, ()),
    ("hme-skala", {**HME, "hme__hme__totalt": 101}, ("KR485",)),
    ("hme-tiogradig", {**HME, "hme__hme__ledarskap": 11}, ()),
    ("hme-tiogradig", {**HME, "hme__hme__ledarskap": Decimal("7.5")}, ("KR452",)),
    ("hme-svar-ryms", {**HME, "hme__hme__svar": 100}, ()),
    ("hme-svar-ryms", {**HME, "hme__hme__svar": 101}, ("KR450",)),
    ("helt-hme", {**HME, "hme__hme__svar": ""}, ("KR489",)),
    ("helt-hme", {"hme__hme__svar": 40}, ("KR489",)),
    ("helt-hme", {}, ()),
]
"""Reglerna om nämndens egna blad i årsbokslutet: regeln, skolans ändrade celler och koderna som ska komma."""
"""Reglerna om årsbokslutet när låneskulden 60 000 tkr är publicerad för 2021: regeln, finansförvaltningens ändrade celler och koderna."""
KOMMENTERAT: dict[str, Varde] = {f"drift__{rad}__kommentar": "Lägre kostnader än budgeterat." for rad in ("grund", "fritids")}
"""Utfallets avvikelse från budgeten, som skolan ska kommentera i bokslutet."""
VARDENS: dict[str, Varde] = {**VARD, "drift__hemtjanst__kommentar": "Lägre kostnader än budgeterat."}
SKOLANS: dict[str, Varde] = {
    **SKOLA,
    **KOMMENTERAT,
    "investering__nybygge__ack_utfall": 12_000,
    "mal__m1__bedomning": "Delvis uppnått",
    "mal__m2__bedomning": "Uppnått",
}
BOLAGETS: dict[str, Varde] = {"mal__m1__bedomning": "Inte uppnått"}


def bocker(*, finans: Mapping[str, Varde] | None = None, skola: Mapping[str, Varde] | None = None, utom: tuple[str, ...] = ()) -> dict[str, Celler]:
    """Alla enheters böcker i december, utan anmärkningar. ``finans`` och ``skola`` ändrar celler."""
    alla = {
        "skola": bok(**{**SKOLANS, **(skola or {})}),
        "vard": vardbok(**VARDENS),
        "finans": finansbok(drift__gemensamt__kommentar="Lägre kostnader.", **{**FINANS, **PENSIONER, **NOTER, **FLERAR, **(finans or {})}),
        "bostad": bolagsbok(**BOLAGETS),
        "raddning": forbundsbok(),
    }
    return {enhet: celler for enhet, celler in alla.items() if enhet not in utom}


def publicera(kommun: Provkommun, ar: int, siffror: Mapping[str, int], mapp: str = "rapporter") -> None:
    """Ett spår efter det årets årsredovisning, i hundradelar."""
    spar = {"siffror": {adress: {"visas": "", "varde": varde} for adress, varde in siffror.items()}}
    kommun.skriv(f"{mapp}/{ar}-12/spar.json", json.dumps(spar))


def lamna_arsbokslut(kommun: Provkommun, lamnade: Mapping[str, Celler] | None = None, *, styr: bool = True, period: Period = BOKSLUT) -> None:
    """Lämnar bokslutets böcker; ``styr`` skriver först bolag, investeringar, mål och uppdrag."""
    if styr:
        styr_rikt(kommun)
    mapp = kommun.katalog / "inlamnat" / str(period)
    valda = bocker() if lamnade is None else lamnade
    skriv_bocker(kommun.katalog, period, {enhet: (mapp / f"{enhet}.xlsx", celler) for enhet, celler in valda.items()})


def fg_bocker() -> dict[str, Celler]:
    """Böckerna i det förra bokslutet: samma summor som årets, på andra rader."""
    return {
        **bocker(skola=ANNAT_I_FJOL),
        "bostad": bolagsbok(**BOLAGETS, bolagsresultat__externa_kostnader__utfall=-44_900, bolagsresultat__personal__utfall=-100),
        "raddning": forbundsbok(forbundsresultat__fin_intakter__utfall=100, forbundsresultat__fin_kostnader__utfall=-1_600),
    }


def lamna_tva_ar(kommun: Provkommun, **finans: Varde) -> None:
    """Två årsbokslut som hänger ihop: jämförelsetalen i december 2024 fylls i ur december 2023."""
    styr_rikt(kommun)
    kommun.skriv("styrning/2023/driftbudget.csv", DRIFTBUDGET)
    kommun.skriv("styrning/2023/resultatbudget.csv", RESULTATBUDGET)
    lamna_arsbokslut(kommun, fg_bocker(), styr=False, period=FG_BOKSLUT)
    i_ar = {
        **bocker(finans={**EFTER_FG, **finans}),
        "bostad": bolagsbok(**BOLAGETS, **BOLAGET_EFTER_FG),
        "raddning": forbundsbok(**FORBUNDET_EFTER_FG),
    }
    utan_fg = {enhet: {n: v for n, v in bok_.items() if n[2] not in ("fg", "utfall_fg")} for enhet, bok_ in i_ar.items()}
    lamna_arsbokslut(kommun, utan_fg, styr=False)


def sammanstall(kommun: Provkommun) -> Sammanstallning:
    return floden.sammanstall(kommun.katalog, BOKSLUT, "arsredovisning")
