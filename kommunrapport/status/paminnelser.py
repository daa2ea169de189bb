"""Påminnelser att skicka: en text och ett e-postutkast per enhet som saknas, är försenad, har fel eller inte längre är klarmarkerad."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kommunrapport.inlasning.filnamn import filnamn_for
from kommunrapport.karna.fel import AnvandningsFel, MallFel
from kommunrapport.karna.sprak import genitiv
from kommunrapport.mall.mallkalla import Mallkalla
from kommunrapport.mall.organisation import Paminnelse
from kommunrapport.mall.periodmall import las_arbetskatalog
from kommunrapport.rapport import utmatning
from kommunrapport.status import meningar
from kommunrapport.status.lage import FELSLAG, Enhetslage, Lage, Periodlage
from kommunrapport.status.lasning import FLERA

MAPP, MEST = "paminnelse", 10
"""Mallarnas mapp, och så många anmärkningar som räknas upp."""
_ADRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True)
class Skrivet:
    """Filerna som skrevs. Av de gamla, som inte behövs längre: de som togs bort, och de som är ändrade och därför ligger kvar."""

    filer: Sequence[Path]
    borttagna: Sequence[Path]
    kvar: Sequence[Path]


def skriv_paminnelser(katalog: Path, lage: Lage, mapp: Path, *, ersatt: bool = False) -> Skrivet:
    """Skriver påminnelserna, två filer per enhet, och tar bort periodernas gamla. Fel: AnvandningsFel, MallFel, UtmatningsFel."""
    if mapp.resolve().is_relative_to((katalog / "inlamnat").resolve()):
        raise AnvandningsFel(f"Påminnelserna kan inte skrivas i {mapp}: där ligger inlämningarna. Ange en annan mapp.")
    arbete = las_arbetskatalog(katalog)
    filer = dict(paminnelser(lage, arbete.mallkalla, arbete.organisation.paminnelse, katalog))
    fore = {fil for fil in mapp.glob("*") if _ar_paminnelse(fil.name, lage)}
    skrivna = utmatning.skriv_filer(mapp, filer, ersatt=ersatt, ensamma=lambda namn: _ar_paminnelse(namn, lage)) if filer or fore else []
    gamla = sorted(fore - {mapp / namn for namn in filer})
    return Skrivet(skrivna, [fil for fil in gamla if not fil.exists()], [fil for fil in gamla if fil.exists()])


def _ar_paminnelse(namn: str, lage: Lage) -> bool:
    """Om filen heter som en påminnelse för någon av periodernas enheter."""
    return namn in {f"{_namn(p, e)}{andelse}" for p in lage.perioder for e in p.enheter for andelse in (".txt", ".eml")}


def _namn(p: Periodlage, e: Enhetslage) -> str:
    return f"{filnamn_for(e.namn)} {p.period}"


def paminnelser(lage: Lage, kalla: Mallkalla, villkor: Paminnelse, katalog: Path) -> Iterator[tuple[str, bytes]]:
    """Filnamn och innehåll. En fastställd period har ingen att påminna. Fel: MallFel, UtmatningsFel."""
    for p in (p for p in lage.perioder if not p.faststalld):
        for e in p.att_paminna:
            vag = "" if _flera(e) else e.kopia if e.filer else e.tom_bok
            bilaga = katalog / vag if vag else None
            amne = " ".join(_fyll(kalla, "amne", lage, p, e, villkor).split())
            text, brevtext = (_fyll(kalla, "paminnelse", lage, p, e, villkor, bifogat=b).strip() + "\n" for b in (False, bool(bilaga)))
            yield f"{_namn(p, e)}.txt", f"{amne}\n\n{text}".replace("\n", "\r\n").encode("utf-8-sig")
            yield f"{_namn(p, e)}.eml", brev(amne, brevtext, e.epost, bilaga)


def brev(amne: str, text: str, till: str, bilaga: Path | None = None) -> bytes:
    """Ett e-postutkast, som Outlook öppnar för att skickas. Utan dag och id, så att samma läge ger samma fil.

    En adress som inte kan vara en e-postadress utelämnas; då är raden Till tom i utkastet. Fel: UtmatningsFel när bilagan inte går att läsa.
    """
    utkast = EmailMessage(policy=SMTP)
    utkast["Subject"] = amne
    if _ADRESS.fullmatch(till):
        utkast["To"] = till
    utkast["X-Unsent"] = "1"
    utkast.set_content(text, charset="utf-8", cte="quoted-printable")
    if bilaga:
        data = utmatning.innehallet(bilaga)
        utkast.add_attachment(data, *_XLSX, filename=bilaga.name)
        utkast.set_boundary(sha256(text.encode() + data).hexdigest())
    return utkast.as_bytes()


def _flera(e: Enhetslage) -> bool:
    """Om enheten har lämnat flera filer, så att det inte går att veta vilken som gäller."""
    return any(a["kod"] in FLERA for a in e.anmarkningar)


def _fyll(kalla: Mallkalla, mall: str, lage: Lage, p: Periodlage, e: Enhetslage, villkor: Paminnelse, *, bifogat: bool = False) -> str:
    vag = f"{MAPP}/{mall}.txt.jinja"
    miljo = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True)  # inte HTML
    miljo.filters |= {"genitiv": genitiv, "namnet": lambda fil: str(fil).rpartition("/")[2]}
    rader = list(dict.fromkeys(meningar.anmarkningen(a) for a in e.anmarkningar if a["allvar"] != "upplysning"))
    ord_ = {namn: getattr(meningar, namn) for namn in ("sista_dagen", "lagens_frist")}
    senast = meningar.svara_senast(p, villkor.svarsdagar)
    om = {
        "flera": _flera(e),
        "i_celler": any(a["celler"] for a in e.anmarkningar if a["allvar"] in FELSLAG),
        "bifogat": bifogat,
        "senast": senast,
        "avsandare": villkor.avsandare,
        "telefon": villkor.telefon,
    }
    try:
        text = miljo.from_string(kalla.fil(vag).read_text(encoding="utf-8"))
        return text.render(kommun=lage.kommun, p=p, e=e, rader=rader[:MEST], fler=max(0, len(rader) - MEST), **om, **ord_)
    except (jinja2.TemplateError, UnicodeDecodeError) as fel:
        raise MallFel(f"mallar/{vag}: påminnelsen går inte att skriva ({fel}).") from fel
