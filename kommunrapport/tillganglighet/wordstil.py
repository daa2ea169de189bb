"""Wordformatens arv: vilken färg, storlek, bakgrund och vilket språk en text får av sina format.

Ordningen är Words: dokumentets grund, tabellformatet, styckeformatet, teckenformatet och det direkta.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from kommunrapport.tillganglighet import farg

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
AUTO = "auto"
Drag = Mapping[str, Any]
"""Det som ett format anger: farg, halvpunkter, fet, sprak, dold, bakgrund, upphojd. Det som inte anges finns inte."""
_TEMANAMN = {"text1": "dk1", "dark1": "dk1", "background1": "lt1", "light1": "lt1", "text2": "dk2", "dark2": "dk2", "background2": "lt2",
             "light2": "lt2", "hyperlink": "hlink", "followedHyperlink": "folHlink"}  # fmt: skip
_OVERSTRYKNING = {"yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF", "magenta": "FF00FF", "blue": "0000FF", "red": "FF0000",
                  "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
                  "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0", "black": "000000", "white": "FFFFFF"}  # fmt: skip
_DJUPAST = 20
"""Så många format bygger på varandra i ett vanligt dokument; Word tillåter inte fler än elva."""


def pa(element: Any) -> bool:
    """Om en av- och påknapp i formatet är på."""
    return element is not None and element.get(VAL, "1") not in ("0", "false", "off", "none")


class Stilar:
    """Dokumentets format, med temats färger."""

    def __init__(self, rot: Any, tema: Mapping[str, str]) -> None:
        self._tema = tema
        format_ = () if rot is None else rot.iterfind(f"{W}style")
        self._format = {f.get(f"{W}styleId", ""): f for f in format_}
        self._forval = {f.get(f"{W}type"): id_ for id_, f in self._format.items() if f.get(f"{W}default") in ("1", "true")}
        grund = None if rot is None else rot.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self.grund = self.drag(grund)
        self.stycke = cache(self._stycke)
        self.bakgrund = cache(self._bakgrund)
        self.tecken = cache(self._tecken)
        self.tabell = cache(self._tabell)

    def grundsprak(self) -> str:
        """Språket som text utan egen märkning har, eller tomt."""
        return str({**self.grund, **self.stycke("")}.get("sprak", ""))

    def namn(self, stil: str) -> str:
        """Formatets namn så som Word visar det för ett eget format; förvalets när inget är angivet."""
        format_ = self._format.get(stil or self._forval.get("paragraph", ""))
        namn = None if format_ is None else format_.find(f"{W}name")
        return stil if namn is None else str(namn.get(VAL, stil))

    def rubrikniva(self, stil: str, stycke: Any) -> int:
        """Rubriknivån 1–9, eller 0 för annan text."""
        for kalla in (stycke, *reversed(self._kedja(stil, "paragraph"))):
            niva = kalla.find(f"{W}pPr/{W}outlineLvl")
            if niva is not None and niva.get(VAL, "").isdecimal():
                return int(niva.get(VAL)) + 1 if int(niva.get(VAL)) < 9 else 0
        namn = self.namn(stil).lower()
        return int(namn[8:]) if namn.startswith("heading ") and namn[8:].isdecimal() else 0

    def ar_lista(self, stil: str, stycke: Any) -> bool:
        """Om stycket hör till en riktig lista, själv eller genom sitt format."""
        for kalla in (stycke, *reversed(self._kedja(stil, "paragraph"))):
            nummer = kalla.find(f"{W}pPr/{W}numPr")
            if nummer is not None:
                id_ = nummer.find(f"{W}numId")
                return id_ is None or id_.get(VAL) != "0"
        return False

    def drag(self, egenskaper: Any) -> Drag:
        """Det som en rPr anger."""
        return dict(self._drag(egenskaper)) if egenskaper is not None else {}

    def fyllning(self, egenskaper: Any) -> str:
        """Bakgrunden som en pPr, tcPr, tblPr eller rPr anger, eller tomt."""
        skugga = None if egenskaper is None else egenskaper.find(f"{W}shd")
        if skugga is None:
            return ""
        led = "color" if skugga.get(VAL) == "solid" else "fill"
        return self._farg(skugga, led, "theme" + led.capitalize())

    def _drag(self, egenskaper: Any) -> Iterator[tuple[str, Any]]:
        for e in egenskaper:
            led = e.tag.removeprefix(W) if isinstance(e.tag, str) else ""
            if led == "color":
                yield "farg", self._farg(e, "val", "themeColor") or AUTO
            elif led == "sz" and e.get(VAL, "").isdecimal():
                yield "halvpunkter", int(e.get(VAL))
            elif led == "b":
                yield "fet", pa(e)
            elif led in ("vanish", "webHidden") and pa(e):
                yield "dold", True
            elif led == "lang" and e.get(VAL):
                yield "sprak", e.get(VAL)
            elif led == "vertAlign":
                yield "upphojd", e.get(VAL) != "baseline"
            elif led == "highlight":
                yield "bakgrund", _OVERSTRYKNING.get(e.get(VAL, ""), "")
            elif led == "shd":
                yield "bakgrund", self.fyllning(egenskaper)

    def _farg(self, element: Any, led: str, temaled: str) -> str:
        namn = element.get(f"{W}{temaled}")
        tema = self._tema.get(_TEMANAMN.get(namn, namn)) if namn else None
        if tema is None:
            varde = element.get(f"{W}{led}")
            return varde.upper() if farg.ar_farg(varde) else ""
        for andring, riktning in (("Tint", 1), ("Shade", -1)):
            varde = element.get(f"{W}{temaled.removesuffix('Color')}{andring}")
            if varde:
                tema = farg.mot_vitt(tema, riktning * (1 - int(varde, 16) / 255))
        return tema

    def _kedja(self, stil: str, slag: str) -> Sequence[Any]:
        """Formatet och det som det bygger på, det ursprungliga först."""
        kedja: list[Any] = []
        id_ = stil if stil in self._format else self._forval.get(slag, "")
        while id_ in self._format and len(kedja) < _DJUPAST:
            kedja.insert(0, self._format[id_])
            bas = self._format[id_].find(f"{W}basedOn")
            id_ = "" if bas is None else bas.get(VAL, "")
        return kedja

    def _stycke(self, stil: str) -> Drag:
        return self._arvda(self._kedja(stil, "paragraph"))

    def _tecken(self, stil: str) -> Drag:
        return self._arvda(self._kedja(stil, "character")) if stil else {}

    def _arvda(self, kedja: Sequence[Any]) -> Drag:
        return {namn: varde for format_ in kedja for namn, varde in self.drag(format_.find(f"{W}rPr")).items()}

    def _bakgrund(self, stil: str) -> str:
        """Styckeformatets bakgrund, eller tomt."""
        return next((f for s in reversed(self._kedja(stil, "paragraph")) if (f := self.fyllning(s.find(f"{W}pPr")))), "")

    def _tabell(self, stil: str, delar: tuple[str, ...]) -> tuple[Drag, str]:
        """Tabellformatets text och cellbakgrund, i de ``delar`` (firstRow, band1Horz …) som cellen hör till; den sista väger tyngst."""
        drag: dict[str, Any] = {}
        bakgrund = ""
        for format_ in self._kedja(stil, "table"):
            drag |= self.drag(format_.find(f"{W}rPr"))
            bakgrund = self.fyllning(format_.find(f"{W}tcPr")) or self.fyllning(format_.find(f"{W}tblPr")) or bakgrund
            egna = {d.get(f"{W}type"): d for d in format_.iterfind(f"{W}tblStylePr")}
            for del_ in (egna[d] for d in delar if d in egna):
                drag |= self.drag(del_.find(f"{W}rPr"))
                bakgrund = self.fyllning(del_.find(f"{W}tcPr")) or bakgrund
        return drag, bakgrund
