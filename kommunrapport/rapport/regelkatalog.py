"""Regelkatalogen så som den visas: reglerna med sina ord, gränser och källor, och läsarens anmärkningar."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.modell import Katalogpost, Regel
from kommunrapport.mall.organisation import Trosklar

SLAGSNAMN = {"namnd": "nämnder", "finansforvaltning": "finansförvaltningen", "bolag": "bolag", "forbund": "kommunalförbund"}
_ALLVAR = {
    "stopp": "filen eller regeln kan inte användas",
    "fel": "ska rättas, eller undantas genom beslut",
    "varning": "ska rättas eller förklaras på bladet Förklaringar",
    "upplysning": "behöver inget svar",
}


def som_data(regel: Regel, katalog: Katalog, trosklar: Trosklar, dag_allvar: str | None) -> dict[str, Any]:
    """En regel med allt som katalogen säger om den. ``granser`` har kommunens värden; None när gränsen inte är satt."""
    post = katalog.poster[regel.kod]
    return {
        "kod": regel.kod,
        "id": regel.id,
        "allvar": dag_allvar or post.allvar,
        "rubrik": post.rubrik,
        "kategori": post.kategori,
        "forklaring": regel.forklaring,
        "mening": post.mening,
        "gor_sa": _utan_ord(post.gor_sa),
        "lagrum": katalog.lagrum[post.lagrum].namn if post.lagrum else "",
        "kalla": regel.kalla,
        "slag": regel.slag,
        "blad": list(regel.blad),
        "galler_for": list(regel.galler_for),
        "galler_fran": regel.galler_fran.isoformat(),
        "galler_till": regel.galler_till.isoformat() if regel.galler_till else "",
        "prova": regel.prova.isoformat() if regel.prova else "",
        "granser": {namn: getattr(trosklar, namn) for namn in regel.granser},
        "anvands": all(getattr(trosklar, namn) is not None for namn in regel.granser),
    }


def som_markdown(regler: Sequence[Regel], katalog: Katalog, bladnamn: Mapping[str, str]) -> str:
    """Hela katalogen som ett dokument: reglerna per kategori, och sedan det som läsningen själv anmärker på."""
    rader = [
        "# Regler och anmärkningar",
        "",
        "Sidan är skriven av `make regler` ur `mallar/regler/` och `mallar/anmarkningar.toml`. Ändra i mallarna, inte här.",
        "",
        "| allvar | betyder |",
        "|---|---|",
        *(f"| {namn} | {betyder} |" for namn, betyder in _ALLVAR.items()),
        "",
        "`kommunrapport regler --period 2024-08 --enhet Socialnämnden` visar reglerna som gäller en enhet och kommunens gränser.",
        "",
        "## Regler",
    ]
    per_kategori: dict[str, list[Regel]] = {}
    for regel in regler:
        per_kategori.setdefault(katalog.poster[regel.kod].kategori, []).append(regel)
    for kategori, egna in per_kategori.items():
        rader += ["", f"### {kategori.capitalize()}"]
        for regel in sorted(egna, key=lambda r: r.kod):
            rader += _regelns_rader(regel, katalog, bladnamn)
    rader += ["", "## Det som läsningen anmärker på", "", "| kod | allvar | vad | gör så här |", "|---|---|---|---|"]
    med_regel = {r.kod for r in regler}
    rader += [_tabellrad(kod, post) for kod, post in sorted(katalog.poster.items()) if kod not in med_regel]
    return "\n".join(rader) + "\n"


def _regelns_rader(regel: Regel, katalog: Katalog, bladnamn: Mapping[str, str]) -> Iterator[str]:
    post = katalog.poster[regel.kod]
    yield ""
    yield f"**{regel.kod} {post.rubrik}** ({post.allvar}). {regel.forklaring}"
    yield ""
    yield f"- Gör så här: {_utan_ord(post.gor_sa)}"
    yield from (f"- {namn}: {text}" for namn, text in _uppgifter(regel, post, katalog, bladnamn) if text)


def _uppgifter(regel: Regel, post: Katalogpost, katalog: Katalog, bladnamn: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    giltig = f"från {regel.galler_fran}" + (f" till {regel.galler_till}" if regel.galler_till else "")
    return (
        ("Prövar", ", ".join(del_ for del_ in (_bladet(regel, bladnamn), ", ".join(SLAGSNAMN[s] for s in regel.galler_for)) if del_)),
        ("Gränser i kommun.toml", ", ".join(f"`{namn}`" for namn in regel.granser)),
        ("Lagrum", katalog.lagrum[post.lagrum].namn if post.lagrum else ""),
        ("Bygger på", regel.kalla),
        ("Gäller", f"{giltig} (`{regel.id}`)"),
        ("Prövas", f"en varning till och med {regel.prova}, därefter {post.allvar}" if regel.prova else ""),
        ("Följdfel", {"blad": "bladets övriga regler prövas inte", "cell": "cellen prövas inte mot andra blad"}.get(post.grind, "")),
    )


def _bladet(regel: Regel, bladnamn: Mapping[str, str]) -> str:
    namn = rakna_upp([bladnamn[b] for b in regel.blad])
    return f"{'bladet' if len(regel.blad) == 1 else 'bladen'} {namn}" if namn else ""


def _tabellrad(kod: str, post: Katalogpost) -> str:
    return f"| {kod} | {post.allvar} | {post.rubrik}. {_utan_ord(post.mening)} | {_utan_ord(post.gor_sa)} |"


def _utan_ord(text: str) -> str:
    """Orden inom klamrar visas som tre punkter: de fylls i när anmärkningen gäller en cell. En hel mening som bara ibland följer utelämnas."""
    text = re.sub(r"(?<=\.)\{\w+\}", "", text)
    delar = text.replace("{", "\x00{").replace("}", "}\x00").split("\x00")
    return "".join("…" if del_.startswith("{") else del_ for del_ in delar).replace("|", "/")
