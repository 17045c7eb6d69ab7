from __future__ import annotations

import pytest
from django.urls import NoReverseMatch

from retkoop.ui.addresses import address_of


def test_addresses_go_by_name() -> None:
    assert address_of("ui:asset", version="1", name="retkoop.css") == address_of("ui:asset", "1", "retkoop.css") == "/ui/1/retkoop.css"


def test_a_page_that_does_not_exist_has_none() -> None:
    with pytest.raises(NoReverseMatch):
        address_of("nowhere")
