"""Beslutade belopp: vad styrningen ger en kolumn, enligt kolumnens egen deklaration."""

import pandas as pd

from kommunrapport.mall import uttryck
from kommunrapport.mall.modell import Kolumn


def beslutade_belopp(styrning: pd.DataFrame, tabell: str, kolumn: Kolumn) -> dict[tuple[str, str], int]:
    """Beslutat belopp per (enhet, rad) enligt kolumnens ``fylls_fran``."""
    termer = {t.namn: t.tecken for t in uttryck.parse(kolumn.fylls_fran.partition(":")[2])}
    urval = styrning[(styrning["tabell"] == tabell) & styrning["kolumn"].isin(list(termer)) & styrning["varde"].notna()]
    if urval.empty:
        return {}
    tecken = urval["kolumn"].astype("object").map(termer).astype("int64")
    summor = (urval["varde"] * tecken).groupby([urval["enhet"], urval["rad"]], observed=True).sum()
    nycklar = summor.index.to_frame(index=False).astype("object")
    return {(str(e), str(r)): int(v) for e, r, v in zip(nycklar["enhet"], nycklar["rad"], summor, strict=True)}
