"""Koncernens mall: räkningarna som konsolideras, posterna mellan enheterna och hur de elimineras."""

from fractions import Fraction
from typing import Literal, Self

from pydantic import model_validator

from kommunrapport.mall.modell import Enhetsslag, Id, Modell, Ursprung, Uttryck

Elimineringsregel = Literal["givarens", "lagsta", "vars_och_ens"]


class Rakningsmall(Modell):
    """En räkning som konsolideras. ``id`` är uppställningens; ``blad`` är var varje slags enhet lämnar den."""

    id: Id
    titel: str
    kolumn: str
    resultatrad: str
    """Raden som bär periodens resultat; elimineringarnas rest i resultaträkningen slår igenom på den."""
    blad: dict[Enhetsslag, str]


class Motpartsblad(Modell):
    """Ett blad där enheterna redovisar om varandra."""

    id: Id
    kolumn: str
    ingaende: str = ""
    """Kolumnen med ingående saldo, när bladet har saldon."""


class Sida(Modell):
    """Den ena sidan av ett mellanhavande: posten på bladet och raderna som den ingår på."""

    post: Id
    namn: str
    blad: str
    tecken: Literal["+", "-"]
    """Så som posten skrivs på bladet."""
    verkan: Literal["", "+", "-"] = ""
    """Tecknet med vilket beloppet ingår på räkningens rad; tomt är samma som ``tecken``."""
    rakning: Literal["", "resultat", "balans"] = ""
    """Tomt när posten bara stäms av."""
    rad: str = ""
    kassaflode: str = ""
    """Kassaflödets rad: flödets, eller den som saldots förändring går till."""
    kassaflode_minskning: str = ""
    """Raden för saldots minskning, när den är en annan än ökningens."""
    skuld: bool = False

    @property
    def visat_tecken(self) -> int:
        return 1 if self.tecken == "+" else -1

    @property
    def tecken_pa_raden(self) -> int:
        return 1 if (self.verkan or self.tecken) == "+" else -1


class Elimineringsslag(Modell):
    """Ett slags mellanhavande: vad givaren och mottagaren redovisar om samma sak, och regeln för en skillnad."""

    id: Id
    namn: str
    regel: Elimineringsregel
    givare: Sida
    mottagare: Sida
    givare_slag: tuple[Enhetsslag, ...] = ("finansforvaltning", "bolag", "forbund")
    mottagare_slag: tuple[Enhetsslag, ...] = ("finansforvaltning", "bolag", "forbund")


class Forvarvsrader(Modell):
    """Balansräkningens rader i förvärvsmetoden."""

    andelar: str
    eget_kapital: str
    skillnad: str


class Vasentlighet(Modell):
    """Det som ett företags storlek mäts på, och det som den jämförs med."""

    omsattning: str
    omslutning: str
    underlag: Uttryck


class Koncernmall(Ursprung):
    """Hela koncernens mall."""

    skattesats: dict[str, str]
    rakning: tuple[Rakningsmall, ...]
    motpartsblad: tuple[Motpartsblad, ...]
    forvarv: Forvarvsrader
    vasentlighet: Vasentlighet
    slag: tuple[Elimineringsslag, ...]

    @model_validator(mode="after")
    def _hanger_ihop(self) -> Self:
        kanda = {b.id for b in self.motpartsblad}
        for slag in self.slag:
            okanda = {slag.givare.blad, slag.mottagare.blad} - kanda
            if okanda:
                raise ValueError(f"slaget {slag.id} har bladet {', '.join(sorted(okanda))}; tillåtet är {', '.join(sorted(kanda))}")
        return self

    def skattedel(self, ar: int) -> Fraction:
        """Årets skattesats som andel. Fel: ValueError när året är före den första."""
        galler = max(int(a) for a in self.skattesats if int(a) <= ar)
        return procentandel(self.skattesats[str(galler)])

    def bladet(self, blad: str) -> Motpartsblad:
        return next(b for b in self.motpartsblad if b.id == blad)

    def poster(self, slag: Enhetsslag, motpartens: Enhetsslag, blad: str) -> tuple[Sida, ...]:
        """Posterna som en enhet av det slaget redovisar om en motpart på bladet."""
        som_givare = [s.givare for s in self.slag if slag in s.givare_slag and motpartens in s.mottagare_slag]
        som_mottagare = [s.mottagare for s in self.slag if slag in s.mottagare_slag and motpartens in s.givare_slag]
        egna = {sida.post for sida in (*som_givare, *som_mottagare)}
        alla = [sida for s in self.slag for sida in (s.givare, s.mottagare)]
        return tuple(sida for sida in alla if sida.post in egna and sida.blad == blad)


def procentandel(text: str) -> Fraction:
    """``24,5`` som andelen 49/200."""
    return Fraction(text.replace(",", ".").replace("−", "-")) / 100
