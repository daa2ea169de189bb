"""Genererade meningar: mallens ord med siffror ur samma räkning som tabellerna."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import jinja2

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna.belopp import HUNDRADELAR, KVOTDELAR, avrunda
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.plan import Adress, Tabellplan
from kommunrapport.karna.sprak import NBSP, formatera, genitiv, liten_bokstav, rakna_upp, stor_bokstav


class UppgiftSaknas(Exception):
    """En mening bygger på en siffra som inte finns."""


@dataclass(frozen=True, slots=True)
class Textal:
    """En siffra i en mening: var den står, hur den visas och siffran som den är."""

    mening: str
    text: str
    """Hela meningen."""
    visas: str
    adress: Adress


_Anrop: TypeAlias = tuple[str, tuple[Any, ...], Any]


@dataclass(frozen=True)
class Sprakrakning:
    """Orden som mallens meningar kan använda. Adresser skrivs ``tabell.rad.kolumn``."""

    rakning: Rakning
    dolda: frozenset[Adress] = frozenset()
    """Siffror som bygger på en för liten grupp och inte får nämnas: de finns inte i meningarna."""

    def saknade(self, tabell: str) -> str:
        """Enheter som har en rad i tabellen men inte har lämnat fullständiga uppgifter."""
        saknade = self.rakning.ofullstandiga(tabell)
        return rakna_upp([namn for enhet, namn in self.rakning.enhetsnamn.items() if enhet in saknade])

    def varde(self, adress: str) -> int:
        return self._varde(Adress.ur(adress))

    def finns(self, adress: str) -> bool:
        a = Adress.ur(adress)
        return self.rakning.har(a) and a not in self.dolda and self.rakning.varde(a) is not None

    def tal(self, adress: str) -> str:
        """``−12,4 mnkr``."""
        return self._belopp(Adress.ur(adress), self.varde(adress))

    def antal(self, adress: str) -> str:
        return formatera(avrunda(self.varde(adress), HUNDRADELAR, 0), 0)

    def procent(self, adress: str) -> str:
        return f"{formatera(avrunda(self.varde(adress), KVOTDELAR, 1), 1)}{NBSP}procent"

    def mot_budget(self, adress: str) -> str:
        """``5,9 mnkr lägre än``; passar före ett budgeterat belopp."""
        visat = self._visat(adress)
        if not visat:
            return "lika med"
        return f"{self.storlek(adress)} {'högre' if visat > 0 else 'lägre'} än"

    def over_under(self, adress: str) -> str:
        """``ett underskott på 12,3 mnkr``."""
        visat = self._visat(adress)
        if not visat:
            return "varken över- eller underskott"
        return f"ett {'överskott' if visat > 0 else 'underskott'} på {self.storlek(adress)}"

    def jamfort(self, adress: str) -> str:
        """``ett underskott på 12,3 mnkr mot budget`` eller ``i nivå med budget``."""
        return f"{self.over_under(adress)} mot budget" if self._visat(adress) else "i nivå med budget"

    def forandrats(self, adress: str) -> str:
        """``förbättrats med 2,1 mnkr`` eller ``inte ändrats``; en höjd prognos för nettot är bättre."""
        visat = self._visat(adress)
        return f"{'förbättrats' if visat > 0 else 'försämrats'} med {self.storlek(adress)}" if visat else "inte ändrats"

    def battre_samre(self, adress: str) -> str:
        """``2,1 mnkr bättre än`` eller ``lika med``."""
        visat = self._visat(adress)
        return f"{self.storlek(adress)} {'bättre' if visat > 0 else 'sämre'} än" if visat else "lika med"

    def fler_farre(self, adress: str) -> str:
        antal = avrunda(self.varde(adress), HUNDRADELAR, 0)
        if not antal:
            return "lika många som"
        return f"{formatera(abs(antal), 0)} {'fler' if antal > 0 else 'färre'} än"

    def storsta_underskott(self, tabell: str, antal: int) -> str:
        return self._storsta(tabell, antal, -1)

    def storsta_overskott(self, tabell: str, antal: int) -> str:
        return self._storsta(tabell, antal, 1)

    def utan(self, tabell: str, kolumn: str, om: str) -> str:
        """Enheterna vars rad har en siffra i ``om`` som inte är noll men ingen i ``kolumn``."""
        plan = self.rakning.planer[tabell]
        rader = [r for r in plan.rader if r.enhet and r.stil == "rad"]
        saknar = [r.namn for r in rader if self.rakning.varde(Adress(tabell, r.id, om)) and self.rakning.varde(Adress(tabell, r.id, kolumn)) is None]
        return rakna_upp(saknar)

    def _storsta(self, tabell: str, antal: int, tecken: int) -> str:
        return rakna_upp([namn for namn, _ in self.de_storsta(tabell, antal, tecken)])

    def de_storsta(self, tabell: str, antal: int, tecken: int) -> list[tuple[str, Adress]]:
        """Namn med avvikelse, och avvikelsens adress, för dem som avviker mest åt det håll som tecknet säger."""
        plan = self.rakning.planer[tabell]
        kolumn = plan.kolumn("avvikelse")
        varden = [
            (r.namn, a := Adress(tabell, r.id, "avvikelse"), self.rakning.varde(a))
            for r in plan.rader
            if r.stil == "rad" and r.enhet and _ar_namnd(plan, r.id)
        ]
        urval = sorted(
            ((namn, a, v) for namn, a, v in varden if v is not None and avrunda(v, kolumn.per, kolumn.decimaler) * tecken > 0),
            key=lambda post: -post[2] * tecken,
        )[:antal]
        return [(f"{namn} ({self._belopp(a, v)})", a) for namn, a, v in urval]

    def _varde(self, adress: Adress) -> int:
        if not self.rakning.har(adress):
            raise MallFel(f"mallar/rapport: en mening använder {adress}, som inte finns.")
        varde = self.rakning.varde(adress)
        if varde is None:
            plan = self.rakning.planer[adress.tabell]
            raise UppgiftSaknas(f"{plan.titel}: {plan.rad(adress.rad).namn}, {plan.kolumn(adress.kolumn).rubrik}")
        kolumn = self.rakning.planer[adress.tabell].kolumn(adress.kolumn)
        return -varde if kolumn.vand else varde

    def _visat(self, adress: str) -> int:
        kolumn = self._kolumn(Adress.ur(adress))
        return avrunda(self.varde(adress), kolumn.per, kolumn.decimaler)

    def storlek(self, adress: str) -> str:
        """``12,4 mnkr`` utan tecken."""
        return self._belopp(Adress.ur(adress), abs(self.varde(adress)))

    def _kolumn(self, adress: Adress) -> Any:
        return self.rakning.planer[adress.tabell].kolumn(adress.kolumn)

    def _belopp(self, adress: Adress, varde: int) -> str:
        kolumn = self._kolumn(adress)
        return f"{formatera(avrunda(varde, kolumn.per, kolumn.decimaler), kolumn.decimaler)}{NBSP}{self.rakning.planer[adress.tabell].enhet}"


def skriv_meningar(mallar: Mapping[str, str], sprak: Sprakrakning, uppgifter: Mapping[str, Any], tal: list[Textal] | None = None) -> dict[str, str]:
    """Varje mening färdig; siffrorna i dem läggs i ``tal``. En mening vars siffra saknas säger vilken. Fel: MallFel."""
    return {namn: skriv_mening(namn, mall, sprak, uppgifter, tal) for namn, mall in mallar.items()}


def skriv_mening(namn: str, mall: str, sprak: Sprakrakning, uppgifter: Mapping[str, Any], tal: list[Textal] | None = None) -> str:
    anrop: list[_Anrop] = []
    ord_ = {n: _antecknad(n, getattr(sprak, n), anrop) for n in ORD}
    try:
        text = _mening(mall).render({**ord_, **uppgifter}).strip()
    except UppgiftSaknas as saknas:
        return f"Uppgift saknas: {saknas}."
    except jinja2.TemplateError as fel:
        raise MallFel(f"mallar/rapport: meningen {namn} går inte att skriva ({fel}).") from fel
    if tal is not None:
        tal += dict.fromkeys(Textal(str(uppgifter.get("n", namn)), text, visas, a) for visas, a in _tal_i(anrop, sprak) if visas in text)
    return text


@cache
def _mening(mall: str) -> jinja2.Template:
    """Mallens mening, tolkad en gång; samma mening skrivs för varje enhet."""
    return MILJO.from_string(mall)


def _antecknad(namn: str, ordet: Callable[..., Any], anrop: list[_Anrop]) -> Callable[..., Any]:
    def anropat(*argument: Any) -> Any:
        svar = ordet(*argument)
        anrop.append((namn, argument, svar))
        return svar

    return anropat


def _tal_i(anrop: Sequence[_Anrop], sprak: Sprakrakning) -> Iterator[tuple[str, Adress]]:
    """Siffrorna som meningens ord har svarat med, och var de kommer ifrån."""
    for namn, argument, svar in anrop:
        if namn in ("storsta_underskott", "storsta_overskott"):
            yield from sprak.de_storsta(argument[0], argument[1], -1 if namn == "storsta_underskott" else 1)
        elif isinstance(svar, str) and any(t.isdigit() for t in svar) and namn not in ("saknade", "utan"):
            yield svar, Adress.ur(argument[0])


def skriv_alttext(diagram: str, mall: str, uppgifter: Mapping[str, object]) -> str:
    """Diagrammets alternativtext. Fel: MallFel."""
    try:
        return str(_mening(mall).render(uppgifter)).strip()
    except jinja2.TemplateError as fel:
        raise MallFel(f"mallar/rapport: alternativtexten till diagrammet {diagram} går inte att skriva ({fel}).") from fel


def _ar_namnd(plan: Tabellplan, rad: str) -> bool:
    return plan.rad(rad).enhet == rad


def uppraknat(kategorier: Sequence[str], serier: Sequence[tuple[str, Sequence[str]]], enhet: str) -> str:
    """``Budget 2024: Socialnämnden 12,0 och …``, för diagrammens alternativtext."""
    delar = [f"{namn}: {rakna_upp([f'{k} {v}' for k, v in zip(kategorier, varden, strict=True)])}" for namn, varden in serier]
    return f"{stor_bokstav('; '.join(delar))} {enhet}".strip()


ORD = tuple(n for n in dir(Sprakrakning) if n != "de_storsta" and not n.startswith("_") and callable(getattr(Sprakrakning, n)))
"""Orden om siffror som meningarna kan använda."""
MILJO = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  ren text, aldrig HTML
MILJO.filters["genitiv"] = genitiv
MILJO.filters["liten"] = liten_bokstav
