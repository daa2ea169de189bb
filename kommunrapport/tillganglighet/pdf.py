"""Granskar en pdf med pikepdf: taggar, språk, titel, bokmärken, typsnitt, figurer och tabeller."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.tidsgrans import Tidsgrans
from kommunrapport.karna.anmarkning import Anmarkning
from kommunrapport.mall.dokumentmall import Dokumentmall
from kommunrapport.tillganglighet.fynd import fynd

_PDFUA = "{http://www.aiim.org/pdfua/ns/id/}part"
_RUBRIKER = {"/H", *(f"/H{niva}" for niva in range(1, 7)), "/Title"}
_INBADDAT = ("/FontFile", "/FontFile2", "/FontFile3")
_MEST_NODER = 2_000_000
"""Så många taggar följs: en rapport på tusen sidor har några hundra tusen."""


def granska_pdf(data: bytes, mall: Dokumentmall, tid: Tidsgrans) -> Iterator[Anmarkning]:
    """Anmärkningarna på pdf:en. Fel: Olasbar när den är skyddad, skadad eller tar för lång tid."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield from _dokumentet(pdf, mall)
            yield from _typsnitt(pdf, tid)
            yield from _taggar(pdf, tid)
    except pikepdf.PasswordError as fel:
        raise Olasbar("KR103") from fel
    except pikepdf.PdfError as fel:
        raise Olasbar("KR104") from fel


def _dokumentet(pdf: pikepdf.Pdf, mall: Dokumentmall) -> Iterator[Anmarkning]:
    sprak = str(pdf.Root.get("/Lang", ""))
    titel, pdfua, pdfa = _uppgifter(pdf)
    if not sprak.lower().startswith("sv"):
        yield fynd("TG302", lamnat=sprak or "inte angivet")
    if not titel:
        yield fynd("TG303")
    if not _i(pdf.Root, "/ViewerPreferences", "/DisplayDocTitle"):
        yield fynd("TG304")
    if len(pdf.pages) > mall.sidor_utan_bokmarken and "/First" not in pdf.Root.get("/Outlines", {}):
        yield fynd("TG305", lamnat=str(len(pdf.pages)))
    if pdf.is_encrypted and not pdf.allow.accessibility:
        yield fynd("TG310")
    if not pdfua:
        yield fynd("TG311", lamnat=f"PDF/A-{pdfa}" if pdfa else "ingenting")
    if not pdfa:
        yield fynd("TG312")


def _i(objekt: Any, mapp: str, namn: str) -> bool:
    """Om en uppgift finns och är sann i en av objektets ordlistor."""
    return mapp in objekt and bool(objekt[mapp].get(namn, False))


def _uppgifter(pdf: pikepdf.Pdf) -> tuple[str, str, str]:
    """Titeln, och de delar av PDF/UA och PDF/A som filen själv uppger; tomt när den inte gör det."""
    titel = str(pdf.docinfo.get("/Title", "")) if "/Info" in pdf.trailer else ""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return (str(metadata.get("dc:title", "")) or titel).strip(), str(metadata.get(_PDFUA, "")), metadata.pdfa_status


def _typsnitt(pdf: pikepdf.Pdf, tid: Tidsgrans) -> Iterator[Anmarkning]:
    namn: dict[str, int] = {}
    sedda: set[tuple[int, int]] = set()
    for nr, sida in enumerate(pdf.pages, 1):
        tid.stam_av()
        for typsnitt in _resursernas_typsnitt(sida.resources, sedda):
            if not _ar_inbaddat(typsnitt):
                namn.setdefault(str(typsnitt.get("/BaseFont", "utan namn")).lstrip("/"), nr)
    yield from (fynd("TG306", f"sida {nr}", lamnat=typsnitt) for typsnitt, nr in namn.items())


def _resursernas_typsnitt(resurser: Any, sedda: set[tuple[int, int]]) -> Iterator[Any]:
    """Typsnitten på sidan och i de figurer som den visar, varje en gång i hela dokumentet."""
    kvar = [resurser]
    while kvar:
        nu = kvar.pop()
        yield from (t for t in nu.get("/Font", {}).values() if _ar_ny(t, sedda))
        figurer = [x for x in nu.get("/XObject", {}).values() if x.get("/Subtype") == "/Form" and _ar_ny(x, sedda)]
        kvar += [x.Resources for x in figurer if "/Resources" in x]


def _ar_inbaddat(typsnitt: Any) -> bool:
    if typsnitt.get("/Subtype") == "/Type3":
        return True
    delar = list(typsnitt.get("/DescendantFonts", [typsnitt]))
    return all(any(led in del_.get("/FontDescriptor", {}) for led in _INBADDAT) for del_ in delar)


def _ar_ny(objekt: Any, sedda: set[tuple[int, int]]) -> bool:
    """Om objektet inte är sett; det märks som sett. Ett objekt utan nummer delas inte av flera."""
    if not objekt.is_indirect:
        return True
    ny = objekt.objgen not in sedda
    sedda.add(objekt.objgen)
    return ny


def _taggar(pdf: pikepdf.Pdf, tid: Tidsgrans) -> Iterator[Anmarkning]:
    trad = pdf.Root.get("/StructTreeRoot")
    if trad is None or not _i(pdf.Root, "/MarkInfo", "/Marked"):
        yield fynd("TG301")
        return
    sidor: dict[Any, int] = {sida.objgen: nr for nr, sida in enumerate(pdf.pages, 1)}
    tabeller: dict[int, list[Any]] = {}
    rubriker = False
    for slag, nod, sida, tabell in _noder(trad, sidor, tid):
        rubriker = rubriker or slag in _RUBRIKER
        plats = f"sida {sida}" if sida else ""
        if slag in ("/Figure", "/Formula") and not str(nod.get("/Alt", nod.get("/ActualText", ""))).strip():
            yield fynd("TG307", plats)
        if slag == "/Table":
            tabeller[tabell] = [plats, False]
        elif slag == "/TH" and tabell:
            tabeller[tabell][1] = True
    yield from (fynd("TG308", plats) for plats, har_rubrik in tabeller.values() if not har_rubrik)
    if not rubriker:
        yield fynd("TG309")


def _noder(trad: Any, sidor: Mapping[Any, int], tid: Tidsgrans) -> Iterator[tuple[str, Any, int, int]]:
    """Varje tagg i läsordning: slag, objekt, sida (0 när den är okänd) och numret på tabellen den är eller står i (0 när ingen)."""
    roller = trad.get("/RoleMap", {})
    sedda: set[tuple[int, int]] = set()
    kvar: list[tuple[Any, int, int]] = [(trad.get("/K"), 0, 0)]
    antal = 0
    while kvar and antal < _MEST_NODER:
        nod, sida, tabell = kvar.pop()
        if isinstance(nod, pikepdf.Array):
            kvar += [(barn, sida, tabell) for barn in reversed(list(nod))]
        elif isinstance(nod, pikepdf.Dictionary) and "/S" in nod and _ar_ny(nod, sedda):
            antal += 1
            if not antal % 1000:
                tid.stam_av()
            slag = _roll(str(nod.S), roller)
            sida = _sidan(nod, sidor) or sida
            tabell = antal if slag == "/Table" else tabell
            yield slag, nod, sida, tabell
            kvar.append((nod.get("/K"), sida, tabell))


def _roll(slag: str, roller: Any) -> str:
    """Standardtaggen som en egen tagg står för."""
    for _ in range(10):
        if slag not in roller:
            return slag
        slag = str(roller[slag])
    return slag


def _sidan(nod: Any, sidor: Mapping[Any, int]) -> int:
    """Sidan som taggen eller dess närmaste innehåll anger."""
    barn = nod.get("/K")
    forsta = barn[0] if isinstance(barn, pikepdf.Array) and len(barn) else barn
    for kalla in (nod, forsta):
        if isinstance(kalla, pikepdf.Dictionary) and "/Pg" in kalla:
            return sidor.get(kalla.Pg.objgen, 0)
    return 0
