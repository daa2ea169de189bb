"""Påminnelser att skicka: en text och ett e-postutkast per enhet som saknas, är försenad, har fel eller inte längre är klarmarkerad."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.karna.fel import AnvandningsFel, MallFel
from kommunrapport.karna.sprak import genitiv
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.rapport import utmatning
from kommunrapport.status import meningar
from kommunrapport.status.lage import Enhetslage, Lage, Periodlage

MAPP, MEST = "paminnelse", 10
"""Mallarnas mapp, och så många anmärkningar som räknas upp."""
_ADRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def skriv_paminnelser(katalog: Path, lage: Lage, mapp: Path, *, ersatt: bool = False) -> list[Path]:
    """Skriver påminnelserna, två filer per enhet; inga när ingen behövs. Fel: AnvandningsFel, MallFel, UtmatningsFel."""
    if mapp.resolve().is_relative_to((katalog / "inlamnat").resolve()):
        raise AnvandningsFel(f"Påminnelserna kan inte skrivas i {mapp}: där ligger inlämningarna. Ange en annan mapp.")
    filer = dict(paminnelser(lage, Mallkalla.for_katalog(katalog)))
    return utmatning.skriv_filer(mapp, filer, ersatt=ersatt) if filer else []


def inaktuella(mapp: Path, skrivna: list[Path]) -> list[Path]:
    """Påminnelser i mappen från en tidigare körning, som inte behövs längre."""
    return sorted(fil for fil in mapp.glob("*.eml") if fil not in skrivna)


def paminnelser(lage: Lage, kalla: Mallkalla) -> Iterator[tuple[str, bytes]]:
    """Filnamn och innehåll. En fastställd period har ingen att påminna. Fel: MallFel."""
    for p in (p for p in lage.perioder if not p.faststalld):
        for e in p.att_paminna:
            amne = " ".join(_fyll(kalla, "amne", lage, p, e).split())
            text = _fyll(kalla, "paminnelse", lage, p, e).strip() + "\n"
            namn = f"{filnamn_for(e.namn)} {p.period}"
            yield f"{namn}.txt", f"{amne}\n\n{text}".replace("\n", "\r\n").encode("utf-8-sig")
            yield f"{namn}.eml", brev(amne, text, e.epost)


def brev(amne: str, text: str, till: str) -> bytes:
    """Ett e-postutkast, som Outlook öppnar för att skickas. Utan dag och id, så att samma läge ger samma fil.

    En adress som inte kan vara en e-postadress utelämnas; då är raden Till tom i utkastet.
    """
    utkast = EmailMessage(policy=SMTP)
    utkast["Subject"] = amne
    if _ADRESS.fullmatch(till):
        utkast["To"] = till
    utkast["X-Unsent"] = "1"
    utkast.set_content(text, charset="utf-8", cte="quoted-printable")
    return utkast.as_bytes()


def _fyll(kalla: Mallkalla, mall: str, lage: Lage, p: Periodlage, e: Enhetslage) -> str:
    vag = f"{MAPP}/{mall}.txt.jinja"
    miljo = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True)  # inte HTML
    miljo.filters |= {"genitiv": genitiv, "namnet": lambda fil: str(fil).rpartition("/")[2]}
    rader = [a for a in e.anmarkningar if a["allvar"] != "upplysning"]
    ord_ = {namn: getattr(meningar, namn) for namn in ("sista_dagen", "lagens_frist", "anmarkningen")}
    try:
        text = miljo.from_string(kalla.fil(vag).read_text(encoding="utf-8"))
        return text.render(kommun=lage.kommun, p=p, e=e, rader=rader[:MEST], fler=max(0, len(rader) - MEST), **ord_)
    except (jinja2.TemplateError, UnicodeDecodeError) as fel:
        raise MallFel(f"mallar/{vag}: påminnelsen går inte att skriva ({fel}).") from fel
