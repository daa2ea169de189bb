"""Byteslika filer: zip-arkiv packas om med fast ordning och tid."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_TID = (1980, 1, 1, 0, 0, 0)


def packa_om(data: bytes, andrade: Mapping[str, Iterable[bytes]] = MappingProxyType({})) -> bytes:
    """Samma arkiv med delarna i fast ordning och utan klockslag; delarna i ``andrade`` byts ut, mot det som kommer bit för bit."""
    ut = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as in_, zipfile.ZipFile(ut, "w", zipfile.ZIP_DEFLATED) as arkiv:
        for namn in sorted(in_.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            post = zipfile.ZipInfo(namn, _TID)
            post.compress_type = zipfile.ZIP_DEFLATED
            post.external_attr = 0o600 << 16
            with arkiv.open(post, "w") as del_:
                for bit in andrade[namn] if namn in andrade else [in_.read(namn)]:
                    del_.write(bit)
    return ut.getvalue()
