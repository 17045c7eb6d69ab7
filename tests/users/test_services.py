from __future__ import annotations

import pytest
from django.test import Client

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop
from retkoop.users.models import User
from retkoop.users.services import AlreadyActivated, activate, create_account, return_to_initial_state
from tests.cast import PASSWORD, account


def test_a_new_account_waits_for_its_activation(db: None) -> None:
    user = create_account(author=SYSTEM, username="a.durand", name="Adèle Durand", family=User.Family.STAFF, own_words=["Durand", ""])
    assert (user.has_usable_password(), user.activated_at, user.own_words) == (False, None, ["Durand"])
    event = AuditEvent.objects.get(chain="account a.durand")
    assert (event.action, event.role, "password" in (event.after or {})) == ("account.created", "system", False)


def test_an_account_is_activated_once(coop: Coop) -> None:
    user = User.objects.get(username=coop.rne)
    activate(user=user, password=PASSWORD)
    with pytest.raises(AlreadyActivated):
        activate(user=user, password="un autre mot de passe")
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_back_to_the_initial_state_everything_stops_at_once(coop: Coop, client: Client) -> None:
    user = account(coop)
    client.post("/connexion/", {"login": coop.rne, "password": PASSWORD})
    return_to_initial_state(author=SYSTEM, user=user)
    assert client.get("/compte/").status_code == 302
    assert client.post("/connexion/", {"login": coop.rne, "password": PASSWORD}).status_code == 200
    event = AuditEvent.objects.get(action="account.reset")
    before, after = event.before or {}, event.after or {}
    assert (before["activated_at"] is None, after["activated_at"], after["initial_spent"]) == (False, None, True)
    assert list(faults()) == []


def test_case_counts_in_identifiers(coop: Coop) -> None:
    assert User.objects.get_by_natural_key("0910000A").username == "0910000A"
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key("0910000a")


def test_the_database_keeps_identifiers_unique_and_their_case(coop: Coop) -> None:
    assert [user.username for user in User.objects.filter(username="0910000A")] == ["0910000A"]
    assert not User.objects.filter(username="0910000a").exists()
