"""JSON med en rad per post: läsbart, jämförbart rad för rad, och skrivet bit för bit av bibliotekets snabba del."""

import json
from collections.abc import Iterator
from itertools import chain, islice

_rad = json.JSONEncoder(ensure_ascii=False).encode
_I_TAGET = 1000


def i_rader(data: object, nivaer: int = 2) -> Iterator[bytes]:
    """JSON i bitar, med en rad per post så många nivåer ned. En iterator av par skrivs som ett objekt, och läses först när den skrivs."""
    texter = _texter(data, nivaer)
    while bit := "".join(islice(texter, _I_TAGET)):
        yield bit.encode()


def _texter(data: object, nivaer: int) -> Iterator[str]:
    if nivaer and isinstance(data, list) and data:
        for nr, varde in enumerate(data):
            yield ",\n" if nr else "[\n"
            yield from _texter(varde, nivaer - 1)
        yield "\n]"
        return
    poster = iter(data.items()) if isinstance(data, dict) else data
    if not nivaer or not isinstance(poster, Iterator):
        yield _rad(data)
        return
    forsta = next(poster, None)
    if forsta is None:
        yield "{}"
        return
    for nr, (namn, varde) in enumerate(chain([forsta], poster)):
        yield f"{',' if nr else '{'}\n{_rad(namn)}: "
        yield from _texter(varde, nivaer - 1)
    yield "\n}"
