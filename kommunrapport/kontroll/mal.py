"""Regelslag om mål: bedömningen mot indikatorerna, trenden mot talen och uppdelningen på kön mot det sammanlagda.

Bara det som går att läsa som tal prövas. Ord, ”e.t.” och målvärden utan riktning ger inga anmärkningar.
"""

from collections.abc import Iterator
from decimal import Decimal

from kommunrapport.karna import malvarde
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.kontroll.prov import Bladprov, Cell, Prov
from kommunrapport.mall.bladrader import Bladrad
from kommunrapport.mall.modell import Regel
from kommunrapport.mall.skalor import TREND


def bedomning_mot_indikatorer(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Målet har skalans sämsta steg fast alla indikatorer når sitt målvärde (``om`` är natt), eller det bästa fast ingen gör det (``missat``).

    Med ``utan_framsteg`` ska heller ingen ha ett bättre utfall än i förra bokslutet eller, när det saknas, än utgångsvärdet.
    En indikator utan tal gör att målet inte prövas; en vars målår är senare än perioden räknas inte.
    """
    vantas = regel.med["om"] == "natt"
    for blad in prov.pa_bladet(*regel.blad):
        kolumn = blad.kolumn("bedomning")
        skala = prov.mall.skalor.skala.get(kolumn.val) if kolumn else None
        for rad in (r for r in blad.inmatningsrader() if r.art == "mal" and skala):
            cell = blad.celler.get((rad.id, "bedomning"))
            if cell is None or skala is None or skala.varde(cell.text) != (skala.lagst if vantas else skala.hogst):
                continue
            provade = _indikatorernas_utfall(prov, blad, rad)
            framsteg = regel.med["om"] == "utan_framsteg" and any(battre for _, _, battre in provade)
            if provade and all(natt is vantas for _, natt, _ in provade) and not framsteg:
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, rakna_upp([text for text, _, _ in provade]))


def _indikatorernas_utfall(prov: Prov, blad: Bladprov, mal: Bladrad) -> list[tuple[str, bool | None, bool]]:
    """Utfall och målvärde i ord för målets indikatorer, om målvärdet nås (None när det inte går att pröva) och om utfallet är bättre än förut."""
    provade = []
    for rad in blad.inmatningsrader():
        over = (rad.attribut.get("overart"), rad.attribut.get("overordnat"))
        if rad.art != "indikator" or over != ("mal", mal.id) or _senare(rad, prov):
            continue
        cell, grans = blad.celler.get((rad.id, "utfall")), malvarde.mal_i(rad.attribut)
        text = f"{rad.namn}: {cell.text if cell else ''} mot {rad.attribut.get('malvarde', '')}"
        natt = malvarde.nar(rad.attribut, cell.text if cell else "", prov.mall.period)
        framsteg = malvarde.vaxer(rad.attribut, prov.mall.period) or (
            grans is not None and cell is not None and _battre(blad, rad, cell, grans.riktning)
        )
        provade.append((text, natt, framsteg))
    return provade


def _battre(blad: Bladprov, rad: Bladrad, cell: Cell, bra: str) -> bool:
    """Om utfallet är bättre än i förra bokslutet eller, när det saknas, än utgångsvärdet; sant också när det inte går att veta."""
    fg = blad.celler.get((rad.id, "utfall_fg"))
    forut = fg.text if fg and malvarde.tal_i(fg.text) is not None else rad.attribut.get("utgangsvarde", "")
    return malvarde.forandring(cell.text, forut, bra) not in (0, -1)


def _senare(rad: Bladrad, prov: Prov) -> bool:
    return int(rad.attribut.get("malar") or 0) > prov.mall.period.ar


def trend(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Den valda trenden är motsatsen till vad de två utfallen visar, eller en förändring fast de är lika."""
    skala = prov.mall.skalor.skala[TREND]
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            cell, nu, da = (blad.celler.get((rad.id, k)) for k in ("trend", "utfall", "utfall_fg"))
            vald = skala.varde(cell.text) if cell else None
            if cell is None or vald is None or nu is None or da is None:
                continue
            a = rad.attribut
            bra = malvarde.riktning(a.get("malvarde", ""), a.get("riktning", ""), a.get("utgangsvarde", ""))
            visar = malvarde.forandring(nu.text, da.text, bra, vaxer=malvarde.vaxer(a, prov.mall.period))
            if visar is not None and (visar * vald < 0 or (visar == 0 and vald)):
                yield Anmarkning(regel.kod, blad.enhet.id, cell.plats, cell.text, skala.ordet(visar), fakta={"fran": da.text, "till": nu.text})


def kon(prov: Prov, regel: Regel) -> Iterator[Anmarkning]:
    """Det sammanlagda utfallet ligger varken mellan kvinnors och mäns eller är deras summa, med hänsyn till avrundning."""
    for blad in prov.pa_bladet(*regel.blad):
        for rad in blad.inmatningsrader():
            cell, *delar = (blad.celler.get((rad.id, k)) for k in ("utfall", "kvinnor", "man"))
            if cell is None or _tal(cell) is None:
                continue
            kvinnor, man = (_tal(d) for d in delar)
            if kvinnor is not None and man is not None and not _mojligt(cell, [d for d in delar if d], kvinnor, man):
                yield Anmarkning(
                    regel.kod, blad.enhet.id, cell.plats, cell.text, f"{delar[0].text if delar[0] else ''} och {delar[1].text if delar[1] else ''}"
                )


def _tal(cell: Cell | None) -> Decimal | None:
    return malvarde.tal_i(cell.text) if cell else None


def _mojligt(cell: Cell, delar: list[Cell], kvinnor: Decimal, man: Decimal) -> bool:
    """Om samtliga kan vara ett medel eller en summa av de två, när varje tal är avrundat till sina decimaler."""
    samtliga = _tal(cell) or Decimal(0)
    egen, *deras = (Decimal(5).scaleb(-malvarde.decimaler(c.text) - 1) for c in (cell, *delar))
    (minst, under), (hogst, over) = sorted(zip((kvinnor, man), deras, strict=True))
    i_spannet = minst - under - egen < samtliga < hogst + over + egen
    return i_spannet or abs(samtliga - kvinnor - man) < egen + sum(deras)
