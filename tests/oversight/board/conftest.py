from __future__ import annotations

import pytest

from retkoop.network.access import AssociationAccess
from retkoop.network.models import RoleKind
from retkoop.users.models import User
from tests.cast import association, make_staff
from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The last days before the accounts are due."""
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 20, 9)
    return clock


@pytest.fixture
def bob(db: None) -> User:
    return make_staff("bob", RoleKind.ANIMATEUR)


@pytest.fixture
def adele(db: None) -> User:
    """The administrateur of Bob's AD."""
    return make_staff("adele", RoleKind.ADMINISTRATEUR)


@pytest.fixture
def staff(bob: User) -> AssociationAccess:
    return AssociationAccess(bob, RoleKind.ANIMATEUR, association())
