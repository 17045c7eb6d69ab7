from __future__ import annotations

import logging

import pytest
from django.test import Client


def test_a_name_that_is_not_ours_is_answered_and_not_reported(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    """Robots try any name all day long: a traceback each would hide what matters."""
    assert client.get("/connexion/", headers={"Host": "autre.example"}).status_code == 400
    assert capfd.readouterr().err == ""
    assert not logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)
