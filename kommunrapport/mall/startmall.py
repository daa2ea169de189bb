"""Det som en ny arbetskatalog börjar med: enheter, verksamheter och orden om varje styrfil."""

from kommunrapport.mall.modell import Enhetsslag, Id, Modell

STARTMALL = "ny/start.toml"


class Startrad(Modell):
    """En verksamhet i driftbudgeten."""

    rad: Id
    benamning: str


class Startenhet(Modell):
    """En enhet med de verksamheter som en sådan brukar följas upp på."""

    id: Id
    namn: str
    slag: Enhetsslag
    verksamhet: tuple[Startrad, ...] = ()


class Styrfilsord(Modell):
    """Vad en styrfil är till för, med en eller flera rader som exempel (kolumn → innehåll)."""

    fil: str
    rubrik: str
    text: str
    forst: bool = False
    """Om filen hör till dem som fylls i från början, och inte bara när den behövs."""
    exempel: tuple[dict[str, str], ...] = ()


class Startmall(Modell):
    """Hela mallen. ``profil``, ``kommun`` och enheterna gäller när inget annat är angivet."""

    profil: Id
    kommun: str
    grupp: Id
    """Gruppen som nämnderna läggs i."""
    verksamhet: Startrad
    """Raden för en nämnd som mallen inte känner."""
    enhet: tuple[Startenhet, ...]
    styrfil: tuple[Styrfilsord, ...]
