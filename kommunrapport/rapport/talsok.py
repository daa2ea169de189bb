"""Hittar en siffra på det som läsaren ser: talet, och rubriken som det står under."""

from decimal import Decimal
from difflib import get_close_matches

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.sprak import nyckel
from kommunrapport.rapport.sparfil import Siffra, Spar, tal_i

_NARA = 3


def sok_tal(spar: Spar, tal: str, under: str = "") -> list[Siffra]:
    """Siffrorna som visas som talet, de med samma enhet först och i övrigt i rapportens ordning. Mellanslag och slag av minus spelar ingen roll.

    Ett tal utan tecken hittar också det som trycks med plus. Fel: AnvandningsFel med det närmaste när inget finns.
    """
    sokta = tal_i(tal)
    if len(sokta) != 1:
        if tal.count(".") == 1 and len(tal_i(komma := tal.replace(".", ","))) == 1:
            raise AnvandningsFel(f"”{tal}” har punkt. Skriv komma före decimalerna: --tal={komma}.")
        raise AnvandningsFel(f"”{tal}” är inte ett tal. Skriv talet som det står i rapporten, till exempel --tal=-12,4.")
    urval = _under(spar, under)
    traffar = [s for s in urval if sokta[0] in _former(s.visas)]
    if not traffar:
        raise AnvandningsFel(*_inget(spar, urval, tal, sokta[0], under))
    return sorted(traffar, key=lambda s: nyckel(spar.visad(s)) != nyckel(tal))


def raden(spar: Spar, s: Siffra) -> str:
    """``drift.slutrad.prognos: Driftredovisning per nämnd, Summa, Prognos = −12,4 mnkr``."""
    return f"{s.adress}: {spar.plats(s.adress)} = {spar.visad(s)}"


def _former(visas: str) -> set[str]:
    tal = tal_i(visas)
    return {*tal, *(t.removeprefix("+") for t in tal)}


def _under(spar: Spar, under: str) -> list[Siffra]:
    alla = list(spar.tryckta)
    if not under:
        return alla
    traffar = [s for s in alla if any(nyckel(under) in nyckel(ord_) for ord_ in spar.rubriker(s.adress))]
    if traffar:
        return traffar
    titlar = {nyckel(t.titel): t.titel for t in spar.tabeller.values()}
    nara = get_close_matches(nyckel(under), titlar, _NARA, 0.4)
    rad = "Närmast är: " + "; ".join(titlar[n] for n in nara) if nara else "Utan --under söks i hela rapporten."
    raise AnvandningsFel(f"Ingen rubrik i rapporten innehåller ”{under}”.", rad)


def _inget(spar: Spar, urval: list[Siffra], tal: str, sokt: str, under: str) -> list[str]:
    inledning = f"Talet {tal} hittas inte bland de siffror som programmet följer{f', under en rubrik med ”{under}”' if under else ''}."
    annat = [s for s in urval if sokt.lstrip("+-") in {t.lstrip("+-") for t in tal_i(s.visas)}]
    if annat:
        return [inledning, "Med annat tecken finns:", *(f"  {raden(spar, s)}" for s in annat[:10])]
    varde = Decimal(sokt.replace(",", "."))
    nara = sorted((s for s in urval if s.tal is not None), key=lambda s: abs((s.tal or 0) - varde))
    return [inledning, *(["Närmast är:"] if nara else []), *(f"  {raden(spar, s)}" for s in nara[:_NARA])]
