"""När en rad i inlämningsboken ska ha en kommentar: gränsen i ord, och villkoret som färgar en saknad kommentar."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import formatera
from kommunrapport.mall.modell import Blad, Kolumn
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.periodmall import rubrik

KOMMENTAR = "kommentar"


@dataclass(frozen=True, slots=True)
class Kommentarskrav:
    """Avvikelsen som ska kommenteras på ett blad: kolumnen, det den mäts mot och kommunens gränser.

    ``belopp_tkr`` är tusental kronor, ``procent`` procent av ``av``; None när den gränsen inte gäller bladet.
    """

    avvikelse: Kolumn
    av: Kolumn
    belopp_tkr: int | None
    procent: int | None

    def i_ord(self, period: Period) -> str:
        """Hjälptexten vid kommentaren."""
        delar = [f"{formatera(self.belopp_tkr, 0)} tkr"] if self.belopp_tkr is not None else []
        delar += [f"{self.procent} procent av {rubrik(self.av, period).lower()}"] if self.procent is not None else []
        return f"En avvikelse på minst {' eller '.join(delar)} ska kommenteras. Orange betyder att kommentaren saknas."

    def villkor(self, celler: Mapping[str, str], enhet: int) -> str:
        """Formeln som är sann när kommentaren saknas. ``celler`` är kolumn → radens adress, ``enhet`` bladets enhet i ören."""
        avvikelse, av, kommentar = (celler[k] for k in (self.avvikelse.id, self.av.id, KOMMENTAR))
        over = [f"ABS(N({avvikelse}))>={Decimal(self.belopp_tkr * Enhet.TKR.value) / enhet}"] if self.belopp_tkr is not None else []
        over += [f"AND(N({av})<>0,ABS(N({avvikelse}))>=ABS(N({av}))*{self.procent}/100)"] if self.procent is not None else []
        nagon = f"OR({','.join(over)})" if len(over) > 1 else over[0]
        return f"=AND(N({avvikelse})<>0,{nagon},LEN({kommentar})=0)"


def kommentarskrav(blad: Blad, organisation: Organisation) -> Kommentarskrav | None:
    """Bladets krav; None när inget ska kommenteras, en kolumn saknas i perioden eller ingen av gränserna är satt."""
    kolumner = {k.id: k for k in blad.kolumn}
    avvikelse = next((kolumner[k] for k in blad.kommentar_avvikelse if k in kolumner), None)
    if not blad.kommentar_kravs or avvikelse is None or blad.kommentar_av not in kolumner or KOMMENTAR not in kolumner:
        return None
    granser = {namn.rpartition("_")[2]: getattr(organisation.trosklar, namn) for namn in blad.kommentar_granser}
    belopp, procent = granser.get("tkr"), granser.get("procent")
    return None if belopp is None and procent is None else Kommentarskrav(avvikelse, kolumner[blad.kommentar_av], belopp, procent)
