"""Mallarnas typer: frysta, med okända nycklar förbjudna."""

from collections.abc import Container, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from kommunrapport.mall import uttryck


def _gar_att_lasa(text: str) -> str:
    if text:
        try:
            uttryck.parse(text)
        except ValueError as fel:
            raise ValueError(f"uttrycket går inte att läsa vid {fel}; tillåtet är namn, + och − med mellanslag") from fel
    return text


Uttryck = Annotated[str, AfterValidator(_gar_att_lasa)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Bladnamn = Annotated[str, Field(max_length=31)]
"""Excel tar inte emot längre bladnamn."""
Enhetsslag = Literal["namnd", "finansforvaltning", "bolag", "forbund"]
Allvarsnamn = Literal["upplysning", "varning", "fel", "stopp"]
Vardeslag = Literal["etikett", "belopp", "antal", "procent", "text", "datum", "val"]


Lista = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
"""En lista som får skrivas som ett enda ord."""


Omrade = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.+-]*$")]
Omraden = Annotated[tuple[Omrade, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) and v else v or ())]
"""Ett eller flera innehållsområden; ett får skrivas som ett enda ord, och tom text är inget. ``ett+annat`` är båda tillsammans."""


def finns_i(krav: Sequence[str], omraden: Container[str]) -> bool:
    """Om områdena uppfyller något av kraven, eller inget krävs."""
    return not krav or any(all(del_ in omraden for del_ in ett.split("+")) for ett in krav)


class Modell(BaseModel):
    """Bas för allt som läses ur TOML."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ursprung(Modell):
    """Varifrån en mall kommer och hur säkert dess innehåll är."""

    galler_fran: date
    senast_kontrollerad: date
    lagrum: tuple[str, ...] = ()
    overifierat: tuple[str, ...] = ()
    """Uppgifter i mallen som bygger på minne eller andrahandskällor och ska prövas mot källan."""


class Kolumn(Modell):
    """En kolumn i ett blad i inlämningsboken."""

    id: Id
    rubrik: str
    slag: Vardeslag = "belopp"
    roll: Literal["etikett", "inmatning", "forifylld", "formel"] = "inmatning"
    rubrik_utan_prognos: str = ""
    """Rubriken i en period utan prognos, när den är en annan."""
    uttryck: Uttryck = ""
    uttryck_utan_prognos: Uttryck = ""
    """Uttrycket i en period utan prognos, när det är ett annat: bokslutets avvikelse är mot utfallet."""
    ur: str = ""
    """Ett annat blad och uttrycket över dess kolumner, till exempel ``drift:utfall - budget``, summerat över raderna som hör till raden."""
    kvot: tuple[str, str] | None = None
    tecken: Literal["+", "-"] = "+"
    vantat_tecken: Literal["", "+", "-"] = ""
    """Tecknet som faktatabellens belopp väntas ha i kolumnen, när raden inte säger något."""
    kraver: Omraden = ()
    """Områden som ger kolumnen; ett av dem räcker."""
    fylls_fran: str = ""
    """``styrning``, ``fg_period``, ``bokslut_fg`` eller ``fg_prognos`` och ett uttryck, eller ``fg_blad`` och en kolumn: ``styrning:arsbudget``.

    Uttrycket är över bladets kolumner i den perioden och årets beslut då. ``fg_blad`` är årets förra inlämning av bladet. Står den på
    en kolumn som fylls i får det förifyllda ändras.
    """
    arter: tuple[str, ...] = ()
    attribut: str = ""
    nar_attribut: str = ""
    """Styrradens attribut som ska vara ifyllt för att kolumnen ska fyllas i på raden."""
    val: str = ""
    val_utan_prognos: str = ""
    """Listan i en period utan prognos, när den är en annan: i bokslutet är bedömningen slutlig."""
    obligatorisk: bool = False
    kravs_av_regel: bool = False
    """Om en regel, och inte mallen, kräver kolumnens celler; boken märker dem då som om de vore obligatoriska."""
    decimaler: int | None = None
    """Decimalerna som kolumnen fylls i med, när de är andra än kommunens; styr avrundningskontrollen."""
    bredd: int = 14
    hjalp: str = ""
    publicerat_ar: int = 0
    """Så många år före periodens som kolumnen visar ett bokslut som är publicerat; 0 är inget. Raden säger vilken siffra det är."""


class Rad(Modell):
    """En fast rad i ett blad."""

    id: Id
    namn: str
    uttryck: Uttryck = ""
    kraver: Omraden = ()
    """Områden som ger raden; ett av dem räcker."""
    rubrik: bool = False
    niva: int = 0
    tecken: Literal["", "+", "-"] = ""
    slag: Vardeslag | None = None
    val: str = ""
    hjalp: str = ""
    obligatorisk: bool | None = None
    lagrum: str = ""
    fylls: str = ""
    """Förifyllt värde, till exempel ``{enhet}``."""
    kategori: str = ""
    """Kategorin i styrningen på de rader som kolumner med ``ur`` summerar här; en rad utan kategori tar de övriga."""
    galler_for: tuple[Enhetsslag, ...] = ()
    """Slags enheter som har raden, bland dem som har bladet; tomt är alla."""
    publicerat: tuple[str, ...] = ()
    """Adresser i ett publicerat bokslut, i samma mått som raden: den första som finns förifyller kolumner med ``publicerat_ar``."""
    attribut: dict[str, str] = {}
    """Texter om raden, som bladets etikettkolumner visar."""


class Blad(Ursprung):
    """Ett blad i inlämningsboken: kolumner, fasta rader och varifrån övriga rader kommer."""

    id: Id
    namn: Annotated[str, Field(max_length=31)]
    rubrik: str
    galler_for: tuple[Enhetsslag, ...]
    ledtext: str = ""
    kraver: Omraden = ()
    """Områden som ger bladet; ett av dem räcker."""
    rader_fran: Literal["fasta", "styrning", "motparter", "fria"] = "fasta"
    antal_fria: int = 0
    liggande: bool = True
    kommentar_kravs: bool = False
    """Om en avvikelse över gränsen ska kommenteras på bladet; boken visar då en saknad kommentar med färg."""
    kommentar_avvikelse: Lista = ("avvikelse", "avvikelse_utfall")
    """Avvikelsen som ska kommenteras: den första av kolumnerna som bladet har i perioden."""
    kommentar_av: str = "budget"
    """Kolumnen som avvikelsen mäts i procent av."""
    kommentar_granser: Lista = ("avvikelse_tkr", "avvikelse_procent")
    """Kommunens gränser för avvikelsen, i tkr eller procent."""
    uppstallning: str = ""
    """Uppställningen som ger bladet dess rader."""
    valfria: tuple[str, ...] = ()
    """Rader i uppställningen som inte måste fyllas i på just det här bladet."""
    kolumn: tuple[Kolumn, ...]
    rad: tuple[Rad, ...] = ()

    @model_validator(mode="after")
    def _unika(self) -> Self:
        for sort, ids in (("kolumn", [k.id for k in self.kolumn]), ("rad", [r.id for r in self.rad])):
            dubbla = sorted({i for i in ids if ids.count(i) > 1})
            if dubbla:
                raise ValueError(f"{sort} med samma id: {', '.join(dubbla)}")
        return self


class Inlamningsmall(Ursprung):
    """Vilka blad en inlämningsbok har, i ordning, och listorna som rullgardinerna visar."""

    version: str
    blad: tuple[Id, ...]
    galler_for: tuple[Enhetsslag, ...] = ("namnd", "finansforvaltning", "bolag", "forbund")
    """Slagen av enheter som lämnar boken."""
    anvisning: tuple[str, ...]
    val: dict[str, tuple[str, ...]]


class Omradeslista(Modell):
    """Områdena som en period kan innehålla, med namn; årshjulets poster väljer bland dem."""

    senast_kontrollerad: date
    omrade: dict[Id, str]


class Lagrum(Modell):
    """En hänvisning till lag, rekommendation eller praxis."""

    namn: str
    text: str
    verifierad: bool
    kontrollerad: date


class Katalogpost(Modell):
    """En anmärkningskod i katalogen: orden som användaren möter."""

    allvar: Allvarsnamn
    rubrik: str
    mening: str
    gor_sa: str
    kategori: str
    lagrum: str = ""
    grind: Literal["", "summa", "kolumn", "cell", "blad"] = ""
    """Vad anmärkningen underkänner: cellen i bladets egna summor, kolumnens summor, cellen mot andra blad, eller hela bladet."""
    samla: bool | Literal["helt"] = False
    """Om anmärkningar på samma blad blir en, även när det lämnade skiljer sig; ”helt” även när det väntade gör det."""
    foljd_av: tuple[str, ...] = ()
    """Koder som är orsak till anmärkningen: står en av dem obesvarad på samma ställe visas bara den."""
    foljd_i: Literal["cell", "rad", "kolumn"] = "cell"
    """Det ställe där orsaken ska stå: samma cell, samma rad på bladet eller samma kolumn på något av enhetens blad."""
    foljd: str = ""
    """Meningen som då läggs till orsakens."""


class Regel(Modell):
    """En regel: ett namngivet slag med parametrar, giltighet och kod i katalogen."""

    id: Id
    kod: str
    slag: str
    galler_fran: date
    galler_till: date | None = None
    prova: date | None = None
    """Sista dagen som regeln prövas: för perioder till och med den dagen är ett fel bara en varning."""
    allvar: Allvarsnamn | None = None
    forklaring: str
    kalla: str = ""
    """Beslut eller praxis som regeln bygger på, när det inte är lag."""
    granser: tuple[str, ...] = ()
    """Gränser i kommun.toml som regeln använder. Är någon inte satt används inte regeln."""
    galler_for: tuple[Enhetsslag, ...] = ()
    """Slags enheter som regeln prövar; tomt för alla."""
    kraver: Omraden = ()
    """Områden som regeln prövar; ett av dem räcker."""
    blad: Lista = ()
    """Bladen som regeln prövar; tomt för alla."""
    kolumner: tuple[str, ...] = ()
    med: dict[str, str] = {}
    """Slagets övriga parametrar, till exempel det andra bladet."""

    def galler(self, dag: date) -> bool:
        return self.galler_fran <= dag and (self.galler_till is None or dag <= self.galler_till)

    def allvar_den(self, dag: date) -> Allvarsnamn | None:
        """Regelns eget allvar den dagen; None när katalogens gäller."""
        return "varning" if self.prova is not None and dag <= self.prova else self.allvar


class Prisbasbelopp(Modell):
    """Prisbasbeloppen i kronor per år."""

    senast_kontrollerad: date
    lagrum: tuple[str, ...]
    overifierat: tuple[str, ...] = ()
    kronor: dict[str, int]
