from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings


@pytest.mark.django_db
def test_an_answer_says_what_it_cost() -> None:
    with override_settings(MIDDLEWARE=["retkoop.upkeep.timing.ServerTiming", *settings.MIDDLEWARE]):
        answer = Client().get("/sante/")
    assert re.fullmatch(r'app;dur=\d+\.\d\d, db;desc="2"', answer["Server-Timing"])


@pytest.mark.django_db
def test_strangers_are_told_nothing_of_it() -> None:
    assert "Server-Timing" not in Client().get("/sante/")
