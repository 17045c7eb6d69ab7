from __future__ import annotations

import pytest

from retkoop.ui.keys import LARGEST_KEY, read_key


@pytest.mark.parametrize(("text", "key"), [("0", 0), ("12", 12), ("0012", 12), (str(LARGEST_KEY), LARGEST_KEY)])
def test_what_may_be_a_key(text: str, key: int) -> None:
    assert read_key(text) == key


@pytest.mark.parametrize("text", ["", "-1", "1.0", "abc", " 1", "1\n", "٣", "²", "\x00", str(LARGEST_KEY + 1), "9" * 19, "9" * 5000])
def test_what_is_the_key_of_nothing(text: str) -> None:
    assert read_key(text) is None
