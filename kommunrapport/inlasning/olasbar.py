"""En fil som inte går att läsa eller inte går att lita på."""


class Olasbar(Exception):
    """Filen läses inte; ``kod`` är anmärkningens kod, ``fakta`` dess uppgifter och ``blad`` och ``celler`` platsen när den är känd."""

    def __init__(self, kod: str, *, blad: str = "", celler: tuple[str, ...] = (), **fakta: str) -> None:
        super().__init__(kod)
        self.kod = kod
        self.blad = blad
        self.celler = celler
        self.fakta = fakta
