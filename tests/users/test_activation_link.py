from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core.signing import dumps
from django.test import Client

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop
from retkoop.users import links
from retkoop.users.models import User
from retkoop.users.services import AlreadyActivated, change_password, make_activation_link, return_to_initial_state
from tests.cast import PASSWORD, account
from tests.clock import Clock
from tests.pages import main_text, notices, title

OUT_OF_DATE = "Cette activation n’est plus valable. Connectez-vous de nouveau, ou demandez un lien à votre association départementale."


def waiting(coop: Coop) -> User:
    return User.objects.get(username=coop.rne)


def test_it_works(coop: Coop, client: Client) -> None:
    token = make_activation_link(author=SYSTEM, user=waiting(coop))
    assert client.get(f"/activation/{token}/")["Location"] == "/activation/"
    assert "0910000A" in main_text(client.get("/activation/"))
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"
    assert waiting(coop).check_password(PASSWORD)
    assert AuditEvent.objects.filter(chain="coop 0910000A", action="account.link_made").count() == 1


def test_it_asks_for_no_code(coop: Coop, client: Client, mail: None) -> None:
    client.get(f"/activation/{make_activation_link(author=SYSTEM, user=waiting(coop))}/")
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"


def test_it_serves_once(coop: Coop, client: Client) -> None:
    token = make_activation_link(author=SYSTEM, user=waiting(coop))
    client.get(f"/activation/{token}/")
    client.post("/activation/", {"password": PASSWORD})
    assert notices(Client().get(f"/activation/{token}/", follow=True)) == [OUT_OF_DATE]


def test_looking_at_it_uses_nothing_up(coop: Coop, client: Client) -> None:
    """Mail servers follow links to examine them."""
    token = make_activation_link(author=SYSTEM, user=waiting(coop))
    Client().get(f"/activation/{token}/", follow=True)
    assert title(client.get(f"/activation/{token}/", follow=True)) == "Choisissez votre mot de passe"


def test_it_lasts_two_weeks(coop: Coop, client: Client, clock: Clock) -> None:
    token = make_activation_link(author=SYSTEM, user=waiting(coop))
    clock.advance(days=13, hours=23)
    assert title(client.get(f"/activation/{token}/", follow=True)) == "Choisissez votre mot de passe"
    clock.advance(hours=2)
    assert notices(client.get(f"/activation/{token}/", follow=True)) == [OUT_OF_DATE]


@pytest.mark.parametrize("token", ["rien", dumps({"account": 1, "until": 9_999_999_999, "state": ""}, salt="autre")])
def test_a_forged_link_opens_nothing(coop: Coop, client: Client, token: str) -> None:
    assert notices(client.get(f"/activation/{token}/", follow=True)) == [OUT_OF_DATE]
    assert Session.objects.count() == 0


def test_a_dead_link_ends_what_another_had_started(coop: Coop, client: Client) -> None:
    client.get(f"/activation/{make_activation_link(author=SYSTEM, user=waiting(coop))}/")
    assert notices(client.get("/activation/rien/", follow=True)) == [OUT_OF_DATE]


def test_none_is_made_for_an_active_account(coop: Coop) -> None:
    with pytest.raises(AlreadyActivated):
        make_activation_link(author=SYSTEM, user=account(coop))


def test_after_a_reset_the_old_links_are_dead_and_a_new_one_works(coop: Coop, client: Client) -> None:
    old = make_activation_link(author=SYSTEM, user=waiting(coop))
    return_to_initial_state(author=SYSTEM, user=waiting(coop))
    assert links.account_of(old) is None
    token = make_activation_link(author=SYSTEM, user=waiting(coop))
    client.get(f"/activation/{token}/")
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"


def test_a_password_changed_meanwhile_kills_it(coop: Coop) -> None:
    user = account(coop)
    token = links.token_for(user, links.RESET_LASTS)
    change_password(user=user, password="trois girafes violettes")
    assert links.account_of(token) is None
