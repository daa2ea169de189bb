"""Arbetarna som kör samma uppgift för många: processer på den egna datorn, eller ett Dask-kluster.

Båda är en ``concurrent.futures.Executor``, så den som ger dem uppgifter behöver inte veta vilken det är.
"""

import logging
import multiprocessing
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.processer import karnor

OMFORSOK = 2
"""Så många gånger till prövas en uppgift vars process dog."""
MEST_PROCESSER = 61
"""Fler klarar inte Windows."""
SVARSTID = 30
"""Sekunder som ett kluster får på sig att svara, och att ha en arbetare."""
U = TypeVar("U")
S = TypeVar("S")


@dataclass(frozen=True)
class Arbetare:
    """Hur en Executor öppnas, och hur många uppgifter den får samtidigt."""

    oppna: Callable[[], AbstractContextManager[Executor]]
    bredd: int


def processer(uppgifter: int, onskat: int = 0) -> Arbetare:
    """Så många processer som önskas, annars en per kärna; aldrig fler än uppgifterna. En enda uppgift i taget görs i den egna processen."""
    antal = min(onskat or karnor(), uppgifter, MEST_PROCESSER)
    if antal <= 1:
        return Arbetare(partial(ThreadPoolExecutor, 1), 1)
    # spawn finns på alla system och ärver inga trådar eller lås.
    kontext = multiprocessing.get_context("spawn")
    return Arbetare(partial(ProcessPoolExecutor, antal, mp_context=kontext, initializer=_folj_foraldern), antal)


def dask(adress: str, uppgifter: int, sekunder: float = SVARSTID) -> Arbetare:
    """Klustret får alla uppgifter på en gång och gör om dem som en död arbetare hade. ``oppna`` ger AnvandningsFel när klustret inte svarar."""
    return Arbetare(partial(_kluster, adress, sekunder), uppgifter)


def utfor(gor: Callable[[U], S], uppgifter: Sequence[U], arbetare: Arbetare) -> Iterator[tuple[int, S | Exception]]:
    """Uppgiftens plats och svar, eller felet, allt eftersom de blir klara.

    Dör en process går de andra uppgifterna vidare i nya. Vilken uppgift som dödade den går inte att veta, så de som var igång prövas igen sist, en
    i taget: den skyldiga drar då inte med sig de andra.
    """
    ko, avbrutna = deque(enumerate(uppgifter)), list[tuple[int, U]]()
    while ko:
        with arbetare.oppna() as executor:
            avbrutna += yield from _tills_bruten(executor, gor, ko, arbetare.bredd)
    for plats, uppgift in avbrutna:
        yield plats, _ensam(gor, uppgift, arbetare)


def _tills_bruten(
    executor: Executor, gor: Callable[[U], S], ko: deque[tuple[int, U]], bredd: int
) -> Generator[tuple[int, S | Exception], None, list[tuple[int, U]]]:
    """Gör uppgifterna i kön, tills den är tom eller en process dör. Ger dem som då var igång."""
    pagar, avbrutna = dict[Future[S], tuple[int, U]](), list[tuple[int, U]]()
    try:
        while True:
            with suppress(BrokenExecutor):
                while ko and len(pagar) < bredd and not avbrutna:
                    pagar[executor.submit(gor, ko[0][1])] = ko[0]
                    ko.popleft()
            if not pagar:
                return avbrutna
            for klar in wait(pagar, return_when=FIRST_COMPLETED).done:
                post, svar = pagar.pop(klar), _svar(klar)
                if isinstance(svar, BrokenExecutor):
                    avbrutna.append(post)
                else:
                    yield post[0], svar
    finally:
        for framtida in pagar:
            framtida.cancel()


def _ensam(gor: Callable[[U], S], uppgift: U, arbetare: Arbetare) -> S | Exception:
    svar: S | Exception = BrokenExecutor()
    for _ in range(OMFORSOK):
        with arbetare.oppna() as executor:
            svar = _svar(executor.submit(gor, uppgift))
        if not isinstance(svar, BrokenExecutor):
            break
    return svar


def _svar(klar: Future[S]) -> S | Exception:
    try:
        return klar.result()
    except Exception as fel:  # noqa: BLE001  en uppgift får inte stoppa de andra
        return fel


def _folj_foraldern() -> None:
    """Dör den som startade arbetaren ska arbetaren inte bli kvar. Ctrl+C tar den startande hand om."""
    import signal  # noqa: PLC0415  bara i arbetaren

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    foralder = multiprocessing.parent_process()

    def vakta() -> None:
        if foralder:
            foralder.join()
            os._exit(1)

    threading.Thread(target=vakta, daemon=True).start()


@contextmanager
def _kluster(adress: str, sekunder: float) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415  ett tillägg
    except ImportError:
        raise AnvandningsFel("--dask behöver tillägget skala. Installera det: pip install kommunrapport[skala]") from None
    if not re.fullmatch(r"(\w+://)?\S+:\d+", adress):
        raise AnvandningsFel(
            f"Adressen ”{adress}” går inte att tolka. Skriv datorn och porten som dask scheduler visar, till exempel tcp://dator:8786."
        )
    for namn in ("distributed", "distributed.client"):
        logging.getLogger(namn).setLevel(logging.CRITICAL)  # felen kommer som svar
    try:
        klient = Client(adress, timeout=sekunder, set_as_default=False)
    except (OSError, ValueError) as fel:
        raise AnvandningsFel(
            f"Klustret på {adress} svarar inte inom {sekunder:.0f} sekunder. Kontrollera adressen och att dask scheduler är igång."
        ) from fel
    with klient:
        try:
            klient.wait_for_workers(1, timeout=sekunder)
        except TimeoutError:
            raise AnvandningsFel(f"Klustret på {adress} har inga arbetare. Starta dask worker {adress} och kör igen.") from None
        yield klient.get_executor(pure=False)
