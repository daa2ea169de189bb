"""Skriver jämförelsen som Worddokument och Excelbok, ur ett läge i arbetskatalogen."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kommunrapport.berakning.rakna import Rakning
from kommunrapport.karna.fel import SaknasFel
from kommunrapport.kolada.dokument import rapport_av
from kommunrapport.kolada.jamforelse import Jamforelse, jamfor
from kommunrapport.kolada.lage import EGNA, Lage, Valt, valj_lage
from kommunrapport.mall.koladaset import MAPP as MALLMAPP
from kommunrapport.mall.koladaset import WORDMALL, Koladaset, kanda_rader, las_set
from kommunrapport.mall.mallkalla import Mallkalla, medfoljande
from kommunrapport.mall.periodmall import Arbetskatalog, las_arbetskatalog
from kommunrapport.mall.utseende import Utseende
from kommunrapport.rapport import excel, utmatning, word
from kommunrapport.rapport.modell import Rapport
from kommunrapport.rapport.wordfarger import byten

MAPP = Path("rapporter", "jamforelser")


@dataclass(frozen=True)
class Skriven:
    """Jämförelsen, läget den bygger på, och filerna."""

    jamforelse: Jamforelse
    lage: Path
    filer: tuple[Path, ...]


def skriv_jamforelse(katalog: Path, namn: str, lage: str = "", *, ersatt: bool = False) -> Skriven:
    """Skriver jämförelsen för setet. Fel: AnvandningsFel, MallFel, SaknasFel när inget nyckeltal har ett värde, UtmatningsFel."""
    arbete = las_arbetskatalog(katalog)
    valt = valj_lage(katalog, lage)
    j = jamfor(valt.lage, namn, _set(arbete, namn, valt.lage), arbete.organisation.kolada)
    if all(x.ar is None for x in j.jamforda):
        raise SaknasFel(
            f"{valt.fil.as_posix()} har inget värde för {j.kommun} i setet {namn}.", f"Hämta det med: kommunrapport importera kolada --set {namn}"
        )
    rapport = _rapport(arbete, j, namn, valt)
    filer = {
        f"{rapport.filnamn}.docx": word.word_av(rapport, arbete.mallkalla.fil(WORDMALL), ""),
        f"{rapport.filnamn}.xlsx": excel.excel_av(rapport, Rakning({}, pd.DataFrame())),
    }
    return Skriven(j, valt.fil, tuple(utmatning.skriv_filer(arbete.katalog / MAPP, filer, ersatt=ersatt)))


def _set(arbete: Arbetskatalog, namn: str, lage: Lage) -> Koladaset:
    """Setet ur mallarna, eller de nyckeltal som hämtades utan set, med det som mallarna vet om dem. Fel: AnvandningsFel, MallFel."""
    if namn != EGNA or namn not in lage.set or namn in arbete.mallkalla.namn(MALLMAPP):
        return las_set(arbete.mallkalla, namn)
    kanda = kanda_rader(arbete.mallkalla)
    rader = tuple(kanda[i] for i in lage.set[namn] if i in kanda)
    return Koladaset(titel="Egna nyckeltal", kalla="", senast_kontrollerad=lage.hamtat, grupp=EGNA, i_gruppen=rader)


def _rapport(arbete: Arbetskatalog, j: Jamforelse, namn: str, valt: Valt) -> Rapport:
    utseende = arbete.mallkalla.las("utseende.toml", Utseende)
    fil = Path(os.path.relpath(valt.fil, arbete.katalog)).as_posix()
    rapport = rapport_av(j, namn, fil, arbete.organisation.kommun.namn, utseende)
    fargbyten = byten(Mallkalla((medfoljande(),)).las("utseende.toml", Utseende).farg, utseende.farg)
    return replace(rapport, fargbyten=fargbyten, marke=arbete.mallkalla.bild("marke.png"))
