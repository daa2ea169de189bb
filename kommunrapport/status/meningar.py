"""Lägets ord: samma meningar på terminalen, på sidan och i påminnelserna."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kommunrapport.berakning.vardagar import vardag_efter
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.karna.sprak import rakna_upp, stor_bokstav
from kommunrapport.status.lage import ATT_PAMINNA, FALLEN, FORSENAD, LAMNAR_INTE, Enhetslage, Periodlage, Planlage

_ETT = {FORSENAD: "är försenad", FALLEN: "är inte längre klar"}
_FLERA = {FORSENAD: "är försenade", FALLEN: "är inte längre klara"}


def dagar_i_ord(dagar: int) -> str:
    """``3 dagar kvar``, ``sista dagen är i dag`` eller ``2 dagar sedan``."""
    if not dagar:
        return "sista dagen är i dag"
    antal = f"{abs(dagar)} {'dag' if abs(dagar) == 1 else 'dagar'}"
    return f"{antal} kvar" if dagar > 0 else f"{antal} sedan"


def sista_dagen(p: Periodlage) -> str:
    """``20 september 2024 (10 dagar kvar)``."""
    return f"{datum_i_ord(p.klar_senast)} ({dagar_i_ord(p.dagar_kvar)})"


def svara_senast(p: Periodlage, vardagar: int) -> str:
    """Den nya dagen, så många vardagar fram, när sista dagen har passerat; annars tomt, för då gäller den."""
    return datum_i_ord(vardag_efter(p.klar_senast - timedelta(p.dagar_kvar), vardagar)) if p.dagar_kvar < 0 else ""


def lagens_frist(p: Periodlage) -> str:
    """``31 oktober 2024 (11 kap. 16 § kommunallagen (2017:725))``, eller tomt."""
    return f"{datum_i_ord(p.frist)}{f' ({p.lagrum})' if p.lagrum else ''}" if p.frist else ""


def lamnade_i_ord(p: Periodlage) -> str:
    """``15 av 16 enheter har lämnat; 2 har fel och 1 saknas``."""
    delar = [f"{n} {(_ETT if n == 1 else _FLERA).get(lage, lage)}" for lage in ATT_PAMINNA if (n := p.antal_i(lage))]
    return f"{p.lamnade} av {p.ska_lamna} enheter har lämnat{f'; {rakna_upp(delar)}' if delar else ''}"


def planen(p: Planlage) -> str:
    """``3 av 6 steg är klara. Försenat: Planering (2024-03-01).``, eller vad som inte går att läsa."""
    if p.hinder:
        return f"Allt går inte att läsa. {' '.join(p.hinder)}"
    klara = f"{p.klara} av {p.steg} steg är klara."
    return f"{klara} Försenat: {rakna_upp(p.forsenade)}." if p.forsenade else klara


def rapporten(p: Periodlage) -> str:
    """Meningen om rapporten: fastställd, aktuell, inaktuell eller inte skriven."""
    if p.faststalld:
        return "Rapporten är fastställd."
    if p.rapport is None:
        return f"Rapporten är inte skriven. Skriv den med: {p.kommando}"
    if p.rapport.aktuell:
        return f"Rapporten skrevs {p.rapport.skriven} och är aktuell."
    return f"Rapporten skrevs {p.rapport.skriven}. Underlaget har ändrats sedan dess; skriv den på nytt med: {p.kommando}"


def klarmarkerad(e: Enhetslage) -> str:
    """Om enhetens bok är klarmarkerad, som ord; ett streck när det inte finns någon bok att markera."""
    return {"ja": "ja", "nej": "nej", "fallen": "gäller inte"}[e.klarmarkering] if e.filer and not e.bara_sie else "–"


def mottagen(e: Enhetslage) -> str:
    """``2024-09-24 02:00, 4 dagar sen``; en stjärna när tiden är filens egen. Streck när inget är lämnat."""
    if not e.filer:
        return "–"
    sen = f", {e.dagar_sen} {'dag' if e.dagar_sen == 1 else 'dagar'} sen" if e.dagar_sen else ""
    return f"{e.mottagen}{'' if e.ur_loggen else '*'}{sen}"


def utan_fil(p: Periodlage, e: Enhetslage) -> str:
    """Meningen om en enhet som inte har lämnat, eller tomt."""
    if e.filer or e.lage == LAMNAR_INTE:
        return ""
    return f"Inget är lämnat. Sista dagen {'var' if p.dagar_kvar < 0 else 'är'} {sista_dagen(p)}."


def plats(a: Mapping[str, Any], *, mest: int = 4) -> str:
    """Var anmärkningen är, med radens och kolumnens namn: ``Driftredovisning!G8 (Grundskola, Prognos 2024)``."""
    celler = list(a["celler"])
    visade = ", ".join(celler[:mest]) + (f" och {len(celler) - mest} till" if len(celler) > mest else "")
    var = f"{a['blad']}!{visade}" if a["blad"] and visade else str(a["blad"] or visade)
    namn = ", ".join(del_ for del_ in (a["rad"], a["kolumn"]) if del_) if len(celler) == 1 else ""
    return f"{var} ({namn})" if var and namn else var


def anmarkningen(a: Mapping[str, Any]) -> str:
    """``Fel KR405 Driftredovisning!G8 (…): meningen och vad som ska göras``."""
    var = f" {plats(a)}" if plats(a) else ""
    return f"{stor_bokstav(str(a['allvar']))} {a['kod']}{var}: {a['mening']} {a['gor_sa']}".strip()
