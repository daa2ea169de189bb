"""kommunrapport delar: skriver delårsrapporten."""

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, Periodflagga
from kommunrapport.cli.rapport import Enhetsflagga, Pdfflagga, Rattelseflagga, Striktflagga, skriv

NAMN = "delar"
KORT = "Skriver delårsrapporten."
HJALP = "Läser periodens inlämningar, kontrollerar dem och skriver delårsrapporten i Word och Excel."


def kor(
    period: Periodflagga,
    enhet: Enhetsflagga = [],  # noqa: B006  typer läser förvalet
    pdf: Pdfflagga = False,
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    strikt: Striktflagga = False,
    rattelse: Rattelseflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    skriv(NAMN, period, katalog, enhet, pdf=pdf, ersatt=ersatt, strikt=strikt, rattelse=rattelse, som_json=som_json)
