"""kommunrapport uppsikt: årets plan för kommunstyrelsens uppsikt, och underlagen till ett tillfälle."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kommunrapport.cli.flaggor import Ersattflagga, Jsonflagga, Katalogflagga, hitta_katalog, tolka_ar
from kommunrapport.cli.rapport import Pdfflagga, inaktuella, pdfprogram

if TYPE_CHECKING:
    from kommunrapport.uppsikt.oversikt import Arsuppsikt

NAMN = "uppsikt"
KORT = "Visar planen för uppsikten, och skriver underlag till ett tillfälle."
HJALP = (
    "Visar årets plan för kommunstyrelsens uppsikt över nämnder, bolag och förbund: vem som kallas när, vem som saknas i planen och vilka "
    "iakttagelser som är öppna. Med --enhet eller --tillfalle skrivs ett underlag per enhet i Word och Excel, ur det som redan är lämnat. "
    "Slutkoden är 5 när någon saknas i planen eller en rad i uppsiktens filer inte går att läsa, också när underlagen är skrivna."
)


def kor(
    ar: Annotated[str, typer.Option("--ar", metavar="ÅÅÅÅ", help="Året som planen gäller. Annars det här året.")] = "",
    enhet: Annotated[
        list[str],
        typer.Option("--enhet", "--namnd", metavar="ENHET", help="Skriver underlaget för enheten; kan anges flera gånger. Id eller namn."),
    ] = [],  # noqa: B006  typer läser förvalet
    tillfalle: Annotated[
        int, typer.Option("--tillfalle", metavar="NR", show_default=False, help="Skriver underlagen för alla som kallas till tillfället.")
    ] = 0,
    pdf: Pdfflagga = False,
    katalog: Katalogflagga = "",
    ersatt: Ersattflagga = False,
    som_json: Jsonflagga = False,
) -> None:
    aret, rot = tolka_ar(ar), hitta_katalog(katalog)
    if enhet or tillfalle:
        from kommunrapport.uppsikt.underlag import skriv_underlag

        program, utan_pdf = pdfprogram(pdf=pdf, tyst=som_json)
        u = skriv_underlag(rot, aret, enhet, tillfalle, ersatt=ersatt, pdf_med=program)
        skrivna, varningar = [fil.as_posix() for fil in u.filer], [*utan_pdf, *inaktuella(u.filer), *u.varningar]
        if som_json:
            svar = {"skrivet": skrivna, "period": str(u.period), "varningar": varningar, "slutkod": int(u.slutkod)}
            typer.echo(json.dumps(svar, ensure_ascii=False, indent=1))
        else:
            typer.echo("\n".join([f"Underlagen bygger på {u.period.namn}.", "Skrivet:", *(f"  {fil}" for fil in skrivna)]))
            for varning in varningar:
                typer.echo(varning, err=True)
        raise typer.Exit(int(u.slutkod))
    from kommunrapport.uppsikt.oversikt import las_uppsikt

    uppsikt = las_uppsikt(rot, aret)
    typer.echo(json.dumps(uppsikt.som_data(), ensure_ascii=False, indent=1) if som_json else "\n".join(_rader(uppsikt)))
    raise typer.Exit(int(uppsikt.slutkod))


def _rader(u: "Arsuppsikt") -> Iterator[str]:
    from kommunrapport.karna.period import datum_i_ord

    yield f"Uppsikten {u.plan.ar}, {u.arbete.organisation.kommun.namn}"
    for nummer, kallade in u.plan.tillfallen.items():
        dag = kallade[0].dag
        yield from ("", f"Tillfälle {nummer}{f', {datum_i_ord(dag)}' if dag else ''}")
        for k in kallade:
            oppna = u.oppna(k.enhet.id)
            yield f"  {k.enhet.namn}{f' ({oppna} {_iakttagelser(oppna)})' if oppna else ''}"
        yield f"  kommunrapport uppsikt --ar {u.plan.ar} --tillfalle {nummer}"
    if u.plan.undantagna:
        yield from ("", "Kallas inte", *(f"  {k.enhet.namn}: {k.anledning}" for k in u.plan.undantagna))
    yield ""
    if u.brister:
        yield from ("Fel i uppsiktens filer", *(f"  {rad}" for rad in u.brister))
    if u.plan.saknas:
        yield from ("Saknas i planen", *(f"  {rad}" for rad in u.plan.saknas))
    if not u.plan.saknas and not u.plan.brister:
        yield "Alla nämnder, bolag och förbund är med."


def _iakttagelser(antal: int) -> str:
    return "öppen iakttagelse" if antal == 1 else "öppna iakttagelser"
