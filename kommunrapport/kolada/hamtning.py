"""Hämtar ett läge ur Kolada: antingen allt som frågades efter, med det som saknas utpekat, eller ett fel."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kommunrapport.karna.fel import AnvandningsFel, HamtningsFel
from kommunrapport.karna.sprak import rakna_upp
from kommunrapport.kolada import grupper, svar
from kommunrapport.kolada.klient import Klient
from kommunrapport.kolada.lage import ALLA_KOMMUNER, EGNA, RIKET, Grupp, Lage, Nyckeltalsuppgift, Omrade, Roll, Varde, ordnade
from kommunrapport.mall.koladaset import Koladaset
from kommunrapport.mall.organisation import Koladaval

MEST_IDN = 25
"""Så många id tar Kolada emot i en del av adressen."""


@dataclass(frozen=True)
class Fraga:
    """Vad som ska hämtas."""

    kommun: str
    val: Koladaval
    set: Mapping[str, Koladaset]
    extra: tuple[str, ...]
    """Nyckeltal utöver setens."""
    fran_ar: int
    dag: date


def hamta(klient: Klient, fraga: Fraga) -> Lage:
    """Läget för kommunen. Fel: AnvandningsFel när koden eller en grupp inte finns, HamtningsFel."""
    kommun = _kommunen(klient, fraga.kommun)
    setgrupper = {namn: _setgrupper(klient, s) for namn, s in fraga.set.items()}
    sokta = {namn: _idn(s, setgrupper[namn]) for namn, s in fraga.set.items()} | ({EGNA: fraga.extra} if fraga.extra else {})
    alla = tuple(dict.fromkeys(i for ids in sokta.values() for i in ids))
    nyckeltal = _nyckeltal(klient, alla)
    liknande, lan = _liknande(klient, fraga.val.liknande, kommun), _lan(klient, fraga.val.lan, kommun)
    alla_kommuner = _grupp_med_id(klient, ALLA_KOMMUNER)
    valda = [g for g in (liknande, lan) if g]
    utvalda = [m for m in liknande.medlemmar if m != kommun.id] if liknande else []
    riket = _omraden(klient, [RIKET, *utvalda])
    egna = [Omrade(id=g.id, namn=g.title, typ="G") for g in (alla_kommuner,) if g] + ([Omrade(id=lan.id, namn=lan.namn, typ="G")] if lan else [])
    omraden = {o.id: o for o in (kommun, *riket, *egna)}
    kanda = tuple(n.id for n in nyckeltal)
    varden = _varden(klient, kanda, tuple(omraden), fraga.fran_ar)
    med_egna = {v.nyckeltal for v in varden if v.omrade == kommun.id and v.tal is not None}
    return Lage(
        hamtat=fraga.dag,
        kalla=klient.bas,
        kommun=kommun.id,
        fran_ar=fraga.fran_ar,
        set=sokta,
        okanda=tuple(i for i in alla if i not in kanda),
        utan_varden=tuple(i for i in kanda if i not in med_egna),
        omraden=tuple(omraden.values()),
        grupper=(*valda, *(g for en in setgrupper.values() for g in en)),
        nyckeltal=nyckeltal,
        varden=ordnade(varden),
    )


def _idn(set_: Koladaset, setgrupper: Sequence[Grupp]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(n.id for n in set_.nyckeltal), *(m for g in setgrupper for m in g.medlemmar)]))


def _kommunen(klient: Klient, kod: str) -> Omrade:
    hittade = list(svar.omraden_ur(klient.alla(f"municipality/{kod}") or (), klient.bas))
    if not hittade:
        raise AnvandningsFel(f"{klient.bas} känner ingen kommun med koden {kod}. Rätta kod under [kommun] i kommun.toml.")
    if hittade[0].typ != "K" or kod == RIKET:
        raise AnvandningsFel(f"Koden {kod} är {hittade[0].namn}, som inte är en kommun. Rätta kod under [kommun] i kommun.toml.")
    return hittade[0]


def _omraden(klient: Klient, ids: Sequence[str]) -> tuple[Omrade, ...]:
    funna = [o for del_ in _delar(ids) for o in svar.omraden_ur(klient.alla(f"municipality/{','.join(del_)}") or (), klient.bas)]
    saknas = [i for i in ids if i not in {o.id for o in funna}]
    if saknas:
        raise HamtningsFel(f"Kolada känner inte kommunen {rakna_upp(saknas)}, som hör till gruppen liknande kommuner.")
    return tuple(funna)


def _setgrupper(klient: Klient, set_: Koladaset) -> tuple[Grupp, ...]:
    """Koladas grupper av nyckeltal vars titel innehåller setets ord."""
    if not set_.grupp:
        return ()
    funna = svar.grupper_ur(klient.alla("kpi_groups", title=set_.grupp) or (), klient.bas)
    if not funna:
        raise HamtningsFel(f"Kolada har ingen grupp av nyckeltal med ”{set_.grupp}” i titeln, som setet {set_.titel} behöver.")
    return tuple(grupper.som_grupp(g, "set") for g in funna)


def _nyckeltal(klient: Klient, ids: Sequence[str]) -> tuple[Nyckeltalsuppgift, ...]:
    funna = {n.id: n for del_ in _delar(ids) for n in _en_del(klient, del_)}
    return tuple(funna[i] for i in ids if i in funna)


def _en_del(klient: Klient, ids: Sequence[str]) -> Iterator[Nyckeltalsuppgift]:
    """Uppgifter om nyckeltalen. Svarar Kolada 404 söks det okända genom halvering, så att resten ändå hämtas."""
    rader = klient.alla(f"kpi/{','.join(ids)}")
    if rader is not None:
        yield from svar.nyckeltal_ur(rader, klient.bas)
    elif len(ids) > 1:
        yield from _en_del(klient, ids[: len(ids) // 2])
        yield from _en_del(klient, ids[len(ids) // 2 :])


def _varden(klient: Klient, nyckeltal: Sequence[str], omraden: Sequence[str], fran_ar: int) -> list[Varde]:
    """Alla värden från och med året. En fråga som inte får svar gör att ingenting hämtas."""
    funna = []
    for ids in _delar(nyckeltal):
        for var in _delar(omraden):
            rader = klient.alla(f"data/kpi/{','.join(ids)}/municipality/{','.join(var)}")
            if rader is None:
                raise HamtningsFel(f"{klient.bas} svarar att värdena för {ids[0]}–{ids[-1]} inte finns (404).")
            nya = list(svar.varden_ur(rader, klient.bas))
            if any(v.nyckeltal not in ids or v.omrade not in var for v in nya):
                raise HamtningsFel(f"Svaret från {klient.bas} gäller andra nyckeltal eller kommuner än frågan.")
            funna += [v for v in nya if v.ar >= fran_ar]
    return funna


def _liknande(klient: Klient, val: str, kommun: Omrade) -> Grupp | None:
    """Den valda gruppen, annars Koladas liknande kommuner. Fel: AnvandningsFel."""
    return (
        _vald(klient, val, "liknande") if val else grupper.kommunens_liknande(_sok(klient, grupper.LIKNANDE.format(kommun=kommun.namn)), kommun.namn)
    )


def _lan(klient: Klient, val: str, kommun: Omrade) -> Grupp | None:
    """Den valda gruppen, annars länets kommuner. Fel: AnvandningsFel."""
    return _vald(klient, val, "lan") if val else grupper.kommunens_lan(_sok(klient, grupper.LAN), kommun.id)


def _vald(klient: Klient, val: str, roll: Roll) -> Grupp:
    enda = _grupp_med_id(klient, val) if re.fullmatch(r"G\d+", val) else None
    grupp = grupper.vald([enda] if enda else _sok(klient, val), val, roll)
    if grupp is None:
        raise AnvandningsFel(f"Kolada har ingen grupp ”{val}”. Rätta {roll} under [kolada] i kommun.toml; skriv gruppens hela titel eller id.")
    return grupp


def _sok(klient: Klient, titel: str) -> list[svar.Gruppsvar]:
    return svar.grupper_ur(klient.alla("municipality_groups", title=titel) or (), klient.bas)


def _grupp_med_id(klient: Klient, id_: str) -> svar.Gruppsvar | None:
    return next(iter(svar.grupper_ur(klient.alla(f"municipality_groups/{id_}") or (), klient.bas)), None)


def _delar(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[nr : nr + MEST_IDN] for nr in range(0, len(ids), MEST_IDN))
