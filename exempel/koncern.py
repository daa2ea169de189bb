"""Bolagen, förbundet och mellanhavandena i exemplet, i hela tusental kronor.

Beloppen står i koncern.toml. Allt som ska gå ihop räknas fram: skatten ur resultatet, balansräkningen ur resultat,
investeringar och utdelning, kassaflödet ur båda, och vardera sidan av ett mellanhavande ur samma belopp.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exempel.underlag import FORSTA_AR, Underlag, till_och_med, vid
from kommunrapport.karna.belopp import dela
from kommunrapport.karna.period import Period

_HELAR = {("budget", 2023): 1, ("prognos", 2023): 2, ("budget", 2024): 4, ("prognos", 2024): 5}
_UTFALL = {2022: 0, 2023: 3, 2024: 5}
_BOKSLUT_2024 = 6
_EFTER_FINANSIELLA = ("dispositioner", "skatt")
"""Raderna efter resultatet efter finansiella poster."""
_EGET_KAPITAL = ("aktiekapital", "fonder", "balanserat", "ek_ingaende", "arets_resultat", "obeskattade")
_POSTER = {"forsaljning": ("salt", "kopt"), "ranta": ("ranta_fran", "ranta_till"), "utdelning": ("utdelning_till", "utdelning_fran"),
           "lan": ("lan_till", "lan_fran"), "borgen": ("borgen_for", "borgen_fran"), "korta": ("fordran", "skuld")}  # fmt: skip
"""Givarens och mottagarens post på motpartsbladen."""
_KOSTNADER = ("kopt", "ranta_till")


@dataclass(frozen=True)
class Koncern:
    """Bolagens och förbundets siffror. ``underlag`` ger profilerna."""

    data: Mapping[str, Any]
    underlag: Underlag

    @classmethod
    def las(cls, fil: Path, underlag: Underlag) -> "Koncern":
        """Koncernen ur koncern.toml."""
        return cls(tomllib.loads(fil.read_text(encoding="utf-8")), underlag)

    def form(self, enhet: str) -> Mapping[str, Any]:
        """Namnen på raderna i bolagets eller förbundets räkningar."""
        form: Mapping[str, Any] = self.data["form"][self._post(enhet)["form"]]
        return form

    def _post(self, enhet: str) -> Mapping[str, Any]:
        post: Mapping[str, Any] = self.data["bolag"][enhet]
        return post

    # Resultaträkning -------------------------------------------------------------------------------------------

    def resultat(self, enhet: str, period: Period) -> dict[str, dict[str, int]]:
        """Kolumn → rad → tkr."""
        rader = self._post(enhet)["rad"]
        helar = {k: {rad: b[_HELAR[k, period.ar]] for rad, b in rader.items()} for k in ("budget", "prognos")}
        egna = self._post(enhet).get("prognosavvikelse", {}).get(str(period))
        if egna is not None:
            helar["prognos"] = {rad: belopp + egna.get(rad, 0) for rad, belopp in helar["budget"].items()}
        med_skatt = {k: self._med_skatt(enhet, belopp) for k, belopp in helar.items()}
        return {"utfall_fg": self.utfall(enhet, period.samma_fg_ar), "utfall": self.utfall(enhet, period), **med_skatt}

    def utfall(self, enhet: str, period: Period) -> dict[str, int]:
        """Rad → tkr från årets början till periodens slut; noll före det första året."""
        post = self._post(enhet)
        if period.ar < FORSTA_AR:
            return self._med_skatt(enhet, dict.fromkeys(post["rad"], 0))
        utfall = {rad: self._hittills(b, period) for rad, b in post["rad"].items()}
        omsattning = self.form(enhet)["intakter"][0]
        lutande = self.underlag.andel({"lutning": post["lutning"]}, "", period)
        utfall[omsattning] = dela(post["rad"][omsattning][_arsindex(period)] * lutande, 1000)
        return self._med_skatt(enhet, utfall)

    def _hittills(self, varden: list[int], period: Period) -> int:
        return dela(varden[_arsindex(period)] * self.underlag.andel({}, "", period), 1000)

    def _med_skatt(self, enhet: str, rader: dict[str, int]) -> dict[str, int]:
        if self._post(enhet)["form"] == "bolag":
            rader["skatt"] = -max(0, dela(sum(rader.values()) * int(self.data["skattesats"]), 1000))
        return rader

    def sammandrag(self, enhet: str, period: Period) -> dict[str, dict[str, int]]:
        """Kolumn → intäkter och resultat efter finansiella poster, till texterna."""
        intakter = self.form(enhet)["intakter"]
        return {
            kolumn: {
                "intakter": sum(rader[rad] for rad in intakter),
                "efter_finansiella": sum(belopp for rad, belopp in rader.items() if rad not in _EFTER_FINANSIELLA),
            }
            for kolumn, rader in self.resultat(enhet, period).items()
        }

    # Balansräkning ---------------------------------------------------------------------------------------------

    def balans(self, enhet: str, period: Period) -> dict[str, int]:
        """Rad → tkr vid periodens slut; kassan är det som återstår."""
        post, form = self._post(enhet), self.form(enhet)
        tillgangar = (*form["anlaggningar"], *form["tillgangar"])
        poster = dict.fromkeys((*tillgangar, *form["avsattningar"]), 0) | {rad: vid(b, period) for rad, b in post["post"].items()}
        poster[post["rest"]] = self._anlaggningar(enhet, period) - sum(poster[rad] for rad in form["anlaggningar"])
        for rad, egen in ((form["fordran"], "fordran"), ("kortfristiga", "skuld"), ("langfristiga", "lan_fran")):
            poster[rad] += sum(belopp for rad_, belopp in self.internbalans(enhet, period).items() if rad_.endswith(f".{egen}"))
        poster |= self._eget_kapital(enhet, period)
        finansiering = ("langfristiga", "kortfristiga", *form["avsattningar"], *(rad for rad in _EGET_KAPITAL if rad in poster))
        return {**poster, "kassa": sum(poster[rad] for rad in finansiering) - sum(poster[rad] for rad in tillgangar)}

    def _anlaggningar(self, enhet: str, period: Period) -> int:
        perioder = till_och_med(period)
        avskrivningar = sum(self.utfall(enhet, p)["avskrivningar"] for p in perioder)
        return int(self._post(enhet)["anlaggningar_2021"]) + sum(self._investeringar(enhet, p) for p in perioder) + avskrivningar

    def _investeringar(self, enhet: str, period: Period) -> int:
        return self._hittills(self._post(enhet)["investeringar"], period)

    def _eget_kapital(self, enhet: str, period: Period) -> dict[str, int]:
        post, resultat = self._post(enhet), sum(self.utfall(enhet, period).values())
        arsslut = [Period(ar, 12) for ar in range(FORSTA_AR, period.ar)]
        ingaende = int(post["eget_kapital_2021"]) + sum(sum(self.utfall(enhet, p).values()) - self._utdelning(enhet, p) for p in arsslut)
        if post["form"] == "forbund":
            return {"ek_ingaende": ingaende, "arets_resultat": resultat}
        forandring = -self.utfall(enhet, period)["dispositioner"]
        return {
            **post["bundet"],
            "balanserat": ingaende - sum(post["bundet"].values()) - self._utdelning(enhet, period),
            "arets_resultat": resultat,
            "obeskattade": int(post["obeskattade_2021"]) - sum(self.utfall(enhet, p)["dispositioner"] for p in arsslut) + forandring,
            "obeskattade_forandring": forandring,
        }

    def _utdelning(self, enhet: str, period: Period) -> int:
        return sum(belopp for rad, belopp in self.internresultat(enhet, period).items() if rad.endswith(".utdelning_till"))

    # Kassaflöde ------------------------------------------------------------------------------------------------

    def kassaflode(self, enhet: str, period: Period) -> dict[str, int]:
        """Rad → tkr från årets början; det som inte är investering, lån eller utdelning är den löpande verksamheten."""
        post, form, fran = self._post(enhet), self.form(enhet), self.balans(enhet, period.bokslut_fg_ar)
        nu = self.balans(enhet, period)
        okning = {rad: belopp - fran[rad] for rad, belopp in nu.items()}
        amortering = dela(post["amortering"][period.ar - FORSTA_AR] * period.manad, 12)
        ej_likvida = sum(okning[rad] for rad in form["avsattningar"]) + nu.get("obeskattade_forandring", 0)
        return {
            "arets_resultat": nu["arets_resultat"],
            "ej_likvida": ej_likvida - self.utfall(enhet, period)["avskrivningar"],
            "fordringar": -sum(okning[rad] for rad in form["fordringar"]),
            "forrad": -okning[form["forrad"]],
            "kortfristiga": okning["kortfristiga"],
            "inv_materiella": -self._investeringar(enhet, period),
            "inv_finansiella": -okning["placeringar"],
            "nya_lan": okning["langfristiga"] + amortering,
            "amortering": -amortering,
            "utdelning": -self._utdelning(enhet, period),
            "likvida_in": fran["kassa"],
        }

    # Mellanhavanden --------------------------------------------------------------------------------------------

    def internresultat(self, enhet: str, period: Period) -> dict[str, int]:
        """Motpartens rad → tkr från årets början; kostnader med minus."""
        rader: dict[str, int] = {}
        for m in self.data["mellanhavande"]:
            belopp = m["ar"][period.ar - FORSTA_AR + 1]
            hittills = dela(belopp * period.manad, 12) if "manad" not in m else belopp if period.manad >= m["manad"] else 0
            _lagg(rader, m, enhet, hittills)
        return rader

    def internbalans(self, enhet: str, period: Period) -> dict[str, int]:
        """Motpartens rad → tkr vid periodens slut; alltid plus."""
        rader: dict[str, int] = {}
        for s in self.data["stallning"]:
            _lagg(rader, s, enhet, vid(s["saldo"], period))
        for m in self._obetalda():
            _lagg(rader, {**m, "slag": "korta"}, enhet, dela(m["ar"][period.ar - FORSTA_AR + 1], 12))
        return rader

    def _obetalda(self) -> Iterator[Mapping[str, Any]]:
        yield from (m for m in self.data["mellanhavande"] if m["slag"] != "utdelning" and not m.get("forskott"))

    def kommentarer(self, enhet: str) -> dict[tuple[str, str], str]:
        """Motpartsblad och rad → vad beloppet avser."""
        poster = [("internresultat", m) for m in self.data["mellanhavande"]] + [("internbalans", s) for s in self.data["stallning"]]
        texter: dict[tuple[str, str], str] = {}
        for blad, m in poster:
            for rad in (rad for egen, rad in _sidor(m) if egen == enhet):
                tidigare = texter.get((blad, rad))
                texter[blad, rad] = f"{tidigare}; {m['avser'].lower()}" if tidigare else m["avser"]
        return texter


def _arsindex(period: Period) -> int:
    """Platsen för helåret som periodens utfall räknas ur: bokslutet i december, annars prognosen."""
    return _BOKSLUT_2024 if period == Period(2024, 12) else _UTFALL[period.ar]


def _sidor(m: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Vardera sidans enhet och rad på motpartsbladet."""
    given, mottagen = _POSTER[m["slag"]]
    yield m["fran"], f"{m['till']}.{given}"
    yield m["till"], f"{m['fran']}.{mottagen}"


def _lagg(rader: dict[str, int], m: Mapping[str, Any], enhet: str, belopp: int) -> None:
    for rad in (rad for egen, rad in _sidor(m) if egen == enhet):
        rader[rad] = rader.get(rad, 0) + (-belopp if rad.endswith(_KOSTNADER) else belopp)
