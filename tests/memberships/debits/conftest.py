from __future__ import annotations

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.books.services import open_book
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate
from tests.cast import a_day, account, logged_in, make_coop
from tests.clock import Clock
from tests.memberships.debits.at_hand import YEAR, can_collect, comptable, own_access


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A Monday in November: the delays lead to 14 December."""
    moved = Clock(monkeypatch)
    moved.set(2026, 11, 30, 10)
    return moved


@pytest.fixture
def coop(db: None) -> Coop:
    """A coop with its book and a mandataire, whose AD collects."""
    can_collect()
    coop = make_coop()
    open_book(access=own_access(coop), year=YEAR)
    give_mandate(author=SYSTEM, coop=coop, holder="Mme Perrin", start=a_day("2025-09-01"))
    return coop


@pytest.fixture
def alice(coop: Coop) -> Client:
    return logged_in(account(coop))


@pytest.fixture
def carole(coop: Coop) -> Client:
    return logged_in(comptable().user)
