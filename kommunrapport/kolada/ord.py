"""Jämförelsen i ord: meningar om nyckeltalen, och hur platser och förändringar skrivs."""

from collections.abc import Iterator
from decimal import Decimal

from kommunrapport.karna.sprak import NBSP, genitiv, rakna_upp
from kommunrapport.kolada.jamforelse import Jamford, Jamforelse
from kommunrapport.kolada.matt import MINST_FOR_PLATS, Omdome, Plats, visat

OMDOMEN: dict[Omdome, str] = {"battre": "bättre", "samre": "sämre", "hogre": "högre", "lagre": "lägre", "lika": "lika"}
RIKTNINGAR = {"hogre": "högre är bättre", "lagre": "lägre är bättre", "ingen": "bedöms inte"}
KON = {"K": "Kvinnor", "M": "Män"}
_FORANDRING = {"procent": "procentenheter", "index": "", "antal": ""}


def platsord(p: Plats | None) -> str:
    """``3 av 8``, med delad plats utsagd. Hur många uppgifter som saknas står i meningen och i spridningen."""
    return "–" if p is None else f"{p.plats} av {p.av}{', delad' if p.delad else ''}"


def omdomesord(o: Omdome | None) -> str:
    return OMDOMEN[o] if o else "–"


def mening(x: Jamford, j: Jamforelse) -> str:
    """Det viktigaste om nyckeltalet, i ord."""
    nu = x.nu
    if nu is None:
        status = f" (Kolada: {x.status})" if x.status else ""
        return f"Uppgift saknas för {j.kommun}{status}."
    delar = [f"{genitiv(j.kommun)} värde {nu.ar} är {_med_enhet(nu.eget, x)}{_forandringen(x, nu.ar)}."]
    if nu.spridning:
        antal = nu.spridning.antal
        kommuner = f"{antal} liknande {'kommun' if antal == 1 else 'kommuner'}"
        delar.append(f"Medianen för {kommuner} är {visat(nu.spridning.median, x.rad.decimaler)}{_mot(x)}.")
    if x.plats:
        delar.append(_platsmening(x.plats))
    if x.nyare:
        status = f" (Kolada: {x.status})" if x.status else ""
        delar.append(f"För {x.nyare} saknas kommunens uppgift{status}.")
    delar += [_malmening(x, nr) for nr in range(len(x.mal))]
    return " ".join(delar)


def saknasrader(j: Jamforelse) -> Iterator[str]:
    """En mening per sak som inte finns i läget."""
    utan = [x.namn for x in j.jamforda if x.ar is None]
    if utan:
        yield f"Uppgift saknas för {j.kommun}: {rakna_upp(utan)}."
    if j.okanda:
        yield f"{rakna_upp(j.okanda)} finns inte i läget: nedlagt, utbytt eller inte hämtat."
    if not j.liknande:
        yield "Läget har ingen grupp liknande kommuner, så median, spridning och plats saknas."


def tolkade(j: Jamforelse) -> str:
    """Meningen om riktningar som är vår läsning; tom när ingen är det."""
    antal = sum(x.rad.tolkat and x.rad.riktning != "ingen" for x in j.jamforda)
    return f"Vilket värde som är bäst är en tolkning, inte Koladas, för {antal} av nyckeltalen; de står i Definitioner." if antal else ""


def riktningsord(x: Jamford) -> str:
    """Vilket värde som är bäst, och om det är en tolkning."""
    return RIKTNINGAR[x.rad.riktning] + (" (tolkat)" if x.rad.tolkat and x.rad.riktning != "ingen" else "")


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


def _mot(x: Jamford) -> str:
    if x.mot_liknande is None:
        return ""
    return ", lika med kommunens" if x.mot_liknande == "lika" else f"; kommunens värde är {OMDOMEN[x.mot_liknande]}"


def _platsmening(p: Plats) -> str:
    delad = "delar" if p.delad else "har"
    saknas = f" ({p.saknas} {'uppgift' if p.saknas == 1 else 'uppgifter'} saknas)" if p.saknas else ""
    return f"Kommunen {delad} plats {p.plats} av {p.av}{saknas}."


def _malmening(x: Jamford, nr: int) -> str:
    m, d = x.mal[nr], x.rad.decimaler
    natt = "" if m.natt is None else ", som är nått" if m.natt else ", som inte är nått"
    return f"Utgångsvärdet {m.mal.start_ar} var {visat(m.start, d)} och det önskade värdet {m.mal.mal_ar} är {visat(m.onskat, d)}{natt}."


PLATSFORKLARING = (
    f"Plats 1 är bäst. Lika visade värden delar plats, och plats anges när minst {MINST_FOR_PLATS} kommuner, den egna inräknad, har en uppgift."
)
