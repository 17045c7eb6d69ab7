from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop
from retkoop.network.services import rule_initial_password
from retkoop.users.models import User
from retkoop.users.services import activate, return_to_initial_state
from tests.cast import PASSWORD, account, association
from tests.clock import Clock
from tests.pages import controls, errors, notices, title

WRONG = "Identifiant ou mot de passe incorrect. Respectez les majuscules et les minuscules, sans espaces."
CLOSED = (
    "Le mot de passe de départ n’est plus accepté pour cette coopérative. Demandez un lien d’activation à votre association départementale."
)
OUT_OF_DATE = "Cette activation n’est plus valable. Connectez-vous de nouveau, ou demandez un lien à votre association départementale."


def start(client: Client, typed: str = "coop0000A") -> str:
    """Log in as the leaflet says; return where that leads, or the refusal."""
    answer = client.post("/connexion/", {"login": "0910000A", "password": typed})
    return str(answer["Location"]) if answer.status_code == 302 else notices(answer)[0]


def test_it_works_word_for_word_as_the_leaflet_says(coop: Coop, client: Client) -> None:
    assert start(client) == "/activation/"
    page = client.get("/activation/")
    assert title(page) == "Choisissez votre mot de passe"
    assert controls(page, "password")[0]["autocomplete"] == "new-password"
    assert controls(page, "username")[0]["value"] == "0910000A"
    assert controls(page, "code") == []
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"
    assert client.get("/compte/").status_code == 200


def test_it_opens_the_book_of_this_school_year(coop: Coop, client: Client, clock: Clock) -> None:
    clock.set(2027, 9, 3)
    start(client)
    client.post("/activation/", {"password": PASSWORD})
    assert [book.year for book in Book.objects.filter(coop=coop)] == [SchoolYear(2027)]


def test_it_lands_on_its_year_without_another_step(coop: Coop, client: Client, clock: Clock) -> None:
    clock.set(2027, 9, 3)
    start(client)
    answer = client.post("/activation/", {"password": PASSWORD}, follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, "/coop/0910000A/2027-2028/")


class SomeoneQuicker:
    """Activates the account while the password of another browser is being judged: a double click, or a colleague."""

    def validate(self, password: str, user: User) -> None:
        if User.objects.filter(pk=user.pk, activated_at=None).exists():
            activate(user=user, password=PASSWORD)

    def get_help_text(self) -> str:
        return ""


def test_of_two_at_the_same_moment_the_second_is_sent_to_log_in(coop: Coop, client: Client, settings: Settings) -> None:
    start(client)
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.SomeoneQuicker"}]
    answer = client.post("/activation/", {"password": "un autre mot de passe"}, follow=True)
    assert answer.redirect_chain == [("/connexion/", 302)]
    assert notices(answer) == ["Ce compte vient d’être activé\u202f: connectez-vous avec le mot de passe qui a été choisi."]
    assert client.post("/connexion/", {"login": "0910000A", "password": PASSWORD})["Location"] == "/"


def test_it_opens_nothing_before_a_password_is_chosen(coop: Coop, client: Client) -> None:
    start(client)
    assert client.get("/compte/").status_code == 302
    assert client.get("/")["Location"] == "/connexion/?next=/"


def test_the_trail_tells_it_without_any_password(coop: Coop, client: Client) -> None:
    start(client)
    client.post("/activation/", {"password": PASSWORD})
    event = AuditEvent.objects.get(action="account.activated")
    assert (event.chain_id, event.role, event.actor_name) == ("coop 0910000A", "account", "École Jean-Jaurès")
    assert "password" not in (event.after or {})
    assert list(faults()) == []


@pytest.mark.parametrize("password", ["coop0000a", "Coop0000A", "coop 0000A", "coop0000B", "0000A"])
def test_only_the_exact_initial_password_starts_it(coop: Coop, client: Client, password: str) -> None:
    assert start(client, password) == WRONG


def test_the_initial_password_never_works_again(coop: Coop, client: Client) -> None:
    account(coop)
    assert start(client) == WRONG


def test_nor_after_a_reset_which_asks_for_a_link(coop: Coop, client: Client) -> None:
    return_to_initial_state(author=SYSTEM, user=account(coop))
    assert start(client) == CLOSED


def test_the_ad_may_switch_it_off(coop: Coop, client: Client) -> None:
    rule_initial_password(author=SYSTEM, association=association(), allowed=False, until=None)
    assert start(client) == CLOSED


def test_the_ad_may_set_its_last_day(coop: Coop, client: Client, clock: Clock) -> None:
    rule_initial_password(author=SYSTEM, association=association(), allowed=True, until=date(2027, 1, 15))
    clock.set(2027, 1, 15, 23, 30)
    assert start(client) == "/activation/"
    clock.set(2027, 1, 16)
    assert start(client) == CLOSED


def test_what_one_ad_sets_leaves_the_others_alone(coop: Coop, client: Client) -> None:
    rule_initial_password(author=SYSTEM, association=association("92"), allowed=False, until=None)
    assert start(client) == "/activation/"


def test_switching_it_off_stops_the_activations_under_way(coop: Coop, client: Client) -> None:
    start(client)
    rule_initial_password(author=SYSTEM, association=association(), allowed=False, until=None)
    answer = client.post("/activation/", {"password": PASSWORD}, follow=True)
    assert (title(answer), notices(answer)) == ("Se connecter", [OUT_OF_DATE])
    assert not User.objects.get(username="0910000A").activated_at


def test_it_waits_an_hour(coop: Coop, client: Client, clock: Clock) -> None:
    start(client)
    clock.advance(minutes=59)
    assert client.get("/activation/").status_code == 200
    clock.advance(minutes=2)
    assert notices(client.get("/activation/", follow=True)) == [OUT_OF_DATE]


def test_without_a_start_there_is_nothing_to_activate(client: Client, db: None) -> None:
    assert client.get("/activation/")["Location"] == "/connexion/"
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/connexion/"
    assert client.post("/activation/code/")["Location"] == "/activation/"


def test_the_second_of_two_browsers_comes_too_late(coop: Coop, client: Client) -> None:
    slow = Client()
    start(slow)
    start(client)
    client.post("/activation/", {"password": PASSWORD})
    assert notices(slow.post("/activation/", {"password": "autre chose de violet"}, follow=True)) == [OUT_OF_DATE]
    assert User.objects.get(username="0910000A").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", "Choisissez un mot de passe."),
        ("girafon", "Choisissez au moins 12 caractères\u202f: quelques mots mis bout à bout conviennent très bien."),
        (
            "jeanjaures91000",
            "Ce mot de passe est fait de mots que l’on devine (RNE, école, commune, coop, OCCE…). Ajoutez-y d’autres mots.",
        ),
    ],
)
def test_a_weak_password_is_refused_beside_its_field(coop: Coop, client: Client, password: str, refusal: str) -> None:
    start(client)
    assert errors(client.post("/activation/", {"password": password})) == [refusal]


def test_the_rules_are_told_while_typing(coop: Coop, client: Client) -> None:
    start(client)
    field = controls(client.get("/activation/"), "password")[0]
    assert (field["hx-post"], field["hx-target"]) == ("/activation/mot-de-passe/", "#id_password_said")

    def said(password: str) -> str:
        answer = client.post("/activation/mot-de-passe/", {"password": password})
        return re.sub(r"<svg.*?</svg>|<[^>]+>", "", answer.content.decode(), flags=re.DOTALL).strip()

    assert said("girafon") == "Choisissez au moins 12 caractères\u202f: quelques mots mis bout à bout conviennent très bien."
    assert said(PASSWORD) == "Bravo, ce mot de passe convient."
    assert said("") == ""


def test_the_rules_are_told_to_nobody_else(client: Client, db: None) -> None:
    assert client.post("/activation/mot-de-passe/", {"password": PASSWORD}).status_code == 404
