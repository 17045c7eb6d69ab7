from __future__ import annotations

from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.network.models import Coop
from retkoop.users.models import User
from tests.cast import PASSWORD, logged_in
from tests.pages import controls, errors, main_text, notices, title

WRONG = "Identifiant ou mot de passe incorrect. Respectez les majuscules et les minuscules, sans espaces."


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password was put through the slow function."""

    algorithm = "counting"
    times: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.times += 1
        return super().encode(password, salt)


def test_it_works(alice: User, client: Client) -> None:
    assert title(client.get("/connexion/")) == "Se connecter"
    answer = client.post("/connexion/", {"login": "0910000A", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/compte/").status_code == 200


def test_staff_log_in_with_their_identifier(bob: User, client: Client) -> None:
    assert client.post("/connexion/", {"login": "bob", "password": PASSWORD})["Location"] == "/"


def test_it_leads_back_to_the_page_that_was_asked_for(alice: User, client: Client) -> None:
    page = client.get("/connexion/?next=/compte/connexions/")
    assert controls(page, "next")[0]["value"] == "/compte/connexions/"
    answer = client.post("/connexion/", {"login": "0910000A", "password": PASSWORD, "next": "/compte/connexions/"})
    assert answer["Location"] == "/compte/connexions/"


def test_it_leads_to_no_other_site(alice: User, client: Client) -> None:
    answer = client.post("/connexion/", {"login": "0910000A", "password": PASSWORD, "next": "https://exemple.fr/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("identifier", "password"),
    [
        ("0910000A", "quatre girafes Violettes"),
        ("0910000A", PASSWORD + " "),
        ("0910000a", PASSWORD),
        ("0999999Z", PASSWORD),
        ("0910000A", "coop0000A"),
        ("0999999Z", "coop9999Z"),
    ],
    ids=["case of the password", "space", "case of the identifier", "unknown", "initial, once activated", "initial, unknown"],
)
def test_every_failure_has_the_same_kind_sentence(alice: User, client: Client, identifier: str, password: str) -> None:
    answer = client.post("/connexion/", {"login": identifier, "password": password})
    assert (answer.status_code, notices(answer)) == (200, [WRONG])
    assert client.get("/compte/").status_code == 302


def test_every_failure_says_why_a_password_may_have_stopped(alice: User, client: Client) -> None:
    """To whoever types a wrong one, so that it tells nothing of the account."""
    told = set()
    for identifier in ("0910000A", "0999999Z", "personne"):
        page = client.post("/connexion/", {"login": identifier, "password": "rien de bon"})
        told.add(main_text(page).split(WRONG)[1])
        assert "Le mot de passe de l’école s’arrête au lendemain d’une passation" in main_text(page)
    assert len(told) == 1
    assert "passation" not in main_text(client.get("/connexion/"))


def test_what_was_typed_is_kept_but_the_password(alice: User, client: Client) -> None:
    answer = client.post("/connexion/", {"login": "0910000a", "password": "rien de bon"})
    assert controls(answer, "login")[0]["value"] == "0910000a"
    assert "value" not in controls(answer, "password")[0]


def test_spaces_around_the_identifier_are_no_failure(alice: User, client: Client) -> None:
    assert client.post("/connexion/", {"login": " 0910000A ", "password": PASSWORD}).status_code == 302


def test_nothing_typed(client: Client, db: None) -> None:
    answer = client.post("/connexion/", {"login": "", "password": ""})
    assert errors(answer) == ["Indiquez votre identifiant.", "Indiquez votre mot de passe."]


def test_password_managers_know_the_fields(client: Client, db: None) -> None:
    page = client.get("/connexion/")
    [identifier], [password] = controls(page, "login"), controls(page, "password")
    assert (identifier["autocomplete"], identifier["autocapitalize"], identifier["type"]) == ("username", "none", "text")
    assert (password["autocomplete"], password["type"]) == ("current-password", "password")
    assert b"<show-password>" in page.content


def test_an_account_that_was_closed_opens_nothing(alice: User, client: Client) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert notices(client.post("/connexion/", {"login": "0910000A", "password": PASSWORD})) == [WRONG]


def test_an_unknown_identifier_takes_as_long(coop: Coop, bob: User, client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher", "django.contrib.auth.hashers.MD5PasswordHasher"]
    bob.set_password(PASSWORD)
    bob.save()
    times = []
    for identifier in ("bob", "0999999Z", "0910000A"):
        CountingHasher.times = 0
        client.post("/connexion/", {"login": identifier, "password": "un essai au hasard"})
        times.append(CountingHasher.times)
    assert times == [1, 1, 1]


def test_passwords_are_kept_with_argon2(argon2_passwords: None, alice: User, client: Client) -> None:
    assert alice.password.startswith("argon2$argon2id$")
    assert client.post("/connexion/", {"login": "0910000A", "password": PASSWORD}).status_code == 302


def test_whoever_is_logged_in_is_led_on(alice: User) -> None:
    assert logged_in(alice).get("/connexion/")["Location"] == "/"


def test_wrong_tries_are_told_to_the_trail_but_do_not_flood_it(alice: User, client: Client) -> None:
    for number in range(12):
        client.post("/connexion/", {"login": "0910000A", "password": f"essai {number}"}, REMOTE_ADDR=f"10.0.0.{number}")
    told = AuditEvent.objects.filter(action="account.wrong_try")
    assert [(event.chain_id, event.actor_name, event.subject) for event in told] == [("coop 0910000A", "Inconnu", alice.subject)] * 5


def test_logging_out_asks_then_does(alice: User) -> None:
    client = logged_in(alice)
    assert title(client.get("/deconnexion/")) == "Se déconnecter"
    assert client.get("/compte/").status_code == 200
    answer = client.post("/deconnexion/", follow=True)
    assert (title(answer), notices(answer)) == ("Se connecter", ["Vous êtes déconnecté."])
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize("path", ["/signup/", "/connexion/signup/", "/accounts/login/", "/compte/email/", "/connexion/code/confirm/"])
def test_nothing_else_of_allauth_is_reached(alice: User, path: str) -> None:
    assert logged_in(alice).get(path).status_code == 404
