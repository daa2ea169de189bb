"""Räknade planer och lästa listor blir visade tabeller."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna import fakta
from kommunrapport.karna.belopp import HUNDRADELAR, avrunda, enhet_av
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.plan import Adress, Kolumnplan, Radplan, Summa, Tabellplan, Textplats
from kommunrapport.karna.sprak import formatera, hall_ihop
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import SAKNAS, form_av, i_enheten, visa
from kommunrapport.mall import uttryck
from kommunrapport.mall.listmall import Lista, Listkolumn
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.rubriker import fyll_i
from kommunrapport.rapport.modell import Cell, Celldel, Kolumn, Rad, Tabell
from kommunrapport.rapport.sekretess import dolda_celler

DOLD = ".."
_UTAN, _SAKNAS = Cell(), Cell(SAKNAS)
"""Celler utan uppgift är många, och samma."""
_AVRUNDNING = "Summorna är räknade på exakta belopp. Avrundning gör att de kan avvika från summan av de visade talen."


def tabell_av(plan: Tabellplan, rakning: Rakning, organisation: Organisation, facit: "Listfakta", noter: Sequence[str] = ()) -> Tabell:
    """Planens tabell så som den visas; textkolumnerna hämtas ur ``facit``, och en som är helt tom visas inte. ``noter`` läggs sist."""
    dolda = dolda_celler(plan, rakning, organisation.trosklar.sekretess_antal)
    rader = [rad for rad in plan.rader if not rad.dold and not (rad.dolj_tom and _tom(plan, rad, rakning))]
    texter = {lage: _text(plats, facit) for lage, plats in plan.texter.items()}
    med_text = {kolumn for (_, kolumn), cell in texter.items() if cell.text}
    plan = replace(plan, kolumner=tuple(k for k in plan.kolumner if k.slag != "text" or k.id in med_text))
    visade = tuple(_rad(plan, rad, rakning, dolda, texter) for rad in rader)
    alla_noter = [*plan.noter, *noter]
    if dolda:
        alla_noter.append(f"Uppgifter för grupper med högst {organisation.trosklar.sekretess_antal} anställda visas inte ({DOLD}).")
    if _avrundning_syns(plan, rader, rakning):
        alla_noter.append(_AVRUNDNING)
    kolumner = tuple(_kolumn(k, texter) for k in plan.visade_kolumner)
    har_belopp = any(k.slag == "belopp" for k in plan.visade_kolumner) and any(not r.slag and r.stil != "rubrik" for r in rader)
    return Tabell(plan.id, plan.titel, plan.enhet if har_belopp else "", plan.rubrik_forsta, kolumner, visade, tuple(alla_noter))


def _kolumn(k: Kolumnplan, texter: Mapping[tuple[str, str], Cell]) -> Kolumn:
    if k.slag != "text":
        return Kolumn(k.id, k.rubrik, ar_tal=True, decimaler=k.decimaler)
    return Kolumn(k.id, k.rubrik, ar_tal=False, vikt=_textvikt(cell.text for (_, kolumn), cell in texter.items() if kolumn == k.id))


def _textvikt(texter: Iterable[str]) -> int:
    return max(9, min(max(map(len, texter), default=0) // 2, 40))


def _rad(plan: Tabellplan, rad: Radplan, rakning: Rakning, dolda: frozenset[Adress], texter: Mapping[tuple[str, str], Cell]) -> Rad:
    if rad.stil == "rubrik":
        return Rad(rad.id, rad.stil, rad.namn, tuple(_UTAN for _ in plan.visade_kolumner))
    return Rad(rad.id, rad.stil, rad.namn, tuple(texter.get((rad.id, k.id)) or _cell(plan, rad, k, rakning, dolda) for k in plan.visade_kolumner))


def _text(plats: Textplats, facit: "Listfakta") -> Cell:
    """En textkolumns uppgift om en rad; tom när raden inte har något sådant fält."""
    sort, _, namn = plats.falt.partition(":")
    if sort == "attribut":
        return _attribut(facit.styrrad(plats.enhet, plats.blad, plats.rad), namn)
    cell = facit.cell(plats.enhet, plats.blad, plats.rad, namn)
    return _lasttext(cell) if cell is not None else _UTAN


def _attribut(styrrad: Styrrad | None, namn: str, inom: str = "") -> Cell:
    """Styrfilens uppgift om raden, med platsen i filen när det står något där."""
    text = styrrad.attribut.get(namn, "") if styrrad else ""
    kalla = styrrad.kalla._replace(cell=f"{styrrad.kalla.cell}, {namn}") if styrrad and text else None
    visas = _med_tillagg(text, styrrad, inom)
    return Cell(visas, kalla=kalla, lagrat=text if visas != hall_ihop(text) else "")


def _med_tillagg(text: str, styrrad: Styrrad | None, inom: str) -> str:
    """Texten, med ett annat av radens attribut inom parentes när båda finns."""
    tillagg = styrrad.attribut.get(inom, "") if styrrad and text else ""
    return hall_ihop(f"{text} ({tillagg})" if tillagg else text)


def _lasttext(cell: Any) -> Cell:
    """Bladets text så som den lästes; ett streck när cellen är tom."""
    if cell.tillstand == fakta.TOMT:
        return _SAKNAS
    return Cell(hall_ihop(cell.text) or SAKNAS, kalla=Kalla(cell.fil, cell.blad, cell.cell))


def _cell(plan: Tabellplan, rad: Radplan, kolumn: Kolumnplan, rakning: Rakning, dolda: frozenset[Adress]) -> Cell:
    if (rad.id, kolumn.id) not in plan.steg:
        return _UTAN
    adress = Adress(plan.id, rad.id, kolumn.id)
    if adress in dolda:
        return Cell(DOLD)
    varde = rakning.varde(adress)
    if kolumn.ord:
        return Cell(visa(varde, kolumn), adress=adress)
    return Cell(visa(varde, kolumn, rad), None if varde is None else i_enheten(varde, kolumn, rad), adress)


def _tom(plan: Tabellplan, rad: Radplan, rakning: Rakning) -> bool:
    return not any(rakning.varde(Adress(plan.id, rad.id, k.id)) for k in plan.visade_kolumner if (rad.id, k.id) in plan.steg)


def _avrundning_syns(plan: Tabellplan, rader: Sequence[Radplan], rakning: Rakning) -> bool:
    synliga = {rad.id for rad in rader}
    for (rad, kolumn_id), steg in plan.steg.items():
        if not isinstance(steg, Summa) or rad not in synliga:
            continue
        kolumn = plan.kolumn(kolumn_id)
        if kolumn.dold or kolumn.slag != "belopp" or any(a.tabell != plan.id or a.rad not in synliga for _, a in steg.termer):
            continue
        varden = [(tecken, rakning.varde(a)) for tecken, a in steg.termer]
        delar = sum(tecken * avrunda(v, kolumn.per, kolumn.decimaler) for tecken, v in varden if v is not None)
        summa = rakning.varde(Adress(plan.id, rad, kolumn_id))
        if summa is not None and avrunda(summa, kolumn.per, kolumn.decimaler) != delar:
            return True
    return False


# --- Listor ---------------------------------------------------------------------------------------


class Listfaktum(NamedTuple):
    """Det av ett faktum som visas i en lista; ``varde`` är NA när cellen inte har något tal."""

    kolumn: str
    varde: Any
    text: str
    tillstand: str
    fil: str
    blad: str
    cell: str
    radnamn: str
    lagrat: str


class Listfakta:
    """Uppslag av ett blads lästa celler och styrraderna som hör till."""

    def __init__(self, ram: pd.DataFrame, styrrader: Sequence[Styrrad]) -> None:
        self.raknade: dict[tuple[str, str, str, str], Cell] = {}
        """Celler på (enhet, blad, rad, kolumn) som visas där inget är lämnat."""
        self._ram = ram[~ram["harledd"]]
        self._per_blad: dict[str, dict[str, dict[tuple[str, str], Listfaktum]]] = {}
        self._styrrader: dict[tuple[str, str], dict[str, Styrrad]] = {}
        for s in styrrader:
            self._styrrader.setdefault((s.enhet, s.tabell), {})[s.rad] = s

    def _bladets(self, blad: str) -> Mapping[str, Mapping[tuple[str, str], Listfaktum]]:
        """Enhet → (rad, kolumn) → cell. Görs när någon frågar efter bladet: de flesta blad har bara belopp som räknas."""
        if blad not in self._per_blad:
            egna = self._per_blad[blad] = {}
            for enhet, rad, *resten in fakta.rader_ur(self._ram[self._ram["tabell"] == blad], "enhet", "rad", *Listfaktum._fields):
                cell = Listfaktum._make(resten)
                egna.setdefault(enhet, {})[rad, cell.kolumn] = cell
        return self._per_blad[blad]

    def _celler(self, enhet: str, blad: str) -> Mapping[tuple[str, str], Listfaktum]:
        return self._bladets(blad).get(enhet, {})

    def rader(self, enhet: str, blad: str) -> list[str]:
        styrda = list(self._styrrader.get((enhet, blad), {}))
        lasta = sorted({rad for rad, _ in self._celler(enhet, blad)})
        return styrda or lasta

    def cell(self, enhet: str, blad: str, rad: str, kolumn: str) -> Any:
        return self._celler(enhet, blad).get((rad, kolumn))

    def har_varde(self, enhet: str, blad: str, rad: str, kolumn: str, varden: Sequence[str] = ()) -> bool:
        """Om raden har ett värde i kolumnen, eller ett av ``varden``; flera kolumner skiljs åt med mellanslag och ``*`` är någon kolumn."""
        sokta = kolumn.split()
        celler = [c for (r, k), c in self._celler(enhet, blad).items() if r == rad and (k in sokta or kolumn == "*")]
        return any(c.tillstand == fakta.VARDE and (not varden or c.text in varden) for c in celler)

    def styrrad(self, enhet: str, blad: str, rad: str) -> Styrrad | None:
        return self._styrrader.get((enhet, blad), {}).get(rad)

    def texter(self, blad: str) -> Iterator[tuple[str, str, str, str, Kalla]]:
        """Enhet, rad, radens namn, text och källa för varje text på bladet."""
        for enhet, celler in self._bladets(blad).items():
            for (rad, _), c in celler.items():
                if c.text and c.tillstand == fakta.VARDE:
                    yield enhet, rad, c.radnamn, c.text, Kalla(c.fil, c.blad, c.cell)

    def har(self, enhet: str, blad: str) -> bool:
        return enhet in self._bladets(blad)


def lista_av(lista: Lista, facit: Listfakta, organisation: Organisation, ord_: Mapping[str, str], enhet: str = "") -> Tabell | None:
    """Listan så som den visas, eller None när den inte har några rader."""
    enheter = [e for e in organisation.enhet if (not enhet or e.id == enhet) and (not lista.enheter or e.slag in lista.enheter)]
    grupper = [(e.id, e.namn, list(_listrader(lista, facit, e.id, organisation))) for e in enheter]
    grupper = [g for g in grupper if g[2]]
    if not grupper:
        return None
    rader: list[Rad] = []
    for enhet_id, namn, egna in grupper:
        if lista.gruppera_pa == "enhet":
            rader.append(Rad(f"r-{enhet_id}", "rubrik", namn, tuple(_UTAN for _ in lista.kolumn[1:])))
        rader += egna
    if lista.summa:
        rader.append(_listsumma(lista, [r for _, _, egna in grupper for r in egna], organisation))
    visade = [nr for nr, k in enumerate(lista.kolumn[1:]) if not (k.dolj_tom and all(r.celler[nr].text in ("", SAKNAS) for r in rader))]
    kolumner = tuple(_listkolumn(lista.kolumn[1 + nr], rader, nr, organisation, ord_) for nr in visade)
    rader = [replace(r, celler=tuple(r.celler[nr] for nr in visade)) for r in rader]
    titel = fyll_i(lista.titel, {**ord_, "enhet": grupper[0][1]}, "mallar/rapport")
    belopp = any(k.slag == "belopp" for k in lista.kolumn)
    return Tabell(
        f"{lista.id}-{enhet}" if enhet else lista.id,
        titel,
        organisation.enheter.rapport if belopp else "",
        lista.kolumn[0].rubrik,
        kolumner,
        tuple(rader),
    )


def _listkolumn(k: Listkolumn, rader: Sequence[Rad], nr: int, organisation: Organisation, ord_: Mapping[str, str]) -> Kolumn:
    ar_tal = k.slag != "text"
    rubrik = fyll_i(k.rubrik, ord_, "mallar/rapport")
    vikt = 8 if ar_tal else _textvikt(r.celler[nr].text for r in rader)
    return Kolumn(k.id, rubrik, ar_tal, _listform(k, organisation)[1], vikt=vikt)


def _listrader(lista: Lista, facit: Listfakta, enhet: str, organisation: Organisation) -> Iterator[Rad]:
    if not facit.har(enhet, lista.blad):
        return
    for rad in lista.rader or facit.rader(enhet, lista.blad):
        styrrad = facit.styrrad(enhet, lista.blad, rad)
        art = styrrad.art if styrrad else ""
        if lista.arter and art not in lista.arter:
            continue
        if lista.kraver_kolumn and not facit.har_varde(enhet, lista.blad, rad, lista.kraver_kolumn, lista.varden):
            continue
        celler = [_listcell(lista, k, facit, enhet, rad, organisation) for k in lista.kolumn]
        stil = "mal" if lista.fet_art and art == lista.fet_art else "varav" if lista.fet_art and art not in lista.utan_indrag else "rad"
        yield Rad(f"{enhet}.{rad}", stil, celler[0].text or SAKNAS, tuple(celler[1:]))


def _listcell(lista: Lista, k: Listkolumn, facit: Listfakta, enhet: str, rad: str, organisation: Organisation) -> Cell:
    sort, _, namn = k.falt.partition(":")
    styrrad = facit.styrrad(enhet, lista.blad, rad)
    if k.arter and (styrrad is None or styrrad.art not in k.arter):
        return _UTAN
    namnen = {"enhet": organisation.enhet_med_id(enhet).kort_namn, "radnamn": styrrad.namn if styrrad else rad}
    if sort == "attribut":
        return _attribut(styrrad, namn, k.inom_parentes)
    if sort in namnen:
        return Cell(_med_tillagg(namnen[sort], styrrad, k.inom_parentes))
    adress = Adress(lista.id, f"{enhet}.{rad}", k.id)
    if sort == "uttryck":
        delar = [(t.tecken, facit.cell(enhet, lista.blad, rad, t.namn)) for t in uttryck.parse(namn)]
        belopp = [tecken * int(c.varde) for tecken, c in delar if c is not None and not pd.isna(c.varde)]
        lasta = tuple(Celldel(c.kolumn, c.lagrat, Kalla(c.fil, c.blad, c.cell)) for _, c in delar if c is not None and not pd.isna(c.varde))
        return replace(_talcell(sum(belopp), k, organisation, adress), steg=namn, delar=lasta) if belopp else _SAKNAS
    cell = facit.cell(enhet, lista.blad, rad, namn)
    if cell is None or cell.tillstand == fakta.TOMT:
        return facit.raknade.get((enhet, lista.blad, rad, namn), Cell(k.tomt) if k.tomt else _SAKNAS)
    if k.slag == "text" or pd.isna(cell.varde):
        return _hopsatt(_lasttext(cell), facit.cell(enhet, lista.blad, rad, k.foljd_av), k)
    return replace(_talcell(int(cell.varde), k, organisation, adress), kalla=Kalla(cell.fil, cell.blad, cell.cell), lagrat=cell.lagrat)


def _hopsatt(cell: Cell, andra: Any, k: Listkolumn) -> Cell:
    """Cellen följd av en annan cell på raden, med bådas källor; bara cellen när den andra är tom."""
    if andra is None or andra.tillstand == fakta.TOMT or cell.kalla is None:
        return cell
    foljd = _lasttext(andra)
    delar = tuple(Celldel(k.rubrik, c.lagrat or c.text, c.kalla) for c in (cell, foljd) if c.kalla)
    return Cell(f"{cell.text},\n{foljd.text}", delar=delar, steg="två celler på raden")


def _talcell(varde: int, k: Listkolumn, organisation: Organisation, adress: Adress | None = None) -> Cell:
    """Talet i kolumnens form."""
    per, decimaler = _listform(k, organisation)
    return Cell(formatera(avrunda(varde, per, decimaler), decimaler), Decimal(varde) / per, adress)


def _listform(k: Listkolumn, organisation: Organisation) -> tuple[int, int]:
    """Delar per enhet och decimaler: belopp i rapportens enhet, andra lästa tal efter sitt slag."""
    if k.slag == "belopp":
        return enhet_av(organisation.enheter.rapport).value, organisation.enheter.rapport_decimaler
    return HUNDRADELAR, form_av(k.slag)[1]


def _listsumma(lista: Lista, rader: Sequence[Rad], organisation: Organisation) -> Rad:
    celler = []
    for nr, k in enumerate(lista.kolumn[1:]):
        per, _ = _listform(k, organisation)
        summa = sum(int((r.celler[nr].tal or 0) * per) for r in rader)
        celler.append(_talcell(summa, k, organisation) if k.id in lista.summa else Cell())
    return Rad("summa", "slutrad", "Summa", tuple(celler))
