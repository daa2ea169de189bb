"""Läget ur filer som redan är hämtade: v3-svar som JSON, eller CSV med API:ets fält, ett värde per rad.

Vad en fil innehåller avgörs av dess fält. Koladas egen export till Excel läses inte; dess form är inte prövad.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kommunrapport.karna.fel import AnvandningsFel
from kommunrapport.kolada import svar
from kommunrapport.kolada.lage import RIKET, Grupp, Lage, Nyckeltalsuppgift, Omrade, Varde, ordnade

_DATA, _KPI, _KOMMUN = {"kpi", "year", "gender", "value", "municipality_id"}, {"id", "title", "is_divided_by_gender"}, {"id", "title", "type"}
_MEST = 64 * 1024 * 1024
_HJALP = (
    "Filen ska vara ett svar från Koladas API v3 (JSON), eller CSV med kolumnerna kpi, year, gender, value och municipality_id "
    "(eller id, title, type för kommuner; id, title, is_divided_by_gender för nyckeltal)."
)
_SANT = {"true": True, "1": True, "false": False, "0": False}


def las_filer(filer: Sequence[Path], kommun: str, sokta: Mapping[str, tuple[str, ...]], dag: date, fran_ar: int) -> Lage:
    """Läget ur filerna; det som är hämtat för andra kommuner blir gruppen att jämföra med. Fel: AnvandningsFel, HamtningsFel."""
    poster = [(fil.name, rad) for fil in filer for rad in _rader(fil)]
    varden, nyckeltal, omraden = list[Varde](), dict[str, Nyckeltalsuppgift](), dict[str, Omrade]()
    for namn, rad in poster:
        if "kpi" in rad:
            varden += [v for v in svar.varden_ur([rad], namn) if v.ar >= fran_ar]
            if rad.get("municipality_title"):
                omraden.setdefault(rad["municipality"], Omrade(id=rad["municipality"], namn=rad["municipality_title"], typ=rad["municipality_type"]))
        elif "is_divided_by_gender" in rad:
            nyckeltal |= {n.id: n for n in svar.nyckeltal_ur([rad], namn)}
        else:
            omraden |= {o.id: o for o in svar.omraden_ur([rad], namn)}
    finns = {v.omrade for v in varden}
    if kommun not in finns:
        raise AnvandningsFel(f"Filerna har inget värde för kommunen {kommun}. Kontrollera kod under [kommun] i kommun.toml, eller välj andra filer.")
    i_filen = dict.fromkeys(v.nyckeltal for v in varden)
    alla = dict.fromkeys(i for ids in sokta.values() for i in ids) or i_filen
    egna = {v.nyckeltal for v in varden if v.omrade == kommun and v.tal is not None}
    anvanda = tuple(omraden.get(i) or Omrade(id=i, namn=i, typ="G" if i.startswith("G") else "K") for i in sorted(finns))
    andra = tuple(o.id for o in anvanda if o.typ == "K" and o.id not in (kommun, RIKET))
    return Lage(
        hamtat=dag,
        kalla=", ".join(fil.name for fil in filer),
        kommun=kommun,
        fran_ar=fran_ar,
        set=sokta or {"egna": tuple(i_filen)},
        okanda=tuple(i for i in alla if i not in i_filen),
        utan_varden=tuple(i for i in alla if i in i_filen and i not in egna),
        omraden=anvanda,
        grupper=(Grupp(roll="liknande", id="fil", namn="Övriga kommuner i filen", medlemmar=andra),) if andra else (),
        nyckeltal=tuple(nyckeltal.get(i) or Nyckeltalsuppgift(id=i, titel=i) for i in i_filen if i in alla),
        varden=ordnade({(v.nyckeltal, v.omrade, v.ar, v.kon): v for v in varden if v.nyckeltal in alla}.values()),
    )


def _rader(fil: Path) -> list[dict[str, Any]]:
    """Filens poster, i API:ets form."""
    if not fil.is_file():
        raise AnvandningsFel(f"Filen {fil} finns inte. Kontrollera sökvägen; ett namn med mellanslag skrivs inom citattecken.")
    if fil.stat().st_size > _MEST:
        raise AnvandningsFel(f"Filen {fil} är större än {_MEST // 1024**2} MB och läses inte.")
    try:
        text = fil.read_bytes().decode("utf-8-sig")
        return _json(text) if text.lstrip()[:1] in ("{", "[") else _csv(text)
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError, csv.Error) as fel:
        raise AnvandningsFel(f"Filen {fil} går inte att läsa. {_HJALP}") from fel


def _json(text: str) -> list[dict[str, Any]]:
    data = json.loads(text, parse_float=Decimal, parse_constant=lambda _: None)
    if isinstance(data, dict) and data.get("next_url"):
        raise AnvandningsFel(
            f"Filen är bara en sida av svaret: next_url är {data['next_url']}. Hämta alla sidor, eller ange fler på en sida (per_page)."
        )
    rader = data["values"] if isinstance(data, dict) else data
    if not all({"kpi", "period"} <= rad.keys() or {"id", "title"} <= rad.keys() for rad in rader):
        raise ValueError
    return list(rader)


def _csv(text: str) -> list[dict[str, Any]]:
    avskiljare = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    lasare = csv.DictReader(io.StringIO(text, newline=""), delimiter=avskiljare, strict=True)
    falt = set(lasare.fieldnames or ())
    if falt >= _DATA:
        return [_datapost(rad) for rad in lasare]
    if falt >= _KPI:
        return [
            {k: v or None for k, v in rad.items()} | {"is_divided_by_gender": _SANT.get(rad["is_divided_by_gender"].casefold())} for rad in lasare
        ]
    if falt >= _KOMMUN:
        return list(lasare)
    raise ValueError


def _datapost(rad: Mapping[str, str]) -> dict[str, Any]:
    """Raden i API:ets form. En tom ruta, NA och NaN är uppgifter som saknas; decimaltecknet får vara komma."""
    tal = rad["value"].strip()
    varde = {
        "gender": rad["gender"],
        "value": None if tal.casefold() in ("", "na", "nan", "null") else Decimal(tal.replace(",", ".")),
        "count": int(rad["count"]) if rad.get("count") else None,
        "status": rad.get("status") or "",
        "isdeleted": _SANT.get((rad.get("isdeleted") or "").casefold(), False),
    }
    om = {
        "municipality": rad["municipality_id"],
        "municipality_title": rad.get("municipality"),
        "municipality_type": rad.get("municipality_type") or "K",
    }
    return {"kpi": rad["kpi"], "period": int(rad["year"]), "values": [varde], **om}
