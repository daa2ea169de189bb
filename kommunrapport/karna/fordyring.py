"""När ett projekt har blivit så mycket dyrare än beslutat att det ska redovisas särskilt. Belopp i öre, utgift minus."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fordyringsgrans:
    """Kommunens gräns: mer än en andel i procent av beslutet, och minst ett antal prisbasbelopp."""

    andel: int
    antal: int
    prisbasbelopp: int

    @property
    def belopp(self) -> int:
        """Prisbasbeloppen i öre."""
        return self.antal * self.prisbasbelopp

    def over(self, prognos: int, beslutad: int) -> int | None:
        """Hur mycket dyrare än beslutat, när det är över gränsen. En större inkomst är inte dyrare."""
        dyrare = beslutad - prognos
        return dyrare if dyrare * 100 > self.andel * abs(beslutad) and dyrare >= self.belopp else None
