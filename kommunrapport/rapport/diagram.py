"""Rapportens diagram, så som mallen deklarerar dem: rader och kolumner ur räknade tabeller, med alternativtext av siffrorna."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatch
from typing import TypeAlias

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna.plan import Adress, Kolumnplan, Radplan, Tabellplan
from kommunrapport.karna.visning import i_enheten, visa
from kommunrapport.mall.diagrammall import Diagrammall
from kommunrapport.mall.organisation import Organisation
from kommunrapport.rapport.meningar import skriv_alttext, uppraknat
from kommunrapport.rapport.modell import Diagram

BRYGGANS_SERIE = "Belopp"
Serie: TypeAlias = tuple[str, Sequence[tuple[Radplan, Kolumnplan]]]
"""En series namn och dess celler, som rad och kolumn i tabellen."""


@dataclass(frozen=True)
class Diagramritning:
    """Ritar mallens diagram ur räkningen; ``enhet`` är nämnden när diagrammet är en nämnds eget."""

    rakning: Rakning
    organisation: Organisation
    enhet: str = ""

    def rita(self, mall: Diagrammall) -> Diagram | None:
        """Diagrammet, eller None när tabellen inte finns eller inget har ett värde."""
        plan = self.rakning.planer.get(f"{mall.tabell}-{self.enhet}" if self.enhet else mall.tabell)
        if plan is None:
            return None
        d = self._brygga(mall, plan) if mall.slag == "brygga" else self._av_tabellen(mall, plan)
        har_nagot = d is not None and any(v for _, varden in d.serier for v in varden)
        return d if d and har_nagot and len(d.kategorier) >= mall.minst_kategorier else None

    def _av_tabellen(self, mall: Diagrammall, plan: Tabellplan) -> Diagram | None:
        rader = [r for r in plan.rader if self._ritas(r, mall)]
        kolumner = list(_ritade(mall, plan, rader))
        if not kolumner:
            return None
        if mall.sortera:
            rader.sort(key=lambda r: self._varde(plan, r, kolumner[0]) or 0)
        rader = [r for r in rader if any(self._varde(plan, r, k) is not None for k in kolumner)]
        if not rader:
            return None
        enhet = "procent" if kolumner[0].slag == "procent" or rader[0].slag in ("procent", "andel") else plan.enhet
        if len(rader) == 1 or mall.slag == "linje":
            return self._diagram(mall, enhet, plan, [(r.namn, [(r, k) for k in kolumner]) for r in rader], [k.rubrik for k in kolumner])
        return self._diagram(mall, enhet, plan, [(k.rubrik, [(r, k) for r in rader]) for k in kolumner], [self._kort(r) for r in rader])

    def _ritas(self, rad: Radplan, mall: Diagrammall) -> bool:
        if mall.rader:
            return rad.id in mall.rader
        return rad.stil in mall.radstil and (bool(self.enhet) or rad.enhet == rad.id)

    def _kort(self, rad: Radplan) -> str:
        return self.organisation.enhet_med_id(rad.enhet).kort_namn if rad.enhet and not self.enhet else rad.namn

    def _varde(self, plan: Tabellplan, rad: Radplan, kolumn: Kolumnplan) -> int | None:
        return self.rakning.varde(Adress(plan.id, rad.id, kolumn.id))

    def _diagram(self, mall: Diagrammall, enhet: str, plan: Tabellplan, serier: Sequence[Serie], kategorier: Sequence[str]) -> Diagram:
        tal, texter = [], []
        for namn, celler in serier:
            varden = [(self._varde(plan, r, k), k, r) for r, k in celler]
            tal.append((namn, tuple(None if v is None else i_enheten(v, k, r) for v, k, r in varden)))
            texter.append((namn, [visa(v, k, r) for v, k, r in varden]))
        decimaler = max((_decimaler(text) for _, rad in texter for text in rad), default=0)
        return self._fardigt(mall, enhet, decimaler, kategorier, tal, texter)

    def _brygga(self, mall: Diagrammall, plan: Tabellplan) -> Diagram | None:
        """Från det första talet till det sista. None när något av dem, eller ett steg, saknas."""
        rad = plan.rad(mall.rader[0])
        fran, till = (plan.kolumn(k) for k in mall.kolumner)
        adresser = [Adress(plan.id, rad.id, fran.id), *(Adress.ur(s.adress) for s in mall.steg), Adress(plan.id, rad.id, till.id)]
        varden = [self.rakning.varde(a) if self.rakning.har(a) else None for a in adresser]
        givna = [v for v in varden if v is not None]
        if len(givna) < len(varden):
            return None
        ovrigt = givna[-1] - sum(givna[:-1])
        namn = [fran.rubrik, *(s.namn for s in mall.steg), *([mall.ovrigt] if ovrigt else []), till.rubrik]
        alla = [*givna[:-1], *([ovrigt] if ovrigt else []), givna[-1]]
        texter = [visa(v, fran) if nr in (0, len(alla) - 1) else _med_tecken(visa(v, fran)) for nr, v in enumerate(alla)]
        tal = tuple(i_enheten(v, fran) for v in alla)
        kategorier = [f"{n}\n{text}" for n, text in zip(namn, texter, strict=True)]
        return self._fardigt(mall, plan.enhet, fran.decimaler, kategorier, [(BRYGGANS_SERIE, tal)], [(BRYGGANS_SERIE, texter)], namn)

    def _fardigt(
        self,
        mall: Diagrammall,
        enhet: str,
        decimaler: int,
        kategorier: Sequence[str],
        tal: Sequence[tuple[str, tuple[Decimal | None, ...]]],
        texter: Sequence[tuple[str, Sequence[str]]],
        ord_: Sequence[str] = (),
    ) -> Diagram:
        namn = self.organisation.enhet_med_id(self.enhet).namn if self.enhet else ""
        uppgifter = {"uppraknat": uppraknat(ord_ or kategorier, texter, enhet), "enhet": namn, **_ytterligheter(kategorier, tal[0][1], texter[0][1])}
        alttext = skriv_alttext(mall.id, mall.alttext, uppgifter)
        return Diagram(mall.id, mall.slag, mall.titel.replace("{enhet}", namn), enhet, decimaler, tuple(kategorier), tuple(tal), alttext)


def _ritade(mall: Diagrammall, plan: Tabellplan, rader: Sequence[Radplan]) -> Iterator[Kolumnplan]:
    """Diagrammets kolumner i mallens ordning: ``*`` är alla synliga och ``namn_*`` alla med början på namnet."""
    valda: dict[str, Kolumnplan] = {}
    for monster in mall.kolumner:
        traffar = plan.visade_kolumner if monster == "*" else [k for k in plan.kolumner if fnmatch(k.id, monster)]
        valda |= {k.id: k for k in traffar if k.id not in mall.utom and all((r.id, k.id) in plan.steg for r in rader)}
    yield from reversed(valda.values()) if mall.bakifran else valda.values()


def _decimaler(text: str) -> int:
    return len(text.partition(",")[2])


def _med_tecken(text: str) -> str:
    return text if text.startswith("−") or not text.strip("0,") else f"+{text}"


def _ytterligheter(kategorier: Sequence[str], varden: Sequence[Decimal | None], texter: Sequence[str]) -> dict[str, str]:
    """Den första seriens minsta negativa och största positiva värde, med namn; tomt när det inte finns något."""
    par = [(v, namn, text) for v, namn, text in zip(varden, kategorier, texter, strict=True) if v is not None]
    lagst, hogst = min(par, default=(0, "", "")), max(par, default=(0, "", ""))
    minst, storst = (lagst if lagst[0] < 0 else (0, "", "")), (hogst if hogst[0] > 0 else (0, "", ""))
    return {"minst": minst[1], "minst_tal": minst[2], "storst": storst[1], "storst_tal": storst[2]}
