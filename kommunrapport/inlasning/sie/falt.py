"""En rad i en SIE-fil: etikett, fält och objektlista, och fältens tal och datum. Allt är byte tills kodningen är känd."""

import re
from datetime import date
from typing import NamedTuple

from kommunrapport.inlasning import granser
from kommunrapport.karna.belopp import HUNDRADELAR
from kommunrapport.karna.tal import OtolkbartTal

_ETIKETT = re.compile(rb"\s*+#(\w++)")
_CITAT = rb'"(?:[^"\\]|\\.)*+(?:"|$)'
_FALT = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"|$)|(\{(?:[^{}"]|' + _CITAT + rb')*+)(?:\}|$)|([^\s"{}]++)')
_BELOPP = re.compile(rb"(-?)(\d*)(?:\.(\d*))?")
_KONTO = re.compile(rb"\d{1,20}")


class Post(NamedTuple):
    """``objekt`` är objektlistans innehåll, eller None när raden inte har någon."""

    etikett: bytes
    falt: list[bytes]
    objekt: bytes | None

    def text(self, nummer: int) -> bytes:
        """Fältet, eller tomt när raden är kortare."""
        return self.falt[nummer] if nummer < len(self.falt) else b""


def las_post(rad: bytes) -> Post | None:
    """Raden delad i fält, utan citattecken; None när den inte börjar med en etikett."""
    traff = _ETIKETT.match(rad)
    if traff is None:
        return None
    falt: list[bytes] = []
    objekt = None
    for citerat, lista, enkelt in _FALT.findall(rad, traff.end()):
        if lista:
            objekt = lista[1:].strip()
        else:
            falt.append(enkelt or citerat.replace(b'\\"', b'"'))
    return Post(traff[1].upper(), falt, objekt)


def dimensioner(objekt: bytes) -> bytes:
    """Objektlistans dimensioner i ordning, som ``1 6``."""
    falt = [enkelt or citerat for citerat, _, enkelt in _FALT.findall(objekt)]
    return b" ".join(falt[::2])


def las_ore(text: bytes) -> int:
    """Beloppet i öre, exakt. Fel: OtolkbartTal."""
    traff = _BELOPP.fullmatch(text.strip())
    if traff is None or not (traff[2] or traff[3]):
        raise OtolkbartTal("beloppet är inget tal med decimalpunkt")
    hela, delar = traff[2].lstrip(b"0"), (traff[3] or b"").rstrip(b"0")
    if len(hela) > granser.SIE_MAX_SIFFROR:
        raise OtolkbartTal("beloppet är orimligt stort")
    if len(delar) > 2:
        raise OtolkbartTal("beloppet har fler än två decimaler")
    ore = int(hela or b"0") * HUNDRADELAR + int(delar.ljust(2, b"0"))
    return -ore if traff[1] else ore


def las_konto(text: bytes) -> bytes:
    """Kontonumret som det står. Fel: OtolkbartTal."""
    if not _KONTO.fullmatch(text):
        raise OtolkbartTal("kontot är inget nummer")
    return text


def las_arsnr(text: bytes) -> int:
    """0 för innevarande år, −1 för föregående. Fel: OtolkbartTal."""
    if not re.fullmatch(rb"-?\d{1,2}", text):
        raise OtolkbartTal("årsnumret är inget heltal")
    return int(text)


def las_manad(text: bytes) -> str:
    """Månaden som ``202408``; fler siffror är en dag. Fel: OtolkbartTal."""
    if not re.fullmatch(rb"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:\d\d)?", text):
        raise OtolkbartTal("månaden går inte att tolka")
    return text[:6].decode()


def las_dag(text: bytes) -> date | None:
    """Dagen ÅÅÅÅMMDD, eller None."""
    if not re.fullmatch(rb"\d{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
