"""Filers avtryck: sha256 i hexadecimal form."""

import hashlib
from pathlib import Path


def avtryck_av(fil: Path) -> str:
    """Filens sha256. Fel: OSError."""
    with fil.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def avtryck(data: bytes) -> str:
    """Innehållets sha256."""
    return hashlib.sha256(data).hexdigest()
