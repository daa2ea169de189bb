"""Listan över arbetskataloger: en mapp per rad, räknad från listans egen mapp. Tomma rader och rader som börjar med # hoppas över."""

from pathlib import Path

from kommunrapport.karna.fel import AnvandningsFel


def las_kataloglista(fil: Path) -> tuple[Path, ...]:
    """Mapparna i listans ordning, som fullständiga vägar. Fel: AnvandningsFel, med varje rad som är fel."""
    try:
        rader = fil.read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        raise AnvandningsFel(f"Listan {fil} går inte att läsa. Kontrollera sökvägen och behörigheten.") from None
    except UnicodeDecodeError:
        raise AnvandningsFel(f"Listan {fil} är inte sparad som UTF-8. Spara om den med den kodningen.") from None
    mappar: dict[Path, int] = {}
    kataloger, brister = list[Path](), list[str]()
    for nr, rad in enumerate(rader, 1):
        text = rad.strip()
        if not text or text.startswith("#"):
            continue
        mapp = fil.absolute().parent / text
        if not mapp.is_dir():
            brister.append(f"{fil}, rad {nr}: mappen {mapp} finns inte. Rätta raden eller ta bort den.")
        elif (tidigare := mappar.setdefault(mapp.resolve(), nr)) != nr:
            brister.append(f"{fil}, rad {nr}: mappen {mapp} står redan på rad {tidigare}. Ta bort en av raderna.")
        kataloger.append(mapp)
    if not kataloger:
        brister.append(f"{fil} har inga mappar. Skriv en arbetskatalog per rad.")
    if brister:
        raise AnvandningsFel(*brister)
    return tuple(kataloger)
