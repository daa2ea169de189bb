"""Gemensamma fixturer."""

from pathlib import Path

import pytest

from tests.kommun import Kommandorad, Provkommun


@pytest.fixture
def kommun(tmp_path: Path) -> Provkommun:
    """En tom provkommun med budget och årshjul."""
    return Provkommun(tmp_path)


@pytest.fixture
def hel_kommun(kommun: Provkommun) -> Provkommun:
    """Provkommunen när alla har lämnat rätt."""
    kommun.lamna_alla()
    return kommun


@pytest.fixture
def kor(capsys: pytest.CaptureFixture[str]) -> Kommandorad:
    return Kommandorad(capsys)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Skriver ut jämförelserna med publicerade siffror, även när testerna körs i flera processer."""
    for rapport in terminalreporter.getreports("passed"):
        for namn, varde in getattr(rapport, "user_properties", ()):
            if namn == "jamforelse" and rapport.when == "call":
                terminalreporter.write_line(str(varde))
