from __future__ import annotations

import pytest
from django.test import Client

from retkoop.network.models import RoleKind
from retkoop.users.models import User
from tests.cast import logged_in, make_staff
from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The first days after the accounts were due."""
    clock = Clock(monkeypatch)
    clock.set(2026, 10, 5, 9)
    return clock


@pytest.fixture
def fanny(db: None) -> User:
    return make_staff("fanny", RoleKind.FEDERATION, None)


@pytest.fixture
def client(fanny: User) -> Client:
    return logged_in(fanny)
