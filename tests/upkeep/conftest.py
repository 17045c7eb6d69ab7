from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.upkeep.installations import Installation, empty_database


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation on SQLite, to be looked at and backed up, not changed."""
    installation = Installation(tmp_path_factory.mktemp("original") / "home")
    installation.fill()
    return installation


@pytest.fixture(scope="session")
def tar(original: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backups")
    original.retkoop("backup", folder)
    (file,) = folder.iterdir()
    return file


@pytest.fixture
def database() -> Iterator[str]:
    with empty_database() as url:
        yield url
