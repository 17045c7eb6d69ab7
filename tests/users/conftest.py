from __future__ import annotations

import pytest
from pytest_django import Settings

from retkoop.network.models import Coop, RoleKind
from retkoop.users.models import User
from tests.cast import account, make_coop, make_staff
from tests.clock import Clock


@pytest.fixture
def coop(db: None) -> Coop:
    """A coop that waits for its activation."""
    return make_coop()


@pytest.fixture
def alice(coop: Coop) -> User:
    return account(coop)


@pytest.fixture
def bob(db: None) -> User:
    return make_staff("bob", RoleKind.ANIMATEUR)


@pytest.fixture
def mail(settings: Settings) -> None:
    """An instance that can send mail."""
    settings.CAN_SEND_MAIL = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
