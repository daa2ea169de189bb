"""Sidan ``status.html`` i arbetskatalogens rot: läget utan server och utan skript, tillgängligt och lika från gång till gång."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kommunrapport.karna.farg import VIT, ljusnad
from kommunrapport.karna.fel import MallFel
from kommunrapport.karna.period import datum_i_ord
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.utseende import Utseende
from kommunrapport.rapport import utmatning
from kommunrapport.status import meningar
from kommunrapport.status.lage import ATT_PAMINNA, KLAR, LAMNAD, LAMNAR_INTE, Enhetslage, Lage, Periodlage

FILNAMN, MALL = "status.html", "sida/status.html"
MEST = 10
"""Så många anmärkningar per enhet står på sidan; alla står i den kommenterade kopian och i anmarkningar.xlsx."""
_BOTTEN, _YTA = "12191B", "1F2A2E"
"""Bottnarna i det mörka utseendet."""
_KONTRAST = {"text": 11.0, "dampad": 7.0}
"""Texten i det mörka utseendet är tydligare än WCAG:s minsta 4,5, så att den går att läsa länge."""
_BREDD, _HOJD, _LAGST = 320, 40, Decimal(2)
"""Diagrammets bredd, höjden per enhet och den smalaste stapeln som inte är noll, i diagrammets egna mått."""


@dataclass(frozen=True)
class Stapel:
    """En enhets stapel; ``x`` och ``bredd`` i diagrammets mått."""

    namn: str
    visas: str
    minus: bool
    y: int
    x: str
    bredd: str


@dataclass(frozen=True)
class Diagram:
    """Avvikelsen per enhet, den sämsta först. ``beskrivning`` är alternativtexten."""

    staplar: tuple[Stapel, ...]
    noll: str
    bredd: int
    hojd: int
    beskrivning: str


def skriv_status(katalog: Path, lage: Lage) -> Path:
    """Skriver sidan i arbetskatalogen och ger dess väg. Den förra ersätts. Fel: MallFel, UtmatningsFel."""
    utmatning.skriv_fil(katalog / FILNAMN, sida(lage, Mallkalla.for_katalog(katalog)), ersatt=True)
    return katalog / FILNAMN


def sida(lage: Lage, kalla: Mallkalla) -> bytes:
    """Sidan ur mallen ``sida/status.html``. Fel: MallFel."""
    miljo = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    miljo.filters |= {"datum": datum_i_ord, "lank": lank, "namnet": lambda vag: str(vag).rpartition("/")[2]}
    ord_ = {
        namn: getattr(meningar, namn)
        for namn in ("sista_dagen", "lagens_frist", "lamnade_i_ord", "planen", "rapporten", "klarmarkerad", "mottagen", "utan_fil", "plats")
    }
    utseende = kalla.las("utseende.toml", Utseende)
    uppgifter = {"lage": lage, "farger": farger(utseende), "att_gora": att_gora, "diagram": diagram, "bradskar": ATT_PAMINNA, "mest": MEST}
    try:
        mall = miljo.from_string(kalla.fil(MALL).read_text(encoding="utf-8"))
        return mall.render(**ord_, **uppgifter).encode("utf-8", "replace")
    except (jinja2.TemplateError, UnicodeDecodeError) as fel:
        raise MallFel(f"mallar/{MALL}: sidan går inte att skriva ({fel}).") from fel


def lank(vag: str) -> str:
    """Vägen från arbetskatalogen som relativ länk."""
    return quote(vag, errors="surrogateescape")


def att_gora(p: Periodlage) -> list[Enhetslage]:
    """Enheterna som något återstår för, de mest brådskande först."""
    return [e for e in p.enheter if e.lage not in (KLAR, LAMNAD, LAMNAR_INTE) or e.noteringar]


def farger(u: Utseende) -> dict[str, Mapping[str, str]]:
    """Sidans färger i ljust och mörkt utseende; de mörka är kommunens egna, ljusade tills de går att läsa."""
    ljust = {
        "botten": VIT, "yta": u.farg.ljus, "text": u.farg.text, "dampad": u.farg.dampad, "rubrik": u.farg.huvud, "linje": u.farg.linje,
        "varning": u.farg.varning, "varningsbotten": u.farg.varningsbotten, "plus": u.diagram.forbattring, "minus": u.diagram.forsamring,
    }  # fmt: skip
    ytor = {"botten": _BOTTEN, "yta": _YTA, "varningsbotten": _YTA, "linje": u.farg.dampad}
    morkt = {n: ytor.get(n) or ljusnad(f, _BOTTEN, _YTA, minst=_KONTRAST.get(n, 5.5)) for n, f in ljust.items()}
    return {"ljust": ljust, "morkt": morkt}


def diagram(p: Periodlage) -> Diagram | None:
    """Avvikelserna som staplar, eller None när ingen enhet har någon."""
    varden = [(e, e.siffror.avvikelse.ore, e.siffror.avvikelse.visas) for e in p.enheter if e.siffror and e.siffror.avvikelse]
    kanda = sorted(((e, ore, visas) for e, ore, visas in varden if ore is not None), key=lambda v: v[1])
    if not any(ore for _, ore, _ in kanda):
        return None
    lagst, hogst = min(0, kanda[0][1]), max(0, kanda[-1][1])
    skala = Decimal(_BREDD) / (hogst - lagst)
    noll = -lagst * skala
    staplar = tuple(_stapel(nr, e, ore, visas, skala, noll) for nr, (e, ore, visas) in enumerate(kanda))
    uppraknat = rakna_upp([f"{s.namn} {s.visas}" for s in staplar])
    return Diagram(staplar, _matt(noll), _BREDD, _HOJD * len(staplar), f"Avvikelse mot budget i {p.beloppsenhet}, den lägsta först: {uppraknat}.")


def _stapel(nr: int, e: Enhetslage, ore: int, visas: str, skala: Decimal, noll: Decimal) -> Stapel:
    bredd = max(abs(ore) * skala, _LAGST) if ore else Decimal(0)
    x = min(max(noll - bredd if ore < 0 else noll, Decimal(0)), _BREDD - bredd)
    return Stapel(e.namn, visas, ore < 0, nr * _HOJD, _matt(x), _matt(bredd))


def _matt(tal: Decimal) -> str:
    return f"{tal:.1f}"
