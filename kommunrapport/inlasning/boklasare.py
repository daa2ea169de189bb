"""Läser en inlämningsbok: rader och kolumner hittas på sina dolda beteckningar, inte på adress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kommunrapport.inlasning.celler import Tolkning, som_text, svenskt_felvarde, tolka
from kommunrapport.inlasning.excel import Ark, celladress
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats
from kommunrapport.karna.belopp import HUNDRADELAR, Enhet
from kommunrapport.karna.fakta import Faktum
from kommunrapport.karna.sprak import nyckel
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.visning import exakt_i_ord
from kommunrapport.mall.bladrader import (
    MARKE,
    TALSLAG,
    Bladrad,
    ar_harledd,
    ar_obligatorisk,
    ar_radnamn,
    galler,
    har_rader,
    rader_pa,
    utan_stjarna,
    vardeslag,
)
from kommunrapport.mall.modell import Blad, Kolumn
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, rubrik

_SOK_RADER, _SOK_KOLUMNER = 40, 12
_I_FORMEL = {"KR301": "KR309", "KR303": "KR308"}
"""Koden för en uppgift som inte går att läsa → koden när cellen räknas ut av boken."""


@dataclass
class _Bladlage:
    """Var bladets beteckningar står i just den här filen."""

    ark: Ark
    kolumner: dict[str, int]
    rader: dict[str, int]
    dubbla: list[tuple[str, int]] = field(default_factory=list)
    utan_id: list[int] = field(default_factory=list)

    def radens_cell(self, nr: int) -> str:
        """Radens första synliga cell."""
        return celladress(nr, min(self.kolumner.values(), default=1))


class Boklasare:
    """Läser en bok blad för blad och samlar fakta och anmärkningar; ``styrrader`` är enhetens."""

    def __init__(
        self, fil: str, ark: Sequence[Ark], enhet: Enhetspost, mall: Periodmall, styrrader: Sequence[Styrrad], arbete: Arbetskatalog
    ) -> None:
        self._fil, self._ark, self._enhet, self._mall = fil, ark, enhet, mall
        self._styrrader = styrrader
        self._belopp = arbete.organisation.inmatning
        self._decimaler = arbete.organisation.enheter.inmatning_decimaler
        self.fakta: list[Faktum] = []
        self.anmarkningar: list[Anmarkning] = []

    def las(self) -> None:
        marken = _marken(self._ark)
        for blad in self._mall.blad_for(self._enhet):
            styrrader = [r for r in self._styrrader if r.tabell == blad.id]
            lagen = [_lage(ark, nr, kol) for ark, nr, kol in marken.get(blad.id, ())]
            if not har_rader(blad, styrrader):
                if any(lage.rader for lage in lagen):
                    self._anmark("KR209", Plats(self._fil, blad.namn))
                continue
            if not lagen:
                self._anmark("KR201", Plats(self._fil, blad.namn))
                continue
            if len(lagen) > 1:
                self._anmark("KR202", Plats(self._fil, ", ".join(lage.ark.namn for lage in lagen)), fakta={"last": lagen[0].ark.namn})
            self._las_blad(blad, lagen[0], rader_pa(blad, styrrader))
        self._kontrollera_forsattsblad()

    def _las_blad(self, blad: Blad, lage: _Bladlage, rader: Sequence[Bladrad]) -> None:
        kolumner = [k for k in blad.kolumn if k.roll != "etikett"]
        self._granska_struktur(lage, rader, kolumner)
        self._granska_kolumner(blad, lage)
        for rad in rader:
            if rad.id in lage.rader and not rad.rubrik:
                self._granska_etikett(blad, lage, rad)
                radens = len(self.fakta)
                for kolumn in kolumner:
                    if kolumn.id in lage.kolumner and galler(kolumn, rad) and not ar_radnamn(kolumn, rad, blad):
                        self._las_cell(blad, lage, kolumn, rad)
                if rad.fri and all(f.tillstand == fakta.TOMT or f.harledd for f in self.fakta[radens:]):
                    del self.fakta[radens:]

    def _granska_struktur(self, lage: _Bladlage, rader: Sequence[Bladrad], kolumner: Sequence[Kolumn]) -> None:
        namn = lage.ark.namn
        for kolumn in kolumner:
            if kolumn.id not in lage.kolumner:
                self._anmark("KR207", Plats(self._fil, namn, kolumn=rubrik(kolumn, self._mall.period)))
        for rad in rader:
            if rad.id not in lage.rader and not rad.fri and not rad.rubrik:
                frivillig = not rad.uttryck and not any(ar_obligatorisk(k, rad) or vardeslag(k, rad) == "belopp" for k in kolumner)
                self._anmark("KR203", Plats(self._fil, namn, rad=rad.namn), allvar=Allvar.UPPLYSNING if frivillig else None)
        for rad_id, nr in lage.dubbla:
            self._anmark("KR204", Plats(self._fil, namn, (lage.radens_cell(nr),), rad=rad_id))
        kanda = {r.id for r in rader}
        for rad_id, nr in lage.rader.items():
            if rad_id not in kanda:
                self._anmark("KR205", Plats(self._fil, namn, (lage.radens_cell(nr),), rad=rad_id))
        for nr in lage.utan_id:
            celler = [celladress(nr, lage.kolumner[k.id]) for k in kolumner if self._ar_uppgift(lage, nr, k)]
            if celler:
                self._anmark("KR206", Plats(self._fil, namn, tuple(celler)))

    def _granska_kolumner(self, blad: Blad, lage: _Bladlage) -> None:
        """Kolumner med en beteckning som inte hör till perioden, till exempel en prognos i ett bokslut."""
        kanda = {k.id for k in blad.kolumn}
        for beteckning, kol in lage.kolumner.items():
            ifyllda = [nr for nr in lage.rader.values() if beteckning not in kanda and som_text(_cell(lage.ark, nr, kol))]
            if ifyllda:
                rubriken = som_text(_cell(lage.ark, min(ifyllda[0], *lage.rader.values()) - 1, kol)) or beteckning
                self._anmark("KR210", Plats(self._fil, lage.ark.namn, (celladress(ifyllda[0], kol),), kolumn=rubriken), rubriken)

    def _ar_uppgift(self, lage: _Bladlage, nr: int, kolumn: Kolumn) -> bool:
        """Om cellen på en rad utan beteckning ser ut som en uppgift: ett tal, eller en text mellan mallens rader."""
        if kolumn.id not in lage.kolumner or kolumn.roll == "formel":
            return False
        ra = _cell(lage.ark, nr, lage.kolumner[kolumn.id])
        if kolumn.slag in TALSLAG and isinstance(ra, float | int) and not isinstance(ra, bool):
            return True
        return bool(som_text(ra)) and bool(lage.rader) and min(lage.rader.values()) < nr < max(lage.rader.values())

    def _granska_etikett(self, blad: Blad, lage: _Bladlage, rad: Bladrad) -> None:
        etikett = next((k for k in blad.kolumn if k.roll == "etikett" and not k.attribut), None)
        if etikett is None or etikett.id not in lage.kolumner or rad.fri:
            return
        nr, kol = lage.rader[rad.id], lage.kolumner[etikett.id]
        star = som_text(_cell(lage.ark, nr, kol))
        if nyckel(utan_stjarna(star)) != nyckel(utan_stjarna(rad.namn)):
            self._anmark("KR208", Plats(self._fil, lage.ark.namn, (celladress(nr, kol),), rad=rad.namn), star, rad.namn)

    def _las_cell(self, blad: Blad, lage: _Bladlage, kolumn: Kolumn, rad: Bladrad) -> None:
        nr, kol = lage.rader[rad.id], lage.kolumner[kolumn.id]
        adress = celladress(nr, kol)
        slag = vardeslag(kolumn, rad)
        tolkning = self._tolka(lage.ark, nr, kol, adress, kolumn, rad)
        radnamn = rad.namn or f"rad {nr + 1}"
        plats = Plats(self._fil, lage.ark.namn, (adress,), radnamn, rubrik(kolumn, self._mall.period))
        if tolkning.kod in _I_FORMEL and ar_harledd(kolumn, rad):
            self._anmark(_I_FORMEL[tolkning.kod], plats, tolkning.lamnat)
        elif tolkning.kod and not (tolkning.kod == "KR305" and ar_harledd(kolumn, rad)):
            last = exakt_i_ord(tolkning.varde, slag, self._belopp) if tolkning.varde is not None else ""
            ord_ = {**({"orsak": tolkning.orsak} if tolkning.orsak else {}), **(_foljd(kolumn, rad) if tolkning.tillstand == fakta.OTOLKAT else {})}
            self._anmark(tolkning.kod, plats, tolkning.lamnat, last, fakta=ord_)
        val = rad.val or kolumn.val
        if slag == "val" and tolkning.text:
            ratt = next((v for v in self._mall.inlamning.val[val] if nyckel(v) == nyckel(tolkning.text)), tolkning.text)
            tolkning = replace(tolkning, text=ratt)
        if slag == "val" and tolkning.text and tolkning.text not in self._mall.inlamning.val[val]:
            self._anmark("KR307", plats, tolkning.text, ", ".join(self._mall.inlamning.val[val]))
            tolkning = replace(tolkning, tillstand=fakta.OTOLKAT)
        varde = tolkning.varde
        if varde is not None and kolumn.tecken == "-":
            varde = -varde
        self.fakta.append(
            Faktum(
                enhet=self._enhet.id,
                tabell=blad.id,
                rad=rad.id,
                kolumn=kolumn.id,
                slag=slag,
                varde=varde,
                text=tolkning.text,
                tillstand=tolkning.tillstand,
                fil=self._fil,
                blad=lage.ark.namn,
                cell=adress,
                radnamn=radnamn,
                art=rad.art,
                kategori=rad.kategori,
                harledd=ar_harledd(kolumn, rad),
                lagrat=som_text(_cell(lage.ark, nr, kol)),
                saknas=varde is None and slag in TALSLAG and (ar_obligatorisk(kolumn, rad) or tolkning.tillstand == fakta.OTOLKAT),
                steg=_steg(slag, tolkning.decimaler, self._belopp, self._decimaler if kolumn.decimaler is None else kolumn.decimaler),
            )
        )

    def _tolka(self, ark: Ark, nr: int, kol: int, adress: str, kolumn: Kolumn, rad: Bladrad) -> Tolkning:
        if adress in ark.felvarden:
            star = svenskt_felvarde(ark.felvarden[adress])
            return Tolkning(text=star, tillstand=fakta.OTOLKAT, kod="KR304", lamnat=star)
        if adress in ark.utan_varde:
            return Tolkning(tillstand=fakta.OTOLKAT, kod="KR303")
        return tolka(_cell(ark, nr, kol), vardeslag(kolumn, rad), self._belopp)

    def _kontrollera_forsattsblad(self) -> None:
        for faktum in self.fakta:
            if faktum.tabell != "forsatt" or faktum.rad not in ("enhet", "period"):
                continue
            vantat = self._enhet.namn if faktum.rad == "enhet" else self._mall.period.namn
            stammer = self._enhet.heter(faktum.text) if faktum.rad == "enhet" else nyckel(faktum.text) == nyckel(vantat)
            if not stammer:
                self._anmark("KR115", Plats(faktum.fil, faktum.blad, (faktum.cell,), faktum.radnamn), faktum.text, vantat, {"slag": faktum.rad})

    def _anmark(
        self, kod: str, plats: Plats, lamnat: str = "", vantat: str = "", fakta: Mapping[str, str] | None = None, allvar: Allvar | None = None
    ) -> None:
        self.anmarkningar.append(Anmarkning(kod, self._enhet.id, plats, lamnat, vantat, fakta=fakta or {}, allvar=allvar))


def _foljd(kolumn: Kolumn, rad: Bladrad) -> dict[str, str]:
    """Vad som händer när cellen inte går att läsa, i ord: den räknas ut av boken, är ett nyckeltal för sig eller ingår i en summa."""
    if ar_harledd(kolumn, rad):
        return {"foljd": " Cellen ska räknas ut av boken; rapporten räknar själv."}
    if vardeslag(kolumn, rad) not in TALSLAG:
        return {}
    if rad.art == "nyckeltal":
        return {"foljd": " Nyckeltalet visas inte i rapporten."}
    return {"foljd": " Enhetens uppgift räknas som ofullständig och ingår inte i rapportens summor; summor som bygger på cellen kontrolleras inte."}


def _steg(slag: str, decimaler: int, enhet: Enhet, inmatade: int) -> int:
    """Minsta steg som talet är angivet i: kommunens inmatade decimaler, eller finare om cellen är finare."""
    per = int(enhet.value) if slag == "belopp" else HUNDRADELAR
    return max(1, per // int(10 ** max(decimaler, inmatade if slag == "belopp" else 0)))


def _cell(ark: Ark, rad: int, kolumn: int) -> Any:
    if rad >= len(ark.rader) or kolumn >= len(ark.rader[rad]):
        return ""
    return ark.rader[rad][kolumn]


def _marken(ark: Sequence[Ark]) -> Mapping[str, list[tuple[Ark, int, int]]]:
    """Bladets id → var dess märke står: arket, raden och kolumnen för det första i varje ark."""
    funna: dict[str, list[tuple[Ark, int, int]]] = {}
    for a in ark:
        for blad, (nr, kol) in _arkets_marken(a).items():
            funna.setdefault(blad, []).append((a, nr, kol))
    return funna


def _arkets_marken(ark: Ark) -> dict[str, tuple[int, int]]:
    lagen: dict[str, tuple[int, int]] = {}
    for nr, rad in enumerate(ark.rader[:_SOK_RADER]):
        for kol, varde in enumerate(rad[:_SOK_KOLUMNER]):
            if isinstance(varde, str) and varde.startswith(f"{MARKE}:"):
                lagen.setdefault(varde.split(":")[1], (nr, kol))
    return lagen


def _lage(ark: Ark, nr: int, kol: int) -> _Bladlage:
    kolumner = {str(v): k for k, v in enumerate(ark.rader[nr]) if k > kol and isinstance(v, str) and v}
    lage = _Bladlage(ark, kolumner, {})
    for i, rad in enumerate(ark.rader):
        if i <= nr:
            continue
        rad_id = som_text(rad[kol]) if kol < len(rad) else ""
        if not rad_id:
            lage.utan_id.append(i)
        elif rad_id in lage.rader:
            lage.dubbla.append((rad_id, i))
        else:
            lage.rader[rad_id] = i
    return lage
