"""Frågor till Koladas API v3: långsamt, med nya försök, på begränsad tid, och antingen hela svaret eller ett fel."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NameResolutionError, ReadTimeoutError
from urllib3.util.retry import Retry

from kommunrapport import __version__
from kommunrapport.karna.fel import HamtningsFel

BAS = "https://api.kolada.se/v3/"
_TILLFALLIGA = (429, 500, 502, 503, 504)
_BIT = 65536
_NATET = "Är datorn ansluten till nätet? Behövs en proxy anges adressen i miljövariabeln HTTPS_PROXY."


@dataclass(frozen=True, slots=True)
class Granser:
    """Tider i sekunder, storlek i byte."""

    hela: float = 600
    svar: float = 30
    forsok: int = 4
    paus: float = 0.2
    """Minsta tid mellan två frågor: högst fem i sekunden."""
    okning: float = 1.0
    """Väntan före nya försök: så länge, dubbelt, fyrdubbelt … Säger Kolada hur länge (Retry-After) gäller det, högst en minut."""
    vantan: int = 60
    storlek: int = 32 * 1024 * 1024
    sidor: int = 500


class _Adapter(HTTPAdapter):
    """Litar på datorns egna certifikat, också kommunens, utöver dem i REQUESTS_CA_BUNDLE."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **{**kwargs, "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)})

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **{**kwargs, "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)})


@dataclass
class Klient:
    """En följd av frågor mot samma adress. Fel: HamtningsFel, med vad som hände och vad man kan göra."""

    bas: str = BAS
    granser: Granser = field(default_factory=Granser)
    _slut: float = 0.0
    _senast: float = 0.0

    def __post_init__(self) -> None:
        delar = urlsplit(self.bas)
        if delar.scheme not in ("http", "https") or not delar.hostname:
            raise HamtningsFel(f"Adressen ”{self.bas}” går inte att använda. Den ska börja med https://")
        self.bas = f"{self.bas.rstrip('/')}/"
        self._slut = time.monotonic() + self.granser.hela
        nya = Retry(
            total=self.granser.forsok,
            status_forcelist=_TILLFALLIGA,
            backoff_factor=self.granser.okning,
            backoff_max=self.granser.vantan,
            retry_after_max=self.granser.vantan,
            raise_on_status=False,
            allowed_methods=("GET",),
        )
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": f"kommunrapport/{__version__}", "Accept": "application/json"})
        for slag in ("https://", "http://"):
            self._session.mount(slag, _Adapter(max_retries=nya))

    def alla(self, vag: str, **fraga: str) -> list[Any] | None:
        """Alla sidors ``values``. None när Kolada inte känner adressen (404), till exempel för ett id som inte finns."""
        url, varden, sedda = f"{self.bas}{vag}", list[Any](), set[str]()
        param: Mapping[str, str] = fraga
        while True:
            svar = self._json(url, param)
            if svar is None:
                return None
            sida, nasta = svar.get("values"), svar.get("next_url")
            if not isinstance(sida, list):
                raise HamtningsFel(f"Svaret från {self.bas} har en annan form än väntat: listan values saknas.")
            varden += sida
            if not nasta:
                return varden
            url, param = self._nasta(nasta), {}
            if url in sedda or len(sedda) >= self.granser.sidor:
                raise HamtningsFel(f"Svaret från {self.bas} tar inte slut: sidorna hänvisar runt till varandra.")
            sedda.add(url)

    def _nasta(self, url: object) -> str:
        """Nästa sidas adress: bara hos samma värd, och alltid så som vi själva når den."""
        har, dit = urlsplit(self.bas), urlsplit(str(url))
        if dit.hostname and (dit.hostname, dit.port) != (har.hostname, har.port):
            raise HamtningsFel(f"Svaret hänvisar till en annan server, {dit.netloc}, som inte får frågas.")
        return f"{har.scheme}://{har.netloc}{dit.path}{'?' if dit.query else ''}{dit.query}"

    def _json(self, url: str, param: Mapping[str, str]) -> dict[str, Any] | None:
        data = self._hamta(url, param)
        if data is None:
            return None
        try:
            svar = json.loads(data.decode("utf-8"), parse_float=Decimal, parse_constant=lambda _: None)
        except ValueError as fel:
            raise HamtningsFel(
                f"Svaret från {self.bas} går inte att läsa: det är inte JSON. Svarar en inloggningssida eller en proxy i stället för Kolada?"
            ) from fel
        if not isinstance(svar, dict):
            raise HamtningsFel(f"Svaret från {self.bas} har en annan form än väntat.")
        return svar

    def _hamta(self, url: str, param: Mapping[str, str]) -> bytes | None:
        time.sleep(max(0.0, self._senast + self.granser.paus - time.monotonic()))
        self._senast = time.monotonic()
        try:
            with self._session.get(url, params=param, timeout=self.granser.svar, stream=True, allow_redirects=False) as svar:
                if svar.status_code == 404:
                    return None
                if svar.status_code != 200:
                    raise HamtningsFel(_statusmening(self.bas, svar.status_code))
                return self._innehall(svar)
        except requests.RequestException as fel:
            raise HamtningsFel(_mening(self.bas, fel, self.granser)) from fel
        except OSError as fel:
            raise HamtningsFel("Filen i miljövariabeln REQUESTS_CA_BUNDLE finns inte eller går inte att läsa.") from fel

    def _innehall(self, svar: requests.Response) -> bytes:
        delar, storlek = list[bytes](), 0
        for del_ in svar.iter_content(_BIT):
            delar.append(del_)
            storlek += len(del_)
            if storlek > self.granser.storlek:
                raise HamtningsFel(f"Svaret från {self.bas} är större än {self.granser.storlek // 1024**2} MB och läses inte.")
            if time.monotonic() > self._slut:
                raise HamtningsFel(f"Hämtningen från {self.bas} blev inte klar på {self.granser.hela:.0f} sekunder.")
        return b"".join(delar)


def _statusmening(bas: str, status: int) -> str:
    if status == 429:
        return f"{bas} tar inte emot fler frågor just nu (429). Försök igen om en stund."
    if 300 <= status < 400:
        return f"{bas} hänvisar till en annan adress ({status}). Kräver nätet inloggning? Annars har Kolada bytt adress; ange den nya med --url."
    if status == 407:
        return f"Kommunens proxy kräver inloggning ({status}). Be it-avdelningen om adressen att sätta i HTTPS_PROXY."
    if status >= 500:
        return f"{bas} svarar med ett fel ({status}), också efter nya försök. Försök igen senare."
    return f"{bas} avvisar frågan ({status})."


def _mening(bas: str, fel: requests.RequestException, granser: Granser) -> str:
    orsak = getattr(fel.args[0], "reason", None) if fel.args else None
    if isinstance(fel, requests.exceptions.ProxyError):
        return f"Proxyn svarar inte, så {bas} går inte att nå. Kontrollera adressen i miljövariabeln HTTPS_PROXY."
    if isinstance(fel, requests.exceptions.SSLError):
        return (
            f"Anslutningen till {bas} är inte säker: certifikatet går inte att kontrollera. Har kommunen ett eget rotcertifikat? "
            "Ange filen i miljövariabeln REQUESTS_CA_BUNDLE."
        )
    if isinstance(fel, requests.exceptions.Timeout) or isinstance(orsak, ReadTimeoutError) or "timed out" in str(fel):
        return f"{bas} svarade inte inom {granser.svar:g} sekunder, också efter nya försök."
    if isinstance(fel, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError) or "IncompleteRead" in str(fel):
        return f"Svaret från {bas} bröts av innan det var klart. Försök igen."
    if isinstance(orsak, NameResolutionError):
        return f"Namnet {urlsplit(bas).hostname} går inte att slå upp. {_NATET}"
    return f"{bas} går inte att nå. {_NATET}"
