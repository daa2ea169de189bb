"""Sidan om Wordmallar (docs/wordmallar.md): hur en kommun gör en egen mall, och alla taggar med exempel."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kommunrapport.karna.sprak import stor_bokstav
from kommunrapport.mall.rapportmall import Rapportmall
from kommunrapport.rapport.bygg import SVAR
from kommunrapport.rapport.mallbrister import BRISTER
from kommunrapport.rapport.uppsiktstaggar import UPPSIKTSTAGGAR
from kommunrapport.rapport.wordstilar import STILAR
from kommunrapport.rapport.wordtaggar import PER_VAG, SLINGVARIABEL, TAGGAR, Tagg, tabellnamn, visad

KONCERNTITLAR = {
    "koncern_resultat": "Koncernens resultaträkning, med en kolumn per företag",
    "koncern_balans": "Koncernens balansräkning, med en kolumn per företag",
    "koncern_kassaflode": "Koncernens kassaflödesanalys, med en kolumn per företag",
    "elimineringar": "Elimineringar i koncernen, i sammandrag",
    "mellanhavanden": "Mellanhavanden i koncernen",
    "forvarv": "Förvärv och elimineringen mot eget kapital",
    "handelimineringar": "Elimineringar som är beslutade för hand",
    "koncernforetag": "Företagen i koncernen",
}
"""Koncernens tabeller, som inte står i rapportmallen."""
KORTNAMN = {
    "manad": "månad",
    "delar": "delår",
    "bokslutskommunike": "bokslutskommuniké",
    "arsredovisning": "årsredovisning",
    "lagesbild": "lägesbild",
}
_INLEDNING = """# Wordmallar

Sidan är skriven av `make wordmallar` ur programmets egen beskrivning av taggarna och ur rapportmallarna. Ändra inte här.

Rapporten är ett vanligt Worddokument. Allt i mallen får ändras: text, ordning, sidhuvud, logotyp, typsnitt, färger, marginaler och
pappersformat. Det programmet skriver står i taggar inom klamrar.

## Gör en egen mall

1. Kopiera den medföljande mallen till arbetskatalogens `mallar/word/`:

   ```
   kommunrapport mall-granska --kopiera delarsrapport
   ```

   Mallarna heter {mallar}.
   Den egna filen ska ha samma namn; då används den i stället för den medföljande.
2. Öppna filen i Word. De bruna raderna är taggar som styr programmet. Flytta, ta bort och lägg till avsnitt, men låt en tagg som börjar med
   `{{{{p` eller `{{%p` stå ensam i sitt stycke.
3. Byt logotyp, sidhuvud, typsnitt och färger som i vilket dokument som helst. Ändra stilarna, inte enskilda stycken: tabellernas och
   texternas utseende kommer ur stilarna i [listan](#stilarna).
4. Pröva mallen:

   ```
   kommunrapport mall-granska --period 2024-08
   ```

   Varje brist står med sin plats, och en felstavad tagg med det närmaste rätta namnet. Samma prövning görs varje gång en rapport
   skrivs; har mallen fel skrivs ingen rapport (slutkod 5).

## Så skrivs en tagg

| så skrivs den | betyder |
|---|---|
| `{{{{ rapport.kommun }}}}` | text, mitt i en mening, i en rubrik, i sidhuvudet eller i en tabellcell |
| `{{{{p tabell.drift }}}}` | ett block: en tabell, ett diagram eller egna stycken. Ensam i ett stycke |
| `{{%p if tabell.mal %}}` … `{{%p else %}}` … `{{%p endif %}}` | det däremellan skrivs bara när det finns något. Varje tagg ensam i ett stycke |
| `{{%p if 'prognos' in omraden %}}` | bara i perioder med helårsprognos. Områdena står i [listan](#områden) |
| `{{%p for n in namnder %}}` … `{{%p endfor %}}` | det däremellan skrivs en gång per nämnd |
| `{{%tr for k in nyckeltal %}}` … `{{%tr endfor %}}` | raderna däremellan upprepas. Varje tagg ensam i en egen tabellrad |
| `{{% if k.text %}}{{{{ k.text }}}}{{% endif %}}` | inuti ett stycke, utan p |
| `{{#p En anteckning #}}` | en anteckning till den som ändrar i mallen; den skrivs inte |

Skriv en tagg i ett svep. Är en del av den länkad, eller tillagd med spårade ändringar, kan programmet inte läsa ihop den; radera den då
och skriv den på nytt.

Tabeller och diagram får textytans bredd. Har mallen sidor med olika bredd, eller spalter, är det den smalaste bredden som gäller.

"""


_ORD = re.compile(r"\{[a-zA-Z_0-9]+\}")


@dataclass(frozen=True, slots=True)
class Namngivet:
    """Ett namn som ersätter NAMN i en tagg: vad det är och vilka kommandons rapporter som har det."""

    text: str
    rapporter: tuple[str, ...]


def som_markdown(rapporter: Mapping[str, Rapportmall], texter: Mapping[str, str], omraden: Mapping[str, str]) -> str:
    """Hela sidan. ``rapporter`` är kommando → rapportmall, ``texter`` bladet Texters rader → rubriker."""
    filer = (
        {"word/uppsikt.docx"} | {m.wordmall for m in rapporter.values()} | {m.enhetsrapport.wordmall for m in rapporter.values() if m.enhetsrapport}
    )
    mallar = ", ".join(f"`{fil.rpartition('/')[2]}`" for fil in sorted(filer))

    def per_namn(namnen: Callable[[Rapportmall], Mapping[str, str]]) -> dict[str, Namngivet]:
        lasta = {k: namnen(m) for k, m in rapporter.items()}
        alla = {n: text for namn in reversed(lasta.values()) for n, text in namn.items()}
        return {n: Namngivet(_utan_ord(alla[n]), tuple(k for k, namn in lasta.items() if n in namn)) for n in sorted(alla)}

    i_slingan = "i slingan `{%p for n in namnder %}`"
    delar: list[Iterable[str]] = [
        _INLEDNING.format(mallar=mallar).rstrip().splitlines(),
        _taggarna(),
        _namnen("Meningar", "`{{ mening.NAMN }}`", "", per_namn(lambda m: {n: "" for n in m.mening if n != "namnd"})),
        _namnen("Meningar i enhetens egen rapport", "`{{ mening.NAMN }}`", "", per_namn(lambda m: dict.fromkeys(m.enhetsmening, ""))),
        _namnen("Tabeller", "`{{p tabell.NAMN }}`", "titel", per_namn(lambda m: _tabeller(m, per_enhet=False))),
        _namnen(
            "Enheternas tabeller",
            f"`{{{{p n.tabell.NAMN }}}}` {i_slingan}, och `{{{{p tabell.NAMN }}}}` i enhetens egen rapport",
            "titel",
            per_namn(lambda m: _tabeller(m, per_enhet=True)),
        ),
        _namnen("Diagram", "`{{p diagram.NAMN }}`", "titel", per_namn(_diagram)),
        _enkel("Inlämnade texter", f"`{{{{p stycken.NAMN }}}}` är finansförvaltningens text, och `{{{{p n.NAMN }}}}` nämndens, {i_slingan}.", texter),
        _namnen("Det som krävs", "`{{p saknas.NAMN }}`", "delen", per_namn(lambda m: {k.plats: k.vad for k in reversed(m.krav)})),
        _namnen("Förklaringar", "`{{ forklaring.NAMN }}`", "", per_namn(lambda m: dict.fromkeys(m.forklaring, ""))),
        _enkel("Områden", "`{%p if 'NAMN' in omraden %}` frågar om perioden har området enligt årshjulet.", omraden),
        _uppsikten(),
        _stilarna(),
        _bristerna(),
    ]
    return "\n".join(rad for del_ in delar for rad in (*del_, "")).rstrip("\n") + "\n"


def _taggarna() -> Iterator[str]:
    yield from ("## Taggarna", "", "Varje tagg finns i alla rapporter. Det som en rapport inte har är tomt.", "", "| tagg | ger |", "|---|---|")
    for t in TAGGAR:
        yield f"| `{_exempel(t)}` | {t.ger}{_i_slingan(t)} |"


def _exempel(t: Tagg) -> str:
    namn = visad(t.vag.replace("*", "NAMN"))
    match t.slag:
        case "block":
            return f"{{{{p {namn} }}}}"
        case "lista":
            return f"{{%p for {SLINGVARIABEL[t.vag]} in {namn} %}}"
        case "janej":
            return f"{{%p if {namn} %}}"
        case "mangd":
            return f"{{%p if 'prognos' in {namn} %}}"
    return f"{{{{ {namn} }}}}"


def _i_slingan(t: Tagg) -> str:
    lista, slinga, _ = t.vag.partition("[]")
    return f". I slingan `for {SLINGVARIABEL[lista]} in {lista}`" if slinga else ""


def _namnen(rubrik: str, tagg: str, vad: str, namn: Mapping[str, Namngivet]) -> Iterator[str]:
    """Namnen och vilka rapporter som har dem."""
    har = list(dict.fromkeys(k for n in namn.values() for k in n.rapporter))
    ordnade = [k for k in KORTNAMN if k in har]
    yield from (f"## {rubrik}", "", f"{tagg}, där NAMN är:", "")
    yield f"| NAMN | {f'{vad} | ' if vad else ''}{' | '.join(KORTNAMN[k] for k in ordnade)} |"
    yield "|---" * (len(ordnade) + (2 if vad else 1)) + "|"
    for n, uppgift in namn.items():
        yield f"| `{n}` | {f'{uppgift.text} | ' if vad else ''}{' | '.join('ja' if k in uppgift.rapporter else '' for k in ordnade)} |"


def _enkel(rubrik: str, ledtext: str, namn: Mapping[str, str]) -> Iterator[str]:
    yield from (f"## {rubrik}", "", ledtext, "", "| NAMN | är |", "|---|---|")
    yield from (f"| `{n}` | {_utan_ord(text)} |" for n, text in namn.items())


def _uppsikten() -> Iterator[str]:
    yield from ("## Underlaget för uppsikt", "", "Mallen `uppsikt.docx` får skriva det som en enhets egen rapport har, och dessutom:", "")
    yield from ("| tagg | ger |", "|---|---|")
    for vag, namnen in UPPSIKTSTAGGAR.items():
        yield from (f"| `{_exempel(PER_VAG[vag]).replace('NAMN', namn)}` | {ger} |" for namn, ger in namnen.items())


def _tabeller(mall: Rapportmall, *, per_enhet: bool) -> dict[str, str]:
    titlar = {t.id: t.titel for t in mall.tabell} | {x.id: x.titel for x in mall.lista} | {m.id: m.titel for m in mall.malkedja}
    titlar |= {m.id: m.titel for m in mall.malhistorik}
    egna = {n: t for n, t in titlar.items() if n in tabellnamn(mall, per_enhet=per_enhet)}
    if per_enhet:
        return {n: stor_bokstav(t.removeprefix("{enhet}: ")) for n, t in egna.items()}
    koncern = KONCERNTITLAR if any(k.koncern for t in mall.tabell for k in t.kolumn) else {}
    return {**egna, **koncern, **({SVAR: mall.svar.titel} if mall.svar else {})}


def _diagram(mall: Rapportmall) -> dict[str, str]:
    return {d.id: d.titel for d in mall.diagram} | {m.id: m.diagramtitel for m in mall.malkedja}


def _stilarna() -> Iterator[str]:
    yield from (
        "## Stilarna",
        "",
        "Programmet skriver med stilarna nedan. De ska finnas i mallen under sina namn; hur de ser ut bestämmer ni. En mall utan tabeller",
        "behöver inte tabellernas stilar, och så vidare. Övriga stilar i de medföljande mallarna, till exempel Omslag kommun, får tas bort.",
        "",
        "Malltagg är den bruna stilen för taggarna. Den syns inte i rapporten.",
        "",
        "| stil | används för |",
        "|---|---|",
    )
    yield from (f"| {s.visas_som} | {s.till} |" for s in STILAR)


def _bristerna() -> Iterator[str]:
    yield from (
        "## Vad granskningen säger",
        "",
        "`kommunrapport mall-granska --json` ger koden för varje brist. Fel hindrar att rapporten skrivs.",
        "",
    )
    yield from ("| kod | allvar | betyder |", "|---|---|---|")
    yield from (f"| `{kod}` | {b.allvar} | {b.rubrik} |" for kod, b in BRISTER.items())


def _utan_ord(text: str) -> str:
    """Ord inom klamrar, som fylls i när texten visas, som tre punkter."""
    return _ORD.sub("…", text).replace("|", "/")
