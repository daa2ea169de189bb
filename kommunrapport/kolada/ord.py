"""Jämförelsen i ord: meningar om nyckeltalen, och hur platser och förändringar skrivs."""

from collections.abc import Iterator
from decimal import Decimal

from kommunrapport.karna.sprak import NBSP, genitiv, rakna_upp
from kommunrapport.kolada.jamforelse import Jamford, Jamforelse
from kommunrapport.kolada.matt import Omdome, Plats, Spridning, visat

OMDOMEN: dict[Omdome, str] = {"battre": "bättre", "samre": "sämre", "hogre": "högre", "lagre": "lägre", "lika": "lika"}
RIKTNINGAR = {"hogre": "högre är bättre", "lagre": "lägre är bättre", "ingen": "ingen bedömning"}
KON = {"K": "Kvinnor", "M": "Män"}
_VARFOR = "Orsaken kan vara att Kolada har lagt ned eller bytt ut nyckeltal, eller att de inte hämtades."
_FORANDRING = {"procent": "procentenheter", "index": "", "antal": ""}


def gruppord(j: Jamforelse) -> str:
    """Vad kommunerna som det jämförs med kallas, i flertal."""
    return "liknande kommuner" if _liknande(j) else "andra kommuner i filen"


def grupprubrik(j: Jamforelse, matt: str) -> str:
    """Rubriken över ett mått på kommunerna: ”Liknande, median”."""
    return f"{'Liknande' if _liknande(j) else 'Andra'}, {matt}"


def platsord(p: Plats | None) -> str:
    """``3 av 8``, med delad plats utsagd. Hur många uppgifter som saknas står i meningen och i spridningen."""
    return "–" if p is None else f"{p.plats} av {p.av}{', delad' if p.delad else ''}"


def omdomesord(o: Omdome | None) -> str:
    """Bättre, sämre eller lika; utan riktning högre eller lägre, och att det inte bedöms."""
    return "–" if o is None else f"{OMDOMEN[o]}, bedöms inte" if o in ("hogre", "lagre") else OMDOMEN[o]


def mening(x: Jamford, j: Jamforelse) -> str:
    """Det viktigaste om nyckeltalet, i ord."""
    nu = x.nu
    if nu is None:
        return f"Uppgift saknas för {j.kommun}{_statusord(x)}."
    delar = [f"{genitiv(j.kommun)} värde {nu.ar} är {_med_enhet(nu.eget, x)}{_forandringen(x, nu.ar)}.", riktningsmening(x)]
    if nu.spridning and nu.spridning.median is not None:
        delar.append(_medianmening(x, j, nu.spridning))
    elif nu.spridning and j.har_matt:
        delar.append(_for_fa(x, j, nu.ar))
    if x.plats:
        delar.append(_platsmening(x.plats))
    if x.luckor:
        delar.append(f"Kommunens uppgift saknas för {rakna_upp([str(ar) for ar in x.luckor])}{_statusord(x)}.")
    delar += [_malmening(x, nr) for nr in range(len(x.mal))]
    return " ".join(delar)


def gruppmening(j: Jamforelse) -> str:
    """Vilka kommuner det jämförs med. Tom utan andra kommuner."""
    if not j.grupp or not j.andra:
        return ""
    namn = rakna_upp([j.lage.namn(i) for i in j.andra])
    gruppen = f"gruppen ”{j.grupp.namn}”" if _liknande(j) else "de andra kommunerna i filen"
    return f"Kommunen jämförs med {gruppen}: {namn}."


def kravmening(j: Jamforelse) -> str:
    """Hur många värden som måtten bygger på, och hur platserna räknas, eller varför inga mått visas."""
    if not j.andra:
        return "Det finns inga kommuner att jämföra med i hämtningen. Därför visas ingen median, jämförelse eller plats."
    if not j.har_matt:
        return f"Det krävs minst {j.krav.minst_median} andra kommuner för median, jämförelse och plats. Därför visas bara deras värden."
    return (
        f"Median, jämförelse och plats visas när minst {j.krav.minst_median} av kommunerna har ett värde, och kvartiler när minst "
        f"{j.krav.minst_kvartiler} har det. Plats 1 är bäst, och kommuner vars värden visas lika delar plats. Små skillnader kan ge stora hopp "
        "mellan platserna."
    )


def saknasrader(j: Jamforelse) -> Iterator[str]:
    """En mening per sak som inte finns i läget."""
    utan = [x.namn for x in j.jamforda if x.ar is None]
    if utan:
        yield f"Uppgift saknas för {j.kommun}: {rakna_upp(utan)}."
    if j.okanda:
        yield f"{'Nyckeltalet' if len(j.okanda) == 1 else 'Nyckeltalen'} {rakna_upp(j.okanda)} finns inte i hämtningen. {_VARFOR}"
    omraden = [namn for namn, finns in (("länet", har_lan(j)), ("riket", har_riket(j))) if not finns]
    if omraden:
        yield f"Värden för {rakna_upp(omraden)} saknas i hämtningen."


def har_lan(j: Jamforelse) -> bool:
    return any(a.lan is not None for x in j.jamforda for a in x.serie)


def har_riket(j: Jamforelse) -> bool:
    return any(a.riket is not None for x in j.jamforda for a in x.serie)


def tolkade(j: Jamforelse) -> str:
    """Meningen om riktningar som är vår läsning; tom när ingen är det."""
    antal = sum(x.rad.tolkat and x.rad.riktning != "ingen" for x in j.jamforda)
    vilka = "ett av nyckeltalen" if antal == 1 else f"{antal} av nyckeltalen"
    return f"För {vilka} är det vår tolkning, inte Koladas, om ett högt eller lågt värde är bättre; se Definitioner." if antal else ""


def riktningsord(x: Jamford) -> str:
    """Vilket värde som är bäst, och om det är en tolkning."""
    return RIKTNINGAR[x.rad.riktning] + (" (tolkat)" if x.rad.tolkat and x.rad.riktning != "ingen" else "")


def riktningsmening(x: Jamford) -> str:
    """Vilket värde som är bäst, som mening."""
    if x.rad.riktning == "ingen":
        return "Om ett högt eller lågt värde är bättre bedöms inte."
    return f"Ett {'högre' if x.rad.riktning == 'hogre' else 'lägre'} värde är bättre{', enligt vår tolkning' if x.rad.tolkat else ''}."


def _liknande(j: Jamforelse) -> bool:
    return j.grupp is None or j.grupp.roll == "liknande"


def _statusord(x: Jamford) -> str:
    return f" (Kolada: {x.status})" if x.status else ""


def _med_enhet(varde: Decimal | None, x: Jamford) -> str:
    enhet = f"{NBSP}{x.rad.enhet}" if x.rad.enhet not in ("", "index", "antal") else ""
    return f"{visat(varde, x.rad.decimaler)}{enhet}"


def _forandringen(x: Jamford, ar: int) -> str:
    if x.fore is None:
        return ""
    storlek = visat(abs(x.fore), x.rad.decimaler)
    if not storlek.strip("0,"):
        return f", oförändrat sedan {ar - 1}"
    enhet = "procentenhet" if (storlek, x.rad.enhet) == ("1", "procent") else _FORANDRING.get(x.rad.enhet, x.rad.enhet)
    ord_ = f", en {'ökning' if x.fore > 0 else 'minskning'} med {storlek}{NBSP if enhet else ''}{enhet} sedan {ar - 1}"
    return ord_ + (f", alltså {OMDOMEN[x.trend]}" if x.trend in ("battre", "samre") else "")


def _medianmening(x: Jamford, j: Jamforelse, s: Spridning) -> str:
    return f"Medianen för {s.antal} {gruppord(j)} är {visat(s.median, x.rad.decimaler)}{_mot(x)}."


def _for_fa(x: Jamford, j: Jamforelse, ar: int) -> str:
    """Värdena i stället för ett mått, när för få kommuner har ett."""
    tal = [(i, j.lage.tal(x.rad.id, i, ar)) for i in j.andra]
    finns = [f"{j.lage.namn(i)} {visat(v, x.rad.decimaler)}" for i, v in tal if v is not None]
    return f"Bara {len(finns)} av {len(j.andra)} {gruppord(j)} har ett värde, för få för en median: {rakna_upp(finns)}."


def _mot(x: Jamford) -> str:
    if x.mot_median is None:
        return ""
    return ", lika med kommunens" if x.mot_median == "lika" else f"; kommunens värde är {OMDOMEN[x.mot_median]}"


def _platsmening(p: Plats) -> str:
    delad = "delar" if p.delad else "har"
    saknas = f" ({p.saknas} {'uppgift' if p.saknas == 1 else 'uppgifter'} saknas)" if p.saknas else ""
    return f"Kommunen {delad} plats {p.plats} av {p.av}{saknas}."


def _malmening(x: Jamford, nr: int) -> str:
    m, d = x.mal[nr], x.rad.decimaler
    natt = "" if m.natt is None else ", som är nått" if m.natt else ", som inte är nått"
    return f"Utgångsvärdet {m.mal.start_ar} var {visat(m.start, d)} och det önskade värdet {m.mal.mal_ar} är {visat(m.onskat, d)}{natt}."
