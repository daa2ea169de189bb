"""Jinjamiljön som Wordmallar fylls i med och granskas i."""

from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from kommunrapport.rapport.ooxml import skyddad


def _skriven(varde: Any) -> Any:
    """Det som en tagg skriver: text skyddad, utan tecken som ett dokument inte får ha. Färdiga Word-block lämnas."""
    return Markup(skyddad(varde)) if isinstance(varde, str) and not isinstance(varde, Markup) else varde


MILJO = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True, finalize=_skriven)
"""Okända taggar är fel, text skyddas, och en mall når inget utanför det som den får."""
