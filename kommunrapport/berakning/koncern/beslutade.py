"""Elimineringar ur kommunens register: förvärvade andelar mot eget kapital, och elimineringar för hand."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kommunrapport.berakning.koncern.bygge import Bygge, andel_av, summa
from kommunrapport.berakning.koncern.underlag import Koncernunderlag, plan_id, poster_under
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Tabellplan
from kommunrapport.karna.sprak import liten_bokstav
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.mall.koncernenheter import kommunens_andel
from kommunrapport.mall.koncernmall import procentandel

FORVARV, FOR_HAND = "forvarv", "handelimineringar"


def forvarvsplan(u: Koncernunderlag) -> Tabellplan:
    """En rad per förvärv: andelarnas värde mot den förvärvade delen av eget kapital, och kommunens andel av dem."""
    b = Bygge(FORVARV, u)
    b.kolumn("anskaffning", "Andelarnas värde")
    b.kolumn("eget_kapital", "Eget kapital vid förvärvet")
    b.kolumn("forvarvat", "varav förvärvad andel")
    b.kolumn("skillnad", "Skillnad", plus=True)
    for s in _forvarven(u):
        rad = _rad(s)
        b.rad(rad, f"{next(e.kort for e in u.foretag if e.id == s.enhet)}: {s.namn}")
        anskaffning, eget_kapital = (b.satt(rad, k, u.hamta(FORVARV, s.enhet, (s.rad,), k)) for k in ("anskaffning", "eget_kapital"))
        forvarvat = b.satt(rad, "forvarvat", andel_av(eget_kapital, procentandel(s.attribut["andel"])))
        skillnad = b.satt(rad, "skillnad", summa((1, anskaffning), (-1, forvarvat)))
        for adress in (anskaffning, forvarvat, skillnad):
            b.dolt(rad, f"k_{adress.kolumn}", f"{b.rubrik(adress.kolumn)}, kommunens andel", andel_av(adress, _agarens_andel(u, s.enhet)))
    return b.plan("Förvärvsanalyser", "Förvärv")


def forvarvens_termer(u: Koncernunderlag, rad: str) -> Iterator[tuple[int, Adress]]:
    """Det som förvärven ändrar på balansräkningens rad: andelarna och det förvärvade kapitalet bort, skillnaden till.

    Skillnaden är en tillgång, eller med omvänt tecken en avsättning, skuld eller eget kapital. Fel: MallFel för en okänd rad.
    """
    rader = u.mall.forvarv
    for s in _forvarven(u):
        till = s.attribut.get("skillnad_till") or rader.skillnad
        tecken = 1 if till in _tillgangarna(u, s, till) else -1
        for malrad, kolumn, verkan in ((rader.andelar, "anskaffning", -1), (rader.eget_kapital, "forvarvat", -1), (till, "skillnad", tecken)):
            if malrad == rad:
                yield verkan, Adress(plan_id(FORVARV, u.lager), _rad(s), f"k_{kolumn}")


def _tillgangarna(u: Koncernunderlag, s: Styrrad, till: str) -> frozenset[str]:
    """Posterna på tillgångssidan. Fel: MallFel när skillnaden ska till en rad som inte finns."""
    per_id = {r.id: r for r in u.uppstallningar["balans"].rad}
    if till not in per_id or not per_id[till].post:
        tillatna = ", ".join(r.id for r in per_id.values() if r.post)
        raise MallFel(f"{s.kalla.fil}, {s.kalla.cell}: skillnad_till är ”{till}”; tillåtet är {tillatna}.")
    return frozenset(poster_under(per_id, u.mall.vasentlighet.omslutning))


def _forvarven(u: Koncernunderlag) -> Sequence[Styrrad]:
    ingar = {e.id for e in u.foretag} & u.lamnat
    return [s for s in u.styrrader if s.tabell == FORVARV and s.enhet in ingar]


def _rad(s: Styrrad) -> str:
    return f"{s.enhet}.{s.rad}"


def _agarens_andel(u: Koncernunderlag, enhet: str) -> Fraction:
    agare = u.organisation.enhet_med_id(enhet).agare
    return kommunens_andel(u.organisation, u.organisation.enhet_med_id(agare), u.period.slut) if agare else Fraction(1)


def handplan(u: Koncernunderlag) -> Tabellplan:
    """Varje eliminering för hand med sitt motiv, av ett mellanhavande eller på en rad i en räkning."""
    b = Bygge(FOR_HAND, u)
    b.kolumn("belopp", "Belopp", plus=True)
    for s in u.elimineringsrader:
        b.rad(s.rad, f"{_post(u, s)}: {s.namn} ({s.attribut['person']} {s.attribut['beslutad']})")
        b.satt(s.rad, "belopp", u.hamta("elimineringar", s.enhet, (s.rad,), "belopp"))
    return b.plan("Elimineringar för hand", "Post och motiv")


def _post(u: Koncernunderlag, s: Styrrad) -> str:
    """Mellanhavandet, eller räkningen och posten, så som de heter i rapporten."""
    if s.attribut["slag"]:
        slag, kort = next(m for m in u.mall.slag if m.id == s.attribut["slag"]), {e.id: e.kort for e in u.enheter}
        return f"{slag.namn}, {kort.get(s.enhet, s.enhet)} – {kort.get(s.attribut['motpart'], s.attribut['motpart'])}"
    mall = u.uppstallningar[s.attribut["rakning"]]
    return f"{mall.namn}, {liten_bokstav(next(r.namn for r in mall.rad if r.id == s.attribut['post']))}"


def handens_termer(u: Koncernunderlag, rakning: str, rad: str) -> Iterator[tuple[int, Adress]]:
    for s in _fria(u):
        if (s.attribut["rakning"], s.attribut["post"]) == (rakning, rad):
            yield 1, Adress(plan_id(FOR_HAND, u.lager), s.rad, "belopp")


def _fria(u: Koncernunderlag) -> Sequence[Styrrad]:
    return [s for s in u.elimineringsrader if s.attribut["rakning"]]
