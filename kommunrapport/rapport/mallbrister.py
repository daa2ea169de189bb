"""Bristerna som granskningen av en Wordmall och rapportens meningar kan finna: kod, allvar och svenska ord."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Allvar: TypeAlias = Literal["fel", "varning", "upplysning"]


@dataclass(frozen=True, slots=True)
class Bristord:
    """En brists allvar, vad den är i korthet, och dess meningar; ``{…}`` fylls i."""

    allvar: Allvar
    rubrik: str
    mening: str
    gor_sa: str = ""


BRISTER: Mapping[str, Bristord] = {
    "okand_tagg": Bristord("fel", "en tagg som inte finns", "Taggen {tagg} finns inte.", "{forslag}"),
    "utanfor_slinga": Bristord(
        "fel",
        "en tagg utanför sin slinga, till exempel n.namn utan for n in namnder",
        "Taggen {tagg} står utanför sin slinga.",
        "Flytta in den mellan {slinga} och dess endfor.",
    ),
    "oavslutad": Bristord(
        "fel",
        "en tagg som inte avslutas i sitt stycke",
        "En tagg avslutas inte.",
        "En tagg börjar med {{{{ eller {{% och slutar med }}}} eller %}} i samma stycke.",
    ),
    "utan_borjan": Bristord(
        "fel",
        "en tagg som slutar utan att ha börjat",
        "En tagg slutar utan att ha börjat.",
        "En tagg börjar med {{{{ eller {{% och slutar med }}}} eller %}} i samma stycke.",
    ),
    "delad_tagg": Bristord(
        "fel",
        "en tagg som är delad av en länk, ett fält eller en spårad ändring",
        "Taggen {tagg} är delad av en länk, ett fält eller en spårad ändring.",
        "Radera taggen, godkänn spårade ändringar och skriv den på nytt utan formatering.",
    ),
    "otolkad_tagg": Bristord(
        "fel",
        "en tagg som inte går att läsa",
        "Taggen {tagg} går inte att läsa.",
        "Se efter parenteser, citattecken, punkter och mellanslag i taggen.",
    ),
    "okant_styrord": Bristord(
        "fel", "ett annat ord än if, elif, else, endif, for, endfor och set efter {%", "{ord} i taggen {tagg} är inget styrord.", "{forslag}"
    ),
    "saknar_slut": Bristord("fel", "if utan endif, eller for utan endfor", "{tagg} avslutas aldrig.", "Lägg till {slut} där avsnittet slutar."),
    "saknar_borjan": Bristord(
        "fel",
        "endif, endfor eller else utan början",
        "{tagg} avslutar något som inte har börjat.",
        "Ta bort taggen, eller lägg till {borjan} där avsnittet börjar.",
    ),
    "fel_slut": Bristord(
        "fel", "endif där endfor väntas, eller tvärtom", "{tagg} avslutar {borjan}.", "Avsluta med {slut}; det som börjar sist slutar först."
    ),
    "olika_niva": Bristord(
        "fel", "början och slut på olika nivå, till exempel p i bara den ena", "{borjan} och {tagg} står inte på samma nivå.", "{forslag}"
    ),
    "slinga_i_rad": Bristord(
        "fel",
        "en slinga över flera celler utan tr",
        "{borjan} … {tagg} går över flera celler i en tabell.",
        "Skriv {{%tr … %}} ensamt i en rad före och en rad efter raderna som upprepas.",
    ),
    "text_vid_tagg": Bristord(
        "fel",
        "text i samma stycke eller rad som en p- eller tr-tagg; den skulle försvinna",
        "Det som står intill {tagg} försvinner: ”{rest}”.",
        "{forslag}",
    ),
    "fel_form": Bristord("fel", "ett block utan p, en text med p, eller något som inte går att skriva", "{tagg} ger {vad}.", "{forslag}"),
    "ingen_lista": Bristord(
        "fel", "for över något som inte är en lista", "{tagg}: {namn} går inte att räkna upp.", "Det som går att räkna upp är {listor}."
    ),
    "okant_filter": Bristord("fel", "ett filter eller prov som inte finns", "{namn} i taggen {tagg} finns inte.", "{forslag}"),
    "okant_omrade": Bristord("fel", "ett område som inte finns", "Området ”{namn}” i taggen {tagg} finns inte.", "{forslag}"),
    "saknar_stil": Bristord(
        "fel",
        "en stil som programmet skriver med saknas",
        "Stilen {stil} saknas; den behövs för {till}.",
        "Kopiera stilen ur den medföljande mallen: Infoga en text i den stilen, eller använd Hantera formatmallar, Importera/exportera.",
    ),
    "trasig_xml": Bristord(
        "fel",
        "mallen går inte att läsa när taggarna är hoplästa",
        "Mallen går inte att läsa när taggarna är hoplästa.",
        "Skriv taggarna intill rutor, fält och länkar på nytt.",
    ),
    "fel_plats": Bristord(
        "varning",
        "en tabell eller ett diagram på fel plats, till exempel en nämnds tabell utanför slingan",
        "{tagg} skriver aldrig något i {rapport}.",
        "{forslag}",
    ),
    "skriver_aldrig": Bristord(
        "upplysning", "taggar som finns, men inte i den här rapporten", "Taggar som aldrig skriver något i {rapport}: {namn}."
    ),
    "oanvand_fil": Bristord("varning", "en egen mall som ingen rapport använder", "Ingen rapport använder filen.", "{forslag}"),
    "oanvanda": Bristord("upplysning", "tabeller och diagram som ingen tagg skriver", "{vad} i {rapport} skrivs inte av någon tagg: {namn}."),
    "krav_utan_tagg": Bristord(
        "upplysning",
        "en del som lag eller rekommendation kräver, utan taggen saknas",
        "{vad} krävs i {rapport}, men mallen kan inte säga när det saknas.",
        "Lägg till {{{{p saknas.{namn} }}}} i avsnittet.",
    ),
    "olika_bredd": Bristord(
        "upplysning", "sidor med olika bred text", "Sidorna har olika bred text.", "Tabeller och diagram får den smalaste bredden, {cm} cm."
    ),
    "mening_otolkad": Bristord(
        "fel", "en mening i rapportmallen som inte går att läsa", "Meningen går inte att läsa.", "Se efter klamrar, parenteser och citattecken."
    ),
    "okant_ord": Bristord("fel", "ett ord i en mening som inte finns", "Ordet {namn} finns inte för meningar.", "{forslag}"),
    "okand_siffra": Bristord(
        "fel", "en siffra i en mening som inte finns", "Siffran {namn} finns inte i någon rapport: {del_} är okänd.", "{forslag}"
    ),
}


@dataclass(frozen=True, slots=True)
class Brist:
    """En brist: var den är, vad som är fel och vad man gör. ``stycke`` är texten i mallen."""

    kod: str
    mall: str
    plats: str
    mening: str
    gor_sa: str = ""
    stycke: str = ""
    tagg: str = ""

    @property
    def allvar(self) -> Allvar:
        return BRISTER[self.kod].allvar

    @property
    def rad(self) -> str:
        """Hela bristen på en rad."""
        var = f"{self.mall}, {self.plats}" if self.plats else self.mall
        return " ".join(del_ for del_ in (f"{var}:", self.mening, self.gor_sa, f"Stycket är: ”{self.stycke}”" if self.stycke else "") if del_)

    def som_data(self) -> dict[str, str]:
        falt = {namn: getattr(self, namn) for namn in ("kod", "mall", "plats", "tagg", "mening", "gor_sa", "stycke")}
        return {"allvar": self.allvar, **falt}


def brist(kod: str, mall: str, plats: str = "", stycke: str = "", **fakta: str) -> Brist:
    """Bristen med sina ord ifyllda."""
    ord_ = BRISTER[kod]
    return Brist(kod, mall, plats, ord_.mening.format_map(fakta), ord_.gor_sa.format_map(fakta).strip(), stycke, fakta.get("tagg", ""))
