"""Set av nyckeltal ur Kolada: ``mallar/kolada/NAMN.toml``."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.karna.tal import OtolkbartTal, tolka_svenskt_tal
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Modell

WORDMALL = "word/jamforelse.docx"
"""Mallen som jämförelsen skrivs med."""
MAPP = "kolada"
KPI_ID = r"^[A-Z]\d{5}$"
Riktning = Literal["hogre", "lagre", "ingen"]
"""Vilket värde som är bäst; ``ingen`` är ett nyckeltal som inte bedöms."""


class Koladamal(Modell):
    """En kommuns egna utgångsvärde och önskade värde för ett nyckeltal. Talen skrivs med decimalkomma."""

    kommun: Annotated[str, Field(pattern=r"^\d{4}$")]
    """Koden för kommunen som har målet; ingen annan kommun ser det."""
    start_ar: int
    start: str
    mal_ar: int
    mal: str
    kalla: str
    tolkat: bool = False
    """Om det är vår läsning att målet avser just det här nyckeltalet."""

    @model_validator(mode="after")
    def _ar_tal(self) -> Self:
        for text in (self.start, self.mal):
            try:
                tolka_svenskt_tal(text)
            except OtolkbartTal as fel:
                raise ValueError(f"”{text}” är inget tal ({fel.orsak})") from fel
        return self


class Setrad(Modell):
    """Ett nyckeltal i ett set."""

    id: Annotated[str, Field(pattern=KPI_ID)]
    namn: str = ""
    """Kort namn i rapporten; tomt är Koladas titel."""
    riktning: Riktning = "ingen"
    enhet: str = ""
    decimaler: Annotated[int, Field(ge=0, le=4)] = 1
    kalla: str = ""
    """Vad riktningen bygger på."""
    tolkat: bool = False
    """Om riktningen är vår läsning och inte står i någon källa."""
    mal: tuple[Koladamal, ...] = ()


class Koladaset(Modell):
    """Nyckeltal som jämförs tillsammans."""

    titel: str
    kalla: str
    """Varifrån id, titlar och enheter kommer."""
    senast_kontrollerad: date
    grupp: str = ""
    """En del av titeln på Koladas egna grupper av nyckeltal; deras medlemmar hämtas varje gång och läggs efter ``nyckeltal``."""
    nyckeltal: tuple[Setrad, ...] = ()
    i_gruppen: tuple[Setrad, ...] = ()
    """Namn, riktning och decimaler för nyckeltal i ``grupp``; ett som gruppen inte har visas inte."""
    overifierat: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _har_nyckeltal(self) -> Self:
        ids = [n.id for n in (*self.nyckeltal, *self.i_gruppen)]
        dubbla = sorted({i for i in ids if ids.count(i) > 1})
        if dubbla:
            raise ValueError(f"nyckeltal: {', '.join(dubbla)} står två gånger")
        if not self.grupp and (self.i_gruppen or not self.nyckeltal):
            raise ValueError("ange grupp" if self.i_gruppen else "ange nyckeltal eller grupp")
        return self


def las_set(kalla: Mallkalla, namn: str) -> Koladaset:
    """Setet med det namnet. Fel: AnvandningsFel när det inte finns, MallFel."""
    finns = kalla.namn(MAPP)
    if namn not in finns:
        raise AnvandningsFel(f"Setet ”{namn}” finns inte i mallar/{MAPP}/. Det finns {rakna_upp(finns)}.")
    return kalla.las(f"{MAPP}/{namn}.toml", Koladaset)


def kanda_rader(kalla: Mallkalla) -> dict[str, Setrad]:
    """Nyckeltalens namn, riktning och decimaler ur alla set, per id. Fel: MallFel."""
    return {rad.id: rad for set_ in las_seten(kalla, ()).values() for rad in (*set_.i_gruppen, *set_.nyckeltal)}


def las_seten(kalla: Mallkalla, namn: Sequence[str]) -> dict[str, Koladaset]:
    """Seten med de namnen, eller alla som finns. Fel: AnvandningsFel, MallFel."""
    return {n: las_set(kalla, n) for n in (namn or kalla.namn(MAPP))}
