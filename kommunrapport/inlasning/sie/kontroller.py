"""Kontroller av bokföringen i en SIE-fil: de varnar med skillnaden, för många hela och rätta filer har en."""

from collections.abc import Iterator, Mapping, Sequence

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.sie.periodsaldo import PERIODSALDON, VERIFIKATIONER, Periodsaldon, avvikelser
from kommunrapport.inlasning.sie.siefil import Siefil, ar_balanskonto
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.belopp import HUNDRADELAR, Enhet
from kommunrapport.karna.visning import exakt_i_ord

_EGET_KAPITAL, _BOKSLUTSKONTO = "20", "899"
_NAMNDA = 5


def kontrollera(sie: Siefil, saldon: Periodsaldon) -> Iterator[Anmarkning]:
    """Att debet är kredit, att förändringarna leder till saldot och att årets början är föregående års slut."""
    if not saldon.satt:
        return
    yield from _balanserar(sie, saldon)
    yield from _leder_till_saldot(sie, saldon)
    yield from _borjar_dar_forra_slutade(sie, saldon.arsnr)


def kronor(ore: int) -> str:
    """Beloppet i kronor, med ören när det har sådana."""
    return exakt_i_ord(ore, "belopp", Enhet.KR, minst=2 if ore % HUNDRADELAR else 0)


def _balanserar(sie: Siefil, saldon: Periodsaldon) -> Iterator[Anmarkning]:
    """Summan är noll. Är resultatet bokat i eget kapital utan bokslutskonto är balanskontonas summa noll i stället."""
    alla = sum(s.ore for s in saldon.vid_slut.values())
    balans = sum(s.ore for konto, s in saldon.vid_slut.items() if ar_balanskonto(konto))
    bokslut = any(s.ore for konto, s in saldon.vid_slut.items() if konto.startswith(_BOKSLUTSKONTO))
    if alla and (balans or bokslut):
        yield Anmarkning("KR156", plats=Plats(sie.fil), lamnat=kronor(alla), skillnad=kronor(alla))


def _leder_till_saldot(sie: Siefil, saldon: Periodsaldon) -> Iterator[Anmarkning]:
    satt = VERIFIKATIONER if saldon.satt == VERIFIKATIONER else PERIODSALDON
    if satt == PERIODSALDON and (not sie.periodsaldon.get(saldon.arsnr) or sie.bara_objekt.get(saldon.arsnr)):
        return
    skillnader = avvikelser(sie, saldon.arsnr, satt)
    if skillnader:
        yield _per_konto("KR157", sie, saldon.arsnr, skillnader, {"orsak": satt})


def _borjar_dar_forra_slutade(sie: Siefil, arsnr: int) -> Iterator[Anmarkning]:
    ingaende, fg = sie.ingaende.get(arsnr), sie.utgaende.get(arsnr - 1)
    if not ingaende or not fg:
        return
    konton = [k for k in sorted({*ingaende, *fg}) if ar_balanskonto(k)]
    alla = {k: (ingaende[k].ore if k in ingaende else 0) - (fg[k].ore if k in fg else 0) for k in konton}
    skillnader = {k: ore for k, ore in alla.items() if ore}
    if skillnader and not _ar_fjolarets_resultat(skillnader, sum(s.ore for k, s in fg.items() if not ar_balanskonto(k))):
        yield _per_konto("KR158", sie, arsnr, skillnader, {})


def _ar_fjolarets_resultat(skillnader: Mapping[str, int], resultat: int) -> bool:
    """Programmet har fört föregående års resultat till eget kapital vid årsskiftet."""
    return all(k.startswith(_EGET_KAPITAL) for k in skillnader) and sum(skillnader.values()) == resultat


def _per_konto(kod: str, sie: Siefil, arsnr: int, skillnader: Mapping[str, int], fakta: Mapping[str, str]) -> Anmarkning:
    """Kontona med störst skillnad först."""
    ordnade = sorted(skillnader, key=lambda k: (-abs(skillnader[k]), k))
    fler = f" och {len(ordnade) - _NAMNDA} konton till" if len(ordnade) > _NAMNDA else ""
    namnda = ", ".join(f"{k}: {kronor(skillnader[k])}" for k in ordnade[:_NAMNDA]) + fler
    return Anmarkning(
        kod,
        plats=Plats(sie.fil, celler=_celler(sie, arsnr, ordnade)),
        lamnat=namnda,
        skillnad=kronor(skillnader[ordnade[0]]),
        fakta={"antal": str(len(ordnade)), **fakta},
    )


def _celler(sie: Siefil, arsnr: int, konton: Sequence[str]) -> tuple[str, ...]:
    saldon = {**sie.ingaende.get(arsnr, {}), **sie.utgaende.get(arsnr, {})}
    return tuple(f"rad {saldon[k].rad}" for k in konton if k in saldon)[: granser.SIE_MAX_VISADE]
