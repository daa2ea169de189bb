"""Företagens storlek: kommunens andel av omsättning och omslutning, mot skatteintäkter och generella statsbidrag."""

from collections.abc import Iterator

from kommunrapport.berakning.koncern.bygge import Bygge, andel_av
from kommunrapport.berakning.koncern.underlag import Koncernunderlag, poster_under
from kommunrapport.karna.plan import Adress, Kvot, Tabellplan
from kommunrapport.mall import uttryck
from kommunrapport.mall.koncernenheter import andel_i_ord, kommunens_andel
from kommunrapport.mall.koncernmall import Rakningsmall
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.uppstallning import Uppstallning

FORETAG, UNDERLAG = "koncernforetag", "underlag"
MATT = {"omsattning": ("Omsättning", "resultat"), "omslutning": ("Omslutning", "balans")}
"""Måttet → dess rubrik och räkningen det hämtas ur."""


def foretagsplan(u: Koncernunderlag) -> Tabellplan:
    """En rad per företag som kommunen har andel i, också dem som lämnas utanför de sammanställda räkenskaperna."""
    b = Bygge(FORETAG, u)
    for matt, (rubrik, _) in MATT.items():
        b.kolumn(matt, f"{rubrik}, kommunens andel")
        b.kolumn(f"{matt}_procent", f"{rubrik}, procent av skatter och bidrag", procent=True)
    rakningar = {r.id: r for r in u.mall.rakning}
    for e in u.organisation.med_slag("bolag", "forbund"):
        andel = kommunens_andel(u.organisation, e, u.period.slut)
        if andel:
            utanfor = "" if e.konsolideras else f"; utanför de sammanställda räkenskaperna: {e.skal}"
            b.rad(e.id, f"{e.namn}, {andel_i_ord(andel)}{utanfor}")
            for matt, (rubrik, rakning) in MATT.items():
                if rakning in rakningar:
                    _matt(u, rakningar[rakning], e, matt, b, rubrik)
    if not b.tom:
        b.rad(UNDERLAG, "Skatteintäkter samt generella statsbidrag och utjämning", "summa")
        rader = tuple(t.namn for t in uttryck.parse(u.mall.vasentlighet.underlag))
        for matt in MATT:
            b.satt(UNDERLAG, matt, u.hamta(rakningar["resultat"].blad[u.kommunen.slag], u.kommunen.id, rader, rakningar["resultat"].kolumn))
    return b.plan("Företagen i den kommunala koncernen", "Företag och kommunens andel")


def _matt(u: Koncernunderlag, r: Rakningsmall, e: Enhetspost, matt: str, b: Bygge, rubrik: str) -> None:
    blad = r.blad[e.slag]
    rad = getattr(u.mall.vasentlighet, matt)
    poster = tuple(dict.fromkeys(_posterna(u.uppstallningar[u.former[blad]], r.id, rad)))
    hela = b.dolt(e.id, f"{matt}_hela", f"{rubrik}, hela företaget", u.hamta(blad, e.id, poster, r.kolumn))
    b.satt(e.id, matt, andel_av(hela, kommunens_andel(u.organisation, e, u.period.slut)))
    b.satt(e.id, f"{matt}_procent", Kvot(b.adress(e.id, matt), Adress(b.id, UNDERLAG, matt), tecken=False))


def _posterna(form: Uppstallning, rakning: str, rad: str) -> Iterator[str]:
    """Posterna i företagets form som är raden, ingår i den eller hör till den."""
    per_id = {r.id: r for r in form.rad}
    if rad in per_id:
        yield from poster_under(per_id, rad)
    else:
        yield from (p.id for p in form.rad if rakning in p.till and rad in [t.namn for t in uttryck.parse(p.till[rakning])])
