"""Reglerna: varje regel med ett underlag som går igenom och ett som inte gör det."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

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
from kommunrapport.mall.organisation import Trosklar
from kommunrapport.mall.regler import anvands, las_regler
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.validering import validera
from tests.arsbokslut import KONTROLLPLAN, REGELFALL, SKOLFALL, UTFORARPLAN
from tests.kommun import (
    ANNAT_I_FJOL,
    ATGARD,
    DRIFTBUDGET,
    PERIOD,
    RESULTATBUDGET,
    TILLAGG,
    Provkommun,
    bok,
    bolagsbok,
    finansbok,
    forbundsbok,
    investerat,
    kommun_toml,
    lamna_bocker,
    vardbok,
)
from tests.malfall import MALFALL, Malfall
from tests.sie import KOMMUNENS, perioden
from tests.test_lagesbild import REGELFALL as LAGESFALL
from tests.verksamhet import REGELFALL as VERKSAMHETSFALL

Andringar = Mapping[str, Varde]
Vantat = tuple[tuple[str, str], ...]
TKR = 100_000
FJOL = Period(2023, 8)
BOKSLUT = Period(2023, 12)
KALLA = Mallkalla((medfoljande(),))
REGLER = las_regler(KALLA, PERIOD.slut, las_katalog(KALLA))
KODER = {regel.id: regel.kod for regel in REGLER}


@dataclass(frozen=True)
class Fall:
    """Ett underlag: de korrekta böckerna med ändrade celler, och anmärkningarna som ska komma.

    ``bolag`` är ändringar i bolagens och förbundets böcker; kommunen har dem bara när något är angivet. Tidigare böcker
    lämnas också bara när något är angivet: ``fjol`` är skolans för samma period i fjol, ``bokslut`` finansförvaltningens och
    skolans i bokslutet, och ``i_ar`` skolans tidigare månader i år. ``styrning`` är styrfiler som ersätter kommunens, och
    ``publicerat`` siffror i tusental kronor i en tidigare periods fastställda rapport.
    """

    regel: str
    om: str
    vantat: Vantat = ()
    skola: Andringar = field(default_factory=dict)
    vard: Andringar = field(default_factory=dict)
    finans: Andringar = field(default_factory=dict)
    fjol: Andringar | None = None
    bokslut: Andringar | None = None
    avstamning: str = ""
    styrning: Mapping[str, str] = field(default_factory=dict)
    bolag: Mapping[str, Andringar] = field(default_factory=dict)
    i_ar: Mapping[int, Andringar] = field(default_factory=dict)
    publicerat: Mapping[Period, Mapping[str, Decimal | int]] = field(default_factory=dict)
    granser: Mapping[str, int] = field(default_factory=dict)
    kommun: tuple[str, str] = ("", "")
    """Ett stycke i kommun.toml och det som står där i stället."""
    overforing: bool = False
    """Om årshjulet har resultatöverföring och bokslut i perioden; då prövas bara skolans bok."""
    sie: str = ""
    """Finansförvaltningens SIE-fil, vid sidan av boken."""

    def lamna(self, kommun: Provkommun) -> None:
        """Skriver kommunens filer och lämnar böckerna."""
        kommun.skriv("kommun.toml", kommun_toml(granser=self.granser, fler_enheter=bool(self.bolag)).replace(*self.kommun))
        for namn, text in self.styrning.items():
            kommun.skriv(f"styrning/2024/{namn}.csv", text)
        if self.overforing:
            profil = (medfoljande() / "arshjul/hedemora.toml").read_text(encoding="utf-8")
            kommun.skriv(
                "mallar/arshjul/hedemora.toml",
                profil.replace('omraden = ["prognos", "mal"', 'omraden = ["overforing", "arsbokslut", "prognos", "mal"'),
            )
        if self.avstamning:
            kommun.skriv(f"avstamning/{PERIOD}.csv", f"tabell;rad;kolumn;belopp\n{self.avstamning}\n")
        self._lamna_tidigare(kommun)
        bocker = {"skola": bok(**self.skola), "vard": vardbok(**self.vard), "finans": finansbok(**self.finans)}
        if self.bolag:
            bocker |= {"bostad": bolagsbok(**self.bolag.get("bostad", {})), "raddning": forbundsbok(**self.bolag.get("raddning", {}))}
        lamna_bocker(kommun, bocker)
        if self.sie:
            kommun.skriv(f"inlamnat/{PERIOD}/finans.se", self.sie)

    def _lamna_tidigare(self, kommun: Provkommun) -> None:
        if self.fjol is not None or self.bokslut is not None:
            for namn, text in {"driftbudget": DRIFTBUDGET, "tillagg": TILLAGG, **self.styrning}.items():
                kommun.skriv(f"styrning/2023/{namn}.csv", text)
        if self.fjol is not None:
            kommun.lamna("skola", bok(**{**ANNAT_I_FJOL, **self.fjol}), period=FJOL)
        if self.bokslut is not None:
            kommun.lamna("finans", finansbok(**self.bokslut), period=BOKSLUT)
            if self.bolag:
                kommun.lamna("bostad", bolagsbok(), period=BOKSLUT)
                kommun.lamna("raddning", forbundsbok(), period=BOKSLUT)
            kommun.lamna("skola", bok(**self.bokslut), period=BOKSLUT)
        for manad, andrade in self.i_ar.items():
            kommun.lamna("skola", bok(**andrade), period=Period(PERIOD.ar, manad))
        for period, siffror in self.publicerat.items():
            poster = {adress: {"varde": int(tkr * TKR)} for adress, tkr in siffror.items()}
            kommun.skriv(f"arkiv/{period}/spar.json", json.dumps({"siffror": poster}))


# Ändringar som flera fall använder. Alla tal i tusental kronor.
UNDERSKOTT: Andringar = {"drift__grund__prognos": -61_500, "drift__grund__kommentar": "Fler elever.", "kostnadsslag__personal__prognos": -52_500}
VARFOR_INTE: Andringar = {"texter__atgarder__text": "Fler åtgärder ger effekt först nästa år."}
GENOMFORD: Andringar = {**ATGARD, "atgarder__a01__status": "Genomförd", "atgarder__a01__klart": date(2024, 8, 31)}
KLAR: Andringar = {**GENOMFORD, "atgarder__a01__effekt_hittills": 100}
INSTALLD: Andringar = {**ATGARD, "atgarder__a01__status": "Inställd"}
NETTO_500_SAMRE: Andringar = {"resultat__kostnader__prognos": -130_500}
OFORANDRAT_FJOL: Andringar = {"drift__gemensamt__utfall_fg": -19_500}
"""Finansförvaltningens jämförelsetal när skolans 46 500 i fjol är med i driftredovisningen."""
BOKSLUT_UTAN_RESULTAT: Andringar = {"balans__arets_resultat__nu": 0, "balans__kassa__nu": 15_000}
INVESTERINGSFIL = "enhet;rad;benamning;art;budget;beslutad_totalutgift\n"
INVESTERING = INVESTERINGSFIL + "skola;ny;Ny skola;utgift;5 000;{}\n"
PERSONAL_I_FJOL: Andringar = {"kostnadsslag__personal__utfall_fg": -36_000}
UTAN_GRUPPER: Andringar = {"sjukfranvaro__man__sjuk_tid": "e.t.", "sjukfranvaro__fran_50__sjuk_tid": "e.t."}
"""Utan alla grupper prövas inte att de tillsammans är samtliga."""
EN_MILJON_INVESTERAT: Andringar = investerat(1_000)
PROJEKTET: Andringar = {"investering__ny__utfall": 1_000, "investering__ny__prognos": 5_000, "investering__ny__budget": 5_000}


PAGAR: Andringar = {"lage": "Pågår", "helar": "Genomförs enligt plan"}


def resultatbudget(**andrade: str) -> Mapping[str, str]:
    """Resultatbudgeten med andra belopp; ett tomt belopp tar bort raden, en ny rad läggs sist."""
    rader = dict(rad.split(";") for rad in RESULTATBUDGET.splitlines()) | andrade
    return {"resultatbudget": "".join(f"{rad};{belopp}\n" for rad, belopp in rader.items() if belopp)}


def vardens_utfall(om: str, utfall: int, vantat: Vantat = ()) -> Fall:
    """Vårdens utfall är ett annat; kostnadsslagen och resultaträkningen följer med. Vårdens budget är −30 000."""
    mer = utfall + 20_000
    return Fall(
        "storlek",
        om,
        vantat,
        vard={"drift__hemtjanst__utfall": utfall, "kostnadsslag__personal__utfall": utfall, "drift__hemtjanst__kommentar": "Stor avvikelse."},
        finans={"resultat__kostnader__utfall": -86_000 + mer, "resultat__skatt__utfall": 60_000 - mer},
    )


def vardens_prognos(om: str, prognos: int, vantat: Vantat = ()) -> Fall:
    """Som ``vardens_utfall`` för prognosen, med den kommentar och åtgärd som avvikelsen kräver."""
    return Fall(
        "storlek",
        om,
        vantat,
        vard={
            "drift__hemtjanst__prognos": prognos,
            "drift__hemtjanst__kommentar": "Stor avvikelse.",
            "kostnadsslag__personal__prognos": prognos,
            **ATGARD,
        },
        finans={**MED_PLAN, "resultat__kostnader__prognos": -130_000 + prognos + 30_000},
    )


# Skolans budget är −61 000 för grundskolan och −10 000 för fritidshemmen.


def skolans_tal(
    regel: str,
    om: str,
    vantat: Vantat = (),
    *,
    utfall: tuple[int, int] = (-40_000, -6_500),
    prognos: tuple[int, int] = (-61_000, -10_000),
    fg: tuple[int, int] | None = None,
    kommentar: str = "",
) -> Fall:
    """Skolans utfall, prognos och fjolår för grundskola och fritidshem; allt som jämförs med dem följer med."""
    mer = {"utfall": sum(utfall) + 46_500, "prognos": sum(prognos) + 71_000}
    skola: dict[str, Varde] = {"drift__grund__kommentar": kommentar, "drift__fritids__kommentar": kommentar}
    finans: dict[str, Varde] = {}
    for kolumn, (grund, fritids) in {"utfall": utfall, "prognos": prognos}.items():
        skola |= {f"drift__grund__{kolumn}": grund, f"drift__fritids__{kolumn}": fritids}
    for kolumn, slag, post, varde in (
        ("utfall", (4_500, -36_000), (20_000, -86_000), mer["utfall"]),
        ("prognos", (6_000, -52_000), (30_000, -130_000), mer["prognos"]),
    ):
        plus, minus = max(varde, 0), min(varde, 0)
        skola |= {f"kostnadsslag__intakter__{kolumn}": slag[0] + plus, f"kostnadsslag__personal__{kolumn}": slag[1] + minus}
        finans |= {f"resultat__intakter__{kolumn}": post[0] + plus, f"resultat__kostnader__{kolumn}": post[1] + minus}
    finans["resultat__extraordinara__utfall"] = -mer["utfall"]
    if fg is not None:
        skola |= {"drift__grund__utfall_fg": fg[0], "drift__fritids__utfall_fg": fg[1]}
        finans["drift__gemensamt__utfall_fg"] = -66_000 - sum(fg)
    return Fall(regel, om, vantat, skola=skola, finans=finans)


def skolans_text(om: str, text: str, vantat: Vantat = ()) -> Fall:
    """Skolans analys är en annan. Skolans största bruttobelopp är kostnadsslagens budget, 83 000."""
    return Fall("belopp-i-text", om, vantat, skola={"texter__analys__text": text})


def projekt(
    regel: str,
    om: str,
    vantat: Vantat = (),
    *,
    beslutad: str = "20 000",
    art: str = "utgift",
    bokslut: int | None = None,
    granser: Mapping[str, int] | None = None,
    **celler: Varde,
) -> Fall:
    """Skolans projekt med budgeten 5 000 för året och utfallet 1 000; ``bokslut`` är det ackumulerade i förra bokslutet."""
    tecken = 1 if art == "utgift" else -1
    grund: dict[str, Varde] = {"utfall": tecken * 1_000, "prognos": tecken * 5_000, "budget": tecken * 5_000, **celler}
    rad = f"skola;ny;Ny skola;{art};{'-' if tecken < 0 else ''}5 000;{beslutad}\n"
    return Fall(
        regel,
        om,
        vantat,
        skola={f"investering__ny__{kolumn}": v for kolumn, v in grund.items()},
        finans=EN_MILJON_INVESTERAT if tecken > 0 else {},
        styrning={"investeringar": f"{INVESTERINGSFIL}{rad}"},
        bokslut=None if bokslut is None else {**BOKSLUT_UTAN_RESULTAT, "investering__ny__ack_utfall": bokslut, "investering__ny__utfall": bokslut},
        granser=granser or {},
    )


def dyrare(om: str, beslutad: str, prognos: int, vantat: Vantat = (), **mer: Any) -> Fall:
    """Projektets prognos för hela tiden mot beslutet, med Huddinges gränser. 120 prisbasbelopp är 6 876 tkr år 2024."""
    granser = {"investering_procent": 20, "investering_prisbasbelopp": 120}
    return projekt("sarskild-redovisning", om, vantat, beslutad=beslutad, granser=granser, prognos_total=prognos, **mer)


def overforing(regel: str, om: str, vantat: Vantat = (), *, granser: Mapping[str, int] | None = None, utfall: int = -6_500, **celler: Varde) -> Fall:
    """Skolans begäran om att föra över resultat, i celler som ``ovrig__overfors``. Fritids har eget tak; ``utfall`` är dess."""
    grund: dict[str, Varde] = {"ovrig__ingaende": 0, "ovrig__overfors": 0, **celler}
    drift: dict[str, Varde] = {"grund__utfall": -46_500 - utfall, "fritids__utfall": utfall, "fritids__kommentar": "Fler barn."}
    skola = {f"overforing__{n}": v for n, v in grund.items()} | {f"drift__{n}": v for n, v in drift.items()}
    driftbudget = DRIFTBUDGET.replace("ursprunglig\n", "ursprunglig;kategori\n").replace("Fritidshem;-10 000", "Fritidshem;-10 000;eget_tak")
    return Fall(regel, om, vantat, skola=skola, granser=granser or {}, overforing=True, styrning={"driftbudget": driftbudget})


def uppdrag(om: str, klart: str, status: str, vantat: Vantat = (), kommentar: str = "") -> Fall:
    """Skolans uppdrag, med dagen då det ska vara klart."""
    skola: Andringar = {"uppdrag__u1__status": status, "uppdrag__u1__kommentar": kommentar}
    fil = f"enhet;rad;benamning;beslut;klart\nskola;u1;Utred skolskjutsen;KF § 12;{klart}\n"
    return Fall("forfallet-uppdrag", om, vantat, skola=skola, styrning={"uppdrag": fil})


def aterstallning(regel: str, om: str, vantat: Vantat = (), **celler: Varde) -> Fall:
    """Skolans underskott att återställa inom tre år: ett underskott på 1 000 från 2021 med plan, med ändrade uppgifter."""
    rad: dict[str, Varde] = {
        "uppkom": date(2021, 12, 31),
        "underskott": -1_000,
        "aterstallt": 0,
        "senast": date(2024, 12, 31),
        "plan": "KS 2022-03-01 § 10",
        **celler,
    }
    skola = {f"underskott__a01__{kolumn}": v for kolumn, v in rad.items()} | {"overforing__ovrig__ingaende": 0, "overforing__ovrig__overfors": 0}
    return Fall(regel, om, vantat, skola=skola, granser={"aterstallning_ar": 3}, overforing=True)


def publicerat(regel: str, om: str, period: Period, adress: str, tkr: int | str, vantat: Vantat = ()) -> Fall:
    """En siffra i en tidigare fastställd rapport. Skolans fjolår är −46 500, kassan i bokslutet 15 000 och soliditeten 45 %."""
    fjolar: Andringar = {"drift__grund__utfall_fg": -39_900, "drift__fritids__utfall_fg": -6_600}
    return Fall(regel, om, vantat, skola=fjolar, finans=OFORANDRAT_FJOL, publicerat={period: {adress: Decimal(tkr)}})


OBESKATTAT: Andringar = {
    "bolagsresultat__dispositioner__utfall": -1_000,
    "bolagsbalans__obeskattade__nu": 5_000,
    "bolagsbalans__obeskattade_forandring__nu": 1_000,
    "bolagsbalans__arets_resultat__nu": 3_500,
    "bolagsbalans__balanserat__nu": 21_000,
    "kassaflode__arets_resultat__utfall": 3_500,
    "kassaflode__ej_likvida__utfall": 10_000,
}
MED_PLAN: Andringar = {"balanskrav__atgardsplan__prognos": "Återställs 2025, KF § 12."}
UNDERSKOTT_2_900: Andringar = {"resultat__skatt__prognos": 85_000, "resultat__skatt__kommentar": "Sämre slutavräkning."}
INTERNBALANS = "internbalans__{}__nu"


def mellan_bolagen(
    om: str, bostad: Varde, finans: Varde, vantat: Vantat = (), poster: str = "salt kopt", blad: str = "internresultat__{}__utfall", **mer: Any
) -> Fall:
    """Vad bostadsbolaget uppger om finansförvaltningen, och finansförvaltningen om bolaget."""
    egen, motens = poster.split()
    bolag = {"bostad": {blad.format(f"finans.{egen}"): bostad}}
    return Fall("motparter", om, vantat, bolag=bolag, finans={blad.format(f"bostad.{motens}"): finans}, **mer)


def med_bolag(regel: str, om: str, vantat: Vantat = (), **bostad: Varde) -> Fall:
    """Celler i bostadsbolagets bok."""
    return Fall(regel, om, vantat, bolag={"bostad": bostad})


def obeskattat(regel: str, om: str, vantat: Vantat = (), **bostad: Varde) -> Fall:
    """Bostadsbolaget har satt av 1 000 till obeskattade reserver, som därefter är 5 000."""
    return Fall(regel, om, vantat, bolag={"bostad": {**OBESKATTAT, **bostad}})


def koncernens_bokslut(om: str, vantat: Vantat = (), **bostad: Varde) -> Fall:
    """Periodens böcker fortsätter där förra bokslutets slutade: resultatet där är överfört till eget kapital."""
    kassaflode = {"kassaflode__likvida_in__utfall": 18_500}
    bolaget = {"bolagsbalans__balanserat__nu": 29_500, "bolagsbalans__mark__nu": 182_000, "bolagsbalans__kassa__nu": 32_000, **kassaflode, **bostad}
    forbundet = {"forbundsbalans__ek_ingaende__nu": 79_500, "forbundsbalans__mark__nu": 182_000, "forbundsbalans__kassa__nu": 32_000, **kassaflode}
    return Fall("koncernens-ingaende", om, vantat, bokslut=BOKSLUT_UTAN_RESULTAT, bolag={"bostad": bolaget, "raddning": forbundet})


def eliminerat(regel: str, om: str, *rader: str, vantat: Vantat = ()) -> Fall:
    """Fria elimineringar för hand, ``räkning;post;tkr``."""
    huvud = "rad;period;enhet;motpart;rakning;post;belopp;benamning;person;beslutad\n"
    text = huvud + "".join(f"e{nr};{PERIOD};bostad;finans;{rad};Internvinst;redovisningschef;2024-09-10\n" for nr, rad in enumerate(rader))
    return Fall(regel, om, vantat, styrning={"elimineringar": text}, bolag={"bostad": {}})


def reserverat(om: str, tkr: int, vantat: Vantat = ()) -> Fall:
    """Prognosen reserverar till resultatreserven, som fullmäktige har beslutat om."""
    finans: Andringar = {"balanskrav__reservering__prognos": -tkr}
    avsnitt = ("[trosklar]", "[redovisning]\nresultatreserv = true\n[trosklar]")
    return Fall("resultatreservens-utrymme", om, vantat, finans=finans, kommun=avsnitt)


def plan(regel: str, om: str, vantat: Vantat = (), *, planerad: str = "2024-12-31", avtal_till: str = "", **celler: Varde) -> Fall:
    """Skolans uppföljning av planerna: två kontroller och en utförare, alla pågående, med ändrade celler som ``u1__lage``."""
    grund: dict[str, Varde] = {f"internkontroll__{rad}__{k}": v for rad in ("k1", "k2") for k, v in PAGAR.items()}
    grund |= {"utforare__u1__lage": "Pågår"}
    grund |= {f"{'utforare' if namn.startswith('u') else 'internkontroll'}__{namn}": v for namn, v in celler.items()}
    styrning = {"internkontroll": KONTROLLPLAN, "utforare": UTFORARPLAN.format(planerad, avtal_till)}
    return Fall(regel, om, vantat, skola=grund, styrning=styrning)


def anstallda(regel: str, om: str, vantat: Vantat = (), **antal: Varde) -> Fall:
    """Skolans 100 anställda efter anställningsform, med dem som har börjat och slutat."""
    rader: dict[str, Varde] = {"tillsvidare": 90, "visstid": 10, "borjat": 6, "slutat": 9, **antal}
    return Fall(regel, om, vantat, skola={f"personal__{rad}__nu": v for rad, v in rader.items()})


def utanfor(om: str, andel: str, vantat: Vantat = ()) -> Fall:
    """Räddningsförbundet, med omsättningen 60 000 och omslutningen 209 500, lämnas utanför koncernen; skatter och bidrag är 70 000."""
    avsnitt = ('agarandel = "33,4"', f'agarandel = "{andel}"\nkonsolideras = false\nskal = "Utan väsentlig betydelse"')
    return Fall("vasentligt-foretag", om, vantat, bolag={"bostad": {}}, kommun=avsnitt)


def bolagsbalans(om: str, vantat: Vantat = (), **balans: Varde) -> Fall:
    """Bostadsbolagets balansposter."""
    return Fall("bolagets-balans", om, vantat, bolag={"bostad": {f"bolagsbalans__{rad}__nu": v for rad, v in balans.items()}})


def tva_projekt(om: str, namn: str, vardens: str, vantat: Vantat = (), utfall: int = 0, prognos: int = 1_000) -> Fall:
    """Skola och vård har var sitt projekt; skolans utfall är noll och prognosen 5 000."""
    rader = f"skola;ny;{namn};utgift;5 000;\nvard;annan;{vardens};utgift;1 000;\n"
    return Fall(
        "samma-projekt",
        om,
        vantat,
        skola={"investering__ny__utfall": 0, "investering__ny__prognos": 5_000},
        vard={"investering__annan__utfall": utfall, "investering__annan__prognos": prognos},
        finans=investerat(utfall),
        styrning={"investeringar": f"{INVESTERINGSFIL}{rader}"},
    )


TRE_PROCENT = {"overforing_procent": 3}
EGET_TAK = {"eget_tak_procent": 15}
PROGNOSGRANS = {"prognosandring_tkr": 400}


def andrad(om: str, fore: Mapping[int, int], vantat: Vantat = (), **mer: Varde) -> Fall:
    """Grundskolans prognos i tidigare månader; den är −61 000 nu."""
    i_ar = {manad: {"drift__grund__prognos": prognos, "drift__grund__utfall": -10_000} for manad, prognos in fore.items()}
    return Fall("prognosandring", om, vantat, i_ar=i_ar, skola=mer, granser=PROGNOSGRANS)


def minskat(om: str, fore: Mapping[int, int], vantat: Vantat = ()) -> Fall:
    """Grundskolans utfall i tidigare månader; det är −40 000 nu."""
    return Fall("utfall-minskat", om, vantat, i_ar={manad: {"drift__grund__utfall": utfall} for manad, utfall in fore.items()})


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
    Fall(
        "prognos-saknas",
        "prognosen är tom, och därmed hela balanskravsutredningen",
        (("KR311", "D6"), ("KR446", "")),
        finans={"balanskrav__realvinster__prognos": ""},
    ),
    Fall("tecken", "inga intäkter", skola={"kostnadsslag__intakter__utfall": 0, "kostnadsslag__personal__utfall": -31_500}),
    Fall(
        "tecken", "intäkt med minus", (("KR404", "D6"),), skola={"kostnadsslag__intakter__utfall": -4_500, "kostnadsslag__personal__utfall": -27_000}
    ),
    Fall("tecken", "kostnad med plus", (("KR404", "D8"),), skola={"kostnadsslag__lokaler__utfall": 100, "kostnadsslag__personal__utfall": -44_100}),
    Fall("kommentar", "under båda gränserna", skola={"drift__grund__prognos": -60_801, "drift__fritids__prognos": -10_199}),
    Fall(
        "kommentar",
        "vid procentgränsen utan kommentar",
        (("KR405", "L7"),),
        skola={"drift__grund__prognos": -60_800, "drift__fritids__prognos": -10_200},
    ),
    Fall(
        "kommentar",
        "vid beloppsgränsen utan kommentar",
        (("KR405", "L6"),),
        skola={"drift__grund__prognos": -61_500, "drift__fritids__prognos": -9_500, "drift__fritids__kommentar": "Färre barn."},
    ),
    Fall(
        "kommentar",
        "ett streck är ingen kommentar",
        (("KR405", "L6"),),
        skola={**UNDERSKOTT, "drift__grund__kommentar": "-", **ATGARD},
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
    Fall("atgarder", "underskott vid gränsen med åtgärd", skola={**UNDERSKOTT, **ATGARD}, finans=NETTO_500_SAMRE),
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
    Fall("sjukfranvaro-ryms", "hela arbetstiden", skola={**UTAN_GRUPPER, "sjukfranvaro__totalt__sjuk_tid": 80_000}),
    Fall("sjukfranvaro-ryms", "mer än arbetstiden", (("KR408", "H6"),), skola={**UTAN_GRUPPER, "sjukfranvaro__totalt__sjuk_tid": 80_001}),
    Fall(
        "sjukfranvaro-ryms",
        "mer än arbetstiden i en grupp",
        (("KR408", "H7"),),
        skola={**UTAN_GRUPPER, "sjukfranvaro__kvinnor__sjuk_tid": Decimal("48000.5")},
    ),
    Fall("sjukfranvaro-ryms", "arbetstiden är inte tillämplig", skola={"sjukfranvaro__totalt__ord_tid": "e.t."}),
    Fall("lang-sjukfranvaro-ryms", "all sjukfrånvaro är lång", skola={"sjukfranvaro__totalt__lang_tid": 5_600}),
    Fall("lang-sjukfranvaro-ryms", "den långa är mer än all", (("KR412", "I6"),), skola={"sjukfranvaro__totalt__lang_tid": 5_601}),
    # Vårdens drift: rad 6 hemtjänst, 7 summa.
    vardens_utfall("utfallet är noll", 0),
    vardens_utfall("utfallet är strax under hundra gånger budgeten", -2_999_999, (("KR413", "G6"),)),
    vardens_utfall("utfallet är hundra gånger budgeten", -3_000_000, (("KR407", "D6"),)),
    vardens_utfall("utfallet är tre tusendelar av budgeten", -90, (("KR407", "D6"),)),
    vardens_utfall("utfallet är strax över tre tusendelar av budgeten", -91),
    vardens_prognos("prognosen är strax under hundra gånger budgeten", -2_999_999, (("KR492", "C18"),)),
    vardens_prognos("prognosen är hundra gånger budgeten", -3_000_000, (("KR407", "G6"),)),
    vardens_prognos("prognosen är tre tusendelar av budgeten", -90, (("KR407", "G6"),)),
    vardens_prognos("prognosen är strax över tre tusendelar av budgeten", -91, (("KR413", "G6"),)),
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
        (("KR601", "C9"), ("KR601", "C17")),
        bokslut=BOKSLUT_UTAN_RESULTAT,
        finans={"balans__mark__fg": 149_000, "balans__fordringar__fg": 21_000},
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
    Fall("balans-balanserar", "båda sidor växer lika", finans={"balans__fordringar__nu": 20_100, "balans__kortfristiga__nu": 40_100}),
    Fall("balans-balanserar", "tillgångarna är större", (("KR502", ""),), finans={"balans__fordringar__nu": 20_100}),
    Fall("balans-balanserar", "jämförelseåret balanserar inte", (("KR502", ""),), finans={"balans__fordringar__fg": 20_100}),
    Fall(
        "balans-mot-resultat",
        "samma resultat",
        finans={
            "balans__arets_resultat__nu": 2_000,
            "balans__kassa__nu": 17_000,
            "resultat__skatt__utfall": 59_900,
            "kassaflode__arets_resultat__utfall": 2_000,
        },
    ),
    Fall(
        "balans-mot-resultat", "olika resultat", (("KR503", "D25"),), finans={"balans__arets_resultat__nu": 2_200, "balans__fordringar__nu": 20_100}
    ),
    Fall("ingaende-eget-kapital", "ingående är utgående", finans={"balans__ek_ingaende__fg": 90_000, "balans__ek_ingaende__nu": 90_000}),
    Fall(
        "ingaende-eget-kapital",
        "ingående är ett annat",
        (("KR504", ""),),
        finans={"balans__ek_ingaende__nu": 91_000, "balans__fordringar__nu": 21_000},
    ),
    # Avstämning: slutradens utfall är exakt −68 000 tkr och dess osäkerhet fyra halva tusental.
    Fall("mot-bokforingen", "boken är kontona", sie=perioden(KOMMUNENS)),
    Fall("mot-bokforingen", "inom avrundningen av cellen", sie=perioden({**KOMMUNENS, "1310": Decimal("5000.5"), "1510": Decimal("19999.5")})),
    Fall(
        "mot-bokforingen",
        "utanför avrundningen",
        (("KR510", "D12"), ("KR510", "D17")),
        sie=perioden({**KOMMUNENS, "1310": Decimal("5000.51"), "1510": Decimal("19999.49")}),
    ),
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
    # Åtgärder: B åtgärd, C effekt i år, D helår, E ingår, F ansvarig, G klart, H status, I hittills, J beslut; raderna 6–17, summan på 18.
    Fall("effekt-av-atgarder", "effekten är hela underskottet", skola={**UNDERSKOTT, **ATGARD}, finans=NETTO_500_SAMRE),
    Fall(
        "effekt-av-atgarder",
        "effekten är större än underskottet",
        (("KR416", "C18"),),
        skola={**UNDERSKOTT, **ATGARD, "atgarder__a01__effekt_ar": 501},
        finans=NETTO_500_SAMRE,
    ),
    Fall("effekt-av-atgarder", "inget underskott att möta", skola=ATGARD),
    Fall(
        "effekt-av-atgarder",
        "effekten ingår redan i prognosen",
        skola={**UNDERSKOTT, **ATGARD, "atgarder__a01__effekt_ar": 900, "atgarder__a01__ingar": "Ja", **VARFOR_INTE},
        finans=NETTO_500_SAMRE,
    ),
    Fall("tackning-av-underskott", "hela underskottet täcks", skola={**UNDERSKOTT, **ATGARD}, finans=NETTO_500_SAMRE),
    Fall(
        "tackning-av-underskott",
        "något återstår",
        (("KR492", "C18"),),
        skola={**UNDERSKOTT, **ATGARD, "atgarder__a01__effekt_ar": 499},
        finans=NETTO_500_SAMRE,
    ),
    Fall(
        "tackning-av-underskott",
        "åtgärden ingår redan i prognosen",
        (("KR492", "C18"),),
        skola={**UNDERSKOTT, **ATGARD, "atgarder__a01__ingar": "Ja"},
        finans=NETTO_500_SAMRE,
    ),
    Fall(
        "tackning-av-underskott",
        "något återstår och nämnden skriver varför",
        skola={**UNDERSKOTT, **ATGARD, "atgarder__a01__effekt_ar": 499, **VARFOR_INTE},
        finans=NETTO_500_SAMRE,
    ),
    Fall("effekt-hittills", "hela årets effekt", skola={**ATGARD, "atgarder__a01__effekt_hittills": 500}),
    Fall("effekt-hittills", "mer än årets effekt", (("KR490", "I6"),), skola={**ATGARD, "atgarder__a01__effekt_hittills": 501}),
    Fall("genomford-utan-effekt", "effekten är angiven", skola={**GENOMFORD, "atgarder__a01__effekt_hittills": 100}),
    Fall("genomford-utan-effekt", "effekten är tom", (("KR491", "I6"),), skola=GENOMFORD),
    Fall("genomford-utan-effekt", "effekten är noll", (("KR491", "I6"),), skola={**GENOMFORD, "atgarder__a01__effekt_hittills": 0}),
    Fall("genomford-utan-effekt", "ingen effekt väntas i år", skola={**GENOMFORD, "atgarder__a01__effekt_ar": 0}),
    Fall("installd-med-effekt", "det den har gett", skola={**INSTALLD, "atgarder__a01__effekt_hittills": 500}),
    Fall("installd-med-effekt", "mer än den har gett", (("KR493", "C6"),), skola={**INSTALLD, "atgarder__a01__effekt_hittills": 400}),
    Fall("installd-med-effekt", "den har inte gett något", (("KR493", "C6"),), skola=INSTALLD),
    uppdrag("försenat med kommentar", "2024-08-31", "Försenat", kommentar="Klart i höst."),
    uppdrag("försenat utan kommentar", "2024-08-31", "Försenat", (("KR494", "F6"),)),
    uppdrag("pågår utan kommentar efter dagen", "2024-06-30", "Pågår", (("KR494", "F6"),)),
    uppdrag("genomfört i tid", "2024-06-30", "Genomfört"),
    uppdrag("ska vara klart senare", "2024-09-01", "Pågår"),
    uppdrag("ingen dag är bestämd", "", "Pågår"),
    Fall("finansiella-mal", "målet har ett utfall"),
    Fall("finansiella-mal", "inga mål", (("KR495", ""),), styrning={"finansmal": "rad;benamning;art;mal;matt\n"}),
    Fall(
        "finansiella-mal",
        "ansvarsförbindelsen saknas",
        (("KR495", ""),),
        styrning={"finansmal": "rad;benamning;art;mal;matt\ns;Soliditet;minst;20;soliditet_kommun\n"},
    ),
    Fall(
        "finansiella-mal",
        "ansvarsförbindelsen är noll",
        finans={"balans__pensionsforpliktelser__nu": 0},
        styrning={"finansmal": "rad;benamning;art;mal;matt\ns;Soliditet;minst;20;soliditet_kommun\n"},
    ),
    Fall("hel-atgard", "alla uppgifter, effekten är noll", skola={**ATGARD, "atgarder__a01__effekt_ar": 0}),
    Fall("hel-atgard", "effekten är inte tillämplig", skola={**ATGARD, "atgarder__a01__effekt_ar": "e.t."}),
    Fall("hel-atgard", "ansvarig saknas", (("KR415", "F6"),), skola={**ATGARD, "atgarder__a01__ansvarig": ""}),
    Fall("hel-atgard", "ett tankstreck är inget svar", (("KR415", "F6"),), skola={**ATGARD, "atgarder__a01__ansvarig": "–"}),
    Fall("hel-atgard", "bara åtgärden är skriven", (("KR415", "C6"), ("KR435", "J6")), skola={"atgarder__a01__atgard": "Färre vikarier"}),
    skolans_tal("prognos-lagre-an-utfall", "prognosen är utfallet", utfall=(-40_000, -10_000)),
    skolans_tal("prognos-lagre-an-utfall", "utfallet är mer än prognosen", (("KR413", "G7"),), utfall=(-40_000, -10_001)),
    skolans_tal(
        "prognos-lagre-an-utfall",
        "en kommentar till avvikelsen förklarar inte skillnaden",
        (("KR413", "G7"),),
        utfall=(-40_000, -10_001),
        kommentar="Återbetalning i höst.",
    ),
    skolans_tal("prognos-noll", "prognosen är noll fast raden har budget och utfall", (("KR436", "G7"),), prognos=(-71_000, 0), kommentar="Flytt."),
    skolans_tal("prognos-noll", "budgeten behövs inte: inget är utgivet", utfall=(-46_500, 0), prognos=(-71_000, 0), kommentar="Flytt."),
    skolans_tal("omvant-tecken", "utfallet är mindre än en fjärdedel av budgeten", utfall=(15_249, -6_500)),
    skolans_tal("omvant-tecken", "utfallet är en fjärdedel av budgeten", (("KR411", "D6"),), utfall=(15_250, -6_500)),
    skolans_tal("omvant-tecken", "utfallet är fyra gånger budgeten", (("KR411", "D6"),), utfall=(244_000, -6_500)),
    skolans_tal("omvant-tecken", "utfallet är mer än fyra gånger budgeten", utfall=(244_001, -6_500)),
    skolans_tal("omvant-tecken", "prognosen är vänd", (("KR411", "G6"),), prognos=(61_000, -10_000), kommentar="Stor förändring."),
    Fall(
        "omvant-tecken",
        "finansförvaltningens tecken är inte givet",
        finans={"drift__gemensamt__utfall": 1_500, "resultat__kostnader__utfall": -83_000, "resultat__skatt__utfall": 57_000},
    ),
    skolans_tal("fel-enhet-i-cell", "knappt fem hundra gånger mindre än budgeten", utfall=(-40_000, -21)),
    skolans_tal("fel-enhet-i-cell", "fem hundra gånger mindre än budgeten", (("KR417", "D7"),), utfall=(-40_000, -20)),
    skolans_tal("fel-enhet-i-cell", "två tusen gånger mindre än budgeten", (("KR417", "D7"),), utfall=(-40_000, -5)),
    skolans_tal("fel-enhet-i-cell", "mer än två tusen gånger mindre än budgeten", utfall=(-40_000, -4)),
    skolans_tal("fel-enhet-i-cell", "knappt fem hundra gånger större än budgeten", (("KR413", "G7"),), utfall=(-40_000, -4_999_999)),
    skolans_tal("fel-enhet-i-cell", "fem hundra gånger större än budgeten", (("KR417", "D7"),), utfall=(-40_000, -5_000_000), kommentar="Stor post."),
    skolans_tal("fel-enhet-i-cell", "prognosen är i fel enhet", (("KR417", "G7"),), prognos=(-61_000, -10)),
    skolans_tal("fel-enhet-i-cell", "tusen gånger fjolåret men i budgetens storleksordning", utfall=(-40_000, -1_000), fg=(-40_000, -1)),
    skolans_tal("fel-enhet-i-cell", "tusen gånger fjolåret och långt från budgeten", (("KR417", "D7"),), utfall=(-40_000, -999), fg=(-40_000, -1)),
    skolans_tal("fjolarets-kolumn", "ett belopp är som i fjol", fg=(-40_000, -6_000)),
    skolans_tal("fjolarets-kolumn", "alla belopp är som i fjol", (("KR438", "D6"),), fg=(-40_000, -6_500)),
    Fall("utfyllnad", "en kommentar som säger något", skola={"drift__grund__kommentar": "Se ovan om lokalerna: hyran höjs i maj."}),
    Fall("utfyllnad", "se ovan", (("KR437", "L6"),), skola={"drift__grund__kommentar": "Se  ovan."}),
    Fall("utfyllnad", "fylls i senare", (("KR437", "L6"),), skola={"drift__grund__kommentar": "xxx fylls i senare"}),
    Fall("effekt-med-minus", "effekten är noll", skola={**ATGARD, "atgarder__a01__effekt_helar": 0}),
    Fall("effekt-med-minus", "effekten har minus", (("KR456", "C6"),), skola={**ATGARD, "atgarder__a01__effekt_ar": -500}),
    Fall("effekt-i-fel-enhet", "hela budgeten", skola={**ATGARD, "atgarder__a01__effekt_ar": 71_000}),
    Fall("effekt-i-fel-enhet", "mer än hela budgeten", (("KR457", "C6"),), skola={**ATGARD, "atgarder__a01__effekt_ar": 71_001}),
    Fall("genomford-i-framtiden", "periodens sista dag", skola={**KLAR, "atgarder__a01__klart": date(2024, 8, 31)}),
    Fall("genomford-i-framtiden", "efter perioden", (("KR458", "G6"),), skola={**KLAR, "atgarder__a01__klart": date(2024, 9, 1)}),
    Fall("arsarbetare-bland-anstallda", "lika många", skola={"personal__arsarbetare__nu": 100}),
    Fall("arsarbetare-bland-anstallda", "en mer", (("KR449", "D8"),), skola={"personal__arsarbetare__nu": 101}),
    Fall("antal-inte-negativa", "noll", skola={"personal__heltid__nu": 0}),
    Fall("antal-inte-negativa", "minus", (("KR439", "D9"),), skola={"personal__heltid__nu": -1}),
    Fall("hela-personer", "årsarbetare får ha decimaler", skola={"personal__arsarbetare__nu": Decimal("99.5")}),
    Fall("hela-personer", "en halv person", (("KR448", "D9"),), skola={"personal__heltid__nu": Decimal("99.5")}),
    Fall("anstallda-har-alla", "noll årsarbetare", skola={"personal__arsarbetare__nu": 0}),
    Fall("anstallda-har-alla", "e.t.", (("KR459", "D6"),), skola={"personal__anstallda__nu": "e.t."}),
    Fall("sjukfranvaro-i-procent", "timmar", skola={"sjukfranvaro__totalt__lang_tid": 101}),
    Fall("sjukfranvaro-i-procent", "procent", (("KR451", "H6"),), skola={"sjukfranvaro__totalt__sjuk_tid": 7}),
    skolans_tal("ombytta-kolumner", "beloppen passar så som de står", fg=(-39_900, -6_600)),
    skolans_tal(
        "ombytta-kolumner",
        "en rad är fyra gånger bättre ombytt",
        (("KR413", "G6"),),
        utfall=(-60_400, -6_500),
        prognos=(-47_800, -10_000),
        fg=(-40_000, -6_500),
        kommentar="Stor förändring.",
    ),
    skolans_tal(
        "ombytta-kolumner",
        "en rad är mer än fyra gånger bättre ombytt",
        (("KR418", "D6"),),
        utfall=(-60_800, -6_500),
        prognos=(-41_000, -10_000),
        fg=(-40_000, -6_500),
        kommentar="Stor förändring.",
    ),
    skolans_tal(
        "ombytta-kolumner",
        "båda raderna är ombytta",
        (("KR418", "D6"),),
        utfall=(-60_800, -9_900),
        prognos=(-41_000, -6_600),
        fg=(-40_000, -6_500),
        kommentar="Stor förändring.",
    ),
    # Kostnadsslag: C utfall i fjol, D utfall, E budget, F prognos; rad 7 personal, 8 lokaler, 12 netto.
    Fall("storlek-mot-fjolaret", "knappt hundra gånger fjolåret", skola={"kostnadsslag__personal__utfall_fg": -521}),
    Fall(
        "storlek-mot-fjolaret",
        "hundra gånger fjolåret",
        (("KR428", "D7"), ("KR428", "E7")),
        skola={"kostnadsslag__personal__utfall_fg": -360},
    ),
    Fall(
        "fel-enhet-i-bolagets-cell",
        "knappt fem hundra gånger fjolåret",
        skola={**PERSONAL_I_FJOL, "kostnadsslag__lokaler__utfall_fg": -27},
    ),
    Fall(
        "fel-enhet-i-bolagets-cell",
        "tusen gånger fjolåret",
        (("KR429", "D8"), ("KR429", "E8")),
        skola={**PERSONAL_I_FJOL, "kostnadsslag__lokaler__utfall_fg": -8},
    ),
    Fall(
        "fel-enhet-i-bolagets-cell",
        "tusen gånger mindre än fjolåret",
        skola={**PERSONAL_I_FJOL, "kostnadsslag__lokaler__utfall_fg": -8_000_000},
    ),
    Fall(
        "fel-enhet-i-projekt",
        "utfallet är hela budgeten",
        skola={**PROJEKTET, "investering__ny__utfall": 5_000},
        finans=investerat(5_000),
        styrning={"investeringar": INVESTERING.format("")},
    ),
    Fall(
        "fel-enhet-i-projekt",
        "knappt fem hundra gånger budgeten",
        (("KR413", "F6"),),
        skola={**PROJEKTET, "investering__ny__utfall": 2_499_999},
        finans=investerat(2_499_999),
        styrning={"investeringar": INVESTERING.format("")},
    ),
    Fall(
        "fel-enhet-i-projekt",
        "fem hundra gånger budgeten",
        (("KR430", "D6"),),
        skola={**PROJEKTET, "investering__ny__utfall": 2_500_000},
        styrning={"investeringar": INVESTERING.format("")},
    ),
    Fall("kon-ger-samtliga", "inom avrundningen", (("KR506", "G6"),), skola={"sjukfranvaro__kvinnor__ord_tid": 48_001}),
    Fall("kon-ger-samtliga", "tillsammans samtliga", skola={"sjukfranvaro__kvinnor__ord_tid": 49_000, "sjukfranvaro__man__ord_tid": 31_000}),
    Fall("kon-ger-samtliga", "utanför avrundningen", (("KR431", "G6"),), skola={"sjukfranvaro__kvinnor__ord_tid": 48_002}),
    Fall("alder-ger-samtliga", "tillsammans samtliga", skola={"sjukfranvaro__ar_30_49__ord_tid": 26_600, "sjukfranvaro__fran_50__ord_tid": 26_200}),
    Fall("alder-ger-samtliga", "utanför avrundningen", (("KR432", "G6"),), skola={"sjukfranvaro__ar_30_49__ord_tid": 25_602}),
    Fall("atgardens-beslut", "beslutad", skola={**ATGARD, "atgarder__a01__beslut": "SKN § 4"}),
    Fall("atgardens-beslut", "inte beslutad", (("KR435", "J6"),), skola={**ATGARD, "atgarder__a01__beslut": ""}),
    Fall("kvinnor-bland-anstallda", "alla är kvinnor", skola={"personal__kvinnor__nu": 100}),
    Fall("kvinnor-bland-anstallda", "fler kvinnor än anställda", (("KR433", "D7"),), skola={"personal__kvinnor__nu": 101}),
    Fall("heltid-bland-anstallda", "alla på heltid", skola={"personal__heltid__nu": 100}),
    Fall("heltid-bland-anstallda", "fler på heltid än anställda", (("KR434", "D9"),), skola={"personal__heltid__nu": 101}),
    skolans_text("lika stort som det största", "Kostnaden är 83 000 tkr."),
    skolans_text("större än det största", "Kostnaden är 83 001 tkr.", (("KR419", "C8"),)),
    skolans_text("lika stort i miljoner", "Kostnaden är 83,0 miljoner kronor."),
    skolans_text("större i miljoner", "Kostnaden är 83,1 mnkr.", (("KR419", "C8"),)),
    skolans_text("tusentalen är skrivna som miljoner", "Kostnaden är 61 000 mnkr.", (("KR419", "C8"),)),
    skolans_text("tal utan enhet är inga belopp", "År 2024 hade vi 98 000 besök och 250 procent fler."),
    projekt("belopp-i-text", "lika stort som de beslutade investeringarna", beslutad="90 000", kommentar="Skolan kostar 90 000 tkr."),
    projekt("belopp-i-text", "större än de beslutade investeringarna", (("KR419", "Q6"),), beslutad="90 000", kommentar="Skolan kostar 90 001 tkr."),
    Fall("belopp-i-text", "ett belopp i en kommentar", (("KR419", "L6"),), skola={"drift__grund__kommentar": "Statsbidrag 99 000 tkr."}),
    Fall("belopp-i-text", "finansförvaltningen skriver om hela kommunen", finans={"texter__analys__text": "Skatten är 900 mnkr."}),
    # Investeringar: D utfall, E budget, F prognos, H ackumulerat, I beslutad totalutgift, J prognos, L särskild redovisning.
    projekt("ackumulerat-rullar", "bokslutets plus årets", bokslut=4_000, ack_utfall=5_000),
    projekt("ackumulerat-rullar", "inom avrundningen av tre tal", (("KR506", "H6"),), bokslut=4_000, ack_utfall=5_001),
    projekt("ackumulerat-rullar", "utanför avrundningen", (("KR425", "H6"),), bokslut=4_000, ack_utfall=5_002),
    projekt("ackumulerat-rullar", "årets anslag är hela beslutet", beslutad="5 000", bokslut=4_000, ack_utfall=1_000),
    projekt("ackumulerat-rullar", "projektet har inget beslut för flera år", beslutad="", bokslut=4_000, ack_utfall=1_000),
    projekt("ackumulerat-rullar", "det förra bokslutet finns inte", ack_utfall=5_002),
    projekt("utfall-ryms-i-prognos", "allt är utgivet", ack_utfall=20_000, prognos_total=20_000),
    projekt("utfall-ryms-i-prognos", "mer än prognosen är utgivet", (("KR426", "H6"),), ack_utfall=20_001, prognos_total=20_000),
    projekt("utfall-ryms-i-prognos", "prognosen saknas", ack_utfall=20_001),
    Fall(
        "utfall-ryms-i-prognos",
        "bara ett av projekten har en prognos, så summorna går inte att jämföra",
        skola={
            "investering__ny__utfall": 0,
            "investering__ny__prognos": 0,
            "investering__ny__ack_utfall": 9_000,
            "investering__ny__prognos_total": 9_000,
            "investering__gammal__utfall": 0,
            "investering__gammal__prognos": 0,
            "investering__gammal__ack_utfall": 5_000,
        },
        styrning={"investeringar": f"{INVESTERINGSFIL}skola;ny;Ny skola;utgift;0;9 000\nskola;gammal;Gammal skola;utgift;0;9 000\n"},
    ),
    dyrare("mer än andelen men färre prisbasbelopp", "30 000", 36_875),
    dyrare("mer än andelen och så många prisbasbelopp", "30 000", 36_876, (("KR420", "L6"),)),
    dyrare("fler prisbasbelopp och precis andelen", "40 000", 48_000),
    dyrare("fler prisbasbelopp och mer än andelen", "40 000", 48_001, (("KR420", "L6"),)),
    dyrare("redovisas särskilt", "40 000", 48_001, sarskild="KF 2024-09-30 § 80"),
    dyrare("inkomsten blir större", "-30 000", -60_000, art="inkomst"),
    dyrare("inkomsten blir mindre", "-30 000", -20_000, (("KR420", "L6"),), art="inkomst"),
    # Resultatöverföring: C ingående, D resultat, E budget, F begärs överfört, G utgående, I planeras användas; 6 eget tak, 7 övrig, 8 summa.
    # Resultat och budget hämtas ur driftredovisningen: budgeten är −71 000 och resultatet 24 500, varav fritids −10 000 och 3 500.
    overforing("overforing-tak", "vid tre procent", granser=TRE_PROCENT, ovrig__ingaende=2_000, ovrig__overfors=130),
    overforing("overforing-tak", "över tre procent", (("KR421", "G8"),), granser=TRE_PROCENT, ovrig__ingaende=2_000, ovrig__overfors=131),
    overforing("overforing-tak", "över tre procent utan ingående", (("KR421", "G8"),), granser=TRE_PROCENT, ovrig__overfors=2_131),
    overforing("overforing-tak", "ett underskott har inget tak", granser=TRE_PROCENT, ovrig__ingaende=-5_000),
    overforing("overforing-eget-tak", "vid femton procent", granser=EGET_TAK, eget_tak__overfors=1_500),
    overforing("overforing-eget-tak", "över femton procent", (("KR422", "F6"),), granser=EGET_TAK, eget_tak__overfors=1_501),
    overforing(
        "overforing-eget-tak",
        "ett underskott över femton procent",
        (("KR413", "G7"), ("KR422", "F6")),
        granser=EGET_TAK,
        utfall=-12_000,
        eget_tak__overfors=-1_501,
    ),
    overforing("overforing-eget-tak", "den övriga verksamheten har inget eget tak", granser=EGET_TAK, ovrig__overfors=10_000),
    overforing("overforing-ryms-i-resultatet", "hela resultatet", ovrig__overfors=21_000),
    overforing("overforing-ryms-i-resultatet", "mer än resultatet", (("KR427", "F7"),), ovrig__overfors=21_001),
    overforing("overforing-ryms-i-resultatet", "hela underskottet", (("KR413", "G7"),), utfall=-12_000, eget_tak__overfors=-2_000),
    overforing(
        "overforing-ryms-i-resultatet", "ett överskott av ett underskott", (("KR413", "G7"), ("KR427", "F6")), utfall=-12_000, eget_tak__overfors=500
    ),
    overforing("overforing-ryms-i-resultatet", "verksamheterna prövas var för sig", eget_tak__overfors=3_500, ovrig__overfors=0),
    overforing("anvandning-av-overskott", "hela det överförda", ovrig__ingaende=500, ovrig__anvands=500),
    overforing("anvandning-av-overskott", "mer än det överförda", (("KR496", "J7"),), ovrig__ingaende=500, ovrig__anvands=501),
    overforing("anvandning-av-overskott", "ett överfört underskott", (("KR496", "J7"),), ovrig__ingaende=-500, ovrig__anvands=100),
    # Återställning: B uppkom, C underskott, D återställt, E kvar, F senast, G plan.
    aterstallning("aterstallning-plan", "underskottet har plan och år"),
    aterstallning("aterstallning-plan", "allt är återställt", aterstallt=1_000, senast="", plan=""),
    aterstallning("aterstallning-plan", "något återstår utan plan och år", (("KR423", "F6"),), aterstallt=999, senast="", plan=""),
    aterstallning("aterstallning-plan", "bara planen saknas", (("KR423", "G6"),), plan=""),
    aterstallning("aterstallning-plan", "inget är ifyllt som återställt", (("KR423", "G6"),), aterstallt="", plan=""),
    aterstallning("aterstallning-i-tid", "det tredje året", senast=date(2024, 12, 31)),
    aterstallning("aterstallning-i-tid", "det fjärde året", (("KR424", "F6"),), senast=date(2025, 1, 1)),
    andrad("under gränsen", {3: -61_399}),
    andrad("vid gränsen", {3: -61_400}, (("KR603", "L6"),)),
    andrad("vid gränsen åt andra hållet", {3: -60_600}, (("KR603", "L6"),)),
    andrad("ändringen är kommenterad", {3: -61_400}, drift__grund__kommentar="Färre elever."),
    andrad("mot den senaste månaden med prognos", {3: -61_400, 4: -61_000}, (("KR603", "L6"),)),
    minskat("lika stort", {4: -40_000}),
    minskat("mindre", {4: -40_001}, (("KR604", "D6"),)),
    minskat("annat tecken", {4: 41_000}),
    minskat("mot den senaste månaden", {3: -50_000, 4: -40_000}),
    publicerat("mot-publicerat-period", "avrundas till detsamma", FJOL, "drift.skola.utfall", -46_549),
    publicerat("mot-publicerat-period", "avrundas till ett annat", FJOL, "drift.skola.utfall", -46_550, (("KR605", ""),)),
    publicerat("mot-publicerat-period", "bokslutets utfall är inte periodens", BOKSLUT, "drift.skola.utfall", -46_550),
    publicerat("mot-publicerat-bokslut", "avrundas till detsamma", BOKSLUT, "balans.kassa.nu", 15_049),
    publicerat("mot-publicerat-bokslut", "avrundas till ett annat", BOKSLUT, "balans.kassa.nu", 15_050, (("KR606", ""),)),
    # Soliditeten är 45 000 000 kvotdelar: 450 gånger 100 000.
    publicerat("mot-publicerat-bokslut", "samma procent", BOKSLUT, "stallning.soliditet.nu", "450.4"),
    publicerat("mot-publicerat-bokslut", "personalen i fjol är inte den vid årsskiftet", BOKSLUT, "personal.anstallda.nu", 1, ()),
    publicerat("mot-publicerat-bokslut", "annan procent", BOKSLUT, "stallning.soliditet.nu", "450.5", (("KR606", ""),)),
    Fall(
        "ramar-mot-total",
        "ett tillägg i båda",
        finans={"resultat__kostnader__budget": -130_001, "drift__gemensamt__budget": -2_001},
        styrning={"tillagg": f"{TILLAGG}finans;gemensamt;drift;-1;KF § 60\nfinans;kostnader;resultat;-1;KF § 60\n"},
    ),
    Fall("ramar-mot-total", "skatten är ingen ram", finans={"resultat__skatt__budget": 90_001}, styrning=resultatbudget(skatt="90 001")),
    Fall(
        "ramar-mot-total",
        "kostnaderna är större än ramarna",
        (("KR507", ""),),
        finans={"resultat__kostnader__budget": -130_001},
        styrning=resultatbudget(kostnader="-130 001"),
    ),
    projekt("investering-mot-bokforing", "projektet är bokföringens"),
    Fall("investering-mot-bokforing", "inga projekt men bokförda utgifter", (("KR508", "C6"),), finans=EN_MILJON_INVESTERAT),
    projekt("investering-mot-bokforing", "projektet är en tusendel större", (("KR508", "C6"),), utfall=1_001),
    projekt("investering-mot-bokforing", "projektet är lite mer exakt", (("KR506", "C6"),), utfall=Decimal("1000.4")),
    projekt("investering-mot-bokforing", "inkomster är inte utgifter", art="inkomst", beslutad="-20 000"),
    projekt("investering-mot-bokforing", "ett utfall saknas", (("KR310", "D6"),), utfall=""),
    # Bolagets balansräkning: D nu; rad 21 summa tillgångar, 19 kassa. Summorna har 22 poster.
    bolagsbalans("balansen går ihop"),
    bolagsbalans("obeskattade reserver och avsättningar räknas med", mark=202_000, obeskattade=5_000, uppskjuten_skatt=6_000),
    bolagsbalans("inom avrundningen av 22 tal", (("KR506", "D21"),), mark=191_010),
    bolagsbalans("utanför avrundningen", (("KR509", "D21"),), mark=191_011),
    bolagsbalans("ett tomt fält", (("KR310", "D8"),), mark=""),
    # Samband mellan räkningarna. Balansräkningen: kassa på rad 19; kassaflödet: likvida medel på rad 33 och 34.
    Fall("likvida-vid-slutet", "kassan är kassaflödets"),
    Fall(
        "likvida-vid-slutet",
        "kassan är större än kassaflödets",
        (("KR511", "D19"),),
        finans={"balans__kassa__nu": 17_200, "balans__kortfristiga__nu": 40_100},
    ),
    med_bolag("likvida-vid-slutet", "bolagets också", (("KR511", "D19"),), bolagsbalans__kassa__nu=18_000, bolagsbalans__mark__nu=191_500),
    med_bolag("likvida-vid-borjan", "förra bokslutets kassa", bolagsbalans__kassa__fg=5_000),
    med_bolag("likvida-vid-borjan", "en annan kassa", (("KR512", "D33"),), bolagsbalans__kassa__fg=5_100),
    med_bolag("kassaflodets-resultat", "resultaträkningens resultat"),
    med_bolag(
        "kassaflodets-resultat",
        "ett annat resultat",
        (("KR513", "D7"),),
        kassaflode__arets_resultat__utfall=4_000,
        kassaflode__ej_likvida__utfall=9_500,
    ),
    med_bolag(
        "balans-mot-resultat", "bolagets också", (("KR503", "D26"),), bolagsbalans__arets_resultat__nu=4_000, bolagsbalans__balanserat__nu=25_500
    ),
    obeskattat("obeskattade-mot-resultat", "avsättningen är samma på båda bladen"),
    obeskattat("obeskattade-mot-resultat", "fel tecken", (("KR515", "D19"),), bolagsbalans__obeskattade_forandring__nu=-1_000),
    obeskattat("obeskattade-rullar", "ingående plus förändring", bolagsbalans__obeskattade__fg=4_000),
    obeskattat("obeskattade-rullar", "ett annat ingående", (("KR516", "D28"),), bolagsbalans__obeskattade__fg=3_000),
    projekt("investeringar-mot-kassaflode", "samma utgift"),
    Fall(
        "investeringar-mot-kassaflode",
        "inte i kassaflödet",
        (("KR508", "C6"), ("KR517", "C6")),
        finans={"bokforing__investeringsutgifter__utfall": 1_000},
    ),
    # Koncernen: en eliminering ska tas ut av en annan i samma räkning.
    eliminerat("elimineringarna-balanserar", "marken mot resultatet", "resultat;intakter;-500", "balans;mark;-500", "kassaflode;ej_likvida;500"),
    eliminerat("elimineringarna-balanserar", "marken mot ingenting", "balans;mark;-500", vantat=(("KR518", ""),)),
    eliminerat("koncernens-resultat", "resultatet slår igenom", "resultat;intakter;-500", "balans;mark;-500", "kassaflode;ej_likvida;500"),
    eliminerat("koncernens-resultat", "eliminerat bara i balansräkningen", "balans;arets_resultat;-500", "balans;mark;-500", vantat=(("KR519", ""),)),
    eliminerat("koncernens-likvida", "rader som tar ut varandra", "kassaflode;nya_lan;-500", "kassaflode;langa_fordringar;500"),
    eliminerat("koncernens-likvida", "en ensam rad", "kassaflode;nya_lan;-500", vantat=(("KR521", ""),)),
    koncernens_bokslut("förra bokslutets utgående"),
    koncernens_bokslut(
        "bolagets eget kapital har ändrats", (("KR520", ""),), bolagsbalans__balanserat__nu=30_000, bolagsbalans__langfristiga__nu=129_500
    ),
    # Resultatreserven: av 2 100 får det som är över 1 procent av 105 000 reserveras.
    reserverat("hela utrymmet", 1_050),
    reserverat("mer än utrymmet", 1_051, (("KR522", ""),)),
    Fall("plan-for-aterstallning", "resultatet är positivt"),
    Fall("plan-for-aterstallning", "negativt utan plan", (("KR524", "D15"),), finans=UNDERSKOTT_2_900),
    Fall("plan-for-aterstallning", "negativt med plan", finans={**UNDERSKOTT_2_900, **MED_PLAN}),
    utanfor("omsättning och omslutning under gränsen", "1"),
    utanfor("båda över gränsen", "33,4", (("KR804", ""), ("KR804", ""))),
    # Planer. Intern kontroll: I läge, K resultat, L iakttagelse, M åtgärd. Utförare: J läge, K dag, L resultat, N åtgärd, P kommentar.
    plan("atgard-vid-avvikelse", "utan avvikelse", k1__resultat="Utan avvikelse", u1__resultat="Utan brister"),
    plan("atgard-vid-avvikelse", "avvikelsen har en åtgärd", k1__resultat="Allvarlig avvikelse", k1__atgard="Ny rutin."),
    plan("atgard-vid-avvikelse", "avvikelsen saknar åtgärd", (("KR480", "M6"),), k1__resultat="Avvikelse"),
    plan("atgard-vid-avvikelse", "bristen saknar åtgärd", (("KR480", "N6"),), u1__resultat="Allvarliga brister"),
    plan("kontrollens-resultat", "genomförd med resultat", k1__lage="Genomförd", k1__resultat="Utan avvikelse"),
    plan("kontrollens-resultat", "genomförd utan resultat", (("KR482", "K6"),), k1__lage="Genomförd"),
    plan("kontrollens-resultat", "uppföljd utan dag", (("KR482", "K6"),), u1__lage="Genomförd", u1__resultat="Utan brister"),
    plan("utforare-inte-uppfoljd", "sista dagen är periodens sista", planerad="2024-08-31"),
    plan("utforare-inte-uppfoljd", "dagen har passerat", (("KR484", "P6"),), planerad="2024-08-30"),
    plan("utforare-inte-uppfoljd", "förseningen är kommenterad", planerad="2024-08-30", u1__kommentar="Görs i september."),
    plan(
        "utforare-inte-uppfoljd",
        "uppföljningen är gjord",
        planerad="2024-05-31",
        u1__lage="Genomförd",
        u1__datum=date(2024, 5, 20),
        u1__resultat="Utan brister",
    ),
    plan("avtal-har-gatt-ut", "avtalet gäller periodens sista dag", avtal_till="2024-08-31"),
    plan("avtal-har-gatt-ut", "avtalet har gått ut", (("KR486", "P6"),), avtal_till="2024-08-30"),
    plan("avtal-har-gatt-ut", "det är kommenterat", avtal_till="2024-08-30", u1__kommentar="Förlängt ett år."),
    # Personal: rad 6 anställda, 10 tillsvidare, 12 visstid, 14 börjat, 15 slutat.
    anstallda("anstallningsform-ger-anstallda", "formerna är alla anställda"),
    anstallda("anstallningsform-ger-anstallda", "en saknas", (("KR488", "D6"),), visstid=5),
    anstallda("hel-personalomsattning", "ingen uppgift", tillsvidare="", visstid="", borjat="", slutat=""),
    anstallda("hel-personalomsattning", "noll är en uppgift", borjat=0, slutat=0),
    anstallda("hel-personalomsattning", "bara de som har slutat", (("KR487", "D10"),), tillsvidare="", visstid="", borjat=""),
    mellan_bolagen("lika", 100, -100),
    mellan_bolagen("inom avrundningen av två tal", 100, -101),
    mellan_bolagen("utanför avrundningen", 100, -102, (("KR801", "C7"), ("KR801", "C8"))),
    mellan_bolagen("fordran är skulden", 100, 100, poster="fordran skuld", blad=INTERNBALANS),
    mellan_bolagen("fordran är en annan än skulden", 100, 98, (("KR801", "D7"), ("KR801", "D8")), poster="fordran skuld", blad=INTERNBALANS),
    mellan_bolagen("utdelningen är mottagen", 50, 50, poster="utdelning_till utdelning_fran"),
    mellan_bolagen("utdelningen är inte mottagen", 50, "", (("KR801", "C11"), ("KR801", "C11")), poster="utdelning_till utdelning_fran"),
    mellan_bolagen("den andra har inte fyllt i", 100, "", (("KR801", "C7"), ("KR801", "C8"))),
    mellan_bolagen("den andra har skrivit noll och den ena ingenting", "", 0),
    mellan_bolagen("vid kommunens gräns", 1_100, -1_000, granser={"motpart_tkr": 100}),
    mellan_bolagen("över kommunens gräns", 1_101, -1_000, (("KR801", "C7"), ("KR801", "C8")), granser={"motpart_tkr": 100}),
    tva_projekt("olika projekt", "Ny skola", "Nytt boende"),
    tva_projekt("samma projekt", "Mötesplatsen", "mötesplatsen", (("KR802", "F6"), ("KR802", "F6"))),
    tva_projekt("samma projekt med utfall", "Mötesplatsen", "Mötesplatsen", (("KR802", "F6"), ("KR802", "D6")), utfall=1),
    tva_projekt("den andra har inga belopp", "Mötesplatsen", "Mötesplatsen", prognos=0),
    tva_projekt("ett samlingsnamn", "Övriga projekt", "Övriga projekt"),
]


def _namn(fall: Fall) -> str:
    return f"{fall.regel}-{fall.om.replace(' ', '_')}"


@pytest.mark.parametrize("fall", FALL, ids=_namn)
def test_regeln(fall: Fall, kommun: Provkommun) -> None:
    fall.lamna(kommun)
    assert kommun.funna("skola" if fall.overforing else None) == list(fall.vantat)


@pytest.mark.parametrize("fall", MALFALL, ids=lambda f: f"{f.regel}-{f.om}")
def test_regeln_om_mal(fall: Malfall, kommun: Provkommun) -> None:
    assert fall.funna(kommun) == fall.vantat


@pytest.mark.parametrize("regel", sorted(KODER))
def test_varje_regel_har_ett_fall_som_gar_igenom_och_ett_som_inte_gor_det(regel: str) -> None:
    egna = [{kod for kod, _ in fall.vantat} for fall in FALL if fall.regel == regel]
    egna += [set(vantat) for namn, _, vantat in (*REGELFALL, *SKOLFALL) if namn == regel]
    egna += [{kod for kod, _ in fall.vantat} for fall in MALFALL if fall.regel == regel]
    egna += [set(vantat) for namn, *_, vantat in VERKSAMHETSFALL if namn == regel]
    egna += [set(koder) for namn, _, koder in LAGESFALL if namn == regel]
    assert [koder for koder in egna if not koder]
    assert [koder for koder in egna if KODER[regel] in koder]


def test_varje_fall_hor_till_en_regel() -> None:
    namngivna = {namn for namn, *_ in (*REGELFALL, *SKOLFALL, *VERKSAMHETSFALL, *LAGESFALL)}
    assert {fall.regel for fall in FALL} | {fall.regel for fall in MALFALL} | namngivna == set(KODER)


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
            Fall("sjukfranvaro-ryms", "", skola={**UTAN_GRUPPER, "sjukfranvaro__totalt__sjuk_tid": Decimal("80000.5")}),
            ("KR408", "skola", "Sjukfrånvaro", "H6"),
            ("80\u00a0000,5", "högst 80\u00a0000"),
        ),
        (
            Fall("lang-sjukfranvaro-ryms", "", skola={"sjukfranvaro__totalt__lang_tid": 5_601}),
            ("KR412", "skola", "Sjukfrånvaro", "I6"),
            ("5\u00a0601", "högst 5\u00a0600"),
        ),
        (vardens_utfall("", -20_000_000), ("KR407", "vard", "Driftredovisning", "D6"), ("−20\u00a0000\u00a0000 tkr", "−30\u00a0000 tkr")),
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
    assert [s.katalog.allvar(a) for a in s.anmarkningar] == [Allvar.FEL, Allvar.STOPP]


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


# --- Gränser, provtid och enheter ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prova", "allvar"),
    [
        ("2024-08-31", Allvar.VARNING),  # den sista dagen är periodens sista
        ("2024-08-30", Allvar.FEL),
    ],
)
def test_en_regel_som_provas_ar_en_varning_till_och_med_sista_dagen(prova: str, allvar: Allvar, kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer=f"prova = {prova}"))
    Fall("summor", "", skola=FEL_SUMMA).lamna(kommun)
    s = kommun.sammanstall()
    assert [(a.kod, s.katalog.allvar(a)) for a in s.anmarkningar] == [("KR401", allvar)]


def test_efter_provtiden_galler_regelns_eget_allvar(kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer='prova = 2024-08-30\nallvar = "stopp"'))
    Fall("summor", "", skola=FEL_SUMMA).lamna(kommun)
    s = kommun.sammanstall()
    assert [s.katalog.allvar(a) for a in s.anmarkningar] == [Allvar.STOPP]


@pytest.mark.parametrize(
    ("gransen", "vantat"),
    [({}, []), ({"prognosandring_tkr": 0}, [("KR401", "D8")])],
    ids=["inte_satt", "noll_ar_satt"],
)
def test_en_regel_vars_grans_inte_ar_satt_kors_inte(gransen: Mapping[str, int], vantat: list[tuple[str, str]], kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer='granser = ["prognosandring_tkr"]'))
    Fall("summor", "", skola=FEL_SUMMA, granser=gransen).lamna(kommun)
    assert kommun.funna() == vantat


@pytest.mark.parametrize("fall", [f for f in FALL if f.vantat and f.granser], ids=_namn)
def test_utan_sin_grans_ger_regeln_inget(fall: Fall, kommun: Provkommun) -> None:
    replace(fall, granser={}).lamna(kommun)
    post = kommun.sammanstall().mall.post
    satta = {r.kod for r in REGLER if anvands(r, Trosklar(), post)}
    assert kommun.funna("skola" if fall.overforing else None) == [(kod, cell) for kod, cell in fall.vantat if kod in satta]


@pytest.mark.parametrize(
    ("slag", "vantat"),
    [
        ("", ["skola", "finans"]),
        ('"namnd"', ["skola"]),
        ('"finansforvaltning"', ["finans"]),
        ('"namnd", "finansforvaltning"', ["skola", "finans"]),
        ('"bolag"', []),
    ],
)
def test_en_regel_provar_bara_de_slags_enheter_som_den_galler_for(slag: str, vantat: list[str], kommun: Provkommun) -> None:
    egna_regler(kommun, regel("summa", mer=f"galler_for = [{slag}]"))
    Fall("summor", "", skola=FEL_SUMMA, finans={"drift__summa__utfall": -9_000}).lamna(kommun)
    assert [a.enhet for a in kommun.sammanstall().anmarkningar] == vantat


# --- Grindar ---------------------------------------------------------------------------------------

ANNAT_NETTO: Andringar = {"kostnadsslag__ovrigt__utfall": -9_000}


def test_ett_blad_i_fel_enhet_provas_inte_vidare(kommun: Provkommun) -> None:
    i_kronor: Andringar = {f"drift__{rad}__utfall": v for rad, v in (("grund", -40_000_000), ("fritids", -6_500_000), ("summa", -1))}
    Fall("storlek", "", skola={**i_kronor, **ANNAT_NETTO, "drift__grund__prognos": -70_000}).lamna(kommun)
    assert kommun.funna() == [("KR407", "D6")]


def test_ett_blad_med_en_rad_i_fel_namn_provas_inte_vidare(kommun: Provkommun) -> None:
    Fall("summor", "", skola={**FEL_SUMMA, **ANNAT_NETTO}).lamna(kommun)
    kommun.skriv("styrning/2024/driftbudget.csv", DRIFTBUDGET.replace("Grundskola", "Förskola"))
    assert kommun.funna() == [("KR208", "B6")]


@pytest.mark.parametrize(
    ("skola", "vantat"),
    [
        ({"drift__grund__budget": -60_000}, ("KR403", "F6")),
        ({"drift__fritids__utfall": -5}, ("KR417", "D7")),
    ],
    ids=lambda v: v[0] if isinstance(v, tuple) else "",
)
def test_en_underkand_cell_haller_sin_kolumn_utanfor_andra_blad_och_tabeller(skola: Andringar, vantat: tuple[str, str], kommun: Provkommun) -> None:
    """Kolumnen stämmer inte med det andra bladet och inte med resultaträkningen, men det är en följd av cellen."""
    Fall("drift-mot-slag", "", skola=skola).lamna(kommun)
    assert kommun.funna() == [vantat]


def test_bladets_andra_kolumner_provas_trots_en_underkand_cell(kommun: Provkommun) -> None:
    Fall("drift-mot-slag", "", skola={"drift__grund__utfall": -61, "kostnadsslag__ovrigt__prognos": -9_000}).lamna(kommun)
    assert kommun.funna() == [("KR417", "D6"), ("KR402", "G8")]


# --- Hela perioden eller en bok --------------------------------------------------------------------

MELLAN_ENHETER = [next(f for f in FALL if kod in {k for k, _ in f.vantat}) for kod in ("KR505", "KR507", "KR508", "KR605", "KR606", "KR801", "KR802")]


@pytest.mark.parametrize("fall", MELLAN_ENHETER, ids=_namn)
def test_regler_mellan_enheter_kors_bara_nar_hela_perioden_provas(fall: Fall, kommun: Provkommun) -> None:
    fall.lamna(kommun)
    mapp = kommun.katalog / "inlamnat" / str(PERIOD)
    hela = validera(kommun.katalog, [], PERIOD)
    en_i_taget = [a for bok_ in sorted(mapp.iterdir()) for a in validera(kommun.katalog, [str(bok_)]).anmarkningar]
    assert KODER[fall.regel] in {a.kod for a in hela.anmarkningar}
    assert KODER[fall.regel] not in {a.kod for a in en_i_taget}


def test_bokens_egna_regler_kors_for_en_utpekad_bok(kommun: Provkommun) -> None:
    Fall("summor", "", skola=FEL_SUMMA).lamna(kommun)
    v = validera(kommun.katalog, [str(kommun.katalog / "inlamnat" / str(PERIOD) / "skola.xlsx")])
    assert [(a.kod, a.plats.celler) for a in v.anmarkningar] == [("KR401", ("D8",))]


def test_motpartens_anmarkning_namner_bada_sidors_celler(kommun: Provkommun) -> None:
    mellan_bolagen("", 100, -102).lamna(kommun)
    a, b = kommun.sammanstall().anmarkningar
    mapp = "inlamnat/2024-08"
    assert (a.kod, a.enhet, a.plats.fil, a.plats.celler) == ("KR801", "bostad", f"{mapp}/bostad.xlsx", ("C7",))
    assert (b.kod, b.enhet, b.plats.fil, b.plats.celler) == ("KR801", "finans", f"{mapp}/finans.xlsx", ("C8",))
    assert a.fakta["motcell"] == f"{mapp}/finans.xlsx, Koncerninternt, resultat!C8"
    assert b.fakta["motcell"] == f"{mapp}/bostad.xlsx, Koncerninternt, resultat!C7"
    assert (a.lamnat, a.vantat, a.skillnad) == ("100 tkr", "−102 tkr", "2 tkr")


def test_samma_projekt_namner_den_andra_enhetens_cell(kommun: Provkommun) -> None:
    tva_projekt("", "Mötesplatsen", "Mötesplatsen").lamna(kommun)
    a, b = kommun.sammanstall().anmarkningar
    assert (a.kod, a.enhet, a.plats.celler, a.fakta["motcell"]) == ("KR802", "skola", ("F6",), "inlamnat/2024-08/vard.xlsx, Investeringar!F6")
    assert (b.kod, b.enhet, b.plats.celler, b.fakta["motcell"]) == ("KR802", "vard", ("F6",), "inlamnat/2024-08/skola.xlsx, Investeringar!F6")


@pytest.mark.parametrize("utan", ["skola", "vard"])
def test_projekten_jamfors_med_bokforingen_nar_alla_som_har_projekt_har_lamnat(utan: str, kommun: Provkommun) -> None:
    projekt("", "", utfall=900).lamna(kommun)
    (kommun.katalog / "inlamnat" / str(PERIOD) / f"{utan}.xlsx").unlink()
    assert ("KR508" in {kod for kod, _ in kommun.funna()}) == (utan == "vard")


def test_projekten_jamfors_inte_med_bokforingen_nar_ett_blad_ar_underkant(kommun: Provkommun) -> None:
    fall = projekt("", "", utfall=900)
    fall.lamna(kommun)
    kommun.skriv("styrning/2024/investeringar.csv", fall.styrning["investeringar"].replace("Ny skola", "Ombyggd skola"))
    assert kommun.funna() == [("KR208", "B6")]
