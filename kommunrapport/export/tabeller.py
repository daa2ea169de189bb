"""Det som exporteras: tre tabeller med sina kolumner, samma i CSV, datapaket och Parquet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

Varde: TypeAlias = str | Decimal | bool | date | None
"""Ett exporterat värde; None är en uppgift som inte finns."""
Exportrad: TypeAlias = tuple[Varde, ...]


class Typ(Enum):
    """En kolumns typ: namnet i datapaketet och i Parquet."""

    TEXT = ("string", "VARCHAR")
    BELOPP = ("number", "DECIMAL(18,2)")
    TAL = ("number", "DECIMAL(24,8)")
    DAG = ("date", "DATE")
    SANT = ("boolean", "BOOLEAN")

    @property
    def i_paketet(self) -> str:
        return self.value[0]

    @property
    def i_parquet(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Falt:
    """En kolumn, med det som den betyder."""

    namn: str
    typ: Typ
    titel: str
    betyder: str


@dataclass(frozen=True)
class Exporttabell:
    """En exporterad tabell. ``nyckel`` är kolumnerna som tillsammans pekar ut en rad, när de gör det."""

    namn: str
    titel: str
    betyder: str
    falt: tuple[Falt, ...]
    nyckel: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exportdel:
    """En periods rader i varje tabell."""

    fakta: Sequence[Exportrad]
    siffror: Sequence[Exportrad]
    kallor: Sequence[Exportrad]

    def rader(self, tabell: Exporttabell) -> Sequence[Exportrad]:
        return {FAKTA.namn: self.fakta, SIFFROR.namn: self.siffror, KALLOR.namn: self.kallor}[tabell.namn]


_KOMMUN = (
    Falt("kommun", Typ.TEXT, "Kommun", "Kommunens korta namn i gemener, som i mappens namn."),
    Falt("period", Typ.TEXT, "Period", "Rapportperioden, årets början till och med månaden: ÅÅÅÅ-MM. Med -prel är det ett preliminärt bokslut."),
)
_OM = (
    Falt("kommunkod", Typ.TEXT, "Kommunkod", "Kommunkoden enligt SCB, fyra siffror. Tom när den inte står i kommun.toml."),
    Falt("kommunnamn", Typ.TEXT, "Kommunens namn", "Kommunens hela namn."),
    Falt("periodens_slut", Typ.DAG, "Periodens slut", "Periodens sista dag."),
    Falt("faststalld", Typ.SANT, "Fastställd", "Sant när uppgifterna är ur den fastställda rapporten i arkivet, falskt när de är ett utkast."),
)
_KALLA = (
    Falt("fil", Typ.TEXT, "Fil", "Filen som lästes, från kommunens arbetskatalog. För en fastställd period är det kopian i arkivet."),
    Falt("blad", Typ.TEXT, "Blad", "Bladet i arbetsboken. Tomt för CSV- och SIE-filer."),
    Falt("cell", Typ.TEXT, "Cell", "Cellen på bladet, eller raden i filen."),
)

FAKTA = Exporttabell(
    "fakta",
    "Lästa uppgifter",
    "En rad per cell som lästes ur nämndernas, bolagens och finansförvaltningens inlämningar och ur fullmäktiges beslut.",
    (
        *_KOMMUN,
        *_OM,
        Falt("enhet", Typ.TEXT, "Enhet", "Enhetens beteckning i kommun.toml."),
        Falt("enhetsnamn", Typ.TEXT, "Enhetens namn", "Nämndens, bolagets, förbundets eller finansförvaltningens namn."),
        Falt("enhetsslag", Typ.TEXT, "Enhetens slag", "namnd, finansforvaltning, bolag eller forbund."),
        Falt("tabell", Typ.TEXT, "Tabell", "Beteckningen på bladet i mallen, till exempel drift. sie/ först: bokförda belopp som boken jämförs med."),
        Falt("rad", Typ.TEXT, "Rad", "Radens beteckning."),
        Falt("radnamn", Typ.TEXT, "Radens namn", "Radens namn så som det står i inlämningen eller beslutet."),
        Falt("kolumn", Typ.TEXT, "Kolumn", "Kolumnens beteckning, till exempel utfall, budget eller prognos."),
        Falt("kolumnrubrik", Typ.TEXT, "Kolumnens rubrik", "Kolumnens rubrik på bladet. Tom för beslut och SIE-filer."),
        Falt("slag", Typ.TEXT, "Slag", "belopp, antal, procent, val, datum eller text."),
        Falt(
            "tillstand",
            Typ.TEXT,
            "Tillstånd",
            "varde, tomt, streck, ej_tillampligt (”e.t.”), otolkat (gick inte att läsa) eller dold (gruppen är för liten för att visas).",
        ),
        Falt(
            "varde",
            Typ.BELOPP,
            "Värde",
            "Talet, exakt: belopp i kronor med ören, intäkter plus och kostnader minus; antal och procent som de är. "
            "Tomt när tillståndet är något annat än varde.",
        ),
        Falt("text", Typ.TEXT, "Text", "Valet eller datumet (ÅÅÅÅ-MM-DD). Fritext finns bara när den har begärts."),
        Falt("art", Typ.TEXT, "Art", "Radens sort i beslutet, till exempel utgift, inkomst, mal eller indikator."),
        Falt("kategori", Typ.TEXT, "Kategori", "Radens kategori i beslutet."),
        Falt(
            "raknas",
            Typ.SANT,
            "Räknas",
            "Falskt för summor och formler i boken och för bokförda belopp som bara jämförs. Summera bara rader där det är sant.",
        ),
        *_KALLA,
    ),
)
SIFFROR = Exporttabell(
    "siffror",
    "Rapportens siffror",
    "En rad per räknad siffra i rapportens tabeller, så som rapporten visar den.",
    (
        *_KOMMUN,
        *_OM,
        Falt("rapport", Typ.TEXT, "Rapport", "Rapporten som siffran står i."),
        Falt("siffra", Typ.TEXT, "Siffra", "Siffrans adress: tabell.rad.kolumn. Den förklaras av kommunrapport harled, och kopplar till kallor."),
        Falt("tabell", Typ.TEXT, "Tabell", "Tabellens beteckning, till exempel drift eller resultat."),
        Falt("tabelltitel", Typ.TEXT, "Tabellens titel", "Tabellens titel i rapporten."),
        Falt("rad", Typ.TEXT, "Rad", "Radens beteckning."),
        Falt("radnamn", Typ.TEXT, "Radens namn", "Radens namn i rapporten. Tomt när namnet är fritext som inte har begärts."),
        Falt("radtyp", Typ.TEXT, "Radtyp", "rad, varav, summa eller slutrad. Summera aldrig en tabell över alla radtyper."),
        Falt("enhet", Typ.TEXT, "Enhet", "Beteckningen på enheten när raden eller tabellen hör till en enda."),
        Falt("kolumn", Typ.TEXT, "Kolumn", "Kolumnens beteckning."),
        Falt("kolumnrubrik", Typ.TEXT, "Kolumnens rubrik", "Kolumnens rubrik i rapporten."),
        Falt(
            "varde",
            Typ.TAL,
            "Värde",
            "Siffran före avrundning, med rapportens tecken: belopp i kronor, annat i sitt mått. En kvot har upp till åtta decimaler.",
        ),
        Falt("matt", Typ.TEXT, "Mått", "kr eller procent. Tomt när radens namn eller kolumnens rubrik säger vad talet är."),
        Falt("visas", Typ.TEXT, "Visas", "Siffran avrundad, så som den är tryckt."),
        Falt("visas_i", Typ.TEXT, "Visas i", "Enheten som den är tryckt i: kr, tkr, mnkr eller procent."),
    ),
    ("kommun", "period", "siffra"),
)
KALLOR = Exporttabell(
    "kallor",
    "Siffrornas källor",
    "En rad per cell som en siffra bygger på, i ett eller flera led. Celler om grupper som är för små för att visas är inte med.",
    (*_KOMMUN, Falt("siffra", Typ.TEXT, "Siffra", "Siffrans adress i tabellen siffror."), *_KALLA),
)
TABELLER = (FAKTA, SIFFROR, KALLOR)
