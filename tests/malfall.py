"""Fallen för reglerna om mål: indikatorns beslut och vad boken säger, och anmärkningarna som ska komma.

Skolan har målet m1 på rad 6 och dess indikator i1 på rad 7; finansförvaltningen har fullmäktiges mål k1 på rad 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kommunrapport.karna.period import Period
from kommunrapport.rapport.arbetsbok import Varde
from kommunrapport.validering import validera
from tests.kommun import Provkommun, bok, finansbok

DELAR, BOKSLUT = Period(2024, 8), Period(2024, 12)
KOLUMNER = ("enhet", "rad", "art", "benamning", "overordnat", "matt", "utgangsvarde", "malvarde", "malar", "riktning", "mats", "uppdelning", "raknas")
BEDOMT = {DELAR: ("Bedöms delvis uppnås", "Bedöms inte uppnås", "Bedöms uppnås"), BOKSLUT: ("Delvis uppnått", "Inte uppnått", "Uppnått")}


def malfil(*rader: Mapping[str, str]) -> str:
    """mal.csv med raderna; en kolumn som inte anges är tom."""
    return "\n".join([";".join(KOLUMNER), *(";".join(rad.get(k, "") for k in KOLUMNER) for rad in rader)]) + "\n"


@dataclass(frozen=True)
class Malfall:
    """``beslut`` är indikatorns kolumner i mal.csv, ``ifyllt`` dess celler, och ``bedomt`` 0, 1 eller 2: delvis, inte eller helt nått."""

    regel: str
    om: str
    vantat: tuple[tuple[str, str], ...] = ()
    beslut: Mapping[str, str] = field(default_factory=dict)
    ifyllt: Mapping[str, Varde] = field(default_factory=dict)
    bedomt: int = 0
    period: Period = DELAR
    kommunstyrelsen: Mapping[str, Varde] | None = None

    def funna(self, kommun: Provkommun) -> tuple[tuple[str, str], ...]:
        """Målens anmärkningar i den lämnade boken, som kod och cell."""
        kf = {"rad": "k1", "art": "kfmal", "benamning": "Kunskap för alla"}
        mal = {"enhet": "skola", "rad": "m1", "art": "mal", "benamning": "Alla når målen", "overordnat": "k1"}
        indikator = {"enhet": "skola", "rad": "i1", "art": "indikator", "benamning": "Behöriga", "overordnat": "m1", **self.beslut}
        kommun.skriv("styrning/2024/mal.csv", malfil(kf, mal, indikator))
        if self.kommunstyrelsen is not None:
            celler = finansbok(**{f"mal__k1__{k}": v for k, v in self.kommunstyrelsen.items()})
            fil = kommun.lamna("finans", celler, period=self.period)
        else:
            bedomt: Mapping[str, Varde] = {"mal__m1__bedomning": BEDOMT[self.period][self.bedomt], "mal__m1__kommentar": "Så är det."}
            fil = kommun.lamna("skola", bok(**bedomt, **{f"mal__i1__{k}": v for k, v in self.ifyllt.items()}), period=self.period)
        return tuple((a.kod, a.plats.celler[0]) for a in validera(kommun.katalog, [str(fil)]).anmarkningar if a.kod.startswith(("KR46", "KR453")))


def utfall(malvarde: str, utfall_: str, *, riktning: str = "", malar: str = "") -> tuple[Mapping[str, str], Mapping[str, Varde]]:
    """Indikatorns målvärde och utfall."""
    return {"malvarde": malvarde, "riktning": riktning, "malar": malar}, {"utfall": utfall_}


def kon(samtliga: str, kvinnor: str, man: str, vantat: tuple[tuple[str, str], ...] = (), regel: str = "kon-mot-samtliga") -> Malfall:
    tal = f"{samtliga or 'tomt'} mot {kvinnor or 'tomt'} och {man or 'tomt'}"
    return Malfall(regel, tal, vantat, {"uppdelning": "kön"}, {"utfall": samtliga, "kvinnor": kvinnor, "man": man})


def trend(vald: str, fore: str, efter: str, vantat: tuple[tuple[str, str], ...] = (), **beslut: str) -> Malfall:
    ord_ = " ".join(beslut.values()) or "utan riktning"
    return Malfall(
        "trend-mot-talen", f"{vald or 'tom'}: {fore} till {efter}, {ord_}", vantat, beslut, {"utfall_fg": fore, "utfall": efter, "trend": vald}
    )


def bedomning(regel: str, bedomt: int, beslut_och_utfall: tuple[Mapping[str, str], Mapping[str, Varde]], *, kod: str = "", period: Period) -> Malfall:
    beslut, ifyllt = beslut_och_utfall
    om = f"{BEDOMT[period][bedomt]}: {ifyllt['utfall']} mot {beslut['malvarde']} {beslut['riktning']} {beslut['malar']}"
    return Malfall(regel, om.strip(), ((kod, "M6"),) if kod else (), beslut, ifyllt, bedomt, period)


def utan_framsteg(fore: str, nu: str) -> tuple[Mapping[str, str], Mapping[str, Varde]]:
    """Indikatorns utfall i förra bokslutet och nu, mot minst 85."""
    beslut, ifyllt = utfall("minst 85", nu)
    return beslut, {**ifyllt, "utfall_fg": fore}


_NATT, _MISSAT = "natt-men-inte-bedomt", "bedomt-men-inte-natt"
MALFALL = [
    Malfall("indikator-i-delar", "mäts inte", (), {}, {"utfall": ""}),
    Malfall("indikator-i-delar", "mäts i delårsbokslutet", (("KR460", "I7"),), {"mats": "delår"}, {"utfall": ""}),
    Malfall(
        "indikator-i-delar", "mäts i delårsbokslutet och därför i bokslutet", (("KR460", "I7"),), {"mats": "Delår"}, {"utfall": ""}, period=BOKSLUT
    ),
    Malfall("indikator-i-delar", "mäts och har ett utfall", (), {"mats": "delår"}, {"utfall": "82"}),
    Malfall("indikator-i-delar", "mäts men är inte tillämplig", (), {"mats": "delår"}, {"utfall": "e.t."}),
    Malfall("indikator-i-bokslut", "mäts först i bokslutet", (), {"mats": "bokslut"}, {"utfall": ""}),
    Malfall("indikator-i-bokslut", "mäts i bokslutet", (("KR461", "I7"),), {"mats": "bokslut"}, {"utfall": ""}, period=BOKSLUT),
    Malfall("indikator-i-bokslut", "mäts i bokslutet och har ett utfall", (), {"mats": "bokslut"}, {"utfall": "82"}, period=BOKSLUT),
    # Når målvärdet men är bedömt som sämst.
    bedomning(_NATT, 1, utfall("minst 85", "85"), kod="KR462", period=DELAR),
    bedomning(_NATT, 1, utfall("minst 85", "84,9"), period=DELAR),
    bedomning(_NATT, 1, utfall("högst 5", "5"), kod="KR462", period=BOKSLUT),
    bedomning(_NATT, 1, utfall("< 20", "20"), period=BOKSLUT),
    bedomning(_NATT, 1, utfall("< 20", "19"), kod="KR462", period=BOKSLUT),
    bedomning(_NATT, 1, utfall("85", "86"), period=BOKSLUT),  # utan riktning går det inte att veta
    bedomning(_NATT, 1, utfall("85", "86", riktning="ökar"), kod="KR462", period=BOKSLUT),
    bedomning(_NATT, 1, utfall("85", "86", riktning="minskar"), period=BOKSLUT),
    bedomning(_NATT, 1, utfall("87,5%", "88 %", riktning="ökar"), kod="KR462", period=BOKSLUT),
    bedomning(_NATT, 1, utfall("85", "86", riktning="ökar", malar="2026"), period=BOKSLUT),
    bedomning(_NATT, 0, utfall("minst 85", "85"), period=DELAR),
    # Når inte målvärdet men är bedömt som bäst: i en helårsprognos kan det nås senare.
    bedomning(_MISSAT, 2, utfall("minst 85", "84"), period=DELAR),
    bedomning(_MISSAT, 2, utfall("minst 85", "84"), kod="KR463", period=BOKSLUT),
    bedomning(_MISSAT, 2, utfall("minst 85", "85"), period=BOKSLUT),
    bedomning(_MISSAT, 2, utfall("minst 85", "e.t."), period=BOKSLUT),
    bedomning(_MISSAT, 2, utfall("Alla", "Stängt"), period=BOKSLUT),
    # Under året: når inte målvärdet och har inte heller blivit bättre.
    bedomning("bedomt-utan-framsteg", 2, utan_framsteg("82", "84"), period=DELAR),
    bedomning("bedomt-utan-framsteg", 2, utan_framsteg("82", "82"), kod="KR468", period=DELAR),
    bedomning("bedomt-utan-framsteg", 2, utan_framsteg("82", "86"), period=DELAR),
    bedomning("bedomt-utan-framsteg", 0, utan_framsteg("82", "80"), period=DELAR),
    *(Malfall("indikator-inte-tal", f"{text} mot 85", (), {"malvarde": "minst 85"}, {"utfall": text}) for text in ("82", "82,5 %", "e.t.", "–")),
    *(
        Malfall("indikator-inte-tal", f"{text} mot 85", (("KR453", "I7"),), {"malvarde": "minst 85"}, {"utfall": text})
        for text in ("saknas", "394 st", "cirka 22")
    ),
    Malfall("indikator-inte-tal", "ett mått i procent", (("KR453", "I7"),), {"matt": "procent"}, {"utfall": "ja"}),
    Malfall("indikator-inte-tal", "ett mål i ord", (), {"malvarde": "Alla", "matt": "ja eller nej"}, {"utfall": "Stängt"}),
    trend("Bättre", "80", "82", malvarde="85", riktning="ökar"),
    trend("Bättre", "80", "82", (("KR464", "L7"),), malvarde="85", riktning="minskar"),
    trend("Sämre", "80", "82", (("KR464", "L7"),), malvarde="minst 85"),
    trend("Bättre", "80", "80,0", (("KR464", "L7"),), malvarde="85"),
    trend("Oförändrat", "80", "82", malvarde="minst 85"),  # en liten förändring får kallas oförändrad
    trend("Sämre", "80", "82", malvarde="85"),
    trend("", "80", "82", malvarde="minst 85"),
    trend("Bättre", "80", "48", malvarde="minst 85", raknas="under året"),  # en del av året jämförs inte med ett helt
    trend("Sämre", "80", "82", (("KR464", "L7"),), malvarde="minst 85", raknas="under året"),
    kon("82", "84", "80"),
    kon("84,4", "84", "80"),  # 84 kan vara avrundat från 84,45
    kon("85", "84", "80", (("KR465", "I7"),)),
    kon("394", "208", "186"),  # ett antal
    kon("395", "208", "186", ()),  # avrundning
    kon("400", "208", "186", (("KR465", "I7"),)),
    kon("79 %", "84 %", "80 %", (("KR465", "I7"),)),
    kon("e.t.", "84", "80"),
    kon("82", "84", "", (("KR466", "K7"),), "kon-saknas"),
    kon("82", "e.t.", "e.t.", (), "kon-saknas"),
    kon("e.t.", "", "", (), "kon-saknas"),
    Malfall("kommunstyrelsens-bedomning", "ingen egen bedömning", kommunstyrelsen={}),
    Malfall("kommunstyrelsens-bedomning", "utan motivering", (("KR467", "N6"),), kommunstyrelsen={"bedomning": "Bedöms uppnås"}),
    Malfall("kommunstyrelsens-bedomning", "med motivering", kommunstyrelsen={"bedomning": "Bedöms uppnås", "kommentar": "Trenden är god."}),
]
