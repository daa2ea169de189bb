"""Reglerna som gäller en dag, och de gränser och belopp som de använder."""

from collections.abc import Iterator
from datetime import date

from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.fordyring import Fordyringsgrans
from kommunrapport.mall.arshjulsmall import Arshjulspost
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Prisbasbelopp, Regel, Ursprung
from kommunrapport.mall.organisation import Trosklar


class Regelfil(Ursprung):
    """Reglerna som gäller från ett datum."""

    regel: tuple[Regel, ...]


def las_regler(kalla: Mallkalla, dag: date, katalog: Katalog) -> tuple[Regel, ...]:
    """Reglerna som gäller den dagen. Fel: MallFel om en kod, gräns eller ett lagrum inte finns."""
    vag = kalla.i_kraft("regler", dag)
    regler = kalla.las(vag, Regelfil).regel
    brister = [f"mallar/{vag}: regeln {r.id}: {brist}." for r in regler for brist in _brister(r, katalog)]
    koder = [r.kod for r in regler if r.galler(dag)]
    brister += [f"mallar/{vag}: koden {kod} har flera regler; varje regel har en egen kod." for kod in sorted(set(koder)) if koder.count(kod) > 1]
    if brister:
        raise MallFel(*brister)
    return tuple(r for r in regler if r.galler(dag))


def anvands(regel: Regel, trosklar: Trosklar, post: Arshjulspost) -> bool:
    """Om kommunen har satt de gränser som regeln behöver och perioden har det som den prövar."""
    return post.innehaller(regel.kraver) and all(getattr(trosklar, namn) is not None for namn in regel.granser)


def prisbasbelopp(kalla: Mallkalla, ar: int) -> int | None:
    """Årets prisbasbelopp i öre, eller None när det inte finns i mallarna. Fel: MallFel."""
    kronor = kalla.las("prisbasbelopp.toml", Prisbasbelopp).kronor.get(str(ar))
    return None if kronor is None else kronor * HUNDRADELAR


def fordyringsgrans(kalla: Mallkalla, trosklar: Trosklar, ar: int) -> Fordyringsgrans | None:
    """Gränsen när ett projekt ska redovisas särskilt, eller None när kommunen inte har satt den eller prisbasbeloppet saknas. Fel: MallFel."""
    andel, antal, belopp = trosklar.investering_procent, trosklar.investering_prisbasbelopp, prisbasbelopp(kalla, ar)
    return None if andel is None or antal is None or belopp is None else Fordyringsgrans(andel, antal, belopp)


def _brister(regel: Regel, katalog: Katalog) -> Iterator[str]:
    if regel.kod not in katalog.poster:
        yield f"koden {regel.kod} finns inte i mallar/anmarkningar.toml"
    okanda = [namn for namn in regel.granser if namn not in Trosklar.model_fields]
    if okanda:
        yield f"gränsen {', '.join(okanda)} finns inte; tillåtet är {', '.join(Trosklar.model_fields)}"
