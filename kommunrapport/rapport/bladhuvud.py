"""Ett bladhuvud i inlämningsboken: rubriker, ledtext, vad som måste fyllas i och hur bladet ryms på papper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.bladrader import STJARNA, TALSLAG, Bladrad, ar_harledd, ar_obligatorisk, galler
from kommunrapport.mall.modell import Blad, Kolumn
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import rubrik
from kommunrapport.rapport.arbetsboksform import Format

TITEL, UNDERTITEL, LEDTEXT, HUVUD, FORSTA = 1, 2, 3, 4, 5
"""Radernas lägen: de fyra som bladhuvudet har, och den första med uppgifter."""
_SIDBREDD = 220
"""Så många tecken breda kolumner ryms på ett liggande A4 med text som går att läsa, ungefär 7 punkter."""
_TIDIGARE = ("fg_period:", "bokslut_fg:")


@dataclass(frozen=True, slots=True)
class Stjarnor:
    """Kolumnerna där varje öppen cell ska fyllas i, och raderna som ska det i andra kolumner."""

    kolumner: frozenset[str]
    rader: frozenset[str]


def stjarnor(blad: Blad, rader: Sequence[Bladrad], oppen: Callable[[Kolumn, Bladrad], bool]) -> Stjarnor:
    """Vad som märks. En kolumn vars celler är förifyllda märks inte: där finns inget att fylla i."""
    hela, enstaka = set[str](), set[str]()
    for kolumn in blad.kolumn:
        celler = [r for r in rader if _fylls_i(kolumn, r) and oppen(kolumn, r)]
        kravda = [r.id for r in celler if kolumn.kravs_av_regel or ar_obligatorisk(kolumn, r)]
        if kravda and len(kravda) == len(celler):
            hela.add(kolumn.id)
        else:
            enstaka |= {*kravda}
    return Stjarnor(frozenset(hela), frozenset(enstaka))


def _fylls_i(kolumn: Kolumn, rad: Bladrad) -> bool:
    return kolumn.roll != "etikett" and not rad.fri and not rad.rubrik and galler(kolumn, rad) and not ar_harledd(kolumn, rad)


def tomma_jamforelser(blad: Blad, rader: Sequence[Bladrad], oppen: Callable[[Kolumn, Bladrad], bool]) -> list[Kolumn]:
    """Kolumnerna som skulle ha fyllts i ur en tidigare bok men inte har en enda uppgift."""
    forra = [k for k in blad.kolumn if k.roll == "forifylld" and k.fylls_fran.startswith(_TIDIGARE)]
    celler = {k.id: [r for r in rader if _fylls_i(k, r)] for k in forra}
    return [k for k in forra if celler[k.id] and all(oppen(k, r) for r in celler[k.id])]


def ledtext(blad: Blad, tomma: Sequence[Kolumn], period: Period) -> str:
    """Bladets ledtext, och varför jämförelsetal är tomma när de är det."""
    if not tomma:
        return blad.ledtext
    namn = rakna_upp([f"”{rubrik(k, period)}”" for k in tomma])
    vilka = f"Kolumnen {namn} är gul och tom" if len(tomma) == 1 else f"Kolumnerna {namn} är gula och tomma"
    varfor = "eftersom ingen tidigare bok har uppgifterna. Fyll i dem själv, eller lämna tomt om de saknas."
    return f"{blad.ledtext} {vilka} {varfor}".strip()


def skriv_rubriker(ark: Any, format_: Format, blad: Blad, stjarnor_: Stjarnor, ord_: "Huvudord") -> None:
    """Titel, enhet och period, ledtext och kolumnrubriker."""
    ark.write_string(TITEL, 1, blad.rubrik, format_.titel)
    ark.write_string(UNDERTITEL, 1, ord_.under, format_.undertitel)
    ark.write_string(LEDTEXT, 1, ord_.ledtext, format_.ledtext)
    rubriker = {k.id: rubrik(k, ord_.period) + (STJARNA if k.id in stjarnor_.kolumner else "") for k in blad.kolumn}
    ark.set_row(HUVUD, 16 * max(3, *(len(wrap(rubriker[k.id], max(6, k.bredd - 2))) for k in blad.kolumn)))
    for lage, kolumn in enumerate(blad.kolumn, 1):
        ark.write_string(HUVUD, lage, rubriker[kolumn.id], format_.rubrik(tal=kolumn.slag in TALSLAG, forst=lage == 1))
        ark.set_column(lage, lage, kolumn.bredd)


@dataclass(frozen=True, slots=True)
class Huvudord:
    """Texterna ovanför tabellen."""

    period: Period
    under: str
    ledtext: str


def undertitel(blad: Blad, enhetsnamn: str, period: Period, organisation: Organisation) -> str:
    """Enheten, perioden och i förekommande fall beloppens enhet."""
    text = f"{enhetsnamn}, {period.spann}"
    if not any(k.slag == "belopp" for k in blad.kolumn):
        return text
    enhet = organisation.inmatning
    return f"{text}. Belopp i {enhet.namn} ({enhet.i_ord})" if enhet.i_ord != enhet.namn else f"{text}. Belopp i {enhet.namn}"


def sidor_i_bredd(blad: Blad) -> int:
    """Antal sidor i bredd som bladet behöver för att gå att läsa på papper."""
    return -(-sum(k.bredd for k in blad.kolumn) // _SIDBREDD)
