"""Gemensamma fixturer."""

from pathlib import Path

import pytest

from tests.kommun import Provkommun


@pytest.fixture
def kommun(tmp_path: Path) -> Provkommun:
    """En tom provkommun med budget och årshjul."""
    return Provkommun(tmp_path)


@pytest.fixture
def hel_kommun(kommun: Provkommun) -> Provkommun:
    """Provkommunen när alla har lämnat rätt."""
    kommun.lamna_alla()
    return kommun
