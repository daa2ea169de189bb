"""Granskar filer: känner igen slaget, läser inom gränserna och ger anmärkningarna, de värsta först."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.filbitar import las_bitar
from kommunrapport.inlasning.filnamn import ar_halv, ar_systemfil, visningsnamn
from kommunrapport.inlasning.filslag import granska_huvud
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.tidsgrans import Tidsgrans, inom_tid
from kommunrapport.karna.anmarkning import Allvar, Anmarkning, sla_samman
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.mall.dokumentmall import Dokumentmall
from kommunrapport.tillganglighet.excelbok import granska_excel
from kommunrapport.tillganglighet.fynd import fynd
from kommunrapport.tillganglighet.paket import Paket
from kommunrapport.tillganglighet.pdf import granska_pdf
from kommunrapport.tillganglighet.word import granska_word

ANDELSER = (".docx", ".docm", ".dotx", ".dotm", ".xlsx", ".xlsm", ".xltx", ".pdf")
_LASFIL = "~$"
_KODER = {
    "KR102": "TG001", "KR103": "TG002", "KR104": "TG003", "KR141": "TG003", "KR142": "TG003", "KR106": "TG004", "KR138": "TG004",
    "KR130": "TG005", "KR131": "TG005", "KR132": "TG005", "KR133": "TG005", "KR134": "TG005", "KR107": "TG006", "KR140": "TG006",
    "KR139": "TG007", "KR105": "TG008", "KR135": "TG008", "KR136": "TG008", "KR137": "TG008",
}  # fmt: skip
"""Läsarens kod för en fil som inte går att läsa → granskningens."""
_SLAG = {
    "KR130": "en arbetsbok i det äldre formatet .xls", "KR131": "ett dokument i ett äldre Officeformat, till exempel .doc",
    "KR132": "en binär arbetsbok (.xlsb)", "KR133": "ett dokument i OpenDocument-format (.odt eller .ods)",
}  # fmt: skip


@dataclass(frozen=True)
class Granskat:
    """En granskad fil: namnet som det visas, slaget (docx, xlsx, pdf, tomt när det är okänt) och anmärkningarna."""

    fil: str
    slag: str
    anmarkningar: tuple[Anmarkning, ...]

    def har_fel(self, mall: Dokumentmall) -> bool:
        """Om något är så allvarligt att dokumentet inte är tillgängligt."""
        return any(mall.katalog.allvar(a) >= Allvar.FEL for a in self.anmarkningar)


def granska_filer(vagar: Sequence[str], mall: Dokumentmall) -> list[Granskat]:
    """Filerna, och dokumenten i mapparna och deras undermappar. Fel: AnvandningsFel när en väg inte finns."""
    return [granska_fil(fil, mall) for fil in dict.fromkeys(fil for vag in vagar for fil in _utpekade(Path(vag)))]


def granska_fil(fil: Path, mall: Dokumentmall) -> Granskat:
    """En fil; en som inte går att läsa får en anmärkning om det."""
    namn = visningsnamn(str(fil))
    if fil.name.startswith(_LASFIL):
        return Granskat(namn, "", (fynd("TG010", lamnat=visningsnamn(fil.name.removeprefix(_LASFIL))),))
    try:
        slag, anmarkningar = inom_tid(lambda tid: _las(fil, mall, tid))
    except Olasbar as fel:
        return Granskat(namn, "", (_olasbar(fel),))
    ordnade = sorted(sla_samman(anmarkningar), key=lambda a: (-mall.katalog.allvar(a), a.kod))
    return Granskat(namn, slag, tuple(ordnade))


def som_data(granskat: Granskat, mall: Dokumentmall) -> dict[str, Any]:
    """Granskningen med alla ord, i samma form i JSON och på skärmen."""
    anmarkningar = [_anmarkningsdata(a, granskat.fil, mall) for a in granskat.anmarkningar]
    return {"fil": granskat.fil, "slag": granskat.slag, "godkand": not granskat.har_fel(mall), "anmarkningar": anmarkningar}


def _anmarkningsdata(a: Anmarkning, fil: str, mall: Dokumentmall) -> dict[str, Any]:
    katalog, kontroll = mall.katalog, mall.kontroll[a.kod]
    return {
        "allvar": katalog.allvar(a).namn,
        "kod": a.kod,
        "fil": fil,
        "blad": a.plats.blad,
        "platser": list(dict.fromkeys(a.plats.celler)),
        "rubrik": katalog.rubrik(a),
        "mening": katalog.mening(a),
        "gor_sa": katalog.gor_sa(a),
        "lamnat": a.lamnat,
        "vantat": a.vantat,
        "bygger_pa": kontroll.bygger_pa,
        "overifierat": kontroll.overifierat,
    }


def _utpekade(vag: Path) -> Iterator[Path]:
    if vag.is_dir():
        filer = [f for f in sorted(vag.rglob("*")) if f.suffix.lower() in ANDELSER and f.is_file() and not _hoppas_over(f)]
        if not filer:
            raise AnvandningsFel(f"Mappen {vag} innehåller inga dokument att granska (.docx, .xlsx eller .pdf).")
        yield from filer
    elif vag.exists():
        yield vag
    else:
        raise AnvandningsFel(f"Filen {vag} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")


def _hoppas_over(fil: Path) -> bool:
    return fil.name.startswith(_LASFIL) or ar_systemfil(fil) or ar_halv(fil)


def _las(fil: Path, mall: Dokumentmall, tid: Tidsgrans) -> tuple[str, list[Anmarkning]]:
    data = b"".join(las_bitar(fil, tid, granser.MAX_BYTE, "KR106"))
    try:
        return _granska(data, mall, tid)
    except Olasbar:
        raise
    except MemoryError as fel:
        raise Olasbar("KR106", grans="datorns minne") from fel
    except Exception as fel:
        raise Olasbar("KR104") from fel


def _granska(data: bytes, mall: Dokumentmall, tid: Tidsgrans) -> tuple[str, list[Anmarkning]]:
    if b"%PDF-" in data[:1024]:
        return "pdf", list(granska_pdf(data, mall, tid))
    granska_huvud(data)
    paket = Paket(data)
    return ("docx", list(granska_word(paket, mall))) if paket.ar_word else ("xlsx", list(granska_excel(paket)))


def _olasbar(fel: Olasbar) -> Anmarkning:
    fakta = dict(fel.fakta)
    if fel.kod in _SLAG:
        fakta["orsak"] = _SLAG[fel.kod]
    kod = _KODER.get(fel.kod, "TG003")
    if kod == "TG008":
        fakta["orsak"] = f": {fel.fakta['orsak']}" if "orsak" in fel.fakta else ""
    return fynd(kod, **fakta)
