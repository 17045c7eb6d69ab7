"""The activation where the instance can send mail: a code goes to the school's official address."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox
from django.test import Client
from pytest_django import Settings

from retkoop.network.models import Coop
from retkoop.users.models import User
from tests.cast import PASSWORD, make_coop
from tests.clock import Clock
from tests.pages import controls, errors, main_text, notices


def start(client: Client) -> None:
    client.post("/connexion/", {"login": "0910000A", "password": "coop0000A"})


def mailed_code() -> str:
    return str(re.findall(r"\b\d{6}\b", str(outbox.outbox[-1].body))[0])


@pytest.fixture(autouse=True)
def _mail(mail: None) -> None:
    """Each instance here can send mail."""


def test_a_code_is_sent_to_the_school(coop: Coop, client: Client) -> None:
    start(client)
    [message] = outbox.outbox
    assert (message.to, message.subject) == (["ce.0910000a@ac-versailles.fr"], f"Retkoop\u202f: votre code est {mailed_code()}")
    page = client.get("/activation/")
    assert "envoyés à l’adresse officielle de l’école\u202f: ce.0…a@ac-versailles.fr" in main_text(page)
    assert controls(page, "code")[0]["autocomplete"] == "one-time-code"


def test_it_works_with_the_code(coop: Coop, client: Client) -> None:
    start(client)
    code = mailed_code()
    answer = client.post("/activation/", {"password": PASSWORD, "code": f" {code[:3]} {code[3:]} "})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("", "Indiquez le code à six chiffres reçu par courriel."),
        ("1234567", "Ce n’est pas le dernier code que nous avons envoyé."),
        ("abc", "Ce n’est pas le dernier code que nous avons envoyé."),
    ],
)
def test_it_does_not_without(coop: Coop, client: Client, code: str, refusal: str) -> None:
    start(client)
    assert errors(client.post("/activation/", {"password": PASSWORD, "code": code})) == [refusal]
    assert not User.objects.get(username="0910000A").activated_at


def test_only_the_last_code_counts(coop: Coop, client: Client) -> None:
    start(client)
    first = mailed_code()
    client.post("/activation/code/")
    second = mailed_code()
    assert len(outbox.outbox) == 2
    if first != second:
        assert errors(client.post("/activation/", {"password": PASSWORD, "code": first})) != []
    assert client.post("/activation/", {"password": PASSWORD, "code": second})["Location"] == "/"


def test_the_code_of_one_browser_is_worth_nothing_in_another(coop: Coop, client: Client) -> None:
    start(client)
    other = Client()
    start(other)
    code = mailed_code()
    start(client)
    answer = client.post("/activation/", {"password": PASSWORD, "code": code})
    assert errors(answer) == ["Ce n’est pas le dernier code que nous avons envoyé."]


def test_codes_cannot_be_guessed_one_after_the_other(coop: Coop, client: Client, clock: Clock) -> None:
    start(client)
    wrong = "000000" if mailed_code() != "000000" else "000001"
    said = [errors(client.post("/activation/", {"password": PASSWORD, "code": wrong})) for _ in range(6)]
    assert said == [["Ce n’est pas le dernier code que nous avons envoyé."]] * 5 + [
        ["Trop d’essais. Attendez 15\u00a0secondes, puis recommencez."]
    ]


def test_a_school_is_not_flooded_with_codes(coop: Coop, client: Client, clock: Clock) -> None:
    start(client)
    for _ in range(9):
        client.post("/activation/code/")
    assert len(outbox.outbox) == 4
    assert "Trop d’essais. Attendez 15\u00a0secondes, puis recommencez." in notices(client.get("/activation/"))


def test_a_mail_server_that_fails_is_told(coop: Coop, client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    start(client)
    assert notices(client.get("/activation/")) == ["Le message n’est pas parti. Demandez un autre code dans quelques minutes."]


def test_two_coops_get_each_their_own(coop: Coop, client: Client) -> None:
    make_coop("0910620E", "École des Tilleuls", "Massy")
    client.post("/connexion/", {"login": "0910620E", "password": "coop0620E"})
    assert outbox.outbox[-1].to == ["ce.0910620e@ac-versailles.fr"]
