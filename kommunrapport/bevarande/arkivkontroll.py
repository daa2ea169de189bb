"""Prövar arkivet: att varje fil är den som fastställdes, att inget saknas eller har lagts till, och att händelseloggen säger samma sak."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kommunrapport.bevarande import handelser
from kommunrapport.bevarande.arkiv import SUMMOR, Manifestfel, las_manifest, summor
from kommunrapport.bevarande.avtryck import avtryck, avtryck_av
from kommunrapport.inlasning.filnamn import ar_systemfil, visningsnamn
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.mall.arkivmapp import ARKIV, MANIFEST, ar_version, versioner, versionsmapp


@dataclass(frozen=True, slots=True)
class Brist:
    """Något i arkivet som inte är som det ska: filens väg från arbetskatalogen, och meningen."""

    fil: str
    mening: str

    def som_data(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Logg:
    """Händelseloggen som arkivet prövas mot. ``huvuden`` är alla avtryck som någon rad har haft före sig; tomt utan logg."""

    faststallda: Mapping[tuple[str, int], str]
    huvuden: frozenset[str]
    brister: tuple[Brist, ...]

    @property
    def finns(self) -> bool:
        return bool(self.huvuden)


def perioder(katalog: Path) -> list[str]:
    """Periodernas namn i arkivet, i ordning."""
    mapp = katalog / ARKIV
    return sorted(m.name for m in (mapp.iterdir() if mapp.is_dir() else ()) if m.is_dir() and not ar_systemfil(m))


def krav_pa_arkiv(katalog: Path) -> None:
    """Fel: AnvandningsFel när katalogen varken är en arbetskatalog, har ett arkiv eller själv är en arkiverad version."""
    if not ((katalog / "kommun.toml").is_file() or (katalog / ARKIV).is_dir() or ar_version(katalog)):
        raise AnvandningsFel(f"Katalogen {katalog.as_posix()} är ingen arbetskatalog och har inget arkiv. Ange en annan med --katalog.")


def faststallda_versioner(katalog: Path) -> list[dict[str, Any]]:
    """Period, version, rapport, beslut, tid, rättelse och antal filer för varje version som går att läsa; ordnade efter period.

    Fel: AnvandningsFel när det inte är något arkiv.
    """
    krav_pa_arkiv(katalog)
    mappar = [katalog] if ar_version(katalog) else [mapp for p in perioder(katalog) for mapp in versioner(katalog, p).values()]
    poster = []
    for mapp in mappar:
        with contextlib.suppress(Manifestfel):
            m = las_manifest(mapp)
            tal = {"beslut": m["beslut"]["text"], "rattelse": m.get("rattelse", ""), "filer": len(m["filer"])}
            poster.append({namn: m.get(namn, "") for namn in ("period", "version", "rapport", "tid")} | tal)
    return poster


def las_logg(katalog: Path) -> Logg:
    """Det som händelseloggen säger om arkivet. Fel: OSError."""
    fil = katalog / handelser.FILNAMN
    if not fil.is_file():
        return Logg({}, frozenset(), ())
    kedja = handelser.las(katalog)
    huvuden = frozenset(avtryck(rad) for rad in fil.read_bytes().split(b"\n")) | {handelser.FORSTA}
    faststallda = {
        (h.period, h.uppgifter["version"]): h.sha256
        for h in kedja.handelser
        if h.slag == handelser.FASTSTALLD and isinstance(h.uppgifter.get("version"), int)
    }
    return Logg(faststallda, huvuden, tuple(Brist(handelser.FILNAMN, mening) for mening in kedja.brister))


def kontrollera(katalog: Path, period: str = "") -> list[Brist]:
    """Bristerna i periodens alla versioner, annars i alla perioders; tomt när allt stämmer. Fel: OSError.

    Är katalogen själv en version prövas den för sig, utan händelselogg.
    """
    krav_pa_arkiv(katalog)
    if ar_version(katalog):
        return i_versionen(katalog)
    logg = las_logg(katalog)
    brister = list(logg.brister)
    for p in [period] if period else sorted({*perioder(katalog), *(p for p, _ in logg.faststallda)}):
        brister += _periodens(katalog, p, logg)
    return brister


def _periodens(katalog: Path, period: str, logg: Logg) -> Iterator[Brist]:
    finns, forra = versioner(katalog, period), ""
    vantade = {nr for p, nr in logg.faststallda if p == period} | set(range(1, max(finns, default=0) + 1))
    yield from (_vid(katalog, versionsmapp(katalog, period, nr), "versionen är fastställd men finns inte.") for nr in sorted(vantade - {*finns}))
    for nr, mapp in finns.items():
        for b in i_versionen(mapp):
            yield _vid(katalog, mapp / b.fil, b.mening)
        yield from (_vid(katalog, mapp / MANIFEST, mening) for mening in _mot_loggen(mapp, (period, nr), logg, forra))
        forra = avtryck_av(mapp / MANIFEST)


def _vid(katalog: Path, fil: Path, mening: str) -> Brist:
    return Brist(fil.relative_to(katalog).as_posix(), mening)


def i_versionen(mapp: Path) -> list[Brist]:
    """Bristerna i en version för sig, med vägar från dess mapp. Fel: OSError."""
    try:
        manifest = las_manifest(mapp)
    except Manifestfel:
        return [Brist(MANIFEST, "manifestet går inte att läsa; inget i versionen går att pröva.")]
    return [*_filbrister(mapp, manifest), *_summabrister(mapp, manifest)]


def _filbrister(mapp: Path, manifest: Mapping[str, Any]) -> Iterator[Brist]:
    ligger = {fil.relative_to(mapp).as_posix(): fil for fil in sorted(mapp.rglob("*")) if fil.is_file()}
    ligger = {visningsnamn(vag): fil for vag, fil in ligger.items()}
    for f in manifest["filer"]:
        fil = ligger.pop(visningsnamn(f["fil"]), None)
        if fil is None:
            yield Brist(f["fil"], "filen saknas.")
        elif (summa := _avtryck(fil)) != f["sha256"]:
            yield Brist(f["fil"], "filen har ändrats sedan den fastställdes." if summa else "filen går inte att läsa.")
    for vag, fil in ligger.items():
        if vag not in (MANIFEST, SUMMOR) and not ar_systemfil(fil):
            yield Brist(vag, "filen har lagts till sedan fastställandet.")


def _avtryck(fil: Path) -> str:
    try:
        return avtryck_av(fil)
    except OSError:
        return ""


def _summabrister(mapp: Path, manifest: Mapping[str, Any]) -> Iterator[Brist]:
    fil = mapp / SUMMOR
    if not fil.is_file():
        yield Brist(SUMMOR, "filen saknas.")
    elif fil.read_bytes() != summor(manifest, (mapp / MANIFEST).read_bytes()):
        yield Brist(SUMMOR, f"filen stämmer inte med {MANIFEST}; någon av dem har ändrats.")


def _mot_loggen(mapp: Path, version: tuple[str, int], logg: Logg, forra: str) -> Iterator[str]:
    """Om manifestet är det som loggen säger, och om loggen fortfarande har allt den hade när versionen fastställdes."""
    try:
        manifest = las_manifest(mapp)
    except Manifestfel:
        return
    if (manifest["period"], manifest["version"]) != version:
        yield f"manifestet gäller {manifest['period']} v{manifest['version']}, en annan version än mappens namn säger."
    if manifest.get("forra_versionen", "") != forra:
        yield "den förra versionens manifest är inte det som fanns när den här fastställdes."
    if not logg.finns:
        yield f"{handelser.FILNAMN} saknas, så det går inte att pröva att manifestet är oförändrat."
        return
    if version not in logg.faststallda:
        yield "händelseloggen har ingen rad om fastställandet. Avbröts körningen: kör samma faststall en gång till."
    elif logg.faststallda[version] != avtryck_av(mapp / MANIFEST):
        yield "manifestet är inte det som händelseloggen säger fastställdes."
    if manifest.get("loggens_huvud") not in logg.huvuden:
        yield "rader som fanns i händelseloggen när versionen fastställdes har ändrats eller tagits bort."
