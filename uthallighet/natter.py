"""Uthållighetsprov: många nätter med slumpade fel, och en räkning av vad som gick förlorat (ska vara inget).

Varje natt sker något i en liten kommuns arbetskatalog: böcker ändras, försvinner, är trasiga, byts ut mitt i körningen; körningen dödas
vid en slumpad tidpunkt, disken är full, en annan håller låset, ett utkast är redigerat, någon har en bok öppen. Efter varje natt prövas
att ingen inlämnad fil har rörts, att varje utfil är hel, att loggens kedja håller och att slutkoden är den som läget kräver. Efter ett
avbrott körs en natt till utan fel, och rapporten ska då vara densamma som i en ny katalog med samma inlämningar.

    python uthallighet/natter.py --natter 200 --fro 1
"""

import argparse
import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

ROT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROT))

from kommunrapport.bevarande import handelser, mottaget  # noqa: E402
from kommunrapport.bevarande.ensam import ensam  # noqa: E402
from tests.kommun import Provkommun, bok, finansbok, vardbok  # noqa: E402

Handelse: TypeAlias = "Callable[[Prov], set[int]]"
DATUM = "2024-09-15"
"""En dag före den sista att lämna: det som saknas räknas inte än."""
MAPP = "inlamnat/2024-08"
WORD = "rapporter/2024-08/Delårsrapport 2024-08.docx"
BOCKER = {"skola": bok, "vard": vardbok, "finans": finansbok}


@dataclass
class Prov:
    """Kommunen, slumpen och det som har räknats."""

    kommun: Provkommun
    slump: random.Random
    raknat: Counter[str] = field(default_factory=Counter)
    brister: list[str] = field(default_factory=list)
    sekunder: float = 3.0
    """Hur lång en full körning har varit; när en körning dödas slumpas tiden ur det."""

    @property
    def katalog(self) -> Path:
        return self.kommun.katalog


def kommando(p: Prov, *flaggor: str) -> list[str]:
    return [sys.executable, "-m", "kommunrapport", "batch", "--katalog", str(p.katalog), "--datum", DATUM, *flaggor]


def kor(p: Prov, under: Callable[[subprocess.Popen[bytes]], None] | None = None) -> int:
    """En natt i en egen process; ``under`` görs medan den går. Annars ska inget i inlamnat/ ha ändrats efteråt."""
    fore = avtryck(p.katalog / MAPP)
    process = subprocess.Popen(kommando(p), cwd=ROT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if under:
        under(process)
    kod = process.wait(timeout=300)
    if under is None and avtryck(p.katalog / MAPP) != fore:
        p.brister.append("en inlämnad fil ändrades av körningen")
    return kod


# Vad som kan hända en natt. Varje händelse ger slutkoderna som är rätta, räknat efter det som ligger i katalogen när den är klar.


def inget(p: Prov) -> set[int]:
    return {kor(p)} & vantad(p)


def ny_bok(p: Prov) -> set[int]:
    lamna(p)
    return {kor(p)} & vantad(p)


def fel_i_bok(p: Prov) -> set[int]:
    p.kommun.lamna("skola", bok(drift__grund__utfall="femtio", texter__analys__text=f"Natt {p.slump.random()}"))
    return {kor(p)} & vantad(p)


def trasig_bok(p: Prov) -> set[int]:
    fil = en_bok(p)
    data = fil.read_bytes()
    fil.write_bytes(data[: p.slump.randrange(len(data))])
    return {kor(p)} & vantad(p)


def borttagen_bok(p: Prov) -> set[int]:
    en_bok(p).unlink()
    return {kor(p)} & vantad(p)


def oppen_bok(p: Prov) -> set[int]:
    fil = en_bok(p)
    agare = fil.with_name(f"~${fil.name}")
    agare.write_bytes(b"\x05Sofia".ljust(165))
    try:
        return {kor(p)} & vantad(p)
    finally:
        agare.unlink()


def andrad_under_korningen(p: Prov) -> set[int]:
    """Boken kopieras in på nytt, bit för bit, medan körningen läser."""
    lamna(p)

    def under(_: subprocess.Popen[bytes]) -> None:
        time.sleep(p.slump.uniform(0, p.sekunder))
        fil = en_bok(p)
        data = BOKFORRAD[fil.stem, p.slump.randrange(3)]
        with fil.open("wb") as f:
            for start in range(0, len(data), 8000):
                f.write(data[start : start + 8000])
                f.flush()
                time.sleep(0.02)

    kod = kor(p, under)
    p.raknat["filer ändrade mitt i en körning"] += 1
    return {kod} & {*vantad(p), 4, 7}


def dodad(p: Prov) -> set[int]:
    """kill -9 vid en slumpad tidpunkt, sedan en ostörd natt."""
    lamna(p)

    def under(process: subprocess.Popen[bytes]) -> None:
        time.sleep(p.slump.uniform(0, p.sekunder))
        process.send_signal(signal.SIGKILL)

    fore = avtryck(p.katalog / MAPP)
    kod = kor(p, under)
    if avtryck(p.katalog / MAPP) != fore:
        p.brister.append("en inlämnad fil ändrades av en dödad körning")
    p.raknat["dödade körningar" if kod < 0 else "körningar som hann klart före kill"] += 1
    prova_helheten(p, "efter kill")
    return {kor(p)} & vantad(p)


def full_disk(p: Prov) -> set[int]:
    """Disken fylls så att bara en slumpad rest är ledig."""
    lamna(p)
    fyllnad = p.katalog.parent / "fyllnad"
    fyllnad.write_bytes(bytes(max(0, shutil.disk_usage(p.katalog).free - p.slump.randrange(200_000))))
    kod = kor(p)
    fyllnad.unlink()
    p.raknat[f"körningar med full disk: slutkod {kod}"] += 1
    prova_helheten(p, "full disk")
    return {kor(p)} & vantad(p) if kod in {*vantad(p), 6} else set()


def annan_haller_laset(p: Prov) -> set[int]:
    with ensam(p.katalog, "manad 2024-08"):
        kod = kor(p)
    return {kod} & {7}


def tva_samtidigt(p: Prov) -> set[int]:
    lamna(p)
    andra: list[int] = []
    trad = threading.Thread(target=lambda: andra.append(kor(p)))
    trad.start()
    kod = kor(p)
    trad.join()
    p.raknat["par av samtidiga körningar"] += 1
    return {kod} if {kod, *andra} <= {*vantad(p), 7} and {kod, *andra} & vantad(p) else set()


def redigerat_utkast(p: Prov) -> set[int]:
    utkast = p.katalog / WORD
    utkast.parent.mkdir(parents=True, exist_ok=True)
    utkast.write_bytes(eget := b"redigerad av ekonomichefen " + str(p.slump.random()).encode())
    lamna(p)
    kod = kor(p)
    if utkast.read_bytes() != eget:
        p.brister.append("ett redigerat utkast skrevs över")
    utkast.unlink()
    p.raknat["redigerade utkast"] += 1
    return {kod} & vantad(p)


HANDELSER: tuple[tuple[Handelse, int], ...] = (
    (inget, 3), (ny_bok, 4), (fel_i_bok, 2), (trasig_bok, 2), (borttagen_bok, 2), (oppen_bok, 1), (andrad_under_korningen, 4), (dodad, 6),
    (full_disk, 3), (annan_haller_laset, 1), (tva_samtidigt, 2), (redigerat_utkast, 2),
)  # fmt: skip
BOKFORRAD: dict[tuple[str, int], bytes] = {}


def lamna(p: Prov) -> None:
    """Det som är trasigt eller borta rättas ibland, och någon lämnar en annan version än den som ligger där."""
    vald = p.slump.choice(list(BOCKER))
    for enhet in BOCKER:
        fil = p.katalog / MAPP / f"{enhet}.xlsx"
        finns = fil.read_bytes() if fil.is_file() else b""
        if enhet == vald or not finns or p.slump.random() < 0.3:
            fil.write_bytes(p.slump.choice([data for (e, _), data in BOKFORRAD.items() if e == enhet and data != finns]))


def en_bok(p: Prov) -> Path:
    if not (bocker := sorted((p.katalog / MAPP).glob("[!~]*.xlsx"))):
        lamna(p)
        bocker = sorted((p.katalog / MAPP).glob("[!~]*.xlsx"))
    return p.slump.choice(bocker)


def vantad(p: Prov) -> set[int]:
    """Slutkoden som en ostörd körning ska ge av det som ligger där: en ny katalog med samma filer avgör."""
    with ren_kopia(p) as ren:
        svar = subprocess.run(kommando(ren), cwd=ROT, capture_output=True, check=False, timeout=300)
    return {svar.returncode}


@contextmanager
def ren_kopia(p: Prov) -> Iterator[Prov]:
    with tempfile.TemporaryDirectory() as mapp:
        ny = Path(mapp) / "ren"
        ny.mkdir()
        for namn in ("kommun.toml", "styrning", "inlamnat"):
            kalla = p.katalog / namn
            (shutil.copytree if kalla.is_dir() else shutil.copy2)(kalla, ny / namn)
        ren = Provkommun.__new__(Provkommun)
        ren.katalog = ny
        yield Prov(ren, p.slump)


def avtryck(mapp: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(mapp.glob("*")) if f.is_file()}


def ar_hel(fil: Path) -> bool:
    data = fil.read_bytes()
    try:
        if fil.suffix == ".json":
            json.loads(data)
        elif fil.suffix in (".docx", ".xlsx") and not data.startswith(b"redigerad"):
            return zipfile.ZipFile(fil).testzip() is None
    except (ValueError, zipfile.BadZipFile):
        return False
    return True


def prova_helheten(p: Prov, nar: str) -> None:
    """Inga halva utfiler, ingen bruten kedja, varje mottagen bok bevarad, inga kvarlämnade tillfälliga filer som ser ut som dokument."""
    for fil in (p.katalog / "rapporter").rglob("*"):
        if not fil.name.startswith(".kommunrapport") and fil.is_file() and not ar_hel(fil):
            p.brister.append(f"{nar}: {fil.name} är inte hel")
    kedja = handelser.las(p.katalog)
    p.brister += [f"{nar}: {brist}" for brist in kedja.brister]
    for h in kedja.handelser:
        kopia = mottaget.kopian(p.katalog, h)
        if h.slag == handelser.INLAMNAD and (not kopia.is_file() or hashlib.sha256(kopia.read_bytes()).hexdigest() != h.sha256):
            p.brister.append(f"{nar}: en mottagen bok, {kopia.name}, är inte bevarad")


def prova_rapporten(p: Prov) -> None:
    """Efter en ostörd natt: samma utfiler, byte för byte, som ur en ny katalog med samma inlämningar."""
    if kor(p) not in vantad(p):
        p.brister.append("en ostörd natt gav fel slutkod")
    with ren_kopia(p) as ren:
        subprocess.run(kommando(ren), cwd=ROT, capture_output=True, check=False, timeout=300)
        har, ska = (avtryck(q.katalog / "rapporter/2024-08") for q in (p, ren))
    skiljer = {n for n in har.keys() | ska.keys() if har.get(n) != ska.get(n) and not n.startswith(".") and "(nytt utkast)" not in n}
    if skiljer:
        p.brister.append(f"rapporten skiljer sig från en ny katalogs: {sorted(skiljer)}")
    p.raknat["rapporter jämförda byte för byte"] += 1


def en_natt(p: Prov, nr: int, mojliga: Sequence[tuple[Handelse, int]]) -> None:
    handelse = p.slump.choices([h for h, _ in mojliga], [vikt for _, vikt in mojliga])[0]
    nycklar_fore = len(handelser.las(p.katalog).handelser)
    start = time.monotonic()
    ratt = handelse(p)
    p.raknat[f"natt: {handelse.__name__}"] += 1
    if not ratt:
        p.brister.append(f"natt {nr} ({handelse.__name__}): fel slutkod")
    prova_helheten(p, f"natt {nr} ({handelse.__name__})")
    if len(handelser.las(p.katalog).handelser) < nycklar_fore:
        p.brister.append(f"natt {nr}: händelser försvann")
    if handelse in (dodad, full_disk, tva_samtidigt, andrad_under_korningen):
        prova_rapporten(p)
    print(f"natt {nr:3d} {handelse.__name__:24s} {time.monotonic() - start:5.1f} s  brister {len(p.brister)}", flush=True)


def main() -> int:
    tolk = argparse.ArgumentParser(description="Många nätter med slumpade fel.")
    tolk.add_argument("--natter", type=int, default=200)
    tolk.add_argument("--mapp", default="", help="En tom mapp på en egen liten disk, så att den kan fyllas; annars hoppas full disk över.")
    tolk.add_argument("--fro", type=int, default=1)
    val = tolk.parse_args()
    with tempfile.TemporaryDirectory(dir=val.mapp or None) as mapp:
        p = Prov(Provkommun(Path(mapp) / "kommun"), random.Random(val.fro))
        for enhet, fyll in BOCKER.items():
            for nr in range(3):
                BOKFORRAD[enhet, nr] = p.kommun.lamna(enhet, fyll(texter__analys__text=f"Version {nr}.")).read_bytes()
        start = time.monotonic()
        kor(p)
        p.sekunder = time.monotonic() - start
        for nr in range(1, val.natter + 1):
            en_natt(p, nr, [(h, vikt) for h, vikt in HANDELSER if val.mapp or h is not full_disk])
        antal = len(handelser.las(p.katalog).handelser)
    print(f"\n{val.natter} nätter, frö {val.fro}, {antal} händelser i loggen")
    for namn, n in sorted(p.raknat.items()):
        print(f"  {namn}: {n}")
    print(f"brister: {len(p.brister)}")
    for brist in p.brister:
        print(f"  {brist}")
    return 1 if p.brister else 0


if __name__ == "__main__":
    sys.exit(main())
