"""Provkommunen själv: en korrekt inlämning ger inga anmärkningar."""

from tests.kommun import Provkommun


def test_korrekta_bocker_ger_inga_anmarkningar(hel_kommun: Provkommun) -> None:
    assert hel_kommun.funna() == []
