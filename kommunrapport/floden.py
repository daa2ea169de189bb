"""Huvudvägarna, en kort funktion var: börja läsa här."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from kommunrapport.berakning.forifyllnad import Tidigare, forifyll
from kommunrapport.berakning.planering import Underlag, planera
from kommunrapport.berakning.rakna import Nod, Rakning
from kommunrapport.inlasning.avstamning import las_avstamning
from kommunrapport.inlasning.inlamning import Inlamningar, las_inlamningar
from kommunrapport.inlasning.styrning import Styrning, har_styrning, las_styrning
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Allvar, Anmarkning, Plats, sla_samman
from kommunrapport.karna.fel import AnmarkningsFel, AnvandningsFel, LastFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.karna.period import Period, datum_i_ord
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.kontroll import motor
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.bladrader import rader_pa
from kommunrapport.mall.katalog import Katalog, las_katalog
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall
from kommunrapport.mall.rapportmall import Rapportmall
from kommunrapport.rapport import anmarkningslista, arbetsbok, excel, harledning, utmatning
from kommunrapport.rapport.bygg import Byggunderlag, anmarkningsmening, bygg
from kommunrapport.rapport.modell import Rapport
from kommunrapport.rapport.spar import spar_av
from kommunrapport.rapport.word import word_av


@dataclass(frozen=True)
class Sammanstallning:
    """En period läst, räknad och kontrollerad."""

    arbete: Arbetskatalog
    mall: Periodmall
    rapportmall: Rapportmall
    styrning: Styrning
    inlamningar: Inlamningar
    rakning: Rakning
    anmarkningar: tuple[Anmarkning, ...]
    katalog: Katalog

    @property
    def slutkod(self) -> Slutkod:
        if any(self.katalog.allvar(a) >= Allvar.FEL and a.kod != "KR101" for a in self.anmarkningar):
            return Slutkod.ANMARKNINGAR
        return Slutkod.SAKNAS if self.inlamningar.saknas else Slutkod.KLART


def sammanstall(katalog: Path, period: Period, kommando: str = "delar") -> Sammanstallning:
    """Läser, räknar och kontrollerar en period. Fel: KommunrapportFel när körningen inte kan fortsätta."""
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, period)
    _krav_kommando(arbete, mall, kommando)
    rapportmall = arbete.mallkalla.las(arbete.mallkalla.i_kraft("rapport/delarsrapport", period.slut), Rapportmall)
    styrning = las_styrning(katalog, period.ar, arbete.organisation)
    katalogen = las_katalog(arbete.mallkalla)
    inlamningar = las_inlamningar(arbete, mall, styrning.rader)
    if not inlamningar.filer:
        mapp = arbete.inlamnat(period).relative_to(katalog).as_posix()
        raise SaknasFel(
            f"Det finns inga inlämningar för {period} i {mapp}.",
            f"Skriv arbetsböcker att fylla i med: kommunrapport mall --period {period}",
        )
    planer = planera(rapportmall, Underlag(arbete.organisation, period, styrning.rader))
    namn = {e.id: e.namn for e in arbete.organisation.enhet}
    rakning = Rakning(planer, fakta.sla_ihop([inlamningar.fakta, styrning.fakta]), namn, frozenset(inlamningar.saknas))
    funna = _kontrollera(arbete, mall, styrning, inlamningar, rakning)
    return Sammanstallning(arbete, mall, rapportmall, styrning, inlamningar, rakning, funna, katalogen)


def _kontrollera(arbete: Arbetskatalog, mall: Periodmall, styrning: Styrning, inlamningar: Inlamningar, rakning: Rakning) -> tuple[Anmarkning, ...]:
    period = mall.period
    tidigare = {
        "fg_period": (period.samma_fg_ar, _las_fakta(arbete, period.samma_fg_ar)),
        "bokslut_fg": (period.bokslut_fg_ar, _las_fakta(arbete, period.bokslut_fg_ar)),
    }
    prov = Prov(
        arbete.organisation,
        mall,
        styrning.rader,
        inlamningar.fakta,
        styrning.fakta,
        tidigare,
        rakning,
        las_avstamning(arbete.katalog, period),
    )
    oprovade = _oprovade(arbete, (period.samma_fg_ar, period.bokslut_fg_ar))
    return sla_samman([*inlamningar.anmarkningar, *oprovade, *motor.kor(prov, motor.las_regler(arbete.mallkalla, period.slut))])


def skriv_delarsrapport(s: Sammanstallning, *, ersatt: bool = False, strikt: bool = False) -> list[Path]:
    """Wordutkast, Excelbilaga, anmärkningar och spår. Fel: KommunrapportFel."""
    if strikt and s.slutkod:
        raise AnmarkningsFel("Rapporten skrevs inte, eftersom --strikt är angivet och kontrollen gav fel eller inlämningar saknas.")
    filer = _filer(s, bygg_rapport(s))
    with _ensam(s.arbete):
        return utmatning.skriv_filer(s.arbete.rapporter(s.mall.period), filer, ersatt=ersatt)


def frist(s: Sammanstallning) -> str:
    """Meningen om lagens frist för perioden, eller tomt."""
    post = s.mall.post
    sista = post.frist(s.mall.period.slut)
    if sista is None:
        return ""
    lagrum = f" ({s.katalog.lagrum[post.lagrum].namn})" if post.lagrum in s.katalog.lagrum else ""
    return f"{post.rapporttyp}en ska lämnas till fullmäktige och revisorerna senast {datum_i_ord(sista)}{lagrum}."


def bygg_rapport(s: Sammanstallning) -> Rapport:
    return bygg(
        Byggunderlag(
            s.rapportmall,
            s.arbete.organisation,
            s.mall.period,
            s.rakning,
            s.inlamningar.fakta,
            s.styrning.rader,
            s.anmarkningar,
            s.katalog,
        )
    )


def anmarkningsdata(s: Sammanstallning) -> list[dict[str, object]]:
    """Anmärkningarna med alla ord, de värsta först."""
    return [anmarkningslista.som_data(a, s.katalog, s.arbete.organisation) for a in anmarkningslista.ordnade(s.anmarkningar, s.katalog)]


def _filer(s: Sammanstallning, rapport: Rapport) -> dict[str, bytes]:
    data = anmarkningsdata(s)
    mening = anmarkningsmening(s.anmarkningar, s.katalog)
    titel = f"Anmärkningar {rapport.period}, {rapport.kommun}"
    return {
        f"{rapport.filnamn}.docx": word_av(rapport, s.arbete.mallkalla.fil(s.rapportmall.wordmall), mening),
        f"{rapport.filnamn}.xlsx": excel.excel_av(rapport, s.rakning),
        "anmarkningar.xlsx": anmarkningslista.excel_av(data, s.mall.period, titel),
        "anmarkningar.json": _json(data),
        "spar.json": _json(spar_av(rapport, s.rakning)),
    }


def harled(katalog: Path, period: Period, tabell: str, rad: str, kolumn: str) -> Nod:
    """Härledningen av en siffra i rapporten. Fel: AnvandningsFel om den inte finns, med vad som finns."""
    s = sammanstall(katalog, period)
    listor = {t.id: t for t in bygg_rapport(s).alla_tabeller if t.id not in s.rakning.planer}
    if tabell.count(".") >= 2 and not rad:
        tabell, _, rest = tabell.partition(".")
        rad, _, kolumn = rest.rpartition(".")
    titlar = {p.id: p.titel for p in s.rakning.planer.values()} | {t.id: t.titel for t in listor.values()}
    tabell = harledning.hitta_tabell(tabell, titlar)
    if tabell in listor:
        return harledning.i_lista(listor[tabell], rad, kolumn)
    return s.rakning.harled(harledning.hitta(s.rakning, tabell, rad, kolumn))


def skriv_mallar(katalog: Path, period: Period, enheter: Sequence[str], ut: Path | None, *, ersatt: bool = False) -> list[Path]:
    """Inlämningsböcker att fylla i, en per enhet. Fel: KommunrapportFel."""
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, period)
    valda = _valda(arbete, mall, enheter)
    styrning = las_styrning(katalog, period.ar, arbete.organisation)
    mapp = ut or katalog / "mallar-att-fylla-i" / str(period)
    filer = {e: f"{_filnamn(e)} {period}.xlsx" for e in valda}
    utmatning.skriv_nya(mapp, list(filer.values()), ersatt=ersatt)
    tidigare = _las_tidigare(arbete, mall, styrning)
    bocker = {namn: _bok(arbete, mall, enhet, styrning, tidigare, {}) for enhet, namn in filer.items()}
    return utmatning.skriv_filer(mapp, bocker, ersatt=True)


def saknade_jamforelser(katalog: Path, period: Period) -> list[Period]:
    """Tidigare perioder som inte finns i arbetskatalogen, så att deras jämförelsetal blir tomma i böckerna."""
    arbete = las_arbetskatalog(katalog)
    tidigare = dict.fromkeys((period.samma_fg_ar, period.bokslut_fg_ar))
    return [p for p in tidigare if not arbete.inlamnat(p).is_dir() or not har_styrning(katalog, p.ar)]


def skriv_inlamningsbok(katalog: Path, period: Period, enhet_id: str, fil: Path, varden: Mapping[arbetsbok.Nyckel, arbetsbok.Varde]) -> None:
    """Skriver en ifylld inlämningsbok. ``varden`` står i bladens enhet och tecken, som en människa skriver dem."""
    skriv_inlamningsbocker(katalog, period, {enhet_id: (fil, varden)})


def skriv_inlamningsbocker(katalog: Path, period: Period, bocker: Mapping[str, tuple[Path, Mapping[arbetsbok.Nyckel, arbetsbok.Varde]]]) -> None:
    """Flera ifyllda böcker på en gång; jämförelsetalen läses en gång."""
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, period)
    styrning = las_styrning(katalog, period.ar, arbete.organisation)
    tidigare = _las_tidigare(arbete, mall, styrning)
    for enhet, (fil, varden) in zip(_valda(arbete, mall, list(bocker)), bocker.values(), strict=True):
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_bytes(_bok(arbete, mall, enhet, styrning, tidigare, varden))


def _valda(arbete: Arbetskatalog, mall: Periodmall, enheter: Sequence[str]) -> list[Enhetspost]:
    if not enheter:
        return [e for e in arbete.organisation.enhet if mall.blad_for(e)]
    valda = [(namn, arbete.organisation.sok(namn)) for namn in enheter]
    okanda = [namn for namn, e in valda if e is None]
    if okanda:
        kanda = ", ".join(e.id for e in arbete.organisation.enhet)
        raise AnvandningsFel(f"Enheten {', '.join(okanda)} finns inte i kommun.toml. Det finns: {kanda}.")
    return [e for _, e in valda if e is not None]


def _filnamn(enhet: Enhetspost) -> str:
    return "".join("-" if tecken in '<>:"/\\|?*' else tecken for tecken in enhet.namn).rstrip(". ")


def _bok(
    arbete: Arbetskatalog,
    mall: Periodmall,
    enhet: Enhetspost,
    styrning: Styrning,
    tidigare: Tidigare,
    varden: Mapping[arbetsbok.Nyckel, arbetsbok.Varde],
) -> bytes:
    celler: dict[arbetsbok.Nyckel, arbetsbok.Varde] = {}
    for blad in mall.blad_for(enhet):
        rader = rader_pa(blad, styrning.rader_for(enhet.id, blad.id))
        forifyllda = forifyll(enhet.id, blad, rader, tidigare)
        celler |= arbetsbok.i_bladets_enhet(blad, rader, forifyllda, arbete.organisation)
    return arbetsbok.bok_av(arbetsbok.Bok(arbete.organisation, mall, enhet, styrning.rader, {**celler, **varden}))


def _las_tidigare(arbete: Arbetskatalog, mall: Periodmall, styrning: Styrning) -> Tidigare:
    fg_period, bokslut_fg = (_las_fakta(arbete, period) for period in (mall.period.samma_fg_ar, mall.period.bokslut_fg_ar))
    return Tidigare(styrning.fakta, fg_period, bokslut_fg)


def _las_fakta(arbete: Arbetskatalog, period: Period) -> pd.DataFrame:
    """Fakta ur en tidigare periods inlämningar; inga när perioden eller årets styrning saknas i arbetskatalogen."""
    if not arbete.inlamnat(period).is_dir() or not har_styrning(arbete.katalog, period.ar):
        return fakta.faktatabell(())
    mall = las_periodmall(arbete, period)
    styrning = las_styrning(arbete.katalog, period.ar, arbete.organisation)
    return las_inlamningar(arbete, mall, styrning.rader).fakta


def _oprovade(arbete: Arbetskatalog, perioder: Iterable[Period]) -> list[Anmarkning]:
    """Tidigare inlämningar som inte kan jämföras med, därför att årets styrning saknas."""
    return [
        Anmarkning("KR602", plats=Plats(f"styrning/{p.ar}/driftbudget.csv"), fakta={"period": p.namn})
        for p in perioder
        if arbete.inlamnat(p).is_dir() and not har_styrning(arbete.katalog, p.ar)
    ]


def _krav_kommando(arbete: Arbetskatalog, mall: Periodmall, kommando: str) -> None:
    if mall.post.kommando != kommando:
        ratt = rakna_upp([str(Period(mall.period.ar, p.manad)) for p in arbete.arshjul.period if p.kommando == kommando])
        raise AnvandningsFel(
            f"{mall.period} är {mall.post.rapporttyp.lower()} i årshjulet, inte delårsrapport.",
            f"Delårsrapporten skrivs för {ratt}. Den här versionen skriver inte andra rapporter.",
        )


@contextmanager
def _ensam(arbete: Arbetskatalog) -> Iterator[None]:
    """Håller arbetskatalogen medan filer skrivs. Fel: LastFel om en annan körning gör det."""
    las = FileLock(str(arbete.katalog / ".kommunrapport.lock"), timeout=0)
    try:
        las.acquire()
    except Timeout as fel:
        raise LastFel("En annan körning håller arbetskatalogen. Vänta tills den är klar och kör igen.") from fel
    except OSError as fel:
        raise UtmatningsFel(f"Arbetskatalogen {arbete.katalog} går inte att skriva i. Kontrollera behörigheten.") from fel
    try:
        yield
    finally:
        las.release()


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
