from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.network.models import Coop
from retkoop.users.models import User
from tests.cast import PASSWORD, account

ADDRESS = "https://retkoop.exemple.fr"


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.PUBLIC_URL = ADDRESS


def test_activation_link_gives_a_link_that_activates(coop: Coop, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("activation_link", "0910000A")
    link = capsys.readouterr().out.strip()
    assert link.startswith(f"{ADDRESS}/activation/")
    client.get(link.removeprefix(ADDRESS))
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"
    assert AuditEvent.objects.get(action="account.link_made").actor_name == "Retkoop"


def test_activation_link_refuses_an_active_account_unless_it_may_reset_it(coop: Coop, capsys: pytest.CaptureFixture[str]) -> None:
    account(coop)
    with pytest.raises(SystemExit) as refusal:
        call_command("activation_link", "0910000A")
    assert refusal.value.code == 1
    assert capsys.readouterr().err == "Le compte 0910000A est déjà activé. Ajoutez --reset pour le réinitialiser d’abord.\n"
    call_command("activation_link", "0910000A", "--reset")
    assert capsys.readouterr().out.startswith(f"{ADDRESS}/activation/")
    assert not User.objects.get(username="0910000A").has_usable_password()


def test_activation_link_knows_its_accounts(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("activation_link", "0910000a")
    assert capsys.readouterr().err == "Aucun compte ne porte l’identifiant 0910000a.\n"
