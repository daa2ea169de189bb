"""Kommenterade kopior: varje prövad bok skriven på nytt med sina värden och med anmärkningarna vid cellerna."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from kommunrapport.inlasning.bok import Inlamning
from kommunrapport.inlasning.filnamn import KOMMENTERAD
from kommunrapport.karna import fakta
from kommunrapport.karna.anmarkning import Allvar, Anmarkning
from kommunrapport.karna.fakta import Cellnyckel, Faktum
from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.karna.framsteg import foljt
from kommunrapport.karna.sprak import stor_bokstav
from kommunrapport.mall.bladrader import bokens_blad
from kommunrapport.mall.organisation import Enhetspost
from kommunrapport.mall.periodmall import rubrik
from kommunrapport.provning import Provning
from kommunrapport.rapport import anmarkningslista, utmatning
from kommunrapport.rapport.arbetsbok import Bok, Varde, bok_av, celladress, i_bladets_enhet
from kommunrapport.rapport.kommentarer import Cellnot, Lista, Listrad
from kommunrapport.validering import Validering

TAL_SOM_TEXT = "KR302"
UTAN_SPARAT_VARDE = "KR308"
"""Formler utan sparat svar har det igen i kopian, så det är inget att rätta där."""
BLAD = "forklaringar"
_LEDTEXT = (
    "Kopian är skriven ur {fil}. Rätta här och lämna in kopian, eller rätta i originalet. "
    "Egna blad, infogade rader och egna formler finns bara i originalet."
)


def skriv_kommenterade(v: Validering, mapp: Path, *, ersatt: bool = False) -> list[Path]:
    """En kopia per läst bok; en SIE-fil har inga celler att kommentera. Originalen rörs inte. Fel: AnvandningsFel, UtmatningsFel."""
    if mapp.resolve().parent == (v.arbete.katalog / "inlamnat").resolve():
        raise AnvandningsFel(f"Kopiorna kan inte skrivas i {mapp}: där skulle de läsas som en andra inlämning. Ange en annan mapp med --ut.")
    bocker = [(p, i) for p in v.provningar for i in p.inlamningar.filer if i.fakta and not i.sie]
    foljda = foljt(bocker, "Skriver kommenterade kopior", len(bocker))
    kopior = {f"{Path(i.fil).stem}{KOMMENTERAD}.xlsx": kommenterad(p, i) for p, i in foljda}
    return utmatning.skriv_filer(mapp, kopior, ersatt=ersatt) if kopior else []


def skriv_anmarkta(p: Provning, mapp: Path) -> list[Path]:
    """En kopia per bok som har något att rätta eller förklara; kopior från tidigare körningar som inte behövs tas bort. Fel: UtmatningsFel."""
    anmarkta = {a.plats.fil for a in p.anmarkningar if p.katalog.allvar(a) >= Allvar.VARNING}
    bocker = [i for i in p.inlamningar.filer if i.fil in anmarkta and i.fakta and not i.sie]
    kopior = {f"{Path(i.fil).stem}{KOMMENTERAD}.xlsx": kommenterad(p, i) for i in bocker}
    return utmatning.skriv_filer(mapp, kopior, ersatt=False, bredvid=True, ensamma=True) if kopior or mapp.is_dir() else []


def kommenterad(p: Provning, inlamning: Inlamning) -> bytes:
    """Boken på nytt ur mallen, med de inlämnade värdena, kommentarer på cellerna och en lista först."""
    enhet = p.arbete.organisation.enhet_med_id(inlamning.enhet)
    egna = [a for a in anmarkningslista.ordnade(p.anmarkningar, p.katalog) if a.plats.fil == inlamning.fil and a.kod != UTAN_SPARAT_VARDE]
    karta = _Karta(p, enhet, inlamning.fakta)
    rader = [rad for a in egna for rad in karta.listrader(a)]
    lista = Lista(f"Att rätta: {enhet.namn}, {p.samling.period.namn}", _LEDTEXT.format(fil=Path(inlamning.fil).name), rader)
    noter = karta.noter(egna)
    return bok_av(Bok(p.arbete.organisation, p.mall, enhet, karta.blad, karta.varden(egna), noter, lista))


class _Karta:
    """Var den inlämnade bokens celler finns i kopian."""

    def __init__(self, p: Provning, enhet: Enhetspost, facit: Sequence[Faktum]) -> None:
        self._p, self._facit = p, facit
        self.blad = bokens_blad(p.mall.blad_for(enhet), partial(p.samling.styrning.rader_for, enhet.id))
        self._nyckel = {(f.blad, f.cell): (f.tabell, f.rad, f.kolumn) for f in facit}
        self._faktum = {(f.blad, f.cell): f for f in facit}
        self._tabell = {f.blad: f.tabell for f in facit}
        self._rubrik = {(b.id, k.id): rubrik(k, p.samling.period) for b in p.mall.blad for k in b.kolumn}

    def noter(self, anmarkningar: Sequence[Anmarkning]) -> dict[Cellnyckel, Cellnot]:
        noter: dict[Cellnyckel, Cellnot] = {}
        for a in anmarkningar:
            cellnot = Cellnot(self._p.katalog.allvar(a), (self._text(a),))
            for cell in a.plats.celler:
                nyckel = self._nyckel.get((a.plats.blad, cell))
                if nyckel:
                    noter[nyckel] = noter[nyckel].och(cellnot) if nyckel in noter else cellnot
        return noter

    def _text(self, a: Anmarkning) -> str:
        katalog = self._p.katalog
        orden = f"Besvarad: {a.svar.text}" if a.svar else f"Gör så här: {katalog.gor_sa(a)}"
        return f"{stor_bokstav(katalog.allvar(a).namn)} {a.kod}: {katalog.mening(a)}\n{orden}"

    def listrader(self, a: Anmarkning) -> Iterator[Listrad]:
        data = anmarkningslista.som_data(a, self._p.katalog, self._p.arbete.organisation)
        tabell = self._tabell.get(a.plats.blad, "")
        blad = self.blad[tabell][0].namn if tabell in self.blad else ""
        alla = a.plats.celler or ("",)
        for cell in alla if data["allvar"] != "upplysning" else alla[:1]:
            nyckel = self._nyckel.get((a.plats.blad, cell))
            adress = self._adress(nyckel) if nyckel else ""
            egen = self._cellens_namn(a.plats.blad, cell) if len(alla) > 1 else {}
            original = "" if (blad, adress) == (a.plats.blad, cell) else f"{a.plats.blad}!{cell}" if cell else a.plats.blad
            yield Listrad({**data, **egen}, blad, adress, original)

    def _cellens_namn(self, blad: str, cell: str) -> dict[str, str]:
        f = self._faktum.get((blad, cell))
        return {"rad": f.radnamn, "kolumn": self._rubrik[f.tabell, f.kolumn]} if f else {}

    def _adress(self, nyckel: Cellnyckel) -> str:
        tabell, rad, kolumn = nyckel
        return celladress(*self.blad[tabell], rad, kolumn)

    def varden(self, anmarkningar: Sequence[Anmarkning]) -> dict[Cellnyckel, Varde]:
        """Det som stod i boken. Uträknade celler räknas på nytt, utom där det som stod är anmärkt."""
        anmarkta = {(a.plats.blad, cell): a.kod for a in anmarkningar for cell in a.plats.celler}
        varden: dict[Cellnyckel, Varde] = {}
        for f in self._facit:
            kod = anmarkta.get((f.blad, f.cell))
            if f.tillstand == fakta.TOMT or (f.harledd and kod is None):
                continue
            varden[f.tabell, f.rad, f.kolumn] = f.lagrat if kod == TAL_SOM_TEXT else self._varde(f)
        return varden | self._att_forklara(anmarkningar, varden)

    def _att_forklara(self, anmarkningar: Sequence[Anmarkning], varden: Mapping[Cellnyckel, Varde]) -> dict[Cellnyckel, Varde]:
        """De obesvarade varningarna på bladet Förklaringar, så att bara förklaringen återstår att skriva."""
        if BLAD not in self.blad:
            return {}
        lediga = [rad.id for rad in self.blad[BLAD][1] if rad.fri and not any(nyckel[:2] == (BLAD, rad.id) for nyckel in varden)]
        varningar = [a for a in anmarkningar if self._p.katalog.allvar(a) == Allvar.VARNING]
        rader: dict[Cellnyckel, Varde] = {}
        for rad, a in zip(lediga, varningar, strict=False):
            rader |= {(BLAD, rad, "kod"): a.kod, (BLAD, rad, "var"): self._var(a)}
        return rader

    def _var(self, a: Anmarkning) -> str:
        """Cellen i kopian när varningen gäller en, annars bladet."""
        blad = self._tabell.get(a.plats.blad, "")
        namn = self.blad[blad][0].namn if blad in self.blad else a.plats.blad
        nyckel = self._nyckel.get((a.plats.blad, a.plats.celler[0])) if len(a.plats.celler) == 1 else None
        return f"{namn}!{self._adress(nyckel)}" if nyckel else namn

    def _varde(self, f: Faktum) -> Varde:
        if f.varde is not None:
            blad, rader = self.blad[f.tabell]
            return i_bladets_enhet(blad, rader, {(f.tabell, f.rad, f.kolumn): f.varde}, self._p.arbete.organisation)[f.tabell, f.rad, f.kolumn]
        if f.slag == "datum" and f.tillstand == fakta.VARDE:
            return date.fromisoformat(f.text)
        return f.lagrat or f.text
