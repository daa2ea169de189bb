"""Skapar exempelkommunens inlämningsböcker och SIE-filer: ``python exempel/skapa.py [PERIOD ...]``.

Utan perioder skapas de som följer med: delårsrapporten och bokslutet 2023 och alla årshjulets perioder 2024. Samma
underlag ger samma filer, byte för byte.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from exempel.bokslut import Bokslut
from exempel.kassaflode import kommunens_kassaflode
from exempel.koncern import Koncern
from exempel.lage import skapa_lagesbild
from exempel.prosa import Prosa, atgarder, las_texter
from exempel.siefil import Sieunderlag
from exempel.underlag import Budgetrad, Cell, Tabell, Underlag, summor
from exempel.volymer import Volymer
from kommunrapport import utskick
from kommunrapport.karna.belopp import dela
from kommunrapport.karna.period import Period
from kommunrapport.mall.modell import Blad
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall
from kommunrapport.rapport.arbetsbok import Varde

HAR = Path(__file__).resolve().parent
KATALOG = HAR.parent / "data"
FORVALDA = ("2023-08", "2023-12", "2024-02", "2024-03", "2024-04", "2024-05", "2024-08", "2024-09", "2024-10", "2024-12", "2024-09-lage")
"""I tidsordning: en bok förifylls ur de tidigare periodernas."""
FILORD = {"manad": "månadsrapport", "delar": "delår", "arsredovisning": "bokslut"}

Varden: TypeAlias = dict[Cell, Varde]
_HELARETS = ("prognos", "prognos_total", "avvikelse", "avvikelse_total")
"""Kolumner som en månad utan prognos inte har."""


def main(argument: list[str]) -> int:
    """Skapar böckerna för de angivna perioderna, annars de förvalda."""
    koncern = Koncern.las(HAR / "koncern.toml", Underlag.las(HAR / "siffror.toml", KATALOG / "styrning"))
    for text in argument or FORVALDA:
        skapa(KATALOG, Period.parse(text), koncern)
    return 0


def skapa(katalog: Path, period: Period, koncern: Koncern) -> None:
    """Skriver alla enheters böcker, och periodens SIE-fil, i arbetskatalogens inlamnat/."""
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, period)
    if period.lagesbild:
        skapa_lagesbild(HAR, arbete, mall)
        return
    texter = {**las_texter(HAR / "texter.toml"), "projekt": las_texter(HAR / "projekt.toml")}
    tabeller = Tabeller(koncern, texter, period, _forra_prognos(arbete, period)).alla(arbete)
    prosa = Prosa(texter, period, tabeller if mall.post.prognos or period.manad == 12 else _utan_helaret(tabeller))
    bokslut = Bokslut(las_texter(HAR / "bokslut.toml"), koncern, arbete.organisation)
    volymer = Volymer.las(HAR / "volymer.toml")
    bocker = {}
    for enhet in arbete.organisation.enhet:
        fil = arbete.inlamnat(period) / f"{enhet.namn} {FILORD[mall.post.kommando]} {period}.xlsx"
        bocker[enhet.id] = (fil, Bok(enhet, mall, bokslut, prosa, volymer, _tidigare(arbete, period)).varden())
    utskick.skriv_inlamningsbocker(katalog, period, bocker)
    sieunderlag = Sieunderlag.las(HAR / "kontoplan.toml", koncern)
    for enhet in (e for e in arbete.organisation.enhet if sieunderlag.lamnas(e.id, period)):
        (arbete.inlamnat(period) / f"{enhet.namn} {period}.se").write_bytes(sieunderlag.fil(enhet, period))
    print(f"{period}: {len(arbete.organisation.enhet)} böcker i {arbete.inlamnat(period).relative_to(katalog.parent)}")


def _tidigare(arbete: Arbetskatalog, period: Period) -> Mapping[str, bool]:
    """Om jämförelsetalen förifylls ur en tidigare periods böcker."""
    jamforda = {"fg_period": period.samma_fg_ar, "bokslut_fg": period.bokslut_fg_ar}
    return {kalla: any(arbete.inlamnat(p).glob("*.xlsx")) for kalla, p in jamforda.items()}


def _forra_prognos(arbete: Arbetskatalog, period: Period) -> Period | None:
    """Årets senaste tidigare period med prognos."""
    prognoser = (p.period(period.ar) for p in arbete.arshjul.period if p.prognos)
    return max((p for p in prognoser if p < period), default=None)


def _utan_helaret(tabeller: Mapping[str, Tabell]) -> dict[str, Tabell]:
    """Tabellerna utan prognos, så att ingen text i en månad utan prognos kan tala om den."""
    return {enhet: {cell: b for cell, b in tabell.items() if cell[2] not in _HELARETS} for enhet, tabell in tabeller.items()}


@dataclass(frozen=True)
class Tabeller:
    """Periodens alla siffror per enhet, med de summor och avvikelser som texterna hänvisar till."""

    koncern: Koncern
    texter: Mapping[str, Any]
    period: Period
    forra_prognos: Period | None

    @property
    def underlag(self) -> Underlag:
        return self.koncern.underlag

    def alla(self, arbete: Arbetskatalog) -> dict[str, Tabell]:
        """Enhetens id → siffror; nyckeln alla är nämndernas summa (investeringar: hela kommunens)."""
        tabeller = {enhet.id: self._enhet(enhet) for enhet in arbete.organisation.enhet}
        namnder = [tabeller[e.id] for e in arbete.organisation.med_slag("namnd")]
        tabeller["alla"] = _sammanlagt(namnder, "drift")
        tabeller["alla"] |= _sammanlagt([*namnder, tabeller["finansforvaltningen"]], "investering")
        return tabeller

    def _enhet(self, enhet: Enhetspost) -> Tabell:
        tabell: Tabell = {}
        if enhet.slag in ("namnd", "finansforvaltning"):
            tabell |= self._drift(enhet.id) | self._investering(enhet.id) | self._atgarder(enhet.id)
        if enhet.slag == "namnd":
            tabell |= self._kostnadsslag(enhet.id) | self._sjukfranvaro(enhet.id) | self._hme(enhet.id)
        if enhet.slag == "finansforvaltning":
            tabell |= self._resultat() | self._balans() | self._balanskrav() | self._kassaflode() | self._motparter(enhet.id)
            tabell["bokforing", "investeringsutgifter", "utfall"] = self.underlag.investeringsutgifter(self.period)
            tabell |= _nyckeltal(tabell)
        else:
            tabell |= self._personal(enhet.id)
        if enhet.slag in ("bolag", "forbund"):
            tabell |= self._bolag(enhet.id) | self._motparter(enhet.id)
        return self._med_avvikelser(tabell)

    def _drift(self, enhet: str) -> Tabell:
        kolumner = self.underlag.drift(enhet, self.period)
        if self.forra_prognos:
            forra = self.underlag.drift(enhet, self.forra_prognos)
            kolumner["avvikelse_fg"] = {rad: belopp - forra["budget"][rad] for rad, belopp in forra["prognos"].items()}
        return _med_summa("drift", kolumner)

    def _kostnadsslag(self, enhet: str) -> Tabell:
        kolumner = ("utfall_fg", "utfall", "budget", "prognos")
        return _ur_kolumner("kostnadsslag", {k: self.underlag.kostnadsslag(enhet, self.period, k) for k in kolumner})

    def _investering(self, enhet: str) -> Tabell:
        projekt = [p for p in self.underlag.projekt(self.period.ar) if p.enhet == enhet]
        per_kolumn: dict[str, dict[str, int]] = {}
        for p in projekt:
            for kolumn, belopp in self._projekt(p).items():
                per_kolumn.setdefault(kolumn, {})[p.rad] = belopp
        return _med_summa("investering", per_kolumn)

    def _projekt(self, projekt: Budgetrad) -> dict[str, int]:
        kolumner = self.underlag.investering(projekt, self.period)
        return {**kolumner, "avvikelse_total": kolumner["beslutad"] - kolumner["prognos_total"]}

    def _atgarder(self, enhet: str) -> Tabell:
        effekter = list(atgarder(self.texter, enhet, self.period))
        return {("atgarder", "summa", kolumn): sum(a[kolumn] for a in effekter) for kolumn in ("effekt_ar", "effekt_helar")}

    def _resultat(self) -> Tabell:
        kolumner = {}
        for kolumn in ("utfall_fg", "utfall", "bokslut_fg", "budget", "prognos"):
            rader = self.underlag.resultat(self.period, kolumn)
            bidrag = rader["skatt"] + rader["statsbidrag"]
            egna = {"skatt_bidrag": bidrag, "skatt_bidrag_finans": bidrag + rader["fin_intakter"] + rader["fin_kostnader"]}
            kolumner[kolumn] = {**rader, **summor(rader), **egna}
        return _ur_kolumner("resultat", kolumner)

    def _balans(self) -> Tabell:
        return _ur_kolumner(
            "balans",
            {"nu": self.underlag.balans(self.period), "fg": self.underlag.balans(self.period.bokslut_fg_ar)},
        )

    def _balanskrav(self) -> Tabell:
        tabell: Tabell = {}
        for rad, fg, helar in self.underlag.balanskrav(self.period):
            tabell |= {("balanskrav", rad, "fg"): fg, ("balanskrav", rad, "prognos"): helar}
        return tabell

    def _personal(self, enhet: str) -> Tabell:
        perioder = {"fg": self.period.samma_fg_ar, "nu": self.period}
        underlag = self.underlag
        return _ur_kolumner("personal", {k: underlag.personal(enhet, p) | underlag.personalomsattning(enhet, p) for k, p in perioder.items()})

    def _hme(self, enhet: str) -> Tabell:
        ar = {"_fg": self.period.ar - 1, "": self.period.ar}
        return {("hme", "hme", f"{kolumn}{t}"): v for t, a in ar.items() for kolumn, v in self.underlag.hme(enhet, a).items()}

    def _sjukfranvaro(self, enhet: str) -> Tabell:
        tabell: Tabell = {}
        for tillagg, period in (("_fg", self.period.samma_fg_ar), ("", self.period)):
            for grupp, (tid, sjuk) in self.underlag.sjukfranvaro(enhet, period).items():
                tabell |= {("sjukfranvaro", grupp, f"ord_tid{tillagg}"): tid, ("sjukfranvaro", grupp, f"sjuk_tid{tillagg}"): sjuk}
            tabell["sjukfranvaro", "totalt", f"lang_tid{tillagg}"] = self.underlag.langtid(enhet, period)
        for grupp, antal in self.underlag.antal_per_grupp(enhet, self.period).items():
            tabell["sjukfranvaro", grupp, "antal"] = antal
        return tabell

    def _kassaflode(self) -> Tabell:
        kolumner = {"utfall": self.period, "utfall_fg": self.period.samma_fg_ar}
        return _ur_kolumner("kassaflode", {k: kommunens_kassaflode(self.underlag, p) for k, p in kolumner.items()})

    def _bolag(self, enhet: str) -> Tabell:
        """Räkningarna, och tabellen bolag med det som texterna hämtar."""
        koncern, form, fg = self.koncern, self.koncern.form(enhet), self.period.samma_fg_ar
        balans = {"nu": koncern.balans(enhet, self.period), "fg": koncern.balans(enhet, self.period.bokslut_fg_ar)}
        kassaflode = {"utfall": koncern.kassaflode(enhet, self.period), "utfall_fg": koncern.kassaflode(enhet, fg)}
        return (
            _ur_kolumner("bolag", koncern.sammandrag(enhet, self.period))
            | _ur_kolumner(form["resultat"], koncern.resultat(enhet, self.period))
            | _ur_kolumner(form["balans"], balans)
            | _ur_kolumner("kassaflode", kassaflode)
        )

    def _motparter(self, enhet: str) -> Tabell:
        resultat, fg = self.koncern.internresultat(enhet, self.period), self.koncern.internbalans(enhet, self.period.bokslut_fg_ar)
        saldon = {"nu": self.koncern.internbalans(enhet, self.period), "fg": fg}
        return _ur_kolumner("internresultat", {"utfall": resultat}) | _ur_kolumner("internbalans", saldon)

    def _med_avvikelser(self, tabell: Tabell) -> Tabell:
        """Avvikelsen mot budget (prognosens, i bokslutet utfallets), dess ändring sedan förra prognosen, och ökningen mot jämförelsekolumnen."""
        helar = "utfall" if self.period.manad == 12 else "prognos"
        tillagg: Tabell = {}
        for blad, rad, kolumn in tabell:
            if kolumn == helar and (blad, rad, "budget") in tabell:
                avvikelse = tabell[blad, rad, helar] - tabell[blad, rad, "budget"]
                tillagg |= {(blad, rad, "avvikelse"): avvikelse, (blad, rad, "andring"): avvikelse - tabell.get((blad, rad, "avvikelse_fg"), 0)}
            jamfort = {"utfall": "utfall_fg", "nu": "fg"}.get(kolumn)
            if jamfort and (blad, rad, jamfort) in tabell:
                tillagg[blad, rad, "okning"] = tabell[blad, rad, kolumn] - tabell[blad, rad, jamfort]
        return tabell | tillagg


@dataclass(frozen=True)
class Bok:
    """En enhets ifyllda celler: siffrorna ur tabellerna, orden ur prosan."""

    enhet: Enhetspost
    mall: Periodmall
    bokslut: Bokslut
    prosa: Prosa
    volymer: Volymer
    tidigare: Mapping[str, bool]

    @property
    def koncern(self) -> Koncern:
        return self.bokslut.koncern

    def varden(self) -> Varden:
        """Allt som en människa fyller i; det arbetsboken förifyller eller räknar ut lämnas åt den."""
        varden = self._ifyllda(self.prosa.tabeller[self.enhet.id])
        if self.enhet.slag == "finansforvaltning" and self.mall.period.manad == 12:
            varden |= self._ifyllda(self.bokslut.varden(self.prosa))
        varden |= self._ifyllda(self.volymer.celler(self.enhet.id, self.mall.period)) | self._ifyllda(self._projekt())
        for del_ in (
            self._forsatt(),
            self._texter(),
            self._kommentarer(),
            self._mal(),
            self._uppdrag(),
            self._atgarder(),
            self._motparter(),
            *map(self._plan, ("internkontroll", "utforare")),
        ):
            varden |= del_
        return varden

    def _ifyllda(self, celler: Mapping[Cell, Varde]) -> Varden:
        bladen = {blad.id: blad for blad in self.mall.blad_for(self.enhet)}
        return {cell: varde for cell, varde in celler.items() if cell[0] in bladen and self._fylls_i(bladen[cell[0]], cell)}

    def _fylls_i(self, blad: Blad, cell: Cell) -> bool:
        _, rad, kolumn = cell
        k = next((k for k in blad.kolumn if k.id == kolumn), None)
        if k is None or k.roll == "formel" or not _har_inmatningsrad(blad, rad):
            return False
        kalla = k.fylls_fran.partition(":")[0]
        return kalla != "styrning" and not self.tidigare.get(kalla, False)

    def _forsatt(self) -> Varden:
        uppgifter = self.prosa.avsnitt("forsatt", self.enhet.id)
        period = str(self.mall.period)
        svar: dict[str, Varde] = {rad: uppgifter[rad] for rad in ("kontaktperson", "epost")}
        if period in uppgifter.get("namndbeslut", {}):
            svar["namndbeslut"] = uppgifter["namndbeslut"][period]
        svar["klarmarkerad"] = "Ja"
        svar["klardatum"] = uppgifter["klardatum"].get(period, self.mall.period.slut + timedelta(days=14))
        return {("forsatt", rad, "svar"): varde for rad, varde in svar.items()}

    def _texter(self) -> Varden:
        jamn = "reglering" in self.koncern.underlag.data["drift"].get(self.enhet.id, {})
        slag = "jamn" if jamn else "bolag" if self.enhet.slag == "forbund" else self.enhet.slag
        rader = [rad.id for blad in self.mall.blad_for(self.enhet) if blad.id == "texter" for rad in blad.rad]
        texter = {rad: self.prosa.text(self.enhet.id, rad, slag) for rad in rader}
        return {("texter", rad, "text"): text for rad, text in texter.items() if text}

    def _kommentarer(self) -> Varden:
        if not (self.mall.post.prognos or self.mall.period.manad == 12):
            return {}
        bladen = {blad: self.prosa.avsnitt(blad, self.enhet.id) for blad in ("drift", "investering")}
        if self.enhet.slag == "finansforvaltning":
            bladen["resultat"] = self.prosa.data["resultat"]
        return {
            (blad, rad, "kommentar"): self.prosa.fyll(text, self.enhet.id)
            for blad, rader in bladen.items()
            for rad, per_period in rader.items()
            if (text := self.prosa.galler(per_period)) and self._avviker(blad, rad)
        }

    def _projekt(self) -> Varden:
        """Projektens status, tidplan, slutredovisning och begäran."""
        projekten = self.prosa.avsnitt("projekt", self.enhet.id)
        givna = {("investering", rad, kolumn): self.prosa.galler(per_period) for rad, p in projekten.items() for kolumn, per_period in p.items()}
        return {cell: varde for cell, varde in givna.items() if varde is not None}

    def _avviker(self, blad: str, rad: str) -> bool:
        """Kommentaren skrivs när raden avviker; för investeringar alltid, eftersom den också anger tidplanen."""
        tabell = self.prosa.tabeller[self.enhet.id]
        return (blad, rad, "utfall") in tabell and (blad == "investering" or tabell[blad, rad, "avvikelse"] != 0)

    def _mal(self) -> Varden:
        if "mal" not in self.mall.post.omraden:
            return {}
        varden: Varden = {}
        bedomningar = self.prosa.avsnitt("mal", self.enhet.id)
        for rad in self.koncern.underlag.styrrader(self.mall.period.ar, "mal", self.enhet.id):
            if rad["art"] in ("mal", "kfmal") and (egen := self.prosa.galler(bedomningar.get(rad["rad"], {}))):
                varden |= {("mal", rad["rad"], kolumn): text for kolumn, text in zip(("bedomning", "kommentar"), egen, strict=True)}
            if rad["art"] == "indikator":
                varden |= self._indikator(rad)
        return varden

    def _indikator(self, styrrad: Mapping[str, str]) -> Varden:
        """Indikatorns utfall, sammanlagt och per grupp, och för kvinnor och män där styrningen delar det."""
        utfall, kon, fg = (self.prosa.avsnitt(namn, self.enhet.id) for namn in ("indikator", "indikatorkon", "indikatorfg"))
        varden: Varden = {}
        for rad in (r for r in utfall if r.partition(".")[0] == styrrad["rad"]):
            varden["mal", rad, "utfall"] = self.prosa.galler(utfall[rad])
            if "kön" in styrrad.get("uppdelning", ""):
                delat = self.prosa.galler(kon[rad]) or ("e.t.", "e.t.")
                varden |= {("mal", rad, kolumn): text for kolumn, text in zip(("kvinnor", "man"), delat, strict=True)}
            if rad in fg:
                varden["mal", rad, "utfall_fg"] = fg[rad]
        return varden

    def _uppdrag(self) -> Varden:
        varden: Varden = {}
        if "mal" not in self.mall.post.omraden:
            return varden
        for rad in self.koncern.underlag.styrrader(self.mall.period.ar, "uppdrag", self.enhet.id):
            status, kommentar = self.prosa.galler(self.prosa.avsnitt("uppdrag", self.enhet.id)[rad["rad"]])
            varden |= {("uppdrag", rad["rad"], "status"): status, ("uppdrag", rad["rad"], "kommentar"): kommentar}
        return varden

    def _plan(self, blad: str) -> Varden:
        """Uppföljningen av en plan ur styrningen: varje rads kolumner, och planens fasta rader."""
        kolumner = {k.id for b in self.mall.blad_for(self.enhet) if b.id == blad for k in b.kolumn}
        rader = {rad: self.prosa.galler(per_period) or {} for rad, per_period in self.prosa.avsnitt(blad, self.enhet.id).items()}
        return {(blad, rad, kolumn): varde for rad, svar in rader.items() for kolumn, varde in svar.items() if kolumn in kolumner}

    def _motparter(self) -> Varden:
        i_mallen = {blad.id for blad in self.mall.blad_for(self.enhet)}
        kommentarer = self.koncern.kommentarer(self.enhet.id)
        return {(blad, rad, "kommentar"): text for (blad, rad), text in kommentarer.items() if blad in i_mallen}

    def _atgarder(self) -> Varden:
        varden: Varden = {}
        if "atgarder" in self.mall.post.omraden:
            for nummer, atgard in enumerate(atgarder(self.prosa.data, self.enhet.id, self.mall.period), 1):
                varden |= {("atgarder", f"a{nummer:02d}", kolumn): varde for kolumn, varde in atgard.items()}
        return varden


def _har_inmatningsrad(blad: Blad, rad: str) -> bool:
    fast = next((r for r in blad.rad if r.id == rad), None)
    return not fast.uttryck if fast else blad.rader_fran != "fasta"


def _ur_kolumner(blad: str, kolumner: Mapping[str, Mapping[str, int]]) -> Tabell:
    return {(blad, rad, kolumn): belopp for kolumn, rader in kolumner.items() for rad, belopp in rader.items()}


def _med_summa(blad: str, kolumner: Mapping[str, Mapping[str, int]]) -> Tabell:
    return _ur_kolumner(blad, {kolumn: {**rader, "summa": sum(rader.values())} for kolumn, rader in kolumner.items()})


def _sammanlagt(tabeller: list[Tabell], blad: str) -> Tabell:
    summa: Tabell = {}
    for tabell in tabeller:
        for cell, belopp in tabell.items():
            if cell[:2] == (blad, "summa"):
                summa[cell] = summa.get(cell, 0) + belopp
    return summa


def _nyckeltal(tabell: Tabell) -> Tabell:
    """Resultatandel i promille."""
    tal: Tabell = {}
    for kolumn in ("utfall", "prognos"):
        resultat, bidrag = (tabell["resultat", rad, kolumn] for rad in ("arets_resultat", "skatt_bidrag"))
        tal["nyckeltal", "resultatandel", kolumn] = dela(resultat * 1000, bidrag)
    return tal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
