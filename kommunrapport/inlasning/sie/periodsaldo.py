"""Periodens saldon ur en SIE-fil: per konto vid periodens slut, vid årets början och för samma tid föregående år.

Filens egna saldon används när de gäller till och med periodens slut. Annars läggs månadernas förändringar, eller
verifikationerna, till den ingående balansen. Räcker filen inte till något av det sägs vad som saknas.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from kommunrapport.inlasning.sie.siefil import Rakenskapsar, Saldorad, Siefil, ar_balanskonto
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp

SALDON, PERIODSALDON, VERIFIKATIONER = "saldon", "periodsaldon", "verifikationer"


class Kontosaldo(NamedTuple):
    """Belopp i öre, debet plus och kredit minus, och raden eller raderna det kommer ur."""

    ore: int
    cell: str


Saldon = Mapping[str, Kontosaldo]


@dataclass(frozen=True, slots=True)
class Periodsaldon:
    """``satt`` är hur saldona är tagna: filens saldon, periodsaldon eller verifikationer; tomt när det inte gick."""

    satt: str = ""
    vid_slut: Saldon = field(default_factory=dict)
    """Balanskontons saldo och resultatkontons summa från räkenskapsårets början."""
    ingaende: Saldon = field(default_factory=dict)
    samma_tid_fg: Saldon = field(default_factory=dict)
    """Resultatkontons summa för samma månader föregående räkenskapsår, när filen har den."""
    ar: Rakenskapsar | None = None
    arsnr: int = 0
    anmarkningar: tuple[Anmarkning, ...] = ()


def periodens_saldon(sie: Siefil, period: Period) -> Periodsaldon:
    """Saldona till och med periodens sista dag, med anmärkningar om räkenskapsåret och om det som saknas."""
    arsnr = next((nr for nr in sorted(sie.ar, reverse=True) if sie.ar[nr].start <= period.slut <= sie.ar[nr].slut), None)
    if arsnr is None:
        finns = ", ".join(f"{ar.start}–{ar.slut}" for ar in sie.ar.values()) or "inget räkenskapsår"
        return Periodsaldon(anmarkningar=(Anmarkning("KR152", plats=Plats(sie.fil), lamnat=finns, vantat=period.namn),))
    lage = _Lage(sie, period, arsnr, sie.ar[arsnr])
    saldon = _tag_saldon(lage)
    return replace(saldon, ar=lage.ar, arsnr=arsnr, anmarkningar=(*_om_aret(lage), *saldon.anmarkningar))


@dataclass(frozen=True, slots=True)
class _Lage:
    """Filen, perioden och det räkenskapsår som perioden ligger i."""

    sie: Siefil
    period: Period
    arsnr: int
    ar: Rakenskapsar

    @property
    def slut(self) -> date:
        return self.period.slut

    @property
    def ingaende(self) -> Mapping[str, Saldorad]:
        """#IB, eller föregående års #UB när filen bara har den."""
        return self.sie.ingaende.get(self.arsnr) or _balanskonton(self.sie.utgaende.get(self.arsnr - 1, {}))

    @property
    def utgaende(self) -> Mapping[str, Saldorad]:
        return self.sie.utgaende.get(self.arsnr, {})

    @property
    def omfattning(self) -> date | None:
        """#OMFATTN när den ligger i räkenskapsåret; annars är den inte satt av programmet."""
        dag = self.sie.omfattning
        return dag if dag and self.arsnr == 0 and self.ar.start <= dag <= self.ar.slut else None

    @property
    def sista_bokforda(self) -> date | None:
        """Sista dagen i den sista månaden med något bokfört, när filen har månader."""
        saldon = self.sie.periodsaldon.get(self.arsnr, {})
        manader = {m for m, konton in saldon.items() if any(s.ore for s in konton.values())}
        manader |= set(self.sie.bara_objekt.get(self.arsnr, ()))
        manader |= set(_i_aret(self.sie.verifikationer, self.ar)) if self.arsnr == 0 else set()
        return max((_manadens_slut(m) for m in manader), default=None)

    @property
    def saldodag(self) -> date | None:
        """Dagen som filens saldon gäller till och med; None när det inte går att veta."""
        sista, omfattning = self.sista_bokforda, self.omfattning
        if self.arsnr < 0:
            return self.ar.slut
        if omfattning and not (sista and _manad(sista) > _manad(omfattning)):
            return omfattning
        if sista:
            return sista
        return self.ar.slut if self.sie.skapad and self.sie.skapad >= self.ar.slut else None


def _om_aret(lage: _Lage) -> Iterator[Anmarkning]:
    plats = Plats(lage.sie.fil)
    if lage.ar.start != date(lage.period.ar, 1, 1):
        yield Anmarkning("KR154", plats=plats, lamnat=f"{lage.ar.start}–{lage.ar.slut}", vantat=lage.period.spann)
    if lage.arsnr == 0 and lage.sie.omfattning and lage.omfattning is None:
        sista = lage.sista_bokforda
        yield Anmarkning("KR143", plats=plats, lamnat=str(lage.sie.omfattning), vantat=str(sista or lage.ar.slut))
    tidigt = list(_tidigt(lage))
    if tidigt:
        yield Anmarkning("KR155", plats=plats, vantat=str(lage.slut), fakta={"orsak": rakna_upp(tidigt)})


def _tidigt(lage: _Lage) -> Iterator[str]:
    if lage.arsnr < 0:
        return
    if lage.sie.skapad and lage.sie.skapad < lage.slut:
        yield f"filen skapades {lage.sie.skapad}"
    if lage.saldodag and lage.saldodag < lage.slut and lage.saldodag != lage.omfattning:
        yield f"sista bokförda månaden är {lage.saldodag:%Y-%m}"


def _tag_saldon(lage: _Lage) -> Periodsaldon:
    saldodag = lage.saldodag
    if saldodag is None:
        return _saknas(lage, "filen säger inte till vilken dag saldona gäller (#OMFATTN saknas) och har inga månader")
    if saldodag > lage.slut or not lage.utgaende:
        return _summera(lage)
    if saldodag == lage.omfattning and saldodag < lage.slut:
        return _saknas(lage, f"saldona gäller bara till och med {saldodag}")
    return Periodsaldon(SALDON, _till_saldon(lage.utgaende), _till_saldon(_balanskonton(lage.ingaende)), _samma_tid_fg(lage))


def _saknas(lage: _Lage, orsak: str) -> Periodsaldon:
    return Periodsaldon(anmarkningar=(Anmarkning("KR153", plats=Plats(lage.sie.fil), vantat=str(lage.slut), fakta={"orsak": orsak}),))


def _summera(lage: _Lage) -> Periodsaldon:
    """Den ingående balansen och månaderna till och med perioden."""
    satt, orsak = _kalla(lage)
    if not satt:
        return _saknas(lage, orsak)
    if not lage.ingaende and (not lage.utgaende or any(ar_balanskonto(k) for k in avvikelser(lage.sie, lage.arsnr, satt))):
        return _saknas(lage, "ingående balanser (#IB) saknas")
    till = f"{lage.period.ar}{lage.period.manad:02d}"
    ingaende = _balanskonton(lage.ingaende)
    return Periodsaldon(
        satt,
        _lagg_till(ingaende, _forandring(lage.sie, lage.arsnr, satt, till), verifikationer=satt == VERIFIKATIONER),
        _till_saldon(ingaende),
        _samma_tid_fg(lage),
    )


def _kalla(lage: _Lage) -> tuple[str, str]:
    """Hur månaderna tas, eller varför de inte går att få."""
    till = f"{lage.period.ar}{lage.period.manad:02d}"
    objekt = sorted({k for m, konton in lage.sie.bara_objekt.get(lage.arsnr, {}).items() if m <= till for k in konton})
    if lage.sie.periodsaldon.get(lage.arsnr) and not objekt:
        return PERIODSALDON, ""
    if lage.arsnr == 0 and _i_aret(lage.sie.verifikationer, lage.ar):
        return VERIFIKATIONER, ""
    if objekt:
        fler = f" och {len(objekt) - 3} konton till" if len(objekt) > 3 else ""
        return "", f"periodsaldon för {', '.join(objekt[:3])}{fler} finns bara per objekt, utan totalrad, och objekten behöver inte vara hela kontot"
    har = f"filen har saldon till och med {lage.saldodag}" if lage.utgaende else "filen saknar utgående saldon (#UB och #RES)"
    return "", f"{har} och varken periodsaldon (#PSALDO) eller verifikationer"


def _samma_tid_fg(lage: _Lage) -> Saldon:
    """Föregående års resultatkonton för samma tid, bara när båda åren börjar samma dag och filen har talen."""
    fg, arsnr = lage.sie.ar.get(lage.arsnr - 1), lage.arsnr - 1
    if fg is None or not _ett_ar_fore(fg.start, lage.ar.start):
        return {}
    if lage.slut == lage.ar.slut and _ett_ar_fore(fg.slut, lage.ar.slut):
        return _till_saldon(_resultatkonton(lage.sie.utgaende.get(arsnr, {})))
    hela = lage.sie.periodsaldon.get(arsnr) and not lage.sie.bara_objekt.get(arsnr)
    if not hela or any(not ar_balanskonto(k) for k in avvikelser(lage.sie, arsnr, PERIODSALDON)):
        return {}
    till = f"{lage.period.ar - 1}{lage.period.manad:02d}"
    summor = _lagg_till({}, _forandring(lage.sie, arsnr, PERIODSALDON, till), verifikationer=False)
    return {konto: saldo for konto, saldo in summor.items() if not ar_balanskonto(konto)}


def avvikelser(sie: Siefil, arsnr: int, satt: str) -> dict[str, int]:
    """Konton vars ingående balans och årets förändringar inte är filens #UB eller #RES, med skillnaden i öre; inga när filen saknar dem."""
    ingaende = _balanskonton(sie.ingaende.get(arsnr) or sie.utgaende.get(arsnr - 1, {}))
    summor = _lagg_till(ingaende, _forandring(sie, arsnr, satt, "999999"), verifikationer=False)
    utgaende = sie.utgaende.get(arsnr)
    if not utgaende:
        return {}
    skillnader = {k: (summor[k].ore if k in summor else 0) - (utgaende[k].ore if k in utgaende else 0) for k in {*summor, *utgaende}}
    return {k: skillnader[k] for k in sorted(skillnader) if skillnader[k]}


def _forandring(sie: Siefil, arsnr: int, satt: str, till: str) -> dict[str, list[Saldorad]]:
    """Förändringarna per konto till och med månaden; en verifikationssumma har radnummer 0."""
    rader: dict[str, list[Saldorad]] = {}
    if satt == PERIODSALDON:
        for manad, konton in sie.periodsaldon.get(arsnr, {}).items():
            for konto, saldo in konton.items() if manad <= till else ():
                rader.setdefault(konto, []).append(saldo)
    else:
        for manad, summor in _i_aret(sie.verifikationer, sie.ar[arsnr]).items():
            for konto, ore in summor.items() if manad <= till else ():
                rader.setdefault(konto, []).append(Saldorad(ore, 0))
    return rader


def _lagg_till(ingaende: Mapping[str, Saldorad], forandring: Mapping[str, list[Saldorad]], *, verifikationer: bool) -> dict[str, Kontosaldo]:
    saldon = {}
    for konto in dict.fromkeys((*ingaende, *forandring)):
        delar = [*([ingaende[konto]] if konto in ingaende else []), *forandring.get(konto, ())]
        radnr = [d.rad for d in delar if d.rad]
        cell = _cell(radnr)
        if verifikationer and konto in forandring:
            cell = f"{cell} och verifikationerna" if cell else "verifikationerna"
        saldon[konto] = Kontosaldo(sum(d.ore for d in delar), cell)
    return saldon


def _cell(radnr: list[int]) -> str:
    if not radnr:
        return ""
    forsta, sista = min(radnr), max(radnr)
    return f"rad {forsta}" if forsta == sista else f"rad {forsta}–{sista}"


def _till_saldon(rader: Mapping[str, Saldorad]) -> dict[str, Kontosaldo]:
    return {konto: Kontosaldo(saldo.ore, f"rad {saldo.rad}") for konto, saldo in rader.items()}


def _balanskonton(saldon: Mapping[str, Saldorad]) -> dict[str, Saldorad]:
    return {konto: saldo for konto, saldo in saldon.items() if ar_balanskonto(konto)}


def _resultatkonton(saldon: Mapping[str, Saldorad]) -> dict[str, Saldorad]:
    return {konto: saldo for konto, saldo in saldon.items() if not ar_balanskonto(konto)}


def _i_aret(verifikationer: Mapping[str, Mapping[str, int]], ar: Rakenskapsar) -> dict[str, Mapping[str, int]]:
    return {m: s for m, s in verifikationer.items() if _manad(ar.start) <= m <= _manad(ar.slut)}


def _manad(dag: date) -> str:
    return f"{dag:%Y%m}"


def _manadens_slut(manad: str) -> date:
    return Period(int(manad[:4]), int(manad[4:])).slut


def _ett_ar_fore(fg: date, dag: date) -> bool:
    return (fg.year + 1, fg.month, min(fg.day, 28)) == (dag.year, dag.month, min(dag.day, 28))
