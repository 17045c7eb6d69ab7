from __future__ import annotations

import pytest

from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind
from retkoop.users.models import User
from tests.cast import account, association, make_coop, make_staff
from tests.clock import Clock


@pytest.fixture
def coop(db: None) -> Coop:
    return make_coop()


@pytest.fixture
def ad(db: None) -> DepartmentalAssociation:
    """Bob's AD, which is Alice's too."""
    return association("91")


@pytest.fixture
def alice(coop: Coop) -> User:
    return account(coop)


@pytest.fixture
def bob(db: None) -> User:
    return make_staff("bob", RoleKind.ANIMATEUR)


@pytest.fixture
def adele(db: None) -> User:
    """The administrateur of Bob's AD."""
    return make_staff("adele", RoleKind.ADMINISTRATEUR)


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger: the administrateur of another AD."""
    return make_staff("charlie", RoleKind.ADMINISTRATEUR, "92")


@pytest.fixture
def federation(db: None) -> User:
    return make_staff("fanny", RoleKind.FEDERATION, None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
