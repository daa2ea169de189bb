"""Granskar en Wordmall utan att fylla i den: taggar, slingor och stilar. Alla fel på en gång, med sin plats."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import jinja2
from jinja2 import nodes
from lxml import etree

from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.rapport.mallbrister import Brist, brist
from kommunrapport.rapport.wordmallfil import Stycke, Wordmall, las_wordmall
from kommunrapport.rapport.wordmiljo import MILJO
from kommunrapport.rapport.wordstilar import saknade_stilar
from kommunrapport.rapport.wordtaggar import Taggnamn
from kommunrapport.rapport.wordtaggtext import Taggtext, las_taggar
from kommunrapport.rapport.wordtagguttryck import Uttrycksprov, narmast

_STYRORD = ("if", "elif", "else", "endif", "for", "endfor", "set")
_CELLORD = ("colspan", "cellbg", "vm", "hm")
"""docxtpls egna ord för tabellceller."""
_SLUTORD = {"endif": "if", "endfor": "for"}
_BLOCKSLAG = {"tabell.": "tabell", "diagram.": "diagram", "saknas": "saknas", "innehall": "innehall", "nyckeltalsband": "nyckeltalsband"}
_CM = 567


@dataclass(frozen=True)
class Granskning:
    """Bristerna i en mall, och vägarna till det som dess taggar skriver."""

    brister: tuple[Brist, ...]
    skrivna: frozenset[str]

    @property
    def fel(self) -> tuple[Brist, ...]:
        return tuple(b for b in self.brister if b.allvar == "fel")


def granska_wordmall(fil: Path, namn: Taggnamn, rapport: str) -> Granskning:
    """Mallens brister. ``rapport`` är vad rapporten heter i bestämd form. Fel: MallFel när filen inte är ett Worddokument."""
    mall = las_wordmall(fil)
    granskare = _Granskare(mall, namn, rapport)
    granskare.granska()
    if not any(b.allvar == "fel" for b in granskare.brister):
        granskare.granska_helheten()
    granskare.granska_stilar()
    granskare.sammanfatta()
    return Granskning(tuple(dict.fromkeys(granskare.brister)), frozenset(granskare.uttryck.skrivna))


@dataclass(frozen=True, slots=True)
class _Oppet:
    """Ett avsnitt som har börjat: taggen, och för en slinga namnet på varvet."""

    tagg: Taggtext
    ord_: str


@dataclass
class _Granskare:
    mall: Wordmall
    namn: Taggnamn
    rapport: str
    brister: list[Brist] = field(default_factory=list)
    oppna: list[_Oppet] = field(default_factory=list)
    uttryck: Uttrycksprov = field(init=False)

    def granska(self) -> None:
        lasta = [(s, las_taggar(s, MILJO, self._anmark)) for s in self.mall.stycken]
        self._anmark_rader(lasta)
        taggar = [t for _, i_stycket in lasta for t in i_stycket]
        self.uttryck = Uttrycksprov(self.namn, self.rapport, self._anmark, slingor=_slingor(taggar))
        for _, i_delen in groupby(taggar, key=lambda t: t.stycke.del_):
            for tagg in i_delen:
                self._prova(tagg)
            self._stang()

    def granska_helheten(self) -> None:
        """Det som styckena var för sig inte visar: att hela delen går att läsa när taggarna är borta."""
        for xml in self.mall.delar:
            try:
                MILJO.compile(MILJO.parse(xml))
                etree.fromstring("".join(text for _, ordslag, text in MILJO.lex(xml) if ordslag == "data"))
            except (jinja2.TemplateSyntaxError, etree.XMLSyntaxError):
                self.brister.append(brist("trasig_xml", self.mall.namn))

    def granska_stilar(self) -> None:
        slag = {namn for vag in self.uttryck.skrivna for bit, namn in _BLOCKSLAG.items() if bit in vag}
        for stil in saknade_stilar(self.mall.stilar, slag):
            self.brister.append(brist("saknar_stil", self.mall.namn, stil=stil.visas_som, till=stil.till))
        if len(set(self.mall.textbredder)) > 1 and slag & {"tabell", "diagram"}:
            cm = f"{min(self.mall.textbredder) / _CM:.1f}".replace(".", ",")
            self.brister.append(brist("olika_bredd", self.mall.namn, cm=cm))

    def sammanfatta(self) -> None:
        """Taggarna som finns men aldrig skriver något i rapporten: en mall kan vara gjord för en rapport som har mer."""
        if self.uttryck.tomma:
            self.brister.append(brist("skriver_aldrig", self.mall.namn, rapport=self.rapport, namn=", ".join(dict.fromkeys(self.uttryck.tomma))))

    def _anmark(self, kod: str, s: Stycke, **fakta: str) -> None:
        self.brister.append(brist(kod, self.mall.namn, s.plats, s.text, **fakta))

    def _anmark_rader(self, lasta: Iterable[tuple[Stycke, list[Taggtext]]]) -> None:
        """En rad med tr-tagg ersätts helt av taggen: det som står i radens andra celler försvinner."""
        i_rader = [(s, taggar) for s, taggar in lasta if s.rad]
        med_tr = {s.rad: t for s, taggar in i_rader for t in taggar if t.prefix == "tr"}
        for s, _ in i_rader:
            tagg = med_tr.get(s.rad)
            if tagg and tagg.stycke is not s and s.text.strip():
                forslag = "Låt taggen stå ensam i en egen rad, före och efter raderna som upprepas."
                self._anmark("text_vid_tagg", s, tagg=tagg.skriven, rest=s.text.strip(), forslag=forslag)

    def _prova(self, t: Taggtext) -> None:
        if t.slag == "variabel":
            self._prova_variabel(t)
        elif t.styrord in _SLUTORD or t.styrord in ("else", "elif"):
            self._prova_slut(t)
        elif t.styrord in _STYRORD:
            self._prova_borjan(t)
        elif t.styrord in ("colspan", "cellbg"):
            self._parse(t, f"{{{{ {t.innehall.partition(' ')[2]} }}}}")
        elif t.styrord not in _CELLORD:
            self._anmark("okant_styrord", t.stycke, tagg=t.skriven, ord=t.styrord, forslag=_styrordsforslag(t))

    def _prova_variabel(self, t: Taggtext) -> None:
        nod = self._parse(t, f"{{{{ {t.innehall} }}}}")
        if nod is not None:
            self.uttryck.skriv(t, next(n for n in nod.find(nodes.Output).nodes if not isinstance(n, nodes.TemplateData)))  # type: ignore[union-attr]

    def _prova_borjan(self, t: Taggtext) -> None:
        if t.styrord == "set":
            nod = self._parse(t, f"{{% {t.innehall} %}}")
            if nod is not None and (tilldelning := nod.find(nodes.Assign)) is not None:
                self.uttryck.tilldela(t, tilldelning)
            return
        nod = self._parse(t, f"{{% {t.innehall} %}}{{% end{t.styrord} %}}")
        self.oppna.append(_Oppet(t, t.styrord))
        slinga = nod.find(nodes.For) if nod is not None and t.styrord == "for" else None
        if t.styrord == "for":
            self.uttryck.ga_in(t, slinga)
        elif nod is not None and (villkor := nod.find(nodes.If)) is not None:
            self.uttryck.prova(t, villkor.test)

    def _prova_slut(self, t: Taggtext) -> None:
        if t.styrord == "elif":
            nod = self._parse(t, f"{{% if 1 %}}{{% {t.innehall} %}}{{% endif %}}")
            if nod is not None and (villkor := nod.find(nodes.If)) is not None:
                self.uttryck.prova(t, villkor.elif_[0].test)
        vantat = _SLUTORD.get(t.styrord, "if")
        if not self.oppna:
            self._anmark("saknar_borjan", t.stycke, tagg=t.skriven, borjan=f"{{%{t.prefix} {vantat} … %}}")
            return
        sista = self.oppna[-1]
        if t.styrord != "else" and sista.ord_ != vantat:
            slut = f"{{%{sista.tagg.prefix} end{sista.ord_} %}}"
            self._anmark("fel_slut", t.stycke, tagg=t.skriven, borjan=sista.tagg.skriven, slut=slut)
        else:
            self._prova_niva(sista.tagg, t)
        if t.styrord in _SLUTORD:
            self._lamna()

    def _prova_niva(self, borjan: Taggtext, slut: Taggtext) -> None:
        a, b = borjan.stycke, slut.stycke
        fakta = {"borjan": borjan.skriven, "tagg": slut.skriven}
        if borjan.prefix != slut.prefix:
            med = borjan.prefix or slut.prefix
            forslag = f"Skriv {{%{med} i båda, i var {'sin egen rad' if med == 'tr' else 'sitt eget stycke'}."
            self._anmark("olika_niva", b, **fakta, forslag=forslag)
        elif borjan.prefix in ("", "p") and a.behallare != b.behallare:
            if a.rad and a.tabell == b.tabell:
                self._anmark("slinga_i_rad", b, **fakta)
            else:
                self._anmark("olika_niva", b, **fakta, forslag="Låt båda stå i samma cell, textruta eller löpande text.")
        elif borjan.prefix == "tr" and a.tabell != b.tabell:
            self._anmark("olika_niva", b, **fakta, forslag="Låt båda stå i samma tabell.")

    def _stang(self) -> None:
        """Det som inte är avslutat när delen är slut."""
        while self.oppna:
            t = self.oppna[-1].tagg
            self._anmark("saknar_slut", t.stycke, tagg=t.skriven, slut=f"{{%{t.prefix} end{t.styrord} %}}")
            self._lamna()

    def _lamna(self) -> None:
        if self.oppna.pop().ord_ == "for":
            self.uttryck.ga_ut()

    def _parse(self, t: Taggtext, text: str) -> nodes.Template | None:
        try:
            return MILJO.parse(text)
        except jinja2.TemplateSyntaxError:
            self._anmark("otolkad_tagg", t.stycke, tagg=t.skriven)
            return None


def _slingor(taggar: Iterable[Taggtext]) -> dict[str, str]:
    """Namnen på varven i mallens slingor → slingan, för att kunna säga var en tagg hör hemma."""
    return dict(_slingnamn(taggar))


def _slingnamn(taggar: Iterable[Taggtext]) -> Iterator[tuple[str, str]]:
    for t in taggar:
        if t.styrord == "for":
            yield t.innehall.removeprefix("for").partition(" in ")[0].strip(), t.skriven


def _styrordsforslag(t: Taggtext) -> str:
    if t.styrord in ("p", "tr", "tc", "r"):
        return f"Skriv {t.styrord} direkt efter klammern: {{%{t.styrord} if … %}}."
    nara = narmast(t.styrord, [*_STYRORD, *_CELLORD])
    return f"Menade du {nara}?" if nara else f"Det som går att använda är {rakna_upp(_STYRORD)}."
