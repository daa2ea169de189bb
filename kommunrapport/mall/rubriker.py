"""Orden som mallarnas rubriker och radnamn får använda inom klamrar."""

from collections.abc import Mapping
from functools import cache

from kommunrapport.karna.belopp import KVOTDELAR, avrunda
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.sprak import NBSP, formatera


@cache
def rubrikord(period: Period) -> Mapping[str, str]:
    """Orden som mallarnas rubriker får använda inom klamrar."""
    return {
        "ar": str(period.ar),
        "fg_ar": str(period.ar - 1),
        **{f"ar_{n}": str(period.ar - n) for n in (2, 3, 4)},
        **{f"ar_plus_{n}": str(period.ar + n) for n in (1, 2, 3)},
        "spann": period.kort_spann,
        "fg_spann": period.samma_fg_ar.kort_spann,
        "perioden": str(period.ar) if period.manad == 12 else period.kort_spann,
        "fg_perioden": str(period.ar - 1) if period.manad == 12 else period.samma_fg_ar.kort_spann,
        "slut": datum_i_ord(period.slut),
        "fg_slut": datum_i_ord(period.samma_fg_ar.slut),
        "bokslut_slut": datum_i_ord(period.bokslut_fg_ar.slut),
        "period": period.namn,
        "Tidens": "Årets" if period.manad == 12 else "Periodens",
        "tidens": "årets" if period.manad == 12 else "periodens",
    }


def andel_av_aret(period: Period) -> str:
    """Hur stor del av året som har gått när perioden är slut: ``66,7 procent``."""
    return f"{formatera(avrunda(period.manad * 100 * KVOTDELAR, 12 * KVOTDELAR, 1), 1)}{NBSP}procent"


def fyll_i(text: str, ord_: Mapping[str, str], mall: str) -> str:
    """Texten med orden inom klamrar utbytta. Fel: MallFel om ett ord inte finns."""
    try:
        return text.format_map(ord_)
    except (KeyError, ValueError, IndexError) as fel:
        raise MallFel(f"{mall}: ”{text}” har ett ord inom klamrar som inte finns; tillåtet är {', '.join(ord_)}.") from fel
