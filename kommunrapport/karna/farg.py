"""Kontrasten mellan två färger. En färg är sex hexadecimala siffror, som ``0B4F5C``."""

VIT, SVART = "FFFFFF", "000000"


def kontrast(en: str, annan: str) -> float:
    """Kontrasten, från 1 till 21 (WCAG 2.1, contrast ratio)."""
    ljus, mork = sorted((_luminans(en), _luminans(annan)), reverse=True)
    return (ljus + 0.05) / (mork + 0.05)


def kontrast_i_ord(kvot: float) -> str:
    """Kontrasten som text, avrundad nedåt så att 4,49 inte visas som 4,5: ``4,4:1``."""
    return f"{int(kvot * 10) / 10:.1f}:1".replace(".", ",")


def ljusnad(farg: str, *bottnar: str, minst: float) -> str:
    """Färgen blandad med så lite vitt att den får kontrasten mot alla bottnar; vit när inget räcker."""
    for steg in range(0, 100, 5):
        kandidat = "".join(f"{v + (255 - v) * steg // 100:02X}" for v in bytes.fromhex(farg))
        if all(kontrast(kandidat, botten) >= minst for botten in bottnar):
            return kandidat
    return VIT


def _luminans(farg: str) -> float:
    rod, gron, bla = (_linjar(v / 255) for v in bytes.fromhex(farg))
    return 0.2126 * rod + 0.7152 * gron + 0.0722 * bla


def _linjar(varde: float) -> float:
    return varde / 12.92 if varde <= 0.03928 else float(((varde + 0.055) / 1.055) ** 2.4)
