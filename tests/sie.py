"""Små SIE-filer att läsa och förstöra, skrivna rad för rad."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
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


# --- Företag och kommun med samma siffror som böckerna i tests/kommun.py, per den 31 augusti 2024 -----------------------

BOLAGETS: Mapping[str, int] = {
    "3010": -59_000, "3020": -1_000, "5010": 45_000, "7820": 9_000, "8410": 1_500,
    "1110": 191_000, "1930": 18_500, "2081": -50_000, "2091": -25_000, "2350": -130_000,
}  # fmt: skip
"""Konto → saldo i tusental kronor, debet plus. Resultatet är inte bokat i eget kapital."""
FORBUNDETS: Mapping[str, int] = {
    "3010": -60_000, "5010": 45_000, "7910": 9_000, "8510": 1_500,
    "1110": 191_000, "1930": 18_500, "2010": -75_000, "2350": -130_000,
}  # fmt: skip
KOMMUNENS: Mapping[str, int] = {
    "3010": -20_000, "5010": 86_000, "7910": 2_000, "8010": -60_000, "8210": -10_000, "8410": -500, "8510": 400,
    "1110": 150_000, "1210": 10_000, "1310": 5_000, "1510": 20_000, "1930": 17_100,
    "2010": -90_000, "2210": -10_000, "2350": -60_000, "2440": -40_000,
}  # fmt: skip
NAMN = {"3010": "Hyror & avgifter", "3020": "Övrigt", "1930": "Bank på Åland"}


def perioden(saldon: Mapping[str, int | Decimal], *poster: str, namn: str = "Okänt AB", orgnr: str = "", till: str = "20240831") -> str:
    """En fil av typ 4 till och med dagen: saldon i tusental kronor, och fler poster sist."""
    huvud = ["#FLAGGA 0", "#FORMAT PC8", "#GEN 20240915", "#SIETYP 4", f'#FNAMN "{namn}"', *([f"#ORGNR {orgnr}"] if orgnr else [])]
    huvud += ["#RAR 0 20240101 20241231", f"#OMFATTN {till}"]
    konton = [f'#KONTO {konto} "{NAMN.get(konto, "Konto " + konto)}"' for konto in saldon]
    belopp = [f"#{'UB' if konto[0] in '12' else 'RES'} 0 {konto} {Decimal(tkr) * 1000:.2f}" for konto, tkr in saldon.items()]
    return rader(*huvud, *konton, *belopp, *poster)


def radnr(innehall: str, borjan: str) -> str:
    """Platsen för den rad som börjar så, som den visas."""
    return f"rad {next(nr for nr, rad in enumerate(innehall.splitlines(), 1) if rad.startswith(borjan))}"
