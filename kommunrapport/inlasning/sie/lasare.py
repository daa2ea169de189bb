"""Läser en SIE-fil: bit för bit, med kontrollsumma, teckenkodning och gränser prövade på vägen."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeVar

from kommunrapport.inlasning import granser
from kommunrapport.inlasning.filbitar import las_bitar
from kommunrapport.inlasning.filslag import slag_av
from kommunrapport.inlasning.olasbar import Olasbar
from kommunrapport.inlasning.sie import falt
from kommunrapport.inlasning.sie.kodning import UTF8_BOM, Kodningsprov, avkoda, forstorda
from kommunrapport.inlasning.sie.kontrollsumma import Kontrollsumma
from kommunrapport.inlasning.sie.register import Register
from kommunrapport.inlasning.sie.siefil import Saldorad, Siefil
from kommunrapport.inlasning.tidsgrans import Tidsgrans, inom_tid
from kommunrapport.karna.anmarkning import Anmarkning, Plats
from kommunrapport.karna.sprak import rakna_upp

K = TypeVar("K")
_KODNINGSBITAR = 8
"""Så många bitar av filen vägs för kodningen; kontonas namn står före verifikationerna."""
_STYCKE = 64_000
"""Byte som transaktioner summeras ur i taget: fälten ryms då i processorns cache, och en ovanlig rad fördröjer bara sitt stycke."""
_SVANS = 4_096
_OPPET_SLUT = re.compile(rb"^[ \t]*+(?:#(?:[RB]?TRANS|VER)\b[^\n]*+|\{)\Z", re.IGNORECASE | re.MULTILINE)
"""Filen slutar inne i en verifikation."""
_SIE5 = re.compile(rb"<(?:\w+:)?Sie(?:Entry)?[\s>]|sie\.se/sie5", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BARA_VERIFIKATIONER, _TYPER = "4I", ("1", "2", "3", "4", "4E")


def las_sie(fil: Path, visas_som: str = "") -> Siefil:
    """Filen, med det som är oläsligt i den som anmärkningar. ``visas_som`` är sökvägen i anmärkningar och källor.

    Fel: Olasbar när filen inte är SIE 1, 2, 3 eller 4E, är avkortad, har fel kontrollsumma eller är för stor.
    """
    return inom_tid(lambda tid: _las(fil, visas_som or fil.name, tid))


def las_foretag(fil: Path) -> tuple[str, str]:
    """Organisationsnumret och namnet, ur filens början. Fel: Olasbar."""
    return inom_tid(lambda tid: _foretag(fil, tid))


def _foretag(fil: Path, tid: Tidsgrans) -> tuple[str, str]:
    borjan = next(las_bitar(fil, tid, granser.SIE_MAX_BYTE, "KR150"), b"")
    _granska_borjan(borjan)
    register, prov = Register(), Kodningsprov()
    bit = next(_hela_rader((borjan,)), b"")
    prov.se(bit)
    _las_rader(bit, 1, register, tid)
    orgnr, namn = (avkoda(next(iter(register.grunddata.get(e, ())), b""), prov.kodning) for e in (b"ORGNR", b"FNAMN"))
    return orgnr, namn


def _las(fil: Path, namn: str, tid: Tidsgrans) -> Siefil:
    bitar = las_bitar(fil, tid, granser.SIE_MAX_BYTE, "KR150")
    borjan = next(bitar, b"")
    _granska_borjan(borjan)
    register, prov, summa = Register(), Kodningsprov(), Kontrollsumma()
    radnr, svans = 1, b""
    for bitnr, bit in enumerate(_hela_rader(chain((borjan,), bitar))):
        if bitnr < _KODNINGSBITAR:
            prov.se(bit)
        summa.se(bit)
        verifikationer = register.verifikationer
        for stycke in _stycken(bit, _STYCKE if verifikationer.summeras else len(bit)):
            if (bitnr == 0 and not verifikationer.summeras) or not verifikationer.las_snabbt(stycke):
                _las_rader(stycke, radnr, register, tid)
            radnr += stycke.count(b"\n")
        svans = bit[-_SVANS:]
    summa.klar()
    if _OPPET_SLUT.search(svans.rstrip(b" \t\r\n\x1a\0")):
        raise Olasbar("KR141")
    return _siefil(register, namn, prov.kodning)


def _hela_rader(bitar: Iterable[bytes]) -> Iterator[bytes]:
    """Bitarna skurna vid radslut. En fil som bara har vagnretur som radslut får radmatning."""
    rest, bara_retur = b"", None
    for bit in bitar:
        if bara_retur is None:
            bara_retur = b"\n" not in bit and b"\r" in bit
        hel = rest + (bit.replace(b"\r", b"\n") if bara_retur else bit)
        slut = hel.rfind(b"\n") + 1
        rest = hel[slut:]
        if len(rest) > granser.SIE_MAX_RAD:
            raise Olasbar("KR150", grans=f"{granser.SIE_MAX_RAD} tecken på en rad")
        if slut:
            yield hel[:slut]
    if rest:
        yield rest


def _stycken(bit: bytes, langd: int) -> Iterator[bytes]:
    """Biten i hela rader, ungefär så många byte i taget."""
    start = 0
    while start < len(bit):
        slut = bit.find(b"\n", start + langd - 1) + 1 or len(bit)
        yield bit[start:slut]
        start = slut


def _granska_borjan(bit: bytes) -> None:
    if not bit:
        raise Olasbar("KR102")
    text = bit.removeprefix(UTF8_BOM).lstrip()
    if text.startswith(b"#"):
        return
    if not text.strip(b"\0"):
        raise Olasbar("KR141")
    if text.startswith(b"<") and _SIE5.search(text[:_SVANS]):
        raise Olasbar("KR146")
    if bit.startswith(_UTF16):
        raise Olasbar("KR147", orsak="den är sparad med kodningen UTF-16")
    slag = "en zip-fil eller en arbetsbok" if text.startswith(b"PK") else slag_av(text) or "något annat"
    raise Olasbar("KR147", orsak=f"den är {slag}")


def _las_rader(bit: bytes, forsta: int, register: Register, tid: Tidsgrans) -> None:
    tid.stam_av()
    for radnr, rad in enumerate(bit.removeprefix(UTF8_BOM).split(b"\n"), forsta):
        if rad:
            register.las(rad, radnr)


def _siefil(register: Register, namn: str, kodning: str) -> Siefil:
    grund = {etikett: [avkoda(f, kodning) for f in texter[:2]] for etikett, texter in register.grunddata.items()}
    konton = {konto.decode(): avkoda(text, kodning) for konto, text in register.konton.items()}
    verifikationer = _verifikationer(register)
    foretag = _forsta(grund, b"FNAMN")
    return Siefil(
        fil=namn,
        typ=_typ(register, _forsta(grund, b"SIETYP")),
        kodning=kodning,
        program=" ".join(grund.get(b"PROGRAM", ())),
        namn=foretag,
        orgnr=_forsta(grund, b"ORGNR"),
        skapad=_dag(register, b"GEN"),
        omfattning=_dag(register, b"OMFATTN"),
        ar=register.ar,
        konton=konton,
        ingaende=_per_ar(register.ingaende),
        utgaende=_per_ar(register.utgaende),
        periodsaldon={arsnr: _per_manad(register, arsnr) for arsnr in sorted({a for a, _, _ in register.periodsaldon})},
        bara_objekt=_bara_objekt(register),
        verifikationer=verifikationer,
        anmarkningar=(*_brister(register, namn, kodning), *_kodningsfel([foretag, *konton.values()], namn, kodning)),
    )


def _typ(register: Register, typ: str) -> str:
    """Filens typ; utan #SIETYP är den 1. Fel: Olasbar när den inte har saldon."""
    if not register.antal_poster:
        raise Olasbar("KR147", orsak="den har ingen av SIE-formatets poster")
    typ = typ.upper() or "1"
    if typ not in (*_TYPER, _BARA_VERIFIKATIONER):
        raise Olasbar("KR147", orsak=f"typen {typ[:20]} finns inte")
    if typ == _BARA_VERIFIKATIONER or not (register.ingaende or register.utgaende or register.periodsaldon):
        raise Olasbar("KR145")
    return typ[:1]


def _forsta(grund: Mapping[bytes, list[str]], etikett: bytes) -> str:
    return next(iter(grund.get(etikett, ())), "")


def _dag(register: Register, etikett: bytes) -> date | None:
    return falt.las_dag(next(iter(register.grunddata.get(etikett, ())), b""))


def _per_ar(saldon: Mapping[tuple[int, bytes], Saldorad]) -> dict[int, dict[str, Saldorad]]:
    per_ar: dict[int, dict[str, Saldorad]] = {}
    for (arsnr, konto), saldo in saldon.items():
        per_ar.setdefault(arsnr, {})[konto.decode()] = saldo
    return per_ar


def _per_manad(register: Register, arsnr: int) -> dict[str, dict[str, Saldorad]]:
    per_manad: dict[str, dict[str, Saldorad]] = {}
    for (nr, manad, konto), saldo in register.periodsaldon.items():
        if nr == arsnr:
            per_manad.setdefault(manad, {})[konto.decode()] = saldo
    return per_manad


def _verifikationer(register: Register) -> dict[str, dict[str, int]]:
    per_manad = register.verifikationer.per_manad
    return {falt.las_manad(manad): {konto.decode(): ore for konto, ore in konton.items()} for manad, konton in per_manad.items()}


def _bara_objekt(register: Register) -> dict[int, dict[str, tuple[str, ...]]]:
    per_ar: dict[int, dict[str, tuple[str, ...]]] = {}
    for arsnr, manad, konto in register.bara_objekt():
        per_manad = per_ar.setdefault(arsnr, {})
        per_manad[manad] = (*per_manad.get(manad, ()), konto.decode())
    return per_ar


def _brister(register: Register, namn: str, kodning: str) -> Iterator[Anmarkning]:
    """En anmärkning per skäl, med de första radernas nummer och text."""
    for orsak, brist in register.brister.items():
        celler = tuple(f"rad {radnr}" for radnr, _ in brist.rader)
        visad = avkoda(brist.rader[0][1], kodning) if brist.rader else "#VER"
        yield Anmarkning("KR149", plats=Plats(namn, celler=celler), lamnat=visad, fakta={"orsak": orsak, "antal": str(brist.antal)})


def _kodningsfel(texter: Iterable[str], namn: str, kodning: str) -> Iterator[Anmarkning]:
    funna = forstorda(texter)
    if funna:
        yield Anmarkning("KR151", plats=Plats(namn), lamnat=rakna_upp(funna[:3]), fakta={"antal": str(len(funna)), "orsak": kodning})
