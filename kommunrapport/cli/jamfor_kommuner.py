"""kommunrapport jamfor-kommuner: kommunen jämförd med andra, ur ett hämtat läge."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog

if TYPE_CHECKING:
    from kommunrapport.kolada.jamforelse import Jamford

NAMN = "jamfor-kommuner"
KORT = "Jämför kommunen med andra, ur Kolada."
HJALP = (
    "Skriver en jämförelse med liknande kommuner, länet och riket som Worddokument och Excelbok i rapporter/jamforelser/. Siffrorna kommer ur "
    "ett läge i styrning/kolada/, som hämtas med kommunrapport importera kolada; här behövs inget nätverk."
)


def kor(
    namn: Annotated[str, typer.Option("--set", metavar="NAMN", help="Nyckeltalen: ett set ur mallar/kolada/, till exempel kommunindex, eller egna.")],
    lage: Annotated[
        str, typer.Option("--lage", metavar="DAG", help="Det senaste läget till och med den dagen (ÅÅÅÅ-MM-DD), eller en fil. Annars det senaste.")
    ] = "",
    ersatt: Ersattflagga = False,
    katalog: Katalogflagga = "",
    som_json: Jsonflagga = False,
) -> None:
    rot = hitta_katalog(katalog)
    from kommunrapport.kolada import ord as i_ord
    from kommunrapport.kolada.skriv import skriv_jamforelse

    s = skriv_jamforelse(rot, namn, lage, ersatt=ersatt)
    skrivna = [fil.as_posix() for fil in s.filer]
    saknas = list(i_ord.saknasrader(s.jamforelse))
    if som_json:
        svar: dict[str, Any] = {
            "lage": s.lage.as_posix(),
            "hamtat": s.jamforelse.lage.hamtat.isoformat(),
            "kalla": s.jamforelse.lage.kalla,
            "skrivet": skrivna,
        }
        g = s.jamforelse.grupp
        svar |= {"grupp": {"slag": g.roll, "namn": g.namn, "kommuner": list(s.jamforelse.andra)} if g else None}
        nyckeltal = [_som_data(x) for x in s.jamforelse.jamforda]
        typer.echo(json.dumps({**svar, "saknas": saknas, "nyckeltal": nyckeltal}, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{s.jamforelse.titel}, {s.jamforelse.kommun}. Källa: Kolada, läget {s.lage.stem}; jämförelserna är egna beräkningar.\n")
    for x in s.jamforelse.jamforda:
        if x.ar is not None:
            typer.echo(f"{x.namn}: {i_ord.mening(x, s.jamforelse)}")
    if not s.jamforelse.har_matt:
        typer.echo(f"\n{i_ord.gruppmening(s.jamforelse)} {i_ord.kravmening(s.jamforelse)}".replace("\n ", "\n"))
    for rad in saknas:
        typer.echo(rad, err=True)
    typer.echo("\nSkrivet:")
    for fil in skrivna:
        typer.echo(f"  {fil}")


def _som_data(x: "Jamford") -> dict[str, Any]:
    """Nyckeltalet som JSON; talen som text, så som Kolada skrev dem, eller null när uppgift saknas."""

    def tal(varde: object) -> str | None:
        return None if varde is None else str(varde)

    nu = x.nu
    s = nu.spridning if nu else None
    spridning = (
        {n: tal(getattr(s, n)) for n in ("minst", "kvartil1", "median", "kvartil3", "storst")} | {"antal": s.antal, "saknas": s.saknas} if s else None
    )
    return {
        "id": x.rad.id,
        "namn": x.namn,
        "riktning": x.rad.riktning,
        "ar": x.ar,
        "varde": tal(nu.eget) if nu else None,
        "forandring_1": tal(x.fore),
        "forandring_5": tal(x.lang),
        "spridning": spridning,
        "lan": tal(nu.lan) if nu else None,
        "riket": tal(nu.riket) if nu else None,
        "riket_ovagt": bool(nu and nu.ovagt),
        "mot_median": x.mot_median,
        "plats": x.plats._asdict() if x.plats else None,
    }
