"""Kör reglerna: varje regel är ett slag ur tabellen nedan med mallens parametrar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kommunrapport.karna.anmarkning import Allvar, Anmarkning
from kommunrapport.karna.fel import MallFel
from kommunrapport.kontroll import bladregler, tabellregler
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Regel, Ursprung

SLAG: Mapping[str, Callable[[Prov, Regel], Iterator[Anmarkning]]] = {
    "summa": bladregler.summa,
    "lika_blad": bladregler.lika_blad,
    "mot_beslut": bladregler.mot_beslut,
    "obligatorisk": bladregler.obligatorisk,
    "tecken": bladregler.tecken,
    "kommentar": bladregler.kommentar,
    "atgarder": bladregler.atgarder,
    "ska_vara": bladregler.ska_vara,
    "hogst": bladregler.hogst,
    "storlek": bladregler.storlek,
    "mot_tidigare": bladregler.mot_tidigare,
    "lika_tabeller": tabellregler.lika_tabeller,
    "avstamning": tabellregler.avstamning,
}


class Regelfil(Ursprung):
    """Reglerna som gäller från ett datum."""

    regel: tuple[Regel, ...]


def las_regler(kalla: Mallkalla, dag: date) -> tuple[Regel, ...]:
    """Reglerna som gäller den dagen. Fel: MallFel om ett slag inte finns."""
    vag = kalla.i_kraft("regler", dag)
    regler = kalla.las(vag, Regelfil).regel
    for regel in regler:
        if regel.slag not in SLAG:
            raise MallFel(f"mallar/{vag}: regeln {regel.id} har slaget {regel.slag}; tillåtet är {', '.join(SLAG)}.")
    return tuple(r for r in regler if r.galler_fran <= dag and (r.galler_till is None or dag <= r.galler_till))


def kor(prov: Prov, regler: Sequence[Regel]) -> tuple[Anmarkning, ...]:
    """Alla reglers anmärkningar i ordning. En regel som går sönder blir en anmärkning om sig själv."""
    return tuple(a for regel in regler for a in _kor_en(prov, regel))


def _kor_en(prov: Prov, regel: Regel) -> Sequence[Anmarkning]:
    try:
        funna = list(SLAG[regel.slag](prov, regel))
    except MallFel:
        raise
    except Exception as fel:  # noqa: BLE001  programmets fel får aldrig se ut som användarens
        return [Anmarkning("KR900", fakta={"regel": regel.id, "orsak": f"{type(fel).__name__}: {fel}"})]
    if regel.allvar is None:
        return funna
    return [replace(a, allvar=Allvar[regel.allvar.upper()]) if a.kod == regel.kod else a for a in funna]
