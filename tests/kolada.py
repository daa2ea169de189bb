"""En liten Kolada: en riktig webbserver i en tråd, som svarar i v3:s form ur små tabeller, med fel på beställning."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KOMMUNER = {
    "0000": ("Riket", "L"), "0004": ("Region Sörmland", "L"), "0126": ("Huddinge", "K"), "0483": ("Katrineholm", "K"), "2083": ("Hedemora", "K"),
    "0319": ("Älvkarleby", "K"), "0562": ("Finspång", "K"), "0687": ("Tranås", "K"), "1082": ("Karlshamn", "K"), "1083": ("Sölvesborg", "K"),
    "1885": ("Lindesberg", "K"), "1984": ("Arboga", "K"), "2084": ("Avesta", "K"),
}  # fmt: skip
LIKNANDE = ("0319", "0562", "0687", "1082", "1083", "1885", "1984")
GRUPPER = {
    "G37422": ("Liknande kommuner, övergripande, Katrineholm, 2025", LIKNANDE),
    "G37000": ("Liknande kommuner, övergripande, Katrineholm, 2024", LIKNANDE[:3]),
    "G33614": ("Södermanlands läns kommuner (ovägt medel)", ("0483",)),
    "G33627": ("Dalarnas läns kommuner (ovägt medel)", ("2083", "2084")),
    "G2328": ("Alla kommuner, ovägt medel", tuple(k for k, (_, typ) in KOMMUNER.items() if typ == "K")),
}
N03702 = {
    "0319": (298.917043, 385.478342, 297.87013), "0562": (443.3, 452.25, 460.5), "0687": (377.4, 380.1, 382.2),
    "1082": (405.66, 401.2, 399.9), "1083": (299.003893, 325.9107, 367.668097), "1885": (353.085896, 350.1, 351.2), "1984": (290.1, 291.2, None),
}  # fmt: skip


def kpi(id_: str, titel: str = "", *, kon: bool = False, typ: str = "K") -> dict[str, Any]:
    return {
        "id": id_, "title": titel or f"Nyckeltal {id_}, andel (%)", "description": "Så räknas det.", "is_divided_by_gender": kon,
        "municipality_type": typ, "auspice": "X", "operating_area": "Kommunen", "perspective": "Resurser", "prel_publication_date": None,
        "publication_date": "2026-08-28", "publ_period": "2025", "has_ou_data": False,
    }  # fmt: skip


def tal(varde: float | None, kon: str = "T", *, antal: int = 1, status: str = "", borta: bool = False) -> dict[str, Any]:
    return {"gender": kon, "count": antal, "status": status, "value": varde, "isdeleted": borta}


def rad(id_: str, omrade: str, ar: int, *varden: dict[str, Any]) -> dict[str, Any]:
    return {"kpi": id_, "municipality": omrade, "period": ar, "values": list(varden)}


@dataclass
class Kolada:
    """Serverns innehåll, och det som frågades. ``fel`` är svar att ge i stället, ett per fråga, i ordning."""

    kpier: dict[str, dict[str, Any]] = field(default_factory=dict)
    data: list[dict[str, Any]] = field(default_factory=list)
    kpigrupper: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    fel: list[Callable[[Any], None]] = field(default_factory=list)
    fragade: list[str] = field(default_factory=list)
    huvuden: list[dict[str, str]] = field(default_factory=list)
    per_sida: int = 5000
    strikt: bool = False
    """Om ett okänt id ger 404 för hela frågan."""
    extra: list[dict[str, Any]] = field(default_factory=list)
    """Värden som ingen frågade efter."""
    url: str = ""

    def svar(self, vag: str, fraga: Mapping[str, str]) -> list[Any] | None:
        delar = vag.removeprefix("/v3/").split("/")
        ids = [d.split(",") for d in delar[1:]]
        match delar[0]:
            case "kpi":
                okanda = [i for i in ids[0] if i not in self.kpier]
                return None if okanda and self.strikt else [self.kpier[i] for i in ids[0] if i in self.kpier]
            case "municipality":
                return [{"id": i, "title": KOMMUNER[i][0], "type": KOMMUNER[i][1]} for i in ids[0] if i in KOMMUNER]
            case "municipality_groups":
                return _grupper(GRUPPER, ids[0] if ids else None, fraga)
            case "kpi_groups":
                return _grupper(self.kpigrupper, None, fraga)
            case "data":
                return [r for r in self.data if r["kpi"] in ids[1] and r["municipality"] in ids[3]] + self.extra
        return None


def _grupper(alla: Mapping[str, tuple[str, tuple[str, ...]]], ids: list[str] | None, fraga: Mapping[str, str]) -> list[Any]:
    return [
        {"id": g, "title": titel, "members": [{"member_id": m, "member_title": m} for m in medlemmar]}
        for g, (titel, medlemmar) in alla.items()
        if (g in ids if ids is not None else fraga.get("title", "").casefold() in titel.casefold())
    ]


@contextmanager
def server(k: Kolada) -> Iterator[Kolada]:
    class Hanterare(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            delar = urlsplit(self.path)
            k.fragade.append(unquote(self.path))
            k.huvuden.append({namn.lower(): v for namn, v in self.headers.items()})
            if k.fel:
                k.fel.pop(0)(self)
                return
            fraga = {namn: v[0] for namn, v in parse_qs(delar.query).items()}
            rader, sida = k.svar(unquote(delar.path), fraga), int(fraga.get("page", "1"))
            if rader is None:
                skicka(self, 404, b'{"detail": "Not found"}')
                return
            visade = rader[(sida - 1) * k.per_sida : sida * k.per_sida]
            nasta = f"http://{self.headers['Host']}{delar.path}?page={sida + 1}" if sida * k.per_sida < len(rader) else None
            skicka(self, 200, json.dumps({"values": visade, "count": len(visade), "next_url": nasta, "previous_url": None}).encode())

        def log_message(self, *_: object) -> None: ...

    tradad = ThreadingHTTPServer(("127.0.0.1", 0), Hanterare)
    k.url = f"http://127.0.0.1:{tradad.server_port}/v3/"
    threading.Thread(target=tradad.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield k
    finally:
        tradad.shutdown()
        tradad.server_close()


def skicka(h: Any, status: int, kropp: bytes, langd: int | None = None, huvuden: Mapping[str, str] = MappingProxyType({})) -> None:
    h.send_response(status)
    h.send_header("Content-Length", str(len(kropp) if langd is None else langd))
    for namn, varde in huvuden.items():
        h.send_header(namn.replace("_", "-"), varde)
    h.end_headers()
    h.wfile.write(kropp)


def status(kod: int, **huvuden: str) -> Callable[[Any], None]:
    return lambda h: skicka(h, kod, b"fel", huvuden=huvuden)


def kropp(data: bytes, *, langd: int | None = None) -> Callable[[Any], None]:
    return lambda h: skicka(h, 200, data, langd)


def trog(sekunder: float) -> Callable[[Any], None]:
    return lambda _: time.sleep(sekunder)


def exempel() -> Kolada:
    """Ett nyckeltal med sju liknande kommuner, ett könsuppdelat, och ett utan värde för kommunen."""
    data = [rad("N03702", i, 2021 + nr, tal(v)) for i, varden in N03702.items() for nr, v in enumerate(varden)]
    data += [rad("N03702", "0483", 2021 + nr, tal(v)) for nr, v in enumerate((310.5, None, 330.25))]
    data += [rad("N03702", "0000", 2023, tal(402.1)), rad("N03702", "G33614", 2023, tal(361.4, antal=9))]
    data += [rad("N00090", "0483", 2024, tal(7.1), tal(8.0, "K"), tal(4.4, "M")), rad("N00090", "G2328", 2024, tal(7.4, antal=288))]
    data += [rad("N00090", i, 2024, tal(6.5 + nr / 10), tal(7.5, "K"), tal(4.0, "M")) for nr, i in enumerate(LIKNANDE)]
    data += [rad("U00200", "0483", 2025, tal(None, status="Missing")), rad("U00200", "1082", 2025, tal(81.0))]
    kpier = (kpi("N03702"), kpi("N00090", "Sjukfrånvaro", kon=True), kpi("U00200", "HME"))
    return Kolada({n["id"]: n for n in kpier}, data)


def katalog(rot: Path, kod: str = "0483", mer: str = "") -> Path:
    """En minsta arbetskatalog för kommunen."""
    rot.mkdir(parents=True, exist_ok=True)
    (rot / "kommun.toml").write_text(
        f'[kommun]\nnamn = "Provkommun"\nkort_namn = "Prov"\nkod = "{kod}"\n\n[arshjul]\nprofil = "hedemora"\n\n{mer}\n'
        '[[grupp]]\nid = "g"\nnamn = "Nämnder"\n\n[[enhet]]\nid = "fin"\nnamn = "Finansförvaltningen"\nslag = "finansforvaltning"\n',
        encoding="utf-8",
    )
    return rot
