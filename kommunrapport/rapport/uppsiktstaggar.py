"""Det som underlaget för uppsikt har utöver enhetens egen rapport: namnen som dess Wordmall får skriva."""

from collections.abc import Mapping
from dataclasses import replace

from kommunrapport.rapport.wordtaggar import Taggnamn

MALEN, FLERAR, LOGG, PLAN, JAMFORELSE, LAGEN = "uppsiktsmal", "flerar_enhet", "uppsiktslogg", "uppfoljningsplan", "jamforelse", "uppsiktslag"
UPPSIKTSTAGGAR: Mapping[str, Mapping[str, str]] = {
    "tabell.*": {
        MALEN: "Enhetens bedömda mål med fullmäktiges mål",
        FLERAR: "Enhetens budget, utfall och avvikelse flera år i rad",
        LOGG: "Kommunstyrelsens tidigare iakttagelser om enheten, de öppna först",
        PLAN: "Enhetens uppföljningsplan med läget i varje steg",
        JAMFORELSE: "Enhetens nyckeltal bredvid liknande kommuners",
        LAGEN: "Lagen och besluten bakom uppsikten",
    },
    "mening.*": {
        "tillfalle": "När enheten kallas, och till vilket tillfälle",
        "underlag": "Perioden som underlaget bygger på",
        "malbedomning": "Hur många mål som är bedömda, och hur",
        "logg": "Hur många iakttagelser som finns och är öppna",
        "plan": "Hur många av uppföljningsplanens steg som är klara, och vilka som är försenade",
        "agardirektiv": "Beslutet om bolagets ägardirektiv",
    },
    "saknas.*": {
        "malbedomning": "När enheten inte har bedömt några mål",
        JAMFORELSE: "När ingen jämförelse är hämtad",
        FLERAR: "När det inte finns några siffror för enheten",
        PLAN: "När enheten inte har någon uppföljningsplan",
        "agardirektiv": "När planen för uppsikten inte nämner bolagets ägardirektiv",
    },
    "stycken.*": {"beslutsval": "Valen i förslaget till beslut, som en punktlista"},
}
"""Taggens väg → namnen i dess ställe, med vad de ger."""


def med_uppsikten(namn: Taggnamn) -> Taggnamn:
    """Namnen för underlagets Wordmall: dem som en enhets egen rapport har, och uppsiktens."""
    egna = {vag: frozenset(n) for vag, n in UPPSIKTSTAGGAR.items()}
    alla = {**namn.namn, **{vag: namn.namn.get(vag, frozenset()) | n for vag, n in egna.items()}}
    skrivs = {**namn.egna, **{vag: namn.egna.get(vag, frozenset()) | n for vag, n in egna.items()}}
    return replace(namn, namn=alla, egna=skrivs)
