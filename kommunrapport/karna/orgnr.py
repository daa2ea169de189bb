"""Organisationsnummer: samma nummer hur det än är skrivet."""

import re

_FORM = re.compile(r"(?:16)?(\d{6})-?(\d{4})")


def normaliserat(text: str) -> str:
    """De tio siffrorna i ``556000-0000``, ``5560000000`` eller ``16556000-0000``; tomt när det är något annat."""
    traff = _FORM.fullmatch(re.sub(r"\s", "", text))
    return traff[1] + traff[2] if traff else ""


def visat(orgnr: str) -> str:
    """Tio siffror med bindestreck."""
    return f"{orgnr[:6]}-{orgnr[6:]}" if orgnr else ""
