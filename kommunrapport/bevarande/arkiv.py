"""En arkiverad version: mappen med sina filer, manifestet med varje fils avtryck, och ``SHA256SUMS`` för den som vill pröva utan programmet.

Versionen byggs i en tillfällig mapp bredvid och får sin plats i ett enda byte, när allt är skrivet och prövat. Det som redan har en plats
skrivs aldrig om.
"""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kommunrapport.bevarande.avtryck import avtryck, avtryck_av
from kommunrapport.bevarande.handelser import FASTSTALLD, Handelse
from kommunrapport.bevarande.handelser import las as las_handelser
from kommunrapport.karna.fel import FaststalldFel, KommunrapportFel, MallFel, Slutkod, UtmatningsFel
from kommunrapport.karna.period import Period
from kommunrapport.mall.arkivmapp import ARKIV, MANIFEST, ar_version, versioner
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall

SUMMOR = "SHA256SUMS"
_PABORJAD = ".paborjad"
_SKRIVSKYDDAD = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Arkivfil:
    """En fil i versionen: vägen från versionens mapp, avtryck, storlek i byte och vad den är."""

    fil: str
    sha256: str
    storlek: int
    roll: str


@contextmanager
def paborjad(katalog: Path) -> Iterator[Path]:
    """En tom mapp att bygga versionen i. Det som en avbruten körning lämnade tas bort först. Kräver arbetskatalogens lås.

    Fel: UtmatningsFel när mappen inte går att skriva i.
    """
    mapp = katalog / ARKIV / _PABORJAD
    try:
        _ta_bort(mapp)
        mapp.mkdir(parents=True)
        yield mapp
    except OSError as fel:
        vad = Path(fel.filename).name if fel.filename else ARKIV
        raise UtmatningsFel(
            f"Det gick inte att arkivera: {vad} går inte att läsa eller skriva ({fel.strerror or fel}).",
            "Ingenting är fastställt. Kontrollera behörighet och utrymme, stäng filen om den är öppen, och kör igen.",
        ) from fel
    finally:
        _ta_bort(mapp, tyst=True)


def lagg(mapp: Path, vag: str, data: bytes) -> None:
    """Skriver en fil i den påbörjade versionen och väntar tills den ligger på disken. Fel: OSError."""
    mal = mapp / vag
    mal.parent.mkdir(parents=True, exist_ok=True)
    with mal.open("xb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


def filer_i(mapp: Path, roll: Callable[[str], str]) -> list[Arkivfil]:
    """Versionens filer i bokstavsordning, med avtryck av det som ligger på disken. Fel: OSError."""
    return [Arkivfil(vag, avtryck_av(fil), fil.stat().st_size, roll(vag)) for vag, fil in _vagar(mapp).items()]


def forsegla(mapp: Path, manifest: Mapping[str, Any], mal: Path) -> str:
    """Skriver manifest och summor, skrivskyddar filerna och byter mappen på plats. Ger manifestets avtryck. Fel: OSError."""
    data = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    lagg(mapp, MANIFEST, data)
    lagg(mapp, SUMMOR, summor(manifest, data))
    for fil in _vagar(mapp).values():
        fil.chmod(_SKRIVSKYDDAD)
    mal.parent.mkdir(parents=True, exist_ok=True)
    mapp.rename(mal)
    return avtryck(data)


def summor(manifest: Mapping[str, Any], manifestets_byte: bytes) -> bytes:
    """Raderna som ``sha256sum -c SHA256SUMS`` läser: varje fil, och manifestet sist."""
    par = [(f["fil"], f["sha256"]) for f in manifest["filer"]] + [(MANIFEST, avtryck(manifestets_byte))]
    return "".join(_rad(vag, summa) for vag, summa in par).encode()


def _rad(vag: str, summa: str) -> str:
    skyddad = vag.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{'' if skyddad == vag else chr(92)}{summa}  {skyddad}\n"


class Manifestfel(KommunrapportFel):
    """Manifestet saknas eller går inte att läsa."""

    slutkod = Slutkod.ANMARKNINGAR


def las_manifest(mapp: Path) -> dict[str, Any]:
    """Versionens manifest. Fel: Manifestfel."""
    try:
        manifest = json.loads((mapp / MANIFEST).read_bytes())
        for f in manifest["filer"]:
            Arkivfil(**f)
        _ = manifest["period"], manifest["version"], manifest["kommando"], manifest["beslut"]["text"], manifest["rapport"]
    except (OSError, ValueError, KeyError, TypeError) as fel:
        raise Manifestfel(f"{(mapp / MANIFEST).as_posix()} går inte att läsa som ett manifest. Hämta versionen ur säkerhetskopian.") from fel
    return dict(manifest)


def andrade_inlamningar(arbete: Arbetskatalog, period: Period) -> list[str]:
    """Namnen på filer i periodens inlamnat/ som inte är de som fastställdes. En fil som är borttagen räknas inte. Fel: Manifestfel, OSError."""
    finns, mapp = versioner(arbete.katalog, period), arbete.inlamnat(period)
    if not finns or not mapp.is_dir():
        return []
    summor_da = {f["fil"]: f["sha256"] for f in las_manifest(finns.popitem()[1])["filer"]}
    filer = {f"inlamnat/{period}/{fil.name}": fil for fil in sorted(mapp.iterdir()) if fil.is_file() and not fil.name.startswith((".", "~$"))}
    return [fil.name for vag, fil in filer.items() if summor_da.get(vag) != avtryck_av(fil)]


def krav_pa_orort(katalog: Path, avtrycken: Mapping[str, str]) -> None:
    """Fel: MallFel när en fil ur arkivet, väg → avtryck nu, inte är den som fastställdes."""
    i_versioner: dict[str, list[str]] = {}
    for vag in avtrycken:
        delar = vag.split("/")
        if delar[0] == ARKIV and len(delar) > 3:
            i_versioner.setdefault("/".join(delar[:3]), []).append("/".join(delar[3:]))
    andrade = []
    for mapp, vagar in i_versioner.items():
        da = {f["fil"]: f["sha256"] for f in las_manifest(katalog / mapp)["filer"]}
        andrade += [f"{mapp}/{vag}" for vag in vagar if vag != MANIFEST and avtrycken[f"{mapp}/{vag}"] != da.get(vag)]
    if andrade:
        raise MallFel(
            *(f"{vag} är inte som när rapporten fastställdes, och används inte." for vag in andrade[:5]),
            "Hämta den ur säkerhetskopian. Kommandot kommunrapport arkiv kontrollera prövar hela arkivet.",
        )


def faststallda_i_loggen(katalog: Path) -> dict[str, Handelse]:
    """Period → den senaste händelsen om att dess rapport fastställdes. Fel: OSError."""
    return {h.period: h for h in las_handelser(katalog).handelser if h.slag == FASTSTALLD}


def krav_pa_ofaststalld(arbete: Arbetskatalog, mall: Periodmall, *, rattelse: bool = False) -> None:
    """Fel: FaststalldFel när periodens rapport är fastställd och det inte är en rättelse, och alltid i en arkiverad version."""
    if ar_version(arbete.katalog):
        raise FaststalldFel(f"{arbete.katalog.as_posix()} är en arkiverad version och ändras inte. Ange kommunens arbetskatalog med --katalog.")
    finns = versioner(arbete.katalog, mall.period)
    i_loggen = None if finns else faststallda_i_loggen(arbete.katalog).get(str(mall.period))
    if i_loggen:
        raise FaststalldFel(
            f"{mall.period} är fastställd enligt händelseloggen ({i_loggen.uppgifter.get('beslut', '')}), men {Path(i_loggen.fil).parent.as_posix()} "
            "finns inte.",
            "Lägg tillbaka mappen: till e-arkivet levereras en kopia. Rapporten skrivs inte om.",
        )
    if not finns or rattelse:
        return
    version, mapp = finns.popitem()
    manifest = las_manifest(mapp)
    kommando = f"{mall.post.kommando} --period {mall.post.manad_i(mall.period.ar)}"
    raise FaststalldFel(
        f"{manifest['rapport']} {mall.period} är fastställd ({manifest['beslut']['text']}) och skrivs inte om. "
        f"Den ligger i {mapp.relative_to(arbete.katalog).as_posix()}.",
        f"Så rättas den: lägg det rättade i inlamnat/{mall.period}, skriv ett nytt utkast med kommunrapport {kommando} --rattelse, och fastställ "
        f'det som version {version + 1} med kommunrapport faststall --period {mall.period} --beslut BESLUT --rattelse "skälet". '
        f"Version {version} ligger kvar.",
    )


def _vagar(mapp: Path) -> dict[str, Path]:
    return {fil.relative_to(mapp).as_posix(): fil for fil in sorted(mapp.rglob("*")) if fil.is_file()}


def _ta_bort(mapp: Path, *, tyst: bool = False) -> None:
    """Mappen och allt i den, också det skrivskyddade."""
    if not mapp.exists():
        return
    for fil in mapp.rglob("*"):
        if fil.is_file():
            fil.chmod(_SKRIVSKYDDAD | stat.S_IWUSR)
    shutil.rmtree(mapp, ignore_errors=tyst)
