"""Periodernas siffror ur helårsbelopp, profiler och beslut: hela tusental kronor, bara heltal.

Helåren står i siffror.toml och budgeten i arbetskatalogens styrning/. Allt som ska gå ihop räknas fram här:
kostnadsslagen mot driften, driften mot resultaträkningen, resultatet mot balansräkningen.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from kommunrapport.karna.belopp import dela
from kommunrapport.karna.period import Period

Cell: TypeAlias = tuple[str, str, str]
"""Blad, rad och kolumn."""
Tabell: TypeAlias = dict[Cell, int]

FORSTA_AR = 2022
FORSTA_HME = 2023
"""Året för den första medarbetarenkäten."""
_UTFALL = {2022: 0, 2023: 2, 2024: 3}
_PROGNOS = {2023: 1, 2024: 3}
_BOKSLUT_2024 = 4
"""Platserna för helåren i siffror.toml; till och med november 2024 räknas utfallet ur prognosen för året."""
_NETTO = ("intakter", "kostnader", "avskrivningar")
_VERKSAMHET = (*_NETTO, "skatt", "statsbidrag")
_FINANSIELLA = (*_VERKSAMHET, "fin_intakter", "fin_kostnader")
_RESULTATSUMMOR = {"nettokostnader": _NETTO, "verksamhetens_resultat": _VERKSAMHET, "efter_finansiella": _FINANSIELLA,
                   "arets_resultat": (*_FINANSIELLA, "extraordinara")}  # fmt: skip
_ANLAGGNINGAR = ("immateriella", "maskiner", "ovriga_materiella")
_OVRIGA_TILLGANGAR = ("finansiella", "infrastruktur", "forrad", "fordringar", "placeringar")
_SKULDER = ("avs_pensioner", "avs_andra", "langfristiga", "kortfristiga")
_ALDRAR = ("upp_till_29", "ar_30_49")


@dataclass(frozen=True, slots=True)
class Budgetrad:
    """En rad ur styrfilerna med årets beslutade belopp, tilläggen medräknade."""

    enhet: str
    rad: str
    belopp: int
    total: int = 0
    """Beslutad totalutgift; bara för investeringar."""


@dataclass(frozen=True)
class Underlag:
    """Exemplets siffror och beslut."""

    data: Mapping[str, Any]
    styrning: Path

    @classmethod
    def las(cls, fil: Path, styrning: Path) -> "Underlag":
        """Underlaget ur siffror.toml och styrningens mapp med en undermapp per år."""
        return cls(tomllib.loads(fil.read_text(encoding="utf-8")), styrning)

    # Beslut --------------------------------------------------------------------------------------------

    def driftbudget(self, period: Period) -> list[Budgetrad]:
        """Nettobudget per verksamhet i styrfilens ordning, med de tillägg som är beslutade till och med perioden."""
        tillagg = self._tillagg(period, "drift")
        rader = self._csv(period.ar, "driftbudget")
        return [Budgetrad(r["enhet"], r["rad"], int(r["ursprunglig"]) + tillagg.get((r["enhet"], r["rad"]), 0)) for r in rader]

    def enhetsbudget(self, enhet: str, period: Period) -> dict[str, int]:
        """Enhetens nettobudget, rad → tkr."""
        return {r.rad: r.belopp for r in self.driftbudget(period) if r.enhet == enhet}

    def resultatbudget(self, period: Period) -> dict[str, int]:
        """Kommunens resultatbudget, rad → tkr, med de tillägg som är beslutade till och med perioden."""
        tillagg = {rad: belopp for (_, rad), belopp in self._tillagg(period, "resultat").items()}
        return {r["rad"]: int(r["ursprunglig"]) + tillagg.get(r["rad"], 0) for r in self._csv(period.ar, "resultatbudget")}

    def projekt(self, ar: int) -> list[Budgetrad]:
        """Årets investeringsprojekt; utgift plus, inkomst minus."""
        rader = self._csv(ar, "investeringar")
        return [Budgetrad(r["enhet"], r["rad"], int(r["budget"]), int(r["beslutad_totalutgift"])) for r in rader]

    def styrrader(self, ar: int, fil: str, enhet: str) -> list[dict[str, str]]:
        """Enhetens rader i en styrfil, till exempel mal eller uppdrag; hela kommunens rader är finansförvaltningens."""
        return [r for r in self._csv(ar, fil) if (r["enhet"] or "finansforvaltningen") == enhet]

    def elimineringar(self, period: Period) -> list[dict[str, str]]:
        """Periodens elimineringar för hand; år utan fil har inga."""
        fil = "elimineringar"
        return [r for r in self._csv(period.ar, fil) if r["period"] == str(period)] if self._fil(period.ar, fil).exists() else []

    def forvarv(self) -> list[dict[str, str]]:
        """Förvärvsregistret."""
        return _las_csv(self.styrning / "forvarv.csv")

    def _tillagg(self, period: Period, tabell: str) -> dict[tuple[str, str], int]:
        summor: dict[tuple[str, str], int] = {}
        for r in self._csv(period.ar, "tillagg"):
            if r["tabell"] == tabell and _beslutat(r, period):
                nyckel = (r["enhet"], r["rad"])
                summor[nyckel] = summor.get(nyckel, 0) + int(r["belopp"])
        return summor

    def _csv(self, ar: int, namn: str) -> list[dict[str, str]]:
        return _las_csv(self._fil(ar, namn))

    def _fil(self, ar: int, namn: str) -> Path:
        return self.styrning / str(ar) / f"{namn}.csv"

    # Helår, profiler och prognoser ------------------------------------------------------------------------

    def andel(self, avsnitt: Mapping[str, Any], rad: str, period: Period) -> int:
        """Ackumulerad andel av helåret i promille: profilen plus årets lutning, som är noll i december."""
        radens = avsnitt.get("profiler", {}).get(rad, avsnitt.get("profil", "jamn"))
        profil = avsnitt.get("profil_ar", {}).get(str(period.ar), radens)
        lutning = int(avsnitt.get("lutning", {}).get(str(period.ar), 0))
        bas: int = self.data["profil"][profil][period.manad - 1]
        return bas + dela(lutning * period.manad * (12 - period.manad), 32)

    def _egna(self, period: Period, *vag: str) -> Mapping[str, Any] | None:
        """De avvikelser mot budget som periodens prognos har i siffror.toml; None när den räknas ur årets avvikelse."""
        egna: Mapping[str, Any] | None = self.data["prognosavvikelse"].get(str(period))
        for steg in vag:
            egna = None if egna is None else egna.get(steg, {})
        return egna

    def _avvikelse(self, egna: Mapping[str, int] | None, rad: str, arets: int, period: Period) -> int:
        """Prognosens avvikelse mot budget: periodens egen, annars den del av årets som är känd den månaden, i hela hundra tkr."""
        if egna is not None:
            return egna.get(rad, 0)
        procent = int(self.data["prognosandel"].get(f"{period.manad:02d}", 100))
        return arets if procent == 100 else dela(arets * procent, 10_000) * 100

    # Drift --------------------------------------------------------------------------------------------------

    def drift(self, enhet: str, period: Period) -> dict[str, dict[str, int]]:
        """Kolumn → rad → tkr för bladet Driftredovisning."""
        return {
            "utfall_fg": self.driftutfall(enhet, period.samma_fg_ar),
            "utfall": self.driftutfall(enhet, period),
            "bokslut_fg": self.driftutfall(enhet, period.bokslut_fg_ar),
            "budget": self.enhetsbudget(enhet, period),
            "prognos": self._driftprognos(enhet, period),
        }

    def _driftprognos(self, enhet: str, period: Period) -> dict[str, int]:
        avsnitt, egna = self.data["drift"][enhet], self._egna(period, "drift", enhet)
        budget, slutlig = (self.enhetsbudget(enhet, p) for p in (period, Period(period.ar, 12)))
        arets = {rad: b[_PROGNOS[period.ar]] - slutlig[rad] for rad, b in avsnitt["rad"].items()}
        return self._reglerad(avsnitt, {rad: budget[rad] + self._avvikelse(egna, rad, a, period) for rad, a in arets.items()})

    def driftutfall(self, enhet: str, period: Period) -> dict[str, int]:
        """Rad → tkr från årets början till periodens slut."""
        avsnitt = self.data["drift"][enhet]
        helar = self._drifthelar(enhet, period)
        return self._reglerad(avsnitt, {rad: dela(b * self.andel(avsnitt, rad, period), 1000) for rad, b in helar.items()})

    def _drifthelar(self, enhet: str, period: Period) -> dict[str, int]:
        """Det helår som periodens utfall räknas ur, utan reglering."""
        return {rad: b[_arsindex(period)] for rad, b in self.data["drift"][enhet]["rad"].items()}

    @staticmethod
    def _reglerad(avsnitt: Mapping[str, Any], rader: dict[str, int]) -> dict[str, int]:
        if "reglering" in avsnitt:
            rader[avsnitt["reglering"]] = -sum(rader.values())
        return rader

    def netto(self, enhet: str, period: Period, kolumn: str) -> int:
        """Enhetens nettokostnad i en av driftens kolumner."""
        return sum(self.drift(enhet, period)[kolumn].values())

    @cached_property
    def driftenheter(self) -> tuple[str, ...]:
        """Nämnderna och finansförvaltningen, i siffrornas ordning."""
        return tuple(self.data["drift"])

    def samlat_netto(self, period: Period, kolumn: str) -> int:
        """Nämnderna, exploatering, finansförvaltning och eliminering: verksamhetens nettokostnader."""
        return sum(self.netto(enhet, period, kolumn) for enhet in self.driftenheter)

    # Kostnadsslag ---------------------------------------------------------------------------------------------

    def kostnadsslag(self, enhet: str, period: Period, kolumn: str) -> dict[str, int]:
        """Slag → tkr; övriga kostnader är det som återstår till driftens nettokostnad."""
        netto = self.netto(enhet, period, kolumn)
        slag = self._kanda_slag(enhet, period, kolumn, netto)
        return {**slag, "ovrigt": netto - sum(slag.values())}

    def _kanda_slag(self, enhet: str, period: Period, kolumn: str, netto: int) -> dict[str, int]:
        if kolumn == "utfall_fg":
            return self._slagutfall(enhet, period.samma_fg_ar, netto)
        if kolumn == "utfall":
            return self._slagutfall(enhet, period, netto)
        budget = self._slagbudget(enhet, period, netto)
        if kolumn == "budget" or period.ar != 2024:
            return budget
        arets, egna = self._slagavvikelse(enhet), self._egna(period, "kostnadsslag", enhet)
        return {s: b + self._avvikelse(egna, s, arets.get(s, 0), period) for s, b in budget.items()}

    def _slagbudget(self, enhet: str, period: Period, netto: int) -> dict[str, int]:
        """Helårets budget per slag, utan de tillägg som beslutas senare under året."""
        slag = self._slag_helar(enhet, period.ar, netto)
        for r in self.styrrader(period.ar, "tillagg", enhet):
            avser = self.data["kostnadsslag"]["tillagg"].get(r["beslut"])
            if avser in slag and not _beslutat(r, period):
                slag[avser] -= int(r["belopp"])
        return slag

    def _slagutfall(self, enhet: str, period: Period, netto: int) -> dict[str, int]:
        helar_netto = sum(self._reglerad(self.data["drift"][enhet], self._drifthelar(enhet, period)).values())
        helar = self._slag_helar(enhet, period.ar, helar_netto)
        if period.ar == 2024:
            helar = {s: b + self._slagavvikelse(enhet).get(s, 0) for s, b in helar.items()}
        if helar_netto == 0:
            return {s: dela(b * self.andel({}, "", period), 1000) for s, b in helar.items()}
        return {s: dela(b * netto, helar_netto) for s, b in helar.items()}

    def _slag_helar(self, enhet: str, ar: int, netto: int) -> dict[str, int]:
        avsnitt = self.data["kostnadsslag"]
        bas: dict[str, int] = avsnitt["enhet"][enhet]
        taljare, namnare = self._slagskala(enhet, ar, netto)
        kapital = int(avsnitt["kapital_index"].get(str(ar), 1000))
        skalade = {s: dela(b * taljare, namnare) for s, b in bas.items()} if ar < 2024 else bas
        return {**skalade, "kapital": dela(bas["kapital"] * kapital, 1000)}

    def _slagskala(self, enhet: str, ar: int, netto: int) -> tuple[int, int]:
        index = self.data["kostnadsslag"]["index"].get(enhet)
        if index is not None:
            return int(index.get(str(ar), 1000)), 1000
        return netto, sum(self.enhetsbudget(enhet, Period(2024, 12)).values())

    def _slagavvikelse(self, enhet: str) -> dict[str, int]:
        avvikelse: dict[str, int] = self.data["kostnadsslag"]["avvikelse_2024"].get(enhet, {})
        return avvikelse

    # Resultaträkning -------------------------------------------------------------------------------------------

    def resultat(self, period: Period, kolumn: str) -> dict[str, int]:
        """Rad → tkr; kostnaderna är det som återstår till verksamhetens nettokostnader."""
        if kolumn == "budget":
            return self.resultatbudget(period)
        if kolumn == "prognos":
            return _med_kostnader(self._resultatprognos(period), self.samlat_netto(period, "prognos"))
        return self.resultatutfall({"utfall_fg": period.samma_fg_ar, "utfall": period, "bokslut_fg": period.bokslut_fg_ar}[kolumn])

    def _resultatprognos(self, period: Period) -> dict[str, int]:
        egna, index = self._egna(period, "resultat"), _PROGNOS[period.ar]
        budget, slutlig = (self.resultatbudget(p) for p in (period, Period(period.ar, 12)))
        arets = {rad: b[index] - slutlig[rad] for rad, b in self.data["resultat"]["rad"].items()}
        return {rad: budget[rad] + self._avvikelse(egna, rad, a, period) for rad, a in arets.items()}

    def resultatutfall(self, period: Period) -> dict[str, int]:
        """Rad → tkr från årets början till periodens slut."""
        avsnitt, index = self.data["resultat"], _arsindex(period)
        rader = {rad: dela(b[index] * self.andel(avsnitt, rad, period), 1000) for rad, b in avsnitt["rad"].items()}
        return _med_kostnader(rader, sum(sum(self.driftutfall(enhet, period).values()) for enhet in self.driftenheter))

    def periodens_resultat(self, period: Period) -> int:
        """Kommunens resultat från årets början till periodens slut; noll före det första året."""
        return sum(self.resultatutfall(period).values()) if period.ar >= FORSTA_AR else 0

    # Balansräkning ----------------------------------------------------------------------------------------------

    def balans(self, period: Period) -> dict[str, int]:
        """Rad → tkr vid periodens slut; kassan är det som återstår."""
        poster = {rad: self._balanspost(rad, period) for rad in self.data["balans"]["post"]}
        poster["mark"] = self._anlaggningar(period) - sum(poster[rad] for rad in _ANLAGGNINGAR)
        poster["ek_ingaende"] = self._ingaende_kapital(period.ar)
        poster["arets_resultat"] = self.periodens_resultat(period)
        poster |= {f"varav_{reserv}_{lage}": 0 for reserv in ("rer", "rur") for lage in ("in", "ut")}
        finansiering = sum(poster[rad] for rad in ("ek_ingaende", "arets_resultat", *_SKULDER))
        poster["kassa"] = finansiering - sum(poster[rad] for rad in ("mark", *_ANLAGGNINGAR, *_OVRIGA_TILLGANGAR))
        return poster

    def _balanspost(self, rad: str, period: Period) -> int:
        varden: Sequence[int] = self.data["balans"]["post"][rad]
        under_aret = 0 if period.manad == 12 else int(self.data["balans"]["under_aret"].get(rad, 0))
        return vid(varden, period) + under_aret

    def _anlaggningar(self, period: Period) -> int:
        avsnitt = self.data["resultat"]
        varde = int(self.data["balans"]["anlaggningar_2021"])
        for p in till_och_med(period):
            varde += self.investeringsutgifter(p) - self.forsaljning(p)[1]
            varde += dela(avsnitt["rad"]["avskrivningar"][_arsindex(p)] * self.andel(avsnitt, "avskrivningar", p), 1000)
        return varde

    def forsaljning(self, period: Period) -> tuple[int, int]:
        """Försäljningspris och bokfört värde för årets sålda anläggningstillgångar till och med perioden."""
        pris, bokfort, manad = self.data["balans"]["forsaljning"][period.ar - FORSTA_AR]
        return (pris, bokfort) if period.manad >= manad else (0, 0)

    def orealiserat(self, period: Period) -> int:
        """Den del av placeringarnas ökning som är ändrat värde och inte köp; minskat värde med minus."""
        return -dela(self.data["balanskrav"]["orealiserade"][_arsindex(period)] * period.manad, 12)

    def _ingaende_kapital(self, ar: int) -> int:
        tidigare = sum(self.periodens_resultat(Period(a, 12)) for a in range(FORSTA_AR, ar))
        return int(self.data["balans"]["eget_kapital_2021"]) + tidigare

    def balanskrav(self, period: Period) -> Iterator[tuple[str, int, int]]:
        """Rad, föregående år och helår."""
        i_ar = _arsindex(period) if period.manad == 12 else _PROGNOS[period.ar]
        for rad, b in self.data["balanskrav"].items():
            yield rad, b[_UTFALL[period.ar - 1]], b[i_ar]

    # Investeringar -----------------------------------------------------------------------------------------------

    @cached_property
    def _projektrader(self) -> dict[str, Sequence[int]]:
        avsnitt = self.data["investering"]
        return {rad: b for enhet in self.driftenheter for rad, b in avsnitt.get(enhet, {}).items()}

    def projektutfall(self, rad: str, period: Period) -> int:
        """Projektets utfall från årets början till periodens slut."""
        belopp = self._projektrader[rad][7 if _arsindex(period) == _BOKSLUT_2024 else {2022: 1, 2023: 3, 2024: 4}[period.ar]]
        avsnitt = self.data["investering"]
        egna = {**avsnitt["profiler"], **avsnitt["profiler_2024"]} if period.ar == 2024 else avsnitt["profiler"]
        return dela(belopp * self.andel({"profil": avsnitt["profil"], "profiler": egna}, rad, period), 1000)

    def investering(self, projekt: Budgetrad, period: Period) -> dict[str, int]:
        """Kolumn → tkr för ett projekt; utgift plus, inkomst minus."""
        b = self._projektrader[projekt.rad]
        tvatjugofyra = period.ar == 2024
        total = self._projekttotal(projekt, b[6 if tvatjugofyra else 5], period)
        utfall = self.projektutfall(projekt.rad, period)
        arets = b[4 if tvatjugofyra else 2] - projekt.belopp
        prognos = projekt.belopp + self._avvikelse(self._egna(period, "investering"), projekt.rad, arets, period)
        tidigare = b[0] + b[1] + (b[3] if tvatjugofyra else 0) if total else 0
        return {
            "utfall_fg": self.projektutfall(projekt.rad, period.samma_fg_ar),
            "utfall": utfall,
            "budget": projekt.belopp,
            "prognos": prognos,
            "ack_utfall": tidigare + utfall,
            "beslutad": projekt.total,
            "prognos_total": total or (utfall if period.manad == 12 else prognos),
        }

    def _projekttotal(self, projekt: Budgetrad, arets: int, period: Period) -> int:
        """Prognosen för hela projektet; noll för årsanslag."""
        egna = self._egna(period, "totalutgift")
        return projekt.total + egna.get(projekt.rad, 0) if arets and egna is not None else arets

    def investeringsutgifter(self, period: Period) -> int:
        """Kommunens investeringsutgifter från årets början, brutto i tkr."""
        return sum(max(0, self.projektutfall(rad, period)) for rad in self._projektrader)

    def investeringsbidrag(self, period: Period) -> int:
        """Projektens inkomster från årets början."""
        return sum(max(0, -self.projektutfall(rad, period)) for rad in self._projektrader)

    # Personal och sjukfrånvaro -------------------------------------------------------------------------------------

    def personal(self, enhet: str, period: Period) -> dict[str, int]:
        """Antal anställda, kvinnor, män, årsarbetare och heltidsanställda vid periodens slut, och för nämnderna även anställningsform."""
        avsnitt = self.data["personal"][enhet]
        antal = {rad: vid(avsnitt[rad], period) for rad in ("kvinnor", "man", "arsarbetare", "heltid")}
        personal = {"anstallda": antal["kvinnor"] + antal["man"], **antal}
        return personal | self._anstallningsform(avsnitt, personal) if "visstid" in avsnitt else personal

    def _anstallningsform(self, avsnitt: Mapping[str, Any], personal: Mapping[str, int]) -> dict[str, int]:
        visstid, kvinnor = (dela(personal[rad] * avsnitt["visstid"], 1000) for rad in ("anstallda", "kvinnor"))
        form = {"visstid": visstid, "visstid_kvinnor": kvinnor}
        return {"tillsvidare": personal["anstallda"] - visstid, "tillsvidare_kvinnor": personal["kvinnor"] - kvinnor, **form}

    def personalomsattning(self, enhet: str, period: Period) -> dict[str, int]:
        """Tillsvidareanställda som har börjat och slutat sedan årets början; tomt för företagen."""
        avsnitt = self.data["personal"][enhet]
        if "slutat" not in avsnitt or period.ar < FORSTA_AR:
            return {}
        arsskiftet, nu = (self.personal(enhet, p)["tillsvidare"] for p in (period.bokslut_fg_ar, period))
        slutat = dela(arsskiftet * avsnitt["slutat"][period.ar - FORSTA_AR] * period.manad, 12_000)
        return {"borjat": slutat + nu - arsskiftet, "slutat": slutat}

    def hme(self, enhet: str, ar: int) -> dict[str, int]:
        """Medarbetarenkätens index och antal svar; tomt när ingen enkät har gjorts."""
        return {kolumn: v[ar - FORSTA_HME] for kolumn, v in self.data["hme"].get(enhet, {}).items() if ar >= FORSTA_HME}

    def antal_per_grupp(self, enhet: str, period: Period) -> dict[str, int]:
        """Sjukfrånvarons grupper → antal anställda; åldrarna summerar till samtliga."""
        personal = self.personal(enhet, period)
        totalt = personal["anstallda"]
        unga, mitten = (dela(totalt * promille, 1000) for promille in self.data["personal"][enhet]["alder"])
        grupper = {"totalt": totalt, "kvinnor": personal["kvinnor"], "man": personal["man"]}
        return {**grupper, "upp_till_29": unga, "ar_30_49": mitten, "fran_50": totalt - unga - mitten}

    def sjukfranvaro(self, enhet: str, period: Period) -> dict[str, tuple[int, int]]:
        """Grupp → ordinarie arbetstid och sjukfrånvaro i timmar från årets början."""
        antal = self.antal_per_grupp(enhet, period)
        arsarbetare = self.personal(enhet, period)["arsarbetare"]
        totalt = arsarbetare * int(self.data["sjukfranvaro"]["timmar_per_manad"]) * period.manad
        tid = {g: dela(totalt * n, antal["totalt"] or 1) for g, n in antal.items()}
        tid["man"], tid["fran_50"] = totalt - tid["kvinnor"], totalt - sum(tid[a] for a in _ALDRAR)
        promille = {g: v[period.ar - FORSTA_AR] for g, v in self.data["sjukfranvaro"][enhet].items()}
        sjuk = {g: dela(tid[g] * promille[g], 1000) for g in ("kvinnor", "man", *_ALDRAR)}
        sjuk["totalt"] = sjuk["kvinnor"] + sjuk["man"]
        sjuk["fran_50"] = sjuk["totalt"] - sum(sjuk[a] for a in _ALDRAR)
        return {g: (tid[g], sjuk[g]) for g in antal}

    def langtid(self, enhet: str, period: Period) -> int:
        """Timmar av sjukfrånvaron som är minst 60 dagar i följd."""
        sjuk = self.sjukfranvaro(enhet, period)["totalt"][1]
        return dela(sjuk * int(self.data["sjukfranvaro"][enhet]["lang"][period.ar - FORSTA_AR]), 1000)


def summor(rader: Mapping[str, int]) -> dict[str, int]:
    """Resultaträkningens summarader."""
    return {summa: sum(rader[rad] for rad in delar) for summa, delar in _RESULTATSUMMOR.items()}


def vid(arsskiften: Sequence[int], period: Period) -> int:
    """Värdet på den räta linjen mellan två årsskiften; första värdet är 31 december 2021."""
    i = period.ar - FORSTA_AR + 1
    return arsskiften[i] if period.manad == 12 else arsskiften[i - 1] + dela((arsskiften[i] - arsskiften[i - 1]) * period.manad, 12)


def till_och_med(period: Period) -> Sequence[Period]:
    """Årsbokslut från det första året, och sist perioden själv; inga före det första året."""
    return (*(Period(ar, 12) for ar in range(FORSTA_AR, period.ar)), period) if period.ar >= FORSTA_AR else ()


def _arsindex(period: Period) -> int:
    """Platsen för helåret som periodens utfall räknas ur."""
    return _BOKSLUT_2024 if period == Period(2024, 12) else _UTFALL[period.ar]


def _beslutat(tillagg: Mapping[str, str], period: Period) -> bool:
    """Om tilläggsbeslutet är fattat till och med periodens slut."""
    return tillagg["datum"] <= period.slut.isoformat()


def _las_csv(sokvag: Path) -> list[dict[str, str]]:
    with sokvag.open(encoding="utf-8", newline="") as fil:
        return list(csv.DictReader(fil, delimiter=";"))


def _med_kostnader(rader: dict[str, int], netto: int) -> dict[str, int]:
    return {**rader, "kostnader": netto - rader["intakter"] - rader["avskrivningar"]}
