from __future__ import annotations

import pytest

from retkoop.network.models import DepartmentalAssociation, RoleKind
from retkoop.users.models import User
from tests.cast import association, make_staff
from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A Monday of November: the year that runs is 2026-2027."""
    clock = Clock(monkeypatch)
    clock.set(2026, 11, 16, 9)
    return clock


@pytest.fixture
def ad(db: None) -> DepartmentalAssociation:
    return association()


@pytest.fixture
def adele(db: None) -> User:
    """The administrateur of the AD."""
    return make_staff("adele", RoleKind.ADMINISTRATEUR)


@pytest.fixture
def bob(db: None) -> User:
    """An animateur of the AD."""
    return make_staff("bob", RoleKind.ANIMATEUR)


@pytest.fixture
def fanny(db: None) -> User:
    """Somebody of the federation."""
    return make_staff("fanny", RoleKind.FEDERATION, None)
