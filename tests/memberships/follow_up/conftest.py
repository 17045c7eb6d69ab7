from __future__ import annotations

import pytest

from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A day of autumn, before the adhésions are due."""
    clock = Clock(monkeypatch)
    clock.set(2026, 11, 3, 9)
    return clock
