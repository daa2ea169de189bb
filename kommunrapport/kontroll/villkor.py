"""Villkor för när något måste fyllas i: varje villkor ser en rad på ett blad och säger vad det såg och vad gränsen är.

En cell som en tidigare regel har underkänt ger inga krav.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import Enhet
from kommunrapport.karna.fordyring import Fordyringsgrans
from kommunrapport.karna.frist import ar_forfallen
from kommunrapport.karna.malvarde import tal_i
from kommunrapport.karna.sprak import formatera, nyckel
from kommunrapport.kontroll.prov import Bladprov, Prov
from kommunrapport.mall import uttryck
from kommunrapport.mall.bladrader import Bladrad, ar_obligatorisk
from kommunrapport.mall.modell import Regel


class Iakttagelse(NamedTuple):
    """Det som gör att uppgiften krävs, så som det visas: det lämnade, gränsen och skillnaden."""

    lamnat: str
    vantat: str
    skillnad: str = ""
    period: str = ""


Villkor: TypeAlias = Callable[[Prov, Regel, Bladprov, Bladrad], Iakttagelse | None]


def over_gransen(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Avvikelsen når kommunens gräns i belopp eller i procent av ``av``.

    ``avvikelse`` är kolumner eller uttryck, åtskilda med semikolon; det första som bladet har kolumner till gäller.
    """
    termer = [(t.tecken, blad.godkant(rad.id, t.namn)) for t in _avvikelsen(blad, regel.med["avvikelse"])]
    if not termer or any(v is None for _, v in termer):
        return None
    avvikelse, av = sum(t * v for t, v in termer if v is not None), blad.godkant(rad.id, regel.med["av"]) or 0
    belopp, andel = prov.grans("avvikelse_tkr"), prov.grans("avvikelse_procent")
    over = abs(avvikelse) >= belopp * Enhet.TKR.value or (bool(av) and abs(avvikelse) * 100 >= andel * abs(av))
    if not avvikelse or not over:
        return None
    return Iakttagelse(prov.visa(avvikelse), f"{formatera(belopp, 0)} tkr eller {andel} procent av budgeten")


def _avvikelsen(blad: Bladprov, mojliga: str) -> tuple[uttryck.Term, ...]:
    """Termerna i den första avvikelsen som går att räkna på bladet; inga när ingen gör det."""
    for text in (m.strip() for m in mojliga.split(";")):
        kolumn = blad.kolumn(text)
        termer = uttryck.parse(kolumn.uttryck if kolumn and kolumn.uttryck else text)
        if all(blad.kolumn(t.namn) for t in termer):
            return termer
    return ()


def lagre_an_hittills(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Prognosen för hela året är till storleken mindre än utfallet hittills, med samma tecken."""
    helar, hittills = blad.godkant(rad.id, regel.med["helar"]), blad.godkant(rad.id, regel.med["hittills"])
    if helar is None or hittills is None or helar * hittills < 0 or abs(helar) >= abs(hittills):
        return None
    return Iakttagelse(blad.visa(helar, rad.id, regel.med["helar"]), blad.visa(hittills, rad.id, regel.med["hittills"]))


def andrad_prognos(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Prognosen har ändrats minst kommunens gräns sedan den förra inlämnade prognosen."""
    kolumn = regel.med["kolumn"]
    forra, nu = prov.tidigare_belopp("fg_prognos").get((blad.enhet.id, blad.blad.id, rad.id, kolumn)), blad.godkant(rad.id, kolumn)
    if forra is None or nu is None or nu == forra or abs(nu - forra) < prov.grans("prognosandring_tkr") * Enhet.TKR.value:
        return None
    star, stod, andring = (blad.visa(v, rad.id, kolumn) for v in (nu, forra, nu - forra))
    return Iakttagelse(star, stod, andring, prov.tidigare["fg_prognos"][0].namn)


def fordyrat_projekt(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Projektet väntas bli dyrare än beslutat med mer än en andel, och med minst ett antal prisbasbelopp."""
    prognos, beslutad = blad.godkant(rad.id, regel.med["prognos"]), blad.godkant(rad.id, regel.med["beslutad"])
    if prognos is None or not beslutad or prov.prisbasbelopp is None:
        return None
    grans = Fordyringsgrans(prov.grans("investering_procent"), prov.grans("investering_prisbasbelopp"), prov.prisbasbelopp)
    over = grans.over(prognos, beslutad)
    if over is None:
        return None
    i_ord = f"{grans.andel} procent och {grans.antal} prisbasbelopp ({prov.visa(grans.belopp)})"
    return Iakttagelse(prov.visa(over), i_ord, f"{formatera((over * 10_000 + abs(beslutad) // 2) // abs(beslutad), 2)} procent")


def over_andel(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Avvikelsen, räknad ur den första av kolumnerna som bladet har, når gränsen i procent av ``av``."""
    kolumn = next((k for namn in regel.med["avvikelse"].split() if (k := blad.kolumn(namn))), None)
    termer = [(t.tecken, blad.godkant(rad.id, t.namn)) for t in uttryck.parse(kolumn.uttryck)] if kolumn else []
    av, andel = blad.godkant(rad.id, regel.med["av"]), prov.grans(regel.med["grans"])
    if not kolumn or not av or any(v is None for _, v in termer):
        return None
    avvikelse = sum(t * v for t, v in termer if v is not None)
    if not avvikelse or abs(avvikelse) * 100 < andel * abs(av):
        return None
    return Iakttagelse(f"{blad.visa(avvikelse, rad.id, kolumn.id)}{_matt(rad)}", f"{andel} procent av planen")


def _matt(rad: Bladrad) -> str:
    """Radens mått efter ett tal; en skillnad mellan procent är procentenheter."""
    matt = rad.attribut.get("matt", "")
    return {"antal": "", "": "", "procent": " procentenheter"}.get(matt, f" {matt}")


def svarat(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Svaret i kolumnen ``om`` är ``svar``."""
    cell = blad.celler.get((rad.id, regel.med["om"]))
    return Iakttagelse(cell.text, "") if cell and cell.text == regel.med["svar"] else None


def har_tidplan(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Styrfilen har en dag i attributet, och svaret i kolumnen ``om`` är inte ``svar``."""
    dag = rad.attribut.get(regel.med["attribut"], "")
    return Iakttagelse(dag, "") if dag and not svarat(prov, regel, blad, rad) else None


def senare_an_beslut(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Dagen i kolumnen ``datum`` är senare än den i styrfilens attribut."""
    cell, beslutad = blad.celler.get((rad.id, regel.med["datum"])), rad.attribut.get(regel.med["attribut"], "")
    senare = cell is not None and cell.tillstand == fakta.VARDE and bool(beslutad) and cell.text > beslutad
    return Iakttagelse(cell.text, beslutad) if cell and senare else None


def ifyllt(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Någon av kolumnerna i ``om`` är ifylld på raden."""
    celler = [blad.celler[rad.id, k] for k in regel.med["om"].split() if (rad.id, k) in blad.celler]
    svar = next((c for c in celler if not c.tom), None)
    return Iakttagelse(svar.text or "ett belopp", "") if svar else None


def kvar(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Kolumnens belopp är negativt: något återstår."""
    belopp = blad.raknat(rad.id, regel.med["kolumn"])
    return Iakttagelse(blad.visa(belopp, rad.id, regel.med["kolumn"]), "") if belopp is not None and belopp < 0 else None


def attribut(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Styrradens ``attribut`` är ``varde``."""
    return (
        Iakttagelse(rad.attribut.get(regel.med["attribut"], ""), "")
        if nyckel(rad.attribut.get(regel.med["attribut"], "")) == regel.med["varde"]
        else None
    )


def ett_tal(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Texten i kolumnen ``om`` är ett tal."""
    cell = blad.celler.get((rad.id, regel.med["om"]))
    return Iakttagelse(cell.text, "") if cell and tal_i(cell.text) is not None else None


def svarat_med_belopp(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Cellen i ``om`` har svaret, och beloppet i ``mot`` är inte noll."""
    om, mot = blad.celler.get((rad.id, regel.med["om"])), blad.godkant(rad.id, regel.med["mot"])
    return Iakttagelse(om.text, blad.visa(mot, rad.id, regel.med["mot"])) if om and om.text == regel.med["svar"] and mot else None


def forfallen(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Radens ``dag`` i styrningen har passerat vid periodens slut, och cellen i ``om`` har inget av svaren i ``utom``.

    Är ``om`` tom fast mallen kräver den sägs det av regeln om obligatoriska celler.
    """
    dag, om = rad.attribut.get(regel.med["dag"], ""), blad.celler.get((rad.id, regel.med["om"]))
    kolumn = blad.kolumn(regel.med["om"])
    if om is None or (om.tom and kolumn and ar_obligatorisk(kolumn, rad)):
        return None
    if om.underkand or not ar_forfallen(dag, om.text, regel.med["utom"].split(), prov.mall.period.slut):
        return None
    return Iakttagelse(om.text or "ingen status", dag)


def har_varde(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Kolumnen har ett av värdena i ``varden``, åtskilda med semikolon."""
    cell = blad.celler.get((rad.id, regel.med["kolumn"]))
    return Iakttagelse(cell.text, "") if cell and cell.text in regel.med["varden"].split(";") else None


def passerad(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:
    """Dagen i styrningens ``attribut`` är före periodens slut, och kolumnen har inte något av värdena i ``varden``."""
    dag = rad.attribut.get(regel.med["attribut"], "")
    cell = blad.celler.get((rad.id, regel.med.get("kolumn", "")))
    if not dag or date.fromisoformat(dag) >= prov.mall.period.slut or (cell and cell.text in regel.med["varden"].split(";")):
        return None
    return Iakttagelse(dag, prov.mall.period.slut.isoformat())


def pa_raden(prov: Prov, regel: Regel, blad: Bladprov, rad: Bladrad) -> Iakttagelse | None:  # noqa: ARG001
    """Raden är den som ``rad`` nämner."""
    return Iakttagelse("", "") if rad.id == regel.med["rad"] else None


VILLKOR: Mapping[str, Villkor] = {
    "over_gransen": over_gransen,
    "lagre_an_hittills": lagre_an_hittills,
    "andrad_prognos": andrad_prognos,
    "fordyrat_projekt": fordyrat_projekt,
    "over_andel": over_andel,
    "svarat": svarat,
    "har_tidplan": har_tidplan,
    "senare_an_beslut": senare_an_beslut,
    "ifyllt": ifyllt,
    "kvar": kvar,
    "attribut": attribut,
    "ett_tal": ett_tal,
    "svarat_med_belopp": svarat_med_belopp,
    "forfallen": forfallen,
    "har_varde": har_varde,
    "passerad": passerad,
    "pa_raden": pa_raden,
}
