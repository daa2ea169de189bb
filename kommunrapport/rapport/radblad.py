"""Ett blad som skrivs till en fil så snart det är klart, så att bara ett blads celler hålls i minnet, och som kan ha många rader utan celler.

Bladet är XlsxWriters och skrivs av det. Bara raderna som lämnas med ``med_rader`` skrivs här, direkt som XML ur bokens egna gemensamma texter:
sex gånger billigare än cell för cell, med samma innehåll.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

_MEST_TECKEN = 32_767
"""Excel tar inte emot en längre text i en cell."""


class Radblad(Worksheet):  # type: ignore[misc]
    """Raderna ur ``med_rader`` får inte ha celler som också är skrivna på vanligt sätt."""

    _fil: Path | None = None
    _rader: Iterable[tuple[Sequence[str | Decimal], str]] = ()

    def med_rader(
        self, forsta: int, antal: int, rader: Iterable[tuple[Sequence[str | Decimal], str]], former: tuple[Any, Any, Any], lankkolumn: int, tips: str
    ) -> None:
        """Raderna från raden ``forsta``, räknad från noll: fälten, och vart cellen i ``lankkolumn`` länkar. De läses när bladet blir klart.

        ``former`` är formaten för texter, tal och länkar. Tomma celler utelämnas, och celler med samma mål delar länk.
        """
        self._rader, self._former, self._lankkolumn, self._tips = rader, former, lankkolumn, tips
        self._forsta, self._lankar = forsta, dict[str, Url]()
        if antal:
            self._check_dimensions(forsta + antal - 1, 0)

    def klart(self, mapp: Path, *, behall: bool = False) -> None:
        """Skriver bladet till en fil i mappen och glömmer cellerna, utom när de ska behållas för diagram.

        Bladen ska bli klara i sin ordning, för då numreras formaten, och ändras inte sedan.
        """
        if self.index == self.worksheet_meta.activesheet:
            self.activate()
        fil = mapp / f"{self.index}.xml"
        with fil.open("w", encoding="utf-8", newline="") as self.fh:
            self._assemble_xml_file()
        self._fil, self._rader, self._lankar = fil, (), {}
        self.hyperlinks.clear()
        if not behall:
            self.table.clear()

    def _assemble_xml_file(self) -> None:
        if self._fil is None:
            super()._assemble_xml_file()
            return
        with self._fil.open(encoding="utf-8", newline="") as fardig:
            shutil.copyfileobj(fardig, self.fh, 1 << 20)
        self._fil.unlink()
        self._xml_close()

    def _write_rows(self) -> None:
        if not self._rader:
            super()._write_rows()
            return
        sista = self.dim_rowmax  # type: ignore[has-type]
        self.dim_rowmax = self._forsta - 1
        super()._write_rows()
        self.dim_rowmax = sista
        self.fh.writelines(self._radernas_xml())

    def _radernas_xml(self) -> Iterator[str]:
        nummer = self.str_table._get_shared_string_index  # noqa: SLF001  bladets eget
        text, tal, lank = (f._get_xf_index() for f in self._former)  # noqa: SLF001
        bokstaver = [xl_col_to_name(n) for n in range(self.dim_colmax + 1)]
        for nr, (falt, mal) in enumerate(self._rader, self._forsta):
            if mal:
                self._lanka(nr, mal)
            lankad = self._lankkolumn if mal else -1
            celler = [
                f'<c r="{bokstav}{nr + 1}" s="{tal}"><v>{varde:f}</v></c>'
                if isinstance(varde, Decimal)
                else f'<c r="{bokstav}{nr + 1}" s="{lank if kol == lankad else text}" t="s"><v>{nummer(varde[:_MEST_TECKEN])}</v></c>'
                for kol, (bokstav, varde) in enumerate(zip(bokstaver, falt, strict=True))
                if varde != ""
            ]
            yield f'<row r="{nr + 1}">{"".join(celler)}</row>'

    def _lanka(self, nr: int, mal: str) -> None:
        if mal not in self._lankar:
            self._lankar[mal] = Url(mal)
            self._lankar[mal].tip = self._tips
        self.hyperlinks[nr][self._lankkolumn] = self._lankar[mal]
