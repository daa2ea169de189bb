"""Rapportmallens typer: tabeller med deklarerade steg, nyckeltal, krav och meningar."""

from collections.abc import Collection
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kommunrapport.mall.diagrammall import Diagrammall, Stil
from kommunrapport.mall.listmall import Figurslag, Lista, Malhistorik, Malkedja
from kommunrapport.mall.modell import Bladnamn, Enhetsslag, Id, Modell, Omraden, Ursprung, Uttryck
from kommunrapport.mall.organisation import Organisation

RAPPORTMALLAR = {
    "manad": "manadsrapport",
    "delar": "delarsrapport",
    "bokslutskommunike": "bokslutskommunike",
    "arsredovisning": "arsredovisning",
    "lagesbild": "lagesbild",
}
"""Årshjulets kommando → mappen under mallar/rapport/ med dess rapportmall."""


class Projekturval(Modell):
    """Projekt valda efter den väntade avvikelsen: de som kommunens gränser säger ska redovisas särskilt, eller övriga som avviker."""

    slag: Literal["fordyrade", "ovriga"]
    prognos: str
    beslutad: str
    """Faktakolumnerna med projektets väntade och beslutade totalutgift."""


class Ord(Modell):
    """Orden som visas i stället för ett tal: efter dess tecken, eller när det saknas."""

    plus: str
    noll: str = ""
    """Tomt är detsamma som för plus."""
    minus: str
    saknas: str = ""


class Radantal(Modell):
    """Antalet rader i en annan tabell, en per rad i styrningen, vars siffra i kolumnen är noll eller mer (ja), mindre (nej) eller saknas."""

    tabell: str
    kolumn: str
    svar: Literal["ja", "nej", "saknas", "alla"]


class Tabellkolumn(Modell):
    """En kolumn i rapporten. Utan ``uttryck`` och ``kvot`` hämtas den ur fakta."""

    id: Id
    rubrik: str
    kraver: Omraden = ()
    """Områden som ger kolumnen; ett av dem räcker."""
    expandera: Literal["", "prognoser"] = ""
    """En kolumn per tidigare prognos under året, med ``{prognos}`` i rubriken; dess andra kolumner i uttrycket är samma prognos."""
    ur: str = ""
    """Den tidigare period som kolumnen hämtas ur, till exempel ``fg_prognos``; tomt är perioden själv."""
    slag: Figurslag = "belopp"
    tabell: str = ""
    """Faktatabellen som kolumnen hämtas ur, när den är en annan än radens."""
    dar: dict[str, str] = Field(default_factory=dict)
    """Bladets kolumn → svar: bara rader som har svaret hämtas, till exempel ``{ ingar = "Ja" }``."""
    antal_av: str = ""
    """Bladets kolumn vars ifyllda celler räknas, i stället för att summeras."""
    varden: tuple[str, ...] = ()
    """Värdena som räknas av ``antal_av``; tomt räknar alla rader, ifyllda eller inte."""
    skalsteg: Literal["", "hogst", "mellan", "lagst"] = ""
    """De steg i svarens bedömningsskala som räknas av ``antal_av``, i stället för ``varden``."""
    vikt: str = ""
    """Kolumnen med antalet som en rads vägda medelvärde vägs med."""
    hamta: Uttryck = ""
    """Faktakolumner, till exempel ``ursprunglig + tillagg``; tomt betyder kolumnens eget id."""
    uttryck: Uttryck = ""
    fran: str = ""
    """Styrfilens attribut med de rader, i tabellen med samma namn, som kolumnen hämtas ur i stället för ur radens egen tabell."""
    falt: str = ""
    """Uppgiften i en kolumn med text, skriven som i en lista: ``attribut:namn`` eller ``kolumn:namn``."""
    per: tuple[str, str] | None = None
    """Två kolumner: den första, ett belopp, per ett av den andra, ett antal. ``rad.kolumn`` är samma antal på alla rader."""
    saknas_ar_noll: bool = False
    """Sant när en del av uttrycket får saknas, och då är noll."""
    minst: tuple[str, ...] = ()
    """Kolumner vars minsta värde kolumnen är; ``0`` är noll."""
    forsta: tuple[str, ...] = ()
    """Kolumner varav den första som har ett värde gäller."""
    grans: tuple[str, str] | None = None
    """En kolumn och gränsen i kommun.toml, i procent, som kolumnen är av dess storlek. Utan gränsen finns inte kolumnen."""
    ord: Ord | None = None
    """Orden som visas i stället för talet."""
    kvot: tuple[str, str] | None = None
    tecken_i_kvot: bool = False
    """Sant när nämnarens visade tecken ska räknas; annars delas med dess storlek."""
    alla_i_kvot: bool = False
    """Sant när en summa inte har någon kvot om en rad i den saknar täljaren, till exempel en nämnd som inte har lämnat sitt utfall."""
    visa_vand: bool = False
    """Sant när kolumnen visas med omvänt tecken, till exempel utgifter med plus."""
    plus: bool = False
    dold: bool = False
    decimaler: int | None = None
    koncern: Literal["", "nu", "fg_period", "bokslut_fg"] = ""
    """Koncernens siffra i stället för kommunens: periodens egen, eller den i en tidigare period."""
    led: Literal["kommunen", "bolagen", "eliminering", "koncernen"] = "koncernen"
    """Vilket led på vägen från kommun till koncern som en koncernkolumn visar."""


class Tabellrad(Modell):
    """En rad, eller en rad som blir flera när den expanderas över enheter eller verksamheter."""

    id: Id
    namn: str = ""
    """På en rad som expanderas över styrningens rader: deras namn, med ``{radnamn}`` och styrfilens attribut inom klamrar."""
    stil: Stil = "rad"
    kraver: Omraden = ()
    """Områden som ger raden; ett av dem räcker."""
    expandera: Literal["", "grupper", "enheter", "rader", "enhetsrader"] = ""
    summarad: str = ""
    """Namn på gruppens summarad när ``expandera`` är ``grupper``; ``{grupp}`` byts ut."""
    hamta: str = ""
    enheter: tuple[Enhetsslag, ...] = ("namnd", "finansforvaltning", "bolag", "forbund")
    enhet_id: tuple[str, ...] = ()
    rader: tuple[str, ...] = ()
    arter: tuple[str, ...] = ()
    kategorier: tuple[str, ...] = ()
    med_attribut: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Styrfilens attribut → innehåll som styrningens rad ska ha något av för att vara med; ``*`` är något alls."""
    lamnat: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Bladets kolumn → svar som ska ha lämnats för att styrningens rad ska vara med; ``*`` är vilket svar som helst."""
    urval: Projekturval | None = None
    rubrik: str = ""
    """Rubrik före de rader som en rad expanderas till; med den står enhetens namn inte som rubrik."""
    uttryck: Uttryck = ""
    kvot: tuple[str, str] | None = None
    """Två rader: den första i procent av den andra, i varje kolumn."""
    andel: tuple[str, str] | None = None
    """En rad och den procent av den som raden är, till exempel ``["skatter", "5"]``."""
    minst: tuple[str, ...] = ()
    """Rader vars minsta värde raden är; ``0`` är noll."""
    storst: tuple[str, ...] = ()
    """Rader vars största värde raden är; ``0`` är noll."""
    medel: str = ""
    """Rader vars medelvärde raden är, till exempel ``*namnder``: vägt med kolumnens ``vikt``, och summan i en kolumn utan vikt."""
    valj: tuple[str, str, str] | None = None
    """Den andra raden när den första är noll eller mer, annars den tredje."""
    slag: Figurslag | None = None
    kolumnbyte: dict[str, str] = Field(default_factory=dict)
    """Kolumn → faktakolumn, när raden hämtar något annat än kolumnen säger."""
    per_kolumn: dict[str, str] = Field(default_factory=dict)
    """Kolumn → adresser ``tabell.rad.kolumn`` med plus och minus, i stället för radens eget steg.

    På en rad som expanderas får de ha ``{enhet}``, ``{rad}`` och styrfilens attribut inom klamrar.
    """
    kolumnuttryck: dict[str, Uttryck] = Field(default_factory=dict)
    """Kolumn → uttryck över radens kolumner, i stället för kolumnens eget."""
    antal_i: dict[str, Radantal] = Field(default_factory=dict)
    """Kolumn → det som räknas i en annan tabell."""
    alla: bool = False
    """Sant när alla delar av radens uttryck måste finnas, annars saknas raden."""
    koncern: bool = False
    """Sant för en rad som bara har siffror, och visas, när koncernen redovisas."""
    bara_med_rader: bool = False
    dolj_tom: bool = False
    dold: bool = False
    """Sant när raden bara är till för att räkna med, till exempel timmarna bakom en procentsats."""
    kolumner: tuple[str, ...] = ()
    """Kolumner som raden har; tomt betyder alla."""


class Rapporttabell(Modell):
    """En tabell i rapporten; ``per_enhet`` ger en tabell per nämnd."""

    id: Id
    titel: str
    rubrik_forsta: str = ""
    lagrum: tuple[str, ...] = ()
    per_enhet: bool = False
    ersatter: tuple[Id, ...] = ()
    """De gemensamma tabeller som enhetens egen rapport har den här i stället för."""
    samlad: str = ""
    """Namnet på det blad i Excelbilagan som samlar enheternas tabeller; tomt ger inget."""
    bladnamn: Bladnamn = ""
    """Namnet på tabellens eget blad i Excelbilagan; tomt är titelns början."""
    enhet: Literal["", "kr", "tkr", "mnkr"] = ""
    decimaler: int | None = None
    not_: tuple[str, ...] = ()
    sekretess_kolumn: str = ""
    """Faktakolumn med gruppens storlek: celler ur för små grupper visas inte."""
    delning: tuple[tuple[str, ...], ...] = ()
    """Rader som tillsammans är helheten; är en dold döljs en till, så att den inte kan räknas fram.

    ``*id`` är alla rader som mallraden blev, till exempel en per nämnd.
    """
    kolumn: tuple[Tabellkolumn, ...]
    uppstallning: str = ""
    """Uppställningen som ger tabellen dess rader; tabellens egna rader står efter dem."""
    kraver: Omraden = ()
    """Områden som ger tabellen; ett av dem räcker."""
    utan: Omraden = ()
    """Områden som tar bort tabellen, för att de ger en utförligare med samma id."""
    villkor: Literal["", "resultatreserv"] = ""
    """Villkor i avsnittet redovisning i kommun.toml för att tabellen ska finnas."""
    per_kolumn: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Rad → kolumn → adresser, när uppställningens rad räknas av andra siffror i just den här tabellen."""
    rad: tuple[Tabellrad, ...] = ()

    @model_validator(mode="after")
    def _kanda_kolumner(self) -> Self:
        if not self.uppstallning and not self.rad:
            raise ValueError("tabellen saknar rader: ange uppstallning eller rad")
        kanda = {k.id for k in self.kolumn}
        for kolumn in self.kolumn:
            for namn in (*(kolumn.kvot or ()), *(del_.rpartition(".")[2] for del_ in kolumn.per or ()), *((kolumn.vikt,) if kolumn.vikt else ())):
                if namn not in kanda:
                    raise ValueError(f"kolumnen {kolumn.id} räknar på {namn} som inte finns; tillåtet är {', '.join(sorted(kanda))}")
        return self


class Nyckeltal(Modell):
    """Ett tal på sammanfattningssidan; ``adress`` är tabell.rad.kolumn."""

    etikett: str
    adress: str
    text: str
    kraver: Omraden = ()
    """Områden som ger talet; ett av dem räcker."""
    dolj_tom: bool = False
    """Sant när talet utelämnas om uppgiften saknas."""


class Svarstabell(Modell):
    """Bilagan med förklarade varningar och undantag."""

    titel: str
    enhet: str
    anmarkning: str
    svar: str


class Enhetsrapport(Modell):
    """En enhets egen rapport ur samma siffror, till nämndens eller styrelsens sammanträde. ``{enhet}`` är enhetens namn."""

    titel: str
    wordmall: str
    filnamn: str
    nyckeltal: tuple[Nyckeltal, ...] = ()
    """Tal ur enhetens egna tabeller: adressens tabell är mallens, till exempel ``namnd.netto.utfall``."""


class Krav(Modell):
    """En del som måste finnas i rapporten. Den finns när alla ``siffror`` är kända, eller när någon av ``celler`` är ifylld."""

    id: Id
    vad: str
    """Vad delen är, så att det kan stå efter ”Uppgift saknas:”."""
    lagrum: str
    allvar: Literal["fel", "varning"] = "fel"
    """``fel`` när lagen kräver delen, ``varning`` när en rekommendation gör det."""
    avsnitt: Annotated[str, Field(pattern=r"^[a-z0-9_]*$")] = ""
    """Var meningen står: taggen ``saknas.AVSNITT`` i Wordmallen. Tomt är delens id."""
    galler: Literal["", "foretag"] = ""
    """När delen krävs: alltid, eller när kommunen har företag som ska konsolideras."""
    nar_siffra: str = ""
    """Adressen till en siffra som gör delen nödvändig när den inte är noll."""
    siffror: tuple[str, ...] = ()
    """Adresser ``tabell.rad.kolumn`` i rapporten."""
    celler: tuple[str, ...] = ()
    """Celler ``blad.rad.kolumn`` i inlämningsböckerna; ``*`` är vilken rad som helst."""
    enheter: tuple[Enhetsslag, ...] = ("finansforvaltning",)
    """Slags enheter som lämnar delen."""
    blad: str = ""
    """Bladet där den lämnas; tomt är den första cellens."""
    lamnas: str = ""
    """Meningen om vem som lämnar delen och var, när den inte lämnas på ett enda blad."""

    @property
    def plats(self) -> str:
        return self.avsnitt or self.id


class Avsnittsmall(Ursprung):
    """En del som flera rapporter delar: tabeller, listor, diagram, tal och meningar om samma sak."""

    tabell: tuple[Rapporttabell, ...] = ()
    lista: tuple[Lista, ...] = ()
    diagram: tuple[Diagrammall, ...] = ()
    malkedja: tuple[Malkedja, ...] = ()
    malhistorik: tuple[Malhistorik, ...] = ()
    nyckeltal: tuple[Nyckeltal, ...] = ()
    krav: tuple[Krav, ...] = ()
    mening: dict[str, str] = Field(default_factory=dict)
    enhetsmening: dict[str, str] = Field(default_factory=dict)
    """Meningar om en enhet, i dess egen rapport. De har också orden ``enhet``, enhetens id, och ``egen``, adressen i enhetens tabell."""


class Rapportmall(Avsnittsmall):
    """Hela rapportens innehåll som data; avsnitten står före rapportens egna delar."""

    titel: str
    version: str = ""
    """Normen som versionen följer, till exempel ”RKR R17 från 2026”."""
    wordmall: str
    filnamn: str
    avsnitt: tuple[Id, ...] = ()
    """Mapparna under mallar/avsnitt/ vars delar ingår."""
    svar: Svarstabell | None = None
    enhetsrapport: Enhetsrapport | None = None
    noter: str = ""
    """Uppställningen med rapportens noter."""
    flest_kapitel: int = 60
    """Är nämnderna fler har rapporten inga kapitel och inga tabeller per nämnd: ett sådant dokument går inte att läsa.

    De skrivs som egna rapporter.
    """
    utan_kapitel: str = "Nämndernas egna redovisningar lämnas var för sig."
    """Meningen i början av en rapport utan kapitel per nämnd."""
    forklaring: dict[str, str] = Field(default_factory=dict)
    blocknamn: frozenset[str] = frozenset()
    meningsnamn: frozenset[str] = frozenset()
    enhetsmeningar: frozenset[str] = frozenset()
    """Namnen i alla rapporter, även dem som inte ingår: en Wordmall får nämna dem. ``blocknamn`` är tabeller, listor och diagram."""

    def egna(self, organisation: Organisation, begarda: Collection[str] = ()) -> frozenset[str]:
        """Nämnderna med egna kapitel och tabeller: alla, eller när de är för många bara de begärda."""
        alla = frozenset(e.id for e in organisation.med_slag("namnd"))
        return alla if len(alla) <= self.flest_kapitel else alla.intersection(begarda)

    @property
    def tabeller(self) -> tuple[Rapporttabell | Lista, ...]:
        """Mallens tabeller och listor."""
        return (*self.tabell, *self.lista)

    @property
    def namngivna(self) -> frozenset[str]:
        """Mallens egna tabeller, listor och diagram."""
        diagram = {*(d.id for d in self.diagram), *(m.id for m in self.malkedja)}
        return frozenset({*(t.id for t in self.tabell), *(lista.id for lista in self.lista), *(m.id for m in self.malhistorik), *diagram})

    @property
    def bestamd(self) -> str:
        """Rapportens namn i bestämd form: ”Delårsrapporten”."""
        return f"{self.titel}{'n' if self.titel.endswith(('e', 'é')) else 'en'}"
