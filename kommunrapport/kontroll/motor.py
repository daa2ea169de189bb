"""Kör reglerna: varje regel är ett slag ur tabellen nedan med mallens parametrar."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kommunrapport.karna.anmarkning import Allvar, Anmarkning
from kommunrapport.karna.fel import MallFel
from kommunrapport.kontroll import bokforing, ifyllt, jamforelser, kravda, mal, mellan, rimlighet, samband, summor, tabellregler, varden, villkor
from kommunrapport.kontroll.prov import Prov
from kommunrapport.mall.katalog import Katalog
from kommunrapport.mall.modell import Regel


@dataclass(frozen=True, slots=True)
class Slag:
    """Ett regelslag: funktionen, parametrarna i ``med``, om hela perioden måste vara läst och om det prövar en enhets bok."""

    prova: Callable[[Prov, Regel], Iterator[Anmarkning]]
    kraver: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    helhet: bool = False
    per_enhet: bool = True


VILLKORENS = (
    "avvikelse",
    "av",
    "helar",
    "hittills",
    "kolumn",
    "prognos",
    "beslutad",
    "om",
    "svar",
    "grans",
    "attribut",
    "varde",
    "datum",
    "mot",
    "noll",
    "dag",
    "utom",
    "varden",
    "rad",
)
"""Parametrarna som villkoren i ``kontroll/villkor.py`` använder."""

SLAG: Mapping[str, Slag] = {
    "summa": Slag(summor.summa),
    "lika_blad": Slag(summor.lika_blad, ("mot",)),
    "lika_rader": Slag(summor.lika_rader, ("rad", "mot")),
    "lika_vid_svar": Slag(summor.lika_vid_svar, ("kolumn", "mot", "om", "svar")),
    "samband": Slag(samband.samband, far=("finansforvaltning", "bolag", "forbund")),
    "hogst": Slag(summor.hogst, ("mindre", "storre"), ("andel", "rad", "bara", "tecken", "om", "svar")),
    "radsumma": Slag(summor.radsumma, ("rad", "delar")),
    "hogst_rad": Slag(summor.hogst_rad, ("rad", "storre")),
    "inom": Slag(summor.inom, ("minst", "hogst")),
    "rullar": Slag(summor.rullar, ("kolumn", "plus", "kalla", "beslut", "arsanslag")),
    "obligatorisk": Slag(ifyllt.obligatorisk, far=("utom",)),
    "krav": Slag(ifyllt.krav, ("villkor",), VILLKORENS),
    "iakttagelse": Slag(ifyllt.iakttagelse, ("villkor",), VILLKORENS),
    "tillsammans": Slag(ifyllt.tillsammans, ("rader",)),
    "ska_vara_tom": Slag(ifyllt.ska_vara_tom, ("villkor",), VILLKORENS),
    "klart_i_tid": Slag(ifyllt.klart_i_tid, ("datum", "om", "svar", "utom"), ("bara",)),
    "ska_vara": Slag(ifyllt.ska_vara, ("rad", "kolumn", "varde")),
    "senast": Slag(ifyllt.senast, ("datum", "fran", "grans")),
    "kravd_del": Slag(kravda.kravd_del, ("allvar",)),
    "atgarder": Slag(ifyllt.atgarder, ("utfall", "budget", "atgarder", "kolumn")),
    "effekt": Slag(ifyllt.effekt, ("utfall", "budget", "atgarder", "effekt", "utover", "svar")),
    "tackning": Slag(ifyllt.tackning, ("utfall", "budget", "atgarder", "effekt", "utover", "svar", "text")),
    "tecken": Slag(rimlighet.tecken),
    "omvant": Slag(rimlighet.omvant, ("mot",)),
    "storlek": Slag(rimlighet.storlek, ("mot",)),
    "noll_mot": Slag(rimlighet.noll_mot, ("mot", "och")),
    "faktor": Slag(rimlighet.faktor, ("mot",), ("bara",)),
    "ombytta": Slag(rimlighet.ombytta, ("mot",)),
    "belopp_i_text": Slag(rimlighet.belopp_i_text),
    "inte_negativt": Slag(varden.inte_negativt, far=("rader",)),
    "heltal": Slag(varden.heltal, far=("rader",)),
    "maste_vara_tal": Slag(varden.maste_vara_tal, ("rader",)),
    "andel": Slag(varden.andel, ("attribut", "nagon_av", "minst", "hogst")),
    "storleksordning": Slag(varden.storleksordning, ("mot", "ganger"), ("hogst_mot",)),
    "som_procent": Slag(varden.som_procent, ("av", "minst")),
    "som_i_fjol": Slag(varden.som_i_fjol, ("mot",)),
    "inte_ett_tal": Slag(varden.inte_ett_tal, ("tal_i", "matt", "nagon_av")),
    "utfyllnad": Slag(varden.utfyllnad, ("ord", "del")),
    "hogst_pa_annat_blad": Slag(varden.hogst_pa_annat_blad, ("mindre", "storre")),
    "storre_an_budgeten": Slag(varden.storre_an_budgeten, ("mot", "budget", "prognos")),
    "bedomning_mot_indikatorer": Slag(mal.bedomning_mot_indikatorer, ("om",)),
    "trend": Slag(mal.trend),
    "kon": Slag(mal.kon),
    "mot_beslut": Slag(jamforelser.mot_beslut),
    "mot_tidigare": Slag(jamforelser.mot_tidigare),
    "minskat": Slag(jamforelser.minskat),
    "mot_sie": Slag(bokforing.mot_sie),
    "mot_bokslut": Slag(jamforelser.mot_bokslut),
    "mot_publicerat": Slag(jamforelser.mot_publicerat, ("kalla",), ("utom",), helhet=True, per_enhet=False),
    "lika_tabeller": Slag(tabellregler.lika_tabeller, ("vanster", "hoger"), ("tomt", "avrundning"), per_enhet=False),
    "hogst_tabell": Slag(tabellregler.hogst_tabell, ("mindre", "storre"), per_enhet=False),
    "siffra_finns": Slag(tabellregler.siffra_finns, ("tabell", "fil"), per_enhet=False),
    "text_vid_minus": Slag(tabellregler.text_vid_minus, ("siffra", "rad", "kolumn"), per_enhet=False),
    "vasentlig": Slag(tabellregler.vasentlig, ("tabell",), helhet=True, per_enhet=False),
    "avstamning": Slag(tabellregler.avstamning, helhet=True, per_enhet=False),
    "motpart": Slag(mellan.motpart, helhet=True),
    "dubbelt": Slag(mellan.dubbelt, far=("utom",), helhet=True),
    "summa_enheter": Slag(mellan.summa_enheter, ("summera", "av", "art", "rad", "kolumn"), helhet=True),
    "beslutens_summa": Slag(mellan.beslutens_summa, ("tabell", "mot", "rad"), helhet=True, per_enhet=False),
}


def granska(regler: Iterable[Regel], fil: str = "mallar/regler") -> None:
    """Att slag, villkor och parametrar finns. Fel: MallFel med filen och en mening per brist."""
    brister = [f"{fil}: regeln {r.id}: {brist}." for r in regler for brist in _brister(r)]
    if brister:
        raise MallFel(*brister)


def _brister(regel: Regel) -> Iterator[str]:
    slag = SLAG.get(regel.slag)
    if slag is None:
        yield f"slaget {regel.slag} finns inte; tillåtet är {', '.join(SLAG)}"
        return
    saknas = [p for p in slag.kraver if p not in regel.med]
    okanda = [p for p in regel.med if p not in (*slag.kraver, *slag.far)]
    if saknas:
        yield f"parametern {', '.join(saknas)} saknas i med"
    if okanda:
        yield f"parametern {', '.join(okanda)} är okänd; tillåtet är {', '.join((*slag.kraver, *slag.far)) or 'ingen'}"
    if "villkor" in slag.kraver and regel.med.get("villkor", "") not in villkor.VILLKOR:
        yield f"villkoret {regel.med.get('villkor', '')} finns inte; tillåtet är {', '.join(villkor.VILLKOR)}"


def kor(prov: Prov, regler: Sequence[Regel], katalog: Katalog, lasarens: Sequence[Anmarkning] = ()) -> tuple[Anmarkning, ...]:
    """Alla reglers anmärkningar, grindarnas först.

    En anmärkning vars kod är en grind i katalogen underkänner sin cell eller sitt blad: senare regler ser dem inte.
    En regel som går sönder blir en anmärkning om sig själv.
    """
    funna: list[Anmarkning] = []
    prov = _med_grindar(prov, lasarens, katalog)
    for regel in sorted(regler, key=lambda r: not katalog.poster[r.kod].grind):
        if prov.hel or not SLAG[regel.slag].helhet:
            nya = _kor_en(prov, regel)
            funna += nya
            prov = _med_grindar(prov, nya, katalog)
    return tuple(funna)


def _kor_en(prov: Prov, regel: Regel) -> Sequence[Anmarkning]:
    try:
        funna = list(SLAG[regel.slag].prova(prov, regel))
    except MallFel:
        raise
    except Exception as fel:  # noqa: BLE001  programmets fel får aldrig se ut som användarens
        return [Anmarkning("KR900", fakta={"regel": regel.id, "orsak": f"{type(fel).__name__}: {fel}"})]
    if regel.galler_for:
        provade = {e.id for e in prov.organisation.med_slag(*regel.galler_for)}
        funna = [a for a in funna if a.enhet in provade]
    allvar = regel.allvar_den(prov.mall.period.slut)
    if allvar is None:
        return funna
    return [replace(a, allvar=Allvar[allvar.upper()]) if a.kod == regel.kod else a for a in funna]


def _med_grindar(prov: Prov, funna: Iterable[Anmarkning], katalog: Katalog) -> Prov:
    """Provet utan de blad och celler som anmärkningarna underkänner."""
    grindar = [(a, katalog.poster[a.kod].grind) for a in funna if katalog.poster[a.kod].grind]
    if not grindar:
        return prov
    tabell = {(b.enhet.id, cell.plats.fil, cell.plats.blad): b.blad.id for b in prov.bladen for cell in b.celler.values()}
    blad = {(a.enhet, tabell[nyckel]) for a, grind in grindar if grind == "blad" and (nyckel := (a.enhet, a.plats.fil, a.plats.blad)) in tabell}

    def celler(sort: str) -> frozenset[tuple[str, str, str]]:
        return frozenset((a.plats.fil, a.plats.blad, cell) for a, grind in grindar if grind == sort for cell in a.plats.celler)

    kolumner = frozenset((fil, blad_, cell.rstrip("0123456789")) for fil, blad_, cell in celler("kolumn"))

    return replace(
        prov,
        underkanda_blad=prov.underkanda_blad | blad,
        underkanda_celler=prov.underkanda_celler | celler("cell"),
        utanfor_summan=prov.utanfor_summan | celler("summa") | kolumner,
    )
