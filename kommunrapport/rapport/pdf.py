"""PDF av Wordutkasten, med sidnummer i innehållsförteckningarna både i PDF:en och i Worddokumentet.

LibreOffice räknar inte om en innehållsförteckning när det gör PDF. Därför görs en PDF, bokmärkenas sidor läses ur den och skrivs i
förteckningen, och en ny PDF görs, tills sidorna är desamma som står i förteckningen. Det tar inte heller med diagrammens alternativtexter;
de hämtas ur Worddokumentet.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pikepdf
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.rapport import innehall, libreoffice
from kommunrapport.rapport.utmatning import Fil, i_byte

F = TypeVar("F", bound=Fil)
_VARV = 4
"""Så många gånger görs ett dokument om. Två räcker, tre när förteckningen blir längre av sidnumren."""


@dataclass(frozen=True)
class _Utkast:
    """Ett dokument på väg: så som det skrevs, med de sidor som senast lästes, och den första PDF:en, som är utan sidor."""

    original: bytes
    docx: bytes
    sidor: Mapping[str, int] = field(default_factory=dict)
    forsta: bytes = b""


def med_pdf(filer: Mapping[str, F], program: Path) -> tuple[dict[str, F | bytes], tuple[str, ...]]:
    """Filerna, med sidnummer i varje Worddokument och en PDF efter det, och meningar om det som inte gick.

    Ett dokument som det inte gick att göra PDF av är oförändrat. ``program`` är LibreOffice.
    """
    utkast = {namn: _Utkast(docx, docx) for namn, data in filer.items() if namn.endswith(".docx") for docx in [i_byte(data)]}
    klara, orsak = _gor(utkast, program)
    ut: dict[str, F | bytes] = {}
    for namn, data in filer.items():
        docx, pdf = klara.get(namn, (data, b""))
        ut |= {namn: docx} | ({f"{namn.removesuffix('.docx')}.pdf": pdf} if pdf else {})
    utan = [namn.removesuffix(".docx") for namn in utkast if namn not in klara]
    if not utan:
        return ut, ()
    for_ = "" if len(utkast) == 1 else f" för {rakna_upp(utan)}"
    return ut, (f"PDF skrevs inte{for_}: {orsak}", "Kör igen, eller öppna Worddokumentet i Word och spara det som PDF.")


def _gor(kvar: dict[str, _Utkast], program: Path) -> tuple[dict[str, tuple[bytes, bytes]], str]:
    """Worddokument och PDF för dem som det gick för, och orsaken när det inte gick för alla."""
    klara: dict[str, tuple[bytes, bytes]] = {}
    try:
        with libreoffice.arbetsmapp() as mapp:
            for _ in range(_VARV):
                if not kvar:
                    break
                nya, kvar = _varv(libreoffice.till_pdf(program, mapp, {namn: u.docx for namn, u in kvar.items()}), kvar)
                klara |= nya
    except libreoffice.Omvandlingsfel as fel:
        return klara, str(fel)
    except OSError as fel:
        return klara, f"den tillfälliga mappen går inte att använda ({fel.strerror}). Kontrollera utrymme och behörighet."
    return klara | {namn: (u.original, _fardig(u.forsta, u.original)) for namn, u in kvar.items()}, "LibreOffice skrev ingen läsbar fil."


def _varv(pdfer: Mapping[str, bytes], kvar: Mapping[str, _Utkast]) -> tuple[dict[str, tuple[bytes, bytes]], dict[str, _Utkast]]:
    """Dokumenten vars sidor står rätt, och de andra med de sidor som PDF:en visar. De utan läsbar PDF faller bort."""
    klara, andra = {}, {}
    for namn, utkast in kvar.items():
        pdf = pdfer.get(namn, b"")
        try:
            sidor = sidor_i(pdf)
        except pikepdf.PdfError:
            continue
        if sidor == utkast.sidor:
            klara[namn] = utkast.docx, _fardig(pdf, utkast.docx)
        else:
            docx = innehall.med_sidnummer(utkast.original, sidor)
            andra[namn] = replace(utkast, docx=docx, sidor=sidor, forsta=utkast.forsta or pdf)
    return klara, andra


def sidor_i(pdf: bytes) -> dict[str, int]:
    """Sidnumret som står på sidan med varje bokmärke som en förteckning länkar till. Fel: pikepdf.PdfError.

    Börjar mallen om numreringen räknas sidorna därifrån.
    """
    with pikepdf.open(io.BytesIO(pdf)) as fil:
        fysisk = {sida.objgen: nr for nr, sida in enumerate(fil.pages, 1)}
        mal = {namn: fysisk[sida.objgen] for namn, sida in _lankmal(fil) if sida.objgen in fysisk}
    omstarter = sorted((sida, int(traff[1])) for namn, sida in mal.items() if (traff := innehall.OMSTART.fullmatch(namn)))
    return {namn: _tryckt(sida, omstarter) for namn, sida in sorted(mal.items()) if innehall.BOKMARKE.fullmatch(namn)}


def _lankmal(fil: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Dokumentets namngivna länkmål och deras sidor. I namnen skriver LibreOffice understrecket som sin kod, 5F."""
    rot: Any = fil.Root
    par: list[tuple[Any, Any]] = list(rot.Dests.items()) if "/Dests" in rot else []
    if "/Names" in rot and "/Dests" in rot.Names:
        par += pikepdf.NameTree(rot.Names.Dests).items()
    for namn, mal in par:
        plats = mal.D if isinstance(mal, pikepdf.Dictionary) else mal
        rent = str(namn).lstrip("/")
        yield f"_{rent.removeprefix('5F')}" if rent.startswith("5F") else rent, plats[0]


def _tryckt(sida: int, omstarter: list[tuple[int, int]]) -> int:
    fran, start = next(((fran, start) for fran, start in reversed(omstarter) if fran <= sida), (1, 1))
    return sida - fran + start


def _fardig(pdf: bytes, docx: bytes) -> bytes:
    """PDF:en med diagrammens alternativtexter, när figurerna som saknar en är lika många som diagrammen, och tätare packad."""
    ut = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as fil:
        rot: Any = fil.Root
        figurer = [e for e in _element(rot.get("/StructTreeRoot")) if e.get("/S") == "/Figure" and "/Alt" not in e]
        texter = _diagramtexter(docx)
        if len(figurer) == len(texter):
            for figur, text in zip(figurer, texter, strict=True):
                figur.Alt = pikepdf.String(text)
        fil.save(ut, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
    return ut.getvalue()


def _diagramtexter(docx: bytes) -> list[str]:
    """Alternativtexten till varje diagram i Worddokumentets text, i ordning."""
    with zipfile.ZipFile(io.BytesIO(docx)) as arkiv:
        rot = parse_xml(arkiv.read("word/document.xml"))
    ramar = [ram for ram in rot.iter(qn("wp:inline"), qn("wp:anchor")) if ram.find(f".//{qn('c:chart')}") is not None]
    return [ram.find(qn("wp:docPr")).get("descr", "") for ram in ramar]


def _element(element: Any) -> Iterator[Any]:
    """Elementet i dokumentets struktur och alla under det, i läsordning."""
    if not isinstance(element, pikepdf.Dictionary):
        return
    yield element
    barn: Any = element.get("/K")
    for ett in barn if isinstance(barn, pikepdf.Array) else [barn]:
        yield from _element(ett)
