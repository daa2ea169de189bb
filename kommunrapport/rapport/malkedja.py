"""Målkedjan i rapporten: fullmäktiges mål med sina delar, sammanvägningen, diagrammet och räkningarna i meningarna.

Bedömningar, utfall och beslut visas som de lästes, med sin källa; en sammanvägning har sina delars källor. Ett mål som ingen har
bedömt, eller vars enhet inte har lämnat, räknas som inte bedömt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from kommunrapport.berakning.malvagning import Sammanvagd, Vagd, vag_samman
from kommunrapport.karna import malvarde
from kommunrapport.karna.belopp import avrunda
from kommunrapport.karna.fakta import VARDE
from kommunrapport.karna.kalla import Kalla
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import formatera, liten_bokstav, nyckel, rakna_upp
from kommunrapport.karna.styrrad import Styrrad
from kommunrapport.karna.tal import EJ_TILLAMPLIGT
from kommunrapport.karna.visning import SAKNAS
from kommunrapport.mall.listmall import Malkedja
from kommunrapport.mall.organisation import Organisation
from kommunrapport.mall.skalor import TREND, Skala, Skalor
from kommunrapport.rapport.meningar import skriv_alttext, uppraknat
from kommunrapport.rapport.modell import Cell, Celldel, Diagram, Kolumn, Rad, Tabell
from kommunrapport.rapport.tabeller import Listfakta

BLAD = "mal"
_UTFALL = {True: "Når målvärdet", False: "Når inte målvärdet", None: "Kan inte prövas"}


@dataclass(frozen=True)
class Fullmaktigemal:
    """Ett av fullmäktiges mål, eller en fri text som nämndernas mål hänvisar till; ``rad`` är då None."""

    id: str
    namn: str
    omrade: str
    rad: Styrrad | None
    mal: tuple[Styrrad, ...]
    indikatorer: tuple[Styrrad, ...]


@dataclass(frozen=True)
class Malbild:
    """Periodens mål med sina bedömningar på en skala."""

    rader: Sequence[Styrrad]
    facit: Listfakta
    organisation: Organisation
    period: Period
    skalor: Skalor
    skalnamn: str

    @property
    def skala(self) -> Skala:
        return self.skalor.skala[self.skalnamn]

    @cached_property
    def malen(self) -> tuple[Styrrad, ...]:
        """Nämndernas och bolagens mål."""
        return tuple(r for r in self.rader if r.tabell == BLAD and r.art == "mal")

    @cached_property
    def fullmaktiges(self) -> tuple[Fullmaktigemal, ...]:
        """Fullmäktiges mål i målområdenas och filens ordning; sist de som bara är fri text."""
        egna = [r for r in self.rader if r.tabell == BLAD and r.art == "kfmal"]
        omraden = [r.rad for r in self.rader if r.tabell == BLAD and r.art == "malomrade"]
        egna.sort(key=lambda r: omraden.index(r.attribut["overordnat"]) if r.attribut["overordnat"] in omraden else len(omraden))
        fria = {
            nyckel(m.attribut["overordnat"]): m.attribut["overordnat"] for m in self.malen if not m.attribut["overart"] and m.attribut["overordnat"]
        }
        med_rad = [self._med_rad(r) for r in egna]
        return (*med_rad, *(self._fritt(nr, text) for nr, text in enumerate(fria.values(), 1)))

    @property
    def losa(self) -> tuple[Styrrad, ...]:
        """Mål som inte hör till något av fullmäktiges."""
        return tuple(m for m in self.malen if not m.attribut["overordnat"])

    @property
    def vision(self) -> str:
        return rakna_upp([r.namn for r in self.rader if r.tabell == BLAD and r.art == "vision"])

    def omradesnamn(self, rad: str) -> str:
        return next((r.namn for r in self.rader if r.tabell == BLAD and r.art == "malomrade" and r.rad == rad), "")

    def bedomning(self, r: Styrrad) -> Cell:
        """Målets bedömning så som den lämnades, eller ett streck."""
        return self.last(r, "bedomning")

    def utfall(self, r: Styrrad) -> Cell:
        return self.last(r, "utfall")

    def nar(self, indikator: Styrrad) -> bool | None:
        """Om indikatorn når sitt målvärde; None när det inte går att pröva."""
        return malvarde.nar(indikator.attribut, self.utfall(indikator).text, self.period)

    def senare(self, indikator: Styrrad) -> bool:
        """Om det avgörs senare om målvärdet nås: året är ett senare, eller inte slut för det som räknas under året."""
        malar = int(indikator.attribut.get("malar") or 0)
        natt = self.nar(indikator)
        return (malar > self.period.ar and not natt) or (natt is None and malvarde.vaxer(indikator.attribut, self.period))

    def indikatorer(self, art: str, rad: str, enhet: str = "") -> list[Styrrad]:
        """Indikatorerna som hör till målet."""
        return [r for r in self._under.get((art, rad), ()) if not enhet or r.enhet == enhet]

    @cached_property
    def _under(self) -> Mapping[tuple[str, str], list[Styrrad]]:
        """Indikatorerna under varje mål, efter målets art och rad."""
        under: dict[tuple[str, str], list[Styrrad]] = {}
        for r in self.rader:
            if r.tabell == BLAD and r.art == "indikator":
                under.setdefault((r.attribut["overart"], r.attribut["overordnat"]), []).append(r)
        return under

    def vagt(self, kf: Fullmaktigemal) -> Sammanvagd:
        """Sammanvägningen av fullmäktigemålets mål och egna indikatorer."""
        delar = [Vagd(self.skala.varde(self.bedomning(m).text), _vikt(m)) for m in kf.mal]
        delar += [Vagd(self._poang(i), _vikt(i)) for i in kf.indikatorer if not self.senare(i)]
        return vag_samman(delar, self.skala, self.skalor.sammanvagning.minst_bedomt_procent)

    def slutlig(self, kf: Fullmaktigemal) -> str:
        """Kommunstyrelsens egen bedömning, annars sammanvägningen; tomt när målet inte är bedömt."""
        return self.bedomning(kf.rad).text if kf.rad and self.egen(kf) else self.vagt(kf).steg

    def egen(self, kf: Fullmaktigemal) -> bool:
        """Om kommunstyrelsen har bedömt målet själv."""
        return kf.rad is not None and self.skala.varde(self.bedomning(kf.rad).text) is not None

    def _poang(self, indikator: Styrrad) -> int | None:
        natt = self.nar(indikator)
        return None if natt is None else self.skala.hogst if natt else 0

    def last(self, r: Styrrad, kolumn: str) -> Cell:
        """Det lämnade i en kolumn med sin källa, eller ett streck utan källa."""
        cell = self.facit.cell(r.enhet, BLAD, r.rad, kolumn)
        if cell is None or cell.tillstand != VARDE:
            return Cell(SAKNAS)
        return Cell(cell.text, kalla=Kalla(cell.fil, cell.blad, cell.cell))

    def _med_rad(self, r: Styrrad) -> Fullmaktigemal:
        mal = tuple(m for m in self.malen if (m.attribut["overart"], m.attribut["overordnat"]) == ("kfmal", r.rad))
        return Fullmaktigemal(
            f"{r.enhet}.{r.rad}", r.namn, self.omradesnamn(r.attribut["overordnat"]), r, mal, tuple(self.indikatorer("kfmal", r.rad))
        )

    def _fritt(self, nr: int, text: str) -> Fullmaktigemal:
        mal = tuple(m for m in self.malen if not m.attribut["overart"] and nyckel(m.attribut["overordnat"]) == nyckel(text))
        return Fullmaktigemal(f"kf{nr}", text, "", None, mal, ())


def _vikt(r: Styrrad) -> Decimal:
    return malvarde.tal_i(r.attribut.get("vag", "")) or Decimal(1)


# --- Tabellen och diagrammet --------------------------------------------------------------------------


def tabell_av(mall: Malkedja, bild: Malbild) -> Tabell | None:
    """Målområden, fullmäktiges mål med sammanvägning, och under dem målen och indikatorerna. None när inget är lämnat."""
    if not any(bild.facit.har(r.enhet, BLAD) for r in bild.rader if r.tabell == BLAD):
        return None
    har_egen = any(kf.rad and bild.bedomning(kf.rad).kalla for kf in bild.fullmaktiges)
    rader = list(_rader(mall, bild, har_egen=har_egen))
    egen = (Kolumn("kommunstyrelsen", mall.kommunstyrelsen, ar_tal=False, vikt=14),) if har_egen else ()
    kolumner = (Kolumn("bedomning", mall.bedomning, ar_tal=False, vikt=14), *egen, Kolumn("underlag", mall.underlag, ar_tal=False, vikt=26))
    noter = bild.skalor.forklaring(bild.skalnamn) if bild.fullmaktiges and bild.skala.vags else ()
    return Tabell(mall.id, mall.titel, "", mall.rubrik_forsta, kolumner, tuple(rader), noter)


def _rader(mall: Malkedja, bild: Malbild, *, har_egen: bool) -> Iterator[Rad]:
    tom, omrade = (Cell(),) if har_egen else (), ""
    for kf in bild.fullmaktiges:
        if kf.omrade and kf.omrade != omrade:
            omrade = kf.omrade
            yield Rad(f"omrade-{kf.id}", "rubrik", omrade, (Cell(), *tom, Cell()))
        egen = (bild.bedomning(kf.rad) if kf.rad else Cell(),) if har_egen else ()
        yield Rad(kf.id, "mal", kf.namn, (_vagd_cell(bild, kf), *egen, Cell(_kf_underlag(bild, kf))))
        for r in (*kf.mal, *kf.indikatorer):
            yield _delrad(bild, r, tom)
    if bild.losa and bild.fullmaktiges:
        yield Rad("utan-koppling", "rubrik", mall.utan_koppling, (Cell(), *tom, Cell()))
    for r in bild.losa:
        yield _delrad(bild, r, tom)


def _delrad(bild: Malbild, r: Styrrad, tom: tuple[Cell, ...]) -> Rad:
    if r.art == "mal":
        return Rad(f"{r.enhet}.{r.rad}", "varav", r.namn, (bild.bedomning(r), *tom, Cell(_mal_underlag(bild, r))))
    utfall = bild.utfall(r)
    text = f"Målår {r.attribut['malar']}" if bild.senare(r) else _UTFALL[bild.nar(r)] if utfall.kalla else SAKNAS
    delar = (Celldel(r.namn, utfall.text, utfall.kalla),) if utfall.kalla else ()
    matt = utfall.kalla and utfall.text.casefold() not in EJ_TILLAMPLIGT
    underlag = f"{f'Utfall {utfall.text}' if matt else 'Inget utfall i perioden'}, målvärde {r.attribut['malvarde']}"
    return Rad(f"{r.enhet}.{r.rad}", "varav", r.namn, (Cell(text, steg="utfallet mot målvärdet", delar=delar), *tom, Cell(underlag)))


def _vagd_cell(bild: Malbild, kf: Fullmaktigemal) -> Cell:
    vagt = bild.vagt(kf)
    lasta = [(m.namn, bild.bedomning(m)) for m in kf.mal] + [(i.namn, bild.utfall(i)) for i in kf.indikatorer]
    delar = tuple(Celldel(namn, cell.text, cell.kalla) for namn, cell in lasta if cell.kalla)
    return Cell(vagt.steg or bild.skala.ingen_bedomning, steg=f"sammanvägt: {_kf_underlag(bild, kf)}", delar=delar)


def slutlig_cell(bild: Malbild, kf: Fullmaktigemal) -> Cell:
    """Kommunstyrelsens egen bedömning med sin källa, annars sammanvägningen med sina delars."""
    return bild.bedomning(kf.rad) if kf.rad and bild.egen(kf) else _vagd_cell(bild, kf)


def _kf_underlag(bild: Malbild, kf: Fullmaktigemal) -> str:
    vagt, senare = bild.vagt(kf), sum(bild.senare(i) for i in kf.indikatorer)
    delar = [f"{vagt.bedomda} av {vagt.antal} bedömda"] if vagt.antal else []
    delar += [f"{_i_procent(vagt.procent)} procent av poängen"] if vagt.procent is not None else []
    delar += [f"{senare} med målår längre fram"] if senare else []
    return ", ".join(delar) or "Inga mål eller indikatorer"


def _i_procent(andel: Fraction) -> str:
    """Andelen med en decimal, eller utan när den är hel."""
    decimaler = 0 if andel.denominator == 1 else 1
    return formatera(avrunda(andel.numerator, andel.denominator, decimaler), decimaler)


def _mal_underlag(bild: Malbild, m: Styrrad) -> str:
    enhet, egna = bild.organisation.enhet_med_id(m.enhet).kort_namn, bild.indikatorer("mal", m.rad, m.enhet)
    if not egna:
        return enhet
    natt, oprovade = sum(bild.nar(i) is True for i in egna), sum(bild.nar(i) is None for i in egna)
    tillagg = f", {oprovade} kan inte prövas" if oprovade else ""
    return f"{enhet}: {natt} av {len(egna)} {'indikator' if len(egna) == 1 else 'indikatorer'} når målvärdet{tillagg}"


def diagram_av(mall: Malkedja, bild: Malbild) -> Diagram:
    """Antalet mål per steg i skalan; mål utan giltig bedömning räknas till det steg som säger att målet inte är bedömt."""
    skala, bedomda = bild.skala, {mall.serie_mal: [bild.bedomning(m).text for m in bild.malen]}
    if bild.fullmaktiges:
        bedomda[mall.serie_kfmal] = [bild.slutlig(kf) for kf in bild.fullmaktiges]
    serier = {namn: [b if skala.varde(b) is not None else skala.ingen_bedomning for b in alla] for namn, alla in bedomda.items()}
    steg = [s.namn for s in skala.steg if s.varde is not None]
    if any(skala.ingen_bedomning in alla for alla in serier.values()):
        steg.append(skala.ingen_bedomning)
    antal = [(namn, [alla.count(s) for s in steg]) for namn, alla in serier.items()]
    uppraknade = uppraknat([liten_bokstav(s) for s in steg], [(namn, [str(n) for n in tal]) for namn, tal in antal], "")
    alttext = skriv_alttext(mall.id, mall.alttext, {"uppraknat": uppraknade})
    tal = tuple((namn, tuple(Decimal(n) for n in rad)) for namn, rad in antal)
    return Diagram(mall.id, "liggande", mall.diagramtitel, "antal mål", 0, tuple(steg), tal, alttext)


# --- Meningarna och trenden --------------------------------------------------------------------------


def maluppgifter(bild: Malbild | None) -> dict[str, object]:
    """Orden om mål som meningarna får använda: antal, bedömningarna uppräknade och hur många som saknar bedömning."""
    if bild is None:
        tomma = {namn: v for sort in ("mal", "kfmal", "hushallning", "kfhushallning") for namn, v in _rakning(sort, (), "").items()}
        return {**tomma, "kfmal_egna": 0, "vision": ""}
    ej = bild.skala.ingen_bedomning
    malens = [b.text if (b := bild.bedomning(m)).kalla else "" for m in bild.malen]
    kf = [bild.slutlig(k) for k in bild.fullmaktiges]
    hushallning = [b for m, b in zip(bild.malen, malens, strict=True) if m.attribut.get("hushallning")]
    kfhushallning = [b for k, b in zip(bild.fullmaktiges, kf, strict=True) if k.rad and k.rad.attribut.get("hushallning")]
    return {
        **_rakning("mal", malens, ""),
        **_rakning("kfmal", kf, ej),
        **_rakning("hushallning", [b if bild.skala.varde(b) is not None else "" for b in hushallning], ej),
        **_rakning("kfhushallning", kfhushallning, ej),
        "kfmal_egna": sum(bild.egen(k) for k in bild.fullmaktiges),
        "vision": bild.vision,
    }


def raknade_i_meningar(bild: Malbild | None) -> dict[str, tuple[Celldel, ...]]:
    """Mening → de lämnade bedömningar och utfall som dess antal räknas av."""
    if bild is None:
        return {}
    malens = [(m, bild.bedomning(m)) for m in bild.malen]
    egna = [(k.rad, bild.bedomning(k.rad)) for k in bild.fullmaktiges if k.rad]
    utfall = [(i, bild.utfall(i)) for k in bild.fullmaktiges for i in k.indikatorer]
    hushallning = [(r, c) for r, c in (*malens, *egna) if r.attribut.get("hushallning")]
    sorter = {"mal": malens, "kfmal": [*malens, *egna, *utfall], "hushallning": hushallning}
    return {namn: tuple(Celldel(r.namn, c.text, c.kalla) for r, c in par if c.kalla) for namn, par in sorter.items()}


def _rakning(sort: str, bedomningar: Sequence[str], utom: str) -> Mapping[str, object]:
    givna = [b for b in bedomningar if b and b != utom]
    antal = {b: givna.count(b) for b in dict.fromkeys(givna)}
    ordning = sorted(antal, key=lambda b: -antal[b])
    som = "som " if sort == "mal" else ""
    rakning = rakna_upp([f"{antal[b]} {som}”{liten_bokstav(b)}”" for b in ordning])
    namn = ("malrakning", "utan_bedomning") if sort == "mal" else (f"{sort}rakning", f"{sort}_utan")
    return {f"antal_{sort}": len(bedomningar), namn[0]: rakning, namn[1]: len(bedomningar) - len(givna)}


def raknade_trender(bild: Malbild) -> dict[tuple[str, str, str, str], Cell]:
    """Trenden för de indikatorer där båda utfallen är tal, att visa där ingen är vald."""
    return {(r.enhet, BLAD, r.rad, "trend"): cell for r in bild.rader if r.tabell == BLAD and r.art == "indikator" and (cell := _trend(bild, r))}


def _trend(bild: Malbild, r: Styrrad) -> Cell | None:
    nu, da = bild.utfall(r), bild.last(r, "utfall_fg")
    bra = malvarde.riktning(*(r.attribut.get(n, "") for n in ("malvarde", "riktning", "utgangsvarde")))
    visar = malvarde.forandring(nu.text, da.text, bra, vaxer=malvarde.vaxer(r.attribut, bild.period))
    if visar is None or nu.kalla is None or da.kalla is None:
        return None
    delar = (Celldel("Senaste utfall", nu.text, nu.kalla), Celldel("Förra bokslutet", da.text, da.kalla))
    return Cell(bild.skalor.skala[TREND].ordet(visar), steg="utfallet mot det i förra bokslutet", delar=delar)
