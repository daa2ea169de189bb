"""Listan över arbetskataloger: en textfil med en mapp per rad, för det som körs för flera kommuner på en gång."""

from collections.abc import Iterator
from pathlib import Path

from kommunrapport.karna.fel import AnvandningsFel


def las_kataloglista(fil: Path) -> tuple[Path, ...]:
    """Mapparna i listans ordning. Tomma rader och det som står efter # först på en rad hoppas över; en relativ väg utgår från listans mapp.

    Fel: AnvandningsFel, med rad för rad det som är fel, när filen inte går att läsa, en mapp saknas eller står två gånger, eller listan är tom.
    """
    try:
        text = fil.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fel:
        raise AnvandningsFel(f"{fil.as_posix()} är inte sparad som UTF-8. Spara listan som UTF-8 i textredigeraren.") from fel
    except OSError as fel:
        raise AnvandningsFel(f"Listan {fil.as_posix()} går inte att läsa. Kontrollera sökväg och behörighet.") from fel
    rader = [(nr, rad.strip()) for nr, rad in enumerate(text.splitlines(), 1) if rad.strip() and not rad.strip().startswith("#")]
    if not rader:
        raise AnvandningsFel(f"Listan {fil.as_posix()} är tom. Skriv en arbetskatalog per rad.")
    mappar = [(nr, namn, fil.parent / namn) for nr, namn in rader]
    if brister := list(_brister(fil, mappar)):
        raise AnvandningsFel(*brister)
    return tuple(mapp for _, _, mapp in mappar)


def _brister(fil: Path, mappar: list[tuple[int, str, Path]]) -> Iterator[str]:
    """En mening för varje rad som inte går att använda."""
    sedda: dict[Path, int] = {}
    for nr, namn, mapp in mappar:
        forst = sedda.setdefault(mapp.resolve(), nr)
        if not mapp.is_dir():
            yield f"{fil.as_posix()} rad {nr}: mappen {namn} finns inte. Rätta vägen, eller ta bort raden."
        elif forst != nr:
            yield f"{fil.as_posix()} rad {nr}: mappen {namn} står redan på rad {forst}. Ta bort den ena."
