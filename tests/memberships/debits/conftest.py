from __future__ import annotations

import pytest

from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A Monday in November: the delays lead to 14 December."""
    moved = Clock(monkeypatch)
    moved.set(2026, 11, 30, 10)
    return moved
