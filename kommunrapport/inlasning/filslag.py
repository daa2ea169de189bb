"""Vad en fil är när den inte är en Excelarbetsbok: känns igen på sina första byte och på delarna i zippen."""

from collections.abc import Collection

from kommunrapport.inlasning.olasbar import Olasbar

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_POST = 128
_OLE_NAMN = 64
_KRYPTERAT = ("EncryptedPackage", "EncryptionInfo", "\tDRMContent", "\x06DataSpaces")
_GAMMAL_EXCEL = ("Workbook", "Book")
_HUVUDEN = ((b"%PDF", "en pdf-fil"), (b"{\\rtf", "ett textdokument (rtf)"), (b"\x89PNG", "en bild"), (b"\xff\xd8\xff", "en bild"))
_ZIPSLAG = (("word/", "ett Worddokument"), ("ppt/", "en presentation"), ("index/", "ett dokument från Numbers eller Pages"))


def granska_huvud(data: bytes) -> None:
    """Släpper igenom det som börjar som en zip. Fel: Olasbar."""
    if not data:
        raise Olasbar("KR102")
    if data.startswith(_OLE):
        raise Olasbar(_kod_for_ole(data))
    if data.startswith(b"PK"):
        return
    if not data.strip(b"\0"):
        raise Olasbar("KR141")
    slag = slag_av(data)
    raise Olasbar("KR134", orsak=slag) if slag else Olasbar("KR104")


def slag_av(data: bytes) -> str:
    """Vad en fil som varken är Office eller zip är, med obestämd artikel; tomt när det inte går att säga."""
    return next((namn for huvud, namn in _HUVUDEN if data.startswith(huvud)), "") or _textslag(data[:4096])


def granska_zipslag(namn: Collection[str], mimetype: bytes) -> None:
    """``namn`` är zippens delar i gemener. Fel: Olasbar när den är något annat än en Excelarbetsbok."""
    if "xl/workbook.xml" in namn:
        return
    if "xl/workbook.bin" in namn:
        raise Olasbar("KR132")
    if b"opendocument" in mimetype:
        raise Olasbar("KR133")
    if any(n.startswith("xl/") for n in namn):
        raise Olasbar("KR142", orsak="delen xl/workbook.xml")
    slag = next((slag for mapp, slag in _ZIPSLAG if any(n.startswith(mapp) for n in namn)), "en zip-fil med annat innehåll")
    raise Olasbar("KR134", orsak=slag)


def granska_dokumentslag(namn: Collection[str], mimetype: bytes) -> None:
    """Som granska_zipslag, men släpper också igenom Worddokument. Fel: Olasbar."""
    if b"opendocument" in mimetype or not any(n.startswith("word/") for n in namn):
        granska_zipslag(namn, mimetype)


def _kod_for_ole(data: bytes) -> str:
    if any(_har_strom(data, namn) for namn in _KRYPTERAT):
        return "KR103"
    if any(_har_strom(data, namn) for namn in _GAMMAL_EXCEL):
        return "KR130"
    return "KR131"


def _har_strom(data: bytes, namn: str) -> bool:
    """Om OLE-katalogen har strömmen: en post på jämnt 128 byte som börjar med namnet och har dess längd på plats 64."""
    sokt = namn.encode("utf-16-le") + b"\0\0"
    langd = len(sokt).to_bytes(2, "little")
    start = data.find(sokt)
    while start >= 0:
        if start % _OLE_POST == 0 and data[start + _OLE_NAMN : start + _OLE_NAMN + 2] == langd:
            return True
        start = data.find(sokt, start + 1)
    return False


def _textslag(borjan: bytes) -> str:
    text = borjan.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"\0" in text or sum(byte < 32 for byte in text) > sum(text.count(t) for t in (b"\t", b"\r", b"\n")):
        return ""
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "ett kalkylblad i Excels XML-format från 2003"
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "en webbsida"
    return "en textfil" if text else ""
