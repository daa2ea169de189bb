"""En del som krävs i rapporten men saknas: vad den är, varför den krävs och var den lämnas."""

from dataclasses import dataclass

from kommunrapport.karna.plan import Adress


@dataclass(frozen=True, slots=True)
class SaknadDel:
    """Det som rapporten säger i delens ställe, och det som anmärkningen behöver för att peka på rätt cell."""

    id: str
    vad: str
    lagrum: str
    """Lagrummet eller rekommendationen så som den skrivs i text."""
    allvar: str
    avsnitt: str
    """Avsnittet i rapporten där det sägs."""
    var: str
    """Meningen om vem som lämnar uppgiften och var."""
    enhet: str = ""
    """Enheten som lämnar delen, när det är en enda."""
    blad: tuple[str, str] = ("", "")
    """Bladets id och namn."""
    cell: tuple[str, str] | None = None
    """Raden och kolumnen på bladet, när delen är en enda cell."""
    siffror: tuple[Adress, ...] = ()
    """Siffrorna i rapporten som saknas."""
    lamnat: bool = True
    """Falskt när någon av dem som lämnar delen inte har lämnat något alls."""

    @property
    def mening(self) -> str:
        return f"Uppgift saknas: {self.vad} ({self.lagrum}). {self.var}"
