"""Fastställer en rapport: allt som den skrevs ur, det som skrevs och det som antogs läggs i arkivet, där inget sedan ändras."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
from jinja2 import Environment, StrictUndefined

from kommunrapport import aterskapande, floden
from kommunrapport.bevarande import arkiv, handelser
from kommunrapport.bevarande.arkivkontroll import i_versionen, las_logg
from kommunrapport.bevarande.avtryck import avtryck, avtryck_av
from kommunrapport.bevarande.ensam import ensam
from kommunrapport.floden import Sammanstallning
from kommunrapport.inlasning.filnamn import ar_systemfil, filnamn_for
from kommunrapport.journal import klarmarkering
from kommunrapport.karna.fel import AnmarkningsFel, AnvandningsFel, SaknasFel, Slutkod, UtmatningsFel
from kommunrapport.karna.period import Period
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.mall.arkivmapp import ARKIV, MANIFEST, MEDFOLJANDE, versioner, versionsmapp
from kommunrapport.mall.periodmall import Arbetskatalog, Periodmall, las_arbetskatalog, las_periodmall
from kommunrapport.rapport import utmatning
from kommunrapport.rapport.anmarkningslista import som_lista
from kommunrapport.rapport.innehall import med_sidnummer
from kommunrapport.rapport.pdf import sidor_i
from kommunrapport.underlaget import underlag_for

LAS_MIG = "LAS-MIG.txt"
DOKUMENT = "dokument"
"""Mappen i versionen med det som antogs: kommunens redigerade dokument."""
ANTAGET, UTKASTETS_PDF = "antaget dokument", "utkast som pdf"
_BESLUT = {"organ": r"^\s*([^\W\d][^\d§]*)", "datum": r"\b(\d{4}-\d\d-\d\d)\b", "paragraf": r"§\s*(\d+\s?[a-z]?\b(?:/\d+)?)"}
_OPPNAD = ("~$", ".~lock.")
_VISADE = 5
"""Så många anmärkningar visas när de hindrar."""
_ROLLER = (
    ("kommun.toml", "organisation"),
    ("undantag.csv", "undantag"),
    ("avstamning/", "kontrollsummor"),
    ("styrning/", "beslut"),
    ("inlamnat/{period}/", "inlämning"),
    ("inlamnat/", "tidigare inlämning"),
    (f"{ARKIV}/", "tidigare fastställt"),
    ("mallar/", "kommunens mall"),
    (f"{MEDFOLJANDE}/", "programmets mall"),
    ("rapporter/{period}/", aterskapande.UTKAST),
    ("rapporter/", "tidigare rapport"),
    (f"{DOKUMENT}/", ANTAGET),
    (LAS_MIG, "läs mig"),
    (handelser.FILNAMN, "händelselogg"),
)


@dataclass(frozen=True)
class Begaran:
    """Det som den som fastställer anger. ``dokument`` är de antagna dokumenten; utan dem arkiveras det som ligger i rapporter/."""

    period: Period
    beslut: str
    rattelse: str = ""
    trots_fel: str = ""
    dokument: Sequence[Path] = ()


@dataclass(frozen=True)
class Faststalld:
    """Den fastställda versionen: dess mapp, manifestet och meningar om det som är värt att veta."""

    mapp: Path
    manifest: Mapping[str, Any]
    sha256: str
    upplysningar: tuple[str, ...] = ()


@dataclass
class _Utmatat:
    """Det som arkiveras utöver underlaget: väg i versionen → innehåll, och filerna i rapporter/ som lästes, med avtryck.

    ``sidnummer`` är de som utkasten hade, ``enheter`` de som har egna rapporter.
    """

    filer: dict[str, bytes] = field(default_factory=dict)
    sidnummer: dict[str, Mapping[str, int]] = field(default_factory=dict)
    enheter: tuple[str, ...] = ()
    antaget: list[str] = field(default_factory=list)
    kallor: dict[Path, str] = field(default_factory=dict)
    upplysningar: list[str] = field(default_factory=list)


def faststall(katalog: Path, b: Begaran) -> Faststalld:
    """Lägger rapporten i arkivet som en ny version och skriver det i händelseloggen.

    Fel: FaststalldFel när perioden redan är fastställd och det inte är en rättelse, AnmarkningsFel och SaknasFel när kontrollen gav fel
    eller rapporten inte är skriven ur det som nu är inlämnat. Då är ingenting ändrat.
    """
    if not {"datum", "paragraf"} & tolka_beslut(b.beslut).keys():
        raise AnvandningsFel(f'Beslutet ”{b.beslut}” har varken dag eller paragraf. Skriv det till exempel --beslut "KF 2024-11-25 § 150".')
    arbete = las_arbetskatalog(katalog)
    mall = las_periodmall(arbete, b.period)
    with ensam(katalog, f"faststall {b.period}"):
        avbruten = _fullfolj(katalog, b)
        if avbruten:
            return avbruten
        arkiv.krav_pa_ofaststalld(arbete, mall, rattelse=bool(b.rattelse))
        nr = max(versioner(katalog, b.period), default=0) + 1
        if nr == 1 and b.rattelse:
            raise AnvandningsFel(f"{b.period} är inte fastställd, så det finns inget att rätta. Kör utan --rattelse.")
        with arkiv.paborjad(katalog) as mapp:
            ny = _bygg(arbete, mall, b, mapp, nr)
        _skriv_handelse(katalog, ny)
    return ny


def _fullfolj(katalog: Path, b: Begaran) -> Faststalld | None:
    """Skriver händelsen som en avbruten körning inte hann med. Ger versionen när det är samma fastställande som begärs."""
    nr, mapp = next(reversed(versioner(katalog, b.period).items()), (0, katalog))
    if not nr or (str(b.period), nr) in las_logg(katalog).faststallda or i_versionen(mapp):
        return None
    kvar = Faststalld(mapp, arkiv.las_manifest(mapp), avtryck_av(mapp / MANIFEST), ("Den förra körningen avbröts; nu är fastställandet klart.",))
    _skriv_handelse(katalog, kvar)
    return kvar if (kvar.manifest["beslut"]["text"], kvar.manifest.get("rattelse", "")) == (b.beslut, b.rattelse) else None


def _bygg(arbete: Arbetskatalog, mall: Periodmall, b: Begaran, mapp: Path, nr: int) -> Faststalld:
    """Versionen byggd, prövad och på sin plats."""
    _krav_pa_stangda(arbete, b.period)
    _krav_pa_dokument(b)
    underlag = underlag_for(arbete, b.period)
    lasta = {fil: _kopiera(fil, mapp, vag) for vag, fil in underlag.items()}
    s = floden.sammanstall(mapp, b.period, mall.post.kommando)
    _krav_pa_felfri(s, b)
    ut = _utmatat(arbete, s, b)
    for vag, data in ut.filer.items():
        arkiv.lagg(mapp, vag, data)
    if underlag.keys() != underlag_for(arbete, b.period).keys():
        raise UtmatningsFel("Filer lades till eller togs bort medan rapporten fastställdes. Ingenting är fastställt; kör igen när det är lugnt.")
    for fil, summa in (lasta | ut.kallor).items():
        if avtryck_av(fil) != summa:
            raise UtmatningsFel(f"{fil.name} ändrades medan rapporten fastställdes. Ingenting är fastställt; kör igen när den är sparad och stängd.")
    plats = versionsmapp(arbete.katalog, b.period, nr)
    manifest = _manifest(arbete, s, b, ut, nr)
    arkiv.lagg(mapp, LAS_MIG, _las_mig(arbete, manifest))
    if (arbete.katalog / handelser.FILNAMN).is_file():
        _kopiera(arbete.katalog / handelser.FILNAMN, mapp, handelser.FILNAMN)
    manifest["filer"] = [asdict(f) for f in arkiv.filer_i(mapp, partial(_roll, b.period))]
    return Faststalld(plats, manifest, arkiv.forsegla(mapp, manifest, plats), tuple(ut.upplysningar))


def _las_mig(arbete: Arbetskatalog, manifest: Mapping[str, Any]) -> bytes:
    """Vad mappen är, i ord, för den som öppnar den utan programmet. Fel: MallFel."""
    mall = arbete.mallkalla.fil("arkiv/las-mig.txt.jinja").read_text(encoding="utf-8")
    miljo = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701  vanlig text
    return miljo.from_string(mall).render(m={"rattelse": "", "trots_fel": "", **manifest}).encode()


def _kopiera(fil: Path, mapp: Path, vag: str) -> str:
    data = fil.read_bytes()
    arkiv.lagg(mapp, vag, data)
    return avtryck(data)


def _krav_pa_stangda(arbete: Arbetskatalog, period: Period) -> None:
    mappar = (arbete.inlamnat(period), arbete.rapporter(period))
    oppna = [f for mapp in mappar if mapp.is_dir() for f in sorted(mapp.iterdir()) if f.name.startswith(_OPPNAD)]
    if oppna:
        raise UtmatningsFel(
            *(f"{f.parent.relative_to(arbete.katalog).as_posix()}/{f.name} visar att dokumentet är öppet." for f in oppna),
            "Spara och stäng det i Word eller Excel, och kör igen. Är det inte öppet hos någon: ta bort filen som visar det.",
        )


def _krav_pa_dokument(b: Begaran) -> None:
    for fil in b.dokument:
        if fil.suffix.lower() not in (".docx", ".pdf"):
            raise AnvandningsFel(f"{fil.name} är inget Word- eller PDF-dokument. Ange det antagna dokumentet med --dokument.")


def _krav_pa_ett_antaget(arbete: Arbetskatalog, b: Begaran, antaget: Sequence[str]) -> None:
    """Utan --dokument ska det inte gå att ta fel på vilket som antogs: ett enda, redigerat, och inget nyare utkast bredvid."""
    mapp = arbete.rapporter(b.period)
    visas = [vag for vag in antaget if "/enheter/" not in vag and vag.lower().endswith(".docx")]
    nya = [f.name for f in sorted(mapp.glob("*.docx")) if utmatning.ar_bredvid(f.name)]
    hur = f'Ange det som antogs, till exempel --dokument "{mapp.as_posix()}/{Path(visas[0]).name if visas else "FIL.docx"}".'
    if nya:
        vad = "Det är skrivet ur senare inlämningar än det redigerade. För över det nya till ditt dokument först, eller ta bort utkastet."
        raise AnvandningsFel(f"Bredvid ligger ett nyare utkast: {rakna_upp(nya)}. {vad}", hur)
    if len(visas) > 1:
        raise AnvandningsFel(f"Det finns flera Worddokument: {rakna_upp([Path(v).name for v in visas])}.", hur)
    if visas and not visas[0].startswith(f"{DOKUMENT}/"):
        raise AnvandningsFel(f"{Path(visas[0]).name} är programmets eget utkast, oförändrat. Är det det som antogs?", hur)


def _krav_pa_felfri(s: Sammanstallning, b: Begaran) -> None:
    if s.slutkod and not b.trots_fel:
        fel = SaknasFel if s.slutkod == Slutkod.SAKNAS else AnmarkningsFel
        grova = [a for a in som_lista(s.anmarkningar, s.katalog, s.arbete.organisation) if a["allvar"] in ("stopp", "fel")]
        fler = [f"… och {len(grova) - _VISADE} till."] if len(grova) > _VISADE else []
        raise fel(
            f"{s.rapportmall.bestamd} fastställdes inte. {s.katalog.sammanfattning(s.anmarkningar)}",
            *(
                f"{a['kod']} {', '.join(filter(None, (a['enhet'], a['fil'], a['blad'], ' '.join(a['celler'][:3]))))}: {a['mening']}"
                for a in grova[:_VISADE]
            ),
            *fler,
            'Rätta och skriv rapporten på nytt, eller fastställ den ändå med --trots-fel "skälet"; skälet följer med i arkivet.',
        )


def _utmatat(arbete: Arbetskatalog, s: Sammanstallning, b: Begaran) -> _Utmatat:
    """Utkasten, gjorda om ur arkivets egna filer och lika dem som skrevs, och de dokument som antogs.

    Fel: AnmarkningsFel när rapporten är skriven ur något annat än det som nu är inlämnat.
    """
    mapp, ut = arbete.rapporter(b.period), _Utmatat()
    kvitto = utmatning.senast_skrivet(mapp) | {f"{floden.ENHETER}/{n}": v for n, v in utmatning.senast_skrivet(mapp / floden.ENHETER).items()}
    ut.enheter = tuple(_enheter_med_egen(s, kvitto))
    rot, gamla = f"rapporter/{b.period}/", []
    for namn, data in floden.utkast(s, ut.enheter).items():
        traff = _som_skrivet(mapp, namn, data, kvitto)
        if traff is None:
            gamla.append(namn)
            continue
        ut.filer[rot + namn], sidor = traff
        ut.sidnummer |= {namn: sidor} if sidor else {}
    _krav_pa_aktuella(s, [namn for namn in gamla if not namn.startswith(floden.ENHETER)], kvitto)
    aldre = [namn for namn in gamla if namn in kvitto and namn.startswith(floden.ENHETER)]
    if aldre:
        hur = "arkiveras inte, eftersom --dokument är angivet" if b.dokument else "arkiveras som det är"
        ut.upplysningar.append(f"Skrivet ur tidigare inlämningar, {hur}: {rakna_upp(aldre)}.")
    _lagg_dokument(mapp, b, kvitto, ut)
    if not b.dokument:
        _krav_pa_ett_antaget(arbete, b, ut.antaget)
    ut.upplysningar += _inte_klarmarkerade(arbete, s)
    return ut


def _inte_klarmarkerade(arbete: Arbetskatalog, s: Sammanstallning) -> list[str]:
    egna = [h for h in handelser.las(arbete.katalog).handelser if h.period == str(s.mall.period)]
    utan = [e.namn for e in s.arbete.organisation.enhet if e.id in s.inlamningar.lamnat and klarmarkering(egna, e.id).lage != "ja"]
    return [f"Inte klarmarkerade: {rakna_upp(utan)}."] if utan else []


def _krav_pa_aktuella(s: Sammanstallning, gamla: Sequence[str], kvitto: Mapping[str, str]) -> None:
    kommando = f"kommunrapport {s.mall.post.kommando} --period {s.mall.post.manad_i(s.mall.period.ar)}"
    if "spar.json" not in kvitto:
        raise SaknasFel(f"Det finns ingen rapport för {s.mall.period} att fastställa. Skriv den med: {kommando}")
    if gamla:
        raise AnmarkningsFel(
            f"Det som ligger i rapporter/{s.mall.period} är inte skrivet ur det som nu är inlämnat och beslutat, eller med ett annat program: "
            f"{rakna_upp(list(gamla))}.",
            f"Skriv rapporten på nytt med {kommando} och läs igenom den. Har du redigerat Worddokumentet: flytta det först, för över dina "
            "ändringar till det nya och fastställ det.",
        )


def _enheter_med_egen(s: Sammanstallning, kvitto: Mapping[str, str]) -> Iterator[str]:
    """Enheterna vars egna rapporter har skrivits för perioden."""
    namn = [n for n in kvitto if n.startswith(floden.ENHETER)]
    for e in s.arbete.organisation.enhet:
        if e.slag != "finansforvaltning" and e.id not in s.inlamningar.saknas and any(filnamn_for(e.namn) in n for n in namn):
            yield e.id


def _som_skrivet(mapp: Path, namn: str, data: bytes, kvitto: Mapping[str, str]) -> tuple[bytes, Mapping[str, int]] | None:
    """Utkastet med de sidnummer det hade när det skrevs; inget när det som skrevs var något annat.

    Sidnumren läses ur utkastets PDF. Har kommunen bytt ut den mot sin egen arkiveras utkastet utan sidnummer.
    """
    skrivet, pdf = kvitto.get(namn, ""), f"{namn.removesuffix('.docx')}.pdf"
    if avtryck(data) == skrivet:
        return data, {}
    if not skrivet or pdf not in kvitto or not namn.endswith(".docx"):
        return None
    finns = (mapp / pdf).read_bytes() if (mapp / pdf).is_file() else b""
    sidor = _sidor(finns)
    med = med_sidnummer(data, sidor)
    if avtryck(med) == skrivet:
        return med, sidor
    return None if avtryck(finns) == kvitto[pdf] else (data, {})


def _sidor(pdf: bytes) -> dict[str, int]:
    try:
        return sidor_i(pdf)
    except pikepdf.PdfError:
        return {}


def _lagg_dokument(mapp: Path, b: Begaran, kvitto: Mapping[str, str], ut: _Utmatat) -> None:
    """Det antagna, skilt från utkasten, och utkastens PDF:er. Fel: AnvandningsFel när inget dokument finns."""
    rot = f"rapporter/{b.period}/"
    for fil in sorted(f for f in mapp.rglob("*") if f.is_file() and not ar_systemfil(f)):
        namn, data = fil.relative_to(mapp).as_posix(), fil.read_bytes()
        ut.kallor[fil] = avtryck(data)
        orord = ut.kallor[fil] == kvitto.get(namn)
        if orord and namn.endswith(".pdf") and not _visar_utkastet(namn, data, ut):
            ut.upplysningar.append(f"{namn} är från en tidigare körning och arkiveras inte. Är det den som antogs: ange den med --dokument.")
        elif orord and (namn.endswith(".pdf") or rot + namn in ut.filer):
            ut.filer[rot + namn] = data
            docx = f"{rot}{namn.removesuffix('.pdf').removesuffix('.docx')}.docx"
            if not b.dokument and "/" not in namn and (namn.endswith(".docx") or docx in ut.antaget):
                ut.antaget.append(rot + namn)
        elif not b.dokument and not (utmatning.ar_bredvid(namn) and ut.kallor[fil] == kvitto.get(utmatning.ordinarie(namn))):
            _lagg_antaget(namn, data, ut)
    for fil in b.dokument:
        if not fil.is_file() or f"{DOKUMENT}/{fil.name}" in ut.filer:
            fel = "är angivet två gånger" if fil.is_file() else "finns inte"
            raise AnvandningsFel(f"Dokumentet {fil.as_posix()} {fel}. Kontrollera --dokument.")
        data = fil.read_bytes()
        ut.kallor[fil] = avtryck(data)
        if ut.filer.get(rot + fil.name) == data:
            ut.antaget.append(rot + fil.name)
        else:
            _lagg_antaget(fil.name, data, ut)
    if not any(vag.lower().endswith((".docx", ".pdf")) for vag in ut.antaget):
        raise AnvandningsFel(f"Det finns inget dokument i rapporter/{b.period}. Ange det som antogs med --dokument FIL.")


def _lagg_antaget(namn: str, data: bytes, ut: _Utmatat) -> None:
    ut.filer[f"{DOKUMENT}/{namn}"] = data
    ut.antaget.append(f"{DOKUMENT}/{namn}")


def _visar_utkastet(namn: str, pdf: bytes, ut: _Utmatat) -> bool:
    """Om PDF:en har de sidnummer som utkastet skrevs med; annars skrevs utkastet om efteråt, utan PDF."""
    return _sidor(pdf) == ut.sidnummer.get(f"{namn.removesuffix('.pdf')}.docx", {})


def _manifest(arbete: Arbetskatalog, s: Sammanstallning, b: Begaran, ut: _Utmatat, nr: int) -> dict[str, Any]:
    """Allt om versionen utom filerna. Inga användarnamn och inga vägar utanför den."""
    forra = versionsmapp(arbete.katalog, b.period, nr - 1) / MANIFEST
    skal = {"rattelse": b.rattelse, "trots_fel": b.trots_fel if s.slutkod else ""}
    return {
        "format": 1,
        "kommun": arbete.organisation.kommun.namn,
        "period": str(b.period),
        "version": nr,
        "rapport": s.rapportmall.titel,
        "kommando": s.mall.post.kommando,
        "beslut": {"text": b.beslut, **tolka_beslut(b.beslut)},
        **{namn: text for namn, text in skal.items() if text},
        "tid": datetime.now().astimezone().isoformat(timespec="seconds"),
        "anmarkningar": {allvar.namn: n for allvar, n in s.katalog.antal(s.anmarkningar).items()},
        "antaget": ut.antaget,
        "enheter": {i.enhet: [j.fil for j in s.inlamningar.filer if j.enhet == i.enhet] for i in s.inlamningar.filer if i.enhet},
        "egna_rapporter": list(ut.enheter),
        "sidnummer": ut.sidnummer,
        "program": aterskapande.programmet(),
        "loggens_huvud": handelser.las(arbete.katalog).sist,
        **({"forra_versionen": avtryck_av(forra)} if nr > 1 else {}),
    }


def tolka_beslut(text: str) -> dict[str, str]:
    """Organ, datum och paragraf ur ett beslut som ``KF 2024-11-25 § 150``; det som inte går att läsa utelämnas."""
    funna = {namn: traff[1].strip(" ,.:") for namn, monster in _BESLUT.items() if (traff := re.search(monster, text))}
    return {namn: varde for namn, varde in funna.items() if varde and (namn != "datum" or _ar_dag(varde))}


def _ar_dag(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _roll(period: Period, vag: str) -> str:
    if vag.startswith(f"rapporter/{period}/") and vag.endswith(".pdf"):
        return UTKASTETS_PDF
    return next((roll for borjan, roll in _ROLLER if vag.startswith(borjan.format(period=period))), "")


def _skriv_handelse(katalog: Path, ny: Faststalld) -> None:
    m, fil = ny.manifest, (ny.mapp / MANIFEST).relative_to(katalog).as_posix()
    uppgifter = {"version": m["version"], "beslut": m["beslut"]["text"]} | {n: m[n] for n in ("rattelse", "trots_fel") if n in m}
    handelser.skriv(katalog, [handelser.Handelse(handelser.FASTSTALLD, m["period"], fil=fil, sha256=ny.sha256, uppgifter=uppgifter)])
