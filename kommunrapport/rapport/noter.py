"""Räkenskapernas noter: numrerade i uppställningens ordning, med text ur inlämningen eller skrivna av organisationen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.koncernenheter import andel_i_ord, kommunens_andel
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.uppstallning import Uppstallning, Uppstallningsrad
from kommunrapport.rapport.modell import Cell, Kolumn, Not, Rad, Tabell
from kommunrapport.rapport.tabeller import Listfakta

TABELL = "noter"
"""Rapporttabellen med noternas belopp, en rad per not."""
_TEXTKOLUMN = "upplysning"
_FORETAG = ("bolag", "forbund")
Hanvisningar: TypeAlias = Mapping[str, Sequence[int]]
"""``tabell.rad`` → numren på noterna som raden hänvisar till."""


@dataclass(frozen=True)
class Notunderlag:
    """Det som noterna skrivs av."""

    uppstallning: Uppstallning
    organisation: Organisation
    period: Period
    facit: Listfakta
    katalog: Katalog
    belopp: Tabell | None
    """Beloppen i noterna, när något är lämnat."""
    saknade: Mapping[str, str]
    """Notens avsnitt → meningen om att den saknas, för noter som krävs men inte är skrivna."""
    koncern: bool
    """Om rapporten har sammanställda räkenskaper."""


def noter_av(u: Notunderlag) -> tuple[Not, ...]:
    """Noterna som har innehåll eller som lagen kräver, numrerade från ett."""
    noter: list[Not] = []
    for rad in u.uppstallning.rad:
        if rad.plats != "koncern" or u.koncern:
            text, tabell = _innehall(rad, u, len(noter) + 1)
            saknas = u.saknade.get(f"not_{rad.id}", "")
            if text or tabell or saknas:
                noter.append(Not(rad.id, len(noter) + 1, rad.namn, u.katalog.lagrum[rad.lagrum].namn, text, tabell, saknas))
    return tuple(noter)


def med_hanvisningar(tabeller: Mapping[str, Tabell], noter: Sequence[Not], uppstallning: Uppstallning) -> dict[str, Tabell]:
    """Tabellerna med en kolumn för notens nummer, i dem som har någon rad som hör till en not."""
    nummer: dict[str, list[int]] = {}
    for n in noter:
        for rad in next(r for r in uppstallning.rad if r.id == n.id).hor_till:
            nummer.setdefault(rad, []).append(n.nummer)
    return {namn: _med_notkolumn(t, nummer) for namn, t in tabeller.items()}


def _med_notkolumn(t: Tabell, nummer: Hanvisningar) -> Tabell:
    egna = {r.id: ", ".join(map(str, nummer[f"{t.id}.{r.id}"])) for r in t.rader if f"{t.id}.{r.id}" in nummer}
    if not egna:
        return t
    rader = tuple(replace(r, celler=(Cell(egna.get(r.id, "")), *r.celler)) for r in t.rader)
    return replace(t, kolumner=(Kolumn("not", "Not", ar_tal=False, vikt=4), *t.kolumner), rader=rader)


def _innehall(rad: Uppstallningsrad, u: Notunderlag, nummer: int) -> tuple[str, Tabell | None]:
    if rad.skrivs_av:
        return _SKRIVS_AV[rad.skrivs_av](u)
    finans = next((e.id for e in u.organisation.med_slag("finansforvaltning")), "")
    cell = u.facit.cell(finans, u.uppstallning.blad, rad.id, _TEXTKOLUMN)
    text = cell.text if cell is not None and cell.tillstand == VARDE else ""
    rader = [r for r in u.belopp.rader if r.id == rad.id] if u.belopp else []
    return text, replace(u.belopp, titel=f"Belopp i not {nummer}", rader=tuple(rader)) if u.belopp and rader else None


def _koncernforetag(u: Notunderlag) -> tuple[str, Tabell | None]:
    """Företagen som konsolideras, grunden, andelen nu och ett år tidigare, och vad som har ändrats (9 kap. 14 § LKBR)."""
    nu, da = u.period.slut, u.period.bokslut_fg_ar.slut
    rubriker = ("Grund", f"Andel {nu.year}, procent", f"Andel {da.year}, procent", "Förändring under året")
    rader = [rad for e in u.organisation.med_slag(*_FORETAG) if e.konsolideras for rad in _foretagsrader(e, u.organisation, da, nu)]
    text = "De sammanställda räkenskaperna omfattar kommunen och företagen i tabellen. Andelen är den som har konsoliderats."
    return (text, _texttabell("koncernforetag", "Företag i de sammanställda räkenskaperna", rubriker, rader)) if rader else ("", None)


def _foretagsrader(e: Enhetspost, organisation: Organisation, da: date, nu: date) -> Iterator[Rad]:
    andelar = tuple(kommunens_andel(organisation, e, dag) for dag in (nu, da))
    if not any(andelar):
        return
    agare = organisation.enhet_med_id(e.agare).namn if e.agare else ""
    grund = f"ägs av {agare}" if agare else "medlemskap" if e.slag == "forbund" else "ägarandel"
    andelstexter = [andel_i_ord(a).removesuffix(" procent") if a else SAKNAS for a in andelar]
    yield Rad(e.id, "rad", e.namn, tuple(map(Cell, (grund, *andelstexter, _forandring(e, da, nu, *andelar)))))
    for nr, namn in enumerate(e.dotterforetag, 1):
        yield Rad(f"{e.id}-{nr}", "varav", namn, (Cell(f"ingår i siffrorna från {e.kort_namn}"), Cell(), Cell(), Cell()))


def _forandring(e: Enhetspost, da: date, nu: date, andel_nu: Fraction, andel_da: Fraction) -> str:
    if andel_nu == andel_da:
        return "oförändrad"
    vad = "nytt i koncernen" if not andel_da else "har lämnat koncernen" if not andel_nu else "andelen har ändrats"
    dagar = [a.fran for a in e.agande if da < a.fran <= nu]
    return f"{vad} {datum_i_ord(max(dagar))}" if dagar else vad


def _utelamnade(u: Notunderlag) -> tuple[str, Tabell | None]:
    """Företagen som inte konsolideras, och varför (9 kap. 15 § LKBR)."""
    utanfor = [e for e in u.organisation.med_slag(*_FORETAG) if not e.konsolideras]
    rader = [Rad(e.id, "rad", e.namn, (Cell(e.skal),)) for e in utanfor]
    text = "Företagen i tabellen är lämnade utanför de sammanställda räkenskaperna, eftersom de saknar väsentlig betydelse."
    return (text, _texttabell("utelamnade", "Företag utanför de sammanställda räkenskaperna", ("Skäl",), rader)) if rader else ("", None)


def _texttabell(id_: str, titel: str, rubriker: Sequence[str], rader: Sequence[Rad]) -> Tabell:
    kolumner = tuple(Kolumn(f"k{nr}", rubrik, ar_tal=False, vikt=16) for nr, rubrik in enumerate(rubriker, 1))
    return Tabell(id_, titel, "", "Företag", kolumner, tuple(rader))


_SKRIVS_AV: Mapping[str, Callable[[Notunderlag], tuple[str, Tabell | None]]] = {
    "koncernforetag": _koncernforetag,
    "utelamnade": _utelamnade,
}
