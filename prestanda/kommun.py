"""Arbetskataloger med många inlämningar, gjorda av exempelkommunen: samma antal ger samma filer.

Till och med sexton enheter är exemplets egna, med de tidigare perioder som delårsrapporten jämför med. Fler enheter är kopior av
nämnderna under egna namn, med egna rader i ``styrning/``, och då finns bara augusti 2024. Finansförvaltningens bok skrivs för varje
kommun av programmets egen kod, så att räkningarna stämmer med nämnderna: kopiornas nettokostnad betalas med mer skatt.
"""

import csv
import shutil
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import escape

from exempel.bokslut import Bokslut
from exempel.koncern import Koncern
from exempel.prosa import Prosa, las_texter
from exempel.skapa import FILORD, HAR, KATALOG, Bok, Tabeller, Varden, _forra_prognos, _tidigare
from exempel.underlag import Cell, Tabell, Underlag
from exempel.volymer import Volymer
from kommunrapport import utskick
from kommunrapport.karna.period import Period
from kommunrapport.mall.periodmall import las_arbetskatalog, las_periodmall

PERIOD = Period(2024, 8)
TIDIGARE = tuple(map(Period.parse, ("2023-08", "2023-12", "2024-03", "2024-05")))
"""De tidigare perioder som delårsrapporten i augusti 2024 jämför med, i tidsordning."""
FINANS = "finansforvaltningen"
UTGAR = (
    *("valnamnden", "revisionen", "naringslivsfastigheter", "raddningsforbundet", "hallsjoas-energi", "hallsjoas-bostader", "avfall", "va"),
    *("miljo-och-byggnadsnamnden", "samhallsbyggnadsnamnden", "kultur-och-fritidsnamnden", "kommunstyrelsen", "vard-och-omsorgsnamnden"),
)
"""Enheterna i den ordning de utgår när kommunen har färre än exemplet."""
_BELOPP = {"driftbudget": "ursprunglig", "tillagg": "belopp"}


@dataclass(frozen=True)
class Kommun:
    """En kommun med så många enheter, minst tre. ``tidigare`` är om de tidigare perioderna finns; det kräver att inga enheter är kopior."""

    antal: int
    tidigare: bool = False

    @cached_property
    def exemplets(self) -> dict[str, dict[str, str]]:
        """Exemplets enheter, id → rader i kommun.toml, utan dem som utgår."""
        enheter = {e["id"]: e for e in tomllib.loads((KATALOG / "kommun.toml").read_text(encoding="utf-8"))["enhet"]}
        return {namn: e for namn, e in enheter.items() if namn not in UTGAR[: max(0, len(enheter) - self.antal)]}

    @cached_property
    def kopior(self) -> dict[str, str]:
        """Kopiornas id → nämnden de är kopior av, jämnt fördelade."""
        namnder = [namn for namn, e in self.exemplets.items() if e["slag"] == "namnd"]
        antal = self.antal - len(self.exemplets)
        return {f"{namnder[n % len(namnder)]}-{n // len(namnder) + 2}": namnder[n % len(namnder)] for n in range(antal)}

    @property
    def perioder(self) -> tuple[Period, ...]:
        """Perioderna som har böcker, i tidsordning."""
        return (*TIDIGARE, PERIOD) if self.tidigare and not self.kopior else (PERIOD,)

    def namn(self, enhet: str) -> str:
        """Enhetens namn; en kopia har nämndens namn och sitt nummer."""
        original = self.kopior.get(enhet)
        return self.exemplets[enhet]["namn"] if original is None else f"{self.exemplets[original]['namn']} {enhet.rpartition('-')[2]}"


def skapa(katalog: Path, kommun: Kommun) -> Path:
    """Skriver arbetskatalogen om den inte redan finns, och ger den."""
    if katalog.exists():
        return katalog
    arbetsnamn = katalog.with_name(f"{katalog.name}.skrivs")
    shutil.rmtree(arbetsnamn, ignore_errors=True)
    _skriv_kommun(arbetsnamn, kommun)
    underlag = Underlag.las(HAR / "siffror.toml", KATALOG / "styrning")
    koncern = Koncern.las(HAR / "koncern.toml", underlag)
    for period in kommun.perioder:
        tabeller = Tabeller(koncern, _texter(), period, _forra_prognos(las_arbetskatalog(KATALOG), period)).alla(las_arbetskatalog(KATALOG))
        if period == PERIOD:
            _skriv_styrning(arbetsnamn, kommun, tabeller)
        _skriv_bocker(arbetsnamn, kommun, period)
        _skriv_finans(arbetsnamn, kommun, period, koncern, tabeller)
    return arbetsnamn.rename(katalog)


def _texter() -> Mapping[str, object]:
    return {**las_texter(HAR / "texter.toml"), "projekt": las_texter(HAR / "projekt.toml")}


# Kommunen och besluten ---------------------------------------------------------------------------------------


def _skriv_kommun(mapp: Path, kommun: Kommun) -> None:
    """kommun.toml med enheterna, och besluten som de är i exemplet för dem som är kvar."""
    huvud, *poster = (KATALOG / "kommun.toml").read_text(encoding="utf-8").split("[[enhet]]\n")
    egna = {tomllib.loads(post)["id"]: post for post in poster}
    text = [egna[namn] for namn in kommun.exemplets]
    text += [
        f'id = "{namn}"\nnamn = "{kommun.namn(namn)}"\nslag = "namnd"\ngrupp = "{kommun.exemplets[o]["grupp"]}"\n\n'
        for namn, o in kommun.kopior.items()
    ]
    huvud = huvud.replace('["revisionen", "valnamnden"]', "[]")
    mapp.mkdir(parents=True)
    (mapp / "kommun.toml").write_text("".join([huvud, *(f"[[enhet]]\n{t}" for t in text)]), encoding="utf-8")
    for fil in (KATALOG / "styrning").rglob("*.csv"):
        _skriv_csv(mapp / fil.relative_to(KATALOG), [r for r in _las_csv(fil) if _finns(r, kommun)], fil)
    _skriv_resultatbudget(mapp, kommun)


def _finns(rad: Mapping[str, str], kommun: Kommun) -> bool:
    return all(rad.get(kolumn, "") in ("", *kommun.exemplets) for kolumn in ("enhet", "motpart"))


def _skriv_resultatbudget(mapp: Path, kommun: Kommun) -> None:
    """Enheterna som utgår kostar inget, och skatten är så mycket lägre."""
    for ar in (2023, 2024):
        _andra_resultatbudget(mapp, ar, -sum(_budget(ar, enhet) for enhet in UTGAR if enhet not in kommun.exemplets))


def _budget(ar: int, enhet: str) -> int:
    """Enhetens nettobudget med årets tillägg, i tkr."""
    mapp = KATALOG / "styrning" / str(ar)
    return sum(
        int(r[k]) for fil, k in _BELOPP.items() for r in _las_csv(mapp / f"{fil}.csv") if r["enhet"] == enhet and r.get("tabell", "drift") == "drift"
    )


def _andra_resultatbudget(mapp: Path, ar: int, netto: int) -> None:
    fil = mapp / "styrning" / str(ar) / "resultatbudget.csv"
    andring = {"kostnader": netto, "skatt": -netto}
    _skriv_csv(fil, [{**r, "ursprunglig": str(int(r["ursprunglig"]) + andring.get(r["rad"], 0))} for r in _las_csv(fil)], fil)


def _skriv_styrning(mapp: Path, kommun: Kommun, tabeller: Mapping[str, Tabell]) -> None:
    """Kopiornas rader i årets beslut, lika originalens."""
    kopior: dict[str, list[str]] = {}
    for kopia, original in kommun.kopior.items():
        kopior.setdefault(original, []).append(kopia)
    for fil in (mapp / "styrning" / str(PERIOD.ar)).glob("*.csv"):
        rader = list(_las_csv(fil))
        nya = [_kopierad(r, kopia, fil.stem) for r in rader for kopia in kopior.get(r.get("enhet", ""), ())]
        if nya:
            _skriv_csv(fil, [*rader, *nya], fil)
    _andra_resultatbudget(mapp, PERIOD.ar, sum(tabeller[o]["drift", "summa", "budget"] for o in kommun.kopior.values()))


def _kopierad(rad: Mapping[str, str], kopia: str, fil: str) -> dict[str, str]:
    """Raden för kopian; ett projekt får kopians nummer i namnet, för två enheter har inte samma projekt."""
    namn = {"benamning": _numrerad(rad["benamning"], kopia)} if fil == "investeringar" else {}
    return {**rad, "enhet": kopia, **namn}


def _numrerad(namn: str, kopia: str) -> str:
    return f"{namn} {kopia.rpartition('-')[2]}"


def _las_csv(fil: Path) -> Iterator[dict[str, str]]:
    with fil.open(encoding="utf-8-sig", newline="") as strom:
        return iter(list(csv.DictReader(strom, delimiter=";")))


def _skriv_csv(ut: Path, rader: list[dict[str, str]], forlaga: Path) -> None:
    rubriker = forlaga.read_text(encoding="utf-8-sig").splitlines()[0].split(";")
    ut.parent.mkdir(parents=True, exist_ok=True)
    with ut.open("w", encoding="utf-8", newline="") as strom:
        skrivare = csv.DictWriter(strom, rubriker, delimiter=";", lineterminator="\n")
        skrivare.writeheader()
        skrivare.writerows(rader)


# Böckerna ----------------------------------------------------------------------------------------------------


def bokens_fil(namn: str, period: Period) -> str:
    """Filnamnet, som exemplets."""
    return f"{namn} {FILORD[las_periodmall(las_arbetskatalog(KATALOG), period).post.kommando]} {period}.xlsx"


def _skriv_bocker(mapp: Path, kommun: Kommun, period: Period) -> None:
    """Alla böcker utom finansförvaltningens: exemplets som de är, och kopiorna med sitt id och namn."""
    fran, till = KATALOG / "inlamnat" / str(period), mapp / "inlamnat" / str(period)
    till.mkdir(parents=True)
    filnamn = {enhet: bokens_fil(kommun.namn(enhet), period) for enhet in kommun.exemplets}
    for enhet in kommun.exemplets:
        if enhet != FINANS:
            shutil.copyfile(fran / filnamn[enhet], till / filnamn[enhet])
    delar = {enhet: _delar(fran / filnamn[enhet]) for enhet in set(kommun.kopior.values())}
    projekt = [*_las_csv(KATALOG / "styrning" / str(period.ar) / "investeringar.csv")]
    for kopia, original in kommun.kopior.items():
        fil = till / filnamn[original].replace(kommun.namn(original), kommun.namn(kopia), 1)
        namn = {escape(p["benamning"]): escape(_numrerad(p["benamning"], kopia)) for p in projekt if p["enhet"] == original}
        _skriv_kopia(fil, delar[original], {original: kopia, kommun.namn(original): kommun.namn(kopia), **namn})


def _delar(bok: Path) -> list[tuple[zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(bok) as fil:
        return [(info, fil.read(info)) for info in fil.infolist()]


def _skriv_kopia(fil: Path, delar: list[tuple[zipfile.ZipInfo, bytes]], byten: Mapping[str, str]) -> None:
    with zipfile.ZipFile(fil, "w", zipfile.ZIP_DEFLATED) as ut:
        for info, data in delar:
            ny = data
            if info.filename == "xl/sharedStrings.xml":
                for gammalt, nytt in byten.items():
                    for slut in ("<", ", januari"):  # ensamt i cellen, och i bladets underrubrik
                        ny = ny.replace(f"<t>{gammalt}{slut}".encode(), f"<t>{nytt}{slut}".encode())
            ut.writestr(info, ny, zipfile.ZIP_DEFLATED)


def _skriv_finans(mapp: Path, kommun: Kommun, period: Period, koncern: Koncern, tabeller: Mapping[str, Tabell]) -> None:
    """Finansförvaltningens bok, där kopiorna har kommit till och de som utgår är borta."""
    arbete = las_arbetskatalog(mapp)
    mall, enhet = las_periodmall(arbete, period), next(e for e in arbete.organisation.enhet if e.id == FINANS)
    bokslut = Bokslut(las_texter(HAR / "bokslut.toml"), koncern, las_arbetskatalog(KATALOG).organisation)
    prosa = Prosa(_texter(), period, tabeller)
    varden = Bok(enhet, mall, bokslut, prosa, Volymer.las(HAR / "volymer.toml"), _tidigare(arbete, period)).varden()
    fil = mapp / "inlamnat" / str(period) / bokens_fil(enhet.namn, period)
    utskick.skriv_inlamningsbocker(mapp, period, {FINANS: (fil, _i_balans(varden, kommun, tabeller))})


def _i_balans(varden: Varden, kommun: Kommun, tabeller: Mapping[str, Tabell]) -> Varden:
    """Kostnaderna följer nämnderna, skatten kostnaderna, och kassaflödet projekten, som betalas med lån; resultatet blir exemplets."""
    till = [tabeller[o] for o in kommun.kopior.values()]
    bort = [tabeller[e] for e in UTGAR if e not in kommun.exemplets]
    investerat = sum(map(_utgifter, till)) - sum(map(_utgifter, bort))
    andringar: dict[Cell, int] = {
        ("bokforing", "investeringsutgifter", "utfall"): investerat,
        ("kassaflode", "inv_materiella", "utfall"): -investerat,
        ("kassaflode", "nya_lan", "utfall"): investerat,
    }
    for kolumn in ("utfall_fg", "utfall", "bokslut_fg", "prognos"):
        cell = ("drift", "summa", kolumn)
        netto = sum(t.get(cell, 0) for t in till) - sum(t.get(cell, 0) for t in bort)
        andringar |= {("resultat", "kostnader", kolumn): netto, ("resultat", "skatt", kolumn): -netto}
    return varden | {cell: v + andringar[cell] for cell, v in varden.items() if cell in andringar and isinstance(v, int)}


def _utgifter(tabell: Tabell) -> int:
    """Enhetens investeringsutgifter, utan inkomster."""
    return sum(max(0, v) for (blad, rad, kolumn), v in tabell.items() if (blad, kolumn) == ("investering", "utfall") and rad != "summa")


def main(argument: list[str]) -> int:
    """``python -m prestanda.kommun MAPP ANTAL [--med-tidigare]``: skriver en kommun med så många enheter."""
    print(skapa(Path(argument[0]), Kommun(int(argument[1]), "--med-tidigare" in argument)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
