from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.made import migrated_template, new_home
from tests.upkeep.installations import Installation, new_database


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation on SQLite, to be looked at and backed up, not changed."""
    installation = Installation(new_home(tmp_path_factory.mktemp("original") / "home"))
    installation.fill()
    return installation


@pytest.fixture(scope="session")
def tar(original: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backups")
    original.retkoop("backup", folder)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation on PostgreSQL, to be looked at, backed up and copied, not changed."""
    with new_database(migrated_template()) as url:
        installation = Installation(tmp_path_factory.mktemp("shared") / "home", url)
        installation.fill()
        yield installation


@pytest.fixture
def database(shared: Installation) -> Iterator[str]:
    """A database that holds what that of `shared` does."""
    with new_database(shared.url.rpartition("/")[2]) as url:
        yield url
