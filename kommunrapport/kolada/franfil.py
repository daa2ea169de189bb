"""Läget ur filer som redan är hämtade: värden, och om de finns nyckeltal, kommuner och grupper av kommuner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kommunrapport.karna.fel import AnvandningsFel, HamtningsFel
from kommunrapport.kolada import grupper, svar
from kommunrapport.kolada.filrader import las_rader
from kommunrapport.kolada.lage import EGNA, RIKET, Grupp, Lage, Nyckeltalsuppgift, Omrade, Varde, ordnade
from kommunrapport.mall.organisation import Koladaval

_OVRIGA = "Andra kommuner i filen"


@dataclass(frozen=True)
class Sokt:
    """Kommunen, nyckeltalen i varje set, dagen då filerna hämtades, första året och valda grupper."""

    kommun: str
    set: Mapping[str, tuple[str, ...]]
    dag: date
    fran_ar: int
    val: Koladaval


@dataclass
class _Innehall:
    """Det som filerna har, efter hand som de läses."""

    varden: dict[tuple[str, str, int, str], tuple[Varde, str]] = field(default_factory=dict)
    """Värdet och filen det står i."""
    nyckeltal: dict[str, Nyckeltalsuppgift] = field(default_factory=dict)
    omraden: dict[str, Omrade] = field(default_factory=dict)
    grupper: list[svar.Gruppsvar] = field(default_factory=list)

    def lagg_till(self, fil: str, rader: Sequence[dict[str, Any]]) -> None:
        data = [r for r in rader if "kpi" in r]
        self._lagg_varden(fil, svar.varden_ur(data, fil))
        for r in data:
            if r.get("municipality_title"):
                typ = r.get("municipality_type") or _typ(r["municipality"])
                self.omraden.setdefault(r["municipality"], Omrade(id=r["municipality"], namn=r["municipality_title"], typ=typ))
        ovriga = [r for r in rader if "kpi" not in r]
        self.nyckeltal |= {n.id: n for n in svar.nyckeltal_ur([r for r in ovriga if "is_divided_by_gender" in r], fil)}
        self.omraden |= {o.id: o for o in svar.omraden_ur([r for r in ovriga if "type" in r], fil)}
        nya = svar.grupper_ur([r for r in ovriga if "is_divided_by_gender" not in r and "type" not in r], fil)
        self.grupper += nya
        self.omraden |= {g.id: Omrade(id=g.id, namn=g.title, typ="G") for g in nya}

    def _lagg_varden(self, fil: str, nya: Iterable[Varde]) -> None:
        for v in nya:
            forut = self.varden.setdefault((v.nyckeltal, v.omrade, v.ar, v.kon), (v, fil))
            if forut[0] != v:
                raise AnvandningsFel(
                    f"{v.nyckeltal} för {v.omrade} {v.ar} ({v.kon}) har två olika värden: {_visat(forut[0])} i {forut[1]} och {_visat(v)} i {fil}. "
                    "Ta bort det som inte gäller."
                )


def las_filer(filer: Sequence[Path], s: Sokt) -> Lage:
    """Läget ur filerna. Utan en grupp liknande kommuner i dem jämförs med de andra kommunerna, som då heter så. Fel: AnvandningsFel."""
    i = _Innehall()
    try:
        for fil in filer:
            i.lagg_till(fil.name, las_rader(fil))
    except HamtningsFel as fel:
        raise AnvandningsFel(*fel.rader) from fel
    varden = [v for v, _ in i.varden.values() if v.ar >= s.fran_ar]
    finns = {v.omrade for v in varden}
    if s.kommun not in finns:
        raise AnvandningsFel(_utan_kommunen(i, s))
    i_filen = dict.fromkeys(v.nyckeltal for v in varden)
    alla = dict.fromkeys(n for ids in s.set.values() for n in ids) or i_filen
    egna = {v.nyckeltal for v in varden if v.omrade == s.kommun and v.tal is not None}
    anvanda = tuple(i.omraden.get(o) or Omrade(id=o, namn=o, typ=_typ(o)) for o in sorted(finns))
    return Lage(
        hamtat=s.dag,
        kalla=", ".join(fil.name for fil in filer),
        kommun=s.kommun,
        fran_ar=s.fran_ar,
        set=s.set or {EGNA: tuple(i_filen)},
        okanda=tuple(n for n in alla if n not in i_filen),
        utan_varden=tuple(n for n in alla if n in i_filen and n not in egna),
        omraden=anvanda,
        grupper=_grupper(i, s, anvanda),
        nyckeltal=tuple(i.nyckeltal.get(n) or Nyckeltalsuppgift(id=n, titel=n) for n in i_filen if n in alla),
        varden=ordnade(v for v in varden if v.nyckeltal in alla),
    )


def _grupper(i: _Innehall, s: Sokt, omraden: Sequence[Omrade]) -> tuple[Grupp, ...]:
    namn = next(o.namn for o in omraden if o.id == s.kommun)
    liknande = grupper.vald(i.grupper, s.val.liknande, "liknande") if s.val.liknande else grupper.kommunens_liknande(i.grupper, namn)
    lan = grupper.vald(i.grupper, s.val.lan, "lan") if s.val.lan else grupper.kommunens_lan(i.grupper, s.kommun)
    andra = tuple(o.id for o in omraden if o.typ == "K" and o.id not in (s.kommun, RIKET))
    ovriga = Grupp(roll="ovriga", id="fil", namn=_OVRIGA, medlemmar=andra) if andra and not liknande else None
    return tuple(g for g in (liknande, ovriga, lan) if g)


def _typ(omrade: str) -> Any:
    return "G" if omrade.startswith("G") else "L" if omrade.startswith("00") else "K"


def _visat(v: Varde) -> str:
    return "uppgift saknas" if v.tal is None else str(v.tal)


def _utan_kommunen(i: _Innehall, s: Sokt) -> str:
    if not i.varden:
        return "Filerna har inga värden, bara uppgifter om nyckeltal eller kommuner. Ange också filen med värden: --fran-fil en gång per fil."
    finns = any(v.omrade == s.kommun for v, _ in i.varden.values())
    if finns:
        return f"Filerna har inget värde för kommunen {s.kommun} från {s.fran_ar} eller senare. Ange ett tidigare år med --fran-ar."
    return f"Filerna har inget värde för kommunen {s.kommun}. Kontrollera kod under [kommun] i kommun.toml, eller välj andra filer."
