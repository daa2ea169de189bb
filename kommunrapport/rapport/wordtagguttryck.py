"""Uttrycken i en Wordmalls taggar: vilka namn de använder, var, och om det som skrivs har rätt form."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from kommunrapport.karna.sprak import beteckning, rakna_upp
from kommunrapport.rapport.wordmiljo import MILJO
from kommunrapport.rapport.wordtaggar import SLINGVARIABEL, TAGGAR, Taggnamn, visad
from kommunrapport.rapport.wordtaggtext import Bristskrivare, Taggtext

_FRITT = ""
"""Vägen till något som inte är en tagg: ett tal, en text eller det som ett filter gav."""
_NARA = 0.7
_BLOCKPLATSER = ("tabell.*", "diagram.*", "namnder[].tabell.*", "bolag[].tabell.*")


@dataclass
class Uttrycksprov:
    """Prövar uttryck i tur och ordning, med de slingor som är öppna. ``slingor`` är namnet på ett varv → slingan där det finns."""

    namn: Taggnamn
    rapport: str
    anmark: Bristskrivare
    slingor: Mapping[str, str]
    skrivna: set[str] = field(default_factory=set)
    """Vägarna till det som har skrivits."""
    tomma: list[str] = field(default_factory=list)
    """Taggar som finns men aldrig skriver något i den här rapporten."""
    lokala: list[dict[str, str]] = field(default_factory=lambda: [{}])

    def prova(self, t: Taggtext, nod: nodes.Node) -> str:
        """Vägen som uttrycket leder till; tomt när det inte är en tagg. Okända namn anmärks."""
        match nod:
            case nodes.Name():
                return self._namn(t, nod.name)
            case nodes.Getattr():
                return self._under(t, self.prova(t, nod.node), nod.attr)
            case nodes.Getitem() if isinstance(nod.arg, nodes.Const):
                return self._post(t, self.prova(t, nod.node), nod.arg.value)
            case nodes.Compare():
                self._prova_omraden(t, nod)
            case nodes.Test() if nod.name in ("defined", "undefined"):
                return _FRITT
            case nodes.Filter() | nodes.Test():
                self._prova_filter(t, nod)
        for del_ in nod.iter_child_nodes():
            if isinstance(del_, nodes.Expr):
                self.prova(t, del_)
            elif isinstance(del_, nodes.Operand):
                self.prova(t, del_.expr)
        return _FRITT

    def skriv(self, t: Taggtext, nod: nodes.Node) -> None:
        """Prövar det som taggen skriver: text i löpande text, och block ensamma i ett stycke."""
        vag = self.prova(t, nod)
        tagg = self.namn.tagg(vag) if vag else None
        if tagg is None:
            if t.prefix and vag == _FRITT and isinstance(nod, nodes.Const):
                self._fel_form(t, "text", t.innehall, "")
            return
        self.skrivna.add(vag)
        if tagg.slag == "block" and t.prefix != "p":
            self._fel_form(t, "stycken eller en tabell", t.innehall, "p")
        elif tagg.slag == "text" and t.prefix:
            self._fel_form(t, "text", t.innehall, "")
        elif tagg.slag not in ("block", "text"):
            self.anmark("fel_form", t.stycke, tagg=t.skriven, vad="ingen text", forslag=self._forslag(f"{vag}.", vag))
        if tagg.vag.endswith("*"):
            self._prova_egen(t, vag)

    def tilldela(self, t: Taggtext, nod: nodes.Assign) -> None:
        """Namnet som ``set`` ger gäller tills slingan är slut."""
        vag = self.prova(t, nod.node)
        for mal in nod.find_all(nodes.Name):
            if mal.ctx == "store":
                self.lokala[-1][mal.name] = vag

    def ga_in(self, t: Taggtext, nod: nodes.For | None) -> None:
        """In i en slinga; None när den inte gick att läsa."""
        vag = self.prova(t, nod.iter) if nod is not None else _FRITT
        tagg = self.namn.tagg(vag) if vag else None
        if tagg is not None and tagg.slag != "lista":
            listor = [x.vag for x in TAGGAR if x.slag == "lista"]
            self.anmark("ingen_lista", t.stycke, tagg=t.skriven, namn=vag, listor=rakna_upp(listor))
        varv = f"{vag}[]" if tagg is not None and tagg.slag == "lista" else _FRITT
        mal = [nod.target, *nod.target.find_all(nodes.Name)] if nod is not None else []
        self.lokala.append({"loop": _FRITT, **{m.name: varv for m in mal if isinstance(m, nodes.Name)}})
        if nod is not None and nod.test is not None:
            self.prova(t, nod.test)

    def ga_ut(self) -> None:
        self.lokala.pop()

    def _namn(self, t: Taggtext, namn: str) -> str:
        for lokal in reversed(self.lokala):
            if namn in lokal:
                return lokal[namn]
        if self.namn.tagg(namn) is not None:
            return namn
        if namn not in MILJO.globals:
            if namn in self.slingor:
                self.anmark("utanfor_slinga", t.stycke, tagg=t.skriven, slinga=self.slingor[namn])
            else:
                self.anmark("okand_tagg", t.stycke, tagg=t.skriven, forslag=self._forslag(namn, ""))
        return _FRITT

    def _under(self, t: Taggtext, grupp: str, namn: str) -> str:
        if grupp == _FRITT:
            return _FRITT
        vag = f"{grupp}.{namn}"
        if self.namn.tagg(vag) is not None:
            return vag
        self.anmark("okand_tagg", t.stycke, tagg=t.skriven, forslag=self._forslag(vag, grupp))
        return _FRITT

    def _post(self, t: Taggtext, grupp: str, nyckel: object) -> str:
        if isinstance(nyckel, str):
            return self._under(t, grupp, nyckel)
        return f"{grupp}[]" if grupp and self.namn.tagg(f"{grupp}[]") is not None else _FRITT

    def _prova_omraden(self, t: Taggtext, nod: nodes.Compare) -> None:
        fragor = isinstance(nod.expr, nodes.Const) and any(isinstance(o.expr, nodes.Name) and o.expr.name == "omraden" for o in nod.ops)
        if fragor and isinstance(nod.expr, nodes.Const) and nod.expr.value not in self.namn.omraden:
            namn = str(nod.expr.value)
            nara = narmast(namn, self.namn.omraden)
            forslag = f"Menade du ”{nara}”?" if nara else f"Områdena är {', '.join(sorted(self.namn.omraden))}."
            self.anmark("okant_omrade", t.stycke, tagg=t.skriven, namn=namn, forslag=forslag)

    def _prova_filter(self, t: Taggtext, nod: nodes.Filter | nodes.Test) -> None:
        finns: Iterable[str] = MILJO.filters if isinstance(nod, nodes.Filter) else MILJO.tests
        if nod.name not in finns:
            nara = narmast(nod.name, finns)
            vad = "Filtret" if isinstance(nod, nodes.Filter) else "Provet"
            self.anmark("okant_filter", t.stycke, tagg=t.skriven, namn=f"{vad} {nod.name}", forslag=f"Menade du {nara}?" if nara else "Ta bort det.")

    def _fel_form(self, t: Taggtext, vad: str, innehall: str, prefix: str) -> None:
        var = "ensamt i ett eget stycke" if prefix else "i löpande text"
        self.anmark("fel_form", t.stycke, tagg=t.skriven, vad=vad, forslag=f"Skriv {{{{{prefix} {innehall} }}}} {var}.")

    def _prova_egen(self, t: Taggtext, vag: str) -> None:
        """En tagg som finns, men vars tabell eller diagram den här rapporten aldrig har på den platsen."""
        grupp, _, namn = vag.rpartition(".")
        egna = self.namn.egna.get(f"{grupp}.*")
        if egna is None or namn in egna:
            return
        andra = [v for v in self.namn.egna if namn in self.namn.egna[v] and v in _BLOCKPLATSER and grupp + ".*" in _BLOCKPLATSER]
        if andra:
            self.anmark("fel_plats", t.stycke, tagg=t.skriven, rapport=self.rapport, forslag=f"Menade du {_visad(andra[0].replace('*', namn))}?")
        else:
            self.tomma.append(t.skriven)

    def _forslag(self, vag: str, grupp: str) -> str:
        """Det närmaste rätta namnet: först i samma grupp, sedan samma namn i en annan, sedan vad som helst som liknar."""
        namn = vag.rpartition(".")[2]
        i_gruppen = narmast(namn, [*self.namn.under(grupp), *(() if grupp else self._lokala_namn())])
        if i_gruppen:
            return f"Menade du {_visad(f'{grupp}.{i_gruppen}' if grupp else i_gruppen)}?"
        andra = [v for v in self.namn.vagar() if v.rpartition(".")[2] == namn]
        nara = andra[0] if andra else _hel_vag(vag, self.namn.vagar())
        if nara:
            return f"Menade du {_visad(nara)}?"
        under = self.namn.under(grupp)
        return f"Det som finns är {rakna_upp(under)}." if grupp and 0 < len(under) <= 12 else "Taggarna står i docs/wordmallar.md."

    def _lokala_namn(self) -> list[str]:
        return [n for lokal in self.lokala for n in lokal]


def narmast(namn: str, bland: Iterable[str]) -> str:
    """Namnet som liknar mest, utan hänsyn till prickar och stora bokstäver; tomt när inget liknar."""
    per_form = {_form(b): b for b in bland}
    nara = difflib.get_close_matches(_form(namn), list(per_form), n=1, cutoff=_NARA)
    return per_form[nara[0]] if nara else ""


def _form(namn: str) -> str:
    return beteckning(namn).replace("-", "")


def _hel_vag(vag: str, vagar: Iterable[str]) -> str:
    nara = difflib.get_close_matches(vag, list(vagar), n=1, cutoff=_NARA)
    return nara[0] if nara else ""


def _visad(vag: str) -> str:
    """Vägen så som den skrivs i mallen, med sin slinga: ``n.tabell.drift i slingan for n in namnder``."""
    lista, slinga, _ = vag.partition("[]")
    return f"{visad(vag)} i slingan for {SLINGVARIABEL[lista]} in {lista}" if slinga else vag
