"""Små SIE-filer att läsa och förstöra, skrivna rad för rad."""

from collections.abc import Iterable
from pathlib import Path

from kommunrapport.inlasning.sie.lasare import las_sie
from kommunrapport.inlasning.sie.siefil import Siefil

HUVUD = """#FLAGGA 0
#PROGRAM "Prov" 1.0
#FORMAT PC8
#GEN 20250115
#SIETYP 4
#FNAMN "Provköping Energi AB"
#ORGNR 556000-0000
#RAR 0 20240101 20241231
#RAR -1 20230101 20231231
#KONTO 1510 "Kundfordringar"
#KONTO 1930 "Bank på Åland"
#KONTO 2081 Aktiekapital
#KONTO 3001 "Försäljning"
#KONTO 5010 "Hyra"
"""
SALDON = """#IB 0 1930 1000.00
#IB 0 2081 -1000.00
#UB 0 1510 500.50
#UB 0 1930 800.00
#UB 0 2081 -1000.00
#RES 0 3001 -900.50
#RES 0 5010 600.00
"""
"""Årets resultat är 300,50 kronor och inte bokat i eget kapital."""
PERIODSALDON = """#PSALDO 0 202403 1930 {} -600.00
#PSALDO 0 202403 5010 {} 600.00
#PSALDO 0 202408 1930 {} 400.00
#PSALDO 0 202408 3001 {} -400.00
#PSALDO 0 202412 1510 {} 500.50
#PSALDO 0 202412 3001 {} -500.50
"""
VERIFIKATIONER = """#VER A 1 20240315 "Hyra" 20240316
{
   #TRANS 5010 {1 "10"} 600.00 "" "Lokal"
   #TRANS 1930 {} -600
}
#VER A 2 20240831 "Kund"
{
   #TRANS 1930 {} 400.00
   #TRANS 3001 {} -400.00
}
#VER B 1 20241202 "Faktura"
{
   #TRANS 1510 {} 500.50
   #TRANS 3001 {} -500.50
}
"""


def skriv(mapp: Path, innehall: str | bytes, namn: str = "prov.se", kodning: str = "cp437") -> Path:
    fil = mapp / namn
    fil.write_bytes(innehall if isinstance(innehall, bytes) else innehall.encode(kodning))
    return fil


def las(mapp: Path, innehall: str | bytes, kodning: str = "cp437") -> Siefil:
    return las_sie(skriv(mapp, innehall, kodning=kodning))


def rader(*poster: str) -> str:
    return "".join(f"{post}\n" for post in poster)


def koder(anmarkningar: Iterable[object]) -> list[str]:
    return [str(getattr(a, "kod", "")) for a in anmarkningar]
