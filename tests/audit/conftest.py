from __future__ import annotations

import pytest

from retkoop.network.models import Coop
from tests.cast import make_coop


@pytest.fixture
def coop(db: None) -> Coop:
    """A coop whose trail holds three events: the coop, its account, its role."""
    return make_coop()
