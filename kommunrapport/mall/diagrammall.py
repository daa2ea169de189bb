"""Diagrammens typer i rapportmallen: vad som ritas ur rapportens tabeller, och hur."""

from typing import Literal, Self

from pydantic import model_validator

from kommunrapport.mall.modell import Id, Modell, Omraden

Stil = Literal["rad", "summa", "varav", "rubrik", "slutrad"]


class Bryggsteg(Modell):
    """En stapel i en brygga: förändringen som siffran ``adress`` (tabell.rad.kolumn) ger."""

    namn: str
    adress: str


class Diagrammall(Modell):
    """Ett diagram som ritar rader och kolumner ur en tabell.

    ``liggande`` och ``staende`` är staplar, ``linje`` en linje per rad över kolumnerna. ``brygga`` går på en rad från den första kolumnen
    till den sista med en stapel per steg; det som stegen inte förklarar blir en egen stapel, så att bryggan alltid går ihop.
    """

    id: Id
    slag: Literal["liggande", "staende", "linje", "brygga"]
    titel: str
    tabell: str
    kraver: Omraden = ()
    """Områden som ger diagrammet; ett av dem räcker."""
    rader: tuple[str, ...] = ()
    radstil: tuple[Stil, ...] = ()
    kolumner: tuple[str, ...]
    """Kolumnerna som ritas; ``*`` är alla synliga utom dem i ``utom``, och ``namn_*`` alla som börjar så, också dolda."""
    utom: tuple[str, ...] = ()
    sortera: bool = False
    bakifran: bool = False
    """Kolumnerna ritas från den sista till den första, till exempel när tabellen har det senaste året först."""
    minst_kategorier: int = 1
    """Ritas inte med färre staplar eller punkter än så."""
    per_enhet: bool = False
    """Ett diagram per nämnd, ur nämndens egen tabell."""
    steg: tuple[Bryggsteg, ...] = ()
    ovrigt: str = ""
    """Namnet på bryggans stapel med det som stegen inte förklarar."""
    alttext: str
    """Mening med ``uppraknat``, ``enhet``, och den första seriens ytterligheter ``minst``, ``minst_tal``, ``storst`` och ``storst_tal``."""

    @model_validator(mode="after")
    def _bryggans_delar(self) -> Self:
        if (self.slag == "brygga") != bool(self.steg):
            raise ValueError("steg hör till en brygga, och en brygga ska ha steg")
        if self.slag == "brygga" and (len(self.kolumner) != 2 or len(self.rader) != 1 or not self.ovrigt):
            raise ValueError("en brygga ska ha en rad, två kolumner (från och till) och ovrigt")
        return self
