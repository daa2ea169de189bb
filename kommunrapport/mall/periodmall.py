"""Periodens mall: årshjulets post avgör vilka blad och kolumner som hör till perioden."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from kommunrapport.karna.fel import AnvandningsFel, MallFel
from kommunrapport.karna.period import MANADER, Period
from kommunrapport.karna.sprak import menade_du, rakna_upp
from kommunrapport.mall import arkivmapp, lasning
from kommunrapport.mall.arshjulsmall import Arshjul, Arshjulspost, Lagesbildsmall
from kommunrapport.mall.koncernmall import Koncernmall
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.modell import Blad, Inlamningsmall, Kolumn, Omradeslista
from kommunrapport.mall.organisation import Enhetspost, Organisation
from kommunrapport.mall.rubriker import fyll_i, rubrikord
from kommunrapport.mall.skalor import Skalor
from kommunrapport.mall.uppstallning import med_uppstallning

FG_PROGNOS = "fg_prognos"
"""Årets förra prognos, bland de tidigare perioderna."""
PROGNOSFORANDRING = "prognosforandring"
"""Området för perioder vars prognos jämförs med en tidigare under året; årshjulets ordning ger det."""
PROGNOSSAKERHET = "prognossakerhet"
"""Området för bokslut där årets prognoser jämförs med utfallet."""

TEXTBLAD, LAGESTEXTBLAD = "texter", "lagetexter"
"""Bladen med rapportens texter, och med lägesbildens: ett stycke text per rad."""
INLAMNINGSMALLAR = {"lagesbild": "inlamning-lagesbild"}
"""Årshjulets kommando → mappen med inlämningsbokens mall, när den inte är den vanliga."""


@dataclass(frozen=True)
class Arbetskatalog:
    """En kommuns arbetskatalog: var den ligger, organisationen och mallarna som gäller där."""

    katalog: Path
    organisation: Organisation
    mallkalla: Mallkalla

    @cached_property
    def lasta(self) -> dict[Any, Any]:
        """Period- och rapportmallar som är lästa: de är frysta, och läses en gång per körning."""
        return {}

    @cached_property
    def arshjul(self) -> Arshjul:
        """Årshjulet utan de områden som kommunen inte har, och med kommunens lägesbilder. Fel: MallFel."""
        profil, utan = self.organisation.arshjul.profil, self.organisation.arshjul.utan
        if profil not in (finns := self.mallkalla.namn("arshjul")):
            raise MallFel(
                f"kommun.toml: [arshjul] profil: årshjulet ”{profil}” finns inte; tillåtet är {', '.join(finns)}.{menade_du(profil, finns)}"
            )
        hjul = self.mallkalla.las(f"arshjul/{profil}.toml", Arshjul)
        if sammantraden := self.organisation.lagesbild.sammantraden:
            lagesbilder = self.mallkalla.las("lagesbild.toml", Lagesbildsmall).poster(sammantraden)
            hjul = hjul.model_copy(update={"period": (*hjul.period, *lagesbilder)})
        valbara = list(dict.fromkeys(o for post in hjul.period for o in post.omraden))
        okanda = [o for o in utan if o not in valbara]
        if okanda:
            raise MallFel(
                f"kommun.toml: [arshjul] utan: området {', '.join(okanda)} finns inte i årshjulet {hjul.namn}; tillåtet är {', '.join(valbara)}."
            )
        egna = tuple(p.model_copy(update={"omraden": tuple(o for o in p.omraden if o not in utan)}) for p in hjul.period)
        return hjul.model_copy(update={"period": egna}) if utan else hjul

    def inlamnat(self, period: Period) -> Path:
        return self.katalog / "inlamnat" / str(period)

    def att_fylla_i(self, period: Period) -> Path:
        """Där böckerna att fylla i hamnar."""
        return self.katalog / "mallar-att-fylla-i" / str(period)

    def rapporter(self, period: Period) -> Path:
        return self.katalog / "rapporter" / str(period)

    def underlag(self, period: Period) -> Path:
        """Katalogen som en tidigare periods inlämningar och beslut läses ur: den senast fastställda versionen, annars den egna."""
        return next(reversed(arkivmapp.versioner(self.katalog, period).values()), self.katalog)

    def har_underlag(self, period: Period) -> bool:
        """Om något är inlämnat för perioden; en tom mapp är inget underlag."""
        mapp = self.inlamnat_i_underlag(period)
        return any(f.is_file() and not f.name.startswith(".") for f in (mapp.iterdir() if mapp.is_dir() else ()))

    def inlamnat_i_underlag(self, period: Period) -> Path:
        return self.underlag(period) / "inlamnat" / str(period)


@dataclass(frozen=True)
class Periodmall:
    """Allt som mallarna säger om en period."""

    period: Period
    post: Arshjulspost
    inlamning: Inlamningsmall
    blad: tuple[Blad, ...]
    koncern: Koncernmall
    skalor: Skalor
    ovriga: tuple[Blad, ...] = ()
    """Blad som finns i mallarna men inte hör till perioden."""
    utan: tuple[str, ...] = ()
    """Enheter som inte lämnar något för perioden."""

    def blad_for(self, enhet: Enhetspost) -> tuple[Blad, ...]:
        """Enhetens blad, med de rader som enheten har i perioden."""
        if enhet.id in self.utan or enhet.slag not in self.inlamning.galler_for:
            return ()
        if enhet.slag not in self._per_slag:
            self._per_slag[enhet.slag] = tuple(self._med_rader(blad, enhet.slag) for blad in self.blad if enhet.slag in blad.galler_for)
        return self._per_slag[enhet.slag]

    @cached_property
    def _per_slag(self) -> dict[str, tuple[Blad, ...]]:
        return {}

    def _med_rader(self, blad: Blad, slag: str) -> Blad:
        egna = tuple(r for r in blad.rad if (not r.galler_for or slag in r.galler_for) and self.post.innehaller(r.kraver))
        return blad if len(egna) == len(blad.rad) else blad.model_copy(update={"rad": egna})


def las_arbetskatalog(katalog: Path) -> Arbetskatalog:
    """Läser kommun.toml. Fel: AnvandningsFel om katalogen inte är en arbetskatalog, MallFel om filen har brister."""
    fil = katalog / "kommun.toml"
    if not fil.is_file():
        raise AnvandningsFel(
            f"Katalogen {katalog.absolute()} är ingen arbetskatalog: filen kommun.toml finns inte där.",
            "Ange en annan katalog med --katalog eller miljövariabeln KOMMUNRAPPORT_KATALOG, eller gör en ny med: kommunrapport ny MAPP",
        )
    organisation = lasning.tolka(Organisation, lasning.las_toml(fil, "kommun.toml"), "kommun.toml")
    return Arbetskatalog(katalog, organisation, Mallkalla.for_katalog(katalog))


def las_periodmall(arbete: Arbetskatalog, period: Period) -> Periodmall:
    """Mallen för perioden. Fel: AnvandningsFel om årshjulet inte har perioden."""
    if period not in arbete.lasta:
        arbete.lasta[period] = _periodmall(arbete, period)
    return cast("Periodmall", arbete.lasta[period])


def _periodmall(arbete: Arbetskatalog, period: Period) -> Periodmall:
    post = _post(arbete.arshjul, period)
    kalla = arbete.mallkalla
    skalor = kalla.las(kalla.i_kraft("skalor", period.slut), Skalor)
    inlamning = _med_skalor(kalla.las(kalla.i_kraft(INLAMNINGSMALLAR.get(post.kommando, "inlamning"), period.slut), Inlamningsmall), skalor)
    lasta = [kalla.las(kalla.i_kraft(f"blad/{namn}", period.slut), Blad) for namn in inlamning.blad]
    blad = [med_uppstallning(b, kalla, period, arbete.organisation) for b in lasta]
    _granska_omraden(kalla, arbete.arshjul, blad)
    koncern = kalla.las(kalla.i_kraft("koncern", period.slut), Koncernmall)
    post = _med_givna_omraden(arbete.arshjul, post)
    egna = tuple(_for_perioden(b, post) for b in blad if post.innehaller(b.kraver))
    _granska_val(inlamning, egna)
    ovriga = tuple(b for b in blad if not post.innehaller(b.kraver))
    utan = arbete.organisation.lagesbild.utan if period.lagesbild else ()
    return Periodmall(period, post, inlamning, egna, koncern, skalor, ovriga, utan)


def _med_skalor(inlamning: Inlamningsmall, skalor: Skalor) -> Inlamningsmall:
    """Inlämningsboken med skalornas steg bland listorna. Fel: MallFel när en egen inlämningsmall har andra steg än skalan."""
    for namn, steg in skalor.listor.items():
        if inlamning.val.get(namn, steg) != steg:
            raise MallFel(
                f"mallar/inlamning: listan {namn} har andra steg än skalan i mallar/skalor. Ta bort listan ur inlämningsmallen och skriv "
                "stegen, med poäng, i arbetskatalogens mallar/skalor/."
            )
    return inlamning.model_copy(update={"val": {**skalor.listor, **inlamning.val}})


def textrader(kalla: Mallkalla, period: Period) -> dict[str, tuple[str, str]]:
    """Textbladens rader som en Wordmall får nämna, med blad och namn: kommunens egna och de medföljande, även dem som perioden inte har."""
    rader: dict[str, tuple[str, str]] = {}
    for blad in (LAGESTEXTBLAD, TEXTBLAD):
        for k in (kalla.grund, kalla):
            if k.har_i_kraft(mapp := f"blad/{blad}", period.slut):
                rader |= {r.id: (blad, r.namn) for r in k.las(k.i_kraft(mapp, period.slut), Blad).rad}
    return rader


def bedomningsskala(mall: Periodmall) -> str:
    """Skalan som målen bedöms på i perioden: helårsprognosens eller bokslutets. Tomt när perioden inte har mål."""
    kolumner = (k for b in mall.blad if b.id == "mal" for k in b.kolumn if k.id == "bedomning")
    return next((k.val for k in kolumner if k.val in mall.skalor.skala), "")


def _med_givna_omraden(arshjul: Arshjul, post: Arshjulspost) -> Arshjulspost:
    """Posten med områdena som följer av årshjulet: rapporten, och prognosens förändring när en tidigare period under året har prognos."""
    tidigare = post.prognos and any(p.prognos and p.period(1) < post.period(1) for p in arshjul.period)
    return post.model_copy(update={"omraden": (*post.omraden, *((PROGNOSFORANDRING,) if tidigare else ()), post.kommando)})


def prognosnamn(period: Period) -> str:
    """Vad en av årets tidigare prognoser heter bland de tidigare perioderna."""
    return f"prognos-{period}"


def rubrik(kolumn: Kolumn, period: Period) -> str:
    return fyll_i(kolumn.rubrik, rubrikord(period), f"mallar/blad, kolumnen {kolumn.id}")


def _for_perioden(blad: Blad, post: Arshjulspost) -> Blad:
    kolumner = tuple(_for_periodens_slag(k, post) for k in blad.kolumn if post.innehaller(k.kraver))
    return blad.model_copy(update={"kolumn": kolumner})


def _for_periodens_slag(kolumn: Kolumn, post: Arshjulspost) -> Kolumn:
    """Kolumnen med den lista, den rubrik och det uttryck som gäller när perioden inte har prognos."""
    namn = ("val", "rubrik", "uttryck")
    andrat = {} if post.prognos else {n: v for n in namn if (v := getattr(kolumn, f"{n}_utan_prognos"))}
    return kolumn.model_copy(update=andrat) if andrat else kolumn


def _granska_val(inlamning: Inlamningsmall, blad: Sequence[Blad]) -> None:
    for b in blad:
        okanda = ({v for k in b.kolumn for v in (k.val, k.val_utan_prognos) if v} | {r.val for r in b.rad if r.val}) - set(inlamning.val)
        if okanda:
            tillatet = ", ".join(inlamning.val)
            raise MallFel(f"mallar/blad/{b.id}: listan {', '.join(sorted(okanda))} finns inte; tillåtet är {tillatet}.")


def _granska_omraden(kalla: Mallkalla, arshjul: Arshjul, blad: Sequence[Blad]) -> None:
    """Fel: MallFel när årshjulet eller ett blad nämner ett område som inte finns."""
    finns = kalla.las("omraden.toml", Omradeslista).omrade
    ur_arshjulet = {f"arshjul/{arshjul.id}": [o for p in arshjul.period for o in p.omraden]}
    ur_bladen = {f"blad/{b.id}": [*b.kraver, *(o for k in b.kolumn for o in k.kraver), *(o for r in b.rad for o in r.kraver)] for b in blad}
    for mall, namnda in {**ur_arshjulet, **ur_bladen}.items():
        okanda = sorted({del_ for namn in namnda for del_ in namn.split("+")} - set(finns))
        if okanda:
            raise MallFel(f"mallar/{mall}: området {', '.join(okanda)} finns inte; tillåtet är {', '.join(finns)}.")


def _post(arshjul: Arshjul, period: Period) -> Arshjulspost:
    for post in arshjul.period:
        if post.period(period.ar) == period and post.finns(period.ar):
            return post
    raise AnvandningsFel(ingen_period(arshjul, period))


def ingen_period(arshjul: Arshjul, period: Period) -> str:
    """Meningen om att årshjulet inte har perioden, med de närmaste, eller att månaden inte har något sammanträde."""
    poster = [p for p in arshjul.period if p.period(period.ar).lagesbild == period.lagesbild]
    kandidater = {post.period(ar): post for ar in (period.ar - 1, period.ar, period.ar + 1) for post in poster if post.finns(ar)}
    if period.lagesbild:
        dagar = sorted(d for p in poster for d in p.sammantraden)
        alla = ", ".join([*map(str, dagar), f"{period.ar}-{period.manad:02d}-DD"])
        manad = f"{MANADER[period.manad - 1]} {period.ar}"
        return f"Kommunstyrelsen har inget sammanträde i {manad} enligt kommun.toml. Lägg till dagen där, under [lagesbild]: sammantraden = [{alla}]"
    narmast = [*sorted(p for p in kandidater if p < period)[-1:], *sorted(p for p in kandidater if period < p)[:1]]
    forslag = rakna_upp([f"{p} ({kandidater[p].rapporttyp.lower()} {MANADER[p.manad - 1]})" for p in narmast])
    return (
        f"{period} är ingen rapportperiod i årshjulet {arshjul.namn}. Närmast ligger {forslag}. "
        f"Alla perioder under året: {rakna_upp(list(dict.fromkeys(MANADER[p.manad - 1] for p in poster)))}."
    )
